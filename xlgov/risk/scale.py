"""The scale a register is rated on: which rating a likelihood and an impact give, and its band.

Why a matrix of ranks: the published register does not multiply. Its key numbers the 25 cells of
the square from 1 to 25, diagonal by diagonal (by likelihood + impact), and within a diagonal by
impact, so that of two cells equally far out the one with the graver impact ranks higher. That is
a closed form, so nothing is typed in twice; the edges of the bands other than the tolerance of 13
are not in the papers and are marked as assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from xlgov.settings.values import Band, Scoring

SIZE = 5
TOLERANCE = 13
BUILT_IN = "built-in"

# The matrix diagonals, cut at the tolerance. Names and colours are those of the papers' key.
BANDS: tuple[Band, ...] = (
    Band("Low", 1, 6, "green"),
    Band("Medium", 7, 13, "yellow"),
    Band("Medium-high", 14, 19, "amber"),
    Band("High", 20, 22, "red"),
    Band("Critical", 23, 25, "dark red"),
)

Matrix = tuple[tuple[int, ...], ...]


def rank(likelihood: int, impact: int, size: int = SIZE) -> int:
    """Place of a cell when the square is numbered by likelihood + impact, then by impact.

    >>> rank(2, 3), rank(3, 3), rank(5, 5), rank(4, 4, size=4)
    (9, 13, 25, 16)

    Raises ValueError for a score that is not 1 to ``size``.
    """
    _require_scores(likelihood, impact, size)
    total = likelihood + impact
    if total <= size + 1:
        return (total - 2) * (total - 1) // 2 + impact
    still_to_come = 2 * size - total + 1  # cells on this diagonal
    before = size * size - still_to_come * (still_to_come + 1) // 2
    return before + impact - (total - size) + 1


@lru_cache(maxsize=32)
def rank_matrix(size: int = SIZE) -> Matrix:
    """The whole square of ``rank``: ``rank_matrix()[likelihood - 1][impact - 1]``."""
    scores = range(1, size + 1)
    return tuple(tuple(rank(row, column, size) for column in scores) for row in scores)


class Scheme(NamedTuple):
    """How one register is rated: scores of 1 to ``size`` to ratings, bands and the tolerance.

    ``matrix`` is given for ``scoring`` matrix alone. No bands: ratings have no level and no
    colour. No tolerance: nothing is above it. ``source``, ``bands_source`` and
    ``tolerance_source`` say in words where each was stated; ``bands_assumed`` is true where the
    edges in force were not stated by anybody.
    """

    scoring: Scoring = "matrix"
    size: int = SIZE
    matrix: Matrix | None = None
    bands: tuple[Band, ...] = ()
    tolerance: int | None = None
    inclusive: bool = False
    source: str = BUILT_IN
    bands_source: str = ""
    tolerance_source: str = ""
    bands_assumed: bool = False

    def rate(self, likelihood: int, impact: int) -> int:
        """The rating.

        >>> built_in_scheme().rate(2, 3)
        9

        Raises ValueError for a score that is not 1 to ``size``.
        """
        if self.scoring == "product":
            _require_scores(likelihood, impact, self.size)
            return likelihood * impact
        if self.scoring == "sum":
            _require_scores(likelihood, impact, self.size)
            return likelihood + impact
        if self.matrix is None:
            return rank(likelihood, impact, self.size)
        _require_scores(likelihood, impact, self.size)
        return self.matrix[likelihood - 1][impact - 1]

    def holds(self, score: int | None) -> bool:
        """Whether a score is on the scale; a blank (None) is not."""
        return score is not None and 1 <= score <= self.size

    def band(self, rating: int | float) -> Band | None:
        """The band of a rating; None where no band holds it.

        >>> built_in_scheme().band(13).name
        'Medium'
        """
        for band in self.bands:
            if band.lowest <= rating <= band.highest:
                return band
        return None

    def above_tolerance(self, rating: int | float) -> bool:
        """Whether a rating is reported to the executive board."""
        if self.tolerance is None:
            return False
        return rating >= self.tolerance if self.inclusive else rating > self.tolerance

    @property
    def lowest(self) -> int:
        """The lowest rating that two scores can give."""
        return min(map(min, self.matrix)) if self.matrix else self.rate(1, 1)

    @property
    def highest(self) -> int:
        """The highest rating that two scores can give."""
        return max(map(max, self.matrix)) if self.matrix else self.rate(self.size, self.size)

    @property
    def is_built_in_ranking(self) -> bool:
        """Whether ratings are those of the built-in 5 x 5, wherever they were stated."""
        return self.scoring == "matrix" and self.table() == rank_matrix(SIZE)

    @property
    def tolerance_words(self) -> str:
        """The tolerance for people: ``13``, ``13 or more``, or nothing.

        >>> built_in_scheme().tolerance_words
        '13'
        """
        if self.tolerance is None:
            return ""
        return f"{self.tolerance} or more" if self.inclusive else str(self.tolerance)

    def table(self) -> Matrix:
        """Every rating of the scale: ``table()[likelihood - 1][impact - 1]``."""
        scores = range(1, self.size + 1)
        return tuple(tuple(self.rate(row, column) for column in scores) for row in scores)


def built_in_scheme() -> Scheme:
    """The published matrix, with the published tolerance and the assumed band edges."""
    return Scheme(
        bands=BANDS,
        tolerance=TOLERANCE,
        bands_source=BUILT_IN,
        tolerance_source=BUILT_IN,
        bands_assumed=True,
    )


def transpose(matrix: Sequence[Sequence[int]]) -> Matrix:
    """The matrix with likelihood and impact exchanged."""
    return tuple(zip(*matrix, strict=True))


def _require_scores(likelihood: int, impact: int, size: int) -> None:
    if not (1 <= likelihood <= size and 1 <= impact <= size):
        raise ValueError(f"scores {likelihood} and {impact} are not both 1 to {size}")
