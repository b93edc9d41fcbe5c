"""A window's figure, by numbers that can be added up on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kpi.made import MARCH, Made, make_series
from xlgov.kpi.figures import (
    Figure,
    average_month,
    exact_sum,
    month_figures,
    reading_figure,
    window_figure,
)
from xlgov.kpi.indicator import Indicator
from xlgov.kpi.period import Month, Window, fytd, rolling
from xlgov.kpi.series import Reading

QUARTER = Window(Month(2018, 1), MARCH)
SUM = Indicator("x")
RATIO = Indicator("x", combine="ratio", is_percent=True)
MEAN = Indicator("x", combine="mean")
LATEST = Indicator("x", combine="latest")
NONE = Indicator("x", combine=None, is_percent=True)


def figure(indicator: Indicator, *readings: Made, window: Window = QUARTER) -> Figure:
    return window_figure(make_series(readings), indicator, window)


def test_counts_add() -> None:
    assert figure(SUM, 5, 7, 11).value == 23
    assert figure(SUM, 99, 5, 7, 11).value == 23  # December is not in it


def test_a_rate_divides_sums_and_is_no_mean_of_percentages() -> None:
    found = figure(RATIO, (1, 2), (0, 8), (9, 10))
    assert (found.value, found.numerator, found.denominator) == (0.5, 10, 20)
    mean_of_percentages = (50 + 0 + 90) / 3 / 100
    assert found.value != pytest.approx(mean_of_percentages)


def test_a_rate_per_thousand_is_a_thousand_times_as_much() -> None:
    per = Indicator("x", combine="ratio", unit="per 1,000 population", scale=1000)
    assert figure(per, (1, 500), (2, 500), (3, 500)).value == 4


def test_an_average_without_weights_is_the_mean_of_its_months() -> None:
    assert figure(MEAN, 14, 15, 19).value == 16


def test_a_level_is_the_latest_reading_whatever_came_before() -> None:
    assert figure(LATEST, None, None, 285).value == 285
    assert figure(LATEST, 280, 283, None).value is None


def test_plain_percentages_have_a_month_and_no_window() -> None:
    found = figure(NONE, 0.8, 0.9, 0.7)
    assert (found.value, found.missing) == (None, ())
    assert found.why == "percentages without denominators do not combine"
    assert figure(NONE, 0.7, window=Window(MARCH, MARCH)).value == 0.7


@pytest.mark.parametrize("indicator", [SUM, MEAN, NONE])
def test_one_missing_month_is_no_figure_and_is_named(indicator: Indicator) -> None:
    found = figure(indicator, 5, None, 11)
    assert (found.value, found.missing) == (None, (Month(2018, 2),))


@pytest.mark.parametrize("part", [None, (1, None), (None, 2)])
def test_a_rate_with_half_a_reading_is_no_figure(part: Made) -> None:
    found = figure(RATIO, (1, 2), part, (3, 4))
    assert (found.value, found.missing) == (None, (Month(2018, 2),))


def test_months_before_the_first_reading_and_after_the_last_are_missing() -> None:
    found = figure(SUM, 7, 11, window=Window(Month(2017, 12), Month(2018, 4)))
    assert found.missing == (Month(2017, 12), Month(2018, 1), Month(2018, 4))


def test_zero_is_a_reading() -> None:
    assert figure(SUM, 0, 0, 0).value == 0
    assert figure(MEAN, 0, 3, 0).value == 1
    assert figure(RATIO, (0, 4), (0, 4), (0, 4)).value == 0


def test_a_month_without_cases_does_not_spoil_the_window_of_a_rate() -> None:
    assert figure(RATIO, (0, 0), (3, 4), (0, 0)).value == 0.75
    assert figure(RATIO, (0, 0), (0, 0), (0, 0)).why == "the denominators are all 0"
    assert reading_figure(RATIO, Reading(None, 0, 0)) is None


def test_a_month_has_a_figure_only_with_all_its_parts() -> None:
    assert reading_figure(SUM, None) is None
    assert reading_figure(SUM, Reading(5)) == 5
    assert reading_figure(SUM, Reading(None, 1, 2)) is None
    assert reading_figure(RATIO, Reading(0.5)) is None
    assert reading_figure(RATIO, Reading(None, 33, 40)) == 0.825
    percent = Indicator("x", reading_scale=0.01)
    assert reading_figure(percent, Reading(82.5)) == pytest.approx(0.825)
    assert month_figures(make_series([5, None, 11]), SUM, QUARTER) == [5, None, 11]


def test_the_average_month_is_the_comparator_of_a_current_month() -> None:
    assert average_month(make_series([5, 7, 12]), SUM, QUARTER).value == 8
    assert average_month(make_series([14, 15, 19]), MEAN, QUARTER).value == 16
    assert average_month(make_series([280, 283, 286]), LATEST, QUARTER).value == 283
    assert average_month(make_series([0.7, 0.8, 0.9]), NONE, QUARTER).value == pytest.approx(0.8)
    assert average_month(make_series([(1, 2), (0, 8), (9, 10)]), RATIO, QUARTER).value == 0.5
    assert average_month(make_series([5, None, 12]), SUM, QUARTER).missing == (Month(2018, 2),)


def test_sums_of_whole_numbers_are_whole_and_of_tenths_are_exact() -> None:
    total = exact_sum([0.1] * 10)
    assert (total, type(total)) == (1, int)
    assert exact_sum([1e16, 1, -1e16]) == 1
    assert exact_sum([4.5, 4.6]) == 9.1
    assert exact_sum([]) == 0


@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=60))
def test_whole_numbers_add_up_exactly(readings: list[int]) -> None:
    found = window_figure(make_series(readings), SUM, rolling(MARCH))
    assert found.value == sum(readings[-12:])
    assert isinstance(found.value, int)


@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=12, max_size=24))
def test_in_the_last_month_of_a_year_to_date_equals_rolling_12(readings: list[int | None]) -> None:
    series = make_series(readings)
    for indicator in (SUM, MEAN, LATEST):
        year = window_figure(series, indicator, fytd(MARCH))
        assert year == window_figure(series, indicator, rolling(MARCH))
