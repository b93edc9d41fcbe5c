"""One row read as the header of a table: which field stands in which column.

Why content decides beside words: *Impact* heads a score in one office and a paragraph in another,
*Risk* a number, a title or a rating. A heading keeps every field it may mean until the cells below
have been looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlgov.grid.cells import address, column_number
from xlgov.grid.columns import MOST_HEADINGS, Heading, headings_in
from xlgov.grid.headings import Lexicon, normalise
from xlgov.grid.measures import assign_measures, read_across
from xlgov.grid.needed import missing_from, needed_plain
from xlgov.grid.records import Vocabulary
from xlgov.grid.view import Content, View

_UNDER_ANOTHER_BAND = 500  # rank: *Owner* under *Further actions* is the owner of last resort


@dataclass(slots=True)
class Header:
    """What a row was read as. It heads a register when nothing is missing and nothing tied."""

    row: int
    top: int
    left: int
    right: int
    columns: dict[str, int]
    headings: dict[str, str]
    seen: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    ties: dict[str, list[int]]
    texts: dict[int, frozenset[str]]  # every text above each column, to know a repeated header
    known: int
    mapped: frozenset[str] = frozenset()  # fields that settings named

    @property
    def is_certain(self) -> bool:
        return not self.missing and not self.ties


def read_header(
    view: View,
    row: int,
    lexicon: Lexicon,
    mapping: Mapping[str, str],
    left: int = 1,
    right: int = 0,
) -> Header | None:
    """A row read as a header, only over columns ``left`` to ``right``; None where it is none."""
    if len(view.cells.get(row, ())) > MOST_HEADINGS:
        return None
    headings = headings_in(view, row, lexicon, left, right)
    mapped = _mapped(headings, mapping, lexicon.vocabulary)
    own = [h for h in headings if h.own and (h.meaning.is_known or h.column in mapped.values())]
    if len(own) < 2:
        return None
    texts = frozenset(h.text for h in headings)
    for heading in headings:
        heading.content = view.content(heading.column, row, texts)
    read_across(headings, view)
    free = [h for h in headings if h.column not in mapped.values()]
    columns = dict(mapped)
    labels: dict[int, str] = {}
    beside_numbers: set[int] = set()
    ties = assign_measures(free, view, lexicon, columns, labels, beside_numbers)
    _assign_plain([h for h in free if h.column not in beside_numbers], lexicon, columns)
    _assign_within(headings, lexicon.vocabulary, columns)
    by_column = {h.column: h for h in headings}
    printed = {
        name: _printed(by_column[column], labels.get(column, ""))
        for name, column in columns.items()
        if column in by_column
    }
    known = {h.column for h in own} | set(columns.values())
    return Header(
        row=row,
        top=min([row, *(h.row for h in headings)]),
        left=min(known),
        right=max(known),
        columns=columns,
        headings=printed,
        seen=tuple(
            (address(h.row, h.column), _printed(h, "")) for h in headings if h.meaning.is_known
        ),
        missing=missing_from(columns, lexicon.vocabulary),
        ties=ties,
        texts={
            h.column: frozenset([h.text.strip(), *(label.text.strip() for label in h.above)])
            for h in headings
        },
        known=len(own),
        mapped=frozenset(mapped),
    )


def _mapped(
    headings: Sequence[Heading], mapping: Mapping[str, str], vocabulary: Vocabulary
) -> dict[str, int]:
    """Columns that settings name, by heading as printed (``Band / Heading`` too) or by letters."""
    found: dict[str, int] = {}
    within = {f.name for f in vocabulary.fields if f.within}
    for name, wish in mapping.items():
        wanted = normalise(wish)
        for heading in headings:
            ways = [heading.text, *(f"{label.text} / {heading.text}" for label in heading.above)]
            if any(normalise(way) == wanted for way in ways):
                found.setdefault(name, heading.column)
        if name not in found and wish.strip().isalpha() and len(wish.strip()) <= 3:
            column = column_number(wish.strip())
            if any(heading.column == column for heading in headings):
                found[name] = column
        if name not in within and list(found.values()).count(found.get(name, 0)) > 1:
            del found[name]  # one column is one field
    return found


def _assign_plain(headings: list[Heading], lexicon: Lexicon, columns: dict[str, int]) -> None:
    """Put the other fields into ``columns``: the plainest word first, then the leftmost."""
    used = set(columns.values())
    identity = needed_plain(lexicon.vocabulary)
    wishes: list[tuple[int, int, str]] = []
    for heading in headings:
        if heading.column in used:
            continue
        senses = heading.plain()
        band = heading.above[0] if heading.above else None
        about = set()
        if band is not None and band.extent.right > band.extent.left:
            about = {sense.name for sense in band.meaning.senses if not sense.measure}
        if about and not about & identity and about.isdisjoint(s.name for s in senses):
            penalty = _UNDER_ANOTHER_BAND
        else:
            penalty = 0
        wishes += [(sense.rank + penalty, heading.column, sense.name) for sense in senses]
    for _, column, name in sorted(wishes):
        if name not in columns and column not in used:
            columns[name] = column
            used.add(column)


def _assign_within(
    headings: Sequence[Heading], vocabulary: Vocabulary, columns: dict[str, int]
) -> None:
    """A date that stands in the column of the status."""
    for entry in vocabulary.fields:
        if entry.within in columns and entry.name not in columns:
            column = columns[entry.within]
            content = next((h.content for h in headings if h.column == column), Content())
            if content.dated * 2 > content.filled:
                columns[entry.name] = column


def _printed(heading: Heading, label: str) -> str:
    text = " ".join(heading.text.split())
    return f"{' '.join(label.split())} / {text}" if label else text
