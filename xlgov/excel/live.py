"""An open workbook as a grid: every sheet read in two calls, whatever its size.

Why not a copy of the file: what a person has typed since the last save is what they want judged,
and an office may forbid copies. The grid is the one that files give, so that the same code judges
both. What the engine cannot tell (on the web: formulas, fills, merged cells) is kept in ``unsaid``.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlgov.errors import FileError
from xlgov.excel.asking import ask, get
from xlgov.excel.extent import filled_part
from xlgov.excel.looks import GENERAL, SheetLooks
from xlgov.excel.merges import find_merges, supposed_merges
from xlgov.excel.rules import read_rules
from xlgov.excel.values import from_excel
from xlgov.grid.cells import Range
from xlgov.grid.sheet import Column, FormatRange, Grid, SheetInfo
from xlgov.ooxml.comments import AUTHOR
from xlgov.ooxml.reader import open_workbook

if TYPE_CHECKING:
    from contextlib import ExitStack

    from xlwings import Book, Sheet
    from xlwings import Range as Block
    from xlwings.main import Note

    from xlgov.changes import FormatRule
    from xlgov.grid.sheet import Workbook


@dataclass(frozen=True, slots=True)
class _Rules:
    """The conditional formats of a sheet; ``said`` is false where the engine gives none."""

    ranges: tuple[FormatRange, ...]
    ours: tuple[FormatRule, ...]
    said: bool


_TALL = 20_000  # rows; below, asking for the last filled one costs more than it saves


class LiveWorkbook:
    """A workbook that is open in Excel, as the domain asks for it.

    ``opened`` closes the neighbouring files that are looked at.
    """

    date_1904 = False  # Excel hands over dates as dates, whichever day it counts from

    def __init__(self, book: Book, opened: ExitStack) -> None:
        self.book = book
        self.unsaid: set[str] = set()
        self._opened = opened
        self._live: dict[str, Sheet] = {sheet.name: sheet for sheet in book.sheets}
        self._sheets = tuple(
            SheetInfo(name, _state(get(sheet, "visible"))) for name, sheet in self._live.items()
        )
        self.grids_read: dict[str, Grid] = {}
        self._formulas: dict[str, dict[tuple[int, int], str]] = {}
        self._looks: list[SheetLooks] = []
        self._styles = 1  # 0 is the style of a cell that was never formatted
        self._rules: dict[str, _Rules] = {}
        self._names: dict[str, str] | None = None
        self._notes: dict[str, dict[tuple[int, int], Note]] = {}

    @property
    def sheets(self) -> Sequence[SheetInfo]:
        return self._sheets

    def sheet(self, name: str) -> Sheet:
        """The live sheet of that name."""
        return self._live[name]

    def grid(
        self,
        sheet: str,
        *,
        rows: int | None = None,
        columns: Collection[int] | None = None,
        brief: Collection[int] = (),
    ) -> Grid:
        """Cells of a sheet, as ``grid.sheet.Workbook`` says; what was read once is kept."""
        if sheet not in self.grids_read:
            self.grids_read[sheet] = self._read(self._live[sheet])
        whole = self.grids_read[sheet]
        if columns is None and rows is None:
            return whole
        wanted = whole.columns if columns is None else set(columns) & set(whole.columns)
        kept = {column: whole.columns[column] for column in sorted(wanted)}
        if rows is not None:
            kept = {column: _first_rows(cells, rows) for column, cells in kept.items()}
        return Grid(sheet, kept, whole.merges, is_complete=False)

    def _read(self, sheet: Sheet) -> Grid:
        block = sheet.used_range
        used = _area(block)
        if used.bottom - used.top > _TALL:
            used = filled_part(sheet, used)
            block = sheet.range(str(used))
        values = block.options(ndim=2, err_to_str=True).value
        if any(isinstance(value, Decimal) for row in values for value in row):
            values = _with_whole_amounts(values, block, used)
        formulas = _square(get(block, "formula"), used)
        if formulas is None:
            self.unsaid.add("formulas")
        grid = Grid(sheet.name)
        dated: set[int] = set()

        def is_number(row: int, column: int) -> bool:
            cell = grid.cell(row, column)
            number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
            return number and cell.style not in dated

        looks = SheetLooks(sheet, used, self._styles, is_number, dated)
        self._looks.append(looks)
        self._styles += used.cell_count
        texts = self._formulas[sheet.name] = {}
        width = used.right - used.left + 1
        first = looks.first
        for place in range(width):
            column = Column()
            grid.columns[used.left + place] = column
            column.rows = array("I", range(used.top, used.top + len(values)))
            column.styles = array(
                "I", range(first + place, first + place + len(values) * width, width)
            )
            for number, row in enumerate(values):
                value, is_date = from_excel(row[place])
                column.values.append(value)
                if is_date:
                    dated.add(first + number * width + place)
            for number, row in enumerate(formulas or ()):
                if _is_formula(row[place], column.values[number]):
                    column.formulas.add(used.top + number)
                    texts[used.top + number, used.left + place] = row[place][1:]
        merges = find_merges(sheet, used)
        if merges is None:
            self.unsaid.add("merged cells")
            merges = supposed_merges(grid)
        grid.merges = merges
        return grid

    def formulas(self, sheet: str, columns: Collection[int]) -> Mapping[tuple[int, int], str]:
        """The text of the formulas in these columns, without ``=``; none where Excel is silent."""
        self.grid(sheet)
        wanted = set(columns)
        return {at: text for at, text in self._formulas[sheet].items() if at[1] in wanted}

    def _looks_of(self, style: int) -> SheetLooks | None:
        for looks in self._looks:
            if looks.first <= style < looks.first + looks.used.cell_count:
                return looks
        return None

    def number_format(self, style: int) -> str:
        looks = self._looks_of(style)
        found = GENERAL if looks is None else looks.number_format(style)
        if looks is not None and not looks.says_formats:
            self.unsaid.add("number formats")
        return found

    def fill(self, style: int) -> str | None:
        looks = self._looks_of(style)
        found = None if looks is None else looks.fill(style)
        if looks is not None and not looks.says_colors:
            self.unsaid.add("fills")
        return found

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        return self._rules_of(sheet).ranges

    def own_rules(self, sheet: str) -> Sequence[FormatRule]:
        """The conditional formats of ours that stand in a sheet."""
        return self._rules_of(sheet).ours

    def says_rules(self, sheet: str) -> bool:
        """Whether the engine gives conditional formats, and takes them."""
        return self._rules_of(sheet).said

    def _rules_of(self, sheet: str) -> _Rules:
        if sheet not in self._rules:
            found = read_rules(self._live[sheet])
            self._rules[sheet] = _Rules((), (), False) if found is None else _Rules(*found, True)
        return self._rules[sheet]

    def names(self) -> Mapping[str, str]:
        if self._names is None:
            self._names = {}
            for name in ask(lambda: list(self.book.names)) or ():
                refers = get(name, "refers_to")
                if refers and "!" not in name.name:
                    self._names[name.name] = refers.removeprefix("=")
        return self._names

    def own_notes(self, sheet: str) -> Mapping[tuple[int, int], Note]:
        """The cell notes of ours on a sheet, where the engine gives notes with their author."""
        if sheet not in self._notes:
            standing = ask(lambda: list(self._live[sheet].notes)) or []
            ours = [note for note in standing if get(note, "author") == AUTHOR]
            self._notes[sheet] = {(note.location.row, note.location.column): note for note in ours}
        return self._notes[sheet]

    @property
    def path(self) -> Path | None:
        """The book's file on this machine; None for a new book or a web address."""
        try:
            path = Path(self.book.fullname)
        except Exception:  # xlwings raises its own plain errors for addresses in the cloud
            return None
        return path if path.is_absolute() and path.parent.is_dir() else None

    def beside(self, name: str) -> Workbook | None:
        """The workbook file of that name in the same folder, as it was last saved."""
        path = self.path
        if path is None or Path(name).name != name or not (path.parent / name).is_file():
            return None
        try:
            return self._opened.enter_context(open_workbook(path.parent / name))
        except FileNotFoundError as error:
            raise FileError(f"{name} cannot be read: {error.strerror}") from None


