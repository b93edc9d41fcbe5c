"""A sheet of ours that stands as asked is known to; replaced, it keeps what is not its rows."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from applied import apply_to, text_of
from handmade import BOOK, BOOK_RELS, MAIN, REL, STYLES, TYPES, plain, rels, swap, write_package
from written import SOFFICE, convert

from xlgov.changes import (
    ChangeSet,
    FormatRule,
    Formula,
    NoteChange,
    RichText,
    SheetChange,
    StyleChange,
    TextRun,
)
from xlgov.errors import EditError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.own_sheet import stands_already
from xlgov.ooxml.reader import open_workbook

PART = "xl/worksheets/xlgov1.xml"
OWN = SheetChange(
    "xlgov reasons",
    [
        ["Indicator", "Change", "As of", "Said"],
        [],
        ["Burglary & theft", -0.125, date(2018, 3, 31), "Higher:\n v 1yr _x0041_ "],
        ["Calls", 10**16, datetime(2018, 3, 31, 9, 30), Formula("B3*2", -0.25)],
        [True, None, "", RichText((TextRun("was ", strike=True), TextRun("is")))],
        ["00123", 1, 2.0, "=1+1"],
    ],
    names=[("xlgov_reasons", "A3:D6")],
    widths=(30, 8.5),
)
STYLED = (
    StyleChange(OWN.name, "A1", bold=True, fill="D9D9D9"),
    StyleChange(OWN.name, "A1", wrap=True),
    StyleChange(OWN.name, "B3", number_format="0.0%", font_color="C00000"),
)
WHOLE = ChangeSet(
    sheets=(OWN,),
    styles=STYLED,
    formats=(FormatRule(OWN.name, "B3:B6", "B3>0", fill="FFC000"),),
    notes=(NoteChange(OWN.name, "B3", "why"),),
)


def stands(path: Path, change: SheetChange = OWN, styles: tuple[StyleChange, ...] = STYLED) -> bool:
    with open_workbook(path) as workbook:
        return stands_already(workbook, change, styles)


def unpacked(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(package)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def with_rows(place: tuple[int, int], value: Any) -> SheetChange:
    rows = [list(each) for each in OWN.rows]
    rows[place[0]][place[1]] = value
    return replace(OWN, rows=rows)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    apply_to(tmp_path, plain(), WHOLE)
    return tmp_path / "after.xlsx"


def test_a_sheet_as_it_was_written_stands(book: Path, tmp_path: Path) -> None:
    assert stands(book)
    assert not stands(tmp_path / "before.xlsx")
    assert stands(book, replace(OWN, name=OWN.name.upper()))


@pytest.mark.parametrize(
    "change",
    [
        with_rows((2, 1), -0.1250000001),
        with_rows((2, 0), "burglary & theft"),
        with_rows((2, 2), date(2018, 4, 1)),
        with_rows((2, 2), None),
        with_rows((4, 1), 0),
        with_rows((4, 0), 1),
        with_rows((4, 3), "was it"),
        with_rows((5, 0), 123),
        with_rows((5, 1), True),
        with_rows((5, 1), date(1900, 1, 1)),
        with_rows((5, 3), Formula("1+1", 2)),
        with_rows((3, 3), Formula("B3*3", -0.25)),
        with_rows((3, 3), -0.25),
        replace(OWN, rows=OWN.rows[:-1]),
        replace(OWN, rows=[*OWN.rows, ["more"]]),
        replace(OWN, names=[("xlgov_reasons", "A3:D7")]),
        replace(OWN, names=[("xlgov_reasons", "nowhere")]),
        replace(OWN, names=[*OWN.names, ("xlgov_more", "A1")]),
        replace(OWN, remove=True),
    ],
)
def test_any_other_content_does_not_stand(book: Path, change: SheetChange) -> None:
    assert not stands(book, change)


@pytest.mark.parametrize(
    "style",
    [
        StyleChange(OWN.name, "A1", bold=False),
        StyleChange(OWN.name, "A1", fill="FFFFFF"),
        StyleChange(OWN.name, "B3", number_format="0%"),
        StyleChange(OWN.name, "B4", bold=True),
        StyleChange(OWN.name, "Z99", bold=True),
        StyleChange(OWN.name, "nowhere", bold=True),
    ],
)
def test_nor_does_another_look(book: Path, style: StyleChange) -> None:
    assert not stands(book, styles=(*STYLED, style))


def test_widths_and_whether_it_is_hidden_are_peoples(book: Path) -> None:
    assert stands(book, replace(OWN, widths=(5, 5, 5), hidden=True))
    hidden = ChangeSet(sheets=(replace(OWN, hidden=True),), styles=STYLED)
    assert apply_changes(hidden, book) is False


def test_a_sheet_to_remove_stands_as_asked_where_it_is_not(book: Path, tmp_path: Path) -> None:
    gone = SheetChange(OWN.name, remove=True)
    assert stands(tmp_path / "before.xlsx", gone, ())
    assert not stands(book, gone, ())


def test_shared_formulas_say_what_each_cell_says(tmp_path: Path) -> None:
    rows = [[1, Formula("A1*2", 2)], [2, Formula("A2*2", 4)]]
    own = SheetChange("xlgov", rows)
    apply_to(tmp_path, plain(), ChangeSet(sheets=(own,)))
    parts = {name: text.encode() for name, text in text_of(tmp_path / "after.xlsx").items()}
    shared = swap(parts, PART, ("<f>A1*2</f>", '<f t="shared" ref="B1:B2" si="0">A1*2</f>'),
                  ("<f>A2*2</f>", '<f t="shared" si="0"/>'))  # fmt: skip
    path = write_package(tmp_path / "shared.xlsx", shared)
    assert stands(path, own, ())
    assert not stands(path, SheetChange("xlgov", [rows[0], [2, Formula("A2*3", 4)]]), ())


@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice (soffice)")
def test_a_sheet_that_libreoffice_saved_still_stands(book: Path, tmp_path: Path) -> None:
    rows = [[each for each in row if not isinstance(each, RichText)] for row in OWN.rows]
    rows[3][1] = 1e16
    names = [(name, area) for name, area in OWN.names]
    apply_to(tmp_path, plain(), ChangeSet(sheets=(replace(OWN, rows=rows, names=names),)))
    (saved,) = convert([tmp_path / "after.xlsx"], tmp_path / "saved")
    assert stands(saved, replace(OWN, rows=rows), ())


# Replacing


def test_replaced_by_the_same_it_is_the_same_to_the_byte(book: Path) -> None:
    before = book.read_bytes()
    assert apply_changes(WHOLE, book) is False
    restyled = replace(WHOLE, styles=(*STYLED, StyleChange(OWN.name, "B4", bold=True)))
    assert apply_changes(restyled, book) is True
    first = book.read_bytes()
    assert first != before
    assert apply_changes(restyled, book) is False
    for changes in (ChangeSet(sheets=(with_rows((2, 1), 0.5),)), WHOLE, restyled):
        assert apply_changes(changes, book) is True
    other = text_of(book)
    assert apply_changes(restyled, book) is False
    assert other[PART] == unpacked(first)[PART]
    assert other[STYLES] == unpacked(first)[STYLES]


def test_replaced_by_other_rows_it_keeps_place_styles_notes_and_formats(book: Path) -> None:
    apply_changes(ChangeSet(sheets=(SheetChange("xlgov last", [[1]]),)), book)
    before = text_of(book)
    apply_changes(ChangeSet(sheets=(SheetChange(OWN.name, [["new", 5]]),)), book)
    after = text_of(book)
    assert {name for name in after if after[name] != before[name]} == {PART, BOOK}
    assert after[STYLES] == before[STYLES]
    assert re.findall('<sheet name="([^"]*)"', after[BOOK]) == [
        "Register", OWN.name, "xlgov last"
    ]  # fmt: skip
    assert "<v>5</v>" in after[PART]
    assert "Indicator" not in after[PART]
    assert "<cols>" not in after[PART]
    with open_workbook(book) as workbook:
        assert [rule.range for rule in workbook.own_rules(OWN.name)] == ["B3:B6"]
        assert workbook.notes(OWN.name) == {(3, 2): ("xlgov", "why")}


def test_how_people_show_and_print_it_stays_and_what_hangs_on_old_rows_goes(tmp_path: Path) -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:r="{REL}"><x:sheetPr/><x:sheetViews/>'
        '<x:cols><x:col min="1" max="1" width="9"/></x:cols><x:sheetData><x:row r="1"><x:c r="A1">'
        '<x:v>1</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B1"/>'
        '</x:mergeCells><x:hyperlinks><x:hyperlink ref="A1"/></x:hyperlinks><x:pageSetup '
        'orientation="landscape"/><x:tableParts><x:tablePart r:id="rId1"/></x:tableParts>'
        "</x:worksheet>"
    )
    parts = swap(plain(), BOOK, ("</sheets>", '<sheet name="xlgov" sheetId="2" state="hidden" '
                                 'r:id="rId4"/></sheets>'))  # fmt: skip
    parts |= {
        BOOK_RELS: rels(
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("worksheet", "worksheets/own.xml"),
        ),
        "xl/worksheets/own.xml": sheet.encode(),
        "xl/worksheets/_rels/own.xml.rels": rels(("table", "../tables/table1.xml")),
        "xl/tables/table1.xml": f'<table xmlns="{MAIN}" ref="A1:B2"/>'.encode(),
    }
    parts = swap(parts, TYPES, ("</Types>", '<Override PartName="/xl/tables/table1.xml" '
                                'ContentType="t"/></Types>'))  # fmt: skip
    own = SheetChange("xlgov", [["new", 2]], widths=(7,))
    after = apply_to(tmp_path, parts, ChangeSet(sheets=(own,)))
    assert after["xl/worksheets/own.xml"] == (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:r="{REL}"><x:sheetPr/><x:dimension ref="A1:B1"/>'
        '<x:sheetViews/><x:cols><x:col min="1" max="1" width="7" customWidth="1"/></x:cols>'
        '<x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>new</x:t></x:is></x:c>'
        '<x:c r="B1"><x:v>2</x:v></x:c></x:row></x:sheetData><x:pageSetup orientation="landscape"/>'
        "</x:worksheet>"
    )
    assert 'state="hidden"' in after[BOOK]
    assert "xl/tables/table1.xml" not in after
    assert "table1" not in after[TYPES]
    assert stands(tmp_path / "after.xlsx", own, ())


def test_what_no_sheet_can_hold_is_refused_in_a_replaced_one_too(book: Path) -> None:
    with pytest.raises(EditError, match="nan is no number"):
        apply_changes(ChangeSet(sheets=(with_rows((2, 1), float("nan")),)), book)
