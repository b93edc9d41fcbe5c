"""The whole story on one page: read, preview, apply, refresh, check, init.

Every write is first a value. ``preview`` turns a workbook into a change set, ``apply`` is the only
writer, ``refresh`` is one after the other, and ``check`` prints what the preview found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlgov.changes import CellChange, ChangeSet, Finding, FormatRule, Report
from xlgov.errors import UsageError
from xlgov.grid.asof import printed_as_of
from xlgov.grid.cells import address, column_letters, parse_address
from xlgov.grid.records import Layout, Search, Vocabulary
from xlgov.grid.search import expected_columns
from xlgov.grid.sheet import Workbook
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.ooxml.rules import HAND_MADE, same_rules
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.in_force import FIELDS, settings_in_force
from xlgov.risk.preview import Preview, preview_registers, search_registers
from xlgov.risk.tables import list_records
from xlgov.settings import SETTINGS_SHEET, Settings, load_settings, resolve_as_of, settings_sheet

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of register: its name, its records as rows, and the changes it asks for."""

    name: str
    headings: Vocabulary
    search: Callable[[Workbook, Settings], Search]
    read: Callable[[Workbook, Settings, Search], list[dict[str, Any]]]
    preview: Callable[[Workbook, Settings, date, Search], Preview]


KINDS = (Kind("risk", VOCABULARY, search_registers, list_records, preview_registers),)


def preview(
    path: str | Path,
    settings: Settings | None = None,
    *,
    as_of: date | None = None,
    stale_after: int | None = None,
) -> ChangeSet:
    """What a refresh of the workbook at ``path`` would change, and what it finds. Writes nothing.

    ``settings`` replaces what the workbook and ``xlgov.toml`` state. ``as_of`` is the day that
    dates are judged by; without it: the settings sheet, a printed date, ``xlgov.toml``, today.
    ``stale_after`` is in days.

    Raises FileError (which one says what is wrong with the file) and SettingsError.
    """
    day = _day(as_of)
    with open_workbook(path) as workbook:
        return _preview(workbook, Path(path), settings, day, stale_after)


def _day(as_of: date | None) -> date | None:
    """The day of a date, or of a time as notebooks have it."""
    if isinstance(as_of, datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, date):
        return as_of
    raise UsageError(f"as_of is {as_of!r}; expected a datetime.date such as date(2017, 2, 6).")


def _preview(
    workbook: WorkbookFile,
    path: Path,
    settings: Settings | None,
    as_of: date | None,
    stale_after: int | None,
) -> ChangeSet:
    stated = _stated(workbook, path, settings)
    if stale_after is not None:
        stated = replace(stated, stale_after=stale_after)
    headings = [kind.headings for kind in KINDS]
    workbook.expect = partial(expected_columns, vocabularies=headings, mapping=stated.columns)
    printed = printed_as_of(workbook, stated.day_first is not False)
    day, source = resolve_as_of(as_of, stated, printed, date.today())
    found = []
    reports: list[Report] = []
    for kind in KINDS:
        search = kind.search(workbook, stated)
        found.append(kind.preview(workbook, stated, day, search))
        unsaid = list(search.layouts)
        for report in found[-1].reports:
            said = [layout for layout in unsaid if layout.sheet in report.sheets]
            unsaid = [layout for layout in unsaid if layout.sheet not in report.sheets]
            reports.append(replace(report, kind=kind.name, recognised=_recognised(said)))
    changes = ChangeSet(
        cells=tuple(_noted(workbook, c) for each in found for c in each.cells),
        formats=tuple(rule for each in found for rule in each.formats),
        findings=tuple(finding for each in found for finding in each.findings),
        reports=tuple(reports),
        source_hash=workbook.package.sha256(),
        as_of=day,
        as_of_source=source,
    )
    return _without_present_formats(workbook, changes)


def _stated(workbook: WorkbookFile, path: str | Path, settings: Settings | None) -> Settings:
    if settings is not None:
        return settings
    fields = [field.name for kind in KINDS for field in kind.headings.fields]
    return load_settings(workbook, path, fields=fields)


