"""A row of published figures and the headings above it, the same on the dashboard and its details.

A percentage is typed as the rounded fraction and shown by its format; ``n/a``, ``-`` and every
judgement are text. No comparison cell has a fill: the published greys are lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_facts import FIGURES, NOT_PRINTED, SINGLES
from office_style import OfficeWorkbook
from xlsxwriter.worksheet import Worksheet

FIGURE_FORMATS = {
    "percent": "0.0%",
    "count": "#,##0",
    "hours": "#,##0",
    "days": "0.0",
    "minutes": "0",
}
HEADING_OF = {
    "v1yr": "Current v 1yr avg",
    "v3yr": "Current v 3yr avg",
    "fytd": "FYTD",
    "fytd_minus1": "FYTD - 1 yr",
    "rolling12": "Rolling 12 months",
    "baseline": "Baseline",
    "perf_v_benchmark": "Perf v Benchmark",
    "msf": "MSF",
}
COLUMNS = (*SINGLES, *HEADING_OF)


@dataclass(frozen=True, slots=True)
class Page:
    """The widths of a page's columns in pixels, the size of its text, the height of its rows."""

    widths: tuple[int, ...]
    text: float
    row: float
    heading: float

    def set_columns(self, sheet: Worksheet) -> None:
        for column, width in enumerate(self.widths):
            sheet.set_column_pixels(column, column, width)


# One large sheet of paper for all; an ordinary one for two indicators.
DASHBOARD_PAGE = Page((430, *[92] * 4, 104, 104, *[104] * 4, 112, 190), 11, 17.5, 31)
DETAIL_PAGE = Page((360, *[70] * 4, 88, 88, *[76] * 4, 92, 160), 9.5, 20, 30)


def write_headings(
    office: OfficeWorkbook, sheet: Worksheet, page: Page, row: int, months: list[str]
) -> None:
    """``Indicator``, the four months, the other headings; all of them text."""
    sheet.set_row(row, page.heading)
    sheet.write_string(row, 0, "Indicator", office.format("text heading", font_size=page.text))
    heading = office.format("heading", font_size=page.text)
    for column, text in enumerate((*months, *HEADING_OF.values()), start=1):
        sheet.write_string(row, column, text, heading)


def write_figures(
    office: OfficeWorkbook,
    sheet: Worksheet,
    page: Page,
    row: int,
    name: str,
    unit: str,
    printed: Mapping[str, str],
) -> None:
    """A row as printed, its figures as numbers."""
    sheet.set_row(row, page.row)
    sheet.write_string(row, 0, name, office.format("line", font_size=page.text))
    for column, field in enumerate(COLUMNS, start=1):
        text = printed[field]
        if field in FIGURES and text not in NOT_PRINTED:
            look = office.format("score", num_format=FIGURE_FORMATS[unit], font_size=page.text)
            sheet.write_number(row, column, typed_number(text), look)
        else:
            look = office.format("score", num_format="General", font_size=page.text)
            sheet.write_string(row, column, text, look)


def typed_number(text: str) -> float:
    """A printed figure as it would be typed: ``82.5%`` is 0.825.

    >>> typed_number("82.5%"), typed_number("10,072")
    (0.825, 10072.0)
    """
    number = float(text.replace(",", "").removesuffix("%"))
    return round(number / 100, 4) if text.endswith("%") else number
