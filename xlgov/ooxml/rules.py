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
from xlgov.errors import EditError
from xlgov.grid.cells import Range, column_letters, column_number, parse_ranges
from xlgov.grid.sheet import FormatRange
from xlgov.ooxml.cell import LONGEST_FORMULA, escape_formula, is_color, is_plain
from xlgov.ooxml.markup import Element, escape_attribute, whole_number
from xlgov.ooxml.outline import SHEET_ORDER, Outline
from xlgov.ooxml.styles import LINES, Styles

_OURS = re.compile(r'^AND\((?P<test>.*)[,;]\s*N\("xlgov:(?P<kind>[a-z-]+)"\)\s*=\s*0\)$', re.DOTALL)
_REFERENCE = re.compile(r'"[^"]*"|(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![A-Za-z0-9(])')
HAND_MADE = "rule"  # the kind of rules that no refresh replaces
_KIND = re.compile("[a-z-]+")
_LAST_PRIORITY = 2**31 - 1


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
            found_test = own_test(_formula(rule))
            if found_test is None or not _ranges(block):
                continue
            number = whole_number(rule.attributes.get("dxfId"))
            look = {} if number is None else styles.differential(number)
            made = FormatRule(
                sheet,
                " ".join(map(str, _ranges(block))),
                found_test[0],
                kind=found_test[1],
            )
            found.append(replace(made, **look))  # type: ignore[arg-type]  # facets by name
    return found


def own_test(formula: str) -> tuple[str, str] | None:
    """The test and the kind that a formula of ours carries; None for somebody else's."""
    match = _OURS.match(formula.strip())
    return None if match is None else (match["test"].strip(), match["kind"])


def marked_formula(rule: FormatRule) -> str:
    """The formula of a rule of ours, by which the next refresh will know it."""
    return f'AND({rule.formula.removeprefix("=")},N("xlgov:{rule.kind}")=0)'


def same_rules(one: Sequence[FormatRule], other: Sequence[FormatRule]) -> bool:
    """Whether two sets of rules show the same, however their ranges are cut or joined."""
    return _canonical(one) == _canonical(other)


def _canonical(rules: Sequence[FormatRule]) -> dict[object, dict[int, list[tuple[int, int]]]]:
    found: dict[object, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        ranges = parse_ranges(rule.range)
        base = min(r.top for r in ranges), min(r.left for r in ranges)
        fill, color = (rule.fill or "").upper(), (rule.font_color or "").upper()
        look = (fill, color, bool(rule.bold), rule.border or "", rule.number_format or "")
        key = (rule.kind, _relative(rule.formula.removeprefix("="), *base), look)
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


def refuse_rule(rule: FormatRule) -> None:
    """Raise EditError for a rule that cannot be written, or not be recognised afterwards."""
    try:
        ranges = parse_ranges(rule.range)
    except ValueError as error:
        raise EditError(f"{rule.sheet}: {error}") from None
    where = f"{rule.sheet}!{rule.range}"
    if not ranges:
        raise EditError(f"{rule.sheet}: a format has no range; give one, such as N5:N20.")
    if not _KIND.fullmatch(rule.kind):
        raise EditError(
            f"{where}: a format's kind is {rule.kind!r}; give lower-case letters and hyphens."
        )
    text = rule.formula.removeprefix("=")
    if not text.strip() or not is_plain(text) or len(text) > LONGEST_FORMULA - 100:
        raise EditError(f"{where}: {text[:40]!r} is no formula for a format; correct it.")
    for color in (rule.fill, rule.font_color):
        if color and not is_color(color):
            raise EditError(f"{where}: the colour {color!r} is not of the form RRGGBB, as FF0000.")
    if rule.border and rule.border not in LINES:
        raise EditError(f"{where}: {rule.border!r} is no line; give one of {', '.join(LINES)}.")


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
    standing = {id(block) for block in outline.root.all("conditionalFormatting")}
    for block in _blocks(outline.root):
        rules = block.all("cfRule")
        gone = []
        for rule in rules:
            match = _OURS.match(_formula(rule)) if id(block) in standing else None
            if match is not None and match["kind"] in kinds:
                gone.append(rule)
                continue
            priorities.append(whole_number(rule.attributes.get("priority")) or 0)
        if gone and len(gone) == len(rules):
            edits.append((block.start, block.end, b""))
        else:
            edits += [(rule.start, rule.end, b"") for rule in gone]
        if id(block) in standing:
            last = block
    if ours and max(priorities) + len(ours) > _LAST_PRIORITY:
        raise EditError(
            f"{outline.part} has a conditional format of priority {max(priorities)}, behind which "
            "there is no room for another; change their order in Excel, which renumbers them."
        )
    fragments = "".join(
        _block(rule, styles.add_format(rule), max(priorities) + number, outline.prefix)
        for number, rule in enumerate(ours, start=1)
    ).encode()
    if fragments:
        edits.append((*_place(outline, last), fragments))
    return edits


def _block(rule: FormatRule, look: int, priority: int, p: str) -> str:
    formula = marked_formula(rule)
    return (
        f'<{p}conditionalFormatting sqref="{escape_attribute(rule.range)}"><{p}cfRule '
        f'type="expression" dxfId="{look}" priority="{priority}"><{p}formula>'
        f"{escape_formula(formula)}</{p}formula></{p}cfRule></{p}conditionalFormatting>"
    )


def _place(outline: Outline, last: Element | None) -> tuple[int, int]:
    """Where new blocks go: behind the last block, else by the schema's order."""
    if last is not None:
        return last.end, last.end
    later = SHEET_ORDER[SHEET_ORDER.index("conditionalFormatting") + 1 :]
    if not outline.tail:
        raise EditError(f"{outline.part} has no sheetData; save the file in Excel.")
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
