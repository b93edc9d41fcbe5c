"""Labels on a sheet of forms, and where the value of each stands: right of it or below it.

Why all blocks decide together: one form with a blank cell cannot tell on which side its value
belongs, but the same label in the other forms can, and the blank cell is the one to fill.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from xlgov.grid.cells import Range
from xlgov.grid.headings import Lexicon, Meaning, Sense, normalise
from xlgov.grid.view import View

_LONGEST_LABEL = 60
_LONGEST_GROUP = 6  # words of a label that names an assessment and heads no scores
_WHOLE = 100  # rank up to which a text was understood as it stands
_PLAINEST = 200  # rank from which a reading is only a part of the label's text

Cell = tuple[int, int]


@dataclass(slots=True, eq=False)
class Mark:
    """A cell whose text is a label. ``inline``: its value follows in the same cell."""

    row: int
    column: int
    extent: Range
    text: str
    meaning: Meaning
    inline: bool = False
    heads_scores: bool = False  # labels of scores touch it, below or right

    @property
    def is_group(self) -> bool:
        """Whether it only names an assessment (*Inherent*, *Current rating* over L, I and R)."""
        meaning = self.meaning
        if not meaning.groups or meaning.letter:
            return False
        if any(not sense.measure for sense in meaning.senses):
            return False
        return meaning.alone or not meaning.senses or self.heads_scores

    @property
    def is_prose(self) -> bool:
        """Whether it is a sentence with a group's word in it (*Cover for the post is arranged*)."""
        meaning = self.meaning
        if meaning.senses or meaning.letter or meaning.alone or self.heads_scores:
            return False
        return len(self.text.split()) > _LONGEST_GROUP

    @property
    def is_measure(self) -> bool:
        return self.meaning.is_measure and not self.is_group

    def plain(self) -> list[Sense]:
        return sorted(
            (sense for sense in self.meaning.senses if not sense.measure),
            key=lambda sense: sense.rank,
        )


@dataclass(slots=True)
class Block:
    """The cells of one form."""

    extent: Range
    marks: list[Mark] = field(default_factory=list)


def find_marks(view: View, lexicon: Lexicon) -> list[Mark]:
    """Every label of a sheet, row by row."""
    marks = []
    for row in view.rows:
        for column, value in view.cells[row].items():
            if isinstance(value, str):
                mark = _mark(view, row, column, value, lexicon)
                if mark is not None:
                    marks.append(mark)
    values = _values_beside_colons(view, marks)
    marks = [mark for mark in marks if mark not in values]
    _find_heads(view, marks)
    return [mark for mark in marks if not mark.is_prose]


def _values_beside_colons(view: View, marks: Sequence[Mark]) -> set[Mark]:
    """Cells that look like labels and are the values of one: *Status:* with *Current* beside it."""
    places = {(mark.row, mark.column): mark for mark in marks}
    found = set()
    for mark in marks:
        if mark.inline or not view.text(mark.row, mark.column).rstrip().endswith(":"):
            continue
        beside = places.get((mark.extent.top, mark.extent.right + 1))
        if beside is None or beside.inline or mark.is_group:
            continue
        if not view.text(beside.row, beside.column).rstrip().endswith(":"):
            found.add(beside)
    return found


def _is_whole(text: str, lexicon: Lexicon) -> bool:
    """Whether a text with a colon is a label all through (*Inherent: Likelihood*)."""
    meaning = lexicon.meaning(text)
    return bool(meaning.letter) or any(sense.rank < _WHOLE for sense in meaning.senses)


def _find_heads(view: View, marks: Sequence[Mark]) -> None:
    """Notes which labels stand over labels of scores that name no assessment, or left of them."""
    bare = {
        (mark.row, mark.column)
        for mark in marks
        if mark.meaning.is_measure and not mark.meaning.groups
    }
    for mark in marks:
        below = [
            (mark.extent.bottom + 1, column)
            for column in range(mark.extent.left, min(mark.extent.right, mark.extent.left + 30) + 1)
        ]
        right = (mark.row, mark.extent.right + 1)
        mark.heads_scores = len(bare.intersection(below)) > 1 or right in bare


def _mark(view: View, row: int, column: int, text: str, lexicon: Lexicon) -> Mark | None:
    head, colon, rest = text.partition(":")
    if colon and rest.strip() and len(head) <= _LONGEST_LABEL and not _is_whole(text, lexicon):
        meaning = lexicon.meaning(head.strip())
        if any(sense.rank < _PLAINEST and not sense.measure for sense in meaning.senses):
            return Mark(row, column, view.extent(row, column), head.strip(), meaning, True)
    if len(text) > _LONGEST_LABEL:
        return None
    meaning = lexicon.meaning(text.strip().rstrip(":"))
    plainest = min((sense.rank for sense in meaning.senses), default=_PLAINEST)
    if plainest < _PLAINEST or meaning.letter or (meaning.groups and not meaning.senses):
        return Mark(row, column, view.extent(row, column), text.strip(), meaning)
    return None


