"""What one source states, key by key, with the cell or line of each and every problem met.

Why one place for both sources: the settings sheet and ``xlgov.toml`` differ only in how they find
a raw value; it is read, judged and reported here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xlgov.settings.keys import Key
from xlgov.settings.typed import (
    as_color,
    as_text,
    is_rgb,
    read_day,
    read_whole,
    show,
)
from xlgov.settings.values import Accepted, Band


class Found(NamedTuple):
    """A raw value (blank is None) and the cell or line where it stands."""

    raw: object
    where: str


@dataclass(slots=True)
class Named:
    """What is stated of one theme, indicator, total or share: its name, values by field."""

    name: str
    where: str
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Statement:
    """Values by field of ``Settings``; ``sources`` likewise, an entry as ``field.entry``.

    ``named`` holds themes, indicators, totals and shares, by field of ``Settings`` and folded
    name, until the sources are merged.
    """

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    named: dict[str, dict[str, Named]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def report(self, where: str, message: str) -> None:
        self.problems.append(f"{where}: {message}")

    def state(self, key: str, value: object, where: str) -> None:
        """Take a value; a second one for the same key is a problem."""
        if self.is_new(key, key, where):
            self.values[key] = value
            self.sources[key] = where

    def state_entry(self, key: str, entry: str, value: object, where: str) -> None:
        """Take one entry of a mapping, such as a colour."""
        if self.is_new(f"{key}.{entry}", f"{entry!r}", where):
            self.values.setdefault(key, {})[entry] = value
            self.sources.setdefault(key, where)
            self.sources[f"{key}.{entry}"] = where

    def state_named(self, key: str, name: str, field: str, value: object, where: str) -> None:
        """Take one field of something with a name, which may be spelled in any case."""
        named = self.named.setdefault(key, {}).setdefault(fold(name), Named(name, where))
        if field in named.places:
            also = named.places[field]
            self.report(where, f"{field} of {name!r} is stated twice (also at {also}); keep one")
            return
        named.values[field] = value
        named.places[field] = where

    def is_new(self, source: str, name: str, where: str) -> bool:
        """Whether nothing is stated under ``source`` yet; a second statement is reported."""
        if source in self.sources:
            also = self.sources[source]
            self.report(where, f"{name} is stated twice (also at {also}); keep one of them")
            return False
        return True


def fold(name: str) -> str:
    """A name for comparison: without case, its white space collapsed."""
    return " ".join(name.casefold().split())


STATUSES = (
    *("not started", "ongoing", "closed", "noted"),
    *("red", "yellow", "green", "white"),
)
BAND_FIELDS = ("name", "from", "to", "color")
ACCEPTED_FIELDS = ("reference", "finding", "reason", "agreed_by", "review_date")


def read_key(statement: Statement, key: Key, found: Found, day_first: bool) -> None:
    """State the value of a key; a blank states nothing."""
    if found.raw is None:
        return
    try:
        statement.state(key.name, key.read(found.raw, day_first), found.where)
    except ValueError as expected:
        statement.report(found.where, f"{key.name} is {show(found.raw)}; expected {expected}")


def read_matrix(statement: Statement, rows: Sequence[Sequence[Found]], where: str) -> None:
    """State the matrix from its rows, likelihood 1 first. All its problems are reported."""
    before = len(statement.problems)
    if len(rows) < 2:
        statement.report(where, "the matrix has fewer than 2 rows; give one row per likelihood")
    for likelihood, row in enumerate(rows, start=1):
        if len(row) != len(rows):
            place = row[0].where if row else where
            statement.report(
                place,
                f"the matrix is not square: likelihood {likelihood} has {len(row)} ratings; "
                f"expected {len(rows)}, one for each impact, as there are {len(rows)} rows",
            )
    ratings = []
    for likelihood, row in enumerate(rows, start=1):
        cells = enumerate(row, start=1)
        ratings.append(tuple(_rating(statement, cell, likelihood, i) for i, cell in cells))
    if len(statement.problems) == before:
        statement.state("matrix", tuple(ratings), where)


def _rating(statement: Statement, cell: Found, likelihood: int, impact: int) -> int:
    try:
        rating = read_whole(cell.raw, True)
    except ValueError:
        rating = 0
    if rating < 1:
        statement.report(
            cell.where,
            f"the rating of likelihood {likelihood}, impact {impact} is {show(cell.raw)}; "
            "expected a whole number, 1 or more",
        )
    return rating


def read_band(statement: Statement, parts: Mapping[str, Found], where: str) -> None:
    """State one band from its name, from, to and color."""
    before = len(statement.problems)
    name = as_text(parts["name"].raw)
    if not name:
        statement.report(parts["name"].where, "this band has no name; give it one")
    edges = []
    for side in ("from", "to"):
        try:
            edges.append(read_whole(parts[side].raw, True))
        except ValueError as expected:
            statement.report(
                parts[side].where,
                f"band {name!r}: {side} is {show(parts[side].raw)}; expected {expected}",
            )
    color = as_color(parts["color"].raw)
    if not color:
        statement.report(
            parts["color"].where,
            f"band {name!r} has no colour; give a name such as green, or RRGGBB such as 92D050",
        )
    if len(statement.problems) > before:
        return
    lowest, highest = edges
    if lowest > highest:
        statement.report(
            parts["from"].where, f"band {name!r} runs from {lowest} to {highest}; swap the two"
        )
    elif statement.is_new(f"bands.{name}", f"band {name!r}", where):
        statement.values["bands"] = (
            *statement.values.get("bands", ()),
            Band(name, lowest, highest, color),
        )
        statement.sources.setdefault("bands", where)
        statement.sources[f"bands.{name}"] = where
        statement.sources[f"bands.{name}.color"] = parts["color"].where


def read_accepted(
    statement: Statement, parts: Mapping[str, Found], where: str, day_first: bool
) -> None:
    """State one accepted finding."""
    before = len(statement.problems)
    reference = as_text(parts["reference"].raw)
    finding = "-".join(as_text(parts["finding"].raw).lower().split())
    if not reference:
        statement.report(
            parts["reference"].where, "this accepted finding has no reference; say which record"
        )
    if not finding:
        statement.report(
            parts["finding"].where,
            "this accepted finding has no finding code; copy the code that check --json shows, "
            "or * for any finding of the record",
        )
    review = None
    if parts["review_date"].raw is not None:
        try:
            review = read_day(parts["review_date"].raw, day_first)
        except ValueError as expected:
            found = parts["review_date"]
            statement.report(
                found.where, f"the review date is {show(found.raw)}; expected {expected}"
            )
    if len(statement.problems) == before:
        reason, agreed_by = (as_text(parts[name].raw) for name in ("reason", "agreed_by"))
        row = Accepted(reference, finding, reason, agreed_by, review, where)
        statement.values["accepted"] = (*statement.values.get("accepted", ()), row)
        statement.sources.setdefault("accepted", where)


def read_color(statement: Statement, name: str, found: Found) -> None:
    """State the RGB of a colour name."""
    color = as_color(found.raw)
    if is_rgb(color):
        statement.state_entry("colors", as_color(name), color, found.where)
    else:
        statement.report(
            found.where,
            f"colour {name!r} is {show(found.raw)}; expected RRGGBB such as 92D050",
        )


def read_word(statement: Statement, key: str, word: str, found: Found) -> None:
    """State the score of a word; ``key`` is likelihood_words or impact_words."""
    try:
        score = read_whole(found.raw, True)
    except ValueError as expected:
        statement.report(
            found.where, f"the score of {word!r} is {show(found.raw)}; expected {expected}"
        )
    else:
        statement.state_entry(key, " ".join(word.lower().split()), score, found.where)


def read_status(statement: Statement, word: str, found: Found) -> None:
    """State the status that an office's word means."""
    status = " ".join(as_text(found.raw).lower().split())
    if status in STATUSES:
        statement.state_entry("status_words", " ".join(word.lower().split()), status, found.where)
    else:
        statement.report(
            found.where,
            f"the status of {word!r} is {show(found.raw)}; expected one of {', '.join(STATUSES)}",
        )


def read_column(statement: Statement, name: str, found: Found) -> None:
    """State the heading or column letters of a field; a blank states nothing."""
    if found.raw is None:
        return
    heading = as_text(found.raw)
    if heading:
        statement.state_entry("columns", name.strip(), heading, found.where)
    else:
        statement.report(
            found.where,
            f"the column of {name!r} is {show(found.raw)}; expected a heading or column letters",
        )
