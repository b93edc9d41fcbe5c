"""Every write is first a value: the cells, styles, formats, notes and sheets to change.

A change set is what ``preview`` returns and what either hand (file or Excel) applies; ``check``
prints its findings and ``--json`` serialises it. Nothing else describes a write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from xlgov.grid.cells import CellError

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_STALE = "-stale"  # how the codes end that say of a cell that it is not up to date


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula to write, without its ``=``, and the value to show until it is recalculated."""

    text: str
    cached: int | float | str | bool | None = None


@dataclass(frozen=True, slots=True)
class Cached:
    """The value that a cell's formula shows until it is next recalculated; the formula stays.

    "" is the empty text that a formula gives. Only a cell that holds a formula can take one.
    """

    value: int | float | str | bool | CellError

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text in one font. Colours are ``RRGGBB``; None keeps the cell's own."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    color: str | None = None
    size: float | None = None
    font: str | None = None


@dataclass(frozen=True, slots=True)
class RichText:
    """Text of several runs in one cell."""

    runs: tuple[TextRun, ...]

    def __str__(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A cell as it stood before it was marked, to be put back: runs, value, type, style index.

    ``record`` is written by the file hand and means something to it alone; ``shows`` is the value
    that people see in the cell. ``style_only`` leaves what it holds and puts back the style alone.
    """

    record: str
    shows: Any = None
    style_only: bool = False

    def __str__(self) -> str:
        return "" if self.shows is None else str(self.shows)


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The text that a cell holds already, with stretches of it made to stand out.

    ``spans`` are (start, end) of the stretches, in characters of ``text``, ascending and apart.
    Runs, fonts and all else of the text stay; a stretch gets the colour (None keeps its own), and
    bold and underline where asked for. ``over`` is the cell to mark where it is not the one that
    stands: as it was before marks that these replace.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    color: str | None = "FF0000"
    bold: bool = False
    underline: bool = False
    over: StoredCell | None = None

    def __str__(self) -> str:
        return self.text


NewValue = (
    int
    | float
    | str
    | bool
    | date
    | datetime
    | None
    | Formula
    | Cached
    | RichText
    | MarkedText
    | StoredCell
)


@dataclass(frozen=True, slots=True)
class CellChange:
    """A new value for one cell. ``before`` is for display and log; ``reason`` is a sentence.

    ``measure`` says what the cell holds (rating, impact), where the change set's maker knows;
    ``record`` is the reference of its record, and ``field`` which of that record's fields it is
    (``current.rating``, as column mappings have it): what the log of runs is asked by.
    ``after`` None makes the cell blank and keeps its style. Text is written as text, also when it
    begins with ``=``; a formula is written only as ``Formula``.
    """

    sheet: str
    address: str
    before: Any
    after: NewValue
    reason: str = ""
    measure: str = ""
    record: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class StyleChange:
    """Facets of one cell's style to change; a facet that is None stays as it is.

    Colours are ``RRGGBB``. ``border`` is a line style for all four sides (``thin``, ``medium``).
    """

    sheet: str
    address: str
    number_format: str | None = None
    font_color: str | None = None
    fill: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    border: str | None = None
    wrap: bool | None = None


@dataclass(frozen=True, slots=True)
class FormatRule:
    """A conditional format of ours: where ``formula`` is true, the format shows.

    The formula is relative to the range's first cell and has no ``=``. ``range`` may hold several
    rectangles, separated by spaces. ``number_format`` shows the value in another way, such as with
    a mark behind it. ``kind`` names the family of rules (``band``, ``tolerance``):
    the next refresh recognises ours and replaces them.
    """

    sheet: str
    range: str
    formula: str
    fill: str | None = None
    font_color: str | None = None
    bold: bool | None = None
    border: str | None = None
    kind: str = "band"
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A cell note (the yellow kind). ``text`` None removes it."""

    sheet: str
    address: str
    text: str | None


@dataclass(frozen=True, slots=True)
class SheetChange:
    """A worksheet of our own to add (last in the book, never active), replace or remove.

    ``rows`` are rows of values from A1. ``names`` are (defined name, range on this sheet) pairs.
    ``frozen`` rows stay in sight when a new sheet is scrolled.
    ``widths`` are column widths in characters, from column A; a column of width 0 is hidden.
    ``first_row`` is the row that ``rows`` begin in. Where it is not the first, the sheet stands
    already: what is above it and all looks of the sheet stay, and what was below it goes.
    """

    name: str
    rows: Sequence[Sequence[NewValue]] = ()
    hidden: bool = False
    remove: bool = False
    names: Sequence[tuple[str, str]] = ()
    widths: Sequence[float] = ()
    frozen: int = 0
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the tool noticed and did not decide.

    ``code`` is stable. ``record`` is the reference of the record, or "" for the file as a whole.
    ``address`` is the cell to look at or to fill. ``title`` says the kind of finding in words, so
    that many of a kind can be one line. ``related`` are other addresses that belong to it.
    ``file`` is filled in where findings of many files stand together, and does not tell two apart.
    """

    severity: Severity
    code: str
    record: str
    sheet: str
    address: str
    message: str
    remedy: str = ""
    related: tuple[str, ...] = ()
    title: str = ""
    file: str = field(default="", compare=False)


# Per code: how serious, and the kind of finding in words. The code is what programs and accepted
# findings refer to, so it never changes; the title is one line for all the records of its kind.
FindingCodes = Mapping[str, tuple[Severity, str]]


def coded_finding(
    codes: FindingCodes,
    code: str,
    message: str,
    *,
    record: str = "",
    sheet: str = "",
    address: str = "",
    remedy: str = "",
    related: tuple[str, ...] = (),
) -> Finding:
    """A finding with the severity and title of its code."""
    severity, title = codes[code]
    return Finding(severity, code, record, sheet, address, message, remedy, related, title)


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding with the keys of the JSON contract."""
    return {
        "severity": finding.severity,
        "code": finding.code,
        "record": finding.record,
        "sheet": finding.sheet,
        "address": finding.address,
        "message": finding.message,
        "remedy": finding.remedy,
        "related": list(finding.related),
    }


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, warnings, notes; within each as they came, which is the order of the records."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def split_corrected(
    findings: Iterable[Finding], written: Iterable[tuple[str, str]]
) -> tuple[list[Finding], list[Finding]]:
    """Findings that writing these cells (sheet, address) corrects, and those that are left.

    Of the findings about a written cell one is corrected, its error or what calls it stale; what
    else is said of that cell (a rating above inherent, say) is true of its new value too.
    """
    waiting = set(written)
    corrected, left = [], []
    for finding in findings:
        place = finding.sheet, finding.address
        corrects = finding.severity == "error" or finding.code.endswith(_STALE)
        if corrects and place in waiting:
            waiting.remove(place)
            corrected.append(finding)
        else:
            left.append(finding)
    return corrected, left


