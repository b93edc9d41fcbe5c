"""Dates, months, quarters and seasons inside a timescale that was typed as prose.

Why the end of what is named: *December 2017* has not passed on the 12th. Why the latest of several
counts: a timescale tells its story from the beginning, and only its last date is still to come.
A month without a year is none, since the year would be a guess.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from xlgov.grid.dates import month_number, parse_date

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_PERIOD = re.compile(
    rf"""
    (?<![\w/.-])(?:
      (?P<date>\d{{4}}-\d\d?-\d\d?|\d\d?[/.]\d\d?[/.](?:\d{{4}}|\d\d)
        |\d\d?(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}})
    | (?P<month>{_MONTH}),?\s+(?P<month_year>\d{{4}})
    | (?:q|quarter\s?|(?P<nth>\d)(?:st|nd|rd|th)\s+quarter)\s?(?P<quarter>[1-4](?!\d))?
      (?:,|\s|of|in)*(?P<quarter_year>\d{{4}})(?P<quarter_to>\s?[/-]\s?\d{{2,4}})?
    | (?P<season>spring|summer|autumn|winter)(?:\s+of)?\s+(?P<season_year>\d{{4}})
    | (?P<financial>20\d\d)\s?[/-]\s?(?:20)?\d\d
    | (?P<year>20\d\d)
    )(?![\w/-])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SEASON_ENDS = {"spring": 5, "summer": 9, "autumn": 11, "winter": 14}  # of the next February
_CLAUSE = re.compile(r"[;\n|]|\.\s")
# What has been done already, so that its date is no deadline.
_DONE = re.compile(
    r"\b(?:submitted|agreed|approved|granted|signed|met|held|closed|published|completed|received"
    r"|commenced|started|began|expired|adopted|reported|considered|noted|since|from|after"
    r"|following|under)\b",
    re.IGNORECASE,
)
# A report or law is named by its date, and is no deadline.
_OF_A_PAPER = re.compile(
    r"(?:\s+[\w'-]+){0,2}?\s+(?:report|paper|minute|strateg|plan\b|act\b|review|statement|policy"
    r"|agreement|update)",
    re.IGNORECASE,
)
_STILL_TO_COME = r"(?:(?:the\s+)?(?:(?:end|start|close|middle)(?:\s+of)?|mid|early|late)[\s-]*)?"
_DUE = re.compile(
    r"\b(?:(?:due|expected|anticipated)\b(?:\s+[\w'-]+){0,5}?\s*(?:[:,]\s*)?"
    rf"|by(?:\s+no\s+later\s+than)?\s+){_STILL_TO_COME}(?:the\s+)?$",
    re.IGNORECASE,
)


class Period(NamedTuple):
    """A day, month, quarter or season in a text. ``is_year``: a year and nothing nearer."""

    start: int
    last: date
    is_year: bool


def find_periods(text: str, day_first: bool = True) -> Iterator[Period]:
    """Each period that a text names: where its words begin, and its last day.

    A quarter of one year may be of the calendar or of the financial year: the later one counts.

    >>> [str(each.last) for each in find_periods("Q3 2017/18, or end of June 2018; or in 2019")]
    ['2017-12-31', '2018-06-30', '2019-12-31']
    """
    for match in _PERIOD.finditer(text):
        last = _last_day(match, day_first)
        if last is not None and not _OF_A_PAPER.match(text, match.end()):
            yield Period(match.start(), last, bool(match["year"] or match["financial"]))


def find_deadline(text: str, day_first: bool = True) -> date | None:
    """The last day that a timescale leaves; None where it names none, or only what is done.

    >>> find_deadline("Panel of 14 March 2018, approval by the end of June 2018")
    datetime.date(2018, 6, 30)
    >>> find_deadline("Set by each project"), find_deadline("Approved 25 July 2017; Board next")
    (None, None)

    A year alone is no deadline, but it moves one that is named: *sent 1 May 2017, done in 2018*.
    """
    found = [
        (period, bool(_DONE.search(clause)))
        for clause in _CLAUSE.split(text)
        for period in find_periods(clause, day_first)
    ]
    if not any(not period.is_year and not is_done for period, is_done in found):
        return None
    return max(period.last for period, _ in found)


def find_due(text: str, day_first: bool = True) -> date | None:
    """The latest day that stands behind *due*, *expected*, *anticipated* or *by*; else None.

    >>> find_due("Marketing closed 30th June 2017; exchange expected December 2017")
    datetime.date(2017, 12, 31)
    >>> find_due("Planning application November 2017"), find_due("let by the agent in May 2017")
    (None, None)
    """
    found = [
        period.last
        for clause in _CLAUSE.split(text)
        for period in find_periods(clause, day_first)
        if _DUE.search(clause[: period.start])
    ]
    return max(found, default=None)


def _last_day(match: re.Match[str], day_first: bool) -> date | None:
    if match["date"]:
        return parse_date(match["date"], day_first)
    if match["month"]:
        return _end_of_month(int(match["month_year"]), month_number(match["month"]) or 0)
    if match["quarter_year"]:
        number = match["quarter"] or match["nth"]
        # Of the financial year, which begins in April; the fourth ends in the next year.
        return (
            _end_of_month(int(match["quarter_year"]), 3 + 3 * int(number))
            if number in tuple("1234")
            else None
        )
    if match["season"]:
        month = _SEASON_ENDS[match["season"].casefold()]
        return _end_of_month(int(match["season_year"]), month)
    if match["financial"]:
        return _end_of_month(int(match["financial"]), 15)
    return _end_of_month(int(match["year"]), 12)


def _end_of_month(year: int, month: int) -> date | None:
    """The last day of a month; months after December are of the next year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1900 <= year <= 2200:
        return None
    return date(year, month, 1) + timedelta(days=monthrange(year, month)[1] - 1)
