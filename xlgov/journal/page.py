"""A run as one page for people: what it came to, then every workbook, the worst first.

Why no script and no picture: the page is sent by mail, opened from a shared drive and printed, in
places that run no scripts of others. All that workbooks and people have written is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from html import escape
from typing import Any

from xlgov.changes import SEVERITIES, Finding, sort_findings
from xlgov.grid.dates import say_date
from xlgov.journal.record import ChangedCell, RunRecord, RunStart
from xlgov.journal.table import count_results, is_left_alone, split_findings, why_left_alone

_MOST_ROWS = 200  # of one workbook; the log has all
_STYLE = """
body { font: 10.5pt/1.45 "Segoe UI", Arial, sans-serif; color: #1d1d1f; background: #fff;
  max-width: 72em; margin: 2em auto; padding: 0 1.5em; }
h1 { font-size: 1.6em; margin: 0 0 .2em; } h2 { font-size: 1.15em; margin: 2.2em 0 .4em;
  border-bottom: 2px solid #d5d8dc; padding-bottom: .2em; overflow-wrap: anywhere; }
h3 { font-size: 1em; margin: 1em 0 .3em; } p { margin: .3em 0; } a { color: #0b57a4; }
table { border-collapse: collapse; width: 100%; margin: .3em 0 .8em; }
th, td { text-align: left; vertical-align: top; padding: .25em .7em .25em 0;
  border-bottom: 1px solid #e3e5e8; overflow-wrap: break-word; }
th { font-weight: 600; color: #55595e; } td.n, th.n { text-align: right; white-space: nowrap; }
td.c { white-space: nowrap; } table.totals { width: auto; } .quiet { color: #55595e; }
.error, .failed { color: #a4161a; font-weight: 600; } .warning { color: #8a5a00; }
.note, .corrected { color: #55595e; }
@media print { body { margin: 0; max-width: none; font-size: 9pt; } a { color: inherit;
  text-decoration: none; } h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
  thead { display: table-header-group; } }
"""


def page(
    start: RunStart,
    records: Sequence[RunRecord],
    *,
    stopped: bool = False,
    zone: tzinfo | None = None,
) -> str:
    """The page of a run as HTML. ``zone`` is that of its times (None: this computer's own)."""
    begun = start.started.astimezone(zone)
    title = f"xlgov {start.command}, {say_date(begun.date())}"
    ordered = sorted(records, key=_badness)
    shown = [each for each in ordered if _has_more_to_say(each)]
    places = {id(each): f"file-{number}" for number, each in enumerate(shown, start=1)}
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">Begun {begun:%H:%M} by {escape(start.who)}, xlgov '
        f"{escape(start.xlgov)}.</p>",
    ]
    if stopped:
        missed = start.files - len(records)
        parts.append(
            f'<p class="failed">The run was stopped; {missed:,} of {start.files:,} files were not '
            "begun.</p>"
        )
    parts += [_totals(records), _files(ordered, places)]
    parts += [_file(each, places[id(each)]) for each in shown]
    parts.append("</body>\n</html>\n")
    return "\n".join(parts)


def _badness(record: RunRecord) -> tuple[Any, ...]:
    """The order of workbooks, worst first: failures, errors, warnings, then most changed."""
    counts = _count_left(record)
    return (
        record.outcome not in ("failed", "interrupted"),
        *(-number for number in counts[:2]),
        -len(record.changes),
        record.path,
    )


def _count_left(record: RunRecord) -> list[int]:
    """How many errors, warnings and notes are left to look at."""
    left, _ = split_findings(record)
    return [sum(f.severity == each for f in left) for each in SEVERITIES]


def _has_more_to_say(record: RunRecord) -> bool:
    return bool(record.error or record.findings or record.changes)


def _totals(records: Sequence[RunRecord]) -> str:
    rows = [(name, number) for name, number in count_results(records).items()]
    rows.append(("cells changed", sum(len(each.changes) for each in records)))
    rows.append(("findings corrected", sum(len(split_findings(each)[1]) for each in records)))
    left = [_count_left(each) for each in records]
    for place, severity in enumerate(SEVERITIES):
        rows.append((f"{severity}s to look at", sum(counts[place] for counts in left)))
    rows.append(("above tolerance", sum(len(each.above_tolerance) for each in records)))
    body = "".join(
        f'<tr><td>{escape(name.capitalize())}</td><td class="n">{number:,}</td></tr>'
        for name, number in rows
        if number
    )
    return f'<table class="totals"><tbody>{body}</tbody></table>'


def _files(records: Iterable[RunRecord], places: dict[int, str]) -> str:
    rows = []
    for each in records:
        place = places.get(id(each))
        name = escape(each.path)
        counts = _count_left(each)
        what = why_left_alone(each) if is_left_alone(each) else each.outcome
        style = ' class="failed"' if each.outcome in ("failed", "interrupted") else ""
        rows.append(
            f"<tr><td>{f'<a href=#{place}>{name}</a>' if place else name}</td>"
            f"<td{style}>{escape(what)}</td>"
            + "".join(
                f'<td class="n">{number or ""}</td>' for number in (len(each.changes), *counts)
            )
            + "</tr>"
        )
    heads = "".join(
        f'<th class="n">{name}</th>' for name in ("Changes", "Errors", "Warnings", "Notes")
    )
    return (
        f"<table><thead><tr><th>Workbook</th><th>Outcome</th>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _file(record: RunRecord, place: str) -> str:
    parts = [f'<h2 id="{place}">{escape(record.path)}</h2>']
    said = [record.outcome.capitalize()]
    if record.as_of:
        said.append(f"as of {say_date(record.as_of)} ({record.as_of_source})")
    if record.month:
        said.append(f"reporting month {record.month}")
    parts.append(f'<p class="quiet">{escape(", ".join(said))}.</p>')
    if record.error:
        parts.append(f'<p class="failed">{escape(record.error.get("message", ""))}</p>')
    if record.above_tolerance:
        items = [
            f"{item.record} {item.rating}"
            + (f" (since {say_date(item.since)})" if item.since else "")
            for item in record.above_tolerance
        ]
        parts.append(f"<p>Above tolerance ({len(items)}): {escape(', '.join(items))}</p>")
    left, corrected = split_findings(record)
    heads: tuple[str, ...] = ("", "Finding", "Cell")
    parts += _section("To look at", heads, _finding_rows(left))
    parts += _section("Corrected", heads, _finding_rows(corrected, "corrected"))
    heads = ("Cell", "Record", "Before", "After", "Why")
    parts += _section("Changes", heads, _change_rows(record.changes))
    return "\n".join(parts)


def _section(title: str, heads: Sequence[str], rows: Iterator[str]) -> list[str]:
    listed = list(rows)
    if not listed:
        return []
    more = len(listed) - _MOST_ROWS
    rest = f'<p class="quiet">and {more:,} more in the log</p>' if more > 0 else ""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return [
        f"<h3>{title} ({len(listed):,})</h3>",
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(listed[:_MOST_ROWS])}</tbody>"
        f"</table>{rest}",
    ]


def _finding_rows(findings: Iterable[Finding], what: str = "") -> Iterator[str]:
    for each in sort_findings(findings):
        shown = each.remedy and not what
        remedy = f'<br><span class="quiet">{escape(each.remedy)}</span>' if shown else ""
        style = what or each.severity
        yield (
            f'<tr><td class="c {style}">{style}</td>'
            f"<td>{escape(each.message)}{remedy}</td>"
            f'<td class="c">{_cell(each.sheet, each.address)}</td></tr>'
        )


def _change_rows(changes: Iterable[ChangedCell]) -> Iterator[str]:
    for each in changes:
        what = " ".join(part for part in (each.record, each.field or each.measure) if part)
        yield (
            f'<tr><td class="c">{_cell(each.sheet, each.address)}</td><td>{escape(what)}</td>'
            f"<td>{_value(each.before)}</td><td>{_value(each.after)}</td>"
            f"<td>{escape(each.reason)}</td></tr>"
        )


def _cell(sheet: str, address: str) -> str:
    return escape(f"{sheet}!{address}" if address else sheet)


def _value(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return '<span class="quiet">blank</span>' if value is None else escape(str(value))
