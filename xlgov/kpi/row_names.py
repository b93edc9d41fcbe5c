"""Which row of a block is which indicator, where the months run across.

Why a row of nothing but a name is looked at twice: it may be a theme over the rows below, an
indicator that has no reading yet, or the name over a row each for numerator and denominator.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xlgov.kpi.beside import Beside
from xlgov.kpi.line import Cells, Page, column_cells
from xlgov.kpi.measure_words import Part, read_part


@dataclass(slots=True)
class Row:
    """What a row of a block holds, per part that the headings tell apart (None: they do not)."""

    row: int
    cells: dict[Part | None, Cells] = field(default_factory=dict)

    @property
    def are_readings(self) -> bool:
        return any(cells.are_readings for cells in self.cells.values())

    @property
    def is_prose(self) -> bool:
        """Whether it holds text where numbers were to be expected, and is no row of readings."""
        return not self.are_readings and any(cells.unread for cells in self.cells.values())

    @property
    def is_empty(self) -> bool:
        return all(cells.are_empty for cells in self.cells.values())


@dataclass(slots=True)
class NamedRow:
    """A row of readings with its name as printed, and what stands beside it."""

    row: int
    name: str
    name_row: int
    part: Part | None
    theme: str
    stated: dict[str, str]
    cells: dict[Part | None, Cells]


class RowNames:
    """Names the rows of one block; ``title`` is the name of rows that have none but a part."""

    def __init__(self, page: Page, beside: Beside, rows: dict[int, Row], title: str) -> None:
        self._page = page
        self._beside = beside
        self._rows = rows
        self._title = title
        self._themes: set[int] = set()
        self._empty: set[int] = set()
        self._unclear: dict[int, list[int]] = {}

    def name_rows(self, first_row: int, bottom: int) -> list[NamedRow]:
        """The rows of readings from ``first_row`` to ``bottom``, and indicators without any."""
        self._sort_bare_rows(first_row, bottom)
        page, beside = self._page, self._beside
        columns = {beside.name, beside.theme} - {0}
        wanted = {row for column in columns for row in column_cells(page.grid, column).rows}
        named: list[NamedRow] = []
        name, name_row = (self._title, first_row) if beside.parts_are_names else ("", 0)
        theme = column_theme = ""
        for row in sorted({row for row in wanted if first_row <= row <= bottom} | {*self._rows}):
            printed = page.text(row, beside.name)
            part = self._part(row)
            if beside.theme:
                column_theme = page.text(row, beside.theme) or column_theme
            found = self._rows.get(row)
            if found is None or found.is_empty:
                if row in self._themes:
                    theme, name = printed, ""
                elif printed:
                    name, name_row = printed, row
                if row in self._empty:
                    named.append(
                        self._named(row, name, name_row, part, column_theme or theme, None)
                    )
                continue
            if printed and not (beside.parts_are_names and part):
                name, name_row = printed, row
            if not name or found.is_prose:
                continue
            if not printed and part is None and None in found.cells and found.are_readings:
                self._unclear.setdefault(name_row, []).append(row)
                continue
            named.append(self._named(row, name, name_row, part, column_theme or theme, found))
        return self._without_unclear(named)

    def _named(
        self, row: int, name: str, name_row: int, part: Part | None, theme: str, found: Row | None
    ) -> NamedRow:
        stated = self._beside.read_stated(self._page, row)
        cells: dict[Part | None, Cells] = found.cells if found else {None: Cells()}
        return NamedRow(row, name, name_row, part, theme, stated, cells)

    def _part(self, row: int) -> Part | None:
        return read_part(self._page.text(row, self._beside.part)) if self._beside.part else None

    def _sort_bare_rows(self, first_row: int, bottom: int) -> None:
        """Tell the rows of nothing but a name apart: themes, and indicators without readings.

        Without any other sign they are themes. Where some of them are written in capitals, merged
        or filled, those are the themes.
        """
        page, name = self._page, self._beside.name
        last = max((row for row, found in self._rows.items() if found.are_readings), default=0)
        bare: list[int] = []
        for row in column_cells(page.grid, name).rows:
            found = self._rows.get(row)
            if not first_row <= row < last or not page.text(row, name):
                continue
            if found is not None and not found.is_empty:
                continue
            if self._beside.parts_are_names and self._part(row + 1):
                continue  # a name over its parts
            if any(column != name for column in page.grid.row(row)):
                self._empty.add(row)
            else:
                bare.append(row)
        if self._beside.theme:
            self._empty.update(bare)
            return
        self._themes.update({row for row in bare if self._is_marked(row)} or bare)
        self._empty.update(set(bare) - self._themes)

    def _is_marked(self, row: int) -> bool:
        page, column = self._page, self._beside.name
        merge = page.grid.merge_at(row, column)
        wide = merge is not None and merge.right > merge.left
        cell = page.grid.cell(row, column)
        return wide or page.text(row, column).isupper() or bool(page.workbook.fill(cell.style))

    def _without_unclear(self, named: list[NamedRow]) -> list[NamedRow]:
        """Report rows of readings without a name; leave out the pairs that nothing tells apart."""
        names = {row.name_row: row.name for row in named}
        pairs = len(self._unclear) * 2 >= len(names)
        dropped = set()
        for name_row, rows in self._unclear.items():
            name = names.get(name_row, "")
            if pairs or self._belongs(name_row, rows[0]):
                dropped.add(name_row)
                message = (
                    f"{name} has readings in rows {name_row} and {rows[0]}, and nothing says which "
                    "are numerators and which denominators; neither is used"
                )
            else:
                message = f"Row {rows[0]}, below {name}, has readings and no name; it is not used"
            self._page.find(
                "readings-unclear",
                name,
                rows[0],
                self._beside.name,
                message,
                "Write Numerator and Denominator in a column beside the names, or name the row",
            )
        return [row for row in named if row.name_row not in dropped]

    def _belongs(self, name_row: int, row: int) -> bool:
        """Whether an unnamed row is the second of a pair: merged, or with a word of its own."""
        merge = self._page.grid.merge_at(name_row, self._beside.name)
        if merge is not None and merge.bottom >= row:
            return True
        return bool(self._beside.part and self._page.text(row, self._beside.part))
