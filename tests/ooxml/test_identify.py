"""What kind of file it is: another kind is refused by its own name, with the way to a workbook."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from xlgov.errors import (
    DamagedError,
    EncryptedError,
    NotAWorkbookError,
    UsageError,
    XlgovError,
)
from xlgov.ooxml.identify import refuse_unless_xlsx

SAVE_AS = r"File > Save As > Excel Workbook \(\*\.xlsx\)"


def zip_of(*names: str, **contents: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
        for name, content in contents.items():
            archive.writestr(name, content)
    return sink.getvalue()


def ole2_of(*streams: str, padding: int = 512) -> bytes:
    """A compound file's mark, then directory entries of 128 bytes, somewhere behind."""
    entries = b""
    for name in ("Root Entry", *streams):
        entry = name.encode("utf-16-le").ljust(64, b"\0")
        entries += (entry + (2 * len(name) + 2).to_bytes(2, "little")).ljust(128, b"\0")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(padding, b"\1") + entries + bytes(600)


TYPES = "[Content_Types].xml"
OASIS = "application/vnd.oasis.opendocument."
WORKBOOK = zip_of(TYPES, "_rels/.rels", "xl/workbook.xml")
SPREADSHEET_2003 = (
    b'<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)

REFUSED: dict[str, tuple[bytes, type[XlgovError], str]] = {
    "xls": (ole2_of("Workbook"), NotAWorkbookError, rf"\.xls\); .*{SAVE_AS}"),
    "old xls": (ole2_of("Book"), NotAWorkbookError, rf"\.xls\); .*{SAVE_AS}"),
    "bare BIFF": (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(99), NotAWorkbookError, SAVE_AS),
    "doc": (ole2_of("WordDocument"), NotAWorkbookError, r"\.doc\)"),
    "an installer": (ole2_of("Other"), NotAWorkbookError, "older Office"),
    "with a password": (
        ole2_of("EncryptedPackage", "\x06DataSpaces", "StrongEncryptionDataSpace"),
        EncryptedError, "password; open it in Excel"),
    "a password, far into the file": (
        ole2_of("EncryptedPackage", padding=(1 << 20) - 30), EncryptedError, "password"),
    "rights-managed": (
        ole2_of("EncryptedPackage", "\x06DataSpaces", "DRMEncryptedDataSpace"),
        EncryptedError, "rights management"),
    "rights-managed by its transform": (
        ole2_of("EncryptedPackage", "DRMEncryptedTransform"), EncryptedError, "rights management"),
    "rights-managed xls": (
        ole2_of("Workbook", "\tDRMContent"), EncryptedError, "rights management"),
    "xlsb": (zip_of(TYPES, "xl/workbook.bin"), NotAWorkbookError, rf"\.xlsb\); .*{SAVE_AS}"),
    "ods": (
        zip_of("content.xml", mimetype=OASIS + "spreadsheet"), NotAWorkbookError,
        rf"\.ods\); .*{SAVE_AS}"),
    "odt": (zip_of("content.xml", mimetype=OASIS + "text"), NotAWorkbookError, "OpenDocument"),
    "docx": (zip_of(TYPES, "word/document.xml"), NotAWorkbookError, "Word document"),
    "pptx": (zip_of(TYPES, "ppt/presentation.xml"), NotAWorkbookError, "PowerPoint"),
    "numbers": (zip_of("Index/Document.iwa"), NotAWorkbookError, "Numbers"),
    "a zip with a workbook in it": (zip_of("register.xlsx"), NotAWorkbookError, "unpack the zip"),
    "an empty zip": (zip_of(), NotAWorkbookError, "unpack the zip"),
    "csv": (b"Reference,Likelihood\r\nSR1.1,3\r\n", NotAWorkbookError, rf"\.csv\); .*{SAVE_AS}"),
    "csv with a mark": (b"\xef\xbb\xbfRisk;Score\n", NotAWorkbookError, r"\.csv"),
    "csv in Latin letters": (b"Caf\xe9,3\n" * 2000, NotAWorkbookError, r"\.csv"),
    "csv whose first heading is PK": (b"PK,Name\n1,Estate\n", NotAWorkbookError, r"\.csv"),
    "Unicode text of Excel": ("Risk\tScore\r\n".encode("utf-16"), NotAWorkbookError, r"\.csv"),
    "prose": (b"Minutes of the meeting\n", NotAWorkbookError, r"\.txt"),
    "nothing but blanks": (b"  \r\n ", NotAWorkbookError, r"\.txt"),
    "web page": (b"\r\n<HTML><table><tr><td>1", NotAWorkbookError, rf"web page.*{SAVE_AS}"),
    "XML Spreadsheet 2003": (SPREADSHEET_2003, NotAWorkbookError, rf"2003; .*{SAVE_AS}"),
    "XML Spreadsheet 2003 in UTF-16": (
        SPREADSHEET_2003.decode().encode("utf-16"), NotAWorkbookError, "2003"),
    "flat ods": (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:x">',
        NotAWorkbookError, r"\.fods"),
    "other XML": (b"<?xml version='1.0'?><risks/>", NotAWorkbookError, "an XML file"),
    "single-file web page": (b"MIME-Version: 1.0\r\n", NotAWorkbookError, r"\.mht"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", NotAWorkbookError, "PDF"),
    "SYLK": (b"ID;PWXL;N;E\r\n", NotAWorkbookError, "SYLK"),
    "rich text": (b"{\\rtf1\\ansi}", NotAWorkbookError, "rich text"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NotAWorkbookError, "nor of any kind"),
    "empty": (b"", DamagedError, "empty"),
    "zeros after a crash": (bytes(9000), DamagedError, "zeros"),
    "cut short": (WORKBOOK[:-9], DamagedError, "cut short"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_another_kind_of_file_is_refused_by_its_name(
    kind: str, suffix: str, tmp_path: Path
) -> None:
    content, expected, words = REFUSED[kind]
    path = tmp_path / f"register{suffix}"
    path.write_bytes(content)
    with pytest.raises(expected, match=f"(?s){words}") as caught:
        refuse_unless_xlsx(path)
    assert type(caught.value) is expected
    assert str(caught.value).endswith(".") and "  " not in str(caught.value)


@pytest.mark.parametrize("name", ["register.xlsx", "register.xlsm", "register.xls", "register"])
def test_a_package_with_content_types_passes_whatever_its_name(name: str, tmp_path: Path) -> None:
    for content in (WORKBOOK, b"#!/bin/sh\0\1" + WORKBOOK, zip_of(TYPES, "book.xml")):
        (tmp_path / name).write_bytes(content)
        refuse_unless_xlsx(tmp_path / name)


def test_text_that_only_mentions_encryption_is_no_encrypted_file(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    words = "our EncryptedPackage and DRMEncryptedDataSpace".encode("utf-16-le")
    path.write_bytes(ole2_of("Workbook") + words)
    with pytest.raises(NotAWorkbookError, match=r"\.xls"):
        refuse_unless_xlsx(path)


def test_a_missing_file_and_a_folder_are_errors_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.xlsx does not exist"):
        refuse_unless_xlsx(tmp_path / "absent.xlsx")
    with pytest.raises(UsageError, match="is a folder"):
        refuse_unless_xlsx(tmp_path)
