"""What the words of status columns mean."""

from __future__ import annotations

import pytest

from xlgov.tracker.status import BUILT_IN, STATUSES, nearest_word, read_status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Not Started", "not started"),
        ("not-started", "not started"),
        ("NOT YET DUE", "not started"),
        ("Ongoing", "ongoing"),
        ("On-going", "ongoing"),
        ("In progress: awaiting the ACC", "ongoing"),
        ("Open (see minutes)", "ongoing"),
        ("Part complete", "ongoing"),
        ("Not complete", "ongoing"),
        ("Closed", "closed"),
        (" closed. ", "closed"),
        ("Closed 16/05/2019", "closed"),
        ("Completed on 16 May 2019", "closed"),
        ("Complete May 2019", "closed"),
        ("Discharged - reported to the Board", "closed"),
        ("Closed / Noted", "closed"),
        ("Noted", "noted"),
        ("For information", "noted"),
    ],
)
def test_words_of_offices_are_known(text: str, status: str) -> None:
    assert read_status(text) == status


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Closed?",
        "Ongoign",
        "Amber",
        "Open / Closed",
        "Complete by June",
        "Half closed",
        "16/05/2019",
    ],
)
def test_a_word_that_nobody_stated_is_no_status(text: str) -> None:
    assert read_status(text) is None


def test_the_office_s_own_words_go_first_and_may_stand_for_any_known_word() -> None:
    words = {"parked": "On hold", "complete": "Ongoing", "with audit": "nonsense"}
    assert read_status("Parked", words) == "ongoing"
    assert read_status("Complete", words) == "ongoing"
    assert read_status("With audit", words) is None


def test_the_nearest_word_is_offered_and_none_where_there_is_none_near() -> None:
    assert nearest_word("Ongoign") == "Ongoing"
    assert nearest_word("Clsed") == "Closed"
    assert nearest_word("Parkd", {"parked": "ongoing"}) == "Parked"
    assert nearest_word("Blue") == ""


def test_every_status_says_itself() -> None:
    assert set(BUILT_IN.values()) == set(STATUSES)
    assert [read_status(status) for status in STATUSES] == list(STATUSES)
