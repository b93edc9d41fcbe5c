"""Hostile files: refused in words or read in bounded time and memory, and never more than that."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

import hostile_books
import pytest
from hostile_books import BOMB, OUTSIDE, REFUSED, TAKEN, register, with_doctype, zipped
from plain_registers import SCORES, rank
from stale_register import RATINGS, ROOT, beside, ratings

import xlgov
from xlgov.changes import RichText, TextRun
from xlgov.cli import main
from xlgov.errors import HostileError, XlgovError
from xlgov.ooxml.directory import Limits
from xlgov.ooxml.links import OutsideLink, outside_links
from xlgov.ooxml.reader import open_workbook
from xlgov.review.mentions import mention_key
from xlgov.tracker.demand_scale import read_score

# Everything that reads or writes, within 10 seconds of the processor and 400 MB more than the
# program has to begin with; the system ends the process where it takes more.
CHILD = """
import resource, sys, xlgov, xlgov.cli
from xlgov.operations import read_rows
source, out = sys.argv[1:3]
xlgov.preview(sys.argv[3])
import re
used = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (used + (400 << 20), used + (400 << 20)))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[4]), int(sys.argv[4])))
for use in (xlgov.check, read_rows, lambda path: xlgov.refresh(path, out)):
    try:
        use(source)
        print("taken")
    except xlgov.XlgovError as error:
        print(type(error).__name__, str(error).replace("\\n", " "))
