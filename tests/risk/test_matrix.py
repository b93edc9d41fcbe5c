"""Finding the workbook's own matrix and reading its colours, key and tolerance."""

from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, filled
from xlgov.grid.sheet import Grid
from xlgov.risk.key import find_tolerance, read_bands
from xlgov.risk.matrix import OwnMatrix, find_matrices
from xlgov.risk.scale import BANDS, rank, rank_matrix
from xlgov.settings.values import Band

GREEN, YELLOW, AMBER, RED, DARK = "92D050", "FFFF00", "FFC000", "FF0000", "C00000"
COLORS = dict(zip([band.name for band in BANDS], (GREEN, YELLOW, AMBER, RED, DARK), strict=True))


def color(rating: int) -> str:
    return next(COLORS[band.name] for band in BANDS if band.lowest <= rating <= band.highest)


def grids(rows: list[list[Any]], name: str = "Key") -> list[Grid]:
    return [FakeWorkbook({name: rows}).grid(name)]


def only(rows: list[list[Any]]) -> OwnMatrix:
    found = find_matrices(grids(rows))
    assert len(found) == 1
    return found[0]


def upright(size: int = 5) -> list[list[Any]]:
    """Likelihood down from the top, impact across, the numbers as edges."""
    scores = range(1, size + 1)
    return [[None, *scores], *([row, *(rank(row, col, size) for col in scores)] for row in scores)]


def published_page(fills: bool = True) -> list[list[Any]]:
    """As printed: likelihood up the side, impact along the foot, labels beside the numbers."""
    labels = ["Unlikely", "Possible", "Likely", "More likely than not", "Probable"]
    impacts = ["Insignificant", "Minor", "Moderate", "Significant", "Catastrophic"]
    rows: list[list[Any]] = [["Risk matrix"], []]
    for score in (5, 4, 3, 2, 1):
        title = "Likelihood" if score == 5 else None
        cells = [rank(score, impact) for impact in range(1, 6)]
        shown = [filled(cell, color(cell)) if fills else cell for cell in cells]
        rows.append([title, score, labels[score - 1], *shown])
    rows.append([None, None, None, 1, 2, 3, 4, 5])
    rows.append([None, None, None, *impacts])
    rows.append([None, None, None, "Impact"])
    return rows


def test_a_published_matrix_is_found_upside_down_with_labels_between() -> None:
    found = only(published_page())
    assert found.place == "Key!D3:H7"
    assert found.vertical == "likelihood"
    assert found.tables() == (rank_matrix(),)


def test_a_matrix_with_impact_up_the_side_is_turned() -> None:
    rows = upright()
    rows[1][0] = 1
    turned = [["", *("1 - Unlikely", "2 - Possible", "3 - Likely"), "4", "5 - Probable"]]
    turned += [[row, *(rank(col, row) for col in range(1, 6))] for row in range(1, 6)]
    found = only(turned)
    assert found.vertical == "impact"
    assert found.tables() == (rank_matrix(),)


def test_edges_of_words_alone_say_which_is_which() -> None:
    words = ["Rare", "Unlikely", "Possible", "Likely", "Almost certain"]
    impacts = ["Negligible", "Minor", "Moderate", "Major", "Severe"]
    rows: list[list[Any]] = [[None, *impacts]]
    rows += [[words[r - 1], *(r * c for c in range(1, 6))] for r in range(5, 0, -1)]
    found = only(rows)
    assert found.size == 5
    assert found.tables()[0][3][4] == 20


@pytest.mark.parametrize("size", [3, 4, 6, 10])
def test_any_square_is_found(size: int) -> None:
    assert only([["Likelihood down", "Impact across"], *upright(size)]).tables()[0] == (
        rank_matrix(size)
    )


def test_without_a_word_beside_it_the_edges_are_not_told_apart() -> None:
    found = only(upright())
    assert found.vertical == ""
    assert found.tables() == (rank_matrix(), tuple(zip(*rank_matrix(), strict=True)))
    product = [[None, 1, 2, 3], *([r, *(r * c for c in (1, 2, 3))] for r in (1, 2, 3))]
    assert only(product).tables() == (((1, 2, 3), (2, 4, 6), (3, 6, 9)),)


def test_cells_of_several_rows_each_are_still_a_matrix() -> None:
    rows: list[list[Any]] = [["Impact", None, 1, None, 2, None, 3]]
    for score in (3, 2, 1):
        rows.append([None, score, *(x for i in (1, 2, 3) for x in (score * i, None))])
        rows.append([])
    assert only(rows).tables()[0] == ((1, 2, 3), (2, 4, 6), (3, 6, 9))


@pytest.mark.parametrize(
    "rows",
    [
        [[None, 1, 2, 3], [1, 0, 2, 0], [2, 1, 0, 0], [3, 0, 0, 1]],  # a heat map that counts
        [[None, 1, 2, 3], [1, 1, 2, 4], [2, 3, 5, None], [3, 6, 8, 9]],  # a gap
        [[None, 1, 2, 3], [1, 1, 2, 4], [2, 3, "x", 7], [3, 6, 8, 9]],
        [[None, 1, 2, 3], [1, 9, 8, 7], [2, 6, 5, 4], [3, 3, 2, 1]],  # falls where scores rise
        [["No", "L", "I", "R"], [1, 2, 3, 9], [2, 3, 3, 13], [3, 1, 1, 1]],  # a register
        [[2015, 2016, 2017], [1, 2, 3], [2, 3, 4]],
        [],
    ],
)
def test_what_is_no_matrix_is_not_taken_for_one(rows: list[list[Any]]) -> None:
    assert find_matrices(grids(rows)) == []


