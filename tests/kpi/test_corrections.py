"""What becomes of one cell of a dashboard, by what it holds and what was computed for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, Made, formula
from xlgov.changes import StyleChange
from xlgov.grid.cells import CellError
from xlgov.kpi.computation import Result
from xlgov.kpi.corrections import ROUNDED, Corrections, correct_cell
from xlgov.kpi.dashboard import Row, Section
from xlgov.kpi.headings import Meaning
from xlgov.kpi.indicator import Indicator

FYTD, AVERAGE, RANK = Meaning("fytd"), Meaning("average", 1), Meaning("peer rank")
COUNT = Indicator("Hate Crime")
RATE = Indicator("Satisfaction", combine="ratio", unit="percent", is_percent=True)
SHARE = Indicator("Share", combine="mean", unit="fraction", is_percent=True)
HUNDRED = Result(100, "the sum is 100")
EIGHTY = Result(0.8251, "8251 of 10000 is 82.5%")
HIGHER = Result("Higher", "it is higher")
NOTHING = Result(None, "there is no reading for Mar-18")
DASHES = ["-", "–", "—", " - ", "\u2212", "--"]


def correct(
    cell: Any,
    result: Result,
    indicator: Indicator = COUNT,
    meaning: Meaning = FYTD,
    merges: tuple[str, ...] = (),
    moves: bool = False,
) -> Corrections:
    """The corrections of cell B2, in the row of Hate Crime."""
    book = FakeWorkbook({"D": [["Indicator", "FYTD"], ["Hate Crime", cell]]}, merges={"D": merges})
    section = Section("D", 1, {meaning: 2}, 1)
    into = Corrections(moves=moves)
    row = Row(section, 2, "Hate Crime", (2, 1))
    correct_cell(book, book.grid("D"), row, meaning, indicator, result, into)
    return into


def written(*args: Any, **more: Any) -> Any:
    """The new value of the cell; ... where it is left alone."""
    cells = correct(*args, **more).cells
    return cells[0].after if cells else ...


def codes(*args: Any, **more: Any) -> list[str]:
    return [finding.code for finding in correct(*args, **more).findings]


# Values


@pytest.mark.parametrize(
    "cell", [None, "", " ", "n/a", "N/A", "n.a.", "not available", "TBC", ".."]
)
@pytest.mark.parametrize(
    ("meaning", "result", "value"), [(FYTD, HUNDRED, 100), (AVERAGE, HIGHER, "Higher")]
)
def test_a_blank_and_a_missing_value_are_filled_without_a_finding(
    cell: Any, meaning: Meaning, result: Result, value: Any
) -> None:
    assert written(cell, result, meaning=meaning) == value
    assert codes(cell, result, meaning=meaning) == []


@pytest.mark.parametrize("cell", DASHES)
@pytest.mark.parametrize("result", [HUNDRED, NOTHING])
def test_a_dash_stays_whatever_can_be_computed(cell: str, result: Result) -> None:
    for meaning in (FYTD, AVERAGE):
        into = correct(cell, result, meaning=meaning)
        assert (into.cells, into.findings, into.styles) == ([], [], [])


@pytest.mark.parametrize(
    "cell", ["see note 3", "Below national average", "awaiting the survey", True]
)
@pytest.mark.parametrize(
    ("meaning", "result"), [(FYTD, HUNDRED), (FYTD, NOTHING), (AVERAGE, HIGHER), (AVERAGE, NOTHING)]
)
def test_other_words_stay(cell: Any, meaning: Meaning, result: Result) -> None:
    into = correct(cell, result, meaning=meaning)
    assert (into.cells, into.findings) == ([], [])


def test_an_old_number_is_corrected_and_said() -> None:
    into = correct(98, HUNDRED)
    (change,) = into.cells
    assert (change.sheet, change.address, change.before, change.after) == ("D", "B2", 98, 100)
    assert change.reason == "Hate Crime, FYTD: the sum is 100"
    (finding,) = into.findings
    assert (finding.code, finding.severity) == ("figure-stale", "error")
    assert finding.message == (
        "Hate Crime: FYTD: the cell shows 98; the readings give 100 (the sum is 100)"
    )
    assert (finding.record, finding.sheet, finding.address) == ("Hate Crime", "D", "B2")


def test_an_old_outcome_is_corrected_and_said() -> None:
    into = correct("Lower", HIGHER, meaning=AVERAGE)
    assert into.cells[0].after == "Higher"
    assert [finding.code for finding in into.findings] == ["outcome-stale"]


def test_figures_of_last_month_are_due_and_not_wrong_when_the_month_moves() -> None:
    assert (written(98, HUNDRED, moves=True), codes(98, HUNDRED, moves=True)) == (100, [])
    assert codes("Lower", HIGHER, meaning=AVERAGE, moves=True) == []


def test_what_is_right_already_is_not_written() -> None:
    for cell, result, meaning in (
        (100, HUNDRED, FYTD),
        (100.0, HUNDRED, FYTD),
        (0.1 + 0.2, Result(0.3, ""), FYTD),
        (0, Result(0, ""), FYTD),
        ("Higher", HIGHER, AVERAGE),
        ("higher ", HIGHER, AVERAGE),
    ):
        into = correct(cell, result, meaning=meaning)
        assert (into.cells, into.findings, into.styles) == ([], [], []), cell


def test_a_number_right_as_it_is_shown_is_written_in_full_without_a_finding() -> None:
    for cell in (Made(0.825, format="0.0%"), Made(0.82512, format="0.00%")):
        into = correct(cell, EIGHTY, RATE)
        assert [(change.after, change.measure) for change in into.cells] == [(0.8251, ROUNDED)]
        assert into.findings == []
    assert codes(Made(0.83, format="0%"), EIGHTY, RATE) == []
    assert codes(Made(0.824, format="0.0%"), EIGHTY, RATE) == ["figure-stale"]
    assert codes(1028, Result(1028.25, "")) == []  # as typed: no decimals
    assert codes(1028.5, Result(1028.25, "")) == ["figure-stale"]


def test_zero_is_a_value() -> None:
    assert written(None, Result(0, "the sum is 0")) == 0
    assert written(5, Result(0, "the sum is 0")) == 0


# Numbers that are lost


@pytest.mark.parametrize("cell", [98, 0, "98", "1,029", "83.3%"])
def test_a_number_that_can_no_longer_be_computed_is_lost_and_said(cell: Any) -> None:
    into = correct(cell, NOTHING)
    assert [change.after for change in into.cells] == ["n/a"]
    (finding,) = into.findings
    assert (finding.code, finding.severity) == ("figure-lost", "warning")
    assert finding.message.endswith(f"shows {cell}, but there is no reading for Mar-18")
    assert finding.remedy == "Enter the missing readings"


def test_an_outcome_that_can_no_longer_be_made_is_lost_and_said() -> None:
    assert written("Lower", NOTHING, meaning=AVERAGE) == "n/a"
    assert codes("Lower", NOTHING, meaning=AVERAGE) == ["figure-lost"]


def test_a_blank_without_a_reading_is_said_to_have_none() -> None:
    for meaning in (FYTD, AVERAGE):
        into = correct(None, NOTHING, meaning=meaning)
        assert [(each.before, each.after) for each in into.cells] == [(None, "n/a")]
        assert into.findings == []


@pytest.mark.parametrize("cell", ["n/a", "tbc", CellError("#DIV/0!")])
def test_nothing_is_lost_where_nothing_was(cell: Any) -> None:
    for meaning in (FYTD, AVERAGE):
        into = correct(cell, NOTHING, meaning=meaning)
        assert (into.cells, into.findings) == ([], [])


def test_a_lost_number_says_its_own_remedy() -> None:
    result = Result(None, "percentages do not combine", remedy="State combine = mean")
    assert correct(5, result).findings[0].remedy == "State combine = mean"


# Formulas


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (98, ["figure-formula-disagrees"]),
        (100, []),
        (100.2, ["figure-formula-disagrees"]),
        (None, []),
        ("text", []),
        (CellError("#REF!"), ["figure-formula-disagrees"]),
    ],
)
def test_a_formula_for_a_figure_is_kept_and_judged(value: Any, said: list[str]) -> None:
    into = correct(formula(value), HUNDRED)
    assert (into.cells, into.styles) == ([], [])
    assert [finding.code for finding in into.findings] == said


@pytest.mark.parametrize(
    ("value", "said"),
    [("Lower", ["outcome-formula-disagrees"]), ("HIGHER", []), (None, []), ("Up", [])],
)
def test_a_formula_for_an_outcome_is_kept_and_judged(value: Any, said: list[str]) -> None:
    into = correct(formula(value), HIGHER, meaning=AVERAGE)
    assert into.cells == []
    assert [finding.code for finding in into.findings] == said


def test_a_formula_is_kept_where_nothing_can_be_computed() -> None:
    for value in (98, "n/a", CellError("#DIV/0!")):
        assert written(formula(value), NOTHING) is ...
        assert written(formula("Higher"), NOTHING, meaning=AVERAGE) is ...


def test_a_formula_is_judged_by_what_it_shows() -> None:
    assert codes(Made(0.825, True, format="0.0%"), EIGHTY, RATE) == []
    assert codes(Made(0.82, True, format="0.0%"), EIGHTY, RATE) == ["figure-formula-disagrees"]


# Text numbers and percentages


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("1,029", 1029, []),
        ("1029", 1029, []),
        (" 1 029 ", 1029, []),
        ("1,028", 1029, ["figure-stale"]),
        ("£1,029", 1029, []),
        ("(5)", -5, []),
    ],
)
def test_a_number_typed_as_text_is_read_and_written_as_a_number(
    text: str, value: float, said: list[str]
) -> None:
    into = correct(text, Result(value, ""))
    assert [change.after for change in into.cells] == [value]
    assert [finding.code for finding in into.findings] == said


@pytest.mark.parametrize(
    ("cell", "indicator", "after", "format"),
    [
        (Made(None, format="0.0%"), RATE, 0.8251, None),
        (Made(0.5, format="0%"), RATE, 0.8251, None),
        (Made(80.1, format="0.0"), RATE, 82.51, None),
        (Made(None, format="0.0"), RATE, 82.51, None),
        (Made(80.1, format='0.0"%"'), RATE, 82.51, None),
        (80.1, RATE, 82.51, "#,##0.0"),
        (0.801, RATE, 0.8251, "0.0%"),
        (None, RATE, 0.8251, "0.0%"),
        ("n/a", RATE, 0.8251, "0.0%"),
        ("80.1%", RATE, 0.8251, "0.0%"),
        (None, SHARE, 0.8251, "0.0%"),
        (Made(0.5, format="0.00"), SHARE, 0.8251, None),
    ],
)
def test_a_percentage_is_written_in_the_manner_of_its_cell(
    cell: Any, indicator: Indicator, after: float, format: str | None
) -> None:
    into = correct(cell, EIGHTY, indicator)
    assert [change.after for change in into.cells] == [pytest.approx(after, rel=1e-12)]
    assert into.styles == ([StyleChange("D", "B2", number_format=format)] if format else [])


def test_a_percentage_as_text_agrees_with_a_cell_of_plain_numbers() -> None:
    assert codes(Made("82.5%", format="0.0"), EIGHTY, RATE) == []
    assert codes(Made("81.5%", format="0.0"), EIGHTY, RATE) == ["figure-stale"]
    assert codes("82.5%", EIGHTY, RATE) == []


@pytest.mark.parametrize(
    ("value", "indicator", "format"),
    [
        (100, COUNT, None),
        (14.25, COUNT, "#,##0.0"),
        (14.25, Indicator("x", decimals=2), "#,##0.00"),
        (14.25, Indicator("x", decimals=0), "#,##0"),
        (0.8251, Indicator("x", is_percent=True, decimals=0), "0%"),
    ],
)
def test_a_cell_without_a_format_gets_one_where_the_figure_would_show_badly(
    value: float, indicator: Indicator, format: str | None
) -> None:
    styles = correct(None, Result(value, ""), indicator).styles
    assert [style.number_format for style in styles] == ([format] if format else [])


def test_a_rank_is_no_percentage() -> None:
    into = correct(None, Result(3, "3 of 8 forces"), RATE, RANK)
    assert ([change.after for change in into.cells], into.styles) == ([3], [])


# Merged cells, and twice is once


def test_only_the_first_of_merged_cells_is_written() -> None:
    assert written(None, HUNDRED, merges=("A2:B2",)) is ...
    assert written(None, HUNDRED, merges=("B2:B3",)) == 100


@pytest.mark.parametrize("cell", [None, "n/a", 5, 80.1, "80.1%", "1,029", Made(3, format="0.0")])
@pytest.mark.parametrize("indicator", [COUNT, RATE, SHARE])
@pytest.mark.parametrize("value", [0, 0.0042, 0.012, 0.8251, 1, 1.2])
def test_what_was_written_is_right_the_next_time(
    cell: Any, indicator: Indicator, value: float
) -> None:
    first = correct(cell, Result(value, ""), indicator)
    if not first.cells:
        return
    old = cell if isinstance(cell, Made) else Made(cell)
    formats = [style.number_format for style in first.styles] or [old.format]
    again = correct(
        Made(first.cells[0].after, format=str(formats[0])), Result(value, ""), indicator
    )
    assert (again.cells, again.findings, again.styles) == ([], [], [])
