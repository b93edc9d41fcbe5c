"""Decisions, decisions to come, and the agenda plan: what contradicts them, and what does not."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import xlgov
from xlgov.changes import ChangeSet
from xlgov.settings.values import Settings
from xlgov.tracker.forward import is_same_subject
from xlgov.tracker.record_number import (
    correct_form,
    is_in_form,
    missing_runs,
    out_of_order,
    parse_number,
)
from xlgov.tracker.timescale import find_deadline, find_due

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
SAMPLE = WORKBOOKS / "panel-registers.xlsx"
PANEL_DAY = date(2017, 11, 15)
OURS = {"decisions", "forward", "agenda", "estates", "demand"}


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample without the contradictions of the printed papers."""
    sys.path.insert(0, str(WORKBOOKS))
    try:
        from panel_papers import make_papers
    finally:
        sys.path.remove(str(WORKBOOKS))
    path = tmp_path_factory.mktemp("panel") / "panel.xlsx"
    make_papers(path, corrected=True)
    return path


def write(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Sheets of rows from A1; dates as date cells."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, value, day)
                    elif value is not None:
                        sheet.write(row, column, value)
    return path


def look(path: Path, as_of: date = PANEL_DAY, **settings: Any) -> ChangeSet:
    return xlgov.preview(path, Settings(**settings), as_of=as_of)


def said(changes: ChangeSet) -> list[tuple[str, str]]:
    return [(finding.code, finding.address) for finding in changes.findings]


def decisions(*rows: Sequence[Any]) -> dict[str, Sequence[Sequence[Any]]]:
    headings = ("Date", "Decision record", "Subject", "Decision")
    return {"Decisions": [("Decisions",), headings, *rows]}


def forward(*timescales: str, subject: str = "Lease of new offices") -> list[Sequence[Any]]:
    rows = [(f"Area {n}", f"{subject} {n}", text) for n, text in enumerate(timescales)]
    return [("Area", "Decision area", "Anticipated timescale"), *rows]


def test_the_sample_gives_its_known_contradictions_and_no_others() -> None:
    found = xlgov.preview(SAMPLE, as_of=PANEL_DAY).findings
    assert Counter((each.code, each.severity, each.sheet, each.address) for each in found) == {
        ("decision-number-form", "warning", "Decisions", "B10"): 1,
        ("decision-number-form", "warning", "Decisions", "B11"): 1,
        ("decision-out-of-order", "note", "Decisions", "A7"): 1,
        ("meeting-years-differ", "warning", "Agenda plan", "F10"): 1,
        ("asset-areas-differ", "warning", "Estates", "C21"): 1,
    }


def test_the_sample_is_quiet_once_it_is_corrected(corrected: Path) -> None:
    changes = xlgov.preview(corrected)
    assert changes.as_of == PANEL_DAY
    assert list(changes.findings) == []
    assert {report.kind: report.records for report in changes.reports} == {
        "decisions": 7,
        "forward": 8,
        "agenda": 11,
        "estates": 10,
    }


def test_the_sheets_are_read_with_their_fields() -> None:
    tables = xlgov.read(SAMPLE)
    first = tables["decisions"].iloc[0]
    assert (first["record"], first["date"]) == ("CPCC 2017-020", date(2017, 9, 21))
    assert first["address"] == "B5"
    assert tables["forward"].iloc[3]["area"] == "ESTATES"
    assert list(tables["agenda"]["type"])[-2:] == ["ANNUAL MEETING", "PANEL MEETING"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("2017-020", "2017-021", "2017-19"), ["2017-19"]),
        (("2017-8", "2017-9", "2017-10", "2017-120"), []),  # not padded at all
        (("2017-098", "2017-099", "2017-1000"), []),
        (("2017-020", "2017-021", "17-022"), ["17-022"]),
        (("CPCC 2017-020", "CPCC 2017-021", "CPCC 2017/022"), ["CPCC 2017/022"]),
        (("2017-020", "2017/21"), []),  # no form has most of them
    ],
)
def test_a_number_is_in_the_form_of_its_neighbours(
    typed: tuple[str, ...], wrong: list[str]
) -> None:
    numbers = [number for text in typed if (number := parse_number(text))]
    assert len(numbers) == len(typed)
    form = correct_form(numbers)
    off = [t for t, n in zip(typed, numbers, strict=True) if form and not is_in_form(n, form)]
    assert off == wrong


