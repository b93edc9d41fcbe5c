"""The grey of a significant change, and better or worse where the office has switched that on.

Why the cells and not a rule over all of them: whether a change is significant is told by its test
or by the control chart, which no formula in a cell can tell. So each rule stands on exactly the
cells that it is true of, and a refresh moves it. Grey that the office laid by hand is never
touched, and where the office has rules of its own on these cells, none of ours is added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from xlgov.changes import FormatRule
from xlgov.grid.cells import Range
from xlgov.grid.sheet import Workbook, has_own_rules
from xlgov.kpi.computation import Computation
from xlgov.kpi.dashboard import Row
from xlgov.kpi.headings import Meaning
from xlgov.kpi.verdict import judge
from xlgov.settings.values import Settings

SIGNIFICANT = "significant"
BETTER, WORSE = "better", "worse"
# Settings may give these names other shades.
SHADES = {SIGNIFICANT: "BFBFBF", BETTER: "00703C", WORSE: "B10E1E"}
_MARKS = {BETTER: "\u2714", WORSE: "\u2718"}  # in the symbol fonts of Windows and macOS

Cell = tuple[int, int]
Look = tuple[bool, str]  # whether grey, and better, worse or ""


class Shading:
    """The comparison cells of each look, gathered row by row, and the rules that they make.

    One rule per look and not one per fact: LibreOffice shows only the first rule that is true.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._cells: dict[str, dict[Look, set[Cell]]] = defaultdict(lambda: defaultdict(set))

    def add(self, row: Row, meaning: Meaning, computation: Computation) -> None:
        """Note a comparison cell: whether it is significant, and better or worse."""
        outcome = computation.result(meaning).outcome
        if outcome is None:
            return
        judged = None
        if self.settings.judgement in ("font", "icon"):
            judged = judge(outcome, computation.indicator.direction)
        look = (computation.is_significant(meaning), judged or "")
        self._cells[row.sheet][look].add((row.row, row.section.columns[meaning]))

    def rules(self, workbook: Workbook) -> tuple[list[FormatRule], list[str]]:
        """The rules, and a remark for each sheet where the office has its own."""
        rules: list[FormatRule] = []
        remarks = []
        for sheet, looks in self._cells.items():
            every = set().union(*looks.values())
            if has_own_rules(every, workbook.formats(sheet)):
                remarks.append(f"{sheet} has its own colours on the comparisons; none were added")
                continue
            rules += [
                self._rule(sheet, look, looks[look])
                for look in sorted(looks, reverse=True)
                if look != (False, "")
            ]
        return rules, remarks

    def _rule(self, sheet: str, look: Look, cells: Collection[Cell]) -> FormatRule:
        grey, judged = look
        in_font = judged and self.settings.judgement == "font"
        return FormatRule(
            sheet,
            " ".join(map(str, join_cells(cells))),
            "TRUE",  # the range says it all
            fill=self._shade(SIGNIFICANT) if grey else None,
            font_color=self._shade(judged) if in_font else None,
            number_format=f'@" {_MARKS[judged]}"' if judged and not in_font else None,
            kind="-".join(part for part in (SIGNIFICANT if grey else "", judged) if part),
        )

    def _shade(self, name: str) -> str:
        return self.settings.colors.get(name) or SHADES[name]


def join_cells(cells: Iterable[Cell]) -> list[Range]:
    """Rectangles that hold exactly these cells, from the top: rows first, then equal rows.

    >>> [str(each) for each in join_cells([(5, 2), (5, 3), (6, 2), (6, 3), (8, 2)])]
    ['B5:C6', 'B8']
    """
    spans: list[tuple[int, int, int]] = []
    for row, column in sorted(cells):
        if spans and spans[-1][0] == row and spans[-1][2] == column - 1:
            spans[-1] = (row, spans[-1][1], column)
        else:
            spans.append((row, column, column))
    joined: dict[tuple[int, int], list[Range]] = {}
    for row, left, right in spans:
        stack = joined.setdefault((left, right), [])
        if stack and stack[-1].bottom == row - 1:
            stack[-1] = Range(stack[-1].top, left, row, right)
        else:
            stack.append(Range(row, left, row, right))
    return sorted(each for stack in joined.values() for each in stack)
