"""What an office's acceptance of a finding means for the cells of a dashboard.

Why by code and not by cell: to accept that a reading comes late, or that two pages disagree, is no
wish to keep an old figure; the cell such a finding points to goes on being computed.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlgov.changes import CellChange, Finding
from xlgov.kpi.search import Found

# Findings that a refresh puts right: who accepts one keeps what the cell shows.
CORRECTED = frozenset({"figure-stale", "outcome-stale", "figure-lost", "derived-stale"})


def leave_accepted(
    cells: Iterable[CellChange], accepted: Iterable[Finding]
) -> tuple[CellChange, ...]:
    """The changes without those that would put right what somebody has accepted."""
    kept = {(each.sheet, each.address) for each in accepted if each.code in CORRECTED}
    return tuple(each for each in cells if (each.sheet, each.address) not in kept)


def list_labels(found: Found, findings: Iterable[Finding]) -> frozenset[str]:
    """What an acceptance may name: indicators, rows, and whatever else has a finding."""
    rows = (row.label for row in found.dashboard.rows())
    return frozenset((*found.series_of, *rows, *(each.record for each in findings)))
