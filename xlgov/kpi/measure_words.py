"""Words that say what a row or column of readings is: all lists of them stand here.

Why certain and likely words: "numerator" means one thing wherever it stands; "base" and
"surveyed" are also plain words of names, and count only where their partner stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from xlgov.kpi.headings import COMPARING, read_heading
from xlgov.kpi.month_text import find_month, month_name_only, read_year
from xlgov.kpi.names import normal_name
from xlgov.kpi.period import Month

# other: a line beside the readings that is none, such as their targets.
Part = Literal["value", "numerator", "denominator", "other"]


def _normal(*words: str) -> frozenset[str]:
    return frozenset(normal_name(word) for word in words)


_CERTAIN: dict[str, Part] = {
    **dict.fromkeys(_normal("numerator", "numer"), "numerator"),
    **dict.fromkeys(_normal("denominator", "denom"), "denominator"),
}
_LIKELY: dict[str, Part] = {
    **dict.fromkeys(
        _normal(
            *("num", "number satisfied", "satisfied", "total satisfied", "number positive"),
            *("positive", "number answered in time", "number in time", "number within target"),
            *("number met", "number achieved", "number of outcomes", "successes", "events"),
        ),
        "numerator",
    ),
    **dict.fromkeys(
        _normal(
            *("den", "base", "number surveyed", "surveyed", "total surveyed", "sample"),
            *("sample size", "respondents", "number of respondents", "number asked", "asked"),
            *("responses", "number of responses", "out of", "total number", "cases", "exposure"),
        ),
        "denominator",
    ),
}
_VALUE = _normal(
    *("value", "reading", "actual", "figure", "result", "count", "rate", "percentage"),
    *("percent", "%", "volume", "performance", "monthly value", "monthly figure", "outturn"),
)
_OTHER = _normal(
    *("target", "trajectory", "forecast", "budget", "mean", "average", "avg", "median"),
    *("ucl", "lcl", "upper limit", "lower limit", "upper control limit", "lower control limit"),
    *("centre line", "centre", "moving range", "trend", "trendline", "standard deviation", "rag"),
    *("limit", "control limit", "process limit", "tolerance", "variance", "rolling average"),
)
_FIELDS: dict[str, str] = {
    normal_name(words): field
    for field, listed in {
        "theme": "theme|plan theme|priority|objective|pillar|section|area|category|portfolio",
        "unit": "unit|units|unit of measure|format|measured in|type of measure",
        "direction": "direction|desired direction|good is|polarity|aim|good|what is good"
        "|desired|preferred direction",
        "combine": "combine|combined by|how it combines|aggregation|aggregate|fytd method|roll up",
        "target": "target|annual target|target value",
        "baseline": "baseline|fixed baseline|baseline figure",
        "source": "source|data source|source of data",
        "decimals": "decimals|decimal places|dp",
        "lag": "lag|months late|lag months",
    }.items()
    for words in listed.split("|")
}
_NAME = _normal(
    *("indicator", "indicators", "performance indicator", "key performance indicator", "kpi"),
    *("indicator name", "kpi name", "measure", "measure name", "metric", "name", "description"),
    *("performance measure", "series", "indicator description", "title"),
)
_REFERENCE = _normal(
    "ref", "reference", "no", "number", "id", "code", "order", "row", "kpi no", "kpi ref", "item"
)
_MONTH = _normal(
    *(
        "month",
        "date",
        "period",
        "month ending",
        "reporting month",
        "month end",
        "reporting period",
    ),
    *("period end", "period ending", "month of reading", "calendar month", "month year"),
)
_YEAR = _normal("year", "financial year", "calendar year", "fy", "fin year")
_PLAIN_SHEET = re.compile(
    r"\b(?:data|readings?|monthly|months?|sheet|input|figures|values?|kpis?|indicators?|table|"
    r"series|raw|numbers?|performance|all|numerators?|denominators?|tab|long|returns?|book)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:q|quarter |qtr |h)\s?[1-4]\b.*|.*\b(?:total|sum|ytd|fytd|to date|average|avg|mean|year|"
    r"rolling|trend|sparkline|change|variance|target|rag|status|notes?|comments?|check)s?\b.*"
)
_SUFFIX = re.compile(r"(?s)(?P<name>.*\S)\s*(?:\s[-–—]\s*|[-–—:,|;/]\s*|\n)(?P<word>[^-–—:|;(]+)$")
_BRACKET = re.compile(r"(?s)(?P<name>.*\S)\s*[(\[](?P<word>[^()\[\]]+)[)\]]\s*$")
_PREFIX = re.compile(r"(?s)(?P<word>[^-–—:|;(]+?)\s*(?:\s[-–—]\s+|:\s*)(?P<name>\S.*)$")
_LAST_WORD = re.compile(r"(?s)(?P<name>.*\S)\s+(?P<word>\w+)$")


@lru_cache(maxsize=4096)
def read_part(text: str) -> Part | None:
    """Which part of a reading a whole text names; None where it names none.

    >>> read_part("Numerators"), read_part("number surveyed"), read_part("Hate crime")
    ('numerator', 'denominator', None)
    """
    normal = normal_name(text)
    found = _CERTAIN.get(normal) or _LIKELY.get(normal)
    if found:
        return found
    if normal in _VALUE:
        return "value"
    return "other" if normal in _OTHER else None


def month_and_part(text: str, day_first: bool = True) -> tuple[Month, Part] | None:
    """The month and part of a heading such as ``Apr-17 numerator``; None for any other.

    >>> month_and_part("Apr-17\\n(Denominator)"), month_and_part("Current month (Mar-18)")
    ((Month(year=2017, month=4), 'denominator'), None)
    """
    found = find_month(text, day_first)
    if found is None:
        return None
    month, (start, end) = found
    part = read_part(f"{text[:start]} {text[end:]}")
    return (month, part) if part else None


def part_in(text: str) -> Part | None:
    """Which part the title of a sheet or block speaks of; None where of none or of both.

    >>> part_in("Satisfaction numerators"), part_in("Numerators and denominators")
    ('numerator', None)
    """
    words = normal_name(text).split()
    found = {_CERTAIN[word] for word in words if word in _CERTAIN}
    if len(found) == 1:
        return found.pop()
    if found:
        return None
    whole = read_part(text)
    if whole in ("numerator", "denominator"):
        return whole
    return "other" if words and words[-1] in ("target", "trajectory", "forecast") else None


@lru_cache(maxsize=8192)
def _split(name: str) -> tuple[str, Part, bool] | None:
    """A name without its part, the part, and whether the word is certain."""
    for pattern in (_BRACKET, _SUFFIX, _PREFIX, _LAST_WORD):
        match = pattern.fullmatch(name.strip())
        if not match:
            continue
        word = normal_name(match["word"])
        bare = match["name"].rstrip(" -–—:,|;/\n")
        if word in _CERTAIN:
            return bare, _CERTAIN[word], True
        if pattern is not _LAST_WORD and word in _LIKELY:
            return bare, _LIKELY[word], False
        if pattern in (_BRACKET, _SUFFIX) and word in _OTHER:
            return bare, "other", False
    return None


def tell_parts(names: Sequence[str]) -> list[tuple[str, Part | None]]:
    """Each name without the word for its part, and the part.

    >>> tell_parts(["Trials - numerator", "Trials (base)", "Air base", "Crime: base"])
    [('Trials', 'numerator'), ('Trials', 'denominator'), ('Air base', None), ('Crime: base', None)]
    """
    split = [_split(name) for name in names]
    told: dict[str, set[Part]] = {}
    for found in split:
        if found:
            told.setdefault(normal_name(found[0]), set()).add(found[1])
    whole = {normal_name(name) for name in names}
    parts: list[tuple[str, Part | None]] = []
    for name, found in zip(names, split, strict=True):
        keep = found is not None and (found[2] or _has_partner(found, told, whole))
        parts.append((found[0], found[1]) if found and keep else (name.strip(), None))
    return parts


def _has_partner(
    found: tuple[str, Part, bool], told: dict[str, set[Part]], whole: set[str]
) -> bool:
    normal = normal_name(found[0])
    if found[1] == "other":
        return normal in whole or bool(told[normal] - {"other"})
    return {"numerator", "denominator"} <= told[normal]


def stated_field(heading: str) -> str | None:
    """The field of an indicator that a column beside the readings states; None for another."""
    return _FIELDS.get(normal_name(heading))


def is_name_heading(heading: str) -> bool:
    """Whether a column of indicators' names may be headed so."""
    return normal_name(heading) in _NAME