def split_blocks(view: View, marks: Sequence[Mark], key: str) -> list[Block]:
    """Blocks of a sheet: one for each label with the text ``key``.

    A block reaches as far above its key label as the first one does with labels that come again
    in every block. Key labels on one row stand side by side.
    """
    keys = [mark for mark in marks if normalise(mark.text) == key]
    if not keys:
        return []
    counts = Counter(normalise(mark.text) for mark in marks)
    rows = sorted({mark.row for mark in keys})
    above = [
        rows[0] - mark.row
        for mark in marks
        if mark.row < rows[0] and counts[normalise(mark.text)] * 2 > len(keys)
    ]
    nearest = min((b - a for a, b in pairwise(rows)), default=rows[0])
    offset = max((rise for rise in above if rise < nearest), default=0)
    if len(rows) == 1:
        offset = rows[0] - 1
    first_column = min(column for cells in view.cells.values() for column in cells)
    last_column = max(column for cells in view.cells.values() for column in cells)
    blocks = []
    for place, row in enumerate(rows):
        top = row - offset
        bottom = rows[place + 1] - offset - 1 if place + 1 < len(rows) else view.last
        columns = sorted(mark.column for mark in keys if mark.row == row)
        indent = columns[0] - first_column
        starts = [first_column, *(column - indent for column in columns[1:])]
        ends = [start - 1 for start in starts[1:]] + [last_column]
        for left, right in zip(starts, ends, strict=True):
            blocks.append(Block(Range(top, left, max(top, bottom), right)))
    tops = [block.extent.top for block in blocks]
    for mark in marks:
        place = bisect_right(tops, mark.row) - 1
        while place >= 0 and blocks[place].extent.bottom >= mark.row:
            if (mark.row, mark.column) in blocks[place].extent:
                blocks[place].marks.append(mark)
                break
            place -= 1
    return blocks


class Sides:
    """Where values stand, learnt from every block: for each label of a line, right or below."""

    def __init__(self, view: View, blocks: Sequence[Block]) -> None:
        self.view = view
        self._marks: dict[Cell, Mark] = {
            (mark.row, mark.column): mark for block in blocks for mark in block.marks
        }
        self._rows: dict[int, list[Mark]] = {}
        for mark in self._marks.values():
            self._rows.setdefault(mark.row, []).append(mark)
        self._votes: Counter[tuple[object, str]] = Counter()
        for block in blocks:
            for line, mark in self._lines(block):
                for side in ("right", "below"):
                    cell = self._beside(mark, side, block)
                    if cell is not None and view.value(*cell) is not None:
                        self._votes[(line, mark.column), side] += 1

    def values(self, block: Block) -> dict[Mark, Cell]:
        """The value's cell of every label of a block, blank cells included."""
        found: dict[Mark, Cell] = {}
        lines: dict[Mark, object] = {mark: line for line, mark in self._lines(block)}
        for mark, line in lines.items():
            if mark.inline:
                found[mark] = (mark.row, mark.column)
            elif not mark.is_group:
                cell = self._choose(mark, (line, mark.column), block)
                if cell is not None:
                    found[mark] = cell
        return found

    def is_filled(self, mark: Mark, cell: Cell, block: Block) -> bool:
        """Whether the value of a label is filled in any block."""
        if mark.inline or self.view.value(*cell) is not None:
            return True
        side = "right" if cell[0] == mark.row else "below"
        return any(
            self._votes[(line, mark.column), side]
            for line, other in self._lines(block)
            if other is mark
        )

    def _lines(self, block: Block) -> Iterator[tuple[object, Mark]]:
        """Every label with what is printed on its row: the same line in every block."""
        rows: dict[int, list[Mark]] = {}
        for mark in block.marks:
            rows.setdefault(mark.row, []).append(mark)
        for marks in rows.values():
            line = tuple(normalise(mark.text) for mark in marks)
            yield from ((line, mark) for mark in marks)

    def _choose(self, mark: Mark, place: tuple[object, int], block: Block) -> Cell | None:
        right = self._beside(mark, "right", block)
        below = self._beside(mark, "below", block)
        if right is None or below is None:
            return right or below
        if self._is_in_run(mark):
            return below
        if self._votes[place, "right"] * 2 >= self._votes[place, "below"]:
            return right if self._votes[place, "right"] or not self._heads_column(mark) else below
        return below

    def _is_in_run(self, mark: Mark) -> bool:
        """Whether labels touch on a row, as the headings of columns do."""
        extent = mark.extent
        beside = [
            self._at(row, column)
            for row in range(extent.top, extent.bottom + 1)
            for column in (extent.left - 1, extent.right + 1)
        ]
        return any(
            other is not None and not other.inline and not other.is_group for other in beside
        )

    def _heads_column(self, mark: Mark) -> bool:
        """Whether other labels of the row have their values below: then a blank one has too."""
        return any(self._is_in_run(other) for other in self._rows[mark.row] if other is not mark)

    def _beside(self, mark: Mark, side: str, block: Block) -> Cell | None:
        """The cell on a side of a label, unless it is a label itself or outside the block."""
        extent = mark.extent
        if side == "right":
            cell = (extent.top, extent.right + 1)
        else:
            cell = (extent.bottom + 1, extent.left)
        merged = self.view.extent(*cell)
        anchor = (merged.top, merged.left)
        if cell not in block.extent or anchor != cell or self._at(*cell) is not None:
            return None
        return cell

    def _at(self, row: int, column: int) -> Mark | None:
        extent = self.view.extent(row, column)
        return self._marks.get((extent.top, extent.left))


def printed(mark: Mark, band: str = "") -> str:
    """A label as it is shown to people, with its band."""
    text = " ".join(mark.text.rstrip(":").split())
    return f"{' '.join(band.split())} / {text}" if band else text


def mapped_field(mark: Mark, band: str, mapping: Mapping[str, str]) -> str:
    """The field that settings give to a label, by its text as printed; "" where none."""
    ways = {normalise(printed(mark)), normalise(printed(mark, band))}
    return next((name for name, wish in mapping.items() if normalise(wish) in ways), "")
