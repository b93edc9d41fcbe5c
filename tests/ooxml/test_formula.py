"""A formula that moves reads as a copy in Excel would."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator, TranslatorError

from xlgov.ooxml.formula import moved


@pytest.mark.parametrize(
    ("formula", "copied"),
    [
        ("A1+$B$2+C$3+$D4", "B3+$B$2+D$3+$D6"),
        ("SUM(A1:B2,A:A,$A:B,3:3,$3:4)", "SUM(B3:C4,B:B,$A:C,5:5,$3:6)"),
        ("A1:INDEX(A:A,5)", "B3:INDEX(B:B,5)"),
        ("OFFSET(A1,1,1):B2", "OFFSET(B3,1,1):C4"),
        ("SUM(A1#)+@B1", "SUM(B3#)+@C3"),
        ("'Q1 A1'!A1+'it''s B2'!B2+Sheet1!C1", "'Q1 A1'!B3+'it''s B2'!C4+Sheet1!D3"),
        ("Q1!A1+Jan:Dec!A1", "Q1!B3+Jan:Dec!B3"),
        ("Sheet1:Sheet3!A1", "Sheet1:Sheet3!B3"),
        ("[1]Sheet1!A1+'[A1.xlsx]B2'!C3", "[1]Sheet1!B3+'[A1.xlsx]B2'!D5"),
        ("Table1[Q1]+Table1[[#This Row],[A1]]", "Table1[Q1]+Table1[[#This Row],[A1]]"),
        ("T[a'[A1]+T['] A1]+A1", "T[a'[A1]+T['] A1]+B3"),
        ('"A1 ""B1"" "&A1', '"A1 ""B1"" "&B3'),
        ("LOG10(A1)+ATAN2(A1,B1)+_xlfn.BASE(A1,2)", "LOG10(B3)+ATAN2(B3,C3)+_xlfn.BASE(B3,2)"),
        ("rate_A1+A1_rate+A1.x+x.A1+é1+Zürich1", "rate_A1+A1_rate+A1.x+x.A1+é1+Zürich1"),
        ("ZZZ1+A99999999+1E5+2.5E3", "ZZZ1+A99999999+1E5+2.5E3"),
        ("{1,2;3,4}*A1%", "{1,2;3,4}*B3%"),
        ("IF(A1<>B1,#N/A,#REF!)", "IF(B3<>C3,#N/A,#REF!)"),
        ("a1+b$2", "B3+C$2"),
        ("A1 B1:C2", "B3 C3:D4"),
    ],
)  # fmt: skip
def test_a_formula_two_rows_down_and_one_to_the_right(formula: str, copied: str) -> None:
    assert moved(formula, 2, 1) == copied


@pytest.mark.parametrize(
    ("formula", "rows", "columns"),
    [("A1", -1, 0), ("A1", 0, -1), ("XFD1", 0, 1), ("A1048576", 1, 0), ("1:1", -1, 0),
     ("A:A", 0, -1)],
)  # fmt: skip
def test_a_reference_that_would_leave_the_sheet_is_an_error(
    formula: str, rows: int, columns: int
) -> None:
    with pytest.raises(ValueError, match="outside"):
        moved(formula, rows, columns)


pieces = st.sampled_from([
    "A1", "$B2", "C$3", "$D$4", "AA10:AB11", "5", "2.5", '"A1"', "SUM(", "LOG10(", ")", "+", "*",
    ",", "<=", "Sheet1!A1", "'A B'!C3", "T[A1]", "A:B", "$A:$B", "3:4", " ", "name_1", "TRUE",
])  # fmt: skip


@given(st.lists(pieces, max_size=8), st.integers(-3, 5), st.integers(-3, 5))
def test_simple_formulas_move_as_another_translator_moves_them(
    parts: list[str], rows: int, columns: int
) -> None:
    formula = "+".join(parts)
    assume(formula.count("(") == formula.count(")") == 0)
    try:
        other = Translator("=" + formula, "J10").translate_formula(
            row_delta=rows, col_delta=columns
        )
    except (TranslatorError, ValueError, IndexError):
        return
    assert moved(formula, rows, columns) == other[1:]


@given(st.text(st.sampled_from("A1$:!'\"[]()+,#é_. "), max_size=20))
def test_no_movement_changes_nothing_and_nothing_breaks(formula: str) -> None:
    assert moved(formula, 0, 0).upper() == formula.upper()
