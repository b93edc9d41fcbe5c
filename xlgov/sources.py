"""Which workbooks a path means, and where the result of each goes.

Why no error for what is missing: a nightly run names many paths, and one that is gone is that
path's own error, not the run's.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlgov.errors import UsageError
from xlgov.ooxml.save import is_backup

ENDINGS = (".xlsx", ".xlsm")
_NOT_WORKBOOKS = ("~$", ".~")  # owner files of Excel, lock and temporary files


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to look at, and its place below the folder that was named."""

    path: Path
    place: Path


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
