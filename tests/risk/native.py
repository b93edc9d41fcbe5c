"""Registers that rate themselves: refreshed with formulas, and recalculated by LibreOffice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

import xlgov
from xlgov.ooxml.reader import open_workbook
from xlgov.present import without_present_formats, without_present_sheets
from xlgov.settings.values import Extra
from xlgov.wanted import Asked, state_settings, want_changes

FORMULAS: frozenset[Extra] = frozenset({"formulas"})
VALUES: frozenset[Extra] = frozenset()
CATEGORIES = (
    *("Political", "Economic", "Social", "Technological"),
    *("Environmental", "Legislative", "Organisation"),
)
HEADINGS = (
    *("Ref", "Risk description", "Likelihood", *CATEGORIES, "Impact", "Risk score"),
    *("Risk level", "Risk owner"),
)
BANDS = """\
[risk]
bands = [
    {name = "Low", from = 1, to = 6, color = "green"},
    {name = "Medium", from = 7, to = 13, color = "yellow"},
    {name = "Medium-high", from = 14, to = 19, color = "amber"},
    {name = "High", from = 20, to = 22, color = "red"},
    {name = "Critical", from = 23, to = 25, color = "dark red"},
]
"""


def refresh(path: Path, extras: frozenset[Extra] = FORMULAS) -> xlgov.ChangeSet:
    """Refresh a file in place, with formulas unless other extras are asked for."""
    changes = preview(path, extras)
    if not changes.is_empty:
        xlgov.apply(changes, path)
    return changes


def preview(path: Path, extras: frozenset[Extra] = FORMULAS) -> xlgov.ChangeSet:
    with open_workbook(path) as workbook:
        settings = state_settings(workbook, path, None, Asked(extras=extras))
        changes = want_changes(workbook, settings, date(2017, 2, 6)).changes
        changes = replace(changes, source_hash=workbook.package.sha256())
        changes = without_present_sheets(workbook, changes)
        return without_present_formats(workbook, changes)


def write_levels(path: Path, rows: Sequence[Sequence[Any]], bands: str = BANDS) -> Path:
    """A register with categories and levels in words, and settings that state its bands.

    ``rows`` are likelihood, seven categories, impact, score, level; the risks stand from row 4.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "xlgov.toml").write_text(bands, encoding="utf-8")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Register")
        sheet.write("A1", "Corporate risk register")
        sheet.write_row("A3", HEADINGS)
        for number, row in enumerate(rows):
            sheet.write(3 + number, 0, f"R{number + 1}")
            sheet.write(3 + number, 1, f"The thing of row {number + 1} goes wrong")
            put_row(sheet, 3 + number, 2, row)
            sheet.write(3 + number, len(HEADINGS) - 1, "Head of Audit")
    return path


def put_row(sheet: Any, row: int, column: int, values: Iterable[Any]) -> None:
    """Values as they are: a text that looks like a number or a formula stays a text."""
    for place, value in enumerate(values, start=column):
        if isinstance(value, str):
            sheet.write_string(row, place, value)
        elif value is not None:
            sheet.write(row, place, value)


def cells(path: Path, sheet: str = "Register") -> dict[str, Any]:
    """What the file stores for each cell, by address."""
    with open_workbook(path) as workbook:
        return {cell.address: cell.value for cell in workbook.grid(sheet).cells()}


def formulas(path: Path, sheet: str = "Register") -> dict[str, str]:
    with open_workbook(path) as workbook:
        grid = workbook.grid(sheet)
        texts = workbook.formulas(sheet, set(grid.columns))
        return {cell.address: texts[cell.row, cell.column] for cell in grid.cells() if cell.formula}


def codes(changes: xlgov.ChangeSet) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in changes.findings:
        found.setdefault(finding.code, []).append(finding.address)
    return found
