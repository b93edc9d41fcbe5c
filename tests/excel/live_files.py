"""Live and remote books written back to files, and cells compared wherever they stand.

``cells_of_file``, ``cells_of_live`` and ``cells_of_remote`` (remote_book.py) give one shape:
``{sheet: {address: (value, formula, number format)}}``. Blank cells of format General are left out;
dates are numbers, whole numbers are ints, errors are their text, so that results of different hands
can be compared with ``==``.

Why openpyxl saves and we add the cached values of formulas afterwards: openpyxl writes formulas
without values, and a comparison would take every formula for a blank.
"""

from __future__ import annotations

import re
import shutil
import warnings
import zipfile
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import xlwings as xw
from cell_model import BookModel, CellModel, NotCalculated, SheetModel, a1, load_model
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from rule_model import file_rule
from typed_text import ErrorValue

Cells = dict[str, dict[str, tuple[Any, str | None, str]]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FACETS = frozenset(
    {"fill", "font_color", "font_name", "bold", "italic", "underline", "strike", "size"}
)


def cells_of_file(path: str | Path) -> Cells:
    """Every cell of a file, as Excel would show it without recalculating."""
    return cells_of_model(load_model(path))


def cells_of_live(book: xw.Book) -> Cells:
    """Every cell of a book that is open in the stand-in for Excel."""
    return cells_of_model(book.impl._model)


def cells_of_model(model: BookModel) -> Cells:
    return {sheet.name: _cells(sheet) for sheet in model.sheets}


def _cells(sheet: SheetModel) -> dict[str, tuple[Any, str | None, str]]:
    found = {}
    for at in sorted(sheet.cells):
        cell = sheet.cells[at]
        value = None if cell.value == "" and cell.formula is None else plain_value(cell.value)
        held = (value, cell.formula, cell.number_format)
        if held != (None, None, "General"):
            found[a1(*at)] = held
    return found


def plain_value(value: Any) -> Any:
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def differences(first: Cells, second: Cells, ignore: tuple[str, ...] = ()) -> list[str]:
    """Where two books differ, a line a cell; sheets named in ``ignore`` are left out."""
    lines = []
    for sheet in sorted({*first, *second} - set(ignore)):
        if sheet not in first or sheet not in second:
            lines.append(f"{sheet}: only in the {'first' if sheet in first else 'second'}")
            continue
        one, other = first[sheet], second[sheet]
        blank = (None, None, "General")
        for address in {**one, **other}:
            if one.get(address, blank) != other.get(address, blank):
                held = one.get(address, blank), other.get(address, blank)
                lines.append(f"{sheet}!{address}: {held[0]} and {held[1]}")
    return lines


def save_live(book: xw.Book, path: str | Path) -> None:
    """Write a book that is open in the stand-in for Excel to a file."""
    save_model(book.impl._model, path)


def save_model(model: BookModel, path: str | Path) -> None:
    """Write what changed into a copy of the file that the model was loaded from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook: Any = openpyxl.load_workbook(model.path, keep_vba=model.path.suffix == ".xlsm")
    for name in model.removed:
        del workbook[name]
    for sheet in model.sheets:
        target = workbook.create_sheet(sheet.name) if sheet.is_new else workbook[sheet.name]
        _write_sheet(sheet, target)
    workbook._sheets.sort(key=lambda each: _position(model, each.title))
    if model.active is not None:
        workbook.active = workbook[model.active.name]
        for each in workbook.worksheets:
            each.sheet_view.tabSelected = each.title == model.active.name
    if model.names_changed or any(name.changed for name in model.names):
        _write_names(model, workbook)
    temporary = Path(path).with_name(f"~saving {Path(path).name}")
    workbook.save(temporary)
    _add_cached_values(model, temporary)
    shutil.move(temporary, path)


def _position(model: BookModel, title: str) -> int:
    found = model.sheet(title)
    return len(model.sheets) if found is None else model.sheets.index(found)


def _write_sheet(sheet: SheetModel, target: Any) -> None:
    target.sheet_state = sheet.state
    for (row, column), cell in sheet.cells.items():
        if cell.changed:
            _write_cell(cell, target.cell(row, column))
    for each in sheet.changed:
        if each.startswith("cleared "):
            target._cells.pop(tuple(int(number) for number in each.split()[1:]), None)
    if "notes" in sheet.changed:
        for (row, column), cell in target._cells.items():
            text = sheet.notes.get((row, column))
            cell.comment = None if text is None else Comment(text, "xlgov")
    if "widths" in sheet.changed:
        for column, width in sheet.widths.items():
            dimension = target.column_dimensions[get_column_letter(column)]
            dimension.width, dimension.hidden = width, column in sheet.hidden_columns
    if sheet.rules_changed:
        target.conditional_formatting = ConditionalFormattingList()
        for rule in sheet.rules:
            ranges = " ".join(f"{a1(*area[:2])}:{a1(*area[2:])}" for area in rule.areas)
            made = file_rule(rule)
            made.priority = 0  # the order in which they are added gives it
            target.conditional_formatting.add(ranges, made)


def _write_cell(cell: CellModel, target: Any) -> None:
    changed = cell.changed
    if "value" in changed and type(target).__name__ != "MergedCell":
        value = cell.value
        if cell.formula is not None:
            target.value = cell.formula
        elif isinstance(value, ErrorValue):
            target.value, target.data_type = value.code, "e"
        else:
            target.value = plain_value(value)
            if isinstance(value, str):
                target.data_type = "s"  # openpyxl takes a text that begins with = for a formula
    if "prefix" in changed and bool(target.quotePrefix) != cell.prefix:
        target._style = target._style or StyleArray()
        target._style.quotePrefix = int(cell.prefix)
    if "number_format" in changed:
        target.number_format = cell.number_format
    if changed & _FACETS:
        font = copy(target.font)  # openpyxl's own is shared by all cells that look alike
        font.b, font.i, font.strike = cell.bold, cell.italic, cell.strike
        font.u = "single" if cell.underline else None
        font.sz = cell.size
        if "font_color" in changed:
            font.color = "FF" + cell.font_color
        if "font_name" in changed:
            font.name, font.scheme = cell.font_name, None
        target.font = font
        if "fill" in changed:
            solid = PatternFill("solid", fgColor="FF" + cell.fill) if cell.fill else PatternFill()
            target.fill = solid
    if "border" in changed:
        style: Any = cell.border
        side = Side(style=style)
        target.border = Border(left=side, right=side, top=side, bottom=side)
    if "wrap" in changed:
        alignment = copy(target.alignment)
        alignment.wrap_text = cell.wrap
        target.alignment = alignment


def _write_names(model: BookModel, workbook: Any) -> None:
    for holder in (workbook, *workbook.worksheets):
        for name in list(holder.defined_names):
            del holder.defined_names[name]
    for each in model.names:
        if each.name in ("Print_Area", "Print_Titles"):
            continue  # openpyxl keeps these with the sheet
        holder = workbook if each.sheet is None else workbook[each.sheet.name]
        text = each.refers_to.removeprefix("=")
        made = DefinedName(each.name, attr_text=text, hidden=each.hidden or None)
        holder.defined_names[each.name] = made


def _add_cached_values(model: BookModel, path: Path) -> None:
    """Put the values of formulas beside them, in the parts that openpyxl has written."""
    ElementTree.register_namespace("", _MAIN)
    ElementTree.register_namespace("r", _RELATED)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, sheet in _sheet_parts(model, parts).items():
        if any(cell.formula is not None for cell in sheet.cells.values()):
            parts[name] = _with_values(parts[name], sheet)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _sheet_parts(model: BookModel, parts: Mapping[str, bytes]) -> dict[str, SheetModel]:
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {each.get("Id"): str(each.get("Target")) for each in relations}
    found = {}
    for each in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{{{_MAIN}}}sheet"):
        sheet = model.sheet(str(each.get("name")))
        target = targets[each.get(f"{{{_RELATED}}}id")].lstrip("/")
        if sheet is not None:
            found[target if target.startswith("xl/") else f"xl/{target}"] = sheet
    return found


def _with_values(content: bytes, sheet: SheetModel) -> bytes:
    root = ElementTree.fromstring(content)
    for cell in root.iter(f"{{{_MAIN}}}c"):
        if cell.find(f"{{{_MAIN}}}f") is None:
            continue
        match = re.fullmatch(r"([A-Z]+)([0-9]+)", str(cell.get("r")))
        assert match is not None
        at = int(match[2]), openpyxl.utils.column_index_from_string(match[1])
        value = sheet.cells[at].value
        held = cell.find(f"{{{_MAIN}}}v")
        if held is None:
            held = ElementTree.SubElement(cell, f"{{{_MAIN}}}v")
        cell.attrib.pop("t", None)
        if value is None or isinstance(value, NotCalculated):
            cell.remove(held)
        elif isinstance(value, bool):
            cell.set("t", "b")
            held.text = str(int(value))
        elif isinstance(value, float):
            held.text = repr(plain_value(value))
        else:
            cell.set("t", "e" if isinstance(value, ErrorValue) else "str")
            held.text = str(plain_value(value))
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))
