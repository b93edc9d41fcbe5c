"""The lines of a log: their fields, that they are whole, and what is read of those that are not."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.journal.logged import at, lines_of, rating, record, write_wrong
from xlgov.batch import Outcome, Refreshed, attempt
from xlgov.changes import (
    BoardItem,
    CellChange,
    ChangeSet,
    Finding,
    FormatRule,
    Formula,
    Report,
)
from xlgov.errors import DamagedError, FileError, UsageError
from xlgov.journal.file import RunLog, append_line, start_run
from xlgov.journal.hashes import hash_values
from xlgov.journal.reading import read_log
from xlgov.journal.record import RunStart, record_outcome
from xlgov.journal.run import note_result
from xlgov.operations import refresh
from xlgov.settings import Settings

START = RunStart("r1", at(3), "anna", "refresh", {"as_of": date(2017, 2, 6)}, "o1", 2)
FINDING = Finding(
    "error",
    "rating-stale",
    "SR3.3",
    "Register",
    "N130",
    "shows 8",
    "Refresh",
    ("J130",),
    "Rating stale",
)
CHANGES = ChangeSet(
    cells=(
        CellChange("Register", "N130", 8, 9, "2 by 3", "rating", "SR3.3", "current.rating"),
        CellChange("Register", "N146", None, Formula("A1", 3), "", "rating"),
    ),
    formats=(FormatRule("Register", "N130", "N130>13"),),
    findings=(FINDING, replace(FINDING, record="SR3.4", address="N146")),
    source_hash="a" * 64,
    reports=(
        Report("risk", "Risks", ("Register",), 2, board=(BoardItem("SR1.1", 20, "R", "N4"),)),
    ),
    as_of=date(2017, 2, 6),
    as_of_source="from --as-of",
    settings_hash="s1",
)


def test_a_line_of_a_file_has_all_that_is_known_of_it(tmp_path: Path) -> None:
    path = tmp_path / "risks.xlsx"
    (tmp_path / "xlgov.toml").write_text("[risk]\n")
    done = Outcome(path, CHANGES, hash_after="b" * 64, finished=at(3), seconds=0.25)
    line = json.loads(json.dumps(record_outcome(done, START).line()))
    assert line == {
        "format": 1,
        "line": "file",
        "run": "r1",
        "path": str(path),
        "absolute": str(path),
        "target": "",
        "outcome": "refreshed",
        "hash_before": "a" * 64,
        "hash_after": "b" * 64,
        "xlgov": START.xlgov,
        "settings_hash": "s1",
        "settings_file": hashlib.sha256(b"[risk]\n").hexdigest(),
        "options_hash": "o1",
        "as_of": "2017-02-06",
        "as_of_source": "from --as-of",
        "month": None,
        "kinds": ["risk"],
        "changes": [
            {
                "sheet": "Register",
                "address": "N130",
                "record": "SR3.3",
                "field": "current.rating",
                "measure": "rating",
                "before": 8,
                "after": 9,
                "reason": "2 by 3",
            },
            {
                "sheet": "Register",
                "address": "N146",
                "record": "SR3.4",  # of the finding on that cell
                "field": "",
                "measure": "rating",
                "before": None,
                "after": "=A1",
                "reason": "",
            },
        ],
        "formats": [{"sheet": "Register", "range": "N130", "rule": "N130>13"}],
        "findings": [
            {
                "severity": "error",
                "code": "rating-stale",
                "record": label,
                "sheet": "Register",
                "address": address,
                "message": "shows 8",
                "remedy": "Refresh",
                "related": ["J130"],
                "title": "Rating stale",
            }
            for label, address in (("SR3.3", "N130"), ("SR3.4", "N146"))
        ],
        "above_tolerance": [
            {
                "record": "SR1.1",
                "rating": 20,
                "sheet": "R",
                "address": "N4",
                "field": "",
                "since": None,
            }
        ],
        "who": "anna",
        "when": "2017-05-03T21:00:00.000Z",
        "seconds": 0.25,
        "error": None,
    }


def test_what_is_read_back_is_what_was_written(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "run.jsonl", START)
    log.begin()
    done = Outcome(tmp_path / "a.xlsx", CHANGES, hash_after="b", finished=at(3), seconds=0.25)
    failed = Outcome(tmp_path / "ü.xlsx", error=DamagedError("cut short"), finished=at(4))
    records = [record_outcome(each, START) for each in (done, failed)]
    for each in records:
        log.add(each)
    log.end(records, finished=True)
    read = read_log([log.path])
    assert list(read.records) == records
    assert read.runs == (replace(START, options={"as_of": "2017-02-06"}),)
    assert read.finished == {"r1"}
    assert read.problems == ()
    assert lines_of(log.path)[-1]["outcomes"] == {"refreshed": 1, "failed": 1}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome(Path("a"), replace(CHANGES, source_hash="b"), hash_after="b"), "unchanged"),
        (Outcome(Path("a"), CHANGES), "refreshed"),
        (Outcome(Path("a"), ChangeSet(source_hash="a")), "not recognised"),
        (Outcome(Path("a"), ChangeSet(source_hash="a", reports=CHANGES.reports)), "unchanged"),
        (Outcome(Path("a"), error=DamagedError("cut short")), "failed"),
    ],
)
def test_the_outcome_is_in_a_word(outcome: Outcome, expected: str) -> None:
    assert record_outcome(outcome, START).outcome == expected


def test_the_hashes_are_those_of_the_file_before_and_after(tmp_path: Path) -> None:
    path = write_wrong(tmp_path / "a.xlsx")
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    def work(each: Path) -> Refreshed:
        return note_result(refresh(each, backup=False), each, None)

    first = record_outcome(attempt(work, path), START)
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (first.outcome, first.hash_before, first.hash_after) == ("refreshed", before, after)
    assert first.seconds > 0
    again = record_outcome(attempt(work, path), START)
    assert (again.outcome, again.hash_before, again.hash_after) == ("unchanged", after, after)


def test_a_file_that_failed_has_the_hash_that_it_still_has(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no workbook")
    failed = record_outcome(Outcome(path, error=DamagedError("cut short")), START)
    assert failed.hash_before == failed.hash_after == hashlib.sha256(b"no workbook").hexdigest()
    assert failed.error == {"code": "damaged", "message": "cut short"}


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_torn_last_line_is_said_and_takes_no_other_with_it(tmp_path: Path, cut: int) -> None:
    log = RunLog(tmp_path / "run.jsonl", START)
    log.begin()
    log.add(record(3, "a", "b", rating(8, 9)))
    log.add(record(4, "b", "c", rating(9, 12)))
    whole = log.path.read_bytes()
    log.path.write_bytes(whole[:-cut])
    read = read_log([log.path])
    assert [each.when for each in read.records] == [at(3)] + [at(4)] * (cut == 1)
    said = [] if cut == 1 else [f"{log.path} line 3: the line is torn"]
    assert [problem.partition(",")[0] for problem in read.problems] == said
    log.add(record(5, "c", "d", rating(12, 14)))  # begins on a line of its own
    assert [each.when.day for each in read_log([log.path]).records][-1] == 5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"format": 2, "line": "file"}', "format 2 is of a newer xlgov"),
        ('{"some": "other log"}', "no line of a log of xlgov's"),
        ('{"format": 1, "line": "file", "outcome": "lost"}', "outcome is 'lost'"),
        ('{"format": 1, "line": "file", "outcome": "failed", "path": 7}', "path is 7"),
        ('{"format": 1, "line": "file", "outcome": "failed"}', "names no path"),
        ('{"format": 1, "line": "run", "started": "yesterday"}', "Invalid isoformat"),
        ('{"format": 1, "line": "run", "started": "2017-05-03", "options": []}', "options is []"),
        ("[1, 2]", "the line is torn"),
        ("\x00\x00", "the line is torn"),
    ],
)
def test_a_line_that_means_nothing_is_said_with_its_place(
    tmp_path: Path, line: str, words: str
) -> None:
    path = tmp_path / "run.jsonl"
    append_line(path, record(3, "a", "b").line())
    with path.open("a") as file:
        file.write(line + "\n")
    read = read_log([path])
    (problem,) = read.problems
    assert problem.startswith(f"{path} line 2: ") and words in problem
    assert len(read.records) == 1


def test_a_line_with_more_fields_than_we_know_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    append_line(path, {**record(3, "a", "b").line(), "weather": "fine"})
    append_line(path, {"format": 1, "line": "remark", "said": "later kinds of line"})
    read = read_log([path])
    assert (len(read.records), read.problems) == (1, ())


def test_a_folder_means_its_logs_and_a_line_in_two_of_them_counts_once(tmp_path: Path) -> None:
    for name in ("a.jsonl", "deep/b.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        append_line(tmp_path / name, record(3, "a", "b").line())
    append_line(tmp_path / "deep/b.jsonl", record(2, "z", "a").line())
    assert [each.when.day for each in read_log([tmp_path]).records] == [2, 3]


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such log"):
        read_log([tmp_path / "gone.jsonl"])


def test_a_log_that_cannot_be_written_stops_before_any_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.jsonl"
    append_line(path, {"format": 1, "line": "run"})
    before = path.read_bytes()
    honest = os.write

    def fill_up(file: int, content: memoryview) -> int:
        if len(content) > 10:
            return honest(file, content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", fill_up)
    with pytest.raises(FileError, match="No space left on device"):
        append_line(path, {"format": 1, "line": "end"})
    assert path.read_bytes() == before


def test_a_log_may_not_be_a_folder_nor_stand_in_none(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "is a folder"), (tmp_path / "no" / "a.jsonl", "not a folder")):
        with pytest.raises(UsageError, match=words):
            RunLog(path, START).begin()


def test_options_and_settings_have_the_same_hash_wherever_they_were_stated() -> None:
    settings = Settings(tolerance=13, columns={"a": "B", "b": "C"}, sources={"tolerance": "B3"})
    same = Settings(tolerance=13, columns={"b": "C", "a": "B"}, sources={"tolerance": "line 9"})
    assert hash_values(settings) == hash_values(same)
    assert hash_values(settings) != hash_values(replace(settings, tolerance=14))
    assert hash_values(settings) != hash_values(replace(settings, extras=frozenset({"notes"})))
    assert start_run("refresh", {"as_of": date(2017, 2, 6)}, 1).options_hash != hash_values({})
