"""What a kind of tracker says of its entries: findings, changes, formats, counts.

Why one object that is filled: a kind's module is then a list of questions to its entries, with no
plumbing, and another kind is one more such module.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from xlgov.changes import (
    BoardItem,
    CellChange,
    Finding,
    FindingCodes,
    FormatRule,
    NewValue,
    StyleChange,
    coded_finding,
)
from xlgov.grid.cells import Range
from xlgov.grid.sheet import Workbook, has_own_rules
from xlgov.settings.values import BLACK, WHITE, Settings, readable_on
from xlgov.tracker.entry import Entry

Cell = tuple[int, int]


@dataclass(slots=True)
class Examination:
    """The entries of all registers of one kind in a workbook, and what is said of them."""

    workbook: Workbook
    settings: Settings
    as_of: date
    codes: FindingCodes
    registers: list[list[Entry]]
    findings: list[Finding] = field(default_factory=list)
    cells: list[CellChange] = field(default_factory=list)
    styles: list[StyleChange] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    board: list[BoardItem] = field(default_factory=list)
    tolerance: str = ""  # in words, where the kind has one
    key_colors: dict[str, str] = field(default_factory=dict)  # by kind of format; see ``rules``
    _shades: dict[tuple[str, str], set[Cell]] = field(default_factory=lambda: defaultdict(set))

    @property
    def entries(self) -> Iterator[Entry]:
        """Every entry, register by register."""
        return (entry for register in self.registers for entry in register)

    def find(
        self,
        code: str,
        entry: Entry,
        name: str,
        message: str,
        remedy: str = "",
        related: tuple[str, ...] = (),
    ) -> None:
        """A finding about a field; its message begins with the entry."""
        self.findings.append(
            coded_finding(
                self.codes,
                code,
                f"{entry.label} {message}",
                record=entry.label,
                sheet=entry.sheet,
                address=entry.address(name) or entry.first_address,
                remedy=remedy,
                related=related,
            )
        )

    def change(
        self, entry: Entry, name: str, after: NewValue, reason: str, measure: str = ""
    ) -> None:
        """A new value for a field. A formula is never overwritten."""
        cell = entry.cell(name)
        if cell is not None and not cell.formula and cell.value != after:
            self.cells.append(
                CellChange(
                    entry.sheet,
                    cell.address,
                    cell.value,
                    after,
                    f"{entry.label}: {reason}",
                    measure or name,
                    entry.label,
                    name,
                )
            )

    def restyle(self, entry: Entry, name: str, number_format: str) -> None:
        """Another number format for a field."""
        address = entry.address(name)
        if address:
            self.styles.append(StyleChange(entry.sheet, address, number_format=number_format))

    def shade(self, entry: Entry, name: str, kind: str) -> None:
        """Colour a field's cell by a conditional format of this kind (``overdue``, ``closed``)."""
        cell = entry.cell(name)
        if cell is not None:
            self._shades[entry.sheet, kind].add((cell.row, cell.column))

    def rules(self, shades: dict[str, str]) -> tuple[FormatRule, ...]:
        """The conditional formats; ``shades`` is each kind's colour, or its name in settings.

        The colours of the workbook's own key (``key_colors``) go before them, and before both what
        settings say of the kind's own name (``due soon``).
        Where the office has rules of its own on most of a sheet's cells, none of ours is added.
        """
        rules = []
        shaded: dict[str, set[Cell]] = defaultdict(set)
        for (sheet, _), cells in self._shades.items():
            shaded[sheet] |= cells
        theirs = {
            sheet
            for sheet, every in shaded.items()
            if has_own_rules(every, self.workbook.formats(sheet))
        }
        for (sheet, kind), cells in self._shades.items():
            if sheet in theirs:
                continue
            ranges = " ".join(str(Range(row, col, row, col)) for row, col in sorted(cells))
            stated = self.settings.colors.get(kind.replace("-", " "))
            color = stated or self.key_colors.get(kind) or self.settings.color(shades[kind])
            ink = None if readable_on(color) == BLACK else WHITE
            rules.append(FormatRule(sheet, ranges, "TRUE", fill=color, font_color=ink, kind=kind))
        return tuple(rules)
