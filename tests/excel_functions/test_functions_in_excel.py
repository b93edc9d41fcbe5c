"""The functions as xlwings publishes and calls them on Windows, run here by xlwings' own code.

What Windows alone has (COM) is stood in for; the decorators, the VBA that *Import Functions*
writes, the conversion of arguments and the call itself are those of the installed xlwings.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

MODULE = "xlgov.excel.functions"
MISSING = -2147352572  # what xlwings is handed for an argument that is left out


class ComRange:
    """Stands for a range as Excel hands it over: a wrapped range of another engine."""

    def __init__(self, wrapped: Any) -> None:
        self.wrapped = wrapped


def stand_in(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    return module


@pytest.fixture
def udfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """xlwings.udfs, with the functions imported afresh as *Import Functions* does."""
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    xlwings = pytest.importorskip("xlwings")
    client = stand_in("win32com.client", Dispatch=lambda given, **_: given)
    stood_in = {
        "pythoncom": stand_in("pythoncom", CoInitialize=lambda: None),
        "pywintypes": stand_in("pywintypes", com_error=type("com_error", (Exception,), {})),
        "win32com": stand_in("win32com", client=client),
        "win32com.client": client,
        "xlwings.com_server": stand_in("xlwings.com_server", loop=None),
    }
    windows = SimpleNamespace(
        Range=lambda xl: xl and xl.wrapped.impl,
        is_range_instance=lambda given: isinstance(given, ComRange),
        BOOK_CALLER=None,
    )
    for name, module in stood_in.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    spec = importlib.util.spec_from_file_location(
        "xlwings.udfs", Path(xlwings.__file__).parent / "udfs.py"
    )
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    monkeypatch.setattr(found, "ComRange", lambda given: given)
    for name, function in (("func", found.xlfunc), ("arg", found.xlarg), ("ret", found.xlret)):
        monkeypatch.setattr(xlwings, name, function)
    engines = xlwings.main.Engines()
    for engine in xlwings.engines:
        engines.add(engine)
    remote = xlwings.engines["remote"].impl
    excel = SimpleNamespace(
        name="excel",
        type="desktop",
        clean_value_data=remote.clean_value_data,
        prepare_xl_data_element=remote.prepare_xl_data_element,
    )
    engines.add(xlwings.Engine(impl=excel))
    monkeypatch.setattr(xlwings, "engines", engines)
    monkeypatch.setattr(xlwings.main, "engines", engines)
    before = {name: sys.modules.pop(name) for name in [*sys.modules] if name.startswith(MODULE)}
    yield found
    for name in [*sys.modules]:
        if name.startswith(MODULE):
            del sys.modules[name]
    sys.modules.update(before)


def open_book(name: str, sheets: dict[str, list[list[Any]]], names: dict[str, str]) -> Any:
    """A book of xlwings' remote engine; names as ``{"xlgov_matrix": "Sheet!A1:B2"}``."""
    import xlwings

    order = list(sheets)
    listed = []
    for each, place in names.items():
        sheet, _, address = place.partition("!")
        listed.append(
            {
                "name": each,
                "sheet_index": order.index(sheet),
                "address": address,
                "book_scope": True,
                "scope_sheet_name": None,
                "scope_sheet_index": None,
            }
        )
    return xlwings.Book(
        json={
            "client": "Office.js",
            "version": xlwings.__version__,
            "book": {"name": name, "active_sheet_index": 0, "selection": "A1"},
            "names": listed,
            "sheets": [
                {"name": each, "values": values, "pictures": [], "tables": []}
                for each, values in sheets.items()
            ],
        }
    )


def call(udfs: Any, name: str, book: Any, *arguments: Any) -> Any:
    """What Excel gets for a formula in the first cell; ``"B2:B4"`` in brackets is a range."""
    sheet = book.sheets[0]
    info = getattr(importlib.import_module(MODULE), name).__xlfunc__
    given = [
        ComRange(sheet.range(each[1:-1]))
        if isinstance(each, str) and each.startswith("[")
        else each
        for each in arguments
    ]
    has_caller = info["args"][-1]["name"] == "caller"
    given += [MISSING] * (len(info["args"]) - len(given) - has_caller)
    given += [None] * has_caller
    return udfs.call_udf(MODULE, name, tuple(given), None, ComRange(sheet.range("A1")))


REGISTER = {
    "Register": [
        [None, "Likelihood", "Impact"],
        [None, 2.0, 3.0],
        [None, "Likely", "5 - Catastrophic"],
        [None, None, 3.0],
        [None, "?", "#N/A"],
    ]
}


