"""What is asked of a whole workbook: accepted findings, themes, namesakes, a folder's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from boards import ALL, HEADINGS, TITLE, months_on, shown

import xlgov
from xlgov.cli import main
from xlgov.settings.values import Accepted, IndicatorRule, Settings

STEADY = [100 + step % 7 for step in range(60)]
Row = tuple[str, str, str, Sequence[float | None]]  # theme, indicator, measure, readings


def draw(
    path: Path,
    readings: Sequence[Row],
    lines: Sequence[str],
    given: Mapping[str, Any] | None = None,
) -> Path:
    """A dashboard of these lines (in capitals: themes) and ``given`` cells over their readings."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Dashboard")
        sheet.write("A1", TITLE)
        sheet.write_row(2, 0, HEADINGS)
        for row, line in enumerate(lines, start=3):
            sheet.write(row, 0, line)
        for place, value in (given or {}).items():
            sheet.write(place, value)
        data = book.add_worksheet("Data")
        data.write_row(0, 0, ["Theme", "Indicator", "Measure", *map(shown, ALL)])
        for row, (theme, name, measure, values) in enumerate(readings, start=1):
            data.write_row(row, 0, [theme, name, measure])
            for column, value in enumerate(values, start=3):
                if value is not None:
                    data.write_number(row, column, value)
    return path


def cells(path: Path) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(path)["Dashboard"]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}


# Accepted findings


def accepting(*accepted: tuple[str, str], **rules: IndicatorRule) -> Settings:
    return Settings(
        accepted=tuple(Accepted(*each) for each in accepted),
        indicators={name.replace("_", " "): rule for name, rule in rules.items()},
    )


def test_an_accepted_stale_figure_keeps_its_cell_and_no_other(tmp_path: Path) -> None:
    rows: list[Row] = [("", "Hate Crime", "Value", STEADY), ("", "Arson", "Value", STEADY)]
    path = draw(tmp_path / "a.xlsx", rows, ["Hate Crime", "Arson"], {"B4": 5, "B5": 5})
    xlgov.refresh(path, settings=accepting(("Hate Crime", "figure-stale")), backup=False)
    found = cells(path)
    assert (found["B4"], found["B5"]) == (5, STEADY[-1])
    assert found["C4"] == STEADY[-13]


def test_accepting_that_readings_are_late_does_not_hold_their_figures_back(tmp_path: Path) -> None:
    late = [*STEADY[:-3], None, None, None]
    rows: list[Row] = [("", "Hate Crime", "Value", late), ("", "Arson", "Value", STEADY)]
    path = draw(tmp_path / "a.xlsx", rows, ["Hate Crime", "Arson"], {"B4": 5})
    settings = accepting(("Hate Crime", "reading-late"), Hate_Crime=IndicatorRule(lag=3))
    changes = xlgov.refresh(path, settings=settings, backup=False)
    assert [each.code for each in changes.findings] == ["figure-stale"]
    assert cells(path)["B4"] == STEADY[-4]
    assert not xlgov.check(path, settings=settings)


def test_a_label_of_a_derived_table_may_be_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[Row] = [("", "Hate Crime", "Value", STEADY), ("", "Arson", "Value", STEADY)]
    draw(path, rows, ["Hate Crime", "Arson"])
    book = openpyxl.load_workbook(path)
    _write_ages(book.create_sheet("Breakdown"))
    book.save(path)
    totals = {"Juveniles": ("14 and under", "15-17")}
    accepted = (Accepted("Juveniles", "derived-stale"),)
    codes = {each.code for each in xlgov.check(path, settings=Settings(totals=totals))}
    assert "derived-stale" in codes
    assert not xlgov.check(path, settings=Settings(totals=totals, accepted=accepted))


def _write_ages(sheet: Any) -> None:
    ages = {"14 and under": 10, "15-17": 20, "Juveniles": 33, "Adults": 70, "Total": 100}
    for row in [("Age", "Arrests"), *ages.items()]:
        sheet.append(row)


def test_a_workbook_of_derived_tables_alone_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    _write_ages(book.active)
    book.save(path)
    (tmp_path / "xlgov.toml").write_text(
        '[kpi.totals]\n"Juveniles" = ["14 and under", "15-17"]\n', encoding="utf-8"
    )
    assert main(["check", str(path)]) == 1
    (change,) = xlgov.refresh(path, backup=False).cells
    assert (change.address, change.after) == ("B4", 30)
    assert main(["check", str(path)]) == 0


# Themes and names


def test_a_rule_for_a_theme_holds_where_only_the_dashboard_has_themes(tmp_path: Path) -> None:
    rows: list[Row] = [("", "Waiting time", "Value", STEADY), ("", "Arson", "Value", STEADY)]
    lines = ["VICTIMS", "Waiting time", "OFFENDERS", "Arson"]
    path = draw(tmp_path / "a.xlsx", rows, lines)
    settings = Settings(themes={"Victims": IndicatorRule(combine="mean")})
    xlgov.refresh(path, settings=settings, backup=False)
    found = cells(path)
    assert found["H5"] == pytest.approx(sum(STEADY[-12:]) / 12)
    assert found["H7"] == sum(STEADY[-12:])


