"""Delivery plans: found by headings, read in every layout, compared with the report before."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.risk.fake import FakeWorkbook, Made, dated, filled, formula
from xlgov import operations
from xlgov.changes import ChangeSet, Preview
from xlgov.errors import DamagedError
from xlgov.grid.cells import Range
from xlgov.grid.sheet import FormatRange
from xlgov.settings.values import Accepted, Settings
from xlgov.tracker.delivery import DELIVERY

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
NOVEMBER, MAY = "delivery-plan-2017-11.xlsx", "delivery-plan-2018-05.xlsx"
WITH_PREVIOUS = Settings(previous=NOVEMBER)

RED, YELLOW, GREEN, WHITE = "FF0000", "FFFF00", "92D050", "FFFFFF"
HEADINGS = (
    "Ref",
    "Priority action",
    "OPCC lead",
    "Delivery lead",
    "Activity",
    "Delivery status",
    "Direction of travel",
    "Opportunities",
)


@dataclass
class Shelf(FakeWorkbook):
    """A workbook in memory with other workbooks beside it; a text is why one cannot be read."""

    others: dict[str, FakeWorkbook | str] = field(default_factory=dict)

    def beside(self, name: str) -> FakeWorkbook | None:
        found = self.others.get(name)
        if isinstance(found, str):
            raise DamagedError(found)
        return found


def line(reference: Any, action: str, status: Any, arrow: Any = None, **more: Any) -> list[Any]:
    values = {"lead": "CS", "delivery": "Constabulary", "activity": f"Work on {action}", **more}
    return [
        reference,
        action,
        values["lead"],
        values["delivery"],
        values["activity"],
        status,
        arrow,
        values.get("opportunities"),
    ]


def plan(*rows: list[Any], headings: tuple[str, ...] = HEADINGS, **more: Any) -> Shelf:
    return Shelf({"Plan": [list(headings), *rows]}, **more)


def preview(book: FakeWorkbook, settings: Settings | None = None) -> Preview:
    settings = settings or Settings()
    search = DELIVERY.search(book, settings)
    return DELIVERY.preview(book, settings, date(2018, 5, 10), search)


def said(found: Preview | ChangeSet) -> list[tuple[str, str, str]]:
    return [(each.code, each.record, each.address) for each in found.findings]


def statuses(book: FakeWorkbook, settings: Settings | None = None) -> list[tuple[Any, Any, Any]]:
    settings = settings or Settings()
    rows = DELIVERY.list_entries(book, settings, DELIVERY.search(book, settings))
    return [(row["label"], row["rag"], row["travel"]) for row in rows]


VICTIMS = ["Support victims", "Find hidden harm", "Offer restorative justice"]


# Which sheets are plans


@pytest.mark.parametrize(
    "headings",
    [
        ("Ref", "Priority action", "Delivery status"),
        ("Ref", "Action", "RAG"),
        ("No", "Objective", "Lead", "Progress", "Direction of travel"),
        ("Ref", "Priority", "Lead", "Update"),
        ("Ref", "Action", "OPCC lead", "Delivery lead", "Activity / update", "Status"),
        ("Theme", "Action", "Owner", "Progress to date", "Status"),
        ("Action", "Owner", "Due date", "RAG status", "Direction of travel"),
    ],
)
def test_a_plan_is_found_by_its_headings(headings: tuple[str, ...]) -> None:
    rows = [[f"text {place}.{number}" for place in range(len(headings))] for number in range(4)]
    assert DELIVERY.search(plan(*rows, headings=headings), Settings()).sheets == ("Plan",)


@pytest.mark.parametrize(
    "headings",
    [
        ("Action no", "Meeting date", "Action", "Owner", "Target date", "Update", "Status"),
        ("No", "Action", "Owner", "Due date", "RAG", "Progress"),
        ("Action", "Owner", "Update", "Status"),
        ("Ref", "Risk", "Likelihood", "Impact", "Action", "RAG", "Direction of travel"),
        ("Ref", "Objective", "Status"),
        ("Indicator", "Current month", "Baseline", "RAG", "Direction of travel"),
    ],
)
def test_logs_registers_and_dashboards_are_no_plans(headings: tuple[str, ...]) -> None:
    rows = [[f"text {place}.{number}" for place in range(len(headings))] for number in range(4)]
    search = DELIVERY.search(plan(*rows, headings=headings), Settings())
    assert search.layouts == () and search.left_alone == ("Plan",)


def test_the_other_samples_are_no_plans() -> None:
    for path in sorted(WORKBOOKS.glob("*.xlsx")):
        kinds = {report.kind for report in operations.preview(path, Settings()).reports}
        assert ("delivery" in kinds) == path.name.startswith("delivery-plan"), path.name


# How statuses are read


def test_words_letters_and_fills_are_statuses() -> None:
    book = plan(
        line("V1", "One", "Amber"),
        line("V2", "Two", "r"),
        line("V3", "Three", filled(None, GREEN)),
        line("V4", "Four", "Green - all in place"),
        line("V5", "Five", "Complete"),
        line("V6", "Six", "n/a"),
    )
    assert [status for _, status, _ in statuses(book)] == [
        "Yellow",
        "Red",
        "Green",
        "Green",
        "Complete",
        None,
    ]
    assert said(preview(book)) == []


def test_one_cell_may_hold_the_status_as_its_fill_and_the_direction_as_its_text() -> None:
    headings = (*HEADINGS[:5], "Delivery status")
    book = plan(
        line("V1", "One", filled("↑", GREEN))[:6],
        line("V2", "Two", filled("worse", RED))[:6],
        line("V3", "Three", "Yellow →")[:6],
        line("V4", "Four", filled(None, YELLOW))[:6],
        headings=headings,
    )
    assert statuses(book) == [
        ("V1", "Green", "improved"),
        ("V2", "Red", "deteriorated"),
        ("V3", "Yellow", "no change"),
        ("V4", "Yellow", None),
    ]
    found = preview(book)
    assert said(found) == [] and found.styles == ()
    assert [(rule.range, rule.fill) for rule in found.formats] == [("F4", "FFFF00")]


def test_a_direction_column_may_hold_the_status_as_its_fill() -> None:
    headings = (*HEADINGS[:5], "Direction of travel")
    rows = [line("V1", "One", filled("↓", RED))[:6], line("V2", "Two", filled("↔", GREEN))[:6]]
    assert statuses(plan(*rows, headings=headings)) == [
        ("V1", "Red", "deteriorated"),
        ("V2", "Green", "no change"),
    ]


def test_no_fill_is_white_only_where_a_key_says_so_and_statuses_are_fills() -> None:
    rows = [line("V1", "One", filled(None, GREEN)), line("V2", "Two", None)]
    assert [status for _, status, _ in statuses(plan(*rows))] == ["Green", None]
    assert said(preview(plan(*rows))) == [("plan-status-missing", "V2", "F3")]
    key = [
        [],
        [filled("Red", RED), "Act"],
        [filled("Yellow", YELLOW), "Late"],
        [filled("Green", GREEN), "On target"],
        ["White", "Not started"],
    ]
    assert [status for _, status, _ in statuses(plan(*rows, *key))] == ["Green", "White"]
    assert said(preview(plan(*rows, *key))) == []
    worded = [line("V1", "One", "Green"), line("V2", "Two", None)]
    assert [status for _, status, _ in statuses(plan(*worded, *key))] == ["Green", None]


def test_the_shade_of_every_second_row_is_no_status() -> None:
    shade = "C6EFCE"
    rows = []
    for number in range(1, 7):
        cells = line(f"V{number}", f"Action {number}", "Green" if number % 3 else "Red")
        rows.append([filled(cell, shade) for cell in cells] if number % 2 else cells)
    assert said(preview(plan(*rows))) == []


def test_rows_in_colours_of_status_are_statuses() -> None:
    rows = [
        [filled(cell, color) for cell in line(f"V{number}", f"Action {number}", None)]
        for number, color in enumerate((GREEN, RED, GREEN, YELLOW), start=1)
    ]
    assert [status for _, status, _ in statuses(plan(*rows))] == ["Green", "Red", "Green", "Yellow"]


# Themes, lines and totals


def test_bands_are_themes_and_are_counted_by_status() -> None:
    book = plan(
        ["Theme 1: Victims"],
        line("V1", "One", "Green"),
        line("V2", "Two", "Amber"),
        ["Offenders"],
        line("O1", "Three", "Green"),
        line("O2", "Four", None),
        merges={"Plan": ["A2:H2", "A5:H5"]},
    )
    report = preview(book).reports[0]
    assert report.remarks == (
        "Victims: 1 Green, 1 Yellow",
        "Offenders: 1 Green, 1 without a status",
    )
    assert report.headline == "2 Green, 1 Yellow, 1 without a status"
    assert (report.records, report.noun, report.title) == (4, "line", "Delivery plan")


def test_a_theme_may_be_a_column_or_a_sheet() -> None:
    headings = ("Theme", *HEADINGS)
    rows = [["Victims", *line("V1", "One", "Red")], [None, *line("V2", "Two", "Red")]]
    rows += [["Offenders", *line("O1", "Three", "Green")]]
    report = preview(plan(*rows, headings=headings)).reports[0]
    assert report.remarks == ("Victims: 2 Red", "Offenders: 1 Green")
    sheets = {name: [list(HEADINGS), line("1", f"{name} first", "Green")] for name in ("A", "B")}
    assert preview(FakeWorkbook(sheets)).reports[0].remarks == ("A: 1 Green", "B: 1 Green")


SUB_ROWS = [
    line("V1", "Support victims", "Green", activity="V1.1 The hub is open"),
    line("O2", "Work together", "Green", activity="O2.1 Partners meet", opportunities="More"),
    line(None, "", "Red", activity="O2.2 Days of action"),
    line(None, "", None, activity="O2.3 Drugs update"),
    line("O3", "Tackle causes", "Green"),
]


@pytest.mark.parametrize("merges", [["A3:A5", "B3:B5", "H3:H5"], []])
def test_an_action_may_have_several_activities_below_it(merges: list[str]) -> None:
    rows = [[cell if cell != "" else None for cell in row] for row in SUB_ROWS]
    book = plan(*rows, merges={"Plan": merges})
    assert [label for label, _, _ in statuses(book)] == ["V1.1", "O2.1", "O2.2", "O2.3", "O3"]
    assert said(preview(book)) == [("plan-status-missing", "O2.3", "F5")]
    listed = DELIVERY.list_entries(book, Settings(), DELIVERY.search(book, Settings()))
    assert [row["action"] for row in listed][1:4] == ["Work together"] * 3


def test_activities_may_be_numbered_in_a_column_and_actions_repeated() -> None:
    headings = (*HEADINGS, "Activity ref")
    rows = [
        [*line("O2", "Work together", "Green", activity=text), number]
        for text, number in (("Partners meet", "O2.1"), ("Days of action", 2), ("Update", None))
    ]
    rows.append([*line("O3", "Tackle causes", "Red"), "O3"])
    book = plan(*rows, headings=headings)
    assert [label for label, _, _ in statuses(book)] == ["O2.1", "O2.2", "O2", "O3"]
    assert said(preview(book)) == []


def test_a_status_over_several_activities_counts_once() -> None:
    rows = [
        line("O2", "Work together", "Amber", activity="O2.1 Partners meet"),
        line(None, "", None, activity="O2.2 Days of action"),
        line("O3", "Tackle causes", "Green"),
    ]
    rows[1][1] = None
    merges = ["A2:A3", "B2:B3", "F2:F3", "G2:G3"]
    found = preview(plan(*rows, merges={"Plan": merges}))
    assert found.reports[0].headline == "1 Green, 1 Yellow" and said(found) == []


def test_a_key_below_the_table_is_no_line() -> None:
    rows = [line(f"V{number}", f"Action {number}", "Green") for number in range(1, 4)]
    key = [["Red", "Action or decision needed"], ["Green", "On target"], ["White", "Not started"]]
    assert [label for label, _, _ in statuses(plan(*rows, [], *key))] == ["V1", "V2", "V3"]


# Findings


def test_a_right_plan_is_quiet() -> None:
    rows = [
        line("V1", "One", "Green", "↔", activity=None),
        line("V2.", "Two", "Red", "↓", opportunities="Ask the Board"),
        line("V3", "Three", "White", "-"),
        line("V4", "Four", "Amber", "Improved"),
    ]
    assert said(preview(plan(*rows))) == []


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        (line(None, "Nameless", "Green"), ("plan-reference-missing", "row 3", "A3")),
        (line("v1", "Again", "Green"), ("plan-reference-repeated", "v1", "A3")),
        (line("V2", "Two", "Purple"), ("plan-status-unknown", "V2", "F3")),
        (line("V2", "Two", None), ("plan-status-missing", "V2", "F3")),
        (line("V2", "Two", filled(None, "4472C4")), ("plan-status-missing", "V2", "F3")),
        (line("V2", "Two", filled("Green", RED)), ("plan-status-differs", "V2", "F3")),
        (line("V2", "Two", "Green", "soon"), ("plan-direction-unknown", "V2", "G3")),
        (line("V2", "Two", "Red", activity=None), ("plan-no-response", "V2", "E3")),
        (line("V2", "Two", "Y", activity="TBC"), ("plan-no-response", "V2", "E3")),
    ],
)
def test_what_is_amiss_is_found_where_it_stands(
    row: list[Any], finding: tuple[str, str, str]
) -> None:
    book = plan(line("V1", "One", "Green"), row, line("V9", "Nine", "Green"))
    assert said(preview(book)) == [finding]


def test_a_whole_column_without_statuses_is_one_note() -> None:
    rows = [line(f"V{number}", f"Action {number}", None) for number in range(1, 5)]
    found = preview(plan(*rows))
    assert said(found) == [("plan-statuses-missing", "", "F2")]
    assert found.findings[0].severity == "note"
    assert found.reports[0].headline == "4 without a status"


def test_the_offices_own_status_words_count() -> None:
    book = plan(line("V1", "One", "Steaming ahead"), line("V2", "Two", "Green"))
    assert said(preview(book)) == [("plan-status-unknown", "V1", "F2")]
    assert said(preview(book, Settings(status_words={"steaming ahead": "green"}))) == []


def test_leads_are_looked_up_one_by_one_where_there_is_a_list() -> None:
    book = plan(
        line("V1", "One", "Green", lead="CS / JH", delivery="constabulary"),
        line("V2", "Two", "Green", lead="XX & CS", delivery="DA & SV Group"),
    )
    assert said(preview(book)) == []
    settings = Settings(leads=("CS", "JH", "Constabulary", "DA & SV Group"))
    found = preview(book, settings)
    assert said(found) == [("plan-lead-unknown", "V2", "C3")]
    assert "XX" in found.findings[0].message and "CS" not in found.findings[0].message


def test_an_accepted_finding_is_left_out() -> None:
    book = plan(line("V1", "One", "Green"), line("V2", "Two", None))
    settings = Settings(accepted=(Accepted("V2", "plan-status-missing"),))
    found = preview(book, settings)
    assert found.findings == () and found.reports[0].accepted == 1


# Shades


def test_words_and_letters_are_shaded_by_the_key_and_fills_are_left() -> None:
    key = [filled("Red", "E60000"), filled("Amber", "FFBF00"), filled("Green", "00B050")]
    book = FakeWorkbook(
        {
            "Plan": [
                list(HEADINGS),
                line("V1", "One", "Green"),
                line("V2", "Two", "R"),
                line("V3", "Three", filled("Green", "00B050")),
                line("V4", "Four", filled(None, "00B050")),
                line("V5", "Five", filled("Green", "E60000")),
                line("V6", "Six", "White"),
                line("V7", "Seven", "Green"),
            ],
            "Key": [key],
        }
    )
    rules = preview(book).formats
    assert {(rule.kind, rule.range, rule.fill) for rule in rules} == {
        ("rag-green", "F2 F8", "00B050"),
        ("rag-red", "F3", "E60000"),
    }


def test_where_the_office_has_rules_of_its_own_none_is_added() -> None:
    book = plan(line("V1", "One", "Green"), line("V2", "Two", "Red"))
    assert len(preview(book).formats) == 2
    theirs = FormatRange("Plan", (Range.parse("F2:F90"),), "containsText", False)
    book.rules = {"Plan": [theirs]}
    assert preview(book).formats == ()


# The report before


def with_previous(now: list[list[Any]], before: list[list[Any]], **more: Any) -> Preview:
    book = plan(*now, others={"before.xlsx": plan(*before)})
    return preview(book, Settings(previous="before.xlsx", **more))


BEFORE = [
    line("V1", "Support victims", "Red", activity="Begun"),
    line("V2", "Find hidden harm", "Green", activity="Begun"),
    line("V3", "Offer restorative justice", "White", activity="Begun"),
]


def test_blank_directions_are_filled_in_from_the_two_reports() -> None:
    now = [
        line("V3.", "Offer restorative justice", "Green"),
        line("V1", "Support victims", "Yellow"),
        line("V2", "Find hidden harm", "Amber"),
        line("V4", "Something new", "Green"),
    ]
    found = with_previous(now, BEFORE)
    assert [(cell.address, cell.before, cell.after) for cell in found.cells] == [
        ("G2", None, "↔"),
        ("G3", None, "↑"),
        ("G4", None, "↓"),
    ]
    assert found.cells[1].reason == "V1: Red in before.xlsx, Yellow now"
    assert said(found) == []
    found = with_previous(now, BEFORE, from_white=True)
    assert found.cells[0].after == "↑"


def test_without_a_report_before_nothing_is_written() -> None:
    rows = [line("V1", "One", "Green"), line("V2", "Two", "Red")]
    assert preview(plan(*rows)).cells == ()
    never_saved = FakeWorkbook({"Plan": [list(HEADINGS), *rows]})
    found = preview(never_saved, Settings(previous="before.xlsx"))
    assert found.cells == () and said(found) == []


def test_a_typed_direction_that_disagrees_is_reported_and_left() -> None:
    now = [
        line("V1", "Support victims", "Yellow", "Deteriorated"),
        line("V2", "Find hidden harm", "Green", "→"),
        line("V3", "Offer restorative justice", "Green", formula("")),
    ]
    found = with_previous(now, BEFORE)
    assert said(found) == [("plan-direction-differs", "V1", "G2")]
    assert "gives ↑" in found.findings[0].message
    assert found.cells == ()


def test_unknown_statuses_give_no_direction() -> None:
    before = [line("V1", "One", "Puce"), line("V2", "Two", "Green"), line("V3", "Three", "Red")]
    now = [line("V1", "One", "Green"), line("V2", "Two", None), line("V3", "Three", "Red", "n/a")]
    assert with_previous(now, before).cells == ()


def test_a_status_in_words_is_never_overwritten_by_an_arrow() -> None:
    headings = (*HEADINGS[:5], "Delivery status and direction of travel")
    before = plan(line("V1", "One", "Red")[:6], line("V2", "Two", "Red")[:6], headings=headings)
    now = plan(
        line("V1", "One", "Green", activity="Done")[:6],
        line("V2", "Two", filled(None, GREEN), activity="Done")[:6],
        headings=headings,
        others={"before.xlsx": before},
    )
    found = preview(now, Settings(previous="before.xlsx"))
    assert [(cell.address, cell.after) for cell in found.cells] == [("F3", "↑")]


def test_changed_leads_and_unchanged_activities_are_notes() -> None:
    before = [
        line("V1", "Support victims", "Green", lead="NP", activity="V1.1 The hub  is open"),
        line("V2", "Find hidden harm", "Green", delivery="constabulary", activity="Old"),
        line("V3", "Offer justice", "Complete", activity="All in place."),
    ]
    now = [
        line("V1", "Support victims", "Green", lead="NP / CS", activity="V1.1 the hub is open."),
        line("V2", "Find hidden harm", "Green", delivery="Constabulary", activity="New"),
        line("V3", "Offer justice", "Complete", activity="All in place."),
    ]
    found = with_previous(now, before)
    assert said(found) == [
        ("plan-lead-changed", "V1.1", "C2"),
        ("plan-activity-unchanged", "V1.1", "E2"),
    ]
    assert {each.severity for each in found.findings} == {"note"}
    assert found.findings[0].message == "V1.1 has the lead NP / CS; in before.xlsx it was NP"


def test_renumbered_actions_are_found_and_not_compared() -> None:
    now = [
        line("V1", "Find hidden harm", "Green"),
        line("V2", "Support all victims", "Green"),
        line("V3", "Offer restorative justice to everyone", "Green"),
        line(None, "Something quite new", "Green"),
    ]
    found = with_previous(now, BEFORE)
    assert said(found) == [
        ("plan-reference-missing", "row 5", "A5"),
        ("plan-reference-renumbered", "V1", "A2"),
        ("plan-reference-renumbered", "V2", "A3"),
    ]
    messages = [each.message for each in found.findings[1:]]
    assert messages == [
        "V1 was V2 in before.xlsx; the same action is V1 now",
        "V2 stood for another action in before.xlsx",
    ]
    assert [cell.address for cell in found.cells] == ["G4"]


def test_plans_without_references_are_matched_by_the_text_of_the_action() -> None:
    headings = HEADINGS[1:]
    before = plan(*(row[1:] for row in BEFORE), headings=headings)
    rows = [line("", action, "Green")[1:] for action in VICTIMS]
    now = plan(*rows, headings=headings, others={"before.xlsx": before})
    found = preview(now, Settings(previous="before.xlsx"))
    assert said(found) == []
    assert {cell.address: cell.after for cell in found.cells} == {"F2": "↑", "F3": "↔", "F4": "↔"}


def test_the_report_before_may_have_had_other_headings() -> None:
    before = plan(*BEFORE)
    headings = (*HEADINGS[:5], "How far", *HEADINGS[6:])
    rows = [line("V1", "Support victims", "Green"), line("V2", "Find hidden harm", "Red")]
    now = plan(*rows, headings=headings, others={"before.xlsx": before})
    settings = Settings(previous="before.xlsx", columns={"delivery.status": "How far"})
    found = preview(now, settings)
    assert [(cell.address, cell.after) for cell in found.cells] == [("G2", "↑"), ("G3", "↓")]


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({}, "no other workbook of that name"),
        ({"before.xlsx": "before.xlsx is cut off"}, "before.xlsx is cut off; nothing"),
        ({"before.xlsx": FakeWorkbook({"Rota": [["Monday", "CS"]]})}, "it has no delivery plan"),
    ],
)
def test_a_report_before_that_cannot_be_read_is_a_finding(
    others: dict[str, FakeWorkbook | str], words: str
) -> None:
    book = plan(line("V1", "One", "Green"), line("V2", "Two", "Red"), others=others)
    found = preview(book, Settings(previous="before.xlsx"))
    assert said(found) == [("plan-previous-missing", "", "")]
    assert words in found.findings[0].message and found.cells == ()


# Files


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A folder with copies of both samples; gives the later one."""
    shutil.copy(WORKBOOKS / NOVEMBER, tmp_path)
    return Path(shutil.copy(WORKBOOKS / MAY, tmp_path))


