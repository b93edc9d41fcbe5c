"""Readings as a long list: a row for each indicator and month.

Why headings are needed here and nowhere else: a list of names, dates and numbers may be an action
log with costs. Columns of indicators, months and values have to say that they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xlgov.grid.cells import Value, address, is_blank
from xlgov.grid.sheet import cell_date
from xlgov.kpi.line import Cells, Line, Page, column_cells
from xlgov.kpi.measure_words import (
    Part,
    is_month_heading,
    is_name_heading,
    is_year_heading,
    read_part,
    stated_field,
    tell_parts,
)
from xlgov.kpi.month_text import month_name_only, number_month, parse_month, read_year
from xlgov.kpi.names import normal_name
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place

HEADER_ROWS = 60  # first rows of a sheet in which the header of a list may stand
_FEWEST_MONTHS = 3
_MOSTLY = 0.8  # of the rows with a name that have a month too
_EXAMPLE = "Apr-17"


@dataclass(slots=True)
class Header:
    """The columns of a long list; 0 where there is none."""

    row: int
    name: int = 0
    month: int = 0
    year: int = 0
    part: int = 0
    theme: int = 0
    values: dict[int, Part] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)


def find_header(page: Page) -> Header | None:
    """The header row of a long list; None where the page has none."""
    for row in page.grid.rows():
        if row > HEADER_ROWS:
            return None
        found = _read_header(page, row)
        if found:
            return found
    return None


def _read_header(page: Page, row: int) -> Header | None:
    header = Header(row)
    named: list[int] = []
    for column in page.grid.row(row):
        heading = page.text(row, column)
        if not heading:
            continue
        part, known = read_part(heading), stated_field(heading)
        if is_year_heading(heading):
            header.year = header.year or column
        elif is_month_heading(heading):
            header.month = header.month or column
        elif is_name_heading(heading):
            named.append(column)
        elif known == "theme":
            header.theme = header.theme or column
        elif known:
            header.stated.setdefault(known, column)
        elif part and part != "other" and part not in header.values.values():
            header.values[column] = part
    parts = set(header.values.values())
    if not (named and header.month and parts) or len(parts & {"numerator", "denominator"}) == 1:
        return None
    header.name = named[0]
    if len(named) > 1:  # Indicator and Measure: the second tells numerators from denominators
        header.part = next((column for column in named[1:] if _are_parts(page, column, row)), 0)
    return header


def _are_parts(page: Page, column: int, below: int) -> bool:
    cells = column_cells(page.grid, column)
    texts = [
        value
        for row, value in zip(cells.rows, cells.values, strict=True)
        if row > below and isinstance(value, str) and value.strip()
    ]
    return bool(texts) and all(read_part(text) for text in set(texts))


@dataclass(slots=True)
class _Entry:
    """A line that grows, and the months of its rows."""

    line: Line
    months: set[Month] = field(default_factory=set)


def read_long(page: Page, header: Header) -> list[Line]:
    """The lines of a long list; none where its columns do not hold what they are headed."""
    names = column_cells(page.grid, header.name)
    months = _Months(page, header)
    columns = [(column, column_cells(page.grid, column)) for column in header.values]
    entries: dict[tuple[str, str, Part], _Entry] = {}
    # By the cells as they stand, so that a name is made plain once and not on every row.
    known: dict[tuple[str, Value, Value], list[_Entry]] = {}
    seen: set[Month] = set()
    named = 0
    broken: list[tuple[int, str]] = []
    for row, value in zip(names.rows, names.values, strict=True):
        if row <= header.row or not isinstance(value, str) or is_blank(value):
            continue
        named += 1
        month = months.at(row)
        if month is None:
            broken.append((row, value.strip()))
            continue
        seen.add(month)
        theme = page.grid.value(row, header.theme) if header.theme else None
        told = page.grid.value(row, header.part) if header.part else None
        found = known.get((value, theme, told))
        if found is None:
            found = known[value, theme, told] = _find_entries(page, header, row, entries)
        for (column, cells), entry in zip(columns, found, strict=True):
            entry.months.add(month)
            place = cells.index(row)
            if place >= 0:
                held = entry.line.cells
                page.take(held, month, row, column, cells.values[place], cells.styles[place])
    lines = [entry.line for entry in entries.values()]
    if len(seen) < _FEWEST_MONTHS or named - len(broken) < _MOSTLY * named:
        return []
    if not any(line.cells.are_readings for line in lines):
        return []
    for entry in entries.values():
        entry.line.months = frozenset(entry.months)
    _report(page, header, lines, broken)
    return _told_apart(lines)


def _find_entries(
    page: Page, header: Header, row: int, entries: dict[tuple[str, str, Part], _Entry]
) -> list[_Entry]:
    """The entries that a row's cells belong to, one per column of values; new ones where needed."""
    name = page.text(row, header.name)
    theme = page.text(row, header.theme) if header.theme else ""
    told = read_part(page.text(row, header.part)) if header.part else None
    found = []
    for headed in header.values.values():
        key = (normal_name(name), normal_name(theme), told or headed)
        if key not in entries:
            entries[key] = _Entry(_new_line(page, header, row, name, theme, told or headed))
        found.append(entries[key])
    return found


