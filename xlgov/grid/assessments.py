"""Which assessment each column of scores belongs to: inherent, current or future.

Why segments: the same three headings come once per assessment, and what tells them apart may be
a merged band above, a label typed over one of them, a word in one heading of three, or nothing.
Columns are first strung together as they would be read, left to right; then each string is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xlgov.grid.records import Vocabulary


@dataclass(slots=True)
class Slot:
    """A column (or, in a form, a cell) that holds one measure of one assessment."""

    column: int
    options: tuple[tuple[str, int], ...]  # (measure, rank), plainest first
    groups: frozenset[str] = frozenset()
    phrase: str = ""  # the words that name the groups
    label: str = ""  # any text above, understood or not
    foreign: bool = False  # that text names something else (*Quarter 1*)
    labelled: bool = False  # the groups come from a label above, not from the heading itself
    numeric: bool = True

    @property
    def key(self) -> tuple[frozenset[str], str]:
        """Slots with the same key speak of the same assessment."""
        return self.groups, ("" if len(self.groups) == 1 else self.phrase)

    def may_be(self, measures: Iterable[str]) -> bool:
        return any(measure in measures for measure, _ in self.options)


@dataclass(slots=True)
class Segment:
    """Columns that are read as one assessment."""

    slots: list[Slot] = field(default_factory=list)
    groups: frozenset[str] = frozenset()
    phrase: str = ""
    group: str = ""

    @property
    def label(self) -> str:
        return next((slot.label for slot in self.slots if slot.label), "")

    @property
    def is_foreign(self) -> bool:
        return any(slot.foreign for slot in self.slots)

    def arranged(self, extra: Slot | None = None) -> dict[str, Slot] | None:
        """Every column with a measure of its own, plainest choice; None where two need the same."""
        return arrange([*self.slots, extra] if extra else self.slots)

    def take(self, slot: Slot) -> None:
        self.slots.append(slot)
        if slot.groups and not self.groups:
            self.groups, self.phrase = slot.groups, slot.phrase


def arrange(slots: Sequence[Slot]) -> dict[str, Slot] | None:
    """The cheapest way to give every slot a different measure; None where there is none."""
    best: tuple[int, dict[str, Slot]] | None = None
    order = sorted(slots, key=lambda slot: len(slot.options))

    def place(index: int, cost: int, taken: dict[str, Slot]) -> None:
        nonlocal best
        if best is not None and cost >= best[0]:
            return
        if index == len(order):
            best = cost, dict(taken)
            return
        for measure, rank in order[index].options:
            if measure not in taken:
                taken[measure] = order[index]
                place(index + 1, cost + rank, taken)
                del taken[measure]

    place(0, 0, {})
    return best[1] if best else None


def string_together(slots: Sequence[Slot], factors: Sequence[str]) -> list[Segment]:
    """Segments of slots that stand left to right. ``factors`` are the measures that begin one.

    A column without a name of its own belongs to the one before where it follows directly; but a
    likelihood after a rating begins another assessment.
    """
    segments: list[Segment] = []
    last: Segment | None = None
    end = 0
    for slot in slots:
        home: Segment | None = None
        adjacent = last is not None and slot.column - end <= 1
        if slot.groups:
            for segment in segments:
                if segment.groups and segment.slots[0].groups:
                    same = _key(segment) == slot.key
                    home = segment if same and segment.arranged(slot) else home
            waiting = last is not None and not last.groups and not _is_rated(last, factors)
            closes = slot.labelled or not slot.may_be(factors)
            if home is None and last and waiting and adjacent and closes and last.arranged(slot):
                home = last
        elif last is not None and (not slot.label or slot.label == last.slots[-1].label):
            joins = adjacent and not (slot.may_be(factors) and _is_rated(last, factors))
            if (joins if last.groups else not slot.label or adjacent) and last.arranged(slot):
                home = last
        if home is None:
            home = Segment()
            segments.append(home)
        home.take(slot)
        last, end = home, slot.column
    return segments


def _key(segment: Segment) -> tuple[frozenset[str], str]:
    return segment.groups, ("" if len(segment.groups) == 1 else segment.phrase)


def _is_rated(segment: Segment, factors: Sequence[str]) -> bool:
    """Whether a segment already has a rating, which is what closes an assessment."""
    return any(not slot.may_be(factors) for slot in segment.slots)


def name_segments(
    segments: Sequence[Segment], vocabulary: Vocabulary, leads: Sequence[tuple[int, str]] = ()
) -> None:
    """Give every segment its group; "" where nothing says which.

    Words that stand for one group first; then words of two take the first group left over; then,
    where nothing is named, the default group. ``leads`` are columns between (controls, actions)
    with the group that is assessed after them.
    """
    own = [group for group in vocabulary.groups if any(f.group == group for f in vocabulary.fields)]
    taken: set[str] = set()
    for segment in segments:
        if len(segment.groups) == 1:
            (segment.group,) = segment.groups
            taken.add(segment.group)
    unnamed = _unnamed_group(segments, vocabulary, own, taken, leads)
    chosen: dict[str, str] = {}
    for segment in segments:
        if len(segment.groups) > 1:
            if segment.phrase not in chosen:
                free = [group for group in own if group in segment.groups and group not in taken]
                chosen[segment.phrase] = free[0] if free else "unread"
                taken.add(chosen[segment.phrase])
            segment.group = chosen[segment.phrase]
    default = unnamed or vocabulary.default_group
    for segment in segments:
        if segment.groups:
            continue
        if all(slot.may_be(vocabulary.family) for slot in segment.slots):
            named = taken & set(own)
            segment.group = next(iter(named)) if len(named) == 1 else default
        elif not (segment.is_foreign and taken):
            segment.group = default


def _unnamed_group(
    segments: Sequence[Segment],
    vocabulary: Vocabulary,
    own: Sequence[str],
    taken: set[str],
    leads: Sequence[tuple[int, str]],
) -> str:
    """The group of scores without a name that stand before scores with a name of two groups.

    Before *residual* scores stand the current ones, unless the controls come between: then those
    before are the inherent ones. "" where the sheet has no such pair.
    """
    default = vocabulary.default_group
    plain = [s for s in segments if not s.groups and not s.is_foreign and len(s.slots) > 1]
    open_ = [s for s in segments if len(s.groups) > 1]
    if not plain or not open_ or default in taken:
        return ""
    first, last = plain[0].slots[-1].column, open_[0].slots[0].column
    between = [group for column, group in sorted(leads) if first < column < last]
    group = default
    place = own.index(default)
    if between and between[-1] == default and place and own[place - 1] not in taken:
        group = own[place - 1]
    taken.add(group)
    return group
