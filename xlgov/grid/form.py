"""Registers laid out as forms: one block of labelled cells per record.

Why labels and not positions: offices copy the last block and then lengthen it, so blocks differ in
height. What stays is the set of labels. Each block is read by its own labels; only the side on
which values stand is learnt from all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlgov.grid.cells import Range
from xlgov.grid.form_scores import Reading, read_scores
from xlgov.grid.headings import Lexicon, normalise
from xlgov.grid.marks import (
    Block,
    Cell,
    Mark,
    Sides,
    find_marks,
    mapped_field,
    printed,
    split_blocks,
)
from xlgov.grid.needed import factors_of, missing_from, needed_plain
from xlgov.grid.records import Layout, Record, Vocabulary
from xlgov.grid.view import SHORT_TEXT, View, as_number, is_dated

MOST_LABELS = 150  # in one form
MOST_LABELS_OF_A_LINE = 100
_MOST_KEYS = 6  # labels tried as the one that stands once in every form
_LEAST_OTHER_FIELDS = 2  # beside what names the record, so that a key of the scales is no form


@dataclass(slots=True)
class FormSearch:
    """The forms of one sheet, and the fields for which several cells are equal."""

    layout: Layout | None = None
    ties: dict[str, list[Cell]] = field(default_factory=dict)
    seen: tuple[tuple[Cell, str], ...] = ()
    mapped: frozenset[str] = frozenset()  # fields that settings named and that were found


def find_forms(view: View, lexicon: Lexicon, mapping: Mapping[str, str]) -> FormSearch:
    """The forms of a sheet, one record a block, in sheet order; nothing where it has none."""
    vocabulary = lexicon.vocabulary
    marks = find_marks(view, lexicon)
    rows = Counter(mark.row for mark in marks)
    if max(rows.values(), default=0) > MOST_LABELS_OF_A_LINE:
        return FormSearch()
    for key in _keys(marks, vocabulary, mapping)[:_MOST_KEYS]:
        blocks = split_blocks(view, marks, key)
        if any(len(block.marks) > MOST_LABELS for block in blocks):
            continue
        sides = Sides(view, blocks)
        readings = [_read(block, sides, lexicon, mapping) for block in blocks]
        _find_unlabelled(view, blocks, readings, vocabulary)
        _find_within(view, blocks, readings, vocabulary)
        good = [r for r in readings if not missing_from(r.cells, vocabulary)]
        good = [r for r in good if _is_form(r.cells, view, marks, vocabulary)]
        tied = next((reading for reading in good if reading.ties), None)
        if tied is not None:
            seen = tuple(((mark.row, mark.column), printed(mark)) for mark in blocks[0].marks)
            return FormSearch(None, tied.ties, seen)
        if good:
            headings: dict[str, str] = {}
            for reading in good:
                headings = reading.labels | headings
            records = tuple(Record(reading.cells) for reading in good)
            layout = Layout(vocabulary.kind, view.sheet, "form", headings, records)
            ways = {
                name: (normalise(text), normalise(text.rpartition(" / ")[2]))
                for name, text in headings.items()
            }
            mapped = [n for n, wish in mapping.items() if normalise(wish) in ways.get(n, ())]
            return FormSearch(layout, mapped=frozenset(mapped))
    return FormSearch()


def _keys(marks: Sequence[Mark], vocabulary: Vocabulary, mapping: Mapping[str, str]) -> list[str]:
    """Texts of labels that may stand once in every block: what names a record comes first."""
    identity = [
        name for names in vocabulary.needed for name in names if name in needed_plain(vocabulary)
    ]
    counts = Counter(normalise(mark.text) for mark in marks)
    keys: list[str] = []
    for name in identity:
        ranked = []
        for mark in marks:
            rank = next((sense.rank for sense in mark.plain() if sense.name == name), None)
            if mapped_field(mark, "", mapping) == name:
                rank = -1
            if rank is not None and not mark.is_measure:
                text = normalise(mark.text)
                ranked.append((rank, -counts[text], text))
        keys += [text for _, _, text in sorted(set(ranked))]
    return list(dict.fromkeys(keys))


def _read(block: Block, sides: Sides, lexicon: Lexicon, mapping: Mapping[str, str]) -> Reading:
    reading = Reading({}, {}, {})
    values = sides.values(block)
    read_scores(block, values, sides.view, lexicon, mapping, reading)
    wishes: list[tuple[bool, int, int, int, str, Mark]] = []
    for mark in block.marks:
        cell = values.get(mark)
        if cell is None:
            continue
        chosen = mapped_field(mark, "", mapping)
        if chosen:
            wishes.append((False, -1, mark.row, mark.column, chosen, mark))
            continue
        if _is_title(mark, cell, sides.view):
            continue
        blank = not sides.is_filled(mark, cell, block)
        wishes += [(blank, s.rank, mark.row, mark.column, s.name, mark) for s in mark.plain()]
    used: set[Mark] = set()
    taken = set(reading.cells.values())
    for *_, name, mark in sorted(wishes, key=lambda wish: wish[:5]):
        if name not in reading.cells and mark not in used and values[mark] not in taken:
            used.add(mark)
            taken.add(values[mark])
            reading.cells[name] = values[mark]
            reading.labels[name] = printed(mark)
    return reading


def _is_title(mark: Mark, cell: Cell, view: View) -> bool:
    """Whether a label is one of the lines that open a sheet, with no text of a record below it."""
    for row in view.rows:
        if not view.is_section(row):
            return False
        if row == mark.row:
            return not mark.inline and len(view.text(*cell)) <= SHORT_TEXT
    return False


def _is_form(
    cells: Mapping[str, Cell], view: View, marks: Sequence[Mark], vocabulary: Vocabulary
) -> bool:
    """Whether a block is a form: enough fields, and scores that stand alone, not in columns.

    Values on one line are a row of a table, whatever stands above them.
    """
    if len({row for row, _ in cells.values()}) < 2:
        return False
    identity = needed_plain(vocabulary)
    others = [name for name in cells if "." not in name and name not in identity]
    if len(others) + len(identity & cells.keys()) <= _LEAST_OTHER_FIELDS:
        return False
    labels = {(mark.row, mark.column) for mark in marks}
    scores = [
        cell for name, cell in cells.items() if name.partition(".")[2] in factors_of(vocabulary)
    ]
    in_columns = 0
    for row, column in scores:
        below = view.extent(row, column).bottom + 1
        value = view.value(below, column)
        if value is None or (below, column) in labels or (below, column) in scores:
            continue
        if as_number(value) is not None or (isinstance(value, str) and len(value) <= SHORT_TEXT):
            in_columns += 1
    return in_columns * 2 <= len(scores)


def _find_unlabelled(
    view: View, blocks: Sequence[Block], readings: Sequence[Reading], vocabulary: Vocabulary
) -> None:
    """A description that has no label: the wide merged text, at the same place in the blocks."""
    prose = [f.name for f in vocabulary.fields if f.holds == "text"]
    named = [name for names in vocabulary.needed for name in names if name in prose]
    if not named or any(
        view.value(*reading.cells[named[0]]) is not None
        for reading in readings
        if named[0] in reading.cells
    ):
        return
    votes: Counter[Cell] = Counter()
    for block, reading in zip(blocks, readings, strict=True):
        taken = {*reading.cells.values(), *((m.row, m.column) for m in block.marks)}
        best: tuple[int, Cell] | None = None
        for merge in _merges(view, block):
            anchor = (merge.top, merge.left)
            text = view.text(*anchor)
            if anchor not in taken and merge.right - merge.left >= 2 and len(text) > SHORT_TEXT:
                offset = (merge.top - block.extent.top, merge.left - block.extent.left)
                best = max(best or (0, offset), (len(text), offset))
        if best is not None:
            votes[best[1]] += 1
    if votes:
        (down, across), _ = votes.most_common(1)[0]
        for block, reading in zip(blocks, readings, strict=True):
            cell = (block.extent.top + down, block.extent.left + across)
            if view.merge(*cell) is not None and cell in block.extent:
                reading.cells[named[0]] = cell
                reading.labels[named[0]] = ""


def _merges(view: View, block: Block) -> Iterable[Range]:
    for row in range(block.extent.top, block.extent.bottom + 1):
        for merge in view.merges_in(row):
            if merge.top == row and (merge.top, merge.left) in block.extent:
                yield merge


def _find_within(
    view: View, blocks: Sequence[Block], readings: Sequence[Reading], vocabulary: Vocabulary
) -> None:
    """A date without a label of its own: in the status's cell, or in the cell beside it."""
    for status, dated in [(f.within, f.name) for f in vocabulary.fields if f.within]:
        pairs = [
            (block, reading)
            for block, reading in zip(blocks, readings, strict=True)
            if status in reading.cells and dated not in reading.cells
        ]
        if any(is_dated(view.value(*reading.cells[status])) for _, reading in pairs):
            for _, reading in pairs:
                reading.cells[dated] = reading.cells[status]
                reading.labels[dated] = reading.labels[status]
            continue
        beside = []
        for block, reading in pairs:
            extent = view.extent(*reading.cells[status])
            labels = {(mark.row, mark.column) for mark in block.marks}
            cell = (extent.top, extent.right + 1)
            if cell not in labels and cell in block.extent:
                beside.append((reading, cell))
        if sum(is_dated(view.value(*cell)) for _, cell in beside) * 2 > len(beside):
            for reading, cell in beside:
                reading.cells[dated] = cell
                reading.labels[dated] = reading.labels[status]
