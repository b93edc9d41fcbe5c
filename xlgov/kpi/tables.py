"""The rows of a dashboard and the readings behind it as plain rows, for ``xlgov.read``.

A figure's column holds what the cell holds; ``month`` is the month that the row is of, where that
is known from the headings.
"""

from __future__ import annotations

from typing import Any

from xlgov.grid.cells import CellError, Value, address
from xlgov.grid.sheet import Workbook
from xlgov.kpi.codes import KIND
from xlgov.kpi.readings import list_readings
from xlgov.kpi.search import Found
from xlgov.settings.values import Settings


def list_indicators(workbook: Workbook, settings: Settings, found: Found) -> list[dict[str, Any]]:
    """One row per row of a dashboard: kind, sheet, address, theme, indicator, month, its columns.

    Columns are named by what they hold (``current_month``, ``fytd_1_yr``). ``month`` is the first
    day of the month that the headings speak of; None without such headings. Blanks are None.
    """
    rows = []
    for row in found.dashboard.rows():
        grid = found.dashboard.grids[row.sheet]
        base = row.section.base
        line: dict[str, Any] = {
            "kind": KIND,
            "sheet": row.sheet,
            "address": address(*row.label_at),
            "theme": row.theme or None,
            "indicator": row.label,
            "month": base.first_day if base else None,
        }
        for meaning, column in row.section.columns.items():
            if meaning.measure not in ("indicator", "theme"):
                line[_column_name(meaning.title)] = _plain(grid.value(row.row, column))
        rows.append(line)
    return rows


def list_monthly(workbook: Workbook, settings: Settings, found: Found) -> list[dict[str, Any]]:
    """One row per reading: sheet, address, theme, indicator, month, value or its two parts."""
    return list_readings(found.readings.series)


def _column_name(title: str) -> str:
    """
    >>> _column_name("FYTD - 1 yr"), _column_name("current v 3yr avg")
    ('fytd_1_yr', 'current_v_3yr_avg')
    """
    return "_".join(title.casefold().replace("-", " ").split())


def _plain(value: Value) -> int | float | str | bool | None:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, str):
        return value.strip() or None
    return value
