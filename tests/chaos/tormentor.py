"""What befalls a run at night: its processes killed, its disk filled, its files saved by people.

Why it reads the log while the run writes it: an event at any moment would nearly always hit no
save at all. One that comes some milliseconds after a workbook is announced hits the save, and one
on a workbook whose turn is near is what a run meets.

Why a saved file changes places with the old one in one step (``renameat2``): what it replaced is
then known for certain, and is judged too. The seed decides what is tried; when the system gives
whom its turn is its own affair, so no two runs are alike.
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
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from chaos_books import (
    JUDGING,
    REFRESH,
    Book,
    Library,
    environment,
    owner_content,
    owner_file,
    sha,
)
from chaos_machine import MARK, Disk, exchange_names, processes_of, send

_POLL = 0.003  # seconds
_HUNG = 180.0  # seconds without a line in the log and without an end
_AHEAD = 10  # files whose turn is near


@dataclass(frozen=True, slots=True)
class Saved:
    """A workbook was saved by somebody: by which version, and what it was just before."""

    book: Book
    version: int
    replaced: str
    way: str


@dataclass(slots=True)
class Ledger:
    """What was done to the runs, and how they ended; ``wrong`` is what should never be."""

    counts: Counter[str] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)
    saved: list[Saved] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Tormentor:
    """Runs ``xlgov refresh`` over the folder again and again till it was left in peace once."""

    def __init__(self, library: Library, disk: Disk, rng: random.Random, jobs: int) -> None:
        self.folder = disk.place / "books"
        self.log = disk.place / "run.jsonl"
        self.report = disk.place / "run.html"
        self.said = library.kept / "said.txt"
        self.ledger = Ledger()
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
        self._version = {book.place: 0 for book in library.books}
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
        self._is_full = False
        self._open: set[str] = set()
        self._closed: set[Path] = set()

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
        code = self._start("last").wait()
        before = self._hashes()
        again = self._start("last, again").wait()
        if again != code or self._hashes() != before:
            self.ledger.wrong.append("a run after the last one was not the same as it")
        return code

    def _is_left(self) -> bool:
        """Whether a third of what was to be saved midway still waits; then one more round."""
        planned = sum(len(book.old) - 1 for book in self._library.books)
        return len(self.ledger.saved) * 3 < planned * 2 and self.ledger.counts["runs"] < 200

    def _hashes(self) -> list[str]:
        return [sha(self.folder / book.place) for book in self._library.books]

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        resumed = ["--resume"] if self.ledger.counts["runs"] else []
        command = [
            *(*REFRESH, str(self.folder), "--jobs", str(self._jobs), *JUDGING, *resumed),
            *("--log", str(self.log), "--report", str(self.report)),
        ]
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as shells begin what is in the
            signal.signal(signal.SIGINT, signal.default_int_handler)  # background; it is inherited
        with self.said.open("ab") as said:
            said.write(f"\n== {name}\n".encode())
            said.flush()
            self._marks.append(secrets.token_hex(8))
            marked = {**environment(), MARK: self._marks[-1]}
            process = subprocess.Popen(
                command, stdout=said, stderr=said, env=marked, start_new_session=True
            )
        self.ledger.counts["runs"] += 1
        self.ledger.counts["resumes"] += bool(resumed)
        self._parent = process
        return process

    def _processes(self) -> list[int]:
        """Those of the run that is under way, its parent too."""
        return processes_of(self._marks[-1:])

    def _round(self) -> None:
        """One run, with what befalls it, till it ends or is ended."""
        process = self._start(str(self.ledger.counts["runs"] + 1))
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
        self.ledger.ends[process.returncode] += 1
        list(self._new_lines())
        self._stops -= self._is_finished  # nothing was left to stop
        if self._is_full:
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
        whom = [self._parent.pid] if way == "the parent" else self._processes()
        send(signal.SIGINT if way == "Ctrl-C" else signal.SIGKILL, whom)
        self.ledger.counts["stops"] += 1
        self.ledger.counts["Ctrl-C" if way == "Ctrl-C" else f"kills of {way}"] += 1
        self._stops -= 1

    def _fill(self) -> None:
        if self._is_full:
            return
        left = self._rng.choice((0, 1, 2, 4, 8, 16, 40)) * 4096
        self._is_full = self._disk.fill(left, self._processes())
        self.ledger.counts["disk full"] += self._is_full
        self._later(self._rng.uniform(0.1, 1.5), self._make_room)

    def _make_room(self) -> None:
        self._disk.clear(self._processes())
        self._is_full = False

    def _near(self) -> Book:
        """A workbook that is being saved, or whose turn is near."""
        at = self._turn + self._rng.randint(0, self._rng.choice((0, 2, _AHEAD)))
        return self._by_turn[at % len(self._by_turn)]

    def _open_one(self) -> None:
        """Somebody opens a workbook and closes it again, without saving."""
        book = self._near()
        if book.held or book.place in self._open:
            return
        self._put_owner_file(book)
        self._later(self._rng.uniform(0.1, 3), lambda: self._take_owner_file(book))

    def _put_owner_file(self, book: Book) -> None:
        path = owner_file(self.folder / book.place)
        try:
            path.write_bytes(owner_content("Tormentor"))
        except OSError:  # the disk is full
            path.unlink(missing_ok=True)
            raise
        self._open.add(book.place)
        self.ledger.counts["owner files"] += 1

    def _take_owner_file(self, book: Book) -> None:
        owner_file(self.folder / book.place).unlink()
        self._open.discard(book.place)

    def _close_folder(self) -> None:
        folder = (self.folder / self._near().place).parent
        if folder in self._closed:
            return
        mode = folder.stat().st_mode
        folder.chmod(0o555)
        self._closed.add(folder)
        self.ledger.counts["folders closed"] += 1

        def open_again() -> None:
            folder.chmod(mode)
            self._closed.discard(folder)

        self._later(self._rng.uniform(0.1, 1.5), open_again)

    def _save_one(self) -> None:
        """Somebody, or a synchronised folder, saves the next version of a workbook."""
        waiting = [self._near() for _ in range(6)]
        book = next((each for each in waiting if self._next_version(each)), None)
        if book is None or book.place in self._open:
            return
        way = self._rng.choice(("synchronised", "synchronised", "Excel", "in place"))
        if way == "synchronised":
            self._exchange(book, way)
            return
        self._put_owner_file(book)
        save = self._exchange if way == "Excel" else self._overwrite

        def save_and_close() -> None:
            with suppress(OSError):
                save(book, way)
            self._later(self._rng.uniform(0, 0.5), lambda: self._take_owner_file(book))

        # Nobody saves within half a second of opening: a save of ours that began before is over.
        self._later(self._rng.uniform(0.6, 1.5), save_and_close)

    def _next_version(self, book: Book) -> int:
        """0 where there is no other."""
        version = self._version[book.place] + 1
        return version if version < len(book.old) else 0

    def _exchange(self, book: Book, way: str) -> None:
        version = self._next_version(book)
        path = self.folder / book.place
        beside = path.with_name(secrets.token_hex(4).upper())
        try:
            beside.write_bytes(self._library.version(book, version).read_bytes())
            beside.chmod(path.stat().st_mode & 0o777)
            replaced = exchange_names(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        self._note_saved(book, version, replaced, way)

    def _overwrite(self, book: Book, way: str) -> None:
        if self._is_full:
            return
        version = self._next_version(book)
        path = self.folder / book.place
        replaced = sha(path)
        with path.open("r+b") as file:
            file.truncate(0)
            file.write(self._library.version(book, version).read_bytes())
        self._note_saved(book, version, replaced, way)

    def _note_saved(self, book: Book, version: int, replaced: str, way: str) -> None:
        self._version[book.place] = version
        self.ledger.saved.append(Saved(book, version, replaced, way))
        self.ledger.counts[f"saved midway ({way})"] += 1

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
