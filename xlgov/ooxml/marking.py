"""What marks ask of a workbook file: its cells as they stand, and whether marks still show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from xlgov.changes import MarkedText, StoredCell, StyleChange
from xlgov.grid.cells import Value, address, parse_address
from xlgov.ooxml.anchors import Anchors
from xlgov.ooxml.found_cells import FoundCell, find_cells
from xlgov.ooxml.shown_fill import Background, backgrounds
from xlgov.ooxml.stored import (
    is_as_marked,
    shows_facets,
    store_cell,
    without_text_color,
)

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Place = tuple[int, int]


class SeenCell(NamedTuple):
    """A cell as marks see it: ``is_text`` where words of it can be marked."""

    address: str
    value: Value
    is_text: bool
    has_formula: bool
    background: Background
    stored: StoredCell

    @property
    def fill(self) -> str | None:
        return self.background.fill

    @property
    def is_colored_by_rule(self) -> bool:
        return self.background.colors_text


class MarkedCells:
    """The cells of one workbook file; nothing is written."""

    def __init__(self, workbook: WorkbookFile) -> None:
        self._workbook = workbook
        self._found: dict[str, dict[Place, FoundCell]] = {}

    def anchor(self, sheet: str, address_text: str) -> str:
        """The cell that shows what an address of a merged range holds; else the address itself."""
        place = parse_address(address_text)
        return address(*Anchors(self._workbook.outline(sheet).merges).of(place))

    def text(self, sheet: str) -> list[list[Value]]:
        """The values of a sheet of ours, row by row from A1; none where there is no such sheet."""
        if not self.has_sheet(sheet):
            return []
        grid = self._workbook.grid(sheet)
        last = max(grid.columns, default=0)
        return [
            [grid.value(row, column) for column in range(1, last + 1)]
            for row in range(1, max(grid.rows(), default=0) + 1)
        ]

    def has_sheet(self, sheet: str) -> bool:
        return self._workbook.book.worksheet(sheet) is not None

    def see(self, sheet: str, addresses: Collection[str]) -> Mapping[str, SeenCell]:
        """The cells at these addresses; those that are not there are left out."""
        found = find_cells(self._workbook, sheet, {parse_address(each) for each in addresses})
        self._found.setdefault(sheet, {}).update(found)
        behind = backgrounds(self._workbook, sheet, {p: cell.style for p, cell in found.items()})
        return {
            address(*place): SeenCell(
                address(*place),
                cell.value,
                cell.is_text,
                cell.has_formula,
                behind[place],
                store_cell(self._workbook, cell),
            )
            for place, cell in found.items()
        }

    def still_shows(
        self, sheet: str, place: str, mark: MarkedText | StyleChange, stored: StoredCell
    ) -> bool:
        """Whether a cell that was seen holds what it held and shows what a mark made of it."""
        cell = self._found[sheet].get(parse_address(place))
        if cell is None:
            return False
        if isinstance(mark, MarkedText):
            return is_as_marked(self._workbook, cell, mark, stored)
        same = cell.has_formula or cell.value == stored.shows or str(cell.value) == stored.shows
        return same and shows_facets(self._workbook, cell, mark)

    def without_color(
        self, sheet: str, place: str, color: str, over: StoredCell | None = None
    ) -> StoredCell | None:
        """A text cell that was seen (or ``over``), without a colour; None where it has none."""
        cell = self._found[sheet].get(parse_address(place))
        return None if cell is None else without_text_color(self._workbook, cell, color, over)
