"""``xlgov.toml``: settings for every workbook in its folder, in the spelling of a person.

An example with every key (all are optional)::

    as_of = 2017-02-06
    stale_after = 100              # days
    day_first = true               # 03/04/2017 is 3 April

    [risk]
    scoring = "matrix"             # or "product", "sum"
    matrix = [                     # a row per likelihood, from 1; a column per impact, from 1
        [1, 3, 6],
        [2, 5, 8],
        [4, 7, 9],
    ]
    tolerance = 6
    tolerance_inclusive = false    # true: a rating of 6 is above tolerance too
    bands = [
        {name = "Low", from = 1, to = 4, color = "green"},
        {name = "High", from = 5, to = 9, color = "red"},
    ]

    [risk.likelihood]              # accepted spellings
    "rare" = 1

    [risk.impact]
    "severe" = 3

    [risk.columns]                 # field = heading, or column letters
    "current.likelihood" = "F"

    [colors]
    green = "92D050"

    [[accepted]]
    reference = "SR3.3"
    finding = "controls-not-lowered"
    reason = "The board decided so"
    agreed_by = "Executive board"
    review_date = 2017-06-30

    [files."strategic-risk-register.xlsx"]   # for this file only; any of the keys above
    as_of = 2017-02-06

``colour`` and ``[colours]`` are read as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from xlgov.settings import lines
from xlgov.settings.statement import (
    ACCEPTED_FIELDS,
    BAND_FIELDS,
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
from xlgov.settings.typed import read_yes_no, show, suggest
from xlgov.settings.values import SETTINGS_FILE

_AT = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
_TABLES = {
    "": [*(key.name for key in KEYS if not key.table), "risk", "colors", "accepted", "files"],
    "risk": [
        *(key.name for key in KEYS if key.table == "risk"),
        *("matrix", "bands", "likelihood", "impact", "columns"),
    ],
}


def read_file(path: Path, workbook_name: str) -> tuple[Statement, ...]:
    """What an ``xlgov.toml`` states about a workbook: for this file first, then for all.

    Nothing where there is no such file. Problems of every table are kept, also those of other
    files' tables, so that one reading of the messages is enough.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ()
    except OSError as error:
        return (_failed(SETTINGS_FILE, f"it cannot be read ({error.strerror}); see to its rights"),)
    except UnicodeDecodeError:
        return (_failed(SETTINGS_FILE, "it is not UTF-8 text; save it with the encoding UTF-8"),)
    return read_text(text, workbook_name)


def read_text(text: str, workbook_name: str) -> tuple[Statement, ...]:
    """``read_file`` for a text at hand."""
    text = text.replace("\r\n", "\n")
    try:
        root = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_not_toml(error, text),)
    reading = _Reading(lines.locate_keys(text))
    files = root.pop("files", {})
    general = reading.table(root, (), True)
    day_first = general.values.get("day_first", True)
    own: list[Statement] = []
    if not isinstance(files, dict):
        general.report(reading.where(("files",)), 'expected tables such as [files."NAME.xlsx"]')
        files = {}
    for name, table in files.items():
        place: lines.Path = ("files", name)
        if not isinstance(table, dict):
            message = f'{name} is no table; write [files."{name}.xlsx"], with quotation marks'
            general.report(reading.where(place), message)
            continue
        statement = reading.table(table, place, day_first)
        if name.casefold() == workbook_name.casefold():
            own.append(statement)
        else:
            general.problems.extend(statement.problems)
    return (*own, general)


def _failed(where: str, message: str) -> Statement:
    statement = Statement()
    statement.report(where, message)
    return statement


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> Statement:
    """tomllib's complaint in our words; one about the end of the text is about its last line."""
    match = _AT.fullmatch(str(error))
    line = match[2] if match else None
    where = f"{SETTINGS_FILE} line {line or len(text.rstrip().splitlines()) or 1}"
    message = match[1] if match else str(error)
    if message.startswith("Cannot overwrite"):
        message = "this key is stated twice; keep one of them"
    elif message.startswith("Cannot declare"):
        message = "this table is stated twice; put its keys together under one heading"
    elif message == "Invalid value":
        message = (
            "the value cannot be read; put text in quotation marks, and write true, false, "
            "numbers and dates (2017-01-31) without"
        )
    else:
        message = f"it is not TOML here: {message[:1].lower()}{message[1:]}"
    return _failed(where, message)


