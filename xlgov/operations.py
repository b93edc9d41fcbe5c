"""The whole story on one page: read, preview, apply, refresh, check, init.

Every write is first a value. ``preview`` turns a workbook into a change set, ``apply`` is the only
writer, ``refresh`` is one after the other, and ``check`` prints what the preview found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlgov.batch import Examined, Outcome, attempt
from xlgov.changes import (
    ChangeSet,
    Finding,
)
from xlgov.errors import UsageError
from xlgov.grid.records import Search
from xlgov.grid.search import expected_columns
from xlgov.journal.hashes import hash_values
from xlgov.kinds import KINDS, RISK, Searched, search_kinds
from xlgov.kpi.month_text import parse_month
from xlgov.kpi.period import Month
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.links import outside_links
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.present import (
    noted,
    wanted_notes,
    without_obstacles,
    without_present_formats,
    without_present_sheets,
)
from xlgov.risk.in_force import FIELDS
from xlgov.risk.ranges import is_range_name, name_ratings, settle_names
from xlgov.settings import SETTINGS_SHEET, Settings, settings_sheet
from xlgov.settings.sheet import states_nothing
from xlgov.settings.values import Extra
from xlgov.wanted import Asked, state_settings, want_changes

if TYPE_CHECKING:
    import pandas

Write = Literal["values", "formulas"]


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
    asked = _asked(as_of, stale_after, month, reasons, notes, charts, repair, write)
    with open_workbook(path) as workbook:
        return _preview(workbook, Path(path), settings, asked)


def _asked(
    as_of: date | None,
    stale_after: int | None,
    month: str | date | None,
    reasons: bool,
    notes: bool,
    charts: bool,
    repair: bool,
    write: Write = "values",
) -> Asked:
    if write not in ("values", "formulas"):
        raise UsageError(f"write is {write!r}; expected 'values' or 'formulas'.")
    wanted: dict[Extra, bool] = {
        "reasons": reasons,
        "notes": notes,
        "charts": charts,
        "repair": repair,
        "formulas": write == "formulas",
    }
    extras = frozenset(extra for extra, is_wanted in wanted.items() if is_wanted)
    return Asked(_day(as_of), stale_after, read_month(month), extras)


def _day(as_of: date | None) -> date | None:
    """The day of a date, or of a time as notebooks have it."""
    if isinstance(as_of, datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, date):
        return as_of
    raise UsageError(f"as_of is {as_of!r}; expected a datetime.date such as date(2017, 2, 6).")


def read_month(month: str | date | None) -> Month | None:
    """The reporting month that a caller names: ``2018-03``, ``March 2018``, or a day in it.

    Raises UsageError where it is no month.
    """
    if month is None:
        return None
    found = Month.of(month) if isinstance(month, date) else parse_month(str(month))
    if found is None:
        raise UsageError(f"{month!r} is no month; expected one such as 2018-03.")
    return found


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
    asked = _asked(as_of, stale_after, month, False, False, False, False)
    with open_workbook(path) as workbook:
        changes, stated, searched = _examine(workbook, Path(path), settings, asked)
        from xlgov.review.file_reading import read_file_records

        return Examined(changes, read_file_records(path, workbook, stated, searched, changes))


def compare_files(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes of ``examine``, each with what was found between its file and the others."""
    from xlgov.review.across import check_across

    done = list(outcomes)
    between = check_across([each.records for each in done if each.records is not None])
    return [replace(each, between=tuple(between.get(str(each.path), ()))) for each in done]


def _preview(
    workbook: WorkbookFile, path: Path, settings: Settings | None, asked: Asked
) -> ChangeSet:
    return _examine(workbook, path, settings, asked)[0]


