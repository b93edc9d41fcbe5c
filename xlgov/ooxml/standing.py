"""Whether a sheet of ours stands already as it is asked for, so that it need not be written again.

Why values are compared, not bytes: Excel and LibreOffice write a sheet anew in their own way when
they save, and what it says is still what it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from xlgov.changes import Formula, NewValue, RichText, SheetChange, StyleChange
from xlgov.errors import EditError
from xlgov.grid.cells import parse_address, serial_from_date
from xlgov.grid.sheet import Cell, is_date_format
from xlgov.ooxml.formula_texts import all_formulas
from xlgov.ooxml.names import absolute, are_defined
from xlgov.ooxml.shown_styles import current_styles
from xlgov.ooxml.styles import Facets, merged_facets

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Place = tuple[int, int]
_MOMENT = 1e-8  # of a day: a time keeps 15 digits, which is less than a float has


def stands_already(
    workbook: WorkbookFile, change: SheetChange, styles: Sequence[StyleChange] = ()
) -> bool:
    """Whether a sheet of ours has just these rows, names and, in the cells given, these styles.

    A sheet to remove stands as asked where there is none. Numbers, texts and formulas are to be
    the same, dates to be shown as dates. The widths of columns and whether the sheet is hidden do
    not count: once it is there, those are people's. Nothing is written.
    """
    present = workbook.book.worksheet(change.name)
    if present is None or change.remove:
        return present is None and change.remove
    quoted = "'" + change.name.replace("'", "''") + "'"
    try:
        names = [(name, f"{quoted}!{absolute(area)}") for name, area in change.names]
    except ValueError:
        return False  # to be refused where it is written
    return (
        are_defined(workbook.book.root, names)
        and _has_rows(workbook, change)
        and _has_styles(workbook, change.name, styles)
    )


def _has_rows(workbook: WorkbookFile, change: SheetChange) -> bool:
    wanted: dict[Place, NewValue] = {
        (row, column): value
        for row, values in enumerate(change.rows, start=change.first_row)
        for column, value in enumerate(values, start=1)
        if value is not None and value != ""
    }
    found = {
        (each.row, each.column): each
        for each in workbook.grid(change.name).cells()
        if each.row >= change.first_row
    }
    if found.keys() != wanted.keys():
        return False
    formulas = {}
    if any(each.formula for each in found.values()):
        formulas = all_formulas(workbook, change.name)
    return all(
        _same(workbook, found[place], value, formulas.get(place, ""))
        for place, value in wanted.items()
    )


def _same(workbook: WorkbookFile, cell: Cell, wanted: NewValue, formula: str) -> bool:
    if isinstance(wanted, Formula):
        return cell.formula and formula == wanted.text.removeprefix("=")
    if isinstance(wanted, bool) and cell.formula:
        return cell.value is wanted and formula == f"{wanted}()".upper()  # as LibreOffice saves it
    if cell.formula or isinstance(cell.value, bool) is not isinstance(wanted, bool):
        return False
    if isinstance(wanted, RichText):
        return cell.value == str(wanted)
    if isinstance(wanted, date):
        if not isinstance(cell.value, (int, float)):
            return False
        serial = serial_from_date(wanted, workbook.date_1904)
        is_same = abs(cell.value - serial) < _MOMENT
        return is_same and is_date_format(workbook.number_format(cell.style))
    if isinstance(wanted, int) and abs(wanted) >= 10**15:
        return cell.value == float(wanted)  # as it is written
    return cell.value == wanted


def _has_styles(workbook: WorkbookFile, sheet: str, styles: Iterable[StyleChange]) -> bool:
    wanted: dict[Place, Facets] = {}
    for change in styles:
        try:
            place = parse_address(change.address)
        except ValueError:
            return False  # to be refused where it is written
        wanted[place] = merged_facets(wanted.get(place), change)
    standing = current_styles(workbook.parts, workbook.outline(sheet), wanted)
    try:
        return all(
            workbook.styles.derive(standing[place], facets) == standing[place]
            for place, facets in wanted.items()
        )
    except EditError:
        return False
