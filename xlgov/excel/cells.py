"""Writing values into cells of an open workbook: the only way the Excel hand does it.

Why raw values: xlwings looks at sheet, book and app six times over for every value that it
converts. Numbers and texts need no conversion, so a block of them is one call.

Why cells formatted as text are loosened for a moment: Excel turns a number that a program writes
into such a cell into text. The file keeps a number there, so Excel is to keep one too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from xlgov.changes import NewValue
from xlgov.excel.asking import ask, get
from xlgov.excel.blocks import Place, rectangles
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.values import to_excel
from xlgov.grid.cells import Range

if TYPE_CHECKING:
    from xlwings import Sheet

_TEXT = "@"
_GENERAL = "General"
_REMOTE = "remote"


@dataclass(slots=True)
class Undoing:
    """How to take back what was written so far, the last first."""

    steps: list[Callable[[], object]] = field(default_factory=list)

    def take_back(self) -> None:
        for step in reversed(self.steps):
            try:
                step()
            except Exception:  # one that fails must not keep the others from being taken back
                continue


def block_of(sheet: Sheet, area: Range) -> Any:
    """The live range of a rectangle."""
    return sheet.range(str(area))


def rows_of(area: Range, of: Callable[[Place], Any]) -> list[list[Any]]:
    """What ``of`` gives for every cell of a rectangle, row by row."""
    return [
        [of((row, column)) for column in range(area.left, area.right + 1)]
        for row in range(area.top, area.bottom + 1)
    ]


def write_values(
    live: LiveWorkbook, name: str, cells: Mapping[Place, NewValue], written: Undoing
) -> None:
    """Write values into cells of a sheet, block by block.

    How to take them back goes to ``written``. A cell's number format stays. Text stays text.
    """
    sheet, grid = live.sheet(name), live.grid(name)
    for area in rectangles(list(cells)):
        places = [(r, c) for r in range(area.top, area.bottom + 1) for c in _columns(area)]
        codes = _codes(live, name, area, places)
        texts = {place for place in places if codes.get(place) == _TEXT}
        for is_text in (False, True):
            group = [place for place in places if (place in texts) is is_text]
            for part in rectangles(group):
                old = rows_of(part, lambda at: held(grid.value(*at)))
                new = rows_of(part, cells.__getitem__)
                written.steps.append(partial(_put, sheet, part, old, is_text))
                _put(sheet, part, new, is_text)


def _columns(area: Range) -> range:
    return range(area.left, area.right + 1)


def _codes(
    live: LiveWorkbook, name: str, area: Range, places: list[Place]
) -> Mapping[Place, str | None]:
    """The number formats of a block's cells: one question where they have one in common."""
    try:
        code = block_of(live.sheet(name), area).number_format
    except (NotImplementedError, AttributeError, KeyError):
        return {}
    if code is not None:
        return dict.fromkeys(places, code)
    grid = live.grid(name)
    return {place: live.number_format(grid.cell(*place).style) for place in places}


def _put(sheet: Sheet, area: Range, rows: list[list[Any]], is_text: bool) -> None:
    block = block_of(sheet, area)
    if not is_text:
        _put_plain(block, [[to_excel(value) for value in row] for row in rows])
    elif any(isinstance(value, int | float) for row in rows for value in row):
        block.number_format = _GENERAL
        _put_plain(block, [[to_excel(value) for value in row] for row in rows])
        block.number_format = _TEXT
    else:
        _put_plain(block, rows)  # in such a cell every text is text


def _put_plain(block: Any, rows: list[list[Any]]) -> None:
    values = [value for row in rows for value in row]
    is_remote = ask(lambda: block.sheet.book.app.engine.type) == _REMOTE
    if not is_remote and all(isinstance(value, bool | int | float | str) for value in values):
        block.raw_value = rows if len(values) > 1 else values[0]
    else:
        block.value = rows


def held(value: Any) -> Any:
    """A value of the grid as one that can be written back."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def write_formulas(
    live: LiveWorkbook, name: str, formulas: Mapping[Place, str], written: Undoing
) -> None:
    """Write formulas, given without ``=``, into cells of a sheet."""
    sheet = live.sheet(name)
    for area in rectangles(list(formulas)):
        block = block_of(sheet, area)
        standing = get(block, "formula")
        block.formula = rows_of(area, lambda at: f"={formulas[at]}")
        if standing is not None:
            written.steps.append(partial(setattr, block, "formula", standing))


def write_number_format(sheet: Sheet, area: Range, code: str, written: Undoing) -> None:
    """Give a block a number format."""
    block = block_of(sheet, area)
    standing = get(block, "number_format")
    block.number_format = code
    if standing is not None:
        written.steps.append(partial(setattr, block, "number_format", standing))
