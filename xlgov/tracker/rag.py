"""RAG statuses: read from a word, a letter or the colour of the cell, and the key that explains it.

Why colour last and with a distance: the word is what somebody wrote, a colour is what somebody
picked from a palette. A fill counts where it is plainly nearest to one status; orange, which is
amber to one office and red to another, counts only where the office's own key has it.
"""

from __future__ import annotations

import colorsys
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from xlgov.grid.sheet import Cell, Grid, Workbook
from xlgov.settings.values import Settings

Status = Literal["Green", "Yellow", "Red", "White", "Complete"]
STATUSES: tuple[Status, ...] = get_args(Status)

# Red: a decision is needed to get back on track; Yellow: delayed; Green: on target; White: not
# started. Complete is Green that needs no more reports.
_WORDS: Mapping[Status, str] = {
    "Green": "green | on target | on track | on schedule | on course | in progress on target",
    "Yellow": "yellow | amber | delayed | delay | some delay | behind schedule | at risk"
    " | slipping | slipped | slippage",
    "Red": "red | off track | off target | overdue | not on track | significant delay | stalled",
    "White": "white | not started | not yet started | yet to start | not begun | not due"
    " | not yet due | not yet begun | to start",
    "Complete": "complete | completed | done | delivered | achieved | closed | finished | blue",
}
_BY_WORD: Mapping[str, Status] = {
    word.strip(): status for status, words in _WORDS.items() for word in words.split("|")
}
_BY_LETTER: Mapping[str, Status] = {
    "g": "Green",
    "y": "Yellow",
    "a": "Yellow",
    "r": "Red",
    "w": "White",
    "c": "Complete",
    "b": "Complete",
}
# The hues that offices pick for a status, in degrees: pure ones and those of Excel's palettes.
_HUES: Mapping[Status, tuple[int, ...]] = {
    "Red": (0,),
    "Yellow": (45, 60),
    "Green": (89, 120, 148),
}
_FARTHEST, _NEARER = 20, 10  # degrees from a status's hue, and nearer to it than to any other
_FAINTEST, _DARKEST = 0.12, 0.35  # of colour (chroma) and of light (value)
_COLOR_NAMES: Mapping[str, Status] = {
    "red": "Red",
    "yellow": "Yellow",
    "amber": "Yellow",
    "green": "Green",
}
_FIRST_WORDS = re.compile(r"\s*([^\W\d_][\w /]{0,28}?)\s*(?:$|[-\u2013\u2014:=(,;.\n])")
_LONGEST_MEANING = 160
_KEY_ROWS = 400


@dataclass(frozen=True, slots=True)
class Key:
    """The workbook's own key of colours. ``no_fill_is_white``: it shows White as no fill."""

    colors: Mapping[str, Status] = field(default_factory=dict)
    no_fill_is_white: bool = False

    def color(self, status: Status) -> str | None:
        """``RRGGBB`` that the key has for a status."""
        return next((rgb for rgb, named in self.colors.items() if named == status), None)


def read_word(text: str, words: Mapping[str, str] | None = None) -> Status | None:
    """The status that a word names; ``words`` are the office's own and go first.

    A word may be explained (*Green - on target*). None for a blank and for any other text.

    >>> read_word("Amber"), read_word("GREEN (on target)"), read_word("rag status")
    ('Yellow', 'Green', None)
    >>> read_word("Parked", {"parked": "White"})
    'White'
    """
    plain = " ".join(text.casefold().split()).strip(" .")
    found = _named(plain, words or {})
    first = _FIRST_WORDS.match(plain)
    return found or (_named(first[1].strip(), words or {}) if first else None)


def _named(word: str, words: Mapping[str, str]) -> Status | None:
    meant = _BY_WORD.get(words.get(word, "").casefold().strip())
    return meant or _BY_WORD.get(word)  # a word may be stated for action logs only


