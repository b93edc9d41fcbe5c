"""What people and programs read of a change set: a few lines of text, and one JSON document.

Words come first and cells last; many findings of one kind are one line; what is right is not
mentioned. The JSON has stable keys and ISO dates, since other programs rely on it.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from xlgov.batch import Outcome
from xlgov.changes import (
    Cached,
    CellChange,
    ChangeSet,
    Finding,
    FormatRule,
    Formula,
    MarkedText,
    RichText,
    StoredCell,
    StyleChange,
    finding_record,
    split_corrected,
)
from xlgov.grid.cells import CellError
from xlgov.grid.dates import say_date
from xlgov.kpi.written import ROUNDED

_INDENT = 18
_MOST_LINES = 100  # single findings or changes of a workbook; --json has all
_MOST_RECORDS = 50  # of one kind of finding, or above tolerance
_LEFT_ALONE = ("scheme-unclear", "register-unclear", "readings-missing", "readings-elsewhen")


def head_lines(changes: ChangeSet) -> list[str]:
    """What was recognised, as of when, and the list for the executive board."""
    lines = []
    titles = Counter(report.title for report in changes.reports)
    for report in changes.reports:
        as_of = ""
        dated = not (report.month and changes.as_of_source == "today")  # figures know no day
        if changes.as_of is not None and dated:
            as_of = f", as of {say_date(changes.as_of)} ({changes.as_of_source})"
        where = f" ({', '.join(report.sheets)})" if titles[report.title] > 1 else ""
        number = count(report.records, report.noun)
        lines.append(f"{report.title}{where}, {number}{as_of}")
        if report.headline:
            lines.append(report.headline)
        if report.board:
            listed = _and_more(
                [
                    f"{item.record} {item.rating}"
                    + (f" (since {say_date(item.since)})" if item.since else "")
                    for item in report.board
                ]
            )
            lines.append(f"{len(report.board)} above tolerance ({report.tolerance}): {listed}")
        elif report.tolerance:
            lines.append(f"None above tolerance ({report.tolerance})")
    return lines


def finding_lines(changes: ChangeSet) -> list[str]:
    """The findings, what a refresh corrects first; one line for many of a kind."""
    correct, look = _split(changes)
    errors = [finding for finding in correct if finding.severity == "error"]
    others = _grouped(finding for finding in correct if finding.severity != "error")
    lines = _labelled(
        f"To correct ({len(errors) + len(others)})", [*(_one(each) for each in errors), *others]
    )
    grouped = _grouped(look)
    lines += _labelled(f"To look at ({len(grouped)})", grouped)
    accepted = sum(report.accepted for report in changes.reports)
    if accepted:
        lines += _labelled(f"Accepted ({accepted})", ["left out until their review dates"])
    return lines


def _split(changes: ChangeSet) -> tuple[list[Finding], list[Finding]]:
    """Findings that a refresh corrects, and the others."""
    written = ((change.sheet, change.address) for change in changes.cells)
    return split_corrected(changes.findings, written)


def _labelled(label: str, texts: Sequence[str]) -> list[str]:
    """Texts in a column, the label before the first; nothing for no texts."""
    lines = []
    for number, text in enumerate(_shortened(texts, _MOST_LINES)):
        mark = label if number == 0 else ""
        lines.append(f"{mark:<{_INDENT}}{text}")
    return lines


def _one(finding: Finding) -> str:
    """A finding's own sentence; one about the file as a whole also says what to do."""
    text = finding.message if finding.record else _with_remedy(finding)
    return f"{text}   [{finding.sheet}!{finding.address}]" if finding.address else text


def _with_remedy(finding: Finding) -> str:
    """
    >>> _with_remedy(Finding("note", "some-code", "", "", "", "The edges are assumed", "Confirm"))
    'The edges are assumed. Confirm'
    """
    return ". ".join(part.rstrip(".") for part in (finding.message, finding.remedy) if part)


def _grouped(findings: Iterable[Finding]) -> list[str]:
    """One text for each kind of finding; a kind with one record keeps its own sentence."""
    kinds: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        kinds[finding.code, finding.title].append(finding)
    texts = []
    for (_, title), group in kinds.items():
        records = [finding.record for finding in group if finding.record]
        if len(group) > 1 and title and len(records) == len(group):
            texts.append(f"{title}: {_and_more(list(dict.fromkeys(records)))}")
        else:
            texts += [_one(finding) for finding in group]
    return texts


