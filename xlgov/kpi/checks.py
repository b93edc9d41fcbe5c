"""What looks wrong in the readings themselves, whatever any dashboard shows.

Why only the months that count: a slip of years ago was looked at then. A reading is judged where
a window that the dashboard shows has it, so a register that is right stays quiet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import fsum, isclose
from statistics import median

from xlgov.changes import Finding
from xlgov.kpi.codes import make_finding
from xlgov.kpi.figures import exact_sum, reading_figure
from xlgov.kpi.indicator import Indicator
from xlgov.kpi.names import Names
from xlgov.kpi.period import YEAR, Month, rolling, usual_step
from xlgov.kpi.series import Place, Reading, Series
from xlgov.kpi.spc import LIMIT_FACTOR, SCREEN_FACTOR, xmr

SMALL_DENOMINATOR = 10  # cases; one more or fewer moves a rate by ten points or more
FAR = 2.0  # times as far from the mean as a control limit, and as large a step as its limit
ENOUGH = 12  # readings that make a history
HISTORY = 24  # readings before one that it is judged by: a drift of years is no slip
NEAR_ZERO = 0.25  # of the usual reading: a series that goes lower may well be 0 once
LOOKED_AT = 4 * YEAR  # months: the reporting month and all that its columns compare with


def check_readings(
    series: Series, indicator: Indicator, month: Month, series_of: Mapping[str, Series]
) -> list[Finding]:
    """The findings about one indicator's readings up to a month. ``series_of`` is by name."""
    findings: list[Finding] = []
    shown = [month.plus(back) for back in range(1 - LOOKED_AT, 1)]
    findings += _check_rates(series, indicator, shown)
    findings += _check_halves(series, indicator, shown)
    findings += _check_small(series, indicator, month)
    findings += _check_history(series, indicator, month)
    findings += _check_gaps(series, month)
    findings += _check_parts(series, indicator, shown, series_of)
    return findings


def _check_rates(
    series: Series, indicator: Indicator, months: Sequence[Month]
) -> Iterable[Finding]:
    if not indicator.is_percent:
        return
    for month in months:
        reading = series.readings.get(month)
        if reading is None:
            continue
        if indicator.combine == "ratio":
            above, below = reading.numerator, reading.denominator
            if above is not None and below is not None and above > below:
                yield _at(
                    "numerator-above-denominator",
                    series,
                    reading,
                    f"{month}: the numerator, {above:,g}, is above the denominator, {below:,g}",
                    "Correct the one or the other",
                )
            continue
        figure = reading_figure(indicator, reading)
        if figure is not None and figure > 1 and not isclose(figure, 1):
            yield _at(
                "rate-above-one",
                series,
                reading,
                f"{month} is {indicator.show(figure)}",
                "Correct it; a percentage in a plain cell is 82.5, in a % format 82.5%",
            )


def _check_halves(
    series: Series, indicator: Indicator, months: Sequence[Month]
) -> Iterable[Finding]:
    """Months of a rate that have a numerator or a denominator, and not both."""
    for month in months if indicator.combine == "ratio" else ():
        reading = series.readings.get(month)
        if reading is None or (reading.numerator is None) == (reading.denominator is None):
            continue
        part = "numerator" if reading.numerator is None else "denominator"
        yield _at(
            "month-missing",
            series,
            reading,
            f"{month} has no {part}; the windows with this month have no value",
            "Enter it; where there were no cases, both are 0",
        )


def _check_small(series: Series, indicator: Indicator, month: Month) -> Iterable[Finding]:
    reading = series.readings.get(month)
    if indicator.combine != "ratio" or reading is None or reading.denominator is None:
        return
    if 0 <= reading.denominator < SMALL_DENOMINATOR:
        yield _at(
            "denominator-small",
            series,
            reading,
            f"{month} has a denominator of {reading.denominator:g}; below {SMALL_DENOMINATOR} one "
            "case moves the rate by ten points or more",
            "Read the rolling 12 months instead",
        )


def _check_history(series: Series, indicator: Indicator, month: Month) -> Iterable[Finding]:
    """Readings of the last twelve months that break the series' own history."""
    known = {
        each: figure
        for each, reading in sorted(series.readings.items())
        if each <= month and (figure := reading_figure(indicator, reading)) is not None
    }
    months = list(known)
    for each in rolling(month).months():
        place = months.index(each) if each in known else 0
        before = [known[m] for m in months[max(place - HISTORY, 0) : place]]
        if len(before) < ENOUGH:
            continue
        after = known[months[place + 1]] if place + 1 < len(months) else None
        said = _out_of_line(known[each], before, after, indicator)
        if said:
            yield _at(
                "reading-breaks-history",
                series,
                series.readings[each],
                f"{each} is {indicator.show(known[each])}; {said}",
                "See whether it is a slip or news; correct it, or accept the finding",
            )


