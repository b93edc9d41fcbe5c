"""Everything a dashboard can say of one indicator in one month, each with its reason in words.

Why one object per indicator and month: the summary and the page of detail show the same figures,
and a comparison needs the figures that other columns show.
"""

from __future__ import annotations

from typing import NamedTuple

from xlgov.kpi.figures import Figure, reading_figure, say_unread, window_figure
from xlgov.kpi.headings import Meaning
from xlgov.kpi.indicator import Indicator
from xlgov.kpi.outcomes import compare_average, compare_benchmark, compare_peers, in_scale
from xlgov.kpi.peers import PeerFigures
from xlgov.kpi.period import APRIL, YEAR, Month, Window, baseline, fytd, rolling, usual_step
from xlgov.kpi.series import Series
from xlgov.kpi.spc import xmr
from xlgov.kpi.spc_chart import ControlChart
from xlgov.kpi.verdict import Outcome
from xlgov.settings.indicators import CHART_READINGS


class Result(NamedTuple):
    """A figure, an outcome's word or a label; or None with the reason why there is none.

    ``remedy`` is what to do where that is not simply to enter readings. ``asks`` is the code of a
    finding that the lack of a value is worth, whatever the cell held before.
    """

    value: float | str | None
    reason: str
    outcome: Outcome | None = None
    remedy: str = ""
    asks: str = ""


