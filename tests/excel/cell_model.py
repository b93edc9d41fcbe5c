"""The cells of a workbook as Excel keeps them, loaded from an .xlsx with openpyxl.

Read twice, once for formulas and once for the values that Excel cached. A number is always a
float and a date is a number with a date format; what a client sees of that is the engines'
business (live_range.py, remote_book.py). Changes are noted per cell, so that
``live_files.save_model`` writes those alone.

Modelled of Excel: a cell without a record takes the format of its row or column; UsedRange spans
formatted blanks and merged ranges as well as values, and starts at the first of them (Microsoft,
"Worksheet.UsedRange property").
"""

from __future__ import annotations

import pickle
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.worksheet.formula import ArrayFormula
from rule_model import Area, RuleModel, load_rules
from shown_color import read_theme, rgb_of
from typed_text import ErrorValue

CellValue = None | bool | float | str | ErrorValue
_CURRENCY = re.compile(r"[$£€¥]")
_LOCALE = re.compile(r"\[\$-[0-9A-Fa-f]+\]")


class NotCalculated:
    """The value of a formula that was written here: there is no Excel to calculate it."""

    def __repr__(self) -> str:
        return "<not calculated>"


NOT_CALCULATED = NotCalculated()


@dataclass(slots=True)
class CellModel:
    """One cell: what it holds and the facets of its format that the engines know."""

    value: CellValue | NotCalculated = None
    formula: str | None = None
    number_format: str = "General"
    prefix: bool = False
    fill: str | None = None  # RRGGBB
    font_color: str = "000000"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    size: float = 11.0
    font_name: str = "Calibri"
    border: str | None = None
    wrap: bool = False
    locked: bool = True
    changed: set[str] = field(default_factory=set)

    def put(self, facet: str, value: object) -> None:
        setattr(self, facet, value)
        self.changed.add(facet)

    @property
    def is_filled(self) -> bool:
        return self.value is not None or self.formula is not None

    @property
    def shows_date(self) -> bool:
        return is_date_format(self.number_format)

    @property
    def shows_currency(self) -> bool:
        return bool(_CURRENCY.search(_LOCALE.sub("", self.number_format)))


@dataclass(slots=True, eq=False)
class SheetModel:
    """One worksheet."""

    name: str
    book: BookModel
    cells: dict[tuple[int, int], CellModel] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    state: str = "visible"
    protected: bool = False
    active_cell: tuple[int, int] = (1, 1)
    rules: list[RuleModel] = field(default_factory=list)  # by priority
    rules_changed: bool = False
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    heights: dict[int, float] = field(default_factory=dict)  # 0 where the row is hidden
    row_formats: dict[int, str] = field(default_factory=dict)
    column_formats: dict[int, str] = field(default_factory=dict)
    frozen: int = 0
    changed: set[str] = field(default_factory=set)
    is_new: bool = False

    def look(self, row: int, column: int) -> CellModel:
        """The cell; one without a record is made, but not kept."""
        found = self.cells.get((row, column))
        if found is not None:
            return found
        if not self.row_formats and not self.column_formats:
            return _BLANK
        shown = self.row_formats.get(row) or self.column_formats.get(column) or "General"
        return CellModel(number_format=shown)

    def cell(self, row: int, column: int) -> CellModel:
        """The cell, to be written to."""
        found = self.cells.get((row, column))
        if found is None:
            shown = self.row_formats.get(row) or self.column_formats.get(column) or "General"
            found = self.cells[row, column] = CellModel(number_format=shown)
        return found

    def merge_at(self, row: int, column: int) -> Area | None:
        for area in self.merges:
            if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                return area
        return None

    @property
    def used(self) -> Area:
        """UsedRange: A1 where the sheet is empty."""
        rows = [row for row, _ in self.cells] + [n for m in self.merges for n in (m[0], m[2])]
        columns = [col for _, col in self.cells] + [n for m in self.merges for n in (m[1], m[3])]
        if not rows:
            return 1, 1, 1, 1
        return min(rows), min(columns), max(rows), max(columns)


_BLANK = CellModel()


@dataclass(slots=True, eq=False)
class NameModel:
    """A defined name; ``sheet`` where it is the name of one sheet only."""

    name: str
    refers_to: str
    sheet: SheetModel | None = None
    hidden: bool = False
    changed: bool = False


@dataclass(slots=True, eq=False)
class BookModel:
    """A workbook, and the calls that were made to it."""

    name: str
    path: Path
    sheets: list[SheetModel] = field(default_factory=list)
    names: list[NameModel] = field(default_factory=list)
    active: SheetModel | None = None
    date_1904: bool = False
    locked: bool = False  # the structure is protected
    read_only: bool = False
    names_changed: bool = False
    removed: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def sheet(self, name: str) -> SheetModel | None:
        return next((each for each in self.sheets if each.name.lower() == name.lower()), None)


def load_model(path: str | Path) -> BookModel:
    """The workbook at ``path``; one of the same content is read only once."""
    path = Path(path)
    kept = _kept_model(sha256(path.read_bytes()).hexdigest(), path)
    book: BookModel = pickle.loads(kept)
    book.name, book.path = path.name, path
    return book


_KEPT: dict[str, bytes] = {}


def _kept_model(content: str, path: Path) -> bytes:
    if content not in _KEPT:
        _KEPT[content] = pickle.dumps(_read_model(path))
    return _KEPT[content]


