"""The information sheet: which data each indicator has, and to which month.

Why it is checked: it is written by hand once and then forgotten; a page that says *Data to
September 2017* beside a dashboard of March 2018 tells its readers something that is not so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import Value, is_blank
from xlgov.grid.sheet import Grid, Workbook
from xlgov.kpi.blocks import printed_text
from xlgov.kpi.codes import make_finding
from xlgov.kpi.month_text import cell_month, find_month
from xlgov.kpi.names import Names, normal_name
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place

_DEEPEST = 600  # rows of a sheet that are looked at
_FEWEST = 2  # indicators that make an information sheet of a table

_INDICATOR = frozenset(
    ("indicator", "performance indicator", "measure", "kpi", "metric", "indicator name")
)
_DATE = frozenset(
    (
        *("data date", "data to", "date of data", "data period", "latest data", "data month"),
        *("data up to", "period of data", "data as at", "date to", "data available to"),
    )
)
_SOURCE = frozenset(
    ("data used", "source", "data source", "source of data", "source data", "peer comparison")
)
_BESIDE = (
    _INDICATOR
    | _DATE
    | _SOURCE
    | frozenset(
        (
            "theme",
            "section",
            "priority",
            "order",
            "no",
            "ref",
            "note",
            "comment",
            "owner",
            "contact",
        )
    )
)


class InformationRow(NamedTuple):
    """One indicator's row: its name as printed, the month its data go to (None: not said)."""

    name: str
    data_to: Month | None
    place: Place
    date_place: Place


class Information(NamedTuple):
    """The information sheet as it was read."""

    sheet: str
    rows: tuple[InformationRow, ...] = ()


class _Columns(NamedTuple):
    """Where a row of headings has what."""

    indicator: int
    date: int


def find_information(
    workbook: Workbook, skip: Collection[str] = (), day_first: bool = True
) -> Information | None:
    """The information sheet of a workbook, on any sheet but those in ``skip``; None without one.

    It has a heading for indicators, one for the month that their data go to, and one for their
    source or for peers unless all its headings describe data: else it is a dashboard's column.
    """
    for sheet in workbook.sheets:
        if sheet.name in skip or is_our_own(sheet.name):
            continue
        grid = workbook.grid(sheet.name, rows=_DEEPEST)
        rows = tuple(_rows(workbook, grid, day_first))
        if len(rows) >= _FEWEST and any(row.data_to is not None for row in rows):
            return Information(sheet.name, rows)
    return None


def check_information(
    information: Information,
    indicators: Sequence[tuple[str, Month]],
    names: Names | None = None,
) -> list[Finding]:
    """Rows of the sheet that lag the dashboard, and indicators without a row.

    ``indicators`` are those on the dashboard, each with the month of its figures. ``names`` finds
    them by the names on the sheet; without it, the names alone do. A row that gives no month, or
    ``n/a``, says nothing wrong.
    """
    names = names or Names([name for name, _ in indicators])
    months = dict(indicators)
    findings: list[Finding] = []
    found: set[str] = set()
    for row in information.rows:
        name = names.find(row.name)
        if name is None or name not in months:
            continue
        found.add(name)
        own = months[name]
        if row.data_to is not None and row.data_to < own:
            behind = own.since(row.data_to)
            months_behind = f"{behind} month{'s' if behind > 1 else ''}"
            findings.append(
                make_finding(
                    "information-lags",
                    f"the sheet says data to {row.data_to.name}; the dashboard's figures are of "
                    f"{own.name}, {months_behind} later",
                    record=name,
                    sheet=row.date_place.sheet,
                    address=row.date_place.address,
                    remedy="Write the month that the data go to",
                )
            )
    unknown = [row for row in information.rows if names.find(row.name) not in months]
    for name in months:
        if name not in found:
            findings.append(_missing(information, name, unknown))
    return findings


def _missing(information: Information, name: str, unknown: Sequence[InformationRow]) -> Finding:
    near = Names([row.name for row in unknown]).nearest(name)
    row = next((row for row in unknown if row.name == near), None)
    message = f"there is no row for it on {information.sheet}"
    if row is not None:
        message += f"; the nearest is “{row.name}”"
        remedy = "If they are one, add the sheet's name to Other names in the settings; else a row"
    else:
        remedy = "Add a row that says which data it has, and to which month"
    place = row.place if row is not None else information.rows[0].place
    return make_finding(
        "information-missing",
        message,
        record=name,
        sheet=place.sheet,
        address=place.address,
        remedy=remedy,
    )


def _rows(workbook: Workbook, grid: Grid, day_first: bool) -> Iterator[InformationRow]:
    columns: _Columns | None = None
    for row in grid.rows():
        values = {c: value for c, value in grid.row(row).items() if not is_blank(value)}
        columns_here = _headings(values)
        if columns_here is not None:
            columns = columns_here
            continue
        if columns is None:
            continue
        name = printed_text(values.get(columns.indicator))
        others = [column for column in values if column != columns.indicator]
        if not name or not others:  # a theme, or the end of a part
            continue
        yield InformationRow(
            name,
            _month(workbook, grid, row, columns.date, day_first),
            Place(grid.sheet, row, columns.indicator),
            Place(grid.sheet, row, columns.date),
        )


def _headings(values: dict[int, Value]) -> _Columns | None:
    """The columns of a row of headings; None for any other row."""
    named = {c: normal_name(value) for c, value in values.items() if isinstance(value, str)}
    indicator = next((column for column, name in named.items() if name in _INDICATOR), None)
    date = next((column for column, name in named.items() if name in _DATE), None)
    known = set(named.values())
    if indicator is None or date is None or not (known & _SOURCE or known <= _BESIDE):
        return None
    return _Columns(indicator, date)


def _month(workbook: Workbook, grid: Grid, row: int, column: int, day_first: bool) -> Month | None:
    cell = grid.cell(row, column)
    month = cell_month(workbook, cell, day_first)
    if month is None and isinstance(cell.value, str):
        inside = find_month(cell.value, day_first)
        return inside[0] if inside else None
    return month
