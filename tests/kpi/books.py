"""The same monthly readings laid out as different offices keep them, for tests of the finder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.risk.fake import FakeWorkbook, Made
from xlgov.grid.cells import serial_from_date
from xlgov.kpi.period import Month
from xlgov.kpi.readings import Readings, find_readings
from xlgov.settings.values import Settings

Pair = tuple[float, float]
Plain = Mapping[Month, float | Pair]


@dataclass(frozen=True)
class Kept:
    """An indicator as a test states it: numbers, or pairs of numerator and denominator."""

    name: str
    theme: str
    readings: Plain

    @property
    def is_ratio(self) -> bool:
        return any(isinstance(reading, tuple) for reading in self.readings.values())


def months(first: Month, count: int) -> list[Month]:
    return [first.plus(step) for step in range(count)]


def month_date(month: Month) -> Made:
    """A month's first day as a number shown as ``Mar-18``."""
    return Made(serial_from_date(date(month.year, month.month, 1)), format="mmm-yy")


def percent(value: float) -> Made:
    return Made(value, format="0.0%")


Heading = Callable[[Month], Any]


def part(kept: Kept, month: Month, which: int) -> Any:
    """One part of a reading; None where there is none."""
    reading = kept.readings.get(month)
    return reading[which] if isinstance(reading, tuple) else reading


def across(kept: Sequence[Kept], over: Sequence[Month], heading: Heading = str) -> FakeWorkbook:
    """A row per part, parts in a Measure column, names in the first of two rows only."""
    rows: list[list[Any]] = [
        ["Monthly readings"],
        [],
        ["Theme", "Indicator", "Measure", *map(heading, over)],
    ]
    for one in kept:
        words = ("Numerator", "Denominator") if one.is_ratio else ("Value",)
        for which, word in enumerate(words):
            named = ["", ""] if which else [one.theme, one.name]
            rows.append([*named, word, *(part(one, month, which) for month in over)])
    return FakeWorkbook({"Data": [[cell if cell != "" else None for cell in row] for row in rows]})


def across_by_suffix(kept: Sequence[Kept], over: Sequence[Month]) -> FakeWorkbook:
    """A row per part, the part at the end of the name; theme rows between."""
    rows: list[list[Any]] = [["", *map(str, over), "Total"]]
    for theme in dict.fromkeys(one.theme for one in kept):
        rows.append([theme.upper()])
        for one in kept:
            if one.theme == theme:
                words = (" - numerator", " - denominator") if one.is_ratio else ("",)
                rows += [
                    [one.name + word, *(part(one, month, which) for month in over), 1]
                    for which, word in enumerate(words)
                ]
    return FakeWorkbook({"Data": rows})


def down(kept: Sequence[Kept], over: Sequence[Month], heading: Heading = str) -> FakeWorkbook:
    """A column per part below a merged name, themes in a row of their own."""
    columns = [(one, which) for one in kept for which in range(1 + one.is_ratio)]
    themes, names, parts = ["Theme"], ["Month"], [None]
    for one, which in columns:
        themes.append(one.theme)
        names.append(None if which else one.name)  # type: ignore[arg-type]  # a blank cell
        words = ("Numerator", "Denominator") if one.is_ratio else ("Value",)
        parts.append(words[which])  # type: ignore[arg-type]  # text below a blank corner
    rows: list[list[Any]] = [themes, names, parts]
    rows += [
        [heading(month), *(part(one, month, which) for one, which in columns)] for month in over
    ]
    return FakeWorkbook({"Data": rows})


def long(kept: Sequence[Kept], over: Sequence[Month], heading: Heading = str) -> FakeWorkbook:
    """A row per indicator and month, ordered by month."""
    rows: list[list[Any]] = [["Theme", "Indicator", "Month", "Value", "Numerator", "Denominator"]]
    for month in over:
        for one in kept:
            cells = [None, part(one, month, 0), part(one, month, 1)]
            if not one.is_ratio:
                cells = [part(one, month, 0), None, None]
            rows.append([one.theme, one.name, heading(month), *cells])
    return FakeWorkbook({"Data": rows})


def two_sheets(kept: Sequence[Kept], over: Sequence[Month]) -> FakeWorkbook:
    """Numerators and plain values on one sheet, denominators on another."""
    sheets: dict[str, Sequence[Sequence[Any]]] = {}
    for sheet, which in (("Values", 0), ("Numerators", 0), ("Denominators", 1)):
        chosen = [one for one in kept if one.is_ratio == (sheet != "Values")]
        rows: list[list[Any]] = [["Theme", "Indicator", *map(str, over)]]
        rows += [
            [one.theme, one.name, *(part(one, month, which) for month in over)] for one in chosen
        ]
        if chosen:
            sheets[sheet] = rows
    return FakeWorkbook(sheets)


def plain(found: Readings) -> dict[str, tuple[str, Plain]]:
    """What was found, in the terms of ``Kept``: theme and readings by name."""
    told: dict[str, tuple[str, Plain]] = {}
    for one in found.series:
        readings: dict[Month, float | Pair] = {}
        for month, reading in one.readings.items():
            if reading.value is not None:
                readings[month] = reading.value
            else:
                assert reading.numerator is not None and reading.denominator is not None
                readings[month] = (reading.numerator, reading.denominator)
        told[one.name] = (one.theme, readings)
    return told


def find(rows: Mapping[str, Any] | Sequence[Any], **more: Any) -> Readings:
    """The readings of one sheet of rows (named Data), or of several by name."""
    sheets = dict(rows) if isinstance(rows, Mapping) else {"Data": rows}
    merges = more.pop("merges", {})
    merges = merges if isinstance(merges, Mapping) else {"Data": merges}
    return find_readings(FakeWorkbook(sheets, merges=merges), Settings(**more))


def codes(found: Readings) -> list[str]:
    return [finding.code for finding in found.findings]
