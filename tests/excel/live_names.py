"""Defined names of the stand-in for Excel (xlwings/_xlwindows.py, Names and Name).

Modelled: a workbook's names hold those of its sheets too, as ``Sheet!Name``; hidden ones are among
them; a missing one raises; ``add`` replaces one of the same name; without ``=`` a reference becomes
a constant text (Microsoft, "Names.Add": RefersTo is text "using A1-style notation", with ``=``).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from call_counts import counted
from cell_model import BookModel, NameModel, SheetModel
from live_range import Range
from live_reference import plain_areas
from typed_text import ComError
from xlwings import base_classes

if TYPE_CHECKING:
    from live_engine import Book


def quoted(name: str) -> str:
    return name if name.isidentifier() else "'" + name.replace("'", "''") + "'"


@counted
class Names(base_classes.Names):
    def __init__(self, book: Book, sheet: SheetModel | None = None) -> None:
        self._book, self._sheet = book, sheet
        self._calls: Counter[str] = book._calls

    @property
    def api(self) -> Any:
        return self._book._api_of(self)

    def _all(self) -> list[NameModel]:
        names = self._book._model.names
        mine = [each for each in names if self._sheet is None or each.sheet is self._sheet]
        return sorted(mine, key=lambda each: each.name.lower())

    def _find(self, wanted: int | str) -> NameModel | None:
        names = self._all()
        if isinstance(wanted, int):
            return names[wanted - 1] if 1 <= wanted <= len(names) else None
        for each in names:
            own = each.name.lower() == wanted.lower() and (self._sheet or each.sheet is None)
            if own or full_name(each).lower() == wanted.lower():
                return each
        return None

    def __call__(self, name_or_index: int | str) -> Name:
        found = self._find(name_or_index)
        if found is None:
            raise ComError(f"there is no name {name_or_index!r}")
        return Name(self._book, found)

    def contains(self, name_or_index: int | str) -> bool:
        return self._find(name_or_index) is not None

    def __len__(self) -> int:
        return len(self._all())

    def add(self, name: str, refers_to: str) -> Name:
        return Name(self._book, add_name(self._book._model, name, refers_to, self._sheet))


@counted
class Name(base_classes.Name):
    def __init__(self, book: Book, model: NameModel) -> None:
        self._book, self._model, self._calls = book, model, book._calls

    @property
    def api(self) -> Any:
        return self._book._api_of(self)

    def delete(self) -> None:
        self._book._model.names.remove(self._model)
        self._book._model.names_changed = True

    @property
    def name(self) -> str:
        return full_name(self._model)

    @name.setter
    def name(self, value: str) -> None:
        self._model.name = value
        self._book._model.names_changed = True

    @property
    def refers_to(self) -> str:
        return self._model.refers_to

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._model.refers_to = as_formula(value)
        self._book._model.names_changed = True

    @property
    def refers_to_range(self) -> Range:
        home = self._model.sheet or self._book._model.sheets[0]
        found = plain_areas(self._model.refers_to.removeprefix("="), home)
        if found is None:
            raise ComError(f"{self._model.name} refers to no range")
        return Range(self._book._sheet(found[0]), found[1])


def full_name(model: NameModel) -> str:
    return model.name if model.sheet is None else f"{quoted(model.sheet.name)}!{model.name}"


def as_formula(refers_to: str) -> str:
    if refers_to.startswith("="):
        return refers_to
    return '="' + refers_to.replace('"', '""') + '"'


def add_name(
    book: BookModel, name: str, refers_to: str, sheet: SheetModel | None = None
) -> NameModel:
    if " " in name or not name:
        raise ComError(f"{name!r} is no name")
    standing = [n for n in book.names if n.name.lower() == name.lower() and n.sheet is sheet]
    for each in standing:
        book.names.remove(each)
    made = NameModel(name, as_formula(refers_to), sheet)
    book.names.append(made)
    book.names_changed = True
    return made
