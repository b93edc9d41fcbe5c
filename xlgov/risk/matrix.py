"""The workbook's own matrix: a square of ratings with the scores 1 to n along two edges.

Why found by its shape alone: offices put it on a key page, beside the register or on a hidden
sheet, either way up, with likelihood along either edge, the number in the label or in the cell
next to it. What is certain is the square: n by n whole numbers between two edges that count to
n, lowest where both scores are 1 and highest where both are n. A heat map that counts risks
fails that test. Which edge is likelihood is read from the words beside them; where no word says
so and the square is not symmetric, the typed ratings decide, and else nobody does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from xlgov.grid.cells import Range, Value
from xlgov.grid.sheet import Grid
from xlgov.risk.scale import Matrix, transpose
from xlgov.risk.score import choose_words, parse_score, read_rating
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES, Words, word_key

Axis = Literal["likelihood", "impact", ""]
_SMALLEST, _LARGEST = 3, 10
_EDGE_DISTANCE = 3  # cells between an edge and the square: a label column, a narrow gap
_TITLE_DISTANCE = 5
_AXIS_WORDS: tuple[tuple[Axis, tuple[str, ...]], ...] = (
    ("likelihood", ("likelihood", "probability", "frequency")),
    ("impact", ("impact", "consequence", "severity")),
)


class OwnMatrix(NamedTuple):
    """A matrix found on a sheet. ``rows`` and ``columns`` are in order of score, 1 first.

    ``ratings[r][c]`` belongs to score r + 1 on the vertical edge and c + 1 on the horizontal
    one; ``vertical`` says what the vertical edge scores, "" where nothing says so.
    """

    sheet: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    ratings: Matrix
    vertical: Axis

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def body(self) -> Range:
        return Range(min(self.rows), min(self.columns), max(self.rows), max(self.columns))

    @property
    def place(self) -> str:
        """Where it stands, for people: ``Key!C5:G9``."""
        return f"{self.sheet}!{self.body}"

    def tables(self) -> tuple[Matrix, ...]:
        """``table[likelihood - 1][impact - 1]``: one, or two where the edges are not told apart."""
        upright, turned = self.ratings, transpose(self.ratings)
        if self.vertical == "impact":
            return (turned,)
        if self.vertical == "likelihood" or upright == turned:
            return (upright,)
        return upright, turned


class _Edge(NamedTuple):
    """Scores 1 to n along a line: the line's number and the places in order of score."""

    line: int
    places: tuple[int, ...]
    axis: Axis


def find_matrices(grids: Iterable[Grid]) -> list[OwnMatrix]:
    """Every matrix on the sheets, in book order; a larger one before a smaller one within it."""
    found: list[OwnMatrix] = []
    for grid in grids:
        found.extend(_find_on_sheet(grid))
    return found


def _find_on_sheet(grid: Grid) -> list[OwnMatrix]:
    cells = {(cell.row, cell.column): cell.value for cell in grid.cells()}
    readings = _read_edges(cells)
    if not readings:
        return []
    vertical = _find_edges(readings, down=True)
    horizontal = _find_edges(readings, down=False)
    by_size: dict[int, list[_Edge]] = defaultdict(list)
    for edge in horizontal:
        by_size[len(edge.places)].append(edge)
    best: dict[Range, OwnMatrix] = {}
    for side in sorted(vertical, key=lambda edge: -len(edge.places)):
        for top in by_size[len(side.places)]:
            if not _stand_beside(side, top):
                continue
            ratings = _read_square(cells, side.places, top.places)
            if ratings is None:
                continue
            axis = side.axis or _other(top.axis)
            square = OwnMatrix(grid.sheet, side.places, top.places, ratings, axis)
            known = best.get(square.body)
            if known is None:
                if not any(square.body.overlaps(body) for body in best):
                    best[square.body] = square
            elif not known.vertical and axis:
                best[square.body] = square
    return [
        square if square.vertical else _name_edges(square, cells)
        for square in sorted(best.values(), key=lambda square: square.body)
    ]


_Readings = Mapping[tuple[int, int], tuple[int | None, int | None]]


def _read_edges(cells: Mapping[tuple[int, int], Value]) -> _Readings:
    """Cells that could stand on an edge, read as a likelihood and as an impact."""
    texts = {value for value in cells.values() if isinstance(value, str) and len(value) <= 40}
    scales = (choose_words(texts, LIKELIHOOD_SCALES), choose_words(texts, IMPACT_SCALES))
    cache: dict[tuple[type, Value], tuple[int | None, int | None]] = {}
    readings = {}
    for place, value in cells.items():
        if isinstance(value, str) and len(value) > 40:
            continue
        key = (type(value), value)
        if key not in cache:
            cache[key] = _edge_score(value, *scales), _edge_score(value, *reversed(scales))
        if cache[key] != (None, None):
            readings[place] = cache[key]
    return readings


