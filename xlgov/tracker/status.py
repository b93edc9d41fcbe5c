"""What the word in a status column means: not started, ongoing, closed or noted.

Why so careful: an action that is read as closed is never said to be overdue, so *part complete* and
*closed?* must not be read as *complete* and *closed*. A word that nobody stated is a finding; it is
not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

Status = Literal["not started", "ongoing", "closed", "noted"]
STATUSES: tuple[Status, ...] = ("not started", "ongoing", "closed", "noted")

_WORDS: dict[Status, str] = {
    "not started": """
        not started | not yet started | not begun | not yet begun | not commenced | yet to start |
        to be started | to start | to do | todo | new | planned | not due | not yet due |
        not actioned | scheduled
    """,
    "ongoing": """
        ongoing | on going | open | in progress | in hand | underway | under way | started | active
        | live | current | on track | on target | on schedule | progressing | being progressed |
        work in progress | outstanding | overdue | delayed | late | behind schedule | slipped |
        off track | at risk | pending | awaiting | on hold | deferred | paused | suspended |
        part complete | partly complete | partially complete | part completed | nearly complete |
        partially completed | not complete | not completed | not closed | incomplete | reopened |
        carried forward | continuing | continued | extended | under review | due
    """,
    "closed": """
        closed | close | complete | completed | done | discharged | delivered | achieved |
        finished | implemented | resolved | actioned | signed off | withdrawn | cancelled |
        superseded | no longer required | no longer needed | not required | archived |
        fully complete | fully implemented | concluded | ended | closed early |
        action closed | action complete | action completed
    """,
    "noted": """
        noted | for noting | to note | note | for information | information only | information |
        no action | no action required | no further action
    """,
}
BUILT_IN: Mapping[str, Status] = {
    " ".join(word.split()): status for status, words in _WORDS.items() for word in words.split("|")
}

_NO_WORD = re.compile(r"[^\w?]+")
_DETAIL = re.compile(r"\s*[(\[:;,]|\s+[-\u2013\u2014]|\s*\n")
_DATE = re.compile(
    r"\s+(?:on |at |in |by )?(?:\d[\d./-]*(?:st|nd|rd|th)?\b.*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? '?\d.*)$",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", text.casefold()).strip()


def stated_words(words: Mapping[str, str]) -> dict[str, Status]:
    """The words of settings with the status each stands for; a meaning may be any known word.

    >>> stated_words({"Parked": "Ongoing", "With audit": "unheard of"})
    {'parked': 'ongoing'}
    """
    found: dict[str, Status] = {}
    for word, meaning in words.items():
        status = BUILT_IN.get(_plain(meaning))
        if status is not None:
            found[_plain(word)] = status
    return found


def read_status(text: str, words: Mapping[str, str] | None = None) -> Status | None:
    """The status that a text says; None for a blank and for a word that nobody stated.

    ``words`` are the office's own (settings, ``status_words``) and go before the built-in ones. A
    date or an explanation after the word is left out; two words must agree.

    >>> read_status("Closed 16/05/2019"), read_status("Open / Closed"), read_status("Ongoign")
    ('closed', None, None)
    >>> read_status("Parked", {"parked": "ongoing"}), read_status("Part complete")
    ('ongoing', 'ongoing')
    """
    known = {**BUILT_IN, **stated_words(words or {})}
    ways = [text, _DATE.sub("", text), _DETAIL.split(text, maxsplit=1)[0]]
    ways.append(_DATE.sub("", ways[-1]))
    for way in ways:
        status = known.get(_plain(way))
        if status is not None:
            return status
    parts = {known.get(_plain(part)) for part in text.split("/")}
    if parts == {"closed", "noted"}:
        return "closed"
    return parts.pop() if len(parts) == 1 else None


def nearest_word(text: str, words: Mapping[str, str] | None = None) -> str:
    """The known word that a text is nearly; "" where it is near none.

    >>> nearest_word("Ongoign"), nearest_word("Amber")
    ('Ongoing', '')
    """
    known = [*stated_words(words or {}), *BUILT_IN]
    near = get_close_matches(_plain(text), known, n=1, cutoff=0.75)
    return near[0].capitalize() if near else ""
