"""The whole story on one page: read, preview, apply, refresh, check, init.

Every write is first a value. ``preview`` turns a workbook into a change set, ``apply`` is the only
writer, ``refresh`` is one after the other, and ``check`` prints what the preview found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from xlgov.batch import Examined, Outcome, attempt
from xlgov.changes import (
    CellChange,
    ChangeSet,
    Finding,
    FindingCodes,
    FormatRule,
    NoteChange,
    Preview,
    sort_findings,
)
from xlgov.errors import UsageError, XlgovError
from xlgov.grid.asof import printed_as_of
from xlgov.grid.cells import parse_address
from xlgov.grid.records import Vocabulary
from xlgov.grid.search import expected_columns
from xlgov.grid.sheet import Workbook
from xlgov.kpi.codes import CODES as KPI_CODES
from xlgov.kpi.in_force import dashboard_in_force
from xlgov.kpi.month_text import parse_month
from xlgov.kpi.period import Month
from xlgov.kpi.preview import preview_dashboard
from xlgov.kpi.search import search_dashboard
from xlgov.kpi.tables import list_indicators, list_monthly
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.marking import MarkedCells
from xlgov.ooxml.notes import new_notes
from xlgov.ooxml.own_sheet import stands_already
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.ooxml.rules import HAND_MADE, same_rules
from xlgov.ooxml.tables import headings_obstacle
from xlgov.review.across import CODES as ACROSS_CODES
from xlgov.review.across import check_across
from xlgov.review.compare import compare
from xlgov.review.difference import Difference
from xlgov.review.file_reading import read_file_records
from xlgov.review.mark import mark_changes
from xlgov.review.records import Version
from xlgov.review.telling import changes_sheet
from xlgov.review.unmark import unmark_changes
from xlgov.review.version import read_version
from xlgov.risk.codes import CODES as RISK_CODES
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.in_force import FIELDS, settings_in_force
from xlgov.risk.preview import preview_registers, search_registers
from xlgov.risk.tables import list_records
from xlgov.settings import SETTINGS_SHEET, Settings, load_settings, resolve_as_of, settings_sheet
from xlgov.settings.accepted import check_accepted
from xlgov.settings.values import Extra
from xlgov.tracker import TRACKERS
from xlgov.tracker.kind import Tracker

if TYPE_CHECKING:
    import pandas


Rows = list[dict[str, Any]]
RISK = "risk"


class Searched(Protocol):
    """What a kind's search found: whatever it hands on, and which sheets are its own."""

    @property
    def sheets(self) -> tuple[str, ...]: ...

    @property
    def is_empty(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of register: how it is found, its records as rows, and the changes it asks for.

    What ``search`` finds is handed to the others; sheets that an earlier kind has taken are not
    searched. ``tables`` are the tables of records by name. ``headings`` tell which columns of a
    large sheet will be read and may be mapped; ``codes`` are its findings'. ``in_force`` fills the
    settings sheet that ``init`` adds.
    """

    name: str
    search: Callable[[Workbook, Settings, Collection[str]], Any]
    tables: Mapping[str, Callable[[Workbook, Settings, Any], Rows]]
    preview: Callable[[Workbook, Settings, date, Any], Preview]
    codes: FindingCodes
    in_force: Callable[[Workbook, Settings, Any], tuple[Settings, dict[str, str]]] | None = None
    headings: Vocabulary | None = None

    @property
    def mapped(self) -> tuple[str, ...]:
        """Fields that settings may give a column: the risk register's by their own names."""
        fields = self.headings.fields if self.headings else ()
        above = "" if self.name == RISK else f"{self.name}."
        return tuple(f"{above}{field.name}" for field in fields)


def tracker_kind(tracker: Tracker) -> Kind:
    """A kind of tracker, as one of the kinds."""
    return Kind(
        tracker.name,
        tracker.search,
        {tracker.name: tracker.list_entries},
        tracker.preview,
        tracker.codes,
        headings=tracker.vocabulary,
    )


KINDS = (
    Kind(
        RISK,
        search_registers,
        {"risk": list_records},
        preview_registers,
        RISK_CODES,
        settings_in_force,
        VOCABULARY,
    ),
    Kind(
        "kpi",
        search_dashboard,
        {"kpi": list_indicators, "readings": list_monthly},
        preview_dashboard,
        KPI_CODES,
        dashboard_in_force,
    ),
    *(tracker_kind(tracker) for tracker in TRACKERS),
)


def _search_kinds(workbook: Workbook, settings: Settings) -> dict[str, Searched]:
    """What each kind finds, in order; a sheet belongs to the first kind that takes it."""
    found: dict[str, Searched] = {}
    taken: set[str] = set()
    for kind in KINDS:
        found[kind.name] = kind.search(workbook, settings, frozenset(taken))
        taken.update(found[kind.name].sheets)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller asks for on top of what the workbook and its settings state."""

    as_of: date | None = None
    stale_after: int | None = None
    month: Month | None = None
    extras: frozenset[Extra] = frozenset()


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
) -> ChangeSet:
    """What a refresh of the workbook at ``path`` would change, and what it finds. Writes nothing.

    ``settings`` replaces what the workbook and ``xlgov.toml`` state. ``as_of`` is the day that
    dates are judged by; without it: the settings sheet, a printed date, ``xlgov.toml``, today.
    ``stale_after`` is in days. ``month`` is the reporting month of a dashboard (``"2018-03"``);
    without it: the settings, its title, its headings, its readings. ``reasons`` and ``charts`` add
    a sheet of our own, ``notes`` writes the reasons as cell notes. ``repair`` shows numbers that
    are displayed as dates of 1900 as the numbers that they are.

    Raises FileError (which one says what is wrong with the file), SettingsError and UsageError.
    """
    asked = _asked(as_of, stale_after, month, reasons, notes, charts, repair)
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
) -> Asked:
    wanted: dict[Extra, bool] = {
        "reasons": reasons,
        "notes": notes,
        "charts": charts,
        "repair": repair,
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
        return Examined(changes, read_file_records(path, workbook, stated, searched, changes))


def compare_files(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes of ``examine``, each with what was found between its file and the others."""
    done = list(outcomes)
    between = check_across([each.records for each in done if each.records is not None])
    return [replace(each, between=tuple(between.get(str(each.path), ()))) for each in done]


def _preview(
    workbook: WorkbookFile, path: Path, settings: Settings | None, asked: Asked
) -> ChangeSet:
    return _examine(workbook, path, settings, asked)[0]


def _examine(
    workbook: WorkbookFile, path: Path, settings: Settings | None, asked: Asked
) -> tuple[ChangeSet, Settings, dict[str, Searched]]:
    """The change set, with the settings in force and what each kind's search has found."""
    stated = _with_asked(_stated(workbook, path, settings), asked)
    _expect_registers(workbook, stated)
    printed = printed_as_of(workbook, stated.day_first is not False)
    day, source = resolve_as_of(asked.as_of, stated, printed, date.today())
    searched = _search_kinds(workbook, stated)
    found = {}
    for kind in KINDS:
        each = kind.preview(workbook, stated, day, searched[kind.name])
        reports = tuple(replace(report, kind=kind.name) for report in each.reports)
        found[kind.name] = replace(each, reports=reports)
    previews = found.values()
    notes, taken = _wanted_notes(workbook, previews, asked)
    changes = ChangeSet(
        cells=tuple(_noted(workbook, c) for each in previews for c in each.cells),
        styles=tuple(style for each in previews for style in each.styles),
        formats=tuple(rule for each in previews for rule in each.formats),
        notes=notes,
        sheets=tuple(sheet for each in previews for sheet in each.sheets),
        findings=(*_without_doubts(_all_findings(found, stated), searched), *taken),
        reports=tuple(report for each in previews for report in each.reports),
        source_hash=workbook.package.sha256(),
        as_of=day,
        as_of_source=source,
    )
    changes = _without_obstacles(workbook, changes)
    changes = _without_present_formats(workbook, _without_present_sheets(workbook, changes))
    return changes, stated, searched


def _expect_registers(workbook: WorkbookFile, settings: Settings, whole: bool = False) -> None:
    """Let the reader take the columns of registers on its first way through a large sheet.

    With ``whole`` the long texts in them too, which a comparison reads and a preview does not.
    """
    headings = [kind.headings for kind in KINDS if kind.headings is not None]
    expect = partial(expected_columns, vocabularies=headings, mapping=settings.columns)
    workbook.expect = (lambda grid: (expect(grid)[0], frozenset())) if whole else expect


def _with_asked(settings: Settings, asked: Asked) -> Settings:
    """The settings with the caller's wishes, which go before them."""
    if asked.stale_after is not None:
        settings = replace(settings, stale_after=asked.stale_after)
    if asked.month is not None:
        sources = {**settings.sources, "month": "--month"}
        settings = replace(settings, month=asked.month.first_day, sources=sources)
    return replace(settings, extras=asked.extras)


def _all_findings(found: Mapping[str, Preview], settings: Settings) -> list[Finding]:
    """The findings of every kind, worst first, and accepted ones that accept nothing."""
    findings = [finding for each in found.values() for finding in each.findings]
    if any(each.reports for each in found.values()):
        labels = frozenset().union(*(each.labels for each in found.values()))
        codes = {code: said for kind in KINDS for code, said in kind.codes.items()}
        codes |= ACROSS_CODES
        findings += check_accepted(settings.accepted, labels, codes)
    return sort_findings(findings)


def _without_doubts(
    findings: Iterable[Finding], searched: Mapping[str, Searched]
) -> Iterable[Finding]:
    """Without doubts of one kind about a sheet that another kind has recognised."""
    sure = {sheet for each in searched.values() for sheet in each.sheets}
    return (
        each for each in findings if not (each.code == "register-unclear" and each.sheet in sure)
    )


def _without_obstacles(workbook: WorkbookFile, changes: ChangeSet) -> ChangeSet:
    """Without headings that cannot be changed alone, each with a finding.

    The heading of an Excel table is also the name that formulas elsewhere may use.
    """
    cells, findings = [], list(changes.findings)
    headings = [change for change in changes.cells if change.measure == "heading"]
    together = {
        sheet: headings_obstacle(
            workbook,
            sheet,
            {parse_address(each.address): each.after for each in headings if each.sheet == sheet},
        )
        for sheet in {each.sheet for each in headings}
    }
    for change in changes.cells:
        obstacle = None
        if change.measure == "heading" and together[change.sheet] is not None:
            wanted = {parse_address(change.address): change.after}
            obstacle = headings_obstacle(workbook, change.sheet, wanted)
        if obstacle is None:
            cells.append(change)
            continue
        findings.append(
            Finding(
                "warning",
                "month-heading-differs",
                "",
                change.sheet,
                change.address,
                f"The heading cannot follow the reporting month: {obstacle}",
                "Change the heading in Excel, which changes those formulas too",
                title=KPI_CODES["month-heading-differs"][1],
            )
        )
    return replace(changes, cells=tuple(cells), findings=tuple(sort_findings(findings)))


def _wanted_notes(
    workbook: WorkbookFile, previews: Iterable[Preview], asked: Asked
) -> tuple[tuple[NoteChange, ...], list[Finding]]:
    """The notes to write, and a finding for each cell that has somebody else's.

    Without being asked for, only notes of ours that stand already are kept up to date.
    """
    wanted: list[NoteChange] = []
    taken: list[Finding] = []
    for note in (note for each in previews for note in each.notes):
        standing = workbook.notes(note.sheet).get(parse_address(note.address))
        if standing is not None and not standing.is_ours:
            if "notes" in asked.extras:
                message = (
                    f"A note of {standing[0] or 'somebody'} stands here; none of ours is added"
                )
                taken.append(
                    Finding(
                        "note",
                        "note-taken",
                        "",
                        note.sheet,
                        note.address,
                        message,
                        "Read the reason on the sheet that --reasons adds",
                        title="Note of somebody else",
                    )
                )
        elif standing is not None or "notes" in asked.extras:
            wanted.append(note)
    return new_notes(workbook, wanted), taken


def _without_present_sheets(workbook: WorkbookFile, changes: ChangeSet) -> ChangeSet:
    """Without the sheets of ours that stand already as they are asked for, and their styles."""
    present = {
        sheet.name
        for sheet in changes.sheets
        if stands_already(
            workbook, sheet, [style for style in changes.styles if style.sheet == sheet.name]
        )
    }
    return replace(
        changes,
        sheets=tuple(sheet for sheet in changes.sheets if sheet.name not in present),
        styles=tuple(style for style in changes.styles if style.sheet not in present),
    )


def _stated(workbook: WorkbookFile, path: str | Path, settings: Settings | None) -> Settings:
    if settings is not None:
        return settings
    fields = [name for kind in KINDS for name in kind.mapped]
    return load_settings(workbook, path, fields=fields)


def _noted(workbook: WorkbookFile, change: CellChange) -> CellChange:
    """A change whose reason says when its cell is locked: protection guards typing, not data."""
    if not workbook.is_locked(change.sheet, *parse_address(change.address)):
        return change
    return replace(change, reason=f"{change.reason} (a locked cell on a protected sheet)")


def _without_present_formats(workbook: WorkbookFile, changes: ChangeSet) -> ChangeSet:
    """Only the formats that a sheet does not show already; sheets whose old ones of ours go."""
    wanted: dict[str, list[FormatRule]] = {}
    for rule in changes.formats:
        wanted.setdefault(rule.sheet, []).append(rule)
    formats: list[FormatRule] = []
    drop: list[str] = []
    for sheet in workbook.sheets:
        asked = wanted.get(sheet.name, [])
        present = [rule for rule in workbook.own_rules(sheet.name) if rule.kind != HAND_MADE]
        if same_rules(asked, present):
            continue
        formats += asked
        if present:
            drop.append(sheet.name)
    return replace(changes, formats=tuple(formats), drop_formats=tuple(drop))


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
    backup: bool = True,
    break_signature: bool = False,
) -> ChangeSet:
    """Recalculate and format a workbook, in place or to the file ``out``; gives what was done.

    The first refresh in place keeps ``NAME (before xlgov).xlsx`` beside it unless ``backup`` is
    false. A workbook that is right already is not opened for writing. The other arguments are
    those of ``preview``.
    """
    asked = _asked(as_of, stale_after, month, reasons, notes, charts, repair)
    with open_workbook(path) as workbook:
        changes = _preview(workbook, Path(path), settings, asked)
        outlines = workbook.outlines
    if changes.is_empty and out is None:
        return changes
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
        stated = _stated(workbook, path, settings)
        found = {}
        searched = _search_kinds(workbook, stated)
        for kind in KINDS:
            for name, list_rows in kind.tables.items():
                found[name] = list_rows(workbook, stated, searched[kind.name])
    return {name: rows for name, rows in found.items() if rows}


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
        _, before = _open_version(opened, old, settings)
        workbook, after = _open_version(opened, new, settings)
        difference = compare(before, after)
        source_hash = workbook.package.sha256()
    if out is not None:
        changes = ChangeSet(sheets=(changes_sheet(difference),), source_hash=source_hash)
        apply_changes(changes, new, out)
    return difference


