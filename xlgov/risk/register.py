"""The risks of a register, read once.

Why a column at a time: a table's records are row numbers in order, so each field is one walk down
its column beside them, with no look-up per cell. Every score, assessment and status is remembered
and shared; see ``assessment``.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from itertools import repeat

from xlgov.grid.cells import CellError, Value, address, is_blank
from xlgov.grid.records import Layout, Record
from xlgov.grid.sheet import Column, Workbook
from xlgov.risk.assessment import ASSESSMENTS, MEASURES, Assessment, AssessmentName, Score
from xlgov.risk.formulas import gives_impact
from xlgov.risk.headings import CATEGORIES, VOCABULARY
from xlgov.risk.own_formulas import find_own_formulas
from xlgov.risk.score import BLANK, ScoreProblem, choose_words, parse_score, read_rating
from xlgov.risk.status import ABSENT, Status, is_closed, read_status, settle_statuses
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES, Words, is_empty_answer
from xlgov.settings.values import Settings

_PLAIN_FIELDS = ("reference", "status", "status_date", "owner", "second_owner", "future_actions")
_MOST_KNOWN = 50_000  # of what is remembered by the cells that gave it
_SHORT = 40  # characters; a longer text is no status word and no empty answer


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
    status: Status = ABSENT

    @property
    def label(self) -> str:
        """The reference, or the row where there is none."""
        if self.reference:
            return self.reference
        row = self.record.row or min((cell[0] for cell in self.record.cells.values()), default=0)
        return f"row {row}"

    def assessments(self) -> Iterable[Assessment]:
        """The assessments that the register has cells for, inherent first."""
        return [each for each in (self.inherent, self.current, self.future) if each is not None]

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
    # Those that are ours, by sheet and (row, column); in all else they read as if they were typed.
    own_formulas: dict[tuple[str, tuple[int, int]], str] = attribute(default_factory=dict)

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(layout.sheet for layout in self.layouts))


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
    sources = [_Source(workbook, layout) for layout in layouts]
    likelihoods = {text for source in sources for text in source.texts(("likelihood",))}
    impacts = {text for source in sources for text in source.texts(("impact", *CATEGORIES))}
    register = Register(
        layouts,
        [],
        choose_words(likelihoods, LIKELIHOOD_SCALES, settings.likelihood_words),
        choose_words(impacts, IMPACT_SCALES, settings.impact_words),
    )
    reader = _Reader(workbook, settings, register)
    for source in sources:
        register.own_formulas |= {(source.layout.sheet, at): f for at, f in source.own.items()}
        register.risks.extend(reader.read_risks(source))
    _settle_dates(register.risks)
    return register


_Found = tuple[Value, bool, int]  # value, whether it is a formula, style
_BLANK_CELL: _Found = (None, False, 0)


class _Source:
    """The cells of one layout, field by field: a column of a table, or a cell in each form."""

    def __init__(self, workbook: Workbook, layout: Layout) -> None:
        self.layout = layout
        self.columns: dict[str, int] | None = None
        self.fields = {
            name
            for name in layout.headings
            if name in _PLAIN_FIELDS or name.partition(".")[2] in MEASURES
        }
        columns: set[int] | None = None
        brief: set[int] = set()
        if layout.form == "table" and layout.records:
            first = layout.records[0].columns
            self.columns = {name: first[name] for name in self.fields if name in first}
            self.fields = set(self.columns)
            columns = set(self.columns.values())
            whole = {self.columns[name] for name in self.fields - VOCABULARY.brief}
            brief = columns - whole
        self.rows = array("I", (record.row for record in layout.records))
        self.grid = workbook.grid(layout.sheet, columns=columns, brief=brief)
        self.own = find_own_formulas(workbook, layout, self.grid)
        self._own_rows: dict[int, set[int]] = defaultdict(set)
        # One that shows nothing is as blank as one that nobody has calculated: both are no slip.
        self._as_typed = {
            place
            for place, text in self.own.items()
            if gives_impact(text) or self.grid.value(*place) is not None
        }
        for row, column in self._as_typed:
            self._own_rows[column].add(row)
        named = {(self.columns or {}).get(name) for name in ("reference", "description")}
        # A risk that is merged over several rows has a control or an action on each.
        self._last_rows = {
            merge.top: merge.bottom
            for merge in self.grid.merges
            if merge.left in named and merge.bottom > merge.top
        }

    def has_more(self, field: str, row: int) -> bool:
        """Whether a field is filled in a further row of the record that begins in this row."""
        column = (self.columns or {}).get(field)
        last = self._last_rows.get(row, row)
        if column is None or last == row:
            return False
        return any(
            not _is_empty(self.grid.value(below, column)) for below in range(row + 1, last + 1)
        )

    def measures(self, name: AssessmentName) -> list[str]:
        return [measure for measure in MEASURES if f"{name}.{measure}" in self.fields]

    def cells(self, field: str) -> Iterator[_Found | None]:
        """The field's cell of every record in order; None where a record has no such cell."""
        if field not in self.fields:
            return repeat(None, len(self.layout.records))
        if self.columns is None:
            return self._cells_of_forms(field)
        number = self.columns[field]
        return self._cells_down(self.grid.columns.get(number, Column()), self._own_rows[number])

    def _cells_of_forms(self, field: str) -> Iterator[_Found | None]:
        for record in self.layout.records:
            place = record.at(field)
            cell = self.grid.cell(*place) if place else None
            is_formula = cell is not None and cell.formula and place not in self._as_typed
            yield (cell.value, is_formula, cell.style) if cell else None

    def _cells_down(self, column: Column, own: set[int]) -> Iterator[_Found | None]:
        start = column.index(self.rows[0]) if self.rows else -1
        stop = start + len(self.rows)
        if start < 0 or column.rows[start:stop] != self.rows:
            return self._cells_with_gaps(column, own)
        formulas = column.formulas - own if own else column.formulas
        are_formulas = map(formulas.__contains__, self.rows) if formulas else repeat(False)
        return zip(column.values[start:stop], are_formulas, column.styles[start:stop], strict=False)

    def _cells_with_gaps(self, column: Column, own: set[int]) -> Iterator[_Found | None]:
        rows, values, styles, formulas = column.rows, column.values, column.styles, column.formulas
        formulas = formulas - own if own else formulas
        place, count = 0, len(rows)
        for row in self.rows:
            while place < count and rows[place] < row:
                place += 1
            if place < count and rows[place] == row:
                yield values[place], row in formulas, styles[place]
            else:
                yield _BLANK_CELL

    def has_booleans(self, name: AssessmentName) -> bool:
        """Whether TRUE or FALSE stands among the scores, which as keys are the same as 1 and 0."""
        if self.columns is None:
            return True  # perhaps; forms are few
        columns = [self.columns[f"{name}.{measure}"] for measure in self.measures(name)]
        held = (self.grid.columns.get(column, Column()) for column in columns)
        return any(bool in set(map(type, column.values)) for column in held)

    def texts(self, measures: Sequence[str]) -> set[str]:
        """The texts of these measures: they tell which words the authors use."""
        found: set[str] = set()
        for field in {f"{name}.{measure}" for name in ASSESSMENTS for measure in measures}:
            if field in self.fields and self.columns is not None:
                column = self.grid.columns.get(self.columns[field], Column())
                found.update(value for value in column.values if isinstance(value, str))
            elif field in self.fields:
                cells = self.cells(field)
                found.update(cell[0] for cell in cells if cell and isinstance(cell[0], str))
        return found


