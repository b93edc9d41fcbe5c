"""Control charts: the reference's cases, each rule by hand, gaps, and what must never matter."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.errors import UsageError
from xlgov.kpi.spc import assure, name_variation, xmr
from xlgov.kpi.spc_chart import is_short, show_plain
from xlgov.kpi.spc_rules import (
    find_run_ends,
    find_trend_ends,
    find_two_in_three,
    find_windows,
    mark_back,
)

VECTORS = Path(__file__).parent / "spc_vectors"
CASES = json.loads((VECTORS / "xmr_cases.json").read_text(encoding="utf-8"))
RULES = json.loads((VECTORS / "xmr_unit_rules.json").read_text(encoding="utf-8"))
MODES = {
    False: "expected_screen_outliers_false_mdc_excel",
    True: "expected_screen_outliers_true",
}

# The reference's words in ours.
DESIRED = {"increase": "up", "decrease": "down", "neutral": None}
CAUSES = {
    "Common Cause": None,
    "Above UCL": "above limit",
    "Below LCL": "below limit",
    "7 Point Trend (Increasing)": "rising",
    "7 Point Trend (Decreasing)": "falling",
    "2 in 3 Above CL": "two in three high",
    "2 in 3 Below CL": "two in three low",
    "7 Points Above CL": "run above",
    "7 Points Below CL": "run below",
}
VARIATIONS = {
    "common_cause": "common cause",
    "special_cause_improvement": "improvement",
    "special_cause_concern": "concern",
    "special_cause_neutral_high": "neutral high",
    "special_cause_neutral_low": "neutral low",
}
ASSURANCES = {
    None: None,
    "consistent_pass": "passing",
    "consistent_fail": "failing",
    "inconsistent": "hit and miss",
}
MIRRORED = {
    None: None,
    "above limit": "below limit",
    "below limit": "above limit",
    "rising": "falling",
    "falling": "rising",
    "two in three high": "two in three low",
    "two in three low": "two in three high",
    "run above": "run below",
    "run below": "run above",
}


def chart_of(case: dict[str, Any], screen: bool) -> Any:
    rebased = case["rebase_dates"] or []
    rebased = [rebased] if isinstance(rebased, str) else rebased
    assert case["fix_after_n_points"] is None, "no case fixes its limits; xmr cannot either"
    return xmr(
        case["y"],
        desired=DESIRED[case["improvement_direction"]],  # type: ignore[arg-type]  # from JSON
        target=case["target"],
        rebase_at=[case["dates"].index(day) for day in rebased],
        screen=screen,
    )


def causes_of(chart: Any) -> list[str | None]:
    return [point.special_cause for point in chart.points]


@pytest.mark.parametrize("screen", MODES, ids=["unscreened", "screened"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_of_the_reference_is_matched(case: dict[str, Any], screen: bool) -> None:
    if screen and case["id"] == "edge_constant":
        pytest.skip("the reference gives a constant series no limits when screened; we keep them")
    expected, chart = case[MODES[screen]], chart_of(case, screen)
    points = chart.points
    assert [point.value for point in points] == case["y"]
    assert [point.centre for point in points] == pytest.approx(expected["mean"], abs=1e-9)
    assert [point.lower for point in points] == pytest.approx(expected["lpl"], abs=1e-9)
    assert [point.upper for point in points] == pytest.approx(expected["upl"], abs=1e-9)
    assert [point.period for point in points] == expected["rebase_group"]
    assert causes_of(chart) == [CAUSES[cause] for cause in expected["special_cause_type"]]
    outside = [point.special_cause in ("above limit", "below limit") for point in points]
    assert outside == expected["outside_limits"]
    near = [
        not out and not point.near_lower <= point.value <= point.near_upper
        for point, out in zip(points, outside, strict=True)
    ]
    assert near == expected["close_to_limits"]
    sides = [(point.value > point.centre) - (point.value < point.centre) for point in points]
    assert sides == expected["relative_to_mean"]
    assert chart.variation == VARIATIONS[expected["variation"]]
    assert chart.assurance == ASSURANCES[expected["assurance"]]
    assert chart.short == expected["short_group_warning"][-1]


@pytest.mark.parametrize("screen", MODES, ids=["unscreened", "screened"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_point_means_what_the_reference_says_were_it_the_last(
    case: dict[str, Any], screen: bool
) -> None:
    desired = DESIRED[case["improvement_direction"]]
    found = [
        name_variation(point.special_cause, desired)  # type: ignore[arg-type]  # from JSON
        for point in chart_of(case, screen).points
    ]
    assert found == [VARIATIONS[word] for word in case[MODES[screen]]["point_type"]]


def mark_rule(rule: str, given_: dict[str, Any]) -> Any:
    """What our function of a rule says, in the reference's numbers."""
    if rule == "run7_end_flag":
        return [abs(end) for end in find_run_ends(given_["relative_to_mean"])]
    if rule == "backfill7":
        return [abs(mark) for mark in mark_back(given_["v"])]
    if rule == "trend7_end_flag":
        return find_trend_ends(given_["y"])
    if rule in ("two_in_three_window", "two_in_three_flagged_points"):
        find = find_windows if rule == "two_in_three_window" else find_two_in_three
        return [int(mark) for mark in find(given_["close_to_limits"], given_["relative_to_mean"])]
    if rule == "short_group_warning":
        return [is_short(size, given_["threshold"]) for size in given_["group_sizes"]]
    desired = DESIRED[given_["improvement_direction"]]
    if rule == "assurance":
        lower, upper = given_["lpl"], given_["upl"]
        return assure(lower, upper, given_["target"], desired)  # type: ignore[arg-type]  # from JSON
    assert rule == "assurance_rebased_last_group_decides"
    return assurance_of_last(given_["groups_in_order"], given_["target"], desired)