class _Reading:
    """The reading of one text: its tables into statements, with the line of each key."""

    def __init__(self, found: dict[lines.Path, int]) -> None:
        self.lines = found

    def where(self, path: lines.Path) -> str:
        """Where the key of a path stands; of the nearest one around it where it has no line."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{SETTINGS_FILE} line {self.lines[path]}" if path else SETTINGS_FILE

    def table(self, root: Mapping[str, object], at: lines.Path, day_first: bool) -> Statement:
        """One whole set of settings: the file's top, or the table of one workbook."""
        statement = Statement()
        with suppress(KeyError, ValueError):  # not stated, or reported below as any other key
            day_first = read_yes_no(root["day_first"], day_first)
        known = {key.name: key for key in KEYS if not key.table}
        for name, raw in root.items():
            path = (*at, name)
            found = Found(raw, self.where(path))
            plain = _plain(name)
            if plain in known:
                read_key(statement, known[plain], found, day_first)
            elif plain == "risk":
                self._risk(statement, found, path, day_first)
            elif plain == "colors":
                for color, cell in self._entries(statement, found, path):
                    read_color(statement, color, cell)
            elif plain == "accepted":
                for parts, where in self._rows(statement, found, path, ACCEPTED_FIELDS):
                    read_accepted(statement, parts, where, day_first)
            else:
                self._unknown(statement, found.where, plain, "", at)
        return statement

    def _risk(self, statement: Statement, table: Found, at: lines.Path, day_first: bool) -> None:
        if not isinstance(table.raw, dict):
            statement.report(table.where, f"risk is {show(table.raw)}; expected a table [risk]")
            return
        known = {key.name: key for key in KEYS if key.table == "risk"}
        for name, raw in table.raw.items():
            path = (*at, name)
            found = Found(raw, self.where(path))
            plain = _plain(name)
            if plain in known:
                read_key(statement, known[plain], found, day_first)
            elif plain == "matrix":
                self._matrix(statement, found, path)
            elif plain == "bands":
                for parts, where in self._rows(statement, found, path, BAND_FIELDS):
                    read_band(statement, parts, where)
            elif plain in ("likelihood", "impact"):
                for word, cell in self._entries(statement, found, path):
                    read_word(statement, f"{plain}_words", word, cell)
            elif plain == "columns":
                for field, cell in self._entries(statement, found, path):
                    read_column(statement, field, cell)
            else:
                self._unknown(statement, found.where, plain, "risk", at)

    def _matrix(self, statement: Statement, found: Found, at: lines.Path) -> None:
        raw = found.raw
        if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
            statement.report(
                found.where,
                "matrix is not a list of rows; expected [[1, 3], [2, 4]], a row per likelihood",
            )
            return
        rows = [
            [Found(cell, self.where((*at, r, c))) for c, cell in enumerate(row)]
            for r, row in enumerate(raw)
        ]
        for number, row in enumerate(rows):
            if not row:
                statement.report(self.where((*at, number)), "this row of the matrix is empty")
        if all(rows):
            read_matrix(statement, rows, found.where)

    def _entries(
        self, statement: Statement, found: Found, at: lines.Path, above: str = ""
    ) -> list[tuple[str, Found]]:
        """Entries of a free table; ``a.b = 1`` without quotation marks is the entry ``a.b``."""
        if not isinstance(found.raw, dict):
            statement.report(
                found.where, f"{at[-1]} is {show(found.raw)}; expected a table [{_dotted(at)}]"
            )
            return []
        entries: list[tuple[str, Found]] = []
        for name, raw in found.raw.items():
            path = (*at, name)
            cell = Found(raw, self.where(path))
            if isinstance(raw, dict):
                entries.extend(self._entries(statement, cell, path, f"{above}{name}."))
            else:
                entries.append((above + name, cell))
        return entries

    def _rows(
        self, statement: Statement, found: Found, at: lines.Path, fields: tuple[str, ...]
    ) -> list[tuple[dict[str, Found], str]]:
        """Rows of a list of tables as parts by field; an absent part is a blank on its line."""
        raw = found.raw
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            example = "{" + ", ".join(f"{name} = ..." for name in fields) + "}"
            statement.report(
                found.where, f"{at[-1]} is no list of tables; expected [{example}, ...]"
            )
            return []
        rows = []
        for number, row in enumerate(raw):
            path = (*at, number)
            where = self.where(path)
            parts = {name: Found(None, where) for name in fields}
            for name, value in row.items():
                plain = _plain(name)
                place = self.where((*path, name))
                if plain not in fields:
                    statement.report(
                        place, f"unknown key {name!r} in {at[-1]}; {suggest(plain, fields, 'keys')}"
                    )
                elif parts[plain].raw is not None:
                    statement.report(place, f"{plain} is stated twice; keep one of them")
                else:
                    parts[plain] = Found(value, place)
            rows.append((parts, where))
        return rows

    def _unknown(
        self, statement: Statement, where: str, name: str, table: str, at: lines.Path
    ) -> None:
        """Report an unknown key: in the wrong table, misspelt, or neither."""
        for other, names in _TABLES.items():
            if other != table and name in names:
                home = f"under [{other}]" if other else "above the first table such as [risk]"
                statement.report(where, f"{name} stands in the wrong place; put it {home}")
                return
        heading = f" in [{_dotted(at)}]" if at else ""
        statement.report(
            where, f"unknown key {name!r}{heading}; {suggest(name, _TABLES[table], 'keys')}"
        )


def _plain(name: str) -> str:
    """A key in our spelling: ``Stale-After`` is ``stale_after``, ``colours`` is ``colors``."""
    return re.sub(r"[\s-]+", "_", name.strip().lower()).replace("colour", "color")


def _dotted(path: lines.Path) -> str:
    return ".".join(f'"{part}"' if "." in str(part) else str(part) for part in path)
