"""Somebody else saves, holds or takes away the file while we work on it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from stale_register import RATINGS, beside, litter, ratings, stale_register

import xlgov
from xlgov.errors import ChangedError, FileError, InUseError
from xlgov.ooxml import apply as apply_module
from xlgov.ooxml.package import Package
from xlgov.ooxml.patience import PATIENCE, Patience, is_held, open_to_read
from xlgov.ooxml.save import replace_file


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return stale_register(tmp_path / "Register.xlsx")


# Saved by somebody else


def saved_meanwhile(path: Path, how: str) -> None:
    """Another program saves the workbook with other content."""
    content = path.read_bytes() + b" "  # a zip may have something behind it
    if how == "by rename":
        path.with_name("x.tmp").write_bytes(content)
        os.replace(path.with_name("x.tmp"), path)
    elif how == "in place":
        path.write_bytes(content)
    elif how == "by rename with the old date":
        stamp = path.stat()
        path.with_name("x.tmp").write_bytes(content)
        os.utime(path.with_name("x.tmp"), ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        os.replace(path.with_name("x.tmp"), path)
    else:
        path.write_bytes(content)
        os.utime(path, (1_000_000_000, 1_000_000_000))  # their clock is years behind


HOW = ["by rename", "in place", "by rename with the old date", "with a clock set back"]


@pytest.mark.parametrize("how", HOW)
def test_a_file_saved_while_we_write_is_not_replaced(
    register: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    changes = xlgov.preview(register)
    verify = apply_module.verify_written
    theirs: list[bytes] = []

    def save_meanwhile(*args: Any) -> None:
        verify(*args)
        saved_meanwhile(register, how)
        theirs.append(register.read_bytes())

    monkeypatch.setattr(apply_module, "verify_written", save_meanwhile)
    with pytest.raises(ChangedError, match=r"saved by somebody else meanwhile.*Run it again"):
        xlgov.apply(changes, register)
    assert register.read_bytes() == theirs[0] and beside(register) == []


@pytest.mark.parametrize("how", HOW)
def test_a_file_saved_between_preview_and_apply_is_not_written(register: Path, how: str) -> None:
    changes = xlgov.preview(register)
    saved_meanwhile(register, how)
    content = register.read_bytes()
    with pytest.raises(ChangedError, match="has changed since it was previewed"):
        xlgov.apply(changes, register)
    assert register.read_bytes() == content


@pytest.mark.parametrize("how", ["cut short", "overwritten"])
def test_a_file_rewritten_while_it_is_read_is_not_called_damaged(register: Path, how: str) -> None:
    with Package.open(register) as package:
        stop = register.stat().st_size // 2
        with register.open("r+b") as file:
            if how == "cut short":
                file.truncate(40)
            else:
                file.seek(40)
                file.write(b"\0" * stop)
        os.utime(register, (1_000_000_000, 1_000_000_000))
        with pytest.raises(ChangedError, match="saved by somebody else meanwhile"):
            for name in package.names():
                package.read(name)


def test_a_file_replaced_while_it_is_read_is_read_as_it_was(register: Path) -> None:
    with xlgov.ooxml.reader.open_workbook(register) as workbook:
        saved_meanwhile(register, "by rename")
        assert workbook.grid("Register").value(4, 1) == "R1"


# Clocks


def test_a_clock_that_runs_backwards_does_no_harm(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [time.time_ns()]

    def backwards() -> int:
        moment[0] -= 3_600 * 10**9
        return moment[0]

    monkeypatch.setattr(time, "time_ns", backwards)
    monkeypatch.setattr(time, "time", lambda: backwards() / 1e9)
    xlgov.refresh(register)
    assert ratings(register) == RATINGS and litter(register) == []
    assert xlgov.refresh(register).is_empty


@pytest.mark.parametrize("year", [1980, 2107, 2500])
def test_a_file_dated_long_ago_or_in_the_future_is_refreshed(register: Path, year: int) -> None:
    when = time.mktime((year, 6, 1, 12, 0, 0, 0, 0, -1))
    os.utime(register, (when, when))
    xlgov.refresh(register)
    assert ratings(register) == RATINGS
    assert abs(register.stat().st_mtime - time.time()) < 60


# Held by another program


def held(code: int) -> PermissionError:
    """What Windows raises for a file that another program has open."""
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = code  # type: ignore[attr-defined]  # an attribute on Windows only
    return error


@pytest.mark.parametrize("code", [5, 32, 33])
@pytest.mark.parametrize("failures, is_read", [(3, True), (99, False)])
def test_a_file_that_a_virus_scanner_holds_is_opened_after_a_moment(
    register: Path, monkeypatch: pytest.MonkeyPatch, code: int, failures: int, is_read: bool
) -> None:
    tries: list[int] = []
    waited: list[float] = []
    opening = Path.open

    def scanned(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self == register:
            tries.append(1)
            if len(tries) <= failures:
                raise held(code)
        return opening(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", scanned)
    patience = Patience(PATIENCE.waits, waited.append)
    if is_read:
        with open_to_read(register, patience) as file:
            assert file.read(2) == b"PK"
        assert waited == [0.05, 0.1, 0.2]
    else:
        with pytest.raises(InUseError, match=r"held by another program.*try again"):
            open_to_read(register, patience)
        assert waited == list(PATIENCE.waits) and sum(waited) < 2


def test_only_what_may_pass_is_waited_out() -> None:
    assert is_held(held(32)) and is_held(OSError(errno.EBUSY, "busy"))
    assert not is_held(PermissionError(errno.EACCES, "Permission denied"))
    assert not is_held(OSError(errno.ENOENT, "No such file"))


def test_a_whole_refresh_outlasts_a_virus_scanner(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every first try to open or rename meets a sharing violation."""
    opening, rename = Path.open, os.replace
    seen: set[object] = set()

    def first_refused(key: object) -> None:
        if key not in seen:
            seen.add(key)
            raise held(32)

    def open_late(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if self == register and mode == "rb":
            first_refused("open")
        return opening(self, mode, *args, **kwargs)

    def rename_late(source: Path, target: Path) -> None:
        first_refused(str(target))
        rename(source, target)

    monkeypatch.setattr(Path, "open", open_late)
    monkeypatch.setattr(os, "replace", rename_late)
    xlgov.refresh(register)
    assert len(seen) == 3  # the file, its backup, itself
    assert ratings(register) == RATINGS and litter(register) == []


# A network drive that goes away

GONE = [errno.EIO, errno.ESTALE, errno.ENOENT, errno.ENOTCONN, errno.EHOSTDOWN]


@pytest.mark.parametrize("code", GONE)
def test_a_drive_that_goes_while_it_is_read_is_said_to_have_gone(register: Path, code: int) -> None:
    class Going:
        """A file whose drive answers twenty times."""

        def __init__(self, file: BinaryIO) -> None:
            self.file, self.left = file, 20

        def seek(self, *at: int) -> int:
            return self.file.seek(*at)

        def read(self, size: int) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise OSError(code, os.strerror(code))
            return self.file.read(size)

        def fileno(self) -> int:
            return self.file.fileno()

    with register.open("rb") as file, pytest.raises(FileError, match=r"drive.*try again"):
        package = Package(Going(file))  # type: ignore[arg-type]  # as much of a file as is used
        for name in package.names():
            package.read(name)


@pytest.mark.parametrize("code", GONE)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_drive_that_goes_while_we_save_is_said_to_have_gone(
    register: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    before = register.read_bytes()

    def gone(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, gone)
    with pytest.raises(FileError, match=r"can no longer be reached.*old one or the new one"):
        replace_file(register, lambda file: None, lambda _: None)
    assert register.read_bytes() == before and litter(register) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows does not rename a folder that is in use")
def test_a_folder_renamed_away_by_another_thread_harms_no_file(tmp_path: Path) -> None:
    """Whatever the moment: the register is the old one or the new one, wherever it lies then."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    path = stale_register(here / "Register.xlsx")
    states = {path.read_bytes()}
    xlgov.refresh(path, tmp_path / "new.xlsx")
    states.add((tmp_path / "new.xlsx").read_bytes())
    original = path.read_bytes()
    stop = threading.Event()
    moments = random.Random(7)

    def move() -> None:
        while not stop.is_set():
            time.sleep(moments.uniform(0, 0.06))
            os.rename(here, there)
            time.sleep(0.002)
            os.rename(there, here)

    thread = threading.Thread(target=move)
    thread.start()
    outcomes = {"done": 0, "refused": 0}
    try:
        until = time.monotonic() + 60
        while min(outcomes.values()) < 3 and time.monotonic() < until:
            try:
                xlgov.refresh(path, backup=False)
                outcomes["done"] += 1
            except xlgov.XlgovError as error:
                outcomes["refused"] += 1
                assert str(error).rstrip().endswith("."), error
            except OSError as error:  # between our steps: the command line puts it in words
                assert error.errno == errno.ENOENT
                outcomes["refused"] += 1
            time.sleep(0.005)
            with suppress(OSError):
                assert path.read_bytes() in states
                path.write_bytes(original)  # so that the next has something to write
    finally:
        stop.set()
        thread.join()
    assert min(outcomes.values()) > 0, outcomes
    for name in litter(path):
        assert name.endswith((".tmp", ".lock"))
    path.write_bytes(original)
    xlgov.refresh(path, backup=False)
    assert ratings(path) == RATINGS and [n for n in litter(path) if n.endswith(".lock")] == []


def test_a_folder_taken_away_before_the_rename_is_said_so(tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    path = stale_register(folder / "Register.xlsx")

    def take_away(_: Path) -> None:
        shutil.move(folder, tmp_path / "unplugged")

    with pytest.raises(xlgov.XlgovError, match=r"not a folder|no longer be reached"):
        replace_file(path, lambda file: None, take_away)
    kept = tmp_path / "unplugged" / "Register.xlsx"
    assert ratings(kept)[0] != RATINGS[0]
