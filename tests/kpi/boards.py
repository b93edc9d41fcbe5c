"""Dashboards as offices draw them, made with XlsxWriter, and what a refresh makes of them.

Three indicators with five years of readings lie behind each; ``worth`` says what a column of theirs
holds in words of its own, so that a test states where figures stand and not what they are.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import stdev
from typing import Any

import openpyxl
import xlsxwriter

import xlgov
from tests.ooxml.compare import Edited, compare
from xlgov.changes import ChangeSet
from xlgov.grid.cells import address
from xlgov.settings.values import IndicatorRule, Settings

MARCH = date(2018, 3, 1)
FIRST = date(2013, 4, 1)
HATE, OUTCOME, RESPONSE = "Hate Crime", "Burglary Outcome Rate", "Response time"
THEMES = {HATE: "Victims", OUTCOME: "Offenders", RESPONSE: "Offenders"}
TITLE = "Dashboard as at 31st March 2018"
MEAN = Settings(indicators={RESPONSE: IndicatorRule(combine="mean", unit="minutes")})
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def months_on(start: date, count: int) -> list[date]:
    """So many first days of months."""
    numbers = range(start.year * 12 + start.month - 1, start.year * 12 + start.month - 1 + count)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def shown(month: date) -> str:
    return f"{NAMES[month.month - 1]}-{month.year % 100:02d}"


ALL = months_on(FIRST, 60)
# Numerators (values of what is no ratio) and denominators by month.
ABOVE: Mapping[str, Mapping[date, float]] = {
    HATE: {month: 60 + step * 7 % 11 for step, month in enumerate(ALL)},
    OUTCOME: {month: 20 + step % 5 for step, month in enumerate(ALL)},
    RESPONSE: {month: 12.5 + step % 3 for step, month in enumerate(ALL)},
}
BELOW = {month: 100 + step % 3 for step, month in enumerate(ALL)}


def worth(name: str, column: str, month: date = MARCH, start: int = 4) -> float | str:
    """What a column holds: ``month-1``, ``v3``, ``fytd``, ``fytd-1``, ``rolling``, ``baseline``,
    ``benchmark``.

    Windows are counted in months from the end; nothing of the package takes part.
    """
    into_year = (month.month - start) % 12 + 1
    if column.startswith("month"):
        return _window(name, month, 12 * -int(column[5:] or 0), 1)
    if column.startswith("fytd"):
        return _window(name, month, 12 * -int(column[4:] or 0), into_year)
    if column == "rolling":
        return _window(name, month, 0, 12)
    if column == "baseline":
        return _window(name, month, into_year, 12)
    if column == "benchmark":
        now, then = _window(name, month, 0, 12), _window(name, month, into_year, 12)
        return _side(now - then, 0.04 * then)
    years = int(column[1:])
    figures = [_window(name, month, 12 + back, 1) for back in range(12 * years)]
    average = _window(name, month, 12, 12 * years)
    average = average / (12 * years) if name == HATE else average
    return _side(_window(name, month, 0, 1) - average, stdev(figures))


def _window(name: str, month: date, ago: int, length: int) -> float:
    """The figure of ``length`` months of which the last is ``ago`` months before."""
    last = ALL.index(month) - ago
    over = ALL[last - length + 1 : last + 1]
    assert len(over) == length
    total = sum(ABOVE[name][each] for each in over)
    if name == OUTCOME:
        return total / sum(BELOW[each] for each in over)
    return total / length if name == RESPONSE else total


def _side(change: float, allowed: float) -> str:
    return "Comparable" if abs(change) <= allowed else "Higher" if change > 0 else "Lower"


@dataclass
class Board:
    """A workbook that is being drawn: ``sheet`` is the dashboard, ``style`` makes a format."""

    book: Any
    sheet: Any

    def style(self, code: str = "General", **more: Any) -> Any:
        return self.book.add_format({"num_format": code, **more})

    def put(self, top: int, rows: Sequence[Sequence[Any]], left: int = 1) -> None:
        """Rows of cells from a row and column (from 1); None is no cell, a date is shown mmm-yy."""
        for row, cells in enumerate(rows, start=top - 1):
            for column, cell in enumerate(cells, start=left - 1):
                if isinstance(cell, date):
                    self.sheet.write_datetime(row, column, cell, self.style("mmm-yy"))
                elif cell is not None:
                    self.sheet.write(row, column, cell)


def write_readings(sheet: Any, top: int = 0, over: Sequence[date] = tuple(ALL)) -> None:
    """The readings, months across, the rate as two rows."""
    rows: list[list[Any]] = [["Theme", "Indicator", "Measure", *map(shown, over)]]
    for name, theme in THEMES.items():
        first = "Numerator" if name == OUTCOME else "Value"
        rows.append([theme, name, first, *(ABOVE[name][month] for month in over)])
        if name == OUTCOME:
            rows.append([theme, name, "Denominator", *(BELOW[month] for month in over)])
    for number, cells in enumerate(rows, start=top):
        sheet.write_row(number, 0, cells)


def draw_board(
    path: Path, draw: Callable[[Board], None], *, readings: bool = True, title: str = TITLE
) -> Path:
    """A workbook with a sheet Dashboard (title in A1) that ``draw`` fills, and a sheet Data."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Dashboard")
        if title:
            sheet.write("A1", title)
        draw(Board(book, sheet))
        if readings:
            write_readings(book.add_worksheet("Data"))
    return path


