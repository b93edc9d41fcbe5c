"""The sample workbooks are what ``workbooks/make.py`` makes, and carry the facts as printed."""

from __future__ import annotations

import csv
import importlib
import sys
import tomllib
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
FORMS = WORKBOOKS / "strategic-risk-register.xlsx"
TABLE = WORKBOOKS / "strategic-risk-register-table.xlsx"
DASHBOARD = WORKBOOKS / "performance-dashboard.xlsx"
ASSESSMENTS = ("inherent", "current", "future")
MEASURES = {"likelihood": "L", "impact": "I", "rating": "R"}

# First column of an assessment's three scores, and the row of a form that holds them.
FORM_SCORES = {"inherent": (12, 10), "current": (12, 14), "future": (20, 14)}
TABLE_SCORES = {"inherent": 9, "current": 20, "future": 24}
BLOCK, FIRST_FORM, FIRST_ROW = 16, 5, 9


@pytest.fixture(scope="module")
def make() -> Iterator[Any]:
    """The module that makes the samples; it runs as a script, beside its own modules."""
    sys.path.insert(0, str(WORKBOOKS))
    try:
        yield importlib.import_module("make")
    finally:
        sys.path.remove(str(WORKBOOKS))


@pytest.fixture(scope="module")
def facts() -> list[dict[str, str]]:
    with (WORKBOOKS / "facts" / "risk_register.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def open_book(path: Path, data_only: bool = False) -> Any:
    """The workbook as openpyxl sees it, which is without its sparklines, as it warns."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension", UserWarning)
        return openpyxl.load_workbook(path, data_only=data_only)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def number(text: str) -> int | None:
    return int(text) if text else None


def shown_scores(path: Path, place: int) -> dict[tuple[str, str], Any]:
    """(assessment, measure) to what the cells of one risk show."""
    book = open_book(path)
    found = {}
    for assessment in ASSESSMENTS:
        if path == FORMS:
            column, offset = FORM_SCORES[assessment]
            row, sheet = FIRST_FORM + place * BLOCK + offset - 1, book["Register"]
        else:
            column, row, sheet = TABLE_SCORES[assessment], FIRST_ROW + place, book["Risk register"]
        for step, measure in enumerate(MEASURES):
            found[assessment, measure] = sheet.cell(row, column + step).value
    return found


def lines(items: str) -> list[str]:
    return [item for item in items.split(" | ") if item]


def test_the_samples_are_what_make_makes_and_it_makes_the_same_bytes_twice(
    make: Any, tmp_path: Path
) -> None:
    first = make.make_workbooks(tmp_path / "first")
    second = make.make_workbooks(tmp_path / "second")
    assert {path.name for path in first} == {path.name for path in WORKBOOKS.glob("*.xlsx")}
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()
        assert parts(one) == parts(WORKBOOKS / one.name), "run python workbooks/make.py"


@pytest.mark.parametrize("path", [FORMS, TABLE], ids=lambda path: path.stem)
def test_scores_are_as_printed_but_for_the_stale_ones(
    path: Path, make: Any, facts: list[dict[str, str]]
) -> None:
    book = open_book(path)
    different = set()
    for place, row in enumerate(facts):
        sheet = book["Register" if path == FORMS else "Risk register"]
        shown_reference = (
            sheet.cell(FIRST_FORM + place * BLOCK, 4)
            if path == FORMS
            else sheet.cell(FIRST_ROW + place, 1)
        ).value
        assert shown_reference == row["reference"]
        for (assessment, measure), shown in shown_scores(path, place).items():
            right = number(row[f"{assessment}_{MEASURES[measure]}"])
            if shown != right:
                different.add((row["reference"], assessment, measure, shown, right))
    assert different == {
        (stale.reference, stale.assessment, stale.measure, stale.shown, stale.right)
        for stale in make.STALE[path.name]
    }
    assert len(different) >= 4


def test_the_current_rating_of_sr1_2_stands_in_n34_and_is_stale() -> None:
    sheet = open_book(FORMS)["Register"]
    assert sheet["D21"].value == "SR1.2"
    assert (sheet["L34"].value, sheet["M34"].value, sheet["N34"].value) == (2, 3, 8)


def test_no_stale_score_moves_a_risk_over_the_tolerance(facts: list[dict[str, str]]) -> None:
    with (WORKBOOKS / "facts" / "risk_matrix.csv").open(encoding="utf-8", newline="") as file:
        matrix = {
            (int(row["likelihood"]), int(row["impact"])): int(row["rating"])
            for row in csv.DictReader(file)
        }
    for path in (FORMS, TABLE):
        above = {}
        for place, row in enumerate(facts):
            scores = shown_scores(path, place)
            scored = scores["current", "likelihood"], scores["current", "impact"]
            if matrix[scored] > 13:
                above[row["reference"]] = matrix[scored]
        assert above == {"SR3.3": 18, "SR3.5": 14, "SR4.4": 14}


def test_forms_carry_every_text_and_status_date(facts: list[dict[str, str]]) -> None:
    sheet = open_book(FORMS)["Register"]
    for place, row in enumerate(facts):
        top = FIRST_FORM + place * BLOCK
        assert sheet.cell(top + 1, 4).value == row["objective"]
        status = str(sheet.cell(top + 2, 4).value).removeprefix(f"{row['status_text']} ")
        updated = datetime.strptime(status, "%d %B %Y").date()
        assert updated == date.fromisoformat(row["status_date"])
        assert sheet.cell(top + 5, 2).value == row["description"]
        for offset, column, name in (
            (9, 2, "causes"),
            (9, 7, "effects"),
            (9, 15, "exec_lead"),
            (9, 18, "senior_lead"),
            (13, 2, "controls"),
            (13, 7, "assurance"),
            (13, 15, "future_actions"),
        ):
            shown = str(sheet.cell(top + offset, column).value or "").split("\n")
            assert [line.removeprefix("• ") for line in shown if line] == lines(row[name])


def test_each_form_prints_on_its_own_page() -> None:
    sheet = open_book(FORMS)["Register"]
    assert [page.id for page in sheet.row_breaks.brk] == [
        FIRST_FORM + place * BLOCK - 1 for place in range(1, 16)
    ]
    assert sheet.print_title_rows == "$1:$4"


def test_the_table_has_an_impact_for_each_category_and_the_highest_is_the_printed_one(
    facts: list[dict[str, str]],
) -> None:
    sheet = open_book(TABLE)["Risk register"]
    for place, row in enumerate(facts):
        impacts = [sheet.cell(FIRST_ROW + place, column).value for column in range(12, 19)]
        assert max(impacts) == int(row["current_I"])
        assert sheet.cell(FIRST_ROW + place, 8).value.date().isoformat() == row["status_date"]


def test_formulas_are_stored_with_the_results_of_what_is_shown() -> None:
    shown = open_book(FORMS, data_only=True)
    formulas = open_book(FORMS)
    for place in range(16):
        cell = f"N{FIRST_FORM + place * BLOCK + 13}"
        assert formulas["Summary"].cell(5 + place, 4).value == f"=Register!{cell}"
        assert shown["Summary"].cell(5 + place, 4).value == shown["Register"][cell].value
    counts = [open_book(TABLE, data_only=True)["Chart"].cell(r, 5).value for r in range(29, 34)]
    ratings = [shown_scores(TABLE, place)["current", "rating"] for place in range(16)]
    assert counts == [
        sum(low <= rating <= high for rating in ratings)
        for low, high in ((23, 25), (20, 22), (14, 19), (7, 13), (1, 6))
    ]


@pytest.mark.parametrize(
    ("path", "top", "order"), [(FORMS, 5, (5, 4, 3, 2, 1)), (TABLE, 8, (1, 2, 3, 4, 5))]
)
def test_the_key_holds_the_published_matrix_in_five_colours(
    path: Path, top: int, order: tuple[int, ...]
) -> None:
    sheet = open_book(path)["Key"]
    with (WORKBOOKS / "facts" / "risk_matrix.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cell = sheet.cell(top + order.index(int(row["likelihood"])), 4 + int(row["impact"]))
            rating = int(row["rating"])
            fills = {6: "92D050", 13: "FFFF00", 19: "FFC000", 22: "FF0000", 25: "C00000"}
            assert cell.value == rating
            expected = next(fill for highest, fill in fills.items() if rating <= highest)
            assert cell.fill.fgColor.rgb == f"FF{expected}"
    assert sheet.protection.sheet
    assert sheet.protection.password is None


def test_the_table_holds_the_things_that_offices_add() -> None:
    names = set(parts(TABLE))
    for part in (
        "xl/charts/chart1.xml",
        "xl/media/image1.png",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    ):
        assert part in names
    sheet = parts(TABLE)["xl/worksheets/sheet1.xml"]
    for markup in (b"sparklineGroup", b"<pane ", b"<dataValidation ", b"<autoFilter "):
        assert markup in sheet
    assert b'ObjectType="Button"' in parts(TABLE)["xl/drawings/vmlDrawing1.vml"]
    book = open_book(TABLE)
    assert book["Lists"].sheet_state == "hidden"
    assert book["Risk register"].print_title_rows == "$7:$8"
    assert book.defined_names["Current_ratings"].attr_text == "'Risk register'!$V$9:$V$24"


@pytest.mark.parametrize("path", [FORMS, TABLE], ids=lambda path: path.stem)
def test_the_samples_are_small_and_have_no_rating_colours_of_their_own(path: Path) -> None:
    assert path.stat().st_size < 100_000
    contents = parts(path)
    assert not any(b"<conditionalFormatting" in content for content in contents.values())
    assert b"fullCalcOnLoad" not in contents["xl/workbook.xml"]


def test_the_toml_beside_the_samples_speaks_of_single_files_only() -> None:
    settings = tomllib.loads((WORKBOOKS / "xlgov.toml").read_text(encoding="utf-8"))
    day = {"as_of": date(2017, 2, 6)}
    later = {"trackers": {"previous": "delivery-plan-2017-11.xlsx"}}
    assert settings == {
        "files": {FORMS.name: day, TABLE.name: day, "delivery-plan-2018-05.xlsx": later}
    }