def test_a_namesake_in_another_theme_gets_no_figures_of_the_first(tmp_path: Path) -> None:
    other = [each + 500 for each in STEADY]
    rows: list[Row] = [
        ("Victims", "Satisfaction", "Value", STEADY),
        ("Offenders", "Satisfaction", "Value", other),
        ("Victims", "Arson", "Value", STEADY),
    ]
    lines = ["VICTIMS", "Satisfaction", "Arson", "OFFENDERS", "Satisfaction"]
    path = draw(tmp_path / "a.xlsx", rows, lines, {"B8": 3})
    changes = xlgov.refresh(path, backup=False)
    found = cells(path)
    assert (found["B5"], found["B8"], found["H8"]) == (STEADY[-1], 3, None)
    assert [(each.code, each.address) for each in changes.findings] == [
        ("indicator-twice", "B3"),
        ("indicator-without-readings", "A8"),
    ]
    assert "those of another theme" in changes.findings[1].message


# A file of settings for a folder


def test_settings_of_a_folder_are_quiet_about_indicators_of_other_workbooks(tmp_path: Path) -> None:
    (tmp_path / "xlgov.toml").write_text(
        '[kpi.indicators."Arson"]\ndecimals = 0\n'
        '[kpi.indicators."999 calls"]\ndecimals = 0\n'
        '[kpi.indicators."Hate Crymes"]\ndecimals = 0\n',
        encoding="utf-8",
    )
    rows: list[Row] = [("", "Hate Crime", "Value", STEADY), ("", "Arson", "Value", STEADY)]
    path = draw(tmp_path / "a.xlsx", rows, ["Hate Crime", "Arson"])
    (finding,) = xlgov.check(path)
    assert (finding.code, finding.record) == ("indicator-unknown", "Hate Crymes")


def test_monthly_figures_of_a_budget_are_no_indicators_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "xlgov.toml").write_text(
        '[kpi.indicators."Arson"]\ndecimals = 0\n', encoding="utf-8"
    )
    path = tmp_path / "budget.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Budget")
        sheet.write_row(0, 0, ["Cost centre", *map(shown, ALL)])
        for row, name in enumerate(("Overtime", "Training", "Fleet"), start=1):
            sheet.write_row(row, 0, [name, *STEADY[:50]])
            sheet.write_row(row, 53, STEADY[52:])
    changes = xlgov.preview(path)
    assert not changes.findings and not changes.reports


# Months, settings sheets and quietness


@pytest.mark.parametrize("month", ["2016-03", "2017-03", "2017-04"])
def test_a_dashboard_moves_and_comes_back(tmp_path: Path, month: str) -> None:
    rows: list[Row] = [("", "Hate Crime", "Value", STEADY), ("", "Arson", "Value", STEADY)]
    path = draw(tmp_path / "a.xlsx", rows, ["Hate Crime", "Arson"])
    xlgov.refresh(path, backup=False)
    before = cells(path)
    moved = xlgov.refresh(path, backup=False, month=month)
    assert not {each.severity for each in moved.findings} & {"error"}
    assert cells(path) != before
    xlgov.refresh(path, backup=False)
    assert cells(path) == before


def test_a_settings_sheet_that_states_what_is_in_force_changes_nothing(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("", "Hate Crime", "Value", STEADY),
        ("", "Outcome rate", "Numerator", STEADY),
        ("", "Outcome rate", "Denominator", [200] * 60),
        ("", "Arson", "Value", STEADY),
    ]
    path = draw(tmp_path / "a.xlsx", rows, ["VICTIMS", "Hate Crime", "Outcome rate", "Arson"])
    (tmp_path / "xlgov.toml").write_text(
        '[kpi.themes."Victims"]\ncombine = "mean"\nunit = "percent"\n'
        '[kpi.indicators."Outcome rate"]\ncombine = "ratio"\n',
        encoding="utf-8",
    )
    before = xlgov.preview(path)
    xlgov.init(path)
    after = xlgov.preview(path)
    assert (after.cells, after.formats) == (before.cells, before.formats)
    assert after.findings == before.findings and not after.sheets


@pytest.mark.parametrize("seed", range(4))
def test_a_dashboard_that_is_right_is_quiet_about_plausible_readings(
    tmp_path: Path, seed: int
) -> None:
    """Counts large and small, rates, times and levels, with noise, seasons and drift."""
    chance = Random(seed)
    rows: list[Row] = []
    for number in range(5):
        size, drift = (5, 20, 90, 400, 3000)[number], chance.uniform(-0.004, 0.006)
        levels = [size * (1 + drift * step) for step in range(60)]
        counts = [max(0, round(chance.gauss(level, level**0.5 * 1.3))) for level in levels]
        rows.append(("", f"Crime {number}", "Value", counts))
        cases = [round(chance.gauss(40 + size, 5)) for _ in ALL]
        solved = [sum(chance.random() < 0.4 for _ in range(each)) for each in cases]
        rows += [("", f"Outcome rate {number}", "Numerator", solved)]
        rows += [("", f"Outcome rate {number}", "Denominator", cases)]
        officers, strength = 250.0 + size, []
        for month in months_on(ALL[0], 60):
            officers += chance.choice((-1, 0, 0, 1)) + (5 if month.month == 9 else 0)
            strength.append(officers)
        rows.append(("", f"Officers {number}", "Value", strength))
        times = [round(chance.gauss(15, 1), 1) for _ in ALL]
        rows.append(("", f"Time {number}", "Value", times))
    rules = {f"Officers {number}": IndicatorRule(combine="latest") for number in range(5)}
    rules |= {f"Time {number}": IndicatorRule(combine="mean") for number in range(5)}
    settings = Settings(indicators=rules)
    names = list(dict.fromkeys(name for _, name, _, _ in rows))
    path = draw(tmp_path / "a.xlsx", rows, names)
    xlgov.refresh(path, settings=settings, backup=False, as_of=date(2018, 4, 1))
    assert not xlgov.check(path, settings=settings)
