"""The sections of the settings sheet about a performance dashboard.

Why months are written as text (``March 2018``): typed as a date they would show a day that means
nothing, and two-digit years are read back only to 2029.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xlgov.changes import NewValue
from xlgov.settings import sections
from xlgov.settings.indicators import SHARED_KEYS, RuleKey
from xlgov.settings.keys import Key
from xlgov.settings.layout import Page, page_value
from xlgov.settings.performance import KEYS_OF, OF_INDICATORS, OF_THEMES
from xlgov.settings.statement import fold
from xlgov.settings.values import IndicatorRule, Settings


def add_performance(
    page: Page,
    settings: Settings,
    keys: Sequence[Key],
    themes: Sequence[str],
    indicators: Sequence[str],
    remarks: Mapping[str, str],
) -> None:
    """Add Performance (with ``keys``), Themes, Indicators, Totals and Shares.

    ``themes`` and ``indicators`` are listed also where there is no rule for them.
    """
    page.open(sections.PERFORMANCE, remarks.get(sections.PERFORMANCE.title, ""))
    for key in keys:
        page.add(key.name, _single(key.name, getattr(settings, key.name)), key.meaning)
    for rule_key in SHARED_KEYS:
        page.add(rule_key.name, _cell(settings.all_indicators, rule_key), rule_key.meaning)

    page.open(sections.THEMES, remarks.get(sections.THEMES.title, ""))
    page.table(_rows(settings.themes, themes, KEYS_OF[OF_THEMES]))

    page.open(sections.INDICATORS, remarks.get(sections.INDICATORS.title, ""))
    page.table(_rows(settings.indicators, indicators, KEYS_OF[OF_INDICATORS]))

    page.open(sections.TOTALS, remarks.get(sections.TOTALS.title, ""))
    page.table((name, page_value(parts)) for name, parts in settings.totals.items())

    page.open(sections.SHARES, remarks.get(sections.SHARES.title, ""))
    page.table((name, *parts) for name, parts in settings.shares.items())


def _rows(
    rules: Mapping[str, IndicatorRule], names: Sequence[str], keys: Sequence[RuleKey]
) -> list[tuple[NewValue, ...]]:
    """A row for each rule, then for each name that has none."""
    ruled = {fold(name) for name in rules}
    rows = [(name, *(_cell(rule, key) for key in keys)) for name, rule in rules.items()]
    return rows + [(name,) for name in names if fold(name) not in ruled]


def _cell(rule: IndicatorRule, key: RuleKey) -> NewValue:
    value = getattr(rule, key.name)
    if key.name == "rebase":
        value = tuple(f"{month:%B %Y}" for month in value)
    return page_value(value)


def _single(name: str, value: object) -> NewValue:
    if isinstance(value, date) and name == "month":
        return f"{value:%B %Y}"
    if isinstance(value, int) and name == "year_start":
        return f"{date(2000, value, 1):%B}"
    return page_value(value)
