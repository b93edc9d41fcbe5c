"""Tables of ``xlgov.toml`` as found values, each with its line; and what is unknown in them."""

from __future__ import annotations

import re

from xlgov.settings import lines
from xlgov.settings.indicators import SHARED_KEYS
from xlgov.settings.keys import KEYS, TRACKERS
from xlgov.settings.statement import Found, Statement
from xlgov.settings.typed import show, suggest
from xlgov.settings.values import SETTINGS_FILE

# The keys and tables that each table may hold.
KNOWN: dict[str, list[str]] = {
    "": [
        *(key.name for key in KEYS if not key.table),
        "risk",
        "kpi",
        "trackers",
        "colors",
        "accepted",
        "files",
    ],
    "risk": [
        *(key.name for key in KEYS if key.table == "risk"),
        *("matrix", "bands", "likelihood", "impact", "columns"),
    ],
    "kpi": [
        *(key.name for key in KEYS if key.table == "kpi"),
        *(key.name for key in SHARED_KEYS),
        *("themes", "indicators", "totals", "shares"),
    ],
    TRACKERS: [*(key.name for key in KEYS if key.table == TRACKERS), "status", "columns"],
}


class Tables:
    """The tables of one text, with the line of each key."""

    def __init__(self, found: dict[lines.Path, int]) -> None:
        self.lines = found

    def where(self, path: lines.Path) -> str:
        """Where the key of a path stands; of the nearest one around it where it has no line."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{SETTINGS_FILE} line {self.lines[path]}" if path else SETTINGS_FILE

    def entries(
        self, statement: Statement, found: Found, at: lines.Path, above: str = ""
    ) -> list[tuple[str, Found]]:
        """Entries of a free table; ``a.b = 1`` without quotation marks is the entry ``a.b``."""
        if not isinstance(found.raw, dict):
            statement.report(
                found.where, f"{at[-1]} is {show(found.raw)}; expected a table [{dotted(at)}]"
            )
            return []
        entries: list[tuple[str, Found]] = []
        for name, raw in found.raw.items():
            path = (*at, name)
            cell = Found(raw, self.where(path))
            if isinstance(raw, dict):
                entries.extend(self.entries(statement, cell, path, f"{above}{name}."))
            else:
                entries.append((above + name, cell))
        return entries

    def rows(
        self, statement: Statement, found: Found, at: lines.Path, fields: tuple[str, ...]
    ) -> list[tuple[dict[str, Found], str]]:
        """Rows of a list of tables as parts by field; an absent part is a blank on its line."""
        raw = found.raw
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            example = "{" + ", ".join(f"{name} = ..." for name in fields) + "}"
            statement.report(
                found.where, f"{at[-1]} is no list of tables; expected [{example}, ...]"
            )
            return []
        rows = []
        for number, row in enumerate(raw):
            path = (*at, number)
            where = self.where(path)
            parts = {name: Found(None, where) for name in fields}
            for name, value in row.items():
                plain = plain_key(name)
                place = self.where((*path, name))
                if plain not in fields:
                    statement.report(
                        place, f"unknown key {name!r} in {at[-1]}; {suggest(plain, fields, 'keys')}"
                    )
                elif parts[plain].raw is not None:
                    statement.report(place, f"{plain} is stated twice; keep one of them")
                else:
                    parts[plain] = Found(value, place)
            rows.append((parts, where))
        return rows

    def unknown(
        self, statement: Statement, where: str, name: str, table: str, at: lines.Path
    ) -> None:
        """Report an unknown key: in the wrong table, misspelt, or neither."""
        for other, names in KNOWN.items():
            if other != table and name in names:
                home = f"under [{other}]" if other else "above the first table such as [risk]"
                statement.report(where, f"{name} stands in the wrong place; put it {home}")
                return
        heading = f" in [{dotted(at)}]" if at else ""
        statement.report(
            where, f"unknown key {name!r}{heading}; {suggest(name, KNOWN[table], 'keys')}"
        )


def plain_key(name: str) -> str:
    """A key in our spelling: ``Stale-After`` is ``stale_after``, ``colours`` is ``colors``."""
    return re.sub(r"[\s-]+", "_", name.strip().lower()).replace("colour", "color")


def dotted(path: lines.Path) -> str:
    return ".".join(f'"{part}"' if "." in str(part) else str(part) for part in path)