def assurance_of_last(groups: list[list[float]], target: float, desired: Any) -> Any:
    """A chart whose periods have the given limits: two readings about the middle give them."""
    values: list[float] = []
    for lower, upper in groups:
        step = (upper - lower) / 2 / 2.66
        middle = (lower + upper) / 2
        values += [middle - step / 2, middle + step / 2]
    chart = xmr(values, desired=desired, target=target, rebase_at=[2, 4])
    drawn = [(point.lower, point.upper) for point in chart.points[::2]]
    assert [value for pair in drawn for value in pair] == pytest.approx(
        [value for pair in groups for value in pair]
    )
    return chart.assurance


@pytest.mark.parametrize(
    "rule", RULES, ids=[f"{rule['rule']}-{place}" for place, rule in enumerate(RULES)]
)
def test_a_rule_of_the_reference_is_matched(rule: dict[str, Any]) -> None:
    expected = rule["expected"]
    if rule["rule"].startswith("assurance"):
        expected = ASSURANCES[expected]
    assert mark_rule(rule["rule"], rule["input"]) == expected


def test_lines_are_those_that_a_pocket_calculator_gives() -> None:
    chart = xmr([3, 5, 4, 4, 9])  # mean 25 / 5; moving ranges 2, 1, 0, 5, mean 2
    point = chart.points[0]
    assert point.centre == 5
    assert (point.lower, point.upper) == pytest.approx((5 - 2.66 * 2, 5 + 2.66 * 2))
    assert (point.near_lower, point.near_upper) == pytest.approx(
        (5 - 2.66 * 4 / 3, 5 + 2.66 * 4 / 3)
    )


def test_screening_drops_the_outlying_moving_range_once() -> None:
    values = [*([10, 11] * 6), 40]  # moving ranges: eleven of 1 and one of 29, mean 40 / 12
    plain, screened = xmr(values), xmr(values, screen=True)
    assert plain.points[0].upper == pytest.approx(166 / 13 + 2.66 * 40 / 12)
    assert screened.points[0].upper == pytest.approx(166 / 13 + 2.66)
    assert screened.points[0].centre == plain.points[0].centre


