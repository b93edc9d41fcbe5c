"""Reading the settings sheet of a workbook, as people keep it.

Why by headings: the sheet belongs to the office. Sections may be moved, rows inserted, columns
added, numbers stored as text; only the section titles in column A and the column headings below
them are relied on. Every other row is data, and what cannot be read is reported with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from xlgov.grid.cells import CellError, address, is_blank, parse_address
from xlgov.grid.sheet import Grid, Workbook, cell_date
from xlgov.settings import sections
from xlgov.settings.sections import SECTIONS, Section, plain
from xlgov.settings.statement import (
    KEYS,
    Found,
    Statement,
    read_accepted,
    read_band,
    read_color,
    read_column,
    read_key,
    read_matrix,
    read_word,
)
from xlgov.settings.typed import as_text, read_yes_no, suggest
from xlgov.settings.values import SETTINGS_SHEET

MAX_ROWS = 5_000
HEADER_DEPTH = 4  # the column headings stand in one of the first rows of a section

_LONE_PAIR = re.compile(r"([A-Za-z][A-Za-z _-]*?)\s*[=:]\s*(\S.*)", re.DOTALL)
_EDGE = re.compile(r"(\d{1,3})(?:\.0+)?(?!\d)|.*\((\d{1,3})\)$", re.DOTALL)


def settings_sheet_name(workbook: Workbook) -> str | None:
    """Name of the workbook's settings sheet as it is written there; None without one."""
    for sheet in workbook.sheets:
        if sheet.name.strip().casefold() == SETTINGS_SHEET:
            return sheet.name
    return None


def read_sheet(workbook: Workbook, day_first: bool = True) -> Statement | None:
    """What the workbook's settings sheet states; None where there is no such sheet.

    ``day_first`` is how text dates are read unless the sheet itself says so.
    """
    name = settings_sheet_name(workbook)
    return None if name is None else _Reading(workbook, name, day_first).statement


