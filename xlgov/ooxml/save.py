"""All or nothing: a new file takes the place of the old in one rename, or the old one stays.

Why a temporary file in the same folder: a rename is only whole within one filesystem. It is
written, forced to disk, checked, and renamed; a crash at any point leaves the old file or the new.

Why the time of the save: mode, owner, extended attributes and access time are the old file's, but
the time of change is now. Backups, synchronised folders and ``rsync`` compare that time, and with
the old one they would never copy the new content. (The time of creation is the filesystem's.)

Hard links cannot be kept by a rename: other names of the file keep the old content.

Why mode and times are kept only where the platform lets it: network drives and memory sticks refuse
to change them, and that is no reason to refuse the save.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from xlgov.errors import InUseError, ReadOnlyError, UsageError
from xlgov.ooxml.lock import only_saver, saver_prefix
from xlgov.ooxml.patience import PATIENCE, Patience, is_held, open_to_read
from xlgov.ooxml.trouble import in_words, read_only_folder

BACKUP_MARK = " (before xlgov)"

_OWNER_PREFIX = "~$"
_LONG_PATH = 240  # characters; of Windows' 260 the names of temporary files need some
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
    (no such folder, or the target is one), FileError (its drive cannot be reached).
    """
    with in_words(Path(target)):
        _refuse_unless_writable(Path(target))


def _refuse_unless_writable(target: Path) -> None:
    owner = who_has_open(target)
    if owner:
        raise InUseError(
            f"{target.name} is open in Excel or LibreOffice ({owner} has it open); nothing was "
            "written. Close it there and try again. If nobody has it open, a crash left the lock "
            f"file: delete {_OWNER_PREFIX}{target.name} or .~lock.{target.name}# beside it."
        )
    real = real_path(target)
    folder = real.parent
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; make it first, or correct the path.")
    if real.is_symlink():
        raise UsageError(f"{target} is a link that leads round in a circle; mend or delete it.")
    if real.is_dir():
        raise UsageError(f"{target} is a folder; expected a file to write.")
    # The mode bits count also for the superuser, who could write all the same: read-only is
    # what the owner said. On Windows the bits of a folder mean nothing.
    if real.exists() and not (real.stat().st_mode & _WRITABLE and os.access(real, os.W_OK)):
        raise ReadOnlyError(
            f"{target.name} is read-only; nothing was written. Clear Read-only in the file's "
            "properties, or write to another folder with --out."
        )
    if not _may_be_written(folder):
        raise read_only_folder(folder)


def real_path(path: str | os.PathLike[str]) -> Path:
    """The file that a path leads to, through links; on Windows spelled for any length."""
    real = os.path.realpath(path)
    return Path(_at_length(real) if os.name == "nt" else real)


def _at_length(path: str) -> str:
    """A full Windows path, where it is long in the spelling without the limit of 260 characters."""
    if len(path) < _LONG_PATH or path.startswith("\\\\?\\"):
        return path
    return f"\\\\?\\UNC{path[1:]}" if path.startswith("\\\\") else f"\\\\?\\{path}"


def replace_file(
    target: str | os.PathLike[str],
    write: Callable[[BinaryIO], None],
    verify: Callable[[Path], None],
    like: Path | None = None,
    patience: Patience = PATIENCE,
    last_look: Callable[[], None] | None = None,
) -> None:
    """Replace the target, or make it, by what ``write`` writes; all or nothing.

    ``write`` gets an empty seekable file. ``verify`` gets the path of the finished temporary file
    just before the rename and raises to stop it. Mode, owner and access time are taken from
    ``like`` (the target itself where it exists). Through a symbolic link the file behind it is
    replaced. Where the source is the target, close it in ``verify`` at the latest: Windows
    does not rename over an open file.

    Two saves of one file come one after the other (``only_saver``); ``verify`` is where the second
    notices that the file is no longer the one that it began with. ``patience`` is for a target that
    a virus scanner or the like holds for a moment. ``last_look`` is called before all writing and
    right before each try to rename, and raises to stop it: what somebody saves after that is lost,
    so it is to be quick.

    Raises InUseError (also: another save is not done in time), ReadOnlyError, UsageError as
    ``refuse_unless_writable`` does, FileError (disk full and the like), and whatever ``write`` and
    ``verify`` raise. Then the target is as it was and no temporary file is left.
    """
    target = Path(target)
    refuse_unless_writable(target)
    real = real_path(target)
    with in_words(real), only_saver(real), _temporary_beside(real) as temporary:
        if last_look is not None:
            last_look()  # the save that was waited for may have been of this very file
        model = real if real.exists() else like
        with temporary.open("xb+") as file:
            if model is not None:
                _take_mode(temporary, model.stat())
            write(file)
            file.flush()
            _force_to_disk(file.fileno())
        if model is not None:
            _take_times(temporary, model)
        verify(temporary)
        refuse_unless_writable(target)  # somebody may have opened it meanwhile
        _rename(temporary, real, patience, last_look)


