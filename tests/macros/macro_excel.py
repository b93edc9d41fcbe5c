"""Our macros run without Excel: in pyOpenVBA's interpreter, over workbooks made by openpyxl.

Why members are added: the interpreter says which of Excel's members it leaves out. Those that our
macros use and that have an obvious meaning here (calculate everything, is this an add-in) are given
that meaning; what reaches outside of Excel (files, programs, the environment) stays out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from xlgov.macros.project import read_sources

pytest.importorskip("pyopenvba", reason="pyOpenVBA, which runs the macros, is not installed")

from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
from pyopenvba.interpreter import EMPTY, VBAInt, to_text
from pyopenvba.interpreter._intrinsics import intrinsic
from pyopenvba.interpreter._objects import MemberSpec

SHEET = "Chief's risks"

_CALLS = """
Public Function CallRewrite() As String
    CallRewrite = XlgovRewriteRatings(ActiveWorkbook)
End Function
Public Function CallRecalculate() As String
    CallRecalculate = XlgovRecalculateRatings(ActiveWorkbook)
End Function
Public Function CallUndo() As String
    CallUndo = XlgovUndoRatings(ActiveWorkbook)
End Function
Public Function CallHelp() As String
    CallHelp = XlgovHelpText(ActiveWorkbook)
End Function
Public Function CallParse(ByVal value As Variant, ByVal pairs As String) As Variant
    Dim words As XlgovWordList
    Dim score As Double
    Dim status As Long
    Dim lines As Variant
    Dim index As Long
    lines = Split(pairs, ";")
    For index = 0 To UBound(lines)
        XlgovAddWord words, Split(lines(index), "=")(0), CLng(Split(lines(index), "=")(1))
    Next index
    status = XlgovParseScore(value, words, score)
    CallParse = Array(score, "blank", "bad")(1 - status)
End Function
Public Function CallRating(ByVal value As Variant) As Variant
    Dim rating As Double
    Dim isEmptyCell As Boolean
    Dim status As Long
    status = XlgovReadRating(value, rating, isEmptyCell)
    CallRating = Array(rating, "blank", "bad", "level")(1 - status)
End Function
Public Function CallLabel(ByVal text As String, ByVal number As Long, _
                          ByVal old As String, ByVal word As String) As Variant
    Dim known As XlgovWordList
    Dim done As Boolean
    Dim said As String
    If Len(old) > 0 Then XlgovAddWord known, old, 1
    said = XlgovRewriteLabel(text, number, known, word, done)
    If done Then CallLabel = said Else CallLabel = "left: " & said
End Function
"""


def _property(owner: type[Any], name: str, value: object, *, is_settable: bool = False) -> None:
    """A property that answers what was last put there, first ``value``."""
    key = f"_{name.lower()}"

    def read(item: Any) -> object:
        return getattr(item, key, value)

    def write(item: Any, given: object) -> None:
        setattr(item, key, given)

    owner.vba_add_member(MemberSpec(name, "property", read, write if is_settable else None))


def _calculate(application: Any) -> object:
    return application.vba_call("Calculate")


Application.vba_add_member(MemberSpec("CalculateFull", "method", _calculate))
_property(Application, "EnableCancelKey", VBAInt(1, "Long"), is_settable=True)
_property(Application, "Hwnd", VBAInt(525_358, "Long"))
_property(Application, "Caller", EMPTY)
_property(Application, "AutomationSecurity", VBAInt(1, "Long"))
_property(Application, "ProtectedViewWindows", None)
_property(Workbook, "IsAddin", False)
_property(Workbook, "ReadOnly", False)


@intrinsic("AscW", "String", minimum=1)
def _code_of(interpreter: object, text: object) -> object:
    """As in VBA, where the code of a letter from 32768 on is negative."""
    code = ord(to_text(text)[0]) & 0xFFFF
    return VBAInt(code - 0x10000 if code > 0x7FFF else code, "Integer")


class MacroExcel:
    """Excel with one workbook open and our macros loaded.

    Those inside the workbook where it has some, else the sources, ``doubles`` in place of theirs.
    """

    def __init__(self, path: Path, doubles: Mapping[str, str] | None = None) -> None:
        self.app = ExcelApplication.open(path)
        if path.suffix != ".xlsm":
            for name, text in {**read_sources(), **(doubles or {})}.items():
                self.app.add_module(text, name=name)
        self.app.add_module(_CALLS, name="Calls")

    def run(self, macro: str, *given: object) -> Any:
        """What a macro or function gives."""
        return self.app.run(macro, *given)

    def cell(self, address: str, sheet: str = SHEET) -> Any:
        """The value of a cell; a blank is None."""
        return self.app.sheet(sheet).value(address)

    def column(self, letters: str, rows: Sequence[int], sheet: str = SHEET) -> list[Any]:
        """The values of some rows of a column."""
        return [self.cell(f"{letters}{row}", sheet) for row in rows]

    @property
    def messages(self) -> list[str]:
        """What the boxes said that were shown so far."""
        return [prompt for _, prompt, *_ in self.app.interpreter.dialogs]


def save_register(
    path: Path,
    rows: Sequence[Sequence[Any]],
    names: Mapping[str, str],
    *,
    settings: Mapping[str, Sequence[Sequence[Any]]] | None = None,
) -> Path:
    """A workbook with rows from A2 of one sheet, and defined names.

    ``settings`` are tables that go on a sheet xlgov, each under its name.
    """
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for row, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    stated = dict(names)
    if settings:
        page = book.create_sheet("xlgov")
        top = 1
        for name, table in settings.items():
            for row, values in enumerate(table, start=top):
                for column, value in enumerate(values, start=1):
                    page.cell(row, column, value)
            bottom, width = top + len(table) - 1, max(map(len, table))
            stated[name] = f"xlgov!$A${top}:${chr(64 + width)}${bottom}"
            top = bottom + 2
    for name, text in stated.items():
        book.defined_names[name] = DefinedName(name, attr_text=text, hidden=True)
    book.save(path)
    return path


def name_columns(
    columns: Mapping[str, str], *spans: tuple[int, int], group: int = 1
) -> dict[str, str]:
    """Names of a group: a column's letter for each measure, over stretches of rows."""
    quoted = SHEET.replace("'", "''")

    def refer(letters: str) -> str:
        return ",".join(f"'{quoted}'!${letters}${top}:${letters}${bottom}" for top, bottom in spans)

    return {f"xlgov_r{group}_{name}": refer(letters) for name, letters in columns.items()}
