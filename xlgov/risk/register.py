"""The risks of a register, as values read once.

Why scores carry no address: a register of 100,000 risks has near a million of them, but only a
few hundred different combinations. So a ``Score`` is what a cell says, an ``Assessment`` is a
combination of scores, each kept once and shared, and where a cell stands is asked of the risk's
record only when a change or a finding needs it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from xlgov.grid.cells import CellError, Value, address, date_from_serial, is_blank
from xlgov.grid.dates import find_date, must_be_month_first
from xlgov.grid.records import Layout, Record
from xlgov.grid.sheet import Grid, Workbook, is_date_format
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.score import BLANK, ScoreProblem, choose_words, parse_score, read_rating
from xlgov.risk.words import (
    IMPACT_SCALES,
    LIKELIHOOD_SCALES,
    Words,
    is_empty_answer,
    plain,
)
from xlgov.settings.values import Settings

AssessmentName = Literal["inherent", "current", "future"]
ASSESSMENTS: tuple[AssessmentName, ...] = ("inherent", "current", "future")
_MEASURES = ("likelihood", "impact", "rating", "band", *CATEGORIES)
DateState = Literal["absent", "missing", "unreadable", "order", "read"]

_CLOSED = re.compile(r"(?<!not )\b(?:closed|archived|retired|withdrawn)\b")


@dataclass(frozen=True, slots=True)
class Score:
    """What one cell says: its raw value, its number where it has one, else the problem."""

    raw: Value
    number: int | float | None
    problem: ScoreProblem | None = None
    formula: bool = False

    @property
    def is_absent(self) -> bool:
        """Whether nothing was given: blank, ``n/a``, ``-``."""
        return self.problem is not None and self.problem.is_absent

    @property
    def shown(self) -> str:
        """The value as a person sees it, texts in quotes unless they are plain numbers."""
        if is_blank(self.raw):
            return "nothing"
        if isinstance(self.raw, str) and not self.raw.strip().isdigit():
            return f"'{self.raw.strip()}'"
        return f"{self.raw:g}" if isinstance(self.raw, float) else str(self.raw).strip()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One of a risk's assessments. A measure that the register has no cell for is None.

    ``band`` is a level in a column of its own. ``categories`` are those that the register keeps.
    """

    name: AssessmentName
    likelihood: Score | None
    impact: Score | None
    rating: Score | None
    band: Score | None = None
    categories: tuple[tuple[str, Score], ...] = ()

    def score(self, measure: str) -> Score | None:
        """The score of ``likelihood``, ``impact``, ``rating``, ``band`` or a category."""
        if measure in CATEGORIES:
            return dict(self.categories).get(measure)
        found: Score | None = getattr(self, measure)
        return found


@dataclass(slots=True)
class Risk:
    """One risk. ``owned`` and ``acted_on`` are None where the register has no such column."""

    position: int
    sheet: str
    record: Record
    reference: str
    inherent: Assessment | None
    current: Assessment | None
    future: Assessment | None
    owned: bool | None = None
    acted_on: bool | None = None
    closed: bool = False
    date_state: DateState = "absent"
    status_date: date | None = None
    status_text: str = ""

    @property
    def label(self) -> str:
        """The reference, or the row where there is none."""
        if self.reference:
            return self.reference
        row = self.record.row or min((cell[0] for cell in self.record.cells.values()), default=0)
        return f"row {row}"

    def assessments(self) -> Iterable[Assessment]:
        """The assessments that the register has cells for, inherent first."""
        return (each for each in (self.inherent, self.current, self.future) if each is not None)

    def has(self, field: str) -> bool:
        """Whether the register has a cell for a field of this risk."""
        return self.record.at(field) is not None

    def address(self, field: str) -> str:
        """A1 address of a field's cell; "" where the register has none."""
        place = self.record.at(field)
        return address(*place) if place else ""


@dataclass(slots=True)
class Register:
    """A table of risks, or all the forms of a workbook, read."""

    layouts: tuple[Layout, ...]
    risks: list[Risk]
    likelihood_words: Words
    impact_words: Words

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(layout.sheet for layout in self.layouts))

    @property
    def place(self) -> str:
        """Its sheets, for people."""
        return ", ".join(self.sheets)


def read_registers(
    workbook: Workbook, layouts: Sequence[Layout], settings: Settings
) -> list[Register]:
    """Every register found, in book order. All forms together are one register."""
    forms = tuple(layout for layout in layouts if layout.form == "form")
    groups: list[tuple[Layout, ...]] = []
    for layout in layouts:
        if layout.form == "table":
            groups.append((layout,))
        elif layout is forms[0]:
            groups.append(forms)
    return [_read_register(workbook, group, settings) for group in groups]


