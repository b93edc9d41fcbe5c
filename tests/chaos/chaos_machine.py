"""The drive and the processes of the chaos run, by what Linux offers: mounts, limits, ``/proc``."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from chaos_books import sha

MARK = "XLGOV_CHAOS"  # in the environment of the processes that a run has begun, and of no others
_EXCHANGE = 2  # of renameat2
_HERE = -100


class Disk:
    """The drive that the run works on: a small one of its own where one can be mounted.

    Elsewhere "full" is that the run's processes may write no file beyond a size.
    """

    def __init__(self, place: Path, size: int) -> None:
        self.place = place
        self._size = size
        place.mkdir(parents=True)
        self.is_own = self._mount(f"size={size}")
        self.is_full = False

    def _mount(self, option: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", str(self.place)]
        with suppress(FileNotFoundError):
            return subprocess.run(command, capture_output=True).returncode == 0
        return False

    def fill(self, left: int, processes: list[int]) -> bool:
        """Leave so many bytes of room; whether it could be done."""
        if self.is_own:
            found = os.statvfs(self.place)
            used = (found.f_blocks - found.f_bfree) * found.f_frsize
            self.is_full = self._mount(f"remount,size={used + left}")
        else:
            self.is_full = _limit(processes, left)
        return self.is_full

    def clear(self, processes: list[int]) -> None:
        """Make room again."""
        self.is_full = False
        if self.is_own:
            self._mount(f"remount,size={self._size}")
        else:
            _limit(processes, resource.RLIM_INFINITY)

    def close(self) -> None:
        if self.is_own:
            subprocess.run(["umount", "-l", str(self.place)], check=True)
        shutil.rmtree(self.place, ignore_errors=True)


def _limit(processes: list[int], most: int) -> bool:
    for process in processes:
        with suppress(OSError):  # it has ended
            _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, hard))
    return bool(processes)


def processes_of(marks: Iterable[str]) -> list[int]:
    """The processes that still run of those that carry one of these marks.

    By their environment: numbers of processes are given again to others.
    """
    wanted = {f"{MARK}={mark}".encode() for mark in marks}
    found = []
    for name in os.listdir("/proc"):
        with suppress(OSError, ValueError):
            content = Path("/proc", str(int(name)), "environ").read_bytes()
            if not wanted.isdisjoint(content.split(b"\0")):
                found.append(int(name))
    return found


def send(number: signal.Signals, processes: Iterable[int]) -> int:
    """Send a signal to processes; to how many."""
    sent = 0
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
            sent += 1
    return sent


def exchange_names(new: Path, path: Path) -> str:
    """Let two files change places in one step; the hash of what ``path`` was."""
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(new), os.fsencode(path)
    if library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(path))
    return sha(new)
