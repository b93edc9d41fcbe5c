"""A change set applied to a workbook made by hand, and what became of its parts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from handmade import SHEET, Parts, write_package

from xlgov.changes import CellChange, ChangeSet, FormatRule, NewValue, StyleChange
from xlgov.ooxml.apply import apply_changes


def apply_to(folder: Path, parts: Parts, changes: ChangeSet) -> dict[str, str]:
    """The parts after the change, as text; the file stays as ``after.xlsx``."""
    source = write_package(folder / "before.xlsx", parts)
    apply_changes(changes, source, folder / "after.xlsx")
    return text_of(folder / "after.xlsx")


def text_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode("utf-8", "replace") for name in file.namelist()}


def put(address: str, value: NewValue) -> ChangeSet:
    return ChangeSet(cells=(CellChange("Register", address, None, value),))


def styled(address: str, **facets: object) -> ChangeSet:
    return ChangeSet(styles=(StyleChange("Register", address, **facets),))  # type: ignore[arg-type]


def rule(where: str, formula: str, **look: object) -> FormatRule:
    return FormatRule("Register", where, formula, **look)  # type: ignore[arg-type]


def cell(parts: dict[str, str], address: str) -> str:
    """The XML of a cell; "" where there is none."""
    found = re.search(rf'<c r="{address}"(?:[^>]*/>|.*?</c>)', parts[SHEET], re.DOTALL)
    return found[0] if found else ""


def row(parts: dict[str, str], number: int) -> str:
    """The opening tag of a row."""
    found = re.search(rf'<row r="{number}"[^>]*>', parts[SHEET])
    return found[0] if found else ""
