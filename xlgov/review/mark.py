"""What changed since the board last saw it, marked in the cells as the offices do: words in red.

Why only what was added: a word that went is no longer there to be coloured; the list of marks has
it. Why bold and underlined on some colours: red on amber, red or dark red cannot be read. The
colour that counts is the one people see, so that of the workbook's own rules and fills, whoever
made them and whatever scheme they follow.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from xlgov.changes import CellChange, ChangeSet, MarkedText, SheetChange, StoredCell, StyleChange
from xlgov.review.difference import Difference, FieldChange, RecordChange
from xlgov.review.marked_cells import Cells, SeenCell
from xlgov.review.marks_sheet import MARKS_SHEET, Mark, marks_sheet, marks_styles
from xlgov.review.unmark import RED, Standing, left_findings, read_standing
from xlgov.review.words import word_changes

Spans = list[tuple[int, int]]
Key = tuple[str, str]

_AMBER_HUE, _PINK_HUE = 52, 330  # degrees; between them, over red, lie amber, orange and red
_PALE, _DARK = 0.35, 0.35  # saturation below which, and brightness from which, red can be read


# By whether red can be read, and whether bold and underlined is needed: where a rule colours the
# text, red stays hidden behind it, so that it is only seen once the rule goes.
_HOW = {
    (True, False): "in red",
    (True, True): "in red, bold and underlined, as a conditional format hides the red",
    (False, True): "bold and underlined, as red cannot be read on its colour",
}


def hides_red(fill: str | None) -> bool:
    """Whether red words cannot be read on a colour: amber, red, dark red, and anything as dark.

    >>> [hides_red(fill) for fill in ("FFC000", "FF0000", "C00000", "92D050", "FFFF00", None)]
    [True, True, True, False, False, False]
    """
    if fill is None:
        return False
    channels = (int(fill[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, saturation, brightness = colorsys.rgb_to_hsv(*channels)
    reddish = hue * 360 <= _AMBER_HUE or hue * 360 >= _PINK_HUE
    return brightness < _DARK or (reddish and saturation > _PALE)


def added_spans(before: object, after: object, text: str) -> Spans:
    """Where the words that ``after`` has and ``before`` had not stand in a cell's text.

    A text that is new is marked whole, and so is one that the cell holds in another form.

    >>> added_spans("Director liaises.", "Director and team liaise.", "Director and team liaise.")
    [(9, 24)]
    """
    new = "" if after is None else str(after)
    offset = text.find(new) if new else -1
    if before is None or offset < 0:
        return _trimmed(text, [(0, len(text))])
    spans: Spans = []
    place = offset
    for fate, words in word_changes(str(before), new):
        if fate == "removed":
            continue
        if fate == "added":
            spans.append((place, place + len(words)))
        place += len(words)
    return _trimmed(text, spans)


def _trimmed(text: str, spans: Spans) -> Spans:
    """The spans without the white space at their ends."""
    found = []
    for start, end in spans:
        words = text[start:end]
        first = start + len(words) - len(words.lstrip())
        last = start + len(words.rstrip())
        if first < last:
            found.append((first, last))
    return found


def _joined(spans: Spans) -> Spans:
    joined: Spans = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


@dataclass(slots=True)
class _Cell:
    """The changes of the fields that one cell holds."""

    fields: list[tuple[RecordChange, FieldChange]] = field(default_factory=list)
    change: MarkedText | StyleChange | None = None
    stored: StoredCell | None = None
    done: str = ""


def mark_changes(
    difference: Difference, cells: Cells, source_hash: str, since: str, since_name: str
) -> ChangeSet:
    """What marks a difference in the cells of the new version, and lists the marks.

    Marks of ours that stand already are taken off where they are not wanted any more. ``since`` is
    the SHA-256 of the old version. Nothing is asked for where all stands already but the sheet
    itself, which the caller compares.
    """
    standing = read_standing(cells)
    wanted = _wanted(difference, cells)
    seen = dict(standing.seen)
    for sheet in dict.fromkeys(sheet for sheet, _ in wanted):
        found = cells.see(sheet, {address for name, address in wanted if name == sheet})
        seen |= {(sheet, address): cell for address, cell in found.items()}
    changes: list[CellChange] = []
    styles: list[StyleChange] = []
    for key, cell in wanted.items():
        _decide(key, cell, seen.get(key), standing)
        old = standing.intact.get(key)
        if cell.change is None or (old is not None and old.change == cell.change):
            continue
        reason = f"{cell.fields[0][0].record}: {cell.done}"
        if isinstance(cell.change, MarkedText):
            new = replace(cell.change, over=old.stored if old else None)
            changes.append(CellChange(*key, cell.change.text, new, reason))
            continue
        if old is not None and old.stored is not None:
            changes.append(CellChange(*key, old.stored.shows, old.stored, "the marks before"))
        styles.append(cell.change)
    for key, mark in standing.intact.items():
        if (key not in wanted or wanted[key].change is None) and mark.stored is not None:
            changes.append(CellChange(*key, mark.stored.shows, mark.stored, "not changed since"))
    marks = list(_listed(difference, wanted, cells))
    sheets: tuple[SheetChange, ...] = ()
    if marks:
        sheets = (marks_sheet(marks, since, since_name),)
        styles += marks_styles()
    elif standing.marks is not None:
        sheets = (SheetChange(MARKS_SHEET, remove=True),)
    return ChangeSet(
        cells=tuple(changes),
        styles=tuple(styles),
        sheets=sheets,
        findings=(*difference.findings, *left_findings(standing.edited)),
        source_hash=source_hash,
    )


def _wanted(difference: Difference, cells: Cells) -> dict[Key, _Cell]:
    """The cells that the changed fields stand in, each once, in the order of the records."""
    found: dict[Key, _Cell] = {}
    for record in difference.changes:
        if record.what == "removed":
            continue
        for each in record.fields:
            if each.address:
                key = each.sheet, cells.anchor(each.sheet, each.address)
                found.setdefault(key, _Cell()).fields.append((record, each))
    return found


def _decide(key: Key, cell: _Cell, seen: SeenCell | None, standing: Standing) -> None:
    """Say what is to be done to a cell, and what it was before any mark of ours."""
    if seen is None or seen.value is None:
        cell.done = "nothing: it is blank now"
        return
    old = standing.intact.get(key)
    stored = old.stored if old is not None and old.stored is not None else seen.stored
    as_red = not hides_red(seen.fill)
    heavy = not as_red or seen.is_colored_by_rule
    how = _HOW[as_red, heavy]
    if seen.is_text:
        text = str(seen.value)
        spans = _joined([span for each in cell.fields for span in _spans(*each, text)])
        if not spans:
            cell.done = "nothing: only words that are gone, or of no text"
            return
        color = RED if as_red else None
        cell.change = MarkedText(text, tuple(spans), color, bold=heavy, underline=heavy)
        cell.stored = replace(stored, style_only=False)
        whole = sum(end - start for start, end in spans) >= len(text.strip())
        cell.done = f"the whole text {how}" if whole else f"the changed words {how}"
        return
    if all(record.what == "new" for record, _ in cell.fields):
        cell.done = "nothing: the record is new, and its texts are marked"
        return
    cell.change = StyleChange(
        *key,
        font_color=RED if as_red else None,
        bold=heavy or None,
        underline=heavy or None,
    )
    cell.stored = replace(stored, style_only=True)
    cell.done = how


def _spans(record: RecordChange, each: FieldChange, text: str) -> Iterable[tuple[int, int]]:
    if record.what == "new":
        return added_spans(None, each.after, text) if each.kind == "text" else []
    if each.kind != "text":
        return added_spans(None, each.after, text)
    return added_spans(each.before, each.after, text)


def _listed(difference: Difference, wanted: dict[Key, _Cell], cells: Cells) -> Iterable[Mark]:
    """A line for every changed field; the first of a cell has what takes its mark off."""
    told: set[Key] = set()
    for record in difference.changes:
        for each in record.fields:
            bare = Mark(
                record.record, each.heading, each.sheet, each.address, each.before, each.after, ""
            )
            if record.what == "removed":
                yield replace(bare, done="the record was removed")
                continue
            if not each.address:
                yield replace(bare, done="nothing: the new version has no such cell")
                continue
            key = each.sheet, cells.anchor(each.sheet, each.address)
            cell = wanted[key]
            first = key not in told
            told.add(key)
            yield replace(
                bare,
                address=key[1],
                done=cell.done,
                change=cell.change if first else None,
                stored=cell.stored if first else None,
            )
