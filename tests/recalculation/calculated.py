"""Workbooks with formulas as Excel saves them, and an engine that gives what a test says."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from xlgov.changes import Cached, CellChange, ChangeSet, NewValue
from xlgov.ooxml.apply import apply_changes

Formulas = Mapping[str, tuple[str, object]]  # address to formula and the value it shows
Values = Mapping[str, object]  # Sheet!A1 to what the engine gives

SUMMARY = "xl/worksheets/sheet2.xml"
WAITS = ' fullCalcOnLoad="1"'


def write_book(path: Path, cells: Mapping[str, object], formulas: Formulas) -> Path:
    """A sheet Register of plain cells and a sheet Summary of formulas, as Excel would save it."""
    with xlsxwriter.Workbook(path) as book:
        register, summary = book.add_worksheet("Register"), book.add_worksheet("Summary")
        for address, value in cells.items():
            register.write(address, value)
        for address, (formula, shown) in formulas.items():
            summary.write_formula(address, formula, None, shown)
    return rewrite(path, "xl/workbook.xml", lambda text: text.replace(WAITS, ""))


def rewrite(path: Path, name: str, change: Callable[[str], str]) -> Path:
    """Change the text of one part; a change that changes nothing is a mistake of the test."""
    temporary = path.with_suffix(".rewritten")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(temporary, "w", 8) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == name:
                changed = change(content.decode()).encode()
                assert changed != content, f"{name} was not changed"
                content = changed
            new.writestr(entry, content)
    os.replace(temporary, path)
    return path


def part(path: Path, name: str) -> str:
    """The text of one part."""
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def waiting(path: Path) -> Path:
    """The workbook as a library writes it: to be recalculated when it is next opened."""
    return rewrite(path, "xl/workbook.xml", lambda text: re.sub("<calcPr", f"<calcPr{WAITS}", text))


def put(**values: NewValue) -> ChangeSet:
    """Cells of the sheet Register to change, by address."""
    return ChangeSet(cells=tuple(CellChange("Register", at, None, to) for at, to in values.items()))


class StandIn:
    """An engine that gives the same for every formula but those that a test names.

    ``old`` is for the file as it is, ``new`` for the file as changed. It notes what it was given.
    """

    def __init__(self, old: Values | None = None, new: Values | None = None) -> None:
        self.gives = [old or {}, {**(old or {}), **(new or {})}]
        self.given: list[list[str]] = []

    def __call__(self, workbooks: Sequence[Path], folder: Path) -> str:
        self.given.append([each.name for each in workbooks])
        for path, values in zip(workbooks, self.gives, strict=False):
            cells = tuple(
                CellChange(*place.split("!"), None, Cached(value))  # type: ignore[arg-type]  # any
                for place, value in values.items()
            )
            apply_changes(ChangeSet(cells=cells), path, folder / f"{path.stem}.xlsx")
        return "Stand-in 1"


def updates(changes: ChangeSet) -> dict[str, object]:
    """What formulas are to show, by sheet and address."""
    return {
        f"{each.sheet}!{each.address}": each.after.value
        for each in changes.cells
        if isinstance(each.after, Cached)
    }


def said(changes: ChangeSet) -> list[tuple[str, str, str]]:
    """(code, address, message) of what was found."""
    return [(each.code, each.address, each.message) for each in changes.findings]
