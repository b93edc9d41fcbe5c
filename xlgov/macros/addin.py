"""The ribbon add-in: one file that an office installs, with a tab *xlgov* for every workbook.

Why it is written part by part and not by a library: it is what IT approves, so it holds what is
stated here and nothing else: no dates, no person, no path, and the same bytes from every machine.
A file of macros needs one sheet; this one is empty, in a window that Excel never shows.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import Path
from typing import BinaryIO

from xlgov.errors import DamagedError, UsageError
from xlgov.macros.project import project_bytes
from xlgov.ooxml.save import replace_file

ADDIN_NAME = "xlgov.xlam"

_CODE_NAMES = ("ThisWorkbook", "Sheet1")
_ORIGIN = (1980, 1, 1, 0, 0, 0)  # the first date a package can state
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"

# (identifier, label, size, picture of Excel's own, macro, first and second line of the tip)
_BUTTONS = (
    (
        *("Recalculate", "Recalculate", "large", "CalculateNow", "XlgovRibbonRecalculate"),
        "Recalculate this workbook",
        "Ratings, comparisons and colours follow what is typed. You see what would change, and "
        "agree, before anything is written.",
    ),
    (
        *("Check", "Check", "large", "ErrorChecking", "XlgovRibbonCheck"),
        "List what looks wrong",
        "Scores without a rating, actions without an owner, dates that have passed: nothing is "
        "changed.",
    ),
    (
        *("MarkChanges", "Mark changes since...", "large", "ReviewHighlightChanges"),
        "XlgovRibbonMarkChanges",
        "Show in red what is new",
        "Choose the file that the board last saw. The marks are made in a copy.",
    ),
    (
        *("Undo", "Undo last recalculate", "normal", "Undo", "XlgovRibbonUndo"),
        "Take the last recalculation back",
        "The cells that it wrote get back what they held; what you changed since then stays.",
    ),
    (
        *("Help", "Help", "normal", "Help", "XlgovRibbonHelp"),
        "What could stop xlgov here",
        "Says in plain words what was found on this PC and in this workbook, and what to do.",
    ),
)


def make_addin(out_dir: Path) -> Path:
    """Write ``xlgov.xlam`` into a folder, which is made where it is absent; gives the file's path.

    One that is there is replaced as a whole or not at all. Raises UsageError, InUseError (Excel
    has it open), ReadOnlyError and FileError.
    """
    out_dir = Path(out_dir)
    if out_dir.exists() and not out_dir.is_dir():
        raise UsageError(f"{out_dir} is a file; expected a folder. Name another.")
    out_dir.mkdir(parents=True, exist_ok=True)
    content = addin_bytes()
    target = out_dir / ADDIN_NAME

    def write(file: BinaryIO) -> None:
        file.write(content)

    def verify(written: Path) -> None:
        if written.read_bytes() != content:
            raise DamagedError(f"{ADDIN_NAME} did not read back as written; try again.")

    replace_file(target, write, verify)
    return target


def addin_bytes() -> bytes:
    """The add-in as a file's content; always the same bytes for the same sources."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in _parts().items():
            info = zipfile.ZipInfo(name, _ORIGIN)
            info.create_system = 0  # on every machine the same
            info.external_attr = 0
            # Stored, since compressed bytes differ between versions of the compressor.
            info.compress_type = zipfile.ZIP_STORED
            package.writestr(info, content)
    return out.getvalue()


def _parts() -> dict[str, bytes]:
    """Every part by its name, the list of types first."""
    texts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relationships(
            (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_MICROSOFT}/2006/relationships/ui/extensibility", "customUI/customUI.xml"),
        ),
        "docProps/core.xml": _properties(),
        "customUI/customUI.xml": _ribbon(),
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _relationships(
            (f"{_RELATIONS}/worksheet", "worksheets/sheet1.xml"),
            (f"{_RELATIONS}/styles", "styles.xml"),
            (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/worksheets/sheet1.xml": _sheet(),
        "xl/styles.xml": _styles(),
    }
    parts = {name: (_XML + text).encode() for name, text in texts.items()}
    parts["xl/vbaProject.bin"] = project_bytes(_CODE_NAMES)
    return parts


def _types() -> str:
    sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {
        "/xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "/xl/worksheets/sheet1.xml": f"{sheets}.worksheet+xml",
        "/xl/styles.xml": f"{sheets}.styles+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    defaults = {
        "bin": "application/vnd.ms-office.vbaProject",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    lines = [f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items()]
    lines += [
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items()
    ]
    return f'<Types xmlns="{_PACKAGE}/content-types">{"".join(lines)}</Types>'


def _relationships(*related: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _properties() -> str:
    """Title and description are what Excel's list of add-ins shows."""
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>xlgov</dc:title>'
        "<dc:description>Keeps risk registers, performance dashboards and action logs right."
        "</dc:description></cp:coreProperties>"
    )


def _workbook() -> str:
    book, sheet = _CODE_NAMES[0], _CODE_NAMES[1]
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr codeName="{book}"/>'
        '<bookViews><workbookView visibility="hidden"/></bookViews>'
        f'<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet() -> str:
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{_CODE_NAMES[1]}"/><sheetData/></worksheet>'
    )


def _styles() -> str:
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/>'
        '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
        '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/>'
        "<right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" '
        'xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
        'builtinId="0"/></cellStyles></styleSheet>'
    )


def _ribbon() -> str:
    """The tab. Every picture is one of Excel's own, so none is inside."""
    buttons = "".join(
        f'<button id="xlgov{key}" label="{escape(label)}" size="{size}" imageMso="{picture}" '
        f'onAction="{macro}" screentip="{escape(tip)}" supertip="{escape(more)}"/>'
        for key, label, size, picture, macro, tip, more in _BUTTONS
    )
    return (
        f'<customUI xmlns="{_MICROSOFT}/2006/01/customui"><ribbon><tabs>'
        '<tab id="xlgovTab" label="xlgov"><group id="xlgovGroup" label="This workbook">'
        f"{buttons}</group></tab></tabs></ribbon></customUI>"
    )
