"""The workbook part: sheets of ours come and go, names, recalculation; all else stays."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from applied import apply_to, put, text_of
from handmade import (
    BOOK,
    BOOK_RELS,
    HEAD,
    MAIN,
    MAKERS,
    REL,
    SHEET,
    STYLES,
    TYPES,
    Parts,
    plain,
    rels,
    swap,
    types,
    with_chain,
    write_package,
)
from openpyxl import load_workbook
from written import by_openpyxl, features

from xlgov.changes import CellChange, ChangeSet, Formula, SheetChange, StyleChange
from xlgov.errors import EditError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.reader import open_workbook

OWN = SheetChange(
    "xlgov",
    [["Likelihood", 1, 2.5, True, None, "=1+1"], [], ["As of", date(2017, 2, 6)]],
    names=[("xlgov_scores", "B1:C1"), ("xlgov_day", "B3")],
    widths=(12, 8.5),
)
CHAIN = "xl/calcChain.xml"
APP = (
    f'{HEAD}<Properties xmlns="urn:app" xmlns:vt="urn:vt"><HeadingPairs><vt:vector size="4" '
    'baseType="variant"><vt:variant><vt:lpstr>Worksheets</vt:lpstr></vt:variant><vt:variant>'
    "<vt:i4>1</vt:i4></vt:variant><vt:variant><vt:lpstr>Named Ranges</vt:lpstr></vt:variant>"
    "<vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs><TitlesOfParts>"
    '<vt:vector size="2" baseType="lpstr"><vt:lpstr>Register</vt:lpstr><vt:lpstr>Top</vt:lpstr>'
    "</vt:vector></TitlesOfParts></Properties>"
)


def added(*sheets: SheetChange) -> ChangeSet:
    return ChangeSet(sheets=sheets)


def with_titles() -> Parts:
    links = (("officeDocument", "xl/workbook.xml"), ("extended-properties", "docProps/app.xml"))
    return {**plain(), "_rels/.rels": rels(*links), "docProps/app.xml": APP.encode()}


def two_more_sheets(parts: Parts) -> Parts:
    """With a chart sheet first and a hidden sheet last, and a name of each."""
    content = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
    parts = {
        **parts,
        "xl/worksheets/sheet2.xml": content,
        "xl/chartsheets/sheet1.xml": content.replace(b"worksheet", b"chartsheet"),
        TYPES: types(("/xl/worksheets/sheet2.xml", "application/x"),
                     ("/xl/chartsheets/sheet1.xml", "application/y")),
        BOOK_RELS: rels(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"),
                        ("sharedStrings", "sharedStrings.xml"),
                        ("worksheet", "worksheets/sheet2.xml"),
                        ("chartsheet", "chartsheets/sheet1.xml")),
    }  # fmt: skip
    return swap(
        parts,
        BOOK,
        ("<sheets>", '<sheets><sheet name="Chart" sheetId="9" r:id="rId5"/>'),
        ("</sheets>", '<sheet name="Lists" sheetId="4" state="hidden" r:id="rId4"/></sheets>'),
        ("</definedNames>", '<definedName name="Area" localSheetId="1">Register!$A$1</definedName>'
         '<definedName name="Area" localSheetId="2">Lists!$A$1</definedName></definedNames>'),
        ('activeTab="0"', 'activeTab="2" firstSheet="1"'),
    )  # fmt: skip


def sheets(parts: dict[str, str]) -> list[str]:
    return re.findall(r'<sheet name="([^"]*)"', parts[BOOK])


# Sheets of ours


def test_a_sheet_of_ours_is_the_last_and_never_the_active_one(tmp_path: Path) -> None:
    after = apply_to(tmp_path, two_more_sheets(plain()), added(OWN))
    assert sheets(after) == ["Chart", "Register", "Lists", "xlgov"]
    assert 'activeTab="2" firstSheet="1"' in after[BOOK]
    assert f'<sheet name="xlgov" sheetId="10" r:id="rId6" xmlns:r="{REL}"/></sheets>' in after[BOOK]
    assert "tabSelected" not in after["xl/worksheets/xlgov1.xml"]
    assert after[TYPES].count('PartName="/xl/worksheets/xlgov1.xml"') == 1


def test_what_a_sheet_of_ours_holds_is_read_by_others(tmp_path: Path) -> None:
    apply_to(tmp_path, plain(), added(OWN))
    book = load_workbook(tmp_path / "after.xlsx")
    sheet = book["xlgov"]
    assert [cell.value for cell in sheet[1]] == ["Likelihood", 1, 2.5, True, None, "=1+1"]
    assert sheet["F1"].data_type == "s"
    assert sheet["B3"].value.date() == date(2017, 2, 6)
    assert sheet.column_dimensions["B"].width == 8.5
    assert book.defined_names["xlgov_scores"].attr_text == "'xlgov'!$B$1:$C$1"
    assert book.active.title == "Register"


def test_a_hidden_sheet_with_a_formula_and_an_odd_name(tmp_path: Path) -> None:
    rows = [[1, Formula("A1*2", 2)]]
    own = SheetChange("xlgov it's <&>", rows, hidden=True, names=[("x_1", "A1")])
    apply_to(tmp_path, plain(), added(own))
    book = load_workbook(tmp_path / "after.xlsx")
    assert book.sheetnames[-1] == "xlgov it's <&>"
    assert book["xlgov it's <&>"].sheet_state == "hidden"
    assert book["xlgov it's <&>"]["B1"].value == "=A1*2"
    assert book.defined_names["x_1"].attr_text == "'xlgov it''s <&>'!$A$1"


def test_the_titles_in_the_properties_stay_true(tmp_path: Path) -> None:
    after = apply_to(tmp_path, with_titles(), added(OWN))
    titles = after["docProps/app.xml"]
    assert "<vt:i4>2</vt:i4>" in titles
    assert (
        '<vt:vector size="3" baseType="lpstr"><vt:lpstr>Register</vt:lpstr><vt:lpstr>xlgov'
        "</vt:lpstr><vt:lpstr>Top</vt:lpstr>"
    ) in titles


@pytest.mark.parametrize("maker", [plain, with_titles, lambda: two_more_sheets(with_titles()),
                                   MAKERS["a prefix in the relationships too"],
                                   MAKERS["strict namespaces"], MAKERS["no styles part"],
                                   MAKERS["pretty printed parts"]])  # fmt: skip
def test_a_sheet_added_and_removed_leaves_every_part_as_it_was(
    tmp_path: Path, maker: type[Parts]
) -> None:
    before = {name: raw.decode() for name, raw in maker().items()}
    plain_rows = SheetChange("xlgov", [["a", 1]], names=[("xlgov_a", "A1")])
    assert apply_to(tmp_path, maker(), added(plain_rows)) != before
    apply_changes(added(SheetChange("xlgov", remove=True)), tmp_path / "after.xlsx")
    assert text_of(tmp_path / "after.xlsx") == before


@pytest.mark.parametrize("writer", [features, by_openpyxl])
def test_so_it_is_in_the_workbooks_of_other_writers(tmp_path: Path, writer: object) -> None:
    path = writer(tmp_path / "made.xlsx")  # type: ignore[operator]
    before = text_of(path)
    apply_changes(added(SheetChange("xlgov", [[1]])), path)
    apply_changes(added(SheetChange("xlgov", remove=True)), path)
    assert text_of(path) == before


def test_a_sheet_of_ours_is_replaced_in_its_place(tmp_path: Path) -> None:
    apply_to(tmp_path, plain(), added(OWN))
    after = tmp_path / "after.xlsx"
    apply_changes(added(SheetChange("XLGOV", [["new"]], names=[("xlgov_day", "A1")])), after)
    book = load_workbook(after)
    assert book.sheetnames == ["Register", "xlgov"]
    assert book["xlgov"]["A1"].value == "new"
    assert book.defined_names["xlgov_day"].attr_text == "'XLGOV'!$A$1"


def test_cells_and_styles_can_be_written_into_a_new_sheet(tmp_path: Path) -> None:
    changes = ChangeSet(
        sheets=(OWN,),
        cells=(CellChange("xlgov", "A9", None, "later"),),
        styles=(StyleChange("xlgov", "A1", bold=True),),
    )
    apply_to(tmp_path, plain(), changes)
    sheet = load_workbook(tmp_path / "after.xlsx")["xlgov"]
    assert (sheet["A9"].value, sheet["A1"].font.b) == ("later", True)


def test_names_of_sheets_behind_a_removed_one_are_counted_anew(tmp_path: Path) -> None:
    apply_to(tmp_path, two_more_sheets(plain()), added(OWN))
    parts = {name: text.encode() for name, text in text_of(tmp_path / "after.xlsx").items()}
    listed = re.search(r"<sheet name=\"xlgov\"[^>]*/>", parts[BOOK].decode())
    assert listed is not None
    first = swap(
        parts,
        BOOK,
        (listed[0], ""),
        ("<sheets>", f"<sheets>{listed[0]}"),
        ('localSheetId="2"', 'localSheetId="3"'),
        ('localSheetId="1"', 'localSheetId="2"'),
        ('activeTab="2" firstSheet="1"', 'activeTab="3" firstSheet="0"'),
        ("</definedNames>", '<definedName name="Print_Area" localSheetId="0">xlgov!$A$1'
         "</definedName></definedNames>"),
    )  # fmt: skip
    path = write_package(tmp_path / "moved.xlsx", first)
    apply_changes(added(SheetChange("xlgov", remove=True)), path)
    assert text_of(path)[BOOK] == two_more_sheets(plain())[BOOK].decode().replace(
        'firstSheet="1"', 'firstSheet="0"'
    )


def test_the_visible_sheet_before_a_removed_active_one_becomes_active(tmp_path: Path) -> None:
    apply_to(tmp_path, two_more_sheets(plain()), added(OWN))
    parts = {name: text.encode() for name, text in text_of(tmp_path / "after.xlsx").items()}
    path = write_package(
        tmp_path / "active.xlsx", swap(parts, BOOK, ('activeTab="2"', 'activeTab="3"'))
    )
    apply_changes(added(SheetChange("xlgov", remove=True)), path)
    assert 'activeTab="1"' in text_of(path)[BOOK]  # Lists, at 2, is hidden


def test_removing_a_sheet_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    path = write_package(tmp_path / "before.xlsx", plain())
    assert apply_changes(added(SheetChange("xlgov", remove=True)), path) is False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (SheetChange("Register", [[1]]), "'Register' is not one of ours"),
        (SheetChange("Register", remove=True), "'Register' is not one of ours"),
        (SheetChange("xlgov/x", [[1]]), "cannot be called"),
        (SheetChange("xlgov " + "x" * 30, [[1]]), "cannot be called"),
        (SheetChange("xlgov'", [[1]]), "cannot be called"),
        (SheetChange("xlgov \x00", [[1]]), "cannot be called"),
        (SheetChange("xlgov", [["x" * 40_000]]), "xlgov!A1: the text has 40,000 characters"),
        (SheetChange("xlgov", [[float("nan")]]), "xlgov!A1: nan is no number"),
        (SheetChange("xlgov", [[1] * 16_385]), "16,385 columns"),
        (SheetChange("xlgov", [[1]], names=[("A1", "A1")]), "'A1' cannot be a defined name"),
        (SheetChange("xlgov", [[1]], names=[("a b", "A1")]), "'a b' cannot be a defined name"),
        (SheetChange("xlgov", [[1]], names=[("a", "nowhere")]), "'nowhere' is not a cell address"),
        (SheetChange("xlgov", [[1]], widths=[-1]), "0 to 255 wide"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sheet_that_cannot_be_is_refused(tmp_path: Path, change: SheetChange, said: str) -> None:
    with pytest.raises(EditError, match=re.escape(said)):
        apply_to(tmp_path, plain(), added(change))
    assert not (tmp_path / "after.xlsx").exists()


def test_a_chart_sheet_of_our_name_is_not_doubled(tmp_path: Path) -> None:
    parts = swap(MAKERS["a chart sheet first"](), BOOK, ('name="Chart"', 'name="xlgov"'))
    with pytest.raises(EditError, match="has a sheet 'xlgov' already, which is no worksheet"):
        apply_to(tmp_path, parts, added(OWN))


def test_the_only_visible_sheet_stays(tmp_path: Path) -> None:
    parts = swap(plain(), BOOK, ('name="Register"', 'name="xlgov"'))
    with pytest.raises(EditError, match="only visible one"):
        apply_to(tmp_path, parts, added(SheetChange("xlgov", remove=True)))


def test_a_sheet_number_beyond_the_last_is_not_given(tmp_path: Path) -> None:
    parts = swap(plain(), BOOK, ('sheetId="1"', 'sheetId="65534"'))
    after = apply_to(tmp_path, parts, added(OWN))
    assert 'name="xlgov" sheetId="1"' in after[BOOK]


# Names


def test_names_that_are_right_already_are_left_where_they_stand(tmp_path: Path) -> None:
    apply_to(tmp_path, plain(), added(OWN))
    parts = {name: text.encode() for name, text in text_of(tmp_path / "after.xlsx").items()}
    as_excel_saves = swap(parts, BOOK, ("'xlgov'!", "xlgov!"), ("<definedNames>", "<definedNames>"
                          '<definedName name="zz">1</definedName>'))  # fmt: skip
    path = write_package(tmp_path / "excel.xlsx", as_excel_saves)
    apply_changes(added(OWN), path)
    assert "xlgov!$B$1:$C$1" in text_of(path)[BOOK]
    assert text_of(path)[BOOK].count("<definedName ") == 4


def test_names_are_read(tmp_path: Path) -> None:
    path = write_package(tmp_path / "before.xlsx", two_more_sheets(plain()))
    with open_workbook(path) as book:
        assert book.names() == {"Top": "Register!$A$1"}
        assert [(each.name, each.state) for each in book.sheets] == [
            ("Register", "visible"), ("Lists", "hidden")
        ]  # fmt: skip


# Recalculation


@pytest.mark.parametrize(
    ("standing", "after"),
    [
        ('<calcPr calcId="191029"/>', '<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="0"/>', '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="true"/>', '<calcPr fullCalcOnLoad="true"/>'),
        ("", '<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_the_workbook_is_marked_to_recalculate(tmp_path: Path, standing: str, after: str) -> None:
    more = '<pivotCaches/><extLst><ext uri="{1}"/></extLst></workbook>'
    parts = swap(plain(), BOOK, ('<calcPr calcId="191029"/>', standing), ("</workbook>", more))
    found = apply_to(tmp_path, parts, put("A2", 4))[BOOK]
    assert f"</definedNames>{after}<pivotCaches/>" in found


def test_a_change_of_style_alone_asks_for_no_recalculation(tmp_path: Path) -> None:
    changes = ChangeSet(styles=(StyleChange("Register", "A2", bold=False),))
    assert apply_to(tmp_path, plain(), changes)[BOOK] == plain()[BOOK].decode()


@pytest.mark.parametrize(
    ("entries", "address", "left"),
    [
        ('<c r="C4" i="1" l="1"/><c r="B2"/>', "B2", '<c r="C4" i="1" l="1"/>'),
        ('<c r="B2" i="1" l="1"/><c r="C4"/>', "B2", '<c r="C4" i="1"/>'),
        ('<c r="B2" i="2"/><c r="C4" i="1"/>', "B2", '<c r="B2" i="2"/><c r="C4" i="1"/>'),
        ('<c r="B2" i="1"/><c r="B2" i="2"/><c r="C4"/>', "B2", '<c r="B2" i="2"/><c r="C4"/>'),
        ('<c r="Z1" i="2"/><c r="B2" i="1"/><c r="C4"/>', "B2",
         '<c r="Z1" i="2"/><c r="C4" i="1"/>'),
        ("<c r='C4' i='1'/><c r='b2'/>", "B2", "<c r='C4' i='1'/>"),
    ],
)  # fmt: skip
def test_a_cell_without_its_formula_leaves_the_calculation_chain(
    tmp_path: Path, entries: str, address: str, left: str
) -> None:
    after = apply_to(tmp_path, with_chain(entries), put(address, 1))
    assert after[CHAIN] == f'{HEAD}<calcChain xmlns="{MAIN}">{left}</calcChain>'


def test_a_cell_that_keeps_a_formula_stays_in_the_chain(tmp_path: Path) -> None:
    parts = with_chain('<c r="B2" i="1"/>')
    assert apply_to(tmp_path, parts, put("B2", Formula("1")))[CHAIN] == parts[CHAIN].decode()


def test_a_chain_that_becomes_empty_goes_with_its_declarations(tmp_path: Path) -> None:
    after = apply_to(tmp_path, with_chain('<c r="B2" i="1"/>'), put("B2", 1))
    assert CHAIN not in after
    assert "calcChain" not in after[TYPES] + after[BOOK_RELS]


def test_formulas_of_a_removed_sheet_leave_the_chain(tmp_path: Path) -> None:
    parts = with_chain('<c r="B2" i="1"/><c r="A1" i="2"/><c r="A2"/>')
    apply_to(tmp_path, parts, added(OWN))
    apply_changes(added(SheetChange("xlgov", remove=True)), tmp_path / "after.xlsx")
    assert '<c r="B2" i="1"/></calcChain>' in text_of(tmp_path / "after.xlsx")[CHAIN]


# The package


def test_of_duplicate_entries_the_last_counts_and_the_first_stays(tmp_path: Path) -> None:
    entries = [(SHEET, b"<old/>"), *plain().items()]
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write_package(tmp_path / "before.xlsx", entries)
    with open_workbook(path) as book:
        assert book.grid("Register").value(2, 1) == 3
    apply_changes(put("A2", 4), path)
    with open_workbook(path) as book:
        assert book.grid("Register").value(2, 1) == 4
        assert book.package.names().count(SHEET) == 2
        assert book.package.read(book.package.members[0]) == b"<old/>"


def test_styles_are_not_touched_by_values(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), put("A2", 4))
    changed = {n for n, text in after.items() if text != plain()[n].decode()}
    assert changed == {SHEET, BOOK}
    assert after[STYLES] == plain()[STYLES].decode()