def _new_line(page: Page, header: Header, row: int, name: str, theme: str, part: Part) -> Line:
    stated = {key: page.printed(row, column) for key, column in header.stated.items()}
    return Line(
        name.strip(),
        Place(page.name, row, header.name),
        part,
        frozenset(),
        Cells(),
        theme,
        {key: text for key, text in stated.items() if text},
        page.grid,
    )


def _told_apart(lines: list[Line]) -> list[Line]:
    """Lines whose names end in their part, without it: the list has one column of values."""
    told = tell_parts([line.name for line in lines])
    for line, (name, part) in zip(lines, told, strict=True):
        if part and line.part == "value":
            line.name, line.part = name, part
    return [line for line in lines if not line.cells.are_empty or line.part == "value"]


class _Months:
    """The month of each row: of one column, or of a year and a month's name or number."""

    def __init__(self, page: Page, header: Header) -> None:
        self._page = page
        self._header = header
        self._cells = column_cells(page.grid, header.month)
        self._known: dict[tuple[Value, int, Value], Month | None] = {}

    def at(self, row: int) -> Month | None:
        """The month of a row; None where it has none that can be read."""
        place = self._cells.index(row)
        if place < 0:
            return None
        value, style = self._cells.values[place], self._cells.styles[place]
        year = self._page.grid.value(row, self._header.year) if self._header.year else None
        key = (value, style, year)
        if key not in self._known:
            self._known[key] = self._read(row, value, year)
        return self._known[key]

    def _read(self, row: int, value: Value, year: Value) -> Month | None:
        page = self._page
        if isinstance(value, str):
            found = parse_month(value, page.day_first)
            if found:
                return found
        day = cell_date(page.workbook, page.grid.cell(row, self._header.month))
        if day:
            return Month.of(day)
        label = read_year(year)
        if label is None:
            return number_month(value)
        number = month_name_only(value) if isinstance(value, str) else None
        if number is None:
            try:
                number = int(value) if isinstance(value, (int, float, str)) else None
            except ValueError:
                return None
        return label.month(number, page.year_start) if number and 1 <= number <= 12 else None


def _report(page: Page, header: Header, lines: list[Line], broken: list[tuple[int, str]]) -> None:
    for row, name in broken:
        if any(page.grid.value(row, column) is not None for column in header.values):
            printed = page.printed(row, header.month)
            shown = f"{printed!r} is no month" if printed else "its month is blank"
            page.find(
                "month-unreadable",
                name,
                row,
                header.month,
                f"{name}: {shown}, and the row is not read",
                f"Write the month, such as {_EXAMPLE}",
            )
    for line in lines:
        for month, spot in line.cells.twice:
            first = line.cells.spots[month]
            same = (
                "the same reading"
                if first.number == spot.number
                else (f"{first.number:g} and {spot.number:g}; the first is used")
            )
            page.find(
                "month-twice",
                line.name,
                spot.row,
                spot.column,
                f"{line.name} has {month.name} in rows {first.row} and {spot.row}: {same}",
                "Remove one of the rows, or correct its month",
                (address(first.row, first.column),),
            )
