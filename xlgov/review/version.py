"""One version of a workbook read: the records of every kind of register that it has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from xlgov.grid.cells import Range
from xlgov.grid.records import Layout, Record, Search
from xlgov.grid.sheet import Workbook
from xlgov.kpi.search import Found
from xlgov.review.held import MEASURES, Held, plain_text, score_readers
from xlgov.review.indicators import read_indicators
from xlgov.review.records import Page, Recorded, Version, reference_key
from xlgov.settings.values import Settings
from xlgov.tracker import TRACKERS
from xlgov.tracker.entry import read_entries
from xlgov.tracker.kind import Tracker


def read_version(workbook: Workbook, settings: Settings, searched: Mapping[str, Any]) -> Version:
    """The records of a workbook, from what the search of each kind found."""
    records: dict[str, tuple[Recorded, ...]] = {}
    trackers = {tracker.name: tracker for tracker in TRACKERS}
    for kind, found in searched.items():
        listed: list[Recorded] = []
        if isinstance(found, Found):
            listed = list(read_indicators(workbook, kind, found))
        elif isinstance(found, Search):
            tracker = trackers.get(kind)
            reference = tracker.reference if tracker else "reference"
            listed = list(_entries(workbook, settings, kind, found.layouts, reference))
            if tracker is not None and tracker.describe is not None:
                listed = list(_understood(workbook, settings, tracker, found.layouts, listed))
        if listed:
            records[kind] = tuple(listed)
    return Version(records, workbook.date_1904, settings.day_first is not False)


def _entries(
    workbook: Workbook,
    settings: Settings,
    kind: str,
    layouts: Iterable[Layout],
    reference: str,
) -> Iterator[Recorded]:
    pages = []
    for layout in layouts:
        grid = workbook.grid(layout.sheet, columns=layout.columns)
        page = Page(kind, layout.sheet, workbook, grid, _in_order(layout), reference)
        page.day_first = settings.day_first is not False
        page.within = _within(layout)
        page.anchors = _anchors(grid.merges, layout)
        pages.append((page, layout))
    stated = (settings.likelihood_words, settings.impact_words)
    readers = score_readers(lambda measures: _texts(pages, measures), stated)
    for page, layout in pages:
        for name in page.headings:
            group, dot, measure = name.partition(".")
            if group and dot and measure in MEASURES:
                page.scores[name] = readers[measure]
        for record in layout.records:
            said = plain_text(page.raw(record, reference))
            yield Recorded(kind, said, reference_key(said), ((page, record),))


def _understood(
    workbook: Workbook,
    settings: Settings,
    tracker: Tracker,
    layouts: Iterable[Layout],
    records: Iterable[Recorded],
) -> Iterator[Recorded]:
    """The records with what their kind understands of them: a label, a status by its colour."""
    day_first = settings.day_first is not False
    registers = [read_entries(workbook, layout, day_first, tracker.reference) for layout in layouts]
    described = tracker.describe(workbook, settings, registers) if tracker.describe else ()
    for each, said in zip(records, described, strict=True):
        label = plain_text(said.get("label"))
        rag = said.get("rag")
        stated = {}
        if isinstance(rag, str):
            cell = each.held("status" if each.source("status") else "direction")
            stated["rag"] = Held(rag, "score", cell.sheet, cell.address, "RAG")
        reference = each.reference if label.startswith("row ") or not label else label
        yield replace(each, reference=reference, key=reference_key(reference), stated=stated)


def _in_order(layout: Layout) -> dict[str, str]:
    """The headings in the order of their cells, as people read a record."""
    first = layout.records[0] if layout.records else Record({})
    names = sorted(layout.headings, key=lambda name: first.at(name) or (0, 0))
    return {name: layout.headings[name] for name in names}


def _within(layout: Layout) -> dict[str, str]:
    """Fields that stand in the cell of another, with that other's name."""
    first = layout.records[0] if layout.records else Record({})
    hosts: dict[tuple[int, int], str] = {}
    found = {}
    for name in sorted(layout.headings, key=len):
        place = first.at(name)
        if place is None:
            continue
        if place in hosts:
            found[name] = hosts[place]
        else:
            hosts[place] = name
    return found


def _anchors(merges: Iterable[Range], layout: Layout) -> dict[tuple[int, int], tuple[int, int]]:
    """For cells of records that merged cells cover: the cell that holds their value."""
    if layout.form == "form" or not layout.records:
        return {}
    rows = {record.row for record in layout.records}
    columns = {at[1] for name in layout.headings if (at := layout.records[0].at(name))}
    return {
        (row, column): (merge.top, merge.left)
        for merge in merges
        for column in columns
        if merge.left <= column <= merge.right
        for row in range(merge.top, min(merge.bottom, max(rows)) + 1)
        if row in rows and (row, column) != (merge.top, merge.left)
    }


def _texts(pages: Iterable[tuple[Page, Layout]], measures: Collection[str]) -> set[str]:
    """The texts that stand under some measures, of every assessment."""
    found: set[str] = set()
    for page, layout in pages:
        names = [name for name in page.headings if name.partition(".")[2] in measures]
        values = {page.raw(record, name) for record in layout.records for name in names}
        found.update(value for value in values if isinstance(value, str))
    return found
