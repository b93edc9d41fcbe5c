"""Every column recomputed with pandas from the same readings, in another way.

Windows are taken with rolling, groupby and shift over a table of months, where the package walks
lists of months; a month that pandas lacks is a window without a value here and there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.risk.fake import FakeWorkbook, Made
from xlgov.kpi.computation import Computation
from xlgov.kpi.headings import Meaning
from xlgov.kpi.period import Month
from xlgov.kpi.preview import preview_dashboard, search_dashboard
from xlgov.settings.values import IndicatorRule, Settings

FIRST = pd.Period("2012-04", "M")
COUNT = 60  # months of readings
HEADINGS = {
    "Current Month": Meaning("month"),
    "Same month -1 yr": Meaning("month", 1),
    "Same month -2 yr": Meaning("month", 2),
    "Same month -3 yr": Meaning("month", 3),
    "Current v 1yr avg": Meaning("average", 1),
    "Current v 3yr avg": Meaning("average", 3),
    "FYTD": Meaning("fytd"),
    "FYTD - 1 yr": Meaning("fytd", 1),
    "Rolling 12 months": Meaning("rolling"),
    "Baseline": Meaning("baseline"),
    "Perf v Benchmark": Meaning("benchmark"),
}
RULES = {
    "sum": IndicatorRule(),
    "ratio": IndicatorRule(),
    "mean": IndicatorRule(combine="mean", unit="minutes"),
    "percent": IndicatorRule(combine="mean", unit="percent"),
    "latest": IndicatorRule(combine="latest"),
    "plain percentage": IndicatorRule(),
}
WIDE = {"spread": 1.0, "relative": 0.04}  # the tests' own limits
NEAR = 1e-9  # of a figure: nearer to a limit than this, either side will do

Row = list[float | None]


@dataclass
class Kept:
    """An indicator's readings from the first month on: numerators (or values), denominators."""

    kind: str
    above: Row
    below: Row

    @property
    def name(self) -> str:
        return f"Measured by {self.kind}"


def row(numbers: st.SearchStrategy[Any], gaps: int) -> st.SearchStrategy[Row]:
    """A row of readings, now and then one missing, or none before or after some month."""
    filled = st.lists(numbers, min_size=COUNT, max_size=COUNT)
    holes = st.sets(st.integers(0, COUNT - 1), max_size=gaps)
    start = st.one_of(st.just(0), st.integers(0, COUNT - 1))

    def punch(filled: list[Any], holes: set[int], start: int) -> Row:
        return [None if i in holes or i < start else each for i, each in enumerate(filled)]

    return st.builds(punch, filled, holes, start)


COUNTS = st.one_of(st.integers(0, 20), st.integers(90, 110), st.just(7))
QUARTERS = st.integers(1, 399).map(lambda number: number / 4)  # exact in binary


@st.composite
def kept(draw: st.DrawFn) -> Kept:
    kind = draw(st.sampled_from(list(RULES)))
    numbers = COUNTS if kind in ("sum", "ratio", "latest") else QUARTERS
    if kind == "plain percentage":
        numbers = st.integers(0, 64).map(lambda number: number / 64)
    above = draw(row(numbers, 3))
    if kind != "ratio":
        return Kept(kind, above, [])
    below = draw(row(st.one_of(st.integers(100, 120), st.integers(0, 2)), 2))
    return Kept(kind, above, below)


def several() -> st.SearchStrategy[list[Kept]]:
    return st.lists(kept(), min_size=1, max_size=4, unique_by=lambda each: each.kind)


STEADY = "Has a reading for every month"  # so that no month is without any


