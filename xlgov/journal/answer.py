"""Answers of the log, for people and for programs.

Why never an empty one: what the log does not know is said, with what it does know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Any

from xlgov.grid.dates import say_date
from xlgov.journal.history import HandEdit, LoggedChange
from xlgov.journal.query import ASSESSMENTS, Question, find_changes, find_edits, of_file
from xlgov.journal.reading import Log
from xlgov.journal.record import last_part, moment_text
from xlgov.review.records import reference_key

_MOST_NAMED = 12


def answer_lines(log: Log, question: Question, zone: tzinfo | None = None) -> list[str]:
    """The answer for people: a line per change, times in ``zone`` (None: this computer's own).

    Of what was done by hand, a line for each time that a workbook was edited too.
    """
    found = find_changes(log, question)
    lines = [(each.when, change_line(each, zone)) for each in found]
    edits = find_edits(log, question) if question.by_hand else []
    told = sorted([*((each.until, edit_line(each, zone)) for each in edits), *lines], key=_moment)
    nothing = not found and (bool(question.record) or not edits)
    return [line for _, line in told] + ([_say_none(log, question)] if nothing else [])


def _moment(told: tuple[datetime, str]) -> datetime:
    return told[0]


def change_line(told: LoggedChange, zone: tzinfo | None = None) -> str:
    """One change: when, who, file, cell, what it was and became, why."""
    change = told.change
    if told.since is not None:
        when = _say_by_hand(told.since, told.when, zone)
    else:
        when = f"{told.when.astimezone(zone):%Y-%m-%d %H:%M}, {told.who or 'unknown'}"
    what = " ".join(part for part in (change.record, _field_words(told)) if part)
    place = f"{last_part(told.path)} {change.sheet}!{change.address}"
    line = f"{when}: {place}{f', {what}' if what else ''}: "
    line += f"{_show(change.before)} -> {_show(change.after)}"
    if change.reason and told.since is None:
        line += f"   {change.reason}"
    if told.is_unsure:
        line += "   (announced; the run was stopped before it could say that it was done)"
    return line


def edit_line(edit: HandEdit, zone: tzinfo | None = None) -> str:
    """That a workbook was edited, and between which runs."""
    return f"{_say_by_hand(edit.since, edit.until, zone)}: {last_part(edit.path)} was edited"


def _say_by_hand(since: datetime, until: datetime, zone: tzinfo | None) -> str:
    return f"{say_span(since.astimezone(zone), until.astimezone(zone))}, by hand"


def _field_words(told: LoggedChange) -> str:
    change = told.change
    if change.assessment in ASSESSMENTS:
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
    records = of_file(log.records, question.file)
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
    by_hand = " by hand as far as the log can tell" if question.by_hand else ""
    return f"No {what}{of} was changed{by_hand} in {looked}."


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
        "edits": [
            {"path": each.path, "since": moment_text(each.since), "until": moment_text(each.until)}
            for each in find_edits(log, question)
        ],
        "problems": list(log.problems),
    }
