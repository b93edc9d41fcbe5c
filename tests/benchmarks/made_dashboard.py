"""A dashboard of any length with its monthly readings: counts, rates in two rows, averages.

Why last month's figures: a refresh after a month's readings came in corrects nearly every cell, and
that is the one that people wait for. The same sizes give the same workbook each time.

Run as a process of its own: ``make INDICATORS MONTHS FILE`` leaves ``FILE.json`` beside the
workbook with what the dashboard should show; ``check FILE JSON`` compares a refreshed one with it.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

SHEET, READINGS = "Dashboard", "Readings"
LAST = (2018, 3)
_THEMES = (
    *("Victims", "Offenders", "Community", "Transformation", "Roads", "Contact", "Custody"),
    *("Neighbourhoods", "Cyber", "Finance"),
)
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KINDS = ("count", "count", "rate", "count", "average", "count", "rate", "count")
_HEADER_ROW = 4  # as Excel counts
_HEADINGS = (
    *("v 1yr avg", "v 3yr avg", "FYTD", "FYTD - 1 yr", "Rolling 12 months", "Baseline"),
    *("Perf v Benchmark", "MSF"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """An indicator: its readings, or numerators and denominators, in time order."""

    name: str
    theme: str
    kind: str
    above: Sequence[float]
    below: Sequence[int] = ()

    def figure(self, ago: int, length: int) -> float:
        """The figure of the months that end so many months before the last."""
        end = len(self.above) - ago
        total = math.fsum(self.above[end - length : end])
        if self.kind == "rate":
            return total / sum(self.below[end - length : end])
        return total / length if self.kind == "average" else total

    def figures(self, ago: int) -> list[float | None]:
        """A row of the dashboard, ``ago`` months before the last; None for comparisons."""
        in_year = (LAST[1] - 4 - ago) % 12 + 1
        months = [self.figure(ago + 12 * years, 1) for years in range(4)]
        windows = [self.figure(ago, in_year), self.figure(ago + 12, in_year)]
        windows += [self.figure(ago, 12), self.figure(ago + in_year, 12)]
        return [*months, None, None, *windows, None, None]


def make_indicators(count: int, months: int) -> list[Made]:
    chance = random.Random(f"{count} x {months}")
    made = []
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        theme = _THEMES[number * len(_THEMES) // count]
        name = f"{theme} measure {number:03d} - {kind}"
        level, drift = chance.uniform(20, 900), chance.uniform(-0.2, 0.2)
        usual = [level * (1 + drift * step / months) for step in range(months)]
        if kind == "average":
            above: list[float] = [round(chance.gauss(each / 40, 1), 1) for each in usual]
            made.append(Made(name, theme, kind, above))
            continue
        counts = [max(0, round(chance.gauss(each, each**0.5))) for each in usual]
        if kind == "count":
            made.append(Made(name, theme, kind, counts))
        else:
            share = chance.uniform(0.1, 0.9)
            above = [round(each * share) for each in counts]
            made.append(Made(name, theme, kind, above, [max(each, 1) for each in counts]))
    return made


def make_dashboard(path: Path, count: int, months: int) -> None:
    """Write the workbook as of the last month, with the figures of the month before."""
    indicators = make_indicators(count, months)
    shown: dict[str, float] = {}
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format(
            {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#DDDDDD"}
        )
        styles = {
            kind: book.add_format({"num_format": code, "border": 1})
            for kind, code in (("count", "#,##0"), ("rate", "0.0%"), ("average", "0.0"))
        }
        sheet.write("A1", "Performance dashboard as at 31 March 2018", head)
        old = [f"Feb-{year}" for year in (18, 17, 16, 15)]
        sheet.write_row(_HEADER_ROW - 1, 0, ["Indicator", *old, *_HEADINGS], head)
        row, theme = _HEADER_ROW, ""
        for each in indicators:
            if each.theme != theme:
                theme = each.theme
                sheet.write(row, 0, theme, head)
                row += 1
            sheet.write(row, 0, each.name)
            for column, (before, after) in enumerate(
                zip(each.figures(1), each.figures(0), strict=True), start=1
            ):
                is_peers = column == len(_HEADINGS) + 4
                word = "-" if is_peers else "Comparable"
                sheet.write(row, column, word if before is None else before, styles[each.kind])
                if after is not None:
                    shown[f"{chr(65 + column)}{row + 1}"] = after
            row += 1
        _write_readings(book.add_worksheet(READINGS), indicators, months)
    path.with_suffix(".json").write_text(json.dumps({"sheet": SHEET, "stale": [], "shown": shown}))


def _write_readings(sheet: Any, indicators: Sequence[Made], months: int) -> None:
    last = LAST[0] * 12 + LAST[1] - 1
    over = [divmod(number, 12) for number in range(last - months + 1, last + 1)]
    headings = [f"{_NAMES[month]}-{year % 100:02d}" for year, month in over]
    sheet.write_row(0, 0, ["Theme", "Indicator", "Measure", "Combine", *headings])
    row = 0
    for each in indicators:
        row += 1
        combine = "mean" if each.kind == "average" else ""
        part = "Numerator" if each.below else "Value"
        sheet.write_row(row, 0, [each.theme, each.name, part, combine, *each.above])
        if each.below:
            row += 1
            sheet.write_row(row, 0, [each.theme, each.name, "Denominator", "", *each.below])


def check_dashboard(path: Path, expected: Path) -> dict[str, int]:
    """How many figures a refreshed dashboard shows. Raises SystemExit where one is wrong."""
    from openpyxl import load_workbook

    shown = json.loads(expected.read_text())["shown"]
    sheet = load_workbook(path)[SHEET]
    wrong = [
        address
        for address, figure in shown.items()
        if not isinstance(sheet[address].value, int | float)
        or not math.isclose(sheet[address].value, figure, rel_tol=1e-9)
    ]
    if wrong:
        raise SystemExit(f"{len(wrong)} of {len(shown)} figures are wrong: {', '.join(wrong[:5])}")
    return {"figures": len(shown)}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make_dashboard(Path(sys.argv[4]), int(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(check_dashboard(Path(sys.argv[2]), Path(sys.argv[3]))))
