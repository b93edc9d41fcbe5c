"""RISK_RATING and RISK_BAND without Python, by the scheme of the workbook they are called in."""

from __future__ import annotations

from pathlib import Path

import pytest
from macro_excel import MacroExcel, save_register

from xlgov.risk.scale import built_in_scheme, rank_matrix


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> MacroExcel:
    return MacroExcel(save_register(tmp_path_factory.mktemp("f") / "plain.xlsx", [], {}))


def test_all_25_ratings_and_their_bands_are_those_of_python(plain: MacroExcel) -> None:
    scheme = built_in_scheme()
    for likelihood in range(1, 6):
        for impact in range(1, 6):
            rating = scheme.rate(likelihood, impact)
            band = scheme.band(rating)
            assert band is not None
            assert plain.run("RISK_RATING", likelihood, impact) == rating
            assert plain.run("RISK_BAND", rating) == band.name
    assert rank_matrix()[2][2] == plain.run("RISK_RATING", 3, 3) == 13


def test_words_labels_and_blanks(plain: MacroExcel) -> None:
    assert plain.run("RISK_RATING", "Likely", "5 - Catastrophic") == rank_matrix()[2][4]
    assert plain.run("RISK_RATING", "", 3) == "" == plain.run("RISK_RATING", 3, "n/a")
    assert plain.run("RISK_BAND", "") == ""
    assert plain.run("RISK_BAND", "High (20)") == "High"


@pytest.mark.parametrize("scores", [(6, 1), ("soon", 1), (1, 2.5), (True, 1), (0, 1)])
def test_what_cannot_be_read_is_an_error_value(
    plain: MacroExcel, scores: tuple[object, object]
) -> None:
    assert str(plain.run("RISK_RATING", *scores)) in ("#VALUE!", "Error 2015")


def test_a_rating_that_no_band_holds_is_not_available(plain: MacroExcel) -> None:
    assert str(plain.run("RISK_BAND", 26)) in ("#N/A", "Error 2042")
    assert str(plain.run("RISK_BAND", "High")) in ("#VALUE!", "Error 2015")


def test_the_names_of_the_workbook_state_the_scheme(tmp_path: Path) -> None:
    names = {
        "xlgov_scoring": '"product"',
        "xlgov_bands": '{"Fine",1,9,"green";"Bad",10,25,"red"}',
        "xlgov_impact": '{"Tiny",1;"Huge",5}',
    }
    excel = MacroExcel(save_register(tmp_path / "own.xlsx", [], names))
    assert excel.run("RISK_RATING", 4, "huge") == 20
    assert excel.run("RISK_BAND", 20) == "Bad"


def test_one_band_as_a_constant_is_read(tmp_path: Path) -> None:
    """Excel gives a constant of one row as a plain list."""
    names = {"xlgov_bands": '{"All",1,25,"green"}'}
    excel = MacroExcel(save_register(tmp_path / "one.xlsx", [], names))
    assert excel.run("RISK_BAND", 7) == "All"


def test_cells_are_taken_as_well_as_values(tmp_path: Path) -> None:
    path = save_register(tmp_path / "cells.xlsx", [(3, "Catastrophic")], {})
    excel = MacroExcel(path)
    excel.app.add_module(
        "Public Function OfCells() As Variant\n"
        '    OfCells = RISK_RATING(ActiveSheet.Range("A2"), ActiveSheet.Range("B2"))\n'
        "End Function\n",
        name="Cells",
    )
    assert excel.run("OfCells") == rank_matrix()[2][4]
