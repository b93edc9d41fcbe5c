"""Conditional formats as COM shows them: FormatConditions and FormatCondition.

The well-known trap: ``Formula1`` is given and taken as it reads in the **active cell**, not in the
first cell of the range. Evidence: J. Walkenbach, "The elusive Formula1 property for conditional
formatting" (reading); Microsoft, KB 895562 and many a forum thread (adding: with D5 active, =A1=B1
added to A1 becomes =XFA1048573...); both go on at the other side of the sheet.

Also modelled (Microsoft, "FormatCondition object" and its members): Add puts a rule behind all
others; StopIfTrue of an added rule is True until it is set; Priority, SetFirstPriority,
SetLastPriority, ModifyAppliesToRange, Delete; a collection belongs to a range and holds the rules
that touch it, by priority; Formula1 raises for rules that have none; the colour of a rule without
fill is None, as is its ColorIndex; a border is thin or there is none. Colours are integers, blue
first. What is not here raises AttributeError, as pywin32 does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cell_model import SheetModel
from com_formulas import shift_formula
from com_strict import Refusing
from live_session import active_sheet
from rule_model import OPERATORS, TYPES, Area, RuleModel
from shown_color import com_color, rgb_from_com
from typed_text import ComError

if TYPE_CHECKING:
    from com_range import ComRange

_NONE, _AUTOMATIC, _CONTINUOUS, _THIN = -4142, -4105, 1, 2
_SIDES = {-4131: "left", -4152: "right", -4160: "top", -4107: "bottom"}
_SIDES |= {7: "left", 10: "right", 8: "top", 9: "bottom"}


class FormatConditions(Refusing):
    """The rules that touch a range."""

    _target: ComRange

    def __init__(self, target: ComRange) -> None:
        self._hold(_target=target)

    def _rules(self) -> list[RuleModel]:
        target = self._target
        return [r for r in target._model.rules if overlaps(r.areas, target._areas)]

    @property
    def Count(self) -> int:
        self._target._count("FormatConditions.Count")
        return len(self._rules())

    def Item(self, index: int) -> FormatCondition:
        self._target._count("FormatConditions.Item")
        rules = self._rules()
        if not 1 <= index <= len(rules):
            raise ComError(f"there is no condition {index}")
        return FormatCondition(self._target, rules[int(index) - 1])

    def __call__(self, index: int) -> FormatCondition:
        return self.Item(index)

    def __iter__(self) -> Iterator[FormatCondition]:
        return iter([FormatCondition(self._target, rule) for rule in self._rules()])

    def Add(
        self, Type: int, Operator: int | None = None, Formula1: Any = None, Formula2: Any = None
    ) -> FormatCondition:
        self._target._count("FormatConditions.Add")
        sheet: SheetModel = self._target._model
        if sheet.protected:
            raise ComError("the sheet is protected")
        if Type not in (1, 2) or Formula1 is None or (Type == 1 and Operator is None):
            raise NotImplementedError(f"FormatConditions.Add of type {Type} is not modelled")
        kind = "expression" if Type == 2 else "cellIs"
        operator = OPERATORS[Operator - 1] if Type == 1 and Operator else None
        made = RuleModel(kind, list(self._target._areas), operator=operator, stop_if_true=True)
        texts = [str(each) for each in (Formula1, Formula2) if each is not None]
        made.formulas = [self._home(text, made).removeprefix("=") for text in texts]
        sheet.rules.append(made)
        sheet.rules_changed = True
        return FormatCondition(self._target, made)

    def _home(self, text: str, rule: RuleModel) -> str:
        row, column = active_sheet(self._target._session).active_cell
        if not text.startswith("="):
            return text
        return shift_formula(text, rule.home[0] - row, rule.home[1] - column)

    def Delete(self) -> None:
        """Takes the rules away from this range; where they apply elsewhere, they stay."""
        self._target._count("FormatConditions.Delete")
        sheet: SheetModel = self._target._model
        for rule in self._rules():
            home = rule.home
            left = subtract(rule.areas, self._target._areas)
            if left:
                place(rule, left, home)
            else:
                sheet.rules.remove(rule)
        sheet.rules_changed = True


class FormatCondition(Refusing):
    """One rule."""

    _target: ComRange
    _rule: RuleModel

    def __init__(self, target: ComRange, rule: RuleModel) -> None:
        self._hold(_target=target, _rule=rule)

    def _touch(self) -> RuleModel:
        self._target._model.rules_changed = True
        self._rule.original = None
        return self._rule

    def __setattr__(self, name: str, value: Any) -> None:
        self._target._count(f"FormatCondition.{name}=")
        if name == "NumberFormat":
            self._touch().number_format = value
        elif name == "StopIfTrue":
            self._touch().stop_if_true = bool(value)
        elif name == "Priority":
            self._move(int(value) - 1)
        else:
            raise AttributeError(f"Property 'FormatCondition.{name}' can not be set.")

    def _move(self, to: int) -> None:
        rules = self._target._model.rules
        rules.remove(self._rule)
        rules.insert(to, self._rule)
        self._target._model.rules_changed = True

    @property
    def Type(self) -> int:
        self._target._count("FormatCondition.Type")
        return TYPES[self._rule.kind]

    @property
    def Operator(self) -> int:
        if self._rule.operator not in OPERATORS:
            raise ComError("this condition has no operator")
        return OPERATORS.index(self._rule.operator) + 1

    @property
    def Formula1(self) -> str:
        return self._formula(0)

    @property
    def Formula2(self) -> str:
        return self._formula(1)

    def _formula(self, at: int) -> str:
        self._target._count(f"FormatCondition.Formula{at + 1}")
        if self._rule.kind not in ("cellIs", "expression") or at >= len(self._rule.formulas):
            raise ComError("this condition has no such formula")
        row, column = active_sheet(self._target._session).active_cell
        home = self._rule.home
        return shift_formula("=" + self._rule.formulas[at], row - home[0], column - home[1])

    @property
    def StopIfTrue(self) -> bool:
        return bool(self._rule.stop_if_true)

    @property
    def Priority(self) -> int:
        return int(self._target._model.rules.index(self._rule)) + 1

    @property
    def NumberFormat(self) -> str | None:
        found: str | None = self._rule.number_format
        return found

    @property
    def AppliesTo(self) -> ComRange:
        from com_range import ComRange

        self._target._count("FormatCondition.AppliesTo")
        return ComRange(self._target._session, self._target._model, list(self._rule.areas))

    @property
    def Interior(self) -> Painted:
        return Painted(self, {"Color": "fill"})

    @property
    def Font(self) -> Painted:
        known = {"Color": "font_color", "Bold": "bold", "Italic": "italic"}
        return Painted(self, known | {"Underline": "underline"})

    def Borders(self, index: int) -> BorderLine:
        if index not in _SIDES:
            raise ComError(f"a condition has no border {index}")
        return BorderLine(self, _SIDES[index])

    def SetFirstPriority(self) -> None:
        self._target._count("FormatCondition.SetFirstPriority")
        self._move(0)

    def SetLastPriority(self) -> None:
        self._target._count("FormatCondition.SetLastPriority")
        self._move(len(self._target._model.rules))

    def ModifyAppliesToRange(self, Range: ComRange) -> None:
        self._target._count("FormatCondition.ModifyAppliesToRange")
        place(self._touch(), list(Range._areas), self._rule.home)

    def Delete(self) -> None:
        self._target._count("FormatCondition.Delete")
        self._target._model.rules.remove(self._rule)
        self._target._model.rules_changed = True


class Painted(Refusing):
    """Interior or Font of a rule."""

    _owner: FormatCondition
    _known: dict[str, str]

    def __init__(self, owner: FormatCondition, known: dict[str, str]) -> None:
        self._hold(_owner=owner, _known=known)

    def __getattr__(self, name: str) -> Any:
        if name == "ColorIndex":
            return None if self.Color is None else 0
        if name not in self._known:
            raise AttributeError(f"<unknown>.{name}")
        value = getattr(self._owner._rule, self._known[name])
        return com_color(value) if name == "Color" and value is not None else value

    def __setattr__(self, name: str, value: Any) -> None:
        self._owner._target._count(f"FormatCondition.{name}=")
        if name == "ColorIndex" and value in (_NONE, _AUTOMATIC):
            setattr(self._owner._touch(), self._known["Color"], None)
        elif name not in self._known:
            raise AttributeError(f"Property '<unknown>.{name}' can not be set.")
        else:
            stored = rgb_from_com(value) if name == "Color" else bool(value)
            setattr(self._owner._touch(), self._known[name], stored)


class BorderLine(Refusing):
    """One side of a rule's border."""

    _owner: FormatCondition
    _side: str

    def __init__(self, owner: FormatCondition, side: str) -> None:
        self._hold(_owner=owner, _side=side)

    def __getattr__(self, name: str) -> Any:
        stands = self._side in self._owner._rule.borders
        if name == "LineStyle":
            return _CONTINUOUS if stands else _NONE
        if name == "Weight":
            return _THIN
        raise AttributeError(f"<unknown>.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "LineStyle":
            self._owner._touch().borders[self._side] = "thin"
            if value == _NONE:
                del self._owner._rule.borders[self._side]
        elif name == "Weight":
            if value != _THIN:
                raise ComError("the border of a condition is thin")
        else:
            raise AttributeError(f"Property '<unknown>.{name}' can not be set.")


def place(rule: RuleModel, areas: list[Area], home: tuple[int, int]) -> None:
    """Give a rule other areas; its formulas go on meaning the same cells for each cell."""
    rule.areas, rule.original = areas, None
    down, across = rule.home[0] - home[0], rule.home[1] - home[1]
    rule.formulas = [shift_formula(each, down, across) for each in rule.formulas]


def overlaps(first: list[Area], second: list[Area]) -> bool:
    return any(
        a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
        for a in first
        for b in second
    )


def subtract(areas: list[Area], taken: list[Area]) -> list[Area]:
    """What is left of rectangles without others."""
    left = list(areas)
    for top, start, bottom, end in taken:
        rest: list[Area] = []
        for area in left:
            if not overlaps([area], [(top, start, bottom, end)]):
                rest.append(area)
                continue
            t, c, b, r = area
            if t < top:
                rest.append((t, c, top - 1, r))
            if b > bottom:
                rest.append((bottom + 1, c, b, r))
            t, b = max(t, top), min(b, bottom)
            if c < start:
                rest.append((t, c, b, start - 1))
            if r > end:
                rest.append((t, end + 1, b, r))
        left = rest
    return left
