"""Where the button stands: beside what the sheet shows, at its top, and outside what it prints.

Why to the right: above the register there are titles and logos, which print; the first column that
is free of cells, drawings and print area is free in every row, so that the button covers nothing
when rows are added, and at the top it stays in sight where the headings are frozen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlgov.errors import EditError
from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, address, column_number
from xlgov.grid.sheet import Grid
from xlgov.ooxml.drawn import drawn_to
from xlgov.ooxml.markup import is_true
from xlgov.ooxml.measures import Measures, box_anchor, measure
from xlgov.ooxml.reader import WorkbookFile

SIZE = (104, 28)  # pixels
_AWAY = 8  # pixels from the corner of its cell
_FIRST_ROWS = 400
_TOP = 6  # rows in which nothing drawn may be covered
_NEAR = 40  # columns to look for room in
_REFERENCE = re.compile(r"!\$?([A-Z]{1,3})?\$?([0-9]{1,7})?(?::\$?([A-Z]{1,3})?\$?([0-9]{1,7})?)?")


@dataclass(frozen=True, slots=True)
class Place:
    """The cell that a button stands on, and its anchor as ``measures`` counts it."""

    cell: str
    anchor: tuple[int, ...]


def find_place(workbook: WorkbookFile, sheet: str) -> Place:
    """A free place for the button on a sheet: right of everything, or else below.

    Raises EditError where all columns and rows beyond the used ones are hidden.
    """
    outline = workbook.outline(sheet)
    measures = measure(workbook.parts, outline, 1)
    printed_row, printed_column = _printed(workbook.book.print_area(sheet))
    grid = workbook.grid(sheet, rows=_FIRST_ROWS)
    drawn = drawn_to(workbook.parts, outline, _TOP, measures)
    column = max(_last_used(grid)[1], drawn, printed_column) + 1
    if _is_room(measures, column):
        return _place(measures, 1, column)
    whole = workbook.grid(sheet)
    row = max(_last_used(whole)[0], printed_row) + 2
    defaults = outline.root.child("sheetFormatPr")
    hides = defaults is not None and is_true(defaults.attributes.get("zeroHeight"))
    below = measure(workbook.parts, outline, row)
    if row + 2 <= MAX_ROW and not hides and below.row(row) and _is_room(below, 1):
        return _place(below, row, 1)
    raise EditError(
        f"the sheet {sheet!r} has no room for a button: every column to the right of its cells and "
        "every row below them is hidden. Unhide a column there in Excel, save, and try again."
    )


def _place(measures: Measures, row: int, column: int) -> Place:
    anchor = box_anchor(measures, (row, column), SIZE, _AWAY)
    return Place(address(anchor[2] + 1, anchor[0] + 1), anchor)


def _is_room(measures: Measures, column: int) -> bool:
    """Whether the button fits into the columns that are shown soon after this one."""
    last = min(column + _NEAR, MAX_COLUMN)
    return sum(measures.column(each) for each in range(column, last)) >= SIZE[0] + _AWAY


def _last_used(grid: Grid) -> tuple[int, int]:
    """The last row and the last column that show anything; a merged range shows as a whole."""
    last_row = last_column = 0
    for number, column in grid.columns.items():
        held = [
            row
            for row, value in zip(column.rows, column.values, strict=True)
            if value is not None or row in column.formulas
        ]
        if held:
            last_row, last_column = max(last_row, held[-1]), max(last_column, number)
    for merge in grid.merges:
        if grid.value(merge.top, merge.left) is not None:
            last_row, last_column = max(last_row, merge.bottom), max(last_column, merge.right)
    return last_row, last_column


def _printed(reference: str) -> tuple[int, int]:
    """The last row and column of a print area; 0 where it states none, as for whole rows.

    >>> _printed("'Chief''s'!$A$1:$V$60,'Chief''s'!$X:$Y"), _printed("Register!$1:$9")
    ((60, 25), (9, 0))
    """
    rows, columns = [0], [0]
    for first, top, last, bottom in _REFERENCE.findall(reference.upper()):
        rows += [int(each) for each in (top, bottom) if each]
        columns += [column_number(each) for each in (first, last) if each]
    return max(rows), max(columns)
