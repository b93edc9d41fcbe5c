"""Values as people type them: numbers stored as text, yes and no, dates, names, colours.

Each ``read_*`` takes a raw value that is not blank, from a cell or from TOML, and says how text
dates are read. It raises ValueError with what was expected ("a whole number"), for the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from difflib import get_close_matches

from xlgov.grid.cells import CellError
from xlgov.grid.dates import parse_date
from xlgov.settings.figures import Percentage

LONGEST_UNIT = 40  # characters
NO_ANSWER = ("-", "–", "—", "n/a", "na")  # typed where there is nothing to say

_RGB = re.compile(r"#?([0-9A-Fa-f]{6})")
_PERCENT = ("%", "percent", "per cent", "percentage", "percentages", "pct")


def read_whole(raw: object, day_first: bool) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, str) and re.fullmatch(r"\s*[+-]?\d{1,9}(?:\.0+)?\s*", raw):
        return int(float(raw))
    raise ValueError("a whole number")


def read_days(raw: object, day_first: bool) -> int:
    try:
        days = read_whole(raw, day_first)
    except ValueError:
        days = 0
    if days < 1:
        raise ValueError("a whole number of days, 1 or more")
    return days


def read_yes_no(raw: object, day_first: bool) -> bool:
    if isinstance(raw, (bool, int, float)) and raw in (0, 1):
        return bool(raw)
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word in ("yes", "y", "true", "1"):
        return True
    if word in ("no", "n", "false", "0"):
        return False
    raise ValueError("yes or no")


def read_day(raw: object, day_first: bool) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = parse_date(raw, day_first) if isinstance(raw, str) else None
    if found is None:
        order = "31/01/2017" if day_first else "01/31/2017"
        raise ValueError(f"a date such as {order}, 31 January 2017 or 2017-01-31")
    return found


def read_scoring(raw: object, day_first: bool) -> str:
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word not in ("matrix", "product", "sum"):
        raise ValueError("matrix, product or sum")
    return word


def read_number_in(lowest: int, highest: int) -> Callable[[object, bool], int]:
    """A reader of whole numbers between two, both included."""

    def read(raw: object, day_first: bool) -> int:
        try:
            number = read_whole(raw, day_first)
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise ValueError(f"a whole number, {lowest} to {highest}")
        return number

    return read


def read_one_of(words: Mapping[str, Collection[str]]) -> Callable[[object, bool], str]:
    """A reader of one of the words that are the keys, or of another spelling of it."""
    spelled = {each: word for word, also in words.items() for each in (word, *also)}
    *some, last = words
    expected = f"{', '.join(some)} or {last}"

    def read(raw: object, day_first: bool) -> str:
        text = " ".join(raw.casefold().split()) if isinstance(raw, str) else ""
        if text not in spelled:
            raise ValueError(expected)
        return spelled[text]

    return read


def read_names(raw: object, day_first: bool) -> tuple[str, ...]:
    """Names; several in one text stand between semicolons or on lines of their own.

    >>> read_names("Killed; Seriously  injured", True)
    ('Killed', 'Seriously injured')
    """
    each = split_list(raw, r"[;\n]")
    names = tuple(" ".join(as_text(part).split()) for part in each)
    if not names or not all(names):
        raise ValueError("names with semicolons between them")
    return names


def read_text(raw: object, day_first: bool) -> str:
    text = as_text(raw)
    if not text:
        raise ValueError("text")
    return text


def read_unit(raw: object, day_first: bool) -> str:
    """A unit as printed; ``percent`` for every spelling of it.

    >>> read_unit("%", True), read_unit("Minutes", True)
    ('percent', 'Minutes')
    """
    text = " ".join(raw.split()) if isinstance(raw, str) else ""
    if not 0 < len(text) <= LONGEST_UNIT:
        raise ValueError("a short word such as crimes, minutes or %")
    folded = text.casefold()
    return "percent" if folded in _PERCENT else "fraction" if folded == "fraction" else text


def split_list(raw: object, marks: str) -> list[object]:
    """The members of a list, from TOML or from one text."""
    if isinstance(raw, list):
        return raw
    if isinstance(raw, str):
        return [part.strip() for part in re.split(marks, raw) if part.strip()]
    return [raw]


def as_text(raw: object) -> str:
    """Text of a cell or value: a whole number without ``.0``; empty for a blank or an error."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, (str, int, float)) and not isinstance(raw, bool):
        return str(raw).strip()
    return ""


def as_color(raw: object) -> str:
    """A colour as ``RRGGBB`` or a name in lower case; an all-digit RGB may come as a number.

    >>> as_color("#92d050"), as_color("Dark-Red"), as_color(112233), as_color(99)
    ('92D050', 'dark red', '112233', '000099')
    """
    text = as_text(raw)
    if not isinstance(raw, str) and text.isdigit():
        text = text.zfill(6)
    match = _RGB.fullmatch(text)
    return match[1].upper() if match else " ".join(re.split(r"[\s_-]+", text.lower())).strip()


def is_rgb(color: str) -> bool:
    return _RGB.fullmatch(color) is not None


def show(raw: object) -> str:
    """A raw value as a person typed it, for messages."""
    if raw is None:
        return "blank"
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, CellError):
        return str(raw)
    if isinstance(raw, Percentage):
        return f"{raw.in_percent:g}%"
    if isinstance(raw, list):
        return f"[{', '.join(map(show, raw))}]"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return raw.isoformat()
    return repr(raw)


def suggest(name: str, known: Collection[str], things: str) -> str:
    """``did you mean 'tolerance'?``, else the list of what is known."""
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known {things} are {', '.join(known)}"
