"""A folder of workbooks refreshed while everything goes wrong, and what is left of it.

``python tests/chaos/chaos.py --workbooks 1000 --jobs 2 --seed 1``

The workbooks are variations of the samples, small registers, rotas, budgets and broken files, some
of them read-only, open or links. ``xlgov refresh`` runs over them and is tormented: its processes
are killed, the disk is full, folders are closed, workbooks are opened and saved by others; each
time it is run again with ``--resume``. Then two runs are left in peace, and all is judged: exit
code 0 where nothing is wrong. On Linux only; the disk is really full where a small one can be
mounted (as superuser), else the processes may write no large file.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chaos_books import lay_out, make_library
from chaos_judge import Judge
from chaos_machine import Disk
from tormentor import Tormentor

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """The table of what was done and what came of it, what was done, and what is wrong."""

    table: list[str]
    done: Counter[str]
    wrong: list[str]
    exit_code: int


def run_chaos(workbooks: int, seed: int, place: Path, jobs: int = 2) -> Verdict:
    """The whole run below the folder ``place``, which is left as it is when all is over."""
    began = time.monotonic()
    library = make_library(place / "kept", workbooks, seed)
    disk = Disk(place / "disk", 4 * library.size + workbooks * 400_000 + 64 * _MB)
    try:
        lay_out(library, disk.place / "books", disk.place / "elsewhere")
        tormentor = Tormentor(library, disk, random.Random(seed), jobs)
        code = tormentor.run()
        judge = Judge(library, tormentor)
        judge.judge()
        if judge.wrong:
            shutil.copy2(tormentor.log, place / "run.jsonl")
    finally:
        disk.close()
    done = tormentor.ledger.counts
    ends = Counter(run.code for run in tormentor.ledger.runs)
    versions = sum(len(book.old) for book in library.books)
    held = [book.held for book in library.books if book.held]
    kinds = ", ".join(f"{held.count(each)} {each}" for each in dict.fromkeys(sorted(held)))
    rows = [
        ("workbooks", f"{len(library.books):,} ({kinds})"),
        ("versions of them", f"{versions:,}"),
        ("seed, jobs", f"{seed}, {jobs}"),
        ("the disk", "a small one of its own" if disk.is_own else "the system's, files limited"),
        *((name, f"{number:,}") for name, number in sorted(done.items())),
        ("exit codes of the runs", ", ".join(f"{c}: {n}" for c, n in sorted(ends.items()))),
        ("exit code when left in peace", str(code)),
        *((name, f"{number:,}") for name, number in sorted(judge.counts.items())),
        ("seconds", f"{time.monotonic() - began:,.0f}"),
        ("disagreements", f"{len(judge.wrong):,}"),
    ]
    width = max(len(name) for name, _ in rows)
    table = [f"{name:<{width}}  {number}" for name, number in rows]
    return Verdict(table, done, judge.wrong, code)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--workbooks", type=int, default=1000, metavar="N")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work there and leave it")
    options = parser.parse_args(arguments)
    place = options.keep or Path(tempfile.mkdtemp(prefix="chaos-"))
    place.mkdir(parents=True, exist_ok=True)
    try:
        verdict = run_chaos(options.workbooks, options.seed, place, options.jobs)
    finally:
        if options.keep is None:
            shutil.rmtree(place, ignore_errors=True)
    print("\n".join(verdict.table))
    for line in verdict.wrong:
        print(f"WRONG  {line}")
    return 1 if verdict.wrong or verdict.exit_code not in (0, 3) else 0


if __name__ == "__main__":
    sys.exit(main())
