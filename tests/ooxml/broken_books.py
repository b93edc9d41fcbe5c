"""Workbooks that must be refused in words."""

from __future__ import annotations

from odd_surroundings import formats
from plain_book import (
    BOOK,
    ROWS,
    SHEET,
    STRINGS,
    Parts,
    plain,
    refused,
    rels,
    swap,
)


@refused
def no_sheet_data() -> Parts:
    return swap(plain(), SHEET, (f"<sheetData>{ROWS}</sheetData>", ""))


@refused
def no_worksheets_at_all() -> Parts:
    return swap(plain(), BOOK, ('<sheet name="Register" sheetId="1" r:id="rId1"/>', ""))


@refused
def a_document_type() -> Parts:
    return swap(plain(), SHEET, ("<worksheet", '<!DOCTYPE worksheet [<!ENTITY e "x">]><worksheet'))


@refused
def a_document_type_in_the_workbook_part() -> Parts:
    return swap(plain(), BOOK, ("<workbook ", "<!DOCTYPE workbook><workbook "))


@refused
def a_document_type_in_the_shared_strings() -> Parts:
    return swap(plain(), STRINGS, ("<sst", '<!DOCTYPE sst [<!ENTITY e "x">]><sst'))


@refused
def three_hundred_elements_deep() -> Parts:
    deep = "<a>" * 300 + "</a>" * 300
    return swap(plain(), SHEET, ("</worksheet>", f"<extLst>{deep}</extLst></worksheet>"))


@refused
def three_hundred_elements_deep_among_the_rows() -> Parts:
    deep = "<q:a>" * 300 + "</q:a>" * 300
    more = (" xmlns:r", ' xmlns:q="urn:q" xmlns:r')
    return swap(plain(), SHEET, ("<v>3</v>", f"<v>3</v>{deep}"), more)


@refused
def an_entity_that_nobody_declared() -> Parts:
    return swap(plain(), STRINGS, ("&amp;", "&euro;"))


@refused
def a_sheet_cut_short() -> Parts:
    parts = plain()
    return {**parts, SHEET: parts[SHEET][:-40]}


@refused
def an_encoding_that_nobody_knows() -> Parts:
    return swap(plain(), SHEET, ('encoding="UTF-8"', 'encoding="klingon"'))


@refused
def utf8_that_calls_itself_utf16() -> Parts:
    return swap(plain(), SHEET, ('encoding="UTF-8"', 'encoding="utf-16"'))


@refused
def a_row_twice() -> Parts:
    return swap(plain(), SHEET, ("</sheetData>", '<row r="1"><c r="A1"/></row></sheetData>'))


@refused
def a_cell_twice() -> Parts:
    return swap(plain(), SHEET, ('<c r="B1"', '<c r="A1"><v>5</v></c><c r="B1"'))


@refused
def a_cell_in_the_row_of_another() -> Parts:
    return swap(plain(), SHEET, ('<c r="B1"', '<c r="B3"'))


@refused
def a_row_beyond_the_last() -> Parts:
    return swap(plain(), SHEET, ("</sheetData>", '<row r="1048577"><c/></row></sheetData>'))


@refused
def an_address_that_is_none() -> Parts:
    return swap(plain(), SHEET, ('r="A7"', 'r="7A"'))


@refused
def a_word_document() -> Parts:
    return swap(plain(), BOOK, ("<workbook ", "<document "), ("</workbook>", "</document>"))


@refused
def a_main_part_that_is_not_there() -> Parts:
    return {name: content for name, content in plain().items() if name != BOOK}


@refused
def no_main_part_named() -> Parts:
    return {**plain(), "_rels/.rels": rels()}


@refused
def a_priority_behind_which_nothing_can_stand() -> Parts:
    return formats(
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="2147483647">'
        "<formula>TRUE</formula></cfRule></conditionalFormatting>"
    )
