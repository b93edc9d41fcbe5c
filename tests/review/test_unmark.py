"""Marks taken off: every cell as it was, and what somebody has worked on since left and named."""

from __future__ import annotations

import zipfile
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

import xlgov
from tests.plain_registers import write_register
from tests.review.test_mark import book, marked, red_words, run
from tests.review.versions import HEADINGS, ROWS, versions, with_cell
from xlgov.changes import CellChange, ChangeSet, StyleChange
from xlgov.errors import EditError, XlgovError
from xlgov.review.marks_sheet import MARKS_SHEET

OLD = with_cell(0, 6, "Contract checks each year")


def place_of(path: Path, value: object) -> tuple[str, str]:
    """Sheet and address of the first cell that shows a value."""
    for sheet in book(path):
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value) == str(value):
                    return sheet.title, cell.coordinate
    raise AssertionError(f"no cell shows {value!r}")


def put(path: Path, place: tuple[str, str], value: Any) -> None:
    xlgov.apply(ChangeSet(cells=[CellChange(*place, None, value)]), path)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist() if name != "xl/styles.xml"}


def test_every_part_but_the_formats_is_as_before(tmp_path: Path) -> None:
    old = [*OLD]
    old[1] = (*old[1][:2], 2, 4, 8, *old[1][5:])
    _, new, done = marked(tmp_path, old[:4], ROWS)
    changes = xlgov.unmark(done)
    assert changes.findings == ()
    assert parts(done) == parts(new)


def test_a_cell_that_was_edited_since_is_left_and_named(tmp_path: Path) -> None:
    old = [*OLD]
    old[1] = (*old[1][:2], 2, 4, 8, *old[1][5:])
    old[2] = (*old[2][:6], "New entry route from May")
    _, _, done = marked(tmp_path, old, ROWS)
    text, score = place_of(done, ROWS[0][6]), place_of(done, ROWS[1][4])
    put(done, text, "Contract checks each week")
    put(done, (score[0], "E" + score[1][1:]), 5)
    changes = xlgov.unmark(done)
    assert [(f.code, f.record, f.address) for f in changes.findings] == [
        ("mark-left", "SR1.1", text[1]),
        ("mark-left", "SR1.2", "E" + score[1][1:]),
    ]
    assert book(done)[text[0]][text[1]].value == "Contract checks each week"
    assert MARKS_SHEET not in book(done).sheetnames
    assert red_words(done) == {(score[0], "E" + score[1][1:]): ["5"]}


def test_a_word_that_was_made_bold_since_is_an_edit(tmp_path: Path) -> None:
    _, _, done = marked(tmp_path, OLD, ROWS)
    place = place_of(done, ROWS[0][6])
    runs = (
        xlgov.TextRun("Contract ", bold=True),
        xlgov.TextRun("checks each "),
        xlgov.TextRun("month", color="FF0000"),
    )
    put(done, place, xlgov.RichText(runs))
    assert [f.address for f in xlgov.unmark(done).findings] == [place[1]]
    assert book(done)[place[0]][place[1]].value[0].font.b


def test_a_fill_that_was_given_since_stays(tmp_path: Path) -> None:
    old = [*OLD]
    old[1] = (*old[1][:2], 2, *old[1][3:])
    _, _, done = marked(tmp_path, old, ROWS)
    places = list(red_words(done))
    styles = [StyleChange(*place, fill="D9E1F2") for place in places]
    xlgov.apply(ChangeSet(styles=styles), done)
    assert xlgov.unmark(done).findings == ()
    assert red_words(done) == {}
    for sheet, address in places:
        assert book(done)[sheet][address].fill.fgColor.rgb == "FFD9E1F2"