def test_excel_shows_help_for_each_function_and_each_argument(udfs: Any) -> None:
    module = importlib.import_module(MODULE)
    shown = {
        name: function.__xlfunc__
        for name, function in vars(module).items()
        if hasattr(function, "__xlfunc__")
    }
    assert set(shown) == {"KPI_COMPARE", "KPI_ROLLING12", "RISK_BAND", "RISK_RATING"}
    for name, info in shown.items():
        assert info["name"] == name
        assert info["category"] == "xlgov"
        assert 20 < len(info["ret"]["doc"]) <= 255 and "\n" not in info["ret"]["doc"]
        for argument in info["args"]:
            if argument["name"] == "caller":
                continue
            assert 20 < len(argument["doc"]) <= 255, (name, argument["name"], argument["doc"])
            assert not argument["doc"].startswith("Positional"), (name, argument["name"])
            assert argument["options"] == {"ndim": 2, "err_to_str": True}


def test_import_functions_writes_these_four_signatures(udfs: Any) -> None:
    vba = io.StringIO()
    book = SimpleNamespace(Name="register.xlsm")
    udfs.generate_vba_wrapper(MODULE, importlib.import_module(MODULE), vba, book)
    lines = vba.getvalue().splitlines()
    assert [line for line in lines if line.startswith("Function ")] == [
        "Function KPI_COMPARE(current, reference, Optional method, Optional denominators, "
        "Optional reference_denominators, Optional month)",
        "Function KPI_ROLLING12(readings, Optional denominators, Optional combine)",
        "Function RISK_BAND(rating, Optional bands)",
        "Function RISK_RATING(likelihood, impact, Optional matrix)",
    ]
    # the calling cell is handed over by xlwings, nobody types it
    assert any(
        '"RISK_RATING", Array(likelihood, impact, matrix, Nothing)' in line for line in lines
    )


def test_a_range_is_rated_in_one_call_and_a_single_cell_too(udfs: Any) -> None:
    book = open_book("built-in.xlsx", REGISTER, {})
    got = call(udfs, "RISK_RATING", book, "[B2:B5]", "[C2:C5]")
    assert got == [[9], [22], [""], ["#N/A"]]
    assert call(udfs, "RISK_RATING", book, "[B2]", "[C2]") == [[9]]
    assert call(udfs, "RISK_RATING", book, 4.0, "Minor") == [[12]]
    assert call(udfs, "RISK_RATING", book, "[B5]", 1.0) == [
        ["#N/A: the likelihood is ?; no value yet"]
    ]
    assert call(udfs, "RISK_BAND", book, "[B2:C3]") == [
        ["Low", "Low"],
        ["#N/A: the rating is Likely; expected a number", "Low"],
    ]


def test_the_calling_workbook_rates_by_its_own_sheet(udfs: Any) -> None:
    sheets = {
        **REGISTER,
        "xlgov": [
            ["scoring", "matrix", None, None],
            [1, 5, 6, 7],
            [2, 8, 9, 10],
            [3, 11, 12, 13],
            ["Low", 5, 8, "green"],
            ["High", 9, 13, "red"],
            ["Likely", 2, None, None],
            ["5 - Catastrophic", 3, None, None],
        ],
    }
    names = {
        "xlgov_scoring": "xlgov!B1",
        "xlgov_matrix": "xlgov!B2:D4",
        "xlgov_bands": "xlgov!A5:D6",
        "xlgov_likelihood": "xlgov!A7:B7",
        "xlgov_impact": "xlgov!A8:B8",
    }
    book = open_book("own.xlsx", sheets, names)
    assert call(udfs, "RISK_RATING", book, "[B2:B3]", "[C2:C3]") == [[10], [10]]
    assert call(udfs, "RISK_RATING", book, 4.0, 1.0) == [
        ["#N/A: the likelihood is 4; the scale is 1 to 3"]
    ]
    assert call(udfs, "RISK_BAND", book, 10.0) == [["High"]]
    assert call(udfs, "RISK_BAND", book, 14.0) == [
        ["#N/A: no band holds 14; the bands run from 5 to 13"]
    ]


