"""Conditional formats as the file has them: the rule, where it applies, and its place in the order.

Loaded with openpyxl. A formula is kept as it reads in the first cell of its ranges, as the file has
it; what COM says of it is the business of com_conditions.py. Rules of the newer kind (x14) are not
seen by openpyxl and so not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from shown_color import rgb_of

# Microsoft, "XlFormatConditionType enumeration"
TYPES = {
    "cellIs": 1,
    "expression": 2,
    "colorScale": 3,
    "dataBar": 4,
    "top10": 5,
    "iconSet": 6,
    "duplicateValues": 8,
    "uniqueValues": 8,
    "containsText": 9,
    "notContainsText": 9,
    "beginsWith": 9,
    "endsWith": 9,
    "containsBlanks": 10,
    "timePeriod": 11,
    "aboveAverage": 12,
    "notContainsBlanks": 13,
    "containsErrors": 16,
    "notContainsErrors": 17,
}
Area = tuple[int, int, int, int]  # top, left, bottom, right
OPERATORS = (
    *("between", "notBetween", "equal", "notEqual", "greaterThan", "lessThan"),
    *("greaterThanOrEqual", "lessThanOrEqual"),
)


@dataclass(slots=True, eq=False)
class RuleModel:
    """One conditional format."""

    kind: str
    areas: list[Area]
    formulas: list[str] = field(default_factory=list)  # without ``=``
    operator: str | None = None
    stop_if_true: bool = False
    fill: str | None = None
    font_color: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    number_format: str | None = None
    borders: dict[str, str] = field(default_factory=dict)  # side to line style
    original: Any = None  # openpyxl's rule, written back where nothing changed

    @property
    def home(self) -> tuple[int, int]:
        """The cell that the formula is relative to."""
        return min(each[0] for each in self.areas), min(each[1] for each in self.areas)


def load_rules(sheet: Any, theme: list[str]) -> list[RuleModel]:
    """The rules of an openpyxl sheet, the first to be looked at first."""
    found = []
    for ranges in sheet.conditional_formatting:
        areas = [(a.min_row, a.min_col, a.max_row, a.max_col) for a in ranges.sqref.ranges]
        # openpyxl keeps ranges in a set; the file's order has the first cell first in practice.
        found += [(rule.priority, _rule(rule, sorted(areas), theme)) for rule in ranges.rules]
    return [rule for _, rule in sorted(found, key=lambda each: each[0])]


def _rule(rule: Any, areas: list[Area], theme: list[str]) -> RuleModel:
    made = RuleModel(rule.type, areas, list(rule.formula or ()), rule.operator, original=rule)
    made.stop_if_true = bool(rule.stopIfTrue)
    style = rule.dxf
    if style is None:
        return made
    if style.fill is not None:
        made.fill = rgb_of(style.fill.bgColor, theme) or rgb_of(style.fill.fgColor, theme)
    if style.font is not None:
        made.font_color = rgb_of(style.font.color, theme)
        made.bold, made.italic = style.font.b, style.font.i
        made.underline = None if style.font.u is None else style.font.u != "none"
    if style.numFmt is not None:
        made.number_format = style.numFmt.formatCode
    if style.border is not None:
        for side in ("left", "right", "top", "bottom"):
            line = getattr(style.border, side)
            if line is not None and line.style:
                made.borders[side] = line.style
    return made


def file_rule(rule: RuleModel) -> Any:
    """The rule for openpyxl to write."""
    if rule.original is not None:
        return rule.original
    lines: dict[str, Any] = {side: _line(style) for side, style in rule.borders.items()}
    font = Font(b=rule.bold, i=rule.italic, color=rule.font_color and "FF" + rule.font_color)
    style = DifferentialStyle(
        font=font,
        fill=PatternFill(bgColor="FF" + rule.fill) if rule.fill else None,
        border=Border(**lines) if lines else None,
        numFmt=NumberFormat(164, rule.number_format) if rule.number_format else None,
    )
    kind: Any = rule.kind
    operator: Any = rule.operator
    return Rule(
        kind,
        dxf=style,
        operator=operator,
        formula=list(rule.formulas),
        stopIfTrue=rule.stop_if_true or None,
    )


def _line(style: Any) -> Side:
    return Side(style=style)
