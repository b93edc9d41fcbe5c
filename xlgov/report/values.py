"""Values of cells as JSON and text have them."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from xlgov.changes import Cached, Formula, MarkedText, RichText, StoredCell
from xlgov.grid.cells import CellError


def plain(value: object) -> Any:
    """A value as JSON has it: dates in ISO form, formulas with their sign, errors as text.

    A number beyond all bounds, for which JSON has no sign, is text too.
    """
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Cached):
        return plain(value.value)
    if isinstance(value, Formula):
        return "=" + value.text.removeprefix("=")
    if isinstance(value, (RichText, MarkedText, StoredCell, CellError, Path)):
        return str(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value
