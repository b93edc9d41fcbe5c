"""Registers as forms: a block of labelled cells per risk, drawn in different ways."""

from __future__ import annotations

import pytest

from tests.grid.literal import Book, book
from xlgov.grid.cells import address
from xlgov.grid.records import Layout
from xlgov.grid.search import find_registers
from xlgov.risk.headings import VOCABULARY


def forms(workbook: Book) -> Layout:
    search = find_registers(workbook, VOCABULARY)
    assert not search.unsure, search.unsure[0].message
    (layout,) = search.layouts
    assert layout.form == "form"
    return layout


def cells(layout: Layout, place: int) -> dict[str, str]:
    return {name: address(*cell) for name, cell in layout.records[place].cells.items()}


PUBLISHED = """
Reference | {ref} | < | < | < | < | < | < | <
Objective | Public engagement | < | < | < | < | < | < | <
Status | Update 31 January 2017 | < | < | < | < | < | < | <
Risk | < | < | < | < | < | < | < | <
The public may lose confidence in policing of the county | < | < | < | < | < | < | < | <
Causes | < | Effects | < | Inherent | < | < | Executive lead | Senior lead
^ | ^ | ^ | ^ | L | I | R | ^ | ^
Bad news | < | Trust falls | < | 2 | 4 | 14 | OPCC | Head of Comms
Controls in place | < | Controls assurance | < | Current | < | < | Future actions | Future | < | <
^ | ^ | ^ | ^ | L | I | R | ^ | L | I | R
Weekly meetings | < | Quarterly report | < | 1 | 4 | {rating} | Write a strategy | 1 | 1 | 1
^ | < | ^ | < | ^ | ^ | ^ | ^ | ^ | ^ | ^
"""


def published(ref: str, rating: object = 10) -> str:
    return PUBLISHED.format(ref=ref, rating=rating).strip("\n")


def test_the_published_layout_is_read_block_by_block() -> None:
    text = "\n.\n".join(published(f"SR{n}") for n in (1, 2, 3))
    layout = forms(book(text))
    assert len(layout.records) == 3
    assert cells(layout, 0) == {
        "reference": "B1",
        "objective": "B2",
        "status": "B3",
        "status_date": "B3",
        "description": "A5",
        "causes": "A8",
        "effects": "C8",
        "inherent.likelihood": "E8",
        "inherent.impact": "F8",
        "inherent.rating": "G8",
        "owner": "H8",
        "second_owner": "I8",
        "controls": "A11",
        "assurance": "C11",
        "current.likelihood": "E11",
        "current.impact": "F11",
        "current.rating": "G11",
        "future_actions": "H11",
        "future.likelihood": "I11",
        "future.impact": "J11",
        "future.rating": "K11",
    }
    assert cells(layout, 2)["future.rating"] == "K37"
    assert layout.headings["inherent.likelihood"] == "Inherent / L"


def test_a_blank_cell_of_a_form_still_has_its_address() -> None:
    text = "\n.\n".join([published("SR1"), published("SR2", ""), published("SR3", "")])
    layout = forms(book(text))
    assert cells(layout, 1)["current.rating"] == "G24"


def test_a_sentence_with_a_group_s_word_in_it_is_a_value_and_no_label() -> None:
    texts = PUBLISHED.replace("Write a strategy", "Arrange cover for the finance post in May")
    workbook = book(texts.format(ref="SR1.1", rating=10))
    assert cells(forms(workbook), 0)["future_actions"] == "H11"


def test_titles_above_and_irregular_distances_do_not_matter() -> None:
    gaps = [".\n", ".\n.\n.\n", ".\n"]
    text = "Strategic risk register\nAs at 6 February 2017\n" + "".join(
        f"{gap}{published(f'SR{n}')}\n" for n, gap in enumerate(gaps, start=1)
    )
    layout = forms(book(text))
    assert [cells(layout, n)["reference"] for n in range(3)] == ["B4", "B19", "B32"]
    assert [cells(layout, n)["current.rating"] for n in range(3)] == ["G14", "G29", "G42"]


def test_a_sheet_for_each_risk_is_a_layout_for_each() -> None:
    search = find_registers(book(SR1=published("SR1"), SR2=published("SR2")), VOCABULARY)
    assert [(layout.sheet, len(layout.records)) for layout in search.layouts] == [
        ("SR1", 1),
        ("SR2", 1),
    ]


