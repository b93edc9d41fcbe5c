"""The cells to rate have names that macros find them by, and only where the scheme is sure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.risk.fake import FakeWorkbook
from tests.risk.registers import KNOWN_BANDS, make_book, published_rows, small_row
from xlgov.grid.records import Layout, Record, Search
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.ranges import (
    MOST_AREAS,
    RatingNames,
    is_range_name,
    name_ratings,
    settle_names,
)
from xlgov.settings.values import Accepted, Band, Settings

UNSTATED = Settings()
RIGHT = [
    small_row("A", 2, 3, 9),
    small_row("B", 3, 3, 13),
    small_row("C", 1, 1, 1),
    small_row("D", 5, 5, 25),
]


def named(rows: list[dict[str, Any]], settings: Settings = UNSTATED, **more: Any) -> RatingNames:
    book, search = make_book(rows, **more)
    return name_ratings(book, settings, search)


def ranges(rows: list[dict[str, Any]], settings: Settings = UNSTATED, **more: Any) -> Any:
    return dict(named(rows, settings, **more).ranges)


def test_a_table_is_named_from_its_first_to_its_last_record() -> None:
    assert ranges(RIGHT) == {
        "xlgov_r1_likelihood": "'Register'!$B$4:$B$7",
        "xlgov_r1_impact": "'Register'!$C$4:$C$7",
        "xlgov_r1_rating": "'Register'!$D$4:$D$7",
    }


def test_each_assessment_of_the_published_register_is_a_group() -> None:
    found = ranges(published_rows())
    assert {name.rpartition("_")[0] for name in found} == {"xlgov_r1", "xlgov_r2", "xlgov_r3"}
    assert found["xlgov_r2_rating"] == "'Register'!$N$4:$N$19"


def test_an_apostrophe_in_the_name_of_a_sheet_is_doubled() -> None:
    found = ranges(RIGHT, sheet="Chief's risks")
    assert found["xlgov_r1_rating"] == "'Chief''s risks'!$D$4:$D$7"


def records(rows: list[int], columns: dict[str, int]) -> list[Record]:
    return [Record({}, row, columns) for row in rows]


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ([], "'Register'!$D$4:$D$8"),
        (["", None, None, " "], "'Register'!$D$4:$D$8"),
        (["Estates", None, None, None], "'Register'!$D$4:$D$8"),
        (["Average", 3, 3, 9.5], "'Register'!$D$4:$D$5,'Register'!$D$7:$D$8"),
        (["Ref", "L", "I", "R"], "'Register'!$D$4:$D$5,'Register'!$D$7:$D$8"),
    ],
)
def test_a_row_that_is_no_record_parts_an_area_only_where_it_could_be_rated(
    between: list[Any], expected: str
) -> None:
    book, search = make_book(RIGHT)
    table = list(book.rows["Register"])
    table.insert(5, between)
    layout = search.layouts[0]
    moved = layout._replace(records=records([4, 5, 7, 8], dict(layout.records[0].columns)))
    found = name_ratings(FakeWorkbook({"Register": table}), Settings(), Search((moved,)))
    assert dict(found.ranges)["xlgov_r1_rating"] == expected


def forms(places: list[tuple[str, int]]) -> tuple[FakeWorkbook, Search]:
    """Forms that stand in one row of a sheet each: reference, likelihood, impact, rating."""
    fields = ("reference", "current.likelihood", "current.impact", "current.rating")
    rows: dict[str, list[list[Any]]] = {}
    layouts = []
    for number, (sheet, row) in enumerate(places, start=1):
        table = rows.setdefault(sheet, [])
        table += [[] for _ in range(row - len(table))]
        table[row - 1] = [f"R{number}", 2, 3, 9]
        cells = {name: (row, column) for column, name in enumerate(fields, start=1)}
        headings = dict.fromkeys(fields, "")
        layouts.append(Layout("risk register", sheet, "form", headings, [Record(cells)]))
    return FakeWorkbook(rows), Search(tuple(layouts))


def test_forms_are_areas_of_one_cell_and_a_group_is_of_one_sheet() -> None:
    book, search = forms([("One", 3), ("One", 9), ("Two", 3)])
    found = dict(name_ratings(book, Settings(), search).ranges)
    assert found["xlgov_r1_rating"] == "'One'!$D$3,'One'!$D$9"
    assert found["xlgov_r2_likelihood"] == "'Two'!$B$3"
    assert len(found) == 6


def test_many_forms_are_several_groups_of_short_names() -> None:
    sheet = "A sheet's name of 31 characters"
    book, search = forms([(sheet, 3 * n) for n in range(1, 2 * MOST_AREAS + 2)])
    found = name_ratings(book, Settings(), search).ranges
    counts = [text.count("!") for name, text in found if name.endswith("_rating")]
    assert counts == [MOST_AREAS, MOST_AREAS, 1]
    assert max(len(text) for _, text in found) < 4000


def test_categories_are_counted_and_correspond() -> None:
    more = {f"current__{name}": 2 for name in CATEGORIES[:3]}
    found = ranges([small_row("A", 2, 2, 5, **more), small_row("B", 3, 2, 8, **more)])
    assert found["xlgov_r1_impact"] == "'Register'!$C$4:$C$5"
    assert [(name, text) for name, text in found.items() if "category" in name] == [
        ("xlgov_r1_category1", "'Register'!$E$4:$E$5"),
        ("xlgov_r1_category2", "'Register'!$F$4:$F$5"),
        ("xlgov_r1_category3", "'Register'!$G$4:$G$5"),
    ]


def test_where_categories_are_kept_the_impact_needs_no_cell() -> None:
    rows = [
        {"reference": "A", "current.likelihood": 2, "current.economic": 3, "current.rating": 9},
        {"reference": "B", "current.likelihood": 3, "current.economic": 3, "current.rating": 13},
    ]
    assert ranges(rows) == {
        "xlgov_r1_likelihood": "'Register'!$B$4:$B$5",
        "xlgov_r1_rating": "'Register'!$D$4:$D$5",
        "xlgov_r1_category1": "'Register'!$C$4:$C$5",
    }


@pytest.mark.parametrize("lacking", ["likelihood", "impact", "rating"])
def test_an_assessment_that_cannot_be_rated_is_not_named(lacking: str) -> None:
    rows = [{k: v for k, v in row.items() if k != f"current.{lacking}"} for row in RIGHT]
    assert ranges(rows) == {}


def test_levels_in_words_are_named_where_the_edges_of_the_bands_were_stated() -> None:
    rows = [{**row, "current.band": "Low"} for row in RIGHT]
    assert "xlgov_r1_band" not in ranges(rows)
    assert ranges(rows, KNOWN_BANDS)["xlgov_r1_band"] == "'Register'!$E$4:$E$7"


def test_ratings_that_are_levels_in_words_are_left_to_python() -> None:
    rows = [small_row("A", 2, 3, "Medium"), small_row("B", 3, 3, "Medium")]
    assert ranges(rows, KNOWN_BANDS) == {}


def test_a_register_scored_in_another_way_has_no_name() -> None:
    rows = [
        small_row(str(n), a, b, a * b)
        for n, (a, b) in enumerate([(2, 3), (3, 3), (4, 4), (5, 5), (3, 5)])
    ]
    assert named(rows) == RatingNames()
    assert ranges(rows, Settings(scoring="product"))["xlgov_r1_rating"].endswith("$D$4:$D$8")


def test_of_registers_that_differ_those_like_the_first_sure_one_are_named() -> None:
    book, search = make_book(RIGHT, sheet="Matrix")
    layout = search.layouts[0]
    product = [[], [], [], ["P", 3, 5, 15], ["Q", 4, 4, 16], ["R", 2, 3, 6], ["S", 5, 4, 20]]
    other = layout._replace(sheet="Product")
    both = FakeWorkbook({"Product": product, "Matrix": book.rows["Matrix"]})
    found = name_ratings(both, Settings(), Search((other, layout)))
    assert dict(found.ranges)["xlgov_r1_rating"] == "'Matrix'!$D$4:$D$7"
    assert dict(found.scheme)["xlgov_scoring"] == '"matrix"'


def test_a_record_whose_rating_the_office_has_accepted_is_left_out() -> None:
    settings = Settings(accepted=(Accepted("b", "rating-disagrees", "", "", date(2030, 1, 1)),))
    expected = "'Register'!$D$4,'Register'!$D$6:$D$7"
    assert ranges(RIGHT, settings)["xlgov_r1_rating"] == expected
    assert ranges(RIGHT, Settings(accepted=(Accepted("*", "*"),))) == {}


def test_the_scheme_is_named_as_constants() -> None:
    settings = Settings(bands=(Band('The "low"', 1, 6, "green"), Band("High", 7, 25, "red")))
    found = dict(named(RIGHT, settings).scheme)
    assert found["xlgov_scoring"] == '"matrix"'
    assert found["xlgov_matrix"] == (
        "{1,3,6,10,15;2,5,9,14,19;4,8,13,18,22;7,12,17,21,24;11,16,20,23,25}"
    )
    assert found["xlgov_bands"] == '{"The ""low""",1,6,"green";"High",7,25,"red"}'
    assert found["xlgov_likelihood"].startswith('{"unlikely",1;"possible",2;')
    assert found["xlgov_impact"].startswith('{"insignificant",1;')


