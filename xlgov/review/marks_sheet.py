"""The sheet of ours that lists every mark, and holds what is needed to take each off again.

Why in the workbook itself: a marked register travels by e-mail from the officer to the board and
back; whoever takes the marks off has the file and nothing else. What people need not see stands in
columns of no width behind the list, cut where a cell is full.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlgov.changes import MarkedText, NewValue, SheetChange, StoredCell, StyleChange
from xlgov.errors import EditError
from xlgov.grid.cells import Value

MARKS_SHEET = "xlgov marks"

_HEADINGS = ("Record", "Field", "Sheet", "Cell", "Before", "After", "What was done")
_WIDTHS = (14, 24, 18, 8, 50, 50, 50)
_FIRST_ROW = 5
_ROOM = 32_000  # characters of a cell, of 32,767
_FORM = 1  # of what is kept; a later form gets another number


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the list. ``change`` is what was done to the cell, None where nothing was.

    ``stored`` is the cell as it was before. ``heading`` is the field's.
    """

    record: str
    heading: str
    sheet: str
    address: str
    before: Value | date
    after: Value | date
    done: str
    change: MarkedText | StyleChange | None = None
    stored: StoredCell | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks that stand in a workbook, and the SHA-256 of the version that they are against."""

    marks: tuple[Mark, ...]
    since: str


def marks_sheet(marks: Sequence[Mark], since: str, since_name: str) -> SheetChange:
    """The sheet that lists these marks."""
    key = json.dumps({"form": _FORM, "since": since})
    rows: list[tuple[NewValue, ...]] = [
        (f"Changes since {since_name}, marked in the cells",),
        ("xlgov unmark takes the marks off and removes this sheet; leave it as it is until then.",)
        + (None,) * (len(_HEADINGS) - 1)
        + (key,),
        (),
        _HEADINGS,
    ]
    most = 1
    for mark in marks:
        kept = _kept(mark)
        most = max(most, len(kept))
        shown = (mark.record, mark.heading, mark.sheet, mark.address)
        values = (_plain(mark.before), _plain(mark.after), mark.done)
        rows.append((*shown, *values, *kept))
    return SheetChange(MARKS_SHEET, rows, widths=(*_WIDTHS, *(0,) * most))


def marks_styles() -> tuple[StyleChange, ...]:
    """The looks of that sheet: headings in bold."""
    places = ("A1", *(f"{letter}{_FIRST_ROW - 1}" for letter in "ABCDEFG"))
    return tuple(StyleChange(MARKS_SHEET, place, bold=True) for place in places)


def _plain(value: object) -> NewValue:
    if value is None or isinstance(value, bool | int | float | str | date):
        return value
    return str(value)


def _kept(mark: Mark) -> list[str]:
    """What takes a mark off again, cut into texts that a cell can hold."""
    if mark.change is None or mark.stored is None:
        return []
    change: dict[str, Any]
    if isinstance(mark.change, MarkedText):
        change = {"spans": mark.change.spans, "color": mark.change.color}
        change |= {"bold": mark.change.bold, "underline": mark.change.underline}
    else:
        change = {"font_color": mark.change.font_color}
        change |= {"bold": mark.change.bold, "underline": mark.change.underline}
    kept = {"change": change, "record": mark.stored.record, "shows": mark.stored.shows}
    whole = json.dumps(kept | {"style_only": mark.stored.style_only}, separators=(",", ":"))
    return [whole[start : start + _ROOM] for start in range(0, len(whole), _ROOM)]


def read_marks(rows: Sequence[Sequence[Value]]) -> Marks | None:
    """The marks that the rows of the sheet list; None where it has none.

    Raises EditError where they were changed so that a mark cannot be taken off.
    """
    if not rows:
        return None
    width = len(_HEADINGS)
    try:
        key = json.loads("".join(str(each) for each in rows[1][width:] if each is not None))
        if key["form"] != _FORM:
            raise ValueError
        marks = tuple(_read(row, width) for row in rows[_FIRST_ROW - 1 :] if any(row))
        return Marks(marks, str(key["since"]))
    except (ValueError, KeyError, TypeError, IndexError):
        raise EditError(
            f"the sheet {MARKS_SHEET!r} was changed, and what takes the marks off can no longer be "
            "read; nothing was written. Take it from the marked file as it was, or delete the "
            "sheet and use unmark --all-red."
        ) from None


def _read(row: Sequence[Value], width: int) -> Mark:
    record, heading, sheet, address = (str(each or "") for each in row[:4])
    before, after, done = row[4:width]
    bare = Mark(record, heading, sheet, address, before, after, str(done or ""))
    text = "".join(str(each) for each in row[width:] if each is not None)
    if not text:
        return bare
    kept = json.loads(text)
    stored = StoredCell(str(kept["record"]), kept["shows"], bool(kept["style_only"]))
    said = kept["change"]
    change: MarkedText | StyleChange
    if "spans" in said:
        spans = tuple((int(start), int(end)) for start, end in said["spans"])
        looks = said["color"], bool(said["bold"]), bool(said["underline"])
        change = MarkedText(str(stored.shows), spans, *looks)
    else:
        color, bold, underline = said["font_color"], said["bold"], said["underline"]
        change = StyleChange(sheet, address, font_color=color, bold=bold, underline=underline)
    return Mark(record, heading, sheet, address, before, after, bare.done, change, stored)
