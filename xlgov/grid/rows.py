"""Which rows below a header are records: not blanks, totals, section headings or footnotes.

Why in two passes: a row with scores is a record whatever its reference looks like; a row without
is one only if its reference looks like those. A register of 100,000 rows is read in about a
second, so the common row (a reference and a score) is decided first and without looking further.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import overload

from xlgov.grid.cells import CellError, Range, Value
from xlgov.grid.records import Record
from xlgov.grid.sheet import BRIEF_LENGTH, LONG_TEXT, Column, Grid
from xlgov.grid.view import as_number, looks_like_name

# A run of references with nothing else: up to this many are risks still to be scored, more are
# lines that were numbered in advance.
MOST_BARE_REFERENCES = 3
_SECTION_WIDTH = 3  # fields that a merged cell covers when it is a heading across the table

_SUMMARY = re.compile(
    r"(?:grand |sub[ -]?|overall )?(?:total|average|mean|median|count|sum|overall|maximum|minimum"
    r"|max|min|highest|lowest|number of \w+|no\.? of \w+)s?"
    r"(?: (?:number|of|risks?|actions?|decisions?|scores?|ratings?|the|all|register|open|closed"
    r"|live))*\s*[:=]?\s*",
    re.IGNORECASE,
)
_SCALE = re.compile(r"\(?\s*\d+\s*(?:-|–|to)\s*\d+\s*\)?")
_REFERENCE = re.compile(r"[A-Za-z]+[./_-]?\d[\d./_-]*")  # no number, and no label of totals
_FIGURES = re.compile(r"\d+")
_LETTERS = re.compile(r"[A-Za-z]+")

_NO_CELLS: Mapping[str, tuple[int, int]] = {}


class TableRecords(Sequence[Record]):
    """Records of a table, made when somebody looks at one; rows and columns are all it keeps."""

    __slots__ = ("_columns", "_rows")

    def __init__(self, rows: array[int], columns: Mapping[str, int]) -> None:
        self._rows = rows
        self._columns = dict(columns)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if isinstance(place, slice):
            return TableRecords(self._rows[place], self._columns)
        return Record(_NO_CELLS, self._rows[place], self._columns)

    def __iter__(self) -> Iterator[Record]:
        columns = self._columns
        return (Record(_NO_CELLS, row, columns) for row in self._rows)

    def __repr__(self) -> str:
        return f"<{len(self._rows)} records>"


def is_summary_label(text: str) -> bool:
    """Whether a text labels a row of totals.

    >>> is_summary_label("Total risks:"), is_summary_label("Overall loss of public trust")
    (True, False)
    """
    return len(text) < 40 and _SUMMARY.fullmatch(text.strip()) is not None


def _is_scale(value: Value) -> bool:
    """Whether a cell says what to enter (*1 - 5*) and not what was entered."""
    return isinstance(value, str) and _SCALE.fullmatch(value.strip()) is not None


def shape_of(value: Value) -> str:
    """The form of a reference: letters as A, figures as 9.

    >>> shape_of("SR1.12"), shape_of(7.0), shape_of("Finance")
    ('A9.9', '9', 'A')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _FIGURES.sub("9", _LETTERS.sub("A", str(value).strip()))


