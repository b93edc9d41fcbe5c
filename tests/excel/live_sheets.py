"""Sheets of the stand-in for Excel: what ``xlwings._xlwindows.Sheets`` and ``Sheet`` hand out.

Modelled: ``add`` makes the new sheet active and places it before the active one unless told
where; ``visible`` is Excel's own number: -1 visible, 0 hidden, 2 very hidden, which is true to
Python; the last visible sheet cannot be hidden or deleted and a hidden one cannot be activated; a
workbook whose structure is protected takes no sheet and loses none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from call_counts import counted
from cell_model import BookModel, SheetModel
from live_looks import Note
from live_names import Names
from live_range import Range
from live_reference import areas_of
from live_session import Session, api_object
from rule_model import Area
from typed_text import ComError
from xlwings import base_classes

if TYPE_CHECKING:
    from live_engine import Book

SHEET_STATES = {"visible": -1, "hidden": 0, "veryHidden": 2}


@counted
class Sheets(base_classes.Sheets):
    def __init__(self, session: Session, book: BookModel) -> None:
        self._session, self._model, self._calls = session, book, session.calls

    @property
    def active(self) -> Sheet:
        assert self._model.active is not None
        return Sheet(self._session, self._model.active)

    def __call__(self, name_or_index: int | str) -> Sheet:
        found = None
        if isinstance(name_or_index, int):
            if 1 <= name_or_index <= len(self._model.sheets):
                found = self._model.sheets[name_or_index - 1]
        else:
            found = self._model.sheet(name_or_index)
        if found is None:
            raise ComError(f"there is no sheet {name_or_index!r}")
        return Sheet(self._session, found)

    def __len__(self) -> int:
        return len(self._model.sheets)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self._session, each) for each in self._model.sheets])

    def add(
        self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None
    ) -> Sheet:
        book = self._model
        if book.locked:
            raise ComError("the workbook's structure is protected")
        number = 1
        while book.sheet(f"Sheet{number}") is not None:
            number += 1
        made = SheetModel(f"Sheet{number}", book, is_new=True)
        neighbour = before or after
        assert book.active is not None
        at = book.sheets.index(neighbour._model if neighbour else book.active)
        book.sheets.insert(at + 1 if after and not before else at, made)
        book.active = made
        sheet = Sheet(self._session, made)
        if name is not None:
            rename(made, name)
        return sheet


@counted
class Sheet(base_classes.Sheet):
    def __init__(self, session: Session, model: SheetModel) -> None:
        self._session, self._model, self._calls = session, model, session.calls

    def _api_of(self, thing: Any) -> Any:
        return api_object(self._session, thing)

    def _evaluate(self, row: int, column: int, formula: str) -> Any:
        return self._session.evaluate(self._model, row, column, formula)

    @property
    def api(self) -> Any:
        return self._api_of(self)

    @property
    def name(self) -> str:
        return self._model.name

    @name.setter
    def name(self, value: str) -> None:
        rename(self._model, value)

    @property
    def names(self) -> Names:
        return Names(self.book, self._model)

    @property
    def book(self) -> Book:
        from live_engine import Book

        return Book(self._session, self._model.book)

    @property
    def index(self) -> int:
        return self._model.book.sheets.index(self._model) + 1

    @property
    def notes(self) -> list[Note]:
        return [Note(Range(self, [(*at, *at)]), at) for at in sorted(self._model.notes)]

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        if isinstance(arg1, tuple) and len(arg1) == 4:
            row, column, rows, columns = arg1
            return Range(self, [(row, column, row + rows - 1, column + columns - 1)])
        if isinstance(arg1, int) and isinstance(arg2, int):
            arg1, arg2 = (arg1, arg2), None
        first_sheet, first = self._areas(arg1)
        if arg2 is None:
            return Range(Sheet(self._session, first_sheet), first)
        _, second = self._areas(arg2)
        corners = [first[0], second[0]]
        top, left = min(each[0] for each in corners), min(each[1] for each in corners)
        bottom, right = max(each[2] for each in corners), max(each[3] for each in corners)
        return Range(self, [(top, left, bottom, right)])

    def _areas(self, arg: Any) -> tuple[SheetModel, list[Area]]:
        if isinstance(arg, Range):
            return arg._model, arg._areas
        if isinstance(arg, str):
            return areas_of(arg, self._model)
        if 0 in arg:
            raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
        if not (1 <= arg[0] <= 1_048_576 and 1 <= arg[1] <= 16_384):
            raise ComError(f"no cell {arg}")
        return self._model, [(*arg, *arg)]

    @property
    def cells(self) -> Range:
        return Range(self, [(1, 1, 1_048_576, 16_384)])

    @property
    def used_range(self) -> Range:
        return Range(self, [self._model.used])

    def activate(self) -> None:
        if self._model.state != "visible":
            raise ComError(f"{self._model.name} is hidden and cannot be activated")
        self._model.book.active = self._model

    def select(self) -> None:
        self.activate()

    @property
    def visible(self) -> int:
        return SHEET_STATES[self._model.state]

    @visible.setter
    def visible(self, value: int) -> None:
        set_state(self._model, -1 if value is True else int(value))

    def clear_contents(self) -> None:
        Range(self, [self._model.used])._write(None)

    def autofit(self, axis: str | None = None) -> None:
        """Changes widths and heights that are not modelled."""

    def delete(self) -> None:
        book = self._model.book
        shown = [each for each in book.sheets if each.state == "visible"]
        if book.locked or shown == [self._model]:
            raise ComError(f"{self._model.name} cannot be deleted")
        at = book.sheets.index(self._model)
        book.sheets.remove(self._model)
        if not self._model.is_new:
            book.removed.append(self._model.name)
        if book.active is self._model:
            rest = [each for each in book.sheets[at:] + book.sheets[:at] if each.state == "visible"]
            book.active = rest[0]


def rename(sheet: SheetModel, name: str) -> None:
    standing = sheet.book.sheet(name)
    if standing is not None and standing is not sheet:
        raise ComError(f"there is a sheet {name!r} already")
    if not sheet.is_new:
        raise NotImplementedError("renaming a sheet of the file is not modelled")
    sheet.name = name


def set_state(sheet: SheetModel, number: int) -> None:
    state = next((name for name, code in SHEET_STATES.items() if code == number), None)
    shown = [each for each in sheet.book.sheets if each.state == "visible"]
    if state is None or sheet.book.locked or (state != "visible" and shown == [sheet]):
        raise ComError(f"Visible of {sheet.name} cannot be set to {number}")
    sheet.state = state
    sheet.changed.add("state")
    if sheet.book.active is sheet and state != "visible":
        sheet.book.active = next(each for each in shown if each is not sheet)
