"""What marks ask of a workbook, whichever hand opened it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from xlgov.changes import MarkedText, StoredCell, StyleChange
from xlgov.grid.cells import Value


class SeenCell(Protocol):
    """A cell as it stands; ``fill`` is the colour that is seen behind it, as ``RRGGBB``."""

    @property
    def value(self) -> Value: ...

    @property
    def is_text(self) -> bool:
        """Whether words of it can be marked: it holds a text, and no formula."""

    @property
    def fill(self) -> str | None: ...

    @property
    def is_colored_by_rule(self) -> bool:
        """Whether a conditional format gives its text a colour, before which no other shows."""

    @property
    def stored(self) -> StoredCell: ...


class Cells(Protocol):
    """The cells of one workbook."""

    def anchor(self, sheet: str, address: str) -> str:
        """The first cell of the merged range that an address is in; else the address."""

    def see(self, sheet: str, addresses: Collection[str]) -> Mapping[str, SeenCell]:
        """The cells at these addresses, by address; those that are not there are left out."""

    def has_sheet(self, sheet: str) -> bool: ...

    def text(self, sheet: str) -> list[list[Value]]:
        """The values of a sheet, row by row; none without such a sheet."""

    def still_shows(
        self, sheet: str, address: str, mark: MarkedText | StyleChange, stored: StoredCell
    ) -> bool:
        """Whether a cell that was seen holds what it held and shows what a mark made of it."""

    def without_color(
        self, sheet: str, address: str, color: str, over: StoredCell | None = None
    ) -> StoredCell | None:
        """A text cell that was seen, or ``over``, without a colour; None where it has none."""
