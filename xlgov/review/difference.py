"""What differs between two versions of a workbook, record by record and field by field.

Why by reference and not by row: registers are sorted, filtered and added to between two boards;
what the board wants to know is what happened to SR1.1, wherever it stands now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xlgov.changes import Finding
from xlgov.grid.cells import Value
from xlgov.review.words import Fate, Words, word_changes

FieldKind = Literal["text", "score", "number", "date"]
What = Literal["new", "removed", "changed"]
Direction = Literal["", "up", "down"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: plain values, None where it is blank.

    ``field`` is the domain's name, ``heading`` what is printed in the new version, else in the
    old. ``sheet`` and ``address`` are the cell in the new version, "" where it has none; in the
    old version ``old_sheet`` and ``old_address``. A score that can be read is its number.
    ``direction`` is that of a score or number. ``computed`` is a rating that follows from a
    likelihood or impact that changed too. ``number_format`` is how the cell shows a number.
    """

    field: str
    heading: str
    sheet: str
    address: str
    old_sheet: str
    old_address: str
    before: Value | date
    after: Value | date
    kind: FieldKind
    direction: Direction = ""
    computed: bool = False
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that is new, removed or changed.

    ``kind`` is the kind of register, ``record`` its reference, ``title`` a short text of it.
    ``sheet`` and ``address`` are in the new version; of a removed record in the old one.
    ``fields`` are those that differ; of a new or removed record all that are filled.
    """

    kind: str
    record: str
    title: str
    what: What
    sheet: str
    address: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs, in the order of the new version, removed records after their neighbours.

    ``unchanged`` are the references of the records that are alike, by kind.
    """

    changes: tuple[RecordChange, ...]
    unchanged: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no record differs."""
        return not self.changes

    @property
    def is_unrecognised(self) -> bool:
        """Whether neither version has a record that was recognised."""
        return not (self.changes or any(self.unchanged.values()))

    @property
    def is_in_new(self) -> bool:
        """Whether the new version has a record: a rota has none of a register's."""
        kept = any(each.what != "removed" for each in self.changes)
        return kept or any(self.unchanged.values())


__all__ = [
    "Difference",
    "Direction",
    "Fate",
    "FieldChange",
    "FieldKind",
    "RecordChange",
    "What",
    "Words",
    "word_changes",
]
