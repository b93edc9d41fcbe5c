"""The log on disk, written: lines are added whole or not at all.

Why a lock and one write per line: the processes of a run write into one file, and two runs may.
A line that could not be written whole (a full disk) is taken back.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from xlgov.changes import ChangeSet
from xlgov.errors import FileError, UsageError
from xlgov.journal.hashes import hash_values
from xlgov.journal.record import RunEnd, RunRecord, RunStart, intent_line, withdrawn_line
from xlgov.ooxml.save import replace_file


def user_name() -> str:
    """Who runs this, by the account's name; "unknown" where the system knows none."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "unknown"


def start_run(command: str, options: Mapping[str, Any], files: int) -> RunStart:
    """The facts of a run that begins now. ``options`` are those that decide on the result."""
    return RunStart(
        run=os.urandom(6).hex(),
        started=datetime.now(UTC),
        who=user_name(),
        command=command,
        options=dict(options),
        options_hash=hash_values(options),
        files=files,
    )


def append_line(path: Path, line: Mapping[str, Any]) -> None:
    """Add a line to a log, all of it on disk when this returns, or none of it.

    Raises FileError: a log that cannot be written ends a run, so that nothing goes unrecorded.
    """
    content = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with _locked(file):
                _append(file, content)
        finally:
            os.close(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"the log {path} could not be written ({reason}), and no workbook is changed without a "
            "line in it. Make room, or name another file with --log."
        ) from error


def _append(file: int, content: bytes) -> None:
    size = os.lseek(file, 0, os.SEEK_END)
    if size:
        os.lseek(file, size - 1, os.SEEK_SET)
        if os.read(file, 1) != b"\n":
            content = b"\n" + content  # the line before is torn; this one is not to be
    os.lseek(file, size, os.SEEK_SET)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


if sys.platform == "win32":
    import msvcrt

    _LOCK_AT = 1 << 40  # beyond any log, so that reading it is not shut out

    @contextmanager
    def _locked(file: int) -> Iterator[None]:
        os.lseek(file, _LOCK_AT, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(file, _LOCK_AT, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    @contextmanager
    def _locked(file: int) -> Iterator[None]:
        with suppress(OSError):  # a network drive without locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file ends the lock


@dataclass(frozen=True, slots=True)
class RunLog:
    """The log of a run that is under way: knows its file and its run, and adds lines."""

    path: Path
    start: RunStart

    def begin(self) -> None:
        """Add the run's first line. Raises UsageError where the log cannot be a file."""
        if self.path.is_dir():
            raise UsageError(f"{self.path} is a folder; name a file for the log.")
        if not self.path.parent.is_dir():
            raise UsageError(f"{self.path.parent} is not a folder; make it first.")
        append_line(self.path, self.start.line())

    def announce(self, path: Path, target: Path | None, changes: ChangeSet) -> None:
        """Add what is about to be written to a workbook, in whichever process that is."""
        append_line(self.path, intent_line(self.start, path, target, changes))

    def withdraw(self, path: Path, target: Path | None, changes: ChangeSet) -> None:
        """Add that what was announced of a workbook was not written: it had been saved again."""
        append_line(self.path, withdrawn_line(self.start, path, target, changes))

    def add(self, record: RunRecord) -> None:
        append_line(self.path, record.line())

    def end(self, records: Iterable[RunRecord], finished: bool) -> None:
        """Add the run's last line: how it ended."""
        counts: dict[str, int] = {}
        for record in records:
            counts[record.outcome] = counts.get(record.outcome, 0) + 1
        end = RunEnd(self.start.run, datetime.now(UTC), finished, counts)
        append_line(self.path, end.line())


def write_page(path: Path, text: str) -> None:
    """Write a page, whole or not at all. Raises the file errors of ``replace_file``."""
    replace_file(path, lambda file: _write(file, text), lambda written: None)


def _write(file: BinaryIO, text: str) -> None:
    file.write(text.encode())
