"""Cells as few rectangles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlgov.excel.blocks import rectangles

PLACES = st.sets(st.tuples(st.integers(1, 12), st.integers(1, 8)))


def test_a_column_of_any_length_is_one_block() -> None:
    assert [str(area) for area in rectangles([(row, 14) for row in range(5, 10_005)])] == [
        "N5:N10004"
    ]


def test_rows_are_joined_where_that_gives_fewer() -> None:
    row, long = [(3, c) for c in range(1, 9)], [(5, c) for c in range(2, 9)]
    assert [str(area) for area in rectangles([*row, *long])] == ["A3:H3", "B5:H5"]


@given(PLACES)
def test_every_cell_is_covered_once_and_nothing_else(places: set[tuple[int, int]]) -> None:
    covered = [
        (row, column)
        for area in rectangles(places)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]
    assert len(covered) == len(set(covered))
    assert set(covered) == places
