"""What the buttons do: Python first; without an answer, what can be done without Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from macro_excel import MacroExcel, name_columns, save_register

import xlgov
from xlgov.macros.project import read_sources

COLUMNS = {"likelihood": "A", "impact": "B", "rating": "C"}


def python_answers(status: int) -> dict[str, str]:
    """The module that starts Python, with one function in its place that only notes the line."""
    text = read_sources()["XlgovPython"]
    body = (
        "Public Asked As String\n"
        "Public Function XlgovRunPython(ByVal code As String, ByVal book As Workbook) As Long\n"
        '    Asked = Asked & code & " on " & book.Name & vbLf\n'
        f"    XlgovRunPython = {status}\n"
        f'    XlgovLastFailure = "{"" if status == 0 else "Python could not be started."}"\n'
        "End Function\n"
        "Public Function XlgovProbePython() As Long\n"
        f"    XlgovProbePython = {status}\n"
        "End Function\n"
        "Public Function XlgovInterpreter() As String\n"
        '    XlgovInterpreter = "python"\n'
        "End Function\n"
        "Public Function XlgovInterpreterSource() As String\n"
        '    XlgovInterpreterSource = "nowhere, so the usual one"\n'
        "End Function\n"
    )
    kept = re.search(r"Public Function XlgovPythonText.*?End Function\n", text, re.DOTALL)
    assert kept
    head = text.split("Private Const PERCENT_NAME")[0]
    return {"XlgovPython": head + body + kept[0]}


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return save_register(tmp_path / "Q1 = 50%.xlsx", [(3, 3, 1)], name_columns(COLUMNS, (2, 2)))


def test_where_python_answers_nothing_else_happens(register: Path) -> None:
    excel = MacroExcel(register, python_answers(0))
    excel.run("XlgovRecalculate")
    assert excel.messages == []
    assert excel.cell("C2") == 1
    asked = excel.app.evaluate("Asked")
    line = "import xlgov.excel; xlgov.excel.recalculate_caller()"
    assert asked == f"{line} on {register.name}\n"


@pytest.mark.parametrize("status", [-1, 1, 9009])
def test_where_python_does_not_answer_the_ratings_are_right_all_the_same(
    register: Path, status: int
) -> None:
    excel = MacroExcel(register, python_answers(status))
    excel.run("XlgovRecalculate")
    assert excel.cell("C2") == 13
    (said,) = excel.messages
    assert said.startswith("Ratings recalculated. Checks and red text need xlgov on this PC.")
    assert said.endswith("Help says what to do.") == (status != -1)


@pytest.mark.parametrize(
    ("macro", "line"), [("XlgovCheck", "check_caller()"), ("XlgovUndo", "undo_caller()")]
)
def test_the_other_buttons_ask_python(register: Path, macro: str, line: str) -> None:
    excel = MacroExcel(register, python_answers(0))
    excel.run(macro)
    asked = excel.app.evaluate("Asked")
    assert asked == f"import xlgov.excel; xlgov.excel.{line} on {register.name}\n"
    assert excel.messages == []


def test_check_without_python_says_what_it_needs(register: Path) -> None:
    excel = MacroExcel(register, python_answers(-1))
    excel.run("XlgovCheck")
    (said,) = excel.messages
    assert said.startswith("Check needs xlgov on this PC") and "Help says what to do" in said


def test_undo_takes_back_what_was_done_without_python(register: Path) -> None:
    excel = MacroExcel(register, python_answers(-1))
    excel.run("XlgovRecalculate")
    excel.run("XlgovUndo")
    assert excel.messages[-1] == "1 cell put back."
    assert excel.cell("C2") == 1
    assert "undo_caller" not in excel.app.evaluate("Asked")


def test_a_recalculation_by_python_is_undone_by_python(register: Path) -> None:
    excel = MacroExcel(register, python_answers(-1))
    excel.run("XlgovRecalculate")
    excel.app.add_module("Sub Answered()\nXlgovForgetUndo\nEnd Sub\n", name="Later")
    excel.run("Answered")
    excel.run("XlgovUndo")
    assert "undo_caller" in excel.app.evaluate("Asked")
    assert excel.messages[-1].startswith("There is nothing to undo")


def test_help_says_what_was_found_and_what_to_do(register: Path) -> None:
    excel = MacroExcel(register, python_answers(-1))
    excel.app.application._protectedviewwindows = _Count(1)
    said = excel.run("CallHelp")
    assert said.startswith(f"xlgov {xlgov.__version__} in Excel 16.0. Macros run here.")
    assert "XLGOV_PYTHON to the full path of python.exe" in said
    assert "Protected View" in said and "Unblock" in said


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (0, "all buttons work"),
        (3, "python -m pip install xlgov"),
        (-1, "could not be started"),
        (9009, "stopped with status 9009"),
    ],
)
def test_help_tells_the_states_of_python_apart(register: Path, status: int, part: str) -> None:
    excel = MacroExcel(register)
    said = excel.run("XlgovPythonSentence", r"C:\py.exe", "the settings of xlwings", status)
    assert part in said and r"C:\py.exe (stated in the settings of xlwings)" in said


def test_help_knows_workbooks_on_a_server(register: Path) -> None:
    excel = MacroExcel(register)
    said = excel.run("XlgovPlaceSentence", "a.xlsx", "https://office.sharepoint.com/sites/x")
    assert said.startswith("a.xlsx is open from SharePoint or OneDrive.")
    assert "not been saved yet" in excel.run("XlgovPlaceSentence", "Book1", "")
    assert excel.run("XlgovPlaceSentence", "a.xlsx", r"C:\x") == ""


def test_pages_are_short_enough_for_a_box(register: Path) -> None:
    excel = MacroExcel(register)
    text = "\n\n".join(["a" * 400] * 5)
    pages = excel.run("XlgovPages", text, 900)
    assert [len(page) for page in pages] == [802, 802, 400]
    assert "\n\n".join(pages) == text


class _Count:
    """A collection that only says how many it has."""

    def __new__(cls, count: int) -> object:
        from pyopenvba.interpreter import VBAInt, VBAObject, member

        class Windows(VBAObject):
            @member
            def Count(self) -> object:
                return VBAInt(count, "Long")

        return Windows()
