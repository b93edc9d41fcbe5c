"""Whether a sheet can hold a kind of register at all, told from its texts before it is searched.

Why: what a kind is made of takes longer to import than a small workbook takes to read, and hardly
any workbook has all kinds. A sign may be wrong in one way only: where it says no, the search would
have found nothing either. So headings are looked for anywhere on a sheet, and not in a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from xlgov.grid.asof import is_our_own
from xlgov.grid.headings import LONGEST_HEADING, Lexicon, normalise, readings
from xlgov.grid.records import Vocabulary
from xlgov.grid.search import FIRST_LOOK
from xlgov.grid.sheet import Workbook
from xlgov.grid.view import SHORT_TEXT, View

MOST_TEXTS = 2000  # different ones; reading more as headings takes longer than any import


class Signs:
    """The texts in the first rows of a workbook's sheets, each sheet looked at once."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._ways: dict[str, frozenset[str]] = {}
        self._words: dict[str, frozenset[str]] = {}

    def sheets(self, skip: Collection[str] = ()) -> tuple[str, ...]:
        """The sheets that are still to be searched: neither ours nor in ``skip``; book order."""
        names = (info.name for info in self.workbook.sheets)
        return tuple(name for name in names if name not in skip and not is_our_own(name))

    def may_hold(self, sheet: str, vocabulary: Vocabulary) -> bool:
        """Whether headings of every needed field of a vocabulary stand anywhere on a sheet.

        False only where ``find_registers`` without a mapping finds no register and doubts nothing.
        A vocabulary of measures may be anywhere: bands have too many ways to stand.
        """
        if vocabulary.groups or any(field.group for field in vocabulary.fields):
            return True
        if len(self._ways_of(sheet)) > MOST_TEXTS:
            return True
        fields = {field.name: field for field in vocabulary.fields}
        assumed = {name for names in vocabulary.needed for name in names if name not in fields}
        assumed |= {field.name for field in vocabulary.fields if field.within}
        if self._has_wide_text(sheet):
            assumed |= {field.name for field in vocabulary.fields if field.holds == "text"}
        needed = [{field.name} for field in vocabulary.fields if field.needed]
        needed += [set(names) for names in vocabulary.needed]
        asked = [names for names in needed if names.isdisjoint(assumed)]
        for names in asked:
            phrases = (phrase for name in names for phrase in fields[name].words)
            if not self._may_say(sheet, phrases):
                return False
        lexicon = Lexicon.of(vocabulary)
        said = {s.name for way in self._ways_of(sheet) for s in lexicon.meaning(way).senses}
        return not any(names.isdisjoint(said) for names in asked)

    def _may_say(self, sheet: str, phrases: Iterable[str]) -> bool:
        """Whether all words of a phrase stand on a sheet: told before a lexicon is made."""
        words = self._words_of(sheet)
        return any(words.issuperset(normalise(phrase).split()) for phrase in phrases)

    def texts(self, sheet: str) -> Iterator[str]:
        """The texts of the first rows, in which headings are looked for."""
        for cells in self._view(sheet).cells.values():
            yield from (value for value in cells.values() if isinstance(value, str))

    def _ways_of(self, sheet: str) -> frozenset[str]:
        """The texts of a sheet as the search looks each of them up."""
        if sheet not in self._ways:
            found = (way for text in self.texts(sheet) for way in _ways(text))
            self._ways[sheet] = frozenset(way for way in found if len(way) <= LONGEST_HEADING)
        return self._ways[sheet]

    def _words_of(self, sheet: str) -> frozenset[str]:
        """Every word of every reading of these: what no heading of the sheet goes beyond."""
        if sheet not in self._words:
            read = {reading for way in self._ways_of(sheet) for reading, _ in readings(way)}
            self._words[sheet] = frozenset(word for reading in read for word in reading.split())
        return self._words[sheet]

    def _has_wide_text(self, sheet: str) -> bool:
        """Whether a text is merged over columns: in a form, a description without a label."""
        view = self._view(sheet)
        return any(
            merge.right > merge.left and len(view.text(merge.top, merge.left)) > SHORT_TEXT
            for merge in view.grid.merges
        )

    def _view(self, sheet: str) -> View:
        return View.of(self.workbook.grid(sheet, rows=FIRST_LOOK))


def _ways(text: str) -> Iterator[str]:
    """A text as a heading, as a label, and as a label with its value behind the colon."""
    yield text
    yield text.strip().rstrip(":")
    yield text.partition(":")[0].strip()
