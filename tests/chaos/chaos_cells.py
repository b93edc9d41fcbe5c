"""The cells of a workbook, read as a zip file of XML: nothing of the library is used."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Cells = dict[tuple[str, str], Any]


def read_cells(path: Path) -> Cells:
    """Every filled cell by sheet and address: a number, a text, or ``=`` and its formula."""
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        texts: list[str] = []
        if "xl/sharedStrings.xml" in names:
            root = ElementTree.fromstring(package.read("xl/sharedStrings.xml"))
            texts = [_text_of(item) for item in root.iter(f"{_MAIN}si")]
        links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        parts = {link.get("Id"): link.get("Target", "") for link in links}
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        cells: Cells = {}
        for sheet in book.iter(f"{_MAIN}sheet"):
            part = parts[sheet.get(_LINK)]
            part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
            for cell in ElementTree.fromstring(package.read(part)).iter(f"{_MAIN}c"):
                held = _held(cell, texts)
                if held is not None:
                    cells[sheet.get("name", ""), cell.get("r", "")] = held
    return cells


def _held(cell: ElementTree.Element, texts: list[str]) -> Any:
    formula = cell.find(f"{_MAIN}f")
    if formula is not None:
        return "=" + (formula.text or "")
    if cell.get("t") == "inlineStr":
        return _text_of(cell)
    shown = cell.findtext(f"{_MAIN}v")
    if shown is None:
        return None
    kind = cell.get("t", "n")
    if kind == "s":
        return texts[int(shown)]
    return float(shown) if kind == "n" else shown


def _text_of(item: ElementTree.Element) -> str:
    runs = [item, *item.findall(f"{_MAIN}r"), *item.findall(f"{_MAIN}is")]
    return "".join(text.text or "" for run in runs for text in run.findall(f"{_MAIN}t"))
