"""The lists of spellings on the settings sheet: where they stand, and when they are made anew."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlgov
from tests.plain_registers import parts, rank, rows_of, write_register
from tests.risk.native import VALUES, cells, codes, formulas, preview, refresh
from xlgov.changes import CellChange, SheetChange
from xlgov.ooxml.reader import open_workbook
from xlgov.settings import load_settings
from xlgov.settings.sections import IMPACT_SPELLINGS, LAST, LIKELIHOOD_SPELLINGS
from xlgov.settings.spellings import Spellings, read_spellings

TITLES = [LIKELIHOOD_SPELLINGS.title, IMPACT_SPELLINGS.title]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_register(tmp_path / "register.xlsx", rows_of(rank))


def lists(path: Path) -> Spellings:
    with open_workbook(path) as workbook:
        found = read_spellings(workbook)
    assert found is not None
    return found


def column(path: Path, letter: str = "A") -> dict[int, Any]:
    shown = cells(path, "xlgov")
    return {int(at[1:]): value for at, value in shown.items() if at[0] == letter}


def put(path: Path, *changes: tuple[str, Any], sheet: str = "xlgov") -> None:
    xlgov.apply(xlgov.ChangeSet([CellChange(sheet, at, None, new) for at, new in changes]), path)


def below(path: Path) -> int:
    return max(column(path)) + 2


# What they hold


def test_every_usual_spelling_of_a_score_is_listed(path: Path) -> None:
    refresh(path)
    found = lists(path)
    likely = [key for key, score in found.likelihood.items() if score == 3]
    assert {"3", "3.0", "III", "iii", "likely", "3 - likely", "likely (3)", "l3"} <= set(likely)
    assert {"3", "moderate", "3 - moderate", "moderate (3)"} <= {
        key for key, score in found.impact.items() if score == 3
    }
    assert {key for key, score in found.impact.items() if score == 0} >= {"n/a", "N/A", "-"}
    assert not {"i", "v", "x", "tbc", "?", "6"} & set(found.likelihood)
    assert 150 < len(found.likelihood) < 400


def test_a_spelling_that_stands_in_the_register_is_listed(tmp_path: Path) -> None:
    rows = [*rows_of(rank), ["R9", "It goes wrong", "3\u00a0/ LIKELY", "sev. 2", 9, "Audit"]]
    rows.append(["R10", "It goes wrong", "3\u00a0/ LIKELY", 3, 9, "Audit"])
    path = write_register(tmp_path / "register.xlsx", rows)
    refresh(path)
    assert lists(path).likelihood["3\u00a0/ likely"] == 3
    assert not [key for key in lists(path).impact if "sev" in key]
    assert cells(path)["E13"] == 13 and "E13" in formulas(path)


def test_words_of_the_settings_are_listed(tmp_path: Path, path: Path) -> None:
    (tmp_path / "xlgov.toml").write_text('[risk.likelihood]\n"Once in a blue moon" = 1\nLow = 2\n')
    refresh(path)
    found = lists(path).likelihood
    assert found["once in a blue moon"] == 1 and found["1 - once in a blue moon"] == 1
    assert {found[each] for each in ("low", "Low", "LOW", "lOW", "low (2)")} == {2}


# Where they stand


def test_the_sheet_is_that_of_init_with_the_lists_last(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "init.xlsx"
    xlgov.init(path, other)
    refresh(path)
    ours, its = column(path), column(other)
    first = next(row for row, value in ours.items() if value == TITLES[0])
    bands = {"Low", "Medium", "Medium-high", "High", "Critical"}  # assumed, so not stated here
    kept = [v for v in its.values() if v not in bands and not str(v).startswith("These edges")]
    assert [value for value in ours.values() if value in kept][: len(kept)] == kept
    assert [value for value in ours.values() if value in TITLES] == TITLES
    with open_workbook(path) as workbook:
        names = workbook.names()
    top, bottom = first + 3, first + 2 + len(lists(path).likelihood)
    assert names["xlgov_likelihood_spellings"] == f"'xlgov'!$A${top}:$B${bottom}"


def test_the_lists_are_no_settings(path: Path) -> None:
    refresh(path)
    with open_workbook(path) as workbook:
        settings = load_settings(workbook, path)
    assert set(settings.likelihood_words) == {
        *("unlikely", "possible", "likely", "more likely than not", "probable")
    }


def test_a_settings_sheet_that_stands_keeps_its_rows_and_looks(path: Path) -> None:
    xlgov.init(path)
    put(path, ("D3", "a note of our own"))
    before = column(path)
    part = next(name for name in parts(path) if "xlgov" in name)
    old = parts(path)[part]
    changes = refresh(path)
    (change,) = changes.sheets
    assert change.first_row == max(before) + 2
    new = parts(path)[part]
    rows = old[old.index(b"<sheetData>") : old.index(b"</sheetData>")]
    assert new[new.index(b"<sheetData>") :].startswith(rows)
    assert cells(path, "xlgov")["D3"] == "a note of our own"
    assert len(formulas(path)) == 8
    assert preview(path).is_empty and preview(path, VALUES).is_empty


def test_a_sheet_without_a_matrix_is_given_one(path: Path) -> None:
    put_sheet(path, [["scoring", "matrix"]])
    refresh(path)
    assert "Matrix" in column(path).values() and len(formulas(path)) == 8
    assert preview(path).is_empty


def put_sheet(path: Path, rows: list[list[Any]]) -> None:
    xlgov.apply(xlgov.ChangeSet(sheets=[SheetChange("xlgov", rows)]), path)


def test_a_matrix_upside_down_cannot_be_looked_up_in(path: Path) -> None:
    square = [[5 - n, *(rank(5 - n, impact) for impact in range(1, 6))] for n in range(5)]
    put_sheet(path, [["Matrix"], [None, 1, 2, 3, 4, 5], *square])
    changes = refresh(path)
    assert len(codes(changes)["formulas-not-written"]) == 1 and formulas(path) == {}


def test_what_the_button_keeps_stays_below_the_lists(path: Path) -> None:
    refresh(path)
    row, moment = below(path), datetime(2018, 3, 1, 9, 30)
    kept = [(f"A{row}", LAST.title), (f"A{row + 2}", "Recalculated"), (f"B{row + 2}", moment)]
    headings = [words[0] for words in LAST.columns.values()]
    kept += [(f"{letter}{row + 3}", h) for letter, h in zip("ABCDEF", headings, strict=True)]
    kept += [(f"A{row + 4}", "Register"), (f"B{row + 4}", "E4"), (f"C{row + 4}", 8)]
    put(path, *kept)
    assert preview(path).is_empty
    put(path, ("C4", "Prob. (5)"), sheet="Register")
    before = len(lists(path).likelihood)
    refresh(path)
    assert len(lists(path).likelihood) == before + 1
    titles = [value for value in column(path).values() if value in (*TITLES, LAST.title)]
    assert titles == [*TITLES, LAST.title]
    last = max(at for at, value in column(path).items() if value == "Register")
    assert cells(path, "xlgov")[f"C{last}"] == 8
    sheet = openpyxl.load_workbook(path)["xlgov"]
    assert sheet[f"B{last - 2}"].value == moment
    assert preview(path).is_empty


def test_rows_of_the_office_below_the_lists_are_left_alone(path: Path) -> None:
    refresh(path)
    put(path, (f"A{below(path)}", "a note of our own"))
    assert preview(path).is_empty
    put(path, ("C4", "Prob. (5)"), sheet="Register")
    before = path.read_bytes()
    changes = refresh(path)
    assert not changes.sheets and "formulas-not-written" in codes(changes)
    assert path.read_bytes() == before


# When they are made anew


def test_a_new_spelling_is_said_with_values_and_listed_with_formulas(path: Path) -> None:
    refresh(path)
    put(path, ("C4", "Prob. (5)"), sheet="Register")
    changes = refresh(path, VALUES)
    assert codes(changes)["spelling-not-listed"] == ["E4"]
    assert not (changes.cells or changes.sheets)
    changes = refresh(path)
    assert [sheet.name for sheet in changes.sheets] == ["xlgov"]
    assert lists(path).likelihood["prob. (5)"] == 5 and cells(path)["E4"] == rank(5, 4)
    assert preview(path).is_empty and preview(path, VALUES).is_empty


def test_a_spelling_that_is_gone_stays_listed(path: Path) -> None:
    put(path, ("C4", "Prob. (5)"), sheet="Register")
    refresh(path)
    put(path, ("C4", 5), sheet="Register")
    assert preview(path).is_empty


def test_words_that_change_make_the_lists_anew(path: Path) -> None:
    refresh(path)
    row = next(row for row, value in column(path).items() if value == "Probable")
    put(path, (f"A{row}", "Certain"))
    changes = refresh(path)
    assert changes.sheets and lists(path).likelihood["certain"] == 5
    assert preview(path).is_empty


def test_without_the_sheet_the_formulas_are_left_and_it_is_said(path: Path) -> None:
    refresh(path)
    texts = formulas(path)
    xlgov.apply(xlgov.ChangeSet(sheets=[SheetChange("xlgov", remove=True)]), path)
    with open_workbook(path) as workbook:
        assert "xlgov_matrix" not in workbook.names()
    refresh(path)
    assert formulas(path) == texts and preview(path).is_empty
