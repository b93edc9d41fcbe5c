"""Texts word by word: what stayed, what came, what went."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.review.difference import word_changes

TEXTS = st.text(st.sampled_from("ab \n\t•.,’'é-1"), max_size=60)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("", "New", [("added", "New")]),
        ("Old", "", [("removed", "Old")]),
        ("Board meets", "Board  meets ", [("same", "Board  meets ")]),
        (
            "Head and the teams, meet.",
            "Head and the press teams, meet.",
            [("same", "Head and the "), ("added", "press "), ("same", "teams, meet.")],
        ),
        (
            "• One\n• Two\n• Three",
            "• One\n• Three",
            [("same", "• One\n"), ("removed", "• Two\n"), ("same", "• Three")],
        ),
        (
            "Audit in 2016 done",
            "Audit in 2017 done",
            [("same", "Audit in "), ("removed", "2016 "), ("added", "2017 "), ("same", "done")],
        ),
        ("opcc", "OPCC", [("removed", "opcc"), ("added", "OPCC")]),
    ],
)
def test_words_are_told_apart(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert word_changes(before, after) == expected


def test_a_word_that_two_rewordings_share_by_chance_is_reworded_too() -> None:
    changes = word_changes("Police and Fire hold joint meetings", "Estates and fleet share a plan")
    assert [fate for fate, _ in changes] == ["removed", "added"]


def test_two_words_put_in_at_two_places_leave_what_stands_between() -> None:
    changes = word_changes("the force plan", "the new force spending plan")
    assert changes == [
        ("same", "the "),
        ("added", "new "),
        ("same", "force "),
        ("added", "spending "),
        ("same", "plan"),
    ]


@given(TEXTS, TEXTS)
def test_what_is_same_or_added_gives_the_new_text_exactly(before: str, after: str) -> None:
    changes = word_changes(before, after)
    assert "".join(text for fate, text in changes if fate != "removed") == after


@given(TEXTS, TEXTS)
def test_what_is_same_or_removed_gives_the_old_text_but_for_white_space(
    before: str, after: str
) -> None:
    kept = "".join(text for fate, text in word_changes(before, after) if fate != "added")
    assert "".join(kept.split()) == "".join(before.split())


@given(TEXTS)
def test_a_text_differs_in_nothing_from_itself(text: str) -> None:
    assert word_changes(text, text) == ([("same", text)] if text else [])


def test_the_longest_cell_takes_no_long_time() -> None:
    text = " ".join(f"the board of the force {n} " for n in range(1300))
    began = time.perf_counter()
    changes = word_changes(text, text.replace(" 700 ", " 700 and its partners "))
    assert [t for fate, t in changes if fate == "added"] == ["and its partners  "]
    assert time.perf_counter() - began < 5
