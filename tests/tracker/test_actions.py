"""Action logs: what is recognised, what is found, what is shaded, and what stays quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgov
from tests.risk.fake import FakeWorkbook, Made, dated
from tests.risk.registers import read_facts
from xlgov.changes import Preview, StyleChange
from xlgov.cli import main
from xlgov.settings.values import Accepted, Settings
from xlgov.tracker.actions import ACTIONS, CODES
from xlgov.tracker.due import read_due_text

SAMPLE = Path(__file__).parents[2] / "workbooks" / "action-log.xlsx"
MINUTES = SAMPLE.with_name("actions-from-minutes.xlsx")
AS_OF = date(2019, 6, 11)
HEADINGS = (
    "Action No",
    "Meeting date",
    "Agenda item",
    "Action",
    "Owner",
    "Target date",
    "Update",
    "Update date",
    "Status",
)
RIGHT: Mapping[str, Any] = {
    "Action No": 1,
    "Meeting date": dated(date(2019, 4, 4)),
    "Agenda item": 5.0,
    "Action": "Report to the Board on sickness",
    "Owner": "Constabulary",
    "Target date": dated(date(2019, 9, 12)),
    "Update": "Work has begun",
    "Update date": dated(date(2019, 5, 20)),
    "Status": "Ongoing",
}
NEWER: Mapping[str, Any] = {
    **RIGHT,
    "Action No": 2,
    "Meeting date": dated(date(2019, 5, 16)),
    "Update": None,
    "Update date": None,
    "Status": "Not Started",
}


def book(rows: Sequence[Mapping[str, Any]], headings: Sequence[str] = HEADINGS) -> FakeWorkbook:
    table = [["Action log"], [], list(headings)]
    return FakeWorkbook({"Log": [*table, *([row.get(name) for name in headings] for row in rows)]})


def preview(
    *rows: Mapping[str, Any],
    settings: Settings | None = None,
    as_of: date = AS_OF,
    headings: Sequence[str] = HEADINGS,
) -> Preview:
    workbook, stated = book(rows, headings), settings or Settings()
    search = ACTIONS.search(workbook, stated)
    assert search.layouts
    return ACTIONS.preview(workbook, stated, as_of, search)


def found(*rows: Mapping[str, Any], **more: Any) -> list[tuple[str, str]]:
    """(code, address) of the findings."""
    return [(each.code, each.address) for each in preview(*rows, **more).findings]


def changed(**cells: Any) -> dict[str, Any]:
    """The right row with other cells, by heading with ``_`` for a blank."""
    return {**RIGHT, **{name.replace("_", " "): value for name, value in cells.items()}}


# ----------------------------------------------------------------------------- what is recognised


@pytest.mark.parametrize(
    "headings",
    [
        HEADINGS,
        ("Ref", "Action", "Lead", "Deadline", "Progress", "Status"),
        ("No.", "Date raised", "Action required", "By whom", "By when", "Comments"),
        ("Minute ref", "Action", "Responsible officer", "Due date"),
        ("ID", "Date of meeting", "Agreed action", "Assigned to", "Due", "Update", "Open/Closed"),
        ("Number", "Date of meeting", "Item", "Action", "Update"),
    ],
)
def test_headings_of_offices_are_recognised(headings: Sequence[str]) -> None:
    rows = [
        [f"{n}" if i == 0 else f"Words of {n} {i}" for i in range(len(headings))] for n in (1, 2)
    ]
    search = ACTIONS.search(FakeWorkbook({"Log": [headings, *rows]}), Settings())
    assert [len(layout.records) for layout in search.layouts] == [2]


@pytest.mark.parametrize(
    "headings",
    [
        ("Ref", "Risk", "Likelihood", "Impact", "Action", "Owner", "Status"),
        ("Ref", "Risk description", "Action", "Owner", "Due date", "Status"),
        ("Ref", "Priority action", "OPCC lead", "Delivery lead", "Activity", "Delivery status"),
        ("Ref", "Action", "Milestone", "Lead", "Due date", "Status"),
        ("Decision record no", "Date", "Subject", "Decision", "Action", "Status"),
        ("Date", "Activity", "Officer"),
        ("Ref", "Date", "Description", "Owner", "Status"),
        ("Ref", "Action", "Comments"),
        ("Name", "Week 1", "Week 2", "Status"),
        ("ID", "Task", "Start date", "Duration", "Predecessors", "Owner", "Status"),
    ],
)
def test_other_registers_are_left_alone(headings: Sequence[str]) -> None:
    rows = [
        [f"{n}.1" if i == 0 else f"Some more words {n} {i}" for i in range(len(headings))]
        for n in (1, 2, 3)
    ]
    search = ACTIONS.search(FakeWorkbook({"Log": [headings, *rows]}), Settings())
    assert not search.layouts
    assert not search.unsure


def test_blank_rows_numbered_in_advance_sections_and_totals_are_no_actions() -> None:
    rows: list[Mapping[str, Any]] = [
        {"Action No": "Actions of April"},
        RIGHT,
        NEWER,
        {"Action No": 3},
        {"Action No": 4},
        {"Action": "Total actions", "Owner": 2},
    ]
    [layout] = ACTIONS.search(book(rows), Settings()).layouts
    assert [record.row for record in layout.records] == [5, 6]


# --------------------------------------------------------------------------------- what is found


def test_right_rows_are_not_mentioned() -> None:
    closed = changed(
        Action_No=3, Status="Closed", Target_date=None, Owner=None, Update_date=None, Update=None
    )
    noted = {**closed, "Action No": 4, "Status": "Noted"}
    monthly = changed(Action_No=5, Action="Monthly report to the Board", Status="Closed")
    month = changed(Action_No=6, Target_date="July 2019 Board")
    words = changed(Action_No=7, Target_date="Next meeting")
    assert found(RIGHT, NEWER, closed, noted, monthly, month, words) == []


def test_an_overdue_action_says_by_how_many_days_and_how_old_it_is() -> None:
    [finding] = preview(changed(Target_date=dated(date(2019, 6, 10))), NEWER).findings
    assert (finding.code, finding.severity, finding.address) == ("action-overdue", "warning", "F4")
    assert finding.message == (
        "1 is 1 day overdue: it was due on 10 June 2019, was raised 68 days ago and is Ongoing"
    )


@pytest.mark.parametrize("status", ["Closed", "Noted", "Completed 01/06/2019"])
def test_a_closed_or_noted_action_is_not_overdue(status: str) -> None:
    assert found(changed(Target_date=dated(date(2019, 5, 16)), Status=status), NEWER) == []


def test_an_action_is_overdue_on_the_day_after_its_target() -> None:
    row = changed(Target_date=dated(AS_OF))
    assert found(row, NEWER) == []
    assert found(row, NEWER, as_of=date(2019, 6, 12)) == [("action-overdue", "F4")]


def test_a_month_is_over_after_its_last_day() -> None:
    row = changed(Target_date="May 2019 Board", Update_date=dated(date(2019, 5, 16)))
    assert found(row, as_of=date(2019, 5, 31)) == []
    assert found(row, as_of=date(2019, 6, 1)) == [("action-overdue", "F4")]


@pytest.mark.parametrize(
    ("cells", "code", "address"),
    [
        ({"Owner": None}, "action-no-owner", "E4"),
        ({"Owner": "TBC"}, "action-no-owner", "E4"),
        ({"Target_date": None}, "action-no-target", "F4"),
        ({"Target_date": "-"}, "action-no-target", "F4"),
        ({"Target_date": "31/02/2019"}, "action-target-unreadable", "F4"),
        ({"Target_date": "12 Setp 2019"}, "action-target-unreadable", "F4"),
        ({"Target_date": 43720}, "action-target-unreadable", "F4"),
        ({"Target_date": Made(5, format="dd/mm/yyyy")}, "action-target-unreadable", "F4"),
        ({"Status": None}, "action-status-missing", "I4"),
        ({"Status": "Amber"}, "action-status-unknown", "I4"),
        ({"Action_No": None}, "action-number-missing", "A4"),
        ({"Action_No": 2}, "action-number-repeated", "A5"),
        ({"Update_date": dated(date(2019, 4, 30))}, "action-update-old", "H4"),
        ({"Update_date": None}, "action-update-old", "H4"),
        ({"Status": "Closed"}, "closed-early", "F4"),
        ({"Meeting_date": dated(date(2019, 4, 6))}, "action-meeting-day", "B4"),
        ({"Agenda_item": Made(5, format="dd/mm/yyyy")}, "number-shown-as-date", "C4"),
    ],
)
def test_each_contradiction_is_found_where_it_stands(
    cells: dict[str, Any], code: str, address: str
) -> None:
    third = {**NEWER, "Action No": 3}
    assert found(changed(**cells), NEWER, third) == [(code, address)]


def test_a_target_before_the_meeting_that_raised_it_is_found_beside_being_overdue() -> None:
    row = changed(Target_date=dated(date(2019, 4, 1)))
    assert found(row, NEWER) == [("action-target-before-raised", "F4"), ("action-overdue", "F4")]


def test_a_misspelt_status_is_shown_with_the_nearest_word_and_nothing_hangs_on_it() -> None:
    row = changed(Status="Clsed", Target_date=dated(date(2019, 5, 1)), Owner=None)
    [finding] = preview(row, NEWER).findings
    assert finding.message == "1 has the status 'Clsed'; the nearest known is 'Closed'"


def test_the_office_s_own_status_words_count() -> None:
    settings = Settings(status_words={"parked": "closed"})
    row = changed(Status="Parked", Target_date=dated(date(2019, 5, 1)))
    assert found(row, NEWER, settings=settings) == []
    assert ("action-status-unknown", "I4") in found(row, NEWER)


@pytest.mark.parametrize(
    "words", ["Report to each Board meeting", "Monthly figures", "Standing item", "On-going review"]
)
def test_a_recurring_action_may_be_closed_before_its_next_target(words: str) -> None:
    assert found(changed(Action=words, Status="Closed"), NEWER) == []


def test_the_last_meeting_is_the_one_stated_else_the_latest_before_today_in_the_log() -> None:
    assert found(RIGHT, NEWER) == []
    stated = Settings(last_meeting=date(2019, 6, 4))
    assert found(RIGHT, NEWER, settings=stated) == [
        ("action-update-old", "H4"),
        ("action-update-old", "H5"),
    ]
    # a meeting of today raises actions; the others were updated for it, before it
    today = {**NEWER, "Action No": 3, "Meeting date": dated(AS_OF)}
    assert found(RIGHT, {**NEWER, "Update date": dated(date(2019, 5, 30))}, today) == []


def test_actions_raised_at_the_last_meeting_need_no_update_yet() -> None:
    assert (
        found(NEWER, {**NEWER, "Action No": 3}, settings=Settings(last_meeting=date(2019, 5, 16)))
        == []
    )


def test_numbers_that_start_again_at_each_meeting_are_not_repeated() -> None:
    april = [changed(Action_No=number) for number in (1, 2, 3)]
    may = [{**NEWER, "Action No": number} for number in (1, 2)]
    assert found(*april, *may) == []
    assert found(*april, *may, may[1]) == [("action-number-repeated", "A9")]


def test_a_log_without_a_column_is_not_asked_for_it() -> None:
    headings = ("Ref", "Action", "Owner")
    rows = [{"Ref": n, "Action": "Report on sickness", "Owner": "OPCC"} for n in (1, 2)]
    assert found(*rows, headings=headings) == []


def test_a_date_of_completion_closes_an_action_without_a_status() -> None:
    headings = ("Ref", "Action", "Owner", "Target date", "Date completed")
    row = {
        "Ref": 1,
        "Action": "Report on sickness",
        "Owner": "OPCC",
        "Target date": dated(date(2019, 5, 1)),
        "Date completed": dated(date(2019, 4, 20)),
    }
    assert found(row, {**row, "Ref": 2, "Date completed": None}, headings=headings) == [
        ("action-overdue", "D5")
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("16/05/2019", date(2019, 5, 16)),
        ("by 31 March 2020", date(2020, 3, 31)),
        ("31/03/2019, extended to 30/06/2019", date(2019, 6, 30)),
        ("December 2019 Board", date(2019, 12, 31)),
        ("end of Feb 2020", date(2020, 2, 29)),
        ("Next Board", None),
        ("Ongoing", None),
        ("Q3 2019/20", None),
    ],
)
def test_targets_in_words_are_read_as_far_as_they_name_a_day(text: str, day: date | None) -> None:
    due = read_due_text(text)
    assert (due.day, due.state) == (day, "words" if day is None else "day")


# ------------------------------------------------------------------------- formats, counts, repair


def test_target_and_status_cells_are_shaded_and_counted() -> None:
    rows = [
        changed(Target_date=dated(date(2019, 6, 1))),
        changed(Action_No=2, Target_date=dated(date(2019, 7, 11))),
        changed(Action_No=3, Target_date=dated(date(2019, 7, 12))),
        changed(Action_No=4, Status="Closed", Target_date=dated(date(2019, 5, 1))),
        changed(Action_No=5, Status="Noted"),
    ]
    seen = preview(*rows)
    assert {rule.kind: rule.range for rule in seen.formats} == {
        "overdue": "F4",
        "due-soon": "F5",
        "closed": "I7",
    }
    assert seen.reports[0].headline == "1 overdue, 1 due within 30 days, 1 closed, 1 noted, 3 open"
    wider = preview(*rows, settings=Settings(due_soon=31, colors={"due soon": "ABCDEF"}))
    assert {rule.range: rule.fill for rule in wider.formats}["F5 F6"] == "ABCDEF"
    assert "2 due within 31 days" in wider.reports[0].headline


def test_the_first_target_date_counts_where_there_is_no_revised_one() -> None:
    headings = ("Action No", "Action", "Owner", "Original target date", "Revised target date")
    first, later = dated(date(2019, 6, 1)), dated(date(2019, 9, 2))
    rows = [(1, "Write to X", "NP", first, None), (2, "Write to Y", "NP", first, later),
            (3, "Write to Z", "NP", None, None)]  # fmt: skip
    log = FakeWorkbook({"Log": [headings, *rows]})
    seen = ACTIONS.preview(log, Settings(), AS_OF, ACTIONS.search(log, Settings()))
    assert [(each.code, each.address) for each in seen.findings] == [
        ("action-overdue", "D2"),
        ("action-no-target", "E4"),
    ]
    assert {rule.kind: rule.range for rule in seen.formats} == {"overdue": "D2"}


def test_a_meeting_s_heading_above_its_actions_says_when_they_were_raised() -> None:
    headings = ["No", "Action", "Owner", "Target date", "Date of update", "Status"]
    due, before = dated(date(2019, 9, 2)), dated(date(2019, 2, 1))
    log = FakeWorkbook(
        {
            "Log": [
                ["Board meeting of 24 January 2019"],
                headings,
                [1, "Write to X", "NP", due, before, "Ongoing"],
                ["Board meeting of 4 April 2019"],
                headings,
                [2, "Write to Y", "tbd", due, None, "Ongoing"],
            ]
        }
    )
    seen = ACTIONS.preview(log, Settings(), AS_OF, ACTIONS.search(log, Settings()))
    assert [(each.code, each.address) for each in seen.findings] == [
        ("action-update-old", "E3"),
        ("action-no-owner", "C6"),
    ]
    assert "4 April 2019" in seen.findings[0].message


def test_due_soon_is_no_finding() -> None:
    assert found(changed(Target_date=dated(date(2019, 6, 12))), NEWER) == []


def test_a_repair_changes_the_number_format_alone_and_only_when_asked_for() -> None:
    rows = [
        changed(Action_No=Made(1, format="0.0"), Agenda_item=Made(5, format="dd/mm/yyyy")),
        {
            **NEWER,
            "Action No": Made(4, format="dd/mm/yyyy"),
            "Agenda item": Made(7.2, format="0.0"),
        },
    ]
    plain = preview(*rows)
    assert plain.styles == ()
    assert [(each.record, each.message) for each in plain.findings] == [
        ("4", "4 Action No shows 04/01/1900; it is number 4.0 displayed as a date"),
        ("1", "1 Agenda item shows 05/01/1900; it is item 5.0 displayed as a date"),
    ]
    repaired = preview(*rows, settings=Settings(extras=frozenset(("repair",))))
    assert repaired.styles == (
        StyleChange("Log", "A5", number_format="0.0"),
        StyleChange("Log", "C4", number_format="0.0"),
    )
    assert repaired.cells == ()


# ----------------------------------------------------------------------------------- the samples


KNOWN = [
    ("error", "number-shown-as-date", "A10"),  # action 4
    ("error", "number-shown-as-date", "C7"),  # agenda item 5.0
    ("error", "number-shown-as-date", "C10"),  # agenda item 6.0
    ("warning", "action-overdue", "F9"),
    ("warning", "action-update-old", "H9"),
    ("warning", "action-overdue", "F11"),
    ("note", "action-meeting-day", "B10"),  # 19 April 2019, Good Friday
    ("note", "closed-early", "F10"),  # due on 1 April 2020
    ("note", "action-number-missing", "B12"),  # the Panel's eighth of seven numbers
]


def test_the_sample_has_exactly_the_published_contradictions() -> None:
    changes = xlgov.preview(SAMPLE)
    assert [(each.severity, each.code, each.address) for each in changes.findings] == KNOWN
    assert (changes.as_of, changes.as_of_source) == (AS_OF, "from Board actions!A2")
    [report] = changes.reports
    assert (report.title, report.records) == ("Action log", 19)
    assert report.headline == "2 overdue, 3 closed, 4 open"


def test_with_the_contradictions_corrected_the_sample_has_no_error_and_no_warning(
    tmp_path: Path,
) -> None:
    workbook = openpyxl.load_workbook(SAMPLE)
    sheet = workbook["Board actions"]
    for address in ("A10", "C7", "C10"):
        sheet[address].number_format = "0.0"
    for address in ("F9", "F11"):
        sheet[address].value = date(2019, 7, 31)
    sheet["H9"].value = date(2019, 6, 4)
    sheet["H9"].number_format = "dd/mm/yyyy"
    path = tmp_path / "action-log.xlsx"
    workbook.save(path)
    findings = xlgov.check(path)
    assert [each.code for each in findings if each.severity != "note"] == []


def test_a_refresh_with_repair_shows_the_numbers_and_twice_is_once(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    xlgov.refresh(SAMPLE, out, repair=True)
    sheet = openpyxl.load_workbook(out)["Board actions"]
    assert [sheet[a].number_format for a in ("A10", "C7", "C10")] == ["0.0"] * 3
    assert [sheet[a].value for a in ("A10", "C7", "C10")] == [4, 5, 6]
    again = xlgov.preview(out, repair=True)
    assert again.is_empty
    assert [(f.severity, f.code, f.address) for f in again.findings] == KNOWN[3:]


def test_the_command_line_repairs_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, options in enumerate(([], ["--repair"])):
        out = tmp_path / str(number)
        assert main(["refresh", str(SAMPLE), "--out", str(out), *options]) == 0
        cell = openpyxl.load_workbook(out / SAMPLE.name)["Board actions"]["C7"]
        assert cell.number_format == ("0.0" if options else "dd/mm/yyyy")
    assert main(["preview", str(SAMPLE), "--repair", "--json"]) == 0
    assert "number-shown-as-date" in capsys.readouterr().out


def test_a_refresh_without_repair_leaves_the_number_formats() -> None:
    assert list(xlgov.preview(SAMPLE).styles) == []


def test_reading_the_sample_gives_the_facts() -> None:
    table = xlgov.read(SAMPLE)["actions"]
    board = table[table["sheet"] == "Board actions"]
    for (_, row), fact in zip(board.iterrows(), read_facts("action_log_bcb_2019.csv"), strict=True):
        assert row["reference"] == float(fact["action_no"])
        assert row["agenda_item"] == float(fact["agenda_item_decoded"])
        assert row["action"] == fact["action_paraphrase"]
        assert row["status"] == fact["status"]
        assert row["raised"] == date.fromisoformat(fact["meeting_date_raised"])
        assert (row["target"].isoformat() if row["target"] else "") == fact["target_date"]
    assert len(table) == len(board) + len(read_facts("action_log_panel_2017.csv"))


def test_actions_from_minutes_are_an_action_log_whose_gaps_are_the_missing_dates() -> None:
    changes = xlgov.preview(MINUTES)
    assert {each.code for each in changes.findings} == {"action-no-target"}
    assert [each.record for each in changes.findings] == [
        fact["minute_ref"]
        for fact in read_facts("actions_minutes.csv")
        if not fact["due_meeting"] and not fact["due_date_note"].startswith("In six months")
    ]


def test_every_code_that_is_found_is_in_the_table() -> None:
    assert {severity for severity, _ in CODES.values()} <= {"error", "warning", "note"}
    assert {code for _, code, _ in KNOWN} <= CODES.keys()


def test_an_accepted_finding_is_left_out_with_its_repair() -> None:
    rows = [
        changed(Agenda_item=Made(5, format="dd/mm/yyyy")),
        {**NEWER, "Agenda item": Made(7.2, format="0.0")},
    ]
    settings = Settings(extras=frozenset(("repair",)))
    agreed = replace(settings, accepted=(Accepted("1", "number-shown-as-date"),))
    assert preview(*rows, settings=settings).styles
    seen = preview(*rows, settings=agreed)
    assert (seen.styles, seen.findings, seen.reports[0].accepted) == ((), (), 1)
