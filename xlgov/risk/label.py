"""A number or a level exchanged inside a cell that says both: ``High (18)``, ``3 - Moderate``.

Why it may decline: a label whose word is not one of the scale's own would keep a word that no
longer fits its number. Then the cell is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from xlgov.risk.words import word_key

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_JOINTS = " -:=/([)]\u2013\u2014\t\n"


def rewrite_label(text: str, number: int, known: Collection[str], word: str) -> str | None:
    """The text with its number exchanged, and its word where that is one of ``known``.

    ``word`` is the word of the new number, "" where it has none. The form stays: a text of a
    number alone stays one, capitals stay capitals. None where the text cannot be kept truthful.

    >>> rewrite_label("High (18)", 14, ["High"], "Medium-high")
    'Medium-high (14)'
    >>> rewrite_label("3 - MODERATE", 4, ["Moderate"], "Significant")
    '4 - SIGNIFICANT'
    >>> rewrite_label("8", 9, [], ""), rewrite_label("Moderate", 4, ["moderate"], "Significant")
    ('9', 'Significant')
    >>> rewrite_label("Warm (18)", 14, ["High"], "Medium-high") is None
    True
    """
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) > 1:
        return None
    if not numbers:
        if word and _is_known(text, known):
            return _swap_word(text, word)
        return None
    before, after = text[: numbers[0].start()], text[numbers[0].end() :]
    said = [part for part in (before, after) if word_key(part)]
    if not said:
        return f"{before}{number}{after}"
    if len(said) > 1 or not word or not _is_known(said[0], known):
        return None
    if said[0] is before:
        return f"{_swap_word(before, word)}{number}{after}"
    return f"{before}{number}{_swap_word(after, word)}"


def _is_known(part: str, known: Collection[str]) -> bool:
    return word_key(part) in {word_key(each) for each in known}


def _swap_word(part: str, word: str) -> str:
    """The new word between the old one's joints, in its case."""
    bare = part.strip(_JOINTS)
    start = part.index(bare)
    return part[:start] + match_case(bare, word) + part[start + len(bare) :]


def match_case(old: str, new: str) -> str:
    """The new word in capitals or small letters where the old one was.

    >>> match_case("HIGH", "Low"), match_case("high", "Low"), match_case("High", "Low")
    ('LOW', 'low', 'Low')
    """
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new.lower() if old.islower() else new
