"""The same risks as one table, with the things that offices add to a register.

Two header rows under title rows and a legend, impact by category, a picture, notes, a button,
drop-downs, sparklines, a chart, a hidden sheet of lists and a protected key.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from key_sheet import add_key_sheet
from logo import draw_logo
from office_style import (
    A3_PAPER,
    BOARD,
    CHANGED,
    FONT,
    INK,
    PIXEL,
    OfficeWorkbook,
    join_items,
)
from risk_chart import add_chart, add_lists
from risk_facts import BANDS, CATEGORIES, TOLERANCE, Risk, Score
from text_height import text_height
from xlsxwriter.utility import xl_range, xl_range_abs
from xlsxwriter.worksheet import Worksheet

SHEET = "Risk register"

# The impact of each risk now, by category. Illustrative: the paper prints only the highest.
IMPACT_BY_CATEGORY: dict[str, tuple[int, int, int, int, int, int, int]] = {
    "SR1.1": (3, 1, 4, 1, 1, 2, 2),
    "SR1.2": (2, 1, 3, 1, 1, 1, 2),
    "SR2.1": (2, 1, 2, 1, 1, 1, 1),
    "SR2.2": (2, 1, 1, 1, 1, 2, 2),
    "SR2.3": (2, 1, 1, 1, 1, 1, 1),
    "SR3.1": (2, 3, 2, 2, 1, 2, 2),
    "SR3.2": (2, 1, 2, 1, 1, 1, 2),
    "SR3.3": (2, 3, 2, 4, 1, 2, 3),
    "SR3.4": (3, 2, 2, 1, 1, 1, 2),
    "SR3.5": (2, 1, 2, 1, 1, 2, 4),
    "SR3.6": (2, 1, 1, 1, 1, 1, 2),
    "SR4.1": (1, 1, 2, 1, 1, 2, 1),
    "SR4.2": (2, 1, 3, 1, 1, 1, 2),
    "SR4.3": (3, 1, 2, 1, 1, 1, 1),
    "SR4.4": (1, 2, 2, 1, 2, 4, 3),
    "SR4.5": (1, 1, 2, 1, 1, 3, 2),
}

# Heading, width in pixels. The columns of scores follow; texts are merged over both header rows.
TEXT_COLUMNS = (
    ("Risk\nref", 50),
    ("Objective", 106),
    ("Risk", 268),
    ("Controls in place", 232),
    ("Executive\nlead", 92),
    ("Senior\nlead", 112),
    ("Status", 60),
    ("Updated", 80),
)
REFERENCE, OBJECTIVE, RISK, CONTROLS, EXECUTIVE, SENIOR, STATUS, UPDATED = range(8)
INHERENT, IMPACTS, PROFILE, CURRENT, FUTURE_ACTIONS, FUTURE = 8, 11, 18, 19, 22, 23
LAST_COLUMN = 25
SCORE_WIDTH, PROFILE_WIDTH, ACTIONS_WIDTH = 32, 92, 248
BUTTON_COLUMN = 27  # outside the print area

LEGEND_ROW, BAND_ROW, HEADING_ROW, FIRST_RISK = 4, 6, 7, 8
LEGEND_COLUMNS = ((8, 10), (11, 13), (14, 17), (18, 18), (19, 21))
SHOWN_ITEMS = 2  # the forms hold the whole lists

# Words that changed since the last report, shown in red as the office does.
CHANGED_ACTIONS = {
    "SR3.5": "Arrange cover for the OPCC CFO post during the transition",
    "SR4.2": "embedding the new performance framework",
    "SR4.4": "Develop a BCH People Strategy and Annual People Plan",
}

NOTES = {
    ("SR3.1", CURRENT + 2): "At the tolerance level, not above it.",
    ("SR3.3", CURRENT + 2): "Unchanged by the controls; the board asked for the reasons.",
    ("SR4.4", FUTURE_ACTIONS): "The people plan comes first, the operating model after it.",
}


def make_table(path: Path, risks: list[Risk]) -> None:
    """Writes the workbook: ``Risk register``, ``Chart``, ``Key`` and the hidden ``Lists``."""
    office = OfficeWorkbook(path, "Strategic risk register", "Strategic risks in one table")
    add_table(office, risks)
    last = FIRST_RISK + len(risks) - 1
    add_chart(
        office,
        [SHEET, FIRST_RISK, REFERENCE, last, REFERENCE],
        [SHEET, FIRST_RISK, CURRENT + 2, last, CURRENT + 2],
        [risk.scores[1].rating for risk in risks],
    )
    add_key_sheet(office, likelihood_upwards=False)
    add_lists(office, len(risks))
    office.close()


def add_table(office: OfficeWorkbook, risks: list[Risk]) -> None:
    sheet = office.add_sheet(SHEET, A3_PAPER)
    last = FIRST_RISK + len(risks) - 1
    for column, (_, width) in enumerate(TEXT_COLUMNS):
        sheet.set_column_pixels(column, column, width)
    sheet.set_column_pixels(INHERENT, CURRENT + 2, SCORE_WIDTH)
    sheet.set_column_pixels(PROFILE, PROFILE, PROFILE_WIDTH)
    sheet.set_column_pixels(FUTURE_ACTIONS, FUTURE_ACTIONS, ACTIONS_WIDTH)
    sheet.set_column_pixels(FUTURE, LAST_COLUMN, SCORE_WIDTH)
    write_head(office, sheet)
    write_headings(office, sheet)
    for row, risk in enumerate(risks, start=FIRST_RISK):
        write_risk(office, sheet, row, risk)
    write_total(office, sheet, last, len(risks))
    add_choices(sheet, last)
    for row, risk in enumerate(risks, start=FIRST_RISK):
        for (reference, column), text in NOTES.items():
            if reference == risk.reference:
                sheet.write_comment(row, column, text, note_options())
    sheet.autofilter(HEADING_ROW, 0, last, LAST_COLUMN)
    sheet.freeze_panes(FIRST_RISK, 2)
    sheet.print_area(0, 0, last + 1, LAST_COLUMN)
    sheet.repeat_rows(BAND_ROW, HEADING_ROW)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f'&R&"{FONT},Regular"&8For the Business Coordination Board')
    sheet.set_zoom(80)
    ratings = xl_range_abs(FIRST_RISK, CURRENT + 2, last, CURRENT + 2)
    office.book.define_name("Current_ratings", f"='{SHEET}'!{ratings}")


def write_head(office: OfficeWorkbook, sheet: Worksheet) -> None:
    """Picture, titles, the office's legend, and the button beside the page."""
    for row, height in enumerate((27, 17, 14, 14, 20, 8)):
        sheet.set_row(row, height)
    sheet.insert_image(
        0,
        0,
        "matrix.png",
        {
            "image_data": BytesIO(draw_logo()),
            "x_offset": 4,
            "y_offset": 4,
            "description": "A small risk matrix in five colours",
        },
    )
    sheet.write_string(0, 2, "Strategic risk register", office.format("title"))
    sheet.write_string(1, 2, BOARD, office.format("subtitle"))
    small = office.format("small print")
    sheet.write_rich_string(
        2,
        2,
        small,
        "Ratings are read from the matrix on the sheet Key. A rating above ",
        office.format("small print", bold=True),
        str(TOLERANCE),
        small,
        " goes to the Executive Board. Words that changed since the last report are in ",
        office.format("small print", font_color=CHANGED),
        "red",
        small,
        f". Lists are cut after {SHOWN_ITEMS} items.",
        small,
    )
    sheet.write_string(
        3,
        2,
        "The split of the current impact over the seven categories is illustrative; "
        "its highest is the published impact.",
        small,
    )
    sheet.write_string(LEGEND_ROW, UPDATED, "Colours", office.format("small print", align="right"))
    for band, (left, right) in zip(reversed(BANDS), LEGEND_COLUMNS, strict=True):
        words = f"{band.name} {band.lowest}-{band.highest}"
        look = office.format(
            "heading", bg_color=band.fill, font_color=band.font, font_size=8, text_wrap=False
        )
        if left == right:
            sheet.write_string(LEGEND_ROW, left, words, look)
        else:
            sheet.merge_range(LEGEND_ROW, left, LEGEND_ROW, right, words, look)
    sheet.insert_button(
        1,
        BUTTON_COLUMN,
        {
            "macro": "PrintRegister",
            "caption": "Print the register",
            "width": 150,
            "height": 30,
            "description": "Prints the register",
        },
    )


