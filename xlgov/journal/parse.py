"""Lines of a log back as values.

Why no field is taken on trust: a log is a text file, years old, that anybody may have edited. What
is missing has its blank; what is of another type makes the line unreadable, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

from xlgov.changes import SEVERITIES, BoardItem, Finding, Severity
from xlgov.journal.record import RESULTS, ChangedCell, Result, RunRecord, RunStart

Line = Mapping[str, Any]


def read_run(line: Line) -> RunStart:
    """A run's first line. Raises ValueError, in words, where it is none."""
    files = line.get("files", 0)
    return RunStart(
        run=_text(line, "run"),
        started=_moment(line, "started"),
        who=_text(line, "who"),
        command=_text(line, "command"),
        options=_mapping(line, "options"),
        options_hash=_text(line, "options_hash"),
        files=files if isinstance(files, int) else 0,
        xlgov=_text(line, "xlgov"),
    )


def read_record(line: Line) -> RunRecord:
    """The record of a ``file``, ``intent`` or ``withdrawn`` line. Raises ValueError, in words."""
    is_said = line.get("line") not in ("intent", "withdrawn")
    outcome = line.get("outcome") if is_said else "interrupted"
    if outcome not in RESULTS:
        raise ValueError(f"outcome is {outcome!r}; expected one of {', '.join(RESULTS)}")
    if not _text(line, "path"):
        raise ValueError("it names no path")
    seconds = line.get("seconds", 0)
    as_of = _text(line, "as_of")
    return RunRecord(
        run=_text(line, "run"),
        path=_text(line, "path"),
        absolute=_text(line, "absolute"),
        target=_text(line, "target"),
        outcome=cast(Result, outcome),
        hash_before=_text(line, "hash_before"),
        hash_after=_text(line, "hash_after"),
        who=_text(line, "who"),
        when=_moment(line, "when"),
        xlgov=_text(line, "xlgov"),
        settings_hash=_text(line, "settings_hash"),
        settings_file=_text(line, "settings_file"),
        options_hash=_text(line, "options_hash"),
        as_of=date.fromisoformat(as_of) if as_of else None,
        as_of_source=_text(line, "as_of_source"),
        month=_text(line, "month") or None,
        kinds=tuple(map(str, _list(line, "kinds"))),
        changes=tuple(_changed(each) for each in _entries(line, "changes")),
        formats=tuple(
            {name: _text(each, name) for name in ("sheet", "range", "rule")}
            for each in _entries(line, "formats")
        ),
        findings=tuple(_finding(each) for each in _entries(line, "findings")),
        above_tolerance=tuple(_item(each) for each in _entries(line, "above_tolerance")),
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
        error={name: str(said) for name, said in _mapping(line, "error").items()} or None,
    )


def _changed(entry: Line) -> ChangedCell:
    return ChangedCell(
        sheet=_text(entry, "sheet"),
        address=_text(entry, "address"),
        record=_text(entry, "record"),
        field=_text(entry, "field"),
        measure=_text(entry, "measure"),
        before=entry.get("before"),
        after=entry.get("after"),
        reason=_text(entry, "reason"),
    )


def _finding(entry: Line) -> Finding:
    severity = entry.get("severity")
    return Finding(
        cast(Severity, severity) if severity in SEVERITIES else "note",
        _text(entry, "code"),
        _text(entry, "record"),
        _text(entry, "sheet"),
        _text(entry, "address"),
        _text(entry, "message"),
        _text(entry, "remedy"),
        tuple(map(str, _list(entry, "related"))),
        _text(entry, "title"),
    )


def _item(entry: Line) -> BoardItem:
    rating = entry.get("rating")
    if not isinstance(rating, int | float):
        raise ValueError(f"a rating above tolerance is {rating!r}; expected a number")
    since = _text(entry, "since")
    return BoardItem(
        _text(entry, "record"),
        rating,
        _text(entry, "sheet"),
        _text(entry, "address"),
        date.fromisoformat(since) if since else None,
        _text(entry, "field"),
    )


def _text(line: Line, name: str) -> str:
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}; expected text")
    return value


def _moment(line: Line, name: str) -> datetime:
    moment = datetime.fromisoformat(_text(line, name))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mapping(line: Line, name: str) -> Line:
    value = line.get(name)
    if value is not None and not isinstance(value, dict):
        raise ValueError(f"{name} is {value!r}; expected an object")
    return value or {}


def _list(line: Line, name: str) -> list[Any]:
    value = line.get(name)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"{name} is {value!r}; expected a list")
    return value or []


def _entries(line: Line, name: str) -> list[Line]:
    found = _list(line, name)
    if not all(isinstance(each, dict) for each in found):
        raise ValueError(f"{name} holds something other than objects")
    return found
