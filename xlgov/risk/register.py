"""The risks of a register, read once.

Why a column at a time: a table's record is only a row number, so the columns are looked up once
for all risks. Every score, assessment and status is remembered and shared; see ``assessment``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlgov.grid.cells import CellError, Value, address, is_blank
from xlgov.grid.records import Layout, Record
from xlgov.grid.sheet import Column, Workbook
from xlgov.risk.assessment import ASSESSMENTS, MEASURES, Assessment, AssessmentName, Score
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.score import BLANK, ScoreProblem, choose_words, parse_score, read_rating
from xlgov.risk.status import ABSENT, Status, is_closed, read_status, settle_statuses
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES, Words, is_empty_answer
from xlgov.settings.values import Settings

_PLAIN_FIELDS = ("reference", "status", "status_date", "owner", "second_owner", "future_actions")
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
        for record in source.layout.records:
            register.risks.append(reader.read_risk(source, record))
    _settle_dates(register.risks)
    return register


class _Source:
    """The cells of one layout by field: columns where it is a table, single cells in forms."""

    def __init__(self, workbook: Workbook, layout: Layout) -> None:
        self.layout = layout
        self.sheet = layout.sheet
        self.columns: dict[str, Column] = {}
        wanted = {
            name
            for name in layout.headings
            if name in _PLAIN_FIELDS or name.partition(".")[2] in MEASURES
        }
        if layout.form == "table":
            first = next(iter(layout.records), None)
            places = (
                {}
                if first is None
                else {name: column for name, column in first.columns.items() if name in wanted}
            )
            self.grid = workbook.grid(layout.sheet, columns=set(places.values()))
            self.columns = {
                name: self.grid.columns.get(column, Column()) for name, column in places.items()
            }
            wanted = set(places)
        else:
            self.grid = workbook.grid(layout.sheet)
        self.wanted = wanted
        self.measures: list[tuple[AssessmentName, list[tuple[str, str]]]] = []
        for name in ASSESSMENTS:
            found = [(each, f"{name}.{each}") for each in MEASURES if f"{name}.{each}" in wanted]
            self.measures.append((name, found))

    def has(self, record: Record, field: str) -> bool:
        return field in self.columns if record.row else record.at(field) is not None

    def read(self, record: Record, field: str) -> tuple[Value, bool, int] | None:
        """Value, whether it is a formula, and style; None where there is no such cell."""
        row = record.row
        if not row:
            place = record.at(field)
            if place is None:
                return None
            cell = self.grid.cell(*place)
            return cell.value, cell.formula, cell.style
        column = self.columns.get(field)
        if column is None:
            return None
        place_in = column.index(row)
        if place_in < 0:
            return None, False, 0
        return column.values[place_in], row in column.formulas, column.styles[place_in]

    def texts(self, measures: Sequence[str]) -> set[str]:
        """The texts of these measures: they tell which words the authors use."""
        fields = {f"{name}.{measure}" for name in ASSESSMENTS for measure in measures}
        found: set[str] = set()
        for field in fields & self.wanted:
            if self.columns:
                found.update(v for v in self.columns[field].values if isinstance(v, str))
                continue
            for record in self.layout.records:
                cell = self.read(record, field)
                if cell is not None and isinstance(cell[0], str):
                    found.add(cell[0])
        return found


class _Reader:
    """Reads the risks of one register; remembers every value it has made."""

    def __init__(self, workbook: Workbook, settings: Settings, register: Register) -> None:
        self.workbook = workbook
        self.month_first = settings.day_first is False
        self.register = register
        self.scores: dict[tuple[str, type, Value, bool], Score] = {}
        self.made: dict[tuple[int | str, ...], Assessment] = {}
        self.statuses: dict[tuple[type, Value, int], Status] = {}
        self.closed: dict[Value, bool] = {}

    def read_risk(self, source: _Source, record: Record) -> Risk:
        reference = source.read(record, "reference")
        risk = Risk(
            len(self.register.risks),
            source.sheet,
            record,
            _read_reference(reference[0]) if reference else "",
            *[self._read_assessment(source, record, *each) for each in source.measures],
        )
        for field in ("owner", "second_owner"):
            cell = source.read(record, field)
            if cell is not None and not risk.owned:
                risk.owned = not _is_empty(cell[0])
        actions = source.read(record, "future_actions")
        if actions is not None:
            risk.acted_on = not _is_empty(actions[0])
        status = source.read(record, "status")
        if status is not None and isinstance(status[0], str):
            risk.closed = self._is_closed(status[0])
        dated = source.read(record, "status_date")
        if dated is not None:
            risk.status = self._read_status(dated[0], dated[2])
        return risk

    def _read_assessment(
        self,
        source: _Source,
        record: Record,
        name: AssessmentName,
        measures: Sequence[tuple[str, str]],
    ) -> Assessment | None:
        found: list[tuple[str, Score]] = []
        key: list[int | str] = [name]
        for measure, field in measures:
            cell = source.read(record, field)
            if cell is None:
                continue
            score = self._score(measure, cell[0], cell[1])
            found.append((measure, score))
            key += (measure, id(score))
        if not found:
            return None
        known = self.made.get(tuple(key))
        if known is None:
            by_measure = dict(found)
            known = self.made[tuple(key)] = Assessment(
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
