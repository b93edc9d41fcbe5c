"""Range behind ``api``: Address, Interior, Font, Borders, HasFormula, GetValue and others.

The Address of many areas ends after 255 characters, with the last whole area; Interior.Color of
cells without fill is white and ColorIndex says xlNone; what cells do not share is None (Microsoft,
"Range object", "Interior object", "Font object").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cell_model import SheetModel
from com_conditions import FormatConditions
from com_strict import ComObject
from com_text import spreadsheet_text
from live_range import Range, common
from live_reference import absolute
from live_session import Session
from live_sheets import Sheet
from live_values import error_number, shown_format, stored_format
from rule_model import Area
from shown_color import com_color, rgb_from_com
from typed_text import ComError, ErrorValue

if TYPE_CHECKING:
    from com_objects import ComSheet

_NONE, _CONTINUOUS = -4142, 1
_LONGEST_ADDRESS = 255
_XML_SPREADSHEET = 11


class ComRange(ComObject):
    _label = "Range"

    def __init__(self, session: Session, model: SheetModel, areas: list[Area]) -> None:
        super().__init__(session, _model=model, _areas=areas)

    def _ours(self) -> Range:
        return Range(Sheet(self._session, self._model), self._areas)

    def __call__(self, row: int, column: int | None = None) -> ComRange:
        found = self._ours()(row, column)
        return ComRange(self._session, self._model, found._areas)

    @property
    def Address(self) -> str:
        self._count("Range.Address")
        text = ""
        for area in self._areas:
            more = ("," if text else "") + absolute(area)
            if len(text) + len(more) > _LONGEST_ADDRESS:
                break
            text += more
        return text

    @property
    def Areas(self) -> ComAreas:
        return ComAreas(self._session, self._model, self._areas)

    @property
    def Row(self) -> int:
        return int(self._areas[0][0])

    @property
    def Column(self) -> int:
        return int(self._areas[0][1])

    @property
    def Count(self) -> int:
        return len(self._ours())

    @property
    def Worksheet(self) -> ComSheet:
        from com_objects import ComSheet

        return ComSheet(self._session, self._model)

    @property
    def FormatConditions(self) -> FormatConditions:
        self._count("Range.FormatConditions")
        return FormatConditions(self)

    @property
    def HasFormula(self) -> bool | None:
        self._count("Range.HasFormula")
        look = self._model.look
        found = common(look(*at).formula is not None for at in self._ours()._each())
        return None if found is None else bool(found)

    @property
    def Value2(self) -> Any:
        self._count("Range.Value2")

        def plain(cell: Any) -> Any:
            value = cell.value
            return error_number(value.code) if isinstance(value, ErrorValue) else value

        return self._ours()._grid(plain)

    def GetValue(self, RangeValueDataType: int) -> str:
        """Value as pywin32 calls it with an argument."""
        self._count("Range.GetValue")
        if RangeValueDataType != _XML_SPREADSHEET or len(self._areas) > 1:
            raise ComError(f"Value({RangeValueDataType}) of {self.Address} is not modelled")
        return spreadsheet_text(self._model, self._areas[0])

    @property
    def PrefixCharacter(self) -> str | None:
        shared = self._ours()._shared("prefix")
        return None if shared is None else "'" * shared

    @property
    def Locked(self) -> bool | None:
        found: bool | None = self._ours()._shared("locked")
        return found

    @property
    def NumberFormat(self) -> str | None:
        shared = self._ours()._shared("number_format")
        return None if shared is None else shown_format(shared)

    @NumberFormat.setter
    def NumberFormat(self, value: str) -> None:
        self._ours()._put("number_format", stored_format(value))

    @property
    def WrapText(self) -> bool | None:
        found: bool | None = self._ours()._shared("wrap")
        return found

    @WrapText.setter
    def WrapText(self, value: bool) -> None:
        self._ours()._put("wrap", bool(value))

    @property
    def Interior(self) -> Facets:
        return Facets(self, {"Color": "fill"})

    @property
    def Font(self) -> Facets:
        known = {"Color": "font_color", "Bold": "bold", "Italic": "italic", "Size": "size"}
        return Facets(self, known | {"Underline": "underline", "Strikethrough": "strike"})

    @property
    def Borders(self) -> Facets:
        return Facets(self, {"LineStyle": "border"})

    def Select(self) -> None:
        self._count("Range.Select")
        self._ours().select()

    def Activate(self) -> None:
        self.Select()


class ComAreas(ComObject):
    _label = "Areas"

    def __init__(self, session: Session, model: SheetModel, areas: list[Area]) -> None:
        super().__init__(session, _model=model, _areas=areas)

    @property
    def Count(self) -> int:
        return len(self._areas)

    def __call__(self, index: int) -> ComRange:
        return ComRange(self._session, self._model, [self._areas[index - 1]])

    def Item(self, index: int) -> ComRange:
        return self(index)


class Facets(ComObject):
    """Interior, Font or Borders of a range; None where its cells differ."""

    def __init__(self, owner: ComRange, known: dict[str, str]) -> None:
        super().__init__(owner._session, _owner=owner, _known=known)

    def __getattr__(self, name: str) -> Any:
        if name == "ColorIndex" and "Color" in self._known:
            look = self._owner._model.look
            fills = {getattr(look(*at), self._known["Color"]) for at in self._owner._ours()._each()}
            return None if len(fills) > 1 else _NONE if fills == {None} else 0
        if name not in self._known:
            raise AttributeError(f"<unknown>.{name}")
        shared = self._owner._ours()._shared(self._known[name])
        if name == "Color":
            return 0xFFFFFF if shared is None else com_color(shared)
        if name == "LineStyle":
            return _NONE if shared is None else _CONTINUOUS
        if name == "Underline":
            return None if shared is None else 2 if shared else _NONE
        return shared

    def __setattr__(self, name: str, value: Any) -> None:
        self._owner._count(f"Range.{name}=")
        if name == "ColorIndex" and value == _NONE:
            self._owner._ours()._put(self._known["Color"], None)
            return
        if name not in self._known:
            raise AttributeError(f"Property '<unknown>.{name}' can not be set.")
        makers: dict[str, Callable[[Any], Any]] = {
            "Color": rgb_from_com,
            "LineStyle": lambda style: None if style == _NONE else "thin",
            "Underline": lambda style: style not in (False, _NONE),
            "Size": float,
        }
        self._owner._ours()._put(self._known[name], makers.get(name, bool)(value))
