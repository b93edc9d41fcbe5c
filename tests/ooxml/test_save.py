"""The save: the new file whole in the old one's place, or the old file as it was."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from xlgov.errors import (
    DamagedError,
    FileError,
    InUseError,
    ReadOnlyError,
    UsageError,
    XlgovError,
)
from xlgov.ooxml.lock import TEMP_PREFIX
from xlgov.ooxml.patience import Patience
from xlgov.ooxml.save import (
    is_backup,
    keep_backup,
    refuse_unless_writable,
    replace_file,
    who_has_open,
)

posix = pytest.mark.skipif(os.name == "nt", reason="mode bits and links as on POSIX")


def writing(content: bytes) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        file.write(content)

    return write


def accept(temporary: Path) -> None:
    assert temporary.name.startswith(TEMP_PREFIX) and temporary.suffix == ".tmp"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "Risk register.xlsx"
    path.write_bytes(b"old")
    return path


def excel_owner_file(name: str) -> bytes:
    narrow = bytes([len(name)]) + name.encode("cp1252", "replace").ljust(54)
    wide = len(name).to_bytes(2, "little") + name.ljust(54).encode("utf-16-le")
    assert len(narrow + wide) == 165
    return narrow + wide


# Who has it open


@pytest.mark.parametrize("name", ["Jane Doe", "Zoë Ó Súilleabháin", "Елена", "x"])
def test_excel_owner_file_names_who_has_it_open(register: Path, name: str) -> None:
    assert who_has_open(register) is None
    register.with_name(f"~${register.name}").write_bytes(excel_owner_file(name))
    assert who_has_open(register) == name
    with pytest.raises(InUseError, match=f"{name} has it open"):
        refuse_unless_writable(register)


def test_owner_files_of_other_makes_are_read_too(register: Path) -> None:
    lock = register.with_name(f"~${register.name}")
    lock.write_bytes(b"\x08Jane Doe")
    assert who_has_open(register) == "Jane Doe"
    lock.write_bytes((b"\x08Jane Doe".ljust(55) + "Jane Doe".encode("utf-16-le")).ljust(165, b"\0"))
    assert who_has_open(register) == "Jane Doe"
    for content in (b"", b"\0" * 165, b"\x03\x01\x02\x03", b"\xff\x00"):
        lock.write_bytes(content)
        assert who_has_open(register) == "somebody"
    lock.unlink()
    lock.mkdir()  # cannot be read as a file
    assert who_has_open(register) == "somebody"


@pytest.mark.parametrize(
    "content, name",
    [
        ("Jane Doe,jdoe,pc7,06.02.2017 09:30,file:///home/jdoe;", "Jane Doe"),
        (",jdoe,pc7,06.02.2017 09:30,file:///home/jdoe;", "jdoe"),
        ("Doe\\, Jane,jdoe,pc7,,;", "Doe, Jane"),
        (",,,,;", "somebody"),
        ("", "somebody"),
    ],
)
def test_libreoffice_lock_file_names_who_has_it_open(
    register: Path, content: str, name: str
) -> None:
    register.with_name(f".~lock.{register.name}#").write_text(content, encoding="utf-8")
    assert who_has_open(register) == name


# What may not be written


@posix
def test_a_read_only_file_or_folder_is_refused(register: Path) -> None:
    register.chmod(0o444)
    with pytest.raises(ReadOnlyError, match="read-only"):
        replace_file(register, writing(b"new"), accept)
    register.chmod(0o644)
    register.parent.chmod(0o555)
    try:
        with pytest.raises(ReadOnlyError, match="folder"):
            replace_file(register, writing(b"new"), accept)
        with pytest.raises(ReadOnlyError, match="folder"):
            refuse_unless_writable(register.with_name("new.xlsx"))
    finally:
        register.parent.chmod(0o755)
    assert register.read_bytes() == b"old"


def test_a_folder_and_a_missing_folder_are_errors_of_usage(register: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        refuse_unless_writable(register.parent)
    with pytest.raises(UsageError, match="is not a folder"):
        refuse_unless_writable(register.parent / "absent" / "register.xlsx")


# The replacement


def test_the_new_content_takes_the_old_place(register: Path) -> None:
    seen = []

    def verify(temporary: Path) -> None:
        accept(temporary)
        seen.append((temporary.parent, temporary.read_bytes(), register.read_bytes()))

    replace_file(register, writing(b"new"), verify)
    assert seen == [(register.parent, b"new", b"old")]
    assert register.read_bytes() == b"new"
    assert os.listdir(register.parent) == [register.name]


@posix
def test_mode_and_access_time_are_kept_and_the_change_is_dated_now(register: Path) -> None:
    register.chmod(0o640)
    os.utime(register, (1_000_000_000, 1_000_000_001))
    replace_file(register, writing(b"new"), accept)
    kept = register.stat()
    assert stat.S_IMODE(kept.st_mode) == 0o640
    assert kept.st_atime == 1_000_000_000
    assert abs(kept.st_mtime - time.time()) < 60


@posix
def test_content_is_never_more_open_than_the_file_it_replaces(register: Path) -> None:
    register.chmod(0o600)

    def write(file: BinaryIO) -> None:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
        file.write(b"new")

    replace_file(register, write, accept)
    assert stat.S_IMODE(register.stat().st_mode) == 0o600


@posix
def test_a_new_file_is_like_the_one_named_but_may_be_written(register: Path) -> None:
    register.chmod(0o440)
    made = register.with_name("out.xlsx")
    replace_file(made, writing(b"new"), accept, like=register)
    assert stat.S_IMODE(made.stat().st_mode) == 0o640
    plain = register.with_name("plain.xlsx")
    replace_file(plain, writing(b"new"), accept)
    before = os.umask(0o027)
    try:
        replace_file(register.with_name("masked.xlsx"), writing(b"new"), accept)
    finally:
        os.umask(before)
    assert stat.S_IMODE(register.with_name("masked.xlsx").stat().st_mode) == 0o640
    assert made.read_bytes() == plain.read_bytes() == b"new"


@posix
def test_a_link_stays_and_the_file_behind_it_is_replaced(register: Path, tmp_path: Path) -> None:
    desktop = tmp_path / "desktop"
    desktop.mkdir()
    link = desktop / "link.xlsx"
    link.symlink_to(register)
    replace_file(link, writing(b"new"), accept)
    assert link.is_symlink() and register.read_bytes() == b"new"
    assert os.listdir(desktop) == ["link.xlsx"]
    register.with_name(f"~${register.name}").write_bytes(excel_owner_file("Jane"))
    with pytest.raises(InUseError, match="Jane"):
        replace_file(link, writing(b"newer"), accept)


class Surprise(Exception):
    """Something of which the save knows nothing."""


def fail(error: BaseException) -> Callable[[object], None]:
    def raise_it(_: object) -> None:
        if hasattr(_, "write"):
            _.write(b"half of the ne")
        raise error

    return raise_it


@pytest.mark.parametrize(
    "error, expected, words",
    [
        (Surprise("no"), Surprise, "no"),
        (KeyboardInterrupt("stop"), KeyboardInterrupt, "stop"),
        (DamagedError("not the cells that were written."), DamagedError, "not the cells"),
        (OSError(errno.ENOSPC, "No space left on device"), FileError, "disk is full"),
        (OSError(errno.EIO, "Input/output error"), FileError, "Input/output error"),
        (PermissionError(errno.EACCES, "Permission denied"), ReadOnlyError, "folder"),
    ],
)
@pytest.mark.parametrize("where", ["write", "verify"])
def test_whatever_fails_the_old_file_stays_alone(
    register: Path, where: str, error: BaseException, expected: type[BaseException], words: str
) -> None:
    write = fail(error) if where == "write" else writing(b"new")
    verify = fail(error) if where == "verify" else accept
    with pytest.raises(expected, match=words):
        replace_file(register, write, verify)
    assert register.read_bytes() == b"old"
    assert os.listdir(register.parent) == [register.name]


def test_a_file_opened_meanwhile_is_not_replaced(register: Path) -> None:
    def verify(temporary: Path) -> None:
        register.with_name(f"~${register.name}").write_bytes(excel_owner_file("Jane Doe"))

    with pytest.raises(InUseError, match="Jane Doe"):
        replace_file(register, writing(b"new"), verify)
    assert register.read_bytes() == b"old"


@pytest.mark.parametrize("failures, replaced", [(2, True), (99, False)])
def test_a_sharing_violation_is_waited_out_for_a_moment(
    register: Path, monkeypatch: pytest.MonkeyPatch, failures: int, replaced: bool
) -> None:
    tries: list[object] = []
    rename = os.replace

    def locked(source: Path, target: Path) -> None:
        tries.append(target)
        if len(tries) <= failures:
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        rename(source, target)

    monkeypatch.setattr(os, "replace", locked)
    waited: list[float] = []
    patience = Patience((0.1, 0.2, 0.4, 0.8), waited.append)
    if replaced:
        replace_file(register, writing(b"new"), accept, patience=patience)
    else:
        with pytest.raises(InUseError, match="held open"):
            replace_file(register, writing(b"new"), accept, patience=patience)
    assert len(tries) == (3 if replaced else 5)
    assert waited == ([0.1, 0.2] if replaced else [0.1, 0.2, 0.4, 0.8])
    assert register.read_bytes() == (b"new" if replaced else b"old")
    assert os.listdir(register.parent) == [register.name]


def test_content_is_on_disk_before_the_rename_and_the_folder_after(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, os.replace

    def noted_fsync(number: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        fsync(number)

    def noted_rename(source: Path, target: Path) -> None:
        assert source.stat().st_size == 3
        steps.append("rename")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_rename)
    replace_file(register, writing(b"new"), lambda temporary: steps.append("verify"))
    assert steps == ["file", "verify", "rename", *(["folder"] if os.name != "nt" else [])]


# The backup


def test_the_first_version_is_kept_once(register: Path) -> None:
    os.utime(register, (1_000_000_000, 1_000_000_001))
    backup = keep_backup(register)
    assert backup.name == "Risk register (before xlgov).xlsx"
    assert backup.read_bytes() == b"old" and backup.stat().st_mtime == 1_000_000_001
    replace_file(register, writing(b"new"), accept)
    assert keep_backup(register) == backup
    assert backup.read_bytes() == b"old"
    assert sorted(os.listdir(register.parent)) == sorted([register.name, backup.name])


@posix
def test_a_backup_is_as_closed_as_its_file(register: Path) -> None:
    register.chmod(0o600)
    assert stat.S_IMODE(keep_backup(register).stat().st_mode) == 0o600


@posix
def test_through_a_link_the_backup_is_of_the_file_behind_it(register: Path, tmp_path: Path) -> None:
    (tmp_path / "desktop").mkdir()
    link = tmp_path / "desktop" / "link.xlsx"
    link.symlink_to(register)
    assert keep_backup(link).parent == register.parent


def test_a_failed_backup_leaves_nothing(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="disk is full"):
        keep_backup(register)
    assert os.listdir(register.parent) == [register.name]


def test_a_backup_is_known_by_its_name() -> None:
    assert is_backup("a/Risk register (before xlgov).xlsx")
    assert is_backup(Path("Book (before xlgov).xlsm"))
    assert not is_backup("Risk register.xlsx")
    assert not is_backup("(before xlgov) notes.xlsx")


def test_errors_are_sentences_with_a_remedy(register: Path) -> None:
    register.with_name(f"~${register.name}").write_bytes(excel_owner_file("Jane Doe"))
    with pytest.raises(XlgovError) as caught:
        refuse_unless_writable(register)
    assert "Close it there" in str(caught.value) and str(caught.value).endswith(".")
