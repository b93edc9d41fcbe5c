"""A refresh whose file is saved between its look and its writing looks once more, and only once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from stale_register import RATINGS, ROOT, STALE, beside, litter, ratings, stale_register

import xlgov
from tests.plain_registers import product, rank, rows_of, write_register
from xlgov import operations
from xlgov.changes import ChangeSet
from xlgov.errors import ChangedError, SettingsError
from xlgov.ooxml import apply as apply_module
from xlgov.ooxml import save as save_module
from xlgov.ooxml.lock import only_saver
from xlgov.ooxml.patience import Patience

BACKUP = "Register (before xlgov).xlsx"
Save = Callable[[Path], object]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return stale_register(tmp_path / "Register.xlsx")


class Told:
    """What a refresh has said of its change sets: how many cells, and of which file."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int, str | None]] = []

    def announce(self, changes: ChangeSet) -> None:
        self.said.append(("announced", len(changes.cells), changes.source_hash))

    def withdraw(self, changes: ChangeSet) -> None:
        self.said.append(("withdrawn", len(changes.cells), changes.source_hash))

    @property
    def steps(self) -> list[tuple[str, int]]:
        return [(what, number) for what, number, _ in self.said]


def saves(monkeypatch: pytest.MonkeyPatch, register: Path, when: str, *each: Save) -> None:
    """Somebody saves before each of our writings, or during each, for as long as there are more."""
    left = list(each)
    home, name = {
        "before": (operations, "apply_changes"),
        "during": (apply_module, "verify_written"),
        "in the end": (apply_module, "keep_backup"),
    }[when]
    ours = getattr(home, name)

    def before(*arguments: Any, **options: Any) -> Any:
        if left:
            left.pop(0)(register)
        return ours(*arguments, **options)

    def during(*arguments: Any) -> None:
        ours(*arguments)
        if left:
            left.pop(0)(register)

    monkeypatch.setattr(home, name, before if when == "before" else during)


