"""Processes run to their end in turns: the best time of each, its peak memory, what it printed.

Why in turns and the best: other work on the machine only ever makes a run slower, and it comes and
goes. What runs by turns meets the same weather, and the best of several runs met the least of it.

Why wait4: it gives the peak of that one process. Linux counts the memory of the process that
starts another into the other's peak, so this one imports nothing that is large.

Why a folder for bytecode: an installed program is compiled once. A checkout may not be, and then
every short run would be measured compiling.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_BYTES = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in


@dataclass(slots=True)
class Run:
    """Some equal runs: their best times, their highest peak, and what the last one said."""

    times: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    peak: int = 0  # bytes
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return min(self.times)

    @property
    def processor(self) -> float:
        """Seconds of it, over all threads and child processes."""
        return min(self.used)

    @property
    def spread(self) -> float:
        """The slowest run by the fastest."""
        return max(self.times) / min(self.times)


def run_in_turns(
    commands: Mapping[str, Sequence[str]],
    times: int,
    *,
    bytecode: Path,
    once: Sequence[str] = (),
    before: Callable[[str], None] = lambda _: None,
) -> dict[str, Run]:
    """Run each command so many times, by turns; those in ``once`` in the first turn only.

    Compiled modules are kept in the folder ``bytecode``. ``before`` is called with the name of each
    run, unmeasured. Raises SystemExit with a command's output where it fails.
    """
    runs = {name: Run() for name in commands}
    for turn in range(times):
        for name, command in commands.items():
            if turn == 0 or name not in once:
                before(name)
                _run_once(command, runs[name], bytecode)
    return runs


def run(command: Sequence[str], times: int = 1, *, bytecode: Path) -> Run:
    """Run one command so many times."""
    return run_in_turns({"": command}, times, bytecode=bytecode)[""]


def _run_once(command: Sequence[str], found: Run, bytecode: Path) -> None:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        found.times.append(time.perf_counter() - start)
        found.used.append(usage.ru_utime + usage.ru_stime)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace").strip()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{text}")
    found.peak = max(found.peak, usage.ru_maxrss * _BYTES)
    last = text.splitlines()[-1] if text else ""
    found.said = json.loads(last) if last.startswith("{") else {}


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module in this interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def say(text: str) -> None:
    """What is being done, apart from what is measured."""
    print(f"... {text}", file=sys.stderr, flush=True)
