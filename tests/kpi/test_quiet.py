"""What is right is left in peace, and what is no dashboard is not taken for one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import xlgov
from xlgov.cli import NOTHING_RECOGNISED, main
from xlgov.kpi.codes import CODES
from xlgov.kpi.period import Month

RISK_SAMPLES = sorted((Path(__file__).parents[2] / "workbooks").glob("strategic-risk*.xlsx"))
LAST = Month(2018, 3)
FIRST = LAST.plus(-59)
MONTHS = [FIRST.plus(step) for step in range(60)]


def wave(number: int) -> int:
    """A small unevenness, the same each time."""
    return (number * 7) % 5


COUNTS = [400 + 10 * wave(number) for number in range(60)]
SOLVED = [40 + wave(number) for number in range(60)]
CASES = [200 + 3 * wave(number + 1) for number in range(60)]
MINUTES = [14.5 + wave(number) / 10 for number in range(60)]
STAFF = [250 - wave(number) for number in range(60)]

HEADINGS = (
    *("Indicator", "Mar-18", "Mar-17", "Mar-16", "Mar-15", "Current v 1yr avg"),
    *("Current v 3yr avg", "FYTD", "FYTD - 1 yr", "Rolling 12 months", "Baseline"),
    "Perf v Benchmark",
)


def figures(months: list[float], combine: Any) -> list[float | str | None]:
    """A row of the dashboard by hand: March, windows of 12; the comparisons are left blank."""
    year, before = combine(months[-12:]), combine(months[-24:-12])
    single = [combine(months[end : end + 1 or None]) for end in (-1, -13, -25, -37)]
    return [*single, None, None, year, before, year, before, None]


def latest(values: list[Any]) -> Any:
    return values[-1]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def ratio(pairs: list[tuple[int, int]]) -> float:
    return sum(solved for solved, _ in pairs) / sum(cases for _, cases in pairs)


def write_dashboard(path: Path, *, with_readings: bool = True, staff: list[int] = STAFF) -> Path:
    """A dashboard of four indicators with right figures and blank comparisons."""
    rows: list[tuple[str, list[Any], Any, str]] = [
        ("Thefts", COUNTS, sum, "#,##0"),
        ("Theft outcome rate", list(zip(SOLVED, CASES, strict=True)), ratio, "0.0%"),
        ("Minutes to respond", MINUTES, mean, "0.0"),
        ("Staff establishment", staff, latest, "0"),
    ]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Dashboard")
        sheet.write("A1", "Dashboard as at 31 March 2018")
        sheet.write_row("A3", HEADINGS)
        for number, (name, months, combine, code) in enumerate(rows, start=3):
            sheet.write(number, 0, name)
            shown = book.add_format({"num_format": code})
            for column, value in enumerate(figures(months, combine), start=1):
                if value is not None:
                    sheet.write(number, column, value, shown)
        if with_readings:
            write_readings(book, staff)
            settings = book.add_worksheet("xlgov")
            for number, row in enumerate(
                [
                    ("xlgov settings",),
                    (),
                    ("Indicators",),
                    ("Indicator", "Combine", "Unit", "Decimals"),
                    ("Minutes to respond", "mean", "minutes", 1),
                    ("Staff establishment", "latest", "count", 0),
                ]
            ):
                settings.write_row(number, 0, row)
    return path


def write_readings(book: Any, staff: list[int] = STAFF) -> None:
    sheet = book.add_worksheet("Readings")
    dated = book.add_format({"num_format": "mmm-yy"})
    sheet.write_row("A1", ("Indicator", "Measure"))
    for column, month in enumerate(MONTHS, start=2):
        sheet.write_datetime(0, column, date(month.year, month.month, 1), dated)
    rows: list[tuple[str, str, list[Any]]] = [
        ("Thefts", "Count", COUNTS),
        ("Theft outcome rate", "Numerator", SOLVED),
        ("Theft outcome rate", "Denominator", CASES),
        ("Minutes to respond", "Value", MINUTES),
        ("Staff establishment", "Value", staff),
    ]
    for number, (name, measure, values) in enumerate(rows, start=1):
        sheet.write_row(number, 0, (name, measure, *values))


def write_budget(path: Path) -> Path:
    """Months across and figures below, as readings have them, and no dashboard."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Budget")
        sheet.write("A1", "Revenue budget monitoring 2017/18")
        spans = [LAST.plus(step - 11) for step in range(12)]
        sheet.write_row("A3", ("Cost centre", *map(str, spans), "Total", "Budget"))
        for number, name in enumerate(("Pay", "Premises", "Transport", "Grants"), start=3):
            monthly = [1000 * number + 17 * step for step in range(12)]
            sheet.write_row(number, 0, (name, *monthly, sum(monthly), 60_000))
        write_readings(book)
    return path


