"""The report before: the same plan in another workbook, its lines found again by reference.

Why by reference and with a look at the text: a reference that now stands for another action says
nothing of this one's progress, so it is reported and not compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from xlgov.tracker.plan import Line

_SAME_ACTION = 0.6  # likeness from which a reworded action is still the same
_MOVED_ACTION = 0.9  # likeness from which an action under another reference is the same


class Earlier(NamedTuple):
    """The lines of the report before; ``name`` is its file."""

    name: str
    lines: tuple[Line, ...]

    def find(self, line: Line) -> Line | None:
        """The same line in the report before; None where it is new, renumbered or not certain."""
        if self.moved_from(line) or self.is_reused(line):
            return None
        if not line.reference:
            found = [each for each in self.lines if _is_like(each, line, 1)]
        else:
            label, reference = _plain(line.entry.label), _plain(line.reference)
            found = [each for each in self.lines if _plain(each.entry.label) == label]
            found = found or [e for e in self.lines if _plain(e.reference) == reference]
        return found[0] if len(found) == 1 else None

    def moved_from(self, line: Line) -> str:
        """The reference that this action had, where it has another one now; "" where it has not."""
        if self._had(line) is True:
            return ""
        old = {
            each.reference
            for each in self.lines
            if each.reference and _is_like(each, line, _MOVED_ACTION)
        }
        return old.pop() if len(old) == 1 else ""

    def is_reused(self, line: Line) -> bool:
        """Whether the reference stood for another action."""
        return self._had(line) is False

    def _had(self, line: Line) -> bool | None:
        """Whether the reference had this action; None where it was not there."""
        if not line.reference:
            return None
        same = [e for e in self.lines if _plain(e.reference) == _plain(line.reference)]
        return any(_is_like(each, line, _SAME_ACTION) for each in same) if same else None


def _plain(text: str) -> str:
    return "".join(text.casefold().split()).rstrip(".")


def _is_like(one: Line, other: Line, likeness: float) -> bool:
    first, second = same_words(one.action), same_words(other.action)
    if first == second:
        return bool(first)
    matcher = SequenceMatcher(None, first.split(), second.split(), autojunk=False)
    return likeness < 1 and matcher.quick_ratio() >= likeness and matcher.ratio() >= likeness


def same_words(text: str) -> str:
    """A text without case, punctuation and spacing, to tell whether it was changed.

    >>> same_words("CS / EW") == same_words("cs/EW"), same_words("CS") == same_words("CS/JH")
    (True, False)
    """
    bare = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join(bare.split())


def first_of(lines: Iterable[Line]) -> Iterable[Line]:
    """One line for each action: the first."""
    seen = set()
    for line in lines:
        place = (line.entry.sheet, line.entry.address("action"))
        if place not in seen:
            seen.add(place)
            yield line