def is_reference_heading(heading: str) -> bool:
    """Whether a column of numbers or codes of indicators is headed so."""
    return normal_name(heading) in _REFERENCE


def is_month_heading(heading: str) -> bool:
    """Whether a column of months may be headed so."""
    return normal_name(heading) in _MONTH


def is_year_heading(heading: str) -> bool:
    """Whether a column of years is headed so."""
    return normal_name(heading) in _YEAR


def is_comparison(heading: str) -> bool:
    """Whether a dashboard's comparison is headed so; a year to date stands beside readings too."""
    meaning = read_heading(heading)
    return meaning is not None and meaning.measure in COMPARING and meaning.measure != "fytd"


def is_beside_months(heading: str) -> bool:
    """Whether a heading between months is known to be none: a total, a quarter, a year."""
    if read_year(heading) or month_name_only(heading) or read_heading(heading):
        return True
    return bool(_TOTAL.fullmatch(heading.strip().casefold()))


def is_bare_total(name: str) -> bool:
    """Whether a name is nothing but the word total, and so many lines may have it."""
    return normal_name(name) in ("total", "grand total", "overall", "overall total", "subtotal")


def theme_of_sheet(sheet: str) -> str:
    """The theme that a sheet's name gives once plain words are taken off; "" for none.

    >>> theme_of_sheet("Victims data"), theme_of_sheet("Readings 2017-18")
    ('Victims', '')
    """
    if part_in(sheet):
        return ""
    bare = " ".join(_PLAIN_SHEET.sub(" ", sheet).split()).strip(" -–—_&,")
    return "" if re.search(r"\d", bare) else bare


def sheet_as_name(sheet: str) -> str:
    """A sheet's name as the name of the one indicator on it; "" where it is a plain word."""
    return sheet if theme_of_sheet(sheet) else ""
