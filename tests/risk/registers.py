"""Registers to test on: the published one from its facts, and small ones typed by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.risk.fake import FakeWorkbook, dated
from xlgov.grid.records import Layout, Record, Search
from xlgov.risk.preview import Preview, preview_registers
from xlgov.risk.scale import BANDS
from xlgov.settings.values import Settings

FACTS = Path(__file__).parents[1] / "facts"
AS_OF = date(2017, 2, 6)
KNOWN_BANDS = Settings(bands=BANDS)

FIELDS = (
    "reference",
    "objective",
    "status",
    "status_date",
    "owner",
    "second_owner",
    "inherent.likelihood",
    "inherent.impact",
    "inherent.rating",
    "controls",
    "current.likelihood",
    "current.impact",
    "current.rating",
    "future_actions",
    "future.likelihood",
    "future.impact",
    "future.rating",
)


def read_facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _number(text: str) -> int | None:
    return int(text) if text else None


def published_rows() -> list[dict[str, Any]]:
    """The sixteen published risks as rows of cells by field name."""
    rows = []
    for fact in read_facts("risk_register.csv"):
        row: dict[str, Any] = {
            "reference": fact["reference"],
            "objective": fact["objective"],
            "status": fact["status_text"],
            "status_date": dated(date.fromisoformat(fact["status_date"])),
            "owner": fact["exec_lead"] or None,
            "second_owner": fact["senior_lead"] or None,
            "controls": fact["controls"] or None,
            "future_actions": fact["future_actions"] or None,
        }
        for name in ("inherent", "current", "future"):
            for measure, letter in (("likelihood", "L"), ("impact", "I"), ("rating", "R")):
                row[f"{name}.{measure}"] = _number(fact[f"{name}_{letter}"])
        rows.append(row)
    return rows


def small_row(
    reference: str, likelihood: Any, impact: Any, rating: Any, **more: Any
) -> dict[str, Any]:
    """A risk with a current assessment only; ``more`` uses ``__`` for the dot of a field."""
    row = {
        "reference": reference,
        "current.likelihood": likelihood,
        "current.impact": impact,
        "current.rating": rating,
    }
    return row | {name.replace("__", "."): value for name, value in more.items()}


def make_book(
    rows: Sequence[Mapping[str, Any]],
    fields: Iterable[str] | None = None,
    headings: Mapping[str, str] | None = None,
    sheet: str = "Register",
    title: str = "Strategic Risk Register",
    **sheets: Sequence[Sequence[Any]],
) -> tuple[FakeWorkbook, Search]:
    """A workbook with one table (title in row 1, headings in row 3), and where it stands."""
    names = list(fields) if fields is not None else list(dict.fromkeys(k for r in rows for k in r))
    columns = {name: place for place, name in enumerate(names, start=1)}
    printed = {name: (headings or {}).get(name, name.replace(".", " / ")) for name in names}
    table: list[list[Any]] = [[title], [], [printed[name] for name in names]]
    table += [[row.get(name) for name in names] for row in rows]
    book = FakeWorkbook({sheet: table, **sheets})
    records = [Record({}, row, columns) for row in range(4, 4 + len(rows))]
    layout = Layout(
        "strategic risk register",
        sheet,
        "table",
        printed,
        records,
        (3,),
        frozenset(columns.values()),
    )
    return book, Search((layout,))


def preview_rows(
    rows: Sequence[Mapping[str, Any]],
    settings: Settings = KNOWN_BANDS,
    as_of: date = AS_OF,
    **more: Any,
) -> Preview:
    book, search = make_book(rows, **more)
    return preview_registers(book, settings, as_of, search)


def stated(**keys: Any) -> Settings:
    """Settings with the bands known, and more."""
    return replace(KNOWN_BANDS, **keys)


def codes(preview: Preview) -> dict[str, list[str]]:
    """Records by the code of their findings."""
    found: dict[str, list[str]] = {}
    for finding in preview.findings:
        found.setdefault(finding.code, []).append(finding.record)
    return found


def said(preview: Preview) -> list[str]:
    return [finding.message for finding in preview.findings]


def written(preview: Preview) -> dict[str, Any]:
    return {change.address: change.after for change in preview.cells}
