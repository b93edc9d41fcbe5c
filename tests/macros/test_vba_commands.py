"""The command line that starts Python: no text of a workbook can become more than an argument."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from macro_excel import MacroExcel, save_register

CODE = "import xlgov.excel; xlgov.excel.recalculate_caller()"
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\Microsoft Excel"
NASTY = (
    *("Risk register.xlsx", "Q1 & Q2.xlsm", "a=b=c.xlsx", "100% done.xlsx", "%PATH%.xlsx"),
    *("it's.xlsx", "Übersicht – Größe.xlsx", "風險.xlsx", "a;b,c^d!e.xlsx", "(x) [y] {z}.xlsx"),
    *("$(touch x).xlsx", "`id`.xlsx", "%XLGOV_PERCENT%.xlsx", "--from_xl=0 --wb=x.xlsx", "-c.xlsx"),
)


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> MacroExcel:
    return MacroExcel(save_register(tmp_path_factory.mktemp("c") / "empty.xlsx", [], {}))


def expand(command: str) -> str:
    """What Run of WScript.Shell does first: each %NAME% that is known is replaced, once."""
    known = {"xlgov_percent": "%", "path": "SECRET", "username": "SECRET"}
    return re.sub("%([^%]*)%", lambda match: known.get(match[1].casefold(), match[0]), command)


def arguments(command: str) -> list[str]:
    """The arguments that a Windows program is given, by the rules of its C library."""
    found: list[str] = []
    current, quoted, started, backslashes = "", False, False, 0
    for letter in command:
        if letter == "\\":
            backslashes += 1
            continue
        if letter == '"':
            current += "\\" * (backslashes // 2)
            if backslashes % 2:
                current += '"'
            else:
                quoted = not quoted
            started, backslashes = True, 0
            continue
        current += "\\" * backslashes
        started, backslashes = started or backslashes > 0, 0
        if letter in " \t" and not quoted:
            if started:
                found.append(current)
            current, started = "", False
        else:
            current, started = current + letter, True
    return [*found, current + "\\" * backslashes] if started or backslashes else found


def test_the_command_reads_as_the_contract_says(excel: MacroExcel) -> None:
    said = excel.run("XlgovCommandLine", "python", CODE, "Risk register.xlsx", EXCEL, "525358")
    assert said == (
        f'python -P -B -c "{CODE}" --wb="Risk register.xlsx" --from_xl=1 '
        f'--app="{EXCEL}" --hwnd="525358"'
    )


@pytest.mark.parametrize("name", NASTY)
def test_a_name_arrives_as_it_is(excel: MacroExcel, name: str) -> None:
    python = r"C:\Program Files\Python 3\python.exe"
    said = expand(excel.run("XlgovCommandLine", python, CODE, name, EXCEL, "1"))
    assert arguments(said) == [
        *(python, "-P", "-B", "-c", CODE),
        *(f"--wb={name}", "--from_xl=1", f"--app={EXCEL}", "--hwnd=1"),
    ]


@settings(max_examples=60)
@given(st.text(st.characters(min_codepoint=32, exclude_characters='"|', exclude_categories=["Cs"])))
def test_any_name_is_one_argument(excel: MacroExcel, name: str) -> None:
    said = expand(excel.run("XlgovCommandLine", "python", CODE, name, EXCEL, "1"))
    assert arguments(said)[5:7] == [f"--wb={name}", "--from_xl=1"]


@pytest.mark.parametrize("name", ['a"b.xlsx', "a|b.xlsx", "a\nb.xlsx", ""])
def test_a_name_that_no_argument_can_carry_is_refused(excel: MacroExcel, name: str) -> None:
    assert excel.run("XlgovIsPlainName", name) is False


@pytest.mark.skipif(sys.platform == "win32", reason="there is no Unix shell")
@pytest.mark.parametrize("name", [*NASTY, '"; echo "x.xlsx', "a\\b.xlsx"])
def test_the_mac_takes_six_fields_and_its_shell_expands_nothing(
    excel: MacroExcel, name: str
) -> None:
    app = "/Applications/Microsoft Excel.app/Contents"
    said = excel.run("XlgovMacParameters", "/opt/it's/python3", CODE, name, app, "/x.log")
    path, program, code, book, application, log = said.split("|")
    assert (path, application, log) == ("false;;;;;", app, "/x.log")
    # As the AppleScript of xlwings joins them.
    line = f'{program} -B -u -W ignore -c "import x; {code} " "--wb={book}" "--from_xl=1"'
    shown = ["/bin/sh", "-c", f"printf '%s\\n' {line}"]
    done = subprocess.run(shown, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        *("/opt/it's/python3", "-P", "-B", "-u", "-W", "ignore", "-c"),
        *(f"import x; {CODE} ", f"--wb={name}", "--from_xl=1"),
    ]


def in_units(text: str) -> str:
    """The text as Excel has it: letters beyond 65535 as two."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2))


@settings(max_examples=80)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_path_becomes_a_plain_python_literal(excel: MacroExcel, path: str) -> None:
    said = excel.run("XlgovPythonText", in_units(path))
    assert re.fullmatch(r"'[A-Za-z0-9\\]*'", said)
    assert ast.literal_eval(said) == path


def test_a_path_is_written_letter_by_letter(excel: MacroExcel) -> None:
    assert excel.run("XlgovPythonText", r"C:\a é") == r"'C\u003A\u005Ca\u0020\u00E9'"
    assert excel.run("XlgovPythonText", in_units("\U0001f600")) == r"'\U0001F600'"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r'"INTERPRETER_WIN","C:\Python 3, new\python.exe"', r"C:\Python 3, new\python.exe"),
        (r'"interpreter_win","python"', "python"),
        (r'"INTERPRETER_MAC","/usr/bin/python3"', ""),
        (r'"INTERPRETER_WIN",""', ""),
        (r'"INTERPRETER_WIN","a" & calc & "b"', ""),
        ("", ""),
        ('"OTHER","INTERPRETER_WIN"', ""),
    ],
)
def test_the_interpreter_is_read_from_the_settings_of_xlwings(
    excel: MacroExcel, line: str, expected: str
) -> None:
    assert excel.run("XlgovSettingOfLine", line, "INTERPRETER_WIN") == expected


def test_the_command_runs_here_as_it_is_written(excel: MacroExcel, tmp_path: Path) -> None:
    """The very arguments, given to a Python: code, name and status come through."""
    code = "import sys; sys.exit(0 if '--wb=a = b.xlsx' in sys.argv else 7)"
    said = excel.run("XlgovCommandLine", sys.executable, code, "a = b.xlsx", EXCEL, "1")
    done = subprocess.run(arguments(expand(said)), cwd=tmp_path, check=False)
    assert done.returncode == 0
