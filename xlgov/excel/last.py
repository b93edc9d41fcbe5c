"""What the button wrote last, kept on the sheet ``xlgov`` so that it can be taken back.

Why on that sheet: Excel forgets its own list of undo steps when a program writes, and nothing of
ours may stand on a page that prints. It is written only when something changed, below all else on
the sheet with room left for the office's own rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xlgov.changes import ChangeSet, NewValue
from xlgov.excel.asking import get, put
from xlgov.excel.blocks import Place, rectangles
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.values import to_excel
from xlgov.grid.cells import Value, parse_address
from xlgov.settings.sections import LAST, plain
from xlgov.settings.values import SETTINGS_SHEET

if TYPE_CHECKING:
    from xlwings import Book, Sheet

_ROOM = 20  # blank rows left above it
_WHEN = "Recalculated"
_HEADINGS = [words[0] for words in LAST.columns.values()]
_WIDTH = len(_HEADINGS)
_TIME_FORMAT = "dd/mm/yyyy hh:mm:ss"


@dataclass(frozen=True, slots=True)
class Written:
    """One cell that was written: what stood there, what was written, its number format before."""

    sheet: str
    address: str
    before: Value
    after: Value
    number_format: str = ""


def written_by(changes: ChangeSet, live: LiveWorkbook) -> list[Written]:
    """The cells that a change set writes, with what stands there now."""
    formats = {
        (style.sheet, style.address): live.number_format(
            live.grid(style.sheet).cell(*parse_address(style.address)).style
        )
        for style in changes.styles
        if style.number_format is not None and style.sheet in live.grids_read
    }
    cells = [
        Written(
            change.sheet,
            change.address,
            live.grid(change.sheet).value(*parse_address(change.address)),
            _shown(change.after),
            formats.pop((change.sheet, change.address), ""),
        )
        for change in changes.cells
    ]
    for (sheet, address), code in formats.items():
        value = live.grid(sheet).value(*parse_address(address))
        cells.append(Written(sheet, address, value, value, code))
    return cells


def _shown(value: NewValue) -> Value:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    cached = getattr(value, "cached", None)
    return cached if cached is not None else str(value)


def keep_last(book: Book, live: LiveWorkbook, cells: list[Written], moment: datetime) -> None:
    """Put down what was written, in place of what stood there from the time before."""
    names = {sheet.name.strip().casefold(): sheet.name for sheet in live.sheets}
    standing = names.get(SETTINGS_SHEET)
    if standing is None:
        active = get(book.sheets, "active")
        sheet = book.sheets.add(SETTINGS_SHEET, after=book.sheets[len(book.sheets) - 1])
        top = 1
        if active is not None:
            active.activate()
    else:
        sheet = book.sheets[standing]
        found = _find(live, standing)
        if found is not None:
            top = found[0]
            _clear(sheet, *found)
        else:
            rows = [cell.row for cell in live.grid(standing).cells()]
            top = max(rows, default=0) + 1 + (_ROOM if rows else 0)
    rows_of_cells = [
        [each.sheet, each.address, _kept(each.before), _kept(each.after), each.number_format]
        for each in cells
    ]
    lines: list[list[Any]] = [
        [LAST.title, *[None] * (_WIDTH - 1)],
        [LAST.use, *[None] * (_WIDTH - 1)],
        [_WHEN, moment, *[None] * (_WIDTH - 2)],
        [*_HEADINGS],
        *rows_of_cells,
    ]
    block = sheet.range((top, 1), (top + len(lines) - 1, _WIDTH))
    block.value = [[to_excel(value) for value in row] for row in lines]
    when = sheet.range((top + 2, 2))
    put(when, "number_format", _TIME_FORMAT)


def _kept(value: Value) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _find(live: LiveWorkbook, sheet: str) -> tuple[int, int] | None:
    """First and last row of what is kept, on the settings sheet; None where nothing is."""
    grid = live.grid(sheet)
    first = 0
    for cell in grid.cells():
        if cell.column == 1 and isinstance(cell.value, str) and plain(cell.value) == _TITLE:
            first = cell.row
    if not first:
        return None
    last = first
    for row in (row for row in grid.rows() if row > first):
        if not grid.row(row) and row > first + 3:
            break
        last = row
    return first, last


_TITLE = plain(LAST.title)


def _clear(sheet: Sheet, first: int, last: int) -> None:
    sheet.range((first, 1), (last, _WIDTH)).clear_contents()


def read_last(live: LiveWorkbook) -> list[Written]:
    """What the button wrote last; empty where it has written nothing, or it was taken back."""
    names = {sheet.name.strip().casefold(): sheet.name for sheet in live.sheets}
    standing = names.get(SETTINGS_SHEET)
    found = None if standing is None else _find(live, standing)
    if standing is None or found is None:
        return []
    grid = live.grid(standing)
    cells = []
    for row in range(found[0] + 4, found[1] + 1):
        sheet, address, before, after, code = (
            grid.value(row, column) for column in range(1, _WIDTH + 1)
        )
        if isinstance(sheet, str) and isinstance(address, str):
            cells.append(Written(sheet, address, before, after, str(code or "")))
    return cells


def take_back(book: Book, live: LiveWorkbook, cells: list[Written]) -> list[Written]:
    """Write back what stood there before; gives those cells that somebody has changed since."""
    known = {sheet.name for sheet in live.sheets}
    changed = [each for each in cells if each.sheet not in known or not _is_as_written(live, each)]
    kept = [each for each in cells if each not in changed]
    for name in dict.fromkeys(each.sheet for each in kept):
        sheet = book.sheets[name]
        here = {parse_address(each.address): each for each in kept if each.sheet == name}
        moved: list[Place] = [at for at, each in here.items() if each.before != each.after]
        for area in rectangles(moved):
            rows = [
                [
                    to_excel(_kept(here[row, column].before))
                    for column in range(area.left, area.right + 1)
                ]
                for row in range(area.top, area.bottom + 1)
            ]
            sheet.range((area.top, area.left), (area.bottom, area.right)).value = rows
        for at, each in here.items():
            if each.number_format:
                put(sheet.range(at), "number_format", each.number_format)
    standing = next(s.name for s in live.sheets if s.name.strip().casefold() == SETTINGS_SHEET)
    found = _find(live, standing)
    if found is not None:
        _clear(book.sheets[standing], *found)
    return changed


def _is_as_written(live: LiveWorkbook, each: Written) -> bool:
    return live.grid(each.sheet).value(*parse_address(each.address)) == each.after
