"""What the button wrote last, kept on the sheet ``xlgov`` so that it can be taken back.

Why on that sheet: Excel forgets its own list of undo steps when a program writes, and nothing of
ours may stand on a page that prints. It is written only when something changed, below all else on
the sheet with room left for the office's own rows, and only rows that are ours are cleared.

Why each line says how its row begins: rows are inserted and sorted between a press and its undo.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from xlgov.changes import ChangeSet, Formula, NewValue
from xlgov.excel.asking import get, put, tell
from xlgov.excel.blocks import Place
from xlgov.excel.cells import Undoing, block_of, held, write_number_format, write_values
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.values import to_excel
from xlgov.excel.writing import all_or_nothing
from xlgov.grid.cells import Range, Value, is_blank, parse_address
from xlgov.grid.sheet import Grid
from xlgov.settings.sections import LAST, plain
from xlgov.settings.values import SETTINGS_SHEET

if TYPE_CHECKING:
    from xlwings import Sheet

_ROOM = 20  # blank rows left above it
_WHEN, _CELLS = "Recalculated", "Cells"
_HEADINGS = [words[0] for words in LAST.columns.values()]
_WIDTH = len(_HEADINGS)
_HEAD = 4  # rows above the first cell: title, use, when, headings
_TIME_FORMAT = "dd/mm/yyyy hh:mm:ss"
_TITLE = plain(LAST.title)
_LONGEST_START = 60  # characters of a row's first text


@dataclass(frozen=True, slots=True)
class Written:
    """One cell that was written: what stood there, what was written, its number format before.

    ``row_starts`` is the first text of its row, by which the row is known again.
    """

    sheet: str
    address: str
    before: Value
    after: Value
    number_format: str = ""
    row_starts: str = ""


def written_by(changes: ChangeSet, live: LiveWorkbook) -> list[Written]:
    """The cells that a change set writes, with what stands there now; formulas are left out."""
    formats = {
        (style.sheet, style.address): live.number_format(
            live.grid(style.sheet).cell(*parse_address(style.address)).style
        )
        for style in changes.styles
        if style.number_format is not None and style.sheet in live.grids_read
    }
    new: dict[tuple[str, str], Any] = {
        (change.sheet, change.address): change.after
        for change in changes.cells
        if not isinstance(change.after, Formula)
    }
    columns: dict[str, set[int]] = defaultdict(set)
    for sheet, address in (*new, *formats):
        columns[sheet].add(parse_address(address)[1])
    cells = []
    for sheet, address in dict.fromkeys((*new, *formats)):
        grid, place = live.grid(sheet), parse_address(address)
        before = grid.value(*place)
        after = _shown(new[sheet, address]) if (sheet, address) in new else before
        starts = _row_starts(grid, place[0], columns[sheet])
        cells.append(
            Written(sheet, address, before, after, formats.get((sheet, address), ""), starts)
        )
    return cells


def _shown(value: NewValue) -> Value:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _row_starts(grid: Grid, row: int, besides: set[int]) -> str:
    """The first text of a row; columns that are written do not count."""
    for column, value in grid.row(row).items():
        if isinstance(value, str) and not is_blank(value) and column not in besides:
            return " ".join(value.split())[:_LONGEST_START]
    return ""


def keep_last(live: LiveWorkbook, cells: list[Written], moment: datetime, written: Undoing) -> None:
    """Put down what is about to be written, in place of what stood there from the time before."""
    sheet, found, last = _settings_sheet(live), _find(live), _last_row(live)
    if sheet is None:
        sheet = _add_sheet(live)
        top = 1
        written.steps.append(partial(tell, sheet.delete))
    elif found is not None:
        top = found[0] if found[1] >= last else last + 1 + _ROOM
        _clear(sheet, *found)
    else:
        top = last + 1 + (_ROOM if last else 0)
    blank: list[Any] = [None] * _WIDTH
    head: list[list[Any]] = [
        [LAST.title],
        [LAST.use],
        [_WHEN, moment, _CELLS, len(cells)],
        [*_HEADINGS],
    ]
    lines = [
        *([*row, *blank][:_WIDTH] for row in head),
        *(
            [
                each.sheet,
                each.address,
                held(each.before),
                held(each.after),
                each.number_format or None,
                each.row_starts or None,
            ]
            for each in cells
        ),
    ]
    written.steps.append(partial(_clear, sheet, top, top + len(lines) - 1))
    block = block_of(sheet, Range(top, 1, top + len(lines) - 1, _WIDTH))
    block.value = [[to_excel(value) for value in row] for row in lines]
    put(block_of(sheet, Range(top + 2, 2, top + 2, 2)), "number_format", _TIME_FORMAT)


def _add_sheet(live: LiveWorkbook) -> Sheet:
    """A sheet of our own, last in the book; the one that people look at stays in front."""
    book = live.book
    active = get(book.sheets, "active")
    sheet = book.sheets.add(SETTINGS_SHEET, after=book.sheets[len(book.sheets) - 1])
    if active is not None:
        active.activate()
    return sheet


def _settings_name(live: LiveWorkbook) -> str | None:
    names = (info.name for info in live.sheets)
    return next((name for name in names if name.strip().casefold() == SETTINGS_SHEET), None)


def _settings_sheet(live: LiveWorkbook) -> Sheet | None:
    name = _settings_name(live)
    return None if name is None else live.sheet(name)


def _last_row(live: LiveWorkbook) -> int:
    name = _settings_name(live)
    return max((cell.row for cell in live.grid(name).cells()), default=0) if name else 0


def _find(live: LiveWorkbook) -> tuple[int, int] | None:
    """First and last row of what is kept, on the settings sheet; None where nothing is."""
    name = _settings_name(live)
    if name is None:
        return None
    grid = live.grid(name)
    titles = [
        cell.row
        for cell in grid.cells()
        if cell.column == 1 and isinstance(cell.value, str) and plain(cell.value) == _TITLE
    ]
    for first in reversed(titles):
        count = grid.value(first + 2, 4)
        if grid.value(first + 2, 1) == _WHEN and isinstance(count, int):
            return first, first + _HEAD + count - 1
    return None


def _clear(sheet: Sheet, first: int, last: int) -> None:
    block_of(sheet, Range(first, 1, last, _WIDTH)).clear_contents()


def read_last(live: LiveWorkbook) -> list[Written]:
    """What the button wrote last; empty where it has written nothing, or it was taken back."""
    name, found = _settings_name(live), _find(live)
    if name is None or found is None:
        return []
    grid = live.grid(name)
    cells = []
    for row in range(found[0] + _HEAD, found[1] + 1):
        sheet, address, before, after, code, starts = (
            grid.value(row, column) for column in range(1, _WIDTH + 1)
        )
        if isinstance(sheet, str) and isinstance(address, str):
            cells.append(Written(sheet, address, before, after, str(code or ""), str(starts or "")))
    return cells


def take_back(live: LiveWorkbook, cells: list[Written]) -> list[Written]:
    """Write back what stood there before; gives those cells that it leaves alone.

    Left alone are cells that somebody has changed since, that hold a formula by now, and those
    whose row cannot be told for sure. Raises EditError where Excel refuses; all stays then.
    """
    sheets = dict.fromkeys(each.sheet for each in cells)
    found = [
        pair
        for name in sheets
        for pair in _places(live, name, [each for each in cells if each.sheet == name])
    ]
    with all_or_nothing(live.book.app) as written:
        by_sheet: dict[str, dict[Place, Written]] = defaultdict(dict)
        for each, place in found:
            if place is not None:
                by_sheet[each.sheet][place] = each
        for name, here in by_sheet.items():
            moved = {at: each.before for at, each in here.items() if each.before != each.after}
            write_values(live, name, {at: held(value) for at, value in moved.items()}, written)
            for (row, column), each in here.items():
                if each.number_format:
                    area = Range(row, column, row, column)
                    write_number_format(live.sheet(name), area, each.number_format, written)
        _forget(live)
    return [each for each, place in found if place is None]


def _places(
    live: LiveWorkbook, sheet: str, cells: Sequence[Written]
) -> Iterator[tuple[Written, Place | None]]:
    """Where each cell of a sheet is by now, if it still holds what was written there."""
    if sheet not in {info.name for info in live.sheets}:
        yield from ((each, None) for each in cells)
        return
    grid = live.grid(sheet)
    columns = {parse_address(each.address)[1] for each in cells}
    rows: dict[str, list[int]] = defaultdict(list)
    for number in grid.rows():
        rows[_row_starts(grid, number, columns)].append(number)
    for each in cells:
        row, column = parse_address(each.address)
        alike = rows[each.row_starts] if each.row_starts else [row]
        if row not in alike:
            row = alike[0] if len(alike) == 1 else 0
        cell = grid.cell(row, column)
        is_as_written = row and not cell.formula and cell.value == each.after
        yield each, (row, column) if is_as_written else None


def _forget(live: LiveWorkbook) -> None:
    """Clear what is kept; a sheet that holds nothing else goes."""
    sheet, found, name = _settings_sheet(live), _find(live), _settings_name(live)
    if sheet is None or found is None or name is None:
        return
    others = [cell for cell in live.grid(name).cells() if not found[0] <= cell.row <= found[1]]
    if others or not tell(sheet.delete):
        _clear(sheet, *found)
