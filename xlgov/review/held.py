"""What a field of a record holds, as a plain value, and whether two versions of it are the same.

Why what is typed is not compared as such: 3, "3" and "3 - Likely" are one score, and a date is
one date whether it is a real one, a text, or counted from 1904.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from math import isclose

from xlgov.grid.cells import CellError, Value, is_blank
from xlgov.grid.dates import find_date, parse_date
from xlgov.review.difference import FieldKind
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.score import ScoreProblem, choose_words, parse_score, read_rating
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES

Plain = Value | date

MEASURES = ("likelihood", "impact", *CATEGORIES, "rating")
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d+)?")
_ROUNDING = 1e-9  # relative; what is left of two sums that were added up in another order


@dataclass(frozen=True, slots=True)
class Held:
    """What a field holds, and where: a plain value, None for a blank.

    ``number_format`` is how its cell shows a number.
    """

    value: Plain
    kind: FieldKind
    sheet: str = ""
    address: str = ""
    heading: str = ""
    number_format: str = "General"


def plain_text(value: object) -> str:
    """A value as one line of text, to be compared: white space does not count.

    >>> plain_text("  Two \\n lines "), plain_text(5.0), plain_text(None)
    ('Two lines', '5', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def plain_value(value: Value, moment: datetime | None = None) -> Plain:
    """A cell's value as people read it: text of white space is None, a whole number an int.

    ``moment`` is the date that the cell shows its number as, where it does.
    """
    if moment is not None:
        return moment.date() if moment.time() == time() else moment
    if is_blank(value):
        return None
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


ScoreReader = Callable[[Value], Plain]


def score_readers(
    texts: Callable[[Collection[str]], Collection[str]], stated: tuple[Mapping[str, int], ...]
) -> dict[str, ScoreReader]:
    """How the scores of a register are read, by measure, each with the scale of its words.

    ``texts`` gives the texts that stand under some measures; ``stated`` are the words for
    likelihood and for impact that settings add.
    """
    likelihood = choose_words(texts(("likelihood",)), LIKELIHOOD_SCALES, dict(stated[0]))
    impact = choose_words(texts(("impact", *CATEGORIES)), IMPACT_SCALES, dict(stated[1]))
    readers: dict[str, ScoreReader] = {
        measure: partial(_score, partial(parse_score, words=impact))
        for measure in ("impact", *CATEGORIES)
    }
    readers["likelihood"] = partial(_score, partial(parse_score, words=likelihood))
    readers["rating"] = partial(_score, read_rating)
    return readers


def _score(read: Callable[[Value], int | float | ScoreProblem], value: Value) -> Plain:
    """The number of a score; what cannot be read as it stands."""
    found = read(value)
    if not isinstance(found, ScoreProblem):
        return found
    return None if found.is_absent else plain_value(value)


def is_same(old: Held, new: Held, day_first: bool = True) -> bool:
    """Whether two versions of a field say the same."""
    before, after = as_dates(old.value, new.value, day_first)
    if before is None or after is None or isinstance(before, date) or isinstance(after, date):
        return before == after
    one, other = _number(before), _number(after)
    if one is not None and other is not None:
        if isinstance(before, str) and isinstance(after, str):
            return plain_text(before) == plain_text(after)  # 1.1 and 1.10 may be references
        return isclose(one, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    return plain_text(before) == plain_text(after)


def as_dates(before: Plain, after: Plain, day_first: bool = True) -> tuple[Plain, Plain]:
    """Both values, a text that is a date beside a date as that date.

    >>> as_dates(date(2017, 1, 31), "31 January 2017")[1]
    datetime.date(2017, 1, 31)
    """
    if isinstance(before, date) and isinstance(after, str):
        return before, parse_date(after, day_first) or after
    if isinstance(after, date) and isinstance(before, str):
        return parse_date(before, day_first) or before, after
    return before, after


def kind_of_change(old: Held, new: Held) -> FieldKind:
    """What kind of value changed; text where the two are of different kinds."""
    if "score" in (old.kind, new.kind):
        return "score"
    present = [each for each in (old.value, new.value) if each is not None]
    if present and all(isinstance(each, date) for each in present):
        return "date"
    if present and all(number_in(each) is not None for each in present):
        return "number"
    return "text"


def number_in(value: object) -> float | None:
    """The number that a value is; None for text, dates and TRUE."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Plain) -> float | None:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value.strip()) else None
    return number_in(value)


def split_date(text: str, day_first: bool = True) -> tuple[str, date | None]:
    """A text such as *Update 31 January 2017* as its words and its date.

    >>> split_date("Update 31 January 2017")
    ('Update', datetime.date(2017, 1, 31))
    """
    found = find_date(text, day_first)
    if found is None:
        return text, None
    words = text.split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            if length <= 5 and parse_date(" ".join(words[start : start + length]), day_first):
                rest = words[:start] + words[start + length :]
                return " ".join(rest), found
    return text, found
