"""The dashboards of a workbook: sections under a row of headings, one row per indicator.

Why sections: a board's dashboard repeats its headings for every theme, and a page of detail has
one row below its own. A row of months alone (Jun-17, Jun-16 ...) begins a section too, with the
other columns of the one above: indicators that report late stand so. Months one after another are
readings, not a comparison; such columns are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from xlgov.grid.asof import is_our_own
from xlgov.grid.cells import Value, address, is_blank
from xlgov.grid.sheet import Grid, Workbook
from xlgov.kpi.header_rows import HeaderRows, Heading, MonthHeading, place_months
from xlgov.kpi.headings import Meaning
from xlgov.kpi.period import Month

FIRST_LOOK = 400  # rows in which the first headings are looked for
_TITLE_ABOVE = 4  # rows above a block in which its name may stand
_GAP = 2  # rows from one indicator to the next, a theme's row between them
_LONGEST_LABEL = 120
_ROWS_FOR_NAMES = 60  # in which the column of names is looked for


@dataclass(frozen=True, slots=True)
class Row:
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


def dashboard_sheets(workbook: Workbook, day_first: bool = True) -> list[str]:
    """Sheets that have a row of a dashboard's headings, in book order; ours are not looked at."""
    return [
        info.name
        for info in workbook.sheets
        if not is_our_own(info.name)
        and HeaderRows(workbook, workbook.grid(info.name, rows=FIRST_LOOK), day_first).found
    ]


def find_dashboard(
    workbook: Workbook,
    sheets: Iterable[str],
    known: Callable[[str], object],
    day_first: bool = True,
) -> Dashboard:
    """The sections of these sheets. ``known`` says whether a text is an indicator's name (truthy).

    A row without a known name and without a figure is no indicator's: a theme, or a remark.
    """
    dashboard = Dashboard()
    for sheet in sheets:
        grid = workbook.grid(sheet, rows=FIRST_LOOK)
        grid = grid if grid.is_complete else workbook.grid(sheet)
        sections = _Reading(workbook, grid, known, day_first).sections()
        if sections:
            dashboard.sections += sections
            dashboard.grids[sheet] = grid
    return dashboard


class _Reading:
    """One sheet: its rows of headings, and the rows below them."""

    def __init__(
        self, workbook: Workbook, grid: Grid, known: Callable[[str], object], day_first: bool
    ) -> None:
        self.grid = grid
        self.known = known
        self.headers = HeaderRows(workbook, grid, day_first)
        self.rows = grid.rows()
        self.tops = [  # of each row of headings, the upper one where it has two
            row - 1 if row - 1 in self.headers.bands else row for row in self.headers.found
        ]

    def sections(self) -> list[Section]:
        """The sections in row order; those without a row are left out."""
        found: list[Section] = []
        current: Section | None = None
        theme = ""
        theme_of_column = ""
        last_lone = ("", 0)
        for row in self.rows:
            if row in self.headers.bands:
                continue
            if row in self.headers.found:
                current = self._section(row, self.headers.found[row])
                found.append(current)
                continue
            if current is not None and (months := self._months_alone(row, current)):
                current = self._late_section(row, current, months)
                found.append(current)
                continue
            lone = self._lone_text(row)
            if current is None:
                if lone:
                    theme, last_lone = lone, (lone, row)
                continue
            theme_column = current.columns.get(Meaning("theme"), 0)
            said = self._text(row, theme_column) if theme_column else ""
            theme_of_column = said or theme_of_column
            label = self._text(row, current.label_column) if current.label_column else ""
            filled = self._is_filled(row, current)
            if lone and not filled and not self.known(lone):
                theme = lone
            elif label and (filled or self._awaits_figures(row, label, current)):
                place = (row, current.label_column)
                of = theme_of_column or ("" if self.known(theme) else theme)
                current.rows.append(Row(current, row, label, place, of))
            elif filled and not label and not current.rows:
                title, place = self._title_above(current.header_row, last_lone)
                if title:
                    current.rows.append(Row(current, row, title, place, ""))
            if lone:
                last_lone = (lone, row)
        return [section for section in found if section.rows]

    def _section(self, row: int, header: Mapping[int, Heading]) -> Section:
        columns: dict[Meaning, int] = {}
        for column, heading in sorted(header.items()):
            if heading.month is None:
                columns.setdefault(heading.meaning, column)
        section = Section(self.grid.sheet, row, columns)
        self._place_months(section, [each for each in header.values() if each.month is not None])
        named = columns.get(Meaning("indicator"), 0)
        section.label_column = named or self._label_column(row, section)
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
                if column in of_months and not self._text(row, column):
                    return {}  # a number: this is an indicator's row
                continue
            found[column] = Heading(cell, Meaning("month"), month)
        return found if len(found) >= 2 else {}

    def _label_column(self, row: int, section: Section) -> int:
        """The column of names where no heading says it: left of the figures, with known names.

        Where none is known, the one with the most different texts.
        """
        first = min(section.columns.values())
        texts: dict[int, set[str]] = {}
        for below in range(row + 1, row + _ROWS_FOR_NAMES):
            for column, text in self.headers.texts.get(below, ()):
                if column < first and len(text) <= _LONGEST_LABEL:
                    texts.setdefault(column, set()).add(text)

        def likely(column: int) -> tuple[int, int, int]:
            return sum(1 for t in texts[column] if self.known(t)), len(texts[column]), -column

        return max(texts, key=likely, default=0)

    def _is_filled(self, row: int, section: Section) -> bool:
        """Whether any cell of the section's figures and outcomes says something."""
        return any(
            not is_blank(self.grid.value(row, column))
            for meaning, column in section.columns.items()
            if meaning.holds != "label"
        )

    def _awaits_figures(self, row: int, label: str, section: Section) -> bool:
        """Whether a name without figures is a new row of the section, and no title further down.

        A title has its headings soon below, and stands either right over them or after a gap.
        """
        last = section.rows[-1].row if section.rows else section.header_row
        if not self.known(label) or row - last > _GAP:
            return False
        top = next((each for each in self.tops if each > row), row + _TITLE_ABOVE + 1)
        if top - row > _TITLE_ABOVE or row == section.header_row + 1:
            return True
        below = next(each for each in self.rows if each > row and self.grid.row(each))
        return row - last == 1 and below < top

    def _title_above(self, header_row: int, last: tuple[str, int]) -> tuple[str, tuple[int, int]]:
        """The name of a block whose row has none: the line above its headings."""
        text, row = last
        if text and header_row - row <= _TITLE_ABOVE:
            column = next(column for column, each in self.headers.texts[row] if each == text)
            return text, (row, column)
        return "", (0, 0)

    def _lone_text(self, row: int) -> str:
        """The text of a row that holds nothing else."""
        values = [v for v in self.grid.row(row).values() if not is_blank(v)]
        if len(values) == 1 and isinstance(values[0], str) and len(values[0]) <= _LONGEST_LABEL:
            return " ".join(values[0].split())
        return ""

    def _text(self, row: int, column: int) -> str:
        value: Value = self.grid.value(row, column)
        if value is None:
            merge = self.grid.merge_at(row, column)
            value = self.grid.value(merge.top, merge.left) if merge else None
        return " ".join(value.split()) if isinstance(value, str) else ""
