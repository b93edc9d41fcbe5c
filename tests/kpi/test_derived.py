"""Derived tables: shares of a total, declared subtotals, sums of columns and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kpi.breakdown import PERIODS, TOTALS, Breakdown, breakdowns
from tests.risk.fake import FakeWorkbook, Made
from tests.risk.registers import read_facts
from xlgov.kpi.derived import Derived, check_derived
from xlgov.kpi.number_format import show
from xlgov.kpi.preview import preview_dashboard
from xlgov.settings.values import Settings

BREAKDOWN = Settings(totals=TOTALS)
ROAD = Settings(
    totals={
        "KSI": ("Fatal", "Serious"),
        "Killed and severe": ("Fatal", "Severe (MAIS3+)"),
    }
)
Rows = Sequence[Sequence[Any]]


def shown_percent(value: Any) -> Made:
    return Made(value, format="0.0%")


def check(rows: Rows, settings: Settings = BREAKDOWN, **more: Any) -> Derived:
    return check_derived(FakeWorkbook({"Sheet": rows}, **more), settings)


def after(result: Derived) -> dict[str, Any]:
    return {change.address: change.after for change in result.changes}


def codes(result: Derived) -> list[tuple[str, str]]:
    return [(finding.code, finding.address) for finding in result.findings]


def rewritten(rows: Rows, result: Derived) -> list[list[Any]]:
    """The rows once the changes are made, as a refresh leaves them."""
    made = [list(row) for row in rows]
    for change in result.changes:
        column, row = ord(change.address[0]) - 65, int(change.address[1:]) - 1
        old = made[row][column]
        look = old.format if isinstance(old, Made) else "General"
        made[row][column] = Made(change.after, format=look)
    return made


def breakdown_rows(table: Breakdown, percents: Mapping[tuple[str, str], Any]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [table.name],
        ["Category", "Mar-18 count", "Mar-18 %", "Rolling 12 count", "Rolling 12 %"],
    ]
    for name in table.leaves():
        row: list[Any] = [name]
        for period in PERIODS:
            row += [table.counts[name, period], shown_percent(percents.get((name, period)))]
        rows.append(row)
    first, second = (table.wholes[period] for period in PERIODS)
    rows.append(["TOTAL", first, None, second, None])
    for name in (each for each in table.categories if each in TOTALS):
        row = [name]
        for period in PERIODS:
            row += [None, shown_percent(percents.get((name, period)))]
        rows.append(row)
    return rows


@pytest.mark.parametrize("table", [*breakdowns()], ids=lambda table: table.name)
def test_every_printed_percentage_follows_from_counts(table: Breakdown) -> None:
    rows = breakdown_rows(table, {})
    result = check(rows)
    made = rewritten(rows, result)
    shown = {}
    for row in made[2:]:
        for period, column in zip(PERIODS, (2, 4), strict=True):
            if row[0] != "TOTAL":
                shown[row[0], period] = show(row[column].value, "0.0%")
    assert shown == table.printed
    subtotals = {name for name in table.categories if name in TOTALS}
    for row in made[2:]:
        if row[0] in subtotals:
            assert [row[1].value, row[3].value] == [table.counts[row[0], p] for p in PERIODS]
    assert {code for code, _ in codes(result)} <= {"parts-differ"}
    assert not check(made).changes  # twice is once


@pytest.mark.parametrize("table", [*breakdowns()], ids=lambda table: table.name)
def test_printed_percentages_are_made_exact_without_a_finding(table: Breakdown) -> None:
    typed = {key: float(text.rstrip("%")) / 100 for key, text in table.printed.items()}
    result = check(breakdown_rows(table, typed))
    assert {code for code, _ in codes(result)} <= {"parts-differ"}
    assert all(change.before is None or change.after != "n/a" for change in result.changes)


def test_percentages_alone_are_summed_with_room_for_rounding() -> None:
    """The page prints no counts; 18.9% for 8.4 + 7.9 + 2.3 + 0.4 is rounding, not an error."""
    facts = [f for f in read_facts("breakdown_2018_03.csv") if f["table"] == "Arrests"]
    rows: list[list[Any]] = [["Category", "Mar-18", "Rolling 12"]]
    for fact in facts:
        if fact["dimension"] == "nationality":
            values = (float(fact[period].rstrip("%")) / 100 for period in PERIODS)
            rows.append([fact["category"], *map(shown_percent, values)])
    result = check(rows)
    assert not result.changes
    assert not result.findings
    row = next(number for number, row in enumerate(rows) if row[0] == "Europe (excl UK)")
    rows[row][2] = shown_percent(0.194)
    result = check(rows)
    assert after(result) == pytest.approx({f"C{row + 1}": 0.19})
    assert codes(result) == [("derived-stale", f"C{row + 1}")]
    assert result.findings[0].record == "Europe (excl UK)"
    assert "19.4%" in result.findings[0].message


def road_rows(**changed: Any) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["Year", "Fatal", "Serious", "Severe (MAIS3+)", "KSI", "Killed and severe"]
    ]
    for fact in read_facts("ksi_by_year.csv"):
        names = ("fatal", "serious_stats19", "severe_mais3plus", "ksi", "killed_plus_severe")
        rows.append([fact["year"], *(int(fact[name]) for name in names)])
    for cell, value in changed.items():
        rows[int(cell[1:]) - 1][ord(cell[0]) - 65] = value
    return rows


def test_road_casualties_as_printed_are_right() -> None:
    result = check(road_rows(), ROAD)
    assert (result.changes, result.findings) == ([], [])
    assert result.sheets == ("Sheet",)


def test_every_derived_cell_of_road_casualties_is_rebuilt() -> None:
    blank = {f"{column}{row}": None for column in "EF" for row in range(2, 8)}
    printed = {
        f"{column}{row}": road_rows()[row - 1][place]
        for column, place in (("E", 4), ("F", 5))
        for row in range(2, 8)
    }
    result = check(road_rows(**blank), ROAD)
    assert after(result) == printed
    assert not result.findings


def test_a_stale_sum_is_written_and_said_and_a_wrong_total_only_said() -> None:
    result = check(road_rows(E3=352, B7=160), ROAD)
    assert after(result) == {"E3": 353, "E7": 1753, "F7": 396}
    assert codes(result) == [
        ("derived-stale", "E3"),
        ("derived-stale", "E7"),
        ("derived-stale", "F7"),
        ("parts-differ", "B7"),
    ]
    assert result.findings[0].message == (
        "2013-14, KSI: the cell shows 352; Fatal 29 + Serious 324 make 353"
    )
    assert "the total is 160; the 5 rows from 2012-13 to 2016-17 add up to 158" in (
        result.findings[-1].message
    )


def test_percentages_that_do_not_make_their_total_are_said() -> None:
    rows = [
        ["Group", "Share"],
        ["A", shown_percent(0.333)],
        ["B", shown_percent(0.333)],
        ["C", shown_percent(0.333)],
        ["Total", shown_percent(1)],
    ]
    assert not check(rows).findings
    rows[2][1] = shown_percent(0.313)
    assert codes(check(rows)) == [("parts-differ", "B5")]


def test_years_as_numbers_are_labels_too() -> None:
    rows = [["Year", "Fatal", "Serious", "KSI"], [2015, 30, 300, 331], [2016, 31, 310, 341]]
    assert after(check(rows, ROAD)) == {"D2": 330}


SMALL: Rows = (
    ("Category", "Count", "%"),
    ("14 and under", 8, shown_percent(0.0086)),
    ("15-17", 39, shown_percent(0.042)),
    ("Adult", 884, shown_percent(0.95)),
    ("TOTAL ARRESTS", 931, None),
    ("Juveniles", 47, shown_percent(0.051)),
)


def small(**changed: Any) -> list[list[Any]]:
    rows = [list(row) for row in SMALL]
    for cell, value in changed.items():
        rows[int(cell[1:]) - 1][ord(cell[0]) - 65] = value
    return rows


def test_a_subtotal_is_computed_from_counts_and_not_from_rounded_shares() -> None:
    result = check(small())
    assert after(result) == pytest.approx(
        {"C2": 8 / 931, "C3": 39 / 931, "C4": 884 / 931, "C6": 47 / 931}
    )
    # 0.9% and 4.2% would make 5.1%, as typed; 47 of 931 is 5.0%.
    assert codes(result) == [("derived-stale", "C6")]
    assert result.findings[0].message == "Juveniles, %: the cell shows 5.1%; 47 of 931 is 5.0%"


def test_a_declared_subtotal_of_counts_is_written() -> None:
    result = check(small(B6=46))
    assert after(result)["B6"] == 47
    assert ("derived-stale", "B6") in codes(result)


def test_a_blank_count_leaves_no_old_share() -> None:
    result = check(small(B2=None))
    assert {cell: after(result)[cell] for cell in ("C2", "B6", "C6")} == {
        "C2": "n/a",
        "B6": "n/a",
        "C6": "n/a",
    }
    assert [each for each in codes(result) if each[0] != "derived-stale"] == [
        ("figure-lost", "C2"),
        ("figure-lost", "B6"),
        ("figure-lost", "C6"),
    ]
    back = rewritten(small(B2=None), result)
    assert not check(back).changes
    assert not check(back).findings
    back[1][1] = 8
    assert after(check(back)) == pytest.approx({"C2": 8 / 931, "B6": 47, "C6": 47 / 931})


def test_a_dash_is_never_overwritten_and_other_words_neither() -> None:
    result = check(small(C2="-", C3="see note", C4="n/a"))
    assert set(after(result)) == {"C4", "C6"}


def test_a_formula_is_kept_and_judged_at_the_precision_it_shows() -> None:
    right = Made(0.0419, formula=True, format="0.0%")
    wrong = Made(0.047, formula=True, format="0.0%")
    result = check(small(C3=right, C6=wrong))
    assert set(after(result)) == {"C2", "C4"}
    assert codes(result) == [("derived-formula-disagrees", "C6")]


def test_percentages_may_be_typed_as_points() -> None:
    result = check(small(C2=0.9, C3=4.2, C4=95.0, C6=5.1))
    assert after(result) == pytest.approx(
        {"C2": 800 / 931, "C3": 3900 / 931, "C4": 88400 / 931, "C6": 4700 / 931}
    )
    assert codes(result) == [("derived-stale", "C6")]


def test_a_share_typed_as_text_is_judged_and_left() -> None:
    result = check(small(C3="4.3%"))
    assert "C3" not in after(result)
    assert ("derived-stale", "C3") in codes(result)


def test_the_share_of_the_total_itself_is_the_whole() -> None:
    result = check(small(C5=shown_percent(0.999)))
    assert after(result)["C5"] == 1
    assert ("derived-stale", "C5") in codes(result)
    assert "C5" not in after(check(small(B4=870, C5=shown_percent(0.999))))


def test_headings_on_two_rows_and_tables_side_by_side() -> None:
    rows = [
        ["Arrests", None, None, None, None, "Searches"],
        [None, "Mar-18", None, "Rolling 12", None, None, "Mar-18", None],
        ["Age", "No.", "%", "No.", "%", "Age", "No.", "%"],
        ["Young", 1, shown_percent(0), 10, shown_percent(0), "Young", 3, shown_percent(0)],
        ["Old", 3, shown_percent(0), 30, shown_percent(0), "Old", 1, shown_percent(0)],
        ["Total", 4, None, 40, None, "Total", 4, None],
    ]
    result = check(rows, merges={"Sheet": ["B2:C2", "D2:E2", "G2:H2"]})
    assert after(result) == {
        "C4": 0.25,
        "E4": 0.25,
        "C5": 0.75,
        "E5": 0.75,
        "H4": 0.75,
        "H5": 0.25,
    }
    assert result.changes[0].reason == "Young, Mar-18 %: 1 of 4 is 25.0%"


def test_the_nearest_total_below_is_the_whole_and_each_run_has_its_own() -> None:
    rows = [
        ["Category", "Count", "%"],
        ["Young", 1, shown_percent(0)],
        ["Old", 3, shown_percent(0)],
        ["Total", 4, shown_percent(1)],
        ["North", 5, shown_percent(0)],
        ["South", 15, shown_percent(0)],
        ["Total", 20, shown_percent(1)],
        ["Elsewhere", 2, shown_percent(0)],
    ]
    assert after(check(rows)) == {"C2": 0.25, "C3": 0.75, "C5": 0.25, "C6": 0.75, "C8": 0.1}


def test_an_undeclared_total_of_a_part_is_not_the_whole() -> None:
    rows = [
        ["Nationality", "Count", "%"],
        ["North America", 2, shown_percent(0.002)],
        ["Central America", 2, shown_percent(0.002)],
        ["Total America", 4, shown_percent(0.004)],
        ["UK", 900, shown_percent(0.9)],
    ]
    assert check(rows, Settings()).changes == []
    total = [*rows, ["TOTAL ARRESTS", 904, shown_percent(1.0)]]
    result = check(total, Settings())
    assert after(result)["C2"] == 2 / 904
    assert not [code for code, _ in codes(result) if code == "parts-differ"]


@pytest.mark.parametrize(
    "rows",
    [
        # A share of something else than the total.
        [["Team", "Budget", "Spent", "%"], ["A", 10, 5, 0.5], ["B", 10, 6, 0.6], ["Total", 20, 11]],
        [["Team", "2017", "% change"], ["A", 10, 0.5], ["B", 10, 0.6], ["Total", 20, 0.55]],
        [["Survey", "Asked", "% satisfied"], ["A", 10, 50.0], ["B", 10, 60.0], ["Total", 20, 55.0]],
        # No total.
        [["Force", "Count", "%"], ["A", 10, shown_percent(0.2)], ["B", 10, shown_percent(0.3)]],
        # A dashboard, and a register.
        [
            ["Indicator", "Current month", "Mar-17", "Rolling 12 months", "Baseline"],
            ["All crime", 4988, 4500, 60000, 58000],
            ["Outcome rate", *[shown_percent(0.16)] * 4],
        ],
        [
            ["Ref", "Risk", "Likelihood", "Impact", "Score", "% likely"],
            ["1", "Fire", 3, 4, 12, shown_percent(0.2)],
            ["2", "All staff leave", 3, 5, 15, shown_percent(0.3)],
        ],
        [
            ["Ref", "Risk", "Likelihood", "Rating"],
            ["1", "Fire", 3, 12],
            ["2", "Flood", 3, 15],
            ["Total", None, None, 86],
        ],
        # Percentages among which somebody keeps a subtotal.
        [
            ["Function", "%"],
            ["Top two", shown_percent(0.9)],
            ["Finance", shown_percent(0.5)],
            ["Law", shown_percent(0.4)],
            ["Other", shown_percent(0.1)],
            ["Total", shown_percent(1)],
        ],
        # A row called total that is no sum.
        [["Area", "Visits", "Stars", "Days"], ["A", 3, 4, 5], ["B", 1, 2, 2], ["All", 9, 9, 9]],
    ],
)
def test_other_tables_are_left_alone(rows: Rows) -> None:
    result = check(rows, Settings(totals={**TOTALS, **ROAD.totals}))
    assert (result.changes, result.findings, result.sheets) == ([], [], ())


def test_a_part_that_the_table_has_not_is_said_and_nothing_written() -> None:
    rows = [["Age", "Count"], ["14 and under", 8], ["15 to 17", 39], ["Juveniles", 40]]
    result = check(rows)
    assert not result.changes
    assert codes(result) == [("part-missing", "A4")]
    assert "“15-17”" in result.findings[0].message


def test_totals_that_are_parts_of_each_other_write_nothing() -> None:
    totals = {"A": ("B", "C"), "B": ("A", "C"), "D": ("A", "C")}
    rows = [["Name", "Count"], ["A", 8], ["B", 9], ["C", 1], ["D", 1]]
    assert after(check(rows, Settings(totals=totals))) == {"B5": 9}


def test_rates_of_groups_are_not_added() -> None:
    rows = [
        ["Age", "% solved"],
        ["14 and under", pct := shown_percent(0.10)],
        ["15-17", pct],
        ["Adult", pct],
        ["Juveniles", shown_percent(0.11)],
    ]
    result = check(rows)
    assert (result.findings, result.changes, result.sheets) == ([], [], ("Sheet",))


@pytest.mark.parametrize("first", [True, False], ids=["above its parts", "below them"])
def test_subtotals_that_nobody_declared_explain_a_total(first: bool) -> None:
    north, south = [["Ely", 3, 4], ["March", 2, 7]], [["Wisbech", 4, 4], ["Soham", 1, 0]]
    groups = [[["North", 5, 11], *north], [["South", 5, 4], *south]]
    body = [row for group in groups for row in (group if first else [*group[1:], group[0]])]
    rows = [["Place", "2016", "2017"], *body, ["Total", 10, 15]]
    assert not check(rows, Settings()).findings
    rows[-1] = ["Total", 10, 16]
    assert codes(check(rows, Settings())) == [("parts-differ", "C8")]


def test_a_sheet_that_is_skipped_is_not_read() -> None:
    workbook = FakeWorkbook({"Sheet": small()})
    assert check_derived(workbook, BREAKDOWN, skip=("Sheet",)) == Derived()


@given(st.lists(st.integers(0, 500), min_size=2, max_size=9))
def test_shares_of_a_total_make_one_and_stay_as_they_are(counts: list[int]) -> None:
    rows: list[list[Any]] = [["Category", "Count", "%"]]
    rows += [[f"Group {chr(65 + n)}", count, shown_percent(0)] for n, count in enumerate(counts)]
    rows.append(["Total", sum(counts), shown_percent(1)])
    result = check(rows)
    made = rewritten(rows, result)
    assert not check(made).changes
    if sum(counts):
        assert sum(row[2].value for row in made[1:-1]) == pytest.approx(1)
        assert not [code for code, _ in codes(result) if code == "parts-differ"]
    else:
        assert {change.after for change in result.changes} == {"n/a"}


# Differences, and quotients of two figures


WORKFORCE = Settings(
    totals={
        "Total Officers": ("Local Policing", "Other Policing"),
        "Change": ("2019/20", "- 2018/19"),
    }
)


def workforce(total: Any = 1496, changes: Sequence[Any] = (75, -4, 71)) -> list[list[Any]]:
    return [
        ["Posts", "2018/19", "2019/20", "Change"],
        ["Local Policing", 1175, 1250, changes[0]],
        ["Other Policing", 250, 246, changes[1]],
        ["Total Officers", 1425, total, changes[2]],
    ]


def test_a_part_with_a_minus_is_taken_off() -> None:
    assert check(workforce(), WORKFORCE) == Derived(
        sheets=("Sheet",), recognised=("Sheet has derived figures (Total Officers, Change)",)
    )
    result = check(workforce(changes=(75, 4, None)), WORKFORCE)
    assert after(result) == {"D3": -4, "D4": 71}
    assert codes(result) == [("derived-stale", "D3")]
    assert "2019/20 246 − 2018/19 250 make -4" in result.findings[0].message


def test_a_difference_is_of_the_totals_as_they_should_be() -> None:
    result = check(workforce(total=1500), WORKFORCE)
    assert after(result) == {"C4": 1496}
    assert not check(rewritten(workforce(total=1500), result), WORKFORCE).changes


def test_rows_may_be_taken_off_too() -> None:
    settings = Settings(totals={"Net cost": ("Contribution", "Levy", "− Grant")})
    rows = [["Item", "£m"], ["Contribution", 3.6], ["Grant", 1.4], ["Levy", 0.1], ["Net cost", 2.5]]
    result = check(rows, settings)
    assert after(result) == {"B5": 2.3}
    assert codes(result) == [("derived-stale", "B5")]
    assert "Contribution 3.6 + Levy 0.1 − Grant 1.4 make 2.3" in result.findings[0].message


def test_a_difference_of_percentages_may_be_negative() -> None:
    settings = Settings(totals={"Change %": ("After %", "- Before %")})
    rows = [
        ["Area", "Before %", "After %", "Change %"],
        ["North", *map(shown_percent, (0.5, 0.4, -0.1))],
        ["South", *map(shown_percent, (0.25, 0.5, -0.25))],
    ]
    assert after(check(rows, settings)) == {"D3": 0.25}


RECRUITMENT = Settings(
    shares={
        "Recruited %": ("Recruited", "Applications"),
        "Share recruited": ("Recruited", "Applications"),
        "Monthly average": ("12 months", "12"),
    }
)


def test_a_share_of_another_column_is_recomputed_in_every_row_and_in_the_total() -> None:
    rows = [
        ["Round", "Applications", "Recruited", "Recruited %"],
        ["Spring", 284, 5, shown_percent(0.03)],
        ["Autumn", 116, 15, shown_percent(None)],
        ["Total", 400, 20, shown_percent(0.1)],
    ]
    result = check(rows, RECRUITMENT)
    assert after(result) == pytest.approx({"D2": 5 / 284, "D3": 15 / 116, "D4": 0.05})
    assert codes(result) == [("derived-stale", "D2"), ("derived-stale", "D4")]
    assert "shows 3.0%; 5 of 284 is 1.8%" in result.findings[0].message


def test_a_share_may_be_a_row_and_a_percentage_without_a_format_is_in_hundreds() -> None:
    rows = [["Item", "2016", "2017"], ["Applications", 100, 284], ["Recruited", 13, 5]]
    fraction = check(
        [*rows, ["Share recruited", shown_percent(0.13), shown_percent(0.03)]], RECRUITMENT
    )
    assert after(fraction) == pytest.approx({"C4": 5 / 284})
    columns = [["Round", "Applications", "Recruited", "Recruited %"]]
    hundreds = check([*columns, ["Spring", 284, 5, 3], ["Autumn", 100, 13, 13]], RECRUITMENT)
    assert after(hundreds) == pytest.approx({"D2": 500 / 284})


def test_a_whole_may_be_a_number() -> None:
    rows = [
        ["Calls", "12 months", "Monthly average"],
        ["999 calls", 123_498, Made(10_291, format="#,##0")],
        ["101 calls", 327_132, Made(27_271, format="#,##0")],
    ]
    result = check(rows, RECRUITMENT)
    assert after(result) == {"C2": 10_291.5, "C3": 27_261}
    assert "shows 27,271; 327,132 divided by 12 is 27,261" in result.findings[1].message


@pytest.mark.parametrize(("whole", "reason"), [(0, "there are 0 in"), ("n/a", "no figure for")])
def test_nothing_is_divided_by_nothing(whole: Any, reason: str) -> None:
    rows = [
        ["Round", "Applications", "Recruited", "Recruited %"],
        ["Spring", whole, 5, shown_percent(0.03)],
        ["Autumn", 100, 13, shown_percent(0.13)],
    ]
    result = check(rows, RECRUITMENT)
    assert after(result) == {"D2": "n/a"}
    assert codes(result) == [("figure-lost", "D2")]
    assert reason in result.findings[0].message


def test_the_share_of_a_total_column_is_the_quotient_of_sums() -> None:
    settings = Settings(
        totals={"Year": ("Spring", "Autumn"), "Change": ("Autumn", "- Spring")},
        shares={"Share recruited": ("Recruited", "Applications")},
    )
    rows = [
        ["Item", "Spring", "Autumn", "Year", "Change"],
        ["Applications", 200, 100, 300, -100],
        ["Recruited", 20, 30, 50, 10],
        ["Share recruited", *map(shown_percent, (0.1, 0.3, 0.4, None))],
    ]
    result = check(rows, settings)
    assert after(result) == pytest.approx({"D4": 50 / 300, "E4": 0.2})
    assert codes(result) == [("derived-stale", "D4")]


def test_a_share_whose_whole_is_not_in_its_table_is_told() -> None:
    rows = [["Round", "Recruited", "Recruited %"], ["Spring", 5, 3], ["Autumn", 13, 13]]
    result = check(rows, RECRUITMENT)
    assert not result.changes
    assert codes(result) == [("part-missing", "C1")]
    assert "“Applications”" in result.findings[0].message


def test_shares_of_other_tables_do_not_concern_a_table() -> None:
    rows = [["Ward", "Voters", "Turnout %"], ["North", 10, 40], ["South", 30, 50]]
    assert check(rows, RECRUITMENT) == Derived()


def test_a_total_that_is_made_from_its_own_share_is_left_alone() -> None:
    settings = Settings(totals={"A": ("B", "C")}, shares={"B": ("A", "C")})
    rows = [["Item", "Count"], ["A", 3], ["B", 2], ["C", 1]]
    assert after(check(rows, settings)) == {"B3": 3}


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=2, max_size=6))
def test_what_was_recomputed_needs_no_change(pairs: list[tuple[int, int]]) -> None:
    rows: list[list[Any]] = [["Round", "Applications", "Recruited", "Recruited %"]]
    rows += [[f"Round {n}", *pair, shown_percent(None)] for n, pair in enumerate(pairs)]
    result = check(rows, RECRUITMENT)
    made = rewritten(rows, result)
    assert [row[3].value for row in made[1:]] == [b / a for a, b in pairs]
    assert check(made, RECRUITMENT).changes == []


def test_a_workbook_of_such_tables_alone_is_recognised_where_settings_declare_them() -> None:
    rows = [
        ["Round", "Applications", "Recruited", "Recruited %"],
        ["Spring", 284, 5, shown_percent(0.03)],
        ["Autumn", 100, 13, shown_percent(0.13)],
    ]
    checked = [["Audit", "Reports"], ["Good", 3], ["Fair", 7], ["Total", 11]]
    book = FakeWorkbook({"Rounds": rows, "Audits": checked})
    preview = preview_dashboard(book, RECRUITMENT, date(2019, 6, 11))
    (report,) = preview.reports
    assert (report.title, report.records, report.noun) == ("Derived tables", 1, "sheet")
    assert report.recognised == (
        "Rounds has derived figures (Recruited %)",
        "Audits has totals that are checked only (Total)",
    )
    assert [each.code for each in preview.findings] == ["derived-stale", "parts-differ"]
    assert not preview_dashboard(book, Settings(), date(2019, 6, 11)).reports
