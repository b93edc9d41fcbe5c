"""What was found in a workbook, or between several: the lines of ``check``, and of its head.

Why many of a kind are one line: an officer looks for what is new; --json has each of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xlgov.changes import ChangeSet, Finding, split_corrected
from xlgov.grid.dates import say_date
from xlgov.report.texts import count, in_a_row, labelled

if TYPE_CHECKING:
    from xlgov.batch import Outcome


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
            listed = in_a_row(
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
    lines = labelled(
        f"To correct ({len(errors) + len(others)})", [*(_one(each) for each in errors), *others]
    )
    grouped = _grouped(look)
    lines += labelled(f"To look at ({len(grouped)})", grouped)
    accepted = sum(report.accepted for report in changes.reports)
    if accepted:
        lines += labelled(f"Accepted ({accepted})", ["left out until their review dates"])
    return lines


def _split(changes: ChangeSet) -> tuple[list[Finding], list[Finding]]:
    """Findings that a refresh corrects, and the others."""
    written = ((change.sheet, change.address) for change in changes.cells)
    return split_corrected(changes.findings, written)


def _one(finding: Finding) -> str:
    """A finding's own sentence; one about the file as a whole also says what to do."""
    text = finding.message if finding.record else with_remedy(finding)
    return f"{text}   [{finding.sheet}!{finding.address}]" if finding.address else text


def with_remedy(finding: Finding) -> str:
    """
    >>> with_remedy(Finding("note", "some-code", "", "", "", "The edges are assumed", "Confirm"))
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
            texts.append(f"{title}: {in_a_row(list(dict.fromkeys(records)))}")
        else:
            texts += [_one(finding) for finding in group]
    return texts


def between_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """What was found between the files of a run, each with its file and both addresses."""
    texts = [
        f"{outcome.path.name}: {finding.message}   [{_places(finding)}]"
        for outcome in outcomes
        for finding in outcome.between
    ]
    return labelled(f"Across files ({len(texts)})", texts)


def _places(finding: Finding) -> str:
    return "; ".join((f"{finding.sheet}!{finding.address}", *finding.related))
