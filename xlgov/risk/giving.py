"""What is given to the cells of one register while formulas are put into it, and what is said.

Why the corrections come first: a formula takes the place of the value that would have been written,
and what a formula of ours shows is never written over by a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.changes import CellChange, Finding, StyleChange
from xlgov.grid.cells import address
from xlgov.grid.sheet import Grid, Workbook
from xlgov.risk.codes import make_finding
from xlgov.risk.native import FormulaPlan
from xlgov.risk.rating import Rater
from xlgov.risk.register import Register, Risk

_TEXT_FORMAT = "@"  # in such a cell an edited formula becomes a text
_MOST_RELATED = 50

Place = tuple[int, int]


class CellsGiven(NamedTuple):
    """The changes of a register's cells, its corrections among them, and what is to be said."""

    cells: list[CellChange]
    styles: list[StyleChange]
    findings: list[Finding]


@dataclass(slots=True)
class Giving:
    """What is given to the cells of one register, as it comes together."""

    workbook: Workbook
    register: Register
    plan: FormulaPlan
    rater: Rater
    corrections: Sequence[CellChange]
    changes: dict[tuple[str, str], CellChange] = field(default_factory=dict)
    styles: list[StyleChange] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    unlisted: list[tuple[str, str]] = field(default_factory=list)
    _texts: dict[tuple[object, ...], str] = field(default_factory=dict)
    _grids: dict[str, Grid] = field(default_factory=dict)
    _columns: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = {(sheet, address(*at)) for sheet, at in self.register.own_formulas}
        for change in self.corrections:
            place = change.sheet, change.address
            if place not in own:  # what a formula of ours shows is looked at below, or left
                self.changes[place] = change
        for layout in self.register.layouts:
            held = self._columns.setdefault(layout.sheet, set())
            for record in layout.records[:1] if layout.form == "table" else layout.records:
                held |= set(record.columns.values()) | {c for _, c in record.cells.values()}

    def text(self, build: Callable[..., str], risk: Risk, *arguments: object) -> str:
        """A formula's text, built once for all rows of a table: of a row's own cells alone."""
        key = build, *arguments
        if key not in self._texts:
            self._texts[key] = build(*arguments)
        return self._texts[key].replace("\0", str(risk.record.row))

    def is_text_cell(self, sheet: str, place: Place) -> bool:
        """Whether a cell is formatted as text."""
        if sheet not in self._grids:
            self._grids[sheet] = self.workbook.grid(sheet, columns=self._columns[sheet])
        style = self._grids[sheet].cell(*place).style
        return self.workbook.number_format(style) == _TEXT_FORMAT

    def findings(self) -> list[Finding]:
        found = []
        if self.typed:
            found.append(
                _about(
                    "rating-left-typed",
                    self.typed,
                    "{} given in words, or as words with a number, and left as typed",
                    "Such a cell does not follow its scores by itself; a refresh corrects it",
                )
            )
        if self.unlisted:
            found.append(
                _about(
                    "spelling-not-listed",
                    self.unlisted,
                    "{} rated from scores spelled in a way that the formulas do not know yet",
                    "Refresh with --write formulas, which lists new spellings",
                )
            )
        return found


def _about(code: str, cells: Sequence[tuple[str, str]], message: str, remedy: str) -> Finding:
    count = "1 cell is" if len(cells) == 1 else f"{len(cells):,} cells are"
    (sheet, place), *more = cells
    related = tuple(f"{name}!{at}" for name, at in more[:_MOST_RELATED])
    return make_finding(
        code, message.format(count), sheet=sheet, address=place, remedy=remedy, related=related
    )
