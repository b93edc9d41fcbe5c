"""The records of the registers as plain rows, for ``xlgov.read``.

Why both the number and the cell's text are not kept: a row is for counting and comparing, so a
score that can be read is its number; one that cannot is what the cell shows, never a guess.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from xlgov.grid.cells import CellError, Value, address
from xlgov.grid.records import Search
from xlgov.grid.sheet import Grid, Workbook, cell_date
from xlgov.risk.assessment import ASSESSMENTS
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.rating import Rater
from xlgov.risk.register import Risk, read_registers
from xlgov.risk.scheme import choose_scheme, read_key
from xlgov.settings.values import Settings


def list_records(workbook: Workbook, settings: Settings, search: Search) -> list[dict[str, Any]]:
    """One row per record: kind, sheet, address of the record, then every field that was found.

    Scores are ``current_likelihood`` and so on, whole numbers where they can be read; a blank is
    None. ``current_rating`` and ``current_level`` are what the cells hold; ``current_computed``
    and ``current_band`` are what the scheme gives, None without a scheme. Dates are dates, other
    cells as they stand.
    """
    registers = read_registers(workbook, search.layouts, settings)
    key = read_key(workbook, registers) if registers else None
    rows = []
    for register in registers:
        scheme = choose_scheme(workbook, register, settings, key).scheme
        rater = Rater(scheme, register.likelihood_words, register.impact_words)
        grids = {
            layout.sheet: workbook.grid(layout.sheet, columns=layout.columns)
            for layout in register.layouts
        }
        known = {name for layout in register.layouts for name in layout.headings}
        fields = [field.name for field in VOCABULARY.fields if field.name in known]
        kind = register.layouts[0].kind
        for risk in register.risks:
            row = {"kind": kind, "sheet": risk.sheet, "address": _place(risk)}
            row |= _fields(workbook, grids[risk.sheet], risk, fields)
            row |= _computed(risk, rater)
            rows.append(row)
    return rows


def _place(risk: Risk) -> str:
    """Where the record stands: its reference, else its first cell."""
    if risk.has("reference"):
        return risk.address("reference")
    record = risk.record
    places = (
        [(record.row, column) for column in record.columns.values()]
        if record.row
        else list(record.cells.values())
    )
    return address(*min(places)) if places else ""


def _fields(workbook: Workbook, grid: Grid, risk: Risk, fields: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in fields:
        group, _, measure = name.partition(".")
        place = risk.record.at(name)
        if name == "status_date":
            found = risk.status.day or (_shown(workbook, grid, place) if place else None)
            row[name] = found
        elif measure:
            assessment = getattr(risk, group)
            score = assessment.score(measure) if assessment else None
            value = None if score is None else score.raw if score.number is None else score.number
            row[f"{group}_{'level' if measure == 'band' else measure}"] = _plain(value)
        else:
            row[name] = _shown(workbook, grid, place) if place else None
    return row


def _computed(risk: Risk, rater: Rater) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in ASSESSMENTS:
        assessment = getattr(risk, name)
        if assessment is None:
            continue
        rated = rater.rate(assessment)
        computed = rated.rating if rated.computed else None
        band = rater.scheme.band(rated.rating) if rater.scheme and rated.rating else None
        row[f"{name}_computed"] = computed
        row[f"{name}_band"] = band.name if band else None
    return row


def _shown(
    workbook: Workbook, grid: Grid, place: tuple[int, int]
) -> int | float | str | bool | date | None:
    cell = grid.cell(*place)
    moment = cell_date(workbook, cell)
    if isinstance(moment, datetime):
        return moment.date() if moment.time() == datetime.min.time() else moment
    return _plain(cell.value)


def _plain(value: Value) -> int | float | str | bool | None:
    """The value without our own types; text of white space alone is a blank."""
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, str):
        return value.strip() or None
    return value
