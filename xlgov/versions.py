"""Two versions of a workbook: what differs, marked in the cells, and taken off again.

Why apart from ``operations``: a refresh compares nothing, and starts faster without all of this.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from xlgov.changes import ChangeSet
from xlgov.errors import XlgovError
from xlgov.judging import expect_registers
from xlgov.kinds import search_kinds
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.marking import MarkedCells
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.present import without_present_sheets
from xlgov.review.compare import compare
from xlgov.review.difference import Difference
from xlgov.review.mark import mark_changes
from xlgov.review.records import Version
from xlgov.review.telling import changes_sheet
from xlgov.review.unmark import unmark_changes
from xlgov.review.version import read_version
from xlgov.settings import Settings
from xlgov.wanted import state_settings


def diff(
    old: str | Path,
    new: str | Path,
    settings: Settings | None = None,
    *,
    out: str | Path | None = None,
) -> Difference:
    """What changed between two versions of a workbook, record by record.

    Records are matched by their reference, wherever they stand. ``settings`` replaces what each
    version states of its own. With ``out`` a copy of the new version is written there that lists
    the changes on a sheet of ours; the versions themselves are never written.

    Raises the file errors, naming the version, and SettingsError.
    """
    with ExitStack() as opened:
        _, before = open_version(opened, old, settings)
        workbook, after = open_version(opened, new, settings)
        difference = compare(before, after)
        source_hash = workbook.package.sha256()
    if out is not None:
        changes = ChangeSet(sheets=(changes_sheet(difference),), source_hash=source_hash)
        apply_changes(changes, new, out)
    return difference


def open_version(
    opened: ExitStack, path: str | Path, settings: Settings | None
) -> tuple[WorkbookFile, Version]:
    """A version and its records; an error names which of the two files it is about."""
    try:
        workbook = opened.enter_context(open_workbook(path))
        stated = state_settings(workbook, path, settings, None)
        expect_registers(workbook, stated, whole=True)
        return workbook, read_version(workbook, stated, search_kinds(workbook, stated))
    except XlgovError as error:
        said = str(error)
        raise type(error)(said if Path(path).name in said else f"{path}: {said}") from error


def mark(
    new: str | Path,
    since: str | Path,
    out: str | Path | None = None,
    settings: Settings | None = None,
    *,
    backup: bool = True,
    break_signature: bool = False,
) -> tuple[Difference, ChangeSet]:
    """Mark what changed since an older version in the cells, in place or in the file ``out``.

    Words that are new are red, changed figures too, or bold and underlined where red cannot be
    read; a sheet of ours lists all of it, and ``unmark`` takes it off again. Marks against another
    version are taken off first. Gives what differs and what was written.

    Raises the file errors and SettingsError; nothing is written then, nor where no register is
    recognised.
    """
    with ExitStack() as opened:
        older, before = open_version(opened, since, settings)
        workbook, after = open_version(opened, new, settings)
        difference = compare(before, after)
        if not difference.is_in_new:
            return Difference((), {}), ChangeSet()
        changes = mark_changes(
            difference,
            MarkedCells(workbook),
            workbook.package.sha256(),
            older.package.sha256(),
            Path(since).name,
        )
        changes = without_present_sheets(workbook, changes)
    if not changes.is_empty or out is not None:
        apply_changes(changes, new, out, backup=backup, break_signature=break_signature)
    return difference, changes


def unmark(
    path: str | Path,
    out: str | Path | None = None,
    *,
    all_red: bool = False,
    backup: bool = True,
    break_signature: bool = False,
) -> ChangeSet:
    """Take the marks of ``mark`` off again, in place or in the file ``out``; gives what was done.

    Every cell is as it was before, but those that somebody has edited since: they are left, each
    with a finding. ``all_red`` also gives red words in the texts of registers their automatic
    colour.

    Raises the file errors; nothing is written then.
    """
    with ExitStack() as opened:
        texts = None
        if all_red:
            workbook, version = open_version(opened, path, None)
            texts = [
                (held.sheet, held.address)
                for records in version.records.values()
                for record in records
                for held in map(record.held, record.names())
                if isinstance(held.value, str) and held.address
            ]
        else:
            workbook = opened.enter_context(open_workbook(path))
        changes = unmark_changes(MarkedCells(workbook), workbook.package.sha256(), texts)
    if not changes.is_empty or out is not None:
        apply_changes(changes, path, out, backup=backup, break_signature=break_signature)
    return changes
