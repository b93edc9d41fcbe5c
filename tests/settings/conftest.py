"""A workbook in memory, made of plain rows or of what xlgov would write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from xlgov.changes import SheetChange, StyleChange
from xlgov.grid.cells import parse_address, serial_from_date
from xlgov.grid.sheet import FormatRange, Grid, SheetInfo

DATE, PLAIN = "dd/mm/yyyy", "General"


@dataclass
class Book:
    """Sheets of rows; a date is stored as its serial number in a date style, as Excel does."""

    date_1904: bool = False
    sheets: list[SheetInfo] = field(default_factory=list)
    styles: list[tuple[str, str | None]] = field(default_factory=lambda: [(PLAIN, None)])
    grids: dict[str, Grid] = field(default_factory=dict)

    def add(
        self,
        name: str,
        rows: Iterable[Sequence[Any]],
        fills: Mapping[str, str] | None = None,
        state: str = "visible",
        codes: Mapping[str, str] | None = None,
    ) -> "Book":
        formats = {parse_address(cell): code for cell, code in (codes or {}).items()}
        places = {parse_address(cell): rgb for cell, rgb in (fills or {}).items()}
        grid = Grid(name)
        for row, values in enumerate(rows, start=1):
            for column in range(1, max(12, len(values) + 1)):
                value = values[column - 1] if column <= len(values) else None
                fill = places.get((row, column))
                if value is None and fill is None:
                    continue
                code = formats.get((row, column), PLAIN)
                if isinstance(value, date):
                    value, code = serial_from_date(value, self.date_1904), DATE
                if (code, fill) not in self.styles:
                    self.styles.append((code, fill))
                grid.put(row, column, value, style=self.styles.index((code, fill)))
        self.sheets.append(SheetInfo(name, state))
        self.grids[name] = grid
        return self

    def write(self, sheet: SheetChange, styles: Sequence[StyleChange]) -> "Book":
        """As the file hand would: the rows, and the fills of the style changes."""
        fills = {change.address: change.fill for change in styles if change.fill}
        return self.add(sheet.name, sheet.rows, fills)

    def grid(
        self, sheet: str, *, rows: int | None = None, columns: Collection[int] | None = None
    ) -> Grid:
        return self.grids[sheet]

    def number_format(self, style: int) -> str:
        return self.styles[style][0]

    def fill(self, style: int) -> str | None:
        return self.styles[style][1]

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        return ()

    def names(self) -> Mapping[str, str]:
        return {}


@pytest.fixture(scope="session")
def new_book() -> type[Book]:
    return Book
