"""Dashboards as offices draw them: each is found and refreshed, and nothing else in it changes."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import xlgov
from tests.kpi.boards import (
    ABOVE,
    ALL,
    BELOW,
    COLUMNS,
    HATE,
    HEADINGS,
    MEAN,
    MONTH_COLUMNS,
    OUTCOME,
    RESPONSE,
    THEMES,
    Board,
    area,
    draw_board,
    expect,
    refresh_board,
    shown,
    worth,
    write_readings,
)
from tests.risk.fake import FakeWorkbook
from xlgov.errors import XlgovError
from xlgov.kpi.dashboard import dashboard_sheets
from xlgov.kpi.preview import preview_dashboard, search_dashboard
from xlgov.ooxml.reader import open_workbook
from xlgov.settings.values import IndicatorRule, Settings

ROOT = Path(__file__).parents[2]
CORPUS = sorted((ROOT.parent / "shared" / "corpus" / "poi").glob("*.xls*"))
NAMES = ([HATE], [OUTCOME], [RESPONSE])
BELOW_3 = {4: HATE, 5: OUTCOME, 6: RESPONSE}
BELOW_4 = {5: HATE, 6: OUTCOME, 7: RESPONSE}
COMPARED = HEADINGS[5:]
OF_MONTHS = {"B3", "C3", "D3", "E3"}


def moved(by: int) -> dict[str, str]:
    """The columns of the plain dashboard, so many columns further right."""
    return {chr(ord(letter) + by): said for letter, said in COLUMNS.items()}


# Layouts: how it is drawn, where its columns are, where its indicators are.


def plain(board: Board) -> None:
    board.put(3, [HEADINGS, *NAMES])


def under_merged_bands(board: Board) -> None:
    board.put(4, [["Indicator", "Mar-18", "Mar-17", "Mar-16", "Mar-15", "1yr", "3yr"], *NAMES])
    more = ["FYTD", "FYTD\n- 1 yr", "Rolling\n12 months", "Base-line", "v\nbenchmark"]
    board.put(4, [more], left=8)
    board.sheet.merge_range("B3:E3", "Monthly figures")
    board.sheet.merge_range("F3:G3", "Current v")
    board.sheet.merge_range("H3:L3", "Comparisons")


def merged_over_two_rows(board: Board) -> None:
    for column, text in enumerate(HEADINGS):
        if not text.startswith("Current v"):
            board.sheet.merge_range(2, column, 3, column, text)
    board.sheet.merge_range("F3:G3", "Current v")
    board.put(4, [["1yr avg", "3yr avg"]], left=6)
    board.put(5, NAMES)


def two_rows_without_merges(board: Board) -> None:
    upper = [
        "Measure",
        *[None] * 4,
        "Current v",
        None,
        "FYTD",
        None,
        "Rolling",
        "Baseline",
        "Perf v",
    ]
    lower = [None, "Mar-18", "Mar-17", "Mar-16", "Mar-15", "1yr avg", "3yr avg", "Current"]
    board.put(3, [upper, [*lower, "- 1 yr", "12 months", None, "Benchmark"], *NAMES])


def current_of_a_year_to_date(board: Board) -> None:
    board.put(4, [[*HEADINGS[:7], "Current", "-1yr", *HEADINGS[9:]], *NAMES])
    board.sheet.merge_range("H3:I3", "Financial year to date")


def legend_and_logo_above(board: Board) -> None:
    board.put(
        2,
        [
            ["Legend", "Grey = significant change", "n/a = not available", "FYTD"],
            ["FYTD = financial year to date; baseline = the last full year"],
            ["Rolling 12 months"],
            [None] * 5 + ["Current v = comparison with an average"],
        ],
    )
    board.put(9, [HEADINGS, *NAMES])


def section_per_theme(board: Board) -> None:
    board.put(3, [["VICTIMS"], HEADINGS, [HATE], [], ["OFFENDERS"], HEADINGS, *NAMES[1:]])


def theme_rows_under_one_header(board: Board) -> None:
    board.put(3, [HEADINGS, ["Victims"], [HATE], [], ["Offenders"], *NAMES[1:]])


def theme_in_a_merged_column(board: Board) -> None:
    board.put(3, [["Theme", *HEADINGS], ["Victims", HATE], *([None, name] for [name] in NAMES[1:])])
    board.sheet.merge_range("A5:A6", "Offenders")


def names_without_a_heading(board: Board) -> None:
    numbered = [[f"KPI {number}", *name] for number, name in enumerate(NAMES, start=1)]
    board.put(3, [["Ref", "", *HEADINGS[1:]], *numbered])


def names_in_the_last_column(board: Board) -> None:
    board.put(3, [[*HEADINGS[1:], "Measure"], *([*[None] * 11, *name] for name in NAMES)])


def names_merged_over_two_rows(board: Board) -> None:
    """The lower row of each is the office's own."""
    board.put(3, [HEADINGS])
    for row, [name] in zip((4, 6, 8), NAMES, strict=True):
        board.sheet.merge_range(f"A{row}:A{row + 1}", name)
        board.put(row + 1, [[50, 40, 30, 20, "Target", None, 600]], left=2)


