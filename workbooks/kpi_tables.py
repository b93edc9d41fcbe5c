"""The tables behind the dashboard: the peer group, the information sheet, road casualties."""

from __future__ import annotations

from itertools import groupby

from kpi_facts import Indicator
from kpi_figure_rows import typed_number
from office_style import OfficeWorkbook
from risk_facts import read_rows

FORCE = "Cambridgeshire"
RATE_PER = 1_000

# Round numbers of about the right size, for the arithmetic only.
POPULATIONS = {
    FORCE: 850_000,
    "Avon and Somerset": 1_700_000,
    "Devon and Cornwall": 1_750_000,
    "Gloucestershire": 630_000,
    "Staffordshire": 1_130_000,
    "Thames Valley": 2_400_000,
    "Warwickshire": 560_000,
    "Wiltshire": 710_000,
}
# Own figure over the mean of the peers that gives the printed outcome at a tolerance of 4%.
OWN_OVER_PEERS = {"Higher": 1.12, "Lower": 0.88, "Comparable": 1.01}
# How peers differ around their mean; each column begins at another place.
AROUND_MEAN = (-0.05, 0.03, -0.02, 0.05, -0.03, 0.01, 0.01)
PEERS_TITLE = "Most similar forces: rolling 12 months"
PEERS_NOTE = (
    "Illustrative: the figures of the other forces and all populations are made up; they stand in "
    "the published relation (Higher, Lower, Comparable) to ours and claim nothing else."
)

# The information sheet's sources, in our words.
SOURCES = {
    "Victim Satisfaction survey data (telephone interviews)": "Telephone survey of victims",
    "Policing in Cambridgeshire survey data (telephone interviews)": (
        "Telephone survey of residents"
    ),
    "Police recorded crime": "Crimes recorded by the police",
    "Police recorded incidents": "Incidents recorded by the police",
    "Call handling data": "Call handling system",
    "Strength data from ORIGIN": "Strength, from ORIGIN",
    "Hours worked from Dutysheet": "Hours on duty, from Dutysheet",
    "Cambridgeshire County Council": "Cambridgeshire County Council",
    "Sickness data from ORIGIN": "Sickness, from ORIGIN",
    "Age, ethnicity and nationality of detainees, from NSPIS Custody": (
        "Custody records (NSPIS): age, ethnicity, nationality"
    ),
    "Age, ethnicity and nationality of people stop searched, from Stop Search database": (
        "Stop and search records: age, ethnicity, nationality"
    ),
}


def add_peers(office: OfficeWorkbook, indicators: list[Indicator]) -> None:
    """The sheet ``Most similar forces``: a row a force, a column an indicator with an outcome."""
    compared = [i for i in indicators if i.printed["msf"] in OWN_OVER_PEERS]
    peers = [row["force"] for row in read_rows("most_similar_forces.csv")]
    sheet = office.add_sheet("Most similar forces")
    for column, width in enumerate((170, 96, *[92] * len(compared))):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, PEERS_TITLE, office.format("title", font_size=14))
    sheet.write_string(1, 0, PEERS_NOTE, office.format("small print"))
    sheet.set_row(3, 46)
    sheet.write_string(3, 0, "Force", office.format("text heading"))
    for column, text in enumerate(("Population", *(i.name for i in compared)), start=1):
        sheet.write_string(3, column, text, office.format("heading"))
    for row, force in enumerate((FORCE, *peers), start=4):
        own = force == FORCE
        sheet.set_row(row, 19)
        sheet.write_string(row, 0, force, office.format("line", bold=own))
        whole = office.format("score", num_format="#,##0", bold=own)
        share = office.format("score", num_format="0.0%", bold=own)
        sheet.write_number(row, 1, POPULATIONS[force], whole)
        for place, indicator in enumerate(compared):
            figure = typed_number(indicator.printed["rolling12"])
            if not own:
                turned = AROUND_MEAN[(peers.index(force) + place) % len(AROUND_MEAN)]
                figure *= (1 + turned) / OWN_OVER_PEERS[indicator.printed["msf"]]
                if indicator.unit == "percent":
                    figure = round(figure, 4)
                else:
                    figure = round(figure * POPULATIONS[force] / POPULATIONS[FORCE])
            look = share if indicator.unit == "percent" else whole
            sheet.write_number(row, 2 + place, figure, look)
    sheet.freeze_panes(4, 1)
    sheet.fit_to_pages(1, 1)


def add_information(office: OfficeWorkbook) -> None:
    """The sheet ``Information``: what each indicator is made from, and up to when."""
    sheet = office.add_sheet("Information")
    for column, width in enumerate((370, 330, 170, 170)):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "Information sheet", office.format("title"))
    row = 2
    for section, group in groupby(
        read_rows("kpi_information_sheet.csv"), lambda fact: fact["section"]
    ):
        sheet.set_row(row, 22)
        sheet.write_string(row, 0, section, office.format("section"))
        row += 1
        headings = ("Indicator", "Data used", "Data date", "Peer comparison")
        for column, text in enumerate(headings):
            sheet.write_string(row, column, text, office.format("text heading"))
        row += 1
        for theme, facts in groupby(group, lambda fact: fact["theme"]):
            if theme:
                sheet.merge_range(row, 0, row, len(headings) - 1, theme, office.format("label"))
                row += 1
            for fact in facts:
                texts = (
                    fact["indicator"],
                    SOURCES[fact["data_used"]],
                    fact["data_date"],
                    fact["peer_comparison_iquanta"],
                )
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, text, office.format("line"))
                row += 1
        row += 1
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)


def add_casualties(office: OfficeWorkbook) -> None:
    """The sheet ``Road casualties``: five years and their totals, typed."""
    headings = ("Year", "Fatal", "Serious", "Severe (MAIS3+)", "KSI", "Killed and severe")
    fields = ("fatal", "serious_stats19", "severe_mais3plus", "ksi", "killed_plus_severe")
    sheet = office.add_sheet("Road casualties")
    for column, width in enumerate((120, 90, 90, 130, 90, 140)):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(
        0, 0, "Road casualties by financial year", office.format("title", font_size=14)
    )
    sheet.write_string(
        1,
        0,
        "KSI: killed or seriously injured. Severe injuries (MAIS3+) are counted another way.",
        office.format("small print"),
    )
    sheet.set_row(3, 24)
    for column, text in enumerate(headings):
        sheet.write_string(3, column, text, office.format("heading" if column else "text heading"))
    for row, fact in enumerate(read_rows("ksi_by_year.csv"), start=4):
        total = fact["is_total"] == "yes"
        sheet.set_row(row, 19)
        name = office.format("total label" if total else "line")
        sheet.write_string(row, 0, fact["year"], name)
        look = office.format(
            "total" if total else "score", num_format="#,##0", align="center", indent=0
        )
        for column, field in enumerate(fields, start=1):
            sheet.write_number(row, column, int(fact[field]), look)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
