"""Many workbooks in one run: which files a path means, where each result goes, one at a time.

Why one bad file never stops the others: a nightly run over a shared folder meets files that are
open, broken or not ours. Each file's outcome is a value, error or change set, and the run's exit
code is the worst of them.
"""

from __future__ import annotations

import glob
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from xlgov.changes import ChangeSet
from xlgov.errors import DefectError, FileError, UsageError, XlgovError

ENDINGS = (".xlsx", ".xlsm")
_NOT_WORKBOOKS = ("~$", ".~")  # owner files of Excel, lock and temporary files


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to look at, and its place below the folder that was named."""

    path: Path
    place: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one workbook: a change set, or the error that stopped it."""

    path: Path
    changes: ChangeSet = field(default_factory=ChangeSet)
    error: XlgovError | None = None

    @property
    def is_recognised(self) -> bool:
        return bool(self.changes.reports)


def find_workbooks(paths: Sequence[str], out: Path | None = None) -> list[Source]:
    """The workbooks that paths mean: files, folders (with all below them) and globs, in order.

    Owner files, backups of ours and everything below ``out`` are left out. A file that was named
    is taken whatever its name: what it holds decides. A path that does not exist is kept, so that
    it becomes an error of its own and the others are not stopped. A file that several paths mean
    is taken once, at its first place.
    """
    found: dict[str, Source] = {}

    def take(path: Path, place: Path) -> None:
        found.setdefault(os.path.normcase(os.path.abspath(path)), Source(path, place))

    for text in paths:
        path = Path(text)
        if path.is_dir():
            for file in _workbooks_below(path, out):
                take(file, file.relative_to(path))
            continue
        matches = [] if os.path.lexists(path) else sorted(glob.glob(text, recursive=True))
        for match in map(Path, matches):
            if match.is_dir() and "**" not in text:
                for file in _workbooks_below(match, out):
                    take(file, file.relative_to(match))
            elif _is_workbook(match, out):
                take(match, Path(match.name))
        if not matches:
            take(path, Path(path.name))
    return list(found.values())


def _workbooks_below(folder: Path, out: Path | None) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if _is_workbook(file, out))


def _is_workbook(file: Path, out: Path | None) -> bool:
    """Whether a file that was found, not named, is one to look at, by its name and place."""
    from xlgov.ooxml.save import is_backup

    return (
        file.suffix.lower() in ENDINGS
        and not file.name.startswith(_NOT_WORKBOOKS)
        and not is_backup(file)
        and file.is_file()
        and not (out is not None and _is_below(file, out))
    )


def _is_below(file: Path, folder: Path) -> bool:
    try:
        file.resolve().relative_to(folder.resolve())
    except ValueError:
        return False
    return True


def plan_targets(sources: Sequence[Source], out: Path) -> dict[Path, Path]:
    """Where each source's result goes below ``out``.

    Raises UsageError, naming all of them, where two results would be one file, a result would be
    its own source, or ``out`` is a file.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; expected a folder to write to. Name another.")
    targets: dict[Path, Path] = {}
    taken: dict[str, Path] = {}
    wrong = []
    for source in sources:
        target = out / source.place
        key = os.path.normcase(os.path.abspath(target))
        if key in taken:
            wrong.append(f"{taken[key]} and {source.path} would both become {target}")
        elif target.exists() and source.path.exists() and target.samefile(source.path):
            wrong.append(f"{source.path} would be written over itself")
        taken[key] = source.path
        targets[source.path] = target
    if wrong:
        raise UsageError("; ".join(wrong) + ". Name another folder, or fewer paths.")
    return targets


def run_each(
    work: Callable[[Path], ChangeSet], paths: Sequence[Path], jobs: int = 1
) -> Iterator[Outcome]:
    """Outcomes in the order of the paths; with ``jobs`` above 1, over that many processes."""
    if jobs <= 1 or len(paths) <= 1:
        yield from map(partial(attempt, work), paths)
        return
    with ProcessPoolExecutor(max_workers=min(jobs, len(paths))) as pool:
        futures = [pool.submit(attempt, work, path) for path in paths]
        for path, future in zip(paths, futures, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:  # one that is killed takes those waiting with it
                yield _attempt_alone(work, path)


def _attempt_alone(work: Callable[[Path], ChangeSet], path: Path) -> Outcome:
    """A workbook's outcome from a process of its own, so that it can end no other's."""
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return pool.submit(attempt, work, path).result()
        except BrokenProcessPool:
            return Outcome(path, error=_stopped(path))


def attempt(work: Callable[[Path], ChangeSet], path: Path) -> Outcome:
    """One workbook's outcome; errors become values, defects of our own too.

    Why every exception: a defect that one workbook brings to light must not end the run over the
    other 399, nor reach people as a stack trace. It is said to be ours, and where it arose.
    """
    try:
        return Outcome(path, work(path))
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
