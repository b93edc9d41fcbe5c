"""Everything of a sheet but its rows: the head before them and the tail behind them.

Why apart: rows are what is large, and only rows need the fast way. Head and tail together are a
small well-formed document (the sheet with its rows left out), so columns, merged ranges, formats
and the dimension are read and edited at places of an ordinary tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from xlgov.errors import DamagedError
from xlgov.grid.cells import Range, parse_ranges
from xlgov.ooxml.markup import Element, decode, edit_tag, parse, prefix_at, whole_number
from xlgov.ooxml.parts import Parts, relationship_id
from xlgov.ooxml.scan import IrregularSheet, RowPlaces, scan_carefully, split_stream

# CT_Worksheet (18.3.1.99): the order of a sheet's children.
SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip


@dataclass(slots=True)
class Outline:
    """Head and tail of a sheet as UTF-8, and the tree of both.

    Places in the tree are places in ``head + closing + tail``; ``split`` is the head's length.
    ``regular`` says whether the rows can be taken the fast way, ``is_checked`` whether every row
    was seen to be of the common form and in its place; ``rows`` then says where they stand, unless
    there are formulas among them that stand for several cells.
    """

    part: str
    prefix: str
    head: bytes
    tail: bytes
    regular: bool
    root: Element
    merges: tuple[Range, ...] = ()
    tables: tuple[str, ...] = ()
    is_checked: bool = False
    rows: RowPlaces | None = None
    _columns: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def bare(self) -> bytes:
        """The sheet without its rows."""
        return self.head + self.tail

    @property
    def has_empty_data(self) -> bool:
        """Whether ``sheetData`` is self-closing: the tail then begins after it."""
        return self.head.endswith(b"/>")

    def column_style(self, column: int) -> int:
        """Style index that a column gives to its cells."""
        for first, last, style in self._columns:
            if first <= column <= last:
                return style
        return 0


def read_outline(
    parts: Parts, part: str, visit: Callable[[bytes, str], bool] | None = None
) -> Outline:
    """The outline of a sheet; ``visit(rows, prefix)`` sees stretches of rows until it says False.

    ``visit`` is only called on sheets of the common form; a caller sees ``regular`` and takes the
    careful way for itself otherwise.
    """
    try:
        head = tail = b""
        prefix = ""
        wanted = visit is not None
        for kind, piece, prefix in split_stream(parts.stream(part)):
            if kind == "head":
                head = piece
            elif kind == "tail":
                tail = piece
            elif wanted and visit is not None:
                wanted = visit(piece, prefix)
        outline = _outline(part, prefix, head, tail, regular=True)
        rows, own = outline.root.child("sheetData"), outline.root.namespace
        if rows is None or rows.open_end != len(head) or rows.namespace != own:
            raise IrregularSheet
        return outline
    except (IrregularSheet, DamagedError):  # damaged, or a comment that looks like an end tag
        raw, _ = decode(parts.raw(part), part)
        places = scan_carefully(raw, part, keep=lambda row, column: False)
        if places.open_start < 0:
            return _without_data(part, raw)
        prefix = prefix_at(raw, places.open_start)
        head, tail = raw[: places.open_end], raw[places.close_start :]
        return _outline(part, prefix, head, tail, regular=False)


def _without_data(part: str, raw: bytes) -> Outline:
    """A sheet that has no ``sheetData`` at all: nothing to read, nowhere to write."""
    root = parse(raw, part)
    return Outline(part, prefix_at(raw, root.start), raw, b"", False, root)


def _outline(part: str, prefix: str, head: bytes, tail: bytes, regular: bool) -> Outline:
    root = parse(head + tail, part)
    merged = root.child("mergeCells")
    merges = tuple(
        Range(each.top, each.left, each.bottom, each.right)
        for element in (merged.all("mergeCell") if merged else ())
        for each in known_ranges(element.attributes.get("ref", ""))
    )
    tables = root.child("tableParts")
    outline = Outline(
        part,
        prefix,
        head,
        tail,
        regular,
        root,
        merges,
        tuple(relationship_id(each) for each in (tables.children if tables else ())),
    )
    for group in root.all("cols"):
        for element in group.all("col"):
            keys = ("min", "max", "style")
            first, last, style = (whole_number(element.attributes.get(key)) for key in keys)
            if first is not None and last is not None and style is not None:
                outline._columns.append((first, last, style))
    return outline


def known_ranges(text: str) -> tuple[Range, ...]:
    """The rectangles of a list of ranges in the file; none where it cannot be read."""
    try:
        return parse_ranges(text)
    except ValueError:
        return ()


def widened_dimension(
    outline: Outline, cells: list[tuple[int, int]]
) -> tuple[int, int, bytes] | None:
    """The edit that makes ``dimension`` cover these cells; None where it does or is not there."""
    element = outline.root.child("dimension")
    if element is None or not cells:
        return None
    found = known_ranges(element.attributes.get("ref", ""))
    if len(found) != 1:
        return None
    old = found[0]
    new = Range(
        min(old.top, min(row for row, _ in cells)),
        min(old.left, min(column for _, column in cells)),
        max(old.bottom, max(row for row, _ in cells)),
        max(old.right, max(column for _, column in cells)),
    )
    if new == old:
        return None
    tag = edit_tag(outline.bare[element.start : element.open_end], {"ref": str(new)})
    return element.start, element.open_end, tag


def widened_spans(row_tag: bytes, columns: list[int]) -> bytes:
    """A row's opening tag whose ``spans`` (one stretch) covers these columns, if it has any."""
    match = re.search(rb"""\sspans\s*=\s*["'](\d+):(\d+)["']""", row_tag)
    if match is None:
        return row_tag
    first, last = int(match[1]), int(match[2])
    wider = min(first, *columns), max(last, *columns)
    if wider == (first, last):
        return row_tag
    return edit_tag(row_tag, {"spans": f"{wider[0]}:{wider[1]}"})
