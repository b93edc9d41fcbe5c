"""A long register in two versions: sorted anew, a few changed, in the time of reading both."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import xlgov
from tests.review.versions import HEADINGS, versions
from xlgov.review.telling import tell_lines

WORDS = ("board", "force", "plan", "budget", "officer", "system", "supplier", "estate")


def long_versions(folder: Path, count: int) -> tuple[Path, Path]:
    """Two versions of a register of so many risks: one gone, ten changed, all in another order."""
    chance = random.Random(10)
    rows = [
        [f"R{n}", f"Risk {n}: {' '.join(chance.choices(WORDS, k=12))}", n % 5 + 1, n % 4 + 1,
         (n % 5 + 1) * (n % 4 + 1), "Head of Audit", " ".join(chance.choices(WORDS, k=20))]
        for n in range(count)
    ]  # fmt: skip
    later: list[list[Any]] = [list(row) for row in rows]
    for n in range(0, count, count // 10):
        later[n][6] += " and one more check"
    del later[1]
    chance.shuffle(later)
    folder.mkdir()
    return versions(folder, rows, later, HEADINGS)


def test_a_comparison_of_four_times_as_many_risks_takes_no_sixteen_times_as_long(
    tmp_path: Path,
) -> None:
    taken = []
    for count in (20, 2_500, 10_000):  # the first is for what is imported
        old, new = long_versions(tmp_path / str(count), count)
        began = time.process_time()
        found = xlgov.diff(old, new)
        taken.append(time.process_time() - began)
        assert tell_lines(found)[0] == (f"risk: 10 changed, 1 removed, {count - 11} not changed")
    assert taken[2] < 9 * taken[1]
