"""One save of a file at a time: a lock file beside it, over processes and over machines.

Why a file and not a lock on the workbook itself: a save replaces the workbook, and a lock would
stay with the old one; and Windows does not rename over a file that anybody has open.

Why two ways to tell a lock that lives from one that a crash has left: on Windows the system deletes
the lock file of a process that ends (it is one that is deleted when it is closed), so it stands as
long as its holder. Elsewhere the holder has a system lock on it (``flock``), which ends with the
process, so that the next one takes over what was left and clears up. Where a drive offers neither,
or the lock is another machine's, the file is believed for a quarter of an hour from its date.

What was left beside it by a save that was killed is deleted by the next save of that workbook.
"""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from xlgov.errors import InUseError
from xlgov.interrupts import put_off
from xlgov.ooxml.patience import Patience

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TEMP_PREFIX = ".~xlgov-"  # what a killed save leaves behind; never a name that ends in .xlsx

_WAITS = Patience((0.05, 0.1, 0.2, 0.4, *(0.8,) * 24))  # some 20 seconds: a large save takes that
_BELIEVED = 15 * 60  # seconds for which a lock is believed that cannot be looked into
_GONE_WITH_HOLDER: int = getattr(os, "O_TEMPORARY", 0)
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)
_HELD: dict[tuple[int, str], int] = {}  # by thread: what it holds, and how often over


@dataclass(slots=True)
class _Lock:
    path: Path
    number: int  # of the open file


@contextmanager
def only_saver(target: Path, patience: Patience = _WAITS) -> Iterator[None]:
    """Be the only one to save a file, for the time of a ``with``; waits where another does.

    ``target`` is the file itself and no link to it. Within one thread it may be entered again.

    Raises InUseError where the other is not done in time, OSError where no lock can be made.
    """
    key = threading.get_ident(), str(target)
    if key in _HELD:
        _HELD[key] += 1
        try:
            yield
        finally:
            _HELD[key] -= 1
        return
    path = target.with_name(f"{saver_prefix(target)}.lock")
    lock = _wait_for(path, target, patience)
    _HELD[key] = 1
    try:
        yield
    finally:
        del _HELD[key]
        _release(lock)


def saver_prefix(target: Path) -> str:
    """What the names of a workbook's lock and temporary files begin with.

    Not its own name, which may leave no room for more; the same in whichever case and composition
    of letters the drive spells it.
    """
    plain = unicodedata.normalize("NFC", target.name).casefold()
    return f"{TEMP_PREFIX}{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _wait_for(path: Path, target: Path, patience: Patience) -> _Lock:
    for is_last in patience.tries():
        lock = None
        try:
            with put_off():  # Ctrl-C between the file's being made and our knowing of it
                lock = _take(path)
        except KeyboardInterrupt:
            if lock is not None:
                _release(lock)
            raise
        if lock is not None:
            return lock
        if is_last:
            raise InUseError(
                f"{target.name} is being saved by another run of xlgov{_holder(path)}; nothing was "
                "written. Wait until it is done and try again."
            )
    raise AssertionError("there is always a last try")


def _take(path: Path) -> _Lock | None:
    """The lock, or None where another has it."""
    if fcntl is None:
        return _take_by_name(path)
    try:
        number, is_own = os.open(path, os.O_RDWR | os.O_CREAT, 0o666), True
    except PermissionError:
        if not os.path.lexists(path):
            raise
        number, is_own = os.open(path, os.O_RDONLY), False  # another person's
    lock = _Lock(path, number)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_still_there(lock):  # its holder may just have deleted it
            left = os.pread(number, 1000, 0)
            if not left and is_own:
                return _signed(lock)
            if left and (_is_own_machine(left) or not _is_recent(path)):
                _clear_up(path)
                if is_own:
                    return _signed(lock)
                path.unlink()  # to be made anew
    except BlockingIOError:
        pass
    except OSError as error:
        os.close(number)
        with suppress(OSError):
            if not path.stat().st_size:  # the one that was just made
                path.unlink()
        if error.errno not in _NO_LOCKS:
            raise
        return _take_by_name(path)
    os.close(number)
    return None


def _take_by_name(path: Path) -> _Lock | None:
    """The lock where only the file's being there says that it is held."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _GONE_WITH_HOLDER
    try:
        number = os.open(path, flags, 0o666)
    except FileExistsError:
        if _is_believed(path):
            return None
        # Renamed first, which only one of several can do; a fresh one is put back.
        aside = path.with_name(f"{path.name}-{os.urandom(4).hex()}")
        with suppress(OSError):
            path.rename(aside)
            if _is_believed(aside):
                aside.rename(path)
            else:
                aside.unlink()
                _clear_up(path)
        return None
    except PermissionError:
        if os.path.lexists(path):  # Windows: about to be deleted
            return None
        raise
    return _signed(_Lock(path, number))


def _release(lock: _Lock) -> None:
    """Delete the file first, while nobody else can have it; on Windows that comes with closing."""
    with suppress(OSError):  # the drive may be gone
        if not _GONE_WITH_HOLDER:
            lock.path.unlink()
    with suppress(OSError):
        os.close(lock.number)


def _is_still_there(lock: _Lock) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.number), lock.path.stat())
    except FileNotFoundError:
        return False


def _signed(lock: _Lock) -> _Lock:
    """The lock, saying who holds it. On a full disk it holds all the same."""
    when = time.strftime("%H:%M on %d %B %Y")
    text = f"{_machine()}\n{os.getpid()}\nxlgov saves a workbook here since {when}.\n"
    with suppress(OSError):
        os.ftruncate(lock.number, 0)
        os.lseek(lock.number, 0, os.SEEK_SET)
        os.write(lock.number, text.encode("utf-8", "replace"))
    return lock


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError, IndexError):
        machine, process = path.read_text("utf-8").split("\n")[:2]
        if machine and process.isdigit():
            return f" (process {process} on {machine})"
    return ""


def _machine() -> str:
    return os.environ.get("COMPUTERNAME", "") if os.name == "nt" else os.uname().nodename


def _is_own_machine(left: bytes) -> bool:
    return left.partition(b"\n")[0].decode("utf-8", "replace") == _machine()


def _is_believed(path: Path) -> bool:
    """Whether a lock that cannot be looked into may still be held."""
    if not _is_recent(path):
        return False
    try:
        machine, process = path.read_text("utf-8").split("\n")[:2]
        if machine == _machine() and os.name != "nt":  # where asking would end that process
            os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        pass
    return True


def _is_recent(path: Path) -> bool:
    """By its date, which may lie ahead of us too: clocks of servers differ, and are set back."""
    try:
        return abs(time.time() - path.stat().st_mtime) < _BELIEVED
    except OSError:
        return False


def _clear_up(path: Path) -> None:
    """Delete what a killed save of the same workbook has left; called by the holder of its lock."""
    prefix = path.name.removesuffix(".lock") + "-"
    with suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(prefix) and left.suffix == ".tmp":
                with suppress(OSError):
                    left.unlink()
