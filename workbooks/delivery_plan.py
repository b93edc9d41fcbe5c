"""The delivery plan of the Police and Crime Plan, as two reports in the two layouts they had.

Why the statuses are invented: they were colours and arrows in the papers, and those are lost. They
are stated here once, say so on the sheet, and move a little from one report to the next. In May
2018 a cell holds the status as its colour and the direction of travel as its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Literal

from office_style import A3_PAPER, FONT, PIXEL, OfficeWorkbook
from risk_facts import read_rows
from text_height import text_height
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

SHEET = "Delivery plan"
Status = Literal["Red", "Yellow", "Green", "White"]
Row = dict[str, str]

FILLS: Mapping[Status, str] = {"Red": "#FF0000", "Yellow": "#FFFF00", "Green": "#92D050"}
MEANINGS: Mapping[Status, str] = {
    "Red": "needs an action or a decision",
    "Yellow": "delayed, for various reasons",
    "Green": "on target",
    "White": "not started",
}
TRAVEL = (("↔", "No change"), ("↑", "Improved"), ("↓", "Deteriorated"))
BANDS = {
    "Victims": "#5B4A7A",
    "Offenders": "#2F5D62",
    "Communities": "#7A4B3A",
    "Transformation": "#34506E",
}

# Heading and width in pixels.
COLUMNS = (
    ("Ref", 48),
    ("Priority action", 290),
    ("OPCC lead", 70),
    ("Delivery lead", 140),
    ("Activity", 460),
    ("Delivery status", 92),
    ("Opportunities", 380),
)
REF, ACTION, LEAD, DELIVERY, ACTIVITY, STATUS, OPPORTUNITIES = range(len(COLUMNS))
KEY_ROW, HEADING_ROW = 5, 10
PLACEHOLDER = {"V1.1": "rag status"}  # as printed in both papers


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``statuses`` are those that are not Green; ``arrows`` None: it has none.

    ``with_stop`` are references that are printed with a full stop.
    """

    facts: str
    created: datetime
    board: str
    notes: tuple[str, ...]
    statuses: Mapping[str, Status]
    arrows: Mapping[str, str] | None = None
    with_stop: frozenset[str] = field(default_factory=frozenset)

    def status(self, reference: str) -> Status:
        return self.statuses.get(reference, "Green")


ILLUSTRATIVE = (
    "Delivery statuses were colours in the published plan and are lost; those shown here are "
    "illustrative. Text is paraphrased."
)
NOVEMBER = Report(
    "delivery_plan_2017_11.csv",
    datetime(2017, 11, 7, 9, 0),
    "Cambridgeshire Police and Crime Panel, 15 November 2017: work in progress",
    (ILLUSTRATIVE,),
    {
        "V5": "Yellow",
        "V9": "Yellow",
        "O1.1": "Yellow",
        "O2.2": "Red",
        "O3": "Yellow",
        "O4": "White",
        "O10": "Yellow",
        "C2": "Yellow",
        "C5": "White",
        "C8": "Yellow",
        "C9": "Red",
        "T2": "Yellow",
        "T4": "Yellow",
        "T10": "Yellow",
    },
    with_stop=frozenset(("V2",)),
)
# Left blank for a refresh to fill in, and one that somebody typed against the two reports.
BLANK_ARROWS = ("O3", "T8")
WRONG_ARROWS = {"C8": "↑"}
MAY = Report(
    "delivery_plan_2018_05.csv",
    datetime(2018, 5, 1, 9, 0),
    "Business Coordination Board, 10 May 2018",
    (
        ILLUSTRATIVE + " So are the directions of travel.",
        "Leads changed since November 2017: V3, C9, O10, T10. Delivery leads: V6, V9, C1.",
    ),
    {
        "V5": "Yellow",
        "V6": "Yellow",
        "O1.1": "Yellow",
        "O2.2": "Red",
        "O4": "Yellow",
        "O10": "Yellow",
        "C5": "White",
        "C8": "Yellow",
        "C9": "Yellow",
        "T2": "Red",
        "T4": "Yellow",
        "T8": "Yellow",
    },
    arrows={
        **dict.fromkeys(("V9", "C2", "C9", "T10"), "↑"),
        **dict.fromkeys(("V6", "T2"), "↓"),
        **dict.fromkeys(BLANK_ARROWS, ""),
        **WRONG_ARROWS,
    },
)


def make_plan(path: Path, report: Report) -> None:
    """Writes one report: a sheet with the key of statuses and the plan below it."""
    office = OfficeWorkbook(
        path,
        "Police and Crime Plan: delivery plan",
        "Priority actions, what is done about them, and how far it is",
        created=report.created,
        keywords="police and crime plan, delivery plan",
        footer="Delivery plan",
    )
    sheet = office.add_sheet(SHEET, A3_PAPER)
    for column, (_, width) in enumerate(COLUMNS):
        sheet.set_column_pixels(column, column, width)
    write_head(office, sheet, report)
    last, bands = write_plan(office, sheet, report)
    sheet.freeze_panes(HEADING_ROW + 1, 2)
    sheet.print_area(0, 0, last, OPPORTUNITIES)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_print_scale(92)
    sheet.set_h_pagebreaks(bands[1:])
    sheet.set_header(f'&R&"{FONT},Regular"&8{report.board}')
    sheet.set_zoom(85)
    office.close()


