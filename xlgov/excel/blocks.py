"""Cells as few rectangles: each write into Excel is a call, and each call costs a millisecond.

Only the cells asked for: a gap is never bridged, because writing a cell's own value back into it
would turn a formula into a value and rich text into plain text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from xlgov.grid.cells import Range

Place = tuple[int, int]


def rectangles(cells: Collection[Place]) -> list[Range]:
    """The cells as rectangles that cover each once and nothing else, row by row.

    >>> [str(each) for each in rectangles([(5, 2), (6, 2), (5, 3), (6, 3), (9, 2)])]
    ['B5:C6', 'B9']
    """
    upright = _joined(cells)
    swapped = _joined([(column, row) for row, column in cells])
    across = [Range(r.left, r.top, r.right, r.bottom) for r in swapped]
    return sorted(across if len(across) < len(upright) else upright)


def _joined(cells: Collection[Place]) -> list[Range]:
    """Stretches of columns, joined sideways where they begin and end in the same rows."""
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in set(cells):
        columns[column].append(row)
    by_rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column in sorted(columns):
        for first, last in _stretches(sorted(columns[column])):
            by_rows[first, last].append(column)
    return [
        Range(top, left, bottom, right)
        for (top, bottom), found in by_rows.items()
        for left, right in _stretches(found)
    ]


def _stretches(numbers: list[int]) -> list[tuple[int, int]]:
    """Ascending numbers as stretches without gaps, both ends included."""
    stretches: list[tuple[int, int]] = []
    for number in numbers:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1] = stretches[-1][0], number
        else:
            stretches.append((number, number))
    return stretches
