"""The life of each workbook over many runs: what runs changed, and what people did between them.

Why hashes say who: a run records the file as it found it and as it left it. Where it found another
file than the run before it left, somebody edited it in between. What a cell held at the end of the
one and at the beginning of the other is known where the log has both: it was changed by hand, some
time between the two. Nothing is said of cells of which the log knows only one side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from xlgov.journal.hashes import hash_where_readable
from xlgov.journal.record import ChangedCell, RunRecord

_Cell = tuple[str, str]
_BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change of a cell, by a run or between two.

    ``since`` is None for a change by a run, which was made at ``when`` on behalf of ``who``. Else
    somebody changed it by hand between ``since`` and ``when``, and ``who`` is "". ``is_unsure``:
    the run that was to make it was stopped, and the file has been another since.
    """

    when: datetime
    who: str
    path: str
    change: ChangedCell
    since: datetime | None = None
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A workbook was edited between two runs, whatever its cells."""

    path: str
    since: datetime
    until: datetime


def list_changes(records: Iterable[RunRecord]) -> list[LoggedChange]:
    """Every change that the records tell of, in the order of time."""
    found = [
        change for life in lives(records) for each in _steps(life) for change in _changes(each)
    ]
    return sorted(found, key=lambda each: each.when)


def list_hand_edits(records: Iterable[RunRecord]) -> list[HandEdit]:
    """When somebody edited a workbook between two runs, in the order of time."""
    found = [
        HandEdit(each.record.path, each.earlier.when, each.record.when)
        for life in lives(records)
        for each in _steps(life)
        if each.earlier is not None and each.edited
    ]
    return sorted(found, key=lambda each: each.until)


def lives(records: Iterable[RunRecord]) -> list[list[RunRecord]]:
    """The records of each file, in the order of time, without changes that were never made."""
    by_file: dict[str, list[RunRecord]] = {}
    for record in sorted(records, key=lambda each: each.when):
        by_file.setdefault(record.key, []).append(record)
    return [_as_it_went(life) for life in by_file.values()]


def _as_it_went(life: list[RunRecord]) -> list[RunRecord]:
    """Without announced changes that did not come about: the file is still as it was before."""
    went = []
    for number, record in enumerate(life):
        if record.outcome == "interrupted" and not record.target:
            later = (each.hash_before for each in life[number + 1 :] if each.hash_before)
            now = next(later, None)
            if now is None:
                now = hash_where_readable(Path(record.absolute))
            if now == record.hash_before:
                continue
        went.append(record)
    return went


@dataclass(slots=True)
class _Known:
    """What a cell held after some run: unedited till ``since``, edited at the latest ``until``."""

    value: Any
    change: ChangedCell
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """A record, the last one before it that says how the file was left, and whether it was edited
    between the two; and what its cells held till then, as far as the log knows."""

    record: RunRecord
    earlier: RunRecord | None
    edited: bool
    known: dict[_Cell, _Known]


def _steps(life: Iterable[RunRecord]) -> Iterator[_Step]:
    known: dict[_Cell, _Known] = {}
    earlier: RunRecord | None = None
    for record in life:
        if record.outcome == "failed":  # which left the file as it was
            continue
        edited = (
            earlier is not None
            and not record.target  # a result elsewhere is written anew each time
            and bool(earlier.hash_after and record.hash_before)
            and earlier.hash_after != record.hash_before
        )
        for each in known.values():
            if edited:
                each.until = record.when
            elif each.until is None and record.outcome != "interrupted":
                each.since = record.when
        yield _Step(record, earlier, edited, known)
        cells = (*record.changes, *_seen(record))
        known.update((_place(each), _Known(each.after, each, record.when)) for each in cells)
        earlier = record


def _changes(step: _Step) -> Iterator[LoggedChange]:
    record = step.record
    cells = (*record.changes, *_seen(record))
    for now in cells:
        then = step.known.get(_place(now))
        if then is None or then.until is None or then.change.record != now.record:
            continue
        if isinstance(then.value, str) and then.value.startswith("="):
            continue  # a formula: what it showed then is not known
        if not _same(then.value, now.before):
            told = replace(
                now,
                field=now.field or then.change.field,
                measure=now.measure or then.change.measure,
                before=then.value,
                after=now.before,
                reason=_BY_HAND,
            )
            yield LoggedChange(then.until, "", record.path, told, since=then.since)
    unsure = record.outcome == "interrupted"
    for change in record.changes:
        yield LoggedChange(record.when, record.who, record.path, change, is_unsure=unsure)


def _seen(record: RunRecord) -> list[ChangedCell]:
    """Ratings above tolerance that the record lists and finds nothing wrong with, as cells."""
    doubted = {(each.sheet, each.address) for each in record.findings}
    apart = doubted | {_place(each) for each in record.changes}
    return [
        ChangedCell(
            item.sheet,
            item.address,
            item.record,
            item.field,
            "rating",
            item.rating,
            item.rating,
            "",
        )
        for item in record.above_tolerance
        if (item.sheet, item.address) not in apart
    ]


def _place(change: ChangedCell) -> _Cell:
    return change.sheet, change.address


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one in a cell: 9 and 9.0 are, a blank and an empty text too."""
    return (one in (None, "") and other in (None, "")) or bool(one == other)
