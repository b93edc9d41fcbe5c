"""Direction of travel: arrows, words, and what two statuses give."""

from __future__ import annotations

import doctest
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.tracker import travel
from xlgov.tracker.rag import STATUSES, Status
from xlgov.tracker.travel import ARROWS, Travel, compare_statuses, read_travel, split_arrow


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(travel).failed == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("↑", "improved"),
        ("⬆️", "improved"),
        ("▲", "improved"),
        ("↓", "deteriorated"),
        ("▼ worse", "deteriorated"),
        ("↔", "no change"),
        ("→", "no change"),
        ("Improved", "improved"),
        ("Deteriorated.", "deteriorated"),
        ("NO CHANGE", "no change"),
        ("(stable)", "no change"),
        ("↑ deteriorated", None),
        ("↑ ↓", None),
        ("▲ since May", None),
        ("soon", None),
        ("", None),
    ],
)
def test_arrows_and_words_are_read(text: str, said: str | None) -> None:
    assert read_travel(text) == said


def test_what_is_written_is_read_back() -> None:
    assert {arrow: read_travel(arrow) for arrow in ARROWS.values()} == {
        "↑": "improved",
        "↓": "deteriorated",
        "↔": "no change",
    }
    assert split_arrow("Yellow ↓") == ("deteriorated", "Yellow")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("Red", "Yellow", "improved"),
        ("Yellow", "Green", "improved"),
        ("Red", "Green", "improved"),
        ("Green", "Red", "deteriorated"),
        ("Yellow", "Red", "deteriorated"),
        ("Yellow", "Complete", "improved"),
        ("Green", "Complete", "no change"),
        ("White", "Red", "no change"),
        ("Green", "White", "no change"),
    ],
)
def test_nearer_to_green_is_better(before: Status, now: Status, said: str) -> None:
    assert compare_statuses(before, now) == said


def test_moves_from_white_have_a_direction_only_where_settings_say_so() -> None:
    moves: list[tuple[Status, Status]] = [
        ("White", "Green"),
        ("White", "Yellow"),
        ("White", "Red"),
        ("Green", "White"),
        ("White", "White"),
    ]
    assert {compare_statuses(*move) for move in moves} == {"no change"}
    assert [compare_statuses(*move, from_white=True) for move in moves] == [
        "improved",
        "deteriorated",
        "deteriorated",
        "deteriorated",
        "no change",
    ]


@given(st.sampled_from(STATUSES), st.sampled_from(STATUSES), st.booleans())
def test_the_way_back_is_the_opposite(before: Status, now: Status, from_white: bool) -> None:
    there, back = (
        compare_statuses(before, now, from_white),
        compare_statuses(now, before, from_white),
    )
    opposite = dict(zip(get_args(Travel), ("deteriorated", "improved", "no change"), strict=True))
    assert back == opposite[there]