def _with_whole_amounts(values: list[list[Any]], block: Block, used: Range) -> list[list[Any]]:
    """The values with amounts of money in full: Excel hands them over to four places."""
    whole = _square(ask(lambda: block.api.Value2), used)
    if whole is None:
        return values
    return [
        [
            full if isinstance(value, Decimal) else value
            for value, full in zip(row, rest, strict=True)
        ]
        for row, rest in zip(values, whole, strict=True)
    ]


def _state(visible: Any) -> str:
    """Excel itself says -1, 0 or 2 (very hidden); other engines True or False."""
    if visible is None or visible is True or visible == -1:
        return "visible"
    return "veryHidden" if visible == 2 else "hidden"


def _area(block: Any) -> Range:
    """The rectangle of a live range."""
    rows, columns = block.shape
    return Range(block.row, block.column, block.row + rows - 1, block.column + columns - 1)


def _first_rows(cells: Column, rows: int) -> Column:
    count = sum(1 for row in cells.rows[: rows + 1] if row <= rows)
    formulas = {row for row in cells.formulas if row <= rows}
    return Column(cells.rows[:count], cells.values[:count], cells.styles[:count], formulas)


def _square(formulas: Any, used: Range) -> list[list[Any]] | None:
    """Formulas as rows of cells: one cell arrives bare, one row or column flat on some engines."""
    if formulas is None:
        return None
    if used.cell_count == 1:
        while isinstance(formulas, list | tuple):
            formulas = formulas[0]
        return [[formulas]]
    if formulas and not isinstance(formulas[0], list | tuple):
        flat = list(formulas)
        return [flat] if used.top == used.bottom else [[each] for each in flat]
    return [list(row) for row in formulas]


def _is_formula(text: Any, value: Any) -> bool:
    """Whether what a cell holds is a formula; a text that begins with ``=`` shows itself."""
    return isinstance(text, str) and text.startswith("=") and text != value
