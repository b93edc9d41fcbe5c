"""What is stated of a performance dashboard: rules of indicators and themes, totals and shares.

Why a rule is merged field by field: an office states once in ``xlgov.toml`` how its indicators
combine, and a workbook's own sheet adds the target of this year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlgov.settings.figures import Percentage
from xlgov.settings.indicators import RULE_KEYS, SHARED_KEYS, RuleKey
from xlgov.settings.statement import Found, Named, Statement, fold
from xlgov.settings.typed import as_text, read_names, show
from xlgov.settings.values import IndicatorRule, Settings, read_divisor, split_sign

OF_ALL = "all_indicators"  # the fields of Settings that hold rules, totals, shares
OF_THEMES = "themes"
OF_INDICATORS = "indicators"
OF_TOTALS = "totals"
OF_SHARES = "shares"
KEYS_OF: Mapping[str, tuple[RuleKey, ...]] = {
    OF_ALL: SHARED_KEYS,
    OF_THEMES: SHARED_KEYS,
    OF_INDICATORS: RULE_KEYS,
}
_PARTS = "parts"
SHARE_FIELDS = ("part", "whole")


def read_rule_key(
    statement: Statement, of: str, name: str, key: RuleKey, found: Found, day_first: bool
) -> None:
    """State one field of a rule; a blank states nothing. ``name`` is "" for all indicators."""
    if found.raw is None:
        return
    try:
        value = key.read(found.raw, day_first)
    except ValueError as expected:
        whose = f" of {name!r}" if name else ""
        statement.report(
            found.where, f"{key.name}{whose} is {show(found.raw)}; expected {expected}"
        )
    else:
        if name:
            statement.state_named(of, name, key.name, value, found.where)
        else:
            statement.state_entry(of, key.name, value, found.where)


def read_total(statement: Statement, name: str, found: Found) -> None:
    """State the parts of a total; a blank states nothing."""
    if found.raw is None:
        return
    try:
        parts = read_names(found.raw, True)
    except ValueError as expected:
        statement.report(
            found.where, f"parts of {name!r} is {show(found.raw)}; expected {expected}"
        )
    else:
        statement.state_named(OF_TOTALS, name, _PARTS, parts, found.where)


def read_share(statement: Statement, name: str, field: str, found: Found) -> None:
    """State the part or the whole of a share; a blank states nothing."""
    text = " ".join(as_text(found.raw).split())
    if not text and not isinstance(found.raw, bool):
        return
    if isinstance(found.raw, bool) or not isinstance(found.raw, (str, int, float)):
        expected = "a label" if field == SHARE_FIELDS[0] else "a label or a number"
        statement.report(
            found.where, f"{field} of {name!r} is {show(found.raw)}; expected {expected}"
        )
    statement.state_named(OF_SHARES, name, field, text or show(found.raw), found.where)


def merge_rules(
    statements: Sequence[Statement], of_all: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields of Settings and their sources, of several statements, the nearest first.

    A figure that was shown as per cent becomes what the indicator's unit asks for (95.1% is 95.1
    in percent, and where no unit is stated; else 0.951). A unit that only the theme states is not
    seen here, since settings do not know which theme an indicator is in.
    """
    values: dict[str, Any] = {OF_ALL: IndicatorRule(**of_all)}
    sources: dict[str, str] = {}
    for key in (OF_THEMES, OF_INDICATORS, OF_TOTALS, OF_SHARES):
        merged = _merge(statement.named.get(key, {}) for statement in statements)
        for each in merged:
            sources.setdefault(key, each.where)
            sources[f"{key}.{each.name}"] = each.where
            sources |= {f"{key}.{each.name}.{at}": place for at, place in each.places.items()}
        if key == OF_TOTALS:
            values[key] = {each.name: each.values[_PARTS] for each in merged}
        elif key == OF_SHARES:
            values[key] = {
                each.name: tuple(each.values.get(name, "") for name in SHARE_FIELDS)
                for each in merged
            }
        else:
            unit = of_all.get("unit")
            values[key] = {each.name: _rule(each.values, unit) for each in merged}
    return values, sources


def _merge(layers: Iterable[Mapping[str, Named]]) -> list[Named]:
    merged: dict[str, Named] = {}
    for layer in layers:
        for folded, named in layer.items():
            near = merged.get(folded, Named(named.name, named.where))
            merged[folded] = Named(
                near.name,
                near.where,
                {**named.values, **near.values},
                {**named.places, **near.places},
            )
    return list(merged.values())


def _rule(stated: Mapping[str, Any], unit_of_all: str | None) -> IndicatorRule:
    unit = stated.get("unit") or unit_of_all or "percent"
    plain: dict[str, Any] = {
        name: (value.in_percent if unit == "percent" else value.fraction)
        if isinstance(value, Percentage)
        else value
        for name, value in stated.items()
    }
    return IndicatorRule(**plain)


def judge_rules(settings: Settings) -> Iterable[str]:
    """Problems of totals, parts and shares that are each well formed."""
    yield from _judge_shares(settings)
    of_indicators = {name: rule.parts for name, rule in settings.indicators.items() if rule.parts}
    for key, end, parts in (
        (OF_INDICATORS, f".{_PARTS}", of_indicators),
        (OF_TOTALS, "", settings.totals),
    ):
        if key == OF_TOTALS:
            parts = {name: tuple(split_sign(p)[1] for p in each) for name, each in parts.items()}
        folded = {fold(name): [fold(part) for part in each] for name, each in parts.items()}
        for name, each in parts.items():
            where = settings.sources.get(f"{key}.{name}{end}", "settings")
            twice = [part for at, part in enumerate(each) if fold(part) in map(fold, each[:at])]
            if twice:
                yield f"{where}: {twice[0]!r} is twice a part of {name!r}; name it once"
            if fold(name) in folded[fold(name)]:
                yield f"{where}: {name!r} is one of its own parts; take it out of them"
            elif _reaches(folded, fold(name)):
                yield (
                    f"{where}: {name!r} is a part of its own parts; "
                    "a total is made of what is smaller than itself"
                )


def _judge_shares(settings: Settings) -> Iterable[str]:
    totals = {fold(name) for name in settings.totals}
    for name, (part, whole) in settings.shares.items():
        where = settings.sources.get(f"{OF_SHARES}.{name}", "settings")
        if not part or not whole:
            which = SHARE_FIELDS[bool(part)]
            yield f"{where}: the share {name!r} has no {which}; say what it is made from"
        elif fold(name) in (fold(part), fold(whole)):
            yield f"{where}: {name!r} is a share of itself; name two other labels"
        elif fold(name) in totals:
            yield f"{where}: {name!r} is a share and a total; keep one of them"
        elif read_divisor(whole) == 0:
            yield f"{where}: the whole of {name!r} is 0; nothing can be divided by it"


def _reaches(parts: Mapping[str, Sequence[str]], name: str) -> bool:
    """Whether a name comes again among its parts, their parts, and so on."""
    seen: set[str] = set()
    ahead = list(parts[name])
    while ahead:
        part = ahead.pop()
        if part == name:
            return True
        if part not in seen:
            seen.add(part)
            ahead.extend(parts.get(part, ()))
    return False
