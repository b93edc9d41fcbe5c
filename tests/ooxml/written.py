"""Workbooks by other writers than ours: XlsxWriter, openpyxl and LibreOffice."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

SOFFICE = shutil.which("soffice")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def features(path: Path) -> Path:
    """By XlsxWriter: nearly everything that it can put into a workbook."""
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    sheet = book.add_worksheet("Register")
    other = book.add_worksheet("Lists & keys")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row("A1", ["Reference", "Likelihood", "Impact", "Rating", "Status", "Since"], bold)
    for row in range(1, 30):
        sheet.write(row, 0, f"SR{row}")
        sheet.write_row(row, 1, [row % 5 + 1, row % 4 + 1])
        sheet.write_formula(row, 3, f"=B{row + 1}*C{row + 1}", None, (row % 5 + 1) * (row % 4 + 1))
        sheet.write_boolean(row, 4, row % 2 == 0)
        sheet.write_datetime(row, 5, datetime(2017, 2, 6 + row % 20), day)
    sheet.write_rich_string("H1", "plain ", bold, "bold ", "plain")
    sheet.write_url("H2", "https://example.org/?a=1&b=2", string="a link")
    sheet.write_url("H3", "internal:'Lists & keys'!A1")
    sheet.write_array_formula("J1:J3", "{=B2:B4*2}", None, 4)
    sheet.write_dynamic_array_formula("K1", "=UNIQUE(B2:B30)", None, 2)
    sheet.write_formula("L1", "=LET(x,B2,x+1)", None, 3)
    sheet.write_blank("M1", None, bold)
    sheet.write_string("N1", "a\tb\nc\x01d_x0041_ ")
    sheet.write_comment("B2", "a note", {"visible": True})
    sheet.insert_image("P1", "dot.png", {"image_data": BytesIO(PICTURE)})
    sheet.insert_button("P5", {"caption": "Recalculate", "macro": "Go"})
    sheet.insert_checkbox("P9", True)
    sheet.insert_textbox("P12", "text in a shape")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Register!$D$2:$D$9"})
    sheet.insert_chart("R1", chart)
    sheet.add_sparkline("O2", {"range": "Register!B2:D2"})
    sheet.add_sparkline("O3", {"range": "Register!B3:D3", "type": "column"})
    sheet.data_validation("E2:E30", {"validate": "list", "source": "='Lists & keys'!$A$1:$A$3"})
    sheet.conditional_format("B2:B30", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("C2:C30", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    sheet.conditional_format("D2:D30", {"type": "3_color_scale"})
    sheet.conditional_format(
        "A2:A30",
        {"type": "formula", "criteria": "=$B2>3", "format": bold, "multi_range": "A2:A9 C2"},
    )
    sheet.merge_range("A40:C41", "merged")
    sheet.set_column("B:C", 9, bold)
    sheet.set_row(35, 30, bold)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.print_area("A1:F30")
    sheet.set_header("&L&P")
    sheet.protect("", {"sort": True})
    sheet.ignore_errors({"number_stored_as_text": "A1:B9"})
    other.write_column("A1", ["High", "Medium", "Low"])
    other.add_table("C1:D4", {"columns": [{"header": "Band"}, {"header": "Upper"}]})
    other.autofilter("G1:H9")
    other.hide()
    book.define_name("bands", "='Lists & keys'!$C$2:$D$4")
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=Register!$B$2:$B$9"})
    book.add_chartsheet("Picture").set_chart(line)
    book.set_custom_property("label", "OFFICIAL")
    book.close()
    return path


def long_texts(path: Path) -> Path:
    """By XlsxWriter: a sheet of several mebibytes, so that it is read in pieces."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Data")
    for row in range(900):
        sheet.write_row(row, 0, [f"text {row} & <{n}> " * 90 for n in range(2)])
        sheet.write_number(row, 3, row / 7)
    book.close()
    return path


def constant_memory(path: Path) -> Path:
    """By XlsxWriter in its other mode: inline strings, rows as they come."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "use_zip64": True})
    sheet = book.add_worksheet()
    for row in range(0, 300, 3):
        sheet.write_row(row, 1, ["a", " b ", row, True])
    book.close()
    return path


def by_openpyxl(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Actions"
    sheet.append(["Action", "Owner", "Due", "Done"])
    for row in range(2, 20):
        sheet.append([f"action {row}", "AB", date(2019, 6, row), f"=C{row}>TODAY()"])
    book.add_named_style(NamedStyle("office", font=Font(bold=True, color="FF0000")))
    sheet["A1"].style = "office"
    sheet["B1"].alignment = Alignment(wrap_text=True)
    sheet["B1"].comment = Comment("a note", "office")
    sheet["C1"].fill = PatternFill("solid", fgColor="FFC000")
    sheet.merge_cells("A30:B31")
    sheet.conditional_formatting.add("D2:D19", CellIsRule("equal", ["TRUE"], fill=PatternFill(
        bgColor="00FF00")))  # fmt: skip
    sheet.conditional_formatting.add("C2:C19", ColorScaleRule("min", None, "FF0000", "max", None,
                                                              "00FF00"))  # fmt: skip
    listed = DataValidation("list", formula1='"yes,no"')
    sheet.add_data_validation(listed)
    listed.add("D2:D19")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=9))
    sheet.add_chart(chart, "H2")
    table = book.create_sheet("Table")
    table.append(["one", "two"])
    table.append([1, 2])
    table.add_table(Table(displayName="T", ref="A1:B2"))
    book.create_sheet("Hidden").sheet_state = "veryHidden"
    book.save(path)
    return path


def empty(path: Path) -> Path:
    """By openpyxl: one sheet without a cell."""
    openpyxl.Workbook().save(path)
    return path


# LibreOffice believes cached values; it is told to recalculate, as Excel is by the workbook.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item
oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def convert(paths: Sequence[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """The files as LibreOffice opens, recalculates and saves them; the folder is its own."""
    assert SOFFICE is not None
    folder.mkdir(exist_ok=True)
    profile = folder.parent / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", kind,
         "--outdir", str(folder), *map(str, paths)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return [folder / f"{path.stem}.{kind.partition(':')[0]}" for path in paths]


WRITERS = {
    "XlsxWriter, every feature": features,
    "XlsxWriter, a large sheet": long_texts,
    "XlsxWriter, constant memory": constant_memory,
    "openpyxl": by_openpyxl,
    "openpyxl, no cells": empty,
}
