"""What is to become of single cells of a sheet: a value, a style, or XML that is ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from xlgov.changes import Cached, NewValue
from xlgov.grid.cells import Range


class Keep:
    """The value of an edit that changes only the style."""


KEEP = Keep()


@dataclass(frozen=True, slots=True)
class ReadyCell:
    """The XML of a whole cell that is to stand in place of the old one, and what it will read as.

    It ``reads`` KEEP where only its opening tag differs, so value and formula stay as they are.
    """

    raw: bytes
    style: int
    reads: object = KEEP


@dataclass(frozen=True, slots=True)
class CachedCell(ReadyCell):
    """A formula that stays and shows another value: made where the cell stands, not before."""

    shows: Cached = field(kw_only=True)


class CellEdit(NamedTuple):
    """What becomes of one cell: a value (or KEEP) and a style index (or None to keep it)."""

    value: NewValue | Keep | ReadyCell = KEEP
    style: int | None = None


Edits = Mapping[int, Mapping[int, CellEdit]]


def keeps_value(value: object) -> bool:
    """Whether a cell goes on holding what it holds."""
    if value is KEEP:
        return True
    if isinstance(value, CachedCell):
        return True  # so does its formula, which is what other cells may share or be part of
    return isinstance(value, ReadyCell) and value.reads is KEEP


class NewValues:
    """The cells that get a new value: what may share a formula or an array with others."""

    def __init__(self, edits: Edits) -> None:
        self._cells = {
            (row, column)
            for row, cells in edits.items()
            for column, edit in cells.items()
            if not keeps_value(edit.value)
        }

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return cell in self._cells

    def within(self, area: Range) -> list[tuple[int, int]]:
        """Those in an area, in order."""
        if area.cell_count > len(self._cells):
            return sorted(cell for cell in self._cells if cell in area)
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        return [cell for cell in product(rows, columns) if cell in self._cells]