"""
needs_limits = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="needs Linux, to limit memory"
)


def use(path: Path, seconds: int = 10) -> list[str]:
    """What each use of a file came to."""
    sample = ROOT / "workbooks" / "action-log.xlsx"
    out = path.with_name("out.xlsx")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, (path, out, sample, seconds))],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-2000:]}"
    assert done.stderr == ""
    return done.stdout.splitlines()


SLOW = {
    "a head of forty million blanks",
    "more elements than a tree should have",
    "a hundred thousand merged ranges",
}


def each(names: Iterable[str]) -> list[object]:
    return [pytest.param(n, marks=[pytest.mark.slow] if n in SLOW else []) for n in names]


@needs_limits
@pytest.mark.parametrize("name", each(TAKEN))
def test_what_a_file_claims_costs_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "Register.xlsx"
    path.write_bytes(hostile_books.content(name))
    assert use(path) == ["taken"] * 3
    assert ratings(tmp_path / "out.xlsx")[: len(RATINGS)] == RATINGS
    assert beside(path) == ["out.xlsx"]


@needs_limits
@pytest.mark.parametrize("name", each(REFUSED))
def test_it_is_refused_in_words(tmp_path: Path, name: str) -> None:
    path = tmp_path / "Register.xlsx"
    path.write_bytes(hostile_books.content(name))
    *reading, refreshing = use(path)
    assert refreshing != "taken"
    for line in (*reading, refreshing):
        refused = line.startswith(("HostileError ", "DamagedError ")) and line.endswith(".")
        assert refused or line == "taken", line
    assert beside(path) == []


@needs_limits
def test_the_limits_of_these_tests_would_stop_a_careless_reader() -> None:
    """The limit is real."""
    code = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (400 << 20,) * 2)\n"
    code += "try:\n    bytes(500 << 20)\nexcept MemoryError:\n    print('stopped')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "stopped\n"


PARTS = sorted(name for name in register() if name.endswith((".xml", ".rels")))


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE], ids=["entity bomb", "outside entity"])
@pytest.mark.parametrize("part", PARTS)
def test_entities_are_refused_in_every_part_that_is_read(
    tmp_path: Path, part: str, doctype: str
) -> None:
    path = tmp_path / "Register.xlsx"
    path.write_bytes(zipped(with_doctype(part, doctype)))
    try:
        xlgov.refresh(path, tmp_path / "out.xlsx", reasons=True)
    except HostileError as error:
        assert "document type" in str(error)
        assert beside(path) == []
        return
    assert part.startswith("docProps/") or "theme" in part, "read, and not refused"
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        assert package.read(part) == with_doctype(part, doctype)[part]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("place", [0, 60, -1])
def test_a_nul_byte_in_any_part_is_refused_or_left_alone(
    tmp_path: Path, part: str, place: int
) -> None:
    parts = register()
    raw = parts[part]
    parts[part] = raw[:place] + b"\0" + raw[place:]
    path = tmp_path / "Register.xlsx"
    path.write_bytes(zipped(parts))
    try:
        xlgov.refresh(path, tmp_path / "out.xlsx")
    except XlgovError as error:
        assert "did not read back" not in str(error)
        assert str(error).endswith((".", "save it.", "inside, unpack the zip and give that."))
        return
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        assert package.read(part) == parts[part]


def test_a_sheet_too_large_to_be_read_in_one_piece_is_refused(tmp_path: Path) -> None:
    """In the usual form it is read in pieces, whatever its size; in another it must fit."""
    path = tmp_path / "Register.xlsx"
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(50, 1000))
    parts = hostile_books.swapped(hostile_books.SHEET, "</sheetData>", f"{blank}</sheetData>")
    path.write_bytes(zipped(parts))
    limits = Limits(whole_size=20_000)
    assert len(parts[hostile_books.SHEET]) > limits.whole_size
    with open_workbook(path, limits) as workbook:
        assert len(list(workbook.grid("Register").cells())) > 50
    odd = parts[hostile_books.SHEET].replace(b"<sheetData>", b"<sheetData><!-- odd -->")
    path.write_bytes(zipped({**parts, hostile_books.SHEET: odd}))
    with (
        open_workbook(path, limits) as workbook,
        pytest.raises(HostileError, match=r"cannot be read in pieces.*in Excel and save it"),
    ):
        workbook.grid("Register")


# Formulas that are no formulas


FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1",
    '=HYPERLINK("http://example.org","click")', "=1+1;x", "'=1+1", "\uff1d1+1", '"=1+1', ' "=1',
)  # fmt: skip
HEADS = ("Ref", "Risk description", "Likelihood", "Impact", "Risk score", "Risk owner", "Actions")


def formula_register(path: Path) -> Path:
    """Text that looks like a formula in every field that a register has."""
    import xlsxwriter

    rows: list[list[object]] = [
        [text, text, *pair, rank(*pair), text, text]
        for text, pair in zip(FORMULAS, SCORES * 2, strict=False)
    ]
    rows[0][4] = 24  # stale
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Register")
        sheet.write_string("A1", "=Corporate risk register")
        for number, row in enumerate((HEADS, *rows), start=2):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)
    return path


def formulas_of(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return [
            text
            for name in package.namelist()
            if name.startswith("xl/worksheets/sheet")
            for text in re.findall(r"<f[ >].*?</f>", package.read(name).decode())
        ]


def test_formula_text_in_any_field_stays_text_through_a_refresh(tmp_path: Path) -> None:
    path = formula_register(tmp_path / "Register.xlsx")
    out, init, marked = (tmp_path / f"{name}.xlsx" for name in ("out", "init", "marked"))
    done = xlgov.refresh(path, out, reasons=True, notes=True, charts=True, repair=True)
    assert len(done.cells) == 1
    xlgov.init(out, init)
    xlgov.mark(path, since=out, out=marked)
    assert [formulas_of(each) for each in (out, init, marked)] == [[], [], []]


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_text_is_text_in_everything_that_can_be_written(tmp_path: Path, text: str) -> None:
    path = formula_register(tmp_path / "Register.xlsx")
    changes = xlgov.ChangeSet(
        cells=(
            xlgov.CellChange("Register", "H4", None, text, text),
            xlgov.CellChange("Register", "H5", None, RichText((TextRun(text, bold=True),))),
        ),
        notes=(xlgov.NoteChange("Register", "H6", text),),
        sheets=(xlgov.SheetChange("xlgov changes", [[text, text], ["", text]]),),
    )
    xlgov.apply(changes, path)
    assert formulas_of(path) == []
    with open_workbook(path) as workbook:
        written = workbook.grid("Register")
        found = [written.value(4, 8), written.value(5, 8)]
        found += [workbook.grid("xlgov changes").value(*cell) for cell in ((1, 1), (1, 2), (2, 2))]
        note = workbook.notes("Register")[6, 8]
    assert {str(each).strip() for each in found} == {text.strip()}
    assert text.strip() in note.text


def test_a_table_for_a_spreadsheet_begins_no_cell_like_a_formula(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = formula_register(tmp_path / "Register.xlsx")
    assert main(["read", str(path), "--csv", str(tmp_path / "csv")]) == 0
    capsys.readouterr()
    (table,) = (tmp_path / "csv").glob("*.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(FORMULAS) + 1
    cells = [cell for row in rows for cell in row]
    assert sum("1+1" in cell for cell in cells) > len(FORMULAS)
    for cell in cells:
        assert not re.match(r"[=+\-@\t\r]", cell), f"{cell!r} is taken for a formula"


# Links to other files


LINK = "xl/externalLinks/externalLink1.xml"
DDE = "xl/externalLinks/externalLink2.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def linked_register() -> dict[str, bytes]:
    """A register with a link to another workbook, one to a program (DDE), and formulas of both."""
    office, package = hostile_books.OFFICE, hostile_books.RELATIONS
    parts = hostile_books.swapped(
        hostile_books.BOOK_RELS,
        "</Relationships>",
        "".join(
            f'<Relationship Id="rId9{n}" Type="{office}/externalLink" '
            f'Target="externalLinks/externalLink{n}.xml"/>'
            for n in (1, 2)
        )
        + "</Relationships>",
    )
    links = f'<externalReferences xmlns:r="{office}"><externalReference r:id="rId91"/>'
    links += '<externalReference r:id="rId92"/></externalReferences>'
    parts = hostile_books.swapped(hostile_books.BOOK, "</sheets>", f"</sheets>{links}", parts)
    row = (
        '<row r="20"><c r="H20"><f>[1]Scores!A1</f><v>7</v></c><c r="I20" t="str">'
        "<f>[2]!'' /C calc'!A0</f><v>old</v></c></row>"
    )
    parts = hostile_books.swapped(hostile_books.SHEET, "</sheetData>", f"{row}</sheetData>", parts)
    parts[LINK] = (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{office}" r:id="rId1"><sheetNames>'
        '<sheetName val="Scores"/></sheetNames></externalBook></externalLink>'
    ).encode()
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{office}/externalLinkPath" Target="file:///\\\\server\\share\\Scores.xlsx" '
        'TargetMode="External"/></Relationships>'
    ).encode()
    parts[DDE] = (
        f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic=" /C calc"><ddeItems>'
        '<ddeItem name="A0"/></ddeItems></ddeLink></externalLink>'
    ).encode()
    return parts


def test_links_to_files_and_programs_stay_as_they_are_and_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = linked_register()
    path = tmp_path / "Register.xlsx"
    path.write_bytes(zipped(parts))
    opened: list[str] = []
    opening = Path.open

    def watched(self: Path, *args: object, **kwargs: object) -> object:
        opened.append(str(self))
        return opening(self, *args, **kwargs)  # type: ignore[call-overload]  # passed on

    monkeypatch.setattr(Path, "open", watched)
    xlgov.refresh(path, tmp_path / "out.xlsx")
    assert all(Path(name).parent == tmp_path for name in opened) and opened
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        for name in (LINK, DDE, "xl/externalLinks/_rels/externalLink1.xml.rels"):
            assert package.read(name) == parts[name]
        sheet = package.read(hostile_books.SHEET).decode()
    assert "<f>[1]Scores!A1</f><v>7</v>" in sheet and "<f>[2]!'' /C calc'!A0</f>" in sheet
    assert ratings(tmp_path / "out.xlsx")[: len(RATINGS)] == RATINGS


def test_links_to_files_and_programs_are_listed(tmp_path: Path) -> None:
    parts = linked_register()
    path = tmp_path / "Register.xlsx"
    path.write_bytes(zipped(parts))
    with open_workbook(path) as workbook:
        assert outside_links(workbook.parts, workbook.book.part) == [
            OutsideLink("file", "file:///\\\\server\\share\\Scores.xlsx"),
            OutsideLink("program", "cmd| /C calc"),
        ]
    for name in ("xl/externalLinks/_rels/externalLink1.xml.rels", DDE):
        del parts[name]
    path.write_bytes(zipped(parts))
    with open_workbook(path) as workbook:
        assert outside_links(workbook.parts, workbook.book.part) == [OutsideLink("file", "")]
    path.write_bytes(zipped(register()))
    with open_workbook(path) as workbook:
        assert outside_links(workbook.parts, workbook.book.part) == []


# Texts that are numbers to nobody


def test_figures_without_end_and_figures_of_other_kinds_are_no_scores() -> None:
    assert read_score("1" * 32_000) == ("", None)
    assert read_score("\u00b2") == ("", None)  # a digit, and no number
    assert read_score("20") == ("", 20)
    assert mention_key("SR" + "1" * 32_000).startswith("sr111")
    assert mention_key("SR 007") == "sr7"


def test_a_cell_of_thirty_thousand_figures_is_read_at_once(tmp_path: Path) -> None:
    """A search that goes back over them takes seconds for one cell, and a sheet has thousands."""
    parts = hostile_books.swapped(
        hostile_books.SHEET,
        "</sheetData>",
        "".join(f'<row r="{n}"><c r="H{n}"><v>{"1" * 30_000}x</v></c></row>' for n in range(30, 40))
        + "</sheetData>",
    )
    path = tmp_path / "Register.xlsx"
    path.write_bytes(zipped(parts))
    began = time.process_time()
    with open_workbook(path) as workbook:
        assert len(str(workbook.grid("Register").value(30, 8))) == 30_001
    assert time.process_time() - began < 1
