"""The file hand: applies a change set to a workbook file, all of it or nothing.

The order matters: sheets of ours first (cells may be written into them), then styles (a sheet
names style indexes, so they must exist before it is written), then the sheets, then what the
workbook says of itself (calculation chain, recalculation). Nothing is written before every edit
is known to be possible; all that is refused is said at once.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from xlgov.changes import ChangeSet, FormatRule, Formula, SheetChange, StyleChange
from xlgov.errors import ChangedError, EditError, SignedError
from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, Range, address, parse_address
from xlgov.grid.sheet import is_date_format
from xlgov.ooxml.book import refuse_unless_own
from xlgov.ooxml.cell import refuse_unwritable
from xlgov.ooxml.outline import Outline, known_ranges
from xlgov.ooxml.own_sheet import own_sheet
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.ooxml.rules import refuse_rule, replacing_edits
from xlgov.ooxml.save import keep_backup, refuse_unless_writable, replace_file
from xlgov.ooxml.scan import IrregularSheet
from xlgov.ooxml.sheet import KEEP, CellEdit, SheetEditor, absolute, current_styles
from xlgov.ooxml.styles import Facets, refuse_style
from xlgov.ooxml.verify import verify_written

_DATE_FORMAT = "dd/mm/yyyy"
_TIME_FORMAT = "dd/mm/yyyy hh:mm"
_TALL = 32  # rows of a merged range that is not noted row by row

Cell = tuple[int, int]


def apply_changes(
    changes: ChangeSet,
    path: str | Path,
    out: str | Path | None = None,
    *,
    break_signature: bool = False,
    backup: bool = False,
    outlines: Mapping[str, Outline] | None = None,
) -> bool:
    """Apply a change set to ``path`` in place, or to the file ``out``; whether bytes changed.

    Where nothing changes, the file is not opened for writing, and ``out`` is an identical copy.
    ``backup`` keeps the file as it was beside it, once, when it is replaced in place. ``outlines``
    are what the preview has read of the sheets; without a hash that says it is the same file they
    are read again.

    Raises ChangedError (the file is not the one previewed), SignedError, EditError (edits that
    would do damage, all at once) and the other file errors; nothing is written then.
    """
    source, target = Path(path), Path(out if out is not None else path)
    before = _fingerprint(source)
    with open_workbook(source) as workbook:
        if changes.source_hash and workbook.package.sha256() != changes.source_hash:
            raise ChangedError(
                f"{source.name} has changed since it was previewed; nothing was written. "
                "Preview it again."
            )
        if changes.source_hash and outlines:
            workbook.adopt(outlines)
        editors = _prepare(workbook, changes)
        parts = workbook.parts
        if not (editors or parts.replaced or parts.added or parts.removed):
            _copy_unchanged(source, target)
            return False
        if workbook.book.is_signed() and not break_signature:
            raise SignedError(
                f"{source.name} carries a digital signature, which any change makes invalid; "
                "nothing was written. Ask the signer, or use --break-signature."
            )
        refuse_unless_writable(target)

        def verify(written: Path) -> None:
            verify_written(workbook, editors, changes.formats, written)
            workbook.package.close()
            if _fingerprint(source) != before:
                raise ChangedError(
                    f"{source.name} was saved by somebody else meanwhile; nothing was written. "
                    "Run it again."
                )
            if backup and out is None:
                keep_backup(source)

        replace_file(target, lambda file: _write(workbook, editors, file), verify, like=source)
    return True


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    """What tells a file that was saved again from the one that was opened."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _copy_unchanged(source: Path, target: Path) -> None:
    if target.exists() and target.samefile(source):
        return

    def write(file: BinaryIO) -> None:
        with source.open("rb") as original:
            shutil.copyfileobj(original, file, 1 << 20)

    replace_file(target, write, lambda _: None, like=source)


def _write(workbook: WorkbookFile, editors: Mapping[str, SheetEditor], file: BinaryIO) -> None:
    """Write the package; a sheet that turns out irregular is taken the careful way instead."""
    parts = workbook.parts
    for _ in range(len(editors) + 1):
        for part, editor in editors.items():
            parts.put(part, editor.carefully() if not editor.is_fast else editor.stream)
        try:
            file.seek(0)
            file.truncate()
            parts.package.write(file, parts.replaced, parts.added, parts.removed)
            return
        except IrregularSheet:
            continue  # that editor is no longer fast


