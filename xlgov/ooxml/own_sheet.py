"""A worksheet of our own, as a new part.

Kept plain (values and widths only): its looks are ordinary style changes of the same change set,
made by the one writer of cells.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from xlgov.changes import SheetChange
from xlgov.errors import EditError
from xlgov.grid.cells import MAX_COLUMN, MAX_ROW, Range, address
from xlgov.ooxml.cell import refuse_unwritable, render
from xlgov.ooxml.markup import decode, encode, insert_into, splice
from xlgov.ooxml.outline import SHEET_ORDER
from xlgov.ooxml.scan import scan_carefully
from xlgov.ooxml.standing import stands_already
from xlgov.ooxml.styles import Facets

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile


__all__ = ["own_sheet", "replaced_sheet", "stands_already"]

_HIDDEN = ' hidden="1"'  # of a column without width, whose texts would else be drawn over others
_FROZEN = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="{rows}" topLeftCell="A{first}" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)
_PRINTED = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'  # A4, one page wide
_NAME = re.compile(r"[^\W\d][\w.]*")
_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*C[0-9]*|[RC]", re.IGNORECASE)


def own_sheet(change: SheetChange, workbook: WorkbookFile, namespace: str) -> bytes:
    """The XML of a new sheet with these rows; dates get a date format."""
    made = _Content.of(change, workbook, "")
    pane = _FROZEN.format(rows=change.frozen, first=change.frozen + 1) if change.frozen else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f"{made.dimension}{pane}{made.columns}{made.rows}{_PRINTED}</worksheet>"
    ).encode()


def replaced_sheet(change: SheetChange, workbook: WorkbookFile) -> bytes:
    """The XML of a sheet of ours that stands, with these rows in place of its own.

    How it is shown and printed, its conditional formats, notes, pictures and buttons stay, and so
    does whether it is hidden: those are people's, or are replaced by changes of their own. What
    belongs to the old rows goes with them: merged ranges, links, tables. A change that begins
    further down takes nothing but the rows from there on.
    """
    parts, outline = workbook.parts, workbook.outline(change.name)
    root, raw = outline.root, outline.bare
    rows = root.child("sheetData")
    if rows is None or not outline.tail:
        return own_sheet(change, workbook, root.namespace)
    made = _Content.of(change, workbook, outline.prefix)
    if change.first_row > 1:
        return _continued_sheet(change, workbook, made)
    edits = [(rows.start, rows.end, made.rows.encode())]
    for name, new in (("dimension", made.dimension), ("cols", made.columns)):
        standing = root.all(name)
        edits += [(e.start, e.end, b"") for e in standing[1:]]
        if standing:
            edits.append((standing[0].start, standing[0].end, new.encode()))
        elif new:
            edits.append(insert_into(raw, root, name, new.encode(), SHEET_ORDER))
    for name in ("mergeCells", "hyperlinks", "tableParts"):
        edits += [(e.start, e.end, b"") for e in root.all(name)]
    for each in parts.relationships(outline.part):
        if each.kind == "table" and parts.name(each.target):
            parts.remove_related(outline.part, each.target)
    return encode(splice(raw, edits), decode(parts.raw(outline.part), outline.part)[1])


def _continued_sheet(change: SheetChange, workbook: WorkbookFile, made: _Content) -> bytes:
    """The XML of a sheet of ours with these rows in place of those from the first of them on."""
    part, p = workbook.outline(change.name).part, workbook.outline(change.name).prefix
    raw, encoding = decode(workbook.parts.raw(part), part)
    places = scan_carefully(raw, part, lambda _row, _column: False)
    kept = [span for span, _ in places.rows if span.number < change.first_row]
    start = max((span.end for span in kept), default=places.open_end)
    opening = raw[places.open_start : places.open_end]
    if opening.endswith(b"/>"):
        edits = [(places.open_start, places.open_end, made.rows.encode())]
    else:
        new = made.rows.removeprefix(f"<{p}sheetData>").removesuffix(f"</{p}sheetData>")
        edits = [(start, places.close_start, new.encode())]
    _, root = workbook.parts.tree(part)
    dimension = root.child("dimension")
    if dimension is not None:
        edits.append((dimension.start, dimension.end, made.dimension.encode()))
    return encode(splice(raw, edits), encoding)


class _Content(NamedTuple):
    """The parts of a sheet's XML that follow from its rows and widths."""

    dimension: str
    columns: str
    rows: str

    @classmethod
    def of(cls, change: SheetChange, workbook: WorkbookFile, p: str) -> _Content:
        _refuse_unwritable(change, workbook.date_1904)
        rows = []
        widest = 1
        for number, values in enumerate(change.rows, start=change.first_row):
            cells = []
            for column, value in enumerate(values, start=1):
                if value is None or value == "":
                    continue
                widest = max(widest, column)
                style = 0
                if isinstance(value, date):
                    timed = isinstance(value, datetime)
                    code = "dd/mm/yyyy hh:mm" if timed else "dd/mm/yyyy"
                    style = workbook.styles.derive(0, Facets(number_format=code))
                kind, inside = render(value, p, workbook.date_1904)
                marks = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
                cells.append(f'<{p}c r="{address(number, column)}"{marks}>{inside}</{p}c>')
            if cells:
                rows.append(f'<{p}row r="{number}">{"".join(cells)}</{p}row>')
        widths = "".join(
            f'<{p}col min="{at}" max="{at}" width="{width:g}" customWidth="1"'
            f"{'' if width else _HIDDEN}/>"
            for at, width in enumerate(change.widths, start=1)
        )
        bottom = change.first_row + len(change.rows) - 1
        if change.first_row > 1:
            widest = max([widest, *workbook.grid(change.name).columns])
        last = address(max(bottom, 1), widest)
        return cls(
            f'<{p}dimension ref="A1:{last}"/>',
            f"<{p}cols>{widths}</{p}cols>" if widths else "",
            f"<{p}sheetData>{''.join(rows)}</{p}sheetData>",
        )


def _refuse_unwritable(change: SheetChange, date_1904: bool) -> None:
    """Raise EditError for what no sheet can hold."""
    widest = max(map(len, change.rows), default=0)
    deepest = change.first_row + len(change.rows) - 1
    if deepest > MAX_ROW or max(widest, len(change.widths)) > MAX_COLUMN:
        raise EditError(
            f"the sheet {change.name!r} would have {len(change.rows):,} rows and {widest:,} "
            f"columns; Excel allows {MAX_ROW:,} and {MAX_COLUMN:,}."
        )
    for number, values in enumerate(change.rows, start=change.first_row):
        for column, value in enumerate(values, start=1):
            refuse_unwritable(value, f"{change.name}!{address(number, column)}", date_1904)
    for width in change.widths:
        if not 0 <= width <= 255:
            raise EditError(f"the sheet {change.name!r}: a column is 0 to 255 wide, not {width}.")
    for name, area in change.names:
        if not _NAME.fullmatch(name) or _ADDRESS.fullmatch(name) or len(name) > 255:
            raise EditError(
                f"the sheet {change.name!r}: {name!r} cannot be a defined name; give letters, "
                "digits and underscores, beginning with a letter."
            )
        try:
            Range.parse(area)
        except ValueError as error:
            raise EditError(f"the name {name}: {error}") from None
