"""Which files a path means, where results go, and that nothing stops the rest of a run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.plain_registers import rank, rows_of, write_register
from xlgov.batch import Outcome, attempt, run_each
from xlgov.changes import ChangeSet
from xlgov.errors import DamagedError, UsageError
from xlgov.sources import Source, find_workbooks, plan_targets


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with workbooks at two depths and what stands beside workbooks."""
    monkeypatch.chdir(tmp_path)
    for name in (
        *("all/b.xlsx", "all/a.xlsm", "all/deep/er/c.xlsx", "all/out/d.xlsx"),
        *("all/~$b.xlsx", "all/.~b.xlsx", "all/b (before xlgov).xlsx", "all/notes.txt"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "all" / "folder.xlsx").mkdir()
    return tmp_path


def found(*paths: str, out: str | None = None) -> list[tuple[str, str]]:
    sources = find_workbooks(paths, Path(out) if out else None)
    return [(source.path.as_posix(), source.place.as_posix()) for source in sources]


@pytest.mark.usefixtures("folder")
def test_a_folder_means_the_workbooks_below_it_each_with_its_place() -> None:
    assert found("all", out="all/out") == [
        ("all/a.xlsm", "a.xlsm"),
        ("all/b.xlsx", "b.xlsx"),
        ("all/deep/er/c.xlsx", "deep/er/c.xlsx"),
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["all/*.xlsx"], [("all/b.xlsx", "b.xlsx")]),
        (["all/deep*"], [("all/deep/er/c.xlsx", "er/c.xlsx")]),
        (
            ["all/**/*.xlsm", "all/deep"],
            [("all/a.xlsm", "a.xlsm"), ("all/deep/er/c.xlsx", "er/c.xlsx")],
        ),
        (["all/notes.txt"], [("all/notes.txt", "notes.txt")]),
        (["all/~$b.xlsx"], [("all/~$b.xlsx", "~$b.xlsx")]),
        (["gone.xlsx"], [("gone.xlsx", "gone.xlsx")]),
    ],
)
def test_a_named_file_is_taken_as_it_is_and_a_glob_as_its_workbooks(
    paths: list[str], expected: list[tuple[str, str]]
) -> None:
    assert found(*paths) == expected


def test_a_file_that_several_paths_mean_is_taken_once(folder: Path) -> None:
    again = ["./all/b.xlsx", str(folder / "all" / "b.xlsx"), "all/deep/../b.xlsx", "all/b.x*"]
    assert found("all/b.xlsx", *again) == [("all/b.xlsx", "b.xlsx")]


def test_results_keep_their_place_and_clashes_are_all_named(tmp_path: Path) -> None:
    out = tmp_path / "out"
    one, two, three = (Source(tmp_path / name, Path("a.xlsx")) for name in ("1", "2", "3"))
    deep = Source(tmp_path / "4", Path("deep/a.xlsx"))
    assert plan_targets([one, deep], out) == {
        one.path: out / "a.xlsx",
        deep.path: out / "deep/a.xlsx",
    }
    with pytest.raises(UsageError) as caught:
        plan_targets([one, two, deep, three], out)
    assert str(caught.value).count("would both become") == 2


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")
def test_a_result_is_never_its_own_source_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path = write_register(tmp_path / "real" / "a.xlsx", [])
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UsageError, match="would be written over itself"):
        plan_targets([Source(path, Path("a.xlsx"))], tmp_path / "link")


def refuse(path: Path) -> ChangeSet:
    if path.name == "damaged":
        raise DamagedError("cut short")
    if path.name == "closed":
        raise PermissionError(13, "Permission denied", str(path))
    if path.name == "defect":
        raise ZeroDivisionError("division by zero")
    if path.name == "large":
        raise MemoryError
    return ChangeSet(as_of=None, as_of_source=path.name)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("damaged", "damaged", "cut short"),
        ("closed", "file", "Permission denied"),
        ("defect", "defect", "test_batch.py line"),
        ("large", "file", "memory"),
    ],
)
def test_whatever_goes_wrong_with_one_workbook_becomes_a_value(
    name: str, code: str, words: str
) -> None:
    outcome = attempt(refuse, Path(name))
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.exit_code) == (code, 3)
    assert words in str(outcome.error)


@pytest.mark.parametrize("jobs", [1, 3])
def test_outcomes_come_in_the_order_of_the_paths(jobs: int) -> None:
    names = ["a", "damaged", "b", "defect", "c", "d", "closed"]
    outcomes = list(run_each(refuse, [Path(name) for name in names], jobs))
    assert [outcome.path.name for outcome in outcomes] == names
    assert [outcome.changes.as_of_source for outcome in outcomes if not outcome.error] == list(
        "abcd"
    )


def die(path: Path) -> ChangeSet:
    if path.name == "fatal":
        os._exit(9)  # as when the system ends a process that takes too much memory
    return ChangeSet()


def test_a_process_that_is_killed_is_one_error_and_takes_no_other_with_it() -> None:
    outcomes = list(run_each(die, [Path("a"), Path("fatal"), Path("b"), Path("c")], 2))
    assert [outcome.path.name for outcome in outcomes] == ["a", "fatal", "b", "c"]
    (error,) = (outcome.error for outcome in outcomes if outcome.error)
    assert "fatal was not finished: the process that worked on it was stopped" in str(error)


