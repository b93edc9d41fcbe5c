"""Months and the windows of a dashboard, by dates that anyone can count on a calendar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.kpi.period import (
    Month,
    Window,
    baseline,
    fytd,
    rolling,
    year_before,
    year_name,
    year_start,
)

MONTHS = st.builds(Month, st.integers(1990, 2060), st.integers(1, 12))
MARCH, APRIL, NOVEMBER = Month(2018, 3), Month(2018, 4), Month(2017, 11)


def test_months_are_counted_over_the_ends_of_years() -> None:
    assert MARCH.plus(1) == APRIL
    assert MARCH.plus(-3) == Month(2017, 12)
    assert MARCH.plus(-36) == Month(2015, 3)
    assert Month(2018, 1).plus(-1) == Month(2017, 12)
    assert Month(2017, 12).plus(1) == Month(2018, 1)
    assert MARCH.since(Month(2015, 4)) == 35
    assert Month(2015, 4).since(MARCH) == -35
    assert sorted([MARCH, NOVEMBER, APRIL]) == [NOVEMBER, MARCH, APRIL]


def test_a_month_is_said_short_and_in_full() -> None:
    assert (str(Month(2009, 9)), Month(2009, 9).name) == ("Sep-09", "September 2009")
    assert Month.of(date(2018, 3, 31)) == MARCH
    assert MARCH.first_day == date(2018, 3, 1)


@pytest.mark.parametrize(
    ("month", "start", "first"),
    [
        (MARCH, 4, Month(2017, 4)),
        (APRIL, 4, Month(2018, 4)),
        (NOVEMBER, 4, Month(2017, 4)),
        (MARCH, 1, Month(2018, 1)),
        (MARCH, 3, Month(2018, 3)),
        (MARCH, 9, Month(2017, 9)),
        (Month(2018, 9), 9, Month(2018, 9)),
        (Month(2018, 8), 9, Month(2017, 9)),
        (Month(2018, 11), 12, Month(2017, 12)),
    ],
)
def test_a_financial_year_begins_in_any_month(month: Month, start: int, first: Month) -> None:
    assert year_start(month, start) == first
    assert fytd(month, start) == Window(first, month)
    assert baseline(month, start) == Window(first.plus(-12), first.plus(-1))


def test_the_windows_of_march_are_those_of_the_papers() -> None:
    assert str(fytd(MARCH)) == "Apr-17 to Mar-18"
    assert str(fytd(MARCH).plus(-12)) == "Apr-16 to Mar-17"
    assert str(rolling(MARCH)) == "Apr-17 to Mar-18"
    assert str(rolling(MARCH, 3)) == "Apr-15 to Mar-18"
    assert str(baseline(MARCH)) == "Apr-16 to Mar-17"
    assert str(year_before(MARCH)) == "Apr-16 to Mar-17"
    assert str(year_before(MARCH, 3)) == "Apr-14 to Mar-17"


def test_the_windows_of_june_are_in_the_year_that_has_just_begun() -> None:
    june = Month(2018, 6)
    assert str(fytd(june)) == "Apr-18 to Jun-18"
    assert str(fytd(june).plus(-12)) == "Apr-17 to Jun-17"
    assert str(rolling(june)) == "Jul-17 to Jun-18"
    assert str(baseline(june)) == "Apr-17 to Mar-18"
    assert str(year_before(june)) == "Jul-16 to Jun-17"


def test_a_window_of_one_month_is_said_as_that_month() -> None:
    window = fytd(APRIL)
    assert (window.length, str(window), list(window.months())) == (1, "Apr-18", [APRIL])


def test_a_year_is_named_as_people_write_it() -> None:
    assert [year_name(month) for month in (MARCH, APRIL, Month(2000, 1))] == [
        *("2017/18", "2018/19", "1999/00"),
    ]
    assert year_name(MARCH, start=1) == "2018"


@given(MONTHS, st.integers(-600, 600))
def test_going_and_coming_back_ends_at_the_same_month(month: Month, step: int) -> None:
    there = month.plus(step)
    assert there.plus(-step) == month
    assert there.since(month) == step


@given(MONTHS, st.integers(1, 12))
def test_windows_have_their_lengths_and_ends(month: Month, start: int) -> None:
    year = fytd(month, start)
    assert 1 <= year.length <= 12
    assert year.first.month == start
    assert baseline(month, start).length == rolling(month).length == 12
    assert baseline(month, start).last.plus(1) == year.first
    assert len(list(rolling(month, 3).months())) == rolling(month, 3).length == 36
    assert year_before(month, 3).last == month.plus(-12)
    if year.length == 12:
        assert year == rolling(month)
