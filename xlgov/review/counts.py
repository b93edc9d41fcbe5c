"""The counts at the end of a check of several files: a line for each, and one for all of them.

Why only what is not nought: the page is read by somebody who wants to know where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlgov.changes import ChangeSet

COLUMNS = ("above tolerance", "unscored", "overdue", "stale", "no owner")
_ABOVE = COLUMNS[0]
_TOTAL = "In all"

# Which codes count under which heading; a record counts once under each.
_CODES = {
    "assessment-missing": "unscored",
    "score-missing": "unscored",
    "demand-score-missing": "unscored",
    "action-overdue": "overdue",
    "asset-overdue": "overdue",
    "forward-time-passed": "overdue",
    "status-stale": "stale",
    "action-update-old": "stale",
    "no-owner": "no owner",
    "action-no-owner": "no owner",
    "demand-no-owner": "no owner",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of a file stand under each heading."""

    name: str
    numbers: tuple[int, ...]


def count_records(name: str, changes: ChangeSet) -> Counts:
    """The counts of one file, in the order of ``COLUMNS``."""
    seen: dict[str, set[tuple[str, str]]] = {heading: set() for heading in COLUMNS}
    for finding in changes.findings:
        heading = _CODES.get(finding.code)
        if heading is not None:
            seen[heading].add((finding.sheet, finding.record or finding.address))
    for report in changes.reports:
        seen[_ABOVE].update((item.sheet, item.record) for item in report.board)
    return Counts(name, tuple(len(seen[heading]) for heading in COLUMNS))


def counts_lines(counted: Iterable[Counts]) -> list[str]:
    """The page of counts: aligned columns, nothing that is nought throughout.

    >>> page = [Counts("a.xlsx", (3, 0, 2, 0, 0)), Counts("b.xlsx", (0, 0, 1, 0, 0))]
    >>> print("\\n".join(counts_lines(page)))
            above tolerance  overdue
    a.xlsx                3        2
    b.xlsx                0        1
    In all                3        3
    """
    rows = [each for each in counted if any(each.numbers)]
    if not rows:
        return []
    totals = tuple(sum(numbers) for numbers in zip(*(each.numbers for each in rows), strict=True))
    shown = [place for place, total in enumerate(totals) if total]
    table: list[Sequence[str]] = [("", *(COLUMNS[place] for place in shown))]
    for each in (*rows, Counts(_TOTAL, totals)):
        table.append((each.name, *(f"{each.numbers[place]:,}" for place in shown)))
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            f"{cell:<{width}}" if place == 0 else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]
