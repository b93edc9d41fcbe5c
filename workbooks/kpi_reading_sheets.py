"""The readings sheets, each laid out in another way, as teams in one office do.

Months across with dates, months across with text, months down under two header rows, and long.
Numerators and denominators stand with their rate, a formula with its result, so that a chart has
a line to draw. A month that has not come yet is blank; one before a series began is ``n/a`` on
some sheets and blank on another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kpi_facts import FIRST, LAST, month_date, month_text
from kpi_readings import Readings
from office_style import A4_PAPER, OfficeWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

ILLUSTRATIVE = (
    "Illustrative: the months between the published figures were made by a stated generator so "
    "that every published figure follows from them. They are not the Constabulary's records."
)
NUMBER_FORMATS = {"count": "#,##0", "hours": "#,##0", "minutes": "0.0", "days": "0.00"}
RATE_FORMAT = "0.0%"
MONTH_FORMAT = "mmm-yy"
MEASURES = ("Numerator", "Denominator", "Rate")
MONTHS = range(FIRST, LAST + 1)
PAGES_ACROSS = 3  # of the sheets with a column a month
HEADER = 3  # the first header row of every readings sheet
NOT_YET_KEPT = "n/a"

Area = tuple[str, int, int, int, int]  # sheet, first row and column, last row and column


class Line(NamedTuple):
    """Where an indicator's months and its values or rates stand, for a chart."""

    months: Area
    values: Area
    in_dates: bool


class Cell(NamedTuple):
    """Where the month with number 0 would stand, and the steps to the next month."""

    row: int
    column: int
    down: int
    right: int


def _open(office: OfficeWorkbook, sheet: Worksheet, columns: Iterable[int]) -> None:
    for column, width in enumerate(columns):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 18)
    sheet.write_string(0, 0, ILLUSTRATIVE, office.format("small print"))
    sheet.set_row(1, 24)
    title = f"{sheet.name.removesuffix(' data')}: monthly readings"
    sheet.write_string(1, 0, title, office.format("title", font_size=13))
    sheet.fit_to_pages(1, 0)


def _line(
    sheet: Worksheet, readings: Readings, header: Cell, cell: Cell, *, in_dates: bool
) -> Line:
    """From the first to the last reading, the cells of its months and of its values.

    ``header`` and ``cell`` are where month 0 would stand and how a month moves on from there.
    """
    ends = readings.indicator.all_months[0], readings.indicator.all_months[-1]
    months, values = (
        [(place.row + place.down * month, place.column + place.right * month) for month in ends]
        for place in (header, cell)
    )
    return Line(
        (sheet.name, *months[0], *months[1]),
        (sheet.name, *values[0], *values[1]),
        in_dates,
    )


def _write(
    office: OfficeWorkbook,
    sheet: Worksheet,
    readings: Readings,
    month: int,
    places: list[tuple[int, int]],
    absent: str,
) -> None:
    """One month of one indicator: its value, or numerator, denominator and rate."""
    indicator = readings.indicator
    number = office.format("score", num_format=NUMBER_FORMATS.get(indicator.unit, "#,##0"))
    if month not in readings.values:
        for place in places:
            if absent and month < indicator.begins:
                sheet.write_string(*place, absent, office.format("score"))
            else:
                sheet.write_blank(*place, None, office.format("score"))
        return
    value = readings.values[month]
    sheet.write_number(*places[0], value, number)
    if readings.is_ratio:
        of = readings.denominators[month]
        sheet.write_number(*places[1], of, number)
        top, bottom = (xl_rowcol_to_cell(*place) for place in places[:2])
        rate = office.format("score", num_format=RATE_FORMAT)
        sheet.write_formula(*places[2], f"={top}/{bottom}", rate, value / of)


