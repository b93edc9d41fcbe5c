"""The derived cells of small tables, compared with what their parts give: changes and findings.

A total that no setting declares is evidence and is never written: it may cover more than the rows
above it. It is only checked, and subtotals that nobody declared may explain why the rows make more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from math import fsum, isclose

from xlgov.changes import CellChange, Finding
from xlgov.grid.cells import address
from xlgov.grid.sheet import Cell, Workbook
from xlgov.kpi.blocks import is_dash, is_not_available, printed_number, shows_percent
from xlgov.kpi.codes import make_finding
from xlgov.kpi.derived_figures import Arithmetic, Exact, whole_number
from xlgov.kpi.derived_structure import find_derived
from xlgov.kpi.derived_table import DerivedTable
from xlgov.kpi.number_format import agrees, show
from xlgov.kpi.written import NOT_AVAILABLE, ROUNDED
from xlgov.settings.values import Settings

_MOST_SUMS = 10_000
_OVER = 0.05  # how far shares of one whole may add up to more than it, besides rounding


@dataclass(slots=True)
class Derived:
    """What the derived tables ask for. ``sheets`` are those they stand on, in book order.

    ``recognised`` says, a line for each sheet, what on it is derived or checked.
    """

    changes: list[CellChange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    recognised: tuple[str, ...] = ()


def check_derived(workbook: Workbook, settings: Settings, skip: Collection[str] = ()) -> Derived:
    """The changes and findings of all derived tables but those on the sheets in ``skip``."""
    result = Derived()
    derived: dict[str, dict[str, None]] = {}
    checked: dict[str, dict[str, None]] = {}
    for table in find_derived(workbook, settings, skip):
        _Checker(workbook, table, result).check()
        own, sheet = table.derived_labels(), table.block.sheet
        if table.is_derived:
            derived.setdefault(sheet, {}).update(dict.fromkeys(own))
        sums = (table.labels[row] for row in table.sums)
        checked.setdefault(sheet, {}).update((label, None) for label in sums if label not in own)
    result.sheets = tuple(derived)
    result.recognised = (
        *(f"{sheet} has derived figures ({', '.join(each)})" for sheet, each in derived.items()),
        *(
            f"{sheet} has totals that are checked only ({', '.join(each)})"
            for sheet, each in checked.items()
            if each and sheet not in derived
        ),
    )
    return result


class _Checker:
    """Compares one table with itself."""

    def __init__(self, workbook: Workbook, table: DerivedTable, into: Derived) -> None:
        self.workbook, self.table, self.into = workbook, table, into
        self.block = table.block
        self.sums = Arithmetic(workbook, table)

    def check(self) -> None:
        """Every derived cell, then the totals that are only checked."""
        self.into.findings += self.table.findings
        for row in self.table.labels:
            for column in self.block.figures:
                exact = self.sums.exact(row, column)
                merge = self.block.grid.merge_at(row, column)
                if exact is not None and (
                    merge is None or (merge.top, merge.left) == (row, column)
                ):
                    self._judge(row, column, exact)
        self._check_sums()

    def _judge(self, row: int, column: int, exact: Exact) -> None:
        cell = self.sums.cell(row, column)
        held = printed_number(cell.value)
        if is_dash(cell.value) or (held is None and not is_not_available(cell.value)):
            return
        if exact.value is None:
            if held is not None and not cell.formula:
                self._change(cell, NOT_AVAILABLE, exact.reason)
                shown = self._shown(cell)
                message = f"the cell shows {shown}, but {exact.reason}"
                self._find("figure-lost", cell, message, "Enter the missing figures")
            return
        wanted = exact.value * self.sums.scale(cell)
        if exact.slack and held is not None:
            if abs(held / self.sums.scale(cell) - exact.value) <= exact.slack + 1e-12:
                return
        elif held is not None and isclose(held, wanted, rel_tol=1e-12, abs_tol=1e-15):
            return
        code = self.workbook.number_format(cell.style)
        typed_text = isinstance(cell.value, str) and held is not None
        if held is None:
            same = False
        elif typed_text:
            same = abs(held - wanted) <= self._text_unit(cell)
        else:
            same = agrees(held, wanted, code)
        if cell.formula:
            if held is not None and not same:
                message = f"the formula shows {self._shown(cell)}; {exact.reason}"
                remedy = "Correct the formula, or the figures that it is made from"
                self._find("derived-formula-disagrees", cell, message, remedy)
            return
        if typed_text and same:
            return
        if not typed_text:
            measure = ROUNDED if same else "derived figure"
            self._change(cell, whole_number(wanted), exact.reason, measure)
        if held is not None and not same:
            remedy = (
                "The cell holds text; type the number" if typed_text else "Refresh to correct it"
            )
            message = f"the cell shows {self._shown(cell)}; {exact.reason}"
            self._find("derived-stale", cell, message, remedy)

    def _text_unit(self, cell: Cell) -> float:
        text = str(cell.value).strip()
        places = len(text.rstrip("% ").partition(".")[2]) + 2 * text.endswith("%")
        return 0.5 * 10.0**-places + 1e-12

    def _shown(self, cell: Cell) -> str:
        number = printed_number(cell.value)
        if isinstance(cell.value, str) or number is None:
            return str(cell.value)
        code = self.workbook.number_format(cell.style)
        return show(number, code)

    def _title(self, column: int) -> str:
        return self.block.figures[column].text

    def _change(
        self, cell: Cell, after: float | str, reason: str, measure: str = "derived figure"
    ) -> None:
        label = self.table.labels[cell.row]
        said = f"{label}, {self._title(cell.column)}: {reason}"
        self.into.changes.append(
            CellChange(
                self.block.sheet,
                cell.address,
                cell.value,
                after,
                said,
                measure,
                label,
                self._title(cell.column),
            )
        )

    def _find(
        self, code: str, cell: Cell, message: str, remedy: str, related: Iterable[str] = ()
    ) -> None:
        label = self.table.labels[cell.row]
        self.into.findings.append(
            make_finding(
                code,
                f"{label}, {self._title(cell.column)}: {message}",
                record=label,
                sheet=self.block.sheet,
                address=cell.address,
                remedy=remedy,
                related=tuple(related),
            )
        )

    def _check_sums(self) -> None:
        for total, parts in self.table.sums.items():
            verdicts = list(self._sum_verdicts(total, parts))
            agreeing = sum(same for _, same, _ in verdicts)
            # A row of totals none of which is the sum of its column is some other row.
            if len(verdicts) > 1 and not self.table.is_derived and agreeing * 2 < len(verdicts):
                continue
            for column, same, value in verdicts:
                if not same:
                    cell = self.sums.cell(total, column)
                    code = self.sums.code(cell)
                    message = (
                        f"the total is {self._shown(cell)}; the {len(parts)} rows "
                        f"from {self.table.labels[parts[0]]} to {self.table.labels[parts[-1]]} "
                        f"add up to {show(value, code)}"
                    )
                    remedy = (
                        "Correct the row that is wrong; accept this where the total covers more "
                        "than its rows"
                    )
                    first, last = parts[0], parts[-1]
                    related = (address(first, column), address(last, column))
                    self._find("parts-differ", cell, message, remedy, related)

    def _sum_verdicts(
        self, total: int, parts: tuple[int, ...]
    ) -> Iterator[tuple[int, bool, float]]:
        """Per column whose parts are all numbers: whether they add up, and to what."""
        for column in self.block.figures:
            own = self.sums.held(total, column)
            if own is None or not self.table.adds_up(column) or self.sums.exact(total, column):
                continue
            figures = [self.sums.figure(part, column) for part in parts]
            if any(figure is None for figure in figures):
                continue
            numbers = [figure for figure in figures if figure is not None]
            value = whole_number(fsum(numbers))
            cell = self.sums.cell(total, column)
            if column in self.table.percents:
                if column in self.table.shares or not self._is_percentage(cell):
                    continue
                slack = fsum(self.sums.half(part, column) for part in parts)
                if value > 1 + slack + _OVER:
                    continue  # subtotals among the rows, or percentages of different wholes
                same = abs(own - value) <= slack + self.sums.half(total, column) + 1e-12
            else:
                same = agrees(own, value, self.workbook.number_format(cell.style))
                excess = value - own
                if not same and excess > 0:
                    subtotals = [
                        self.sums.figure(row, column) or 0 for row in self._runs(total, parts)
                    ]
                    same = _can_make(subtotals, excess)
            yield column, same, value

    def _is_percentage(self, cell: Cell) -> bool:
        """Whether a total in a column of percentages is one, and not a count below them."""
        if shows_percent(self.workbook, cell):
            return True
        parts = (self.sums.cell(row, cell.column) for row in self.table.sums[cell.row])
        bare = not any(shows_percent(self.workbook, part) for part in parts)
        return bare and abs((self.sums.held(cell.row, cell.column) or 0) - 1) <= 0.1

    def _runs(self, total: int, parts: tuple[int, ...]) -> list[int]:
        """Rows that nobody declared and that are, in every column, the sum of a run of others."""
        columns = [c for c in self.block.figures if c not in self.table.percents]
        columns = [c for c in columns if self.table.adds_up(c) and self.sums.held(total, c)]
        held: dict[int, tuple[float, ...]] = {}
        for row in parts:
            figures = [self.sums.figure(row, column) for column in columns]
            numbers = tuple(round(figure, 6) for figure in figures if figure is not None)
            if len(numbers) == len(columns) and any(numbers):  # zeros make no sum of another row
                held[row] = numbers
        sums: set[tuple[float, ...]] = set()
        runs: list[tuple[float, ...]] = []  # those that end with the row before
        for numbers in held.values():
            runs = [
                tuple(round(a + b, 6) for a, b in zip(run, numbers, strict=True)) for run in runs
            ]
            sums.update(runs)
            runs.append(numbers)
        return [row for row, numbers in held.items() if numbers in sums]


def _can_make(figures: Iterable[float], total: float) -> bool:
    """Whether some of the figures add up to a total: the subtotals among the rows of a table."""
    reached = {0.0}
    for figure in figures:
        reached |= {s for each in reached if (s := round(each + figure, 6)) <= total + 1e-6}
        if len(reached) > _MOST_SUMS:
            return False
    return round(total, 6) in reached
