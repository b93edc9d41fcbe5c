"""What a caller asks for, as one value: the keywords of ``preview`` and ``refresh``, checked.

Why the months are imported where one is asked for: few callers ask, and whoever does not would wait
for a dashboard's words at every start.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from xlgov.errors import UsageError
from xlgov.wanted import Asked

if TYPE_CHECKING:
    from xlgov.kpi.period import Month
    from xlgov.settings.values import Extra

Write = Literal["values", "formulas"]


def read_asked(
    as_of: date | None = None,
    stale_after: int | None = None,
    month: str | date | None = None,
    reasons: bool = False,
    notes: bool = False,
    charts: bool = False,
    repair: bool = False,
    write: Write = "values",
) -> Asked:
    """What is asked for, in the words of ``xlgov.preview``. Raises UsageError."""
    if write not in ("values", "formulas"):
        raise UsageError(f"write is {write!r}; expected 'values' or 'formulas'.")
    wanted: dict[Extra, bool] = {
        "reasons": reasons,
        "notes": notes,
        "charts": charts,
        "repair": repair,
        "formulas": write == "formulas",
    }
    extras = frozenset(extra for extra, is_wanted in wanted.items() if is_wanted)
    return Asked(read_day(as_of), stale_after, read_month(month), extras)


def read_day(as_of: date | None) -> date | None:
    """The day of a date, or of a time as notebooks have it. Raises UsageError for anything else.

    >>> read_day(datetime(2017, 2, 6, 9, 30))
    datetime.date(2017, 2, 6)
    """
    if isinstance(as_of, datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, date):
        return as_of
    raise UsageError(f"as_of is {as_of!r}; expected a datetime.date such as date(2017, 2, 6).")


def read_month(month: str | date | None) -> Month | None:
    """The reporting month that a caller names: ``2018-03``, ``March 2018``, or a day in it.

    Raises UsageError where it is no month.
    """
    if month is None:
        return None
    from xlgov.kpi.month_text import parse_month
    from xlgov.kpi.period import Month

    found = Month.of(month) if isinstance(month, date) else parse_month(str(month))
    if found is None:
        raise UsageError(f"{month!r} is no month; expected one such as 2018-03.")
    return found
