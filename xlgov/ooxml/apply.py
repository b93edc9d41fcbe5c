"""The file hand: applies a change set to a workbook file, all of it or nothing.

The order matters: sheets of ours first (cells may be written into them), then styles (a sheet
names style indexes, so they must exist before it is written) and notes (a sheet names the part that
draws them), then the sheets, then what the workbook says of itself (calculation chain,
recalculation). Nothing is written before every edit is known to be possible; all that is refused
is said at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from xlgov.changes import (
    ChangeSet,
    FormatRule,
    Formula,
    MarkedText,
    SheetChange,
    StoredCell,
)
from xlgov.errors import ChangedError, EditError, SignedError
from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, address, parse_address
from xlgov.grid.sheet import is_date_format
from xlgov.ooxml.anchors import Anchors
from xlgov.ooxml.book import refuse_unless_own
from xlgov.ooxml.cell import refuse_unwritable
from xlgov.ooxml.comments import Note
from xlgov.ooxml.edits import KEEP, CellEdit, ReadyCell
from xlgov.ooxml.file_hash import hash_file
from xlgov.ooxml.names import absolute
from xlgov.ooxml.notes import collect_notes, expected_notes, remove_notes_parts, write_notes
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.own_sheet import own_sheet, replaced_sheet, stands_already
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.ooxml.rules import refuse_rule, replacing_edits
from xlgov.ooxml.save import keep_backup, refuse_unless_writable, replace_file
from xlgov.ooxml.sheet import SheetEditor
from xlgov.ooxml.shown_styles import current_styles
from xlgov.ooxml.stored import resolve_cells
from xlgov.ooxml.styles import Facets, merged_facets, refuse_style
from xlgov.ooxml.tables import rename_headings
from xlgov.ooxml.trouble import in_words
from xlgov.ooxml.verify import verify_written
from xlgov.ooxml.writing import copy_unchanged, fingerprint, write_workbook

_DATE_FORMAT = "dd/mm/yyyy"
_TIME_FORMAT = "dd/mm/yyyy hh:mm"

_SAME_TEXT = (MarkedText, StoredCell)  # values that read as the cell does already

Cell = tuple[int, int]


def apply_changes(
    changes: ChangeSet,
    path: str | Path,
    out: str | Path | None = None,
    *,
    break_signature: bool = False,
    backup: bool = False,
    outlines: Mapping[str, Outline] | None = None,
    wrote: Callable[[str], None] | None = None,
) -> bool:
    """Apply a change set to ``path`` in place, or to the file ``out``; whether bytes changed.

    Where nothing changes, the file is not opened for writing, and ``out`` is an identical copy.
    ``backup`` keeps the file as it was beside it, once, when it is replaced in place. ``outlines``
    are what the preview has read of the sheets; without a hash that says it is the same file they
    are read again. ``wrote`` is called with the SHA-256 of a file that was written: it is that of
    what was verified, whoever has saved it since.

    Raises ChangedError (the file is not the one previewed), SignedError, EditError (edits that
    would do damage, all at once) and the other file errors; nothing is written then.
    """
    source, target = Path(path), Path(out if out is not None else path)
    with in_words(target):
        before = fingerprint(source)
    with in_words(target), open_workbook(source) as workbook:
        if changes.source_hash and workbook.package.sha256() != changes.source_hash:
            raise ChangedError(
                f"{source.name} has changed since it was previewed; nothing was written. "
                "Preview it again."
            )
        if changes.source_hash and outlines:
            workbook.adopt(outlines)
        editors, notes = _prepare(workbook, changes)
        parts = workbook.parts
        if not (editors or parts.replaced or parts.added or parts.removed):
            copy_unchanged(source, target)
            return False
        if workbook.book.is_signed() and not break_signature:
            raise SignedError(
                f"{source.name} carries a digital signature, which any change makes invalid; "
                "nothing was written. Ask the signer, or use --break-signature."
            )
        refuse_unless_writable(target)

        made = ""

        def refuse_if_saved() -> None:
            if fingerprint(source) != before:
                raise ChangedError(
                    f"{source.name} was saved by somebody else meanwhile; nothing was written. "
                    "Run it again."
                )

        def verify(written: Path) -> None:
            nonlocal made
            verify_written(workbook, editors, changes.formats, notes, written)
            if wrote is not None:
                made = hash_file(written)
            workbook.package.close()
            refuse_if_saved()
            if backup and out is None:
                keep_backup(source)

        replace_file(
            target,
            lambda file: write_workbook(workbook, editors, file),
            verify,
            like=source,
            last_look=refuse_if_saved,  # again, as a backup takes some milliseconds
        )
    if wrote is not None:
        wrote(made)
    return True


def _prepare(
    workbook: WorkbookFile, changes: ChangeSet
) -> tuple[dict[str, SheetEditor], dict[str, dict[Cell, Note]]]:
    """Make every edit but those of rows; gives the editors of the sheets to write, by part, and
    the notes that sheets with new ones are to have.
    """
    for own in changes.sheets:
        refuse_unless_own(own.name)
        of_it = [each for each in changes.styles if each.sheet.casefold() == own.name.casefold()]
        if not stands_already(workbook, own, of_it):
            _change_sheet(workbook, own)
    if changes.names:
        defined = [(name, refers) for name, refers in changes.names if refers is not None]
        removed = [name for name, refers in changes.names if refers is None]
        workbook.book.set_hidden_names(defined, removed)
    wrong: list[str] = []
    values, facets = _collect(workbook, changes, wrong)
    rules: dict[str, list[FormatRule]] = defaultdict(list)
    for rule in changes.formats:
        rules[_sheet(workbook, rule.sheet, wrong)].append(rule)
        try:
            refuse_rule(rule)
        except EditError as error:
            wrong.append(str(error))
    dropped = {_sheet(workbook, name, wrong) for name in changes.drop_formats}
    noted = collect_notes(workbook, changes.notes, wrong)
    for sheet, cells in values.items():
        resolve_cells(workbook, sheet, cells, wrong)
    if wrong:
        raise EditError("; ".join(wrong))
    notes = expected_notes(workbook, noted)
    editors = {}
    for sheet in sorted({*values, *facets, *rules, *dropped, *noted}):
        bare = _rule_edits(workbook, sheet, rules.get(sheet), dropped)
        if sheet in noted:
            bare += write_notes(workbook, sheet, noted[sheet])
        made = _editor(workbook, sheet, values.get(sheet, {}), facets.get(sheet, {}), bare)
        if made is not None:
            editors[workbook.find_sheet(sheet).part] = made
    for sheet, cells in values.items():
        fresh = {cell: new for cell, new in cells.items() if not isinstance(new, ReadyCell)}
        gone = {address(*cell) for cell, new in fresh.items() if not isinstance(new, Formula)}
        workbook.book.forget_calculation(workbook.find_sheet(sheet), gone)
        if fresh:  # cells that are marked or put back read as they did
            workbook.book.mark_recalculation()
    workbook.write_styles()
    return editors, notes


def _change_sheet(workbook: WorkbookFile, change: SheetChange) -> None:
    book = workbook.book
    present = book.worksheet(change.name)
    if change.remove:
        if present is not None:
            remove_notes_parts(workbook.parts, present.part)
            book.remove_sheet(present)
            workbook.forget(change.name)
        return
    if present is None:
        content = own_sheet(change, workbook, book.namespace)
        book.add_sheet(change.name, content, change.hidden)
    else:
        workbook.parts.put(present.part, replaced_sheet(change, workbook))
        workbook.forget(change.name)
        book.forget_calculation(present, None)
        book.mark_recalculation()
    quoted = "'" + change.name.replace("'", "''") + "'"
    book.set_names([(name, f"{quoted}!{absolute(area)}") for name, area in change.names])


def _sheet(workbook: WorkbookFile, name: str, wrong: list[str]) -> str:
    try:
        return workbook.find_sheet(name).name
    except KeyError:
        known = ", ".join(sheet.name for sheet in workbook.sheets)
        message = f"there is no worksheet {name!r}; the workbook has {known or 'none'}"
        if message not in wrong:
            wrong.append(message)
        return ""


def _collect(
    workbook: WorkbookFile, changes: ChangeSet, wrong: list[str]
) -> tuple[dict[str, dict[Cell, object]], dict[str, dict[Cell, Facets]]]:
    """Values and style facets by sheet and cell; what is impossible goes to ``wrong``."""
    values: dict[str, dict[Cell, object]] = defaultdict(dict)
    facets: dict[str, dict[Cell, Facets]] = defaultdict(dict)
    redirected: dict[str, dict[Cell, tuple[str, object]]] = defaultdict(dict)
    asked = dict.fromkeys(change.sheet for change in changes.cells)
    names = {name: _sheet(workbook, name, wrong) for name in asked}
    anchors: dict[str, Anchors] = {}
    for change in changes.cells:
        sheet = names[change.sheet]
        where = f"{change.sheet}!{change.address}"
        cell = _cell(change.address, change.sheet, wrong)
        if not sheet or cell is None:
            continue
        try:
            refuse_unwritable(change.after, where, workbook.date_1904)
        except EditError as error:
            wrong.append(str(error))
            continue
        if sheet not in anchors:
            anchors[sheet] = Anchors(workbook.outline(sheet).merges)
        anchor = anchors[sheet].of(cell)
        if anchor != cell:
            # Excel shows only the anchor of a merged range; a blank there changes nothing seen.
            if change.after is not None:
                redirected[sheet][anchor] = (where, change.after)
            continue
        if cell in values[sheet] and values[sheet][cell] != change.after:
            wrong.append(f"{where} is given two different values; leave one")
        values[sheet][cell] = change.after
    for sheet, moved in redirected.items():
        for cell, (where, after) in moved.items():
            if values[sheet].setdefault(cell, after) != after:
                wrong.append(
                    f"{where} lies in a merged range whose first cell {address(*cell)} is given "
                    "another value; leave one"
                )
    for sheet, cells in values.items():
        renamed = {c: new for c, new in cells.items() if not isinstance(new, _SAME_TEXT)}
        rename_headings(workbook, sheet, renamed, wrong)
    for style in changes.styles:
        sheet = _sheet(workbook, style.sheet, wrong)
        place = _cell(style.address, style.sheet, wrong)
        try:
            refuse_style(style)
        except EditError as error:
            wrong.append(str(error))
            continue
        if sheet and place:
            facets[sheet][place] = merged_facets(facets[sheet].get(place), style)
    return values, facets


def _cell(text: str, sheet: str, wrong: list[str]) -> Cell | None:
    try:
        return parse_address(text)
    except ValueError:
        wrong.append(
            f"{sheet}!{text}: expected a cell address from A1 to "
            f"{address(MAX_ROW, MAX_COLUMN)}, such as B7"
        )
        return None


def _rule_edits(
    workbook: WorkbookFile, sheet: str, rules: list[FormatRule] | None, dropped: set[str]
) -> list[tuple[int, int, bytes]]:
    """Edits of the bare sheet that leave it with these formats of ours."""
    if not rules and sheet not in dropped:
        return []
    kinds = {rule.kind for rule in rules or ()} - {"rule"}
    if sheet in dropped:
        kinds |= {rule.kind for rule in workbook.own_rules(sheet)} - {"rule"}
    return replacing_edits(workbook.outline(sheet), rules or [], kinds, workbook.styles)


def _editor(
    workbook: WorkbookFile,
    sheet: str,
    values: Mapping[Cell, object],
    facets: Mapping[Cell, Facets],
    bare: list[tuple[int, int, bytes]],
) -> SheetEditor | None:
    outline = workbook.outline(sheet)
    edits: dict[int, dict[int, CellEdit]] = defaultdict(dict)
    for (row, column), value in values.items():
        edits[row][column] = CellEdit(value)  # type: ignore[arg-type]  # checked when collected
    dated = {cell for cell, value in values.items() if isinstance(value, date)}
    if facets or dated:
        standing = current_styles(workbook.parts, outline, {*facets, *dated})
        for cell in {*facets, *dated}:
            wanted = facets.get(cell, Facets())
            ready = values.get(cell)
            old = ready.style if isinstance(ready, ReadyCell) else standing[cell]
            shows_date = is_date_format(wanted.number_format or workbook.number_format(old))
            if cell in dated and not shows_date:
                code = _TIME_FORMAT if isinstance(values[cell], datetime) else _DATE_FORMAT
                wanted = replace(wanted, number_format=code)
            new = workbook.styles.derive(old, wanted) if wanted else old
            value = values.get(cell, KEEP)
            if new != old or value is not KEEP:
                edits[cell[0]][cell[1]] = CellEdit(value, new)  # type: ignore[arg-type]  # as above
    if not edits and not bare:
        return None
    return SheetEditor(workbook.parts, outline, dict(edits), bare, workbook.date_1904)
