"""A difference told to people: lines, paragraphs for a covering paper, and rows of a sheet.

Why the words and not the whole cell: a control of 300 words in which three are new is three words
of news. What was in front of the board already is not told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from xlgov.changes import NewValue, SheetChange, sort_findings
from xlgov.grid.dates import say_date
from xlgov.kpi.headings import Meaning
from xlgov.kpi.number_format import show
from xlgov.review.compare import CURRENT
from xlgov.review.difference import Difference, FieldChange, RecordChange
from xlgov.review.held import number_in
from xlgov.review.words import word_changes

CHANGES_SHEET = "xlgov changes"

INDICATORS = "kpi"
_EARLIER = frozenset(
    Meaning(measure, years).title
    for measure in ("month", "fytd", "rolling")
    for years in range(1, 10)
)
_QUOTED = 160  # characters of one quotation in a line
_QUOTED_IN_PAPER = 600
_SHORT = 60  # characters of a text that is told whole: a name, a status
_NAMED = 8  # references that "Not changed" lists before it counts
_MARKS = " \t\n\u2022\u00b7\u25aa\u25cf\u25e6\uf0b7"  # white space and bullets around a quotation
_LONGEST_CELL = 32_000

_HEADINGS = (
    *("Register", "Record", "Title", "What", "Field", "Before", "After"),
    *("Added", "Removed", "Direction", "Sheet", "Cell", "Old sheet", "Old cell"),
)
_WIDTHS = (10, 14, 36, 9, 22, 40, 40, 40, 40, 10, 16, 8, 16, 8)


def tell_lines(difference: Difference) -> list[str]:
    """What changed, one line a field and one for the scores of a record, in register order."""
    lines = []
    for kind in _kinds(difference):
        changes = [each for each in difference.changes if each.kind == kind]
        unchanged = difference.unchanged.get(kind, ())
        lines.append(f"{kind}: {_counts(changes, unchanged)}")
        for change in changes:
            lines += [f"  {change.record}  {said}" for said in _said(change, _QUOTED)]
        if unchanged and changes:
            lines.append(f"  Not changed: {_listed(unchanged)}")
    return lines


def tell_paper(difference: Difference) -> list[str]:
    """Sentences for the covering paper, in register order, then who did not change.

    Each is one paragraph; a record that is new or removed is one too.
    """
    paragraphs = []
    for kind in _kinds(difference):
        for change in (each for each in difference.changes if each.kind == kind):
            said = [_sentence(change, text) for text in _said(change, _QUOTED_IN_PAPER)]
            paragraphs += said
        unchanged = difference.unchanged.get(kind, ())
        if unchanged:
            paragraphs.append(f"Not changed: {', '.join(unchanged)}.")
    return paragraphs


def tell_findings(difference: Difference) -> list[str]:
    """What was doubtful, a line each, the cell last where there is one."""
    return [
        f"{each.severity}: {each.message}"
        + (f" [{each.sheet}!{each.address}]" if each.address else "")
        for each in sort_findings(difference.findings)
    ]


def changes_sheet(difference: Difference) -> SheetChange:
    """The sheet of ours that lists every field that differs, for a filter in Excel."""
    rows: list[Sequence[NewValue]] = [_HEADINGS]
    for change in difference.changes:
        head = (change.kind, change.record, change.title, change.what)
        if not change.fields:
            rows.append((*head, *[None] * 6, change.sheet, change.address, None, None))
        for each in change.fields:
            added, removed = added_and_removed(each)
            rows.append(
                (
                    *head,
                    field_words(each),
                    _cell(each.before),
                    _cell(each.after),
                    _cell("; ".join(added)),
                    _cell("; ".join(removed)),
                    each.direction or None,
                    each.sheet or None,
                    each.address or None,
                    each.old_sheet or None,
                    each.old_address or None,
                )
            )
    return SheetChange(CHANGES_SHEET, rows, widths=_WIDTHS)


def field_words(change: FieldChange) -> str:
    """What a field is called in a sentence: a score by its own name, others as printed.

    A form heads its scores L, I and R, which say nothing outside of it.
    """
    if change.kind == "score" and "." in change.field:
        return change.field.replace(".", " ")
    if change.kind == "number" and not any(mark in change.field for mark in "._"):
        return change.field
    return change.heading or change.field


def added_and_removed(change: FieldChange) -> tuple[list[str], list[str]]:
    """The stretches of words that a text gained and lost, line by line and without bullets."""
    if change.kind != "text":
        return [], []
    added: list[str] = []
    removed: list[str] = []
    for fate, text in word_changes(as_text(change.before), as_text(change.after)):
        for line in text.splitlines() if fate != "same" else ():
            bare = " ".join(line.strip(_MARKS).split())
            if any(letter.isalnum() for letter in bare):
                (added if fate == "added" else removed).append(bare)
    return added, removed


def as_text(value: object) -> str:
    """A plain value as text, lines kept; "" for a blank."""
    if value is None:
        return ""
    return say_date(value) if isinstance(value, date) else str(value)


def say_value(change: FieldChange, value: object) -> str:
    """A value in a sentence: a number as its cell shows it, a date in words.

    A score is never shown as its cell would: the cell may show dates or decimals by mistake.
    """
    if value is None:
        return "blank"
    number = number_in(value)
    if number is not None and change.kind == "number":
        return show(number, change.number_format)
    return f"{number:g}" if number is not None else as_text(value)


def _kinds(difference: Difference) -> Iterable[str]:
    return dict.fromkeys((*difference.unchanged, *(each.kind for each in difference.changes)))


def _counts(changes: Sequence[RecordChange], unchanged: Sequence[str]) -> str:
    counted = []
    for what in ("changed", "new", "removed"):
        number = sum(each.what == what for each in changes)
        if number:
            counted.append(f"{number} {what}")
    if unchanged:
        counted.append(f"{len(unchanged)} not changed")
    return ", ".join(counted) or "no records"


def _listed(references: Sequence[str]) -> str:
    if len(references) <= _NAMED + 1:
        return ", ".join(references)
    return f"{', '.join(references[:_NAMED])} and {len(references) - _NAMED} more"


def _said(change: RecordChange, longest: int) -> Iterator[str]:
    """What is said of a record: its figures together, then each other field."""
    if change.what != "changed":
        yield f"{change.what}: {change.title}" if change.title else change.what
        return
    if change.kind == INDICATORS:
        yield _say_indicator(change)
        return
    figures = [each for each in change.fields if each.kind in ("score", "number")]
    if figures:
        yield ", ".join(map(_say_figure, figures))
    for each in change.fields:
        if each.kind not in ("score", "number"):
            yield _say_field(each, longest)


def _say_indicator(change: RecordChange) -> str:
    """All that changed of an indicator in one line.

    Figures of earlier years move with the month and are only counted then; where the current month
    stands as it was, somebody revised them.
    """
    moved = any(each.field == CURRENT for each in change.fields)
    told = [each for each in change.fields if not (moved and each.field in _EARLIER)]
    said = [
        _say_figure(each)
        if each.kind == "number"
        else f"{each.field} {as_text(each.before) or 'blank'} -> {as_text(each.after) or 'blank'}"
        for each in told
    ]
    if len(told) < len(change.fields):
        said.append(f"and {len(change.fields) - len(told)} of earlier years")
    return ", ".join(said)


def _say_figure(change: FieldChange) -> str:
    moved = f"{say_value(change, change.before)} -> {say_value(change, change.after)}"
    direction = f" ({change.direction})" if change.direction else ""
    return f"{field_words(change)} {moved}{direction}"


def _say_field(change: FieldChange, longest: int) -> str:
    name = field_words(change)
    before, after = as_text(change.before), as_text(change.after)
    if change.kind == "date" or (before and after and max(len(before), len(after)) <= _SHORT):
        return f"{name}: {_whole(change, before)} -> {_whole(change, after)}"
    if change.after is None:
        return f"{name}: now blank; it said {_quoted(before, longest)}"
    added, removed = added_and_removed(change)
    if not (added or removed) and max(len(before), len(after)) <= _SHORT:
        return f"{name}: {_whole(change, before)} -> {_whole(change, after)}"
    parts = []
    for verb, texts in (("added", added), ("removed", removed)):
        if texts:
            parts.append(f"{verb} {', '.join(_quoted(text, longest) for text in texts)}")
    return f"{name}: {'; '.join(parts) or 'other punctuation'}"


def _whole(change: FieldChange, text: str) -> str:
    if not text:
        return "blank"
    return text if change.kind == "date" else _quoted(text, _SHORT)


def _quoted(text: str, longest: int) -> str:
    bare = " ".join(text.strip(_MARKS).split())
    if len(bare) > longest:
        bare = bare[:longest].rsplit(" ", 1)[0] + " \u2026"
    return f"'{bare}'"


def _sentence(change: RecordChange, said: str) -> str:
    """A line of a record as a sentence: *SR1.1, Controls in place: added 'their teams'.*"""
    return f"{change.record}, {said}{'' if said.endswith('.') else '.'}"


def _cell(value: object) -> NewValue:
    if isinstance(value, str):
        return value[:_LONGEST_CELL] or None
    if value is None or isinstance(value, int | float | bool | date):
        return value
    return str(value)
