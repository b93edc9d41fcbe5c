"""How far a run is: as a value, and as a line that a terminal writes over.

Why a line now and then where there is no terminal: a nightly run's output is kept, and 1,000 lines
of progress in it hide the one that matters.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

_WIDTH = 24  # of the bar, in characters
_LINES = 10  # at most, besides the last, where each is kept
_SHORTEST = 0.001  # seconds that say anything of a rate
_SHOWN_EVERY = 0.1  # seconds, on a terminal


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of how many files are done, after how many seconds."""

    done: int
    total: int
    seconds: float

    @property
    def rate(self) -> float:
        """Files per second since the beginning; 0 before there is anything to measure."""
        return self.done / self.seconds if self.done and self.seconds > _SHORTEST else 0.0

    @property
    def left(self) -> float | None:
        """Seconds till the end at this rate; None while there is none."""
        return (self.total - self.done) / self.rate if self.rate else None

    def text(self) -> str:
        """One line.

        >>> Progress(100, 400, 50.0).text()
        '[######                  ] 100 of 400, 2.0 a second, 2:30 left'
        >>> Progress(0, 400, 1.0).text()
        '[                        ] 0 of 400'
        """
        marks = _WIDTH * self.done // self.total if self.total else _WIDTH
        bar = f"[{'#' * marks:<{_WIDTH}}] {self.done:,} of {self.total:,}"
        return ", ".join([bar, *self._pace()])

    def plain_text(self) -> str:
        """One line without a bar.

        >>> Progress(400, 400, 50.0).plain_text()
        '400 of 400 done, 8.0 a second, 0:50 in all'
        """
        return ", ".join([f"{self.done:,} of {self.total:,} done", *self._pace()])

    def _pace(self) -> list[str]:
        if not self.rate or self.left is None:
            return []
        rate = f"{self.rate:.1f} a second" if self.rate >= 0.1 else f"{1 / self.rate:.0f} s each"
        if self.done >= self.total:
            return [rate, f"{say_time(self.seconds)} in all"]
        return [rate, f"{say_time(self.left)} left"]


def say_time(seconds: float) -> str:
    """
    >>> say_time(4.2), say_time(150), say_time(3725)
    ('0:04', '2:30', '1:02:05')
    """
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


class ProgressLine:
    """The progress of a run, written to a stream: over itself on a terminal, else in plain lines.

    Other output on the same terminal calls ``clear`` first; the next ``advance`` shows it again.
    """

    def __init__(
        self,
        total: int,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._is_terminal = self._stream is not None and self._stream.isatty()
        self._clock = clock
        self._began = clock()
        self._total = total
        self._done = 0
        self._shown_at = float("-inf")
        self._length = 0  # of the line that stands on the terminal

    @property
    def progress(self) -> Progress:
        return Progress(self._done, self._total, self._clock() - self._began)

    def advance(self, files: int = 1) -> None:
        """That many more files are done."""
        before, self._done = self._done, self._done + files
        if self._stream is None:  # a program without a console
            return
        if self._is_terminal:
            self._show_over()
        elif _LINES * before // self._total != _LINES * self._done // self._total:
            self._write(self.progress.plain_text() + "\n")

    def _show_over(self) -> None:
        now = self._clock()
        if now - self._shown_at < _SHOWN_EVERY and self._done < self._total:
            return
        self._shown_at = now
        text = self.progress.text()
        # Spaces, not a control sequence: consoles on older Windows print those.
        self._write(f"\r{text:<{self._length}}")
        self._length = len(text)

    def clear(self) -> None:
        """Take the line off the terminal, so that another may be printed there."""
        if self._length:
            self._write(f"\r{'':{self._length}}\r")
            self._length = 0
            self._shown_at = float("-inf")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