KNOWN = {
    ("plan-status-unknown", "V1.1"),
    ("plan-direction-differs", "C8"),
    ("plan-lead-changed", "V3"),
    ("plan-lead-changed", "V6"),
    ("plan-lead-changed", "V9"),
    ("plan-lead-changed", "O10"),
    ("plan-lead-changed", "C1"),
    ("plan-lead-changed", "C9"),
    ("plan-lead-changed", "T10"),
    ("plan-activity-unchanged", "O2.2"),
}


def test_a_check_of_the_samples_finds_the_known_things_and_no_others(plans: Path) -> None:
    found = operations.preview(plans, WITH_PREVIOUS)
    assert {(each.code, each.record) for each in found.findings} == KNOWN
    assert len(found.findings) == len(KNOWN)
    assert found.as_of == date(2018, 5, 10)
    [report] = found.reports
    assert report.records == 44
    assert report.headline == "32 Green, 9 Yellow, 2 Red, 1 White"
    assert report.remarks[0] == "Victims: 7 Green, 2 Yellow"
    first = operations.preview(plans.with_name(NOVEMBER), Settings())
    assert {(each.code, each.record) for each in first.findings} == {
        ("plan-status-unknown", "V1.1")
    }
    assert first.as_of == date(2017, 11, 15) and first.is_empty


