"""A night on which everything goes wrong, small; and that who judges it would notice."""

from __future__ import annotations

import json
import random
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chaos import run_chaos
from chaos_books import Book, Library, lay_out, make_library
from chaos_judge import Judge
from chaos_ledger import OneRun, Saved
from chaos_machine import Disk
from tormentor import Tormentor

from tests.conftest import ShowTable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for its processes in /proc"),
]

SEED = 2


def test_every_file_is_its_old_or_its_new_self_and_the_log_agrees(
    tmp_path: Path, show_table: ShowTable
) -> None:
    verdict = run_chaos(40, SEED, tmp_path)
    show_table("a folder refreshed while everything goes wrong", verdict.table)
    assert verdict.wrong == []
    assert verdict.exit_code in (0, 3)  # 3: some are broken, open or read-only to the end
    done = verdict.done
    assert done["stops"] >= 3 and done["kills of workers"] >= 3 and done["disk full"] >= 1
    assert sum(number for name, number in done.items() if name.startswith("saved")) >= 3


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Tormentor]]:
    """A folder that was refreshed in peace."""
    place = tmp_path_factory.mktemp("quiet")
    library = make_library(place / "kept", 30, SEED)
    disk = Disk(place / "disk", 100 << 20)
    try:
        lay_out(library, disk.place / "books", disk.place / "elsewhere")
        tormentor = Tormentor(library, disk, random.Random(SEED), jobs=2)
        assert tormentor.leave_in_peace() in (0, 3)
        yield library, tormentor
    finally:
        disk.close()


def verdict_of(quiet: tuple[Library, Tormentor]) -> list[str]:
    judge = Judge(*quiet)
    judge.judge()
    return judge.wrong


def refreshed_book(quiet: tuple[Library, Tormentor]) -> Book:
    """One that had something to correct in its cells."""
    return next(
        book
        for book in quiet[0].books
        if book.kind == "register" and not book.held and book.old[0] != book.new[0]
    )


def damage(path: Path, tormentor: Tormentor) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def leave_a_temporary_file(path: Path, tormentor: Tormentor) -> None:
    path.with_name(".~xlgov-0123456789abcdef-01.tmp").write_bytes(b"half")


def spoil_the_backup(path: Path, tormentor: Tormentor) -> None:
    path.with_name(f"{path.stem} (before xlgov){path.suffix}").write_bytes(path.read_bytes())


def tell_of_no_change(path: Path, tormentor: Tormentor) -> None:
    lines = tormentor.log.read_text("utf-8").splitlines()
    kept = []
    for line in map(json.loads, lines):
        if line.get("absolute") == str(path):
            if line["line"] == "intent":
                continue
            line["changes"] = []
        kept.append(json.dumps(line))
    tormentor.log.write_text("\n".join(kept) + "\n", "utf-8")


def print_a_stack_trace(path: Path, tormentor: Tormentor) -> None:
    with tormentor.ledger.runs[-1].said.open("a") as said:
        said.write("Traceback (most recent call last):\n")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (damage, "is neither an old nor a new self"),
        (leave_a_temporary_file, "temporary or lock file of 4 bytes left behind"),
        (spoil_the_backup, "its backup is no version of it"),
        (tell_of_no_change, "xlgov log does not tell of Register!E"),
        (print_a_stack_trace, "Traceback was printed by run 2"),
    ],
)
def test_what_goes_wrong_would_be_noticed(
    quiet: tuple[Library, Tormentor], harm: Callable[[Path, Tormentor], None], said: str
) -> None:
    assert verdict_of(quiet) == []
    _, tormentor = quiet
    path = tormentor.folder / refreshed_book(quiet).place
    kept = {each: each.read_bytes() for each in (*path.parent.iterdir(),) if each.is_file()}
    said_last = tormentor.ledger.runs[-1].said
    log, words = tormentor.log.read_bytes(), said_last.read_bytes()
    harm(path, tormentor)
    assert any(said in line for line in verdict_of(quiet))
    for each in (*path.parent.iterdir(),):
        if each.is_file() and each not in kept:
            each.unlink()
    for each, content in kept.items():
        each.write_bytes(content)
    tormentor.log.write_bytes(log)
    said_last.write_bytes(words)


def test_a_save_of_somebody_that_is_overwritten_would_be_noticed(
    quiet: tuple[Library, Tormentor],
) -> None:
    library, tormentor = quiet
    book = next(each for each in library.books if len(each.old) > 1 and each.old[0] != each.new[0])
    tormentor.ledger.saved.append(Saved(book, 1, book.old[0], "synchronised"))
    wrong = verdict_of(quiet)
    tormentor.ledger.saved.clear()
    assert any("what somebody saved is lost (version 1)" in line for line in wrong)


@pytest.mark.parametrize(
    ("said", "was_interrupted", "is_right"),
    [
        ("", True, True),
        ('File "<frozen site>", line 617\nKeyboardInterrupt\n', True, True),
        ("", False, False),
        ("7 of 30 done, 9.1 a second, 0:02 left\n", True, False),
        ('File "xlgov/cli/__init__.py", line 38, in main\nKeyboardInterrupt\n', True, False),
    ],
    ids=["before a word", "in Python's own start", "not pressed", "midway", "in our code"],
)
def test_a_run_that_ctrl_c_has_killed_is_right_only_before_ours_begins(
    quiet: tuple[Library, Tormentor],
    tmp_path: Path,
    said: str,
    was_interrupted: bool,
    is_right: bool,
) -> None:
    runs = quiet[1].ledger.runs
    runs.append(OneRun(tmp_path / "said.txt", was_interrupted, -signal.SIGINT))
    runs[-1].said.write_text(said)
    wrong = verdict_of(quiet)
    runs.pop()
    assert (wrong == []) is is_right
    assert is_right or wrong[0].startswith("run 3 ended with -2")
