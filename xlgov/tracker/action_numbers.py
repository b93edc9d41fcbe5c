"""The numbers of actions: repeated, missing, or shown as dates of 1900."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import date

from xlgov.grid.records import Layout
from xlgov.tracker.action import Action
from xlgov.tracker.entry import Entry
from xlgov.tracker.examination import Examination
from xlgov.tracker.numbered_dates import find_numbered_dates

_PER_MEETING = re.compile(r"\b(?:minutes?|para(?:graph)?|agenda)\b", re.IGNORECASE)


def check_numbers(examination: Examination, actions: Sequence[Action]) -> None:
    """Numbers that come twice; and, where actions are numbered, those without."""
    numbered = [action for action in actions if action.entry.says("reference")]
    per_meeting = _are_per_meeting(numbered)
    first: dict[Hashable, Entry] = {}
    for action in numbered:
        entry = action.entry
        key = (entry.text("reference").casefold(), action.raised if per_meeting else None)
        other = first.setdefault(key, entry)
        if other is not entry:
            examination.find(
                "action-number-repeated",
                entry,
                "reference",
                f"is the number of two actions, here and in {other.address('reference')}",
                "Give one of them another number",
                related=(other.address("reference"),),
            )
    if len(numbered) * 2 > len(actions):
        for action in actions:
            if not action.entry.says("reference"):
                examination.find(
                    "action-number-missing",
                    action.entry,
                    "reference",
                    "has no number, as the others have",
                    "Give it one",
                )


def _are_per_meeting(actions: Sequence[Action]) -> bool:
    """Whether numbers tell apart only the actions of one meeting: minute numbers, or a count that
    starts again at each meeting."""
    if not actions:
        return False
    if _PER_MEETING.search(actions[0].entry.layout.headings["reference"]):
        return True
    numbers: dict[date | None, list[str]] = defaultdict(list)
    for action in actions:
        numbers[action.raised].append(action.entry.text("reference").casefold())
    if len({each[0] for each in numbers.values()}) > 1:
        return False
    repeated = Counter(number for each in numbers.values() for number in set(each))
    return len(numbers) > 2 or sum(count > 1 for count in repeated.values()) > 1


def check_numbered_dates(examination: Examination, register: Sequence[Entry], field: str) -> None:
    """Numbers of a column that are shown as dates; their format, where a repair is asked for."""
    for found in find_numbered_dates(register, field):
        what = "item" if field == "agenda_item" else "number"
        examination.find(
            "number-shown-as-date",
            found.entry,
            field,
            f"{_heading(found.entry.layout, field)} shows {found.shown}; it is {what} "
            f"{found.meant} displayed as a date",
            "Refresh with --repair to show the number",
        )
        if "repair" in examination.settings.extras:
            examination.restyle(found.entry, field, found.number_format)


def _heading(layout: Layout, field: str) -> str:
    return " ".join(layout.headings[field].split("/")[-1].split())
