"""The level that a dashboard's printed figures set for each month, before season and noise."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from kpi_facts import SINGLES, YEAR, Indicator

# How much an earlier year's only printed month says of its level, against the year after it.
MONTH_TELLS = 0.6

# The year to date that stands for a figure of the same year which the readings do not follow.
_SAME_YEAR = {"rolling12": "fytd", "baseline": "fytd_minus1"}


def monthly_levels(indicator: Indicator, asked: Mapping[int, int] | None) -> dict[int, float]:
    """The level of each month: straight lines between the middles of the printed years."""
    anchors: list[tuple[float, float]] = []
    if indicator.combine == "latest":
        for single in SINGLES:
            figure = indicator.figure(single)
            if figure is not None:
                anchors.append((indicator.months(single).start, float(figure)))
    else:
        for window in ("rolling12", "baseline"):
            year = window if indicator.is_recomputable(window) else _SAME_YEAR[window]
            months = indicator.months(year)
            level = _free_level(indicator, year, asked)
            anchors.append(((months.start + months.stop - 1) / 2, level))
        for single in ("minus2yr", "minus3yr"):
            figure = indicator.figure(single)
            if figure is not None:
                middle, later = anchors[-1]
                level = MONTH_TELLS * float(figure) + (1 - MONTH_TELLS) * later
                anchors.append((middle - YEAR, level))
    return {month: _between(sorted(anchors), month) for month in indicator.all_months}


def _free_level(indicator: Indicator, window: str, asked: Mapping[int, int] | None) -> float:
    """A window's level without the months that are printed themselves."""
    figure = indicator.figure(window)
    assert figure is not None
    months = set(indicator.months(window))
    per = {month: asked[month] if asked else 1 for month in months}
    total = float(figure) * (1 if indicator.combine == "sum" else sum(per.values()))
    for single in SINGLES:
        printed = indicator.figure(single)
        (month,) = indicator.months(single)
        if month in months and printed is not None:
            total -= float(printed) * per.pop(month)
    return total / sum(per.values())


def _between(anchors: list[tuple[float, float]], month: int) -> float:
    """On the line between the two anchors around a month; level beyond the first and the last."""
    if month <= anchors[0][0]:
        return anchors[0][1]
    for (x1, y1), (x2, y2) in pairwise(anchors):
        if month <= x2:
            return y1 + (y2 - y1) * (month - x1) / (x2 - x1)
    return anchors[-1][1]
