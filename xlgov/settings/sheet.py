"""Reading the settings sheet of a workbook, as people keep it.

Why by headings: the sheet belongs to the office. Sections may be moved, rows inserted, columns
added, numbers stored as text; only the section titles in column A and the column headings below
them are relied on. Every other row is data, and what cannot be read is reported with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from xlgov.grid.cells import CellError, parse_address
from xlgov.grid.sheet import Workbook
from xlgov.settings import sections
from xlgov.settings.indicators import RULE_KEYS
from xlgov.settings.keys import KEYS, TRACKERS
from xlgov.settings.performance import (
    KEYS_OF,
    OF_ALL,
    OF_INDICATORS,
    OF_THEMES,
    read_rule_key,
    read_share,
    read_total,
)
from xlgov.settings.rows import Rows
from xlgov.settings.sections import Section, plain
from xlgov.settings.statement import (
    Found,
    Statement,
    read_accepted,
    read_band,
    read_color,
    read_column,
    read_key,
    read_matrix,
    read_status,
    read_word,
)
from xlgov.settings.typed import as_text, read_yes_no, suggest
from xlgov.settings.values import settings_sheet_name as settings_sheet_name  # asked here too

_LONE_PAIR = re.compile(r"([A-Za-z][A-Za-z _-]*?)\s*[=:]\s*(\S.*)", re.DOTALL)
_EDGE = re.compile(r"(\d{1,3})(?:\.0+)?(?!\d)|.*\((\d{1,3})\)$", re.DOTALL)


def _key_name(text: str) -> str:
    """A key in our spelling: ``Stale after`` is ``stale_after``."""
    return re.sub(r"[\s-]+", "_", plain(text))


# By every name of a key: as in xlgov.toml, in words, and as headings have it.
_KEYS = {_key_name(name): key for key in KEYS for name in (key.name, *key.words)}
_OF_ALL = {_key_name(name): key for key in KEYS_OF[OF_ALL] for name in (key.name, *key.headings)}
_OWN = {key.name for key in RULE_KEYS if key.own}


def _pass_by(section: Section, rows: Sequence[int]) -> None:
    """A section that is kept on the sheet and states nothing."""


def states_nothing(workbook: Workbook) -> bool:
    """Whether the settings sheet is absent, or holds only what the button keeps there for undo."""
    name = settings_sheet_name(workbook)
    if name is None:
        return True
    parts = Rows(workbook, name, Statement()).split()
    return all(section is sections.LAST or not rows for section, rows in parts)


def read_sheet(workbook: Workbook, day_first: bool = True) -> Statement | None:
    """What the workbook's settings sheet states; None where there is no such sheet.

    ``day_first`` is how text dates are read unless the sheet itself says so.
    """
    name = settings_sheet_name(workbook)
    return None if name is None else _Reading(workbook, name, day_first).statement


class _Reading:
    def __init__(self, workbook: Workbook, name: str, day_first: bool) -> None:
        self.statement = Statement()
        self.rows = Rows(workbook, name, self.statement)
        parts = self.rows.split()
        self.day_first = self._stated_day_first(parts, day_first)
        read: dict[str, Callable[[Section, Sequence[int]], None]] = {
            sections.SCHEME.title: self._keys,
            sections.PERFORMANCE.title: self._keys,
            sections.MATRIX.title: self._matrix,
            sections.BANDS.title: self._bands,
            sections.COLORS.title: self._colors,
            sections.LIKELIHOOD.title: self._words,
            sections.IMPACT.title: self._words,
            sections.COLUMNS.title: self._columns,
            sections.THEMES.title: self._rules,
            sections.INDICATORS.title: self._rules,
            sections.TOTALS.title: self._totals,
            sections.SHARES.title: self._shares,
            sections.LOGS.title: self._keys,
            sections.STATUSES.title: self._statuses,
            sections.ACCEPTED.title: self._accepted,
            sections.LAST.title: _pass_by,
            **{section.title: _pass_by for section in sections.SPELLINGS},
        }
        for section, rows in parts:
            if section is None:
                self._before_sections(rows)
            else:
                read[section.title](section, rows)

    def _stated_day_first(
        self, parts: Sequence[tuple[Section | None, Sequence[int]]], otherwise: bool
    ) -> bool:
        """How this sheet's own text dates are read, looked up before any is read."""
        for section, rows in parts:
            if section in (sections.SCHEME, sections.PERFORMANCE, sections.LOGS):
                for cells, _ in self.rows.table(section, rows):
                    if _key_name(as_text(cells["key"].raw)) == "day_first":
                        try:
                            return read_yes_no(cells["value"].raw, otherwise)
                        except ValueError:
                            return otherwise  # reported where the key itself is read
        return otherwise

    def _keys(self, section: Section, rows: Sequence[int]) -> None:
        """Keys with one value each; those of every indicator under Performance only."""
        of_all = _OF_ALL if section is sections.PERFORMANCE else {}
        for parts, _ in self.rows.table(section, rows):
            text, value = as_text(parts["key"].raw), parts["value"]
            name = _key_name(text)
            if name in _KEYS:
                read_key(self.statement, _KEYS[name], value, self.day_first)
            elif name in of_all:
                value = self.rows.as_figure(value)
                read_rule_key(self.statement, OF_ALL, "", of_all[name], value, self.day_first)
            elif value.raw is None:
                self._lone_pair(text, parts["key"].where)
            elif name in _OF_ALL:
                self.statement.report(
                    parts["key"].where,
                    f"{name} stands in the wrong place; put it under {sections.PERFORMANCE.title}",
                )
            elif name in _OWN:
                self.statement.report(
                    parts["key"].where,
                    f"{name} belongs to one indicator; give it a column in section "
                    f"{sections.INDICATORS.title}",
                )
            else:
                known = [*_names(section), *of_all]
                self.statement.report(
                    parts["key"].where, f"unknown key {text!r}; {suggest(name, known, 'keys')}"
                )

    def _before_sections(self, rows: Sequence[int]) -> None:
        """Titles and notes; also the keys of a sheet that somebody began without sections."""
        known = _names(sections.SCHEME)
        for row in rows:
            name, value = self.rows.found(row, 1), self.rows.found(row, 2)
            if not isinstance(name.raw, str):
                continue
            plain_name = _key_name(name.raw)
            if plain_name in _KEYS:
                read_key(self.statement, _KEYS[plain_name], value, self.day_first)
            elif value.raw is None:
                self._lone_pair(name.raw, name.where)
            elif get_close_matches(plain_name, known, n=1, cutoff=0.8):
                self.statement.report(
                    name.where, f"unknown key {name.raw!r}; {suggest(plain_name, known, 'keys')}"
                )

    def _lone_pair(self, text: str, where: str) -> None:
        """``scoring = product`` typed into one cell; any other text is a note."""
        match = _LONE_PAIR.fullmatch(text)
        key = _KEYS.get(_key_name(match[1])) if match else None
        if match and key:
            read_key(self.statement, key, Found(match[2].strip(), where), self.day_first)

    def _rules(self, section: Section, rows: Sequence[int]) -> None:
        """Themes or indicators, a row each."""
        of = OF_THEMES if section is sections.THEMES else OF_INDICATORS
        keys = {key.name: key for key in KEYS_OF[of]}
        for name, cells in self.rows.wide_table(section, rows):
            for field, found in cells:
                read_rule_key(self.statement, of, name, keys[field], found, self.day_first)

    def _totals(self, section: Section, rows: Sequence[int]) -> None:
        for name, cells in self.rows.wide_table(section, rows):
            for _, found in cells:
                read_total(self.statement, name, found)

    def _shares(self, section: Section, rows: Sequence[int]) -> None:
        for name, cells in self.rows.wide_table(section, rows):
            for field, found in cells:
                read_share(self.statement, name, field, found)

    def _bands(self, section: Section, rows: Sequence[int]) -> None:
        for parts, where in self.rows.table(section, rows):
            parts["color"] = self._or_fill(parts["color"])
            read_band(self.statement, parts, where)

    def _colors(self, section: Section, rows: Sequence[int]) -> None:
        for parts, _ in self.rows.table(section, rows):
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
        return Found(self.rows.workbook.fill(self.rows.grid.cell(row, column).style), found.where)

    def _words(self, section: Section, rows: Sequence[int]) -> None:
        key = "likelihood_words" if section is sections.LIKELIHOOD else "impact_words"
        for parts, _ in self.rows.table(section, rows):
            word = as_text(parts["word"].raw)
            if word:
                read_word(self.statement, key, word, parts["score"])
            else:
                self.statement.report(
                    parts["word"].where, "this score has no word; give it one, or clear the row"
                )

    def _statuses(self, section: Section, rows: Sequence[int]) -> None:
        for parts, _ in self.rows.table(section, rows):
            word = as_text(parts["word"].raw)
            if word:
                read_status(self.statement, word, parts["status"])
            else:
                self.statement.report(
                    parts["word"].where, "this status has no word; give it one, or clear the row"
                )

    def _columns(self, section: Section, rows: Sequence[int]) -> None:
        for parts, _ in self.rows.table(section, rows):
            name = as_text(parts["field"].raw)
            if name:
                read_column(self.statement, name, parts["heading"])
            else:
                self.statement.report(
                    parts["field"].where, "this heading has no field; say what it holds"
                )

    def _accepted(self, section: Section, rows: Sequence[int]) -> None:
        for parts, where in self.rows.table(section, rows):
            read_accepted(self.statement, parts, where, self.day_first)

    def _matrix(self, section: Section, rows: Sequence[int]) -> None:
        """The ratings, found by the numbers 1 to n along the top and down the side."""
        title, rows = rows[0], rows[1:]
        where = self.rows.where(title, 1)
        before = len(self.statement.problems)
        top: dict[int, int] = {}
        side: dict[int, int] = {}
        for row in rows:
            values = self.rows.grid.row(row)
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
                    self.rows.where(row, 1),
                    "this row of the matrix has no likelihood; expected 1 or more in column A",
                )
        if not top and not any(len(self.rows.grid.row(row)) > 1 for row in rows):
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
            [self.rows.found(row, column) for column in sorted(top, key=lambda c: top[c])]
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


def _names(section: Section) -> list[str]:
    """The keys that are at home in a section, and those of every kind of register."""
    tables = {sections.PERFORMANCE.title: "kpi", sections.LOGS.title: TRACKERS}
    table = tables.get(section.title, "risk")
    return [key.name for key in KEYS if key.table in ("", table)]
