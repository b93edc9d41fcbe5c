"""Fuzz the readers: ``python -m tests.fuzz.run [TARGET ...] [--seconds 60]``.

With atheris installed the search is guided by coverage; without it the same inputs are changed at
random. Each target runs in a process of its own, so that an input which hangs, or takes 500 MB more
than there was at the beginning, ends that process alone. Such an input is tried again by itself,
without the fuzzer, which makes everything several times slower: one that then takes more than 5
seconds of the processor is a finding too. Findings are written to ``--keep`` (one input of each
kind, and what was raised), and the exit code is then 1.

A finding is mended, made smaller, and put into ``tests/fuzz/regressions/TARGET/``: the tests replay
all that is there.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.seeds import ROOT, seeds

NAMES = ("package", "sheet", "strings", "settings_text", "settings_sheet", "workbook")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    parser.add_argument("--seconds", type=float, default=60, help="for all targets together")
    parser.add_argument("--keep", type=Path, default=ROOT / ".fuzz", metavar="DIR", help="findings")
    parser.add_argument("--seed", type=int, default=None, help="chance; without it: the clock")
    options = parser.parse_args(arguments)
    names = options.targets or list(NAMES)
    unknown = {*names} - {*NAMES}
    if unknown:
        parser.error(f"unknown targets: {', '.join(sorted(unknown))}")
    guided = importlib.util.find_spec("atheris") is not None
    print("guided by coverage" if guided else "at random: no atheris here", flush=True)
    seed = time.time_ns() // 1000 % 2**31 if options.seed is None else options.seed
    found = 0
    for name in names:
        found += _fuzz(name, options.seconds / len(names), options.keep / name, seed)
    return 1 if found else 0


def _fuzz(name: str, seconds: float, folder: Path, seed: int) -> int:
    """Search for that long, again after each input that ended the process; how many findings."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for label, content in seeds(name):
        (corpus / f"seed-{label}").write_bytes(content)
    before = {path.name for path in folder.glob("finding-*")}
    until = time.monotonic() + seconds
    executions = 0
    while (left := until - time.monotonic()) > 1:
        seed += 1
        done = _child(name, "search", str(folder), f"{left:.0f}", str(seed))
        counted = re.findall(r"number_of_executed_units:\s+(\d+)", done.stderr)
        executions += int(counted[-1]) if counted else 0
        if done.returncode == 0:
            break
        if not counted and time.monotonic() - until + left < 2:  # it did not even begin
            print(done.stderr[-3000:])
            return 1
    _judge(name, folder)
    now = sorted({path.name for path in folder.glob("finding-*.txt")} - before)
    print(f"{name}: {executions:,} executions, {len(now)} findings", flush=True)
    for path in now:
        print(f"  {folder / path}: {(folder / path).read_text().strip().splitlines()[-1][:200]}")
    return len(now)


def _child(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz.search", name, *arguments]
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="xlgov-fuzz-", dir=place) as folder:
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, "TMPDIR": folder}, capture_output=True, text=True
        )


def _judge(name: str, folder: Path) -> None:
    """What was slow, or ended the process, tried once more by itself; findings are what still is.

    An input that took too much memory is one in any case.
    """
    for path in (each for kind in ("timeout", "crash", "slow", "oom") for each in
                 sorted(folder.glob(f"{kind}-*"))):  # fmt: skip
        done = _child(name, "replay", str(path))
        if done.returncode or path.name.startswith("oom"):
            said = f"{done.stderr}\n{path.name}: ended with {done.returncode}, slow or large"
            (folder / f"finding-{path.name}.txt").write_text(said)
            path.rename(folder / f"finding-{path.name}.input")
        else:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
