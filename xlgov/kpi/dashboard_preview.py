"""One dashboard's preview while it is made: headings, rows, findings, pages of our own.

Why findings and changes are made in one pass: a cell that is corrected is a cell that was wrong,
and both speak of the same computed value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from xlgov.changes import Finding, Preview, Report, sort_findings
from xlgov.grid.sheet import Workbook
from xlgov.kpi.acceptance import leave_accepted, list_labels
from xlgov.kpi.belonging import check_month, check_names
from xlgov.kpi.checks import check_readings
from xlgov.kpi.codes import KIND, make_finding
from xlgov.kpi.computation import Computation
from xlgov.kpi.corrections import Corrections, correct_cell, does_not_apply
from xlgov.kpi.dashboard import Row
from xlgov.kpi.derived import Derived, check_derived
from xlgov.kpi.formats import Shading
from xlgov.kpi.headings import PEERS, Meaning
from xlgov.kpi.information import check_information
from xlgov.kpi.month_headings import follow_month, label_month, say_other_months
from xlgov.kpi.number_format import agrees
from xlgov.kpi.pages import Shown, check_detail, check_pages, check_year_end, shown_in
from xlgov.kpi.period import APRIL, Month
from xlgov.kpi.reasons import (
    CHARTS_SHEET,
    REASONS_SHEET,
    Page,
    Reason,
    charts_page,
    reason_notes,
    reasons_page,
)
from xlgov.kpi.reporting import (
    OwnMonth,
    Reporting,
    own_month,
    section_lag,
)
from xlgov.kpi.search import Found, say_recognised
from xlgov.settings.accepted import sift_findings
from xlgov.settings.indicators import CHART_READINGS
from xlgov.settings.values import Settings


class DashboardPreview:
    """One workbook's preview while it is made."""

    def __init__(
        self, workbook: Workbook, settings: Settings, found: Found, reporting: Reporting
    ) -> None:
        self.workbook = workbook
        self.settings = settings
        self.found = found
        self.reporting = reporting
        self.day_first = settings.day_first is not False
        self.start = settings.year_start or APRIL
        self.into = Corrections(findings=list(found.readings.findings), moves=reporting.moves)
        self.shading = Shading(settings)
        self.reasons: list[Reason] = []
        self.lags = self._lags()
        self.months: dict[str, OwnMonth] = {}
        self._computed: dict[tuple[str, Month], Computation] = {}

    @property
    def has_current(self) -> bool:
        """Whether any row has a reading in the month that it would show."""
        return any(
            self.own_month(name, row).month in self.found.series_of[name].readings
            for name, rows in self.found.rows_of.items()
            for row in rows
        )

    def own_month(self, name: str, row: Row) -> OwnMonth:
        """The month that a row of an indicator is of."""
        series, indicator = self.found.series_of[name], self.found.indicators[name]
        return own_month(row.section, series, indicator, self.reporting, self.lags)

    def preview(self, as_of: date) -> Preview:
        found, into = self.found, self.into
        into.moves = into.moves or self._shows_month_before()
        for section in found.dashboard.sections:
            cells, said = follow_month(self.workbook, section, self.reporting, self.day_first)
            into.cells += cells
            into.findings += said
        for name, rows in found.rows_of.items():
            for row in rows:
                self._correct(name, row)
        derived = check_derived(self.workbook, self.settings, skip=found.taken)
        into.cells += derived.changes
        into.findings += derived.findings
        self._check()
        rules, remarks = self.shading.rules(self.workbook)
        sifted = sift_findings(into.findings, self.settings.accepted, as_of)
        pages = self._pages()
        report = self._report(remarks, derived)
        return Preview(
            cells=leave_accepted(into.cells, sifted.accepted),
            styles=(*into.styles, *(style for _, styles in pages for style in styles)),
            formats=tuple(rules),
            notes=tuple(reason_notes(self.reasons)),
            sheets=tuple(sheet for sheet, _ in pages),
            findings=tuple(sort_findings(sifted.findings)),
            reports=(replace(report, accepted=len(sifted.accepted)),),
            labels=list_labels(found, into.findings),
        )

    def computation(self, name: str, month: Month) -> Computation:
        """The results of an indicator in a month, shared by all its rows."""
        key = (name, month)
        if key not in self._computed:
            indicator = self.found.indicators[name]
            peers = self.found.peers
            self._computed[key] = Computation(
                self.found.series_of[name],
                indicator,
                month,
                start=self.start,
                peers=peers.figures(name, counts=indicator.combine == "sum") if peers else None,
            )
        return self._computed[key]

    def _lags(self) -> dict[str, int]:
        """Per indicator the months that headings of its own are behind the others."""
        lags: dict[str, int] = {}
        for name, rows in self.found.rows_of.items():
            lags[name] = max(section_lag(row.section, self.reporting) for row in rows)
        return lags

    def _shows_month_before(self) -> bool:
        """Whether a dashboard without months in its headings still shows the month before."""
        if self.reporting.headed is not None:
            return False
        now = before = 0
        meaning = Meaning("month")
        for name, rows in self.found.rows_of.items():
            for row in rows:
                if meaning not in row.section.columns:
                    continue
                shown = shown_in(self.workbook, self.found.dashboard, row, meaning)
                month = self.own_month(name, row).month
                now += self._agrees(shown, self.computation(name, month))
                before += self._agrees(shown, self.computation(name, month.plus(-1)))
        return before > now and before * 2 > len(self.found.rows_of)

    @staticmethod
    def _agrees(shown: Shown, computation: Computation) -> bool:
        figure = computation.current()
        if shown.number is None or figure is None:
            return False
        scaled = figure * (100 if computation.indicator.is_percent and shown.number > 1.5 else 1)
        return agrees(shown.number, scaled, shown.code)

    def _correct(self, name: str, row: Row) -> None:
        series, indicator = self.found.series_of[name], self.found.indicators[name]
        own = self.own_month(name, row)
        first = name not in self.months
        if first:
            self.months[name] = own
        computation = self.computation(name, own.month)
        grid = self.found.dashboard.grids[row.sheet]
        asked: set[str] = set()
        for meaning, column in sorted(row.section.columns.items(), key=lambda each: each[1]):
            if meaning.measure == "data to":
                cell = grid.cell(row.row, column)
                change = label_month(self.workbook, cell, row, own, self.day_first)
                self.into.cells += [change] if change else []
            if meaning.holds == "label" or (meaning.measure in PEERS and computation.peers is None):
                continue
            result = computation.result(meaning)
            applies = not does_not_apply(grid.value(row.row, column))
            if meaning.holds == "outcome" and applies:
                self.reasons.append(Reason(row, meaning, computation))
                self.shading.add(row, meaning, computation)
            correct_cell(self.workbook, grid, row, meaning, indicator, result, self.into)
            if result.asks and first and result.asks not in asked:
                asked.add(result.asks)
                self.into.findings.append(
                    make_finding(
                        result.asks,
                        f"{meaning.title}: {result.reason}",
                        record=row.label,
                        sheet=row.sheet,
                        address=row.address(meaning),
                        remedy=result.remedy,
                    )
                )
        self.into.findings += say_other_months(row.section, row, own, self.reporting)
        if first:
            self.into.findings += self._chart_short(row, computation)
            self.into.findings += _check_combine(row, computation)
        if first and series.latest is not None and series.latest < own.month:
            late = self.reporting.month.since(series.latest)
            self.into.findings.append(
                make_finding(
                    "reading-late",
                    f"its last reading is of {series.latest}, {late} months before the reporting "
                    f"month",
                    record=row.label,
                    sheet=series.place.sheet,
                    address=series.place.address,
                    remedy="Enter the readings; if they always come late, state Months late = "
                    f"{late}",
                )
            )

    def _chart_short(self, row: Row, computation: Computation) -> Iterable[Finding]:
        """A control chart that somebody asked for, of few readings."""
        indicator = computation.indicator
        asked = "charts" in self.settings.extras or indicator.significant == "xmr"
        if not (asked or indicator.rebase):
            return
        chart = computation.chart()
        if chart.short and chart.readings:
            yield make_finding(
                "chart-short",
                f"its control chart has {chart.readings} readings since its start or last rebase; "
                f"from {CHART_READINGS} on the limits are steady",
                record=row.label,
                sheet=computation.series.place.sheet,
                address=computation.series.place.address,
                remedy="Read its limits with care",
            )

    def _check(self) -> None:
        found, findings = self.found, self.into.findings
        months = {name: own.month for name, own in self.months.items()}
        for name, series in found.series_of.items():
            month = months.get(name, self.reporting.month)
            findings += check_readings(series, found.indicators[name], month, found.series_of)
        findings += check_pages(self.workbook, found.dashboard, found.rows_of)
        if not self.into.moves:
            findings += check_year_end(
                self.workbook,
                found.dashboard,
                found.rows_of,
                months,
                self.start,
                fixed={n for n, each in found.indicators.items() if each.baseline is not None},
            )
        findings += check_detail(found.dashboard, found.rows_of)
        if found.information is not None:
            shown = [(name, month) for name, month in months.items()]
            findings += check_information(found.information, shown, found.names)
        if found.peers is not None:
            findings += found.peers.findings
        findings += check_names(found, self.settings)
        findings += check_month(found, self.reporting, moves=self.into.moves)

    def _pages(self) -> list[Page]:
        """The sheets asked for, and those that stand already: they must not go stale."""
        standing = {info.name.casefold() for info in self.workbook.sheets}
        pages = []
        if "reasons" in self.settings.extras or REASONS_SHEET in standing:
            pages.append(reasons_page(self.reasons))
        if "charts" in self.settings.extras or CHARTS_SHEET in standing:
            pages.append(self._charts())
        return pages

    def _charts(self) -> Page:
        return charts_page(
            self.computation(name, self.months[name].month)
            for name in self.found.rows_of
            if name in self.months
        )

    def _report(self, remarks: list[str], derived: Derived) -> Report:
        found, reporting = self.found, self.reporting
        late = sorted({str(own.month) for own in self.months.values() if own.why})
        period = f"Reporting month {reporting.month.name} ({reporting.source})"
        if late:
            period += f"; rows that come late are of {', '.join(late)}"
        return Report(
            KIND,
            "Performance dashboard",
            (*found.dashboard.sheets, *derived.sheets),
            len(found.rows_of),
            remarks=tuple(remarks),
            recognised=(*say_recognised(found), *derived.recognised),
            headline=period,
            month=f"{reporting.month.year}-{reporting.month.month:02d}",
            noun="indicator",
        )


def _check_combine(row: Row, computation: Computation) -> Iterable[Finding]:
    """A ratio by statement whose readings are plain values: no figure can be made of them."""
    if computation.indicator.combine == "ratio" and not computation.series.is_ratio:
        yield make_finding(
            "figure-undefined",
            "combine = ratio needs numerators and denominators, and its readings are plain "
            "values; no figure was computed",
            record=row.label,
            sheet=computation.series.place.sheet,
            address=computation.series.place.address,
            remedy="Enter both parts, or state another way to combine: sum, mean or latest",
        )