def read_letter(text: str) -> Status | None:
    """The status of a single letter: R, A or Y, G, W; B (blue) and C are Complete.

    >>> read_letter("a"), read_letter("Amber")
    ('Yellow', None)
    """
    return _BY_LETTER.get(text.strip().casefold())


def read_fill(rgb: str | None, key: Key, settings: Settings) -> Status | None:
    """The status of a cell's fill: the key's colours, those of settings, else the nearest hue.

    >>> [read_fill(rgb, Key(), Settings()) for rgb in ("92D050", "FFC000", "C00000", "FFFFFF")]
    ['Green', 'Yellow', 'Red', 'White']
    >>> [read_fill(rgb, Key(), Settings()) for rgb in ("ED7D31", "D9D9D9", "4472C4", None)]
    [None, None, None, None]
    """
    if rgb is None:
        return "White" if key.no_fill_is_white else None
    if rgb in key.colors:
        return key.colors[rgb]
    for name, status in _COLOR_NAMES.items():
        if settings.color(name) == rgb:
            return status
    return _nearest(rgb)


def _nearest(rgb: str) -> Status | None:
    red, green, blue = (int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4))
    if min(red, green, blue) > 0.98:
        return "White"
    hue, _, value = colorsys.rgb_to_hsv(red, green, blue)
    if max(red, green, blue) - min(red, green, blue) < _FAINTEST or value < _DARKEST:
        return None
    far = {
        status: min(_degrees_apart(hue * 360, each) for each in hues)
        for status, hues in _HUES.items()
    }
    first, second = sorted(far, key=lambda status: far[status])[:2]
    sure = far[first] <= _FARTHEST and far[second] - far[first] >= _NEARER
    return first if sure else None


def _degrees_apart(one: float, other: float) -> float:
    apart = abs(one - other) % 360
    return min(apart, 360 - apart)


def find_key(
    workbook: Workbook,
    settings: Settings,
    sheets: Iterable[str],
    taken: Mapping[str, Collection[int]],
) -> Key:
    """The key on the first of these sheets that has one; ``taken`` are rows of records by sheet.

    A key is three or more statuses in one row or column, their colours in the same cells or all on
    the same side of them. Where the cell for White has no fill there, no fill means White.
    """
    for sheet in sheets:
        grid = workbook.grid(sheet, rows=_KEY_ROWS)
        lines: dict[tuple[str, int], list[tuple[Cell, Status]]] = defaultdict(list)
        for cell in grid.cells():
            if cell.row in taken.get(sheet, ()) or not isinstance(cell.value, str):
                continue
            if len(cell.value) > _LONGEST_MEANING:
                continue
            status = read_word(cell.value, settings.status_words)
            if status is not None:
                lines["row", cell.row].append((cell, status))
                lines["column", cell.column].append((cell, status))
        for line in lines.values():
            key = _key_of(workbook, grid, line)
            if key is not None:
                return key
    return Key()


def _key_of(workbook: Workbook, grid: Grid, line: list[tuple[Cell, Status]]) -> Key | None:
    if len({status for _, status in line}) < 3:
        return None
    best: dict[str, Status] = {}
    no_fill = False
    for side in (0, -1, 1):
        colors: dict[str, Status] = {}
        fills = [(_fill_beside(workbook, grid, cell, side), status) for cell, status in line]
        for fill, status in fills:
            if fill is not None:
                colors.setdefault(fill, status)
        if len(colors) > len(best):
            best = colors
            no_fill = any(fill is None and status == "White" for fill, status in fills)
    return Key(best, no_fill) if len(best) >= 2 else None


def _fill_beside(workbook: Workbook, grid: Grid, cell: Cell, side: int) -> str | None:
    """Fill of a cell, or of the blank one to its left or right."""
    merge = grid.merge_at(cell.row, cell.column)
    edge = cell.column if side <= 0 or merge is None else merge.right
    if side and (edge + side < 1 or grid.value(cell.row, edge + side) is not None):
        return None
    return workbook.fill(grid.cell(cell.row, edge + side).style)
