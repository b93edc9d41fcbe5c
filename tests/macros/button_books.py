"""Workbooks to put a button on, beside those that exist: registers with notes, buttons, macros."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from pyopenvba import ExcelFile

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "workbooks").glob("*.xlsx"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "poi"
PUBLIC = sorted(CORPUS.glob("*.xls*"))
BUTTON = "[0]!XlgovRecalculate"
OWN_CODE = 'Public Sub Greet()\r\n    MsgBox "Good morning"\r\nEnd Sub\r\n'


def register(path: Path, more: Callable[[Any, Any], None] | None = None, **options: Any) -> Path:
    """A small register by XlsxWriter, one rating of it wrong (D3); ``more`` adds to it."""
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet("Register")
    sheet.write_row("A1", ["Reference", "Likelihood", "Impact", "Rating"])
    for row, line in enumerate(
        [("R1", 2, 3, 9), ("R2", 3, 3, 12), ("R3", 1, 1, 1), ("R4", 5, 5, 25)], start=1
    ):
        sheet.write_row(row, 0, line)
    if more is not None:
        more(book, sheet)
    book.close()
    return path


def with_notes(book: Any, sheet: Any) -> None:
    sheet.write_comment("B2", "why two?")
    sheet.write_comment("D3", "twelve?")


def with_button(book: Any, sheet: Any) -> None:
    sheet.insert_button("F2", {"macro": "PrintRegister", "caption": "Print", "width": 200})


def with_chart(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Register!$D$2:$D$5"})
    sheet.insert_chart("F2", chart)
    book.add_worksheet("Key")
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=Register!$C$2:$C$5"})
    book.add_chartsheet("Picture").set_chart(line)


def own_macros(path: Path) -> Path:
    """A VBA project of an office's own, as the part of a workbook."""
    made = path.with_name("made.xlsm")
    with ExcelFile.create_new(made) as file:
        file.vba_project().add_module("Office", OWN_CODE)
        file.save()
    with zipfile.ZipFile(made) as file:
        path.write_bytes(file.read("xl/vbaProject.bin"))
    made.unlink()
    return path


def with_macros(path: Path, more: Callable[[Any, Any], None] | None = None) -> Path:
    """The small register with an office's own macros and its button, as .xlsm."""
    project = own_macros(path.with_name("project.bin"))

    def add(book: Any, sheet: Any) -> None:
        book.add_vba_project(str(project))
        sheet.insert_button("F2", {"macro": "Greet", "caption": "Greet"})
        if more is not None:
            more(book, sheet)

    return register(path, add)


def rewrite(path: Path, edit: Callable[[str, bytes], bytes]) -> Path:
    """A workbook with each part as ``edit`` gives it for its name and bytes."""
    with zipfile.ZipFile(path) as file:
        parts = {each: edit(each, file.read(each)) for each in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode()


def drawings(path: Path) -> str:
    """All VML of a workbook."""
    with zipfile.ZipFile(path) as file:
        return "".join(file.read(n).decode() for n in file.namelist() if n.endswith(".vml"))
