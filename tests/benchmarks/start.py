"""How long a small refresh takes from a cold start, against Python alone and importing pandas.

Why it matters: the button in Excel and a run over a folder start the program for one small file at
a time, and people wait for it. A refresh of a small register must cost less than a mere import of
the library that reads tables, so that library is imported only where a path needs it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import python, run

SAMPLE = Path(__file__).parents[2] / "workbooks" / "strategic-risk-register.xlsx"
MB = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.start")
    parser.add_argument("--workbook", type=Path, default=SAMPLE)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xlgov-benchmark-") as name:
        folder = Path(name)
        source = folder / options.workbook.name
        shutil.copy(options.workbook, source)
        refresh = python("xlgov", "refresh", source, "--out", folder / "out")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "xlgov --help": python("xlgov", "--help"),
            f"xlgov refresh {source.name}": refresh,
            'python -c "import openpyxl"': [sys.executable, "-c", "import openpyxl"],
            'python -c "import pandas"': [sys.executable, "-c", "import pandas"],
        }
        runs = {}
        for name, command in commands.items():
            run(command, bytecode=folder)
            runs[name] = run(command, options.repeats, bytecode=folder)
    whole = runs['python -c "import pandas"'].seconds
    print(f"{'':46}{'of pandas':>10}{'ms':>7}{'spread':>8}{'peak':>8}")
    for name, each in runs.items():
        print(
            f"{name:46}{each.seconds / whole:>10.2f}{each.seconds * 1000:>7.0f}"
            f"{each.spread:>8.2f}{each.peak / MB:>5.0f} MB"
        )


if __name__ == "__main__":
    main()
