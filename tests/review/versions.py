"""Two versions of small registers, typed with XlsxWriter, and what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlgov
from tests.plain_registers import write_register
from xlgov.review.difference import Difference, FieldChange

HEADINGS = (
    "Ref",
    "Risk description",
    "Likelihood",
    "Impact",
    "Risk score",
    "Risk owner",
    "Controls",
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("SR1.1", "Supplier fails", 2, 5, 10, "Head of Finance", "Contract checks each month"),
    ("SR1.2", "Flood closes the main office", 1, 4, 4, "Head of Estates", "Plan tested in May"),
    ("SR2.1", "Too few detectives", 3, 4, 12, "Head of People", "New entry route from April"),
    ("SR2.2", "Data lost in the move", 2, 3, 6, "Head of Digital", "Copies kept off site"),
    ("SR3.1", "Grant is cut", 4, 4, 16, "Head of Finance", "Reserve of one year"),
)


def versions(
    folder: Path,
    old: Sequence[Sequence[Any]],
    new: Sequence[Sequence[Any]],
    headings: Sequence[str] = HEADINGS,
    new_headings: Sequence[str] | None = None,
) -> tuple[Path, Path]:
    """Both versions as files."""
    before = write_register(folder / "old.xlsx", old, headings)
    after = write_register(folder / "new.xlsx", new, new_headings or headings)
    return before, after


def differ(
    folder: Path,
    old: Sequence[Sequence[Any]],
    new: Sequence[Sequence[Any]],
    headings: Sequence[str] = HEADINGS,
    new_headings: Sequence[str] | None = None,
) -> Difference:
    """What differs between two registers."""
    return xlgov.diff(*versions(folder, old, new, headings, new_headings))


def with_cell(row: int, column: int, value: Any) -> list[tuple[Any, ...]]:
    """The rows with another value in one cell, both counted from 0."""
    rows = [list(each) for each in ROWS]
    rows[row][column] = value
    return [tuple(each) for each in rows]


def whats(difference: Difference) -> list[tuple[str, str]]:
    """Reference and what happened, in order."""
    return [(each.record, each.what) for each in difference.changes]


def only_field(difference: Difference) -> FieldChange:
    """The one field of the one record that changed."""
    ((field,),) = [each.fields for each in difference.changes]
    return field
