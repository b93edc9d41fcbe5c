"""A workbook as it is read: values, formulas, styles, what was asked for and no more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from handmade import MAKERS, SHEET, plain, swap, write_package
from openpyxl import load_workbook
from written import by_openpyxl, constant_memory, features, long_texts

from xlgov.errors import DamagedError
from xlgov.grid.cells import CellError, Range, Value
from xlgov.grid.sheet import cell_date
from xlgov.ooxml.reader import open_workbook

SAME = [
    name
    for name in MAKERS
    if "plain" in name
    or name
    in {
        "a prefix on every element", "a prefix in the relationships too", "single quotes",
        "attributes in another order", "attributes on lines of their own",
        "double blanks between attributes", "pretty printed parts",
        "rows on lines of their own", "rows without numbers whose cells have addresses",
        "addresses in lower case", "comments instructions and cdata among the rows",
        "references in attributes", "the main namespace bound twice",
        "alternate content around a row and in the sheet", "extensions in a row and in a cell",
        "another namespace declared on a cell", "a sheet in utf16",
        "a sheet in utf16 without a mark", "styles in utf16", "the workbook part in utf16",
        "shared strings in utf16", "a sheet in ascii", "byte order marks", "no xml declarations",
        "strict namespaces", "absolute relationship targets",
        "backslashes in relationship targets", "part names in percent codes and another case",
        "a relationship to a part that is not there", "a chart sheet first", "rows out of order",
        "cells out of order", "spans that are wrong", "elements that no standard knows",
    }
]  # fmt: skip


def values(path: Path, sheet: str = "Register") -> dict[str, Value]:
    with open_workbook(path) as book:
        return {cell.address: cell.value for cell in book.grid(sheet).cells()}


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    path = write_package(tmp_path / "book.xlsx", plain())
    assert values(path) == {
        "A1": "Risk & owner", "B1": " Likelihood ", "A2": 3, "B2": 6, "C2": True,
        "D2": CellError("#DIV/0!"), "A4": "in line", "C4": "ab", "A5": 42772, "A7": 1.5,
        "B7": "rich text",
    }  # fmt: skip
    with open_workbook(path) as book:
        grid = book.grid("register")
        assert grid.sheet == "Register"
        assert [grid.has_formula(2, 2), grid.has_formula(4, 3), grid.has_formula(2, 1)] == [
            True, True, False
        ]  # fmt: skip
        assert [grid.cell(*place).style for place in ((2, 1), (5, 1), (7, 1))] == [1, 2, 0]
        assert book.number_format(1) == '0.0" days"'
        assert cell_date(book, grid.cell(5, 1)) == datetime(2017, 2, 6)


@pytest.mark.parametrize("name", SAME)
def test_the_same_workbook_written_in_another_way_reads_the_same(tmp_path: Path, name: str) -> None:
    usual = values(write_package(tmp_path / "plain.xlsx", plain()))
    path = write_package(tmp_path / "other.xlsx", MAKERS[name]())
    assert values(path) == usual
    with open_workbook(path) as book:
        grid = book.grid("Register", columns=(1, 4))
        asked = {k: v for k, v in usual.items() if k[0] in "AD"}
        assert {cell.address: cell.value for cell in grid.cells()} == asked
        assert grid.is_complete is False


def test_a_row_in_alternate_content_does_not_count(tmp_path: Path) -> None:
    name = "alternate content around a row and in the sheet"
    found = values(write_package(tmp_path / "book.xlsx", MAKERS[name]()))
    assert "A6" not in found


def test_odd_numbers_and_indexes_are_read_as_text_or_as_nothing(tmp_path: Path) -> None:
    path = write_package(tmp_path / "book.xlsx", MAKERS["numbers and indexes of every sort"]())
    row = {key[0]: value for key, value in values(path).items() if key.endswith("9")}
    assert row == {
        "A": 1000, "B": 0, "C": 5, "D": "1_000", "E": "NaN", "F": "9" * 400, "G": "٣", "H": "0x10",
        "J": "1e999", "K": "٣٣٣", "T": 42772, "U": "0001-01-01T00:00:00", "V": "12:30", "W": "q",
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize("writer", [features, by_openpyxl, constant_memory, long_texts])
def test_what_another_reader_reads_is_read(tmp_path: Path, writer: object) -> None:
    path = writer(tmp_path / "book.xlsx")  # type: ignore[operator]
    book, shown = load_workbook(path), load_workbook(path, data_only=True)
    with open_workbook(path) as mine:
        assert [each.name for each in mine.sheets] == [each.title for each in book.worksheets]
        for sheet in book.worksheets:
            grid = mine.grid(sheet.title)
            checked = 0
            for row in sheet.iter_rows():
                for theirs in row:
                    place = theirs.row, theirs.column
                    assert grid.has_formula(*place) is (theirs.data_type == "f")
                    value = shown[sheet.title].cell(*place).value
                    found = grid.value(*place)
                    if isinstance(value, datetime):
                        assert cell_date(mine, grid.cell(*place)) == value
                    elif isinstance(value, str) and ("\x01" in value or "_x" in value):
                        continue  # where openpyxl leaves the escapes as they are
                    else:
                        assert found == value, f"{sheet.title}!{theirs.coordinate}"
                    assert mine.number_format(grid.cell(*place).style) == theirs.number_format or (
                        theirs.number_format.startswith("mm-dd")
                    )
                    checked += 1
            assert checked or sheet.max_row == 1


def test_merged_ranges_hidden_sheets_and_names_are_read(tmp_path: Path) -> None:
    with open_workbook(features(tmp_path / "book.xlsx")) as book:
        assert [(each.name, each.state) for each in book.sheets] == [
            ("Register", "visible"), ("Lists & keys", "hidden")
        ]  # fmt: skip
        assert book.grid("Register").merges == (Range.parse("A40:C41"),)
        assert book.names() == {"bands": "'Lists & keys'!$C$2:$D$4"}
        assert book.date_1904 is True
        kinds = [each.kind for each in book.formats("Register")]
        assert kinds.count("dataBar") == 2
        assert {"iconSet", "colorScale", "expression"} < set(kinds)
        assert book.is_locked("Register", 2, 2) is True
        assert book.is_locked("Lists & keys", 2, 2) is False


def test_only_the_first_rows_are_read_where_no_more_are_asked_for(tmp_path: Path) -> None:
    with open_workbook(constant_memory(tmp_path / "book.xlsx")) as book:
        (sheet,) = book.sheets
        few = book.grid(sheet.name, rows=4, columns=(2,))
        assert list(few.columns[2].rows)[:2] == [1, 4]
        assert few.is_complete is False
        assert book.grid(sheet.name).is_complete is True
        assert book.grid(sheet.name).value(298, 4) == 297


def test_a_listed_sheet_whose_part_is_missing_is_passed_over(tmp_path: Path) -> None:
    path = write_package(tmp_path / "book.xlsx", MAKERS["a listed sheet whose part is not there"]())
    with open_workbook(path) as book:
        assert [each.name for each in book.sheets] == ["Register"]
        with pytest.raises(KeyError):
            book.grid("No such sheet")
        with pytest.raises(DamagedError, match=r"no part xl/worksheets/sheet9\.xml"):
            book.grid("Gone")


def test_a_sheet_without_cells_reads_as_blank(tmp_path: Path) -> None:
    for name in ("a sheet without rows", "a sheet without rows and with a blank"):
        path = write_package(tmp_path / "book.xlsx", MAKERS[name]())
        with open_workbook(path) as book:
            grid = book.grid("Register")
            assert (grid.columns, grid.value(1, 1), grid.is_complete) == ({}, None, True)


def test_of_two_cells_at_one_address_the_first_counts(tmp_path: Path) -> None:
    parts = swap(plain(), SHEET, ('<c r="B1"', '<c r="A1"><v>5</v></c><c r="B1"'))
    assert values(write_package(tmp_path / "book.xlsx", parts))["A1"] == "Risk & owner"


@pytest.mark.parametrize(
    "old, new, is_regular",
    [
        ('<row r="4" spans="1:4" s="2"', '<row spans="1:4" s="2" r="4"', True),  # LibreOffice 4
        ('<row r="5">', '\n  <row r="5">\n    ', True),
        ('<row r="5">', '<row r="1048577"/><row r="5">', False),
        ('<row r="5">', "<row><x/></row>" + '<row r="5">', False),
        ("<v>1.5</v>", "<v>1<x/>.5</v>", False),
    ],
)
def test_only_a_sheet_of_the_common_form_is_read_the_fast_way(
    tmp_path: Path, old: str, new: str, is_regular: bool
) -> None:
    path = write_package(tmp_path / "book.xlsx", swap(plain(), SHEET, (old, new)))
    with open_workbook(path) as workbook:
        try:
            workbook.grid("Register")
            workbook.grid("Register", columns=(1, 2))
        except DamagedError:
            assert not is_regular
            return
        assert workbook.outline("Register").regular is is_regular
