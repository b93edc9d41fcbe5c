"""Number formats and fills of a live sheet, asked for only where somebody wants to know.

Why halving again: a block has one number format or Excel says "mixed". Columns of a register are
nearly always of one format below their heading, so a column is known after a few questions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlgov.grid.cells import Range

if TYPE_CHECKING:
    from xlwings import Range as Block
    from xlwings import Sheet

_DATE = "dd/mm/yyyy"
GENERAL = "General"


@dataclass(slots=True)
class SheetLooks:
    """The looks of one sheet's used cells; ``first`` is the style index of its first cell."""

    sheet: Sheet
    used: Range
    first: int
    dated: set[int] = field(default_factory=set)
    says_formats: bool = True
    says_colors: bool = True
    _formats: dict[tuple[int, int, int, int], str | None] = field(default_factory=dict)
    _colors: dict[int, str | None] = field(default_factory=dict)

    def number_format(self, style: int) -> str:
        """The code of a cell's number format; of a date that of dates, where Excel is silent."""
        row, column = self._place(style)
        code = self._code_at(row, column) if self.says_formats else None
        if code is None:
            return _DATE if style in self.dated else GENERAL
        return code

    def _place(self, style: int) -> tuple[int, int]:
        width = self.used.right - self.used.left + 1
        row, column = divmod(style - self.first, width)
        return self.used.top + row, self.used.left + column

    def _code_at(self, row: int, column: int) -> str | None:
        """The format of the smallest block around a cell that has only one."""
        area = self.used
        while True:
            key = (area.top, area.left, area.bottom, area.right)
            if key not in self._formats:
                try:
                    self._formats[key] = self._block(area).number_format
                except (NotImplementedError, AttributeError):
                    self.says_formats = False
                    return None
            code = self._formats[key]
            if code is not None or area.cell_count == 1:
                return code
            if area.right > area.left:
                area = Range(area.top, column, area.bottom, column)
            else:
                middle = (area.top + area.bottom) // 2
                top, bottom = (area.top, middle) if row <= middle else (middle + 1, area.bottom)
                area = Range(top, column, bottom, column)

    def fill(self, style: int) -> str | None:
        """The colour of a cell's fill as RRGGBB; None without one, or where Excel is silent."""
        if style not in self._colors:
            row, column = self._place(style)
            cell = self._block(Range(row, column, row, column))
            color = None
            if self.says_colors:
                try:
                    color = cell.color
                except (NotImplementedError, AttributeError):
                    self.says_colors = False
            self._colors[style] = None if color is None else "{:02X}{:02X}{:02X}".format(*color)
        return self._colors[style]

    def _block(self, area: Range) -> Block:
        return self.sheet.range((area.top, area.left), (area.bottom, area.right))
