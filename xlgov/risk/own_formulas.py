"""Which cells of a register hold formulas of ours: they are read as if somebody had typed them.

Why the names first: the text of formulas takes a pass over the sheet of its own, and without the
names that ours look up in there are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlgov.grid.cells import column_letters
from xlgov.grid.records import Layout, Record
from xlgov.grid.sheet import FormulaSource, Grid, Workbook
from xlgov.risk.assessment import ASSESSMENTS, MEASURES
from xlgov.risk.formulas import CELL, field_of_own

GIVEN = ("rating", "impact", "band")  # what our formulas give
_NAMES = "xlgov_"

Place = tuple[int, int]


def find_own_formulas(workbook: Workbook, layout: Layout, grid: Grid) -> dict[Place, str]:
    """The formulas of ours in the records of a layout, without ``=``, by (row, column)."""
    names = workbook.names() if isinstance(workbook, FormulaSource) else {}
    if not any(name.casefold().startswith(_NAMES) for name in names):
        return {}
    cells = list(_formula_cells(layout, grid))
    if not cells or not isinstance(workbook, FormulaSource):
        return {}
    texts = workbook.formulas(layout.sheet, {place[1] for *_, place in cells})
    found: dict[Place, str] = {}
    known: dict[tuple[str, int], str] = {}  # the last formula of a column, its own row left open
    for record, name, measure, place in cells:
        text = texts.get(place, "")
        if not text:
            continue
        column = f"{name}.{measure}", place[1]
        is_alike = record.row and known.get(column, "").replace("\0", str(record.row)) == text
        if is_alike or _is_own(text, record, name, measure):
            found[place] = text
            if record.row and not is_alike:
                known[column] = _open(text, record.row)
    return found


def _formula_cells(layout: Layout, grid: Grid) -> Iterator[tuple[Record, str, str, Place]]:
    """The cells with a formula where ours may stand: record, assessment, measure, place."""
    wanted = [
        (name, measure)
        for name in ASSESSMENTS
        for measure in GIVEN
        if f"{name}.{measure}" in layout.headings
    ]
    for name, measure in wanted:
        for record in layout.records:
            place = record.at(f"{name}.{measure}")
            if place is not None and grid.has_formula(*place):
                yield record, name, measure, place


def _is_own(text: str, record: Record, name: str, measure: str) -> bool:
    places: Mapping[tuple[str, int], str] = {
        (column_letters(place[1]), place[0]): each
        for each in reversed(MEASURES)
        if (place := record.at(f"{name}.{each}")) is not None
    }
    return field_of_own(text, lambda letters, row: places.get((letters, row))) == measure


def _open(text: str, row: int) -> str:
    def without_row(match: re.Match[str]) -> str:
        return f"{match[1]}\0" if match[0] == f"{match[1]}{row}" else match[0]

    return CELL.sub(without_row, text)
