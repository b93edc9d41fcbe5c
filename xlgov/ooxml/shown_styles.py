"""The style that each cell of a sheet has, or, where there is none, would be shown in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xlgov.ooxml.cell import style_index
from xlgov.ooxml.markup import attributes_of, decode
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.row_edit import RowEditor
from xlgov.ooxml.scan import IrregularSheet, fast_form, scan_carefully, split_stream


def current_styles(
    parts: Parts, outline: Outline, cells: Collection[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Style index that each of these cells has, or, where there is no cell, is shown in."""
    left: dict[int, set[int]] = {}
    for row, column in cells:
        left.setdefault(row, set()).add(column)
    rows = RowEditor(outline, False)
    found = {cell: outline.column_style(cell[1]) for cell in cells}

    def note(row: int, row_tag: bytes, tags: Mapping[int, bytes]) -> None:
        for column in left[row]:
            if column in tags:
                found[row, column] = style_index(attributes_of(tags[column]))
            else:
                found[row, column] = rows.inherited(column, row_tag)

    if outline.regular and parts.pending(outline.part) is None:
        form = fast_form(outline.prefix)
        try:
            for kind, piece, _ in split_stream(parts.stream(outline.part)):
                if kind != "rows":
                    continue
                form.check(piece)
                for span in form.rows(piece):
                    if span.number in left:
                        spans = form.cells(piece, span)
                        tags = {each.number: piece[each.start : each.open_end] for each in spans}
                        note(span.number, piece[span.start : span.open_end], tags)
            return found
        except IrregularSheet:
            pass
    raw, _ = decode(parts.raw(outline.part), outline.part)
    for span, row_cells in scan_carefully(raw, outline.part, lambda row, _: row in left).rows:
        if span.number in left:
            tags = {
                each.span.number: raw[each.span.start : each.span.open_end] for each in row_cells
            }
            note(span.number, raw[span.start : span.open_end], tags)
    return found
