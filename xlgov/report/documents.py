"""What other programs read: one JSON document, with stable keys and ISO dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlgov.changes import CellChange, finding_record
from xlgov.report.changes import number_formats
from xlgov.report.values import plain

if TYPE_CHECKING:
    from xlgov.batch import Outcome


def document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The JSON document of a run."""
    return {"files": [_file(outcome) for outcome in outcomes]}


def _file(outcome: Outcome) -> dict[str, Any]:
    changes, error = outcome.changes, outcome.error
    return {
        "path": str(outcome.path),
        "as_of": changes.as_of.isoformat() if changes.as_of else None,
        "kinds": sorted({report.kind for report in changes.reports}),
        "month": next((report.month for report in changes.reports if report.month), None),
        "changes": [_change(change) for change in changes.cells],
        "formats": [
            {"sheet": rule.sheet, "range": rule.range, "rule": rule.formula}
            for rule in changes.formats
        ]
        + [
            {
                "sheet": style.sheet,
                "range": style.address,
                "rule": f"number format {style.number_format}",
            }
            for style in number_formats(changes)
        ],
        "findings": [finding_record(finding) for finding in outcome.findings],
        "above_tolerance": [
            {
                "record": item.record,
                "rating": item.rating,
                "sheet": item.sheet,
                "address": item.address,
                "since": item.since.isoformat() if item.since else None,
            }
            for report in changes.reports
            for item in report.board
        ],
        "error": None if error is None else {"code": error.code, "message": str(error)},
    }


def _change(change: CellChange) -> dict[str, Any]:
    return {
        "sheet": change.sheet,
        "address": change.address,
        "before": plain(change.before),
        "after": plain(change.after),
        "reason": change.reason,
    }


def tables_document(tables: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The JSON document of the records of a workbook."""
    return {
        kind: [{name: plain(value) for name, value in row.items()} for row in rows]
        for kind, rows in tables.items()
    }
