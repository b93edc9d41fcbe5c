"""The dashboards of a workbook: sections under a row of headings, one row per indicator.

Why sections: a board's dashboard repeats its headings for every theme, and a page of detail has
one row below its own. A row of months alone (Jun-17, Jun-16 ...) begins a section too, with the
other columns of the one above: indicators that report late stand so. Months one after another are
readings, not a comparison; such columns are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import address, is_blank
from xlgov.grid.sheet import Grid, Workbook
from xlgov.kpi.dashboard_lines import TITLE_ABOVE, Lines, is_title, says_figure
from xlgov.kpi.header_rows import (
    HeaderRows,
    Heading,
    MonthHeading,
    are_readings,
    place_months,
    split_tables,
)
from xlgov.kpi.headings import Meaning
from xlgov.kpi.measure_words import is_bare_total
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place

FIRST_LOOK = 120  # rows in which the first headings are looked for
_GAP = 2  # rows from one indicator to the next, a theme's row between them
_THEME = Meaning("theme")
_MONTHS_WITHIN = 8  # cells of a row of months, those before the months included


class Row(NamedTuple):
    """One indicator's row of a dashboard: its label as printed and where that stands."""

    section: Section
    row: int
    label: str
    label_at: tuple[int, int]
    theme: str = ""

    @property
    def sheet(self) -> str:
        return self.section.sheet

    def address(self, meaning: Meaning) -> str:
        """The cell of one of its columns."""
        return address(self.row, self.section.columns[meaning])


