"""Formulas that name a column of a table: cells, names, formats, validations, other tables.

Why two looks: a sheet may be large and nearly none names the column, so its bytes are searched as
they stream by, and only a sheet in which the name stands in brackets is parsed to see where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from xlgov.grid.cells import address
from xlgov.ooxml.markup import Element, decode
from xlgov.ooxml.scan import scan_carefully

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

# Table[Column], Table[[#This Row],[Column]], and the same without the table's name.
_REFERENCE = re.compile(
    r"(?P<table>(?:[^\W\d]|\\)[\w.\\]*|)\[(?P<inside>(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\]",
    re.DOTALL,
)
_ITEM = re.compile(r"\[((?:[^\[\]']|'.)*)\]", re.DOTALL)
_ESCAPED = re.compile(r"'(.)", re.DOTALL)
_SPECIAL = re.compile(r"""[][#'"&<>\t\r\n]""")
_KNOWING = ("formula", "formula1", "formula2", "f", "definedName", "calculatedColumnFormula",
            "totalsRowFormula")  # fmt: skip


def names_column(formula: str, table: str, heading: str) -> bool:
    """Whether a formula refers to a table's column by its name.

    >>> names_column("SUM(Figures[Mar-18])", "Figures", "Mar-18")
    True
    >>> names_column("SUM(Others[Mar-18])+A1", "Figures", "Mar-18")
    False
    >>> names_column("Figures[[#This Row],[A '[b']]]", "figures", "A [b]")
    True
    """
    wanted = heading.casefold()
    for match in _REFERENCE.finditer(formula):
        if match["table"].casefold() not in ("", table.casefold()):
            continue
        if not match["table"] and formula[match.end() : match.end() + 1].isalnum():
            continue  # another workbook: [1]Sheet1!A1
        inside = match["inside"]
        for item in _ITEM.findall(inside) or [inside]:
            plain = _ESCAPED.sub(r"\1", item).casefold()
            if wanted in (plain, plain.removeprefix("@")):
                return True
    return False


def formulas_naming(workbook: WorkbookFile, table: str, heading: str) -> Iterator[str]:
    """Where formulas of the workbook name a table's column, in words."""
    parts, book = workbook.parts, workbook.book
    # What formulas and XML write as it is can be looked for in the bytes.
    is_plain = heading.isascii() and not _SPECIAL.search(heading)
    seen = re.compile(rb"\[@?" + re.escape(heading.encode()) + rb"\]", re.IGNORECASE)
    for sheet in book.sheets():
        name = parts.name(sheet.part)
        if name is None or sheet.kind != "worksheet":
            continue
        if not is_plain or _occurs(seen, parts.stream(name), len(heading)):
            yield from _in_sheet(workbook, sheet.name, name, table, heading)
        for each in parts.relationships(name):
            if each.kind != "table" or parts.name(each.target) is None:
                continue
            root = parts.tree(each.target)[1]
            if any(_knows(element, table, heading) for element in root.walk()):
                yield f"a column of the table {root.attributes.get('displayName', '')!r}"
    for element in book.root.walk():
        if _knows(element, table, heading):
            yield f"the name {element.attributes.get('name', '')!r}"


def _knows(element: Element, table: str, heading: str) -> bool:
    return element.name in _KNOWING and names_column(element.text, table, heading)


def _occurs(pattern: re.Pattern[bytes], chunks: Iterable[bytes], length: int) -> bool:
    """Whether a pattern occurs in a part given in pieces; one in another encoding may hold it."""
    rest = b""
    for chunk in chunks:
        if not rest and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]):
            return True
        stretch = rest + chunk
        if pattern.search(stretch):
            return True
        rest = stretch[-(length + 3) :]
    return False


def _in_sheet(
    workbook: WorkbookFile, sheet: str, part: str, table: str, heading: str
) -> Iterator[str]:
    raw, _ = decode(workbook.parts.raw(part), part)
    for _, cells in scan_carefully(raw, part).rows:
        for cell in cells:
            if cell.formula and names_column(cell.formula, table, heading):
                yield f"the formula in {sheet}!{address(cell.row, cell.span.number)}"
    for element in workbook.outline(sheet).root.walk():
        if _knows(element, table, heading):
            yield f"a format or validation of the sheet {sheet!r}"
