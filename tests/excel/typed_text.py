"""What Excel makes of a text that is written into a cell.

Why: a program that writes ``"1-2"`` through xlwings does not get the text back. ``Range.Value``
takes a string as if it had been typed (Microsoft, "Range.Value property", "Range.NumberFormat"),
with the conventions of US English whatever the language of the PC, because COM automation has that
locale. Modelled here:

- a leading apostrophe makes text of all that follows and is not part of it (Range.PrefixCharacter);
- a cell whose format is ``@`` keeps every text, and makes text of numbers and dates too;
- ``=`` starts a formula, and so do ``+`` and ``-`` where what follows is no number;
- numbers with thousands separators, per cent, ``$`` and ``£``, exponents and accounting brackets,
  dates, times, TRUE and FALSE, and error values become what they look like; where the cell's format
  is General it gets the format that Excel would give it.

Texts of more than 32,767 characters are refused (Microsoft, "Excel specifications and limits").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

EPOCH = datetime(1899, 12, 30)
THIS_YEAR = 2019  # the year that Excel takes for "6 Feb"; fixed, so that no test depends on today
LONGEST_TEXT = 32_767
SHORT_DATE = "mm-dd-yy"  # number format 14 as files have it; Excel shows it in the PC's own way
SHORT_DATE_TIME = "m/d/yy h:mm"  # number format 22
ERRORS = (
    *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
    *("#SPILL!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#CALC!"),
)


class ComError(Exception):
    """What pywin32 raises as ``pywintypes.com_error``: Excel refuses."""


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error in a cell, such as ``#N/A``."""

    code: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell holds after something was written into it.

    ``format`` is the number format that a General cell gets with it. ``formula`` starts with ``=``.
    """

    value: bool | float | str | ErrorValue | None = None
    formula: str | None = None
    format: str | None = None
    prefix: bool = False


_NAMES = "january february march april may june july august september october november december"
_MONTHS = {
    word: number for number, name in enumerate(_NAMES.split(), start=1) for word in (name, name[:3])
}
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[+-])?(?P<money>[$£€])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?P<power>[eE][+-]?\d+)?"
    r"(?P<percent>\s?%)?(?P<close>\))?"
)
_FRACTION = re.compile(r"(?P<sign>-)?(?P<whole>\d+) (?P<over>\d{1,5})/(?P<under>\d{1,5})")
_TIME = re.compile(
    r"(?P<hour>\d{1,4}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?: (?P<half>[AaPp])[Mm]?)?"
)
_ISO = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})")
_US = re.compile(r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/](?P<year>\d{4}|\d{2})")
_PAIR = re.compile(r"(?P<first>\d{1,2})[-/](?P<second>\d{1,4})")
_WORDS = re.compile(
    r"(?P<day>\d{1,2})(?P<gap>[- /])(?P<month>[A-Za-z]{3,9})(?:[- /](?P<year>\d{4}|\d{2}))?"
    r"|(?P<month2>[A-Za-z]{3,9})[- /](?P<number>\d{1,4})(?:, (?P<year2>\d{4}))?"
)


def enter(text: str, number_format: str = "General") -> Entry:
    """What a cell of this format holds once ``text`` was written into it."""
    if len(text) > LONGEST_TEXT:
        raise ComError(f"text of {len(text)} characters; a cell holds {LONGEST_TEXT}")
    if text == "":
        return Entry()
    if text.startswith("'"):
        return Entry(text[1:], prefix=True)
    if number_format == "@":
        return Entry(text)
    if text.startswith("=") and len(text) > 1:
        return Entry(formula=text)
    found = _number(text.strip()) or _moment(text.strip()) or _word(text.strip())
    if found is not None:
        return found
    if text[0] in "+-" and len(text.strip()) > 1:
        sign = "-" if text[0] == "-" else ""
        return Entry(formula="=" + sign + text[1:].strip())
    if text[0] == "@" and len(text) > 1:
        raise ComError(f"{text!r}: that function isn't valid")
    return Entry(text)


def _word(text: str) -> Entry | None:
    if text.upper() in ("TRUE", "FALSE"):
        return Entry(text.upper() == "TRUE")
    if text.upper() in ERRORS:
        return Entry(ErrorValue(text.upper()))
    return None


def _number(text: str) -> Entry | None:
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction["under"]):
        size = int(fraction["whole"]) + int(fraction["over"]) / int(fraction["under"])
        return Entry(-size if fraction["sign"] else size, format="# ?/?")
    match = _NUMBER.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    number = float(match["digits"].replace(",", "") + (match["power"] or ""))
    if match["percent"]:
        number /= 100
    if match["sign"] == "-" or match["open"]:
        number = -number
    return Entry(number, format=_number_format(match))


def _number_format(match: re.Match[str]) -> str | None:
    decimals = "." in match["digits"]
    if match["percent"]:
        return "0.00%" if decimals else "0%"
    if match["power"]:
        return "0.00E+00"
    if match["money"]:
        return f"{match['money']}#,##0.00" if decimals else f"{match['money']}#,##0"
    if "," in match["digits"]:
        return "#,##0.00" if decimals else "#,##0"
    return None


def _moment(text: str) -> Entry | None:
    """A date, a time, or both, as a serial number."""
    time = _TIME.fullmatch(text)
    if time:
        hours = _hours(time)
        shown = "h:mm:ss" if time["second"] else "h:mm"
        return None if hours is None else Entry(hours / 24, format=shown)
    day, _, rest = text.partition(" ")
    time = _TIME.fullmatch(rest)
    if time and (found := _day(day)) and (hours := _hours(time)) is not None:
        return Entry(found[0] + hours / 24, format=SHORT_DATE_TIME)
    found = _day(text)
    return Entry(found[0], format=found[1]) if found else None


def _hours(match: re.Match[str]) -> float | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if minute > 59 or second > 59 or (match["half"] and hour > 12):
        return None
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    return hour + minute / 60 + second / 3600


def _day(text: str) -> tuple[float, str] | None:
    match = _ISO.fullmatch(text) or _US.fullmatch(text)
    if match:
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
        # A day that cannot be a month is taken as one: 31/12/2018, though US English has 12/31.
        return _serial(year, month, day, SHORT_DATE) or _serial(year, day, month, SHORT_DATE)
    match = _PAIR.fullmatch(text)
    if match:
        first, second = int(match["first"]), int(match["second"])
        if second > 31:
            return _serial(second, first, 1, "mmm-yy")
        return _serial(THIS_YEAR, first, second, "d-mmm") or _serial(
            THIS_YEAR, second, first, "d-mmm"
        )
    return _day_in_words(text)


def _day_in_words(text: str) -> tuple[float, str] | None:
    match = _WORDS.fullmatch(text)
    if not match:
        return None
    month = _MONTHS.get((match["month"] or match["month2"]).lower())
    if month is None:
        return None
    if match["day"]:
        year = int(match["year"] or THIS_YEAR)
        return _serial(year, month, int(match["day"]), "d-mmm-yy" if match["year"] else "d-mmm")
    number = int(match["number"])
    if match["year2"]:
        return _serial(int(match["year2"]), month, number, "d-mmm-yy")
    # "Mar-18" is the 18th of March, not March 2018.
    if number <= 31 and (found := _serial(THIS_YEAR, month, number, "d-mmm")):
        return found
    return _serial(number, month, 1, "mmm-yy")


def _serial(year: int, month: int, day: int, shown: str) -> tuple[float, str] | None:
    if year < 100:
        year += 2000 if year < 30 else 1900
    try:
        moment = datetime(year, month, day)
    except ValueError:
        return None
    serial = serial_of(moment)
    return (serial, shown) if serial >= 1 else None


def serial_of(moment: date | datetime) -> float:
    """The serial number that Excel gives a typed date; 29 February 1900 counts, so from 1 to 60
    it is one less than COM's own date number."""
    serial = ole_date(moment)
    return serial - 1 if serial < 61 else serial


def ole_date(moment: date | datetime) -> float:
    """COM's date number: days since 30 December 1899."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return (moment.replace(tzinfo=None) - EPOCH) / timedelta(days=1)
