"""Ctrl-C: where it stops the program at once, where it waits, and where it comes too late.

Why it waits while a workbook of a recorded run is under way: stopped between the save and the line
in the log, the file would be refreshed and the table would say "not begun". A second Ctrl-C does
not wait: whoever presses it again means it.

Why one may have to be raised anew: Python raises it wherever it happens to be, and where that is a
callback of its own (as at the end of each import) it prints a stack trace and goes on as if nobody
had pressed anything.

Why it is ignored once all is said: Python gives its handling back to the system before it ends,
which would end a program that has finished its work as if it had been stopped.
"""

from __future__ import annotations

import _thread
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_A_MOMENT = 0.001  # seconds; a callback of Python's own takes less


@contextmanager
def put_off() -> Iterator[None]:
    """Let a first Ctrl-C wait for the end of a ``with``. Raises KeyboardInterrupt then.

    Does nothing where Ctrl-C is somebody else's: in other threads, in processes that leave it to
    their parent, under a handler that is not Python's own (as that of a ``with`` around this one).
    """
    met = 0

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal met
        met += 1
        if met > 1:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    is_ours = before is signal.default_int_handler
    if is_ours:
        try:
            signal.signal(signal.SIGINT, note)
        except ValueError:  # not in the main thread
            is_ours = False
    try:
        yield
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, before)
    if met:
        raise KeyboardInterrupt


def raise_anew() -> None:
    """From now on, raise a Ctrl-C again that comes where Python can raise nothing."""
    sys.unraisablehook = _raise_later


def _raise_later(unraisable: UnraisableHookArgs) -> None:
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _thread.start_new_thread(_interrupt_in_a_moment, ())
    else:
        sys.__unraisablehook__(unraisable)


def _interrupt_in_a_moment() -> None:
    time.sleep(_A_MOMENT)
    _thread.interrupt_main()


def came_of_one(error: BaseException) -> bool:
    """Whether an error is a Ctrl-C, or what Python up to 3.11 makes of it between a class's fields.

    >>> came_of_one(KeyboardInterrupt()), came_of_one(RuntimeError("a mistake"))
    (True, False)
    """
    if isinstance(error, RuntimeError):
        return isinstance(error.__cause__, KeyboardInterrupt)
    return isinstance(error, KeyboardInterrupt)


def have_done() -> None:
    """From now on, to the end of the process, Ctrl-C does nothing; one before has been answered."""
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One that came in code made from text, as the methods of data classes are, Python counts as
    # unanswered whoever catches it, and ends as if killed by it; till other such code has run.
    exec("")
