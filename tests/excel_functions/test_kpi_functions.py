"""KPI_COMPARE and KPI_ROLLING12: literal figures, the sample dashboard's, and what is refused."""

from __future__ import annotations

import warnings
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.excel.functions import KPI_COMPARE, KPI_ROLLING12
from xlgov.kpi.computation import Computation
from xlgov.kpi.headings import Meaning
from xlgov.kpi.indicator import resolve_indicator
from xlgov.kpi.period import Month
from xlgov.kpi.readings import find_readings
from xlgov.kpi.series import Series
from xlgov.ooxml.reader import open_workbook
from xlgov.settings.load import load_settings
from xlgov.settings.values import Settings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbooks" / "performance-dashboard.xlsx"
YEAR_BEFORE = [4475, 5201] * 6  # mean 4,838, standard deviation 379 (7.8%)


def shown(figure: Any, printed: str) -> str:
    """A figure as it would be printed beside another."""
    places = len(printed.removesuffix("%").partition(".")[2])
    number = Decimal(repr(figure)) * (100 if printed.endswith("%") else 1)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,}{'%' if printed.endswith('%') else ''}"


# --- rolling 12 months


def test_twelve_counts_add_and_a_rate_is_sum_over_sum() -> None:
    assert KPI_ROLLING12(list(range(1, 13))) == 78
    assert KPI_ROLLING12([[each] for each in range(1, 13)]) == 78
    assert KPI_ROLLING12([[Decimal("0.1")] * 12]) == pytest.approx(1.2)
    # a mean of these twelve percentages would be 54.2%
    assert KPI_ROLLING12([1, *[50] * 11], [2, *[100] * 11]) == 551 / 1102
    assert KPI_ROLLING12([1, *[90] * 11], [2, *[100] * 11]) == 991 / 1102
    assert KPI_ROLLING12([5.5] * 12, None, "mean") == 5.5
    assert KPI_ROLLING12([0] * 12) == 0
    assert KPI_ROLLING12(["1,029", *[1] * 11]) == 1040


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1] * 11,), "11 cells are given; rolling 12 needs exactly the 12 months"),
        (([1] * 13,), "13 cells are given; rolling 12 needs exactly the 12 months"),
        ((7,), "1 cells are given; rolling 12 needs exactly the 12 months"),
        (([1, 2, None, 4, 5, 6, "n/a", 8, 9, 10, 11, 12],), "the 3rd and 7th of the 12 readings"),
        (([None] * 12,), "the 1st, 2nd, 3rd and 9 more of the 12 readings are blank"),
        (([1] * 12, [1] * 11), "there are 12 cells of readings and 11 of denominators"),
        (([1] * 12, [*[1] * 11, None]), "the 12th of the 12 denominators is blank"),
        (([1] * 12, [0] * 12), "the denominators are all 0"),
        (([1] * 12, [1] * 12, "mean"), "denominators make a ratio; leave out how"),
        ((["83.3%"] * 12,), "percentages without denominators do not combine"),
        (([1] * 12, None, "median"), "the months combine by median; expected sum or mean"),
        (([*[1] * 11, "Green"],), "the 12th of the 12 readings is Green; expected a number"),
        (([*[1] * 11, "#DIV/0!"],), "the 12th of the 12 readings is #DIV/0!; expected a number"),
        (([*[1] * 11, float("nan")],), "the 12th of the 12 readings is blank"),
        (([*[1] * 11, float("inf")],), "the 12th of the 12 readings is inf; expected a number"),
        (([*[1] * 11, True],), "the 12th of the 12 readings is True; expected a number"),
        (([*[1] * 11, datetime(2018, 3, 1)],), "the 12th of the 12 readings is a date; expected"),
        (([[1] * 6] * 2,), "the readings are 2 rows of 6 cells; give one row or one column"),
    ],
)
def test_anything_but_twelve_full_readings_gives_no_figure(
    arguments: tuple[Any, ...], said: str
) -> None:
    got = KPI_ROLLING12(*arguments)
    assert isinstance(got, str)
    assert got.startswith(f"#N/A: {said}"), got


def test_percentages_without_denominators_have_a_mean_where_that_is_asked_for() -> None:
    assert KPI_ROLLING12(["83.3%"] * 12, None, "mean") == pytest.approx(0.833)


# --- one figure against another


@pytest.mark.parametrize(
    ("current", "reference", "expected"),
    [
        (4988, 4838, "Comparable"),  # 3.1%, and 4% is comparable
        (5032, 4838, "Higher"),  # 4.01%
        (4644, 4838, "Lower"),
        (104, 100, "Comparable"),
        (96, 100, "Comparable"),
        (0, 0, "Comparable"),
        (0.1, 0, "Higher"),
        # printed rolling 12 months and baselines with the printed outcome
        ("80.7%", "86.2%", "Lower"),  # satisfaction with service delivery
        ("15.9%", "20.0%", "Lower"),  # all crime outcome rate
        ("87.6%", "91.6%", "Lower"),  # burglary satisfaction
    ],
)
def test_a_figure_against_a_figure_goes_by_four_per_cent(
    current: Any, reference: Any, expected: str
) -> None:
    assert KPI_COMPARE(current, reference) == expected
    assert KPI_COMPARE([[current]], [[reference]], "relative 4%") == expected