@dataclass(slots=True, eq=False)
class Section:
    """Rows under one row of headings.

    ``columns`` says which column holds what. ``base`` is the month that its headings speak of;
    None where no heading is a month. ``odd`` are headings of months that do not stand whole years
    before it.
    """

    sheet: str
    header_row: int
    columns: dict[Meaning, int]
    label_column: int = 0
    base: Month | None = None
    headings: tuple[MonthHeading, ...] = ()
    odd: tuple[MonthHeading, ...] = ()
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Dashboard:
    """All sections of a workbook, in book order, and the grids they stand in."""

    sections: list[Section] = field(default_factory=list)
    grids: dict[str, Grid] = field(default_factory=dict)

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets with a section, in book order."""
        return tuple(dict.fromkeys(section.sheet for section in self.sections))

    def rows(self) -> list[Row]:
        """Every row of every section."""
        return [row for section in self.sections for row in section.rows]


def dashboard_sheets(
    workbook: Workbook, day_first: bool = True, skip: Collection[str] = ()
) -> list[str]:
    """Sheets that have a row of a dashboard's headings, in book order.

    Sheets of ours and those in ``skip`` are not looked at.
    """
    return [
        info.name
        for info in workbook.sheets
        if info.name not in skip
        and not is_our_own(info.name)
        and HeaderRows(workbook, workbook.grid(info.name, rows=FIRST_LOOK), day_first).found
    ]


def find_dashboard(
    workbook: Workbook,
    sheets: Iterable[str],
    known: Callable[[str], object],
    day_first: bool = True,
    readings: Collection[Place] = (),
) -> Dashboard:
    """The sections of these sheets. ``known`` says whether a text is an indicator's name (truthy).

    A row without a known name and without a figure is no indicator's: a theme, or a remark. Nor is
    one whose figures are ``readings``: a section ends where readings begin.
    """
    dashboard = Dashboard()
    for sheet in sheets:
        grid = workbook.grid(sheet, rows=FIRST_LOOK)
        grid = grid if grid.is_complete else workbook.grid(sheet)
        held = {(each.row, each.column) for each in readings if each.sheet == sheet}
        sections = _Reading(workbook, grid, known, day_first, held).sections()
        if sections:
            dashboard.sections += sections
            dashboard.grids[sheet] = grid
    return dashboard


class _Reading:
    """One sheet: its rows of headings, and the rows below them."""

    def __init__(
        self,
        workbook: Workbook,
        grid: Grid,
        known: Callable[[str], object],
        day_first: bool,
        readings: Collection[tuple[int, int]],
    ) -> None:
        self.grid = grid
        self.known = known
        self.readings = readings
        self.headers = HeaderRows(workbook, grid, day_first)
        self.lines = Lines(grid, self.headers, known)
        self.rows = grid.rows()
        self.tops = [  # of each row of headings, the upper one where it has two
            row - 1 if row - 1 in self.headers.bands else row for row in self.headers.found
        ]

    def sections(self) -> list[Section]:
        """The sections in row order; those without a row are left out."""
        split = {row: list(split_tables(header)) for row, header in self.headers.found.items()}
        beside = max((len(tables) for tables in split.values()), default=0)
        found = [
            section
            for place in range(beside)
            for section in self._sections(
                {row: tables[place] for row, tables in split.items() if place < len(tables)}
            )
        ]
        return sorted(found, key=lambda section: section.header_row)

    def _sections(self, headers: Mapping[int, Mapping[int, Heading]]) -> list[Section]:
        """The sections under these headings."""
        found: list[Section] = []
        current: Section | None = None
        theme = ""
        theme_of_column = ""
        last = 0  # the last row that is the section's: its headings, an indicator, a theme
        for row in self.rows:
            if row in self.headers.bands:
                continue
            if row in headers:
                current, last = self._section(row, headers[row]), row
                found.append(current)
                continue
            if row in self.headers.found:
                current = None
                continue
            if current is not None and (months := self._months_alone(row, current)):
                current, last = self._late_section(row, current, months), row
                found.append(current)
                continue
            if current is not None and self._are_readings(row, current):
                current = None
            lone = self.lines.lone_text(row)
            if current is None:
                theme = lone if lone and not is_title(lone) else theme
                continue
            theme_of_column = (
                self.lines.text(row, current.columns.get(_THEME, 0)) or theme_of_column
            )
            label = self.lines.own_text(row, current.label_column)
            filled = not lone and self._is_filled(row, current)
            if lone and not self.known(lone):
                theme, last = lone, row
            elif label and (
                self._awaits_figures(row, label, current, last)
                if not filled
                else self.known(label) or not is_bare_total(label)
            ):
                place = (row, current.label_column)
                of = theme_of_column or ("" if self.known(theme) else theme)
                current.rows.append(Row(current, row, label, place, of))
                last = row
            elif filled and not label and not current.rows:
                title, place = self.lines.title_above(current.header_row)
                if title:
                    current.rows.append(Row(current, row, title, place, ""))
        return [section for section in found if section.rows]

    def _section(self, row: int, header: Mapping[int, Heading]) -> Section:
        columns: dict[Meaning, int] = {}
        for column, heading in sorted(header.items()):
            if heading.month is None:
                columns.setdefault(heading.meaning, column)
        section = Section(self.grid.sheet, row, columns)
        self._place_months(section, [each for each in header.values() if each.month is not None])
        named = columns.get(Meaning("indicator"), 0)
        section.label_column = named or self.lines.name_column(row, min(section.columns.values()))
        return section

    def _late_section(self, row: int, above: Section, months: Mapping[int, Heading]) -> Section:
        columns = {m: c for m, c in above.columns.items() if m.measure != "month"}
        current = above.columns.get(Meaning("month"))
        if current is not None and current not in months:
            columns[Meaning("month")] = current
        section = Section(above.sheet, row, columns, above.label_column)
        self._place_months(section, months.values())
        return section

    def _place_months(self, section: Section, stated: Iterable[Heading]) -> None:
        """Give the headings that state a month their columns, and the section its month."""
        placed = place_months(list(stated), Meaning("month") in section.columns)
        section.base, section.odd = placed.base, placed.odd
        section.headings = tuple(
            heading
            for heading in placed.headings
            if section.columns.setdefault(heading.meaning, heading.cell.column)
            == heading.cell.column
        )

    def _months_alone(self, row: int, above: Section) -> dict[int, Heading]:
        """The months of a row that only says which months come below, by column."""
        of_months = {c for m, c in above.columns.items() if m.measure == "month"}
        if not of_months:
            return {}
        found: dict[int, Heading] = {}
        for column in self.grid.row(row):
            cell = self.grid.cell(row, column)
            if is_blank(cell.value):
                continue
            month = self.headers.month(cell) if column in of_months else None
            if month is None:
                if column > above.label_column and column not in of_months:
                    return {}
                if column in of_months and not self.lines.text(row, column):
                    return {}  # a number: this is an indicator's row
                continue
            found[column] = Heading(cell, Meaning("month"), month)
        return found if len(found) >= 2 else {}

    def _are_readings(self, row: int, section: Section) -> bool:
        """Whether readings begin here: months one after another, or a figure that is a reading."""
        if any((row, column) in self.readings for column in section.columns.values()):
            return True
        cells = [self.grid.cell(row, column) for column in self.grid.row(row)]
        filled = [cell for cell in cells if not is_blank(cell.value)]
        first = [self.headers.month(cell) for cell in filled[:_MONTHS_WITHIN]]
        if section.label_column and self.headers.month(self.grid.cell(row, section.label_column)):
            return True
        if sum(1 for month in first if month) < 2:
            return False
        return are_readings([m for cell in filled if (m := self.headers.month(cell))])

    def _is_filled(self, row: int, section: Section) -> bool:
        """Whether any cell of the section's figures and outcomes holds one, or says it has none."""
        return any(
            says_figure(self.grid.value(row, column))
            for meaning, column in section.columns.items()
            if meaning.holds != "label"
        )

    def _awaits_figures(self, row: int, label: str, section: Section, last: int) -> bool:
        """Whether a name without figures is a new row of the section, and no title further down.

        A title has its headings soon below, and stands either right over them or after a gap. A
        name beside prose is a definition, unless the rows above it run on.
        """
        columns = [column for m, column in section.columns.items() if m.holds != "label"]
        prose = any(not is_blank(self.grid.value(row, column)) for column in columns)
        if prose:
            last = section.rows[-1].row if section.rows else section.header_row
        if not self.known(label) or row - last > (1 if prose else _GAP):
            return False
        top = next((each for each in self.tops if each > row), row + TITLE_ABOVE + 1)
        if top - row > TITLE_ABOVE or row == section.header_row + 1:
            return True
        below = next(each for each in self.rows if each > row and self.grid.row(each))
        return row - last == 1 and below < top
