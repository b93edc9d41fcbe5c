"""The registers that go to every Panel meeting: decisions, decisions to come, agenda plan, estates.

One workbook with a sheet for each, as printed, with the contradictions of the printed papers: two
record numbers of two digits, one decision out of date order, a council year 2017/87, and an asset
whose area in a board paper is another. ``corrected`` is the same without them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from office_style import PIXEL, OfficeWorkbook, join_items
from text_height import text_height
from xlsxwriter.worksheet import Worksheet

FACTS = Path(__file__).parent / "facts"
PANEL = "Cambridgeshire Police and Crime Panel, 15 November 2017"
CREATED = datetime(2017, 11, 7, 9, 0)
HEADING_ROW = 3

# What the papers print, and what it should have been.
NUMBERS = {"CPCC 2017-19": "CPCC 2017-019", "CPCC 2017-12": "CPCC 2017-012"}
LATE_RECORD = "CPCC 2017-022"  # stands before one that was decided earlier
COUNCIL_YEAR = ("precept for 2017/87", "precept for 2018/19")
BUDGET_ITEM = "Budget/Precept 2018/2019 (OPCC)"
BOARD_PAPER = ("Unit C, Chord Business Park, Godmanchester", "359 sq m (3,870 sq ft)", "375 sq m")

Column = tuple[str, int, str]  # heading, width in pixels, format

DECISIONS: tuple[Column, ...] = (
    ("Date", 110, "centred"),
    ("Decision Record No.", 120, "reference"),
    ("Subject", 330, "text"),
    ("Decision", 420, "text"),
    ("Notified in", 150, "text"),
)
FORWARD: tuple[Column, ...] = (
    ("Area", 210, "text"),
    ("Decision area", 420, "text"),
    ("Background reports", 100, "centred"),
    ("Anticipated timescale", 360, "text"),
)
AGENDA: tuple[Column, ...] = (
    ("Date", 150, "text"),
    ("Time", 60, "centred"),
    ("Venue", 210, "text"),
    ("Type", 150, "text"),
    ("Theme", 150, "text"),
    ("Items", 480, "text"),
)
SURPLUS = ("Current situation / update", "Timescales")
OPTIONS = ("Issues / options", "Timescale")
ESTATES: tuple[Column, ...] = (
    ("Asset", 220, "text"),
    ("Tenure", 80, "centred"),
    ("Floor area (m\u00b2)", 80, "score"),
    ("Facilities", 150, "text"),
    ("Current use", 120, "text"),
    ("Update", 330, "text"),
    ("Timescale", 300, "text"),
)


def make_papers(path: Path, *, corrected: bool = False) -> None:
    """Writes the workbook: ``Decisions``, ``Forward decisions``, ``Agenda plan``, ``Estates``."""
    office = OfficeWorkbook(
        path,
        "Registers for the Police and Crime Panel",
        "Decisions, decisions to come, agenda plan and estates",
        created=CREATED,
        keywords="decisions, agenda plan, estates",
        footer="Police and Crime Panel",
    )
    add_decisions(office, corrected)
    add_forward(office)
    add_agenda(office, corrected)
    add_estates(office, corrected)
    office.close()


def read_facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def start_sheet(
    office: OfficeWorkbook, name: str, title: str, columns: Sequence[Column], subtitle: str = PANEL
) -> Worksheet:
    """A sheet with its title, the meeting, and widths; headings are written by the caller."""
    sheet = office.add_sheet(name)
    for place, (_, width, _) in enumerate(columns):
        sheet.set_column_pixels(place, place, width)
    sheet.set_row(0, 27)
    sheet.write_string(0, 0, title, office.format("title"))
    sheet.write_string(1, 0, subtitle, office.format("subtitle"))
    sheet.fit_to_pages(1, 1)
    return sheet


def write_headings(
    office: OfficeWorkbook, sheet: Worksheet, row: int, headings: Iterable[str]
) -> None:
    sheet.set_row(row, 30)
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, heading, office.format("heading"))


def write_line(
    office: OfficeWorkbook,
    sheet: Worksheet,
    row: int,
    columns: Sequence[Column],
    values: Sequence[str | int | date | None],
) -> None:
    """One record, high enough for its longest text; blanks keep their border."""
    height = 17.0
    for place, ((_, width, look), value) in enumerate(zip(columns, values, strict=True)):
        if isinstance(value, date):
            sheet.write_datetime(row, place, value, office.format("date"))
        elif isinstance(value, int):
            sheet.write_number(row, place, value, office.format(look))
        else:
            sheet.write(row, place, value or None, office.format(look))
            bold = look == "reference"
            height = max(height, text_height(value or "", width * PIXEL, 9, bold=bold))
    sheet.set_row(row, height)


def finish(sheet: Worksheet, last: int, columns: Sequence[Column], heading: int = 0) -> None:
    if heading:
        sheet.freeze_panes(heading + 1, 0)
        sheet.repeat_rows(heading)
    sheet.print_area(0, 0, last, len(columns) - 1)


def add_decisions(office: OfficeWorkbook, corrected: bool) -> None:
    sheet = start_sheet(office, "Decisions", "Decisions by the Commissioner", DECISIONS)
    write_headings(office, sheet, HEADING_ROW, (heading for heading, _, _ in DECISIONS))
    facts = read_facts("decisions.csv")
    if corrected:
        late = next(row for row in facts if row["decision_record_printed"] == LATE_RECORD)
        place = facts.index(late)
        facts[place : place + 2] = [facts[place + 1], late]
    for row, fact in enumerate(facts, start=HEADING_ROW + 1):
        number = fact["decision_record_printed"]
        values = (
            date.fromisoformat(fact["date"]) if fact["date"] else None,
            NUMBERS.get(number, number) if corrected else number,
            fact["subject"],
            fact["decision_paraphrase"],
            fact["source_section"],
        )
        write_line(office, sheet, row, DECISIONS, values)
    finish(sheet, HEADING_ROW + len(facts), DECISIONS, HEADING_ROW)


def add_forward(office: OfficeWorkbook) -> None:
    sheet = start_sheet(
        office, "Forward decisions", "Areas where decisions are likely to be made", FORWARD
    )
    write_headings(office, sheet, HEADING_ROW, (heading for heading, _, _ in FORWARD))
    facts = read_facts("forward_decisions.csv")
    for row, fact in enumerate(facts, start=HEADING_ROW + 1):
        values = (
            fact["area"],
            fact["decision_area_paraphrase"],
            int(fact["background_reports"]),
            fact["anticipated_timescale_paraphrase"],
        )
        write_line(office, sheet, row, FORWARD, values)
    finish(sheet, HEADING_ROW + len(facts), FORWARD, HEADING_ROW)


def add_agenda(office: OfficeWorkbook, corrected: bool) -> None:
    sheet = start_sheet(office, "Agenda plan", "Meeting dates and agenda plan 2017/18", AGENDA)
    write_headings(office, sheet, HEADING_ROW, (heading for heading, _, _ in AGENDA))
    facts = read_facts("agenda_plan.csv")
    year = COUNCIL_YEAR[corrected]
    for row, fact in enumerate(facts, start=HEADING_ROW + 1):
        items = fact["items"].replace(BUDGET_ITEM, f"{BUDGET_ITEM}: {year}")
        values = (
            fact["meeting_date_printed"],
            fact["time"],
            fact["venue"],
            fact["meeting_type"],
            fact["theme"],
            join_items(tuple(items.split(" | "))),
        )
        write_line(office, sheet, row, AGENDA, values)
    finish(sheet, HEADING_ROW + len(facts), AGENDA, HEADING_ROW)


def add_estates(office: OfficeWorkbook, corrected: bool) -> None:
    """Two sections, each with headings of its own, and the area that a board paper gives."""
    sheet = start_sheet(office, "Estates", "Estates update", ESTATES)
    row = HEADING_ROW
    facts = read_facts("estates.csv")
    for section, headings in zip(
        dict.fromkeys(fact["section"] for fact in facts), (SURPLUS, OPTIONS), strict=True
    ):
        write_band(office, sheet, row, section, len(ESTATES))
        first = [heading for heading, _, _ in ESTATES[:-2]]
        write_headings(office, sheet, row + 1, [*first, *headings])
        row += 2
        for fact in (each for each in facts if each["section"] == section):
            values = (
                fact["asset"],
                fact["tenure"],
                int(fact["floor_area_m2"]),
                fact["facilities"],
                fact["current_use"],
                fact["issue_or_update_paraphrase"],
                fact["timescale_paraphrase"],
            )
            write_line(office, sheet, row, ESTATES, values)
            row += 1
        row += 1
    write_band(office, sheet, row, "AREAS IN BOARD PAPERS", len(ESTATES))
    write_headings(office, sheet, row + 1, ("Asset", "Tenure", "Floor area", "Source"))
    asset, printed, right = BOARD_PAPER
    paper = (*ESTATES[:2], ("Floor area", ESTATES[2][1], "text"), ESTATES[3])
    line = (asset, "Freehold", right if corrected else printed, "Board paper, item 13.0")
    write_line(office, sheet, row + 2, paper, line)
    finish(sheet, row + 2, ESTATES)


def write_band(office: OfficeWorkbook, sheet: Worksheet, row: int, text: str, width: int) -> None:
    """A heading across the table."""
    sheet.merge_range(row, 0, row, width - 1, text, office.format("text heading"))
