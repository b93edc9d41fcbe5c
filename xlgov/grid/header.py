"""One row read as the header of a table: which field stands in which column.

Why content decides beside words: *Impact* heads a score in one office and a paragraph in another,
*Risk* a number, a title or a rating. A heading keeps every field it may mean until the cells below
have been looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlgov.grid.assessments import Segment, Slot, name_segments, string_together
from xlgov.grid.cells import Range, address, column_number
from xlgov.grid.headings import LONGEST_HEADING, Lexicon, Meaning, Sense, normalise
from xlgov.grid.records import Vocabulary
from xlgov.grid.view import Content, View

MOST_HEADINGS = 400  # a row of more is a table of figures
ROWS_ABOVE = 2  # a header has up to three rows
_UNDER_ANOTHER_BAND = 500  # rank: *Owner* under *Further actions* is the owner of last resort


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


def needed_plain(vocabulary: Vocabulary) -> frozenset[str]:
    """Needed fields that are no measure: those that tell one record from another."""
    plain = {f.name for f in vocabulary.fields if not f.group}
    return frozenset(name for names in vocabulary.needed for name in names if name in plain)


def factors_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Needed measures: what a rating is made from."""
    measures = {f.name.partition(".")[2] for f in vocabulary.fields if f.group}
    return tuple(name for names in vocabulary.needed for name in names if name in measures)


def missing_from(found: Mapping[str, object], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Needed fields that were not found; measures must come together in one group."""
    plain = {f.name for f in vocabulary.fields if not f.group}
    missing = [f.name for f in vocabulary.fields if f.needed and f.name not in found]
    measures = []
    for names in vocabulary.needed:
        if plain.isdisjoint(names):
            measures.append(names)
        elif not any(name in found for name in names):
            missing.append(names[0])
    own = {f.group: None for f in vocabulary.fields if f.group}
    lacks = [
        [f"{group}.{names[0]}" for names in measures
         if not any(f"{group}.{name}" in found for name in names)]
        for group in own
    ]  # fmt: skip
    if lacks and all(lacks):
        fewest = min(map(len, lacks))
        default = [lack for lack in lacks if len(lack) == fewest]
        missing += next(
            (x for x in default if x[0].startswith(vocabulary.default_group + ".")), default[0]
        )
    return tuple(missing)


def read_header(
    view: View, row: int, lexicon: Lexicon, mapping: Mapping[str, str], left: int = 1,
    right: int = 0,
) -> Header | None:  # fmt: skip
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
    _read_across(headings, view)
    free = [h for h in headings if h.column not in mapped.values()]
    columns = dict(mapped)
    labels: dict[int, str] = {}
    beside_numbers: set[int] = set()
    ties = _assign_measures(free, view, lexicon, columns, labels, beside_numbers)
    _assign_plain([h for h in free if h.column not in beside_numbers], lexicon, columns)
    _assign_within(headings, lexicon.vocabulary, columns)
    by_column = {h.column: h for h in headings}
    printed = {
        name: _printed(by_column[column], labels.get(column, ""))
        for name, column in columns.items() if column in by_column
    }  # fmt: skip
    known = {h.column for h in own} | set(columns.values())
    return Header(
        row=row,
        top=min([row, *(h.row for h in headings)]),
        left=min(known),
        right=max(known),
        columns=columns,
        headings=printed,
        seen=tuple(
            (address(h.row, h.column), _printed(h, ""))
            for h in headings if h.meaning.is_known
        ),
        missing=missing_from(columns, lexicon.vocabulary),
        ties=ties,
        texts={
            h.column: frozenset([h.text.strip(), *(label.text.strip() for label in h.above)])
            for h in headings
        },
        known=len(own),
        mapped=frozenset(mapped),
    )  # fmt: skip


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
        if sub_headings and merged.bottom == row and any(
            view.text(row + 1, below) for below in range(merged.left, merged.right + 1)
        ):  # fmt: skip
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
    """Whether a row goes on with headings: text only, and some of it known."""
    values = view.cells.get(row, {}).values()
    if len(values) > MOST_HEADINGS or not all(isinstance(value, str) for value in values):
        return False
    meanings = [lexicon.meaning(value) for value in values if isinstance(value, str)]
    known = sum(meaning.is_known for meaning in meanings)
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


def _read_across(headings: Sequence[Heading], view: View) -> None:
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


def _assign_measures(
    headings: list[Heading], view: View, lexicon: Lexicon, columns: dict[str, int],
    labels: dict[int, str], beside_numbers: set[int],
) -> dict[str, list[int]]:  # fmt: skip
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
        not heading.meaning.is_known and heading.content.filled and heading.content.is_numeric
        and heading.content.holds("score") for heading in beside
    )  # fmt: skip
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
            if (cheaper and not banded) or (
                not follows and any(s.name in identity for s in plain)
            ):
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


def _band(
    heading: Heading, headings: Sequence[Heading], identity: frozenset[str]
) -> Label | None:
    """The label that a column of scores stands under: the nearest that names a group, else any.

    A text over the columns that tell records apart is a title, not a band.
    """
    bands = []
    for label in heading.above:
        covered = [h for h in headings if label.extent.left <= h.column <= label.extent.right]
        title = any(
            not h.meaning.is_measure and any(s.name in identity for s in h.plain())
            for h in covered
        )
        if not title:
            bands.append(label)
    return next((label for label in bands if label.meaning.groups), bands[0] if bands else None)


def _label_to_the_left(
    segment: Segment, slots: Sequence[Slot], by_column: Mapping[int, Heading], view: View,
    lexicon: Lexicon, identity: frozenset[str],
) -> Label | None:  # fmt: skip
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
        if heading is not None and heading.meaning.is_measure and (
            not run or heading.column - run[-1].column <= 1
        ):  # fmt: skip
            run.append(heading)
            continue
        found.update(_letters_of(run, vocabulary))
        run = [heading] if heading is not None and heading.meaning.is_measure else []
    return found


def _letters_of(
    run: Sequence[Heading], vocabulary: Vocabulary
) -> dict[int, tuple[tuple[str, int], ...]]:
    printed = "".join(heading.meaning.letter or "." for heading in run)
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    for letters in sorted(vocabulary.sequences, key=len, reverse=True):
        start = printed.find(letters)
        while start >= 0:
            for heading, measure in zip(run[start:], vocabulary.sequences[letters], strict=False):
                found[heading.column] = ((measure, 0),)
            blank = "." * len(letters)
            printed = printed[:start] + blank + printed[start + len(letters) :]
            start = printed.find(letters)
    for heading, letter in zip(run, printed, strict=True):
        measures = vocabulary.letters.get(letter, ())
        if measures and heading.content.holds("score"):
            found[heading.column] = tuple((name, rank) for rank, name in enumerate(measures))
    possible = {measure for options in found.values() for measure, _ in options}
    possible |= {sense.name for heading in run for sense in heading.measures()}
    factors = [names for names in vocabulary.needed if not needed_plain(vocabulary) & set(names)]
    if all(not possible.isdisjoint(names) for names in factors):
        return found
    return {}


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
