"""How many things are said in few words: counts, rows of names, labels before lists."""

from __future__ import annotations

from collections.abc import Sequence

MOST_LINES = 100  # single findings or changes of a workbook; --json has all
_MOST_RECORDS = 50  # of one kind of finding, or above tolerance
_INDENT = 18


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "risk"), count(16, "risk")
    ('1 risk', '16 risks')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def labelled(label: str, texts: Sequence[str]) -> list[str]:
    """Texts in a column, the label before the first; nothing for no texts."""
    lines = []
    for number, text in enumerate(shortened(texts, MOST_LINES)):
        mark = label if number == 0 else ""
        lines.append(f"{mark:<{_INDENT}}{text}")
    return lines


def in_a_row(texts: Sequence[str]) -> str:
    """Texts in a row, the first of them where they are very many."""
    return ", ".join(shortened(texts, _MOST_RECORDS))


def shortened(texts: Sequence[str], most: int) -> list[str]:
    """
    >>> shortened(["a", "b", "c"], 2)
    ['a', 'b', '... and 1 more']
    """
    if len(texts) <= most:
        return list(texts)
    return [*texts[:most], f"... and {len(texts) - most:,} more"]
