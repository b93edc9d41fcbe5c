"""Whether a sheet can hold a dashboard at all, told from its words before it is searched.

Why beside ``headings``: those are patterns that take longer to make than a small workbook takes to
read. What they have in common is here: the words without which no heading of a comparison is one.
A sign may say yes to what is no dashboard, and never no to one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from xlgov.settings.values import Settings

if TYPE_CHECKING:
    from xlgov.grid.signs import Signs
    from xlgov.kpi.headings import Measure

FEWEST_COMPARING = 2  # different comparisons, without which a row heads no dashboard
LONGEST = 80  # characters of a heading; a longer text is prose

_YEARS = frozenset(("yr", "yrs", "year", "years", "y"))
_VERSUS = frozenset(("v", "vs", "versus", "against", "compared"))
_MEAN = frozenset(("avg", "average", "mean"))
_MONTHS = frozenset(("month", "months", "mth", "mths"))
_PEERS = frozenset(("msf", "msg", "similar", "peer", "peers"))
_RANK = frozenset(("rank", "position", "ranking"))
_WORD = re.compile(r"\w+")
_SO_MANY_YEARS = re.compile(r"\d(?:yrs?|years?|y)")


def may_hold_dashboard(signs: Signs, settings: Settings, skip: Collection[str]) -> bool:
    """Whether any sheet but those in ``skip`` could have a dashboard's headings.

    Always so where settings name indicators, or say what totals are made of.
    """
    if settings.indicators or settings.totals or settings.shares:
        return True
    return any(
        len(possible_measures(signs.texts(sheet))) >= FEWEST_COMPARING
        for sheet in signs.sheets(skip)
    )


def possible_measures(texts: Iterable[str]) -> set[Measure]:
    """The comparisons that headings made from these texts, or from parts of them, could be.

    >>> sorted(possible_measures(["Theme", "Current v", "3yr avg", "FYTD"]))
    ['average', 'fytd']
    """
    short = (text for text in texts if len(text) <= LONGEST or _length(text) <= LONGEST)
    words = set(_WORD.findall("\n".join(short).casefold()))
    joined = any(map(_SO_MANY_YEARS.fullmatch, words))
    base = "baseline" in words or {"base", "line"} <= words
    versus, mean = not words.isdisjoint(_VERSUS), not words.isdisjoint(_MEAN)
    twelve = not words.isdisjoint(("12", "twelve")) and not words.isdisjoint(_MONTHS)
    peers = not words.isdisjoint(_PEERS)
    found: dict[Measure, bool] = {
        "average": (joined or not words.isdisjoint(_YEARS)) and (versus or mean),
        "fytd": not words.isdisjoint(("fytd", "ytd")) or {"year", "to", "date"} <= words,
        "rolling": twelve
        or not words.isdisjoint(("rolling", "r12", "r12m", *(f"12{each}" for each in _MONTHS))),
        "baseline": base,
        "benchmark": versus and (base or "benchmark" in words),
        "peers": peers,
        "peer mean": peers and mean,
        "peer rank": peers and not words.isdisjoint(_RANK),
    }
    return {measure for measure, possible in found.items() if possible}


def _length(text: str) -> int:
    return len(" ".join(text.split()))
