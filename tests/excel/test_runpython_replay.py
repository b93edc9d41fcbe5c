"""RunPython replayed in a fresh process: what the macro's command line does to the workbook."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from live_files import cells_of_file, differences
from runpython_replay import HWND, replay_command_line, replay_runpython, windows_arguments

import xlgov

SAMPLE = Path(__file__).parents[2] / "workbooks" / "strategic-risk-register-table.xlsx"
Made = Callable[..., Path]
WRITE = "import xlwings as xw; xw.Book.caller().sheets[0]['A1'].value = 'written'"


def test_code_of_a_macro_finds_its_workbook_which_is_saved(made: Made) -> None:
    path = made({"A1": 1}, name="Risk register 2017.xlsx")
    done = replay_runpython(WRITE, path)
    assert (done.returncode, done.stderr) == (0, "")
    assert cells_of_file(path) == {"Sheet1": {"A1": ("written", None, "General")}}
    assert done.calls["Range.raw_value="] == 1


def test_boxes_and_failures_are_told(made: Made) -> None:
    code = "import xlwings as xw; xw.Book.caller().app.alert('Go on?', buttons='yes_no'); 1 / 0"
    done = replay_runpython(code, made({"A1": 1}), answers=("no",))
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert done.prompts == ["Go on?"]
    assert done.screen_updating is True


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain.xlsx", "Risk = Ärger (2017) – final.xlsx"])
def test_a_button_recalculates_a_workbook_of_any_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    shutil.copyfile(SAMPLE, path)
    refreshed = tmp_path / "refreshed.xlsx"
    assert xlgov.refresh(path, refreshed).cells
    line = (
        r'"C:\Program Files\Python\python.exe" -B -c '
        '"import xlgov.excel; xlgov.excel.recalculate_caller()" '
        f'--wb="{name}" --from_xl=1 --app="C:\\Office\\Microsoft Excel" --hwnd="{HWND}"'
    )
    done = replay_command_line(line, path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert differences(cells_of_file(refreshed), cells_of_file(path), ignore=("xlgov",)) == []
    again = replay_command_line(line, path)
    assert (again.prompts, again.said) == ([], ["xlgov: already up to date"])
    assert again.status_bar is False


def test_command_lines_are_split_as_on_windows() -> None:
    assert windows_arguments(r'py -c "print(\"a b\")" --wb="x = y.xlsx"') == [
        "py",
        "-c",
        'print("a b")',
        "--wb=x = y.xlsx",
    ]
    assert windows_arguments(r'py "C:\a b\\" C:\c\d') == ["py", "C:\\a b\\", r"C:\c\d"]
    assert windows_arguments(r'py "C:\a\" b') == ["py", 'C:\\a" b']
