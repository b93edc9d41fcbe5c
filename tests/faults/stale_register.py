"""A register with a stale rating, so that a refresh has something to write; and a look at it."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from tests.plain_registers import product, rank, rows_of, write_register
from xlgov.ooxml.lock import TEMP_PREFIX
from xlgov.ooxml.reader import open_workbook

ROOT = Path(__file__).parents[2]
RATINGS = [rank(*pair) for pair in ((1, 4), (2, 5), (3, 3), (4, 4), (5, 2), (2, 2), (4, 1), (3, 5))]
STALE = 24  # in E4, where the first risk's rating stands


def stale_register(path: Path) -> Path:
    """Ratings of the built-in matrix, the first of them wrong."""
    rows = rows_of(rank)
    rows[0][4] = STALE
    return write_register(path, rows)


def ratings(path: Path) -> list[object]:
    with open_workbook(path) as workbook:
        return workbook.grid("Register").columns[5].values[1:]


def is_whole(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        return package.testzip() is None


def beside(path: Path) -> list[str]:
    """Names in a workbook's folder, its own left out."""
    return sorted(name for name in os.listdir(path.parent) if name != path.name)


def litter(path: Path) -> list[str]:
    """Temporary and lock files of ours."""
    return [name for name in beside(path) if name.startswith(TEMP_PREFIX)]


__all__ = [
    "RATINGS", "ROOT", "STALE", "beside", "is_whole", "litter", "product", "ratings",
    "stale_register",
]  # fmt: skip
