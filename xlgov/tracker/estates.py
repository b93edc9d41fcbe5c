"""The estate: each asset with its tenure and floor area, what is happening to it, and by when.

Why overdue is said so rarely: a timescale tells what happened as well as what will, so only a real
date cell, or a date behind *due*, *expected* or *by*, is one that can pass. Why names are compared
as sets of words: one paper has *Chord Park Unit C*, another *Unit C, Chord Business Park*.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from xlgov.changes import FindingCodes
from xlgov.grid.dates import say_date
from xlgov.grid.records import Layout, Search
from xlgov.grid.sheet import Workbook, cell_date
from xlgov.tracker.entry import Entry, read_entries
from xlgov.tracker.examination import Examination
from xlgov.tracker.floor_area import is_same_area, read_area
from xlgov.tracker.headings import ESTATES as VOCABULARY
from xlgov.tracker.kind import Tracker
from xlgov.tracker.section import read_sections
from xlgov.tracker.timescale import find_due

CODES: FindingCodes = {
    "asset-areas-differ": ("warning", "Same asset with two floor areas"),
    "asset-area-unread": ("note", "Floor area cannot be read"),
    "asset-units-differ": ("warning", "Floor area differs between its units"),
    "asset-tenures-differ": ("warning", "Same asset with two tenures"),
    "asset-overdue": ("note", "Asset whose expected date has passed"),
}

_COMMON = frozenset(("a", "and", "at", "business", "former", "of", "the"))
_GONE = re.compile(
    r"\b(?:sold|disposed|surrendered|completed|complete|demolished)\b", re.IGNORECASE
)


def keep_estates(workbook: Workbook, found: Search) -> Search:
    """Without tables that have a size and a name and nothing else of an estate."""
    kept = tuple(
        each
        for each in found.layouts
        if {"tenure", "use", "source"} & each.headings.keys()
        and any(_areas(entry) for entry in _entries(workbook, each))
    )
    tenures = any("tenure" in each.headings for each in kept)
    return found._replace(layouts=kept if tenures else ())


def asset_key(name: str) -> frozenset[str]:
    """What tells one asset from another, whatever the order of its words.

    >>> asset_key("Chord Park Unit C") == asset_key("Unit C, Chord Business Park")
    True
    """
    words = re.findall(r"[^\W_]+", name.casefold().replace("'", "").replace("\u2019", ""))
    return frozenset(words) - _COMMON


def examine(examination: Examination) -> None:
    """Counts by section and tenure, the total area, contradictions, dates that have passed."""
    first: dict[frozenset[str], Entry] = {}
    sections: dict[str, list[float]] = {}
    tenures: Counter[str] = Counter()
    for register in examination.registers:
        across = read_sections(examination.workbook, register[0].layout) if register else {}
        for entry in register:
            areas = _check_area(examination, entry)
            _check_timescale(examination, entry)
            other = first.setdefault(asset_key(entry.text("asset")), entry)
            if other is not entry:
                _compare(examination, entry, other)
                continue
            section = entry.text("section") or across.get(entry.record.row, "")
            sections.setdefault(section, []).append(areas[0] if areas else 0.0)
            if entry.says("tenure"):
                tenures[entry.text("tenure").casefold()] += 1
    examination.counts.update(tenures)
    for section, each in sections.items():
        name = section or "Without a section"
        number = f"{len(each)} asset{'' if len(each) == 1 else 's'}"
        examination.remarks.append(f"{name}: {number}, {sum(each):,.0f} m\u00b2")
    if len(sections) > 1:
        total = sum(sum(each) for each in sections.values())
        examination.remarks.append(
            f"All assets: {sum(map(len, sections.values()))}, {total:,.0f} m\u00b2"
        )


def _entries(workbook: Workbook, layout: Layout) -> list[Entry]:
    return read_entries(workbook, layout, reference="asset")


def _areas(entry: Entry) -> tuple[float, ...]:
    """The areas of an asset in square metres; those of one cell are the same in other units."""
    number = entry.number("area")
    heading = entry.layout.headings.get("area", "")
    return read_area(f"{number:f}" if number is not None else entry.text("area"), heading)


def _check_area(examination: Examination, entry: Entry) -> tuple[float, ...]:
    areas = _areas(entry)
    if not areas and entry.says("area"):
        said = f"has a floor area that cannot be read: {entry.text('area')}"
        examination.find("asset-area-unread", entry, "area", said)
    if len(areas) > 1 and not is_same_area(min(areas), max(areas), within=0.02):
        both = " and ".join(f"{area:,.0f} m\u00b2" for area in areas)
        said = f"has an area that is {both}: {entry.text('area')}"
        examination.find("asset-units-differ", entry, "area", said)
    return areas


def _compare(examination: Examination, entry: Entry, other: Entry) -> None:
    """The same asset in two places."""
    where = f"{other.sheet}!{other.address('area')}"
    here, there = _areas(entry), _areas(other)
    if here and there and not is_same_area(here[0], there[0]):
        examination.find(
            "asset-areas-differ",
            entry,
            "area",
            f"has {here[0]:,.0f} m\u00b2 here and {there[0]:,.0f} m\u00b2 in {where}",
            related=(where,),
        )
    tenures = [each.text("tenure").casefold() for each in (entry, other)]
    if all(tenures) and tenures[0] != tenures[1]:
        place = f"{other.sheet}!{other.address('tenure')}"
        said = f"is {tenures[0]} here and {tenures[1]} in {place}"
        examination.find("asset-tenures-differ", entry, "tenure", said, related=(place,))


def _check_timescale(examination: Examination, entry: Entry) -> None:
    day = _due(examination, entry)
    if day is None or day >= examination.as_of or _GONE.search(entry.text("use")):
        return
    examination.counts["overdue"] += 1
    examination.shade(entry, "timescale", "overdue")
    said = f"was expected by {say_date(day)}"
    examination.find("asset-overdue", entry, "timescale", said, "Update the timescale")


def _due(examination: Examination, entry: Entry) -> date | None:
    cell = entry.cell("timescale")
    moment = cell_date(entry.workbook, cell) if cell is not None else None
    day_first = examination.settings.day_first is not False
    return moment.date() if moment else find_due(entry.text("timescale"), day_first)


ESTATES = Tracker(
    "estates",
    "Estates",
    "asset",
    VOCABULARY,
    CODES,
    examine,
    shades={"overdue": "amber"},
    reference="asset",
    refine=keep_estates,
)
