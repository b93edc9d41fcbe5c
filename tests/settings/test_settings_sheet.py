"""The settings sheet: made of what is in force, read as people keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.changes import SheetChange
from xlgov.errors import SettingsError
from xlgov.grid.cells import CellError, Range
from xlgov.settings import COLORS, Accepted, Band, Settings, load_settings
from xlgov.settings.keys import KEYS
from xlgov.settings.page import settings_sheet

RANKS = (
    (1, 3, 6, 10, 15),
    (2, 5, 9, 14, 19),
    (4, 8, 13, 18, 22),
    (7, 12, 17, 21, 24),
    (11, 16, 20, 23, 25),
)
OFFICE = Settings(
    scoring="matrix",
    matrix=RANKS,
    bands=(
        Band("Low", 1, 6, "green"),
        Band("Medium", 7, 13, "yellow"),
        Band("High", 14, 22, "red"),
        Band("Critical", 23, 25, "dark red"),
    ),
    tolerance=13,
    tolerance_inclusive=False,
    colors=dict(COLORS),
    likelihood_words={"unlikely": 1, "probable": 5},
    impact_words={"minor": 2, "=severe": 4},
    columns={"current.likelihood": "F", "owner": "Action lead"},
    as_of=date(2017, 2, 6),
    day_first=True,
    stale_after=100,
    accepted=(
        Accepted("SR3.3", "controls-not-lowered", "Agreed", "Board", date(2017, 6, 30)),
        Accepted("SR3.5", "*"),
    ),
)

SCHEME = ("Scheme",)
KEY_VALUE = ("Key", "Value", "What it means")


def bare(settings: Settings) -> Settings:
    """Without the places where things stand."""
    accepted = tuple(replace(row, where="") for row in settings.accepted)
    return replace(settings, accepted=accepted, sources={})


def read(
    new_book: Any, *rows: Sequence[Any], fills: Mapping[str, str] | None = None, **options: Any
) -> Settings:
    return load_settings(new_book().add("xlgov", rows, fills), None, **options)


def problems_of(new_book: Any, *rows: Sequence[Any], **options: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(new_book, *rows, **options)
    return str(caught.value).splitlines()


def row_of(sheet: SheetChange, text: str) -> int:
    return next(number for number, row in enumerate(sheet.rows, 1) if row and row[0] == text)


def test_a_sheet_that_was_made_reads_back_the_same(new_book: Any) -> None:
    assert bare(load_settings(new_book().write(*settings_sheet(OFFICE)), None)) == OFFICE


def test_a_sheet_in_the_1904_date_system_reads_back_the_same(new_book: Any) -> None:
    book = new_book(date_1904=True).write(*settings_sheet(OFFICE))
    assert bare(load_settings(book, None)) == OFFICE


def test_a_sheet_of_nothing_stated_states_only_the_shades(new_book: Any) -> None:
    book = new_book().write(*settings_sheet(Settings(), fields=["owner"]))
    assert bare(load_settings(book, None)) == Settings(colors=COLORS)


def test_the_names_cover_the_ratings_the_bands_and_the_words() -> None:
    sheet, _ = settings_sheet(OFFICE)
    areas = {}
    for name, area in sheet.names:
        assert area.count("$") == 4
        r = Range.parse(area)
        areas[name] = [list(row[r.left - 1 : r.right]) for row in sheet.rows[r.top - 1 : r.bottom]]
    assert areas["xlgov_matrix"] == [list(row) for row in RANKS]
    assert areas["xlgov_bands"][0] == ["Low", 1, 6, "green"]
    assert len(areas["xlgov_bands"]) == 4
    assert areas["xlgov_likelihood"] == [["Unlikely", 1], ["Probable", 5]]
    assert areas["xlgov_impact"] == [["Minor", 2], ["=severe", 4]]
    assert areas["xlgov_scores"][0] == ["Unlikely", 1]
    assert areas["xlgov_scores"][-1] == ["=severe", 4]


def test_the_cells_of_the_matrix_and_bands_are_filled_by_band() -> None:
    sheet, styles = settings_sheet(OFFICE)
    fills = {style.address: style for style in styles if style.fill}
    first = row_of(sheet, "Likelihood (down) and impact") + 1
    assert fills[f"B{first}"].fill == COLORS["green"]  # rating 1
    assert fills[f"D{first + 2}"].fill == COLORS["yellow"]  # rating 13
    assert fills[f"F{first + 4}"].fill == COLORS["dark red"]  # rating 25
    assert fills[f"F{first + 4}"].font_color == "FFFFFF"
    assert fills[f"D{first + 2}"].font_color == "000000"
    assert fills[f"D{row_of(sheet, 'High')}"].fill == COLORS["red"]
    assert fills[f"B{row_of(sheet, 'amber')}"].fill == COLORS["amber"]
    assert {style.sheet for style in styles} == {"xlgov"}


def test_every_key_is_explained_and_dates_look_like_dates() -> None:
    sheet, styles = settings_sheet(OFFICE)
    for key in (key for key in KEYS if "risk" in key.kinds):
        assert len(str(sheet.rows[row_of(sheet, key.name) - 1][2])) > 20
    dated = [style.address for style in styles if style.number_format == "dd/mm/yyyy"]
    assert dated == [f"B{row_of(sheet, 'as_of')}", f"E{row_of(sheet, 'SR3.3')}"]


def test_a_remark_stands_under_its_section_and_is_not_read(new_book: Any) -> None:
    sheet, styles = settings_sheet(OFFICE, remarks={"Bands": "The edges are assumed."})
    assert row_of(sheet, "The edges are assumed.") == row_of(sheet, "Bands") + 2
    assert bare(load_settings(new_book().write(sheet, styles), None)) == OFFICE


def moved_about(sheet: SheetChange) -> list[tuple[Any, ...]]:
    """The sheet as an office might leave it: sections in another order, rows and columns added."""
    titles = ["Scheme", "Matrix", "Bands", "Colours", "Likelihood words", "Impact words"]
    starts = [row_of(sheet, title) for title in [*titles, "Columns", "Accepted findings"]]
    ends = [*(start - 1 for start in starts[1:]), len(sheet.rows)]
    rows: list[tuple[Any, ...]] = []
    for start, end in reversed(list(zip(starts, ends, strict=True))):
        for row in sheet.rows[start - 1 : end]:
            texts = [str(v) if type(v) is int else v for v in row]  # numbers stored as text
            if len(texts) > 1:
                texts.insert(1, None)  # a column inserted
                texts.append("our note")
            rows += [tuple(texts), (), (None, " ")]
    return rows


def test_rows_columns_and_sections_may_move(new_book: Any) -> None:
    sheet, _ = settings_sheet(OFFICE)
    rows = [r if r[:1] != ("Scheme",) else ("SCHEME :",) for r in moved_about(sheet)]
    assert bare(read(new_book, *rows)) == OFFICE


def test_a_matrix_may_be_printed_highest_first_with_words_on_its_edges(new_book: Any) -> None:
    rows = (
        ("Matrix",),
        ("", "1 Minor", "2 Major"),
        ("Likely (2)", 2, 4),
        ("1 - Rare", 1, 3),
    )
    settings = read(new_book, *rows)
    assert settings.matrix == ((1, 3), (2, 4))
    assert settings.sources["matrix"] == "xlgov!A1"


def test_the_sheet_is_found_in_any_case_and_hidden(new_book: Any) -> None:
    rows = [SCHEME, KEY_VALUE, ("Tolerance", 12)]
    settings = load_settings(new_book().add("XLGov", rows, state="veryHidden"), None)
    assert settings.tolerance == 12
    assert settings.sources["tolerance"] == "XLGov!B3"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((v, True) for v in ("yes", "Y", " TRUE ", "1", 1, 1.0, True)),
        *((v, False) for v in ("no", "N", "false", "0", 0, 0.0, False)),
    ],
)
def test_yes_and_no_have_many_spellings(new_book: Any, value: Any, expected: bool) -> None:
    settings = read(new_book, SCHEME, KEY_VALUE, ("tolerance inclusive", value))
    assert settings.tolerance_inclusive is expected


@pytest.mark.parametrize(
    "value", [date(2017, 4, 3), datetime(2017, 4, 3, 9), "3/4/17", "3rd April 2017", "2017-04-03"]
)
def test_a_date_is_a_date_cell_or_text_day_first(new_book: Any, value: Any) -> None:
    assert read(new_book, SCHEME, ("as_of", value)).as_of == date(2017, 4, 3)


def test_day_first_is_followed_wherever_it_stands(new_book: Any) -> None:
    rows = [
        ("Accepted findings",),
        ("Reference", "Finding", "Review date"),
        ("SR1", "*", "3/4/2017"),
        SCHEME,
        ("as of", "3/4/2017"),
        ("day first", "no"),
    ]
    settings = read(new_book, *rows)
    assert settings.as_of == date(2017, 3, 4)
    assert settings.accepted[0].review_date == date(2017, 3, 4)


def test_a_few_words_without_sections_are_enough(new_book: Any) -> None:
    assert read(new_book, ("scoring", "product")).scoring == "product"
    assert read(new_book, ("Our settings",), ("Scoring = sum",)).scoring == "sum"
    assert read(new_book, ("Our settings", "agreed 2017")) == Settings()
    assert problems_of(new_book, ("tolerence", 3)) == [
        "xlgov!A1: unknown key 'tolerence'; did you mean 'tolerance'?"
    ]


def test_a_blank_states_nothing(new_book: Any) -> None:
    rows = (SCHEME, KEY_VALUE, ("tolerance", None, "x"), ("as_of", "  "), ("Columns",), ("owner",))
    assert read(new_book, *rows) == Settings()


def test_a_colour_may_be_given_by_filling_the_cell(new_book: Any) -> None:
    rows = (
        ("Bands",),
        ("Name", "From", "To", "Color"),
        ("All", 1, 25, None),
        ("Colors",),
        ("Name", "RGB"),
        ("mauve", None),
        ("black", 0),
        ("grey", "#a0a0A0"),
    )
    settings = read(new_book, *rows, fills={"D3": "ABCDEF", "B6": "E0B0FF"})
    assert settings.bands == (Band("All", 1, 25, "ABCDEF"),)
    assert settings.colors == {"mauve": "E0B0FF", "black": "000000", "grey": "A0A0A0"}


BANDS = (("Bands",), ("Name", "From", "To", "Colour"))
ACCEPTED = (("Accepted findings",), ("Reference", "Finding", "Reason", "Agreed by", "Review date"))
MATRIX = (("Matrix",), ("", 1, 2))


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            (SCHEME, KEY_VALUE, ("Tolerence", 3)),
            "A3: unknown key 'Tolerence'; did you mean 'tolerance'?",
        ),
        (
            (SCHEME, KEY_VALUE, ("tolerance", "high")),
            "B3: tolerance is 'high'; expected a whole number",
        ),
        ((SCHEME, KEY_VALUE, ("tolerance", CellError("#REF!"))), "B3: tolerance is #REF!; exp"),
        (
            (SCHEME, KEY_VALUE, ("tolerance", date(2017, 1, 31))),
            "B3: tolerance is 2017-01-31; expected a whole number",
        ),
        (
            (SCHEME, KEY_VALUE, ("tolerance", 3), ("Tolerance", 3)),
            "B4: tolerance is stated twice (also at xlgov!B3)",
        ),
        ((SCHEME, ("as_of", "31/02/2017")), "B2: as_of is '31/02/2017'; expected a date such as"),
        ((SCHEME, ("as_of", 42772)), "B2: as_of is 42772; expected a date such as"),
        ((SCHEME, ("stale_after", 0)), "B2: stale_after is 0; expected a whole number of days"),
        ((("Accepted finding",),), "A1: unknown section 'Accepted finding'; did you mean 'Accept"),
        ((SCHEME, (), SCHEME), "A3: section 'Scheme' stands here and at xlgov!A1"),
        ((*BANDS, ("Low", 1, 4, "grene")), "D3: band 'Low' has the colour 'grene'; expected RRGGB"),
        ((*BANDS, ("Low", 1, "four", "red")), "C3: band 'Low': to is 'four'; expected a whole num"),
        ((*BANDS, ("Low", 1, 4, None)), "D3: band 'Low' has no colour"),
        ((*BANDS, (None, 1, 4, "red")), "A3: this band has no name"),
        ((*BANDS, ("Low", 0, 4, "red")), "A3: band 'Low' runs from 0 to 4; expected 1 or more"),
        (
            (*BANDS, ("Low", 1, 4, "red"), ("High", 4, 9, "red")),
            "A4: band 'High' (4 to 9) overlaps 'Low' (1 to 4)",
        ),
        (
            (*BANDS, ("Low", 1, 4, "red"), ("High", 6, 9, "red")),
            "A3: the bands leave a gap: no band holds 5;",
        ),
        (
            (*BANDS, ("Low", 1, 4, "red"), ("Low", 5, 9, "red")),
            "A4: band 'Low' is stated twice (also at xlgov!A3)",
        ),
        ((*MATRIX, (1, 1, 3), (2, 2, None)), "C4: the rating of likelihood 2, impact 2 is blank;"),
        ((*MATRIX, (1, 1, 3), (2, "x", 4)), "B4: the rating of likelihood 2, impact 1 is 'x'; e"),
        ((*MATRIX, (1, 1, 3), (2, 0, 4)), "B4: the rating of likelihood 2, impact 1 is 0; exp"),
        ((*MATRIX, (1, 1, 3)), "A1: the matrix is not square: 1 likelihoods and 2 impacts"),
        ((*MATRIX, (1, 1, 3), (3, 2, 4)), "A1: the likelihoods down the side of the matrix are 1"),
        (
            (("Matrix",), ("", 2, 3), (1, 1, 3), (2, 2, 4)),
            "A1: the impacts along the top of the matrix are 2, 3; expected 1 to 2, each once",
        ),
        ((*MATRIX, (1, 1, 3), ("x", 2, 4)), "A4: this row of the matrix has no likelihood"),
        ((("Matrix",), (1, 2, 3), (4, 5, 6)), "A1: the matrix has no edges; expected impacts 1 to"),
        (
            (("Likelihood words",), ("rare", 11)),
            "B2: the score of 'rare' is 11; expected 1 to 10",
        ),
        (
            (("Impact words",), ("Word", "Score"), ("rare", None)),
            "B3: the score of 'rare' is blank; expected a whole number",
        ),
        (
            (("Impact words",), ("rare", 1), ("Rare", 2)),
            "B3: 'rare' is stated twice (also at xlgov!B2)",
        ),
        ((("Impact words",), (None, 1)), "A2: this score has no word"),
        ((("Colours",), ("green", "grass")), "B2: colour 'green' is 'grass'; expected RRGGBB"),
        ((("Colours",), (None, "92D050")), "A2: this colour has no name"),
        ((("Columns",), (None, "F")), "A2: this heading has no field"),
        ((*ACCEPTED, (None, "*")), "A3: this accepted finding has no reference"),
        ((*ACCEPTED, ("SR1", None, "because")), "B3: this accepted finding has no finding code"),
        ((*ACCEPTED, ("SR1", "*", "", "", "soon")), "E3: the review date is 'soon'; expected"),
    ],
)
def test_a_mistake_is_named_with_its_cell(
    new_book: Any, rows: tuple[Sequence[Any], ...], problem: str
) -> None:
    found = problems_of(new_book, *rows)
    assert len(found) == 1
    assert found[0].startswith(f"xlgov!{problem}")


def test_the_rows_below_a_misspelt_title_are_read_as_meant(new_book: Any) -> None:
    rows = (("Bands",), ("All", 1, 25, "red"), ("Impact word",), ("rare", "x"))
    assert problems_of(new_book, *rows) == [
        "xlgov!A3: unknown section 'Impact word'; did you mean 'Impact words'?",
        "xlgov!B4: the score of 'rare' is 'x'; expected a whole number",
    ]


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
texts = st.lists(words, min_size=1, max_size=3).map(" ".join)


@st.composite
def offices(draw: st.DrawFn) -> Settings:
    """Any settings that an office may state."""
    size = draw(st.integers(2, 6))
    row = st.tuples(*[st.integers(1, size * size)] * size)
    matrix = tuple(draw(st.tuples(*[row] * size)))
    scoring = draw(st.sampled_from(["matrix", "product", "sum"]))
    highest = {"matrix": max(map(max, matrix)), "product": size**2, "sum": 2 * size}[scoring]
    tops = draw(st.sets(st.integers(1, highest), max_size=4)) | {highest}
    names = draw(st.lists(texts, min_size=len(tops), max_size=len(tops), unique=True))
    rgb = st.integers(0, 0xFFFFFF).map("{:06X}".format)
    own = draw(st.dictionaries(st.sampled_from(["mauve", "teal", "green"]), rgb))
    colors = {**COLORS, **own}
    bands, lowest = [], 1
    for name, top in zip(names, sorted(tops), strict=True):
        bands.append(Band(name, lowest, top, draw(st.sampled_from(sorted(colors)) | rgb)))
        lowest = top + 1
    scores = st.integers(1, size)
    spelling = texts.map(lambda text: " ".join(text.lower().split()))
    spellings = st.dictionaries(spelling, scores, max_size=4)
    days = st.dates(date(1900, 3, 1), date(2199, 12, 31))
    accepted = st.builds(
        Accepted,
        texts,
        st.sampled_from(["*", "no-owner", "status-stale"]),
        texts | st.just(""),
        texts | st.just(""),
        st.none() | days,
    )
    return Settings(
        scoring=scoring,
        matrix=matrix,
        bands=tuple(bands),
        tolerance=draw(st.integers(1, highest)),
        tolerance_inclusive=draw(st.booleans()),
        colors=colors,
        likelihood_words=draw(spellings),
        impact_words=draw(spellings),
        columns=draw(st.dictionaries(texts, texts, max_size=3)),
        as_of=draw(st.none() | days),
        day_first=draw(st.booleans()),
        stale_after=draw(st.integers(1, 1000)),
        accepted=tuple(draw(st.lists(accepted, max_size=3))),
    )


@given(offices())
def test_whatever_is_in_force_reads_back_the_same(new_book: Any, office: Settings) -> None:
    sheet, styles = settings_sheet(office)
    assert bare(load_settings(new_book().write(sheet, styles), None)) == office


cells = st.none() | st.booleans() | st.integers(-3, 30) | st.floats(allow_nan=True) | words
cells |= st.sampled_from(
    ["Scheme", "Matrix", "Bands", "Colours", "Impact words", "Columns", "Accepted findings"]
)
cells |= st.sampled_from(["Name", "From", "To", "Key", "Value", "Word", "Score", "tolerance", "1"])
cells |= st.just(CellError("#N/A"))


@given(st.lists(st.lists(cells, max_size=5), max_size=12))
def test_no_sheet_makes_it_fail_but_with_cells_named(new_book: Any, rows: list[list[Any]]) -> None:
    try:
        read(new_book, *rows)
    except SettingsError as error:
        assert all(line.startswith("xlgov!") for line in str(error).splitlines())
