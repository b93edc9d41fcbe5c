"""Values between Excel and the grid."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.changes import Formula, RichText, TextRun
from xlgov.errors import EditError
from xlgov.excel.values import from_excel, to_excel
from xlgov.grid.cells import CellError


@pytest.mark.parametrize(
    ("arrives", "expected"),
    [
        (None, (None, False)),
        (3.0, (3, False)),
        (0.85, (0.85, False)),
        (Decimal("12.50"), (12.5, False)),
        (True, (True, False)),
        (1e300, (1e300, False)),
        ("", ("", False)),
        ("3", ("3", False)),
        ("#N/A", (CellError("#N/A"), False)),
        ("#Likely", ("#Likely", False)),
        (datetime(2017, 2, 6), (42772, True)),
        (datetime(2017, 2, 6, 12), (42772.5, True)),
        (datetime(1900, 1, 4), (5, True)),  # how a 5 shown as a date of 1900 arrives
        (date(2018, 3, 31), (43190, True)),
        (time(18, 0), (0.75, True)),
    ],
)
def test_what_excel_hands_over_reads_as_in_a_file(arrives: object, expected: object) -> None:
    found = from_excel(arrives)
    assert found == expected
    assert type(found[0]) is type(expected[0])  # type: ignore[index]  # pairs, by the list above


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+44 1480", "-", "@SUM(A1)", "'quoted", "00123", "3-4", "1/2", "12%", "£5"),
        *("Mar-18", "march 2018", "Sept 3", "TRUE", "false", "#N/A", " 12", "(5)", ".5", "1e5"),
    ],
)
def test_text_that_excel_would_read_as_something_else_gets_an_apostrophe(text: str) -> None:
    assert to_excel(text) == f"'{text}"


@pytest.mark.parametrize("text", ["n/a", "Likely", "↑", "Higher", "March", "Truename", "", "SR1.2"])
def test_plain_words_get_none(text: str) -> None:
    assert to_excel(text) == text


def test_dates_are_written_as_moments_and_formulas_not_as_values() -> None:
    assert to_excel(date(2018, 3, 31)) == datetime(2018, 3, 31)
    for value in (Formula("A1"), RichText((TextRun("red", color="FF0000"),))):
        with pytest.raises(EditError, match="open workbook"):
            to_excel(value)


@given(st.integers(61, 2_900_000))
def test_a_day_keeps_its_serial_number(serial: int) -> None:
    from xlgov.grid.cells import date_from_serial

    assert from_excel(date_from_serial(serial, False)) == (serial, True)
