"""How an indicator is resolved and compared where its settings, zeros or rhythm make it tricky."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made import MARCH, Made, make_series

from xlgov.kpi.checks import check_readings
from xlgov.kpi.computation import Computation
from xlgov.kpi.headings import Meaning
from xlgov.kpi.indicator import resolve_indicator, stated_rule
from xlgov.kpi.peers import PeerFigures
from xlgov.kpi.period import Month, usual_step
from xlgov.kpi.series import Place
from xlgov.settings.values import IndicatorRule, Settings

BASELINE, FYTD = Meaning("baseline"), Meaning("fytd")
BENCHMARK, AVERAGE = Meaning("benchmark"), Meaning("average")
SETTLED = [100 + step % 3 for step in range(60)]
QUARTERS = [80 + step if step % 3 == 2 else None for step in range(60)]


def compute(
    readings: list[Any],
    rule: IndicatorRule | None = None,
    month: Month = MARCH,
    peers: PeerFigures | None = None,
    **more: Any,
) -> Computation:
    series = make_series(readings, **more)
    indicator = resolve_indicator(series, Settings(indicators={series.name: rule} if rule else {}))
    return Computation(series, indicator, month, peers=peers)


def found(readings: list[Any], rule: IndicatorRule | None = None) -> list[tuple[str, str]]:
    computed = compute(readings, rule)
    findings = check_readings(computed.series, computed.indicator, MARCH, {})
    return [(finding.code, finding.message) for finding in findings]


# Settings


def test_percentages_in_plain_cells_do_not_add_up_to_hundreds() -> None:
    result = compute([82.5] * 60, IndicatorRule(unit="percent")).result(FYTD)
    assert (result.value, result.asks) == (None, "figure-undefined")
    mean = compute([82.5] * 60, IndicatorRule(unit="percent", combine="mean")).result(FYTD)
    assert mean.value == pytest.approx(0.825)


def test_a_limit_belongs_to_the_test_that_it_was_stated_for() -> None:
    series = make_series(SETTLED)
    everywhere = IndicatorRule(average_test="spread", average_limit=1, benchmark_limit=6)

    def rule(one: IndicatorRule) -> IndicatorRule:
        stated = Settings(all_indicators=everywhere, indicators={"Hate Crime": one})
        return stated_rule(series, stated)

    assert rule(IndicatorRule(average_test="relative")).average_limit is None
    assert rule(IndicatorRule(average_test="relative", average_limit=7)).average_limit == 7
    assert rule(IndicatorRule(average_test="spread")).average_limit == 1
    # relative is what the benchmark goes by anyway
    assert rule(IndicatorRule(benchmark_test="relative")).benchmark_limit == 6
    assert rule(IndicatorRule(benchmark_test="points")).benchmark_limit is None


def test_a_target_in_per_cent_beside_readings_that_are_fractions() -> None:
    stated = {"unit": "fraction", "target": "90%"}
    series = make_series([0.8] * 60, stated=stated)
    assert resolve_indicator(series, Settings()).target == pytest.approx(0.9)


# Comparisons


def test_a_denominator_of_zero_is_no_missing_reading() -> None:
    computed = compute([(10, 20)] * 59 + [(0, 0)])
    assert computed.result(Meaning("month")).reason == "the denominator of Mar-18 is 0"
    reason = computed.result(AVERAGE).reason
    assert reason == "Not compared with the 2016/17 average: the denominator of Mar-18 is 0"
    assert computed.result(BASELINE).value == 0.5


def test_the_proportion_test_speaks_in_the_unit_of_the_rate() -> None:
    rule = IndicatorRule(
        unit="per 1,000 population", average_test="proportion", benchmark_test="proportion"
    )
    for month in (Month(2017, 4), Month(2017, 6), MARCH):
        computed = compute([(30, 10_000)] * 60, rule, month)
        for meaning in (AVERAGE, BENCHMARK):
            outcome = computed.result(meaning).outcome
            assert outcome is not None and outcome.verdict == "Comparable"
            assert (outcome.current, outcome.comparator) == pytest.approx((3, 3))
            assert outcome.reason.startswith("3 (")


@pytest.mark.parametrize(
    ("month", "span", "verdict"),
    [
        (Month(2017, 4), "Apr-17, 90 in 1 month", "Higher"),
        (Month(2017, 12), "Apr-17 to Dec-17, 810 in 9 months", "Higher"),
        (MARCH, "Apr-17 to Mar-18, 1,080 in 12 months", "Higher"),
    ],
)
def test_the_poisson_test_compares_the_months_since_the_baseline(
    month: Month, span: str, verdict: str
) -> None:
    readings: list[Made] = [*[30] * 48, *[90] * 12]
    outcome = compute(readings, IndicatorRule(benchmark_test="poisson"), month).result(BENCHMARK)
    assert outcome.value == verdict
    assert f"({span})" in outcome.reason and "(360 in 12 months)" in outcome.reason


@pytest.mark.parametrize("test", ["proportion", "poisson", "spread", "xmr"])
def test_a_fixed_baseline_has_no_months_to_test_with(test: Any) -> None:
    result = compute(SETTLED, IndicatorRule(baseline=1200, benchmark_test=test)).result(BENCHMARK)
    assert (result.value, result.asks) == (None, "test-impossible")
    assert result.reason.startswith("Not compared with the baseline: the baseline is a fixed")


def test_process_limits_compare_a_rate_with_its_pooled_average() -> None:
    year = [(5, 10), *[(90, 100)] * 11]
    computed = compute([*year, *[(90, 100)] * 12], IndicatorRule(average_test="xmr"))
    outcome = computed.result(AVERAGE).outcome
    assert outcome is not None and outcome.comparator == pytest.approx(995 / 1110)


@pytest.mark.parametrize("own", [82.5, None])
def test_peers_in_plain_cells_are_percentages_like_the_indicator(own: float | None) -> None:
    others = (("Kent", 80.0), ("Devon", 84.0), ("Essex", 85.0))
    place = Place("MSF", 2, 2)
    peers = PeerFigures(own, others, 83.0, None, 4, False, False, place)
    rule = IndicatorRule(unit="percent", combine="mean")
    computed = compute([82.5] * 60, rule, peers=peers)
    assert computed.result(Meaning("peer mean")).value == pytest.approx(0.83)
    result = computed.result(Meaning("peers"))
    assert result.value == "Comparable"
    assert result.reason.startswith("82.5% (this force) is 0.5 percentage points (0.6%) below")


# Surveys, with a reading every third month


def test_the_usual_step_is_a_month_unless_no_two_readings_are_consecutive() -> None:
    months = [MARCH.plus(-3 * back) for back in range(8)]
    assert usual_step(months) == 3
    assert usual_step([*months, MARCH.plus(-1)]) == 1
    assert usual_step(months[:2]) == 1  # one step tells no rhythm
    assert usual_step([]) == 1


def test_a_quarterly_survey_misses_only_a_quarter() -> None:
    assert found(QUARTERS, IndicatorRule(combine="latest")) == []
    broken = [None if step == 47 else each for step, each in enumerate(QUARTERS)]
    ((code, message),) = found(broken, IndicatorRule(combine="latest"))
    assert code == "month-missing"
    assert message.startswith("Hate Crime: no reading for Mar-17; ")


def test_a_rebase_month_between_two_quarters_begins_at_the_next_reading() -> None:
    rule = IndicatorRule(combine="latest", rebase=(date(2017, 1, 1),))
    chart = compute(QUARTERS, rule).chart()
    assert (len(chart.points), chart.readings) == (20, 5)


# Readings


def test_a_small_count_may_be_zero_once() -> None:
    small = [4, 2, 6, 3, 5, 1, 4, 7, 3, 2, 5, 4] * 2
    assert found([*small, 0]) == []
    assert found([*(20 * each + 100 for each in small), 0]) != []


def test_a_level_that_stays_where_it_stepped_to_is_no_slip() -> None:
    level = [250 + step % 2 for step in range(48)]
    stepped = [*level, *(each + 15 for each in level[:12])]
    assert found(stepped) == []
    # only just stepped, or gone back: somebody is to look at it
    for tail in ([265], [265, 250]):
        assert [code for code, _ in found([*level, *tail])] == ["reading-breaks-history"]


def test_limits_of_negative_figures_are_not_cut_at_zero() -> None:
    ((_, message),) = found([*(-100 - step % 3 for step in range(36)), 60])
    assert "control limits of -104" in message


def test_an_impossible_rate_is_said_for_every_month_that_a_column_looks_at() -> None:
    steady: list[Made] = [(80, 100)] * 60
    for place, codes in ((12, ["numerator-above-denominator"]), (11, [])):
        readings = [*steady[:place], (101, 100), *steady[place + 1 :]]
        assert [code for code, _ in found(readings)] == codes


def test_the_numerators_of_a_rate_add_up_from_its_parts() -> None:
    whole = make_series([(30, 60)] * 11 + [(31, 60)], name="All")
    series = {
        "All": whole,
        "One": make_series([(10, 20)] * 12, name="One"),
        "Two": make_series([(20, 40)] * 12, name="Two"),
    }
    settings = Settings(indicators={"All": IndicatorRule(parts=("One", "Two"))})
    findings = check_readings(whole, resolve_indicator(whole, settings), MARCH, series)
    assert [(each.code, each.message) for each in findings] == [
        ("parts-differ", "All: the numerator of Mar-18 is 31, its parts add up to 30")
    ]


@pytest.mark.parametrize(("half", "part"), [((None, 20), "numerator"), ((10, None), "denominator")])
def test_half_a_reading_is_a_finding(half: Made, part: str) -> None:
    ((code, message),) = found([*[(10, 20)] * 59, half])
    assert code == "month-missing"
    assert message.startswith(f"Hate Crime: Mar-18 has no {part}; ")
