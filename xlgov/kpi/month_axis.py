"""Rows and columns of consecutive months, the axes along which readings stand.

Why consecutive: a dashboard's months are twelve apart (Mar-18, Mar-17), an action log's dates come
as they come, a rota has every month 30 times. An axis of readings has at least three different
months and most steps between them are of one month, forwards or backwards.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from xlgov.grid.cells import Value, date_from_serial
from xlgov.grid.sheet import cell_date
from xlgov.kpi.line import Page, column_cells
from xlgov.kpi.measure_words import is_beside_months, month_and_part
from xlgov.kpi.month_text import (
    YearLabel,
    month_name_only,
    number_month,
    parse_month,
    read_year,
    write_month,
)
from xlgov.kpi.period import Month

FEWEST = 3  # different months
MOSTLY = 0.6  # of the steps
_DAYS_APART, _MOST_DAYS = 3, 0.8  # month ends are the 28th to the 31st
_LONGEST = 40  # characters of a month's heading
_FIRST, _LAST = 199_001, 209_912  # between which a plain number may be a month
_LIKE = 0.6  # from 0 to 1: a heading this like the month that is due is a mistyped one
_FIGURE = re.compile(r"\d")
_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d\s*[-/–—]\s*(?:(?:19|20)?\d\d))(?!\d)")
_YEARS_ABOVE = 3  # rows above month names, or columns left of them, in which their year may stand


@dataclass(slots=True)
class Axis:
    """Months along a row (``across``) or a column; ``months`` are position and month, in order.

    ``position`` is the column number across, the row number down. ``broken`` are headings in the
    place of a month that cannot be it: position, what is printed, the month that was due.
    """

    line: int
    across: bool
    months: list[tuple[int, Month]]
    broken: list[tuple[int, str, Month]] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.months[0][0]

    @property
    def last(self) -> int:
        return self.months[-1][0]

    @property
    def has_repeats(self) -> bool:
        """Whether a month stands more than once."""
        return len({month for _, month in self.months}) < len(self.months)


@dataclass(slots=True)
class MonthCells:
    """Cells that hold a month or a month's name alone, by row and by column."""

    rows: dict[int, list[tuple[int, Month | int]]] = field(default_factory=dict)
    columns: dict[int, list[tuple[int, Month | int]]] = field(default_factory=dict)


def find_month_cells(page: Page, only: Iterable[int] | None = None) -> MonthCells:
    """Every cell of the page, or of some columns, that may be a month; an int is a name alone."""
    found = MonthCells()
    plain: set[int] = set()  # styles that show no date, and so most numbers need no second look
    for column in sorted(page.grid.columns if only is None else only):
        cells = column_cells(page.grid, column)
        for row, value, style in zip(cells.rows, cells.values, cells.styles, strict=True):
            kind = type(value)
            if kind is float or kind is int:
                if style in plain and not _FIRST <= value <= _LAST:  # type: ignore[operator]  # a number
                    continue
                if style not in plain and not page.looks.is_dated(style):
                    plain.add(style)
            month = _month_in(page, value, style)
            if month is not None:
                found.rows.setdefault(row, []).append((column, month))
                found.columns.setdefault(column, []).append((row, month))
    return found


def _month_in(page: Page, value: Value, style: int) -> Month | int | None:
    if isinstance(value, str):
        if not 3 <= len(value) <= _LONGEST:
            return None
        found = parse_month(value, page.day_first) or month_name_only(value)
        if found is None and _FIGURE.search(value):
            told = month_and_part(value, page.day_first)
            return told[0] if told else None
        return found
    if isinstance(value, (int, float)):
        if page.looks.is_dated(style):
            try:
                day = date_from_serial(value, page.workbook.date_1904)
            except ValueError:
                return None
            return Month.of(day) if day.year >= 1930 else None
        return number_month(value) if _FIRST <= value <= _LAST else None
    return None


def find_axes(page: Page, cells: MonthCells, across: bool) -> list[Axis]:
    """The axes of a page in one direction, in order of their rows or columns."""
    axes = []
    for line, found in sorted((cells.rows if across else cells.columns).items()):
        if len(found) < FEWEST:
            continue
        months = _with_years(page, line, found, across)
        for run in [months] if across else _blocks(page, line, months):
            kept, broken = _without_broken(run)
            if is_axis([month for _, month in kept]) and _days_agree(page, line, kept, across):
                axis = Axis(line, across, kept)
                axis.broken = [(place, _heading(page, axis, place), due) for place, due in broken]
                _find_broken_between(page, axis)
                axes.append(axis)
    return axes


def is_axis(months: Sequence[Month]) -> bool:
    """Whether months in this order are an axis of readings.

    >>> is_axis([Month(2018, 1), Month(2018, 2), Month(2018, 3)])
    True
    >>> is_axis([Month(2018, 3), Month(2017, 3), Month(2016, 3), Month(2015, 3)])
    False
    """
    distinct = [
        month for place, month in enumerate(months) if not place or month != months[place - 1]
    ]
    if len(set(distinct)) < FEWEST or len(months) > 3 * len(distinct):
        return False
    steps = [later.since(earlier) for earlier, later in pairwise(distinct)]
    return max(steps.count(1), steps.count(-1)) >= MOSTLY * len(steps)