def hidden_columns_and_rows(board: Board) -> None:
    plain(board)
    board.sheet.set_column("C:E", None, None, {"hidden": True})
    board.sheet.set_row(4, None, None, {"hidden": True})


def protected(board: Board) -> None:
    plain(board)
    board.sheet.protect("secret")


def pages_of_detail(board: Board) -> None:
    for top, name in ((3, HATE), (20, OUTCOME), (37, RESPONSE)):
        board.put(top, [[name], ["Monthly figures; chart below"], HEADINGS[1:], ["n/a"] * 11])
    board.put(48, [["Source: our own records"]])


def own_columns_beside(board: Board) -> None:
    own = ["Trend", "RAG", "Comment", "FYTD 2016/17", "2015/16 FYTD", "Target", "Apr-17 to Dec-17"]
    board.put(3, [[*HEADINGS, *own], *([*name, *[None] * 11, "up", 5, "x"] for name in NAMES)])


def notes_and_totals_below(board: Board) -> None:
    plain(board)
    board.put(
        7, [["Total", 900, 800], ["* Hate Crime is provisional"], ["Note: FYTD is April to date"]]
    )
    board.put(12, [["Prepared by: Performance team", "", "J Smith"], ["Rural crime"]])


def definitions_below(board: Board) -> None:
    plain(board)
    board.put(
        8, [["Definitions"], [HATE, "Every crime flagged so"], [OUTCOME, "Outcomes by crimes"]]
    )


def years_over_some_columns(board: Board) -> None:
    plain(board)
    board.put(2, [["2015/16", "2016/17"], ["FYTD", "FYTD"], [1, 2], [3, 4], [5, 6]], left=14)


def readings_below(board: Board) -> None:
    plain(board)
    write_readings(board.sheet, 20)


def readings_below_under_the_same_names(board: Board) -> None:
    plain(board)
    rows: list[list[Any]] = [["Readings"], ["Indicator", "Part", *map(shown, ALL)]]
    for name in THEMES:
        rows.append([name, "Numerator" if name == OUTCOME else "Value", *ABOVE[name].values()])
        rows += [[None, "Denominator", *BELOW.values()]] if name == OUTCOME else []
    board.put(20, rows)


def readings_below_down_the_rows(board: Board, heading: Callable[[date], Any] = shown) -> None:
    plain(board)
    board.put(20, [["Month", HATE, f"{OUTCOME} numerator", f"{OUTCOME} denominator", RESPONSE]])
    of = (ABOVE[HATE], ABOVE[OUTCOME], BELOW, ABOVE[RESPONSE])
    board.put(21, [[heading(month), *(each[month] for each in of)] for month in ALL])


def readings_below_down_dates(board: Board) -> None:
    readings_below_down_the_rows(board, lambda month: month)


