"""Who changed SR3.3's current rating, and when: the log's answers, by runs and by hand."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import xlgov
from tests.journal.logged import at, lines_of, rating, record, refresh_one, write_wrong
from xlgov import operations
from xlgov.batch import attempt, say_stopped
from xlgov.changes import BoardItem, Finding
from xlgov.cli import main
from xlgov.errors import UsageError
from xlgov.journal.answer import answer_document, answer_lines
from xlgov.journal.file import RunLog, append_line, start_run
from xlgov.journal.history import list_changes, list_hand_edits
from xlgov.journal.query import (
    Question,
    find_changes,
    read_question,
    split_arguments,
)
from xlgov.journal.reading import Log, read_log
from xlgov.journal.record import RunRecord, record_outcome

SAMPLE = Path(__file__).parents[2] / "workbooks" / "strategic-risk-register.xlsx"

# Three runs. Between the second and the third somebody typed 8 over the 12 of the second.
THREE = (
    record(1, "a", "b", rating(8, 9, "likelihood 2, impact 3 gives 9"), rating(1, 2, "", "SR3.4")),
    record(3, "c", "d", rating(9, 12, "likelihood 3, impact 3 gives 12"), who="ben"),
    record(10, "e", "f", rating(8, 12, "likelihood 3, impact 3 gives 12")),
)


def ask(*records: RunRecord, words: str = "SR3.3 current rating", **asked: Any) -> list[str]:
    question = read_question(words.split(), replace(Question(), **asked))
    return answer_lines(Log(records=records), question, UTC)


def test_the_question_is_answered_in_one_line_per_change() -> None:
    assert ask(*THREE, words="who changed SR3.3's current rating, and when?") == [
        "2017-05-01 21:00, anna: risks.xlsx Register!N130, SR3.3 current rating: 8 -> 9   "
        "likelihood 2, impact 3 gives 9",
        "2017-05-03 21:00, ben: risks.xlsx Register!N130, SR3.3 current rating: 9 -> 12   "
        "likelihood 3, impact 3 gives 12",
        "between 3 and 10 May 2017, by hand: risks.xlsx Register!N130, SR3.3 current rating: "
        "12 -> 8",
        "2017-05-10 21:00, anna: risks.xlsx Register!N130, SR3.3 current rating: 8 -> 12   "
        "likelihood 3, impact 3 gives 12",
    ]


@pytest.mark.parametrize(
    ("words", "asked", "expected"),
    [
        ("SR3.4", {}, [1]),
        ("", {"record": " sr 3.4."}, [1]),
        ("SR3.3 residual score", {}, [1, 3, 10, 10]),
        ("SR3.3 inherent", {}, []),
        ("SR3.3 impact", {}, []),
        ("rating", {"since": date(2017, 5, 3), "until": date(2017, 5, 9)}, [3, 10]),
        ("", {"file": "risks.xlsx", "until": date(2017, 5, 2)}, [1, 1]),
        ("", {"file": "ALL\\risks.xlsx", "until": date(2017, 5, 2)}, [1, 1]),
        ("", {"file": "isks.xlsx"}, []),
        ("", {"measure": "current.rating", "until": date(2017, 5, 2)}, [1, 1]),
        ("", {"assessment": "net", "until": date(2017, 5, 2)}, [1, 1]),
    ],
)
def test_options_and_words_narrow_the_answer(
    words: str, asked: dict[str, Any], expected: list[int]
) -> None:
    question = read_question(words.split(), replace(Question(), **asked))
    found = find_changes(Log(records=THREE), question)
    assert [each.when.day for each in found] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("SR3.9", "Nothing is told of a record 'SR3.9' in 3 runs from 1 May 2017 to 10 May 2017; "),
        ("SR3.4 inherent rating", "No inherent rating of SR3.4 was changed in 3 runs from 1 May"),
    ],
)
def test_no_answer_says_what_was_looked_at(words: str, expected: str) -> None:
    (line,) = ask(*THREE, words=words)
    assert line.startswith(expected)
    (line,) = ask(*THREE, file="other.xlsx")
    assert line == "No run in these logs had a file 'other.xlsx'; they had risks.xlsx."


def test_a_record_close_to_the_one_asked_for_is_offered() -> None:
    (line,) = ask(*THREE, words="SR33")
    assert "did you mean SR3.3" in line


def test_logs_and_words_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    arguments = [str(tmp_path / "logs"), "gone.jsonl", "SR3.3", "rating"]
    assert split_arguments(arguments) == (arguments[:2], ["SR3.3", "rating"])
    with pytest.raises(UsageError, match="no log among these words"):
        split_arguments(["SR3.3", "rating"])


def test_an_edit_between_runs_of_cells_that_the_log_does_not_know_is_only_an_edit() -> None:
    one, two = record(1, "a", "b", rating(8, 9)), record(3, "c", "c")
    assert len(list_changes((one, two))) == 1
    (edit,) = list_hand_edits((one, two))
    assert (edit.since, edit.until, edit.path) == (at(1), at(3), "all/risks.xlsx")
    assert list_hand_edits((one, record(3, "b", "b"))) == []


def test_a_hand_edit_lies_between_the_last_run_that_knew_the_file_and_the_first_that_did_not() -> (
    None
):
    runs = [
        record(1, "a", "b", rating(8, 9)),
        record(2, "b", "b"),  # not edited till here
        record(3, "x", "x"),  # edited here, and right as it was by the settings of the day
        record(4, "x", "y", rating(12, 14)),  # other settings
    ]
    hand, run = list_changes(runs)[1:]
    assert (hand.since, hand.when) == (at(2), at(3))
    assert (hand.change.before, hand.change.after) == (9, 12)
    assert (run.since, run.change.before, run.change.after) == (None, 12, 14)


def test_nobody_is_said_to_have_edited_a_file_that_only_runs_have_changed() -> None:
    runs = [record(1, "a", "b", rating(8, 9)), record(2, "b", "c", rating(9, 12))]
    assert all(each.since is None for each in list_changes(runs))
    odd = [record(1, "a", "b", rating(8, 9)), record(2, "x", "c", rating(9.0, 12))]
    assert all(each.since is None for each in list_changes(odd))  # edited, but not this cell
    formula = [record(1, "a", "b", rating(8, "=A1*2")), record(2, "x", "c", rating(9, 12))]
    assert all(each.since is None for each in list_changes(formula))


def test_a_rating_above_tolerance_is_known_though_no_run_has_changed_it() -> None:
    board = BoardItem("SR3.3", 20, "Register", "N130", field="current.rating")
    runs = [
        record(1, "a", "a", above_tolerance=(board,)),
        record(3, "x", "x", above_tolerance=(replace(board, rating=17),)),
    ]
    assert ask(*runs) == [
        "between 1 and 3 May 2017, by hand: risks.xlsx Register!N130, SR3.3 current rating: "
        "20 -> 17"
    ]
    doubt = Finding("error", "rating-stale", "SR3.3", "Register", "N130", "the formula shows 20")
    doubted = [runs[0], replace(runs[1], findings=(doubt,))]
    assert "No current rating of SR3.3" in ask(*doubted)[0]


def test_a_failed_run_says_nothing_of_who_changed_what() -> None:
    runs = [
        record(1, "a", "b", rating(8, 9)),
        record(2, "x", "x", outcome="failed"),
        record(3, "x", "c", rating(7, 9)),
    ]
    assert [(each.since, each.when) for each in list_changes(runs)] == [
        (None, at(1)),
        (at(1), at(3)),
        (None, at(3)),
    ]
    assert len(list_hand_edits(runs)) == 1


def test_files_are_told_apart_by_their_whole_paths() -> None:
    other = record(2, "x", "y", rating(5, 6), absolute="/east/risks.xlsx", path="east/risks.xlsx")
    assert all(each.since is None for each in list_changes((*THREE[:1], other)))
    assert [line.split()[0] for line in ask(*THREE[:1], other, file="east/risks.xlsx")] == [
        "2017-05-02"
    ]


@pytest.mark.parametrize("is_made", [True, False])
def test_a_change_announced_by_a_run_that_was_killed_is_told_where_it_came_about(
    tmp_path: Path, is_made: bool
) -> None:
    path = tmp_path / "risks.xlsx"
    path.write_bytes(b"before")
    log = RunLog(tmp_path / "run.jsonl", start_run("refresh", {}, 1))
    log.begin()
    changes = xlgov.ChangeSet(
        cells=[xlgov.CellChange("Register", "N130", 8, 9, "", "rating", "SR3.3", "current.rating")],
        source_hash=hashlib.sha256(b"before").hexdigest(),
    )
    log.announce(path, None, changes)
    if is_made:
        path.write_bytes(b"after")
    said = answer_lines(read_log([log.path]), Question(record="SR3.3"), UTC)
    if is_made:
        assert said[0].endswith(
            "SR3.3 current rating: 8 -> 9   (announced; the run was stopped before it could say "
            "that it was done)"
        )
    else:
        assert said[0].startswith("No field of SR3.3 was changed")
    before = changes.source_hash or ""
    done = record(3, before, "b", rating(8, 9), run=log.start.run, absolute=str(path))
    append_line(log.path, done.line())  # had it come so far
    assert [each.outcome for each in read_log([log.path]).records] == ["refreshed"]


def announced_rating(tmp_path: Path) -> RunLog:
    """The log of a run that has announced 8 -> 9 for ``risks.xlsx``, which was "before"."""
    log = RunLog(tmp_path / "run.jsonl", start_run("refresh", {}, 1))
    log.begin()
    changes = xlgov.ChangeSet(
        cells=[xlgov.CellChange("Register", "N130", 8, 9, "", "rating", "SR3.3", "current.rating")],
        source_hash="before",
    )
    log.announce(tmp_path / "risks.xlsx", None, changes)
    return log


@pytest.mark.parametrize("outcome", ["unchanged", "failed"])
def test_a_change_made_by_a_process_that_was_killed_is_told_though_the_run_found_it_made(
    tmp_path: Path, outcome: str
) -> None:
    """The process is killed between the rename and its record; the same run tries the file again,
    and its record is of the new file."""
    log = announced_rating(tmp_path)
    found: dict[str, Any] = {
        "run": log.start.run,
        "absolute": str(tmp_path / "risks.xlsx"),
        "outcome": outcome,
    }
    if outcome == "failed":
        found["error"] = {"code": "file", "message": str(say_stopped(tmp_path / "risks.xlsx"))}
    now = datetime.now(UTC)
    append_line(log.path, record(3, "after", "after", when=now, **found).line())
    read = read_log([log.path])
    assert [each.outcome for each in read.records] == ["interrupted", outcome]
    (change,) = list_changes(read.records)
    assert (change.change.before, change.change.after, change.is_unsure) == (8, 9, True)
    assert list_hand_edits(read.records) == []


def test_a_change_that_was_refused_as_the_file_had_been_saved_meanwhile_is_not_told(
    tmp_path: Path,
) -> None:
    log = announced_rating(tmp_path)
    found: dict[str, Any] = {
        "run": log.start.run,
        "absolute": str(tmp_path / "risks.xlsx"),
        "outcome": "failed",
    }
    refused = {"code": "changed", "message": "risks.xlsx was saved by somebody else meanwhile"}
    saved = record(3, "saved", "saved", when=datetime.now(UTC), error=refused, **found)
    append_line(log.path, saved.line())
    read = read_log([log.path])
    assert [each.outcome for each in read.records] == ["failed"]
    assert list_changes(read.records) == []


@pytest.mark.parametrize("outcome", ["unchanged", "refreshed"])
def test_a_change_that_was_withdrawn_as_the_file_had_been_saved_is_not_told(
    tmp_path: Path, outcome: str
) -> None:
    """The run has looked again, and found nothing left to do, or something else."""
    log = announced_rating(tmp_path)
    path = tmp_path / "risks.xlsx"
    log.withdraw(path, None, xlgov.ChangeSet(source_hash="before"))
    found: dict[str, Any] = {
        "run": log.start.run,
        "absolute": str(path),
        "outcome": outcome,
        "when": datetime.now(UTC),
    }
    now = (rating(7, 9),) if outcome == "refreshed" else ()
    append_line(log.path, record(3, "saved", "after", *now, **found).line())
    read = read_log([log.path])
    assert read.problems == ()
    assert [each.outcome for each in read.records] == [outcome]
    assert [each.change.before for each in list_changes(read.records)] == [7] * len(now)


def test_a_change_that_is_announced_again_of_the_same_file_is_announced(tmp_path: Path) -> None:
    """Withdrawn, as the file was another; then that one was put back, and the run was killed."""
    log = announced_rating(tmp_path)
    path = tmp_path / "risks.xlsx"
    log.withdraw(path, None, xlgov.ChangeSet(source_hash="before"))
    log.announce(path, None, xlgov.ChangeSet(source_hash="before"))
    assert [each.outcome for each in read_log([log.path]).records] == ["interrupted"]


def test_a_run_whose_file_is_saved_in_between_records_what_it_did_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, log = write_wrong(tmp_path / "a.xlsx", 1), tmp_path / "run.jsonl"
    apply = operations.apply_changes
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest()]

    def somebody_saves_first(*arguments: Any, **options: Any) -> bool:
        if len(hashes) == 1:
            write_wrong(path, 5)
            hashes.append(hashlib.sha256(path.read_bytes()).hexdigest())
        return bool(apply(*arguments, **options))

    monkeypatch.setattr(operations, "apply_changes", somebody_saves_first)
    assert main(["refresh", str(path), "--log", str(log), "--no-backup"]) == 0
    lines = [line for line in lines_of(log) if line["line"] not in ("run", "end")]
    assert [line["line"] for line in lines] == ["intent", "withdrawn", "intent", "file"]
    assert [line["hash_before"] for line in lines] == [hashes[0]] * 2 + [hashes[1]] * 2
    read = read_log([log])
    assert [each.outcome for each in read.records] == ["refreshed"]
    (change,) = list_changes(read.records)
    assert (change.change.record, change.is_unsure) == ("R6", False)


def test_the_answer_for_programs_has_the_same_changes() -> None:
    said = answer_document(Log(records=THREE, problems=("line 9",)), Question(record="SR3.3"))
    assert said["problems"] == ["line 9"]
    assert [each["who"] for each in said["changes"]] == ["anna", "ben", None, "anna"]
    assert said["changes"][2] == {
        "when": "2017-05-10T21:00:00.000Z",
        "since": "2017-05-03T21:00:00.000Z",
        "by_hand": True,
        "unsure": False,
        "who": None,
        "path": "all/risks.xlsx",
        "sheet": "Register",
        "address": "N130",
        "record": "SR3.3",
        "field": "current.rating",
        "measure": "rating",
        "before": 12,
        "after": 8,
        "reason": "by hand",
    }


def test_what_was_done_by_hand_is_told_apart_also_where_no_cell_is_known() -> None:
    """Between 1 and 3 May somebody edited cells of which no run has told both values."""
    edits = [
        "between 1 and 3 May 2017, by hand: risks.xlsx was edited",
        "between 3 and 10 May 2017, by hand: risks.xlsx was edited",
    ]
    change = (
        "between 3 and 10 May 2017, by hand: risks.xlsx Register!N130, SR3.3 current rating: "
        "12 -> 8"
    )
    assert ask(*THREE, words="", by_hand=True) == [*edits, change]
    assert ask(*THREE, by_hand=True) == [*edits, change]
    assert ask(*THREE, words="", by_hand=True, until=date(2017, 5, 2)) == edits[:1]
    assert ask(*THREE, words="SR3.4", by_hand=True, since=date(2017, 5, 4)) == [
        edits[1],
        "No field of SR3.4 was changed by hand as far as the log can tell in 3 runs from 1 May "
        "2017 to 10 May 2017.",
    ]
    assert ask(record(1, "a", "b"), record(3, "b", "b"), words="", by_hand=True) == [
        "No field was changed by hand as far as the log can tell in 2 runs from 1 May 2017 to "
        "3 May 2017."
    ]
    said = answer_document(Log(records=THREE), Question(by_hand=True))
    assert [each["who"] for each in said["changes"]] == [None]
    assert said["edits"] == [
        {
            "path": "all/risks.xlsx",
            "since": f"2017-05-{since:02}T21:00:00.000Z",
            "until": f"2017-05-{until:02}T21:00:00.000Z",
        }
        for since, until in ((1, 3), (3, 10))
    ]


def test_the_command_tells_what_was_done_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "run.jsonl"
    for each in THREE:
        append_line(log, each.line())
    assert main(["log", str(log), "--by-hand", "--file", "risks.xlsx"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("by hand: ")[2][:20] for line in lines] == [
        "risks.xlsx was edite",
        "risks.xlsx was edite",
        "risks.xlsx Register!",
    ]


def test_the_sample_register_over_three_runs_answers_the_question(tmp_path: Path) -> None:
    """The published register, its SR3.3 current rating spoiled by hand, and three refreshes."""
    path = tmp_path / "register.xlsx"
    path.write_bytes(SAMPLE.read_bytes())
    boards = [report.board for report in xlgov.preview(path).reports]
    sheet, address = next((i.sheet, i.address) for b in boards for i in b if i.record == "SR3.3")
    log = tmp_path / "run.jsonl"

    def type_in(number: int) -> None:
        xlgov.apply(xlgov.ChangeSet(cells=[xlgov.CellChange(sheet, address, None, number)]), path)

    for day, who, typed in ((1, "anna", 8), (3, "ben", None), (10, "anna", 11)):
        if typed is not None:
            type_in(typed)
        start = replace(start_run("refresh", {}, 1), who=who, run=f"run-{day}")
        done = replace(attempt(refresh_one, path), finished=at(day))
        RunLog(log, start).add(record_outcome(done, start))
    question = read_question(["who changed SR3.3's current rating, and when?"], Question())
    lines = answer_lines(read_log([log]), question, UTC)
    right = next(
        each["after"]
        for each in answer_document(read_log([log]), question)["changes"]
        if not each["by_hand"]
    )
    where = f"register.xlsx {sheet}!{address}, SR3.3 current rating"
    assert [line.partition("   ")[0] for line in lines] == [
        f"2017-05-01 21:00, anna: {where}: 8 -> {right}",
        f"between 3 and 10 May 2017, by hand: {where}: {right} -> 11",
        f"2017-05-10 21:00, anna: {where}: 11 -> {right}",
    ]
    assert lines[0].partition("   ")[2] == lines[2].partition("   ")[2] != ""
