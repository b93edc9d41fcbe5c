"""Many workbooks in one run: which files a path means, where each result goes, one at a time.

Why one bad file never stops the others: a nightly run over a shared folder meets files that are
open, broken or not ours. Each file's outcome is a value, error or change set, and the run's exit
code is the worst of them.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xlgov.changes import ChangeSet
from xlgov.errors import UsageError, XlgovError

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
    changes: ChangeSet = ChangeSet()
    error: XlgovError | None = None

    @property
    def is_recognised(self) -> bool:
        return bool(self.changes.reports)


def find_workbooks(paths: Sequence[str], out: Path | None = None) -> list[Source]:
    """The workbooks that paths mean: files, folders (with all below them) and globs, in order.

    Owner files, backups of ours and everything below ``out`` are left out. A file that was named
    is taken whatever its ending: what it holds decides.

    Raises UsageError, naming every path that does not exist.
    """
    from xlgov.ooxml.save import is_backup

    found: dict[Path, Source] = {}
    missing = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.suffix.lower() not in ENDINGS or file.name.startswith(_NOT_WORKBOOKS):
                    continue
                if is_backup(file) or not file.is_file():
                    continue
                if out is not None and _is_below(file, out):
                    continue
                found.setdefault(file, Source(file, file.relative_to(path)))
        elif path.is_file():
            found.setdefault(path, Source(path, Path(path.name)))
        else:
            matches = [Path(match) for match in sorted(glob.glob(text, recursive=True))]
            files = [
                match
                for match in matches
                if match.is_file()
                and match.suffix.lower() in ENDINGS
                and not match.name.startswith(_NOT_WORKBOOKS)
                and not is_backup(match)
            ]
            if not matches:
                missing.append(text)
            for file in files:
                found.setdefault(file, Source(file, Path(file.name)))
    if missing:
        raise UsageError(
            "no such file or folder: " + ", ".join(missing) + ". Check the spelling; a path with "
            "spaces needs quotes."
        )
    return list(found.values())


def _is_below(file: Path, folder: Path) -> bool:
    try:
        file.resolve().relative_to(folder.resolve())
    except ValueError:
        return False
    return True


def plan_targets(sources: Sequence[Source], out: Path) -> dict[Path, Path]:
    """Where each source's result goes below ``out``.

    Raises UsageError, naming all of them, where two results would be one file or a result would
    be its own source.
    """
    targets: dict[Path, Path] = {}
    taken: dict[str, Path] = {}
    wrong = []
    for source in sources:
        target = out / source.place
        key = os.path.normcase(os.path.abspath(target))
        if key in taken:
            wrong.append(f"{taken[key]} and {source.path} would both become {target}")
        elif target.exists() and target.samefile(source.path):
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
        yield from pool.map(partial(attempt, work), paths)


def attempt(work: Callable[[Path], ChangeSet], path: Path) -> Outcome:
    """One workbook's outcome; library errors and errors of the system become values."""
    try:
        return Outcome(path, work(path))
    except XlgovError as error:
        return Outcome(path, error=error)
    except OSError as error:
        return Outcome(path, error=_in_words(error, path))


def _in_words(error: OSError, path: Path) -> XlgovError:
    from xlgov.errors import FileError

    reason = error.strerror or str(error)
    return FileError(
        f"{path.name} could not be read or written ({reason}); it was left as it was. Check that "
        "it is there and that you may open it."
    )
