"""Numbers in a unit: targets, baselines and limits, also where they are shown as per cent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

_FIGURE = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)\s*(%?)")


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number that a person saw as per cent, by the cell's format or as text: 95.1%.

    ``fraction`` is 0.951; whether 95.1 or 0.951 is meant follows from the unit.
    """

    fraction: float

    @property
    def in_percent(self) -> float:
        """
        >>> Percentage(0.951).in_percent, Percentage(0.07).in_percent
        (95.1, 7.0)
        """
        return float(f"{self.fraction * 100:.12g}")


def read_figure(raw: object, day_first: bool) -> float | Percentage:
    """A number; one shown as per cent stays apart, since its size depends on the unit.

    >>> read_figure("1,250.5", True), read_figure("95.1 %", True)
    (1250.5, Percentage(fraction=0.951))
    """
    if isinstance(raw, Percentage):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and isfinite(raw):
        return float(raw)
    match = _FIGURE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None or not match[1].strip("+-"):
        raise ValueError("a number")
    number = float(match[1].replace(",", ""))
    return Percentage(float(f"{number / 100:.15g}")) if match[2] else number


def read_limit(raw: object, day_first: bool) -> float:
    """A number that is not negative; ``4%`` is 4, since such limits are in per cent."""
    try:
        figure = read_figure(raw, day_first)
    except ValueError:
        figure = -1.0
    limit = figure.in_percent if isinstance(figure, Percentage) else figure
    if limit < 0:
        raise ValueError("a number, 0 or more")
    return limit