def test_a_form_that_differs_names_the_number_as_it_should_be(tmp_path: Path) -> None:
    rows = [(None, f"CPCC 2017-0{n}", f"Subject {n}", "Agreed") for n in (20, 21, 22)]
    path = write(tmp_path / "a.xlsx", decisions(*rows, (None, "CPCC 2017-19", "Last", "Agreed")))
    (finding,) = look(path).findings
    assert (finding.code, finding.address, finding.record) == (
        "decision-number-form",
        "B6",
        "CPCC 2017-19",
    )
    assert "CPCC 2017-019" in finding.message


def test_a_number_used_twice_is_an_error_however_it_is_typed(tmp_path: Path) -> None:
    rows = [(None, "CPCC 2017-019", "Lease", "Agreed"), (None, "CPCC 2017-020", "Grant", "Agreed")]
    rows += [(None, "CPCC 2017-021", "Audit", "Agreed"), (None, "CPCC 2017-20", "Van", "Agreed")]
    changes = look(write(tmp_path / "a.xlsx", decisions(*rows)))
    assert said(changes) == [("decision-number-repeated", "B6"), ("decision-number-form", "B6")]
    assert changes.findings[0].severity == "error"
    assert changes.findings[0].related == ("Decisions!B4",)


def test_the_same_decision_in_the_list_of_the_year_and_in_a_notice_is_no_repeat(
    tmp_path: Path,
) -> None:
    rows = [(None, "CPCC 2017-019", "Lease", "Agreed"), (None, "CPCC 2017-020", "Grant", "Agreed")]
    sheets = {**decisions(*rows), "Decisions of 2017": decisions(*rows)["Decisions"]}
    assert said(look(write(tmp_path / "a.xlsx", sheets))) == []


def test_gaps_count_only_where_settings_say_that_the_list_is_complete(tmp_path: Path) -> None:
    serials = ("2017-001", "2017-002", "2017-005", "2018-002")
    rows = [(None, f"CPCC {serial}", f"Subject {serial}", "Agreed") for serial in serials]
    path = write(tmp_path / "a.xlsx", decisions(*rows))
    assert said(look(path)) == []
    found = look(path, complete=True).findings
    assert [(each.code, each.address) for each in found] == [
        ("decision-number-gap", "B5"),
        ("decision-number-gap", "B6"),
    ]
    assert "CPCC 2017-003 to CPCC 2017-004 are not in the list" in found[0].message
    assert "CPCC 2018-001 is not in the list" in found[1].message


def test_numbers_that_run_on_over_the_years_have_no_gap_at_the_new_year() -> None:
    numbers = [parse_number(text) for text in ("2017-101", "2017-102", "2018-103")]
    assert list(missing_runs(number for number in numbers if number)) == []


@given(st.lists(st.dates(date(2015, 1, 1), date(2019, 1, 1)), max_size=30))
def test_what_is_left_after_taking_out_what_is_out_of_order_is_in_order(days: list[date]) -> None:
    out = set(out_of_order(days))
    left = [day for place, day in enumerate(days) if place not in out]
    if out:
        assert left in (sorted(left), sorted(left, reverse=True))
        assert len(left) * 3 >= len(days) * 2


def test_a_list_with_the_newest_first_is_in_order() -> None:
    assert out_of_order([date(2017, month, 1) for month in (9, 8, 8, 5, 2)]) == []


def test_a_decision_of_another_year_or_of_tomorrow_is_seen(tmp_path: Path) -> None:
    rows = [
        (date(2017, 5, 2), "PCC 2017-001", "Lease", "Agreed"),
        (date(2018, 2, 1), "PCC 2017-002", "Grant", "Agreed"),  # of the financial year
        (date(2018, 9, 1), "PCC 2017-003", "Audit", "Agreed"),
        (date(2019, 1, 2), "PCC 2019-001", "Van", "Agreed"),
        (date(2019, 1, 2), None, "Boat", "Agreed"),
    ]
    changes = look(write(tmp_path / "a.xlsx", decisions(*rows)), as_of=date(2018, 12, 1))
    assert sorted(said(changes)) == [
        ("decision-dated-ahead", "A6"),
        ("decision-dated-ahead", "A7"),
        ("decision-number-missing", "B7"),
        ("decision-year-differs", "A5"),
    ]


