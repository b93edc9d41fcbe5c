"""Where rows and cells stand in a sheet's XML: fast by byte scan, careful by parser.

Why two ways: a parser visits every element of a large sheet and a byte search only those asked
for, which is many times faster. But a search is right only on sheets of the common form, the one
that Excel, LibreOffice and nearly every library write: ``r`` first on every row and cell, double
quotes, single blanks, one prefix throughout, rows ascending, no comments, CDATA or extensions.
``FastForm`` checks every tag of every stretch it scans against that form and raises
``IrregularSheet`` the moment it does not hold; the caller then takes ``scan_carefully``. Both give
the same spans, and a property test holds them together.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from xlgov.errors import DamagedError, HostileError
from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, column_number, parse_address
from xlgov.ooxml.markup import (
    MAX_DEPTH,
    MAX_TEXT,
    ill_formed,
    make_parser,
    split_name,
    tag_end,
    too_long,
    whole_number,
)

_SHEET_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s[^<>]*?)?(/?)>")
_MOST_HELD = 16 << 20  # bytes of the head, or of a row: far more than any sheet has
# Numbers that a sheet has: a row past the last one is for the careful way to refuse.
ROW_NUMBER = (
    rb"(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|"
    rb"104857[0-6])"
)
COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"


class IrregularSheet(Exception):
    """The sheet is not of the common form; it needs the careful way."""


@dataclass(slots=True)
class Span:
    """A row or cell: its number (row or column) and its places in the bytes it was found in.

    Self-closing: ``open_end == close_start == end``.
    """

    number: int
    start: int
    open_end: int
    close_start: int
    end: int


@dataclass(slots=True)
class RowPlaces:
    """The rows of a sheet: numbers, where each begins, and where the last ends with what follows.

    Places are counted from the end of the sheet's head.
    """

    numbers: array[int] = field(default_factory=lambda: array("I"))
    starts: array[int] = field(default_factory=lambda: array("Q"))
    end: int = 0


def has_groups(rows: bytes) -> bool:
    """Whether rows of the common form hold an array formula or a data table."""
    return b' t="array"' in rows or b' t="dataTable"' in rows


class FastForm:
    """The searches for one namespace prefix (``""`` or ``"x:"``)."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        p = re.escape(prefix.encode())
        self.row_open = b"<" + prefix.encode() + b"row"
        self._row_close = b"</" + prefix.encode() + b"row>"
        self._cell_open = b"<" + prefix.encode() + b'c r="'
        self._cell_close = b"</" + prefix.encode() + b"c>"
        self.data_close = b"</" + prefix.encode() + b"sheetData>"
        self._row = re.compile(
            b"<" + p + rb'row r="(' + ROW_NUMBER + rb')"(?: [\w:.-]+="[^"<>]*")* ?/?>'
        )
        self._cell = re.compile(
            b"<"
            + p
            + rb'c r="('
            + COLUMN
            + b")("
            + ROW_NUMBER
            + rb')"((?: [\w:.-]+="[^"<>]*")*) ?(/?)>'
        )
        # Rows of cells of formula, value or text in line, with plain attributes, and blanks between
        # them. So comments, CDATA, instructions, elements under another prefix, single quotes and
        # tags over several lines are irregular; of a formula's attributes also references, as they
        # are compared unresolved. Possessive throughout: no content makes a search of it long.
        marks = rb'(?: [\w:.-]++="[^"<>]*+")*+ ?'
        known = rb"(?:c|f|v|t|is|row|extLst)[ />]"

        def holding(name: bytes, marks: bytes = marks) -> bytes:
            return rb"<%b%b%b(?:/>|>[^<]*+</%b%b>)" % (p, name, marks, p, name)

        look = rb"<%b(?!%b)[A-Za-z]++%b/?>|</%b(?!%b)[A-Za-z]++>" % (p, known, marks, p, known)
        text = rb"<%bis>(?:%b|%b|\s++)*+</%bis>|<%bis ?/>" % (p, holding(b"t"), look, p, p)
        formula = holding(b"f", rb'(?: [\w:.-]++="[^"<>&\']*+")*+ ?')
        cell = rb'<%bc r="%b%b"%b(?:/>|>\s*+(?:%b\s*+)?(?:%b\s*+)?(?:%b)?\s*+</%bc>)' % (
            (p, COLUMN, ROW_NUMBER, marks, formula, holding(b"v"), text, p)
        )
        first = rb'(?: (?!r=)[\w:.-]++="[^"<>]*+")*+'  # LibreOffice wrote the number last
        row = rb'<%brow%b r="%b"%b(?:/>|>\s*+(?:%b\s*+)*+</%brow>)' % (
            (p, first, ROW_NUMBER, marks, cell, p)
        )
        self._rows = re.compile(rb"\s*+(?:%b\s*+)*+" % row)

    def check(self, buffer: bytes) -> None:
        """Raise IrregularSheet unless a stretch of whole rows is of the common form."""
        if not self._rows.fullmatch(buffer) or buffer.find(b" xmlns") >= 0:
            raise IrregularSheet

    def row(self, buffer: bytes, number: int, place: int) -> Span | None:
        """Span of the row of a number at ``place`` or behind it, None where there is none."""
        start = buffer.find(b'%b r="%d"' % (self.row_open, number), place)
        return None if start < 0 else next(self.rows(buffer, start))

    def last_row(self, buffer: bytes) -> int:
        """Number of the last row in a stretch of whole rows; 0 where it has none."""
        start = buffer.rfind(self.row_open)
        return 0 if start < 0 else next(self.rows(buffer, start)).number

    def rows(self, buffer: bytes, place: int = 0) -> Iterator[Span]:
        """Spans of the rows in a stretch of whole rows, from ``place`` on."""
        find, match = buffer.find, self._row.match
        while True:
            start = find(self.row_open, place)
            if start < 0:
                return
            opening = match(buffer, start)
            if opening is None:
                raise IrregularSheet
            open_end = opening.end()
            if buffer[open_end - 2] == 0x2F:  # a slash: <row .../>
                close_start = end = open_end
            else:
                close_start = find(self._row_close, open_end)
                if close_start < 0:
                    raise IrregularSheet
                end = close_start + len(self._row_close)
            yield Span(int(opening[1]), start, open_end, close_start, end)
            place = end

    def cell(self, buffer: bytes, row: Span, address: str) -> Span | None:
        """Span of one cell of a row, or None where the row has no such cell."""
        wanted = self._cell_open + address.encode() + b'"'
        start = buffer.find(wanted, row.open_end, row.close_start)
        return None if start < 0 else self._span(buffer, start, row.number)

    def cells(self, buffer: bytes, row: Span) -> list[Span]:
        """Spans of all cells of a row."""
        found = []
        place = row.open_end
        while (start := buffer.find(self._cell_open, place, row.close_start)) >= 0:
            span = self._span(buffer, start, row.number)
            found.append(span)
            place = span.end
        return found

    def _span(self, buffer: bytes, start: int, row: int) -> Span:
        opening = self._cell.match(buffer, start)
        if opening is None or int(opening[2]) != row:
            raise IrregularSheet
        open_end = opening.end()
        column = column_number(opening[1].decode())
        if opening[4]:
            return Span(column, start, open_end, open_end, open_end)
        close_start = buffer.find(self._cell_close, open_end)
        if close_start < 0:
            raise IrregularSheet
        return Span(column, start, open_end, close_start, close_start + len(self._cell_close))


