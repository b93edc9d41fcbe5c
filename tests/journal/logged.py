"""Small histories for the tests of the log: records by hand, and work for runs."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.plain_registers import rank, rows_of, write_register
from xlgov.batch import Refreshed
from xlgov.changes import ChangeSet
from xlgov.journal.record import ChangedCell, RunRecord
from xlgov.journal.run import note_result
from xlgov.operations import refresh

PATH = "/all/risks.xlsx"


def at(day: int, hour: int = 21, month: int = 5) -> datetime:
    return datetime(2017, month, day, hour, tzinfo=UTC)


def rating(before: Any, after: Any, reason: str = "", record: str = "SR3.3") -> ChangedCell:
    address = {"SR3.3": "N130", "SR3.4": "N146"}[record]
    return ChangedCell(
        "Register", address, record, "current.rating", "rating", before, after, reason
    )


def record(
    day: int, before: str, after: str, *changes: ChangedCell, who: str = "anna", **other: Any
) -> RunRecord:
    """A record of a run at nine in the evening of a day in May 2017."""
    stated: dict[str, Any] = {
        "run": f"run-{day}",
        "path": "all/risks.xlsx",
        "absolute": PATH,
        "target": "",
        "outcome": "refreshed" if changes else "unchanged",
        "hash_before": before,
        "hash_after": after,
        "who": who,
        "when": at(day),
        "changes": changes,
    }
    return replace(RunRecord(**stated), **other)


def lines_of(log: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def write_wrong(path: Path, number: int = 1) -> Path:
    """A register in which one rating is wrong: the one of that number."""
    rows = rows_of(rank)
    rows[number % len(rows)][4] += 1
    return write_register(path, rows)


def refresh_one(path: Path) -> Refreshed:
    return note_result(refresh(path, backup=False), path, None)


def refresh_slowly(path: Path) -> Refreshed:
    time.sleep(0.05)
    return refresh_one(path)


def refuse_b(path: Path) -> ChangeSet | Refreshed:
    if path.name == "b.xlsx":
        raise ZeroDivisionError("division by zero")
    return refresh_one(path)
