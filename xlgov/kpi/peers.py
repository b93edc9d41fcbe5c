"""This force among its most similar forces: its figure, theirs, their mean and its rank.

Why rates only where every population is there: a count of one force says nothing beside that of
another twice its size, and a group of which some are rates and some are counts says less. The mean
leaves this force out. Nothing is compared here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.grid.asof import is_our_own
from xlgov.grid.sheet import Workbook
from xlgov.kpi.codes import make_finding
from xlgov.kpi.names import Names, normal_name
from xlgov.kpi.peer_table import FEWEST, Entry, PeerTable, find_peer_tables
from xlgov.kpi.series import Place
from xlgov.settings.values import IndicatorRule, Settings

_THOUSAND = 1000


class PeerFigures(NamedTuple):
    """The figures of one indicator in the group.

    ``own`` None: the table has none of this force. ``mean`` is the group's mean as printed, else
    that of ``peers``; None where fewer than three peers have a figure and none is printed. ``rank``
    1 is the highest of ``group_size`` figures, ours among them; equal figures share a rank.
    ``per_thousand``: figures are counts per 1,000 population. ``in_percent``: cells show per cent,
    and so are fractions. ``place`` is our cell, else where the indicator's name stands.
    """

    own: float | None
    peers: tuple[tuple[str, float], ...]
    mean: float | None
    rank: int | None
    group_size: int
    per_thousand: bool
    in_percent: bool
    place: Place


@dataclass(slots=True)
class Peers:
    """All tables of peer figures of a workbook. ``force`` is this force as stated, or ""."""

    tables: tuple[PeerTable, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    force: str = ""
    rules: Mapping[str, IndicatorRule] = field(default_factory=dict)

    def figures(self, indicator: str, *, counts: bool = True) -> PeerFigures | None:
        """The figures of an indicator by its name; None where no table has them.

        Where nothing says which force is ours, there are no more than a printed mean.
        ``counts`` says that its figures are counts, and so may be divided by populations.
        """
        for table in self.tables:
            name = self._printed(table, indicator)
            if name is not None:
                return self._figures(table, name, counts)
        return None

    def _printed(self, table: PeerTable, indicator: str) -> str | None:
        """How the table names an indicator."""
        names = Names(table.figures)
        wanted = [indicator]
        for stated, rule in self.rules.items():
            known = (stated, *rule.names)
            if normal_name(indicator) in map(normal_name, known):
                wanted += known
        return next((found for each in wanted if (found := names.find(each))), None)

    def _figures(self, table: PeerTable, name: str, counts: bool) -> PeerFigures | None:
        entries = table.figures[name]
        ours = next((f for f in table.forces if normal_name(f) == normal_name(self.force)), None)
        printed = table.means.get(name)
        known = bool(self.force)  # else one of the rows is ours, and nobody can say which
        others = [(force, entry) for force, entry in entries.items() if force != ours and known]
        own = entries.get(ours) if ours is not None else None
        used = [entry for _, entry in others] + [each for each in (own, printed) if each]
        if not used and name not in table.national:
            return None
        in_percent = any(entry.in_percent for entry in used)
        people = [table.populations.get(force, 0) for force in (*entries, ours) if force]
        per_thousand = counts and not in_percent and ours is not None and min(people) > 0
        peers = tuple((force, self._rate(table, force, e, per_thousand)) for force, e in others)
        figure = self._rate(table, ours, own, per_thousand) if ours and own else None
        mean = self._mean(table, name, peers, None if per_thousand else printed)
        group = [figure for _, figure in peers] + ([] if figure is None else [figure])
        rank = None
        if figure is not None and len(peers) >= FEWEST:
            rank = 1 + sum(other > figure for other in group)
        place = own.place if own else table.places[name]
        return PeerFigures(figure, peers, mean, rank, len(group), per_thousand, in_percent, place)

    def _rate(self, table: PeerTable, force: str, entry: Entry, per_thousand: bool) -> float:
        return entry.figure / table.populations[force] * _THOUSAND if per_thousand else entry.figure

    def _mean(
        self,
        table: PeerTable,
        name: str,
        peers: tuple[tuple[str, float], ...],
        printed: Entry | None,
    ) -> float | None:
        if printed is not None:
            return printed.figure
        if len(peers) >= FEWEST:
            return fsum(figure for _, figure in peers) / len(peers)
        national = table.national.get(name)
        return national.figure if national is not None and not peers else None


def find_peers(workbook: Workbook, settings: Settings, skip: Collection[str] = ()) -> Peers:
    """The peer figures on all sheets but those in ``skip``; no table gives an empty value."""
    force = (settings.force or "").strip()
    tables: list[PeerTable] = []
    for sheet in workbook.sheets:
        if sheet.name not in skip and not is_our_own(sheet.name):
            tables += find_peer_tables(workbook, sheet.name, force)
    sheets = tuple(dict.fromkeys(table.sheet for table in tables))
    peers = Peers(tuple(tables), [], sheets, force, settings.indicators)
    peers.findings += _unnamed(tables, force)
    for table in tables if force else ():
        peers.findings += _too_few(table, force)
    return peers


def _unnamed(tables: list[PeerTable], force: str) -> list[Finding]:
    """One finding where a table may hold our own figures and nothing says which they are."""
    if not tables:
        return []
    forces = list(dict.fromkeys(force for table in tables for force in table.forces))
    place = next(iter(tables[0].places.values()))
    if not force:
        message = f"{len(forces)} forces have figures here; nothing says which of them is this one"
        remedy = f"State force = {forces[0]}, or whichever it is, in the xlgov sheet"
    elif normal_name(force) in map(normal_name, forces):
        return []
    else:
        near = Names(forces).nearest(force)
        if near is None:
            return []  # a list of the others only, which is plain
        message = f"this force is stated as {force}; the table has {near}"
        remedy = f"State force = {near} in the xlgov sheet if that is this force"
    return [
        make_finding(
            "peers-unclear", message, sheet=place.sheet, address=place.address, remedy=remedy
        )
    ]


def _too_few(table: PeerTable, force: str) -> list[Finding]:
    found = []
    for name, entries in table.figures.items():
        left = [each for each in entries if normal_name(each) != normal_name(force)]
        if len(left) < FEWEST and name not in table.means and (entries or name in table.places):
            place = table.places[name]
            found.append(
                make_finding(
                    "peers-unclear",
                    f"{len(left)} peers have a figure; a mean needs {FEWEST}",
                    record=name,
                    sheet=place.sheet,
                    address=place.address,
                    remedy="Enter the figures of the other forces, or the group's mean",
                )
            )
    return found