def with_two_wrong(path: Path) -> None:
    """They save the register with another rating changed, by a rename as Excel does."""
    rows = rows_of(rank)
    rows[0][4] = rows[3][4] = STALE
    os.replace(write_register(path.with_name("theirs.xlsx"), rows), path)


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_file_saved_in_between_is_looked_at_anew(
    register: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    theirs: list[bytes] = []

    def save(path: Path) -> None:
        with_two_wrong(path)
        theirs.append(path.read_bytes())

    saves(monkeypatch, register, when, save)
    told = Told()
    changes = xlgov.refresh(register, announce=told.announce, withdraw=told.withdraw)
    assert {each.address for each in changes.cells} == {"E4", "E7"}
    assert ratings(register) == RATINGS and litter(register) == []
    assert told.steps == [("announced", 1), ("withdrawn", 1), ("announced", 2)]
    assert told.said[0][2] == told.said[1][2] != told.said[2][2] == changes.source_hash
    assert beside(register) == [BACKUP]
    assert register.with_name(BACKUP).read_bytes() == theirs[0], "as it was before our change"


def test_a_file_saved_while_its_backup_is_made_is_not_overwritten(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves(monkeypatch, register, "in the end", with_two_wrong)
    changes = xlgov.refresh(register)
    assert {each.address for each in changes.cells} == {"E4", "E7"}, "those of what they saved"
    assert ratings(register) == RATINGS and litter(register) == []


def test_where_the_save_waited_for_was_of_this_file_nothing_is_written_in_vain(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, write = save_module.only_saver, apply_module.write_workbook
    written: list[int] = []

    @contextmanager
    def wait_for_their_save(path: Path, *rest: Any) -> Iterator[None]:
        with wait(path, *rest):
            if not written and ratings(register) != RATINGS:
                with_two_wrong(register)
                written.append(0)
            yield

    def count(*given: Any) -> Any:
        written.append(1)
        return write(*given)

    monkeypatch.setattr(save_module, "only_saver", wait_for_their_save)
    monkeypatch.setattr(apply_module, "write_workbook", count)
    xlgov.refresh(register)
    assert written == [0, 1], "only after the second look"
    assert ratings(register) == RATINGS and litter(register) == []


@pytest.mark.parametrize("when", ["before", "during"])
def test_where_another_refresh_has_done_it_nothing_is_written(
    register: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    done: list[bytes] = []

    def refresh(path: Path) -> None:
        xlgov.refresh(path, backup=False)
        done.append(path.read_bytes())

    saves(monkeypatch, register, when, refresh)
    told = Told()
    assert xlgov.refresh(register, announce=told.announce, withdraw=told.withdraw).is_empty
    assert told.steps == [("announced", 1), ("withdrawn", 1)]
    assert [register.read_bytes()] == done and ratings(register) == RATINGS
    assert beside(register) == [], "no backup of a file that was not changed"


def test_a_file_saved_both_times_is_refused_and_stays_theirs(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    def touch(path: Path) -> None:
        looks.append(path)
        path.write_bytes(path.read_bytes() + b" ")  # a zip may have something behind it

    saves(monkeypatch, register, "before", *[touch] * 9)
    told = Told()
    with pytest.raises(ChangedError, match="nothing was written"):
        xlgov.refresh(register, announce=told.announce, withdraw=told.withdraw)
    assert len(looks) == 2
    assert told.steps == [("announced", 1), ("withdrawn", 1)] * 2
    assert ratings(register)[0] == STALE and beside(register) == []


def test_a_result_elsewhere_is_not_made_of_another_file_than_was_there(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves(monkeypatch, register, "during", with_two_wrong)
    with pytest.raises(ChangedError, match="saved by somebody else"):
        xlgov.refresh(register, tmp_path / "out.xlsx")
    assert beside(register) == []


def test_a_file_that_they_are_still_writing_is_not_called_damaged(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:4000])

    saves(monkeypatch, register, "during", write_half)
    with pytest.raises(ChangedError, match=r"saved by somebody else meanwhile.*Run it again"):
        xlgov.refresh(register)
    assert register.stat().st_size == 4000 and beside(register) == []


def test_settings_that_they_have_saved_with_it_are_the_ones_that_count(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rate_by_product(path: Path) -> None:
        path.with_name("xlgov.toml").write_text('[risk]\nscoring = "product"\n')
        path.write_bytes(path.read_bytes() + b" ")

    saves(monkeypatch, register, "before", rate_by_product)
    assert len(xlgov.refresh(register).cells) > 1
    pairs = ((row[2], row[3]) for row in rows_of(rank))
    assert ratings(register) == [product(*pair) for pair in pairs]

    def make_a_mistake(path: Path) -> None:
        path.with_name("xlgov.toml").write_text("[risk]\nscoring = 7\n")
        path.write_bytes(path.read_bytes() + b" ")

    stale_register(register)
    saves(monkeypatch, register, "before", make_a_mistake)
    with pytest.raises(SettingsError):
        xlgov.refresh(register)
    assert ratings(register)[0] == STALE


REFRESH = """
import sys, xlgov
changes = xlgov.refresh(sys.argv[1], announce=lambda _: print("announced", flush=True))
print(len(changes.cells))
"""


def test_a_refresh_that_waited_for_another_finds_nothing_left_to_do(register: Path) -> None:
    """Both have seen the stale rating before either may write: the lock is held till they have."""
    command = [sys.executable, "-c", REFRESH, str(register)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with only_saver(register, Patience((0.05,))):
        runs = [
            subprocess.Popen(
                command,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for run in runs:
            assert run.stdout is not None and run.stdout.readline() == "announced\n"
        time.sleep(0.5)  # so that both have opened it and wait
        assert ratings(register)[0] == STALE
    said = [run.communicate(timeout=60) for run in runs]
    assert [(run.returncode, error) for run, (_, error) in zip(runs, said, strict=True)] == [
        (0, "")
    ] * 2
    assert sorted(out.split()[-1] for out, _ in said) == ["0", "1"]
    assert ratings(register) == RATINGS and beside(register) == [BACKUP]
    assert ratings(register.with_name(BACKUP))[0] == STALE
