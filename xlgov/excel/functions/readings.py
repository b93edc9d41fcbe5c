"""Monthly readings in a row or column of cells.

Why no partial figure: eleven readings of twelve look like a fall. A window with a blank in it has
no figure, and the cell says which reading is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlgov.errors import UsageError
from xlgov.excel.functions.cells import Block, line_of
from xlgov.excel.values import from_excel
from xlgov.kpi.figures import exact_sum
from xlgov.kpi.number_text import is_no_reading, read_number

_LARGEST = 1e15  # beyond it, a sum is no longer exact to the whole number


@dataclass(frozen=True, slots=True)
class Readings:
    """Monthly readings in time order; None is a blank. ``denominators`` make them a ratio's."""

    what: str
    values: tuple[float | None, ...]
    denominators: tuple[float | None, ...] | None = None
    in_percent: bool = False

    def part(self, what: str, first: int, last: int) -> Readings:
        """Those from a position to before another."""
        below = None if self.denominators is None else self.denominators[first:last]
        return Readings(what, self.values[first:last], below, self.in_percent)

    def check_full(self) -> None:
        """Raises UsageError where one is blank, saying which."""
        for what, values in ((self.what, self.values), ("denominators", self.denominators or ())):
            blank = [place for place, value in enumerate(values, start=1) if value is None]
            if blank:
                raise UsageError(_say_blank(what, blank, len(values)))

    @property
    def months(self) -> list[float | None]:
        """The figure of each month."""
        if self.denominators is None:
            return list(self.values)
        pairs = zip(self.values, self.denominators, strict=True)
        return [None if above is None or not below else above / below for above, below in pairs]

    @property
    def total(self) -> float:
        """The sum of full readings."""
        return exact_sum([value for value in self.values if value is not None])

    @property
    def total_below(self) -> float | None:
        """The sum of the denominators; None without any."""
        if self.denominators is None:
            return None
        return exact_sum([value for value in self.denominators if value is not None])

    @property
    def average(self) -> float | None:
        """The average month: sum over sum of a ratio; None where the denominators are all 0."""
        below = self.total_below
        if below is None:
            return self.total / len(self.values)
        return self.total / below if below else None


def read_readings(given: Block, what: str, denominators: Block | None = None) -> Readings:
    """The readings of a row or column of cells, oldest first.

    A blank, ``n/a`` or ``-`` is no reading. A text such as 83.3% is a fraction.

    Raises UsageError for what is no number, and for denominators that are not one per reading.
    """
    cells = line_of(given, what)
    values = tuple(_number(raw, place, what, len(cells)) for place, raw in enumerate(cells, 1))
    below: tuple[float | None, ...] | None = None
    if denominators is not None:
        under = line_of(denominators, "denominators")
        if len(under) != len(cells):
            raise UsageError(
                f"there are {len(cells)} cells of {what} and {len(under)} of denominators; "
                "give one for each"
            )
        below = tuple(
            _number(raw, place, "denominators", len(under)) for place, raw in enumerate(under, 1)
        )
    percent = any(isinstance(raw, str) and "%" in raw for raw in cells)
    return Readings(what, values, below, percent)


def _number(raw: Any, place: int, what: str, count: int) -> float | None:
    value, is_date = from_excel(raw)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and not is_date:
        if value != value:  # NaN, which is how Python keeps a blank among numbers
            return None
        if abs(value) <= _LARGEST:
            return value
    shown = "a date" if is_date else str(value).strip()
    if isinstance(value, str):
        if is_no_reading(value):
            return None
        found = read_number(value)
        if found is not None:
            return found[0]
    which = f"the {_ordinal(place)} of the {count} {what}" if count > 1 else f"the {what}"
    raise UsageError(f"{which} is {shown}; expected a number")


def _say_blank(what: str, blank: Sequence[int], count: int) -> str:
    """
    >>> _say_blank("readings", [3, 7], 12), _say_blank("current month", [1], 1)
    ('the 3rd and 7th of the 12 readings are blank', 'there is no reading for the current month')
    """
    if count == 1:
        return f"there is no reading for the {what}"
    shown = [_ordinal(place) for place in blank[:3]]
    if len(blank) > len(shown):
        shown.append(f"{len(blank) - len(shown)} more")
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    cells = what if what.endswith(("readings", "denominators")) else f"cells of the {what}"
    return f"the {listed} of the {count} {cells} {'is' if len(blank) == 1 else 'are'} blank"


def _ordinal(number: int) -> str:
    """
    >>> [_ordinal(number) for number in (1, 2, 3, 11, 22)]
    ['1st', '2nd', '3rd', '11th', '22nd']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
