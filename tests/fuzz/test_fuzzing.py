"""What fuzzing has found stays mended, and a little of it runs with every run of the tests."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fuzz.mutation import flip, mutate_for
from tests.fuzz.seeds import REGRESSIONS, ROOT, seeds
from tests.fuzz.targets import TARGETS, Broken

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the limits are those of POSIX")

ROUNDS = {"package": 1000, "sheet": 250, "strings": 300, "settings_text": 500,
          "settings_sheet": 150, "workbook": 20}  # fmt: skip
FOUND = sorted(path for path in REGRESSIONS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_what_was_found_is_mended(path: Path) -> None:
    began = time.process_time()
    TARGETS[path.parent.name](path.read_bytes())
    assert time.process_time() - began < 5


def test_every_finding_belongs_to_a_target_and_every_target_is_run() -> None:
    assert {path.parent.name for path in FOUND} <= {*TARGETS} == {*ROUNDS}


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs_are_taken_or_refused_and_never_more(name: str) -> None:
    chance = random.Random(20170206)
    pool = [content for _, content in seeds(name)]
    counts = {True: 0, False: 0}
    for number in range(ROUNDS[name]):
        content = chance.choice(pool)
        for _ in range(chance.choice((1, 1, 2, 5))):
            content = mutate_for(name, content, 200_000, chance, flip(chance))
        try:
            counts[TARGETS[name](content)] += 1
        except Exception as error:
            raise AssertionError(f"round {number}: {error!r}; {content!r}") from error
    assert min(counts.values()) > 0, counts


# That the search itself finds


@pytest.mark.parametrize("name", ["package", "sheet"])
def test_seeds_as_they_are_are_taken(name: str) -> None:
    whole = [content for label, content in seeds(name) if label == "plain"]
    assert len(whole) == 1 and TARGETS[name](whole[0])


def test_a_reader_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlgov.ooxml import cell

    (plain,) = (content for label, content in seeds("sheet") if label == "plain")
    monkeypatch.setattr(cell.ValueReader, "value", lambda *_: (1, False))
    with pytest.raises(Broken, match="the two ways differ"):
        TARGETS["sheet"](plain)


def test_the_search_keeps_what_it_finds_once(tmp_path: Path) -> None:
    from tests.fuzz import search

    def fails(content: bytes) -> bool:
        if content.startswith(b"bad"):
            raise KeyError(content)
        return True

    for content in (b"good", b"bad one", b"bad two"):
        search._attempt(fails, content, tmp_path)
    kept = {path.suffix: path for path in tmp_path.iterdir()}
    assert sorted(kept) == [".input", ".txt"] and kept[".input"].read_bytes() == b"bad one"
    assert "KeyError" in kept[".txt"].read_text()


def test_the_command_searches_and_counts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.run", "package"]
    command += ["--seconds", "2", "--keep", str(tmp_path), "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"package: ([\d,]+) executions, 0 findings", done.stdout)
    assert counted and counted[1] != "0", done.stdout
