"""Values between Excel and the grid: floats that are whole, dates, errors; text that stays text.

Why an apostrophe: Excel reads what a program writes as it reads typing, so that ``=1+1`` becomes a
formula, ``Mar-18`` a date and ``00123`` a number. An apostrophe before it is Excel's own way of
saying "this is text"; it is no part of the value.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from xlgov.changes import NewValue
from xlgov.errors import EditError
from xlgov.grid.cells import CellError, Value

# What Excel's programs count dates from, for every workbook: also those that count from 1904 hand
# over the date that they show.
_FIRST_DAY = datetime(1899, 12, 30)
_DAY = timedelta(days=1)
_ERRORS = frozenset(
    {
        *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!"),
        *("#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!"),
    }
)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# Letters alone are text unless Excel knows them: TRUE, FALSE, and months beside a number.
_READ_BY_EXCEL = re.compile(
    rf"\s*(?:['=+\-@#\d.,(%$£€¥]|(?:true|false)\s*$|(?:{_MONTH})[a-z]*[\s\-/.,]*\d)", re.IGNORECASE
)


def from_excel(value: Any) -> tuple[Value, bool]:
    """A value as the grid has it, and whether it is a date.

    A date is its serial number, as in a file; a time of day is a part of 1.

    >>> from_excel(3.0), from_excel(datetime(2018, 3, 31)), from_excel("#N/A")[0].code
    ((3, False), (43190, True), '#N/A')
    """
    if value is None or isinstance(value, bool):
        return value, False
    if isinstance(value, int):
        return value, False
    if isinstance(value, float | Decimal):  # a cell of money arrives as a Decimal
        number = float(value)
        return (int(number) if number.is_integer() and abs(number) < 1e15 else number), False
    if isinstance(value, datetime):
        return _whole((value.replace(tzinfo=None) - _FIRST_DAY) / _DAY), True
    if isinstance(value, date):
        return (datetime(value.year, value.month, value.day) - _FIRST_DAY).days, True
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400, True
    text = str(value)
    return (CellError(text) if text in _ERRORS else text), False


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def to_excel(value: NewValue) -> Any:
    """A new value as Excel takes it; a formula and marked text are no plain values.

    >>> to_excel("=1+1"), to_excel("Mar-18"), to_excel("n/a"), to_excel(9)
    ("'=1+1", "'Mar-18", 'n/a', 9)
    """
    if value is None or isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        return f"'{value}" if _READ_BY_EXCEL.match(value) else value
    raise EditError(f"{type(value).__name__} cannot be written into an open workbook; use a file.")


def bare(value: Any) -> Any:
    """What a cell shows for a value that ``to_excel`` made: without the apostrophe."""
    return value[1:] if isinstance(value, str) and value.startswith("'") else value