@pytest.mark.parametrize("screen", MODES)
@pytest.mark.parametrize("value", [7, 0, 0.1, -0.7, 1 / 3, 1e9 + 0.1])
def test_a_constant_series_has_its_limits_on_the_mean_and_nothing_special(
    value: float, screen: bool
) -> None:
    chart = xmr([value] * 13, desired="up", target=value, screen=screen)
    assert {(p.lower, p.centre, p.upper) for p in chart.points} == {
        (chart.points[0].centre,) * 3  # all on one line
    }
    assert chart.points[0].centre == pytest.approx(value, rel=1e-15)
    assert causes_of(chart) == [None] * 13
    assert (chart.variation, chart.assurance) == ("common cause", "hit and miss")


def test_figures_that_differ_by_rounding_alone_are_ties() -> None:
    values = [0.1, 0.2, 0.3, 0.1 + 0.2, 0.4, 0.5, 0.6]  # 0.1 + 0.2 is a little above 0.3
    assert find_trend_ends(values)[-1] == 1
    assert "rising" not in causes_of(xmr(values))


def test_a_gap_is_no_zero_and_no_moving_range_crosses_it() -> None:
    chart = xmr([10, 12, None, 30, math.nan, 20, 21])
    assert chart.points[0].centre == pytest.approx(93 / 5)
    assert chart.points[0].upper == pytest.approx(93 / 5 + 2.66 * (2 + 1) / 2)
    for gap in (chart.points[2], chart.points[4]):
        assert (gap.value, gap.special_cause) == (None, None)
        assert (gap.centre, gap.upper) == (chart.points[0].centre, chart.points[0].upper)


def test_a_gap_breaks_a_trend_and_a_run() -> None:
    rising = [50, 10, 60, 5, *range(20, 27)]
    assert causes_of(xmr(rising))[-7:] == ["rising"] * 7
    assert "rising" not in causes_of(xmr([*rising[:-3], None, *rising[-3:]]))
    low_then_high = [1, 2] * 6 + [1, 4, 3, 4, 3, 4, 3, 4]
    assert causes_of(xmr(low_then_high))[-7:] == ["run above"] * 7
    with_gap = [*low_then_high[:-3], None, *low_then_high[-3:]]
    assert causes_of(xmr(with_gap))[-8:] == [None] * 8


def test_the_variation_is_of_the_last_reading_though_gaps_follow() -> None:
    values = [10, 12] * 10 + [40, None, None]
    chart = xmr(values, desired="down")
    assert chart.latest is chart.points[20]
    assert (chart.variation, chart.readings) == ("concern", 21)


@pytest.mark.parametrize(
    ("desired", "high", "low"),
    [
        ("up", "improvement", "concern"),
        ("down", "concern", "improvement"),
        (None, "neutral high", "neutral low"),
        ("none", "neutral high", "neutral low"),
    ],
)
def test_what_a_cause_means_depends_on_the_desired_direction(
    desired: Any, high: str, low: str
) -> None:
    usual = [10, 12] * 10
    assert xmr([*usual, 40], desired=desired).variation == high
    assert xmr([*usual, -40], desired=desired).variation == low
    assert xmr([*usual, 11], desired=desired).variation == "common cause"


def test_a_target_on_a_limit_is_hit_and_miss() -> None:
    upper = xmr([3, 5, 4, 4, 9]).points[0].upper
    assert xmr([3, 5, 4, 4, 9], desired="up", target=upper).assurance == "hit and miss"
    assert xmr([3, 5, 4, 4, 9], desired="up", target=10.33).assurance == "failing"
    assert xmr([3, 5, 4, 4, 9], desired="up", target=math.nan).assurance is None
    assert xmr([3, 5, 4, 4, 9], target=4).assurance is None


