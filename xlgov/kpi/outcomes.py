"""The three comparisons of a dashboard, each by the test that its indicator goes by.

Current month against the average month of the year, or years, that end a year before it; rolling
12 months against the baseline; this force against its most similar forces. The wording names what
is compared, so that every sentence can be read alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlgov.kpi.comparison import (
    DEFAULT_LIMITS,
    compare_points,
    compare_relative,
    compare_spread,
    compare_xmr,
)
from xlgov.kpi.figures import Figure, average_month, month_figures, say_unread
from xlgov.kpi.indicator import FRACTION, Indicator
from xlgov.kpi.peers import PeerFigures
from xlgov.kpi.period import YEAR, Window, baseline, fytd, rolling, year_before, year_name
from xlgov.kpi.significance import compare_poisson, compare_proportion
from xlgov.kpi.verdict import Outcome, Wording, refuse
from xlgov.settings.values import Test

if TYPE_CHECKING:
    from xlgov.kpi.computation import Computation

_PERCENT_FROM = 1.5  # a percentage in a plain cell above this was typed as 82.5, not as 0.825


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its figure, and what the tests need of it.

    ``months`` are its monthly figures. ``numerator`` and ``denominator`` are a ratio's sums;
    ``count`` is a sum over ``span`` months.
    """

    figure: float | None
    months: Sequence[float | None] = ()
    numerator: float | None = None
    denominator: float | None = None
    count: float | None = None
    span: int = 1


def compare_average(computation: Computation, years: int) -> Outcome:
    """The current month against the average month of the years that end a year before it."""
    series, indicator = computation.series, computation.indicator
    window = year_before(computation.month, years)
    average = average_month(series, indicator, window)
    reading = series.readings.get(computation.month)
    current = Side(
        computation.current(),
        numerator=reading.numerator if reading else None,
        denominator=reading.denominator if reading else None,
        count=reading.value if reading else None,
    )
    words = _wording(
        indicator,
        str(computation.month),
        f"the {_years_of(window, computation.start)} "
        f"{'average' if indicator.combine == 'ratio' else 'monthly average'}",
        averaged=True,
    )
    if average.missing:
        return _lacking(indicator.average_test, current.figure, average, words)
    if current.figure is None:
        missing = say_unread(indicator, reading, computation.month)
        return refuse(indicator.average_test, None, average.value, words, missing)
    total = computation.figure(window).value if indicator.combine == "sum" else None
    other = Side(
        average.value,
        month_figures(series, indicator, window),
        average.numerator,
        average.denominator,
        total,
        window.length,
    )
    test, limit = indicator.average_test, indicator.average_limit
    return _run(test, limit, indicator, current, other, words)


def compare_benchmark(computation: Computation) -> Outcome:
    """Rolling 12 months against the baseline.

    The tests that need independent months (proportion, poisson) compare the months since the
    baseline with it: rolling windows overlap it in every month but the year's last.
    """
    indicator, month, start = computation.indicator, computation.month, computation.start
    test, limit = indicator.benchmark_test, indicator.benchmark_limit
    past = baseline(month, start)
    fixed = indicator.baseline
    name = "the baseline" if fixed is not None else f"the baseline, {_years_of(past, start)},"
    current = computation.figure(rolling(month))
    base = computation.figure(past)
    figure = fixed if fixed is not None else base.value
    words = _wording(indicator, "rolling 12 months", name, averaged=indicator.combine == "mean")
    if current.value is None:
        return _lacking(test, figure, current, words, is_current=True)
    if figure is None:
        return _lacking(test, current.value, base, words)
    if test in ("relative", "points"):
        return _run(test, limit, indicator, Side(current.value), Side(figure), words)
    if fixed is not None:
        missing = f"the baseline is a fixed figure, and the {test} test needs its months"
        return refuse(test, current.value, figure, words, missing, limit=limit)
    if test in ("proportion", "poisson"):
        since = computation.figure(fytd(month, start))
        words = _wording(indicator, str(since.window), name)
        if since.value is None:
            return _lacking(test, figure, since, words, is_current=True)
        return _run(test, limit, indicator, _side_of(since), _side_of(base), words)
    # spread and xmr know months only: the average month of the one against those of the other
    series = computation.series
    now = average_month(series, indicator, rolling(month))
    then = average_month(series, indicator, past)
    words = _wording(
        indicator, "rolling 12 months, average month", f"{name} average month", averaged=True
    )
    months = month_figures(series, indicator, past)
    return _run(test, limit, indicator, Side(now.value), Side(then.value, months), words)