def read_risks(workbook: Workbook, layout: Layout, settings: Settings) -> list[Risk]:
    """The risks of one layout, in sheet order."""
    return _read_register(workbook, (layout,), settings).risks


def _read_register(workbook: Workbook, layouts: tuple[Layout, ...], settings: Settings) -> Register:
    grids = [_read_grid(workbook, layout) for layout in layouts]
    texts: dict[str, set[str]] = {"likelihood": set(), "impact": set()}
    for layout, grid in zip(layouts, grids, strict=True):
        _collect_texts(layout, grid, texts)
    register = Register(
        layouts,
        [],
        choose_words(texts["likelihood"], LIKELIHOOD_SCALES, settings.likelihood_words),
        choose_words(texts["impact"], IMPACT_SCALES, settings.impact_words),
    )
    reader = _Reader(workbook, settings, register)
    for layout, grid in zip(layouts, grids, strict=True):
        for record in layout.records:
            register.risks.append(reader.read_risk(layout.sheet, grid, record))
    _settle_dates(register.risks)
    return register


_READ_FIELDS = frozenset(
    {"reference", "status", "status_date", "owner", "second_owner", "future_actions"}
)


def _read_grid(workbook: Workbook, layout: Layout) -> Grid:
    """The sheet with only the columns that matter here, where records share their columns."""
    first = next(iter(layout.records), None)
    if first is None or not first.row:
        return workbook.grid(layout.sheet)
    columns = {
        column for name, column in first.columns.items() if name in _READ_FIELDS or "." in name
    }
    return workbook.grid(layout.sheet, columns=columns)


def _collect_texts(layout: Layout, grid: Grid, texts: Mapping[str, set[str]]) -> None:
    """Texts in the likelihood and impact cells: they tell which words the authors use."""
    fields = [
        (f"{name}.{measure}", texts["likelihood" if measure == "likelihood" else "impact"])
        for name in ASSESSMENTS
        for measure in ("likelihood", "impact", *CATEGORIES)
        if f"{name}.{measure}" in layout.headings
    ]
    for record in layout.records:
        for field, found in fields:
            place = record.at(field)
            value = grid.value(*place) if place else None
            if isinstance(value, str):
                found.add(value)