def test_a_dashboard_that_is_right_has_no_error_and_no_warning(tmp_path: Path) -> None:
    path = write_dashboard(tmp_path / "right.xlsx")
    changes = xlgov.refresh(path, backup=False)
    assert {change.measure for change in changes.cells} == {"comparison"}
    assert len(changes.cells) == 4 * 3
    assert all(change.after in ("Higher", "Lower", "Comparable") for change in changes.cells)
    assert [f for f in xlgov.check(path) if f.severity != "note"] == []
    assert main(["check", str(path), "--fail-on", "warning"]) == 0


def test_a_wrong_figure_in_the_same_dashboard_is_found(tmp_path: Path) -> None:
    """So the quiet of the test before is worth something."""
    path = write_dashboard(tmp_path / "wrong.xlsx")
    xlgov.apply(xlgov.ChangeSet(cells=[xlgov.CellChange("Dashboard", "B4", None, 1)]), path)
    found = [(f.code, f.address) for f in xlgov.check(path) if f.severity == "error"]
    assert found == [("figure-stale", "B4")]


def test_a_level_that_goes_down_by_one_a_year_is_no_news(tmp_path: Path) -> None:
    staff = [250 - number // 12 for number in range(60)]
    found = xlgov.check(write_dashboard(tmp_path / "level.xlsx", staff=staff))
    assert [each.message for each in found if each.code == "reading-breaks-history"] == []


def test_a_second_refresh_changes_no_byte(tmp_path: Path) -> None:
    path = write_dashboard(tmp_path / "right.xlsx")
    assert not xlgov.refresh(path, backup=False).is_empty
    once = path.read_bytes()
    assert xlgov.refresh(path, backup=False).is_empty
    assert path.read_bytes() == once


def test_the_sample_refreshed_twice_is_the_sample_refreshed_once(tmp_path: Path) -> None:
    sample = RISK_SAMPLES[0].with_name("performance-dashboard.xlsx")
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    xlgov.refresh(sample, once, reasons=True, charts=True)
    xlgov.refresh(once, twice)
    assert once.read_bytes() == twice.read_bytes()


def test_a_budget_with_months_and_no_dashboard_is_not_recognised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_budget(tmp_path / "budget.xlsx")
    assert xlgov.check(path) == []
    assert xlgov.preview(path).is_empty
    assert main(["check", str(path)]) == NOTHING_RECOGNISED == 4
    assert "no register recognised; left alone" in capsys.readouterr().out


def test_a_dashboard_without_readings_gives_one_finding_and_no_change(tmp_path: Path) -> None:
    path = write_dashboard(tmp_path / "alone.xlsx", with_readings=False)
    changes = xlgov.preview(path)
    assert [finding.code for finding in changes.findings] == ["readings-missing"]
    assert changes.is_empty
    before = path.read_bytes()
    xlgov.refresh(path, backup=False)
    assert path.read_bytes() == before


@pytest.mark.parametrize("path", RISK_SAMPLES, ids=lambda path: path.name)
def test_a_risk_register_gets_no_finding_of_a_dashboard(path: Path) -> None:
    changes = xlgov.preview(path)
    assert {report.kind for report in changes.reports} == {"risk"}
    assert not {finding.code for finding in changes.findings} & set(CODES)


def test_there_are_risk_registers_to_look_at() -> None:
    assert len(RISK_SAMPLES) == 2
