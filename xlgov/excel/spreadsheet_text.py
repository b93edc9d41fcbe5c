"""A block of cells as text in the format XML Spreadsheet, which states merged ranges.

Excel on Windows gives it for any range: ``Range.Value`` with xlRangeValueXMLSpreadsheet "returns
the values, formatting, formulas, and names of the specified Range object in the XML Spreadsheet
format" (Microsoft, "XlRangeValueDataType enumeration"). In it (Microsoft, "XML Spreadsheet
Reference") a cell that is merged over others says over how many, ``ss:MergeAcross`` and
``ss:MergeDown``, and those others are left out. Rows and cells follow one another, or say by
``ss:Index`` where they stand; a row with ``ss:Span`` stands for as many more.

Why GetValue: so pywin32 calls a property that is asked with an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from xlgov.grid.cells import Range

if TYPE_CHECKING:
    from xlwings import Range as Block

_XML_SPREADSHEET = 11
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet "


def read_text(block: Block) -> tuple[Range, ...] | None:
    """The merged ranges of a block that begins in A1; None where Excel gives no such text."""
    try:
        text = block.api.GetValue(_XML_SPREADSHEET)
    except Exception:  # each platform has its own error for what it does not know
        return None
    try:
        return merges_of(text) if isinstance(text, str) else None
    except (expat.ExpatError, ValueError):
        return None


def merges_of(text: str) -> tuple[Range, ...]:
    """The merged ranges of the first table in a text, sorted.

    Raises ExpatError where the text is no XML, ValueError where a place in it is no number.
    """
    found: list[Range] = []
    row, next_row, next_column, is_read = 0, 1, 1, False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, next_row, next_column

        def number(attribute: str, usual: int) -> int:
            return int(attributes.get(_SPREADSHEET + attribute, usual))

        if is_read:
            return
        if name == _SPREADSHEET + "Row":
            row, next_column = number("Index", next_row), 1
            next_row = row + 1 + number("Span", 0)
        elif name == _SPREADSHEET + "Cell":
            column = number("Index", next_column)
            across, down = number("MergeAcross", 0), number("MergeDown", 0)
            next_column = column + across + 1
            if across or down:
                found.append(Range(row, column, row + down, column + across))

    def end(name: str) -> None:
        nonlocal is_read
        is_read = is_read or name == _SPREADSHEET + "Table"

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(text, True)
    return tuple(sorted(found))