class _Reading:
    def __init__(self, workbook: Workbook, name: str, day_first: bool) -> None:
        self.workbook = workbook
        self.name = name
        self.grid: Grid = workbook.grid(name, rows=MAX_ROWS)
        self.statement = Statement()
        parts = self._split()
        self.day_first = self._stated_day_first(parts, day_first)
        read: dict[str, Callable[[Section, Sequence[int]], None]] = {
            sections.SCHEME.title: self._scheme,
            sections.MATRIX.title: self._matrix,
            sections.BANDS.title: self._bands,
            sections.COLORS.title: self._colors,
            sections.LIKELIHOOD.title: self._words,
            sections.IMPACT.title: self._words,
            sections.COLUMNS.title: self._columns,
            sections.ACCEPTED.title: self._accepted,
        }
        for section, rows in parts:
            if section is None:
                self._before_sections(rows)
            else:
                read[section.title](section, rows)

    def where(self, row: int, column: int) -> str:
        return f"{self.name}!{address(row, column)}"

    def found(self, row: int, column: int) -> Found:
        """A cell's value: a date where it shows one, None where it is blank."""
        cell = self.grid.cell(row, column)
        where = self.where(row, column)
        if is_blank(cell.value):
            return Found(None, where)
        moment = cell_date(self.workbook, cell)
        if moment is not None:
            return Found(moment, where)
        return Found(cell.value.strip() if isinstance(cell.value, str) else cell.value, where)

    def _split(self) -> list[tuple[Section | None, list[int]]]:
        """The rows with something in them, by the section title above them."""
        parts: list[tuple[Section | None, list[int]]] = [(None, [])]
        seen: dict[str, int] = {}
        for row in self.grid.rows():
            values = {c: v for c, v in self.grid.row(row).items() if not is_blank(v)}
            if row > MAX_ROWS or not values:
                continue
            title = values.get(1)
            section = None
            if isinstance(title, str) and 2 not in values:
                section = self._section(title, row, alone=len(values) == 1)
            if section is None:
                parts[-1][1].append(row)
                continue
            if section.title in seen:
                self.statement.report(
                    self.where(row, 1),
                    f"section {section.title!r} stands here and at "
                    f"{self.where(seen[section.title], 1)}; put their rows under one title",
                )
            seen.setdefault(section.title, row)
            parts.append((section, [row]))
        return parts

    def _section(self, title: str, row: int, alone: bool) -> Section | None:
        """The section that a title begins; a misspelt title is reported and read as meant."""
        names = {name: s for s in SECTIONS for name in (plain(s.title), *s.also)}
        name = plain(title)
        if name in names:
            return names[name]
        close = get_close_matches(name, names, n=1, cutoff=0.85) if alone else []
        if not close:
            return None
        section = names[close[0]]
        self.statement.report(
            self.where(row, 1),
            f"unknown section {title.strip()!r}; did you mean {section.title!r}?",
        )
        return section

    def _table(
        self, section: Section, rows: Sequence[int]
    ) -> Iterable[tuple[dict[str, Found], str]]:
        """Data rows of a section as parts by field, with the row's first cell."""
        columns = {field: number for number, field in enumerate(section.columns, start=1)}
        start = 1
        for place, row in enumerate(rows[1 : 1 + HEADER_DEPTH], start=1):
            headings: dict[str, int] = {}
            for column, value in self.grid.row(row).items():
                if isinstance(value, str):
                    headings.setdefault(plain(value), column)
            matched = {
                field: headings[word]
                for field, words in section.columns.items()
                for word in map(plain, reversed(words))
                if word in headings
            }
            if len(set(matched.values())) >= 2:
                columns, start = matched, place + 1
                break
        for row in rows[start:]:
            parts = {
                field: self.found(row, columns[field])
                if field in columns
                else Found(None, self.where(row, 1))
                for field in section.columns
            }
            if any(part.raw is not None for part in parts.values()):
                yield parts, self.where(row, min(columns.values()))

    def _stated_day_first(
        self, parts: Sequence[tuple[Section | None, Sequence[int]]], otherwise: bool
    ) -> bool:
        """How this sheet's own text dates are read, looked up before any is read."""
        for section, rows in parts:
            if section is sections.SCHEME:
                for cells, _ in self._table(section, rows):
                    if _key_name(as_text(cells["key"].raw)) == "day_first":
                        try:
                            return read_yes_no(cells["value"].raw, otherwise)
                        except ValueError:
                            return otherwise  # reported where the key itself is read
        return otherwise

    def _scheme(self, section: Section, rows: Sequence[int]) -> None:
        known = {key.name: key for key in KEYS}
        for parts, _ in self._table(section, rows):
            text, value = as_text(parts["key"].raw), parts["value"]
            key = known.get(_key_name(text))
            if key is not None:
                read_key(self.statement, key, value, self.day_first)
            elif value.raw is not None:
                self.statement.report(
                    parts["key"].where,
                    f"unknown key {text!r}; {suggest(_key_name(text), known, 'keys')}",
                )
            else:
                self._lone_pair(text, parts["key"].where)

    def _before_sections(self, rows: Sequence[int]) -> None:
        """Titles and notes; also the keys of a sheet that somebody began without sections."""
        known = {key.name: key for key in KEYS}
        for row in rows:
            name, value = self.found(row, 1), self.found(row, 2)
            if not isinstance(name.raw, str):
                continue
            plain_name = _key_name(name.raw)
            key = known.get(plain_name)
            if key is not None:
                read_key(self.statement, key, value, self.day_first)
            elif value.raw is None:
                self._lone_pair(name.raw, name.where)
            elif get_close_matches(plain_name, known, n=1, cutoff=0.8):
                self.statement.report(
                    name.where, f"unknown key {name.raw!r}; {suggest(plain_name, known, 'keys')}"
                )

    def _lone_pair(self, text: str, where: str) -> None:
        """``scoring = product`` typed into one cell; any other text is a note."""
        match = _LONE_PAIR.fullmatch(text)
        for key in KEYS:
            if match and key.name == _key_name(match[1]):
                read_key(self.statement, key, Found(match[2].strip(), where), self.day_first)

    def _bands(self, section: Section, rows: Sequence[int]) -> None:
        for parts, where in self._table(section, rows):
            parts["color"] = self._or_fill(parts["color"])
            read_band(self.statement, parts, where)

    def _colors(self, section: Section, rows: Sequence[int]) -> None:
        for parts, _ in self._table(section, rows):
            name = as_text(parts["name"].raw)
            rgb = self._or_fill(parts["rgb"])
            if name:
                read_color(self.statement, name, rgb)
            else:
                self.statement.report(parts["name"].where, "this colour has no name; give it one")

    def _or_fill(self, found: Found) -> Found:
        """A blank colour cell that is filled means its fill."""
        if found.raw is not None:
            return found
        row, column = parse_address(found.where.rpartition("!")[2])
        return Found(self.workbook.fill(self.grid.cell(row, column).style), found.where)

    def _words(self, section: Section, rows: Sequence[int]) -> None:
        key = "likelihood_words" if section is sections.LIKELIHOOD else "impact_words"
        for parts, _ in self._table(section, rows):
            word = as_text(parts["word"].raw)
            if word:
                read_word(self.statement, key, word, parts["score"])
            else:
                self.statement.report(
                    parts["word"].where, "this score has no word; give it one, or clear the row"
                )

    def _columns(self, section: Section, rows: Sequence[int]) -> None:
        for parts, _ in self._table(section, rows):
            name = as_text(parts["field"].raw)
            if name:
                read_column(self.statement, name, parts["heading"])
            else:
                self.statement.report(
                    parts["field"].where, "this heading has no field; say what it holds"
                )

    def _accepted(self, section: Section, rows: Sequence[int]) -> None:
        for parts, where in self._table(section, rows):
            read_accepted(self.statement, parts, where, self.day_first)

    def _matrix(self, section: Section, rows: Sequence[int]) -> None:
        """The ratings, found by the numbers 1 to n along the top and down the side."""
        title, rows = rows[0], rows[1:]
        where = self.where(title, 1)
        before = len(self.statement.problems)
        top: dict[int, int] = {}
        side: dict[int, int] = {}
        for row in rows:
            values = self.grid.row(row)
            likelihood = _edge(values.pop(1, None))
            edges = {c: edge for c, value in values.items() if (edge := _edge(value)) is not None}
            if not top:
                if likelihood is None and len(edges) >= 2:
                    top = edges
                elif likelihood is not None:
                    break
            elif likelihood is not None:
                side[row] = likelihood
            elif edges:
                self.statement.report(
                    self.where(row, 1),
                    "this row of the matrix has no likelihood; expected 1 or more in column A",
                )
        if not top and not any(len(self.grid.row(row)) > 1 for row in rows):
            return  # the section is empty: the matrix is not stated
        if not top or not side:
            self.statement.report(
                where,
                "the matrix has no edges; expected impacts 1 to n along the top and "
                "likelihoods 1 to n down column A",
            )
            return
        self._check_edges(top, side, where)
        if len(self.statement.problems) > before:
            return  # square or not is only worth asking once the edges are right
        grid = [
            [self.found(row, column) for column in sorted(top, key=lambda c: top[c])]
            for row in sorted(side, key=lambda r: side[r])
        ]
        if len(top) != len(side):
            self.statement.report(
                where,
                f"the matrix is not square: {len(side)} likelihoods and {len(top)} impacts; "
                "expected as many of each",
            )
            return
        read_matrix(self.statement, grid, where)

    def _check_edges(self, top: dict[int, int], side: dict[int, int], where: str) -> None:
        """Report an edge that does not hold 1 to its length, each once."""
        for name, numbers in (("impacts along the top", top), ("likelihoods down the side", side)):
            if sorted(numbers.values()) != list(range(1, len(numbers) + 1)):
                shown = ", ".join(str(number) for number in numbers.values())
                self.statement.report(
                    where,
                    f"the {name} of the matrix are {shown}; "
                    f"expected 1 to {len(numbers)}, each once",
                )


def _edge(value: object) -> int | None:
    """The number on an edge of the matrix, also as ``5 - Probable`` or ``Probable (5)``."""
    if isinstance(value, (bool, CellError)):
        return None
    match = _EDGE.match(as_text(value))
    return int(match[1] or match[2]) if match else None


def _key_name(text: str) -> str:
    """A key in our spelling: ``Stale after`` is ``stale_after``."""
    return re.sub(r"[\s-]+", "_", plain(text))
