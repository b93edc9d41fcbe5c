"""The merged ranges of a live sheet, found by halving, or worked out where Excel does not say.

Why halving: Excel answers for a block as a whole whether all, none or some of its cells are
merged, and there is no list of merged ranges. A sheet with merges in its heading only is asked a
few dozen questions, however many rows it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlgov.grid.cells import Range, is_blank
from xlgov.grid.sheet import Grid

if TYPE_CHECKING:
    from xlwings import Range as Block
    from xlwings import Sheet

_DEEPEST_HEADING = 30  # rows in which two-row headings are looked for


def find_merges(sheet: Sheet, used: Range) -> tuple[Range, ...] | None:
    """The merged ranges of the used cells; None where the engine cannot tell."""
    whole = _block(sheet, used)
    try:
        if whole.merge_cells is False:
            return ()
    except (NotImplementedError, AttributeError, KeyError):
        return None
    found: dict[Range, None] = {}
    waiting = [used]
    while waiting:
        area = waiting.pop()
        if any(_within(area, merge) for merge in found):
            continue
        merged = _block(sheet, area).merge_cells
        if merged is False:
            continue
        if area.cell_count == 1 or merged:
            corner = _block(sheet, Range(area.top, area.left, area.top, area.left))
            place = Range.parse(corner.merge_area.address.replace("$", ""))
            found[place] = None
            waiting += _rest(area, place)
            continue
        waiting += _halves(area)
    return tuple(sorted(found))


def _block(sheet: Sheet, area: Range) -> Block:
    return sheet.range(str(area))


def _within(area: Range, merge: Range) -> bool:
    return (area.top, area.left) in merge and (area.bottom, area.right) in merge


def _halves(area: Range) -> Iterator[Range]:
    """The two halves of an area, the first one last: it is the next to be taken."""
    if area.bottom > area.top:
        middle = (area.top + area.bottom) // 2
        yield Range(middle + 1, area.left, area.bottom, area.right)
        yield Range(area.top, area.left, middle, area.right)
    else:
        middle = (area.left + area.right) // 2
        yield Range(area.top, middle + 1, area.bottom, area.right)
        yield Range(area.top, area.left, area.bottom, middle)


def _rest(area: Range, merge: Range) -> Iterator[Range]:
    """What is left of an area to the right of a merged range in its corner, and below that."""
    bottom, right = min(merge.bottom, area.bottom), min(merge.right, area.right)
    if bottom < area.bottom:
        yield Range(bottom + 1, area.left, area.bottom, area.right)
    if right < area.right:
        yield Range(area.top, right + 1, bottom, area.right)


def supposed_merges(grid: Grid) -> tuple[Range, ...]:
    """Headings that stand over several columns, where merged cells are not known.

    A text with blanks beside it counts as merged over them where the row below has a text under
    each: that is how a heading over Likelihood, Impact and Rating looks.
    """
    found = []
    for row in (row for row in grid.rows() if row < _DEEPEST_HEADING):
        above, below = _texts(grid, row), _texts(grid, row + 1)
        if len(below) < 2 or len(above) < 2:
            continue  # one text alone is a title
        starts = sorted(above)
        for place, column in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else max(below) + 1
            last = column
            while last + 1 < end and last + 1 in below:
                last += 1
            if last > column and column in below:
                found.append(Range(row, column, row, last))
    return tuple(found)


def _texts(grid: Grid, row: int) -> set[int]:
    values = grid.row(row)
    texts = {column for column, value in values.items() if isinstance(value, str)}
    if any(not is_blank(value) for column, value in values.items() if column not in texts):
        return set()  # a row with numbers is a record
    return {column for column in texts if not is_blank(values[column])}
