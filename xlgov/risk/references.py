"""Whether every risk has a reference, once, in order, and is in the summary.

Why order is asked of the longest run: one reference out of place makes every later one "after a
higher one". What is reported is the fewest references that would have to move; a register that is
plainly sorted some other way (by rating, by owner) is left in peace.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.grid.cells import address
from xlgov.grid.sheet import Grid
from xlgov.risk.codes import make_finding
from xlgov.risk.register import Register, Risk

_SORTED_OTHERWISE = 3  # a third out of place
_SMALL_REGISTER = 5
_NUMBER = re.compile(r"\d+")
_PLAIN = re.compile(r"([^\W\d_]+)(\d{1,4000})")  # one series, one number: nearly all are so
_PARTS = re.compile(r"\d{1,4000}|[^\W\d_]+")

_Key = tuple[tuple[int, str], ...]


def check_references(register: Register) -> Iterator[Finding]:
    """References missing, used twice, out of order."""
    first: dict[str, Risk] = {}
    for risk in register.risks:
        if not risk.has("reference"):
            continue
        if not risk.reference:
            yield make_finding(
                "reference-missing",
                f"{risk.label} has no reference",
                record=risk.label,
                sheet=risk.sheet,
                address=risk.address("reference"),
                remedy="Enter the reference",
            )
            continue
        earlier = first.setdefault(risk.reference.casefold(), risk)
        if earlier is not risk:
            place = earlier.address("reference")
            there = place if earlier.sheet == risk.sheet else f"{earlier.sheet}!{place}"
            yield make_finding(
                "duplicate-reference",
                f"{risk.reference} is the reference of another risk too, at {there}",
                record=risk.reference,
                sheet=risk.sheet,
                address=risk.address("reference"),
                remedy="Give one of them another reference",
                related=(there,),
            )
    yield from _check_order(list(first.values()))


def _check_order(risks: Sequence[Risk]) -> Iterator[Finding]:
    """Within each series of references (``SR``, ``OP``)."""
    series: dict[str, tuple[list[Risk], list[_Key]]] = defaultdict(lambda: ([], []))
    for risk in risks:
        name, key = _series_and_key(risk.reference)
        members, keys = series[name]
        members.append(risk)
        keys.append(key)
    for members, keys in series.values():
        kept = _longest_ascending(keys)
        moved = sorted(set(range(len(members))).difference(kept))
        if len(members) > _SMALL_REGISTER and len(moved) * _SORTED_OTHERWISE > len(members):
            continue
        for place in moved:
            risk = members[place]
            # Those that are kept ascend, so the next of them on either side decides.
            after = bisect_left(kept, place)
            if after and keys[kept[after - 1]] > keys[place]:
                where, other = "after", members[kept[after - 1]]
            else:
                where, other = "before", members[kept[after]]
            yield make_finding(
                "reference-out-of-order",
                f"{risk.reference} stands {where} {other.reference}",
                record=risk.reference,
                sheet=risk.sheet,
                address=risk.address("reference"),
                remedy="Move the risk to its place, if references are meant to be in order",
            )


def natural_key(reference: str) -> _Key:
    """A reference to sort by: numbers as numbers.

    >>> natural_key("SR1.10") > natural_key("SR1.9")
    True
    """
    return _series_and_key(reference)[1]


def _series_and_key(reference: str) -> tuple[str, _Key]:
    """What stands before the first number, and the key to sort by."""
    folded = reference.casefold()
    plain = _PLAIN.fullmatch(folded)
    if plain:
        series, number = plain.groups()
        return series, ((-1, series), (int(number), ""))
    parts = _PARTS.findall(folded)
    key = tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
    return _NUMBER.split(folded, maxsplit=1)[0], key


def _longest_ascending(keys: Sequence[_Key]) -> list[int]:
    """Places, in order, of the longest run of keys in order (not all adjacent)."""
    tails: list[_Key] = []
    tail_places: list[int] = []
    previous: list[int] = []
    for place, key in enumerate(keys):
        in_order = not tails or tails[-1] <= key
        length = len(tails) if in_order else bisect_right(tails, key)
        previous.append(tail_places[length - 1] if length else -1)
        if length == len(tails):
            tails.append(key)
            tail_places.append(place)
        else:
            tails[length], tail_places[length] = key, place
    kept = []
    place = tail_places[-1] if tail_places else -1
    while place >= 0:
        kept.append(place)
        place = previous[place]
    return kept[::-1]


class Summary(NamedTuple):
    """A list of the register's risks on another sheet: reference to cell, and where it ends."""

    sheet: str
    cells: Mapping[str, tuple[int, int]]
    below: tuple[int, int]


def find_summaries(register: Register, grids: Mapping[str, Grid]) -> list[Summary]:
    """Columns of other sheets that list nearly all of the register's references, each once.

    Found by what they hold, for a summary has no headings of its own kind. References that are
    bare numbers are not looked for: every numbered list would be a summary.
    """
    if not grids:
        return []
    wanted = {
        risk.reference.casefold()
        for risk in register.risks
        if risk.reference and not risk.reference.isdecimal()
    }
    if len(wanted) < 2:
        return []
    slack = max(1, len(wanted) * 3 // 10)
    shapes = {_shape(reference) for reference in wanted}
    found = []
    for name, grid in grids.items():
        for number, column in grid.columns.items():
            cells: dict[str, tuple[int, int]] = {}
            twice = 0
            for row, value in zip(column.rows, column.values, strict=True):
                reference = _leading_reference(value, wanted, shapes)
                if reference:
                    twice += reference in cells
                    cells[reference] = (row, number)
            listed = wanted & cells.keys()
            if (
                len(listed) >= 2
                and len(wanted) - len(listed) <= slack
                and len(cells) - len(listed) <= slack
                and not twice
            ):
                below = (max(row for row, _ in cells.values()) + 1, number)
                found.append(Summary(name, cells, below))
                break  # one summary on a sheet
    return found


def check_summary(register: Register, summary: Summary) -> Iterator[Finding]:
    """Where the register and its summary disagree on which risks exist."""
    wanted = {risk.reference.casefold() for risk in register.risks}
    for risk in register.risks:
        if risk.reference and risk.reference.casefold() not in summary.cells and not risk.closed:
            place = f"{risk.sheet}!{risk.address('reference')}"
            yield make_finding(
                "summary-missing",
                f"{risk.reference} is in the register at {place} but not in the summary",
                record=risk.reference,
                sheet=summary.sheet,
                address=address(*summary.below),
                remedy="Add it to the summary",
                related=(place,),
            )
    for reference, cell in summary.cells.items():
        if reference not in wanted:
            yield make_finding(
                "summary-extra",
                f"{reference.upper()} is in the summary but not in the register",
                record=reference.upper(),
                sheet=summary.sheet,
                address=address(*cell),
                remedy="Take it off the summary, or add the risk to the register",
            )


def _leading_reference(value: object, wanted: set[str], shapes: set[str]) -> str:
    """The reference a cell begins with, alone or before a title; "" where it is none."""
    if not isinstance(value, str):
        return ""
    text = " ".join(value.casefold().split())
    if text in wanted:
        return text
    first = text.split(" ", maxsplit=1)[0].strip(":;,.()-")
    if first in wanted:
        return first
    for candidate in (text, first):
        if _shape(candidate) in shapes:
            return candidate
    return ""


def _shape(reference: str) -> str:
    """A reference with its numbers blotted out; references of one series look the same."""
    return _NUMBER.sub("9", reference)
