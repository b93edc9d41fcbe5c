"""The sample moved to another reporting month, and back: headings and figures follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas
import pytest

import xlgov
from tests.kpi.recomputed import LETTERS, SUMMARY, read_cells, rows_of
from tests.workbooks.dashboard_cells import (
    FIGURES,
    NAMES,
    SHEETS,
    WORKBOOK,
    published,
    readings,
    settings,
)
from xlgov.changes import ChangeSet

LATE = {  # months behind the reporting month, as published
    "KSI Road Casualties": 9,
    "How safe do our communities feel?": 3,
    "Perception of high ASB": 3,
}
PAGES = (SUMMARY, *SHEETS)
DOMESTIC_ABUSE = "Satisfaction with Service Delivery - Domestic Abuse"


class Moved(NamedTuple):
    path: Path
    cells: dict[str, dict[str, Any]]
    changes: ChangeSet


def move(source: Path, out: Path, month: str | None) -> Moved:
    changes = xlgov.refresh(source, out, month=month)
    return Moved(out, read_cells(out), changes)


@pytest.fixture(scope="module")
def february(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    return move(WORKBOOK, tmp_path_factory.mktemp("february") / "moved.xlsx", "2018-02")


def monthly() -> pandas.DataFrame:
    """The readings sheets as one table: a row per month, value and denominator per indicator."""
    rows = [
        (name, pandas.Period(year=when // 12, month=when % 12 + 1, freq="M"), *reading[:2])
        for name, months in readings().items()
        for when, reading in months.items()
    ]
    table = pandas.DataFrame(rows, columns=["name", "month", "value", "of"])
    table["value"], table["of"] = table["value"].astype(float), table["of"].astype(float)
    wide = table.pivot(index="month", columns="name", values=["value", "of"])
    return wide.reindex(pandas.period_range("2012-01", "2018-03", freq="M"))


def combined(table: pandas.DataFrame, name: str, first: str, last: str) -> float | None:
    """One indicator's figure over a window, None without all its months."""
    window = table.loc[first:last]
    how = settings()[name]["Combine"]
    values = window["value", name]
    if how == "latest":
        values = values.tail(1)
    if values.isna().any():
        return None
    if how == "ratio":
        return float(values.sum() / window["of", name].sum())
    return float(values.mean() if how in ("mean", "latest") else values.sum())


def expected_figures(table: pandas.DataFrame, name: str, month: str) -> dict[str, float | None]:
    """What the columns of an indicator should hold in a month; fixed baselines as stated."""
    end = pandas.Period(month, freq="M")
    april = pandas.Period(year=end.year - (end.month < 4), month=4, freq="M")
    windows = {
        "current": (end, end),
        **{f"minus{years}yr": (end - 12 * years, end - 12 * years) for years in (1, 2, 3)},
        "fytd": (april, end),
        "fytd_minus1": (april - 12, end - 12),
        "rolling12": (end - 11, end),
        "baseline": (april - 12, april - 1),
    }
    figures = {c: combined(table, name, str(a), str(b)) for c, (a, b) in windows.items()}
    fixed = settings()[name]["Fixed baseline"]
    if fixed is not None:
        figures["baseline"] = fixed / (100 if settings()[name]["Unit"] == "percent" else 1)
    return figures


def differences(cells: dict[str, dict[str, Any]], month: str) -> tuple[int, list[tuple[Any, ...]]]:
    """Cells compared on all pages, and those that are not what pandas gives."""
    table, wrong, compared = monthly(), [], 0
    expected = {
        row["indicator"]: expected_figures(
            table,
            row["indicator"],
            str(pandas.Period(month, freq="M") - LATE.get(row["indicator"], 0)),
        )
        for row in published()
    }
    for sheet in PAGES:
        for row in rows_of(cells[sheet]):
            for column in FIGURES if row[0] in expected and row[1] is not None else ():
                got = row[ord(LETTERS[column]) - ord("A")]
                if got == "-":
                    continue
                compared += 1
                want = expected[row[0]][column]
                same = got == "n/a" if want is None else got == pytest.approx(want, rel=1e-12)
                if not same:
                    wrong.append((sheet, row[0], column, got, want))
    return compared, wrong


def headings(cells: dict[str, Any]) -> list[list[str]]:
    """The texts of a page's headings of months, row by row."""
    found = []
    for row in rows_of(cells):
        months = [text for text in row if isinstance(text, str) and text[:3] in NAMES]
        if row[0] == "Indicator":
            found.append([text for text in months if text[3:4] == "-"])
    return found


