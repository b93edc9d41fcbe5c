"""Decisions that are still to come: an area, the decision, its papers, and when.

Why so few questions: most timescales are set by somebody else's project, and a line without a date
of its own is right as it is. Only a date that has passed, and a decision that is already recorded
under the same words, contradict the list.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from xlgov.changes import FindingCodes
from xlgov.grid.dates import say_date
from xlgov.grid.records import Layout, Search
from xlgov.grid.sheet import Workbook, cell_date
from xlgov.tracker.decisions import list_decided
from xlgov.tracker.entry import Entry
from xlgov.tracker.examination import Examination
from xlgov.tracker.headings import FORWARD as VOCABULARY
from xlgov.tracker.kind import Tracker
from xlgov.tracker.timescale import find_deadline

CODES: FindingCodes = {
    "forward-time-passed": ("warning", "Forthcoming decision whose time has passed"),
    "forward-already-decided": ("warning", "Forthcoming decision that is already recorded"),
}

_AHEAD = re.compile(
    r"\b(?:forward|forthcoming|anticipated|expected|likely|future|proposed|decision areas?"
    r"|to be (?:made|taken))\b",
    re.IGNORECASE,
)
_COMMON = frozenset(
    (
        *(
            "a",
            "an",
            "and",
            "any",
            "are",
            "as",
            "at",
            "be",
            "by",
            "for",
            "from",
            "in",
            "into",
            "is",
        ),
        *("of", "on", "or", "per", "that", "the", "their", "this", "to", "under", "with", "within"),
        *("decision", "decide", "approve", "approval", "approved", "agree", "agreed", "agreement"),
        *("sign", "signed", "separate", "each", "all", "new", "s"),
    )
)
_FEWEST_WORDS = 3
_ALIKE = 0.8
_SAME_OCCASION = timedelta(days=183)  # a decision of last year's round is not this year's


def looks_ahead(layout: Layout) -> bool:
    """Whether a table of decisions says that they are still to come."""
    said = " ".join([layout.sheet, *layout.headings.values()])
    return "decision" in said.casefold() and _AHEAD.search(said) is not None


def keep_forward_lists(workbook: Workbook, found: Search) -> Search:
    """Without tables of decisions that do not look ahead."""
    return found._replace(layouts=tuple(each for each in found.layouts if looks_ahead(each)))


def subject_words(text: str) -> frozenset[str]:
    """The words that tell one subject from another, without the common ones and plurals.

    >>> sorted(subject_words("Approve the leases of Unit C, Chord Park"))
    ['c', 'chord', 'lease', 'park', 'unit']
    """
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("\u2019", ""))
    singular = (w[:-1] if len(w) > 3 and w.endswith("s") and w[-2] != "s" else w for w in words)
    return frozenset(word for word in singular if word not in _COMMON)


def is_same_subject(one: str, other: str) -> bool:
    """Whether two subjects have nearly all their words in common, and enough of them."""
    a, b = subject_words(one), subject_words(other)
    return min(len(a), len(b)) >= _FEWEST_WORDS and len(a & b) >= _ALIKE * len(a | b)


def examine(examination: Examination) -> None:
    """What has passed, and what has been decided already."""
    settings = examination.settings
    day_first = settings.day_first is not False
    decided = list(list_decided(examination.workbook, settings))
    for entry in examination.entries:
        last = deadline(entry, day_first)
        _check_recorded(examination, entry, last, decided)
        if last is not None and last < examination.as_of:
            examination.counts["whose time has passed"] += 1
            examination.shade(entry, "timescale", "passed")
            examination.find(
                "forward-time-passed",
                entry,
                "timescale",
                f"was expected by {say_date(last)}",
                "Take it out where it has been decided, or give the new time",
            )


def deadline(entry: Entry, day_first: bool) -> date | None:
    """The last day of an entry's timescale: of a date in the cell, or of what its text names."""
    cell = entry.cell("timescale")
    moment = cell_date(entry.workbook, cell) if cell is not None else None
    return moment.date() if moment else find_deadline(entry.text("timescale"), day_first)


def _check_recorded(
    examination: Examination,
    entry: Entry,
    last: date | None,
    decided: list[tuple[Entry, date | None]],
) -> None:
    subject, area = entry.text("decision"), entry.text("area")
    for record, day in decided:
        if day is not None and (last or examination.as_of) - day > _SAME_OCCASION:
            continue
        recorded = record.text("subject")
        if is_same_subject(subject, recorded) or is_same_subject(f"{area} {subject}", recorded):
            where = f"{record.sheet}!{record.address('record')}"
            when = f" of {say_date(day)}" if day else ""
            examination.find(
                "forward-already-decided",
                entry,
                "decision",
                f"is already recorded as {record.label}{when} [{where}]",
                "Take it out of the forthcoming decisions",
                related=(where,),
            )
            return


FORWARD = Tracker(
    "forward",
    "Forthcoming decisions",
    "decision",
    VOCABULARY,
    CODES,
    examine,
    shades={"passed": "amber"},
    reference="area",
    refine=keep_forward_lists,
)
