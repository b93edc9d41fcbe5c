"""The rows of the settings sheet: split into sections, and their tables read by heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from xlgov.grid.cells import address, is_blank, parse_address
from xlgov.grid.sheet import Grid, Workbook, cell_date
from xlgov.settings.figures import Percentage
from xlgov.settings.sections import SECTIONS, Section, plain
from xlgov.settings.statement import Found, Statement
from xlgov.settings.typed import NO_ANSWER, as_text, suggest

MAX_ROWS = 5_000
HEADER_DEPTH = 4  # the column headings stand in one of the first rows of a section
NOTE_HEADINGS = ("note", "notes", "comment", "comments", "remark", "remarks")

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what a number format shows as it is


class Rows:
    """The cells of one settings sheet; problems with its form go to ``statement``."""

    def __init__(self, workbook: Workbook, name: str, statement: Statement) -> None:
        self.workbook = workbook
        self.name = name
        self.grid: Grid = workbook.grid(name, rows=MAX_ROWS)
        self.statement = statement

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

    def as_figure(self, found: Found) -> Found:
        """A cell's value, where a number in a ``%`` format stays told from any other number."""
        if isinstance(found.raw, (int, float)) and not isinstance(found.raw, bool):
            cell = self.grid.cell(*parse_address(found.where.rpartition("!")[2]))
            code = self.workbook.number_format(cell.style)
            if "%" in _LITERAL.sub("", code).partition(";")[0]:
                return Found(Percentage(float(found.raw)), found.where)
        return found

    def split(self) -> list[tuple[Section | None, list[int]]]:
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

    def table(
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

    def wide_table(
        self, section: Section, rows: Sequence[int]
    ) -> Iterator[tuple[str, list[tuple[str, Found]]]]:
        """Data rows of a section whose every column must be known: the name, then its cells.

        Fields that have no column are left out. A dash or ``n/a`` is a blank, but for a desired
        direction.
        """
        header = self._wide_header(section, rows[1 : 1 + HEADER_DEPTH])
        if header is None:
            filled = (row for row in rows[1:] if len(self._filled(row)) > 1)
            if (first := next(filled, None)) is not None:
                known = [words[0] for words in section.columns.values()]
                self.statement.report(
                    self.where(first, 1),
                    f"the headings of section {section.title!r} are not found; expected "
                    f"{known[0]} and any of {', '.join(known[1:])} in a row below its title",
                )
            return
        row_of_header, columns = header
        for row in rows[rows.index(row_of_header) + 1 :]:
            cells = [
                (field, found)
                for field, column in columns.items()
                if field != "name"
                if (found := self._answer(field, row, column)).raw is not None
            ]
            name = self.found(row, columns["name"])
            text = " ".join(as_text(name.raw).split())
            if cells and not text:
                self.statement.report(
                    name.where,
                    f"this row has no {section.columns['name'][0].lower()}; "
                    "give it one, or clear the row",
                )
            elif cells:
                yield text, cells

    def _answer(self, field: str, row: int, column: int) -> Found:
        found = self.as_figure(self.found(row, column))
        dash = isinstance(found.raw, str) and found.raw.casefold() in NO_ANSWER
        return Found(None, found.where) if dash and field != "direction" else found

    def _filled(self, row: int) -> dict[int, object]:
        return {c: value for c, value in self.grid.row(row).items() if not is_blank(value)}

    def _wide_header(
        self, section: Section, rows: Iterable[int]
    ) -> tuple[int, dict[str, int]] | None:
        """The row of headings and the column of each field; a heading that is unknown is told."""
        words = {plain(word): field for field, also in section.columns.items() for word in also}
        for row in rows:
            texts = {column: plain(as_text(value)) for column, value in self._filled(row).items()}
            matched = {words[text] for text in texts.values() if text in words}
            if "name" not in matched or len(texts) < 2:
                continue
            columns: dict[str, int] = {}
            for column, text in texts.items():
                where = self.where(row, column)
                field = words.get(text)
                if field is None and text not in NOTE_HEADINGS:
                    shown = as_text(self.grid.value(row, column))
                    known = [plain(also[0]) for also in section.columns.values()]
                    self.statement.report(
                        where,
                        f"unknown heading {shown!r}; {suggest(text, known, 'headings')} "
                        "(a column of your own may be headed Notes)",
                    )
                elif field in columns:
                    self.statement.report(
                        where,
                        f"{section.columns[field][0]} has a column here and at "
                        f"{self.where(row, columns[field])}; keep one of them",
                    )
                elif field is not None:
                    columns[field] = column
            return row, columns
        return None
