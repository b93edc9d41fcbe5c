"""Days on which no public meeting is held in England: weekends and the fixed bank holidays.

Why a note: a board may meet on any day it likes, but a meeting date that is Good Friday is more
often a slip of the keyboard. Bank holidays that differ from year to year are left out.
"""

from __future__ import annotations

from datetime import date, timedelta


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm of Meeus).

    >>> easter_sunday(2019)
    datetime.date(2019, 4, 21)
    """
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, odd = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * odd + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def day_off(day: date) -> str:
    """Why no meeting is likely on a day; "" for a day like any other.

    >>> day_off(date(2019, 4, 19)), day_off(date(2019, 5, 18)), day_off(date(2019, 5, 16))
    ('Good Friday', 'a Saturday', '')
    """
    easter = easter_sunday(day.year)
    named = {
        easter - timedelta(days=2): "Good Friday",
        easter + timedelta(days=1): "Easter Monday",
        date(day.year, 12, 25): "Christmas Day",
        date(day.year, 12, 26): "Boxing Day",
        date(day.year, 1, 1): "New Year's Day",
    }
    if day in named:
        return named[day]
    return f"a {day:%A}" if day.weekday() >= 5 else ""