def make_book(indicators: list[Kept]) -> FakeWorkbook:
    over = pd.period_range(FIRST, periods=COUNT, freq="M")
    rows: list[list[Any]] = [["Indicator", "Part", *(f"{month:%b-%y}" for month in over)]]
    for each in indicators:
        percent = each.kind == "plain percentage"
        cells = [Made(v, format="0.0%") if percent and v is not None else v for v in each.above]
        rows.append([each.name, "Numerator" if each.below else "Value", *cells])
        if each.below:
            rows.append([each.name, "Denominator", *each.below])
    rows.append([STEADY, "Value", *[1] * COUNT])
    names = [*(each.name for each in indicators), STEADY]
    board = [["Indicator", *HEADINGS], *([name] for name in names)]
    return FakeWorkbook({"Dashboard": board, "Data": rows})


def recompute(each: Kept, month: pd.Period, start: int) -> dict[Meaning, float | str | None]:
    """What every column should hold, by pandas."""
    long_ago = pd.Period(year=FIRST.year - 6, month=start, freq="M")
    index = pd.period_range(long_ago, month, freq="M")
    readings = pd.period_range(FIRST, periods=COUNT, freq="M")
    above = pd.Series(each.above, readings, dtype=float)
    if each.kind == "percent":
        above = above / 100
    below = pd.Series(each.below or 1.0, readings, dtype=float)
    whole = above.notna() & below.notna()
    above, below = above.where(whole).reindex(index), below.where(whole).reindex(index)
    monthly = (above / below).where(below != 0)

    year = pd.Series(index.year - (index.month < start), index)
    in_year = year.groupby(year).cumcount() + 1
    gaps = above.isna().groupby(year).cumsum()

    def divide(total: pd.Series, parts: pd.Series, months: Any) -> pd.Series:
        """A window's figure from its sums, by the kind of the indicator."""
        if each.kind == "ratio":
            return (total / parts).where(parts != 0)
        return total if each.kind == "sum" else total / months

    to_date = divide(above.groupby(year).cumsum(), below.groupby(year).cumsum(), in_year)
    to_date = to_date.where(gaps == 0)
    twelve = divide(above.rolling(12).sum(), below.rolling(12).sum(), 12)
    annual = divide(
        above.groupby(year).sum(min_count=12), below.groupby(year).sum(min_count=12), 12
    )
    base = year.map(annual.shift(1))
    if each.kind == "latest":
        to_date = twelve = above
        base = above.where(in_year == 12).shift(1).groupby(year).transform("first")
    if each.kind == "plain percentage":
        to_date = above.where(in_year == 1)
        twelve = base = above * float("nan")

    def average(years: int) -> str | None:
        before = slice(month - 12 * (years + 1) + 1, month - 12)
        figures = monthly[before]
        centre = figures.mean()
        if each.kind == "ratio":
            centre = above[before].sum() / below[before].sum() if below[before].sum() else None
        if figures.isna().any() or len(figures) < 12 * years or pd.isna(monthly[month]):
            return None
        return side(monthly[month], centre, WIDE["spread"] * figures.std())

    def at(series: pd.Series) -> float | None:
        return None if pd.isna(series[month]) else float(series[month])

    found: dict[Meaning, float | str | None] = {
        Meaning("month", years): at(monthly.shift(12 * years)) for years in range(4)
    }
    found |= {Meaning("average", years): average(years) for years in (1, 3)}
    found |= {Meaning("fytd"): at(to_date), Meaning("fytd", 1): at(to_date.shift(12))}
    found |= {Meaning("rolling"): at(twelve), Meaning("baseline"): at(base)}
    now, then = found[Meaning("rolling")], found[Meaning("baseline")]
    found[Meaning("benchmark")] = (
        side(now, then, WIDE["relative"] * abs(then))
        if isinstance(now, float) and isinstance(then, float)
        else None
    )
    return found


def side(now: float, then: float, allowed: float) -> str:
    change = now - then
    if abs(abs(change) - allowed) <= NEAR * max(abs(now), abs(then), 1e-3):
        return "on the edge"
    return "Comparable" if abs(change) < allowed else "Higher" if change > 0 else "Lower"


