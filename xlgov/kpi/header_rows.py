"""The rows of headings of a dashboard: which row they stand in, and what each heading says.

Why two rows are one heading: offices print *Current v* once over *1yr avg* and *3yr avg*, merge the
other headings over both rows, or leave the cell below them blank. Both rows are then one row of
headings, the lower one. Years as bands (2016/17, 2017/18) say that the columns below are of those
years and not of the reporting month, so they are not ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from xlgov.grid.cells import Range, is_blank
from xlgov.grid.sheet import Cell, Grid, Workbook
from xlgov.kpi.headings import COMPARING, Meaning, Measure, read_heading
from xlgov.kpi.month_text import cell_month, find_month, read_year
from xlgov.kpi.period import YEAR, Month
from xlgov.kpi.signs import FEWEST_COMPARING, LONGEST

_MOST_ROWS = 4  # of headings that are merged over each other
_FEWEST = 3
_WITH_MONTH: tuple[Measure, ...] = ("month", "fytd", "rolling")  # that may state a month
_UNTIL = re.compile(r"(?:[\s(,:\u2013-]|\b(?:to|until|ending|ended|at|end|of)\b)+$", re.IGNORECASE)
_FIGURE = re.compile(r"\d")


class Heading(NamedTuple):
    """One heading: its cell, what its column holds, and the month that it states, if any.

    Of a heading with a month, the years of ``meaning`` say nothing: the month does.
    """

    cell: Cell
    meaning: Meaning
    month: Month | None = None


class MonthHeading(NamedTuple):
    """A heading that is a month, or has one in it: where, which, and what its column holds."""

    cell: Cell
    month: Month
    meaning: Meaning

    @property
    def years(self) -> int:
        """How many years before the section's month it stands."""
        return self.meaning.years


class PlacedMonths(NamedTuple):
    """The month that headings speak of, those whole years before it, and those that are not."""

    base: Month | None = None
    headings: tuple[MonthHeading, ...] = ()
    odd: tuple[MonthHeading, ...] = ()


class HeaderRows:
    """The rows of headings of one sheet.

    ``found`` is, per row, its headings by column. ``bands`` are rows that only head the row below.
    """

    def __init__(self, workbook: Workbook, grid: Grid, day_first: bool) -> None:
        self.workbook = workbook
        self.grid = grid
        self.day_first = day_first
        self.texts = texts_by_row(grid)
        self.found: dict[int, dict[int, Heading]] = {}
        self.bands: set[int] = set()
        self._merges = _merges_by_row(grid.merges)
        for row in sorted({*self.texts, *self._merges}):
            headings = self._read(row)
            if headings:
                self.found[row] = headings
        for row, headings in list(self.found.items()):
            for upper in range(min(each.cell.row for each in headings.values()), row):
                self.found.pop(upper, None)
                self.bands.add(upper)

    def month(self, cell: Cell) -> Month | None:
        """The month that a cell is."""
        return cell_month(self.workbook, cell, self.day_first)

    def _read(self, row: int) -> dict[int, Heading] | None:
        """The headings that end in a row; None where it is no row of headings."""
        found: dict[int, Heading] = {}
        bands = False
        of_years = self._has_years(row - 1)
        for column, cell in self._cells(row):
            text = _words(cell.value)
            own = self._read_cell(cell)
            above, is_over = self._above(cell.row, column) if text else ("", False)
            both = read_heading(f"{above} {text}") if above else None
            if both is not None and (is_over or own is None):
                bands = bands or own is None or own.meaning != both
                own = Heading(cell, both)
            elif own is not None and of_years and read_year(above) is not None:
                own = None
            if own is not None:
                found[column] = own
        if len(found) < 2 or not _measures(found.values()) & COMPARING:
            return None
        if bands:
            for column, cell in self._blank_below(row, found):
                heading = self._read_cell(cell)
                if heading is not None:
                    found[column] = heading
        for column in self.grid.row(row):
            if column not in found:
                cell = self.grid.cell(row, column)
                month = self.month(cell)
                if month is not None:
                    found[column] = Heading(cell, Meaning("month"), month)
        if len(_measures(found.values()) & COMPARING) < FEWEST_COMPARING or len(found) < _FEWEST:
            return None
        if bands:
            self.bands.add(row - 1)
        return found

    def _read_cell(self, cell: Cell) -> Heading | None:
        """What a heading says by itself."""
        text = _words(cell.value)
        meaning = read_heading(text) if text else None
        if meaning is not None:
            return Heading(cell, meaning)
        month = self.month(cell)
        if month is not None:
            return Heading(cell, Meaning("month"), month)
        if not _FIGURE.search(text) or len(text) > LONGEST:
            return None
        inside = find_month(text, self.day_first)
        if inside is None:
            return None
        month, (start, end) = inside
        meaning = read_heading(f"{_UNTIL.sub('', text[:start])} {text[end:]}")
        if meaning is None or meaning.measure not in _WITH_MONTH:
            return None
        return Heading(cell, meaning, month)

    def _cells(self, row: int) -> list[tuple[int, Cell]]:
        """The texts of a row, and the cells that are merged down to it, by column."""
        found = {column: self.grid.cell(row, column) for column, _ in self.texts.get(row, ())}
        for merge in self._merges.get(row, ()):
            if merge.top < row <= merge.bottom and merge.bottom - merge.top < _MOST_ROWS:
                found.setdefault(merge.left, self.grid.cell(merge.top, merge.left))
        return sorted(found.items())

    def _above(self, row: int, column: int) -> tuple[str, bool]:
        """The text over a heading, and whether it stands right over it or only begins before."""
        text = self._text(row - 1, column)
        if text or row <= 1:
            return text, True
        before = max((each for each, _ in self.texts.get(row - 1, ()) if each < column), default=0)
        if not before or self._merge(row - 1, before):
            return "", False
        return self._text(row - 1, before), False

    def _blank_below(self, row: int, found: Iterable[int]) -> list[tuple[int, Cell]]:
        """Cells of the row above that nothing stands below."""
        return [
            (column, self.grid.cell(row - 1, column))
            for column in self.grid.row(row - 1)
            if column not in found
            and is_blank(self.grid.value(row, column))
            and self._merge(row - 1, column) is None
        ]

    def _has_years(self, row: int) -> bool:
        """Whether a row holds several years."""
        years = {read_year(text) for _, text in self.texts.get(row, ())} - {None}
        return len(years) > 1

    def _merge(self, row: int, column: int) -> Range | None:
        return next((m for m in self._merges.get(row, ()) if m.left <= column <= m.right), None)

    def _text(self, row: int, column: int) -> str:
        merge = self._merge(row, column)
        return _words(
            self.grid.value(merge.top, merge.left) if merge else self.grid.value(row, column)
        )