def _and_more(texts: Sequence[str]) -> str:
    """Texts in a row, the first of them where they are very many."""
    return ", ".join(_shortened(texts, _MOST_RECORDS))


def _shortened(texts: Sequence[str], most: int) -> list[str]:
    """
    >>> _shortened(["a", "b", "c"], 2)
    ['a', 'b', '... and 1 more']
    """
    if len(texts) <= most:
        return list(texts)
    return [*texts[:most], f"... and {len(texts) - most:,} more"]


def between_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """What was found between the files of a run, each with its file and both addresses."""
    texts = [
        f"{outcome.path.name}: {finding.message}   [{_places(finding)}]"
        for outcome in outcomes
        for finding in outcome.between
    ]
    return _labelled(f"Across files ({len(texts)})", texts)


def _places(finding: Finding) -> str:
    return "; ".join((f"{finding.sheet}!{finding.address}", *finding.related))


def change_lines(changes: ChangeSet) -> list[str]:
    """Every change that a refresh would make: cells one a line, formats by what they show.

    Figures that are right as they are shown come last.
    """
    lines = _shortened(
        [
            f"{change.sheet}!{change.address}: {_show(change.before)} -> {_show(change.after)}"
            + (f"   {change.reason}" if change.reason else "")
            for change in sorted(changes.cells, key=lambda each: each.measure == ROUNDED)
        ],
        _MOST_LINES,
    )
    lines += [
        f"{style.sheet}!{style.address}: number format {style.number_format}"
        for style in _number_formats(changes)
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


_FORMULA = "formula"  # the measure of a cell that was right, and gets a formula

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


def _number_formats(changes: ChangeSet) -> list[StyleChange]:
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
    return [f"{what}: {_and_more(list(dict.fromkeys(cells)))}" for what, cells in shown.items()]


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


def _coloured(rules: Iterable[FormatRule]) -> str:
    """What the formats of ours show, in a clause."""
    rules = list(rules)
    kinds = {rule.kind for rule in rules}
    said = []
    if any(rule.kind == "band" and rule.fill for rule in rules):
        said.append("rating cells coloured by band")
    elif kinds & {"band", "tolerance"}:
        said.append("ratings above tolerance in bold")
    if any(kind.startswith("significant") for kind in kinds):
        said.append("significant changes in grey")
    if any(kind.endswith(("better", "worse")) for kind in kinds):
        said.append("better and worse marked")
    known = ("band", "tolerance", "significant", "better", "worse")
    if any(not kind.startswith(known) for kind in kinds):
        said.append("statuses coloured")
    return ", ".join(said)


def summary(changes: ChangeSet) -> str:
    """What a refresh did, in one clause after the file's name."""
    rounded = sum(1 for change in changes.cells if change.measure == ROUNDED)
    formulas = sum(1 for change in changes.cells if change.measure == _FORMULA)
    shown_by_formulas = sum(1 for each in changes.cells if isinstance(each.after, Cached))
    other = [
        each
        for each in changes.cells
        if each.measure not in (ROUNDED, _FORMULA) and not isinstance(each.after, Cached)
    ]
    corrected = Counter(c.measure or "cell" for c in other if c.before is not None)
    filled = Counter(c.measure or "cell" for c in other if c.before is None)
    done = [f"{_listed(corrected)} corrected"] if corrected else []
    done += [f"{_listed(filled)} filled in"] if filled else []
    done += [f"{count(rounded, ROUNDED)} given in full"] if rounded else []
    done += [f"{count(formulas, 'cell')} given a formula"] if formulas else []
    if shown_by_formulas:
        done.append(f"{count(shown_by_formulas, 'formula')} brought up to date")
    shown = len(_number_formats(changes))
    done += [f"{count(shown, 'number format')} set"] if shown else []
    done += [f"sheet {sheet.name!r} written" for sheet in changes.sheets]
    done += [f"{count(len(changes.notes), 'note')} written"] if changes.notes else []
    done += ["names for the button brought up to date"] if changes.names else []
    coloured = _coloured(changes.formats)
    last = ""
    if changes.formats and not done:
        done.append(coloured)
    elif changes.formats:
        last = f" ({coloured})"
    elif changes.drop_formats:
        done.append("colours of ours removed")
    unclear = [each for each in changes.findings if each.code in _LEFT_ALONE]
    doubts = [_with_remedy(each) for each in unclear]
    months = [report.month for report in changes.reports if report.month]
    of_month = f" [reporting month {months[0]}]" if months else ""
    if done:
        left = [f"{each.sheet} left alone: {_with_remedy(each)}" for each in unclear]
        return "; ".join([f"{', '.join(done)}; nothing else changed{last}{of_month}", *left])
    if doubts:
        return f"left alone: {'; '.join(doubts)}"
    return f"already up to date{of_month}" if changes.reports else "nothing recognised; left alone"


def _listed(counts: Counter[str]) -> str:
    """
    >>> _listed(Counter({"rating": 5, "impact": 1}))
    '5 ratings and 1 impact'
    """
    return " and ".join(count(number, noun) for noun, number in counts.most_common())


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "risk"), count(16, "risk")
    ('1 risk', '16 risks')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The JSON document of a run."""
    return {"files": [_file(outcome) for outcome in outcomes]}


def _file(outcome: Outcome) -> dict[str, Any]:
    changes, error = outcome.changes, outcome.error
    return {
        "path": str(outcome.path),
        "as_of": changes.as_of.isoformat() if changes.as_of else None,
        "kinds": sorted({report.kind for report in changes.reports}),
        "month": next((report.month for report in changes.reports if report.month), None),
        "changes": [_change(change) for change in changes.cells],
        "formats": [
            {"sheet": rule.sheet, "range": rule.range, "rule": rule.formula}
            for rule in changes.formats
        ]
        + [
            {
                "sheet": style.sheet,
                "range": style.address,
                "rule": f"number format {style.number_format}",
            }
            for style in _number_formats(changes)
        ],
        "findings": [finding_record(finding) for finding in outcome.findings],
        "above_tolerance": [
            {
                "record": item.record,
                "rating": item.rating,
                "sheet": item.sheet,
                "address": item.address,
                "since": item.since.isoformat() if item.since else None,
            }
            for report in changes.reports
            for item in report.board
        ],
        "error": None if error is None else {"code": error.code, "message": str(error)},
    }


def _change(change: CellChange) -> dict[str, Any]:
    return {
        "sheet": change.sheet,
        "address": change.address,
        "before": plain(change.before),
        "after": plain(change.after),
        "reason": change.reason,
    }


def plain(value: object) -> Any:
    """A value as JSON has it: dates in ISO form, formulas with their sign, errors as text.

    A number beyond all bounds, for which JSON has no sign, is text too.
    """
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Cached):
        return plain(value.value)
    if isinstance(value, Formula):
        return "=" + value.text.removeprefix("=")
    if isinstance(value, (RichText, MarkedText, StoredCell, CellError, Path)):
        return str(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value


def _show(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "blank" if value is None else str(plain(value))


def tables_document(tables: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The JSON document of the records of a workbook."""
    return {
        kind: [{name: plain(value) for name, value in row.items()} for row in rows]
        for kind, rows in tables.items()
    }


def write_csv(tables: dict[str, list[dict[str, Any]]], folder: Path, stem: str) -> list[Path]:
    """Write one CSV file per kind; text that a spreadsheet would take for a formula is quoted.

    The files are UTF-8 with a signature, which Excel needs to read accents right.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, rows in tables.items():
        path = folder / f"{stem}-{kind}.csv"
        names = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows([_csv_text(row.get(name)) for name in names] for row in rows)
        written.append(path)
    return written


def _csv_text(value: object) -> object:
    text = plain(value)
    if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != "-":
        return "'" + text
    return text


def print_tables(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Print the short fields of every record in columns; ``--csv`` and ``--json`` have all."""
    for rows in tables.values():
        names = list(dict.fromkeys(name for row in rows for name in row if name != "kind"))
        names.sort(key=lambda name: name != "reference")
        texts = [[_short(row.get(name)) for name in names] for row in rows]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        shown = [at for at, width in enumerate(widths) if 0 < width <= _SHORT]
        for line in [names, *texts]:
            cells = (f"{line[at]:<{max(widths[at], len(names[at]))}}" for at in shown)
            print("  ".join(cells).rstrip())


_SHORT = 24


def _short(value: object) -> str:
    return "" if value is None else " ".join(str(plain(value)).split())
