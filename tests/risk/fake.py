"""A workbook in memory, for tests of what the domain reads and decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlgov.grid.cells import Range, serial_from_date
from xlgov.grid.sheet import FormatRange, Grid, SheetInfo


@dataclass(frozen=True)
class Made:
    """A cell with more to it than its value."""

    value: Any = None
    formula: bool = False
    fill: str | None = None
    format: str = "General"


def formula(value: Any) -> Made:
    return Made(value, formula=True)


def filled(value: Any, color: str) -> Made:
    return Made(value, fill=color)


def dated(day: date) -> Made:
    return Made(serial_from_date(day), format="dd/mm/yyyy")


@dataclass
class FakeWorkbook:
    """Sheets of rows; the rows start at A1. Implements ``xlgov.grid.sheet.Workbook``."""

    rows: dict[str, Sequence[Sequence[Any]]]
    hidden: Collection[str] = ()
    merges: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rules: Mapping[str, Sequence[FormatRange]] = field(default_factory=dict)
    date_1904: bool = False

    def __post_init__(self) -> None:
        self._styles: list[tuple[str | None, str]] = [(None, "General")]

    @property
    def sheets(self) -> Sequence[SheetInfo]:
        return [
            SheetInfo(name, "hidden" if name in self.hidden else "visible") for name in self.rows
        ]

    def grid(
        self,
        sheet: str,
        *,
        rows: int | None = None,
        columns: Collection[int] | None = None,
        brief: Collection[int] = (),
    ) -> Grid:
        merges = tuple(Range.parse(text) for text in self.merges.get(sheet, ()))
        whole = rows is None and columns is None
        found = Grid(sheet, merges=merges, is_complete=whole)
        for row, line in enumerate(self.rows[sheet][:rows], start=1):
            for column, content in enumerate(line, start=1):
                if columns is not None and column not in columns:
                    continue
                made = content if isinstance(content, Made) else Made(content)
                if made == Made():
                    continue
                look = (made.fill, made.format)
                if look not in self._styles:
                    self._styles.append(look)
                found.put(row, column, made.value, made.formula, self._styles.index(look))
        return found

    def number_format(self, style: int) -> str:
        return self._styles[style][1]

    def fill(self, style: int) -> str | None:
        return self._styles[style][0]

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        return self.rules.get(sheet, ())

    def names(self) -> Mapping[str, str]:
        return {}
