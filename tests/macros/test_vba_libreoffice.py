"""A client that is not ours opens a workbook with our macros and finds every module."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from html import unescape
from pathlib import Path

import pytest
import xlsxwriter

from xlgov.macros.project import project_bytes, read_sources

SOFFICE = shutil.which("soffice")


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_finds_every_module(tmp_path: Path) -> None:
    project = tmp_path / "vbaProject.bin"
    project.write_bytes(project_bytes(("ThisWorkbook", "Sheet1", "Sheet2")))
    book = xlsxwriter.Workbook(tmp_path / "macros.xlsm")
    book.add_worksheet()
    book.add_worksheet()
    book.add_vba_project(str(project))
    book.close()
    run = [
        *(str(SOFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}"),
        *("--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "macros.xlsm")),
    ]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    with zipfile.ZipFile(tmp_path / "macros.ods") as package:
        names = package.namelist()
        found = {
            name: unescape(package.read(f"Basic/VBAProject/{name}.xml").decode())
            for name in read_sources()
        }
    assert {f"Basic/VBAProject/{name}.xml" for name in ("ThisWorkbook", "Sheet1", "Sheet2")} <= {
        *names
    }
    for name, text in read_sources().items():
        body = text.split("\n", 1)[1]  # without the line that states the name
        assert body.strip() in found[name], name
