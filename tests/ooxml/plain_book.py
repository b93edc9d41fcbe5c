"""One plain workbook written by hand, part by part, and the means to change it.

Each oddity is a change to the parts of this one, so what it tests is what it changes.
"""

from __future__ import annotations

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
