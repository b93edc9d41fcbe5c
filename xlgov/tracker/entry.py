"""One record of a tracker, read through its cells.

Why no class per kind: a tracker's record is whatever columns the office keeps, so a kind asks for
fields by name and gets a blank where the column is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from xlgov.grid.cells import CellError, Value, address, is_blank
from xlgov.grid.dates import parse_date
from xlgov.grid.records import Layout, Record
from xlgov.grid.sheet import Cell, Grid, Workbook, cell_date

_NO_ANSWER = frozenset(
    (
        *("", "-", "\u2013", "\u2014", "n/a", "na", "none", "tbc", "tba", "tbd", "?", "."),
        *("to be confirmed", "to be agreed", "to be decided", "to be determined"),
    )
)


FIRST_YEAR = 366  # serial numbers below are days of the date system's first year


class Entry(NamedTuple):
    """One record: its fields by name. ``label`` is its reference, else its row."""

    workbook: Workbook
    layout: Layout
    grid: Grid
    record: Record
    label: str
    day_first: bool = True

    @property
    def sheet(self) -> str:
        return self.layout.sheet

    def has(self, field: str) -> bool:
        """Whether the register has a cell for the field."""
        return self.record.at(field) is not None

    def cell(self, field: str) -> Cell | None:
        """The field's cell; of merged cells the first, which holds their value."""
        place = self.record.at(field)
        if place is None:
            return None
        merge = self.grid.merge_at(*place)
        return self.grid.cell(merge.top, merge.left) if merge else self.grid.cell(*place)

    def value(self, field: str) -> Value:
        """What the cell holds; None where it is blank or not there."""
        cell = self.cell(field)
        return None if cell is None or is_blank(cell.value) else cell.value

    def text(self, field: str) -> str:
        """The cell as one line of text; "" for a blank. A whole number has no decimals."""
        value = self.value(field)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join((value.code if isinstance(value, CellError) else str(value)).split())

    def says(self, field: str) -> bool:
        """Whether the cell says anything: a dash, ``n/a`` or ``TBC`` does not."""
        return self.text(field).casefold() not in _NO_ANSWER

    def day(self, field: str) -> date | None:
        """The date in the cell, real or typed as text; None where there is none."""
        cell = self.cell(field)
        if cell is None:
            return None
        moment = cell_date(self.workbook, cell)
        if moment is not None:
            return moment.date()
        return parse_date(cell.value, self.day_first) if isinstance(cell.value, str) else None

    def number(self, field: str) -> float | None:
        """The number in the cell; None for a blank, text or a date."""
        cell = self.cell(field)
        value = None if cell is None else cell.value
        if cell is None or isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return None if cell_date(self.workbook, cell) else value

    def fill(self, field: str) -> str | None:
        """Colour of the cell's solid fill as ``RRGGBB``."""
        cell = self.cell(field)
        return None if cell is None else self.workbook.fill(cell.style)

    def address(self, field: str) -> str:
        """Where the field stands; "" where the register has no such column."""
        cell = self.cell(field)
        return "" if cell is None else cell.address

    @property
    def first_address(self) -> str:
        """The record's first cell."""
        record = self.record
        places = (
            [(record.row, column) for column in record.columns.values()]
            if record.row
            else list(record.cells.values())
        )
        return address(*min(places)) if places else ""


def read_entries(
    workbook: Workbook, layout: Layout, day_first: bool = True, reference: str = "reference"
) -> list[Entry]:
    """The entries of one register in sheet order."""
    grid = workbook.grid(layout.sheet, columns=layout.columns)
    entries = []
    for record in layout.records:
        nameless = Entry(workbook, layout, grid, record, "", day_first)
        row = record.row or min((cell[0] for cell in record.cells.values()), default=0)
        label = nameless.text(reference) or f"row {row}"
        entries.append(Entry(workbook, layout, grid, record, label, day_first))
    return entries


def is_number_shown_as_date(entry: Entry, field: str) -> bool:
    """Whether a cell holds a small number that only its format turns into a date of 1900.

    No tracker has real dates so old: they are item numbers, such as 5 shown as 05/01/1900.
    """
    cell = entry.cell(field)
    if cell is None or cell_date(entry.workbook, cell) is None:
        return False
    return isinstance(cell.value, int | float) and cell.value < FIRST_YEAR


def plain_fields(entry: Entry) -> Mapping[str, object]:
    """Every field of an entry as a plain value: dates as dates, blanks as None.

    A number that is only shown as a date of 1900 is the number.
    """
    found: dict[str, object] = {}
    for name in entry.layout.headings:
        value = entry.value(name)
        cell = entry.cell(name)
        moment = cell_date(entry.workbook, cell) if cell is not None else None
        if moment is not None and not is_number_shown_as_date(entry, name):
            found[name] = moment.date()
        elif isinstance(value, CellError):
            found[name] = value.code
        else:
            found[name] = value.strip() if isinstance(value, str) else value
    return found
