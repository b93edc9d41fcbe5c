"""Conditional formats: reading those that stand, recognising ours, and replacing ours only.

Why a marker in the formula: Excel and LibreOffice rewrite ranges, merge rules and renumber formats
when they save, so no id of ours survives. The text of a formula does: every rule of ours reads
``AND(<test>,N("xlgov:<kind>")=0)``, where the second part is always true. Nothing else counts as
ours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from xlgov.changes import FormatRule
from xlgov.grid.cells import Range, column_letters, column_number, parse_ranges
from xlgov.grid.sheet import FormatRange
from xlgov.ooxml.markup import Element, escape_attribute, escape_text
from xlgov.ooxml.outline import SHEET_ORDER, Outline
from xlgov.ooxml.styles import Styles

_OURS = re.compile(r'^AND\((?P<test>.*)[,;]\s*N\("xlgov:(?P<kind>[a-z-]+)"\)\s*=\s*0\)$', re.DOTALL)
_REFERENCE = re.compile(r'"[^"]*"|(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![A-Za-z0-9(])')
HAND_MADE = "rule"  # the kind of rules that no refresh replaces


def format_ranges(sheet: str, outline: Outline) -> list[FormatRange]:
    """Every conditional format of a sheet, standard and x14, ours and theirs."""
    found = []
    for block in _blocks(outline.root):
        ranges = _ranges(block)
        for rule in block.all("cfRule"):
            formula = _formula(rule)
            found.append(
                FormatRange(
                    sheet,
                    ranges,
                    rule.attributes.get("type", ""),
                    _OURS.match(formula) is not None,
                    formula,
                )
            )
    return found


def _blocks(root: Element) -> list[Element]:
    """Blocks of rules: standard ones are children of the sheet, x14 ones lie in its extensions."""
    extensions = root.child("extLst")
    deep = [
        e for e in (extensions.walk() if extensions else ()) if e.name == "conditionalFormatting"
    ]
    return root.all("conditionalFormatting") + deep


def _ranges(block: Element) -> tuple[Range, ...]:
    text = block.attributes.get("sqref", "")
    inner = next((e for e in block.children if e.name == "sqref"), None)
    try:
        return parse_ranges(text or (inner.text if inner else ""))
    except ValueError:
        return ()


def _formula(rule: Element) -> str:
    formula = next((e for e in rule.children if e.name in ("formula", "f")), None)
    return formula.full_text().strip().lstrip("=") if formula else ""


def own_rules(sheet: str, outline: Outline, styles: Styles) -> list[FormatRule]:
    """The rules of ours that stand in a sheet, as they would be asked for."""
    found = []
    for block in outline.root.all("conditionalFormatting"):
        for rule in block.all("cfRule"):
            match = _OURS.match(_formula(rule))
            if match is None or not _ranges(block):
                continue
            number = rule.attributes.get("dxfId", "")
            look = styles.differential(int(number)) if number.isdigit() else {}
            made = FormatRule(
                sheet,
                " ".join(map(str, _ranges(block))),
                match["test"].strip(),
                kind=match["kind"],
            )
            found.append(replace(made, **look))  # type: ignore[arg-type]  # facets by name
    return found


def same_rules(one: Sequence[FormatRule], other: Sequence[FormatRule]) -> bool:
    """Whether two sets of rules show the same, however their ranges are cut or joined."""
    return _canonical(one) == _canonical(other)


def _canonical(rules: Sequence[FormatRule]) -> dict[object, dict[int, list[tuple[int, int]]]]:
    found: dict[object, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        ranges = parse_ranges(rule.range)
        base = min(r.top for r in ranges), min(r.left for r in ranges)
        look = (rule.fill, rule.font_color, bool(rule.bold), rule.border)
        key = (rule.kind, _relative(rule.formula, *base), look)
        for area in ranges:
            for column in range(area.left, area.right + 1):
                found[key][column].append((area.top, area.bottom))
    return {key: {c: _joined(s) for c, s in areas.items()} for key, areas in found.items()}


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for top, bottom in sorted(stretches):
        if joined and top <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], bottom)
        else:
            joined.append((top, bottom))
    return joined


def _relative(formula: str, row: int, column: int) -> str:
    """A formula with its relative references as offsets from a cell, and no white space."""

    def offset(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[0]
        columns = match[2] if match[1] else f"[{column_number(match[2]) - column}]"
        rows = match[4] if match[3] else f"[{int(match[4]) - row}]"
        return f"R{rows}C{columns}"

    return re.sub(r"\s+", "", _REFERENCE.sub(offset, formula))


def replacing_edits(
    outline: Outline, wanted: Sequence[FormatRule], kinds: Collection[str], styles: Styles
) -> list[tuple[int, int, bytes]]:
    """Edits of the bare sheet that leave ``wanted`` as our only rules of these kinds.

    None where the sheet already shows just that. Their rules keep their priority and place; ours
    come after all of them.
    """
    present = own_rules("", outline, styles)
    concerned = [rule for rule in present if rule.kind in kinds]
    ours = [replace(rule, sheet="") for rule in wanted]
    if HAND_MADE not in kinds:
        others = [rule for rule in present if rule.kind == HAND_MADE]
        ours = [
            rule
            for rule in ours
            if rule.kind != HAND_MADE or not any(same_rules([rule], [old]) for old in others)
        ]
    if same_rules(concerned, ours):
        return []
    edits: list[tuple[int, int, bytes]] = []
    priorities = [0]
    last: Element | None = None
    standing = outline.root.all("conditionalFormatting")
    for block in _blocks(outline.root):
        rules = block.all("cfRule")
        gone = []
        for rule in rules:
            match = _OURS.match(_formula(rule)) if block in standing else None
            if match is not None and match["kind"] in kinds:
                gone.append(rule)
                continue
            priority = rule.attributes.get("priority", "")
            priorities.append(int(priority) if priority.isdigit() else 0)
        if gone and len(gone) == len(rules):
            edits.append((block.start, block.end, b""))
        else:
            edits += [(rule.start, rule.end, b"") for rule in gone]
        if block in standing:
            last = block
    fragments = "".join(
        _block(rule, styles.add_format(rule), max(priorities) + number, outline.prefix)
        for number, rule in enumerate(ours, start=1)
    ).encode()
    if fragments:
        edits.append((*_place(outline, last), fragments))
    return edits


def _block(rule: FormatRule, look: int, priority: int, p: str) -> str:
    formula = f'AND({rule.formula},N("xlgov:{rule.kind}")=0)'
    return (
        f'<{p}conditionalFormatting sqref="{escape_attribute(rule.range)}"><{p}cfRule '
        f'type="expression" dxfId="{look}" priority="{priority}"><{p}formula>'
        f"{escape_text(formula)}</{p}formula></{p}cfRule></{p}conditionalFormatting>"
    )


def _place(outline: Outline, last: Element | None) -> tuple[int, int]:
    """Where new blocks go: behind the last block, else by the schema's order."""
    if last is not None:
        return last.end, last.end
    later = SHEET_ORDER[SHEET_ORDER.index("conditionalFormatting") + 1 :]
    after_data = False
    for child in outline.root.children:
        if child.name == "sheetData":
            after_data = True
        elif after_data and child.name in later:
            return child.start, child.start
    return outline.root.close_start, outline.root.close_start


def cells_of(ranges: Sequence[Range]) -> str:
    """Ranges as an ``sqref``."""
    return " ".join(map(str, ranges))


def column_range(column: int, first: int, last: int) -> str:
    """A stretch of one column.

    >>> column_range(14, 5, 20)
    'N5:N20'
    """
    letters = column_letters(column)
    return f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
