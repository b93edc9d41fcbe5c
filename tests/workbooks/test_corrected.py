"""Every sample, once its known contradictions are corrected, has no error and no warning left.

The corrections are written down here one by one, as an office would make them: a cell, a date, a
display format, a finding that is accepted because it is right. Nothing else is touched, so a
finding that fires on a correct row fails.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest

import xlgov
from xlgov import CellChange, ChangeSet

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
Correct = Callable[[Path], None]


def refresh(path: Path) -> None:
    """Old ratings and figures that a refresh puts right by itself."""
    xlgov.refresh(path, backup=False)


def make_corrected(module: str, function: str) -> Correct:
    """The sample as its own maker writes it without the contradictions of the papers."""

    def correct(path: Path) -> None:
        sys.path.insert(0, str(WORKBOOKS))
        try:
            getattr(import_module(module), function)(path, corrected=True)
        finally:
            sys.path.remove(str(WORKBOOKS))

    return correct


def correct_action_log(path: Path) -> None:
    """Item numbers that were shown as dates, two actions past their day, an undated update."""
    book = openpyxl.load_workbook(path)
    sheet = book["Board actions"]
    for address in ("A10", "C7", "C10"):
        sheet[address].number_format = "0.0"
    for address in ("F9", "F11"):
        sheet[address].value = date(2019, 7, 31)
    sheet["H9"].value = date(2019, 6, 4)
    sheet["H9"].number_format = "dd/mm/yyyy"
    book.save(path)


def correct_minutes(path: Path) -> None:
    """A target date for each action without one."""
    book = openpyxl.load_workbook(path)
    for address in ("F7", "F8", "F11", "F12", "F13"):
        book["Actions"][address].value = date(2019, 11, 30)
        book["Actions"][address].number_format = "dd/mm/yyyy"
    book.save(path)


def correct_november(path: Path) -> None:
    """The words "rag status" that stand where only a colour should."""
    book = openpyxl.load_workbook(path)
    book["Delivery plan"]["F13"].value = None
    book.save(path)


def correct_may(path: Path) -> None:
    """The same words, and an arrow that says more than the statuses do."""
    book = openpyxl.load_workbook(path)
    book["Delivery plan"]["F13"].value = "↔"
    book["Delivery plan"]["F45"].value = "↔"
    book.save(path)


def correct_dashboard(path: Path) -> None:
    """A survey without answers, late surveys, fixed baselines, an information sheet of autumn.

    Two outliers are what the police recorded; the office accepts them.
    """
    cells = openpyxl.load_workbook(path)
    changes = [CellChange("Victims data", "BG17", 0, 10)]
    late = ("How safe do our communities feel?", "Perception of high ASB")
    for (cell,) in cells["Information"].iter_rows(min_row=5, min_col=3, max_col=3):
        text = str(cell.value or "")
        if text.lower().startswith("data to"):
            name = cells["Information"].cell(cell.row, 1).value
            month = "December 2017" if name in late else "March 2018"
            month = "June 2017" if "KSI" in name else month
            address = f"C{cell.row}"
            changes.append(CellChange("Information", address, text, f"Data to {month}"))
    sheet = cells["xlgov"]
    for row in range(9, sheet.max_row + 1):
        name, baseline = sheet.cell(row, 1).value, sheet.cell(row, 7).value
        if isinstance(baseline, (int, float)):
            changes.append(CellChange("xlgov", f"G{row}", baseline, None))
    board = cells["Dashboard"]
    for row in range(5, board.max_row + 1):
        if board.cell(row, 1).value in late:
            changes.append(CellChange("Dashboard", f"N{row}", None, "Dec-17"))
        elif board.cell(row - 1, 1).value == "COMMUNITY":
            changes.append(CellChange("Dashboard", f"N{row}", None, "Data to"))
    end = sheet.max_row + 2
    accepted = [
        ("Accepted findings",),
        ("Reference", "Finding", "Reason"),
        ("Burglary Dwelling Outcome Rate", "reading-breaks-history", "As recorded: 97 of 139"),
        ("Conditional Cautions - adults", "reading-breaks-history", "As recorded"),
    ]
    for number, row in enumerate(accepted, start=end):
        for letter, text in zip("ABC", row, strict=False):
            changes.append(CellChange("xlgov", f"{letter}{number}", None, text))
    xlgov.apply(ChangeSet(cells=changes), path)
    refresh(path)


CORRECTIONS: dict[str, Correct] = {
    "action-log.xlsx": correct_action_log,
    "actions-from-minutes.xlsx": correct_minutes,
    "delivery-plan-2017-11.xlsx": correct_november,
    "delivery-plan-2018-05.xlsx": correct_may,
    "finance-and-workforce.xlsx": make_corrected("finance_tables", "make_finance"),
    "force-demand-risk.xlsx": make_corrected("demand_risk", "make_demand_risk"),
    "panel-registers.xlsx": make_corrected("panel_papers", "make_papers"),
    "performance-dashboard.xlsx": correct_dashboard,
    "strategic-risk-register-table.xlsx": refresh,
    "strategic-risk-register.xlsx": refresh,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All samples with their settings beside them, each corrected."""
    folder = tmp_path_factory.mktemp("corrected")
    shutil.copy(WORKBOOKS / "xlgov.toml", folder)
    for name, correct in CORRECTIONS.items():
        shutil.copy(WORKBOOKS / name, folder)
        correct(folder / name)
    return folder


def test_every_sample_has_its_corrections() -> None:
    assert set(CORRECTIONS) == {path.name for path in WORKBOOKS.glob("*.xlsx")}


@pytest.mark.parametrize("name", CORRECTIONS)
def test_nothing_is_wrong_with_a_sample_once_it_is_corrected(name: str, folder: Path) -> None:
    before = Counter(each.severity for each in xlgov.check(WORKBOOKS / name))
    assert before["error"] + before["warning"] > 0
    left = [
        (each.severity, each.code, f"{each.sheet}!{each.address}", each.message)
        for each in xlgov.check(folder / name)
        if each.severity != "note"
    ]
    assert left == []


@pytest.mark.parametrize("name", CORRECTIONS)
def test_a_corrected_sample_is_still_read_as_what_it_was(name: str, folder: Path) -> None:
    before, after = (xlgov.preview(place / name).reports for place in (WORKBOOKS, folder))
    assert [(each.kind, each.sheets) for each in after] == [
        (each.kind, each.sheets) for each in before
    ]
    assert after
