"""Higher, Lower or Comparable, and rolling twelve months, from readings in cells.

Why ratios ask for both parts: the mean of twelve percentages is not the percentage of the year.

The arithmetic, the tests and their usual limits are those of the dashboard (``xlgov.kpi``); several
cells against several are compared as average months.
"""

from __future__ import annotations

import re
from typing import Any, Literal, get_args

from xlgov.errors import UsageError
from xlgov.excel.functions.cells import refusal
from xlgov.excel.functions.readings import Readings
from xlgov.excel.values import from_excel
from xlgov.grid.cells import date_from_serial
from xlgov.kpi.comparison import (
    DEFAULT_LIMITS,
    FEWEST_MONTHS,
    compare_points,
    compare_poisson,
    compare_proportion,
    compare_relative,
    compare_spread,
    compare_xmr,
)
from xlgov.kpi.month_text import month_name_only, parse_month
from xlgov.kpi.number_format import show_number
from xlgov.kpi.period import APRIL, YEAR
from xlgov.kpi.verdict import PERCENT, Outcome, Wording
from xlgov.settings.values import Test

Comparison = Literal["average", "baseline", "fytd"]
Combining = Literal["sum", "mean"]

_METHOD = re.compile(r"([a-z]+)\s*(\d+(?:\.\d*)?|\.\d+)?\s*%?")
_YEARS = re.compile(r"(?:v(?:s|ersus)?\s*)?(\d{1,2})[\s-]*(?:years?|yrs?)(?:\s*(?:avg|average))?")
_BASELINE = ("rolling 12", "rolling 12 months", "rolling12", "baseline", "benchmark")
_FYTD = ("fytd", "ytd", "year to date", "financial year to date")
_LAST_DAY = 2_958_466  # after the last day that Excel knows
_FRACTIONS_TO = 1.5  # percentages above this are in per cent, as 82.5 for 82.5%


def roll_twelve(readings: Readings, combining: Combining | None) -> float | str:
    """The figure of exactly twelve readings, or why there is none."""
    if len(readings.values) != YEAR:
        return refusal(
            f"{len(readings.values)} cells are given; rolling 12 needs exactly the {YEAR} months"
        )
    readings.check_full()
    below = readings.total_below
    if below is not None:
        if combining is not None:
            return refusal("denominators make a ratio; leave out how the months combine")
        return readings.total / below if below else refusal("the denominators are all 0")
    if combining == "mean":
        return readings.total / YEAR
    if readings.in_percent and combining is None:
        return refusal(
            "percentages without denominators do not combine; give numerators and denominators, "
            "or mean"
        )
    return readings.total


def read_combining(text: Any) -> Combining | None:
    """How readings without denominators make a window; None where it is not said.

    Raises UsageError for another word.
    """
    word = _plain(text)
    if not word:
        return None
    if word in ("mean", "average"):
        return "mean"
    if word == "sum":
        return "sum"
    raise UsageError(f"the months combine by {text!s}; expected sum or mean")


def read_method(text: Any) -> tuple[Test | None, float | None]:
    """A test and its limit, where stated.

    >>> read_method("relative 5%"), read_method(None)
    (('relative', 5.0), (None, None))

    Raises UsageError for another word, or a limit of a test that has none.
    """
    word = _plain(text)
    if not word:
        return None, None
    match = _METHOD.fullmatch(word)
    for test in get_args(Test):
        if match and match[1] == test:
            if match[2] and test not in DEFAULT_LIMITS:
                raise UsageError(f"the {test} test has no limit; leave out {match[2]}")
            return test, float(match[2]) if match[2] else None
    raise UsageError(
        f"the method is {text!s}; expected {', '.join(get_args(Test))}, "
        "with its limit where it has one (relative 5)"
    )


def read_comparison(text: str) -> tuple[Comparison, int]:
    """A comparison in words, and how many years an average is of.

    >>> read_comparison("3 years"), read_comparison("v 1yr avg"), read_comparison("Rolling 12")
    (('average', 3), ('average', 1), ('baseline', 0))

    Raises UsageError for other words.
    """
    word = _plain(text)
    if word in _BASELINE:
        return "baseline", 0
    if word in _FYTD:
        return "fytd", 0
    match = _YEARS.fullmatch(word)
    if match and int(match[1]):
        return "average", int(match[1])
    raise UsageError(
        f"the comparison is {text.strip()}; expected 1 year, 3 years, rolling 12 or FYTD, "
        "or the readings to compare with"
    )


