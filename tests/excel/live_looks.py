"""Fonts, borders and notes of ranges in the stand-in for Excel (live_range.py).

``font.color`` of cells that differ raises TypeError, as it does on Windows: xlwings makes an int of
the None that Excel gives. Excel's own types of line, single sides and weights are not modelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from call_counts import counted
from shown_color import rgb_tuple, stored_color
from xlwings import base_classes

if TYPE_CHECKING:
    from live_range import Range


@counted
class Font(base_classes.Font):
    def __init__(self, parent: Range) -> None:
        self._range = parent
        self._calls = parent._calls

    @property
    def api(self) -> Any:
        return self._range._sheet._api_of(self._range).Font

    @property
    def bold(self) -> bool | None:
        return self._range._shared("bold")  # type: ignore[no-any-return]  # a facet is bool or None

    @bold.setter
    def bold(self, value: bool) -> None:
        self._range._put("bold", bool(value))

    @property
    def italic(self) -> bool | None:
        return self._range._shared("italic")  # type: ignore[no-any-return]  # a facet is bool or None

    @italic.setter
    def italic(self, value: bool) -> None:
        self._range._put("italic", bool(value))

    @property
    def size(self) -> float | None:
        return self._range._shared("size")  # type: ignore[no-any-return]  # a size or None

    @size.setter
    def size(self, value: float) -> None:
        self._range._put("size", float(value))

    @property
    def name(self) -> str | None:
        return self._range._shared("font_name")  # type: ignore[no-any-return]  # a name or None

    @name.setter
    def name(self, value: str) -> None:
        self._range._put("font_name", value)

    @property
    def color(self) -> tuple[int, int, int]:
        shared = self._range._shared("font_color")
        if shared is None:
            raise TypeError("int() argument must be a string or a real number, not 'NoneType'")
        return rgb_tuple(shared)

    @color.setter
    def color(self, value: Any) -> None:
        self._range._put("font_color", stored_color(value))


@counted
class Note(base_classes.Note):
    def __init__(self, parent: Range, at: tuple[int, int]) -> None:
        self._range, self._at, self._calls = parent, at, parent._calls

    @property
    def text(self) -> str:
        return self._range._model.notes[self._at]

    @text.setter
    def text(self, value: str) -> None:
        self._range._model.notes[self._at] = value
        self._range._model.changed.add("notes")

    @property
    def location(self) -> Range:
        return Range(self._range._sheet, [(*self._at, *self._at)])

    def delete(self) -> None:
        del self._range._model.notes[self._at]
        self._range._model.changed.add("notes")


@counted
class Borders(base_classes.Borders):
    """One line style for all sides of all cells; weights, colours and single sides raise."""

    def __init__(self, parent: Range) -> None:
        self.parent, self._calls = parent, parent._calls

    @property
    def line_style(self) -> str | None:
        found = self.parent._shared("border")
        return "none" if found is None else "continuous"

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        if value not in (None, "continuous"):
            raise NotImplementedError(f"a border of style {value} is not modelled")
        self.parent._put("border", "thin" if value else None)
