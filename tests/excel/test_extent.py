"""A sheet whose used range is far longer than what it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from live_engine import current_session, open_live, session_of
from live_range import Range as LiveRange
from test_button_press import RIGHT, WRONG, register

from xlgov.excel import recalculate
from xlgov.excel.extent import filled_part
from xlgov.grid.cells import Range

LAST = 1_048_576
USED = Range(3, 1, LAST, 5)
FILLED = Range(3, 1, 4 + len(RIGHT), 5)


@pytest.fixture
def long(made: Callable[..., Path]) -> Path:
    """A register with a formatted cell in the last row of its sheet."""
    path = register(made, WRONG)
    workbook = openpyxl.load_workbook(path)
    workbook.active.cell(LAST, 2).number_format = "0.00"
    workbook.save(path)
    return path


@pytest.fixture
def sheet(long: Path) -> Any:
    return open_live(long).sheets[0]


def model(sheet: Any) -> Any:
    return session_of(sheet.book).books[0].sheets[0]


def test_a_formatted_cell_in_the_last_row_is_not_a_million_rows(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = 0
    read = LiveRange._grid

    def count(block: LiveRange, how: Any) -> Any:
        nonlocal largest
        largest = max(largest, len(block))
        return read(block, how)

    monkeypatch.setattr(LiveRange, "_grid", count)
    assert len(recalculate(open_live(long)).cells) == 1
    assert 0 < largest < 100


def test_the_last_filled_row_is_one_question_a_column(sheet: Any) -> None:
    current_session().calls.clear()
    assert filled_part(sheet, USED) == FILLED
    calls = current_session().calls
    assert (calls["Range.end"], calls["Range.row_height"]) == (5, 1)


def test_rows_of_other_heights_below_cost_a_few_questions_each(sheet: Any) -> None:
    model(sheet).heights.update({20: 30.0, 700_000: 40.0})
    current_session().calls.clear()
    assert filled_part(sheet, USED) == FILLED
    assert 20 < current_session().calls["Range.row_height"] < 100


@pytest.mark.parametrize("hidden", [FILLED.bottom, FILLED.bottom + 3, 500_000, LAST])
def test_a_filled_row_that_a_filter_hides_is_not_left_out(hidden: int, sheet: Any) -> None:
    model(sheet).cell(hidden, 1).value = "SR9"
    model(sheet).heights[hidden] = 0.0
    assert hidden <= filled_part(sheet, USED).bottom


def test_where_every_row_differs_all_are_read(sheet: Any) -> None:
    model(sheet).heights.update({row: 15.5 for row in range(100, 2_000, 2)})
    assert filled_part(sheet, USED) == USED


def test_an_engine_that_knows_no_end_reads_all(sheet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(LiveRange, "end")
    assert filled_part(sheet, USED) == USED
