"""How a difference is told: lines, paragraphs, a sheet and a document."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.plain_registers import parts
from tests.review.versions import ROWS, differ, versions, with_cell
from xlgov.cli import main
from xlgov.review.difference import Difference, FieldChange, RecordChange
from xlgov.review.document import difference_document
from xlgov.review.telling import changes_sheet, tell_findings, tell_lines, tell_paper

LATER = [
    ("SR1.1", "Supplier fails", 3, 5, 15, "Head of Audit", "Contract checks each month"),
    *ROWS[1:4],
    ("SR4.1", "Fleet is too old", 3, 3, 9, "Head of Fleet", "Replace ten vans"),
]


def test_lines_are_in_register_order_with_scores_together(tmp_path: Path) -> None:
    assert tell_lines(differ(tmp_path, ROWS, LATER)) == [
        "risk: 1 changed, 1 new, 1 removed, 3 not changed",
        "  SR1.1  current likelihood 2 -> 3 (up), current rating 10 -> 15 (up)",
        "  SR1.1  Risk owner: 'Head of Finance' -> 'Head of Audit'",
        "  SR3.1  removed: Grant is cut",
        "  SR4.1  new: Fleet is too old",
        "  Not changed: SR1.2, SR2.1, SR2.2",
    ]


def test_paragraphs_are_sentences(tmp_path: Path) -> None:
    assert tell_paper(differ(tmp_path, ROWS, LATER)) == [
        "SR1.1, current likelihood 2 -> 3 (up), current rating 10 -> 15 (up).",
        "SR1.1, Risk owner: 'Head of Finance' -> 'Head of Audit'.",
        "SR3.1, removed: Grant is cut.",
        "SR4.1, new: Fleet is too old.",
        "Not changed: SR1.2, SR2.1, SR2.2.",
    ]


def test_many_records_that_did_not_change_are_counted() -> None:
    changed = RecordChange("risk", "R0", "", "new", "Register", "A4")
    found = Difference((changed,), {"risk": tuple(f"R{n}" for n in range(1, 16))})
    assert tell_lines(found)[-1] == ("  Not changed: R1, R2, R3, R4, R5, R6, R7, R8 and 7 more")


@pytest.mark.parametrize(
    ("before", "after", "kind", "said"),
    [
        (None, "• Ask the auditors", "text", "Controls: added 'Ask the auditors'"),
        ("Ask the auditors", None, "text", "Controls: now blank; it said 'Ask the auditors'"),
        (date(2017, 1, 31), None, "date", "Controls: 31 January 2017 -> blank"),
        ("a " * 40, "a " * 39 + "a.", "text", "Controls: other punctuation"),
        (
            f"{'Checks are made. ' * 5}Board is told",
            f"{'Checks are made. ' * 5}Panel is told",
            "text",
            "Controls: added 'Panel'; removed 'Board'",
        ),
    ],
)
def test_a_field_is_told_by_what_is_new_in_it(
    before: object, after: object, kind: str, said: str
) -> None:
    field = FieldChange(
        "controls", "Controls", "R", "G4", "R", "G4", before, after, kind,  # type: ignore[arg-type]  # as parametrised
    )  # fmt: skip
    change = RecordChange("risk", "SR1.1", "", "changed", "R", "A4", (field,))
    assert tell_lines(Difference((change,), {}))[1] == f"  SR1.1  {said}"


def test_a_long_quotation_is_cut_in_lines_and_less_in_paragraphs(tmp_path: Path) -> None:
    text = "Contract checks each month and " + "more of the same " * 20
    found = differ(tmp_path, ROWS, with_cell(0, 6, text))
    assert tell_lines(found)[1].endswith("\u2026'")
    assert tell_paper(found)[0].endswith("more of the same'.")


def test_findings_name_the_cell_last(tmp_path: Path) -> None:
    (line,) = tell_findings(differ(tmp_path, ROWS, with_cell(3, 0, "SR5.1")))
    assert line.startswith("warning: SR5.1 is new and SR2.2 is gone")
    assert line.endswith("[Register!A7]")


def test_the_document_names_only_records_that_differ(tmp_path: Path) -> None:
    document = difference_document(differ(tmp_path, ROWS, LATER), "old.xlsx", "new.xlsx")
    assert json.loads(json.dumps(document)) == document
    assert (document["old"], document["new"]) == ("old.xlsx", "new.xlsx")
    assert [(r["kind"], r["record"], r["what"], r["sheet"], r["address"])
            for r in document["records"]] == [
        ("risk", "SR1.1", "changed", "Register", "A4"),
        ("risk", "SR3.1", "removed", "Register", "A8"),
        ("risk", "SR4.1", "new", "Register", "A8"),
    ]  # fmt: skip
    assert document["records"][0]["fields"][0] == {
        "field": "current.likelihood",
        "heading": "Likelihood",
        "kind": "score",
        "sheet": "Register",
        "address": "C4",
        "old_sheet": "Register",
        "old_address": "C4",
        "before": 2,
        "after": 3,
        "direction": "up",
    }
    assert document["unchanged"] == {"risk": ["SR1.2", "SR2.1", "SR2.2"]}


def test_the_sheet_has_a_row_for_every_field(tmp_path: Path) -> None:
    found = differ(tmp_path, ROWS, LATER)
    sheet = changes_sheet(found)
    assert sheet.name == "xlgov changes"
    assert len(sheet.rows) == 1 + sum(len(each.fields) for each in found.changes)
    assert {len(row) for row in sheet.rows} == {len(sheet.rows[0])}


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(each) for each in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_prints_lines_paragraphs_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions(tmp_path, ROWS, LATER)
    code, out, _ = run(capsys, "diff", old, new)
    assert (code, out.splitlines()[0]) == (0, "risk: 1 changed, 1 new, 1 removed, 3 not changed")
    code, out, _ = run(capsys, "diff", old, new, "--paper")
    assert (code, out.splitlines()[-1]) == (0, "Not changed: SR1.2, SR2.1, SR2.2.")
    code, out, err = run(capsys, "diff", old, new, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["new"] == str(new)


def test_a_copy_with_the_sheet_of_changes_leaves_both_versions_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions(tmp_path, ROWS, LATER)
    before = old.read_bytes(), new.read_bytes()
    code, _, err = run(capsys, "diff", old, new, "--out", tmp_path / "out")
    assert code == 0 and "new.xlsx: sheet 'xlgov changes' added" in err
    assert (old.read_bytes(), new.read_bytes()) == before
    book = openpyxl.load_workbook(tmp_path / "out" / "new.xlsx")
    assert book.sheetnames == ["Register", "xlgov changes"] and book.active == book["Register"]
    assert [cell.value for cell in book["xlgov changes"][2]][:8] == [
        *("risk", "SR1.1", "Supplier fails", "changed", "current likelihood", 2, 3),
        None,
    ]
    ours = "xl/worksheets/sheet1.xml"
    assert parts(tmp_path / "out" / "new.xlsx")[ours] == parts(new)[ours]
    again, out, _ = run(capsys, "diff", new, tmp_path / "out" / "new.xlsx")
    assert again == 0 and out == "risk: 5 not changed\n"


def test_exit_codes_tell_usage_files_and_nothing_recognised_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions(tmp_path, ROWS, LATER)
    assert run(capsys, "diff", old, tmp_path / "none.xlsx")[0] == 2
    assert run(capsys, "diff", old, tmp_path)[0] == 2
    (tmp_path / "out").mkdir()
    assert run(capsys, "diff", old, new, "--out", new)[0] == 2
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(new.read_bytes()[:200])
    code, out, err = run(capsys, "diff", old, broken)
    assert (code, out) == (3, "") and "broken.xlsx" in err and "old.xlsx" not in err
    with xlsxwriter.Workbook(tmp_path / "rota.xlsx") as book:
        book.add_worksheet().write("A1", "Rota")
    code, out, err = run(capsys, "diff", tmp_path / "rota.xlsx", tmp_path / "rota.xlsx", "--json")
    assert code == 4 and json.loads(out)["records"] == [] and "no register" in err
    assert run(capsys, "diff", tmp_path / "rota.xlsx", new)[0] == 0


def test_a_copy_is_never_written_over_a_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions(tmp_path, ROWS, LATER)
    (tmp_path / "may").mkdir()
    moved = new.rename(tmp_path / "may" / "old.xlsx")
    for out in (tmp_path, tmp_path / "may"):
        kept = old.read_bytes(), moved.read_bytes()
        assert run(capsys, "diff", old, moved, "--out", out)[0] == 2
        assert (old.read_bytes(), moved.read_bytes()) == kept
