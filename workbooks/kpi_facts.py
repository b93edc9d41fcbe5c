"""The published performance dashboard as values, read from ``facts/``: figures stay as printed.

Why months are numbers here: a window is then a range, and the sample stays independent of the
package under test. What the papers do not say (how months combine, which crime an outcome rate is
of, three fixed baselines) is stated once, below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from risk_facts import read_rows

YEAR = 12
APRIL = 3  # counted from 0, as month numbers are
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

SINGLES = ("current", "minus1yr", "minus2yr", "minus3yr")
WINDOWS = ("fytd", "fytd_minus1", "rolling12", "baseline")
FIGURES = (*SINGLES, *WINDOWS)
NOT_PRINTED = ("n/a", "-")

DOMESTIC_ABUSE = "Satisfaction with Service Delivery - Domestic Abuse"
KSI = "KSI Road Casualties"
TRIALS = ("Effective Trial rate", "Cracked Trial rate", "Ineffective Trial rate")

LEVELS = ("Special Constabulary Establishment", "Police Support Volunteers - Establishment")

# An outcome rate is of the crimes recorded in the same month.
CRIME_OF = {
    "All Crime Outcome Rate": "All Recorded Crime",
    "Burglary Dwelling Outcome Rate": "Burglary Dwelling",
    "Domestic Abuse Outcome Rate": "Domestic Abuse",
    "Serious Sexual Offences Outcome Rate": "Serious Sexual Offences",
    "Cyber Crime Outcome Rate": "Cyber crime",
    "Hate Crime Outcome Rate": "Hate Crime",
}

# Printed rolling figures that contradict the year to date of the same twelve months.
CONTRADICTING = (DOMESTIC_ABUSE, "Sickness - Police Officer", "Sickness - Police Staff")
# Printed baselines that contradict the previous year of the same twelve months.
FIXED_BASELINES = {
    DOMESTIC_ABUSE: 85.2,
    "999 calls answered within 10 seconds": 95.1,
    "Sickness - Police Officer": 9.4,
}

INFORMATION_NAMES = {
    "Sickness - Police Officer": "Police officers sickness absence rate",
    "Sickness - Police Staff": "Police staff sickness absence rate",
}


def month_number(text: str) -> int:
    """A printed month as a number that counts on through the years.

    >>> month_number("Mar-18") - month_number("Dec-17")
    3
    """
    name, year = text.split("-")
    return (2000 + int(year)) * YEAR + NAMES.index(name)


def month_text(month: int) -> str:
    """``Mar-18``."""
    return f"{NAMES[month % YEAR]}-{month // YEAR % 100:02d}"


def month_date(month: int) -> date:
    """The first day of a month."""
    return date(month // YEAR, month % YEAR + 1, 1)


FIRST, LAST = month_number("Jul-13"), month_number("Mar-18")


def year_start(month: int) -> int:
    """The April on or before a month."""
    return month - (month - APRIL) % YEAR


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the dashboard; ``printed`` holds its figures, and its judgements, as printed."""

    order: int
    theme: str
    name: str
    period_end: int
    unit: str
    direction: str
    printed: Mapping[str, str]

    @property
    def combine(self) -> str:
        """How months make a window: sum, ratio, mean or latest."""
        if self.name in LEVELS:
            return "latest"
        return {"percent": "ratio", "minutes": "mean"}.get(self.unit, "sum")

    @property
    def decimals(self) -> int:
        return 1 if self.unit in ("percent", "days") else 0

    def figure(self, field: str) -> Fraction | None:
        """A printed figure as a number, a percentage as a fraction; None where none is printed."""
        text = self.printed[field]
        if text in NOT_PRINTED:
            return None
        value = Fraction(text.replace(",", "").removesuffix("%"))
        return value / 100 if text.endswith("%") else value

    def months(self, field: str) -> range:
        """The months that a figure is of."""
        end = self.period_end
        if field in SINGLES:
            month = end - YEAR * SINGLES.index(field)
            return range(month, month + 1)
        if field == "fytd":
            return range(year_start(end), end + 1)
        if field == "fytd_minus1":
            return range(year_start(end) - YEAR, end - YEAR + 1)
        if field == "rolling12":
            return range(end - YEAR + 1, end + 1)
        return range(year_start(end) - YEAR, year_start(end))

    def is_recomputable(self, field: str) -> bool:
        """Whether the readings can give a figure: it is printed and contradicts no other."""
        return (
            self.figure(field) is not None
            and not (field == "rolling12" and self.name in CONTRADICTING)
            and not (field == "baseline" and self.name in FIXED_BASELINES)
        )

    @property
    def begins(self) -> int:
        """The first month with a reading: later than the last month that is printed as n/a."""
        if self.printed["minus2yr"] == "n/a":
            return year_start(self.period_end) - YEAR
        if self.printed["minus3yr"] == "n/a":
            return year_start(self.period_end) - 2 * YEAR
        return FIRST

    @property
    def all_months(self) -> range:
        """The months with a reading."""
        return range(self.begins, self.period_end + 1)


def read_indicators() -> list[Indicator]:
    """The 42 rows of the dashboard in printed order."""
    return [
        Indicator(
            order=int(row["order"]),
            theme=row["theme"],
            name=row["indicator"],
            period_end=month_number(row["period_end"]),
            unit=row["unit"],
            direction=row["desired_direction_judgement"],
            printed={
                field: row[field] for field in (*FIGURES, "v1yr", "v3yr", "perf_v_benchmark", "msf")
            },
        )
        for row in read_rows("kpi_dashboard_2018_03.csv")
    ]
