"""Higher, Lower, Comparable: each test with figures that a pocket calculator can follow."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlgov.errors import UsageError
from xlgov.kpi.comparison import (
    DEFAULT_LIMITS,
    Outcome,
    Wording,
    compare_points,
    compare_poisson,
    compare_proportion,
    compare_relative,
    compare_spread,
    compare_xmr,
    judge,
    say_change,
)

COUNT = Wording("{:,.0f}".format, comparator="the 2016/17 monthly average")
RATE = Wording("{:.1%}".format, comparator="the baseline", points=100)

# Twelve months about 4,838: six 360 below, six 360 above, so the sum of squares about the mean is
# 12 x 360^2 and the sample standard deviation 360 x sqrt(12 / 11) = 376.0 (7.8% of 4,838).
MONTHS = [4478, 5198] * 6
SPREAD = 360 * math.sqrt(12 / 11)


def test_a_rise_within_the_usual_spread_is_comparable_and_says_why() -> None:
    outcome = compare_spread(4988, 4838, MONTHS, COUNT)
    assert outcome.verdict == "Comparable"
    assert outcome.reason == (
        "4,988 is 3.1% above the 2016/17 monthly average of 4,838; its usual month-to-month "
        "spread is 7.8%, so Comparable"
    )
    assert (outcome.change, outcome.test, outcome.limit) == (150, "spread", 1)
    assert outcome.change_share == pytest.approx(150 / 4838)
    assert outcome.spread == pytest.approx(SPREAD)
    assert (outcome.lower, outcome.upper) == pytest.approx((4838 - SPREAD, 4838 + SPREAD))
    assert say_change(outcome, COUNT) == "+150 (+3.1%)"


@pytest.mark.parametrize(
    ("current", "limit", "verdict"),
    [
        (4838 + 376, 1, "Comparable"),
        (4838 + 377, 1, "Higher"),
        (4838 - 376, 1, "Comparable"),
        (4838 - 377, 1, "Lower"),
        (4838 + SPREAD, 1, "Comparable"),
        (4838 + 377, 2, "Comparable"),
        (4838 + 753, 2, "Higher"),
        (4838 + 1, 0, "Higher"),
    ],
)
def test_the_spread_decides_at_its_limit(current: float, limit: float, verdict: str) -> None:
    assert compare_spread(current, 4838, MONTHS, COUNT, limit).verdict == verdict


def test_the_spread_is_about_the_months_own_mean_whatever_the_comparator() -> None:
    pooled = compare_spread(4988, 4700, MONTHS, COUNT)
    assert pooled.spread == pytest.approx(SPREAD)
    assert pooled.lower == pytest.approx(4700 - SPREAD)


def test_a_limit_of_its_own_is_said() -> None:
    reason = compare_spread(4988, 4838, MONTHS, COUNT, 1.5).reason
    assert "spread is 7.8%, of which 1.5 times is allowed, so Comparable" in reason


def test_without_any_spread_only_the_same_figure_is_comparable() -> None:
    flat = [0.3] * 12
    assert compare_spread(0.1 + 0.2, 0.3, flat, RATE).verdict == "Comparable"
    noisy = 1e6 * (0.1 + 0.2)  # 300,000 and a little
    assert noisy > 300_000
    assert compare_spread(noisy, 300_000, [300_000] * 12, COUNT).verdict == "Comparable"
    assert compare_spread(300_001, 300_000, [300_000] * 12, COUNT).verdict == "Higher"
    assert compare_spread(0.301, 0.3, flat, RATE).verdict == "Higher"
    assert compare_spread(0.299, 0.3, flat, RATE).reason == (
        "29.9% is 0.1 percentage points (0.3%) below the baseline of 30.0%; "
        "its months are all the same, so Lower"
    )


@pytest.mark.parametrize(
    ("months", "missing"),
    [
        (MONTHS[:11], "needs 12 monthly readings and has 11"),
        ([*MONTHS[:11], None], "needs 12 monthly readings and has 11"),
        ([*MONTHS, *MONTHS, *MONTHS[:11], math.nan], "needs 36 monthly readings and has 35"),
        ([], "needs 12 monthly readings and has 0"),
    ],
)
def test_a_missing_month_leaves_no_outcome_and_says_what_is_missing(
    months: list[float | None], missing: str
) -> None:
    outcome = compare_spread(4988, 4838, months, COUNT)
    assert outcome.verdict is None
    assert outcome.reason == (
        f"Not compared with the 2016/17 monthly average: its spread {missing}"
    )
    assert (outcome.change, outcome.spread) == (150, None)


def test_thirty_six_months_are_enough_for_three_years() -> None:
    assert compare_spread(4988, 4838, MONTHS * 3, COUNT).verdict == "Comparable"


@pytest.mark.parametrize(
    ("current", "comparator", "verdict"),
    [
        (104, 100, "Comparable"),
        (104.1, 100, "Higher"),
        (96, 100, "Comparable"),
        (95.9, 100, "Lower"),
        (-104, -100, "Comparable"),
        (-104.1, -100, "Lower"),
        (0, 0, "Comparable"),
        (1, 0, "Higher"),
        (-1, 0, "Lower"),
        (0.1 + 0.2 - 0.3, 0, "Comparable"),
        (0.312, 0.3, "Comparable"),  # 4% of 0.3 is 0.012, in binary a little less
    ],
)
def test_four_per_cent_of_the_comparator_is_comparable(
    current: float, comparator: float, verdict: str
) -> None:
    assert compare_relative(current, comparator, COUNT).verdict == verdict


def test_the_relative_test_says_its_limit() -> None:
    words = Wording("{:,.0f}".format, "the 12 months to Mar-18", "the baseline")
    assert compare_relative(110, 100, words).reason == (
        "110 (the 12 months to Mar-18) is 10.0% above the baseline of 100; "
        "up to 4% counts as comparable, so Higher"
    )
    assert compare_relative(15.004, 15, words).reason == (
        "15 (the 12 months to Mar-18) is less than 0.1% above the baseline of 15; "
        "up to 4% counts as comparable, so Comparable"
    )
    assert compare_relative(100, 100, words, 2.5).reason == (
        "100 (the 12 months to Mar-18) equals the baseline of 100; "
        "up to 2.5% counts as comparable, so Comparable"
    )
    assert compare_relative(5, 0, words).reason.startswith(
        "5 (the 12 months to Mar-18) is 5 above the baseline of 0;"
    )


def test_a_change_from_nothing_has_no_share() -> None:
    outcome = compare_relative(5, 0, COUNT)
    assert (outcome.change, outcome.change_share) == (5, None)
    assert say_change(outcome, COUNT) == "+5"


@pytest.mark.parametrize(
    ("current", "comparator", "verdict"),
    [
        (0.82, 0.80, "Comparable"),  # in binary a little more than 0.02 apart
        (0.8201, 0.80, "Higher"),
        (0.78, 0.80, "Comparable"),
        (0.7799, 0.80, "Lower"),
        (0.01, 0, "Comparable"),
        (0.03, 0, "Higher"),
    ],
)
def test_two_percentage_points_are_comparable(
    current: float, comparator: float, verdict: str
) -> None:
    assert compare_points(current, comparator, RATE).verdict == verdict


def test_points_are_said_beside_per_cent() -> None:
    outcome = compare_points(0.825, 0.8, RATE)
    assert outcome.reason == (
        "82.5% is 2.5 percentage points (3.1%) above the baseline of 80.0%; "
        "up to 2.0 percentage points either way is comparable, so Higher"
    )
    assert say_change(outcome, RATE) == "+2.5 percentage points (+3.1%)"
    assert "1.0 percentage point either way" in compare_points(0.8, 0.8, RATE, 1).reason


def test_figures_already_in_per_cent_are_told_by_the_wording() -> None:
    per_cent = Wording("{:.1f}%".format, comparator="the baseline", points=1)
    outcome = compare_points(82.5, 80, per_cent)
    assert outcome.reason.startswith("82.5% is 2.5 percentage points (3.1%) above")
    assert outcome.verdict == "Higher"
    assert compare_points(82, 80, per_cent).verdict == "Comparable"
    assert compare_points(0.82, 0.8, Wording(str)).verdict == "Comparable"


def test_process_limits_of_the_comparator_months_decide() -> None:
    # Moving ranges are all 720, so the limits are 4,838 - 1,915.2 and 4,838 + 1,915.2.
    inside, above = compare_xmr(6753, MONTHS, COUNT), compare_xmr(6754, MONTHS, COUNT)
    assert (inside.verdict, above.verdict) == ("Comparable", "Higher")
    assert compare_xmr(2922, MONTHS, COUNT).verdict == "Lower"
    assert (above.lower, above.upper) == pytest.approx((2922.8, 6753.2))
    assert above.reason == (
        "6,754 is 39.6% above the 2016/17 monthly average of 4,838; "
        "its process limits are 2,923 and 6,753, so Higher"
    )


def test_process_limits_need_twelve_readings_and_bear_gaps_beyond() -> None:
    outcome = compare_xmr(5000, MONTHS[:11], COUNT)
    assert outcome.verdict is None
    assert outcome.reason.endswith("process limits need 12 monthly readings and have 11")
    assert compare_xmr(5000, [*MONTHS, None, None], COUNT).verdict == "Comparable"
    apart = [value for month in MONTHS for value in (month, None)]
    assert compare_xmr(5000, apart, COUNT).reason.endswith("readings in consecutive months")


def test_constant_months_let_only_the_same_figure_be_comparable() -> None:
    assert compare_xmr(0.1 + 0.2, [0.3] * 12, RATE).verdict == "Comparable"
    assert compare_xmr(0.31, [0.3] * 12, RATE).verdict == "Higher"


def test_two_proportions_by_the_pooled_z_test() -> None:
    # 60 of 100 and 45 of 100: pooled 0.525, z = 0.15 / sqrt(0.525 x 0.475 x 0.02) = 2.124.
    outcome = compare_proportion(60, 100, 45, 100, RATE)
    z = 0.15 / math.sqrt(0.525 * 0.475 * 0.02)
    assert outcome.p_value == pytest.approx(math.erfc(z / math.sqrt(2)))
    assert outcome.verdict == "Higher"
    assert outcome.reason == (
        "60.0% (60 of 100) is 15.0 percentage points (33.3%) above the baseline of 45.0% "
        "(45 of 100); chance alone would give so large a difference in 3.4% of cases "
        "(significant below 5%), so Higher"
    )
    assert compare_proportion(55, 100, 45, 100, RATE).verdict == "Comparable"
    assert compare_proportion(45, 100, 60, 100, RATE).verdict == "Lower"


def test_few_cases_are_said_to_make_the_test_rough() -> None:
    assert "(roughly, with fewer than 5 cases" in compare_proportion(3, 4, 80, 100, RATE).reason
    assert "roughly" not in compare_proportion(60, 100, 45, 100, RATE).reason


@pytest.mark.parametrize("cases", [0, 1])
def test_nobody_or_everybody_on_both_sides_is_comparable(cases: int) -> None:
    outcome = compare_proportion(cases * 7, 7, cases * 90, 90, RATE)
    assert (outcome.verdict, outcome.p_value) == ("Comparable", 1)


@pytest.mark.parametrize(
    ("figures", "missing"),
    [
        ((1, 0, 5, 10), "the current denominator is 0"),
        ((1, 2, 5, 0), "the comparator's denominator is 0"),
        ((None, 2, 5, 9), "the current numerator or denominator is missing"),
        ((1, 2, 5, math.nan), "the comparator's numerator or denominator is missing"),
        ((3, 2, 5, 9), "the current numerator, 3, is not between 0 and 2"),
        ((-1, 2, 5, 9), "the current numerator, -1, is not between 0 and 2"),
    ],
)
def test_what_is_no_proportion_leaves_no_outcome(figures: Any, missing: str) -> None:
    outcome = compare_proportion(*figures, RATE)
    assert outcome.verdict is None
    assert outcome.reason == f"Not compared with the baseline: {missing}"


@pytest.mark.parametrize(
    ("cases", "total", "other_cases", "other_total"),
    [(60, 100, 45, 100), (833, 1000, 780, 1000), (12, 40, 300, 700), (5, 9, 1, 12), (1, 50, 9, 60)],
)
def test_the_proportion_test_agrees_with_statsmodels(
    cases: int, total: int, other_cases: int, other_total: int
) -> None:
    proportion = pytest.importorskip(
        "statsmodels.stats.proportion", reason="statsmodels, the second opinion, is not installed"
    )
    _, expected = proportion.proportions_ztest([cases, other_cases], [total, other_total])
    found = compare_proportion(cases, total, other_cases, other_total, RATE).p_value
    assert found == pytest.approx(expected, rel=1e-9)


def binomial_p_value(count: int, both: int, share: Fraction) -> float:
    """The chance of all splits that are no likelier than this one, by counting."""
    chances = [math.comb(both, k) * share**k * (1 - share) ** (both - k) for k in range(both + 1)]
    return float(sum(chance for chance in chances if chance <= chances[count]))


@pytest.mark.parametrize(
    ("count", "months", "other", "other_months"),
    [(9, 1, 48, 12), (8, 1, 48, 12), (0, 1, 60, 12), (120, 3, 384, 12), (5, 12, 5, 12)],
)
def test_the_poisson_test_is_the_exact_binomial_one(
    count: int, months: int, other: int, other_months: int
) -> None:
    outcome = compare_poisson(count, months, other, other_months, COUNT)
    share = Fraction(months, months + other_months)
    expected = binomial_p_value(count, count + other, share)
    assert outcome.p_value == pytest.approx(expected, rel=1e-9)
    if expected >= 0.05:
        assert outcome.verdict == "Comparable"
    else:
        rise = count / months > other / other_months
        assert outcome.verdict == ("Higher" if rise else "Lower")


def test_the_poisson_test_compares_figures_per_month() -> None:
    outcome = compare_poisson(120, 3, 384, 12, COUNT)
    assert (outcome.current, outcome.comparator, outcome.verdict) == (40, 32, "Higher")
    assert outcome.reason.startswith(
        "40 (120 in 3 months) is 25.0% above the 2016/17 monthly average of 32 (384 in 12 months);"
    )


@pytest.mark.parametrize(
    ("figures", "missing"),
    [
        ((None, 1, 5, 12), "the current count is missing"),
        ((3, 0, 5, 12), "the current count covers no month"),
        ((3, 1, 5.5, 12), "the comparator's figure, 5.5, is not a whole count"),
        ((-3, 1, 5, 12), "the current figure, -3, is not a whole count"),
    ],
)
def test_what_is_no_count_leaves_no_outcome(figures: Any, missing: str) -> None:
    outcome = compare_poisson(*figures, COUNT)
    assert outcome.verdict is None
    assert outcome.reason.endswith(missing)


def test_no_cases_at_all_are_comparable() -> None:
    outcome = compare_poisson(0, 1, 0, 12, COUNT)
    assert (outcome.verdict, outcome.p_value) == ("Comparable", 1)


Compare = Callable[[float | None, float | None], Outcome]
PLAIN: dict[str, Compare] = {
    "spread": lambda a, b: compare_spread(a, b, MONTHS, COUNT),
    "relative": lambda a, b: compare_relative(a, b, COUNT),
    "points": lambda a, b: compare_points(a, b, COUNT),
}


@pytest.mark.parametrize("absent", [None, math.nan])
@pytest.mark.parametrize("compare", PLAIN.values(), ids=PLAIN)
def test_a_missing_figure_leaves_no_outcome(compare: Compare, absent: float | None) -> None:
    current, other = compare(absent, 3), compare(3, absent)
    assert (current.verdict, current.change, current.current) == (None, None, None)
    assert (other.verdict, other.change, other.comparator) == (None, None, None)
    assert current.reason.endswith(": there is no current figure")
    assert other.reason.endswith(": there is no figure for the 2016/17 monthly average")
    assert say_change(current, COUNT) == ""


def test_process_limits_without_a_figure_leave_no_outcome() -> None:
    assert compare_xmr(None, MONTHS, COUNT).reason.endswith("there is no current figure")
    assert compare_xmr(3, [None], COUNT).reason.endswith("figure for the 2016/17 monthly average")


@pytest.mark.parametrize("limit", [-1, math.nan, math.inf])
def test_a_limit_that_is_no_size_is_refused(limit: float) -> None:
    for call in (
        lambda: compare_spread(1, 1, MONTHS, COUNT, limit),
        lambda: compare_relative(1, 1, COUNT, limit),
        lambda: compare_points(1, 1, COUNT, limit),
    ):
        with pytest.raises(UsageError, match="expected a number from 0 up"):
            call()


@pytest.mark.parametrize(
    ("current", "direction", "expected"),
    [
        (120, "up", "better"),
        (120, "down", "worse"),
        (80, "up", "worse"),
        (80, "down", "better"),
        (120, "none", None),
        (120, None, None),
        (101, "up", None),
        (None, "up", None),
    ],
)
def test_whether_an_outcome_is_better_depends_on_the_desired_direction_alone(
    current: float | None, direction: Any, expected: str | None
) -> None:
    assert judge(compare_relative(current, 100, COUNT), direction) == expected


def test_the_default_limits_are_those_of_the_tests() -> None:
    assert DEFAULT_LIMITS == {"spread": 1, "relative": 4, "points": 2}
    assert compare_relative(1, 1, COUNT).limit == DEFAULT_LIMITS["relative"]


MIRRORED = {"Higher": "Lower", "Lower": "Higher", "Comparable": "Comparable"}
fractions = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
totals = st.integers(1, 400)
counts = st.integers(0, 300)
spans = st.integers(1, 36)


@given(fractions, fractions)
def test_swapping_the_sides_of_points_swaps_the_verdict(first: float, second: float) -> None:
    there, back = compare_points(first, second, RATE), compare_points(second, first, RATE)
    assert there.verdict is not None
    assert back.verdict == MIRRORED[there.verdict]


@given(totals, totals, st.data())
def test_swapping_two_proportions_swaps_the_verdict(
    total: int, other_total: int, data: st.DataObject
) -> None:
    cases = data.draw(st.integers(0, total))
    other_cases = data.draw(st.integers(0, other_total))
    there = compare_proportion(cases, total, other_cases, other_total, RATE)
    back = compare_proportion(other_cases, other_total, cases, total, RATE)
    assert there.verdict is not None
    assert back.verdict == MIRRORED[there.verdict]
    assert back.p_value == pytest.approx(there.p_value)
    assert verdict_has_the_sign_of_the_change(there)


@given(counts, spans, counts, spans)
def test_swapping_two_counts_swaps_the_verdict(
    count: int, months: int, other: int, other_months: int
) -> None:
    there = compare_poisson(count, months, other, other_months, COUNT)
    back = compare_poisson(other, other_months, count, months, COUNT)
    assert there.verdict is not None
    assert back.verdict == MIRRORED[there.verdict]
    assert verdict_has_the_sign_of_the_change(there)


def verdict_has_the_sign_of_the_change(outcome: Outcome) -> bool:
    assert outcome.change is not None
    if outcome.verdict == "Higher":
        return outcome.change > 0
    return outcome.verdict == "Comparable" or outcome.change < 0


figures = st.floats(-1e6, 1e6)
twelve = st.lists(figures, min_size=12, max_size=12)


@given(figures, figures, twelve, st.floats(0, 10))
def test_a_verdict_always_has_the_sign_of_the_change(
    current: float, comparator: float, months: Sequence[float], limit: float
) -> None:
    for outcome in (
        compare_spread(current, comparator, months, COUNT, limit),
        compare_relative(current, comparator, COUNT, limit),
        compare_points(current, comparator, COUNT, limit),
        compare_xmr(current, months, COUNT),
    ):
        assert verdict_has_the_sign_of_the_change(outcome)
        assert outcome.reason.endswith(f"so {outcome.verdict}")


@given(figures, figures, twelve, st.sampled_from([2.0, 0.5, -1.0]))
def test_another_unit_of_the_same_figures_gives_the_same_verdict(
    current: float, comparator: float, months: Sequence[float], factor: float
) -> None:
    assume(all(value == 0 or abs(value) > 1e-3 for value in (current, comparator, *months)))
    assume(abs(current - comparator) > 1e-6)
    scaled = [month * factor for month in months]
    for first, second in (
        (
            compare_spread(current, comparator, months, COUNT),
            compare_spread(current * factor, comparator * factor, scaled, COUNT),
        ),
        (
            compare_relative(current, comparator, COUNT),
            compare_relative(current * factor, comparator * factor, COUNT),
        ),
    ):
        assert first.verdict is not None
        expected = first.verdict if factor > 0 else MIRRORED[first.verdict]
        assert second.verdict == expected
