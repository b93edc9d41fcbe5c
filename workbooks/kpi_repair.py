"""Drafted months made to agree with the printed figures, by the least change in whole units.

Why whole units: counts, numerators, hundredths of a day and tenths of a minute are all integers,
so what a printed figure allows is a range of integers, and agreement can be exact. Months that are
printed are clipped into their ranges; the difference that a window still needs is shared among its
other months by their size, and rounded so that the sum is met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest whole number, both included."""

    lowest: int
    highest: int

    def clip(self, value: float) -> int:
        return min(max(round(value), self.lowest), self.highest)

    def __contains__(self, value: int) -> bool:
        return self.lowest <= value <= self.highest

    def nearest(self, value: float) -> list[int]:
        """Every number within, nearest first."""
        return sorted(range(self.lowest, self.highest + 1), key=lambda n: abs(n - value))


def bounds_of(figure: Fraction, half: Fraction, per: int) -> Bounds:
    """The whole numbers that, over ``per``, are nearer to a figure than half its last place.

    >>> bounds_of(Fraction("0.698"), Fraction("0.0005"), 139)
    Bounds(lowest=97, highest=97)
    """
    return Bounds(floor((figure - half) * per) + 1, ceil((figure + half) * per) - 1)


@dataclass(frozen=True, slots=True)
class Windows:
    """The months of two financial years in three runs, and what is allowed of their sums.

    ``before`` is the previous year up to the own month, ``between`` the rest of that year,
    ``now`` this year; ``allowed`` has the bounds of the sum of one or two runs by their positions.
    """

    before: range
    between: range
    now: range
    allowed: Mapping[tuple[int, ...], Bounds]

    def totals(self, drafts: Sequence[float], rooms: Sequence[Bounds]) -> tuple[int, ...]:
        """The three sums, each allowed and alone or together nearest to what was drafted.

        ``rooms`` are what each run can hold at all. Raises ValueError where nothing is allowed.
        """
        choices = [
            self.allowed[(place,)].nearest(draft)
            if (place,) in self.allowed
            else _around(draft, room)
            for place, (draft, room) in enumerate(zip(drafts, rooms, strict=True))
        ]
        best = min(
            (
                chosen
                for chosen in product(*choices)
                if all(sum(chosen[p] for p in places) in b for places, b in self.allowed.items())
                and all(total in room for total, room in zip(chosen, rooms, strict=True))
            ),
            key=lambda chosen: sum(abs(c - d) for c, d in zip(chosen, drafts, strict=True)),
            default=None,
        )
        if best is None:
            raise ValueError(f"no sums near {drafts} agree with {self.allowed}")
        return best


def _around(draft: float, room: Bounds) -> list[int]:
    reach = max(60, round(draft * 0.3))
    middle = room.clip(draft)
    return list(range(max(room.lowest, middle - reach), min(room.highest, middle + reach) + 1))


def share_total(
    total: int,
    drafts: Mapping[int, float],
    weights: Mapping[int, float],
    rooms: Mapping[int, Bounds],
) -> dict[int, int]:
    """Whole numbers by month that add up to a total, near their drafts and within their rooms.

    Raises ValueError where the rooms cannot hold the total.
    """
    if not drafts:
        if total:
            raise ValueError(f"{total} is left over and no month can take it")
        return {}
    missing = total - sum(drafts.values())
    spread = sum(weights.values())
    wanted = {month: draft + missing * weights[month] / spread for month, draft in drafts.items()}
    shared = {month: rooms[month].clip(value) for month, value in wanted.items()}
    while (left := total - sum(shared.values())) != 0:
        step = 1 if left > 0 else -1
        movable = [month for month in shared if shared[month] + step in rooms[month]]
        if not movable:
            raise ValueError(f"{left} is left over; the months can take no more")
        month = max(movable, key=lambda m: (step * (wanted[m] - shared[m]), -m))
        shared[month] += step
    return shared


def total_room(rooms: Iterable[Bounds]) -> Bounds:
    """What several months can hold together."""
    listed = list(rooms)
    return Bounds(sum(r.lowest for r in listed), sum(r.highest for r in listed))
