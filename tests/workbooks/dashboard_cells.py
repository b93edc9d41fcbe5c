"""The sample dashboard's cells, read with openpyxl, and the published figures beside them."""

from __future__ import annotations

import csv
import itertools
import re
import warnings
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

ROOT = Path(__file__).parents[2]
WORKBOOK = ROOT / "workbooks" / "performance-dashboard.xlsx"
FACTS = ROOT / "tests" / "facts"
SHEETS = ("Victims", "Offenders", "Community", "Transformation")
COLUMNS = (
    *("current", "minus1yr", "minus2yr", "minus3yr", "v1yr", "v3yr"),
    *("fytd", "fytd_minus1", "rolling12", "baseline", "perf_v_benchmark", "msf"),
)
FIGURES = tuple(c for c in COLUMNS if c not in ("v1yr", "v3yr", "perf_v_benchmark", "msf"))
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Reading(NamedTuple):
    value: Fraction
    denominator: int | None
    cell: tuple[str, str]  # sheet, address of the value or the rate


Months = dict[int, Reading]


@cache
def open_book(formulas: bool = False) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(WORKBOOK, data_only=not formulas)


@cache
def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published() -> list[dict[str, str]]:
    return facts("kpi_dashboard_2018_03")


def month(value: Any) -> int:
    """A month heading as a number: a date, ``Mar-18`` or ``2018-03``."""
    if isinstance(value, datetime):
        assert value.day == 1
        return value.year * 12 + value.month - 1
    assert isinstance(value, str)
    if re.fullmatch(r"\d{4}-\d\d", value):
        return int(value[:4]) * 12 + int(value[5:]) - 1
    name, year = value.split("-")
    return (2000 + int(year)) * 12 + NAMES.index(name)


def keep(found: dict[str, Months], name: str, when: int, cells: list[Any]) -> None:
    """One month of one indicator from its one or three cells, unless it has no reading."""
    if any(cell.value in (None, "n/a") for cell in cells):
        assert all(cell.value in (None, "n/a") for cell in cells), name
        return
    place = (cells[-1].parent.title, cells[-1].coordinate)
    value = Fraction(str(cells[0].value))
    of = cells[1].value if len(cells) > 1 else None
    assert when not in found.setdefault(name, {})
    found[name][when] = Reading(value, of, place)


@cache
def readings() -> dict[str, Months]:
    """Every indicator's months, from the four layouts."""
    book = open_book()
    found: dict[str, Months] = {}
    for name in ("Victims data", "Offenders data"):
        sheet = book[name]
        for label, rows in itertools.groupby(
            (row for row in sheet.iter_rows(min_row=5) if row[0].value), lambda row: row[0].value
        ):
            listed = list(rows)
            measures = [row[1].value for row in listed]
            assert measures in (["Numerator", "Denominator", "Rate"], ["Count"], ["Value"])
            for column in range(2, sheet.max_column):
                when = month(sheet.cell(4, column + 1).value)
                keep(found, label, when, [row[column] for row in listed])
    sheet = book["Community data"]
    columns = [c for c in range(2, sheet.max_column + 1) if sheet.cell(4, c).value]
    for column, after in itertools.pairwise([*columns, sheet.max_column + 1]):
        for row in range(6, sheet.max_row + 1):
            cells = [sheet.cell(row, c) for c in range(column, after)]
            keep(found, sheet.cell(4, column).value, month(sheet.cell(row, 1).value), cells)
    for row in book["Transformation data"].iter_rows(min_row=5):
        keep(found, row[0].value, month(row[1].value), [row[2]])
    return found


@cache
def settings() -> dict[str, dict[str, Any]]:
    """The indicators of the settings sheet, by name."""
    sheet = open_book()["xlgov"]
    headings = [cell.value for cell in sheet[8]]
    rows = {}
    for row in sheet.iter_rows(min_row=9, values_only=True):
        if row[0] is None:
            break
        rows[row[0]] = dict(zip(headings, row, strict=True))
    return rows


def shown(value: Fraction, printed: str) -> str:
    """A figure as it would be printed beside another."""
    percent = printed.endswith("%")
    places = len(printed.removesuffix("%").partition(".")[2])
    exact = value * 100 if percent else value
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,}{'%' if percent else ''}"
