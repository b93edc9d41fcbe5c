"""What single letters mean where they stand together: L I R, P C S, P E S T E L O."""

from __future__ import annotations

from collections.abc import Sequence

from xlgov.grid.headings import Meaning
from xlgov.grid.needed import needed_measures
from xlgov.grid.records import Vocabulary

Options = tuple[tuple[str, int], ...]  # measures with their rank, plainest first


def explain_letters(run: Sequence[Meaning], vocabulary: Vocabulary) -> list[Options]:
    """The measures that each letter of a run of headings may mean.

    Empty for a heading that is no single letter, and for all of them where the run lacks what a
    rating is made from: an L on its own is no likelihood.
    """
    options: list[Options] = [()] * len(run)
    printed = "".join(meaning.letter or "." for meaning in run)
    for letters in sorted(vocabulary.sequences, key=len, reverse=True):
        start = printed.find(letters)
        while start >= 0:
            for place, measure in enumerate(vocabulary.sequences[letters], start):
                options[place] = ((measure, 0),)
            printed = printed.replace(letters, "." * len(letters), 1)
            start = printed.find(letters)
    for place, letter in enumerate(printed):
        if letter != ".":
            measures = vocabulary.letters.get(letter, ())
            options[place] = tuple((measure, rank) for rank, measure in enumerate(measures))
    possible = {measure for option in options for measure, _ in option}
    possible |= {sense.name for meaning in run for sense in meaning.senses if sense.measure}
    if all(not possible.isdisjoint(names) for names in needed_measures(vocabulary)):
        return options
    return [()] * len(run)
