"""How long a small refresh takes from a cold start, against Python alone and importing pandas.

Why it matters: the button in Excel and a run over a folder start the program for one small file at
a time, and people wait for it. A refresh of a small register must cost less than a mere import of
the library that reads tables, so that library is imported only where a path needs it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.benchmarks.measure import Run, python, run_in_turns, say

SAMPLE = Path(__file__).parents[2] / "workbooks" / "strategic-risk-register.xlsx"
NOTHING, PANDAS = "python -c pass", 'python -c "import pandas"'
REFRESH = "xlgov refresh, 16 risks"


def measure_start(folder: Path, turns: int) -> dict[str, Run]:
    """The sample register refreshed by the command line, and what it is compared with."""
    say("cold start")
    source = folder / SAMPLE.name
    shutil.copy(SAMPLE, source)
    commands = {
        NOTHING: [sys.executable, "-c", "pass"],
        "xlgov --help": python("xlgov", "--help"),
        REFRESH: python("xlgov", "refresh", source, "--out", folder / "started"),
        'python -c "import openpyxl"': [sys.executable, "-c", "import openpyxl"],
        PANDAS: [sys.executable, "-c", "import pandas"],
    }
    run_in_turns(commands, 1, bytecode=folder / "bytecode")
    return run_in_turns(commands, turns, bytecode=folder / "bytecode")
