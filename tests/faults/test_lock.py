"""Two saves of one file at once: one after the other, whoever crashes, and nothing left behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stale_register import RATINGS, ROOT, beside, is_whole, litter, ratings, stale_register

import xlgov
from xlgov.changes import CellChange, ChangeSet
from xlgov.errors import ChangedError, InUseError
from xlgov.ooxml import lock
from xlgov.ooxml.lock import only_saver, saver_prefix
from xlgov.ooxml.patience import Patience

AT_ONCE = Patience(())
posix = pytest.mark.skipif(lock.fcntl is None, reason="needs flock (POSIX)")


@pytest.fixture(params=["by system lock", "by name"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways to hold a lock: the second is that of Windows and of drives without locks."""
    if request.param == "by name":
        monkeypatch.setattr(lock, "fcntl", None)
    elif lock.fcntl is None:
        pytest.skip("needs flock (POSIX)")
    yield request.param


def lock_of(path: Path) -> Path:
    return path.with_name(f"{saver_prefix(path)}.lock")


def in_a_thread(work: Any) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_the_second_is_refused_in_words_and_then_let_in(tmp_path: Path, way: str) -> None:
    path = tmp_path / "Register.xlsx"
    refused: list[InUseError] = []

    def second() -> None:
        try:
            with only_saver(path, AT_ONCE):
                pass
        except InUseError as error:
            refused.append(error)

    with only_saver(path):
        assert lock_of(path).exists()
        in_a_thread(second).join()
    assert len(refused) == 1
    said = str(refused[0])
    assert said.startswith("Register.xlsx is being saved by another run of xlgov (process ")
    assert str(os.getpid()) in said and said.endswith("Wait until it is done and try again.")
    in_a_thread(second).join()
    assert len(refused) == 1
    assert os.listdir(tmp_path) == []


def test_the_second_waits_until_the_first_is_done(tmp_path: Path, way: str) -> None:
    path = tmp_path / "Register.xlsx"
    order: list[str] = []
    waiting = threading.Event()

    def wait(_: float) -> None:
        waiting.set()
        time.sleep(0.001)

    def second() -> None:
        with only_saver(path, Patience((0.1,) * 5000, wait)):
            order.append("second")

    with only_saver(path):
        thread = in_a_thread(second)
        assert waiting.wait(20)
        order.append("first")
    thread.join()
    assert order == ["first", "second"] and os.listdir(tmp_path) == []


def test_within_one_thread_it_may_be_entered_again(tmp_path: Path, way: str) -> None:
    path = tmp_path / "Register.xlsx"
    with only_saver(path), only_saver(path, AT_ONCE):
        assert len(os.listdir(tmp_path)) == 1
    assert os.listdir(tmp_path) == []
    with pytest.raises(KeyboardInterrupt), only_saver(path):
        raise KeyboardInterrupt
    with only_saver(path, AT_ONCE):
        pass
    assert os.listdir(tmp_path) == []


def test_files_do_not_wait_for_one_another(tmp_path: Path, way: str) -> None:
    with only_saver(tmp_path / "a.xlsx"), only_saver(tmp_path / "b.xlsx", AT_ONCE):
        assert len(os.listdir(tmp_path)) == 2


@pytest.mark.parametrize(
    "one, other",
    [("Register.xlsx", "REGISTER.XLSX"), ("caf\u00e9.xlsx", "cafe\u0301.xlsx")],
)
def test_a_name_in_another_spelling_has_the_same_lock(one: str, other: str) -> None:
    assert saver_prefix(Path(one)) == saver_prefix(Path(other))
    assert saver_prefix(Path(one)) != saver_prefix(Path("Other.xlsx"))
    assert len(saver_prefix(Path("x" * 250 + ".xlsx"))) < 40


# What a crash leaves


