"""xlgov.toml: what it states, and the line of every mistake."""

from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.errors import SettingsError
from xlgov.settings import SETTINGS_FILE, Accepted, Band, Settings, load_settings
from xlgov.settings import file as settings_file
from xlgov.settings.lines import locate_keys

WHOLE = """\
as_of = 2017-02-06
stale_after = 100
day_first = true

[risk]
scoring = "matrix"
matrix = [
    [1, 3, 6],  # likelihood 1
    [2, 5, 8],
    [4, 7, 9],
]
tolerance = 6
tolerance_inclusive = false
bands = [
    {name = "Low", from = 1, to = 4, color = "green"},
    {name = "High", from = 5, to = 9, colour = "mauve"},
]

[risk.likelihood]
"Rare" = 1
"almost  certain" = 3

[risk.impact]
Severe = 3

[risk.columns]
"current.likelihood" = "F"
current.impact = "Consequence now"

[colours]
green = "#92d050"
Mauve = "E0B0FF"

[[accepted]]
reference = "SR3.3"
finding = "controls-not-lowered"
reason = "The board decided so"
agreed_by = "Executive board"
review_date = 2017-06-30

[[accepted]]
reference = "SR3.5"
finding = "*"
"""


@pytest.fixture
def load(tmp_path: Path, new_book: Any) -> Any:
    def read(text: str, name: str = "register.xlsx", **options: Any) -> Settings:
        (tmp_path / SETTINGS_FILE).write_text(dedent(text), encoding="utf-8")
        return load_settings(new_book(), tmp_path / name, **options)

    return read