@lru_cache(maxsize=16)
def fast_form(prefix: str) -> FastForm:
    """The searches for a prefix, compiled once."""
    return FastForm(prefix)


def split_stream(chunks: Iterable[bytes]) -> Iterator[tuple[str, bytes, str]]:
    """A sheet as ("head" | "rows" | "tail", bytes, prefix), whole rows at a time.

    The head ends with the ``sheetData`` tag (self-closing or not), the tail begins with its end
    tag or just after the self-closing one. Concatenated, the pieces are the sheet. Raises
    IrregularSheet where the sheet is not of the common form.
    """
    source = iter(chunks)
    buffer = b""
    opening = None
    for chunk in source:
        seen = max(0, buffer.rfind(b"<"))
        buffer += chunk
        opening = _SHEET_DATA.search(buffer, seen)
        if opening or len(buffer) > _MOST_HELD:
            break
    if opening is None or not _is_plain_head(buffer[: opening.start()]):
        raise IrregularSheet
    prefix = opening[1].decode()
    form = fast_form(prefix)
    yield "head", buffer[: opening.end()], prefix
    buffer = buffer[opening.end() :]
    if not opening[2]:
        seen = 0
        while (close := buffer.find(form.data_close, seen)) < 0:
            cut = buffer.rfind(form.row_open, seen)
            if cut > 0:
                yield "rows", buffer[:cut], prefix
                buffer = buffer[cut:]
            seen = max(0, len(buffer) - len(form.data_close))
            chunk = next(source, b"")
            if not chunk or len(buffer) > _MOST_HELD:
                raise IrregularSheet
            buffer += chunk
        if close:
            yield "rows", buffer[:close], prefix
        buffer = buffer[close:]
    yield "tail", b"".join((buffer, *source)), prefix


def _is_plain_head(head: bytes) -> bool:
    declared = re.match(rb"\s*<\?xml[^>]*\?>", head.removeprefix(b"\xef\xbb\xbf"))
    if declared:
        encoding = re.search(rb"encoding\s*=\s*[\"']([^\"']+)", declared[0])
        if encoding and encoding[1].lower() != b"utf-8":
            return False
    return b"<!" not in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))


@dataclass(slots=True)
class ParsedCell:
    """What the parser saw of a cell: attributes, formula, the text of its value."""

    row: int
    span: Span
    attributes: dict[str, str]
    value: str | None = None
    inline: str | None = None
    formula: str | None = None
    formula_attributes: dict[str, str] = field(default_factory=dict)
    formula_span: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class SheetPlaces:
    """Where a carefully scanned sheet's rows stand, and the ends of its ``sheetData`` tag."""

    open_start: int
    open_end: int
    close_start: int
    rows: list[tuple[Span, list[ParsedCell]]]


