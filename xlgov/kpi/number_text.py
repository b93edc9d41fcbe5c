"""What a cell among readings holds: a number, no reading, or something that cannot be read.

Why no zero: ``n/a``, ``-`` and a blank say that there is no reading, and a month without a reading
is not a month of zero.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlgov.grid.cells import is_blank
from xlgov.grid.sheet import Workbook, is_date_format
from xlgov.kpi.number_format import is_percent

_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+−])?\s*£?\s*"
    r"(?P<figures>\d{1,3}(?:[,\u00a0 ]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
    r"\s*(?P<percent>%)?(?(open)\))"
)
_DASHES = re.compile(r"[-‐-―−.…\s]+")
_NO_READING = frozenset(
    (
        *("n/a", "na", "n.a.", "n.a", "#n/a", "n/k", "nk", "not available", "not applicable"),
        *("no data", "no reading", "not collected", "not known", "unavailable", "tbc", "tba"),
        *("to be confirmed", "awaited", "awaiting data", "pending", "not yet available"),
    )
)


@lru_cache(maxsize=4096)
def read_number(text: str) -> tuple[float, bool] | None:
    """The number that a text is, and whether it is a percentage (and so a fraction); else None.

    >>> read_number("1,029"), read_number("83.3%"), read_number("£1,200"), read_number("1,02")
    ((1029.0, False), (0.833, True), (1200.0, False), None)
    """
    match = _NUMBER.fullmatch(text.strip())
    if not match or (match["open"] and match["sign"]):
        return None
    figures = re.sub(r"[,\u00a0 ]", "", match["figures"])
    negative = bool(match["open"]) or match["sign"] in ("-", "−")
    number = float(f"{figures}e-2") if match["percent"] else float(figures)
    return -number if negative else number, bool(match["percent"])


@lru_cache(maxsize=4096)
def is_no_reading(text: str) -> bool:
    """Whether a text says that there is no reading: a blank, ``n/a``, ``-``, ``..``.

    >>> is_no_reading("N/A"), is_no_reading("–"), is_no_reading("0"), is_no_reading("Green")
    (True, True, False, False)
    """
    plain = text.strip().casefold().strip("()[]")
    return is_blank(plain) or bool(_DASHES.fullmatch(plain)) or plain in _NO_READING


class Looks:
    """What the number formats of a workbook say of its styles, each looked up once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._percent: dict[int, bool] = {}
        self._dated: dict[int, bool] = {}

    def is_percent(self, style: int) -> bool:
        """Whether a style shows a fraction as per cent."""
        found = self._percent.get(style)
        if found is None:
            found = self._percent[style] = is_percent(self._workbook.number_format(style))
        return found

    def is_dated(self, style: int) -> bool:
        """Whether a style shows a number as a date."""
        found = self._dated.get(style)
        if found is None:
            found = self._dated[style] = is_date_format(self._workbook.number_format(style))
        return found
