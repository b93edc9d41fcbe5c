"""A register in the hands of somebody who means harm: each maker changes one thing about it.

Every one is small as a file; what it claims, or makes a careless reader do, is large.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from stale_register import stale_register

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
STRINGS, TYPES = "xl/sharedStrings.xml", "[Content_Types].xml"
BOOK_RELS, SHEET_RELS = "xl/_rels/workbook.xml.rels", "xl/worksheets/_rels/sheet1.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

Parts = dict[str, bytes]
Maker = Callable[[], Parts]

TAKEN: dict[str, Maker] = {}  # read and refreshed as any other: what they claim does not matter
REFUSED: dict[str, Maker] = {}  # refused in words


@cache
def _register() -> tuple[tuple[str, bytes], ...]:
    with TemporaryDirectory() as folder:
        path = stale_register(Path(folder) / "Register.xlsx")
        with zipfile.ZipFile(path) as package:
            return tuple((name, package.read(name)) for name in package.namelist())


def register() -> Parts:
    return dict(_register())


def swapped(part: str, old: str, new: str, parts: Parts | None = None) -> Parts:
    """The register with one stretch of a part replaced; it must be there."""
    parts = parts or register()
    made, count = re.subn(old.encode(), lambda _: new.encode(), parts[part], count=1)
    assert count == 1, f"{part} has no {old}"
    return {**parts, part: made}


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def taken(maker: Maker) -> Maker:
    TAKEN[maker.__name__.replace("_", " ")] = maker
    return maker


def refused(maker: Maker) -> Maker:
    REFUSED[maker.__name__.replace("_", " ")] = maker
    return maker


def before_end(part: str, content: str, root: str) -> Parts:
    return swapped(part, f"</{root}>", f"{content}</{root}>")


# What a sheet claims to be


@taken
def a_dimension_of_the_whole_sheet() -> Parts:
    return swapped(SHEET, '<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')


@taken
def a_dimension_beyond_any_sheet() -> Parts:
    return swapped(SHEET, '<dimension ref="[^"]*"', '<dimension ref="A1:ZZZZZ99999999999"')


@taken
def columns_without_end() -> Parts:
    columns = '<cols><col min="1" max="4294967295" width="9" style="0"/></cols><sheetData>'
    return swapped(SHEET, "<sheetData>", columns)


@taken
def a_format_of_every_cell_a_thousand_times() -> Parts:
    area = " ".join(["A1:XFD1048576"] * 1000)
    rule = '<cfRule type="expression" dxfId="0" priority="1"><formula>A1=1</formula></cfRule>'
    formats = f'<conditionalFormatting sqref="{area}">{rule}</conditionalFormatting>'
    return swapped(SHEET, "</sheetData>", f"</sheetData>{formats}")


@taken
def a_merged_range_of_the_whole_sheet_below_the_register() -> Parts:
    merged = '<mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells>'
    return swapped(SHEET, "</sheetData>", f"</sheetData>{merged}")


@taken
def a_hundred_thousand_merged_ranges() -> Parts:
    merged = "".join(f'<mergeCell ref="H{n}:I{n}"/>' for n in range(20, 100_020))
    return swapped(SHEET, "</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")


@taken
def an_array_formula_over_every_cell_below() -> Parts:
    cell = '<row r="30"><c r="H30"><f t="array" ref="H30:XFD1048576">A1</f><v>1</v></c></row>'
    return swapped(SHEET, "</sheetData>", f"{cell}</sheetData>")


@taken
def a_last_row_and_column() -> Parts:
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return swapped(SHEET, "</sheetData>", f"{cell}</sheetData>")


@refused
def a_row_two_to_the_31() -> Parts:
    return swapped(SHEET, "</sheetData>", '<row r="2147483648"><c><v>1</v></c></row></sheetData>')


@refused
def a_row_just_past_the_last() -> Parts:
    row = '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'
    return swapped(SHEET, "</sheetData>", f"{row}</sheetData>")


@refused
def a_column_past_the_last() -> Parts:
    return swapped(SHEET, "</sheetData>", '<row r="30"><c r="XFE30"/></row></sheetData>')


# Shared strings


@taken
def four_thousand_million_shared_strings() -> Parts:
    return swapped(STRINGS, '<sst ([^>]*?)count="[0-9]+" uniqueCount="[0-9]+"',
                   '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                   'count="4294967295" uniqueCount="4294967295"')  # fmt: skip


@taken
def an_index_of_a_string_that_is_not_there() -> Parts:
    cell = '<row r="30"><c r="A30" t="s"><v>4294967295</v></c><c r="B30" t="s"><v>99999</v></c>'
    return swapped(SHEET, "</sheetData>", f"{cell}</row></sheetData>")


@taken
def a_million_readings_of_one_string() -> Parts:
    readings = '<rPh sb="0" eb="1"><t>x</t></rPh>' * 200_000
    return swapped(STRINGS, "</t></si>", f"</t>{readings}</si>")


@refused
def readings_that_never_end() -> Parts:
    return swapped(STRINGS, "</t></si>", f"</t>{'<rPh>' * 400_000}</si>")


# Content that a careless search takes for ever over


@taken
def an_attribute_of_a_million_brackets() -> Parts:
    return swapped(STYLES, "<styleSheet ", f'<styleSheet a="{">" * 1_000_000}" ')


@taken
def a_tag_with_a_million_blanks() -> Parts:
    return swapped(SHEET, '<row r="4"', f'<row r="4"{" " * 1_000_000}')


@taken
def an_attribute_of_a_cell_in_a_million_quotes() -> Parts:
    return swapped(SHEET, '<c r="A4"', f"<c r='A4' x='{chr(34) * 1_000_000}'")


@refused  # when it is written: compressed, it would be what is refused as a bomb
def a_head_of_forty_million_blanks() -> Parts:
    return swapped(SHEET, "<sheetData>", f"{' ' * 40_000_000}<sheetData>")


@refused
def a_row_that_takes_forty_million_bytes() -> Parts:
    row = f'<row r="30"><c r="A30" t="inlineStr"><is><t>{"x" * 40_000_000}</t></is></c></row>'
    return swapped(SHEET, "</sheetData>", f"{row}</sheetData>")


@taken
def a_string_of_forty_million_characters() -> Parts:
    return swapped(STRINGS, "</sst>", f"<si><t>{'x' * 40_000_000}</t></si></sst>")


@refused
def a_row_that_is_never_closed() -> Parts:
    return swapped(SHEET, "</sheetData>", f'<row r="30">{"<c/>" * 5_000_000}')


@refused
def more_elements_than_a_tree_should_have() -> Parts:
    return swapped(SHEET, "</sheetData>", f"</sheetData><cols>{'<x/>' * 1_100_000}</cols>")


# Nesting, entities


@refused
def elements_a_hundred_thousand_deep_in_the_styles() -> Parts:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    return before_end(STYLES, deep, "styleSheet")


@refused
def elements_a_hundred_thousand_deep_in_the_workbook() -> Parts:
    return before_end(BOOK, "<a>" * 100_000 + "</a>" * 100_000, "workbook")


@taken
def elements_a_hundred_thousand_deep_in_a_string_nobody_reads() -> Parts:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    return before_end(STRINGS, f"<si><t>unread</t>{deep}</si>", "sst")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def with_doctype(part: str, doctype: str) -> Parts:
    """A part that declares entities."""
    text = register()[part].decode()
    declared = re.match(r"<\?xml[^>]*\?>\s*", text)
    at = declared.end() if declared else 0
    return {**register(), part: (text[:at] + doctype + text[at:]).encode()}


# The package


@taken
def relationships_in_a_circle() -> Parts:
    """The sheet is its own drawing, table and notes; the workbook is a sheet of its own."""
    kinds = ("drawing", "table", "comments", "vmlDrawing", "worksheet")
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="sheet1.xml"/>'
        for n, kind in enumerate(kinds, start=50)
    )
    circle = f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>'.encode()
    own = f'<Relationship Id="rId60" Type="{OFFICE}/officeDocument" Target="workbook.xml"/>'
    parts = {**register(), SHEET_RELS: circle}
    return swapped(BOOK_RELS, "</Relationships>", f"{own}</Relationships>", parts)


@taken
def relationships_that_lead_out_of_the_package() -> Parts:
    targets = (
        "../../../../../../etc/passwd",
        "file:///etc/passwd",
        "/../../etc/passwd",
        "\\\\server\\share\\x.xml",
        "C:\\Windows\\win.ini",
        "http://example.org/x",
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/theme" Target="{target}"/>'
        for n, target in enumerate(targets, start=50)
    )
    return swapped(BOOK_RELS, "</Relationships>", f"{links}</Relationships>")


@refused
def a_workbook_that_lies_outside() -> Parts:
    elsewhere = 'TargetMode="External" Target="\\\\server\\share\\workbook.xml"'
    return swapped("_rels/.rels", 'Target="xl/workbook.xml"', elsewhere)


@taken
def zips_in_zips_in_zips() -> Parts:
    """Nobody unpacks what is embedded; it is copied as it is."""
    inner = zipped({"bomb.bin": bytes(10_000_000)})
    for _ in range(5):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    return {**register(), "xl/embeddings/oleObject1.bin": inner}


@refused
def a_part_that_inflates_a_thousand_times() -> Parts:
    return {**register(), STRINGS: register()[STRINGS] + b" " * 40_000_000}


@refused
def a_part_name_that_leads_outside() -> Parts:
    return {**register(), "xl/../../../outside.xml": b"<x/>"}


@refused
def a_part_name_with_a_nul() -> Parts:
    return {**register(), "xl/%00.xml": b"<x/>"}


# These are zipped without compression, so that it is not their ratio that is refused.
STORED = {
    name.replace("_", " ")
    for name in (
        "a_head_of_forty_million_blanks", "a_row_that_takes_forty_million_bytes",
        "a_string_of_forty_million_characters", "a_row_that_is_never_closed",
        "more_elements_than_a_tree_should_have", "elements_a_hundred_thousand_deep_in_the_styles",
    )
}  # fmt: skip


def content(name: str) -> bytes:
    """The file of a maker."""
    maker = {**TAKEN, **REFUSED}[name]
    return zipped(maker(), zipfile.ZIP_STORED if name in STORED else zipfile.ZIP_DEFLATED)
