"""Which columns hold the scores of a table, and of which assessment.

Why with such care: a likelihood read from the wrong column gives a wrong rating that looks right.
Where two columns are equal, both are named and neither is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlgov.grid.assessments import Segment, Slot, name_segments, string_together
from xlgov.grid.columns import ROWS_ABOVE, Heading, Label
from xlgov.grid.headings import Lexicon, Meaning
from xlgov.grid.letters import explain_letters
from xlgov.grid.needed import factors_of, needed_plain
from xlgov.grid.records import Vocabulary
from xlgov.grid.view import View


def read_across(headings: Sequence[Heading], view: View) -> None:
    """Headings turned round: a measure above, the groups below it (*Likelihood* over *Current*)."""
    carried: Label | None = None
    for heading in headings:
        if not heading.meaning.alone:
            carried = None
            continue
        label = heading.above[0] if heading.above else carried
        if label is None:
            continue
        measures = tuple(sense for sense in label.meaning.senses if sense.measure)
        if measures and not label.meaning.groups:
            carried = label
            own = heading.meaning
            heading.meaning = Meaning(measures, own.groups, own.phrase)
            if not heading.above:
                heading.above = [label]


def assign_measures(
    headings: list[Heading],
    view: View,
    lexicon: Lexicon,
    columns: dict[str, int],
    labels: dict[int, str],
    beside_numbers: set[int],
) -> dict[str, list[int]]:
    """Put the measures into ``columns``; gives the fields for which several columns are equal."""
    vocabulary = lexicon.vocabulary
    factors = factors_of(vocabulary)
    slots, words = _slots(headings, lexicon)
    beside_numbers.update(words)
    segments = string_together(slots, factors)
    by_column = {h.column: h for h in headings}
    identity = needed_plain(vocabulary)
    for segment in segments:
        if not segment.groups and not segment.label:
            label = _label_to_the_left(segment, slots, by_column, view, lexicon, identity)
            if label is not None:
                segment.groups, segment.phrase = label.meaning.groups, label.meaning.phrase
                segment.slots[0].label = label.text
    name_segments(segments, vocabulary, _leads(headings, vocabulary))
    ties: dict[str, list[int]] = {}
    mapped = frozenset(columns)
    named = sorted(segments, key=lambda segment: not segment.groups)
    for segment in named:
        arranged = segment.arranged() or {}
        _drop_partial_family(arranged, headings, vocabulary)
        known = {f.name for f in vocabulary.fields}
        for measure, slot in arranged.items():
            name = f"{segment.group}.{measure}"
            if name not in known or name in mapped:
                continue
            if slot.label and slot.label != by_column[slot.column].text:
                labels[slot.column] = slot.label
            if name not in columns:
                columns[name] = slot.column
            elif segment.groups or measure in factors or not _has_names(segments):
                ties.setdefault(name, [columns[name]]).append(slot.column)
    return ties


def _leads(headings: Sequence[Heading], vocabulary: Vocabulary) -> list[tuple[int, str]]:
    """Columns of controls and actions, with the assessment that comes after them."""
    groups = {entry.name: entry.leads_to for entry in vocabulary.fields if entry.leads_to}
    found = []
    for heading in headings:
        best = min(heading.plain(), key=lambda sense: sense.rank, default=None)
        if best is not None and best.name in groups:
            found.append((heading.column, groups[best.name]))
    return found


def _has_names(segments: Sequence[Segment]) -> bool:
    return any(segment.groups for segment in segments)


def _drop_partial_family(
    arranged: dict[str, Slot], headings: Sequence[Heading], vocabulary: Vocabulary
) -> None:
    """Categories count as a set: too few, or one beside them that is not known, and none counts.

    The highest of some categories is not the impact; it would lower a score that is right.
    """
    members = [measure for measure in arranged if measure in vocabulary.family]
    if not members:
        return
    places = sorted(arranged[measure].column for measure in members)
    order = [heading.column for heading in headings]
    first, last = order.index(places[0]), order.index(places[-1])
    beside = headings[max(0, first - 1) : last + 2]
    strange = any(
        not heading.meaning.is_known
        and heading.content.filled
        and heading.content.is_numeric
        and heading.content.holds("score")
        for heading in beside
    )
    if len(members) < vocabulary.family_size or strange:
        for measure in members:
            del arranged[measure]


def _slots(headings: list[Heading], lexicon: Lexicon) -> tuple[list[Slot], set[int]]:
    """The columns of measures, and those that only repeat one in words (*Likely* beside 4)."""
    identity = needed_plain(lexicon.vocabulary)
    letters = _letters(headings, lexicon.vocabulary)
    slots: list[Slot] = []
    for heading in headings:
        senses = heading.measures()
        options = letters.get(heading.column) or tuple((s.name, s.rank) for s in senses)
        plain = heading.plain()
        follows = bool(slots) and heading.column - slots[-1].column <= 1
        label = _band(heading, headings, identity)
        if not options:
            continue
        if plain and heading.column not in letters:
            cheaper = min(s.rank for s in plain) < min(rank for _, rank in options)
            banded = bool(label and label.meaning.groups)
            if (cheaper and not banded) or (not follows and any(s.name in identity for s in plain)):
                continue
        slot = Slot(heading.column, tuple(sorted(options, key=lambda option: option[1])))
        slot.groups, slot.phrase = heading.meaning.groups, heading.meaning.phrase
        slot.numeric = heading.content.is_numeric or not heading.content.filled
        if label is not None:
            slot.label = label.text
            slot.foreign = not lexicon.is_neutral(label.text)
            named = label.meaning.groups
            if named and not slot.groups:
                slot.groups, slot.phrase, slot.labelled = named, label.meaning.phrase, True
            elif slot.groups & named:
                slot.groups &= named
        slots.append(slot)
    words = {s.column for s in slots if not s.numeric and _has_numeric_twin(s, slots)}
    return [slot for slot in slots if slot.column not in words], words


def _has_numeric_twin(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Whether a column of words (*Likely*) stands beside the column of its numbers."""
    measure = slot.options[0][0]
    return any(
        other.numeric and other.options[0][0] == measure and other.key == slot.key
        for other in slots
    )


