"""Undo, as people use it: rows inserted, sheets protected, words typed below what we keep."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_engine import current_session, session_of
from live_files import cells_of_live, differences
from test_button_press import RIGHT, WRONG, register

import xlgov
from xlgov.errors import EditError
from xlgov.excel import judge, mark, recalculate, undo

SAMPLES = Path(__file__).parents[2] / "workbooks"
TWO = [(2, 3, 8), (3, 3, 12), *RIGHT[2:], (1, 1, 1), (1, 2, 3)]


def test_a_row_that_has_moved_is_found_by_how_it_begins(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, TWO))
    recalculate(book)
    sheet = book.sheets["Sheet1"]
    rows = sheet["A5:E6"].value
    sheet["A5:E5"].value, sheet["A6:E6"].value = rows[1], rows[0]  # sorted the other way round
    assert undo(book) == []
    assert [sheet[cell].value for cell in ("E5", "E6")] == [12, 8]


def test_a_row_that_cannot_be_told_keeps_what_it_holds(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, TWO))
    recalculate(book)
    sheet = book.sheets["Sheet1"]
    sheet["A5"].value = "SR9.9"
    left = undo(book)
    assert [each.address for each in left] == ["E5"]
    assert [sheet[cell].value for cell in ("E5", "E6")] == [9, 12]


def test_what_somebody_types_below_the_last_recalculation_stays(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    recalculate(book)
    ours = book.sheets["xlgov"]
    ours["A7"].value, ours["A8"].value = "Scheme", "tolerance"
    ours["B8"].value = 12
    sheet = book.sheets["Sheet1"]
    for cell, rating in {"E5": 3, "E6": 3, "E7": 3}.items():
        sheet[cell].value = rating
    assert len(recalculate(book).cells) == 3
    assert ours["A7"].value == "Scheme" and ours["B8"].value == 12
    assert undo(book) == []
    assert ours["A7"].value == "Scheme" and ours["B8"].value == 12
    assert [sheet[cell].value for cell in ("E5", "E6", "E7")] == [3, 3, 3]


def test_a_sheet_that_held_nothing_else_goes_with_the_undo(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    recalculate(book)
    undo(book)
    assert [sheet.name for sheet in book.sheets] == ["Sheet1"]


def test_a_protected_structure_does_not_stop_the_recalculation(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    session_of(book).books[0].locked = True
    recalculate(book)
    assert book.sheets["Sheet1"]["E6"].value == 9
    assert "cannot be taken back here" in str(book.app.status_bar)


def test_an_undo_that_excel_refuses_is_a_sentence_and_changes_nothing(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import live_range

    book = live(register(made, TWO))
    recalculate(book)
    before = cells_of_live(book)
    write = live_range.Range.raw_value.fset
    assert write is not None

    def refuse(block: Any, value: Any) -> None:
        if "6" in block.address:
            raise ValueError("The cell is on a protected sheet")
        write(block, value)

    whole = property(live_range.Range.raw_value.fget, refuse)
    monkeypatch.setattr(live_range.Range, "raw_value", whole)
    with pytest.raises(EditError, match="Excel refused a change"):
        undo(book)
    assert differences(before, cells_of_live(book)) == []


def test_a_formula_of_ours_is_never_taken_back_to_a_number(
    tmp_path: Path, live: Callable[..., Any]
) -> None:
    path = tmp_path / "register.xlsx"
    shutil.copy(SAMPLES / "strategic-risk-register-table.xlsx", path)
    xlgov.refresh(path, write="formulas")
    book = live(path)
    assert judge(book).is_empty
    formula = book.sheets[0]["K9"].formula
    assert formula.startswith("=IFERROR(")
    session_of(book).evaluate = lambda *_: 21.0
    book.sheets[0]["I9"].value = 4
    recalculate(book)
    undo(book)
    assert book.sheets[0]["K9"].formula == formula


def test_ratings_in_cells_formatted_as_text_are_numbers_as_in_the_file(
    made: Callable[..., Path], live: Callable[..., Any], tmp_path: Path
) -> None:
    import openpyxl

    path = register(made, TWO)
    workbook = openpyxl.load_workbook(path)
    for row in range(5, 13):
        workbook.active.cell(row, 5).number_format = "@"
    workbook.save(path)
    for with_api in (False, True):
        book = live(path, with_api=with_api)
        recalculate(book)
        cell = book.sheets["Sheet1"]["E5"]
        assert (cell.value, cell.number_format) == (9, "@")
        assert judge(book).is_empty
        assert undo(book) == []
        assert (cell.value, cell.number_format) == (8, "@")


def test_amounts_of_money_are_read_in_full(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    from contextlib import ExitStack

    import openpyxl

    from xlgov.excel.live import LiveWorkbook

    path = made({"A1": 1.23456789, "A2": "x"})
    workbook = openpyxl.load_workbook(path)
    workbook.active["A1"].number_format = "£#,##0.00"
    workbook.save(path)
    with ExitStack() as opened:
        read = LiveWorkbook(live(path, with_api=True), opened).grid("Sheet1")
    assert read.value(1, 1) == 1.23456789


def test_scattered_cells_cost_few_calls_each(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    rows: list[tuple[object, object, object]] = [
        (2, 3, 8 if row % 2 and row < 200 else 9) for row in range(400)
    ]
    book = live(register(made, rows))
    before = sum(book.impl.calls.values())
    assert len(recalculate(book).cells) == 100
    assert sum(book.impl.calls.values()) - before < 100 * 15 + 400


def test_a_copy_with_what_changed_is_made_beside_the_book(
    tmp_path: Path, live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    shutil.copy(SAMPLES / "strategic-risk-register.xlsx", old)
    xlgov.refresh(old, new)
    book = live(new)
    opened: list[str] = []
    monkeypatch.setattr(type(book.app.books), "open", lambda _, path: opened.append(path))
    copies = [mark(book, old), mark(book, old)]
    assert [copy.name for copy in copies] == [
        "new (changes marked).xlsx",
        "new (changes marked 2).xlsx",
    ]
    assert opened == [str(copy) for copy in copies]
    assert all(copy.read_bytes() != new.read_bytes() for copy in copies)
    assert current_session() is not None


def test_settings_can_be_added_where_only_a_recalculation_is_kept(
    made: Callable[..., Path], live: Callable[..., Any], tmp_path: Path
) -> None:
    from live_files import save_live

    book = live(register(made, WRONG))
    recalculate(book)
    saved = tmp_path / "saved.xlsx"
    save_live(book, saved)
    xlgov.init(saved)
    assert xlgov.preview(saved).cells == ()
    with pytest.raises(xlgov.XlgovError, match="already has a sheet"):
        xlgov.init(saved)
