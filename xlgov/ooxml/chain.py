"""The calculation chain: Excel's list of cells with a formula, in the order it calculates them.

A cell that is listed and holds no formula makes Excel repair the file, so it has to go; a formula
that is not listed is found by Excel itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from xlgov.ooxml.markup import edit_tag
from xlgov.ooxml.parts import Parts

_ENTRY = re.compile(rb'\sr\s*=\s*"([A-Za-z]+[0-9]+)"')


def drop_cells(
    parts: Parts, chain: str, sheet_number: str, addresses: Collection[str] | None
) -> bool:
    """Drop cells of a sheet (None: all of it) from the chain; False where it became empty.

    An entry without a sheet number means that of the entry before, so the number is carried to
    the next entry that relied on it.
    """
    if not _may_name(parts.raw(chain), addresses):
        return True
    raw, root = parts.tree(chain)
    edits: list[tuple[int, int, bytes]] = []
    current = written = ""
    kept = 0
    for entry in root.all("c"):
        current = entry.attributes.get("i", current)
        named = entry.attributes.get("r", "").upper()
        if current == sheet_number and (addresses is None or named in addresses):
            edits.append((entry.start, entry.end, b""))
            continue
        kept += 1
        if "i" not in entry.attributes and current != written:
            tag = edit_tag(raw[entry.start : entry.open_end], {"i": current})
            edits.append((entry.start, entry.open_end, tag))
        written = current
    if edits and kept:
        parts.edit(chain, edits)
    return kept > 0 or not edits


def _may_name(raw: bytes, addresses: Collection[str] | None) -> bool:
    """Whether any entry can be one of these, found without parsing a long chain."""
    if addresses is None or b"'" in raw or b"\0" in raw:
        return True
    wanted = {address.encode() for address in addresses}
    return any(match[1].upper() in wanted for match in _ENTRY.finditer(raw))
