"""What became of the folder: every workbook its old or its new self, and a log that agrees.

Why nothing of the library is used here but its command line: what is judged must not be its own
judge. Workbooks are read as zip files of XML, the log as lines of JSON, files by their hashes.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chaos_books import SETTINGS, Book, Library, environment, owner_file, sha
from chaos_cells import read_cells
from chaos_ledger import OneRun, Saved
from tormentor import Tormentor

_BACKUP = " (before xlgov)"
_LITTER = ".~xlgov-"
_OUR_CODE = re.compile(r"xlgov/cli/__init__\.py\", line \d+, in main")  # in a stack trace

Line = dict[str, Any]


class Judge:
    """Looks at everything once; ``wrong`` lists what should not be, ``counts`` what is."""

    def __init__(self, library: Library, tormentor: Tormentor) -> None:
        self.wrong: list[str] = list(tormentor.ledger.wrong)
        self.counts: Counter[str] = Counter()
        self._library = library
        self._folder = tormentor.folder
        self._tormentor = tormentor
        self._saved: dict[str, list[Saved]] = defaultdict(list)
        for each in tormentor.ledger.saved:
            self._saved[each.book.place].append(each)
        self._lines: dict[str, list[Line]] = defaultdict(list)
        self._read_log()

    def judge(self) -> None:
        told = self._told_by_the_command()
        for book in self._library.books:
            self._judge_content(book)
            self._judge_mode(book)
            self._judge_backup(book)
            self._judge_lines(book)
            self._judge_told(book, told.get(str(self._folder / book.place), []))
        self._judge_litter()
        self._judge_runs()

    def _say(self, book: Book, what: str) -> None:
        self.wrong.append(f"{book.place} ({book.kind}): {what}")

    # The files

    def _last(self, book: Book) -> int:
        """The version that was saved last."""
        saved = self._saved[book.place]
        return saved[-1].version if saved else 0

    def _judge_content(self, book: Book) -> None:
        now, last = sha(self._folder / book.place), self._last(book)
        whose = "old" if last == 0 else "somebody's"
        if now == book.old[last] == book.new[last]:
            self.counts[f"files with nothing to change ({whose})"] += 1
        elif now == book.new[last] and book.held in ("", "linked"):
            self.counts["files new" if last == 0 else "files new, of what somebody saved"] += 1
        elif now == book.old[last]:
            self.counts[f"files {whose}"] += 1
            if book.held in ("", "linked"):
                self._say(book, "was not refreshed in the end")
        elif now in (*book.old, *book.new):
            self._say(book, f"what somebody saved is lost (version {last})")
        else:
            self._say(book, "is neither an old nor a new self")
        if book.held == "linked" and not (self._folder / book.place).is_symlink():
            self._say(book, "was a link and is none")
        for number, each in enumerate(self._saved[book.place]):
            if each.replaced not in (book.old[number], book.new[number]):
                self._say(book, f"was neither old nor new when version {each.version} was saved")

    def _judge_mode(self, book: Book) -> None:
        path = self._folder / book.place
        expected = {"read-only": 0o444, "": 0o640 if len(book.place) % 2 else 0o664}
        mode = path.stat().st_mode & 0o777
        if mode != expected.get(book.held, mode):
            self._say(book, f"has mode {mode:o}")

    def _judge_backup(self, book: Book) -> None:
        backup = self._backup(book)
        written = sha(self._folder / book.place) not in book.old
        if backup.exists():
            self.counts["backups"] += 1
            if sha(backup) not in book.old[: self._last(book) + 1]:
                self._say(book, "its backup is no version of it")
        elif written:
            self._say(book, "was written and has no backup")

    def _backup(self, book: Book) -> Path:
        real = Path(os.path.realpath(self._folder / book.place))
        return real.with_name(f"{real.stem}{_BACKUP}{real.suffix}")

    def _judge_litter(self) -> None:
        expected = set()
        for book in self._library.books:
            path = self._folder / book.place
            expected |= {path, Path(os.path.realpath(path)), self._backup(book)}
            if book.held == "locked":
                expected.add(owner_file(path))
        for path in _files_below(self._tormentor.folder.parent):
            if path in expected or path.name == SETTINGS:
                continue
            if path in (self._tormentor.log, self._tormentor.report):
                continue
            kind = "temporary or lock" if path.name.startswith(_LITTER) else "unknown"
            self.counts[f"files left behind ({path.suffix})"] += 1
            self.wrong.append(f"{path}: {kind} file of {path.stat().st_size} bytes left behind")

    # The log

    def _read_log(self) -> None:
        with self._tormentor.log.open("rb") as file:
            for content in file:
                if not content.strip():
                    continue
                self.counts["lines in the log"] += 1
                try:
                    line = json.loads(content)
                except ValueError:
                    self.counts["torn lines in the log"] += 1
                    continue
                if line["line"] in ("intent", "file"):
                    self._lines[line["absolute"]].append(line)
                elif line["line"] == "withdrawn":
                    self.counts["changes announced and withdrawn"] += 1
                    self._withdraw(line)
        counts = self._tormentor.ledger.counts
        kills = sum(number for name, number in counts.items() if name.startswith("kills"))
        if self.counts["torn lines in the log"] > kills:
            self.wrong.append("more lines of the log are torn than processes were killed")

    def _withdraw(self, line: Line) -> None:
        """Take back what was announced and not written, as somebody saved the workbook first."""
        lines = self._lines[line["absolute"]]
        announced = [each for each in lines if each["line"] == "intent"]
        if announced and announced[-1]["hash_before"] == line["hash_before"]:
            lines.remove(announced[-1])
        else:
            self.wrong.append(f"{line['absolute']}: withdrawn, and was not announced")

    def _judge_lines(self, book: Book) -> None:
        path = self._folder / book.place
        lines = self._lines[str(path)]
        records = [line for line in lines if line["line"] == "file"]
        if not records:
            self._say(book, "has no record in the log")
            return
        if records[-1]["hash_after"] != sha(path):
            self._say(book, f"its last record ({records[-1]['outcome']}) is of another file")
        becomes = dict(zip(book.old, book.new, strict=True))
        known = {*book.old, *book.new}
        for line in lines:
            before, after = line["hash_before"], line.get("hash_after")
            if line["line"] == "intent":
                half = before not in known and any(
                    each.way == "in place" for each in self._saved[book.place]
                )  # it was read while somebody wrote it; then it must not have been written
                if becomes.get(before, before) == before and not half:
                    self._say(book, "a change is announced of a file that has none")
                continue
            self.counts[f"records: {line['outcome']}"] += 1
            if line["outcome"] == "refreshed" and (before, after) not in becomes.items():
                self._say(book, "a record says that it was refreshed to what it never becomes")
            elif line["outcome"] != "refreshed" and before != after:
                self._say(book, f"{line['outcome']}, and yet its hashes differ")
            if before not in known and line["outcome"] != "failed":
                self._say(book, f"a record ({line['outcome']}) is of a file that never was")
            if (line["error"] or {}).get("code") == "defect":
                self._say(book, f"a defect: {line['error']['message']}")
        for number, old, now in self._written(book):
            if not any(_tells(line, old) for line in lines):
                self._say(book, f"no line tells that version {number} was refreshed ({now})")

    def _written(self, book: Book) -> Iterator[tuple[int, str, str]]:
        """The versions of a workbook that are known to have been refreshed: number, hashes."""
        seen = [each.replaced for each in self._saved[book.place]]
        for number, now in enumerate([*seen, sha(self._folder / book.place)]):
            if now != book.old[number] and now == book.new[number]:
                yield number, book.old[number], now

    # What the log answers

    def _told_by_the_command(self) -> dict[str, list[Line]]:
        command = [sys.executable, "-m", "xlgov", "log", str(self._tormentor.log), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment())
        if done.returncode != 0:
            self.wrong.append(f"xlgov log ended with {done.returncode}: {done.stderr}")
            return {}
        told = defaultdict(list)
        for change in json.loads(done.stdout)["changes"]:
            told[change["path"]].append(change)
        return told

    def _judge_told(self, book: Book, told: list[Line]) -> None:
        """Each cell that is another than in the version saved last is told, with its value."""
        path, last = self._folder / book.place, self._last(book)
        by_hand = [each for each in told if each["by_hand"]]
        if by_hand and not self._saved[book.place]:
            self._say(book, "xlgov log says that somebody edited it, and nobody has")
        if sha(path) == book.old[last] or sha(path) != book.new[last]:
            return
        made = defaultdict(list)
        for each in told:
            if not each["by_hand"]:
                made[each["sheet"], each["address"]].append(each["after"])
        before, after = read_cells(self._library.version(book, last)), read_cells(path)
        missing = []
        for cell in before.keys() | after.keys():
            if before.get(cell) != after.get(cell):
                self.counts["cells changed"] += 1
                if not any(_is_same(after.get(cell), each) for each in made[cell]):
                    missing.append(f"{cell[0]}!{cell[1]}")
        if missing:
            self._say(book, f"xlgov log does not tell of {', '.join(sorted(missing)[:5])}")
        if not self._saved[book.place] and any(len(each) > 1 for each in made.values()):
            self._say(book, "xlgov log tells of one change twice")

    # What the runs said

    def _judge_runs(self) -> None:
        """No stack trace has reached anybody, and each exit code is one that is documented."""
        for number, run in enumerate(self._tormentor.ledger.runs, start=1):
            if _was_too_early(run):
                self.counts["Ctrl-C before the first line of ours"] += 1
                continue
            words = run.words
            for mark in ("Traceback", "Error in sys.excepthook", "mistake in xlgov"):
                if mark in words:
                    at = words.index(mark)
                    said = words[max(0, at - 200) : at + 3000]
                    self.wrong.append(f"{mark} was printed by run {number}: ...{said}")
            if run.code not in (0, 3, 4, 130 if run.was_interrupted else 0, -signal.SIGKILL):
                self.wrong.append(f"run {number} ended with {run.code}: {words[-500:]}")


def _was_too_early(run: OneRun) -> bool:
    """Whether Ctrl-C came while Python itself was starting: nothing of ours can answer it then.

    Either it has printed nothing yet, or a stack trace in which our program has not begun.
    """
    if not run.was_interrupted or run.code not in (-signal.SIGINT, 1):
        return False
    is_trace = "KeyboardInterrupt" in run.words and not _OUR_CODE.search(run.words)
    return is_trace or not run.words


def _files_below(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in names:
            yield Path(root, name)


def _tells(line: Line, before: str) -> bool:
    is_of_change = line["line"] == "intent" or line["outcome"] == "refreshed"
    return is_of_change and bool(line["hash_before"] == before)


def _is_same(cell: Any, told: Any) -> bool:
    """Whether a cell holds what was told; a date is told as text and held as a number."""
    if told in (None, ""):
        return cell in (None, "")
    if isinstance(told, str) and told.startswith("="):
        return isinstance(cell, str) and cell.startswith("=")
    if isinstance(told, str) and isinstance(cell, float):
        return len(told) >= 10 and told[4] == told[7] == "-"
    if isinstance(told, bool | int | float) and isinstance(cell, float):
        return float(told) == cell
    return bool(cell == told)
