"""Direction of travel: what an arrow or a word says, and what two statuses give.

Why not the sign of a number: the arrow says whether delivery has improved since the last report,
so it follows from the statuses of two reports and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from xlgov.tracker.rag import Status

Travel = Literal["improved", "deteriorated", "no change"]

ARROWS: Mapping[Travel, str] = {"improved": "↑", "deteriorated": "↓", "no change": "↔"}
_SIGNS: Mapping[Travel, str] = {
    "improved": "↑⬆▲△⇑⇧↗⬈🔼🠕⏶🡅",
    "deteriorated": "↓⬇▼▽⇓⇩↘⬊🔽🠗⏷🡇",
    "no change": "↔→⬌⇔⟷➡►▶⇄⇆⟺",
}
_BY_SIGN: Mapping[str, Travel] = {
    sign: travel for travel, signs in _SIGNS.items() for sign in signs
}
_SELECTORS = "\ufe0e\ufe0f"  # say whether a sign is drawn in colour
_WORDS: Mapping[Travel, str] = {
    "improved": "improved | improving | improvement | improve | up | better | upward",
    "deteriorated": "deteriorated | deteriorating | deterioration | deteriorate | worse |"
    " worsening | worsened | down | declining | declined | downward",
    "no change": "no change | unchanged | same | stable | steady | static | level | maintained |"
    " as before | not changed",
}
_BY_WORD: Mapping[str, Travel] = {
    word.strip(): travel for travel, words in _WORDS.items() for word in words.split("|")
}
# Nearer to Green is better. White, not started, is not late: it lies between Yellow and Green, and
# counts only where settings say that a move from or to it has a direction.
_PLACES: Mapping[Status, int] = {"Red": 0, "Yellow": 1, "White": 2, "Green": 3, "Complete": 3}


def split_arrow(text: str) -> tuple[Travel | None, str]:
    """What the arrow in a text says, and the text without it; arrows that differ say nothing.

    >>> split_arrow("Green ▲"), split_arrow("⬇️"), split_arrow("Green"), split_arrow("↑ ↓")
    (('improved', 'Green'), ('deteriorated', ''), (None, 'Green'), (None, '↑ ↓'))
    """
    said = {_BY_SIGN[sign] for sign in text if sign in _BY_SIGN}
    if len(said) != 1:
        return None, text
    rest = "".join(sign for sign in text if sign not in _BY_SIGN and sign not in _SELECTORS)
    return said.pop(), " ".join(rest.split())


def read_travel(text: str) -> Travel | None:
    """The direction of an arrow or a word, or of both where they agree. None for other text.

    >>> read_travel("→"), read_travel("Improved"), read_travel("↑ improved"), read_travel("↑ worse")
    ('no change', 'improved', 'improved', None)
    """
    arrow, rest = split_arrow(text)
    word = _BY_WORD.get(" ".join(rest.casefold().split()).strip(" .()"))
    if arrow is None or not rest:
        return arrow or word
    return arrow if word == arrow else None


def compare_statuses(before: Status, now: Status, from_white: bool = False) -> Travel:
    """The direction of travel from one report to the next.

    A move from or to White is no change, unless ``from_white``.

    >>> compare_statuses("Red", "Yellow"), compare_statuses("Green", "Yellow")
    ('improved', 'deteriorated')
    >>> compare_statuses("White", "Green"), compare_statuses("White", "Green", from_white=True)
    ('no change', 'improved')
    """
    if "White" in (before, now) and not from_white:
        return "no change"
    step = _PLACES[now] - _PLACES[before]
    return "improved" if step > 0 else "deteriorated" if step < 0 else "no change"
