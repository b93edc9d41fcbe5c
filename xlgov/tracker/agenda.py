"""The plan of a panel's meetings: date, venue, kind of meeting, theme, items.

Why dates are read as printed: people type *Tuesday 10 October 2017*, and the weekday is the only
check that they give. A date without its year is read in the years of the meetings around it.
"""

from __future__ import annotations

import re
from datetime import date

from xlgov.changes import FindingCodes
from xlgov.grid.dates import month_number, say_date
from xlgov.grid.records import Search
from xlgov.grid.sheet import Workbook
from xlgov.tracker.entry import Entry
from xlgov.tracker.examination import Examination
from xlgov.tracker.headings import AGENDA as VOCABULARY
from xlgov.tracker.kind import Tracker
from xlgov.tracker.record_number import out_of_order
from xlgov.tracker.section import read_titles

CODES: FindingCodes = {
    "meeting-weekday-differs": ("warning", "Weekday that is not that of the date"),
    "meeting-date-impossible": ("warning", "Date that does not exist"),
    "meeting-out-of-order": ("note", "Meeting out of date order"),
    "meeting-years-differ": ("warning", "Years that do not follow each other"),
    "meeting-not-marked": ("note", "Past meeting without a status"),
}

_MEETING = re.compile(r"\b(?:agenda|meetings?)\b", re.IGNORECASE)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PRINTED = re.compile(
    r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+(?:the\s+)?)?"
    r"(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[a-z]{3,9})\.?,?(?:\s+(?P<year>\d{4}))?\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?<![\d/])(?P<first>20\d\d)\s?/\s?(?P<second>20\d\d|\d\d)(?![\d/])")


def keep_agenda_plans(workbook: Workbook, found: Search) -> Search:
    """Only tables that say what each meeting is for, and call it a meeting or an agenda."""
    return found._replace(
        layouts=tuple(
            layout
            for layout in found.layouts
            if {"items", "theme"} & layout.headings.keys()
            and any(
                _MEETING.search(text)
                for text in (*layout.headings.values(), *read_titles(workbook, layout))
            )
        ),
    )


def examine(examination: Examination) -> None:
    """Weekdays, order, years, and past meetings that nobody marked."""
    for register in examination.registers:
        dated: list[tuple[Entry, date]] = []
        year: int | None = None
        for entry in register:
            day = _read_day(examination, entry, year)
            if day is not None:
                year = day.year
                dated.append((entry, day))
            _check_years(examination, entry)
        for place in out_of_order([day for _, day in dated]):
            entry, day = dated[place]
            said = f"({say_date(day)}) is out of date order"
            examination.find("meeting-out-of-order", entry, "date", said)
        past = [entry for entry, day in dated if day < examination.as_of]
        examination.counts["still to come"] += len(dated) - len(past)
        if any(entry.says("status") for entry in past):
            for entry in past:
                if not entry.says("status"):
                    said = "has passed and is not marked, as other past meetings are"
                    examination.find("meeting-not-marked", entry, "status", said)


def _read_day(examination: Examination, entry: Entry, year: int | None) -> date | None:
    """The day of a meeting, and what is wrong with it; ``year`` is that of the meeting before."""
    value = entry.value("date")
    match = _PRINTED.search(entry.text("date")) if isinstance(value, str) else None
    number = month_number(match["month"]) if match else None
    if match is None or number is None:
        return entry.day("date")
    around = [] if year is None else [year, year + 1]
    years = [int(match["year"])] if match["year"] else around
    days = [day for each in years if (day := _day_of(each, number, int(match["day"])))]
    if years and not days:
        examination.find("meeting-date-impossible", entry, "date", "is no date that exists")
        return None
    if not days:
        return None
    weekday = (match["weekday"] or "").casefold()
    fitting = [day for day in days if _WEEKDAYS[day.weekday()].startswith(weekday)]
    if not fitting:
        said = " or ".join(f"{say_date(day)} is a {_say_weekday(day)}" for day in days)
        examination.find(
            "meeting-weekday-differs", entry, "date", f"does not fit its weekday: {said}"
        )
    return fitting[0] if weekday and fitting else days[0] if match["year"] else None


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _say_weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()].capitalize()


def _check_years(examination: Examination, entry: Entry) -> None:
    """A financial or council year such as 2017/18, whose second half is the year after."""
    for name in ("items", "theme"):
        for match in _YEARS.finditer(entry.text(name)):
            first, second = int(match["first"]), match["second"]
            following = str(first + 1)
            if second not in (following, following[2:]):
                said = f"speaks of {match[0]}; the year after {first} is {following}"
                examination.find("meeting-years-differ", entry, name, said)


AGENDA = Tracker(
    "agenda",
    "Agenda plan",
    "meeting",
    VOCABULARY,
    CODES,
    examine,
    reference="date",
    refine=keep_agenda_plans,
)
