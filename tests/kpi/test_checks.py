"""What is wrong in the readings themselves, and what only looks so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kpi.made import MARCH, Made, make_series
from xlgov.changes import Finding
from xlgov.kpi.checks import check_readings
from xlgov.kpi.codes import CODES
from xlgov.kpi.indicator import resolve_indicator
from xlgov.kpi.period import Month
from xlgov.kpi.series import Series
from xlgov.settings.values import IndicatorRule, Settings

STEADY = [100 + step * 7 % 11 for step in range(60)]


def check(
    readings: Any,
    rule: IndicatorRule | None = None,
    others: dict[str, list[Made]] | None = None,
    **more: Any,
) -> list[Finding]:
    """The findings of an indicator in March 2018."""
    series = make_series(readings, **more)
    indicator = resolve_indicator(series, Settings(all_indicators=rule or IndicatorRule()))
    series_of: dict[str, Series] = {
        name: make_series(each, name=name) for name, each in (others or {}).items()
    }
    return check_readings(series, indicator, MARCH, series_of)


def said(*args: Any, **more: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in check(*args, **more)]


def with_last(*last: Made, steady: list[Any] = STEADY) -> list[Any]:
    """The steady readings, the last of them replaced."""
    return [*steady[: -len(last)], *last]


def test_readings_that_are_right_are_quiet() -> None:
    assert check(STEADY) == []
    assert check([0] * 60) == []
    assert check([(80 + step % 5, 100) for step in range(60)]) == []
    assert check([step**1.5 for step in range(60)]) == []  # it drifts
    assert check([20] * 30 + [40] * 30) == []  # it has moved to another level long ago
    assert check([0, 1, 0, 2, 0, 0, 1, 3, 0, 0, 1, 0] * 5) == []


# Rates


def test_a_numerator_above_its_denominator() -> None:
    (finding,) = check([*[(80, 100)] * 11, (101, 100)])
    assert (finding.code, finding.severity) == ("numerator-above-denominator", "error")
    assert finding.message.startswith("Hate Crime: Mar-18")
    assert "101" in finding.message and "100" in finding.message
    assert (finding.sheet, finding.address) == ("Data", "N2")
    assert said([(100, 100)] * 12) == []


def test_only_rates_in_per_cent_end_at_one() -> None:
    per = IndicatorRule(unit="per 1,000 population")
    assert said([(300, 200)] * 12, per) == []
    assert said([300] * 12) == []


def test_a_rate_above_one_in_a_month_that_a_column_looks_at() -> None:
    readings = [0.8] * 11 + [1.2]
    assert said(readings, in_percent=True) == [("rate-above-one", "Hate Crime: Mar-18 is 120.0%")]
    percent = IndicatorRule(unit="percent", combine="mean")
    assert said([80] * 11 + [120], percent) == [("rate-above-one", "Hate Crime: Mar-18 is 120.0%")]
    assert said([1.0] * 12, in_percent=True) == []
    shown = [("rate-above-one", "Hate Crime: Mar-17 is 120.0%")]
    assert said([1.2] + [0.8] * 12, in_percent=True) == shown  # the year before's average has it
    assert said([1.2] + [0.8] * 48, in_percent=True) == []  # no column looks at it any more


@pytest.mark.parametrize(("denominator", "found"), [(10, []), (9, ["denominator-small"])])
def test_denominators_too_small_for_a_rate(denominator: int, found: list[str]) -> None:
    findings = check([*[(5, 12)] * 11, (5, denominator)])
    assert [finding.code for finding in findings] == found
    assert all(finding.severity == "note" for finding in findings)


def test_only_the_reporting_month_is_too_small_to_read() -> None:
    assert check([(2, 5), *[(9, 12)] * 11]) == []


# History


def test_a_reading_far_outside_its_history() -> None:
    (finding,) = check(with_last(1050))
    assert (finding.code, finding.severity) == ("reading-breaks-history", "warning")
    assert finding.message.startswith("Hate Crime: Mar-18 is 1,050; the 24 readings before have")
    assert finding.address == "BJ2"


def test_a_zero_in_a_series_that_is_never_near_zero() -> None:
    assert said(with_last(0)) == [
        (
            "reading-breaks-history",
            "Hate Crime: Mar-18 is 0; the 24 readings before are never below 100",
        )
    ]
    assert said(with_last(0, steady=[3, 9, 12, 1, 8, 10] * 10)) == []  # near zero before


def test_a_reading_just_outside_the_limits_is_news_and_no_slip() -> None:
    assert check(with_last(125)) == []


def test_a_slip_of_years_ago_was_looked_at_then() -> None:
    assert check([*STEADY[:24], 1050, *STEADY[25:]]) == []


def test_a_slip_within_the_year_is_said_with_its_month() -> None:
    findings = check([*STEADY[:54], 1050, *STEADY[55:]])
    assert [finding.message.partition(" is ")[0] for finding in findings] == ["Hate Crime: Oct-17"]


def test_fewer_than_twelve_readings_are_no_history() -> None:
    assert check([100] * 10 + [0]) == []
    assert [finding.code for finding in check([100] * 12 + [0])] == ["reading-breaks-history"]


def test_a_month_without_cases_is_no_reading_to_judge() -> None:
    assert [each.code for each in check([*[(80, 100)] * 30, (0, 0)])] == ["denominator-small"]


# Gaps


def test_a_month_missing_between_others() -> None:
    assert said([*[5] * 9, None, 5, 5]) == [
        (
            "month-missing",
            "Hate Crime: no reading for Jan-18; the windows with this month have no value",
        )
    ]
    (finding,) = check([*[5] * 8, None, None, 5, 5])
    assert "Dec-17, Jan-18; the windows with these months" in finding.message


def test_months_before_the_first_and_after_the_last_are_not_missing() -> None:
    assert check([None, None, *[5] * 9, None]) == []
    assert check([]) == []


def test_many_missing_months_are_counted() -> None:
    (finding,) = check({Month(2017, 1): 5, MARCH: 5})
    assert "Feb-17, Mar-17, Apr-17, May-17, Jun-17, Jul-17 and 7 more" in finding.message


def test_gaps_that_no_column_looks_at_are_old_news() -> None:
    assert check({Month(2010, 1): 5, Month(2010, 3): 5, Month(2018, 2): 5, MARCH: 5})
    old = {Month(2010, 1): 5, **{MARCH.plus(-step): 5 for step in range(48)}}
    assert check(old) == []


# Parts


PARTS = IndicatorRule(parts=("Adults", "Youths"))


def test_parts_that_add_up_are_quiet() -> None:
    assert check([30] * 12, PARTS, {"Adults": [20] * 12, "Youths": [10] * 12}) == []
    assert check([0.3] * 12, PARTS, {"Adults": [0.1] * 12, "Youths": [0.2] * 12}) == []


def test_parts_that_do_not_add_up() -> None:
    adults: list[Made] = [*[20] * 10, 21, 22]
    (finding,) = check([30] * 12, PARTS, {"Adults": adults, "Youths": [10] * 12})
    assert (finding.code, finding.severity) == ("parts-differ", "error")
    assert finding.message == (
        "Hate Crime: Mar-18 is 30, its parts add up to 32, and so for 1 month before"
    )


def test_a_missing_part_is_no_zero() -> None:
    adults: list[Made] = [*[20] * 11, None]
    assert check([30] * 12, PARTS, {"Adults": adults, "Youths": [10] * 12}) == []


def test_a_part_that_is_unknown_is_said_with_the_nearest() -> None:
    (finding,) = check([30] * 12, PARTS, {"Adult persons": [20] * 12, "Youths": [10] * 12})
    assert finding.code == "indicator-unknown"
    assert "its part 'Adults' has no readings" in finding.message


def test_every_finding_has_a_code_of_the_list() -> None:
    found = check(with_last(None, 1050), PARTS)
    assert {finding.code for finding in found} <= set(CODES)
    assert all(finding.title and finding.remedy for finding in found)
