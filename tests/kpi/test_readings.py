"""Monthly readings are found in whatever layout an office keeps them, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kpi.books import (
    Heading,
    Kept,
    Pair,
    across,
    across_by_suffix,
    codes,
    down,
    find,
    long,
    month_date,
    months,
    percent,
    plain,
    two_sheets,
)
from tests.risk.fake import FakeWorkbook, dated, formula
from xlgov.grid.cells import CellError
from xlgov.kpi.period import Month
from xlgov.kpi.readings import find_readings, list_readings
from xlgov.ooxml.reader import open_workbook
from xlgov.settings.values import IndicatorRule, Settings

ROOT = Path(__file__).parents[2]
APRIL = Month(2017, 4)
SPRING = ["Apr-17", "May-17", "Jun-17"]
SPRING_MONTHS = months(APRIL, 3)

KEPT = [
    Kept("Hate crime", "Victims", {month: 60 + month.month for month in months(APRIL, 14)}),
    Kept("Satisfaction", "Victims", {month: (80 + month.month, 99) for month in months(APRIL, 14)}),
    Kept("All crime", "Offenders", {month: 5000.5 for month in months(APRIL, 12)}),
]


def values(found: Any, name: str) -> list[float | Pair | None]:
    """Readings of one indicator in time order."""
    series = {one.name: one for one in found.series}[name]
    return [
        reading.value if reading.value is not None else (reading.numerator, reading.denominator)
        for _, reading in sorted(series.readings.items())
    ]


# Layouts


@pytest.mark.parametrize("layout", [across, down, long, two_sheets])
def test_every_layout_gives_the_same_readings(
    layout: Callable[[list[Kept], list[Month]], FakeWorkbook],
) -> None:
    found = find_readings(layout(KEPT, months(APRIL, 14)), Settings())
    assert plain(found) == {one.name: (one.theme, one.readings) for one in KEPT}
    assert found.findings == ()


def test_parts_at_the_end_of_names_and_themes_as_rows_between() -> None:
    found = find_readings(across_by_suffix(KEPT, months(APRIL, 14)), Settings())
    assert plain(found) == {one.name: (one.theme.upper(), one.readings) for one in KEPT}
    assert found.findings == ()
    assert found.sheets == ("Data",)


@pytest.mark.parametrize(
    "heading",
    [
        str,
        month_date,
        lambda month: month.name,
        lambda month: f"{month.year}-{month.month:02d}",
        lambda month: month.year * 100 + month.month,
        lambda month: f"1/{month.month}/{month.year}",
        lambda month: f"{month.name[:3]}\n{month.year}",
    ],
)
@pytest.mark.parametrize("layout", [across, down, long])
def test_months_are_read_however_they_are_headed(
    layout: Callable[[list[Kept], list[Month], Heading], FakeWorkbook], heading: Heading
) -> None:
    found = find_readings(layout(KEPT, months(APRIL, 14), heading), Settings())
    assert plain(found) == {one.name: (one.theme, one.readings) for one in KEPT}


NUMBERS = st.floats(0.5, 1e6, allow_nan=False).map(lambda number: round(number, 3))


@st.composite
def kept_readings(draw: st.DrawFn) -> tuple[list[Kept], list[Month]]:
    first = Month(draw(st.integers(1999, 2026)), draw(st.integers(1, 12)))
    over = months(first, draw(st.integers(3, 30)))
    names = draw(
        st.lists(st.sampled_from(["Arrests", "Calls", "Trials", "Visits"]), min_size=1, unique=True)
    )
    kept = []
    for name in names:
        ratio = draw(st.booleans())
        readings: dict[Month, float | Pair] = {}
        for place, month in enumerate(over):
            if place < 3 or draw(st.integers(0, 5)):
                number = draw(NUMBERS)
                readings[month] = (number, draw(NUMBERS)) if ratio else number
        kept.append(Kept(name, draw(st.sampled_from(["Victims", "Offenders"])), readings))
    return kept, over


@given(kept_readings())
@settings(max_examples=40, deadline=None)
def test_any_readings_are_the_same_in_every_layout(made: tuple[list[Kept], list[Month]]) -> None:
    kept, over = made
    expected = {one.name: (one.theme, one.readings) for one in kept}
    for layout in (across, down, long, two_sheets):
        found = find_readings(layout(kept, over), Settings())
        assert plain(found) == expected, layout.__name__
        assert found.findings == (), layout.__name__


def test_month_names_under_a_merged_financial_year() -> None:
    names = ["Apr", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    for label in ("2017/18", "FY 2017-18", "2017", 2017):
        found = find(
            [[None, label], ["Indicator", *names, "Apr"], ["Arrests", *range(1, 11)]],
            merges=["B1:J1"],
        )
        # The last April is under the same label in the figures, so it is the next April.
        expected = [APRIL, *months(Month(2017, 8), 8)]
        assert sorted(found.series[0].readings)[:9] == expected, label


def test_month_names_take_the_year_over_them_and_totals_are_no_months() -> None:
    year = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    found = find(
        [
            ["Crime"],
            [None, "2016/17", *[None] * 12, "2017/18"],
            [None, *year, "Total", *year, "FYTD"],
            ["Arrests", *range(12), 66, *range(12, 24), 210],
        ]
    )
    assert list(found.series[0].readings) == months(Month(2016, 4), 24)
    assert values(found, "Arrests") == list(range(24))
    assert found.findings == ()


def test_month_names_take_the_year_of_a_title_or_of_the_sheet() -> None:
    rows = [["Indicator", "Jan", "Feb", "Mar"], ["Arrests", 1, 2, 3]]
    for sheets in ({"Data": [["Performance 2017/18"], *rows]}, {"2017-18": rows}):
        assert list(find(sheets).series[0].readings) == months(Month(2018, 1), 3)
    assert find(rows).series == ()


def test_month_names_down_beside_their_year() -> None:
    found = find(
        [
            ["Year", "Month", "Arrests"],
            ["2017/18", "Feb", 1],
            [None, "Mar", 2],
            ["2018/19", "Apr", 3],
            [None, "May", 4],
        ],
        merges=["A2:A3", "A4:A5"],
    )
    assert plain(found) == {
        "Arrests": ("", dict(zip(months(Month(2018, 2), 4), [1, 2, 3, 4], strict=True)))
    }


def test_two_columns_per_month_below_a_merged_heading() -> None:
    found = find(
        [
            ["Indicator", "Apr-17", None, "May-17", None, "Jun-17", None],
            [None, *["Number satisfied", "Number surveyed"] * 3],
            ["Satisfaction", 8, 10, 9, 11, 7, 9],
        ],
        merges=["B1:C1", "D1:E1", "F1:G1"],
    )
    assert values(found, "Satisfaction") == [(8, 10), (9, 11), (7, 9)]
    assert found.findings == ()


def test_parts_in_the_headings_of_the_months() -> None:
    headings = [f"{month} {part}" for month in SPRING for part in ("Num", "(base)", "Target")]
    found = find([["Indicator", *headings], ["Trials", 1, 4, 9, 2, 5, 9, 3, 6, 9]])
    assert values(found, "Trials") == [(1, 4), (2, 5), (3, 6)]
    assert found.findings == ()


@pytest.mark.parametrize("corner", ["VICTIMS", "Indicator"])
def test_every_theme_may_have_a_block_with_months_of_its_own(corner: str) -> None:
    def block(theme: str, name: str) -> list[list[Any]]:
        head: list[list[Any]] = [[theme, *SPRING]]
        if corner == "Indicator":
            head = [[theme], [], [corner, *SPRING]]
        return [*head, [name, 1, 2, 3], []]

    found = find([*block("VICTIMS", "Hate crime"), *block("OFFENDERS", "Arrests")])
    assert [(one.name, one.theme) for one in found.series] == [
        ("Hate crime", "VICTIMS"),
        ("Arrests", "OFFENDERS"),
    ]


def test_sheets_named_by_what_was_counted() -> None:
    found = find(
        {
            "Satisfied": [["Indicator", *SPRING], ["Police", 1, 2, 3]],
            "Surveyed": [["Indicator", *SPRING], ["Police", 4, 5, 6]],
        }
    )
    assert plain(found) == {
        "Police": ("", dict(zip(SPRING_MONTHS, [(1, 4), (2, 5), (3, 6)], strict=True)))
    }


def test_numerators_and_denominators_side_by_side_or_one_below_the_other() -> None:
    beside = [
        ["Indicator", "Numerators", None, None, "Denominators"],
        [None, *SPRING, *SPRING],
        ["Trials", 1, 2, 3, 4, 5, 6],
    ]
    below = [
        ["Trial numerators"],
        [None, *SPRING],
        ["Trials", 1, 2, 3],
        [],
        ["Trial denominators"],
        [None, *SPRING],
        ["Trials", 4, 5, 6],
    ]
    for rows in (beside, below):
        found = find(rows)
        assert values(found, "Trials") == [(1, 4), (2, 5), (3, 6)]
        assert found.findings == ()


def test_a_name_over_the_rows_of_its_parts() -> None:
    found = find(
        [
            [None, *SPRING],
            ["Trials effective"],
            ["Numerator", 1, 2, 3],
            ["Denominator", 4, 5, 6],
            ["Calls in time"],
            ["Numerator", 7, 8, 9],
            ["Denominator", 10, 11, 12],
        ]
    )
    assert values(found, "Trials effective") == [(1, 4), (2, 5), (3, 6)]
    assert values(found, "Calls in time") == [(7, 10), (8, 11), (9, 12)]


def test_a_page_of_one_indicator_takes_its_name_from_the_title() -> None:
    found = find(
        [
            ["Effective trials"],
            [],
            ["Month", "Numerator", "Denominator", "Mean", "UCL"],
            ["Apr-17", 1, 4, 3, 9],
            ["May-17", 2, 5, 3, 9],
            ["Jun-17", 3, 6, 3, 9],
        ]
    )
    assert {one.name for one in found.series} == {"Effective trials"}
    assert values(found, "Effective trials") == [(1, 4), (2, 5), (3, 6)]


def test_several_blocks_down_and_beside_one_another() -> None:
    found = find(
        [
            ["Month", "Arrests", None, "Month", "Visits"],
            ["Apr-17", 1, None, "Apr-17", 4],
            ["May-17", 2, None, "May-17", 5],
            ["Jun-17", 3, None, "Jun-17", 6],
            [],
            ["Month", "Calls"],
            ["Apr-17", 7],
            ["May-17", 8],
            ["Jun-17", 9],
        ]
    )
    assert {one.name: values(found, one.name) for one in found.series} == {
        "Arrests": [1, 2, 3],
        "Visits": [4, 5, 6],
        "Calls": [7, 8, 9],
    }


def test_a_long_list_with_year_and_month_or_with_a_measure() -> None:
    found = find(
        [
            ["Year", "Month", "Indicator", "Value"],
            *[[2017, name, "Arrests", place] for place, name in enumerate(("Apr", "May", "Jun"))],
        ]
    )
    assert plain(found) == {"Arrests": ("", dict(zip(SPRING_MONTHS, [0, 1, 2], strict=True)))}
    found = find(
        [
            ["Indicator", "Measure", "Date", "Value"],
            *[
                ["Trials", part, month, number]
                for month, pair in zip(SPRING, [(1, 4), (2, 5), (3, 6)], strict=True)
                for part, number in zip(("Numerator", "Denominator"), pair, strict=True)
            ],
        ]
    )
    assert values(found, "Trials") == [(1, 4), (2, 5), (3, 6)]


def test_what_columns_beside_the_months_state_is_kept_as_printed() -> None:
    found = find(
        [
            [
                "Ref",
                "Indicator",
                "Unit",
                "Desired direction",
                "Combine",
                "Target",
                *SPRING,
                "Source",
            ],
            ["1.1", "Arrests", "count", "Up", "sum", percent(0.8), 1, 2, 3, "Custody system"],
        ]
    )
    (one,) = found.series
    assert one.name == "Arrests"
    assert one.stated == {
        "unit": "count",
        "direction": "Up",
        "combine": "sum",
        "target": "80%",
        "source": "Custody system",
    }


def test_themes_stand_in_a_merged_column_in_rows_between_or_on_the_sheet() -> None:
    column = find(
        [
            [None, None, *SPRING],
            ["VICTIMS", "Hate crime", 1, 2, 3],
            [None, "Burglary", 1, 2, 3],
            ["OFFENDERS", "Arrests", 1, 2, 3],
            [None, "Charges", 1, 2, 3],
        ],
        merges=["A2:A3", "A4:A5"],
    )
    assert [one.theme for one in column.series] == ["VICTIMS", "VICTIMS", "OFFENDERS", "OFFENDERS"]
    rows = [[None, *SPRING], ["Hate crime", 1, 2, 3]]
    other = [[None, *SPRING], ["Arrests", 1, 2, 3]]
    sheets = find({"Victims data": rows, "Offenders data": other})
    assert [one.theme for one in sheets.series] == ["Victims", "Offenders"]
    assert [one.theme for one in find({"Victims data": rows}).series] == [""]


def test_an_indicator_without_readings_is_no_theme_where_themes_are_in_capitals() -> None:
    found = find(
        [
            [None, *SPRING],
            ["VICTIMS"],
            ["Hate crime", 1, 2, 3],
            ["New survey"],
            ["Burglary", 1, 2, 3],
        ]
    )
    assert [(one.name, one.theme) for one in found.series] == [
        ("Hate crime", "VICTIMS"),
        ("New survey", "VICTIMS"),
        ("Burglary", "VICTIMS"),
    ]
    assert found.series[1].readings == {}
    assert found.series[1].months == frozenset(SPRING_MONTHS)


def test_years_on_sheets_of_their_own_are_joined_silently() -> None:
    later = [month.plus(12) for month in SPRING_MONTHS]
    found = find(
        {
            "2017-18": [["Indicator", *SPRING], ["Hate crimes", 1, 2, 3]],
            "2018-19": [["Indicator", *map(str, later)], ["HATE  CRIME", 4, 5, 6]],
        }
    )
    (one,) = found.series
    assert list(one.readings) == SPRING_MONTHS + later
    assert one.theme == ""
    assert found.findings == ()
    assert found.sheets == ("2017-18", "2018-19")
    place = one.readings[later[0]].place
    assert str(place) == "2018-19!B2"


def test_another_name_in_settings_joins_two_spellings() -> None:
    rule = IndicatorRule(names=("Hate offences",))
    rows = {
        "Old": [["Indicator", *SPRING], ["Hate offences", 1, 2, 3]],
        "New": [["Indicator", "Jul-17", "Aug-17", "Sep-17"], ["Hate crime", 4, 5, 6]],
    }
    assert len(find(rows).series) == 2
    assert len(find(rows, indicators={"Hate crime": rule}).series) == 1


# Cells


def test_numbers_as_text_and_words_for_no_reading() -> None:
    over = months(APRIL, 11)
    found = find(
        [
            ["Indicator", *map(str, over)],
            [
                "Arrests",
                0,
                "1,029",
                "£1,200",
                "n/a",
                "-",
                "–",
                None,
                "..",
                "not available",
                "  ",
                7.5,
            ],
        ]
    )
    assert values(found, "Arrests") == [0, 1029, 1200, 7.5]
    assert found.series[0].months == frozenset(over)
    assert found.findings == ()


def test_percentages_are_fractions_as_numbers_and_as_text() -> None:
    found = find(
        [
            ["Indicator", *SPRING],
            ["Trials", percent(0.825), "83.3%", percent(0)],
            ["Calls", 82.5, 83, 84],
        ]
    )
    assert values(found, "Trials") == [0.825, 0.833, 0]
    assert [one.in_percent for one in found.series] == [True, False]
    assert found.findings == ()


def test_a_plain_number_among_percentages_is_not_used() -> None:
    found = find([["Indicator", *SPRING], ["Trials", percent(0.825), percent(0.9), 83.3]])
    assert values(found, "Trials") == [0.825, 0.9]
    (finding,) = found.findings
    assert (finding.code, finding.address, finding.record) == ("reading-unreadable", "D2", "Trials")
    assert "plain number (83.3) among percentages" in finding.message


def test_what_is_neither_number_nor_blank_is_a_finding_each() -> None:
    over = months(APRIL, 6)
    found = find(
        [["Indicator", *map(str, over)], ["Arrests", 1, CellError("#DIV/0!"), "12o", 4, True, 6]]
    )
    assert values(found, "Arrests") == [1, 4, 6]
    assert [(one.code, one.address, one.record) for one in found.findings] == [
        ("reading-unreadable", "C2", "Arrests"),
        ("reading-unreadable", "D2", "Arrests"),
        ("reading-unreadable", "F2", "Arrests"),
    ]
    assert "#DIV/0!" in found.findings[0].message and "'12o'" in found.findings[1].message
    assert all(one.remedy and not one.message.endswith("]") for one in found.findings)


def test_rows_of_text_and_of_targets_are_no_indicators() -> None:
    found = find(
        [
            ["Indicator", "Measure", *SPRING],
            ["Arrests", "Actual", 1, 2, 3],
            [None, "Target", 5, 5, 5],
            ["Arrests RAG", None, "Green", "Red", "Red"],
            ["Visits", "Actual", 4, 5, 6],
            [None, "Target", 5, 5, 5],
        ]
    )
    assert [one.name for one in found.series] == ["Arrests", "Visits"]
    assert values(found, "Arrests") == [1, 2, 3]
    assert found.findings == ()


# Findings


def test_a_month_entered_twice_is_a_finding_and_the_first_is_used() -> None:
    for again, told in ((2, "the readings are equal"), (9, "1 of 1 rows differ")):
        found = find(
            [["Indicator", "Apr-17", "May-17", "May-17", "Jun-17"], ["Arrests", 1, 2, again, 3]]
        )
        assert values(found, "Arrests") == [1, 2, 3]
        (finding,) = found.findings
        assert (finding.code, finding.address, finding.related) == ("month-twice", "D1", ("C1",))
        assert told in finding.message
    found = find([["Month", "Arrests"], ["Apr-17", 1], ["May-17", 2], ["May-17", 2], ["Jun-17", 3]])
    assert [(one.code, one.address) for one in found.findings] == [("month-twice", "A4")]
    found = find(
        [
            ["KPI", "Month", "Value"],
            *(["Arrests", month, place] for place, month in enumerate([*SPRING, "Apr 17"])),
        ]
    )
    assert values(found, "Arrests") == [0, 1, 2]
    (finding,) = found.findings
    assert (finding.code, finding.record, finding.address) == ("month-twice", "Arrests", "C5")


@pytest.mark.parametrize("printed", ["Jnu-17", "Jun-16", 42887, "?"])
def test_a_heading_that_cannot_be_the_month_that_is_due_is_not_read(printed: Any) -> None:
    headings = ["Apr-17", "May-17", printed, "Jul-17", "Aug-17"]
    for rows in (
        [["Indicator", *headings], ["Arrests", 1, 2, 3, 4, 5]],
        [["Month", "Arrests"], *map(list, zip(headings, [1, 2, 3, 4, 5], strict=True))],
    ):
        found = find(rows)
        assert values(found, "Arrests") == [1, 2, 4, 5]
        (finding,) = found.findings
        assert finding.code == "month-unreadable"
        assert "June 2017 is due" in finding.message and str(printed) in finding.message


def test_a_mistyped_last_heading_is_told_from_a_column_of_notes() -> None:
    found = find([["Indicator", *SPRING, "Jull-17"], ["Arrests", 1, 2, 3, 4]])
    assert codes(found) == ["month-unreadable"]
    found = find([["Indicator", *SPRING, "Comment"], ["Arrests", 1, 2, 3, 4]])
    assert codes(found) == []


def test_a_finding_states_its_cell_once_and_what_to_do_as_a_sentence() -> None:
    found = find(
        {
            "One": [
                ["Indicator", *SPRING, "Jun-17", "Augu-17"],
                ["Arrests", 1, "soon", 3, 4, 5],
                ["Trials (numerator)", 1, 2, 3, 4, 5],
            ],
            "Two": [["Indicator", *SPRING], ["Arrests", 1, 2, 4]],
        }
    )
    told = {"month-twice", "reading-unreadable", "readings-unclear", "indicator-twice"}
    assert told <= set(codes(found))
    for finding in found.findings:
        assert finding.sheet and finding.address and f"!{finding.address}]" not in finding.message
        assert finding.remedy[:1].isupper() and not finding.remedy.endswith(".")


@pytest.mark.parametrize("shown_as_dates", [True, False])
def test_a_last_month_that_lost_its_date_format_is_a_finding(shown_as_dates: bool) -> None:
    over = [month_date(month) if shown_as_dates else str(month) for month in SPRING_MONTHS]
    for last, told in ((42917, ["month-unreadable"]), (42948, []), (977, [])):  # July, August 2017
        headings = [*over, last]
        found = find([["Indicator", *headings], ["Arrests", 1, 2, 3, 4]])
        assert (values(found, "Arrests"), codes(found)) == ([1, 2, 3], told)
        rows = [[heading, place] for place, heading in enumerate(headings)]
        found = find([["Month", "Arrests"], *rows])
        assert (values(found, "Arrests"), codes(found)) == ([0, 1, 2], told)


def test_a_row_of_a_long_list_without_a_readable_month_is_a_finding() -> None:
    found = find(
        [
            ["Indicator", "Month", "Value"],
            *(["Arrests", str(month), 1] for month in months(APRIL, 8)),
            ["Arrests", "soon", 5],
            ["Visits", None, 6],
        ]
    )
    assert [(one.code, one.address) for one in found.findings] == [
        ("month-unreadable", "B10"),
        ("month-unreadable", "B11"),
    ]


def test_an_indicator_in_two_places_is_a_finding_and_the_first_place_is_used() -> None:
    found = find(
        {
            "One": [["Indicator", *SPRING], ["Arrests", 1, 2, 3]],
            "Two": [["Indicator", "May-17", "Jun-17", "Jul-17"], ["Arrests", 2, 9, 4]],
        }
    )
    assert values(found, "Arrests") == [1, 2, 3, 4]
    (finding,) = found.findings
    assert (finding.code, finding.sheet, finding.address) == ("indicator-twice", "Two", "A2")
    assert "One!A2" in finding.message and "different" in finding.message


def test_names_alike_with_readings_of_the_same_months_are_reported_with_both_spellings() -> None:
    found = find([["Indicator", *SPRING], ["Arrest", 1, 2, 3], ["Arrests", 4, 5, 6]])
    assert codes(found) == ["indicator-twice"]
    assert "'Arrests'" in found.findings[0].message
    assert values(found, "Arrest") == [1, 2, 3]


def test_an_equal_copy_made_of_formulas_is_no_second_place() -> None:
    rows = [["Indicator", *SPRING], ["Arrests", 1, 2, 3]]
    copy = [
        ["Month", "Arrests"],
        *([month, formula(place)] for place, month in enumerate(SPRING, 1)),
    ]
    for sheets in ({"Data": rows, "Chart": copy}, {"Chart": copy, "Data": rows}):
        found = find(sheets)
        assert found.findings == ()
        assert found.series[0].readings[APRIL].place is not None
        assert str(found.series[0].readings[APRIL].place) == "Data!B2"


def test_totals_of_different_themes_are_different_indicators() -> None:
    found = find(
        [
            [None, *SPRING],
            ["VICTIMS"],
            ["Hate crime", 1, 2, 3],
            ["Total", 1, 2, 3],
            ["OFFENDERS"],
            ["Arrests", 4, 5, 6],
            ["Total", 4, 5, 6],
        ]
    )
    assert [(one.name, one.theme) for one in found.series if one.name == "Total"] == [
        ("Total", "VICTIMS"),
        ("Total", "OFFENDERS"),
    ]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([["Trials - numerator", 1, 2, 3], ["Arrests", 1, 2, 3]], "no denominators"),
        ([["Trials (denominator)", 1, 2, 3], ["Arrests", 1, 2, 3]], "no numerators"),
    ],
)
def test_a_part_without_its_partner_is_reported_and_not_used(rows: list[Any], missing: str) -> None:
    found = find([["Indicator", *SPRING], *rows])
    assert [one.name for one in found.series] == ["Arrests"]
    (finding,) = found.findings
    assert (finding.code, finding.record, finding.address) == ("readings-unclear", "Trials", "A2")
    assert missing in finding.message


def test_two_rows_under_one_name_that_nothing_tells_apart_are_not_guessed() -> None:
    found = find(
        [["Indicator", *SPRING], ["Trials", 1, 2, 3], [None, 4, 5, 6], ["Arrests", 7, 8, 9]],
        merges=["A2:A3"],
    )
    assert [one.name for one in found.series] == ["Arrests"]
    (finding,) = found.findings
    assert (finding.code, finding.record) == ("readings-unclear", "Trials")
    assert "rows 2 and 3" in finding.message


# What is no table of readings


NO_READINGS: dict[str, list[list[Any]]] = {
    "a dashboard of years": [
        ["Indicator", "Mar-18", "Mar-17", "Mar-16", "Mar-15", "FYTD", "Rolling 12", "Baseline"],
        ["Arrests", 1, 2, 3, 4, 5, 6, 7],
    ],
    "a dashboard of the latest months": [
        ["Indicator", "Jan-18", "Feb-18", "Mar-18", "FYTD", "Rolling 12 months", "Baseline"],
        ["Arrests", 1, 2, 3, 4, 5, 6],
    ],
    "quarters": [["Indicator", "Mar-17", "Jun-17", "Sep-17", "Dec-17"], ["Arrests", 1, 2, 3, 4]],
    "two months": [["Indicator", "Mar-17", "Apr-17"], ["Arrests", 1, 2]],
    "a rota of days": [
        ["Name", *(dated(date(2018, 3, day)) for day in range(1, 29))],
        ["Officer A", *[8] * 28],
    ],
    "a rota of weeks": [
        ["Name", *(dated(date(2018, month, day)) for month in (3, 4, 5) for day in (1, 8, 15, 22))],
        ["Officer A", *[40] * 12],
    ],
    "a plan with marks": [["Task", *SPRING], ["Write paper", "X", None, None]],
    "an action log": [
        ["Ref", "Action", "Due", "Done", "Cost"],
        *[
            [place, f"Action {place}", dated(date(2018, place, 9)), None, 100]
            for place in (1, 4, 2, 9, 5)
        ],
    ],
    "an action log with a date a month": [
        ["Action", "Due", "Cost"],
        *[[f"Action {place}", dated(date(2018, place, 9)), 100] for place in range(1, 9)],
    ],
    "payments on any day of each month": [
        ["Paid", "Amount"],
        *[[dated(date(2018, place, 28 - 3 * place)), 100] for place in range(1, 9)],
    ],
    "an action log with text": [
        ["Ref", "Action", "Owner", "Due"],
        *[[place, f"Action {place}", "PCC", dated(date(2018, place, 9))] for place in range(1, 9)],
    ],
    "prose": [["Data to March 2018"], ["The Board met in Apr-18, May-18 and Jun-18."]],
    "months alone": [["Indicator", *SPRING]],
}


@pytest.mark.parametrize("kind", NO_READINGS)
def test_what_is_no_table_of_readings_is_left_alone(kind: str) -> None:
    found = find(NO_READINGS[kind])
    assert (found.series, found.findings, found.sheets) == ((), (), ())


def test_skipped_sheets_and_our_own_are_not_looked_at() -> None:
    rows = [["Indicator", *SPRING], ["Arrests", 1, 2, 3]]
    book = FakeWorkbook({"Data": rows, "xlgov": rows, "XLGOV reasons": rows, "Copy": rows})
    found = find_readings(book, Settings(), skip={"Copy"})
    assert (found.sheets, found.findings) == (("Data",), ())


def test_the_samples_of_risk_registers_have_no_readings() -> None:
    for sample in sorted((ROOT / "workbooks").glob("*risk*.xlsx")):
        with open_workbook(sample) as book:
            found = find_readings(book, Settings())
        assert (found.series, found.findings) == ((), ()), sample.name


# From a file, as a table, and fast


def test_readings_are_found_in_a_real_file(tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Monthly")
    shown = book.add_format({"num_format": "mmm-yy"})
    share = book.add_format({"num_format": "0.0%"})
    bold = book.add_format({"bold": True})
    sheet.write(0, 0, "Performance", bold)
    for place, month in enumerate(SPRING_MONTHS):
        sheet.write_datetime(3, 2 + place, date(month.year, month.month, 1), shown)
        sheet.write_number(5, 2 + place, 100 + place)
        sheet.write_number(6, 2 + place, 200)
        sheet.write_number(7, 2 + place, 0.5, share)
        sheet.write_string(8, 2 + place, "n/a")
    sheet.write_string(4, 0, "VICTIMS", bold)
    sheet.merge_range(5, 0, 6, 0, "Satisfaction")
    sheet.write_column(5, 1, ["Numerator", "Denominator", "Value", "Value"])
    sheet.write_column(7, 0, ["Outcome rate", "New survey"])
    book.close()
    with open_workbook(path) as opened:
        found = find_readings(opened, Settings())
    assert [(one.name, one.theme, one.in_percent) for one in found.series] == [
        ("Satisfaction", "VICTIMS", False),
        ("Outcome rate", "VICTIMS", True),
        ("New survey", "VICTIMS", False),
    ]
    reading = found.series[0].readings[APRIL]
    assert (reading.numerator, reading.denominator) == (100, 200)
    assert (str(reading.place), str(reading.below)) == ("Monthly!C6", "Monthly!C7")
    assert found.findings == ()


def test_readings_as_rows_of_a_long_table() -> None:
    found = find([["Area", "Indicator", *SPRING], ["Victims", "Arrests", 1, None, 3]])
    assert list_readings(found.series) == [
        {
            "sheet": "Data",
            "address": address,
            "theme": "Victims",
            "indicator": "Arrests",
            "month": month,
            "value": value,
            "numerator": None,
            "denominator": None,
        }
        for address, month, value in (("C2", date(2017, 4, 1), 1), ("E2", date(2017, 6, 1), 3))
    ]


@pytest.mark.parametrize("layout", [across, long])
def test_500_indicators_of_120_months_are_all_found(
    layout: Callable[[list[Kept], list[Month]], FakeWorkbook],
) -> None:
    over = months(Month(2008, 4), 120)
    kept = [
        Kept(f"Indicator {place}", "Victims", {month: place + 0.5 for month in over})
        for place in range(500)
    ]
    book = layout(kept, over)
    grids = {info.name: book.grid(info.name) for info in book.sheets}
    book.grid = lambda sheet, **_: grids[sheet]  # type: ignore[method-assign]  # made beforehand
    found = find_readings(book, Settings())
    assert sum(len(one.readings) for one in found.series) == 60_000