class RecordRows:
    """Finds the record rows of one table.

    ``names`` are the columns that tell records apart, strongest first (reference, description);
    ``has_references`` says that the first holds references and not prose. ``scores`` are the
    columns of the measures, ``others`` the rest. ``texts`` are the header's own texts by column;
    ``is_heading`` knows words that head some table.
    """

    def __init__(
        self,
        grid: Grid,
        names: Sequence[int],
        scores: Sequence[int],
        others: Sequence[int],
        texts: Mapping[int, frozenset[str]],
        is_heading: Callable[[str], bool],
        has_references: bool = True,
    ) -> None:
        self.grid = grid
        self.names = names
        self.scores = scores
        self.others = others
        self.texts = texts
        self.is_heading = is_heading
        self.has_references = has_references

    def find(self, first: int, last: int | None = None) -> array[int]:
        """Rows of the records from row ``first`` to ``last`` (None: the end of the sheet)."""
        grid = self.grid
        held = [grid.columns[column] for column in self.names if column in grid.columns]
        rows = sorted({row for column in held for row in column.rows if row >= first})
        covered = self._continuations()
        sections = self._sections()
        if not self.scores:
            rows = [row for row in rows if row not in covered and row not in sections]
            return self._find_entries(rows, last)
        scored: list[int] = []
        unscored: list[int] = []
        for row, is_plain in zip(rows, self._are_plain(rows), strict=False):
            if last is not None and row > last:
                break
            if row in covered or row in sections:
                continue
            if is_plain:
                scored.append(row)
                continue
            names = [self._filled(row, column) for column in self.names]
            if not any(name is not None for name in names):
                continue
            if self._has_figure(row):
                kind = "record" if self._may_be_record(names) else "no"
            else:
                kind = self._kind_of_words(row, names)
            if kind == "end":
                break
            if kind == "record":
                scored.append(row)
            elif kind == "unscored":
                unscored.append(row)
        if unscored:
            known = {self._filled(row, self.names[0]) for row in scored} - {None}
            shapes = {shape_of(reference) for reference in known}
            scored += self._unscored_records(unscored, shapes, known)
        return array("I", sorted(scored))

    def _find_entries(self, rows: Sequence[int], last: int | None) -> array[int]:
        """Rows of a register that scores nothing: its first field is filled and one more is.

        A reference may come twice, or be missing: both are for the domain to say.
        """
        found = array("I")
        for row in rows:
            if last is not None and row > last:
                break
            first = self._filled(row, self.names[0])
            values = [self._filled(row, column) for column in (*self.names, *self.others)]
            names = values[: len(self.names)]
            kind = self._kind_of_words(row, names)
            if kind == "end":
                break
            if kind == "no" or first is None or sum(value is not None for value in values) < 2:
                continue
            if not any(isinstance(name, str) and is_summary_label(name) for name in names):
                found.append(row)
        return found

    def _are_plain(self, rows: Sequence[int]) -> Iterable[bool]:
        """For each row, whether it is the common one: a reference, a long text, a figure to score.

        Nothing else needs to be looked at to know that such a row is a record.
        """
        columns = [*self.names[:2], *self.scores[:1]]
        values = [self._values_down(column, rows) for column in columns]
        if len(values) != 3 or len(self.names) != 2 or None in values:
            return repeat(False)
        return map(_is_plain_record, *values)  # type: ignore[arg-type]  # three, and none is None

    def _values_down(self, column: int, rows: Sequence[int]) -> list[Value] | None:
        """A column's values in these rows; None unless it has a cell in each and no formula."""
        held = self.grid.columns.get(column)
        start = held.index(rows[0]) if held and rows else -1
        if held is None or start < 0 or held.formulas:
            return None
        stop = start + len(rows)
        return held.values[start:stop] if held.rows[start:stop] == array("I", rows) else None

    def _has_figure(self, row: int) -> bool:
        """Whether any score of a row is a number."""
        return any(isinstance(self._filled(row, column), (int, float)) for column in self.scores)

    def _may_be_record(self, names: Sequence[Value]) -> bool:
        """Whether a row with figures for scores is a record, not totals or rows of a matrix."""
        figures = 0
        for name in names:
            if isinstance(name, str):
                if is_summary_label(name):
                    return False
                figures += as_number(name) is not None
            elif name is not None:
                figures += 1
        return figures < 2

    def _kind_of_words(self, row: int, names: Sequence[Value]) -> str:
        """What a row without a figure for a score is: its scores are words, or there are none."""
        scores = [self._filled(row, column) for column in self.scores]
        columns = (*self.names, *self.scores, *self.others)
        rest = [self._filled(row, column) for column in self.others]
        words = [
            (column, value.strip())
            for column, value in zip(columns, (*names, *scores, *rest), strict=True)
            if isinstance(value, str)
        ]
        own = sum(word in self.texts.get(column, ()) for column, word in words)
        if own >= 2 and own * 2 > len(words):
            return "no"
        if any(_is_scale(score) for score in scores):
            return "no"
        heads = sum(self.is_heading(word) for _, word in words)
        figures = sum(isinstance(value, (int, float)) for value in (*names, *rest))
        if heads >= 2 and heads * 2 >= len(words) and not figures:
            return "end"
        if all(score is None for score in scores):
            return "unscored"
        return "record" if self._may_be_record(names) else "no"

    def _filled(self, row: int, column: int) -> Value:
        """Value of a cell, None where it shows nothing or is a formula's nothing."""
        held = self.grid.columns.get(column)
        place = -1 if held is None else held.index(row)
        if held is None or place < 0:
            return None
        return _shown(held, place, row)

    def _unscored_records(
        self, rows: Sequence[int], shapes: set[str], known: set[Value]
    ) -> list[int]:
        """Risks still to be scored, among rows that may as well be sections or footnotes."""
        kept: list[int] = []
        bare: list[int] = []  # a run of references with nothing else
        known = set(known)
        for row in rows:
            verdict = self._judge(row, shapes, known)
            if verdict == "bare":
                bare.append(row)
                continue
            if len(bare) <= MOST_BARE_REFERENCES:
                kept += bare
            bare = []
            if verdict == "record":
                kept.append(row)
        if len(bare) <= MOST_BARE_REFERENCES:
            kept += bare
        return kept

    def _judge(self, row: int, shapes: set[str], known: set[Value]) -> str:
        """Whether a row without scores is a ``record``, a ``bare`` reference, or ``no`` record."""
        first = self._filled(row, self.names[0])
        text = "" if first is None else str(first).strip()
        if first in known or is_summary_label(text) or text in self.texts.get(self.names[0], ()):
            return "no"
        others = any(self._filled(row, column) is not None for column in self.others)
        if not self.has_references:
            return "record" if others and first is not None else "no"
        if not looks_like_name(text) or not text:
            return "no"
        described = self._filled(row, self.names[1]) if len(self.names) > 1 else None
        if as_number(described) is not None:
            return "no"
        has_figure = any(letter.isdigit() for letter in text)
        fits = shape_of(first) in shapes if shapes else has_figure
        if not fits and not (has_figure and others and described is not None):
            return "no"
        known.add(first)
        if described is None and not others:
            return "no" if self.grid.has_formula(row, self.names[0]) else "bare"
        return "record"

    def _continuations(self) -> _Rows:
        """Rows that a vertical merge joins to the record above."""
        column = self.names[0]
        return _Rows(
            (merge.top + 1, merge.bottom)
            for merge in self.grid.merges
            if merge.left <= column <= merge.right and merge.bottom > merge.top
        )

    def _sections(self) -> _Rows:
        """Rows of a heading that is merged across the table."""
        fields = (*self.names, *self.scores, *self.others)
        name = self.names[0]

        def is_across(merge: Range) -> bool:
            if merge.top != merge.bottom or not merge.left <= name <= merge.right:
                return False
            return sum(merge.left <= column <= merge.right for column in fields) >= _SECTION_WIDTH

        return _Rows((m.top, m.bottom) for m in self.grid.merges if is_across(m))


def _is_plain_record(reference: Value, text: Value, score: Value) -> bool:
    return (
        type(score) is int
        and type(text) is str
        and type(reference) is str
        and (text == LONG_TEXT or len(text) > BRIEF_LENGTH)
        and _REFERENCE.fullmatch(reference) is not None
    )


class _Rows:
    """A set of rows given as spans, which may overlap and be as long as the sheet."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._tops: list[int] = []
        self._bottoms: list[int] = []
        for top, bottom in sorted(spans):
            if self._bottoms and top <= self._bottoms[-1] + 1:
                self._bottoms[-1] = max(bottom, self._bottoms[-1])
            else:
                self._tops.append(top)
                self._bottoms.append(bottom)

    def __contains__(self, row: int) -> bool:
        place = bisect_right(self._tops, row) - 1
        return place >= 0 and row <= self._bottoms[place]


def _shown(held: Column, place: int, row: int) -> Value:
    value = held.values[place]
    if value is None:
        return None
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, CellError) or value == 0:
        return None if row in held.formulas else value
    return value
