"""The Board's action log of 2019 with the Panel's of 2017, and actions taken from minutes.

Why nothing is put right: the log shows what offices meet. Published as it is, it has three numbers
that are shown as dates of 1900 (agenda items 5 and 6, action 4), an action that was closed ten
months before its target date, one without a target date, two past theirs, one without an update
since the Board met, and two raised on Good Friday.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from office_style import PIXEL, OfficeWorkbook
from risk_facts import read_rows
from text_height import text_height
from xlsxwriter.worksheet import Worksheet

LOG_SHEET, PANEL_SHEET, MINUTES_SHEET = "Board actions", "Panel actions", "Actions"
STATUSES = ("Not Started", "Ongoing", "Closed", "Noted")
SHOWN_AS_DATE = "dd/mm/yyyy"
SAMPLE = "A sample made from published papers; text is paraphrased."

Row = Mapping[str, str]

# Heading, width in pixels, and the band that is merged over it.
LOG_COLUMNS = (
    ("Action\nNo", 78, ""),
    ("Meeting date", 84, "Raised"),
    ("Agenda item", 84, "Raised"),
    ("Action", 300, ""),
    ("Owner", 96, ""),
    ("Target date", 84, ""),
    ("Update", 270, "Progress"),
    ("Update date", 84, "Progress"),
    ("Status", 86, ""),
)
NUMBER, RAISED, ITEM, ACTION, OWNER, TARGET, UPDATE, UPDATED, STATUS = range(len(LOG_COLUMNS))
BAND_ROW, FIRST_ACTION = 4, 6
PANEL_COLUMNS = (
    ("Date of meeting", 84),
    ("Number", 62),
    ("Item", 250),
    ("Action", 400),
    ("Update", 240),
)
MINUTES_COLUMNS = (
    ("Minute ref", 76),
    ("Meeting date", 88),
    ("Kind", 86),
    ("Action", 400),
    ("Owner", 190),
    ("Due meeting", 150),
)
HEADING_ROW = 4
IN_WORDS = {"12.4 (i)": "In six months' time"}  # what the minutes say where no meeting is named


def make_log(path: Path) -> None:
    """Writes the log as at 11 June 2019: ``Board actions`` and ``Panel actions``."""
    office = OfficeWorkbook(
        path,
        "Business Co-ordination Board action log",
        "Actions of the Board and of the Panel",
        created=datetime(2019, 6, 4, 9, 0),
        keywords="action log",
        footer="Action log",
    )
    add_board_log(office, read_rows("action_log_bcb_2019.csv"))
    add_panel_log(office, read_rows("action_log_panel_2017.csv"))
    office.close()


def make_minutes(path: Path) -> None:
    """Writes what two sets of minutes ask for, as at 12 September 2019."""
    office = OfficeWorkbook(
        path,
        "Actions from the minutes",
        "Actions, requests and suggestions minuted by the Board",
        created=datetime(2019, 9, 16, 9, 0),
        keywords="minutes, actions",
        footer="Actions from the minutes",
    )
    sheet = office.add_sheet(MINUTES_SHEET)
    titles = ("Actions from the minutes", "Business Co-ordination Board, as at 12 September 2019")
    rows = [
        (
            fact["minute_ref"],
            date.fromisoformat(fact["meeting_date"]),
            fact["kind"].capitalize(),
            fact["action_paraphrase"],
            fact["owner"],
            fact["due_meeting"] or IN_WORDS.get(fact["minute_ref"], ""),
        )
        for fact in read_rows("actions_minutes.csv")
    ]
    add_plain_table(office, sheet, titles, MINUTES_COLUMNS, rows)
    office.close()


def add_board_log(office: OfficeWorkbook, facts: Sequence[Row]) -> None:
    """The Board's log under headings on two rows; the statuses are a drop-down."""
    sheet = office.add_sheet(LOG_SHEET)
    add_titles(
        office,
        sheet,
        ("Business Co-ordination Board action log", "Governance Board, as at 11 June 2019"),
    )
    heading = office.format("heading")
    sheet.set_row(BAND_ROW, 18)
    sheet.set_row(BAND_ROW + 1, 30)
    for column, (words, width, band) in enumerate(LOG_COLUMNS):
        sheet.set_column_pixels(column, column, width)
        if not band:
            sheet.merge_range(BAND_ROW, column, BAND_ROW + 1, column, words, heading)
            continue
        sheet.write_string(BAND_ROW + 1, column, words, heading)
        if LOG_COLUMNS[column - 1][2] != band:
            sheet.merge_range(BAND_ROW, column, BAND_ROW, column + 1, band, heading)
    for row, fact in enumerate(facts, start=FIRST_ACTION):
        write_action(office, sheet, row, fact)
    last = FIRST_ACTION + len(facts) - 1
    sheet.data_validation(
        FIRST_ACTION, STATUS, last, STATUS, {"validate": "list", "source": list(STATUSES)}
    )
    sheet.autofilter(BAND_ROW + 1, 0, last, STATUS)
    sheet.freeze_panes(FIRST_ACTION, 1)
    sheet.repeat_rows(BAND_ROW, BAND_ROW + 1)
    sheet.print_area(0, 0, last, STATUS)
    sheet.fit_to_pages(1, 0)


