"""What changed since the older version is marked in the cells, where it can be read, and listed."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

import xlgov
from tests.ooxml.compare import Book, Edited, judge_sheet
from tests.ooxml.compare import key as key_of
from tests.ooxml.written import SOFFICE, convert
from tests.plain_registers import write_register
from tests.review.versions import HEADINGS, ROWS, versions, with_cell
from xlgov.changes import CellChange, ChangeSet, FormatRule, StyleChange
from xlgov.cli import main
from xlgov.review.mark import added_spans, hides_red
from xlgov.review.marks_sheet import MARKS_SHEET

SAMPLES = Path(xlgov.__file__).parent.parent / "workbooks"
RED = "FFFF0000"


def book(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl cannot keep
        return load_workbook(path, rich_text=True)


def red_words(path: Path) -> dict[tuple[str, str], list[str]]:
    """Texts in red by sheet and cell, as openpyxl reads them."""
    found: dict[tuple[str, str], list[str]] = {}
    for sheet in book(path):
        for row in sheet.iter_rows():
            for cell in row:
                words = []
                if isinstance(cell.value, CellRichText):
                    blocks = [b for b in cell.value if isinstance(b, TextBlock)]
                    words = [b.text for b in blocks if b.font.color and b.font.color.rgb == RED]
                elif cell.value is not None and cell.font.color and cell.font.color.rgb == RED:
                    words = [str(cell.value)]
                if words:
                    found[sheet.title, cell.coordinate] = words
    return found


def log(path: Path) -> list[tuple[Any, ...]]:
    """The lines of the list of marks: record, field, sheet, cell, before, after, what was done."""
    rows = list(book(path)[MARKS_SHEET].iter_rows(min_row=5, max_col=7, values_only=True))
    return [tuple(row) for row in rows]


def marked(
    folder: Path, old: Sequence[Sequence[Any]], new: Sequence[Sequence[Any]]
) -> tuple[Path, Path, Path]:
    """Old and new version, and the new one marked."""
    before, after = versions(folder, old, new)
    xlgov.mark(after, before, folder / "marked.xlsx")
    return before, after, folder / "marked.xlsx"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Director liaises.", "Director and team liaise.", ["and team liaise"]),
        ("• one\n• two", "• one\n• new\n• two", ["• new"]),
        ("Two words here", "Two words", []),
        ("one two three four five six", "1 two three four five 6", ["1", "6"]),
        (None, "  all of it ", ["all of it"]),
        (7, "n/a", ["n/a"]),
    ],
)
def test_the_words_that_are_new(before: object, after: str, words: list[str]) -> None:
    assert [after[start:end] for start, end in added_spans(before, after, after)] == words


def test_a_value_that_the_cell_holds_among_other_words_is_marked_there() -> None:
    text = "Lead: Head of Data"
    assert added_spans("Head of IT", "Head of Data", text) == [(14, 18)]
    assert added_spans("Head of IT", "31 January 2017", text) == [(0, 18)]


def test_red_cannot_be_read_on_amber_red_dark_red_and_nearly_black() -> None:
    unreadable = ("FFC000", "FF9900", "FF0000", "C00000", "8B0000", "000000", "FF5050")
    readable = ("92D050", "00B050", "FFFF00", "FFFFFF", "FFC7CE", "D9E1F2", None)
    assert [each for each in (*unreadable, *readable) if hides_red(each)] == list(unreadable)


def test_words_are_red_figures_are_red_and_the_list_says_what_was_done(tmp_path: Path) -> None:
    old = with_cell(0, 6, "Contract checks each year")
    old[1] = (*old[1][:2], 2, 4, 8, *old[1][5:])
    _, new, done = marked(tmp_path, old, ROWS)
    words = red_words(done)
    assert list(words.values()) == [["month"], ["1"], ["4"]]
    assert [line[:2] + line[4:] for line in log(done)] == [
        ("SR1.1", "Controls", "Contract checks each year", "Contract checks each month",
         "the changed words in red"),
        ("SR1.2", "Likelihood", 2, 1, "in red"),
        ("SR1.2", "Risk score", 8, 4, "in red"),
    ]  # fmt: skip
    assert book(done).sheetnames[-1] == MARKS_SHEET
    assert book(done).active.title == book(new).active.title


def test_a_new_record_has_its_texts_red_and_a_removed_one_is_listed(tmp_path: Path) -> None:
    _, _, done = marked(tmp_path, ROWS[:3] + ROWS[4:], ROWS[:2] + ROWS[3:])
    assert [each for each, in red_words(done).values()] == [
        "Data lost in the move", "Head of Digital", "Copies kept off site",
    ]  # fmt: skip
    gone = [line for line in log(done) if line[0] == "SR2.1"]
    assert {line[6] for line in gone} == {"the record was removed"}
    assert "Too few detectives" in {line[4] for line in gone}


def test_words_that_are_only_gone_are_in_the_list_alone(tmp_path: Path) -> None:
    old = with_cell(0, 6, "Contract checks each month by two people")
    _, _, done = marked(tmp_path, old, ROWS)
    assert red_words(done) == {}
    assert [line[6] for line in log(done)] == ["nothing: only words that are gone, or of no text"]


def shaded(folder: Path, fill: str, **look: Any) -> dict[str, Any]:
    """The looks of a marked score in a band of a colour."""
    old, new = versions(folder, with_cell(4, 4, 8), ROWS)
    cell = next(c for row in book(new).active.iter_rows() for c in row if c.value == 16)
    rule = FormatRule(book(new).active.title, cell.coordinate, f"{cell.coordinate}>=14", fill=fill)
    xlgov.apply(ChangeSet(formats=[rule]), new)
    xlgov.mark(new, old, folder / "marked.xlsx")
    font = book(folder / "marked.xlsx").active[cell.coordinate].font
    red = bool(font.color and font.color.rgb == RED)
    return {"red": red, "bold": bool(font.b), "underlined": font.u == "single"}


@pytest.mark.parametrize("fill", ["FFC000", "FF0000", "C00000"])
def test_on_amber_red_and_dark_red_a_score_is_bold_and_underlined(
    fill: str, tmp_path: Path
) -> None:
    assert shaded(tmp_path, fill) == {"red": False, "bold": True, "underlined": True}


@pytest.mark.parametrize("fill", ["92D050", "FFFF00"])
def test_on_green_and_yellow_a_score_is_red(fill: str, tmp_path: Path) -> None:
    assert shaded(tmp_path, fill) == {"red": True, "bold": False, "underlined": False}


def test_a_solid_fill_counts_as_well_as_a_rule(tmp_path: Path) -> None:
    old, new = versions(tmp_path, with_cell(4, 4, 8), ROWS)
    cell = next(c for row in book(new).active.iter_rows() for c in row if c.value == 16)
    fill = StyleChange(book(new).active.title, cell.coordinate, fill="C00000")
    xlgov.apply(ChangeSet(styles=[fill]), new)
    xlgov.mark(new, old, tmp_path / "marked.xlsx")
    after = book(tmp_path / "marked.xlsx").active[cell.coordinate]
    assert (after.font.b, after.font.u, after.fill.fgColor.rgb) == (True, "single", "FFC00000")


def test_a_formula_is_marked_by_its_style_and_keeps_its_formula(tmp_path: Path) -> None:
    old, new = versions(tmp_path, with_cell(0, 4, 8), ROWS)
    sheet = book(new).active
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == 10)
    formula = xlgov.Formula(f"C{cell.row}*D{cell.row}", 10)
    xlgov.apply(ChangeSet(cells=[CellChange(sheet.title, cell.coordinate, 10, formula)]), new)
    xlgov.mark(new, old, tmp_path / "marked.xlsx")
    after = book(tmp_path / "marked.xlsx").active[cell.coordinate]
    assert after.value == f"=C{cell.row}*D{cell.row}"
    assert after.font.color.rgb == RED


def test_twice_against_the_same_version_changes_no_byte(tmp_path: Path) -> None:
    old, _, done = marked(tmp_path, with_cell(0, 6, "Contract checks each year"), ROWS)
    first = done.read_bytes()
    _, changes = xlgov.mark(done, old)
    assert changes.is_empty
    assert done.read_bytes() == first
    assert not list(tmp_path.glob("*before xlgov*"))


def test_marks_against_another_version_take_the_place_of_the_old(tmp_path: Path) -> None:
    old, new, done = marked(tmp_path, with_cell(0, 6, "Contract checks each year"), ROWS)
    other = with_cell(2, 6, "New entry route from May")
    other[0] = (*ROWS[0][:6], "Contract reviews each month")
    other[1] = (*ROWS[1][:2], 2, *ROWS[1][3:])
    write_register(tmp_path / "other.xlsx", other, HEADINGS)
    xlgov.mark(done, tmp_path / "other.xlsx")
    assert list(red_words(done).values()) == [["checks"], ["1"], ["April"]]
    assert len(log(done)) == 3
    xlgov.mark(done, old)
    assert list(red_words(done).values()) == [["month"]]
    xlgov.mark(done, new)
    assert red_words(done) == {} and MARKS_SHEET not in book(done).sheetnames


def test_two_edits_of_one_cell_with_bold_and_colour_of_its_own(tmp_path: Path) -> None:
    old, new = versions(tmp_path, with_cell(0, 6, "Contract checks each year"), ROWS)
    sheet = book(new).active
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == ROWS[0][6])
    runs = (
        xlgov.TextRun("Two Contract ", bold=True),
        xlgov.TextRun("checks each month", color="00B050", italic=True),
    )
    change = CellChange(sheet.title, cell.coordinate, None, xlgov.RichText(runs))
    xlgov.apply(ChangeSet(cells=[change]), new)
    xlgov.mark(new, old, tmp_path / "marked.xlsx")
    value = book(tmp_path / "marked.xlsx").active[cell.coordinate].value
    assert [(b.text, bool(b.font.b), bool(b.font.i), b.font.color and b.font.color.rgb)
            for b in value] == [
        ("Two", True, False, RED), (" Contract ", True, False, None),
        ("checks each ", False, True, "FF00B050"), ("month", False, True, RED),
    ]  # fmt: skip


def older(new: Path, folder: Path, count: int = 5) -> tuple[Path, list[CellChange]]:
    """A version of a register before some words and scores of its first risks were changed."""
    from contextlib import ExitStack

    from xlgov.versions import open_version

    changes: list[CellChange] = []
    with ExitStack() as opened:
        _, version = open_version(opened, new, None)
        for number, record in enumerate(version.records["risk"][:count]):
            for name in record.names():
                held = record.held(name)
                if not held.address or name == "reference":
                    continue
                if isinstance(held.value, str) and len(held.value) > 60:
                    words = held.value.split(" ")
                    text = " ".join([*words[:3], "formerly", *words[6:]])
                    changes.append(CellChange(held.sheet, held.address, held.value, text))
                elif number % 2 == 0 and name in ("current.likelihood", "current.rating"):
                    assert isinstance(held.value, int)
                    lower = max(held.value - 1, 1)
                    if lower != held.value:
                        change = CellChange(held.sheet, held.address, held.value, lower)
                        changes.append(change)
    xlgov.apply(ChangeSet(cells=changes), new, folder / "older.xlsx")
    return folder / "older.xlsx", changes


SAMPLE_NAMES = ["strategic-risk-register.xlsx", "strategic-risk-register-table.xlsx"]


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_the_sample_register_is_marked_where_it_changed_and_nowhere_else(
    name: str, tmp_path: Path
) -> None:
    new = tmp_path / name
    xlgov.refresh(SAMPLES / name, new)
    old, changed = older(new, tmp_path)
    done = tmp_path / "marked.xlsx"
    xlgov.mark(new, old, done)
    words = red_words(done)
    texts = {(c.sheet, c.address): str(c.before) for c in changed if isinstance(c.before, str)}
    assert {key for key in words if key in texts} == texts.keys()
    for key, text in texts.items():
        assert words[key] == [" ".join(text.split(" ")[3:6]).strip()] or "\n" in text
    assert words.keys() <= {(c.sheet, c.address) for c in changed}
    sheet = book(done)
    for change in changed:
        if not isinstance(change.before, str):
            font = sheet[change.sheet][change.address].font
            assert (font.color and font.color.rgb == RED) or (font.b and font.u == "single")

    one, two = Book(new), Book(done)
    for name, (part, _) in one.sheets.items():
        keys = {address for sheet, address in words.keys() | texts.keys() if sheet == name}
        scores = {c.address for c in changed if c.sheet == name and not isinstance(c.before, str)}
        judge_sheet(one.parts[part], two.parts[part], name, Edited({name: keys}, {name: scores}))

    xlgov.unmark(done, tmp_path / "unmarked.xlsx")
    back = Book(tmp_path / "unmarked.xlsx")
    assert [item.filename for item in back.items] == [item.filename for item in one.items]
    differing = {name for name in one.parts if one.parts[name] != back.parts[name]}
    assert differing == {"xl/styles.xml"}, "formats that are not used any more"
    listings = {"[content_types].xml", "docprops/app.xml", "xl/_rels/workbook.xml.rels"}
    made_anew = {"xl/workbook.xml", "xl/styles.xml", *listings}
    made_anew |= {one.sheets[sheet][0] for sheet, _ in words}
    for place, item in enumerate(one.items):
        assert one.packed[place] == back.packed[place] or key_of(item.filename) in made_anew


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice (soffice)")
def test_libreoffice_shows_the_red_words_and_what_it_saves_can_be_unmarked(tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    shutil.copy(SAMPLES / SAMPLE_NAMES[0], new)
    old, _ = older(new, tmp_path, count=3)
    done = tmp_path / "marked.xlsx"
    xlgov.mark(new, old, done)
    [saved] = convert([done], tmp_path / "saved")
    words = red_words(done)
    assert words and red_words(saved) == words
    changes = xlgov.unmark(saved)
    assert changes.findings == ()
    assert red_words(saved) == {}
    [page] = convert([done], tmp_path / "pages", "pdf")
    assert page.stat().st_size > 0
    texts = {(s.title, c.coordinate): str(c.value) for s in book(new) for r in s for c in r}
    for key in words:
        assert str(book(saved)[key[0]][key[1]].value) == texts[key]


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def test_the_command_writes_a_copy_or_in_place_with_a_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions(tmp_path, with_cell(0, 6, "Contract checks each year"), ROWS)
    before = new.read_bytes()
    assert run("mark", new, "--since", old, "--out", tmp_path / "out") == 0
    assert new.read_bytes() == before
    assert "1 changed record since old.xlsx" in capsys.readouterr().out
    assert list(red_words(tmp_path / "out" / "new.xlsx").values()) == [["month"]]
    assert run("mark", new, "--since", old, "--in-place") == 0
    assert (tmp_path / "new (before xlgov).xlsx").read_bytes() == before
    assert run("unmark", new, "--in-place") == 0
    assert "1 cell as before the marks" in capsys.readouterr().out
    assert run("unmark", new, "--in-place") == 0
    assert "no marks to take off" in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = versions(tmp_path, with_cell(0, 6, "Contract checks each year"), ROWS)
    assert run("mark", new, "--since", old, "--out", tmp_path) == 2
    assert "written over itself" in capsys.readouterr().err
    assert run("mark", new, "--since", tmp_path / "none.xlsx", "--out", tmp_path / "o") == 2
    (tmp_path / "broken.xlsx").write_bytes(b"PK\3\4nothing")
    assert run("mark", new, "--since", tmp_path / "broken.xlsx", "--out", tmp_path / "o") == 3
    write_register(tmp_path / "none.xlsx", [("a", 1)], ("x", "y"))
    assert run("mark", tmp_path / "none.xlsx", "--since", tmp_path / "none.xlsx", "--in-place") == 4
    (tmp_path / "other").mkdir()
    shutil.copy(old, tmp_path / "other" / "new.xlsx")
    collision = tmp_path / "other" / "new.xlsx"
    assert run("mark", new, "--since", collision, "--out", tmp_path / "other") == 2
    with pytest.raises(SystemExit) as stop:
        run("mark", new, "--since", old)
    assert stop.value.code == 2


def test_a_workbook_without_the_registers_of_the_old_one_is_not_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rota = tmp_path / "rota.xlsx"
    with xlsxwriter.Workbook(rota) as book:
        book.add_worksheet("Rota").write_column("A1", ["Week", "Monday", "Tuesday"])
    code = main(
        [
            "mark",
            str(rota),
            "--since",
            str(SAMPLES / "strategic-risk-register.xlsx"),
            "--out",
            str(tmp_path / "out"),
        ]
    )
    assert code == 4
    assert "no register recognised in rota.xlsx" in capsys.readouterr().err
    assert not (tmp_path / "out" / "rota.xlsx").exists()
