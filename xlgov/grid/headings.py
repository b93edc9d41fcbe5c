"""What a heading means: printed text in, fields of a vocabulary out.

Why readings and not one normal form: people write the scale, the formula or a whole sentence into
a heading. A heading is read whole first, then without its brackets, up to its colon, by its first
line, and piece by piece at last; the first reading that is known wins, so that a plain heading is
never outvoted by its decoration.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import ClassVar, NamedTuple

from xlgov.grid.records import Field, Holds, Vocabulary

LONGEST_HEADING = 160  # characters; longer texts are prose
_PIECES_UP_TO = 60
_WORDS_OF_A_NOTE = 3  # below a heading; fewer are its second half

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,2}(?:\.\d+)*[.):]|\(?[a-zA-Z]\))\s*(?=[^\W\d])")
_CAMEL = re.compile(r"(?<=[a-z][a-z])(?=[A-Z])")
_SCALE = re.compile(r"(?: (?:out of|scale|from|max))*(?: \d{1,3}(?: to)?)+$")
_UP_TO = re.compile(r"\s*:|\s+[-–—]\s+|\s*\|")
_PIECE = re.compile(r"[/&+,;=|\\]|\band\b|\bor\b", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]+")
_SIGNS = str.maketrans({"×": " x ", "✕": " x ", "*": " x ", "#": " number ", "&": " and "})


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """A heading as words: lower case, singular, without punctuation, numbering or scale.

    >>> normalise("2. Risk\\u00a0Owner(s)*"), normalise("Likelihood: 1 to 5"), normalise("L × I")
    ('risk owner', 'likelihood', 'l x i')

    Text without a letter or digit gives an empty string.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _NUMBERING.sub("", text).replace("(s)", "s").replace("'", "").replace("\u2019", "")
    text = _CAMEL.sub(" ", text).strip().rstrip("*").lstrip("*").translate(_SIGNS).casefold()
    words = _NO_WORD.sub(" ", text).split()
    while len(words) > 1 and words[0].isdigit():
        del words[0]
    return _SCALE.sub("", " ".join(_singular(word) for word in words))


@lru_cache(maxsize=8192)  # every vocabulary asks for the same texts
def readings(text: str) -> tuple[tuple[str, bool], ...]:
    """Ways to read a heading, plainest first, and whether each is only a piece of it.

    >>> [reading for reading, _ in readings("Impact (1-5)")]
    ['impact']
    """
    bare = _BRACKETS.sub(" ", text)
    first, _, rest = text.strip().partition("\n")
    ways = [(text, False), (bare, False), (_UP_TO.split(bare.strip(), maxsplit=1)[0], False)]
    if len(rest.split()) >= _WORDS_OF_A_NOTE:
        ways.append((_BRACKETS.sub(" ", first), False))
    if len(text) <= _PIECES_UP_TO:
        ways += [(piece, True) for piece in _IN_BRACKETS.findall(text)]
        ways += [(piece, True) for piece in _PIECE.split(bare)]
    found: dict[str, bool] = {}
    for way, piece in ways:
        reading = normalise(way)
        if reading and not reading.isdigit():
            found.setdefault(reading, piece)
    return tuple(found.items())


class Sense(NamedTuple):
    """One field that a heading can mean. ``name`` of a measure is without its group."""

    name: str
    rank: int  # lower is plainer
    holds: Holds = ""
    measure: bool = False


class Meaning(NamedTuple):
    """All that a heading says on its own.

    ``groups`` are the groups its words allow (empty: it names none) and ``phrase`` those words.
    ``letter`` is set where the rest is a single letter, which only its neighbours can explain;
    ``alone`` where there is nothing but the words of the group and the first step of fillers.
    """

    senses: tuple[Sense, ...] = ()
    groups: frozenset[str] = frozenset()
    phrase: str = ""
    letter: str = ""
    alone: bool = False

    @property
    def is_known(self) -> bool:
        return bool(self.senses or self.groups or self.letter)

    @property
    def is_measure(self) -> bool:
        return bool(self.letter) or any(sense.measure for sense in self.senses)


_NOTHING = Meaning()


