"""The published register as forms: one block of labelled cells per risk, a page each.

Why merged cells and equal blocks: that is how the published register is kept. The row heights of
merged cells cannot be fitted by Excel, so they are computed here.
"""

from __future__ import annotations

from pathlib import Path

from key_sheet import add_key_sheet
from office_style import BOARD, PIXEL, OfficeWorkbook, join_items
from risk_facts import TOLERANCE, Risk, Score
from text_height import text_height
from xlsxwriter.worksheet import Worksheet

FIRST_ROW = 4  # rows above: title, board, a line on the ratings, a gap
BLOCK_ROWS = 16
UPPER_VALUES, LOWER_VALUES = 9, 13  # rows of a block that hold the two sets of values

# Five columns for each text, three for each assessment; the first is a margin.
MARGIN, TEXT, SCORE = 10, 66, 34
WIDTHS = (MARGIN, *[TEXT] * 10, *[SCORE] * 3, *[TEXT] * 5, *[SCORE] * 3)
CAUSES, EFFECTS, INHERENT = (1, 5), (6, 10), 11
EXECUTIVE_LEAD, SENIOR_LEAD = (14, 16), (17, 21)
CONTROLS, ASSURANCE, CURRENT = CAUSES, EFFECTS, INHERENT
FUTURE_ACTIONS, FUTURE = (14, 18), 19
LAST_COLUMN = 21
LABEL, LINE = (1, 2), (3, 10)

# Per cent. Not "fit to width": Excel then ignores our page breaks. LibreOffice draws columns 6%
# wider than Excel does, so the scale leaves that much.
PRINT_SCALE = 83
UPPER_LEAST, LOWER_LEAST = 84.0, 160.0


def make_forms(path: Path, risks: list[Risk]) -> None:
    """Writes the workbook of forms: sheets ``Register``, ``Summary`` and ``Key``."""
    office = OfficeWorkbook(path, "Strategic risk register", "Strategic risks, one page each")
    add_register(office, risks)
    add_summary(office, risks)
    add_key_sheet(office, likelihood_upwards=True)
    office.close()


def block_row(index: int) -> int:
    """First row, from 0, of the form of the risk at a place in the list."""
    return FIRST_ROW + index * BLOCK_ROWS


def add_register(office: OfficeWorkbook, risks: list[Risk]) -> None:
    sheet = office.add_sheet("Register")
    for column, width in enumerate(WIDTHS):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 1, "Strategic risk register", office.format("title"))
    sheet.write_string(1, 1, BOARD, office.format("subtitle"))
    sheet.write_string(
        2,
        1,
        "L likelihood and I impact, each 1 to 5; R rating, read from the matrix on the sheet Key; "
        f"tolerance level {TOLERANCE}",
        office.format("small print"),
    )
    sheet.set_row(3, 8)
    for index, risk in enumerate(risks):
        write_form(office, sheet, block_row(index), risk)
    last = block_row(len(risks)) - 1
    sheet.print_area(0, 0, last, LAST_COLUMN)
    sheet.repeat_rows(0, 3)
    sheet.set_print_scale(PRINT_SCALE)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_h_pagebreaks([block_row(index) for index in range(1, len(risks))])
    sheet.freeze_panes(4, 0)
    sheet.set_zoom(90)


