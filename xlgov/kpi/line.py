"""A line of readings: the cells of one row or column, or of one indicator in a long list.

Why lines before series: an indicator's numerators and denominators may stand in two rows, two
columns or two sheets, and its years on one sheet each. Every layout gives lines; they are joined
in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.grid.cells import CellError, Value, address, is_blank
from xlgov.grid.sheet import Column, Grid, Workbook
from xlgov.kpi.codes import make_finding
from xlgov.kpi.measure_words import Part
from xlgov.kpi.number_text import Looks, is_no_reading, read_number
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place


class Spot(NamedTuple):
    """A number where it stands; ``percent`` says that the page shows it as a percentage."""

    number: float
    percent: bool
    row: int
    column: int


class Unread(NamedTuple):
    """A cell among readings that is neither a number nor a word for none."""

    row: int
    column: int
    value: Value


@dataclass(slots=True)
class Cells:
    """What the cells of one row, column or record hold, before it has a name."""

    spots: dict[Month, Spot] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    absent: int = 0  # cells that say in words that there is no reading
    twice: list[tuple[Month, Spot]] = field(default_factory=list)

    @property
    def are_readings(self) -> bool:
        """Whether these are readings: a number or an error value, and not mostly text."""
        errors = sum(isinstance(cell.value, CellError) for cell in self.unread)
        numbers = len(self.spots) + errors
        return numbers > 0 and numbers >= len(self.unread) - errors

    @property
    def are_empty(self) -> bool:
        return not (self.spots or self.unread or self.absent)


@dataclass(slots=True)
class Line:
    """Readings of one part of one indicator, as they stand on one sheet."""

    name: str
    place: Place
    part: Part | None
    months: frozenset[Month]
    cells: Cells
    theme: str = ""
    stated: Mapping[str, str] = field(default_factory=dict)
    grid: Grid | None = None

    @property
    def sheet(self) -> str:
        return self.place.sheet

    def spot_place(self, spot: Spot) -> Place:
        """The cell of a number."""
        return Place(self.sheet, spot.row, spot.column)


@dataclass(slots=True)
class Page:
    """A sheet on the way to be read; ``findings`` grow while it is."""

    workbook: Workbook
    grid: Grid
    looks: Looks
    day_first: bool = True
    year_start: int = 4
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.grid.sheet

    def text(self, row: int, column: int) -> str:
        """The text of a cell; "" for a number and a blank."""
        value = self.grid.value(row, column)
        return value.strip() if isinstance(value, str) else ""

    def merged_text(self, row: int, column: int) -> str:
        """The text of a cell, or of the merged range that covers it."""
        found = self.text(row, column)
        if found or row < 1:
            return found
        merge = self.grid.merge_at(row, column)
        return self.text(merge.top, merge.left) if merge else ""

    def printed(self, row: int, column: int) -> str:
        """A cell as words, a fraction in a % format as per cent; "" for a blank."""
        cell = self.grid.cell(row, column)
        if is_blank(cell.value):
            return ""
        if isinstance(cell.value, (int, float)) and self.looks.is_percent(cell.style):
            return f"{round(cell.value * 100, 10):g}%"
        if isinstance(cell.value, float) and cell.value.is_integer():
            return str(int(cell.value))
        return str(cell.value).strip()

    def find(
        self,
        code: str,
        record: str,
        row: int,
        column: int,
        message: str,
        remedy: str = "",
        related: tuple[str, ...] = (),
    ) -> None:
        """Add a finding about a cell, which is stated beside the message and not in it."""
        cell = address(row, column)
        self.findings.append(
            make_finding(
                code,
                message,
                record=record,
                sheet=self.name,
                address=cell,
                remedy=remedy,
                related=related,
            )
        )

    def take(
        self, cells: Cells, month: Month, row: int, column: int, value: Value, style: int
    ) -> None:
        """Put what a cell holds among the readings of a line."""
        kind = type(value)
        if (kind is float or kind is int) and not self.looks.is_dated(style):
            spot = Spot(value, self.looks.is_percent(style), row, column)  # type: ignore[arg-type]  # its type was looked at
        elif value is None:
            return
        elif isinstance(value, str):
            if is_no_reading(value):
                cells.absent += not is_blank(value)
                return
            read = read_number(value)
            if read is None:
                cells.unread.append(Unread(row, column, value))
                return
            spot = Spot(*read, row, column)
        else:
            cells.unread.append(Unread(row, column, value))
            return
        if month in cells.spots:
            cells.twice.append((month, spot))
        else:
            cells.spots[month] = spot


def column_cells(grid: Grid, column: int) -> Column:
    """A column of a grid; an empty one where there is none."""
    return grid.columns.get(column) or Column()
