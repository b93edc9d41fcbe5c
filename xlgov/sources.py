"""Which workbooks a path means, and where the result of each goes.

Why no error for what is missing: a nightly run names many paths, and one that is gone is that
path's own error, not the run's.
"""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xlgov.errors import UsageError
from xlgov.ooxml.save import is_backup
from xlgov.remote.path import RemotePath, read_path

ENDINGS = (".xlsx", ".xlsm")
_NOT_WORKBOOKS = ("~$", ".~")  # owner files of Excel, lock and temporary files


class Source(NamedTuple):
    """A workbook to look at, and its place below the folder that was named."""

    path: Path
    place: Path


class Choice(NamedTuple):
    """Which of the workbooks that are found are wanted, by their place below the folder named.

    Globs as the shell has them, in any case: ``*`` and ``?`` within one folder, ``**`` over any
    number of them. A glob without a slash is of the name, or of any folder on the way to it; one
    with a slash is of the whole place. Without ``include`` all are wanted; ``exclude`` goes first.

    >>> choice = Choice(exclude=("archive", "draft*.xlsx", "east/**/old.xlsx"))
    >>> [choice.takes(Path(place)) for place in ("a.xlsx", "archive/a.xlsx", "Draft 2.xlsx")]
    [True, False, False]
    >>> choice.takes(Path("east/2017/q1/old.xlsx")), choice.takes(Path("west/old.xlsx"))
    (False, True)
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, place: Path) -> bool:
        """Whether a workbook at this place is wanted."""
        if any(_is_place(place, glob) for glob in self.exclude):
            return False
        return not self.include or any(_is_place(place, glob) for glob in self.include)


ALL = Choice()


def _is_place(place: Path, pattern: str) -> bool:
    text = place.as_posix().casefold()
    pattern = pattern.replace("\\", "/").casefold().removeprefix("./").rstrip("/")
    if "/" not in pattern:
        return any(fnmatch.fnmatchcase(part, pattern) for part in text.split("/"))
    return _follows(text.split("/"), pattern.lstrip("/").split("/"))


def _follows(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether the parts of a path, or its first ones, are as the patterns say, one for one.

    A pattern that ends at a folder takes all below it.
    """
    if not patterns:
        return True
    if patterns[0] == "**":
        return any(_follows(parts[at:], patterns[1:]) for at in range(len(parts) + 1))
    if not parts:
        return False
    return fnmatch.fnmatchcase(parts[0], patterns[0]) and _follows(parts[1:], patterns[1:])


def find_workbooks(
    paths: Sequence[str], out: Path | None = None, choice: Choice = ALL
) -> list[Source]:
    """The workbooks that paths mean: files, folders (with all below them) and globs, in order.

    Owner files, backups of ours and everything below ``out`` are left out. A file that was named
    is taken whatever its name: what it holds decides. A path that does not exist is kept, so that
    it becomes an error of its own and the others are not stopped. A file that several paths mean
    is taken once, at its first place. ``choice`` is of files below folders and of globs; a file
    that was named is wanted. A URL means the like of what lies there.

    Raises UsageError for a URL that cannot be followed here.
    """
    found: dict[str, Source] = {}

    def take(path: Path, place: Path) -> None:
        is_remote = isinstance(path, RemotePath)
        key = str(path) if is_remote else os.path.normcase(os.path.abspath(path))
        found.setdefault(key, Source(path, place))

    for text in paths:
        path = read_path(text)
        if isinstance(path, RemotePath):
            for source in _remote_workbooks(path, out, choice):
                take(source.path, source.place)
            continue
        text = str(path) if "://" in text else text  # a URL of this computer
        if path.is_dir():
            for file in _workbooks_below(path, out, choice):
                take(file, file.relative_to(path))
            continue
        matches = [] if os.path.lexists(path) else sorted(glob.glob(text, recursive=True))
        for match in map(Path, matches):
            if match.is_dir() and "**" not in text:
                for file in _workbooks_below(match, out, choice):
                    take(file, file.relative_to(match))
            elif _is_workbook(match, out) and choice.takes(_below_glob(match, text)):
                take(match, Path(match.name))
        if not matches:
            take(path, Path(path.name))
    return list(found.values())


def _remote_workbooks(path: RemotePath, out: Path | None, choice: Choice) -> list[Source]:
    from xlgov.remote.listing import list_files

    listed = list_files(path)
    if listed is None:
        return [Source(path, Path(path.name))]
    return [
        Source(each.path, each.place)
        for each in listed
        if choice.takes(each.chosen_by)
        and _has_name_of_workbook(each.path)
        and not (isinstance(out, RemotePath) and str(each.path).startswith(f"{out}/"))
    ]


def _below_glob(match: Path, pattern: str) -> Path:
    """What matched a glob, below the last folder that the glob names without a wildcard.

    >>> _below_glob(Path("all/east/a.xlsx"), "all/**/*.xlsx").as_posix()
    'east/a.xlsx'
    """
    named = 0
    for part in Path(pattern).parts:
        if glob.has_magic(part):
            break
        named += 1
    return Path(*match.parts[named:])


def _workbooks_below(folder: Path, out: Path | None, choice: Choice) -> Iterator[Path]:
    return (
        file
        for file in sorted(folder.rglob("*"))
        if choice.takes(file.relative_to(folder)) and _is_workbook(file, out)
    )


def _is_workbook(file: Path, out: Path | None) -> bool:
    """Whether a file that was found, not named, is one to look at, by its name and place."""
    return (
        _has_name_of_workbook(file)
        and file.is_file()
        and not (out is not None and _is_below(file, out))
    )


def _has_name_of_workbook(file: Path) -> bool:
    return (
        file.suffix.lower() in ENDINGS
        and not file.name.startswith(_NOT_WORKBOOKS)
        and not is_backup(file)
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
        elif target == source.path or _is_one_file(target, source.path):
            wrong.append(f"{source.path} would be written over itself")
        taken[key] = source.path
        targets[source.path] = target
    if wrong:
        raise UsageError("; ".join(wrong) + ". Name another folder, or fewer paths.")
    return targets


def _is_one_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
