"""A workbook is given a button that runs our macros, and keeps those that it has."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from button_books import (
    BUTTON,
    drawings,
    part,
    register,
    rewrite,
    with_button,
    with_chart,
    with_macros,
    with_notes,
)
from kept_parts import judge

from xlgov import operations
from xlgov.errors import (
    DamagedError,
    EncryptedError,
    InUseError,
    NotAWorkbookError,
    SignedError,
    UsageError,
)
from xlgov.macros import button
from xlgov.macros.button import add_button
from xlgov.ooxml.reader import open_workbook


def anchor(path: Path) -> list[int]:
    """Columns, rows and pixels of our button's corners."""
    shape = drawings(path).partition(BUTTON)[0].rpartition("<x:Anchor>")[2]
    return [int(each) for each in shape.partition("<")[0].split(",")]


# --- what is made


def test_the_new_file_is_made_beside_the_old_one_and_said_to_be_the_live_one(
    tmp_path: Path,
) -> None:
    source = register(tmp_path / "Risk register = 2017.xlsx")
    old = source.read_bytes()
    made = add_button(source)
    assert made.path == tmp_path / "Risk register = 2017.xlsm"
    assert source.read_bytes() == old
    assert sorted(each.name for each in tmp_path.iterdir()) == [made.path.name, source.name]
    assert "Risk register = 2017.xlsm is the live file from now on" in made.message
    assert "Move Risk register = 2017.xlsx away" in made.message
    assert "on the sheet 'Register', at E1" in made.message


def test_the_button_runs_the_macro_and_is_not_printed(tmp_path: Path) -> None:
    path = add_button(register(tmp_path / "a.xlsx")).path
    vml = part(path, "xl/drawings/vmlDrawing1.vml")
    assert vml.count('ObjectType="Button"') == 1
    assert f"<x:FmlaMacro>{BUTTON}</x:FmlaMacro>" in vml
    assert "<x:PrintObject>False</x:PrintObject>" in vml
    assert ">Recalculate</font>" in vml
    assert '<legacyDrawing r:id="rId1"/></worksheet>' in part(path, "xl/worksheets/sheet1.xml")
    assert 'Target="../drawings/vmlDrawing1.vml"' in part(
        path, "xl/worksheets/_rels/sheet1.xml.rels"
    )


def test_the_package_says_that_it_has_macros(tmp_path: Path) -> None:
    path = add_button(register(tmp_path / "a.xlsx", with_chart)).path
    types = part(path, "[Content_Types].xml")
    assert 'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"' in types
    assert "spreadsheetml.sheet.main+xml" not in types
    assert (
        '<Override PartName="/xl/vbaProject.bin" '
        'ContentType="application/vnd.ms-office.vbaProject"/>' in types
    )
    assert types.count('Extension="vml"') == 1
    assert (
        'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        'Target="vbaProject.bin"' in part(path, "xl/_rels/workbook.xml.rels")
    )


def test_workbook_and_sheets_get_code_names_in_the_order_of_the_schema(tmp_path: Path) -> None:
    path = add_button(register(tmp_path / "a.xlsx", with_chart)).path
    assert re.search('<workbookPr [^>]*codeName="ThisWorkbook"', part(path, "xl/workbook.xml"))
    for name, code in (
        ("worksheets/sheet1", "Sheet1"),
        ("worksheets/sheet2", "Sheet2"),
        ("chartsheets/sheet1", "Chart3"),
    ):
        text = part(path, f"xl/{name}.xml")
        first = re.search(r"<(?:worksheet|chartsheet)[^>]*><(\w+) [^>]*codeName=\"(\w+)\"", text)
        assert first is not None and first.groups() == ("sheetPr", code)


