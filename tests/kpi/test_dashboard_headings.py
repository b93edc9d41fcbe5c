"""Headings as offices print them: what each column holds, and which are left alone."""

from __future__ import annotations

import pytest

from xlgov.kpi.headings import Meaning, read_heading
from xlgov.kpi.signs import LONGEST

KNOWN = {
    ("indicator", 0): [
        *("Indicator", "KPI", "Measure", "Performance Measure", "Key Performance Indicators"),
        *("Indicator\nname", "METRIC", "Indicator / Measure", "Measures", "Indicator Description"),
    ],
    ("theme", 0): ["Theme", "Priority", "OBJECTIVE"],
    ("month", 0): ["Current Month", "Current\nmonth", "This month", "Latest month", "Current"],
    ("month", 1): ["Same month -1yr", "Same month last year", "Same Month (previous year)"],
    ("month", 2): ["Same month – 2 yrs", "Same month two years ago", "Same month minus 2"],
    ("average", 1): [
        *("Current v 1yr avg", "Current v. 1 yr avg.", "Current v 1yr", "v 1yr avg"),
        *("Current\nvs 1-year average", "Performance against one year mean", "1 yr avg"),
        "Comparison to 1yr average",
    ],
    ("average", 3): ["Current v 3yr avg", "This month versus the 3 year average", "3 Year Mean"],
    ("fytd", 0): ["FYTD", "YTD", "Year to date", "Financial Year to Date", "FYTD (current)"],
    ("fytd", 1): [
        *("FYTD -1yr", "FYTD - 1 yr", "FYTD – 1 yr", "FYTD (-1 year)", "FYTD−1yr", "FYTD -1"),
        *("FYTD last year", "Previous year FYTD", "Prior year to date", "YTD 1 year ago"),
    ],
    ("fytd", 2): ["FYTD - 2 yr"],
    ("rolling", 0): [
        *("Rolling 12 months", "Rolling 12-month", "Rolling 12", "rolling twelve months"),
        *("12 months rolling", "12 month rolling total", "Last 12 months", "R12", "Rolling year"),
    ],
    ("rolling", 1): ["Rolling 12 months - 1 yr", "Rolling 12 months previous year"],
    ("baseline", 0): ["Baseline", "Base-line", "Base line figure"],
    ("benchmark", 0): [
        *("Perf v Benchmark", "Performance vs. baseline", "v Benchmark", "Against the baseline"),
        "Rolling 12 months v baseline",
    ],
    ("peers", 0): ["MSF", "Most similar forces", "v MSF", "Performance v MSF", "Peer group"],
    ("peer mean", 0): ["MSF average", "MSF Mean", "Average of MSF"],
    ("peer rank", 0): ["MSF rank", "Rank in MSF", "MSG position"],
    ("data to", 0): ["Data to", "Data period", "Period ending"],
}

# Near to a heading of ours, and another figure; a number of another period; or no heading at all.
OTHERS = [
    *(
        "FYTD 2016/17",
        "2016/17 FYTD",
        "FYTD % change",
        "YTD variance",
        "YTD target",
        "Baseline 2016/17",
    ),
    *(
        "% change v 3yr avg",
        "% difference from 1yr avg",
        "Change from 3 year average",
        "Change on 1 year",
    ),
    *(
        "Rolling 12-month average",
        "Rolling 3 months",
        "Rolling",
        "12 month average",
        "Previous 12 months",
    ),
    *("Current v last year", "Current v FYTD", "Current v baseline", "% change from baseline"),
    *("Current status", "Current rating", "Current risk", "Month", "Last year", "Last month"),
    *("Target", "Trend", "RAG", "Owner", "Comments", "Direction of travel", "Numerator", "Total"),
    *(
        "Average",
        "National average",
        "Benchmark",
        "Period",
        "Frequency",
        "Mar-18",
        "2017/18",
        "",
        "-",
    ),
    "FYTD is the financial year to date, that is from April to the reporting month.",
]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(text, Meaning(*said)) for said, texts in KNOWN.items() for text in texts],  # type: ignore[arg-type]  # literals
)
def test_a_heading_is_read_in_every_manner(text: str, meaning: Meaning) -> None:
    assert read_heading(text) == meaning


@pytest.mark.parametrize("text", OTHERS)
def test_another_heading_is_left_alone(text: str) -> None:
    assert read_heading(text) is None


def test_prose_is_no_heading_however_it_ends() -> None:
    assert read_heading("MSF".ljust(LONGEST)) == Meaning("peers")
    assert read_heading("MSF".ljust(LONGEST + 1)) is None


def test_a_column_says_what_its_cells_hold_and_its_name_in_a_sentence() -> None:
    said = {
        meaning: (meaning.holds, meaning.title)
        for meaning in (
            *(Meaning("month"), Meaning("month", 2), Meaning("average", 3), Meaning("fytd")),
            *(Meaning("fytd", 1), Meaning("rolling"), Meaning("rolling", 1), Meaning("benchmark")),
            *(Meaning("peers"), Meaning("peer mean"), Meaning("theme")),
        )
    }
    assert list(said.values()) == [
        ("figure", "current month"),
        ("figure", "same month -2 yr"),
        ("outcome", "current v 3yr avg"),
        ("figure", "FYTD"),
        ("figure", "FYTD - 1 yr"),
        ("figure", "rolling 12 months"),
        ("figure", "rolling 12 months - 1 yr"),
        ("outcome", "performance v benchmark"),
        ("outcome", "MSF"),
        ("figure", "MSF mean"),
        ("label", "theme"),
    ]