def _recognised(layouts: Iterable[Layout]) -> tuple[str, ...]:
    """How sheets were read, field by field, for people who want to see what was understood.

    Sheets that were read alike, as one form each, share one list of fields.
    """
    alike: dict[tuple[str, ...], list[Layout]] = {}
    for layout in layouts:
        fields = tuple(
            f"  {name}: {heading!r} {_places(layout, name)}".rstrip()
            for name, heading in sorted(layout.headings.items(), key=partial(_in_order, layout))
        )
        alike.setdefault(fields, []).append(layout)
    lines: list[str] = []
    for fields, group in alike.items():
        sheets = list(dict.fromkeys(layout.sheet for layout in group))
        number = sum(len(layout.records) for layout in group)
        shape = "forms" if group[0].form != "table" else "a table" if len(group) == 1 else "tables"
        verb = "is" if len(sheets) == 1 else "are"
        records = f"{number} record{'' if number == 1 else 's'}"
        lines += [f"{', '.join(sheets)} {verb} read as {shape}, {records}", *fields]
    return tuple(lines)


def _in_order(layout: Layout, field: tuple[str, str]) -> tuple[int, int]:
    """A key that puts fields as people read them: a table's from left to right, else downwards."""
    row, column = (layout.records[0].at(field[0]) if layout.records else None) or (0, 0)
    return (0, column) if layout.form == "table" else (row, column)


def _places(layout: Layout, name: str) -> str:
    """Where a field stands: a table's column, or the first cells of forms."""
    if layout.form == "table":
        column = layout.records[0].columns.get(name) if layout.records else None
        return "" if column is None else f"in column {column_letters(column)}"
    cells = [place for record in layout.records[:4] if (place := record.at(name))]
    return (
        "in "
        + ", ".join(address(*cell) for cell in cells)
        + (" ..." if len(layout.records) > len(cells) else "")
    )


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
    backup: bool = True,
    break_signature: bool = False,
) -> ChangeSet:
    """Recalculate and format a workbook, in place or to the file ``out``; gives what was done.

    The first refresh in place keeps ``NAME (before xlgov).xlsx`` beside it unless ``backup`` is
    false. A workbook that is right already is not opened for writing.
    """
    day = _day(as_of)
    with open_workbook(path) as workbook:
        changes = _preview(workbook, Path(path), settings, day, stale_after)
        outlines = workbook.outlines
    if changes.is_empty and out is None:
        return changes
    apply_changes(
        changes, path, out, break_signature=break_signature, backup=backup, outlines=outlines
    )
    return changes


def check(
    path_or_folder: str | Path,
    as_of: date | None = None,
    *,
    settings: Settings | None = None,
    stale_after: int | None = None,
) -> list[Finding]:
    """The findings of a workbook, or of every workbook in a folder, worst first within each.

    Findings of a folder carry their file. A file of a folder that cannot be read is a finding,
    ``file-unreadable``, so that it hides none of the others.

    Raises UsageError where the path does not exist, and the file errors where it is a file.
    """
    from xlgov.batch import attempt
    from xlgov.sources import find_workbooks

    day = _day(as_of)

    def look(path: Path) -> ChangeSet:
        return preview(path, settings, as_of=day, stale_after=stale_after)

    if not Path(path_or_folder).is_dir():
        return list(look(Path(path_or_folder)).findings)
    found: list[Finding] = []
    for source in find_workbooks([str(path_or_folder)]):
        outcome = attempt(look, source.path)
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
                    file=str(source.path),
                )
            )
        found += [replace(each, file=str(source.path)) for each in outcome.changes.findings]
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
        found = {
            kind.name: kind.read(workbook, stated, kind.search(workbook, stated)) for kind in KINDS
        }
    return {kind: rows for kind, rows in found.items() if rows}


def init(path: str | Path, out: str | Path | None = None) -> ChangeSet:
    """Add the settings sheet ``xlgov`` to a workbook: the scheme in force, for people to edit.

    Written in place, the file as it was is kept beside it, as the first refresh does.

    Raises UsageError where the workbook has one already.
    """
    with open_workbook(path) as workbook:
        if workbook.book.worksheet(SETTINGS_SHEET) is not None:
            raise UsageError(
                f"{Path(path).name} already has a sheet {SETTINGS_SHEET!r}; edit that one, or "
                "delete it in Excel to start anew."
            )
        settings, remarks = settings_in_force(workbook, _stated(workbook, path, None))
        sheet, styles = settings_sheet(settings, fields=FIELDS, remarks=remarks)
        changes = ChangeSet(sheets=(sheet,), styles=styles, source_hash=workbook.package.sha256())
    apply_changes(changes, path, out, backup=True)
    return changes
