"""The vocabulary of risk registers: every field has words, and words do not contradict."""

from __future__ import annotations

from collections import defaultdict

import pytest

from xlgov.grid.headings import normalise
from xlgov.risk.headings import CATEGORIES, GROUPS, VOCABULARY

FIELDS = {field.name: field for field in VOCABULARY.fields}


def test_every_assessment_has_the_same_measures() -> None:
    measures = defaultdict(set)
    for field in VOCABULARY.fields:
        if field.group:
            measures[field.group].add(field.name.removeprefix(f"{field.group}."))
    assert set(measures) == set(GROUPS)
    for found in measures.values():
        assert found == {"likelihood", "impact", "rating", "band", *CATEGORIES}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_words_are_normal_so_that_a_heading_can_meet_them(name: str) -> None:
    words = FIELDS[name].words
    assert words
    assert len(set(words)) == len(words)
    assert [word for word in words if normalise(word) != word] == []


def test_words_of_groups_are_normal() -> None:
    for words in VOCABULARY.groups.values():
        assert [word for word in words if normalise(word) != word] == []


def test_a_word_shared_by_two_fields_is_settled_by_what_the_cells_hold() -> None:
    holders = defaultdict(list)
    for field in VOCABULARY.fields:
        if field.group in ("", "current"):
            for word in field.words:
                holders[word].append(field)
    either = {"owner", "second_owner"}, {"controls", "future_actions"}
    for word, fields in holders.items():
        names = {field.name for field in fields}
        if len(fields) > 1 and not any(names <= pair for pair in either):
            holds = {field.holds for field in fields}
            assert len(holds) == len(fields), (word, names)


def test_only_the_words_for_after_belong_to_two_assessments() -> None:
    inherent, current, future = (set(VOCABULARY.groups[group]) for group in GROUPS)
    assert not inherent & (current | future)
    assert {"residual", "net", "mitigated"} <= current & future
    assert "current" not in future
    assert "target" not in current