def write_action(office: OfficeWorkbook, sheet: Worksheet, row: int, fact: Row) -> None:
    """One action. A number that was printed as a date is the number in a date's format."""
    text, day = office.format("text"), office.format("date")
    for column, printed, number in (
        (NUMBER, fact["action_no_printed"], fact["action_no"]),
        (ITEM, fact["agenda_item_printed"], fact["agenda_item_decoded"]),
    ):
        code = SHOWN_AS_DATE if "/" in printed else "0.0"
        sheet.write_number(row, column, float(number), office.format("centred", num_format=code))
    for column, name in (
        (RAISED, "meeting_date_raised"),
        (TARGET, "target_date"),
        (UPDATED, "update_date"),
    ):
        if fact[name]:
            sheet.write_datetime(row, column, datetime.fromisoformat(fact[name]), day)
        else:
            sheet.write_blank(row, column, None, day)
    for column, name in ((ACTION, "action_paraphrase"), (UPDATE, "update_paraphrase")):
        sheet.write(row, column, fact[name], text)
    sheet.write_string(row, OWNER, fact["owner"], text)
    sheet.write_string(row, STATUS, fact["status"], office.format("centred"))
    widths = {column: LOG_COLUMNS[column][1] * PIXEL for column in (ACTION, UPDATE)}
    sheet.set_row(
        row,
        max(
            text_height(fact["action_paraphrase"], widths[ACTION], 9),
            text_height(fact["update_paraphrase"], widths[UPDATE], 9),
        ),
    )


def add_panel_log(office: OfficeWorkbook, facts: Sequence[Row]) -> None:
    """The Panel's table, whose dates were typed as text; one entry has no number."""
    rows = [
        (
            fact["meeting_date_printed"],
            int(fact["number_printed"]) if fact["number_printed"] else "",
            fact["item"],
            fact["action_paraphrase"],
            fact["update"],
        )
        for fact in facts
    ]
    titles = ("Police and Crime Panel: table of actions", "Meeting of 6 September 2017")
    add_plain_table(office, office.add_sheet(PANEL_SHEET), titles, PANEL_COLUMNS, rows)


def add_titles(office: OfficeWorkbook, sheet: Worksheet, titles: tuple[str, str]) -> None:
    for row, height in enumerate((27, 17, 14)):
        sheet.set_row(row, height)
    sheet.write_string(0, 0, titles[0], office.format("title"))
    sheet.write_string(1, 0, titles[1], office.format("subtitle"))
    sheet.write_string(2, 0, SAMPLE, office.format("small print"))


def add_plain_table(
    office: OfficeWorkbook,
    sheet: Worksheet,
    titles: tuple[str, str],
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | int | date]],
) -> None:
    """A table under one row of headings."""
    add_titles(office, sheet, titles)
    sheet.set_row(HEADING_ROW, 30)
    for column, (words, width) in enumerate(columns):
        sheet.set_column_pixels(column, column, width)
        sheet.write_string(HEADING_ROW, column, words, office.format("heading"))
    for row, cells in enumerate(rows, start=HEADING_ROW + 1):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, office.format("date"))
            elif isinstance(value, int):
                sheet.write_number(row, column, value, office.format("centred"))
            else:
                sheet.write(row, column, value, office.format("text"))
        heights = [
            text_height(value, width * PIXEL, 9)
            for value, (_, width) in zip(cells, columns, strict=True)
            if isinstance(value, str)
        ]
        sheet.set_row(row, max(heights))
    last = HEADING_ROW + len(rows)
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    sheet.repeat_rows(HEADING_ROW)
    sheet.print_area(0, 0, last, len(columns) - 1)
    sheet.fit_to_pages(1, 0)
