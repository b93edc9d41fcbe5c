"""The settings sheet of an open workbook, what the button keeps on it, and conditional formats."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_files import cells_of_live, differences

import xlgov
from xlgov.excel import judge, recalculate, undo

SAMPLES = Path(__file__).parents[2] / "workbooks"


@pytest.fixture
def with_settings(tmp_path: Path) -> Path:
    """The sample register as a table, with its settings sheet."""
    path = tmp_path / "register.xlsx"
    shutil.copy(SAMPLES / "strategic-risk-register-table.xlsx", path)
    xlgov.init(path)
    return path


def test_the_settings_sheet_counts_and_what_is_kept_leaves_room_below_it(
    with_settings: Path, live: Callable[..., Any]
) -> None:
    book = live(with_settings)
    sheet = book.sheets["xlgov"]
    last = sheet.used_range.last_cell.row
    tolerance = next(c for c in sheet.range(f"A1:A{last}") if c.value == "tolerance")
    tolerance.offset(0, 1).value = 17
    recalculate(book)
    above = [item.record for report in judge(book).reports for item in report.board]
    assert above == ["SR3.3"]
    title = next(c for c in sheet.range("A1:A400") if c.value == "Last recalculation")
    assert title.row > last + 10
    first = title.row
    undo(book)
    recalculate(book)
    again = [c.row for c in sheet.range("A1:A400") if c.value == "Last recalculation"]
    assert again == [first]


def test_a_wrong_setting_is_refused_before_anything_is_written(
    with_settings: Path, live: Callable[..., Any]
) -> None:
    book = live(with_settings)
    sheet = book.sheets["xlgov"]
    tolerance = next(c for c in sheet.range("A1:A200") if c.value == "tolerance")
    tolerance.offset(0, 1).value = "rather high"
    before = cells_of_live(book)
    with pytest.raises(xlgov.XlgovError, match="tolerance"):
        recalculate(book)
    assert differences(before, cells_of_live(book)) == []


@pytest.mark.parametrize("cell", ["A1", "F20", "XFD1048576"])
def test_rules_mean_the_same_whichever_cell_is_selected(
    cell: str, with_settings: Path, live: Callable[..., Any], tmp_path: Path
) -> None:
    by_file = xlgov.preview(with_settings)
    book = live(with_settings, with_api=True)
    book.sheets[0].activate()
    book.sheets[0][cell].select()
    recalculate(book)
    from xlgov.ooxml.rules import same_rules

    after = judge(book)
    assert after.is_empty
    from contextlib import ExitStack

    from xlgov.excel.live import LiveWorkbook

    with ExitStack() as opened:
        ours = LiveWorkbook(book, opened).own_rules(by_file.formats[0].sheet)
    assert same_rules(ours, by_file.formats)
