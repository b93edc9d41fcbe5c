"""Cells of a sheet collected into columns, from stretches of its rows or one at a time.

Why in two ways: plain rows are matched whole and become columns many rows at a time; any other row
is taken cell by cell. Both give the same columns, and a property test holds them together.

Why texts may be brief: of a description or a control the domain asks whether it is there, or
whether it says "n/a". A register of 100,000 rows has a million such texts; none of them is kept.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Sequence
from itertools import compress
from operator import ge
from typing import Protocol

from xlgov.grid.cells import column_letters, column_number
from xlgov.grid.sheet import BRIEF_LENGTH, LONG_TEXT, Column, shortened
from xlgov.ooxml.cell import Raw, SharedText, ValueReader, style_and_type, typed_value
from xlgov.ooxml.markup import as_text, unescape
from xlgov.ooxml.row_pattern import GROUPS, row_pattern
from xlgov.ooxml.scan import IrregularSheet, fast_form
from xlgov.ooxml.strings import text_of

_SMALL = 1 << 17  # a stretch not worth the making of a pattern
_MOST_KNOWN = 4096  # texts kept to be given again: owners, statuses, short answers
_ENOUGH = 1000  # rows after which a pattern that misses most of them is given up


class SharedTexts(Protocol):
    """Shared strings by index: their text, or as a brief column gives it."""

    def text(self, index: int) -> str | None: ...
    def brief(self, index: int) -> str | None: ...


class ColumnReading:
    """Columns being collected: which cells are wanted, and what was found so far."""

    def __init__(
        self,
        prefix: str,
        rows: int | None,
        columns: Collection[int] | None,
        brief: Collection[int],
        date_1904: bool,
    ) -> None:
        self.columns: dict[int, Column] = {}
        self.is_complete = columns is None
        self._last_wanted = rows
        self._order = sorted(columns) if columns is not None else []
        self._wanted = None if columns is None else frozenset(columns)
        self._brief = frozenset(brief)
        self._date_1904 = date_1904
        self._prefix = prefix
        self._form = fast_form(prefix)
        self._values = ValueReader(prefix, date_1904)
        # Of each column: places in its values, and which shared strings belong there.
        self._shared: dict[int, tuple[array[int], array[int]]] = {}
        self._known: dict[bytes, str | None] = {}
        self._row: re.Pattern[bytes] | None = None
        self._may_match = columns is not None and rows is None
        self._matched = self._missed = 0
        letters = (
            b"[A-Z]{1,3}"
            if columns is None
            else b"|".join(column_letters(c).encode() for c in self._order) or b"-"
        )
        p = re.escape(prefix.encode())
        # The attributes are checked when their spelling is first met (style_and_type).
        self._cell = re.compile(
            b"<" + p + b'c r="(' + letters + rb')(\d+)"([^>]*?)(?:/>|>(.*?)</' + p + b"c>)",
            re.DOTALL,
        )

    def wants(self, row: int, column: int) -> bool:
        """Whether a cell is asked for; notes when one is not, so that the grid says so."""
        if self._last_wanted is not None and row > self._last_wanted:
            self.is_complete = False
            return False
        return self._wanted is None or column in self._wanted

    def take(self, buffer: bytes) -> bool:
        """Collect from a stretch of whole rows; False once the rows asked for are past.

        Raises IrregularSheet where it is not of the common form.
        """
        if self._may_match and self._row is None and len(buffer) >= _SMALL:
            self._row = row_pattern(self._prefix, self._order)
            self._may_match = self._row is not None
        if self._may_match and self._row is not None:
            self._take_rows(buffer, self._row)
            return True
        return self._take_cells(buffer)

    def put(self, row: int, column: int, value: Raw, formula: bool, style: int) -> None:
        """Add a cell that the parser found; of two at one place the first stands."""
        cells = self.columns.get(column)
        if cells is None or not cells.rows or cells.rows[-1] != row:
            self._append(row, column, value, formula, style)

    def resolve(self, read: Callable[[list[array[int]], list[array[int]]], SharedTexts]) -> None:
        """Look up the shared strings; ``read`` gets the indexes wanted whole, and brief."""
        found = self._shared.items()
        if not found:
            return
        texts = read(
            [indexes for number, (_, indexes) in found if number not in self._brief],
            [indexes for number, (_, indexes) in found if number in self._brief],
        )
        for number, (places, indexes) in found:
            values = self.columns[number].values
            text = texts.brief if number in self._brief else texts.text
            for place, index in zip(places, indexes, strict=True):
                values[place] = text(index)
        self._shared = {}

    # --- cell by cell

    def _take_cells(self, buffer: bytes) -> bool:
        self._form.check(buffer)
        last_wanted, values = self._last_wanted, self._values
        numbers: dict[bytes, int] = {}
        for match in self._cell.finditer(buffer):
            letters, digits, attributes, inside = match.groups()
            row = int(digits)
            if last_wanted is not None and row > last_wanted:
                self.is_complete = False
                return False
            style, kind = style_and_type(attributes)
            number = numbers.get(letters)
            if number is None:
                number = numbers[letters] = column_number(letters.decode())
            value, formula = values.value(kind, inside) if inside else (None, False)
            column = self.columns.get(number)
            if column is not None and row <= column.rows[-1]:
                raise IrregularSheet
            self._append(row, number, value, formula, style)
        return True

    def _append(self, row: int, number: int, value: Raw, formula: bool, style: int) -> None:
        column = self.columns.get(number)
        if column is None:
            column = self.columns[number] = Column()
        if type(value) is SharedText:
            self._share(number, range(len(column.values), len(column.values) + 1), (value,))
            value = None
        elif number in self._brief:
            value = shortened(value)
        column.rows.append(row)
        column.values.append(value)
        column.styles.append(style)
        if formula:
            column.formulas.add(row)

    def _share(self, number: int, places: Sequence[int], indexes: Sequence[int]) -> None:
        held = self._shared.get(number)
        if held is None:
            held = self._shared[number] = array("I"), array("Q")
        held[0].extend(places)
        held[1].extend(indexes)

    # --- many rows at a time

    def _take_rows(self, buffer: bytes, pattern: re.Pattern[bytes]) -> None:
        if buffer.find(b" xmlns") >= 0:
            raise IrregularSheet
        match, find = pattern.match, buffer.find
        found: list[tuple[bytes | None, ...]] = []
        place, end = 0, len(buffer)
        while place < end:
            row = match(buffer, place)
            if row is not None:
                found.append(row.groups())
                place = row.end()
                continue
            self._add_rows(found)
            found = []
            stop = find(self._form.row_open, place + 1)
            stop = end if stop < 0 else stop
            self._take_cells(buffer[place:stop])
            self._missed += 1
            place = stop
        self._add_rows(found)
        if self._missed > _ENOUGH and self._missed > self._matched:
            self._may_match = False

    def _add_rows(self, found: Sequence[tuple[bytes | None, ...]]) -> None:
        if not found:
            return
        self._matched += len(found)
        numbers, *cells = zip(*found, strict=True)
        rows = array("I", map(int, numbers))
        if any(map(ge, rows, rows[1:])):
            raise IrregularSheet
        for place, column in enumerate(self._order):
            self._add_cells(column, rows, *cells[GROUPS * place : GROUPS * (place + 1)])

    def _add_cells(
        self,
        number: int,
        rows: array[int],
        attributes: Sequence[bytes | None],
        formulas: Sequence[bytes | None],
        openings: Sequence[bytes | None],
        contents: Sequence[bytes | None],
    ) -> None:
        """Add a column's cells of many rows; attributes are None where a row has no cell."""
        spellings = set(attributes)
        if None in spellings:
            spellings.discard(None)
            if not spellings:
                return
            present = [each is not None for each in attributes]
            rows = array("I", compress(rows, present))
            attributes = list(compress(attributes, present))
            formulas = list(compress(formulas, present))
            openings = list(compress(openings, present))
            contents = list(compress(contents, present))
        column = self.columns.get(number)
        if column is None:
            column = self.columns[number] = Column()
        elif rows[0] <= column.rows[-1]:
            raise IrregularSheet
        meanings = {each: _meaning(each) for each in spellings if each is not None}
        column.rows.extend(rows)
        column.styles.extend([meanings[each][0] for each in attributes if each is not None])
        if any(formulas):
            column.formulas.update(compress(rows, formulas))
        start = len(column.values)
        kinds = {kind for _, kind in meanings.values() if kind}
        if len(kinds) < 2:
            kind = next(iter(kinds), "")
            _refuse_other(kind, set(openings))
            column.values.extend(self._read(kind, number, start, contents))
            return
        each_kind = [meanings[each][1] for each in attributes if each is not None]
        for place, (kind, opening, content) in enumerate(
            zip(each_kind, openings, contents, strict=True), start
        ):
            _refuse_other(kind, {opening})
            column.values.extend(self._read(kind, number, place, (content,)))

    def _read(
        self, kind: str, number: int, start: int, contents: Sequence[bytes | None]
    ) -> Sequence[Raw]:
        """Values of cells of one type; shared strings are noted, to be put at ``start`` and on."""
        if not kind:
            return [None] * len(contents)
        if kind == "n":
            return self._read_numbers(contents)
        if kind in ("inlineStr", "str"):
            if number in self._brief:
                return [self._brief_text(each) for each in contents]
            return [self._text(each) for each in contents]
        if kind == "s":
            self._note_shared(number, start, contents)
            return [None] * len(contents)
        return [None if each is None else self._typed(kind, each) for each in contents]

    def _read_numbers(self, contents: Sequence[bytes | None]) -> Sequence[Raw]:
        plain = [each for each in contents if each]
        if len(plain) == len(contents) and b"".join(plain).isdigit() and _are_short(plain):
            return list(map(int, plain))
        return [None if each is None else self._number(each) for each in contents]

    def _number(self, content: bytes) -> Raw:
        if content.isdigit() and len(content) < 10:
            return int(content)
        return self._typed("n", content)

    def _typed(self, kind: str, content: bytes) -> Raw:
        return typed_value(kind, unescape(as_text(content)), self._date_1904)

    def _note_shared(self, number: int, start: int, contents: Sequence[bytes | None]) -> None:
        plain = [each for each in contents if each]
        if len(plain) == len(contents) and b"".join(plain).isdigit() and _are_short(plain):
            self._share(number, range(start, start + len(plain)), list(map(int, plain)))
            return
        indexes = []
        places = []
        for place, content in enumerate(contents, start):
            index = None if content is None else self._typed("s", content)
            if type(index) is SharedText:
                places.append(place)
                indexes.append(index)
        self._share(number, places, indexes)

    def _text(self, content: bytes | None) -> str | None:
        if not content:
            return None
        known = self._known.get(content)
        if known is None:
            known = text_of(content) or None
            if len(self._known) < _MOST_KNOWN:
                self._known[content] = known
        return known

    def _brief_text(self, content: bytes | None) -> Raw:
        if content and len(content) > BRIEF_LENGTH and content[:1].isalnum():
            return LONG_TEXT
        return shortened(self._text(content))


def _are_short(numbers: Sequence[bytes]) -> bool:
    return len(max(numbers, key=len)) < 10


def _refuse_other(kind: str, openings: set[bytes | None]) -> None:
    """A number in ``is``, or an inline string in ``v``: what it means only the parser knows."""
    for opening in openings:
        if opening is not None and (b"is>" in opening) != (kind == "inlineStr"):
            raise IrregularSheet


def _meaning(attributes: bytes) -> tuple[int, str]:
    """Style and type of a spelling of attributes; the type of a self-closing cell is ""."""
    if attributes.endswith(b"/"):
        return style_and_type(attributes[:-1])[0], ""
    return style_and_type(attributes)
