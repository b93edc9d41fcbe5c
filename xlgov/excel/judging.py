"""What a refresh would do to an open workbook: the change set of files, for the Excel hand.

Why the same steps: the button and the nightly refresh must give one answer. Only what stands
already is asked of Excel here, and what this Excel cannot do is said as a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xlgov.changes import ChangeSet, Finding, NoteChange, SheetChange, sort_findings
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.values import from_excel
from xlgov.grid.cells import Value, parse_address
from xlgov.present import without_present_formats, without_sheets
from xlgov.settings import Settings
from xlgov.wanted import Asked, state_settings, want_changes

FORMATS_SKIPPED = "formats-skipped"
FORMULAS_UNSEEN = "formulas-unseen"
FILLS_UNSEEN = "fills-unseen"
_OF_FILLS = ("plan-status-missing",)  # findings that a fill nobody can see would answer


def judge_live(
    live: LiveWorkbook, settings: Settings | None = None, asked: Asked | None = None
) -> ChangeSet:
    """The change set of an open workbook. Writes nothing.

    Raises SettingsError, and FileError for a neighbouring workbook that cannot be read.
    """
    wishes = asked or Asked()
    stated = state_settings(live, live.path, settings, wishes)
    wanted = want_changes(live, stated, wishes.as_of)
    notes = (note for each in wanted.previews.values() for note in each.notes)
    changes = replace(wanted.changes, notes=tuple(_stale_notes(live, notes)))
    standing = {sheet.name for sheet in changes.sheets if _stands(live, sheet)}
    changes = without_sheets(changes, standing)
    changes = without_present_formats(live, _without_unsaid_formats(live, changes))
    if "number formats" in live.unsaid:
        changes = _without_number_formats(changes)
    if "fills" in live.unsaid:
        changes = _without_colored_statuses(changes)
    if changes.cells and "formulas" in live.unsaid:
        changes = _with(changes, _formulas_unseen())
    return changes


def _without_number_formats(changes: ChangeSet) -> ChangeSet:
    """Without number formats: which cells have the right one already is not known.

    Those of our own sheets stay.
    """
    ours = {sheet.name for sheet in changes.sheets}
    return replace(changes, styles=tuple(each for each in changes.styles if each.sheet in ours))


def _without_colored_statuses(changes: ChangeSet) -> ChangeSet:
    """Without statuses said to be missing, where they may stand as colours that are not seen."""
    missing = [each for each in changes.findings if each.code in _OF_FILLS]
    if not missing:
        return changes
    kept = tuple(each for each in changes.findings if each not in missing)
    unseen = Finding(
        "note",
        FILLS_UNSEEN,
        "",
        missing[0].sheet,
        "",
        f"This Excel does not give the fills of cells; {len(missing)} statuses that may stand as "
        "colours are not judged",
        "Refresh the file, or press the button in Excel on a PC",
        title="Fills that cannot be seen",
    )
    return _with(replace(changes, findings=kept), unseen)


def _with(changes: ChangeSet, finding: Finding) -> ChangeSet:
    return replace(changes, findings=tuple(sort_findings([*changes.findings, finding])))


def _formulas_unseen() -> Finding:
    return Finding(
        "note",
        FORMULAS_UNSEEN,
        "",
        "",
        "",
        "This Excel does not say which cells hold formulas; a wrong figure that a formula gave "
        "is written over",
        "Where ratings are formulas, refresh the file or use Excel on a PC",
        title="Formulas that cannot be seen",
    )


def _stands(live: LiveWorkbook, change: SheetChange) -> bool:
    if change.name not in {sheet.name for sheet in live.sheets}:
        return change.remove
    if change.remove:
        return False
    grid = live.grid(change.name)
    wanted = {
        (row, column): value
        for row, values in enumerate(change.rows, start=1)
        for column, value in enumerate(values, start=1)
        if value is not None and value != ""
    }
    shown = {(cell.row, cell.column): cell.value for cell in grid.cells() if cell.value != ""}
    return {place: _plain(value) for place, value in wanted.items()} == shown


def _plain(value: object) -> Value:
    return from_excel(value)[0]


def _stale_notes(live: LiveWorkbook, wanted: Iterable[NoteChange]) -> Iterator[NoteChange]:
    """The notes of ours that stand and say something else by now; new ones are not added here."""
    for note in wanted:
        standing = live.own_notes(note.sheet).get(parse_address(note.address))
        if standing is not None and standing.text.replace("\r\n", "\n") != note.text:
            yield note


def _without_unsaid_formats(live: LiveWorkbook, changes: ChangeSet) -> ChangeSet:
    """Without formats of sheets where this Excel takes none."""
    asked = {rule.sheet for rule in changes.formats}
    names = [sheet.name for sheet in live.sheets if sheet.name in asked]
    skipped = [name for name in names if not live.says_rules(name)]
    if not skipped:
        return changes
    kept = tuple(rule for rule in changes.formats if rule.sheet not in skipped)
    return _with(replace(changes, formats=kept), _formats_skipped(skipped))


def _formats_skipped(sheets: list[str]) -> Finding:
    return Finding(
        "note",
        FORMATS_SKIPPED,
        "",
        sheets[0],
        "",
        f"Colours by rule are not set on {', '.join(sheets)}: this Excel gives no access to "
        "conditional formats",
        "Refresh the file, or press the button in Excel on Windows",
        title="Colours by rule left out",
    )
