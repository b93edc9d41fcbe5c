"""A refresh against openpyxl and against mere inflating and deflating: ``--help`` says how.

What counts is the ratio of two runs side by side on one machine, so a line of seconds never stands
without what it is compared with. The aims: a tenth of openpyxl's time or less, at most twice that
of inflate and deflate with the same compressor, time that grows with the rows and no faster, under
300 MB at 100,000 rows, output at most a tenth larger than the input.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.measure import Run, python, run
from xlgov.ooxml.rewrite import COMPRESSION_LEVEL

CONTESTANTS = "tests.benchmarks.contestants"
MB = 1_000_000
WORKERS = min(4, os.cpu_count() or 1)  # as many threads as the library uses
REPEATS = ((2_000, 7), (20_000, 5))  # up to so many rows, so many runs; above, three


def main() -> None:
    options = _options()
    results: dict[tuple[str, int], dict[str, Run]] = {}
    with _folder(options.folder) as folder:
        _warm_up(folder)
        for strings in options.strings:
            for rows in options.rows:
                results[strings, rows] = _compare(folder, rows, strings, options)
    for strings in options.strings:
        sized = {rows: results[strings, rows] for rows in options.rows}
        _print_growth(strings, sized)


def _warm_up(folder: Path) -> None:
    """Every program once over a few rows, so that all are compiled before any is measured."""
    source, target = _made(folder, 20, "inline"), folder / "written.xlsx"
    for name, more in (
        ("refresh", ()),
        ("openpyxl", (source.with_suffix(".json"),)),
        ("recompress", ("xl/workbook.xml", COMPRESSION_LEVEL, WORKERS)),
    ):
        _run(folder, python(CONTESTANTS, name, source, target, *more))


def _made(folder: Path, rows: int, strings: str) -> Path:
    """The register of that size; beside it the list of its stale ratings."""
    source = folder / f"register-{rows}-{strings}.xlsx"
    if not source.with_suffix(".json").exists():
        _say(f"making {source.name}")
        _run(folder, python("tests.benchmarks.made_register", rows, strings, source))
    return source


def _run(folder: Path, command: list[str], times: int = 1) -> Run:
    return run(command, times, bytecode=folder / "bytecode")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.refresh")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--strings", nargs="+", choices=("inline", "shared"), default=["inline", "shared"]
    )
    parser.add_argument("--folder", type=Path, help="keep the workbooks there and use them again")
    parser.add_argument("--repeats", type=int, help="runs of each but openpyxl (median taken)")
    parser.add_argument("--without-openpyxl", action="store_true", help="it takes minutes")
    return parser.parse_args()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="xlgov-benchmark-") as name:
        yield Path(name)


def _compare(folder: Path, rows: int, strings: str, options: argparse.Namespace) -> dict[str, Run]:
    source = _made(folder, rows, strings)
    stale = source.with_suffix(".json")
    target = folder / "written.xlsx"
    times = options.repeats or next((n for most, n in REPEATS if rows <= most), 3)
    _say(f"{rows:,} rows, {strings} strings: refresh")
    runs = {"refresh": _run(folder, python(CONTESTANTS, "refresh", source, target), times)}
    _refuse_wrong(runs["refresh"], stale)
    touched = _touched(source, target)
    size = target.stat().st_size / source.stat().st_size
    floors = {"inflate + deflate": (touched, 1), "the same in threads": (touched, WORKERS)}
    if strings == "shared":  # they have to be read, though they do not change
        floors["and the strings"] = ([*touched, "xl/sharedStrings.xml"], 1)
    for name, (parts, workers) in floors.items():
        _say(f"{rows:,} rows, {strings} strings: {name}")
        command = python(
            CONTESTANTS,
            "recompress",
            source,
            target,
            "|".join(parts),
            COMPRESSION_LEVEL,
            workers,
        )
        runs[name] = _run(folder, command, times)
    if not options.without_openpyxl:
        hint = " (minutes, and 2 GB of memory)" if rows > 50_000 else ""
        _say(f"{rows:,} rows, {strings} strings: openpyxl{hint}")
        command = python(CONTESTANTS, "openpyxl", source, target, stale)
        runs["openpyxl"] = _run(folder, command, min(times, 3) if rows <= 20_000 else 1)
    _print_table(source, rows, strings, runs, size)
    return runs


def _refuse_wrong(ours: Run, stale: Path) -> None:
    """A fast refresh that corrects other cells than the stale ones is worth nothing."""
    wanted = sorted(json.loads(stale.read_text())["stale"])
    if ours.said.get("sum") != zlib.crc32(json.dumps(wanted).encode()):
        found = ours.said.get("corrected")
        raise SystemExit(f"the refresh corrected {found} cells; stale are {len(wanted)} others")


def _touched(source: Path, target: Path) -> list[str]:
    """Parts whose content the refresh changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        after = {info.filename: info.CRC for info in new.infolist()}
        return [info.filename for info in old.infolist() if after[info.filename] != info.CRC]


def _print_table(source: Path, rows: int, strings: str, runs: dict[str, Run], size: float) -> None:
    ours = runs["refresh"]
    with zipfile.ZipFile(source) as package:
        inflated = sum(info.file_size for info in package.infolist())
    print(
        f"\n{rows:,} rows x 33 columns, {strings} strings: {source.stat().st_size / MB:.1f} MB, "
        f"{inflated / MB:.0f} MB inflated; {ours.said['corrected']:,} ratings corrected, "
        f"{ours.said['findings']:,} findings; output {size:.3f} of the input's size"
    )
    print(f"{'':24}{'refresh takes':>15}{'processor':>11}{'seconds':>9}{'spread':>8}{'peak':>8}")
    for name, each in runs.items():
        wall, used = (
            ("", "")
            if each is ours
            else (_ratio(ours.seconds, each.seconds), _ratio(ours.processor, each.processor))
        )
        print(
            f"{name:24}{wall:>15}{used:>11}{each.seconds:>9.2f}{each.spread:>8.2f}"
            f"{each.peak / MB:>5.0f} MB"
        )
    sys.stdout.flush()


def _ratio(ours: float, theirs: float) -> str:
    return f"x {ours / theirs:.2f}" if ours * 4 > theirs else f"1/{theirs / ours:.1f}"


def _print_growth(strings: str, sized: dict[int, dict[str, Run]]) -> None:
    """How the time grows: with an exponent of 1 it is in step with the rows."""
    for few, many in pairwise(sorted(sized)):
        for name in ("refresh", "inflate + deflate", "openpyxl"):
            if name in sized[few]:
                times = sized[many][name].processor / sized[few][name].processor
                power = math.log(times) / math.log(many / few)
                print(
                    f"{strings} strings, {few:,} to {many:,} rows, {name}: {times:.1f} times the "
                    f"processor time (exponent {power:.2f})"
                )


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
