"""From a computed figure or outcome to the change of one cell, and the finding that goes with it.

The rules of a dashboard's cells, once: a formula is kept and judged; ``-`` means that the column
does not apply here and stays; other words than ours (*Below national average*) stay; ``n/a``, a
blank or an old number gives way to a value. A number that can no longer be computed becomes
``n/a``. Values are written unrounded, so that a finding is made only where the cell would show
another number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isclose
from typing import get_args

from xlgov.changes import CellChange, Finding, StyleChange
from xlgov.grid.cells import CellError, Value, is_blank
from xlgov.grid.sheet import Cell, Grid, Workbook
from xlgov.kpi.codes import make_finding
from xlgov.kpi.computation import Result
from xlgov.kpi.dashboard import Row
from xlgov.kpi.headings import Meaning
from xlgov.kpi.indicator import FRACTION, Indicator
from xlgov.kpi.number_format import agrees, is_percent, show
from xlgov.kpi.number_text import is_no_reading, read_number
from xlgov.kpi.verdict import Verdict
from xlgov.kpi.written import NOT_AVAILABLE, ROUNDED

OUTCOMES: tuple[Verdict, ...] = get_args(Verdict)

_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_GENERAL = "General"
_PERCENT_FROM = 1.5  # a percentage in a plain cell above this was typed as 82.5, not as 0.825


@dataclass(slots=True)
class Corrections:
    """The changes and findings of a dashboard's cells.

    ``moves``: the dashboard moves to another month, so that old figures are due and not wrong.
    """

    cells: list[CellChange] = field(default_factory=list)
    styles: list[StyleChange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    moves: bool = False


def correct_cell(
    workbook: Workbook,
    grid: Grid,
    row: Row,
    meaning: Meaning,
    indicator: Indicator,
    result: Result,
    into: Corrections,
) -> None:
    """Compare one cell with what was computed for it; add its change and its finding."""
    column = row.section.columns[meaning]
    merge = grid.merge_at(row.row, column)
    if merge is not None and (merge.top, merge.left) != (row.row, column):
        return
    cell = grid.cell(row.row, column)
    if does_not_apply(cell.value):
        return
    if meaning.holds == "outcome":
        _correct_outcome(row, meaning, cell, result, into)
    elif meaning.holds == "figure":
        _correct_figure(workbook, row, meaning, indicator, cell, result, into)


def does_not_apply(value: Value) -> bool:
    """Whether a cell says that its column does not apply to its row: a dash.

    >>> does_not_apply(" – "), does_not_apply("n/a"), does_not_apply(-1)
    (True, False, False)
    """
    return isinstance(value, str) and _DASH.fullmatch(value) is not None


def _correct_outcome(
    row: Row, meaning: Meaning, cell: Cell, result: Result, into: Corrections
) -> None:
    said = _outcome_of(cell.value)
    known = said is not None or is_blank(cell.value) or _is_no_value(cell.value)
    wanted = result.value if isinstance(result.value, str) else None
    if cell.formula:
        if wanted is not None and said != wanted and (said or _is_no_value(cell.value)):
            into.findings.append(
                _finding(
                    "outcome-formula-disagrees",
                    row,
                    meaning,
                    f"the formula shows {cell.value}; {result.reason}",
                    "See whether the formula's rule is the office's; state the test in the "
                    "settings, or let the formula go",
                )
            )
        return
    if not known:
        return
    if wanted is None:
        _lose(row, meaning, cell, result, into, had=said is not None)
        return
    if said == wanted:
        return
    into.cells.append(_change(row, cell, wanted, result.reason, meaning, "comparison"))
    if said is not None and not into.moves:
        message = f"the cell shows {said}; {result.reason}"
        into.findings.append(_finding("outcome-stale", row, meaning, message, _REFRESH))


def _correct_figure(
    workbook: Workbook,
    row: Row,
    meaning: Meaning,
    indicator: Indicator,
    cell: Cell,
    result: Result,
    into: Corrections,
) -> None:
    code = workbook.number_format(cell.style)
    before = _number_of(cell.value)
    known = before is not None or is_blank(cell.value) or _is_no_value(cell.value)
    if isinstance(result.value, str) or result.value is None:
        if cell.formula or not known:
            return
        _lose(row, meaning, cell, result, into, had=before is not None)
        return
    plain = meaning.measure == "peer rank" or not indicator.is_percent
    hundred = not plain and _is_hundredfold(code, indicator, before)
    if hundred and before is not None and isinstance(cell.value, str) and "%" in cell.value:
        before *= 100  # 83.3% typed as text where the others are 83.3
    after = result.value * 100 if hundred else result.value
    shown_as = code if code != _GENERAL else _format_for(indicator, result.value, plain, hundred)
    differs = before is None or not agrees(before, after, code)
    if cell.formula:
        if isinstance(cell.value, CellError) or (before is not None and differs):
            was = cell.value if before is None else show(before, shown_as)
            into.findings.append(
                _finding(
                    "figure-formula-disagrees",
                    row,
                    meaning,
                    f"the formula shows {was}; the readings give {show(after, shown_as)} "
                    f"({result.reason})",
                    "Correct the formula, or type over it and refresh",
                )
            )
        return
    if not known:
        return
    if isinstance(cell.value, int | float) and _is_same(cell.value, after):
        return
    measure = "figure" if before is None or differs else ROUNDED
    into.cells.append(_change(row, cell, after, result.reason, meaning, measure))
    if code == _GENERAL and shown_as != _GENERAL:
        into.styles.append(StyleChange(row.sheet, cell.address, number_format=shown_as))
    if before is not None and differs and not into.moves:
        message = (
            f"the cell shows {show(before, shown_as)}; the readings give "
            f"{show(after, shown_as)} ({result.reason})"
        )
        into.findings.append(_finding("figure-stale", row, meaning, message, _REFRESH))


_REFRESH = "Refresh to correct it"


def _lose(
    row: Row, meaning: Meaning, cell: Cell, result: Result, into: Corrections, *, had: bool
) -> None:
    """Nothing can be computed: an old value must not stay as if it could, nor a blank as if
    somebody had forgotten it."""
    if not had and not is_blank(cell.value):
        return
    measure = "figure" if meaning.holds == "figure" else "comparison"
    into.cells.append(_change(row, cell, NOT_AVAILABLE, result.reason, meaning, measure))
    if not had:
        return
    into.findings.append(
        _finding(
            "figure-lost",
            row,
            meaning,
            f"the cell shows {cell.value}, but {result.reason}",
            result.remedy or "Enter the missing readings",
        )
    )


def _change(
    row: Row, cell: Cell, after: float | str, reason: str, meaning: Meaning, measure: str
) -> CellChange:
    said = f"{row.label}, {meaning.title}: {reason}"
    return CellChange(
        row.sheet, cell.address, cell.value, after, said, measure, row.label, meaning.title
    )


def _finding(code: str, row: Row, meaning: Meaning, message: str, remedy: str) -> Finding:
    return make_finding(
        code,
        f"{meaning.title}: {message}",
        record=row.label,
        sheet=row.sheet,
        address=row.address(meaning),
        remedy=remedy,
    )


def _outcome_of(value: Value) -> str | None:
    text = value.strip().casefold() if isinstance(value, str) else ""
    return next((each for each in OUTCOMES if each.casefold() == text), None)


def _is_no_value(value: Value) -> bool:
    return isinstance(value, CellError) or (
        isinstance(value, str) and not is_blank(value) and is_no_reading(value)
    )


def _number_of(value: Value) -> float | None:
    """The number in a cell, also one typed as text (``1,029``, ``83.3%``)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    found = read_number(value) if isinstance(value, str) else None
    return found[0] if found else None


def _is_hundredfold(code: str, indicator: Indicator, before: float | None) -> bool:
    """Whether a percentage stands in its cell as 82.5 rather than as 0.825."""
    if is_percent(code) or indicator.unit == FRACTION:
        return False
    if code == _GENERAL:
        return before is not None and abs(before) > _PERCENT_FROM
    return True


def _format_for(indicator: Indicator, figure: float, plain: bool, hundred: bool) -> str:
    """A number format for a cell that has none, where the figure would show badly without."""
    places = indicator.decimals
    if not plain and not hundred:
        return _with_places("0", 1 if places is None else places) + "%"
    if float(figure).is_integer() and not hundred:
        return _GENERAL
    return _with_places("#,##0", 1 if places is None else places)


def _with_places(whole: str, places: int) -> str:
    return f"{whole}.{'0' * places}" if places else whole


def _is_same(before: float, after: float) -> bool:
    return before == after or isclose(before, after, rel_tol=1e-12, abs_tol=1e-15)
