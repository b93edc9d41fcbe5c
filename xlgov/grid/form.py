"""Registers laid out as forms: one block of labelled cells per record.

Why labels and not positions: offices copy the last block and then lengthen it, so blocks differ in
height. What stays is the set of labels. Each block is read by its own labels; only the side on
which values stand is learnt from all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlgov.grid.assessments import Slot, arrange, name_segments, string_together
from xlgov.grid.cells import Range
from xlgov.grid.header import factors_of, missing_from, needed_plain
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
from xlgov.grid.records import Layout, Record, Vocabulary
from xlgov.grid.view import SHORT_TEXT, View, as_number, is_dated

MOST_LABELS = 150  # in one form
_MOST_KEYS = 6  # labels tried as the one that stands once in every form
_LEAST_OTHER_FIELDS = 2  # beside what names the record, so that a key of the scales is no form


@dataclass(slots=True)
class FormSearch:
    """The forms of one sheet, and the fields for which several cells are equal."""

    layout: Layout | None = None
    ties: dict[str, list[Cell]] = field(default_factory=dict)
    seen: tuple[tuple[Cell, str], ...] = ()
    mapped: frozenset[str] = frozenset()  # fields that settings named and that were found


@dataclass(slots=True)
class _Reading:
    cells: dict[str, Cell]
    labels: dict[str, str]
    ties: dict[str, list[Cell]]


def find_forms(view: View, lexicon: Lexicon, mapping: Mapping[str, str]) -> FormSearch:
    """The forms of a sheet, one record a block, in sheet order; nothing where it has none."""
    vocabulary = lexicon.vocabulary
    marks = find_marks(view, lexicon)
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


def _keys(
    marks: Sequence[Mark], vocabulary: Vocabulary, mapping: Mapping[str, str]
) -> list[str]:
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


def _read(block: Block, sides: Sides, lexicon: Lexicon, mapping: Mapping[str, str]) -> _Reading:
    reading = _Reading({}, {}, {})
    values = sides.values(block)
    _read_measures(block, values, sides.view, lexicon, mapping, reading)
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


def _read_measures(
    block: Block, values: Mapping[Mark, Cell], view: View, lexicon: Lexicon,
    mapping: Mapping[str, str], reading: _Reading,
) -> None:  # fmt: skip
    """Scores of a block: on lines (L I R side by side), in columns, or crossed with the groups."""
    vocabulary = lexicon.vocabulary
    groups = [mark for mark in block.marks if mark.is_group]
    placed: list[_Score] = []
    claimed: set[Mark] = set()
    for mark in block.marks:
        if not mark.is_measure or _is_text(mark, values, view):
            continue
        options = _options(mark, block, vocabulary)
        if not options:
            continue
        band = _band(mark, groups, block)
        crossed: list[tuple[Mark, Cell]] = []
        if band is None and not mark.meaning.groups:
            crossed = _crossed(mark, groups, block, view, vocabulary)
        for group, cell in crossed:
            claimed.add(group)
            placed.append(_Score(_slot(options, group), mark, cell))
        place = values.get(mark)
        if place is not None and not crossed:
            if band is not None:
                claimed.add(band)
            placed.append(_Score(_slot(options, mark, band), mark, place))
    for score in placed:
        slot = score.slot
        if not slot.groups:
            section = _section(score.mark, groups, claimed, block)
            follows = any(s.mark.row == score.mark.row and s.slot.groups for s in placed)
            if section is not None and not follows:
                slot.groups, slot.phrase = section.meaning.groups, section.meaning.phrase
                slot.label = section.text
    _name_and_place(placed, block, vocabulary, mapping, reading)


@dataclass(slots=True)
class _Score:
    slot: Slot
    mark: Mark
    cell: Cell


def _name_and_place(
    placed: Sequence[_Score], block: Block, vocabulary: Vocabulary,
    mapping: Mapping[str, str], reading: _Reading,
) -> None:  # fmt: skip
    known = {f.name for f in vocabulary.fields}
    order = {mark: place for place, mark in enumerate(block.marks)}
    lines: dict[int, list[_Score]] = {}
    for score in placed:
        score.slot.column = order[score.mark]  # labels that follow each other are adjacent
        lines.setdefault(score.cell[0], []).append(score)
    segments = []
    stacked: list[Slot] = []
    for line in lines.values():
        if len(line) > 1 or line[0].slot.groups:
            segments += string_together([score.slot for score in line], factors_of(vocabulary))
        else:
            stacked.append(line[0].slot)  # Likelihood, Impact and Rating below each other
    segments += string_together(stacked, factors_of(vocabulary))
    name_segments(segments, vocabulary)
    where = {id(score.slot): score for score in placed}
    for segment in sorted(segments, key=lambda segment: not segment.groups):
        for measure, slot in (arrange(segment.slots) or {}).items():
            mark, cell = where[id(slot)].mark, where[id(slot)].cell
            name = mapped_field(mark, slot.label, mapping) or f"{segment.group}.{measure}"
            if name not in known:
                continue
            if name in reading.cells:
                if reading.cells[name] != cell and measure in factors_of(vocabulary):
                    reading.ties.setdefault(name, [reading.cells[name]]).append(cell)
                continue
            if cell in reading.cells.values():
                continue
            reading.cells[name] = cell
            reading.labels[name] = printed(mark, slot.label)


def _slot(options: tuple[tuple[str, int], ...], mark: Mark, band: Mark | None = None) -> Slot:
    meaning = mark.meaning
    slot = Slot(0, options, meaning.groups, meaning.phrase)
    if mark.is_group:
        slot.label = mark.text
    if band is not None:
        slot.label, slot.labelled = band.text, True
        if not slot.groups:
            slot.groups, slot.phrase = band.meaning.groups, band.meaning.phrase
        elif slot.groups & band.meaning.groups:
            slot.groups &= band.meaning.groups
    return slot


def _options(
    mark: Mark, block: Block, vocabulary: Vocabulary
) -> tuple[tuple[str, int], ...]:
    """Measures that a label may mean; a single letter needs the other letters on its row."""
    if mark.meaning.letter:
        row = [m for m in block.marks if m.row == mark.row and m.is_measure]
        stack = [m for m in block.marks if m.column == mark.column and m.is_measure]
        near = [m for m in stack if abs(m.row - mark.row) < len(stack)]
        return letter_options(mark, row, vocabulary) or letter_options(mark, near, vocabulary)
    senses = sorted((s.rank, s.name) for s in mark.meaning.senses if s.measure)
    plain = min((s.rank for s in mark.meaning.senses if not s.measure), default=1 << 20)
    if not senses or plain < senses[0][0]:
        return ()
    return tuple((name, rank) for rank, name in senses)


def letter_options(
    mark: Mark, run: Sequence[Mark], vocabulary: Vocabulary
) -> tuple[tuple[str, int], ...]:
    """Measures that a letter means in a run of labels; none where the run lacks a needed one."""
    line = "".join(m.meaning.letter or "." for m in run)
    for letters, measures in vocabulary.sequences.items():
        start = line.find(letters)
        place = run.index(mark) - start
        if start >= 0 and 0 <= place < len(letters):
            return ((measures[place], 0),)
    possible = {
        measure for m in run for measure in (
            *vocabulary.letters.get(m.meaning.letter, ()),
            *(sense.name for sense in m.meaning.senses if sense.measure),
        )
    }  # fmt: skip
    if not set(factors_of(vocabulary)) - set(vocabulary.family) <= possible:
        return ()
    measures = vocabulary.letters.get(mark.meaning.letter, ())
    return tuple((measure, rank) for rank, measure in enumerate(measures))


def _is_text(mark: Mark, values: Mapping[Mark, Cell], view: View) -> bool:
    """Whether a label that may be a score or a text (*Impact*) has prose for its value."""
    cell = values.get(mark)
    value = view.value(*cell) if cell else None
    return isinstance(value, str) and len(value) > SHORT_TEXT and bool(mark.plain())


def _band(mark: Mark, groups: Sequence[Mark], block: Block) -> Mark | None:
    """The label of the assessment that a score belongs to: above it, or left on its line."""
    over = [
        g for g in groups
        if g.extent.left <= mark.column <= g.extent.right
        and mark.row - 2 <= g.extent.bottom < mark.row
    ]  # fmt: skip
    if over and over[-1].extent.bottom == mark.row - 1:
        return over[-1]
    left = [
        m for m in block.marks
        if m.extent.right < mark.column and m.extent.top <= mark.row <= m.extent.bottom
    ]  # fmt: skip
    for other in sorted(left, key=lambda m: -m.column):
        if other.is_group:
            return other
        if not other.is_measure:
            break
    return over[-1] if over else None


def _section(
    mark: Mark, groups: Sequence[Mark], claimed: set[Mark], block: Block
) -> Mark | None:
    """The label of an assessment that heads a section: scores are stacked below it, or follow."""
    above = [g for g in groups if g.extent.bottom < mark.row]
    if not above:
        return None
    last = above[-1]
    between = [m for m in block.marks if last.row < m.row < mark.row]
    if all(m.is_measure and m.column == mark.column for m in between):
        return last
    free = [g for g in above if g not in claimed]
    return free[-1] if free else None


def _crossed(
    mark: Mark, groups: Sequence[Mark], block: Block, view: View, vocabulary: Vocabulary
) -> list[tuple[Mark, Cell]]:
    """Cells where a measure's line meets the groups' lines, as in a small table of scores."""
    measures = [
        m for m in block.marks
        if m.is_measure and not m.meaning.groups and _options(m, block, vocabulary)
    ]  # fmt: skip
    taken = {(m.row, m.column) for m in block.marks}
    stack = [m for m in measures if m.column == mark.column and abs(m.row - mark.row) <= 6]
    found: list[tuple[Mark, Cell]] = []
    if len(stack) > 1:
        top = min(m.row for m in stack)
        heads = [g for g in groups if g.column > mark.column and top - 3 <= g.extent.bottom < top]
        nearest = max((g.extent.bottom for g in heads), default=0)
        found = [(g, (mark.row, g.column)) for g in heads if g.extent.bottom == nearest]
    line = [m for m in measures if m.row == mark.row]
    if not found and len(line) > 1:
        row = mark.extent.bottom + 1
        for group in groups:
            if group.column < mark.column and group.row == row:
                found.append((group, (group.row, mark.column)))
                row = group.extent.bottom + 1
    if any(cell in taken or view.extent(*cell).left != cell[1] for _, cell in found):
        return []
    return found


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
    view: View, blocks: Sequence[Block], readings: Sequence[_Reading], vocabulary: Vocabulary
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
    view: View, blocks: Sequence[Block], readings: Sequence[_Reading], vocabulary: Vocabulary
) -> None:
    """A date without a label of its own: in the status's cell, or in the cell beside it."""
    for status, dated in [(f.within, f.name) for f in vocabulary.fields if f.within]:
        pairs = [
            (block, reading) for block, reading in zip(blocks, readings, strict=True)
            if status in reading.cells and dated not in reading.cells
        ]  # fmt: skip
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
