"""The recalculation without Python: what it rewrites, what it leaves, what it says."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from macro_excel import MacroExcel, name_columns, save_register

from xlgov.grid.cells import is_blank
from xlgov.risk.scale import rank_matrix

PLAIN = {"likelihood": "A", "impact": "B", "rating": "C"}
WITH_BAND = {**PLAIN, "band": "D"}
BANDS = [
    ("Low", 1, 6, "green"),
    ("Medium", 7, 13, "yellow"),
    ("Medium-high", 14, 19, "amber"),
    ("High", 20, 22, "red"),
    ("Critical", 23, 25, "dark red"),
]
ALL_BANDS = "{" + ";".join(f'"{n}",{low},{high},"{c}"' for n, low, high, c in BANDS) + "}"


def recalculate(
    path: Path,
    rows: list[Any],
    names: dict[str, str],
    settings: dict[str, Any] | None = None,
) -> tuple[MacroExcel, str]:
    excel = MacroExcel(save_register(path / "Q1 & Q2 = 50%.xlsx", rows, names, settings=settings))
    return excel, excel.run("CallRecalculate")


def test_a_wrong_rating_is_rewritten_and_a_blank_one_filled(tmp_path: Path) -> None:
    rows = [(2, 3, 8), (3, 3, 13), (5, 5, None)]
    excel, said = recalculate(tmp_path, rows, name_columns(PLAIN, (2, 4)))
    assert excel.column("C", range(2, 5)) == [9, 13, 25]
    assert said == (
        "Ratings recalculated. Checks and red text need xlgov on this PC.\n\n"
        "Rewritten: 2 ratings, 0 impacts, 0 levels."
    )


def test_twice_is_once(tmp_path: Path) -> None:
    excel, _ = recalculate(tmp_path, [(2, 3, 8)], name_columns(PLAIN, (2, 2)))
    assert excel.run("CallRecalculate").endswith("All were right already.")
    assert excel.cell("C2") == 9


def test_a_blank_or_unreadable_score_leaves_the_rating(tmp_path: Path) -> None:
    rows = [(None, 3, 8), ("tbc", 3, 8), (3, 7, 8), ("a 3 of 5", 3, 8), (2.5, 3, 8), (None,) * 3]
    excel, said = recalculate(tmp_path, rows, name_columns(PLAIN, (2, 7)))
    assert excel.column("C", range(2, 8)) == [8, 8, 8, 8, 8, None]
    assert said.endswith("because a score is blank or cannot be read: 5 ratings.")


def test_formulas_are_never_written_and_their_values_are_read(tmp_path: Path) -> None:
    rows = [("=1+1", 3, "=A2*B2"), ("=1+1", "=B2", 5)]
    excel, said = recalculate(tmp_path, rows, name_columns(PLAIN, (2, 3)))
    assert excel.app.sheet(1).formula("C2") == "=A2*B2"
    assert excel.cell("C3") == 9
    assert "1 rating," in said


def test_areas_are_rated_each_by_itself(tmp_path: Path) -> None:
    rows = [(2, 3, 1), ("Total", None, 99), (3, 3, 1), (5, 5, 1)]
    excel, _ = recalculate(tmp_path, rows, name_columns(PLAIN, (2, 2), (4, 5)))
    assert excel.column("C", range(2, 6)) == [9, 99, 13, 25]


def test_groups_are_counted_until_one_is_missing(tmp_path: Path) -> None:
    names = name_columns(PLAIN, (2, 2)) | name_columns(PLAIN, (3, 3), group=2)
    names |= name_columns(PLAIN, (4, 4), group=4)
    excel, _ = recalculate(tmp_path, [(3, 3, 1)] * 3, names)
    assert excel.column("C", range(2, 5)) == [13, 13, 1]


@pytest.mark.parametrize(
    ("scoring", "expected"), [('"product"', [20, 6]), ('"sum"', [9, 5]), ('""', [24, 9])]
)
def test_scoring_is_by_the_name(tmp_path: Path, scoring: str, expected: list[int]) -> None:
    names = {**name_columns(PLAIN, (2, 3)), "xlgov_scoring": scoring}
    excel, _ = recalculate(tmp_path, [(4, 5, 1), (2, 3, 1)], names)
    assert excel.column("C", (2, 3)) == expected


def test_an_own_matrix_rates_as_a_constant_and_on_a_sheet(tmp_path: Path) -> None:
    rows, columns = [(1, 3, 0), (3, 1, 0), (4, 1, 0)], name_columns(PLAIN, (2, 4))
    constant, _ = recalculate(tmp_path, rows, {**columns, "xlgov_matrix": "{1,3,6;2,5,9;4,8,13}"})
    assert constant.column("C", range(2, 5)) == [6, 4, 0], "4 is beyond the scale of 3"
    table = [(1, 3, 6), (2, 5, 9), (4, 8, 13)]
    ranged, _ = recalculate(tmp_path, rows, columns, {"xlgov_matrix": table})
    assert ranged.column("C", range(2, 5)) == [6, 4, 0]


def test_a_blank_matrix_on_the_sheet_states_nothing(tmp_path: Path) -> None:
    settings = {"xlgov_matrix": [(None, None), (None, None)], "xlgov_bands": [("Low", 1, 6, "x")]}
    excel, _ = recalculate(tmp_path, [(5, 5, 1)], name_columns(PLAIN, (2, 2)), settings)
    assert excel.cell("C2") == 25


@pytest.mark.parametrize(
    ("names", "part"),
    [
        ({"xlgov_matrix": "{1,2,3;4,5,6}"}, "is not a square of whole numbers"),
        ({"xlgov_matrix": "xlgov!#REF!"}, "xlgov_matrix refers to are gone"),
        ({"xlgov_scoring": '"odds"'}, "none of matrix, product and sum"),
    ],
)
def test_a_scheme_in_doubt_rates_nothing(tmp_path: Path, names: dict[str, str], part: str) -> None:
    excel, said = recalculate(tmp_path, [(5, 5, 1)], {**name_columns(PLAIN, (2, 2)), **names})
    assert said.startswith("Nothing was changed. ") and part in said
    assert excel.cell("C2") == 1


def test_level_words_follow_in_the_case_they_had(tmp_path: Path) -> None:
    rows = [(5, 5, 25, "LOW"), (1, 1, 1, "critical"), (3, 3, 13, "Medium"), (5, 5, 25, "Awful")]
    rows += [(5, 5, 25, None), (None, None, 21, "Low")]
    names = {**name_columns(WITH_BAND, (2, 7)), "xlgov_bands": ALL_BANDS}
    excel, said = recalculate(tmp_path, rows, names)
    assert excel.column("D", range(2, 8)) == ["CRITICAL", "low", "Medium", "Awful", None, "High"]
    assert "0 ratings, 0 impacts, 3 levels" in said
    assert "not those of the scheme: 1 cell." in said


def test_the_highest_category_is_the_impact(tmp_path: Path) -> None:
    columns = {"likelihood": "A", "category1": "B", "category2": "C", "impact": "D", "rating": "E"}
    rows = [
        (3, 2, 4, 2, 1),
        (3, None, "n/a", 3, 1),
        (3, "tbc", 4, 1, 1),
        (3, 1, 2, None, 1),
        (3, 1, 4, "2 - Minor", 1),
        (3, 1, 4, "=1+1", 1),
    ]
    excel, said = recalculate(tmp_path, rows, name_columns(columns, (2, 7)))
    assert excel.column("D", range(2, 8)) == [4, 3, 1, 2, "4 - Significant", 2]
    assert excel.column("E", range(2, 8)) == [18, 13, 1, 8, 18, 18]
    assert "5 ratings, 3 impacts" in said


def test_words_and_labels_are_scores(tmp_path: Path) -> None:
    rows = [("3 - Likely", "Catastrophic (5)", 1), ("probable", "III", 1), ("Likely", "(4)", 1)]
    excel, _ = recalculate(tmp_path, rows, name_columns(PLAIN, (2, 4)))
    ranks = rank_matrix()
    assert excel.column("C", range(2, 5)) == [ranks[2][4], ranks[4][2], ranks[2][3]]


def test_words_of_the_names_replace_the_usual(tmp_path: Path) -> None:
    names = {**name_columns(PLAIN, (2, 3)), "xlgov_likelihood": '{"Rare",1;"Likely",4}'}
    excel, _ = recalculate(tmp_path, [("likely", 1, 0), ("Probable", 1, 0)], names)
    assert excel.column("C", (2, 3)) == [rank_matrix()[3][0], 0]


def test_a_label_keeps_its_form_where_its_word_is_a_band(tmp_path: Path) -> None:
    rows = [(3, 4, "8 - Medium"), (3, 4, "(8) whatever"), (3, 4, "8"), (1, 1, "HIGH (20)")]
    names = {**name_columns(PLAIN, (2, 5)), "xlgov_bands": ALL_BANDS}
    excel, said = recalculate(tmp_path, rows, names)
    shown = excel.column("C", range(2, 6))
    assert shown == ["18 - Medium-high", "(8) whatever", "18", "LOW (1)"]
    assert "not those of the scheme: 1 cell" in said


def test_bands_that_nobody_stated_must_show_in_the_label(tmp_path: Path) -> None:
    rows, columns = [(3, 4, "Low (8)"), (3, 4, "Medium (8)")], name_columns(PLAIN, (2, 3))
    assumed, _ = recalculate(tmp_path, rows, {**columns, "xlgov_bands": ALL_BANDS})
    assert assumed.column("C", (2, 3)) == ["Low (8)", "Medium-high (18)"]
    stated, _ = recalculate(tmp_path, rows, columns, {"xlgov_bands": BANDS})
    assert stated.column("C", (2, 3)) == ["Medium-high (18)", "Medium-high (18)"]


def test_without_names_nothing_is_written(tmp_path: Path) -> None:
    excel, said = recalculate(tmp_path, [(3, 3, 1)], {})
    assert said.startswith("Nothing was changed: ") and "xlgov init or xlgov button" in said
    assert excel.cell("C2") == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"xlgov_r1_likelihood": "'Chief''s risks'!$A$2"},
        {"xlgov_r1_rating": "'Chief''s risks'!$C$2,#REF!"},
        {"xlgov_r1_band": "#REF!"},
        {"xlgov_r1_impact": "'Chief''s risks'!$B$2:$D$3"},
    ],
)
def test_a_group_that_no_longer_fits_is_left(tmp_path: Path, broken: dict[str, str]) -> None:
    names = {**name_columns(PLAIN, (2, 3)), **broken}
    excel, said = recalculate(tmp_path, [(3, 3, 1), (3, 3, 1)], names)
    assert excel.column("C", (2, 3)) == [1, 1]
    assert said.startswith("No ratings were recalculated.") and "1 block" in said


def test_a_protected_sheet_is_left_and_named(tmp_path: Path) -> None:
    import openpyxl

    path = save_register(tmp_path / "kept.xlsx", [(3, 3, 1)], name_columns(PLAIN, (2, 2)))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].protection.enable()
    book.save(path)
    excel = MacroExcel(path)
    said = excel.run("CallRewrite")
    assert "sheet is protected: 'Chief's risks'" in said
    assert excel.cell("C2") == 1


def test_undo_puts_back_what_nobody_has_changed_since(tmp_path: Path) -> None:
    rows = [(2, 3, 8), (5, 5, None), (3, 4, "8 - Medium"), (1, 1, 7)]
    names = {**name_columns(PLAIN, (2, 5)), "xlgov_bands": ALL_BANDS}
    excel, _ = recalculate(tmp_path, rows, names)
    assert excel.column("C", range(2, 6)) == [9, 25, "18 - Medium-high", 1]
    excel.app.sheet(1).set_value("C5", 3)
    assert excel.run("CallUndo") == "3 cells put back. 1 cell changed since then and left."
    assert excel.column("C", range(2, 6)) == [8, None, "8 - Medium", 3]
    assert excel.run("CallUndo").startswith("There is nothing to undo")


def test_excel_is_as_it_was_also_after_an_error(tmp_path: Path) -> None:
    excel, _ = recalculate(tmp_path, [(2, 3, 8)], name_columns(PLAIN, (2, 2)))
    application = excel.app.application
    before = (application.calculation, application.screen_updating, application.enable_events)
    assert before == (-4105, True, True)
    broken = MacroExcel(
        save_register(tmp_path / "b.xlsx", [(2, 3, 8)], name_columns(PLAIN, (2, 2))),
        {"XlgovScheme": _with_an_error()},
    )
    assert "could not all be recalculated: it broke" in broken.run("CallRecalculate")
    application = broken.app.application
    assert (application.calculation, application.screen_updating) == (-4105, True)
    assert application.enable_events is True


def _with_an_error() -> str:
    from xlgov.macros.project import read_sources

    text = read_sources()["XlgovScheme"]
    return text.replace('scheme.Problem = ""\n', 'Err.Raise 5, "here", "it broke"\n', 1)


def test_many_rows_are_written_in_few_strokes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neighbours go in as one block, so the writes of a register do not grow with its rows."""
    from pyopenvba.apps.excel import Range

    numbers = random.Random(5)
    rows = [(numbers.randint(1, 5), numbers.randint(1, 5), 0) for _ in range(400)]
    path = save_register(tmp_path / "long.xlsx", rows, name_columns(PLAIN, (2, 401)))
    excel = MacroExcel(path)
    written = []
    plain = Range.vba_set

    def count(self: Any, name: str, *given: Any, **more: Any) -> None:
        written.append(name)
        plain(self, name, *given, **more)

    monkeypatch.setattr(Range, "vba_set", count)
    excel.run("CallRewrite")
    assert written == ["Value2"]
    ranks = rank_matrix()
    assert excel.column("C", range(2, 402)) == [ranks[row[0] - 1][row[1] - 1] for row in rows]
    assert not is_blank(excel.cell("C401"))
