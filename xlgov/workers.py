"""The processes that share a run's work: how they begin and end, and what survives their end.

Why few files are given out at a time: where a process is killed, all that were given out are in
doubt, and each of them is tried again alone, so that the one that kills processes ends no other's.
The many that were not given out yet go to new processes.

Why a process leaves Ctrl-C to the one that began it: the file it is at is finished, and is
accounted for. And why it watches that one: processes whose parent is killed would wait for work
for ever.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from pathlib import Path

from xlgov.batch import Outcome, Work, attempt, say_lost, say_stopped

_TICK = 0.5  # seconds; on Windows a longer wait would not notice Ctrl-C
_GIVEN_OUT = 3  # files per process: enough that none waits while the parent prints

Attempt = Callable[[Work, Path], Outcome]
OnDone = Callable[[Outcome], None]
_Place = tuple[int, Path]

_at_work = threading.Lock()


def run_over_processes(
    work: Work, paths: Sequence[Path], jobs: int, on_done: OnDone
) -> Iterator[Outcome]:
    """Outcomes in the order of the paths, by processes of this computer; see ``run_each``."""
    share = _Share(work, paths, on_done, most=_GIVEN_OUT * jobs)
    while share.is_left:
        with _processes(min(jobs, len(paths))) as pool:
            yield from share.run(pool, _attempt_watched)
        for place in share.take_doubtful():
            share.settle(place, _attempt_alone(work, place[1]))
            yield from share.in_order()


def run_over(
    executor: Executor, work: Work, paths: Sequence[Path], on_done: OnDone
) -> Iterator[Outcome]:
    """Outcomes in the order of the paths, by an executor that is somebody else's.

    Where it breaks, what it had not finished becomes an error of each of those files.
    """
    share = _Share(work, paths, on_done, most=len(paths))
    yield from share.run(executor, attempt)
    for place in share.take_unfinished():
        share.settle(place, Outcome(place[1], error=say_stopped(place[1])))
    yield from share.in_order()


class _Share:
    """Paths to be worked on, those that are given out, and outcomes that wait for their turn."""

    def __init__(self, work: Work, paths: Sequence[Path], on_done: OnDone, most: int) -> None:
        self._work = work
        self._on_done = on_done
        self._most = most
        self._waiting: deque[_Place] = deque(enumerate(paths))
        self._out: dict[Future[Outcome], _Place] = {}
        self._doubtful: list[_Place] = []
        self._ready: dict[int, Outcome] = {}
        self._next = 0

    @property
    def is_left(self) -> bool:
        """Whether any path has not been given out."""
        return bool(self._waiting)

    def run(self, executor: Executor, attempt_one: Attempt) -> Iterator[Outcome]:
        """Outcomes in order, till all is done or the executor breaks."""
        try:
            while self._out or (self._waiting and not self._doubtful):
                self._give_out(executor, attempt_one)
                for future in wait(self._out, _TICK, return_when=FIRST_COMPLETED).done:
                    self._take_back(future)
                yield from self.in_order()
        finally:
            self._finish_given_out()

    def _give_out(self, executor: Executor, attempt_one: Attempt) -> None:
        while self._waiting and len(self._out) < self._most and not self._doubtful:
            place = self._waiting.popleft()
            try:
                self._out[executor.submit(attempt_one, self._work, place[1])] = place
            except BrokenExecutor:
                self._doubtful.append(place)

    def _take_back(self, future: Future[Outcome]) -> None:
        place = self._out.pop(future)
        try:
            outcome = future.result()
        except BrokenExecutor:  # one that is killed takes with it all that were given out
            self._doubtful.append(place)
        except Exception as error:  # of the executor itself, as when a result does not travel
            self.settle(place, Outcome(place[1], error=say_lost(error, place[1])))
        else:
            self.settle(place, outcome)

    def settle(self, place: _Place, outcome: Outcome) -> None:
        """Keep an outcome for its turn, and say it at once."""
        self._ready[place[0]] = outcome
        self._on_done(outcome)

    def in_order(self) -> Iterator[Outcome]:
        """The outcomes whose turn has come."""
        while self._next in self._ready:
            outcome = self._ready.pop(self._next)
            self._next += 1
            yield outcome

    def take_doubtful(self) -> list[_Place]:
        """The paths that were given out when the executor broke, to be tried otherwise."""
        taken, self._doubtful = sorted(self._doubtful), []
        return taken

    def take_unfinished(self) -> list[_Place]:
        """All paths without an outcome."""
        taken = [*self.take_doubtful(), *self._waiting]
        self._waiting.clear()
        return taken

    def _finish_given_out(self) -> None:
        """Where the run is being stopped: what has begun is finished and said, no more begins."""
        for future in self._out:
            future.cancel()
        begun = [future for future in self._out if not future.cancelled()]
        while wait(begun, _TICK).not_done:
            pass
        for future in begun:
            _, path = self._out.pop(future)
            error = future.exception()
            self._on_done(Outcome(path, error=say_stopped(path)) if error else future.result())


def _processes(number: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(max_workers=number, initializer=_begin_worker)


def _attempt_alone(work: Work, path: Path) -> Outcome:
    """A workbook's outcome from a process of its own, so that it can end no other's."""
    with _processes(1) as pool:
        try:
            return pool.submit(_attempt_watched, work, path).result()
        except BrokenExecutor:
            return Outcome(path, error=say_stopped(path))


def _begin_worker() -> None:
    """In a new process: leave Ctrl-C to its parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import os
    from multiprocessing import parent_process
    from multiprocessing.connection import wait as wait_for

    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        with _at_work:  # the file under way is finished first
            os._exit(1)


def _attempt_watched(work: Work, path: Path) -> Outcome:
    with _at_work:
        return attempt(work, path)
