"""Estates: areas as they are typed, the same asset twice, and dates that have passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import xlgov
from tests.tracker.test_decisions import PANEL_DAY, SAMPLE, look, said, write
from xlgov.tracker.estates import asset_key
from xlgov.tracker.floor_area import FOOT, read_area

HEADINGS = ("Asset", "Tenure", "Floor area (m2)", "Current use", "Timescale")


def estate(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> dict[str, Any]:
    return {"Estates": [headings, *rows]}


@pytest.mark.parametrize(
    ("text", "heading", "areas"),
    [
        ("1836", "Floor area", [1836]),
        ("375 m2", "Floor area", [375]),
        ("375m²", "", [375]),
        ("1,836 sq. metres", "", [1836]),
        ("approx 84 sqm", "", [84]),
        ("359 sq m (3,870 sq ft)", "", [359, 359.53]),
        ("3,870", "Floor area (sq ft)", [359.53]),
        ("3,870 square feet", "Floor area (m2)", [359.53]),
        ("ground floor 20 m2", "", []),
        ("tbc", "", []),
        ("", "", []),
    ],
)
def test_an_area_is_read_in_square_metres(text: str, heading: str, areas: list[float]) -> None:
    assert [round(area, 2) for area in read_area(text, heading)] == areas


def test_a_square_foot_is_a_foot_squared() -> None:
    assert pytest.approx(0.3048**2) == FOOT


def test_the_assets_of_the_sample_are_counted_by_section_and_tenure() -> None:
    (report,) = [each for each in xlgov.preview(SAMPLE).reports if each.kind == "estates"]
    assert report.headline == "6 freehold, 3 leasehold"
    assert report.remarks == (
        "ASSETS SURPLUS TO OPERATIONAL REQUIREMENTS: 4 assets, 2,427 m²",
        "ASSETS SUBJECT TO OPTIONS ANALYSIS/COLLABORATION: 5 assets, 8,951 m²",
        "All assets: 9, 11,378 m²",
    )


def test_expected_dates_of_the_sample_pass_with_time() -> None:
    later = xlgov.preview(SAMPLE, as_of=date(2018, 1, 15)).findings
    overdue = [each.address for each in later if each.code == "asset-overdue"]
    # Exchange expected December, advice expected November, strategy by end December.
    assert overdue == ["G6", "G14", "G16"]
    assert {each.severity for each in later if each.code == "asset-overdue"} == {"note"}


def test_a_date_cell_is_overdue_and_a_date_in_a_story_is_not(tmp_path: Path) -> None:
    rows = [
        ("Old station", "Freehold", 100, "Vacant", date(2017, 10, 1)),
        ("New station", "Freehold", 200, "Offices", date(2017, 12, 1)),
        ("Depot", "Leasehold", 300, "Workshop", "Planning application November 2016"),
        ("Shed", "Leasehold", 50, "Sold", date(2017, 10, 1)),
    ]
    changes = look(write(tmp_path / "a.xlsx", estate(*rows)))
    assert said(changes) == [("asset-overdue", "E2")]
    assert [rule.range for rule in changes.formats] == ["E2"]


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (("Unit C, Chord Business Park", "Freehold", "375 m2"), []),
        (("Unit C, Chord Business Park", "Freehold", "4,036 sq ft"), []),
        (("Unit C, Chord Business Park", "Freehold", 359), [("asset-areas-differ", "C3")]),
        (("Unit C, Chord Park", "Leasehold", 375), [("asset-tenures-differ", "B3")]),
        (("Unit D, Chord Park", "Leasehold", 359), []),
        (("Chord Park", "Freehold", 9000), []),
    ],
)
def test_one_asset_has_one_area_and_one_tenure(
    second: tuple[Any, ...], found: list[tuple[str, str]], tmp_path: Path
) -> None:
    rows = [("Chord Park Unit C", "Freehold", 375, "Vacant", None), (*second, "Vacant", None)]
    assert said(look(write(tmp_path / "a.xlsx", estate(*rows)))) == found


def test_an_area_in_two_units_that_disagree_and_one_that_cannot_be_read_are_seen(
    tmp_path: Path,
) -> None:
    rows = [
        ("Old station", "Freehold", "359 sq m (3,870 sq ft)", "Vacant", None),
        ("New station", "Freehold", "359 sq m (3,780 sq ft)", "Vacant", None),
        ("Depot", "Freehold", "two floors", "Vacant", None),
        ("Shed", "Freehold", "TBC", "Vacant", None),
    ]
    found = said(look(write(tmp_path / "a.xlsx", estate(*rows))))
    assert found == [("asset-units-differ", "C3"), ("asset-area-unread", "C4")]


def test_the_words_of_a_name_count_and_not_their_order() -> None:
    assert asset_key("St Ives Police Station") == asset_key("Police Station, St. Ives")
    assert asset_key("Copse Court, Thorpe Wood") != asset_key("Thorpe Wood")


def test_stock_lists_with_a_size_are_no_estate(tmp_path: Path) -> None:
    rows = [("Gloves", "Large", "10"), ("Boots", "Small", "9")]
    path = write(tmp_path / "a.xlsx", {"Stock": [("Item", "Description", "Size"), *rows]})
    assert list(look(path, as_of=PANEL_DAY).reports) == []