@pytest.mark.parametrize(
    ("current", "expected"),
    [(4988, "Comparable"), (4838, "Comparable"), (5218, "Higher"), (4458, "Lower"), (0, "Lower")],
)
def test_a_month_against_twelve_goes_by_their_spread(current: int, expected: str) -> None:
    assert KPI_COMPARE(current, YEAR_BEFORE) == expected
    assert KPI_COMPARE([[current]], [[each] for each in YEAR_BEFORE], "Spread") == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((5500, YEAR_BEFORE, "spread 2"), "Comparable"),
        ((5500, YEAR_BEFORE, "spread"), "Higher"),
        ((5500, YEAR_BEFORE, "relative 20%"), "Comparable"),
        ((5500, YEAR_BEFORE, "relative 10"), "Higher"),
        ((5500, YEAR_BEFORE, "xmr"), "Comparable"),
        ((7000, YEAR_BEFORE, "xmr"), "Higher"),
        ((9, [4] * 12, "poisson"), "Higher"),  # 9 against 48 in 12 months: 4.0% by chance
        ((8, [4] * 12, "poisson"), "Comparable"),
        ((0.825, 0.80, "points"), "Higher"),
        ((82.5, 80.0, "points"), "Higher"),
        ((82.5, 80.0, "points 3"), "Comparable"),
        (("82.5%", "81.0%", "points"), "Comparable"),
        ((30, 80, "proportion", 40, 100), "Comparable"),  # 51.5% by chance
        ((300, 800, "proportion", 400, 1000), "Lower"),
        (([10, 20], [30, 50], "proportion", [20, 20], [50, 50]), "Comparable"),
        (([10, 20], [40, 50], "proportion", [20, 20], [50, 50]), "Lower"),  # 75% to 90%
        ((3, 80, None, 4, 100), "Lower"),  # 75% against 80%
        ((3, [8] * 12, None, 4, [10] * 12), "Lower"),  # no spread: only equal is comparable
        ((8, [8] * 12, None, 10, [10] * 12), "Comparable"),
        (([10, 10, 10], [120] * 12, None), "Lower"),  # average months
        (([100] * 12, [103] * 12, None), "Comparable"),
    ],
)
def test_each_method_decides_in_its_way(arguments: tuple[Any, ...], expected: str) -> None:
    assert KPI_COMPARE(*arguments) == expected


# --- comparisons in words


def test_in_words_the_last_reading_is_compared_with_the_average_a_year_before() -> None:
    row = [*YEAR_BEFORE, *[9999] * 11]
    for words in ("1 year", "1yr", "v 1yr avg", "1-year average", "vs 1 Year"):
        assert KPI_COMPARE([*row, 4988], words) == "Comparable"
        assert KPI_COMPARE([*row, 5218], words) == "Higher"
        assert KPI_COMPARE([*row, 4458], words) == "Lower"
    three = [*YEAR_BEFORE * 3, *[9999] * 11]
    assert KPI_COMPARE([*three, 5218], "3 years") == "Higher"
    assert KPI_COMPARE([1, 2, None, *three, 4988], "3 years") == "Comparable"


@pytest.mark.parametrize("month", [datetime(2018, 6, 30), "Jun-18", "June", 6, 43252, "2018-06"])
def test_rolling_twelve_and_year_to_date_know_where_the_year_begins(month: Any) -> None:
    row = [*[100] * 12, *[120] * 3]  # April 2017 to March 2018 is the baseline; three months more
    assert KPI_COMPARE(row, "rolling 12", None, None, None, month) == "Higher"  # 105 to 100
    assert KPI_COMPARE(row, "Baseline", "relative 6", None, None, month) == "Comparable"
    assert KPI_COMPARE(row, "benchmark", "poisson", None, None, month) == "Higher"  # 360 to 1200
    assert KPI_COMPARE(row, "FYTD", None, None, None, month) == "Higher"
    before = [*[100] * 12, *[102] * 3]
    assert KPI_COMPARE(before, "FYTD", None, None, None, month) == "Comparable"


