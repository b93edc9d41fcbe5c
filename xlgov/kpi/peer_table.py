"""Tables of other forces' figures, in the three ways that people keep them.

A row for each force and a column for each indicator, the other way round, or one row for each
indicator and force. What tells a force is a heading that says so, or this force's own name among
the labels; a table of districts has neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.grid.sheet import Workbook
from xlgov.kpi.blocks import Block, Heading, find_blocks, printed_number, shows_percent
from xlgov.kpi.month_text import cell_month
from xlgov.kpi.names import normal_name
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place

FEWEST = 3  # forces that make a table of them

_FORCE = frozenset(
    (
        *("force", "police force", "force name", "constabulary", "force area", "police force area"),
        *("peer", "peer force", "msf", "similar force", "most similar force", "comparator force"),
    )
)
_PERHAPS_FORCE = frozenset(("area", "name", "police area", "comparator"))
_OF_PEERS = frozenset(("msf", "msg", "similar", "peer", "force"))
_INDICATOR = frozenset(("indicator", "measure", "kpi", "metric", "performance indicator"))
_POPULATION = frozenset(("population", "resident", "inhabitant", "mid year population"))
_MEAN_WORDS = frozenset(("average", "mean", "avg"))
_GROUPS = frozenset(("msf", "msg", "group", "peer", "peer group", "msf group", "similar force"))
_NATIONAL = frozenset(("national", "england and wale", "england", "uk", "all force", "nation"))
_TOTALS = frozenset(("total", "all", "grand total", "sum", "rank", "position"))


class Entry(NamedTuple):
    """One figure of one force; ``in_percent`` where the cell shows per cent."""

    figure: float
    place: Place
    in_percent: bool = False


@dataclass(slots=True)
class PeerTable:
    """One table: per indicator as printed, the figure of each force that has one.

    ``forces`` are all forces it names, this one among them. ``means`` are the figures printed as
    the group's mean, and ``national`` those of the whole country, which is no peer.
    """

    sheet: str
    forces: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, Entry]] = field(default_factory=dict)
    means: dict[str, Entry] = field(default_factory=dict)
    national: dict[str, Entry] = field(default_factory=dict)
    populations: dict[str, float] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def put(self, indicator: str, force: str, entry: Entry | None) -> None:
        """Add a figure where its label says: a force's, the group's or the country's."""
        kind = label_kind(force)
        if kind == "force" and force not in self.forces:
            self.forces.append(force)
        held = self.figures.setdefault(indicator, {})
        if entry is None:
            return
        if kind == "force":
            held[force] = entry
        elif kind == "mean":
            self.means.setdefault(indicator, entry)
        elif kind == "national":
            self.national.setdefault(indicator, entry)


def label_kind(label: str) -> str:
    """What stands under a label: ``force``, ``mean``, ``national``, or ``none`` of them.

    >>> label_kind("Thames Valley"), label_kind("MSF average"), label_kind("England & Wales")
    ('force', 'mean', 'national')
    """
    name = normal_name(label)
    words = set(name.split())
    if not words or name in _TOTALS or is_population(label):
        return "none"
    if name in _NATIONAL or (words & _MEAN_WORDS and words & {"national", "england", "wale"}):
        return "national"
    if words & _MEAN_WORDS or name in _GROUPS:
        return "mean"
    return "none" if words & {"total", "rank"} else "force"


def is_population(label: str) -> bool:
    """Whether a row or column holds populations."""
    name = normal_name(label)
    return name in _POPULATION or name.startswith("population")


def find_peer_tables(workbook: Workbook, sheet: str, force: str) -> Iterator[PeerTable]:
    """The tables of a sheet. ``force`` is this force's name, "" where it is not known."""
    for block in find_blocks(workbook, sheet):
        reader = _Reader(workbook, block, normal_name(force))
        table = reader.read()
        if table is not None and len(table.forces) >= FEWEST:
            yield table


