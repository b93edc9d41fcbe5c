"""Floor areas as they are typed: ``1836``, ``375 m2``, ``359 sq m (3,870 sq ft)``."""

from __future__ import annotations

import re

FOOT = 0.09290304  # square metres in a square foot, exactly

_AREA = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(?P<unit>(?:sq(?:uare)?\.?\s*)(?:m(?:et(?:re|er)s?|tr?s?)?|f(?:ee)?t|foot)\b\.?"
    r"|m\s?(?:2|\u00b2|sq)|sqm|ft\s?(?:2|\u00b2|sq)|sqft)?",
    re.IGNORECASE,
)
_FEET = re.compile(r"f(?:ee|oo)?t", re.IGNORECASE)
_AROUND = re.compile(
    r"[\s()\[\]/=,;:~.]|\b(?:approx(?:imately)?|about|circa|c|gia|nia|or|and)\b", re.I
)


def read_area(text: str, heading: str = "") -> tuple[float, ...]:
    """The areas in a cell, in square metres; none where anything else stands there.

    A figure without a unit is in that of the heading, and in square metres where that has none.

    >>> read_area("1,836"), read_area("375 m2"), read_area("about 90 sq. metres")
    ((1836.0,), (375.0,), (90.0,))
    >>> [round(area) for area in read_area("359 sq m (3,870 sq ft)")]
    [359, 360]
    >>> read_area("2 floors"), read_area("tbc")
    ((), ())
    """
    found = []
    for match in _AREA.finditer(text):
        number = float(match["number"].replace(",", ""))
        feet = _FEET.search(match["unit"] or heading) is not None
        found.append(number * FOOT if feet else number)
    return tuple(found) if not _AROUND.sub("", _AREA.sub("", text)) else ()


def is_same_area(one: float, other: float, within: float = 0.01) -> bool:
    """Whether two areas differ by no more than rounding, and ``within`` as a share of the larger.

    >>> is_same_area(359, 3870 * FOOT), is_same_area(375, 359)
    (True, False)
    """
    return abs(one - other) <= max(1.0, within * max(one, other))
