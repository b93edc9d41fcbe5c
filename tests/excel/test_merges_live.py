"""Merged ranges of a live sheet: asked for by halving, or supposed where Excel does not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_engine import open_live, stop_session

from xlgov.excel.merges import find_merges, supposed_merges
from xlgov.grid.cells import Range
from xlgov.grid.sheet import Grid

AREAS = st.builds(
    lambda top, left, down, across: Range(top, left, top + down, left + across),
    st.integers(2, 30),
    st.integers(1, 12),
    st.integers(0, 4),
    st.integers(0, 4),
).filter(lambda area: area.cell_count > 1)


def apart(areas: list[Range]) -> list[Range]:
    kept: list[Range] = []
    for area in areas:
        if not any(area.overlaps(other) for other in kept):
            kept.append(area)
    return kept


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(areas=st.lists(AREAS, max_size=12))
def test_every_merged_range_is_found_whatever_the_pattern(
    areas: list[Range], tmp_path_factory: Any
) -> None:
    merged = apart(areas)
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["R40"] = "title", "end"
    for area in merged:
        sheet.merge_cells(str(area))
    path = tmp_path_factory.mktemp("merges") / "book.xlsx"
    workbook.save(path)
    stop_session()
    live = open_live(path).sheets[0]
    assert find_merges(live, Range(1, 1, 40, 18)) == tuple(sorted(merged))


def test_a_sheet_without_merged_cells_is_one_question(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(made({f"A{row}": row for row in range(1, 500)}))
    before = book.impl.calls["Range.merge_cells"]
    assert find_merges(book.sheets[0], Range(1, 1, 499, 1)) == ()
    assert book.impl.calls["Range.merge_cells"] == before + 1


def test_a_heading_over_several_headings_is_supposed_to_be_merged() -> None:
    grid = Grid("Risks")
    for row, values in {
        1: {1: "Strategic risks"},
        3: {1: "Ref", 2: "Current", 5: "Future"},
        4: {1: "Ref", 2: "L", 3: "I", 4: "R", 5: "L", 6: "I", 7: "R"},
        5: {1: "SR1", 2: 1, 3: 2, 4: 3},
    }.items():
        for column in range(1, 8):
            grid.put(row, column, values.get(column))
    assert supposed_merges(grid) == (Range(3, 2, 3, 4), Range(3, 5, 3, 7))


def test_a_title_and_records_are_not_supposed_to_be_merged() -> None:
    grid = Grid("Risks")
    rows = {1: {1: "A title"}, 2: {1: "x", 2: "y", 3: "z"}, 3: {1: "a", 3: 4}, 4: {1: "b", 2: "c"}}
    for row, values in rows.items():
        for column in range(1, 4):
            grid.put(row, column, values.get(column))
    assert supposed_merges(grid) == ()
