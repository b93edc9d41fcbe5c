"""A refresh of a whole dashboard against openpyxl doing no more than load and save.

Why load and save only: whatever computes the columns with openpyxl has to do that first, so it is
the least that the other way can cost. ``xlgov refresh`` is run as people run it, as a program from
a cold start, and what it wrote is compared with figures that were computed apart.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.measure import Run, python, run

MADE = "tests.benchmarks.made_dashboard"
MB = 1_000_000


def main() -> None:
    options = _options()
    with _folder(options.folder) as folder:
        for indicators in options.indicators:
            _compare(folder, indicators, options.months, options.repeats)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.dashboard")
    parser.add_argument("--indicators", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each (median taken)")
    parser.add_argument("--folder", type=Path, help="keep the workbooks there")
    return parser.parse_args()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="xlgov-benchmark-") as name:
        yield Path(name)


def _compare(folder: Path, indicators: int, months: int, repeats: int) -> None:
    source = folder / f"dashboard-{indicators}-{months}.xlsx"
    expected, target = source.with_suffix(".json"), folder / "written.xlsx"
    out = folder / "out"
    bytecode = folder / "bytecode"
    run(python(MADE, "make", indicators, months, source), bytecode=bytecode)
    refresh = python("xlgov", "refresh", source, "--out", out)
    openpyxl = python("tests.benchmarks.contestants", "openpyxl", source, target, expected)
    runs: dict[str, Run] = {}
    for name, command in (("xlgov refresh", refresh), ("openpyxl load + save", openpyxl)):
        print(f"... {indicators} indicators: {name}", file=sys.stderr, flush=True)
        run(command, bytecode=bytecode)
        runs[name] = run(command, repeats, bytecode=bytecode)
    checked = run(python(MADE, "check", out / source.name, expected), bytecode=bytecode)
    ours = runs["xlgov refresh"]
    print(
        f"\n{indicators} indicators x {months} months: {source.stat().st_size / MB:.2f} MB; "
        f"{checked.said['figures']:,} figures right"
    )
    print(f"{'':22}{'refresh takes':>14}{'processor':>11}{'seconds':>9}{'spread':>8}{'peak':>8}")
    for name, each in runs.items():
        ratios = (ours.seconds / each.seconds, ours.processor / each.processor)
        wall, used = ("", "") if each is ours else (f"x {ratios[0]:.2f}", f"x {ratios[1]:.2f}")
        print(
            f"{name:22}{wall:>14}{used:>11}{each.seconds:>9.2f}{each.spread:>8.2f}"
            f"{each.peak / MB:>5.0f} MB"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
