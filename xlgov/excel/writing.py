"""The Excel hand: a change set applied to an open workbook, all of it or nothing.

Written block by block, only cells of the change set, and never read back. Where Excel refuses a
block (a protected sheet), the blocks before it get back what they held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from xlgov.changes import ChangeSet, Formula, SheetChange
from xlgov.errors import EditError, XlgovError
from xlgov.excel.asking import get, put, tell
from xlgov.excel.blocks import Place, rectangles
from xlgov.excel.cells import (
    Undoing,
    block_of,
    write_formulas,
    write_number_format,
    write_values,
)
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.rules import replace_rules
from xlgov.excel.values import to_excel
from xlgov.grid.cells import parse_address
from xlgov.ooxml.anchors import Anchors

if TYPE_CHECKING:
    from xlwings import App, Book

_SINGLE, _NONE = 2, -4142  # xlUnderlineStyleSingle, xlUnderlineStyleNone
_FACETS = ("number_format", "fill", "bold", "italic", "underline", "font_color", "border", "wrap")


@contextmanager
def quiet(app: App) -> Iterator[None]:
    """Excel neither redraws nor calculates meanwhile; both are as they were afterwards."""
    settings = {"screen_updating": False, "calculation": "manual", "enable_events": False}
    before = {name: get(app, name) for name in settings}
    changed = [name for name in settings if before[name] not in (None, settings[name])]
    try:
        for name in changed:
            put(app, name, settings[name])
        yield
    finally:
        for name in reversed(changed):
            put(app, name, before[name])


@contextmanager
def all_or_nothing(app: App) -> Iterator[Undoing]:
    """Write quietly; where Excel refuses something, what was written before is taken back.

    Raises EditError where it does.
    """
    written = Undoing()
    try:
        with quiet(app):
            yield written
    except XlgovError:
        written.take_back()
        raise
    except Exception as error:  # engines raise what they like: Excel's own refusals above all
        written.take_back()
        raise EditError(
            f"Excel refused a change ({_reason(error)}); the cells hold what they held. Leave the "
            "cell that is being edited, take the protection off the sheet (Review, Unprotect "
            "Sheet), and press the button again."
        ) from error


def apply_live(
    changes: ChangeSet, live: LiveWorkbook, keep: Callable[[Undoing], None] | None = None
) -> None:
    """Write a change set into an open workbook. ``keep`` is called first, to keep what stands.

    Raises EditError where Excel refuses a block; then the cells hold what they held.
    """
    with all_or_nothing(live.book.app) as written:
        if keep is not None:
            keep(written)
        for sheet in changes.sheets:
            _change_sheet(live.book, sheet)
        for name, cells in _new_values(changes, live).items():
            formulas = {at: new.text for at, new in cells.items() if isinstance(new, Formula)}
            plain = {at: new for at, new in cells.items() if at not in formulas}
            write_values(live, name, plain, written)
            write_formulas(live, name, formulas, written)
        _write_styles(live.book, changes, written)
        _write_rules(live, changes, written)
        _write_notes(live, changes, written)


def _reason(error: Exception) -> str:
    """The sentence in an error of Excel, which comes as numbers and texts in a row."""
    texts = [part for arg in error.args for part in (arg if isinstance(arg, tuple) else (arg,))]
    said = [part for part in texts if isinstance(part, str) and " " in part]
    return (said[-1] if said else type(error).__name__).rstrip(".")


def _new_values(changes: ChangeSet, live: LiveWorkbook) -> dict[str, dict[Place, Any]]:
    """New values by sheet and cell; those of merged ranges at their first cell."""
    found: dict[str, dict[Place, Any]] = defaultdict(dict)
    anchors: dict[str, Anchors] = {}
    for change in changes.cells:
        if change.sheet not in anchors:
            anchors[change.sheet] = Anchors(live.grid(change.sheet).merges)
        place = parse_address(change.address)
        anchor = anchors[change.sheet].of(place)
        if anchor == place or change.after is not None:
            found[change.sheet][anchor] = change.after
    return found


def _write_styles(book: Book, changes: ChangeSet, written: Undoing) -> None:
    """Facets of styles, those that are alike together."""
    alike: dict[tuple[str, str, Any], list[Place]] = defaultdict(list)
    for style in changes.styles:
        for facet in _FACETS:
            wanted = getattr(style, facet)
            if wanted is not None:
                alike[style.sheet, facet, wanted].append(parse_address(style.address))
    for (name, facet, wanted), places in alike.items():
        sheet = book.sheets[name]
        for area in rectangles(places):
            if facet == "number_format":
                write_number_format(sheet, area, wanted, written)
            else:
                tell(partial(_set_facet, block_of(sheet, area), facet, wanted))


def _set_facet(block: Any, facet: str, wanted: Any) -> None:
    if facet == "fill":
        block.color = f"#{wanted}"
    elif facet == "font_color":
        block.font.color = f"#{wanted}"
    elif facet == "underline":
        block.api.Font.Underline = _SINGLE if wanted else _NONE
    elif facet == "wrap":
        block.wrap_text = wanted
    elif facet == "border":
        block.borders.line_style = "continuous"
    else:
        setattr(block.font, facet, wanted)


def _write_rules(live: LiveWorkbook, changes: ChangeSet, written: Undoing) -> None:
    wanted = defaultdict(list)
    for rule in changes.formats:
        wanted[rule.sheet].append(rule)
    for name in {*wanted, *changes.drop_formats}:
        kinds = {rule.kind for rule in wanted[name]}
        if name in changes.drop_formats:
            kinds |= {rule.kind for rule in live.own_rules(name)}
        sheet = live.sheet(name)
        standing = [rule for rule in live.own_rules(name) if rule.kind in kinds]
        written.steps.append(partial(replace_rules, sheet, kinds, standing))
        replace_rules(sheet, kinds, wanted[name])


def _write_notes(live: LiveWorkbook, changes: ChangeSet, written: Undoing) -> None:
    """New texts of notes of ours that stand."""
    for change in changes.notes:
        note = live.own_notes(change.sheet)[parse_address(change.address)]
        if change.text is None:
            note.delete()
        else:
            written.steps.append(partial(setattr, note, "text", note.text))
            note.text = change.text


def _change_sheet(book: Book, change: SheetChange) -> None:
    """Add, replace or remove a sheet of our own; the sheet that people look at stays in front."""
    standing = {sheet.name: sheet for sheet in book.sheets}
    sheet = standing.get(change.name)
    if change.remove:
        if sheet is not None:
            sheet.delete()
        return
    active = get(book.sheets, "active")
    if sheet is None:
        sheet = book.sheets.add(change.name, after=book.sheets[len(book.sheets) - 1])
        if change.hidden:
            put(sheet, "visible", False)
    else:
        sheet.used_range.clear_contents()
    width = max(map(len, change.rows), default=0)
    if change.rows and width:
        rows = [[to_excel(v) for v in row] + [None] * (width - len(row)) for row in change.rows]
        sheet.range((1, 1), (len(rows), width)).value = rows
    for number, characters in enumerate(change.widths, start=1):
        put(sheet.range((1, number)), "column_width", characters)
    quoted = change.name.replace("'", "''")
    for name, area in change.names:
        tell(partial(book.names.add, name, f"='{quoted}'!{area}"))
    if active is not None:
        active.activate()