def test_red_by_hand_stays_unless_all_red_is_asked_for(tmp_path: Path) -> None:
    old, new = versions(tmp_path, OLD, ROWS)
    by_hand, whole, both = (place_of(new, ROWS[n][6]) for n in (1, 2, 0))
    red = xlgov.TextRun("Plan", color="FF0000", bold=True)
    put(new, by_hand, xlgov.RichText((red, xlgov.TextRun(" tested in May"))))
    put(new, both, xlgov.RichText((xlgov.TextRun("Contract", color="FF0000"),
                                   xlgov.TextRun(" checks each month"))))  # fmt: skip
    title = StyleChange(*whole, font_color="FF0000")
    xlgov.apply(ChangeSet(styles=[title]), new)
    standing = red_words(new)
    assert len(standing) == 3
    xlgov.mark(new, old)
    assert red_words(new)[both] == ["Contract", "month"]
    xlgov.unmark(new, tmp_path / "unmarked.xlsx")
    assert red_words(tmp_path / "unmarked.xlsx") == standing
    xlgov.unmark(new, tmp_path / "bare.xlsx", all_red=True)
    bare = book(tmp_path / "bare.xlsx")
    assert red_words(tmp_path / "bare.xlsx") == {}
    assert bare[by_hand[0]][by_hand[1]].value[0].font.b, "all else of the words stays"
    assert bare[whole[0]][whole[1]].font.color is None
    assert MARKS_SHEET not in bare.sheetnames


def test_a_protected_sheet_is_marked_and_stays_protected(tmp_path: Path) -> None:
    old, new = versions(tmp_path, OLD, ROWS)
    sheet = book(new)
    sheet.active.protection.sheet = True
    sheet.active.merge_cells("J20:K21")
    sheet.save(new)
    done = tmp_path / "marked.xlsx"
    xlgov.mark(new, old, done)
    assert list(red_words(done).values()) == [["month"]]
    assert book(done).active.protection.sheet
    xlgov.unmark(done)
    assert parts(done) == parts(new)


def test_merged_cells_are_marked_in_the_cell_that_shows(tmp_path: Path) -> None:
    old, new = versions(tmp_path, OLD, ROWS)
    sheet, address = place_of(new, ROWS[0][6])
    column, row = address[0], int(address[1:])
    for path, word in ((old, "year"), (new, "month")):
        merged = book(path)
        for place in range(row + 1, row + 3):
            merged[sheet][f"{column}{place}"].value = None
        merged[sheet][address].value = f"Contract checks each {word}"
        merged[sheet].merge_cells(f"{address}:{column}{row + 2}")
        merged.save(path)
    xlgov.mark(new, old, tmp_path / "marked.xlsx")
    assert red_words(tmp_path / "marked.xlsx") == {(sheet, address): ["month"]}
    xlgov.unmark(tmp_path / "marked.xlsx")
    assert parts(tmp_path / "marked.xlsx") == parts(new)


def test_all_red_leaves_cells_outside_registers(tmp_path: Path) -> None:
    new = write_register(tmp_path / "new.xlsx", ROWS, HEADINGS)
    sheet = book(new).active.title
    put(new, (sheet, "Z1"), xlgov.RichText((xlgov.TextRun("Draft", color="FF0000"),)))
    assert xlgov.unmark(new, all_red=True).is_empty
    assert red_words(new) == {(sheet, "Z1"): ["Draft"]}


def test_a_list_of_marks_that_was_changed_is_refused(tmp_path: Path) -> None:
    _, _, done = marked(tmp_path, OLD, ROWS)
    put(done, (MARKS_SHEET, "H2"), "something else")
    before = done.read_bytes()
    with pytest.raises(EditError, match="can no longer be read; nothing was written"):
        xlgov.unmark(done)
    assert done.read_bytes() == before


