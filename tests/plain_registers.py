"""Small registers as other offices keep them, typed with XlsxWriter, and their sheets read back."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

# Pairs of likelihood and impact that tell the schemes apart.
SCORES = ((1, 4), (2, 5), (3, 3), (4, 4), (5, 2), (2, 2), (4, 1), (3, 5))
SMALL_SCORES = ((1, 4), (2, 3), (3, 3), (4, 4), (3, 2), (2, 2), (4, 1), (1, 2))  # of 1 to 4
HEADINGS = ("Ref", "Risk description", "Likelihood", "Impact", "Risk score", "Risk owner")


def rank(likelihood: int, impact: int) -> int:
    """The published rank of 1 to 25, counted out by hand: order by the sum, then by impact."""
    order = sorted((a + b, b) for a in range(1, 6) for b in range(1, 6))
    return order.index((likelihood + impact, impact)) + 1


def product(likelihood: int, impact: int) -> int:
    return likelihood * impact


def rows_of(
    rate: Callable[[int, int], int], scores: Iterable[tuple[int, int]] = SCORES
) -> list[list[Any]]:
    """One row of a register for each pair, rated as the office does."""
    return [
        [f"R{number}", f"The thing of row {number} goes wrong", a, b, rate(a, b), "Head of Audit"]
        for number, (a, b) in enumerate(scores, start=1)
    ]


def write_register(
    path: Path,
    rows: Sequence[Sequence[Any]],
    headings: Sequence[str] = HEADINGS,
    title: str = "Corporate risk register",
) -> Path:
    """A register with its title in row 1, headings in row 3 and risks from row 4, in ``A:``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Register")
        sheet.write("A1", title)
        for number, row in enumerate((headings, *rows), start=2):
            sheet.write_row(number, 0, row)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """Every part of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def values(path: Path, cached: bool = True) -> dict[tuple[str, str], Any]:
    """Every filled cell, as openpyxl reads it: by sheet and address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of extensions that openpyxl would lose
        book = openpyxl.load_workbook(path, data_only=cached)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
