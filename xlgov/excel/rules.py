"""Conditional formats of a live sheet, through Excel's own objects (on Windows).

Why formulas are moved: Excel gives and takes the formula of a conditional format as it would read
in the cell that happens to be selected, not in the first cell of its range.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from xlgov.changes import FormatRule
from xlgov.excel.asking import ask, get
from xlgov.grid.cells import Range, parse_address, parse_ranges
from xlgov.grid.sheet import FormatRange
from xlgov.ooxml.formula import moved
from xlgov.ooxml.rules import marked_formula, own_test

if TYPE_CHECKING:
    from xlwings import Sheet

_EXPRESSION = 2  # xlExpression
_KINDS = {1: "cellIs", 2: "expression", 3: "colorScale", 4: "dataBar", 5: "top10", 6: "iconSet"}
_A1, _R1C1 = 1, -4150
_NONE = -4142  # xlNone, xlLineStyleNone
_CONTINUOUS, _DASHED, _DOTTED, _DOUBLE = 1, -4115, -4118, -4119
_THIN, _MEDIUM, _THICK = 2, -4138, 4
_LINES = {
    "thin": (_CONTINUOUS, _THIN),
    "medium": (_CONTINUOUS, _MEDIUM),
    "thick": (_CONTINUOUS, _THICK),
    "dashed": (_DASHED, _THIN),
    "dotted": (_DOTTED, _THIN),
    "double": (_DOUBLE, _THICK),
}
_LONGEST_ADDRESS = 240  # Excel takes 255 characters
_SIDES = (-4131, -4152, -4160, -4107)  # xlLeft, xlRight, xlTop, xlBottom


def read_rules(sheet: Sheet) -> tuple[tuple[FormatRange, ...], tuple[FormatRule, ...]] | None:
    """Every conditional format of a sheet, and those of ours; None where Excel gives none."""
    conditions = ask(lambda: sheet.api.Cells.FormatConditions)
    count = None if conditions is None else ask(lambda: int(conditions.Count))
    if conditions is None or count is None:
        return None
    ranges, ours = [], []
    for number in range(1, count + 1):
        condition = conditions.Item(number)
        area = _area_of(condition)
        kind = _KINDS.get(condition.Type, "other")
        formula = _formula_of(sheet, condition, area) if kind == "expression" else ""
        found = own_test(formula)
        ranges.append(FormatRange(sheet.name, parse_ranges(area), kind, found is not None, formula))
        if found is not None:
            ours.append(_as_rule(sheet.name, area, found, condition))
    return tuple(ranges), tuple(ours)


def _formula_of(sheet: Sheet, condition: Any, area: str) -> str:
    """The formula of a condition in the first cell of its range; "" where Excel gives none."""
    raw = _raw_formula(condition)
    if own_test(raw) is None:
        return raw  # of the office's own rules only that they stand is asked
    return _moved_home(sheet, raw, area)


def _raw_formula(condition: Any) -> str:
    try:
        return str(condition.Formula1).removeprefix("=")
    except Exception:  # Excel refuses that of a rule whose reference is gone: it is not ours
        return ""


def _area_of(condition: Any) -> str:
    """The ranges of a condition, with spaces between; Excel cuts a long address short."""
    whole = condition.AppliesTo
    text = str(whole.Address)
    if len(text) > _LONGEST_ADDRESS:
        areas = whole.Areas
        text = " ".join(str(areas(number).Address) for number in range(1, int(areas.Count) + 1))
    return text.replace("$", "").replace(",", " ")


def _as_rule(sheet: str, area: str, found: tuple[str, str], condition: Any) -> FormatRule:
    ink = condition.Font.Color
    filled = get(condition.Interior, "ColorIndex") != _NONE
    fill = condition.Interior.Color if filled else None
    line = ask(lambda: condition.Borders(_SIDES[0]).LineStyle)
    code = ask(lambda: condition.NumberFormat)
    return FormatRule(
        sheet,
        area,
        found[0],
        fill=None if fill is None else _rgb(fill),
        font_color=None if ink is None else _rgb(ink),
        bold=True if condition.Font.Bold else None,
        border=None if line in (None, _NONE) else "thin",
        kind=found[1],
        number_format=code if isinstance(code, str) and code != "General" else None,
    )


def _rgb(color: float) -> str:
    """Excel counts colours blue, green, red."""
    number = int(color)
    return f"{number & 255:02X}{number >> 8 & 255:02X}{number >> 16 & 255:02X}"


def _bgr(rgb: str) -> int:
    return int(rgb[4:6] + rgb[2:4] + rgb[0:2], 16)


def replace_rules(sheet: Sheet, kinds: Collection[str], rules: Sequence[FormatRule]) -> None:
    """Put these conditional formats of ours in place of those of these kinds."""
    _remove_rules(sheet, kinds)
    _add_rules(sheet, rules)


def _remove_rules(sheet: Sheet, kinds: Collection[str]) -> None:
    """Delete the conditional formats of ours of these kinds, the last first."""
    conditions = sheet.api.Cells.FormatConditions
    for number in range(int(conditions.Count), 0, -1):
        condition = conditions.Item(number)
        if condition.Type != _EXPRESSION:
            continue
        found = own_test(_raw_formula(condition))
        if found is not None and found[1] in kinds:
            condition.Delete()


def _add_rules(sheet: Sheet, rules: Sequence[FormatRule]) -> None:
    """Add conditional formats behind all that stand."""
    for rule in rules:
        ranges = parse_ranges(rule.range)
        home = min(r.top for r in ranges), min(r.left for r in ranges)
        formula = "=" + _moved_away(sheet, marked_formula(rule), home)
        for area in _addresses(ranges):
            conditions = sheet.range(area).api.FormatConditions
            condition = conditions.Add(Type=_EXPRESSION, Formula1=formula)
            condition.StopIfTrue = False
            condition.SetLastPriority()
            _paint(condition, rule)


def _paint(condition: Any, rule: FormatRule) -> None:
    if rule.fill:
        condition.Interior.Color = _bgr(rule.fill)
    if rule.font_color:
        condition.Font.Color = _bgr(rule.font_color)
    if rule.bold is not None:
        condition.Font.Bold = rule.bold
    if rule.number_format:
        condition.NumberFormat = rule.number_format
    if rule.border:
        style, weight = _LINES.get(rule.border, _LINES["thin"])
        for side in _SIDES:
            condition.Borders(side).LineStyle = style
            if weight == _THIN:  # the only weight that the border of a rule may have
                condition.Borders(side).Weight = weight


def _addresses(ranges: Sequence[Range]) -> list[str]:
    """Ranges as addresses that Excel takes: with commas, and not too long."""
    texts: list[str] = []
    for area in map(str, ranges):
        # Excel gives them back with a $ before every column and row.
        if texts and _length(texts[-1]) + _length(area) < _LONGEST_ADDRESS:
            texts[-1] += f",{area}"
        else:
            texts.append(area)
    return texts


def _length(text: str) -> int:
    return len(text) + 2 + sum(2 for letter in text if letter in ",:") + 1


def _active_cell(sheet: Sheet) -> tuple[int, int]:
    cell = ask(lambda: sheet.book.app.api.ActiveCell)
    return (1, 1) if cell is None else parse_address(str(cell.Address).replace("$", ""))


def _moved_home(sheet: Sheet, formula: str, area: str) -> str:
    """A formula as it reads in the first cell of its range."""
    ranges = parse_ranges(area)
    home = min(r.top for r in ranges), min(r.left for r in ranges)
    return _moved(sheet, formula, _active_cell(sheet), home)


def _moved_away(sheet: Sheet, formula: str, home: tuple[int, int]) -> str:
    return _moved(sheet, formula, home, _active_cell(sheet))


def _moved(sheet: Sheet, formula: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    try:
        return moved(formula, end[0] - start[0], end[1] - start[1])
    except ValueError:  # beyond the edge, where Excel goes on at the other side
        cells = sheet.api.Cells
        convert = sheet.book.app.api.ConvertFormula
        way = convert(
            Formula=f"={formula}",
            FromReferenceStyle=_A1,
            ToReferenceStyle=_R1C1,
            RelativeTo=cells(*start),
        )
        back = convert(
            Formula=way, FromReferenceStyle=_R1C1, ToReferenceStyle=_A1, RelativeTo=cells(*end)
        )
        return str(back).removeprefix("=")
