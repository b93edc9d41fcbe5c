"""Ranges of the stand-in for Excel on Windows: what ``xlwings._xlwindows.Range`` hands out.

Modelled, with the evidence:

- ``raw_value`` is a scalar for one cell and a tuple of tuples otherwise, of the first area only;
  ``formula`` likewise; blanks are None in the one and "" in the other (Microsoft, "Range.Value",
  "Range.Formula").
- Of cells that differ, ``number_format``, ``font.bold``, ``wrap_text`` and ``merge_cells`` are
  None and ``color`` is black, which is what Interior.Color says then.
- ``end`` goes to the nearest filled cell that is shown, or to the first row; a hidden row has the
  height 0, and rows that differ have none (Microsoft, "Range.End", "Range.RowHeight").
- ``merge_area`` works on one cell only (Microsoft, "Range.MergeArea"). What is written into a
  merged cell that is not the first goes nowhere. Writing to a locked cell of a protected sheet
  raises.
- An address in text has at most 255 characters; several areas are written ``A1,C3:D4``.
- An array that is smaller than its range leaves #N/A in the rest; a single row fills all rows.

What is not here raises NotImplementedError from ``xlwings.base_classes``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from call_counts import counted
from cell_model import SheetModel, a1
from com_formulas import shift_formula
from live_looks import Borders, Font, Note
from live_reference import absolute, written_area
from live_values import (
    com_value,
    entry_of,
    formula_text,
    shown_format,
    stored_format,
    write_entry,
)
from rule_model import Area
from shown_color import rgb_tuple, stored_color
from typed_text import ComError, Entry, ErrorValue
from xlwings import base_classes

if TYPE_CHECKING:
    from live_sheets import Sheet

MOST_CELLS = 20_000_000  # a read of more is a mistake in the caller, or runs out of memory
_MISSING = object()
_HEIGHT = 15.0  # points, of a row that nobody has set


def common(values: Iterator[Any]) -> Any:
    """The value that all share; None where they differ."""
    first = next(values)
    return first if all(value == first for value in values) else None


@counted
class Range(base_classes.Range):
    def __init__(self, sheet: Sheet, areas: list[Area]) -> None:
        self._sheet = sheet
        self._model: SheetModel = sheet._model
        self._areas = areas
        self._calls: Counter[str] = sheet._calls

    def _each(self) -> Iterator[tuple[int, int]]:
        for top, left, bottom, right in self._areas:
            if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
                raise ComError("not enough memory for so many cells")
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    yield row, column

    def _shared(self, facet: str) -> Any:
        look = self._model.look
        return common(getattr(look(row, column), facet) for row, column in self._each())

    def _put(self, facet: str, value: object) -> None:
        if self._model.protected:
            raise ComError("the sheet is protected")
        for row, column in self._each():
            self._model.cell(row, column).put(facet, value)

    def _grid(self, read: Any) -> Any:
        top, left, bottom, right = self._areas[0]
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            raise ComError("not enough memory for so many cells")
        look = self._model.look
        if (top, left) == (bottom, right):
            return read(look(top, left))
        columns = range(left, right + 1)
        return tuple(
            tuple(read(look(row, column)) for column in columns) for row in range(top, bottom + 1)
        )

    @property
    def api(self) -> Any:
        return self._sheet._api_of(self)

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def coords(self) -> tuple[Any, int, int, int, int]:
        top, left, bottom, right = self._areas[0]
        return self._sheet, top, left, bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return sum((b - t + 1) * (r - c + 1) for t, c, b, r in self._areas)

    @property
    def row(self) -> int:
        return self._areas[0][0]

    @property
    def column(self) -> int:
        return self._areas[0][1]

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self._areas[0]
        return bottom - top + 1, right - left + 1

    @property
    def address(self) -> str:
        return ",".join(absolute(area) for area in self._areas)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        parts = []
        for area in self._areas:
            text = absolute(area)
            if not (row_absolute and col_absolute):
                text = written_area(area, row_absolute, col_absolute)
            parts.append(text)
        book = self._model.book.name
        prefix = f"'[{book}]{self._model.name}'!" if external else ""
        return prefix + ",".join(parts)

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        top, left, _, right = self._areas[0]
        if arg2 is None:
            down, across = divmod(arg1 - 1, right - left + 1)
        else:
            down, across = arg1 - 1, arg2 - 1
        row, column = top + down, left + across
        if row < 1 or column < 1:
            raise ComError(f"no cell {arg1}, {arg2} from {absolute(self._areas[0])}")
        return Range(self._sheet, [(row, column, row, column)])

    @property
    def raw_value(self) -> Any:
        date_1904 = self._model.book.date_1904
        return self._grid(lambda cell: com_value(cell, date_1904))

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self._write(value)

    @property
    def formula(self) -> Any:
        return self._grid(formula_text)

    @formula.setter
    def formula(self, value: Any) -> None:
        # Excel takes either property as typed; a text cell keeps the formula as text.
        self._write(value)

    @property
    def formula2(self) -> Any:
        return self._grid(formula_text)

    @formula2.setter
    def formula2(self, value: Any) -> None:
        self._write(value)

    @property
    def has_array(self) -> bool:
        return False

    def _write(self, value: Any) -> None:
        rows = value if isinstance(value, list | tuple) else None
        if rows is not None and (not rows or not isinstance(rows[0], list | tuple)):
            rows = [rows]
        for top, left, bottom, right in self._areas:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    one = value if rows is None else _at(rows, row - top, column - left)
                    moved = (row - top, column - left) if rows is None else (0, 0)
                    self._write_cell(row, column, one, moved)

    def _write_cell(self, row: int, column: int, value: Any, moved: tuple[int, int]) -> None:
        """``moved`` is how far from the first cell one formula for all of them is filled."""
        sheet = self._model
        if sheet.protected and sheet.look(row, column).locked:
            raise ComError(f"{sheet.name}!{a1(row, column)} is protected")
        merge = sheet.merge_at(row, column)
        if merge is not None and (row, column) != merge[:2]:
            return
        cell = sheet.cell(row, column)
        if value is _MISSING:
            entry = Entry(ErrorValue("#N/A"))
        else:
            entry = entry_of(value, cell.number_format, sheet.book.date_1904)
        if entry.formula is not None and moved != (0, 0):
            entry = replace(entry, formula=shift_formula(entry.formula, *moved))
        evaluated: Any = None
        if entry.formula is not None:
            same = entry.formula == cell.formula
            evaluated = cell.value if same else self._sheet._evaluate(row, column, entry.formula)
        write_entry(cell, entry, evaluated)

    def clear_contents(self) -> None:
        self._write(None)

    def clear(self) -> None:
        self._write(None)
        for row, column in self._each():
            self._model.cells.pop((row, column), None)
            self._model.changed.add(f"cleared {row} {column}")

    @property
    def number_format(self) -> str | None:
        found = self._shared("number_format")
        return None if found is None else shown_format(found)

    @number_format.setter
    def number_format(self, value: str) -> None:
        if not isinstance(value, str) or not value:
            raise ComError(f"{value!r} is no number format")
        self._put("number_format", stored_format(value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        look = self._model.look
        fills = {look(row, column).fill for row, column in self._each()}
        if len(fills) > 1:
            return 0, 0, 0
        fill = fills.pop()
        return None if fill is None else rgb_tuple(fill)

    @color.setter
    def color(self, value: Any) -> None:
        self._put("fill", stored_color(value))

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def borders(self) -> Borders:
        return Borders(self)

    @property
    def wrap_text(self) -> bool | None:
        return self._shared("wrap")  # type: ignore[no-any-return]  # a facet is bool or None

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._put("wrap", bool(value))

    @property
    def merge_cells(self) -> bool | None:
        merge_at = self._model.merge_at
        found = common(merge_at(row, column) is not None for row, column in self._each())
        return None if found is None else bool(found)

    @property
    def merge_area(self) -> Range:
        if len(self._areas) > 1 or self._areas[0][:2] != self._areas[0][2:]:
            raise ComError("MergeArea works on a single cell only")
        row, column = self._areas[0][:2]
        return Range(self._sheet, [self._model.merge_at(row, column) or self._areas[0]])

    @property
    def column_width(self) -> float | None:
        columns = range(self._areas[0][1], self._areas[0][3] + 1)
        return common(self._model.widths.get(column, 8.43) for column in columns)  # type: ignore[no-any-return]  # a width or None

    @column_width.setter
    def column_width(self, value: float) -> None:
        if not 0 <= value <= 255:
            raise ComError(f"a column width of {value}; it is 0 to 255 characters")
        for column in range(self._areas[0][1], self._areas[0][3] + 1):
            self._model.widths[column] = float(value)
            hidden = self._model.hidden_columns
            (hidden.discard if value else hidden.add)(column)
        self._model.changed.add("widths")

    @property
    def column_hidden(self) -> bool | None:
        hidden, (_, left, _, right) = self._model.hidden_columns, self._areas[0]
        return common(column in hidden for column in range(left, right + 1))  # type: ignore[no-any-return]  # True, False or None

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        change = self._model.hidden_columns.add if value else self._model.hidden_columns.discard
        for column in range(self._areas[0][1], self._areas[0][3] + 1):
            change(column)
        self._model.changed.add("widths")

    @property
    def row_height(self) -> float | None:
        top, _, bottom, _ = self._areas[0]
        stated = {
            row: height for row, height in self._model.heights.items() if top <= row <= bottom
        }
        kinds = {*stated.values(), *([_HEIGHT] if len(stated) <= bottom - top else [])}
        return kinds.pop() if len(kinds) == 1 else None

    def end(self, direction: str) -> Range:
        row, column = self._areas[0][:2]
        if direction != "up" or self._model.look(row, column).is_filled:
            raise NotImplementedError("End is modelled for up from a blank cell")
        heights = self._model.heights
        above = (
            at
            for (at, beside), cell in self._model.cells.items()
            if beside == column and at < row and cell.is_filled and heights.get(at) != 0
        )
        last = max(above, default=1)
        return Range(self._sheet, [(last, column, last, column)])

    @property
    def note(self) -> Note | None:
        at = self._areas[0][:2]
        return Note(self, at) if at in self._model.notes else None

    def add_note(self, text: str) -> Note:
        at = self._areas[0][:2]
        if len(self) != 1 or at in self._model.notes:
            raise ComError("AddComment wants one cell that has no note")
        self._model.notes[at] = text
        self._model.changed.add("notes")
        return Note(self, at)

    def select(self) -> None:
        if self._model.book.active is not self._model:
            raise ComError("Select works on the active sheet only")
        self._model.active_cell = self._areas[0][:2]

    def autofit(self, axis: str | None = None) -> None:
        """Changes widths and heights that are not modelled."""


def _at(rows: Any, down: int, across: int) -> Any:
    """A value of a written array: one row stands for all rows, one column for all columns."""
    row = rows[0] if len(rows) == 1 else rows[down] if down < len(rows) else None
    if row is None:
        return _MISSING
    if len(row) == 1:
        return row[0]
    return row[across] if across < len(row) else _MISSING
