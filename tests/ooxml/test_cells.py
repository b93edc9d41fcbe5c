"""What a cell looks like after an edit, letter by letter."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from applied import apply_to, cell, put, row, styled
from handmade import MAKERS, SHEET, plain, swap

from xlgov.changes import CellChange, ChangeSet, Formula, RichText, TextRun
from xlgov.errors import EditError
from xlgov.grid.cells import CellError
from xlgov.ooxml.cell import parsed_value, typed_value
from xlgov.ooxml.markup import escape_text, unescape_text
from xlgov.ooxml.names import absolute
from xlgov.ooxml.scan import ParsedCell, Span


class Level(IntEnum):
    HIGH = 5


class Measured(float):
    """A number that shows itself in another way, as those of numpy do."""

    def __repr__(self) -> str:
        return f"measured({float(self)})"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (9, '<c r="A7"><v>9</v></c>'),
        (-0.1, '<c r="A7"><v>-0.1</v></c>'),
        (0.1 + 0.2, '<c r="A7"><v>0.30000000000000004</v></c>'),
        (1e300, '<c r="A7"><v>1e+300</v></c>'),
        (10**15 + 1, '<c r="A7"><v>1000000000000001.0</v></c>'),
        (2**53 + 1, '<c r="A7"><v>9007199254740992.0</v></c>'),
        (Level.HIGH, '<c r="A7"><v>5</v></c>'),
        (Measured(2.5), '<c r="A7"><v>2.5</v></c>'),
        (True, '<c r="A7" t="b"><v>1</v></c>'),
        (None, '<c r="A7"/>'),
        ("00123", '<c r="A7" t="inlineStr"><is><t>00123</t></is></c>'),
        ("=1+1", '<c r="A7" t="inlineStr"><is><t>=1+1</t></is></c>'),
        ("@SUM(A1)", '<c r="A7" t="inlineStr"><is><t>@SUM(A1)</t></is></c>'),
        ("a<b> & c", '<c r="A7" t="inlineStr"><is><t>a&lt;b&gt; &amp; c</t></is></c>'),
        (" x ", '<c r="A7" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>'),
        ("a\nb", '<c r="A7" t="inlineStr"><is><t xml:space="preserve">a\nb</t></is></c>'),
        ("a\r\nb", '<c r="A7" t="inlineStr"><is><t xml:space="preserve">a_x000D_\nb</t></is></c>'),
        ("a\x0bb", '<c r="A7" t="inlineStr"><is><t>a_x000B_b</t></is></c>'),
        ("_x0041_", '<c r="A7" t="inlineStr"><is><t>_x005F_x0041_</t></is></c>'),
        ("😀", '<c r="A7" t="inlineStr"><is><t>😀</t></is></c>'),
        ("", '<c r="A7" t="inlineStr"><is><t></t></is></c>'),
        (Formula("A2*2"), '<c r="A7"><f>A2*2</f></c>'),
        (Formula("=A2*2", 6), '<c r="A7"><f>A2*2</f><v>6</v></c>'),
        (Formula('"a"&B1', "a<"), '<c r="A7" t="str"><f>"a"&amp;B1</f><v>a&lt;</v></c>'),
        (Formula("A2>1", True), '<c r="A7" t="b"><f>A2&gt;1</f><v>1</v></c>'),
        (
            RichText((TextRun("was ", strike=True), TextRun("is", color="ff0000", font="A&'\""))),
            '<c r="A7" t="inlineStr"><is><r><rPr><strike/></rPr><t xml:space="preserve">was </t>'
            '</r><r><rPr><rFont val="A&amp;&apos;&quot;"/><color rgb="FFFF0000"/></rPr><t>is</t>'
            "</r></is></c>",
        ),
    ],
    ids=repr,
)
def test_a_value_is_written_so(tmp_path: Path, value: Any, written: str) -> None:
    assert cell(apply_to(tmp_path, plain(), put("A7", value)), "A7") == written


def test_a_cell_keeps_its_style_and_its_other_attributes(tmp_path: Path) -> None:
    parts = swap(plain(), SHEET, ('<c r="A2" s="1">', '<c r="A2" s="1" ph="1" cm="2" vm="3">'))
    after = apply_to(tmp_path, parts, put("A2", "text"))
    assert cell(after, "A2") == ('<c r="A2" s="1" ph="1" t="inlineStr"><is><t>text</t></is></c>')


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("C1", '<c r="C1" s="1"><v>1</v></c>'),  # as its column shows it
        ("B4", '<c r="B4" s="2"><v>1</v></c>'),  # as its row shows it
        ("B3", '<c r="B3" s="1"><v>1</v></c>'),
        ("F9", '<c r="F9"><v>1</v></c>'),
    ],
)
def test_a_new_cell_looks_as_its_place_did(tmp_path: Path, address: str, written: str) -> None:
    assert cell(apply_to(tmp_path, plain(), put(address, 1)), address) == written


def test_a_new_cell_comes_in_order_and_spans_and_dimension_stay_true(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), put("F2", 1))
    assert '<v>#DIV/0!</v></c><c r="F2"><v>1</v></c></row>' in after[SHEET]
    assert row(after, 2) == '<row r="2" spans="1:6" ht="30" customHeight="1">'
    assert '<dimension ref="A1:F7"/>' in after[SHEET]


def test_a_new_row_comes_in_order(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), put("A3", 1))
    assert '</row><row r="3"><c r="A3"><v>1</v></c></row><row r="4"' in after[SHEET]
    first = apply_to(tmp_path, MAKERS["a sheet without rows"](), put("C3", 1))
    assert '<sheetData><row r="3"><c r="C3" s="1"><v>1</v></c></row></sheetData>' in first[SHEET]


def test_blanking_what_is_blank_makes_no_cell(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), put("F20", None))
    assert after[SHEET] == plain()[SHEET].decode()


@pytest.mark.parametrize(
    ("value", "serial", "date_1904"),
    [
        (date(2017, 2, 6), "42772", False),
        (date(2017, 2, 6), "41310", True),
        (date(1900, 1, 5), "5", False),
        (date(1900, 2, 28), "59", False),
        (date(1900, 3, 1), "61", False),
        (date(1904, 1, 1), "0", True),
        (datetime(2017, 2, 6, 18), "42772.75", False),
        (datetime(2017, 2, 6, 18, tzinfo=UTC), "42772.75", False),
    ],
)
def test_a_date_is_a_serial_number_in_a_date_format(
    tmp_path: Path, value: date, serial: str, date_1904: bool
) -> None:
    parts = MAKERS["dates of 1904"]() if date_1904 else plain()
    after = apply_to(tmp_path, parts, put("A7", value))
    assert cell(after, "A7") == f'<c r="A7" s="3"><v>{serial}</v></c>'
    code = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
    assert f'formatCode="{code}"' in after["xl/styles.xml"]


def test_a_date_in_a_cell_that_shows_dates_keeps_its_format(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), put("A5", date(2018, 5, 10)))
    assert cell(after, "A5") == '<c r="A5" s="2"><v>43230</v></c>'
    assert after["xl/styles.xml"] == plain()["xl/styles.xml"].decode()


@pytest.mark.parametrize(
    "value",
    [
        "x" * 32_768,
        "😀" * 16_384,
        "half \ud83d",
        float("nan"),
        float("inf"),
        10**400,
        date(1899, 12, 30),
        Formula(""),
        Formula("A1\x01"),
        Formula("A" * 8193),
        Formula("A1", float("nan")),
        Formula("A1", "x" * 32_768),
        Formula("A1", b"bytes"),  # type: ignore[arg-type]
        RichText((TextRun("a", color="red"),)),
        RichText((TextRun("a", size=-1),)),
        RichText((TextRun("a", font="x\x00"),)),
        b"bytes",
        [1],
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_no_cell_can_hold_is_refused_and_names_the_cell(tmp_path: Path, value: Any) -> None:
    with pytest.raises(EditError, match="Register!A7"):
        apply_to(tmp_path, plain(), put("A7", value))
    assert not (tmp_path / "after.xlsx").exists()


def test_a_date_before_1904_is_refused_where_dates_begin_then(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="1 January 1904"):
        apply_to(tmp_path, MAKERS["dates of 1904"](), put("A7", date(1903, 12, 31)))


def test_all_that_is_refused_is_said_at_once(tmp_path: Path) -> None:
    changes = ChangeSet(
        cells=(
            CellChange("Register", "A1", None, "x" * 40_000),
            CellChange("Register", "7A", None, 1),
            CellChange("Regster", "A1", None, 1),
            CellChange("Register", "B2", None, 1),
            CellChange("Register", "B2", None, 2),
        ),
        styles=styled("A1", fill="red").styles,
    )
    with pytest.raises(EditError) as refused:
        apply_to(tmp_path, plain(), changes)
    said = str(refused.value)
    for part in ("32,767", "7A", "no worksheet 'Regster'; the workbook has Register",
                 "B2 is given two different values", "'red' is not of the form"):  # fmt: skip
        assert part in said


# Cells that stand for more than themselves


def test_a_cell_of_a_merged_range_goes_to_the_first_one(tmp_path: Path) -> None:
    after = apply_to(tmp_path, MAKERS["merged ranges"](), put("D4", 8))
    assert cell(after, "C2") == '<c r="C2"><v>8</v></c>'
    assert cell(after, "D4") == ""


def test_many_changes_among_many_merged_ranges_do_not_take_long(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="C{n}:D{n + 1}"/>' for n in range(10, 9000, 2))
    parts = swap(plain(), SHEET, ("</sheetData>", f"</sheetData><mergeCells>{merges}"
                 '<mergeCell ref="F1:G1048576"/></mergeCells>'))  # fmt: skip
    changes = ChangeSet(
        cells=tuple(
            CellChange("Register", f"{column}{n}", None, n)
            for n in range(10, 9000, 2)
            for column in "ABD"
        )
        + put("G77", 5).cells
    )
    started = time.process_time()
    after = apply_to(tmp_path, parts, changes)
    assert time.process_time() - started < 5
    assert cell(after, "C10") == '<c r="C10" s="1"><v>10</v></c>'
    assert cell(after, "F1") == '<c r="F1"><v>5</v></c>'


def test_two_values_for_one_merged_range_are_refused(tmp_path: Path) -> None:
    changes = ChangeSet(cells=(*put("D4", 8).cells, *put("C2", 9).cells))
    with pytest.raises(EditError, match="D4 lies in a merged range whose first cell C2"):
        apply_to(tmp_path, MAKERS["merged ranges"](), changes)


@pytest.mark.parametrize(("address", "said"), [
    ("B1", "B1 is part of an array formula over B1:B3"),
    ("B3", "B3 is part of an array formula over B1:B3"),
    ("G4", "G4 is part of a data table over F3:G4"),
])  # fmt: skip
def test_a_part_of_an_array_is_refused(tmp_path: Path, address: str, said: str) -> None:
    with pytest.raises(EditError, match=said):
        apply_to(tmp_path, MAKERS["array formulas and data tables"](), put(address, 1))


def test_an_array_formula_of_one_cell_can_be_overwritten(tmp_path: Path) -> None:
    after = apply_to(tmp_path, MAKERS["array formulas and data tables"](), put("D1", 1))
    assert cell(after, "D1") == '<c r="D1"><v>1</v></c>'


def test_the_style_of_an_array_cell_may_change(tmp_path: Path) -> None:
    after = apply_to(tmp_path, MAKERS["array formulas and data tables"](), styled("B1", bold=True))
    assert '<c r="B1" cm="1" s="3"><f t="array" ref="B1:B3">' in after[SHEET]


def test_a_shared_formula_is_handed_to_its_cells_when_its_first_is_overwritten(
    tmp_path: Path,
) -> None:
    parts = MAKERS["shared formulas before and after their first cell"]()
    after = apply_to(tmp_path, parts, put("B2", 5))
    assert cell(after, "B2") == '<c r="B2"><v>5</v></c>'
    assert cell(after, "C1") == '<c r="C1"><f>SUM($A$1:B8)+Sheet2!C1</f><v>1</v></c>'
    assert cell(after, "B4") == '<c r="B4"><f>SUM($A$1:A11)+Sheet2!B4</f></c>'
    assert '<f t="shared" ref="D2:D3" si="1">' in cell(after, "D2")


def test_a_cell_that_uses_a_shared_formula_is_overwritten_alone(tmp_path: Path) -> None:
    parts = MAKERS["shared formulas before and after their first cell"]()
    after = apply_to(tmp_path, parts, put("C2", 5))
    assert '<f t="shared" ref="A1:C4" si="0">' in cell(after, "B2")
    assert cell(after, "C2") == '<c r="C2"><v>5</v></c>'


def test_a_shared_formula_that_cannot_be_moved_is_refused(tmp_path: Path) -> None:
    parts = swap(
        MAKERS["shared formulas before and after their first cell"](), SHEET, ("A9)", "A1)")
    )
    with pytest.raises(EditError, match="B2 shares its formula with C1, which would lose it"):
        apply_to(tmp_path, parts, put("B2", 5))


# Reading


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("n", "5", 5),
        ("n", "5.0", 5),
        ("n", "1E-2", 0.01),
        ("n", " 7 ", 7),
        ("n", "", None),
        ("n", "nan", "nan"),
        ("n", "1_000", "1_000"),
        ("n", "٣", "٣"),
        ("n", "1e999", "1e999"),
        ("n", "9" * 20, 1e20),
        ("b", "1", True),
        ("b", "true", True),
        ("b", "0", False),
        ("e", "#N/A", CellError("#N/A")),
        ("str", "a_x000D_\n", "a\r\n"),
        ("str", "", None),
        ("d", "2017-02-06", 42772),
        ("d", "2017-02-06T06:00:00Z", 42772.25),
        ("d", "0001-01-01", "0001-01-01"),
        ("d", "soon", "soon"),
        ("s", "-1", None),
        ("s", "²", None),
        ("unheard of", "x", "x"),
    ],
)
def test_a_value_is_read_so(kind: str, text: str, value: object) -> None:
    found = typed_value(kind, text)
    assert found == value
    assert type(found) is type(value)
    parsed, formula = parsed_value(ParsedCell(1, Span(1, 0, 0, 0, 0), {"t": kind}, value=text))
    assert (parsed, formula) == (value, False)


def test_a_date_of_iso_form_follows_the_workbooks_system() -> None:
    assert typed_value("d", "2017-02-06", date_1904=True) == 41310


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x00b", "a_x0000_b"),
        ("_x", "_x"),
        ("_x12", "_x12"),
        ("_xZZZZ_", "_xZZZZ_"),
        ("_x005F_", "_x005F_x005F_"),
        ("\ufffe", "_xFFFE_"),
    ],
)
def test_control_characters_and_what_looks_like_them_come_back(text: str, written: str) -> None:
    assert escape_text(text) == written
    assert unescape_text(written) == text


def test_a_range_is_made_absolute() -> None:
    assert (absolute("B2:F6"), absolute("C3")) == ("$B$2:$F$6", "$C$3")
