"""The text of formulas, where somebody has to know more than that a cell holds one.

Why apart from the grid: nearly nobody asks. A grid says which cells hold formulas; their texts are
read in a pass of their own, of the columns asked for. Array formulas are not given: they are
nobody's to recognise cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from xlgov.grid.cells import column_letters, column_number
from xlgov.ooxml.formula import moved
from xlgov.ooxml.markup import as_text, attributes_of, decode, unescape
from xlgov.ooxml.scan import IrregularSheet, fast_form, scan_carefully, split_stream

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Place = tuple[int, int]


def formula_texts(workbook: WorkbookFile, sheet: str, columns: Collection[int]) -> dict[Place, str]:
    """The formulas in these columns of a sheet by (row, column), without ``=``, each cell its own.

    A shared formula is given as the cell would show it; one that cannot be moved there is "".
    """
    outline = workbook.outline(sheet)
    if outline.regular:
        try:
            return _fast(workbook, outline.part, outline.prefix, columns)
        except IrregularSheet:
            pass
    wanted = set(columns)
    found = all_formulas(workbook, sheet, arrays=False)
    return {at: text for at, text in found.items() if at[1] in wanted}


def all_formulas(workbook: WorkbookFile, sheet: str, arrays: bool = True) -> dict[Place, str]:
    """The formulas of a whole sheet as each cell would show its own, read with the parser."""
    part = workbook.outline(sheet).part
    raw, _ = decode(workbook.parts.raw(part), part)
    rows = scan_carefully(raw, part).rows
    cells = [
        cell
        for _, row in rows
        for cell in row
        if cell.formula is not None
        if arrays or cell.formula_attributes.get("t") not in ("array", "dataTable")
    ]
    masters = {
        each.formula_attributes["si"]: each
        for each in cells
        if each.formula and "si" in each.formula_attributes
    }
    found: dict[Place, str] = {}
    for each in cells:
        place = each.row, each.span.number
        master = masters.get(each.formula_attributes.get("si", ""))
        if each.formula or master is None:
            found[place] = each.formula or ""
        else:
            found[place] = _shared(master.formula or "", (master.row, master.span.number), place)
    return found


def _shared(formula: str, at: Place, place: Place) -> str:
    """A shared formula as it reads in another cell."""
    try:
        return moved(formula, place[0] - at[0], place[1] - at[1])
    except ValueError:
        return ""


def _fast(
    workbook: WorkbookFile, part: str, prefix: str, columns: Collection[int]
) -> dict[Place, str]:
    p = re.escape(prefix.encode())
    letters = b"|".join(column_letters(column).encode() for column in sorted(columns)) or b"-"
    cell = re.compile(
        b"<" + p + b'c r="([A-Z]{1,3})([0-9]+)"[^<>]*><' + p + b"f( [^<>]*)?>([^<]*)</" + p + b"f>"
        b"|<" + p + b'c r="(' + letters + b')([0-9]+)"[^<>]*><' + p + b"f( [^<>]*)/>"
    )
    wanted = {column_letters(column).encode(): column for column in columns}
    form = fast_form(prefix)
    found: dict[Place, str] = {}
    masters: dict[str, tuple[str, Place]] = {}
    for kind, piece, _ in split_stream(workbook.parts.stream(part)):
        if kind != "rows":
            continue
        form.check(piece)
        for match in cell.finditer(piece):
            name, row, attributes, content, child, child_row, child_attributes = match.groups()
            if child is not None:
                held = masters.get(attributes_of(b"<f" + child_attributes + b"/>").get("si", ""))
                if held is None:
                    raise IrregularSheet
                place = int(child_row), wanted[child]
                found[place] = _shared(*held, place)
                continue
            place = int(row), wanted.get(name, 0)
            marks = attributes_of(b"<f" + attributes + b">") if attributes else {}
            text = ""
            if marks or place[1]:
                text = unescape(as_text(content))
            if marks.get("t") == "shared" and "si" in marks:
                if not text:
                    raise IrregularSheet
                masters[marks["si"]] = text, (place[0], column_number(name.decode()))
            if place[1] and marks.get("t") not in ("array", "dataTable"):
                found[place] = text
    return found