def write_head(office: OfficeWorkbook, sheet: Worksheet, report: Report) -> None:
    """Titles, notes, and the key: colours on the left and, where there are any, arrows."""
    sheet.set_row(0, 27)
    sheet.write_string(0, 0, "Police and Crime Plan: delivery plan", office.format("title"))
    sheet.write_string(1, 0, report.board, office.format("subtitle"))
    for row, note in enumerate(report.notes, start=2):
        sheet.write_string(row, 0, note, office.format("small print"))
    for row, (status, meaning) in enumerate(MEANINGS.items(), start=KEY_ROW):
        sheet.write_blank(row, REF, None, status_format(office, status, report))
        sheet.write_string(row, ACTION, f"{status}: {meaning}", office.format("line"))
    if report.arrows is not None:
        for row, (arrow, meaning) in enumerate(TRAVEL, start=KEY_ROW):
            sheet.write_string(row, LEAD, arrow, office.format("centred", font_size=12))
            sheet.write_string(row, DELIVERY, meaning, office.format("line"))
    sheet.set_row(HEADING_ROW, 44)
    for column, (heading, _) in enumerate(COLUMNS):
        if column == STATUS and report.arrows is not None:
            heading = "Delivery status and direction of travel"
        sheet.write_string(HEADING_ROW, column, heading, office.format("heading"))


def write_plan(office: OfficeWorkbook, sheet: Worksheet, report: Report) -> tuple[int, list[int]]:
    """The bands of the themes, a page each, and the lines below them; the last row, and theirs."""
    row, bands = HEADING_ROW, []
    for theme, of_theme in groupby(read_rows(report.facts), lambda each: each["theme"]):
        row += 1
        bands.append(row)
        sheet.set_row(row, 22)
        band = office.format(
            "text heading", bg_color=BANDS[theme], font_color="#FFFFFF", font_size=11
        )
        sheet.merge_range(row, 0, row, OPPORTUNITIES, theme, band)
        for _, of_action in groupby(of_theme, lambda each: each["ref"]):
            lines = list(of_action)
            write_action(office, sheet, row + 1, lines, report)
            row += len(lines)
    return row, bands


def write_action(
    office: OfficeWorkbook, sheet: Worksheet, top: int, lines: list[Row], report: Report
) -> None:
    """An action with its activities: what they share is merged over them."""
    text = office.format("text")
    first = lines[0]
    reference = first["ref"] + ("." if first["ref"] in report.with_stop else "")
    opportunities = {line["opportunities"] for line in lines}
    bottom = top + len(lines) - 1
    write_over(sheet, top, bottom, REF, reference, office.format("reference"))
    write_over(sheet, top, bottom, ACTION, first["priority_action"], text)
    if len(opportunities) == 1:
        write_over(sheet, top, bottom, OPPORTUNITIES, first["opportunities"], text)
    for row, line in enumerate(lines, start=top):
        own = line["activity_ref"]
        activity = line["activity"] if own == line["ref"] else f"{own} {line['activity']}"
        sheet.write_string(row, LEAD, line["opcc_lead"], office.format("centred", text_wrap=True))
        sheet.write_string(row, DELIVERY, line["delivery_lead"], text)
        sheet.write_string(row, ACTIVITY, activity, text)
        shown = "" if report.arrows is None else report.arrows.get(own, "↔")
        look = status_format(office, report.status(own), report)
        sheet.write(row, STATUS, PLACEHOLDER.get(own, shown) or None, look)
        if len(opportunities) > 1:
            sheet.write(row, OPPORTUNITIES, line["opportunities"] or None, text)
        heights = [
            text_height(activity, COLUMNS[ACTIVITY][1] * PIXEL, 9),
            text_height(line["delivery_lead"], COLUMNS[DELIVERY][1] * PIXEL, 9),
        ]
        for shared, column in ((first["priority_action"], ACTION), (line["opportunities"], -1)):
            height = text_height(shared, COLUMNS[column][1] * PIXEL, 9)
            heights.append(height / len(lines))
        sheet.set_row(row, max(heights))


def write_over(
    sheet: Worksheet, top: int, bottom: int, column: int, text: str, look: Format
) -> None:
    """A text in one cell, or merged over several below each other."""
    if top == bottom:
        sheet.write(top, column, text or None, look)
    else:
        sheet.merge_range(top, column, bottom, column, text, look)


def status_format(office: OfficeWorkbook, status: Status, report: Report) -> Format:
    """The colour of a status. White is no fill in 2017 and a white one in 2018, as offices vary."""
    fill = FILLS.get(status) or ("#FFFFFF" if report.arrows is not None else None)
    look = {"valign": "vcenter", "font_size": 9 if report.arrows is None else 12}
    return office.format("centred", **look, **({"bg_color": fill, "pattern": 1} if fill else {}))
