"""One action of a log: its entry, with the dates and the status that were read of it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from xlgov.tracker.due import EARLIEST, Due, read_due
from xlgov.tracker.entry import Entry
from xlgov.tracker.examination import Examination
from xlgov.tracker.status import Status, read_status


class Action(NamedTuple):
    """An entry with what was read of it. ``status`` is None for a blank or an unknown word.

    ``target`` is the field that ``due`` was read from.
    """

    entry: Entry
    raised: date | None
    due: Due
    status: Status | None
    word: str
    target: str = "target"

    @property
    def is_over(self) -> bool:
        return self.status in ("closed", "noted")

    @property
    def is_unclear(self) -> bool:
        """Whether its status is a word that nobody stated."""
        return self.status is None and bool(self.word)


def read_action(entry: Entry, examination: Examination, met: date | None = None) -> Action:
    """An entry's dates and status. One with a date of completion and no status is closed.

    ``met`` is the meeting that it stands under, which raised it where no column says when.
    """
    raised = entry.day("raised") if entry.has("raised") else met
    if raised is not None and raised < EARLIEST:
        raised = None
    word = entry.text("status") if entry.says("status") else ""
    status = read_status(word, examination.settings.status_words) if word else None
    if not word and entry.day("completed") is not None:
        status = "closed"
    target = "target" if entry.says("target") or not entry.says("first_target") else "first_target"
    return Action(entry, raised, read_due(entry, target), status, word, target)
