"""Which scheme rates a register, and when none does."""

from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, formula
from tests.risk.registers import AS_OF, make_book, published_rows, small_row
from tests.risk.test_matrix import published_page, upright
from xlgov.grid.records import Search
from xlgov.risk.preview import preview_registers
from xlgov.risk.register import read_registers
from xlgov.risk.scale import Scheme, rank, rank_matrix
from xlgov.risk.scheme import Choice, choose_scheme
from xlgov.settings.values import Band, Settings

PAIRS = [(1, 2), (2, 3), (3, 3), (4, 2), (2, 4), (3, 4), (4, 4), (1, 1), (4, 3), (1, 4)]


def rows_by(rate: Any, pairs: Any = PAIRS) -> list[dict[str, Any]]:
    return [small_row(f"R{n}", li, im, rate(li, im)) for n, (li, im) in enumerate(pairs, start=1)]


def choose(rows: list[dict[str, Any]], settings: Settings | None = None, **book: Any) -> Choice:
    workbook, search = make_book(rows, **book)
    return choose_for(workbook, search, settings)


def choose_for(workbook: FakeWorkbook, search: Search, settings: Settings | None = None) -> Choice:
    settings = settings or Settings()
    register = read_registers(workbook, search.layouts, settings)[0]
    return choose_scheme(workbook, register, settings)


def refusal(choice: Choice) -> str:
    assert choice.scheme is None
    assert choice.finding is not None
    assert choice.finding.code == "scheme-unclear"
    assert choice.finding.severity == "warning"
    assert choice.finding.address == "D4"
    return choice.finding.message


def scheme(choice: Choice) -> Scheme:
    assert choice.finding is None
    assert choice.scheme is not None
    return choice.scheme


def test_the_published_register_is_rated_by_the_built_in_matrix() -> None:
    found = scheme(choose(published_rows()))
    assert found.is_built_in_ranking
    assert (found.tolerance, found.bands_assumed, found.source) == (13, True, "built-in")


def test_a_product_register_is_refused_in_words() -> None:
    choice = choose(rows_by(lambda li, im: li * im))
    assert refusal(choice) == (
        "These ratings are likelihood × impact; the default here is a ranked matrix of 1 to 25. "
        "No rating is written"
    )
    assert choice.finding
    assert choice.finding.remedy == "Put `scoring = product` in the xlgov sheet to keep yours"


def test_a_sum_register_is_refused_in_words() -> None:
    choice = choose(rows_by(lambda li, im: li + im))
    assert refusal(choice).startswith("These ratings are likelihood + impact;")
    assert choice.finding
    assert "`scoring = sum`" in choice.finding.remedy


def test_a_four_by_four_ranking_is_refused_in_words() -> None:
    message = refusal(choose(rows_by(lambda li, im: rank(li, im, 4))))
    assert message.startswith("These ratings are the ranks of a 4 x 4 matrix;")


@pytest.mark.parametrize("rate", [lambda li, im: li * im, lambda li, im: li + im])
def test_a_refused_register_is_not_written_and_gets_no_colours(rate: Any) -> None:
    workbook, search = make_book(rows_by(rate))
    found = preview_registers(workbook, Settings(), AS_OF, search)
    assert found.cells == ()
    assert found.formats == ()
    assert [finding.code for finding in found.findings] == ["scheme-unclear"]
    assert found.reports[0].board == ()


def test_ratings_by_formula_vote_too() -> None:
    rows = rows_by(lambda li, im: formula(li * im))
    assert "likelihood × impact" in refusal(choose(rows))


def test_a_scale_up_to_ten_is_refused() -> None:
    pairs = [(7, 8), (9, 3), (6, 6), (2, 3), (10, 1)]
    message = refusal(choose(rows_by(lambda li, im: 11, pairs)))
    assert message.startswith("4 of 5 risks have scores beyond 1 to 5")


def test_ratings_that_no_scheme_explains_are_refused() -> None:
    rows = [small_row(f"R{n}", 2, 3, rating) for n, rating in enumerate((9, 77, 78, 79, 80))]
    assert refusal(choose(rows)).startswith("Only 1 of 5 ratings fit the built-in matrix")


def test_scores_of_one_to_four_only_are_no_reason_to_doubt_the_matrix() -> None:
    assert scheme(choose(rows_by(rank))).is_built_in_ranking


def test_a_handful_of_stale_ratings_changes_nothing() -> None:
    rows = rows_by(rank)
    rows[1] |= {"current.rating": 6}  # as a product would have it
    rows[5] |= {"current.rating": 17}
    assert scheme(choose(rows)).is_built_in_ranking


def test_one_or_two_ratings_that_nothing_explains_are_stale_not_another_scheme() -> None:
    assert scheme(choose([small_row("R1", 2, 3, 8)])).is_built_in_ranking
    assert "likelihood × impact" in refusal(choose([small_row("R1", 2, 3, 6)]))


def test_blank_ratings_leave_the_built_in_matrix() -> None:
    assert scheme(choose(rows_by(lambda li, im: None))).is_built_in_ranking


