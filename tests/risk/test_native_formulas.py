"""Formulas of ours in rating, impact and level cells: where they go, and what becomes of them."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

import xlgov
from tests.plain_registers import HEADINGS, parts, rank, rows_of, write_register
from tests.risk.native import (
    FORMULAS,
    VALUES,
    cells,
    codes,
    formulas,
    preview,
    refresh,
    write_levels,
)
from xlgov.changes import CellChange, Formula
from xlgov.risk.formulas import (
    band_formula,
    field_of_own,
    highest_formula,
    lookup_key,
    rating_formula,
)
from xlgov.versions import diff

NOTHING = (None,) * 7
LEVELS: Sequence[Sequence[Any]] = (
    (2, 3, None, 1, None, None, None, None, 3, 9, "Medium"),
    (4, "n/a", 4, "-", None, "3 - Moderate", 2, 1, 4, 21, "HIGH"),
    ("Likely", *NOTHING, 5, 18, "medium-high"),  # 3 and 5 give 22, which is high
    (3, 2, 2, 2, 2, 2, 2, 2, 1, None, "Low"),  # the impact is stale, the rating blank
    (None, 5, *NOTHING[1:], 5, 20, "High"),  # no likelihood: the rating is somebody's own
    (1, 1, "awful", *NOTHING[2:], 1, 1, "Low"),  # a category that cannot be read
    (5, 5, *NOTHING[1:], "5 - Catastrophic", "25 - Critical", "Critical"),
)


def register(tmp_path: Path) -> Path:
    return write_levels(tmp_path / "register.xlsx", LEVELS)


# Where they go


def test_typed_ratings_impacts_and_levels_become_formulas_with_the_same_values(
    tmp_path: Path,
) -> None:
    path = register(tmp_path)
    refresh(path)
    shown, texts = cells(path), formulas(path)
    assert [shown.get(f"K{row}") for row in range(4, 8)] == [3, 4, 5, 2]
    assert [shown.get(f"L{row}") for row in range(4, 8)] == [9, 21, 22, 8]
    assert [shown.get(f"M{row}") for row in range(4, 8)] == [*("Medium", "HIGH", "high", "Medium")]
    assert sorted(texts) == [
        *("K4", "K5", "K7", "K8", "L4", "L5", "L6", "L7"),
        *("M4", "M5", "M6", "M7", "M8", "M9"),
    ]
    assert texts["L6"] == rating_formula("matrix", "C6", ["K6"])
    assert texts["K5"] == highest_formula([f"{letter}5" for letter in "DEFGHIJ"])
    assert texts["M5"] == band_formula("L5", "UPPER")


def test_what_python_does_not_rate_stays_typed(tmp_path: Path) -> None:
    path = register(tmp_path)
    refresh(path)
    shown, texts = cells(path), formulas(path)
    assert (shown["L8"], shown["L9"]) == (20, 1)  # a formula would leave them blank
    assert not {"L8", "L9", "K9"} & set(texts)


def test_ratings_in_words_are_left_as_typed_with_one_note(tmp_path: Path) -> None:
    changes = refresh(register(tmp_path))
    (note,) = [each for each in changes.findings if each.code == "rating-left-typed"]
    assert (note.severity, note.address) == ("note", "K10")
    assert note.message.startswith("3 cells are given in words")
    assert note.related == ("Register!L10", "Register!M10")
    assert cells(tmp_path / "register.xlsx")["L10"] == "25 - Critical"


def test_a_second_run_changes_no_byte_with_formulas_or_with_values(tmp_path: Path) -> None:
    path = register(tmp_path)
    refresh(path)
    once = path.read_bytes()
    assert preview(path).is_empty and preview(path, VALUES).is_empty
    refresh(path)
    refresh(path, VALUES)
    assert path.read_bytes() == once


def test_adding_the_settings_sheet_changes_no_decision(tmp_path: Path) -> None:
    path = register(tmp_path)
    before = {(each.code, each.address) for each in preview(path, VALUES).findings}
    refresh(path)
    after = preview(path, VALUES)
    assert after.is_empty
    left = {(each.code, each.address) for each in after.findings}
    assert left <= before
    corrected = {place for code, place in before - left}
    assert corrected == {"L6", "M6", "K7", "L7", "M7"}


def test_bands_that_were_assumed_stay_assumed(tmp_path: Path) -> None:
    path = write_levels(tmp_path / "register.xlsx", [(2, 3, *NOTHING[1:], 3, 9, "High")], "")
    assert "band-edges-assumed" in codes(refresh(path))
    again = preview(path, VALUES)
    assert "band-edges-assumed" in codes(again) and again.is_empty
    assert cells(path)["M4"] == "High"  # whether their High is ours is not known


def test_values_are_written_as_before_without_the_extra(tmp_path: Path) -> None:
    path = register(tmp_path)
    changes = refresh(path, VALUES)
    assert not changes.sheets and formulas(path) == {}
    assert cells(path)["L6"] == 22


def test_a_formula_of_the_office_is_never_touched(tmp_path: Path) -> None:
    path = write_register(tmp_path / "register.xlsx", rows_of(rank))
    book = openpyxl.load_workbook(path)
    book["Register"]["E5"] = "=C5*D5"
    book.save(path)
    xlgov.apply(xlgov.ChangeSet([CellChange("Register", "E5", None, Formula("C5*D5", 10))]), path)
    changes = refresh(path)
    assert "rating-formula-disagrees" in codes(changes)
    assert formulas(path)["E5"] == "C5*D5" and cells(path)["E5"] == 10
    assert len(formulas(path)) == 8


@pytest.mark.parametrize(
    ("scoring", "rate", "shape"),
    [
        ("product", lambda a, b: a * b, "*"),
        ("sum", lambda a, b: a + b, "+"),
    ],
)
def test_product_and_sum_are_calculated_where_the_settings_say_so(
    tmp_path: Path, scoring: Any, rate: Any, shape: str
) -> None:
    path = write_register(tmp_path / "register.xlsx", rows_of(rate))
    (tmp_path / "xlgov.toml").write_text(f'[risk]\nscoring = "{scoring}"\n')
    refresh(path)
    assert formulas(path)["E4"] == rating_formula(scoring, "C4", ["D4"])
    assert "xlgov_matrix" not in formulas(path)["E4"] and shape in formulas(path)["E4"]
    assert preview(path).is_empty


def test_a_refused_register_gets_nothing(tmp_path: Path) -> None:
    path = write_register(tmp_path / "register.xlsx", rows_of(lambda a, b: a * b))
    before = path.read_bytes()
    changes = refresh(path)
    assert "scheme-unclear" in codes(changes) and changes.is_empty
    assert path.read_bytes() == before


def test_registers_rated_in_different_ways_get_none_and_one_warning(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rate in (("One", rank), ("Two", lambda a, b: a * b)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate((HEADINGS, *rows_of(rate))):
                sheet.write_row(number, 0, row)
    changes = refresh(path)
    assert len(codes(changes)["formulas-not-written"]) == 1
    assert not (changes.cells or changes.sheets)


def test_a_number_in_a_cell_of_text_becomes_a_formula_that_can_be_edited(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as book:
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Register")
        for number, row in enumerate((HEADINGS, *rows_of(rank))):
            sheet.write_row(number, 0, row)
            if number:
                sheet.write_string(number, 4, str(row[4]), text)
    refresh(path)
    assert cells(path)["E2"] == rank(1, 4)
    assert openpyxl.load_workbook(path)["Register"]["E2"].number_format == "General"
    assert preview(path).is_empty


def test_an_accepted_rating_stays_as_it_was_agreed(tmp_path: Path) -> None:
    path = write_register(tmp_path / "register.xlsx", [*rows_of(rank), ["R9", "x", 2, 3, 7, "A"]])
    (tmp_path / "xlgov.toml").write_text(
        '[[accepted]]\nreference = "R9"\nfinding = "rating-disagrees"\n'
    )
    refresh(path)
    assert cells(path)["E12"] == 7 and "E12" not in formulas(path)


# What becomes of them


def set_cell(path: Path, address: str, value: Any, sheet: str = "Register") -> None:
    """A score typed by a program that does not calculate."""
    xlgov.apply(xlgov.ChangeSet([CellChange(sheet, address, None, value)]), path)


@pytest.mark.parametrize("extras", [VALUES, FORMULAS])
def test_only_the_stored_value_of_a_formula_of_ours_follows(tmp_path: Path, extras: Any) -> None:
    path = register(tmp_path)
    refresh(path)
    texts = formulas(path)
    set_cell(path, "C4", 5)
    changes = refresh(path, extras)
    assert "rating-formula-disagrees" not in codes(changes)
    assert {c.address: (c.before, c.after) for c in changes.cells} == {
        "L4": (9, Formula(texts["L4"], rank(5, 3))),
        "M4": ("Medium", Formula(texts["M4"], "High")),
    }
    assert formulas(path) == texts
    assert preview(path, extras).is_empty


@pytest.mark.parametrize("score", [None, "tbc", "?", "Lik*", "6", True])
def test_a_score_that_is_taken_away_leaves_a_blank(tmp_path: Path, score: Any) -> None:
    path = register(tmp_path)
    refresh(path)
    set_cell(path, "C4", score)
    changes = refresh(path, VALUES)
    assert {c.address: c.after.cached for c in changes.cells} == {"L4": "", "M4": ""}  # type: ignore[union-attr]
    shown = cells(path)
    assert (shown.get("L4"), shown.get("M4")) == (None, None)
    assert preview(path, VALUES).is_empty
    set_cell(path, "C4", 2)
    refresh(path, VALUES)
    assert (cells(path)["L4"], cells(path)["M4"]) == (9, "Medium")


def test_categories_drive_impact_rating_and_level(tmp_path: Path) -> None:
    path = register(tmp_path)
    refresh(path)
    set_cell(path, "E4", 5)
    refresh(path, VALUES)
    assert [cells(path)[f"{letter}4"] for letter in "KLM"] == [5, rank(2, 5), "Medium-high"]
    for letter in "DEF":
        set_cell(path, f"{letter}4", "n/a" if letter == "E" else None)
    refresh(path, VALUES)
    assert [cells(path).get(f"{letter}4") for letter in "KLM"] == [None, None, None]
    assert preview(path, VALUES).is_empty


def test_read_and_check_take_a_formula_of_ours_as_a_typed_rating(tmp_path: Path) -> None:
    path = register(tmp_path)
    xlgov.refresh(path)
    typed = xlgov.read(path)["risk"]
    refresh(path)
    assert xlgov.read(path)["risk"].equals(typed)
    set_cell(path, "C4", 5)
    found = [each.code for each in xlgov.check(path) if each.address == "L4"]
    assert found == ["rating-disagrees"]


def test_diff_names_nothing_when_typed_ratings_became_formulas(tmp_path: Path) -> None:
    path = register(tmp_path)
    xlgov.refresh(path)
    old = Path(shutil.copy(path, tmp_path / "old.xlsx"))
    refresh(path)
    assert diff(old, path).is_empty


def test_diff_takes_the_blank_of_a_formula_for_a_blank(tmp_path: Path) -> None:
    path = register(tmp_path)
    refresh(path)
    old = Path(shutil.copy(path, tmp_path / "old.xlsx"))
    set_cell(path, "C4", None)
    refresh(path, VALUES)
    found = diff(old, path)
    (record,) = found.changes
    assert not [each for each in found.findings if each.code == "result-missing"]
    assert {each.address for each in record.fields} >= {"C4", "L4"}


def test_a_formula_without_a_stored_value_is_no_slip_and_is_given_one(tmp_path: Path) -> None:
    path = register(tmp_path)
    refresh(path)
    openpyxl.load_workbook(path).save(path)  # which drops every stored value
    assert cells(path).get("L4") is None
    assert "L4" not in [each.address for each in xlgov.check(path)]
    refresh(path, VALUES)
    assert [cells(path)[f"{letter}4"] for letter in "KLM"] == [3, 9, "Medium"]


def test_a_formula_that_somebody_changed_is_theirs(tmp_path: Path) -> None:
    path = register(tmp_path)
    refresh(path)
    theirs = f"{rating_formula('matrix', 'C4', ['K4'])}+0"
    set_cell(path, "L4", Formula(theirs, 9))
    set_cell(path, "L5", Formula(rating_formula("matrix", "C4", ["K4"]), 9))  # of another row
    changes = refresh(path)
    assert codes(changes)["rating-formula-disagrees"] == ["L5"]
    assert formulas(path)["L4"] == theirs


def test_a_shared_formula_of_ours_is_known_cell_by_cell(tmp_path: Path) -> None:
    path = write_register(tmp_path / "register.xlsx", rows_of(rank))
    refresh(path)
    first = rating_formula("matrix", "C4", ["D4"])
    held = parts(path)
    xml = held["xl/worksheets/sheet1.xml"].decode()
    for row in range(4, 12):
        text = rating_formula("matrix", f"C{row}", [f"D{row}"])
        escaped = text.replace("<", "&lt;")
        mark = f'<f t="shared" ref="E4:E11" si="0">{escaped}</f>' if row == 4 else (
            '<f t="shared" si="0"/>'
        )  # fmt: skip
        assert f"<f>{escaped}</f>" in xml
        xml = xml.replace(f"<f>{escaped}</f>", mark)
    held["xl/worksheets/sheet1.xml"] = xml.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, content in held.items():
            package.writestr(name, content)
    assert preview(path).is_empty
    assert formulas(path)["E4"] == first
    set_cell(path, "C4", 5)
    refresh(path, VALUES)
    assert cells(path)["E4"] == rank(5, 4) and len(formulas(path)) == 8
    assert preview(path).is_empty


def test_a_change_of_scoring_changes_the_formulas(tmp_path: Path) -> None:
    path = write_register(tmp_path / "register.xlsx", rows_of(rank))
    refresh(path)
    row = next(row for row in range(1, 30) if cells(path, "xlgov").get(f"A{row}") == "scoring")
    set_cell(path, f"B{row}", "product", "xlgov")
    refresh(path, VALUES)
    assert formulas(path)["E4"] == rating_formula("product", "C4", ["D4"])
    assert cells(path)["E4"] == 4
    assert preview(path, VALUES).is_empty


# The text of the formulas


def test_the_formula_of_a_rating_is_what_the_readme_shows() -> None:
    assert rating_formula("matrix", "C4", ["D4"]) == (
        "IFERROR(INDEX(xlgov_matrix,"
        "1/(1/SUMPRODUCT(--EXACT(INDEX(xlgov_likelihood_spellings,0,1),"
        "IF(LEN(TRIM(C4))<5,TRIM(C4),LOWER(TRIM(C4)))),INDEX(xlgov_likelihood_spellings,0,2))),"
        "1/(1/SUMPRODUCT(--EXACT(INDEX(xlgov_impact_spellings,0,1),"
        "IF(LEN(TRIM(D4))<5,TRIM(D4),LOWER(TRIM(D4)))),INDEX(xlgov_impact_spellings,0,2)))),"
        'IF(ROWS(xlgov_matrix),""))'
    )


def test_one_over_one_over_a_score_is_the_score() -> None:
    assert [1 / (1 / score) for score in range(1, 11)] == list(range(1, 11))


PLACES = {
    **{("C", 4): "likelihood", ("D", 4): "political", ("E", 4): "social"},
    **{("K", 4): "impact", ("L", 4): "rating", ("M", 4): "band"},
}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (rating_formula("matrix", "C4", ["K4"]), "rating"),
        (rating_formula("sum", "C4", ["D4", "E4"]), "rating"),
        (rating_formula("product", "C4", ["K4"]).replace(",", ", "), "rating"),
        (rating_formula("matrix", "C4", ["K4"]).replace("xlgov_", "XLGOV_"), "rating"),
        (highest_formula(["D4", "E4"]), "impact"),
        (highest_formula(["E4"]), "impact"),
        (band_formula("L4"), "band"),
        (band_formula("L4", "UPPER"), "band"),
        (rating_formula("matrix", "K4", ["C4"]), None),
        (rating_formula("matrix", "C5", ["K5"]), None),
        (rating_formula("matrix", "C4", ["K4"]) + "+0", None),
        (highest_formula(["D4", "C4"]), None),
        (band_formula("M4"), None),
        ("C4*K4", None),
        ("INDEX(xlgov_matrix,C4,K4)", None),
        ("", None),
    ],
)
def test_a_formula_is_ours_letter_for_letter(text: str, field: str | None) -> None:
    assert field_of_own(text, lambda letters, row: PLACES.get((letters, row))) == field


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (3, "3"), (3.0, "3"), (3.5, "3.5"), (0.1 * 30, "3"), ("3", "3"), (" 3 ", "3"),
        ("LIKELY", "likely"), ("3  -  Likely", "3 - likely"), ("III", "III"), ("Rare", "Rare"),
        ("3\nLikely", "3\nlikely"), (None, ""), ("  ", ""), (True, "TRUE"),
    ],
)  # fmt: skip
def test_a_score_is_looked_up_as_excel_trims_it(value: Any, key: str) -> None:
    assert lookup_key(value) == key
