"""What is known of an indicator, nearest first, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

import pytest

from tests.kpi.made import make_series
from xlgov.kpi.figures import reading_figure
from xlgov.kpi.indicator import Indicator, resolve_indicator, rule_named
from xlgov.kpi.period import Month
from xlgov.kpi.series import Reading
from xlgov.settings.values import IndicatorRule, Settings

COUNTS, RATES = [5, 7, 11], [(1, 2), (3, 4)]


def resolve(
    rule: IndicatorRule | None = None,
    *,
    beside: Mapping[str, str] | None = None,
    theme: IndicatorRule | None = None,
    every: IndicatorRule | None = None,
    readings: list = COUNTS,  # type: ignore[type-arg]  # of any kind
    in_percent: bool = False,
) -> Indicator:
    settings = Settings(
        indicators={"Hate Crime": rule} if rule else {},
        themes={"Victims": theme} if theme else {},
        all_indicators=every or IndicatorRule(),
    )
    return resolve_indicator(make_series(readings, in_percent=in_percent, stated=beside), settings)


# What the readings tell


def test_undeclared_values_are_counts() -> None:
    found = resolve()
    assert (found.combine, found.unit, found.is_percent, found.direction) == (
        "sum",
        "",
        False,
        None,
    )


def test_undeclared_numerators_and_denominators_are_a_rate_in_per_cent() -> None:
    found = resolve(readings=RATES)
    assert (found.combine, found.unit, found.is_percent) == ("ratio", "percent", True)


def test_undeclared_percentages_do_not_combine() -> None:
    found = resolve(in_percent=True, readings=[0.8, 0.9])
    assert (found.combine, found.unit, found.is_percent) == (None, "percent", True)
    assert found.reading_scale == 1  # 82.5% in a % format is the fraction already


def test_the_tests_have_defaults_and_no_limits() -> None:
    found = resolve()
    assert (found.average_test, found.benchmark_test, found.peer_test) == (
        *("spread", "relative", "relative"),
    )
    assert (found.average_limit, found.benchmark_limit, found.significant) == (None, None, None)


# Nearest first


FIRST, BESIDE, THEME, EVERY = (
    IndicatorRule(combine=combine, direction=direction, decimals=decimals)
    for combine, direction, decimals in (
        ("mean", "up", 1),
        ("latest", "down", 2),
        ("ratio", "none", 3),
        ("sum", "up", 4),
    )
)
WORDS = {"combine": "latest", "direction": "down", "decimals": "2"}


@pytest.mark.parametrize(
    ("stated", "combine", "decimals"),
    [
        ({"rule": FIRST, "beside": WORDS, "theme": THEME, "every": EVERY}, "mean", 1),
        ({"beside": WORDS, "theme": THEME, "every": EVERY}, "latest", 2),
        ({"theme": THEME, "every": EVERY}, "ratio", 3),
        ({"every": EVERY}, "sum", 4),
    ],
)
def test_the_nearest_statement_wins(stated: dict, combine: str, decimals: int) -> None:  # type: ignore[type-arg]  # keywords
    found = resolve(**stated)
    assert (found.combine, found.decimals) == (combine, decimals)


def test_each_field_is_taken_from_the_nearest_that_states_it() -> None:
    found = resolve(
        IndicatorRule(decimals=0),
        beside={"unit": "minutes"},
        theme=IndicatorRule(direction="down", average_test="xmr", decimals=2),
        every=IndicatorRule(combine="mean", average_test="relative", benchmark_limit=3),
    )
    assert (found.decimals, found.unit, found.direction) == (0, "minutes", "down")
    assert (found.combine, found.average_test, found.benchmark_limit) == ("mean", "xmr", 3)


def test_a_nearer_no_is_a_statement() -> None:
    nearer = IndicatorRule(screen=False, lag=0, benchmark_limit=0.0, direction="none")
    every = IndicatorRule(screen=True, lag=3, benchmark_limit=5.0, direction="up")
    found = resolve(nearer, every=every)
    assert (found.screen, found.lag, found.benchmark_limit, found.direction) == (False, 0, 0, None)


def test_every_field_of_a_rule_reaches_the_indicator() -> None:
    rule = IndicatorRule(
        combine="mean",
        unit="minutes",
        decimals=2,
        direction="down",
        target=15.0,
        baseline=14.0,
        lag=3,
        average_test="xmr",
        average_limit=2.0,
        benchmark_test="points",
        benchmark_limit=1.0,
        peer_test="points",
        peer_limit=0.5,
        significant="xmr",
        rebase=(date(2017, 4, 1),),
        screen=True,
        parts=("A", "B"),
        names=("Other",),
        source="Survey",
    )
    unset = [each.name for each in fields(rule) if getattr(rule, each.name) in (None, ())]
    assert unset == []
    found = resolve(rule)
    same = {each.name for each in fields(rule)} - {"names", "rebase"}
    assert {name: getattr(found, name) for name in same} == {
        name: getattr(rule, name) for name in same
    }
    assert found.rebase == (Month(2017, 4),)


@pytest.mark.parametrize("name", ["Hate Crime", "HATE-CRIMES", "hate  crime", "Hate offences"])
def test_settings_find_the_indicator_by_its_names_however_they_are_written(name: str) -> None:
    rule = IndicatorRule(names=("Hate Offence",))
    assert rule_named({"Hate crimes": rule}, name) is rule
    assert rule_named({"Hate crimes": rule}, "Hate Crime Outcome Rate") is None
    assert rule_named({"Hate crimes": rule}, "") is None


def test_a_theme_is_found_in_any_case() -> None:
    settings = Settings(themes={"VICTIMS": IndicatorRule(combine="mean")})
    assert resolve_indicator(make_series(COUNTS), settings).combine == "mean"


# Words beside the readings


@pytest.mark.parametrize(
    ("beside", "field", "value"),
    [
        ({"combine": "Average"}, "combine", "mean"),
        ({"combine": "Total"}, "combine", "sum"),
        ({"combine": "LATEST"}, "combine", "latest"),
        ({"combine": "whatever"}, "combine", "sum"),
        ({"direction": "Down"}, "direction", "down"),
        ({"direction": "sideways"}, "direction", None),
        ({"decimals": "2"}, "decimals", 2),
        ({"decimals": "two"}, "decimals", None),
        ({"unit": " % "}, "unit", "percent"),
        ({"unit": "Minutes"}, "unit", "minutes"),
        ({"target": "1,029"}, "target", 1029),
        ({"target": "tbc"}, "target", None),
        ({"source": "Niche"}, "source", "Niche"),
    ],
)
def test_columns_beside_the_readings_state_what_they_can(
    beside: dict[str, str], field: str, value: object
) -> None:
    assert getattr(resolve(beside=beside), field) == value


# Scales


def figure_of(indicator: Indicator, reading: float) -> float | None:
    return reading_figure(indicator, Reading(reading))


def test_percentages_are_fractions_inside_whatever_unit_they_come_in() -> None:
    mean = {"combine": "mean"}
    percent = resolve(IndicatorRule(unit="percent", target=90, baseline=85.2, **mean))  # type: ignore[arg-type]  # literals
    assert figure_of(percent, 82.5) == pytest.approx(0.825)
    assert (percent.target, percent.baseline) == (pytest.approx(0.9), pytest.approx(0.852))
    fraction = resolve(IndicatorRule(unit="fraction", target=0.9, **mean))  # type: ignore[arg-type]  # literals
    assert (figure_of(fraction, 0.825), fraction.target) == (0.825, 0.9)
    shown = resolve(IndicatorRule(unit="percent", target=90, **mean), in_percent=True)  # type: ignore[arg-type]  # literals
    assert (figure_of(shown, 0.825), shown.target) == (0.825, pytest.approx(0.9))
    assert all(each.is_percent for each in (percent, fraction, shown))


def test_a_target_of_an_undeclared_percentage_is_in_per_cent() -> None:
    found = resolve(IndicatorRule(target=90, baseline=85.2), readings=RATES)
    assert (found.target, found.baseline) == (pytest.approx(0.9), pytest.approx(0.852))
    assert resolve(IndicatorRule(target=90)).target == 90


def test_a_rate_in_another_unit_is_no_percentage() -> None:
    found = resolve(IndicatorRule(unit="per 1,000 population"), readings=RATES)
    assert (found.is_percent, found.scale) == (False, 1000)
    assert reading_figure(found, Reading(None, 3, 1500)) == 2
    hours = resolve(IndicatorRule(unit="hours per officer"), readings=RATES)
    assert (hours.is_percent, hours.scale) == (False, 1)


def test_figures_are_shown_in_their_unit() -> None:
    percent = Indicator("x", is_percent=True)
    assert (percent.show(0.8333), Indicator("x", is_percent=True, decimals=0).show(0.825)) == (
        *("83.3%", "83%"),
    )
    assert (Indicator("x").show(4988), Indicator("x").show(4838.25)) == ("4,988", "4,838.3")
    assert Indicator("x").show_average(8.04) == "8.0"
    assert Indicator("x", decimals=2).show(4.5) == "4.50"
