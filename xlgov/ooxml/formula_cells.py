"""Every formula's cell of a sheet, and what the workbook says of its calculation.

Why apart from the texts of formulas: who follows what a change reaches has to know of all of them,
of array formulas and data tables too, which cells each fills and whether it shows a value at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlgov.grid.cells import Range
from xlgov.ooxml.formula import moved
from xlgov.ooxml.markup import as_text, attributes_of, decode, is_true, tag_end, unescape
from xlgov.ooxml.outline import known_ranges
from xlgov.ooxml.scan import IrregularSheet, Span, fast_form, scan_carefully, split_stream

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

_ADDRESS = re.compile(rb"[A-Z]{1,3}[0-9]{1,7}")
Kind = Literal["single", "array", "table"]


class FormulaCell(NamedTuple):
    """A formula as its cell would show it, without ``=``; "" where that cannot be said.

    ``kind`` is ``array`` also for one that spills, ``table`` for a what-if table; ``fills`` are the
    cells that show what it gives. ``has_value`` says whether a value is stored with it.
    """

    row: int
    column: int
    text: str
    kind: Kind
    fills: Range
    has_value: bool


class Calculation(NamedTuple):
    """How a workbook calculates: ``is_due`` where it waits to be recalculated when next opened."""

    is_due: bool
    iterates: bool
    as_displayed: bool


class _Written(NamedTuple):
    """A formula as it is written: its place, the attributes of cell and formula, its content."""

    row: int
    column: int
    cell: Mapping[str, str]
    formula: Mapping[str, str]
    text: str
    has_value: bool


def calculation(workbook: WorkbookFile) -> Calculation:
    """What the workbook part states of calculation."""
    settings = workbook.book.root.child("calcPr")
    stated = settings.attributes if settings is not None else {}
    return Calculation(
        is_true(stated.get("fullCalcOnLoad")) or is_true(stated.get("forceFullCalc")),
        is_true(stated.get("iterate")),
        not is_true(stated.get("fullPrecision", "1")),
    )


def scoped_names(workbook: WorkbookFile) -> dict[tuple[str, str], str]:
    """What every defined name refers to, by (sheet, name) in lower case; sheet "" for all."""
    root = workbook.book.root
    listed, sheets = root.child("definedNames"), root.child("sheets")
    order = [each.attributes.get("name", "") for each in (sheets.all("sheet") if sheets else ())]
    found: dict[tuple[str, str], str] = {}
    for each in listed.all("definedName") if listed else ():
        place = each.attributes.get("localSheetId")
        sheet = ""
        if place is not None:
            if not place.strip().isdecimal() or int(place) >= len(order):
                continue
            sheet = order[int(place)].casefold()
        found[sheet, each.attributes.get("name", "").casefold()] = each.text
    return found


def formula_cells(workbook: WorkbookFile, sheet: str) -> list[FormulaCell]:
    """The formulas of a sheet, in no promised order."""
    outline = workbook.outline(sheet)
    written: list[_Written] | None = None
    if outline.regular:
        try:
            written = list(_fast(workbook, outline.part, outline.prefix))
        except IrregularSheet:
            written = None
    if written is None:
        written = list(_careful(workbook, outline.part))
    masters = {
        each.formula["si"]: each
        for each in written
        if each.text and "si" in each.formula and each.formula.get("t") == "shared"
    }
    return [_understood(each, masters) for each in written]


def _understood(each: _Written, masters: Mapping[str, _Written]) -> FormulaCell:
    kind = each.formula.get("t", "normal")
    own = Range(each.row, each.column, each.row, each.column)
    text = each.text
    if kind == "shared" and not text:
        master = masters.get(each.formula.get("si", ""))
        if master is not None:
            try:
                text = moved(master.text, each.row - master.row, each.column - master.column)
            except ValueError:
                text = ""
    if kind not in ("array", "dataTable") and "cm" not in each.cell:
        return FormulaCell(each.row, each.column, text, "single", own, each.has_value)
    areas = known_ranges(each.formula.get("ref", ""))
    of = areas[0] if areas else own
    known: Kind = "table" if kind == "dataTable" else "array"
    return FormulaCell(each.row, each.column, text, known, of, each.has_value)


def _fast(workbook: WorkbookFile, part: str, prefix: str) -> Iterator[_Written]:
    p = prefix.encode()
    form = fast_form(prefix)
    before = b"<" + p + b'c r="'
    opening = re.compile(b"<" + re.escape(p) + rb"f[\s/>]")
    for kind, piece, _ in split_stream(workbook.parts.stream(part)):
        if kind != "rows":
            continue
        form.check(piece)
        if opening.search(piece) is None:
            continue
        for row in form.rows(piece):
            if opening.search(piece, row.open_end, row.close_start) is None:
                continue
            place = row.open_end
            while found := opening.search(piece, place, row.close_start):
                start = piece.rfind(before, place, found.start())
                named = _ADDRESS.match(piece, start + len(before)) if start >= 0 else None
                cell = named and form.cell(piece, row, as_text(named[0]))
                if not cell or not cell.start == start < found.start() < cell.close_start:
                    raise IrregularSheet
                yield _written(piece, row.number, cell, found.start(), p)
                place = cell.end


def _written(piece: bytes, row: int, cell: Span, start: int, p: bytes) -> _Written:
    tag = piece[start : tag_end(piece, start)]
    text = ""
    if not tag.endswith(b"/>"):
        first = start + len(tag)
        stop = piece.find(b"</" + p + b"f>", first, cell.close_start)
        if stop < 0:
            raise IrregularSheet
        text = unescape(as_text(piece[first:stop]))
    return _Written(
        row,
        cell.number,
        attributes_of(piece[cell.start : cell.open_end]),
        attributes_of(tag),
        text,
        piece.find(b"<" + p + b"v", cell.open_end, cell.close_start) >= 0,
    )


def _careful(workbook: WorkbookFile, part: str) -> Iterator[_Written]:
    raw, _ = decode(workbook.parts.raw(part), part)
    for _, cells in scan_carefully(raw, part).rows:
        for cell in cells:
            if cell.formula is not None:
                yield _Written(
                    cell.row,
                    cell.span.number,
                    cell.attributes,
                    cell.formula_attributes,
                    cell.formula,
                    cell.value is not None,
                )
