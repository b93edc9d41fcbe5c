"""Questions to the log: who changed SR3.3's current rating, and when.

Why words are matched to what the log holds: an officer asks with the register's own words, and
whatever is neither an assessment nor a measure is the record. What the log does not know is said,
with what it does know, instead of an empty answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from xlgov.errors import UsageError
from xlgov.grid.dates import say_date
from xlgov.journal.history import LoggedChange, list_changes
from xlgov.journal.reading import LOG_ENDING, Log
from xlgov.journal.record import RunRecord, moment_text
from xlgov.review.records import reference_key

_ASSESSMENTS = {
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
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What changes are asked for; "" and None ask for any."""

    record: str = ""
    measure: str = ""
    assessment: str = ""
    since: date | None = None
    until: date | None = None
    file: str = ""


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
        elif not assessment and key in _ASSESSMENTS:
            assessment = _ASSESSMENTS[key]
        elif bare and key not in _ASKING:
            left.append(bare)
    record = asked.record or " ".join(left)
    return Question(record, measure, assessment, asked.since, asked.until, asked.file)


def find_changes(log: Log, question: Question) -> list[LoggedChange]:
    """The changes that a question asks for, in the order of time; days are those of UTC.

    A record is its reference without regard to case, spaces and a full stop at its end. A measure
    is what the cell holds (``rating``) or its field's name. A file is the end of its path.
    """
    return [
        each for each in list_changes(_of_file(log.records, question.file)) if _fits(each, question)
    ]


def _of_file(records: Iterable[RunRecord], file: str) -> list[RunRecord]:
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
        if change.assessment.casefold() != _ASSESSMENTS.get(asked, asked):
            return False
    day = told.when.date()
    first = told.since.date() if told.since else day
    return (question.since is None or day >= question.since) and (
        question.until is None or first <= question.until
    )


def answer_lines(log: Log, question: Question, zone: tzinfo | None = None) -> list[str]:
    """The answer for people: a line per change, times in ``zone`` (None: this computer's own)."""
    found = find_changes(log, question)
    if not found:
        return [_say_none(log, question)]
    return [change_line(each, zone) for each in found]


def change_line(told: LoggedChange, zone: tzinfo | None = None) -> str:
    """One change: when, who, file, cell, what it was and became, why."""
    change = told.change
    if told.since is not None:
        when = f"{say_span(told.since.astimezone(zone), told.when.astimezone(zone))}, by hand"
    else:
        when = f"{told.when.astimezone(zone):%Y-%m-%d %H:%M}, {told.who or 'unknown'}"
    what = " ".join(part for part in (change.record, _field_words(told)) if part)
    name = told.path.replace("\\", "/").rpartition("/")[2]
    line = f"{when}: {name} {change.sheet}!{change.address}{f', {what}' if what else ''}: "
    line += f"{_show(change.before)} -> {_show(change.after)}"
    if change.reason and told.since is None:
        line += f"   {change.reason}"
    if told.is_unsure:
        line += "   (announced; the run was stopped before it could say that it was done)"
    return line


def _field_words(told: LoggedChange) -> str:
    change = told.change
    if change.assessment in _ASSESSMENTS:
        return f"{change.assessment} {change.measure or change.field.rpartition('.')[2]}"
    return change.field or change.measure


def say_span(first: datetime, last: datetime) -> str:
    """Two moments for people, with no more than it takes to tell them apart.

    >>> say_span(datetime(2017, 5, 3, 21), datetime(2017, 5, 10, 21))
    'between 3 and 10 May 2017'
    >>> say_span(datetime(2017, 5, 31, 21), datetime(2017, 6, 1, 21))
    'between 31 May 2017 and 1 June 2017'
    >>> say_span(datetime(2017, 5, 3, 9), datetime(2017, 5, 3, 21, 30))
    'between 09:00 and 21:30 on 3 May 2017'
    """
    if first.date() == last.date():
        return f"between {first:%H:%M} and {last:%H:%M} on {say_date(last.date())}"
    if (first.year, first.month) == (last.year, last.month):
        return f"between {first.day} and {say_date(last.date())}"
    return f"between {say_date(first.date())} and {say_date(last.date())}"


def _say_none(log: Log, question: Question) -> str:
    """No change, in words: what was looked at, and what is near where a name is unknown."""
    records = _of_file(log.records, question.file)
    if question.file and not records:
        names = list(dict.fromkeys(each.name for each in log.records))
        return f"No run in these logs had a file {question.file!r}; they had {_few(names)}."
    known = {
        reference_key(name): name
        for record in records
        for name in (
            *(each.record for each in record.changes),
            *(each.record for each in record.findings),
            *(each.record for each in record.above_tolerance),
        )
        if name
    }
    key = reference_key(question.record)
    runs = len({record.run for record in records})
    looked = f"{runs} run{'' if runs == 1 else 's'}"
    if records:
        first, last = (say_date(records[at].when.date()) for at in (0, -1))
        looked += f" from {first} to {last}" if first != last else f" on {first}"
    if key and key not in known:
        near = get_close_matches(key, known, n=3, cutoff=0.6)
        hint = f"; did you mean {_few([known[each] for each in near])}?" if near else "."
        return f"Nothing is told of a record {question.record!r} in {looked}{hint}"
    what = " ".join(part for part in (question.assessment, question.measure) if part) or "field"
    of = f" of {known[key]}" if key else ""
    return f"No {what}{of} was changed in {looked}."


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (", ".join(names[:_MOST_NAMED]) or "none") + more


def _show(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "blank" if value is None else str(value)


def answer_document(log: Log, question: Question) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "changes": [
            {
                "when": moment_text(each.when),
                "since": moment_text(each.since) if each.since else None,
                "by_hand": each.since is not None,
                "unsure": each.is_unsure,
                "who": each.who or None,
                "path": each.path,
                "sheet": each.change.sheet,
                "address": each.change.address,
                "record": each.change.record,
                "field": each.change.field,
                "measure": each.change.measure,
                "before": each.change.before,
                "after": each.change.after,
                "reason": each.change.reason,
            }
            for each in find_changes(log, question)
        ],
        "problems": list(log.problems),
    }
