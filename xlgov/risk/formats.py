"""Colours by rule: native conditional formats for rating cells, one rule per band and column.

Why a rule never spans two columns: its formula is relative to the first cell of its range, and
with one column there is no doubt which cell that is. Why the test asks for a number: a blank
counts as 0 and a text as more than any number, and neither is a rating. Where the office already
has rules of its own on these cells, its colours stand and none are added.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from xlgov.changes import FormatRule
from xlgov.grid.cells import Range, address, column_letters
from xlgov.grid.sheet import FormatRange, Workbook
from xlgov.risk.assessment import ASSESSMENTS, AssessmentName
from xlgov.risk.register import Register, Risk
from xlgov.risk.scale import Scheme
from xlgov.risk.words import word_key
from xlgov.settings.values import Band, Settings, readable_on

_BORDER = "thin"
# Rules that show something other than the level of a rating.
_NO_BANDS = frozenset(
    {
        *("dataBar", "iconSet", "duplicateValues", "uniqueValues", "timePeriod"),
        *("containsBlanks", "notContainsBlanks", "containsErrors", "notContainsErrors"),
    }
)
_ROW_STRIPES = re.compile(r"\b(?:ROW|COLUMN)\s*\(", re.IGNORECASE)


@dataclass(slots=True)
class _Cells:
    """The rating cells of one assessment in one column of one sheet."""

    sheet: str
    column: int
    name: AssessmentName
    is_table: bool
    rows: list[int] = field(default_factory=list)
    has_text: bool = False
    has_labels: bool = False
    levels: int = 0

    @property
    def range(self) -> str:
        letters = column_letters(self.column)
        if self.is_table:
            return str(Range(self.rows[0], self.column, self.rows[-1], self.column))
        return " ".join(f"{letters}{row}" for row in self.rows)

    @property
    def first(self) -> str:
        return address(self.rows[0], self.column)

    def test(self, lower: str, upper: str = "") -> str:
        """A formula that is true for numbers within limits such as ``>=14`` and ``<=19``."""
        cell = self.first
        if self.has_text:
            number = _number_in(cell, self.has_labels)
            limits = [f"{number}{lower}", *([f"{number}{upper}"] if upper else [])]
            return f"AND({','.join(limits)})" if len(limits) > 1 else limits[0]
        limits = [f"ISNUMBER({cell})", f"{cell}{lower}", *([f"{cell}{upper}"] if upper else [])]
        return f"AND({','.join(limits)})"


def make_formats(
    workbook: Workbook,
    register: Register,
    scheme: Scheme,
    settings: Settings,
    calculated: Collection[tuple[str, str]] = (),
) -> tuple[list[FormatRule], list[str]]:
    """The rules of a register, always in full and in the same order; and remarks.

    A scheme without bands gives no colours; without a tolerance, no bold. ``calculated`` are the
    (sheet, address) of cells that become formulas, whose texts are texts no longer.
    """
    rules: list[FormatRule] = []
    remarks: list[str] = []
    theirs: dict[str, list[str]] = defaultdict(list)
    existing = {sheet: workbook.formats(sheet) for sheet in register.sheets}
    for cells in _rating_cells(register, calculated):
        if _has_own_rules(cells, existing[cells.sheet]):
            theirs[cells.sheet].append(cells.name)
            continue
        coloured = _band_rules(cells, scheme, settings)
        rules.extend(coloured or _tolerance_rule(cells, scheme))
    for sheet, names in theirs.items():
        which = " and ".join(dict.fromkeys(names))
        remarks.append(
            f"{sheet}: {which} rating cells already have the office's own colours; none added"
        )
    return rules, remarks


def _rating_cells(register: Register, calculated: Collection[tuple[str, str]]) -> list[_Cells]:
    """Rating cells by sheet, assessment and column, each with its rows in order."""
    found: dict[tuple[str, str, int], _Cells] = {}
    for risk in register.risks:
        for name in ASSESSMENTS:
            place = risk.record.at(f"{name}.rating")
            if place is None:
                continue
            key = (risk.sheet, name, place[1])
            cells = found.get(key)
            if cells is None:
                is_table = bool(risk.record.row)
                cells = found[key] = _Cells(risk.sheet, place[1], name, is_table)
            cells.rows.append(place[0])
            if not calculated or (risk.sheet, address(*place)) not in calculated:
                _look_at_text(cells, risk, name)
    for cells in found.values():
        cells.rows.sort()
    return list(found.values())


def _look_at_text(cells: _Cells, risk: Risk, name: AssessmentName) -> None:
    assessment = getattr(risk, name)
    score = assessment.rating if assessment else None
    if score is None or not isinstance(score.raw, str):
        return
    if score.number is not None:
        cells.has_text = True
        cells.has_labels = cells.has_labels or bool(word_key(score.raw).strip("0123456789. "))
    elif score.problem and score.problem.kind == "level":
        cells.levels += 1


def _number_in(cell: str, labels: bool) -> str:
    """An expression for the number that a text shows; 0, in no band, where it shows none."""
    plain = f"VALUE({cell})"
    if not labels:
        return f"IFERROR({plain},0)"
    inner = f'VALUE(MID({cell},FIND("(",{cell})+1,FIND(")",{cell})-FIND("(",{cell})-1))'
    first = f'VALUE(LEFT({cell},FIND(" ",{cell})-1))'
    last = f'VALUE(TRIM(RIGHT(SUBSTITUTE({cell}," ",REPT(" ",40)),40)))'
    return f"IFERROR({plain},IFERROR({inner},IFERROR({first},IFERROR({last},0))))"


def _band_rules(cells: _Cells, scheme: Scheme, settings: Settings) -> list[FormatRule]:
    rules = []
    in_words = cells.levels * 2 > len(cells.rows)
    if in_words and scheme.bands_assumed:
        return []  # whether their High is ours is not known
    for band in scheme.bands:
        fill = settings.color(band.color)
        for lowest, highest, above in _cut_at_tolerance(band, cells, scheme, whole=in_words):
            if in_words:
                test = f'{cells.first}="{band.name.replace(chr(34), chr(34) * 2)}"'
            else:
                test = cells.test(f">={lowest}", f"<={highest}")
            rules.append(
                FormatRule(
                    cells.sheet,
                    cells.range,
                    test,
                    fill=fill,
                    font_color=readable_on(fill),
                    bold=True if above else None,
                    border=_BORDER if above else None,
                )
            )
    return rules


def _cut_at_tolerance(
    band: Band, cells: _Cells, scheme: Scheme, whole: bool
) -> list[tuple[int, int, bool]]:
    """(lowest, highest, is above tolerance) of a band, in two where tolerance lies inside it.

    Bold and border are part of the band's own rule, not a second rule over it: LibreOffice shows
    only the first rule that is true.
    """
    if cells.name != "current" or scheme.tolerance is None:
        return [(band.lowest, band.highest, False)]
    first = scheme.tolerance if scheme.inclusive else scheme.tolerance + 1
    if whole or band.highest < first or band.lowest >= first:
        return [(band.lowest, band.highest, band.lowest >= first)]
    return [(band.lowest, first - 1, False), (first, band.highest, True)]


def _tolerance_rule(cells: _Cells, scheme: Scheme) -> list[FormatRule]:
    """Bold and border alone, for a scheme that has a tolerance and no bands."""
    if cells.name != "current" or scheme.tolerance is None:
        return []
    limit = f">={scheme.tolerance}" if scheme.inclusive else f">{scheme.tolerance}"
    test = cells.test(limit)
    return [FormatRule(cells.sheet, cells.range, test, bold=True, border=_BORDER, kind="tolerance")]


def _has_own_rules(cells: _Cells, formats: Sequence[FormatRange]) -> bool:
    """Whether rules of the office colour most of these cells by what they hold.

    One rule alone (a highlight of what is above tolerance) is no set of bands, but a colour
    scale is.
    """
    covered = 0
    rules = [
        rule
        for rule in formats
        if not rule.ours and rule.kind not in _NO_BANDS and not _ROW_STRIPES.search(rule.formula)
    ]
    for row in cells.rows if rules else ():
        on_cell = [
            rule for rule in rules if any((row, cells.column) in each for each in rule.ranges)
        ]
        scales = any(rule.kind == "colorScale" for rule in on_cell)
        covered += scales or len(on_cell) > 1
    return covered * 2 > len(cells.rows)
