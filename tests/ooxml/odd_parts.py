"""Packages and style tables as they should not be, and are."""

from __future__ import annotations

import re

from plain_book import (
    BOOK,
    BOOK_LINKS,
    BOOK_RELS,
    HEAD,
    MAIN,
    SHEET,
    STYLES,
    TYPE,
    TYPES,
    Parts,
    made,
    plain,
    rels,
    swap,
    types,
)


@made
def absolute_relationship_targets() -> Parts:
    parts = plain()
    links = [(kind, f"/xl/{target}") for kind, target in BOOK_LINKS]
    return {
        **parts,
        BOOK_RELS: rels(*links),
        "_rels/.rels": rels(("officeDocument", "/xl/workbook.xml")),
    }


@made
def backslashes_in_relationship_targets() -> Parts:
    links = [(kind, target.replace("/", "\\")) for kind, target in BOOK_LINKS]
    return {**plain(), BOOK_RELS: rels(*links)}


@made
def part_names_in_percent_codes_and_another_case() -> Parts:
    parts = plain()
    name, coded = "xl/worksheets/Sheet One.XML", "xl/worksheets/Sheet%20One.XML"
    parts = {(coded if part == SHEET else part): content for part, content in parts.items()}
    parts = swap(parts, TYPES, ("/xl/worksheets/sheet1.xml", "/xl/worksheets/sheet%20one.xml"))
    assert name != coded
    return swap(parts, BOOK_RELS, ("worksheets/sheet1.xml", "Worksheets/sheet%20one.xml"))


@made
def a_relationship_to_a_part_that_is_not_there() -> Parts:
    links = (*BOOK_LINKS, ("theme", "theme/theme1.xml"), ("calcChain", "calcChain.xml"))
    return {**plain(), BOOK_RELS: rels(*links)}


@made
def a_listed_sheet_whose_part_is_not_there() -> Parts:
    parts = {**plain(), BOOK_RELS: rels(*BOOK_LINKS, ("worksheet", "worksheets/sheet9.xml"))}
    more = '<sheet name="Gone" sheetId="2" r:id="rId4"/><sheet name="No link" sheetId="x"/>'
    return swap(parts, BOOK, ("</sheets>", f"{more}</sheets>"))


@made
def a_chart_sheet_first() -> Parts:
    kind = f"{TYPE}.chartsheet+xml"
    content = f'<chartsheet xmlns="{MAIN}"><sheetViews/></chartsheet>'
    parts = {
        **plain(),
        TYPES: types(("/xl/chartsheets/sheet1.xml", kind)),
        BOOK_RELS: rels(*BOOK_LINKS, ("chartsheet", "chartsheets/sheet1.xml")),
        "xl/chartsheets/sheet1.xml": content.encode(),
    }
    return swap(parts, BOOK, ("<sheets>", '<sheets><sheet name="Chart" sheetId="7" r:id="rId4"/>'))


@made
def a_folder_entry_and_a_foreign_part() -> Parts:
    return {**plain(), "xl/media/": b"", "custom/état.bin": b"\0\1", "xl/printer.bin": b"\xff" * 99}


@made
def no_styles_part() -> Parts:
    parts = {name: content for name, content in plain().items() if name != STYLES}
    parts[BOOK_RELS] = rels(BOOK_LINKS[0], BOOK_LINKS[2])
    return parts


@made
def a_styles_relationship_without_its_part() -> Parts:
    return {name: content for name, content in plain().items() if name != STYLES}


@made
def an_empty_styles_part() -> Parts:
    return {**plain(), STYLES: b""}


@made
def a_styles_part_of_nothing_but_its_root() -> Parts:
    return {**plain(), STYLES: f'{HEAD}<styleSheet xmlns="{MAIN}"/>'.encode()}


@made
def empty_lists_of_styles() -> Parts:
    text = f'<styleSheet xmlns="{MAIN}"><fonts count="0"/><cellXfs/><dxfs count="0"/></styleSheet>'
    return {**plain(), STYLES: text.encode()}


@made
def styles_without_counts() -> Parts:
    parts = plain()
    return {**parts, STYLES: re.sub(rb' count="\d+"', b"", parts[STYLES])}


@made
def style_indexes_that_mean_nothing() -> Parts:
    return swap(
        plain(),
        SHEET,
        ('<c r="A2" s="1">', '<c r="A2" s="-1">'),
        ('<c r="A5" s="2">', '<c r="A5" s="99">'),
        ('<c r="A7">', '<c r="A7" s="²">'),
        ('<c r="B7"', '<c r="B7" s=""'),
        ('s="2" customFormat', 's="abc" customFormat'),
    )


@made
def styles_that_refer_to_nothing() -> Parts:
    return swap(
        plain(),
        STYLES,
        ('numFmtId="164" fontId="1"', 'numFmtId="x" fontId="77"'),
        ('<numFmt numFmtId="164"', '<numFmt numFmtId="9999999999999"'),
        ('<color theme="1"/>', '<color theme="99" tint="nan"/>'),
    )
