"""The processes that share a run's work: how they begin and end, and what survives their end.

Why processes of our own and no pool of the standard library's: there all processes answer through
one pipe, so that one which is killed in the middle of an answer leaves the reader waiting for the
rest of it for ever, and those that were well are ended with it. Here each has a pipe of its own,
whose end is noticed, and a process that is killed puts one file in doubt and no other.

Why that file is tried again alone: where memory has run out, two at a time were too many, and one
that kills processes is to end no other's.

Why a process leaves Ctrl-C to the one that began it: the file it is at is finished, and is
accounted for. That one puts it off between two waits: an answer that has been taken out of its
pipe, and has not been told, would be lost. And why a process watches it: those whose parent is
killed would wait for work for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path

from xlgov.batch import Outcome, Work, attempt, say_lost, say_stopped
from xlgov.interrupts import put_off

_TICK = 0.5  # seconds; on Windows a longer wait would not notice Ctrl-C
_GIVEN_OUT = 2  # files per process: one more than it is at, so that it need not wait while we print

OnDone = Callable[[Outcome], None]
_Place = tuple[int, Path]


def run_over_processes(
    work: Work, paths: Sequence[Path], jobs: int, on_done: OnDone
) -> Iterator[Outcome]:
    """Outcomes in the order of the paths, by processes of this computer; see ``run_each``."""
    turns = _Turns(on_done)
    crew = _Crew(work, paths, jobs, turns)
    try:
        while crew.is_left:
            with put_off():
                crew.give_out()
            heard = crew.listen()
            with put_off():
                crew.take_back(heard)
            yield from turns.in_order()
    finally:
        crew.finish()


def run_over(
    executor: Executor, work: Work, paths: Sequence[Path], on_done: OnDone
) -> Iterator[Outcome]:
    """Outcomes in the order of the paths, by an executor that is somebody else's.

    Where it breaks, what it had not finished becomes an error of each of those files.
    """
    turns = _Turns(on_done)
    out: dict[Future[Outcome], _Place] = {}
    lost: list[_Place] = []
    try:
        for place in enumerate(paths):
            try:
                out[executor.submit(attempt, work, place[1])] = place
            except BrokenExecutor:
                lost += list(enumerate(paths))[place[0] :]
                break
        while out:
            done = wait(out, _TICK, return_when=FIRST_COMPLETED).done
            with put_off():
                for future in done:
                    place = out.pop(future)
                    try:
                        outcome = future.result()
                    except BrokenExecutor:
                        lost.append(place)
                        continue
                    except Exception as error:  # of the executor itself: it does not travel
                        outcome = Outcome(place[1], error=say_lost(error, place[1]))
                    turns.settle(place, outcome)
            yield from turns.in_order()
    finally:
        _finish_elsewhere(out, on_done)
    for place in sorted(lost):
        turns.settle(place, Outcome(place[1], error=say_stopped(place[1])))
    yield from turns.in_order()


def _finish_elsewhere(out: dict[Future[Outcome], _Place], on_done: OnDone) -> None:
    """Where the run is being stopped: what has begun is finished and said, no more begins."""
    for future in out:
        future.cancel()
    begun = [future for future in out if not future.cancelled()]
    while wait(begun, _TICK).not_done:
        pass
    for future in begun:
        _, path = out.pop(future)
        error = future.exception()
        on_done(Outcome(path, error=say_stopped(path)) if error else future.result())


class _Turns:
    """Outcomes that are said as they come, and wait for their turn to be given."""

    def __init__(self, on_done: OnDone) -> None:
        self._on_done = on_done
        self._ready: dict[int, Outcome] = {}
        self._next = 0

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


class _Crew:
    """Processes at work on paths: gives out, takes back, and makes good for those that are killed.

    ``doubtful`` are the files of processes that were killed: each is tried once more, alone.
    """

    def __init__(self, work: Work, paths: Sequence[Path], jobs: int, turns: _Turns) -> None:
        self._work = work
        self._turns = turns
        self._most = min(jobs, len(paths))
        self._waiting: deque[_Place] = deque(enumerate(paths))
        self._workers: list[_Worker] = []
        self._doubtful: deque[_Place] = deque()
        self._alone: _Place | None = None

    @property
    def is_left(self) -> bool:
        """Whether any path has no outcome yet."""
        return bool(self._waiting or self._doubtful or self._busy())

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.given]

    def give_out(self) -> None:
        """Let each process have something to do, and begin those that are missing."""
        if self._doubtful:
            if not self._busy():
                self._alone = self._doubtful.popleft()
                self._hand(self._alone, self._idlest())
            return
        while self._waiting and self._alone is None:
            worker = self._idlest()
            if len(worker.given) >= _GIVEN_OUT:
                break
            self._hand(self._waiting.popleft(), worker)

    def _idlest(self) -> _Worker:
        """The process that has least to do: a new one, while not all have begun and none waits."""
        idlest = min(self._workers, key=lambda each: len(each.given), default=None)
        if idlest is None or (idlest.given and len(self._workers) < self._most):
            idlest = _Worker(self._work)
            self._workers.append(idlest)
        return idlest

    def _hand(self, place: _Place, worker: _Worker) -> None:
        worker.given.append(place)
        worker.say(place[1])

    def listen(self) -> list[_Worker]:
        """Wait a moment for outcomes, and for processes that end: those of which there is one."""
        return _heard(self._busy())

    def take_back(self, heard: Sequence[_Worker]) -> None:
        """Take the outcome of each of these processes, or note that it has ended."""
        for worker in heard:
            place = worker.given[0]
            try:
                outcome = worker.answer()
            except (EOFError, OSError):
                self._make_good(worker)
                continue
            worker.given.popleft()
            self._settle(place, outcome)

    def _settle(self, place: _Place, outcome: Outcome) -> None:
        if self._alone == place:
            self._alone = None
        self._turns.settle(place, outcome)

    def _make_good(self, worker: _Worker) -> None:
        """A process was killed: at the first file that it was given, the others had not begun."""
        self._workers.remove(worker)
        worker.end()
        place = worker.given.popleft()
        self._waiting.extendleft(reversed(worker.given))
        if self._alone == place:
            self._settle(place, Outcome(place[1], error=say_stopped(place[1])))
        else:
            self._doubtful.append(place)

    def finish(self) -> None:
        """Where the run is being stopped: what has begun is finished and said, no more begins.

        Raises the first error of those that are told, after all have been told.
        """
        failed: list[Exception] = []
        for worker in self._workers:
            worker.say(None)
        while busy := self._busy():
            for worker in _heard(busy):
                place = worker.given[0]
                try:
                    outcome = worker.answer()
                except (EOFError, OSError):
                    worker.end()
                    worker.given.clear()
                    if not worker.was_killed:
                        continue
                    outcome = Outcome(place[1], error=say_stopped(place[1]))
                else:
                    worker.given.popleft()
                try:
                    self._turns.settle(place, outcome)
                except Exception as error:  # whatever it is, the other files are told too
                    failed.append(error)
        for worker in self._workers:
            worker.end()
        if failed:
            raise failed[0]


class _Worker:
    """A process, the files that it was given and has not answered for, and the pipe to it."""

    def __init__(self, work: Work) -> None:
        self.given: deque[_Place] = deque()
        self.pipe, other = multiprocessing.Pipe()
        # A daemon, so that nothing waits for it where we end without a word.
        self._process = multiprocessing.Process(target=_serve, args=(other, work), daemon=True)
        with _without_interrupts():
            self._process.start()
        other.close()  # so that the pipe ends with the process

    def say(self, path: Path | None) -> None:
        """Give it a file; or None, where it is not to begin any more."""
        with suppress(OSError):  # it was killed: that is noticed when its answer is awaited
            self.pipe.send(path)

    def answer(self) -> Outcome:
        """The outcome of the first file. Raises EOFError or OSError where the process has ended."""
        content = self.pipe.recv_bytes()
        try:
            outcome: Outcome = pickle.loads(content)
        except Exception as error:  # a result that does not travel back, whatever is wrong with it
            outcome = Outcome(self.given[0][1], error=say_lost(error, self.given[0][1]))
        return outcome

    def end(self) -> None:
        self.pipe.close()
        self._process.join()

    @property
    def was_killed(self) -> bool:
        """Once it has ended: whether that was not of its own accord."""
        return self._process.exitcode != 0


def _heard(workers: Sequence[_Worker]) -> list[_Worker]:
    """Those that have said something, or have ended; waits a moment for them."""
    heard = wait_for([worker.pipe for worker in workers], _TICK)
    return [worker for worker in workers if worker.pipe in heard]


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Put off Ctrl-C: a process that is just beginning would not leave it to its parent yet."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:  # from here, as the next line may raise for one that has come already
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the processes

_at_work = threading.Lock()
_is_orphan = threading.Event()


def _serve(pipe: Connection, work: Work) -> None:
    """Answer for each file that comes through the pipe, till it ends or None comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # for programs that we begin
    threading.Thread(target=_end_with_parent, daemon=True).start()
    given: deque[Path] = deque()
    with suppress(EOFError, OSError):  # the parent has ended
        while True:
            while not given or pipe.poll():
                path = pipe.recv()
                if path is None:
                    return
                given.append(path)
            with _at_work:
                if _is_orphan.is_set():
                    return
                outcome = attempt(work, given[0])
            pipe.send_bytes(_packed(outcome))
            given.popleft()


def _packed(outcome: Outcome) -> bytes:
    try:
        return pickle.dumps(outcome)
    except Exception as error:  # as of a value that cannot be pickled; of what kind is its own
        return pickle.dumps(Outcome(outcome.path, error=say_lost(error, outcome.path)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        _is_orphan.set()
        with _at_work:  # the file under way is finished first
            os._exit(1)