def compare_peers(computation: Computation) -> Outcome | None:
    """This force against the mean of its most similar forces; None without peer figures."""
    peers, indicator = computation.peers, computation.indicator
    if peers is None or peers.mean is None:
        return None
    test, limit = indicator.peer_test, indicator.peer_limit
    own = peers.own
    if own is None and not peers.per_thousand:
        own = computation.figure(rolling(computation.month)).value
    place = f" (rank {peers.rank} of {peers.group_size})" if peers.rank else ""
    unit = " per 1,000 population" if peers.per_thousand else ""
    words = _wording(indicator, f"this force{unit}", f"the mean of similar forces{place}")
    if peers.per_thousand:
        words = Wording("{:,.2f}".format, words.current, words.comparator)
    if test not in ("relative", "points"):
        missing = f"the {test} test needs months, and peers have one figure each"
        return refuse(test, own, peers.mean, words, missing, limit=limit)
    return _run(test, limit, indicator, Side(own), Side(peers.mean), words)


def _run(
    test: Test,
    limit: float | None,
    indicator: Indicator,
    current: Side,
    other: Side,
    words: Wording,
) -> Outcome:
    allowed = DEFAULT_LIMITS.get(test, 0.0) if limit is None else limit
    match test:
        case "spread":
            return compare_spread(current.figure, other.figure, other.months, words, allowed)
        case "relative":
            return compare_relative(current.figure, other.figure, words, allowed)
        case "points":
            if not indicator.is_percent:
                missing = "percentage points are for percentages only"
                return refuse(test, current.figure, other.figure, words, missing, limit=limit)
            return compare_points(current.figure, other.figure, words, allowed)
        case "xmr":
            return compare_xmr(current.figure, other.months, words, other.figure)
        case "proportion":
            if indicator.combine != "ratio":
                missing = "the proportion test needs numerators and denominators"
                return refuse(test, current.figure, other.figure, words, missing)
            return _compare_proportion(current, other, indicator.scale, words)
    if indicator.combine != "sum":
        missing = "the poisson test is for counts"
        return refuse(test, current.figure, other.figure, words, missing)
    return compare_poisson(current.count, current.span, other.count, other.span, words)


def _compare_proportion(current: Side, other: Side, scale: float, words: Wording) -> Outcome:
    """The test of two proportions, its figures in the indicator's own scale, as per 1,000."""
    outcome = compare_proportion(
        current.numerator,
        current.denominator,
        other.numerator,
        other.denominator,
        words._replace(show=lambda figure: words.show(figure * scale)),
    )
    figures = (outcome.current, outcome.comparator, outcome.change)
    now, then, change = (None if each is None else each * scale for each in figures)
    return outcome._replace(current=now, comparator=then, change=change)


def in_scale(peers: PeerFigures, indicator: Indicator) -> PeerFigures:
    """The peers' figures in the indicator's scale: 82.5 in a plain cell is a percentage's 0.825."""
    if not indicator.is_percent or indicator.unit == FRACTION or peers.in_percent:
        return peers
    every = [figure for _, figure in peers.peers]
    every += [each for each in (peers.own, peers.mean) if each is not None]
    if all(abs(figure) <= _PERCENT_FROM for figure in every):
        return peers
    return peers._replace(
        own=None if peers.own is None else peers.own / 100,
        mean=None if peers.mean is None else peers.mean / 100,
        peers=tuple((force, figure / 100) for force, figure in peers.peers),
    )


def _side_of(figure: Figure) -> Side:
    return Side(
        figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        count=figure.value,
        span=figure.window.length,
    )


def _wording(
    indicator: Indicator, current: str, comparator: str, *, averaged: bool = False
) -> Wording:
    show = indicator.show_average if averaged else indicator.show
    return Wording(show, current, comparator, 100.0 if indicator.is_percent else None)


def _lacking(
    test: Test, known: float | None, figure: Figure, words: Wording, *, is_current: bool = False
) -> Outcome:
    """The outcome where a window has no value, with its missing months."""
    if figure.missing:
        shown = ", ".join(map(str, figure.missing[:3]))
        more = f" and {len(figure.missing) - 3} more" if len(figure.missing) > 3 else ""
        missing = f"there is no reading for {shown}{more}"
    else:
        missing = figure.why or "there is no figure"
    current, comparator = (None, known) if is_current else (known, None)
    return refuse(test, current, comparator, words, missing)


def _years_of(window: Window, start: int) -> str:
    """Whole financial years by name, other windows by their months."""
    if window.first.month == start and window.length % YEAR == 0:
        first, last = year_name(window.first, start), year_name(window.last, start)
        return first if first == last else f"{first} to {last}"
    return str(window)
