"""One process run to its end: wall time, peak memory, what it printed.

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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_BYTES = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in


@dataclass(frozen=True, slots=True)
class Run:
    """The median times and the highest peak of some equal runs, and what the last one said."""

    seconds: float
    processor: float  # seconds of it, over all threads
    spread: float  # slowest by fastest
    peak: int  # bytes
    said: dict[str, Any]


def run(command: Sequence[str], times: int = 1, *, bytecode: Path) -> Run:
    """Run a command so many times. Raises SystemExit with its output where it fails.

    Compiled modules are kept in the folder ``bytecode``: a first run, not counted, fills it.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken: list[float] = []
    used: list[float] = []
    peak = 0
    said: dict[str, Any] = {}
    for _ in range(times):
        with tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
            _, status, usage = os.wait4(process.pid, 0)
            taken.append(time.perf_counter() - start)
            used.append(usage.ru_utime + usage.ru_stime)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{text}")
        peak = max(peak, usage.ru_maxrss * _BYTES)
        last = text.splitlines()[-1] if text else ""
        said = json.loads(last) if last.startswith("{") else {}
    return Run(median(taken), median(used), max(taken) / min(taken), peak, said)


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module in this interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]
