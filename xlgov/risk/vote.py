"""How the ratings already typed in a register vote on the scheme that made them.

Why every filled rating counts, formulas too: what stands in the rating cells is how the office
scores, whoever calculated it. Pairs on which schemes agree (likelihood 1 and impact 1) count for
all of them, so they never decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from xlgov.risk.assessment import ASSESSMENTS, Assessment, Score
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.register import Register
from xlgov.risk.scale import SIZE, Matrix, rank_matrix, transpose

LARGEST_SIZE = 10
FEWEST_RATINGS = 3  # below this, ratings that fit nothing are slips and not another scheme
_SCALE_IN_HEADING = re.compile(r"\b1\s*(?:-|\u2013|to)\s*(\d{1,2})\b")

# How often each likelihood, impact and rating stand together.
Ballot = Mapping[tuple[int, int, int | float], int]


class Candidate(NamedTuple):
    """Another way to score, how to say that it was found, and how to keep it.

    ``margin`` is by how many ratings it has to beat the scheme in use: by one for what half the
    world does; by two for the rest, which a single slip can look like.
    """

    table: Matrix
    message: str
    remedy: str
    margin: int = 1


STATE = (
    "State the scheme in the xlgov sheet (xlgov init adds one): `scoring = product`, "
    "`scoring = sum`, or your own matrix"
)
_DEFAULT = "the default here is a ranked matrix of 1 to 25"


def _candidates() -> list[Candidate]:
    scores = range(1, LARGEST_SIZE + 1)
    found = [
        Candidate(
            tuple(tuple(row * column for column in scores) for row in scores),
            f"These ratings are likelihood \u00d7 impact; {_DEFAULT}",
            "Put `scoring = product` in the xlgov sheet to keep yours",
        ),
        Candidate(
            tuple(tuple(row + column for column in scores) for row in scores),
            f"These ratings are likelihood + impact; {_DEFAULT}",
            "Put `scoring = sum` in the xlgov sheet to keep yours",
        ),
    ]
    own_matrix = "Put your matrix in the xlgov sheet to keep yours"
    said = (
        "These ratings are ranked by likelihood before impact; the default here ranks impact first"
    )
    found.append(Candidate(transpose(rank_matrix(SIZE)), said, own_matrix, margin=2))
    for size in (4, 3, *range(SIZE + 1, LARGEST_SIZE + 1)):
        said = f"These ratings are the ranks of a {size} x {size} matrix; {_DEFAULT}"
        for table in (rank_matrix(size), transpose(rank_matrix(size))):
            found.append(Candidate(table, said, own_matrix, margin=2))
    return found


_CANDIDATES = _candidates()


def find_rival(ballot: Ballot, explained: int) -> Candidate | None:
    """The scheme that explains most of the ratings and more than the number explained so far."""
    best, most = None, explained
    for candidate in _CANDIDATES:
        count = count_explained(ballot, candidate.table)
        if count > most and count >= explained + candidate.margin:
            best, most = candidate, count
    return best


def count_explained(ballot: Ballot, table: Matrix) -> int:
    """How many ratings are what a table gives for their scores."""
    size = len(table)
    return sum(
        count
        for (likelihood, impact, rating), count in ballot.items()
        if 1 <= likelihood <= size
        and 1 <= impact <= size
        and table[likelihood - 1][impact - 1] == rating
    )


class Tally(NamedTuple):
    """How often each combination of assessments occurs among the risks of a register."""

    counted: tuple[tuple[tuple[Assessment, ...], int], ...]

    @classmethod
    def of(cls, register: Register) -> Tally:
        """One pass over the risks; assessments are shared, so their ids tell them apart."""
        count: Counter[tuple[int, int, int]] = Counter()
        known: dict[tuple[int, int, int], tuple[Assessment, ...]] = {}
        for risk in register.risks:
            key = (id(risk.inherent), id(risk.current), id(risk.future))
            count[key] += 1
            if key not in known:
                known[key] = tuple(risk.assessments())
        return cls(tuple((known[key], times) for key, times in count.items()))

    def ballot(self) -> Ballot:
        """The filled ratings whose likelihood and impact can be read, counted.

        A formula that shows 0 has not been calculated yet, so it is no witness.
        """
        ballot: Counter[tuple[int, int, int | float]] = Counter()
        for assessments, times in self.counted:
            for assessment in assessments:
                scores = _scores_of(assessment)
                rating = assessment.rating
                if scores is None or rating is None or rating.number is None:
                    continue
                if not (rating.formula and rating.number == 0):
                    ballot[(*scores, rating.number)] += times
        return ballot

    def count_beyond(self, size: int) -> tuple[int, int]:
        """Risks with a score beyond 1 to ``size``, and risks with any readable score."""
        beyond = rows = 0
        for assessments, times in self.counted:
            numbers = [number for each in assessments for number in _numbers_of(each)]
            rows += times if numbers else 0
            beyond += times if any(not 1 <= number <= size for number in numbers) else 0
        return beyond, rows

    def unread_scores(self) -> tuple[int, int, list[str]]:
        """Risks with a score in unknown words, risks with any score, and those words."""
        unread = rows = 0
        words: dict[str, None] = {}
        for assessments, times in self.counted:
            given = [score for each in assessments for score in _given_scores(each)]
            unknown = [str(score.raw) for score in given if score.problem]
            rows += times if given else 0
            unread += times if unknown else 0
            words.update(dict.fromkeys(unknown))
        return unread, rows, list(words)


def _given_scores(assessment: Assessment) -> list[Score]:
    scores = [assessment.likelihood, assessment.impact, *(s for _, s in assessment.categories)]
    return [score for score in scores if score is not None and not score.is_absent]


def _numbers_of(assessment: Assessment) -> list[int | float]:
    scores = [assessment.likelihood, assessment.impact]
    scores += [score for _, score in assessment.categories]
    return [score.number for score in scores if score and score.number is not None]


def _scores_of(assessment: Assessment) -> tuple[int, int] | None:
    likelihood = assessment.likelihood
    impacts = [score for _, score in assessment.categories if not score.is_absent]
    if not impacts and assessment.impact is not None:
        impacts = [assessment.impact]
    if likelihood is None or likelihood.number is None or not impacts:
        return None
    numbers = [score.number for score in impacts]
    if None in numbers:
        return None
    return int(likelihood.number), int(max(number for number in numbers if number is not None))


def size_in_headings(register: Register) -> int | None:
    """The scale that headings state (``Likelihood (1-4)``), where they state one."""
    sizes: set[int] = set()
    for layout in register.layouts:
        for name in ASSESSMENTS:
            for measure in ("likelihood", "impact", *CATEGORIES):
                heading = layout.headings.get(f"{name}.{measure}", "")
                sizes.update(int(size) for size in _SCALE_IN_HEADING.findall(heading))
    sizes = {size for size in sizes if 3 <= size <= LARGEST_SIZE}
    return sizes.pop() if len(sizes) == 1 else None
