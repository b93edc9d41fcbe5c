"""Dates that people type as text: ``31/01/2017``, ``31st January 2017``, ``Update 31.1.17``;
and months, ``Mar-18``.

Why our own reading and no guessing library: a date that exists only the other way round
(``01/31/2017`` where days come first) must be a finding, never a quiet swap of day and month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_NAME = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:\d{4}|'?\d\d)"

_DATE = re.compile(
    rf"""
    (?<!\d)(?:
      (?P<iso_year>\d{{4}})(?P<iso_mark>[-/.])(?P<iso_month>\d\d?)(?P=iso_mark)(?P<iso_day>\d\d?)
    | (?P<first>\d\d?)\s?(?P<mark>[-/.])\s?(?P<second>\d\d?)\s?(?P=mark)\s?(?P<year>\d{{4}}|\d\d)
    | (?P<day_a>\d\d?){_ORDINAL}(?:\s+of)?[\s,./-]{{0,3}}
      (?P<month_a>{_NAME})[\s,./-]{{0,3}}(?P<year_a>{_YEAR})
    | (?<![a-z])(?P<month_b>{_NAME})[\s-]{{0,3}}
      (?P<day_b>\d\d?){_ORDINAL}(?:\s?,\s?|\s{{1,3}}|-)(?P<year_b>{_YEAR})
    )(?![\d:])
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Made when first used, which few workbooks ask for: of what a start costs, patterns are a tenth.
_MONTH_YEAR = rf"""
      (?P<iso_year>\d{{4}})\s?[-.]\s?(?P<iso_month>\d\d?)
    | (?P<number>\d\d?)\s?[-/.]\s?(?P<year_a>\d{{4}})
    | (?P<name>{_NAME})[\s,./-]{{0,3}}(?P<year_b>{_YEAR})
"""
_FIGURE = re.compile(r"\d")
_WEEKDAY = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s*(?:the\s+)?)?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:[T\s,]+(?:at\s+)?\d\d?[:.]\d\d(?:[:.]\d\d(?:[.]\d+)?)?(?:\s?[ap]m|Z)?)?", re.IGNORECASE
)


def parse_date(text: str, day_first: bool = True) -> date | None:
    """The date that a text is, with a weekday or a time of day allowed around it; else None.

    A blank is None, and so is a date that does not exist, also when it would exist with day and
    month swapped. Two-digit years are 1930 to 2029, as in Excel.

    >>> parse_date("31st January 2017"), parse_date("01/31/2017"), parse_date("Q3 2017")
    (datetime.date(2017, 1, 31), None, None)
    """
    stripped = text.strip()
    for match in _matches(stripped):
        before, after = stripped[: match.start()], stripped[match.end() :]
        if _WEEKDAY.fullmatch(before) and _TIME.fullmatch(after):
            return _date_of(match, day_first)
    return None


def parse_month_year(text: str) -> tuple[int, int] | None:
    """Year and month, where a text is a month and nothing else; else None.

    ``03/18`` is None, since it may be a day, and ``2011/12``, which is a financial year. Two-digit
    years are as in ``parse_date``.

    >>> parse_month_year("Mar-18"), parse_month_year("2018-03"), parse_month_year("31 Mar 2018")
    ((2018, 3), (2018, 3), None)
    """
    match = re.fullmatch(_MONTH_YEAR, text.strip(), re.IGNORECASE | re.VERBOSE)
    if match is None:
        return None
    year = _full_year((match["iso_year"] or match["year_a"] or match["year_b"]).lstrip("'"))
    if match["name"]:
        return year, month_number(match["name"]) or 0
    month = int(match["iso_month"] or match["number"])
    return (year, month) if 1 <= month <= 12 and year >= 1900 else None


def month_number(name: str) -> int | None:
    """The number of a month from its name, in full or short; None for any other text.

    >>> month_number("April"), month_number("sept."), month_number("Q1")
    (4, 9, None)
    """
    return _MONTHS.get(name.strip().rstrip(".").lower())


def say_date(day: date) -> str:
    """A date for people.

    >>> say_date(date(2017, 2, 6))
    '6 February 2017'
    """
    return f"{day.day} {day:%B %Y}"


def find_date(text: str, day_first: bool = True) -> date | None:
    """The first date inside a longer text; None where there is none that exists.

    A date with a month's name or a four-digit year goes before one with a two-digit year, since
    the latter may be a paragraph number.

    >>> find_date("Update 31 January 2017"), find_date("see 3.1.17, agreed 6 Feb 2017")
    (datetime.date(2017, 1, 31), datetime.date(2017, 2, 6))
    """
    for match in _ranked(text):
        found = _date_of(match, day_first)
        if found:
            return found
    return None


def must_be_month_first(text: str) -> bool:
    """Whether the first all-number date in the text exists only with its month first.

    >>> must_be_month_first("01/31/2017"), must_be_month_first("31/01/2017")
    (True, False)
    """
    for match in _ranked(text):
        if match["first"]:
            return _date_of(match, True) is None and _date_of(match, False) is not None
    return False


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Everything of the form of a date; longer numbers such as ``10.1.17.3`` are left out."""
    if not _FIGURE.search(text):
        return
    for match in _DATE.finditer(text):
        mark = match["mark"] or match["iso_mark"]
        start, end = match.span()
        if mark and (
            (text[start - 1 : start] == mark and text[max(start - 2, 0) : start - 1].isdigit())
            or (text[end : end + 1] == mark and text[end + 1 : end + 2].isdigit())
        ):
            continue
        yield match


def _ranked(text: str) -> list[re.Match[str]]:
    """The certain forms first, then those with a two-digit year, each in order of the text."""
    return sorted(_matches(text), key=lambda match: len(_year_of(match)) < 4)


def _year_of(match: re.Match[str]) -> str:
    found = match["iso_year"] or match["year"] or match["year_a"] or match["year_b"]
    return found.lstrip("'")


def _full_year(text: str) -> int:
    year = int(text)
    if year < 100:
        year += 1900 if year >= 30 else 2000
    return year


def _date_of(match: re.Match[str], day_first: bool) -> date | None:
    year = _full_year(_year_of(match))
    if match["iso_year"]:
        month, day = int(match["iso_month"]), int(match["iso_day"])
    elif match["first"]:
        day, month = int(match["first"]), int(match["second"])
        if not day_first:
            day, month = month, day
    else:
        name = match["month_a"] or match["month_b"]
        month = month_number(name) or 0  # the pattern holds known names only
        day = int(match["day_a"] or match["day_b"])
    if year < 1900:  # Excel has no such dates; a text of one is a typing mistake
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
