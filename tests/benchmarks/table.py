"""All ratios in one run, as tables in Markdown: ``--help`` says how.

What counts is the ratio of two runs side by side on one machine, so seconds never stand alone. The
aims: a tenth of openpyxl's time or less on large sheets, at most 1.5 times that of inflate and
deflate with the same compressor, time that grows with the rows and no faster, under 300 MB at
100,000 rows, a small register refreshed in less time than importing pandas takes.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.measure import Run
from tests.benchmarks.nightly import measure_folder
from tests.benchmarks.sizes import (
    FLOOR,
    IN_THREADS,
    WITH_STRINGS,
    Peers,
    Sized,
    compare,
    find_peers,
)
from tests.benchmarks.start import NOTHING, PANDAS, measure_start
from xlgov.ooxml.rewrite import COMPRESSION_LEVEL

MB = 1_000_000
_PARTS = ("sizes", "start", "folder")


def main() -> None:
    options = _options()
    with _folder(options.folder) as folder:
        _say_where()
        if "sizes" in options.only:
            peers = find_peers(options.wolfxl, options.without, folder)
            sized = [
                compare(folder, rows, strings, peers, options.turns)
                for strings in options.strings
                for rows in sorted(options.rows)
            ]
            _print_sizes(sized, peers)
        if "start" in options.only:
            _print_start(measure_start(folder, options.turns or 15))
        if "folder" in options.only:
            count, jobs = options.workbooks, options.jobs
            _print_folder(count, measure_folder(folder, count, jobs, options.turns or 3))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.table")
    parser.add_argument("--rows", type=int, nargs="+", default=[16, 1_000, 10_000, 100_000])
    parser.add_argument("--strings", nargs="+", choices=("inline", "shared"), default=["inline"])
    parser.add_argument("--workbooks", type=int, default=1_000, help="in the folder (1,000)")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=_PARTS)
    parser.add_argument("--turns", type=int, help="runs of each (the best counts)")
    parser.add_argument(
        "--without", nargs="+", choices=("openpyxl", "wolfxl", "libreoffice"), default=[]
    )
    parser.add_argument("--wolfxl", help="a Python that has wolfxl, where this one has not")
    parser.add_argument("--folder", type=Path, help="keep the workbooks there and use them again")
    return parser.parse_args()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="xlgov-benchmark-") as name:
        yield Path(name)


def _say_where() -> None:
    isal = "ISA-L inflates" if find_spec("isal") else "zlib inflates (ISA-L is not installed)"
    print(
        f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}, "
        f"zlib {zlib.ZLIB_RUNTIME_VERSION} level {COMPRESSION_LEVEL}; {isal}."
    )


def _print_sizes(sized: Sequence[Sized], peers: Peers) -> None:
    rivals = [name for name in ("openpyxl", "wolfxl", "LibreOffice") if name in sized[0].runs]
    print("\nTime, by that of a refresh (above 1: slower than a refresh)\n")
    head = [f"{name}, times a refresh" for name in rivals]
    floors = ["a refresh, times the floor", "processor time", "times the floor in threads"]
    _print_head(["rows x 33 columns", *head, *floors])
    for each in sized:
        ours = each.runs["refresh"]
        floor = each.runs.get(WITH_STRINGS, each.runs[FLOOR])
        _print_row(
            _name(each),
            *(_ratio(each.runs[name].seconds / ours.seconds) for name in rivals),
            _ratio(ours.seconds / floor.seconds),
            _ratio(ours.processor / floor.processor),
            _ratio(ours.seconds / each.runs[IN_THREADS].seconds),
        )
    print("\nPeak memory, and the size of what is written by that of what was read\n")
    _print_head(["rows x 33 columns", "sheet as XML", "refresh", *rivals, "output"])
    for each in sized:
        names = ("refresh", *rivals)
        peaks = [f"{each.runs[name].peak / MB:,.0f} MB" for name in names]
        xml = f"{each.inflated / MB:,.1f} MB"
        _print_row(_name(each), xml, *peaks, f"{each.output / each.source:.3f}")
    print("\nGrowth of processor time with the rows: exponents (1: in step)\n")
    names = ["refresh", *rivals, FLOOR]
    _print_head(["from", "to", *names])
    for few, many in pairwise(sized):
        if few.strings == many.strings:
            powers = (_exponent(few, many, name) for name in names)
            _print_row(_name(few), _name(many), *powers)
    slowest = max(run.spread for each in sized for run in each.runs.values())
    print(f"\nThe slowest of equal runs took {slowest:.2f} times as long as the fastest.")
    for said in peers.skipped:
        print(f"Left out: {said}.")


def _name(each: Sized) -> str:
    return f"{each.rows:,}" + (" (shared strings)" if each.strings == "shared" else "")


def _exponent(few: Sized, many: Sized, name: str) -> str:
    times = many.runs[name].processor / few.runs[name].processor
    return f"{math.log(times) / math.log(many.rows / few.rows):.2f}"


def _print_start(runs: dict[str, Run]) -> None:
    pandas, nothing = runs[PANDAS], runs[NOTHING]
    print("\nCold start, by the time of importing pandas and by that of Python alone\n")
    _print_head(["", "of importing pandas", "processor time", "of `python -c pass`", "peak"])
    for name, each in runs.items():
        _print_row(
            f"`{name}`",
            f"{each.seconds / pandas.seconds:.2f}",
            f"{each.processor / pandas.processor:.2f}",
            _ratio(each.seconds / nothing.seconds),
            f"{each.peak / MB:.0f} MB",
        )


def _print_folder(count: int, runs: dict[int, Run]) -> None:
    first = runs[min(runs)]
    print(f"\nA folder of {count:,} small workbooks, a rota and a budget among them\n")
    _print_head(["jobs", "times as fast", "processor time", "a workbook", "peak of one process"])
    for jobs, each in runs.items():
        _print_row(
            str(jobs),
            f"{first.seconds / each.seconds:.2f}",
            f"{each.processor / first.processor:.2f}",
            f"{each.seconds / count * 1000:.0f} ms",
            f"{each.peak / MB:.0f} MB",
        )


def _print_head(cells: Sequence[str]) -> None:
    _print_row(*cells)
    _print_row(*("---" for _ in cells))


def _print_row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


if __name__ == "__main__":
    main()
