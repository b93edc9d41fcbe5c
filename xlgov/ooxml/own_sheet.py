"""A worksheet of our own, as a new part.

Kept plain (values and widths only): its looks are ordinary style changes of the same change set,
made by the one writer of cells.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from xlgov.changes import SheetChange
from xlgov.grid.cells import address
from xlgov.ooxml.cell import render
from xlgov.ooxml.styles import Facets

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile


def own_sheet(change: SheetChange, workbook: WorkbookFile, namespace: str) -> bytes:
    """The XML of a sheet with these rows; dates get a date format."""
    rows = []
    widest = 1
    for number, values in enumerate(change.rows, start=1):
        cells = []
        for column, value in enumerate(values, start=1):
            if value is None or value == "":
                continue
            widest = max(widest, column)
            style = 0
            if isinstance(value, date):
                timed = isinstance(value, datetime)
                code = "dd/mm/yyyy hh:mm" if timed else "dd/mm/yyyy"
                style = workbook.styles.derive(0, Facets(number_format=code))
            kind, inside = render(value, "", workbook.date_1904)
            marks = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
            cells.append(f'<c r="{address(number, column)}"{marks}>{inside}</c>')
        if cells:
            rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width:g}" customWidth="1"/>'
        for at, width in enumerate(change.widths, start=1)
    )
    last = address(max(len(change.rows), 1), widest)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><dimension ref="A1:{last}"/>'
        + (f"<cols>{widths}</cols>" if widths else "")
        + f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    ).encode("utf-8", "surrogatepass")
