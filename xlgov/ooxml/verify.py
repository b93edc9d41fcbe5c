"""Looking at the new file before it replaces the old one.

Why read it again: a save that went wrong must be noticed while the old file is still there.
Members that were not to change are compared by the directory's checksum and size; edited cells,
formats of ours and notes are read back and compared with what was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from xlgov.changes import FormatRule, Formula, RichText
from xlgov.errors import DamagedError
from xlgov.grid.cells import address, serial_from_date
from xlgov.ooxml.comments import Note
from xlgov.ooxml.directory import part_key
from xlgov.ooxml.edits import KEEP, ReadyCell
from xlgov.ooxml.markup import refuse_ill_formed
from xlgov.ooxml.note_boxes import noted_cells
from xlgov.ooxml.package import Package
from xlgov.ooxml.reader import WorkbookFile
from xlgov.ooxml.rules import HAND_MADE, same_rules
from xlgov.ooxml.sheet import SheetEditor


def verify_written(
    workbook: WorkbookFile,
    editors: Mapping[str, SheetEditor],
    formats: Sequence[FormatRule],
    notes: Mapping[str, Mapping[tuple[int, int], Note]],
    written: Path,
) -> None:
    """Raise DamagedError unless the file at ``written`` is the workbook with just its edits."""
    parts = workbook.parts
    with Package.open(written, workbook.package.limits) as package:
        touched = {part_key(name) for name in (*parts.replaced, *parts.removed, *parts.added)}
        old = [m for m in workbook.package.members if part_key(m.name) not in touched]
        new = [m for m in package.members if part_key(m.name) not in touched]
        if [(m.name, m.crc, m.size, m.compressed_size) for m in old] != [
            (m.name, m.crc, m.size, m.compressed_size) for m in new
        ]:
            raise _surprise("a part that was not to change differs")
        fresh = WorkbookFile(package)
        edited = {part_key(part) for part in editors}
        for name in (*parts.replaced, *parts.added):
            if package.find(name) is None:
                raise _surprise(f"{name} is missing")
            # ``vml`` says why not the drawing of notes; macros are no XML.
            is_read = part_key(name) in edited or name.lower().endswith((".vml", ".bin"))
            if not is_read:
                fresh.parts.tree(name)
        names = {part_key(sheet.part): sheet.name for sheet in fresh.book.sheets()}
        for part, editor in editors.items():
            try:
                _compare_cells(fresh, names[part_key(part)], editor)
            except DamagedError:
                if editor.is_fast:  # that way does not parse, so it may have been broken before
                    refuse_ill_formed(workbook.package.stream(part), part)
                raise
        _compare_rules(fresh, formats)
        for sheet, expected in notes.items():
            _compare_notes(fresh, sheet, expected)


def _compare_cells(fresh: WorkbookFile, sheet: str, editor: SheetEditor) -> None:
    places = {
        (row, column)
        for row, cells in editor.edits.items()
        for column, edit in cells.items()
        if edit.value is not KEEP
        and not (isinstance(edit.value, ReadyCell) and edit.value.reads is KEEP)
    }
    # A sheet that had to be edited with care has to be read with care.
    columns = {column for _, column in places}
    if editor.is_fast:
        grid = fresh.cells(sheet, places, editor.written)
    else:
        grid = fresh.grid(sheet, columns=columns)
    for row, cells in editor.edits.items():
        for column, edit in cells.items():
            expected: object = edit.value
            if isinstance(expected, ReadyCell):
                expected = expected.reads
            if expected is KEEP:
                continue
            found = grid.value(row, column)
            formula = isinstance(expected, Formula)
            if isinstance(expected, Formula):
                expected = expected.cached
            elif isinstance(expected, RichText):
                expected = str(expected)
            elif isinstance(expected, date):
                expected = serial_from_date(expected, fresh.date_1904)
            if isinstance(expected, int) and abs(expected) >= 10**15:
                expected = float(expected)  # as it was written
            same = found == expected or (expected == "" and found is None)
            if not same or grid.has_formula(row, column) is not formula:
                raise _surprise(f"{sheet}!{address(row, column)} reads {found!r}")


def _compare_rules(fresh: WorkbookFile, wanted: Sequence[FormatRule]) -> None:
    for sheet in {rule.sheet.casefold() for rule in wanted}:
        asked = [rule for rule in wanted if rule.sheet.casefold() == sheet]
        present = fresh.own_rules(sheet)
        kinds = {rule.kind for rule in asked} - {HAND_MADE}
        same = same_rules(
            [rule for rule in asked if rule.kind in kinds],
            [rule for rule in present if rule.kind in kinds],
        )
        if not same or any(
            not any(same_rules([rule], [each]) for each in present)
            for rule in asked
            if rule.kind == HAND_MADE
        ):
            raise _surprise(f"the conditional formats of {asked[0].sheet}")


def _compare_notes(
    fresh: WorkbookFile, sheet: str, expected: Mapping[tuple[int, int], Note]
) -> None:
    if fresh.notes(sheet) != expected:
        raise _surprise(f"the notes of {sheet}")
    boxes = noted_cells(fresh.parts, fresh.find_sheet(sheet).part, fresh.outline(sheet))
    bare = [cell for cell, note in expected.items() if note.is_ours and cell not in boxes]
    if bare:
        raise _surprise(f"the note of {sheet}!{address(*bare[0])} has no box")


def _surprise(what: str) -> DamagedError:
    return DamagedError(
        f"the new file did not read back as intended ({what}); the old file was left as it was. "
        "This is a fault of xlgov: please report it with the file."
    )