def _out_of_line(
    figure: float, before: Sequence[float], after: float | None, indicator: Indicator
) -> str:
    """How a reading breaks with those before it; "" where it does not.

    By far means twice: from the mean, and from the reading before. A series that drifts, or that
    has moved to another level, leaves its old limits without any one reading being out of line;
    nor is a step that has been as large before, such as a post less each April. Where the reading
    ``after`` stays nearer to it than to the one before, the level has moved and nobody slipped.
    """
    usual, lowest = median(before), min(before)
    steps = [abs(later - earlier) for earlier, later in pairwise(before)]
    # A small count that once is no further from 0 than its usual step may well be 0.
    if figure == 0 and lowest > max(NEAR_ZERO * usual, fsum(steps) / len(steps)):
        return f"the {len(before)} readings before are never below {indicator.show(lowest)}"
    step = abs(figure - before[-1])
    if step <= max(steps):
        return ""
    point = xmr(before).points[-1]
    if point.centre is None or point.upper is None or point.upper <= point.centre:
        return ""
    reach = point.upper - point.centre
    widest = FAR * reach / LIMIT_FACTOR * SCREEN_FACTOR
    if abs(figure - point.centre) <= FAR * reach or step <= widest:
        return ""
    if after is not None and abs(after - figure) < abs(after - before[-1]):
        return ""
    show = indicator.show_average
    lower = point.centre - reach if lowest < 0 else max(point.centre - reach, 0)
    limits = f"{show(lower)} to {show(point.upper)}"
    return f"the {len(before)} readings before have control limits of {limits}"


def _check_gaps(series: Series, month: Month) -> Iterable[Finding]:
    """Months without a reading between those that have one; of a survey, its own months only."""
    known = sorted(each for each in series.readings if each <= month)
    step = usual_step(known)
    gaps = [
        earlier.plus(ahead)
        for earlier, later in pairwise(known)
        for ahead in range(step, later.since(earlier), step)
        if earlier.plus(ahead) > month.plus(-LOOKED_AT)
    ]
    if not gaps:
        return
    shown = ", ".join(map(str, gaps[:6])) + (f" and {len(gaps) - 6} more" if gaps[6:] else "")
    yield make_finding(
        "month-missing",
        f"no reading for {shown}; the windows with "
        f"{'this month' if len(gaps) == 1 else 'these months'} have no value",
        record=series.name,
        sheet=series.place.sheet,
        address=series.place.address,
        remedy="Enter the readings; a month of zero is entered as 0",
    )


def _check_parts(
    series: Series,
    indicator: Indicator,
    months: Sequence[Month],
    series_of: Mapping[str, Series],
) -> Iterable[Finding]:
    """Whether the parts of a total add up, month by month."""
    if not indicator.parts:
        return
    names = Names(series_of)
    found = {part: names.find(part) for part in indicator.parts}
    unknown = [part for part, name in found.items() if name is None]
    if unknown:
        yield make_finding(
            "indicator-unknown",
            f"its part {unknown[0]!r} has no readings{_nearest(names, unknown[0])}",
            record=series.name,
            sheet=series.place.sheet,
            address=series.place.address,
            remedy="Correct the parts in the settings",
        )
        return
    wrong: list[tuple[Month, Reading, float, float]] = []
    for month in months:
        total = series.readings.get(month)
        parts = [series_of[name].readings.get(month) for name in found.values() if name]
        values = [value for each in parts if (value := _count(each)) is not None]
        stated = _count(total)
        if total is None or stated is None or len(values) < len(parts):
            continue
        whole = exact_sum(values)
        if not isclose(whole, stated, rel_tol=1e-9):
            wrong.append((month, total, stated, whole))
    if wrong:
        month, reading, stated, whole = wrong[-1]
        earlier = f"{len(wrong) - 1} month{'s' if len(wrong) > 2 else ''}"
        more = f", and so for {earlier} before" if len(wrong) > 1 else ""
        what = "numerator of " if reading.value is None else ""
        show = indicator._replace(is_percent=False).show if what else indicator.show
        yield _at(
            "parts-differ",
            series,
            reading,
            f"the {what}{month} is {show(stated)}, its parts add up to {show(whole)}{more}"
            if what
            else f"{month} is {show(stated)}, its parts add up to {show(whole)}{more}",
            "Correct the total or its parts",
        )


def _count(reading: Reading | None) -> float | None:
    """What adds up: the value, or a ratio's numerator; its denominators may be the same people."""
    if reading is None:
        return None
    return reading.numerator if reading.value is None else reading.value


def _nearest(names: Names, name: str) -> str:
    near = names.nearest(name)
    return f"; the nearest name is {near!r}" if near else ""


def _at(code: str, series: Series, reading: Reading, message: str, remedy: str) -> Finding:
    place: Place = reading.place or reading.below or series.place
    return make_finding(
        code,
        message,
        record=series.name,
        sheet=place.sheet,
        address=place.address,
        remedy=remedy,
    )
