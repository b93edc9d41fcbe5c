"""The pages of the sample dashboard: as published, with charts, and set up to be printed."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.workbooks.dashboard_cells import (
    COLUMNS,
    SHEETS,
    WORKBOOK,
    facts,
    month,
    open_book,
    published,
    readings,
    settings,
    shown,
)


def dashboard_rows() -> dict[str, tuple[list[Any], list[Any]]]:
    """By indicator: its thirteen cells and the headings above them."""
    found = {}
    headings: list[Any] = []
    for row in open_book()["Dashboard"].iter_rows(min_row=5, max_col=13):
        if row[0].value == "Indicator":
            headings = [cell.value for cell in row]
        elif row[1].value is not None:
            found[row[0].value] = list(row), headings
    return found


def as_shown(cell: Any, unit: str) -> str:
    """A cell as Excel shows it."""
    if isinstance(cell.value, str):
        return cell.value
    formats = {"percent": "0.0%", "days": "0.0", "minutes": "0"}
    assert cell.number_format == formats.get(unit, "#,##0")
    pattern = {"0.0%": "0.0%", "0.0": "0.0", "0": "0", "#,##0": "0"}[cell.number_format]
    return shown(Fraction(str(cell.value)), pattern)


def test_the_dashboard_is_as_published() -> None:
    rows = dashboard_rows()
    assert list(rows) == [row["indicator"] for row in published()]
    sheet = open_book()["Dashboard"]
    assert sheet["A2"].value == "Dashboard as at 31st March 2018"
    for row in published():
        cells, headings = rows[row["indicator"]]
        late = row["indicator"] == "KSI Road Casualties"
        assert headings == [
            "Indicator",
            *(f"{'Jun' if late else 'Mar'}-{(17 if late else 18) - y}" for y in range(4)),
            *("Current v 1yr avg", "Current v 3yr avg", "FYTD", "FYTD - 1 yr"),
            *("Rolling 12 months", "Baseline", "Perf v Benchmark", "MSF"),
        ]
        for cell, column in zip(cells[1:], COLUMNS, strict=True):
            assert as_shown(cell, row["unit"]) == row[column], (row["indicator"], column)
            assert cell.fill.fill_type is None, "the published greys are lost"


def test_a_percentage_is_typed_as_the_rounded_fraction() -> None:
    cells, _ = dashboard_rows()["All Crime Outcome Rate"]
    assert [cell.value for cell in cells[1:5]] == [0.223, 0.166, 0.218, 0.195]


def test_the_dashboard_prints_on_one_page_and_keeps_its_headings_in_sight() -> None:
    sheet = open_book()["Dashboard"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is the default
    assert sheet.freeze_panes == "B5"
    assert sheet.print_area.startswith("'Dashboard'!$A$1:$M$")


def test_each_detail_page_has_its_figures_its_survey_line_and_a_chart_of_its_months() -> None:
    book = open_book(formulas=True)
    for name in SHEETS:
        sheet = book[name]
        expected = [r for r in facts("kpi_detail_2018_03") if r["theme"] == name.upper()]
        titles = [r for r in range(1, sheet.max_row) if sheet.cell(r + 1, 1).value == "Indicator"]
        assert [sheet.cell(r, 1).value for r in titles] == [r["indicator"] for r in expected]
        charts = sorted(sheet._charts, key=lambda chart: chart.anchor._from.row)
        assert len(charts) == len(expected)
        for top, row, chart in zip(titles, expected, charts, strict=True):
            months = [sheet.cell(top + 1, c).value for c in range(2, 6)]
            assert " ".join(months) == row["period_columns_as_printed"]
            unit = settings()[row["indicator"]]["Unit"]
            for column, field in enumerate(COLUMNS, start=2):
                assert as_shown(sheet.cell(top + 2, column), unit) == row[field]
            assert (sheet.cell(top + 3, 1).value or "") == row["survey_label_printed"]
            assert chart.anchor._from.row == top + 3
            check_chart(chart, row["indicator"])
    assert {r["indicator"] for r in published()} - {
        r["indicator"] for r in facts("kpi_detail_2018_03")
    } == {r["indicator"] for r in facts("kpi_discrepancies") if r["other_value"] == "absent"} - {
        "Effective, Cracked, Ineffective, Vacated Trial rate"
    }


def check_chart(chart: Any, name: str) -> None:
    """Its one line runs over all months of the indicator, values or rates."""
    (line,) = chart.series
    sheet, cells = re.fullmatch(r"'(.*)'!(.*)", line.val.numRef.f).groups()  # type: ignore[union-attr]
    months = readings()[name]
    drawn = [c for row in open_book()[sheet][cells.replace("$", "")] for c in row]
    assert [(sheet, c.coordinate) for c in drawn] == [months[when].cell for when in sorted(months)]
    reference = (line.cat.numRef or line.cat.strRef).f
    labels = [
        c for row in open_book()[sheet][reference.split("!")[1].replace("$", "")] for c in row
    ]
    assert [month(c.value) for c in labels] == sorted(months)


def test_rates_are_formulas_stored_with_their_results() -> None:
    for name, months in readings().items():
        for reading in months.values():
            if reading.denominator is None:
                continue
            sheet, address = reading.cell
            formula = open_book(formulas=True)[sheet][address].value
            top, bottom = re.fullmatch(r"=([A-Z]+\d+)/([A-Z]+\d+)", formula).groups()  # type: ignore[union-attr]
            book = open_book()[sheet]
            assert book[top].value == reading.value, name
            assert book[bottom].value == reading.denominator
            assert book[address].value == pytest.approx(float(reading.value / reading.denominator))


def test_the_peers_stand_as_published_to_our_figures_at_4_per_cent() -> None:
    sheet = open_book()["Most similar forces"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    headings = [cell.value for cell in sheet[4]]
    assert [row[0] for row in rows] == [
        "Cambridgeshire",
        *(row["force"] for row in facts("most_similar_forces")),
    ]
    expected = {
        row["indicator"]: row["msf"]
        for row in published()
        if row["msf"] in ("Higher", "Lower", "Comparable")
    }
    assert headings == ["Force", "Population", *expected]
    for column, name in enumerate(headings[2:], start=2):
        per = (row[1] if settings()[name]["Combine"] == "sum" else 1 for row in rows)
        own, *peers = (row[column] / number for row, number in zip(rows, per, strict=True))
        change = own / (sum(peers) / len(peers)) - 1
        outcome = "Higher" if change > 0.04 else "Lower" if change < -0.04 else "Comparable"
        assert outcome == expected[name], (name, change)


def test_the_information_sheet_lists_what_is_published_and_lags() -> None:
    sheet = open_book()["Information"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3) if row[2].value]
    listed = [row for row in rows if row[0] != "Indicator"]
    assert [(row[0], row[2], row[3]) for row in listed] == [
        (row["indicator"], row["data_date"], row["peer_comparison_iquanta"])
        for row in facts("kpi_information_sheet")
    ]
    assert {row[2].casefold() for row in listed} == {
        "data to september 2017",
        "data to may 2017",
    }


SUBTOTALS = {
    "Juveniles": ("14 and under", "15-17"),
    "Total America": ("North America", "Central America", "South America"),
    "Europe (excl UK)": ("Northern Europe", "Eastern Europe", "Southern Europe", "Western Europe"),
    "Europe (incl UK)": ("UK", "Europe (excl UK)"),
}


def test_breakdown_counts_print_the_published_percentages_and_add_up() -> None:
    sheet = open_book()["Breakdown"]
    tables: list[dict[str, tuple[Any, ...]]] = []
    for row in sheet.iter_rows(min_row=4, values_only=True):
        if row[0] == "Category":
            tables.append({})
        elif row[1] is not None:
            tables[-1][row[0]] = row[1:5]
    kept = [row for row in facts("breakdown_2018_03") if row["unit"] == "percent"]
    groups = [list(g) for _, g in itertools.groupby(kept, lambda r: (r["table"], r["dimension"]))]
    assert len(tables) == len(groups) == 6
    for rows, table in zip(groups, tables, strict=True):
        *names, total = table
        assert names == [row["category"] for row in rows]
        for count, share, field in (
            (0, 1, "month_value_mar18"),
            (2, 3, "rolling12_value_to_mar18"),
        ):
            whole = table[total][count]
            for row in rows:
                name, printed = row["category"], row[field]
                assert shown(Fraction(table[name][count], whole), printed) == printed
                assert shown(Fraction(str(table[name][share])), printed) == printed
                if name in SUBTOTALS:
                    assert table[name][count] == sum(table[p][count] for p in SUBTOTALS[name])
            assert sum(table[name][count] for name in names if name not in SUBTOTALS) == whole
    totals = [tuple(table[list(table)[-1]][::2]) for table in tables]
    assert totals == [(931, 11808)] * 3 + [(70, 939)] * 2 + [(38, 933)]


def test_road_casualties_are_as_published_and_add_up() -> None:
    rows = list(open_book()["Road casualties"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("Year", "Fatal", "Serious", "Severe (MAIS3+)", "KSI", "Killed and severe")
    assert [tuple(map(str, row)) for row in rows[1:]] == [
        tuple(list(row.values())[:6]) for row in facts("ksi_by_year")
    ]
    for row in rows[1:]:
        assert row[1] + row[2] == row[4] and row[1] + row[3] == row[5]
    years = rows[1:-1]
    assert list(rows[-1][1:]) == [sum(row[c] for row in years) for c in range(1, 6)]


def test_the_settings_sheet_states_every_indicator_and_total() -> None:
    sheet = open_book()["xlgov"]
    column = [cell.value for cell in sheet["A"]]
    assert sheet["B4"].value == "Cambridgeshire" and sheet["B5"].value == 4
    assert [column.index(title) for title in ("Performance", "Indicators", "Totals")] == [2, 6, 51]
    assert [cell.value for cell in sheet[8]] == [
        *("Indicator", "Combine", "Unit", "Decimals", "Desired direction", "Target"),
        *("Fixed baseline", "Months late", "Parts", "Other names", "Source"),
    ]
    assert [(name, row["Unit"], row["Desired direction"]) for name, row in settings().items()] == [
        (r["indicator"], r["unit"], r["desired_direction_judgement"]) for r in published()
    ]
    totals = {
        row[0]: tuple(row[1].split("; "))
        for row in sheet.iter_rows(min_row=54, max_col=2, values_only=True)
    }
    assert totals == SUBTOTALS | {
        "KSI": ("Fatal", "Serious"),
        "Killed and severe": ("Fatal", "Severe (MAIS3+)"),
    }


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_another_program_opens_it_with_every_chart_and_no_error(tmp_path: Path) -> None:
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", home, "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(WORKBOOK)], check=True, capture_output=True, timeout=180)
    with zipfile.ZipFile(tmp_path / "performance-dashboard.ods") as package:
        charts = [n for n in package.namelist() if re.fullmatch(r"Object \d+/content.xml", n)]
        content = package.read("content.xml")
    assert len(charts) == len(facts("kpi_detail_2018_03"))
    for error in (b"#DIV/0!", b"#REF!", b"#NAME?", b"#VALUE!", b"Err:5"):
        assert error not in content