@posix
def test_the_lock_of_a_killed_process_is_taken_over_and_its_files_cleared_up(
    tmp_path: Path,
) -> None:
    path = stale_register(tmp_path / "Register.xlsx")
    code = """
import os, signal, sys, xlgov
from xlgov.ooxml import save
save._take_times = lambda temporary, model: os.kill(os.getpid(), signal.SIGKILL)
xlgov.refresh(sys.argv[1], backup=False)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=environment)
    assert done.returncode == -signal.SIGKILL
    other = path.with_name(".~xlgov-0123456789abcdef-00.tmp")  # of another workbook
    other.write_bytes(b"")
    assert len(litter(path)) == 3 and lock_of(path).exists()
    xlgov.refresh(path, backup=False)
    assert ratings(path) == RATINGS and beside(path) == [other.name]


def left_behind(path: Path, machine: str, process: int, seconds_old: float) -> Path:
    found = lock_of(path)
    found.write_text(f"{machine}\n{process}\nxlgov saves a workbook here.\n")
    when = time.time() - seconds_old
    os.utime(found, (when, when))
    return found


def test_a_lock_of_another_machine_is_believed_for_a_while(tmp_path: Path, way: str) -> None:
    path = tmp_path / "Register.xlsx"
    left_behind(path, "PC7", 4711, 60)
    with pytest.raises(InUseError, match=r"process 4711 on PC7"), only_saver(path, AT_ONCE):
        pass
    left_behind(path, "PC7", 4711, 3600)
    with only_saver(path, Patience((0.0,))):
        pass
    assert os.listdir(tmp_path) == []


def test_a_lock_dated_in_the_future_is_not_believed_for_ever(tmp_path: Path, way: str) -> None:
    """The server's clock goes ahead by a day, or ours was set back."""
    path = tmp_path / "Register.xlsx"
    left_behind(path, "PC7", 4711, -86_400)
    with only_saver(path, Patience((0.0,))):
        pass
    assert os.listdir(tmp_path) == []


@posix
def test_by_name_the_lock_of_a_process_that_is_gone_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "fcntl", None)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    path = tmp_path / "Register.xlsx"
    left_behind(path, os.uname().nodename, gone.pid, 1)
    (tmp_path / f"{saver_prefix(path)}-00.tmp").write_bytes(b"half")
    with only_saver(path, Patience((0.0,))):
        assert [name[-5:] for name in os.listdir(tmp_path)] == [".lock"]
    assert os.listdir(tmp_path) == []


@posix
def test_a_drive_without_system_locks_is_locked_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(number: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    path = tmp_path / "Register.xlsx"
    with only_saver(path):
        caught: list[InUseError] = []

        def second() -> None:
            with pytest.raises(InUseError) as error, only_saver(path, AT_ONCE):
                pass
            caught.append(error.value)

        in_a_thread(second).join()
        assert len(caught) == 1
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
def test_a_lock_left_by_another_person_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "Register.xlsx"
    left_behind(path, os.uname().nodename, 1, 60).chmod(0o644)
    for parent in (tmp_path, *tmp_path.parents):
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o777)
    code = """
import os, sys
from pathlib import Path
from xlgov.ooxml.lock import only_saver
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with only_saver(Path(sys.argv[1])):
    print("held")
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("held\n", "")
    assert os.listdir(tmp_path) == []


# Saves of a workbook


def change(address: str, value: int) -> ChangeSet:
    return ChangeSet(cells=(CellChange("Register", address, None, value),))


@pytest.mark.parametrize("addresses", [("H4", "H5"), ("H5", "H4")])
def test_two_at_once_leave_a_whole_file_with_all_that_was_written(
    tmp_path: Path, addresses: tuple[str, str]
) -> None:
    """The second waits, or is told to run again; run again, both are in the file."""
    path = stale_register(tmp_path / "Register.xlsx")
    start = threading.Barrier(2)
    refused: list[str] = []

    def save(address: str) -> None:
        start.wait()
        for _ in range(20):
            try:
                xlgov.apply(change(address, int(address[1:])), path)
                return
            except (ChangedError, InUseError) as error:
                refused.append(str(error))

    threads = [in_a_thread(lambda address=each: save(address)) for each in addresses]
    for thread in threads:
        thread.join()
    assert is_whole(path) and beside(path) == []
    with xlgov.ooxml.reader.open_workbook(path) as workbook:
        assert workbook.grid("Register").columns[8].values == [4, 5]
    assert all("somebody else" in said or "another run" in said for said in refused)


REFRESH = """
import sys, xlgov
print(len(xlgov.refresh(sys.argv[1]).cells))
"""


def test_four_refreshes_of_one_file_write_it_once(tmp_path: Path) -> None:
    path = stale_register(tmp_path / "Register.xlsx")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", REFRESH, str(path)]
    runs = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [run.communicate() for run in runs]
    assert [error for _, error in said] == [b""] * 4
    answers = [out.decode().strip() for out, _ in said]
    assert sorted(answers) == ["0", "0", "0", "1"]
    assert ratings(path) == RATINGS and is_whole(path)
    assert beside(path) == ["Register (before xlgov).xlsx"]
    assert ratings(path.with_name("Register (before xlgov).xlsx"))[0] != RATINGS[0]
