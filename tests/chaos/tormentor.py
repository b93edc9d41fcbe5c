"""What befalls a run at night: its processes killed, its disk filled, its files saved by people.

Why it reads the log while the run writes it: an event at any moment would nearly always hit no
save at all. One that comes some milliseconds after a workbook is announced hits the save, and one
on a workbook whose turn is near is what a run meets.

The seed decides what is tried; when the system gives whom its turn is its own affair, so no two
runs are alike.
"""

from __future__ import annotations

import heapq
import json
import os
import random
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from chaos_books import JUDGING, REFRESH, Book, Library, environment, sha
from chaos_ledger import Ledger, OneRun
from chaos_machine import MARK, Disk, processes_of, send
from chaos_people import People

_POLL = 0.003  # seconds
_HUNG = 180.0  # seconds without a line in the log and without an end
_AHEAD = 10  # files whose turn is near


class Tormentor:
    """Runs ``xlgov refresh`` over the folder again and again till it was left in peace once."""

    def __init__(self, library: Library, disk: Disk, rng: random.Random, jobs: int) -> None:
        self.folder = disk.place / "books"
        self.log = disk.place / "run.jsonl"
        self.report = disk.place / "run.html"
        self.ledger = Ledger()
        self._people = People(library, disk, self.ledger, rng, self._later)
        self._library = library
        self._disk = disk
        self._jobs = jobs
        self._rng = rng
        number = len(library.books)
        lines = 2.5 * number  # of the log, which the whole run may take
        self._every = {  # so many lines of it
            self._kill_worker: lines / max(12, number // 10),
            self._fill: lines / max(6, number // 50),
            self._save_one: 2.5,
            self._open_one: lines / max(8, number // 10),
            self._close_folder: lines / max(4, number // 60),
        }
        self._until = {event: rng.uniform(0, every) for event, every in self._every.items()}
        self._stops = max(6, number // 30)
        self._ways: list[str] = []
        self._stop_after = self._draw_stop()
        self._is_finished = False
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = {
            os.path.join(self.folder, book.place): index
            for index, book in enumerate(
                sorted(library.books, key=lambda each: (self.folder / each.place).parts)
            )
        }
        self._by_turn = [self._book_at(path) for path in self._order]
        self._turn = 0
        self._read = 0
        self._rest = b""
        self._parent: subprocess.Popen[bytes] | None = None
        self._marks: list[str] = []

    def _book_at(self, path: str) -> Book:
        place = os.path.relpath(path, self.folder)
        return next(book for book in self._library.books if book.place == place)

    def _draw_stop(self) -> int:
        """After so many lines of the log the run is stopped."""
        number = len(self._library.books)
        return self._rng.randint(number // 30, number // 10)

    def run(self) -> int:
        """Torment runs, then leave two in peace; gives the exit code of those."""
        while self._stops > 0 or self._is_left():
            self._round()
        self._let_go()
        self._await_end()
        return self.leave_in_peace()

    def leave_in_peace(self) -> int:
        """Two runs that nothing befalls, of which the second finds all done; their exit code."""
        code = self._end(self._start())
        before = self._hashes()
        again = self._end(self._start())
        if again != code or self._hashes() != before:
            self.ledger.wrong.append("a run after the last one was not the same as it")
        return code

    def _is_left(self) -> bool:
        """Whether a third of what was to be saved midway still waits; then one more round."""
        planned = sum(len(book.old) - 1 for book in self._library.books)
        return len(self.ledger.saved) * 3 < planned * 2 and self.ledger.counts["runs"] < 200

    def _hashes(self) -> list[str]:
        return [sha(self.folder / book.place) for book in self._library.books]

    def _start(self) -> subprocess.Popen[bytes]:
        resumed = ["--resume"] if self.ledger.runs else []
        command = [
            *(*REFRESH, str(self.folder), "--jobs", str(self._jobs), *JUDGING, *resumed),
            *("--log", str(self.log), "--report", str(self.report)),
        ]
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as shells begin what is in the
            signal.signal(signal.SIGINT, signal.default_int_handler)  # background; it is inherited
        run = OneRun(self._library.kept / f"said-{len(self.ledger.runs):03}.txt")
        self.ledger.runs.append(run)
        self._marks.append(secrets.token_hex(8))
        with run.said.open("wb") as said:
            marked = {**environment(), MARK: self._marks[-1]}
            process = subprocess.Popen(
                command, stdout=said, stderr=said, env=marked, start_new_session=True
            )
        self.ledger.counts["runs"] += 1
        self.ledger.counts["resumes"] += bool(resumed)
        self._parent = process
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a run's end, and note it; the exit code."""
        self.ledger.runs[-1].code = process.wait()
        return process.returncode

    def _processes(self) -> list[int]:
        """Those of the run that is under way, its parent too."""
        return processes_of(self._marks[-1:])

    def _round(self) -> None:
        """One run, with what befalls it, till it ends or is ended."""
        process = self._start()
        self._is_finished = False
        quiet = time.monotonic()
        while process.poll() is None:
            for path in self._new_lines():
                quiet = time.monotonic()
                self._turn = self._order.get(path, self._turn)
                self._befall()
            self._do_what_is_due()
            if time.monotonic() - quiet > _HUNG:
                self.ledger.wrong.append("a run hung, and was killed")
                send(signal.SIGKILL, self._processes())
            time.sleep(_POLL)
        self._end(process)
        list(self._new_lines())
        self._stops -= self._is_finished  # nothing was left to stop
        if self._disk.is_full:
            time.sleep(0.1)
        self._do_what_is_due()

    def _new_lines(self) -> Iterator[str]:
        """The paths of workbooks that the log has told of since the last look."""
        with suppress(FileNotFoundError), self.log.open("rb") as file:
            file.seek(self._read)
            content = file.read()
            self._read += len(content)
            *lines, self._rest = (self._rest + content).split(b"\n")
            for line in lines:
                with suppress(ValueError):
                    found = json.loads(line)
                    if found["line"] in ("intent", "file"):
                        yield found["absolute"]
                    elif found["line"] == "end":
                        self._is_finished = found["finished"]

    # What befalls a run

    def _befall(self) -> None:
        """After a line of the log: perhaps something, now or in a moment."""
        for event, every in self._every.items():
            self._until[event] -= 1
            if self._until[event] <= 0:
                self._until[event] += self._rng.uniform(0, 2 * every)
                self._later(self._rng.uniform(0, 0.12), event)
        self._stop_after -= 1
        if self._stop_after <= 0 and self._stops > 0:
            self._stop_after = self._draw_stop()
            self._later(self._rng.uniform(0, 0.1), self._stop)

    def _later(self, seconds: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, secrets.randbits(40), event))

    def _do_what_is_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            with suppress(OSError):  # the disk is full for the tormentor too
                heapq.heappop(self._due)[2]()

    def _kill_worker(self) -> None:
        parent = self._parent.pid if self._parent else 0
        workers = [each for each in self._processes() if each != parent]
        if workers:
            sent = send(signal.SIGKILL, [self._rng.choice(workers)])
            self.ledger.counts["kills of workers"] += sent

    def _stop(self) -> None:
        if self._parent is None or self._parent.poll() is not None:
            return
        if not self._ways:
            self._ways = ["the parent", "the group", "the parent", "the group", "Ctrl-C"]
            self._rng.shuffle(self._ways)
        way = self._ways.pop()
        self.ledger.runs[-1].was_interrupted |= way == "Ctrl-C"
        whom = [self._parent.pid] if way == "the parent" else self._processes()
        send(signal.SIGINT if way == "Ctrl-C" else signal.SIGKILL, whom)
        self.ledger.counts["stops"] += 1
        self.ledger.counts["Ctrl-C" if way == "Ctrl-C" else f"kills of {way}"] += 1
        self._stops -= 1

    def _fill(self) -> None:
        if self._disk.is_full:
            return
        left = self._rng.choice((0, 1, 2, 4, 8, 16, 40)) * 4096
        self.ledger.counts["disk full"] += self._disk.fill(left, self._processes())
        self._later(self._rng.uniform(0.1, 1.5), self._make_room)

    def _make_room(self) -> None:
        self._disk.clear(self._processes())

    def _near(self) -> Book:
        """A workbook that is being saved, or whose turn is near."""
        at = self._turn + self._rng.randint(0, self._rng.choice((0, 2, _AHEAD)))
        return self._by_turn[at % len(self._by_turn)]

    def _save_one(self) -> None:
        self._people.save_one([self._near() for _ in range(6)])

    def _open_one(self) -> None:
        self._people.open_one(self._near())

    def _close_folder(self) -> None:
        self._people.close_folder(self._near())

    def _let_go(self) -> None:
        """End all that is still under way, as it would have ended."""
        while self._due:
            with suppress(OSError):
                heapq.heappop(self._due)[2]()
        self._make_room()

    def _await_end(self) -> None:
        """Wait for the processes of all runs: those whose parent was killed finish their file."""
        until = time.monotonic() + 60
        while processes_of(self._marks) and time.monotonic() < until:
            time.sleep(0.05)
        left = send(signal.SIGKILL, processes_of(self._marks))
        if left:
            self.ledger.wrong.append(f"{left} processes outlived their runs")
