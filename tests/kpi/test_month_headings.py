"""Month headings follow the reporting month, each in the manner in which it is written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, Made
from xlgov.changes import CellChange, Finding
from xlgov.grid.cells import serial_from_date
from xlgov.kpi.dashboard import Row, Section, find_dashboard
from xlgov.kpi.month_headings import follow_month, label_month, say_other_months
from xlgov.kpi.period import Month
from xlgov.kpi.reporting import OwnMonth, Reporting, headed_month

MARCH, APRIL = Month(2018, 3), Month(2018, 4)


def day(*parts: int, format: str = "mmm-yy", is_formula: bool = False) -> Made:
    return Made(serial_from_date(date(*parts)), is_formula, format=format)


def sections(
    *headings: Any, more: tuple[list[Any], ...] = ()
) -> tuple[FakeWorkbook, list[Section]]:
    """A dashboard with these month headings, an indicator below, and more rows."""
    rows = [["Indicator", *headings, "FYTD", "Baseline"], ["Hate Crime", 1, 2, 3, 4, 5], *more]
    book = FakeWorkbook({"D": rows})
    return book, find_dashboard(book, ["D"], {"Hate Crime", "KSI"}.__contains__).sections


def follow(
    *headings: Any, month: Month = APRIL, day_first: bool = True
) -> tuple[list[CellChange], list[Finding]]:
    book, found = sections(*headings)
    reporting = Reporting(month, "--month", headed_month(found))
    return follow_month(book, found[0], reporting, day_first)


def after(*headings: Any, month: Month = APRIL) -> list[Any]:
    changes, findings = follow(*headings, month=month)
    assert findings == []
    return [change.after for change in changes]


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Mar-18", "Apr-18"),
        ("MAR 18", "APR 18"),
        ("March 2018", "April 2018"),
        ("march 18", "april 18"),
        ("Mar '18", "Apr '18"),
        ("2018-03", "2018-04"),
        ("03/2018", "04/2018"),
        ("2018 Mar", "2018 Apr"),
        ("31/03/2018", "30/04/2018"),
        ("31st March 2018", "30th April 2018"),
        ("Mar-18\n", "Apr-18\n"),
        ("Current month (Mar-18)", "Current month (Apr-18)"),
        ("This month: March 2018", "This month: April 2018"),
    ],
)
def test_a_text_keeps_its_manner(heading: str, wanted: str) -> None:
    assert after(heading) == [wanted]


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        (day(2018, 3, 1), date(2018, 4, 1)),
        (day(2018, 3, 31), date(2018, 4, 30)),
        (day(2018, 2, 28), date(2018, 4, 30)),
        (day(2018, 3, 15, format="mmmm yyyy"), date(2018, 4, 15)),
    ],
)
def test_a_date_stays_a_date_and_a_last_day_a_last_day(first: Made, wanted: date) -> None:
    assert after(first) == [wanted]


def test_each_heading_stays_its_years_before() -> None:
    changes, _ = follow("Mar-18", "Mar-17", "Mar-16", "Mar-15", month=Month(2019, 1))
    assert [(change.address, change.after) for change in changes] == [
        *(("B1", "Jan-19"), ("C1", "Jan-18"), ("D1", "Jan-17"), ("E1", "Jan-16")),
    ]
    assert {change.reason for change in changes} == {
        "the heading follows the reporting month, Jan-19"
    }


def test_headings_in_any_order_follow() -> None:
    assert after("Mar-15", "Mar-16", "Mar-17", "Mar-18") == ["Apr-15", "Apr-16", "Apr-17", "Apr-18"]


def test_headings_go_back_as_well() -> None:
    assert after("Mar-18", "Mar-17", month=Month(2017, 12)) == ["Dec-17", "Dec-16"]


def test_headings_that_are_right_are_left() -> None:
    assert after("Mar-18", "Mar-17", month=MARCH) == []


def test_beside_a_current_month_the_first_heading_is_a_year_before() -> None:
    assert after("Current Month", "Mar-17", "Mar-16") == ["Apr-17", "Apr-16"]


def test_a_formula_is_left_and_said_only_where_it_does_not_follow() -> None:
    made = Made("Mar-18", formula=True)
    changes, findings = follow(made, "Mar-17")
    assert [change.address for change in changes] == ["C1"]
    (finding,) = findings
    assert (finding.code, finding.address) == ("month-heading-differs", "B1")
    assert finding.message == "the heading is Mar-18; the figures below are of Apr-18"
    assert "formula" in finding.remedy
    assert follow(made, "Mar-17", month=MARCH) == ([], [])
    assert follow(day(2018, 3, 1, is_formula=True), month=MARCH) == ([], [])


def test_a_heading_between_the_years_is_left_and_said() -> None:
    changes, findings = follow("Mar-18", "Dec-17", "Mar-17")
    assert [change.address for change in changes] == ["B1", "D1"]
    assert [(each.code, each.address) for each in findings] == [("month-heading-unclear", "C1")]
    assert "Dec-17, which is no whole years before Mar-18" in findings[0].message


def test_months_that_run_on_are_no_headings_of_years() -> None:
    _, (section,) = sections("Jan-18", "Feb-18", "Mar-18")
    assert (section.base, section.headings, section.odd) == (None, (), ())
    assert follow("Jan-18", "Feb-18", "Mar-18") == ([], [])


def test_a_section_keeps_its_lag() -> None:
    late: list[Any] = [None, "Jun-17", "Jun-16"]
    book, found = sections("Mar-18", "Mar-17", more=(late, ["KSI", 1, 2]))
    assert [section.base for section in found] == [MARCH, Month(2017, 6)]
    reporting = Reporting(APRIL, "--month", headed_month(found))
    changes, _ = follow_month(book, found[1], reporting, True)
    assert [change.after for change in changes] == ["Jul-17", "Jul-16"]


def test_american_dates_follow_where_settings_say_so() -> None:
    rows = [["Indicator", "03/31/2018", "FYTD", "Baseline"], ["Hate Crime", 1, 2, 3]]
    book = FakeWorkbook({"D": rows})
    (section,) = find_dashboard(book, ["D"], bool, day_first=False).sections
    changes, _ = follow_month(book, section, Reporting(APRIL, "", MARCH), False)
    assert [change.after for change in changes] == ["04/30/2018"]


# The month of a row


def a_row(*cells: Any) -> tuple[FakeWorkbook, Row]:
    book = FakeWorkbook({"D": [["Indicator", "Mar-18", "Data to", "FYTD"], ["KSI", *cells]]})
    section = Section("D", 1, {}, 1, base=MARCH)
    return book, Row(section, 2, "KSI", (2, 1))


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Mar-18", "Jun-17"),
        ("March 2018", "June 2017"),
        (day(2018, 3, 31), date(2017, 6, 30)),
        (None, "Jun-17"),
        ("Jun-17", ...),
        (day(2017, 6, 30), ...),
        ("quarterly", ...),
        (Made("Mar-18", formula=True), ...),
    ],
)
def test_a_cell_that_says_the_month_of_a_row_is_kept_right(cell: Any, wanted: Any) -> None:
    book, row = a_row(1, cell)
    own = OwnMonth(Month(2017, 6), "its own headings say so")
    change = label_month(book, book.grid("D").cell(2, 3), row, own, True)
    assert (... if change is None else change.after) == wanted


def test_a_row_of_another_month_than_its_headings_is_said() -> None:
    _, row = a_row(1)
    late = OwnMonth(Month(2017, 12), "settings say 3 months late")
    (finding,) = say_other_months(row.section, row, late, Reporting(MARCH, "", MARCH))
    assert finding.message == (
        "KSI: its figures are of Dec-17, under a heading of Mar-18; settings say 3 months late"
    )
    assert list(say_other_months(row.section, row, OwnMonth(MARCH), Reporting(MARCH, ""))) == []
