"""Cell notes: reading everybody's, and adding, changing and removing those that are ours.

Why only ours: a note is somebody's words. One of another author, or a conversation (a threaded
comment, which Excel shows in place of a note), is never replaced, added to or removed; whoever
prepares changes looks at ``WorkbookFile.notes`` first. Ours are those whose author is ``xlgov``.

A note is two things, a text in the comments part (``comments``) and a box in the drawing part
(``note_boxes``). A part that holds nothing any more goes, as when Excel deletes the last note.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xlgov.changes import NoteChange
from xlgov.grid.cells import address, parse_address
from xlgov.ooxml.anchors import Anchors
from xlgov.ooxml.cell import LONGEST_TEXT
from xlgov.ooxml.comments import AUTHOR, Cell, Edit, Note, write_comments
from xlgov.ooxml.note_boxes import write_boxes
from xlgov.ooxml.parts import Parts

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

_SURROGATE = re.compile("[\ud800-\udfff]")


def same_note(workbook: WorkbookFile, change: NoteChange) -> bool:
    """Whether a note stands already as a change asks, so that the change would write nothing."""
    return not new_notes(workbook, (change,))


def new_notes(workbook: WorkbookFile, changes: Iterable[NoteChange]) -> tuple[NoteChange, ...]:
    """The changes that do not stand already, in their order.

    Those that will be refused are among them: of notes that are not ours, or of no cell.
    """
    places = _Places(workbook, [])
    new = []
    for change in changes:
        found = places.find(change)
        if found is None or not _stands(workbook.notes(found[0]).get(found[1]), change.text):
            new.append(change)
    return tuple(new)


def _stands(note: Note | None, text: str | None) -> bool:
    if note is None or text is None:
        return note is None and text is None
    return note == (AUTHOR, _one_newline(text))


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Places:
    """The sheet and cell that a change means: the first cell of a merged range."""

    def __init__(self, workbook: WorkbookFile, wrong: list[str]) -> None:
        self._workbook, self._wrong = workbook, wrong
        self._anchors: dict[str, Anchors] = {}

    def find(self, change: NoteChange) -> tuple[str, Cell] | None:
        try:
            sheet = self._workbook.find_sheet(change.sheet).name
        except KeyError:
            self._wrong.append(f"there is no worksheet {change.sheet!r} for a note")
            return None
        try:
            cell = parse_address(change.address)
        except ValueError as error:
            self._wrong.append(f"{change.sheet}: {error}")
            return None
        if sheet not in self._anchors:
            self._anchors[sheet] = Anchors(self._workbook.outline(sheet).merges)
        return sheet, self._anchors[sheet].of(cell)


Wanted = Mapping[str, Mapping[Cell, str | None]]


def collect_notes(
    workbook: WorkbookFile, changes: Iterable[NoteChange], wrong: list[str]
) -> Wanted:
    """The notes to write by sheet and cell, without those that stand; the impossible to ``wrong``.

    Among it is a note in a cell that has one of another author's.
    """
    places = _Places(workbook, wrong)
    asked: dict[str, dict[Cell, str | None]] = defaultdict(dict)
    for change in changes:
        found = places.find(change)
        if found is None:
            continue
        sheet, cell = found
        where = f"{sheet}!{address(*cell)}"
        text = None if change.text is None else _one_newline(change.text)
        if text is not None and (said := _impossible(text)):
            wrong.append(f"{where}: {said}")
        elif asked[sheet].setdefault(cell, text) != text:
            wrong.append(f"{where} is given two different notes; leave one")
    for sheet, cells in asked.items():
        standing = workbook.notes(sheet)
        for cell, text in list(cells.items()):
            note = standing.get(cell)
            if _stands(note, text):
                del cells[cell]
            elif note is not None and not note.is_ours:
                wrong.append(
                    f"{sheet}!{address(*cell)} has a note by {note.author or 'somebody'}, which is "
                    "not ours to change; leave this note out, or delete theirs in Excel"
                )
    return {sheet: cells for sheet, cells in asked.items() if cells}


def _impossible(text: str) -> str:
    if not text.strip():
        return "a note needs a text; give None to remove ours"
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        return (
            f"the note has {len(text):,} characters; a note holds at most {LONGEST_TEXT:,}. "
            "Shorten it"
        )
    if _SURROGATE.search(text):
        return f"the note {text[:40]!r} holds half a character; correct it"
    return ""


def expected_notes(workbook: WorkbookFile, wanted: Wanted) -> dict[str, dict[Cell, Note]]:
    """All notes that the sheets of these changes are to have afterwards."""
    found = {}
    for sheet, cells in wanted.items():
        after = dict(workbook.notes(sheet))
        for cell, text in cells.items():
            if text is None:
                after.pop(cell, None)
            else:
                after[cell] = Note(AUTHOR, text)
        found[sheet] = after
    return found


def write_notes(
    workbook: WorkbookFile, sheet: str, wanted: Mapping[Cell, str | None]
) -> list[Edit]:
    """Write a sheet's notes into their parts; gives the edits of the bare sheet that go with it."""
    parts, outline = workbook.parts, workbook.outline(sheet)
    before = workbook.notes(sheet)
    folder = workbook.book.part.rpartition("/")[0]
    write_comments(parts, outline.part, wanted, folder, outline.root.namespace)
    edits = write_boxes(parts, outline, wanted, before, folder)
    workbook.forget_notes(sheet)
    return edits


def remove_notes_parts(parts: Parts, sheet: str) -> None:
    """Remove all that notes of a sheet's part consist of; the sheet goes, too."""
    for each in parts.relationships(sheet):
        if each.kind in ("comments", "vmlDrawing", "threadedComment") and parts.name(each.target):
            parts.remove_related(sheet, each.target)