def test_requests_that_were_decided_are_no_decisions_of_the_commissioner(tmp_path: Path) -> None:
    rows = [(f"FOI 2017-00{n}", date(2017, n, 2), f"Spend on {n}", "Refused") for n in (1, 2, 3)]
    headings = ("Ref", "Date received", "Subject", "Decision")
    path = write(tmp_path / "a.xlsx", {"Requests": [("Freedom of information",), headings, *rows]})
    assert list(look(path).reports) == []


def test_bookings_of_a_room_are_no_agenda_plan(tmp_path: Path) -> None:
    rows = [("Monday 4 July 2017", "Hall", "Training", "First aid")]
    path = write(tmp_path / "a.xlsx", {"Hall": [("Date", "Room", "Event", "Business"), *rows]})
    assert list(look(path).reports) == []


def test_action_logs_and_plans_with_a_subject_and_a_number_are_no_decisions(
    tmp_path: Path,
) -> None:
    rows = [(f"A{n}", f"Subject {n}", "Decision taken by the board") for n in range(4)]
    path = write(tmp_path / "a.xlsx", {"Log": [("Ref", "Subject", "Outcome"), *rows]})
    assert not {report.kind for report in look(path).reports} & OURS


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Set by each project", None),
        ("September 2017", date(2017, 9, 30)),
        ("By 3rd October 2017", date(2017, 10, 3)),
        ("Q2 2017/18", date(2017, 9, 30)),
        ("Quarter 4 2017/18", date(2018, 3, 31)),
        ("2nd quarter 2017", date(2017, 9, 30)),
        ("summer 2017", date(2017, 9, 30)),
        ("As required by the strategy and the June 2017 Panel report", None),
        ("Legislative, under the Policing and Crime Act 2017", None),
        ("Approved 25 July 2017", None),
        ("Proposal sent 1 May 2017; in place in 2018", date(2018, 12, 31)),
        ("December", None),
        ("31/02/2017", None),
    ],
)
def test_a_timescale_ends_where_its_last_date_month_or_quarter_ends(
    text: str, last: date | None
) -> None:
    assert find_deadline(text) == last


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Advice expected November 2017", date(2017, 11, 30)),
        ("Strategy after review, by end December 2017 - TBC", date(2017, 12, 31)),
        ("Report due: 3/10/2017", date(2017, 10, 3)),
        ("Marketing closed 30th June 2017", None),
        ("Going to the Board in November 2017", None),
        ("Delayed by the landlord's sale", None),
    ],
)
def test_only_a_date_behind_due_expected_or_by_is_due(text: str, last: date | None) -> None:
    assert find_due(text) == last


def test_a_forthcoming_decision_whose_time_has_passed_is_shown(tmp_path: Path) -> None:
    rows = forward("Set by the project", "October 2017", "November 2017", "Q1 2017/18")
    changes = look(write(tmp_path / "a.xlsx", {"Likely decisions": rows}))
    assert said(changes) == [("forward-time-passed", "C3"), ("forward-time-passed", "C5")]
    (rule,) = changes.formats
    assert set(rule.range.split()) == {"C3", "C5"}


def test_a_forthcoming_decision_that_is_recorded_is_found_by_its_words(tmp_path: Path) -> None:
    ahead = [
        ("Area", "Decision area", "Anticipated timescale"),
        ("ESTATES", "Approve the lease of Unit C, Chord Park", "Set by the market"),
        ("GRANTS", "Approve grants for youth work", "Through the year"),
    ]
    decided = decisions(
        (date(2017, 9, 21), "CPCC 2017-023", "Lease of Unit C, Chord Park", "Agreed"),
        (date(2017, 9, 21), "CPCC 2017-024", "Grants", "Agreed"),
        (date(2016, 9, 21), "CPCC 2016-024", "Grants for youth work", "Agreed"),
    )
    changes = look(write(tmp_path / "a.xlsx", {"Forward decisions": ahead, **decided}))
    assert [each for each in said(changes) if each[0].startswith("forward")] == [
        ("forward-already-decided", "B2")
    ]
    assert changes.findings[0].related == ("Decisions!B3",)


