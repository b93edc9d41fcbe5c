"""Numbers of decision records: a year and a serial (``CPCC 2017-020``), and what breaks their run.

Why the form is asked of the list and not of a rule: every office has its own, and only a number
that is unlike its neighbours is a slip. Why order is counted by the longest run of dates: one
misplaced row is then one finding, and not one for every row behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

_NUMBER = re.compile(
    r"(?P<before>\D{0,20}?)(?P<year>(?:19|20)?\d\d)(?P<mark>\s?[-/.\u2013]\s?)(?P<serial>\d{1,5})"
)
# With the year last (``12/2018``, ``D001/18``): one of four figures, or behind a padded serial.
_YEAR_LAST = re.compile(
    r"(?P<before>\D{0,20}?)(?:(?P<serial>\d{1,5})(?P<mark>\s?[-/.\u2013]\s?|\s+of\s+)"
    r"(?P<year>(?:19|20)\d\d)|(?P<padded>0\d{2,4})(?P<sign>\s?[-/.\u2013]\s?)(?P<short>\d\d))",
    re.IGNORECASE,
)
Frame = tuple[str, int, str, bool]
_ORDERED = 2 / 3  # of the rows, for a list to be in order at all
_FEWEST_ROWS = 3


class RecordNumber(NamedTuple):
    """A number as it was typed: ``before``, year, mark between, serial; or with the year last."""

    before: str
    year: str
    mark: str
    serial: str
    year_last: bool = False

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells two numbers apart, however they are typed."""
        year = int(self.year)
        letters = re.sub(r"[\W_]", "", self.before).casefold()
        return letters, year if year > 99 else 2000 + year, int(self.serial)

    @property
    def frame(self) -> Frame:
        """Everything about its form but the serial's width."""
        return self.before, len(self.year), self.mark, self.year_last

    def typed(self, frame: Frame, width: int) -> str:
        """The number in another form."""
        before, digits, mark, year_last = frame
        year, serial = f"{self.key[1]:04d}"[-digits:], f"{self.key[2]:0{width}d}"
        return f"{before}{serial}{mark}{year}" if year_last else f"{before}{year}{mark}{serial}"


def parse_number(text: str) -> RecordNumber | None:
    """A record number, or None where the text is none.

    >>> parse_number("CPCC 2017-020").key, parse_number("CPCC 2017-20").key
    (('cpcc', 2017, 20), ('cpcc', 2017, 20))
    >>> parse_number("12/2018").key, parse_number("D001/18").key
    (('', 2018, 12), ('d', 2018, 1))
    >>> parse_number("Decision 7") is None
    True
    """
    plain = " ".join(text.split())
    match, last = _NUMBER.fullmatch(plain), _YEAR_LAST.fullmatch(plain)
    if last and not (match and len(match["year"]) == 4):
        year, mark = last["year"] or last["short"], last["mark"] or last["sign"]
        return RecordNumber(last["before"], year, mark, last["serial"] or last["padded"], True)
    if match is None:
        return None
    return RecordNumber(match["before"], match["year"], match["mark"], match["serial"])


def correct_form(numbers: Iterable[RecordNumber]) -> tuple[Frame, int] | None:
    """The form that most numbers have, and the width of its serial: 1 where none is padded.

    None where no form has more than half of them.
    """
    listed = list(numbers)
    frames = Counter(number.frame for number in listed).most_common(1)
    if not frames or frames[0][1] * 2 <= len(listed):
        return None
    serials = [number.serial for number in listed if number.frame == frames[0][0]]
    padded = Counter(len(serial) for serial in serials if serial[0] == "0" and len(serial) > 1)
    width = padded.most_common(1)[0][0] if padded else 1
    fitting = sum(_fits(serial, width) for serial in serials)
    return (frames[0][0], width) if fitting * 2 > len(serials) else None


def is_in_form(number: RecordNumber, form: tuple[Frame, int]) -> bool:
    """Whether a number has the form of its list.

    >>> form = (("CPCC ", 4, "-", False), 3)
    >>> [is_in_form(parse_number(f"CPCC 2017-{n}"), form) for n in ("020", "19", "1020")]
    [True, False, True]
    """
    frame, width = form
    return number.frame == frame and _fits(number.serial, width)


def _fits(serial: str, width: int) -> bool:
    return len(serial) == width or (len(serial) > width and serial[0] != "0")


def missing_runs(numbers: Iterable[RecordNumber]) -> Iterator[tuple[RecordNumber, int, int]]:
    """Serials that are not in a list: the number behind the gap, the first and last missing.

    Every year but the first of the list begins at 1, unless its numbers go on from the year before.
    """
    years: dict[tuple[str, int], dict[int, RecordNumber]] = {}
    for number in numbers:
        letters, year, serial = number.key
        years.setdefault((letters, year), {}).setdefault(serial, number)
    before: dict[str, int] = {}
    for (letters, _), held in sorted(years.items(), key=lambda item: item[0]):
        serials = sorted(held)
        earlier = before.get(letters)
        if earlier is not None:
            serials.insert(0, earlier if serials[0] > earlier else 0)
        for low, high in pairwise(serials):
            if high > low + 1:
                yield held[high], low + 1, high - 1
        before[letters] = serials[-1]


def out_of_order(days: Sequence[date]) -> list[int]:
    """Places that break the order of dates, up or down as most of them run.

    As few as possible; of two that break it together the later date. None where the dates are few
    or run neither way.

    >>> at = [date(2017, 9, 21), date(2017, 9, 21), date(2017, 10, 3), date(2017, 9, 21)]
    >>> out_of_order(at), out_of_order(at[::-1])
    ([2], [1])
    """
    if len(days) < _FEWEST_ROWS:
        return []
    up = _longest_run([day.toordinal() for day in days])
    down = _longest_run([-day.toordinal() for day in days])
    run = up if len(up) >= len(down) else down
    if len(run) < len(days) * _ORDERED:
        return []
    kept = set(run)
    return [place for place in range(len(days)) if place not in kept]


def _longest_run(keys: Sequence[int]) -> list[int]:
    """Places of the longest run that never goes down; of several the one that ends lowest."""
    ends: list[int] = []  # the lowest end of a run of each length
    places: list[int] = []
    before: list[int] = []
    for place, key in enumerate(keys):
        length = bisect_right(ends, key)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [key]
        places[length : length + 1] = [place]
    run = []
    place = places[-1] if places else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]
