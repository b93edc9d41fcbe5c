"""Excel's own objects behind ``api``, as far as a test needs them; the rest raises AttributeError.

Names, arguments and constants are those of Microsoft's Excel VBA reference. Modelled besides
conditional formats (com_conditions.py): Application (ActiveCell, ActiveSheet, ActiveWorkbook,
ConvertFormula), Workbook (Date1904, ReadOnly, ProtectStructure, Names, SaveCopyAs ...), Worksheet
(Cells, Range, ProtectContents, Visible) and Name (Visible); Range is in com_range.py.
"""

from __future__ import annotations

from typing import Any

from cell_model import BookModel, NameModel, SheetModel
from com_formulas import convert_formula
from com_range import ComRange
from com_strict import ComObject
from live_engine import App, Book
from live_files import save_model
from live_names import Name, Names, add_name, full_name
from live_range import Range
from live_reference import areas_of
from live_session import Session, active_sheet
from live_sheets import SHEET_STATES, Sheet, set_state
from typed_text import ComError


def com_object(session: Session, thing: Any) -> Any:
    """Excel's object behind one of the engine's."""
    if isinstance(thing, Range):
        return ComRange(session, thing._model, thing._areas)
    if isinstance(thing, Sheet):
        return ComSheet(session, thing._model)
    if isinstance(thing, Book):
        return ComBook(session, thing._model)
    if isinstance(thing, App):
        return ComApplication(session)
    if isinstance(thing, Names):
        return ComNames(session, thing._book._model)
    if isinstance(thing, Name):
        return ComName(session, thing._model)
    raise NotImplementedError(f"api of {type(thing).__name__} is not modelled")


class ComApplication(ComObject):
    _label = "Application"

    @property
    def ActiveCell(self) -> ComRange:
        self._count("Application.ActiveCell")
        sheet = active_sheet(self._session)
        return ComRange(self._session, sheet, [(*sheet.active_cell, *sheet.active_cell)])

    @property
    def ActiveSheet(self) -> ComSheet:
        return ComSheet(self._session, active_sheet(self._session))

    @property
    def ActiveWorkbook(self) -> ComBook:
        return ComBook(self._session, self._session.books[0])

    @property
    def Version(self) -> str:
        return "16.0"

    @property
    def Name(self) -> str:
        return "Microsoft Excel"

    def ConvertFormula(
        self,
        Formula: str,
        FromReferenceStyle: int,
        ToReferenceStyle: int | None = None,
        ToAbsolute: int | None = None,
        RelativeTo: ComRange | None = None,
    ) -> str:
        self._count("Application.ConvertFormula")
        origin = active_sheet(self._session).active_cell
        if RelativeTo is not None:
            origin = RelativeTo._areas[0][:2]
        end = FromReferenceStyle if ToReferenceStyle is None else ToReferenceStyle
        return convert_formula(Formula, FromReferenceStyle, end, ToAbsolute, origin)


class ComBook(ComObject):
    _label = "Workbook"

    def __init__(self, session: Session, model: BookModel) -> None:
        super().__init__(session, _model=model)

    @property
    def Application(self) -> ComApplication:
        return ComApplication(self._session)

    @property
    def Name(self) -> str:
        return str(self._model.name)

    @property
    def FullName(self) -> str:
        return str(self._model.path)

    @property
    def Path(self) -> str:
        return str(self._model.path.parent)

    @property
    def Date1904(self) -> bool:
        return bool(self._model.date_1904)

    @property
    def ReadOnly(self) -> bool:
        return bool(self._model.read_only)

    @property
    def ProtectStructure(self) -> bool:
        return bool(self._model.locked)

    @property
    def ActiveSheet(self) -> ComSheet:
        return ComSheet(self._session, self._model.active)

    @property
    def Names(self) -> ComNames:
        return ComNames(self._session, self._model)

    def SaveCopyAs(self, Filename: str) -> None:
        self._count("Workbook.SaveCopyAs")
        save_model(self._model, Filename)


class ComNames(ComObject):
    _label = "Names"

    def __init__(self, session: Session, model: BookModel) -> None:
        super().__init__(session, _model=model)

    def _all(self) -> list[NameModel]:
        return sorted(self._model.names, key=lambda each: each.name.lower())

    @property
    def Count(self) -> int:
        return len(self._all())

    def Item(self, wanted: int | str) -> ComName:
        for number, each in enumerate(self._all(), start=1):
            if wanted == number or (
                isinstance(wanted, str) and full_name(each).lower() == wanted.lower()
            ):
                return ComName(self._session, each)
        raise ComError(f"there is no name {wanted!r}")

    def __call__(self, wanted: int | str) -> ComName:
        return self.Item(wanted)

    def Add(self, Name: str, RefersTo: str, Visible: bool = True) -> ComName:
        self._count("Names.Add")
        made = add_name(self._model, Name, RefersTo)
        made.hidden = not Visible
        return ComName(self._session, made)


class ComName(ComObject):
    _label = "Name"

    def __init__(self, session: Session, model: NameModel) -> None:
        super().__init__(session, _model=model)

    @property
    def Name(self) -> str:
        return full_name(self._model)

    @property
    def RefersTo(self) -> str:
        return str(self._model.refers_to)

    @property
    def Visible(self) -> bool:
        return not self._model.hidden

    @Visible.setter
    def Visible(self, value: bool) -> None:
        self._model.hidden, self._model.changed = not value, True


class ComSheet(ComObject):
    _label = "Worksheet"

    def __init__(self, session: Session, model: SheetModel) -> None:
        super().__init__(session, _model=model)

    @property
    def Application(self) -> ComApplication:
        return ComApplication(self._session)

    @property
    def Parent(self) -> ComBook:
        return ComBook(self._session, self._model.book)

    @property
    def Name(self) -> str:
        return str(self._model.name)

    @property
    def Index(self) -> int:
        return int(self._model.book.sheets.index(self._model)) + 1

    @property
    def ProtectContents(self) -> bool:
        return bool(self._model.protected)

    @property
    def Visible(self) -> int:
        return SHEET_STATES[self._model.state]

    @Visible.setter
    def Visible(self, value: int) -> None:
        set_state(self._model, -1 if value is True else int(value))

    @property
    def Cells(self) -> ComRange:
        self._count("Worksheet.Cells")
        return ComRange(self._session, self._model, [(1, 1, 1_048_576, 16_384)])

    @property
    def UsedRange(self) -> ComRange:
        return ComRange(self._session, self._model, [self._model.used])

    def Range(self, Cell1: Any, Cell2: Any = None) -> ComRange:
        self._count("Worksheet.Range")
        found = [
            areas_of(each, self._model)[1] if isinstance(each, str) else each._areas
            for each in (Cell1, Cell2)
            if each is not None
        ]
        if len(found) == 1:
            return ComRange(self._session, self._model, found[0])
        (top, left, bottom, right), second = found[0][0], found[1][0]
        area = (min(top, second[0]), min(left, second[1]), max(bottom, second[2]))
        return ComRange(self._session, self._model, [(*area, max(right, second[3]))])

    def Activate(self) -> None:
        self._count("Worksheet.Activate")
        Sheet(self._session, self._model).activate()