def test_a_sheet_that_was_renamed_since_is_named_and_the_rest_is_unmarked(tmp_path: Path) -> None:
    _, _, done = marked(tmp_path, OLD, ROWS)
    sheet = book(done).sheetnames[0]
    with zipfile.ZipFile(done) as file:
        contents = {item: file.read(item) for item in file.infolist()}
    with zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as file:
        for item, content in contents.items():
            if item.filename == "xl/workbook.xml":
                content = content.replace(f'name="{sheet}"'.encode(), b'name="Other"')
            file.writestr(item, content)
    assert [f.sheet for f in xlgov.unmark(done).findings] == [sheet]
    assert MARKS_SHEET not in book(done).sheetnames


def test_a_long_text_keeps_what_takes_its_mark_off_in_several_cells(tmp_path: Path) -> None:
    long = "ä checked word " * 2_100
    old, new = versions(tmp_path, with_cell(0, 6, long), with_cell(0, 6, long + "and more"))
    done = tmp_path / "marked.xlsx"
    xlgov.mark(new, old, done)
    assert list(red_words(done).values()) == [["and more"]]
    kept = [c.value for c in book(done)[MARKS_SHEET][5][7:] if c.value]
    assert len(kept) > 1 and all(len(each) <= 32_767 for each in kept)
    xlgov.unmark(done)
    assert parts(done) == parts(new)


def test_the_copy_of_a_file_without_marks_is_the_file(tmp_path: Path) -> None:
    new = write_register(tmp_path / "new.xlsx", ROWS, HEADINGS)
    assert run("unmark", new, "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "new.xlsx").read_bytes() == new.read_bytes()


def test_a_refresh_and_a_check_pass_the_list_of_marks_by(tmp_path: Path) -> None:
    _, new, done = marked(tmp_path, OLD, ROWS)
    one, two = xlgov.preview(new), xlgov.preview(done)
    assert [f.message for f in two.findings] == [f.message for f in one.findings]
    assert [report.sheets for report in two.reports] == [report.sheets for report in one.reports]


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(XlgovError):
        xlgov.unmark(tmp_path / "none.xlsx")


def test_styles_return_where_empty_tags_end_with_a_space(tmp_path: Path) -> None:
    """openpyxl writes its formats so."""
    old, new = versions(tmp_path, with_cell(0, 2, 3), ROWS)
    typed = book(new)
    typed.active["C2"].number_format = "0.0"
    for row in typed.active.iter_rows():
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="FFFFFF00")
    typed.save(new)
    done = tmp_path / "marked.xlsx"
    xlgov.mark(new, old, done)
    assert red_words(done)
    xlgov.unmark(done)
    assert parts(done) == parts(new)


def test_a_list_of_marks_stays_where_a_sheet_was_renamed(tmp_path: Path) -> None:
    old = [*OLD]
    old[1] = (*old[1][:6], "Plan tested in June")
    _, _, done = marked(tmp_path, old, ROWS)
    place = place_of(done, ROWS[0][6])
    renamed = book(done)
    renamed[place[0]].title = "Risks"
    renamed.save(done)
    (finding,) = xlgov.unmark(done).findings
    assert finding.code == "marks-moved"
    assert finding.message.startswith("2 of 2 marks do not show")
    assert MARKS_SHEET in book(done).sheetnames
    back = book(done)
    back["Risks"].title = place[0]
    back.save(done)
    assert xlgov.unmark(done).findings == ()
    assert red_words(done) == {}
    assert MARKS_SHEET not in book(done).sheetnames


def test_a_mark_that_became_the_font_of_its_cell_is_taken_off(tmp_path: Path) -> None:
    """LibreOffice saves a text that is red as a whole in a red font."""
    _, new, done = marked(tmp_path, with_cell(0, 5, "Clerk"), ROWS)
    sheet, address = place_of(new, ROWS[0][5])
    typed = book(done)
    cell = typed[sheet][address]
    assert red_words(done) == {(sheet, address): [ROWS[0][5]]}
    cell.value = ROWS[0][5]
    font = copy(cell.font)
    font.color = Color("FFFF0000")
    cell.font = font
    typed.save(done)
    assert xlgov.unmark(done).findings == ()
    assert red_words(done) == {}