def readings_below_as_a_list(board: Board) -> None:
    plain(board)
    board.put(20, [["Indicator", "Month", "Value", "Numerator", "Denominator"]])
    rows: list[list[Any]] = []
    for name in THEMES:
        for month in ALL:
            pair = [None, ABOVE[name][month], BELOW[month]]
            rows.append([name, month, *(pair if name == OUTCOME else [ABOVE[name][month]])])
    board.put(21, rows)


@pytest.mark.parametrize(
    ("draw", "columns", "rows"),
    [
        (plain, COLUMNS, BELOW_3),
        (under_merged_bands, COLUMNS, BELOW_4),
        (merged_over_two_rows, COLUMNS, BELOW_4),
        (two_rows_without_merges, COLUMNS, BELOW_4),
        (current_of_a_year_to_date, COLUMNS, BELOW_4),
        (names_merged_over_two_rows, COLUMNS, {4: HATE, 6: OUTCOME, 8: RESPONSE}),
        (legend_and_logo_above, COLUMNS, {10: HATE, 11: OUTCOME, 12: RESPONSE}),
        (section_per_theme, COLUMNS, {5: HATE, 9: OUTCOME, 10: RESPONSE}),
        (theme_rows_under_one_header, COLUMNS, {5: HATE, 8: OUTCOME, 9: RESPONSE}),
        (theme_in_a_merged_column, moved(1), BELOW_3),
        (names_without_a_heading, moved(1), BELOW_3),
        (names_in_the_last_column, moved(-1), BELOW_3),
        (hidden_columns_and_rows, COLUMNS, BELOW_3),
        (protected, COLUMNS, BELOW_3),
        (pages_of_detail, moved(-1), {6: HATE, 23: OUTCOME, 40: RESPONSE}),
        (own_columns_beside, COLUMNS, BELOW_3),
        (notes_and_totals_below, COLUMNS, BELOW_3),
        (definitions_below, COLUMNS, BELOW_3),
        (years_over_some_columns, COLUMNS, BELOW_3),
    ],
)
def test_every_layout_is_filled_and_nothing_else_changes(
    tmp_path: Path,
    draw: Callable[[Board], None],
    columns: dict[str, str],
    rows: dict[int, str],
) -> None:
    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    assert found.touched == expect(found, columns, rows)
    assert found.findings == []


@pytest.mark.parametrize(
    "draw",
    [
        readings_below,
        readings_below_under_the_same_names,
        readings_below_down_the_rows,
        readings_below_down_dates,
        readings_below_as_a_list,
    ],
)
def test_readings_below_a_dashboard_are_read_and_never_written(
    tmp_path: Path, draw: Callable[[Board], None]
) -> None:
    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw, readings=False))
    assert found.touched == expect(found, COLUMNS, BELOW_3)
    assert found.findings == []


def test_themes_come_from_sections_rows_and_merged_columns(tmp_path: Path) -> None:
    for draw in (section_per_theme, theme_rows_under_one_header, theme_in_a_merged_column):
        with open_workbook(draw_board(tmp_path / "board.xlsx", draw)) as workbook:
            rows = search_dashboard(workbook, Settings()).dashboard.rows()
        themes = [row.theme.casefold() for row in rows]
        assert themes == ["victims", "offenders", "offenders"], draw.__name__


def test_tables_side_by_side_have_rows_of_their_own(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        board.put(3, [["Indicator", "FYTD", "Baseline"], [HATE], [RESPONSE]])
        board.put(3, [["Measure", "FYTD", "Rolling 12 months"], [OUTCOME]], left=5)

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    wanted = expect(found, {"B": "fytd", "C": "baseline"}, {4: HATE, 5: RESPONSE})
    wanted |= expect(found, {"F": "fytd", "G": "rolling"}, {4: OUTCOME})
    assert found.touched == wanted


# Readings and comparisons in one table


@pytest.mark.parametrize("heading", [shown, lambda month: month], ids=["texts", "dates"])
@pytest.mark.parametrize("count", [12, 24, 60])
def test_months_and_comparisons_in_one_table(
    tmp_path: Path, count: int, heading: Callable[[date], Any]
) -> None:
    over = ALL[-count:]
    more = ["FYTD", "Rolling 12 months"] + (["Baseline", "Perf v Benchmark"] if count > 12 else [])

    def draw(board: Board) -> None:
        board.put(3, [["Indicator", *map(heading, over), *more]])
        board.put(4, [[name, *(ABOVE[name][month] for month in over)] for name in (HATE, RESPONSE)])

    said = ("fytd", "rolling", "baseline", "benchmark")
    columns = {get_column_letter(count + 2 + place): said[place] for place in range(len(more))}
    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw, readings=False))
    assert found.touched == expect(found, columns, {4: HATE, 5: RESPONSE})
    assert found.changes.findings == ()