def _read_model(path: Path) -> BookModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it cannot keep; it keeps nothing
        formulas: Any = openpyxl.load_workbook(path)
        values = _cached_values(path, formulas)
    theme = read_theme(formulas.loaded_theme)
    book = BookModel(path.name, path, date_1904=formulas.epoch == CALENDAR_MAC_1904)
    book.locked = bool(formulas.security and formulas.security.lockStructure)
    for sheet in formulas.worksheets:
        book.sheets.append(_sheet(book, sheet, values.get(sheet.title, {}), theme, formulas.epoch))
    book.active = book.sheet(formulas.active.title) or book.sheets[0]
    book.names = list(_names(book, formulas))
    return book


def _cached_values(path: Path, formulas: Any) -> dict[str, dict[tuple[int, int], Any]]:
    """The cells of sheets that have formulas, with the values that Excel cached."""
    calculated = [
        sheet.title
        for sheet in formulas.worksheets
        if any(cell.data_type == "f" for cell in sheet._cells.values())
    ]
    if not calculated:
        return {}
    # Without charts and styles, which take longer to read than the cells.
    values: Any = openpyxl.load_workbook(path, data_only=True, read_only=True)
    try:
        return {
            name: {
                (cell.row, cell.column): cell
                for row in values[name].iter_rows()
                for cell in row
                if cell.value is not None
            }
            for name in calculated
        }
    finally:
        values.close()


def _sheet(
    book: BookModel,
    sheet: Any,
    values: dict[tuple[int, int], Any],
    theme: list[str],
    epoch: datetime,
) -> SheetModel:
    model = SheetModel(sheet.title, book, state=sheet.sheet_state)
    model.protected = bool(sheet.protection.sheet)
    for area in sheet.merged_cells.ranges:
        model.merges.append((area.min_row, area.min_col, area.max_row, area.max_col))
    looks: dict[Any, dict[str, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.value is None and not cell.has_style:
            continue
        look = looks.get(style := tuple(cell._style))
        if look is None:
            look = looks[style] = _look(cell, theme)
        formula = _formula(cell)
        held = values.get((row, column)) if formula is not None else cell
        model.cells[row, column] = CellModel(_plain(held, epoch), formula, **look)
        if cell.comment is not None:
            model.notes[row, column] = cell.comment.text
    _spread_arrays(sheet, model)
    for letters, dimension in sheet.column_dimensions.items():
        first = dimension.min or openpyxl.utils.column_index_from_string(letters)
        for column in range(first, (dimension.max or first) + 1):
            if dimension.customWidth:
                model.widths[column] = dimension.width
            if dimension.hidden:
                model.hidden_columns.add(column)
            if dimension.has_style and dimension.number_format != "General":
                model.column_formats[column] = dimension.number_format
    for row, dimension in sheet.row_dimensions.items():
        if dimension.hidden or dimension.height is not None:
            model.heights[row] = 0.0 if dimension.hidden else float(dimension.height)
        if dimension.has_style and dimension.number_format != "General":
            model.row_formats[row] = dimension.number_format
    view = sheet.sheet_view
    if view.selection:
        model.active_cell = _corners(view.selection[-1].activeCell or "A1")[:2]
    if view.pane is not None:
        model.frozen = int(view.pane.ySplit or 0)
    model.rules = load_rules(sheet, theme)
    return model


def _formula(cell: Any) -> str | None:
    if cell.data_type != "f":
        return None
    held = cell.value
    formula = str(held.text if isinstance(held, ArrayFormula) else held)
    return formula if formula.startswith("=") else "=" + formula


def _look(cell: Any, theme: list[str]) -> dict[str, Any]:
    """The facets of a cell's format, which all cells of its style share."""
    font, fill, border = cell.font, cell.fill, cell.border.bottom
    shown = fill.fgColor if fill.patternType == "solid" else fill.bgColor
    return {
        "number_format": cell.number_format,
        "prefix": bool(cell.quotePrefix),
        "fill": rgb_of(shown, theme) if fill.patternType else None,
        "font_color": rgb_of(font.color, theme) or "000000",
        "bold": bool(font.b),
        "italic": bool(font.i),
        "underline": bool(font.u),
        "strike": bool(font.strike),
        "size": float(font.sz or 11),
        "font_name": font.name or "Calibri",
        "border": border.style if border is not None else None,
        "wrap": bool(cell.alignment.wrap_text),
        "locked": bool(cell.protection.locked),
    }


def _plain(cell: Any, epoch: datetime) -> CellValue:
    """The value that Excel stored: dates as serial numbers, numbers as floats."""
    value = None if cell is None else cell.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date | time | timedelta):
        convert: Any = to_excel
        return float(convert(value, epoch))
    if isinstance(value, int | float):
        return float(value)
    return ErrorValue(str(value)) if cell.data_type == "e" else str(value)


def _spread_arrays(sheet: Any, model: SheetModel) -> None:
    """An array formula stands in all its cells; openpyxl has it in the first."""
    for cell in list(sheet._cells.values()):
        if isinstance(cell.value, ArrayFormula):
            top, left, bottom, right = _corners(cell.value.ref)
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    model.cell(row, column).formula = model.cells[cell.row, cell.column].formula


def _names(book: BookModel, workbook: Any) -> Iterator[NameModel]:
    for name, defined in workbook.defined_names.items():
        yield NameModel(name, "=" + defined.attr_text, hidden=bool(defined.hidden))
    for sheet in workbook.worksheets:
        own = book.sheet(sheet.title)
        for name, defined in sheet.defined_names.items():
            yield NameModel(name, "=" + defined.attr_text, own, bool(defined.hidden))
        for name, printed in (
            ("Print_Area", sheet.print_area),
            ("Print_Titles", sheet.print_titles),
        ):
            if printed:
                yield NameModel(name, "=" + str(printed), own)


def _corners(reference: str) -> Area:
    left, top, right, bottom = (int(number or 1) for number in range_boundaries(reference))
    return top, left, bottom, right


def a1(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"
