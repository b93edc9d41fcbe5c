"""The records of a workbook for people: printed in columns, and as CSV files for a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlgov.report.values import plain


def write_csv(tables: dict[str, list[dict[str, Any]]], folder: Path, stem: str) -> list[Path]:
    """Write one CSV file per kind; text that a spreadsheet would take for a formula is quoted.

    The files are UTF-8 with a signature, which Excel needs to read accents right.
    """
    import csv

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, rows in tables.items():
        path = folder / f"{stem}-{kind}.csv"
        names = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows([_csv_text(row.get(name)) for name in names] for row in rows)
        written.append(path)
    return written


def _csv_text(value: object) -> object:
    text = plain(value)
    if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != "-":
        return "'" + text
    return text


def print_tables(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Print the short fields of every record in columns; ``--csv`` and ``--json`` have all."""
    for rows in tables.values():
        names = list(dict.fromkeys(name for row in rows for name in row if name != "kind"))
        names.sort(key=lambda name: name != "reference")
        texts = [[_short(row.get(name)) for name in names] for row in rows]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        shown = [at for at, width in enumerate(widths) if 0 < width <= _SHORT]
        for line in [names, *texts]:
            cells = (f"{line[at]:<{max(widths[at], len(names[at]))}}" for at in shown)
            print("  ".join(cells).rstrip())


_SHORT = 24


def _short(value: object) -> str:
    return "" if value is None else " ".join(str(plain(value)).split())