def test_subjects_of_two_stages_are_not_the_same() -> None:
    assert is_same_subject("Sign the lease of Unit C, Chord Park", "Unit C Chord Park: lease")
    assert not is_same_subject("Parkside Custody Replacement", "Custody contract, phase two")
    assert not is_same_subject("Grants", "Grants")  # too few words to tell


def agenda(*rows: Sequence[Any], status: bool = False) -> dict[str, Sequence[Sequence[Any]]]:
    headings = ("Date", "Venue", "Type", "Agenda items", *(("Status",) if status else ()))
    return {"Agenda plan": [headings, *rows]}


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (("Tuesday 10 October 2017", "Tuesday 19th December", "Monday 15th January"), []),
        (("Monday 10 October 2017",), [("meeting-weekday-differs", "A2")]),
        (
            ("Tuesday 10 October 2017", "Friday 19th December"),
            [("meeting-weekday-differs", "A3")],
        ),
        (("Thursday 31 June 2018",), [("meeting-date-impossible", "A2")]),
        (("End February 2018", "TBC", "Mid-May 2018"), []),
        (
            ("10 October 2017", "15 November 2017", "14 March 2017", "13 June 2018"),
            [("meeting-out-of-order", "A4")],
        ),
    ],
)
def test_dates_of_meetings_fit_their_weekdays_and_their_order(
    dates: tuple[str, ...], found: list[tuple[str, str]], tmp_path: Path
) -> None:
    rows = [(text, "Town Hall", "PANEL MEETING", "Budget 2017/18") for text in dates]
    assert said(look(write(tmp_path / "a.xlsx", agenda(*rows)))) == found


def test_a_past_meeting_is_to_be_marked_only_where_others_are(tmp_path: Path) -> None:
    rows = [
        ("6 September 2017", "Town Hall", "PANEL", "Budget", "Held"),
        ("10 October 2017", "Town Hall", "TRAINING", "Scrutiny", None),
        ("14 March 2018", "Town Hall", "PANEL", "Budget", None),
    ]
    changes = look(write(tmp_path / "a.xlsx", agenda(*rows, status=True)))
    assert said(changes) == [("meeting-not-marked", "E3")]
    unmarked = [(*row[:4], None) for row in rows]
    assert said(look(write(tmp_path / "b.xlsx", agenda(*unmarked, status=True)))) == []


@pytest.mark.parametrize("years", ["2017/18", "2017/2018", "2018/19", "12/2017/18"])
def test_years_that_follow_each_other_are_right(years: str, tmp_path: Path) -> None:
    rows = [("10 October 2017", "Town Hall", "PANEL", f"Precept for {years}")]
    assert said(look(write(tmp_path / "a.xlsx", agenda(*rows)))) == []


@pytest.mark.parametrize("form", ["{n}/2018", "D{n:03d}/18", "Notice {n} of 2018"])
def test_numbers_with_the_year_last_are_read_and_repeats_found(tmp_path: Path, form: str) -> None:
    rows = [
        (date(2018, n, 1), form.format(n=min(n, 4)), f"Contract {n}", "Approved")
        for n in range(1, 6)
    ]
    changes = look(write(tmp_path / "book.xlsx", decisions(*rows)), date(2018, 6, 14))
    assert said(changes) == [("decision-number-repeated", "B7")]


def test_a_gap_in_numbers_with_the_year_last_is_told_in_their_form(tmp_path: Path) -> None:
    rows = [(date(2018, n, 1), f"{n:02d}/2018", f"Contract {n}", "Approved") for n in (1, 2, 4)]
    path = write(tmp_path / "book.xlsx", decisions(*rows))
    (finding,) = look(path, date(2018, 6, 14), complete=True).findings
    assert finding.code == "decision-number-gap"
    assert "03/2018" in finding.message


def test_plain_decision_numbers_are_a_list_of_decisions_too(tmp_path: Path) -> None:
    rows = [(date(2018, n, 1), min(n, 3), f"Contract {n}", "Approved") for n in (1, 2, 3, 4)]
    sheets = {"List": [("Date", "Decision number", "Title", "Decision"), *rows]}
    changes = look(write(tmp_path / "book.xlsx", sheets), date(2018, 6, 14))
    assert said(changes) == [("decision-number-repeated", "B5")]
    requests = {"List": [("Date", "Number", "Title", "Decision"), *rows]}
    assert said(look(write(tmp_path / "other.xlsx", requests), date(2018, 6, 14))) == []
