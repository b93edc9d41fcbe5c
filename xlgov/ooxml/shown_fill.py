"""The colour seen behind a cell: of the first conditional format that holds, else of its own fill.

Why a few forms of rules and not a calculation of formulas: bands are written as limits on a number
or as words, by this library and by offices alike. A rule of any other form is passed over, and so
the colour is that of the next one. A colour scale or an icon has no one colour here.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from xlgov.grid.cells import Range, Value, parse_address
from xlgov.ooxml.markup import Element, is_true, whole_number
from xlgov.ooxml.outline import known_ranges

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Place = tuple[int, int]
Lookup = Callable[[int, int], Value]

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, "<>": operator.ne, ">": operator.gt, "<": operator.lt,
    "=": operator.eq,
}  # fmt: skip
_NAMED = {
    "greaterThanOrEqual": ">=", "lessThanOrEqual": "<=", "notEqual": "<>", "greaterThan": ">",
    "lessThan": "<", "equal": "=",
}  # fmt: skip
_REFERENCE = r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})"
_CELL = re.compile(_REFERENCE)
_TERM = re.compile(rf'({_REFERENCE}|IFERROR\(.*\))(>=|<=|<>|>|<|=)([-+]?[0-9.]+|"(?:[^"]|"")*")')
_IS_NUMBER = re.compile(rf"ISNUMBER\(({_REFERENCE})\)", re.IGNORECASE)
_MARKER = re.compile(r'N\("xlgov:[a-z-]+"\)=0')
_BLANKS = re.compile(r'\s+(?=(?:[^"]*"[^"]*")*[^"]*$)')  # outside quotes


class _Rule(NamedTuple):
    priority: int
    ranges: tuple[Range, ...]
    kind: str
    named: str
    formulas: tuple[str, ...]
    look: int | None
    is_last: bool

    def holds(self, place: Place, lookup: Lookup) -> bool:
        if self.kind == "cellIs":
            return _is(self.named, lookup(*place), [_constant(f) for f in self.formulas])
        if self.kind != "expression" or not self.formulas:
            return False
        first = min((r.top, r.left) for r in self.ranges)
        shift = place[0] - first[0], place[1] - first[1]
        return _is_true(_BLANKS.sub("", self.formulas[0]), shift, lookup)


class Background(NamedTuple):
    """``RRGGBB`` seen behind a cell (None for no colour), and whether a rule colours its text.

    The colour that a rule gives to text goes before the font's own and that of runs.
    """

    fill: str | None
    colors_text: bool = False


def backgrounds(
    workbook: WorkbookFile, sheet: str, styles: Mapping[Place, int]
) -> dict[Place, Background]:
    """What is seen behind these cells, given their style indexes."""
    rules = list(_rules(workbook.outline(sheet).root))
    found: dict[Place, Background] = {}

    def lookup(row: int, column: int) -> Value:
        return workbook.grid(sheet, columns=(column,)).value(row, column)

    for place, style in styles.items():
        fill, color = None, None
        for rule in rules:
            if rule.look is None or not any(place in area for area in rule.ranges):
                continue
            look = workbook.styles.differential(rule.look)
            news = (look.get("fill") and not fill) or (look.get("font_color") and not color)
            if news and rule.holds(place, lookup):
                fill = fill or look.get("fill")
                color = color or look.get("font_color")
                if rule.is_last:
                    break
        shown = fill if isinstance(fill, str) else workbook.fill(style)
        found[place] = Background(shown, bool(color))
    return found


def _rules(root: Element) -> Iterable[_Rule]:
    found = []
    for block in root.all("conditionalFormatting"):
        ranges = known_ranges(block.attributes.get("sqref", ""))
        if is_true(block.attributes.get("pivot")) or not ranges:
            continue
        for rule in block.all("cfRule"):
            found.append(
                _Rule(
                    whole_number(rule.attributes.get("priority")) or 0,
                    ranges,
                    rule.attributes.get("type", ""),
                    rule.attributes.get("operator", ""),
                    tuple(e.full_text().strip().removeprefix("=") for e in rule.all("formula")),
                    whole_number(rule.attributes.get("dxfId")),
                    is_true(rule.attributes.get("stopIfTrue")),
                )
            )
    return sorted(found, key=lambda rule: rule.priority)


def _constant(text: str) -> float | str | None:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return text[1:-1].replace('""', '"')
    try:
        return float(text)
    except ValueError:
        return None


def _is(named: str, value: Value, constants: list[float | str | None]) -> bool:
    if named in ("between", "notBetween") and len(constants) == 2:
        within = _compare(">=", value, constants[0]) and _compare("<=", value, constants[1])
        return within is (named == "between")
    return named in _NAMED and len(constants) == 1 and _compare(_NAMED[named], value, constants[0])


def _compare(sign: str, value: Value, constant: float | str | None) -> bool:
    if isinstance(constant, str) and isinstance(value, str):
        return _TESTS[sign](value.casefold(), constant.casefold())
    if isinstance(constant, float) and isinstance(value, int | float):
        return _TESTS[sign](float(value), constant)
    return False


def _is_true(formula: str, shift: Place, lookup: Lookup) -> bool:
    """Whether a formula of one of the known forms is true for a cell; False for any other."""
    if formula[:4].upper() == "AND(" and formula.endswith(")"):
        terms = _terms(formula[4:-1])
        return bool(terms) and all(_is_true(term, shift, lookup) for term in terms)
    if _MARKER.fullmatch(formula):
        return True
    number = _IS_NUMBER.fullmatch(formula)
    if number:
        value = lookup(*_moved(number[1], shift))
        return isinstance(value, int | float) and not isinstance(value, bool)
    term = _TERM.fullmatch(formula)
    if term is None:
        return False
    if _CELL.fullmatch(term[1]):
        return _compare(term[6], lookup(*_moved(term[1], shift)), _constant(term[7]))
    inner = _CELL.search(term[1])  # the number that a text such as "Severe (20)" shows
    shown = lookup(*_moved(inner[0], shift)) if inner else None
    return _compare(term[6], _number_in(shown), _constant(term[7]))


def _number_in(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    match = re.search(r"\(\s*([0-9.]+)\s*\)", value) or re.search(r"([0-9.]+)", value)
    try:
        return float(match[1]) if match else 0
    except ValueError:
        return 0


def _moved(reference: str, shift: Place) -> Place:
    match = _CELL.fullmatch(reference)
    assert match is not None
    row, column = parse_address(reference)
    return row + (0 if match[3] else shift[0]), column + (0 if match[1] else shift[1])


def _terms(text: str) -> list[str]:
    """What commas (or semicolons) outside brackets and quotes separate."""
    found = [""]
    depth, quoted = 0, False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
        if letter in ",;" and not depth and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return found