def _open_version(
    opened: ExitStack, path: str | Path, settings: Settings | None
) -> tuple[WorkbookFile, Version]:
    """A version and its records; an error names which of the two files it is about."""
    try:
        workbook = opened.enter_context(open_workbook(path))
        stated = _stated(workbook, path, settings)
        _expect_registers(workbook, stated, whole=True)
        return workbook, read_version(workbook, stated, _search_kinds(workbook, stated))
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
        older, before = _open_version(opened, since, settings)
        workbook, after = _open_version(opened, new, settings)
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
        changes = _without_present_sheets(workbook, changes)
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
            workbook, version = _open_version(opened, path, None)
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


def init(path: str | Path, out: str | Path | None = None) -> ChangeSet:
    """Add the settings sheet ``xlgov`` to a workbook: what is in force, for people to edit.

    Written in place, the file as it was is kept beside it, as the first refresh does.

    Raises UsageError where the workbook has one already.
    """
    with open_workbook(path) as workbook:
        if workbook.book.worksheet(SETTINGS_SHEET) is not None:
            raise UsageError(
                f"{Path(path).name} already has a sheet {SETTINGS_SHEET!r}; edit that one, or "
                "delete it in Excel to start anew."
            )
        settings = _stated(workbook, path, None)
        searched = _search_kinds(workbook, settings)
        present = [kind for kind in KINDS if not searched[kind.name].is_empty] or [KINDS[0]]
        remarks: dict[str, str] = {}
        for kind in present:
            if kind.in_force is not None:
                settings, said = kind.in_force(workbook, settings, searched[kind.name])
                remarks |= said
        kinds = [kind.name for kind in present]
        sheet, styles = settings_sheet(settings, kinds=kinds, fields=FIELDS, remarks=remarks)
        changes = ChangeSet(sheets=(sheet,), styles=styles, source_hash=workbook.package.sha256())
    apply_changes(changes, path, out, backup=True)
    return changes
