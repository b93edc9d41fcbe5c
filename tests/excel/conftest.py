"""The stand-ins for Excel end with the test that used them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")  # before xlwings is first imported


@pytest.fixture(autouse=True)
def no_excel_left() -> Iterator[None]:
    """Every test starts and ends without an open Excel."""
    from live_engine import stop_session

    stop_session()
    yield
    stop_session()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Any]]:
    """No button waits; each wait's seconds, and what the status bar said meanwhile."""
    from live_engine import current_session

    waited: list[tuple[float, Any]] = []

    def note(seconds: float) -> None:
        session = current_session()
        waited.append((seconds, session and session.status_bar))

    monkeypatch.setattr("xlgov.excel.caller.sleep", note)
    return waited


@pytest.fixture
def live() -> Callable[..., Any]:
    """``live(path, with_api=False, answers=())``: the workbook open in a stand-in for Excel."""
    from live_engine import open_live

    return open_live


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """``made({"A1": 1, ...}, name="book.xlsx")``: a workbook file with these cells."""
    import openpyxl

    def make(cells: dict[str, Any], name: str = "book.xlsx", sheet: str = "Sheet1") -> Path:
        workbook: Any = openpyxl.Workbook()
        workbook.active.title = sheet
        for address, value in cells.items():
            workbook.active[address] = value
        workbook.save(tmp_path / name)
        return tmp_path / name

    return make
