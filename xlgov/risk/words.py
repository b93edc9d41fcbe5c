"""The words of the likelihood and impact scales.

Why a column chooses its scale: in the published papers *Likely* is 3; on the widespread scale
from *Rare* to *Almost certain* it is 4. The words and labels that stand in a column say which of
the two its authors use, so the scale that reads most of them is taken, the published one when in
doubt. Words that a scale does not hold stay unread; a word that settings state always wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Words = Mapping[str, int]

LIKELIHOOD: Words = {
    "unlikely": 1,
    "possible": 2,
    "likely": 3,
    "more likely than not": 4,
    "probable": 5,
}
LIKELIHOOD_FROM_RARE: Words = {
    "rare": 1,
    "remote": 1,
    "very unlikely": 1,
    "unlikely": 2,
    "possible": 3,
    "likely": 4,
    "almost certain": 5,
    "very likely": 5,
    "certain": 5,
}
IMPACT: Words = {
    "insignificant": 1,
    "minor": 2,
    "moderate": 3,
    "significant": 4,
    "catastrophic": 5,
}
_LESSER_IMPACT: Words = {"insignificant": 1, "negligible": 1, "minor": 2, "moderate": 3, "major": 4}

LIKELIHOOD_SCALES: tuple[Words, ...] = (LIKELIHOOD, LIKELIHOOD_FROM_RARE)
# One name each for the top: two of them in one column would be two levels, which is not ours
# to decide, so the second stays unread.
IMPACT_SCALES: tuple[Words, ...] = (
    IMPACT,
    *({**_LESSER_IMPACT, top: 5} for top in ("catastrophic", "severe", "extreme", "critical")),
)

# A cell that says on purpose that there is no value, as printed in the papers.
NOT_GIVEN = frozenset({"-", "--", "n/a", "na", "n.a.", "n/a.", "not applicable", "none", "nil"})
# A cell that promises a value: it is not one, so it is not readable.
PENDING = frozenset({"tbc", "tba", "tbd", "?", "to be confirmed", "to be decided", "awaited"})

# Words that rating cells carry in place of, or beside, the number.
LEVEL_WORDS = frozenset(
    {
        *("very low", "low", "medium low", "medium", "moderate", "medium high", "high"),
        *("very high", "critical", "severe", "extreme", "significant", "substantial", "major"),
        *("minor", "tolerable", "intolerable", "green", "yellow", "amber", "amber green"),
        *("amber red", "red", "l", "m", "h", "mh", "vh"),
    }
)

# Hyphens, en and em dash and the minus sign; the space that does not break.
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"\u00a0": " "}
)
_NOT_WORD = re.compile(r"[\W_]+")


def one_dash(text: str) -> str:
    """The text with every kind of dash as a hyphen, and no-break spaces as spaces."""
    return text.translate(_DASHES)


def plain(text: str) -> str:
    """Lower case, one kind of dash, single spaces.

    >>> plain(" Likely \\u2013  3 ")
    'likely - 3'
    """
    return " ".join(one_dash(text).casefold().split())


def word_key(text: str) -> str:
    """What two spellings of a word have in common: no case, no punctuation.

    >>> word_key("Medium-High "), word_key("(likely)")
    ('medium high', 'likely')
    """
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def is_not_given(text: str) -> bool:
    """Whether a text says that there is no value (``n/a``, ``-``)."""
    return plain(text) in NOT_GIVEN


def is_empty_answer(text: str) -> bool:
    """Whether a text answers nothing: not given, or still to come (``tbc``)."""
    bare = plain(text)
    return bare in NOT_GIVEN or bare in PENDING
