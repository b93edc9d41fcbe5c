"""The sheets behind and beside the table: a chart with counts by band, and the hidden lists."""

from __future__ import annotations

from office_style import BOARD, CHANGED, FONT, LINE, OfficeWorkbook
from risk_facts import BANDS, TOLERANCE
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

Place = list[str | int]  # sheet, first row, first column, last row, last column


def add_chart(
    office: OfficeWorkbook, names: Place, values: Place, ratings: list[int | None]
) -> None:
    """Current ratings against the tolerance level, and how many risks each band holds.

    ``names`` and ``values`` are the places of the references and the ratings; ``ratings`` are
    the numbers there, so that the formulas are stored with their results.
    """
    sheet = office.add_sheet("Chart")
    for column, width in enumerate((14, 130, 80, 80, 110)):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 1, "Current ratings", office.format("title"))
    sheet.write_string(1, 1, BOARD, office.format("subtitle"))
    columns = office.book.add_chart({"type": "column"})
    columns.add_series(
        {
            "name": "Current rating",
            "categories": names,
            "values": values,
            "fill": {"color": "#7F8FA3"},
            "gap": 60,
            "data_labels": {"value": True, "font": {"name": FONT, "size": 9}},
        }
    )
    line = office.book.add_chart({"type": "line"})
    line.add_series(
        {
            "name": f"Tolerance level ({TOLERANCE})",
            "categories": names,
            "values": ["Lists", 1, 2, len(ratings), 2],
            "line": {"color": CHANGED, "width": 1.75, "dash_type": "dash"},
        }
    )
    columns.combine(line)
    columns.set_title({"none": True})
    columns.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    axis = {"num_font": {"name": FONT, "size": 9}, "line": {"color": LINE}}
    columns.set_x_axis(axis)
    columns.set_y_axis(
        axis
        | {
            "min": 0,
            "max": 25,
            "major_unit": 5,
            "major_gridlines": {"visible": True, "line": {"color": "#D9DEE4"}},
        }
    )
    columns.set_size({"width": 960, "height": 380})
    sheet.insert_chart(
        3, 1, columns, {"description": "Current rating of each risk against the tolerance level"}
    )
    write_band_counts(office, sheet, 27, ratings)
    sheet.print_area(0, 0, 33, 14)
    sheet.fit_to_pages(1, 1)


def write_band_counts(
    office: OfficeWorkbook, sheet: Worksheet, top: int, ratings: list[int | None]
) -> None:
    """How many current ratings fall in each band, as formulas over the register."""
    for column, words in enumerate(("Band", "From", "To", "Risks now"), start=1):
        look = "text heading" if column == 1 else "heading"
        sheet.write_string(top, column, words, office.format(look))
    for row, band in enumerate(BANDS, start=top + 1):
        look = office.format("label", bg_color=band.fill, font_color=band.font)
        sheet.write_string(row, 1, band.name, look)
        sheet.write_number(row, 2, band.lowest, office.format("score"))
        sheet.write_number(row, 3, band.highest, office.format("score"))
        lowest, highest = xl_rowcol_to_cell(row, 2), xl_rowcol_to_cell(row, 3)
        sheet.write_formula(
            row,
            4,
            f'=COUNTIFS(Current_ratings,">="&{lowest},Current_ratings,"<="&{highest})',
            office.format("rating"),
            sum(band.lowest <= rating <= band.highest for rating in ratings if rating),
        )


def add_lists(office: OfficeWorkbook, count: int) -> None:
    """The hidden sheet behind the drop-downs and the line of the chart."""
    sheet = office.book.add_worksheet("Lists")
    bold = office.book.add_format({"bold": True})
    for column, words in enumerate(("Scores", "Statuses", "Tolerance")):
        sheet.write_string(0, column, words, bold)
    for row in range(1, 6):
        sheet.write_number(row, 0, row)
    for row, status in enumerate(("New", "Update", "Closed"), start=1):
        sheet.write_string(row, 1, status)
    for row in range(1, count + 1):
        sheet.write_number(row, 2, TOLERANCE)
    sheet.hide()
