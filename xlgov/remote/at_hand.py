"""A workbook elsewhere, at hand for a while: fetched, worked on here, and put back if it changed.

Why a copy in a temporary folder: the one hand that writes workbooks works on files of this
computer, and what it promises there holds for the copy. Its name is the same, so that messages and
``[file]`` settings are; the folder's ``xlgov.toml`` and the owner files of Excel and LibreOffice
come along, so that it is judged, or refused, as it would be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlgov.errors import ChangedError, XlgovError
from xlgov.ooxml.file_hash import hash_file
from xlgov.ooxml.save import BACKUP_MARK, refuse_unless_writable
from xlgov.remote.path import RemotePath
from xlgov.remote.store import (
    delete_file,
    get_file,
    put_file,
    put_once,
    refuse_unless_replaceable,
)
from xlgov.settings.values import SETTINGS_FILE


@contextmanager
def to_read(path: Path) -> Iterator[Path]:
    """A file of this computer to read in the place of ``path``, which may be that file itself."""
    if not isinstance(path, RemotePath):
        yield path
        return
    with _folder() as folder:
        yield _fetch(path, folder / "source")


@contextmanager
def to_refresh(path: Path, target: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """Files of this computer to refresh, from and to, in the place of ``path`` and ``target``.

    What was written there is put where it belongs when the ``with`` ends without an error: in
    place only where it changed, with the backup that stands beside it, once. A target's folder is
    made.

    Raises ChangedError where the file was saved by somebody else meanwhile, InUseError, FileError,
    UsageError; then the file elsewhere is as it was.
    """
    written = path if target is None else target
    if not isinstance(written, RemotePath):
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
        with to_read(path) as local:
            yield local, target
        return
    refuse_unless_replaceable(written)
    with _folder() as folder, to_read(path) as local:
        if target is not None:
            result = folder / target.name
            yield local, result
            put_file(result, written)
            return
        before = hash_file(local)
        yield local, None
        if hash_file(local) != before:
            _put_back(local, written, before)


def _put_back(local: Path, path: RemotePath, before: str) -> None:
    """Replace a file elsewhere that still has the hash ``before``; its backup goes first."""
    kept = local.with_name(f"{local.stem}{BACKUP_MARK}{local.suffix}")
    backup = path.with_name(kept.name)
    is_new = kept.exists() and put_once(kept, backup)
    try:
        put_file(local, path, lambda: _refuse_if_changed(path, before))
    except BaseException:
        if is_new:  # it would stand for a first refresh that never was
            with suppress(XlgovError):
                delete_file(backup)
        raise


def _refuse_if_changed(path: RemotePath, before: str) -> None:
    with _folder() as folder:
        now = _fetch(path, folder / "now")
        refuse_unless_writable(now)  # somebody may have opened it
        if hash_file(now) != before:
            raise ChangedError(
                f"{path.name} was saved by somebody else meanwhile; nothing was written. "
                "Run it again."
            )


def _fetch(path: RemotePath, folder: Path) -> Path:
    return get_file(path, folder, (SETTINGS_FILE, f"~${path.name}", f".~lock.{path.name}#"))


@contextmanager
def _folder() -> Iterator[Path]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="xlgov-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
