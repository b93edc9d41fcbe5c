"""Every folder of ``tests/golden``: what a refresh says of it, and makes of it, part by part."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import xlgov
from tests.golden.cases import CASES
from tests.golden.expect import in_words, refresh_case
from tests.ooxml.compare import Edited, compare
from tests.plain_registers import parts, values

GOLDEN = Path(__file__).parent / "golden"
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/before.xlsx"))


def test_no_golden_folder_is_passed_by() -> None:
    folders = {path.name for path in GOLDEN.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == {folder.name for folder in FOLDERS}
    assert folders >= {case.__name__.replace("_", "-") for case in CASES}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_a_refresh_gives_what_is_expected(folder: Path, tmp_path: Path) -> None:
    path, changes = refresh_case(folder, tmp_path)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert in_words(changes) == expected
    made, golden = parts(path), parts(folder / "after.xlsx")
    assert list(made) == list(golden)
    assert [name for name in made if made[name] != golden[name]] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_nothing_but_the_listed_changes_differs_and_twice_is_once(
    folder: Path, tmp_path: Path
) -> None:
    path, changes = refresh_case(folder, tmp_path)
    if changes.is_empty:
        assert path.read_bytes() == (folder / "before.xlsx").read_bytes()
        return
    cells: dict[str, set[str]] = {}
    for change in changes.cells:
        cells.setdefault(change.sheet, set()).add(change.address)
        shown = values(path)[change.sheet, change.address]
        assert (shown, type(shown)) == (change.after, type(change.after))
    sheets = frozenset(rule.sheet for rule in changes.formats)
    assert compare(folder / "before.xlsx", path, Edited(cells, formats=sheets))
    once = path.read_bytes()
    assert xlgov.refresh(path, as_of=changes.as_of, backup=False).is_empty
    assert path.read_bytes() == once


@pytest.mark.slow
def test_libreoffice_opens_every_golden_result(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed, so no real client opens the results")
    for folder in FOLDERS:
        shutil.copy(folder / "after.xlsx", tmp_path / f"{folder.name}.xlsx")
    subprocess.run(
        [
            *(office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out")),
            *map(str, sorted(tmp_path.glob("*.xlsx"))),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    for folder in FOLDERS:
        ours, theirs = (
            values(folder / "after.xlsx"),
            values(tmp_path / "out" / f"{folder.name}.xlsx"),
        )
        for line in json.loads((folder / "expected.json").read_text(encoding="utf-8"))["changes"]:
            match = re.match(r"(.+)!([A-Z]+\d+): ", line)
            assert match is not None
            assert theirs[match[1], match[2]] == ours[match[1], match[2]]
