"""Questions to the log: who changed SR3.3's current rating, and when.

Why words are matched to what the log holds: an officer asks with the register's own words, and
whatever is neither an assessment nor a measure is the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xlgov.errors import UsageError
from xlgov.journal.history import HandEdit, LoggedChange, list_changes, list_hand_edits
from xlgov.journal.reading import LOG_ENDING, Log
from xlgov.journal.record import RunRecord
from xlgov.review.records import reference_key

ASSESSMENTS = {
    "inherent": "inherent",
    "gross": "inherent",
    "current": "current",
    "net": "current",
    "residual": "current",
    "future": "future",
    "target": "future",
}
_MEASURES = {
    "rating": "rating",
    "score": "rating",
    "likelihood": "likelihood",
    "probability": "likelihood",
    "impact": "impact",
    "consequence": "impact",
    "level": "level",
    "band": "level",
}
# Words of a question that ask and name nothing.
_ASKING = frozenset(
    (
        *(
            "who",
            "what",
            "when",
            "which",
            "how",
            "has",
            "have",
            "had",
            "was",
            "were",
            "did",
            "does",
        ),
        *("is", "are", "the", "a", "an", "of", "for", "in", "and", "or", "by", "risk", "record"),
        *("change", "changed", "changes", "changing", "edit", "edited"),
    )
)
_OWNED = re.compile(r"['’]s$")
_MARKS = '?.,;:!"“”'


@dataclass(frozen=True, slots=True)
class Question:
    """What changes are asked for; "" and None ask for any, ``by_hand`` for those of people."""

    record: str = ""
    measure: str = ""
    assessment: str = ""
    since: date | None = None
    until: date | None = None
    file: str = ""
    by_hand: bool = False


def split_arguments(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The logs among the arguments of a question, and its words.

    What is a file or folder, or ends in ``.jsonl``, is a log. Raises UsageError without one.
    """
    logs = [each for each in arguments if each.endswith(LOG_ENDING) or Path(each).exists()]
    if not logs:
        raise UsageError("no log among these words; name one first: xlgov log run.jsonl SR3.3")
    return logs, [each for each in arguments if each not in logs]


def read_question(words: Iterable[str], asked: Question) -> Question:
    """A question in plain words, on top of what options have asked.

    >>> asked = read_question("who changed SR3.3's current rating and when?".split(), Question())
    >>> asked.record, asked.assessment, asked.measure
    ('SR3.3', 'current', 'rating')
    >>> read_question(["Hate", "Crime", "figure"], Question(measure="figure")).record
    'Hate Crime figure'
    """
    left = []
    measure, assessment = asked.measure, asked.assessment
    for each in " ".join(words).split():
        bare = _OWNED.sub("", each.strip(_MARKS))
        key = bare.casefold()
        if not measure and key in _MEASURES:
            measure = _MEASURES[key]
        elif not assessment and key in ASSESSMENTS:
            assessment = ASSESSMENTS[key]
        elif bare and key not in _ASKING:
            left.append(bare)
    record = asked.record or " ".join(left)
    return replace(asked, record=record, measure=measure, assessment=assessment)


def find_changes(log: Log, question: Question) -> list[LoggedChange]:
    """The changes that a question asks for, in the order of time; days are those of UTC.

    A record is its reference without regard to case, spaces and a full stop at its end. A measure
    is what the cell holds (``rating``) or its field's name. A file is the end of its path.
    """
    return [
        each for each in list_changes(of_file(log.records, question.file)) if _fits(each, question)
    ]


def find_edits(log: Log, question: Question) -> list[HandEdit]:
    """When people edited the workbooks that a question asks for, whichever cells those were.

    The log has the cells of which two runs knew what they hold; for the others there is only this.
    """
    edits = list_hand_edits(of_file(log.records, question.file))
    return [each for each in edits if _is_in(each.since, each.until, question)]


def of_file(records: Iterable[RunRecord], file: str) -> list[RunRecord]:
    """The records of the files whose paths end so; "" is the end of any."""
    wanted = _path_key(file)
    return [each for each in records if _ends_with(_path_key(each.absolute or each.path), wanted)]


def _path_key(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./").casefold()


def _ends_with(path: str, end: str) -> bool:
    """
    >>> _ends_with("/all/risks.xlsx", "risks.xlsx"), _ends_with("/all/old risks.xlsx", "risks.xlsx")
    (True, False)
    """
    return not end or path == end or path.endswith("/" + end.lstrip("/"))


def _fits(told: LoggedChange, question: Question) -> bool:
    change = told.change
    if question.by_hand and told.since is None:
        return False
    if question.record and reference_key(change.record) != reference_key(question.record):
        return False
    measure = question.measure.casefold()
    if measure:
        named = {change.measure, change.field, change.field.rpartition(".")[2]}
        named |= {_MEASURES.get(each, each) for each in named}
        if measure not in {each.casefold() for each in named}:
            return False
    if question.assessment:
        asked = question.assessment.casefold()
        if change.assessment.casefold() != ASSESSMENTS.get(asked, asked):
            return False
    return _is_in(told.since or told.when, told.when, question)


def _is_in(first: datetime, last: datetime, question: Question) -> bool:
    """Whether what was done between two moments may be of the days that are asked for."""
    return (question.since is None or last.date() >= question.since) and (
        question.until is None or first.date() <= question.until
    )
