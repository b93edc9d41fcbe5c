"""Months, and the runs of months that a dashboard speaks of.

A window is stated by its last month; the financial year begins in April unless settings say
otherwise. Nothing here knows a reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

YEAR = 12  # months
APRIL = 4

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Month(NamedTuple):
    """A calendar month; months sort in time.

    >>> Month(2018, 3).plus(-12), Month(2018, 3).since(Month(2017, 12)), str(Month(2018, 3))
    (Month(year=2017, month=3), 3, 'Mar-18')
    """

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> Month:
        """The month so many months later; earlier where ``months`` is negative."""
        year, month = divmod(self.year * YEAR + self.month - 1 + months, YEAR)
        return Month(year, month + 1)

    def since(self, other: Month) -> int:
        """Months from ``other`` to this one; negative where this one is earlier."""
        return (self.year - other.year) * YEAR + self.month - other.month

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def name(self) -> str:
        """``March 2018``."""
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{MONTH_NAMES[self.month - 1][:3]}-{self.year % 100:02d}"


class Window(NamedTuple):
    """A run of months, both ends included.

    >>> fytd(Month(2018, 6)).length, str(rolling(Month(2018, 6)))
    (3, 'Jul-17 to Jun-18')
    """

    first: Month
    last: Month

    @property
    def length(self) -> int:
        """How many months it has."""
        return self.last.since(self.first) + 1

    def months(self) -> Iterator[Month]:
        """Its months in time order."""
        return (self.first.plus(step) for step in range(self.last.since(self.first) + 1))

    def plus(self, months: int) -> Window:
        """The window moved by so many months."""
        return Window(self.first.plus(months), self.last.plus(months))

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def rolling(month: Month, years: int = 1) -> Window:
    """The twelve months that end with ``month``; with ``years``, so many times twelve."""
    return Window(month.plus(1 - YEAR * years), month)


def year_start(month: Month, start: int = APRIL) -> Month:
    """The first month of the financial year that ``month`` is in."""
    return Month(month.year if month.month >= start else month.year - 1, start)


def fytd(month: Month, start: int = APRIL) -> Window:
    """The financial year to date: its first month to ``month``."""
    return Window(year_start(month, start), month)


def year_before(month: Month, years: int = 1) -> Window:
    """The months that a current month's average is of: those ending one year before it.

    With ``years`` 3, the 36 months that end there.
    """
    return rolling(month.plus(-YEAR), years)


def baseline(month: Month, start: int = APRIL) -> Window:
    """The rolling twelve months at the end of the previous financial year."""
    return rolling(year_start(month, start).plus(-1))


def usual_step(months: Sequence[Month]) -> int:
    """Months from one reading to the next: more than 1 where no two of them are consecutive.

    A quarterly survey has a reading every third month, and no month without one is missing.

    >>> usual_step([Month(2017, 3), Month(2017, 6), Month(2017, 9), Month(2018, 3)])
    3
    """
    steps = Counter(later.since(earlier) for earlier, later in pairwise(sorted(months)))
    if steps.total() < 2 or 1 in steps:
        return 1
    return min(steps, key=lambda step: (-steps[step], step))


def year_name(month: Month, start: int = APRIL) -> str:
    """The financial year of a month as people write it.

    >>> year_name(Month(2018, 3)), year_name(Month(2018, 3), start=1)
    ('2017/18', '2018')
    """
    first = year_start(month, start).year
    return f"{first}" if start == 1 else f"{first}/{(first + 1) % 100:02d}"
