"""The whole story on one page: read, preview, apply, refresh, check, init.

Every write is first a value. ``preview`` turns a workbook into a change set, ``apply`` is the only
writer, ``refresh`` is one after the other, and ``check`` prints what the preview found.

Why a refresh looks twice where its file was saved in between: whatever it was to write is then of a
file that is no more, and what is left to do, often nothing, only a new look can tell. Two looks and
no more, as whoever saves that often is at work in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.asked import Write, read_asked, read_day
from xlgov.batch import Examined, Outcome, attempt
from xlgov.changes import ChangeSet, Finding
from xlgov.errors import ChangedError, DamagedError, NotAWorkbookError, UsageError
from xlgov.judging import judge_file, rating_names
from xlgov.kinds import KINDS, search_kinds
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.reader import open_workbook
from xlgov.settings import SETTINGS_SHEET, Settings
from xlgov.wanted import state_settings

if TYPE_CHECKING:
    import pandas


def preview(
    path: str | Path,
    settings: Settings | None = None,
    *,
    as_of: date | None = None,
    stale_after: int | None = None,
    month: str | date | None = None,
    reasons: bool = False,
    notes: bool = False,
    charts: bool = False,
    repair: bool = False,
    write: Write = "values",
) -> ChangeSet:
    """What a refresh of the workbook at ``path`` would change, and what it finds. Writes nothing.

    ``settings`` replaces what the workbook and ``xlgov.toml`` state. ``as_of`` is the day that
    dates are judged by; without it: the settings sheet, a printed date, ``xlgov.toml``, today.
    ``stale_after`` is in days. ``month`` is the reporting month of a dashboard (``"2018-03"``);
    without it: the settings, its title, its headings, its readings. ``reasons`` and ``charts`` add
    a sheet of our own, ``notes`` writes the reasons as cell notes. ``repair`` shows numbers that
    are displayed as dates of 1900 as the numbers that they are. ``write`` ``"formulas"`` puts
    formulas on the settings sheet's matrix in place of typed ratings, and adds that sheet where it
    is absent.

    Raises FileError (which one says what is wrong with the file), SettingsError and UsageError.
    """
    asked = read_asked(as_of, stale_after, month, reasons, notes, charts, repair, write)
    with open_workbook(path) as workbook:
        return judge_file(workbook, path, settings, asked).changes


def examine(
    path: str | Path,
    settings: Settings | None = None,
    *,
    as_of: date | None = None,
    stale_after: int | None = None,
    month: str | date | None = None,
) -> Examined:
    """The preview of a workbook, and what to keep of it for ``compare_files``. Writes nothing.

    The arguments and errors are those of ``preview``.
    """
    from xlgov.review.file_reading import read_file_records

    asked = read_asked(as_of, stale_after, month)
    with open_workbook(path) as workbook:
        changes, stated, searched = judge_file(workbook, path, settings, asked)
        return Examined(changes, read_file_records(path, workbook, stated, searched, changes))


def compare_files(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes of ``examine``, each with what was found between its file and the others."""
    from xlgov.review.across import check_across

    done = list(outcomes)
    between = check_across([each.records for each in done if each.records is not None])
    return [replace(each, between=tuple(between.get(str(each.path), ()))) for each in done]


def apply(
    changes: ChangeSet,
    path: str | Path,
    out: str | Path | None = None,
    *,
    break_signature: bool = False,
) -> None:
    """Apply a change set to the workbook at ``path``, in place or to the file ``out``.

    All or nothing: the new file replaces the old one whole. Everything that the change set does
    not name keeps its bytes.

    Raises ChangedError where the file is not the one that was previewed, EditError for edits that
    would do damage (all at once), and the other file errors; nothing is written then.
    """
    apply_changes(changes, path, out, break_signature=break_signature)


def refresh(
    path: str | Path,
    out: str | Path | None = None,
    settings: Settings | None = None,
    *,
    as_of: date | None = None,
    stale_after: int | None = None,
    month: str | date | None = None,
    reasons: bool = False,
    notes: bool = False,
    charts: bool = False,
    repair: bool = False,
    write: Write = "values",
    update_formulas: bool = False,
    backup: bool = True,
    break_signature: bool = False,
    announce: Callable[[ChangeSet], None] | None = None,
    withdraw: Callable[[ChangeSet], None] | None = None,
    wrote: Callable[[str], None] | None = None,
) -> ChangeSet:
    """Recalculate and format a workbook, in place or to the file ``out``; gives what was done.

    The first refresh in place keeps ``NAME (before xlgov).xlsx`` beside it unless ``backup`` is
    false. A workbook that is right already is not opened for writing. ``update_formulas`` also
    brings up to date what formulas show that depend on the changes, computed by LibreOffice; it
    raises UsageError where that is not installed. The other arguments are those of ``preview``.

    Where somebody, or another refresh, saves the file after it was previewed and before it is
    replaced, nothing of theirs is overwritten: in place it is previewed once more, and what is
    left to do is done. ``announce`` is called with a change set just before it is written,
    ``withdraw`` with one that was announced and then not written as the file had changed, and
    ``wrote`` with the SHA-256 of a file that was written.

    Raises ChangedError where the file is saved both times, or with ``out``, and the other errors
    of ``preview`` and ``apply``; the file is then as it was saved last.
    """
    asked = read_asked(as_of, stale_after, month, reasons, notes, charts, repair, write)

    def look_and_write() -> ChangeSet:
        with open_workbook(path) as workbook:
            changes = judge_file(workbook, path, settings, asked).changes
            outlines = workbook.outlines
        if update_formulas:
            from xlgov.recalculation import update_formulas as with_formulas

            changes = with_formulas(path, changes)
        if changes.is_empty and out is None:
            return changes
        if announce is not None:
            announce(changes)
        try:
            apply_changes(
                changes,
                path,
                out,
                break_signature=break_signature,
                backup=backup,
                outlines=outlines,
                wrote=wrote,
            )
        except ChangedError:
            if withdraw is not None:
                withdraw(changes)
            raise
        return changes

    try:
        return look_and_write()
    except ChangedError as changed:
        if out is not None:
            raise
        try:
            return look_and_write()
        except (DamagedError, NotAWorkbookError) as half:  # they may still be writing it
            raise changed from half


