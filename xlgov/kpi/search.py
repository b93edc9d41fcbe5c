"""What a workbook has for a dashboard, and how its parts belong together. Nothing is judged here.

Why a workbook without a dashboard is left alone: tables of months are everywhere, in budgets and
rotas. Only where comparison columns stand, or settings name indicators, are readings looked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from xlgov.grid.sheet import Workbook
from xlgov.kpi.dashboard import Dashboard, Row, dashboard_sheets, find_dashboard
from xlgov.kpi.indicator import Indicator, resolve_indicator, rule_named
from xlgov.kpi.information import Information, find_information
from xlgov.kpi.names import Names, normal_name
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

    @property
    def shown(self) -> list[Series]:
        """The readings of indicators that a dashboard shows; all of them where it shows none."""
        shown = [self.series_of[name] for name in self.rows_of]
        return shown or list(self.readings.series)

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets that belong to the dashboard, whatever they hold of it."""
        return self.taken


def search_dashboard(workbook: Workbook, settings: Settings, skip: Collection[str] = ()) -> Found:
    """The dashboards, readings, peers and information sheet of a workbook; nothing is judged.

    Sheets in ``skip`` belong to other registers.
    """
    day_first = settings.day_first is not False
    sheets = dashboard_sheets(workbook, day_first, skip)
    if not sheets and not settings.indicators:
        return Found(taken=())
    readings = find_readings(workbook, settings, skip)
    others = {name: rule.names for name, rule in settings.indicators.items() if rule.names}
    names = Names([series.name for series in readings.series], others)
    places = [
        place
        for series in readings.series
        for reading in series.readings.values()
        for place in (reading.place, reading.below)
        if place is not None and place.sheet in sheets
    ]
    dashboard = find_dashboard(
        workbook, sheets, names.find, settings.day_first is not False, places
    )
    # Settings may be those of a whole folder: monthly figures of a budget are nobody's indicators.
    if not dashboard.sections and not any(map(names.find, settings.indicators)):
        return Found()
    series_of = {series.name: series for series in readings.series}
    found = Found(
        dashboard,
        readings,
        names=names,
        series_of=series_of,
    )
    taken = (*skip, *dashboard.sheets, *readings.sheets)
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
    _part_namesakes(found)
    _take_themes(found, settings)
    found.indicators = {name: resolve_indicator(s, settings) for name, s in series_of.items()}
    return found


def _part_namesakes(found: Found) -> None:
    """Take away the rows of an indicator's namesake in another theme.

    Of two indicators with one name the first one's readings are used, and a finding says so; they
    are not those of a row under the other's theme.
    """
    for finding in found.readings.findings:
        name = finding.record
        rows = found.rows_of.get(name, []) if finding.code == "indicator-twice" else []
        theme = normal_name(found.series_of[name].theme) if rows else ""
        own = [row for row in rows if normal_name(row.theme) == theme]
        if theme and own:
            found.unmatched += [row for row in rows if row.theme and row not in own]
            found.rows_of[name] = [row for row in rows if not row.theme or row in own]


def _take_themes(found: Found, settings: Settings) -> None:
    """Give readings the theme of settings that their row stands under, where they have none.

    Readings mostly stand on one sheet without themes, or under a sheet's name.
    """
    for name, rows in found.rows_of.items():
        series = found.series_of[name]
        if not rule_named(settings.themes, series.theme):
            stated = (row.theme for row in rows if rule_named(settings.themes, row.theme))
            series.theme = next(stated, series.theme)


def say_recognised(found: Found) -> tuple[str, ...]:
    """How the sheets were read, a line each."""
    lines = []
    for sheet in found.dashboard.sheets:
        sections = [each for each in found.dashboard.sections if each.sheet == sheet]
        rows = sum(len(each.rows) for each in sections)
        columns = list(
            dict.fromkeys(
                meaning.title
                for each in sections
                for meaning, _ in sorted(each.columns.items(), key=lambda pair: pair[1])
            )
        )
        lines.append(
            f"{sheet} is read as a dashboard, {rows} row{'' if rows == 1 else 's'} "
            f"({', '.join(columns)})"
        )
    of_sheet = Counter(
        sheet
        for series in found.readings.series
        for sheet in {
            place.sheet
            for reading in series.readings.values()
            for place in (reading.place, reading.below)
            if place is not None
        }
    )
    for sheet in found.readings.sheets:
        number = of_sheet[sheet]
        noun = "indicator" if number == 1 else "indicators"
        lines.append(f"{sheet} is read as monthly readings, {number} {noun}")
    if found.peers is not None and found.peers.sheets:
        lines.append(f"{', '.join(found.peers.sheets)} is read as figures of similar forces")
    if found.information is not None:
        lines.append(f"{found.information.sheet} is read as the information sheet")
    return tuple(lines)
