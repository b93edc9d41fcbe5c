"""What looks wrong in the readings themselves, whatever any dashboard shows.

Why only the months that count: a slip of years ago was looked at then. A reading is judged where
a window that the dashboard shows has it, so a register that is right stays quiet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import isclose
from statistics import median

from xlgov.changes import Finding
from xlgov.kpi.codes import make_finding
from xlgov.kpi.figures import exact_sum, reading_figure
from xlgov.kpi.indicator import Indicator
from xlgov.kpi.names import Names
from xlgov.kpi.period import YEAR, Month, Window, rolling
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
    recent = list(rolling(month).months())
    findings += _check_rates(series, indicator, recent)
    findings += _check_small(series, indicator, month)
    findings += _check_history(series, indicator, month)
    findings += _check_gaps(series, month)
    findings += _check_parts(series, indicator, recent, series_of)
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
                    f"{month}: {above:g} of {below:g}",
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
        said = _out_of_line(known[each], before, indicator)
        if said:
            yield _at(
                "reading-breaks-history",
                series,
                series.readings[each],
                f"{each} is {indicator.show(known[each])}; {said}",
                "See whether it is a slip or news; correct it, or accept the finding",
            )


def _out_of_line(figure: float, before: Sequence[float], indicator: Indicator) -> str:
    """How a reading breaks with those before it; "" where it does not.

    By far means twice: from the mean, and from the reading before. A series that drifts, or that
    has moved to another level, leaves its old limits without any one reading being out of line;
    nor is a step that has been as large before, such as a post less each April.
    """
    usual, lowest = median(before), min(before)
    if figure == 0 and usual > 0 and lowest > NEAR_ZERO * usual:
        return f"the {len(before)} readings before are never below {indicator.show(lowest)}"
    point = xmr(before).points[-1]
    if point.centre is None or point.upper is None or point.upper <= point.centre:
        return ""
    reach = point.upper - point.centre
    widest = FAR * reach / LIMIT_FACTOR * SCREEN_FACTOR
    known = max(abs(later - earlier) for earlier, later in pairwise(before))
    step = abs(figure - before[-1])
    if abs(figure - point.centre) <= FAR * reach or step <= max(widest, known):
        return ""
    show = indicator.show_average
    limits = f"{show(max(point.centre - reach, 0))} to {show(point.upper)}"
    return f"the {len(before)} readings before have control limits of {limits}"


def _check_gaps(series: Series, month: Month) -> Iterable[Finding]:
    """Months without a reading between those that have one."""
    latest = max((each for each in series.readings if each <= month), default=None)
    first = min(series.readings, default=None)
    if latest is None or first is None:
        return
    looked_at = Window(max(first, month.plus(1 - LOOKED_AT)), latest)
    gaps = [each for each in looked_at.months() if each not in series.readings]
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
        values = [each.value for each in parts if each is not None and each.value is not None]
        if total is None or total.value is None or len(values) < len(parts):
            continue
        whole = exact_sum(values)
        if not isclose(whole, total.value, rel_tol=1e-9):
            wrong.append((month, total, total.value, whole))
    if wrong:
        month, reading, stated, whole = wrong[-1]
        more = f", and {len(wrong) - 1} months before" if len(wrong) > 1 else ""
        yield _at(
            "parts-differ",
            series,
            reading,
            f"{month} is {indicator.show(stated)}, its parts add up to "
            f"{indicator.show(whole)}{more}",
            "Correct the total or its parts",
        )


def _nearest(names: Names, name: str) -> str:
    near = names.nearest(name)
    return f"; the nearest name is {near!r}" if near else ""


def _at(code: str, series: Series, reading: Reading, message: str, remedy: str) -> Finding:
    place: Place = reading.place or series.place
    return make_finding(
        code,
        message,
        record=series.name,
        sheet=place.sheet,
        address=place.address,
        remedy=remedy,
    )
