"""The built-in matrix and the arithmetic of schemes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.risk.registers import read_facts
from xlgov.risk.scale import BANDS, Scheme, built_in_scheme, rank, rank_matrix, transpose

SIZES = st.integers(1, 10)


def test_the_closed_form_is_the_published_matrix() -> None:
    facts = read_facts("risk_matrix.csv")
    assert len(facts) == 25
    for fact in facts:
        assert rank(int(fact["likelihood"]), int(fact["impact"])) == int(fact["rating"])


def test_all_printed_ratings_follow_from_their_scores() -> None:
    printed = [
        (int(fact[f"{name}_L"]), int(fact[f"{name}_I"]), int(fact[f"{name}_R"]))
        for fact in read_facts("risk_register.csv")
        for name in ("inherent", "current", "future")
        if fact[f"{name}_R"]
    ]
    assert len(printed) == 37
    scheme = built_in_scheme()
    assert [scheme.rate(row[0], row[1]) for row in printed] == [row[2] for row in printed]


def test_a_small_matrix_by_hand() -> None:
    assert rank_matrix(3) == ((1, 3, 6), (2, 5, 8), (4, 7, 9))
    assert rank_matrix(4)[3] == (7, 11, 14, 16)


@given(SIZES)
def test_every_rank_of_the_square_occurs_once(size: int) -> None:
    ranks = [rating for line in rank_matrix(size) for rating in line]
    assert sorted(ranks) == list(range(1, size * size + 1))


@given(SIZES)
def test_cells_are_ordered_by_sum_and_then_by_impact(size: int) -> None:
    scores = range(1, size + 1)
    cells = sorted(
        ((row, column) for row in scores for column in scores),
        key=lambda cell: (cell[0] + cell[1], cell[1]),
    )
    assert [rank(*cell, size) for cell in cells] == list(range(1, size * size + 1))


@given(st.sampled_from(["matrix", "product", "sum"]), SIZES, st.data())
def test_a_higher_score_never_lowers_the_rating(scoring, size, data) -> None:  # type: ignore[no-untyped-def]  # hypothesis data
    scheme = Scheme(scoring, size)
    likelihood = data.draw(st.integers(1, size))
    impact = data.draw(st.integers(1, size))
    rating = scheme.rate(likelihood, impact)
    assert scheme.lowest <= rating <= scheme.highest
    if likelihood < size:
        assert scheme.rate(likelihood + 1, impact) > rating
    if impact < size:
        assert scheme.rate(likelihood, impact + 1) > rating


def test_scores_beyond_the_scale_are_refused() -> None:
    for scheme in (built_in_scheme(), Scheme("product"), Scheme("matrix", 2, ((1, 2), (3, 4)))):
        for likelihood, impact in ((0, 1), (1, 0), (6, 1), (1, 6)):
            with pytest.raises(ValueError, match="are not both 1 to"):
                scheme.rate(likelihood, impact)


def test_bands_are_the_five_of_the_key_and_leave_no_gap() -> None:
    scheme = built_in_scheme()
    names = [scheme.band(rating).name for rating in range(1, 26) if scheme.band(rating)]
    assert names == (
        ["Low"] * 6 + ["Medium"] * 7 + ["Medium-high"] * 6 + ["High"] * 3 + ["Critical"] * 3
    )
    assert scheme.band(0) is None
    assert scheme.band(26) is None
    colours = {fact["band"]: fact["colour"].lower() for fact in read_facts("risk_bands.csv")[:5]}
    assert {band.name: band.color for band in BANDS} == colours


def test_thirteen_is_within_tolerance_unless_it_is_inclusive() -> None:
    scheme = built_in_scheme()
    assert not scheme.above_tolerance(13)
    assert scheme.above_tolerance(14)
    assert Scheme(tolerance=13, inclusive=True).above_tolerance(13)
    assert not Scheme(tolerance=None).above_tolerance(25)


def test_a_matrix_turned_over_exchanges_likelihood_and_impact() -> None:
    turned = Scheme("matrix", 5, transpose(rank_matrix()))
    assert turned.rate(2, 3) == rank(3, 2) == 8
    assert not turned.is_built_in_ranking
    assert Scheme("matrix", 5, rank_matrix()).is_built_in_ranking
    assert not Scheme("matrix", 4).is_built_in_ranking
