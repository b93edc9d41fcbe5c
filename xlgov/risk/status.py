"""The status of a risk: whether it is closed, and the date of its last review.

Why dates wait for their whole column: one cell cannot tell whether ``03/02/2017`` has its day
first. Where another date of the column cannot (``01/31/2017``), none that could be either is read.
A status column without a single date (``Open``, ``Closed``) is no date column, so nothing is
missing from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from xlgov.grid.cells import CellError, Value, date_from_serial, is_blank
from xlgov.grid.dates import find_date, must_be_month_first
from xlgov.grid.sheet import Workbook, is_date_format
from xlgov.risk.words import is_empty_answer, plain

# "either" is a date that reads both ways; it is settled when the whole column is known.
DateState = Literal["absent", "missing", "word", "unreadable", "month-first", "either", "read"]

_CLOSED = re.compile(r"(?<!not )\b(?:closed|archived|retired|withdrawn)\b")


class Status(NamedTuple):
    """The review date of a risk, or why there is none; ``text`` is what the cell shows then."""

    state: DateState
    day: date | None = None
    text: str = ""


ABSENT = Status("absent")
_MISSING = Status("missing")


def is_closed(value: Value) -> bool:
    """Whether a status says that the risk is over.

    >>> is_closed("Closed 31/01/2017"), is_closed("Not closed"), is_closed(None)
    (True, False, False)
    """
    return isinstance(value, str) and bool(_CLOSED.search(plain(value)))


def read_status(workbook: Workbook, value: Value, style: int, month_first: bool = False) -> Status:
    """The review date in a cell, which may be a date, a text of one, or a status beside one."""
    if is_blank(value):
        return _MISSING
    if isinstance(value, str):
        return _read_text(value, month_first)
    if isinstance(value, bool | CellError):
        return Status("unreadable", text=str(value).upper())
    if value is not None and is_date_format(workbook.number_format(style)):
        try:
            return Status("read", date_from_serial(value, workbook.date_1904).date())
        except ValueError:
            pass
    return Status("unreadable", text=f"{value:g}")


def _read_text(text: str, month_first: bool) -> Status:
    shown = " ".join(text.split())
    if not month_first and must_be_month_first(text):
        return Status("month-first", text=shown)
    found = find_date(text, not month_first)
    if found is None:
        if is_empty_answer(text):
            return _MISSING
        has_figures = any(letter.isdigit() for letter in text)
        return Status("unreadable" if has_figures else "word", text=shown)
    if not month_first and find_date(text, False) != found:
        return Status("either", found, shown)
    return Status("read", found)


def settle_statuses(column: Sequence[Status], has_words: bool) -> list[Status]:
    """The statuses of one column, each in the light of the others.

    ``has_words`` is whether the column holds the status words too; a word alone is then a date
    that is missing, and else one that cannot be read.
    """
    states = {status.state for status in column}
    if has_words and states <= {"missing", "word"}:
        return [ABSENT] * len(column)
    swapped = "month-first" in states
    settled: dict[int, Status] = {}
    for status in column:
        if id(status) in settled:
            continue
        new = status
        if status.state == "word":
            new = _MISSING if has_words else Status("unreadable", text=status.text)
        elif status.state == "either":
            new = status if swapped else Status("read", status.day)
        settled[id(status)] = new
    return [settled[id(status)] for status in column]