def test_code_names_that_stand_stay_and_a_copied_one_is_replaced(tmp_path: Path) -> None:
    def edit(name: str, raw: bytes) -> bytes:
        raw = raw.replace(b"<workbookPr ", b'<workbookPr codeName="DieseArbeitsmappe" ')
        return raw.replace(b"<dimension", b'<sheetPr codeName="Sheet2"/><dimension')

    path = register(tmp_path / "a.xlsx", lambda book, _: book.add_worksheet("Copy"))
    rewrite(path, edit)
    seen = []
    with open_workbook(add_button(path).path) as workbook:
        assert workbook.book.code_name == "DieseArbeitsmappe"
        for sheet in workbook.sheets:
            properties = workbook.outline(sheet.name).root.child("sheetPr")
            assert properties is not None
            seen.append([sheet.name, properties.attributes["codeName"]])
    assert seen == [["Register", "Sheet2"], ["Copy", "Sheet3"]]


def test_the_ratings_and_their_scheme_are_named_out_of_sight(tmp_path: Path) -> None:
    path = add_button(register(tmp_path / "a.xlsx")).path
    text = part(path, "xl/workbook.xml")
    found = dict(re.findall(r'<definedName name="(\w+)" hidden="1">([^<]*)</definedName>', text))
    assert found["xlgov_r1_rating"] == "'Register'!$D$2:$D$5"
    assert found["xlgov_matrix"].startswith("{1,3,6,10,15;")
    assert found["xlgov_scoring"] == '"matrix"'


# --- what stays


@pytest.mark.parametrize("more", [None, with_notes, with_button, with_chart])
def test_nothing_else_differs(more: Any, tmp_path: Path) -> None:
    source = register(tmp_path / "a.xlsx", more)
    made = add_button(source)
    judge(source, made.path)


def test_the_button_goes_into_the_drawing_of_the_notes(tmp_path: Path) -> None:
    source = register(tmp_path / "a.xlsx", with_notes)
    path = add_button(source).path
    vml = part(path, "xl/drawings/vmlDrawing1.vml")
    assert vml.count('ObjectType="Note"') == 2 and vml.count('ObjectType="Button"') == 1
    numbers = re.findall(r'id="_x0000_s(\d+)"', vml)
    assert len(numbers) == len(set(numbers)) == 3
    assert part(path, "xl/worksheets/sheet1.xml").count("<legacyDrawing ") == 1


def test_buttons_that_stand_stay(tmp_path: Path) -> None:
    path = add_button(register(tmp_path / "a.xlsx", with_button)).path
    vml = part(path, "xl/drawings/vmlDrawing1.vml")
    assert re.findall(r"<x:FmlaMacro>([^<]*)<", vml) == ["[0]!PrintRegister", BUTTON]
    assert vml.count('<v:shapetype id="_x0000_t201"') == 1


def test_names_that_people_have_given_stay(tmp_path: Path) -> None:
    def name(book: Any, sheet: Any) -> None:
        book.define_name("xlgov_matrix", "=Register!$H$1:$L$5")
        book.define_name("Ratings", "=Register!$D$2:$D$5")

    source = register(tmp_path / "a.xlsx", name)
    path = add_button(source).path
    with open_workbook(path) as workbook:
        names = workbook.book.names()
        assert names["xlgov_matrix"] == "Register!$H$1:$L$5"
        assert names["Ratings"] == "Register!$D$2:$D$5"
        assert "xlgov_matrix" not in workbook.book.hidden_names()
    judge(source, path)


def test_names_on_the_settings_sheet_go_before_constants(tmp_path: Path) -> None:
    source = register(tmp_path / "a.xlsx")
    operations.init(source)
    with open_workbook(add_button(source).path) as workbook:
        names, hidden = workbook.book.names(), workbook.book.hidden_names()
    assert names["xlgov_matrix"].startswith("'xlgov'!$B$")
    assert "xlgov_matrix" not in hidden and "xlgov_bands" not in hidden
    assert names["xlgov_scoring"].startswith(("'xlgov'!$B$", "xlgov!$B$"))
    assert hidden["xlgov_r1_rating"] == "'Register'!$D$2:$D$5"


# --- macros that stand


