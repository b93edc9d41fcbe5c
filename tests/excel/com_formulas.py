"""Formulas moved from cell to cell, and between A1 and R1C1, as Application.ConvertFormula does it.

A relative reference that leaves the sheet on one side comes in again on the other: the rules of
conditional formats, names and ConvertFormula all do that. A formula of more than 255 characters is
refused (Microsoft, "Application.ConvertFormula": "There is a 255 character limit for the formula").
"""

from __future__ import annotations

import re
from collections.abc import Callable

from live_reference import column_number
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import get_column_letter
from typed_text import ComError

A1, R1C1 = 1, -4150
LONGEST = 255
_ROWS, _COLUMNS = 1_048_576, 16_384
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
_WHOLE_COLUMN = re.compile(r"(\$?)([A-Za-z]{1,3})")
_WHOLE_ROW = re.compile(r"(\$?)([1-9][0-9]{0,6})")
_R1C1 = re.compile(r"R(\[-?\d+\]|\d+)?C(\[-?\d+\]|\d+)?", re.IGNORECASE)
Cell = tuple[int, int]


def shift_formula(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads so many cells further down and to the right. It starts with ``=``."""

    def move(part: str) -> str:
        if match := _CELL.fullmatch(part):
            column, row = match[2], int(match[4])
            if not match[1]:
                column = get_column_letter((column_number(column) - 1 + columns) % _COLUMNS + 1)
            if not match[3]:
                row = (row - 1 + rows) % _ROWS + 1
            return f"{match[1]}{column.upper()}{match[3]}{row}"
        if (match := _WHOLE_COLUMN.fullmatch(part)) and not match[1]:
            return get_column_letter((column_number(match[2]) - 1 + columns) % _COLUMNS + 1)
        if (match := _WHOLE_ROW.fullmatch(part)) and not match[1]:
            return str((int(match[2]) - 1 + rows) % _ROWS + 1)
        return part

    return _each_reference(formula, lambda text: ":".join(move(part) for part in text.split(":")))


def convert_formula(formula: str, start: int, end: int, absolute: int | None, origin: Cell) -> str:
    """ConvertFormula; ``absolute`` is 1 (all), 2 (rows), 3 (columns), 4 (none) or None (as is)."""
    if len(formula) > LONGEST:
        raise ComError(f"a formula of {len(formula)} characters; ConvertFormula takes {LONGEST}")

    def convert(text: str) -> str:
        parts = [_read(part, start, origin) for part in text.split(":")]
        if any(part is None for part in parts):
            if start == A1 and end == A1:
                return text
            raise NotImplementedError(f"ConvertFormula of {text!r} is not modelled")
        return ":".join(_say(part, end, absolute, origin) for part in parts if part)

    return _each_reference(formula, convert)


def _each_reference(formula: str, change: Callable[[str], str]) -> str:
    """The formula with each reference changed; sheet names, texts and functions stay."""
    bare = not formula.startswith("=")
    tokens = Tokenizer("=" + formula if bare else formula)
    said: list[str] = []
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            sheet, mark, reference = token.value.rpartition("!")
            said.append(sheet + mark + (reference if "[" in sheet[:0] else change(reference)))
        else:
            said.append(token.value)
    return ("" if bare else "=") + "".join(said)


def _read(part: str, style: int, origin: Cell) -> tuple[int, bool, int, bool] | None:
    """Row and column of a reference, and whether each is absolute."""
    if style == A1:
        match = _CELL.fullmatch(part)
        if match is None:
            return None
        return int(match[4]), bool(match[3]), column_number(match[2]), bool(match[1])
    match = _R1C1.fullmatch(part)
    if match is None:
        return None
    row, row_absolute = _place(match[1], origin[0], _ROWS)
    column, column_absolute = _place(match[2], origin[1], _COLUMNS)
    return row, row_absolute, column, column_absolute


def _place(text: str | None, origin: int, size: int) -> tuple[int, bool]:
    if text is None:
        return origin, False
    if text.startswith("["):
        return (origin - 1 + int(text[1:-1])) % size + 1, False
    return int(text), True


def _say(part: tuple[int, bool, int, bool], style: int, absolute: int | None, origin: Cell) -> str:
    row, row_absolute, column, column_absolute = part
    if absolute is not None:
        row_absolute, column_absolute = absolute in (1, 2), absolute in (1, 3)
    if style == A1:
        return f"{'$' * column_absolute}{get_column_letter(column)}{'$' * row_absolute}{row}"
    down = str(row) if row_absolute else _offset(row - origin[0])
    across = str(column) if column_absolute else _offset(column - origin[1])
    return f"R{down}C{across}"


def _offset(number: int) -> str:
    return f"[{number}]" if number else ""