def _band(heading: Heading, headings: Sequence[Heading], identity: frozenset[str]) -> Label | None:
    """The label that a column of scores stands under: the nearest that names a group, else any.

    A text over the columns that tell records apart is a title, not a band.
    """
    bands = []
    for label in heading.above:
        covered = [h for h in headings if label.extent.left <= h.column <= label.extent.right]
        title = any(
            not h.meaning.is_measure and any(s.name in identity for s in h.plain()) for h in covered
        )
        if not title:
            bands.append(label)
    return next((label for label in bands if label.meaning.groups), bands[0] if bands else None)


def _label_to_the_left(
    segment: Segment,
    slots: Sequence[Slot],
    by_column: Mapping[int, Heading],
    view: View,
    lexicon: Lexicon,
    identity: frozenset[str],
) -> Label | None:
    """A group's label that was typed over the text columns before its scores, not merged."""
    first = segment.slots[0].column
    top = by_column[first].row
    others = {slot.column for slot in slots}
    for row in range(top - 1, max(0, top - 1 - ROWS_ABOVE), -1):
        for column in range(first - 1, max(0, first - 6), -1):
            if column in others:
                break
            text = view.text(row, column)
            if not text:
                continue
            below = by_column.get(column)
            meaning = lexicon.meaning(text)
            if (
                meaning.groups
                and view.merge(row, column) is None
                and below is not None
                and not any(sense.name in identity for sense in below.plain())
            ):
                return Label(text, meaning, view.extent(row, column))
            break
    return None


def _letters(
    headings: Sequence[Heading], vocabulary: Vocabulary
) -> dict[int, tuple[tuple[str, int], ...]]:
    """What single letters mean, where they stand together: L I R, P C S, P E S T E L O."""
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    run: list[Heading] = []
    for heading in [*headings, None]:
        if (
            heading is not None
            and heading.meaning.is_measure
            and (not run or heading.column - run[-1].column <= 1)
        ):
            run.append(heading)
            continue
        explained = explain_letters([heading.meaning for heading in run], vocabulary)
        for known, options in zip(run, explained, strict=True):
            if options and known.content.holds("score"):
                found[known.column] = options
        run = [heading] if heading is not None and heading.meaning.is_measure else []
    return found
