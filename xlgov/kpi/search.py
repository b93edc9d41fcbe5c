"""What a workbook has for a dashboard, and how its parts belong together. Nothing is judged here.

Why a workbook without a dashboard is left alone: tables of months are everywhere, in budgets and
rotas. Only where comparison columns stand, or settings name indicators, are readings looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlgov.grid.sheet import Workbook
from xlgov.kpi.dashboard import Dashboard, Row, dashboard_sheets, find_dashboard
from xlgov.kpi.indicator import Indicator, resolve_indicator
from xlgov.kpi.information import Information, find_information
from xlgov.kpi.names import Names
from xlgov.kpi.pages import summary_sheet
from xlgov.kpi.peers import Peers, find_peers
from xlgov.kpi.readings import Readings, find_readings
from xlgov.kpi.series import Series
from xlgov.settings.values import Settings


@dataclass(slots=True)
class Found:
    """What a workbook has for a dashboard, and how the parts belong together.

    ``rows_of`` are an indicator's rows, the summary's first; ``unmatched`` the rows that have no
    readings; ``indicators`` and ``series_of`` are by the name that the readings have.
    """

    dashboard: Dashboard = field(default_factory=Dashboard)
    readings: Readings = field(default_factory=lambda: Readings((), (), ()))
    peers: Peers | None = None
    information: Information | None = None
    names: Names = field(default_factory=lambda: Names(()))
    series_of: Mapping[str, Series] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    rows_of: dict[str, list[Row]] = field(default_factory=dict)
    unmatched: list[Row] = field(default_factory=list)
    taken: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the workbook has nothing for this kind."""
        return not self.dashboard.sections and not self.readings.series


def search_dashboard(workbook: Workbook, settings: Settings) -> Found:
    """The dashboards, readings, peers and information sheet of a workbook; nothing is judged."""
    sheets = dashboard_sheets(workbook, settings.day_first is not False)
    if not sheets and not settings.indicators:
        return Found(taken=())
    readings = find_readings(workbook, settings)
    others = {name: rule.names for name, rule in settings.indicators.items() if rule.names}
    names = Names([series.name for series in readings.series], others)
    dashboard = find_dashboard(workbook, sheets, names.find, settings.day_first is not False)
    if not dashboard.sections and not settings.indicators:
        return Found()
    series_of = {series.name: series for series in readings.series}
    found = Found(
        dashboard,
        readings,
        names=names,
        series_of=series_of,
        indicators={name: resolve_indicator(each, settings) for name, each in series_of.items()},
    )
    taken = (*dashboard.sheets, *readings.sheets)
    found.peers = find_peers(workbook, settings, skip=taken)
    found.information = find_information(workbook, skip=(*taken, *found.peers.sheets))
    found.taken = (*taken, *found.peers.sheets)
    if found.information is not None:
        found.taken = (*found.taken, found.information.sheet)
    summary = summary_sheet(dashboard)
    for row in sorted(dashboard.rows(), key=lambda each: each.sheet != summary):
        name = names.find(row.label)
        if name is None:
            found.unmatched.append(row)
        else:
            found.rows_of.setdefault(name, []).append(row)
    return found


def say_recognised(found: Found) -> tuple[str, ...]:
    """How the sheets were read, a line each."""
    lines = []
    for sheet in found.dashboard.sheets:
        sections = [each for each in found.dashboard.sections if each.sheet == sheet]
        rows = sum(len(each.rows) for each in sections)
        columns = list(dict.fromkeys(m.title for each in sections for m in each.columns))
        lines.append(
            f"{sheet} is read as a dashboard, {rows} row{'' if rows == 1 else 's'} "
            f"({', '.join(columns)})"
        )
    for sheet in found.readings.sheets:
        series = [each for each in found.readings.series if each.place.sheet == sheet]
        lines.append(f"{sheet} is read as monthly readings, {len(series)} indicators")
    if found.peers is not None and found.peers.sheets:
        lines.append(f"{', '.join(found.peers.sheets)} is read as figures of similar forces")
    if found.information is not None:
        lines.append(f"{found.information.sheet} is read as the information sheet")
    return tuple(lines)
