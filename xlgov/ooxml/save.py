"""All or nothing: a new file takes the place of the old in one rename, or the old one stays.

Why a temporary file in the same folder: a rename is only whole within one filesystem. It is
written, forced to disk, checked, and renamed; a crash at any point leaves the old file or the new.

Why the time of the save: mode, owner, extended attributes and access time are the old file's, but
the time of change is now. Backups, synchronised folders and ``rsync`` compare that time, and with
the old one they would never copy the new content. (The time of creation is the filesystem's.)

Hard links cannot be kept by a rename: other names of the file keep the old content.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from xlgov.errors import FileError, InUseError, ReadOnlyError, UsageError

TEMP_PREFIX = ".~xlgov-"  # what a killed save leaves behind; never a name that ends in .xlsx
BACKUP_MARK = " (before xlgov)"

_OWNER_PREFIX = "~$"
_RENAME_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds; virus scanners and indexers let go by then
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def who_has_open(path: str | os.PathLike[str]) -> str | None:
    """Who has a workbook open, by the lock file that Excel or LibreOffice put beside it.

    "somebody" where the lock file cannot be read; None where there is none.
    """
    path = Path(path)
    for place in dict.fromkeys((path, Path(os.path.realpath(path)))):
        for name, read_owner in (
            (f"{_OWNER_PREFIX}{place.name}", _excel_owner),
            (f".~lock.{place.name}#", _libreoffice_owner),
        ):
            lock = place.with_name(name)
            if os.path.lexists(lock):
                try:
                    return read_owner(lock.read_bytes()) or "somebody"
                except OSError:  # Excel on Windows may keep it to itself
                    return "somebody"
    return None


def _excel_owner(content: bytes) -> str:
    """The name in an owner file: length and 8-bit text, from byte 55 the same in UTF-16."""
    length = content[0] if content else 0
    for start in (57, 55):  # the copy has a length of two bytes before it; some writers have none
        wide = content[start : start + 2 * length]
        stated = int.from_bytes(content[55:57], "little")
        if length and len(wide) == 2 * length and (stated == length) == (start == 57):
            with suppress(UnicodeDecodeError):
                name = wide.decode("utf-16-le").strip(" \0")
                if name.isprintable():
                    return name
    name = content[1 : 1 + length].decode("cp1252", "replace").strip(" \0")
    return name if name.isprintable() else ""


def _libreoffice_owner(content: bytes) -> str:
    """The full name in a lock file, else the login name, which is the second field."""
    fields = content.decode("utf-8", "replace").replace("\\,", "\ufffc").split(",")
    names = (field.replace("\ufffc", ",").strip() for field in fields[:2])
    return next((name for name in names if name), "")


def refuse_unless_writable(target: str | os.PathLike[str]) -> None:
    """Return where the target may be replaced, or made where it does not exist.

    Raises InUseError (open in Excel or LibreOffice), ReadOnlyError (file or folder), UsageError
    (no such folder, or the target is one).
    """
    target = Path(target)
    owner = who_has_open(target)
    if owner:
        raise InUseError(
            f"{target.name} is open in Excel or LibreOffice ({owner} has it open); nothing was "
            "written. Close it there and try again. If nobody has it open, a crash left the lock "
            f"file: delete {_OWNER_PREFIX}{target.name} or .~lock.{target.name}# beside it."
        )
    real = Path(os.path.realpath(target))
    folder = real.parent
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; make it first, or correct the path.")
    if real.is_dir():
        raise UsageError(f"{target} is a folder; expected a file to write.")
    # The mode bits count also for the superuser, who could write all the same: read-only is
    # what the owner said. On Windows the bits of a folder mean nothing.
    if real.exists() and not (real.stat().st_mode & _WRITABLE and os.access(real, os.W_OK)):
        raise ReadOnlyError(
            f"{target.name} is read-only; nothing was written. Clear Read-only in the file's "
            "properties, or write to another folder with --out."
        )
    if os.name != "nt" and not (
        folder.stat().st_mode & _WRITABLE and os.access(folder, os.W_OK | os.X_OK)
    ):
        raise _read_only_folder(folder)


def replace_file(
    target: str | os.PathLike[str],
    write: Callable[[BinaryIO], None],
    verify: Callable[[Path], None],
    like: Path | None = None,
) -> None:
    """Replace the target, or make it, by what ``write`` writes; all or nothing.

    ``write`` gets an empty seekable file. ``verify`` gets the path of the finished temporary file
    just before the rename and raises to stop it. Mode, owner and access time are taken from
    ``like`` (the target itself where it exists). Through a symbolic link the file behind it is
    replaced. Where the source is the target, close it in ``verify`` at the latest: Windows
    does not rename over an open file.

    Raises InUseError, ReadOnlyError, UsageError as ``refuse_unless_writable`` does, FileError
    (disk full and the like), and whatever ``write`` and ``verify`` raise. Then the target is as
    it was and no temporary file is left.
    """
    target = Path(target)
    refuse_unless_writable(target)
    real = Path(os.path.realpath(target))
    model = real if real.exists() else like
    with _temporary_beside(real) as temporary:
        with temporary.open("xb+") as file:
            if model is not None:
                _take_mode(temporary, model.stat())
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if model is not None:
            shutil.copystat(model, temporary)  # extended attributes and access lists too
            os.utime(temporary, ns=(model.stat().st_atime_ns, time.time_ns()))
            _take_mode(temporary, model.stat())
        verify(temporary)
        refuse_unless_writable(target)  # somebody may have opened it meanwhile
        _rename(temporary, real)


def keep_backup(path: str | os.PathLike[str]) -> Path:
    """Copy a file to ``NAME (before xlgov).xlsx`` beside it, once; gives the backup's path.

    A backup that exists is left: it holds the file as it was before the first refresh. Times and
    mode are copied. Raises FileError, ReadOnlyError.
    """
    real = Path(os.path.realpath(path))
    backup = real.with_name(f"{real.stem}{BACKUP_MARK}{real.suffix}")
    if os.path.lexists(backup):
        return backup
    with _temporary_beside(backup) as temporary:
        with real.open("rb") as source, temporary.open("xb") as file:
            _take_mode(temporary, real.stat())
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        shutil.copystat(real, temporary)
        _rename(temporary, backup)
    return backup


def is_backup(path: str | os.PathLike[str]) -> bool:
    """Whether a name is that of a backup of ours, which runs over folders pass by.

    >>> is_backup("Register (before xlgov).xlsx"), is_backup("Register.xlsx")
    (True, False)
    """
    return Path(path).stem.endswith(BACKUP_MARK)


@contextmanager
def _temporary_beside(target: Path) -> Iterator[Path]:
    """A new name in the target's folder, gone afterwards; errors of the system put in words."""
    temporary = target.with_name(f"{TEMP_PREFIX}{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
    except OSError as error:
        raise _in_words(error, target) from error
    finally:
        with suppress(OSError):  # renamed already, or held by a virus scanner
            temporary.unlink(missing_ok=True)


def _take_mode(temporary: Path, model: os.stat_result) -> None:
    """Owner first (changing it may clear mode bits), then mode; before there is any content."""
    if hasattr(os, "chown"):
        with suppress(OSError):  # only the superuser may give files away
            os.chown(temporary, model.st_uid, model.st_gid)
    temporary.chmod(stat.S_IMODE(model.st_mode) | stat.S_IWUSR)


def _rename(temporary: Path, target: Path) -> None:
    for wait in (*_RENAME_WAITS, None):
        try:
            os.replace(temporary, target)
            break
        except PermissionError as error:
            if wait is None:
                raise InUseError(
                    f"{target.name} is held open by another program; nothing was written. Close "
                    "it there and try again."
                ) from error
            time.sleep(wait)
    # The rename itself is on disk once the folder is. Windows and some network drives cannot
    # do this; there the rename is as safe as they make it.
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read_only_folder(folder: Path) -> ReadOnlyError:
    return ReadOnlyError(
        f"the folder {folder} may not be written; nothing was written. Ask its owner for the "
        "right to change files there, or write to another folder with --out."
    )


def _in_words(error: OSError, target: Path) -> FileError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FileError(
            f"{target.name} could not be saved: the disk is full or your quota is used up. The old "
            "file is unchanged; make room and try again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _read_only_folder(target.parent)
    return FileError(
        f"{target.name} could not be saved ({error.strerror or error}). The old file is unchanged; "
        "try again, or write to another folder with --out."
    )
