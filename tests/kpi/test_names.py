"""Names of indicators are matched after normalising, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.kpi.names import Names, normal_name

PRINTED = [
    "Satisfaction with Service Delivery - Police",
    "Burglary Dwelling",
    "Burglary Dwelling Outcome Rate",
    "Immediate grade incidents - time to respond (mins)",
    "Hate Crime",
    "Sickness - Police Officer",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Satisfaction – Police", "satisfaction  police"),
        ("999 calls (in 10 seconds)", "999 Call in 10 second"),
        ("Hate Crimes", "HATE-CRIME"),
        ("Victims & Witnesses", "Victim and Witness"),
        ("Children's homes", "Childrens home"),
        ("Stop\u00a0and\nSearch", "stop and search"),
        ("Outcome rate, per cent", "Outcome rate (%)"),
        ("Enquiries", "Enquiry"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Burglary", "Burglary Dwelling"),
        ("Cautions - adults", "Cautions - youths"),
        ("Calls (999)", "Calls (101)"),
        ("Bus", "Bu"),
        ("Loss", "Los"),
    ],
)
def test_names_of_two_indicators(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


def test_a_name_is_found_after_normalising_and_given_back_as_printed() -> None:
    names = Names(PRINTED)
    assert names.find("satisfaction with service delivery – police") == PRINTED[0]
    assert names.find("IMMEDIATE GRADE INCIDENTS: time to respond, mins") == PRINTED[3]
    assert names.find("") is None


def test_an_unknown_name_is_never_guessed_but_the_nearest_is_told() -> None:
    names = Names(PRINTED)
    for near, nearest in (
        ("Burglary Dwellings Outcome Rates 2018", "Burglary Dwelling Outcome Rate"),
        ("Police officer sickness", "Sickness - Police Officer"),
        ("Hat Crime", "Hate Crime"),
    ):
        assert names.find(near) is None
        assert names.nearest(near) == nearest
    assert names.nearest("Hate Crime reported to the police") == "Hate Crime"
    assert names.nearest("Road casualties") is None
    assert names.nearest("") is None


def test_names_that_are_alike_are_ambiguous_unless_spelled_exactly() -> None:
    names = Names(["Arrest", "Arrests", "Visits"])
    assert names.find("ARRESTS") is None
    assert names.alike("ARRESTS") == ("Arrest", "Arrests")
    assert names.find("Arrests") == "Arrests"
    assert names.ambiguous() == (("Arrest", "Arrests"),)
    assert names.alike("visit") == ("Visits",)


def test_one_name_given_twice_is_not_ambiguous() -> None:
    assert Names(["Arrests", "Arrests"]).find("arrest") == "Arrests"


def test_other_names_lead_to_the_one_that_is_there() -> None:
    others = {"Hate Crime": ["Hate offences", "Recorded hate crime"]}
    assert Names(PRINTED, others).find("hate offence") == "Hate Crime"
    assert Names(["Hate offences"], others).find("Hate Crime") == "Hate offences"
    assert Names(["Visits"], others).find("Hate Crime") is None


def test_a_name_goes_before_the_other_name_of_another() -> None:
    names = Names(["Hate Crime", "Hate offences"], {"Hate Crime": ["Hate offences"]})
    assert names.find("Hate offences") == "Hate offences"


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_capitals_and_white_space_never_matter(text: str) -> None:
    assert normal_name(f"  {text.upper()} ") == normal_name(text.lower())


@given(
    st.lists(st.text("abc -s", min_size=1, max_size=8), max_size=6), st.text("abc -s", max_size=8)
)
def test_what_is_found_is_a_given_name_of_the_same_plain_words(names: list[str], name: str) -> None:
    found = Names(names).find(name)
    assert found is None or (found in names and normal_name(found) == normal_name(name))
