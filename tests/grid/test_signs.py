"""Signs say no only where the search finds nothing: for texts of every vocabulary of a tracker."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.grid.literal import Book, sheet
from xlgov.grid.cells import Range, Value
from xlgov.grid.records import Field, Search, Vocabulary
from xlgov.grid.search import find_registers
from xlgov.grid.sheet import Grid
from xlgov.grid.signs import MOST_TEXTS, Signs
from xlgov.risk.headings import VOCABULARY as RISKS
from xlgov.tracker.headings import VOCABULARIES

PROSE = "A sentence that is long enough to be the description of some action or other"
LOG = """
Ref | {action} | {owner}
1   | Report   | Ann Smith
2   | Visit    | Bob Jones
"""


def may_hold(text: str, kind: str = "actions") -> bool:
    grid = sheet(text)
    may = Signs(Book(grid)).may_hold(grid.sheet, VOCABULARIES[kind])
    if not may:
        left = Search((), left_alone=(grid.sheet,))
        assert find_registers(Book(grid), VOCABULARIES[kind]) == left
    return may


@pytest.mark.parametrize(
    ("action", "owner"),
    [
        ("Action", "Owner"),
        ("2. ACTIONS", "Owner(s)*"),
        ("Action\\n(what is to be done, and how)", "Lead / Owner"),
        ("Action:", "Responsible person [name]"),
        ("ActionRequired", "PersonResponsible"),
        ("The actions agreed", "Lead Officer - name"),
        ("Action and task", "Lead for this"),
    ],
)
def test_a_heading_is_seen_in_every_manner(action: str, owner: str) -> None:
    text = LOG.format(action=action, owner=owner)
    assert find_registers(Book(sheet(text)), VOCABULARIES["actions"]).layouts
    assert may_hold(text)


@pytest.mark.parametrize(
    ("action", "owner"),
    [("Activities", "Owner"), ("Action plan overview", "Owner"), ("Action", "X")],
)
def test_a_sheet_without_one_of_the_needed_headings_is_not_searched(
    action: str, owner: str
) -> None:
    assert not may_hold(LOG.format(action=action, owner=owner))


def test_a_label_with_its_value_behind_a_colon_is_a_heading() -> None:
    said = f"{PROSE}. {PROSE}. {PROSE}."
    form = sheet(f"Ref | 5\nAction: {said}\nOwner: {said}\nStatus | Open")
    assert not find_registers(Book(form), VOCABULARIES["actions"]).is_empty
    assert Signs(Book(form)).may_hold("Sheet1", VOCABULARIES["actions"])
    assert not may_hold("Ref: 5\nDeed: report")


def test_a_description_without_a_label_may_be_anything_that_holds_text() -> None:
    form = f"Ref | 5 | .\nOwner | Ann Smith | .\nStatus | Open | .\n{PROSE} | < | <"
    assert may_hold(form)
    assert not may_hold(form.replace(" | < | <", " | . | ."))


def test_headings_of_different_sheets_are_not_put_together() -> None:
    signs = Signs(Book(sheet("Action | Ref", "One"), sheet("Owner | Ref", "Two")))
    assert not any(signs.may_hold(name, VOCABULARIES["actions"]) for name in ("One", "Two"))


def test_a_vocabulary_of_measures_may_be_anywhere() -> None:
    signs = Signs(Book(sheet("Day | Who")))
    assert signs.may_hold("Sheet1", RISKS)
    grouped = Field("now.size", ("size",), group="now")
    assert signs.may_hold("Sheet1", Vocabulary("list", (grouped,), needed=(("size",),)))


def test_a_field_that_stands_in_the_cell_of_another_needs_no_heading() -> None:
    dated = Vocabulary(
        "list",
        (Field("state", ("state",)), Field("day", ("day",), within="state")),
        needed=(("day",),),
    )
    assert Signs(Book(sheet("State | Who"))).may_hold("Sheet1", dated)


def test_a_sheet_of_very_many_texts_is_searched_without_asking() -> None:
    grid = Grid("Sheet1")
    for number in range(MOST_TEXTS + 1):
        grid.put(number // 10 + 1, number % 10 + 1, f"a{number}")
    book = Book(grid)
    assert Signs(book).may_hold("Sheet1", VOCABULARIES["actions"])


def test_sheets_of_ours_and_those_that_are_taken_are_left_out() -> None:
    signs = Signs(Book(*(sheet("A", name) for name in ("One", "xlgov", "Two", "xlgov log"))))
    assert signs.sheets({"Two"}) == ("One",)


def test_a_sheet_is_looked_at_once_for_all_kinds() -> None:
    book = Book(sheet("Day | Who"))
    signs = Signs(book)
    for vocabulary in VOCABULARIES.values():
        assert not signs.may_hold("Sheet1", vocabulary)
    assert {rows for _, rows, _ in book.looks} == {400}


MANNERS = st.sampled_from(
    [
        *("{}", "{}", "{}", "{}:", "3. {}", "{}(s)", "{} (if any)", "{}\n(as told to the Board)"),
        *(
            "({})",
            "{} / other",
            "the {}",
            "{} and {}",
            "Their {}: see the plan",
            "{}: Ann Smith",
            "{}*",
        ),
        *("{} - latest", "{} | {}", "{} 2018"),
    ]
)
CASES = st.sampled_from(["capitalize", "upper", "title", "lower"])
VALUES: list[Value] = ["Open", 4, 42766, "D1/2017", "Station", PROSE, "120 m2", "High"]
PHRASES = {
    name: {field.name: st.sampled_from(field.words) for field in vocabulary.fields}
    for name, vocabulary in VOCABULARIES.items()
}


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, Grid]:
    """A kind, and a sheet that has some of its fields, as a table or as a form."""
    kind = draw(st.sampled_from(list(VOCABULARIES)))
    vocabulary = VOCABULARIES[kind]
    needed = [draw(st.sampled_from(names)) for names in vocabulary.needed]
    needed += [field.name for field in vocabulary.fields if field.needed]
    others = st.lists(st.sampled_from([field.name for field in vocabulary.fields]), max_size=4)
    names = list(dict.fromkeys([*needed, *draw(others)]))
    if draw(st.integers(0, 3)) == 0:
        names.remove(draw(st.sampled_from(names)))
    texts = []
    for name in draw(st.permutations(names)):
        phrase = getattr(draw(PHRASES[kind][name]), draw(CASES))()
        texts.append(draw(MANNERS).replace("{}", phrase))
    value = st.sampled_from(VALUES)
    grid = Grid("Sheet1")
    first = draw(st.integers(1, 3))
    if first > 1:
        grid.put(1, 1, draw(st.sampled_from(["Agenda of meetings", "Decisions", PROSE])))
    if draw(st.booleans()):
        for column, text in enumerate(texts, start=1):
            grid.put(first, column, text)
            for row in (1, 2, 3):
                grid.put(first + row, column, draw(value))
    else:
        for row, text in enumerate(texts, start=first):
            grid.put(row, 2, text)
            grid.put(row, 3, draw(value))
    if draw(st.integers(0, 4)) == 0:
        grid.merges = (Range(first, 1, first, draw(st.integers(2, 4))),)
    return kind, grid


@settings(max_examples=500, deadline=None)
@given(lists())
def test_where_a_sign_says_no_the_search_finds_nothing(made: tuple[str, Grid]) -> None:
    kind, grid = made
    search = find_registers(Book(grid), VOCABULARIES[kind])
    may = Signs(Book(grid)).may_hold(grid.sheet, VOCABULARIES[kind])
    event(f"found: {not search.is_empty}, sign: {may}")
    assert may or search == Search((), left_alone=(grid.sheet,))
