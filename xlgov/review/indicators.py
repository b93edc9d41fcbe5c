"""The indicators of a dashboard as records: their figures, and the readings behind them.

Why readings too: a figure that was revised for a month long past changes totals that nobody
touched, and a board that sees a new FYTD asks why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from xlgov.grid.records import Record
from xlgov.grid.sheet import Grid, Workbook, cell_date
from xlgov.kpi.dashboard import Row
from xlgov.kpi.names import normal_name
from xlgov.kpi.search import Found
from xlgov.kpi.series import Place, Series
from xlgov.review.held import plain_text
from xlgov.review.records import Page, Recorded


def read_indicators(workbook: Workbook, kind: str, found: Found) -> Iterator[Recorded]:
    """One record per indicator: its row on the summary, and what only its detail page has."""
    rows_of: dict[str, list[Row]] = {}
    series_of = {normal_name(name): series for name, series in found.series_of.items()}
    for name, rows in found.rows_of.items():
        rows_of.setdefault(normal_name(name), []).extend(rows)
    for row in found.unmatched:
        rows_of.setdefault(normal_name(row.label), []).append(row)
    pages: dict[int, Page] = {}
    grids: dict[str, Grid] = {}
    order = {id(row): place for place, row in enumerate(found.dashboard.rows())}
    for key, rows in sorted(rows_of.items(), key=lambda item: order.get(id(item[1][0]), 0)):
        parts = []
        for row in rows:
            page = pages.get(id(row.section))
            if page is None:
                page = pages[id(row.section)] = _section_page(workbook, kind, found, row)
            columns = {m.title: c for m, c in row.section.columns.items() if m.holds != "label"}
            columns["indicator"] = row.label_at[1]
            parts.append((page, Record({}, row.row, columns)))
        if key in series_of:
            parts += _history(workbook, kind, series_of[key], grids)
        yield Recorded(kind, plain_text(rows[0].label), key, tuple(parts), named=True)


def _section_page(workbook: Workbook, kind: str, found: Found, row: Row) -> Page:
    grid = found.dashboard.grids[row.sheet]
    section = row.section
    headings = {"indicator": "Indicator"}
    for meaning, column in sorted(section.columns.items(), key=lambda item: item[1]):
        if meaning.holds != "label":
            headings[meaning.title] = _printed(workbook, grid, section.header_row, column)
    page = Page(kind, row.sheet, workbook, grid, headings, reference="indicator")
    page.shows_figures = True
    return page


def _printed(workbook: Workbook, grid: Grid, row: int, column: int) -> str:
    """A heading as people see it: a date as its month."""
    cell = grid.cell(row, column)
    moment = cell_date(workbook, cell)
    return f"{moment:%b-%y}" if isinstance(moment, datetime) else plain_text(cell.value)


def _history(
    workbook: Workbook, kind: str, series: Series, grids: dict[str, Grid]
) -> Iterator[tuple[Page, Record]]:
    """The readings of an indicator, month by month, on the sheets where they stand."""
    cells: dict[str, dict[str, tuple[int, int]]] = {}
    for month, reading in sorted(series.readings.items()):
        first = "numerator" if reading.value is None else "reading"
        for what, place in ((first, reading.place), ("denominator", reading.below)):
            if isinstance(place, Place):
                names = cells.setdefault(place.sheet, {})
                names[f"{what} {month}"] = (place.row, place.column)
    for sheet, names in cells.items():
        grid = grids.get(sheet)
        if grid is None:
            grid = grids[sheet] = workbook.grid(sheet)
        page = Page(kind, sheet, workbook, grid, {name: name for name in names}, "indicator")
        page.is_history = True
        yield page, Record(names)
