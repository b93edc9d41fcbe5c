"""What a formula refers to: ranges, names, tables and functions, and whether that is all of it.

Why no parser of formulas: what a formula gives is the engine's to say. Here it is asked only which
cells it may look at, and where the text does not tell (``INDIRECT``, ranges made by functions,
names that nobody defined) the answer is that it may look at any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from xlgov.grid.cells import MAX_COLUMN, Range, column_number

Area = tuple[str, Range]  # sheet in lower case, range

_CELL = r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}"
_TOKEN = re.compile(
    rf"""
    (?P<text>"[^"]*")
  | (?P<error>\#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|GETTING_DATA))
  | (?P<sheet>'(?:[^']|'')+'!|(?:\[[0-9]+\])?[^\W\d][\w.?\\]*(?::[^\W\d][\w.?\\]*)?!|\[[0-9]+\]!)
  | (?P<table>(?:[^\W\d]|\\)?[\w.\\]*\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
  | (?P<function>[^\W\d][\w.]*)\(
  | (?P<area>(?:{_CELL}:{_CELL}|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}
        |\$?[1-9][0-9]{{0,6}}:\$?[1-9][0-9]{{0,6}}|{_CELL})(?![\w.(!\\?\[]))
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[+-]?[0-9]+)?)
  | (?P<name>(?:[^\W\d]|\\)[\w.\\?]*)
  | (?P<colon>:)
  | (?P<pipe>\|)
  | (?P<compare><>|<=|>=|[=<>])
  | (?P<join>&)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TRUTH = re.compile(r"(?:TRUE|FALSE)\b", re.IGNORECASE)
# Results depend on cells that stand nowhere in the formula.
_LOOK_ANYWHERE = frozenset(("INDIRECT", "OFFSET", "EVALUATE", "CELL"))
_PREFIXES = ("_XLFN.", "_XLWS.", "_XLUDF.", "_XLPM.")
_DEEPEST = 20  # names within names


class Reading(NamedTuple):
    """What a formula refers to. ``may_look_anywhere`` where its text does not tell all of it.

    ``functions`` are in upper case without the marks that files put before newer ones.
    ``joins_truth`` where a truth value that stands or arises in it may become text or be compared.
    """

    areas: tuple[Area, ...] = ()
    functions: frozenset[str] = frozenset()
    may_look_anywhere: bool = False
    is_external: bool = False
    joins_truth: bool = False


class FormulaReader:
    """Reads the formulas of one workbook, whose names and tables it knows.

    ``names`` are what names refer to by (sheet or "", name), ``tables`` where tables stand by name;
    all names in lower case.
    """

    def __init__(
        self,
        names: Mapping[tuple[str, str], str],
        tables: Mapping[str, Area],
    ) -> None:
        self._names = names
        self._tables = tables
        self._named: dict[tuple[str, str], Reading] = {}

    def read(self, text: str, sheet: str) -> Reading:
        """What a formula in a cell of a sheet (in lower case) refers to."""
        if not text:
            return Reading(may_look_anywhere=True)
        return self._read(text, sheet, 0)

    def _read(self, text: str, own: str, depth: int) -> Reading:
        areas: list[Area] = []
        functions: set[str] = set()
        anywhere = external = joins_truth = False
        kinds: set[str] = set()
        sheet = ""
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup
            token = match[0]
            kinds.add("truth" if _TRUTH.match(token) else kind or "")
            inner: Reading | None = None
            if kind == "sheet":
                bare = token[:-1]
                if bare.startswith("'"):
                    bare = bare[1:-1].replace("''", "'")
                external = external or "[" in bare
                anywhere = anywhere or (":" in bare and "[" not in bare)
                sheet = bare.casefold()
                continue
            if kind in ("colon", "pipe"):
                # A range made of results, or a link to another program.
                anywhere, external = True, external or kind == "pipe"
            elif kind == "area":
                found = _range(token)
                if found is not None:
                    areas.append((sheet or own, found))
                else:
                    inner = self._name(token, sheet, own, depth)
            elif kind == "table":
                name = token.partition("[")[0].casefold()
                if name in self._tables:
                    areas.append(self._tables[name])
                else:
                    anywhere = True
            elif kind == "function":
                name = _bare(match["function"])
                functions.add(name)
                anywhere = anywhere or name in _LOOK_ANYWHERE
                if self._defined(name.casefold(), sheet, own) is not None:
                    inner = self._name(name, sheet, own, depth)
            elif kind == "name":
                inner = self._name(token, sheet, own, depth)
            if inner is not None:
                areas += inner.areas
                functions |= inner.functions
                anywhere = anywhere or inner.may_look_anywhere
                external = external or inner.is_external
                joins_truth = joins_truth or inner.joins_truth
            sheet = ""
        joins_truth = joins_truth or len(kinds & {"truth", "compare", "join"}) > 1
        return Reading(
            tuple(dict.fromkeys(areas)), frozenset(functions), anywhere, external, joins_truth
        )

    def _defined(self, name: str, sheet: str, own: str) -> str | None:
        for scope in (sheet or own, ""):
            if (scope, name) in self._names:
                return self._names[scope, name]
        return None

    def _name(self, token: str, sheet: str, own: str, depth: int) -> Reading:
        name = token.casefold()
        if name in ("true", "false"):
            return Reading()
        if name in self._tables:  # the whole of it
            return Reading((self._tables[name],))
        if "[" in sheet:
            return Reading(is_external=True)
        key = sheet or own, name
        if key not in self._named:
            target = self._defined(name, sheet, own)
            if target is None or depth >= _DEEPEST:
                return Reading(may_look_anywhere=True)
            if _is_relative(target):  # it means other cells in each cell
                self._named[key] = Reading(may_look_anywhere=True)
            else:
                self._named[key] = self._read(target, own, depth + 1)
        return self._named[key]


def _bare(function: str) -> str:
    name = function.upper()
    while name.startswith(_PREFIXES):
        name = name.partition(".")[2]
    return name


@lru_cache(maxsize=4096)
def _range(token: str) -> Range | None:
    """The range of a reference; None for a name that only looks like one."""
    parts = token.replace("$", "").split(":")
    if all(part.isdecimal() for part in parts):
        parts = [f"A{parts[0]}", f"XFD{parts[-1]}"]
    elif any(column_number(part.rstrip("0123456789")) > MAX_COLUMN for part in parts):
        return None
    try:
        return Range.parse(":".join(parts))
    except ValueError:
        return None


def _is_relative(target: str) -> bool:
    """Whether what a name refers to moves with the cell that uses it."""
    return any(
        match.lastgroup == "area" and "$" not in match[0].partition(":")[0]
        for match in _TOKEN.finditer(target)
    )