def write_headings(office: OfficeWorkbook, sheet: Worksheet) -> None:
    """Two rows: bands merged over their columns, and the headings below them."""
    sheet.set_row(BAND_ROW, 20)
    sheet.set_row(HEADING_ROW, 88)
    heading = office.format("heading")
    singles = [(column, words) for column, (words, _) in enumerate(TEXT_COLUMNS)]
    singles += [(PROFILE, "Impact\nprofile"), (FUTURE_ACTIONS, "Future actions")]
    for column, single in singles:
        sheet.merge_range(BAND_ROW, column, HEADING_ROW, column, single, heading)
    bands: tuple[tuple[int, str, tuple[str, ...]], ...] = (
        (INHERENT, "Inherent", ("Likelihood", "Impact", "Rating")),
        (IMPACTS, "Impact by category now (PESTELO)", CATEGORIES),
        (CURRENT, "Current", ("Likelihood", "Impact", "Rating")),
        (FUTURE, "Future", ("Likelihood", "Impact", "Rating")),
    )
    for column, band, words in bands:
        sheet.merge_range(BAND_ROW, column, BAND_ROW, column + len(words) - 1, band, heading)
        for offset, word in enumerate(words):
            sheet.write_string(HEADING_ROW, column + offset, word, office.format("upright"))
    sheet.write_comment(
        BAND_ROW,
        IMPACTS,
        "One score for each category; the impact of the risk is the highest of them.",
        note_options(),
    )


