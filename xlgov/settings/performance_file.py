"""The table ``[kpi]`` of ``xlgov.toml``."""

from __future__ import annotations

from xlgov.settings import lines
from xlgov.settings.indicators import RULE_KEYS
from xlgov.settings.keys import KEYS
from xlgov.settings.performance import (
    KEYS_OF,
    OF_ALL,
    OF_THEMES,
    SHARE_FIELDS,
    read_rule_key,
    read_share,
    read_total,
)
from xlgov.settings.statement import Found, Statement, read_key
from xlgov.settings.tables import Tables, dotted, plain_key
from xlgov.settings.typed import show, suggest

_SINGLE = {key.name: key for key in KEYS if key.table == "kpi"}
_OWN = {key.name for key in RULE_KEYS if key.own}


def read_kpi(
    tables: Tables, statement: Statement, table: Found, at: lines.Path, day_first: bool
) -> None:
    """State all of the table ``[kpi]``."""
    if not isinstance(table.raw, dict):
        statement.report(table.where, f"kpi is {show(table.raw)}; expected a table [kpi]")
        return
    of_all = {key.name: key for key in KEYS_OF[OF_ALL]}
    for name, raw in table.raw.items():
        path = (*at, name)
        found = Found(raw, tables.where(path))
        plain = plain_key(name)
        if plain in _SINGLE:
            read_key(statement, _SINGLE[plain], found, day_first)
        elif plain in of_all:
            read_rule_key(statement, OF_ALL, "", of_all[plain], found, day_first)
        elif plain in ("themes", "indicators"):
            _read_rules(tables, statement, plain, found, path, day_first)
        elif plain == "totals":
            for label, cell in tables.entries(statement, found, path):
                if label.strip():
                    read_total(statement, " ".join(label.split()), cell)
                else:
                    statement.report(cell.where, "this total has no name; give it one")
        elif plain == "shares":
            for label, cell in tables.entries(statement, found, path):
                _read_share(statement, " ".join(label.split()), cell)
        elif plain in _OWN:
            statement.report(found.where, _only_of_one(plain))
        else:
            tables.unknown(statement, found.where, plain, "kpi", at)


def _read_share(statement: Statement, name: str, found: Found) -> None:
    """A share as ``["part", "whole"]``."""
    if not name:
        statement.report(found.where, "this share has no name; give it one")
    elif isinstance(found.raw, list) and len(found.raw) == len(SHARE_FIELDS):
        for field, raw in zip(SHARE_FIELDS, found.raw, strict=True):
            read_share(statement, name, field, Found(raw, found.where))
    else:
        statement.report(
            found.where,
            f"share {name!r} is {show(found.raw)}; expected the part and the whole, such as "
            '["Recruited", "Applications"]',
        )


def _read_rules(
    tables: Tables,
    statement: Statement,
    of: str,
    found: Found,
    at: lines.Path,
    day_first: bool,
) -> None:
    """The tables of themes or indicators, one each."""
    if not isinstance(found.raw, dict):
        statement.report(
            found.where, f'{of} is {show(found.raw)}; expected tables such as [{dotted(at)}."NAME"]'
        )
        return
    keys = {key.name: key for key in KEYS_OF[of]}
    for name, table in found.raw.items():
        path = (*at, name)
        printed = " ".join(name.split())
        if not printed or not isinstance(table, dict):
            statement.report(
                tables.where(path),
                f'{name!r} is {show(table)}; expected a table such as [{dotted(at)}."NAME"]',
            )
            continue
        for word, raw in table.items():
            cell = Found(raw, tables.where((*path, word)))
            plain = plain_key(word)
            if plain in keys:
                read_rule_key(statement, of, printed, keys[plain], cell, day_first)
            elif of == OF_THEMES and plain in _OWN:
                statement.report(cell.where, _only_of_one(plain))
            else:
                statement.report(
                    cell.where,
                    f"unknown key {plain!r} in [{dotted(path)}]; {suggest(plain, keys, 'keys')}",
                )


def _only_of_one(key: str) -> str:
    return f'{key} belongs to one indicator; put it under [kpi.indicators."NAME"]'
