"""A small table whose cells are partly made from its others, as the settings or its shape say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.kpi.blocks import Block, Heading
from xlgov.kpi.names import normal_name

# Percentages that are no share of a column's total, and figures that do not add up.
NO_SHARE = frozenset(
    (
        *("change", "increase", "decrease", "difference", "diff", "variance", "movement"),
        *("growth", "target", "rate", "v", "vs", "versus", "against", "up", "down"),
        *("achieved", "complete", "completed", "spent"),
    )
)
_NO_SUM = NO_SHARE | frozenset(
    (
        *("average", "mean", "avg", "median", "per", "index", "rank", "minute", "min", "ratio"),
        *("score", "rating", "likelihood", "impact", "probability", "minimum", "maximum", "max"),
    )
)


class Quotient(NamedTuple):
    """A declared share: the place of its part, and its whole as a place or as a number."""

    part: int
    whole: int = 0
    number: float | None = None


@dataclass(slots=True)
class DerivedTable:
    """A block with derived cells.

    ``labels`` are the labels by row. ``shares`` gives the count column of each percentage column,
    ``wholes`` the total row of each row, ``row_parts`` and ``column_parts`` what declared totals
    are the sum of; ``rows_off`` and ``columns_off`` are those of the parts that are taken off.
    ``row_quotients`` and ``column_quotients`` are declared shares: the row or column of the part,
    that of the whole, or the number in its place. ``sums`` are the rows that a total row without
    declaration should be the sum of.
    ``percents`` are the columns of percentages.
    """

    block: Block
    labels: dict[int, str]
    percents: frozenset[int] = frozenset()
    shares: dict[int, int] = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    wholes: dict[int, int] = field(default_factory=dict)
    row_parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    column_parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rows_off: dict[int, frozenset[int]] = field(default_factory=dict)
    columns_off: dict[int, frozenset[int]] = field(default_factory=dict)
    row_quotients: dict[int, Quotient] = field(default_factory=dict)
    column_quotients: dict[int, Quotient] = field(default_factory=dict)
    sums: dict[int, tuple[int, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_derived(self) -> bool:
        """Whether anything in it is written, and not only checked."""
        declared = self.row_parts or self.column_parts
        quotients = self.row_quotients or self.column_quotients
        return bool((self.shares and self.wholes) or declared or quotients)

    def derived_labels(self) -> tuple[str, ...]:
        """The labels of the rows, then of the columns that are derived."""
        rows = (*self.row_parts, *self.row_quotients)
        columns = {*self.column_parts, *self.column_quotients}
        columns |= set(self.shares) if self.wholes else set()
        labels = [self.labels[row] for row in sorted(rows)]
        titles = [self.block.figures[column].text for column in sorted(columns)]
        return tuple(dict.fromkeys((*labels, *titles)))

    def adds_up(self, column: int) -> bool:
        """Whether figures of a column may be added."""
        return _NO_SUM.isdisjoint(words_of(self.block.figures[column]))


def words_of(heading: Heading) -> frozenset[str]:
    """The plain words of a heading."""
    return frozenset(normal_name(heading.text).split())
