"""The kinds of register there are, in the order in which they take sheets.

Why one tuple and no registry: whoever wants to know what is recognised reads it here, and a kind
is added by one line. Why a kind is imported only where a sheet has its signs: a run over one small
workbook is mostly its start, and nearly every workbook is of one kind. What is found does not
depend on the signs: they say no only where the search would find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from xlgov.changes import FindingCodes, Preview
from xlgov.grid.records import Search, Vocabulary
from xlgov.grid.sheet import Workbook
from xlgov.grid.signs import Signs
from xlgov.kpi.codes import CODES as KPI_CODES
from xlgov.kpi.codes import KIND as KPI
from xlgov.kpi.signs import may_hold_dashboard
from xlgov.risk.codes import CODES as RISK_CODES
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.in_force import settings_in_force
from xlgov.risk.preview import preview_registers, search_registers
from xlgov.risk.tables import list_records
from xlgov.settings.values import Settings
from xlgov.tracker import load_tracker
from xlgov.tracker.headings import VOCABULARIES

if TYPE_CHECKING:
    from xlgov.kpi.search import Found
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
    searched. It is only asked where ``has_signs`` says that a sheet may hold this kind; else the
    answer is a Search without a register. ``tables`` are the tables of records by name.
    ``headings`` tell which columns of a large sheet will be read and may be mapped. ``in_force``
    fills the settings sheet that ``init`` adds.
    """

    name: str
    search: Callable[[Workbook, Settings, Collection[str]], Any]
    tables: Mapping[str, Callable[[Workbook, Settings, Any], Rows]]
    preview: Callable[[Workbook, Settings, date, Any], Preview]
    list_codes: Callable[[], FindingCodes]
    has_signs: Callable[[Signs, Settings, Collection[str]], bool]
    in_force: Callable[[Workbook, Settings, Any], tuple[Settings, dict[str, str]]] | None = None
    headings: Vocabulary | None = None

    @property
    def codes(self) -> FindingCodes:
        """The codes of its findings."""
        return self.list_codes()

    @property
    def mapped(self) -> tuple[str, ...]:
        """Fields that settings may give a column: the risk register's by their own names."""
        fields = self.headings.fields if self.headings else ()
        above = "" if self.name == RISK else f"{self.name}."
        return tuple(f"{above}{field.name}" for field in fields)


def tracker_kind(
    name: str, vocabulary: Vocabulary, load: Callable[[str], Tracker] = load_tracker
) -> Kind:
    """A kind of tracker, as one of the kinds; ``load`` is called when a sheet may hold it."""

    def has_signs(signs: Signs, settings: Settings, skip: Collection[str]) -> bool:
        if any(field.startswith(f"{name}.") for field in settings.columns):
            return True
        return any(signs.may_hold(sheet, vocabulary) for sheet in signs.sheets(skip))

    def search(workbook: Workbook, settings: Settings, skip: Collection[str]) -> Search:
        return load(name).search(workbook, settings, skip)

    def list_rows(workbook: Workbook, settings: Settings, found: Search) -> Rows:
        return [] if found.is_empty else load(name).list_entries(workbook, settings, found)

    def preview(workbook: Workbook, settings: Settings, as_of: date, found: Search) -> Preview:
        if found.is_empty:
            return Preview()
        return load(name).preview(workbook, settings, as_of, found)

    def codes() -> FindingCodes:
        return load(name).codes

    return Kind(name, search, {name: list_rows}, preview, codes, has_signs, headings=vocabulary)


def _search_dashboard(workbook: Workbook, settings: Settings, skip: Collection[str]) -> Found:
    from xlgov.kpi.search import search_dashboard

    return search_dashboard(workbook, settings, skip)


def _list_indicators(workbook: Workbook, settings: Settings, found: Found) -> Rows:
    if found.is_empty:
        return []
    from xlgov.kpi.tables import list_indicators

    return list_indicators(workbook, settings, found)


def _list_monthly(workbook: Workbook, settings: Settings, found: Found) -> Rows:
    if found.is_empty:
        return []
    from xlgov.kpi.tables import list_monthly

    return list_monthly(workbook, settings, found)


def _preview_dashboard(
    workbook: Workbook, settings: Settings, as_of: date, found: Found
) -> Preview:
    if found.is_empty and not (settings.totals or settings.shares):
        return Preview()
    from xlgov.kpi.preview import preview_dashboard

    return preview_dashboard(workbook, settings, as_of, found)


def _dashboard_in_force(
    workbook: Workbook, settings: Settings, found: Found
) -> tuple[Settings, dict[str, str]]:
    from xlgov.kpi.in_force import dashboard_in_force

    return dashboard_in_force(workbook, settings, found)


KINDS = (
    Kind(
        RISK,
        search_registers,
        {"risk": list_records},
        preview_registers,
        lambda: RISK_CODES,
        lambda signs, settings, skip: True,
        settings_in_force,
        VOCABULARY,
    ),
    Kind(
        KPI,
        _search_dashboard,
        {"kpi": _list_indicators, "readings": _list_monthly},
        _preview_dashboard,
        lambda: KPI_CODES,
        may_hold_dashboard,
        _dashboard_in_force,
    ),
    *(tracker_kind(name, vocabulary) for name, vocabulary in VOCABULARIES.items()),
)


def search_kinds(workbook: Workbook, settings: Settings) -> dict[str, Searched]:
    """What each kind finds, in order; a sheet belongs to the first kind that takes it."""
    found: dict[str, Searched] = {}
    signs = Signs(workbook)
    taken: set[str] = set()
    for kind in KINDS:
        skip = frozenset(taken)
        if kind.has_signs(signs, settings, skip):
            found[kind.name] = kind.search(workbook, settings, skip)
        else:
            found[kind.name] = Search((), left_alone=signs.sheets(skip))
        taken.update(found[kind.name].sheets)
    return found
