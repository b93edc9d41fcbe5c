"""References and words in the texts of a workbook, as they are compared between files.

Why a reference is anything of letters and figures here: which of them are risks is known only when
the registers of all files have been read, and each file is opened once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

# SR3.2, SR 3.2, CR-014; not the 2017 of CPCC 2017-020, nor the first of SR3.1-3.4.
_REFERENCE = re.compile(
    r"(?<![\w.\-])([^\W\d_]{1,5})[ \-_/]?(\d{1,4}(?:\.\d{1,3}){0,3})(?!\w|\.\d|[\-\u2013/]\d)"
)
_SINGLE = re.compile(r"\brisks?\b[\s\w]{0,12}$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\-_/]+")
_FIGURES = re.compile(r"\d{1,4000}")  # Python reads no longer ones as numbers
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5  # letters: collaboration and collaborate, police and policing are one word
_STOP_WORDS = """
    about added after against also amended been before being between both could does each from
    further have into made more must only other over risk risks should such than that their them
    then there these they this those through under were what when where which while will with
    within without would your
"""
_STOP = frozenset(_STOP_WORDS.split())


def mention_key(reference: str) -> str:
    """A reference as it is compared between files: no case, no spaces, dashes or leading noughts.

    >>> mention_key("SR 3.2"), mention_key("CR-014"), mention_key("sr3.2.")
    ('sr3.2', 'cr14', 'sr3.2')
    """
    text = _BETWEEN.sub("", reference.casefold()).rstrip(".")
    return _FIGURES.sub(lambda match: str(int(match[0])), text)


def shape_of(key: str) -> str:
    """A key with its numbers blotted out: the references of one register look the same.

    >>> shape_of("sr3.12"), shape_of("v1")
    ('sr9.9', 'v9')
    """
    return _FIGURES.sub("9", key)


def is_telling(shape: str) -> bool:
    """Whether references of this shape can be told from other things in a text.

    A bare number cannot, nor one with anything between that is not looked for.

    >>> is_telling("sr9.9"), is_telling("9.9")
    (True, False)
    """
    return _REFERENCE.fullmatch(shape) is not None


def find_references(text: str, among_risks: bool = False) -> Iterator[tuple[str, bool]]:
    """What may be references in a text, as printed, and whether each begins it.

    One of a single letter and a number (R4) may be anything, and counts after the word risk alone,
    or ``among_risks``: in a column of references to risks.

    >>> list(find_references("SR3.2: funding (see V1.1 and risk R4)"))
    [('SR3.2', True), ('V1.1', False), ('R4', False)]
    >>> list(find_references("Decision CPCC 2017-020, R4"))
    []
    """
    for match in _REFERENCE.finditer(text):
        plain = len(match[1]) == 1 and "." not in match[2]
        if plain and not among_risks and not _SINGLE.search(text[: match.start()]):
            continue
        if match[1].islower() and not among_risks:
            continue  # in 3, of 12
        yield match[0], not text[: match.start()].strip(" (\u2022-")


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, cut to their beginnings.

    >>> sorted(stems("Collaboration with the police: benefits not realised"))
    ['benef', 'colla', 'polic', 'reali']
    """
    words = (word for word in _WORD.findall(text.casefold()) if word not in _STOP)
    return frozenset(word[:_STEM] for word in words)


def rarity(known: Collection[frozenset[str]]) -> dict[str, int]:
    """In how many of some texts each word stands."""
    counted: dict[str, int] = {}
    for words in known:
        for word in words:
            counted[word] = counted.get(word, 0) + 1
    return counted
