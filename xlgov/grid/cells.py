"""Cell addresses, ranges, serial dates, blanks and error values.

Rows and columns are counted from 1, as Excel shows them. Nothing here knows a file format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value such as ``#DIV/0!``; it is neither blank nor text."""

    code: str

    def __str__(self) -> str:
        return self.code


# What a cell holds. None is a blank cell. Dates in cells are numbers shown by a date format.
Value = None | bool | int | float | str | CellError


@lru_cache(maxsize=2048)
def column_letters(column: int) -> str:
    """Letters of a column number.

    >>> column_letters(1), column_letters(27), column_letters(16384)
    ('A', 'AA', 'XFD')
    """
    if not 1 <= column <= MAX_COLUMN:
        raise ValueError(f"column {column} is outside 1 to {MAX_COLUMN}")
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=2048)
def column_number(letters: str) -> int:
    """Number of a column's letters; the inverse of ``column_letters``.

    >>> column_number("XFD")
    16384
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """A1 address of a cell.

    >>> address(34, 14)
    'N34'
    """
    return f"{column_letters(column)}{row}"


def parse_address(text: str) -> tuple[int, int]:
    """Row and column of an A1 address; ``$`` signs are ignored.

    >>> parse_address("$N$34")
    (34, 14)

    Raises ValueError where the text is no address within Excel's limits.
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match:
        row, column = int(match[2]), column_number(match[1])
        if row <= MAX_ROW and column <= MAX_COLUMN:
            return row, column
    raise ValueError(f"{text!r} is not a cell address such as B7")


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    @lru_cache(maxsize=4096)  # merged cells are read again when what was written is looked at
    def parse(cls, text: str) -> Range:
        """
        >>> str(Range.parse("$B$2:D4"))
        'B2:D4'
        >>> str(Range.parse("C:C"))
        'C1:C1048576'

        Raises ValueError where the text is no range.
        """
        first, colon, last = text.strip().partition(":")
        if colon and first.strip("$").isalpha() and last.strip("$").isalpha():
            first, last = first.strip("$") + "1", f"{last.strip('$')}{MAX_ROW}"
        elif colon and first.strip("$").isdigit() and last.strip("$").isdigit():
            first, last = "A" + first.strip("$"), "XFD" + last.strip("$")
        row, column = parse_address(first)
        row2, column2 = parse_address(last if colon else first)
        return cls(min(row, row2), min(column, column2), max(row, row2), max(column, column2))

    def __str__(self) -> str:
        first = address(self.top, self.left)
        last = address(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right

    @property
    def cell_count(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def overlaps(self, other: Range) -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def parse_ranges(text: str) -> tuple[Range, ...]:
    """The rectangles of a space-separated list of ranges (an ``sqref``)."""
    return tuple(Range.parse(part) for part in text.split())


_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)


def serial_from_date(moment: date | datetime, date_1904: bool = False) -> int | float:
    """Excel's serial number of a date; whole for a date, with a fraction for a time of day.

    The 1900 system counts a 29 February 1900 that never was, so serials below 61 are one less.

    >>> serial_from_date(date(2017, 2, 6)), serial_from_date(date(1900, 1, 5))
    (42772, 5)

    Raises ValueError for a date before the system's first day.
    """
    timed = isinstance(moment, datetime)
    full = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    delta = full.replace(tzinfo=None) - (_EPOCH_1904 if date_1904 else _EPOCH_1900)
    days, seconds = delta.days, delta.seconds + delta.microseconds / 1e6
    if not date_1904 and days < 61:
        days -= 1
    if days < 0:
        raise ValueError(f"{moment} is before the first day of the workbook's date system")
    return days + seconds / 86400 if timed and seconds else days


def date_from_serial(serial: int | float, date_1904: bool = False) -> datetime:
    """The moment of a serial number.

    >>> date_from_serial(42772).date().isoformat(), date_from_serial(5).date().isoformat()
    ('2017-02-06', '1900-01-05')

    Raises ValueError outside Excel's range (0 to 31 December 9999). Serial 60 (29 February 1900)
    gives 28 February, the nearest day that exists.
    """
    if not 0 <= serial < (2_957_004 if date_1904 else 2_958_466):
        raise ValueError(f"{serial} is outside the dates that Excel knows")
    if date_1904:
        return _EPOCH_1904 + timedelta(days=serial)
    if serial < 60:
        serial += 1
    elif serial < 61:
        return datetime(1900, 2, 28)
    return _EPOCH_1900 + timedelta(days=serial)


def is_blank(value: object) -> bool:
    """True for an empty cell and for text of nothing but white space. Zero is not blank."""
    return value is None or (isinstance(value, str) and not value.strip())
