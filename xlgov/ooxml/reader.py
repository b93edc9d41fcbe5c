"""A workbook file as grids of values: the file side of the ``Workbook`` protocol.

Why two looks: one pass over a sheet takes its first rows and everything around the rows; only
when a register was found there does a second pass read the columns it needs. Cells that nobody
asked for never become objects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xlgov.changes import FormatRule
from xlgov.grid.cells import column_letters, column_number
from xlgov.grid.sheet import Column, FormatRange, Grid, SheetInfo
from xlgov.ooxml.book import Book, BookSheet
from xlgov.ooxml.cell import (
    Raw,
    SharedText,
    ValueReader,
    parsed_value,
    style_and_type,
    style_index,
)
from xlgov.ooxml.directory import DEFAULT_LIMITS, Limits
from xlgov.ooxml.identify import refuse_unless_xlsx
from xlgov.ooxml.markup import decode
from xlgov.ooxml.outline import Outline, read_outline
from xlgov.ooxml.package import Package
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.rules import format_ranges, own_rules
from xlgov.ooxml.scan import IrregularSheet, fast_form, scan_carefully, split_stream
from xlgov.ooxml.strings import read_strings
from xlgov.ooxml.styles import Styles

_FIRST_LOOK = 400


class WorkbookFile:
    """An .xlsx or .xlsm file, opened for reading (and, by the writer, for editing its parts)."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts = Parts(package)
        self.book = Book(self.parts)
        self.date_1904 = self.book.date_1904
        self._styles: Styles | None = None
        self._outlines: dict[str, Outline] = {}
        self._first: dict[str, Grid] = {}
        self._formats: dict[int, str] = {}
        self._fills: dict[int, str | None] = {}

    @property
    def styles(self) -> Styles:
        """The styles part, read when first needed."""
        if self._styles is None:
            styles, theme = self.book.related("styles"), self.book.related("theme")
            self._styles = Styles(self.parts, self.book.part, styles, theme)
        return self._styles

    @property
    def sheets(self) -> Sequence[SheetInfo]:
        """Worksheets in book order."""
        return [
            SheetInfo(sheet.name, sheet.state)
            for sheet in self.book.sheets()
            if sheet.kind == "worksheet" and self.parts.name(sheet.part)
        ]

    def number_format(self, style: int) -> str:
        """Number format code of a style index."""
        if style not in self._formats:
            self._formats[style] = self.styles.number_format(style)
        return self._formats[style]

    def fill(self, style: int) -> str | None:
        """Colour of a solid fill as ``RRGGBB``."""
        if style not in self._fills:
            self._fills[style] = self.styles.fill(style)
        return self._fills[style]

    def names(self) -> dict[str, str]:
        """Workbook-level defined names."""
        return self.book.names()

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        """Conditional formats of a sheet."""
        return format_ranges(sheet, self.outline(sheet))

    def own_rules(self, sheet: str) -> Sequence[FormatRule]:
        """Conditional formats of ours in a sheet."""
        return own_rules(sheet, self.outline(sheet), self.styles)

    def is_locked(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell is locked on a protected sheet: Excel then keeps people from typing."""
        outline = self.outline(sheet)
        protection = outline.root.child("sheetProtection")
        if protection is None:
            return False
        if protection.attributes.get("sheet", "0").lower() not in ("1", "true"):
            return False
        first = self._first.get(sheet.casefold())
        known = first is not None and row <= _FIRST_LOOK
        grid = first if first is not None and known else self.grid(sheet, columns=(column,))
        return self.styles.is_locked(grid.cell(row, column).style)

    def find_sheet(self, sheet: str) -> BookSheet:
        """A worksheet by name. Raises KeyError where there is none."""
        found = self.book.worksheet(sheet)
        if found is None:
            raise KeyError(sheet)
        return found

    def outline(self, sheet: str) -> Outline:
        """Everything of a sheet but its rows; kept once read."""
        key = sheet.casefold()
        if key not in self._outlines:
            first = self._look_at(sheet, _FIRST_LOOK, None)
            if first is not None:
                self._first[key] = first
        return self._outlines[key]

    def write_styles(self) -> None:
        """Put styles that were derived or added into their part."""
        if self._styles is not None:
            self._styles.write()

    def forget(self, sheet: str) -> None:
        """Read a sheet anew next time: its part was edited."""
        self._outlines.pop(sheet.casefold(), None)
        self._first.pop(sheet.casefold(), None)

    def grid(
        self, sheet: str, *, rows: int | None = None, columns: Collection[int] | None = None
    ) -> Grid:
        """Cells of a sheet: all, those in rows 1 to ``rows``, or those in ``columns``."""
        key = sheet.casefold()
        if columns is not None and key not in self._outlines:
            found = self._look_at(sheet, rows, columns)
            if found is not None:
                return found
        outline = self.outline(sheet)
        if columns is None and key in self._first:
            first = self._first[key]
            if first.is_complete or (rows is not None and rows <= _FIRST_LOOK):
                return first
        reading = _Reading(outline.prefix, rows, columns, self.date_1904)
        if outline.regular:
            try:
                self._read_fast(outline, reading)
            except IrregularSheet:
                outline.regular = False
                reading = _Reading(outline.prefix, rows, columns, self.date_1904)
        if not outline.regular:
            self._read_carefully(outline, reading)
        return self._resolved(sheet, outline, reading)

    def _look_at(
        self, sheet: str, rows: int | None, columns: Collection[int] | None
    ) -> Grid | None:
        """One pass: the outline, and these cells on the way where the sheet is regular."""
        found = self.find_sheet(sheet)
        reading: _Reading | None = None

        def visit(piece: bytes, prefix: str) -> bool:
            nonlocal reading
            if reading is None:
                reading = _Reading(prefix, rows, columns, self.date_1904)
            return reading.take(piece)

        outline = read_outline(self.parts, found.part, visit)
        self._outlines[sheet.casefold()] = outline
        if not outline.regular:
            return None
        return self._resolved(
            sheet, outline, reading or _Reading(outline.prefix, rows, columns, self.date_1904)
        )

    def _read_fast(self, outline: Outline, reading: _Reading) -> None:
        for kind, piece, _ in split_stream(self.parts.stream(outline.part)):
            if kind == "rows" and not reading.take(piece):
                return

    def _read_carefully(self, outline: Outline, reading: _Reading) -> None:
        raw, _ = decode(self.parts.raw(outline.part), outline.part)
        places = scan_carefully(raw, outline.part, reading.wants)
        found = []
        for _, cells in places.rows:
            for cell in cells:
                if reading.wants(cell.row, cell.span.number):
                    value, formula = parsed_value(cell, self.date_1904)
                    style = style_index(cell.attributes)
                    found.append((cell.row, cell.span.number, value, formula, style))
        found.sort(key=lambda each: each[:2])
        for row, column, value, formula, style in found:
            reading.put(row, column, value, formula, style)

    def _resolved(self, sheet: str, outline: Outline, reading: _Reading) -> Grid:
        """The grid, its shared strings looked up."""
        part = self.book.related("sharedStrings")
        texts = read_strings(self.parts, part, reading.shared) if part else {}
        for column in reading.columns.values():
            values = column.values
            for place, value in enumerate(values):
                if type(value) is SharedText:
                    values[place] = texts.get(value) or None
        return Grid(
            self.find_sheet(sheet).name,
            reading.columns,
            outline.merges,
            reading.is_complete,
        )


@contextmanager
def open_workbook(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[WorkbookFile]:
    """Open a workbook file; it is closed again at the end of the ``with``.

    Raises FileError (a subclass says which) where it is no .xlsx or .xlsm that can be read.
    """
    path = Path(path)
    refuse_unless_xlsx(path)
    with Package.open(path, limits) as package:
        yield WorkbookFile(package)


class _Reading:
    """Cells being collected: which are wanted, and the columns they go to."""

    def __init__(
        self,
        prefix: str,
        rows: int | None,
        columns: Collection[int] | None,
        date_1904: bool,
    ) -> None:
        self.columns: dict[int, Column] = {}
        self.shared: set[int] = set()
        self._last_wanted = rows
        self._wanted = None if columns is None else frozenset(columns)
        self.is_complete = columns is None
        self._form = fast_form(prefix)
        self._values = ValueReader(prefix, date_1904)
        letters = (
            b"[A-Z]{1,3}"
            if columns is None
            else b"|".join(column_letters(c).encode() for c in sorted(columns)) or b"-"
        )
        p = re.escape(prefix.encode())
        # The attributes are checked when their spelling is first met (style_and_type).
        self._cell = re.compile(
            b"<" + p + b'c r="(' + letters + rb')(\d+)"([^>]*?)(?:/>|>(.*?)</' + p + b"c>)",
            re.DOTALL,
        )

    def wants(self, row: int, column: int) -> bool:
        """Whether a cell is asked for; notes when one is not, so that the grid says so."""
        if self._last_wanted is not None and row > self._last_wanted:
            self.is_complete = False
            return False
        return self._wanted is None or column in self._wanted

    def take(self, buffer: bytes) -> bool:
        """Collect from a stretch of whole rows; False once the rows asked for are past."""
        self._form.check(buffer)
        columns, shared, values = self.columns, self.shared, self._values
        last_wanted = self._last_wanted
        numbers: dict[bytes, int] = {}
        for match in self._cell.finditer(buffer):
            letters, digits, attributes, inside = match.groups()
            row = int(digits)
            if last_wanted is not None and row > last_wanted:
                self.is_complete = False
                return False
            style, kind = style_and_type(attributes)
            number = numbers.get(letters)
            if number is None:
                number = numbers[letters] = column_number(letters.decode())
            value: Raw = None
            formula = False
            if inside:
                value, formula = values.value(kind, inside)
            if type(value) is SharedText:
                shared.add(value)
            column = columns.get(number)
            if column is None:
                column = columns[number] = Column()
            elif row <= column.rows[-1]:
                raise IrregularSheet
            column.rows.append(row)
            column.values.append(value)
            column.styles.append(style)
            if formula:
                column.formulas.add(row)
        return True

    def put(self, row: int, column: int, value: Raw, formula: bool, style: int) -> None:
        """Add a cell that the parser found; of two at one place the first stands."""
        cells = self.columns.setdefault(column, Column())
        if cells.rows and cells.rows[-1] == row:
            return
        if type(value) is SharedText:
            self.shared.add(value)
        cells.rows.append(row)
        cells.values.append(value)
        cells.styles.append(style)
        if formula:
            cells.formulas.add(row)