class _Reader:
    """Reads the risks of one register; remembers every score and assessment it has made."""

    def __init__(self, workbook: Workbook, settings: Settings, register: Register) -> None:
        self.workbook = workbook
        self.day_first = settings.day_first is not False
        self.may_swap = settings.day_first is None
        self.register = register
        self.scores: dict[tuple[str, type, Value, bool], Score] = {}
        self.made: dict[tuple[object, ...], Assessment] = {}
        self.date_styles: dict[int, bool] = {}

    def read_risk(self, sheet: str, grid: Grid, record: Record) -> Risk:
        risk = Risk(
            len(self.register.risks),
            sheet,
            record,
            _read_reference(self._value(grid, record, "reference")),
            self._read_assessment(grid, record, "inherent"),
            self._read_assessment(grid, record, "current"),
            self._read_assessment(grid, record, "future"),
        )
        owners = [field for field in ("owner", "second_owner") if record.at(field)]
        if owners:
            risk.owned = any(not self._is_empty(grid, record, field) for field in owners)
        if record.at("future_actions"):
            risk.acted_on = not self._is_empty(grid, record, "future_actions")
        status = self._value(grid, record, "status")
        risk.closed = isinstance(status, str) and bool(_CLOSED.search(plain(status)))
        self._read_status_date(grid, record, risk)
        return risk

    def _value(self, grid: Grid, record: Record, field: str) -> Value:
        place = record.at(field)
        return grid.value(*place) if place else None

    def _is_empty(self, grid: Grid, record: Record, field: str) -> bool:
        value = self._value(grid, record, field)
        return is_blank(value) or (isinstance(value, str) and is_empty_answer(value))

    def _read_assessment(
        self, grid: Grid, record: Record, name: AssessmentName
    ) -> Assessment | None:
        found: list[tuple[str, Score]] = []
        for measure in _MEASURES:
            place = record.at(f"{name}.{measure}")
            if place is not None:
                formula = grid.has_formula(*place)
                found.append((measure, self._score(measure, grid.value(*place), formula)))
        if not found:
            return None
        key = (name, *((measure, id(score)) for measure, score in found))
        known = self.made.get(key)
        if known is None:
            by_measure = dict(found)
            known = self.made[key] = Assessment(
                name,
                by_measure.get("likelihood"),
                by_measure.get("impact"),
                by_measure.get("rating"),
                by_measure.get("band"),
                tuple((each, score) for each, score in found if each in CATEGORIES),
            )
        return known

    def _score(self, measure: str, value: Value, formula: bool) -> Score:
        kind = measure if measure in ("likelihood", "rating", "band") else "impact"
        key = (kind, type(value), value, formula)
        known = self.scores.get(key)
        if known is None:
            known = self.scores[key] = self._make_score(kind, value, formula)
        return known

    def _make_score(self, kind: str, value: Value, formula: bool) -> Score:
        if kind == "band":
            problem = BLANK if is_blank(value) else ScoreProblem("level")
            return Score(value, None, problem, formula)
        if kind == "rating":
            read = read_rating(value)
        elif formula and value == 0 and not isinstance(value, bool):
            read = BLANK  # what a formula over blank cells shows; a typed 0 is a score of 0
        elif kind == "likelihood":
            read = parse_score(value, self.register.likelihood_words)
        else:
            read = parse_score(value, self.register.impact_words)
        if isinstance(read, ScoreProblem):
            return Score(value, None, read, formula)
        return Score(value, read, None, formula)

    def _read_status_date(self, grid: Grid, record: Record, risk: Risk) -> None:
        place = record.at("status_date")
        if place is None:
            return
        value = grid.value(*place)
        if is_blank(value):
            risk.date_state = "missing"
        elif isinstance(value, str):
            self._read_text_date(value, risk, shared=place == record.at("status"))
        elif isinstance(value, CellError):
            risk.date_state, risk.status_text = "unreadable", value.code
        elif not isinstance(value, bool) and value is not None:
            moment = self._serial_date(grid, place, value)
            if moment is None:
                risk.date_state, risk.status_text = "unreadable", f"{value:g}"
            else:
                risk.date_state, risk.status_date = "read", moment.date()
        else:
            risk.date_state, risk.status_text = "unreadable", str(value).upper()

    def _read_text_date(self, text: str, risk: Risk, shared: bool) -> None:
        found = find_date(text, self.day_first)
        if self.may_swap and must_be_month_first(text):
            risk.date_state, risk.status_text = "order", text.strip()
        elif found:
            risk.date_state, risk.status_date = "read", found
            if self.may_swap and find_date(text, False) != found:
                risk.status_text = text.strip()  # readable both ways; see _settle_dates
        elif shared and not any(letter.isdigit() for letter in text):
            risk.date_state = "missing"  # a status word alone
        else:
            empty = is_empty_answer(text)
            risk.date_state = "missing" if empty else "unreadable"
            risk.status_text = "" if empty else text.strip()

    def _serial_date(
        self, grid: Grid, place: tuple[int, int], value: int | float
    ) -> datetime | None:
        style = grid.cell(*place).style
        if style not in self.date_styles:
            self.date_styles[style] = is_date_format(self.workbook.number_format(style))
        if not self.date_styles[style]:
            return None
        try:
            return date_from_serial(value, self.workbook.date_1904)
        except ValueError:
            return None


def _read_reference(value: Value) -> str:
    if is_blank(value) or isinstance(value, CellError):
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return " ".join(str(value).split())


def _settle_dates(risks: list[Risk]) -> None:
    """What one risk's status cannot tell alone: whether the column has dates, and in which order.

    A status column without a single date (``Open``, ``Closed``) is no date column, so nothing is
    missing from it. Where one date cannot be day first, those that could be either are not judged.
    """
    by_column: dict[tuple[str, int], list[Risk]] = defaultdict(list)
    for risk in risks:
        place = risk.record.at("status_date")
        if place is not None:
            column_key = (risk.sheet, place[1]) if risk.record.row else ("", 0)  # forms: one column
            by_column[column_key].append(risk)
    for column in by_column.values():
        shared = all(risk.record.at("status") == risk.record.at("status_date") for risk in column)
        if shared and all(risk.date_state == "missing" for risk in column):
            for risk in column:
                risk.date_state = "absent"
        swapped = any(risk.date_state == "order" for risk in column)
        for risk in column:
            if risk.date_state == "read" and risk.status_text:
                if swapped:
                    risk.date_state, risk.status_date = "order", None
                else:
                    risk.status_text = ""
