"""The scale of force demand risks: labels for scores of 1 to 25, and which scores are above.

Why two sets of edges: the papers print scores of each label, and not where a label begins. Between
the printed scores the edges are those of the matrix and assumed, so what contradicts them there is
a note and no more. Why 13 counts as above: the papers list areas at 13 among those above tolerance.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from xlgov.settings.values import Band, Settings

TOLERANCE = 13
BANDS = (
    Band("Low", 1, 6, "green"),
    Band("Moderate", 7, 12, "yellow"),
    Band("Substantial", 13, 19, "amber"),
    Band("Severe", 20, 22, "red"),
    Band("Critical", 23, 25, "dark red"),
)
# Lowest and highest score that the papers print with each label.
_PRINTED: Mapping[str, tuple[int, int]] = {
    "Moderate": (7, 12),
    "Substantial": (13, 18),
    "Severe": (20, 21),
    "Critical": (25, 25),
}
_MOST_STRANGE = 0.25  # of the labels; with more the scale is another office's

_BOTH = re.compile(
    r"(?P<label>[A-Za-z][A-Za-z -]*?)\s*[-\u2013:(\[,]*\s*(?P<score>\d{1,3})\s*[)\]]?"
    r"|(?P<first>\d{1,3})\s*[-\u2013:(\[,]*\s*(?P<word>[A-Za-z][A-Za-z -]*?)\s*[)\]]?"
)
_LABEL = re.compile(r"[A-Za-z][A-Za-z -]{2,24}")
_ASIDE = re.compile(r"\b(?:demand|risk)\b", re.IGNORECASE)


class DemandScale(NamedTuple):
    """Bands of labels and the tolerance. ``assumed`` says that nobody stated the bands' edges."""

    bands: tuple[Band, ...] = BANDS
    tolerance: int = TOLERANCE
    inclusive: bool = True
    assumed: bool = True

    def band(self, score: float) -> Band | None:
        """The band of a score; None beyond the scale."""
        return next((each for each in self.bands if each.lowest <= score <= each.highest), None)

    def named(self, label: str) -> Band | None:
        """The band of a label, however it is written; None for another word."""
        wanted = label.casefold()
        return next((each for each in self.bands if each.name.casefold() == wanted), None)

    def is_printed(self, score: float) -> bool:
        """Whether the score's label is certain: stated, or among the papers' own scores."""
        return not self.assumed or any(low <= score <= high for low, high in _PRINTED.values())

    def is_above(self, score: float) -> bool:
        """Whether a score is above tolerance.

        >>> DemandScale().is_above(13), DemandScale(inclusive=False).is_above(13)
        (True, False)
        """
        return score > self.tolerance or (self.inclusive and score == self.tolerance)

    @property
    def limit(self) -> str:
        """The tolerance in words."""
        return f"{self.tolerance} or more" if self.inclusive else f"over {self.tolerance}"


def choose_scale(labels: Collection[str], settings: Settings) -> DemandScale | None:
    """The scale that explains the labels seen: that of settings, else the built-in one.

    None without labels, or where a quarter of them are other words: another office's scale.
    """
    inclusive = settings.tolerance_inclusive is not False
    tolerance = TOLERANCE if settings.tolerance is None else settings.tolerance
    if not labels:
        return None
    for bands, assumed in ((settings.bands, False), (BANDS, True)):
        if bands:
            scale = DemandScale(tuple(bands), tolerance, inclusive, assumed)
            strange = sum(scale.named(label) is None for label in labels)
            if strange < _MOST_STRANGE * len(labels):
                return scale
    return None


def read_score(text: str) -> tuple[str, int | None]:
    """Label and score of a cell, "" and None for what is not there.

    >>> read_score("Severe (20)"), read_score("17"), read_score("Moderate risk")
    (('Severe', 20), ('', 17), ('Moderate', None))
    >>> read_score("see the plan of 2019")
    ('', None)
    """
    text = " ".join(_ASIDE.sub(" ", text).split())
    if text.isdecimal() and len(text) < 10:  # longer ones are no score, nor a number to Python
        return "", int(text)
    match = _BOTH.fullmatch(text)
    if match and len((match["label"] or match["word"]).split()) < 3:
        return match["label"] or match["word"], int(match["score"] or match["first"])
    return (text, None) if _LABEL.fullmatch(text) and len(text.split()) < 3 else ("", None)
