"""Action logs of boards and panels: what is overdue, what nobody owns, what nobody has updated.

Why a closed action is asked so little: the log is for what is still to be done. Of a closed or
noted one only its dates are looked at. Where a status is a word that nobody stated, nothing is said
that depends on it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from xlgov.changes import FindingCodes
from xlgov.grid.dates import find_date, parse_date, say_date
from xlgov.grid.records import Layout, Search
from xlgov.grid.sheet import Workbook
from xlgov.tracker.action import Action, read_action
from xlgov.tracker.action_numbers import check_numbered_dates, check_numbers
from xlgov.tracker.action_words import FOREIGN, VOCABULARY
from xlgov.tracker.due import recurs
from xlgov.tracker.entry import Entry
from xlgov.tracker.examination import Examination
from xlgov.tracker.kind import Tracker
from xlgov.tracker.meeting_days import day_off
from xlgov.tracker.section import read_sections
from xlgov.tracker.status import STATUSES, nearest_word

DUE_SOON = 30  # days

CODES: FindingCodes = {
    "action-overdue": ("warning", "Overdue"),
    "action-no-owner": ("warning", "No owner"),
    "action-no-target": ("warning", "No target date"),
    "action-target-unreadable": ("warning", "Target date cannot be read"),
    "action-target-before-raised": ("warning", "Target date before the action was raised"),
    "closed-early": ("note", "Closed before its target date"),
    "action-update-old": ("warning", "No update since the last meeting"),
    "action-number-repeated": ("error", "Number used twice"),
    "action-number-missing": ("note", "No number"),
    "number-shown-as-date": ("error", "Number shown as a date"),
    "action-status-missing": ("warning", "No status"),
    "action-status-unknown": ("warning", "Status that is not known"),
    "action-meeting-day": ("note", "Meeting on a day off"),
}
SHADES = {"overdue": "F6C9C4", "due-soon": "FCE9BF", "closed": "DCE5DC"}

_NUMBERED = ("reference", "agenda_item")
_MEETING = re.compile(r"\b(?:meeting|board|panel|committee)\b", re.IGNORECASE)


def examine_actions(examination: Examination) -> None:
    """All that is said of the actions of a workbook, log by log."""
    counts = examination.counts
    soon = _due_soon(examination)
    for what in ("overdue", f"due within {soon} days", "closed", "noted", "open"):
        counts[what] = 0
    for register in examination.registers:
        met = _meetings(examination, register)
        actions = [read_action(each, examination, met.get(each.record.row)) for each in register]
        last_meeting = _last_meeting(actions, examination)
        check_numbers(examination, actions)
        _check_meeting_days(examination, actions)
        for field in _NUMBERED:
            check_numbered_dates(examination, register, field)
        for action in actions:
            _check_status(examination, action)
            _check_dates(examination, action)
            _count(examination, action, soon)
            if not action.is_over and not action.is_unclear:
                _check_open(examination, action)
                _check_update(examination, action, last_meeting)
        in_words = sum(action.due.state == "words" and not action.is_over for action in actions)
        if in_words:
            examination.remarks.append(
                f"{register[0].sheet}: {in_words} target date{'s are' if in_words > 1 else ' is'} "
                "in words without a day, so never overdue"
            )


def _meetings(examination: Examination, register: Sequence[Entry]) -> dict[int, date]:
    """The meeting that each action stands under, by row: a heading such as *Board, 4 May 2019*."""
    if not register or register[0].has("raised"):
        return {}
    sections = read_sections(examination.workbook, register[0].layout)
    day_first = examination.settings.day_first is not False
    days = {text: find_date(text, day_first) for text in set(sections.values())}
    return {
        row: day
        for row, text in sections.items()
        if (day := days[text]) and (_MEETING.search(text) or parse_date(text, day_first))
    }


def _due_soon(examination: Examination) -> int:
    stated = examination.settings.due_soon
    return DUE_SOON if stated is None else stated


def _last_meeting(actions: Sequence[Action], examination: Examination) -> date | None:
    """The day the board last met: stated, else the latest before today that raised an action.

    A meeting of today is left out: what it raises is new, and what it reads was written before.
    """
    stated = examination.settings.last_meeting
    if stated is not None:
        return stated
    days = [each.raised for each in actions if each.raised and each.raised < examination.as_of]
    return max(days, default=None)


def _count(examination: Examination, action: Action, soon: int) -> None:
    """Counts and colours: a closed action by its status, an open one by its target date."""
    counts, entry, day = examination.counts, action.entry, action.due.day
    if action.is_over:
        counts[action.status or ""] += 1
        if action.status == "closed":
            examination.shade(entry, "status" if entry.has("status") else "completed", "closed")
        return
    if entry.has("status") or entry.has("completed"):  # else nobody can tell
        counts["open"] += 1
    if day is None or action.is_unclear:
        return
    if day < examination.as_of:
        counts["overdue"] += 1
        examination.shade(entry, action.target, "overdue")
    elif (day - examination.as_of).days <= soon:
        counts[f"due within {soon} days"] += 1
        examination.shade(entry, action.target, "due-soon")


def _check_open(examination: Examination, action: Action) -> None:
    entry, due = action.entry, action.due
    if entry.has("owner") and not entry.says("owner"):
        examination.find("action-no-owner", entry, "owner", "has no owner", "Enter who leads it")
    if due.state == "blank":
        examination.find(
            "action-no-target", entry, "target", "has no target date", "Enter when it is due"
        )
    if due.day is not None and due.day < examination.as_of:
        late = (examination.as_of - due.day).days
        age = (examination.as_of - action.raised).days if action.raised else 0
        examination.find(
            "action-overdue",
            entry,
            action.target,
            f"is {_days(late)} overdue: it was due on {say_date(due.day)}"
            + (f", was raised {_days(age)} ago" if age > 0 else "")
            + f" and is {action.word or 'not closed'}",
            "Close it, or agree another target date",
        )


def _check_dates(examination: Examination, action: Action) -> None:
    """The target date beside the other dates."""
    entry, due, raised = action.entry, action.due, action.raised
    if due.state == "unreadable" and not action.is_over:
        examination.find(
            "action-target-unreadable",
            entry,
            action.target,
            f"has the target date {due.text!r}, which is no day",
            "Enter a date such as 16/05/2019",
        )
    if due.day is None:
        return
    if raised is not None and due.day < raised:
        examination.find(
            "action-target-before-raised",
            entry,
            action.target,
            f"is due on {say_date(due.day)}, before {say_date(raised)}, when it was raised",
            "Correct whichever date is wrong",
            related=(entry.address("raised"),) if entry.has("raised") else (),
        )
    if action.status == "closed" and due.day > examination.as_of:
        if recurs(entry.text("action")) or recurs(due.text):
            return
        ahead = (due.day - examination.as_of).days
        examination.find(
            "closed-early",
            entry,
            action.target,
            f"is closed, {_days(ahead)} before its target date of {say_date(due.day)}",
            "Check that nothing is left to do by then",
        )


def _check_update(examination: Examination, action: Action, last_meeting: date | None) -> None:
    """Whether an open action was updated for the last meeting, if it was raised before that."""
    entry = action.entry
    if last_meeting is None or not entry.has("update_date"):
        return
    if action.raised is not None and action.raised >= last_meeting:
        return
    updated = entry.day("update_date")
    if updated is not None and updated >= last_meeting:
        return
    if updated is None and entry.says("update_date"):
        return  # words: nobody can tell how old they are
    since = f"the last meeting, on {say_date(last_meeting)}"
    said = f"was last updated on {say_date(updated)}, before {since}" if updated else ""
    examination.find(
        "action-update-old",
        entry,
        "update_date",
        said or f"has no dated update since {since}",
        "Ask its owner for an update",
    )


def _check_status(examination: Examination, action: Action) -> None:
    entry = action.entry
    if not entry.has("status") or action.status is not None:
        return
    if not action.word:
        examination.find(
            "action-status-missing",
            entry,
            "status",
            "has no status",
            f"Enter one of {', '.join(each.capitalize() for each in STATUSES)}",
        )
        return
    near = nearest_word(action.word, examination.settings.status_words)
    examination.find(
        "action-status-unknown",
        entry,
        "status",
        f"has the status {action.word!r}" + (f"; the nearest known is {near!r}" if near else ""),
        "Correct it, or say in settings, under status words, what it means",
    )


def _check_meeting_days(examination: Examination, actions: Sequence[Action]) -> None:
    """Meeting dates on which no meeting is likely, once for each date."""
    if not actions or not _MEETING.search(actions[0].entry.layout.headings.get("raised", "")):
        return
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for action in actions:
        if action.raised is not None:
            by_day[action.raised].append(action.entry)
    for day, entries in by_day.items():
        why = day_off(day)
        if why:
            examination.find(
                "action-meeting-day",
                entries[0],
                "raised",
                f"was raised at a meeting on {say_date(day)}, which was {why}",
                "Check the date of the meeting",
                related=tuple(entry.address("raised") for entry in entries[1:]),
            )


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _keep_logs(workbook: Workbook, found: Search) -> Search:
    """Without tables of other kinds, and without lists that say neither who, when nor how far.

    The latter are action logs only where each action has its number and its meeting.
    """
    return found._replace(layouts=tuple(each for each in found.layouts if _is_log(each)))


def _is_log(layout: Layout) -> bool:
    fields = layout.headings.keys()
    if fields & FOREIGN:
        return False
    return bool(fields & {"owner", "status", "target"}) or {"reference", "raised"} <= fields


ACTIONS = Tracker(
    "actions",
    "Action log",
    "action",
    VOCABULARY,
    CODES,
    examine_actions,
    SHADES,
    refine=_keep_logs,
)
