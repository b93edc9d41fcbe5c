"""What is left alone, what is asked about, and what settings decide."""

from __future__ import annotations

import pytest

from tests.grid.literal import addresses, book, places
from xlgov.errors import SettingsError
from xlgov.grid.search import find_registers
from xlgov.risk.headings import VOCABULARY

NO_REGISTERS = {
    "rota": """
        Week | Monday | Tuesday | Wednesday
        1 | AB | CD | EF
        2 | CD | EF | AB
        """,
    "budget with impact and total": """
        Ref | Description | Owner | Budget | Impact | Total
        B1 | Staff costs for the policing team | CFO | 4000 | 300 | 4300
        B2 | Vehicles and fuel for the year | CFO | 800 | 20 | 820
        """,
    "savings plan with impact of a risk": """
        Ref | Saving | Risk | Impact 2017/18 | Impact 2018/19 | Total
        S1 | Share a building with the fire service | Low | 100 | 120 | 220
        S2 | Fewer printers in offices | Low | 10 | 12 | 22
        """,
    "KPI dashboard": """
        Indicator | Current | Target | Baseline | RAG | Direction
        Victim satisfaction | 85.7 | 90 | 86.2 | Amber | down
        Burglary | 139 | 120 | 229 | Green | up
        """,
    "action log": """
        Action no | Meeting date | Action | Owner | Target date | Status
        1.0 | @2019-02-07 | Circulate the revised paper | Clerk | @2019-04-01 | Closed
        2.0 | @2019-02-07 | Report back on staffing | DCC | @2019-05-01 | Open
        """,
    "action log about risks": """
        Risk ref | Action | Owner | Due | Status | Impact
        SR1 | Write a strategy | Head of Comms | @2019-04-01 | Open | Fewer complaints are expected
        SR1 | Hold a meeting of leads | Head of Comms | @2019-04-01 | Open | Better press coverage
        """,
    "matrix with its headings": """
        Risk matrix
        | | Impact | < | < | < | <
        | | 1 | 2 | 3 | 4 | 5
        Likelihood | 5 | 11 | 16 | 20 | 23 | 25
        ^ | 4 | 7 | 12 | 17 | 21 | 24
        ^ | 3 | 4 | 8 | 13 | 18 | 22
        ^ | 2 | 2 | 5 | 9 | 14 | 19
        ^ | 1 | 1 | 3 | 6 | 10 | 15
        """,
    "matrix headed in one row": """
        Likelihood / Impact | Negligible | Minor | Moderate | Major | Severe
        Almost certain | 5 | 10 | 15 | 20 | 25
        Likely | 4 | 8 | 12 | 16 | 20
        Possible | 3 | 6 | 9 | 12 | 15
        """,
    "likelihood scale": """
        Likelihood of a risk
        Score | Likelihood | Description
        1 | Rare | Once in twenty years or less
        2 | Unlikely | Once in ten years
        3 | Possible | Once in five years
        """,
    "scales of likelihood and impact": """
        Risk scoring
        Level | Likelihood | Impact | Description
        1 | Rare | Negligible | Hardly noticed by anyone in the office
        2 | Unlikely | Minor | Noticed within the department only
        3 | Possible | Moderate | Noticed by the public and by partners
        4 | Likely | Major | Reported in the national press for days
        """,
    "impact scale by category": """
        Impact | Political | Economic | Social | Technological | Environmental | Legislative
        1 | No effect | Under 10k | No effect | No effect | No effect | No effect
        2 | Local press | Under 50k | Few people | An hour | Small spill | Letter
        3 | Regional press | Under 250k | A town | A day | Large spill | Fine
        """,
    "drop-down lists": """
        Likelihood | Impact | Status | Owner
        Rare | Negligible | Open | CFO
        Unlikely | Minor | Closed | DCC
        Possible | Moderate | Draft | ACO
        """,
    "summary of risks": """
        Strategic risks
        Reference | Strategic risk | Current rating
        SR1 | Public confidence | 10
        SR2 | Precept income | 20
        SR3 | Collaboration | 18
        """,
    "contact list": """
        Name | Role | Email | Telephone
        A Smith | Clerk | a@x.org | 01234
        """,
    "decision log": """
        Reference | Decision | Date | Decision maker | Impact
        CPCC 2017-001 | Approve the budget | @2017-02-01 | PCC | Precept rises by two per cent
        """,
    "delivery plan": """
        Ref | Priority action | Lead | Delivery status | Direction of travel
        V1 | Improve support for victims | NP | Green | ↑
        V2 | Review the victims' hub | NP | Amber | ↔
        """,
    "issue log": """
        Issue no | Description | Impact | Priority | Owner | Status
        1 | Printers fail on Mondays and Thursdays | High | 2 | ICT | Open
        2 | Heating is off in the east wing | Low | 3 | FM | Closed
        """,
    "incident log": """
        Incident no | Date | Description | Severity | Category | Reported by
        1 | @2017-01-01 | Laptop lost on a train to London | High | Data | JB
        """,
    "audit recommendations": """
        Ref | Recommendation | Risk | Owner | Due date | Status
        A1 | Reconcile accounts every month | High | CFO | @2017-04-01 | Open
        A2 | Test the backups every year | Medium | CIO | @2017-05-01 | Open
        """,
    "stakeholder analysis": """
        Stakeholder | Influence | Impact | Score | Approach
        Police and Crime Panel | 5 | 4 | 20 | Meet monthly
        Town councils | 2 | 3 | 6 | Newsletter
        """,
    "skills": """
        Name | Level | Score | Rating
        A Smith | 3 | 14 | Good
        """,
    "estates": """
        Ref | Property | Condition rating | Energy rating | Owner
        E1 | Chord Park Unit C | 3 | B | OPCC
        """,
    "equality impact assessment": """
        Group | Impact | Evidence | Action | Lead
        Age | Positive | Survey of residents in 2016 | None | NP
        """,
    "pivot of a register": """
        Row labels | Count of Risk | Average of Likelihood | Average of Impact
        CFO | 4 | 3.2 | 4.1
        DCC | 6 | 2.1 | 3.3
        Grand total | 10 | 2.5 | 3.6
        """,
    "appetite": """
        Risk category | Appetite | Tolerance | Owner
        Financial | Cautious | 13 | CFO
        """,
    "lessons": """
        No | Lesson | Cause | Effect | Recommendation | Owner
        1 | Test earlier in the project next time | Late start | Delay of a month | Plan | PM
        """,
    "sheet of notes": """
        This workbook holds the strategic risk register of the office.
        Risk: the effect of uncertainty on objectives. Likelihood and impact are scored 1 to 5.
        """,
    "benefits": """
        Benefit ref | Benefit | Owner | Measure | Target | Current | RAG
        B1 | Fewer journeys to outlying stations | ACO | Miles | 1000 | 1500 | Red
        """,
    "training needs": """
        Course | Impact on service | Staff | Cost | Total cost
        First aid | High | 12 | 40 | 480
        """,
    "nothing at all": "",
}


