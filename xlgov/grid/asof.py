"""The date that a workbook prints on itself: "as at 31 March 2018", the date of a meeting.

Why so strict: a wrong as-of date makes every status look stale or fresh. Only a title counts, that
is text above the first row of a table or form, and only words that can mean nothing else. A date
of another meeting (next, previous) or a due date is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from xlgov.grid.cells import is_blank
from xlgov.grid.dates import parse_date
from xlgov.grid.sheet import Cell, Workbook, cell_date

OWN_SHEET = "xlgov"  # our own sheets are named so, or begin so; they print no date of the office's
TITLE_ROWS = 15
TITLE_LENGTH = 160

_BODY = r"(?:board|committee|panel|group|council|cabinet|summit|meeting)"
_AS_AT = re.compile(r"\b(?:as\s+(?:at|of|on)|position\s+(?:at|on))\b[\s:,-]*", re.IGNORECASE)
_MEETING = re.compile(
    rf"\b{_BODY}(?:\s+date)?(?:\s+(?:held\s+)?(?:of|on))?\b[\s,:;(|\u2013\u2014-]*", re.IGNORECASE
)
_LABEL = re.compile(
    rf"(?:[\w ]{{0,30}}\b)?(?:as\s+(?:at|of|on)|position\s+(?:at|on))(?:\s+date)?"
    rf"|date\s+of\s+(?:the\s+)?(?:{_BODY}|report)|(?:{_BODY}|report(?:ing)?)\s+date",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"\b(?:next|last|previous|prior|future|forthcoming|minutes|deadline|due|target"
    r"|approved|agreed|adopted|endorsed|created|review\s+by)\b",
    re.IGNORECASE,
)
_RECORD_LABEL = re.compile(
    r"\b(?:status|update|progress|comments?|review(?:ed)?|notes?)\b", re.IGNORECASE
)
_STATUS_TEXT = re.compile(
    r"(?:status|update|progress|comments?|notes?)\s*[:\u2013-]", re.IGNORECASE
)


def is_our_own(sheet: str) -> bool:
    """Whether a sheet is one that xlgov adds (``xlgov``, ``xlgov log``)."""
    name = sheet.strip().casefold()
    return name == OWN_SHEET or name.startswith(OWN_SHEET + " ")


def printed_as_of(workbook: Workbook, day_first: bool = True) -> tuple[date, str] | None:
    """The as-at or meeting date in a title of a visible sheet, and its cell (``Dashboard!A1``).

    Sheets are looked at in book order and rows from the top; the first date wins. None where no
    title carries one. Our own sheets are passed over.
    """
    for sheet in workbook.sheets:
        if sheet.state != "visible" or is_our_own(sheet.name):
            continue
        grid = workbook.grid(sheet.name, rows=TITLE_ROWS)
        for row in grid.rows():
            if row > TITLE_ROWS:
                break
            cells = [grid.cell(row, column) for column in grid.row(row)]
            cells = [cell for cell in cells if not is_blank(cell.value)]
            found = _date_in_row(workbook, cells, day_first)
            if found:
                return found[0], f"{sheet.name}!{found[1].address}"
            if len(cells) >= 3:  # a header row or a record: titles end here
                break
    return None


def _date_in_row(
    workbook: Workbook, cells: Sequence[Cell], day_first: bool
) -> tuple[date, Cell] | None:
    """The date of a title row: of one text, or of a label with its date to the right."""
    if len(cells) > 3:
        return None
    for label, cell in pairwise(cells):
        if (
            isinstance(label.value, str)
            and _LABEL.fullmatch(label.value.strip().rstrip(":").rstrip())
            and not _OTHER_DATE.search(label.value)
        ):
            moment = cell_date(workbook, cell)
            day = moment.date() if moment else None
            if day is None and isinstance(cell.value, str):
                day = parse_date(cell.value, day_first)
            if day:
                return day, cell
    if len(cells) == 3:
        return None
    for place, cell in enumerate(cells):
        label_text = cells[0].value if place else ""
        if isinstance(label_text, str) and _RECORD_LABEL.search(label_text):
            continue
        if isinstance(cell.value, str):
            day = title_date(cell.value, day_first)
            if day:
                return day, cell
    return None


def title_date(text: str, day_first: bool = True) -> date | None:
    """The date that a title states as its own; None for every other text.

    >>> title_date("Dashboard as at 31st March 2018")
    datetime.date(2018, 3, 31)
    >>> title_date("Business Coordination Board, 6 February 2017")
    datetime.date(2017, 2, 6)
    >>> title_date("Next meeting: 6 February 2017"), title_date("Status: as at 31/01/2017")
    (None, None)
    """
    return _stated_date(text, (_AS_AT, _MEETING), day_first)


def as_at_date(text: str, day_first: bool = True) -> date | None:
    """The date that a title says its figures are of; a meeting's date is none.

    >>> as_at_date("Position as at 31st March 2018"), as_at_date("Board, 10 May 2018")
    (datetime.date(2018, 3, 31), None)
    """
    return _stated_date(text, (_AS_AT,), day_first)


def _stated_date(text: str, kinds: Sequence[re.Pattern[str]], day_first: bool) -> date | None:
    text = " ".join(text.split())
    if len(text) > TITLE_LENGTH or _STATUS_TEXT.match(text):
        return None
    for words in kinds:
        for match in words.finditer(text):
            if not _OTHER_DATE.search(text, 0, match.end()):
                day = _leading_date(text[match.end() :], day_first)
                if day:
                    return day
    return None


def _leading_date(text: str, day_first: bool) -> date | None:
    """The date at the start of a text, whatever follows (``31 March 2018, version 2``)."""
    words = text.split(" ")
    for count in range(min(len(words), 6), 0, -1):
        day = parse_date(" ".join(words[:count]).rstrip(" ).,;:]-\u2013\u2014"), day_first)
        if day:
            return day
    return None
