"""How sheets were read, in lines for people who want to see what was understood."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from xlgov.grid.cells import address, column_letters
from xlgov.grid.records import Layout


def say_layouts(layouts: Iterable[Layout]) -> tuple[str, ...]:
    """How sheets were read, field by field, for people who want to see what was understood.

    Sheets that were read alike, as one form each, share one list of fields.
    """
    alike: dict[tuple[str, ...], list[Layout]] = {}
    for layout in layouts:
        fields = tuple(
            f"  {name}: {heading!r} {_places(layout, name)}".rstrip()
            for name, heading in sorted(layout.headings.items(), key=partial(_in_order, layout))
        )
        alike.setdefault(fields, []).append(layout)
    lines: list[str] = []
    for fields, group in alike.items():
        sheets = list(dict.fromkeys(layout.sheet for layout in group))
        number = sum(len(layout.records) for layout in group)
        shape = "forms" if group[0].form != "table" else "a table" if len(group) == 1 else "tables"
        verb = "is" if len(sheets) == 1 else "are"
        records = f"{number} record{'' if number == 1 else 's'}"
        lines += [f"{', '.join(sheets)} {verb} read as {shape}, {records}", *fields]
    return tuple(lines)


def _in_order(layout: Layout, field: tuple[str, str]) -> tuple[int, int]:
    """A key that puts fields as people read them: a table's from left to right, else downwards."""
    row, column = (layout.records[0].at(field[0]) if layout.records else None) or (0, 0)
    return (0, column) if layout.form == "table" else (row, column)


def _places(layout: Layout, name: str) -> str:
    """Where a field stands: a table's column, or the first cells of forms."""
    if layout.form == "table":
        column = layout.records[0].columns.get(name) if layout.records else None
        return "" if column is None else f"in column {column_letters(column)}"
    cells = [place for record in layout.records[:4] if (place := record.at(name))]
    return (
        "in "
        + ", ".join(address(*cell) for cell in cells)
        + (" ..." if len(layout.records) > len(cells) else "")
    )
