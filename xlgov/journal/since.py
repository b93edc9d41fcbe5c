"""What stood in earlier reports: since when a record is above tolerance, and what the counts were.

Why "since" is the date of a report: nobody knows on which day a risk crossed the line. It is the
as-of date of the first in the unbroken row of reports, up to this one, that have it above
tolerance. A record that the report before did not have there is above since this one; where there
is no earlier report, nothing is said.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xlgov.batch import Outcome
from xlgov.changes import BoardItem, ChangeSet, Finding, Report
from xlgov.errors import UsageError
from xlgov.journal.reading import LOG_ENDING, Log, read_log
from xlgov.journal.record import RunRecord
from xlgov.remote.path import full_text
from xlgov.review.counts import Counts, count_records
from xlgov.review.records import reference_key
from xlgov.sources import Source

Look = Callable[[Sequence[Path]], Iterable[Outcome]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report of a workbook: its day, who was above tolerance, what it found."""

    as_of: date
    board: tuple[BoardItem, ...]
    findings: tuple[Finding, ...]

    def count(self, name: str) -> Counts:
        """Its counts, as ``review.counts`` has them."""
        report = Report("", "", (), 0, board=self.board)
        return count_records(name, ChangeSet(findings=self.findings, reports=(report,)))


def read_earlier(
    older: Path, sources: Sequence[Source], look: Look
) -> dict[Path, tuple[Earlier, ...]]:
    """The earlier reports of workbooks, oldest first: from a log, or an older file or folder.

    A log's are those of the same file, by its path. In an older folder the file in the same place
    counts, and an older file is that of the only workbook; ``look`` previews them, each as of its
    own day. The day of a version that states none is the one on which it was last saved.

    Raises UsageError where ``older`` is not there, or is one file and the workbooks are several.
    """
    if older.suffix == LOG_ENDING:
        return _from_log(read_log([older]), sources)
    if older.is_dir():
        pairs = {each.path: older / each.place for each in sources}
        pairs = {new: old for new, old in pairs.items() if old.is_file()}
    elif not older.exists():
        raise UsageError(f"no such file or folder: {older}. Check the spelling.")
    elif len(sources) > 1:
        raise UsageError(
            f"{older} is one file and there are {len(sources)} workbooks; name a folder of older "
            f"versions, or a log ({LOG_ENDING})."
        )
    else:
        pairs = {each.path: older for each in sources}
    looked = {outcome.path: outcome for outcome in look(list(pairs.values()))}
    found: dict[Path, tuple[Earlier, ...]] = {}
    for new, old in pairs.items():
        outcome = looked.get(old)
        if outcome is not None and outcome.error is None and outcome.changes.as_of is not None:
            report = earlier_report(outcome.changes)
            if outcome.changes.as_of_source == "today":  # of a version that states no day
                report = replace(report, as_of=date.fromtimestamp(old.stat().st_mtime))
            found[new] = (report,)
    return found


def _from_log(log: Log, sources: Sequence[Source]) -> dict[Path, tuple[Earlier, ...]]:
    records: dict[str, list[RunRecord]] = {}
    for record in log.records:
        if record.outcome in ("refreshed", "unchanged") and record.as_of is not None:
            records.setdefault(os.path.normcase(record.absolute), []).append(record)
    found = {}
    for source in sources:
        of_it = records.get(os.path.normcase(full_text(source.path)))
        if of_it:
            found[source.path] = tuple(
                Earlier(each.as_of, each.above_tolerance, each.findings)
                for each in of_it
                if each.as_of is not None
            )
    return found


def earlier_report(changes: ChangeSet) -> Earlier:
    """An older version's preview as an earlier report. Raises ValueError without an as-of date."""
    if changes.as_of is None:
        raise ValueError("a report without an as-of date is no earlier one")
    board = tuple(item for report in changes.reports for item in report.board)
    return Earlier(changes.as_of, board, tuple(changes.findings))


def with_since(changes: ChangeSet, earlier: Sequence[Earlier]) -> ChangeSet:
    """The change set whose board says since when each record is above tolerance.

    ``earlier`` may be in any order; reports of a later day than the change set's are passed by.
    """
    day = changes.as_of
    if day is None:
        return changes
    before = sorted((e for e in earlier if e.as_of <= day), key=lambda each: each.as_of)
    if not before:
        return changes
    reports = tuple(
        replace(
            report,
            board=tuple(
                replace(item, since=_since(item, report.board, day, before))
                for item in report.board
            ),
        )
        for report in changes.reports
    )
    return replace(changes, reports=reports)


def _since(
    item: BoardItem, board: Sequence[BoardItem], day: date, before: Sequence[Earlier]
) -> date:
    since = day
    many = Counter(reference_key(each.record) for each in board)
    for report in reversed(before):
        found = _find(item, report.board, many)
        if found is None:
            break
        since = report.as_of
        if found.since is not None and found.since < since:
            return found.since
    return since


def _find(item: BoardItem, board: Iterable[BoardItem], many: Mapping[str, int]) -> BoardItem | None:
    """The same record on an earlier board; of references that occur twice, on the same sheet."""
    key = reference_key(item.record)
    for each in board:
        if reference_key(each.record) == key and (many[key] == 1 or each.sheet == item.sheet):
            return each
    return None


def counts_before(changes: ChangeSet, earlier: Sequence[Earlier], name: str) -> Counts | None:
    """The counts of the last report before this one; None where there is none."""
    before = [e for e in earlier if changes.as_of is None or e.as_of <= changes.as_of]
    return sorted(before, key=lambda each: each.as_of)[-1].count(name) if before else None
