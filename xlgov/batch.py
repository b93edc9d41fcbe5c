"""Many workbooks in one run, one after the other or over several processes.

Why one bad file never stops the others: a nightly run over a shared folder meets files that are
open, broken or not ours. Each file's outcome is a value, error or change set, and the run's exit
code is the worst of them.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.changes import ChangeSet, Finding
from xlgov.errors import DefectError, FileError, XlgovError

if TYPE_CHECKING:
    from xlgov.review.file_records import FileRecords


@dataclass(frozen=True, slots=True)
class Examined:
    """A workbook's change set, and what is kept of it to be compared with other files."""

    changes: ChangeSet
    records: FileRecords


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one workbook: a change set, or the error that stopped it.

    ``records`` are there where the files of a run are compared. ``between`` are the findings that
    this gave about the file, and no part of its own.
    """

    path: Path
    changes: ChangeSet = field(default_factory=ChangeSet)
    error: XlgovError | None = None
    records: FileRecords | None = None
    between: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found about the file, what it was compared with last."""
        return (*self.changes.findings, *self.between)

    @property
    def is_recognised(self) -> bool:
        return bool(self.changes.reports)


Work = Callable[[Path], ChangeSet | Examined]


def run_each(work: Work, paths: Sequence[Path], jobs: int = 1) -> Iterator[Outcome]:
    """Outcomes in the order of the paths; with ``jobs`` above 1, over that many processes."""
    if jobs <= 1 or len(paths) <= 1:
        yield from map(partial(attempt, work), paths)
        return
    # Here, as it takes half as long as a small refresh to import.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(max_workers=min(jobs, len(paths))) as pool:
        futures = [pool.submit(attempt, work, path) for path in paths]
        for path, future in zip(paths, futures, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:  # one that is killed takes those waiting with it
                yield _attempt_alone(work, path)


def _attempt_alone(work: Work, path: Path) -> Outcome:
    """A workbook's outcome from a process of its own, so that it can end no other's."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return pool.submit(attempt, work, path).result()
        except BrokenProcessPool:
            return Outcome(path, error=_stopped(path))


def attempt(work: Work, path: Path) -> Outcome:
    """One workbook's outcome; errors become values, defects of our own too.

    Why every exception: a defect that one workbook brings to light must not end the run over the
    other 399, nor reach people as a stack trace. It is said to be ours, and where it arose.
    """
    try:
        done = work(path)
        if isinstance(done, Examined):
            return Outcome(path, done.changes, records=done.records)
        return Outcome(path, done)
    except XlgovError as error:
        return Outcome(path, error=error)
    except OSError as error:
        return Outcome(path, error=say_system_error(error, path))
    except MemoryError:
        return Outcome(path, error=_stopped(path))
    except Exception as error:
        return Outcome(path, error=_say_defect(error, path))


def say_system_error(error: OSError, path: Path) -> FileError:
    """An error of the operating system as one of ours, in words."""
    reason = error.strerror or str(error)
    return FileError(
        f"{path.name} could not be read or written ({reason}); it was left as it was. Check that "
        "it is there and that you may open it."
    )


def _say_defect(error: Exception, path: Path) -> DefectError:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name} line {frames[-1].lineno}: " if frames else ""
    return DefectError(
        f"{path.name} brought to light a mistake in xlgov ({place}{type(error).__name__}, {error})"
        "; it was left as it was. Please report this line, with the workbook if you may."
    )


def _stopped(path: Path) -> FileError:
    return FileError(
        f"{path.name} was not finished: the process that worked on it was stopped, as when memory "
        "runs out. The workbook is as it was or whole; try again with fewer --jobs."
    )
