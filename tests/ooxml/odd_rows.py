"""Rows and cells as they should not be, and are."""

from __future__ import annotations

from plain_book import (
    BOOK,
    ROWS,
    SHEET,
    STRINGS,
    Parts,
    made,
    plain,
    swap,
)


@made
def no_dimension() -> Parts:
    return swap(plain(), SHEET, ('<dimension ref="A1:D7"/>', ""))


@made
def a_dimension_of_one_cell() -> Parts:
    return swap(plain(), SHEET, ('<dimension ref="A1:D7"/>', '<dimension ref="A1"/>'))


@made
def a_sheet_without_rows() -> Parts:
    return swap(plain(), SHEET, (f"<sheetData>{ROWS}</sheetData>", "<sheetData/>"))


@made
def a_sheet_without_rows_and_with_a_blank() -> Parts:
    return swap(plain(), SHEET, (f"<sheetData>{ROWS}</sheetData>", "<sheetData ></sheetData>"))


@made
def self_closing_rows() -> Parts:
    rows = '<row r="9" spans="1:1"/><row r="10" />'
    return swap(plain(), SHEET, ("</sheetData>", f"{rows}</sheetData>"))


@made
def rows_out_of_order() -> Parts:
    last = '<row r="7" spans="1:4"><c r="A7"><v>1.5</v></c><c r="B7" t="s"><v>2</v></c></row>'
    return swap(plain(), SHEET, (last, ""), ("<sheetData>", f"<sheetData>{last}"))


@made
def cells_out_of_order() -> Parts:
    first = '<c r="A7"><v>1.5</v></c>'
    return swap(plain(), SHEET, (first, ""), ("<v>2</v></c>", f"<v>2</v></c>{first}"))


@made
def spans_that_are_wrong() -> Parts:
    wrong = (('spans="1:4"', 'spans="2:2"'), ('<row r="5">', '<row r="5" spans="x">'))
    return swap(plain(), SHEET, *wrong)


@made
def shared_formulas_before_and_after_their_first_cell() -> Parts:
    rows = (
        '<row r="1"><c r="C1"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" ref="A1:C4" si="0">SUM($A$1:A9)+Sheet2!B2</f><v>2</v>'
        '</c><c r="C2"><f t="shared" si="0"></f><v>3</v></c><c r="D2"><f t="shared" ref="D2:D3" '
        'si="1">B2&amp;"&lt;x&gt;"</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>4</v></c><c r="B3" s="1"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="D3"><f t="shared" si="1"/><v>3</v></c></row>'
        '<row r="4"><c r="A4"><v>5</v></c><c r="B4"><f t="shared" si="0"/></c></row>'
    )
    return swap(plain(), SHEET, (ROWS, rows))


@made
def shared_formulas_in_single_quotes() -> Parts:
    parts = shared_formulas_before_and_after_their_first_cell()
    return swap(parts, SHEET, ('t="shared"', "t='shared'"))


@made
def array_formulas_and_data_tables() -> Parts:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" cm="1"><f t="array" ref="B1:B3">A1:A3*2</f>'
        '<v>2</v></c><c r="D1"><f t="array" ref="D1">SUM(A1:A3)</f><v>6</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>4</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><v>6</v></c><c r="F3"><f t="dataTable" '
        'ref="F3:G4" dt2D="1" dtr="1" r1="A1" r2="A2"/><v>0</v></c></row>'
    )
    return swap(plain(), SHEET, (ROWS, rows))


@made
def merged_ranges() -> Parts:
    merged = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="C2:D5"/></mergeCells>'
    return swap(plain(), SHEET, ("</sheetData>", f"</sheetData>{merged}"))


@made
def dates_of_1904() -> Parts:
    return swap(plain(), BOOK, ("<bookViews>", '<workbookPr date1904="1"/><bookViews>'))


@made
def numbers_and_indexes_of_every_sort() -> Parts:
    odd = ("1E+3", "-0", "  5 ", "1_000", "NaN", "9" * 400, "٣", "0x10", "", "1e999", "٣" * 3)
    cells = "".join(f'<c r="{chr(65 + n)}9"><v>{text}</v></c>' for n, text in enumerate(odd))
    indexes = ("99", "-1", "²", "", "9" * 400, "1.0")
    cells += "".join(f'<c r="{chr(77 + n)}9" t="s"><v>{t}</v></c>' for n, t in enumerate(indexes))
    cells += '<c r="T9" t="d"><v>2017-02-06</v></c><c r="U9" t="d"><v>0001-01-01T00:00:00</v></c>'
    cells += '<c r="V9" t="d"><v>12:30</v></c><c r="W9" t="zz"><v>q</v></c><c r="X9" t="b"><v/></c>'
    return swap(plain(), SHEET, ("</sheetData>", f'<row r="9">{cells}</row></sheetData>'))


@made
def escapes_and_phonetic_text() -> Parts:
    return swap(
        plain(),
        STRINGS,
        ("Risk &amp; owner", "a_x000D_\nb_x0009_c_x005F_x0041_ _xD83D__xDE00_ _xD800_"),
        ("</r></si>", '</r><rPh sb="0" eb="1"><t>PHONETIC</t></rPh><phoneticPr fontId="0"/></si>'),
    )


@made
def row_and_cell_in_the_last_corner() -> Parts:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return swap(plain(), SHEET, ("</sheetData>", f"{corner}</sheetData>"))
