"""A control chart as a value, and the sentence that says what its latest reading tells.

Why the sentence is made on request: only the caller knows the indicator's unit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from xlgov.kpi.spc_rules import NEAR_POINTS, RUN, WINDOW, SpecialCause

Variation = Literal["common cause", "improvement", "concern", "neutral high", "neutral low"]
Assurance = Literal["passing", "failing", "hit and miss"]
Desired = Literal["up", "down"]

FEWEST_READINGS = 13  # since the last rebase, for limits that can be relied on


class ControlPoint(NamedTuple):
    """One value of a chart, with the lines of its period; ``value`` None is a gap.

    ``period`` counts the rebases, from 0. ``centre`` is None in a period without readings, the
    limits also in one without a moving range.
    """

    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    special_cause: SpecialCause | None
    period: int = 0


def show_plain(value: float) -> str:
    """A figure without a unit: four digits, or all before the point.

    >>> show_plain(4987.6), show_plain(12.34567), show_plain(7)
    ('4,988', '12.35', '7')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


class ControlChart(NamedTuple):
    """The points of a chart and what its latest reading says.

    ``latest`` is the last point with a reading (None without any). ``variation`` is of that point
    alone (None without readings), ``assurance`` of its period's limits against ``target``, and
    ``readings`` how many its period has.
    """

    points: tuple[ControlPoint, ...]
    variation: Variation | None
    assurance: Assurance | None
    latest: ControlPoint | None
    readings: int
    desired: Desired | None = None
    target: float | None = None

    @property
    def short(self) -> bool:
        """Whether there are too few readings since the last rebase to rely on the limits."""
        return is_short(self.readings)

    @property
    def reason(self) -> str:
        """Why the variation and the assurance are what they are, in one sentence."""
        return self.explain()

    def explain(self, show: Callable[[float], str] = show_plain) -> str:
        """The same sentence with figures as ``show`` prints them, in the indicator's unit."""
        if self.latest is None:
            return "There are no readings"
        parts = [_explain_variation(self, self.latest, show)]
        if self.target is not None:
            parts.append(_explain_assurance(self.assurance, self.target, self.latest, show))
        if self.short:
            readings = f"{self.readings} reading{'' if self.readings == 1 else 's'}"
            parts.append(f"with {readings} of {FEWEST_READINGS} the limits are provisional")
        return "; ".join(parts)


def is_short(readings: int, fewest: int = FEWEST_READINGS) -> bool:
    """Whether a period has too few readings for limits that can be relied on."""
    return readings < fewest


def _explain_variation(
    chart: ControlChart, latest: ControlPoint, show: Callable[[float], str]
) -> str:
    def line(value: float | None) -> str:
        return "none" if value is None else show(value)

    if latest.special_cause is None:
        value, centre = line(latest.value), line(latest.centre)
        if latest.lower is None:
            return (
                f"The latest reading, {value}, stands beside a mean of {centre} without limits, "
                "as no two readings follow each other"
            )
        return (
            f"The latest reading, {value}, is common cause: usual variation around the mean of "
            f"{centre}, between the limits {line(latest.lower)} and {line(latest.upper)}"
        )
    causes: dict[SpecialCause, str] = {
        "above limit": f"is above the upper limit of {line(latest.upper)}",
        "below limit": f"is below the lower limit of {line(latest.lower)}",
        "rising": f"ends {RUN} or more readings that rise without a break",
        "falling": f"ends {RUN} or more readings that fall without a break",
        "two in three high": f"is one of at least {NEAR_POINTS} in the last {WINDOW} close to the "
        f"upper limit of {line(latest.upper)}",
        "two in three low": f"is one of at least {NEAR_POINTS} in the last {WINDOW} close to the "
        f"lower limit of {line(latest.lower)}",
        "run above": f"ends {RUN} or more in a row above the mean of {line(latest.centre)}",
        "run below": f"ends {RUN} or more in a row below the mean of {line(latest.centre)}",
    }
    wish = {"up": "higher is better", "down": "lower is better", None: "no direction is desired"}
    return (
        f"The latest reading, {line(latest.value)}, {causes[latest.special_cause]}: "
        f"{chart.variation}, as {wish[chart.desired]}"
    )


def _explain_assurance(
    assurance: Assurance | None,
    target: float,
    latest: ControlPoint,
    show: Callable[[float], str],
) -> str:
    goal = f"the target of {show(target)}"
    if latest.lower is None or latest.upper is None:
        return f"{goal} is not judged, as there are no limits"
    if assurance is None:
        return f"{goal} is not judged, as no direction is desired"
    limits = f"the limits {show(latest.lower)} and {show(latest.upper)}"
    if assurance == "hit and miss":
        return f"{goal} is not outside {limits}, so hit and miss"
    side = "above" if target > latest.upper else "below"
    return f"{goal} is {side} {limits}, so consistently {assurance}"
