"""What the derived cells of a table should hold, from its other cells.

Shares come from counts and are never sums of rounded percentages; where a table prints only
percentages, a subtotal may differ from their sum by what rounding explains. Percentages are
fractions here, however the cells hold them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import fsum
from typing import NamedTuple

from xlgov.grid.sheet import Cell, Workbook
from xlgov.kpi.blocks import printed_number, shows_percent
from xlgov.kpi.derived_table import DerivedTable
from xlgov.kpi.number_format import half_unit, is_percent, show

_OF_A_WHOLE = 0.05  # how far shares that are printed without a remainder may be from 1
_MOST_NAMED = 4  # parts of a sum that a sentence names


class Exact(NamedTuple):
    """What a cell should hold; percentages as fractions. None: an input has no figure.

    ``slack`` is how far rounding of the parts may move it, 0 where they are not rounded.
    """

    value: float | None
    reason: str
    slack: float = 0.0


class Arithmetic:
    """Computes the cells of one table, each once."""

    def __init__(self, workbook: Workbook, table: DerivedTable) -> None:
        self.workbook, self.table = workbook, table
        self.block = table.block
        self._known: dict[tuple[int, int], Exact | None] = {}
        self._additive: dict[int, bool] = {}
        self._hundred = {column: self._in_hundreds(column) for column in table.percents}

    def cell(self, row: int, column: int) -> Cell:
        return self.block.grid.cell(row, column)

    def _in_hundreds(self, column: int) -> bool:
        """Whether 82.5 stands for 82.5% where a cell has no ``%`` format."""
        cells = [self.cell(row, column) for row in self.block.rows]
        bare = [cell for cell in cells if not shows_percent(self.workbook, cell)]
        return any((printed_number(cell.value) or 0) > 1 + 1e-9 for cell in bare)

    def scale(self, cell: Cell) -> float:
        """From a fraction to what the cell holds."""
        bare = cell.column in self.table.percents and not shows_percent(self.workbook, cell)
        return 100.0 if bare and self._hundred[cell.column] else 1.0

    def held(self, row: int, column: int) -> float | None:
        """The figure that stands in a cell, a percentage as a fraction."""
        cell = self.cell(row, column)
        number = printed_number(cell.value)
        return None if number is None else number / self.scale(cell)

    def figure(self, row: int, column: int) -> float | None:
        """The figure that a cell should have: computed where it is derived."""
        exact = self.exact(row, column)
        if exact is None:
            return self.held(row, column)
        if exact.slack:
            held = self.held(row, column)
            if held is not None and exact.value is not None:
                return held if abs(held - exact.value) <= exact.slack else exact.value
        return exact.value

    def exact(self, row: int, column: int) -> Exact | None:
        """What a cell should hold; None where it is no derived cell."""
        key = row, column
        if key not in self._known:
            self._known[key] = self._computed(row, column)
        return self._known[key]

    def _computed(self, row: int, column: int) -> Exact | None:
        table = self.table
        parts = table.column_parts.get(column)
        off = table.columns_off.get(column, frozenset())
        # The quotient of sums is no sum of quotients; a difference of quotients is one.
        if row in table.row_quotients and (not parts or not off):
            return self._row_quotient(row, column)
        if parts:
            if all(self.cell(row, each).value is None for each in (column, *parts)):
                return None
            names = [self.block.figures[each].own for each in parts]
            places = [(row, each) for each in parts]
            return self._sum(names, places, [each in off for each in parts])
        if column in table.column_quotients:
            quotient = table.column_quotients[column]
            if all(self.cell(row, each).value is None for each in (column, quotient.part)):
                return None
            whole = row, quotient.whole
            name = self.block.figures[quotient.whole].own
            return self._quotient(row, column, (row, quotient.part), whole, quotient.number, name)
        if column in table.shares:
            return self._share(row, column, table.shares[column])
        rows = table.row_parts.get(row)
        if rows and table.adds_up(column) and self._is_additive(column):
            taken = table.rows_off.get(row, frozenset())
            names = [table.labels[each] for each in rows]
            places = [(each, column) for each in rows]
            return self._sum(names, places, [each in taken for each in rows])
        return None

    def _row_quotient(self, row: int, column: int) -> Exact | None:
        quotient = self.table.row_quotients[row]
        if column in self.table.percents and column not in self.table.column_parts:
            return None  # shares of a whole: their quotient is not the one of the counts
        if all(self.cell(each, column).value is None for each in (row, quotient.part)):
            return None
        name = self.table.labels[quotient.whole]
        part, whole = (quotient.part, column), (quotient.whole, column)
        return self._quotient(row, column, part, whole, quotient.number, name)

    def _quotient(
        self,
        row: int,
        column: int,
        part: tuple[int, int],
        whole: tuple[int, int],
        number: float | None,
        name: str,
    ) -> Exact:
        """A declared share; ``name`` is the label of its whole, ``number`` stands in its place."""
        count = self.figure(*part)
        divisor = self.figure(*whole) if number is None else number
        if count is None:
            return Exact(None, "there is no figure to divide")
        if not divisor:
            why = "there is no figure for" if divisor is None else "there are 0 in"
            return Exact(None, f"{why} {name}")
        value = whole_number(count / divisor)
        cell = self.cell(row, column)
        shown = show(value, self.code(cell))
        of = "of" if is_percent(self.code(cell)) else "divided by"
        return Exact(value, f"{show(count)} {of} {show(divisor)} is {shown}")

    def _is_additive(self, column: int) -> bool:
        """Whether figures are counts, or percentages that share out a whole between the rows.

        The outcome rates of two groups are no parts of the rate of both.
        """
        if column not in self.table.percents:
            return True
        if column not in self._additive:
            rows = [row for row in self.table.labels if row not in self.table.row_parts]
            made = (*self.table.totals, *self.table.row_quotients)
            rows = [row for row in rows if row not in made]
            shares = [share for row in rows if (share := self.held(row, column)) is not None]
            wholes = max(len(self.table.totals), 1)
            slack = fsum(self.half(row, column) for row in rows) + _OF_A_WHOLE * wholes
            least = 0.0 if len(shares) < len(rows) else wholes - slack
            self._additive[column] = least <= fsum(shares) <= wholes + slack
        return self._additive[column]

    def _share(self, row: int, column: int, counts: int) -> Exact | None:
        if row in self.table.totals:
            parts = self.table.sums.get(row, ()) or self.table.row_parts.get(row, ())
            if self.held(row, column) is None:
                return None
            held = [self.figure(each, counts) for each in parts]
            own = self.figure(row, counts)
            if not own or None in held or fsum(each or 0 for each in held) != own:
                return None
            return Exact(1.0, "the rows add up to the total")
        total = self.table.wholes.get(row)
        if total is None:
            return None
        count, whole = self.figure(row, counts), self.figure(total, counts)
        if count is not None and whole is not None and count > whole:
            return None  # no part of this total; that the parts do not add up is said of the total
        if count is None:
            return Exact(None, "there is no count beside it")
        if not whole:
            why = "there is no figure for" if whole is None else "there are 0 in"
            return Exact(None, f"{why} {self.table.labels[total]}")
        share = count / whole
        code = self.code(self.cell(row, column))
        return Exact(share, f"{show(count)} of {show(whole)} is {show(share, code)}")

    def _sum(
        self,
        names: list[str],
        places: list[tuple[int, int]],
        taken: list[bool],
    ) -> Exact | None:
        """The sum of the cells at ``places``, but for those that are taken off."""
        named = [(name, self.figure(*place)) for name, place in zip(names, places, strict=True)]
        missing = [name for name, figure in named if figure is None]
        if missing:
            return Exact(None, f"there is no figure for {missing[0]}")
        percents = [column in self.table.percents for _, column in places]
        if any(percents) and not all(percents):
            return None
        signed = zip(named, taken, strict=True)
        figures = [-(figure or 0) if minus else figure or 0 for (_, figure), minus in signed]
        value = whole_number(_decimal_sum(figures))
        slack = 0.0
        if all(percents):
            units = [self.half(*place) for place in places]
            slack = fsum(units) + max(units)
            if value > 1 + slack:
                return None  # percentages of different wholes
        code = self.code(self.cell(*places[0]))
        if len(named) <= _MOST_NAMED:
            said = ""
            for (name, figure), minus in zip(named, taken, strict=True):
                sign = ("\u2212 " if minus else "+ ") if said or minus else ""
                said = f"{said} {sign}{name} {show(figure or 0, code)}".strip()
        else:
            said = f"{len(named)} parts from {named[0][0]} to {named[-1][0]}"
        return Exact(value, f"{said} make {show(value, code)}", slack)

    def half(self, row: int, column: int) -> float:
        """Half of the last unit that a percentage is printed to, as a fraction."""
        cell = self.cell(row, column)
        number = printed_number(cell.value)
        if isinstance(cell.value, str):
            places = len(cell.value.rstrip("% ").partition(".")[2])
            return 0.5 * 10.0 ** -(places + 2)
        half = half_unit(self.workbook.number_format(cell.style))
        if half is None:
            places = len(f"{number or 0:.10g}".partition(".")[2])
            half = 0.5 * 10.0**-places
        return half / self.scale(cell)

    def code(self, cell: Cell) -> str:
        """The format to show a cell's figure in: a percentage always with its sign."""
        code = self.workbook.number_format(cell.style)
        if cell.column in self.table.percents and not is_percent(code):
            return "0.0%"
        return code


def _decimal_sum(figures: Iterable[float]) -> float:
    """A sum as on paper: 4.6 + 3.5 + 0.2 + 2.5 is 10.8, and not 10.799999999999999."""
    return float(sum(Decimal(repr(figure)) for figure in figures))


def whole_number(value: float) -> float:
    """A sum without the noise of adding: whole numbers stay whole."""
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else value
