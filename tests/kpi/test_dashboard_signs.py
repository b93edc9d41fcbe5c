"""The words of a dashboard's comparisons are seen wherever its headings would be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.grid.literal import Book, sheet
from tests.kpi.test_dashboard_headings import KNOWN
from xlgov.grid.cells import Range
from xlgov.grid.sheet import Grid
from xlgov.grid.signs import Signs
from xlgov.kpi.dashboard import dashboard_sheets
from xlgov.kpi.headings import _WORDS, COMPARING, read_heading
from xlgov.kpi.signs import may_hold_dashboard, possible_measures
from xlgov.settings.values import IndicatorRule, Settings

COMPARISONS = [(m, text) for (m, _), texts in KNOWN.items() if m in COMPARING for text in texts]
ANY_HEADING = st.one_of([st.from_regex(re.compile(said), fullmatch=True) for said, _ in _WORDS])
PRINTED = st.one_of(
    st.sampled_from([text for _, text in COMPARISONS]),
    ANY_HEADING,
    st.sampled_from(["Indicator", "Current", "v", "Mar-18", "FYTD to Mar-18", "1yr avg", "3 yr"]),
)


@pytest.mark.parametrize(("measure", "text"), COMPARISONS)
def test_every_known_spelling_is_a_sign_of_its_own_measure(measure: str, text: str) -> None:
    assert measure in possible_measures([text])


@settings(max_examples=400, deadline=None)
@given(ANY_HEADING, st.integers(0, 9), st.sampled_from([str, str.upper, str.title]))
def test_every_heading_that_is_read_is_a_sign_also_in_two_cells(
    plain: str, at: int, manner: object
) -> None:
    text = manner(plain)  # type: ignore[operator]  # a function of a text
    meaning = read_heading(text)
    if meaning is not None and meaning.measure in COMPARING:
        words = text.split(" ")
        cells = [" ".join(words[:at]), " ".join(words[at:])]
        assert meaning.measure in possible_measures([text])
        assert meaning.measure in possible_measures(cells)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(PRINTED, min_size=2, max_size=6), min_size=1, max_size=3),
    down=st.integers(0, 2),
)
def test_a_sheet_with_headings_of_a_dashboard_has_its_signs(
    rows: list[list[str]], down: int
) -> None:
    grid = Grid("Sheet1")
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            grid.put(row, column, text)
    if down:
        grid.merges = (Range(1, 1, 1 + down, 1),)
    found = dashboard_sheets(Book(grid))
    may = may_hold_dashboard(Signs(Book(grid)), Settings(), ())
    event(f"found: {bool(found)}, sign: {may}")
    assert may or not found


@pytest.mark.parametrize(
    "texts",
    [
        ["Rolling 12 months"],
        ["MSF"],
        ["Year", "Average pay"],
        ["12 people", "Month", "Target", "RAG"],
        ["Action", "Owner", "Target date", "Update", "Status"],
        ["Ref", "Risk", "Likelihood", "Impact", "Rating"],
        [f"{'Performance against the baseline of the year to date, ' * 2}as an average"],
    ],
)
def test_fewer_than_two_comparisons_are_no_sign(texts: list[str]) -> None:
    assert len(possible_measures(texts)) < 2
    assert not may_hold_dashboard(Signs(Book(sheet(" | ".join(texts)))), Settings(), ())


def test_settings_that_speak_of_indicators_need_no_sign() -> None:
    signs = Signs(Book(sheet("Day | Who")))
    for stated in (
        Settings(indicators={"Burglary": IndicatorRule()}),
        Settings(totals={"All": ("A", "B")}),
        Settings(shares={"Share": ("A", "B")}),
    ):
        assert may_hold_dashboard(signs, stated, ())
    assert not may_hold_dashboard(signs, Settings(), ())


def test_a_sheet_that_is_taken_is_no_sign() -> None:
    signs = Signs(Book(sheet("Indicator | FYTD | Rolling 12 months", "Dashboard")))
    assert may_hold_dashboard(signs, Settings(), ())
    assert not may_hold_dashboard(signs, Settings(), {"Dashboard"})