def write_across(
    office: OfficeWorkbook, sheet: Worksheet, made: list[Readings], *, dates: bool
) -> dict[str, Line]:
    """Months across: a row for a plain indicator, three for a rate. Headings as dates or text."""
    _open(office, sheet, (330, 96, *[56] * len(MONTHS)))
    heading = office.format("heading", num_format=MONTH_FORMAT)
    sheet.write_string(HEADER, 0, "Indicator", office.format("text heading"))
    sheet.write_string(HEADER, 1, "Measure", office.format("text heading"))
    for month in MONTHS:
        if dates:
            sheet.write_datetime(HEADER, 2 + month - FIRST, month_date(month), heading)
        else:
            sheet.write_string(HEADER, 2 + month - FIRST, month_text(month), heading)
    lines: dict[str, Line] = {}
    row = HEADER + 1
    for readings in made:
        indicator = readings.indicator
        measures = (
            MEASURES if readings.is_ratio else ("Count" if indicator.unit == "count" else "Value",)
        )
        for step, measure in enumerate(measures):
            sheet.write_string(row + step, 0, indicator.name, office.format("line"))
            sheet.write_string(row + step, 1, measure, office.format("line"))
        for month in MONTHS:
            column = 2 + month - FIRST
            places = [(row + step, column) for step in range(len(measures))]
            _write(office, sheet, readings, month, places, NOT_YET_KEPT if dates else "")
        last = row + len(measures) - 1
        lines[indicator.name] = _line(
            sheet,
            readings,
            Cell(HEADER, 2 - FIRST, 0, 1),
            Cell(last, 2 - FIRST, 0, 1),
            in_dates=dates,
        )
        row += len(measures)
    sheet.freeze_panes(HEADER + 1, 2)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(PAGES_ACROSS, 0)
    return lines


def write_down(office: OfficeWorkbook, sheet: Worksheet, made: list[Readings]) -> dict[str, Line]:
    """Months down, dates in column A; names merged over Numerator, Denominator and Rate."""
    widths = [w for r in made for w in ([84, 92, 64] if r.is_ratio else [128])]
    _open(office, sheet, (70, *widths))
    heading = office.format("heading")
    sheet.set_row(HEADER, 44)
    sheet.merge_range(HEADER, 0, HEADER + 1, 0, "Month", heading)
    top = HEADER + 2 - FIRST
    for month in MONTHS:
        sheet.write_datetime(
            top + month,
            0,
            month_date(month),
            office.format("line", num_format=MONTH_FORMAT),
        )
    lines: dict[str, Line] = {}
    column = 1
    for readings in made:
        name = readings.indicator.name
        width = len(MEASURES) if readings.is_ratio else 1
        if readings.is_ratio:
            sheet.merge_range(HEADER, column, HEADER, column + width - 1, name, heading)
            for step, measure in enumerate(MEASURES):
                sheet.write_string(HEADER + 1, column + step, measure, heading)
        else:
            sheet.write_string(HEADER, column, name, heading)
            sheet.write_string(HEADER + 1, column, "Value", heading)
        for month in MONTHS:
            row = top + month
            places = [(row, column + step) for step in range(width)]
            _write(office, sheet, readings, month, places, NOT_YET_KEPT)
        lines[name] = _line(
            sheet, readings, Cell(top, 0, 1, 0), Cell(top, column + width - 1, 1, 0), in_dates=True
        )
        column += width
    sheet.freeze_panes(HEADER + 2, 1)
    return lines


def write_long(office: OfficeWorkbook, sheet: Worksheet, made: list[Readings]) -> dict[str, Line]:
    """One reading a row: indicator, month such as 2018-03, value."""
    _open(office, sheet, (230, 84, 84))
    for column, text in enumerate(("Indicator", "Month", "Value")):
        look = "text heading" if column == 0 else "heading"
        sheet.write_string(HEADER, column, text, office.format(look))
    lines: dict[str, Line] = {}
    row = HEADER + 1
    for readings in made:
        first = row - readings.indicator.begins
        for month in readings.indicator.all_months:
            sheet.write_string(row, 0, readings.indicator.name, office.format("line"))
            sheet.write_string(row, 1, f"{month_date(month):%Y-%m}", office.format("centred"))
            _write(office, sheet, readings, month, [(row, 2)], "")
            row += 1
        lines[readings.indicator.name] = _line(
            sheet, readings, Cell(first, 1, 1, 0), Cell(first, 2, 1, 0), in_dates=False
        )
    sheet.autofilter(HEADER, 0, row - 1, 2)
    sheet.freeze_panes(HEADER + 1, 0)
    sheet.set_portrait()
    sheet.set_paper(A4_PAPER)
    sheet.repeat_rows(HEADER)
    return lines
