"""The plain workbook in other words of XML: what it means is the same."""

from __future__ import annotations

import re

from plain_book import (
    BOOK,
    BOOK_RELS,
    HEAD,
    MAIN,
    REL,
    SHEET,
    STRICT_MAIN,
    STRICT_REL,
    STRINGS,
    STYLES,
    TYPES,
    Parts,
    made,
    plain,
    swap,
)


def prefixed(raw: bytes, prefix: str = "x") -> bytes:
    text = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", rf"<\1{prefix}:\2", raw.decode())
    return text.replace(' xmlns="', f' xmlns:{prefix}="').encode()


@made
def a_prefix_on_every_element() -> Parts:
    parts = plain()
    return {**parts, **{part: prefixed(parts[part]) for part in (SHEET, BOOK, STYLES, STRINGS)}}


@made
def a_prefix_in_the_relationships_too() -> Parts:
    parts = a_prefix_on_every_element()
    return {**parts, **{part: prefixed(parts[part], "ns0") for part in (TYPES, BOOK_RELS)}}


@made
def single_quotes() -> Parts:
    parts = plain()
    text = parts[SHEET].decode().replace('<f>"a"&amp;"b"</f>', "<f>A1</f>")
    return {**parts, SHEET: text.replace('"', "'").encode()}


@made
def attributes_in_another_order() -> Parts:
    parts = plain()
    text = re.sub(r'<c (r="[A-Z0-9]+") ([^/>]+)', r"<c \2 \1", parts[SHEET].decode())
    return {**parts, SHEET: re.sub(r'<row (r="\d+") ([^/>]+)', r"<row \2 \1", text).encode()}


@made
def attributes_on_lines_of_their_own() -> Parts:
    parts = plain()
    text = re.sub(r' (r|s|t|ht)="', r'\n\t\1 = "', parts[SHEET].decode())
    return {**parts, SHEET: text.encode()}


@made
def double_blanks_between_attributes() -> Parts:
    return swap(plain(), SHEET, ('<c r="A2" s="1">', '<c r="A2"  s="1" >'))


@made
def pretty_printed_parts() -> Parts:
    parts = plain()
    spaced = {
        part: parts[part].decode().replace("><", ">\r\n  <").encode()
        for part in (SHEET, BOOK, STYLES, TYPES, BOOK_RELS)
    }
    return {**parts, **spaced}


@made
def rows_on_lines_of_their_own() -> Parts:
    return swap(plain(), SHEET, ("<row", "\n<row"), ("<c r", "\n <c r"), ("</row>", "\n</row>"))


@made
def no_addresses_at_all() -> Parts:
    parts = plain()
    text = re.sub(r'<(c|row) r="[A-Z0-9]+"', r"<\1", parts[SHEET].decode())
    return {**parts, SHEET: text.encode()}


@made
def rows_without_numbers_whose_cells_have_addresses() -> Parts:
    parts = plain()
    return {**parts, SHEET: re.sub(r'<row r="\d+"', "<row", parts[SHEET].decode()).encode()}


@made
def addresses_in_lower_case() -> Parts:
    return swap(plain(), SHEET, ('"A2"', '"a2"'), ('"B7"', '"b7"'))


@made
def comments_instructions_and_cdata_among_the_rows() -> Parts:
    return swap(
        plain(),
        SHEET,
        ('<row r="2"', '<!-- </sheetData> <row r="3"><c r="A3"/></row> --><row r="2"'),
        ("<v>1.5</v>", "<v><![CDATA[1.5]]></v>"),
        ('<row r="5">', '<?office <c r="A5"/> ?><row r="5">'),
    )


@made
def references_in_attributes() -> Parts:
    return swap(plain(), SHEET, ('t="str"', 't="&#115;tr"'), ('<c r="A7">', '<c r="&#65;7">'))


@made
def the_main_namespace_bound_twice() -> Parts:
    return swap(
        plain(),
        SHEET,
        (' xmlns:r="', f' xmlns:x="{MAIN}" xmlns:r="'),
        ('<row r="5"><c r="A5" s="2"><v>42772</v></c></row>',
         '<x:row r="5"><x:c r="A5" s="2"><x:v>42772</x:v></x:c></x:row>'),
    )  # fmt: skip


@made
def alternate_content_around_a_row_and_in_the_sheet() -> Parts:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    return swap(
        plain(),
        SHEET,
        (' xmlns:r="', f' xmlns:mc="{mc}" mc:Ignorable="x14ac" '
         'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:r="'),
        ('<row r="7"', '<mc:AlternateContent><mc:Choice Requires="z"><row r="6"><c r="A6"><v>9'
         '</v></c></row></mc:Choice></mc:AlternateContent><row x14ac:dyDescent="0.2" r="7"'),
        ("</sheetData>", '</sheetData><mc:AlternateContent><mc:Choice Requires="x14ac"><legacy/>'
         "</mc:Choice></mc:AlternateContent>"),
    )  # fmt: skip


@made
def extensions_in_a_row_and_in_a_cell() -> Parts:
    inside = '<q:row r="6"><q:c r="A6"/></q:row>'
    more = f'<extLst><ext uri="{{1}}" xmlns:q="urn:q">{inside}</ext></extLst>'
    return swap(
        plain(),
        SHEET,
        ('<c r="B7" t="s"><v>2</v></c></row>', f'<c r="B7" t="s"><v>2</v></c>{more}</row>'),
        ("<v>42772</v></c>", f"<v>42772</v>{more}</c>"),
    )


@made
def another_namespace_declared_on_a_cell() -> Parts:
    return swap(plain(), SHEET, ('<c r="A7">', f'<c r="A7" xmlns:q="{REL}" q:id="1">'))


def recoded(part: str, encoding: str, mark: bool = True) -> Parts:
    parts = plain()
    text = parts[part].decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
    if encoding == "UTF-16":
        return {**parts, part: text.encode("utf-16" if mark else "utf-16-be")}
    return {**parts, part: text.replace("in line", "in líne").encode(encoding)}


@made
def a_sheet_in_utf16() -> Parts:
    return recoded(SHEET, "UTF-16")


@made
def a_sheet_in_utf16_without_a_mark() -> Parts:
    return recoded(SHEET, "UTF-16", mark=False)


@made
def styles_in_utf16() -> Parts:
    return recoded(STYLES, "UTF-16")


@made
def the_workbook_part_in_utf16() -> Parts:
    return recoded(BOOK, "UTF-16")


@made
def shared_strings_in_utf16() -> Parts:
    return recoded(STRINGS, "UTF-16")


@made
def a_sheet_in_windows_1252() -> Parts:
    return recoded(SHEET, "windows-1252")


@made
def a_sheet_in_ascii() -> Parts:
    return swap(plain(), SHEET, ('encoding="UTF-8"', 'encoding="us-ascii"'))


@made
def byte_order_marks() -> Parts:
    parts = plain()
    return {**parts, **{n: b"\xef\xbb\xbf" + parts[n] for n in (SHEET, BOOK, STYLES, STRINGS)}}


@made
def no_xml_declarations() -> Parts:
    parts = plain()
    return {name: content.removeprefix(HEAD.encode()) for name, content in parts.items()}


@made
def strict_namespaces() -> Parts:
    parts = plain()
    return {
        name: content.replace(MAIN.encode(), STRICT_MAIN.encode()).replace(
            REL.encode(), STRICT_REL.encode()
        )
        for name, content in parts.items()
    }
