"""Numbers that a cell's format shows as dates of 1900."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, Made, dated
from xlgov.grid.sheet import Workbook
from xlgov.settings.values import Settings
from xlgov.tracker.actions import ACTIONS
from xlgov.tracker.entry import Entry, read_entries
from xlgov.tracker.numbered_dates import find_numbered_dates, show_number

HEADINGS = ("Action No", "Agenda item", "Action", "Owner")


def read(items: list[Any], workbook_1904: bool = False) -> list[Entry]:
    rows = [
        [number, item, "Report to the Board on progress", "OPCC"]
        for number, item in enumerate(items, start=1)
    ]
    book = FakeWorkbook({"Log": [HEADINGS, *rows]}, date_1904=workbook_1904)
    workbook: Workbook = book
    [layout] = ACTIONS.search(workbook, Settings()).layouts
    return read_entries(workbook, layout)


def shown_as_date(number: float) -> Made:
    return Made(number, format="dd/mm/yyyy")


def plain(number: float, code: str = "0.0") -> Made:
    return Made(number, format=code)


def test_a_small_number_in_a_date_format_among_plain_numbers_is_an_item_number() -> None:
    entries = read([shown_as_date(5), plain(7.2), plain(10.6)])
    [found] = find_numbered_dates(entries, "agenda_item")
    assert (found.entry.label, found.shown, found.meant) == ("1", "05/01/1900", "5.0")
    assert found.number_format == "0.0"


def test_the_most_common_format_of_the_plain_cells_is_taken() -> None:
    entries = read([shown_as_date(6), plain(1, "0"), plain(2, "0.0"), plain(3, "0.0")])
    [found] = find_numbered_dates(entries, "agenda_item")
    assert (found.number_format, found.meant) == ("0.0", "6.0")


@pytest.mark.parametrize(
    "items",
    [
        [dated(date(2019, 5, 16)), plain(7.2), plain(10.6)],  # a real date
        [shown_as_date(366), plain(7.2), plain(10.6)],
        [shown_as_date(5), shown_as_date(6), shown_as_date(7)],  # nothing says that it is a number
        ["5.0", plain(7.2), plain(10.6)],
        [plain(5), plain(7.2), plain(10.6)],
    ],
)
def test_other_cells_are_left_alone(items: list[Any]) -> None:
    assert list(find_numbered_dates(read(items), "agenda_item")) == []


def test_a_column_that_is_not_there_has_none() -> None:
    assert list(find_numbered_dates(read([plain(1), plain(2)]), "reference_2")) == []


def test_the_number_is_shown_as_its_neighbours_are() -> None:
    assert show_number(5, "0.00") == "5.00"
    assert show_number(4, "0") == "4"
    assert show_number(10.6, "General") == "10.6"
    assert show_number(5, '"Item "0') == "5"


def test_the_record_reads_as_the_number_and_not_as_the_date() -> None:
    entries = read([shown_as_date(5), plain(7.2)])
    [search] = [ACTIONS.search(entries[0].workbook, Settings())]
    rows = ACTIONS.list_entries(entries[0].workbook, Settings(), search)
    assert [row["agenda_item"] for row in rows] == [5, 7.2]
