"""Headings that are months follow the reporting month, each in the manner it is written.

A heading made by a formula is the office's own way to do so and stays; where it does not follow,
a finding says it. A title that states another month is prose and stays too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from xlgov.changes import CellChange, Finding
from xlgov.grid.sheet import Cell, Workbook, cell_date
from xlgov.kpi.codes import make_finding
from xlgov.kpi.dashboard import Row, Section
from xlgov.kpi.header_rows import MonthHeading
from xlgov.kpi.headings import Meaning
from xlgov.kpi.month_text import cell_month, write_month
from xlgov.kpi.period import YEAR, Month
from xlgov.kpi.reporting import OwnMonth, Reporting, section_lag


def follow_month(
    workbook: Workbook, section: Section, reporting: Reporting, day_first: bool
) -> tuple[list[CellChange], list[Finding]]:
    """The headings of a section that have to change, and those that cannot."""
    changes: list[CellChange] = []
    findings: list[Finding] = []
    if section.base is None:
        return changes, findings
    base = reporting.month.plus(-section_lag(section, reporting))
    for heading in section.headings:
        wanted = base.plus(-YEAR * heading.years)
        if heading.month == wanted:
            continue
        after = (
            None if heading.cell.formula else _written(workbook, heading.cell, wanted, day_first)
        )
        if after is None:
            findings.append(
                make_finding(
                    "month-heading-differs",
                    f"the heading is {heading.month}; the figures below are of {wanted}",
                    sheet=section.sheet,
                    address=heading.cell.address,
                    remedy="Correct the formula of the heading"
                    if heading.cell.formula
                    else f"Write {wanted} there",
                )
            )
            continue
        reason = f"the heading follows the reporting month, {reporting.month}"
        changes.append(
            CellChange(
                section.sheet, heading.cell.address, heading.cell.value, after, reason, "heading"
            )
        )
    for heading in section.odd:
        if _is_right_already(section, heading, base):
            continue
        findings.append(
            make_finding(
                "month-heading-unclear",
                f"the heading is {heading.month}, which is no whole years before {section.base}; "
                "the column is left alone",
                sheet=section.sheet,
                address=heading.cell.address,
                remedy="Correct the heading and refresh",
            )
        )
    return changes, findings


def _is_right_already(section: Section, heading: MonthHeading, base: Month) -> bool:
    """Whether a heading that fits no other one fits the month that the others will follow.

    Its column is then one of the section's: the next refresh would find it so.
    """
    years, rest = divmod(base.since(heading.month), YEAR)
    meaning = Meaning(heading.meaning.measure, years)
    if rest or years < 0 or meaning in section.columns:
        return False
    section.columns[meaning] = heading.cell.column
    return True


def label_month(
    workbook: Workbook, cell: Cell, row: Row, own: OwnMonth, day_first: bool
) -> CellChange | None:
    """The change of a cell that says which month a row's figures are of; None where it is right."""
    if cell.formula or cell_month(workbook, cell, day_first) == own.month:
        return None
    after = _written(workbook, cell, own.month, day_first)
    if after is None:
        if cell.value is not None:
            return None
        after = str(own.month)
    reason = f"{row.label}: its figures are of {own.month}"
    what = "data to"
    return CellChange(row.sheet, cell.address, cell.value, after, reason, what, row.label, what)


def _written(
    workbook: Workbook, cell: Cell, month: Month, day_first: bool
) -> str | date | int | None:
    """The month in the manner of the cell; None where its manner is not known."""
    if isinstance(cell.value, str):
        return write_month(cell.value, month, day_first)
    moment = cell_date(workbook, cell)
    if moment is None:
        return None
    if moment.day == 1:
        return month.first_day
    if moment.day >= 28:
        return date.fromordinal(month.plus(1).first_day.toordinal() - 1)
    return month.first_day.replace(day=moment.day)


def say_other_months(
    section: Section, row: Row, own: OwnMonth, reporting: Reporting
) -> Iterable[Finding]:
    """A row whose figures are of another month than its headings say."""
    headed = reporting.month.plus(-section_lag(section, reporting))
    if not own.why or own.month == headed or Meaning("data to") in section.columns:
        return  # right, or said in a column of its own
    meaning = Meaning("month") if Meaning("month") in section.columns else None
    address = row.address(meaning) if meaning else ""
    under = f"under a heading of {headed}" if section.base else f"on a dashboard of {headed}"
    yield make_finding(
        "reading-late",
        f"its figures are of {own.month}, {under}; {own.why}",
        record=row.label,
        sheet=row.sheet,
        address=address,
        remedy=f"Give the row headings of its own month, or say beside it that it is {own.month}",
    )