def test_headings_that_state_another_scale_stop_the_built_in_matrix() -> None:
    headings = {"current.likelihood": "Likelihood (1-4)", "current.impact": "Impact (1 - 4)"}
    choice = choose(rows_by(lambda li, im: None), headings=headings)
    assert choice.finding
    assert choice.finding.message.startswith("The headings give scores of 1 to 4;")
    five = {"current.likelihood": "Likelihood 1-5"}
    assert scheme(choose(rows_by(rank), headings=five)).is_built_in_ranking


def test_the_workbooks_own_matrix_rates_its_register() -> None:
    title = [["Likelihood down"], *upright(4)]
    choice = choose(rows_by(lambda li, im: rank(li, im, 4)), Key=title)
    found = scheme(choice)
    assert (found.size, found.source, found.rate(4, 4)) == (4, "Key!B3:E6", 16)
    assert (found.bands, found.tolerance, found.bands_assumed) == ((), None, False)
    assert choice.remarks == ("rated by the matrix at Key!B3:E6",)


def test_an_own_product_matrix_keeps_a_product_register() -> None:
    page = [[None, *range(1, 6)], *([r, *(r * c for c in range(1, 6))] for r in range(1, 6))]
    found = scheme(choose(rows_by(lambda li, im: li * im), Key=page))
    assert found.rate(3, 4) == 12
    assert found.tolerance is None


def test_the_ratings_tell_which_edge_is_likelihood() -> None:
    turned = rows_by(lambda li, im: rank(im, li))
    assert scheme(choose(turned, Key=upright())).rate(2, 3) == 8
    assert scheme(choose(rows_by(rank), Key=upright())).rate(2, 3) == 9


def test_without_ratings_the_edges_of_an_own_matrix_must_be_named() -> None:
    page = [[None, 1, 2, 3], [1, 1, 2, 6], [2, 4, 5, 7], [3, 3, 8, 9]]
    choice = choose(rows_by(lambda li, im: None, [(1, 2), (2, 3)]), Key=page)
    assert choice.finding
    assert "does not say which edge is likelihood" in choice.finding.message


def test_an_own_matrix_that_explains_less_than_half_is_refused() -> None:
    message = refusal(choose(rows_by(lambda li, im: li * im), Key=published_page()))
    assert "These ratings are likelihood × impact" in message
    assert "Key!D3:H7" in message


def test_an_own_matrix_brings_its_colours_and_its_tolerance() -> None:
    page = [*published_page(), [], ["Tolerance level: 12"]]
    found = scheme(choose(rows_by(rank), Key=page))
    assert (found.tolerance, found.tolerance_source) == (12, "Key!A12")
    assert found.bands[0].name == "Low"
    assert (found.bands_source, found.bands_assumed) == ("Key!D3:H7", False)


def test_a_hidden_matrix_counts_and_our_own_sheet_does_not() -> None:
    workbook, search = make_book(rows_by(lambda li, im: rank(li, im, 4)), Lists=upright(4))
    workbook.hidden = {"Lists"}
    assert scheme(choose_for(workbook, search)).size == 4
    workbook, search = make_book(rows_by(rank), xlgov=upright(4))
    assert scheme(choose_for(workbook, search)).size == 5


def test_settings_win_over_everything() -> None:
    rows = rows_by(rank)
    product = Settings(scoring="product", sources={"scoring": "xlgov!B3"})
    found = scheme(choose(rows, product, Key=published_page()))
    assert (found.rate(3, 4), found.source, found.tolerance) == (12, "xlgov!B3", None)
    small = Settings(matrix=((1, 3), (2, 4)), bands=(Band("All", 1, 4, "red"),), tolerance=2)
    pairs = [(1, 1), (2, 1), (2, 2)]
    found = scheme(choose(rows_by(lambda li, im: 9, pairs), small))
    assert (found.rate(1, 2), found.size, found.tolerance) == (3, 2, 2)
    assert (found.bands[0].name, found.bands_assumed) == ("All", False)
    product_rows = rows_by(lambda li, im: li * im)
    assert scheme(choose(product_rows, Settings(scoring="matrix"))).rate(2, 3) == 9


def test_a_stated_product_of_a_ten_point_scale_is_followed() -> None:
    pairs = [(7, 8), (9, 3), (6, 6), (2, 3), (10, 1)]
    rows = rows_by(lambda li, im: li * im, pairs)
    assert scheme(choose(rows, Settings(scoring="product"))).size == 10


def test_scores_beyond_a_stated_matrix_in_most_rows_are_refused() -> None:
    message = refusal(choose(rows_by(rank), Settings(matrix=((1, 3), (2, 4)))))
    assert "have scores beyond 1 to 2" in message


def test_a_stated_tolerance_may_include_its_rating() -> None:
    found = scheme(choose(rows_by(rank), Settings(tolerance=13, tolerance_inclusive=True)))
    assert found.above_tolerance(13)
    assert found.tolerance_words == "13 or more"
    assert found.bands_assumed
    assert found.table() == rank_matrix()