@pytest.mark.parametrize("name", NO_REGISTERS)
def test_other_sheets_are_left_alone_without_a_question(name: str) -> None:
    search = find_registers(book(NO_REGISTERS[name]), VOCABULARY)
    assert not search.layouts, places(search.layouts[0])
    assert not search.unsure, search.unsure[0].message
    assert search.left_alone == ("Sheet1",)


UNCLEAR = {
    "likelihood twice and no band": (
        """
        Ref | Risk | Likelihood | Impact | Score | Likelihood | Impact | Score
        R1 | Fire in the main archive | 3 | 4 | 12 | 2 | 4 | 8
        """,
        "columns C, F could each be current.likelihood",
        (),
    ),
    "no impact": (
        """
        Strategic risk register
        Ref | Risk | Likelihood | Rating | Owner
        R1 | Fire in the main archive | 3 | 12 | FM
        R2 | Flood in the main archive | 2 | 8 | FM
        """,
        "no heading was found for current.impact",
        ("current.impact",),
    ),
    "a strange word for likelihood": (
        """
        Risk register
        Ref | Risk | Plausibility | Impact | Risk score | Risk owner
        R1 | Fire in the main archive | 3 | 4 | 12 | FM
        R2 | Flood in the main archive | 2 | 4 | 8 | FM
        """,
        "no heading was found for current.likelihood",
        ("current.likelihood",),
    ),
    "categories that are not the known ones and no overall impact": (
        """
        Risk register
        Ref | Risk | Owner | Likelihood | Impact | < | < | Score
        ^ | ^ | ^ | ^ | Financial | Reputation | Safety | ^
        R1 | The supplier fails to deliver on time | AB | 3 | 4 | 1 | 2 | 12
        """,
        "no heading was found for current.impact",
        ("current.impact",),
    ),
    "two ratings alike": (
        """
        Ref | Risk | Likelihood | Impact | Score | Rating | Owner
        R1 | Fire in the main archive | 3 | 4 | 12 | 18 | FM
        """,
        "columns E, F could each be current.rating",
        (),
    ),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_register_that_cannot_be_read_for_certain_is_asked_about(name: str) -> None:
    text, said, missing = UNCLEAR[name]
    search = find_registers(book(text), VOCABULARY)
    assert not search.layouts
    (unsure,) = search.unsure
    assert said in unsure.message
    assert unsure.missing == missing
    assert "under columns" in unsure.message


def test_the_question_names_the_headings_that_were_seen() -> None:
    text = UNCLEAR["likelihood twice and no band"][0]
    (unsure,) = find_registers(book(text), VOCABULARY).unsure
    assert unsure.seen[2] == ("C1", "Likelihood")
    assert 'current.likelihood = "C"' in unsure.message


def test_a_mapping_by_letters_answers_the_question() -> None:
    mapping = {
        "current.likelihood": "C",
        "current.impact": "D",
        "current.rating": "E",
        "future.likelihood": "F",
        "future.impact": "G",
        "future.rating": "H",
    }
    search = find_registers(book(UNCLEAR["likelihood twice and no band"][0]), VOCABULARY, mapping)
    assert not search.unsure
    assert places(search.layouts[0]) == {
        "reference": "A2",
        "description": "B2",
        "current.likelihood": "C2",
        "current.impact": "D2",
        "current.rating": "E2",
        "future.likelihood": "F2",
        "future.impact": "G2",
        "future.rating": "H2",
    }


def test_a_mapping_by_heading_answers_the_question() -> None:
    search = find_registers(
        book(UNCLEAR["a strange word for likelihood"][0]),
        VOCABULARY,
        {"current.likelihood": "plausibility"},
    )
    assert addresses(search.layouts[0], "current.likelihood") == ["C3", "C4"]


def test_a_mapping_wins_over_a_heading_that_would_fit() -> None:
    text = """
        Ref | Risk | Likelihood | Impact | Score | Weighted score
        R1 | Fire in the main archive | 3 | 4 | 12 | 18
        """
    search = find_registers(book(text), VOCABULARY, {"current.rating": "Weighted score"})
    assert addresses(search.layouts[0], "current.rating") == ["F2"]


def test_a_heading_under_its_band_can_be_mapped() -> None:
    text = """
        Ref | Risk | Old | < | < | New | < | <
        ^ | ^ | L | I | R | L | I | R
        R1 | Fire in the main archive | 3 | 4 | 12 | 2 | 4 | 8
        """
    mapping = {
        f"{group}.{measure}": f"{band} / {letter}"
        for group, band in (("inherent", "Old"), ("current", "New"))
        for measure, letter in (("likelihood", "L"), ("impact", "I"), ("rating", "R"))
    }
    assert find_registers(book(text), VOCABULARY).unsure
    (layout,) = find_registers(book(text), VOCABULARY, mapping).layouts
    assert addresses(layout, "inherent.likelihood") == ["C3"]
    assert addresses(layout, "current.rating") == ["H3"]


def test_a_mapping_to_a_heading_that_is_nowhere_is_asked_about_and_nothing_guessed() -> None:
    text = "Ref | Risk | L | I | R\nR1 | Fire in the main archive | 3 | 4 | 12"
    search = find_registers(book(text), VOCABULARY, {"current.rating": "Risk points"})
    assert not search.layouts
    assert "current.rating = 'Risk points'" in search.unsure[0].message


def test_a_mapping_that_fits_one_sheet_does_not_trouble_another() -> None:
    plain = "Ref | Risk | L | I | R\nR1 | Fire in the main archive | 3 | 4 | 12"
    search = find_registers(
        book(plain, UNCLEAR["a strange word for likelihood"][0]),
        VOCABULARY,
        {"current.likelihood": "Plausibility"},
    )
    assert [layout.sheet for layout in search.layouts] == ["Sheet1", "Sheet2"]


def test_a_mapping_of_an_unknown_field_is_an_error_that_names_it() -> None:
    with pytest.raises(SettingsError, match=r"current\.likelyhood"):
        find_registers(book("A | B"), VOCABULARY, {"current.likelyhood": "B"})


def test_sheets_to_skip_are_not_even_looked_at() -> None:
    workbook = book(
        Register="Ref | Risk | L | I | R\nR1 | Fire | 3 | 4 | 12", xlgov="scheme | matrix"
    )
    search = find_registers(workbook, VOCABULARY, skip=["xlgov"])
    assert search.left_alone == ()
    assert {look[0] for look in workbook.looks} == {"Register"}


def test_a_long_register_is_never_read_whole() -> None:
    rows = "\n".join(f"R{n} | Fire in archive {n} | x | 3 | 4 | 12 | notes" for n in range(1, 1001))
    workbook = book(f"Ref | Risk | Category | L | I | R | Notes\n{rows}")
    (layout,) = find_registers(workbook, VOCABULARY).layouts
    assert len(layout.records) == 1000
    assert addresses(layout, "current.rating")[-1] == "F1001"
    assert all(rows is not None or columns is not None for _, rows, columns in workbook.looks)
    assert workbook.looks[-1][2] == {1, 2, 4, 5, 6} == layout.columns
