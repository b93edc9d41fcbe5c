"""Series of readings made for tests: a number, a pair of numerator and denominator, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlgov.kpi.period import Month
from xlgov.kpi.series import Place, Reading, Series

Made = float | tuple[float | None, float | None] | None
MARCH = Month(2018, 3)


def make_series(
    readings: Sequence[Made] | Mapping[Month, Made],
    *,
    last: Month = MARCH,
    name: str = "Hate Crime",
    theme: str = "Victims",
    in_percent: bool = False,
    stated: Mapping[str, str] | None = None,
) -> Series:
    """A series of consecutive months that ends with ``last``, or of the months given."""
    if not isinstance(readings, Mapping):
        first = last.plus(1 - len(readings))
        readings = {first.plus(step): each for step, each in enumerate(readings)}
    found: dict[Month, Reading] = {}
    for number, (month, each) in enumerate(readings.items()):
        place = Place("Data", 2, 3 + number)
        if isinstance(each, tuple):
            below = Place("Data", 3, 3 + number)
            found[month] = Reading(None, each[0], each[1], place, below)
        elif each is not None:
            found[month] = Reading(each, place=place)
    place = Place("Data", 2, 1)
    return Series(name, place, theme, found, frozenset(readings), in_percent, stated or {})
