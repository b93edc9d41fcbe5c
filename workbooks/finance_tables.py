"""Small tables of the finance and workforce papers: totals, differences, shares and averages.

One workbook with a sheet for each table and its own settings sheet, which says once what is made
from what. Why typed figures and no formulas: that is how the papers print them, with four that do
not follow from their parts: a monthly average of 101 calls, one of 999 calls that was cut off at
the point, the share of applicants recruited, and the number of audits. ``corrected`` is the same
without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from office_style import PIXEL, OfficeWorkbook
from risk_facts import read_rows
from text_height import text_height
from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2019, 6, 4, 9, 0)
BOARD = "Business Coordination Board, 11 June 2019, Medium Term Financial Strategy"
HEADING_ROW = 3
COUNT, MONEY, POUNDS, MILLIONS, ABOUT = "#,##0", "£#,##0", "£#,##0.00", "0.0", "0"
WHOLE_PERCENT, PERCENT = "0%", "0.0%"
SIGNED, SIGNED_PERCENT = "+#,##0;-#,##0;0", "+0.0%;-0.0%;0.0%"

# What the papers print, and what follows from the figures beside it.
AVERAGES = {"999 calls answered": (10_291, 10_291.5), "101 calls answered": (27_271, 27_261)}
RECRUITED = (0.03, 5 / 284)
AUDITS = (22, 21)

TOTALS: Mapping[str, tuple[str, ...]] = {
    "Total Officers": ("Local Policing", "Other Policing"),
    "Total": ("Police Staff", "PCSOs"),
    "Change": ("2019/20", "- 2018/19"),
    "Band D 2019/20": ("Band D 2018/19", "Increase"),
    "Increase in the budget": (
        "Pay and pension increases",
        "Collaboration costs",
        "Decrease in income",
        "Planned increase of officers",
    ),
    "Net cost of pensions": (
        "Employer pension contribution increase",
        "- Additional pension grant",
    ),
    "All grants": (
        "Cambridgeshire Substance Misuse",
        "Cambridgeshire Youth Offending Service",
        "Peterborough Youth Offending Service",
        "Multi-Agency Public Protection Agency (MAPPA)",
        "Delivering a countywide offender strategy",
        "Crimestoppers",
    ),
    "Added by OPCC": ("Paper at one of 11 events", "Posted", "By telephone"),
    "Online survey": ("Directly online by individuals", "Added by OPCC"),
    "Supportive": ("Strongly agreed", "Agreed"),
    "Unsupportive": ("Disagreed", "Strongly disagreed"),
    "Neutral": ("Neither agreed or disagreed",),
    "Difference": ("12 months to October 2017", "- Calendar 2016"),
}
SHARES: Mapping[str, tuple[str, str | int]] = {
    "Share recruited": ("BME applicants recruited", "BME applications"),
    "Monthly average": ("12 months to September 2017", 12),
    "Difference %": ("Difference", "Calendar 2016"),
}

Row = Sequence[str | float | None]


class Column(NamedTuple):
    """A heading, its width in pixels, and the number format of its figures; "" for text."""

    heading: str
    width: int
    number: str = ""


def make_finance(path: Path, *, corrected: bool = False) -> None:
    """Writes the workbook: a sheet for each table, then ``xlgov``."""
    office = OfficeWorkbook(
        path,
        "Finance and workforce tables",
        "Workforce, council tax, budget, grants, consultation and other small tables",
        created=CREATED,
        keywords="workforce, grants, consultation, casualties",
        footer="Finance and workforce tables",
    )
    add_workforce(office)
    add_council_tax(office)
    add_budget(office)
    add_grants(office)
    add_consultation(office)
    add_recruitment(office, corrected)
    add_contact(office, corrected)
    add_audit(office, corrected)
    add_casualties(office)
    add_settings(office)
    office.close()


class Page:
    """A sheet under way: tables one below the other."""

    def __init__(
        self, office: OfficeWorkbook, name: str, title: str, source: str, columns: Sequence[Column]
    ) -> None:
        self.office, self.columns = office, columns
        self.sheet: Worksheet = office.add_sheet(name)
        for place, column in enumerate(columns):
            self.sheet.set_column_pixels(place, place, column.width)
        self.sheet.set_row(0, 27)
        self.sheet.write_string(0, 0, title, office.format("title"))
        self.sheet.write_string(1, 0, source, office.format("subtitle"))
        self.sheet.fit_to_pages(1, 1)
        self.row = HEADING_ROW

    def add_table(
        self,
        rows: Sequence[Row],
        *,
        section: str = "",
        headings: Sequence[str] = (),
        totals: Sequence[int] = (),
        looks: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        """Headings and rows; ``looks`` are number formats by row and column, both from 0."""
        office, sheet = self.office, self.sheet
        if section:
            sheet.write_string(self.row, 0, section, office.format("section"))
            self.row += 1
        shown = headings or [column.heading for column in self.columns]
        sheet.set_row(self.row, 30)
        for place, heading in enumerate(shown):
            look = "text heading" if not self.columns[place].number else "heading"
            sheet.write_string(self.row, place, heading, office.format(look))
        for number, row in enumerate(rows):
            self.row += 1
            is_total = number in totals
            height = 17.0
            for place, value in enumerate(row):
                column = self.columns[place]
                if isinstance(value, str) or (value is None and not column.number):
                    look = office.format("middle text", bold=is_total)
                    sheet.write(self.row, place, value, look)
                    height = max(height, text_height(value or "", column.width * PIXEL, 9))
                    continue
                code = (looks or {}).get((number, place), column.number)
                look = office.format("rating" if is_total else "score", num_format=code)
                sheet.write(self.row, place, value, look)
            sheet.set_row(self.row, height)
        self.row += 2
        sheet.print_area(0, 0, self.row - 2, len(self.columns) - 1)


def number_of(printed: str) -> float:
    """A printed figure: ``22.2%`` is a fraction, ``1,175`` a number."""
    figure = float(printed.removesuffix("%").replace(",", ""))
    if printed.endswith("%"):
        return round(figure / 100, 6)
    return int(figure) if figure.is_integer() else figure


def finance_fact(item: str, period: str = "") -> float:
    """The figure of one row of the finance facts."""
    (row,) = (
        row
        for row in read_rows("finance_facts.csv")
        if row["item"] == item and period in ("", row["period"])
    )
    return number_of(row["value"])


def add_workforce(office: OfficeWorkbook) -> None:
    """Establishment by group and year, as in Table 1 of the Medium Term Financial Strategy."""
    years = ("2018/19", "2019/20")
    columns = (
        Column("Group", 160),
        Column("Posts", 200),
        *(Column(year, 90, COUNT) for year in years),
        Column("Change", 90, SIGNED),
    )
    source = f"{BOARD}, Table 1: establishment (posts)"
    page = Page(office, "Workforce", "Workforce projections", source, columns)
    table: dict[tuple[str, str], dict[str, float]] = {}
    for fact in read_rows("workforce.csv"):
        if "Table 1" in fact["source_section"]:
            posts = table.setdefault((fact["category"], fact["item"]), {})
            posts[fact["period"]] = number_of(fact["value"])
    rows: list[Row] = []
    for (group, item), posts in table.items():
        before, after = (posts[year] for year in years)
        rows.append((group, item, before, after, after - before))
    totals = [place for place, row in enumerate(rows) if str(row[1]).startswith("Total")]
    page.add_table(rows, totals=totals)


def add_council_tax(office: OfficeWorkbook) -> None:
    columns = (Column("Council tax", 260), Column("£ a year", 110, POUNDS))
    source = f"{BOARD}, 6.5: police share"
    page = Page(office, "Council tax", "Council tax, Band D", source, columns)
    rows: list[Row] = [
        ("Band D 2018/19", finance_fact("Band D", "2018/19")),
        ("Increase", finance_fact("Increase")),
        ("Band D 2019/20", finance_fact("Band D", "2019/20")),
    ]
    page.add_table(rows, totals=[2])


def add_budget(office: OfficeWorkbook) -> None:
    """Both results are printed as *about* a whole number of millions, and are shown so."""
    columns = (Column("Item", 320), Column("£m", 110, MILLIONS))
    source = f"{BOARD}, section 7"
    page = Page(office, "Budget", "What changes the budget of 2019/20", source, columns)
    parts = TOTALS["Increase in the budget"]
    rows: list[Row] = [(item, finance_fact(item)) for item in parts]
    rows.append(("Increase in the budget", finance_fact("Total budget requirement increase")))
    page.add_table(rows, section="Budget requirement (7.1)", totals=[4], looks={(4, 1): ABOUT})
    pensions: list[Row] = [
        (item, finance_fact(item))
        for item in ("Employer pension contribution increase", "Additional pension grant")
    ]
    pensions.append(("Net cost of pensions", 2))
    page.add_table(pensions, section="Pensions (7.2)", totals=[2], looks={(2, 1): ABOUT})


def add_grants(office: OfficeWorkbook) -> None:
    """The papers print no total; the last row is ours."""
    columns = (
        Column("Scheme", 260),
        Column("Recipient", 300),
        Column("Amount", 100, MONEY),
    )
    source = "Offenders theme, Appendix 1"
    page = Page(office, "Grants 2019-20", "Crime and disorder grants 2019/20", source, columns)
    facts = read_rows("grants_2019_20.csv")
    rows: list[Row] = [
        (fact["scheme"], fact["recipient"], number_of(fact["amount_gbp"])) for fact in facts
    ]
    rows.append(("All grants", None, sum(number_of(fact["amount_gbp"]) for fact in facts)))
    page.add_table(rows, totals=[len(facts)])


def add_consultation(office: OfficeWorkbook) -> None:
    columns = (Column("Answer", 330), Column("Count", 90, COUNT), Column("%", 90, PERCENT))
    source = "Police and Crime Panel, 15 November 2017, item 6, section 7"
    page = Page(office, "Fire consultation", "Consultation on fire governance", source, columns)
    groups: dict[str, list[dict[str, str]]] = {}
    for fact in read_rows("consultation_2017.csv"):
        groups.setdefault(fact["group"], []).append(fact)
    sources, ways, agreement, summary, people = groups.values()
    page.add_table(
        [(fact["label"], number_of(fact["count"])) for fact in sources],
        section="Sources of all responses (7.1)",
        headings=("Source", "Count"),
        totals=[len(sources) - 1],
    )
    rows: list[Row] = []
    for fact in ways[:-1]:
        label = fact["label"].removeprefix("Added by OPCC: ")
        rows.append((label[0].upper() + label[1:], number_of(fact["count"])))
    rows.append(("Online survey", number_of(ways[-1]["count"])))
    page.add_table(
        rows,
        section="How the online survey was completed (7.2)",
        headings=("Way", "Count"),
        totals=[1, len(rows) - 1],
    )
    counts = {fact["label"]: number_of(fact["count"]) for fact in agreement}
    answers: list[Row] = [
        (fact["label"], counts[fact["label"]], number_of(fact["percent"])) for fact in agreement
    ]
    answers.append(("Total", sum(counts.values()), 1.0))
    for fact in summary:
        count = sum(counts[label] for label in TOTALS[fact["label"]])
        answers.append((fact["label"], count, number_of(fact["percent"])))
    whole = {
        (place, 2): WHOLE_PERCENT
        for place, fact in enumerate([*agreement, {"percent": "100%"}, *summary])
        if "." not in fact["percent"]
    }
    page.add_table(
        answers,
        section="Agreement with the proposal (7.3)",
        totals=[len(agreement)],
        looks=whole,
    )
    who: list[Row] = [
        (fact["label"], number_of(fact["count"]), number_of(fact["percent"])) for fact in people
    ]
    who.append(("Total", sum(number_of(fact["count"]) for fact in people), 1.0))
    page.add_table(
        who,
        section="Who answered the online survey (7.4)",
        headings=("Respondent", "Count", "%"),
        totals=[len(people)],
        looks={(place, 2): WHOLE_PERCENT for place in range(len(who))},
    )


def add_recruitment(office: OfficeWorkbook, corrected: bool) -> None:
    columns = (Column("Recruitment", 300), Column("2017", 100, COUNT))
    source = "Police and Crime Panel, 15 November 2017, Communities theme, 11.4"
    page = Page(office, "Recruitment", "Recruitment after positive action", source, columns)
    facts = {fact["item"]: fact for fact in read_rows("workforce.csv")}
    rows: list[Row] = [
        ("BME applications", number_of(facts["BME applications after positive action"]["value"])),
        ("BME applicants recruited", number_of(facts["BME applicants recruited"]["value"])),
        ("Share recruited", RECRUITED[corrected]),
    ]
    columns_of = ("Recruitment", "Number")
    page.add_table(rows, headings=columns_of, totals=[2], looks={(2, 1): WHOLE_PERCENT})


def add_contact(office: OfficeWorkbook, corrected: bool) -> None:
    columns = (
        Column("Measure", 260),
        Column("12 months to September 2017", 130, COUNT),
        Column("Monthly average", 110, COUNT),
    )
    source = "Police and Crime Panel, 15 November 2017, Communities theme, 7.1"
    page = Page(office, "Public contact", "Calls from the public", source, columns)
    facts = {fact["item"]: fact for fact in read_rows("performance_facts.csv")}
    rows: list[Row] = [
        (item, number_of(facts[item]["value"]), average[corrected])
        for item, average in AVERAGES.items()
    ]
    page.add_table(rows)


def add_audit(office: OfficeWorkbook, corrected: bool) -> None:
    """The total is of another paragraph, and of one audit more."""
    columns = (Column("Group", 160), Column("Opinion", 260), Column("Reports", 90, COUNT))
    source = "Annual Governance Statement 2018/19, 4.8 and 4.9"
    page = Page(office, "Internal audit", "Internal audit opinions", source, columns)
    rows: list[Row] = []
    for fact in read_rows("finance_facts.csv"):
        group, reports, opinion = fact["item"].partition(" reports: ")
        if fact["category"] == "Audit" and reports:
            rows.append((group, opinion[0].upper() + opinion[1:], number_of(fact["value"])))
    rows.append((None, "Total", AUDITS[corrected]))
    page.add_table(rows, totals=[len(rows) - 1])


def add_casualties(office: OfficeWorkbook) -> None:
    """Differences are ours; the papers print both periods only."""
    columns = (
        Column("Casualties", 200),
        Column("12 months to October 2017", 130, COUNT),
        Column("Calendar 2016", 110, COUNT),
        Column("Difference", 100, SIGNED),
        Column("Difference %", 100, SIGNED_PERCENT),
    )
    source = "Road safety report, May 2018, Appendix A"
    page = Page(office, "Casualty summary", "Road casualties", source, columns)
    rows: list[Row] = []
    for fact in read_rows("ksi_summary_12m.csv"):
        after, before = int(fact["months12_to_oct_2017"]), int(fact["calendar_2016"])
        rows.append(
            (fact["measure"], after, before, after - before, round((after - before) / before, 3))
        )
    page.add_table(rows)


def add_settings(office: OfficeWorkbook) -> None:
    """What every total and share of this workbook is made from."""
    sheet = office.add_sheet("xlgov")
    for place, width in enumerate((260, 330, 220)):
        sheet.set_column_pixels(place, place, width)
    text, heading = office.format("middle text"), office.format("text heading")
    section = office.format("section")
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "xlgov settings", office.format("title", font_size=13))
    tables: tuple[tuple[str, tuple[str, ...], list[Row]], ...] = (
        ("Totals", ("Total", "Parts"), [(name, "; ".join(own)) for name, own in TOTALS.items()]),
        ("Shares", ("Share", "Part", "Whole"), [(name, *own) for name, own in SHARES.items()]),
    )
    row = 2
    for title, headings, rows in tables:
        sheet.write_string(row, 0, title, section)
        for place, word in enumerate(headings):
            sheet.write_string(row + 1, place, word, heading)
        for number, cells in enumerate(rows, start=row + 2):
            for place, cell in enumerate(cells):
                sheet.write(number, place, cell, text)
            height = text_height(str(cells[1]), 330 * PIXEL, 9)
            sheet.set_row(number, max(17.0, height))
        row += len(rows) + 3
    sheet.fit_to_pages(1, 0)
