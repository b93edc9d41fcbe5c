"""Real .xlsx files as workbooks of grids, read with openpyxl: another reader than ours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from tests.grid.literal import DATE_STYLE, Book
from xlgov.grid.cells import CellError, Range, Value, serial_from_date
from xlgov.grid.sheet import Grid


def load(path: Path) -> Book:
    """Every worksheet of a file, with cached values, formulas marked, and merged ranges."""
    formulas = openpyxl.load_workbook(path)
    values = openpyxl.load_workbook(path, data_only=True)
    grids = []
    for sheet in formulas.worksheets:
        grid = Grid(sheet.title)
        shown = values[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                formula = cell.data_type == "f"
                value, style = _value(shown.cell(cell.row, cell.column).value)
                grid.put(cell.row, cell.column, value, formula, style)
        grid.merges = tuple(Range.parse(str(merge)) for merge in sheet.merged_cells.ranges)
        grids.append(grid)
    return Book(*grids)


def _value(value: Any) -> tuple[Value, int]:
    if isinstance(value, (datetime, date)):
        return serial_from_date(value), DATE_STYLE
    if isinstance(value, (time, timedelta)):
        return 0.5, DATE_STYLE
    if isinstance(value, str) and value.startswith("#"):
        return CellError(value), 0
    return value, 0