def test_a_refresh_fills_in_the_blank_arrows_and_nothing_else(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    done = operations.refresh(plans, out, WITH_PREVIOUS)
    assert {(cell.address, cell.after) for cell in done.cells} == {("F27", "↑"), ("F57", "↓")}
    assert not (done.styles or done.formats or done.notes or done.sheets)
    before, after = (openpyxl.load_workbook(path)["Delivery plan"] for path in (plans, out))
    changed = {
        cell.coordinate: after[cell.coordinate].value
        for row in before.iter_rows()
        for cell in row
        if cell.value != after[cell.coordinate].value
        or cell.fill.fgColor.rgb != after[cell.coordinate].fill.fgColor.rgb
    }
    assert changed == {"F27": "↑", "F57": "↓"}
    assert operations.preview(out, WITH_PREVIOUS).cells == ()


def test_the_samples_with_the_known_things_corrected_have_no_errors_and_no_warnings(
    plans: Path,
) -> None:
    for path in (plans.with_name(NOVEMBER), plans):
        book = openpyxl.load_workbook(path)
        sheet = book["Delivery plan"]
        shown = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
        is_may = path == plans
        sheet.cell(shown["V1"], 6).value = "↔" if is_may else None
        if is_may:
            sheet.cell(shown["C8"], 6).value = "↔"
        book.save(path)
        settings = WITH_PREVIOUS if is_may else Settings()
        findings = operations.check(path, settings=settings)
        assert Counter(each.severity for each in findings) == ({"note": 8} if is_may else {})


def test_the_report_before_is_looked_for_beside_the_workbook_and_nowhere_else(plans: Path) -> None:
    away = plans.parent / "away"
    away.mkdir()
    moved = Path(shutil.move(plans.with_name(NOVEMBER), away / NOVEMBER))
    codes = {}
    for name in (NOVEMBER, f"away/{NOVEMBER}", f"away\\{NOVEMBER}", str(moved), MAY, f"../{MAY}"):
        found = operations.preview(plans, Settings(previous=name))
        codes[name] = "plan-previous-missing" in {each.code for each in found.findings}
    assert list(codes.values()) == [True, False, False, True, True, True]
    (plans.parent / "cut.xlsx").write_bytes(moved.read_bytes()[:4000])
    found = operations.preview(plans, Settings(previous="cut.xlsx"))
    assert "plan-previous-missing" in {each.code for each in found.findings}


def test_read_gives_status_theme_and_direction(plans: Path) -> None:
    rows = operations.read_rows(plans, Settings())["delivery"]
    assert len(rows) == 44
    by_label = {row["label"]: row for row in rows}
    row = by_label["O2.2"]
    assert (row["theme"], row["rag"], row["travel"]) == ("Offenders", "Red", "no change")
    assert (row["reference"], row["opcc_lead"], row["address"]) == ("O2", "CK", "A24")
    assert by_label["C5"]["rag"] == "White"


def test_dates_and_formulas_in_a_plan_do_no_harm() -> None:
    book = plan(
        line("V1", "One", formula("Green"), activity=dated(date(2018, 1, 1))),
        line("V2", "Two", Made(3), opportunities=dated(date(2018, 1, 1))),
    )
    assert said(preview(book)) == [("plan-status-unknown", "V2", "F3")]


def test_a_plan_whose_actions_are_headed_activity_is_read() -> None:
    headings = ["Theme", "Ref", "Activity", "Lead", "Status", "Direction", "Action taken"]
    rows = [
        ["Victims", "V1", "Commission services", "CS", "Slipping", "↓", None],
        ["Victims", "V2", "Recruit advisers", "CS", "Not yet due", None, None],
    ]
    book = FakeWorkbook({"Plan": [headings, *rows]})
    assert [row["action"] for row in DELIVERY.list_entries(
        book, Settings(), DELIVERY.search(book, Settings())
    )] == ["Commission services", "Recruit advisers"]  # fmt: skip
    seen = preview(book)
    assert said(seen) == [("plan-no-response", "V1", "G2")]
    assert seen.reports[0].headline == "1 Yellow, 1 White"


def test_a_list_of_activities_with_due_dates_and_no_direction_is_no_plan() -> None:
    headings = ["Ref", "Activity", "Lead", "RAG", "Due date", "Comment"]
    rows = [[n, f"Book the hall for day {n}", "CS", "Green", "1 May 2018", None] for n in (1, 2, 3)]
    book = FakeWorkbook({"Plan": [headings, *rows]})
    assert not DELIVERY.search(book, Settings()).layouts
