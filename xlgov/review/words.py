"""Two versions of a text, word by word.

Why lines before words: most edits of a cell add, drop or reword one bullet of several, and lines
that stand in both versions keep a common *the* of two bullets from being read as unchanged text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

Fate = Literal["same", "added", "removed"]
Words = list[tuple[Fate, str]]
Stretch = tuple[bool, Sequence[str], Sequence[str]]  # whether they are equal, old, new

_LINE = re.compile(r"[^\n]*\n+|[^\n]+")
_WORD = re.compile(r"\w+(?:['’.,\-]\w+)*\s*|[^\w\s]\s*|\s+")
_FEWEST = 3  # words that stay between two rewordings; fewer are taken as reworded too


def word_changes(before: str, after: str) -> Words:
    """The words that stayed, were added and were removed, in the order to read them.

    White space goes with the word before it and is none of its own: joining all that is same or
    added gives ``after`` exactly. A blank text has no words.

    >>> word_changes("Director liaises.", "Director and team liaise.")
    [('same', 'Director '), ('removed', 'liaises'), ('added', 'and team liaise'), ('same', '.')]
    """
    found: Words = []
    for kept, old, new in _aligned(_LINE.findall(before), _LINE.findall(after)):
        if kept:
            found.append(("same", "".join(new)))
            continue
        old_words, new_words = _WORD.findall("".join(old)), _WORD.findall("".join(new))
        for fate, text in _settled(list(_aligned(old_words, new_words))):
            found.append((fate, text))
    return _joined(found)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Stretches of both, in order: whether they are equal but for white space, old, new."""
    keys = [each.split() for each in old], [each.split() for each in new]
    plain = [" ".join(each) for each in keys[0]], [" ".join(each) for each in keys[1]]
    matcher = SequenceMatcher(None, *plain, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        yield tag == "equal", old[first:last], new[start:end]


def _settled(
    stretches: list[Stretch],
) -> Iterator[tuple[Fate, str]]:
    """The stretches as words; a word or two between two rewordings is reworded with them."""
    removed: list[str] = []
    added: list[str] = []
    for place, (kept, old, new) in enumerate(stretches):
        inside = 0 < place < len(stretches) - 1
        if kept and not (inside and _is_chance(stretches, place)):
            yield "removed", "".join(removed)
            yield "added", "".join(added)
            removed, added = [], []
            yield "same", "".join(new)
        else:
            removed += old
            added += new
    yield "removed", "".join(removed)
    yield "added", "".join(added)


def _is_chance(stretches: list[Stretch], place: int) -> bool:
    """Whether a word or two that stayed stand in a longer passage that was reworded."""
    words = sum(word[:1].isalnum() for word in stretches[place][2])
    beside = [stretches[place - 1], stretches[place + 1]]
    lost = sum(len(old) for _, old, _ in beside)
    gained = sum(len(new) for _, _, new in beside)
    return (
        words < _FEWEST
        and min(lost, gained) > 0
        and all(len(old) + len(new) > words for _, old, new in beside)
    )


def _joined(found: Words) -> Words:
    """Neighbours of one fate as one; the blank ones left out."""
    joined: Words = []
    for fate, text in found:
        if not text:
            continue
        if joined and joined[-1][0] == fate:
            joined[-1] = (fate, joined[-1][1] + text)
        else:
            joined.append((fate, text))
    return joined
