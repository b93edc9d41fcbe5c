"""RAG statuses from words, letters and colours; nothing is concluded from a doubtful colour."""

from __future__ import annotations

import doctest

import pytest

from tests.risk.fake import FakeWorkbook, filled
from xlgov.settings.values import Settings
from xlgov.tracker import rag
from xlgov.tracker.rag import Key, find_key, read_fill, read_letter, read_word


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(rag).failed == 0


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Red", "Red"),
        (" amber ", "Yellow"),
        ("YELLOW", "Yellow"),
        ("Green - on target", "Green"),
        ("Green: all in place", "Green"),
        ("On track", "Green"),
        ("Not started", "White"),
        ("Completed.", "Complete"),
        ("Complete (June 2017)", "Complete"),
        ("rag status", None),
        ("Amber/Green", None),
        ("Greenwich office", None),
        ("Red tape removed", None),
        ("Purple", None),
        ("", None),
        ("R", None),
    ],
)
def test_a_word_is_read_whole_or_before_its_explanation(text: str, status: str | None) -> None:
    assert read_word(text) == status


def test_the_offices_own_words_go_first_and_may_mean_a_colour() -> None:
    words = {"parked": "White", "delayed": "Red", "sleeping": "ongoing", "on track": "ongoing"}
    assert read_word("Parked", words) == "White"
    assert read_word("Delayed - since May", words) == "Red"
    assert read_word("Sleeping", words) is None
    assert read_word("On track", words) == "Green"


def test_letters_are_single() -> None:
    assert [read_letter(text) for text in ("R", "a", "Y", "g ", "W", "B", "X", "GR", "")] == [
        "Red",
        "Yellow",
        "Yellow",
        "Green",
        "White",
        "Complete",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("rgb", "status"),
    [
        ("FF0000", "Red"),
        ("C00000", "Red"),
        ("FF5050", "Red"),
        ("FFC7CE", "Red"),
        ("FFFF00", "Yellow"),
        ("FFC000", "Yellow"),
        ("FFEB9C", "Yellow"),
        ("92D050", "Green"),
        ("00B050", "Green"),
        ("70AD47", "Green"),
        ("C6EFCE", "Green"),
        ("FFFFFF", "White"),
        ("ED7D31", None),  # orange: red or amber
        ("F2F2F2", None),
        ("808080", None),
        ("000000", None),
        ("5B9BD5", None),
        ("E2EFDA", None),  # the shade of every second row
        ("330000", None),
        (None, None),
    ],
)
def test_a_fill_counts_only_where_it_is_plainly_nearest(
    rgb: str | None, status: str | None
) -> None:
    assert read_fill(rgb, Key(), Settings()) == status


def test_the_key_and_the_colours_of_settings_go_before_the_hue() -> None:
    key = Key({"ED7D31": "Yellow", "5B9BD5": "Complete"}, no_fill_is_white=True)
    assert read_fill("ED7D31", key, Settings()) == "Yellow"
    assert read_fill("5B9BD5", key, Settings()) == "Complete"
    assert read_fill(None, key, Settings()) == "White"
    assert read_fill("ED7D31", Key(), Settings(colors={"red": "ED7D31"})) == "Red"


def found(rows: list[list[object]], taken: dict[str, set[int]] | None = None) -> Key:
    return find_key(FakeWorkbook({"Plan": rows}), Settings(), ["Plan"], taken or {})


RED, AMBER, LIME = "E60000", "ED7D31", "00B050"


def test_a_key_has_its_colours_in_the_cells_of_the_words() -> None:
    row = [filled("Red: act", RED), filled("Amber", AMBER), filled("Green", LIME), "White"]
    key = found([["Title"], row])
    assert key.colors == {RED: "Red", AMBER: "Yellow", LIME: "Green"}
    assert key.no_fill_is_white
    assert key.color("Yellow") == AMBER


def test_a_key_may_have_its_colours_beside_grey_labels() -> None:
    rows = [
        [filled(None, color), filled(word, "EEEEEE")]
        for word, color in (("Red", RED), ("Yellow", AMBER), ("Green - fine", LIME))
    ]
    rows.append([filled(None, "FFFFFF"), filled("White", "EEEEEE")])
    key = found(rows)
    assert key.colors == {RED: "Red", AMBER: "Yellow", LIME: "Green", "FFFFFF": "White"}
    assert not key.no_fill_is_white


def test_words_without_colours_and_statuses_of_records_are_no_key() -> None:
    assert found([["Red"], ["Amber"], ["Green"]]) == Key()
    rows = [[filled("Red", RED)], [filled("Amber", AMBER)], [filled("Green", LIME)]]
    assert found(rows, {"Plan": {1, 2, 3}}) == Key()
    assert found(rows[:2]) == Key()
