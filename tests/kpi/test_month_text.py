"""Months are read as people write them, and another month is written in the same manner."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grid.literal import Book
from xlgov.grid.cells import serial_from_date
from xlgov.grid.sheet import Cell
from xlgov.kpi.month_text import (
    cell_month,
    find_month,
    month_name_only,
    number_month,
    parse_month,
    read_year,
    write_month,
)
from xlgov.kpi.period import Month

MARCH = Month(2018, 3)
MONTHS = st.builds(Month, st.integers(2000, 2029), st.integers(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        *("Mar-18", "Mar 18", "Mar'18", "Mar’18", "MAR 2018", "March 2018", "March-2018", "mar–18"),
        *("2018-03", "2018/03", "03/2018", "3/2018", "03-2018", "201803", "2018 Mar", "2018-March"),
        *("31/03/2018", "1st March 2018", "Friday 30 March 2018", "2018-03-31", "31.03.18"),
        *(" Mar-18 ", "Mar\n18", "March\n2018", "Mar. 18", "Mar18", "(Mar-18)", "March, 2018"),
    ],
)
def test_ways_to_write_march(text: str) -> None:
    assert parse_month(text) == MARCH


@pytest.mark.parametrize(
    "text",
    [
        *("", "May", "FYTD", "Q1 2018", "2017/18", "2011/12", "Mar-18 to Jun-18", "1.5", "2018"),
        *(
            "18-Mar",
            "Mar 2017/18",
            "13/2018",
            "2018-13",
            "31/02/2018",
            "Summary 18",
            "Mar-18 Actual",
        ),
        *("12", "Mars 18", "201813", "1.03.2018.4"),
    ],
)
def test_what_is_no_month(text: str) -> None:
    assert parse_month(text) is None


def test_day_and_month_are_never_swapped_silently() -> None:
    assert parse_month("02/03/2018") == MARCH
    assert parse_month("02/03/2018", day_first=False) == Month(2018, 2)
    assert parse_month("03/31/2018") is None


def test_september_has_two_short_names_and_old_years_two_figures() -> None:
    assert parse_month("Sept-17") == parse_month("Sep 17") == Month(2017, 9)
    assert (parse_month("Apr 29"), parse_month("Apr 31")) == (Month(2029, 4), Month(1931, 4))


def test_a_cell_with_a_date_format_is_a_month_and_a_plain_number_is_not() -> None:
    serial = serial_from_date(date(2018, 3, 31))
    assert cell_month(Book(), Cell(1, 1, serial, style=1)) == MARCH
    assert cell_month(Book(), Cell(1, 1, serial)) is None
    assert cell_month(Book(), Cell(1, 1, "Mar 18")) == MARCH
    assert cell_month(Book(), Cell(1, 1, None)) is None
    assert (number_month(201803), number_month(201813), number_month(201803.5)) == (
        MARCH,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("Apr", 4), ("april", 4), ("SEPT.", 9), ("May ", 5), ("Apr 17", None), ("", None)],
)
def test_a_name_without_a_year(text: str, number: int | None) -> None:
    assert month_name_only(text) == number


@pytest.mark.parametrize("label", ["2017/18", "FY 2017-18", "2017-2018", "FY17/18", "2017–18"])
def test_a_financial_year_runs_over_the_turn_of_the_year(label: str) -> None:
    year = read_year(label)
    assert year is not None
    assert (year.month(4), year.month(3)) == (Month(2017, 4), MARCH)
    assert year.month(9, start=10) == Month(2018, 9)


def test_a_calendar_year_and_what_is_no_year() -> None:
    for label in (2017, 2017.0, "2017", "Year 2017"):
        year = read_year(label)
        assert year is not None and year.month(3) == Month(2017, 3)
    for other in ("2017/19", "FY18", "17", 17, 43160, True, None, "Total"):
        assert read_year(other) is None, other


@pytest.mark.parametrize(
    ("like", "written"),
    [
        ("Mar-18", "Apr-18"),
        ("March 2018", "April 2018"),
        ("2018-03", "2018-04"),
        ("03/2018", "04/2018"),
        ("MAR 18", "APR 18"),
        ("mar 18", "apr 18"),
        ("Mar'18", "Apr'18"),
        ("201803", "201804"),
        ("2018 Mar", "2018 Apr"),
        ("March\n2018", "April\n2018"),
        ("31/03/2018", "30/04/2018"),
        ("15/3/18", "15/4/18"),
        ("2018-03-31", "2018-04-30"),
        ("31st March 2018", "30th April 2018"),
        ("March 1st, 2018", "April 1st, 2018"),
        ("Current month (Mar-18)", "Current month (Apr-18)"),
        ("Mar-18 Actual", "Apr-18 Actual"),
        ("Dashboard as at 31st March 2018", "Dashboard as at 30th April 2018"),
        ("2017/18 to Mar-18", "2017/18 to Apr-18"),
        ("Sept-17", "Apr-18"),
    ],
)
def test_april_in_the_manner_of_another_heading(like: str, written: str) -> None:
    assert write_month(like, Month(2018, 4)) == written


@pytest.mark.parametrize(
    "like",
    ["FYTD", "", "Q1 2018", "2017/18", "Mar-18 v Mar-17", "Friday 30 March 2018", "you may 18"],
)
def test_no_manner_to_write_in(like: str) -> None:
    assert write_month(like, Month(2018, 4)) is None


def test_the_same_month_is_left_as_it_stands() -> None:
    assert write_month("as at 7th mar. 2018", MARCH) == "as at 7th mar. 2018"


def test_where_a_month_stands_in_a_heading() -> None:
    found = find_month("Data to December 2017 (survey)")
    assert found == (Month(2017, 12), (8, 21))
    assert find_month("FY 2011-12") is None
    assert find_month("Mar-18 to Jun-18") is None


MANNERS = (
    *("Mar-18", "March 2018", "MARCH-2018", "Mar 2018", "2018-03", "03/2018", "201803"),
    *("2018 Mar", "31/03/2018", "1st March 2018", "Current month (Mar-18)"),
)


@given(st.sampled_from(MANNERS), MONTHS)
def test_what_is_written_is_read_back(like: str, month: Month) -> None:
    written = write_month(like, month)
    assert written is not None
    found = find_month(written)
    assert found is not None and found[0] == month


@given(st.sampled_from(MANNERS[:1] + MANNERS[4:6]), MONTHS, MONTHS)
def test_a_manner_survives_the_months_between(like: str, first: Month, second: Month) -> None:
    between = write_month(like, first)
    assert between is not None
    assert write_month(between, second) == write_month(like, second)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_without_a_fault(text: str) -> None:
    month = parse_month(text)
    assert month is None or 1 <= month.month <= 12
    found = find_month(text)
    assert found is None or found[1][0] < found[1][1] <= len(text)
