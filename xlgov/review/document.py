"""A difference as one JSON document, for programs.

Why only records that differ: a reader that wants all records has ``read``; this says what is news.
The references of the others are listed by kind.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from xlgov.changes import finding_record
from xlgov.review.difference import Difference, FieldChange, RecordChange
from xlgov.review.telling import added_and_removed


def difference_document(difference: Difference, old: str, new: str) -> dict[str, Any]:
    """The document; ``old`` and ``new`` are the paths. Dates are ISO, a blank is null."""
    return {
        "old": old,
        "new": new,
        "records": [_record(each) for each in difference.changes],
        "unchanged": {kind: list(each) for kind, each in difference.unchanged.items()},
        "findings": [finding_record(each) for each in difference.findings],
    }


def _record(change: RecordChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "record": change.record,
        "title": change.title,
        "what": change.what,
        "sheet": change.sheet,
        "address": change.address,
        "fields": [_field(each) for each in change.fields],
    }


def _field(change: FieldChange) -> dict[str, Any]:
    found = {
        "field": change.field,
        "heading": change.heading,
        "kind": change.kind,
        "sheet": change.sheet,
        "address": change.address,
        "old_sheet": change.old_sheet,
        "old_address": change.old_address,
        "before": _plain(change.before),
        "after": _plain(change.after),
    }
    if change.kind == "text":
        found["added"], found["removed"] = added_and_removed(change)
    else:
        found["direction"] = change.direction
    if change.computed:
        found["computed"] = True
    return found


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