class Computation:
    """The results for one indicator in one month, computed when first asked for."""

    def __init__(
        self,
        series: Series,
        indicator: Indicator,
        month: Month,
        *,
        start: int = APRIL,
        peers: PeerFigures | None = None,
    ) -> None:
        self.series = series
        self.indicator = indicator
        self.month = month
        self.start = start
        self.peers = in_scale(peers, indicator) if peers else None
        self._results: dict[Meaning, Result] = {}
        self._windows: dict[Window, Figure] = {}
        self._chart: ControlChart | None = None

    def result(self, meaning: Meaning) -> Result:
        """What a column of this meaning should hold."""
        if meaning not in self._results:
            self._results[meaning] = self._compute(meaning)
        return self._results[meaning]

    def _compute(self, meaning: Meaning) -> Result:
        years = meaning.years
        match meaning.measure:
            case "month":
                return self._month(self.month.plus(-YEAR * years))
            case "fytd":
                return self._window(fytd(self.month, self.start).plus(-YEAR * years))
            case "rolling":
                return self._window(rolling(self.month.plus(-YEAR * years)))
            case "baseline":
                return self.baseline()
            case "average":
                return _result_of(compare_average(self, years or 1))
            case "benchmark":
                return _result_of(compare_benchmark(self))
            case "peers":
                return self._peers(compare_peers(self))
            case "peer mean":
                mean = self.peers.mean if self.peers else None
                return self._peers(mean, "the mean of its most similar forces")
            case "peer rank":
                return self._rank()
            case "data to":
                return Result(str(self.month), "the month that its figures are of")
        return Result(None, "nothing is computed here")

    def figure(self, window: Window) -> Figure:
        """The figure of a window, computed once."""
        if window not in self._windows:
            self._windows[window] = window_figure(self.series, self.indicator, window)
        return self._windows[window]

    def current(self) -> float | None:
        """The figure of the month itself."""
        return reading_figure(self.indicator, self.series.readings.get(self.month))

    def chart(self) -> ControlChart:
        """The control chart of every month from the first reading to this month."""
        if self._chart is None:
            months = self.charted()
            starts = [sum(1 for m in months if m < each) for each in self.indicator.rebase]
            get = self.series.readings.get
            self._chart = xmr(
                [reading_figure(self.indicator, get(month)) for month in months],
                desired=self.indicator.direction,
                target=self.indicator.target,
                rebase_at=[each for each in starts if each < len(months)],
                screen=self.indicator.screen,
            )
        return self._chart

    def charted(self) -> list[Month]:
        """The months of the control chart: all of them, or those with a reading where no two
        readings stand in consecutive months, as of a quarterly survey."""
        months = sorted(month for month in self.series.readings if month <= self.month)
        if usual_step(months) > 1:
            return months
        first = months[0] if months else self.month
        return list(Window(first, self.month).months())

    def is_significant(self, meaning: Meaning) -> bool:
        """Whether a comparison shows a significant change: what the grey fill means.

        A current month's comparison goes by the control chart where there are 13 readings or more
        (a special cause at that month), else by its outcome; so does each where settings say so.
        The others have no single month to look at and go by their outcome.
        """
        result = self.result(meaning)
        if result.outcome is None or result.outcome.verdict is None:
            return False
        rule = self.indicator.significant
        if rule is None:
            readings = sum(1 for month in self.series.readings if month <= self.month)
            rule = "xmr" if readings >= CHART_READINGS else "outcome"
        if meaning.measure == "average" and rule == "xmr":
            return self.chart().points[-1].special_cause is not None
        return result.outcome.verdict != "Comparable"

    def baseline(self) -> Result:
        """The fixed figure of the settings, else the last financial year's rolling 12 months."""
        fixed = self.indicator.baseline
        if fixed is not None:
            return Result(fixed, f"{self.indicator.show(fixed)}, a fixed figure in the settings")
        return self._window(baseline(self.month, self.start))

    def _month(self, month: Month) -> Result:
        reading = self.series.readings.get(month)
        figure = reading_figure(self.indicator, reading)
        if reading is None or figure is None:
            return Result(None, say_unread(self.indicator, reading, month))
        place = f" [{reading.place}]" if reading.place else ""
        if self.indicator.combine == "ratio":
            parts = f"{_plain(reading.numerator)} of {_plain(reading.denominator)}"
            return Result(figure, f"{month}, {parts}, is {self.indicator.show(figure)}{place}")
        return Result(figure, f"the reading of {month} is {self.indicator.show(figure)}{place}")

    def _window(self, window: Window) -> Result:
        figure = self.figure(window)
        if figure.value is None:
            return lacking(figure)
        return Result(figure.value, self.say_window(figure))

    def say_window(self, figure: Figure) -> str:
        """How a window's figure came about."""
        shown = "" if figure.value is None else self.indicator.show(figure.value)
        if self.indicator.combine == "ratio":
            parts = f"{_plain(figure.numerator)} of {_plain(figure.denominator)}"
            return f"{parts} from {figure.window} is {shown}"
        if self.indicator.combine == "latest":
            return f"the level of {figure.window.last} is {shown}"
        how = "mean" if self.indicator.combine == "mean" else "sum"
        length = figure.window.length
        months = "1 month" if length == 1 else f"{length} months"
        return f"the {how} of {figure.window} ({months}) is {shown}"

    def _peers(self, found: Outcome | float | None, words: str = "") -> Result:
        if isinstance(found, Outcome):
            return _result_of(found)
        if found is None:
            return Result(None, "there are no peer figures", remedy="Add them to the peers' table")
        return Result(found, f"{words} is {self.indicator.show(found)}")

    def _rank(self) -> Result:
        peers = self.peers
        if peers is None or peers.rank is None:
            return self._peers(None)
        return Result(peers.rank, f"{peers.rank} of {peers.group_size} forces, 1 is the highest")


def lacking(figure: Figure) -> Result:
    """A result without a value, for a window that has none."""
    if figure.missing:
        shown = ", ".join(map(str, figure.missing[:3]))
        more = f" and {len(figure.missing) - 3} more" if len(figure.missing) > 3 else ""
        return Result(None, f"there is no reading for {shown}{more}")
    asks = "figure-undefined" if "do not combine" in figure.why else ""
    remedy = "Give numerators and denominators, or state combine = mean" if asks else ""
    return Result(None, figure.why, remedy=remedy, asks=asks)


def _result_of(outcome: Outcome) -> Result:
    """The result of a comparison; one that its test cannot make, though both figures are there,
    is worth a finding."""
    both = outcome.current is not None and outcome.comparator is not None
    if outcome.verdict is None and both:
        remedy = "State another test for it in the settings"
        return Result(None, outcome.reason, outcome, remedy, "test-impossible")
    return Result(outcome.verdict, outcome.reason, outcome)


def _plain(number: float | None) -> str:
    return "?" if number is None else f"{number:,.15g}" if number % 1 else f"{int(number):,}"
