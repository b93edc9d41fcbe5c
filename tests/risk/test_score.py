"""Scores and ratings as people type them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.risk.registers import read_facts
from xlgov.grid.cells import CellError
from xlgov.risk.label import rewrite_label
from xlgov.risk.score import ScoreProblem, choose_words, read_rating, read_score
from xlgov.risk.words import IMPACT, IMPACT_SCALES, LIKELIHOOD, LIKELIHOOD_SCALES, word_key


def problem(value: Any, words: Any = LIKELIHOOD) -> ScoreProblem:
    found = read_score(value, words, 5)
    assert isinstance(found, ScoreProblem), f"{value!r} was read as {found}"
    return found


@pytest.mark.parametrize(
    "value",
    [
        *(3, 3.0, "3", "3.0", " 3 ", "03", "III", "iii", "(3)", "[3]", "L3"),
        *("Likely", "LIKELY", " likely ", "Likely."),
        *("3 - Likely", "3-Likely", "3 – Likely", "3: Likely", "3. Likely", "3 Likely"),
        *("3) Likely", "(3) Likely", "3 = Likely", "3 (Likely)", "3\nLikely", "3.0 - Likely"),
        *("Likely (3)", "Likely [3]", "Likely - 3", "Likely: 3", "Likely 3", "likely(3)"),
        *("III - Likely", "3 - Medium", "Medium (3)", "3 (Medium)", "Score: 3"),
    ],
)
def test_a_score_of_three_is_read_however_it_is_typed(value: object) -> None:
    assert read_score(value, LIKELIHOOD, 5) == 3  # type: ignore[arg-type]  # parametrised


@pytest.mark.parametrize(
    "value",
    [
        *("Likly", "Likely or possible", "3 or 4", "3-4", "2/3", "3%", "3?", "about 3"),
        *("3 months of delay", "1. Staff leave", "x", "i", "v", "l", "H", "High", "IIII"),
        *("3 - Loss of public trust and confidence", "Trust falls (in 3 areas)", "ten"),
        *("tbc", "TBC", "?", 2.5, "2.5", True, CellError("#DIV/0!")),
    ],
)
def test_what_is_not_plainly_a_score_is_not_read(value: object) -> None:
    assert problem(value).kind == "unreadable"


def test_a_label_whose_word_and_number_disagree_is_not_read() -> None:
    assert problem("4 - Likely").reason == "the number says 4, the word Likely says 3"
    assert problem("Likely (4)").kind == "contradiction"
    assert problem("2.5").reason == "2.5 is not a whole number"


@pytest.mark.parametrize("value", [0, 6, -3, "6", "VI", "6 - Certain to come", 42858, 1e5])
def test_a_number_beyond_the_scale_is_out_of_range(value: object) -> None:
    assert problem(value).kind == "out-of-range"


def test_nothing_and_nothing_on_purpose_are_told_apart() -> None:
    assert [problem(value).kind for value in (None, "", "  \n")] == ["blank"] * 3
    assert [problem(value).kind for value in ("n/a", "N/A", "-", "–")] == ["not-given"] * 4
    assert all(problem(value).is_absent for value in (None, "n/a"))
    assert not problem("tbc").is_absent


def test_the_words_are_those_of_the_published_scales() -> None:
    likelihoods = {
        word_key(fact["label"]): int(fact["level"]) for fact in read_facts("likelihood_scale.csv")
    }
    impacts = {
        word_key(fact["label"]): int(fact["level"]) for fact in read_facts("impact_scale.csv")
    }
    assert likelihoods == LIKELIHOOD
    assert impacts == IMPACT


def test_a_column_on_the_scale_from_rare_is_read_by_that_scale() -> None:
    common = choose_words(["Rare", "Likely", "Possible"], LIKELIHOOD_SCALES)
    assert read_score("Likely", common, 5) == 4
    labelled = choose_words(["4 - Likely", "3 - Possible"], LIKELIHOOD_SCALES)
    assert read_score("4 - Likely", labelled, 5) == 4
    slip = choose_words(["4 - Likely", "Possible"], LIKELIHOOD_SCALES)
    assert isinstance(read_score("4 - Likely", slip, 5), ScoreProblem)
    published = choose_words(["Likely", "Possible", "Probable"], LIKELIHOOD_SCALES)
    assert read_score("Likely", published, 5) == 3
    assert choose_words([], LIKELIHOOD_SCALES) == LIKELIHOOD


def test_two_words_for_the_highest_impact_are_not_both_guessed() -> None:
    words = choose_words(["Severe", "Major", "Catastrophic", "Minor"], IMPACT_SCALES)
    assert sorted(key for key in ("severe", "catastrophic") if key in words) == ["catastrophic"]


def test_words_of_the_settings_win_and_letters_come_only_from_there() -> None:
    assert problem("H").kind == "unreadable"
    words = choose_words(["H"], LIKELIHOOD_SCALES, {"h": 3, "Likely": 4})
    assert read_score("H", words, 5) == 3
    assert read_score("Likely", words, 5) == 4


@given(st.integers(1, 10), st.sampled_from(["{}", "{}.0", "{} - x", "Level ({})", "Q: {}", " {} "]))
def test_a_whole_number_comes_back_from_every_form(number: int, form: str) -> None:
    assert read_score(form.format(number), {}, 10) == number
    assert read_score(float(number), {}, 10) == number


@given(st.sampled_from(sorted(LIKELIHOOD)), st.sampled_from(["{w}", "{n} - {w}", "{w} ({n})"]))
def test_a_word_comes_back_from_every_form(word: str, form: str) -> None:
    number = LIKELIHOOD[word]
    assert read_score(form.format(w=word.upper(), n=number), LIKELIHOOD, 5) == number


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    score = read_score(text, LIKELIHOOD, 5)
    assert isinstance(score, ScoreProblem) or 1 <= score <= 5
    read_rating(text)
    rewrite_label(text, 9, ["High"], "Medium")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_only_whole_numbers_are_scores(value: float) -> None:
    score = read_score(value, {}, 5)
    assert (score == value) if value in (1, 2, 3, 4, 5) else isinstance(score, ScoreProblem)
    assert not math.isnan(value)


@pytest.mark.parametrize(
    "value, rating",
    [
        *((14, 14), ("14", 14), (14.0, 14), ("14.0", 14), ("High (18)", 18), ("18 High", 18)),
        *(("18 - Medium-high", 18), ("Medium-high 18", 18), ("13\nTolerance Level", 13)),
        *((8.5, 8.5), (0, 0), ("V. High (20)", 20)),
    ],
)
def test_ratings_are_numbers_with_or_without_a_level(value: Any, rating: float) -> None:
    assert read_rating(value) == rating


@pytest.mark.parametrize(
    "value, kind",
    [
        *(("High", "level"), ("AMBER", "level"), ("tbc", "unreadable"), ("", "blank")),
        *(("n/a", "not-given"), ("see note", "unreadable"), (CellError("#N/A"), "unreadable")),
        *(("12-14", "unreadable"), (True, "unreadable")),
    ],
)
def test_ratings_without_a_number_are_problems(value: Any, kind: str) -> None:
    found = read_rating(value)
    assert isinstance(found, ScoreProblem)
    assert found.kind == kind


def test_a_label_keeps_its_form_or_is_left_alone() -> None:
    known = ["High", "Medium-high"]
    assert rewrite_label("High (18)", 14, known, "Medium-high") == "Medium-high (14)"
    assert rewrite_label("18 - HIGH", 14, known, "Medium-high") == "14 - MEDIUM-HIGH"
    assert rewrite_label(" 8 ", 9, known, "Medium") == " 9 "
    assert rewrite_label("8.0", 9, known, "Medium") == "9"
    assert rewrite_label("Warm (18)", 14, known, "Medium-high") is None
    assert rewrite_label("18 of 25", 14, known, "Medium-high") is None
    assert rewrite_label("High (18)", 14, known, "") is None