def test_many_are_done_after_one_process_is_killed_and_each_is_said_once() -> None:
    names = [f"{number:02}" for number in range(30)]
    names[3] = names[17] = "fatal"
    said: list[str] = []
    paths = [Path(str(number), name) for number, name in enumerate(names)]
    outcomes = list(run_each(die, paths, 2, on_done=lambda each: said.append(str(each.path))))
    assert [outcome.path for outcome in outcomes] == paths
    assert [o.path.name for o in outcomes if o.error] == ["fatal", "fatal"]
    assert sorted(said) == sorted(str(path) for path in paths)


def die_while_answering(path: Path) -> ChangeSet:
    if path.name == "fatal":
        threading.Timer(0.2, os._exit, [9]).start()
        return ChangeSet(as_of_source="x" * 5_000_000)  # more than any pipe takes at once
    return ChangeSet()


def test_a_process_that_is_killed_in_the_middle_of_its_answer_holds_nobody_up() -> None:
    def wait_a_moment(outcome: Outcome) -> None:
        time.sleep(0.5 if outcome.path.name == "a" else 0)

    paths = [Path(name) for name in ("a", "fatal", "b", "c")]
    outcomes = list(run_each(die_while_answering, paths, 2, on_done=wait_a_moment))
    assert [outcome.path.name for outcome in outcomes] == ["a", "fatal", "b", "c"]
    # The second time it may have been quicker than its end.
    assert [o.path.name for o in outcomes if o.error] in ([], ["fatal"])


def take_a_while(path: Path) -> ChangeSet:
    path.touch()
    time.sleep(0.6)
    if path.name == "fatal":
        os._exit(9)
    return ChangeSet()


@pytest.mark.skipif(os.name == "nt", reason="no signals of this kind there")
def test_a_process_that_is_killed_while_the_run_is_being_stopped_does_not_hold_it_up(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    paths = [tmp_path / name for name in ("fatal", "b", "c", "d", "e", "f", "g", "h")]

    def interrupt() -> None:
        while not (paths[0].exists() and paths[1].exists()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        list(run_each(take_a_while, paths, 2, on_done=lambda each: said.append(each.path.name)))
    assert sorted(said) == ["b", "fatal"] == sorted(path.name for path in tmp_path.iterdir())
    assert multiprocessing.active_children() == []


class Elsewhere(ThreadPoolExecutor):
    """An executor of somebody else's, which may break at a file."""

    def __init__(self, breaks_at: str = "") -> None:
        super().__init__(2)
        self.breaks_at = breaks_at

    def submit(self, work: Any, /, *given: Any, **named: Any) -> Future[Any]:
        if self.breaks_at and given[1].name == self.breaks_at:
            raise BrokenExecutor("its scheduler is gone")
        return super().submit(work, *given, **named)


def test_any_executor_will_do_and_is_left_open() -> None:
    names = ["a", "damaged", "b", "defect", "c"]
    with Elsewhere() as executor:
        outcomes = list(run_each(refuse, [Path(name) for name in names], executor=executor))
        assert executor.submit(int, "7").result() == 7
    assert [outcome.path.name for outcome in outcomes] == names
    assert [outcome.path.name for outcome in outcomes if outcome.error] == ["damaged", "defect"]


def test_where_an_executor_breaks_what_it_did_not_do_is_said() -> None:
    names = ["a", "b", "c", "d"]
    with Elsewhere(breaks_at="c") as executor:
        outcomes = list(run_each(refuse, [Path(name) for name in names], executor=executor))
    assert [outcome.path.name for outcome in outcomes] == names
    assert ["was not finished" in str(outcome.error) for outcome in outcomes] == [
        False,
        False,
        True,
        True,
    ]


def give_what_does_not_travel(path: Path) -> ChangeSet:
    return ChangeSet(as_of_source=(lambda: "") if path.name == "odd" else "")  # type: ignore[arg-type]


def test_an_outcome_that_does_not_travel_is_that_files_error() -> None:
    outcomes = list(run_each(give_what_does_not_travel, [Path("a"), Path("odd"), Path("b")], 2))
    assert [outcome.path.name for outcome in outcomes] == ["a", "odd", "b"]
    (error,) = (outcome.error for outcome in outcomes if outcome.error)
    assert "what became of odd did not come back" in str(error)


@pytest.mark.parametrize("jobs", [1, 2])
def test_outcomes_are_said_before_their_turn_and_also_when_nobody_takes_them(jobs: int) -> None:
    said: list[str] = []
    outcomes = run_each(
        wait_at_first,
        [Path(name) for name in ("slow", "b", "c", "d")],
        jobs,
        on_done=lambda outcome: said.append(outcome.path.name),
    )
    first = next(outcomes)
    assert first.path.name == "slow" and first.seconds >= 0.3 and first.finished is not None
    outcomes.close()
    if jobs == 1:
        assert said == ["slow"]
    else:
        assert said.index("b") < said.index("slow")


def wait_at_first(path: Path) -> ChangeSet:
    time.sleep(0.3 if path.name == "slow" else 0)
    return ChangeSet()


def test_an_error_of_who_is_told_ends_the_run() -> None:
    def refuse_it(outcome: Outcome) -> None:
        raise FileNotFoundError("no log")

    for jobs in (1, 2):
        with pytest.raises(FileNotFoundError):
            list(run_each(refuse, [Path(name) for name in "abcdef"], jobs, on_done=refuse_it))


def test_an_outcome_knows_whether_anything_was_recognised(tmp_path: Path) -> None:
    from xlgov.operations import preview

    register = write_register(tmp_path / "a.xlsx", rows_of(rank))
    rota = write_register(tmp_path / "b.xlsx", [["AB"]], ("Name",), "Rota")
    assert attempt(preview, register).is_recognised
    assert not attempt(preview, rota).is_recognised
    assert not attempt(preview, tmp_path / "gone.xlsx").is_recognised
