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
from itertools import compress, repeat
from operator import ge
from typing import Protocol

from xlgov.grid.cells import column_letters, column_number
from xlgov.grid.sheet import BRIEF_LENGTH, LONG_TEXT, Column, shortened
from xlgov.ooxml.cell import Raw, SharedText, ValueReader, style_and_type, typed_value
from xlgov.ooxml.row_pattern import GROUPS, row_pattern
from xlgov.ooxml.scan import IrregularSheet, RowPlaces, fast_form, has_groups
from xlgov.ooxml.strings import content_of, plain_texts, text_of

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
        self._wants_all = columns is None
        self.wanted = frozenset(columns or ())
        self.brief = frozenset(brief)
        self._date_1904 = date_1904
        self._prefix = prefix
        self._form = fast_form(prefix)
        self._values = ValueReader(prefix, date_1904)
        x = prefix.encode()
        self._plain = b"<%bv>" % x, b"</%bv>" % x
        self._inline = b"<%bis><%bt>" % (x, x), b"</%bt></%bis>" % (x, x)
        self._preserving = b'<%bis><%bt xml:space="preserve">' % (x, x)
        # Of each column: places in its values, and which shared strings belong there.
        self._shared: dict[int, tuple[array[int], array[int]]] = {}
        self._texts = _Texts()
        self._row: re.Pattern[bytes] | None = None
        self._may_match = columns is not None and rows is None
        self._matched = self._missed = 0
        self._last = 0
        self._takes_all = True
        self.rows = RowPlaces()
        self.has_groups = False
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
        return self._wants_all or column in self.wanted

    def take(self, buffer: bytes) -> bool:
        """Collect from a stretch of whole rows; False once the rows asked for are past.

        Raises IrregularSheet where it is not of the common form.
        """
        if self._may_match and self._row is None and len(buffer) >= _SMALL:
            self._row = row_pattern(self._prefix, self._order, self.brief)
            self._may_match = self._row is not None
        if self._may_match and self._row is not None:
            self._take_rows(buffer, self._row)
            return True
        self._takes_all = False
        return self._take_cells(buffer)

    @property
    def places(self) -> RowPlaces | None:
        """Where the rows stand; None unless all were seen to be of the common form, and ascending.

        Also None where an array formula or data table was seen, for an edit may hit it.
        """
        return self.rows if self._takes_all and not self.has_groups else None

    @property
    def is_thorough(self) -> bool:
        """Whether every row was looked at as a whole: all of the common form, and ascending."""
        return self._takes_all

    def put(self, row: int, column: int, value: Raw, formula: bool, style: int) -> None:
        """Add a cell that the parser found; of two at one place the first stands."""
        cells = self.columns.get(column)
        if cells is None or not cells.rows or cells.rows[-1] != row:
            self._append(row, column, value, formula, style)

    def finish(self, read: Callable[[list[array[int]], list[array[int]]], SharedTexts]) -> None:
        """After the last stretch: look up the shared strings.

        ``read`` gets the indexes of those wanted whole, and of those wanted briefly.
        """
        found = self._shared.items()
        if not found:
            return
        texts = read(
            [indexes for number, (_, indexes) in found if number not in self.brief],
            [indexes for number, (_, indexes) in found if number in self.brief],
        )
        for number, (places, indexes) in found:
            values = self.columns[number].values
            text = texts.brief if number in self.brief else texts.text
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
        column.rows.append(row)
        column.styles.append(style)
        self._append_value(column, number, value)
        if formula:
            column.formulas.add(row)

    def _append_value(self, column: Column, number: int, value: Raw) -> None:
        if type(value) is SharedText:
            place = len(column.values)
            self._share(number, range(place, place + 1), (value,))
            value = None
        elif number in self.brief:
            value = shortened(value)
        column.values.append(value)

    def _share(self, number: int, places: Sequence[int], indexes: Sequence[int]) -> None:
        held = self._shared.get(number)
        if held is None:
            held = self._shared[number] = array("I"), array("Q")
        held[0].extend(places)
        held[1].extend(indexes)

    # --- many rows at a time

    def _take_rows(self, buffer: bytes, pattern: re.Pattern[bytes]) -> None:
        match, find = pattern.match, buffer.find
        found: list[tuple[bytes, ...]] = []
        starts: list[int] = []
        place, end = 0, len(buffer)
        while place < end:
            row = match(buffer, place)
            if row is not None:
                found.append(row.groups())
                starts.append(place)
                place = row.end()
                continue
            self._add_rows(found)
            found = []
            stop = find(self._form.row_open, place + 1)
            stop = end if stop < 0 else stop
            odd = buffer[place:stop]
            self._take_cells(odd)
            spans = list(self._form.rows(odd))
            self._note_rows([each.number for each in spans])
            starts += [place + each.start for each in spans]
            self.has_groups = self.has_groups or has_groups(odd)
            self._missed += 1
            place = stop
        self._add_rows(found)
        seen = self.rows
        seen.starts.extend([seen.end + start for start in starts])
        seen.end += end
        if self._missed > _ENOUGH and self._missed > self._matched:
            self._may_match = False

    def _add_rows(self, found: Sequence[tuple[bytes, ...]]) -> None:
        """Turn matched rows into columns."""
        if not found:
            return
        self._matched += len(found)
        numbers, *cells = zip(*found, strict=True)
        rows = array("I", map(int, numbers))
        self._note_rows(rows)
        for place, column in enumerate(self._order):
            self._add_cells(column, rows, *cells[GROUPS * place : GROUPS * (place + 1)])

    def _note_rows(self, rows: Sequence[int]) -> None:
        if rows:
            if rows[0] <= self._last or any(map(ge, rows, rows[1:])):
                raise IrregularSheet
            self._last = rows[-1]
            self.rows.numbers.extend(rows)

    def _add_cells(
        self,
        number: int,
        rows: array[int],
        attributes: Sequence[bytes | None],
        insides: Sequence[bytes | None],
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
            insides = list(compress(insides, present))
        column = self.columns.get(number)
        if column is None:
            column = self.columns[number] = Column()
        elif rows[0] <= column.rows[-1]:
            raise IrregularSheet
        meanings = {each: _meaning(each) for each in spellings if each is not None}
        column.rows.extend(rows)
        if len(meanings) == 1:
            column.styles.extend(array("I", [meanings[attributes[0] or b""][0]]) * len(rows))
        else:
            column.styles.extend([meanings[each or b""][0] for each in attributes])
        kinds = {kind for _, kind in meanings.values() if kind}
        closed = [each for each, (_, kind) in meanings.items() if not kind]
        are_closed = [each in closed for each in attributes] if closed else ()
        kind = next(iter(kinds), "")
        if len(kinds) > 1 or not self._extend(column, number, kind, insides, are_closed):
            for row, spelling, inside in zip(rows, attributes, insides, strict=True):
                kind = meanings[spelling or b""][1]
                value, formula = self._values.value(kind, inside) if inside else (None, False)
                if inside is None and kind == "inlineStr":
                    value = LONG_TEXT
                self._append_value(column, number, value)
                if formula:
                    column.formulas.add(row)

    def _extend(
        self,
        column: Column,
        number: int,
        kind: str,
        insides: Sequence[bytes | None],
        are_closed: Sequence[bool],
    ) -> bool:
        """Add the values of cells of one type; False, and nothing added, where one is not plain.

        A cell without an inside is self-closing, or has a long text in a brief column.
        """
        filled = insides if None not in insides else [each for each in insides if each is not None]
        bare = self._contents(kind, filled)  # type: ignore[arg-type]  # None was left out
        if bare is None:
            return False
        if kind == "s":
            if not _are_short_numbers(bare):
                return False
            start = len(column.values)
            places = [place for place, each in enumerate(insides, start) if each is not None]
            self._share(number, places, list(map(int, bare)))
            column.values.extend([None] * len(insides))
            return True
        values = self._plain_values(kind, number, bare)
        if len(values) < len(insides):
            left = iter(values)
            long = LONG_TEXT if kind == "inlineStr" else None
            values = [
                next(left) if each is not None else None if is_closed else long
                for each, is_closed in zip(insides, are_closed or repeat(False), strict=False)
            ]
        column.values.extend(values)
        return True

    def _contents(self, kind: str, insides: Sequence[bytes]) -> list[bytes] | None:
        """What stands between the tags of each; None where a cell has more than the plain ones.

        An inside holds a tag at most once and no text holds ``<``, so as many pieces as there are
        insides means that each is plain.
        """
        if not insides:
            return []
        opening, closing = self._inline if kind == "inlineStr" else self._plain
        joined = b"".join(insides)
        if kind == "inlineStr":
            joined = joined.replace(self._preserving, opening)
        if not (joined.startswith(opening) and joined.endswith(closing)):
            return None
        pieces = joined[len(opening) : -len(closing)].split(closing + opening)
        return pieces if len(pieces) == len(insides) else None

    def _plain_values(self, kind: str, number: int, contents: Sequence[bytes]) -> Sequence[Raw]:
        if kind == "n":
            if _are_short_numbers(contents):
                return list(map(int, contents))
            return [self._number(each) for each in contents]
        if kind in ("inlineStr", "str"):
            if number not in self.brief:
                return self._texts.of(contents)
            short = iter(self._texts.of([each for each in contents if len(each) <= BRIEF_LENGTH]))
            return [
                next(short)
                if len(each) <= BRIEF_LENGTH
                else LONG_TEXT
                if each[:1].isalnum()  # which is seen without decoding: not a blank
                else shortened(self._texts[each])
                for each in contents
            ]
        return [self._typed(kind, each) for each in contents]

    def _number(self, content: bytes) -> Raw:
        if content.isdigit() and len(content) < 10:
            return int(content)
        return self._typed("n", content)

    def _typed(self, kind: str, content: bytes) -> Raw:
        return typed_value(kind, content_of(content), self._date_1904)


class _Texts(dict[bytes, str | None]):
    """Raw content to text; so many are kept that a text which comes often is one object."""

    def __missing__(self, content: bytes) -> str | None:
        text = text_of(content) or None
        if len(self) < _MOST_KNOWN:
            self[content] = text
        return text

    def of(self, contents: Sequence[bytes]) -> list[str | None]:
        """The texts of many: all at once where they differ and are plain, as references do."""
        if len(set(contents)) * 2 > len(contents):
            texts = plain_texts(contents)
            if texts is not None:
                return [each or None for each in texts]
        return list(map(self.__getitem__, contents))


def _are_short_numbers(contents: Sequence[bytes]) -> bool:
    """Whether all are figures alone, few enough to be exact."""
    return (
        b"".join(contents).isdigit()
        and all(contents)
        and len(max(contents, key=len, default=b"")) < 10
    )


def _meaning(attributes: bytes) -> tuple[int, str]:
    """Style and type of a spelling of attributes; the type of a self-closing cell is ""."""
    if b" xmlns" in attributes:
        raise IrregularSheet
    if attributes.endswith(b"/"):
        return style_and_type(attributes[:-1])[0], ""
    style, kind = style_and_type(attributes)
    if not kind:  # t=""
        raise IrregularSheet
    return style, kind
