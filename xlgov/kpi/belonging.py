"""Rows without readings, readings without a row, and months that run apart: what does not belong.

Why no guess: two indicators may be named nearly alike, so the nearest name is said and a person
decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlgov.changes import Finding
from xlgov.grid.cells import address
from xlgov.kpi.codes import make_finding
from xlgov.kpi.indicator import rule_named
from xlgov.kpi.period import Month
from xlgov.kpi.reporting import Reporting, latest_common_month
from xlgov.kpi.search import Found
from xlgov.settings.values import SETTINGS_FILE, Settings


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
        why = "no readings have this name"
        if found.names.find(row.label):
            why = "the readings of this name are those of another theme"
        elif near:
            why += f"; the nearest name with readings is {near!r}"
        yield make_finding(
            "indicator-without-readings",
            f"{why}; the row is left as it is",
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
        source = settings.sources.get(f"indicators.{name}", "")
        if source.startswith(SETTINGS_FILE) and (not near or rule_named(settings.indicators, near)):
            continue  # a file for a folder names the indicators of other workbooks too
        sheet, mark, place = source.rpartition("!")
        yield make_finding(
            "indicator-unknown",
            "no readings have this name" + (f"; the nearest is {near!r}" if near else ""),
            record=name,
            sheet=sheet,
            address=place if mark else "",
            remedy="Correct the name in the settings",
        )


def no_readings_in(found: Found, reporting: Reporting) -> Finding:
    """Why a dashboard is left alone: a slip in its month would empty it."""
    latest = latest_common_month(found.shown)
    title = reporting.title
    return make_finding(
        "readings-elsewhen",
        f"No indicator of the dashboard has a reading for {reporting.month.name} "
        f"({reporting.source}); "
        + (f"most go to {latest.name}. " if latest else "")
        + "Nothing was changed",
        sheet=title.place.sheet if title else "",
        address=title.place.address if title else "",
        remedy="Correct the month, or enter its readings",
    )


def check_month(found: Found, reporting: Reporting, *, moves: bool) -> list[Finding]:
    """A title of another month, and readings that the dashboard does not show yet.

    ``moves``: the dashboard shows another month than it will.
    """
    findings = []
    if moves and found.dashboard.sections:
        sections = found.dashboard.sections
        headed = [each for each in sections if each.base == reporting.headed]
        first = headed[0] if headed else sections[0]
        before = reporting.headed or reporting.month.plus(-1)
        findings.append(
            make_finding(
                "month-moves",
                f"The dashboard moves from {before} to {reporting.month} "
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
    latest = latest_common_month(found.shown)
    if latest is not None and latest > reporting.month:
        findings.append(
            make_finding(
                "readings-newer",
                f"Most readings go to {latest}; the dashboard is of {reporting.month} "
                f"({reporting.source})",
                remedy=_to_follow(reporting, latest),
            )
        )
    return findings


def _to_follow(reporting: Reporting, latest: Month) -> str:
    """What to do for a dashboard to show its newest readings."""
    option = f"--month {latest.year}-{latest.month:02d}"
    if reporting.source.startswith("from --month"):
        return f"Refresh with {option}, or without --month"
    if reporting.title is not None and reporting.title.month == reporting.month:
        return f"Change the title, or refresh with {option}"
    if reporting.headed == reporting.month:
        return f"Change the first month heading, or refresh with {option}"
    return f"Change the month in the settings, or refresh with {option}"