def check(
    path_or_folder: str | Path | Iterable[str | Path],
    as_of: date | None = None,
    *,
    settings: Settings | None = None,
    stale_after: int | None = None,
    month: str | date | None = None,
) -> list[Finding]:
    """The findings of a workbook, or of every workbook of a folder, worst first within each.

    Several paths or a glob are looked at as a folder is. Then findings carry their file, and those
    between two files follow those of the file that they are about; ``related`` names the cell in
    the other (``register.xlsx!Risks!A4``). A file that cannot be read is a finding,
    ``file-unreadable``, so that it hides none of the others.

    Raises UsageError where the path does not exist, and the file errors where it is a file.
    """
    from xlgov.sources import find_workbooks

    day = read_day(as_of)

    def look(path: Path) -> Examined:
        return examine(path, settings, as_of=day, stale_after=stale_after, month=month)

    if isinstance(path_or_folder, str | Path):
        path = Path(path_or_folder)
        sources = find_workbooks([str(path)])
        if not path.is_dir() and [source.path for source in sources] == [path]:
            changes = preview(path, settings, as_of=day, stale_after=stale_after, month=month)
            return list(changes.findings)
    else:
        sources = find_workbooks([str(path) for path in path_or_folder])
    found: list[Finding] = []
    for outcome in compare_files(attempt(look, source.path) for source in sources):
        if outcome.error is not None:
            found.append(
                Finding(
                    "error",
                    "file-unreadable",
                    "",
                    "",
                    "",
                    str(outcome.error),
                    title="File that cannot be read",
                    file=str(outcome.path),
                )
            )
        found += [replace(each, file=str(outcome.path)) for each in outcome.findings]
    return found


def read(path: str | Path, settings: Settings | None = None) -> dict[str, pandas.DataFrame]:
    """The records of a workbook as tables: kind to DataFrame, one row per record.

    The first columns are ``sheet`` and ``address`` (the record's first cell); then one column per
    field that the register has. A blank cell is None or NaN, never 0; text stays text. A kind of
    which the workbook has no record is not there: the result may be empty.
    """
    import pandas

    return {kind: pandas.DataFrame(rows) for kind, rows in read_rows(path, settings).items()}


def read_rows(
    path: str | Path, settings: Settings | None = None
) -> dict[str, list[dict[str, object]]]:
    """The records of a workbook as plain rows, by kind; kinds without records are left out."""
    with open_workbook(path) as workbook:
        stated = state_settings(workbook, path, settings, None)
        found = {}
        searched = search_kinds(workbook, stated)
        for kind in KINDS:
            for name, list_rows in kind.tables.items():
                found[name] = list_rows(workbook, stated, searched[kind.name])
    return {name: rows for name, rows in found.items() if rows}


def init(path: str | Path, out: str | Path | None = None) -> ChangeSet:
    """Add the settings sheet ``xlgov`` to a workbook: what is in force, for people to edit.

    Written in place, the file as it was is kept beside it, as the first refresh does.

    A sheet of that name that holds only what the button keeps for undo makes way.

    Raises UsageError where the workbook has one already.
    """
    from xlgov.risk.in_force import FIELDS
    from xlgov.settings.page import settings_sheet
    from xlgov.settings.sheet import states_nothing

    with open_workbook(path) as workbook:
        if not states_nothing(workbook):
            raise UsageError(
                f"{Path(path).name} already has a sheet {SETTINGS_SHEET!r}; edit that one, or "
                "delete it in Excel to start anew."
            )
        settings = state_settings(workbook, path, None, None)
        searched = search_kinds(workbook, settings)
        present = [kind for kind in KINDS if not searched[kind.name].is_empty] or [KINDS[0]]
        remarks: dict[str, str] = {}
        for kind in present:
            if kind.in_force is not None:
                settings, said = kind.in_force(workbook, settings, searched[kind.name])
                remarks |= said
        kinds = [kind.name for kind in present]
        sheet, styles = settings_sheet(settings, kinds=kinds, fields=FIELDS, remarks=remarks)
        changes = ChangeSet(
            sheets=(sheet,),
            styles=styles,
            source_hash=workbook.package.sha256(),
            names=rating_names(workbook, settings, searched, [name for name, _ in sheet.names]),
        )
    apply_changes(changes, path, out, backup=True)
    return changes
