"""The heading of every column at a row, with the labels above it and what stands below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from xlgov.grid.cells import Range
from xlgov.grid.headings import LONGEST_HEADING, Lexicon, Meaning, Sense
from xlgov.grid.view import Content, View

MOST_HEADINGS = 200  # a row of more is a table of figures
ROWS_ABOVE = 2  # a header has up to three rows

_FIGURE_FIRST = re.compile(r"\s*\d+(?:\.\d+)?\s*(?:$|[-–(:])")  # 2, 2.0, 2 - Unlikely


@dataclass(slots=True)
class Label:
    """A text above headings, and the columns it is merged over."""

    text: str
    meaning: Meaning
    extent: Range


@dataclass(slots=True)
class Heading:
    """The heading of one column, with the labels above it, nearest first."""

    column: int
    row: int
    text: str
    meaning: Meaning
    own: bool  # it stands in the header row itself
    above: list[Label] = field(default_factory=list)
    content: Content = field(default_factory=Content)

    def plain(self) -> list[Sense]:
        return [s for s in self.meaning.senses if not s.measure and self.content.holds(s.holds)]

    def measures(self) -> list[Sense]:
        return [s for s in self.meaning.senses if s.measure and self.content.holds(s.holds)]


def headings_in(view: View, row: int, lexicon: Lexicon, left: int, right: int) -> list[Heading]:
    """The heading of every column at a row: its own text, a merged cell's, or one just above."""
    wanted: set[int] = set()
    for up in range(max(1, row - ROWS_ABOVE), row + 1):
        wanted.update(view.cells.get(up, ()))
        wanted.update(merge.left for merge in view.merges_in(up))
    found = []
    sub_headings = _is_header_line(view, row + 1, lexicon)
    for column in sorted(wanted):
        if column < left or (right and column > right):
            continue
        place = _heading_row(view, row, column)
        if place is None:
            continue
        text = view.text(place, column)
        merged = view.extent(place, column)
        if (
            sub_headings
            and merged.bottom == row
            and any(view.text(row + 1, below) for below in range(merged.left, merged.right + 1))
        ):
            continue  # it stands over headings of its own
        if len(text) <= LONGEST_HEADING:
            own = merged.bottom >= row
            heading = Heading(column, place, text, lexicon.meaning(text), own)
            for up in range(place - 1, max(0, place - 1 - ROWS_ABOVE), -1):
                extent = view.extent(up, column)
                above = view.text(extent.top, extent.left)
                if above and len(above) <= LONGEST_HEADING:
                    heading.above.append(Label(above, lexicon.meaning(above), extent))
            found.append(heading)
    return found


def _is_header_line(view: View, row: int, lexicon: Lexicon) -> bool:
    """Whether a row goes on with headings: text only, no figures, and at least a third of it known.

    A record whose scores were typed as text has figures; one called "Risk 1" is known in part.
    """
    values = view.cells.get(row, {}).values()
    if len(values) > MOST_HEADINGS or not all(isinstance(value, str) for value in values):
        return False
    if any(_FIGURE_FIRST.match(value) for value in values if isinstance(value, str)):
        return False
    meanings = [lexicon.meaning(value) for value in values if isinstance(value, str)]
    known = sum(meaning.is_known for meaning in meanings)
    if known * 3 < len(meanings):
        return False
    return known > 1 or any(meaning.is_measure for meaning in meanings)


def _heading_row(view: View, row: int, column: int) -> int | None:
    """Row of the text that heads a column, looking up from a header row over blank cells."""
    for up in range(row, max(0, row - 1 - ROWS_ABOVE), -1):
        merge = view.merge(up, column)
        if merge is not None:
            if merge.left != column or (up < row and merge.right > column):
                return None
            up = merge.top
        if up < row and view.is_section(up):
            return None  # a title
        value = view.value(up, column)
        if value is not None:
            return up if isinstance(value, str) else None
    return None
