"""Modules of a workbook and its sheets are named once, in the place that the schema gives them."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import BOOK, SHEET, plain, swap, write_package

from xlgov.ooxml.code_names import name_modules
from xlgov.ooxml.markup import splice
from xlgov.ooxml.reader import open_workbook


def named(
    tmp_path: Path, *pairs: tuple[str, str], part: str = SHEET
) -> tuple[tuple[str, ...], str, str]:
    """Code names, the workbook part and the head of the sheet after naming."""
    path = write_package(tmp_path / "a.xlsx", swap(plain(), part, *pairs))
    with open_workbook(path) as workbook:
        named = name_modules(workbook)
        bare = splice(workbook.outline("Register").bare, named.edits.get("Register", []))
        return named.modules, workbook.parts.raw(BOOK).decode(), bare.decode()


def test_a_workbook_without_any_names_gets_those_of_excel(tmp_path: Path) -> None:
    names, book, sheet = named(tmp_path)
    assert names == ("ThisWorkbook", "Sheet1")
    assert '<workbookPr codeName="ThisWorkbook"/><bookViews>' in book
    assert '<sheetPr codeName="Sheet1"/><dimension ' in sheet


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        ("<sheetPr/>", '<sheetPr codeName="Sheet1"/>'),
        ("<sheetPr codeName='Risks'/>", "<sheetPr codeName='Risks'/>"),
        ('<sheetPr codeName=""/>', '<sheetPr codeName="Sheet1"/>'),
        ('<sheetPr codeName="1 risk"/>', '<sheetPr codeName="Sheet1"/>'),
        ('<sheetPr codeName="thisworkbook"/>', '<sheetPr codeName="Sheet1"/>'),
        (
            '<sheetPr filterMode="1"><tabColor rgb="FF0000"/></sheetPr>',
            '<sheetPr filterMode="1" codeName="Sheet1"><tabColor rgb="FF0000"/></sheetPr>',
        ),
    ],
)
def test_what_the_sheet_says_of_itself_stays(standing: str, expected: str, tmp_path: Path) -> None:
    _, _, sheet = named(tmp_path, ("<dimension", f"{standing}<dimension"))
    assert f"{expected}<dimension" in sheet


def test_a_name_that_the_workbook_has_stays(tmp_path: Path) -> None:
    mark = '<workbookPr date1904="0" codeName="Workbook_1"/>'
    names, book, _ = named(tmp_path, ("<bookViews>", f"{mark}<bookViews>"), part=BOOK)
    assert names[0] == "Workbook_1"
    assert mark in book