def test_a_form_longer_than_the_first_look_is_read_whole() -> None:
    text = "\n.\n".join(published(f"SR{n}") for n in range(1, 61))
    layout = forms(book(text))
    assert len(layout.records) == 60
    assert cells(layout, 59)["reference"] == f"B{59 * 13 + 1}"


ONE = {
    "labels left, values right, one above the other": (
        """
        Risk Register Entry
        Risk ID: | R12
        Risk Description: | Fire destroys the main archive and its records
        Risk Owner: | Head of Estates
        Inherent Likelihood: | 3
        Inherent Impact: | 5
        Inherent Score: | 15
        Existing Controls: | Sprinklers
        Residual Likelihood: | 2
        Residual Impact: | 4
        Residual Score: | 8
        Planned Actions: | Copy the records
        """,
        {
            "reference": "B2",
            "description": "B3",
            "owner": "B4",
            "inherent.likelihood": "B5",
            "inherent.impact": "B6",
            "inherent.rating": "B7",
            "controls": "B8",
            "current.likelihood": "B9",
            "current.impact": "B10",
            "current.rating": "B11",
            "future_actions": "B12",
        },
    ),
    "headings of sections above the stacked scores": (
        """
        Risk ref | R12 | Owner | Head of Estates
        Description | Fire destroys the main archive and its records
        Inherent risk
        Likelihood | 3
        Impact | 5
        Score | 15
        Controls | Sprinklers
        Current risk
        Likelihood | 2
        Impact | 4
        Score | 8
        """,
        {
            "reference": "B1",
            "owner": "D1",
            "description": "B2",
            "inherent.likelihood": "B4",
            "inherent.impact": "B5",
            "inherent.rating": "B6",
            "controls": "B7",
            "current.likelihood": "B9",
            "current.impact": "B10",
            "current.rating": "B11",
        },
    ),
    "a small table of scores, assessments across": (
        """
        Reference | R12
        Risk | Fire destroys the main archive and its records
        Owner | Head of Estates
        | Inherent | Current | Target
        Likelihood | 3 | 2 | 1
        Impact | 5 | 4 | 4
        Score | 15 | 8 | 4
        Controls | Sprinklers
        """,
        {
            "reference": "B1",
            "description": "B2",
            "owner": "B3",
            "inherent.likelihood": "B5",
            "inherent.impact": "B6",
            "inherent.rating": "B7",
            "current.likelihood": "C5",
            "current.impact": "C6",
            "current.rating": "C7",
            "future.likelihood": "D5",
            "future.impact": "D6",
            "future.rating": "D7",
            "controls": "B8",
        },
    ),
    "a small table of scores, assessments down": (
        """
        Reference | R12
        Risk | Fire destroys the main archive and its records
        Owner | Head of Estates
        | Likelihood | Impact | Score
        Inherent | 3 | 5 | 15
        Residual | 2 | 4 | 8
        Target | 1 | 4 | 4
        """,
        {
            "reference": "B1",
            "description": "B2",
            "owner": "B3",
            "inherent.likelihood": "B5",
            "inherent.impact": "C5",
            "inherent.rating": "D5",
            "current.likelihood": "B6",
            "current.impact": "C6",
            "current.rating": "D6",
            "future.likelihood": "B7",
            "future.impact": "C7",
            "future.rating": "D7",
        },
    ),
    "label of the assessment left of its letters, values below": (
        """
        Reference | R12 | | Status | Open | | Objective | Keep records
        Risk description
        Fire destroys the main archive and its records | < | < | < | < | < | < | <
        Causes | Effects | Inherent | L | I | R | Executive lead | Senior lead
        Wiring | Loss | | 3 | 5 | 15 | ACO | Estates
        Controls | Assurance | Current | L | I | R | Future actions | Due
        Sprinklers | Audit | | 2 | 4 | 8 | Copies | May
        """,
        {
            "reference": "B1",
            "status": "E1",
            "objective": "H1",
            "description": "A3",
            "causes": "A5",
            "effects": "B5",
            "inherent.likelihood": "D5",
            "inherent.impact": "E5",
            "inherent.rating": "F5",
            "owner": "G5",
            "second_owner": "H5",
            "controls": "A7",
            "assurance": "B7",
            "current.likelihood": "D7",
            "current.impact": "E7",
            "current.rating": "F7",
            "future_actions": "G7",
        },
    ),
    "labels and values in turn on a line": (
        """
        Ref | R12 | Owner | Head of Estates | Last updated | @2017-01-31
        Risk | Fire destroys the main archive and its records | < | < | < | <
        Inherent likelihood | 3 | Inherent impact | 5 | Inherent rating | 15
        Controls | Sprinklers | < | < | < | <
        Current likelihood | 2 | Current impact | 4 | Current rating | 8
        """,
        {
            "reference": "B1",
            "owner": "D1",
            "status_date": "F1",
            "description": "B2",
            "inherent.likelihood": "B3",
            "inherent.impact": "D3",
            "inherent.rating": "F3",
            "controls": "B4",
            "current.likelihood": "B5",
            "current.impact": "D5",
            "current.rating": "F5",
        },
    ),
    "a description without a label": (
        """
        Reference | R12 | Objective | Keep records | Owner | Estates
        Fire destroys the main archive and its records | < | < | < | < | <
        Controls | | Likelihood | Impact | Rating | Actions
        Sprinklers | | 3 | 5 | 15 | Copies
        """,
        {
            "reference": "B1",
            "objective": "D1",
            "owner": "F1",
            "description": "A2",
            "controls": "A4",
            "current.likelihood": "C4",
            "current.impact": "D4",
            "current.rating": "E4",
            "future_actions": "F4",
        },
    ),
    "label and value in one cell": (
        """
        Reference: R12 | Status: Update 31 Jan 2017 | Owner: Estates
        Risk: Fire destroys the main archive and its records
        Likelihood | Impact | Rating
        3 | 5 | 15
        """,
        {
            "reference": "A1",
            "status": "B1",
            "status_date": "B1",
            "owner": "C1",
            "description": "A2",
            "current.likelihood": "A4",
            "current.impact": "B4",
            "current.rating": "C4",
        },
    ),
    "labels above their values, groups in the first label only": (
        """
        Strategic Risk Register | < | < | < | < | < | < | < | <
        Reference | Objective | < | < | < | < | < | Status | <
        SR1 | Public engagement | < | < | < | < | < | Update 31/01/2017 | <
        The public may lose confidence in policing of the county | < | < | < | < | < | < | < | <
        Causes | Effects | Inherent: L | I | R | Executive\\nlead | < | Senior\\nlead | <
        Bad news | Trust falls | 2 | 4 | 14 | OPCC | < | Comms | <
        Controls | Assurance | Current: L | I | R | Actions | Future: L | I | R
        Weekly meetings | Report | 1 | 4 | 10 | Write | 1 | 1 | 1
        More meetings | Another | | | | Talk | | |
        """,
        {
            "reference": "A3",
            "objective": "B3",
            "status": "H3",
            "status_date": "H3",
            "description": "A4",
            "causes": "A6",
            "effects": "B6",
            "inherent.likelihood": "C6",
            "inherent.impact": "D6",
            "inherent.rating": "E6",
            "owner": "F6",
            "second_owner": "H6",
            "controls": "A8",
            "assurance": "B8",
            "current.likelihood": "C8",
            "current.impact": "D8",
            "current.rating": "E8",
            "future_actions": "F8",
            "future.likelihood": "G8",
            "future.impact": "H8",
            "future.rating": "I8",
        },
    ),
    "values that are words of labels": (
        """
        Ref: | SR1 | Status: | Current | Objective: | Risk
        Risk: | The public may lose confidence in policing | < | < | < | <
        Inherent Risk | Likelihood: | 3 | Impact: | 4 | Rating: | 12
        Controls: | Meetings of all the leads each week | < | < | < | <
        Current Risk | Likelihood: | 3 | Impact: | 3 | Rating: | 9
        Lead: | AB
        """,
        {
            "reference": "B1",
            "status": "D1",
            "objective": "F1",
            "description": "B2",
            "inherent.likelihood": "C3",
            "inherent.impact": "E3",
            "inherent.rating": "G3",
            "controls": "B4",
            "current.likelihood": "C5",
            "current.impact": "E5",
            "current.rating": "G5",
            "owner": "B6",
        },
    ),
    "a small table of scores with a title and levels": (
        """
        Risk Number | 12 | | Risk Owner | AB
        Description | < | < | < | <
        The data centre fails for more than a day | < | < | < | <
        Risk score | Probability | Impact | Score | RAG
        Gross | 4 | 5 | 20 | Red
        Net | 3 | 4 | 12 | Amber
        Controls | Backups of everything each night | < | < | <
        """,
        {
            "reference": "B1",
            "owner": "E1",
            "description": "A3",
            "inherent.likelihood": "B5",
            "inherent.impact": "C5",
            "inherent.rating": "D5",
            "inherent.band": "E5",
            "current.likelihood": "B6",
            "current.impact": "C6",
            "current.rating": "D6",
            "current.band": "E6",
            "controls": "B7",
        },
    ),
    "letters below each other, assessments across": (
        """
        Ref | R12 | Owner | AB
        Risk | The data centre fails for more than a day | < | <
        Cause | Old kit | Effect | No service at all
        | Inherent | Residual | Target
        L | 4 | 3 | 2
        I | 5 | 4 | 3
        R | 20 | 12 | 6
        """,
        {
            "reference": "B1",
            "owner": "D1",
            "description": "B2",
            "causes": "B3",
            "effects": "D3",
            "inherent.likelihood": "B5",
            "inherent.impact": "B6",
            "inherent.rating": "B7",
            "current.likelihood": "C5",
            "current.impact": "C6",
            "current.rating": "C7",
            "future.likelihood": "D5",
            "future.impact": "D6",
            "future.rating": "D7",
        },
    ),
    "two bands on one line": (
        """
        Risk reference | R12
        Risk | The data centre fails for more than a day
        Inherent risk | < | < | Current risk | < | <
        Likelihood | Impact | Rating | Likelihood | Impact | Rating
        4 | 5 | 20 | 3 | 4 | 12
        Owner | AB
        """,
        {
            "reference": "B1",
            "description": "B2",
            "inherent.likelihood": "A5",
            "inherent.impact": "B5",
            "inherent.rating": "C5",
            "current.likelihood": "D5",
            "current.impact": "E5",
            "current.rating": "F5",
            "owner": "B6",
        },
    ),
    "status with its date beside it": (
        """
        Reference | R12 | | Status | Update | @2017-01-31
        Risk | Fire destroys the main archive and its records
        Owner | Estates
        Likelihood | 3
        Impact | 5
        Rating | 15
        """,
        {
            "reference": "B1",
            "status": "E1",
            "status_date": "F1",
            "description": "B2",
            "owner": "B3",
            "current.likelihood": "B4",
            "current.impact": "B5",
            "current.rating": "B6",
        },
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_every_cell_of_a_form_is_found(name: str) -> None:
    text, wanted = ONE[name]
    layout = forms(book(text))
    assert len(layout.records) == 1
    assert cells(layout, 0) == wanted


@pytest.mark.parametrize("name", ONE)
def test_forms_below_each_other_are_read_like_one(name: str) -> None:
    text, wanted = ONE[name]
    lines = text.strip().splitlines()
    height = len(lines) + 2
    layout = forms(book("\n".join([*lines, ".", "."] * 4)))
    assert len(layout.records) == 4
    last = layout.records[3].cells
    moved = {field: address(row - 3 * height, column) for field, (row, column) in last.items()}
    assert moved == wanted


def test_forms_beside_each_other_are_read_apart() -> None:
    lines = [
        "Reference | R{} | |",
        "Risk | Fire destroys the main archive and its records | |",
        "Owner | Estates | |",
        "Likelihood | 3 | |",
        "Impact | 5 | |",
        "Rating | 15 | |",
    ]
    text = "\n".join(" ".join(line.format(n) for n in (1, 2)) for line in lines)
    layout = forms(book(text))
    assert [cells(layout, n)["current.rating"] for n in (0, 1)] == ["B6", "E6"]
    assert [cells(layout, n)["reference"] for n in (0, 1)] == ["B1", "E1"]


def test_two_sets_of_letters_without_a_name_are_asked_about() -> None:
    text = """
        Reference | R12 | Owner | Estates
        Risk | Fire destroys the main archive and its records
        Controls | L | I | R
        Sprinklers | 3 | 5 | 15
        Actions | L | I | R
        Copies | 3 | 4 | 12
        """
    search = find_registers(book(text), VOCABULARY)
    assert not search.layouts
    assert "B4, B6 could each be current.likelihood" in search.unsure[0].message
    assert ("B3", "L") in search.unsure[0].seen
