"""Workbooks written by hand: one plain package, and every oddity that files in the wild have.

Each oddity is a change to the parts of the plain one, so what it tests is what it changes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
STRINGS, TYPES = "xl/sharedStrings.xml", "[Content_Types].xml"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"

Parts = dict[str, bytes]


def types(*overrides: tuple[str, str], macro: bool = False) -> bytes:
    main = "application/vnd.ms-excel.sheet.macroEnabled.main" if macro else f"{TYPE}.sheet.main"
    listed = [
        ("/xl/workbook.xml", f"{main}+xml"),
        ("/xl/worksheets/sheet1.xml", f"{TYPE}.worksheet+xml"),
        ("/xl/styles.xml", f"{TYPE}.styles+xml"),
        ("/xl/sharedStrings.xml", f"{TYPE}.sharedStrings+xml"),
        *overrides,
    ]
    marks = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in listed)
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Default Extension="bin" '
        f'ContentType="application/octet-stream"/>{marks}</Types>'
    ).encode()


def rels(*targets: tuple[str, str]) -> bytes:
    """Relationships rId1, rId2 ... of (kind, target)."""
    marks = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{marks}</Relationships>'.encode()


BOOK_LINKS = (
    ("worksheet", "worksheets/sheet1.xml"),
    ("styles", "styles.xml"),
    ("sharedStrings", "sharedStrings.xml"),
)
ROWS = (
    '<row r="1" spans="1:4"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    '<c r="D1" s="1"/></row>'
    '<row r="2" spans="1:4" ht="30" customHeight="1"><c r="A2" s="1"><v>3</v></c>'
    '<c r="B2"><f>A2*2</f><v>6</v></c><c r="C2" t="b"><v>1</v></c>'
    '<c r="D2" t="e"><v>#DIV/0!</v></c></row>'
    '<row r="4" spans="1:4" s="2" customFormat="1"><c r="A4" t="inlineStr"><is><t>in line</t></is>'
    '</c><c r="C4" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>'
    '<row r="5"><c r="A5" s="2"><v>42772</v></c></row>'
    '<row r="7" spans="1:4"><c r="A7"><v>1.5</v></c><c r="B7" t="s"><v>2</v></c></row>'
)
SHEET_TEXT = (
    f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><dimension ref="A1:D7"/><sheetViews>'
    '<sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr '
    'defaultRowHeight="15"/><cols><col min="2" max="3" width="12" style="1" customWidth="1"/>'
    f"</cols><sheetData>{ROWS}</sheetData>"
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    "</worksheet>"
)


def plain() -> Parts:
    """A small workbook of every usual part."""
    return {
        TYPES: types(),
        "_rels/.rels": rels(("officeDocument", "xl/workbook.xml")),
        BOOK: (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><bookViews><workbookView '
            'activeTab="0"/></bookViews><sheets><sheet name="Register" sheetId="1" r:id="rId1"/>'
            '</sheets><definedNames><definedName name="Top">Register!$A$1</definedName>'
            '</definedNames><calcPr calcId="191029"/></workbook>'
        ).encode(),
        BOOK_RELS: rels(*BOOK_LINKS),
        SHEET: SHEET_TEXT.encode(),
        STYLES: (
            f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
            'formatCode="0.0&quot; days&quot;"/></numFmts><fonts count="2"><font><sz val="11"/>'
            '<name val="Calibri"/></font><font><b/><sz val="11"/><color theme="1"/><name '
            'val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
            'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
            '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
            'borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" '
            'fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="1" fillId="0" '
            'borderId="0" xfId="0" applyFont="1"><alignment horizontal="center"/></xf><xf '
            'numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles '
            'count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ).encode(),
        STRINGS: (
            f'{HEAD}<sst xmlns="{MAIN}" count="3" uniqueCount="3"><si><t>Risk &amp; owner</t></si>'
            '<si><t xml:space="preserve"> Likelihood </t></si><si><r><t>rich </t></r><r><rPr><b/>'
            "</rPr><t>text</t></r></si></sst>"
        ).encode(),
    }


def swap(parts: Parts, part: str, *pairs: tuple[str, str]) -> Parts:
    """Parts with text of one part replaced; what is replaced must be there."""
    text = parts[part].decode()
    for old, new in pairs:
        assert old in text, f"{part} has no {old!r}"
        text = text.replace(old, new)
    return {**parts, part: text.encode()}


def write_package(path: Path, parts: Parts | list[tuple[str, bytes]]) -> Path:
    entries = list(parts.items()) if isinstance(parts, dict) else parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(zipfile.ZipInfo(name, (2017, 2, 6, 9, 30, 0)), content, file.compression)
    return path


MAKERS: dict[str, Callable[[], Parts]] = {}
REFUSED: dict[str, Callable[[], Parts]] = {}


def made(maker: Callable[[], Parts]) -> Callable[[], Parts]:
    """A workbook that is edited without loss."""
    MAKERS[maker.__name__.replace("_", " ")] = maker
    return maker


def refused(maker: Callable[[], Parts]) -> Callable[[], Parts]:
    """A workbook that must be refused in words."""
    REFUSED[maker.__name__.replace("_", " ")] = maker
    return maker


made(plain)


# The same meaning in other words of XML


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


# Packages


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


# Styles


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


# Rows and cells


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


# What stands around the rows


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
        '<x14:conditionalFormattings><x14:conditionalFormatting '
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


# Refused


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
