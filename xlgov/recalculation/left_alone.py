"""Formulas that keep the value they showed, and the findings that say so: one for each reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from xlgov.changes import Finding, FindingCodes, coded_finding
from xlgov.grid.cells import address
from xlgov.recalculation.dependence import Place

CODES: FindingCodes = {
    "formula-not-updated": ("warning", "Formulas that still show an old value"),
    "formula-in-doubt": ("note", "Formulas that may show an old value"),
}
_REMEDY = "Open the workbook in Excel and save it: Excel recalculates it when it opens"
_MOST_NAMED = 8


class Left(NamedTuple):
    """A formula that keeps its value. ``why`` completes "formulas that ...".

    ``is_reached`` where the changes may make it show something else.
    """

    place: Place
    why: str
    is_reached: bool


def left_findings(left: Iterable[Left], names: Mapping[str, str]) -> list[Finding]:
    """One finding for each sheet and reason, in the order of ``names``: the sheets as written."""
    groups: dict[tuple[str, str, bool], list[tuple[int, int]]] = defaultdict(list)
    for each in left:
        sheet, *cell = each.place
        groups[sheet, each.why, each.is_reached].append((cell[0], cell[1]))
    order = list(names)
    found = []
    for (sheet, why, is_reached), cells in sorted(
        groups.items(), key=lambda each: (order.index(each[0][0]), min(each[1]))
    ):
        addresses = [address(*cell) for cell in sorted(cells)]
        named = ", ".join(addresses[:_MOST_NAMED])
        if len(addresses) > _MOST_NAMED:
            named += f" and {len(addresses) - _MOST_NAMED} more"
        effect = "keep the value that they showed" if is_reached else "were left as they are"
        found.append(
            coded_finding(
                CODES,
                "formula-not-updated" if is_reached else "formula-in-doubt",
                f"Formulas that {why} {effect} ({named})",
                sheet=names[sheet],
                address=addresses[0],
                remedy=_REMEDY,
                related=tuple(f"{names[sheet]}!{each}" for each in addresses[1:]),
            )
        )
    return found
