"""The performance dashboard workbook: the dashboard page, and every sheet behind it in order.

Why figures are typed and rounded: so offices do it, and the published page is all there is. The
page keeps its contradictions: the missing survey shown as 0.0%, the December surveys under March
headings, a rolling figure that differs from the year to date of the same twelve months.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kpi_breakdown import add_breakdown
from kpi_detail import add_detail, read_details
from kpi_facts import KSI, LAST, YEAR, Indicator, month_text, read_indicators
from kpi_figure_rows import DASHBOARD_PAGE, write_figures, write_headings
from kpi_reading_sheets import write_across, write_down, write_long
from kpi_readings import make_readings
from kpi_settings import add_settings
from kpi_tables import add_casualties, add_information, add_peers
from office_style import A3_PAPER, BOARD, INK, OfficeWorkbook
from xlsxwriter.worksheet import Worksheet

TITLE = "Police and Crime Plan performance dashboard"
AS_AT = "Dashboard as at 31st March 2018"
MADE = datetime(2018, 4, 26, 9, 0)
SIGNIFICANT = "#BFBFBF"
VICTIMS, OFFENDERS, COMMUNITY, TRANSFORMATION = (
    "VICTIMS",
    "OFFENDERS",
    "COMMUNITY",
    "TRANSFORMATION",
)
THEMES = (VICTIMS, OFFENDERS, COMMUNITY, TRANSFORMATION)
FIRST_SECTION = 4


def make_dashboard(path: Path) -> None:
    """Writes the workbook; the same bytes each time."""
    office = OfficeWorkbook(
        path,
        TITLE,
        "Sample performance dashboard",
        created=MADE,
        keywords="performance, police and crime plan, indicators",
        footer="Police and Crime Plan performance",
    )
    indicators, readings, details = read_indicators(), make_readings(), read_details()
    page = office.add_sheet("Dashboard", A3_PAPER)
    detail = {theme: office.add_sheet(theme.capitalize()) for theme in THEMES}
    kept = {theme: office.add_sheet(f"{theme.capitalize()} data", A3_PAPER) for theme in THEMES}
    made = {theme: [readings[i.name] for i in indicators if i.theme == theme] for theme in THEMES}
    lines = {
        **write_across(office, kept[VICTIMS], made[VICTIMS], dates=True),
        **write_across(office, kept[OFFENDERS], made[OFFENDERS], dates=False),
        **write_down(office, kept[COMMUNITY], made[COMMUNITY]),
        **write_long(office, kept[TRANSFORMATION], made[TRANSFORMATION]),
    }
    fill_dashboard(office, page, indicators)
    for theme in THEMES:
        add_detail(office, detail[theme], [d for d in details if d.theme == theme], lines)
    add_peers(office, indicators)
    add_information(office)
    add_breakdown(office)
    add_casualties(office)
    add_settings(office, indicators)
    page.activate()
    office.close()


def fill_dashboard(office: OfficeWorkbook, sheet: Worksheet, indicators: list[Indicator]) -> None:
    """The page that the board gets: a section for each theme, all on one sheet of paper."""
    DASHBOARD_PAGE.set_columns(sheet)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, TITLE, office.format("title", font_size=20))
    sheet.set_row(1, 20)
    sheet.write_string(1, 0, AS_AT, office.format("section", font_size=13))
    sheet.write_string(2, 0, BOARD, office.format("subtitle", font_size=11))
    last = len(DASHBOARD_PAGE.widths) - 1
    sheet.write_blank(1, last - 3, None, office.format("line", bg_color=SIGNIFICANT))
    sheet.write_string(
        1,
        last - 2,
        "Grey: a significant change",
        office.format("small print", font_size=10, indent=1),
    )
    sheet.write_string(
        2,
        last - 2,
        "FYTD: financial year to date, from April",
        office.format("small print", font_size=10, indent=1),
    )
    row = FIRST_SECTION
    for theme in THEMES:
        sheet.set_row(row, 20)
        look = office.format(
            "text heading", bg_color=INK, font_color="#FFFFFF", border=0, font_size=12
        )
        for column in range(len(DASHBOARD_PAGE.widths)):
            sheet.write_blank(row, column, None, look)
        sheet.write_string(row, 0, theme, look)
        write_headings(office, sheet, DASHBOARD_PAGE, row + 1, _months_before(LAST))
        row += 2
        for indicator in indicators:
            if indicator.theme != theme:
                continue
            if indicator.name == KSI:
                write_headings(
                    office, sheet, DASHBOARD_PAGE, row, _months_before(indicator.period_end)
                )
                row += 1
            write_figures(
                office,
                sheet,
                DASHBOARD_PAGE,
                row,
                indicator.name,
                indicator.unit,
                indicator.printed,
            )
            row += 1
    sheet.freeze_panes(FIRST_SECTION, 1)
    sheet.print_area(0, 0, row - 1, last)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()


def _months_before(month: int) -> list[str]:
    """A month and the same month of the three years before, as text."""
    return [month_text(month - YEAR * years) for years in range(4)]
