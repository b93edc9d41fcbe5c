"""Every formula of a sheet is found, whichever way the sheet has to be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import BOOK, SHEET, plain, swap, write_package

from xlgov.grid.cells import Range, address
from xlgov.ooxml.formula_cells import Calculation, calculation, formula_cells, scoped_names
from xlgov.ooxml.reader import open_workbook

ROW = (
    '<row r="8"><c r="A8"><f t="shared" ref="A8:C8" si="3">B1*$D$2</f><v>1</v></c>'
    '<c r="B8" t="str"><f t="shared" si="3"/><v></v></c><c r="C8"><f t="shared" si="9"/></c>'
    '<c r="D8" cm="1"><f t="array" ref="D8:D9">A1:A2&amp;"x"</f><v>1</v></c>'
    '<c r="E8"><f t="dataTable" ref="E8:F9" r1="A1"/><v>1</v></c>'
    '<c r="F8"><v>1</v></c><c r="G8" cm="1"><f>A1</f><v>1</v></c></row>'
)
PARTS = swap(plain(), SHEET, ("</sheetData>", f"{ROW}</sheetData>"))


@pytest.mark.parametrize("comment", ["", "<!-- read with care -->"])
def test_each_kind_of_formula_is_found(tmp_path: Path, comment: str) -> None:
    parts = swap(PARTS, SHEET, ("<sheetData>", f"<sheetData>{comment}"))
    with open_workbook(write_package(tmp_path / "book.xlsx", parts)) as workbook:
        cells = formula_cells(workbook, "register")
    found = {
        address(each.row, each.column): (each.text, each.kind, str(each.fills), each.has_value)
        for each in cells
    }
    assert found == {
        "B2": ("A2*2", "single", "B2", True),
        "C4": ('"a"&"b"', "single", "C4", True),
        "A8": ("B1*$D$2", "single", "A8", True),
        "B8": ("C1*$D$2", "single", "B8", True),
        "C8": ("", "single", "C8", False),
        "D8": ('A1:A2&"x"', "array", "D8:D9", True),
        "E8": ("", "table", "E8:F9", True),
        "G8": ("A1", "array", "G8", True),
    }
    assert all(each.fills == Range(each.row, each.column, *corner(each.fills)) for each in cells)


def corner(area: Range) -> tuple[int, int]:
    return area.bottom, area.right


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<calcPr calcId="191029"/>', Calculation(False, False, False)),
        ("", Calculation(False, False, False)),
        ('<calcPr fullCalcOnLoad="1" iterate="true"/>', Calculation(True, True, False)),
        ('<calcPr fullPrecision="0"/>', Calculation(False, False, True)),
    ],
)
def test_how_a_workbook_calculates(tmp_path: Path, written: str, expected: Calculation) -> None:
    parts = swap(plain(), BOOK, ('<calcPr calcId="191029"/>', written))
    with open_workbook(write_package(tmp_path / "book.xlsx", parts)) as workbook:
        assert calculation(workbook) == expected


def test_names_are_known_with_the_sheet_that_they_are_of(tmp_path: Path) -> None:
    own = (
        '<definedName name="Top" localSheetId="0">Register!$B$1</definedName>'
        '<definedName name="odd" localSheetId="7">1</definedName></definedNames>'
    )
    parts = swap(plain(), BOOK, ("</definedNames>", own))
    with open_workbook(write_package(tmp_path / "book.xlsx", parts)) as workbook:
        assert scoped_names(workbook) == {
            ("", "top"): "Register!$A$1",
            ("register", "top"): "Register!$B$1",
        }
