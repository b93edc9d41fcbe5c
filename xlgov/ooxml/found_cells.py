"""Single cells with the bytes of all that they hold, for marks: shared strings with their runs.

Why not the grid: a grid has values, and a mark has to keep what a value does not say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlgov.grid.cells import Value, address
from xlgov.ooxml.cell import SharedText, style_index, typed_value
from xlgov.ooxml.markup import attributes_of, decode, parse, tag_end, tag_name
from xlgov.ooxml.runs import Item, read_item
from xlgov.ooxml.scan import IrregularSheet, fast_form, scan_carefully, split_stream
from xlgov.ooxml.string_items import string_items

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell as it stands in a sheet. ``inside`` is that of its text, None where it is no text."""

    where: str
    prefix: str
    raw: bytes
    value: Value
    has_formula: bool
    inside: bytes | None = None
    index: int | None = None

    @property
    def tag(self) -> bytes:
        return self.raw[: tag_end(self.raw, 0)]

    @property
    def style(self) -> int:
        return style_index(attributes_of(self.tag))

    @property
    def item(self) -> Item:
        return read_item(self.inside or b"", self.prefix, self.where)

    @property
    def is_text(self) -> bool:
        """Whether it holds a text that can be marked word by word: one that is no formula's.

        The result of an array formula that stands in another cell has the type of a result.
        """
        return self.inside is not None and not self.has_formula


def find_cells(
    workbook: WorkbookFile, sheet: str, places: Collection[Place]
) -> dict[Place, FoundCell]:
    """The cells at these places as they stand; places without a cell are left out."""
    outline = workbook.outline(sheet)
    wanted: dict[int, set[int]] = {}
    for row, column in places:
        wanted.setdefault(row, set()).add(column)
    raws: dict[Place, bytes] = {}
    p = outline.prefix
    editable = outline.regular
    if editable:
        form = fast_form(p)
        try:
            for kind, piece, _ in split_stream(workbook.parts.stream(outline.part)):
                if kind != "rows":
                    continue
                form.check(piece)
                for each in form.rows(piece):
                    for column in wanted.get(each.number, ()):
                        span = form.cell(piece, each, address(each.number, column))
                        if span is not None:
                            raws[each.number, column] = piece[span.start : span.end]
        except IrregularSheet:
            editable = False
    if not editable:
        raw, _ = decode(workbook.parts.raw(outline.part), outline.part)
        raws = {}
        for _, cells in scan_carefully(raw, outline.part, lambda row, _: row in wanted).rows:
            for cell in cells:
                if cell.span.number in wanted.get(cell.row, ()):
                    span = cell.span
                    raws.setdefault((cell.row, span.number), raw[span.start : span.end])
    return _understood(workbook, sheet, raws, p)


def _understood(
    workbook: WorkbookFile, sheet: str, raws: Mapping[Place, bytes], p: str
) -> dict[Place, FoundCell]:
    """What the cells hold, shared strings looked up together."""
    outline = workbook.outline(sheet)
    root = outline.bare[outline.root.start : outline.root.open_end]
    found: dict[Place, FoundCell] = {}
    shared: dict[Place, int] = {}
    for place, raw in raws.items():
        where = f"{sheet}!{address(*place)}"
        source = root + raw + b"</" + tag_name(root) + b">"
        cell = parse(source, where).children[0]
        kind = cell.attributes.get("t", "n")
        text, inline = cell.child("v"), cell.child("is")
        formula = cell.child("f") is not None
        value: Value | SharedText = None
        inside: bytes | None = None
        if kind == "inlineStr":
            inside = source[inline.open_end : inline.close_start] if inline else b""
            value = read_item(inside, p, where).text or None
        elif text is not None:
            value = typed_value(kind, text.text, workbook.date_1904)
            if isinstance(value, SharedText):
                shared[place], value = int(value), None
        found[place] = FoundCell(where, p, raw, value, formula, inside)
    items = string_items(workbook, set(shared.values()), p)
    for place, index in shared.items():
        if index in items:
            old, inside = found[place], items[index]
            value = read_item(inside, p, old.where).text or None
            found[place] = replace(old, value=value, inside=inside, index=index)
    return found
