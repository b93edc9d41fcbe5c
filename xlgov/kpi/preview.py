"""What a refresh would do to the dashboards of a workbook, as values. Writes nothing.

Why a dashboard may be left alone whole: without readings, or with none in its month, every figure
would become n/a; a slip in a title must not empty a board's dashboard.

Why what computes a dashboard is imported inside: every refresh comes here, nearly every workbook
has no dashboard, and a run over one small workbook is mostly its start.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from xlgov.changes import Finding, Preview, Report, sort_findings
from xlgov.grid.sheet import Workbook
from xlgov.kpi.acceptance import leave_accepted, list_labels
from xlgov.kpi.codes import KIND, make_finding
from xlgov.kpi.search import Found, say_recognised, search_dashboard
from xlgov.settings.accepted import sift_findings
from xlgov.settings.values import Settings


def preview_dashboard(
    workbook: Workbook, settings: Settings, as_of: date, found: Found | None = None
) -> Preview:
    """What to write into the dashboards of a workbook, and what was found.

    ``as_of`` is the day up to which accepted findings hold.
    """
    if found is None:
        found = search_dashboard(workbook, settings)
    if found.is_empty:
        if not settings.totals and not settings.shares:
            return Preview()
        return _without_dashboard(workbook, settings, as_of)
    from xlgov.kpi.belonging import no_readings_in
    from xlgov.kpi.dashboard_preview import DashboardPreview
    from xlgov.kpi.reporting import find_title, resolve_month

    day_first = settings.day_first is not False
    title = find_title(workbook, found.dashboard, day_first)
    reporting = resolve_month(settings, title, found.dashboard, found.shown)
    if reporting is None or not found.readings.series:
        finding = make_finding(
            "readings-missing",
            "the workbook has a dashboard but no monthly readings that can be read; nothing is "
            "recalculated",
            sheet=next(iter(found.dashboard.sheets), ""),
            remedy="Keep the readings in this workbook: a row per indicator, a column per month",
        )
        return _refuse(found, finding, settings, as_of)
    work = DashboardPreview(workbook, settings, found, reporting)
    if found.rows_of and not work.has_current:
        return _refuse(found, no_readings_in(found, reporting), settings, as_of)
    return work.preview(as_of)


def _without_dashboard(workbook: Workbook, settings: Settings, as_of: date) -> Preview:
    """Derived tables alone, where settings state what their totals are made of."""
    from xlgov.kpi.derived import check_derived

    derived = check_derived(workbook, settings)
    if not derived.sheets:
        return Preview()
    sifted = sift_findings(derived.findings, settings.accepted, as_of)
    report = Report(
        KIND,
        "Derived tables",
        derived.sheets,
        len(derived.sheets),
        recognised=derived.recognised,
        noun="sheet",
    )
    return Preview(
        cells=leave_accepted(derived.changes, sifted.accepted),
        findings=tuple(sort_findings(sifted.findings)),
        reports=(replace(report, accepted=len(sifted.accepted)),),
        labels=list_labels(Found(), derived.findings),
    )


def _refuse(found: Found, finding: Finding, settings: Settings, as_of: date) -> Preview:
    """A dashboard of whose figures nothing can be said: one finding says why, nothing changes."""
    rows = found.dashboard.rows()
    sheets = found.dashboard.sheets
    recognised = say_recognised(found)
    report = Report(
        KIND, "Performance dashboard", sheets, len(rows), recognised=recognised, noun="indicator"
    )
    findings = (*found.readings.findings, finding)
    sifted = sift_findings(findings, settings.accepted, as_of)
    return Preview(
        findings=tuple(sort_findings(sifted.findings)),
        reports=(replace(report, accepted=len(sifted.accepted)),),
        labels=list_labels(found, findings),
    )
