"""The merged ranges of a live sheet: told by Excel at once, else found by cutting it up.

Excel has no list of them. ``Range.MergeCells`` says of a block whether it has merged cells, and
``Range.MergeArea`` of a single cell which merged range it is in (Microsoft, Excel VBA reference).
That is all the search needs: "none" ends it, any other answer is looked into, so that it holds
whether "yes" stands for all cells or for some and whatever an engine says of mixed ones (None on
Windows, a word of its own on macOS).

Why two ways: a sheet with merges in its headings is cut up in a few dozen questions, but a register
laid out as forms has hundreds of merged ranges, and each takes some. Where the search is not done
soon, Excel on Windows is asked once for the sheet as text, which states them all
(spreadsheet_text.py). What the search has been told by then is the proof: a text that disagrees
with it is put aside, and the search goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlgov.excel.spreadsheet_text import read_text
from xlgov.grid.cells import Range, is_blank
from xlgov.grid.sheet import Grid

if TYPE_CHECKING:
    from xlwings import Range as Block
    from xlwings import Sheet

_DEEPEST_HEADING = 30  # rows in which two-row headings are looked for
_PATIENCE = 40  # questions about blocks before Excel is asked for the text
_LARGEST_TEXT = 100_000  # cells; of more, the text would be tens of megabytes
_PROOFS = 3  # ranges of the text of which Excel is asked


def find_merges(sheet: Sheet, used: Range) -> tuple[Range, ...] | None:
    """The merged ranges of the used cells; None where the engine cannot tell."""
    search = _Search(sheet, used, [(used, False)])
    try:
        search.go_on(1)
    except (NotImplementedError, AttributeError, KeyError):
        return None
    search.go_on(_PATIENCE)
    if search.waiting:
        told = _told(sheet, used)
        if told and search.proves(told):
            return told
    search.go_on(None)
    return tuple(sorted(search.found))


def _told(sheet: Sheet, used: Range) -> tuple[Range, ...] | None:
    """The merged ranges as the text of the sheet states them; None without one."""
    # From the first cell on, so that places in the text are places on the sheet.
    whole = Range(1, 1, used.bottom, used.right)
    return None if whole.cell_count > _LARGEST_TEXT else read_text(_block(sheet, whole))


@dataclass(slots=True)
class _Search:
    """``waiting`` are areas to be looked into, the next one last, and whether all is merged."""

    sheet: Sheet
    used: Range
    waiting: list[tuple[Range, bool]]
    found: dict[Range, None] = field(default_factory=dict)
    _places: dict[tuple[int, int], Range] = field(default_factory=dict)
    _free: list[Range] = field(default_factory=list)  # areas without merged cells
    _edges: Counter[int] = field(default_factory=Counter)  # columns where merged ranges begin, end

    def go_on(self, most: int | None) -> None:
        """Search to the end, or until so many more blocks were asked about."""
        asked = 0
        while self.waiting and (most is None or asked < most):
            area, is_merged = self.waiting.pop()
            known = self._places.get((area.top, area.left))
            if known is not None:
                self.waiting += ((part, is_merged) for part in _rest(area, known))
                continue
            if not is_merged:
                asked += 1
                answer = _block(self.sheet, area).merge_cells
                if answer is False:
                    self._free.append(area)
                    continue
                is_merged = answer is True or area.cell_count == 1
            if not is_merged:
                self.waiting += ((part, False) for part in self._parts(area))
                continue
            place = self._merge_at(area.top, area.left)
            if place.cell_count > 1:
                self._keep(place)
            self.waiting += ((part, place.cell_count > 1) for part in _rest(area, place))

    def _keep(self, merge: Range) -> None:
        self.found[merge] = None
        self._edges.update((merge.left, merge.right + 1))
        bottom, right = min(merge.bottom, self.used.bottom), min(merge.right, self.used.right)
        for row in range(merge.top, bottom + 1):
            for column in range(merge.left, right + 1):
                self._places[row, column] = merge

    def _merge_at(self, row: int, column: int) -> Range:
        cell = _block(self.sheet, Range(row, column, row, column))
        return Range.parse(cell.merge_area.address.replace("$", ""))

    def _parts(self, area: Range) -> Iterator[Range]:
        """Two parts of an area, the first one last; rows are halved, one row is cut at an edge.

        Merged ranges mostly begin and end in the same columns all the way down.
        """
        if area.bottom > area.top:
            middle = (area.top + area.bottom) // 2
            yield Range(middle + 1, area.left, area.bottom, area.right)
            yield Range(area.top, area.left, middle, area.right)
            return
        middle = (area.left + area.right + 1) // 2
        inside = [edge for edge in self._edges if area.left < edge <= area.right]
        first = max(
            inside, key=lambda edge: (self._edges[edge], -abs(edge - middle)), default=middle
        )
        yield Range(area.top, first, area.bottom, area.right)
        yield Range(area.top, area.left, area.bottom, first - 1)

    def proves(self, told: tuple[Range, ...]) -> bool:
        """Whether these are the merged ranges, as far as Excel has answered and says now."""
        if not self.found.keys() <= set(told):
            return False
        if any(merge.overlaps(area) for area in self._free for merge in told):
            return False
        chosen = {told[at * (len(told) - 1) // (_PROOFS - 1)] for at in range(_PROOFS)}
        return all(self._merge_at(merge.top, merge.left) == merge for merge in chosen)


def _block(sheet: Sheet, area: Range) -> Block:
    return sheet.range(str(area))


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