def _examine(
    workbook: WorkbookFile, path: Path, settings: Settings | None, asked: Asked
) -> tuple[ChangeSet, Settings, Mapping[str, Searched]]:
    """The change set, with the settings in force and what each kind's search has found."""
    stated = state_settings(workbook, path, settings, asked)
    expect_registers(workbook, stated)
    wanted = want_changes(workbook, stated, asked.as_of)
    notes, taken = wanted_notes(workbook, wanted.previews.values(), asked="notes" in asked.extras)
    changes = replace(
        wanted.changes,
        cells=tuple(noted(workbook, change) for change in wanted.changes.cells),
        notes=notes,
        findings=(*wanted.changes.findings, *taken, *_note_links(workbook, wanted.changes)),
        source_hash=workbook.package.sha256(),
        settings_hash=hash_values(stated),
    )
    if any(is_range_name(name) for name in workbook.book.hidden_names()):
        changes = replace(changes, names=_rating_names(workbook, stated, wanted.searched))
    changes = without_obstacles(workbook, changes)
    changes = without_present_formats(workbook, without_present_sheets(workbook, changes))
    return changes, stated, wanted.searched


def _note_links(workbook: WorkbookFile, changes: ChangeSet) -> tuple[Finding, ...]:
    """One note on a register that takes values from outside the workbook."""
    links = outside_links(workbook.parts, workbook.book.part) if changes.reports else ()
    if not links:
        return ()
    kinds = Counter(link.kind for link in links)
    said = " and ".join(f"{number} {kind}{'s' * (number > 1)}" for kind, number in kinds.items())
    return (
        Finding(
            "note",
            "outside-links",
            "",
            "",
            "",
            f"The workbook takes values from outside: {said}; left as they are, not followed",
            "Data, Edit Links in Excel shows them",
            title="Values from outside",
        ),
    )


def _rating_names(
    workbook: WorkbookFile,
    settings: Settings,
    searched: Mapping[str, Searched],
    shown: Collection[str] = (),
) -> tuple[tuple[str, str | None], ...]:
    """The names by which a macro finds the ratings, where they do not stand so already.

    ``shown`` are names that the settings sheet is about to have.
    """
    found = searched[RISK]
    assert isinstance(found, Search)
    names = {**workbook.book.names(), **dict.fromkeys(shown, "")}
    hidden = [name for name in workbook.book.hidden_names() if name not in shown]
    wanted, gone = settle_names(name_ratings(workbook, settings, found), names, hidden)
    standing = {name.casefold(): refers for name, refers in names.items()}
    new = [(name, refers) for name, refers in wanted if standing.get(name.casefold()) != refers]
    return (*new, *((name, None) for name in gone))


def expect_registers(workbook: WorkbookFile, settings: Settings, whole: bool = False) -> None:
    """Let the reader take the columns of registers on its first way through a large sheet.

    With ``whole`` the long texts in them too, which a comparison reads and a preview does not.
    """
    headings = [kind.headings for kind in KINDS if kind.headings is not None]
    expect = partial(expected_columns, vocabularies=headings, mapping=settings.columns)
    workbook.expect = (lambda grid: (expect(grid)[0], frozenset())) if whole else expect


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
) -> ChangeSet:
    """Recalculate and format a workbook, in place or to the file ``out``; gives what was done.

    The first refresh in place keeps ``NAME (before xlgov).xlsx`` beside it unless ``backup`` is
    false. A workbook that is right already is not opened for writing. ``update_formulas`` also
    brings up to date what formulas show that depend on the changes, computed by LibreOffice; it
    raises UsageError where that is not installed. ``announce`` is called with the change set just
    before it is written. The other arguments are those of ``preview``.
    """
    asked = _asked(as_of, stale_after, month, reasons, notes, charts, repair, write)
    with open_workbook(path) as workbook:
        changes = _preview(workbook, Path(path), settings, asked)
        outlines = workbook.outlines
    if update_formulas:
        from xlgov.recalculation import update_formulas as with_formulas

        changes = with_formulas(path, changes)
    if changes.is_empty and out is None:
        return changes
    if announce is not None:
        announce(changes)
    apply_changes(
        changes, path, out, break_signature=break_signature, backup=backup, outlines=outlines
    )
    return changes


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

    day = _day(as_of)

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
            names=_rating_names(workbook, settings, searched, [name for name, _ in sheet.names]),
        )
    apply_changes(changes, path, out, backup=True)
    return changes
