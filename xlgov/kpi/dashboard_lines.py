"""The texts of a dashboard's rows: names, titles above blocks, remarks; and what is a figure.

Why a title may name a row: a page of detail has one row of figures under its headings, and the
indicator's name stands only above them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

from xlgov.grid.cells import Value, is_blank
from xlgov.grid.sheet import Grid
from xlgov.kpi.header_rows import HeaderRows
from xlgov.kpi.month_text import find_month
from xlgov.kpi.number_text import is_no_reading, read_number
from xlgov.kpi.verdict import Verdict

_TITLE = re.compile(r"\b(?:dashboard|scorecard|performance|reports?|papers?)\b", re.IGNORECASE)
TITLE_ABOVE = 4  # rows above a block in which its name may stand
_LONGEST_LABEL = 120
_ROWS_FOR_NAMES = 60  # in which the column of names is looked for
_OUTCOMES = {word.casefold() for word in get_args(Verdict)}


def is_title(text: str) -> bool:
    """Whether a lone text above the headings is the page's title, and so no theme.

    >>> is_title("Dashboard as at 31st March 2018"), is_title("VICTIMS")
    (True, False)
    """
    return _TITLE.search(text) is not None or find_month(text) is not None


class Lines:
    """The texts of one sheet's rows. ``known`` says whether a text is an indicator's name."""

    def __init__(self, grid: Grid, headers: HeaderRows, known: Callable[[str], object]) -> None:
        self.grid = grid
        self.headers = headers
        self.known = known

    def lone_text(self, row: int) -> str:
        """The text of a row that holds nothing else."""
        values = [v for v in self.grid.row(row).values() if not is_blank(v)]
        if len(values) == 1 and isinstance(values[0], str) and len(values[0]) <= _LONGEST_LABEL:
            return " ".join(values[0].split())
        return ""

    def text(self, row: int, column: int) -> str:
        """The text of a cell, or of the merged cells that it belongs to; "" for anything else."""
        value: Value = self.grid.value(row, column) if column else None
        if value is None and column:
            merge = self.grid.merge_at(row, column)
            value = self.grid.value(merge.top, merge.left) if merge else None
        return " ".join(value.split()) if isinstance(value, str) else ""

    def own_text(self, row: int, column: int) -> str:
        """The text of a cell, "" below the first row of merged ones: those are rows of another."""
        merge = self.grid.merge_at(row, column) if column else None
        return "" if merge is not None and merge.top < row else self.text(row, column)

    def name_column(self, header_row: int, first: int) -> int:
        """The column of names that no heading says: left of ``first``, with known names.

        Where none is known, the one with the most different texts.
        """
        texts: dict[int, set[str]] = {}
        for below in range(header_row + 1, header_row + _ROWS_FOR_NAMES):
            for column, text in self.headers.texts.get(below, ()):
                if column < first and len(text) <= _LONGEST_LABEL:
                    texts.setdefault(column, set()).add(text)

        def likely(column: int) -> tuple[int, int, int]:
            return sum(1 for t in texts[column] if self.known(t)), len(texts[column]), -column

        return max(texts, key=likely, default=0)

    def title_above(self, header_row: int) -> tuple[str, tuple[int, int]]:
        """The name of a block whose row has none: a known one above its headings, else the line."""
        lone = ("", (0, 0))
        for row in range(header_row - 1, max(header_row - TITLE_ABOVE, 1) - 1, -1):
            for column, text in self.headers.texts.get(row, ()):
                if self.known(text):
                    return text, (row, column)
                if row not in self.headers.bands and self.lone_text(row) and not lone[0]:
                    lone = (text, (row, column))
        return lone


def says_figure(value: Value) -> bool:
    """Whether a cell holds a number or an outcome, or says that there is none; no prose."""
    if not isinstance(value, str):
        return value is not None
    if is_blank(value):
        return False
    return (
        value.strip().casefold() in _OUTCOMES
        or is_no_reading(value)
        or read_number(value) is not None
    )
