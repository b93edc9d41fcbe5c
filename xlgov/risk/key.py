"""What the workbook's own key says: bands from the fills of its matrix, their names, the tolerance.

Why fills count only where they are plain: every cell of the matrix has one, and each colour
covers one unbroken range of ratings. Then colours and edges are the office's own; otherwise
nothing is concluded from colour. Names come from the place where exactly these colours stand in
one line, as in a printed key.
"""

from __future__ import annotations

import colorsys
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlgov.grid.cells import Value, is_blank
from xlgov.grid.sheet import Grid, Workbook
from xlgov.risk.matrix import OwnMatrix
from xlgov.risk.scale import BANDS
from xlgov.risk.score import read_rating
from xlgov.risk.words import one_dash
from xlgov.settings.values import Band

_LONGEST_NAME = 30
_NUMBERS = re.compile(r"[(\[]?\s*\d+\s*(?:(?:-|to|and)\s*\d+|\+)?\s*[)\]]?")
_TOLERANCE_THEN_NUMBER = re.compile(
    r"\btolerance(?:\s+(?:level|line|score|rating|threshold|limit|is|of|at|set|=))*\s*[:=-]?\s*"
    r"(\d{1,3})\b(?!\s*[%/])(\s*(?:\+|(?:and|or)\s+(?:more|above|over|higher)))?",
    re.IGNORECASE,
)
_NUMBER_THEN_TOLERANCE = re.compile(
    r"(?<![\d/.])(\d{1,3})\s*[-:=(]?\s*tolerance\b(?:\s+(?:level|line|score|rating))?\)?\s*",
    re.IGNORECASE,
)
_TOLERANCE_ALONE = re.compile(
    r"(?:risk\s+)?tolerance(?:\s+(?:level|line|score|rating|threshold|limit))?\s*[:=]?",
    re.IGNORECASE,
)

# In a short sentence about tolerance or appetite with one number only.
_ABOVE = re.compile(r"(?:above|over|more than|greater than|exceed\w*|>|up to)\s*(\d{1,3})\b", re.I)
_AND_ABOVE = re.compile(
    r"(?:at least|>=|≥)\s*(\d{1,3})\b"
    r"|\b(\d{1,3})\s*(?:\+|(?:or|and)\s+(?:more|above|over|higher|greater))",
    re.I,
)
_UP_TO = re.compile(r"\b(\d{1,3})\s*(?:or|and)\s+(?:less|below|under|lower)", re.I)
_LONGEST_SENTENCE = 120


class Tolerance(NamedTuple):
    """A tolerance that the workbook states, and where."""

    rating: int
    inclusive: bool
    place: str


def read_bands(
    workbook: Workbook, square: OwnMatrix, grids: Sequence[Grid]
) -> tuple[tuple[Band, ...], str]:
    """Bands from the fills of a matrix, lowest first, and a remark where fills give none.

    A band runs to just below the next one, so that bands have no gaps where ratings have.
    """
    grid = next(grid for grid in grids if grid.sheet == square.sheet)
    colors: dict[int, set[str | None]] = defaultdict(set)
    for row, line in zip(square.rows, square.ratings, strict=True):
        for column, rating in zip(square.columns, line, strict=True):
            colors[rating].add(workbook.fill(grid.cell(row, column).style))
    used = {color for each in colors.values() for color in each}
    if None in used or len(used) < 2:
        return (), ""
    runs: list[tuple[str, int]] = []
    for rating in sorted(colors):
        if len(colors[rating]) > 1:
            return (), _not_plain(square)
        color = next(iter(colors[rating])) or ""
        if not runs or runs[-1][0] != color:
            runs.append((color, rating))
    if len(runs) != len(used):
        return (), _not_plain(square)
    starts = [start for _, start in runs]
    ends = [start - 1 for start in starts[1:]] + [max(colors)]
    names = _name_bands(workbook, square, [color for color, _ in runs], grids)
    return (
        tuple(
            Band(names[place] if names else f"{start} to {end}", start, end, color)
            for place, ((color, start), end) in enumerate(zip(runs, ends, strict=True))
        ),
        "",
    )


def _not_plain(square: OwnMatrix) -> str:
    return (
        f"the colours of the matrix at {square.place} do not split its ratings into ranges, "
        "so no bands were read from them"
    )


def _name_bands(
    workbook: Workbook, square: OwnMatrix, colors: list[str], grids: Sequence[Grid]
) -> list[str]:
    ordered = sorted(grids, key=lambda grid: grid.sheet != square.sheet)
    for grid in ordered:
        names = _names_from_key(workbook, square, colors, grid)
        if names:
            return names
    if [_color_family(color) for color in colors] == [band.color for band in BANDS]:
        return [band.name for band in BANDS]
    return []