@dataclass
class Refreshed:
    """What a refresh did, read back with openpyxl."""

    changes: ChangeSet
    cells: Mapping[str, Any]

    @property
    def findings(self) -> list[tuple[str, str, str]]:
        return [(each.code, each.record, each.address) for each in self.changes.findings]

    @property
    def codes(self) -> set[str]:
        return {each.code for each in self.changes.findings}

    @property
    def touched(self) -> set[str]:
        return {change.address for change in self.changes.cells}


def refresh_board(path: Path, settings: Settings = MEAN, **asked: Any) -> Refreshed:
    """Refresh in place; nothing but its changes may differ, and a second refresh does nothing."""
    before = Path(shutil.copy(path, path.with_name("before.xlsx")))
    changes = xlgov.refresh(path, settings=settings, backup=False, **asked)
    cells: dict[str, set[str]] = {}
    styles: dict[str, set[str]] = {}
    for change in changes.cells:
        cells.setdefault(change.sheet, set()).add(change.address)
        if isinstance(change.after, date):
            styles.setdefault(change.sheet, set()).add(change.address)
    for style in changes.styles:
        styles.setdefault(style.sheet, set()).add(style.address)
    formats = frozenset({rule.sheet for rule in changes.formats} | set(changes.drop_formats))
    if not changes.is_empty:
        compare(before, path, Edited(cells, styles, formats))
    again = xlgov.refresh(path, settings=settings, backup=False, **asked)
    assert again.is_empty, again
    sheet = openpyxl.load_workbook(path, data_only=True)["Dashboard"]
    found = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}
    return Refreshed(changes, {place: value for place, value in found.items() if value is not None})


def expect(
    found: Refreshed,
    columns: Mapping[str, str],
    rows: Mapping[int, str],
    month: date = MARCH,
    start: int = 4,
) -> set[str]:
    """Assert that these columns of these rows hold what they are worth; gives their addresses."""
    wanted = {
        f"{letter}{row}": worth(name, column, month, start)
        for row, name in rows.items()
        for letter, column in columns.items()
    }
    held = {place: found.cells.get(place) for place in wanted}
    for place, value in wanted.items():
        if isinstance(value, float) and isinstance(held[place], int | float):
            assert abs(held[place] - value) < 1e-9, (place, held[place], value)
            held[place] = value
    assert held == wanted
    return set(wanted)


HEADINGS = (
    *("Indicator", "Mar-18", "Mar-17", "Mar-16", "Mar-15", "Current v 1yr avg"),
    *("Current v 3yr avg", "FYTD", "FYTD - 1 yr", "Rolling 12 months", "Baseline"),
    "Perf v Benchmark",
)
COLUMNS = dict(
    zip(
        "BCDEFGHIJKL",
        (
            *("month", "month-1", "month-2", "month-3", "v1", "v3", "fytd", "fytd-1", "rolling"),
            *("baseline", "benchmark"),
        ),
        strict=True,
    )
)
MONTH_COLUMNS = {"B": "month", "C": "month-1", "D": "month-2", "E": "month-3"}


def area(first: str, last: str) -> set[str]:
    """Addresses of a rectangle."""
    (top, left), (bottom, right) = map(_place, (first, last))
    return {address(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}


def _place(text: str) -> tuple[int, int]:
    match = re.fullmatch("([A-Z])([0-9]+)", text)
    assert match
    return int(match[2]), ord(match[1]) - 64
