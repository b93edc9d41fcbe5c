"""The published strategic risks as values, read from ``facts/``, and what is stale in the samples.

Why stale ratings are applied here: both workbooks show the same facts with different typing
mistakes, so a mistake is stated once, as data, and the sheet makers know nothing of it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

FACTS = Path(__file__).parent / "facts"

ASSESSMENTS = ("inherent", "current", "future")
CATEGORIES = (
    "Political",
    "Economic",
    "Social",
    "Technological",
    "Environmental",
    "Legislative",
    "Organisation",
)
TOLERANCE = 13


@dataclass(frozen=True, slots=True)
class Band:
    """A range of ratings, both ends included; limits other than 13 are assumed."""

    name: str
    lowest: int
    highest: int
    fill: str
    font: str
    meaning: str


BANDS = (
    Band("Critical", 23, 25, "#C00000", "#FFFFFF", "To the Executive Board; act now, keep at it"),
    Band("High", 20, 22, "#FF0000", "#FFFFFF", "To the Executive Board; act now"),
    Band(
        "Medium-high",
        14,
        19,
        "#FFC000",
        "#000000",
        "To the Executive Board; lower likelihood or impact",
    ),
    Band("Medium", 7, 13, "#FFFF00", "#000000", "Within tolerance; watch for any rise"),
    Band("Low", 1, 6, "#92D050", "#000000", "The normal controls are enough"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """One assessment of a risk. All None where the risk has no such assessment."""

    likelihood: int | None
    impact: int | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class Stale:
    """A typed number that is out of date: what the cell shows, and what the facts say."""

    reference: str
    assessment: str
    measure: str
    shown: int
    right: int


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk of the register; ``scores`` follow the order of ``ASSESSMENTS``."""

    reference: str
    title: str
    objective: str
    status: str
    updated: date
    description: str
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    executive_lead: str
    senior_lead: str
    controls: tuple[str, ...]
    assurance: tuple[str, ...]
    future_actions: tuple[str, ...]
    scores: tuple[Score, Score, Score]


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of one file in ``facts/``."""
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_risks() -> list[Risk]:
    """The 16 risks in printed order, scores as printed."""
    titles = {
        row["reference"]: row["title_paraphrase"] for row in read_rows("risk_summary_list.csv")
    }
    return [
        Risk(
            reference=row["reference"],
            title=titles[row["reference"]],
            objective=row["objective"],
            status=row["status_text"],
            updated=date.fromisoformat(row["status_date"]),
            description=row["description"],
            causes=split_items(row["causes"]),
            effects=split_items(row["effects"]),
            executive_lead=row["exec_lead"],
            senior_lead=row["senior_lead"],
            controls=split_items(row["controls"]),
            assurance=split_items(row["assurance"]),
            future_actions=split_items(row["future_actions"]),
            scores=(
                read_score(row, "inherent"),
                read_score(row, "current"),
                read_score(row, "future"),
            ),
        )
        for row in read_rows("risk_register.csv")
    ]


def read_score(row: dict[str, str], assessment: str) -> Score:
    """The three printed numbers of one assessment; blank is None."""
    likelihood, impact, rating = (
        int(row[f"{assessment}_{letter}"]) if row[f"{assessment}_{letter}"] else None
        for letter in "LIR"
    )
    return Score(likelihood, impact, rating)


def read_matrix() -> dict[tuple[int, int], int]:
    """(likelihood, impact) to rating."""
    return {
        (int(row["likelihood"]), int(row["impact"])): int(row["rating"])
        for row in read_rows("risk_matrix.csv")
    }


def split_items(text: str) -> tuple[str, ...]:
    """
    >>> split_items("one | two")
    ('one', 'two')
    """
    return tuple(item.strip() for item in text.split(" | ") if item.strip())


def make_stale(risks: Iterable[Risk], mistakes: Iterable[Stale]) -> list[Risk]:
    """The same risks with the mistakes typed in.

    Raises ValueError where a mistake names no risk, or its right value is not the printed one.
    """
    by_reference = {risk.reference: risk for risk in risks}
    for mistake in mistakes:
        risk = by_reference.get(mistake.reference)
        place = ASSESSMENTS.index(mistake.assessment)
        printed = getattr(risk.scores[place], mistake.measure) if risk else None
        if risk is None or printed != mistake.right or mistake.shown == mistake.right:
            raise ValueError(f"{mistake}: the facts print {printed}")
        scores = list(risk.scores)
        scores[place] = replace(scores[place], **{mistake.measure: mistake.shown})
        by_reference[risk.reference] = replace(risk, scores=(scores[0], scores[1], scores[2]))
    return list(by_reference.values())


def band_of(rating: int) -> Band:
    """The band that a rating of 1 to 25 falls in."""
    return next(band for band in BANDS if band.lowest <= rating <= band.highest)