def test_months_that_run_on_are_no_comparison_even_where_readings_stand_elsewhere(
    tmp_path: Path,
) -> None:
    def draw(board: Board) -> None:
        months = map(shown, ALL[-6:])
        board.put(3, [["Indicator", *months, "FYTD", "Rolling 12 months", "Baseline"], [HATE]])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    assert found.touched == expect(found, {"H": "fytd", "I": "rolling", "J": "baseline"}, {4: HATE})


# Headings that are months


def test_dates_as_headings_follow_as_dates(tmp_path: Path) -> None:
    for first, last in ((date(2018, 2, 1), 1), (date(2018, 2, 28), 31)):
        old = [first.replace(year=first.year - years) for years in range(4)]

        def draw(board: Board, old: list[date] = old) -> None:
            board.put(3, [["Indicator", *old, *COMPARED], *NAMES])

        found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
        assert found.touched == expect(found, COLUMNS, BELOW_3) | OF_MONTHS
        assert [found.cells[f"{column}3"] for column in "BCDE"] == [
            datetime(year, 3, last) for year in (2018, 2017, 2016, 2015)
        ]


@pytest.mark.parametrize(
    ("current", "after"),
    [
        ("Current Month", "Current Month"),
        ("Current month (Feb-18)", "Current month (Mar-18)"),
        ("This month\nFebruary 2018", "This month\nMarch 2018"),
    ],
)
def test_a_current_month_beside_the_same_months_of_years_before(
    tmp_path: Path, current: str, after: str
) -> None:
    def draw(board: Board) -> None:
        board.put(3, [["Indicator", current, "Feb-17", "Feb-16", "Feb-15", *COMPARED], *NAMES])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    changed = OF_MONTHS if current != after else OF_MONTHS - {"B3"}
    assert found.touched == expect(found, COLUMNS, BELOW_3) | changed
    assert [found.cells[f"{column}3"] for column in "BCDE"] == [after, "Mar-17", "Mar-16", "Mar-15"]


def test_windows_that_state_their_last_month_follow_too(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        windows = [f"Rolling 12 months to Feb-{year}" for year in (18, 17)]
        board.put(3, [["Indicator", "Feb-18", "FYTD (Feb-18)", *windows, "Baseline"], [HATE]])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    expect(found, {"B": "month", "C": "fytd", "D": "rolling", "F": "baseline"}, {4: HATE})
    # In March the months that end a year before are the baseline.
    assert found.cells["E4"] == worth(HATE, "baseline")
    assert [found.cells[f"{column}3"] for column in "BCDE"] == [
        *("Mar-18", "FYTD (Mar-18)"),
        *("Rolling 12 months to Mar-18", "Rolling 12 months to Mar-17"),
    ]


def test_rows_with_headings_of_their_own_are_of_their_own_month(tmp_path: Path) -> None:
    june = ["Jun-17", "Jun-16", "Jun-15", "Jun-14"]

    def draw(board: Board) -> None:
        board.put(
            3, [HEADINGS, [HATE], [None, *june], [OUTCOME], [None, *HEADINGS[1:5]], [RESPONSE]]
        )

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    wanted = expect(found, COLUMNS, {4: HATE, 8: RESPONSE})
    wanted |= expect(found, COLUMNS, {6: OUTCOME}, month=date(2017, 6, 1))
    assert found.touched == wanted
    (report,) = found.changes.reports
    assert "Jun-17" in report.headline


def test_late_rows_keep_their_lag_when_the_month_moves(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        board.put(3, [HEADINGS, [HATE], [None, "Jun-17", "Jun-16", "Jun-15", "Jun-14"], [OUTCOME]])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw, title=""), month="2017-12")
    assert [found.cells[f"{column}3"] for column in "BCDE"] == [
        "Dec-17",
        "Dec-16",
        "Dec-15",
        "Dec-14",
    ]
    assert [found.cells[f"{column}5"] for column in "BCDE"] == [
        "Mar-17",
        "Mar-16",
        "Mar-15",
        "Mar-14",
    ]
    expect(found, MONTH_COLUMNS, {4: HATE}, month=date(2017, 12, 1))
    expect(found, MONTH_COLUMNS, {6: OUTCOME}, month=date(2017, 3, 1))