def test_every_heading_of_a_month_follows(february: Moved) -> None:
    months = [f"Feb-{year}" for year in (18, 17, 16, 15)]
    casualties = [f"May-{year}" for year in (17, 16, 15, 14)]
    assert headings(february.cells[SUMMARY]) == [months] * 3 + [casualties] + [months]
    surveys = [f"Nov-{year}" for year in (16, 15, 14)]
    on_detail = [each for sheet in SHEETS for each in headings(february.cells[sheet])]
    assert [on_detail.count(each) for each in (months[1:], surveys, casualties)] == [30, 2, 1]
    assert len(on_detail) == 33


def test_every_figure_of_february_is_what_pandas_makes_of_the_readings(february: Moved) -> None:
    compared, wrong = differences(february.cells, "2018-02")
    assert not wrong
    assert compared == 42 * len(FIGURES) - 6 + 33 * len(FIGURES) - 2  # without -


def test_the_same_recomputation_agrees_for_march(tmp_path: Path) -> None:
    """Also the surveys and road casualties, which keep their months."""
    _, wrong = differences(move(WORKBOOK, tmp_path / "march.xlsx", None).cells, "2018-03")
    assert not wrong


def test_a_figure_of_february_by_hand(february: Moved) -> None:
    row = next(r for r in rows_of(february.cells[SUMMARY]) if r[0] == "All Recorded Crime")
    crimes = {when: int(each.value) for when, each in readings()["All Recorded Crime"].items()}
    march_2018 = 2018 * 12 + 2
    assert row[1] == crimes[march_2018 - 1]
    assert row[7] == 66192 - 4988  # of April to March 2018, without March
    assert row[9] == 66192 - 4988 + 5737  # with March 2017 in its place
    assert row[10] == 58060


def test_the_findings_say_that_the_title_and_the_readings_are_of_another_month(
    february: Moved,
) -> None:
    said = {each.code: each for each in february.changes.findings}
    title = said["title-lags"]
    assert (title.severity, title.sheet, title.address) == ("warning", SUMMARY, "A2")
    assert "March 2018" in title.message and "February 2018" in title.message
    assert "readings-newer" in said
    assert "year-end-disagrees" not in said
    (report,) = february.changes.reports
    assert report.headline.startswith("Reporting month February 2018 (from --month)")


def test_going_back_to_march_gives_what_a_direct_refresh_gives(
    february: Moved, tmp_path: Path
) -> None:
    back = move(february.path, tmp_path / "back.xlsx", "2018-03")
    direct = move(WORKBOOK, tmp_path / "direct.xlsx", None)
    assert back.cells == direct.cells
    assert back.cells != february.cells
    assert "title-lags" not in {each.code for each in back.changes.findings}


def test_a_month_without_any_reading_leaves_the_dashboard_alone() -> None:
    changes = xlgov.preview(WORKBOOK, month="2018-04")
    assert changes.is_empty
    (finding,) = changes.findings
    assert (finding.severity, finding.code) == ("error", "readings-elsewhen")
    assert "April 2018 (from --month); most go to March 2018" in finding.message


def test_a_later_month_than_the_readings_leaves_no_old_figure(tmp_path: Path) -> None:
    begun = tmp_path / "begun.xlsx"  # the first of April's readings has come
    new = ("Sickness - Police Staff", "2018-04", 0.8)
    row = last_row("Transformation data") + 1
    cells = [
        xlgov.CellChange("Transformation data", f"{letter}{row}", None, value)
        for letter, value in zip("ABC", new, strict=True)
    ]
    xlgov.apply(xlgov.ChangeSet(cells=cells), WORKBOOK, begun)
    later = move(begun, tmp_path / "later.xlsx", "2018-04")
    rows = {r[0]: r for r in rows_of(later.cells[SUMMARY]) if r[1] is not None}
    assert rows["Sickness - Police Staff"][1] == 0.8
    crime = rows["All Recorded Crime"]
    assert (crime[1], crime[2]) == ("n/a", int(readings()["All Recorded Crime"][2017 * 12 + 3][0]))
    assert crime[7] == crime[9] == "n/a"
    assert crime[10] == 66192
    codes = {each.code for each in later.changes.findings if each.record == "All Recorded Crime"}
    assert {"figure-lost", "reading-late"} <= codes


def last_row(sheet: str) -> int:
    book = openpyxl.load_workbook(WORKBOOK, read_only=True)
    return max(row for row, *_ in enumerate(book[sheet].iter_rows(), start=1))
