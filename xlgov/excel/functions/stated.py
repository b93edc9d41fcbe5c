"""The scheme that a workbook states by its defined names, for functions in its cells.

Why by names and not by reading the settings sheet: the names are what the macros and formulas in
the workbook rate by, so that all of them give one answer; and a handful of small ranges is read in
the time of a calculation.

Why it is remembered for a moment: Excel calls a function once per cell. A thousand cells would
otherwise read the same five names a thousand times; a second later they are read again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlgov.errors import SettingsError
from xlgov.excel.values import from_excel
from xlgov.grid.cells import CellError, is_blank
from xlgov.risk.scale import BANDS, SIZE, Scheme, rank_matrix
from xlgov.risk.words import Words, word_key
from xlgov.settings.typed import read_scoring, read_whole
from xlgov.settings.values import Band, Scoring

MATRIX, SCORING, BAND_ROWS = "xlgov_matrix", "xlgov_scoring", "xlgov_bands"
LIKELIHOOD, IMPACT = "xlgov_likelihood", "xlgov_impact"
NAMES = (SCORING, MATRIX, BAND_ROWS, LIKELIHOOD, IMPACT)
REMEMBERED = 1.0  # seconds

Rows = Sequence[Sequence[Any]]
Table = tuple[tuple[int | None, ...], ...]

_CONSTANT = re.compile(
    r'(?P<text>"(?:[^"]|"")*")|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)'
    r"|(?P<word>[A-Za-z]+|#[A-Z0-9/]+[!?]?)|(?P<mark>[,;])|\s+"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """How a workbook rates: ``table[likelihood - 1][impact - 1]``, where None is a blank.

    No bands: ratings have no band. Words are those stated; none stated leaves the usual scales.
    """

    table: Table
    bands: tuple[Band, ...]
    likelihood_words: Words
    impact_words: Words

    @property
    def size(self) -> int:
        """The highest score."""
        return len(self.table)


def read_stated(named: Mapping[str, Rows]) -> Stated:
    """The scheme of the named blocks of cells; what is not named is as without a settings sheet.

    >>> read_stated({"xlgov_scoring": [["product"]]}).table[1][2]
    6

    Raises SettingsError, naming the cell, for what cannot be read.
    """
    likelihood = _read_words(LIKELIHOOD, named.get(LIKELIHOOD, ()))
    impact = _read_words(IMPACT, named.get(IMPACT, ()))
    scoring = _read_scoring(named.get(SCORING, ()))
    matrix = _read_matrix(_trimmed(named.get(MATRIX, ())))
    table = matrix
    if scoring != "matrix" or table is None:
        size = SIZE
        if scoring != "matrix":
            size = len(matrix or ()) or max((*likelihood.values(), *impact.values(), 0)) or SIZE
        table = Scheme(scoring, size).table()
    bands = _read_bands(named.get(BAND_ROWS, ()))
    if not bands and table == rank_matrix(SIZE):
        bands = BANDS
    return Stated(table, bands, likelihood, impact)


def read_names(book: Any) -> dict[str, Rows]:
    """The cells, or the constants, of those of our names that an xlwings book has.

    Raises SettingsError for a name that no longer refers to anything.
    """
    named: dict[str, Rows] = {}
    for name in NAMES:
        if not book.names.contains(name):
            continue
        found = book.names(name)
        refers_to = str(found.refers_to).removeprefix("=").strip()
        if "#REF!" in refers_to:
            raise SettingsError(
                f"the name {name} of this workbook refers to cells that are gone; "
                "correct it in the Name Manager, or run xlgov init again"
            )
        if refers_to.startswith("{") or "!" not in refers_to:
            named[name] = read_constant(refers_to)
        else:
            named[name] = found.refers_to_range.options(ndim=2, err_to_str=True).value
    return named


def read_constant(text: str) -> list[list[Any]]:
    """The rows of a constant as Excel writes it.

    >>> read_constant('{"Low",1,6;"High",7,25}'), read_constant('"product"')
    ([['Low', 1.0, 6.0], ['High', 7.0, 25.0]], [['product']])
    """
    rows: list[list[Any]] = [[]]
    inner = text.strip().removeprefix("{").removesuffix("}")
    for part in _CONSTANT.finditer(inner):
        if part["mark"] == ";":
            rows.append([])
        elif part["text"] is not None:
            rows[-1].append(part["text"][1:-1].replace('""', '"'))
        elif part["number"] is not None:
            rows[-1].append(float(part["number"]))
        elif part["word"] is not None:
            rows[-1].append(part["word"])
    return rows


_remembered: dict[tuple[int, str], tuple[float, Stated]] = {}


def stated_by(caller: Any) -> Stated:
    """What the workbook of a calling cell (an xlwings range) states; None is no workbook.

    Raises SettingsError for what cannot be read.
    """
    if caller is None:
        return read_stated({})
    book = caller.sheet.book
    key = (book.app.pid, book.name)
    now = time.monotonic()
    known = _remembered.get(key)
    if known is None or now - known[0] > REMEMBERED:
        _remembered.clear()  # of one workbook at a time: they are recalculated one by one
        known = _remembered[key] = (now, read_stated(read_names(book)))
    return known[1]


def _read_scoring(rows: Rows) -> Scoring:
    given = next((each for row in rows for each in row if not is_blank(each)), None)
    if given is None:
        return "matrix"
    try:
        word = read_scoring(given, True)
    except ValueError as expected:
        raise SettingsError(f"{SCORING} is {given!r}; expected {expected}") from None
    return "product" if word == "product" else "sum" if word == "sum" else "matrix"


def _read_matrix(rows: Rows) -> Table | None:
    if not rows:
        return None
    if any(len(row) != len(rows) for row in rows):
        raise SettingsError(
            f"the matrix has {len(rows)} rows and {len(rows[0])} columns; expected as many of "
            "each, likelihood 1 first"
        )
    return tuple(
        tuple(_whole(MATRIX, each, row, column) for column, each in enumerate(cells, start=1))
        for row, cells in enumerate(rows, start=1)
    )


def _read_bands(rows: Rows) -> tuple[Band, ...]:
    bands = []
    for row, cells in enumerate(rows, start=1):
        if all(map(is_blank, cells[:3])):
            continue
        name, first, last = [*cells, None, None][:3]
        lowest, highest = _whole(BAND_ROWS, first, row, 2), _whole(BAND_ROWS, last, row, 3)
        if is_blank(name) or lowest is None or highest is None or lowest > highest:
            raise SettingsError(
                f"row {row} of {BAND_ROWS} is no band; expected a name, its lowest and its "
                "highest rating"
            )
        color = str(cells[3] or "") if len(cells) > 3 else ""
        bands.append(Band(str(name).strip(), lowest, highest, color))
    return tuple(sorted(bands, key=lambda band: band.lowest))


def _read_words(name: str, rows: Rows) -> Words:
    words: dict[str, int] = {}
    for row, cells in enumerate(rows, start=1):
        if all(map(is_blank, cells[:2])):
            continue
        score = _whole(name, cells[1] if len(cells) > 1 else None, row, 2)
        if is_blank(cells[0]) or score is None:
            raise SettingsError(f"row {row} of {name} is no word and its score; complete it")
        words[word_key(str(cells[0]))] = score
    return words


def _whole(name: str, raw: Any, row: int, column: int) -> int | None:
    value, is_date = from_excel(raw)
    if is_blank(value):
        return None
    try:
        if is_date or isinstance(value, CellError):
            raise ValueError("a whole number")
        return read_whole(value, True)
    except ValueError as expected:
        raise SettingsError(
            f"row {row}, column {column} of {name} is {raw!s}; expected {expected}"
        ) from None


def _trimmed(rows: Rows) -> Rows:
    """Without the blank rows below and the blank columns to the right."""
    filled = [
        (row, column)
        for row, cells in enumerate(rows, start=1)
        for column, each in enumerate(cells, start=1)
        if not is_blank(each)
    ]
    if not filled:
        return ()
    bottom, right = (max(edge) for edge in zip(*filled, strict=True))
    return [cells[:right] for cells in rows[:bottom]]
