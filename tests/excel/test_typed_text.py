"""What a cell holds after a text was written into it, case by case as Excel decides it."""

from __future__ import annotations

from datetime import datetime

import pytest
from typed_text import ComError, Entry, ErrorValue, enter, serial_of


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("12", 12.0, None),
        ("1,234", 1234.0, "#,##0"),
        ("12%", 0.12, "0%"),
        ("0.5 %", 0.005, "0.00%"),
        ("£1,200", 1200.0, "£#,##0"),
        ("(12)", -12.0, None),
        ("-12", -12.0, None),
        ("+7", 7.0, None),
        ("1e3", 1000.0, "0.00E+00"),
        ("1 1/2", 1.5, "# ?/?"),
        (" 12 ", 12.0, None),
        ("1:30", 0.0625, "h:mm"),
        ("1:30 PM", 0.5625, "h:mm"),
        ("2017-02-06", 42772.0, "mm-dd-yy"),
        ("2017-02-06 12:00:00", 42772.5, "m/d/yy h:mm"),
        ("2/6/2017", 42772.0, "mm-dd-yy"),
        ("31/12/2018", 43465.0, "mm-dd-yy"),
        ("6 Feb 2017", 42772.0, "d-mmm-yy"),
        ("February 2017", 42767.0, "mmm-yy"),
        ("Mar-18", 43542.0, "d-mmm"),  # the 18th of March, not March 2018
        ("Mar-45", 16497.0, "mmm-yy"),
        ("1-2", 43467.0, "d-mmm"),
        ("3/4", 43528.0, "d-mmm"),
    ],
)
def test_text_that_looks_like_a_number_or_a_date_becomes_one(
    text: str, value: float, shown: str | None
) -> None:
    assert enter(text) == Entry(value, format=shown)


@pytest.mark.parametrize("text", ["SR1.2", "n/a", "1.2.3", "12 months", "Risk", "13/13/2018x", "-"])
def test_other_text_stays_text(text: str) -> None:
    assert enter(text) == Entry(text)


def test_truth_and_errors_are_no_text() -> None:
    assert enter("true") == Entry(True)
    assert enter("#n/a") == Entry(ErrorValue("#N/A"))


@pytest.mark.parametrize(
    ("text", "formula"), [("=A1+1", "=A1+1"), ("+A1", "=A1"), ("- see note", "=-see note")]
)
def test_signs_start_a_formula(text: str, formula: str) -> None:
    assert enter(text) == Entry(formula=formula)


@pytest.mark.parametrize("text", ["=1+1", "1-2", "TRUE", "#N/A", "+x", "@x", "007"])
def test_an_apostrophe_makes_text_and_is_no_part_of_it(text: str) -> None:
    assert enter("'" + text) == Entry(text, prefix=True)
    assert enter(text, "@") == Entry(text)


def test_what_excel_refuses_is_refused() -> None:
    with pytest.raises(ComError):
        enter("@board")
    with pytest.raises(ComError):
        enter("x" * 32_768)


def test_a_typed_date_counts_the_29th_of_february_1900() -> None:
    assert serial_of(datetime(1900, 1, 1)) == 1
    assert serial_of(datetime(1900, 3, 1)) == 61