def _prepare(workbook: WorkbookFile, changes: ChangeSet) -> dict[str, SheetEditor]:
    """Make every edit but those of rows, and the editors of the sheets to write, by part."""
    if changes.notes:
        raise EditError(
            "cell notes cannot be written into a file yet; leave NoteChange out of the change set."
        )
    for own in changes.sheets:
        _change_sheet(workbook, own)
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
    if wrong:
        raise EditError("; ".join(wrong))
    editors = {}
    for sheet in sorted({*values, *facets, *rules, *dropped}):
        made = _editor(
            workbook, sheet, values.get(sheet, {}), facets.get(sheet, {}), rules.get(sheet), dropped
        )
        if made is not None:
            editors[workbook.find_sheet(sheet).part] = made
    for sheet, cells in values.items():
        gone = {address(*cell) for cell, new in cells.items() if not isinstance(new, Formula)}
        workbook.book.forget_calculation(workbook.find_sheet(sheet), gone)
    if any(values.values()):
        workbook.book.mark_recalculation()
    workbook.write_styles()
    return editors


def _change_sheet(workbook: WorkbookFile, change: SheetChange) -> None:
    refuse_unless_own(change.name)
    book = workbook.book
    present = book.worksheet(change.name)
    if change.remove:
        if present is not None:
            book.remove_sheet(present)
            workbook.forget(change.name)
        return
    content = own_sheet(change, workbook, book.namespace)
    if present is None:
        book.add_sheet(change.name, content, change.hidden)
    else:
        workbook.parts.put(present.part, content)
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
    anchors: dict[str, _Anchors] = {}
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
            anchors[sheet] = _Anchors(workbook.outline(sheet).merges)
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
        _refuse_table_headings(workbook, sheet, cells, wrong)
    for style in changes.styles:
        sheet = _sheet(workbook, style.sheet, wrong)
        place = _cell(style.address, style.sheet, wrong)
        try:
            refuse_style(style)
        except EditError as error:
            wrong.append(str(error))
            continue
        if sheet and place:
            facets[sheet][place] = _merged(facets[sheet].get(place), style)
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


class _Anchors:
    """The first cells of a sheet's merged ranges, by row: ranges may be as many as changes."""

    def __init__(self, merges: Iterable[Range]) -> None:
        self._by_row: dict[int, list[Range]] = defaultdict(list)
        self._tall: list[Range] = []
        for merge in merges:
            if merge.bottom - merge.top < _TALL:
                for row in range(merge.top, merge.bottom + 1):
                    self._by_row[row].append(merge)
            else:
                self._tall.append(merge)

    def of(self, cell: Cell) -> Cell:
        """The cell itself where it is in no merged range."""
        for merge in chain(self._by_row.get(cell[0], ()), self._tall):
            if cell in merge:
                return merge.top, merge.left
        return cell


def _merged(old: Facets | None, change: StyleChange) -> Facets:
    found = {}
    for each in fields(Facets):
        value = getattr(change, each.name)
        found[each.name] = getattr(old, each.name) if value is None and old else value
    return Facets(**found)


def _refuse_table_headings(
    workbook: WorkbookFile, sheet: str, cells: Mapping[Cell, object], wrong: list[str]
) -> None:
    """A table's heading must equal its column's name in the table part, or Excel repairs it."""
    outline = workbook.outline(sheet)
    if not outline.tables:
        return
    related = {each.id: each.target for each in workbook.parts.relationships(outline.part)}
    for link in outline.tables:
        target = related.get(link, "")
        if not target or workbook.parts.name(target) is None:
            continue
        table = workbook.parts.tree(target)[1].attributes
        if table.get("headerRowCount", "1") == "0":
            continue
        for area in known_ranges(table.get("ref", "")):
            for row, column in cells:
                if row == area.top and area.left <= column <= area.right:
                    wrong.append(
                        f"{sheet}!{address(row, column)} is a heading of the table "
                        f"{table.get('displayName', '')!r}; rename it in Excel, which also changes "
                        "the formulas that use it"
                    )


def _editor(
    workbook: WorkbookFile,
    sheet: str,
    values: Mapping[Cell, object],
    facets: Mapping[Cell, Facets],
    rules: list[FormatRule] | None,
    dropped: set[str],
) -> SheetEditor | None:
    outline = workbook.outline(sheet)
    bare: list[tuple[int, int, bytes]] = []
    if rules or sheet in dropped:
        kinds = {rule.kind for rule in rules or ()} - {"rule"}
        if sheet in dropped:
            kinds |= {rule.kind for rule in workbook.own_rules(sheet)} - {"rule"}
        bare = replacing_edits(outline, rules or [], kinds, workbook.styles)
    edits: dict[int, dict[int, CellEdit]] = defaultdict(dict)
    for (row, column), value in values.items():
        edits[row][column] = CellEdit(value)  # type: ignore[arg-type]  # checked when collected
    dated = {cell for cell, value in values.items() if isinstance(value, date)}
    if facets or dated:
        standing = current_styles(workbook.parts, outline, {*facets, *dated})
        for cell in {*facets, *dated}:
            wanted = facets.get(cell, Facets())
            old = standing[cell]
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
