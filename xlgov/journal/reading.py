"""Logs read back, however their runs ended.

Why a line that cannot be read is said and no more: a machine that lost its power may have torn the
last one, and the years before it are as good as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlgov.batch import say_system_error
from xlgov.errors import (
    ChangedError,
    EditError,
    InUseError,
    ReadOnlyError,
    SignedError,
    UsageError,
)
from xlgov.journal.parse import read_record, read_run
from xlgov.journal.record import FORMAT, RunRecord, RunStart

LOG_ENDING = ".jsonl"

# Errors that come before a file is replaced; of others it is not certain.
_NOTHING_WRITTEN = frozenset(
    each.code for each in (ChangedError, EditError, InUseError, ReadOnlyError, SignedError)
)
_Place = tuple[str, str]  # of a record: its run and its file


@dataclass(frozen=True, slots=True)
class Log:
    """What logs say: their runs, the records in the order of time, and what could not be read.

    ``finished`` are the runs that came to their end.
    """

    runs: tuple[RunStart, ...] = ()
    records: tuple[RunRecord, ...] = ()
    problems: tuple[str, ...] = ()
    finished: frozenset[str] = frozenset()


def read_log(paths: Iterable[str | Path]) -> Log:
    """The logs at these paths as one; a folder means the ``.jsonl`` files below it.

    A line that cannot be read is left out and said in ``problems``. An announced change of which
    its run says no more is a record of its own, ``interrupted``: the run was stopped, or a process
    of it, and found the file changed when it tried again. One that was withdrawn is none. A line
    that two logs have counts once.

    Raises UsageError where a path is not there, FileError where it cannot be read.
    """
    runs: dict[str, RunStart] = {}
    records: dict[_Place, RunRecord] = {}
    announced: dict[_Place, dict[str, RunRecord]] = {}  # by the hash of the file before
    problems: list[str] = []
    finished: set[str] = set()
    for path in _log_files(paths):
        for number, line in _lines(path, problems):
            where = f"{path} line {number}"
            try:
                kind = _kind(line)
                if kind == "run":
                    start = read_run(line)
                    runs[start.run] = start
                elif kind == "end":
                    if line.get("finished") is True:
                        finished.add(str(line.get("run")))
                elif kind in ("file", "intent", "withdrawn"):
                    record = read_record(line)
                    key = record.run, record.key
                    if kind == "file":
                        records[key] = record
                    elif kind == "intent":
                        announced.setdefault(key, {})[record.hash_before] = record
                    else:
                        announced.get(key, {}).pop(record.hash_before, None)
            except ValueError as error:
                problems.append(f"{where}: {error}; the line is left out.")
    open_ended = [
        intent
        for place, intents in announced.items()
        for intent in _open_ended(intents, records.get(place))
    ]
    ordered = sorted((*open_ended, *records.values()), key=lambda each: each.when)
    started = sorted(runs.values(), key=lambda each: each.started)
    return Log(tuple(started), tuple(ordered), tuple(problems), frozenset(finished))


def _open_ended(intents: Mapping[str, RunRecord], record: RunRecord | None) -> list[RunRecord]:
    """The announced changes of a workbook that the record of the same run does not settle.

    Where a process is killed after it has replaced a file and before that is recorded, the file is
    tried again, and what the record then tells is of the new file: not of the change.
    """
    if record is None:
        return list(intents.values())
    left = sorted(intents.values(), key=lambda each: each.when)
    if record.error is not None and record.error.get("code") in _NOTHING_WRITTEN:
        del left[-1:]
    return [each for each in left if each.hash_before != record.hash_before]


def _log_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for each in map(Path, paths):
        if each.is_dir():
            yield from sorted(each.rglob(f"*{LOG_ENDING}"))
        elif each.exists():
            yield each
        else:
            raise UsageError(f"no such log: {each}. Check the spelling; spaces need quotes.")


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as file:
            for number, content in enumerate(file, start=1):
                if not content.strip():
                    continue
                try:
                    line = json.loads(content)
                except ValueError:  # text that is no UTF-8 too
                    line = None
                if isinstance(line, dict):
                    yield number, line
                else:
                    problems.append(
                        f"{path} line {number}: the line is torn, as when a run is cut off while "
                        "it writes; it is left out."
                    )
    except OSError as error:
        raise say_system_error(error, path) from error


def _kind(line: Mapping[str, Any]) -> str:
    number = line.get("format")
    if not isinstance(number, int):
        raise ValueError("this is no line of a log of xlgov's")
    if number > FORMAT:
        raise ValueError(f"format {number} is of a newer xlgov; this one reads {FORMAT}")
    kind = line.get("line")
    return kind if isinstance(kind, str) else ""