def scan_carefully(
    raw: bytes, part: str, keep: Callable[[int, int], bool] | None = None
) -> SheetPlaces:
    """Spans of every row, and every cell for which ``keep(row, column)`` holds (default all).

    Cells of shared and array formulas are always kept: an edit elsewhere may concern them.
    ``raw`` is the whole sheet as UTF-8. Rows and cells without an ``r`` follow the one before; a
    row without one takes its first cell's. Only the first ``sheetData`` counts, and only
    elements of the sheet's own namespace.

    Raises DamagedError where it is not well formed or an address is impossible, HostileError where
    it nests too deep, declares a document type, or has a text that no cell can hold.
    """
    parser = make_parser(part)
    places = SheetPlaces(-1, -1, -1, [])
    stack: list[str] = []
    row: Span | None = None
    cells: list[ParsedCell] = []
    cell: ParsedCell | None = None
    last_row = last_column = 0
    guessed = False
    text: list[str] | None = None
    length = 0
    own = ""

    def wrong(what: str) -> DamagedError:
        return DamagedError(f"{part}: {what}; the file is damaged. Repair it in Excel and save it.")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, cells, cell, last_row, last_column, text, own, guessed
        namespace, local = split_name(name)
        place = parser.CurrentByteIndex
        depth = len(stack)
        if depth >= MAX_DEPTH:
            raise HostileError(f"{part} nests elements more than {MAX_DEPTH} deep; not read.")
        if depth == 0:
            own = namespace
        elif namespace != own:
            local = name  # never one of the names below
        stack.append(local)
        if depth == 1 and local == "sheetData" and places.open_start < 0:
            places.open_start, places.open_end = place, tag_end(raw, place)
        elif depth == 2 and local == "row" and stack[1] == "sheetData" and places.close_start < 0:
            guessed = "r" not in attributes
            number = last_row + 1 if guessed else whole_number(attributes["r"])
            if number is None or not 1 <= number <= MAX_ROW:
                found = attributes.get("r", number)
                raise wrong(f"a row is numbered {found!r}; expected 1 to {MAX_ROW}")
            last_row, last_column = number, 0
            open_end = tag_end(raw, place)
            row, cells = Span(last_row, place, open_end, open_end, open_end), []
        elif depth == 3 and local == "c" and row is not None:
            here = last_row
            if "r" in attributes:
                try:
                    here, last_column = parse_address(attributes["r"])
                except ValueError:
                    raise wrong(f"{attributes['r']!r} is not a cell address") from None
                if guessed:
                    row.number = last_row = here
            else:
                last_column += 1
                if last_column > MAX_COLUMN:
                    raise wrong(f"row {last_row} has a cell past the last column")
            guessed = False
            open_end = tag_end(raw, place)
            span = Span(last_column, place, open_end, open_end, open_end)
            cell = ParsedCell(here, span, attributes)
        elif cell is not None and depth == 4 and local in ("v", "f"):
            text = []
            if local == "f":
                cell.formula_attributes = attributes
                cell.formula_span = place, tag_end(raw, place)
        elif cell is not None and local == "t" and "rPh" not in stack and depth >= 5:
            text = []

    def end(name: str) -> None:
        nonlocal row, cell, text
        local = stack.pop()
        depth = len(stack)
        place = parser.CurrentByteIndex
        if cell is not None:
            if depth == 4 and local == "v":
                cell.value, text = "".join(text or ()), None
            elif depth == 4 and local == "f":
                cell.formula, text = "".join(text or ()), None
                first, last = cell.formula_span
                if raw[last - 2 : last] != b"/>":
                    cell.formula_span = first, raw.index(b">", place) + 1
            elif local == "t" and text is not None:
                cell.inline, text = (cell.inline or "") + "".join(text), None
            elif depth == 3:
                _close(raw, cell.span, place)
                at = cell.span.number
                asked = keep is None or keep(cell.row, at) or (row and keep(row.number, at))
                if asked or cell.formula_attributes:
                    cells.append(cell)
                cell = None
        elif depth == 2 and row is not None:
            _close(raw, row, place)
            places.rows.append((row, cells))
            row = None
        elif depth == 1 and local == "sheetData" and places.close_start < 0:
            closed = raw[places.open_end - 2 : places.open_end] == b"/>"
            places.close_start = places.open_end if closed else place

    def characters(piece: str) -> None:
        nonlocal length
        if text is not None:
            length = length + len(piece) if text else len(piece)
            if length > MAX_TEXT:
                raise too_long(part)
            text.append(piece)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise ill_formed(part, error) from None
    return places


def _close(raw: bytes, span: Span, place: int) -> None:
    if raw[span.open_end - 2 : span.open_end] == b"/>":
        span.close_start = span.end = span.open_end
    else:
        span.close_start = place
        span.end = raw.index(b">", place) + 1
