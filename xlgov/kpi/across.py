"""Readings with the months across the columns and an indicator, or one part of it, on each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlgov.grid.cells import address, is_blank
from xlgov.kpi.beside import Beside, find_beside
from xlgov.kpi.line import Cells, Line, Page, column_cells
from xlgov.kpi.measure_words import (
    Part,
    is_comparison,
    is_name_heading,
    month_and_part,
    part_in,
    read_part,
    sheet_as_name,
    stated_field,
    tell_parts,
    theme_of_sheet,
)
from xlgov.kpi.month_axis import Axis
from xlgov.kpi.month_text import read_year
from xlgov.kpi.period import YEAR, Month
from xlgov.kpi.row_names import NamedRow, Row, RowNames
from xlgov.kpi.series import Place

_COMPARISONS_OF_A_DASHBOARD = 2
_TITLE_ROWS = 6  # rows over the months in which the title of their block may stand


@dataclass(slots=True)
class MonthColumn:
    """A column of readings: its month, and which part of them where a heading says so."""

    column: int
    month: Month
    part: Part | None = None


def read_across(page: Page, axes: Sequence[Axis]) -> list[Line]:
    """The lines of every block of a page whose months run across."""
    blocks: list[tuple[str, list[Line]]] = []
    last_row = max(page.grid.rows(), default=0)
    above = 0
    for place, axis in enumerate(axes):
        bottom = axes[place + 1].line - 1 if place + 1 < len(axes) else last_row
        if not _is_dashboard(page, axis):
            lines = _read_block(page, axis, above, bottom)
            if lines:
                blocks.append((_block_theme(page, axis, above, lines[0].place.column), lines))
        above = axis.line
    if len({theme for theme, _ in blocks}) > 1:
        for theme, lines in blocks:
            for line in lines:
                line.theme = line.theme or theme
    return [line for _, lines in blocks for line in lines]


def _block_theme(page: Page, axis: Axis, above: int, names: int) -> str:
    """What the corner or the title of a block says, where it may be a theme; else ""."""
    corner = page.merged_text(axis.line, names)
    if corner and not is_name_heading(corner) and not stated_field(corner):
        return theme_of_sheet(corner)
    return theme_of_sheet(_title(page, axis, above))


def _is_dashboard(page: Page, axis: Axis) -> bool:
    """Whether a few months stand among comparisons: Rolling 12, Baseline, v 1yr avg.

    They may be readings all the same, early in a year. But a dashboard of the latest three months
    looks the same, and taken for readings they would turn its typed figures to n/a.
    """
    if len(axis.months) >= YEAR:
        return False
    headings = {
        text
        for row in (axis.line - 1, axis.line)
        for column in page.grid.row(row)
        if is_comparison(text := page.text(row, column))
    }
    return len(headings) >= _COMPARISONS_OF_A_DASHBOARD


def _read_block(page: Page, axis: Axis, above: int, bottom: int) -> list[Line]:
    columns, first_row = _month_columns(page, axis)
    rows = _read_rows(page, columns, first_row, bottom)
    filled = [row for row in rows.values() if row.are_readings]
    if not filled:
        return []
    header = range(axis.line, max(axis.line - 2, 0), -1)
    taken = {column.column for column in columns} | {place for place, _, _ in axis.broken}
    beside = find_beside(page, header, {row.row for row in filled}, taken)
    if not beside.name:
        return []
    title = _title(page, axis, above)
    named = RowNames(page, beside, rows, title or sheet_as_name(page.name)).name_rows(
        first_row, bottom
    )
    part = _title_part(page, axis, above, beside)
    lines = _make_lines(page, axis, beside, named, part)
    if lines:
        _report_axis(page, axis, columns, filled)
    return lines


def _month_columns(page: Page, axis: Axis) -> tuple[list[MonthColumn], int]:
    """The columns of readings and the first row below their headings."""
    row = axis.line
    below = {column: read_part(page.text(row + 1, column)) for column in page.grid.row(row + 1)}
    span = {column: part for column, part in below.items() if column >= axis.first and part}
    if {"numerator", "denominator"} <= set(span.values()) and len(span) >= len(axis.months):
        columns = []
        for column, told in sorted(span.items()):
            over = [month for place, month in axis.months if place <= column]
            nearest = max(place for place, _ in axis.months if place <= column)
            # A heading over two or three columns; a total beyond the last month has its own.
            if column == nearest or not page.printed(row, column):
                columns.append(MonthColumn(column, over[-1], told))
        return columns, row + 2
    columns = []
    for column, month in axis.months:
        own = month_and_part(page.text(row, column), page.day_first)
        columns.append(MonthColumn(column, month, own[1] if own else None))
    if any(found.part for found in columns):
        return columns, row + 1
    if axis.has_repeats:
        bands = [
            (column, part)
            for over in (row - 1, row - 2)
            for column in page.grid.row(over)
            if over > 0 and (part := part_in(page.text(over, column)))
        ]
        for found in columns:
            parts = [part for column, part in sorted(bands) if column <= found.column]
            found.part = parts[-1] if parts else None
    return columns, row + 1


def _read_rows(
    page: Page, columns: Sequence[MonthColumn], first_row: int, bottom: int
) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    for found in columns:
        cells = column_cells(page.grid, found.column)
        month, part, column = found.month, found.part, found.column
        for row, value, style in zip(cells.rows, cells.values, cells.styles, strict=True):
            if first_row <= row <= bottom and value is not None:
                known = rows.get(row)
                if known is None:
                    known = rows[row] = Row(row)
                held = known.cells.get(part)
                if held is None:
                    held = known.cells[part] = Cells()
                page.take(held, month, row, column, value, style)
    return rows


def _title_part(page: Page, axis: Axis, above: int, beside: Beside) -> Part | None:
    """The part that the block's title or corner speaks of; None leaves it to the sheet's name."""
    for row in range(axis.line, max(axis.line - _TITLE_ROWS, above), -1):
        for column, value in page.grid.row(row).items():
            if column < axis.first and isinstance(value, str):
                part = part_in(value)
                if part and column not in (beside.part, *beside.stated.values()):
                    return part
    return None


def _title(page: Page, axis: Axis, above: int) -> str:
    """The nearest text over the months that stands alone in its row; "" for none."""
    for row in range(axis.line - 1, max(axis.line - _TITLE_ROWS, above), -1):
        printed = [value for value in page.grid.row(row).values() if not is_blank(value)]
        if len(printed) == 1 and isinstance(printed[0], str) and not read_year(printed[0]):
            return printed[0].strip()
    return ""


def _make_lines(
    page: Page, axis: Axis, beside: Beside, named: Sequence[NamedRow], title: Part | None
) -> list[Line]:
    months = frozenset(month for _, month in axis.months)
    told = tell_parts([row.name for row in named])
    lines = []
    for row, (name, suffix) in zip(named, told, strict=True):
        place = Place(page.name, row.name_row, beside.name)
        for part, cells in row.cells.items():
            own = row.part or part or suffix or title
            lines.append(Line(name, place, own, months, cells, row.theme, row.stated, page.grid))
    return lines


def _report_axis(
    page: Page, axis: Axis, columns: Sequence[MonthColumn], filled: Sequence[Row]
) -> None:
    seen: dict[tuple[Month, Part | None], int] = {}
    for found in columns:
        first = seen.setdefault((found.month, found.part), found.column)
        if first != found.column:
            differ = sum(
                spot.number != cells.spots[month].number
                for row in filled
                for cells in row.cells.values()
                for month, spot in cells.twice
                if spot.column == found.column
            )
            also = f"{differ} of {len(filled)} rows differ" if differ else "the readings are equal"
            page.find(
                "month-twice",
                "",
                axis.line,
                found.column,
                f"{found.month.name} stands over columns {address(1, first)[:-1]} and "
                f"{address(1, found.column)[:-1]}; {also}, and the first is used",
                "Correct the month, or remove one of the columns",
                (address(axis.line, first),),
            )
    for column, printed, due in axis.broken:
        if any(page.grid.value(row.row, column) is not None for row in filled):
            page.find(
                "month-unreadable",
                "",
                axis.line,
                column,
                f"The heading {printed!r} stands where {due.name} is due; its column is not read",
                f"Write the month, such as {due}",
            )
