"""The key page: the coloured matrix, the colour key, and the two scales, on a protected sheet.

Why the band limits are assumed: the published matrix lost its colours. Only the tolerance level,
13, is known; the other limits are the diagonals of the matrix. The sheet says so.
"""

from __future__ import annotations

from itertools import groupby

from office_style import PIXEL, OfficeWorkbook
from risk_facts import BANDS, CATEGORIES, TOLERANCE, band_of, read_matrix, read_rows
from text_height import text_height
from xlsxwriter.worksheet import Worksheet

LEVELS = (1, 2, 3, 4, 5)
MATRIX_LEFT = 4  # column E
WIDTHS = (14, 34, 128, 34, 122, 122, 122, 122, 122, 18, 96, 128, 300)


def add_key_sheet(office: OfficeWorkbook, *, likelihood_upwards: bool) -> None:
    """Adds the sheet ``Key``.

    ``likelihood_upwards`` draws the matrix as a chart is drawn: 5 at the top, impact below it.
    Otherwise both edges count away from the top left corner. Offices do either.
    """
    sheet = office.add_sheet("Key")
    for column, width in enumerate(WIDTHS):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 1, "Key to the ratings", office.format("title"))
    sheet.write_string(
        1,
        1,
        "The rating of a risk is read from the matrix at its likelihood and impact; "
        "it is not one multiplied by the other.",
        office.format("subtitle"),
    )
    for row in range(4, 16):
        sheet.set_row(row, 22)
    sheet.write_string(3, 1, "Risk matrix", office.format("section"))
    top = 4 if likelihood_upwards else 7
    draw_matrix(office, sheet, top, likelihood_upwards)
    sheet.write_string(
        13,
        1,
        f"The boxed {TOLERANCE} is the tolerance level: above it a risk is reported "
        "to the Executive Board.",
        office.format("subtitle", font_size=9, bold=True),
    )
    write_colour_key(office, sheet, 3, 10)
    write_likelihood_scale(office, sheet, 10, 10)
    last = write_impact_scale(office, sheet, 18)
    sheet.write_string(
        last + 1,
        1,
        "The colours of the published matrix are lost; in this sample the limits of the bands "
        f"other than {TOLERANCE} are assumed. The overall impact is the highest of the seven.",
        office.format("small print"),
    )
    sheet.print_area(0, 0, last + 1, len(WIDTHS) - 1)
    sheet.fit_to_pages(1, 1)
    sheet.protect()


def draw_matrix(
    office: OfficeWorkbook, sheet: Worksheet, top: int, likelihood_upwards: bool
) -> None:
    """The 25 ratings with their fills; ``top`` is the first row of the grid."""
    rows = read_rows("risk_matrix.csv")
    likelihoods = {int(row["likelihood"]): row["likelihood_label"] for row in rows}
    impacts = {int(row["impact"]): row["impact_label"] for row in rows}
    matrix = read_matrix()
    for offset, likelihood in enumerate(reversed(LEVELS) if likelihood_upwards else LEVELS):
        row = top + offset
        sheet.write_string(row, 2, likelihoods[likelihood], office.format("label"))
        sheet.write_number(row, 3, likelihood, office.format("heading"))
        for impact in LEVELS:
            rating = matrix[likelihood, impact]
            band = band_of(rating)
            changes = {"bg_color": band.fill, "font_color": band.font, "font_size": 12}
            if rating == TOLERANCE:
                changes |= {"border": 5, "border_color": "#000000"}
            sheet.write_number(
                row, MATRIX_LEFT + impact - 1, rating, office.format("rating", **changes)
            )
    sheet.merge_range(top, 1, top + 4, 1, "Likelihood", office.format("heading", rotation=90))
    numbers, labels, word = (
        (top + 5, top + 6, top + 7) if likelihood_upwards else (top - 1, top - 2, top - 3)
    )
    for impact in LEVELS:
        column = MATRIX_LEFT + impact - 1
        sheet.write_number(numbers, column, impact, office.format("heading"))
        sheet.write_string(
            labels, column, impacts[impact], office.format("label", align="center", indent=0)
        )
    sheet.merge_range(word, MATRIX_LEFT, word, MATRIX_LEFT + 4, "Impact", office.format("heading"))


def write_colour_key(office: OfficeWorkbook, sheet: Worksheet, top: int, left: int) -> None:
    """Band, ratings and meaning, highest first, from ``top`` downwards."""
    sheet.write_string(top, left, "Colour key", office.format("section"))
    for offset, band in enumerate(BANDS, start=1):
        row = top + offset
        sheet.write_string(
            row,
            left,
            band.name,
            office.format("label", bg_color=band.fill, font_color=band.font),
        )
        sheet.write_string(
            row,
            left + 1,
            f"{band.lowest} to {band.highest}",
            office.format("middle text", align="center", indent=0),
        )
        sheet.write_string(row, left + 2, band.meaning, office.format("middle text"))


def write_likelihood_scale(office: OfficeWorkbook, sheet: Worksheet, top: int, left: int) -> None:
    """Level, label and meaning of each likelihood."""
    for column, words in enumerate(("Level", "Likelihood", "What it means"), start=left):
        sheet.write_string(top, column, words, office.format("text heading"))
    for row, level in enumerate(read_rows("likelihood_scale.csv"), start=top + 1):
        sheet.write_number(row, left, int(level["level"]), office.format("score"))
        sheet.write_string(row, left + 1, level["label"], office.format("middle text"))
        sheet.write_string(row, left + 2, level["meaning_paraphrase"], office.format("middle text"))


def write_impact_scale(office: OfficeWorkbook, sheet: Worksheet, top: int) -> int:
    """The seven categories by the five impacts; returns the last row written."""
    sheet.write_string(top - 1, 1, "What each impact means, by category", office.format("section"))
    sheet.merge_range(top, 1, top, 3, "Category", office.format("text heading"))
    levels = read_rows("impact_scale.csv")
    for level in levels[:5]:
        sheet.write_string(
            top,
            MATRIX_LEFT + int(level["level"]) - 1,
            f"{level['level']} {level['label']}",
            office.format("heading"),
        )
    sheet.merge_range(top, 10, top, 12, "What it is about", office.format("text heading"))
    row = top
    for category, group in groupby(levels, key=lambda level: level["category"]):
        row += 1
        meanings = list(group)
        sheet.merge_range(row, 1, row, 3, category, office.format("label"))
        for level in meanings:
            column = MATRIX_LEFT + int(level["level"]) - 1
            text = level["meaning_paraphrase"]
            sheet.write_string(row, column, text, office.format("middle text", font_size=8))
        scope = SCOPES[category]
        sheet.merge_range(row, 10, row, 12, scope, office.format("middle text"))
        width = WIDTHS[MATRIX_LEFT] * PIXEL
        sheet.set_row(
            row, max(text_height(level["meaning_paraphrase"], width, 8) for level in meanings)
        )
    return row


SCOPES = dict(
    zip(
        CATEGORIES,
        (
            "Government and local policy",
            "Pressure on budgets and on promised savings",
            "The confidence of the public",
            "Failing technology, and the pace and scale of change",
            "Effects on the environment",
            "The law, and contracts",
            "Changes that staff and the organisation must absorb",
        ),
        strict=True,
    )
)
