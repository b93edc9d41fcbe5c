"""Single cells picked out of a sheet, to look again at what was written.

Why not their columns: after a save a few cells are of interest, and each is found by a byte search
for its address in its row. The rows are not checked: they were when they were written. Where they
were written is known as well, so nothing has to be searched for them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping

from xlgov.grid.cells import address
from xlgov.ooxml.cell import ValueReader, style_index
from xlgov.ooxml.columns import ColumnReading
from xlgov.ooxml.markup import attributes_of
from xlgov.ooxml.scan import Span, fast_form


class CellPicking:
    """Single cells collected, each looked up where it must stand; the rows are not checked."""

    def __init__(
        self,
        prefix: str,
        places: Collection[tuple[int, int]],
        date_1904: bool,
        starts: Mapping[int, int] | None = None,
    ) -> None:
        wanted: dict[int, list[int]] = {}
        for row, column in sorted(places):
            wanted.setdefault(row, []).append(column)
        self._left = deque(wanted.items())
        self._starts = starts
        self._seen = 0
        self._form = fast_form(prefix)
        self._values = ValueReader(prefix, date_1904)
        self.reading = ColumnReading(prefix, None, {c for _, c in places}, (), date_1904)

    def take(self, buffer: bytes) -> None:
        """Collect from a stretch of whole rows; raises IrregularSheet where it is not regular."""
        if self._starts is not None:
            self._take_known(buffer, self._starts)
            return
        last = self._form.last_row(buffer)
        place = 0
        while self._left and self._left[0][0] <= last:
            number, columns = self._left.popleft()
            row = self._form.row(buffer, number, place)
            if row is not None:
                place = row.end
                self._take_row(buffer, row, columns)

    def _take_known(self, buffer: bytes, starts: Mapping[int, int]) -> None:
        """Collect from rows whose places are known; one that is not there gives no cells."""
        first, self._seen = self._seen, self._seen + len(buffer)
        while self._left:
            number, columns = self._left[0]
            start = starts.get(number)
            if start is not None and start >= self._seen:
                return
            self._left.popleft()
            if start is None:
                continue
            row = next(self._form.rows(buffer, start - first), None)
            if row is not None and row.number == number and row.start == start - first:
                self._take_row(buffer, row, columns)

    def _take_row(self, buffer: bytes, row: Span, columns: Collection[int]) -> None:
        for column in columns:
            cell = self._form.cell(buffer, row, address(row.number, column))
            if cell is None:
                continue
            found = attributes_of(buffer[cell.start : cell.open_end])
            inside = buffer[cell.open_end : cell.close_start]
            kind = found.get("t", "n")
            value, formula = self._values.value(kind, inside) if inside else (None, False)
            self.reading.put(row.number, column, value, formula, style_index(found))
