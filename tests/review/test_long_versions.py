"""A long register in two versions: sorted anew, a few changed, in the time of reading both."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import xlgov
from tests.review.versions import HEADINGS, versions
from xlgov.review.telling import tell_lines

ROWS = 10_000


def test_ten_thousand_risks_are_compared_within_two_previews_of_each(
    tmp_path: Path,
) -> None:
    chance = random.Random(10)
    words = ("board", "force", "plan", "budget", "officer", "system", "supplier", "estate")
    rows = [
        [f"R{n}", f"Risk {n}: {' '.join(chance.choices(words, k=12))}", n % 5 + 1, n % 4 + 1,
         (n % 5 + 1) * (n % 4 + 1), "Head of Audit", " ".join(chance.choices(words, k=20))]
        for n in range(ROWS)
    ]  # fmt: skip
    later: list[list[Any]] = [list(row) for row in rows]
    for n in range(0, ROWS, 1000):
        later[n][6] += " and one more check"
    del later[1]
    chance.shuffle(later)
    old, new = versions(tmp_path, rows, later, HEADINGS)
    began = time.process_time()
    xlgov.preview(old)
    xlgov.preview(new)
    both = time.process_time() - began
    began = time.process_time()
    found = xlgov.diff(old, new)
    assert time.process_time() - began < 2 * both
    assert tell_lines(found)[0] == "risk: 10 changed, 1 removed, 9989 not changed"