def write_form(office: OfficeWorkbook, sheet: Worksheet, top: int, risk: Risk) -> None:
    """One risk, from row ``top`` down."""

    def merge(row: int, columns: tuple[int, int], text: str, look: str, rows: int = 1) -> None:
        sheet.merge_range(
            top + row, columns[0], top + row + rows - 1, columns[1], text, office.format(look)
        )

    lines = (
        ("Reference", risk.reference),
        ("Objective", risk.objective),
        ("Status", f"{risk.status} {risk.updated.day} {risk.updated:%B %Y}"),
    )
    for row, (label, value) in enumerate(lines):
        sheet.set_row(top + row, 17)
        merge(row, LABEL, label, "label")
        merge(row, LINE, value, "line")
    sheet.set_row(top + 3, 8)
    whole = (1, LAST_COLUMN)
    merge(4, whole, "Risk", "text heading")
    merge(5, whole, risk.description, "description")
    sheet.set_row(top + 5, max(30.0, fitted(risk.description, whole, size=11)))
    sheet.set_row(top + 6, 8)

    inherent, current, future = risk.scores
    upper = (
        (CAUSES, "Causes", join_items(risk.causes)),
        (EFFECTS, "Effects", join_items(risk.effects)),
        (EXECUTIVE_LEAD, "Executive lead", risk.executive_lead),
        (SENIOR_LEAD, "Senior lead", risk.senior_lead),
    )
    lower = (
        (CONTROLS, "Controls in place", join_items(risk.controls)),
        (ASSURANCE, "Controls assurance", join_items(risk.assurance)),
        (FUTURE_ACTIONS, "Future actions", join_items(risk.future_actions or ("",))),
    )
    for values_row, texts, least in (
        (UPPER_VALUES, upper, UPPER_LEAST),
        (LOWER_VALUES, lower, LOWER_LEAST),
    ):
        for columns, heading, text in texts:
            merge(values_row - 2, columns, heading, "text heading", rows=2)
            merge(values_row, columns, text, "text")
        height = max(fitted(text, columns) for columns, _, text in texts)
        sheet.set_row(top + values_row, max(least, height))
    write_score(office, sheet, top + UPPER_VALUES, INHERENT, "Inherent", inherent)
    write_score(office, sheet, top + LOWER_VALUES, CURRENT, "Current", current)
    write_score(office, sheet, top + LOWER_VALUES, FUTURE, "Future", future)
    for gap in (10, 14, 15):
        sheet.set_row(top + gap, 8)


def write_score(
    office: OfficeWorkbook, sheet: Worksheet, row: int, column: int, name: str, score: Score
) -> None:
    """The band and the letters above an assessment, and its three numbers, blank where None."""
    sheet.merge_range(row - 2, column, row - 2, column + 2, name, office.format("heading"))
    for offset, letter in enumerate("LIR"):
        sheet.write_string(row - 1, column + offset, letter, office.format("heading"))
    for offset, number in enumerate((score.likelihood, score.impact)):
        sheet.write(row, column + offset, number, office.format("score", font_size=12))
    sheet.write(row, column + 2, score.rating, office.format("rating", font_size=14))


def fitted(text: str, columns: tuple[int, int], size: float = 9) -> float:
    """Height that shows a text in merged columns in full."""
    width = sum(WIDTHS[columns[0] : columns[1] + 1]) * PIXEL
    return text_height(text, width, size)


def add_summary(office: OfficeWorkbook, risks: list[Risk]) -> None:
    """Reference, title and current rating of every risk; the rating is a formula."""
    sheet = office.add_sheet("Summary")
    for column, width in enumerate((12, 90, 560, 110)):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 1, "Strategic risks: summary", office.format("title"))
    sheet.write_string(1, 1, BOARD, office.format("subtitle"))
    sheet.set_row(2, 8)
    for column, heading in enumerate(("Reference", "Strategic risk", "Current rating"), start=1):
        look = "text heading" if column == 2 else "heading"
        sheet.write_string(3, column, heading, office.format(look))
    sheet.set_row(3, 24)
    for index, risk in enumerate(risks):
        row, form = 4 + index, block_row(index)
        sheet.set_row(row, 21)
        sheet.write_url(
            row,
            1,
            f"internal:'Register'!B{form + 1}",
            office.format("link"),
            risk.reference,
            f"Go to the form of {risk.reference}",
        )
        sheet.write_string(row, 2, risk.title, office.format("line"))
        sheet.write_formula(
            row,
            3,
            f"=Register!N{form + LOWER_VALUES + 1}",
            office.format("rating"),
            risk.scores[1].rating,
        )
    sheet.print_area(0, 0, 3 + len(risks), 3)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
