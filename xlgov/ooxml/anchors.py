"""The first cells of merged ranges: what is written anywhere in a range belongs there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from xlgov.grid.cells import Range

_TALL = 32  # rows of a merged range that is not noted row by row


class Anchors:
    """The first cells of a sheet's merged ranges, by row: ranges may be as many as changes."""

    def __init__(self, merges: Iterable[Range]) -> None:
        self._by_row: dict[int, list[Range]] = defaultdict(list)
        self._tall: list[Range] = []
        for merge in merges:
            if merge.bottom - merge.top < _TALL:
                for row in range(merge.top, merge.bottom + 1):
                    self._by_row[row].append(merge)
            else:
                self._tall.append(merge)

    def of(self, cell: tuple[int, int]) -> tuple[int, int]:
        """The cell itself where it is in no merged range."""
        for merge in chain(self._by_row.get(cell[0], ()), self._tall):
            if cell in merge:
                return merge.top, merge.left
        return cell
