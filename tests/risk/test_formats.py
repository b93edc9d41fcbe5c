"""Colours by rule."""

from typing import Any

import pytest

from tests.risk.registers import (
    AS_OF,
    KNOWN_BANDS,
    make_book,
    preview_rows,
    published_rows,
    small_row,
    stated,
)
from tests.risk.test_preview import forms_book
from xlgov.changes import FormatRule
from xlgov.grid.cells import Range, parse_ranges
from xlgov.grid.sheet import FormatRange
from xlgov.risk.preview import preview_registers
from xlgov.risk.scale import rank
from xlgov.settings import Settings
from xlgov.settings.values import readable_on


def rows(*ratings: Any) -> list[dict[str, Any]]:
    return [small_row(f"R{n}", n, n, rating) for n, rating in enumerate(ratings, start=1)]


RIGHT = [rank(n, n) for n in (1, 2, 3, 4, 5)]


def bands(rules: tuple[FormatRule, ...]) -> list[FormatRule]:
    return [rule for rule in rules if rule.kind == "band"]


def test_each_rating_column_has_a_rule_per_band_over_all_its_records() -> None:
    rules = preview_rows(published_rows()).formats
    assert len(bands(rules)) == 15
    assert {rule.range for rule in rules} == {"K4:K19", "N4:N19", "Q4:Q19"}
    current = [rule for rule in bands(rules) if rule.range == "N4:N19"]
    assert current[2] == FormatRule(
        "Register",
        "N4:N19",
        "AND(ISNUMBER(N4),N4>=14,N4<=19)",
        fill="FFC000",
        font_color="000000",
        bold=True,
        border="thin",
        kind="band",
    )
    assert [rule.fill for rule in current] == ["92D050", "FFFF00", "FFC000", "FF0000", "C00000"]


def test_the_current_rating_above_tolerance_is_bold_with_a_border() -> None:
    def bold(**settings: Any) -> list[tuple[str, str]]:
        rules = preview_rows(published_rows(), stated(**settings)).formats
        assert all((rule.border == "thin") is bool(rule.bold) for rule in rules)
        assert all(rule.range == "N4:N19" for rule in rules if rule.bold)
        return [(rule.fill or "", rule.formula) for rule in rules if rule.bold]

    assert [fill for fill, _ in bold()] == ["FFC000", "FF0000", "C00000"]
    # 13 is itself above an inclusive tolerance, so the yellow band is cut in two.
    assert bold(tolerance_inclusive=True)[0] == ("FFFF00", "AND(ISNUMBER(N4),N4>=13,N4<=13)")
    assert len(bold(tolerance_inclusive=True)) == 4


def test_a_scheme_with_a_tolerance_and_no_bands_still_shows_what_is_above_it() -> None:
    product = [small_row(f"R{n}", n, n, n * n) for n in (1, 2, 3, 4, 5)]
    settings = Settings(scoring="product", tolerance=12)
    (rule,) = preview_rows(product, settings).formats
    assert (rule.formula, rule.bold, rule.fill) == ("AND(ISNUMBER(D4),D4>12)", True, None)


def test_rules_come_in_full_and_the_same_every_time() -> None:
    assert preview_rows(published_rows()).formats == preview_rows(published_rows()).formats


def test_no_rule_spans_two_columns_of_a_form() -> None:
    book, search = forms_book()
    rules = preview_registers(book, KNOWN_BANDS, AS_OF, search).formats
    assert {(rule.sheet, rule.range) for rule in rules} == {("SR1.1", "B4"), ("SR1.2", "B4")}
    for rule in rules:
        assert len({part.left for part in parse_ranges(rule.range)}) == 1


