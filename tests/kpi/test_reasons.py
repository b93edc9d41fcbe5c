"""The sheets of reasons and control charts that a refresh of the sample adds, and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgov

SAMPLE = Path(__file__).parents[2] / "workbooks" / "performance-dashboard.xlsx"
PERCENT = "Satisfaction with Service Delivery - Police"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("reasons") / "sample.xlsx"
    xlgov.refresh(SAMPLE, path, reasons=True, charts=True, notes=True)
    yield openpyxl.load_workbook(path)


def rows_of(book: Any, sheet: str) -> dict[str, list[Any]]:
    """Heading to the cells below it."""
    heading, *rows = book[sheet].iter_rows()
    return {cell.value: [row[place] for row in rows] for place, cell in enumerate(heading)}


def test_figures_are_shown_in_the_unit_of_their_own_indicator(book: Any) -> None:
    charts = rows_of(book, "xlgov charts")
    shown = {
        name.value: mean.number_format
        for name, mean in zip(charts["Indicator"], charts["Mean"], strict=True)
        if mean.value is not None
    }
    assert len(shown) == 42
    assert shown[PERCENT] == shown["Hate Crime Outcome Rate"] == "0.0%"
    assert shown["All Recorded Crime"] == shown["KSI Road Casualties"] == "#,##0.0"
    for name, mean in zip(charts["Indicator"], charts["Mean"], strict=True):
        if mean.value is not None and "%" in mean.number_format:
            assert 0 <= mean.value <= 1, name.value


def test_each_comparison_is_one_row_with_all_the_cells_that_show_it(book: Any) -> None:
    reasons = rows_of(book, "xlgov reasons")
    keys = [
        (name.value, column.value)
        for name, column in zip(reasons["Indicator"], reasons["Column"], strict=True)
    ]
    assert len(keys) == len(set(keys))
    place = keys.index((PERCENT, "current v 1yr avg"))
    assert reasons["Cell"][place].value == "Dashboard!F7, Victims!F23"
    assert reasons["Outcome"][place].value == "Lower"
    assert reasons["Better or worse"][place].value == "worse"
    assert reasons["Change %"][place].value == pytest.approx(0.825397 / 0.862022 - 1, abs=1e-5)
    assert "below the 2016/17 average of 86.2%" in reasons["Why"][place].value


def test_the_outcome_on_the_sheet_is_the_one_in_the_cell(book: Any) -> None:
    reasons = rows_of(book, "xlgov reasons")
    for outcome, cells in zip(reasons["Outcome"], reasons["Cell"], strict=True):
        for cell in cells.value.split(", "):
            sheet, _, address = cell.rpartition("!")
            assert book[sheet][address].value == (outcome.value or "n/a"), cell


def test_notes_stand_on_the_comparison_cells_with_the_same_sentence(book: Any) -> None:
    reasons = rows_of(book, "xlgov reasons")
    for why, cells in zip(reasons["Why"], reasons["Cell"], strict=True):
        sheet, _, address = cells.value.split(", ")[0].rpartition("!")
        note = book[sheet][address].comment
        assert note.author == "xlgov"
        assert note.text.casefold() == f"{why.value}.".casefold()


def test_reasons_that_stand_are_kept_up_to_date_without_being_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    xlgov.refresh(SAMPLE, path, reasons=True)
    changes = xlgov.refresh(path, month="2018-02", backup=False)
    assert [sheet.name for sheet in changes.sheets] == ["xlgov reasons"]
    cells = rows_of(openpyxl.load_workbook(path), "xlgov reasons")["Month"]
    assert {cell.value for cell in cells} == {"Feb-18", "Nov-17", "May-17"}
