"""Months as people write them, read and written in the same manner.

Why a manner: a heading ``Mar-18`` that has to follow the reporting month becomes ``Apr-18``, a
``March 2018`` becomes ``April 2018``; only the month changes and never the office's way to write
it. What could be something else (``2017/18``, ``Q1 2018``, a bare ``May``) is no month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache
from typing import NamedTuple

from xlgov.grid.dates import parse_date
from xlgov.grid.sheet import Cell, Workbook, cell_date
from xlgov.kpi.period import APRIL, MONTH_NAMES, Month

_NUMBERS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
_NUMBERS |= {name[:3]: number for name, number in _NUMBERS.items()} | {"sept": 9}
_NAME = "(?:" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")(?![a-z])\.?"
_GAP = r"[\s,./_–—-]{0,3}"
_LONGEST = 120  # characters; a longer text is prose

_SHAPES = re.compile(
    rf"""
    (?<![\w.])(?<!\d[-/])(?:
      (?P<day>\d\d?)(?P<suffix>st|nd|rd|th)?(?P<of>(?:\s+of\s+|[\s,./-]{{0,3}}))
      (?P<name>{_NAME})(?P<gap>[\s,./-]{{0,3}}'?)(?P<year>\d{{4}}|\d\d)
    | (?P<us_name>{_NAME})(?P<us_gap>[\s-]{{1,3}})
      (?P<us_day>\d\d?)(?P<us_suffix>st|nd|rd|th)?(?P<comma>,\s*|\s+|-)(?P<us_year>\d{{4}})
    | (?P<one>\d\d?)(?P<mark>[-/.])(?P<two>\d\d?)(?P=mark)(?P<last>\d{{4}}|\d\d)
    | (?P<iso_year>(?:19|20)\d\d)(?P<iso_mark>[-/.])(?P<iso_month>\d\d?)(?P=iso_mark)
      (?P<iso_day>\d\d?)
    | (?P<m_name>{_NAME})(?P<m_gap>{_GAP}['’‘`]?)(?P<m_year>(?:19|20)\d\d|\d\d)
    | (?P<r_year>(?:19|20)\d\d)(?P<r_gap>{_GAP})(?P<r_name>{_NAME})
    | (?P<y_year>(?:19|20)\d\d)(?P<y_mark>[-/])(?P<y_month>\d\d?)
    | (?P<n_month>\d\d?)(?P<n_mark>[-/.])(?P<n_year>(?:19|20)\d\d)
    | (?P<p_year>(?:19|20)\d\d)(?P<p_month>\d\d)
    )(?!\w)(?!['’./,-]?\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_YEAR_LABEL = re.compile(
    r"(?P<word>fy|f/y|financial year|fin\.? year|year|calendar year|cy)?[\s:-]*"
    r"(?P<first>(?:19|20)\d\d|\d\d(?=\s*[-/–—]))(?:\s*[-/–—]\s*(?P<second>(?:19|20)?\d\d))?",
    re.IGNORECASE,
)


class Shape(NamedTuple):
    """Where a month stands in a text, and which month."""

    month: Month
    match: re.Match[str]


class YearLabel(NamedTuple):
    """A year printed over month names; ``financial`` where it names two calendar years."""

    first: int
    financial: bool

    def month(self, number: int, start: int = APRIL) -> Month:
        """The month of that number in this year.

        >>> YearLabel(2017, True).month(3), YearLabel(2017, False).month(3)
        (Month(year=2018, month=3), Month(year=2017, month=3))
        """
        return Month(self.first + (self.financial and number < start), number)


@lru_cache(maxsize=4096)
def parse_month(text: str, day_first: bool = True) -> Month | None:
    """The month that a whole text is; None for anything else and for a blank.

    A full date is its month. Two-digit years are 1930 to 2029. ``2017/18`` and also ``2011/12``
    are financial years; ``2011-12`` is the month.

    >>> parse_month("Sept-17"), parse_month("2018-03"), parse_month("Q1 2018")
    (Month(year=2017, month=9), Month(year=2018, month=3), None)
    """
    stripped = text.strip().strip("'’()[]").strip()
    if not 4 <= len(stripped) <= _LONGEST:
        return None
    match = _SHAPES.fullmatch(stripped)
    if match:
        return None if match["y_mark"] == "/" and _is_year(match) else _month_of(match, day_first)
    day = parse_date(stripped, day_first)
    return Month.of(day) if day else None


def number_month(value: object) -> Month | None:
    """The month of a plain number such as 201803; None for any other.

    Only where several of them stand in a row or column: a count may be such a number too.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1:
        return None
    year, month = divmod(int(value), 100)
    return Month(year, month) if 1990 <= year < 2100 and 1 <= month <= 12 else None


def cell_month(workbook: Workbook, cell: Cell, day_first: bool = True) -> Month | None:
    """The month that a cell holds: a number shown as a date, or a text; None for a blank."""
    if isinstance(cell.value, str):
        return parse_month(cell.value, day_first)
    day = cell_date(workbook, cell)
    return Month.of(day) if day and day.year >= 1930 else None


def month_name_only(text: str) -> int | None:
    """The number of a month that stands without a year.

    >>> month_name_only("Apr"), month_name_only("SEPT. "), month_name_only("Apr 17")
    (4, 9, None)
    """
    return _NUMBERS.get(text.strip().rstrip(".").lower())


def read_year(value: object) -> YearLabel | None:
    """The year that a heading over month names gives, as a number or a text; else None.

    >>> read_year("2017/18"), read_year(2017), read_year("FY17/18")
    (YearLabel(first=2017, financial=True), YearLabel(first=2017, financial=False), \
YearLabel(first=2017, financial=True))
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return YearLabel(int(value), False) if value % 1 == 0 and 1950 <= value < 2100 else None
    match = _YEAR_LABEL.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    first = int(match["first"]) + (2000 if len(match["first"]) == 2 else 0)
    if match["second"]:
        return YearLabel(first, True) if (first + 1) % 100 == int(match["second"]) % 100 else None
    if len(match["first"]) == 2:
        return None
    word = (match["word"] or "").lower()
    # An office that writes FY18 with one figure may mean the year that ends or that begins then.
    return None if word and word not in ("year", "calendar year", "cy") else YearLabel(first, False)


def find_month(text: str, day_first: bool = True) -> tuple[Month, tuple[int, int]] | None:
    """The one month inside a text, and where it stands; None for none, or for more than one.

    >>> find_month("Current month (Mar-18)"), find_month("Mar-18 to Jun-18")
    ((Month(year=2018, month=3), (15, 21)), None)
    """
    shape = _only_shape(text, day_first)
    return (shape.month, shape.match.span()) if shape else None


def write_month(like: str, month: Month, day_first: bool = True) -> str | None:
    """The text of another month in the manner of ``like``; None where that has no month.

    Words around the month stay. A full date keeps its day, and a last day stays a last day.

    >>> write_month("Mar-18", Month(2018, 4)), write_month("as at 31st March 2018", Month(2018, 4))
    ('Apr-18', 'as at 30th April 2018')
    """
    shape = _only_shape(like, day_first)
    if shape is None:
        return None
    start, end = shape.match.span()
    if _WEEKDAY.search(like[:start]):
        return None
    if shape.month == month:
        return like
    return like[:start] + _written(shape, month, day_first) + like[end:]


def _only_shape(text: str, day_first: bool) -> Shape | None:
    if len(text) > _LONGEST:
        return None
    found = []
    for match in _SHAPES.finditer(text):
        whole = match.group() == text.strip()
        if not whole and _is_year(match):
            continue
        name = match["m_name"] or ""
        if not whole and name == "may":
            continue
        month = _month_of(match, day_first)
        if month:
            found.append(Shape(month, match))
    if len(found) != 1 or (_is_year(found[0].match) and found[0].match["y_mark"] == "/"):
        return None
    return found[0]


def _is_year(match: re.Match[str]) -> bool:
    """Whether it may be a financial year: 2011/12."""
    return bool(match["y_year"]) and (int(match["y_year"]) + 1) % 100 == int(match["y_month"])


def _month_of(match: re.Match[str], day_first: bool) -> Month | None:
    if match["m_name"]:
        return Month(_year(match["m_year"]), _number(match["m_name"]))
    if match["r_name"]:
        return Month(int(match["r_year"]), _number(match["r_name"]))
    for form in "ynp":
        if match[f"{form}_year"]:
            number = int(match[f"{form}_month"])
            return Month(int(match[f"{form}_year"]), number) if 1 <= number <= 12 else None
    day = parse_date(match.group().replace("_", " "), day_first)
    return Month.of(day) if day else None


def _number(name: str) -> int:
    return _NUMBERS[name.rstrip(".").lower()]


def _year(figures: str) -> int:
    year = int(figures)
    return year if len(figures) == 4 else year + (1900 if year >= 30 else 2000)


def _written(shape: Shape, month: Month, day_first: bool) -> str:
    match = shape.match
    if match["m_name"]:
        full = match["m_gap"].isspace() and len(match["m_year"]) == 4
        name = _named_like(match["m_name"], month, full)
        return name + match["m_gap"] + _year_like(match["m_year"], month)
    if match["r_name"]:
        full = match["r_gap"].isspace()
        return f"{month.year}{match['r_gap']}{_named_like(match['r_name'], month, full)}"
    if match["y_year"]:
        return f"{month.year}{match['y_mark']}{_padded(match['y_month'], month.month)}"
    if match["n_year"]:
        return f"{_padded(match['n_month'], month.month)}{match['n_mark']}{month.year}"
    if match["p_year"]:
        return f"{month.year}{month.month:02d}"
    return _dated(shape, month, day_first)


def _dated(shape: Shape, month: Month, day_first: bool) -> str:
    match = shape.match
    if match["one"]:
        printed, number = (
            (match["one"], match["two"]) if day_first else (match["two"], match["one"])
        )
        parts = [_padded(printed, _day(shape, printed, month)), _padded(number, month.month)]
        parts = parts if day_first else parts[::-1]
        return match["mark"].join([*parts, _year_like(match["last"], month)])
    if match["iso_year"]:
        day = _padded(match["iso_day"], _day(shape, match["iso_day"], month))
        return match["iso_mark"].join(
            [str(month.year), _padded(match["iso_month"], month.month), day]
        )
    if match["us_name"]:
        number = _day(shape, match["us_day"], month)
        day = _padded(match["us_day"], number) + _suffix(match["us_suffix"], number)
        name = _named_like(match["us_name"], month, True)
        return name + match["us_gap"] + day + match["comma"] + _year_like(match["us_year"], month)
    number = _day(shape, match["day"], month)
    day = _padded(match["day"], number) + _suffix(match["suffix"], number)
    name = _named_like(match["name"], month, match["of"].isspace())
    return day + match["of"] + name + match["gap"] + _year_like(match["year"], month)


def _day(shape: Shape, printed: str, month: Month) -> int:
    """The same day of another month; the last day where it was a last day."""
    last = monthrange(month.year, month.month)[1]
    was_last = int(printed) == monthrange(shape.month.year, shape.month.month)[1]
    return last if was_last else min(int(printed), last)


def _suffix(like: str | None, day: int) -> str:
    if not like:
        return ""
    written = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return written.upper() if like.isupper() else written


def _padded(like: str, number: int) -> str:
    return f"{number:02d}" if len(like) == 2 else str(number)


def _year_like(like: str, month: Month) -> str:
    return str(month.year) if len(like) == 4 else f"{month.year % 100:02d}"


def _named_like(like: str, month: Month, may_is_full: bool) -> str:
    """The month's name, short or in full, in capitals or not; ``May`` does not tell which."""
    bare = like.rstrip(".")
    full = (
        len(bare) > 4 or bare.lower() in ("june", "july") or (bare.lower() == "may" and may_is_full)
    )
    name = MONTH_NAMES[month.month - 1] if full else MONTH_NAMES[month.month - 1][:3]
    if bare.isupper():
        name = name.upper()
    elif bare.islower():
        name = name.lower()
    return name + ("." if like.endswith(".") and not full else "")
