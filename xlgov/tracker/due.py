"""When an action is due: a day, a month, words such as *next meeting*, or nothing.

Why words are no finding: *December Board* tells people enough. Only what was meant as a day and is
none (*31/02/2019*, a date of 1900, a bare serial number) is said to be unreadable.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Literal, NamedTuple

from xlgov.grid.dates import find_date, parse_month_year
from xlgov.tracker.entry import Entry

EARLIEST = date(1950, 1, 1)  # an earlier date in a tracker is a number shown as a date

DueState = Literal["absent", "blank", "day", "words", "unreadable"]

_REVISED = re.compile(r"[;()\n]|\b(?:to|now|then|revised|extended|moved)\b", re.IGNORECASE)
_MEANT_AS_DAY = re.compile(
    r"\d{1,4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,4}|^\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\s+\d{2,4}$"
)
_AGAIN = re.compile(
    r"\b(?:(?:each|every)\s+(?:\w+\s+)?(?:board|meeting|panel|committee|week|month|quarter)"
    r"|weekly|fortnightly|monthly|bi-?monthly|quarterly|on-?going|standing|recurring|rolling"
    r"|continuous(?:ly)?|continual(?:ly)?)\b",
    re.IGNORECASE,
)


class Due(NamedTuple):
    """When something is due. ``absent``: the register has no such column."""

    state: DueState
    day: date | None = None
    text: str = ""


def recurs(text: str) -> bool:
    """Whether something comes back within the year, so that it may be closed and still be due.

    What comes back once a year has its next date, which stands open until then.

    >>> recurs("Report to each Board meeting"), recurs("Review each year, next in April 2020")
    (True, False)
    """
    return _AGAIN.search(text) is not None


def read_due(entry: Entry, field: str = "target") -> Due:
    """When an entry is due. A month means its last day; of several dates the latest counts."""
    if not entry.has(field):
        return Due("absent")
    day = entry.day(field)
    text = entry.text(field)
    if day is not None:
        if day < EARLIEST:
            return Due("unreadable", text=f"{day:%d/%m/%Y}")
        return Due("day", day, text)
    if not entry.says(field):
        return Due("blank")
    if not isinstance(entry.value(field), str):
        return Due("unreadable", text=text)
    return read_due_text(text, entry.day_first)


def read_due_text(text: str, day_first: bool = True) -> Due:
    """When a text says that something is due.

    >>> read_due_text("July 2019 Board").day, read_due_text("31/02/2019").state
    (datetime.date(2019, 7, 31), 'unreadable')
    >>> read_due_text("16/05/2019, extended to 12/09/2019").day, read_due_text("Next Board").state
    (datetime.date(2019, 9, 12), 'words')
    """
    days = [day for part in _REVISED.split(text) if (day := find_date(part, day_first))]
    if days:
        return Due("day", max(days), text)
    if _MEANT_AS_DAY.search(text):
        return Due("unreadable", text=text)
    words = [word.strip("().,;:") for word in text.split()]
    months = [
        found
        for size in (1, 2)
        for place in range(len(words) - size + 1)
        if (found := parse_month_year(" ".join(words[place : place + size])))
    ]
    if months:
        year, month = max(months)
        return Due("day", date(year, month, monthrange(year, month)[1]), text)
    return Due("words", text=text)
