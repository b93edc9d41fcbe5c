"""The macros of a workbook: its VBA project as one part, put in, replaced, or left as signed.

What is inside the project is not known here; it is bytes that somebody else has made.
"""

from __future__ import annotations

from xlgov.errors import SignedError, UsageError
from xlgov.ooxml.book import Book

_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PROJECT = "application/vnd.ms-office.vbaProject"
_FAMILY = "http://schemas.microsoft.com/office/2006/relationships"
_KIND = "vbaProject"


def read_project(book: Book) -> bytes | None:
    """The workbook's VBA project; None where it has no macros.

    Raises DamagedError where it names one that is not in the file.
    """
    part = book.target(_KIND)
    return book.parts.raw(part) if part else None


def allows_macros(book: Book) -> bool:
    """Whether the workbook says of itself that it has macros."""
    return book.parts.content_type(book.part).lower() == _WITH_MACROS.lower()


def allow_macros(book: Book) -> None:
    """Have the workbook say of itself that it has macros, without which Excel will not open it.

    Raises UsageError for a template or an add-in, which would become something else.
    """
    kind = book.parts.content_type(book.part)
    if allows_macros(book):
        return
    if kind.lower() != _PLAIN.lower():
        raise UsageError(
            f"this is a template or an add-in and no workbook ({kind or 'without a type'}); in "
            "Excel choose File > Save As > Excel Workbook (*.xlsx), and give that."
        )
    book.parts.set_content_type(book.part, _WITH_MACROS)


def put_project(book: Book, project: bytes) -> None:
    """Put a VBA project into the workbook, in place of the one that it has.

    Raises SignedError where the one that stands is signed: no change keeps its signature.
    """
    parts = book.parts
    part = book.related(_KIND)
    if part is not None:
        if any("signature" in each.kind.lower() for each in parts.relationships(part)):
            raise SignedError(
                "the workbook's own macros are signed, which any change makes invalid. Ask who "
                "signed them to add the button, or take the signature off in Excel (Alt+F11, Tools "
                "> Digital Signature > Remove), save, and try again."
            )
        parts.put(part, project)
        return
    folder = book.part.rpartition("/")[0]
    part = f"{folder}/vbaProject.bin".lstrip("/")
    if parts.name(part) is not None:
        part = parts.free_name(f"{folder}/vbaProject{{}}.bin".lstrip("/"))
    parts.put(part, project)
    parts.add_override(part, _PROJECT)
    parts.add_relationship(book.part, _KIND, part, family=_FAMILY)


def refuse_signed(book: Book, name: str) -> None:
    """Raise SignedError where the package carries a signature, which any change would break."""
    if book.is_signed():
        raise SignedError(
            f"{name} carries a digital signature, which any change makes invalid; nothing was "
            "written. Ask the signer, or take it off in Excel (File > Info > View Signatures) and "
            "try again."
        )
