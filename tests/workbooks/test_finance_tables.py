"""The sample of small tables: as printed, recomputed from what its settings sheet states."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgov
from xlgov import CellChange, ChangeSet

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbooks" / "finance-and-workforce.xlsx"
TABLES = (
    *("Workforce", "Council tax", "Budget", "Grants 2019-20", "Fire consultation"),
    *("Recruitment", "Public contact", "Casualty summary"),
)
SLIPS = {"Public contact": {"C5", "C6"}, "Recruitment": {"B7"}}


def facts(name: str) -> list[dict[str, str]]:
    with (ROOT / "tests" / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(path: Path, sheet: str) -> dict[str, Any]:
    """The filled cells of a sheet by address."""
    return {
        cell.coordinate: cell.value
        for row in openpyxl.load_workbook(path)[sheet].iter_rows()
        for cell in row
        if cell.value is not None
    }


def shown(path: Path, sheet: str, label: str) -> list[Any]:
    """The figures of the row with a label, which stands in one of the first two columns."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    held = sorted((row for row in rows if label in row[:2]), key=lambda row: row[1] == label)
    return [value for value in held[-1] if isinstance(value, int | float)]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("finance") / "finance.xlsx"
    xlgov.refresh(SAMPLE, path)
    return path


def test_the_figures_are_those_of_the_papers() -> None:
    for fact in facts("workforce")[:12]:
        column = {"2018/19": 0, "2019/20": 1}[fact["period"]]
        figure = int(fact["value"].replace(",", ""))
        assert shown(SAMPLE, "Workforce", fact["item"])[column] == figure
    for fact in facts("grants_2019_20"):
        assert shown(SAMPLE, "Grants 2019-20", fact["scheme"]) == [int(fact["amount_gbp"])]
    assert shown(SAMPLE, "Grants 2019-20", "All grants") == [516_000]
    for fact in facts("ksi_summary_12m"):
        printed = [int(fact["months12_to_oct_2017"]), int(fact["calendar_2016"])]
        assert shown(SAMPLE, "Casualty summary", fact["measure"])[:2] == printed
    consultation = values(SAMPLE, "Fire consultation").values()
    for fact in facts("consultation_2017"):
        assert not fact["count"] or int(fact["count"].replace(",", "")) in consultation
        percent = float(fact["percent"].rstrip("%") or 100) / 100
        assert any(percent == pytest.approx(v) for v in consultation if isinstance(v, float | int))


def test_it_is_recognised_by_its_settings_alone() -> None:
    changes = xlgov.preview(SAMPLE)
    (report,) = changes.reports
    assert (report.title, report.sheets) == ("Derived tables", TABLES)
    assert report.records == len(TABLES)
    assert report.recognised[0] == "Workforce has derived figures (Total Officers, Total, Change)"
    assert report.recognised[-1] == "Internal audit has totals that are checked only (Total)"
    assert changes.as_of_source == "from Workforce!A2"


def test_only_the_slips_change_what_a_cell_shows(refreshed: Path) -> None:
    wrong: dict[str, set[str]] = {}
    for change in xlgov.preview(SAMPLE).cells:
        if change.measure == "derived figure":
            wrong.setdefault(change.sheet, set()).add(change.address)
    assert wrong == SLIPS
    assert values(refreshed, "Public contact")["C6"] == 27_261
    assert values(refreshed, "Recruitment")["B7"] == pytest.approx(5 / 284)
    assert xlgov.preview(refreshed).is_empty


def test_every_derived_figure_comes_back_when_it_was_lost(tmp_path: Path, refreshed: Path) -> None:
    """No figure of the sample is right only because it was typed."""
    lost = {
        "Workforce": ("C7", "D7", "C10", "D10", "E5", "E6", "E7", "E8", "E9", "E10"),
        "Council tax": ("B7",),
        "Budget": ("B10", "B16"),
        "Grants 2019-20": ("C11",),
        "Fire consultation": (
            *("B17", "B21"),
            *(f"C{row}" for row in range(25, 34) if row != 30),
            *(f"B{row}" for row in (31, 32, 33)),
            *(f"C{row}" for row in range(37, 42)),
        ),
        "Recruitment": ("B7",),
        "Public contact": ("C5", "C6"),
        "Casualty summary": ("D5", "D6", "D7", "E5", "E6", "E7"),
    }
    assert set(lost) == set(TABLES)
    spoiled, again = tmp_path / "spoiled.xlsx", tmp_path / "again.xlsx"
    changes = [
        CellChange(sheet, address, values(SAMPLE, sheet)[address], "n/a")
        for sheet, addresses in lost.items()
        for address in addresses
    ]
    xlgov.apply(ChangeSet(cells=changes), SAMPLE, spoiled)
    xlgov.refresh(spoiled, again)
    for sheet in TABLES:
        assert values(again, sheet) == values(refreshed, sheet)


def test_a_wrong_part_moves_everything_that_is_made_from_it(tmp_path: Path) -> None:
    changed, out = tmp_path / "changed.xlsx", tmp_path / "out.xlsx"
    xlgov.apply(ChangeSet(cells=[CellChange("Workforce", "D5", 1250, 1260)]), SAMPLE, changed)
    xlgov.refresh(changed, out)
    after = values(out, "Workforce")
    assert (after["D7"], after["E5"], after["E7"]) == (1506, 85, 81)
