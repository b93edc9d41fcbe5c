"""What kind of file this is, by its content: a workbook to open, or which other kind to refuse.

Why not by the extension: exports of other systems are often web pages or text named .xls, and
people rename files to make Excel open them. The answer names the kind that was found and the way
to a workbook from there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from xlgov.errors import DamagedError, EncryptedError, FileError, NotAWorkbookError, UsageError
from xlgov.ooxml.package import Package
from xlgov.ooxml.patience import open_to_read

SAVE_AS = "open it in Excel and choose File > Save As > Excel Workbook (*.xlsx)"

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\3\4", b"PK\5\6")  # not just PK: a table may well begin with the heading PK
_HEAD = 4096

# Kinds that begin with a mark of their own.
_MARKS = (
    (b"%PDF-", "a PDF document; copy its table into Excel, and choose File > Save As > Excel "
               "Workbook (*.xlsx)"),
    (b"{\\rtf", f"a rich text document; {SAVE_AS} after copying its table there"),
    (b"ID;P", f"a SYLK spreadsheet; {SAVE_AS}"),
    (b"MIME-Version:", f"a single-file web page (.mht); {SAVE_AS}"),
    (b"\x09\x08\x10\x00", f"an Excel sheet of an old version (BIFF8); {SAVE_AS}"),
    (b"\x09\x08\x08\x00", f"an Excel sheet of an old version (BIFF5); {SAVE_AS}"),
    (b"\x09\x04\x06\x00", f"an Excel sheet of an old version (BIFF4); {SAVE_AS}"),
    (b"\x09\x02\x06\x00", f"an Excel sheet of an old version (BIFF3); {SAVE_AS}"),
    (b"\x09\x00\x04\x00", f"an Excel sheet of an old version (BIFF2); {SAVE_AS}"),
)  # fmt: skip

# Kinds of text, by what stands near the beginning, the most telling first.
_TEXTS = (
    (r"urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet",
     f"an XML Spreadsheet 2003; {SAVE_AS}"),
    (r"urn:oasis:names:tc:opendocument", f"an OpenDocument file of one piece (.fods); {SAVE_AS}"),
    (r"<!doctype html|<html|<table|<meta ",
     f"a web page, as many systems export in place of a workbook; {SAVE_AS}"),
    (r"\A\s*<\?xml", f"an XML file; {SAVE_AS} if it holds a table"),
)  # fmt: skip

# Streams of an OLE2 file, the one that explains most first.
_STREAMS = (
    ("DRMEncryptedDataSpace", "rights"),
    ("DRMEncryptedTransform", "rights"),
    ("\tDRMContent", "rights"),
    ("EncryptedPackage", "password"),
    ("Workbook", f"an Excel 97-2003 workbook (.xls); {SAVE_AS}"),
    ("Book", f"an Excel 5.0/95 workbook (.xls); {SAVE_AS}"),
    ("WordDocument", "a Word 97-2003 document (.doc); give an Excel workbook"),
    ("PowerPoint Document", "a PowerPoint 97-2003 presentation (.ppt); give an Excel workbook"),
)


def refuse_unless_xlsx(path: str | os.PathLike[str]) -> None:
    """Return where the file is a package that may hold a workbook (.xlsx, .xlsm).

    Raises UsageError (no such file, a folder), NotAWorkbookError (another kind of file, named),
    EncryptedError (password or rights management), InUseError (held by another program),
    and what ``Package.open`` raises.
    """
    path = Path(path)
    if os.path.isdir(path):  # not Path.is_dir, which raises what a drive says that has gone
        raise UsageError(f"{path} is a folder; expected a workbook file.")
    try:
        with open_to_read(path) as file:
            head = file.read(_HEAD)
            streams = _ole2_streams(file) if head.startswith(_OLE2) else set()
    except FileNotFoundError as error:
        raise UsageError(
            f"{path} does not exist; expected a workbook file. Look for a typing error, or for a "
            "drive that is not connected."
        ) from error
    except ValueError as error:
        raise UsageError(f"{str(path)!r} is no path ({error}); expected a workbook.") from error
    except OSError as error:
        raise FileError(
            f"{path} cannot be read ({error.strerror}); close it in other programs, or ask its "
            "owner for access."
        ) from error
    if not head:
        raise DamagedError(
            "the file is empty (0 bytes); expected a workbook. Restore an earlier version."
        )
    if head.startswith(_OLE2):
        _refuse_ole2(streams)
    for mark, found in _MARKS:
        if head.startswith(mark):
            raise NotAWorkbookError(f"this is {found}.")
    if not head.strip(b"\0"):
        raise DamagedError(
            "the file begins with nothing but zeros, as after an interrupted save or copy; its "
            "content is lost. Restore an earlier version."
        )
    text = None if head.startswith(_ZIP) else _text(head)
    if text is not None:
        _refuse_text(text)
    _refuse_other_package(path, head)


def _refuse_ole2(streams: set[str]) -> None:
    for name, found in _STREAMS:
        if name not in streams:
            continue
        if found == "rights":
            raise EncryptedError(
                "the file is protected by rights management (a sensitivity label that encrypts "
                "it), so only Excel can open it; ask its owner for a copy without protection, or "
                "choose a label that does not encrypt (Home > Sensitivity)."
            )
        if found == "password":
            raise EncryptedError(
                "the file is encrypted with a password; open it in Excel, choose File > Info > "
                "Protect Workbook > Encrypt with Password, empty the box, and save."
            )
        raise NotAWorkbookError(f"this is {found}.")
    raise NotAWorkbookError(f"this is a file of an older Office program (OLE2); {SAVE_AS}.")


def _ole2_streams(file: BinaryIO) -> set[str]:
    """Which of the streams that matter an OLE2 file has.

    Entries of its directory may lie in any sector, each a name of 64 bytes in UTF-16 and its
    length at an even 128, so they are looked for, not followed: a damaged chain hides nothing.
    """
    wanted = {
        name: re.compile(
            re.escape(name.encode("utf-16-le").ljust(64, b"\0"))
            + re.escape((2 * len(name) + 2).to_bytes(2, "little"))
        )
        for name, _ in _STREAMS
    }
    found: set[str] = set()
    for window in _windows(file):
        for name, pattern in wanted.items():
            if name not in found and pattern.search(window):
                found.add(name)
    return found


def _windows(file: BinaryIO, overlap: int = 128) -> Iterator[bytes]:
    file.seek(0)
    held = b""
    while piece := file.read(1 << 20):
        yield held + piece
        held = piece[-overlap:]


def _text(head: bytes) -> str | None:
    """The beginning of a text file; None where it is no text."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(encoding, "replace")
    if re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]", head):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")


