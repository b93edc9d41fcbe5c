"""Runs that keep their own record: resumed, stopped, killed, with one bad file among many."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.journal.logged import (
    at,
    lines_of,
    record,
    refresh_one,
    refuse_b,
    write_wrong,
)
from xlgov import operations
from xlgov.batch import Refreshed
from xlgov.cli import main
from xlgov.errors import FileError, UsageError
from xlgov.journal.file import append_line
from xlgov.journal.history import list_hand_edits
from xlgov.journal.reading import Log, read_log
from xlgov.journal.resume import done_already
from xlgov.journal.run import Run, note_result

ROOT = Path(__file__).parents[2]
OPTIONS = {"as_of": date(2017, 2, 6)}


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_folder(folder: Path, number: int) -> list[Path]:
    return [write_wrong(folder / f"{place:03}.xlsx", place) for place in range(number)]


def run_over(paths: list[Path], log: Path, **options: object) -> Run:
    with Run("refresh", OPTIONS, paths, log=log, **options) as run:  # type: ignore[arg-type]
        list(run.each(refresh_one))
    return run


def test_what_is_done_and_unchanged_is_passed_by(tmp_path: Path) -> None:
    paths = write_folder(tmp_path, 3)
    log = tmp_path / "run.jsonl"
    assert run_over(paths, log, resume=True).done == {}  # no log yet
    assert set(run_over(paths, log, resume=True).done) == set(paths)
    write_wrong(paths[1], 5)  # somebody has edited it
    run = run_over(paths, log, resume=True)
    assert run.paths == [paths[1]]
    assert [each.path for each in run.all_records] == [str(path) for path in paths]
    assert run.table_lines()[:3] == ["refreshed      1", "done already   2", "files in all   3"]
    (edit,) = list_hand_edits(read_log([log]).records)
    assert edit.path == str(paths[1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"options_hash": "other"},
        {"xlgov": "0.0.1"},
        {"outcome": "failed"},
        {"outcome": "interrupted", "hash_after": ""},
        {"settings_file": "another"},
        {"as_of": date(2017, 2, 5), "as_of_source": "today"},
        {"target": "/elsewhere/a.xlsx"},
        {"hash_after": "another"},
    ],
)
def test_a_file_is_done_again_where_anything_that_decides_on_it_is_another(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    path = write_wrong(tmp_path / "a.xlsx")
    right = {
        "absolute": str(path),
        "options_hash": "mine",
        "hash_after": hash_of(path),
        "as_of": date(2017, 2, 6),
    }
    today = date(2017, 2, 6)
    one = record(3, "x", "", **right)
    assert set(done_already(Log(records=(one,)), [path], "mine", today=today)) == {path}
    other = record(3, "x", "", **{**right, **wrong})
    assert done_already(Log(records=(other,)), [path], "mine", today=today) == {}
    later = record(4, "x", "", **{**right, **wrong})
    if "target" not in wrong:  # the last run of a file is what counts
        assert done_already(Log(records=(one, later)), [path], "mine", today=today) == {}


def test_a_result_elsewhere_is_done_where_both_files_are_as_they_were(tmp_path: Path) -> None:
    source, target = write_wrong(tmp_path / "a.xlsx"), tmp_path / "out.xlsx"
    target.write_bytes(b"result")
    one = record(
        3,
        hash_of(source),
        hash_of(target),
        absolute=str(source),
        target=str(target),
        options_hash="mine",
    )
    log = Log(records=(one,))
    assert set(done_already(log, [source], "mine", {source: target})) == {source}
    assert done_already(log, [source], "mine") == {}
    write_wrong(source, 4)
    assert done_already(log, [source], "mine", {source: target}) == {}


def test_one_bad_file_is_in_the_log_and_stops_no_other(tmp_path: Path) -> None:
    paths = [write_wrong(tmp_path / f"{name}.xlsx") for name in "abc"]
    log = tmp_path / "run.jsonl"
    with Run("refresh", {}, paths, log=log, report=tmp_path / "run.html") as run:
        names = [outcome.path.name for outcome in run.each(refuse_b, jobs=2)]
    assert names == ["a.xlsx", "b.xlsx", "c.xlsx"]
    found = {each.name: each.outcome for each in read_log([log]).records}
    assert found == {"a.xlsx": "refreshed", "b.xlsx": "failed", "c.xlsx": "refreshed"}
    lines = run.table_lines()
    assert lines[:3] == ["refreshed      2", "failed         1", "files in all   3"]
    assert lines[-2:-1] == ["Failed (1)"]
    assert lines[-1].startswith(f"  {paths[1]}: b.xlsx brought to light a mistake in xlgov")
    assert "ZeroDivisionError" in (tmp_path / "run.html").read_text("utf-8")
    assert lines_of(log)[-1]["finished"] is True


def test_a_run_without_a_log_cannot_be_resumed_nor_log_into_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--resume needs --log"):
        Run("refresh", {}, [], resume=True)
    with pytest.raises(UsageError, match="is a folder"), Run("refresh", {}, [], log=tmp_path):
        pass


def test_a_log_that_fills_up_ends_the_run_before_another_file_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import xlgov.journal.file

    paths = write_folder(tmp_path, 4)
    before = [path.read_bytes() for path in paths]
    log = tmp_path / "run.jsonl"
    written: list[object] = []

    def full(path: Path, line: dict[str, Any]) -> None:
        if len(written) == 2:  # the run's line and the first file's
            raise FileError("the log could not be written")
        written.append(line)
        append_line(path, line)

    monkeypatch.setattr(xlgov.journal.file, "append_line", full)
    with pytest.raises(FileError, match="could not be written"):
        run_over(paths, log)
    changed = [old != path.read_bytes() for old, path in zip(before, paths, strict=True)]
    assert changed == [True, True, False, False]


_SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from tests.journal.logged import refresh_slowly
from xlgov.journal.run import Run, note_result

if __name__ == "__main__":
    folder, log, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    paths = sorted(folder.glob("*.xlsx"))
    run = Run("refresh", {"as_of": date(2017, 2, 6)}, paths, log=log)
    try:
        with run:
            for outcome in run.each(refresh_slowly, jobs):
                pass
    except KeyboardInterrupt:
        print(*run.table_lines(), sep="\\n")
"""


