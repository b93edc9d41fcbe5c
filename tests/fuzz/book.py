"""A small workbook around one sheet, so that a target can fuzz that sheet alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from xml.sax.saxutils import escape

REGISTER = "Register"
PART, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,9})?", re.ASCII)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PLAIN_SHEET = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}" xmlns:r="{_LINKS}">'
    '<dimension ref="A1:D7"/><cols><col min="2" max="3" width="12" style="1"/></cols><sheetData>'
    '<row r="1" spans="1:4"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    '<c r="D1" s="1"/></row><row r="2" ht="30"><c r="A2" s="1"><v>3</v></c>'
    '<c r="B2"><f>A2*2</f><v>6</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c>'
    '</row><row r="4" s="1" customFormat="1"><c r="A4" t="inlineStr"><is><t>in line</t></is></c>'
    '<c r="C4" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row><row r="5"/>'
    '<row r="7"><c r="A7"><v>1.5</v></c><c r="B7"><f t="shared" ref="B7:B8" si="0">A7</f>'
    '<v>2</v></c></row><row r="8"><c r="B8"><f t="shared" si="0"/><v>3</v></c></row></sheetData>'
    '<mergeCells count="1"><mergeCell ref="C7:D7"/></mergeCells></worksheet>'
).encode()


def as_parts(name: str = REGISTER) -> dict[str, bytes]:
    """The parts of a workbook of one sheet, two styles and three shared strings."""
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )  # fmt: skip
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": _relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_LINKS}"><sheets><sheet '
        f'name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills '
        'count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="2"><xf '
        'numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        STRINGS: f'<sst xmlns="{MAIN}"><si><t>Risk &amp; owner</t></si><si><t '
        'xml:space="preserve"> L </t></si><si><r><t>rich </t></r><r><t>text</t></r></si></sst>',
    }
    return {PART: PLAIN_SHEET, **{part: text.encode() for part, text in texts.items()}}


def _relationships(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


@cache
def _base(name: str) -> dict[str, bytes]:
    return as_parts(name)


def as_workbook(changed: Mapping[str, bytes], name: str = REGISTER) -> bytes:
    """The workbook with some parts replaced, stored rather than compressed: that is quicker."""
    return zipped({**_base(name), **changed})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Parts as a zip whose bytes depend on them alone."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target:
        for name, content in parts.items():
            target.writestr(zipfile.ZipInfo(name, (2017, 2, 6, 9, 30, 0)), content)
    return file.getvalue()


def settings_sheet_xml(content: bytes) -> bytes:
    """A sheet of the lines of a text, its cells between tabs; what looks like a number is one."""
    rows = []
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n")[:300], start=1):
        cells = []
        for place, text in enumerate(line.split("\t")[:26]):
            where = f"{chr(65 + place)}{number}"
            text = _NOT_XML.sub("\ufffd", text)
            if _NUMBER.fullmatch(text):
                cells.append(f'<c r="{where}"><v>{text}</v></c>')
            elif text:
                cells.append(
                    f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t>'
                    "</is></c>"
                )
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    inside = f"<sheetData>{''.join(rows)}</sheetData>"
    return f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode()