def _refuse_text(text: str) -> None:
    for pattern, found in _TEXTS:
        if re.search(pattern, text, re.IGNORECASE):
            raise NotAWorkbookError(f"this is {found}.")
    first = text.lstrip("\ufeff").splitlines()[0] if text.strip() else ""
    rows = "rows of values (.csv)" if re.search("[,;\t|]", first) else "no table (.txt)"
    raise NotAWorkbookError(f"this is a text file with {rows}; {SAVE_AS}.")


def _refuse_other_package(path: Path, head: bytes) -> None:
    try:
        package = Package.open(path)
    except DamagedError:
        if head.startswith(_ZIP):
            raise
        raise NotAWorkbookError(
            f"this is no workbook, nor of any kind known here; if Excel can open it, {SAVE_AS}."
        ) from None
    with package:
        has = package.find
        if has("[Content_Types].xml"):
            if has("xl/workbook.bin") and not has("xl/workbook.xml"):
                raise NotAWorkbookError(f"this is a binary workbook (.xlsb); {SAVE_AS}.")
            if has("word/document.xml"):
                raise NotAWorkbookError("this is a Word document; give an Excel workbook (.xlsx).")
            if has("ppt/presentation.xml"):
                raise NotAWorkbookError(
                    "this is a PowerPoint presentation; give an Excel workbook (.xlsx)."
                )
            return
        kind = ""
        mimetype = has("mimetype")
        if mimetype is not None and mimetype.size < 256:
            kind = package.read(mimetype).decode("ascii", "replace")
        if "opendocument.spreadsheet" in kind:
            raise NotAWorkbookError(f"this is an OpenDocument spreadsheet (.ods); {SAVE_AS}.")
        if "opendocument" in kind:
            raise NotAWorkbookError(
                f"this is an OpenDocument file ({kind.strip()}); give an Excel workbook (.xlsx)."
            )
        if has("Index/Document.iwa"):
            raise NotAWorkbookError(
                "this is an Apple Numbers or Pages document; choose File > Export To > Excel."
            )
        raise NotAWorkbookError(
            "this is a zip file but no workbook (it has no [Content_Types].xml); if a workbook is "
            "inside, unpack the zip and give that."
        )
