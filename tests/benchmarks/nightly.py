"""A folder of small workbooks refreshed by one process and by two.

Why copies of a few registers, and a rota and a budget among them: so a folder looks at night, and
what is no register has to be looked at as well before it is left alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.benchmarks.measure import Run, python, run_in_turns, say
from tests.benchmarks.sizes import made

_DIFFERENT = 12  # registers of 16 risks and more


def measure_folder(folder: Path, count: int, jobs: list[int], turns: int) -> dict[int, Run]:
    """``xlgov refresh FOLDER --out DIR --jobs N`` over so many workbooks, by the number of jobs."""
    nightly, out = folder / f"nightly-{count}", folder / "refreshed"
    if not nightly.exists():
        _fill(folder, nightly, count)
    say(f"{count:,} workbooks")
    commands = {
        str(n): python("xlgov", "refresh", nightly, "--out", out, "--jobs", n) for n in jobs
    }

    def clear(_: str) -> None:
        shutil.rmtree(out, ignore_errors=True)

    found = run_in_turns(commands, turns, bytecode=folder / "bytecode", before=clear)
    written = len(list(out.rglob("*.xlsx")))
    if written != count:
        raise SystemExit(f"{written} workbooks were written, not {count}")
    return {int(n): each for n, each in found.items()}


def _fill(folder: Path, nightly: Path, count: int) -> None:
    import xlsxwriter

    registers = [made(folder, 16 + more, "shared") for more in range(_DIFFERENT)]
    nightly.mkdir(parents=True)
    for name, headings in (
        ("rota", ["Officer", "Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("budget", ["Account", "Budget", "Actual", "Variance", "Forecast"]),
    ):
        with xlsxwriter.Workbook(nightly / f"{name}.xlsx") as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, headings)
            for row in range(1, 41):
                sheet.write_row(row, 0, [f"Line {row}", *range(row, row + len(headings) - 1)])
    for number in range(count - 2):
        shutil.copy(registers[number % _DIFFERENT], nightly / f"register-{number:05}.xlsx")
