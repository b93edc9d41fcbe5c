"""What COM hands out for a cell, and what it makes of a value that is written into one.

Evidence: ``clean_value_data`` and ``prepare_xl_data_element`` of xlwings/_xlwindows.py for both
directions; Microsoft, "Range.Value property" and "Range.Value2 property" (dates and currency have
types of their own in Value), "XlCVError enumeration" for the integers of errors, and pywin32's
oleargs.cpp (VT_DATE is a datetime, VT_CY a Decimal, VT_ERROR an int).

- A number under a date format is a datetime of COM's calendar, which knows no 29 February 1900:
  serial 0 is 30 December 1899, 1 is 31 December 1899 where Excel shows 1 January 1900, 60 is
  28 February 1900 where it shows the 29th, and a time of day has the date 30 December 1899.
- A number under a currency format is a Decimal of four places.
- An error is an int; those that Excel got after 2016 (#SPILL!, #CALC!) are not in xlwings' list.
- Writing a date into a General cell gives it a date format, and writing anything into a text cell
  (format ``@``) makes text of it.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cell_model import CellModel, NotCalculated
from typed_text import (
    EPOCH,
    SHORT_DATE,
    SHORT_DATE_TIME,
    ComError,
    Entry,
    ErrorValue,
    enter,
    ole_date,
)

_FIRST_ERROR = -2146828288  # &H800A0000, to which xlErr numbers are added
_ERROR_NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
_LAST_DATE = 2958466  # the day after 31 December 9999
# What Range.NumberFormat says of formats that the PC's settings decide, and what files call them.
_SHOWN_FORMATS = {SHORT_DATE: "m/d/yyyy", SHORT_DATE_TIME: "m/d/yyyy h:mm"}
_STORED_FORMATS = {shown: stored for stored, shown in _SHOWN_FORMATS.items()}


def shown_format(stored: str) -> str:
    """What Range.NumberFormat says of a format as files have it."""
    return _SHOWN_FORMATS.get(stored, stored)


def stored_format(shown: str) -> str:
    return _STORED_FORMATS.get(shown, shown)


def error_number(code: str) -> int:
    return _FIRST_ERROR + _ERROR_NUMBERS[code]


def com_value(cell: CellModel, date_1904: bool) -> Any:
    """Range.Value of one cell."""
    value = cell.value
    if isinstance(value, NotCalculated):
        raise RuntimeError(f"the value of {cell.formula}: nothing here calculates it")
    if isinstance(value, ErrorValue):
        return error_number(value.code)
    if not isinstance(value, float):
        return value
    if cell.shows_date:
        serial = value + 1462 if date_1904 else value
        if 0 <= serial < _LAST_DATE:
            # pywin32 gives whole milliseconds.
            return EPOCH + timedelta(milliseconds=round(serial * 86_400_000))
        return value
    if cell.shows_currency:
        return Decimal(repr(value)).quantize(Decimal("0.0001"))
    return value


def formula_text(cell: CellModel) -> str:
    """Range.Formula of one cell: a constant as text, an empty string for a blank.

    Text that begins with ``=`` cannot be told from a formula by it.
    """
    if cell.formula is not None:
        return cell.formula
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}" if not value.is_integer() or abs(value) >= 1e15 else str(int(value))
    return value.code if isinstance(value, ErrorValue) else str(value)


def entry_of(value: Any, number_format: str, date_1904: bool = False) -> Entry:
    """What a cell of this format holds once ``value`` was written to its Range.Value."""
    if value is None:
        return Entry()
    if isinstance(value, str):
        return enter(value, number_format)
    if isinstance(value, bool):
        return Entry(str(value).upper()) if number_format == "@" else Entry(value)
    if isinstance(value, date):
        return _moment(value, number_format, date_1904)
    if isinstance(value, int | float | Decimal):
        number = float(value)
        if not math.isfinite(number):
            raise ComError(f"{value!r} is no number that a cell can hold")
        if number_format == "@":
            return Entry(formula_text(CellModel(number)))
        return Entry(number, format="$#,##0.00" if isinstance(value, Decimal) else None)
    raise TypeError(
        f"Objects of type {type(value).__name__!r} can not be converted to a COM VARIANT"
    )


def _moment(value: date, number_format: str, date_1904: bool) -> Entry:
    serial = ole_date(value) - (1462 if date_1904 else 0)
    if serial < 0:
        raise ComError(f"{value!r} is before Excel's first day")
    whole = serial.is_integer()
    if number_format == "@":
        clock = "" if whole else f" {value:%H:%M:%S}"
        return Entry(f"{value.month}/{value.day}/{value.year}{clock}")
    return Entry(serial, format=SHORT_DATE if whole else SHORT_DATE_TIME)


def write_entry(cell: CellModel, entry: Entry, evaluated: Any) -> None:
    """Put what was written into a cell: ``evaluated`` is the value of its formula, if it is one."""
    cell.put("formula", entry.formula)
    cell.put("value", evaluated if entry.formula is not None else entry.value)
    cell.put("prefix", entry.prefix)
    if entry.format is not None and cell.number_format == "General":
        cell.put("number_format", entry.format)


def clean(value: Any, build_date: Any, empty_as: Any, build_number: Any, err_to_str: bool) -> Any:
    """xlwings/_xlwindows.py, _clean_value_data_element."""
    if value is None or value == "":
        return empty_as
    if isinstance(value, datetime):
        return build_date(
            year=value.year,
            month=value.month,
            day=value.day,
            hour=value.hour,
            minute=value.minute,
            second=value.second,
            microsecond=value.microsecond,
            tzinfo=None,
        )
    if build_number is not None and isinstance(value, float):
        return build_number(value)
    if isinstance(value, int) and value in _XLWINGS_ERRORS:
        return _XLWINGS_ERRORS[value] if err_to_str else None
    return value


_XLWINGS_ERRORS = {
    _FIRST_ERROR + number: code for code, number in _ERROR_NUMBERS.items() if number < 2043
}


def com_datetime(value: Any) -> Any:
    """A date as pywin32 takes it: with a time; pandas' and numpy's types as Python's."""
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    elif hasattr(value, "item") and not isinstance(value, list | tuple):
        value = value.item()  # a number of numpy
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