def take_windows(
    readings: Readings, text: str, month: int | None, test: Test | None
) -> tuple[Readings, Readings, Test]:
    """The two sides of a comparison in words, out of readings that end with the current month.

    Raises UsageError where there are too few readings, or the month is needed and not given.
    """
    comparison, years = read_comparison(text)
    count = len(readings.values)
    if comparison == "average":
        _check_count(readings, text, YEAR * (1 + years))
        then = readings.part("readings compared with", count - YEAR * (1 + years), count - YEAR)
        return readings.part("current month", count - 1, count), then, test or "spread"
    if month is None:
        raise UsageError(
            f"{text.strip()} needs to know where the financial year begins; give the month of the "
            "last reading (any date in it, or its name) as the last argument"
        )
    into = (month - APRIL) % YEAR + 1  # months of the financial year so far
    _check_count(readings, text, YEAR + into)
    so_far = readings.part("financial year to date", count - into, count)
    if comparison == "fytd":
        before = readings.part("same months a year before", count - YEAR - into, count - YEAR)
        return so_far, before, test or "relative"
    baseline = readings.part("baseline", count - YEAR - into, count - into)
    if test in ("proportion", "poisson"):  # rolling windows overlap it; these need other months
        return so_far, baseline, test
    rolling = readings.part("rolling 12 months", count - YEAR, count)
    return rolling, baseline, test or "relative"


def compare(
    current: Readings, reference: Readings, test: Test | None, limit: float | None
) -> Outcome:
    """The outcome of one side against another, each as its average month.

    Without a test: ``spread`` for one reading against twelve or more, else ``relative``.

    Raises UsageError where a reading is blank or only one side has denominators.
    """
    if (current.denominators is None) != (reference.denominators is None):
        lacking = current if current.denominators is None else reference
        raise UsageError(
            f"the {lacking.what} has no denominators and the other side has; give both"
        )
    current.check_full()
    reference.check_full()
    if test is None:
        is_month = len(current.values) == 1 and len(reference.values) >= FEWEST_MONTHS
        test = "spread" if is_month else "relative"
    now, then = current.average, reference.average
    for side in (current, reference):
        if side.average is None:
            raise UsageError(f"the denominators of the {side.what} are all 0")
    words = Wording(_show, current.what, f"the {reference.what}")
    allowed = DEFAULT_LIMITS.get(test, 0.0) if limit is None else limit
    match test:
        case "spread":
            return compare_spread(now, then, reference.months, words, allowed)
        case "relative":
            return compare_relative(now, then, words, allowed)
        case "points":
            is_fraction = current.denominators is not None or all(
                abs(figure or 0) <= _FRACTIONS_TO for figure in (now, then)
            )
            words = Wording(_show, words.current, words.comparator, PERCENT if is_fraction else 1)
            return compare_points(now, then, words, allowed)
        case "xmr":
            return compare_xmr(now, reference.months, words, then)
        case "proportion":
            if current.denominators is None:
                raise UsageError("the proportion test needs numerators and denominators")
            return compare_proportion(
                *(current.total, current.total_below),
                *(reference.total, reference.total_below),
                words,
            )
    if current.denominators is not None:
        raise UsageError("the poisson test is for counts; leave out the denominators")
    return compare_poisson(
        *(current.total, len(current.values)), *(reference.total, len(reference.values)), words
    )


def read_month(given: Any) -> int | None:
    """The number of a month: from a date, a serial number of one, or text; None for a blank.

    >>> read_month("Mar-18"), read_month(43160), read_month("March"), read_month(None)
    (3, 3, 3, None)

    Raises UsageError for what is no month.
    """
    value, _ = from_excel(given)
    if isinstance(value, str):
        if not value.strip():
            return None
        found = parse_month(value)
        month = found.month if found else month_name_only(value)
        if month is not None:
            return month
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if 1 <= value <= YEAR and value == int(value):
            return int(value)
        if YEAR < value < _LAST_DAY:
            return date_from_serial(value).month
    elif value is None:
        return None
    raise UsageError(f"the month is {given!s}; expected a date in it, or text such as Mar-18")


def _check_count(readings: Readings, text: str, needed: int) -> None:
    count = len(readings.values)
    if count < needed:
        raise UsageError(
            f"{text.strip()} needs {needed} readings, the last of the current month; "
            f"{count} {'is' if count == 1 else 'are'} given"
        )


def _plain(text: Any) -> str:
    value, _ = from_excel(text)
    return " ".join(str(value).casefold().split()) if value is not None else ""


def _show(figure: float) -> str:
    return show_number(figure, None if abs(figure) < 1 else 1 if figure % 1 else 0)