class _Reader:
    """Reads one block in the way that fits."""

    def __init__(self, workbook: Workbook, block: Block, force: str) -> None:
        self.workbook, self.block, self.force = workbook, block, force
        above = range(max(block.header_row - 3, 1), block.header_row)
        first = min(block.texts)
        titles = (block.text(row, first) for row in above)
        self.words = set(normal_name(" ".join((block.sheet, *titles))).split())

    def read(self) -> PeerTable | None:
        block = self.block
        indicator = self._column(block.texts, lambda heading: heading in _INDICATOR)
        named = self._force_column(indicator)
        if named is not None and indicator is not None:
            return self._long(indicator, named)
        if named is not None:
            return self._down(named)
        if self._has_force_headings():
            return self._across(block.label_column if indicator is None else indicator)
        return None

    def _column(
        self, headings: dict[int, Heading], fits: Callable[[str], bool], but: int | None = None
    ) -> int | None:
        named = ((column, normal_name(heading.own)) for column, heading in headings.items())
        return next((column for column, name in named if column != but and fits(name)), None)

    def _force_column(self, indicator: int | None) -> int | None:
        texts = self.block.texts
        found = self._column(texts, lambda heading: heading in _FORCE, indicator)
        if found is None and self.force:
            for column in texts:
                labels = (normal_name(self.block.text(row, column)) for row in self.block.rows)
                if column != indicator and self.force in labels:
                    return column
        if found is None and self.words & _OF_PEERS:
            found = self._column(texts, lambda heading: heading in _PERHAPS_FORCE, indicator)
        return found

    def _has_force_headings(self) -> bool:
        headings = self.block.figures.values()
        if self.force and any(normal_name(each.own) == self.force for each in headings):
            return True
        over = [normal_name(each.above) for each in headings]
        return sum(name in _FORCE for name in over) >= FEWEST

    def _entry(self, row: int, column: int) -> Entry | None:
        cell = self.block.grid.cell(row, column)
        number = printed_number(cell.value)
        if number is None:
            return None
        place = Place(self.block.sheet, row, column)
        return Entry(number, place, shows_percent(self.workbook, cell))

    def _down(self, named: int) -> PeerTable:
        """A row for each force."""
        table, block = PeerTable(self.block.sheet), self.block
        for row in block.rows:
            force = block.text(row, named)
            if not force or all(self._entry(row, column) is None for column in block.figures):
                continue
            for column, heading in block.figures.items():
                entry = self._entry(row, column)
                name = heading.own if len(heading.own) > 1 else heading.text
                if is_population(heading.own):
                    if entry is not None:
                        table.populations[force] = entry.figure
                elif normal_name(heading.own) not in _TOTALS:
                    table.put(name, force, entry)
                    place = Place(block.sheet, block.header_row, column)
                    table.places.setdefault(name, place)
        return table

    def _across(self, indicator: int) -> PeerTable:
        """A column for each force."""
        table, block = PeerTable(self.block.sheet), self.block
        for row in block.rows:
            name = block.text(row, indicator)
            for column, heading in block.figures.items():
                entry = self._entry(row, column)
                if is_population(name):
                    if entry is not None:
                        table.populations[heading.own] = entry.figure
                elif name:
                    table.put(name, heading.own, entry)
                    place = Place(block.sheet, row, indicator)
                    table.places.setdefault(name, place)
        return table

    def _long(self, indicator: int, named: int) -> PeerTable | None:
        """A row for each indicator and force; of several months the latest of an indicator."""
        table, block = PeerTable(self.block.sheet), self.block
        counted = [c for c, heading in block.figures.items() if is_population(heading.own)]
        values = [column for column in block.figures if column not in counted]
        if len(values) != 1:
            return None
        rows = [row for row in block.rows if block.text(row, indicator) and block.text(row, named)]
        months = {row: self._month(row) for row in rows}
        latest: dict[str, Month] = {}
        for row, month in months.items():
            name = block.text(row, indicator)
            if month is not None and self._entry(row, values[0]) is not None:
                latest[name] = max(month, latest.get(name, month))
        for row in sorted(rows, key=lambda row: (months[row] or Month(1, 1), row)):
            name, force = block.text(row, indicator), block.text(row, named)
            for entry in filter(None, (self._entry(row, column) for column in counted)):
                table.populations[force] = entry.figure
            current = name not in latest or months[row] == latest[name]
            table.put(name, force, self._entry(row, values[0]) if current else None)
            table.places.setdefault(name, Place(block.sheet, row, indicator))
        return table

    def _month(self, row: int) -> Month | None:
        columns: Iterable[int] = (*self.block.texts, *self.block.figures)
        months = (cell_month(self.workbook, self.block.grid.cell(row, each)) for each in columns)
        return next(filter(None, months), None)
