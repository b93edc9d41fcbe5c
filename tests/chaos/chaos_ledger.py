"""What was done to the runs of the chaos run, and how each of them ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from chaos_books import Book


class Saved(NamedTuple):
    """A workbook was saved by somebody: by which version, and what it was just before."""

    book: Book
    version: int
    replaced: str
    way: str


@dataclass(slots=True)
class OneRun:
    """One run: the file of what it printed, whether it was sent a Ctrl-C, its exit code."""

    said: Path
    was_interrupted: bool = False
    code: int = 0

    @property
    def words(self) -> str:
        return self.said.read_text("utf-8", "replace")


@dataclass(slots=True)
class Ledger:
    """All that was done, counted; the runs in their order; ``wrong`` is what should never be."""

    counts: Counter[str] = field(default_factory=Counter)
    runs: list[OneRun] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