class Lexicon:
    """A vocabulary made ready to look headings up in."""

    _made: ClassVar[dict[int, Lexicon]] = {}

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Lexicon:
        """The lexicon of a vocabulary, with all that it has looked up before."""
        known = cls._made.get(id(vocabulary))
        if known is None or known.vocabulary is not vocabulary:
            known = cls._made[id(vocabulary)] = cls(vocabulary)
        return known

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._plain: dict[str, list[Sense]] = {}
        self._measures: dict[str, list[Sense]] = {}
        for entry in vocabulary.fields:
            self._add(entry)
        self._groups: dict[tuple[str, ...], set[str]] = {}
        for group, phrases in vocabulary.groups.items():
            for phrase in phrases:
                self._groups.setdefault(tuple(normalise(phrase).split()), set()).add(group)
        self._longest: dict[str, int] = {}  # of the phrases that begin with a word
        for named in filter(None, self._groups):
            self._longest[named[0]] = max(len(named), self._longest.get(named[0], 0))
        self._fillers: list[frozenset[str]] = [frozenset()]
        for step in vocabulary.fillers:
            self._fillers.append(self._fillers[-1] | {normalise(word) for word in step})
        self._subject = {normalise(word) for word in vocabulary.subject}
        self._letters = set(vocabulary.letters).union(*vocabulary.sequences)
        texts = [*self._plain, *self._measures, *map(" ".join, self._groups)]
        self._words = {word for text in texts for word in text.split()}
        self._words |= self._fillers[-1] | self._letters
        self._cache: dict[str, Meaning] = {}

    def _add(self, entry: Field) -> None:
        name = entry.name.partition(".")[2] if entry.group else entry.name
        table = self._measures if entry.group else self._plain
        for rank, word in enumerate(entry.words):
            senses = table.setdefault(normalise(word), [])
            if all(sense.name != name for sense in senses):
                senses.append(Sense(name, rank, entry.holds, bool(entry.group)))

    def meaning(self, text: str) -> Meaning:
        """What a heading means; an unknown one has no senses, groups or letter."""
        if len(text) > LONGEST_HEADING:
            return _NOTHING
        found = self._cache.get(text)
        if found is None:
            if len(self._cache) > 50_000:
                self._cache.clear()
            found = self._cache[text] = self._read(text)
        return found

    def concerns_subject(self, text: str) -> bool:
        """Whether a text speaks of the vocabulary's subject (``risk``)."""
        return not self._subject.isdisjoint(normalise(text).split())

    def is_neutral(self, text: str) -> bool:
        """Whether a label over scores says no more than that (*Risk rating*, *Assessment*)."""
        meaning = self.meaning(text)
        if meaning.groups or any(sense.measure for sense in meaning.senses):
            return True
        return all(word in self._fillers[-1] for word in normalise(text).split())

    def _read(self, text: str) -> Meaning:
        groups, phrase, _ = self._named(normalise(text).split())
        pieces: list[tuple[Sense, ...]] = []
        for cost, (reading, piece) in enumerate(readings(text)):
            senses, letter, alone = self._match(reading)
            if piece:
                if senses and not alone:
                    pieces.append(senses)
            elif senses or letter or alone:
                senses = tuple(
                    Sense(sense.name, sense.rank + 100 * cost, sense.holds, sense.measure)
                    for sense in senses
                )
                alone = alone and all(sense.measure for sense in senses)
                return Meaning(senses, groups, phrase, letter, alone)
        return Meaning(_agreed(pieces), groups, phrase)

    def _match(self, reading: str) -> tuple[tuple[Sense, ...], str, bool]:
        """Senses of a reading, the single letter it comes down to, and whether the group is all."""
        words = reading.split()
        if not self._words.issuperset(words):  # prose, nearly always
            return (), "", False
        groups, _, rest = self._named(words)
        letter = rest[0] if len(rest) == 1 and rest[0] in self._letters else ""
        aside = self._fillers[min(1, len(self._fillers) - 1)]
        alone = bool(groups) and all(word in aside for word in rest)
        senses: list[Sense] = []
        for table, kept in ((self._plain, words), (self._measures, rest)):
            for cost, fillers in enumerate(self._fillers):
                left = " ".join(word for word in kept if word not in fillers)
                if left in table and (left or alone):
                    senses += _dearer(table[left], 10 * cost)
                    break
        return tuple(senses), letter, alone

    def _named(self, words: list[str]) -> tuple[frozenset[str], str, list[str]]:
        """Groups that words name, the words that do, and the words left over.

        Several phrases narrow each other (*residual*, after *planned actions*); where they
        contradict, the first stands.
        """
        groups: frozenset[str] = frozenset()
        phrases: list[str] = []
        rest: list[str] = []
        place = 0
        while place < len(words):
            longest = self._longest.get(words[place], 0)
            for length in range(min(longest, len(words) - place), 0, -1):
                named = self._groups.get(tuple(words[place : place + length]))
                if named:
                    phrases.append(" ".join(words[place : place + length]))
                    groups = (groups & named or groups) if groups else frozenset(named)
                    place += length
                    break
            else:
                rest.append(words[place])
                place += 1
        return groups, " ".join(phrases), rest


def _dearer(senses: list[Sense], cost: int) -> list[Sense]:
    return [Sense(sense.name, sense.rank + cost, sense.holds, sense.measure) for sense in senses]


def _agreed(pieces: list[tuple[Sense, ...]]) -> tuple[Sense, ...]:
    """The senses of a heading of several words (*Impact / Consequence*), where they agree."""
    if not pieces:
        return ()
    common = {sense.name for sense in pieces[0]}
    for piece in pieces[1:]:
        common &= {sense.name for sense in piece}
    plain = not any(sense.measure for sense in pieces[0])
    return tuple(
        Sense(sense.name, sense.rank + 1000, sense.holds, sense.measure)
        for sense in pieces[0]
        if sense.name in common or (plain and not common)
    )
