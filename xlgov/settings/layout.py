"""Laying out a sheet of ours row by row: headings, tables, fills, defined names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlgov.changes import NewValue, StyleChange
from xlgov.grid.cells import Range, address
from xlgov.settings.sections import Section
from xlgov.settings.typed import is_rgb
from xlgov.settings.values import SETTINGS_SHEET

DATE_FORMAT = "dd/mm/yyyy"
HEADING_FILL = "DDEBF7"


@dataclass(slots=True)
class Page:
    """The rows of the sheet so far, the look of its cells, and its names.

    ``first_row`` is the row of the sheet that they begin in.
    """

    first_row: int = 1
    rows: list[tuple[NewValue, ...]] = field(default_factory=list)
    styles: list[StyleChange] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *values: NewValue) -> int:
        """Append a row; its number."""
        self.rows.append(values)
        number = self.first_row + len(self.rows) - 1
        for column, value in enumerate(values, start=1):
            if isinstance(value, date):
                self.style(number, column, number_format=DATE_FORMAT)
        return number

    def style(
        self,
        row: int,
        column: int,
        *,
        bold: bool | None = None,
        italic: bool | None = None,
        fill: str | None = None,
        font_color: str | None = None,
        border: str | None = None,
        number_format: str | None = None,
    ) -> None:
        self.styles.append(
            StyleChange(
                SETTINGS_SHEET,
                address(row, column),
                number_format=number_format,
                font_color=font_color,
                fill=fill,
                bold=bold,
                italic=italic,
                border=border,
            )
        )

    def paint(self, row: int, column: int, rgb: str) -> None:
        """Fill a cell and keep its text readable on the fill."""
        self.style(row, column, fill=rgb, font_color=_ink(rgb), border="thin")

    def open(self, section: Section, remark: str = "") -> None:
        """A blank row, the section's title, its lines of use, its column headings."""
        if self.rows:
            self.add()
        title = self.add(section.title)
        self.style(title, 1, bold=True, fill=HEADING_FILL)
        for line in (section.use, remark):
            if line:
                self.style(self.add(line), 1, italic=True)
        if section.columns:
            headings = [words[0] for words in section.columns.values()]
            row = self.add(*headings)
            for column in range(1, len(headings) + 1):
                self.style(row, column, bold=True)

    def table(self, rows: Iterable[Sequence[NewValue]]) -> tuple[int, int]:
        """Rows, or one blank row to type into; the first and last row number."""
        numbers = [self.add(*row) for row in rows] or [self.add()]
        return numbers[0], numbers[-1]

    def name(self, name: str, top: int, left: int, bottom: int, right: int) -> None:
        first, last = str(Range(top, left, top, left)), str(Range(bottom, right, bottom, right))
        self.names.append((name, f"{_fixed(first)}:{_fixed(last)}"))


def page_value(value: object) -> NewValue:
    """A value as a person types it: yes and no in place of TRUE and FALSE.

    >>> page_value(True), page_value(95.0), page_value(("Killed", "Serious"))
    ('yes', 95, 'Killed; Serious')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, tuple):
        return "; ".join(value) or None
    if value is None or isinstance(value, (str, int, float, date)):
        return value
    raise TypeError(f"a settings cell cannot hold {value!r}")


def _ink(rgb: str) -> str:
    """Black or white, whichever reads better on a fill (luminance as in WCAG 2)."""
    if not is_rgb(rgb):
        return "000000"
    parts = [int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "000000" if light > 0.179 else "FFFFFF"


def _fixed(cell: str) -> str:
    """``B2`` as ``$B$2``."""
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"
