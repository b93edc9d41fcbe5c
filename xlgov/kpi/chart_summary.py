"""One row per control chart, for a sheet of our own: icons, lines, and why.

Why words beside each icon: the icon is for scanning, the word is what can be searched, read aloud
and printed without colour. The icons are characters of Windows Glyph List 4, which the fonts that
Excel starts with can show: ▲ ▼ a special cause on the high or the low side, • common cause; √ a
target consistently met, × consistently missed, ? hit and miss (as on the NHS icon).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from xlgov.changes import NewValue
from xlgov.kpi.spc_chart import Assurance, ControlChart, show_plain
from xlgov.kpi.spc_rules import HIGH_CAUSES
from xlgov.kpi.written import NOT_AVAILABLE

HEADINGS = (
    "Indicator",
    "Variation",
    "Assurance",
    "Latest month",
    "Latest",
    "Mean",
    "Lower limit",
    "Upper limit",
    "Target",
    "Readings",
    "Why",
)

HIGH, LOW, USUAL = "▲", "▼", "•"
ASSURANCE_ICONS: Mapping[Assurance, str] = {"passing": "√", "failing": "×", "hit and miss": "?"}
NOT_APPLICABLE = "-"  # no target, or none that can be judged


class ChartLine(NamedTuple):
    """An indicator's chart as the summary shows it.

    ``month`` is that of the latest reading, as printed. ``target`` None takes the chart's own.
    ``show`` prints the figures of the sentence in the indicator's unit.
    """

    indicator: str
    theme: str
    month: str
    chart: ControlChart
    target: float | None = None
    show: Callable[[float], str] = show_plain


def list_charts(lines: Iterable[ChartLine]) -> tuple[tuple[NewValue, ...], ...]:
    """The rows of the summary: headings, then indicators in their order.

    A row with the theme's name alone stands before the first indicator of each theme that has a
    name. A figure that there is not is None, so a blank cell; figures are unrounded.
    """
    rows: list[tuple[NewValue, ...]] = [HEADINGS]
    theme = ""
    for line in lines:
        if line.theme and line.theme != theme:
            rows.append((line.theme, *[None] * (len(HEADINGS) - 1)))
        theme = line.theme
        rows.append(_list_chart(line))
    return tuple(rows)


def show_variation(chart: ControlChart) -> str:
    """The variation with its icon: ``▲ concern``; ``n/a`` without readings."""
    if chart.latest is None or chart.variation is None:
        return NOT_AVAILABLE
    cause = chart.latest.special_cause
    icon = USUAL if cause is None else HIGH if cause in HIGH_CAUSES else LOW
    return f"{icon} {chart.variation}"


def show_assurance(chart: ControlChart) -> str:
    """The assurance with its icon: ``? hit and miss``; ``-`` where none is given."""
    if chart.assurance is None:
        return NOT_APPLICABLE
    return f"{ASSURANCE_ICONS[chart.assurance]} {chart.assurance}"


def _list_chart(line: ChartLine) -> tuple[NewValue, ...]:
    chart, latest = line.chart, line.chart.latest
    lines: tuple[float | None, ...] = (None,) * 4
    if latest is not None:
        lines = (latest.value, latest.centre, latest.lower, latest.upper)
    return (
        line.indicator,
        show_variation(chart),
        show_assurance(chart),
        line.month or None,
        *lines,
        chart.target if line.target is None else line.target,
        chart.readings,
        chart.explain(line.show),
    )
