"""The grid of a sheet: values with addresses, only the columns that were asked for.

Why columns: a register of 100,000 rows has millions of cells and the domain needs a dozen
columns. A column is three parallel arrays in row order; a cell becomes an object only when
somebody looks at it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from xlgov.grid.cells import Range, Value, address, date_from_serial, is_blank

BRIEF_LENGTH = 40  # characters; no answer such as "none identified" is longer
LONG_TEXT = "\u2026"  # what a longer text reads as in a column that is read briefly


class Cell(NamedTuple):
    """One cell as it was read. ``style`` is the workbook's own index of its format."""

    row: int
    column: int
    value: Value = None
    formula: bool = False
    style: int = 0

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(slots=True)
class Column:
    """The cells of one column in row order; rows without a cell are absent."""

    rows: array[int] = field(default_factory=lambda: array("I"))
    values: list[Value] = field(default_factory=list)
    styles: array[int] = field(default_factory=lambda: array("I"))
    formulas: set[int] = field(default_factory=set)

    def index(self, row: int) -> int:
        """Position of a row, or -1."""
        rows = self.rows
        if not rows:
            return -1
        guess = row - rows[0]  # registers are dense: this is nearly always right
        if 0 <= guess < len(rows) and rows[guess] == row:
            return guess
        place = bisect_left(rows, row)
        return place if place < len(rows) and rows[place] == row else -1


@dataclass(slots=True)
class Grid:
    """Cells of one sheet. A cell that is absent reads as a blank.

    ``is_complete`` is false when only the first rows or only some columns were read. ``seen`` is
    what ``View.of`` keeps.
    """

    sheet: str
    columns: dict[int, Column] = field(default_factory=dict)
    merges: tuple[Range, ...] = ()
    is_complete: bool = True
    seen: object = field(default=None, repr=False, compare=False)

    def value(self, row: int, column: int) -> Value:
        cells = self.columns.get(column)
        if cells is None:
            return None
        place = cells.index(row)
        return None if place < 0 else cells.values[place]

    def cell(self, row: int, column: int) -> Cell:
        cells = self.columns.get(column)
        place = -1 if cells is None else cells.index(row)
        if cells is None or place < 0:
            return Cell(row, column)
        return Cell(row, column, cells.values[place], row in cells.formulas, cells.styles[place])

    def has_formula(self, row: int, column: int) -> bool:
        cells = self.columns.get(column)
        return cells is not None and row in cells.formulas

    def row(self, row: int) -> dict[int, Value]:
        """Values that are not None in a row, by column, left to right."""
        found: dict[int, Value] = {}
        for column in sorted(self.columns):
            value = self.value(row, column)
            if value is not None:
                found[column] = value
        return found

    def rows(self) -> Sequence[int]:
        """Every row number that has a cell, ascending."""
        numbers: set[int] = set()
        for column in self.columns.values():
            numbers.update(column.rows)
        return sorted(numbers)

    def cells(self) -> Iterator[Cell]:
        """Every cell with a value or a formula, row by row."""
        for row in self.rows():
            for column in sorted(self.columns):
                cell = self.cell(row, column)
                if cell.value is not None or cell.formula:
                    yield cell

    def merge_at(self, row: int, column: int) -> Range | None:
        """The merged range that covers a cell, if any."""
        for merge in self.merges:
            if (row, column) in merge:
                return merge
        return None

    def put(
        self, row: int, column: int, value: Value, formula: bool = False, style: int = 0
    ) -> None:
        """Add a cell. Cells of a column must come in row order (a test may build a grid so)."""
        cells = self.columns.setdefault(column, Column())
        cells.rows.append(row)
        cells.values.append(value)
        cells.styles.append(style)
        if formula:
            cells.formulas.add(row)
        self.seen = None


class SheetInfo(NamedTuple):
    """A worksheet of the workbook. ``state`` is visible, hidden or veryHidden."""

    name: str
    state: str = "visible"