def test_a_peak_between_two_trends_takes_the_direction_of_the_later() -> None:
    up_and_down = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    assert mark_back(find_trend_ends(up_and_down)) == [1] * 6 + [-1] * 7
    with_tie = [1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1]
    assert mark_back(find_trend_ends(with_tie)) == [1] * 7 + [-1] * 7


def test_fewer_than_thirteen_readings_since_the_rebase_are_short() -> None:
    values = [10, 12] * 13
    assert not xmr(values[:13]).short
    assert xmr(values[:12]).short
    assert xmr([*values[:12], None]).short
    assert xmr(values, rebase_at=[14]).readings == 12
    assert xmr(values, rebase_at=[14]).short
    assert not xmr(values, rebase_at=[13]).short


def test_one_reading_has_a_mean_and_no_limits() -> None:
    chart = xmr([5], desired="up", target=3)
    point = chart.points[0]
    assert (point.centre, point.lower, point.upper, point.near_upper) == (5, None, None, None)
    assert (chart.variation, chart.assurance, chart.short) == ("common cause", None, True)
    assert chart.reason == (
        "The latest reading, 5, stands beside a mean of 5 without limits, as no two readings "
        "follow each other; the target of 3 is not judged, as there are no limits; with 1 reading "
        "of 13 the limits are provisional"
    )


@pytest.mark.parametrize("values", [[], [None], [None, math.nan]])
def test_no_readings_give_a_chart_that_says_so(values: list[float | None]) -> None:
    chart = xmr(values, desired="up", target=3)
    assert len(chart.points) == len(values)
    assert (chart.variation, chart.assurance, chart.latest) == (None, None, None)
    assert chart.reason == "There are no readings"


def test_a_rebase_after_the_last_reading_leaves_the_latest_judged_by_its_own_period() -> None:
    chart = xmr([10, 12] * 7 + [None, None], desired="up", target=0, rebase_at=[14])
    assert (chart.points[-1].centre, chart.points[-1].period) == (None, 1)
    assert (chart.readings, chart.assurance) == (14, "passing")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rebase_at": [3]}, "rebase_at holds 3; expected positions 0 to 2"),
        ({"rebase_at": [-1]}, "rebase_at holds -1; expected positions 0 to 2"),
        ({"desired": "higher"}, "desired is 'higher'; expected 'up', 'down' or None"),
        ({"target": math.inf}, "target is inf; expected a number"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_refused(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        xmr([1, 2, 3], **arguments)


@pytest.mark.parametrize("value", ["7", math.inf, -math.inf])
def test_a_value_that_is_no_number_is_refused_with_its_position(value: Any) -> None:
    with pytest.raises(UsageError, match=r"^values\[1\] is .* expected a number, or None"):
        xmr([1, value, 3])
    with pytest.raises(UsageError, match="expected positions none, as there are no values"):
        xmr([], rebase_at=[0])


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ([10, 12] * 10 + [40], "reading, 40, is above the upper limit of 21.16: concern, as lower"),
        ([10, 12] * 10 + [-40], "is below the lower limit of -3.399: improvement, as lower is"),
        ([20, 26, *range(20, 27)], "26, ends 7 or more readings that rise without a break: conc"),
        ([20, 14, *range(20, 13, -1)], "14, ends 7 or more readings that fall without a break"),
        ([10, 12] * 14 + [15.6] * 2, "15.6, is one of at least 2 in the last 3 close to the upper"),
        ([12, 10] * 14 + [6.4] * 2, "6.4, is one of at least 2 in the last 3 close to the lower"),
        ([1, 2] * 6 + [4, 3, 4, 3, 4, 3, 4], "4, ends 7 or more in a row above the mean of 2."),
        ([4, 3] * 6 + [1, 2, 1, 2, 1, 2, 1], "1, ends 7 or more in a row below the mean of 2."),
        ([10, 12] * 10, "The latest reading, 12, is common cause: usual variation around the mean"),
    ],
)
def test_the_reason_says_which_rule_applied_with_its_figures(
    values: list[float], part: str
) -> None:
    assert part in xmr(values, desired="down").reason


