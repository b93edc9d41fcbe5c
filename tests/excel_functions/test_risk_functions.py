"""RISK_RATING and RISK_BAND as plain functions, by the built-in scheme or one that is given."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.errors import SettingsError
from xlgov.excel.functions import RISK_BAND, RISK_RATING
from xlgov.excel.functions.cells import Block, read_block
from xlgov.excel.functions.rating import name_bands, rate_cells
from xlgov.excel.functions.stated import read_constant, read_stated

FACTS = Path(__file__).parents[1] / "facts"

# Ratings by likelihood (down) and impact (across), as the published key prints them.
PUBLISHED = [
    [1, 3, 6, 10, 15],
    [2, 5, 9, 14, 19],
    [4, 8, 13, 18, 22],
    [7, 12, 17, 21, 24],
    [11, 16, 20, 23, 25],
]
LIKELIHOODS = ["Unlikely", "Possible", "Likely", "More likely than not", "Probable"]
IMPACTS = ["Insignificant", "Minor", "Moderate", "Significant", "Catastrophic"]


def by(scores: tuple[Any, Any], **named: list[list[Any]]) -> Any:
    stated = read_stated(named)
    return rate_cells(read_block(scores[0]), read_block(scores[1]), stated)


def band_of(rating: Any, **named: list[list[Any]]) -> Any:
    return name_bands(read_block(rating), read_stated(named))


@pytest.mark.parametrize("likelihood", range(1, 6))
@pytest.mark.parametrize("impact", range(1, 6))
def test_each_of_the_25_ratings_is_the_published_one_however_it_is_spelled(
    likelihood: int, impact: int
) -> None:
    expected = PUBLISHED[likelihood - 1][impact - 1]
    first, second = LIKELIHOODS[likelihood - 1], IMPACTS[impact - 1]
    assert RISK_RATING(likelihood, impact) == expected
    assert RISK_RATING(float(likelihood), Decimal(impact)) == expected
    assert RISK_RATING(str(likelihood), f"{impact}.0") == expected
    assert RISK_RATING(first, second.upper()) == expected
    assert RISK_RATING(f"{likelihood} - {first}", f"{second} ({impact})") == expected


def test_the_whole_square_is_one_call_and_ratings_are_whole_numbers() -> None:
    likelihoods = [[row] * 5 for row in range(1, 6)]
    impacts = [list(range(1, 6))] * 5
    assert RISK_RATING(likelihoods, impacts) == PUBLISHED
    assert type(RISK_RATING(2.0, 3.0)) is int


def test_the_published_register_gets_its_published_ratings() -> None:
    with (FACTS / "risk_register.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    disagreeing = {}
    for row in rows:
        for which in ("inherent", "current", "future"):
            scores = [row[f"{which}_{part}"] for part in ("L", "I")]
            got = RISK_RATING(*scores)
            if str(got) != row[f"{which}_R"] and all(scores):
                disagreeing[row["reference"], which] = (*scores, got, row[f"{which}_R"])
    assert disagreeing == {}
    assert len(rows) == 16


@pytest.mark.parametrize("absent", [None, "", "  ", "n/a", "-", "\u2013", "N/A"])
def test_a_blank_or_a_score_not_given_gives_nothing(absent: Any) -> None:
    assert RISK_RATING(absent, 3) == ""
    assert RISK_RATING(3, absent) == ""
    assert RISK_BAND(absent) == ""


@pytest.mark.parametrize("code", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!"])
def test_an_error_value_stays_the_error_that_it_is(code: str) -> None:
    assert RISK_RATING(code, 3) == code
    assert RISK_RATING(3, code) == code
    assert RISK_RATING("Likly", code) == code
    assert RISK_BAND(code) == code


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (
            ("Likly", 3),
            "#N/A: the likelihood is Likly; expected 1 to 5 or one of Unlikely, Possible, Likely, "
            "More likely than not, Probable",
        ),
        ((3, 6), "#N/A: the impact is 6; the scale is 1 to 5"),
        ((0, 3), "#N/A: the likelihood is 0; the scale is 1 to 5"),
        ((2.5, 3), "#N/A: the likelihood is 2.5; 2.5 is not a whole number"),
        ((True, 3), "#N/A: the likelihood is True; a TRUE or FALSE is no score"),
        (("tbc", 3), "#N/A: the likelihood is tbc; no value yet"),
        (
            ("4 - Likely", 3),
            "#N/A: the likelihood is 4 - Likely; the number says 4, the word Likely says 3",
        ),
        (
            (3, datetime(2018, 3, 3)),
            "#N/A: the impact is 43162; it is a date",
        ),
        ((None, "tbc"), "#N/A: the impact is tbc; no value yet"),
    ],
)
def test_what_cannot_be_read_says_why(scores: tuple[Any, Any], said: str) -> None:
    assert RISK_RATING(*scores) == said


def test_a_range_of_words_says_which_scale_it_uses_and_a_word_alone_is_on_the_published_one() -> (
    None
):
    column = [["Rare"], ["Likely"], ["Almost certain"]]
    assert RISK_RATING(column, [[1], [1], [1]]) == [[1], [7], [11]]
    assert RISK_RATING("Likely", 1) == 4
    assert str(RISK_RATING("Rare", 1)).startswith("#N/A: the likelihood is Rare; expected 1 to 5")


def test_shapes_follow_the_arguments() -> None:
    assert RISK_RATING([1, 2], [1, 1]) == [1, 2]
    assert RISK_RATING([[1, 2]], [[1, 1]]) == [[1, 2]]
    assert RISK_RATING([[1], [2]], 5) == [[15], [19]]
    assert RISK_RATING([[3]], [[3]]) == [[13]]
    assert RISK_RATING(((1,), (2,)), ((1,), (1,))) == [[1], [2]]
    assert RISK_RATING([[1], [2], [3]], [[1], [2]]) == (
        "#N/A: the ranges are 2 x 1 and 3 x 1 cells; give ranges of the same shape"
    )
    assert RISK_RATING([[1, 2]], [[1], [2]]) == (
        "#N/A: the ranges are 1 x 2 and 2 x 1 cells; give ranges of the same shape"
    )
    assert RISK_RATING([], 3) == "#N/A: this is no block of cells; give a range"
    assert RISK_RATING([[1, 2], [3]], 3) == "#N/A: this is no block of cells; give a range"


def test_one_cell_that_cannot_be_read_spoils_no_other() -> None:
    got = RISK_RATING([[2], ["?"], [None]], [[3], [3], [3]])
    assert got[0] == [9] and got[2] == [""]
    assert got[1] == ["#N/A: the likelihood is ?; no value yet"]


def test_a_matrix_that_is_given_rates() -> None:
    assert RISK_RATING(2, 1, [[1, 2], [3, 4]]) == 3
    assert RISK_RATING(3, 1, [[1, 2], [3, 4]]) == "#N/A: the likelihood is 3; the scale is 1 to 2"
    assert RISK_RATING(2, 2, [[1, 2, None], ["3", 4.0, ""], [None, "", " "]]) == 4
    assert RISK_RATING(1, 2, [[1, None], [3, 4]]) == (
        "#N/A: the matrix has no rating for likelihood 1 and impact 2"
    )
    assert RISK_RATING(1, 2, [[1, 2, 3], [3, 4, 5]]) == (
        "#N/A: the matrix has 2 rows and 3 columns; expected as many of each, likelihood 1 first"
    )
    assert RISK_RATING(1, 2, [[1, "x"], [3, 4]]) == (
        "#N/A: row 1, column 2 of xlgov_matrix is x; expected a whole number"
    )
    assert RISK_RATING(1, 2, [[None, None], [None, None]]) == (
        "#N/A: the range given for the scheme is blank; leave it out, or fill it"
    )


@pytest.mark.parametrize(
    ("rating", "band"),
    [
        *((1, "Low"), (6, "Low"), (7, "Medium"), (13, "Medium"), (14, "Medium-high")),
        *((19, "Medium-high"), (20, "High"), (22, "High"), (23, "Critical"), (25, "Critical")),
        *(("18", "Medium-high"), ("High (18)", "Medium-high"), (8.5, "Medium")),
        (26, "#N/A: no band holds 26; the bands run from 1 to 25"),
        (0, "#N/A: no band holds 0; the bands run from 1 to 25"),
        ("High", "#N/A: the rating is High; expected a number"),
        ("tbc", "#N/A: the rating is tbc; no value yet"),
        (datetime(2018, 3, 3), "#N/A: the rating is 43162; it is a date"),
    ],
)
def test_a_rating_has_its_band_or_a_reason(rating: Any, band: str) -> None:
    assert RISK_BAND(rating) == band
    assert RISK_BAND([[rating]]) == [[band]]


def test_bands_that_are_given_name() -> None:
    bands = [["Red", 10, 25, "red"], [None, None, None, None], ["Green", "1", 9.0, "green"]]
    assert RISK_BAND([[9], [10]], bands) == [["Green"], ["Red"]]
    assert RISK_BAND(3, [["Red", 10]]) == (
        "#N/A: row 1 of xlgov_bands is no band; expected a name, its lowest and its highest rating"
    )
    assert RISK_BAND(3, [["Red", 10, 5]]).startswith("#N/A: row 1 of xlgov_bands is no band")


def test_a_workbook_states_product_or_sum_and_how_far_the_scale_goes() -> None:
    assert by((4, 5), xlgov_scoring=[["product"]]) == 20
    assert by((4, 5), xlgov_scoring=[["Sum "]]) == 9
    assert by((6, 2), xlgov_scoring=[["product"]]) == (
        "#N/A: the likelihood is 6; the scale is 1 to 5"
    )
    words = [["Rare", 1], ["Certain", 6]]
    assert by((6, 2), xlgov_scoring=[["product"]], xlgov_likelihood=words) == 12
    assert by(("certain", 2), xlgov_scoring=[["product"]], xlgov_likelihood=words) == 12
    assert by((2, 3), xlgov_scoring=[[None]]) == 9
    assert by((2, 3), xlgov_scoring=[["matrix"]], xlgov_matrix=[[None, None], [None, ""]]) == 9
    assert by((3, 1), xlgov_matrix=[[1, 2], [3, 4]], xlgov_scoring=[["sum"]]) == (
        "#N/A: the likelihood is 3; the scale is 1 to 2"
    )


def test_the_words_that_a_workbook_states_go_before_the_usual_ones() -> None:
    words = [["Likely", 4], ["", ""], ["Almost Certain", 5.0]]
    assert by(("LIKELY", 1), xlgov_likelihood=words) == 7
    assert by(("almost certain", 1), xlgov_likelihood=words) == 11
    assert by((1, "Awful"), xlgov_impact=[["Awful", 5]]) == 15


def test_bands_are_the_built_in_ones_only_for_the_built_in_ratings() -> None:
    assert band_of(13) == "Medium"
    assert band_of(13, xlgov_matrix=PUBLISHED) == "Medium"
    assert band_of(13, xlgov_scoring=[["product"]]) == (
        "#N/A: this workbook states no bands; add them to its xlgov sheet"
    )
    assert band_of(13, xlgov_scoring=[["product"]], xlgov_bands=[["All", 1, 25]]) == "All"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"xlgov_scoring": [["multiply"]]}, "xlgov_scoring is 'multiply'; expected matrix"),
        ({"xlgov_likelihood": [["Rare", None]]}, "row 1 of xlgov_likelihood is no word"),
        ({"xlgov_impact": [["Minor", "two"]]}, "row 1, column 2 of xlgov_impact is two; expected"),
        ({"xlgov_matrix": [["#N/A", 2], [3, 4]]}, "row 1, column 1 of xlgov_matrix is #N/A"),
    ],
)
def test_a_scheme_that_cannot_be_read_names_its_cell(
    named: dict[str, list[list[Any]]], said: str
) -> None:
    with pytest.raises(SettingsError, match="^" + re.escape(said)):
        read_stated(named)


def test_constants_are_read_as_excel_writes_them() -> None:
    assert read_constant('={"a ""b"";c",1,6;"Medium, or so",-7,1.5E2}'.removeprefix("=")) == [
        ['a "b";c', 1.0, 6.0],
        ["Medium, or so", -7.0, 150.0],
    ]
    assert read_constant("{1,3,6;2,5,9;4,8,13}") == [[1, 3, 6], [2, 5, 9], [4, 8, 13]]
    assert read_constant("{#N/A,TRUE}") == [["#N/A", "TRUE"]]


@given(st.recursive(st.none() | st.floats() | st.text() | st.booleans() | st.integers(), st.lists))
def test_whatever_stands_in_a_cell_is_answered_without_a_mistake(value: Any) -> None:
    for got in (RISK_RATING(value, 3), RISK_RATING(3, value), RISK_BAND(value)):
        assert "mistake in xlgov" not in str(got)


def test_a_block_tells_its_texts() -> None:
    assert Block((("a", 1), (None, "b")), 2).texts() == ["a", "b"]