def test_a_workbook_that_is_changed_rates_by_the_change_a_moment_later(
    udfs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_book("same.xlsx", {"S": [["product"]]}, {"xlgov_scoring": "S!A1"})
    assert call(udfs, "RISK_RATING", first, 2.0, 3.0) == [[6]]
    stated = importlib.import_module(f"{MODULE}.stated")
    now = stated.time.monotonic()
    monkeypatch.setattr(stated.time, "monotonic", lambda: now + stated.REMEMBERED + 0.1)
    second = open_book("same.xlsx", {"S": [["sum"]]}, {"xlgov_scoring": "S!A1"})
    assert call(udfs, "RISK_RATING", second, 2.0, 3.0) == [[5]]


def test_settings_that_cannot_be_read_show_as_a_sentence(udfs: Any) -> None:
    book = open_book("wrong.xlsx", {"S": [["times"]]}, {"xlgov_scoring": "S!A1"})
    assert call(udfs, "RISK_RATING", book, 2.0, 3.0) == [
        ["#N/A: xlgov_scoring is 'times'; expected matrix, product or sum"]
    ]


class Name:
    """A defined name without cells."""

    def __init__(self, refers_to: str) -> None:
        self.refers_to = refers_to

    @property
    def refers_to_range(self) -> Any:
        raise AssertionError(f"{self.refers_to} is not cells")


class Names(dict[str, Name]):
    def contains(self, name: str) -> bool:
        return name in self

    def __call__(self, name: str) -> Name:
        return self[name]


def calling(name: str, **names: str) -> Any:
    book = SimpleNamespace(
        name=name,
        app=SimpleNamespace(pid=1),
        names=Names({each: Name(refers_to) for each, refers_to in names.items()}),
    )
    return SimpleNamespace(sheet=SimpleNamespace(book=book))


def test_names_may_hold_constants_and_names_that_are_broken_are_told() -> None:
    from xlgov.excel.functions import RISK_BAND, RISK_RATING

    cell = calling(
        "constants.xlsx", xlgov_matrix="={1,3,6;2,5,9;4,8,13}", xlgov_scoring='="matrix"'
    )
    assert RISK_RATING(3, 3, None, cell) == 13
    cell = calling(
        "product.xlsx", xlgov_scoring='="product"', xlgov_bands='={"Low",1,9;"High",10,25}'
    )
    assert RISK_RATING(3, 3, None, cell) == 9
    assert RISK_RATING(3, 3, [[1, 3, 6], [2, 5, 9], [4, 8, 13]], cell) == 13
    assert RISK_BAND([9, 10], None, cell) == ["Low", "High"]
    assert RISK_BAND(9, [["All", 1, 25]], cell) == "All"
    cell = calling("broken.xlsx", xlgov_matrix="=#REF!$A$1:$B$2")
    assert RISK_RATING(3, 3, None, cell) == (
        "#N/A: the name xlgov_matrix of this workbook refers to cells that are gone; correct it "
        "in the Name Manager, or run xlgov init again"
    )


def test_trouble_with_excel_is_one_sentence_and_never_a_stack_trace() -> None:
    from xlgov.excel.functions import RISK_RATING

    class Busy:
        @property
        def sheet(self) -> Any:
            raise type("com_error", (Exception,), {})(-2147418111, "Call was rejected by callee.")

    assert RISK_RATING(3, 3, None, Busy()) == (
        "#N/A: Excel was busy and could not be asked; press Ctrl+Alt+F9 to calculate again"
    )
    assert RISK_RATING(3, 3, None, 5) == (
        "#N/A: a mistake in xlgov (AttributeError, 'int' object has no attribute 'sheet'); "
        "please report it"
    )


def test_readings_are_compared_over_ranges(udfs: Any) -> None:
    rows = [
        [None, *[4475.0, 5201.0] * 6, *[9999.0] * 11, 5218.0],
        [None, *[1.0] * 12, *[3.0] * 11, None],
    ]
    book = open_book("kpi.xlsx", {"Data": rows}, {})
    assert call(udfs, "KPI_COMPARE", book, "[Y1]", "[B1:M1]") == [["Higher"]]
    assert call(udfs, "KPI_COMPARE", book, "[B1:Y1]", "1 year") == [["Higher"]]
    assert call(udfs, "KPI_COMPARE", book, "[B1:Y1]", "1 year", "relative 10") == [["Comparable"]]
    assert call(udfs, "KPI_COMPARE", book, "[B2:Y2]", "1 year") == [
        ["#N/A: there is no reading for the current month"]
    ]
    assert call(udfs, "KPI_ROLLING12", book, "[B1:M1]") == [[58056]]
    assert call(udfs, "KPI_ROLLING12", book, "[B2:M2]", "[B1:M1]") == [[12 / 58056]]
    assert call(udfs, "KPI_ROLLING12", book, "[N2:Y2]") == [
        ["#N/A: the 12th of the 12 readings is blank"]
    ]


def test_plain_functions_need_neither_xlwings_nor_pandas() -> None:
    code = (
        "import sys\n"
        "from xlgov.excel.functions import KPI_COMPARE, RISK_RATING\n"
        "print(RISK_RATING(2, 3), KPI_COMPARE(5, 4),\n"
        "      [name for name in ('xlwings', 'pandas', 'numpy', 'scipy') if name in sys.modules])\n"
    )
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, env=path, check=False)
    assert done.stdout == "9 Higher []\n", done.stderr