def write_risk(office: OfficeWorkbook, sheet: Worksheet, row: int, risk: Risk) -> None:
    text = office.format("text")
    controls = shorten_items(risk.controls)
    actions = shorten_items(risk.future_actions)
    sheet.write_string(row, REFERENCE, risk.reference, office.format("reference"))
    sheet.write_string(row, OBJECTIVE, risk.objective, text)
    sheet.write_rich_string(
        row,
        RISK,
        office.format("text", bold=True),
        risk.title,
        text,
        f"\n{risk.description}",
        text,
    )
    sheet.write_string(row, CONTROLS, controls, text)
    sheet.write_string(row, EXECUTIVE, risk.executive_lead, text)
    sheet.write_string(row, SENIOR, risk.senior_lead, text)
    sheet.write_string(row, STATUS, risk.status, office.format("centred"))
    sheet.write_datetime(row, UPDATED, risk.updated, office.format("date"))
    write_actions(office, sheet, row, actions, CHANGED_ACTIONS.get(risk.reference, ""))
    for column, score in zip((INHERENT, CURRENT, FUTURE), risk.scores, strict=True):
        write_score(office, sheet, row, column, score)
    for offset, impact in enumerate(IMPACT_BY_CATEGORY[risk.reference]):
        sheet.write_number(row, IMPACTS + offset, impact, office.format("score"))
    sheet.write_blank(row, PROFILE, None, text)
    sheet.add_sparkline(
        row,
        PROFILE,
        {
            "range": f"'{SHEET}'!{xl_range(row, IMPACTS, row, IMPACTS + len(CATEGORIES) - 1)}",
            "type": "column",
            "min": 0,
            "max": 5,
            "high_point": True,
            "series_color": "#7F8FA3",
            "high_color": INK,
        },
    )
    heights = [
        text_height(risk.title, TEXT_COLUMNS[RISK][1] * PIXEL, 9, bold=True)
        + text_height(risk.description, TEXT_COLUMNS[RISK][1] * PIXEL, 9),
        text_height(controls, TEXT_COLUMNS[CONTROLS][1] * PIXEL, 9),
        text_height(actions, ACTIONS_WIDTH * PIXEL, 9),
        text_height(risk.objective, TEXT_COLUMNS[OBJECTIVE][1] * PIXEL, 9),
        text_height(risk.senior_lead, TEXT_COLUMNS[SENIOR][1] * PIXEL, 9),
        text_height(risk.executive_lead, TEXT_COLUMNS[EXECUTIVE][1] * PIXEL, 9),
    ]
    sheet.set_row(row, max(heights))