def test_rates_in_words_are_sums_over_sums() -> None:
    numerators = [*[1] * 11, 500, *[50] * 12]
    denominators = [*[2] * 11, 1000, *[100] * 12]
    assert KPI_COMPARE(numerators, "rolling 12", None, denominators, None, "March") == "Comparable"
    assert KPI_COMPARE(numerators, "rolling 12", "points", denominators, None, 3) == "Comparable"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((None, 5), "there is no reading for the current figure"),
        ((5, "-"), "there is no reading for the reference"),
        ((5, [1, None, 3]), "the 2nd of the 3 cells of the reference is blank"),
        ((5, [1, 2, 3], "spread"), "Not compared with the reference: its spread needs 12 monthly"),
        ((5, 4, "t-test"), "the method is t-test; expected spread, relative, points, proportion,"),
        ((5, 4, "xmr 3"), "the xmr test has no limit; leave out 3"),
        ((5, "last year"), "the comparison is last year; expected 1 year, 3 years, rolling 12 or"),
        (([1] * 23, "1 year"), "1 year needs 24 readings, the last of the current month; 23 are"),
        (([1] * 47, "3 years"), "3 years needs 48 readings, the last of the current month; 47"),
        (([*[1] * 23, None], "1 year"), "there is no reading for the current month"),
        (
            ([1, None, *[1] * 22], "1 year"),
            "the 2nd of the 12 cells of the readings compared with is blank",
        ),
        (([1] * 24, "FYTD"), "FYTD needs to know where the financial year begins; give the month"),
        (([1] * 24, "FYTD", None, None, None, "soon"), "the month is soon; expected a date in it"),
        (([1] * 14, "rolling 12", None, None, None, "June"), "rolling 12 needs 15 readings"),
        ((5, 4, "proportion"), "the proportion test needs numerators and denominators"),
        ((5, 4, "proportion", 10), "the reference has no denominators and the other side has"),
        ((5, 4, "poisson", 10, 10), "the poisson test is for counts; leave out the denominators"),
        ((5.5, 4, "poisson"), "Not compared with the reference: the current figure, 5.5, is not a"),
        ((5, 4, None, 0, 10), "the denominators of the current figure are all 0"),
        ((11, 4, "proportion", 10, 10), "Not compared with the reference: the current numerator"),
    ],
)
def test_what_cannot_be_compared_says_why(arguments: tuple[Any, ...], said: str) -> None:
    got = KPI_COMPARE(*arguments)
    assert got.startswith(f"#N/A: {said}"), got


anything = (
    st.none()
    | st.floats()
    | st.text(max_size=5)
    | st.integers()
    | st.sampled_from(["1 year", "rolling 12", "FYTD", "relative", "proportion", "mean", "Mar-18"])
    | st.lists(st.none() | st.integers(0, 50), max_size=26)
)


@given(st.tuples(*[anything] * 6))
def test_whatever_is_given_is_answered_without_a_mistake(arguments: tuple[Any, ...]) -> None:
    got = KPI_COMPARE(*arguments)
    assert got in ("Higher", "Lower", "Comparable") or got.startswith("#N/A: ")
    assert "mistake in xlgov" not in got
    assert "mistake in xlgov" not in str(KPI_ROLLING12(*arguments[:3]))


# --- the sample dashboard


@cache
def sample() -> tuple[tuple[Series, ...], Settings]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with open_workbook(SAMPLE) as workbook:
            settings = load_settings(workbook, SAMPLE)
            return find_readings(workbook, settings).series, settings


def cells(series: Series, last: Month) -> tuple[list[Any], list[Any] | None]:
    """A row of readings from the first month to the last, and the denominators below it."""
    first = min(series.readings)
    months = [first.plus(step) for step in range(last.since(first) + 1)]
    found = [series.readings.get(month) for month in months]
    if not series.is_ratio:
        return [each and each.value for each in found], None
    return [each and each.numerator for each in found], [
        each and each.denominator for each in found
    ]


def test_the_printed_rolling_twelve_months_come_out_of_the_sample() -> None:
    from tests.workbooks.dashboard_cells import month, published

    printed = {row["indicator"]: row for row in published()}
    matched = []
    for series in sample()[0]:
        row = printed.get(series.name)
        if row is None or row["rolling12"] in ("n/a", "-"):
            continue
        number = month(row["period_end"])
        readings, denominators = cells(series, Month(number // 12, number % 12 + 1))
        combine = resolve_indicator(series, sample()[1]).combine
        if combine == "latest":
            continue
        got = KPI_ROLLING12(
            readings[-12:],
            denominators and denominators[-12:],
            "mean" if combine == "mean" else None,
        )
        if shown(got, row["rolling12"]) == row["rolling12"]:
            matched.append(series.name)
        else:
            # three printed figures contradict the year to date of the same twelve months
            assert series.name.startswith(("Sickness - Police", "Satisfaction with Service"))
    assert len(matched) >= 30, matched


def test_the_outcomes_are_those_of_the_dashboard() -> None:
    series, settings = sample()
    compared = 0
    for one in series:
        indicator = resolve_indicator(one, settings)
        last = one.latest
        assert last is not None
        computation = Computation(one, indicator, last)
        readings, denominators = cells(one, last)
        wanted = {"1 year": Meaning("average", 1), "3 years": Meaning("average", 3)}
        if indicator.combine in ("sum", "ratio", "mean") and indicator.baseline is None:
            wanted["rolling 12"] = Meaning("benchmark")
        for words, meaning in wanted.items():
            expected = computation.result(meaning).outcome
            got = KPI_COMPARE(readings, words, None, denominators, None, last.month)
            if expected is None or expected.verdict is None:
                assert got.startswith("#N/A: "), (one.name, words)
            else:
                assert got == expected.verdict, (one.name, words, expected.reason)
                compared += 1
    assert compared >= 80, compared
