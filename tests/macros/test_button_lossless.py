"""Every workbook at hand is given a button and loses nothing, or is refused in words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from button_books import BUTTON, PUBLIC, ROOT, SAMPLES, drawings
from kept_parts import judge

from xlgov.errors import XlgovError
from xlgov.grid.cells import Range
from xlgov.macros.button import add_button
from xlgov.ooxml.reader import open_workbook
from xlgov.operations import preview

sys.path.append(str(ROOT / "tests" / "ooxml"))  # the workbooks written by hand live there

from handmade import MAKERS, write_package
from written import WRITERS

GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/before.xlsx"))
OUTCOMES: dict[str, str] = {}  # of the tests that ran before the last one


def try_button(source: Path, folder: Path) -> str:
    """Add a button, judge the file, and add it again; what became of it."""
    before = source.read_bytes()
    try:
        made = add_button(source, folder)
    except XlgovError as error:
        assert not list(folder.glob("*"))
        return f"refused: {error}"
    assert source.read_bytes() == before
    judge(source, made.path)
    once = made.path.read_bytes()
    assert BUTTON in drawings(made.path)
    assert not add_button(made.path).is_changed
    assert made.path.read_bytes() == once
    return "given a button"


@pytest.mark.parametrize("source", SAMPLES, ids=lambda path: path.name)
def test_a_sample_keeps_every_part_that_need_not_change(source: Path, tmp_path: Path) -> None:
    made = add_button(source, tmp_path)
    touched = judge(source, made.path)
    others = {name for name in touched if "worksheets/sheet" not in name}
    assert others <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/drawings/vmlDrawing1.vml",
        "xl/chartsheets/sheet1.xml",
    }
    assert try_button(source, tmp_path / "again") == "given a button"


@pytest.mark.parametrize("source", [*SAMPLES, *GOLDEN], ids=lambda path: path.parent.name)
def test_each_rating_that_a_refresh_corrects_is_in_a_named_area(
    source: Path, tmp_path: Path
) -> None:
    """Also afterwards: the names are those of the cells, whatever stands in them."""
    made = add_button(source, tmp_path)
    with open_workbook(made.path) as workbook:
        named = {
            (area.rpartition("!")[0].strip("'"), Range.parse(area.rpartition("!")[2])): name
            for name, text in workbook.book.hidden_names().items()
            if name.startswith("xlgov_r")
            for area in text.split(",")
        }
    corrected = [
        change
        for change in preview(source).cells
        if change.measure in ("rating", "impact", "level") and isinstance(change.before, int | None)
    ]
    for change in corrected:
        cell = Range.parse(change.address)
        held = [
            name
            for (sheet, area), name in named.items()
            if sheet == change.sheet and area.overlaps(cell)
        ]
        assert [name.rpartition("_")[2] for name in held] == [change.measure]


@pytest.mark.skipif(not PUBLIC, reason="the public workbooks are not here")
@pytest.mark.parametrize("source", PUBLIC, ids=lambda path: path.name)
def test_a_public_workbook_loses_nothing(source: Path, tmp_path: Path) -> None:
    OUTCOMES[source.name] = try_button(source, tmp_path / "out")


@pytest.mark.skipif(not PUBLIC, reason="the public workbooks are not here")
def test_no_public_workbook_is_refused() -> None:
    assert {name: said for name, said in OUTCOMES.items() if said != "given a button"} == {}


@pytest.mark.parametrize("name", MAKERS)
def test_a_workbook_written_by_hand_loses_nothing(name: str, tmp_path: Path) -> None:
    source = write_package(tmp_path / "before.xlsx", MAKERS[name]())
    said = try_button(source, tmp_path / "out")
    if name == "a macro project":  # of a few bytes that are none
        assert said.startswith("refused")
    else:
        assert said == "given a button"


@pytest.mark.parametrize("name", WRITERS)
def test_a_workbook_of_another_writer_loses_nothing(name: str, tmp_path: Path) -> None:
    assert try_button(WRITERS[name](tmp_path / "before.xlsx"), tmp_path / "out") == "given a button"
