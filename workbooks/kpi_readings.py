"""Monthly readings behind the dashboard, July 2013 to March 2018: illustrative, by one generator.

The papers print results and no months. Each indicator's months are drafted on the level that its
own printed figures set (straight lines between the middles of the years), with a season and a
noise per unit, by ``random.Random`` seeded with ``SEED`` and the indicator's name. The draft is
then changed as little as makes every printed figure come out as printed: this month, the same
month of the three years before, both years to date, rolling 12 months and baseline.

Seed, noise and season below were fixed before any comparison was made of these months, with only
the spread of the printed figures in view. Nothing here reads a printed Higher, Lower or
Comparable, and a test makes the same months without them: what a comparison says of these months
is no evidence.

Where an earlier year is printed as n/a the series begins after it. Three rolling figures and
three baselines contradict another printed figure of the same months (``kpi_facts.CONTRADICTING``,
``FIXED_BASELINES``); the readings follow the years to date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import cos, pi, sqrt
from random import Random

from kpi_facts import (
    CRIME_OF,
    DOMESTIC_ABUSE,
    SINGLES,
    TRIALS,
    WINDOWS,
    YEAR,
    Indicator,
    month_number,
    read_indicators,
    year_start,
)
from kpi_levels import monthly_levels
from kpi_repair import Bounds, Windows, bounds_of, share_total, total_room

SEED = 20180331

# Standard deviation from month to month beyond mere chance: a part of the level, for percentages
# of the spread of one answer. Chance is the spread of a count, or of a share of the denominator.
NOISE = {"count": 0.04, "percent": 0.04, "minutes": 0.03, "days": 0.05, "hours": 0.06}
LEVEL_NOISE = 0.01  # establishments
SEASON = {"count": 0.05, "percent": 0.0, "minutes": 0.0, "days": -0.06, "hours": 0.03}
PEAK = 6  # July, counted from 0
WIDEST = 2.0  # standard deviations

PARTS_OF_UNIT = {"count": 1, "hours": 1, "days": 100, "minutes": 10}

# Answers, calls or trials a month, and their spread as a part of that.
ASKED = {
    "Satisfaction with Service Delivery - Police": (124, 0.06),
    "Satisfaction with Service Delivery - Burglary": (42, 0.12),
    DOMESTIC_ABUSE: (46, 0.12),
    "Satisfaction with Service Delivery - Hate Crime": (24, 0.10),
    "Perception of Drug Misuse": (148, 0.03),
    "Dealing with Local Concerns": (112, 0.06),
    "How safe do our communities feel?": (330, 0.04),
    "Perception of high ASB": (330, 0.04),
    "999 calls answered within 10 seconds": (8_400, 0.05),
    "Non-emergency calls answered within 30 seconds": (24_500, 0.05),
    "Vacated Trial rate": (118, 0.08),
    **dict.fromkeys(TRIALS, (104, 0.10)),
}
# Numerator 0 is printed for this month, so few can have been asked.
FEW_ASKED = {(DOMESTIC_ABUSE, month_number("Mar-18")): 12}


@dataclass(slots=True)
class Readings:
    """One indicator's months: values, or numerators (in ``values``) with denominators."""

    indicator: Indicator
    values: dict[int, float] = field(default_factory=dict)
    denominators: dict[int, int] = field(default_factory=dict)

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominators)


def make_readings() -> dict[str, Readings]:
    """Every indicator's readings by its name, in printed order."""
    indicators = read_indicators()
    made: dict[str, Readings] = {}
    for indicator in indicators:
        if indicator.combine != "ratio":
            made[indicator.name] = _read_whole(indicator)
    shares = [indicator for indicator in indicators if indicator.name in TRIALS]
    trials = _ask(shares[0], shares)
    for indicator in indicators:
        if indicator.combine != "ratio":
            continue
        if indicator.name in CRIME_OF:
            recorded = made[CRIME_OF[indicator.name]].values
            asked = {month: int(recorded[month]) for month in indicator.all_months}
        elif indicator.name in TRIALS:
            asked = trials
        else:
            asked = _ask(indicator, [indicator])
        taken = [made[name].values for name in TRIALS if name in made and indicator in shares]
        made[indicator.name] = _read_ratio(indicator, asked, taken)
    return {indicator.name: made[indicator.name] for indicator in indicators}


def _seeded(indicator: Indicator, purpose: str) -> Random:
    return Random(f"{SEED} {indicator.name} {purpose}")


def _noise(random: Random) -> float:
    return min(max(random.gauss(0, 1), -WIDEST), WIDEST)


def _half(indicator: Indicator) -> Fraction:
    """Half of the last printed place."""
    return (
        Fraction(1, 2000)
        if indicator.unit == "percent"
        else Fraction(1, 2 * 10**indicator.decimals)
    )


def _ask(indicator: Indicator, sharing: list[Indicator]) -> dict[int, int]:
    """Denominators by month; a printed month's is the nearest that can show what is printed."""
    random = _seeded(indicator, "denominators")
    level, spread = ASKED[indicator.name]
    asked = {month: round(level * (1 + spread * _noise(random))) for month in indicator.all_months}
    for single in SINGLES:
        for month in indicator.months(single):
            if indicator.figure(single) is None:
                continue
            start = FEW_ASKED.get((indicator.name, month), asked[month])
            asked[month] = next(
                number
                for distance in range(start)
                for number in (start + distance, start - distance)
                if _can_show(sharing, single, number)
            )
    singles = {month for single in SINGLES for month in indicator.months(single)}
    windows = [window for window in WINDOWS if indicator.is_recomputable(window)]
    step = 0
    while empty := [
        window
        for window in windows
        if not _can_show(sharing, window, sum(asked[m] for m in indicator.months(window)))
    ]:
        free = [month for month in indicator.months(empty[0]) if month not in singles]
        asked[free[step % len(free)]] += 1
        step += 1
    return asked


