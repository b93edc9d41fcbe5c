"""Workbooks written as text, for tests of what is found in them.

A line is a row, ``|`` parts cells. ``<`` joins a cell to the one on its left, ``^`` to the one
above (merged). ``"3"`` is text, ``=0`` a formula that shows 0, ``=`` one that shows nothing,
``\\n`` a line break, ``@2017-01-31`` a date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from xlgov.grid.cells import CellError, Range, Value, address, serial_from_date
from xlgov.grid.records import Layout
from xlgov.grid.sheet import FormatRange, Grid, SheetInfo

DATE_STYLE = 1


def read_cell(text: str) -> tuple[Value, bool, int]:
    """Value, whether a formula, and style of a cell as written."""
    text = text.strip().replace("\\n", "\n")
    if text.startswith("="):
        value = read_cell(text[1:])[0]
        return ("" if value is None else value), True, 0
    if text.startswith("@"):
        return serial_from_date(date.fromisoformat(text[1:])), False, DATE_STYLE
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1], False, 0
    if text.startswith("#") and text[1:].rstrip("!?").replace("/", "").isalnum() and "!" in text:
        return CellError(text), False, 0
    try:
        number = float(text)
    except ValueError:
        return text or None, False, 0
    return (int(number) if number.is_integer() and "." not in text else number), False, 0


def sheet(text: str, name: str = "Sheet1") -> Grid:
    """A grid from text; the first line that is not empty is row 1, a line of ``.`` a blank row."""
    grid = Grid(name)
    joined: dict[tuple[int, int], tuple[int, int]] = {}
    lines = text.strip("\n").splitlines()
    for row, line in enumerate(lines, start=1):
        if line.strip() == ".":
            continue
        for column, part in enumerate(line.split("|"), start=1):
            mark = part.strip()
            if mark in ("<", "^"):
                beside = (row, column - 1) if mark == "<" else (row - 1, column)
                joined[row, column] = joined.get(beside, beside)
                continue
            value, formula, style = read_cell(part)
            if value is not None or formula:
                grid.put(row, column, value, formula, style)
    corners: dict[tuple[int, int], tuple[int, int]] = {}
    for cell, anchor in joined.items():
        bottom, right = corners.get(anchor, anchor)
        corners[anchor] = max(bottom, cell[0]), max(right, cell[1])
    grid.merges = tuple(Range(*anchor, *corner) for anchor, corner in sorted(corners.items()))
    return grid


class Book:
    """A workbook of literal grids; ``looks`` records what was asked for."""

    date_1904 = False

    def __init__(self, *grids: Grid) -> None:
        self._grids = {grid.sheet: grid for grid in grids}
        self.looks: list[tuple[str, int | None, frozenset[int] | None]] = []

    @property
    def sheets(self) -> Sequence[SheetInfo]:
        return [SheetInfo(name) for name in self._grids]

    def grid(
        self,
        sheet: str,
        *,
        rows: int | None = None,
        columns: Collection[int] | None = None,
        brief: Collection[int] = (),
    ) -> Grid:
        self.looks.append((sheet, rows, None if columns is None else frozenset(columns)))
        whole = self._grids[sheet]
        last = max((column.rows[-1] for column in whole.columns.values()), default=0)
        if columns is None and (rows is None or rows >= last):
            return whole
        part = Grid(sheet, merges=whole.merges, is_complete=False)
        for number, column in whole.columns.items():
            if columns is not None and number not in columns:
                continue
            for row, value, style in zip(column.rows, column.values, column.styles, strict=True):
                if rows is None or row <= rows:
                    part.put(row, number, value, row in column.formulas, style)
        return part

    def number_format(self, style: int) -> str:
        return "dd/mm/yyyy" if style == DATE_STYLE else "General"

    def fill(self, style: int) -> str | None:
        return None

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        return ()

    def names(self) -> Mapping[str, str]:
        return {}


def book(*texts: str, **named: str) -> Book:
    """A workbook of sheets written as text, named Sheet1, Sheet2 ... or by keyword."""
    grids = [sheet(text, f"Sheet{place}") for place, text in enumerate(texts, start=1)]
    grids += [sheet(text, name.replace("_", " ")) for name, text in named.items()]
    return Book(*grids)


def addresses(layout: Layout, field: str) -> list[str]:
    """Addresses of a field in every record, "" where a record has none."""
    places = [record.at(field) for record in layout.records]
    return [address(*place) if place else "" for place in places]


def places(layout: Layout) -> dict[str, str]:
    """Addresses of every field of the first record."""
    record = layout.records[0]
    found = {}
    for name in layout.headings:
        place = record.at(name)
        if place:
            found[name] = address(*place)
    return found
