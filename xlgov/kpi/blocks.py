"""Small tables of labels and figures: a row of headings, a column of labels, figures beside it.

Why no vocabulary: such a table is known by its shape. Its headings are categories, forces or
months of which there is no list. A block ends at a blank row or where the next headings stand;
what is longer than a page of figures is a register and none of our business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.grid.cells import CellError, Value, is_blank
from xlgov.grid.sheet import Cell, Grid, Workbook
from xlgov.kpi.month_text import cell_month, read_year
from xlgov.kpi.names import normal_name
from xlgov.kpi.number_format import is_percent
from xlgov.kpi.number_text import is_no_reading, read_number

_DEEPEST = 1500  # rows of a sheet that are looked at
_MOST_ROWS = 400  # of a block
_MERGED_ROWS = 2  # below the first, of a merged heading
_LONGEST_HEADING = 80  # characters; a longer text is prose
_LOOK_BELOW = 5  # rows below a heading in which its first figure must stand
_LABEL_HEADINGS = frozenset(("year", "financial year", "calendar year", "period", "month", "date"))
_DASHES = frozenset("-–—−")


class Heading(NamedTuple):
    """The heading of a column, and what stands over it where headings take two rows."""

    own: str
    above: str = ""

    @property
    def text(self) -> str:
        """Both, as one would say them."""
        return self.own if self.above == self.own else f"{self.above} {self.own}".strip()


@dataclass(slots=True)
class Block:
    """A table of figures. ``texts`` and ``figures`` are its columns, left to right.

    ``rows`` are the rows below the headings in order, notes and labels without figures among them;
    at least two have a figure.
    """

    grid: Grid
    header_row: int
    texts: dict[int, Heading] = field(default_factory=dict)
    figures: dict[int, Heading] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        return self.grid.sheet

    @property
    def label_column(self) -> int:
        """The text column nearest to the figures."""
        return max(self.texts)

    def text(self, row: int, column: int) -> str:
        """A cell's text, a whole number such as a year without decimals; "" for a blank."""
        return printed_text(self.grid.value(row, column))


