"""The named tests of a comparison, on plain numbers: spread, relative, points, xmr.

Why named and set per indicator: no one percentage tells the published judgements, so an office
chooses its test and sees it in the sentence. ``significance`` has the two tests that need a
statistics library, ``verdict`` what all of them return; this module offers them all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import stdev

from xlgov.errors import UsageError
from xlgov.kpi.period import YEAR
from xlgov.kpi.significance import compare_poisson, compare_proportion
from xlgov.kpi.spc import xmr
from xlgov.kpi.verdict import (
    PERCENT,
    Evidence,
    Outcome,
    Verdict,
    Wording,
    conclude,
    judge,
    known,
    refuse,
    say_change,
    say_points,
    say_size,
)
from xlgov.settings.values import Test

# Of the tests that take one: sample standard deviations, per cent, percentage points. Two points
# are our choice: at a rate of 50% they are as strict as the 4% that the published judgements tell.
DEFAULT_LIMITS: Mapping[Test, float] = {"spread": 1.0, "relative": 4.0, "points": 2.0}
FEWEST_MONTHS = YEAR  # readings of the comparator that spread and xmr need


def compare_spread(
    current: float | None,
    comparator: float | None,
    months: Sequence[float | None],
    wording: Wording,
    limit: float = DEFAULT_LIMITS["spread"],
) -> Outcome:
    """Against the comparator's own month-to-month spread.

    ``months`` are its monthly values, all 12 (or 36); None or NaN is a missing one, and one
    missing is one too many. Comparable within ``limit`` sample standard deviations about the
    months' own mean; with no spread, only when equal.

    >>> words = Wording("{:,.0f}".format, comparator="the 2016/17 monthly average")
    >>> compare_spread(4988, 4838, [4475, 5201] * 6, words).reason
    '4,988 is 3.1% above the 2016/17 monthly average of 4,838; its usual month-to-month spread is \
7.8%, so Comparable'
    """
    _check_limit(limit)
    current, comparator = known(current), known(comparator)
    if current is None or comparator is None:
        return refuse("spread", current, comparator, wording, limit=limit)
    readings = [value for value in map(known, months) if value is not None]
    needed = max(FEWEST_MONTHS, len(months))
    if len(readings) < needed:
        missing = f"its spread needs {needed} monthly readings and has {len(readings)}"
        return refuse("spread", current, comparator, wording, missing, limit=limit)
    spread = stdev(readings)
    band = limit * spread
    if spread:
        clause = f"its usual month-to-month spread is {say_size(spread, comparator, wording)}"
        if limit != 1:
            clause += f", of which {limit:g} times is allowed"
    else:
        clause = "its months are all the same"
    evidence = Evidence(clause, comparator - band, comparator + band, limit, spread)
    return conclude("spread", current, comparator, wording, evidence)


def compare_relative(
    current: float | None,
    comparator: float | None,
    wording: Wording,
    limit: float = DEFAULT_LIMITS["relative"],
) -> Outcome:
    """Within ``limit`` per cent of the comparator's size; with a comparator of 0, only when 0."""
    _check_limit(limit)
    current, comparator = known(current), known(comparator)
    if current is None or comparator is None:
        return refuse("relative", current, comparator, wording, limit=limit)
    band = limit / PERCENT * abs(comparator)
    clause = f"up to {limit:g}% counts as comparable"
    evidence = Evidence(clause, comparator - band, comparator + band, limit)
    return conclude("relative", current, comparator, wording, evidence)


def compare_points(
    current: float | None,
    comparator: float | None,
    wording: Wording,
    limit: float = DEFAULT_LIMITS["points"],
) -> Outcome:
    """Within ``limit`` percentage points.

    The figures are fractions, or whatever ``wording.points`` turns into percentage points.
    """
    _check_limit(limit)
    per_unit = wording.points or PERCENT
    wording = wording._replace(points=per_unit)
    current, comparator = known(current), known(comparator)
    if current is None or comparator is None:
        return refuse("points", current, comparator, wording, limit=limit)
    band = limit / per_unit
    clause = f"up to {say_points(limit)} either way is comparable"
    evidence = Evidence(clause, comparator - band, comparator + band, limit)
    return conclude("points", current, comparator, wording, evidence)


def compare_xmr(
    current: float | None,
    months: Sequence[float | None],
    wording: Wording,
    comparator: float | None = None,
) -> Outcome:
    """Against the process limits of the comparator's months.

    ``comparator`` is their mean unless given: a ratio's is pooled. Needs 12 or more readings; a
    missing one is a gap, as in a control chart.
    """
    chart = xmr(months)
    current, latest = known(current), chart.latest
    comparator = known(comparator)
    if comparator is None and latest is not None:
        comparator = latest.centre
    if current is None or latest is None or comparator is None:
        return refuse("xmr", current, comparator, wording)
    if chart.readings < FEWEST_MONTHS:
        missing = f"process limits need {FEWEST_MONTHS} monthly readings and have {chart.readings}"
        return refuse("xmr", current, comparator, wording, missing)
    if latest.lower is None or latest.upper is None:
        missing = "process limits need readings in consecutive months"
        return refuse("xmr", current, comparator, wording, missing)
    limits = f"{wording.show(latest.lower)} and {wording.show(latest.upper)}"
    evidence = Evidence(f"its process limits are {limits}", latest.lower, latest.upper)
    return conclude("xmr", current, comparator, wording, evidence)


def _check_limit(limit: float) -> None:
    if not (limit >= 0 and math.isfinite(limit)):
        raise UsageError(f"the limit of a comparison is {limit}; expected a number from 0 up")


__all__ = [
    "DEFAULT_LIMITS",
    "FEWEST_MONTHS",
    "Outcome",
    "Verdict",
    "Wording",
    "compare_points",
    "compare_poisson",
    "compare_proportion",
    "compare_relative",
    "compare_spread",
    "compare_xmr",
    "judge",
    "say_change",
]
