"""What workbooks of one folder say of each other, and what is no contradiction between them."""

from __future__ import annotations

import csv
import json
import pickle
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import xlgov
from tests.plain_registers import write_register
from xlgov.changes import Finding
from xlgov.cli import main
from xlgov.operations import compare_files, examine
from xlgov.review.across import CODES

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "tests" / "review" / "risk_changes_2017.csv"
SAMPLES = ROOT / "workbooks"
AS_OF = date(2017, 2, 6)

HEADINGS = ("Ref", "Risk description", "Likelihood", "Impact", "Risk rating", "Risk owner")
# Rated by the matrix of ranks: 4 and 4 give 21, above the tolerance of 13.
RISKS: tuple[tuple[Any, ...], ...] = (
    ("SR1.1", "Public confidence falls as engagement reaches few communities", 2, 3, 9, "JB"),
    ("SR1.2", "A partner's press coverage damages the reputation of the office", 1, 3, 6, "JB"),
    ("SR2.1", "Objectives of the plan lack focus and manifesto pledges are missed", 2, 2, 5, "CS"),
    ("SR3.1", "Budget planning, audit or the precept fail and the reserves run dry", 2, 3, 9, "CS"),
    ("SR3.2", "Commissioner and Chief Constable disagree on roles and delegation", 1, 2, 3, "CS"),
    ("SR3.3", "Regional collaboration on buildings and fleet does not deliver", 4, 4, 21, "EW"),
)
LOG = ("No", "Meeting date raised", "Action", "Owner", "Target date", "Status", "Risk ref")