def _days_agree(page: Page, line: int, months: Sequence[tuple[int, Month]], across: bool) -> bool:
    """Whether dates that stand for months are about the same day of each: all first, all last.

    The dates on which actions are due may come a month apart too, but on any day.
    """
    days = []
    for position, _ in months:
        place = (line, position) if across else (position, line)
        day = cell_date(page.workbook, page.grid.cell(*place))
        if day:
            days.append(day.day)
    middle = sorted(days)[len(days) // 2] if days else 0
    return sum(abs(day - middle) <= _DAYS_APART for day in days) >= _MOST_DAYS * len(days)


def _with_years(
    page: Page, line: int, found: list[tuple[int, Month | int]], across: bool
) -> list[tuple[int, Month]]:
    """The cells with their months; a name alone takes the year that stands over it."""
    names = [place for place, month in found if isinstance(month, int)]
    labels = _year_labels(page, line, names, across) if names else []
    positions = [position for position, _ in labels]
    months: list[tuple[int, Month]] = []
    before: tuple[int, Month] | None = None  # label, and the month before it under that label
    for position, month in found:
        if isinstance(month, Month):
            months.append((position, month))
            continue
        place = bisect_right(positions, position) - 1
        if place < 0:
            continue
        label = labels[place][1]
        dated = label.month(month, page.year_start)
        if not label.financial and before and before[0] == place and before[1].since(dated) > 5:
            dated = dated.plus(12)  # 2017 stands over April to March
        months.append((position, dated))
        before = place, dated
    return months


def _year_labels(
    page: Page, line: int, names: list[int], across: bool
) -> list[tuple[int, YearLabel]]:
    """Years over month names: in a row above, a column to the left, else in a title."""
    for step in range(1, _YEARS_ABOVE + 1):
        over = line - step
        if over < 1:
            break
        if across:
            printed = list(page.grid.row(over).items())
        else:
            column = page.grid.columns.get(over)
            printed = list(zip(column.rows, column.values, strict=True)) if column else []
        labels = [
            (position, year)
            for position, value in printed
            if position <= names[-1] and (year := read_year(value)) is not None
        ]
        if labels and labels[0][0] <= names[0]:
            return labels
    years = {
        year for text in _titles(page, line, names, across) for year in _TITLE_YEAR.findall(text)
    }
    label = read_year(years.pop()) if len(years) == 1 else None
    return [(0, label)] if label else []


def _titles(page: Page, line: int, names: list[int], across: bool) -> list[str]:
    """Texts that name the year of a whole block: the nearest title above it, else the sheet."""
    top = line if across else names[0]
    for row in range(top - 1, max(top - 6, 0), -1):
        texts = [value for value in page.grid.row(row).values() if isinstance(value, str)]
        if any(_TITLE_YEAR.search(text) for text in texts):
            return texts
    return [page.name]


def _blocks(
    page: Page, column: int, months: list[tuple[int, Month]]
) -> list[list[tuple[int, Month]]]:
    """Months down a column, cut where a row of headings stands between them."""
    blocks: list[list[tuple[int, Month]]] = []
    for row, month in months:
        if blocks and not _headings_between(page, column, blocks[-1][-1][0], row):
            blocks[-1].append((row, month))
        else:
            blocks.append([(row, month)])
    return blocks


def _headings_between(page: Page, column: int, above: int, below: int) -> bool:
    for row in range(above + 1, below):
        right = [value for place, value in page.grid.row(row).items() if place > column]
        if right and all(isinstance(value, str) for value in right):
            return True
    return False


def _step(months: Sequence[tuple[int, Month]]) -> int:
    """1 where months mostly run forwards, -1 backwards."""
    steps = [later.since(earlier) for (_, earlier), (_, later) in pairwise(months)]
    return 1 if steps.count(1) >= steps.count(-1) else -1


def _without_broken(
    months: Sequence[tuple[int, Month]],
) -> tuple[list[tuple[int, Month]], list[tuple[int, Month]]]:
    """Months without those that stand where another is due; and these, with the one due."""
    step = _step(months)
    kept: list[tuple[int, Month]] = []
    broken: list[tuple[int, Month]] = []
    for place, (position, month) in enumerate(months):
        before = kept[-1][1] if kept else None
        after = months[place + 1][1] if place + 1 < len(months) else None
        if (
            before is not None
            and after is not None
            and after.since(before) == 2 * step
            and month not in (before, before.plus(step), after)
        ):
            broken.append((position, before.plus(step)))
        else:
            kept.append((position, month))
    return kept, broken


def _find_broken_between(page: Page, axis: Axis) -> None:
    """Add what stands in the place of a month, and is none, to what is broken."""
    known = {position for position, _, _ in axis.broken}
    step = _step(axis.months)
    for (position, month), (following, later) in pairwise(axis.months):
        if later.since(month) == 2 * step and known.isdisjoint(range(position, following)):
            between = list(range(position + 1, following))
            _look_between(page, axis, between, month.plus(step), strict=False)
    last, month = axis.months[-1]
    _look_between(page, axis, [last + 1], month.plus(step), strict=True)
    axis.broken.sort()


def _look_between(page: Page, axis: Axis, places: list[int], due: Month, strict: bool) -> None:
    """A heading that stands where a month is due; ``strict``: only one that looks like it."""
    for place in places:
        printed = _heading(page, axis, place)
        if not printed or is_beside_months(printed):
            continue
        if strict and not _is_like(page, axis, printed, place, due):
            continue
        axis.broken.append((place, printed, due))
        return


def _is_like(page: Page, axis: Axis, printed: str, place: int, due: Month) -> bool:
    """Whether a heading looks like a month mistyped, or is its date without a date format."""
    value = page.grid.value(*((axis.line, place) if axis.across else (place, axis.line)))
    if isinstance(value, (int, float)):
        with suppress(ValueError):
            return Month.of(date_from_serial(value, page.workbook.date_1904)) == due
    like = write_month(_heading(page, axis, axis.last), due, page.day_first)
    return like is not None and SequenceMatcher(None, printed, like).ratio() >= _LIKE


def _heading(page: Page, axis: Axis, position: int) -> str:
    return page.printed(axis.line, position) if axis.across else page.printed(position, axis.line)
