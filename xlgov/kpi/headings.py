"""The column headings of a performance dashboard, and what each column holds.

Why patterns and not a list: *Current v 1yr avg*, *Performance against 3 year average* and *vs
1-yr mean* are one column with a number in it. A heading that nothing here knows is not ours, and
one that is nearly known may be another figure: *% change v 3yr avg* holds no outcome, *Rolling 12
month average* no total, *FYTD 2016/17* no year to date of the reporting month.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from xlgov.kpi.signs import LONGEST

# figure: a number; outcome: Higher, Lower or Comparable; label: text that tells which.
Holds = Literal["figure", "outcome", "label"]
Measure = Literal[
    "indicator",
    "theme",
    "month",
    "average",
    "fytd",
    "rolling",
    "baseline",
    "benchmark",
    "peers",
    "peer mean",
    "peer rank",
    "data to",
]

_HOLDS: dict[Measure, Holds] = {
    "indicator": "label",
    "theme": "label",
    "month": "figure",
    "average": "outcome",
    "fytd": "figure",
    "rolling": "figure",
    "baseline": "figure",
    "benchmark": "outcome",
    "peers": "outcome",
    "peer mean": "figure",
    "peer rank": "figure",
    "data to": "label",
}
# What only a dashboard has; a table of readings has months, a plan has themes.
COMPARING: frozenset[Measure] = frozenset(
    ("average", "fytd", "rolling", "baseline", "benchmark", "peers", "peer mean", "peer rank")
)
# Typed from a system of the peers unless the workbook has their figures; never lost without.
PEERS: frozenset[Measure] = frozenset(("peers", "peer mean", "peer rank"))


class Meaning(NamedTuple):
    """What a column holds. ``years`` is how many years back, or how many an average is of."""

    measure: Measure
    years: int = 0

    @property
    def holds(self) -> Holds:
        """Whether its cells are figures, outcomes or labels."""
        return _HOLDS[self.measure]

    @property
    def title(self) -> str:
        """The column's name in our own sentences."""
        if self.measure == "month":
            return f"same month -{self.years} yr" if self.years else "current month"
        if self.measure == "average":
            return f"current v {self.years}yr avg"
        if self.measure == "fytd":
            return f"FYTD - {self.years} yr" if self.years else "FYTD"
        return {
            "rolling": f"rolling 12 months - {self.years} yr"
            if self.years
            else "rolling 12 months",
            "benchmark": "performance v benchmark",
            "peers": "MSF",
            "peer mean": "MSF mean",
            "peer rank": "MSF rank",
        }.get(self.measure, self.measure)


_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "twelve": "12"}
_VERSUS = r"(?:v|vs|versus|against|compared (?:to|with))"
_NOW = r"(?:(?:current|this|latest) month|current|latest|month|perf(?:ormance)?|comparison)"
_YEARS = r"(\d)\s?(?:yrs?|years?|y)"
_BACK = rf"(?:(?:minus |less )?{_YEARS}(?: ago| earlier| before)?|minus (\d))"
_FYTD = r"(?:financial |fiscal )?(?:fytd|ytd|year to date|fin(?:ancial)? year to date)"
_ROLLING = (
    r"(?:rolling (?:12|year)(?: ?months?| ?mths?)?(?: total| figure)?"
    r"|(?:12|last 12|latest 12|past 12)(?: ?months?| ?mths?)(?: rolling)?(?: total)?"
    r"|r12m?)"
)
_PEERS = (
    r"(?:msf|msg|most similar (?:forces?|groups?|family)|similar forces?|peers?(?: group)?"
    r"|peer forces?)"
)
_LAST = r"(?:last|previous|prior) (?:financial )?year"

_WORDS: tuple[tuple[str, Measure], ...] = (
    (
        r"(?:key )?(?:performance )?(?:indicator|measure|kpi|metric)s?(?: (?:name|description))?",
        "indicator",
    ),
    (r"indicators? (?:or |and )?measures?|measures? (?:or |and )?indicators?", "indicator"),
    (r"theme|priority|objective|plan theme|pillar", "theme"),
    (r"(?:current|latest|this|reporting|in) month(?: figure| value| total)?|current", "month"),
    (rf"(?:same|current) month {_BACK}", "month"),
    (rf"same month {_LAST}", "month"),
    (rf"(?:{_NOW} )?{_VERSUS} (?:the )?{_YEARS}(?: (?:avg|average|mean))?", "average"),
    (rf"(?:comparison (?:to|with) )?{_YEARS} (?:avg|average|mean)(?: comparison)?", "average"),
    (rf"{_FYTD}(?: current| this year)?", "fytd"),
    (rf"{_FYTD} (?:{_BACK}|{_LAST})", "fytd"),
    (rf"(?:{_LAST}) (?:fytd|ytd|to date)", "fytd"),
    (_ROLLING, "rolling"),
    (rf"{_ROLLING} (?:{_BACK}|{_LAST})", "rolling"),
    (r"base ?line(?: figure| value)?", "baseline"),
    (
        rf"(?:(?:perf(?:ormance)?|{_ROLLING}) )?{_VERSUS} (?:the )?"
        r"(?:benchmark|base ?line)",
        "benchmark",
    ),
    (rf"{_PEERS} (?:avg|average|mean)|average of {_PEERS}", "peer mean"),
    (rf"{_PEERS} (?:rank|position|ranking)|rank in {_PEERS}", "peer rank"),
    (rf"(?:(?:perf(?:ormance)?|current) )?(?:{_VERSUS} )?{_PEERS}(?: comparison)?", "peers"),
    (r"data (?:to|date|month|period)|period end(?:ing)?", "data to"),
)
_PATTERNS = tuple((re.compile(pattern), measure) for pattern, measure in _WORDS)


@lru_cache(maxsize=4096)
def read_heading(text: str) -> Meaning | None:
    """What a column under this heading holds; None where the heading is none of a dashboard's.

    Months as headings (*Mar-18*) are not looked at here.

    >>> read_heading("Current v 3yr avg"), read_heading("FYTD - 1 yr"), read_heading("Owner")
    (Meaning(measure='average', years=3), Meaning(measure='fytd', years=1), None)
    """
    if len(text) > LONGEST:
        return None
    plain = _plain(text)
    for pattern, measure in _PATTERNS:
        match = pattern.fullmatch(plain)
        if match:
            return Meaning(measure, _years_of(match, measure))
    return None


def _plain(text: str) -> str:
    """Lower case, one space between words, numbers as figures, no punctuation but a minus."""
    lowered = re.sub(r"[\u2010-\u2015\u2212]", "-", text.casefold())
    lowered = re.sub(r"(?<=\w)-(?=\w)", " ", lowered).replace("+", " ")
    words = re.sub(r"[^\w\s-]", " ", lowered).replace("-", " minus ").split()
    joined = " ".join(_NUMBERS.get(word, word) for word in words)
    return re.sub(r"\bminus minus\b", "minus", joined).strip()


def _years_of(match: re.Match[str], measure: Measure) -> int:
    figures = [group for group in match.groups() if group]
    if figures:
        return int(figures[0])
    lasting = re.search(r"\b(?:last|previous|prior)\b(?! 12)", match[0])
    return 1 if lasting and measure in ("month", "fytd", "rolling") else 0
