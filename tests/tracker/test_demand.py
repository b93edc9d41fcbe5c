"""Force demand risks: two years, one cell or two, labels, tolerance, and the summary beside."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import xlgov
from tests.tracker.test_decisions import WORKBOOKS, look, said, write
from xlgov.settings.values import Band
from xlgov.tracker.demand_scale import BANDS, read_score

SAMPLE = WORKBOOKS / "force-demand-risk.xlsx"
BOARD_DAY = date(2019, 6, 11)
HEADINGS = ("Function", "Risk 2018/19", "Risk 2019/20", "Owner", "Mitigation")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with one name for an area, and a score for the area without one."""
    sys.path.insert(0, str(WORKBOOKS))
    try:
        from demand_risk import make_demand_risk
    finally:
        sys.path.remove(str(WORKBOOKS))
    path = tmp_path_factory.mktemp("demand") / "demand.xlsx"
    make_demand_risk(path, corrected=True)
    return path


def demand(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> dict[str, Any]:
    return {"Demand risk": [("Force demand risk",), headings, *rows]}


def check(folder: Path, *rows: Sequence[Any], **settings: Any) -> list[tuple[str, str]]:
    path = write(folder / "demand.xlsx", demand(*rows))
    changes = look(path, as_of=BOARD_DAY, **settings)
    assert [report.kind for report in changes.reports] == ["demand"]
    return said(changes)


def test_the_sample_gives_its_known_contradictions_and_no_others() -> None:
    found = xlgov.preview(SAMPLE).findings
    assert [(each.code, each.severity, each.sheet, each.address) for each in found] == [
        ("demand-not-in-summary", "warning", "Scores", "A11"),
        ("demand-score-missing", "note", "Mitigation", "B20"),
    ]
    assert "Domestic Abuse/Stalking and Harassment may be the same area" in found[0].message


def test_the_sample_is_quiet_once_it_is_corrected(corrected: Path) -> None:
    changes = xlgov.preview(corrected)
    assert (changes.as_of, list(changes.findings)) == (BOARD_DAY, [])


def test_movement_and_the_areas_above_tolerance_are_those_of_the_paper() -> None:
    (report,) = xlgov.preview(SAMPLE).reports
    assert (report.kind, report.headline, report.tolerance) == ("demand", "7 down", "13 or more")
    assert sorted(item.rating for item in report.board) == sorted(
        [25, 21, 20, 18, 17, 17, 17, 17, 17, 16, 13, 13, 13]
    )
    assert "Authorities and Standards (Authorities) 20 to 7" in report.remarks[0]


def test_a_line_is_read_with_both_years() -> None:
    first = xlgov.read(SAMPLE)["demand"].iloc[0]
    read = [
        first[f"{what}_{year}"] for year in ("2018_19", "2019_20") for what in ("label", "score")
    ]
    assert read == ["Severe", 20, "Moderate", 7]
    listed = xlgov.read(SAMPLE)["demand"].iloc[7]
    assert (listed["function"], listed["score_2019_20"]) == ("Continuous Improvement", 25)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Severe (20)", ("Severe", 20)),
        ("Severe - 20", ("Severe", 20)),
        ("20 Severe", ("Severe", 20)),
        ("SUBSTANTIAL 17", ("SUBSTANTIAL", 17)),
        ("Moderate demand risk", ("Moderate", None)),
        ("17", ("", 17)),
        ("reviewed by the Board in 2019", ("", None)),
        ("", ("", None)),
    ],
)
def test_a_cell_may_hold_label_and_score(text: str, read: tuple[str, int | None]) -> None:
    assert read_score(text) == read


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Moderate (12)", None),
        ("Substantial (13)", None),
        ("Substantial (19)", None),
        ("Severe (22)", None),
        ("Critical (25)", None),
        ("moderate 7", None),
        ("Moderate (13)", "demand-label-differs"),
        ("Critical (20)", "demand-label-differs"),
        ("Severe (19)", "demand-label-assumed"),
        ("Critical (22)", "demand-label-assumed"),
        ("Moderate (5)", "demand-label-assumed"),
        ("Severe (26)", "demand-score-beyond"),
        ("Sever (20)", "demand-label-unknown"),
    ],
)
def test_a_label_fits_its_score_and_is_doubted_less_where_no_score_was_printed(
    cell: str, code: str | None, tmp_path: Path
) -> None:
    others = [(f"Area {n}", "Moderate (8)", "Moderate (9)", "ACC", "Review") for n in range(5)]
    found = check(tmp_path, *others, ("Response", "Moderate (8)", cell, "ACC", "Review"))
    assert found == ([(code, "C8")] if code else [])


@pytest.mark.parametrize(
    ("settings", "above"),
    [
        ({}, ["Custody", "Response"]),
        ({"tolerance": 13}, ["Custody", "Response"]),
        ({"tolerance_inclusive": False}, ["Response"]),
        ({"tolerance": 14}, ["Response"]),
        ({"tolerance": 14, "tolerance_inclusive": False}, []),
    ],
)
def test_13_is_above_tolerance_unless_settings_say_otherwise(
    settings: dict[str, Any], above: list[str], tmp_path: Path
) -> None:
    rows = [
        ("Custody", "Moderate (12)", "Substantial (13)", "ACC", "Review"),
        ("Response", "Moderate (12)", "Substantial (14)", "ACC", "Review"),
        ("Roads", "Substantial (15)", "Moderate (12)", "ACC", "Review"),
    ]
    path = write(tmp_path / "a.xlsx", demand(*rows))
    (report,) = look(path, as_of=BOARD_DAY, **settings).reports
    assert [item.record for item in report.board] == above
    assert report.headline == "2 up, 1 down"


