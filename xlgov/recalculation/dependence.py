"""Which formulas may show something else once cells have changed, however far down the line.

Why our own and not the engine's: it says whether an engine is needed at all (it takes seconds to
start), keeps to what a change reaches, and costs a look at each formula. It errs on one side only:
a formula of which it cannot be told what it looks at depends on everything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from xlgov.grid.cells import Range
from xlgov.recalculation.formula_reading import Reading

Place = tuple[str, int, int]  # sheet in lower case, row, column

_SMALL = 16  # cells of a range that are listed one by one
_MOST_ROUNDS = 1000  # through the large ranges; more is a chain that nobody reads
_MOST_FILLED = 100_000  # cells that an array formula fills


class Dependence:
    """The formulas of a workbook by what they look at.

    ``fills`` are the ranges that formulas show their results in, of those that fill more than
    their own cell.
    """

    def __init__(self, readings: Mapping[Place, Reading], fills: Mapping[Place, Range]) -> None:
        self._all = frozenset(readings)
        self._fills = fills
        self._by_cell: dict[Place, list[Place]] = defaultdict(list)
        self._by_range: dict[str, dict[Range, list[Place]]] = defaultdict(lambda: defaultdict(list))
        self._by_sheet: dict[str, set[Place]] = defaultdict(set)
        self._anywhere = [at for at, reading in readings.items() if reading.may_look_anywhere]
        for at, reading in readings.items():
            for sheet, area in reading.areas:
                self._by_sheet[sheet].add(at)
                if area.cell_count <= _SMALL:
                    for row in range(area.top, area.bottom + 1):
                        for column in range(area.left, area.right + 1):
                            self._by_cell[sheet, row, column].append(at)
                else:
                    self._by_range[sheet][area].append(at)

    def reached(self, changed: Iterable[Place], sheets: Collection[str] = ()) -> set[Place]:
        """The formulas that may depend on these cells or on any cell of these sheets.

        A changed cell that holds a formula is among them only where it depends on another.
        """
        waiting: list[Place] = []
        found: set[Place] = set()
        fresh: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        left = {sheet: dict(areas) for sheet, areas in self._by_range.items()}

        def touch(place: Place) -> None:
            fresh[place[0]][place[2]].append(place[1])
            reach(self._by_cell.get(place, ()))

        def reach(formulas: Iterable[Place]) -> None:
            for at in formulas:
                if at not in found:
                    found.add(at)
                    waiting.append(at)

        for place in changed:
            touch(place)
        for sheet in sheets:
            reach(self._by_sheet.get(sheet, ()))
        if fresh or waiting:
            reach(self._anywhere)
        for _ in range(_MOST_ROUNDS):
            while waiting:
                for place in self._shown_in(waiting.pop()):
                    touch(place)
            if not fresh:
                return found
            for sheet, columns in fresh.items():
                for column in columns.values():
                    column.sort()
                areas = left.get(sheet, {})
                for area in [area for area in areas if _meets(area, columns)]:
                    reach(areas.pop(area))
            fresh.clear()
        return set(self._all)

    def _shown_in(self, place: Place) -> Iterable[Place]:
        area = self._fills.get(place)
        if area is None or area.cell_count > _MOST_FILLED:
            return (place,)
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        return [(place[0], row, column) for row in rows for column in columns]


def _meets(area: Range, columns: Mapping[int, list[int]]) -> bool:
    """Whether any of these cells (rows ascending, by column) is in an area."""
    for column, rows in columns.items():
        if area.left <= column <= area.right:
            place = bisect_left(rows, area.top)
            if place < len(rows) and rows[place] <= area.bottom:
                return True
    return False
