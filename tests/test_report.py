"""What people and programs read: one line for a kind, words first and cells last, plain JSON."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from xlgov.batch import Outcome
from xlgov.changes import (
    BoardItem,
    CellChange,
    ChangeSet,
    Finding,
    FormatRule,
    Formula,
    Report,
    RichText,
    Severity,
    SheetChange,
    TextRun,
)
from xlgov.errors import EncryptedError
from xlgov.grid.cells import CellError
from xlgov.report.changes import change_lines, recognised_lines
from xlgov.report.documents import document
from xlgov.report.findings import finding_lines, head_lines
from xlgov.report.summary import summary
from xlgov.report.tables import print_tables, write_csv
from xlgov.report.values import plain

RiskReport = partial(Report, noun="risk")
REPORT = RiskReport("risk", "Risk register", ("Register",), 2, tolerance="13")


def finding(
    record: str,
    address: str = "E4",
    code: str = "rating-disagrees",
    severity: Severity = "error",
    message: str = "is wrong",
    **more: Any,
) -> Finding:
    said = f"{record} {message}".strip()
    return Finding(severity, code, record, "Register", address, said, title=code, **more)


def change(
    address: str = "E4", before: Any = 8, after: Any = 9, measure: str = "rating"
) -> CellChange:
    return CellChange("Register", address, before, after, "2 and 3 give 9", measure)


def test_the_first_line_says_what_when_and_from_where() -> None:
    board = (
        BoardItem("SR1", 18, "Register", "E4", date(2016, 5, 1)),
        BoardItem("SR2", 14, "R", "E5"),
    )
    changes = ChangeSet(
        reports=[RiskReport("risk", "Risk register", ("Register",), 1, board, "13")],
        as_of=date(2017, 2, 6),
        as_of_source="from Register!A1",
    )
    assert head_lines(changes) == [
        "Risk register, 1 risk, as of 6 February 2017 (from Register!A1)",
        "2 above tolerance (13): SR1 18 (since 1 May 2016), SR2 14",
    ]
    assert head_lines(ChangeSet(reports=[REPORT])) == [
        "Risk register, 2 risks",
        "None above tolerance (13)",
    ]
    unrated = RiskReport("risk", "Risk register", ("Register",), 2)
    assert head_lines(ChangeSet(reports=[unrated])) == ["Risk register, 2 risks"]


def test_registers_of_one_title_are_told_apart_by_their_sheets() -> None:
    other = RiskReport("risk", "Risk register", ("Estates", "Fleet"), 1)
    assert head_lines(
        ChangeSet(reports=[other, RiskReport("risk", "Risk register", ("HR",), 3)])
    ) == [
        "Risk register (Estates, Fleet), 1 risk",
        "Risk register (HR), 3 risks",
    ]


def test_findings_of_a_kind_are_one_line_and_a_single_one_keeps_its_sentence() -> None:
    found = [
        finding("A", "F4", "no-owner", "warning", "has no owner"),
        finding("B", "F5", "no-owner", "warning", "has no owner"),
        finding("C", "G6", "status-stale", "warning", "is old"),
    ]
    assert finding_lines(ChangeSet(findings=found)) == [
        "To look at (2)    no-owner: A, B",
        "                  C is old   [Register!G6]",
    ]


def test_a_record_is_named_once_in_a_line() -> None:
    found = [finding("A", "C4"), finding("A", "D4"), finding("B", "C5")]
    assert finding_lines(ChangeSet(findings=found)) == ["To look at (1)    rating-disagrees: A, B"]


def test_only_the_error_that_a_change_answers_is_one_to_correct() -> None:
    found = [
        finding("A", "E4", message="shows 8"),
        finding("A", "E4", "current-above-inherent", "warning", "is above inherent"),
        finding("B", "E5", message="cannot be corrected"),
    ]
    assert finding_lines(ChangeSet(cells=[change("E4")], findings=found)) == [
        "To correct (1)    A shows 8   [Register!E4]",
        "To look at (2)    A is above inherent   [Register!E4]",
        "                  B cannot be corrected   [Register!E5]",
    ]


def test_a_finding_about_the_whole_file_says_what_to_do() -> None:
    found = [
        Finding("note", "band-edges-assumed", "", "", "", "The edges are assumed", "Confirm them"),
        Finding("warning", "scheme-unclear", "", "R", "E4", "These are products.", "State it."),
    ]
    assert finding_lines(ChangeSet(findings=found)) == [
        "To look at (2)    The edges are assumed. Confirm them",
        "                  These are products. State it   [R!E4]",
    ]


def test_accepted_findings_are_counted() -> None:
    report = Report("risk", "Risk register", ("Register",), 2, accepted=3)
    assert finding_lines(ChangeSet(reports=[report])) == [
        "Accepted (3)      left out until their review dates"
    ]


def test_a_thousand_findings_stay_readable() -> None:
    numbers = range(1, 1001)
    same = [finding(f"R{n}", f"F{n}", "no-owner", "warning") for n in numbers]
    (line,) = finding_lines(ChangeSet(findings=same))
    assert line.endswith("R49, R50, ... and 950 more")
    wrong = [finding(f"R{n}", f"E{n}") for n in numbers]
    changes = ChangeSet(cells=[change(f"E{n}") for n in numbers], findings=wrong)
    lines = finding_lines(changes)
    assert (len(lines), lines[0][:17]) == (101, "To correct (1000)")
    assert lines[-1].strip() == "... and 900 more"
    assert change_lines(changes)[-1] == "... and 900 more"


def test_changes_are_shown_with_what_stood_there() -> None:
    changes = ChangeSet(
        cells=[
            change(),
            CellChange("Register", "F4", None, date(2017, 2, 6)),
            CellChange("Register", "G4", "old", None, "made blank"),
            CellChange("Register", "H4", CellError("#REF!"), Formula("A1+1", 2)),
        ],
        sheets=[SheetChange("xlgov"), SheetChange("xlgov log", remove=True)],
        drop_formats=["Register", "Old"],
        formats=[FormatRule("Register", "E4:E9", "E4>13", fill="FF0000")],
    )
    assert change_lines(changes) == [
        "Register!E4: 8 -> 9   2 and 3 give 9",
        "Register!F4: blank -> 2017-02-06",
        "Register!G4: old -> blank   made blank",
        "Register!H4: #REF! -> =A1+1",
        "Coloured by band: Register!E4:E9",
        "Register: colours of ours replaced",
        "Old: colours of ours removed",
        "sheet 'xlgov': written",
        "sheet 'xlgov log': removed",
    ]


def test_formats_are_said_once_for_all_their_cells() -> None:
    def rule(place: str, **more: Any) -> FormatRule:
        return FormatRule("Forms", place, "x", **more)

    five = "N14 N30 N46 N62 N78"
    formats = [rule(five, fill="00FF00"), rule(five, fill="FF0000", bold=True), rule("P1")]
    formats.append(rule("P1", kind="tolerance", bold=True))
    formats.append(rule("Q1:Q9", kind="rule", bold=True))
    assert change_lines(ChangeSet(formats=formats)) == [
        "Coloured by band: Forms!N14 N30 N46 ... (5 places), Forms!P1",
        "Bold with a border above tolerance: Forms!N14 N30 N46 ... (5 places), Forms!P1",
        "Formatted where x: Forms!Q1:Q9",
    ]


def test_how_a_register_was_read_is_followed_by_what_was_decided() -> None:
    report = Report(
        "risk", "R", ("A",), 1, recognised=("A is a table", "  x: 'X'"), remarks=("rated by Key",)
    )
    assert recognised_lines(ChangeSet(reports=[report])) == [
        *("A is a table", "  x: 'X'", "  rated by Key")
    ]


DOUBT = Finding("warning", "scheme-unclear", "", "HR", "E4", "HR is scored by sums", "State it")
RULE = FormatRule("Register", "E4:E9", "E4>13", fill="FF0000")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (ChangeSet(), "nothing recognised; left alone"),
        (ChangeSet(reports=[REPORT]), "already up to date"),
        (
            ChangeSet(
                cells=[change(), change("E5", None), change("D5", 1, 2, "impact"), change("E6")],
                formats=[RULE],
                reports=[REPORT],
            ),
            "2 ratings and 1 impact corrected, 1 rating filled in; nothing else changed "
            "(rating cells coloured by band)",
        ),
        (
            ChangeSet(cells=[change(measure="")], reports=[REPORT]),
            "1 cell corrected; nothing else changed",
        ),
        (
            ChangeSet(formats=[RULE], drop_formats=["Register"], reports=[REPORT]),
            "rating cells coloured by band; nothing else changed",
        ),
        (
            ChangeSet(formats=[FormatRule("R", "E4", "E4>13", bold=True)], reports=[REPORT]),
            "ratings above tolerance in bold; nothing else changed",
        ),
        (
            ChangeSet(drop_formats=["Register"], reports=[REPORT]),
            "colours of ours removed; nothing else changed",
        ),
        (
            ChangeSet(findings=[DOUBT], reports=[REPORT]),
            "left alone: HR is scored by sums. State it",
        ),
        (
            ChangeSet(cells=[change()], findings=[DOUBT], reports=[REPORT]),
            "1 rating corrected; nothing else changed; "
            "HR left alone: HR is scored by sums. State it",
        ),
    ],
)
def test_a_refresh_is_summed_up_in_one_clause(changes: ChangeSet, said: str) -> None:
    assert summary(changes) == said


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (9, 9),
        (1.5, 1.5),
        (True, True),
        (None, None),
        ("=text", "=text"),
        (date(2017, 2, 6), "2017-02-06"),
        (datetime(2017, 2, 6, 9, 30), "2017-02-06T09:30:00"),
        (Formula("A1+1", 3), "=A1+1"),
        (RichText((TextRun("new", bold=True), TextRun(" text"))), "new text"),
        (CellError("#DIV/0!"), "#DIV/0!"),
        (float("inf"), "inf"),
    ],
)
def test_every_value_has_a_plain_form(value: object, written: object) -> None:
    assert plain(value) == written
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == written


def test_the_document_of_an_error_has_the_same_keys() -> None:
    good = Outcome(Path("a.xlsx"), ChangeSet(as_of=date(2017, 2, 6), reports=[REPORT, REPORT]))
    bad = Outcome(Path("b.xlsx"), error=EncryptedError("closed"))
    one, two = document([good, bad])["files"]
    assert one.keys() == two.keys()
    assert (one["as_of"], one["kinds"], one["error"]) == ("2017-02-06", ["risk"], None)
    assert (two["as_of"], two["kinds"]) == (None, [])
    assert two["error"] == {"code": "encrypted", "message": "closed"}


def test_csv_text_is_no_formula_and_rows_need_not_be_alike(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"reference": "A", "description": "=1+1", "rating": -3, "owner": "-"},
        {"reference": "B", "date": date(2017, 2, 6), "description": "@here\nand there"},
    ]
    (path,) = write_csv({"risk": rows}, tmp_path / "new", "book")
    assert path == tmp_path / "new" / "book-risk.csv"
    assert path.read_bytes().decode("utf-8-sig") == (
        "reference,description,rating,owner,date\r\n"
        "A,'=1+1,-3,-,\r\n"
        'B,"\'@here\nand there",,,2017-02-06\r\n'
    )


def test_printed_tables_leave_long_and_blank_columns_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        {"kind": "risk", "address": "A4", "reference": "R1", "description": "x" * 80, "note": None},
        {"kind": "risk", "address": "A5", "reference": "R10", "description": "y", "note": None},
    ]
    print_tables({"risk": rows})
    assert capsys.readouterr().out == "reference  address\nR1         A4\nR10        A5\n"
