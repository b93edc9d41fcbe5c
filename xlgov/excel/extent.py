"""How far down a sheet is filled, where Excel's used range goes on and on.

Why: a cell that was once formatted in the last row of a sheet makes a million used rows, and
reading those takes minutes and gigabytes. ``Range.End`` finds the last filled cell of a column in
one question, but as the arrow keys do: it passes over hidden rows, and a filter hides rows. So what
is left out must be shown; ``Range.RowHeight`` says so of many rows at once, 0 of hidden ones and
nothing where heights differ (Microsoft, Excel VBA reference).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgov.excel.asking import ask, get
from xlgov.grid.cells import Range

if TYPE_CHECKING:
    from xlwings import Sheet

_MOST_STRETCHES = 200  # of rows, asked for their height


def filled_part(sheet: Sheet, used: Range) -> Range:
    """The used cells without the formatted blank rows below them.

    All of them where the engine has no answer, or a row below may be hidden.
    """
    last = used.top
    for column in range(used.left, used.right + 1):
        bottom = sheet.range((used.bottom, column))
        end = ask(lambda cell=bottom: cell if cell.value is not None else cell.end("up"))  # type: ignore[misc]  # a cell of its own each time
        if end is None:
            return used
        last = max(last, end.row)
    if last < used.bottom and not _are_shown(sheet, last + 1, used.bottom, used.left):
        return used
    return Range(used.top, used.left, last, used.right)


def _are_shown(sheet: Sheet, first: int, last: int, column: int) -> bool:
    """Whether no row is hidden; rows that differ in height are halved while that is worth it."""
    waiting = [(first, last)]
    for _ in range(_MOST_STRETCHES):
        if not waiting:
            return True
        top, bottom = waiting.pop()
        height = get(sheet.range((top, column), (bottom, column)), "row_height")
        if height:
            continue
        if height is not None or top == bottom:
            return False
        middle = (top + bottom) // 2
        waiting += [(middle + 1, bottom), (top, middle)]
    return False
