"""Demand risks as they are laid out: years in headings or above them, label and score in one cell
or two, and the same area in several tables.

Why names are compared whole and only offered when they are near: *Domestic Abuse* is a part of
several areas' names, and joining the wrong two would give a risk somebody else's owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.grid.records import Layout
from xlgov.grid.sheet import Grid, Workbook
from xlgov.tracker.demand_scale import BANDS, read_score
from xlgov.tracker.entry import Entry, read_entries

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:\s?[/-]\s?(?:20)?\d\d)?(?!\d)")
_ROWS_ABOVE = 2
_LABELS = frozenset(band.name.casefold() for band in BANDS)
_SUBJECT = re.compile(r"\bdemand\b|\bfms\b|force management", re.IGNORECASE)
_TITLE_ROWS = 6
_COMMON = frozenset(("and", "of", "the", "in", "for", "bch", "jps"))


class Scored(NamedTuple):
    """Label and score of one year, and the fields that hold them."""

    year: int
    label: str
    score: int | None
    label_field: str
    score_field: str

    @property
    def of_year(self) -> str:
        """The year in words, as ``in 2018/19``; "" where no heading names one."""
        return f" in {self.year}/{(self.year + 1) % 100:02d}" if self.year else ""


@dataclass(frozen=True, slots=True)
class Area:
    """One line about an area, with its scores by year (0: no year is named)."""

    entry: Entry
    name: str
    code: str
    scores: dict[int, Scored] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def is_in_summary(self) -> bool:
        """Whether the line stands where owners or mitigation are given."""
        return self.entry.has("owner") or self.entry.has("mitigation")

    @property
    def says_what_is_done(self) -> bool:
        """Whether the line gives an owner or mitigation."""
        return self.entry.says("owner") or self.entry.says("mitigation")

    def scored(self, latest: int) -> Scored | None:
        """The scores of the latest year; without a year in the headings they are of that year."""
        return self.scores.get(latest) or self.scores.get(0)

    @property
    def has_score(self) -> bool:
        return any(each.score is not None for each in self.scores.values())


def readable_tables(workbook: Workbook, layouts: Iterable[Layout]) -> tuple[Layout, ...]:
    """The tables of scores of demand, and the summaries beside them.

    A table of scores has labels of the scale, or says *demand* in its headings, its title or its
    sheet's name; it has no likelihood. A summary counts only beside such a table.
    """
    scores, summaries = [], []
    for layout in layouts:
        fields = layout.headings.keys()
        if {"a_score", "a_label", "b_score", "b_label"} & fields:
            if _is_of_demand(workbook, layout):
                scores.append(layout)
        elif "mitigation" in fields:
            summaries.append(layout)
    wanted = [*scores, *summaries] if scores else []
    return tuple(layout for layout in layouts if any(layout is each for each in wanted))


def _is_of_demand(workbook: Workbook, layout: Layout) -> bool:
    grid = workbook.grid(layout.sheet, rows=max(_TITLE_ROWS, *layout.header_rows, 1))
    titles = [str(cell.value) for cell in grid.cells() if cell.row <= _last_title(layout)]
    if any(re.search(r"\blikelihood|probability\b", text, re.IGNORECASE) for text in titles):
        return False
    said = any(_SUBJECT.search(text) for text in (layout.sheet, *titles))
    areas = read_areas(read_entries(workbook, layout))
    labels = [each.label.casefold() for area in areas for each in area.scores.values()]
    known = sum(label in _LABELS for label in labels)
    years = any(area.scores.keys() - {0} for area in areas)
    return any(labels) and (said or (years and known * 2 > len(labels)))


def _last_title(layout: Layout) -> int:
    return max(layout.header_rows, default=_TITLE_ROWS)


def read_areas(register: Sequence[Entry]) -> list[Area]:
    """The lines of one table with their scores by year."""
    if not register:
        return []
    first = register[0]
    years = {name: _year_of(first, name) for name in first.layout.headings}
    found = []
    for entry in register:
        area = Area(entry, entry.text("function"), entry.text("code"))
        for year in sorted({years.get(name, 0) for name in _score_fields(entry)}):
            names = [name for name in _score_fields(entry) if years.get(name, 0) == year]
            scored = _read_scored(entry, year, names)
            if scored is not None:
                area.scores[year] = scored
        found.append(area)
    return found


def _score_fields(entry: Entry) -> list[str]:
    return [
        f"{which}_{what}"
        for which in ("a", "b")
        for what in ("label", "score")
        if entry.has(f"{which}_{what}")
    ]


def _read_scored(entry: Entry, year: int, names: list[str]) -> Scored | None:
    label, score = "", None
    label_field = score_field = names[0]
    for name in names:
        number = entry.number(name)
        word, figure = read_score(entry.text(name) if number is None else f"{number:g}")
        if word and not label:
            label, label_field = word, name
        if figure is not None and score is None:
            score, score_field = figure, name
    return (
        Scored(year, label, score, label_field, score_field) if label or score is not None else None
    )


def _year_of(entry: Entry, name: str) -> int:
    """The year in a field's heading, else in the band above it, else 0."""
    match = _YEAR.search(entry.layout.headings.get(name, ""))
    place = entry.record.at(name)
    if match is None and place is not None and entry.layout.header_rows:
        match = _YEAR.search(_above(entry.grid, entry.layout, place[1]))
    return int(match[1]) if match else 0


def _above(grid: Grid, layout: Layout, column: int) -> str:
    """Texts above a heading, those of merged cells too."""
    texts = []
    for row in range(layout.header_rows[-1], max(0, layout.header_rows[0] - _ROWS_ABOVE - 1), -1):
        merge = grid.merge_at(row, column)
        value = grid.value(merge.top, merge.left) if merge else grid.value(row, column)
        if isinstance(value, str):
            texts.append(value)
    return " ".join(texts)


def join_areas(areas: Iterable[Area]) -> list[list[Area]]:
    """Lines about the same area: those of one code, or of one name.

    >>> area_words("Geographic (Response)") == area_words("Geographic: response")
    True
    """
    groups: list[list[Area]] = []
    codes: dict[str, list[Area]] = {}
    names: dict[frozenset[str], list[Area]] = {}
    for area in areas:
        words = area_words(area.name)
        group = (codes.get(area.code.casefold()) if area.code else None) or names.get(words)
        if group is None:
            group = []
            groups.append(group)
        group.append(area)
        names.setdefault(words, group)
        if area.code:
            codes.setdefault(area.code.casefold(), group)
    return groups


def area_words(name: str) -> frozenset[str]:
    """The words of an area's name."""
    return frozenset(re.findall(r"[a-z0-9]+", name.casefold())) - _COMMON


def closest(area: Area, groups: Iterable[list[Area]]) -> str:
    """The label of another area whose name has all words of this one's last part; else "".

    *Geographic (Domestic Abuse)* is near *Domestic Abuse/Stalking and Harassment*.
    """
    inside = re.findall(r"\(([^()]+)\)", area.name)
    words = area_words(inside[-1] if inside else area.name)
    near = [group[0].label for group in groups if words and words <= area_words(group[0].name)]
    return near[0] if len(near) == 1 else ""
