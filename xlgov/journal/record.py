"""One record per workbook of a run, as one line of a log.

Why lines of JSON: a run that is killed leaves whole lines, any tool can read them, and runs of
years can stand in one file. Every line carries ``format`` (a number that goes up only where an old
reader would misread), ``line`` (which of the five it is) and ``run`` (which run it belongs to):

========  ==========================================================================================
line      its fields
========  ==========================================================================================
run       ``started``, ``who``, ``xlgov`` (version), ``command``, ``options``, ``options_hash``,
          ``files`` (how many)
intent    ``path``, ``absolute``, ``hash_before``, ``who``, ``when``, ``changes``: written just
          before a workbook is, so that no change is without a line, whenever the run is killed
withdrawn ``path``, ``absolute``, ``target``, ``hash_before``, ``who``, ``when``: what was announced
          of the file of this hash was not written, as somebody had saved another by then
file      ``path`` as given, ``absolute``, ``target`` (where the result went), ``outcome``,
          ``hash_before`` and ``hash_after`` (SHA-256), ``xlgov``, ``settings_hash``,
          ``settings_file`` (SHA-256 of the ``xlgov.toml`` beside it, "" without one),
          ``options_hash``, ``as_of``, ``as_of_source``, ``month``, ``kinds``, ``changes``,
          ``formats``, ``findings``, ``above_tolerance``, ``who``, ``when`` (it was done, UTC),
          ``seconds``, ``error``
end       ``when``, ``finished`` (false where the run was stopped), ``outcomes`` (how many of each)
========  ==========================================================================================

A change has ``sheet``, ``address``, ``record`` (reference), ``field`` (``current.rating``),
``measure`` (``rating``), ``before``, ``after``, ``reason``. A blank is null; dates are ISO.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from xlgov import __version__
from xlgov.batch import Outcome
from xlgov.changes import BoardItem, CellChange, ChangeSet, Finding, finding_record
from xlgov.journal.hashes import hash_settings_file, hash_where_readable
from xlgov.remote.path import full_text
from xlgov.report.documents import document
from xlgov.report.values import plain

FORMAT = 1
Result = Literal["refreshed", "unchanged", "not recognised", "failed", "interrupted"]
RESULTS: tuple[Result, ...] = ("refreshed", "unchanged", "not recognised", "failed", "interrupted")


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A change of one cell as the log has it; values are plain."""

    sheet: str
    address: str
    record: str
    field: str
    measure: str
    before: Any
    after: Any
    reason: str

    @property
    def assessment(self) -> str:
        """Which of a risk's assessments it is of: ``current``; "" where it is of none."""
        group, dot, _ = self.field.partition(".")
        return group if dot else ""