def begin(tmp_path: Path, jobs: int, number: int = 24) -> tuple[subprocess.Popen[str], Path]:
    """A run in a process of its own, some files into its work; and its log."""
    write_folder(tmp_path / "all", number)
    shutil.copytree(tmp_path / "all", tmp_path / "old")
    script = tmp_path / "run.py"
    script.write_text(_SCRIPT)
    log = tmp_path / "run.jsonl"
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "all"), str(log), str(jobs)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if log.exists() and log.read_bytes().count(b'"line":"file"') >= 5:
            return process, log
        time.sleep(0.02)
    process.kill()
    raise AssertionError(process.communicate())


def group_is_gone(group: int) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(os.name == "nt", reason="no signals of this kind there")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_is_killed_leaves_whole_files_and_is_taken_up_again(
    tmp_path: Path, jobs: int
) -> None:
    process, log = begin(tmp_path, jobs)
    process.kill()
    process.communicate()
    assert group_is_gone(process.pid), "processes of a run that is killed do not outlive it"
    read = read_log([log])
    assert read.problems == () and read.finished == frozenset()
    recorded = {each.name: each.hash_after for each in read.records}
    paths = sorted((tmp_path / "all").glob("*.xlsx"))
    assert 5 <= len(recorded) < len(paths)
    run = run_over(paths, log, resume=True)
    assert {path.name for path in run.done} == set(recorded)
    assert {each.name for each in run.records} == {path.name for path in paths} - set(recorded)
    last = {each.key: each for each in read_log([log]).records}
    assert {key: each.hash_after for key, each in last.items()} == {
        str(path): hash_of(path) for path in paths
    }
    for path in paths:
        untouched = tmp_path / "old" / path.name
        refresh_one(untouched)
        assert hash_of(path) == hash_of(untouched)


@pytest.mark.skipif(os.name == "nt", reason="no signals of this kind there")
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_finishes_what_has_begun_and_says_what_was_done(tmp_path: Path, jobs: int) -> None:
    process, log = begin(tmp_path, jobs)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of its processes
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    end = lines_of(log)[-1]
    assert (end["line"], end["finished"]) == ("end", False)
    records = read_log([log]).records
    done = end["outcomes"]["refreshed"]
    assert done == len(records) < 24
    assert [" ".join(line.split()) for line in out.splitlines()[:3]] == [
        f"refreshed {done}",
        f"not begun {24 - done}",
        "files in all 24",
    ]
    recorded = {each.path: each.hash_after for each in records}
    assert recorded == {path: hash_of(Path(path)) for path in recorded}
    for path in sorted((tmp_path / "all").glob("*.xlsx")):
        if str(path) not in recorded and jobs > 1:  # one process may have been at one of these
            assert hash_of(path) == hash_of(tmp_path / "old" / path.name)


def test_a_file_that_somebody_saves_after_the_refresh_is_not_taken_for_what_it_left(
    tmp_path: Path,
) -> None:
    """Saved between the rename and the record: its hash is that of what was written, not of it."""
    (path,) = write_folder(tmp_path, 1)
    log = tmp_path / "run.jsonl"
    made: list[str] = []

    def refresh_before_somebody_saves(path: Path) -> Refreshed:
        changes = refresh_one(path).changes
        made.append(hash_of(path))
        write_wrong(path, 5)
        return note_result(changes, path, None, made[0])

    run = Run("refresh", OPTIONS, [path], log=log)
    with run:
        (outcome,) = run.each(refresh_before_somebody_saves)
    assert [outcome.hash_after] == made != [hash_of(path)]
    assert run_over([path], log, resume=True).done == {}


def test_the_command_records_the_file_that_it_left_though_somebody_saves_just_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, log = write_wrong(tmp_path / "a.xlsx"), tmp_path / "run.jsonl"
    apply = operations.apply_changes
    left: list[str] = []

    def saved_just_after(*arguments: Any, **options: Any) -> bool:
        done = bool(apply(*arguments, **options))
        left.append(hash_of(path))
        write_wrong(path, 5)
        return done

    monkeypatch.setattr(operations, "apply_changes", saved_just_after)
    assert main(["refresh", str(path), "--log", str(log)]) == 0
    (said,) = read_log([log]).records
    assert [said.hash_after] == left != [hash_of(path)]
    assert hash_of(path.with_name("a (before xlgov).xlsx")) == said.hash_before


def test_times_in_records_are_of_the_run(tmp_path: Path) -> None:
    (path,) = write_folder(tmp_path, 1)
    run = run_over([path], tmp_path / "run.jsonl")
    (said,) = run.records
    assert said.when >= run.start.started > at(1)
    assert said.who == run.start.who != ""