def _edge_score(value: Value, words: Words, others: Words) -> int | None:
    """A score on the scale of these words; a label with a word of the other scale is on that."""
    score = parse_score(value, words)
    if not isinstance(score, int) or not 1 <= score <= _LARGEST:
        return None
    if isinstance(value, str):
        word = word_key(value).strip("0123456789 ")
        if word in others and word not in words:
            return None
    return score


def _find_edges(readings: _Readings, down: bool) -> list[_Edge]:
    """Lines of cells that count from 1 to n, in either direction, with even steps."""
    edges = []
    for (row, column), scores in readings.items():
        if 1 not in scores:
            continue
        line, start = (column, row) if down else (row, column)
        for step in (1, -1, 2, -2, 3, -3):
            lengths = [
                _count_up(readings, down, line, start, step, kind) if scores[kind] == 1 else 0
                for kind in (0, 1)
            ]
            length = max(lengths)
            if not _SMALLEST <= length <= _LARGEST:
                continue
            axis: Axis = ""
            if lengths[0] != lengths[1]:
                axis = "likelihood" if lengths[0] > lengths[1] else "impact"
            places = tuple(start + step * place for place in range(length))
            edges.append(_Edge(line, places, axis))
    return edges


def _count_up(readings: _Readings, down: bool, line: int, start: int, step: int, kind: int) -> int:
    length = 0
    while length < _LARGEST:
        place = start + step * length
        cell = (place, line) if down else (line, place)
        if readings.get(cell, (None, None))[kind] != length + 1:
            break
        length += 1
    return length


def _stand_beside(side: _Edge, top: _Edge) -> bool:
    """Whether the vertical edge is left or right of the square, and the other above or below."""
    return _is_near(side.line, top.places) and _is_near(top.line, side.places)


def _is_near(line: int, places: tuple[int, ...]) -> bool:
    low, high = min(places), max(places)
    reach = _EDGE_DISTANCE + abs(places[1] - places[0]) - 1
    return low - reach <= line < low or high < line <= high + reach


def _read_square(
    cells: Mapping[tuple[int, int], Value], rows: tuple[int, ...], columns: tuple[int, ...]
) -> Matrix | None:
    lines = []
    for row in rows:
        line = []
        for column in columns:
            rating = read_rating(cells.get((row, column)))
            if not isinstance(rating, int) or rating < 1:
                return None
            line.append(rating)
        lines.append(tuple(line))
    every = [rating for line in lines for rating in line]
    if lines[0][0] != min(every) or lines[-1][-1] != max(every) or len(set(every)) < len(rows):
        return None
    return tuple(lines)


def _other(axis: Axis) -> Axis:
    return {"likelihood": "impact", "impact": "likelihood"}.get(axis, "")  # type: ignore[return-value]  # the dict's values are the literals


def _name_edges(square: OwnMatrix, cells: Mapping[tuple[int, int], Value]) -> OwnMatrix:
    """The square with what the words beside its edges say of them."""
    body = square.body
    beside: set[Axis] = set()
    above: set[Axis] = set()
    corner: set[Axis] = set()
    for (row, column), value in cells.items():
        if not isinstance(value, str) or len(value) > 60:
            continue
        axis = _axis_named(value)
        if not axis or (row, column) in body:
            continue
        across = body.left <= column <= body.right
        along = body.top <= row <= body.bottom
        near_column = body.left - _TITLE_DISTANCE <= column <= body.right + _TITLE_DISTANCE
        near_row = body.top - _TITLE_DISTANCE <= row <= body.bottom + _TITLE_DISTANCE
        if along and near_column:
            beside.add(axis)
        elif across and near_row:
            above.add(axis)
        elif near_row and near_column and column < body.left:
            corner.add(axis)
    for said, turned in ((beside, False), (above, True), (corner, False)):
        if len(said) == 1:
            axis = _other(next(iter(said))) if turned else next(iter(said))
            return OwnMatrix(square.sheet, square.rows, square.columns, square.ratings, axis)
    return square


def _axis_named(text: str) -> Axis:
    words = word_key(text).split()
    named: list[Axis] = [
        axis for axis, names in _AXIS_WORDS if any(name in words for name in names)
    ]
    return named[0] if len(named) == 1 else ""
