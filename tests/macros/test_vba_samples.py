"""One answer from both hands: the macro without Python and the refresh with it, on every sample.

The workbook is the one that ``xlgov button`` makes, and the macros are those inside it. Some
ratings are spoilt first, so that there is something to put right everywhere.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from macro_excel import MacroExcel

import xlgov
from xlgov.changes import CellChange, ChangeSet
from xlgov.grid.cells import column_letters, is_blank
from xlgov.macros.button import add_button
from xlgov.ooxml.reader import open_workbook
from xlgov.risk.ranges import is_range_name

SAMPLES = sorted((Path(xlgov.__file__).parents[1] / "workbooks").glob("*.xlsx"))
_AREA = re.compile(r"'((?:[^']|'')*)'!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?")


def named_cells(path: Path) -> dict[tuple[str, str], str]:
    """What each cell that the button's names give holds: sheet and address to measure."""
    found = {}
    with open_workbook(path) as workbook:
        for name, text in workbook.book.hidden_names().items():
            if is_range_name(name):
                for sheet, letters, top, bottom in _AREA.findall(text):
                    for row in range(int(top), int(bottom or top) + 1):
                        place = (sheet.replace("''", "'"), f"{letters}{row}")
                        found[place] = name.rsplit("_", 1)[1]
    return found


def values_of(path: Path, cells: dict[tuple[str, str], str]) -> dict[tuple[str, str], Any]:
    with open_workbook(path) as workbook:
        return {
            (sheet, address): workbook.grid(sheet).value(*_place(address))
            for sheet, address in cells
        }


def _place(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    column = next(number for number in range(1, 20_000) if column_letters(number) == letters)
    return int(address[len(letters) :]), column


def spoil(source: Path, cells: dict[tuple[str, str], str], target: Path) -> Path:
    """A copy with a few typed ratings changed by one or made blank."""
    numbers = random.Random(source.name)
    shown = values_of(source, cells)
    typed = [place for place, measure in cells.items() if measure == "rating"]
    typed = [place for place in typed if isinstance(shown[place], int | float)]
    picked = numbers.sample(typed, min(5, len(typed)))
    changes = tuple(
        CellChange(sheet, address, None, None if place % 2 else int(shown[sheet, address]) + 1)
        for place, (sheet, address) in enumerate(picked)
    )
    xlgov.apply(ChangeSet(cells=changes), source, target)
    return target


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_macro_gives_what_the_refresh_gives(sample: Path, tmp_path: Path) -> None:
    made = add_button(sample, tmp_path / "made").path
    cells = named_cells(made)
    if not cells:
        excel = MacroExcel(made)
        assert excel.run("CallRecalculate").startswith("Nothing was changed")
        return
    (tmp_path / "spoilt").mkdir()
    spoilt = spoil(made, cells, tmp_path / "spoilt" / made.name)
    expected = {**values_of(spoilt, cells)}
    wanted = {
        (change.sheet, change.address): change.after for change in xlgov.preview(spoilt).cells
    }
    excel = MacroExcel(spoilt)
    said = excel.run("CallRecalculate")
    assert said.startswith("Ratings recalculated."), said
    changed = 0
    for place, measure in cells.items():
        if measure in ("rating", "impact", "band"):
            after = wanted.get(place, expected[place])
            changed += place in wanted
            now = excel.cell(place[1], place[0])
            assert (None if is_blank(now) else now) == (None if is_blank(after) else after), place
    assert changed >= 5 or len(cells) < 5
