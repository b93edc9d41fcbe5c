"""Number formats and fills of a live sheet, asked for only where somebody wants to know.

Why by runs of numbers: a block has one number format or Excel says "mixed", and numbers that stand
in one line mostly share one: a column of ratings, a row of months. So a line of them is one
question, and only where it is mixed is it halved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from xlgov.grid.cells import Range

if TYPE_CHECKING:
    from xlwings import Range as Block
    from xlwings import Sheet

_DATE = "dd/mm/yyyy"
GENERAL = "General"


@dataclass(slots=True)
class SheetLooks:
    """The looks of one sheet's used cells.

    ``first`` is the style index of its first cell; ``is_number`` says where numbers stand that are
    no dates.
    """

    sheet: Sheet
    used: Range
    first: int
    is_number: Callable[[int, int], bool]
    dated: set[int] = field(default_factory=set)
    says_formats: bool = True
    says_colors: bool = True
    _formats: dict[Range, str | None] = field(default_factory=dict)
    _codes: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _colors: dict[int, str | None] = field(default_factory=dict)

    def number_format(self, style: int) -> str:
        """The code of a cell's number format; every date has that of dates, unasked."""
        if style in self.dated:
            return _DATE
        row, column = self._place(style)
        code = self._code_at(row, column) if self.says_formats else None
        return GENERAL if code is None else code

    def _place(self, style: int) -> tuple[int, int]:
        width = self.used.right - self.used.left + 1
        row, column = divmod(style - self.first, width)
        return self.used.top + row, self.used.left + column

    def _code_at(self, row: int, column: int) -> str | None:
        """The format of a cell, with that of as many numbers around it as share it."""
        if (row, column) not in self._codes:
            runs = sorted(self._runs(row, column), key=lambda run: -run.cell_count)
            for area in (*runs, *self._halves(runs[0], row, column)):
                try:
                    code = self._format_of(area)
                except (NotImplementedError, AttributeError, KeyError):
                    self.says_formats = False
                    return None
                if code is not None or area.cell_count == 1:
                    for place in _places(area):
                        self._codes.setdefault(place, code)
                    break
        return self._codes[row, column]

    def _runs(self, row: int, column: int) -> tuple[Range, Range]:
        """The numbers beside one another in the row and in the column of a cell."""
        top = bottom = row
        left = right = column
        while self.is_number(top - 1, column):
            top -= 1
        while self.is_number(bottom + 1, column):
            bottom += 1
        while self.is_number(row, left - 1):
            left -= 1
        while self.is_number(row, right + 1):
            right += 1
        return Range(top, column, bottom, column), Range(row, left, row, right)

    def _halves(self, area: Range, row: int, column: int) -> Iterator[Range]:
        """Smaller and smaller parts of a line of cells, each with the cell in it."""
        while area.cell_count > 1:
            down, across = (area.top + area.bottom) // 2, (area.left + area.right) // 2
            area = Range(
                area.top if row <= down else down + 1,
                area.left if column <= across else across + 1,
                down if row <= down else area.bottom,
                across if column <= across else area.right,
            )
            yield area

    def _format_of(self, area: Range) -> str | None:
        if area not in self._formats:
            self._formats[area] = self._block(area).number_format
        return self._formats[area]

    def fill(self, style: int) -> str | None:
        """The colour of a cell's fill as RRGGBB; None without one, or where Excel is silent."""
        if style not in self._colors:
            row, column = self._place(style)
            cell = self._block(Range(row, column, row, column))
            color = None
            if self.says_colors:
                try:
                    color = cell.color
                except (NotImplementedError, AttributeError, KeyError):
                    self.says_colors = False
            self._colors[style] = None if color is None else "{:02X}{:02X}{:02X}".format(*color)
        return self._colors[style]

    def _block(self, area: Range) -> Block:
        return self.sheet.range(str(area))


def _places(area: Range) -> Iterator[tuple[int, int]]:
    return product(range(area.top, area.bottom + 1), range(area.left, area.right + 1))
