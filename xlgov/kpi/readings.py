"""Monthly readings found as people keep them: across, down, or as a long list.

Why a look before a reading: most sheets of a workbook hold no readings, and a long register is not
to be read whole to learn that. The first rows tell; only a sheet with months on an axis, or with
the headings of a long list, is read to its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from xlgov.changes import Finding
from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import parse_address
from xlgov.grid.sheet import Workbook
from xlgov.kpi.across import read_across
from xlgov.kpi.down import read_down
from xlgov.kpi.joining import join_lines, report_unread
from xlgov.kpi.line import Line, Page
from xlgov.kpi.long import HEADER_ROWS, find_header, read_long
from xlgov.kpi.month_axis import Axis, MonthCells, find_axes, find_month_cells
from xlgov.kpi.number_text import Looks
from xlgov.kpi.period import APRIL
from xlgov.kpi.series import Series
from xlgov.settings.values import Settings


class Readings(NamedTuple):
    """All readings of a workbook, what is wrong with them, and the sheets they stand on."""

    series: tuple[Series, ...]
    findings: tuple[Finding, ...]
    sheets: tuple[str, ...]


def find_readings(workbook: Workbook, settings: Settings, skip: Collection[str] = ()) -> Readings:
    """The monthly readings of every indicator of a workbook.

    ``skip`` are names of sheets not to look at; sheets of our own are never looked at. A blank,
    ``n/a`` or ``-`` is no reading and never a zero. A sheet without months on an axis, and without
    the headings of a long list, has no readings, which is no finding.
    """
    looks = Looks(workbook)
    lines: list[Line] = []
    findings: list[Finding] = []
    for info in workbook.sheets:
        if info.name in skip or is_our_own(info.name):
            continue
        page = _open(workbook, info.name, settings, looks, HEADER_ROWS)
        header = find_header(page)
        cells = MonthCells() if header else find_month_cells(page)
        if not (header or find_axes(page, cells, True) or find_axes(page, cells, False)):
            continue
        page = _open(workbook, info.name, settings, looks, None)
        found = read_long(page, header) if header else []
        if not found:
            found = _read_axes(page, cells.columns if cells.columns else None)
        lines += found
        findings += _in_order(page.findings + report_unread(found))
    series = join_lines(lines, settings, findings)
    used = {place.sheet for one in series for place in _places(one)}
    sheets = tuple(info.name for info in workbook.sheets if info.name in used)
    return Readings(series, tuple(findings), sheets)


def list_readings(series: Iterable[Series]) -> list[dict[str, Any]]:
    """Readings as rows of a long table, in time order within each indicator.

    ``month`` is its first day; a part that is not there is None.
    """
    return [
        {
            "sheet": one.place.sheet if reading.place is None else reading.place.sheet,
            "address": reading.place.address if reading.place else "",
            "theme": one.theme,
            "indicator": one.name,
            "month": date(month.year, month.month, 1),
            "value": reading.value,
            "numerator": reading.numerator,
            "denominator": reading.denominator,
        }
        for one in series
        for month, reading in sorted(one.readings.items())
    ]


def _open(
    workbook: Workbook, sheet: str, settings: Settings, looks: Looks, rows: int | None
) -> Page:
    return Page(
        workbook,
        workbook.grid(sheet, rows=rows),
        looks,
        settings.day_first is not False,
        settings.year_start or APRIL,
    )


def _read_axes(page: Page, columns: Collection[int] | None) -> list[Line]:
    """The lines along rows or columns of months, which stand in some columns or (None) anywhere."""
    cells = find_month_cells(page, columns)
    across = find_axes(page, cells, True)
    lines = read_across(page, across)
    if lines:
        return lines
    down = find_axes(page, cells, False)
    return read_down(page, [axis for axis in down if _stands(axis, across)])


def _stands(axis: Axis, across: Collection[Axis]) -> bool:
    """Whether months down a column are more than the first months of rows of them."""
    return not any(axis.first <= one.line <= axis.last for one in across)


def _places(series: Series) -> Iterator[Any]:
    yield series.place
    for reading in series.readings.values():
        if reading.place:
            yield reading.place
        if reading.below:
            yield reading.below


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: parse_address(finding.address))
