"""How headings are read: words, scales, brackets, groups, pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.grid.headings import Lexicon, normalise
from xlgov.risk.headings import VOCABULARY

LEXICON = Lexicon(VOCABULARY)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("Likelihood", "likelihood"),
        ("  LIKELIHOOD\n(1-5) ", "likelihood"),
        ("Risk\u00a0Owner(s)*", "risk owner"),
        ("3. Consequences", "consequence"),
        ("b) Impact", "impact"),
        ("Likelihood: 1 to 5", "likelihood"),
        ("Score out of 25", "score"),
        ("L × I", "l x i"),
        ("#", "number"),
        ("Cause & effect", "cause and effect"),
        ("Director's view", "director view"),
        ("Status", "status"),
        ("Priorities", "priority"),
        ("RiskOwner", "risk owner"),
        ("LxI", "lxi"),
        ("Impact 2017/18", "impact 2017"),
        ("***", ""),
    ],
)
def test_a_heading_is_reduced_to_its_words(printed: str, words: str) -> None:
    assert normalise(printed) == words


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once_for_any_plain_result(text: str) -> None:
    once = normalise(text)
    assert once == once.casefold().strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("printed", "field"),
    [
        ("Probability", "likelihood"),
        ("Frequency (1-5)", "likelihood"),
        ("Likelihood of occurrence", "likelihood"),
        ("What is the likelihood of the risk occurring?", "likelihood"),
        ("Likelihood\n1 = Rare\n5 = Almost certain", "likelihood"),
        ("Severity", "impact"),
        ("Consequence rating", "impact"),
        ("Impact / Consequence", "impact"),
        ("Overall impact", "impact"),
        ("Overall risk rating", "rating"),
        ("Risk Score (L x I)", "rating"),
        ("Likelihood × Impact = Risk rating", "rating"),
        ("RPN", "rating"),
        ("Ref.", "reference"),
        ("No.", "reference"),
        ("Risk ID", "reference"),
        ("Description of the risk", "description"),
        ("Current controls", "controls"),
        ("Existing Control Measures", "controls"),
        ("Planned actions", "future_actions"),
        ("Further mitigation", "future_actions"),
        ("Risk Owner / Lead", "owner"),
        ("Executive\nlead", "owner"),
        ("Senior lead", "second_owner"),
        ("Cause & effect", "causes"),
        ("Date last reviewed", "status_date"),
        ("Sources of assurance", "assurance"),
        ("Legal", "legislative"),
        ("Organisational", "organisation"),
    ],
)
def test_the_plainest_field_of_a_heading_is_the_one_people_mean(printed: str, field: str) -> None:
    senses = LEXICON.meaning(printed).senses
    assert min(senses, key=lambda sense: (sense.rank, not sense.measure)).name == field


@pytest.mark.parametrize(
    ("printed", "groups"),
    [
        ("Gross", {"inherent"}),
        ("Inherent risk (before controls)", {"inherent"}),
        ("Risk score without controls", {"inherent"}),
        ("Likelihood (inherent)", {"inherent"}),
        ("Risk with existing controls", {"current"}),
        ("Residual risk", {"current", "future"}),
        ("Residual risk (after planned actions)", {"future"}),
        ("Current (residual) risk", {"current"}),
        ("Target score", {"future"}),
        ("Previous quarter", {"earlier"}),
        ("Likelihood", set()),
    ],
)
def test_a_heading_names_the_groups_that_its_words_allow(printed: str, groups: set[str]) -> None:
    assert LEXICON.meaning(printed).groups == groups


@pytest.mark.parametrize(
    "printed", ["Budget 2017/18", "Direction of travel", "Next review date", "Proximity", "x" * 500]
)
def test_an_unknown_heading_means_nothing(printed: str) -> None:
    assert not LEXICON.meaning(printed).is_known


def test_a_single_letter_is_kept_for_its_neighbours_to_explain() -> None:
    meaning = LEXICON.meaning("Gross L")
    assert (meaning.letter, meaning.groups, meaning.senses) == ("l", {"inherent"}, ())
