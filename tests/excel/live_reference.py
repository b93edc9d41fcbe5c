"""References in text, as Worksheet.Range takes them: A1, A1:C3, A:C, several, names.

A text of more than 255 characters is refused (Microsoft, "Range object": Range(Cell1) takes the
name of a range as a string, and Excel's strings for references end there).
"""

from __future__ import annotations

import re

from cell_model import BookModel, SheetModel
from openpyxl.utils import get_column_letter
from rule_model import Area
from typed_text import ComError

LONGEST = 255
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")
_PART = re.compile(r"(?:(?:'((?:[^']|'')+)'|([^'!,]+))!)?([^!,]+)")


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def areas_of(text: str, sheet: SheetModel) -> tuple[SheetModel, list[Area]]:
    """The sheet and areas that a text names, seen from ``sheet``.

    Raises ComError where Excel would.
    """
    if len(text) > LONGEST:
        raise ComError(f"a reference of {len(text)} characters; Range takes {LONGEST}")
    found = plain_areas(text, sheet)
    if found is not None:
        return found
    book = sheet.book
    named = [name for name in book.names if name.name.lower() == text.lower()]
    for name in sorted(named, key=lambda each: each.sheet is not sheet):
        if name.sheet in (sheet, None):
            found = plain_areas(name.refers_to.removeprefix("="), sheet)
            if found is not None:
                return found
    raise ComError(f"{text!r} is no range of {sheet.name}")


def plain_areas(text: str, sheet: SheetModel) -> tuple[SheetModel, list[Area]] | None:
    """The areas of a reference without names; None where it is none."""
    areas: list[Area] = []
    where, at = sheet, 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return None
        quoted = match[1].replace("''", "'") if match[1] else match[2]
        if quoted is not None:
            other = _sheet(sheet.book, quoted)
            if other is None or (areas and other is not where):
                return None
            where = other
        area = _area(match[3].strip())
        if area is None:
            return None
        areas.append(area)
        at = match.end()
        if at < len(text) and text[at] != ",":
            return None
        at += 1
    return (where, areas) if areas else None


def _sheet(book: BookModel, name: str) -> SheetModel | None:
    return book.sheet(name)


def _area(text: str) -> Area | None:
    if match := _COLUMNS.fullmatch(text):
        left, right = sorted(column_number(letters) for letters in match.groups())
        return (1, left, _LAST_ROW, right) if right <= _LAST_COLUMN else None
    if match := _ROWS.fullmatch(text):
        top, bottom = sorted(int(number) for number in match.groups())
        return (top, 1, bottom, _LAST_COLUMN) if bottom <= _LAST_ROW else None
    first, _, last = text.partition(":")
    corners = [_CELL.fullmatch(each) for each in (first, last or first)]
    if any(each is None for each in corners):
        return None
    rows = sorted(int(each[2]) for each in corners if each)
    columns = sorted(column_number(each[1]) for each in corners if each)
    if rows[1] > _LAST_ROW or columns[1] > _LAST_COLUMN:
        return None
    return rows[0], columns[0], rows[1], columns[1]


def absolute(area: Area) -> str:
    return written_area(area, True, True)


def written_area(area: Area, row_absolute: bool, column_absolute: bool) -> str:
    row_sign, column_sign = "$" * row_absolute, "$" * column_absolute

    def cell(row: int, column: int) -> str:
        return f"{column_sign}{get_column_letter(column)}{row_sign}{row}"

    top, left, bottom, right = area
    if top == 1 and bottom == 1_048_576 and (left, right) != (1, 16_384):
        return f"{column_sign}{get_column_letter(left)}:{column_sign}{get_column_letter(right)}"
    if left == 1 and right == 16_384:
        return f"{row_sign}{top}:{row_sign}{bottom}"
    first = cell(top, left)
    return first if (top, left) == (bottom, right) else f"{first}:{cell(bottom, right)}"
