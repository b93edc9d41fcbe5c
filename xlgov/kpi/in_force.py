"""The settings that a workbook's dashboard is computed by, for the sheet that ``xlgov init`` adds.

Why how the months combine is written out: it is the one thing that nobody can see, and the first
that an analyst wants to correct. What the readings cannot tell is left blank.
"""

from __future__ import annotations

from dataclasses import replace

from xlgov.grid.sheet import Workbook
from xlgov.kpi.indicator import rule_named, stated_rule, told_combine
from xlgov.kpi.search import Found
from xlgov.settings.values import IndicatorRule, Settings


def dashboard_in_force(
    workbook: Workbook, stated: Settings, found: Found
) -> tuple[Settings, dict[str, str]]:
    """The settings with a rule for every indicator that has readings; no remarks.

    The reporting month stays blank: one left on the sheet would hold the dashboard back unseen.
    """
    rules: dict[str, IndicatorRule] = {}
    for series in found.readings.series:
        rule = rule_named(stated.indicators, series.name) or IndicatorRule()
        known_of = stated_rule(series, stated)
        combine = known_of.combine or told_combine(series, known_of)
        rules[series.name] = replace(rule, combine=rule.combine or combine)
    known = set(rules)
    others = {
        name: rule
        for name, rule in stated.indicators.items()
        if found.names.find(name) not in known
    }
    return replace(stated, month=None, indicators={**rules, **others}), {}
