"""Months as people type them. A month is kept as its first day."""

from __future__ import annotations

import re
from datetime import date

from xlgov.grid.dates import month_number, parse_date, parse_month_year
from xlgov.settings.typed import read_number_in, split_list

_FIRST_OF = re.compile(r"(?:1(?:st)?(?:\s+of)?\s+)?(\D+)", re.IGNORECASE)


def read_month(raw: object, day_first: bool) -> date:
    """The first day of a month.

    >>> read_month("Mar-18", True), read_month(date(2018, 3, 31), True)
    (datetime.date(2018, 3, 1), datetime.date(2018, 3, 1))
    """
    if isinstance(raw, date):
        return date(raw.year, raw.month, 1)
    if isinstance(raw, str):
        month = parse_month_year(raw)
        if month is not None:
            return date(*month, 1)
        day = parse_date(raw, day_first)
        if day is not None:
            return day.replace(day=1)
    raise ValueError("a month such as Mar-18, March 2018 or 2018-03")


def read_months(raw: object, day_first: bool) -> tuple[date, ...]:
    """Months in time order, each once; several in one text stand between semicolons or commas."""
    each = split_list(raw, r"[;,\n]")
    try:
        months = {read_month(part, day_first) for part in each}
    except ValueError:
        months = set()
    if not months:
        raise ValueError("months such as Apr-16; Apr-17")
    return tuple(sorted(months))


def read_month_number(raw: object, day_first: bool) -> int:
    """A month of the year by its name or number; its first day will do (``1 April``).

    >>> read_month_number("April", True), read_month_number("1st apr", True)
    (4, 4)
    """
    if isinstance(raw, date):
        return raw.month
    named = _FIRST_OF.fullmatch(raw.strip()) if isinstance(raw, str) else None
    number = month_number(named[1]) if named else None
    if number is None:
        try:
            number = read_number_in(1, 12)(raw, day_first)
        except ValueError:
            raise ValueError("a month such as April, or its number, 1 to 12") from None
    return number
