"""Numbers that Excel shows as dates of 1900: agenda item 5.0 that reads 05/01/1900.

Why only the format is repaired: the cell holds the right number. Its column tells how it is to be
shown: as most of the plain numbers in it are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlgov.grid.cells import date_from_serial
from xlgov.grid.sheet import is_date_format
from xlgov.tracker.entry import Entry, is_number_shown_as_date

_DECIMALS = re.compile(r"[0#,]*0(?:\.(0+))?")


class NumberedDate(NamedTuple):
    """A number shown as a date, and the number format of its neighbours."""

    entry: Entry
    field: str
    number: float
    number_format: str

    @property
    def shown(self) -> str:
        """The date as it is read: ``05/01/1900``."""
        return f"{date_from_serial(self.number, self.entry.workbook.date_1904):%d/%m/%Y}"

    @property
    def meant(self) -> str:
        """The number as its neighbours are shown: ``5.0``."""
        return show_number(self.number, self.number_format)


def show_number(number: float, code: str) -> str:
    """A number with the decimals of a plain number format.

    >>> show_number(5, "0.0"), show_number(7.2, "General"), show_number(5.0, "0")
    ('5.0', '7.2', '5')
    """
    match = _DECIMALS.fullmatch(code)
    return f"{number:.{len(match[1] or '')}f}" if match else f"{number:g}"


def find_numbered_dates(register: Sequence[Entry], field: str) -> Iterator[NumberedDate]:
    """The cells of one column that hold a number of its kind and show it as a date.

    A column without any plain number is left alone: its dates may be meant.
    """
    shown = [entry for entry in register if is_number_shown_as_date(entry, field)]
    if not shown:
        return
    formats: Counter[str] = Counter()
    for entry in register:
        cell = entry.cell(field)
        if cell is not None and entry.number(field) is not None:
            code = entry.workbook.number_format(cell.style)
            formats[code if not is_date_format(code) and code != "@" else "General"] += 1
    if not formats:
        return
    [(code, _)] = formats.most_common(1)
    for entry in shown:
        cell = entry.cell(field)
        if cell is not None and isinstance(cell.value, int | float):
            yield NumberedDate(entry, field, cell.value, code)
