"""XmR control charts: a series' own mean and limits, and whether its latest reading is special.

Why these rules: they are those of the NHS "Making Data Count" tools, which analysts know, matched
case by case; the default is what the Excel tool does, ``screen`` what the R package does. Where we
differ: a constant series keeps its limits (on the mean) when screened, and a difference that is
only floating-point noise is none.

Why a moving range is not formed across a gap: it stands for the change from one month to the next,
and a longer step would be taken for one; the reference does not form it either. A survey with a
reading each quarter is therefore charted by its readings alone, without the months between.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from numbers import Real
from operator import index
from typing import Literal

from xlgov.errors import UsageError
from xlgov.kpi.spc_chart import Assurance, ControlChart, ControlPoint, Desired, Variation
from xlgov.kpi.spc_rules import (
    HIGH_CAUSES,
    Limits,
    SpecialCause,
    exceeds,
    find_special_causes,
    undercuts,
)

LIMIT_FACTOR = 2.66  # mean moving ranges from the mean to a limit
NEAR_SHARE = 2 / 3  # of the way from the mean to a limit
SCREEN_FACTOR = 3.267  # mean moving ranges at which a moving range is screened out
NOISE = 1e-12  # of the largest reading: far above rounding, far below what any office records


def xmr(
    values: Sequence[float | None],
    *,
    desired: Literal["up", "down", "none"] | None = None,
    target: float | None = None,
    rebase_at: Sequence[int] = (),
    screen: bool = False,
) -> ControlChart:
    """The control chart of a series: one point per value, in time order.

    None or NaN is a gap: never zero, never special; it keeps its period's lines, no moving range
    is formed across it, and it breaks runs and trends. ``desired`` "none" is None. ``rebase_at``
    are positions, from 0, where a new period starts, with its own mean, limits and runs.
    ``screen`` drops moving ranges at or above 3.267 times their mean, once. The variation is that
    of the last reading, also when gaps follow it. No value or no reading gives a chart without
    lines; a period without a moving range has a centre and no limits, so no assurance.

    Raises UsageError for a value that is no finite number, a position outside the series, or
    another word for ``desired``.

    >>> chart = xmr([3, 5, 4, 4, 9], desired="down", target=20)
    >>> chart.points[0].centre, round(chart.points[0].upper, 3)
    (5.0, 10.32)
    >>> chart.variation, chart.assurance
    ('common cause', 'passing')
    """
    if desired not in ("up", "down", "none", None):
        raise UsageError(f"desired is {desired!r}; expected 'up', 'down' or None")
    wanted: Desired | None = None if desired == "none" else desired
    goal = None if target is None else _read_value(target, "target")
    readings = [_read_value(value, f"values[{place}]") for place, value in enumerate(values)]
    starts = _read_starts(rebase_at, len(readings))
    points: list[ControlPoint] = []
    for period, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True)):
        part = readings[start:end]
        lines = _draw_limits(part, screen)
        points += [
            ControlPoint(
                value,
                lines.centre,
                lines.lower,
                lines.upper,
                lines.near_lower,
                lines.near_upper,
                cause,
                period,
            )
            for value, cause in zip(part, find_special_causes(part, lines), strict=True)
        ]
    latest = next((point for point in reversed(points) if point.value is not None), None)
    if latest is None:
        return ControlChart(tuple(points), None, None, None, 0, wanted, goal)
    same = [p.value for p in points if p.period == latest.period and p.value is not None]
    return ControlChart(
        points=tuple(points),
        variation=name_variation(latest.special_cause, wanted),
        assurance=assure(latest.lower, latest.upper, goal, wanted),
        latest=latest,
        readings=len(same),
        desired=wanted,
        target=goal,
    )


def name_variation(cause: SpecialCause | None, desired: Desired | None) -> Variation:
    """What a special cause means where ``desired`` is the better direction."""
    if cause is None:
        return "common cause"
    high = cause in HIGH_CAUSES
    if desired is None:
        return "neutral high" if high else "neutral low"
    return "improvement" if high == (desired == "up") else "concern"


def assure(
    lower: float | None, upper: float | None, target: float | None, desired: Desired | None
) -> Assurance | None:
    """Whether a process within these limits meets a target; None where that cannot be said.

    A target on a limit is hit and miss.

    >>> assure(5, 7, 4, "up"), assure(5, 7, 4, "down"), assure(5, 7, 5, "up"), assure(5, 7, 4, None)
    ('passing', 'failing', 'hit and miss', None)
    """
    if lower is None or upper is None or target is None or desired is None:
        return None
    noise = NOISE * max(abs(lower), abs(upper))
    if exceeds(target, upper, noise):
        return "failing" if desired == "up" else "passing"
    if undercuts(target, lower, noise):
        return "passing" if desired == "up" else "failing"
    return "hit and miss"


def _read_value(value: float | None, where: str) -> float | None:
    if value is None:
        return None
    if not isinstance(value, Real) or math.isinf(value):
        raise UsageError(f"{where} is {value!r}; expected a number, or None where there is none")
    return None if math.isnan(value) else float(value)


def _read_starts(rebase_at: Sequence[int], count: int) -> list[int]:
    starts = {0}
    for given in rebase_at:
        position = index(given)
        if not 0 <= position < count:
            expected = f"0 to {count - 1}" if count else "none, as there are no values"
            raise UsageError(f"rebase_at holds {position}; expected positions {expected}")
        starts.add(position)
    return sorted(starts)


def _draw_limits(values: Sequence[float | None], screen: bool) -> Limits:
    readings = [value for value in values if value is not None]
    if not readings:
        return Limits()
    centre = math.fsum(readings) / len(readings)
    noise = NOISE * max(map(abs, readings))
    ranges = [
        abs(after - before)
        for before, after in pairwise(values)
        if before is not None and after is not None
    ]
    if not ranges:
        return Limits(centre, noise=noise)
    mean_range = math.fsum(ranges) / len(ranges)
    if screen:
        # A mean of zero has no outlying range: all are kept, and the limits are on the mean.
        kept = [width for width in ranges if undercuts(width, SCREEN_FACTOR * mean_range, noise)]
        if kept:
            mean_range = math.fsum(kept) / len(kept)
    reach = LIMIT_FACTOR * mean_range
    near = NEAR_SHARE * reach
    return Limits(centre, centre - reach, centre + reach, centre - near, centre + near, noise)


__all__ = ["ControlChart", "ControlPoint", "assure", "name_variation", "xmr"]
