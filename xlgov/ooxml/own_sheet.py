"""A worksheet of our own, as a new part.

Kept plain (values and widths only): its looks are ordinary style changes of the same change set,
made by the one writer of cells.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from xlgov.changes import SheetChange
from xlgov.errors import EditError
from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, Range, address
from xlgov.ooxml.cell import refuse_unwritable, render
from xlgov.ooxml.styles import Facets

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile


_NAME = re.compile(r"[^\W\d][\w.]*")
_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*C[0-9]*|[RC]", re.IGNORECASE)


def own_sheet(change: SheetChange, workbook: WorkbookFile, namespace: str) -> bytes:
    """The XML of a sheet with these rows; dates get a date format."""
    _refuse_unwritable(change, workbook.date_1904)
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
    ).encode()


def _refuse_unwritable(change: SheetChange, date_1904: bool) -> None:
    """Raise EditError for what no sheet can hold."""
    widest = max(map(len, change.rows), default=0)
    if len(change.rows) > MAX_ROW or max(widest, len(change.widths)) > MAX_COLUMN:
        raise EditError(
            f"the sheet {change.name!r} would have {len(change.rows):,} rows and {widest:,} "
            f"columns; Excel allows {MAX_ROW:,} and {MAX_COLUMN:,}."
        )
    for number, values in enumerate(change.rows, start=1):
        for column, value in enumerate(values, start=1):
            refuse_unwritable(value, f"{change.name}!{address(number, column)}", date_1904)
    for width in change.widths:
        if not 0 <= width <= 255:
            raise EditError(f"the sheet {change.name!r}: a column is 0 to 255 wide, not {width}.")
    for name, area in change.names:
        if not _NAME.fullmatch(name) or _ADDRESS.fullmatch(name) or len(name) > 255:
            raise EditError(
                f"the sheet {change.name!r}: {name!r} cannot be a defined name; give letters, "
                "digits and underscores, beginning with a letter."
            )
        try:
            Range.parse(area)
        except ValueError as error:
            raise EditError(f"the name {name}: {error}") from None
