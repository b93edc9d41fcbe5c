"""Names of indicators: one indicator is spelled a little differently on every sheet.

Why exact after normalising and never by likeness: "Burglary Dwelling" and "Burglary Dwelling
Outcome Rate" are nearly alike and are two indicators. What is not found is named in a finding with
the nearest name, and a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

NEAR = 0.7  # of 1; below this a name is not offered as the nearest

_APOSTROPHES = re.compile(r"['’‘`´]")
_NO_WORD = re.compile(r"[\W_]+")
_SIGNS = str.maketrans({"&": " and ", "%": " percent ", "+": " plus ", "£": " pounds "})


@lru_cache(maxsize=8192)
def normal_name(text: str) -> str:
    """A name as plain words: lower case, singular, without punctuation; "" for a blank.

    >>> normal_name("Satisfaction  – Victims & Witnesses"), normal_name("999 calls (in 10 seconds)")
    ('satisfaction victim and witness', '999 call in 10 second')
    """
    text = _APOSTROPHES.sub("", text)
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    text = text.replace("per cent", "percent")
    return " ".join(_singular(word) for word in _NO_WORD.sub(" ", text).split())


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]


class Names:
    """Names to be found again: each with the other names that settings give it.

    >>> names = Names(["Hate Crime", "Police recorded ASB"], {"Hate Crime": ["Hate offences"]})
    >>> names.find("HATE-CRIMES"), names.find("hate offence"), names.find("Recorded ASB")
    ('Hate Crime', 'Hate Crime', None)
    >>> names.nearest("Recorded ASB")
    'Police recorded ASB'

    Of a name and its other names, any one may be among ``names``; the rest then lead to it.
    """

    def __init__(
        self, names: Iterable[str], others: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._printed: dict[str, str] = {}
        self._keys: dict[str, list[str]] = {}
        for name in names:
            self._add(name, name)
        own = frozenset(self._keys)
        for name, further in (others or {}).items():
            group = (name, *further)
            known = [key for one in group for key in self._keys.get(normal_name(one), ())]
            for one in group:
                # A name of one indicator goes before the other name of another.
                if normal_name(one) not in own:
                    for key in known:
                        self._add(one, key)

    def _add(self, name: str, key: str) -> None:
        normal = normal_name(name)
        if not normal:
            return
        self._printed.setdefault(name.strip(), key)
        known = self._keys.setdefault(normal, [])
        if key not in known:
            known.append(key)

    def find(self, name: str) -> str | None:
        """The name, as it was given, that this one is; None where it is none or ambiguous.

        Names that differ only in case, punctuation, white space or a plural are one. Where several
        of the given names are alike in this way, only the very spelling tells them apart.
        """
        keys = self._keys.get(normal_name(name), ())
        if len(keys) == 1:
            return keys[0]
        printed = self._printed.get(name.strip())
        return printed if printed in keys else None

    def alike(self, name: str) -> tuple[str, ...]:
        """All the given names that this one may be: more than one where it is ambiguous."""
        found = self.find(name)
        return (found,) if found else tuple(self._keys.get(normal_name(name), ()))

    def ambiguous(self) -> tuple[tuple[str, ...], ...]:
        """The given names that cannot be told apart once normalised, in groups."""
        return tuple(tuple(keys) for keys in self._keys.values() if len(keys) > 1)

    def nearest(self, name: str) -> str | None:
        """The most similar of the given names, for a person to judge; None where none is near."""
        wanted = normal_name(name)
        words = set(wanted.split())
        if not words:
            return None
        related = [known for known in self._keys if not words.isdisjoint(known.split())]
        best, found = NEAR, None
        for known in related or self._keys:
            if known == wanted:
                continue
            score = max(
                _likeness(wanted, known, best),
                _likeness(_in_order(wanted), _in_order(known), best),
                NEAR if _stands_inside(words, known) else 0.0,
            )
            if score > best or (score == best and found is None):
                best, found = score, self._keys[known][0]
        return found


def _in_order(words: str) -> str:
    """The words in the order of the alphabet: officer sickness is sickness of officers."""
    return " ".join(sorted(words.split()))


def _stands_inside(words: set[str], known: str) -> bool:
    """Whether all words of one name, two or more, are among the other's: 999 calls received."""
    others = set(known.split())
    return min(len(words), len(others)) > 1 and (words <= others or others <= words)


def _likeness(first: str, second: str, floor: float) -> float:
    """From 0 to 1; 0 where it is below ``floor`` in any case."""
    match = SequenceMatcher(None, first, second, autojunk=False)
    if match.real_quick_ratio() < floor or match.quick_ratio() < floor:
        return 0.0
    return match.ratio()
