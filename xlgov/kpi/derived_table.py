"""Which cells of a small table are made from its others: shares of a total, subtotals, sums.

Why by structure and never by likeness of figures: this month's counts stand beside last month's
percentages until they are recalculated, so agreement cannot tell what belongs to what. A share
needs a heading with *%*, a count column of the same period to its left and a row that is the
total; a subtotal is one because settings say so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from xlgov.changes import Finding
from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import address, is_blank
from xlgov.grid.sheet import Workbook
from xlgov.kpi.blocks import Block, Heading, find_blocks, printed_number, shows_percent
from xlgov.kpi.codes import make_finding
from xlgov.kpi.names import normal_name
from xlgov.settings.values import Settings

_PERCENT_WORDS = frozenset(("percent", "percentage", "pct", "share", "proportion"))
_COUNT_WORDS = frozenset(("count", "number", "no", "total", "n", "volume", "figure", "value"))
_FILLERS = frozenset(("of", "the", "all", "in", "as", "a")) | _COUNT_WORDS | _PERCENT_WORDS
# Percentages that are no share of a column's total, and figures that do not add up.
_NO_SHARE = frozenset(
    (
        *("change", "increase", "decrease", "difference", "diff", "variance", "movement"),
        *("growth", "target", "rate", "v", "vs", "versus", "against", "up", "down"),
        *("achieved", "complete", "completed", "spent"),
    )
)
_NO_SUM = _NO_SHARE | frozenset(
    (
        *("average", "mean", "avg", "median", "per", "index", "rank", "minute", "min", "ratio"),
        *("score", "rating", "likelihood", "impact", "probability", "minimum", "maximum", "max"),
    )
)
_TOTALS = frozenset(("total", "all", "grand total", "overall", "overall total", "sum"))
_SUBTOTALS = frozenset(("sub total", "subtotal"))
_WHOLE = 0.02  # how far the printed share of a total may be from 1


@dataclass(slots=True)
class DerivedTable:
    """A block with derived cells.

    ``labels`` are the labels by row. ``shares`` gives the count column of each percentage column,
    ``wholes`` the total row of each row, ``row_parts`` and ``column_parts`` what declared totals
    are the sum of. ``sums`` are the rows that a total row without declaration should be the sum of.
    ``percents`` are the columns of percentages.
    """

    block: Block
    labels: dict[int, str]
    percents: frozenset[int] = frozenset()
    shares: dict[int, int] = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    wholes: dict[int, int] = field(default_factory=dict)
    row_parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    column_parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sums: dict[int, tuple[int, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_derived(self) -> bool:
        """Whether anything in it is written, and not only checked."""
        return bool((self.shares and self.wholes) or self.row_parts or self.column_parts)

    def adds_up(self, column: int) -> bool:
        """Whether figures of a column may be added."""
        return _NO_SUM.isdisjoint(_words(self.block.figures[column]))


def find_derived(
    workbook: Workbook, settings: Settings, skip: Collection[str] = ()
) -> list[DerivedTable]:
    """The derived tables on all sheets but those in ``skip``, in book order."""
    declared = {normal_name(label): parts for label, parts in settings.totals.items()}
    tables = []
    for sheet in workbook.sheets:
        if sheet.name in skip or is_our_own(sheet.name):
            continue
        for block in find_blocks(workbook, sheet.name):
            table = _Reader(workbook, block, declared).table
            if table.is_derived or table.sums or table.findings:
                tables.append(table)
    return tables


def _words(heading: Heading) -> frozenset[str]:
    return frozenset(normal_name(heading.text).split())


def _period(heading: Heading) -> frozenset[str]:
    """What a heading says besides that it counts or shares: its period."""
    return _words(heading) - _FILLERS


def _without_circles(parts: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Sums but those that are, through their parts, part of themselves."""

    def reach(place: int) -> set[int]:
        seen: set[int] = set()
        waiting = [*parts.get(place, ())]
        while waiting:
            part = waiting.pop()
            if part not in seen:
                seen.add(part)
                waiting += parts.get(part, ())
        return seen

    return {place: own for place, own in parts.items() if place not in reach(place)}


class _Reader:
    """Reads the structure of one block."""

    def __init__(
        self, workbook: Workbook, block: Block, declared: Mapping[str, tuple[str, ...]]
    ) -> None:
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
        table.column_parts = _without_circles(table.column_parts)
        table.row_parts = _without_circles(table.row_parts)
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
        worded = not _PERCENT_WORDS.isdisjoint(_words(self.block.figures[column]))
        return worded and bool(numbers) and all(0 <= number <= 101 for number in numbers)

    def _count_of(self, column: int) -> int | None:
        """The count column that a percentage column is the share of."""
        words = _words(self.block.figures[column])
        if words.isdisjoint(_PERCENT_WORDS) or words & _NO_SHARE:
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
                parts = self.declared.get(normal_name(text))
                found = {part: named.get(normal_name(part)) for part in parts or ()}
                if not any(found.values()):
                    continue
                missing = [part for part, place in found.items() if place in (None, column)]
                if missing:
                    self._miss(heading.text, missing, self.block.header_row, column)
                else:
                    places = (place for place in found.values() if place)
                    self.table.column_parts[column] = tuple(places)
                break

    def _read_rows(self) -> None:
        for row, name in self.normal.items():
            parts = self.declared.get(name)
            if not parts:
                continue
            found = {part: self._nearest(normal_name(part), row) for part in parts}
            missing = [part for part, place in found.items() if not place]
            if not missing:
                self.table.row_parts[row] = tuple(place for place in found.values() if place)
            elif len(missing) < len(found):
                column = self._label_column()
                self._miss(self.table.labels[row], missing, row, column)

    def _nearest(self, name: str, row: int) -> int | None:
        places = [each for each, known in self.normal.items() if known == name and each != row]
        return min(places, key=lambda place: abs(place - row), default=None)

    def _miss(self, label: str, missing: Sequence[str], row: int, column: int) -> None:
        names = ", ".join(f"“{name}”" for name in missing)
        self.table.findings.append(
            make_finding(
                "part-missing",
                f"the settings make it the sum of parts of which this table has no {names}",
                record=label,
                sheet=self.block.sheet,
                address=address(row, column),
                remedy="Write the parts under [totals] in the settings as they stand in the table",
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
        ends = {*self.table.totals, *self.table.row_parts}
        for row in self.block.rows:
            values = (self.block.grid.value(row, column) for column in self.block.figures)
            bare = row not in self.table.row_parts and all(map(is_blank, values))
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
