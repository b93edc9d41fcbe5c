"""Two versions of a dashboard: another month, a revised reading, a figure on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

import xlgov
from xlgov.review.difference import Difference
from xlgov.review.telling import tell_findings, tell_lines

DASHBOARD = Path(__file__).parents[2] / "workbooks" / "performance-dashboard.xlsx"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Difference:
    """February's dashboard against March's."""
    february = tmp_path_factory.mktemp("moved") / "february.xlsx"
    xlgov.refresh(DASHBOARD, february, month="2018-02")
    return xlgov.diff(february, DASHBOARD)


def test_a_month_later_each_indicator_is_one_line(moved: Difference) -> None:
    lines = tell_lines(moved)
    assert lines[0] == "kpi: 42 changed"
    assert len(lines) == 43
    (crime,) = [line for line in lines if line.startswith("  All Recorded Crime  ")]
    assert "current month 5,692 -> 4,988 (down)" in crime
    assert "current v 1yr avg Higher -> Comparable" in crime
    assert "FYTD 61,204 -> 66,192 (up)" in crime
    assert crime.endswith("and 4 of earlier years")
    assert "same month" not in crime


def test_that_the_month_moved_is_said_once(moved: Difference) -> None:
    (line,) = tell_findings(moved)
    assert line.startswith("note: The dashboard moved from Feb-18 to Mar-18")


def test_figures_that_show_the_same_do_not_differ(moved: Difference) -> None:
    by_name = {each.record: {f.field for f in each.fields} for each in moved.changes}
    assert "baseline" not in by_name["Satisfaction with Service Delivery - Police"]
    assert "FYTD" in by_name["Satisfaction with Service Delivery - Police"]


def test_figures_are_numbers_with_a_direction(moved: Difference) -> None:
    (crime,) = [each for each in moved.changes if each.record == "All Recorded Crime"]
    fields = {each.field: each for each in crime.fields}
    current = fields["current month"]
    assert (current.heading, current.kind, current.direction) == ("Mar-18", "number", "down")
    assert (current.before, current.after) == (5692, 4988)
    assert fields["current v 1yr avg"].kind == "text"
    assert crime.sheet == current.sheet == "Dashboard"


def test_a_revised_reading_is_told_with_its_month(tmp_path: Path) -> None:
    readings = xlgov.read(DASHBOARD)["readings"]
    here = readings[(readings["indicator"] == "All Recorded Crime")]
    row = here[here["month"].astype(str).str.startswith("2017-11")].iloc[0]
    edit = xlgov.CellChange(row["sheet"], row["address"], row["value"], row["value"] + 7)
    xlgov.apply(xlgov.ChangeSet(cells=[edit]), DASHBOARD, tmp_path / "revised.xlsx")
    found = xlgov.diff(DASHBOARD, tmp_path / "revised.xlsx")
    ((name, fields),) = [(each.record, each.fields) for each in found.changes]
    assert name == "All Recorded Crime"
    assert [(f.field, f.sheet, f.address, f.direction) for f in fields] == [
        ("reading Nov-17", row["sheet"], row["address"], "up")
    ]
    assert len(found.unchanged["kpi"]) == 41


def test_a_version_differs_in_nothing_from_itself() -> None:
    found = xlgov.diff(DASHBOARD, DASHBOARD)
    assert found.is_empty and found.findings == ()
