"""The rules of a control chart that tell a special cause from common cause, on plain sequences.

Why one small function per rule: each can be checked by hand, and each is checked against the
reference's own cases. A rule looks at one period only, from one rebase to the next. Rules and
their order: NHS England, Making Data Count. A gap breaks a run, a trend and a three in a row: the
points on its two sides are not consecutive.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

SpecialCause = Literal[
    "above limit",
    "below limit",
    "rising",
    "falling",
    "two in three high",
    "two in three low",
    "run above",
    "run below",
]

RUN = 7  # points in a trend, and in a run on one side of the mean
WINDOW = 3  # consecutive points on one side of the mean,
NEAR_POINTS = 2  # of which so many lie between a near limit and the limit

HIGH_CAUSES: frozenset[SpecialCause] = frozenset(
    {"above limit", "rising", "two in three high", "run above"}
)


class Limits(NamedTuple):
    """The lines of one period. None: no reading (centre), or no moving range (the others).

    ``noise`` is the difference below which two figures of the period are the same figure.
    """

    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    near_lower: float | None = None
    near_upper: float | None = None
    noise: float = 0.0


def sign(difference: float, noise: float = 0.0) -> int:
    """1, -1, or 0 within the noise."""
    return int(difference > noise) - int(difference < -noise)


def exceeds(value: float, limit: float | None, noise: float) -> bool:
    """Whether a value lies strictly above a limit; False without one."""
    return limit is not None and value - limit > noise


def undercuts(value: float, limit: float | None, noise: float) -> bool:
    """Whether a value lies strictly below a limit; False without one."""
    return limit is not None and limit - value > noise


def find_ends(signs: Sequence[int], length: int) -> list[int]:
    """Where ``length`` equal signs in a row end: the sign there, else 0.

    >>> find_ends([1, 1, 1, -1, 0, 0], 2)
    [0, 1, 1, 0, 0, 0]
    """
    ends, count = [], 0
    for position, this in enumerate(signs):
        count = count + 1 if position and this == signs[position - 1] else 1
        ends.append(this if count >= length else 0)
    return ends


def find_run_ends(sides: Sequence[int]) -> list[int]:
    """Where seven points on one side of the mean end. ``sides``: 1 above, -1 below, 0 neither."""
    return find_ends(sides, RUN)


def find_trend_ends(values: Sequence[float | None], noise: float = 0.0) -> list[int]:
    """Where seven rising (1) or falling (-1) points end. A tie or a gap breaks the trend.

    >>> find_trend_ends([1, 2, 3, 4, 5, 6, 7, 7])
    [0, 0, 0, 0, 0, 0, 1, 0]
    """
    steps = [
        0 if before is None or after is None else sign(after - before, noise)
        for before, after in pairwise(values)
    ]
    return [0, *find_ends(steps, RUN - 1)] if values else []


def mark_back(ends: Sequence[int]) -> list[int]:
    """Marks all seven points of each run, given their ends; where two overlap, the later wins."""
    marks = [0] * len(ends)
    for position, end in enumerate(ends):
        if end:
            first = max(0, position - RUN + 1)
            marks[first : position + 1] = [end] * (position + 1 - first)
    return marks


def find_windows(near: Sequence[bool], sides: Sequence[int]) -> list[bool]:
    """Which points belong to a three in a row on one side with two or more near the limit."""
    inside = [False] * len(near)
    for first in range(len(near) - WINDOW + 1):
        window = slice(first, first + WINDOW)
        if abs(sum(sides[window])) == WINDOW and sum(near[window]) >= NEAR_POINTS:
            inside[window] = [True] * WINDOW
    return inside


def find_two_in_three(near: Sequence[bool], sides: Sequence[int]) -> list[bool]:
    """The near points of such windows: only they are marked, not the third.

    >>> find_two_in_three([True, False, True], [1, 1, 1])
    [True, False, True]
    """
    return [inside and close for inside, close in zip(find_windows(near, sides), near, strict=True)]


def find_special_causes(
    values: Sequence[float | None], limits: Limits
) -> list[SpecialCause | None]:
    """The special cause of each point of one period: the first rule that applies, else None."""
    noise = limits.noise
    sides, beyond, near = [], [], []
    for value in values:
        if value is None or limits.centre is None:
            sides.append(0)
            beyond.append(0)
            near.append(False)
            continue
        sides.append(sign(value - limits.centre, noise))
        over, under = exceeds(value, limits.upper, noise), undercuts(value, limits.lower, noise)
        beyond.append(int(over) - int(under))
        near.append(
            not (over or under)
            and (
                exceeds(value, limits.near_upper, noise)
                or undercuts(value, limits.near_lower, noise)
            )
        )
    trends = mark_back(find_trend_ends(values, noise))
    runs = mark_back(find_run_ends(sides))
    pairs = find_two_in_three(near, sides)
    causes: list[SpecialCause | None] = []
    for outside, trend, pair, side, run in zip(beyond, trends, pairs, sides, runs, strict=True):
        if outside:
            causes.append("above limit" if outside > 0 else "below limit")
        elif trend:
            causes.append("rising" if trend > 0 else "falling")
        elif pair:
            causes.append("two in three high" if side > 0 else "two in three low")
        elif run:
            causes.append("run above" if run > 0 else "run below")
        else:
            causes.append(None)
    return causes
