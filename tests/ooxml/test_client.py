"""LibreOffice opens what was written, shows our values and recalculates what depends on them."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from handmade import MAKERS, SHEET, swap, write_package
from openpyxl import load_workbook
from written import SOFFICE, by_openpyxl, convert, features

from xlgov.changes import (
    CellChange,
    ChangeSet,
    FormatRule,
    Formula,
    RichText,
    SheetChange,
    StyleChange,
    TextRun,
)
from xlgov.ooxml.apply import apply_changes

pytestmark = pytest.mark.skipif(
    SOFFICE is None, reason="there is no LibreOffice (soffice) to open the files with"
)

BY_HAND = (
    "plain", "a prefix on every element", "attributes on lines of their own",
    "no addresses at all", "a sheet in utf16", "a sheet in windows 1252", "no styles part",
    "empty lists of styles", "a sheet without rows", "merged ranges",
    "formats of others with extended priorities", "a calculation chain", "strict namespaces",
)  # fmt: skip


def edits(sheet: str) -> ChangeSet:
    """Every kind of value, in cells that are there and cells that are not."""
    cells = {
        "A2": 5, "T20": "=1+1 <&>", "T21": True, "T22": date(2018, 5, 10), "T23": -0.25,
        "T24": " é\nb ", "T25": Formula("A2+1", 0), "T26": Formula("T23*2"),
        "T27": RichText((TextRun("was ", strike=True, color="FF0000"), TextRun("is"))),
        "T28": "00123", "T29": "a\x0bb_x0041_",
    }  # fmt: skip
    return ChangeSet(
        cells=tuple(CellChange(sheet, name, None, value) for name, value in cells.items()),
        styles=(StyleChange(sheet, "T23", number_format='0.00" days"', bold=True, fill="FFC000"),),
        formats=(FormatRule(sheet, "T20:T29", "T20=5", fill="FF0000", border="thin"),),
        sheets=(SheetChange("xlgov", [["key", Formula(f"'{sheet}'!A2*10", 1)]]),),
    )


def test_libreoffice_shows_our_values_and_recalculates(tmp_path: Path) -> None:
    makers: dict[str, Callable[[Path], Path]] = {
        name: lambda path, name=name: write_package(path, MAKERS[name]())  # type: ignore[misc]
        for name in BY_HAND
    }
    makers |= {"features": features, "by openpyxl": by_openpyxl}
    edited: dict[str, Path] = {}
    sheets: dict[str, str] = {}
    for number, (name, make) in enumerate(makers.items()):
        path = make(tmp_path / f"f{number}.xlsx")
        sheets[name] = "Actions" if name == "by openpyxl" else "Register"
        apply_changes(edits(sheets[name]), path)
        edited[name] = path
    saved = convert(list(edited.values()), tmp_path / "saved")
    for name, path in zip(edited, saved, strict=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, data_only=True)
        sheet = book[sheets[name]]
        shown = {n: sheet[f"T{n}"].value for n in (20, 21, 23, 24, 27, 28)}
        assert shown == {
            20: "=1+1 <&>", 21: True, 23: -0.25, 24: " é\nb ", 27: "was is", 28: "00123"
        }, name  # fmt: skip
        assert sheet["T22"].value.date() == date(2018, 5, 10), name
        assert sheet["A2"].value == 5, name
        assert (sheet["T25"].value, sheet["T26"].value) == (6, -0.5), f"{name}: not recalculated"
        assert sheet["T23"].number_format == '0.00" days"', name
        assert (sheet["T23"].font.b, sheet["T23"].fill.fgColor.rgb) == (True, "FFFFC000"), name
        assert book["xlgov"]["B1"].value == 50, name
        if name not in ("a sheet without rows", "features", "by openpyxl"):
            assert sheet["B2"].value in (10, 11), f"{name}: {sheet['B2'].value}"
        formulas = [f for rules in sheet.conditional_formatting for r in rules.rules
                    for f in r.formula]  # fmt: skip
        assert any('N("xlgov:band")' in formula for formula in formulas), name


def test_a_shared_formula_that_lost_its_first_cell_still_calculates(tmp_path: Path) -> None:
    parts = MAKERS["shared formulas before and after their first cell"]()
    path = write_package(tmp_path / "shared.xlsx", swap(parts, SHEET, ("+Sheet2!B2", "")))
    cells = {"B2": 100, "A3": 7, "D2": 3}
    apply_changes(
        ChangeSet(cells=tuple(CellChange("Register", n, None, v) for n, v in cells.items())), path
    )
    (saved,) = convert([path], tmp_path / "saved", "csv")
    with saved.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[1][1] == "100"
    assert rows[2][1] == "12"  # B3, whose formula came from B2: the sum of column A
    assert rows[2][3] == "12<x>"  # D3, whose formula came from D2
