"""The rating of scores in cells, and the band of ratings, one answer per cell.

Why words are read by the whole range: *Likely* is 3 on the published scale and 4 on the one that
begins with *Rare*. Like a register's column, a range of words says which of the two it uses; a
word alone is read on the published scale, or as the settings sheet states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlgov.excel.functions.cells import Answer, Answers, Block, map_blocks, refusal
from xlgov.excel.functions.stated import Stated
from xlgov.excel.values import from_excel
from xlgov.grid.cells import CellError, is_blank
from xlgov.risk.score import ScoreProblem, choose_words, read_rating, read_score
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES, Words


def rate_cells(likelihood: Block, impact: Block, stated: Stated) -> Answers:
    """The rating for every pair of scores.

    "" where either is blank or not given (``n/a``, ``-``); an error value stays the error it is;
    what cannot be read, or is beyond the scale, gives the reason.
    """
    likelihood_words = _words(likelihood, LIKELIHOOD_SCALES, stated.likelihood_words)
    impact_words = _words(impact, IMPACT_SCALES, stated.impact_words)

    def rate(first: Any, second: Any) -> Answer:
        for raw in (first, second):
            value, _ = from_excel(raw)
            if isinstance(value, CellError):
                return value.code
        scores: list[int] = []
        is_absent = False
        for name, raw, words in (
            ("likelihood", first, likelihood_words),
            ("impact", second, impact_words),
        ):
            score = _score(raw, words, stated.size)
            if isinstance(score, int):
                scores.append(score)
            elif score.is_absent:
                is_absent = True
            else:
                return refusal(_say_unread(name, raw, score, words, stated.size))
        if is_absent:
            return ""
        rating = stated.table[scores[0] - 1][scores[1] - 1]
        if rating is None:
            return refusal(
                f"the matrix has no rating for likelihood {scores[0]} and impact {scores[1]}"
            )
        return rating

    return map_blocks(rate, likelihood, impact)


def name_bands(ratings: Block, stated: Stated) -> Answers:
    """The band of every rating; "" where there is none, the reason where it has no band."""

    def name(raw: Any) -> Answer:
        value, is_date = from_excel(raw)
        if isinstance(value, CellError):
            return value.code
        rating = ScoreProblem("unreadable", "it is a date") if is_date else read_rating(value)
        if isinstance(rating, ScoreProblem):
            if rating.is_absent:
                return ""
            said = rating.reason or "expected a number"
            return refusal(f"the rating is {_shown(raw)}; {said}")
        if not stated.bands:
            return refusal("this workbook states no bands; add them to its xlgov sheet")
        for band in stated.bands:
            if band.lowest <= rating <= band.highest:
                return band.name
        first, last = stated.bands[0].lowest, max(each.highest for each in stated.bands)
        return refusal(f"no band holds {rating:g}; the bands run from {first} to {last}")

    return map_blocks(name, ratings)


def _words(block: Block, scales: Sequence[Words], stated: Words) -> Words:
    return choose_words(() if block.is_one else block.texts(), scales, stated)


def _score(raw: Any, words: Words, size: int) -> int | ScoreProblem:
    value, is_date = from_excel(raw)
    if is_date:
        return ScoreProblem("unreadable", "it is a date")
    return read_score(value, words, size)


def _say_unread(name: str, raw: Any, problem: ScoreProblem, words: Words, size: int) -> str:
    known = ", ".join(word.capitalize() for word in _first_words(words))
    said = problem.reason or f"expected 1 to {size} or one of {known}"
    return f"the {name} is {_shown(raw)}; {said}"


def _first_words(words: Words) -> list[str]:
    """A word of every score, lowest first."""
    first: dict[int, str] = {}
    for word, score in words.items():
        first.setdefault(score, word)
    return [first[score] for score in sorted(first)]


def _shown(raw: Any) -> str:
    value, _ = from_excel(raw)
    return "blank" if is_blank(value) else f"{value:g}" if isinstance(value, float) else str(value)