def split_tables(header: Mapping[int, Heading]) -> Iterator[dict[int, Heading]]:
    """The headings of tables that stand side by side: each begins with its indicators."""
    table: dict[int, Heading] = {}
    for column, heading in sorted(header.items()):
        measures = {each.meaning.measure for each in table.values()}
        if (
            heading.meaning.measure == "indicator"
            and "indicator" in measures
            and measures & COMPARING
        ):
            yield table
            table = {}
        table[column] = heading
    yield table


def place_months(stated: Sequence[Heading], has_current: bool) -> PlacedMonths:
    """Which heading is how many years back, and the month that all of them speak of.

    ``has_current`` says that a current month stands beside them without its month: the latest of
    them is then a year before it. Months one after another are readings and left out.
    """
    alone = [each.month for each in stated if each.month and each.meaning.measure == "month"]
    if are_readings(alone):
        stated, alone = [each for each in stated if each.meaning.measure != "month"], []
    known = [(each, each.month) for each in stated if each.month]
    if not known:
        return PlacedMonths()
    base = max(month for _, month in known)
    if alone and has_current:
        base = max(max(alone).plus(YEAR), base)
    headings: list[MonthHeading] = []
    odd: list[MonthHeading] = []
    for heading, month in known:
        years, rest = divmod(base.since(month), YEAR)
        meaning = Meaning(heading.meaning.measure, years)
        (odd if rest else headings).append(MonthHeading(heading.cell, month, meaning))
    return PlacedMonths(base, tuple(headings), tuple(odd))


def are_readings(months: Sequence[Month]) -> bool:
    """Whether months stand one after another, as readings do: at least three, mostly by one.

    >>> are_readings([Month(2018, 1), Month(2018, 2), Month(2018, 3)])
    True
    >>> are_readings([Month(2018, 3), Month(2017, 3), Month(2016, 3)])
    False
    """
    steps = [abs(later.since(earlier)) for earlier, later in pairwise(months)]
    return len(months) >= 3 and steps.count(1) * 2 > len(steps)


def texts_by_row(grid: Grid) -> dict[int, list[tuple[int, str]]]:
    """Row to its texts, each with its column, left to right."""
    found: dict[int, list[tuple[int, str]]] = {}
    for number in sorted(grid.columns):
        column = grid.columns[number]
        for row, value in zip(column.rows, column.values, strict=True):
            if isinstance(value, str) and value.strip():
                found.setdefault(row, []).append((number, _words(value)))
    return found


def _measures(headings: Iterable[Heading]) -> set[str]:
    return {each.meaning.measure for each in headings}


def _merges_by_row(merges: Iterable[Range]) -> dict[int, list[Range]]:
    found: dict[int, list[Range]] = {}
    for merge in merges:
        for row in range(merge.top, min(merge.bottom, merge.top + _MOST_ROWS) + 1):
            found.setdefault(row, []).append(merge)
    return found


def _words(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
