"""The stand-in for Excel has the traps of Excel: each of these once broke somebody's macro."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from live_engine import session_of
from live_files import cells_of_file, cells_of_live, differences, save_live
from typed_text import ComError

Live = Callable[..., Any]
Made = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path, live: Live) -> Any:
    """A workbook with one cell of every kind, from B3 on, and a merged heading."""
    workbook: Any = openpyxl.Workbook()
    sheet = workbook.active
    sheet["B3"], sheet["C3"], sheet["D3"] = "Ref", 3, 2.5
    sheet["B4"], sheet["C4"], sheet["D4"] = datetime(2017, 2, 6), time(6, 0), True
    sheet["C4"].number_format = "h:mm"
    sheet["B5"], sheet["C5"], sheet["D5"] = "#N/A", "=C3*2", None
    sheet["B6"], sheet["C6"] = 1200.5, 1
    sheet["B6"].number_format = "£#,##0.00"
    sheet["C6"].number_format = "dd/mm/yyyy"
    sheet["B7"], sheet["C7"] = "=text", "00123"
    sheet["B7"].data_type = sheet["C7"].data_type = "s"
    sheet["F9"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF0000")
    sheet.merge_cells("B9:C9")
    sheet["B9"] = "Merged"
    workbook.create_sheet("Hidden").sheet_state = "hidden"
    workbook.create_sheet("Very").sheet_state = "veryHidden"
    path = tmp_path / "kinds.xlsx"
    workbook.save(path)
    return live(path)


def test_xlwings_finds_the_book_as_if_excel_ran(book: Any) -> None:
    assert xw.books.active == book
    assert [each.name for each in xw.apps.active.books] == ["kinds.xlsx"]
    assert xw.Book("KINDS.xlsx").fullname == book.fullname
    assert book.app.version >= 16
    assert book.app.engine.type == "desktop"


def test_values_arrive_as_com_gives_them(book: Any) -> None:
    cell = book.sheets[0].range
    assert type(cell("C3").value) is float
    assert cell("B4").value == datetime(2017, 2, 6)
    assert cell("C4").value == datetime(1899, 12, 30, 6)
    assert cell("D4").value is True
    assert cell("D5").value is None
    assert cell("B6").value == Decimal("1200.5")
    assert cell("C6").value == datetime(1899, 12, 31)  # Excel shows 01/01/1900


def test_errors_are_numbers_that_xlwings_hides_or_names(book: Any) -> None:
    cell = book.sheets[0]["B5"]
    assert cell.raw_value == -2146826246
    assert cell.value is None
    assert cell.options(err_to_str=True).value == "#N/A"


def test_an_error_that_xlwings_does_not_know_is_a_bare_number(made: Made, live: Live) -> None:
    cell = live(made({"A1": "x"})).sheets[0]["A1"]
    cell.value = "#SPILL!"
    assert cell.options(err_to_str=True).value == -2146826243


def test_one_row_arrives_flat_unless_two_dimensions_are_asked_for(book: Any) -> None:
    row = book.sheets[0]["B3:D3"]
    assert row.value == ["Ref", 3.0, 2.5]
    assert row.options(ndim=2).value == [["Ref", 3.0, 2.5]]
    assert row.raw_value == (("Ref", 3.0, 2.5),)
    assert book.sheets[0]["C3"].raw_value == 3.0


def test_formulas_are_texts_and_text_with_an_equals_sign_looks_like_one(book: Any) -> None:
    sheet = book.sheets[0]
    assert sheet["B5:D5"].formula == (("#N/A", "=C3*2", ""),)
    assert sheet["C3"].formula == "3"
    assert sheet["B7"].formula == "=text"
    assert sheet["B7"].value == "=text"


def test_the_used_range_starts_late_and_ends_with_a_formatted_blank(book: Any) -> None:
    assert book.sheets[0].used_range.address == "$B$3:$F$9"
    assert book.sheets["Hidden"].used_range.address == "$A$1"


def test_what_cells_do_not_share_has_no_answer(book: Any) -> None:
    sheet = book.sheets[0]
    assert sheet["B3:D3"].number_format == "General"
    assert sheet["B3:B4"].number_format is None
    assert sheet["F9"].color == (255, 0, 0)
    assert sheet["E9"].color is None
    assert sheet["E9:F9"].color == (0, 0, 0)
    assert sheet["B9:D9"].merge_cells is None
    assert sheet["B9:C9"].merge_cells is True
    assert sheet["B3:C3"].merge_cells is False
    sheet["B3"].font.color = "#FF0000"
    with pytest.raises(TypeError):
        print(sheet["B3:C3"].font.color)


def test_merged_cells_keep_only_what_is_written_to_the_first(book: Any) -> None:
    sheet = book.sheets[0]
    assert sheet["C9"].merge_area.address == "$B$9:$C$9"
    sheet["C9"].value = "lost"
    assert sheet["B9:C9"].value == ["Merged", None]
    with pytest.raises(ComError):
        print(sheet["B9:C9"].merge_area)


def test_written_text_is_read_as_typed(book: Any) -> None:
    cell = book.sheets[0]["H1"]
    for written, held, shown in [
        ("1-2", datetime(2019, 1, 2), "d-mmm"),
        ("'1-2", "1-2", "General"),
        ("12%", 0.12, "0%"),
        ("'=1+1", "=1+1", "General"),
        ("True", True, "General"),
    ]:
        cell.clear()
        cell.value = written
        assert (cell.value, cell.number_format) == (held, shown)


def test_a_text_cell_makes_text_of_all_that_is_written(book: Any) -> None:
    cell = book.sheets[0]["H1"]
    cell.number_format = "@"
    for written, held in [("1-2", "1-2"), (5, "5"), ("=1+1", "=1+1")]:
        cell.value = written
        assert cell.value == held
    cell.formula = "=1+1"
    assert cell.value == "=1+1"


def test_a_written_date_sets_a_format_in_a_general_cell_only(book: Any) -> None:
    sheet = book.sheets[0]
    sheet["H1"].value = date(2017, 2, 6)
    assert (sheet["H1"].value, sheet["H1"].number_format) == (datetime(2017, 2, 6), "m/d/yyyy")
    sheet["H2"].value = datetime(2017, 2, 6, 12)
    assert sheet["H2"].number_format == "m/d/yyyy h:mm"
    sheet["H3"].number_format = "0.0"
    sheet["H3"].value = datetime(2017, 2, 6)
    assert sheet["H3"].value == 42772.0


def test_a_formula_that_is_written_has_no_value_until_somebody_gives_it(book: Any) -> None:
    sheet = book.sheets[0]
    sheet["H1:H2"].formula = "=C3+$C$3"
    assert sheet["H1:H2"].formula == (("=C3+$C$3",), ("=C4+$C$3",))
    with pytest.raises(RuntimeError, match="nothing here calculates"):
        print(sheet["H1"].value)
    session_of(book).evaluate = lambda sheet, row, column, formula: 7.0
    sheet["H3"].value = "=1+6"
    assert sheet["H3"].value == 7.0


def test_a_short_array_leaves_errors_and_a_single_row_fills_all(book: Any) -> None:
    cells = book.sheets[0]["H1:I2"]
    cells.raw_value = [["a", "b"]]
    assert cells.value == [["a", "b"], ["a", "b"]]
    book.sheets[0]["H1:I3"].raw_value = [["a", "b"], ["c", "d"]]
    assert book.sheets[0]["H3"].options(err_to_str=True).value == "#N/A"


def test_what_com_cannot_carry_is_refused(book: Any) -> None:
    with pytest.raises(TypeError, match="COM VARIANT"):
        book.sheets[0]["H1"].value = time(6, 0)
    with pytest.raises(ComError):
        book.sheets[0]["H1"].value = float("inf")


def test_a_protected_sheet_refuses_locked_cells(tmp_path: Path, live: Live) -> None:
    workbook: Any = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B1"] = 1, 2
    workbook.active["B1"].protection = openpyxl.styles.Protection(locked=False)
    workbook.active.protection.sheet = True
    workbook.save(tmp_path / "protected.xlsx")
    sheet = live(tmp_path / "protected.xlsx").sheets[0]
    with pytest.raises(ComError, match="protected"):
        sheet["A1"].value = 3
    with pytest.raises(ComError, match="protected"):
        sheet["B1"].color = "#FF0000"
    sheet["B1"].value = 3
    assert sheet["B1"].value == 3


def test_references_have_areas_and_a_longest_length(book: Any) -> None:
    sheet = book.sheets[0]
    both = sheet.range("H1:H2,J4")
    assert (both.address, both.shape, len(both)) == ("$H$1:$H$2,$J$4", (2, 1), 3)
    both.number_format = "0"
    assert sheet["J4"].number_format == "0"
    with pytest.raises(ComError, match="255"):
        sheet.range(",".join(f"A{row}" for row in range(1, 90)))


def test_visible_is_a_number_and_very_hidden_is_true_to_python(book: Any) -> None:
    assert [sheet.visible for sheet in book.sheets] == [-1, 0, 2]
    with pytest.raises(ComError):
        book.sheets[0].visible = False
    with pytest.raises(ComError):
        book.sheets["Hidden"].activate()


def test_a_new_sheet_is_made_active(book: Any) -> None:
    first = book.sheets.active
    added = book.sheets.add("xlgov", after=book.sheets[len(book.sheets) - 1])
    assert book.sheets.active == added
    assert added.index == 4
    added.visible = False
    assert book.sheets.active == first


def test_names_are_of_the_book_and_of_sheets_and_want_an_equals_sign(book: Any) -> None:
    book.names.add("ours", "='Sheet'!$B$3:$D$3")
    book.names.add("text", "Sheet!$B$3")
    book.sheets["Hidden"].names.add("own", "=Hidden!$A$1")
    assert [name.name for name in book.names] == ["ours", "Hidden!own", "text"]
    assert book.names["ours"].refers_to_range.value == ["Ref", 3.0, 2.5]
    assert book.names["text"].refers_to == '="Sheet!$B$3"'
    assert "missing" not in book.names
    with pytest.raises(ComError):
        print(book.names["missing"])


def test_boxes_answer_from_a_script(made: Made, live: Live) -> None:
    book = live(made({"A1": 1}), answers=("cancel",))
    assert book.app.alert("Go on?", "xlgov", "yes_no_cancel") == "cancel"
    assert book.app.alert("Go on?", "xlgov", "yes_no_cancel") == "yes"
    assert book.app.alert("Done") == "ok"
    assert [each.words for each in session_of(book).prompts] == ["Go on?", "Go on?", "Done"]


def test_settings_of_excel_are_kept_and_refuse_nonsense(book: Any) -> None:
    app = book.app
    assert app.status_bar is False
    app.status_bar = "xlgov: done"
    app.calculation = "manual"
    app.screen_updating = False
    assert session_of(book).changes[-2:] == [("calculation", "manual"), ("screen_updating", False)]
    with pytest.raises(ComError):
        app.status_bar = None
    with pytest.raises(KeyError):
        app.calculation = "sometimes"


def test_what_is_not_modelled_raises(book: Any) -> None:
    sheet = book.sheets[0]
    for question in (
        lambda: sheet.charts,
        lambda: sheet["A1"].hyperlink,
        lambda: sheet["A1"].insert("down"),
        lambda: book.app.startup_path,
        lambda: book.api,
        lambda: sheet.api,
        lambda: sheet["A1"].api.Interior,
    ):
        with pytest.raises(NotImplementedError):
            question()


def test_calls_are_counted_whatever_the_number_of_rows(made: Made, live: Live) -> None:
    counts = []
    for rows in (10, 1000):
        book = live(made({f"A{row}": row for row in range(1, rows + 1)}, name=f"{rows}.xlsx"))
        book.impl.calls.clear()
        book.sheets[0].used_range.options(ndim=2).value = [[1]] * rows
        counts.append(dict(book.impl.calls))
    assert counts[0] == counts[1]
    assert counts[0]["Range.raw_value="] == 1


def test_a_saved_book_holds_what_was_written(book: Any, tmp_path: Path) -> None:
    sheet = book.sheets[0]
    sheet["B3"].value = "'=Ref"
    sheet["C3"].color = "#FFEB9C"
    sheet["D3"].number_format = "0.00"
    book.sheets.add("xlgov", after=book.sheets[-1])["A1"].value = datetime(2017, 2, 6, 12)
    book.names.add("ours", "=xlgov!$A$1")
    save_live(book, tmp_path / "saved.xlsx")
    assert differences(cells_of_live(book), cells_of_file(tmp_path / "saved.xlsx")) == []
    saved: Any = openpyxl.load_workbook(tmp_path / "saved.xlsx")
    assert saved["Sheet"]["C3"].fill.fgColor.rgb == "FFFFEB9C"
    assert (saved["Sheet"]["B3"].data_type, saved["Sheet"]["B3"].quotePrefix) == ("s", True)
    assert saved.sheetnames == ["Sheet", "Hidden", "Very", "xlgov"]
    assert saved.defined_names["ours"].attr_text == "xlgov!$A$1"


def test_differences_are_found(made: Made) -> None:
    first = cells_of_file(made({"A1": 1, "B1": "x"}, name="a.xlsx"))
    second = cells_of_file(made({"A1": 2, "B1": "x"}, name="b.xlsx"))
    assert differences(first, first) == []
    assert differences(first, second) == [
        "Sheet1!A1: (1, None, 'General') and (2, None, 'General')"
    ]