def test_the_way_of_scoring_is_the_cell_of_the_settings_sheet_where_there_is_one() -> None:
    book, search = make_book(RIGHT, xlgov=[["Scheme"], ["Scoring", "product"]])
    found = dict(name_ratings(book, Settings(scoring="product"), search).scheme)
    assert found["xlgov_scoring"] == "'xlgov'!$B$2"
    assert found["xlgov_size"] == "5"
    assert "xlgov_matrix" not in found


def test_a_workbook_without_a_register_has_no_name() -> None:
    assert name_ratings(FakeWorkbook({"Notes": [["a"]]}), Settings(), Search(())) == RatingNames()


def test_only_hidden_names_are_ours_to_replace_or_remove() -> None:
    new = RatingNames(
        ranges=(("xlgov_r1_rating", "'R'!$D$2"),),
        scheme=(("xlgov_matrix", "{1}"), ("xlgov_bands", "{2}"), ("xlgov_size", "5")),
    )
    standing = ["Xlgov_Matrix", "xlgov_bands", "Ratings", "xlgov_r2_rating", "xlgov_r3_rating"]
    hidden = ["xlgov_bands", "xlgov_R2_rating", "_xlnm.thing"]
    assert settle_names(new, standing, hidden) == (
        (("xlgov_r1_rating", "'R'!$D$2"), ("xlgov_bands", "{2}"), ("xlgov_size", "5")),
        ("xlgov_R2_rating",),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("xlgov_r1_likelihood", True),
        ("XLGOV_R12_CATEGORY7", True),
        ("xlgov_matrix", False),
        ("xlgov_r1_ratings", False),
        ("my_xlgov_r1_rating", False),
    ],
)
def test_our_own_names_are_told_from_others(name: str, expected: bool) -> None:
    assert is_range_name(name) is expected


@given(st.lists(st.booleans(), min_size=1, max_size=80))
def test_every_record_is_in_one_area_and_no_other_filled_row_is(are_records: list[bool]) -> None:
    table: list[list[Any]] = [[], [], ["Ref", "L", "I", "R"]]
    table += [["R", 2, 3, 9] if each else ["Mean", 2, 3, 8.5] for each in are_records]
    rows = [row for row, each in enumerate(are_records, start=4) if each]
    columns = {
        "reference": 1, "current.likelihood": 2, "current.impact": 3, "current.rating": 4,
    }  # fmt: skip
    headings = dict.fromkeys(columns, "")
    layout = Layout("risk register", "S", "table", headings, records(rows, columns), (3,))
    names = name_ratings(FakeWorkbook({"S": table}), Settings(), Search((layout,))).ranges
    texts = [text for name, text in names if name.endswith("_rating")]
    found: list[int] = []
    for area in ",".join(texts).split(",") if texts else []:
        first, _, last = area.removeprefix("'S'!$D$").partition(":$D$")
        found += range(int(first), int(last or first) + 1)
    assert found == rows
