"""A workbook file as grids of values: the file side of the ``Workbook`` protocol.

Why two looks: one pass over a sheet takes its first rows and everything around the rows; only
when a register was found there are the columns read that it needs. Cells that nobody asked for
never become objects. Where the first rows already tell which columns those will be (``expect``),
the first pass takes them along and there is no second.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path, PurePosixPath, PureWindowsPath

from xlgov.changes import FormatRule
from xlgov.grid.sheet import FormatRange, Grid, SheetInfo
from xlgov.ooxml.book import Book, BookSheet
from xlgov.ooxml.cell import parsed_value, style_index
from xlgov.ooxml.columns import ColumnReading
from xlgov.ooxml.comments import Note, read_notes
from xlgov.ooxml.directory import DEFAULT_LIMITS, Limits
from xlgov.ooxml.formula_texts import formula_texts
from xlgov.ooxml.garbage import collecting_rarely
from xlgov.ooxml.identify import refuse_unless_xlsx
from xlgov.ooxml.kept import KeptColumns
from xlgov.ooxml.markup import decode
from xlgov.ooxml.outline import Outline, read_outline
from xlgov.ooxml.package import Package
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.picking import CellPicking
from xlgov.ooxml.rules import format_ranges, own_rules
from xlgov.ooxml.scan import IrregularSheet, scan_carefully, split_stream
from xlgov.ooxml.strings import SharedStrings, read_strings
from xlgov.ooxml.styles import Styles

_FIRST_LOOK = 400
_LARGE = 8 << 20  # bytes of a sheet that takes longer to read than to guess what will be wanted

# From the first rows of a sheet: columns to read, and those of them to read briefly.
Expect = Callable[[Grid], tuple[Collection[int], Collection[int]]]


class WorkbookFile:
    """An .xlsx or .xlsm file, opened for reading (and, by the writer, for editing its parts)."""

    def __init__(
        self, package: Package, path: Path | None = None, opened: ExitStack | None = None
    ) -> None:
        self.package = package
        self._path = path
        self._opened = opened  # closes what was opened beside it
        self._beside: dict[str, WorkbookFile | None] = {}
        self.parts = Parts(package)
        self.book = Book(self.parts)
        self.date_1904 = self.book.date_1904
        self._styles: Styles | None = None
        self._outlines: dict[str, Outline] = {}
        self._first: dict[str, Grid] = {}
        self._held: dict[str, KeptColumns] = {}
        self._notes: dict[str, dict[tuple[int, int], Note]] = {}
        # Which columns of a large sheet will be asked for, told from its first rows: they are then
        # taken in the same pass that finds its end.
        self.expect: Expect | None = None
        self._formats: dict[int, str] = {}
        self._fills: dict[int, str | None] = {}

    @property
    def styles(self) -> Styles:
        """The styles part, read when first needed."""
        if self._styles is None:
            styles, theme = self.book.target("styles"), self.book.related("theme")
            self._styles = Styles(self.parts, self.book.part, styles, theme)
        return self._styles

    def beside(self, name: str) -> WorkbookFile | None:
        """Another workbook in the same folder or below it, closed together with this one.

        None where there is no such file, where it is this one, and for a path that leads elsewhere:
        settings may come with a workbook, and must not make anybody's PC call on a server.

        Raises FileError where the file cannot be read.
        """
        if name not in self._beside:
            self._beside[name] = self._open_beside(name)
        return self._beside[name]

    def _open_beside(self, name: str) -> WorkbookFile | None:
        plain = PurePosixPath(name.strip().replace("\\", "/"))
        if self._path is None or self._opened is None or not plain.name:
            return None
        if plain.is_absolute() or PureWindowsPath(name).anchor or ".." in plain.parts:
            return None
        path = self._path.parent / plain
        if not path.is_file() or path.samefile(self._path):
            return None
        return self._opened.enter_context(open_workbook(path, self.package.limits))

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

    def notes(self, sheet: str) -> Mapping[tuple[int, int], Note]:
        """The (author, text) of every cell note of a sheet by (row, column), ours and theirs.

        A conversation (threaded comment) counts as a note of whoever began it. Ours are those for
        which ``is_ours`` holds; in the cell of any other, a NoteChange is refused.
        """
        key = sheet.casefold()
        if key not in self._notes:
            self._notes[key] = read_notes(self.parts, self.book.part, self.find_sheet(sheet).part)
        return self._notes[key]

    def forget_notes(self, sheet: str) -> None:
        """Read a sheet's notes anew next time: their parts were edited."""
        self._notes.pop(sheet.casefold(), None)

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

    @property
    def outlines(self) -> Mapping[str, Outline]:
        """The outlines read so far, for another look at the same bytes."""
        return dict(self._outlines)

    def adopt(self, outlines: Mapping[str, Outline]) -> None:
        """Take outlines that were read from a file with the same bytes."""
        self._outlines.update(outlines)

    def write_styles(self) -> None:
        """Put styles that were derived or added into their part."""
        if self._styles is not None:
            self._styles.write()

    def forget(self, sheet: str) -> None:
        """Read a sheet anew next time: its part was edited."""
        for held in (self._outlines, self._first, self._held, self._notes):
            held.pop(sheet.casefold(), None)

    def grid(
        self,
        sheet: str,
        *,
        rows: int | None = None,
        columns: Collection[int] | None = None,
        brief: Collection[int] = (),
    ) -> Grid:
        """Cells of a sheet: all, those in rows 1 to ``rows``, or those in ``columns``.

        Columns that were read down to the end are kept and given again.
        """
        key = sheet.casefold()
        if columns is None or rows is not None:
            return self._read(sheet, rows, columns, brief)
        held = self._held.setdefault(key, KeptColumns())
        missing = held.missing(columns, brief)
        if missing:
            found = self._read(sheet, None, missing, [each for each in brief if each in missing])
            held.keep(found, missing, brief)
        return held.grid(self.find_sheet(sheet).name, columns, self.outline(sheet).merges)

    def _read(
        self,
        sheet: str,
        rows: int | None,
        columns: Collection[int] | None,
        brief: Collection[int],
    ) -> Grid:
        key = sheet.casefold()
        if columns is not None and key not in self._outlines:
            found = self._look_at(sheet, rows, columns, brief)
            if found is not None:
                return found
        outline = self.outline(sheet)
        if columns is None and key in self._first:
            first = self._first[key]
            if first.is_complete or (rows is not None and rows <= _FIRST_LOOK):
                return first
        reading = ColumnReading(outline.prefix, rows, columns, brief, self.date_1904)
        if outline.regular:
            try:
                self._read_fast(outline, reading)
            except IrregularSheet:
                outline.regular = False
                reading = ColumnReading(outline.prefix, rows, columns, brief, self.date_1904)
        if not outline.regular:
            self._read_carefully(outline, reading)
        return self._resolved(sheet, outline, reading)

    def formulas(self, sheet: str, columns: Collection[int]) -> Mapping[tuple[int, int], str]:
        """The text of the formulas in these columns, by (row, column)."""
        return formula_texts(self, sheet, columns)

    def cells(
        self,
        sheet: str,
        places: Collection[tuple[int, int]],
        starts: Mapping[int, int] | None = None,
    ) -> Grid:
        """Only the cells at these places (row, column): a look at what was written.

        ``starts`` says where in the sheet their rows must stand; else they are searched for.
        """
        found = self.find_sheet(sheet)
        picking: CellPicking | None = None

        def visit(piece: bytes, prefix: str) -> bool:
            nonlocal picking
            if picking is None:
                picking = CellPicking(prefix, places, self.date_1904, starts)
            picking.take(piece)
            return True

        outline = read_outline(self.parts, found.part, visit)
        self._outlines[sheet.casefold()] = outline
        if not outline.regular or picking is None:
            return self.grid(sheet, columns={column for _, column in places})
        return self._resolved(sheet, outline, picking.reading)

    def _look_at(
        self,
        sheet: str,
        rows: int | None,
        columns: Collection[int] | None,
        brief: Collection[int] = (),
    ) -> Grid | None:
        """One pass: the outline, and these cells on the way where the sheet is regular."""
        found = self.find_sheet(sheet)
        reading: ColumnReading | None = None
        expected: ColumnReading | None = None
        seen: list[bytes] = []
        member = self.package.find(found.part)
        is_large = member is not None and member.size > _LARGE

        def visit(piece: bytes, prefix: str) -> bool:
            nonlocal reading, expected
            if expected is not None:
                return expected.take(piece)
            if reading is None:
                reading = ColumnReading(prefix, rows, columns, brief, self.date_1904)
            seen.append(piece)
            if reading.take(piece):
                return True
            if columns is None and self.expect is not None and is_large:
                expected = self._expected(found.name, reading, self.expect, prefix)
            return expected is not None and all(map(expected.take, seen))

        outline = read_outline(self.parts, found.part, visit)
        self._outlines[sheet.casefold()] = outline
        if not outline.regular:
            return None
        if reading is None:
            reading = ColumnReading(outline.prefix, rows, columns, brief, self.date_1904)
        if expected is not None:
            outline.is_checked, outline.rows = expected.is_thorough, expected.places
            held = self._held.setdefault(sheet.casefold(), KeptColumns())
            held.keep(self._resolved(sheet, outline, expected), expected.wanted, expected.brief)
        return self._resolved(sheet, outline, reading)

    def _expected(
        self, sheet: str, first: ColumnReading, expect: Expect, prefix: str
    ) -> ColumnReading | None:
        """A reading of the columns that will be asked for, if the first rows tell which."""
        first.finish(self._strings)
        columns, brief = expect(Grid(sheet, first.columns, is_complete=False))
        if not columns:
            return None
        return ColumnReading(prefix, None, columns, brief, self.date_1904)

    def _read_fast(self, outline: Outline, reading: ColumnReading) -> None:
        for kind, piece, _ in split_stream(self.parts.stream(outline.part)):
            if kind == "rows" and not reading.take(piece):
                return
        outline.is_checked, outline.rows = reading.is_thorough, reading.places

    def _read_carefully(self, outline: Outline, reading: ColumnReading) -> None:
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

    def _resolved(self, sheet: str, outline: Outline, reading: ColumnReading) -> Grid:
        """The grid, its shared strings looked up."""
        reading.finish(self._strings)
        return Grid(
            self.find_sheet(sheet).name,
            reading.columns,
            outline.merges,
            reading.is_complete,
        )

    def _strings(self, whole: list[array[int]], brief: list[array[int]]) -> SharedStrings:
        part = self.book.related("sharedStrings")
        if not part:
            return SharedStrings()
        return read_strings(
            self.parts, part, chain.from_iterable(whole), chain.from_iterable(brief)
        )


@contextmanager
def open_workbook(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[WorkbookFile]:
    """Open a workbook file; it is closed again at the end of the ``with``.

    Raises FileError (a subclass says which) where it is no .xlsx or .xlsm that can be read.
    """
    path = Path(path)
    refuse_unless_xlsx(path)
    with Package.open(path, limits) as package, collecting_rarely(), ExitStack() as opened:
        yield WorkbookFile(package, path, opened)
