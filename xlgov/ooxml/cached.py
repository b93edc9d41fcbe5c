"""What a formula's cell shows, made another: its type and its ``v``, and no other byte.

Why in two ways: nearly every cell is its formula and then its value, which one pattern matches
whole; anything else (comments, values written before formulas, inline text) is parsed. Both give
the same, and a property test holds them together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlgov.changes import Cached
from xlgov.errors import EditError
from xlgov.ooxml.cell import render_cached
from xlgov.ooxml.markup import edit_tag, parse, splice, tag_end, tag_name


@lru_cache(maxsize=16)
def _common_form(prefix: str) -> re.Pattern[bytes]:
    """Formula and value, or formula alone, without anything between them."""
    p = re.escape(prefix.encode())
    formula = b"<" + p + b"f(?: [^<>]*)?(?:/>|>[^<]*</" + p + b"f>)"
    value = b"<" + p + b"v(?: [^<>]*)?(?:/>|>[^<]*</" + p + b"v>)"
    opening = b"<" + p + b"c(?: [^<>]*)?>"
    return re.compile(b"(" + opening + b")(" + formula + b")(?:" + value + b")?</" + p + b"c>")


def with_cached(raw: bytes, root: bytes, prefix: str, cached: Cached, where: str) -> bytes:
    """A formula's cell showing another value. ``root`` is the opening tag of the sheet.

    Raises EditError where the cell holds no formula.
    """
    kind, value = render_cached(cached, prefix)
    common = _common_form(prefix).fullmatch(raw)
    if common is not None and not common[1].endswith(b"/>"):
        closing = f"</{prefix}c>".encode()
        return _retyped(common[1], kind) + common[2] + value.encode() + closing
    return parsed_with_cached(raw, root, kind, value, where)


def parsed_with_cached(raw: bytes, root: bytes, kind: str | None, value: str, where: str) -> bytes:
    """The same for a cell of any form, by the parser."""
    source = root + raw + b"</" + tag_name(root) + b">"
    cell = parse(source, where).children[0]
    formula = cell.child("f")
    if formula is None:
        raise no_formula(where)
    shown = [each for each in cell.children if each.name in ("v", "is")]
    edits = [(each.start, each.end, b"") for each in shown]
    if shown:
        edits[0] = (shown[0].start, shown[0].end, value.encode())
    else:
        edits.append((formula.end, formula.end, value.encode()))
    shift = len(root)
    new = splice(raw, [(start - shift, end - shift, each) for start, end, each in edits])
    opened = tag_end(new, 0)
    return _retyped(new[:opened], kind) + new[opened:]


def _retyped(tag: bytes, kind: str | None) -> bytes:
    # ``vm`` describes the old value; ``cm`` is of the formula, which stays.
    return edit_tag(tag, {"t": kind, "vm": None})


def no_formula(where: str) -> EditError:
    """The refusal of a value to show in a cell that has no formula to show it."""
    return EditError(
        f"{where} holds no formula that could show another value; give the value itself."
    )
