"""The text of the macros: what a reviewer, a virus scanner and Excel's compiler look for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import xlgov
from xlgov.macros.build import RECORD, state_hashes
from xlgov.macros.project import MARK, MODULES, read_sources

FOLDER = Path(xlgov.__file__).parent / "macros" / "vba"
PUBLIC = re.compile(r"^Public (?:Sub|Function|Type|Const) (\w+)", re.MULTILINE)


def code_lines(text: str) -> list[str]:
    """Lines without their texts in quotes and their comments."""
    lines = [re.sub(r'"(?:[^"]|"")*"', '""', line) for line in text.splitlines()]
    return [line.split("'")[0] for line in lines]


def test_every_source_is_a_module_of_the_project() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.bas")) == sorted(MODULES)
    assert {path.name for path in FOLDER.iterdir()} == {*(f"{n}.bas" for n in MODULES), RECORD.name}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_its_name_declares_all_and_carries_our_mark(name: str) -> None:
    text = read_sources()[name]
    assert text.startswith(f'Attribute VB_Name = "{name}"\nOption Explicit\n')
    assert text.count("Attribute VB_Name") == 1 and f"\n{MARK}\n" in text
    assert text.isascii() and text.endswith("\n")
    assert max(map(len, text.splitlines())) < 140, "Excel takes 1023; a reader does not"


@pytest.mark.parametrize("name", MODULES)
def test_no_line_is_continued_more_often_than_excel_takes(name: str) -> None:
    longest = run = 0
    for line in read_sources()[name].splitlines():
        run = run + 1 if line.rstrip().endswith(" _") else 0
        longest = max(longest, run)
    assert longest < 24


def test_no_win32_call_no_cmd_no_file_written_and_no_path_of_a_machine() -> None:
    for name, text in read_sources().items():
        code = "\n".join(code_lines(text))
        assert not re.search(
            r"\bDeclare\b|\bShell\b|\bKill\b|For Output|For Append|Auto_?Open", code
        ), name
        texts = [each for each in re.findall(r'"((?:[^"]|"")*)"', text) if not each.startswith("'")]
        assert not [each for each in texts if re.search(r"(?i)cmd(\.exe)?\b|powershell", each)], (
            name
        )
        assert not re.search(r'"[A-Za-z]:\\|"/(?:Users|home|tmp|work)', text), name
    assert [n for n, text in read_sources().items() if "CreateObject(" in text] == ["XlgovPython"]
    assert read_sources()["XlgovPython"].count('CreateObject("WScript.Shell")') == 1


def test_rows_are_counted_in_long() -> None:
    for name, text in read_sources().items():
        integers = [line for line in code_lines(text) if "As Integer" in line]
        assert integers == (["    Dim file As Integer"] if name == "XlgovPython" else [])


def test_no_name_is_public_twice_or_that_of_a_module() -> None:
    """A macro that is called as its module is cannot be called from another module."""
    names = [name.casefold() for text in read_sources().values() for name in PUBLIC.findall(text)]
    assert len(names) == len(set(names))
    assert not set(names) & {name.casefold() for name in MODULES}
    assert all(name.startswith(("xlgov", "risk_")) for name in names)


def test_every_variable_of_a_procedure_is_declared_once() -> None:
    for name, text in read_sources().items():
        for body in re.split(r"\nEnd (?:Sub|Function)\n", text):
            declared = [each.casefold() for each in re.findall(r"^ +Dim (\w+)", body, re.MULTILINE)]
            head = re.search(r"(?:Sub|Function) \w+\(((?:[^)]|\(\))*)\)", body)
            given = re.findall(r"By(?:Val|Ref) (\w+)", head[1]) if head else []
            every = [*declared, *map(str.casefold, given)]
            assert len(every) == len(set(every)), (name, head and head[0])


def test_the_macros_of_the_contract_are_there_without_arguments() -> None:
    text = read_sources()["XlgovMain"]
    for macro in ("Recalculate", "Check", "MarkChanges", "Undo", "Help"):
        assert f"\nPublic Sub Xlgov{macro}()\n" in text
        assert f"\nPublic Sub XlgovRibbon{macro}(ByVal control As Object)\n" in text
    hidden = [name for name, each in read_sources().items() if "Option Private Module" not in each]
    assert hidden == ["XlgovMain", "XlgovFunctions"], "only these show in Excel's lists"


def test_each_macro_has_a_sentence_for_every_error() -> None:
    text = read_sources()["XlgovMain"]
    for macro in ("Recalculate", "Check", "MarkChanges", "Undo", "Help"):
        body = text.split(f"Public Sub Xlgov{macro}()\n")[1].split("End Sub")[0]
        assert "On Error GoTo Failed" in body.split("\n\n")[0 if macro == "Help" else 1]
        assert "Failed:\n    TellFailure" in body


def test_the_macros_have_the_version_of_the_library() -> None:
    assert f'XLGOV_VERSION As String = "{xlgov.__version__}"' in read_sources()["XlgovMain"]


def test_the_record_of_hashes_holds() -> None:
    """After a change of a source: python -m xlgov.macros.build."""
    assert RECORD.read_text("ascii") == state_hashes()