def test_the_reason_says_how_the_target_lies() -> None:
    values = [10, 12] * 10  # mean 11, limits 11 - 5.32 and 11 + 5.32
    limits = "the limits 5.68 and 16.32"
    assert xmr(values, desired="up", target=5).reason.endswith(
        f"; the target of 5 is below {limits}, so consistently passing"
    )
    assert xmr(values, desired="up", target=20).reason.endswith(
        f"; the target of 20 is above {limits}, so consistently failing"
    )
    assert xmr(values, desired="up", target=11).reason.endswith(
        f"; the target of 11 is not outside {limits}, so hit and miss"
    )
    assert xmr(values, target=11).reason.endswith("not judged, as no direction is desired")


def test_the_sentence_is_said_in_the_unit_of_the_indicator() -> None:
    chart = xmr([0.5, 0.6] * 10, desired="up", target=0.55)
    sentence = chart.explain(lambda figure: f"{figure:.1%}")
    assert "The latest reading, 60.0%," in sentence
    assert "the target of 55.0% is not outside" in sentence
    assert show_plain(4987.6) == "4,988"


# Whole numbers, so that shifting and mirroring are exact.
figures = st.integers(-500, 500)
series = st.lists(figures, min_size=1, max_size=40)
gapped = st.lists(st.one_of(figures, st.none()), min_size=1, max_size=40)


@given(gapped, st.integers(-10_000, 10_000), st.booleans())
def test_shifting_the_values_shifts_the_lines_and_no_flag(
    values: list[int | None], shift: int, screen: bool
) -> None:
    before = xmr(values, desired="up", screen=screen)
    after = xmr([v if v is None else v + shift for v in values], desired="up", screen=screen)
    assert causes_of(after) == causes_of(before)
    assert after.variation == before.variation
    for old, new in zip(before.points, after.points, strict=True):
        for line in ("centre", "lower", "upper", "near_lower", "near_upper"):
            was, now = getattr(old, line), getattr(new, line)
            assert (was is None) == (now is None)
            assert was is None or now == pytest.approx(was + shift, abs=1e-8)


@given(gapped, st.booleans())
def test_mirrored_values_have_mirrored_flags(values: list[int | None], screen: bool) -> None:
    chart = xmr(values, desired="up", target=100, screen=screen)
    mirrored = xmr(
        [v if v is None else -v for v in values], desired="down", target=-100, screen=screen
    )
    assert causes_of(mirrored) == [MIRRORED[cause] for cause in causes_of(chart)]
    assert (mirrored.variation, mirrored.assurance) == (chart.variation, chart.assurance)


@given(series, series, st.booleans())
def test_a_rebase_makes_two_charts_that_know_nothing_of_each_other(
    first: list[int], second: list[int], screen: bool
) -> None:
    both = xmr([*first, *second], desired="up", target=3, rebase_at=[len(first)], screen=screen)
    apart = [xmr(part, desired="up", target=3, screen=screen) for part in (first, second)]
    points = [*apart[0].points, *apart[1].points]
    assert [(p.centre, p.lower, p.upper, p.special_cause) for p in both.points] == [
        (p.centre, p.lower, p.upper, p.special_cause) for p in points
    ]
    assert (both.variation, both.assurance) == (apart[1].variation, apart[1].assurance)
    assert both.reason == apart[1].reason


@given(series)
def test_screening_never_widens_the_limits(values: list[int]) -> None:
    plain, screened = xmr(values).points[0], xmr(values, screen=True).points[0]
    if plain.upper is not None and screened.upper is not None:
        assert screened.upper <= plain.upper + 1e-9
