"""Single cells picked out of a sheet, to look again at what was written.

Why not their columns: after a save a few cells are of interest, and each is found by a byte search
for its address in its row. The rows are not checked: they were when they were written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from xlgov.grid.cells import address
from xlgov.ooxml.cell import ValueReader, style_index
from xlgov.ooxml.columns import ColumnReading
from xlgov.ooxml.markup import attributes_of
from xlgov.ooxml.scan import fast_form


class CellPicking:
    """Single cells collected, each looked up where it must stand; the rows are not checked."""

    def __init__(self, prefix: str, places: Collection[tuple[int, int]], date_1904: bool) -> None:
        wanted: dict[int, list[int]] = {}
        for row, column in sorted(places):
            wanted.setdefault(row, []).append(column)
        self._left = deque(wanted.items())
        self._form = fast_form(prefix)
        self._values = ValueReader(prefix, date_1904)
        self.reading = ColumnReading(prefix, None, {c for _, c in places}, (), date_1904)

    def take(self, buffer: bytes) -> None:
        """Collect from a stretch of whole rows; raises IrregularSheet where it is not regular."""
        last = self._form.last_row(buffer)
        place = 0
        while self._left and self._left[0][0] <= last:
            number, columns = self._left.popleft()
            row = self._form.row(buffer, number, place)
            if row is None:
                continue
            place = row.end
            for column in columns:
                cell = self._form.cell(buffer, row, address(number, column))
                if cell is None:
                    continue
                found = attributes_of(buffer[cell.start : cell.open_end])
                inside = buffer[cell.open_end : cell.close_start]
                kind = found.get("t", "n")
                value, formula = self._values.value(kind, inside) if inside else (None, False)
                self.reading.put(number, column, value, formula, style_index(found))