def test_macros_that_stand_are_kept_and_the_file_as_it_was_too(tmp_path: Path) -> None:
    path = with_macros(tmp_path / "office.xlsm")
    old = path.read_bytes()
    made = add_button(path)
    backup = tmp_path / "office (before xlgov).xlsm"
    assert made.path == path and made.is_changed
    assert backup.read_bytes() == old
    assert "live file" not in made.message
    touched = judge(backup, path)
    assert touched == {"xl/vbaProject.bin", "xl/workbook.xml", "xl/drawings/vmlDrawing1.vml"}
    vml = part(path, "xl/drawings/vmlDrawing1.vml")
    assert re.findall(r"<x:FmlaMacro>([^<]*)<", vml) == ["[0]!Greet", BUTTON]


def test_a_workbook_with_macros_is_left_where_another_folder_is_given(tmp_path: Path) -> None:
    path = with_macros(tmp_path / "office.xlsm")
    old = path.read_bytes()
    made = add_button(path, tmp_path / "out" / "deep")
    assert made.path == tmp_path / "out" / "deep" / "office.xlsm"
    assert path.read_bytes() == old
    assert not (tmp_path / "office (before xlgov).xlsm").exists()


def test_twice_is_once(tmp_path: Path) -> None:
    first = add_button(register(tmp_path / "a.xlsx", with_notes)).path
    once, then = first.read_bytes(), first.stat().st_mtime_ns
    again = add_button(first)
    assert not again.is_changed
    assert "there already; nothing was changed" in again.message
    assert (first.read_bytes(), first.stat().st_mtime_ns) == (once, then)
    copied = add_button(first, tmp_path / "copy")
    assert copied.path.read_bytes() == once


def test_a_second_run_needs_no_other_library(tmp_path: Path, monkeypatch: Any) -> None:
    made = add_button(register(tmp_path / "a.xlsx", with_chart)).path
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    assert not add_button(made).is_changed


def test_names_follow_the_register_when_it_is_run_again(tmp_path: Path) -> None:
    def longer(book: Any, sheet: Any) -> None:
        sheet.write_row("A6", ["R5", 2, 2, 5])
        book.define_name("xlgov_r1_rating", "=Register!$D$2:$D$3")
        book.define_name("xlgov_r9_rating", "=Register!$Z$2")

    source = register(tmp_path / "a.xlsx", longer)
    rewrite(source, lambda _, raw: re.sub(rb'(name="xlgov_r\d_rating")', rb'\1 hidden="1"', raw))
    with open_workbook(add_button(source).path) as workbook:
        hidden = workbook.book.hidden_names()
    assert hidden["xlgov_r1_rating"] == "'Register'!$D$2:$D$6"
    assert "xlgov_r9_rating" not in hidden


def test_refreshing_the_new_file_corrects_it_and_keeps_button_and_macros(tmp_path: Path) -> None:
    path = add_button(register(tmp_path / "a.xlsx", with_notes)).path
    project = zipfile.ZipFile(path).read("xl/vbaProject.bin")
    changes = operations.refresh(path, reasons=True, notes=True)
    assert [(each.address, each.after) for each in changes.cells] == [("D3", 13)]
    with zipfile.ZipFile(path) as file:
        assert file.read("xl/vbaProject.bin") == project
    assert drawings(path).count(BUTTON) == 1
    once = path.read_bytes()
    operations.refresh(path, reasons=True, notes=True)
    assert path.read_bytes() == once
    assert not add_button(path).is_changed


# --- where it stands


def test_the_button_stands_right_of_the_print_area_of_charts_and_of_buttons(
    tmp_path: Path,
) -> None:
    wide = add_button(register(tmp_path / "a.xlsx", lambda _, s: s.print_area("A1:H9"))).path
    assert anchor(wide)[0] == 8
    assert anchor(add_button(register(tmp_path / "b.xlsx", with_chart)).path)[0] >= 12
    beside = add_button(register(tmp_path / "c.xlsx", with_button)).path
    assert anchor(beside)[0] == 9


def test_a_merged_title_and_hidden_columns_are_passed_by(tmp_path: Path) -> None:
    def more(book: Any, sheet: Any) -> None:
        sheet.merge_range("A8:G8", "all risks of the office")
        sheet.set_column("H:J", None, None, {"hidden": True})

    assert anchor(add_button(register(tmp_path / "a.xlsx", more)).path)[0] == 10