@dataclass(frozen=True, slots=True)
class BoardItem:
    """A record above tolerance, for the executive board; since when, where that is known.

    ``field`` is the record's field that says so, as in ``CellChange``.
    """

    record: str
    rating: int | float
    sheet: str
    address: str
    since: date | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was recognised on one register, for the first lines that people read.

    ``recognised`` says, a line each, how its sheets were read; ``remarks`` what was decided.
    ``headline`` is a line of its own under the title: the reporting month, or how many are overdue.
    ``noun`` is what its records are called. ``month`` is the reporting month, as ``2018-03``.
    """

    kind: str
    title: str
    sheets: tuple[str, ...]
    records: int
    board: tuple[BoardItem, ...] = ()
    tolerance: str = ""
    accepted: int = 0
    remarks: tuple[str, ...] = ()
    recognised: tuple[str, ...] = ()
    headline: str = ""
    noun: str = "record"
    month: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What one kind of register asks for: changes, findings and reports.

    ``formats`` and ``sheets`` are all that should stand, whether or not they stand already;
    ``notes`` are all that could, where the caller asks for notes or ours stand already.
    ``labels`` are the names of its records, as accepted findings may give them.
    """

    cells: tuple[CellChange, ...] = ()
    styles: tuple[StyleChange, ...] = ()
    formats: tuple[FormatRule, ...] = ()
    notes: tuple[NoteChange, ...] = ()
    sheets: tuple[SheetChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    reports: tuple[Report, ...] = ()
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All that a refresh would do to one workbook, and what it found.

    ``source_hash`` is the SHA-256 of the file it was made from; ``apply`` refuses another file.
    A hand-made one has none and is applied to whatever the path holds. ``settings_hash`` tells
    apart the settings that were in force. ``names`` are hidden workbook names of ours and what they
    refer to, None to remove one: by them the button's macro finds the ratings.
    """

    cells: Sequence[CellChange] = ()
    styles: Sequence[StyleChange] = ()
    formats: Sequence[FormatRule] = ()
    notes: Sequence[NoteChange] = ()
    sheets: Sequence[SheetChange] = ()
    findings: Sequence[Finding] = ()
    source_hash: str | None = None
    reports: Sequence[Report] = ()
    as_of: date | None = None
    as_of_source: str = ""
    settings_source: str = ""
    drop_formats: Sequence[str] = field(default=())  # sheets whose formats of ours are replaced
    settings_hash: str = ""
    names: Sequence[tuple[str, str | None]] = ()

    @property
    def is_empty(self) -> bool:
        """Whether applying it would write nothing."""
        return not (
            self.cells
            or self.styles
            or self.formats
            or self.notes
            or self.sheets
            or self.drop_formats
            or self.names
        )


__all__ = [
    "SEVERITIES",
    "BoardItem",
    "Cached",
    "CellChange",
    "CellError",
    "ChangeSet",
    "Finding",
    "FindingCodes",
    "FormatRule",
    "Formula",
    "MarkedText",
    "NewValue",
    "NoteChange",
    "Preview",
    "Report",
    "RichText",
    "Severity",
    "SheetChange",
    "StoredCell",
    "StyleChange",
    "TextRun",
    "coded_finding",
    "finding_record",
    "sort_findings",
    "split_corrected",
]