def sheets(path: Path, **pages: Sequence[Sequence[Any]]) -> Path:
    """A workbook of sheets with rows from A1; dates are shown as dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in pages.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def register(path: Path, rows: Sequence[Sequence[Any]] = RISKS) -> Path:
    return write_register(path, rows, HEADINGS)


def log(path: Path, *rows: Sequence[Any]) -> Path:
    """An action log; each row is its text, owner, target, status and reference to a risk."""
    raised = date(2016, 11, 1)
    listed = [(number, raised, *row) for number, row in enumerate(rows, start=1)]
    return sheets(path, Actions=[LOG, *listed])


def between(folder: Path) -> list[Finding]:
    """The findings between the files of a folder."""
    return [each for each in xlgov.check(folder, AS_OF) if each.code in CODES]


def said(findings: list[Finding]) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [
        (each.code, Path(each.file).name, each.record, each.address, each.related)
        for each in findings
    ]


LATER, GONE = date(2017, 6, 1), date(2016, 12, 1)


def test_a_closed_or_overdue_action_on_a_risk_above_tolerance_is_found(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    log(
        tmp_path / "log.xlsx",
        ("Agree the lease", "EW", LATER, "Closed", "SR3.3"),
        ("Sell the old fleet", "EW", GONE, "Ongoing", "SR3.3"),
        ("Agree the business case", "EW", LATER, "Ongoing", "SR3.3"),
        ("Publish the survey", "JB", GONE, "Closed", "SR1.1"),
    )
    rating = "register.xlsx!Register!E9"
    assert said(between(tmp_path)) == [
        ("risk-action-overdue", "log.xlsx", "2", "E3", (rating, "Actions!G3")),
        ("risk-action-closed", "log.xlsx", "1", "F2", (rating, "Actions!G2")),
    ]


def test_a_reference_in_the_words_of_an_action_counts_too(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Sell the fleet (SR 3.3)", "EW", GONE, "Ongoing", None))
    assert [each.code for each in between(tmp_path)] == ["risk-action-overdue"]


def test_an_action_is_held_against_no_risk_that_a_version_has_within_tolerance(
    tmp_path: Path,
) -> None:
    register(tmp_path / "register.xlsx")
    lower = [*RISKS[:-1], (*RISKS[-1][:2], 1, 2, 3, "EW")]
    register(tmp_path / "register of january.xlsx", lower)
    log(tmp_path / "log.xlsx", ("Sell the old fleet", "EW", GONE, "Ongoing", "SR3.3"))
    assert between(tmp_path) == []


def test_a_reference_that_no_register_has_names_the_nearest(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Agree the lease", "EW", LATER, "Ongoing", "SR3.9"))
    (finding,) = between(tmp_path)
    assert said([finding]) == [
        ("risk-reference-unknown", "log.xlsx", "1", "G2", ("register.xlsx!Register!A7",))
    ]
    assert "SR3.9" in finding.message and "register.xlsx" in finding.message
    assert "SR3.1" in finding.remedy


@pytest.mark.parametrize(
    "text",
    [
        "Covers V1.1, O2.3 and paragraph 7.2 of the plan of 2017",
        "Decision CPCC 2017-020, call sign SR 2017 and flight SR99999",
        "Raised under SR3.1, SR 3.2 and (sr3.3)",
        "The A14, the M11 and the R4",
    ],
)
def test_what_is_no_reference_to_a_risk_is_left_alone(tmp_path: Path, text: str) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", (text, "EW", LATER, "Ongoing", None))
    sheets(tmp_path / "paper.xlsx", Paper=[[text]])
    assert between(tmp_path) == []


def test_single_letters_count_only_where_risks_are_spoken_of(tmp_path: Path) -> None:
    register(
        tmp_path / "register.xlsx",
        [(f"R{number}", *row[1:]) for number, row in enumerate(RISKS, start=1)],
    )
    sheets(tmp_path / "paper.xlsx", Paper=[["Rooms R11 and R12 are let"], ["See risk R14"]])
    assert [(each.code, each.address) for each in between(tmp_path)] == [
        ("risk-reference-unknown", "A2")
    ]


def test_a_file_that_numbers_its_own_records_so_speaks_of_no_risks(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    rows = [(f"SR{n}.7", date(2016, 11, 1), "Agree it", "EW", LATER, "Ongoing") for n in (4, 5, 6)]
    sheets(tmp_path / "log.xlsx", Actions=[LOG[:-1], *rows])
    assert between(tmp_path) == []


def paper_of_2017(path: Path, finance: str = "SR3.2") -> Path:
    """The covering paper: a row for each change, the finance risk by the number it printed."""
    with FACTS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert any(row["risk_ref_as_printed"] != row["register_ref"] for row in rows)
    printed = [
        finance if row["register_ref"] == "SR3.1" else row["risk_ref_as_printed"] for row in rows
    ]
    listed = [
        (row["cover_paragraph"], reference, row["change_paraphrase"])
        for row, reference in zip(rows, printed, strict=True)
    ]
    return sheets(path, Changes=[("Paragraph", "Risk", "Change"), *listed])


@pytest.mark.parametrize("name", ["strategic-risk-register", "strategic-risk-register-table"])
def test_the_finance_risk_of_the_covering_paper_is_that_of_another_number(
    tmp_path: Path, name: str
) -> None:
    shutil.copy(SAMPLES / f"{name}.xlsx", tmp_path / "register.xlsx")
    paper_of_2017(tmp_path / "paper.xlsx")
    (finding,) = between(tmp_path)
    assert (finding.code, finding.sheet, finding.address) == (
        "risk-reference-other",
        "Changes",
        "B7",
    )
    assert "SR3.2" in finding.message and "SR3.1 in register.xlsx" in finding.message
    assert finding.related[0].startswith("register.xlsx!")
    assert finding.related[2:] == ("Changes!B8", "Changes!B9", "Changes!B10")


def test_the_covering_paper_with_the_right_number_is_left_alone(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "strategic-risk-register.xlsx", tmp_path / "register.xlsx")
    paper_of_2017(tmp_path / "paper.xlsx", finance="SR3.1")
    assert between(tmp_path) == []


def test_a_short_text_is_never_taken_for_another_risk(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    sheets(tmp_path / "paper.xlsx", Paper=[["SR3.2 budget, audit, precept, reserves"]])
    assert between(tmp_path) == []


def test_a_long_text_about_another_risk_is(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    text = (
        "SR3.2: the budget needs better planning, internal audit asked for a higher precept "
        "and the reserves would otherwise run dry"
    )
    sheets(tmp_path / "paper.xlsx", Paper=[[text]])
    assert said(between(tmp_path)) == [
        (
            "risk-reference-other",
            "paper.xlsx",
            "",
            "A1",
            ("register.xlsx!Register!A7", "register.xlsx!Register!A8"),
        )
    ]


def test_a_summary_in_another_workbook_lacks_a_risk(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    listed = [[row[0], row[1]] for row in RISKS if row[0] != "SR2.1"]
    sheets(tmp_path / "summary.xlsx", Summary=[["Risk", "What"], *listed, ["SR4.1", "Another"]])
    assert [(each.code, each.record, each.address) for each in between(tmp_path)] == [
        ("risk-reference-unknown", "", "A7"),
        ("risk-summary-missing", "SR2.1", "A8"),
    ]


def test_versions_of_one_register_are_not_checked_against_each_other(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    register(tmp_path / "register of january.xlsx", RISKS[:-1])
    register(tmp_path / "register (before xlgov).xlsx", RISKS[1:])
    assert between(tmp_path) == []


def board(path: Path, calls: float, number_format: str = "0", month: str = "Mar-18") -> Path:
    """A small dashboard with readings of no month but what its headings say."""
    heading = date(2018, int({"Feb": 2, "Mar": 3}[month[:3]]), 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Dashboard")
        shown = book.add_format({"num_format": number_format})
        months = book.add_format({"num_format": "mmm-yy"})
        sheet.write_row(0, 0, ["Theme", "Indicator"])
        earlier = date(heading.year - 1, heading.month, 1)
        sheet.write_datetime(0, 2, _moment(heading), months)
        sheet.write_datetime(0, 3, _moment(earlier), months)
        sheet.write_row(0, 4, ["FYTD", "FYTD - 1 yr", "Rolling 12 months", "Baseline"])
        for row, (name, figure) in enumerate((("999 calls", calls), ("Burglary", 120)), start=1):
            sheet.write_row(row, 0, ["POLICE", name])
            for column, value in enumerate((figure, 300, 4000, 4100, 4200, 4300), start=2):
                sheet.write(row, column, value, shown)
    return path


def _moment(day: date) -> Any:
    from datetime import datetime

    return datetime(day.year, day.month, day.day)


def test_one_figure_with_two_values_in_two_dashboards_is_found(tmp_path: Path) -> None:
    board(tmp_path / "board.xlsx", 310)
    board(tmp_path / "panel.xlsx", 312)
    (finding,) = between(tmp_path)
    assert said([finding]) == [
        (
            "figure-differs-between-files",
            "panel.xlsx",
            "999 calls",
            "C2",
            ("board.xlsx!Dashboard!C2",),
        )
    ]
    assert "312 here, 310 in board.xlsx" in finding.message


@pytest.mark.parametrize(
    ("calls", "number_format", "month", "name"),
    [
        (310.4, "0.0", "Mar-18", "panel.xlsx"),  # 310 as the other shows it
        (312, "0", "Feb-18", "panel.xlsx"),  # another month
        (312, "0", "Mar-18", "old/board.xlsx"),  # another version of the same file
    ],
)
def test_figures_that_need_not_agree_are_left_alone(
    tmp_path: Path, calls: float, number_format: str, month: str, name: str
) -> None:
    board(tmp_path / "board.xlsx", 310)
    board(tmp_path / name, calls, number_format, month)
    assert between(tmp_path) == []


LEADS = [("Initials", "Name"), ("EW", "E Wood"), ("JB", "J Bell"), ("CS", "C Shaw")]


def test_a_lead_who_is_not_in_the_list_of_another_workbook_is_found(tmp_path: Path) -> None:
    sheets(tmp_path / "leads.xlsx", Leads=LEADS)
    log(
        tmp_path / "log.xlsx",
        ("Agree the lease", "EW / J Bell (JB)\nCS", LATER, "Ongoing", None),
        ("Sell the fleet", "CS and XY", LATER, "Ongoing", None),
        ("Tell everybody", "All", LATER, "Ongoing", None),
    )
    (finding,) = between(tmp_path)
    assert said([finding]) == [("lead-not-listed", "log.xlsx", "2", "D3", ("leads.xlsx!Leads!A1",))]
    assert "XY" in finding.message


def test_a_list_of_other_people_says_nothing_of_a_log(tmp_path: Path) -> None:
    sheets(tmp_path / "leads.xlsx", Leads=LEADS)
    log(
        tmp_path / "log.xlsx",
        ("Agree the lease", "Head of Estates", LATER, "Ongoing", None),
        ("Sell the fleet", "Fleet manager", LATER, "Ongoing", None),
        ("Tell them", "EW", LATER, "Ongoing", None),
    )
    assert between(tmp_path) == []


def test_the_samples_together_contradict_each_other_in_nothing(tmp_path: Path) -> None:
    for path in (*SAMPLES.glob("*.xlsx"), SAMPLES / "xlgov.toml"):
        shutil.copy(path, tmp_path)
    assert between(tmp_path) == []


def test_an_accepted_finding_between_files_stays_away(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Agree the lease", "EW", LATER, "Ongoing", "SR3.9"))
    (tmp_path / "xlgov.toml").write_text(
        '[[accepted]]\nreference = "*"\nfinding = "risk-reference-unknown"\nreason = "Renamed"\n'
    )
    found = xlgov.check([tmp_path / "log.xlsx", tmp_path / "register.xlsx"], AS_OF)
    assert not [each for each in found if each.code.startswith(("risk-reference", "accepted"))]


def test_one_file_alone_is_compared_with_nothing(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Agree the lease", "EW", LATER, "Ongoing", "SR3.9"))
    assert not [each for each in xlgov.check(tmp_path / "log.xlsx") if each.code in CODES]
    assert [each.code for each in xlgov.check(str(tmp_path / "*.xlsx")) if each.code in CODES] == [
        "risk-reference-unknown"
    ]


def test_a_broken_file_stops_no_comparison_of_the_others(tmp_path: Path) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Agree the lease", "EW", LATER, "Ongoing", "SR3.9"))
    (tmp_path / "broken.xlsx").write_bytes(b"PK\3\4 no workbook")
    found = xlgov.check(tmp_path, AS_OF)
    assert {"file-unreadable", "risk-reference-unknown"} <= {each.code for each in found}


def test_what_is_kept_of_a_file_is_small_and_travels(tmp_path: Path) -> None:
    examined = examine(SAMPLES / "strategic-risk-register.xlsx")
    kept = pickle.dumps(examined.records)
    assert pickle.loads(kept) == examined.records
    assert len(kept) < 50_000
    assert compare_files([]) == []


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["check", *arguments, "--as-of", "2017-02-06"])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_check_ends_with_both_addresses_and_a_page_of_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], jobs: str
) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Sell the old fleet", "EW", GONE, "Ongoing", "SR3.3"))
    code, text = run(capsys, str(tmp_path), "--fail-on", "warning", "--jobs", jobs)
    assert code == 1
    assert "Across files (1)  log.xlsx: 1 is overdue and SR3.3 is above tolerance at 21" in text
    assert "[Actions!E2; register.xlsx!Register!E9; Actions!G2]" in text
    assert text.splitlines()[-4:] == [
        "               above tolerance  overdue",
        "log.xlsx                     0        1",
        "register.xlsx                1        0",
        "In all                       1        1",
    ]


def test_json_has_them_among_the_findings_of_their_file_and_nothing_else_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register(tmp_path / "register.xlsx")
    log(tmp_path / "log.xlsx", ("Agree the lease", "EW", LATER, "Ongoing", "SR3.9"))
    code, text = run(capsys, str(tmp_path), "--json", "--fail-on", "warning")
    document = json.loads(text)
    assert list(document) == ["files"]
    codes = {
        Path(file["path"]).name: [each["code"] for each in file["findings"]]
        for file in document["files"]
    }
    assert "risk-reference-unknown" in codes["log.xlsx"]
    assert "risk-reference-unknown" not in codes["register.xlsx"]
    (finding,) = (each for each in document["files"][0]["findings"] if each["code"] in CODES)
    assert finding["related"] == ["register.xlsx!Register!A7"]
    assert code == 1


def test_one_file_has_no_page_of_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = run(capsys, str(register(tmp_path / "register.xlsx")))
    assert "In all" not in text
