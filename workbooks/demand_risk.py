"""Force demand risks as the Board's paper has them: scores of two years, the list of this year with
label and score in one cell, and the summary of what is being done.

The printed papers carry two contradictions, and so does this: an area has one name among the scores
and another in the summary, and the summary has an area without a score. ``corrected`` is the same
without them (the score is then illustrative).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from office_style import OfficeWorkbook
from panel_papers import (
    HEADING_ROW,
    Column,
    finish,
    read_facts,
    start_sheet,
    write_band,
    write_headings,
    write_line,
)

BOARD = "Business Coordination Board, 11 June 2019"
CREATED = datetime(2019, 6, 3, 9, 0)
SCORES, LISTED = "FMS1 above tolerance 2018/19", "FMS2 above tolerance 2019/20"
TWO_NAMES = ("Geographic (Domestic Abuse)", "Domestic Abuse/Stalking and Harassment")
UNSCORED, ILLUSTRATIVE = "Geographic (Neighbourhoods)", "Substantial (14)"

TWO_YEARS: tuple[Column, ...] = (
    ("Function", 330, "text"),
    ("Risk", 110, "centred"),
    ("Score", 60, "score"),
    ("Risk", 110, "centred"),
    ("Score", 60, "score"),
)
ONE_YEAR: tuple[Column, ...] = (("Function", 430, "text"), ("Risk 2019/20", 150, "centred"))
SUMMARY: tuple[Column, ...] = (
    ("Code", 60, "reference"),
    ("Function", 250, "text"),
    ("Mitigation", 480, "text"),
    ("Owner", 170, "text"),
)


def make_demand_risk(path: Path, *, corrected: bool = False) -> None:
    """Writes the workbook: ``Scores``, ``Above tolerance 2019-20`` and ``Mitigation``."""
    office = OfficeWorkbook(
        path,
        "Force demand risk",
        "Demand risks above tolerance, and their mitigation",
        created=CREATED,
        keywords="force management statement, demand risk",
        footer="Force demand risk",
    )
    facts = read_facts("fms_demand_risk.csv")
    add_scores(office, [fact for fact in facts if fact["list"] == SCORES], corrected)
    add_list(office, [fact for fact in facts if fact["list"] == LISTED], corrected)
    add_summary(office, [fact for fact in facts if fact["list"] != SCORES])
    office.close()


def add_scores(office: OfficeWorkbook, facts: list[dict[str, str]], corrected: bool) -> None:
    title = "Demand risk scores, 2018/19 and 2019/20"
    sheet = start_sheet(office, "Scores", title, TWO_YEARS, BOARD)
    heading = office.format("heading")
    sheet.merge_range(HEADING_ROW, 0, HEADING_ROW + 1, 0, "Function", heading)
    for place, band in ((1, "2018/19"), (3, "2019/20")):
        sheet.merge_range(HEADING_ROW, place, HEADING_ROW, place + 1, band, heading)
        sheet.write_string(HEADING_ROW + 1, place, "Risk", heading)
        sheet.write_string(HEADING_ROW + 1, place + 1, "Score", heading)
    for row, fact in enumerate(facts, start=HEADING_ROW + 2):
        function = fact["function"]
        values = (
            TWO_NAMES[1] if corrected and function == TWO_NAMES[0] else function,
            fact["risk_label_2018_19"],
            int(fact["score_2018_19"]),
            fact["risk_label_2019_20"],
            int(fact["score_2019_20"]),
        )
        write_line(office, sheet, row, TWO_YEARS, values)
    finish(sheet, HEADING_ROW + 1 + len(facts), TWO_YEARS, HEADING_ROW + 1)


def add_list(office: OfficeWorkbook, facts: list[dict[str, str]], corrected: bool) -> None:
    title = "Areas above tolerance, 2019/20"
    sheet = start_sheet(office, "Above tolerance 2019-20", title, ONE_YEAR, BOARD)
    write_headings(office, sheet, HEADING_ROW, (heading for heading, _, _ in ONE_YEAR))
    lines = [
        (fact["function"], f"{fact['risk_label_2019_20']} ({fact['score_2019_20']})")
        for fact in facts
    ]
    if corrected:
        lines.append((UNSCORED, ILLUSTRATIVE))
    for row, values in enumerate(lines, start=HEADING_ROW + 1):
        write_line(office, sheet, row, ONE_YEAR, values)
    finish(sheet, HEADING_ROW + len(lines), ONE_YEAR, HEADING_ROW)


def add_summary(office: OfficeWorkbook, facts: list[dict[str, str]]) -> None:
    """One table, divided by headings across it."""
    title = "What is being done about demand risks above tolerance"
    sheet = start_sheet(office, "Mitigation", title, SUMMARY, BOARD)
    write_headings(office, sheet, HEADING_ROW, (heading for heading, _, _ in SUMMARY))
    row, before = HEADING_ROW + 1, ""
    for fact in facts:
        if fact["demand_risk_heading"] != before:
            before = fact["demand_risk_heading"]
            write_band(office, sheet, row, before, len(SUMMARY))
            row += 1
        values = (fact["code"], fact["function"], fact["mitigation_paraphrase"], fact["owner"])
        write_line(office, sheet, row, SUMMARY, values)
        row += 1
    finish(sheet, row - 1, SUMMARY, HEADING_ROW)
