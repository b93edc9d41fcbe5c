"""Scores and ratings as people type them: ``3``, ``"3"``, ``3 - Likely``, ``Likely (3)``, ``III``.

Why so strict with text: a score that is guessed wrong moves a risk silently. A number in a text
counts only where the text is visibly a label (a known word, or a short word set off by a dash, a
colon or brackets), a label whose word and number disagree is not read at all, and everything
else is a ``ScoreProblem`` that leaves the cell as it is. ``n/a`` and ``-`` say on purpose that no
value is given; ``tbc`` promises one, so it is unreadable until the value comes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from xlgov.grid.cells import CellError, Value, is_blank
from xlgov.risk.words import LEVEL_WORDS, NOT_GIVEN, PENDING, Words, plain, word_key

ProblemKind = Literal["blank", "not-given", "level", "unreadable", "contradiction", "out-of-range"]


class ScoreProblem(NamedTuple):
    """Why a cell gives no number.

    ``level`` is a rating given as a word alone (``High``). ``reason`` is what to tell the person
    who typed it; empty where the text is simply not known.
    """

    kind: ProblemKind
    reason: str = ""

    @property
    def is_absent(self) -> bool:
        """Whether nothing was given, as opposed to something that cannot be read."""
        return self.kind in ("blank", "not-given")


BLANK = ScoreProblem("blank")
_GIVEN_NOT = ScoreProblem("not-given")
_UNKNOWN = ScoreProblem("unreadable")
_ERROR = ScoreProblem("unreadable", "the cell shows an error")
_SWITCH = ScoreProblem("unreadable", "a TRUE or FALSE is no score")
_PENDING = ScoreProblem("unreadable", "no value yet")
_LEVEL = ScoreProblem("level")

_ROMAN = {
    numeral: number
    for number, numeral in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), start=1
    )
}
_NUMBER = re.compile(r"[-+]?\d{1,6}(?:\.\d+)?")
_LEADING = re.compile(
    r"(?P<open>[(\[])?(?P<number>\d{1,3}(?:\.0+)?|[ivx]+)(?P<close>[)\]])?"
    r"(?P<mark>\s*[-:=./]\s*|\s+)(?P<rest>.*)"
)
_TRAILING = re.compile(
    r"(?P<rest>.*?)(?P<mark>\s*[-:=/]\s*|\s+|(?=[(\[]))"
    r"(?P<open>[(\[])?\s*(?P<number>\d{1,3}(?:\.0+)?)\s*(?P<close>[)\]])?"
)
_PREFIXED = re.compile(r"[li](\d{1,2})")
_LONGEST_LABEL = 30
_MOST_WORDS = 3


def read_score(value: Value, words: Words, size: int) -> int | ScoreProblem:
    """A likelihood or impact of 1 to ``size``, or why the cell does not give one.

    >>> from xlgov.risk.words import LIKELIHOOD
    >>> [read_score(v, LIKELIHOOD, 5) for v in (3, "3.0", "3 - Likely", "Likely (3)", "III")]
    [3, 3, 3, 3, 3]
    >>> read_score("4 - Likely", LIKELIHOOD, 5).reason
    'the number says 4, the word Likely says 3'
    >>> read_score(6, LIKELIHOOD, 5).kind, read_score("", LIKELIHOOD, 5).kind
    ('out-of-range', 'blank')
    """
    score = parse_score(value, words)
    if isinstance(score, int) and not 1 <= score <= size:
        return ScoreProblem("out-of-range", f"the scale is 1 to {size}")
    return score


def parse_score(value: Value, words: Words) -> int | ScoreProblem:
    """As ``read_score``, before anybody knows how long the scale is."""
    if isinstance(value, str):
        key = word_key(value)
        if key in words:
            return words[key]
        number = _read_text(value)
        if number is None:
            return _read_label(value, words)
    else:
        number = _read_number(value)
    if isinstance(number, float):
        return ScoreProblem("unreadable", f"{number:g} is not a whole number")
    return number


def read_rating(value: Value) -> int | float | ScoreProblem:
    """A rating: a number, or a number beside its level; whether it is right is not asked here.

    >>> [read_rating(v) for v in (14, "14", 14.0, "High (18)", "18 - Medium-high", "18 High", 8.5)]
    [14, 14, 14, 18, 18, 18, 8.5]
    >>> read_rating("High").kind, read_rating("tbc").kind, read_rating("-").kind
    ('level', 'unreadable', 'not-given')
    """
    if not isinstance(value, str):
        return _read_number(value)
    number = _read_text(value)
    if number is not None:
        return number
    if word_key(value) in LEVEL_WORDS:
        return _LEVEL
    found = _split_label(plain(value))
    if found is None:
        return _UNKNOWN
    return found[0]


def choose_words(
    texts: Collection[str], scales: Sequence[Words], stated: Words | None = None
) -> Words:
    """The scale that reads most of a column's texts, with the stated words laid over it.

    >>> from xlgov.risk.words import LIKELIHOOD_SCALES
    >>> choose_words(["Rare", "Likely"], LIKELIHOOD_SCALES)["likely"]
    4
    >>> choose_words(["Likely"], LIKELIHOOD_SCALES)["likely"]
    3
    """

    usual = scales[0]
    best, most = usual, 0
    for scale in scales:
        read = [text for text in texts if isinstance(parse_score(text, scale), int)]
        if len(read) <= most:
            continue
        odd = [_kind(parse_score(text, usual)) for text in read]
        if [kind for kind in odd if kind] == ["contradiction"]:
            continue  # one label at odds with itself is a slip, not another scale
        best, most = scale, len(read)
    if not stated:
        return best
    return {**best, **{word_key(word): score for word, score in stated.items()}}


def _kind(found: int | float | ScoreProblem) -> str:
    return found.kind if isinstance(found, ScoreProblem) else ""


def _read_number(value: Value) -> int | float | ScoreProblem:
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return _SWITCH
    if isinstance(value, CellError):
        return _ERROR
    if isinstance(value, str):
        return _UNKNOWN
    return int(value) if float(value).is_integer() else value


def _read_text(text: str) -> int | float | ScoreProblem | None:
    """A text that is a number, a numeral or says there is none; None: perhaps a label."""
    if is_blank(text):
        return BLANK
    bare = plain(text)
    if bare in NOT_GIVEN:
        return _GIVEN_NOT
    if bare in PENDING:
        return _PENDING
    if _NUMBER.fullmatch(bare):
        return _read_number(float(bare))
    stripped = text.strip()
    if stripped in _ROMAN:
        return _ROMAN[stripped]
    if len(bare) > 1 and bare.strip("ivx") == "" and stripped == bare and bare.upper() in _ROMAN:
        return _ROMAN[bare.upper()]  # a lone small x or i is a tick or a bullet
    if len(bare) > 2 and bare[0] in "([" and bare[-1] in ")]" and bare[1:-1].isdecimal():
        return int(bare[1:-1])
    return None


def _read_label(text: str, words: Words) -> int | ScoreProblem:
    bare = plain(text)
    prefixed = _PREFIXED.fullmatch(bare)
    if prefixed:
        return int(prefixed[1])
    found = _split_label(bare, words)
    if found is None:
        return _UNKNOWN
    number, rest = found
    meant = words.get(word_key(rest))
    if meant is not None and meant != number:
        word = word_key(rest).capitalize()
        return ScoreProblem(
            "contradiction", f"the number says {number}, the word {word} says {meant}"
        )
    return number


def _split_label(bare: str, words: Words | None = None) -> tuple[int, str] | None:
    """Number and words of a label. Without ``words`` (a rating) any short word will do."""
    for pattern in (_LEADING, _TRAILING):
        match = pattern.fullmatch(bare)
        if not match:
            continue
        digits, rest = match["number"], match["rest"].strip()
        number = int(float(digits)) if digits[0].isdigit() else _ROMAN.get(digits.upper())
        known = words is not None and word_key(rest) in words
        is_listed = known and not match["open"] and pattern is _LEADING  # 3) Likely
        if number is None or (bool(match["open"]) != bool(match["close"]) and not is_listed):
            continue
        loose = words is None and "." not in match["mark"]
        set_off = bool(match["open"]) or match["mark"].strip() in ("-", ":", "=")
        set_off = set_off or (pattern is _LEADING and rest.startswith("(") and rest.endswith(")"))
        if known or (digits[0].isdigit() and (set_off or loose) and _is_short_word(rest)):
            return number, rest
    return None


def _is_short_word(rest: str) -> bool:
    return (
        0 < len(rest) <= _LONGEST_LABEL
        and len(word_key(rest).split()) in range(1, _MOST_WORDS + 1)
        and not any(letter.isdigit() for letter in rest)
        and "%" not in rest
    )
