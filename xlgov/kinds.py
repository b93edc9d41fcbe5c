"""The kinds of register there are, in the order in which they take sheets.

Why one tuple and no registry: whoever wants to know what is recognised reads it here, and a kind
is added by one line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from xlgov.changes import FindingCodes, Preview
from xlgov.grid.records import Vocabulary
from xlgov.grid.sheet import Workbook
from xlgov.kpi.codes import CODES as KPI_CODES
from xlgov.kpi.in_force import dashboard_in_force
from xlgov.kpi.preview import preview_dashboard
from xlgov.kpi.search import search_dashboard
from xlgov.kpi.tables import list_indicators, list_monthly
from xlgov.risk.codes import CODES as RISK_CODES
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.in_force import settings_in_force
from xlgov.risk.preview import preview_registers, search_registers
from xlgov.risk.tables import list_records
from xlgov.settings.values import Settings
from xlgov.tracker import TRACKERS
from xlgov.tracker.kind import Tracker

Rows = list[dict[str, Any]]
RISK = "risk"


class Searched(Protocol):
    """What a kind's search found: whatever it hands on, and which sheets are its own."""

    @property
    def sheets(self) -> tuple[str, ...]: ...

    @property
    def is_empty(self) -> bool: ...


class Kind(NamedTuple):
    """One kind of register: how it is found, its records as rows, and the changes it asks for.

    What ``search`` finds is handed to the others; sheets that an earlier kind has taken are not
    searched. ``tables`` are the tables of records by name. ``headings`` tell which columns of a
    large sheet will be read and may be mapped; ``codes`` are its findings'. ``in_force`` fills the
    settings sheet that ``init`` adds.
    """

    name: str
    search: Callable[[Workbook, Settings, Collection[str]], Any]
    tables: Mapping[str, Callable[[Workbook, Settings, Any], Rows]]
    preview: Callable[[Workbook, Settings, date, Any], Preview]
    codes: FindingCodes
    in_force: Callable[[Workbook, Settings, Any], tuple[Settings, dict[str, str]]] | None = None
    headings: Vocabulary | None = None

    @property
    def mapped(self) -> tuple[str, ...]:
        """Fields that settings may give a column: the risk register's by their own names."""
        fields = self.headings.fields if self.headings else ()
        above = "" if self.name == RISK else f"{self.name}."
        return tuple(f"{above}{field.name}" for field in fields)


def tracker_kind(tracker: Tracker) -> Kind:
    """A kind of tracker, as one of the kinds."""
    return Kind(
        tracker.name,
        tracker.search,
        {tracker.name: tracker.list_entries},
        tracker.preview,
        tracker.codes,
        headings=tracker.vocabulary,
    )


KINDS = (
    Kind(
        RISK,
        search_registers,
        {"risk": list_records},
        preview_registers,
        RISK_CODES,
        settings_in_force,
        VOCABULARY,
    ),
    Kind(
        "kpi",
        search_dashboard,
        {"kpi": list_indicators, "readings": list_monthly},
        preview_dashboard,
        KPI_CODES,
        dashboard_in_force,
    ),
    *(tracker_kind(tracker) for tracker in TRACKERS),
)


def search_kinds(workbook: Workbook, settings: Settings) -> dict[str, Searched]:
    """What each kind finds, in order; a sheet belongs to the first kind that takes it."""
    found: dict[str, Searched] = {}
    taken: set[str] = set()
    for kind in KINDS:
        found[kind.name] = kind.search(workbook, settings, frozenset(taken))
        taken.update(found[kind.name].sheets)
    return found
