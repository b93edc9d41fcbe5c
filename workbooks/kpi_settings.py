"""The workbook's own settings sheet: what its office states of its indicators and totals."""

from __future__ import annotations

from kpi_breakdown import SUBTOTALS
from kpi_facts import (
    CRIME_OF,
    FIXED_BASELINES,
    INFORMATION_NAMES,
    Indicator,
)
from kpi_tables import FORCE, SOURCES
from office_style import OfficeWorkbook
from risk_facts import read_rows

HEADINGS = (
    "Indicator",
    "Combine",
    "Unit",
    "Decimals",
    "Desired direction",
    "Target",
    "Fixed baseline",
    "Months late",
    "Parts",
    "Other names",
    "Source",
)
WIDTHS = (370, 190, 80, 76, 80, 70, 84, 76, 110, 270, 350)
TOTALS = SUBTOTALS | {
    "KSI": ("Fatal", "Serious"),
    "Killed and severe": ("Fatal", "Severe (MAIS3+)"),
}
TRIAL_SOURCE = "Trials listed at court"  # the information sheet has no row for trials


def add_settings(office: OfficeWorkbook, indicators: list[Indicator]) -> None:
    """The sheet ``xlgov``."""
    sources = {row["indicator"].casefold(): row for row in read_rows("kpi_information_sheet.csv")}
    sheet = office.add_sheet("xlgov")
    for column, width in enumerate(WIDTHS):
        sheet.set_column_pixels(column, column, width)
    text, number = office.format("line"), office.format("centred", num_format="General")
    section, heading = office.format("section"), office.format("text heading")
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "xlgov settings", office.format("title", font_size=13))
    sheet.write_string(2, 0, "Performance", section)
    sheet.write_string(3, 0, "force", text)
    sheet.write_string(3, 1, FORCE, text)
    sheet.write_string(4, 0, "year_start", text)
    sheet.write_number(4, 1, 4, number)
    sheet.write_string(6, 0, "Indicators", section)
    sheet.set_row(7, 30)
    for column, title in enumerate(HEADINGS):
        sheet.write_string(7, column, title, heading)
    row = 8
    for indicator in indicators:
        other = INFORMATION_NAMES.get(indicator.name, "")
        listed = sources.get((other or indicator.name).casefold())
        source = SOURCES[listed["data_used"]] if listed else TRIAL_SOURCE
        if indicator.name in CRIME_OF:
            source = f"{source}; outcomes of the month's crimes"
        cells: tuple[str | float, ...] = (
            indicator.name,
            indicator.combine,
            indicator.unit,
            indicator.decimals,
            indicator.direction,
            "",
            FIXED_BASELINES.get(indicator.name, ""),
            "",
            "",
            other,
            source,
        )
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write(row, column, cell or None, text)
            else:
                sheet.write_number(row, column, cell, number)
        row += 1
    sheet.write_string(row + 1, 0, "Totals", section)
    for column, title in enumerate(("Total", "Parts")):
        sheet.write_string(row + 2, column, title, heading)
    for place, (name, parts) in enumerate(TOTALS.items(), start=row + 3):
        sheet.write_string(place, 0, name, text)
        sheet.write_string(place, 1, "; ".join(parts), office.format("line", border=0))
    sheet.freeze_panes(2, 1)
    sheet.fit_to_pages(1, 0)
