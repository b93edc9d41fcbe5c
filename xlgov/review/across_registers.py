"""The registers of risks among the files of a run, and what a text beside a reference means.

Why so careful with words: a plan speaks of a risk in its own words. Only where they are clearly
those of another risk, several of them and rare ones, and hardly any of the risk it names, is the
reference said to mean another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from xlgov.review.file_records import FileRecords, Mention, RiskSeen
from xlgov.review.mentions import rarity, shape_of

_FIGURES = re.compile(r"\d{1,4000}")  # Python reads no longer ones as numbers
_FEWEST_WORDS = 8  # beside a reference, for them to say anything
_FEWEST_SHARED = 4  # rare words that the other risk must share
_CLEARLY = 2.5  # times as much as the risk that is named
_APART = 1.5  # times as much as the next best
_RARE = 4  # a word is rare in a quarter of the risks or fewer
_FEWEST_RISKS = 4  # of a register, to tell which words are rare
_SLACK = 3  # tenths of the risks that a summary may lack or have too many


@dataclass(eq=False)
class RegisterSeen:
    """The risks of one file whose references look alike."""

    file: FileRecords
    shape: str
    risks: dict[str, RiskSeen] = field(default_factory=dict)

    @cached_property
    def _highest(self) -> int:
        return max(int(figure) for key in self.risks for figure in _FIGURES.findall(key))

    def could_have(self, key: str) -> bool:
        """Whether a reference may be meant as one of these: OPCC 2017 is not, beside OPCC12."""
        return all(int(figure) < 10 * self._highest + 10 for figure in _FIGURES.findall(key))

    @cached_property
    def _rarity(self) -> dict[str, int]:
        return rarity([risk.words for risk in self.risks.values()])

    def _weight(self, words: Collection[str]) -> float:
        number = len(self.risks)
        return sum(log((number + 1) / self._rarity[word]) for word in words)

    def meant_by(self, mentions: Sequence[Mention]) -> RiskSeen | None:
        """The risk that the words beside a reference are about, if it clearly is another one.

        The mentions are of one reference in one text; beside other risks they do not count.
        """
        named = self.risks.get(mentions[0].key)
        words: frozenset[str] = frozenset().union(
            *(
                mention.words
                for mention in mentions
                if all(shape_of(other) != self.shape for other in mention.others)
            )
        )
        if named is None or not named.words or len(self.risks) < _FEWEST_RISKS:
            return None
        if len(words) < _FEWEST_WORDS:
            return None
        known = [risk for risk in self.risks.values() if risk is not named]
        weights = {risk.key: self._weight(words & risk.words) for risk in known}
        other, second = sorted(known, key=lambda risk: -weights[risk.key])[:2]
        shared = words & other.words
        rare = [word for word in shared if self._rarity[word] * _RARE <= len(self.risks)]
        own = self._weight(words & named.words)
        if len(rare) < _FEWEST_SHARED or weights[other.key] < _CLEARLY * own:
            return None
        return other if weights[other.key] >= _APART * weights[second.key] else None

    def missing_from(self, listed: Collection[str], number: int) -> list[RiskSeen]:
        """The open risks that a list lacks; none where it is no list of these risks, each once."""
        known = self.risks.keys() & set(listed)
        slack = max(1, len(self.risks) * _SLACK // 10)
        if len(known) < 2 or number > len(set(listed)):
            return []
        if len(self.risks) - len(known) > slack or len(set(listed)) - len(known) > slack:
            return []
        return [
            risk for key, risk in self.risks.items() if key not in listed and not risk.is_closed
        ]


class Registers:
    """Every register of the files, by the shape of its references."""

    def __init__(self, files: Sequence[FileRecords]) -> None:
        self._by_shape: dict[str, dict[str, RegisterSeen]] = {}
        self._in_order: dict[str, list[RegisterSeen]] = {}
        for file in files:
            for risk in file.risks:
                shape = shape_of(risk.key)
                of_file = self._by_shape.setdefault(shape, {})
                register = of_file.setdefault(file.path, RegisterSeen(file, shape))
                register.risks.setdefault(risk.key, risk)

    def spoken_of(self, file: FileRecords, shape: str) -> list[RegisterSeen]:
        """The registers that references of this shape in a file are to, the newest last.

        None where the file has such a register itself.
        """
        known = self._by_shape.get(shape, {})
        if file.path in known:
            return []
        if shape not in self._in_order:
            self._in_order[shape] = sorted(known.values(), key=lambda each: str(each.file.as_of))
        return self._in_order[shape]

    def are_own_numbers(self, file: FileRecords, shape: str) -> bool:
        """Whether a file numbers records of its own so: most of them are no risks."""
        own = {each.key for each in file.mentions if each.is_own and shape_of(each.key) == shape}
        known = {key for each in self.spoken_of(file, shape) for key in each.risks}
        return len(own - known) * 2 > len(own)
