"""Rows without readings, readings without a row, and months that run apart: what does not belong.

Why no guess: two indicators may be named nearly alike, so the nearest name is said and a person
decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlgov.changes import Finding
from xlgov.grid.cells import address
from xlgov.kpi.codes import make_finding
from xlgov.kpi.reporting import Reporting, latest_common_month
from xlgov.kpi.search import Found
from xlgov.settings.values import Settings


def check_names(found: Found, settings: Settings) -> list[Finding]:
    """Names on one side only: rows, readings, settings."""
    return [*_check_rows(found), *_check_series(found), *_check_settings(found, settings)]


def _check_rows(found: Found) -> Iterable[Finding]:
    said: set[str] = set()
    for row in found.unmatched:
        if row.label.casefold() in said:
            continue
        said.add(row.label.casefold())
        near = found.names.nearest(row.label)
        nearest = f"; the nearest name with readings is {near!r}" if near else ""
        yield make_finding(
            "indicator-without-readings",
            f"no readings have this name{nearest}; the row is left as it is",
            record=row.label,
            sheet=row.sheet,
            address=address(*row.label_at),
            remedy="Give both one name, or state the other one in the settings (Other names)",
        )


def _check_series(found: Found) -> Iterable[Finding]:
    parts = {found.names.find(part) for each in found.indicators.values() for part in each.parts}
    for name, series in found.series_of.items():
        if found.dashboard.sections and name not in found.rows_of and name not in parts:
            yield make_finding(
                "indicator-not-shown",
                "it has readings, but no row of a dashboard",
                record=name,
                sheet=series.place.sheet,
                address=series.place.address,
                remedy="Add a row, or correct the name",
            )


def _check_settings(found: Found, settings: Settings) -> Iterable[Finding]:
    for name, rule in settings.indicators.items():
        if any(found.names.find(each) for each in (name, *rule.names)):
            continue
        near = found.names.nearest(name)
        sheet, mark, place = settings.sources.get(f"indicators.{name}", "").rpartition("!")
        yield make_finding(
            "indicator-unknown",
            "no readings have this name" + (f"; the nearest is {near!r}" if near else ""),
            record=name,
            sheet=sheet,
            address=place if mark else "",
            remedy="Correct the name in the settings",
        )


def check_month(found: Found, reporting: Reporting) -> list[Finding]:
    """A title of another month, and readings that the dashboard does not show yet."""
    findings = []
    if reporting.moves and found.dashboard.sections:
        first = next(each for each in found.dashboard.sections if each.base == reporting.headed)
        findings.append(
            make_finding(
                "month-moves",
                f"The dashboard moves from {reporting.headed} to {reporting.month} "
                f"({reporting.source}); its old figures are not judged",
                sheet=first.sheet,
                address=first.headings[0].cell.address if first.headings else "",
                remedy="Refresh to compute them anew",
            )
        )
    title = reporting.title
    if title is not None and title.month != reporting.month:
        findings.append(
            make_finding(
                "title-lags",
                f"The title is of {title.month.name}; the dashboard is of {reporting.month.name}",
                sheet=title.place.sheet,
                address=title.place.address,
                remedy="Correct the title; the next refresh goes by it",
            )
        )
    latest = latest_common_month(found.readings.series)
    if latest is not None and latest > reporting.month:
        findings.append(
            make_finding(
                "readings-newer",
                f"Most readings go to {latest}; the dashboard is of {reporting.month} "
                f"({reporting.source})",
                remedy="Change its title or heading, or refresh with "
                f"--month {latest.year}-{latest.month:02d}",
            )
        )
    return findings