class _Reader:
    """Reads the risks of one register; remembers every value it has made."""

    def __init__(self, workbook: Workbook, settings: Settings, register: Register) -> None:
        self.workbook = workbook
        self.month_first = settings.day_first is False
        self.register = register
        self.scores: dict[tuple[str, type, Value, bool], Score] = {}
        self.statuses: dict[tuple[type, Value, int], Status] = {}
        self.closed: dict[Value, bool] = {}
        self.empty: dict[Value, bool] = {}

    def read_risks(self, source: _Source) -> Iterator[Risk]:
        """The risks of one layout in order."""
        plain_cells = [source.cells(field) for field in _PLAIN_FIELDS]
        position = len(self.register.risks)
        for record, inherent, current, future, *plain in zip(
            source.layout.records,
            self._assessments(source, "inherent"),
            self._assessments(source, "current"),
            self._assessments(source, "future"),
            *plain_cells,
            strict=True,
        ):
            reference, status, dated, owner, second_owner, actions = plain
            risk = Risk(
                position,
                source.layout.sheet,
                record,
                _read_reference(reference[0]) if reference else "",
                inherent,
                current,
                future,
            )
            position += 1
            if owner or second_owner:
                owners = (cell[0] for cell in (owner, second_owner) if cell)
                risk.owned = not all(map(self._is_empty, owners))
            if actions:
                risk.acted_on = not self._is_empty(actions[0]) or source.has_more(
                    "future_actions", record.row
                )
            if status and isinstance(status[0], str):
                risk.closed = self._is_closed(status[0])
            if dated:
                risk.status = self._read_status(dated[0], dated[2])
            yield risk

    def _assessments(self, source: _Source, name: AssessmentName) -> Iterator[Assessment | None]:
        """One assessment of every record; None where the register has no cell for it."""
        measures = source.measures(name)
        if not measures:
            yield from repeat(None, len(source.layout.records))
            return
        fields = [source.cells(f"{name}.{measure}") for measure in measures]
        made: dict[tuple[int, ...], Assessment | None] = {}
        known: dict[tuple[_Found | None, ...], Assessment | None] = {}
        is_telling = not source.has_booleans(name)
        for cells in zip(*fields, strict=True):
            if is_telling and cells in known:
                yield known[cells]
                continue
            scores = [
                self._score(measure, cell[0], cell[1]) if cell else None
                for measure, cell in zip(measures, cells, strict=True)
            ]
            key = tuple(map(id, scores))
            if key not in made:
                made[key] = _make_assessment(name, dict(zip(measures, scores, strict=True)))
            if len(known) < _MOST_KNOWN:
                known[cells] = made[key]
            yield made[key]

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

    def _is_empty(self, value: Value) -> bool:
        known = self.empty.get(value)
        if known is None:
            known = _is_empty(value)
            if len(self.empty) < _MOST_KNOWN:
                self.empty[value] = known
        return known

    def _is_closed(self, text: str) -> bool:
        if len(text) > _SHORT:
            return is_closed(text)
        known = self.closed.get(text)
        if known is None:
            known = self.closed[text] = is_closed(text)
        return known

    def _read_status(self, value: Value, style: int) -> Status:
        key = (type(value), value, style)
        known = self.statuses.get(key)
        if known is None:
            known = self.statuses[key] = read_status(self.workbook, value, style, self.month_first)
        return known


def _make_assessment(name: AssessmentName, scores: Mapping[str, Score | None]) -> Assessment | None:
    if not any(scores.values()):
        return None
    categories = [(each, scores.get(each)) for each in CATEGORIES]
    return Assessment(
        name,
        scores.get("likelihood"),
        scores.get("impact"),
        scores.get("rating"),
        scores.get("band"),
        tuple((each, score) for each, score in categories if score is not None),
    )


def _is_empty(value: Value) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT and (is_blank(value) or is_empty_answer(value))
    return value is None


def _read_reference(value: Value) -> str:
    if value is None or isinstance(value, CellError):
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return " ".join(str(value).split())


def _settle_dates(risks: Sequence[Risk]) -> None:
    """The statuses of each column together; forms are one column."""
    by_column: dict[str, list[Risk]] = defaultdict(list)
    for risk in risks:
        if risk.status is not ABSENT:
            by_column[risk.sheet if risk.record.row else ""].append(risk)
    for column in by_column.values():
        has_words = all(
            risk.record.at("status") == risk.record.at("status_date") for risk in column
        )
        settled = settle_statuses([risk.status for risk in column], has_words)
        for risk, status in zip(column, settled, strict=True):
            risk.status = status
