"""The reporting month of a dashboard, and the months that single rows speak of.

Why rows have months of their own: road casualties and surveys come late. A section under its own
headings keeps its distance from the others when the reporting month moves; a row whose page of
detail is headed by an earlier month, and whose readings end there, is of that month also where the
summary prints it under a later one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlgov.grid.asof import TITLE_LENGTH, as_at_date
from xlgov.grid.cells import address
from xlgov.grid.sheet import Workbook, cell_date
from xlgov.kpi.dashboard import Dashboard, Section
from xlgov.kpi.indicator import Indicator
from xlgov.kpi.month_text import find_month
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place, Series
from xlgov.settings.values import SETTINGS_FILE, SETTINGS_SHEET, Settings

_TO_MONTH = re.compile(
    r"\b(?:as\s+(?:at|of)|position\s+at|data\s+to|figures\s+to|(?:month|period|year)\s+end(?:ing|ed)?"
    r"|month\s+of|reporting\s+(?:month|period)|performance\s+(?:to|for)|(?:period|month)\s*:)",
    re.IGNORECASE,
)
_TITLE_ROWS = 12


class Title(NamedTuple):
    """A title that says which month the dashboard is of."""

    month: Month
    place: Place
    text: str


class Reporting(NamedTuple):
    """The reporting month and where it comes from.

    ``headed`` is the month that most rows stand under as the workbook is; None without headings
    of months. ``title`` is a title that states a month.
    """

    month: Month
    source: str
    headed: Month | None = None
    title: Title | None = None

    @property
    def moves(self) -> bool:
        """Whether the headings are of another month: every old figure is then due to change."""
        return self.headed is not None and self.headed != self.month


def resolve_month(
    settings: Settings,
    title: Title | None,
    dashboard: Dashboard,
    series: Sequence[Series],
) -> Reporting | None:
    """The reporting month, nearest first; None where nothing tells.

    ``--month`` and settings, a title, the headings that most rows stand under, else the latest
    month that most indicators have a reading for.
    """
    headed = headed_month(dashboard.sections)
    source = settings.sources.get("month", "")
    if settings.month is not None:
        return Reporting(Month.of(settings.month), _said(source), headed, title)
    if title is not None:
        return Reporting(title.month, f"from {title.place}", headed, title)
    if headed is not None:
        return Reporting(headed, "from the month headings", headed)
    latest = latest_common_month(series)
    if latest is None:
        return None
    return Reporting(latest, "the latest month that most indicators have")


def _said(source: str) -> str:
    if source.startswith("--"):
        return f"from {source}"
    if source.startswith(SETTINGS_FILE):
        return f"from {SETTINGS_FILE}"
    return f"from the {SETTINGS_SHEET} sheet" if source else "from the settings"


def find_title(workbook: Workbook, dashboard: Dashboard, day_first: bool = True) -> Title | None:
    """The first title above a section, in book order, that says which month its figures are of."""
    for sheet, grid in dashboard.grids.items():
        header = min(s.header_row for s in dashboard.sections if s.sheet == sheet)
        for row in grid.rows():
            if row >= min(header, _TITLE_ROWS):
                break
            label = ""
            for column, value in grid.row(row).items():
                if isinstance(value, str):
                    text = " ".join(value.split())
                    month = _title_month(text, day_first)
                    if month:
                        return Title(month, Place(sheet, row, column), text)
                    label = text
                    continue
                moment = cell_date(workbook, grid.cell(row, column))
                if moment and _TO_MONTH.search(label):
                    return Title(Month.of(moment.date()), Place(sheet, row, column), label)
    return None


def _title_month(text: str, day_first: bool) -> Month | None:
    if len(text) > TITLE_LENGTH:
        return None
    day = as_at_date(text, day_first)
    if day is not None:
        return Month.of(day)
    stated = _TO_MONTH.search(text)
    found = find_month(text[stated.end() :], day_first) if stated else None
    return found[0] if found else None


def headed_month(sections: Iterable[Section]) -> Month | None:
    """The month that most rows stand under; the later of two that are even."""
    rows: Counter[Month] = Counter()
    for section in sections:
        if section.base is not None:
            rows[section.base] += len(section.rows)
    return max(rows, key=lambda month: (rows[month], month), default=None)


def latest_common_month(series: Sequence[Series]) -> Month | None:
    """The latest month for which more than half of the indicators have a reading."""
    having: Counter[Month] = Counter()
    for each in series:
        having.update(each.readings.keys())
    number = sum(1 for each in series if each.readings)
    return max((month for month, count in having.items() if count * 2 > number), default=None)


def section_lag(section: Section, reporting: Reporting) -> int:
    """Months that a section's headings are behind the others; 0 where they are not."""
    if section.base is None or reporting.headed is None:
        return 0
    return max(reporting.headed.since(section.base), 0)


class OwnMonth(NamedTuple):
    """The month that a row is of, and why it is not the reporting month ("" where it is)."""

    month: Month
    why: str = ""


def own_month(
    section: Section,
    series: Series,
    indicator: Indicator,
    reporting: Reporting,
    lags: Mapping[str, int],
) -> OwnMonth:
    """The month of an indicator's row. ``lags`` are those of its rows under headings of their own.

    Stated in settings first; then the section's own headings; then the page of detail, where the
    readings do end before the reporting month.
    """
    month = reporting.month
    if indicator.lag is not None:
        why = f"settings say {indicator.lag} months late" if indicator.lag else ""
        return OwnMonth(month.plus(-indicator.lag), why)
    lag = section_lag(section, reporting)
    if lag:
        return OwnMonth(month.plus(-lag), "its own headings say so")
    if series.latest is not None and series.latest >= month:
        return OwnMonth(month)
    other = lags.get(series.name, 0)
    if other and month.plus(-other) in series.readings:
        return OwnMonth(month.plus(-other), "its page of detail says so")
    return OwnMonth(month)


def heading_address(section: Section) -> str:
    """The first heading that is a month, else the row of headings."""
    if section.headings:
        return section.headings[0].cell.address
    return address(section.header_row, min(section.columns.values()))
