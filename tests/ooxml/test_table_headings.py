"""A table's heading changes in its cell and its column at once, or is refused in words."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import pytest
from applied import apply_to, put, text_of
from handmade import BOOK, BOOK_RELS, MAIN, MAKERS, SHEET, Parts, a_table, rels, swap, write_package
from openpyxl import load_workbook
from plain_book import BOOK_LINKS
from written import by_openpyxl

from xlgov.changes import CellChange, ChangeSet, Formula, NewValue, RichText, TextRun
from xlgov.errors import EditError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.reader import open_workbook
from xlgov.ooxml.tables import heading_obstacle

TABLE = "xl/tables/table1.xml"
TABLE_RELS = "xl/tables/_rels/table1.xml.rels"
SAME = "Risk & owner"


def with_formula(formula: str) -> Parts:
    """The table, and a formula in a cell of its sheet."""
    return swap(a_table(), SHEET, ("<f>A2*2</f>", f"<f>{formula}</f>"))


def renamed(parts: Parts, heading: str) -> Parts:
    return swap(parts, TABLE, ('name=" Likelihood "', f'name="{heading}"'))


def test_the_cell_and_the_column_change_together(tmp_path: Path) -> None:
    after = apply_to(tmp_path, a_table(), put("B1", 'Mar-18 "<&>"'))
    sheet = load_workbook(tmp_path / "after.xlsx")["Register"]
    assert sheet["B1"].value == 'Mar-18 "<&>"'
    assert sheet.tables["T"].tableColumns[1].name == 'Mar-18 "<&>"'
    before = a_table()[TABLE].decode()
    new = 'name="Mar-18 &quot;&lt;&amp;&gt;&quot;"'
    assert after[TABLE] == before.replace('name=" Likelihood "', new)
    assert apply_to(tmp_path, a_table(), put("B2", 1))[TABLE] == before


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Mar-18\nactual", "Mar-18_x000a_actual"),
        ("a_x0041_", "a_x005F_x0041_"),
        ("a\tb", "a_x0009_b"),
        (RichText((TextRun("Mar", bold=True), TextRun("-18"))), "Mar-18"),
        ("=1+1", "=1+1"),
    ],
    ids=str,
)
def test_a_heading_is_escaped_as_excel_does(tmp_path: Path, value: NewValue, written: str) -> None:
    after = apply_to(tmp_path, a_table(), put("B1", value))
    assert f'name="{written}"' in after[TABLE]
    with open_workbook(tmp_path / "after.xlsx") as workbook:
        assert workbook.grid("Register").value(1, 2) == str(value)


def test_months_that_move_along_take_each_others_names(tmp_path: Path) -> None:
    changes = ChangeSet(
        cells=(
            CellChange("Register", "A1", None, " Likelihood "),
            CellChange("Register", "B1", None, SAME),
        )
    )
    after = apply_to(tmp_path, a_table(), changes)
    assert after[TABLE].index('" Likelihood "') < after[TABLE].index('"Risk &amp; owner"')
    first = (tmp_path / "after.xlsx").read_bytes()
    apply_changes(changes, tmp_path / "after.xlsx")
    assert (tmp_path / "after.xlsx").read_bytes() == first


def test_the_heading_that_stands_may_be_written_again(tmp_path: Path) -> None:
    parts = with_formula(f"SUM(T[{SAME.replace('&', '&amp;')}])")
    assert apply_to(tmp_path, parts, put("A1", SAME))[TABLE] == parts[TABLE].decode()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (42795, "allows only text"),
        (True, "allows only text"),
        (date(2018, 3, 1), "allows only text there: write a number or a date as text"),
        (Formula("A2"), "allows only text"),
        (None, "cannot be blank"),
        ("  ", "cannot be blank"),
        ("x" * 256, "longer than the 255 letters"),
        ("RISK & owner", "a second heading 'RISK & owner' of the table 'T'"),
    ],
    ids=str,
)
def test_what_no_heading_can_be_is_refused(tmp_path: Path, value: NewValue, said: str) -> None:
    path = write_package(tmp_path / "book.xlsx", a_table())
    with pytest.raises(EditError, match=f"Register!B1 .*{said}"):
        apply_changes(put("B1", value), path)
    with open_workbook(path) as workbook:
        assert said in str(heading_obstacle(workbook, "Register", "B1", value))


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(T[Likely])",
        "SUM(t[likely])",
        "T[[#This Row],[Likely]]*2",
        "SUM(T[[Other]:[Likely]])",
        "T[@Likely]",
        "[@Likely]",
        'INDIRECT("T[Likely]")',
    ],
)
def test_a_formula_that_uses_the_old_name_is_named(tmp_path: Path, formula: str) -> None:
    parts = renamed(with_formula(formula), "Likely")
    said = "Register!B1 is a heading of the table 'T' that the formula in Register!B2 uses"
    with pytest.raises(EditError, match=said):
        apply_to(tmp_path, parts, put("B1", "Month"))


@pytest.mark.parametrize(
    ("heading", "formula"),
    [
        ("A [b]", "SUM(T[A '[b']])"),
        ("it's #1", "T[[#This Row],[it''s '#1]]"),
        ("p &amp; q", "SUM(T[p &amp; q])"),
        ("Zählung", "SUM(T[Zählung])"),
        ("two_x000a_lines", "SUM(T[two\nlines])"),
    ],
)
def test_so_is_one_with_a_name_of_special_letters(
    tmp_path: Path, heading: str, formula: str
) -> None:
    with pytest.raises(EditError, match="the formula in Register!B2 uses"):
        apply_to(tmp_path, renamed(with_formula(formula), heading), put("B1", "Month"))


@pytest.mark.parametrize(
    "formula",
    ["SUM(Other[Likely])", "SUM(T[Likely too])", "SUM(T[Un,Likely])", "Likely+1", "[1]Likely!A1"],
)
def test_a_formula_that_uses_another_name_is_no_obstacle(tmp_path: Path, formula: str) -> None:
    parts = renamed(with_formula(formula), "Likely")
    assert 'name="Month"' in apply_to(tmp_path, parts, put("B1", "Month"))[TABLE]


def test_a_text_that_looks_like_a_use_is_no_obstacle(tmp_path: Path) -> None:
    parts = swap(renamed(a_table(), "Likely"), SHEET, ("in line", "T[Likely]"))
    assert 'name="Month"' in apply_to(tmp_path, parts, put("B1", "Month"))[TABLE]


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (BOOK, "Register!$A$1", "T[Likely]", "the name 'Top' uses"),
        (TABLE, '<tableColumn id="2" name="Likely"/>', '<tableColumn id="2" name="Likely">'
         "<calculatedColumnFormula>T[[#This Row],[Likely]]</calculatedColumnFormula>"
         "</tableColumn>", "a column of the table 'T' uses"),
        (SHEET, "</sheetData>", '</sheetData><dataValidations><dataValidation sqref="A9">'
         '<formula1>INDIRECT("T[Likely]")</formula1></dataValidation></dataValidations>',
         "a format or validation of the sheet 'Register' uses"),
        (TABLE, ' displayName="T"', ' displayName="T" tableType="queryTable"', "a query fills"),
    ],
    ids=["a name", "a calculated column", "a validation", "a query"],
)  # fmt: skip
def test_other_uses_are_named(tmp_path: Path, part: str, old: str, new: str, said: str) -> None:
    parts = swap(renamed(a_table(), "Likely"), part, (old, new))
    with pytest.raises(EditError, match=said):
        apply_to(tmp_path, parts, put("B1", "Month"))


def test_a_query_behind_the_table_is_named(tmp_path: Path) -> None:
    parts = {**a_table(), TABLE_RELS: rels(("queryTable", "../queryTables/queryTable1.xml"))}
    with pytest.raises(EditError, match="a query fills by its name"):
        apply_to(tmp_path, parts, put("B1", "Month"))


def with_book_part(kind: str, name: str, content: str) -> Parts:
    parts = renamed(a_table(), "Likely")
    return {**parts, BOOK_RELS: rels(*BOOK_LINKS, (kind, name)), f"xl/{name}": content.encode()}


@pytest.mark.parametrize(
    ("source", "is_refused"),
    [
        ('name="T"', True),
        ('ref="A1:B5" sheet="Register"', True),
        ('ref="A1:B5" sheet="Elsewhere"', False),
        ('name="Other"', False),
    ],
)
def test_a_pivot_table_that_shows_the_column_is_named(
    tmp_path: Path, source: str, is_refused: bool
) -> None:
    content = (
        f'<pivotCacheDefinition xmlns="{MAIN}"><cacheSource><worksheetSource {source}/>'
        '</cacheSource><cacheFields><cacheField name="Likely"/></cacheFields>'
        "</pivotCacheDefinition>"
    )
    parts = with_book_part("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", content)
    if is_refused:
        with pytest.raises(EditError, match="a pivot table shows by its name 'Likely'"):
            apply_to(tmp_path, parts, put("B1", "Month"))
    else:
        assert 'name="Month"' in apply_to(tmp_path, parts, put("B1", "Month"))[TABLE]
    assert 'name="Month"' in apply_to(tmp_path, parts, put("A1", "Month"))[TABLE]


@pytest.mark.parametrize(("number", "is_refused"), [("1", True), ("2", False)])
def test_a_slicer_on_the_column_is_named(tmp_path: Path, number: str, is_refused: bool) -> None:
    content = (
        f'<slicerCacheDefinition xmlns="{MAIN}" sourceName="Likely"><extLst><ext '
        f'xmlns:x15="urn:x15"><x15:tableSlicerCache tableId="{number}" column="2"/></ext></extLst>'
        "</slicerCacheDefinition>"
    )
    parts = with_book_part("slicerCache", "slicerCaches/slicerCache1.xml", content)
    if is_refused:
        with pytest.raises(EditError, match="a slicer filters by its name 'Likely'"):
            apply_to(tmp_path, parts, put("B1", "Month"))
    else:
        assert apply_to(tmp_path, parts, put("B1", "Month"))


def test_columns_that_do_not_fit_the_range_are_refused(tmp_path: Path) -> None:
    parts = swap(a_table(), TABLE, ('ref="A1:B5"', 'ref="A1:C5"'))
    with pytest.raises(EditError, match="do not fit its range"):
        apply_to(tmp_path, parts, put("B1", "Month"))


def test_a_table_without_headings_has_none_to_change(tmp_path: Path) -> None:
    parts = MAKERS["a table without headings"]()
    assert apply_to(tmp_path, parts, put("B1", 5))[TABLE] == parts[TABLE].decode()


def test_what_is_no_heading_has_no_obstacle(tmp_path: Path) -> None:
    path = write_package(tmp_path / "book.xlsx", with_formula("SUM(T[ Likelihood ])"))
    with open_workbook(path) as workbook:
        assert heading_obstacle(workbook, "Register", "B2", 5) is None
        assert heading_obstacle(workbook, "Register", "A1", "Month") is None
        assert "uses by its name" in str(heading_obstacle(workbook, "Register", "B1", "Month"))
        assert not workbook.parts.replaced


def test_a_table_by_another_writer(tmp_path: Path) -> None:
    path = by_openpyxl(tmp_path / "book.xlsx")
    before = text_of(path)
    apply_changes(ChangeSet(cells=(CellChange("Table", "B1", "two", "Mar-18"),)), path)
    after = text_of(path)
    assert {name for name in after if after[name] != before[name]} == {
        "xl/tables/table1.xml", "xl/worksheets/sheet2.xml"
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = load_workbook(path)["Table"]
    assert [each.name for each in sheet.tables["T"].tableColumns] == ["one", "Mar-18"]
    assert sheet["B1"].value == "Mar-18"
