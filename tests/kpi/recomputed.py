"""The sample dashboard spoiled cell by cell and refreshed, read back with openpyxl.

Spoiled first, so that a figure which agrees with the published one was computed and not left.
"""

from __future__ import annotations

import re
import warnings
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

import xlgov
from tests.workbooks.dashboard_cells import COLUMNS, FIGURES, SHEETS, WORKBOOK

SUMMARY = "Dashboard"
LETTERS = dict(zip(COLUMNS, "BCDEFGHIJKLM", strict=True))
FLAGS = ("v1yr", "v3yr", "perf_v_benchmark", "msf")
OUTCOMES = ("Higher", "Lower", "Comparable")


class Judgement(NamedTuple):
    """A row of the sheet of reasons."""

    verdict: str | None
    change: float | None
    sentence: str


class Recomputed(NamedTuple):
    """What a spoiled sample became: cells by sheet and address, judgements by ``sheet!address``."""

    cells: dict[str, dict[str, Any]]
    judgements: dict[str, Judgement]
    spoiled: int

    def figure(self, indicator: str, column: str) -> Any:
        """A cell of the summary."""
        return self.cells[SUMMARY][address_of(self.cells[SUMMARY], indicator, column)]

    def judgement(self, indicator: str, column: str) -> Judgement:
        """Why a comparison of the summary is what it is."""
        return self.judgements[f"{SUMMARY}!{address_of(self.cells[SUMMARY], indicator, column)}"]


def read_cells(path: Path, *sheets: str) -> dict[str, dict[str, Any]]:
    """The values of the sheets, by sheet and address; blanks are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(path, data_only=True)
    return {
        name: {
            cell.coordinate: cell.value for row in book[name] for cell in row if cell.value != ""
        }
        for name in sheets or book.sheetnames
    }


def address_of(cells: dict[str, Any], indicator: str, column: str) -> str:
    """The cell of an indicator's column on the summary."""
    (row,) = (
        number
        for number in range(1, 80)
        if cells.get(f"A{number}") == indicator and cells.get(f"B{number}") is not None
    )
    return f"{LETTERS[column]}{row}"


def spoil(path: Path, instead: float | str) -> int:
    """Replace every figure and ``n/a`` of the sample's dashboards, and every outcome by ``n/a``."""
    changes = []
    for sheet, cells in read_cells(WORKBOOK, SUMMARY, *SHEETS).items():
        for address, value in cells.items():
            column = next((c for c, letter in LETTERS.items() if letter == address[0]), "")
            if column in FIGURES and (isinstance(value, int | float) or value == "n/a"):
                changes.append(xlgov.CellChange(sheet, address, value, instead))
            elif value in OUTCOMES and column != "msf":
                changes.append(xlgov.CellChange(sheet, address, value, "n/a"))
    xlgov.apply(xlgov.ChangeSet(cells=changes), WORKBOOK, path)
    return len(changes)


def recompute(folder: Path, instead: float | str) -> Recomputed:
    """The sample with other values in all its figures, refreshed."""
    spoiled, refreshed = folder / "spoiled.xlsx", folder / "refreshed.xlsx"
    number = spoil(spoiled, instead)
    xlgov.refresh(spoiled, refreshed, reasons=True)
    cells = read_cells(refreshed)
    headings, *rows = rows_of(cells["xlgov reasons"])
    where = {name: headings.index(name) for name in ("Outcome", "Change", "Why", "Cell")}
    judgements = {
        cell: Judgement(row[where["Outcome"]], row[where["Change"]], row[where["Why"]])
        for row in rows
        for cell in row[where["Cell"]].split(", ")
    }
    return Recomputed(cells, judgements, number)


def rows_of(cells: dict[str, Any]) -> list[list[Any]]:
    """A sheet as rows of values."""
    rows: dict[int, dict[int, Any]] = {}
    for address, value in cells.items():
        letter, number = re.fullmatch(r"([A-Z])(\d+)", address).groups()  # type: ignore[union-attr]  # a cell of A to Z
        rows.setdefault(int(number), {})[ord(letter) - ord("A")] = value
    return [[row.get(column) for column in range(26)] for _, row in sorted(rows.items())]


def as_printed(value: Any, printed: str) -> str:
    """A figure as the paper would print it: half away from zero, to the decimals printed."""
    if isinstance(value, str):
        return value
    exact = Decimal(repr(value)) * (100 if printed.endswith("%") else 1)
    places = len(printed.removesuffix("%").partition(".")[2])
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,}" + ("%" if printed.endswith("%") else "")


def number_of(printed: str) -> float:
    """A printed figure: ``80.7%`` is a fraction, ``1,029`` a number."""
    exact = Decimal(printed.removesuffix("%").replace(",", ""))
    return float(exact / 100 if printed.endswith("%") else exact)
