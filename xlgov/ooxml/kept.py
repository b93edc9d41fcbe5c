"""Columns of a sheet that were read down to its end, kept to be given again.

Why: the search for records, the domain and the look for locked cells ask for overlapping columns of
the same sheet, and each pass over a large one takes a second or two.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from xlgov.grid.cells import Range
from xlgov.grid.sheet import Column, Grid


@dataclass(slots=True)
class KeptColumns:
    """What was read of one sheet, and which columns of it only briefly."""

    columns: dict[int, Column] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    brief: set[int] = field(default_factory=set)

    def missing(self, columns: Collection[int], brief: Collection[int]) -> set[int]:
        """Columns that have to be read: not yet read, or briefly and now wanted whole."""
        return {
            column
            for column in columns
            if column not in self.read or (column in self.brief and column not in brief)
        }

    def keep(self, found: Grid, columns: Collection[int], brief: Collection[int]) -> None:
        self.columns.update(found.columns)
        self.read.update(columns)
        self.brief.difference_update(columns)
        self.brief.update(column for column in columns if column in brief)

    def grid(self, sheet: str, columns: Collection[int], merges: tuple[Range, ...]) -> Grid:
        cells = {column: self.columns[column] for column in columns if column in self.columns}
        return Grid(sheet, cells, merges, is_complete=False)
