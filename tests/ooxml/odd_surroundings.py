"""What stands around the rows, and beside the sheet."""

from __future__ import annotations

from plain_book import (
    BOOK,
    BOOK_LINKS,
    BOOK_RELS,
    HEAD,
    MAIN,
    REL,
    SHEET,
    SHEET_RELS,
    TYPE,
    TYPES,
    Parts,
    made,
    plain,
    rels,
    swap,
    types,
)


def formats(*blocks: str) -> Parts:
    return swap(plain(), SHEET, ("</sheetData>", f"</sheetData>{''.join(blocks)}"))


@made
def formats_of_others_with_extended_priorities() -> Parts:
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    parts = formats(
        '<phoneticPr fontId="0"/>',
        '<conditionalFormatting sqref="A1:A9"><cfRule type="colorScale" priority="4"><colorScale>'
        '<cfvo type="min"/><cfvo type="max"/><color rgb="FFFF0000"/><color rgb="FF00FF00"/>'
        "</colorScale></cfRule></conditionalFormatting>",
        '<conditionalFormatting sqref="B1 C1:C2"><cfRule type="expression" priority="2"><formula>'
        "B1&gt;1</formula></cfRule></conditionalFormatting>",
        '<dataValidations count="1"><dataValidation type="whole" sqref="A1"><formula1>1</formula1>'
        "</dataValidation></dataValidations>",
    )
    more = (
        f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{x14}">'
        "<x14:conditionalFormattings><x14:conditionalFormatting "
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="dataBar"'
        ' priority="9" id="{00000000-0000-0000-0000-000000000001}"><x14:dataBar><x14:cfvo '
        'type="autoMin"/></x14:dataBar></x14:cfRule><xm:sqref>D1:D9</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
    )
    return swap(parts, SHEET, ("</worksheet>", f"{more}</worksheet>"))


@made
def a_format_over_hundreds_of_ranges() -> Parts:
    ranges = " ".join(f"A{n}:B{n}" for n in range(1, 1600, 2))
    return formats(
        f'<conditionalFormatting sqref="{ranges}"><cfRule type="expression" dxfId="99" '
        'priority="1"><formula>A1=1</formula></cfRule></conditionalFormatting>'
    )


@made
def formats_with_values_that_mean_nothing() -> Parts:
    return formats(
        '<conditionalFormatting sqref="nowhere"><cfRule type="expression" dxfId="-1" priority="²">'
        "<formula/></cfRule></conditionalFormatting>",
        '<conditionalFormatting><cfRule priority=""/></conditionalFormatting>',
        '<conditionalFormatting sqref=""/>',
    )


def table(headings: str = "") -> Parts:
    parts = swap(plain(), SHEET, ("</worksheet>", '<tableParts count="1"><tablePart r:id="rId1"/>'
                 "</tableParts></worksheet>"))  # fmt: skip
    content = (
        f'{HEAD}<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B5"{headings}>'
        '<autoFilter ref="A1:B5"/><tableColumns count="2"><tableColumn id="1" name="Risk &amp; '
        'owner"/><tableColumn id="2" name=" Likelihood "/></tableColumns></table>'
    )
    return {
        **parts,
        TYPES: types(("/xl/tables/table1.xml", f"{TYPE}.table+xml")),
        SHEET_RELS: rels(("table", "../tables/table1.xml")),
        "xl/tables/table1.xml": content.encode(),
    }


@made
def a_table() -> Parts:
    return table()


@made
def a_table_without_headings() -> Parts:
    return table(' headerRowCount="0"')


@made
def a_table_whose_range_cannot_be_read() -> Parts:
    return swap(table(), "xl/tables/table1.xml", ('ref="A1:B5">', 'ref="nowhere:1">'))


def with_chain(entries: str) -> Parts:
    return {
        **plain(),
        TYPES: types(("/xl/calcChain.xml", f"{TYPE}.calcChain+xml")),
        BOOK_RELS: rels(*BOOK_LINKS, ("calcChain", "calcChain.xml")),
        "xl/calcChain.xml": f'{HEAD}<calcChain xmlns="{MAIN}">{entries}</calcChain>'.encode(),
    }


@made
def a_calculation_chain() -> Parts:
    return with_chain('<c r="C4" i="1" l="1"/><c r="B2"/><c r="Z9" s="1"/>')


@made
def parts_of_other_programs() -> Parts:
    """Threaded comments, custom XML, printer settings, controls, external links: dummy bytes."""
    office = "http://schemas.microsoft.com/office/2017/10/relationships"
    sheet_links = rels(
        ("printerSettings", "../printerSettings/printerSettings1.bin"),
        ("comments", "../comments1.xml"),
        ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("ctrlProp", "../ctrlProps/ctrlProp1.xml"),
        ("control", "../activeX/activeX1.xml"),
    ).replace(f"{REL}/comments".encode(), f"{office}/threadedComment".encode())
    return {
        **plain(),
        TYPES: types(("/xl/threadedComments/threadedComment1.xml", "application/x")),
        BOOK_RELS: rels(*BOOK_LINKS, ("externalLink", "externalLinks/externalLink1.xml"),
                        ("person", "persons/person.xml"), ("customXml", "../customXml/item1.xml")),
        SHEET_RELS: sheet_links,
        "xl/printerSettings/printerSettings1.bin": bytes(range(256)) * 4,
        "xl/threadedComments/threadedComment1.xml": b"<ThreadedComments/>",
        "xl/persons/person.xml": b"<personList/>",
        "xl/drawings/vmlDrawing1.vml": b"<xml><br></xml>",
        "xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>",
        "xl/activeX/activeX1.xml": b"<ax:ocx/>",
        "xl/activeX/activeX1.bin": b"\x00\x01" * 50,
        "xl/externalLinks/externalLink1.xml": b"not xml at all",
        "customXml/item1.xml": b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>',
    }  # fmt: skip


@made
def a_macro_project() -> Parts:
    return {
        **plain(),
        TYPES: types(("/xl/vbaProject.bin", "application/vnd.ms-office.vbaProject"), macro=True),
        BOOK_RELS: rels(*BOOK_LINKS, ("vbaProject", "vbaProject.bin")),
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600),
    }


@made
def elements_that_no_standard_knows() -> Parts:
    parts = swap(plain(), SHEET, ("<sheetData>", '<mystery a="1"/><sheetData>'),
                 ("</worksheet>", "<puzzle/></worksheet>"))  # fmt: skip
    return swap(parts, BOOK, ("</workbook>", '<riddle xmlns="urn:x"/></workbook>'))
