"""Scores, ratings and labels as VBA reads them: as Python does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from macro_excel import MacroExcel, save_register

from xlgov.risk.label import rewrite_label
from xlgov.risk.score import ScoreProblem, parse_score, read_rating
from xlgov.risk.words import LIKELIHOOD

PAIRS = ";".join(f"{word}={score}" for word, score in LIKELIHOOD.items())
TEXTS = (
    *("3", "3.0", " 3 ", "3 - Likely", "Likely (3)", "Likely", "LIKELY", "III", "iii", "i", "x"),
    *("3 – Likely", "3: Likely", "3. Likely", "3) Likely", "(3) Likely", "[3] Likely", "3 Likely"),
    *("Likely - 3", "Likely: 3", "Likely [3]", "Likely(3)", "Likely 3", "likely3", "3likely"),
    *(
        "4 - Likely",
        "Likely (4)",
        "L3",
        "i4",
        "l12",
        "(3)",
        "( 3 )",
        "[4]",
        "n/a",
        "N/A",
        "-",
        "--",
    ),
    *("tbc", "?", "", "   ", "None", "high", "H", "3 - Severe", "3 of 5", "3/5", "30%", "1e3"),
    *("3 - a b c d", "3 - a b c", "3-4", "2.5", "-3", "+3", "1234567", "III - Likely", "iv likely"),
    *(
        "More likely than not",
        "More-likely than not (4)",
        "4 = More likely than not",
        "3 - (Likely)",
    ),
    *("3.0 - Likely", "Likely 3.0", "Likely (3.00)", "Likely - (3)", "3 (Likely)", "Likely (3"),
    *("see note 3", "approved 3", "3 - likely!", "3\nLikely", "Likely\n3", "3\u00a0-\u00a0Likely"),
    *(
        "1000",
        "very likely",
        "v",
        "V",
        "VI",
        "XI",
        "0",
        "00",
        "03",
        "Likely / 3",
        "likely=3",
        "3 -",
    ),
    *(
        "- 3",
        "(likely) 3",
        "3.5 - Likely",
        "Score: 3",
        "Impact 4 severe",
        "likely (3) now",
        "3.",
        ".5",
    ),
)
RATINGS = (
    *(*TEXTS, "High (18)", "18 - Medium-high", "18 High", "High", "Medium-high", "MH", "18.5"),
    *("14 / Medium", "14. Medium", "18 - seventeen words are far too many for one", "Amber/Red"),
)
LABELS = (
    *(
        "High (18)",
        "18 - High",
        "HIGH 18",
        "8",
        " 8 ",
        "High",
        "high",
        "Warm (18)",
        "18/25",
        "18.0",
    ),
    *("(18)", "High - 18 - now", "18 High 3", "High", "", "18", "high:18", "8 – High", "18.5 High"),
)


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> MacroExcel:
    path: Path = tmp_path_factory.mktemp("words") / "empty.xlsx"
    return MacroExcel(save_register(path, [], {}))


def said_by_python(value: Any) -> object:
    found = parse_score(value, LIKELIHOOD)
    if isinstance(found, ScoreProblem):
        return "blank" if found.is_absent else "bad"
    return found


def rating_by_python(value: Any) -> object:
    found = read_rating(value)
    if isinstance(found, ScoreProblem):
        return "level" if found.kind == "level" else "blank" if found.is_absent else "bad"
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_a_score_is_read_as_python_reads_it(excel: MacroExcel, text: str) -> None:
    assert excel.run("CallParse", text, PAIRS) == said_by_python(text)


@pytest.mark.parametrize("text", RATINGS)
def test_a_rating_is_read_as_python_reads_it(excel: MacroExcel, text: str) -> None:
    assert excel.run("CallRating", text) == rating_by_python(text)


@pytest.mark.parametrize("value", [3, 3.0, 2.5, 0, -1, True, None])
def test_other_values_are_read_as_python_reads_them(excel: MacroExcel, value: object) -> None:
    shown = "" if value is None else value
    assert excel.run("CallParse", shown, PAIRS) == said_by_python(value)
    assert excel.run("CallRating", shown) == rating_by_python(value)


PIECES = (*"0123456789 ()[]:./=%ixLV–", " - ", "iv", "likely", "possible", "high", "n/a", "soon")
ANY_TEXT = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


def check_text(excel: MacroExcel, text: str) -> None:
    assert excel.run("CallParse", text, PAIRS) == said_by_python(text)
    assert excel.run("CallRating", text) == rating_by_python(text)


@settings(max_examples=40)
@given(ANY_TEXT)
def test_any_text_is_read_as_python_reads_it(excel: MacroExcel, text: str) -> None:
    check_text(excel, text)


@pytest.mark.slow
@settings(max_examples=600)
@given(ANY_TEXT)
def test_any_of_many_texts_is_read_as_python_reads_it(excel: MacroExcel, text: str) -> None:
    check_text(excel, text)


@pytest.mark.parametrize("text", LABELS)
@pytest.mark.parametrize(("old", "word"), [("High", "Medium-high"), ("", "Low"), ("High", "")])
def test_a_label_is_rewritten_as_python_rewrites_it(
    excel: MacroExcel, text: str, old: str, word: str
) -> None:
    known = [old] if old else []
    said = excel.run("CallLabel", text, 14, old, word)
    expected = rewrite_label(text, 14, known, word)
    assert said == (f"left: {text}" if expected is None else expected)
