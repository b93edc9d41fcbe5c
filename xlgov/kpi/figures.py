"""The figure of a month and of a window, from readings. The arithmetic of KPI windows, once.

Counts add; a ratio is the sum of numerators over the sum of denominators, never a mean of
percentages; an average without weights is the mean of its months; a level is the latest reading.
Fewer than the full window of readings gives no figure, never a quiet partial; blank is not zero.
"""

from __future__ import annotations

from math import fsum
from typing import NamedTuple

from xlgov.kpi.indicator import Indicator
from xlgov.kpi.period import Month, Window
from xlgov.kpi.series import Reading, Series


class Figure(NamedTuple):
    """A figure, or why there is none.

    ``value`` None: ``missing`` are the months without a reading, else ``why`` says it. For a
    ratio, ``numerator`` and ``denominator`` are the sums that made it.
    """

    window: Window
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    missing: tuple[Month, ...] = ()
    why: str = ""


def reading_figure(indicator: Indicator, reading: Reading | None) -> float | None:
    """The figure of one month; None where the reading, or a part of a ratio's, is missing."""
    if reading is None:
        return None
    if indicator.combine == "ratio":
        if reading.numerator is None or not reading.denominator:
            return None
        return reading.numerator / reading.denominator * indicator.scale
    if reading.value is None:
        return None
    return reading.value * indicator.reading_scale


def say_unread(indicator: Indicator, reading: Reading | None, month: Month) -> str:
    """Why a month has no figure."""
    if reading is not None and indicator.combine == "ratio" and reading.denominator == 0:
        return f"the denominator of {month} is 0"
    return f"there is no reading for {month}"


def month_figures(series: Series, indicator: Indicator, window: Window) -> list[float | None]:
    """The figure of every month of a window, in time order; None for a month without one."""
    get = series.readings.get
    return [reading_figure(indicator, get(month)) for month in window.months()]


def window_figure(series: Series, indicator: Indicator, window: Window) -> Figure:
    """The figure of a window, by how the indicator combines."""
    if indicator.combine == "ratio":
        return _ratio(series, indicator, window)
    if indicator.combine == "latest":
        figure = reading_figure(indicator, series.readings.get(window.last))
        return Figure(window, figure, missing=() if figure is not None else (window.last,))
    found = month_figures(series, indicator, window)
    figures = [each for each in found if each is not None]
    if len(figures) < len(found):
        months = zip(window.months(), found, strict=True)
        return Figure(window, missing=tuple(month for month, each in months if each is None))
    if indicator.combine is None and window.length > 1:
        return Figure(window, why="percentages without denominators do not combine")
    total = exact_sum(figures)
    return Figure(window, total / len(figures) if indicator.combine == "mean" else total)


def average_month(series: Series, indicator: Indicator, window: Window) -> Figure:
    """What a month of the window was on average: the comparator of a current month.

    A sum's total over the number of months; a ratio's pooled numerators over denominators; for
    means, levels and plain percentages the mean of the months.
    """
    if indicator.combine == "ratio":
        return window_figure(series, indicator, window)
    found = month_figures(series, indicator, window)
    figures = [each for each in found if each is not None]
    if len(figures) < len(found):
        months = zip(window.months(), found, strict=True)
        return Figure(window, missing=tuple(month for month, each in months if each is None))
    return Figure(window, exact_sum(figures) / len(figures))


def _ratio(series: Series, indicator: Indicator, window: Window) -> Figure:
    numerators: list[float] = []
    denominators: list[float] = []
    missing = []
    for month in window.months():
        reading = series.readings.get(month)
        if reading is None or reading.numerator is None or reading.denominator is None:
            missing.append(month)
        else:
            numerators.append(reading.numerator)
            denominators.append(reading.denominator)
    if missing:
        return Figure(window, missing=tuple(missing))
    numerator, denominator = exact_sum(numerators), exact_sum(denominators)
    if not denominator:
        return Figure(window, None, numerator, denominator, why="the denominators are all 0")
    return Figure(window, numerator / denominator * indicator.scale, numerator, denominator)


def exact_sum(figures: list[float]) -> float:
    """A sum without the noise of adding: whole numbers stay whole."""
    total = fsum(figures)
    return int(total) if total.is_integer() and abs(total) < 1 << 53 else total
