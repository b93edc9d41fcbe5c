"""Since when a record is above tolerance, and by how much the counts have moved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.journal.logged import record
from tests.plain_registers import SCORES, rank, rows_of, write_register
from xlgov.batch import run_each
from xlgov.changes import BoardItem, ChangeSet, Finding, Report
from xlgov.errors import UsageError
from xlgov.journal.file import append_line
from xlgov.journal.run import Run
from xlgov.journal.since import Earlier, counts_before, read_earlier, with_since
from xlgov.operations import preview
from xlgov.review.counts import COLUMNS, Counts, count_records, counts_lines
from xlgov.sources import Source

FEBRUARY, MAY, AUGUST, NOVEMBER = (date(2017, month, 6) for month in (2, 5, 8, 11))


def board(*records: str, sheet: str = "Register") -> tuple[BoardItem, ...]:
    return tuple(BoardItem(each, 20, sheet, "N4") for each in records)


def earlier(day: date, *records: str) -> Earlier:
    return Earlier(day, board(*records), ())


def changes(day: date | None, *records: str) -> ChangeSet:
    report = Report("risk", "Risks", ("Register",), 9, board=board(*records))
    return ChangeSet(reports=(report,), as_of=day)


def said(found: ChangeSet) -> dict[str, date | None]:
    return {item.record: item.since for report in found.reports for item in report.board}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], None),
        ([earlier(AUGUST, "SR1.1")], AUGUST),
        ([earlier(FEBRUARY, "SR 1.1."), earlier(MAY, "sr1.1"), earlier(AUGUST, "SR1.1")], FEBRUARY),
        ([earlier(AUGUST, "SR1.1"), earlier(MAY)], AUGUST),
        ([earlier(FEBRUARY, "SR1.1"), earlier(MAY), earlier(AUGUST, "SR1.1")], AUGUST),
        ([earlier(FEBRUARY, "SR1.1"), earlier(AUGUST)], NOVEMBER),
        ([earlier(date(2018, 2, 6), "SR1.1")], None),
    ],
)
def test_since_is_the_first_of_the_unbroken_row_of_reports(
    before: Sequence[Earlier], expected: date | None
) -> None:
    assert said(with_since(changes(NOVEMBER, "SR1.1"), before)) == {"SR1.1": expected}


def test_what_the_earlier_report_knew_goes_before_its_own_date() -> None:
    known = Earlier(AUGUST, (BoardItem("SR1.1", 20, "Register", "N4", FEBRUARY),), ())
    assert said(with_since(changes(NOVEMBER, "SR1.1"), [known])) == {"SR1.1": FEBRUARY}


def test_of_a_reference_that_occurs_twice_the_sheet_decides() -> None:
    twice = (*board("R1", sheet="A"), *board("R1", sheet="B"))
    now = ChangeSet(reports=(Report("risk", "", (), 2, board=twice),), as_of=NOVEMBER)
    found = with_since(now, [Earlier(AUGUST, board("R1", sheet="B"), ())])
    assert [item.since for item in found.reports[0].board] == [NOVEMBER, AUGUST]


def test_without_a_day_of_its_own_a_report_says_no_since() -> None:
    assert said(with_since(changes(None, "SR1.1"), [earlier(MAY, "SR1.1")])) == {"SR1.1": None}


def test_counts_are_those_of_the_last_report_before() -> None:
    overdue = Finding("error", "action-overdue", "4", "Log", "D4", "overdue")
    before = [Earlier(MAY, board("R1", "R2"), (overdue,)), earlier(FEBRUARY), earlier(NOVEMBER)]
    counts = counts_before(changes(AUGUST), before, "a.xlsx")
    assert counts is not None
    assert dict(zip(COLUMNS, counts.numbers, strict=True)) == {
        "above tolerance": 2,
        "unscored": 0,
        "overdue": 1,
        "stale": 0,
        "no owner": 0,
    }
    assert counts_before(changes(date(2016, 1, 1)), before, "a.xlsx") is None


def test_the_page_of_counts_says_how_they_moved() -> None:
    now = [Counts("a.xlsx", (3, 0, 2, 0, 0)), Counts("b.xlsx", (0, 0, 0, 0, 0))]
    before = [Counts("a.xlsx", (1, 0, 2, 0, 0)), Counts("b.xlsx", (0, 0, 1, 0, 0))]
    assert counts_lines(now, before) == [
        "        above tolerance  overdue",
        "a.xlsx           3 (+2)        2",
        "b.xlsx                0   0 (-1)",
        "In all           3 (+2)   2 (-1)",
    ]
    assert counts_lines(now, [None, None]) == counts_lines(now)


def write(path: Path, scores: Sequence[tuple[int, int]]) -> Path:
    return write_register(path, rows_of(rank, scores))


def test_an_older_folder_gives_the_report_of_the_file_in_the_same_place(tmp_path: Path) -> None:
    new = write(tmp_path / "new" / "deep" / "a.xlsx", SCORES)
    alone = write(tmp_path / "new" / "only.xlsx", SCORES)
    write(tmp_path / "old" / "deep" / "a.xlsx", [(1, 1), *SCORES[1:]])
    (tmp_path / "old" / "gone.xlsx").write_bytes(b"no matter")
    sources = [Source(new, Path("deep/a.xlsx")), Source(alone, Path("only.xlsx"))]
    found = read_earlier(
        tmp_path / "old", sources, lambda paths: run_each(partial(preview, as_of=MAY), paths)
    )
    assert set(found) == {new}
    now = preview(new, as_of=AUGUST)
    since = said(with_since(now, found[new]))
    assert since and set(since.values()) == {MAY}
    counts = counts_before(now, found[new], "a.xlsx")
    assert counts == count_records("a.xlsx", now)


def test_an_older_version_that_states_no_day_is_of_the_day_it_was_saved(tmp_path: Path) -> None:
    old, new = write(tmp_path / "old.xlsx", SCORES), write(tmp_path / "new.xlsx", SCORES)
    saved = datetime(2017, 5, 6, 12).timestamp()
    os.utime(old, (saved, saved))
    source = Source(new, Path("new.xlsx"))
    found = read_earlier(old, [source], lambda paths: run_each(preview, paths))
    assert found[new][0].as_of == MAY


def test_a_run_says_and_records_since_when(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", SCORES)
    known = preview(path, as_of=MAY).reports[0].board
    before = {path: (Earlier(MAY, known, ()),)}
    with Run("refresh", {}, [path], earlier=before) as run:
        (outcome,) = run.each(partial(preview, as_of=AUGUST))
    assert known and {item.since for item in outcome.changes.reports[0].board} == {MAY}
    assert {item.since for item in run.records[0].above_tolerance} == {MAY}


def test_a_log_gives_the_reports_of_the_same_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", SCORES)
    log = tmp_path / "run.jsonl"
    kept = {"above_tolerance": board("R4"), "absolute": str(path)}
    append_line(log, record(3, "a", "b", as_of=MAY, **kept).line())
    append_line(log, record(5, "a", "b", as_of=FEBRUARY, outcome="failed", **kept).line())
    append_line(log, record(4, "a", "b", as_of=FEBRUARY, **{**kept, "absolute": "/b"}).line())
    found = read_earlier(log, [Source(path, Path("a.xlsx"))], lambda paths: ())
    assert {name: [each.as_of for each in reports] for name, reports in found.items()} == {
        path: [MAY]
    }


def test_one_older_file_is_of_one_workbook(tmp_path: Path) -> None:
    old, new = write(tmp_path / "old.xlsx", SCORES), write(tmp_path / "new.xlsx", SCORES)
    one, two = Source(new, Path("new.xlsx")), Source(old, Path("old.xlsx"))
    found = read_earlier(old, [one], lambda paths: run_each(partial(preview, as_of=MAY), paths))
    assert found[new][0].as_of == MAY
    with pytest.raises(UsageError, match="is one file and there are 2 workbooks"):
        read_earlier(old, [one, two], lambda paths: ())
    with pytest.raises(UsageError, match="no such file or folder"):
        read_earlier(tmp_path / "gone", [one], lambda paths: ())
