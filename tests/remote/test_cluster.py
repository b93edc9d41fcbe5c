"""A run over the workers of a Dask cluster: processes of their own, which may be killed."""

from __future__ import annotations

import builtins
import json
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.plain_registers import rank, rows_of, values, write_register
from xlgov import operations
from xlgov.batch import run_each
from xlgov.changes import ChangeSet
from xlgov.cli import main
from xlgov.cluster import cluster_executor
from xlgov.errors import UsageError

BANDS = """as_of = 2017-02-06
[risk]
bands = [{name = "Low", from = 1, to = 13, color = "green"},
         {name = "High", from = 14, to = 25, color = "red"}]
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of a scheduler with two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    import dask

    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(processes=True, silence_logs=100, **options) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six registers ``all/0.xlsx`` to ``all/5.xlsx`` with a slip each, 3 cut short."""
    for number in range(6):
        rows = rows_of(rank)
        rows[0][4] = 4  # 10 is right
        path = write_register(tmp_path / "all" / f"{number}.xlsx", rows)
        if number == 3:
            path.write_bytes(path.read_bytes()[:3000])
    (tmp_path / "all" / "xlgov.toml").write_text(BANDS, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "all"


def ratings(folder: Path) -> list[object]:
    names = [f"{number}.xlsx" for number in range(6) if number != 3]
    return [values(folder / name)["Register", "E4"] for name in names]


@pytest.mark.slow
def test_a_refresh_over_a_cluster_gives_what_one_here_gives(
    address: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["refresh", "all", "--dask", address, "--log", "run.jsonl", "--out", "out"])
    printed = capsys.readouterr()
    assert code == 3
    assert f"{folder / '3.xlsx'}: " in printed.err
    assert [line[:7] for line in printed.out.splitlines()] == [f"{n}.xlsx:" for n in "01245"]
    assert main(["refresh", "all", "--out", "here"]) == 3
    for name in ("0.xlsx", "5.xlsx"):
        there, here = (folder.parent / each / name for each in ("out", "here"))
        assert there.read_bytes() == here.read_bytes() != (folder / name).read_bytes()
    lines = [json.loads(line) for line in Path("run.jsonl").read_text("utf-8").splitlines()]
    assert [line["line"] for line in lines].count("intent") == 5
    said = {Path(line["path"]).name: line["outcome"] for line in lines if line["line"] == "file"}
    assert said == {
        **dict.fromkeys([f"{n}.xlsx" for n in "01245"], "refreshed"),
        "3.xlsx": "failed",
    }
    capsys.readouterr()
    again = ["refresh", "all", "--dask", address, "--log", "run.jsonl", "--resume", "--out", "out"]
    assert main(again) == 3
    assert capsys.readouterr().out == "", "only the one that failed is tried again"


def refresh_and_die(path: Path, doomed: str, again: bool) -> ChangeSet:
    """A refresh after which the process is killed: the first time, or each time."""
    changes = operations.refresh(path)
    mark = path.with_suffix(".died")
    if path.name == doomed and (again or not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return changes


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills as other systems do")
@pytest.mark.parametrize("again", [False, True])
def test_a_worker_that_is_killed_loses_nothing(address: str, folder: Path, again: bool) -> None:
    paths = [folder / f"{number}.xlsx" for number in range(6)]
    work = partial(refresh_and_die, doomed="1.xlsx", again=again)
    with cluster_executor(address) as executor:
        outcomes = list(run_each(work, paths, executor=executor))
    assert [outcome.path for outcome in outcomes] == paths
    wrong = {each.path.name: str(each.error) for each in outcomes if each.error}
    lost = {name: said for name, said in wrong.items() if "did not come back" in said}
    assert set(wrong) - set(lost) == {"3.xlsx"}
    assert ("1.xlsx" in lost) is again
    for said in lost.values():
        assert "run it again" in said
    assert (folder / "1.died").exists()
    assert [value in (4, 10) for value in ratings(folder)] == [True] * 5, "old or new, each"
    left = [each.name for each in folder.iterdir() if each.name.startswith(".~xlgov")]
    assert left == []
    assert list(run_each(operations.refresh, paths[:3]))[1].error is None
    assert ratings(folder)[:3] == [10, 10, 10]


@pytest.mark.slow
def test_workers_of_another_version_are_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlgov.cluster.__version__", "99.0")
    with (
        pytest.raises(UsageError, match="another xlgov than this one") as caught,
        cluster_executor(address),
    ):
        pytest.fail("no file may be begun")
    assert "has 0." in str(caught.value)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_waited_for_and_then_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    monkeypatch.setattr("xlgov.cluster._PATIENCE", 1)
    options = {"n_workers": 0, "dashboard_address": ":0", "silence_logs": 100}
    with distributed.LocalCluster(processes=True, **options) as cluster:
        assert main(["refresh", "all", "--dask", cluster.scheduler_address]) == 2
    assert "has no worker that answers in 1 seconds" in capsys.readouterr().err
    assert ratings(folder) == [4] * 5


@pytest.mark.slow
def test_an_address_at_which_nobody_answers_is_a_usage_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dask = pytest.importorskip("dask", reason="distributed is not installed")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        assert main(["refresh", "all", "--dask", "tcp://127.0.0.1:9"]) == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert ratings(folder) == [4] * 5


def test_without_distributed_the_extra_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "distributed":
            raise ImportError(name)
        return load(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert main(["refresh", "all", "--dask", "tcp://127.0.0.1:9"]) == 2
    assert 'pip install "xlgov[dask]"' in capsys.readouterr().err
    assert ratings(folder) == [4] * 5
