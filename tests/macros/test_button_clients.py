"""Other programs read the file with the button: its macros, its cells, its pages."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
from button_books import SAMPLES, register, rewrite, with_chart, with_macros, with_notes
from openpyxl import load_workbook

from xlgov.macros.button import add_button

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser

SOFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")


def macros(path: Path) -> dict[str, str]:
    """The source of every module as oletools reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = VBA_Parser(str(path))
        found = {str(name): str(code) for _, _, name, code in parser.extract_macros()}
        parser.close()
    return found


def test_oletools_reads_our_macros_and_those_of_the_office(tmp_path: Path) -> None:
    ours = macros(add_button(register(tmp_path / "a.xlsx", with_chart)).path)
    assert any("Sub XlgovRecalculate()" in code for code in ours.values())
    both = macros(add_button(with_macros(tmp_path / "office.xlsm", with_notes)).path)
    assert any("Sub XlgovRecalculate()" in code for code in both.values())
    assert any('MsgBox "Good morning"' in code for code in both.values())


@pytest.mark.parametrize("source", SAMPLES, ids=lambda path: path.name)
def test_openpyxl_reads_the_same_values(source: Path, tmp_path: Path) -> None:
    made = add_button(source, tmp_path).path
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old, new = load_workbook(source), load_workbook(made, keep_vba=True)
    assert new.vba_archive is not None and old.sheetnames == new.sheetnames
    for sheet in old.worksheets:
        assert list(sheet.values) == list(new[sheet.title].values)
    new.save(tmp_path / "saved.xlsm")


def pages(path: Path, folder: Path) -> str:
    """The text of a workbook as LibreOffice prints it; a form feed behind each page."""
    assert SOFFICE is not None and PDFTOTEXT is not None
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    run = [PDFTOTEXT, str(folder / f"{path.stem}.pdf"), "-"]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
@pytest.mark.skipif(not (SOFFICE and PDFTOTEXT), reason="there is no LibreOffice or pdftotext here")
@pytest.mark.parametrize("name", ["strategic-risk-register", "strategic-risk-register-table"])
def test_the_button_is_on_no_printed_page(name: str, tmp_path: Path) -> None:
    source = next(each for each in SAMPLES if each.stem == name)
    made = add_button(source, tmp_path / "with").path
    with_button = pages(made, tmp_path / "with")
    assert with_button == pages(Path(shutil.copy(source, tmp_path)), tmp_path)
    assert "Recalculate" not in with_button


@pytest.mark.slow
@pytest.mark.skipif(not (SOFFICE and PDFTOTEXT), reason="there is no LibreOffice or pdftotext here")
def test_libreoffice_shows_the_button_where_it_may_be_printed(tmp_path: Path) -> None:
    """So that the test above does not pass because the button is nowhere."""
    made = add_button(register(tmp_path / "a.xlsx")).path
    rewrite(made, lambda _, raw: raw.replace(b"<x:PrintObject>False</x:PrintObject>", b""))
    assert "Recalculate" in pages(made, tmp_path)