@dataclass(frozen=True, slots=True)
class RunStart:
    """A run's own facts: the first line of it."""

    run: str
    started: datetime
    who: str
    command: str
    options: Mapping[str, Any]
    options_hash: str
    files: int = 0
    xlgov: str = __version__

    def line(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "line": "run",
            "run": self.run,
            "started": moment_text(self.started),
            "who": self.who,
            "xlgov": self.xlgov,
            "command": self.command,
            "options": {name: plain(value) for name, value in self.options.items()},
            "options_hash": self.options_hash,
            "files": self.files,
        }


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended, where it could still say so."""

    run: str
    when: datetime
    finished: bool
    outcomes: Mapping[str, int]

    def line(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "line": "end",
            "run": self.run,
            "when": moment_text(self.when),
            "finished": self.finished,
            "outcomes": dict(self.outcomes),
        }


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What became of one workbook in one run. ``interrupted``: only its intent is known.

    Hashes are "" where the file could not be read, and ``hash_after`` where it is not known.
    """

    run: str
    path: str
    absolute: str
    target: str
    outcome: Result
    hash_before: str
    hash_after: str
    who: str
    when: datetime
    xlgov: str = __version__
    settings_hash: str = ""
    settings_file: str = ""
    options_hash: str = ""
    as_of: date | None = None
    as_of_source: str = ""
    month: str | None = None
    kinds: tuple[str, ...] = ()
    changes: tuple[ChangedCell, ...] = ()
    formats: tuple[Mapping[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    above_tolerance: tuple[BoardItem, ...] = ()
    seconds: float = 0.0
    error: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        return last_part(self.path)

    @property
    def key(self) -> str:
        """The file that the result went to, as paths are compared here."""
        return os.path.normcase(self.target or self.absolute)

    def line(self) -> dict[str, Any]:
        """The record as a line of the log."""
        return {
            "format": FORMAT,
            "line": "file",
            "run": self.run,
            "path": self.path,
            "absolute": self.absolute,
            "target": self.target,
            "outcome": self.outcome,
            "hash_before": self.hash_before,
            "hash_after": self.hash_after,
            "xlgov": self.xlgov,
            "settings_hash": self.settings_hash,
            "settings_file": self.settings_file,
            "options_hash": self.options_hash,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "as_of_source": self.as_of_source,
            "month": self.month,
            "kinds": list(self.kinds),
            "changes": [_changed_line(each) for each in self.changes],
            "formats": [dict(each) for each in self.formats],
            "findings": [{**finding_record(f), "title": f.title} for f in self.findings],
            "above_tolerance": [
                {
                    "record": item.record,
                    "rating": item.rating,
                    "sheet": item.sheet,
                    "address": item.address,
                    "field": item.field,
                    "since": item.since.isoformat() if item.since else None,
                }
                for item in self.above_tolerance
            ],
            "who": self.who,
            "when": moment_text(self.when),
            "seconds": round(self.seconds, 3),
            "error": None if self.error is None else dict(self.error),
        }


def last_part(path: str) -> str:
    """The last part of a path of either system: logs are read on other machines too."""
    return path.replace("\\", "/").rpartition("/")[2]


def moment_text(when: datetime) -> str:
    """A time as the log has it: ISO, UTC.

    >>> moment_text(datetime(2017, 2, 6, 21, 0, tzinfo=UTC))
    '2017-02-06T21:00:00.000Z'
    """
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def intent_line(
    start: RunStart, path: Path, target: Path | None, changes: ChangeSet
) -> dict[str, Any]:
    """The line of what is about to be written to a workbook."""
    return {
        "format": FORMAT,
        "line": "intent",
        "run": start.run,
        "path": str(path),
        "absolute": full_text(path),
        "target": full_text(target) if target else "",
        "hash_before": changes.source_hash or "",
        "who": start.who,
        "when": moment_text(datetime.now(UTC)),
        "changes": [_changed_line(each) for each in list_changed(changes.cells, changes.findings)],
    }


def withdrawn_line(
    start: RunStart, path: Path, target: Path | None, changes: ChangeSet
) -> dict[str, Any]:
    """The line that takes back what ``intent_line`` has announced."""
    line = intent_line(start, path, target, changes)
    del line["changes"]
    return {**line, "line": "withdrawn"}


def _changed_line(change: ChangedCell) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ChangedCell.__slots__}


def record_outcome(outcome: Outcome, start: RunStart, target: Path | None = None) -> RunRecord:
    """The record of what became of a workbook; ``target`` is where its result went, if not there.

    The file is read only where the outcome does not say its hashes: after a failure.
    """
    changes, error = outcome.changes, outcome.error
    said = document([outcome])["files"][0]
    before = changes.source_hash or hash_where_readable(outcome.path)
    after = outcome.hash_after
    if not after and (error is not None or changes.is_empty):
        after = before if target is None or error is None else hash_where_readable(target)
    written = before != after if before and after else not changes.is_empty
    if error is not None:
        result: Result = "failed"
    elif written:
        result = "refreshed"
    else:
        result = "unchanged" if outcome.is_recognised else "not recognised"
    return RunRecord(
        run=start.run,
        path=str(outcome.path),
        absolute=full_text(outcome.path),
        target=full_text(target) if target else "",
        outcome=result,
        hash_before=before,
        hash_after=after,
        who=start.who,
        when=outcome.finished or datetime.now(UTC),
        xlgov=start.xlgov,
        settings_hash=changes.settings_hash,
        settings_file=hash_settings_file(outcome.path),
        options_hash=start.options_hash,
        as_of=changes.as_of,
        as_of_source=changes.as_of_source,
        month=said["month"],
        kinds=tuple(said["kinds"]),
        changes=list_changed(changes.cells, outcome.findings),
        formats=tuple(said["formats"]),
        findings=outcome.findings,
        above_tolerance=tuple(item for report in changes.reports for item in report.board),
        seconds=outcome.seconds,
        error=said["error"],
    )


def list_changed(
    cells: Sequence[CellChange], findings: Sequence[Finding] = ()
) -> tuple[ChangedCell, ...]:
    """Changes as the log has them. One that names no record has that of a finding on its cell."""
    found = {(each.sheet, each.address): each.record for each in findings if each.record}
    return tuple(
        ChangedCell(
            sheet=each.sheet,
            address=each.address,
            record=each.record or found.get((each.sheet, each.address), ""),
            field=each.field,
            measure=each.measure,
            before=plain(each.before),
            after=plain(each.after),
            reason=each.reason,
        )
        for each in cells
    )
