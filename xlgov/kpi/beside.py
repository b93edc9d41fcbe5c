"""The columns beside the months: names, themes, parts, and what is stated of an indicator.

Why by contents too: many offices head nothing but the months. The column of names is then the one
with the most different texts; a column is one of parts when half of its texts are words for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from xlgov.grid.cells import is_blank
from xlgov.kpi.line import Page, column_cells
from xlgov.kpi.measure_words import (
    is_name_heading,
    is_reference_heading,
    read_part,
    stated_field,
)

_PARTLY = 0.5  # of a column's texts that are words for parts


@dataclass(slots=True)
class Beside:
    """Columns by what they hold; ``name`` 0 where there is none, ``part`` and ``theme`` too."""

    name: int = 0
    part: int = 0
    theme: int = 0
    stated: dict[str, int] = field(default_factory=dict)

    @property
    def parts_are_names(self) -> bool:
        """Whether names and parts share a column: a name, and its parts on the rows below."""
        return self.part > 0 and self.part == self.name

    def read_stated(self, page: Page, row: int) -> dict[str, str]:
        """What the columns state in a row, as printed; blanks left out."""
        found = {name: page.printed(row, column) for name, column in self.stated.items()}
        return {name: text for name, text in found.items() if text}


def find_beside(
    page: Page, header: Collection[int], rows: Collection[int], taken: Collection[int]
) -> Beside:
    """The columns that are not ``taken`` by months, by their headings in the rows ``header``."""
    beside = Beside()
    candidates: list[tuple[bool, float, int]] = []
    first = min(taken, default=0)
    for column in sorted(page.grid.columns):
        if column in taken:
            continue
        heading = next((text for row in header if (text := page.merged_text(row, column))), "")
        texts = _texts(page, column, rows)
        if texts and _are_parts(texts) and not beside.part:
            beside.part = column
            continue
        known = stated_field(heading) if heading else None
        if known == "theme" and not beside.theme:
            beside.theme = column
        elif known:
            beside.stated.setdefault(known, column)
        elif texts and not is_reference_heading(heading):
            headed = bool(heading) and is_name_heading(heading)
            wealth = len(set(texts)) * min(sum(map(len, texts)) / len(texts), 20)
            # A column of remarks to the right of the months is as rich as one of names.
            candidates.append((headed, wealth if column < first or headed else -1, -column))
    if candidates and max(candidates)[1] > 0:
        beside.name = -max(candidates)[2]
        if not beside.theme:
            beside.theme = _theme_column(page, beside, rows)
    elif beside.theme:  # a column headed Area or Section that is all there is names the lines
        beside.name, beside.theme = beside.theme, 0
    else:
        beside.name = beside.part
    return beside


def _theme_column(page: Page, beside: Beside, rows: Collection[int]) -> int:
    """A column left of the names with a text here and there, each for the rows below; else 0."""
    lines = range(min(rows) - 1, max(rows) + 1)
    names = len(set(_texts(page, beside.name, lines)))
    for column in sorted(page.grid.columns):
        known = column in (beside.part, *beside.stated.values())
        if column < beside.name and not known:
            texts = _texts(page, column, lines)
            if texts and len(texts) == len(set(texts)) and len(texts) * 2 <= names:
                return column
    return 0


def _texts(page: Page, column: int, rows: Collection[int]) -> list[str]:
    cells = column_cells(page.grid, column)
    return [
        value.strip()
        for row, value in zip(cells.rows, cells.values, strict=True)
        if row in rows and isinstance(value, str) and not is_blank(value)
    ]


def _are_parts(texts: Iterable[str]) -> bool:
    """Whether texts are mostly words for parts, and say more than that all are values."""
    parts = [read_part(text) for text in texts]
    named = {part for part in parts if part}
    return (
        bool(named & {"numerator", "denominator", "other"})
        and len(named) > 1
        and sum(part is not None for part in parts) >= _PARTLY * len(parts)
    )