def keep_backup(path: str | os.PathLike[str]) -> Path:
    """Copy a file to ``NAME (before xlgov).xlsx`` beside it, once; gives the backup's path.

    A backup that exists is left: it holds the file as it was before the first refresh. Times and
    mode are copied. Raises FileError, ReadOnlyError.
    """
    real = real_path(path)
    backup = real.with_name(f"{real.stem}{BACKUP_MARK}{real.suffix}")
    if os.path.lexists(backup):
        return backup
    with in_words(backup), _temporary_beside(backup) as temporary:
        with open_to_read(real) as source, temporary.open("xb") as file:
            _take_mode(temporary, real.stat())
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            _force_to_disk(file.fileno())
        with _where_allowed():
            shutil.copystat(real, temporary)
        _rename(temporary, backup, PATIENCE)
    return backup


def is_backup(path: str | os.PathLike[str]) -> bool:
    """Whether a name is that of a backup of ours, which runs over folders pass by.

    >>> is_backup("Register (before xlgov).xlsx"), is_backup("Register.xlsx")
    (True, False)
    """
    return Path(path).stem.endswith(BACKUP_MARK)


@contextmanager
def _temporary_beside(target: Path) -> Iterator[Path]:
    """A new name in the target's folder, gone afterwards."""
    temporary = target.with_name(f"{saver_prefix(target)}-{os.urandom(8).hex()}.tmp")
    try:
        yield temporary
    finally:
        with suppress(OSError):  # renamed already, or held by a virus scanner
            temporary.unlink(missing_ok=True)


@contextmanager
def _where_allowed() -> Iterator[None]:
    """Pass by what a drive does not offer; a drive that fails still fails."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise


_NOT_OFFERED = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)


def _take_mode(temporary: Path, model: os.stat_result) -> None:
    """Owner first (changing it may clear mode bits), then mode; before there is any content."""
    if hasattr(os, "chown"):
        with suppress(OSError):  # only the superuser may give files away
            os.chown(temporary, model.st_uid, model.st_gid)
    with _where_allowed():
        temporary.chmod(stat.S_IMODE(model.st_mode) | stat.S_IWUSR)


def _take_times(temporary: Path, model: Path) -> None:
    """Extended attributes, access lists and the time of the last access; changed is now."""
    kept = model.stat()
    with _where_allowed():
        shutil.copystat(model, temporary)
    with _where_allowed():
        os.utime(temporary, ns=(kept.st_atime_ns, time.time_ns()))
    _take_mode(temporary, kept)


def _force_to_disk(number: int) -> None:
    with _where_allowed():
        os.fsync(number)


def _rename(
    temporary: Path,
    target: Path,
    patience: Patience,
    last_look: Callable[[], None] | None = None,
) -> None:
    for is_last in patience.tries():
        if last_look is not None:
            last_look()
        try:
            os.replace(temporary, target)
            break
        except OSError as error:
            # On a network drive a file that somebody on Windows has open is "permission denied".
            if not (is_held(error) or isinstance(error, PermissionError)):
                raise
            if not is_last:
                continue
            if not _may_be_written(target.parent):
                raise read_only_folder(target.parent) from error
            raise InUseError(
                f"{target.name} is held open by another program; nothing was written. Close "
                "it there and try again."
            ) from error
    # The rename itself is on disk once the folder is. Windows and some network drives cannot
    # do this; there the rename is as safe as they make it.
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _may_be_written(folder: Path) -> bool:
    """Whether files may be made in a folder; on Windows its bits mean nothing."""
    if os.name == "nt":
        return True
    return bool(folder.stat().st_mode & _WRITABLE) and os.access(folder, os.W_OK | os.X_OK)