def _names_from_key(
    workbook: Workbook, square: OwnMatrix, colors: list[str], grid: Grid
) -> list[str]:
    """Names beside the one line of cells that holds each of the colours exactly once."""
    lines: dict[tuple[bool, int], dict[str, list[tuple[int, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    wanted = set(colors)
    for number, column in grid.columns.items():
        for row, style in zip(column.rows, column.styles, strict=True):
            if grid.sheet == square.sheet and (row, number) in square.body:
                continue
            color = workbook.fill(style)
            if color in wanted and color is not None:
                lines[True, number][color].append((row, number))
                lines[False, row][color].append((row, number))
    # Upright keys first; a line with more than its colours once is a register or a heat map.
    for (upright, _), found in sorted(lines.items(), key=lambda item: (not item[0][0], item[0][1])):
        if set(found) != wanted or any(len(places) != 1 for places in found.values()):
            continue
        around = ((0, 0), (0, 1), (0, 2), (0, -1)) if upright else ((0, 0), (1, 0), (-1, 0), (0, 1))
        for down, right in around:
            names = [
                _clean_name(grid.value(found[color][0][0] + down, found[color][0][1] + right))
                for color in colors
            ]
            if all(names) and len(set(names)) == len(names):
                return names
    return []


def _clean_name(value: Value) -> str:
    """The level's name in a key cell: ``Critical`` of ``Critical (23-25): report to the board``."""
    if not isinstance(value, str):
        return ""
    first_line = one_dash(value).strip().split("\n")[0]
    text = " ".join(_NUMBERS.sub(" ", first_line).split()).strip(" -:")
    text = re.split(r"\s-\s|[:.;,]", text)[0].strip(" -()=")
    return text if len(text) <= _LONGEST_NAME else ""


def _color_family(rgb: str) -> str:
    """Which of the key's colour names a fill comes nearest to."""
    red, green, blue = (int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    degrees = hue * 360
    if saturation < 0.15:
        return ""
    if degrees <= 15 or degrees >= 345:
        return "dark red" if value < 0.85 else "red"
    if degrees <= 49:
        return "amber"
    if degrees <= 70:
        return "yellow"
    return "green" if degrees <= 170 else ""


def find_tolerance(grids: Iterable[Grid], lowest: int, highest: int) -> Tolerance | None:
    """The tolerance that a key states in words or beside a cell, if they all state the same.

    >>> grid = Grid("Key"); grid.put(1, 1, "Tolerance level: 13")
    >>> find_tolerance([grid], 1, 25)
    Tolerance(rating=13, inclusive=False, place='Key!A1')
    """
    found: list[Tolerance] = []
    for grid in grids:
        for cell in grid.cells():
            text = cell.value.casefold() if isinstance(cell.value, str) else ""
            if not isinstance(cell.value, str) or not re.search("tolerance|risk appetite", text):
                continue
            stated = _read_tolerance(grid, cell.row, cell.column, cell.value)
            if stated and lowest <= stated[0] <= highest:
                found.append(Tolerance(*stated, f"{grid.sheet}!{cell.address}"))
        if found:
            break  # the first sheet that states one; the matrix's own sheet comes first
    if len({(each.rating, each.inclusive) for each in found}) != 1:
        return None
    return found[0]


def _read_tolerance(grid: Grid, row: int, column: int, text: str) -> tuple[int, bool] | None:
    match = _TOLERANCE_THEN_NUMBER.search(text)
    if match:
        return int(match[1]), bool(match[2])
    match = _NUMBER_THEN_TOLERANCE.search(text)
    if match:
        return int(match[1]), False
    if len(text) <= _LONGEST_SENTENCE and len(re.findall(r"\d+(?:\.\d+)?", text)) == 1:
        for pattern, inclusive in ((_AND_ABOVE, True), (_UP_TO, False), (_ABOVE, False)):
            match = pattern.search(text)
            if match:
                return int(next(number for number in match.groups() if number)), inclusive
    if _TOLERANCE_ALONE.fullmatch(text.strip()):
        for down, right in ((0, 1), (1, 0), (0, 2), (0, -1), (-1, 0)):
            near = grid.value(row + down, column + right) if column + right and row + down else None
            rating = read_rating(near)
            if isinstance(rating, int) and not is_blank(near):
                return rating, False
    return None
