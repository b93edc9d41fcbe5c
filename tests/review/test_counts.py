"""The page of counts at the end of a check of several files."""

from __future__ import annotations

from xlgov.changes import BoardItem, ChangeSet, Finding, Report
from xlgov.review.counts import COLUMNS, Counts, count_records, counts_lines


def found(code: str, record: str, address: str = "A1") -> Finding:
    return Finding("warning", code, record, "Sheet", address, "said")


def test_a_record_counts_once_under_each_heading() -> None:
    changes = ChangeSet(
        findings=(
            found("assessment-missing", "R1", "C4"),
            found("assessment-missing", "R1", "F4"),  # inherent and current: one risk
            found("score-missing", "R2"),
            found("action-overdue", "R1"),
            found("status-stale", "R1"),
            found("no-owner", "R3"),
            found("controls-not-lowered", "R4"),
        ),
        reports=(
            Report("risk", "Risks", ("Sheet",), 4, board=(BoardItem("R4", 18, "Sheet", "F7"),)),
        ),
    )
    counts = count_records("a.xlsx", changes)
    assert dict(zip(COLUMNS, counts.numbers, strict=True)) == {
        "above tolerance": 1,
        "unscored": 2,
        "overdue": 1,
        "stale": 1,
        "no owner": 1,
    }


def test_records_without_a_reference_are_told_apart_by_their_cells() -> None:
    changes = ChangeSet(findings=(found("no-owner", "", "D4"), found("no-owner", "", "D5")))
    assert count_records("a.xlsx", changes).numbers[-1] == 2


def test_files_and_headings_that_are_nought_throughout_are_left_out() -> None:
    page = [
        Counts("long name.xlsx", (3, 0, 2, 0, 0)),
        Counts("right.xlsx", (0, 0, 0, 0, 0)),
        Counts("b.xlsx", (0, 0, 1200, 0, 0)),
    ]
    assert counts_lines(page) == [
        "                above tolerance  overdue",
        "long name.xlsx                3        2",
        "b.xlsx                        0    1,200",
        "In all                        3    1,202",
    ]


def test_nothing_to_count_is_no_page() -> None:
    assert counts_lines([Counts("a.xlsx", (0, 0, 0, 0, 0))]) == []
    assert counts_lines([]) == []
