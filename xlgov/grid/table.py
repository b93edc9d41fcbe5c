"""Registers laid out as tables: one header, one record a row.

Why every row is tried as a header: in most registers titles, logos and keys stand above it, and a
sheet may hold several tables, below or beside each other. The best row of a neighbourhood wins; a
header that comes again (printed on each page) continues its table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xlgov.grid.cells import column_letters
from xlgov.grid.header import Header, read_header
from xlgov.grid.headings import LONGEST_HEADING, Lexicon
from xlgov.grid.needed import factors_of, needed_plain
from xlgov.grid.records import Layout, Vocabulary
from xlgov.grid.rows import RecordRows, TableRecords
from xlgov.grid.sheet import Grid
from xlgov.grid.view import Content, View, as_number

_LONGEST_SCALE = 10
_KEY_ROWS = 12  # a key of the scale has one row a level, and no scale has more levels


@dataclass(slots=True)
class TableSearch:
    """Headers found on one sheet, and the best of those that are not certain."""

    tables: list[Header]
    doubtful: Header | None = None


def find_headers(view: View, lexicon: Lexicon, mapping: Mapping[str, str]) -> TableSearch:
    """Every header of a register in the first rows of a sheet, top to bottom, left to right."""
    tables: list[Header] = []
    doubtful: list[Header] = []
    for row in view.rows:
        for header in _headers_in(view, row, lexicon, mapping):
            if not header.is_certain:
                doubtful.append(header)
            elif not _is_key(view, header, lexicon.vocabulary):
                _keep(tables, header)
    tables.sort(key=lambda header: (header.row, header.left))
    if tables:
        return TableSearch(tables)
    doubtful = [header for header in doubtful if _is_worth_asking(view, header, lexicon)]
    best = max(doubtful, key=lambda header: (-len(header.missing), header.known), default=None)
    return TableSearch([], best)


def _headers_in(view: View, row: int, lexicon: Lexicon, mapping: Mapping[str, str]) -> list[Header]:
    """The header that a row is, or the several of tables side by side."""
    cells, merges = view.cells[row], view.merges_in(row)
    texts = [(column, value) for column, value in cells.items() if isinstance(value, str)]
    needed = max(2, len(cells) - len(texts))
    if not mapping:  # prose is no heading, unless settings say so
        texts = [(column, value) for column, value in texts if len(value) <= LONGEST_HEADING]
    known = sum(
        merge.top < row and lexicon.meaning(view.text(merge.top, merge.left)).is_known
        for merge in merges
    )
    for left, (column, text) in zip(range(len(texts), 0, -1), texts, strict=True):
        if known + left < needed:  # most rows are records, and need not be looked at to the end
            return []
        known += lexicon.meaning(text).is_known or _is_mapped(text, column, mapping)
    if known < needed:
        return []
    whole = read_header(view, row, lexicon, mapping)
    if whole is None:
        return []
    parts: list[Header] = []
    for left, right in _parts(view, row, whole, lexicon):
        part = read_header(view, row, lexicon, mapping, left, right)
        if part is not None and part.is_certain:
            parts.append(part)
    if len(parts) > 1 or (parts and not whole.is_certain):
        return parts
    return [whole]


def _is_mapped(text: str, column: int, mapping: Mapping[str, str]) -> bool:
    return any(
        wish.strip() == text.strip() or wish.strip().upper() == column_letters(column)
        for wish in mapping.values()
    )


def _parts(view: View, row: int, whole: Header, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Column spans between columns that are empty from the header down."""
    used: set[int] = set()
    for near in view.rows:
        if row - 1 <= near <= row + 40:
            used.update(view.cells[near])
            for merge in view.merges_in(near):
                if merge.right - merge.left < 40:
                    used.update(range(merge.left, merge.right + 1))
    spans: list[list[int]] = []
    for column in sorted(used):
        if spans and column == spans[-1][1] + 1:
            spans[-1][1] = column
        else:
            spans.append([column, column])
    if len(spans) > 1:
        yield from ((left, right) for left, right in spans)
    starts = _repeats(view, row, whole)
    if len(starts) > 1:
        yield from zip(starts, [start - 1 for start in starts[1:]] + [0], strict=True)


def _repeats(view: View, row: int, whole: Header) -> list[int]:
    """Columns in which the first heading of a row comes again: tables without a gap between."""
    first = view.text(row, whole.left).strip()
    return [
        column
        for column, value in view.cells[row].items()
        if first and isinstance(value, str) and value.strip() == first
    ]


def _keep(tables: list[Header], header: Header) -> None:
    """Add a header unless it repeats one, or a better reading of the same rows is there."""
    for place, other in enumerate(tables):
        if header.right < other.left or header.left > other.right:
            continue
        if header.columns == other.columns and _same_texts(header, other):
            return
        if header.top <= other.row and other.top <= header.row:
            if _worth(header) > _worth(other):
                tables[place] = header
            return
    tables.append(header)


def _same_texts(header: Header, other: Header) -> bool:
    return all(
        not header.texts.get(column, frozenset()).isdisjoint(other.texts.get(column, ()))
        for column in header.columns.values()
    )


def _worth(header: Header) -> tuple[int, int]:
    return len(header.columns), header.known


