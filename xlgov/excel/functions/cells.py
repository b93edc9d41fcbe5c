"""What a worksheet function is given and gives back: one value, a row, or a block of cells.

Why a refusal is a text: what xlwings hands to Excel cannot hold an error value, only numbers and
text. A text that begins with ``#N/A:`` is seen at once, is left out of every sum, mean and count of
numbers, and has room for the reason. ``IFERROR`` does not catch it; ``ISNUMBER`` tells it apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlgov.errors import UsageError

NOT_AVAILABLE = "#N/A"
LONGEST = 250  # characters of a refusal: more is not read in a cell

Answer = int | float | str
Answers = Answer | list[Answer] | list[list[Answer]]


def refusal(reason: str) -> str:
    """What a cell shows in place of a value.

    >>> refusal("there is no current figure")
    '#N/A: there is no current figure'
    """
    text = f"{NOT_AVAILABLE}: {' '.join(reason.split())}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\u2026"


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of an argument row by row. ``depth``: 0 one value, 1 a plain list, 2 rows."""

    rows: tuple[tuple[Any, ...], ...]
    depth: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0])

    @property
    def is_one(self) -> bool:
        """Whether it is a single cell."""
        return self.shape == (1, 1)

    def cell(self, row: int, column: int) -> Any:
        """A cell by position from 0; a single cell stands for every position."""
        return self.rows[0][0] if self.is_one else self.rows[row][column]

    def texts(self) -> list[str]:
        """Every text in it."""
        return [each for row in self.rows for each in row if isinstance(each, str)]


def read_block(given: Any) -> Block:
    """An argument as cells: a value, a list, or a list of rows.

    >>> read_block(3).shape, read_block([1, 2, 3]).shape, read_block([[1], [2]]).shape
    ((1, 1), (1, 3), (2, 1))

    Raises UsageError for rows that are not of the same length, or where there is no cell.
    """
    if not _is_list(given):
        return Block(((given,),), 0)
    depth = 2 if any(_is_list(row) for row in given) else 1
    table = given if depth == 2 else [given]
    rows = tuple(tuple(row) if _is_list(row) else (row,) for row in table)
    if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
        raise UsageError("this is no block of cells; give a range")
    return Block(rows, depth)


def line_of(block: Block, what: str) -> list[Any]:
    """The cells of a single row or column, in order.

    Raises UsageError where they stand in several rows and columns: which comes first is not known.
    """
    rows, columns = block.shape
    if rows > 1 and columns > 1:
        raise UsageError(
            f"the {what} are {rows} rows of {columns} cells; give one row or one column, "
            "oldest first"
        )
    return [each for row in block.rows for each in row]


def map_blocks(answer: Callable[..., Answer], first: Block, *others: Block) -> Answers:
    """The answers for every position, in the form of the largest argument.

    Raises UsageError for ranges that are not of the same shape; a single cell goes with any.
    """
    blocks = (first, *others)
    shapes = {block.shape for block in blocks if not block.is_one}
    if len(shapes) > 1:
        shown = " and ".join(f"{rows} x {columns}" for rows, columns in sorted(shapes))
        raise UsageError(f"the ranges are {shown} cells; give ranges of the same shape")
    rows, columns = shapes.pop() if shapes else (1, 1)
    table = [
        [answer(*(block.cell(row, column) for block in blocks)) for column in range(columns)]
        for row in range(rows)
    ]
    depth = max(block.depth for block in blocks)
    if depth == 2:
        return table
    return table[0] if depth else table[0][0]


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str | bytes)
