"""The heading that stands across a table above its records, as offices divide their trackers."""

from __future__ import annotations

from xlgov.grid.cells import is_blank
from xlgov.grid.records import Layout
from xlgov.grid.rows import is_summary_label
from xlgov.grid.sheet import Workbook

_ROWS_ABOVE = 3  # of a header, where the section's heading stands above it


def read_sections(workbook: Workbook, layout: Layout) -> dict[int, str]:
    """The section of each record of a table, by row; "" where no heading stands above it.

    A heading is a row with one filled cell, a text, between the records or just above the header.
    Forms have none.
    """
    if layout.form != "table" or not layout.header_rows:
        return {}
    records = {record.row for record in layout.records}
    last = max(layout.columns or {1})
    grid = workbook.grid(layout.sheet, columns=frozenset(range(1, last + 1)))
    top, bottom = layout.header_rows[0], layout.header_rows[-1]
    section = ""
    found: dict[int, str] = {}
    for row in range(max(1, top - _ROWS_ABOVE), max(records, default=0) + 1):
        if row in records:
            found[row] = section
        elif not top <= row <= bottom:
            texts = [value for value in grid.row(row).values() if not is_blank(value)]
            if len(texts) == 1 and isinstance(texts[0], str) and not is_summary_label(texts[0]):
                section = " ".join(texts[0].split())
    return found


def read_titles(workbook: Workbook, layout: Layout) -> list[str]:
    """What names a table: its sheet and the texts above its header."""
    top = layout.header_rows[0] if layout.header_rows else 1
    grid = workbook.grid(layout.sheet, rows=top)
    above = (cell.value for cell in grid.cells() if cell.row < top)
    texts = (text for text in above if isinstance(text, str))
    return [layout.sheet, *texts]
