"""Where the box of a note stands: an anchor in columns, rows and pixels, of a readable size.

Why measured: the anchor, not a width, decides how large Excel draws the box, so the same columns
and rows give a box that cannot be read over narrow or hidden ones and fills the screen over tall
ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from xlgov.grid.cells import MAX_COLUMN, MAX_ROW
from xlgov.ooxml.markup import attributes_of, is_true, whole_number
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.scan import IrregularSheet, split_stream

_WIDTH, _HEIGHT, _TALLEST = 300, 100, 500  # pixels
_LINE, _LETTERS = 15, 44  # pixels of a line, letters that fit in one
_AWAY = 15  # pixels between the cell and its box
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 64, 20  # of a column and a row, where the sheet states none
_LETTER = 7  # pixels of a letter in the widths of columns
_REACH = 60  # rows below the cell that its box may cover


@dataclass(slots=True)
class Measures:
    """Pixels of a sheet's columns and rows; a hidden one has none."""

    columns: list[tuple[int, int, int]]
    rows: dict[int, int]
    width: int = _DEFAULT_WIDTH
    height: int = _DEFAULT_HEIGHT

    def column(self, number: int) -> int:
        for first, last, width in self.columns:
            if first <= number <= last:
                return width
        return self.width

    def row(self, number: int) -> int:
        return self.rows.get(number, self.height)


def measure(parts: Parts, outline: Outline, last_row: int) -> Measures:
    """The sheet's measures, of rows down to where the box of a note in ``last_row`` ends.

    Rows of a sheet that is not of the common form count as all of the default height.
    """
    found = Measures([], _row_heights(parts, outline, last_row + _REACH))
    for group in outline.root.all("cols"):
        for element in group.all("col"):
            first, last = (whole_number(element.attributes.get(key)) for key in ("min", "max"))
            width = _positive(element.attributes.get("width"))
            if is_true(element.attributes.get("hidden")):
                width = 0
            if first is not None and last is not None and width is not None:
                found.columns.append((first, last, round(width * _LETTER)))
    defaults = outline.root.child("sheetFormatPr")
    if defaults is not None:
        width = _positive(defaults.attributes.get("defaultColWidth"))
        height = _positive(defaults.attributes.get("defaultRowHeight"))
        found.width = round(width * _LETTER) if width else found.width
        found.height = _pixels(height) if height else found.height
    return found


def _row_heights(parts: Parts, outline: Outline, last: int) -> dict[int, int]:
    """Heights of rows that state one, or none where they are hidden."""
    found: dict[int, int] = {}
    tag = re.compile(b"<" + re.escape(outline.prefix.encode()) + b"row [^<>]*>")
    try:
        for kind, piece, _ in split_stream(parts.stream(outline.part)):
            for match in tag.finditer(piece) if kind == "rows" else ():
                if b' ht="' not in match[0] and b' hidden="' not in match[0]:
                    continue
                attributes = attributes_of(match[0])
                number, height = whole_number(attributes.get("r")), _positive(attributes.get("ht"))
                if number is None:
                    return {}
                if number > last:
                    return found
                if is_true(attributes.get("hidden")):
                    found[number] = 0
                elif height is not None:
                    found[number] = _pixels(height)
    except IrregularSheet:
        return {}
    return found


def _positive(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= 10_000 else None


def _pixels(points: float) -> int:
    return round(points * 4 / 3)


def note_anchor(measures: Measures, cell: tuple[int, int], text: str) -> tuple[int, ...]:
    """The box beside a cell: column, pixels, row, pixels of its first and of its last corner.

    Columns and rows are counted from 0 here, as the drawing counts them.

    >>> note_anchor(Measures([], {}), (2, 2), "Higher by 12%")
    (2, 15, 0, 15, 6, 59, 5, 15)
    """
    lines = sum(max(1, math.ceil(len(line) / _LETTERS)) for line in text.split("\n"))
    height = min(max(_HEIGHT, (lines + 1) * _LINE), _TALLEST)
    row, column = cell
    left, right = _stretch(column + 1, _AWAY, _WIDTH, measures.column, MAX_COLUMN)
    top, bottom = _stretch(max(row - 1, 1), _AWAY if row > 1 else 2, height, measures.row, MAX_ROW)
    return (left[0] - 1, left[1], top[0] - 1, top[1],
            right[0] - 1, right[1], bottom[0] - 1, bottom[1])  # fmt: skip


def box_anchor(
    measures: Measures, cell: tuple[int, int], size: tuple[int, int], away: int
) -> tuple[int, ...]:
    """A box of (width, height) pixels whose corner is so many pixels inside a cell (row, column).

    As ``note_anchor`` counts. Hidden columns and rows are passed by.

    >>> box_anchor(Measures([(2, 3, 0)], {}), (1, 2), (100, 24), 6)
    (3, 6, 0, 6, 4, 42, 1, 10)
    """
    (row, column), (width, height) = cell, size
    left, right = _stretch(column, away, width, measures.column, MAX_COLUMN)
    top, bottom = _stretch(row, away, height, measures.row, MAX_ROW)
    return (left[0] - 1, left[1], top[0] - 1, top[1],
            right[0] - 1, right[1], bottom[0] - 1, bottom[1])  # fmt: skip


def _stretch(
    first: int, offset: int, length: int, size: Callable[[int], int], last: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Both ends of so many pixels from ``offset`` on; moved back where the sheet ends before."""
    start = min(first, last)
    while start < last and size(start) == 0:
        start += 1
    offset = min(offset, max(size(start) - 1, 0))
    room = offset + length
    place = start
    while room > size(place):
        room -= size(place)
        place += 1
        if place > last:
            return _backwards(length, size, last)
    return (start, offset), (place, room)


def _backwards(
    length: int, size: Callable[[int], int], last: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    start, found = last, size(last)
    while found < length and start > 1:
        start -= 1
        found += size(start)
    return (start, max(found - length, 0)), (last, size(last))
