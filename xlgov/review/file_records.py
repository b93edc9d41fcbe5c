"""What is kept of one workbook to be compared with others: small, and able to travel.

Why so little: of a folder of a thousand workbooks all of it is held at once, and it comes back from
processes of their own. Texts are kept as the sets of their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.settings.values import Accepted


class Place(NamedTuple):
    """A cell of the workbook."""

    sheet: str
    address: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


@dataclass(frozen=True, slots=True)
class RiskSeen:
    """A risk of a register. ``rating`` is given where it is above tolerance, ``tolerance`` too."""

    reference: str
    key: str
    place: Place
    is_closed: bool = False
    words: frozenset[str] = frozenset()
    rating: int | float | None = None
    rating_place: Place | None = None
    tolerance: str = ""


@dataclass(frozen=True, slots=True)
class ActionSeen:
    """An action that is closed or overdue, and the cell that says so."""

    label: str
    state: str
    place: Place


@dataclass(frozen=True, slots=True)
class Mention:
    """What may be a reference in a text. ``words`` are those beside it, ``row`` its row.

    ``record`` is the record that it stands in, "" outside registers. ``is_leading``: it begins its
    cell. ``is_own``: the record is called so. ``others`` are the keys of its neighbours.
    """

    reference: str
    key: str
    place: Place
    row: int
    column: int
    words: frozenset[str] = frozenset()
    record: str = ""
    is_leading: bool = False
    is_own: bool = False
    others: frozenset[str] = frozenset()
    action: ActionSeen | None = None


class Figure(NamedTuple):
    """A figure of a dashboard. ``places`` are the decimals shown of ``shown``; None: typed ones."""

    indicator: str
    theme: str
    label: str
    month: str
    column: str
    shown: float
    places: int
    place: Place


class Lead(NamedTuple):
    """Somebody who leads a record, with the words that are compared."""

    text: str
    words: str
    record: str
    place: Place


@dataclass(frozen=True, slots=True)
class FileRecords:
    """What one workbook has that others may speak of, and what it says of others."""

    path: str
    as_of: date | None = None
    risks: tuple[RiskSeen, ...] = ()
    mentions: tuple[Mention, ...] = ()
    figures: tuple[Figure, ...] = ()
    leads: tuple[Lead, ...] = ()
    listed_leads: frozenset[str] = frozenset()
    leads_place: Place | None = None
    accepted: tuple[Accepted, ...] = ()


CrossFindings = dict[str, list[Finding]]
