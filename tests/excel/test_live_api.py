"""Excel's own objects behind ``api``, above all the conditional formats and their active cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from com_conditions import subtract
from com_formulas import A1, R1C1, convert_formula, shift_formula
from live_files import save_live
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from typed_text import ComError

Live = Callable[..., Any]


@pytest.fixture
def book(tmp_path: Path, live: Live) -> Any:
    """Two rules on D5:D9, relative to D5, and A1 the active cell."""
    workbook: Any = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(5, 10):
        sheet.cell(row, 4, row)
    red = PatternFill(bgColor="FFFF0000")
    sheet.conditional_formatting.add("D5:D9", FormulaRule(["$C5>D5"], fill=red, font=Font(b=True)))
    sheet.conditional_formatting.add("D5:D9", CellIsRule("greaterThan", ["8"], stopIfTrue=True))
    workbook.save(tmp_path / "rules.xlsx")
    return live(tmp_path / "rules.xlsx", with_api=True)


def test_rules_of_the_file_are_there(book: Any) -> None:
    conditions = book.sheets[0].api.Cells.FormatConditions
    assert conditions.Count == 2
    first, second = conditions.Item(1), conditions(2)
    assert (first.Type, first.AppliesTo.Address) == (2, "$D$5:$D$9")
    assert (first.Interior.Color, first.Font.Bold, first.StopIfTrue) == (255, True, False)
    assert (second.Type, second.Operator, second.Formula1) == (1, 5, "=8")
    assert (second.Interior.Color, second.Interior.ColorIndex, second.StopIfTrue) == (
        None,
        None,
        True,
    )
    assert book.sheets[0]["A1"].api.FormatConditions.Count == 0
    with pytest.raises(ComError):
        conditions.Item(3)


def test_formulas_are_said_as_they_read_in_the_active_cell(book: Any) -> None:
    sheet = book.sheets[0]
    condition = sheet.api.Cells.FormatConditions.Item(1)
    assert condition.Formula1 == "=$C1>A1"
    sheet["D5"].select()
    assert condition.Formula1 == "=$C5>D5"
    sheet["B2"].select()
    assert condition.Formula1 == "=$C2>B2"
    book.sheets.add("Other")  # becomes the active sheet, with A1
    assert condition.Formula1 == "=$C1>A1"


def test_formulas_are_taken_as_they_read_in_the_active_cell(book: Any, tmp_path: Path) -> None:
    sheet = book.sheets[0]
    made = sheet["D5:D9"].api.FormatConditions.Add(Type=2, Formula1="=D5>1")
    save_live(book, tmp_path / "saved.xlsx")
    saved: Any = openpyxl.load_workbook(tmp_path / "saved.xlsx").active
    formulas = [rule.formula for each in saved.conditional_formatting for rule in each.rules]
    assert formulas == [["$C5>D5"], ["8"], ["G9>1"]]  # A1 was active, so D5 is 3 and 4 further
    assert made.Formula1 == "=D5>1"
    sheet["D5"].select()
    made = sheet["A1"].api.FormatConditions.Add(Type=2, Formula1="=A1=B1")
    sheet["A1"].select()
    assert made.Formula1 == "=XFB1048573=XFC1048573"


def test_an_added_rule_is_last_and_stops_until_it_is_told_otherwise(
    book: Any, tmp_path: Path
) -> None:
    sheet = book.sheets[0]
    made = sheet["D5:D9"].api.FormatConditions.Add(2, None, "=TRUE")
    assert (made.Priority, made.StopIfTrue) == (3, True)
    made.StopIfTrue = False
    made.Interior.Color = 0x9CEBFF
    made.Font.Color = 255
    made.NumberFormat = '0" !"'
    for side in (-4131, -4152, -4160, -4107):
        made.Borders(side).LineStyle = 1
    made.SetFirstPriority()
    assert made.Priority == 1
    with pytest.raises(ComError, match="thin"):
        made.Borders(-4131).Weight = 4
    save_live(book, tmp_path / "saved.xlsx")
    saved: Any = openpyxl.load_workbook(tmp_path / "saved.xlsx").active
    [ranges] = saved.conditional_formatting
    rules = sorted(ranges.rules, key=lambda rule: rule.priority)
    assert [rule.formula for rule in rules] == [["TRUE"], ["$C5>D5"], ["8"]]
    look = rules[0].dxf
    assert look.fill.bgColor.rgb == "FFFFEB9C"
    assert (look.font.color.rgb, look.numFmt.formatCode) == ("FFFF0000", '0" !"')
    assert look.border.left.style == "thin"


def test_rules_are_deleted_whole_or_from_a_part_of_their_range(book: Any) -> None:
    sheet = book.sheets[0]
    conditions = sheet.api.Cells.FormatConditions
    sheet["D5:D6"].api.FormatConditions.Delete()
    sheet["D7"].select()
    assert [each.AppliesTo.Address for each in conditions] == ["$D$7:$D$9"] * 2
    assert conditions.Item(1).Formula1 == "=$C7>D7"
    conditions.Item(2).Delete()
    assert conditions.Count == 1
    conditions.Item(1).ModifyAppliesToRange(sheet["D7,F7:F9"].api)
    assert conditions.Item(1).AppliesTo.Address == "$D$7,$F$7:$F$9"


def test_a_rectangle_less_another_keeps_every_other_cell() -> None:
    assert subtract([(1, 1, 3, 3)], [(2, 2, 2, 2)]) == [
        (1, 1, 1, 3),
        (3, 1, 3, 3),
        (2, 1, 2, 1),
        (2, 3, 2, 3),
    ]


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=A1+$A1+A$1+$A$1", "=B3+$A3+B$1+$A$1"),
        ("=SUM(A1:B2,'My sheet'!A1)", "=SUM(B3:C4,'My sheet'!B3)"),
        ('="A1"&A1', '="A1"&B3'),
        ("=A:A+1:1+$A:$A", "=B:B+3:3+$A:$A"),
        ("=XFD1048576", "=A2"),
        ("=LOG10(rating)", "=LOG10(rating)"),
    ],
)
def test_a_moved_formula_takes_its_relative_references_along(formula: str, moved: str) -> None:
    assert shift_formula(formula, 2, 1) == moved


def test_formulas_are_converted_relative_to_a_cell() -> None:
    assert convert_formula("=$C5>D5", A1, R1C1, None, (5, 4)) == "=RC3>RC"
    assert convert_formula("=RC3>R[1]C", R1C1, A1, None, (7, 4)) == "=$C7>D8"
    assert convert_formula("=A1", A1, A1, 1, (1, 1)) == "=$A$1"
    with pytest.raises(ComError, match="255"):
        convert_formula("=" + "+".join(["A1"] * 100), A1, R1C1, None, (1, 1))


def test_convert_formula_goes_by_the_active_cell(book: Any) -> None:
    book.sheets[0]["B2"].select()
    application = book.app.api
    assert application.ActiveCell.Address == "$B$2"
    assert application.ConvertFormula("=B2", 1, -4150) == "=RC"
    at = book.sheets[0]["A1"].api
    assert application.ConvertFormula("=RC", -4150, 1, RelativeTo=at) == "=A1"


def test_what_is_not_modelled_raises_and_takes_no_value(book: Any) -> None:
    sheet = book.sheets[0].api
    condition = sheet.Cells.FormatConditions.Item(1)
    for thing, name in [
        (sheet, "Shapes"),
        (sheet.Cells, "Hyperlinks"),
        (book.api, "VBProject"),
        (book.app.api, "CommandBars"),
        (condition, "PTCondition"),
        (condition.Font, "Size"),
    ]:
        with pytest.raises(AttributeError):
            getattr(thing, name)
        with pytest.raises(AttributeError):
            setattr(thing, name, 1)


def test_ranges_say_what_they_hold(book: Any) -> None:
    sheet = book.sheets[0]
    sheet["D4"].value = "'007"
    sheet["D3"].color = (255, 235, 156)
    cells = sheet["D3:D5"].api
    assert cells.Value2 == ((None,), ("007",), (5.0,))
    assert sheet["D4"].api.PrefixCharacter == "'"
    assert cells.HasFormula is False
    assert sheet["D3"].api.Interior.Color == 0x9CEBFF
    assert (cells.Interior.Color, cells.Interior.ColorIndex) == (0xFFFFFF, None)
    assert sheet["D5"].api.Interior.ColorIndex == -4142


def test_names_can_be_hidden(book: Any) -> None:
    book.api.Names.Add("xlgov_scoring", '="matrix"').Visible = False
    assert book.names["xlgov_scoring"].api.Visible is False
    assert book.names["xlgov_scoring"].refers_to == '="matrix"'


def test_a_long_address_ends_with_its_last_whole_area(book: Any) -> None:
    sheet = book.sheets[0]
    condition = sheet["A1"].api.FormatConditions.Add(2, None, "=TRUE")
    areas = [(row, 1, row, 1) for row in range(1, 200, 2)]
    condition._rule.areas = areas
    address = condition.AppliesTo.Address
    assert len(address) <= 255
    assert address.split(",")[-1] == "$A$85"
    assert condition.AppliesTo.Areas.Count == 100
