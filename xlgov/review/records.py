"""The records of one version of a workbook, whatever kind of register each stands in.

Why one record for every kind: what a board asks of a risk, an action or an indicator is the same
question. A kind's own search says where its records are; here they are only fields with cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xlgov.grid.cells import Value, address, is_blank
from xlgov.grid.records import Record
from xlgov.grid.sheet import FormulaSource, Grid, Workbook, cell_date
from xlgov.review.difference import FieldKind
from xlgov.review.held import (
    Held,
    ScoreReader,
    plain_text,
    plain_value,
    split_date,
)
from xlgov.tracker.entry import FIRST_YEAR

# What says in a few words what a record is about: the first of these that it has.
_TITLES = ("title", "subject", "description", "action", "activity", "decision", "items")
_LONGEST_TITLE = 80
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_SPACE = re.compile(r"\s+")


def reference_key(value: object) -> str:
    """A reference as it is compared: no case, no spaces, no full stop at its end.

    >>> reference_key("SR 1.1. "), reference_key("sr1.1"), reference_key(5.0), reference_key(None)
    ('sr1.1', 'sr1.1', '5', '')
    """
    text = unicodedata.normalize("NFKC", plain_text(value)).translate(_DASHES)
    return _SPACE.sub("", text).rstrip(".").casefold()


@dataclass(slots=True)
class Page:
    """The cells that records of one layout are read from, and how they are read.

    ``headings`` are by field. ``scores`` read its scores, by field. ``within`` are
    fields that stand in the cell of another, as a date does in *Update 31 January 2017*.
    ``shows_figures``: its numbers differ where what is shown differs, as on a dashboard.
    ``is_history``: its fields are readings of single months, of which each version has its own.
    ``blanks`` are cells in which a formula of ours shows nothing, once they were looked for.
    """

    kind: str
    sheet: str
    workbook: Workbook
    grid: Grid
    headings: Mapping[str, str]
    reference: str = "reference"
    day_first: bool = True
    within: dict[str, str] = field(default_factory=dict)
    anchors: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    scores: dict[str, ScoreReader] = field(default_factory=dict)
    columns: dict[int, dict[int, Value]] = field(default_factory=dict)
    shows_figures: bool = False
    is_history: bool = False
    blanks: frozenset[tuple[int, int]] | None = None

    def place(self, record: Record, name: str) -> tuple[int, int] | None:
        """The cell of a field; of merged cells the first, which holds their value."""
        place = record.at(name)
        if place is None or not self.anchors:
            return place
        return self.anchors.get(place, place)

    def raw(self, record: Record, name: str) -> Value:
        """What the cell of a field holds, as it was read."""
        if record.row and record.columns:
            return self.column(record.columns.get(name, 0)).get(record.row)
        place = self.place(record, name)
        return None if place is None else self.grid.value(*place)

    def column(self, number: int) -> dict[int, Value]:
        """The values of a column by row, those of merged cells on all their rows."""
        known = self.columns.get(number)
        if known is None:
            cells = self.grid.columns.get(number)
            known = {} if cells is None else dict(zip(cells.rows, cells.values, strict=True))
            for (row, column), anchor in self.anchors.items():
                if column == number:
                    known[row] = self.grid.value(*anchor)
            self.columns[number] = known
        return known

    def holds(self, record: Record, name: str) -> bool:
        """Whether a field is filled."""
        return not is_blank(self.raw(record, name))

    def lacks_result(self, record: Record, name: str) -> bool:
        """Whether a field's cell is a formula that was saved without its result.

        One of ours shows a blank where its scores give nothing; that is its result.
        """
        place = self.place(record, name)
        if place is None or not self.grid.has_formula(*place):
            return False
        return self.grid.value(*place) is None and place not in self._blanks_of_ours()

    def _blanks_of_ours(self) -> frozenset[tuple[int, int]]:
        """Cells where a formula of ours shows nothing, if the file keeps results at all."""
        if self.blanks is None:
            cells = [cell for cell in self.grid.cells() if cell.formula]
            blank = {(cell.row, cell.column) for cell in cells if cell.value is None}
            self.blanks = frozenset()
            if len(blank) < len(cells) and isinstance(self.workbook, FormulaSource):
                columns = {column for _, column in blank}
                texts = self.workbook.formulas(self.grid.sheet, columns)
                ours = {at for at, text in texts.items() if "xlgov_" in text.casefold()}
                self.blanks = frozenset(blank & ours)
        return self.blanks

    def held(self, record: Record, name: str, apart: bool = False) -> Held:
        """What a field holds. ``apart`` tells a date from the words that it stands among."""
        place = self.place(record, name)
        if place is None:
            kind: FieldKind = "score" if name in self.scores else "text"
            return Held(None, kind, heading=self.headings.get(name, ""))
        cell = self.grid.cell(*place)
        reader = self.scores.get(name)
        if reader is not None:
            value = reader(cell.value)
        else:
            moment = cell_date(self.workbook, cell)
            if isinstance(cell.value, int | float) and cell.value < FIRST_YEAR:
                moment = None  # an item number that its format shows as a date of 1900
            value = plain_value(cell.value, moment)
        if apart and isinstance(value, str):
            host, guest = name in self.within.values(), name in self.within
            if host or guest:
                words, day = split_date(value, self.day_first)
                value = (words or None) if host else day
        return Held(
            value,
            "text" if reader is None else "score",
            self.sheet,
            cell.address,
            self.headings.get(name, name),
            self.workbook.number_format(cell.style),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A record as one version has it. ``key`` is its reference as compared, "" without one.

    ``parts`` are where its fields stand; where two have the same field, the first counts.
    ``stated`` is what its cells say without a text of their own, such as a status by its colour.
    """

    kind: str
    reference: str
    key: str
    parts: tuple[tuple[Page, Record], ...]
    named: bool = False  # its reference says in words what it is
    stated: Mapping[str, Held] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        return self.parts[0][0].sheet

    @property
    def address(self) -> str:
        """Its reference's cell, else its first."""
        page, record = self.parts[0]
        place = page.place(record, page.reference)
        places = [place] if place else [at for n in page.headings if (at := record.at(n))]
        return address(*min(places)) if places else ""

    def part(self, name: str) -> int | None:
        """Which of its parts a field is read from; None where its register has no such field."""
        known = None
        for number, (page, record) in enumerate(self.parts):
            if record.at(name) is not None:
                return number
            if known is None and name in page.headings:
                known = number
        return known

    def source(self, name: str) -> tuple[Page, Record] | None:
        """The page and record that a field is read from; None where there is no such field."""
        number = self.part(name)
        return None if number is None else self.parts[number]

    def names(self) -> Iterator[str]:
        """Its fields, in the order of their cells."""
        seen: set[str] = set()
        for page, _ in self.parts:
            for name in page.headings:
                if name not in seen:
                    seen.add(name)
                    yield name

    def held(self, name: str, apart: bool = False) -> Held:
        """What a field holds; a blank where it is not there."""
        source = self.source(name)
        return source[0].held(source[1], name, apart) if source else Held(None, "text")

    @property
    def subject(self) -> str:
        """The whole text that says what it is about, on one line; "" without any."""
        for name in _TITLES:
            source = self.source(name)
            if source is not None:
                text = plain_text(source[0].raw(source[1], name))
                if text:
                    return text
        texts = (self.held(name) for name in self.names() if name != "reference")
        return next((plain_text(held.value) for held in texts if isinstance(held.value, str)), "")

    @property
    def title(self) -> str:
        """The first line of its text, shortened; "" where its reference is its name."""
        if self.named:
            return ""
        for name in _TITLES:
            source = self.source(name)
            value = source[0].raw(source[1], name) if source else None
            if isinstance(value, str) and value.strip():
                return _shortened(plain_text(value.strip().splitlines()[0]))
        return "" if self.subject == self.reference else _shortened(self.subject)

    @property
    def label(self) -> str:
        """Its reference, else where it stands."""
        return self.reference or f"{self.sheet}!{self.address}"


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_TITLE:
        return text
    cut = text[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:")
    return f"{cut} \u2026"


@dataclass(frozen=True, slots=True)
class Version:
    """The records of a workbook by kind, in book order."""

    records: Mapping[str, tuple[Recorded, ...]]
    date_1904: bool = False
    day_first: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recognised."""
        return not self.records