def assert_same(meaning: Meaning, ours: object, theirs: object) -> None:
    if theirs == "on the edge":
        assert ours in ("Higher", "Lower", "Comparable"), meaning
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12), meaning
    else:
        assert ours == theirs, meaning


def stated(indicators: list[Kept], month: pd.Period, start: int) -> Settings:
    return Settings(
        month=date(month.year, month.month, 1),
        year_start=start,
        indicators={each.name: RULES[each.kind] for each in indicators},
    )


MONTHS = st.integers(0, COUNT + 2).map(lambda step: FIRST + step)
STARTS = st.one_of(st.just(4), st.integers(1, 12))
SLOW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(several(), st.one_of(st.just(FIRST + 59), MONTHS), STARTS)
def test_every_column_agrees_with_a_second_computation(
    indicators: list[Kept], month: pd.Period, start: int
) -> None:
    told = stated(indicators, month, start)
    found = search_dashboard(make_book(indicators), told)
    for each in indicators:
        if all(value is None for value in each.above):
            continue
        computation = Computation(
            found.series_of[each.name],
            found.indicators[each.name],
            Month(month.year, month.month),
            start=start,
        )
        for meaning, theirs in recompute(each, month, start).items():
            event(f"{meaning.measure}: {theirs if isinstance(theirs, str) else type(theirs)}")
            assert_same(meaning, computation.result(meaning).value, theirs)


@settings(SLOW, max_examples=30)
@given(several(), st.integers(0, COUNT - 1).map(lambda step: FIRST + step), STARTS)
def test_what_is_written_is_what_was_computed(
    indicators: list[Kept], month: pd.Period, start: int
) -> None:
    book = make_book(indicators)
    preview = preview_dashboard(book, stated(indicators, month, start), date(2018, 3, 31))
    written = {
        change.address: None if change.after == "n/a" else change.after for change in preview.cells
    }
    if [each.code for each in preview.findings] == ["readings-elsewhen"]:
        assert written == {}
        return
    for number, each in enumerate(indicators, start=2):
        if all(value is None for value in each.above):
            continue
        wanted = recompute(each, month, start)
        for column, meaning in enumerate(HEADINGS.values()):
            cell = f"{'BCDEFGHIJKL'[column]}{number}"
            assert_same(meaning, written.get(cell), wanted[meaning])


@SLOW
@given(kept(), st.integers(12, COUNT - 1), st.integers(1, 12))
def test_in_the_last_month_of_a_year_to_date_equals_rolling_12(
    each: Kept, step: int, start: int
) -> None:
    month = FIRST + step
    end = Month(month.year, month.month)
    end = end.plus((start - 1 - end.month) % 12)
    found = search_dashboard(make_book([each]), stated([each], month, start))
    if each.name not in found.series_of or each.kind == "plain percentage":
        return
    computation = Computation(
        found.series_of[each.name], found.indicators[each.name], end, start=start
    )
    to_date, twelve = (computation.result(Meaning(name)) for name in ("fytd", "rolling"))
    assert to_date.value == twelve.value
    assert computation.result(Meaning("fytd", 1)).value == computation.baseline().value


def test_the_second_computation_knows_the_published_year() -> None:
    """By hand: 12 months of 10, then 11 of 12 and one of 15."""
    each = Kept("sum", [*[None] * 36, *[10.0] * 12, *[12.0] * 11, 15.0], [])
    found: Mapping[Meaning, Any] = recompute(each, FIRST + 59, 4)
    assert [found[Meaning("fytd")], found[Meaning("rolling")]] == [147, 147]
    assert [found[Meaning("baseline")], found[Meaning("fytd", 1)]] == [120, 120]
    assert found[Meaning("benchmark")] == "Higher"
    assert found[Meaning("average", 1)] == "Higher"
    assert found[Meaning("average", 3)] is None
    assert found[Meaning("month", 2)] is None
