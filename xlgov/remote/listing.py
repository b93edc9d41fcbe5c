"""The files that a URL means: itself, those below a folder, or those that match a glob."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any, NamedTuple

from xlgov.errors import FileError
from xlgov.remote.path import RemotePath
from xlgov.remote.store import NotThereError, opened


class Listed(NamedTuple):
    """A file found below a folder. ``place`` is below it; ``chosen_by`` is what globs judge."""

    path: RemotePath
    place: Path
    chosen_by: Path


def list_files(path: RemotePath) -> list[Listed] | None:
    """The files below a folder or that match a glob, in order; None where it names one file.

    Also where the store does not answer: reading the file is then that path's own error. Raises
    UsageError.
    """
    text = str(path)
    try:
        with opened(path) as (files, name):
            if files.isdir(name):
                return _below(files, path, name, path)
            if not glob.has_magic(text) or files.exists(name):
                return None
            found: list[Listed] = []
            fixed = _fixed_folder(path)
            with opened(fixed) as (_, start):
                for match in sorted(files.glob(name)):
                    each = fixed / _rest(match, start)
                    if not files.isdir(match):
                        found.append(Listed(each, Path(each.name), Path(_rest(match, start))))
                    elif "**" not in text:
                        found += _below(files, each, match, each)
            return found or None
    except (FileError, NotThereError):
        return None


def _below(files: Any, folder: RemotePath, name: str, root: RemotePath) -> list[Listed]:
    places = [Path(_rest(each, name)) for each in sorted(files.find(name))]
    return [Listed(root / place, place, place) for place in places]


def _rest(name: str, folder: str) -> str:
    """The part of a store's own name that is below a folder's."""
    return name.removeprefix(folder.rstrip("/")).lstrip("/")


def _fixed_folder(pattern: RemotePath) -> RemotePath:
    """The last folder of a glob that it names without a wildcard.

    >>> str(_fixed_folder(RemotePath("s3://office/all/**/*.xlsx")))
    's3://office/all'
    """
    magic = next(at for at, part in enumerate(pattern.parts) if glob.has_magic(part))
    return RemotePath(*pattern.parts[:magic])