def test_an_area_above_tolerance_has_an_owner_and_mitigation(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        ("Custody", "Moderate (12)", "Substantial (13)", None, "Review"),
        ("Response", "Moderate (12)", "Substantial (14)", "ACC", "tbc"),
        ("Roads", "Substantial (15)", "Moderate (12)", None, None),
    )
    assert found == [("demand-no-owner", "D3"), ("demand-no-mitigation", "E4")]


def test_owner_and_mitigation_are_found_in_a_summary_by_code_or_name(tmp_path: Path) -> None:
    sheets = {
        "Scores": [
            ("Code", "Function", "Risk 2019/20"),
            ("F1.7", "Improvement", "Critical (25)"),
            (None, "Geographic (Response)", "Substantial (14)"),
            ("T6", "Procurement", "Substantial (17)"),
        ],
        "Summary": [
            ("Code", "Function", "Mitigation", "Owner"),
            ("F1.7", "Continuous Improvement", "Review", "DCC"),
            ("C1", "Geographic: response", "Officers added", "ACC"),
            ("T6", "Procurement", "Regional service", None),
        ],
    }
    changes = look(write(tmp_path / "a.xlsx", sheets), as_of=BOARD_DAY)
    assert [(each.code, each.sheet, each.address) for each in changes.findings] == [
        ("demand-no-owner", "Summary", "D4")
    ]


def test_the_same_area_has_one_score_in_a_year(tmp_path: Path) -> None:
    sheets = {
        "Scores": demand(("Custody", "Moderate (12)", "Substantial (13)", "ACC", "Review"))[
            "Demand risk"
        ],
        "List": [("Function", "Risk 2019/20"), ("Custody", "Substantial (14)")],
    }
    changes = look(write(tmp_path / "a.xlsx", sheets), as_of=BOARD_DAY)
    assert said(changes) == [("demand-scores-differ", "B2")]


def test_the_labels_of_another_office_are_left_alone_with_one_remark(tmp_path: Path) -> None:
    rows = [("Custody", "High (13)", "Medium (9)", None, None), ("Roads", "Low (2)", "High (14)")]
    path = write(tmp_path / "a.xlsx", demand(*rows))
    changes = look(path, as_of=BOARD_DAY)
    (report,) = changes.reports
    assert (list(changes.findings), list(changes.formats), report.board) == ([], [], ())
    assert report.remarks == (
        "Labels are not of the scale known here (High, Medium, Low): left alone",
    )


def test_bands_in_settings_make_those_labels_known_and_certain(tmp_path: Path) -> None:
    rows = [("Custody", "High (13)", "Medium (13)", "ACC", "x"), ("Roads", "Low (2)", "Low (3)")]
    bands = (
        Band("Low", 1, 6, "green"),
        Band("Medium", 7, 12, "yellow"),
        Band("High", 13, 25, "red"),
    )
    assert check(tmp_path, *rows, bands=bands) == [("demand-label-differs", "C3")]
    register = tuple(replace(band, name=f"{band.name} risk") for band in BANDS)
    printed = [("Custody", "Substantial (13)", "Moderate (9)")]
    assert check(tmp_path, *printed, bands=register) == []  # another register's bands


def test_scores_are_coloured_by_their_bands() -> None:
    rules = {(rule.sheet, rule.kind): rule for rule in xlgov.preview(SAMPLE).formats}
    assert rules["Scores", "demand-red"].range == "B6 C6"
    assert rules["Above tolerance 2019-20", "demand-dark-red"].range == "B5"
    assert set(rules["Scores", "demand-yellow"].range.split()) >= {"D6", "E6"}


def test_a_refreshed_workbook_needs_no_other_refresh(tmp_path: Path) -> None:
    xlgov.refresh(SAMPLE, tmp_path / "once.xlsx")
    assert xlgov.preview(tmp_path / "once.xlsx").is_empty


def test_a_risk_register_is_no_table_of_demand_nor_the_other_way_round(tmp_path: Path) -> None:
    headings = ("Ref", "Risk description", "Function", "Likelihood", "Impact", "Risk score")
    scores = ((1, 4, 7), (2, 5, 17), (3, 3, 13), (4, 4, 21), (5, 2, 14))
    rows = [(f"R{n}", f"The thing {n} goes wrong", "Custody", *s) for n, s in enumerate(scores)]
    register = write(tmp_path / "risk.xlsx", {"Demand risk": [headings, *rows]})
    assert [report.kind for report in look(register).reports] == ["risk"]
    assert [report.kind for report in xlgov.preview(SAMPLE).reports] == ["demand"]


def test_a_table_of_functions_with_a_risk_each_is_none_of_demand(tmp_path: Path) -> None:
    rows = [("Payroll", "High", 4), ("Estates", "Low", 1), ("Fleet", "Medium", 2)]
    path = write(tmp_path / "a.xlsx", {"Audit": [("Function", "Risk", "Score"), *rows]})
    assert list(look(path).reports) == []


def test_the_year_may_stand_over_both_columns_without_a_merge(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("FMS")
        sheet.write_row(2, 1, ("2019/20", "2019/20", "2018/19", "2018/19"))
        sheet.write_row(3, 0, ("Function", "Risk", "Score", "Risk", "Score"))
        sheet.write_row(4, 0, ("Custody", "Moderate", 9, "Severe", 20))
        sheet.write_row(5, 0, ("Roads", "Moderate", 9, "Moderate", 9))
        sheet.write_row(6, 0, ("Response", "Moderate", 12, "Moderate", 9))
    (report,) = look(path, as_of=BOARD_DAY).reports
    assert report.headline == "1 up, 1 down, 1 the same"