def _is_key(view: View, header: Header, vocabulary: Vocabulary) -> bool:
    """Whether a table explains the scale: one row a level, likelihood and impact in step."""
    rest = {name for name in header.columns if "." not in name} - needed_plain(vocabulary)
    if rest:
        return False
    scores = [
        c for name, c in header.columns.items() if name.partition(".")[2] in factors_of(vocabulary)
    ]
    levels = [_levels(view, column, header.row) for column in scores]
    longest = max(map(len, levels), default=0)
    return 2 < longest <= _KEY_ROWS and all(_steps(values) for values in levels)


def _levels(view: View, column: int, below: int) -> list[object]:
    """Values under a heading down to the first blank row."""
    values: list[object] = []
    for row in range(below + 1, below + _KEY_ROWS + 2):
        if row not in view.cells:
            break
        values.append(view.value(row, column))
    return values


def _steps(values: Sequence[object]) -> bool:
    """Whether values are all different and, where they are figures, one apart."""
    if len(set(values)) < len(values) or None in values:
        return False
    figures = [as_number(value) for value in values if isinstance(value, (int, float, str))]
    numbers = [figure for figure in figures if figure is not None]
    if len(numbers) < len(values):
        return not numbers
    steps = {second - first for first, second in pairwise(numbers)}
    return steps in ({1.0}, {-1.0})


def _is_worth_asking(view: View, header: Header, lexicon: Lexicon) -> bool:
    """Whether an uncertain sheet looks so much like a register that its keeper should be asked.

    Two of the measures with scores below, something that names the record, one thing more that
    registers have, and the subject's word on the sheet. Budgets and action logs have less.
    """
    vocabulary = lexicon.vocabulary
    identity = needed_plain(vocabulary)
    if not identity & header.columns.keys():
        return False
    if _is_key(view, header, vocabulary):
        return False
    scored = [
        name
        for name, column in header.columns.items()
        if name.partition(".")[2] in factors_of(vocabulary)
        and _is_scored(view.content(column, header.row))
    ]
    if header.ties and not header.missing:
        return bool(scored)
    family = set(vocabulary.family)
    measures = {name.partition(".")[2] for name in header.columns if "." in name} - family
    plain = {name for name in header.columns if "." not in name}
    if len(measures) < 2 or not scored or not set(factors_of(vocabulary)) & measures:
        return False
    if len(plain) < 2:
        return False
    texts = [view.sheet, *(text for _, text in header.seen)]
    for row in view.rows:
        if row > header.row:
            break
        texts += [value for value in view.cells[row].values() if isinstance(value, str)]
    return any(lexicon.concerns_subject(text) for text in texts)


def _is_scored(content: Content) -> bool:
    """Whether cells hold scores on some scale, not amounts."""
    return content.filled > 0 and content.holds("score") and content.largest <= _LONGEST_SCALE


def lay_out(
    headers: Sequence[Header],
    sheet: str,
    lexicon: Lexicon,
    read: Callable[[frozenset[int], frozenset[int]], Grid],
) -> list[Layout]:
    """Layouts with records of the headers of a sheet; one without a record is left out.

    ``read`` gives the grid of the columns asked for, down to the sheet's end; its second argument
    are those that may be read briefly.
    """
    vocabulary = lexicon.vocabulary
    grid = read(*columns_to_read(headers, vocabulary))
    layouts = []
    for header in headers:
        below = [
            other.top - 1
            for other in headers
            if other.row > header.row and other.left <= header.right and header.left <= other.right
        ]
        rows = _record_rows(grid, header, lexicon).find(
            header.row + 1, min(below) if below else None
        )
        if rows:
            layouts.append(
                Layout(
                    kind=vocabulary.kind,
                    sheet=sheet,
                    form="table",
                    headings=header.headings,
                    records=TableRecords(rows, header.columns),
                    header_rows=tuple(range(header.top, header.row + 1)),
                    columns=frozenset(header.columns.values()),
                )
            )
    return layouts


def columns_to_read(
    headers: Sequence[Header], vocabulary: Vocabulary
) -> tuple[frozenset[int], frozenset[int]]:
    """The columns of tables, and those of them that may be read briefly.

    Texts matter to the last letter where the domain says so and where they tell records apart.
    """
    needed = frozenset(column for header in headers for column in header.columns.values())
    whole: set[int] = set()
    for header in headers:
        columns = header.columns
        whole.update(column for name, column in columns.items() if name not in vocabulary.brief)
        whole.update(columns[name] for name in _identity(header, vocabulary)[:1])
    return needed, needed - whole


def _identity(header: Header, vocabulary: Vocabulary) -> list[str]:
    """The fields that tell records apart, strongest first."""
    return [
        name
        for names in vocabulary.needed
        for name in names
        if name in needed_plain(vocabulary) and name in header.columns
    ]


def _record_rows(grid: Grid, header: Header, lexicon: Lexicon) -> RecordRows:
    vocabulary = lexicon.vocabulary
    holds = {field.name: field.holds for field in vocabulary.fields}
    identity = _identity(header, vocabulary)
    scores = [column for name, column in header.columns.items() if "." in name]
    names = [header.columns[name] for name in identity]
    others = [c for c in header.columns.values() if c not in scores and c not in names]

    def is_heading(text: str) -> bool:
        return lexicon.meaning(text).is_known

    return RecordRows(
        grid,
        names,
        scores,
        others,
        header.texts,
        is_heading,
        has_references=holds[identity[0]] == "name",
    )