class FormatRange(NamedTuple):
    """A conditional format that stands in a sheet: where, of what kind, and whether it is ours."""

    sheet: str
    ranges: tuple[Range, ...]
    kind: str
    ours: bool
    formula: str = ""


def has_own_rules(cells: Collection[tuple[int, int]], formats: Sequence[FormatRange]) -> bool:
    """Whether conditional formats of the office, not ours, stand on most of these cells."""
    theirs = [rule for rule in formats if not rule.ours]
    if not theirs:
        return False
    covered = sum(
        1 for cell in cells if any(cell in each for rule in theirs for each in rule.ranges)
    )
    return covered * 2 > len(cells)


class Workbook(Protocol):
    """What the domain may ask of a workbook, whichever hand opened it."""

    date_1904: bool

    @property
    def sheets(self) -> Sequence[SheetInfo]:
        """Worksheets in book order (chart and macro sheets left out)."""

    def grid(
        self,
        sheet: str,
        *,
        rows: int | None = None,
        columns: Collection[int] | None = None,
        brief: Collection[int] = (),
    ) -> Grid:
        """Cells of a sheet: all, only those in rows 1 to ``rows``, only those in ``columns``.

        Of the columns in ``brief`` no more is promised than whether a cell is filled and what a
        short text says: one longer than BRIEF_LENGTH may read as LONG_TEXT.
        """

    def number_format(self, style: int) -> str:
        """Number format code of a style index; ``General`` where it has none."""

    def fill(self, style: int) -> str | None:
        """Colour of a solid fill as ``RRGGBB``; None without one."""

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        """Conditional formats of a sheet, standard and x14."""

    def names(self) -> Mapping[str, str]:
        """Workbook-level defined names and what they refer to, e.g. ``xlgov!$B$2:$F$6``."""


@runtime_checkable
class Neighbour(Protocol):
    """A workbook that knows the files beside it; one that was never saved has none."""

    def beside(self, name: str) -> Workbook | None:
        """The workbook file of that name in the same folder; None where there is none.

        Raises FileError where the file cannot be read.
        """


@runtime_checkable
class FormulaSource(Protocol):
    """A workbook that gives the text of its formulas; of another's only where they stand is known.

    Excel on the web does not give them.
    """

    def formulas(self, sheet: str, columns: Collection[int]) -> Mapping[tuple[int, int], str]:
        """The formulas in these columns by (row, column), without ``=``, each as its cell has it.

        Array formulas may be left out.
        """


def shortened(value: Value) -> Value:
    """A value as a column that is read briefly gives it; a long blank stays as it is.

    >>> shortened("n/a"), shortened("Cover is arranged for every post that " + "is vacant " * 9)
    ('n/a', '…')
    """
    if isinstance(value, str) and len(value) > BRIEF_LENGTH and not is_blank(value):
        return LONG_TEXT
    return value


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time of day.

    >>> is_date_format("dd/mm/yyyy"), is_date_format('0.0" days"'), is_date_format("[Red]0")
    (True, False, False)
    """
    bare = ""
    quoted = bracketed = False
    skip = False
    for letter in code:
        if skip:
            skip = False
        elif quoted:
            quoted = letter != '"'
        elif bracketed:
            bracketed = letter != "]"
        elif letter == '"':
            quoted = True
        elif letter == "[":
            bracketed = True
        elif letter in "\\_*":
            skip = True
        else:
            bare += letter
    bare = bare.lower().replace("general", "")
    return any(letter in bare for letter in "ydmhs") or "[h" in code.lower() or "[m" in code.lower()


def cell_date(workbook: Workbook, cell: Cell) -> datetime | None:
    """The date a cell holds, when it is a number shown by a date format; else None."""
    if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)):
        return None
    if not is_date_format(workbook.number_format(cell.style)):
        return None
    try:
        return date_from_serial(cell.value, workbook.date_1904)
    except ValueError:
        return None
