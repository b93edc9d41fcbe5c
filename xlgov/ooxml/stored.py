"""Cells with all that their XML says: kept before they are marked, marked, and put back.

Why the bytes are kept and not what they mean: while nobody else has saved the file, the bytes give
back a cell exactly, shared string and style index with it. Where Excel or another program has saved
it in between, those indexes mean something else; then the runs are put back as they were, into the
cell as it is now, and a style gets back the font record that it had.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlgov.changes import Cached, Formula, MarkedText, StoredCell, StyleChange
from xlgov.errors import EditError
from xlgov.grid.cells import CellError, address
from xlgov.ooxml.cell import replace_cell
from xlgov.ooxml.edits import CachedCell, ReadyCell
from xlgov.ooxml.found_cells import FoundCell, find_cells
from xlgov.ooxml.markup import edit_tag, tag_end
from xlgov.ooxml.runs import (
    Item,
    Properties,
    font_properties,
    font_without_color,
    look_of,
    mark_item,
    read_item,
    renamed,
    render_item,
    shown_runs,
    without_color,
)
from xlgov.ooxml.shown_styles import current_styles
from xlgov.ooxml.string_items import string_items

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Place = tuple[int, int]


def store_cell(workbook: WorkbookFile, cell: FoundCell) -> StoredCell:
    """A cell to be put back later, as ``restored`` does it."""
    font, old = workbook.styles.font(cell.style)
    record: dict[str, Any] = {
        "prefix": cell.prefix,
        "style": cell.style,
        "look": workbook.styles.look(cell.style),
        "font": renamed(font, old, "").decode(),
    }
    if cell.is_text and cell.inside is not None:
        record |= {"cell": cell.raw.decode(), "text": cell.inside.decode(), "index": cell.index}
    else:
        record["tag"] = cell.tag.decode()
    shows = str(cell.value) if isinstance(cell.value, CellError) else cell.value
    return StoredCell(_written(record), shows)


def _written(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Record:
    """What ``store_cell`` wrote."""

    prefix: str
    style: int
    look: str
    font: str
    cell: str = ""
    text: str = ""
    index: int | None = None
    tag: str = ""
    is_bleached: bool = False

    @classmethod
    def of(cls, stored: StoredCell, where: str) -> _Record:
        try:
            return cls(**json.loads(stored.record))
        except (ValueError, TypeError):
            raise EditError(
                f"{where}: what was kept of this cell cannot be read; nothing was written. Restore "
                "the row of the sheet of marks, or delete it and the marks by hand."
            ) from None

    @property
    def opening(self) -> bytes:
        """The cell's opening tag as it was; of an empty one, closed."""
        return self.tag.encode() or self.cell.encode()[: tag_end(self.cell.encode(), 0)]

    def item(self, prefix: str, where: str) -> Item:
        return read_item(renamed(self.text.encode(), self.prefix, prefix), prefix, where)

    def properties(self, prefix: str) -> Properties:
        return font_properties(self.font.encode(), "", prefix) if self.font else ()


def _cell_font(workbook: WorkbookFile, style: int, prefix: str) -> Properties:
    font, old = workbook.styles.font(style)
    return font_properties(font, old, prefix) if font else ()


def resolve_cells(
    workbook: WorkbookFile, sheet: str, values: dict[Place, object], wrong: list[str]
) -> None:
    """Put the XML to write in place of every marked text and stored cell among new values, and
    the edit that shows it in place of every value that a formula is to show.

    What cannot be goes to ``wrong``.
    """
    _resolve_cached(workbook, sheet, values)
    asked = [place for place, value in values.items() if isinstance(value, MarkedText | StoredCell)]
    if not asked:
        return
    found = find_cells(workbook, sheet, asked)
    for place in asked:
        value, cell = values[place], found.get(place)
        where = f"{sheet}!{address(*place)}"
        if cell is None:
            wrong.append(f"{where} is no cell of the sheet any more; leave it out")
            continue
        try:
            if isinstance(value, StoredCell):
                values[place] = _restored(workbook, cell, value)
            elif isinstance(value, MarkedText):
                values[place] = _marked(workbook, cell, value)
        except EditError as error:
            wrong.append(str(error))


def _resolve_cached(workbook: WorkbookFile, sheet: str, values: dict[Place, object]) -> None:
    shown = {place: new for place, new in values.items() if isinstance(new, Cached)}
    if not shown:
        return
    styles = current_styles(workbook.parts, workbook.outline(sheet), shown)
    for place, cached in shown.items():
        reads = Formula("", cached.value)  # type: ignore[arg-type]  # an error value is only read
        values[place] = CachedCell(b"", styles[place], reads, shows=cached)


