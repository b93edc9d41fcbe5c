"""The first rows of a sheet by row, with its merged cells: what the search for headings looks at.

Why beside ``Grid``: a grid is kept by column so that 100,000 rows cost little; headings are
looked for along rows and under merged cells, over a few hundred rows only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from xlgov.grid.cells import CellError, Range, Value, is_blank
from xlgov.grid.dates import find_date
from xlgov.grid.sheet import Grid

_LARGEST_SCORE = 100
_LARGEST_RATING = 1000
SHORT_TEXT = 30  # characters; a score with its label is not longer
_WORDS_OF_A_SCORE = 2  # "almost certain"
_NAME_LENGTH = 24
_CODE_LENGTH = 14
_EARLIEST_DATE, _LATEST_DATE = 30_000, 80_000  # serial numbers of 1982 and 2119
_MOST_MERGED_CELLS = 400_000  # a hostile sheet may merge the same cells a thousand times
_SAMPLE_ROWS = 60
_DEEPEST_LOOK = 150
_FIGURE = re.compile(r"\d")


@dataclass(slots=True)
class Content:
    """What stands below a heading: how many cells of which look."""

    filled: int = 0
    numbers: int = 0  # figures, also as text
    large: int = 0  # figures too large to be a score
    huge: int = 0  # figures too large to be a rating: amounts, years, dates
    words: int = 0  # a word or two without a figure
    marks: int = 0  # short text with a figure: "3 - Likely", "SR1.1"
    codes: int = 0  # those marks that are one word
    long: int = 0
    dated: int = 0
    largest: float = 0
    distinct: int = 0

    def add_number(self, number: float) -> None:
        """Count one more figure."""
        self.numbers += 1
        self.large += abs(number) > _LARGEST_SCORE
        self.huge += abs(number) > _LARGEST_RATING
        self.largest = max(self.largest, abs(number))

    def add(self, other: Content) -> None:
        """Count what stands elsewhere too; how many differ is not known from it."""
        self.dated += other.dated
        self.numbers += other.numbers
        self.large += other.large
        self.huge += other.huge
        self.largest = max(self.largest, other.largest)
        self.words += other.words
        self.marks += other.marks
        self.codes += other.codes
        self.long += other.long

    def holds(self, what: str) -> bool:
        """Whether the cells can be what a field holds; a blank column can be anything."""
        if not self.filled or not what:
            return True
        half = self.filled / 2
        if what == "score":
            return self.numbers - self.large + self.words + self.marks > half and self.long <= half
        if what == "number":
            return self.numbers - self.huge + self.marks >= half
        if what == "word":
            return self.words > half
        if what == "text":
            return self.numbers <= half and self.codes <= half
        if what == "name":
            return self.long < half and (self.distinct * 2 > self.filled or self.filled < 4)
        if what == "date":
            return self.huge + self.marks + self.long + self.words >= half
        return True

    @property
    def is_numeric(self) -> bool:
        """Whether most cells hold a figure."""
        return self.filled > 0 and self.numbers + self.marks > self.filled / 2


class View:
    """Rows 1 to ``last`` of a grid, by row, with merged cells by row."""

    @classmethod
    def of(cls, grid: Grid) -> View:
        """The view of a grid, made once: every kind of register looks at the same first rows."""
        if grid.seen is None:
            grid.seen = cls(grid)
        assert isinstance(grid.seen, View)
        return grid.seen

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.sheet = grid.sheet
        self.cells: dict[int, dict[int, Value]] = {}
        for column in sorted(grid.columns):
            held = grid.columns[column]
            for row, value in zip(held.rows, held.values, strict=True):
                if not is_blank(value):
                    self.cells.setdefault(row, {})[column] = value
        self.rows = sorted(self.cells)
        self.last = self.rows[-1] if self.rows else 0
        self._merges: dict[int, list[Range]] = {}
        budget = _MOST_MERGED_CELLS
        for merge in sorted(grid.merges, key=lambda merge: merge.left):
            bottom = min(merge.bottom, self.last)
            budget -= max(0, bottom - merge.top + 1)
            if budget < 0:
                break
            for row in range(merge.top, bottom + 1):
                self._merges.setdefault(row, []).append(merge)

    def value(self, row: int, column: int) -> Value:
        return self.cells.get(row, {}).get(column)

    def text(self, row: int, column: int) -> str:
        """Text of a cell; empty for a number or a blank."""
        value = self.cells.get(row, {}).get(column)
        return value if isinstance(value, str) else ""

    def merge(self, row: int, column: int) -> Range | None:
        """The merged range over a cell, if any."""
        merges = self._merges.get(row)
        if not merges:
            return None
        place = bisect_right(merges, column, key=lambda merge: merge.left) - 1
        return merges[place] if place >= 0 and column <= merges[place].right else None

    def merges_in(self, row: int) -> list[Range]:
        """Merged ranges that touch a row."""
        return self._merges.get(row, [])

    def extent(self, row: int, column: int) -> Range:
        """A cell with all that is merged to it."""
        return self.merge(row, column) or Range(row, column, row, column)

    def is_section(self, row: int) -> bool:
        """Whether a row is one band of text across: a single filled cell."""
        return len(self.cells.get(row, ())) == 1

    def content(self, column: int, below: int, headings: frozenset[str] = frozenset()) -> Content:
        """What stands in a column below a row, in the first rows with anything in them."""
        found = Content()
        seen: Counter[Value] = Counter()
        held = self.grid.columns.get(column)
        if held is None:
            return found
        start = bisect_right(self.rows, below)
        for row in self.rows[start : start + _SAMPLE_ROWS]:
            if row > below + _DEEPEST_LOOK:
                break
            cells = self.cells[row]
            value = cells.get(column)
            if value is None or isinstance(value, (bool, CellError)):
                continue
            if (value == 0 and row in held.formulas) or value in headings or len(cells) == 1:
                continue
            found.filled += 1
            seen[value] += 1
            if isinstance(value, str):
                found.add(_content_of(value))
            else:
                found.dated += is_dated(value)
                found.add_number(float(value))
        found.distinct = len(seen)
        return found


@lru_cache(maxsize=8192)  # each row that may be a header has the same texts below it
def _content_of(value: str) -> Content:
    """What one text adds to what stands in a column."""
    found = Content(dated=is_dated(value))
    number = as_number(value)
    text = value.strip()
    if number is not None:
        found.add_number(number)
    elif len(text) > SHORT_TEXT:
        found.long = 1
    elif _FIGURE.search(text):
        found.marks = 1
        found.codes = len(text) <= _CODE_LENGTH and " " not in text
    elif len(text.split()) <= _WORDS_OF_A_SCORE:
        found.words = 1
    else:
        found.long = 1
    return found


def as_number(value: Value) -> float | None:
    """The number of a cell, also where it was typed as text; None for anything else."""
    if isinstance(value, bool) or value is None or isinstance(value, CellError):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = value.strip().replace(",", "")
    if len(text) > 20 or not text or text[-1] not in "0123456789.":
        return None
    try:
        return float(text)
    except ValueError:
        return None


def is_dated(value: Value) -> bool:
    """Whether a value is, or has in it, a date.

    >>> is_dated("Update 31/01/2017"), is_dated(42766), is_dated("Open"), is_dated(12)
    (True, True, False, False)
    """
    if isinstance(value, str):
        return find_date(value) is not None
    if isinstance(value, (bool, CellError)) or value is None:
        return False
    return _EARLIEST_DATE < value < _LATEST_DATE


def looks_like_name(text: str) -> bool:
    """Whether a text could be a reference: short, one or two words."""
    return len(text) <= _NAME_LENGTH and len(text.split()) <= 3
