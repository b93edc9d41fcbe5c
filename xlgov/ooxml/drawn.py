"""How far to the right a sheet's charts, pictures and buttons reach, in its first rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlgov.ooxml.legacy_drawing import drawing_part
from xlgov.ooxml.markup import Element, decode, whole_number
from xlgov.ooxml.measures import Measures
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.parts import Parts

_EMU = 9525  # of a pixel
_BOX = re.compile(
    rb"""<((?:[\w.-]+:)?)ClientData\b[^<>]*\bObjectType\s*=\s*["'](?!Note["'])[^<>]*>(.*?)"""
    rb"""</\1ClientData>""",
    re.DOTALL,
)
_ANCHOR = re.compile(rb"<(?:[\w.-]+:)?Anchor>([\s0-9,-]*)</")


def drawn_to(parts: Parts, outline: Outline, rows: int, measures: Measures) -> int:
    """The last column that something drawn covers within rows 1 to ``rows``; 0 for none.

    The boxes of notes do not count: they show over everything, and only for a moment.
    """
    boxes = [*_boxes(parts, outline), *_anchored(parts, outline, measures)]
    return max((right for top, right in boxes if top <= rows), default=0)


def _boxes(parts: Parts, outline: Outline) -> Iterator[tuple[int, int]]:
    """First row and last column of every button and the like."""
    part = drawing_part(parts, outline)
    for box in _BOX.finditer(decode(parts.raw(part), part)[0]) if part else ():
        anchor = _ANCHOR.search(box[2])
        numbers = [int(each) for each in re.findall(rb"-?[0-9]+", anchor[1])] if anchor else []
        if len(numbers) == 8:
            yield numbers[2] + 1, numbers[4] + 1


def _anchored(parts: Parts, outline: Outline, measures: Measures) -> Iterator[tuple[int, int]]:
    """First row and last column of every chart, picture and shape."""
    for relation in parts.relationships(outline.part):
        if relation.kind != "drawing" or parts.name(relation.target) is None:
            continue
        for anchor in parts.tree(relation.target)[1].children:
            first, last = anchor.child("from"), anchor.child("to")
            extent = anchor.child("ext")
            wide = whole_number(extent.attributes.get("cx")) if extent else None
            left = _number(first, "col") + 1 if first else 1
            top = _number(first, "row") + 1 if first else 1  # absolute ones count as at the top
            if last is not None:
                yield top, _number(last, "col") + 1
            else:
                yield top, _reached(left, (wide or 0) // _EMU, measures)


def _number(corner: Element, name: str) -> int:
    found = corner.child(name)
    return (whole_number(found.text) or 0) if found else 0


def _reached(left: int, width: int, measures: Measures) -> int:
    """The column in which so many pixels from the start of a column end."""
    while width > measures.column(left) and left < 16_000:
        width -= measures.column(left)
        left += 1
    return left
