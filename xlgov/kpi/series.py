"""Monthly readings as they were found: one series per indicator, each reading with its cells.

Why numerators and denominators stay apart: a window's ratio is the sum of the ones over the sum
of the others, never a mean of percentages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.grid.cells import address
from xlgov.kpi.period import Month


class Place(NamedTuple):
    """A cell: sheet, row and column (from 1)."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """``C7``, without the sheet."""
        return address(self.row, self.column)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


class Reading(NamedTuple):
    """What was read for one month: a value, or a numerator and a denominator.

    A part that is blank, ``n/a`` or ``-`` is None; a reading without any number is not kept at
    all. ``place`` is the cell of the value, else of the numerator; ``below`` of the denominator.
    A value that a ``%`` format shows, or a text such as ``83.3%``, is a fraction.
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    place: Place | None = None
    below: Place | None = None


@dataclass(slots=True)
class Series:
    """The monthly readings of one indicator.

    ``name`` and ``theme`` are as printed ("" where no theme is given); ``place`` is where the name
    stands. ``in_percent`` says that plain values stand in a ``%`` format and so are fractions.
    ``stated`` are the words of columns beside the readings that describe the indicator, by field
    of ``settings.IndicatorRule`` (``combine``, ``unit``, ``direction``, ...), as printed.
    ``months`` are all months for which the layout has a cell, with or without a reading.
    """

    name: str
    place: Place
    theme: str = ""
    readings: dict[Month, Reading] = field(default_factory=dict)
    months: frozenset[Month] = frozenset()
    in_percent: bool = False
    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ratio(self) -> bool:
        """Whether it has numerators and denominators."""
        return any(reading.denominator is not None for reading in self.readings.values())

    @property
    def latest(self) -> Month | None:
        """The last month with a reading; None without any."""
        return max(self.readings, default=None)
