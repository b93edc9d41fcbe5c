"""Small tables found by their shape: headings, labels, figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, Made
from xlgov.grid.cells import serial_from_date
from xlgov.kpi.blocks import Block, find_blocks, is_dash, is_not_available, printed_number


def blocks(rows: Sequence[Sequence[Any]], *merges: str) -> list[Block]:
    return find_blocks(FakeWorkbook({"Sheet": rows}, merges={"Sheet": merges}), "Sheet")


def headings(block: Block) -> list[str]:
    return [heading.text for heading in block.figures.values()]


def test_titles_stand_above_and_a_blank_row_ends_a_block() -> None:
    first, second = blocks(
        [
            ["Arrests"],
            ["Age", "Count", "%"],
            ["Young", 1, 0.5],
            ["Old", 1, 0.5],
            [],
            ["Source: custody"],
            ["Age", "Count", "%"],
            ["Young", 1, "n/a"],
            ["Old", 1, "-"],
        ]
    )
    assert (first.header_row, first.rows, headings(first)) == (2, [3, 4], ["Count", "%"])
    assert (second.header_row, second.rows) == (7, [8, 9])
    assert second.label_column == 1


def test_headings_end_a_block_where_no_blank_row_does() -> None:
    rows = [["Age", "Count"], ["A", 1], ["B", 2], ["Sex", "Count"], ["F", 1], ["M", 2]]
    assert [block.rows for block in blocks(rows)] == [[2, 3], [5, 6]]


def test_a_merged_heading_is_said_with_those_below_it() -> None:
    month = Made(serial_from_date(date(2018, 3, 1)), format="mmm-yy")
    rows = [
        ["Category", month, None, "Rolling 12", None],
        [None, "Count", "%", "Count", "%"],
        ["A", 1, 0.5, 2, 0.5],
        ["B", 1, 0.5, 2, 0.5],
    ]
    (block,) = blocks(rows, "A1:A2", "B1:C1", "D1:E1")
    assert headings(block) == ["Mar-18 Count", "Mar-18 %", "Rolling 12 Count", "Rolling 12 %"]
    assert block.texts[1].text == "Category"


def test_years_are_headings_over_figures_and_labels_beside_them() -> None:
    (across,) = blocks([["Area", 2016, 2017], ["North", 5, 6], ["South", 7, 8]])
    assert headings(across) == ["2016", "2017"]
    (down,) = blocks([["Year", "Fatal", "Serious"], [2016, 3, 5], [2017, 4, 6], ["Total", 7, 11]])
    assert (down.label_column, headings(down)) == (1, ["Fatal", "Serious"])


def test_tables_side_by_side_are_two() -> None:
    gap = [["Age", "Count", None, "Sex", "Count"], ["A", 1, None, "F", 1], ["B", 2, None, "M", 2]]
    assert [sorted(block.figures) for block in blocks(gap)] == [[2], [5]]
    close = [["Age", "Count", "Age", "Count"], ["A", 1, "A", 1], ["B", 2, "B", 2]]
    assert [sorted(block.figures) for block in blocks(close)] == [[2], [4]]


@pytest.mark.parametrize(
    "rows",
    [
        [["Agenda"], ["Item", "Lead"], ["Minutes", "Clerk"], ["Budget", "CFO"]],
        [["Count"], [1], [2]],
        [["North", 5, 6], ["South", 7, 8]],
        [["Age", "Count"], ["A", 1]],
        [["Age", "Count"], *(["Row", number] for number in range(500))],
    ],
    ids=["text", "no labels", "no headings", "one row", "a register"],
)
def test_what_is_no_table_of_figures_is_none(rows: list[list[Any]]) -> None:
    assert blocks(rows) == []


def test_numbers_and_their_absence_in_text() -> None:
    assert [printed_number(text) for text in ("1,234", " 82.5% ", "0", "n/a", "-", "")] == [
        1234,
        0.825,
        0,
        None,
        None,
        None,
    ]
    assert [is_not_available(value) for value in (None, " ", "N/A", "-", 0, "see note")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert is_dash(" – ")
    assert not is_dash("")
