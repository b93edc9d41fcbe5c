"""The formulas of a workbook, what each refers to and shows: read once, before anything changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from xlgov.grid.cells import Range, Value
from xlgov.ooxml.anchors import Anchors
from xlgov.ooxml.formula_cells import (
    Calculation,
    FormulaCell,
    calculation,
    formula_cells,
    scoped_names,
)
from xlgov.ooxml.reader import WorkbookFile
from xlgov.ooxml.tables import tables_of
from xlgov.recalculation.dependence import Dependence, Place
from xlgov.recalculation.engine_differences import agrees, difference
from xlgov.recalculation.formula_reading import Area, FormulaReader, Reading

_WIDE = 256  # columns of a range that are not looked through one by one


class WorkbookFormulas(NamedTuple):
    """Every formula of a workbook by place (sheet in lower case, row, column).

    ``names`` are the names of its sheets as they are written.
    """

    cells: Mapping[Place, FormulaCell]
    readings: Mapping[Place, Reading]
    dependence: Dependence
    calculation: Calculation
    date_1904: bool
    names: Mapping[str, str]

    def obstacle(self, place: Place) -> str:
        """Why the engine's value is not taken for a formula, in words; "" where nothing is known.

        It completes "formulas that ...".
        """
        cell, reading = self.cells[place], self.readings[place]
        if reading.is_external:
            return "refer to other workbooks or programs"
        what = difference(reading.functions)
        if what:
            return f"use {what}"
        if cell.kind == "array":
            return "fill a range or spill (array formulas)"
        if cell.kind == "table":
            return "are a what-if data table"
        return "" if cell.text else "cannot be read"

    def certain(self, workbook: WorkbookFile) -> set[Place]:
        """The formulas that come out the same in both engines, and all that they look at too."""
        if self.date_1904:
            return set()
        able = {
            at
            for at, reading in self.readings.items()
            if agrees(reading.functions) and not (reading.may_look_anywhere or reading.joins_truth)
            if not self.obstacle(at)
            if all(area.right - area.left < _WIDE for _, area in reading.areas)
        }
        truths = self._truths(workbook, able)
        able = {at for at in able if not self._columns(at) & truths}
        doubtful = set(self.cells) - able
        return able - self.dependence.reached(doubtful)

    def _columns(self, place: Place) -> set[tuple[str, int]]:
        """The columns (sheet, number) that a formula looks at."""
        return {
            (sheet, column)
            for sheet, area in self.readings[place].areas
            for column in range(area.left, area.right + 1)
        }

    def _truths(self, workbook: WorkbookFile, places: Iterable[Place]) -> set[tuple[str, int]]:
        """Those of the columns that these formulas look at which hold a truth value anywhere."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for place in places:
            for sheet, column in self._columns(place):
                wanted[sheet].add(column)
        return {
            (sheet, number)
            for sheet, columns in wanted.items()
            if sheet in self.names
            for number, cells in workbook.grid(
                self.names[sheet], columns=columns, brief=columns
            ).columns.items()
            if any(isinstance(value, bool) for value in cells.values)
        }

    def behind_obstacles(self) -> set[Place]:
        """The formulas that come out otherwise in the engine, and all that look at them."""
        known = {at for at in self.cells if self.obstacle(at)}
        return known | self.dependence.reached(known)


def read_formulas(workbook: WorkbookFile) -> WorkbookFormulas:
    """The formulas of a workbook. Raises FileError where a sheet cannot be read."""
    sheets = [each.name for each in workbook.sheets]
    cells: dict[Place, FormulaCell] = {}
    for sheet in sheets:
        for cell in formula_cells(workbook, sheet):
            cells[sheet.casefold(), cell.row, cell.column] = cell
    tables: dict[str, Area] = {}
    if cells:
        for sheet in sheets:
            if workbook.outline(sheet).tables:
                for table in tables_of(workbook, sheet):
                    tables[table.name.casefold()] = sheet.casefold(), table.area
    reader = FormulaReader(scoped_names(workbook), tables)
    readings = {at: reader.read(cell.text, at[0]) for at, cell in cells.items()}
    fills: dict[Place, Range] = {
        at: cell.fills for at, cell in cells.items() if cell.fills.cell_count > 1
    }
    return WorkbookFormulas(
        cells,
        readings,
        Dependence(readings, fills),
        calculation(workbook),
        workbook.date_1904,
        {sheet.casefold(): sheet for sheet in sheets},
    )


def shown_values(workbook: WorkbookFile, places: Collection[Place]) -> dict[Place, Value]:
    """What formulas show; those that are no formulas in this workbook are left out."""
    found: dict[Place, Value] = {}
    present = {each.name.casefold(): each.name for each in workbook.sheets}
    for sheet, wanted in by_sheet(places).items():
        if sheet not in present:
            continue
        grid = workbook.cells(present[sheet], wanted)
        for row, column in wanted:
            if grid.has_formula(row, column):
                found[sheet, row, column] = grid.value(row, column)
    return found


def hidden_in_merges(workbook: WorkbookFile, places: Iterable[Place]) -> set[Place]:
    """Those of the places that a merged range hides: nothing is written there."""
    found: set[Place] = set()
    for sheet, wanted in by_sheet(places).items():
        name = next(each.name for each in workbook.sheets if each.name.casefold() == sheet)
        anchors = Anchors(workbook.outline(name).merges)
        found |= {(sheet, *place) for place in wanted if anchors.of(place) != place}
    return found


def by_sheet(places: Iterable[Place]) -> dict[str, list[tuple[int, int]]]:
    """Places as (row, column) by sheet."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for sheet, row, column in places:
        found[sheet].append((row, column))
    return found