def test_fills_give_the_bands_and_a_key_gives_their_names() -> None:
    rows = published_page()
    rows += [[], ["Key"], *([None, filled(None, COLORS[name]), name] for name in COLORS)]
    book = FakeWorkbook({"Key": rows})
    found = find_matrices([book.grid("Key")])[0]
    bands, remark = read_bands(book, found, [book.grid("Key")])
    assert [(band.name, band.lowest, band.highest) for band in bands] == [
        (band.name, band.lowest, band.highest) for band in BANDS
    ]
    assert [band.color for band in bands] == list(COLORS.values())
    assert remark == ""


def test_names_stand_in_the_filled_cells_of_another_sheet_with_their_ranges() -> None:
    names = ["Trivial", "Watch", "Act", "Escalate", "Stop"]
    key = [
        [filled(f"{n} ({i}-{i + 1}): more words", c)]
        for n, c, i in zip(names, COLORS.values(), range(5), strict=True)
    ]
    book = FakeWorkbook({"Matrix": published_page(), "Legend": key})
    sheets = [book.grid("Matrix"), book.grid("Legend")]
    bands, _ = read_bands(book, find_matrices(sheets)[0], sheets)
    assert [band.name for band in bands] == names


def test_the_five_colours_of_the_papers_have_their_names_without_a_key() -> None:
    book = FakeWorkbook({"Matrix": published_page()})
    sheets = [book.grid("Matrix")]
    bands, _ = read_bands(book, find_matrices(sheets)[0], sheets)
    assert [band.name for band in bands] == [band.name for band in BANDS]


def test_bands_of_a_product_leave_no_gap_between_ratings() -> None:
    def shade(rating: int) -> str:
        return GREEN if rating < 4 else RED

    rows: list[list[Any]] = [[None, 1, 2, 3]]
    rows += [[r, *(filled(r * c, shade(r * c)) for c in (1, 2, 3))] for r in (1, 2, 3)]
    book = FakeWorkbook({"Key": rows})
    sheets = [book.grid("Key")]
    bands, _ = read_bands(book, find_matrices(sheets)[0], sheets)
    assert bands == (Band("1 to 3", 1, 3, GREEN), Band("4 to 9", 4, 9, RED))


def test_colours_that_are_no_ranges_give_no_bands_and_say_so() -> None:
    rows = published_page()
    rows[2][3] = filled(11, GREEN)
    book = FakeWorkbook({"Key": rows})
    sheets = [book.grid("Key")]
    bands, remark = read_bands(book, find_matrices(sheets)[0], sheets)
    assert bands == ()
    assert "Key!D3:H7 do not split its ratings into ranges" in remark
    plain = FakeWorkbook({"Key": published_page(fills=False)})
    sheets = [plain.grid("Key")]
    assert read_bands(plain, find_matrices(sheets)[0], sheets) == ((), "")


@pytest.mark.parametrize(
    "rows, rating, inclusive",
    [
        ([["Tolerance level: 13"]], 13, False),
        ([["13 Tolerance Level"]], 13, False),
        ([["13\nTolerance Level"]], 13, False),
        ([["Risk tolerance", 12]], 12, False),
        ([["Tolerance"], [12]], 12, False),
        ([["Tolerance 13"]], 13, False),
        ([["The tolerance is 13 or more"]], 13, True),
        ([["Risks above our tolerance of 15 go to the Board"]], 15, False),
    ],
)
def test_the_tolerance_is_read_from_words(
    rows: list[list[Any]], rating: int, inclusive: bool
) -> None:
    found = find_tolerance(grids(rows), 1, 25)
    assert found is not None
    assert (found.rating, found.inclusive) == (rating, inclusive)


@pytest.mark.parametrize(
    "rows",
    [
        [["Zero tolerance of late updates"]],
        [["Tolerance of 5% of budget"]],
        [["Tolerance level: 30"]],
        [["Tolerance 12"], ["Tolerance 13"]],
        [["Risk appetite and tolerance statement"]],
    ],
)
def test_what_is_no_tolerance_of_the_scale_is_not_read(rows: list[list[Any]]) -> None:
    assert find_tolerance(grids(rows), 1, 25) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tolerance level: 13", (13, False)),
        ("Tolerance: anything above 12 goes to the Fire Authority", (12, False)),
        ("Scores of 15 or more are above tolerance", (15, True)),
        ("Risk appetite: above 12 needs a plan", (12, False)),
        ("Within tolerance: 10 or less", (10, False)),
        ("Tolerance is reviewed every 12 months", None),
        ("Tolerance: above 12 since 2016", None),
        ("Zero tolerance", None),
    ],
)
def test_a_tolerance_is_read_from_a_sentence(text: str, expected: tuple[int, bool] | None) -> None:
    grid = Grid("Key")
    grid.put(1, 1, text)
    found = find_tolerance([grid], 1, 25)
    assert (found and (found.rating, found.inclusive)) == expected
