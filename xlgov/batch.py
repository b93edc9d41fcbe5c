"""Many workbooks in one run, one after the other or over several processes.

Why one bad file never stops the others: a nightly run over a shared folder meets files that are
open, broken or not ours. Each file's outcome is a value, error or change set, and the run's exit
code is the worst of them. How processes share the work, and what ends them, is in ``workers``.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlgov.changes import ChangeSet, Finding
from xlgov.errors import DefectError, FileError, XlgovError
from xlgov.interrupts import came_of_one, put_off

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xlgov.review.file_records import FileRecords


class Examined(NamedTuple):
    """A workbook's change set, and what is kept of it to be compared with other files."""

    changes: ChangeSet
    records: FileRecords


class Refreshed(NamedTuple):
    """The change set that was applied to a workbook, and the SHA-256 of the file that it gave."""

    changes: ChangeSet
    hash_after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one workbook: a change set, or the error that stopped it.

    ``records`` are there where the files of a run are compared. ``between`` are the findings that
    this gave about the file, and no part of its own. ``hash_after`` is that of the file written,
    "" where it is not known. ``finished`` is when, and ``seconds`` how long it took.
    """

    path: Path
    changes: ChangeSet = field(default_factory=ChangeSet)
    error: XlgovError | None = None
    records: FileRecords | None = None
    between: tuple[Finding, ...] = ()
    hash_after: str = ""
    finished: datetime | None = None
    seconds: float = 0.0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found about the file, what it was compared with last."""
        return (*self.changes.findings, *self.between)

    @property
    def is_recognised(self) -> bool:
        return bool(self.changes.reports)


Work = Callable[[Path], ChangeSet | Examined | Refreshed]


def run_each(
    work: Work,
    paths: Sequence[Path],
    jobs: int = 1,
    *,
    executor: Executor | None = None,
    on_done: Callable[[Outcome], None] | None = None,
) -> Generator[Outcome, None, None]:
    """Outcomes in the order of the paths; with ``jobs`` above 1, over that many processes.

    ``executor`` is any that runs functions elsewhere, and is left open. ``on_done`` is called here
    with each outcome as soon as there is one, in whatever order they come: also with those that
    end after the caller has stopped taking them, as on Ctrl-C. Where it is given, Ctrl-C waits for
    the file that is under way, so that it is told of. An error that it raises ends the run: files
    that are under way are finished, and no other is begun.
    """
    said = on_done or _say_nothing
    if executor is None and (jobs <= 1 or len(paths) <= 1):
        for path in paths:
            with nullcontext() if on_done is None else put_off():
                outcome = attempt(work, path)
                said(outcome)
            yield outcome
        return
    # Here, as it takes half as long as a small refresh to import.
    from xlgov.workers import run_over, run_over_processes

    if executor is not None:
        yield from run_over(executor, work, paths, said)
    else:
        yield from run_over_processes(work, paths, jobs, said)


def _say_nothing(outcome: Outcome) -> None:
    """Where nobody wants to know of outcomes before their turn."""


def attempt(work: Work, path: Path) -> Outcome:
    """One workbook's outcome; errors become values, defects of our own too.

    Why every exception: a defect that one workbook brings to light must not end the run over the
    other 399, nor reach people as a stack trace. It is said to be ours, and where it arose.
    """
    began = time.monotonic()
    outcome = _attempt(work, path)
    seconds = time.monotonic() - began
    return replace(outcome, finished=datetime.now(UTC), seconds=seconds)


def _attempt(work: Work, path: Path) -> Outcome:
    try:
        done = work(path)
        if isinstance(done, Examined):
            return Outcome(path, done.changes, records=done.records)
        if isinstance(done, Refreshed):
            return Outcome(path, done.changes, hash_after=done.hash_after)
        return Outcome(path, done)
    except XlgovError as error:
        return Outcome(path, error=error)
    except OSError as error:
        return Outcome(path, error=say_system_error(error, path))
    except MemoryError:
        return Outcome(path, error=say_stopped(path))
    except Exception as error:
        if came_of_one(error):
            raise KeyboardInterrupt from error
        return Outcome(path, error=_say_defect(error, path))


def say_system_error(error: OSError, path: Path) -> FileError:
    """An error of the operating system as one of ours, in words."""
    reason = error.strerror or str(error)
    return FileError(
        f"{path.name} could not be read or written ({reason}); it was left as it was. Check that "
        "it is there and that you may open it."
    )


def _say_defect(error: Exception, path: Path) -> DefectError:
    """A mistake of our own as an error that says so, and where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name} line {frames[-1].lineno}: " if frames else ""
    return DefectError(
        f"{path.name} brought to light a mistake in xlgov ({place}{type(error).__name__}, {error})"
        "; it was left as it was. Please report this line, with the workbook if you may."
    )


def say_stopped(path: Path) -> FileError:
    """The error of a workbook whose process ended before it could say what became of it."""
    return FileError(
        f"{path.name} was not finished: the process that worked on it was stopped, as when memory "
        "runs out. The workbook is as it was or whole; try again with fewer --jobs."
    )


def say_lost(error: BaseException, path: Path) -> FileError:
    """The error of a workbook of which an executor gave no outcome but an error of its own."""
    said = f"{type(error).__name__}, {error}" if str(error) else type(error).__name__
    return FileError(
        f"what became of {path.name} did not come back from the process that worked on it "
        f"({said}). The workbook is as it was or whole; run it again."
    )
