"""The contract of the command line: what it prints and where, what it writes, how it ends."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import xlgov
from tests.plain_registers import HEADINGS, product, rank, rows_of, values, write_register
from xlgov.cli import main

ROOT = Path(__file__).parents[1]
FORMS = ROOT / "workbooks" / "strategic-risk-register.xlsx"
BANDS = """as_of = 2017-02-06
[risk]
bands = [{name = "Low", from = 1, to = 13, color = "green"},
         {name = "High", from = 14, to = 25, color = "red"}]
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; its exit code, and what went to standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse ends that way
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return code, printed.out, printed.err

    return run


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the current one, whose settings state the bands."""
    (tmp_path / "xlgov.toml").write_text(BANDS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def right(path: Path) -> Path:
    return write_register(path, rows_of(rank))


def wrong(path: Path) -> Path:
    """Two slips: R1 in E4 (10 is right), R2 in E5 (19 is right)."""
    rows = rows_of(rank)
    rows[0][4] = rows[1][4] = 4
    return write_register(path, rows)


def warned(path: Path) -> Path:
    rows = rows_of(rank)
    rows[2][5] = None
    return write_register(path, rows)


def unrecognised(path: Path) -> Path:
    return write_register(path, [["AB", "Early"]], ("Name", "Monday"), "Rota")


def damaged(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(FORMS.read_bytes()[:9000])
    return path


def misconfigured(path: Path) -> Path:
    right(path)
    (path.parent / "xlgov.toml").write_text("[risk]\ntolerance = 'much'\n", encoding="utf-8")
    return path


def ole2(path: Path, stream: str) -> Path:
    """What Excel writes for a file with a password: another container with that stream."""
    name = stream.encode("utf-16-le")
    entry = name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little")
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entry.ljust(512, b"\0")
    )
    return path


# Exit codes


@pytest.mark.parametrize(
    ("make", "options", "expected"),
    [
        (right, ("check",), 0),
        (wrong, ("check",), 1),
        (wrong, ("check", "--fail-on", "never"), 0),
        (warned, ("check",), 0),
        (warned, ("check", "--fail-on", "warning"), 1),
        (wrong, ("preview",), 0),
        (wrong, ("preview", "--fail-on", "error"), 1),
        (wrong, ("refresh",), 0),
        (wrong, ("refresh", "--fail-on", "error"), 1),
        (warned, ("refresh", "--fail-on", "warning"), 1),
        (warned, ("refresh", "--fail-on", "error"), 0),
        (misconfigured, ("check",), 2),
        (misconfigured, ("refresh",), 2),
        (damaged, ("check",), 3),
        (damaged, ("refresh",), 3),
        (unrecognised, ("check",), 4),
        (unrecognised, ("preview",), 4),
        (unrecognised, ("refresh",), 4),
    ],
)
def test_one_file_ends_with_its_code(
    desk: Path, run: Run, make: Callable[[Path], Path], options: tuple[str, ...], expected: int
) -> None:
    command, *rest = options
    code, _, _ = run(command, make(desk / "book.xlsx"), *rest)
    assert code == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("right", 0),
        ("right unrecognised", 0),
        ("right wrong", 1),
        ("wrong unrecognised", 1),
        ("unrecognised misconfigured", 2),
        ("wrong misconfigured", 2),
        ("misconfigured damaged", 3),
        ("right wrong unrecognised misconfigured damaged", 3),
        ("damaged unrecognised", 3),
        ("gone wrong", 2),
        ("gone damaged", 3),
    ],
)
def test_of_several_files_the_worst_code_wins(
    desk: Path, run: Run, names: str, expected: int
) -> None:
    makers = {each.__name__: each for each in (right, wrong, unrecognised, misconfigured, damaged)}
    paths = []
    for name in names.split():
        (desk / name).mkdir()
        (desk / name / "xlgov.toml").write_text(BANDS, encoding="utf-8")
        path = desk / name / "book.xlsx"
        paths.append(makers[name](path) if name in makers else path)
    assert run("check", *paths)[0] == expected
    assert run("check", *reversed(paths))[0] == expected


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("polish", "x.xlsx"),
        ("check",),
        ("check", "x.xlsx", "--as-of", "yesterday"),
        ("check", "x.xlsx", "--stale-after", "0"),
        ("check", "x.xlsx", "--fail-on", "note"),
        ("refresh", "x.xlsx", "--jobs", "none"),
        ("read", "gone.xlsx"),
        ("read", "."),
        ("init", "gone.xlsx"),
        ("check", "gone.xlsx"),
        ("refresh", "gone/*.xlsx"),
    ],
)
def test_a_call_that_cannot_be_carried_out_ends_with_2_and_says_why(
    desk: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == "" and err.strip()


def test_a_folder_without_workbooks_ends_with_4_and_says_so(desk: Path, run: Run) -> None:
    (desk / "empty").mkdir()
    (desk / "empty" / "notes.txt").write_text("none here", encoding="utf-8")
    assert run("check", desk / "empty") == (
        4,
        "",
        "xlgov: no .xlsx or .xlsm file in these paths.\n",
    )


def test_a_missing_file_is_said_once_and_stops_no_other(desk: Path, run: Run) -> None:
    wrong(desk / "b.xlsx")
    code, out, err = run("refresh", "a.xlsx", "b.xlsx")
    assert code == 2
    assert err.startswith("a.xlsx does not exist") and err.count("a.xlsx") == 1
    assert out.startswith("b.xlsx: 2 ratings corrected")


def test_one_bad_file_stops_no_other(desk: Path, run: Run) -> None:
    damaged(desk / "all" / "a.xlsx")
    wrong(desk / "all" / "b.xlsx")
    ole2(desk / "all" / "c.xlsx", "EncryptedPackage")
    wrong(desk / "all" / "d.xlsx")
    code, out, err = run("refresh", desk / "all")
    assert code == 3
    assert [line.split(":")[0] for line in out.splitlines()] == ["b.xlsx", "d.xlsx"]
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        str(desk / "all" / "a.xlsx"),
        str(desk / "all" / "c.xlsx"),
    ]
    for name in ("b.xlsx", "d.xlsx"):
        assert values(desk / "all" / name)["Register", "E4"] == 10


def test_a_defect_of_ours_stops_no_other_file_and_is_no_stack_trace(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import xlgov.operations

    honest = xlgov.wanted.load_settings

    def load_settings(workbook: Any, path: Path, **options: Any) -> xlgov.Settings:
        if path.name == "a.xlsx":
            raise KeyError("no such thing")
        return honest(workbook, path, **options)

    monkeypatch.setattr(xlgov.wanted, "load_settings", load_settings)
    before = wrong(desk / "all" / "a.xlsx").read_bytes()
    wrong(desk / "all" / "b.xlsx")
    code, out, err = run("refresh", desk / "all")
    assert (code, out.split(":")[0]) == (3, "b.xlsx")
    assert "a mistake in xlgov (test_cli.py line" in err and "KeyError" in err
    assert (desk / "all" / "a.xlsx").read_bytes() == before


# Files that are refused


def read_only(path: Path) -> Path:
    wrong(path).chmod(0o444)
    return path


def open_in_excel(path: Path) -> Path:
    wrong(path)
    (path.parent / f"~${path.name}").write_bytes(b"\x05Maria".ljust(54) + b"\0")
    return path


def old_excel(path: Path) -> Path:
    return ole2(path, "Workbook")


def encrypted(path: Path) -> Path:
    return ole2(path, "EncryptedPackage")


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def comma_separated(path: Path) -> Path:
    path.write_text("Ref,Risk,Likelihood\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (damaged, "damaged", "cut short"),
        (empty, "damaged", "0 bytes"),
        (encrypted, "encrypted", "password"),
        (old_excel, "not-xlsx", "Save As > Excel Workbook (*.xlsx)"),
        (comma_separated, "not-xlsx", "Save As > Excel Workbook (*.xlsx)"),
        (read_only, "read-only", "Clear Read-only"),
        (open_in_excel, "in-use", "Maria has it open"),
        (misconfigured, "settings", "xlgov.toml line 2"),
    ],
)
def test_a_file_that_is_refused_is_left_and_the_message_says_what_to_do(
    desk: Path, run: Run, make: Callable[[Path], Path], code: str, words: str
) -> None:
    path = make(desk / "book.xlsx")
    before, names = path.read_bytes(), sorted(desk.iterdir())
    _, out, err = run("refresh", path)
    assert out == "" and words in err
    _, out, err = run("refresh", path, "--json")
    (file,) = json.loads(out)["files"]
    assert err == "" and file["error"]["code"] == code and words in file["error"]["message"]
    assert path.read_bytes() == before and sorted(desk.iterdir()) == names


def test_a_register_that_is_open_or_read_only_can_still_be_looked_at(desk: Path, run: Run) -> None:
    for make in (read_only, open_in_excel):
        path = make(desk / f"{make.__name__}.xlsx")
        assert run("check", path)[0] == 1
        assert run("read", path)[0] == 0
        assert run("refresh", path, "--out", desk / "out")[0] == 0
    assert values(desk / "out" / "read_only.xlsx")["Register", "E4"] == 10


def test_an_output_folder_that_cannot_be_written_is_said(desk: Path, run: Run) -> None:
    path = wrong(desk / "book.xlsx")
    (desk / "closed").mkdir(mode=0o555)
    (desk / "file").write_text("no folder", encoding="utf-8")
    code, out, err = run("refresh", path, "--out", desk / "closed")
    assert (code, out) == (3, "") and "may not be written" in err
    assert list((desk / "closed").iterdir()) == []
    for command in ("refresh", "init"):
        code, out, err = run(command, path, "--out", desk / "file")
        assert (code, out) == (2, "") and "is a file; expected a folder" in err
    code, out, err = run("read", path, "--csv", desk / "file")
    assert (code, out) == (3, "") and "file" in err


def test_a_folder_with_the_name_of_a_workbook_is_a_folder(desk: Path, run: Run) -> None:
    right(desk / "all" / "year.xlsx" / "book.xlsx")
    assert run("refresh", desk / "all", "--out", desk / "out")[::2] == (0, "")
    assert (desk / "out" / "year.xlsx" / "book.xlsx").is_file()


# JSON


def test_the_json_document_has_exactly_the_promised_keys(desk: Path, run: Run) -> None:
    right(desk / "all" / "a.xlsx")
    damaged(desk / "all" / "b.xlsx")
    wrong(desk / "all" / "c.xlsx")
    shutil.copy("xlgov.toml", "all")
    for command in ("check", "preview", "refresh"):
        _, out, err = run(command, desk / "all", "--json")
        assert err == ""
        document = json.loads(out)
        assert list(document) == ["files"]
        assert [Path(file["path"]).name for file in document["files"]] == [
            *("a.xlsx", "b.xlsx", "c.xlsx")
        ]
        for file in document["files"]:
            assert list(file) == [
                *("path", "as_of", "kinds", "month", "changes", "formats", "findings"),
                *("above_tolerance", "error"),
            ]
            for change in file["changes"]:
                assert list(change) == ["sheet", "address", "before", "after", "reason"]
            for rule in file["formats"]:
                assert list(rule) == ["sheet", "range", "rule"]
            for finding in file["findings"]:
                assert list(finding) == [
                    *("severity", "code", "record", "sheet", "address"),
                    *("message", "remedy", "related"),
                ]
        bad, last = document["files"][1:]
        assert (bad["kinds"], bad["as_of"], bad["changes"], bad["findings"]) == ([], None, [], [])
        assert list(bad["error"]) == ["code", "message"]
        assert last["error"] is None and last["kinds"] == ["risk"]
        assert len(last["findings"]) == 2 and last["formats"]


def test_the_json_of_one_file_says_everything_literally(desk: Path, run: Run) -> None:
    path = wrong(desk / "book.xlsx")
    code, out, _ = run("refresh", "book.xlsx", "--json")
    assert code == 0
    (file,) = json.loads(out)["files"]
    assert (file["path"], file["as_of"], file["kinds"]) == ("book.xlsx", "2017-02-06", ["risk"])
    assert file["changes"][0] == {
        "sheet": "Register",
        "address": "E4",
        "before": 4,
        "after": 10,
        "reason": "likelihood 1, impact 4 gives 10",
    }
    assert file["findings"][0] == {
        "severity": "error",
        "code": "rating-disagrees",
        "record": "R1",
        "sheet": "Register",
        "address": "E4",
        "message": "R1 current rating shows 4; likelihood 1, impact 4 gives 10",
        "remedy": "A refresh corrects it",
        "related": ["C4", "D4"],
    }
    board = [(item["record"], item["rating"], item["address"]) for item in file["above_tolerance"]]
    assert board == [("R8", 22, "E11"), ("R4", 21, "E7"), ("R2", 19, "E5"), ("R5", 16, "E8")]
    assert {rule["range"] for rule in file["formats"]} == {"E4:E11"}
    assert values(path)["Register", "E4"] == 10


def test_a_finding_points_to_the_cell_to_look_at_or_to_fill(desk: Path, run: Run) -> None:
    headings = (*HEADINGS, "Last updated", "Future actions")
    rows: list[list[Any]] = [
        [*row, "31/01/2017", "Train people"] for row in rows_of(rank)
    ]  # rows 4 to 11
    rows[0][2] = None  # likelihood missing
    rows[1][3] = "Enormous"  # impact cannot be read
    rows[2][2] = 9  # beyond the scale
    rows[3][5] = None  # no owner
    rows[4][6] = None  # no status date
    rows[5][6] = "soon"  # no date
    rows[6][6] = "01/06/2016"  # overdue
    rows[7][7] = None  # 22, with no action
    write_register(desk / "book.xlsx", rows, headings)
    _, out, _ = run("check", "book.xlsx", "--json")
    (file,) = json.loads(out)["files"]
    assert sorted((f["code"], f["record"], f["address"]) for f in file["findings"]) == [
        ("above-tolerance-no-action", "R8", "H11"),
        ("no-owner", "R4", "F7"),
        ("score-missing", "R1", "C4"),
        ("score-out-of-range", "R3", "C6"),
        ("score-unreadable", "R2", "D5"),
        ("status-date-missing", "R5", "G8"),
        ("status-date-unreadable", "R6", "G9"),
        ("status-stale", "R7", "G10"),
    ]


def test_no_file_at_all_is_still_a_json_document(desk: Path, run: Run) -> None:
    (desk / "empty").mkdir()
    code, out, _ = run("check", desk / "empty", "--json")
    assert (code, json.loads(out)) == (4, {"files": []})


# Text


def test_results_go_to_standard_output_and_errors_to_standard_error(desk: Path, run: Run) -> None:
    wrong(desk / "all" / "a.xlsx")
    damaged(desk / "all" / "b.xlsx")
    unrecognised(desk / "all" / "c.xlsx")
    shutil.copy("xlgov.toml", "all")
    _, out, err = run("check", "all")
    assert out == (
        f"{Path('all/a.xlsx')}:\n"
        "Corporate risk register, 8 risks, as of 6 February 2017 (from xlgov.toml)\n"
        "4 above tolerance (13): R8 22, R4 21, R2 19, R5 16\n"
        "To correct (2)    R1 current rating shows 4; likelihood 1, impact 4 gives 10"
        "   [Register!E4]\n"
        "                  R2 current rating shows 4; likelihood 2, impact 5 gives 19"
        "   [Register!E5]\n"
        f"{Path('all/c.xlsx')}:\n"
        "no register recognised; left alone\n"
        "\n"
        "        above tolerance\n"
        "a.xlsx                4\n"
        "In all                4\n"
    )
    assert err.startswith(f"{Path('all/b.xlsx')}: ") and err.count("\n") == 1


def test_a_right_register_is_said_in_two_lines(desk: Path, run: Run) -> None:
    right(desk / "book.xlsx")
    assert run("check", "book.xlsx", "--as-of", "2018-03-31") == (
        0,
        "Corporate risk register, 8 risks, as of 31 March 2018 (from --as-of)\n"
        "4 above tolerance (13): R8 22, R4 21, R2 19, R5 16\n",
        "",
    )


def test_refresh_says_of_each_file_what_was_done(desk: Path, run: Run) -> None:
    wrong(desk / "all" / "a.xlsx")
    rows = rows_of(rank)
    rows[3][4] = None
    write_register(desk / "all" / "b.xlsx", rows)
    right(desk / "all" / "c.xlsx")
    write_register(desk / "all" / "d.xlsx", rows_of(product))
    unrecognised(desk / "all" / "e.xlsx")
    first = (
        "a.xlsx: 2 ratings corrected; nothing else changed (rating cells coloured by band)\n"
        "b.xlsx: 1 rating filled in; nothing else changed (rating cells coloured by band)\n"
        "c.xlsx: rating cells coloured by band; nothing else changed\n"
    )
    rest = (
        "d.xlsx: left alone: These ratings are likelihood × impact; the default here is a ranked "
        "matrix of 1 to 25. No rating is written. Put `scoring = product` in the xlgov sheet to "
        "keep yours\n"
        "e.xlsx: nothing recognised; left alone\n"
    )
    assert run("refresh", "all") == (0, first + rest, "")
    again = "".join(f"{name}.xlsx: already up to date\n" for name in "abc")
    assert run("refresh", "all") == (0, again + rest, "")


def test_preview_shows_how_it_was_read_and_every_change(desk: Path, run: Run) -> None:
    wrong(desk / "book.xlsx")
    code, out, err = run("preview", "book.xlsx")
    assert (code, err) == (0, "")
    for line in (
        "Register is read as a table, 8 records",
        "  current.likelihood: 'Likelihood' in column C",
        "Register!E4: 4 -> 10   likelihood 1, impact 4 gives 10",
        "Coloured by band: Register!E4:E11",
        "Bold with a border above tolerance: Register!E4:E11",
    ):
        assert line in out.splitlines()
    run("refresh", "book.xlsx")
    _, out, _ = run("preview", "book.xlsx")
    assert out.endswith("A refresh would change nothing.\n")


# Where results go


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_out_keeps_the_place_below_a_folder_and_leaves_the_source_alone(
    desk: Path, run: Run
) -> None:
    wrong(desk / "all" / "a.xlsx")
    wrong(desk / "all" / "north" / "a.xlsx")
    right(desk / "all" / "north" / "deep" / "b.xlsx")
    unrecognised(desk / "all" / "rota.xlsx")
    before = tree(desk / "all")
    (desk / "single.xlsm").write_bytes(wrong(desk / "single.xlsx").read_bytes())
    code, _, err = run("refresh", "all", "single.xlsm", "--out", "new/out")
    assert (code, err) == (0, "")
    written = tree(desk / "new" / "out")
    assert set(written) == {
        *("a.xlsx", "north/a.xlsx", "north/deep/b.xlsx", "rota.xlsx", "single.xlsm")
    }
    assert tree(desk / "all") == before
    assert written["rota.xlsx"] == before["rota.xlsx"]
    assert written["a.xlsx"] != before["a.xlsx"]


def test_out_gives_an_identical_copy_where_nothing_changed(desk: Path, run: Run) -> None:
    wrong(desk / "all" / "a.xlsx")
    write_register(desk / "all" / "other.xlsx", rows_of(product))
    run("refresh", "all")
    code, out, _ = run("refresh", "all", "--out", "out")
    assert code == 0 and out.startswith("a.xlsx: already up to date\n")
    for name in ("a.xlsx", "other.xlsx"):
        assert (desk / "out" / name).read_bytes() == (desk / "all" / name).read_bytes()


def test_a_refused_file_leaves_no_result(desk: Path, run: Run) -> None:
    damaged(desk / "all" / "a.xlsx")
    wrong(desk / "all" / "b.xlsx")
    run("refresh", "all", "--out", "out")
    assert set(tree(desk / "out")) == {"b.xlsx"}


def test_two_results_of_one_name_are_refused_before_anything_is_written(
    desk: Path, run: Run
) -> None:
    wrong(desk / "north" / "a.xlsx")
    wrong(desk / "south" / "a.xlsx")
    for paths in (("north", "south"), ("north/a.xlsx", "south/a.xlsx"), ("*/a.xlsx",)):
        code, out, err = run("refresh", *paths, "--out", "out")
        assert (code, out) == (2, "")
        assert f"{Path('north/a.xlsx')} and {Path('south/a.xlsx')} would both become" in err
        assert not (desk / "out").exists()


def test_a_result_that_would_be_its_own_source_is_refused(desk: Path, run: Run) -> None:
    before = wrong(desk / "all" / "a.xlsx").read_bytes()
    code, _, err = run("refresh", "all/a.xlsx", "--out", "all")
    assert code == 2 and "would be written over itself" in err
    assert (desk / "all" / "a.xlsx").read_bytes() == before


def test_an_out_folder_inside_the_scanned_one_is_not_scanned(desk: Path, run: Run) -> None:
    wrong(desk / "all" / "a.xlsx")
    for _ in range(2):
        code, out, err = run("refresh", "all", "--out", "all/out")
        assert (code, err, out.count("\n")) == (0, "", 1)
    run("refresh", "all/**/*.xlsx", "--out", "all/out")
    assert set(tree(desk / "all")) == {"a.xlsx", "out/a.xlsx"}


def test_a_dry_run_shows_and_writes_nothing(desk: Path, run: Run) -> None:
    wrong(desk / "all" / "a.xlsx")
    before = tree(desk)
    code, out, _ = run("refresh", "all", "--dry-run")
    assert code == 0 and "Register!E4: 4 -> 10" in out
    code, out, _ = run("refresh", "all", "--dry-run", "--out", "out", "--json")
    assert code == 0 and len(json.loads(out)["files"][0]["changes"]) == 2
    assert run("refresh", "all/a.xlsx", "--dry-run", "--out", "all")[0] == 2
    assert tree(desk) == before


def test_the_first_refresh_in_place_keeps_a_copy_once(desk: Path, run: Run) -> None:
    original = wrong(desk / "all" / "a.xlsx").read_bytes()
    run("refresh", "all")
    backup = desk / "all" / "a (before xlgov).xlsx"
    assert backup.read_bytes() == original
    xlgov.apply(
        xlgov.ChangeSet(cells=[xlgov.CellChange("Register", "E4", None, 3)]), desk / "all/a.xlsx"
    )
    # The backup is passed by.
    assert run("refresh", "all")[1] == "a.xlsx: 1 rating corrected; nothing else changed\n"
    assert set(tree(desk / "all")) == {"a.xlsx", backup.name}
    assert backup.read_bytes() == original


def test_no_backup_is_kept_when_told_or_when_nothing_changes(desk: Path, run: Run) -> None:
    wrong(desk / "all" / "a.xlsx")
    unrecognised(desk / "all" / "b.xlsx")
    run("refresh", "all", "--no-backup")
    run("refresh", "all")
    assert set(tree(desk / "all")) == {"a.xlsx", "b.xlsx"}


def test_owner_files_backups_and_other_kinds_in_a_folder_are_passed_by(
    desk: Path, run: Run
) -> None:
    right(desk / "all" / "a.xlsx")
    wrong(desk / "all" / "A (before xlgov).xlsx")
    for name in ("~$a.xlsx", ".~lock.a.xlsx#", "a.xls", "a.csv", "a.txt", "a.xlsb"):
        (desk / "all" / name).write_bytes(b"not to be opened")
    (desk / "all" / "B.XLSX").write_bytes((desk / "all" / "a.xlsx").read_bytes())
    for paths in (("all",), ("all/*",), ("all/*.*", "all")):
        _, out, err = run("check", *paths, "--json")
        assert err == ""
        found = [Path(file["path"]).name for file in json.loads(out)["files"]]
        assert found == ["B.XLSX", "a.xlsx"]


def test_a_glob_means_its_files(desk: Path, run: Run) -> None:
    for name in ("2017-q1.xlsx", "2017-q2.xlsx", "2018-q1.xlsx", "[draft].xlsx"):
        right(desk / name)

    def looked_at(*paths: str) -> list[str]:
        return [file["path"] for file in json.loads(run("check", *paths, "--json")[1])["files"]]

    assert looked_at("2017*.xlsx") == ["2017-q1.xlsx", "2017-q2.xlsx"]
    assert looked_at("*-q1.xlsx", "2017-q1.xlsx") == ["2017-q1.xlsx", "2018-q1.xlsx"]
    assert looked_at("[draft].xlsx") == ["[draft].xlsx"]


def test_several_processes_give_what_one_gives(desk: Path, run: Run) -> None:
    for number in range(5):
        make = (wrong, right, damaged, unrecognised, warned)[number]
        make(desk / "all" / f"{number}.xlsx")
    one = run("refresh", "all", "--out", "one", "--json")
    two = run("refresh", "all", "--out", "two", "--jobs", "2", "--json")
    assert one == two
    assert tree(desk / "one") == tree(desk / "two") and len(tree(desk / "one")) == 4


# Other commands


def test_read_prints_the_records_in_columns(desk: Path, run: Run) -> None:
    wrong(desk / "book.xlsx")
    code, out, err = run("read", "book.xlsx")
    lines = out.splitlines()
    assert (code, err, len(lines)) == (0, "", 9)
    assert lines[0].split()[:3] == ["reference", "sheet", "address"]
    assert lines[1].split()[:3] == ["R1", "Register", "A4"]
    columns = dict(zip(lines[0].split(), lines[2].split(), strict=False))
    assert columns["reference"] == "R2"


def test_read_writes_json_and_csv(desk: Path, run: Run) -> None:
    wrong(desk / "book.xlsx")
    code, out, _ = run("read", "book.xlsx", "--json")
    (kind, rows) = next(iter(json.loads(out).items()))
    assert (code, kind, len(rows)) == (0, "risk", 8)
    assert rows[0]["reference"] == "R1" and rows[0]["sheet"] == "Register"
    assert (rows[0]["address"], rows[0]["current_rating"]) == ("A4", 4)
    assert rows[0]["current_computed"] == 10
    code, out, _ = run("read", "book.xlsx", "--csv", "tables")
    assert (code, out) == (0, f"{Path('tables/book-risk.csv')}\n")
    raw = (desk / "tables" / "book-risk.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # without it Excel reads accents wrong
    with (desk / "tables" / "book-risk.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 8 and table[0]["current_rating"] == "4"


def test_read_gives_iso_dates_and_no_formula_to_a_csv_reader(desk: Path, run: Run) -> None:
    rows = [[*row, "31/01/2017"] for row in rows_of(rank)]
    rows[0][1] = "=HYPERLINK(1)"
    write_register(desk / "book.xlsx", rows, (*HEADINGS, "Last updated"))
    xlgov.apply(
        xlgov.ChangeSet(cells=[xlgov.CellChange("Register", "B4", None, "=HYPERLINK(1)")]),
        desk / "book.xlsx",
    )
    _, out, _ = run("read", "book.xlsx", "--json")
    assert json.loads(out)["risk"][0]["status_date"] == date(2017, 1, 31).isoformat()
    assert json.loads(out)["risk"][0]["description"] == "=HYPERLINK(1)"
    run("read", "book.xlsx", "--csv", "tables")
    text = (desk / "tables" / "book-risk.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "2017-01-31" in text


def test_read_of_a_workbook_without_a_register_ends_with_4(desk: Path, run: Run) -> None:
    unrecognised(desk / "rota.xlsx")
    assert run("read", "rota.xlsx") == (4, "", "rota.xlsx: no register recognised.\n")


def test_init_adds_the_sheet_once_and_refuses_a_second(desk: Path, run: Run) -> None:
    path = right(desk / "book.xlsx")
    before = path.read_bytes()
    code, out, _ = run("init", "book.xlsx", "--out", "out")
    assert code == 0 and "sheet 'xlgov' added" in out
    assert path.read_bytes() == before and (desk / "out" / "book.xlsx").is_file()
    assert run("init", "book.xlsx")[0] == 0
    code, _, err = run("init", "book.xlsx")
    assert code == 2 and "already has a sheet" in err
    assert run("check", "book.xlsx")[0] == 0


# The process


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    command = [sys.executable, "-m", "xlgov", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False, **options)


def test_it_runs_as_a_module_and_says_its_version(desk: Path) -> None:
    assert process("--version").stdout.decode().split() == ["xlgov", xlgov.__version__]
    wrong(desk / "book.xlsx")
    done = process("check", "book.xlsx", cwd=desk)
    assert (done.returncode, done.stderr) == (1, b"")


def test_output_is_utf_8_whatever_the_console_was_set_to(desk: Path) -> None:
    write_register(desk / "book.xlsx", rows_of(product), title="Risk register of Ynys Môn ↔ 東")
    for encoding in ("cp1252", "ascii"):
        done = process("check", "book.xlsx", cwd=desk, env={"PYTHONIOENCODING": encoding})
        assert done.returncode == 0 and done.stderr == b""
        assert "likelihood × impact" in done.stdout.decode("utf-8")
        assert "Risk register of Ynys Môn ↔ 東, 8 risks" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way on Windows")
def test_a_reader_that_has_seen_enough_is_no_error(desk: Path) -> None:
    shutil.copy(FORMS, desk / "book.xlsx")
    for command in ("check --fail-on never", "read --json", "preview --json", "preview"):
        arguments = [sys.executable, "-m", "xlgov", *command.split(), "book.xlsx"]
        with subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=desk,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as running:
            assert running.stdout and running.stderr
            running.stdout.close()  # long before it has anything to say
            assert running.stderr.read() == b""
        assert running.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_it_runs_without_any_standard_output(desk: Path) -> None:
    wrong(desk / "book.xlsx")
    script = f'"{sys.executable}" -m xlgov refresh book.xlsx >&-'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", script], cwd=desk, env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert values(desk / "book.xlsx")["Register", "E4"] == 10


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full here")
@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        ("refresh book.xlsx >/dev/full", 3, "xlgov: No space left on device\n"),
        ("refresh book.xlsx >/dev/full 2>/dev/full", 3, ""),
        ("refresh gone 2>/dev/full", 3, ""),
        ("log gone.jsonl 2>/dev/full", 2, ""),
    ],
)
def test_output_to_a_full_disk_ends_with_a_code_of_ours(
    desk: Path, words: str, code: int, err: str
) -> None:
    wrong(desk / "book.xlsx")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = ["sh", "-c", f'"{sys.executable}" -m xlgov {words}']
    done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, err)
    assert values(desk / "book.xlsx")["Register", "E4"] == (10 if "book" in words else 4)


def test_ctrl_c_ends_with_a_sentence(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import xlgov.operations

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(xlgov.operations, "preview", interrupted)
    right(desk / "book.xlsx")
    code, out, err = run("check", "book.xlsx")
    assert (code, out) == (130, "") and "every file is either as it was or finished" in err
