"""Dates typed as text."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.grid.dates import (
    find_date,
    month_number,
    must_be_month_first,
    parse_date,
    parse_month_year,
)

JANUARY_31 = date(2017, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31/01/2017",
        "31/1/2017",
        "31-1-17",
        "31.01.2017",
        "31 / 01 / 2017",
        "31 Jan 2017",
        "31-Jan-17",
        "31-JAN-2017",
        "31st January 2017",
        "31st of January, 2017",
        "31 January '17",
        "January 31, 2017",
        "Jan 31st 2017",
        "Jan. 31, 2017",
        "2017-01-31",
        "2017/01/31",
        "2017-01-31T00:00:00",
        "2017-01-31 00:00:00",
        "31/01/2017 14:30",
        "Tuesday 31 January 2017",
        "Tues, 31 January 2017",
        "  31/01/2017\n",
        "31\u00a0January\u00a02017",
    ],
)
def test_a_date_is_read_however_it_is_typed(text: str) -> None:
    assert parse_date(text) == JANUARY_31
    assert find_date(text) == JANUARY_31


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "TBC",
        "January 2017",
        "31 January",
        "2017",
        "2016/17",
        "31/02/2017",
        "29/02/2017",
        "31/04/2017",
        "0/1/2017",
        "32 January 2017",
        "2017-13-01",
        "31 Marketing 2017",
        "31/01-2017",
        "31/01/217",
        "10.1.17.3",
        "1.10.1.17",
        "31/01/1066",
        "131/01/2017",
        "5 May 12:30",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None
    assert find_date(text) is None


def test_a_date_inside_a_longer_text_is_found_but_is_not_the_text() -> None:
    assert find_date("Update 31 January 2017") == JANUARY_31
    assert parse_date("Update 31 January 2017") is None
    assert find_date("Update:31/01/2017.") == JANUARY_31
    assert find_date("Closed (31.1.17)") == JANUARY_31
    assert find_date("SR3.3 reviewed 31-01-2017, next 30-04-2017") == JANUARY_31


def test_a_range_of_dates_gives_its_first_day() -> None:
    assert find_date("31/01/2017-28/02/2017") == JANUARY_31


def test_a_paragraph_number_does_not_hide_the_date() -> None:
    assert find_date("see 3.1.17, agreed 31 January 2017") == JANUARY_31


def test_the_first_date_that_exists_is_taken() -> None:
    assert find_date("due 31/02/2017, moved to 31/01/2017") == JANUARY_31


def test_day_and_month_are_never_swapped_to_make_a_date() -> None:
    assert parse_date("01/31/2017") is None
    assert parse_date("01/31/2017", day_first=False) == JANUARY_31
    assert parse_date("31/01/2017", day_first=False) is None
    assert parse_date("02/03/2017") == date(2017, 3, 2)
    assert parse_date("02/03/2017", day_first=False) == date(2017, 2, 3)
    assert parse_date("2017-03-02", day_first=False) == date(2017, 3, 2)


def test_only_a_date_that_cannot_be_day_first_must_be_month_first() -> None:
    assert must_be_month_first("01/31/2017")
    assert must_be_month_first("Update 1-31-17")
    assert not must_be_month_first("31/01/2017")
    assert not must_be_month_first("02/03/2017")
    assert not must_be_month_first("13/31/2017")
    assert not must_be_month_first("January 31, 2017")
    assert not must_be_month_first("2017-01-31")
    assert not must_be_month_first("")


def test_two_digit_years_run_from_1930_to_2029() -> None:
    assert parse_date("1/2/30") == date(1930, 2, 1)
    assert parse_date("1/2/29") == date(2029, 2, 1)


def test_september_has_three_spellings() -> None:
    for name in ("September", "Sept", "Sep", "SEPT."):
        assert parse_date(f"3 {name} 2018") == date(2018, 9, 3)


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)), st.booleans())
def test_every_date_is_read_back_from_every_form(day: date, day_first: bool) -> None:
    year = f"{day.year:04d}"
    numbers = (day.day, day.month) if day_first else (day.month, day.day)
    for text in (
        day.isoformat(),
        f"{numbers[0]}/{numbers[1]}/{year}",
        f"{numbers[0]:02d}.{numbers[1]:02d}.{year}",
        f"{day.day} {day:%B} {year}",
        f"{day:%b} {day.day}, {year}",
    ):
        assert parse_date(text, day_first) == day
        assert find_date(f"Status: {text} (agreed)", day_first) == day


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31) - timedelta(days=1)))
def test_two_digit_years_are_read_back(day: date) -> None:
    assert parse_date(f"{day.day}-{day.month}-{day:%y}") == day


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    found = parse_date(text)
    if found:
        assert find_date(text) is not None
    must_be_month_first(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2018-03", "2018-3", "2018.03", "03/2018", "3-2018", "Mar-18", "mar 18", "MAR. 2018"),
        *("March 2018", " March, 2018 ", "Mar'18", "Mar '18", "March2018"),
    ],
)
def test_a_month_is_read_in_any_of_its_spellings(text: str) -> None:
    assert parse_month_year(text) == (2018, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("", "March", "2018", "03/18", "2018-13", "0/2018", "2018-0", "31 March 2018"),
        *("Mar-18-19", "2018/19", "2011/12", "Q1 2018", "as at March 2018", "1803", "mars 2018"),
    ],
)
def test_what_is_no_month_or_something_else_too_is_no_month(text: str) -> None:
    assert parse_month_year(text) is None


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_every_month_is_read_back_from_every_form(day: date) -> None:
    year = f"{day.year:04d}"
    for text in (f"{year}-{day.month:02d}", f"{day:%B} {year}", f"{day:%b}-{year}"):
        assert parse_month_year(text) == (day.year, day.month)
    if 1930 <= day.year <= 2029:
        assert parse_month_year(f"{day:%b-%y}") == (day.year, day.month)
    assert month_number(f"{day:%b}.") == day.month
