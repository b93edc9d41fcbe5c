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

    [kpi]
    month = "2018-03"              # the reporting month
    year_start = "April"           # of the financial year
    force = "Cambridgeshire"
    judgement = "font"             # or "off", "icon"
    average_test = "spread"        # for all indicators; so may every key be but
    average_limit = 1              # target, baseline, parts and names
    significant = "outcome"        # or "xmr"

    [kpi.themes."VICTIMS"]
    direction = "up"

    [kpi.indicators."All Crime Outcome Rate"]
    combine = "ratio"              # or "sum", "mean", "latest"
    unit = "percent"
    decimals = 1
    direction = "up"               # or "down", "none"
    target = 25
    baseline = 20.0
    lag = 3                        # months late
    benchmark_test = "points"      # spread, relative, points, proportion, poisson, xmr
    benchmark_limit = 2
    peer_test = "relative"
    peer_limit = 5
    rebase = ["2016-04"]
    screen = false
    parts = ["Violence with Injury", "Violence without Injury"]
    names = ["Outcome rate, all crime"]
    source = "Police recorded crime"

    [kpi.totals]
    "Juveniles" = ["14 and under", "15-17"]
    "Change" = ["2019/20", "- 2018/19"]

    [kpi.shares]                   # one figure divided by another, or by a number
    "Recruited %" = ["Recruited", "Applications"]
    "Monthly average" = ["12 months", 12]

    [trackers]                     # action logs, delivery plans, decisions
    due_soon = 30                  # days
    last_meeting = 2019-02-28
    previous = "delivery-plan-2017-11.xlsx"

    [trackers.status]              # words of your own
    "done" = "closed"

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

``colour`` and ``[colours]`` are read as well. A target or baseline is in the indicator's unit; as
text it may be per cent, ``"95.1%"``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from xlgov.settings import lines
from xlgov.settings.keys import KEYS, TRACKERS
from xlgov.settings.performance_file import read_kpi
from xlgov.settings.statement import (
    ACCEPTED_FIELDS,
    BAND_FIELDS,
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
from xlgov.settings.tables import Tables, plain_key
from xlgov.settings.typed import read_yes_no, show
from xlgov.settings.values import SETTINGS_FILE

_AT = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
_BOOKS = {".xlsx", ".xlsm"}


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


def _same_book(name: str, workbook_name: str) -> bool:
    """Whether a file's table is a workbook's, also once it has a button and is an ``.xlsm``."""
    stated, book = Path(name.casefold()), Path(workbook_name.casefold())
    return stated == book or (stated.stem == book.stem and {stated.suffix, book.suffix} <= _BOOKS)


def read_text(text: str, workbook_name: str) -> tuple[Statement, ...]:
    """``read_file`` for a text at hand."""
    text = text.replace("\r\n", "\n")
    try:
        root = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_not_toml(error, text),)
    tables = Tables(lines.locate_keys(text))
    reading = _Reading(tables)
    files = root.pop("files", {})
    general = reading.table(root, (), True)
    day_first = general.values.get("day_first", True)
    own: list[Statement] = []
    if not isinstance(files, dict):
        general.report(tables.where(("files",)), 'expected tables such as [files."NAME.xlsx"]')
        files = {}
    for name, table in files.items():
        place: lines.Path = ("files", name)
        if not isinstance(table, dict):
            message = f'{name} is no table; write [files."{name}.xlsx"], with quotation marks'
            general.report(tables.where(place), message)
            continue
        statement = reading.table(table, place, day_first)
        if _same_book(name, workbook_name):
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
    """The reading of one text: its tables into statements."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def table(self, root: Mapping[str, object], at: lines.Path, day_first: bool) -> Statement:
        """One whole set of settings: the file's top, or the table of one workbook."""
        statement = Statement()
        with suppress(KeyError, ValueError):  # not stated, or reported below as any other key
            day_first = read_yes_no(root["day_first"], day_first)
        known = {key.name: key for key in KEYS if not key.table}
        for name, raw in root.items():
            path = (*at, name)
            found = Found(raw, self.tables.where(path))
            plain = plain_key(name)
            if plain in known:
                read_key(statement, known[plain], found, day_first)
            elif plain == "risk":
                self._risk(statement, found, path, day_first)
            elif plain == "kpi":
                read_kpi(self.tables, statement, found, path, day_first)
            elif plain == TRACKERS:
                self._trackers(statement, found, path, day_first)
            elif plain == "colors":
                for color, cell in self.tables.entries(statement, found, path):
                    read_color(statement, color, cell)
            elif plain == "accepted":
                for parts, where in self.tables.rows(statement, found, path, ACCEPTED_FIELDS):
                    read_accepted(statement, parts, where, day_first)
            else:
                self.tables.unknown(statement, found.where, plain, "", at)
        return statement

    def _risk(self, statement: Statement, table: Found, at: lines.Path, day_first: bool) -> None:
        if not isinstance(table.raw, dict):
            statement.report(table.where, f"risk is {show(table.raw)}; expected a table [risk]")
            return
        known = {key.name: key for key in KEYS if key.table == "risk"}
        for name, raw in table.raw.items():
            path = (*at, name)
            found = Found(raw, self.tables.where(path))
            plain = plain_key(name)
            if plain in known:
                read_key(statement, known[plain], found, day_first)
            elif plain == "matrix":
                self._matrix(statement, found, path)
            elif plain == "bands":
                for parts, where in self.tables.rows(statement, found, path, BAND_FIELDS):
                    read_band(statement, parts, where)
            elif plain in ("likelihood", "impact"):
                for word, cell in self.tables.entries(statement, found, path):
                    read_word(statement, f"{plain}_words", word, cell)
            elif plain == "columns":
                for field, cell in self.tables.entries(statement, found, path):
                    read_column(statement, field, cell)
            else:
                self.tables.unknown(statement, found.where, plain, "risk", at)

    def _trackers(
        self, statement: Statement, table: Found, at: lines.Path, day_first: bool
    ) -> None:
        if not isinstance(table.raw, dict):
            statement.report(
                table.where, f"{TRACKERS} is {show(table.raw)}; expected a table [{TRACKERS}]"
            )
            return
        known = {key.name: key for key in KEYS if key.table == TRACKERS}
        for name, raw in table.raw.items():
            path = (*at, name)
            found = Found(raw, self.tables.where(path))
            plain = plain_key(name)
            if plain in known:
                read_key(statement, known[plain], found, day_first)
            elif plain == "status":
                for word, cell in self.tables.entries(statement, found, path):
                    read_status(statement, word, cell)
            elif plain == "columns":
                for field, cell in self.tables.entries(statement, found, path):
                    read_column(statement, field, cell)
            else:
                self.tables.unknown(statement, found.where, plain, TRACKERS, at)

    def _matrix(self, statement: Statement, found: Found, at: lines.Path) -> None:
        raw = found.raw
        if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
            statement.report(
                found.where,
                "matrix is not a list of rows; expected [[1, 3], [2, 4]], a row per likelihood",
            )
            return
        rows = [
            [Found(cell, self.tables.where((*at, r, c))) for c, cell in enumerate(row)]
            for r, row in enumerate(raw)
        ]
        for number, row in enumerate(rows):
            if not row:
                statement.report(
                    self.tables.where((*at, number)), "this row of the matrix is empty"
                )
        if all(rows):
            read_matrix(statement, rows, found.where)