def _marked(workbook: WorkbookFile, cell: FoundCell, mark: MarkedText) -> ReadyCell:
    if not cell.is_text:
        raise EditError(f"{cell.where} holds no text of its own, so no word of it can be marked")
    item = cell.item
    if mark.over is not None:
        item = _Record.of(mark.over, cell.where).item(cell.prefix, cell.where)
        cell = replace(cell, raw=_restored(workbook, cell, mark.over).raw)
    font = _cell_font(workbook, cell.style, cell.prefix)
    new = mark_item(item, mark, font, cell.prefix, cell.where)
    return _ready(cell, render_item(new, cell.prefix), new.text)


def _ready(cell: FoundCell, inside: bytes, text: str, style: int | None = None) -> ReadyCell:
    p = cell.prefix.encode()
    written = b"<%bis>%b</%bis>" % (p, inside, p)
    raw = replace_cell(cell.tag, "inlineStr", written.decode(), style)
    return ReadyCell(raw, cell.style if style is None else style, text or None)


def _restored(workbook: WorkbookFile, cell: FoundCell, stored: StoredCell) -> ReadyCell:
    record, styles = _Record.of(stored, cell.where), workbook.styles
    # A style beyond the table looked like the first, and so it does now.
    is_known = styles.look(record.style) == (record.look or styles.look(0))
    if record.cell and not stored.style_only:
        if record.index is None:
            is_there = True
        else:
            now = string_items(workbook, {record.index}, record.prefix).get(record.index)
            is_there = now == record.text.encode()
        same = is_known and cell.style == record.style and cell.prefix == record.prefix
        same = same and not record.is_bleached
        if is_there and same:
            return ReadyCell(record.cell.encode(), cell.style, stored.shows)
        item = record.item(cell.prefix, cell.where)
        # Another program may have made a mark of the whole text the font of the cell.
        own, kept = _cell_font(workbook, cell.style, cell.prefix), record.properties(cell.prefix)
        is_other = look_of(own, cell.prefix) != look_of(kept, cell.prefix)
        style = _in_font(workbook, cell, record) if record.is_bleached or is_other else None
        return _ready(cell, render_item(item, cell.prefix), item.text, style)
    rest = cell.raw[len(cell.tag) :]
    if is_known and styles.differ_only_in_font(cell.style, record.style):
        tag = edit_tag(cell.tag, {"s": str(record.style)})
        old = record.opening
        if edit_tag(tag, {"s": None}) == edit_tag(old, {"s": None}):
            tag = old
        return ReadyCell(tag + rest, record.style)
    style = _in_font(workbook, cell, record)
    return ReadyCell(edit_tag(cell.tag, {"s": str(style)}) + rest, style)


def _in_font(workbook: WorkbookFile, cell: FoundCell, record: _Record) -> int:
    """The cell's style in the font that was kept."""
    font = renamed(record.font.encode(), "", workbook.styles.prefix)
    return workbook.styles.with_font(cell.style, font) if font else cell.style


def without_text_color(
    workbook: WorkbookFile, cell: FoundCell, color: str, over: StoredCell | None = None
) -> StoredCell | None:
    """A text cell as it would be without a colour, in its runs and its font; None without any.

    ``over`` is the cell to look at where it is not the one that stands.
    """
    if not cell.is_text:
        return None
    font, old = workbook.styles.font(cell.style)
    item, plain = cell.item, renamed(font, old, "")
    if over is not None:
        kept = _Record.of(over, cell.where)
        item, plain = kept.item(cell.prefix, cell.where), kept.font.encode()
    bleached = without_color(item, color, cell.prefix)
    bare = font_without_color(plain, color) if plain else plain
    if bleached == item and bare == plain:
        return None
    record = {
        "prefix": cell.prefix,
        "style": cell.style,
        "look": "",
        "is_bleached": True,
        "font": bare.decode(),
        "cell": cell.raw.decode(),
        "text": render_item(bleached, cell.prefix).decode(),
    }
    return StoredCell(_written(record), cell.value)


def is_as_marked(
    workbook: WorkbookFile, cell: FoundCell, mark: MarkedText, stored: StoredCell
) -> bool:
    """Whether a cell still shows what a mark made of the cell that was stored.

    Another program may have saved the file since, and cut and described the runs in its own way.
    """
    if not cell.is_text:
        return False
    record = _Record.of(stored, cell.where)
    item, now = record.item(cell.prefix, cell.where), cell.item
    if now.text != mark.text or item.text != mark.text:
        return False
    font = record.properties(cell.prefix)
    expected = mark_item(item, mark, font, cell.prefix, cell.where)
    own = _cell_font(workbook, cell.style, cell.prefix)
    return shown_runs(expected, font, cell.prefix) == shown_runs(now, own, cell.prefix)


def shows_facets(workbook: WorkbookFile, cell: FoundCell, change: StyleChange) -> bool:
    """Whether a cell's font has the colour, bold and underline of a change, however written."""
    flags, color = look_of(_cell_font(workbook, cell.style, cell.prefix), cell.prefix)
    return (
        change.font_color in (None, color)
        and change.bold in (None, flags["b"])
        and change.underline in (None, flags["u"])
    )
