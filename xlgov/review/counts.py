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


def counts_lines(
    counted: Iterable[Counts], before: Iterable[Counts | None] | None = None
) -> list[str]:
    """The page of counts: aligned columns, nothing that is nought throughout.

    ``before`` are the counts of the report before, one for each file or None; then each number
    says by how much it went up or down. All files together do where all had one.

    >>> page = [Counts("a.xlsx", (3, 0, 2, 0, 0)), Counts("b.xlsx", (0, 0, 1, 0, 0))]
    >>> print("\\n".join(counts_lines(page)))
            above tolerance  overdue
    a.xlsx                3        2
    b.xlsx                0        1
    In all                3        3
    >>> print("\\n".join(counts_lines(page, [Counts("a.xlsx", (1, 0, 2, 0, 0)), None])))
            above tolerance  overdue
    a.xlsx           3 (+2)        2
    b.xlsx                0        1
    In all                3        3
    """
    now = list(counted)
    pairs = list(zip(now, now if before is None else before, strict=True))
    rows = [(new, old) for new, old in pairs if any((*new.numbers, *(old.numbers if old else ())))]
    if not rows:
        return []
    told = [old for _, old in rows if old is not None]
    last = Counts(_TOTAL, _added(told)) if len(told) == len(rows) else None
    rows.append((Counts(_TOTAL, _added([new for new, _ in rows])), last))
    named = range(len(COLUMNS))
    shown = [n for n in named if any(c.numbers[n] for pair in rows for c in pair if c)]
    table: list[Sequence[str]] = [("", *(COLUMNS[place] for place in shown))]
    for new, old in rows:
        table.append((new.name, *(_moved(new, old, place) for place in shown)))
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            f"{cell:<{width}}" if place == 0 else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]


def _added(counted: Sequence[Counts]) -> tuple[int, ...]:
    return tuple(sum(numbers) for numbers in zip(*(each.numbers for each in counted), strict=True))


def _moved(new: Counts, old: Counts | None, place: int) -> str:
    """A number, and by how much it went up or down where that is known."""
    number = new.numbers[place]
    by = number - old.numbers[place] if old is not None else 0
    return f"{number:,} ({by:+,})" if by else f"{number:,}"
