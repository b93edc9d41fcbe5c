"""The disk full, or rights lost, at any step of a save: the old file whole, and one sentence."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from stale_register import RATINGS, ROOT, STALE, beside, is_whole, litter, ratings, stale_register

import xlgov
from xlgov.errors import FileError, ReadOnlyError, XlgovError
from xlgov.ooxml.trouble import in_words

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and mounts as on POSIX")

STEPS = (
    (os, "open"), (os, "fsync"), (os, "replace"), (os, "utime"), (os, "chmod"), (os, "chown"),
    (shutil, "copystat"), (shutil, "copyfileobj"), (Path, "open"), (Path, "stat"), (Path, "chmod"),
)  # fmt: skip


@contextmanager
def failing(at: int, code: int) -> Iterator[list[str]]:
    """The n-th of all steps of a save fails with an error of the system; gives the steps taken."""
    taken: list[str] = []

    def failing_at(step: Callable[..., Any], name: str) -> Callable[..., Any]:
        def attempt(*args: Any, **kwargs: Any) -> Any:
            taken.append(name)
            if len(taken) == at:
                raise OSError(code, os.strerror(code))
            return step(*args, **kwargs)

        return attempt

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, failing_at(getattr(owner, name), name))
        yield taken


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(1, 60),
    code=st.sampled_from((errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EACCES, errno.EROFS)),
)
def test_whichever_step_fails_the_file_is_the_old_or_the_new_one(
    tmp_path_factory: pytest.TempPathFactory, at: int, code: int
) -> None:
    path = stale_register(tmp_path_factory.mktemp("full") / "Register.xlsx")
    changes = xlgov.preview(path)
    before = path.read_bytes()
    refused: XlgovError | None = None
    with failing(at, code) as taken:
        try:
            with in_words(path):
                xlgov.apply(changes, path)
        except XlgovError as error:
            refused = error
    event(f"{taken[at - 1]} refused: {refused is not None}" if len(taken) >= at else "no failure")
    assert is_whole(path)
    if path.read_bytes() == before:
        assert refused is not None
        said = str(refused)
        assert said.endswith(".") and "\n" not in said and "Errno" not in said
    else:
        assert ratings(path) == RATINGS, "neither the old file nor the new one"
    assert litter(path) == []


def test_every_step_of_a_save_is_among_those_that_fail(tmp_path: Path) -> None:
    path = stale_register(tmp_path / "Register.xlsx")
    changes = xlgov.preview(path)
    with failing(-1, errno.ENOSPC) as taken:
        xlgov.apply(changes, path)
    assert {"open", "fsync", "replace", "copystat", "utime", "chmod", "stat"} <= {*taken}
    assert len(taken) < 60, "the property above does not reach the last steps"


# A disk that is really full

LIMITED = """
import resource, signal, sys, xlgov
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    xlgov.refresh(sys.argv[1], backup=False)
except xlgov.XlgovError as error:
    print(type(error).__name__, error)
"""


def in_a_process(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )


@pytest.mark.parametrize("most", [1, 300, 2000, 4000])
def test_a_file_that_may_grow_no_further_is_refused(tmp_path: Path, most: int) -> None:
    path = stale_register(tmp_path / "Register.xlsx")
    before = path.read_bytes()
    assert len(before) > most
    done = in_a_process(LIMITED, path, most)
    assert done.stdout.startswith("FileError Register.xlsx could not be saved: the disk is full")
    assert done.stderr == ""
    assert path.read_bytes() == before and beside(path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A drive of 64 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no drive can be mounted here (needs Linux and the superuser)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(folder: Path, left: int) -> None:
    """Fill a drive until so many blocks of 4 kB are left."""
    with (folder / "filler").open("wb") as file, pytest.raises(OSError, match="No space"):
        while True:
            os.write(file.fileno(), bytes(4096))
    os.truncate(folder / "filler", (folder / "filler").stat().st_size - left * 4096)


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_a_full_disk_is_refused_and_what_was_there_is_whole(small_disk: Path, left: int) -> None:
    path = stale_register(small_disk / "Register.xlsx")
    before = path.read_bytes()
    fill(small_disk, left)
    with pytest.raises(FileError, match="disk is full") as caught:
        xlgov.refresh(path)  # and its backup, which is as large
    assert str(caught.value).count(". ") == 1  # what happened; what to do
    assert path.read_bytes() == before
    assert beside(path) in (["filler"], ["Register (before xlgov).xlsx", "filler"])
    (small_disk / "filler").unlink()
    xlgov.refresh(path)
    assert ratings(path) == RATINGS


# Rights lost midway


def test_a_folder_closed_midway_leaves_the_old_file(tmp_path: Path) -> None:
    """As a user without rights: the superuser may write everywhere."""
    if os.geteuid() != 0:
        pytest.skip("needs the superuser, to become somebody else")
    folder = tmp_path / "shared"
    folder.mkdir()
    path = stale_register(folder / "Register.xlsx")
    before = path.read_bytes()
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == 0 and parent.is_relative_to(tmp_path.parents[1]):
            parent.chmod(parent.stat().st_mode | 0o755)
    os.chown(folder, 65534, 65534)
    os.chown(path, 65534, 65534)
    code = """
import os, sys, xlgov
from pathlib import Path
from xlgov.ooxml import save
path = Path(sys.argv[1])
changes = xlgov.preview(path)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
def close_the_folder(number):
    path.parent.chmod(0o555)
save._force_to_disk = close_the_folder
try:
    xlgov.apply(changes, path)
except xlgov.XlgovError as error:
    print(type(error).__name__, error)
"""
    done = in_a_process(code, path)
    folder.chmod(0o755)
    assert done.stderr == ""
    assert done.stdout.startswith("ReadOnlyError ") and "may not be written" in done.stdout
    assert path.read_bytes() == before


def test_a_drive_without_modes_times_or_syncing_is_saved_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As memory sticks and network drives that answer "not permitted" or "not supported"."""
    path = stale_register(tmp_path / "Register.xlsx")

    def refuse(code: int) -> Callable[..., None]:
        def step(*args: object, **kwargs: object) -> None:
            raise OSError(code, os.strerror(code))

        return step

    monkeypatch.setattr(os, "chown", refuse(errno.EPERM))
    monkeypatch.setattr(os, "chmod", refuse(errno.EPERM))
    monkeypatch.setattr(Path, "chmod", refuse(errno.EPERM))
    monkeypatch.setattr(os, "utime", refuse(errno.EPERM))
    monkeypatch.setattr(shutil, "copystat", refuse(errno.ENOTSUP))
    monkeypatch.setattr(os, "fsync", refuse(errno.EINVAL))
    xlgov.refresh(path)
    assert ratings(path) == RATINGS and litter(path) == []


def test_a_folder_that_is_not_ours_is_said_to_be_so_after_the_rename_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stale_register(tmp_path / "Register.xlsx")
    changes = xlgov.preview(path)

    def refuse(source: Path, target: Path) -> None:
        tmp_path.chmod(0o555)
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr("time.sleep", lambda _: None)
    try:
        with pytest.raises(ReadOnlyError, match="may not be written"):
            xlgov.apply(changes, path)
    finally:
        tmp_path.chmod(0o755)
    assert ratings(path)[0] == STALE
