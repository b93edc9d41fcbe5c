"""A kind of tracker: its headings, its codes, and the questions to its entries.

Why a value and not a class to inherit from: what kinds share is how they are found, read and
reported, and that is here; what differs is a vocabulary and one function.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any

from xlgov.changes import FindingCodes, Preview, Report, sort_findings
from xlgov.grid.asof import is_our_own
from xlgov.grid.recognised import say_layouts
from xlgov.grid.records import Search, Vocabulary
from xlgov.grid.search import find_registers
from xlgov.grid.sheet import Workbook
from xlgov.settings.accepted import sift_findings
from xlgov.settings.values import Settings
from xlgov.tracker.entry import Entry, plain_fields, read_entries
from xlgov.tracker.examination import Examination

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tracker:
    """One kind of tracker. ``shades`` are the colours of its formats, by kind of format.

    ``name`` is the kind's, as ``read`` and ``--json`` give it; ``title`` and ``noun`` are for
    people. ``reference`` is the field that tells entries apart. ``refine`` takes out what was found
    by headings and is something else, or adds entries that the search does not see; ``describe``
    gives each entry's fields that no single cell holds as plain values, in order.
    """

    name: str
    title: str
    noun: str
    vocabulary: Vocabulary
    codes: FindingCodes
    examine: Callable[[Examination], None]
    shades: Mapping[str, str] = field(default_factory=dict)
    reference: str = "reference"
    refine: Callable[[Workbook, Search], Search] | None = None
    describe: Callable[[Workbook, Settings, list[list[Entry]]], Iterable[Row]] | None = None

    def search(self, workbook: Workbook, settings: Settings, skip: Collection[str] = ()) -> Search:
        """The registers of this kind; sheets of ours and those in ``skip`` are not looked at."""
        own = f"{self.name}."
        mapping = {
            name.removeprefix(own): said
            for name, said in settings.columns.items()
            if name.startswith(own)
        }
        passed = {*skip, *(info.name for info in workbook.sheets if is_our_own(info.name))}
        found = find_registers(workbook, self.vocabulary, mapping, skip=passed)
        return self.refine(workbook, found) if self.refine else found

    def list_entries(self, workbook: Workbook, settings: Settings, search: Search) -> list[Row]:
        """One row per entry: kind, sheet, address, then every field found. Blanks are None."""
        day_first = settings.day_first is not False
        registers = [
            read_entries(workbook, layout, day_first, self.reference) for layout in search.layouts
        ]
        more = iter(self.describe(workbook, settings, registers)) if self.describe else repeat({})
        rows = []
        for entry in (entry for register in registers for entry in register):
            place = entry.address(self.reference) or entry.first_address
            line = {"kind": self.name, "sheet": entry.sheet, "address": place}
            rows.append({**line, **plain_fields(entry), **next(more)})
        return rows

    def preview(
        self, workbook: Workbook, settings: Settings, as_of: date, search: Search
    ) -> Preview:
        """What a refresh would change in the registers of this kind, and what was found."""
        if not search.layouts:
            return Preview()
        day_first = settings.day_first is not False
        registers = [
            read_entries(workbook, layout, day_first, self.reference) for layout in search.layouts
        ]
        examination = Examination(workbook, settings, as_of, self.codes, registers)
        self.examine(examination)
        sifted = sift_findings(examination.findings, settings.accepted, as_of)
        agreed = {(finding.sheet, finding.address) for finding in sifted.accepted}
        entries = list(examination.entries)
        counted = [f"{number} {what}" for what, number in examination.counts.items() if number]
        report = Report(
            self.name,
            self.title,
            tuple(dict.fromkeys(layout.sheet for layout in search.layouts)),
            len(entries),
            tuple(examination.board),
            examination.tolerance,
            len(sifted.accepted),
            remarks=tuple(examination.remarks),
            recognised=say_layouts(search.layouts),
            headline=", ".join(counted),
            noun=self.noun,
        )
        return Preview(
            cells=tuple(c for c in examination.cells if (c.sheet, c.address) not in agreed),
            styles=tuple(s for s in examination.styles if (s.sheet, s.address) not in agreed),
            formats=examination.rules(dict(self.shades)),
            findings=tuple(sort_findings(sifted.findings)),
            reports=(report,),
            labels=frozenset(entry.label for entry in entries),
        )
