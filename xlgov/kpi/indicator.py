"""What is known of an indicator: how its months combine, its unit, its tests.

Nearest first, field by field: the settings for this indicator, the words in columns beside its
readings, the settings for its theme, those for all, then what the readings themselves tell:
numerators and denominators make a ratio, a plain value is a sum. A plain percentage has no
denominators to weigh it by, so it combines in no way until somebody says *mean*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any, NamedTuple

from xlgov.kpi.names import normal_name
from xlgov.kpi.number_format import show_number
from xlgov.kpi.period import Month
from xlgov.kpi.series import Series
from xlgov.settings.figures import Percentage
from xlgov.settings.indicators import RULE_KEYS
from xlgov.settings.values import (
    Combine,
    Direction,
    IndicatorRule,
    Settings,
    Significant,
    Test,
)

PERCENT = "percent"
FRACTION = "fraction"
AVERAGE_TEST: Test = "spread"
BENCHMARK_TEST: Test = "relative"
PEER_TEST: Test = "relative"

_TESTS: Mapping[str, Test] = {
    "average": AVERAGE_TEST,
    "benchmark": BENCHMARK_TEST,
    "peer": PEER_TEST,
}
_LATEST = 24  # readings that tell how finely an indicator is recorded
_PER = re.compile(r"\bper ([\d,]+)\b")


class Indicator(NamedTuple):
    """One indicator as it is computed. Figures of a percentage are fractions here.

    ``combine`` None: there is no window of it. ``direction`` None: neither way is better.
    ``target`` and ``baseline`` are in the figures' own scale. ``lag`` None: not stated.
    """

    name: str
    theme: str = ""
    combine: Combine | None = "sum"
    unit: str = ""
    decimals: int | None = None
    direction: Direction | None = None
    target: float | None = None
    baseline: float | None = None
    lag: int | None = None
    average_test: Test = AVERAGE_TEST
    average_limit: float | None = None
    benchmark_test: Test = BENCHMARK_TEST
    benchmark_limit: float | None = None
    peer_test: Test = PEER_TEST
    peer_limit: float | None = None
    significant: Significant | None = None
    rebase: tuple[Month, ...] = ()
    screen: bool = False
    parts: tuple[str, ...] = ()
    source: str = ""
    is_percent: bool = False
    scale: float = 1.0  # a rate per 1,000 is 1,000 times numerator over denominator
    reading_scale: float = 1.0  # 82.5 read for 82.5% is 0.825

    def show(self, figure: float) -> str:
        """A figure in the indicator's unit, as a person writes it.

        >>> Indicator("Outcome rate", is_percent=True).show(0.1594), Indicator("Crime").show(4988)
        ('15.9%', '4,988')
        """
        if self.is_percent:
            return f"{show_number(figure, 1 if self.decimals is None else self.decimals, 2)}%"
        if self.decimals is None:
            return show_number(figure, 0 if float(figure).is_integer() else 1)
        return show_number(figure, self.decimals)

    def show_average(self, figure: float) -> str:
        """A mean of months: with a decimal more where whole numbers are too coarse for it."""
        if self.is_percent or self.decimals or abs(figure) >= 1000:
            return self.show(figure)
        if float(figure).is_integer():
            return show_number(figure, 0)
        return show_number(figure, 1)


def resolve_indicator(series: Series, settings: Settings) -> Indicator:
    """The indicator of a series: all that is stated of it, and what its readings tell."""
    rule = stated_rule(series, settings)
    combine = rule.combine or told_combine(series, rule)
    unit = _unit_of(rule)
    per = _PER.search(unit)
    ratio = combine == "ratio"
    is_percent = unit in (PERCENT, FRACTION) or (not unit and (ratio or series.in_percent))
    scale = float(per[1].replace(",", "")) if per and ratio else 1.0
    of_percent = 0.01 if unit == PERCENT or (is_percent and not unit) else 1.0
    return Indicator(
        name=series.name,
        theme=series.theme,
        combine=combine,
        unit=unit or (PERCENT if is_percent else ""),
        decimals=_decimals(series, is_percent) if rule.decimals is None else rule.decimals,
        direction=None if rule.direction == "none" else rule.direction,
        target=None if rule.target is None else rule.target * of_percent,
        baseline=None if rule.baseline is None else rule.baseline * of_percent,
        lag=rule.lag,
        average_test=rule.average_test or AVERAGE_TEST,
        average_limit=rule.average_limit,
        benchmark_test=rule.benchmark_test or BENCHMARK_TEST,
        benchmark_limit=rule.benchmark_limit,
        peer_test=rule.peer_test or PEER_TEST,
        peer_limit=rule.peer_limit,
        significant=rule.significant,
        rebase=tuple(Month.of(day) for day in rule.rebase),
        screen=bool(rule.screen),
        parts=rule.parts,
        source=rule.source or "",
        is_percent=is_percent,
        scale=scale,
        reading_scale=of_percent if unit == PERCENT and not series.in_percent else 1.0,
    )


def _decimals(series: Series, is_percent: bool) -> int | None:
    """As many decimals as the latest readings have, three at most; None for whole numbers."""
    if is_percent or series.is_ratio:
        return None
    values = [each.value for _, each in sorted(series.readings.items())[-_LATEST:]]
    texts = [f"{value:.3f}".rstrip("0") for value in values if value is not None]
    return max((len(text.partition(".")[2]) for text in texts), default=0) or None


def told_combine(series: Series, rule: IndicatorRule) -> Combine | None:
    """How the months combine, as far as the readings and the unit tell."""
    if series.is_ratio:
        return "ratio"
    in_percent = series.in_percent or _unit_of(rule) in (PERCENT, FRACTION)
    return None if in_percent else "sum"


def _unit_of(rule: IndicatorRule) -> str:
    unit = (rule.unit or "").strip().casefold()
    return PERCENT if unit in ("%", "per cent", "percentage") else unit


def stated_rule(series: Series, settings: Settings) -> IndicatorRule:
    """All that is stated of one indicator, nearest first, field by field.

    A limit belongs to its test: where a nearer layer states another test, the limit of a farther
    one does not hold for it.
    """
    layers = [
        rule_named(settings.indicators, series.name),
        _rule_beside(series.stated),
        rule_named(settings.themes, series.theme),
        settings.all_indicators,
    ]
    rule = IndicatorRule()
    for layer in reversed([each for each in layers if each is not None]):
        said: dict[str, Any] = {
            each.name: getattr(layer, each.name)
            for each in fields(layer)
            if getattr(layer, each.name) not in (None, ())
        }
        for what, default in _TESTS.items():
            before = getattr(rule, f"{what}_test") or default
            if said.get(f"{what}_test", before) != before:
                said.setdefault(f"{what}_limit", None)
        rule = replace(rule, **said)
    return rule


def rule_named(rules: Mapping[str, IndicatorRule], name: str) -> IndicatorRule | None:
    """The rule for a name as printed, or for one that differs in case and punctuation only."""
    found = rules.get(name)
    if found is None and name:
        wanted = normal_name(name)
        for stated, rule in rules.items():
            if wanted in (normal_name(stated), *map(normal_name, rule.names)):
                return rule
    return found


def _rule_beside(stated: Mapping[str, str]) -> IndicatorRule:
    """What columns beside the readings say, in the words that the settings know.

    A word that means nothing here states nothing: the columns are the office's own.
    """
    said: dict[str, Any] = {}
    for key in RULE_KEYS:
        text = stated.get(key.name, "").strip()
        if not text:
            continue
        with suppress(ValueError):
            value = key.read(text, True)
            if isinstance(value, Percentage):
                value = value.fraction if said.get("unit") == FRACTION else value.in_percent
            said[key.name] = value
    return replace(IndicatorRule(), **said)
