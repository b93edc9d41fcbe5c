"""Which cells of a small table are made from its others: shares of a total, subtotals, sums.

Why by structure and never by likeness of figures: this month's counts stand beside last month's
percentages until they are recalculated, so agreement cannot tell what belongs to what. A share
needs a heading with *%*, a count column of the same period to its left and a row that is the
total; a subtotal is one because settings say so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import address, is_blank
from xlgov.grid.sheet import Workbook
from xlgov.kpi.blocks import Block, Heading, find_blocks, printed_number, shows_percent
from xlgov.kpi.codes import make_finding
from xlgov.kpi.derived_table import NO_SHARE, DerivedTable, Quotient, words_of
from xlgov.kpi.names import normal_name
from xlgov.settings.values import Settings, read_divisor, split_sign

_PERCENT_WORDS = frozenset(("percent", "percentage", "pct", "share", "proportion"))
_COUNT_WORDS = frozenset(("count", "number", "no", "total", "n", "volume", "figure", "value"))
_FILLERS = frozenset(("of", "the", "all", "in", "as", "a")) | _COUNT_WORDS | _PERCENT_WORDS
_TOTALS = frozenset(("total", "all", "grand total", "overall", "overall total", "sum"))
_SUBTOTALS = frozenset(("sub total", "subtotal"))
_WHOLE = 0.02  # how far the printed share of a total may be from 1


@dataclass(frozen=True, slots=True)
class Declared:
    """What settings say that labels are made of, by their plain names."""

    totals: Mapping[str, tuple[tuple[int, str], ...]]  # the sign and the label of each part
    shares: Mapping[str, tuple[str, str]]

    def __contains__(self, name: object) -> bool:
        return name in self.totals or name in self.shares


def find_derived(
    workbook: Workbook, settings: Settings, skip: Collection[str] = ()
) -> list[DerivedTable]:
    """The derived tables on all sheets but those in ``skip``, in book order."""
    declared = Declared(
        {
            normal_name(label): tuple(map(split_sign, parts))
            for label, parts in settings.totals.items()
        },
        {normal_name(label): share for label, share in settings.shares.items()},
    )
    tables = []
    for sheet in workbook.sheets:
        if sheet.name in skip or is_our_own(sheet.name):
            continue
        for block in find_blocks(workbook, sheet.name):
            table = _Reader(workbook, block, declared).table
            if table.is_derived or table.sums or table.findings:
                tables.append(table)
    return tables


def _period(heading: Heading) -> frozenset[str]:
    """What a heading says besides that it counts or shares: its period."""
    return words_of(heading) - _FILLERS


def _without_circles(
    parts: Mapping[int, tuple[int, ...]], quotients: Mapping[int, Quotient]
) -> dict[int, tuple[int, ...]]:
    """Sums but those that are, through their parts, part of themselves."""
    made = {place: (each.part, each.whole) for place, each in quotients.items()} | dict(parts)

    def reach(place: int) -> set[int]:
        seen: set[int] = set()
        waiting = [*made.get(place, ())]
        while waiting:
            part = waiting.pop()
            if part not in seen:
                seen.add(part)
                waiting += made.get(part, ())
        return seen

    return {place: own for place, own in parts.items() if place not in reach(place)}


class _Made(NamedTuple):
    """The labels of a declaration that a table has not, and the places of those that it has."""

    missing: list[str]
    places: tuple[int, ...]
    off: frozenset[int] = frozenset()
    quotient: Quotient | None = None


class _Reader:
    """Reads the structure of one block."""

    def __init__(self, workbook: Workbook, block: Block, declared: Declared) -> None:
        self.workbook, self.block, self.declared = workbook, block, declared
        column = self._label_column()
        labels = {row: block.text(row, column) for row in block.rows}
        self.normal = {row: normal_name(label) for row, label in labels.items()}
        printed = {row: label for row, label in labels.items() if label}
        self.table = table = DerivedTable(block, printed)
        percents = [column for column in block.figures if self._is_percent(column)]
        table.percents = frozenset(percents)
        self._read_columns()
        self._read_rows()
        table.column_parts = _without_circles(table.column_parts, table.column_quotients)
        table.row_parts = _without_circles(table.row_parts, table.row_quotients)
        shares = {column: count for column in percents if (count := self._count_of(column))}
        totals, clear = self._totals(shares)
        table.totals = tuple(totals)
        for segment in self._segments():
            self._read_segment(segment)
        if clear and table.wholes:
            table.shares = {column: count for column, count in shares.items()}

    def _label_column(self) -> int:
        """The text column in which totals are named; else the one nearest to the figures."""
        texts = sorted(self.block.texts, reverse=True)

        def totals_in(column: int) -> int:
            names = [normal_name(self.block.text(row, column)) for row in self.block.rows]
            return sum(name in self.declared or self._may_total(name) > 0 for name in names)

        return max(texts, key=totals_in)

    def _number(self, row: int, column: int) -> float | None:
        return printed_number(self.block.grid.value(row, column))

    def _is_percent(self, column: int) -> bool:
        """Whether a column's figures are percentages, by their format or the words above."""
        cells = [self.block.grid.cell(row, column) for row in self.block.rows]
        shown = sum(shows_percent(self.workbook, cell) for cell in cells)
        numbers = [n for cell in cells if (n := printed_number(cell.value)) is not None]
        if shown * 2 > max(len(numbers), 1) or (shown and not numbers):
            return True
        worded = not _PERCENT_WORDS.isdisjoint(words_of(self.block.figures[column]))
        return worded and bool(numbers) and all(0 <= number <= 101 for number in numbers)

    def _count_of(self, column: int) -> int | None:
        """The count column that a percentage column is the share of."""
        words = words_of(self.block.figures[column])
        if words.isdisjoint(_PERCENT_WORDS) or words & NO_SHARE:
            return None
        counts: list[int] = []
        for beside in sorted((each for each in self.block.figures if each < column), reverse=True):
            if beside in self.table.percents:
                if counts:
                    break
                continue
            counts.append(beside)
        period = _period(self.block.figures[column])
        for count in counts:
            if (period or len(counts) == 1) and _period(self.block.figures[count]) == period:
                return self._counted(count)
        alone = len(counts) == 1 and counts[0] == column - 1
        return self._counted(counts[0]) if alone and not period else None

    def _counted(self, column: int) -> int | None:
        held = [n for row in self.block.rows if (n := self._number(row, column)) is not None]
        return column if held and min(held) >= 0 and self.table.adds_up(column) else None

    def _read_columns(self) -> None:
        named: dict[str, int] = {}
        for column, heading in self.block.figures.items():
            for text in (heading.own, heading.text):
                named.setdefault(normal_name(text), column)
        for column, heading in self.block.figures.items():
            for text in (heading.text, heading.own):
                made = self._read_made(normal_name(text), named.get)
                if made is None:
                    continue
                if column in made.places:
                    made.missing.append(heading.own)
                if made.missing:
                    self._miss(heading.text, made.missing, self.block.header_row, column)
                elif made.quotient:
                    self.table.column_quotients[column] = made.quotient
                else:
                    self.table.column_parts[column] = made.places
                    self.table.columns_off[column] = made.off
                break

    def _read_rows(self) -> None:
        for row, name in self.normal.items():
            made = self._read_made(name, partial(self._nearest, row=row))
            if made is None:
                continue
            if made.missing:
                self._miss(self.table.labels[row], made.missing, row, self._label_column())
            elif made.quotient:
                self.table.row_quotients[row] = made.quotient
            else:
                self.table.row_parts[row] = made.places
                self.table.rows_off[row] = made.off

    def _read_made(self, name: str, find: Callable[[str], int | None]) -> _Made | None:
        """What a row or column of this name is made of; None where settings or table do not say.

        ``find`` gives the place of a plain name.
        """
        share = self.declared.shares.get(name)
        number = None
        parts = self.declared.totals.get(name, ())
        if share:
            number = read_divisor(share[1])
            parts = tuple((1, label) for label in share[: 1 if number else 2])
        found = [(sign, label, find(normal_name(label))) for sign, label in parts]
        if not any(place for _, _, place in found):
            return None
        places = tuple(place for _, _, place in found if place)
        missing = [label for _, label, place in found if not place]
        if share and not missing:
            return _Made(missing, places, quotient=Quotient(places[0], places[-1], number))
        off = frozenset(place for sign, _, place in found if place and sign < 0)
        return _Made(missing, places, off)

    def _nearest(self, name: str, row: int) -> int | None:
        places = [each for each, known in self.normal.items() if known == name and each != row]
        return min(places, key=lambda place: abs(place - row), default=None)

    def _miss(self, label: str, missing: Sequence[str], row: int, column: int) -> None:
        names = ", ".join(f"“{name}”" for name in missing)
        self.table.findings.append(
            make_finding(
                "part-missing",
                f"the settings make it from labels of which this table has no {names}",
                record=label,
                sheet=self.block.sheet,
                address=address(row, column),
                remedy="Write the labels under [kpi.totals] or [kpi.shares] in the settings as "
                "they stand in the table",
            )
        )

    def _may_total(self, name: str) -> int:
        """2 for a row that is called just the total, 1 for the total of something, else 0."""
        words = name.split()
        if name in _SUBTOTALS or not words:
            return 0
        return 2 if name in _TOTALS else int("total" in (words[0], words[-1]))

    def _totals(self, shares: Mapping[int, int]) -> tuple[list[int], bool]:
        """The rows of totals, and whether it is clear which they are."""
        accepted, clear = [], True
        for row, name in self.normal.items():
            kind = self._may_total(name)
            if not kind:
                continue
            printed = [self._fraction(row, column) for column in shares]
            stated = [share for share in printed if share is not None]
            whole = all(abs(share - 1) <= _WHOLE for share in stated)
            if not whole or not any(self._number(row, c) is not None for c in self.block.figures):
                continue
            if kind == 2 or (stated and whole):
                accepted.append(row)
            elif name not in self.declared:
                if self._is_largest(row):
                    accepted.append(row)
                else:
                    clear = False
        return accepted, clear

    def _fraction(self, row: int, column: int) -> float | None:
        number = self._number(row, column)
        cell = self.block.grid.cell(row, column)
        if number is None or shows_percent(self.workbook, cell):
            return number
        return number / 100 if number > 1 + _WHOLE else number

    def _is_largest(self, row: int) -> bool:
        """Whether no other row has more: *Total America* is no total of a table with the UK."""
        for column in self.block.figures:
            own = self._number(row, column)
            if own is None or column in self.table.percents:
                continue
            for other in self.block.rows:
                number = self._number(other, column)
                if number is not None and number > own and self._may_total(self.normal[other]) < 2:
                    return False
        return True

    def _segments(self) -> list[list[int]]:
        """The rows in runs: a label without figures after a total begins another run."""
        segments: list[list[int]] = [[]]
        declared = {*self.table.row_parts, *self.table.row_quotients}
        ends = {*self.table.totals, *self.table.row_parts}
        for row in self.block.rows:
            values = (self.block.grid.value(row, column) for column in self.block.figures)
            bare = row not in declared and all(map(is_blank, values))
            if bare and (not segments[-1] or segments[-1][-1] in ends):
                segments.append([])
            elif self.normal[row]:
                segments[-1].append(row)
        return [segment for segment in segments if segment]

    def _read_segment(self, rows: Sequence[int]) -> None:
        totals = [row for row in rows if row in self.table.totals]
        for row in rows:
            below = [total for total in totals if total > row]
            above = [total for total in totals if total < row]
            if row not in totals and (below or above):
                self.table.wholes[row] = below[0] if below else above[-1]
        for row in rows:
            # A subtotal is of the same whole as its parts, wherever it stands.
            part = next(iter(self.table.row_parts.get(row, ())), None)
            if row in self.table.wholes and part in self.table.wholes:
                self.table.wholes[row] = self.table.wholes[part]
        for total in totals:
            parts = self._parts_of(total, rows, totals)
            if len(parts) > 1 and total not in self.table.row_parts:
                self.table.sums[total] = parts

    def _parts_of(self, total: int, rows: Sequence[int], totals: Sequence[int]) -> tuple[int, ...]:
        """The plain rows above a total back to the one before; below it where none is above."""
        before = max((each for each in totals if each < total), default=0)
        above = [row for row in rows if before < row < total]
        after = min((each for each in totals if each > total), default=rows[-1] + 1)
        below = [row for row in rows if total < row < after]
        return tuple(
            row
            for row in above or below
            if self.normal[row] not in self.declared
            and not self._may_total(self.normal[row])
            and self.normal[row] not in _SUBTOTALS
        )
