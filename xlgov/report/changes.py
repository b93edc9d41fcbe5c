"""What a refresh would change, line by line, and how it has read the registers.

Why formats are told by what they show: nobody reads a rule's formula; the JSON has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from xlgov.changes import ChangeSet, FormatRule, StyleChange
from xlgov.kpi.written import ROUNDED
from xlgov.report.texts import MOST_LINES, in_a_row, shortened
from xlgov.report.values import plain

_SHOWS = {
    "band": "Coloured by band",
    "tolerance": "Bold with a border above tolerance",
    "significant": "Grey, a significant change",
    "significant-better": "Grey, a significant change, marked as better",
    "significant-worse": "Grey, a significant change, marked as worse",
    "better": "Marked as better",
    "worse": "Marked as worse",
    "overdue": "Coloured as overdue",
    "due-soon": "Coloured as due soon",
    "closed": "Coloured as closed",
    "rag-green": "Coloured green by status",
    "rag-yellow": "Coloured yellow by status",
    "rag-red": "Coloured red by status",
}


def change_lines(changes: ChangeSet) -> list[str]:
    """Every change that a refresh would make: cells one a line, formats by what they show.

    Figures that are right as they are shown come last.
    """
    lines = shortened(
        [
            f"{change.sheet}!{change.address}: {_show(change.before)} -> {_show(change.after)}"
            + (f"   {change.reason}" if change.reason else "")
            for change in sorted(changes.cells, key=lambda each: each.measure == ROUNDED)
        ],
        MOST_LINES,
    )
    lines += [
        f"{style.sheet}!{style.address}: number format {style.number_format}"
        for style in number_formats(changes)
    ]
    lines += _format_lines(changes.formats)
    replaced = {rule.sheet for rule in changes.formats}
    lines += [
        f"{sheet}: colours of ours {'replaced' if sheet in replaced else 'removed'}"
        for sheet in changes.drop_formats
    ]
    for sheet in changes.sheets:
        lines.append(f"sheet {sheet.name!r}: {'removed' if sheet.remove else 'written'}")
    return lines


def number_formats(changes: ChangeSet) -> list[StyleChange]:
    """Number formats that change in the office's own cells."""
    ours = {sheet.name for sheet in changes.sheets}
    return [each for each in changes.styles if each.number_format and each.sheet not in ours]


def _format_lines(formats: Iterable[FormatRule]) -> list[str]:
    """One line for each family of rules with all its cells; the JSON has every rule's formula."""
    shown: dict[str, list[str]] = defaultdict(list)
    for rule in formats:
        place = f"{rule.sheet}!{_few(rule.range)}"
        shown[_SHOWS.get(rule.kind, f"Formatted where {rule.formula}")].append(place)
        if rule.kind == "band" and rule.bold:  # a band above tolerance shows that too
            shown[_SHOWS["tolerance"]].append(place)
    return [f"{what}: {in_a_row(list(dict.fromkeys(cells)))}" for what, cells in shown.items()]


def _few(ranges: str) -> str:
    """
    >>> _few("N14 N30 N46 N62 N78")
    'N14 N30 N46 ... (5 places)'
    """
    parts = ranges.split()
    if len(parts) <= 4:
        return ranges
    return f"{' '.join(parts[:3])} ... ({len(parts)} places)"


def recognised_lines(changes: ChangeSet) -> list[str]:
    """How the registers were read."""
    return [
        line
        for report in changes.reports
        for line in (*report.recognised, *(f"  {remark}" for remark in report.remarks))
    ]


def _show(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "blank" if value is None else str(plain(value))
