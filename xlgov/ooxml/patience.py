"""Waiting out those who hold a file for a moment: virus scanners, indexers, synchronisers.

Why a list of waits and no clock: a clock may be set back while we wait, and a test need not sleep.
Why codes: only Windows says that a file is held ("sharing violation"), elsewhere a refusal of
access is a matter of rights and lasts; a rename on a network drive is the exception, which ``save``
knows.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xlgov.errors import InUseError

_HELD = (5, 32, 33)  # Windows: access denied (a deletion is pending), sharing and lock violation
_BUSY = (errno.EBUSY, errno.ETXTBSY)


class Patience(NamedTuple):
    """How long to wait before each new try, in seconds, and by what."""

    waits: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.8)
    sleep: Callable[[float], object] = time.sleep

    def tries(self) -> Iterator[bool]:
        """Once for each try: whether it is the last. Waits between them."""
        for wait in self.waits:
            yield False
            self.sleep(wait)
        yield True


PATIENCE = Patience()


def is_held(error: OSError) -> bool:
    """Whether the system says that another program has a file and may soon let go of it."""
    return getattr(error, "winerror", None) in _HELD or error.errno in _BUSY


def open_to_read(path: Path, patience: Patience | None = None) -> BinaryIO:
    """Open a file for reading, again after a moment where another program holds it.

    Raises InUseError where it is still held, OSError for whatever else stands in the way.
    """
    for is_last in (patience or PATIENCE).tries():
        try:
            return path.open("rb")
        except OSError as error:
            if not is_held(error):
                raise
            if is_last:
                raise InUseError(
                    f"{path.name} is held by another program and cannot be read; close it there, "
                    "or wait until the virus scan or the synchronisation is done, and try again."
                ) from error
    raise AssertionError("there is always a last try")
