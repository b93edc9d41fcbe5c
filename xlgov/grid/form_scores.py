"""Where the scores of one form stand, and of which assessment each is.

Why several shapes: offices draw scores as L I R on a line under a band, as a stack of labels, or as
a small table of measures crossed with assessments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlgov.grid.assessments import Slot, arrange, name_segments, string_together
from xlgov.grid.headings import Lexicon
from xlgov.grid.letters import explain_letters
from xlgov.grid.marks import Block, Cell, Mark, mapped_field, printed
from xlgov.grid.needed import factors_of
from xlgov.grid.records import Vocabulary
from xlgov.grid.view import SHORT_TEXT, View


@dataclass(slots=True)
class Reading:
    """One form as it was read: cells and labels by field, and cells that are equal."""

    cells: dict[str, Cell]
    labels: dict[str, str]
    ties: dict[str, list[Cell]]


def read_scores(
    block: Block,
    values: Mapping[Mark, Cell],
    view: View,
    lexicon: Lexicon,
    mapping: Mapping[str, str],
    reading: Reading,
) -> None:
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
    placed: Sequence[_Score],
    block: Block,
    vocabulary: Vocabulary,
    mapping: Mapping[str, str],
    reading: Reading,
) -> None:
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


def _options(mark: Mark, block: Block, vocabulary: Vocabulary) -> tuple[tuple[str, int], ...]:
    """Measures that a label may mean; a single letter needs the other letters on its row."""
    if mark.meaning.letter:
        row = [m for m in block.marks if m.row == mark.row and m.is_measure]
        stack = [m for m in block.marks if m.column == mark.column and m.is_measure]
        near = [m for m in stack if abs(m.row - mark.row) < len(stack)]
        for run in (row, near):
            options = explain_letters([m.meaning for m in run], vocabulary)[run.index(mark)]
            if options:
                return options
        return ()
    senses = sorted((s.rank, s.name) for s in mark.meaning.senses if s.measure)
    plain = min((s.rank for s in mark.meaning.senses if not s.measure), default=1 << 20)
    if not senses or plain < senses[0][0]:
        return ()
    return tuple((name, rank) for rank, name in senses)


def _is_text(mark: Mark, values: Mapping[Mark, Cell], view: View) -> bool:
    """Whether a label that may be a score or a text (*Impact*) has prose for its value."""
    cell = values.get(mark)
    value = view.value(*cell) if cell else None
    return isinstance(value, str) and len(value) > SHORT_TEXT and bool(mark.plain())


def _band(mark: Mark, groups: Sequence[Mark], block: Block) -> Mark | None:
    """The label of the assessment that a score belongs to: above it, or left on its line."""
    over = [
        g
        for g in groups
        if g.extent.left <= mark.column <= g.extent.right
        and mark.row - 2 <= g.extent.bottom < mark.row
    ]
    if over and over[-1].extent.bottom == mark.row - 1:
        return over[-1]
    left = [
        m
        for m in block.marks
        if m.extent.right < mark.column and m.extent.top <= mark.row <= m.extent.bottom
    ]
    for other in sorted(left, key=lambda m: -m.column):
        if other.is_group:
            return other
        if not other.is_measure:
            break
    return over[-1] if over else None


def _section(mark: Mark, groups: Sequence[Mark], claimed: set[Mark], block: Block) -> Mark | None:
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
        m
        for m in block.marks
        if m.is_measure and not m.meaning.groups and _options(m, block, vocabulary)
    ]
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
