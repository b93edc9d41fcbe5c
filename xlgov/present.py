"""What of a change set a workbook shows already, and what it cannot take.

Why after the domain: a kind says what should stand; whether it stands, whether a note of somebody
else is in the way or a heading is the name of a table's column, only the file can tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from xlgov.changes import (
    CellChange,
    ChangeSet,
    Finding,
    FormatRule,
    NoteChange,
    Preview,
    sort_findings,
)
from xlgov.grid.cells import parse_address
from xlgov.grid.sheet import SheetInfo
from xlgov.kpi.codes import CODES as KPI_CODES
from xlgov.ooxml.notes import new_notes
from xlgov.ooxml.own_sheet import stands_already
from xlgov.ooxml.reader import WorkbookFile
from xlgov.ooxml.rules import HAND_MADE, same_rules
from xlgov.ooxml.tables import headings_obstacle


class HasRules(Protocol):
    """A workbook that says which conditional formats of ours stand in it, a file or a live one."""

    @property
    def sheets(self) -> Sequence[SheetInfo]: ...

    def own_rules(self, sheet: str) -> Sequence[FormatRule]: ...


def without_obstacles(workbook: WorkbookFile, changes: ChangeSet) -> ChangeSet:
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


def wanted_notes(
    workbook: WorkbookFile, previews: Iterable[Preview], *, asked: bool
) -> tuple[tuple[NoteChange, ...], list[Finding]]:
    """The notes to write, and a finding for each cell that has somebody else's.

    Without being asked for, only notes of ours that stand already are kept up to date.
    """
    wanted: list[NoteChange] = []
    taken: list[Finding] = []
    for note in (note for each in previews for note in each.notes):
        standing = workbook.notes(note.sheet).get(parse_address(note.address))
        if standing is not None and not standing.is_ours:
            if asked:
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
        elif standing is not None or asked:
            wanted.append(note)
    return new_notes(workbook, wanted), taken


def without_present_sheets(workbook: WorkbookFile, changes: ChangeSet) -> ChangeSet:
    """Without the sheets of ours that stand already as they are asked for, and their styles."""
    present = {
        sheet.name
        for sheet in changes.sheets
        if stands_already(
            workbook, sheet, [style for style in changes.styles if style.sheet == sheet.name]
        )
    }
    return without_sheets(changes, present)


def without_sheets(changes: ChangeSet, names: Collection[str]) -> ChangeSet:
    """Without the sheets of these names, and their styles."""
    return replace(
        changes,
        sheets=tuple(sheet for sheet in changes.sheets if sheet.name not in names),
        styles=tuple(style for style in changes.styles if style.sheet not in names),
    )


def noted(workbook: WorkbookFile, change: CellChange) -> CellChange:
    """A change whose reason says when its cell is locked: protection guards typing, not data."""
    if not workbook.is_locked(change.sheet, *parse_address(change.address)):
        return change
    return replace(change, reason=f"{change.reason} (a locked cell on a protected sheet)")


def without_present_formats(workbook: HasRules, changes: ChangeSet) -> ChangeSet:
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
