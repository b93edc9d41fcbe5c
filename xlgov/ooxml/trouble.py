"""What the system says while a file is saved, in words: what became of the file, and what to do.

Why sorted by number: the system's own words differ between platforms and name no remedy.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlgov.errors import FileError, ReadOnlyError
from xlgov.ooxml.lock import TEMP_PREFIX

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_GONE = frozenset(
    getattr(errno, name)
    for name in (
        "EIO", "ESTALE", "ENOENT", "ENODEV", "ENXIO", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH",
        "ENETDOWN", "ENETUNREACH", "ETIMEDOUT", "ECONNRESET", "ENOTDIR",
    )
    if hasattr(errno, name)
)  # fmt: skip


@contextmanager
def in_words(target: Path) -> Iterator[None]:
    """Errors of the system while a file is saved, as errors of ours."""
    try:
        yield
    except OSError as error:
        raise _said(error, target) from error


def read_only_folder(folder: Path) -> ReadOnlyError:
    """The refusal to write into a folder that is not ours to write."""
    return ReadOnlyError(
        f"the folder {folder} may not be written; nothing was written. Ask its owner for the "
        "right to change files there, or write to another folder with --out."
    )


def _said(error: OSError, target: Path) -> FileError:
    if error.errno in _FULL:
        return FileError(
            f"{target.name} could not be saved: the disk is full or your quota is used up. The old "
            "file is unchanged; make room and try again."
        )
    if error.errno in _REFUSED:
        return read_only_folder(target.parent)
    if error.errno == errno.ENAMETOOLONG:
        return FileError(
            f"{target.name} could not be saved: a name of {len(os.fsencode(target.name))} bytes is "
            "too long for this drive. The old file is unchanged; give it a shorter name."
        )
    if error.errno in _GONE:
        return FileError(
            f"{target.name} could not be saved: its folder can no longer be reached "
            f"({error.strerror or error}). When the drive is back, the file is the old one or the "
            f"new one, whole; files beside it that begin with {TEMP_PREFIX} can be deleted."
        )
    return FileError(
        f"{target.name} could not be saved ({error.strerror or error}). The old file is unchanged; "
        "try again, or write to another folder with --out."
    )