def printed_text(value: Value) -> str:
    """What a label cell says; "" for a blank."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())


def printed_number(value: Value) -> float | None:
    """The number in a cell, also where it was typed as text; a ``%`` in text makes a fraction.

    >>> printed_number("1,234"), printed_number("82.5%"), printed_number("n/a"), printed_number(0)
    (1234.0, 0.825, None, 0)

    A blank is None and never zero.
    """
    if isinstance(value, bool) or value is None or isinstance(value, CellError):
        return None
    if isinstance(value, (int, float)):
        return value
    read = read_number(value)
    return None if read is None else read[0]


def is_dash(value: Value) -> bool:
    """Whether a cell holds ``-``: what it would say does not apply."""
    return isinstance(value, str) and value.strip() in _DASHES


def is_not_available(value: Value) -> bool:
    """Whether a cell says that there is no figure, as ``n/a`` does; a blank says so too."""
    if isinstance(value, str):
        return is_no_reading(value) and not is_dash(value)
    return value is None


def shows_percent(workbook: Workbook, cell: Cell) -> bool:
    """Whether a cell shows per cent, by its format or in its text."""
    if isinstance(cell.value, str):
        return cell.value.rstrip().endswith("%") and printed_number(cell.value) is not None
    return is_percent(workbook.number_format(cell.style))


def find_blocks(workbook: Workbook, sheet: str) -> list[Block]:
    """All blocks of a sheet, from top to bottom; blocks side by side from left to right."""
    return list(_Sheet(workbook, sheet).blocks())


class _Sheet:
    """The cells of a sheet by row."""

    def __init__(self, workbook: Workbook, sheet: str) -> None:
        self.workbook = workbook
        self.grid = workbook.grid(sheet, rows=_DEEPEST)
        self.cells: dict[int, dict[int, Value]] = {}
        for number in sorted(self.grid.columns):
            held = self.grid.columns[number]
            for row, value in zip(held.rows, held.values, strict=True):
                if not is_blank(value) or row in held.formulas:
                    self.cells.setdefault(row, {})[number] = value
        for merge in self.grid.merges:
            # A heading over two rows stands beside the lower of them too.
            if merge.top < merge.bottom <= merge.top + _MERGED_ROWS:
                value = self.grid.value(merge.top, merge.left)
                if isinstance(value, str):
                    for row in range(merge.top + 1, merge.bottom + 1):
                        self.cells.setdefault(row, {}).setdefault(merge.left, value)

    def blocks(self) -> Iterator[Block]:
        taken: list[tuple[range, range]] = []
        for row in sorted(self.cells):
            for span in self._spans(row):
                inside = any(row in rows and span.start in columns for rows, columns in taken)
                block = None if inside else self._block(row, span)
                if block is not None:
                    taken.append((range(row, block.rows[-1] + 1), span))
                    if len(block.rows) <= _MOST_ROWS:
                        yield block

    def _spans(self, row: int) -> list[range]:
        """Runs of columns with something in this row or in one of the next."""
        filled: set[int] = set()
        for near in range(row, row + _LOOK_BELOW):
            if near > row and near not in self.cells:
                break
            filled.update(self.cells.get(near, ()))
        here = self.cells[row]
        spans: list[range] = []
        columns = sorted(filled)
        start = columns[0]
        for column, following in zip(columns, [*columns[1:], 0], strict=True):
            # The first heading once more: another table beside this one without a gap.
            again = isinstance(here.get(following), str) and here[following] == here.get(start)
            if following != column + 1 or again:
                spans.append(range(start, column + 1))
                start = following
        return [span for span in spans if len(span) > 1]

    def _block(self, row: int, span: range) -> Block | None:
        here = self.cells[row]
        figures = [column for column in span if column in here and self._tops(row, column, span)]
        if not figures:
            return None
        end = self._end(row, span, figures)
        if end == row:
            return None
        body = range(row + 1, end + 1)
        texts, numeric, unfilled = self._kinds(body, span, here)
        labels = [column for column in texts if not numeric or column < numeric[-1]]
        if not labels and numeric and self._is_label(row, numeric[0], body):
            labels, numeric = numeric[:1], numeric[1:]
        if not labels or not numeric:
            return None
        numeric = [column for column in numeric if column in here and column > labels[0]]
        last = max(numeric, default=0)
        numeric += [column for column in unfilled if column in here and labels[0] < column]
        block = Block(self.grid, row)
        block.texts = {column: self._heading(row, column, span, labels) for column in labels}
        block.figures = {
            column: self._heading(row, column, span, labels) for column in sorted(numeric)
        }
        block.rows = [each for each in body if each in self.cells and self._in(each, span)]
        held = [each for each in block.rows if any(c in self.cells[each] for c in numeric)]
        return block if last and len(held) > 1 else None

    def _in(self, row: int, span: range) -> bool:
        return any(column in span for column in self.cells.get(row, ()))

    def _is_heading(self, row: int, column: int) -> bool:
        value = self.cells.get(row, {}).get(column)
        if isinstance(value, str):
            text = value.strip()
            plain = not is_not_available(value) and not is_dash(value)
            return plain and len(text) <= _LONGEST_HEADING and printed_number(value) is None
        cell = self.grid.cell(row, column)
        return cell_month(self.workbook, cell) is not None

    def _tops(self, row: int, column: int, span: range) -> bool:
        """Whether a heading stands here and a figure is the first thing below it."""
        if not self._is_heading(row, column):
            if not self._is_year(row, column):
                return False
            # Years are headings only where the whole row of headings is such.
            others = [each for each in self.cells[row] if each in span and each != column]
            if not all(self._is_heading(row, e) or self._is_year(row, e) for e in others):
                return False
            if not any(self._is_heading(row, each) for each in others):
                return False
        for below in range(row + 1, row + _LOOK_BELOW + 1):
            if not self._in(below, span):
                return False
            value = self.cells[below].get(column)
            if value is not None:
                return self._is_figure(below, column)
        return False

    def _is_year(self, row: int, column: int) -> bool:
        value = self.cells.get(row, {}).get(column)
        return isinstance(value, (int, float, str)) and read_year(value) is not None

    def _is_figure(self, row: int, column: int) -> bool:
        value = self.cells.get(row, {}).get(column)
        if isinstance(value, str):
            return printed_number(value) is not None or is_not_available(value) or is_dash(value)
        return isinstance(value, CellError) or (
            value is not None and not isinstance(value, bool) and not self._is_heading(row, column)
        )

    def _end(self, row: int, span: range, figures: Collection[int]) -> int:
        """The last row before a blank one, or before headings of another block."""
        end = row
        while self._in(end + 1, span):
            held = [column for column in figures if column in self.cells[end + 1]]
            headings = [column for column in held if self._is_heading(end + 1, column)]
            if headings and end > row and not any(self._is_figure(end + 1, c) for c in held):
                break
            end += 1
        return end

    def _kinds(
        self, body: range, span: range, here: Mapping[int, Value]
    ) -> tuple[list[int], list[int], list[int]]:
        """Columns of text, of figures, and those with a heading and nothing below it."""
        texts, numeric, unfilled = [], [], []
        for column in span:
            filled = [row for row in body if column in self.cells.get(row, ())]
            numbers = sum(self._is_figure(row, column) for row in filled)
            if not filled:
                unfilled.append(column)
            elif numbers * 2 >= len(filled):
                numeric.append(column)
            else:
                texts.append(column)
        return texts, numeric, unfilled

    def _is_label(self, row: int, column: int, body: range) -> bool:
        """Whether a column of numbers holds labels: years."""
        if normal_name(printed_text(self.cells[row].get(column))) in _LABEL_HEADINGS:
            return True
        held = [each for each in body if isinstance(self.cells.get(each, {}).get(column), int)]
        return bool(held) and all(self._is_year(each, column) for each in held)

    def _heading(self, row: int, column: int, span: range, labels: Collection[int]) -> Heading:
        own = self._heading_text(row, column)
        above = self.cells.get(row - 1, {})
        if any(self._is_figure(row - 1, each) for each in above if each in span):
            return Heading(own)
        merge = self.grid.merge_at(row - 1, column)
        if merge is not None:
            if merge.left <= min(labels):  # a title over the whole table
                return Heading(own)
            return Heading(own, self._heading_text(merge.top, merge.left))
        if column in labels:
            return Heading(own)
        for beside in range(column, max(labels), -1):
            if beside in above:
                return Heading(own, self._heading_text(row - 1, beside))
        return Heading(own)

    def _heading_text(self, row: int, column: int) -> str:
        value = self.cells.get(row, {}).get(column)
        if not isinstance(value, str):
            month = cell_month(self.workbook, self.grid.cell(row, column))
            if month is not None:
                return str(month)
        return printed_text(value)