def problems_of(load: Any, text: str, **options: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(text, **options)
    return str(caught.value).splitlines()


def test_every_key_is_read(load: Any) -> None:
    settings = load(WHOLE)
    assert settings == Settings(
        scoring="matrix",
        matrix=((1, 3, 6), (2, 5, 8), (4, 7, 9)),
        bands=(Band("Low", 1, 4, "green"), Band("High", 5, 9, "mauve")),
        tolerance=6,
        tolerance_inclusive=False,
        colors={"green": "92D050", "mauve": "E0B0FF"},
        likelihood_words={"rare": 1, "almost certain": 3},
        impact_words={"severe": 3},
        columns={"current.likelihood": "F", "current.impact": "Consequence now"},
        as_of=date(2017, 2, 6),
        day_first=True,
        stale_after=100,
        accepted=(
            Accepted(
                "SR3.3",
                "controls-not-lowered",
                "The board decided so",
                "Executive board",
                date(2017, 6, 30),
                "xlgov.toml line 34",
            ),
            Accepted("SR3.5", "*", where="xlgov.toml line 41"),
        ),
        sources=settings.sources,
    )
    assert settings.sources["tolerance"] == "xlgov.toml line 12"
    assert settings.sources["bands.High.color"] == "xlgov.toml line 16"
    assert settings.sources["columns.current.impact"] == "xlgov.toml line 28"


def test_the_example_in_the_documentation_is_one_that_loads(load: Any) -> None:
    assert settings_file.__doc__ is not None
    example = settings_file.__doc__.split("::\n", 1)[1].split("\n``colour``")[0]
    settings = load(example, name="strategic-risk-register.xlsx")
    assert settings.tolerance == 6
    assert settings.accepted[0].reference == "SR3.3"
    assert settings.impact_words == {"severe": 3}


def test_no_file_and_an_empty_file_state_nothing(load: Any, tmp_path: Path, new_book: Any) -> None:
    assert load_settings(new_book(), tmp_path / "register.xlsx") == Settings()
    assert load_settings(new_book(), None) == Settings()
    assert load("") == Settings()
    assert load("[risk]\n[colors]\n") == Settings()


def test_a_file_saved_by_notepad_is_read(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes(b"\xef\xbb\xbf[risk]\r\ntolerance = 12\r\n")
    settings = load_settings(new_book(), tmp_path / "register.xlsx")
    assert (settings.tolerance, settings.sources["tolerance"]) == (12, "xlgov.toml line 2")


def test_another_encoding_is_refused_with_what_to_do(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes("[risk]".encode("utf-16"))
    with pytest.raises(SettingsError, match=r"^xlgov\.toml: it is not UTF-8 text; save it"):
        load_settings(new_book(), tmp_path / "register.xlsx")


def test_a_table_for_one_file_goes_before_the_rest_for_that_file_only(load: Any) -> None:
    text = """\
        as_of = 2017-01-01
        stale_after = 50
        [risk]
        tolerance = 10
        [files."Register.xlsx"]
        as_of = 2017-02-06
        [files."Register.xlsx".risk]
        tolerance = 13
        """
    own = load(text, name="register.XLSX")
    assert (own.as_of, own.tolerance, own.stale_after) == (date(2017, 2, 6), 13, 50)
    assert own.sources["as_of"] == "xlgov.toml line 6"
    other = load(text, name="other.xlsx")
    assert (other.as_of, other.tolerance) == (date(2017, 1, 1), 10)


def test_text_dates_follow_day_first(load: Any) -> None:
    assert load('as_of = "03/04/2017"').as_of == date(2017, 4, 3)
    assert load('as_of = "03/04/2017"\nday_first = false').as_of == date(2017, 3, 4)
    nested = 'day_first = false\n[files."register.xlsx"]\nas_of = "03/04/2017"'
    assert load(nested).as_of == date(2017, 3, 4)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tolerence = 3", "xlgov.toml line 1: unknown key 'tolerence'; known keys are as_of, "),
        (
            "[risk]\ntolerence = 3",
            "xlgov.toml line 2: unknown key 'tolerence' in [risk]; did you mean 'tolerance'?",
        ),
        (
            "tolerance = 3",
            "xlgov.toml line 1: tolerance stands in the wrong place; put it under [risk]",
        ),
        (
            "[risk]\n\nas_of = 2017-01-01",
            "xlgov.toml line 3: as_of stands in the wrong place; put it above the first table",
        ),
        (
            '[risk]\ntolerance = "high"',
            "xlgov.toml line 2: tolerance is 'high'; expected a whole number",
        ),
        (
            "[risk]\ntolerance = true",
            "xlgov.toml line 2: tolerance is yes; expected a whole number",
        ),
        (
            "[risk]\ntolerance = 3.5",
            "xlgov.toml line 2: tolerance is 3.5; expected a whole number",
        ),
        ("[risk]\ntolerance = inf", "xlgov.toml line 2: tolerance is inf; expected a whole number"),
        ("[risk]\ntolerance = 0", "xlgov.toml line 2: tolerance is 0; expected 1 or more"),
        ("stale_after = -1", "xlgov.toml line 1: stale_after is -1; expected a whole number of"),
        ('day_first = "often"', "xlgov.toml line 1: day_first is 'often'; expected yes or no"),
        ('as_of = "soon"', "xlgov.toml line 1: as_of is 'soon'; expected a date such as 31/01"),
        (
            '[risk]\nscoring = "times"',
            "xlgov.toml line 2: scoring is 'times'; expected matrix, product or sum",
        ),
        ("risk = 3", "xlgov.toml line 1: risk is 3; expected a table [risk]"),
        ("[risk]\ncolumns = 3", "xlgov.toml line 2: columns is 3; expected a table [risk.columns]"),
        ("[risk]\nmatrix = 3", "xlgov.toml line 2: matrix is not a list of rows"),
        (
            "[risk]\nmatrix = [[1, 2],\n [3]]",
            "xlgov.toml line 3: the matrix is not square: likelihood 2 has 1 ratings; expected 2",
        ),
        (
            '[risk]\nmatrix = [\n[1, 2],\n[3, "x"]]',
            "xlgov.toml line 4: the rating of likelihood 2, impact 2 is 'x'; expected a whole",
        ),
        (
            "[risk]\nmatrix = [[1, 2], []]",
            "xlgov.toml line 2: this row of the matrix is empty",
        ),
        ("[risk]\nmatrix = [[1]]", "xlgov.toml line 2: the matrix has fewer than 2 rows"),
        (
            "[risk.likelihood]\nrare = 11",
            "xlgov.toml line 2: the score of 'rare' is 11; expected 1 to 10",
        ),
        (
            "[risk]\nmatrix = [[1, 2], [3, 4]]\n[risk.impact]\nrare = 3",
            "xlgov.toml line 4: the score of 'rare' is 3; expected 1 to 2",
        ),
        (
            "[risk.impact]\nRare = 1\nrare = 2",
            "xlgov.toml line 3: 'rare' is stated twice (also at xlgov.toml line 2)",
        ),
        ('[colors]\ngreen = "grass"', "xlgov.toml line 2: colour 'green' is 'grass'; expected RRG"),
        (
            '[[accepted]]\nfinding = "*"',
            "xlgov.toml line 1: this accepted finding has no reference",
        ),
        (
            '[[accepted]]\nreference = "SR1"',
            "xlgov.toml line 1: this accepted finding has no finding code",
        ),
        (
            '[[accepted]]\nreference = "SR1"\nfinding = "*"\nreview_date = "31/02/2017"',
            "xlgov.toml line 4: the review date is '31/02/2017'; expected a date",
        ),
        (
            '[[accepted]]\nreference = "SR1"\nfinding = "*"\nagreed = "x"',
            "xlgov.toml line 4: unknown key 'agreed' in accepted; did you mean 'agreed_by'?",
        ),
        ("[risk]\na = 1\na = 2", "xlgov.toml line 3: this key is stated twice; keep one of them"),
        ("[risk]\n[colors]\n[risk]", "xlgov.toml line 3: this table is stated twice"),
        ("as_of = tomorrow", "xlgov.toml line 1: the value cannot be read; put text in quotation"),
        ("as_of = 2017-02-06\nrisk", "xlgov.toml line 2: it is not TOML here: "),
        ("files = 1", "xlgov.toml line 1: expected tables such as"),
        ("[files]\nx = 1", "xlgov.toml line 2: x is no table; write "),
        (
            '[files."other.xlsx"]\nstale_afer = 3',
            "xlgov.toml line 2: unknown key 'stale_afer' in [files.\"other.xlsx\"]; did you mean",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(load: Any, text: str, problem: str) -> None:
    found = problems_of(load, text)
    assert len(found) == 1
    assert found[0].startswith(problem)


BANDS = """\
[risk]
matrix = [[1, 3], [2, 4]]
bands = [
  {{name = "Low", from = {0}, to = {1}, color = "green"}},
  {{name = "High", from = {2}, to = {3}, color = "red"}},
]
"""


@pytest.mark.parametrize(
    ("edges", "problem"),
    [
        ((1, 1, 3, 4), "xlgov.toml line 4: the bands leave a gap: no band holds 2; extend"),
        ((2, 2, 3, 4), "xlgov.toml line 4: the bands leave a gap: no band holds 1; extend"),
        ((1, 1, 2, 3), "xlgov.toml line 4: the bands leave a gap: no band holds 4; extend"),
        ((1, 3, 3, 4), "xlgov.toml line 5: band 'High' (3 to 4) overlaps 'Low' (1 to 3)"),
        ((0, 2, 3, 4), "xlgov.toml line 4: band 'Low' runs from 0 to 2; expected 1 to 4"),
        ((1, 2, 3, 5), "xlgov.toml line 5: band 'High' runs from 3 to 5; expected 1 to 4"),
    ],
)
def test_bands_cover_every_rating_once(load: Any, edges: tuple[int, ...], problem: str) -> None:
    found = problems_of(load, BANDS.format(*edges))
    assert len(found) == 1
    assert found[0].startswith(problem)
    assert load(BANDS.format(1, 2, 3, 4)).bands is not None


@pytest.mark.parametrize(
    ("band", "problem"),
    [
        ('{from = 1, to = 9, color = "red"}', "line 3: this band has no name"),
        ('{name = "A", from = "x", to = 9, color = "red"}', "line 3: band 'A': from is 'x'"),
        ('{name = "A", from = 1, color = "red"}', "line 3: band 'A': to is blank; expected a wh"),
        ('{name = "A", from = 9, to = 1, color = "red"}', "line 3: band 'A' runs from 9 to 1"),
        ('{name = "A", from = 1, to = 9}', "line 3: band 'A' has no colour"),
        (
            '{name = "A", from = 1, to = 9, color = "rde"}',
            "line 3: band 'A' has the colour 'rde'; expected RRGGBB such as 92D050 or a known "
            "name; did you mean 'red'?",
        ),
        (
            '{name = "A", from = 1, to = 9, color = "red", colour = "red"}',
            "line 3: color is stated twice",
        ),
        ("3", "line 2: bands is no list of tables"),
    ],
)
def test_a_band_that_cannot_be_read_is_named(load: Any, band: str, problem: str) -> None:
    found = problems_of(load, f"[risk]\nbands = [\n{band}]")
    assert len(found) == 1
    assert found[0].startswith(f"xlgov.toml {problem}")


def test_bands_in_any_order_are_kept_from_the_lowest(load: Any) -> None:
    text = """\
        [risk]
        bands = [
          {name = "High", from = 5, to = 25, color = "FF0000"},
          {name = "Low", from = 1, to = 4, color = "dark-red"},
        ]"""
    assert load(text).bands == (Band("Low", 1, 4, "dark red"), Band("High", 5, 25, "FF0000"))


PRODUCT_BANDS = """\
[risk]
{}bands = [
  {{name = "Low", from = 1, to = 3, color = "green"}},
  {{name = "Moderate", from = 4, to = 6, color = "yellow"}},
  {{name = "High", from = 8, to = 12, color = "amber"}},
  {{name = "Extreme", from = 15, to = 25, color = "red"}},
]
"""


def test_a_number_that_is_no_product_is_no_gap_between_bands_of_products(load: Any) -> None:
    assert len(load(PRODUCT_BANDS.format('scoring = "product"\n')).bands) == 4
    found = problems_of(load, PRODUCT_BANDS.format(""))
    assert found == [
        "xlgov.toml line 3: the bands leave a gap: no band holds 7, 13, 14; "
        "extend a band so that every rating falls in one"
    ]


def test_a_sum_begins_at_2_and_ends_at_twice_the_scale(load: Any) -> None:
    text = """\
        [risk]
        scoring = "sum"
        matrix = [[1, 3], [2, 4]]
        tolerance = {}
        bands = [{{name = "All", from = 2, to = 4, color = "green"}}]"""
    assert load(text.format(4)).tolerance == 4
    assert problems_of(load, text.format(5)) == [
        "xlgov.toml line 4: tolerance is 5; expected 1 to 4, as the ratings run"
    ]


def test_every_problem_is_told_at_once(load: Any) -> None:
    text = """\
        stale = 3
        [risk]
        scoring = "guess"
        tolerance = 99
        matrix = [[1, 2], [3, 4]]
        bands = [{name = "Low", from = 1, to = 2, color = "green"}]
        """
    assert [problem.split(":")[0] for problem in problems_of(load, text)] == [
        "xlgov.toml line 1",
        "xlgov.toml line 3",
        "xlgov.toml line 4",
        "xlgov.toml line 6",
    ]


def test_fields_and_findings_are_checked_where_they_are_known(load: Any) -> None:
    text = """\
        [risk.columns]
        "current.likelyhood" = "F"
        [[accepted]]
        reference = "SR1"
        finding = "control not lowered"
        """
    assert load(text).columns == {"current.likelyhood": "F"}
    assert problems_of(
        load, text, fields=["current.likelihood"], findings=["controls-not-lowered"]
    ) == [
        "xlgov.toml line 2: unknown field 'current.likelyhood'; did you mean 'current.likelihood'?",
        "xlgov.toml line 3: unknown finding 'control-not-lowered'; "
        "did you mean 'controls-not-lowered'?",
    ]


def test_lines_are_found_through_every_form_of_toml() -> None:
    text = dedent(
        '''\
        # a = 1
        "quoted [key]" = "a # b = [1]"
        long = """
        fake = 1
        """
        literal = \'\'\'
        [fake]\'\'\'
        dotted . "deep" = { x = [1, # ]
           2], y = 3 }
        [[list]]
        a = 1979-05-27 07:32:00
        [[list]]
        a = [ "]", ']' ,
          [2] ]
        [list.sub]
        "\\u00e9" = 1
        '''
    )
    lines = locate_keys(text)
    assert lines[("quoted [key]",)] == 2
    assert lines[("long",)] == 3
    assert lines[("literal",)] == 6
    assert lines[("dotted", "deep", "x", 1)] == 9
    assert lines[("dotted", "deep", "y")] == 9
    assert lines[("list", 0, "a")] == 11
    assert lines[("list", 1, "a", 2)] == 14
    assert lines[("list", 1, "sub", "é")] == 16
    assert ("fake",) not in lines


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
            st.integers(0, 3),
        ),
        unique_by=lambda entry: entry[0],
        max_size=8,
    )
)
def test_any_key_and_value_stands_on_its_line(entries: list[tuple[str, str, int]]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    text, expected, line = "", {}, 1
    for key, value, blanks in entries:
        text += "\n" * blanks + f"{quoted(key)} = {quoted(value)}\n"
        expected[(key,)] = line + blanks
        line += blanks + 1
    assert locate_keys(text) == expected


def test_a_table_of_a_file_also_counts_once_it_has_a_button() -> None:
    text = '[files."Register.xlsx"]\nstale_after = 30\n'
    stated = settings_file.read_text(text, "register.xlsm")
    assert stated[0].values["stale_after"] == 30
    assert all("stale_after" not in s.values for s in settings_file.read_text(text, "a.csv"))