def test_a_heading_typed_ahead_of_the_others_is_used_as_soon_as_they_follow(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        board.put(3, [["Indicator", "Feb-18", "Mar-17", "Feb-16", "Feb-15", *COMPARED], *NAMES])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    assert found.touched == expect(found, COLUMNS, BELOW_3) | OF_MONTHS - {"C3"}
    assert "month-heading-unclear" not in found.codes


def test_a_heading_between_the_years_is_left_alone_and_said(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        board.put(3, [["Indicator", "Mar-18", "Dec-17", "Mar-16", "Mar-15", *COMPARED], *NAMES])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    columns = {letter: said for letter, said in COLUMNS.items() if letter != "C"}
    assert found.touched == expect(found, columns, BELOW_3)
    assert found.findings == [("month-heading-unclear", "", "C3")]


# Rows


def test_a_new_row_below_the_last_is_filled(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        board.put(3, [HEADINGS, [HATE, *[0] * 4], [OUTCOME], [], [RESPONSE]])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    assert found.touched == expect(found, COLUMNS, {4: HATE, 5: OUTCOME, 7: RESPONSE})


def test_a_name_nearly_alike_is_said_with_its_nearest_and_left_as_it_is(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        board.put(3, [HEADINGS, ["Burglary Outcomes Rates", 0.5], [HATE], [RESPONSE]])

    with open_workbook(draw_board(tmp_path / "a.xlsx", draw)) as workbook:
        assert search_dashboard(workbook, MEAN).unmatched == []  # plurals are one name

    def other(board: Board) -> None:
        board.put(3, [HEADINGS, ["Burglary Rate", 0.5], [HATE], [RESPONSE]])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", other))
    assert found.touched == expect(found, COLUMNS, {5: HATE, 6: RESPONSE})
    assert ("indicator-without-readings", "Burglary Rate", "A4") in found.findings
    said = next(each for each in found.changes.findings if each.address == "A4")
    assert OUTCOME in said.message


def test_a_list_of_names_further_down_is_no_part_of_the_dashboard(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        plain(board)
        board.put(12, [["Contents of the annex"], *NAMES])
        board.put(30, NAMES)

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    assert not found.touched & area("B30", "L40")


def test_a_title_alone_in_the_first_column_of_figures_is_no_row(tmp_path: Path) -> None:
    """The names of pages of detail stand over their figures."""

    def draw(board: Board) -> None:
        for top, name in ((3, HATE), (12, OUTCOME)):
            board.put(top, [[name], HEADINGS[1:]])
        board.put(20, [[RESPONSE], HEADINGS[1:], ["n/a"] * 11])

    found = refresh_board(draw_board(tmp_path / "board.xlsx", draw))
    assert found.touched == expect(found, moved(-1), {22: RESPONSE})


def test_a_financial_year_that_begins_in_january(tmp_path: Path) -> None:
    found = refresh_board(draw_board(tmp_path / "board.xlsx", plain), replace(MEAN, year_start=1))
    assert found.touched == expect(found, COLUMNS, BELOW_3, start=1)
    assert found.cells["H4"] == sum(ABOVE[HATE][date(2018, month, 1)] for month in (1, 2, 3))


def test_any_month_is_recomputed_on_demand(tmp_path: Path) -> None:
    found = refresh_board(draw_board(tmp_path / "board.xlsx", plain, title=""), month="2017-11")
    expect(found, COLUMNS, BELOW_3, month=date(2017, 11, 1))
    assert found.cells["B3"] == "Nov-17"


def test_month_headings_of_a_table_are_changed_in_the_table_as_well(tmp_path: Path) -> None:
    def draw(board: Board) -> None:
        headings = ["Indicator", "Feb-18", "Feb-17", "Feb-16", "Feb-15", *COMPARED]
        columns = [{"header": heading} for heading in headings]
        board.sheet.add_table("A3:L6", {"columns": columns, "data": [*map(list, NAMES)]})

    path = draw_board(tmp_path / "board.xlsx", draw)
    before = Path(shutil.copy(path, tmp_path / "before.xlsx"))
    xlgov.refresh(path, settings=MEAN, backup=False)
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(path) as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed <= {
        *("xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/styles.xml", "xl/workbook.xml"),
    }
    sheet = openpyxl.load_workbook(path)["Dashboard"]
    (table,) = sheet.tables.values()
    assert table.column_names[1:5] == ["Mar-18", "Mar-17", "Mar-16", "Mar-15"]
    assert [cell.value for cell in sheet[3]] == table.column_names
    assert xlgov.refresh(path, settings=MEAN, backup=False).is_empty


# What is no dashboard


@pytest.mark.parametrize(
    "rows",
    [
        [["Month", "Apr-17", "May-17", "Total"], ["Rent", 1, 2, 3]],
        [["Item", "Budget", "YTD", "Variance"], ["Rent", 1, 2, 3]],
        [["Baseline", "Target"], [1, 2]],
        [["Indicator", "Theme", "Owner"], ["Hate Crime", "Victims", "A"]],
        [["Action", "Owner", "Baseline", "Due date"], ["Do it", "A", "B", "C"]],
    ],
)
def test_other_tables_are_no_dashboard(rows: list[list[Any]]) -> None:
    book = FakeWorkbook({"Sheet": rows})
    assert dashboard_sheets(book) == []
    assert search_dashboard(book, Settings()).is_empty


def test_a_dashboard_without_readings_says_so_and_changes_nothing() -> None:
    book = FakeWorkbook({"Board": [["Indicator", "FYTD", "Rolling 12"], ["Hate Crime", 5, 6]]})
    found = preview_dashboard(book, Settings(), date(2018, 3, 31))
    assert found.cells == ()
    assert [finding.code for finding in found.findings] == ["readings-missing"]


def test_our_own_sheets_are_not_looked_at() -> None:
    rows = [["Indicator", "FYTD", "Rolling 12"], ["Hate Crime", 5, 6]]
    assert dashboard_sheets(FakeWorkbook({"xlgov": rows, "xlgov reasons": rows})) == []


@pytest.mark.skipif(not CORPUS, reason="there are no public workbooks")
def test_no_public_workbook_is_taken_for_a_dashboard() -> None:
    for path in CORPUS:
        try:
            with open_workbook(path) as workbook:
                assert dashboard_sheets(workbook) == [], path.name
                found = preview_dashboard(workbook, Settings(), date(2018, 3, 31))
                assert (found.cells, found.findings, found.reports) == ((), (), ()), path.name
                # With settings that name indicators readings are looked for: it must not crash.
                named = Settings(indicators={"Hate Crime": IndicatorRule()})
                assert preview_dashboard(workbook, named, date(2018, 3, 31)).cells == ()
        except XlgovError:
            continue  # a broken file, refused in words


def test_the_risk_samples_are_no_dashboards() -> None:
    samples = sorted((ROOT / "workbooks").glob("*.xlsx"))
    for path in samples:
        with open_workbook(path) as workbook:
            assert bool(dashboard_sheets(workbook)) == ("dashboard" in path.name), path.name
