"""What a number format shows, as Excel shows it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.kpi.number_format import (
    agrees,
    decimals,
    half_unit,
    is_percent,
    rounded,
    same_shown,
    show,
    show_number,
)

FORMATS = ("0", "0.0", "0.00", "#,##0", "0%", "0.0%", "#,##0.000")


@pytest.mark.parametrize(
    ("code", "places", "percent"),
    [
        ("General", None, False),
        ("", None, False),
        ("@", None, False),
        ("mmm-yy", None, False),
        ("0.00E+00", None, False),
        ("# ?/?", None, False),
        ("0", 0, False),
        ("#,##0", 0, False),
        ("#,##0.00", 2, False),
        (".000", 3, False),
        ("0%", 0, True),
        ("0.0%", 1, True),
        ('0.0" mins"', 1, False),
        ('0.0"%"', 1, False),
        (r"0.0\%", 1, False),
        ("[Red]0.0;-0.0", 1, False),
        ('"£"#,##0', 0, False),
        ('_-* #,##0.0_-;-* #,##0.0_-;_-* "-"??_-;_-@_-', 1, False),
        ('[>=1000]#,##0;0.0"%"', 0, False),
    ],
)
def test_decimals_and_per_cent_come_from_the_first_section(
    code: str, places: int | None, percent: bool
) -> None:
    assert (decimals(code), is_percent(code)) == (places, percent)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (4988, "0", "4,988"),
        (0.825, "0.0%", "82.5%"),
        (0.0825, "0%", "8%"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (0.285, "0.00", "0.29"),
        (100.4999, "0", "100"),
        (1.005 * 100, "0", "101"),  # 100.49999999999999 in binary; Excel has 15 digits
        (-0.3, "0", "0"),
        (1234567, "#,##0,", "1,235"),
        (4838.083333333333, "General", "4,838.083333"),
        (1200, "General", "1,200"),
        (0, "General", "0"),
        (1e300, "0", f"{10**300:,}"),
    ],
)
def test_a_number_is_shown_as_excel_shows_it(value: float, code: str, text: str) -> None:
    assert show(value, code) == text


def test_a_number_that_is_none_is_shown_as_it_is() -> None:
    assert show(math.inf, "0.0%") == "inf%"
    assert not same_shown(math.inf, 1.0, "0")
    assert same_shown(math.inf, math.inf, "0")


@given(st.floats(-1e9, 1e9), st.sampled_from(FORMATS))
def test_what_looks_the_same_reads_the_same(value: float, code: str) -> None:
    half = half_unit(code)
    assert half is not None
    assert same_shown(value, value, code)
    assert not same_shown(value, value + 3 * half, code)
    assert (show(value, code) == show(value + half, code)) == same_shown(value, value + half, code)


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_unit_at_most(number: int, places: int) -> None:
    value = number / 997
    assert abs(rounded(value, places) - value) <= 0.5 * 10**-places + 1e-9
    assert float(show_number(value, places).replace(",", "")) == rounded(value, places)


@pytest.mark.parametrize(
    ("held", "exact", "code", "same"),
    [
        (0.825, 0.8254, "0.0%", True),
        (0.82, 0.8254, "0.0%", False),
        (82.5, 82.4961, "General", True),
        (82.5, 82.44, "General", False),
        (4838, 4838.4, "General", True),  # typed without decimals
        (0.0314159, 0.03141592, "General", True),
        (math.inf, 1.0, "General", False),
    ],
)
def test_a_cell_without_a_format_is_held_to_the_decimals_typed(
    held: float, exact: float, code: str, same: bool
) -> None:
    assert agrees(held, exact, code) is same
