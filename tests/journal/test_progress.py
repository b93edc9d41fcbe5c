"""How far a run is, on a terminal and in a file."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from xlgov.journal.progress import Progress, ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        """What stands on the line now."""
        line: list[str] = []
        place = 0
        for sign in self.getvalue():
            if sign == "\r":
                place = 0
                continue
            line[place : place + 1] = [sign]
            place += 1
        return "".join(line).rstrip()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_shows_one_line_that_is_written_over() -> None:
    terminal, clock = Terminal(), Clock()
    line = ProgressLine(400, terminal, clock)
    for _ in range(100):
        clock.now += 0.5
        line.advance()
    assert terminal.shown == "[######                  ] 100 of 400, 2.0 a second, 2:30 left"
    assert "\n" not in terminal.getvalue()
    line.clear()
    assert terminal.shown == ""
    clock.now += 0.001
    line.advance()
    assert terminal.shown.startswith("[######") and "101 of 400" in terminal.shown


def test_a_terminal_is_not_written_to_more_often_than_people_read() -> None:
    terminal, clock = Terminal(), Clock()
    line = ProgressLine(10_000, terminal, clock)
    for _ in range(10_000):
        clock.now += 0.0001
        line.advance()
    assert terminal.getvalue().count("\r") < 15
    assert terminal.shown.startswith("[########################] 10,000 of 10,000")


def test_a_file_gets_a_few_plain_lines() -> None:
    stream, clock = io.StringIO(), Clock()
    line = ProgressLine(1000, stream, clock)
    for _ in range(1000):
        clock.now += 0.1
        line.advance()
    line.clear()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "100 of 1,000 done, 10.0 a second, 1:30 left"
    assert lines[-1] == "1,000 of 1,000 done, 10.0 a second, 1:40 in all"


def test_slow_files_are_said_in_seconds_each() -> None:
    assert Progress(2, 4, 60.0).plain_text() == "2 of 4 done, 30 s each, 1:00 left"


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 10**9))
def test_any_progress_can_be_said(one: int, other: int, seconds: float) -> None:
    done, total = sorted((one, other))
    said = Progress(done, total, seconds)
    assert len(said.text()) < 90 and len(said.plain_text()) < 80
    assert said.left is None or said.left >= 0