def shorten_items(items: tuple[str, ...]) -> str:
    """The first items as lines, and how many more there are."""
    if not items:
        return ""
    more = len(items) - SHOWN_ITEMS
    return join_items(items[:SHOWN_ITEMS]) + (f"\n(and {more} more)" if more > 0 else "")


def write_actions(
    office: OfficeWorkbook, sheet: Worksheet, row: int, actions: str, changed: str
) -> None:
    """Future actions, the changed words in red within the text, or a blank cell."""
    text = office.format("text")
    before, found, after = actions.partition(changed) if changed else (actions, "", "")
    if not found or not (before or after):
        look = office.format("text", font_color=CHANGED) if found else text
        sheet.write(row, FUTURE_ACTIONS, actions or None, look)
        return
    runs: list[Any] = [text, before] if before else []
    runs += [office.format("text", font_color=CHANGED), found]
    runs += [text, after] if after else []
    sheet.write_rich_string(row, FUTURE_ACTIONS, *runs, text)


def write_score(
    office: OfficeWorkbook, sheet: Worksheet, row: int, column: int, score: Score
) -> None:
    sheet.write(row, column, score.likelihood, office.format("score"))
    sheet.write(row, column + 1, score.impact, office.format("score"))
    sheet.write(row, column + 2, score.rating, office.format("rating", font_size=10))


def write_total(office: OfficeWorkbook, sheet: Worksheet, last: int, count: int) -> None:
    """A last line that counts the risks and is otherwise blank."""
    row = last + 1
    sheet.set_row(row, 21)
    for column in range(LAST_COLUMN + 1):
        sheet.write_blank(row, column, None, office.format("total label"))
    sheet.merge_range(row, 0, row, 1, "Number of risks", office.format("total label"))
    references = xl_range(FIRST_RISK, REFERENCE, last, REFERENCE)
    sheet.write_formula(row, RISK, f"=COUNTA({references})", office.format("total"), count)


def add_choices(sheet: Worksheet, last: int) -> None:
    """Drop-downs for scores and statuses, from the hidden sheet of lists."""
    score = {
        "validate": "list",
        "source": "=Lists!$A$2:$A$6",
        "error_title": "Score",
        "error_message": "Choose a score from 1 to 5; the scales are on the sheet Key.",
    }
    for first, final in (
        (INHERENT, INHERENT + 1),
        (IMPACTS, IMPACTS + len(CATEGORIES) - 1),
        (CURRENT, CURRENT + 1),
        (FUTURE, FUTURE + 1),
    ):
        sheet.data_validation(FIRST_RISK, first, last, final, score)
    sheet.data_validation(
        FIRST_RISK, STATUS, last, STATUS, {"validate": "list", "source": "=Lists!$B$2:$B$4"}
    )


def note_options() -> dict[str, Any]:
    return {"author": "Governance office", "x_scale": 1.4, "y_scale": 0.8, "font_name": FONT}
