"""Moving a formula from one cell to another, as copying it in Excel would.

Why our own: a shared formula is written once, in its first cell; when that cell is overwritten,
the other cells need the text it had for them. The translator at hand (openpyxl) leaves the first
cell of ``A1:INDEX(B:B,5)`` where it is and cannot read ``A1#``; a formula that is wrong without a
word is the one thing that must not happen here.
"""

from __future__ import annotations

import re

from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, column_letters, column_number

_TOKEN = re.compile(
    r"""
    (?P<skip>
        "[^"]*"                                              # text
      | '(?:[^']|'')*'(?=!)                                  # a sheet's name
      | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]            # a table's column, another workbook
    )
  | (?<![\w.\\$?])(?:
        (?P<cell>(?P<column>\$?[A-Z]{1,3})(?P<row>\$?[1-9][0-9]{0,6}))
      | (?P<columns>(?P<left>\$?[A-Z]{1,3}):(?P<right>\$?[A-Z]{1,3}))
      | (?P<rows>(?P<top>\$?[1-9][0-9]{0,6}):(?P<bottom>\$?[1-9][0-9]{0,6}))
    )(?![\w.(!\\?])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula (without its ``=``) as it reads so many rows down and columns to the right.

    >>> moved('SUM($A1:B$2)&"A1"&Sheet1!A1#', 1, 2)
    'SUM($A2:D$2)&"A1"&Sheet1!C2#'

    Raises ValueError where a reference would leave the sheet.
    """

    def replace(match: re.Match[str]) -> str:
        found = match.groupdict()
        if found["skip"] is not None:
            return match[0]
        if found["cell"]:
            if column_number(found["column"].strip("$")) > MAX_COLUMN:
                return match[0]  # a name that only looks like a cell
            return _column(found["column"], columns) + _row(found["row"], rows)
        if found["columns"]:
            if max(column_number(found[n].strip("$")) for n in ("left", "right")) > MAX_COLUMN:
                return match[0]
            return f"{_column(found['left'], columns)}:{_column(found['right'], columns)}"
        return f"{_row(found['top'], rows)}:{_row(found['bottom'], rows)}"

    return _TOKEN.sub(replace, formula)


def _column(text: str, by: int) -> str:
    return text if text.startswith("$") else column_letters(column_number(text) + by)


def _row(text: str, by: int) -> str:
    if text.startswith("$"):
        return text
    number = int(text) + by
    if not 1 <= number <= MAX_ROW:
        raise ValueError(f"row {number} is outside 1 to {MAX_ROW}")
    return str(number)
