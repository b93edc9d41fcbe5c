"""Shared strings with all they carry: runs, properties, phonetic text.

Why apart from the reading of their texts: only cells that are marked need them, a few of many, and
what is wanted is the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from xlgov.ooxml.markup import decode, parse
from xlgov.ooxml.runs import renamed

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

_OPENING = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sst[\s/>]")


def string_items(workbook: WorkbookFile, wanted: Collection[int], prefix: str) -> dict[int, bytes]:
    """The insides of shared strings by index, their elements under ``prefix``.

    Indexes beyond the table are left out.
    """
    part = workbook.book.related("sharedStrings")
    if not wanted or part is None:
        return {}
    raw, _ = decode(workbook.parts.raw(part), part)
    opening = _OPENING.search(raw)
    if opening is None:
        return {}
    own = opening[1].decode()
    if b"<!" in raw or b"<?" in raw[opening.start() :]:
        root = parse(raw, part)
        items = [raw[e.open_end : e.close_start] for e in root.all("si")]
        return {n: renamed(items[n], own, prefix) for n in wanted if n < len(items)}
    name = re.escape(opening[1]) + b"si"
    item = re.compile(b"<" + name + rb"(?:\s[^<>]*)?(?:/>|>(.*?)</" + name + rb"\s*>)", re.DOTALL)
    last = max(wanted)
    found: dict[int, bytes] = {}
    for number, match in enumerate(item.finditer(raw, opening.end())):
        if number in wanted:
            found[number] = renamed(match[1] or b"", own, prefix)
        if number == last:
            break
    return found
