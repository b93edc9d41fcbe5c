"""Edits of one sheet: cells changed, inserted or restyled where they stand, the rest untouched.

Why two ways: where the sheet is of the common form its rows are found by searching and edited as
they stream past, or at places that are known from its reading; any other is edited with care, in
memory. What is put there is made in one place for both, ``row_edit``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from xlgov.errors import EditError
from xlgov.grid.cells import Range, address
from xlgov.ooxml.careful_edit import CarefulEdit
from xlgov.ooxml.cutting import Cutting
from xlgov.ooxml.edits import CachedCell, CellEdit, Edits, NewValues, ReadyCell
from xlgov.ooxml.markup import attributes_of, decode, encode, splice
from xlgov.ooxml.outline import Outline, widened_dimension
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.row_edit import RowEditor
from xlgov.ooxml.scan import (
    FastForm,
    IrregularSheet,
    RowPlaces,
    Span,
    fast_form,
    has_groups,
    split_stream,
)

_GROUP = re.compile(rb'<[^<>]*\st="(?:array|dataTable)"[^<>]*>')


class SheetEditor:
    """The edits of one sheet, applied the fast or the careful way."""

    def __init__(
        self,
        parts: Parts,
        outline: Outline,
        edits: Edits,
        bare_edits: list[tuple[int, int, bytes]],
        date_1904: bool,
    ) -> None:
        self._parts = parts
        self._outline = outline
        # The part as it is now: once the edit is pending, the part is this editor's own output.
        self._base = parts.pending(outline.part)
        self.is_fast = outline.regular and self._base is None
        # Where in the edited sheet the edited rows stand, counted from the end of its head; None
        # where that is not known.
        self.written: dict[int, int] | None = None
        self.edits = edits
        self._order = sorted(edits)
        self._rows = RowEditor(outline, date_1904)
        self._values = NewValues(edits)
        written = [
            (row, column)
            for row, cells in edits.items()
            for column, edit in cells.items()
            if (edit.value is not None or edit.style is not None)
            and not isinstance(edit.value, ReadyCell)  # of a cell that is there
        ]
        self._opens = outline.has_empty_data and any(map(self._new_row, self._order))
        wider = widened_dimension(outline, written)
        split = len(outline.head)
        bare = outline.bare
        everything = [*bare_edits, *([wider] if wider else [])]
        self._head = splice(bare[:split], [edit for edit in everything if edit[0] < split])
        self._tail = splice(
            bare[split:],
            [(start - split, end - split, new) for start, end, new in everything if start >= split],
        )

    def stream(self) -> Iterator[bytes]:
        """The edited sheet, a stretch at a time.

        Raises IrregularSheet while it runs, and is not fast from then on, where the careful way
        is needed.
        """
        rows = self._outline.rows
        try:
            yield from self._stream() if rows is None else self._stream_known(rows)
        except IrregularSheet:
            self.is_fast = False
            raise

    def _stream_known(self, rows: RowPlaces) -> Iterator[bytes]:
        """The edited sheet, where it is known from its reading at which places its rows stand."""
        form, outline = fast_form(self._outline.prefix), self._outline
        cut = Cutting(self._parts.package.stream(outline.part))
        first = len(outline.head)
        if cut.take(first) != outline.head:
            raise IrregularSheet
        yield self._opened(self._head)
        self.written = {}
        longer = -first  # by how much what was written is longer than what was taken
        for number in self._order:
            place = bisect_left(rows.numbers, number)
            start, stop = (
                rows.starts[each] if each < len(rows.starts) else rows.end
                for each in (place, place + 1)
            )
            yield from cut.until(first + start)
            at = cut.place + longer
            if place < len(rows.numbers) and rows.numbers[place] == number:
                raw = cut.take(stop - start)
                row = next(form.rows(raw), None)
                if row is None or row.start or row.number != number:
                    raise IrregularSheet
                new = self._edit_row(raw, row, form, self.edits[number]) + raw[row.end :]
                longer += len(new) - len(raw)
            else:
                new = self._new_row(number)
                longer += len(new)
            if new:
                self.written[number] = at
            yield new
        yield from cut.until(first + rows.end)
        if cut.rest() != outline.tail:
            raise IrregularSheet
        yield self._closed(self._tail)

    def _stream(self) -> Iterator[bytes]:
        place = 0
        last = 0
        form = fast_form(self._outline.prefix)
        for kind, piece, _ in split_stream(self._parts.package.stream(self._outline.part)):
            if kind == "rows":
                edited, place, last = self._edit_rows(form, piece, place, last)
                yield edited
            elif kind == "head":
                if piece != self._outline.head:
                    raise IrregularSheet
                yield self._opened(self._head)
            else:
                yield b"".join(self._new_row(number) for number in self._order[place:])
                yield self._closed(self._tail)

    def _opened(self, head: bytes) -> bytes:
        return head[:-2].rstrip() + b">" if self._opens else head

    def _closed(self, tail: bytes) -> bytes:
        if self._opens:
            return f"</{self._outline.prefix}sheetData>".encode() + tail
        return tail

    def _edit_rows(
        self, form: FastForm, buffer: bytes, place: int, last: int
    ) -> tuple[bytes, int, int]:
        """A stretch of rows edited; the position in the order of edits; the last row number."""
        if not self._outline.is_checked:
            form.check(buffer)
        self._refuse_groups(buffer)
        pieces: list[bytes] = []
        done = 0
        order, edits = self._order, self.edits
        for row in self._rows_to_see(form, buffer, place):
            if row.number <= last:
                raise IrregularSheet
            last = row.number
            if place == len(order) or order[place] > last:
                continue
            pieces.append(buffer[done : row.start])
            while place < len(order) and order[place] < last:
                pieces.append(self._new_row(order[place]))
                place += 1
            done = row.start
            if place < len(order) and order[place] == last:
                pieces.append(self._edit_row(buffer, row, form, edits[last]))
                done = row.end
                place += 1
        pieces.append(buffer[done:])
        return b"".join(pieces), place, last

    def _rows_to_see(self, form: FastForm, buffer: bytes, place: int) -> Iterable[Span]:
        """The rows of a stretch: those to edit and the last, where all of them are in order."""
        if not self._outline.is_checked:
            return form.rows(buffer)
        last = form.last_row(buffer)
        found: list[Span] = []
        wanted = self._order[place : bisect_left(self._order, last)]
        for number in (*wanted, *([last] if last else ())):
            row = form.row(buffer, number, found[-1].end if found else 0)
            if row is None:  # it is to be made, and its place is before some other
                return form.rows(buffer)
            found.append(row)
        return found

    def _refuse_groups(self, buffer: bytes) -> None:
        """Array formulas and data tables that an edit would hit need the careful way."""
        if not has_groups(buffer):
            return
        for match in _GROUP.finditer(buffer):
            reference = attributes_of(match[0]).get("ref", "")
            if self._hits(reference):
                raise IrregularSheet

    def _hits(self, reference: str) -> bool:
        try:
            area = Range.parse(reference)
        except ValueError:
            return True
        return bool(self._values.within(area))

    def _edit_row(
        self, buffer: bytes, row: Span, form: FastForm, wanted: Mapping[int, CellEdit]
    ) -> bytes:
        spans: dict[int, Span] = {}
        for column in wanted:
            span = form.cell(buffer, row, address(row.number, column))
            if span is None:
                spans = {each.number: each for each in form.cells(buffer, row)}
                break
            spans[column] = span
        for column in wanted:
            known = spans.get(column)
            if isinstance(wanted[column].value, CachedCell):
                continue  # what shares the formula goes on sharing it
            if known is not None and _is_shared_master(buffer[known.open_end : known.close_start]):
                raise IrregularSheet
        return self._rows.edited(buffer, row, spans, wanted)

    def _new_row(self, number: int) -> bytes:
        return self._rows.new(number, self.edits[number])

    def carefully(self) -> bytes:
        """The edited sheet, its places found by the parser. Raises EditError as ``CarefulEdit``."""
        part = self._outline.part
        base = self._parts.package.read(part) if self._base is None else self._base
        raw, encoding = decode(base, part)
        if not self._outline.tail:
            if self._order:
                raise EditError(f"{part} has no sheetData to write into; save the file in Excel.")
            return encode(self._head, encoding)
        rows = CarefulEdit(self._outline, self._rows, self.edits).rows(raw)
        return encode(self._opened(self._head) + rows + self._closed(self._tail), encoding)


def _is_shared_master(inside: bytes) -> bool:
    return b'"shared"' in inside and b" ref=" in inside