def test_where_every_column_to_the_right_is_hidden_it_stands_below(tmp_path: Path) -> None:
    def more(book: Any, sheet: Any) -> None:
        sheet.set_column("E:XFD", None, None, {"hidden": True})

    made = add_button(register(tmp_path / "a.xlsx", more))
    assert made.cell == "A7"
    assert anchor(made.path)[:3:2] == [0, 6]


def test_it_stands_on_the_first_sheet_with_a_register_that_is_shown(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name in ("Cover", "Old register", "New register"):
        sheet = book.add_worksheet(name)
        if name != "Cover":
            sheet.write_row("A1", ["Reference", "Likelihood", "Impact", "Rating"])
            for row in range(1, 5):
                sheet.write_row(row, 0, [f"R{row}", 2, 3, 9])
        if name == "Old register":
            sheet.hide()
    book.close()
    assert add_button(tmp_path / "a.xlsx").sheet == "New register"


def test_a_workbook_without_a_register_gets_one_and_is_told_so(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("Notes").write("A1", "nothing yet")
    book.close()
    made = add_button(tmp_path / "a.xlsx")
    assert made.sheet == "Notes"
    assert "No register was recognised" in made.message


# --- what is refused


def test_a_file_that_is_there_already_is_not_replaced(tmp_path: Path) -> None:
    source = register(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsm").write_bytes(b"somebody's work")
    with pytest.raises(UsageError, match=r'a\.xlsm is there already.*xlgov button ".*a\.xlsm"'):
        add_button(source)
    assert (tmp_path / "a.xlsm").read_bytes() == b"somebody's work"


def test_a_signed_workbook_is_refused(tmp_path: Path) -> None:
    source = register(tmp_path / "a.xlsx")
    with zipfile.ZipFile(source, "a") as file:
        file.writestr("_xmlsignatures/sig1.xml", b"<Signature/>")
    with pytest.raises(SignedError, match="View Signatures"):
        add_button(source)
    assert not (tmp_path / "a.xlsm").exists()


def test_signed_macros_are_refused(tmp_path: Path) -> None:
    path = with_macros(tmp_path / "office.xlsm")
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/vbaProjectSignature.bin", b"signed")
        file.writestr(
            "xl/_rels/vbaProject.bin.rels",
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://schemas.microsoft.com/office/2006/relationships/'
            b'vbaProjectSignature" Target="vbaProjectSignature.bin"/></Relationships>',
        )
    old = path.read_bytes()
    with pytest.raises(SignedError, match="Digital Signature"):
        add_button(path)
    assert path.read_bytes() == old


def test_a_template_is_refused(tmp_path: Path) -> None:
    source = register(tmp_path / "a.xlsx")
    rewrite(source, lambda _, raw: raw.replace(b"sheet.main+xml", b"template.main+xml"))
    with pytest.raises(UsageError, match="template"):
        add_button(source)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm"])
def test_a_file_that_is_open_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    path = register(tmp_path / name) if name == "a.xlsx" else with_macros(tmp_path / name)
    owner = b"\x02Jo".ljust(55) + b"\x02\0" + "Jo".encode("utf-16-le")
    (tmp_path / f"~${name}").write_bytes(owner.ljust(165))
    old = path.read_bytes()
    with pytest.raises(InUseError, match="Jo has it open"):
        add_button(path)
    assert path.read_bytes() == old


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"a,b\n1,2\n", NotAWorkbookError),
        (
            bytes.fromhex("d0cf11e0a1b11ae1")
            + bytes(504)
            + "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0")
            + (34).to_bytes(2, "little")
            + bytes(446),
            EncryptedError,
        ),
    ],
)
def test_what_is_no_workbook_is_refused(
    content: bytes, error: type[Exception], tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(error):
        add_button(tmp_path / "a.xlsx")
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_save_that_went_wrong_is_noticed(tmp_path: Path, monkeypatch: Any) -> None:
    source = register(tmp_path / "a.xlsx")
    monkeypatch.setattr(button, "draw_button", lambda *_: [])
    with pytest.raises(DamagedError, match="did not read back with its button"):
        add_button(source)
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_path_that_does_not_exist_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        add_button(tmp_path / "none.xlsx")
