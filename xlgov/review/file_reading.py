"""What is kept of a workbook for the comparison with others, read while it is open.

Why sheets that no kind has recognised are read too: a covering paper or a summary of risks is no
register, and it is there that a risk gets the number of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from xlgov.changes import ChangeSet
from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import address
from xlgov.grid.records import Search
from xlgov.grid.sheet import Grid, Workbook
from xlgov.kpi.names import normal_name
from xlgov.kpi.number_format import decimals, is_percent
from xlgov.kpi.search import Found
from xlgov.review.file_records import (
    ActionSeen,
    Figure,
    FileRecords,
    Lead,
    Mention,
    Place,
    RiskSeen,
)
from xlgov.review.mentions import find_references, is_telling, mention_key, shape_of, stems
from xlgov.risk.register import Risk, read_registers
from xlgov.settings.values import Settings
from xlgov.tracker import TRACKERS
from xlgov.tracker.earlier import same_words
from xlgov.tracker.entry import Entry, read_entries
from xlgov.tracker.status import read_status

RISK, KPI = "risk", "kpi"
_MOST_ROWS = 5_000  # of a sheet that are looked at for references
_MOST_OF_A_SHAPE = 400  # mentions; a list of more is not about risks
_MOST_WITH_WORDS = 2_000  # risks of a register whose texts are compared
_FEW_WORDS = 5  # a cell with fewer is read together with its row
_LEAD_FIELDS = ("owner", "opcc_lead", "delivery_lead")
_BETWEEN_LEADS = re.compile(r"\s*(?:[/,;&+()]|\band\b)\s*", re.IGNORECASE)
_EVERYBODY = frozenset(("all", "everyone", "everybody", "all leads", "various", "vacant"))
_LEAD_HEADINGS = frozenset(("initials", "initial", "lead", "leads", "lead initials", "lead code"))
_NAME_HEADINGS = frozenset(
    ("name", "names", "full name", "lead name", "role", "post", "title", "job title", "position")
)
_NO_WORD = re.compile(r"[^\w]+")
_FEWEST_LEADS = 2
_MOST_OF_A_LEAD = 50  # records of one lead
_ROWS_FOR_LEADS = 60  # in which the headings of a list of leads are looked for


def read_file_records(
    path: str | Path,
    workbook: Workbook,
    settings: Settings,
    searched: Mapping[str, Any],
    changes: ChangeSet,
) -> FileRecords:
    """What to keep of a workbook, from what was found in it and what its preview says."""
    risk, kpi = searched.get(RISK), searched.get(KPI)
    risks = tuple(_read_risks(workbook, settings, risk, changes)) if risk else ()
    entries = _read_entries(workbook, settings, searched)
    taken = {sheet for found in searched.values() for sheet in found.sheets}
    skipped = {*(risk.sheets if risk else ()), *(kpi.sheets if kpi else ())}
    mentions: list[Mention] = []
    listed: set[str] = set()
    leads_place = None
    for info in workbook.sheets:
        if is_our_own(info.name) or info.name in skipped:
            continue
        grid = workbook.grid(info.name, rows=_MOST_ROWS)
        mentions += _read_mentions(grid, settings, entries, changes)
        if info.name not in taken:
            found, place = _read_leads_list(grid)
            listed |= found
            leads_place = leads_place or place
    return FileRecords(
        str(path),
        changes.as_of,
        risks,
        tuple(_fewer(mentions)),
        tuple(_read_figures(workbook, kpi)) if isinstance(kpi, Found) else (),
        tuple(_read_leads(entries, settings)),
        frozenset({*listed, *(same_words(lead) for lead in settings.leads)} - {""}),
        leads_place,
        settings.accepted,
    )


def _read_risks(
    workbook: Workbook, settings: Settings, found: Search, changes: ChangeSet
) -> Iterator[RiskSeen]:
    board = {
        (item.sheet, item.record): (item, report.tolerance)
        for report in changes.reports
        if report.kind == RISK
        for item in report.board
    }
    for register in read_registers(workbook, found.layouts, settings):
        grids = (
            {
                each.sheet: workbook.grid(each.sheet, columns=each.columns)
                for each in register.layouts
            }
            if len(register.risks) <= _MOST_WITH_WORDS
            else {}
        )
        for risk in register.risks:
            key = mention_key(risk.reference)
            if not key or not is_telling(shape_of(key)):
                continue
            item, tolerance = board.get((risk.sheet, risk.label), (None, ""))
            yield RiskSeen(
                risk.reference,
                key,
                Place(risk.sheet, risk.address("reference")),
                risk.closed,
                _risk_words(grids[risk.sheet], risk) if grids else frozenset(),
                item.rating if item else None,
                Place(item.sheet, item.address) if item else None,
                tolerance,
            )


def _risk_words(grid: Grid, risk: Risk) -> frozenset[str]:
    record = risk.record
    places = (
        [(record.row, column) for column in record.columns.values()]
        if record.row
        else record.cells.values()
    )
    texts = (grid.value(*place) for place in set(places))
    return frozenset().union(*(stems(text) for text in texts if isinstance(text, str)))


_Entries = dict[tuple[str, int], tuple[str, Entry, str]]  # by row: kind, entry, its name's field


def _read_entries(workbook: Workbook, settings: Settings, searched: Mapping[str, Any]) -> _Entries:
    day_first = settings.day_first is not False
    references = {tracker.name: tracker.reference for tracker in TRACKERS}
    found: _Entries = {}
    for kind, search in searched.items():
        if kind in (RISK, KPI) or not isinstance(search, Search):
            continue
        reference = references.get(kind, "reference")
        for layout in search.layouts:
            for entry in read_entries(workbook, layout, day_first, reference):
                cells = entry.record.cells.values()
                row = entry.record.row or min((at[0] for at in cells), default=0)
                found[entry.sheet, row] = (kind, entry, reference)
    return found


def _read_mentions(
    grid: Grid, settings: Settings, entries: _Entries, changes: ChangeSet
) -> Iterator[Mention]:
    overdue = {
        (each.sheet, each.address) for each in changes.findings if each.code == "action-overdue"
    }
    rows: dict[int, list[tuple[int, str]]] = {}
    for column, cells in grid.columns.items():
        for row, value in zip(cells.rows, cells.values, strict=True):
            if isinstance(value, str) and value.strip():
                rows.setdefault(row, []).append((column, value))
    for row, texts in sorted(rows.items()):
        kind, entry, name = entries.get((grid.sheet, row), ("", None, ""))
        named = None if entry is None else entry.record.at("risk_reference")
        found = [
            (column, text, reference, leading)
            for column, text in sorted(texts)
            for reference, leading in find_references(text, named == (row, column))
        ]
        if not found:
            continue
        keys = {mention_key(reference) for _, _, reference, _ in found}
        label = "" if entry is None else entry.label
        action = _action(settings, entry, overdue) if kind == "actions" and entry else None
        for column, text, reference, leading in found:
            key = mention_key(reference)
            words = stems(text)
            own = {mention_key(each) for each, _ in find_references(text, named == (row, column))}
            if len(words) < _FEW_WORDS:
                words = frozenset().union(*(stems(each) for _, each in texts))
                own = keys
            yield Mention(
                reference,
                key,
                Place(grid.sheet, address(row, column)),
                row,
                column,
                words,
                label or ("" if entry is None else f"row {row}"),
                leading,
                entry is not None and entry.record.at(name) == (row, column),
                frozenset(own - {key}),
                action,
            )


def _action(settings: Settings, entry: Entry, overdue: set[tuple[str, str]]) -> ActionSeen | None:
    """An action where it is closed or overdue; None where it is neither or nobody can tell."""
    if (entry.sheet, entry.address("target")) in overdue:
        return ActionSeen(entry.label, "overdue", Place(entry.sheet, entry.address("target")))
    word = entry.text("status") if entry.says("status") else ""
    status = read_status(word, settings.status_words) if word else None
    if status == "closed" or (not word and entry.day("completed") is not None):
        field = "status" if word else "completed"
        return ActionSeen(entry.label, "closed", Place(entry.sheet, entry.address(field)))
    return None


def _fewer(mentions: list[Mention]) -> Iterator[Mention]:
    """Without those whose shape is far too common for references to risks."""
    counted: dict[str, int] = {}
    for each in mentions:
        shape = shape_of(each.key)
        counted[shape] = counted.get(shape, 0) + 1
    return (each for each in mentions if counted[shape_of(each.key)] <= _MOST_OF_A_SHAPE)


def _read_figures(workbook: Workbook, found: Found) -> Iterator[Figure]:
    for row in found.dashboard.rows():
        base = row.section.base
        if base is None:
            continue
        grid = found.dashboard.grids[row.sheet]
        for meaning, column in row.section.columns.items():
            cell = grid.cell(row.row, column)
            value = cell.value
            if meaning.holds == "label" or isinstance(value, bool):
                continue
            if not isinstance(value, int | float) or not isfinite(value):
                continue
            code = workbook.number_format(cell.style)
            shown = value * 100 if is_percent(code) else float(value)
            places = decimals(code)
            if places is None:
                exact = Decimal(f"{shown:.10g}").normalize()
                places = max(-int(exact.as_tuple().exponent), 0)
            yield Figure(
                normal_name(row.label),
                normal_name(row.theme),
                row.label,
                str(base),
                meaning.title,
                shown,
                places,
                Place(row.sheet, cell.address),
            )


def _read_leads(entries: _Entries, settings: Settings) -> Iterator[Lead]:
    """Who leads actions, and lines of a plan: those are compared with settings by the plan."""
    counted: dict[str, int] = {}
    kinds = ("actions",) if settings.leads else ("actions", "delivery")
    for kind, entry, _ in entries.values():
        if kind not in kinds:
            continue
        for name in _LEAD_FIELDS:
            if not entry.says(name):
                continue
            for part in _BETWEEN_LEADS.split(entry.text(name)):
                words = same_words(part)
                counted[words] = counted.get(words, 0) + 1
                if words and words not in _EVERYBODY and counted[words] <= _MOST_OF_A_LEAD:
                    place = Place(entry.sheet, entry.address(name))
                    yield Lead(part, words, entry.label, place)


def _read_leads_list(grid: Grid) -> tuple[set[str], Place | None]:
    """The leads of a list: all that stands below *Initials* or *Lead* and *Name* or *Role*."""
    for row in grid.rows()[:_ROWS_FOR_LEADS]:
        headings = {
            column: " ".join(_NO_WORD.sub(" ", value.casefold()).split())
            for column, value in grid.row(row).items()
            if isinstance(value, str)
        }
        codes = [column for column, said in headings.items() if said in _LEAD_HEADINGS]
        names = [column for column, said in headings.items() if said in _NAME_HEADINGS]
        if not codes or not names:
            continue
        listed: set[str] = set()
        number = 0
        below = row + 1
        while any(grid.value(below, column) is not None for column in codes):
            texts = [grid.value(below, column) for column in (*codes, *names)]
            listed |= {same_words(text) for text in texts if isinstance(text, str)}
            below, number = below + 1, number + 1
        if number >= _FEWEST_LEADS:
            return listed - {""}, Place(grid.sheet, address(row, codes[0]))
    return set(), None