def _can_show(sharing: list[Indicator], field: str, number: int) -> bool:
    """Whether numerators out of this number print as they should, and add up to it if shared."""
    bounds = []
    for indicator in sharing:
        figure = indicator.figure(field)
        assert figure is not None
        bounds.append(bounds_of(figure, _half(indicator), number))
    if any(b.lowest > b.highest or b.lowest > number for b in bounds):
        return False
    return len(sharing) == 1 or number in total_room(bounds)


def _read_whole(indicator: Indicator) -> Readings:
    """Counts, hours, days, minutes and levels."""
    unit = 1 if indicator.combine == "latest" else PARTS_OF_UNIT[indicator.unit]
    random = _seeded(indicator, "values")
    season = 0.0 if indicator.combine == "latest" else SEASON[indicator.unit]
    drafts = {}
    for month, level in monthly_levels(indicator, None).items():
        chance = 1 / level if indicator.unit == "count" else 0.0
        spread = sqrt(NOISE[indicator.unit] ** 2 + chance)
        if indicator.combine == "latest":
            spread = LEVEL_NOISE
        seasonal = 1 + season * cos(2 * pi * (month % YEAR - PEAK) / YEAR)
        drafts[month] = unit * level * seasonal * (1 + spread * _noise(random))
    rooms = {month: Bounds(1, 10**9) for month in drafts}
    agreed = _agree(indicator, drafts, drafts, rooms, unit, None)
    return Readings(indicator, {month: value / unit for month, value in agreed.items()})


def _read_ratio(
    indicator: Indicator, asked: Mapping[int, int], taken: list[dict[int, float]]
) -> Readings:
    """Numerators for given denominators.

    ``taken`` are numerators of the other indicators that share them: with two of three taken,
    the last has what is left.
    """
    random = _seeded(indicator, "values")
    drafts, weights, rooms = {}, {}, {}
    for month, level in monthly_levels(indicator, asked).items():
        spread = sqrt(level * (1 - level) * (NOISE["percent"] ** 2 + 1 / asked[month]))
        share = min(max(level + spread * _noise(random), 0.0), 1.0)
        left = asked[month] - round(sum(other[month] for other in taken))
        rooms[month] = Bounds(0, left) if len(taken) < len(TRIALS) - 1 else Bounds(left, left)
        drafts[month] = share * asked[month]
        weights[month] = max(level * (1 - level), 0.002) * asked[month]
    agreed = _agree(indicator, drafts, weights, rooms, 1, asked)
    return Readings(indicator, dict(agreed), dict(asked))


def _agree(
    indicator: Indicator,
    drafts: Mapping[int, float],
    weights: Mapping[int, float],
    rooms: Mapping[int, Bounds],
    unit: int,
    asked: Mapping[int, int] | None,
) -> dict[int, int]:
    """Whole numbers near the drafts from which every printed figure follows."""
    agreed = {month: rooms[month].clip(draft) for month, draft in drafts.items()}
    fixed = set()
    for single in SINGLES:
        figure = indicator.figure(single)
        (month,) = indicator.months(single)
        if figure is not None:
            per = asked[month] if asked else unit
            within = bounds_of(figure, _half(indicator), per)
            within = Bounds(
                max(within.lowest, rooms[month].lowest), min(within.highest, rooms[month].highest)
            )
            agreed[month] = within.clip(drafts[month])
            fixed.add(month)
    if indicator.combine == "latest":
        return agreed
    windows = _windows(indicator, unit, asked)
    runs = (windows.before, windows.between, windows.now)
    rooms = dict(rooms) | {month: Bounds(agreed[month], agreed[month]) for month in fixed}
    totals = windows.totals(
        [sum(agreed[month] for month in run) for run in runs],
        [total_room(rooms[month] for month in run) for run in runs],
    )
    for run, total in zip(runs, totals, strict=True):
        free = [month for month in run if month not in fixed]
        agreed |= share_total(
            total - sum(agreed[month] for month in run if month in fixed),
            {month: drafts[month] for month in free},
            {month: weights[month] for month in free},
            {month: rooms[month] for month in free},
        )
    return agreed


_RUNS = {"fytd_minus1": (0,), "baseline": (0, 1), "rolling12": (1, 2), "fytd": (2,)}


def _windows(indicator: Indicator, unit: int, asked: Mapping[int, int] | None) -> Windows:
    """The runs of months that the printed windows are of, with what each window allows."""
    end, start = indicator.period_end, year_start(indicator.period_end)
    allowed: dict[tuple[int, ...], Bounds] = {}
    for window, places in _RUNS.items():
        if not indicator.is_recomputable(window):
            continue
        figure, months = indicator.figure(window), indicator.months(window)
        assert figure is not None
        if asked:
            per = sum(asked[month] for month in months)
        else:
            per = unit * (len(months) if indicator.combine == "mean" else 1)
        allowed[places] = bounds_of(figure, _half(indicator), per)
    return Windows(
        range(start - YEAR, end - YEAR + 1),
        range(end - YEAR + 1, start),
        range(start, end + 1),
        allowed,
    )
