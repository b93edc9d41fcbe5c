"""From the button in the workbook to the file: the command line of the macro, run as on Windows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from live_files import cells_of_file, differences
from macro_excel import MacroExcel
from runpython_replay import HWND, replay_command_line

import xlgov
from xlgov.macros.button import add_button

SAMPLES = sorted(Path(__file__).parents[2].glob("workbooks/*.xlsx"))
Cells = dict[str, dict[str, tuple[Any, str | None, str]]]
CODE = "import xlgov.excel; xlgov.excel.recalculate_caller()"


def rounded(path: Path) -> Cells:
    """The cells of a file; its figures as far as the stand-in for Excel writes them down."""
    return {
        sheet: {
            at: (float(f"{value:.12g}") if isinstance(value, float) else value, *rest)
            for at, (value, *rest) in cells.items()
        }
        for sheet, cells in cells_of_file(path).items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_the_command_of_the_macro_refreshes_the_workbook_with_the_button(
    sample: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pyopenvba", reason="pyOpenVBA is not installed")
    for path in (*sample.parent.glob("*.xlsx"), sample.parent / "xlgov.toml"):
        shutil.copyfile(path, tmp_path / path.name)
    made = add_button(tmp_path / sample.name).path
    wanted = tmp_path / "wanted.xlsm"
    by_file = xlgov.refresh(made, wanted)
    excel = MacroExcel(made)
    office = r"C:\Program Files\Microsoft Office\root\Office16\Microsoft Excel"
    line = excel.run("XlgovCommandLine", r"C:\Py 3\python.exe", CODE, made.name, office, HWND)
    done = replay_command_line(line, made)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert differences(rounded(wanted), rounded(made), ignore=("xlgov",)) == []
    assert len(done.prompts) == bool(by_file.cells or by_file.styles)
