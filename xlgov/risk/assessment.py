"""Scores and assessments, as values that risks share.

Why scores carry no address: a register of 100,000 risks has near a million of them, but only a
few hundred different combinations. So a ``Score`` is what a cell says, an ``Assessment`` is a
combination of scores, each kept once and shared, and where a cell stands is asked of the risk's
record only when a change or a finding needs it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from xlgov.grid.cells import Value, is_blank
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.score import ScoreProblem

AssessmentName = Literal["inherent", "current", "future"]
ASSESSMENTS: tuple[AssessmentName, ...] = ("inherent", "current", "future")
MEASURES = ("likelihood", "impact", "rating", "band", *CATEGORIES)


class Score(NamedTuple):
    """What one cell says: its raw value, its number where it has one, else the problem."""

    raw: Value
    number: int | float | None
    problem: ScoreProblem | None = None
    formula: bool = False

    @property
    def is_absent(self) -> bool:
        """Whether nothing was given: blank, ``n/a``, ``-``."""
        return self.problem is not None and self.problem.is_absent

    @property
    def shown(self) -> str:
        """The value as a person sees it, texts in quotes unless they are plain numbers."""
        if is_blank(self.raw):
            return "nothing"
        if isinstance(self.raw, str) and not self.raw.strip().isdigit():
            return f"'{self.raw.strip()}'"
        return f"{self.raw:g}" if isinstance(self.raw, float) else str(self.raw).strip()


class Assessment(NamedTuple):
    """One of a risk's assessments. A measure that the register has no cell for is None.

    ``band`` is a level in a column of its own. ``categories`` are those that the register keeps.
    """

    name: AssessmentName
    likelihood: Score | None
    impact: Score | None
    rating: Score | None
    band: Score | None = None
    categories: tuple[tuple[str, Score], ...] = ()

    def score(self, measure: str) -> Score | None:
        """The score of ``likelihood``, ``impact``, ``rating``, ``band`` or a category."""
        if measure in CATEGORIES:
            return dict(self.categories).get(measure)
        found: Score | None = getattr(self, measure)
        return found
