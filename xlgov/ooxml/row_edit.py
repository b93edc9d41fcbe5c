"""The XML of one row with its cells edited, of whatever way its places were found.

Why rows are edited as bytes: a cell's new XML is spliced between the bytes before and after it,
so everything the office has in the row (heights, other cells, extensions) is copied, not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from xlgov.grid.cells import address
from xlgov.ooxml.cached import no_formula, with_cached
from xlgov.ooxml.cell import render, replace_cell, style_index
from xlgov.ooxml.edits import CachedCell, CellEdit, Keep, ReadyCell
from xlgov.ooxml.markup import attributes_of, edit_tag, opened_tag, splice, tag_end
from xlgov.ooxml.outline import Outline, widened_spans
from xlgov.ooxml.scan import Span

_SHORT = 60  # characters of a value with its tags
_replace_cell = lru_cache(maxsize=2048)(replace_cell)


class RowEditor:
    """Makes the rows of one sheet anew."""

    def __init__(self, outline: Outline, date_1904: bool) -> None:
        self._outline = outline
        self._date_1904 = date_1904

    def edited(
        self,
        buffer: bytes,
        row: Span,
        spans: Mapping[int, Span],
        wanted: Mapping[int, CellEdit],
        extra: list[tuple[int, int, bytes]] | None = None,
    ) -> bytes:
        """A row's XML with its cells edited. ``spans`` are its cells, at least the wanted ones."""
        row_tag = buffer[row.start : row.open_end]
        edits: list[tuple[int, int, bytes]] = list(extra or ())
        added: list[int] = []
        for column in sorted(wanted):
            edit, span = wanted[column], spans.get(column)
            if span is not None:
                edits += self._existing(buffer, row.number, span, edit)
                continue
            new = self._missing(row.number, column, edit, row_tag)
            if new:
                added.append(column)
                after = [each.start for number, each in spans.items() if number > column]
                at = min(after, default=row.close_start)
                edits.append((at, at, new))
        if row.open_end == row.end:  # self-closing
            if not added:
                return row_tag
            return opened_tag(widened_spans(row_tag, added), b"".join(new for *_, new in edits))
        if added:
            edits.append((row.start, row.open_end, widened_spans(row_tag, added)))
        shift = row.start
        return splice(
            buffer[row.start : row.end], [(a - shift, b - shift, new) for a, b, new in edits]
        )

    def _existing(
        self, buffer: bytes, row: int, span: Span, edit: CellEdit
    ) -> list[tuple[int, int, bytes]]:
        """Edits of a cell that is there. A new style alone leaves the cell's inside alone."""
        tag = buffer[span.start : span.open_end]
        style = edit.style
        if isinstance(edit.value, ReadyCell):
            new = edit.value.raw
            if isinstance(edit.value, CachedCell):
                new = self._showing(buffer[span.start : span.end], row, span, edit.value)
            if style is not None and style != edit.value.style:
                opened = tag_end(new, 0)
                new = edit_tag(new[:opened], {"s": str(style)}) + new[opened:]
            return [(span.start, span.end, new)]
        if style is not None and style == style_index(attributes_of(tag)):
            style = None
        if not isinstance(edit.value, Keep):
            kind, inside = render(edit.value, self._outline.prefix, self._date_1904)
            new = self._replaced(address(row, span.number), tag, kind, inside, style)
            return [(span.start, span.end, new)]
        if style is None:
            return []
        return [(span.start, span.open_end, edit_tag(tag, {"s": str(style)}))]

    def _replaced(
        self, place: str, tag: bytes, kind: str | None, inside: str, style: int | None
    ) -> bytes:
        """A cell with a new inside. Thousands get the same few values, and but for its address the
        tag of each is one of a few: those are remembered.
        """
        own = b'<%bc r="%b"' % (self._outline.prefix.encode(), place.encode())
        if len(inside) > _SHORT or not tag.startswith(own):
            return replace_cell(tag, kind, inside, style)
        bare = own[: -len(place) - 1] + b'"'
        new = _replace_cell(bare + tag[len(own) :], kind, inside, style)
        return own + new[len(bare) :]

    def _showing(self, raw: bytes, row: int, span: Span, cell: CachedCell) -> bytes:
        """The cell's own XML with what its formula shows made another."""
        outline = self._outline
        root = outline.bare[outline.root.start : outline.root.open_end]
        where = f"{outline.part}: {address(row, span.number)}"
        return with_cached(raw, root, outline.prefix, cell.shows, where)

    def _missing(self, row: int, column: int, edit: CellEdit, row_tag: bytes) -> bytes:
        """A new cell; it looks as the row or column would have shown it. Nothing for a blank."""
        if isinstance(edit.value, CachedCell):
            raise no_formula(f"{self._outline.part}: {address(row, column)}")
        if edit.style is None and (edit.value is None or isinstance(edit.value, Keep)):
            return b""
        style = edit.style if edit.style is not None else self.inherited(column, row_tag)
        p = self._outline.prefix
        mark = f' s="{style}"' if style else ""
        tag = f'<{p}c r="{address(row, column)}"{mark}/>'.encode()
        if isinstance(edit.value, Keep | ReadyCell):  # the latter is made of a cell that is there
            return tag
        kind, inside = render(edit.value, p, self._date_1904)
        return replace_cell(tag, kind, inside, None)

    def inherited(self, column: int, row_tag: bytes) -> int:
        """Style that a cell which is not there is shown in: its row's, else its column's."""
        attributes = attributes_of(row_tag)
        if attributes.get("customFormat", "").lower() in ("1", "true"):
            return style_index(attributes)
        return self._outline.column_style(column)

    def new(self, number: int, wanted: Mapping[int, CellEdit]) -> bytes:
        p = self._outline.prefix
        cells = b"".join(self._missing(number, c, wanted[c], b"") for c in sorted(wanted))
        return f'<{p}row r="{number}">'.encode() + cells + f"</{p}row>".encode() if cells else b""
