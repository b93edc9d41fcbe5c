"""Which formulas a change may reach, and what a formula's text says of what it looks at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.grid.cells import Range, address, parse_address
from xlgov.recalculation.dependence import Dependence, Place
from xlgov.recalculation.formula_reading import FormulaReader, Reading

NAMES = {
    ("", "ratings"): "Register!$E$4:$E$20",
    ("summary", "ratings"): "Other!$A$1",
    ("", "top"): "MAX(Ratings)",
    ("", "left"): "Register!A1",
    ("", "round"): "Round+1",
    ("", "gone"): "#REF!",
    ("", "far"): "[1]Sheet1!$A$1",
}
TABLES = {"risks": ("register", Range.parse("A3:F20"))}
READER = FormulaReader(NAMES, TABLES)


def looks_at(text: str) -> set[str]:
    reading = READER.read(text, "sheet1")
    found = {f"{sheet}!{area}" for sheet, area in reading.areas}
    found |= {"anywhere"} if reading.may_look_anywhere else set()
    return found | ({"outside"} if reading.is_external else set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1+$B$2", {"sheet1!A1", "sheet1!B2"}),
        ("SUM(Register!E4:E20)", {"register!E4:E20"}),
        ("COUNTIF('Lists & keys'!$A:$B,\"A1\")", {"lists & keys!A1:B1048576"}),
        ("SUM('it''s'!3:4)", {"it's!A3:XFD4"}),
        ("LOG10(A1)+1E5+TRUE", {"sheet1!A1"}),
        ("Ratings", {"register!E4:E20"}),
        ("Summary!Ratings", {"other!A1"}),
        ("Top", {"register!E4:E20"}),
        ("Left", {"anywhere"}),
        ("Round", {"anywhere"}),
        ("Gone", set()),
        ("Unknown", {"anywhere"}),
        ("Far", {"[1]sheet1!A1", "outside"}),
        ("SUM(Risks[Rating])", {"register!A3:F20"}),
        ("Risks[[#This Row],[a ']b]]", {"register!A3:F20"}),
        ("Nowhere[Rating]", {"anywhere"}),
        ("SUM(A1:INDEX(B:B,5))", {"sheet1!A1", "sheet1!B1:B1048576", "anywhere"}),
        ('INDIRECT("A1")', {"anywhere"}),
        ("SUM(Jan:Dec!B2)", {"jan:dec!B2", "anywhere"}),
        ("[1]Sheet1!A1", {"[1]sheet1!A1", "outside"}),
        ("'[1]Some sheet'!A1", {"[1]some sheet!A1", "outside"}),
        ("[1]!Ratings", {"outside"}),
        ("ABCD1+XFE1", {"anywhere"}),  # names that nobody defined, not cells
        ("#REF!+A2", {"sheet1!A2"}),
        ("{1,2;3,4}*A1%", {"sheet1!A1"}),
        ("", {"anywhere"}),
    ],
)
def test_what_a_formula_looks_at(text: str, expected: set[str]) -> None:
    assert looks_at(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(A1)", {"SUM"}),
        ("_xlfn._xlws.FILTER(A1:A2,B1)", {"FILTER"}),
        ('IF(A1="TODAY()",1,2)', {"IF"}),
        ("Top+Risks[Rating]", {"MAX"}),
        ("STDEV.S(A1:A3)", {"STDEV.S"}),
    ],
)
def test_which_functions_a_formula_uses(text: str, expected: set[str]) -> None:
    assert READER.read(text, "sheet1").functions == expected


@given(st.text(st.sampled_from("A1:$!'[]#()\"{},+ é.\\"), max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(READER.read(text, "sheet1"), Reading)


def dependence(**formulas: str) -> Dependence:
    """Formulas of the sheet ``s`` by address."""
    reader = FormulaReader({}, {})
    readings = {at(name): reader.read(text, "s") for name, text in formulas.items()}
    return Dependence(readings, {})


def at(name: str) -> Place:
    return ("s", *parse_address(name))


def reached(made: Dependence, *changed: str) -> set[str]:
    return {address(row, column) for _, row, column in made.reached(map(at, changed))}


def test_a_change_reaches_through_cells_and_ranges() -> None:
    made = dependence(B1="A1", C1="B1*2", D1="SUM(C1:C90)", E1="SUM(X1:X90)", F1="E1", G1="1+1")
    assert reached(made, "A1") == {"B1", "C1", "D1"}
    assert reached(made, "X50") == {"E1", "F1"}
    assert reached(made, "Z1") == set()


def test_a_formula_that_may_look_anywhere_is_reached_by_any_change() -> None:
    made = dependence(B1='INDIRECT("A"&A9)', C1="B1")
    assert reached(made, "Z1") == {"B1", "C1"}
    assert reached(made) == set()


def test_circles_end() -> None:
    assert reached(dependence(A1="B1", B1="A1+SUM(C1:C99)", C1="A1"), "C50") == {"A1", "B1", "C1"}


def test_an_array_formula_reaches_what_looks_at_any_cell_that_it_fills() -> None:
    reader = FormulaReader({}, {})
    readings = {at("B1"): reader.read("A1:A3*2", "s"), at("C1"): reader.read("B3", "s")}
    made = Dependence(readings, {at("B1"): Range.parse("B1:B3")})
    assert reached(made, "A1") == {"B1", "C1"}


def test_every_formula_that_looks_at_a_replaced_sheet_is_reached() -> None:
    made = dependence(A1="xlgov!B2", A2="A1", A3="Other!B2")
    assert {address(*place[1:]) for place in made.reached((), {"xlgov"})} == {"A1", "A2"}


def test_a_chain_of_many_rounds_reaches_all_at_least() -> None:
    # Each sums a large range with the one before in it, so that no round finds two of them.
    formulas = {f"A{row * 20}": f"SUM(A{row * 20 - 20}:A{row * 20 - 1})" for row in range(2, 1500)}
    assert reached(dependence(**formulas), "A21") == set(formulas)


cells = st.tuples(st.integers(1, 6), st.integers(1, 4))
areas = st.tuples(cells, cells, st.sampled_from([0, 40])).map(
    lambda each: Range(
        min(each[0][0], each[1][0]),
        min(each[0][1], each[1][1]),
        max(each[0][0], each[1][0]) + each[2],
        max(each[0][1], each[1][1]),
    )
)


@given(st.dictionaries(cells, st.lists(areas, max_size=3), max_size=8), st.sets(cells, max_size=3))
def test_what_is_reached_is_all_that_a_plain_search_reaches(
    formulas: dict[tuple[int, int], list[Range]], changed: set[tuple[int, int]]
) -> None:
    readings = {("s", *at): Reading(tuple(("s", a) for a in each)) for at, each in formulas.items()}
    touched, found = set(changed), set()
    while True:
        more = {f for f, of in formulas.items() if any(c in a for a in of for c in touched)} - found
        if not more:
            break
        found |= more
        touched |= more
    made = Dependence(readings, {})
    assert made.reached(("s", *each) for each in changed) == {("s", *each) for each in found}