def test_forms_below_each_other_share_a_rule_over_their_cells() -> None:
    book, search = forms_book()
    layout = search.layouts[0]
    first = layout.records[0]
    second = type(first)({name: (row + 10, col) for name, (row, col) in first.cells.items()})
    both = type(layout)(layout.kind, layout.sheet, "form", layout.headings, [first, second])
    sheet = list(book.rows["SR1.1"])
    sheet += [[]] * (10 - len(sheet)) + [["Ref", "SR1.2"], ["L", 2], ["I", 3], ["R", 9]]
    book.rows["SR1.1"] = sheet
    rules = preview_registers(book, KNOWN_BANDS, AS_OF, type(search)((both,))).formats
    assert {rule.range for rule in rules} == {"B4 B14"}
    assert rules[0].formula == "AND(ISNUMBER(B4),B4>=1,B4<=6)"


def test_a_column_of_numbers_in_text_is_tested_as_numbers() -> None:
    rules = preview_rows(rows("1", "5", 13, 21, 25)).formats
    assert rules[1].formula == "AND(IFERROR(VALUE(D4),0)>=7,IFERROR(VALUE(D4),0)<=13)"


def test_a_column_of_labels_is_tested_by_the_number_in_them() -> None:
    rules = preview_rows(rows("Low (1)", "5 - Low", 13, 21, 25)).formats
    assert rules[0].formula.startswith("AND(IFERROR(VALUE(D4),IFERROR(VALUE(MID(D4,FIND(")


def test_a_column_of_levels_in_words_is_coloured_by_word() -> None:
    rules = preview_rows(rows("Low", "Low", "Medium", "High", "Critical")).formats
    assert [rule.formula for rule in bands(rules)][:2] == ['D4="Low"', 'D4="Medium"']


def own(*rules: tuple[str, str, str]) -> dict[str, list[FormatRange]]:
    return {
        "Register": [
            FormatRange("Register", (Range.parse(where),), kind, False, formula)
            for where, kind, formula in rules
        ]
    }


def with_rules(*rules: tuple[str, str, str]) -> Any:
    book, search = make_book(rows(*RIGHT))
    book.rules = own(*rules)
    return preview_registers(book, KNOWN_BANDS, AS_OF, search)


def test_where_the_office_has_band_rules_none_are_added_and_it_is_said() -> None:
    found = with_rules(("D1:D100", "cellIs", "13"), ("D1:D100", "cellIs", "19"))
    assert found.formats == ()
    assert found.reports[0].remarks == (
        "rated by the built-in matrix of 1 to 25",
        "Register: current rating cells already have the office's own colours; none added",
    )
    assert with_rules(("D4:D8", "colorScale", "")).formats == ()


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [("D4:D8", "cellIs", "13")],
        [("A1:Z99", "expression", "MOD(ROW(),2)=0"), ("A1:Z99", "expression", "MOD(ROW(),2)=1")],
        [("D4:D5", "cellIs", "13"), ("D4:D5", "cellIs", "19")],
        [("D4:D8", "dataBar", ""), ("D4:D8", "iconSet", "")],
        [("C4:C8", "cellIs", "3"), ("C4:C8", "cellIs", "4")],
    ],
)
def test_rules_that_are_no_bands_of_these_cells_do_not_keep_ours_away(rules: Any) -> None:
    found = with_rules(*rules)
    assert len(bands(found.formats)) == 5
    assert found.reports[0].remarks == ("rated by the built-in matrix of 1 to 25",)


def test_our_own_rules_are_not_the_offices() -> None:
    book, search = make_book(rows(*RIGHT))
    ours = [FormatRange("Register", (Range.parse("D4:D8"),), "band", True, "x")] * 5
    book.rules = {"Register": ours}
    assert len(preview_registers(book, KNOWN_BANDS, AS_OF, search).formats) == 5


def test_text_on_a_colour_is_black_or_white_whichever_reads_better() -> None:
    assert readable_on("C00000") == "FFFFFF"
    assert readable_on("FFFF00") == "000000"
    assert readable_on("000000") == "FFFFFF"
    assert readable_on("92D050") == "000000"


def test_colours_come_from_settings() -> None:
    rules = preview_rows(published_rows(), stated(colors={"green": "00B050"})).formats
    assert rules[0].fill == "00B050"
