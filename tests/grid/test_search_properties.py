"""What must hold for any sheet: no crash, and no difference made by where a table stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grid.literal import Book, sheet
from tests.grid.test_forms import ONE
from tests.grid.test_tables import LAYOUTS
from xlgov.grid.cells import Range
from xlgov.grid.records import Layout
from xlgov.grid.search import find_registers
from xlgov.grid.sheet import Grid
from xlgov.risk.headings import VOCABULARY

HEADINGS = [
    "Ref", "Risk", "Description", "Likelihood", "Impact", "Score", "L", "I", "R", "P", "E", "S",
    "Inherent", "Residual", "Current risk", "Target", "Owner", "Controls", "Future actions",
    "Status", "Likelihood: 3", "Inherent Likelihood", "Political", "Total", "Impact / Effect", "",
]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(HEADINGS),
    st.integers(0, 30),
    st.text(max_size=6),
    st.just("A sentence that is long enough to be the description of some risk or other"),
)
RANGES = st.builds(
    lambda top, left, down, across: Range(top, left, top + down, left + across),
    st.integers(1, 12),
    st.integers(1, 10),
    st.integers(0, 3),
    st.integers(0, 4),
)


def moved(grid: Grid, down: int, across: int, titles: list[str]) -> Grid:
    """The same cells further down and to the right, under some titles."""
    found = Grid(grid.sheet)
    for row, title in enumerate(titles[:down], start=1):
        found.put(row, across + 1, title)
    for number, column in grid.columns.items():
        for row, value in zip(column.rows, column.values, strict=True):
            found.put(row + down, number + across, value, row in column.formulas)
    found.merges = tuple(
        Range(m.top + down, m.left + across, m.bottom + down, m.right + across) for m in grid.merges
    )
    return found


def places(layout: Layout, down: int = 0, across: int = 0) -> list[dict[str, tuple[int, int]]]:
    found = []
    for record in layout.records:
        cells = {name: record.at(name) for name in layout.headings}
        found.append(
            {name: (c[0] - down, c[1] - across) for name, c in cells.items() if c is not None}
        )
    return found


@pytest.mark.parametrize("name", [*LAYOUTS, *ONE])
@settings(max_examples=6, deadline=None)
@given(
    down=st.integers(0, 7),
    across=st.integers(0, 5),
    titles=st.lists(
        st.sampled_from(["Strategic risks", "As at 31 March", "Current position", "Draft 3"]),
        max_size=3,
    ),
)
def test_a_register_is_found_wherever_it_stands(
    name: str, down: int, across: int, titles: list[str]
) -> None:
    text = LAYOUTS[name][0] if name in LAYOUTS else ONE[name][0]
    grid = sheet(text)
    (here,) = find_registers(Book(grid), VOCABULARY).layouts
    there = find_registers(Book(moved(grid, down, across, titles)), VOCABULARY).layouts
    assert [places(layout, down, across) for layout in there] == [places(here)]


@settings(max_examples=400, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, max_size=9), max_size=12),
    merges=st.lists(RANGES, max_size=5),
    mapping=st.dictionaries(
        st.sampled_from(["current.likelihood", "reference", "owner"]),
        st.sampled_from(["A", "C", "Likelihood", "Inherent / L", "XFD", "no such heading"]),
        max_size=2,
    ),
)
def test_any_sheet_gives_an_answer_with_cells_inside_it(
    rows: list[list[object]], merges: list[Range], mapping: dict[str, str]
) -> None:
    grid = Grid("Any", merges=tuple(merges))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                grid.put(number, column, value)  # type: ignore[arg-type]  # any cell value
    search = find_registers(Book(grid), VOCABULARY, mapping)
    sheets = {item.sheet for item in (*search.layouts, *search.unsure)} | set(search.left_alone)
    assert sheets == {"Any"}
    assert not (search.layouts and search.left_alone)
    for layout in search.layouts:
        assert len(layout.records)
        for cells in places(layout):
            assert set(cells) <= set(layout.headings)
            assert all(1 <= row <= 16 and 1 <= column <= 15 for row, column in cells.values())
            shared = {cells.get("status_date")}
            own = [cell for name, cell in cells.items() if cell not in shared]
            assert len(set(own)) == len(own)
