"""The detail pages: for each printed indicator its figures, its survey line and a chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_facts import Indicator, read_indicators
from kpi_figure_rows import COLUMNS, DETAIL_PAGE, write_figures, write_headings
from kpi_reading_sheets import MONTH_FORMAT, Line
from office_style import FONT, LINE, OfficeWorkbook
from risk_facts import read_rows
from xlsxwriter.worksheet import Worksheet

FIRST_BLOCK = 3
CHART_ROWS = 12
BLOCK = 4 + CHART_ROWS + 1  # name, headings, figures, survey line; a chart; a row between
BLOCKS_ON_PAGE = 2
CHART_LINE = "#33557A"
PIXELS_OF_ROW = 24
AXIS_FORMATS = {"percent": "0%", "count": "#,##0", "hours": "#,##0", "days": "0.0", "minutes": "0"}
CURRENT = "Current Month"


@dataclass(frozen=True, slots=True)
class Detail:
    """One printed detail row: its figures and headings as printed."""

    indicator: Indicator
    months: list[str]
    printed: Mapping[str, str]
    survey: str

    @property
    def theme(self) -> str:
        return self.indicator.theme


def read_details() -> list[Detail]:
    """The 33 printed rows in page order."""
    by_name = {indicator.name: indicator for indicator in read_indicators()}
    return [
        Detail(
            by_name[row["indicator"]],
            _headings(row["period_columns_as_printed"]),
            {field: row[field] for field in COLUMNS},
            row["survey_label_printed"],
        )
        for row in read_rows("kpi_detail_2018_03.csv")
    ]


def _headings(printed: str) -> list[str]:
    """
    >>> _headings("Current Month Dec-16 Dec-15 Dec-14")
    ['Current Month', 'Dec-16', 'Dec-15', 'Dec-14']
    """
    if printed.startswith(CURRENT):
        return [CURRENT, *printed.removeprefix(CURRENT).split()]
    return printed.split()


def add_detail(
    office: OfficeWorkbook, sheet: Worksheet, details: list[Detail], lines: Mapping[str, Line]
) -> None:
    """Fills a theme's page, two indicators on each sheet of paper."""
    DETAIL_PAGE.set_columns(sheet)
    sheet.set_row(0, 28)
    sheet.write_string(
        0, 0, f"{details[0].theme.capitalize()}: indicators in detail", office.format("title")
    )
    sheet.write_string(
        1,
        0,
        "Months in the charts are illustrative; the figures above them are as published.",
        office.format("small print"),
    )
    for place, detail in enumerate(details):
        top = FIRST_BLOCK + place * BLOCK
        sheet.set_row(top, 24)
        sheet.write_string(top, 0, detail.indicator.name, office.format("section"))
        write_headings(office, sheet, DETAIL_PAGE, top + 1, detail.months)
        write_figures(
            office,
            sheet,
            DETAIL_PAGE,
            top + 2,
            detail.indicator.name,
            detail.indicator.unit,
            detail.printed,
        )
        sheet.write_string(top + 3, 0, detail.survey, office.format("small print", indent=1))
        for row in range(top + 4, top + 4 + CHART_ROWS):
            sheet.set_row_pixels(row, PIXELS_OF_ROW)
        _insert_chart(office, sheet, top + 4, detail.indicator, lines[detail.indicator.name])
    sheet.repeat_rows(0, FIRST_BLOCK - 1)
    sheet.set_h_pagebreaks(
        [
            FIRST_BLOCK + place * BLOCK
            for place in range(BLOCKS_ON_PAGE, len(details), BLOCKS_ON_PAGE)
        ]
    )
    sheet.freeze_panes(2, 1)
    sheet.fit_to_pages(1, 0)


def _insert_chart(
    office: OfficeWorkbook, sheet: Worksheet, row: int, indicator: Indicator, line: Line
) -> None:
    """A line of the monthly readings, as wide as the figures above it."""
    chart = office.book.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": indicator.name,
            "categories": list(line.months),
            "values": list(line.values),
            "line": {"color": CHART_LINE, "width": 1.75},
            "marker": {
                "type": "circle",
                "size": 3,
                "fill": {"color": CHART_LINE},
                "border": {"color": CHART_LINE},
            },
        }
    )
    chart.set_title({"none": True})
    chart.set_legend({"none": True})
    font = {"name": FONT, "size": 8}
    axis = {"num_font": font, "line": {"color": LINE}, "label_position": "low"}
    if line.in_dates:
        axis |= {
            "date_axis": True,
            "num_format": MONTH_FORMAT,
            "major_unit": 3,
            "major_unit_type": "months",
        }
    else:
        axis |= {"text_axis": True, "interval_unit": 3, "interval_tick": 3}
    chart.set_x_axis(axis)
    chart.set_y_axis(
        {
            "num_font": font,
            "num_format": AXIS_FORMATS[indicator.unit],
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#E3E7EB"}},
        }
    )
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": sum(DETAIL_PAGE.widths), "height": CHART_ROWS * PIXELS_OF_ROW - 6})
    sheet.insert_chart(
        row,
        0,
        chart,
        {"y_offset": 4, "description": f"{indicator.name}: monthly readings, illustrative"},
    )
