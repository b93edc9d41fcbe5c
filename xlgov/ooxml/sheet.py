"""Edits of one sheet: cells changed, inserted or restyled where they stand, the rest untouched.

Why rows are edited as bytes: a cell's new XML is spliced between the bytes before and after it,
so everything the office has in the row (heights, other cells, extensions) is copied, not read.
The fast and the careful way find the places; what is put there is made here, once, for both.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from xlgov.changes import Cached, NewValue
from xlgov.errors import EditError
from xlgov.grid.cells import Range, address, column_letters
from xlgov.ooxml.cached import no_formula, with_cached
from xlgov.ooxml.cell import escape_formula, render, replace_cell, style_index
from xlgov.ooxml.formula import moved
from xlgov.ooxml.markup import (
    attributes_of,
    decode,
    edit_tag,
    encode,
    opened_tag,
    splice,
    tag_end,
)
from xlgov.ooxml.outline import Outline, widened_dimension, widened_spans
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.scan import (
    FastForm,
    IrregularSheet,
    ParsedCell,
    RowPlaces,
    Span,
    fast_form,
    has_groups,
    scan_carefully,
    split_stream,
)


class _Keep:
    """The value of an edit that changes only the style."""


KEEP = _Keep()
_SHORT = 60  # characters of a value with its tags
_replace_cell = lru_cache(maxsize=2048)(replace_cell)
_GROUP = re.compile(rb'<[^<>]*\st="(?:array|dataTable)"[^<>]*>')


@dataclass(frozen=True, slots=True)
class ReadyCell:
    """The XML of a whole cell that is to stand in place of the old one, and what it will read as.

    It ``reads`` KEEP where only its opening tag differs, so value and formula stay as they are.
    """

    raw: bytes
    style: int
    reads: object = KEEP


@dataclass(frozen=True, slots=True)
class CachedCell(ReadyCell):
    """A formula that stays and shows another value: made where the cell stands, not before."""

    shows: Cached = field(kw_only=True)


class CellEdit(NamedTuple):
    """What becomes of one cell: a value (or KEEP) and a style index (or None to keep it)."""

    value: NewValue | _Keep | ReadyCell = KEEP
    style: int | None = None


Edits = Mapping[int, Mapping[int, CellEdit]]


class Cutting:
    """A part's bytes given up to a place, or a length of them taken out."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._at = 0
        self.place = 0

    def until(self, stop: int) -> Iterator[bytes]:
        """The bytes from here to ``stop``; raises IrregularSheet where they end before."""
        while self.place < stop:
            if self._at == len(self._held):
                self._held, self._at = next(self._chunks, b""), 0
                if not self._held:
                    raise IrregularSheet
            end = min(len(self._held), self._at + stop - self.place)
            self.place += end - self._at
            piece, self._at = self._held[self._at : end], end
            yield piece

    def take(self, length: int) -> bytes:
        """So many bytes from here."""
        return b"".join(self.until(self.place + length))

    def rest(self) -> bytes:
        """All that is left."""
        return b"".join((self._held[self._at :], *self._chunks))


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
        self._date_1904 = date_1904
        self._values = {
            (row, column)
            for row, cells in edits.items()
            for column, edit in cells.items()
            if not (isinstance(edit.value, _Keep) or _keeps_value(edit.value))
        }
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
        return bool(self._within(area))

    def _within(self, area: Range) -> list[tuple[int, int]]:
        """The cells with a new value in an area, in order."""
        if area.cell_count > len(self._values):
            return sorted(cell for cell in self._values if cell in area)
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        return [cell for cell in product(rows, columns) if cell in self._values]

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
        return self._row(buffer, row, spans, wanted)

    def _row(
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
        if not isinstance(edit.value, _Keep):
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
        if edit.style is None and (edit.value is None or isinstance(edit.value, _Keep)):
            return b""
        style = edit.style if edit.style is not None else self.inherited(column, row_tag)
        p = self._outline.prefix
        mark = f' s="{style}"' if style else ""
        tag = f'<{p}c r="{address(row, column)}"{mark}/>'.encode()
        if isinstance(edit.value, _Keep | ReadyCell):  # the latter is made of a cell that is there
            return tag
        kind, inside = render(edit.value, p, self._date_1904)
        return replace_cell(tag, kind, inside, None)

    def inherited(self, column: int, row_tag: bytes) -> int:
        """Style that a cell which is not there is shown in: its row's, else its column's."""
        attributes = attributes_of(row_tag)
        if attributes.get("customFormat", "").lower() in ("1", "true"):
            return style_index(attributes)
        return self._outline.column_style(column)

    def _new_row(self, number: int) -> bytes:
        p = self._outline.prefix
        wanted = self.edits[number]
        cells = b"".join(self._missing(number, c, wanted[c], b"") for c in sorted(wanted))
        return f'<{p}row r="{number}">'.encode() + cells + f"</{p}row>".encode() if cells else b""

    def carefully(self) -> bytes:
        """The edited sheet, its places found by the parser.

        Raises EditError where an edit would break an array formula or a data table, or where the
        sheet names a row or cell that is to change in two places.
        """
        part = self._outline.part
        base = self._parts.package.read(part) if self._base is None else self._base
        raw, encoding = decode(base, part)
        if not self._outline.tail:
            if self._order:
                raise EditError(f"{part} has no sheetData to write into; save the file in Excel.")
            return encode(self._head, encoding)
        places = scan_carefully(raw, part, keep=lambda row, _: row in self.edits)
        cells = [cell for _, row in places.rows for cell in row]
        self._refuse_broken_groups(cells)
        expanded = self._expanded(cells)
        edits: list[tuple[int, int, bytes]] = []
        present = self._present_rows(places.rows)
        missing = [number for number in self._order if number not in present]
        place = 0
        for span, row_cells in places.rows:
            while place < len(missing) and missing[place] < span.number:
                edits.append((span.start, span.start, self._new_row(missing[place])))
                place += 1
            own = [expanded[id(cell)] for cell in row_cells if id(cell) in expanded]
            if span.number in present:
                spans = self._own_cells(span, row_cells)
                wanted = self.edits[span.number]
                edits.append((span.start, span.end, self._row(raw, span, spans, wanted, own)))
            else:
                edits += own
        rest = b"".join(self._new_row(number) for number in missing[place:])
        first = places.open_end
        head = self._opened(self._head)
        shifted = [(start - first, end - first, new) for start, end, new in edits]
        body = splice(raw[first : places.close_start], shifted)
        return encode(head + body + rest + self._closed(self._tail), encoding)

    def _present_rows(self, rows: Sequence[tuple[Span, list[ParsedCell]]]) -> set[int]:
        """Rows to edit that the sheet has, each once."""
        found: set[int] = set()
        for span, _ in rows:
            if span.number in self.edits:
                if span.number in found:
                    raise self._twice(f"row {span.number}")
                found.add(span.number)
        return found

    def _own_cells(self, row: Span, cells: list[ParsedCell]) -> dict[int, Span]:
        """Cells of a row by column, each once and none of another row."""
        found: dict[int, Span] = {}
        for cell in cells:
            column = cell.span.number
            if cell.row != row.number:
                raise EditError(
                    f"{self._outline.part}: {address(cell.row, column)} stands in row "
                    f"{row.number}; open the file in Excel, let it repair the file and save it."
                )
            if column in found and column in self.edits[row.number]:
                raise self._twice(address(row.number, column))
            found.setdefault(column, cell.span)
        return found

    def _twice(self, what: str) -> EditError:
        return EditError(
            f"{self._outline.part} has {what} twice, so it cannot be said which one counts; open "
            "the file in Excel, let it repair the file and save it."
        )

    def _refuse_broken_groups(self, cells: list[ParsedCell]) -> None:
        for cell in cells:
            kind = cell.formula_attributes.get("t")
            if kind not in ("array", "dataTable"):
                continue
            own = (cell.row, cell.span.number)
            reference = cell.formula_attributes.get("ref", "")
            single = Range(*own, *own)
            try:
                area = Range.parse(reference or str(single))
            except ValueError:
                area, single = single, Range(0, 0, 0, 0)  # refused where it is hit
            hit = self._within(area)
            if hit and area != single:
                what = "an array formula" if kind == "array" else "a data table"
                raise EditError(
                    f"{address(*hit[0])} is part of {what} over {area}, of which no single cell "
                    "can change; clear or change the whole of it in Excel first."
                )

    def _expanded(self, cells: list[ParsedCell]) -> dict[int, tuple[int, int, bytes]]:
        """Edits that give the cells of an overwritten shared formula their own formula, by id."""
        masters = {
            cell.formula_attributes["si"]: cell
            for cell in cells
            if _is_master(cell) and (cell.row, cell.span.number) in self._values
        }
        if not masters:
            return {}
        found: dict[int, tuple[int, int, bytes]] = {}
        for cell in cells:
            master = masters.get(cell.formula_attributes.get("si", ""))
            own = (cell.row, cell.span.number)
            if master is None or cell is master or own in self._values:
                continue
            if cell.formula_attributes.get("t") != "shared" or _is_master(cell):
                continue
            p = self._outline.prefix
            new = f"<{p}f>{escape_formula(_translated(master, own))}</{p}f>".encode()
            found[id(cell)] = (*cell.formula_span, new)
        return found


def _translated(master: ParsedCell, cell: tuple[int, int]) -> str:
    """The formula that a shared formula means in another cell of its range."""
    rows, columns = cell[0] - master.row, cell[1] - master.span.number
    try:
        return moved(master.formula or "", rows, columns)
    except ValueError as error:
        raise EditError(
            f"{address(master.row, master.span.number)} shares its formula with {address(*cell)}, "
            f"which would lose it, and the formula could not be moved there ({error}). Enter the "
            f"formula of {address(*cell)} anew in Excel."
        ) from None


def _keeps_value(value: object) -> bool:
    if isinstance(value, CachedCell):
        return True  # so does its formula, which is what other cells may share or be part of
    return isinstance(value, ReadyCell) and value.reads is KEEP


def _is_master(cell: ParsedCell) -> bool:
    shared = cell.formula_attributes
    return shared.get("t") == "shared" and "ref" in shared and "si" in shared and bool(cell.formula)


def _is_shared_master(inside: bytes) -> bool:
    return b'"shared"' in inside and b" ref=" in inside


def current_styles(
    parts: Parts, outline: Outline, cells: Collection[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Style index that each of these cells has, or, where there is no cell, is shown in."""
    left: dict[int, set[int]] = {}
    for row, column in cells:
        left.setdefault(row, set()).add(column)
    editor = SheetEditor(parts, outline, {}, [], False)
    found = {cell: outline.column_style(cell[1]) for cell in cells}

    def note(row: int, row_tag: bytes, tags: Mapping[int, bytes]) -> None:
        for column in left[row]:
            if column in tags:
                found[row, column] = style_index(attributes_of(tags[column]))
            else:
                found[row, column] = editor.inherited(column, row_tag)

    if editor.is_fast:
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


def absolute(range_text: str) -> str:
    """A range with ``$`` signs, as defined names write it.

    >>> absolute("B2:F6")
    '$B$2:$F$6'
    """
    area = Range.parse(range_text)
    first = f"${column_letters(area.left)}${area.top}"
    last = f"${column_letters(area.right)}${area.bottom}"
    return first if first == last else f"{first}:{last}"
