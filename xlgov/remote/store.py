"""Files moved whole between this computer and a store, by fsspec; an old one is never half a new.

Which stores can promise that, and how:

==================  ================================================================================
s3, gs, abfs        an upload is one object, seen when it is complete and not before: it is put
(az, gcs, s3a),     straight to its name. What a store keeps with an object (tags, access lists,
memory              metadata, the storage class) is its default for a new one, not the old one's.
sftp, ssh           the upload goes to a temporary name beside it, is read back, gets the old one's
                    mode, and takes its name in one rename (``posix-rename``, which OpenSSH has; a
                    server without it refuses, and the old file stays). A link stays a link.
all others          (ftp, http, webdav, smb, github, zip ...) are read only: they overwrite bit by
                    bit, or nobody has said that they do not. Results go elsewhere by ``--out``.
==================  ================================================================================

Why the file is read again just before: no store offers through fsspec to replace a file only if it
is still the same. What somebody saves between that look and the end of the upload (the rename, on
sftp) is overwritten; that is the time of one request. There is no lock against another run either:
the second of two finds the file changed, unless both are at that one request.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from xlgov.errors import FileError, UsageError, XlgovError
from xlgov.ooxml.file_hash import hash_file
from xlgov.remote.path import RemotePath

_PUTS_WHOLE = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory")
_RENAMES = ("sftp", "ssh")
_TEMPORARY = ".~xlgov-"


class NotThereError(UsageError):
    """A store says that it has no such file, or none that one may see."""


@contextmanager
def opened(path: RemotePath) -> Iterator[tuple[Any, str]]:
    """The filesystem of a path and its name there, for a ``with`` that puts its errors in words.

    Raises UsageError (fsspec or what it needs for this kind is not installed), NotThereError,
    FileError.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError(
            f'{path} is not on this computer; reading it needs fsspec: pip install "xlgov[remote]"'
        ) from None
    try:
        files, name = url_to_fs(str(path))
        files.invalidate_cache()
        if path.scheme in _RENAMES:
            with suppress(OSError):  # it is not there yet
                name = files.ftp.normalize(name)
        yield files, name
    except XlgovError:
        raise
    except FileNotFoundError as error:
        raise NotThereError(
            f"{path} does not exist; expected a workbook file. Look for a typing error, or for a "
            "place that you may not see."
        ) from error
    except (ImportError, ValueError) as error:  # what fsspec says of kinds that it does not know
        raise UsageError(f"{path} cannot be reached: {error}") from error
    except Exception as error:  # every store has errors of its own, of no common kind
        said = f"{type(error).__name__}, {error}" if str(error) else type(error).__name__
        raise FileError(
            f"{path} could not be read or written ({said}); it was left as it was. Check that the "
            "store answers, and that you may open it."
        ) from error


def refuse_unless_replaceable(path: RemotePath) -> None:
    """Raise UsageError where files of this kind cannot be replaced all at once."""
    if path.scheme not in (*_PUTS_WHOLE, *_RENAMES):
        raise UsageError(
            f"{path} can be read but not written: {path.scheme} cannot replace a file all at "
            "once, or is not known to. Name a folder elsewhere with --out."
        )


def get_file(path: RemotePath, folder: Path, besides: tuple[str, ...] = ()) -> Path:
    """Copy a file into a new folder here, and those ``besides`` it that exist; gives its copy."""
    folder.mkdir()
    with opened(path) as (files, name):
        files.get_file(name, str(folder / path.name))
        parent = name.rpartition("/")[0]
        for each in besides:
            if files.exists(f"{parent}/{each}"):
                files.get_file(f"{parent}/{each}", str(folder / each))
    return folder / path.name


def put_file(local: Path, path: RemotePath, look: Callable[[], None] = lambda: None) -> None:
    """Make a file elsewhere, or replace it, by one that is here; all or nothing.

    ``look`` is called just before, and raises to stop it. Raises FileError, UsageError.
    """
    refuse_unless_replaceable(path)
    with opened(path) as (files, name):
        if path.scheme in _PUTS_WHOLE:
            content = local.read_bytes()
            look()
            files.pipe_file(name, content)
            return
        temporary = f"{name.rpartition('/')[0]}/{_TEMPORARY}{os.urandom(8).hex()}.tmp"
        try:
            files.put_file(str(local), temporary)
            if files.exists(name):
                files.ftp.chmod(temporary, stat.S_IMODE(files.ftp.stat(name).st_mode))
            with files.open(temporary, "rb") as written:
                if hashlib.file_digest(written, "sha256").hexdigest() != hash_file(local):
                    raise FileError(f"{path}: the upload did not arrive whole; run it again.")
            look()
            files.mv(temporary, name)
        except BaseException:
            with suppress(Exception):  # the first error is the one to tell
                files.rm_file(temporary)
            raise


def put_once(local: Path, path: RemotePath) -> bool:
    """As ``put_file`` where there is no such file yet; whether it was put."""
    with opened(path) as (files, name):
        if files.exists(name):
            return False
    put_file(local, path)
    return True


def delete_file(path: RemotePath) -> None:
    """Delete a file elsewhere. Raises FileError."""
    with opened(path) as (files, name):
        files.rm_file(name)
