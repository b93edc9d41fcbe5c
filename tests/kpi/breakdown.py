"""The published breakdowns with counts under them, since the papers print only percentages.

The counts are any whole numbers that give every printed percentage at its one decimal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.risk.registers import read_facts

TOTALS: Mapping[str, tuple[str, ...]] = {
    "Juveniles": ("14 and under", "15-17"),
    "Total America": ("North America", "Central America", "South America"),
    "Europe (excl UK)": (
        "Northern Europe",
        "Eastern Europe",
        "Southern Europe",
        "Western Europe",
    ),
    "Europe (incl UK)": ("UK", "Europe (excl UK)"),
}
PERIODS = ("month_value_mar18", "rolling12_value_to_mar18")


@dataclass(frozen=True)
class Breakdown:
    """One dimension: printed percentages and fitting counts, per category and period."""

    name: str
    categories: Sequence[str]
    printed: Mapping[tuple[str, str], str]
    counts: Mapping[tuple[str, str], int]
    wholes: Mapping[str, int]

    def leaves(self) -> list[str]:
        """The categories that are no subtotal."""
        return [each for each in self.categories if each not in TOTALS]


def percent(count: int, whole: int) -> str:
    """One decimal, a half away from zero, in whole-number arithmetic."""
    tenths = (2000 * count + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def fitting(printed: Mapping[str, str], whole: int) -> dict[str, int] | None:
    """Counts of the leaves that show every printed percentage of this whole; None without."""
    reach = {
        name: [n for n in _near(text, whole) if percent(n, whole) == text]
        for name, text in printed.items()
    }
    if not all(reach.values()):
        return None
    counts = {name: options[len(options) // 2] for name, options in reach.items()}
    leaves = [name for name in counts if name not in TOTALS]
    for label in [each for each in TOTALS if each in counts]:
        parts = _leaves_of(label)
        first = next(iter(TOTALS[label]))  # the one to move: UK, not the rest of Europe
        movable = [first] if first in leaves and label == "Europe (incl UK)" else parts
        for _ in range(4 * len(reach[label]) + whole):
            total = sum(counts[part] for part in parts)
            if reach[label][0] <= total <= reach[label][-1]:
                break
            step = 1 if total < reach[label][0] else -1
            part = next((p for p in movable if counts[p] + step in reach[p]), None)
            if part is None:
                return None
            counts[part] += step
        counts[label] = sum(counts[part] for part in parts)
    return counts


def _near(text: str, whole: int) -> range:
    middle = round(float(text.rstrip("%")) / 100 * whole)
    return range(max(middle - whole // 1000 - 2, 0), middle + whole // 1000 + 3)


def _leaves_of(label: str) -> list[str]:
    found = []
    for part in TOTALS[label]:
        found += _leaves_of(part) if part in TOTALS else [part]
    return found


def breakdowns() -> Iterator[Breakdown]:
    """All six: arrests and stop searches by age, ethnicity and nationality."""
    facts = read_facts("breakdown_2018_03.csv")
    for table, dimension in dict.fromkeys((f["table"], f["dimension"]) for f in facts):
        rows = [f for f in facts if (f["table"], f["dimension"]) == (table, dimension)]
        shares = [f for f in rows if f["unit"] == "percent"]
        total = next((f for f in rows if f["unit"] == "count"), None)
        printed, counts, wholes = {}, {}, {}
        for period in PERIODS:
            texts = {f["category"]: f[period] for f in shares}
            stated = int(total[period].replace(",", "")) if total else None
            other = {"Arrests": (931, 11_808)}.get(table, (None, None))[PERIODS.index(period)]
            for whole in [stated or other] if stated or other else range(10, 2000):
                fit = fitting(texts, whole)
                if fit:
                    break
            assert fit, (table, dimension, period)
            wholes[period] = whole
            counts |= {(name, period): count for name, count in fit.items()}
            printed |= {(name, period): text for name, text in texts.items()}
        categories = [f["category"] for f in shares]
        yield Breakdown(f"{table} by {dimension}", categories, printed, counts, wholes)
