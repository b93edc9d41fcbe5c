"""What a killed save has left is gone after the next run; what is in use stays."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import xlgov
from xlgov.journal.leftovers import clear_leftovers
from xlgov.journal.run import Run
from xlgov.ooxml.lock import saver_prefix

ROOT = Path(xlgov.__file__).parents[1]
SAMPLE = ROOT / "workbooks" / "strategic-risk-register.xlsx"


def leave_half(target: Path) -> Path:
    """A temporary file, as a save of the target leaves it that is killed."""
    left = target.with_name(f"{saver_prefix(target)}-0123456789abcdef.tmp")
    left.write_bytes(b"half")
    return left


def leave_lock(target: Path, content: str = f"{socket.gethostname()}\n4194304\n") -> Path:
    lock = target.with_name(f"{saver_prefix(target)}.lock")
    lock.write_text(content, "utf-8")
    return lock


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="there the system deletes the locks itself")
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "left by a full disk"])
def test_temporary_and_lock_files_of_killed_saves_are_deleted(tmp_path: Path, signed: bool) -> None:
    path = tmp_path / "Register.xlsx"
    leave_half(path)
    leave_lock(path, *([] if signed else [""]))
    clear_leftovers([path])
    assert names_in(tmp_path) == set()


def test_half_a_backup_is_deleted(tmp_path: Path) -> None:
    leave_half(tmp_path / "Register (before xlgov).xlsx")
    clear_leftovers([tmp_path / "Register.xlsx"])
    assert names_in(tmp_path) == set()


def test_those_of_other_workbooks_and_of_other_programs_stay(tmp_path: Path) -> None:
    other = leave_half(tmp_path / "Other.xlsx")
    (tmp_path / "~$Register.xlsx").touch()
    (tmp_path / "Register.tmp").touch()
    clear_leftovers([tmp_path / "Register.xlsx"])
    assert names_in(tmp_path) == {other.name, "~$Register.xlsx", "Register.tmp"}


@pytest.mark.skipif(os.name == "nt", reason="a lock is a file's being there")
def test_those_of_a_save_under_way_stay(tmp_path: Path) -> None:
    path = tmp_path / "Register.xlsx"
    hold = """
import sys
from pathlib import Path
from xlgov.ooxml.lock import only_saver
with only_saver(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        left = leave_half(path)
        clear_leftovers([path])
        assert left.name in names_in(tmp_path)
        holder.kill()
    clear_leftovers([path])
    assert names_in(tmp_path) == set()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_beside_the_file_that_a_link_leads_to(tmp_path: Path) -> None:
    for name in ("shown", "kept"):
        (tmp_path / name).mkdir()
    (tmp_path / "kept" / "Real.xlsx").touch()
    (tmp_path / "shown" / "Register.xlsx").symlink_to("../kept/Real.xlsx")
    leave_half(tmp_path / "kept" / "Real.xlsx")
    clear_leftovers([tmp_path / "shown" / "Register.xlsx"])
    assert names_in(tmp_path / "kept") == {"Real.xlsx"}


def test_folders_that_are_not_there_are_passed_by(tmp_path: Path) -> None:
    clear_leftovers([tmp_path / "gone" / "Register.xlsx"])


def test_a_run_in_which_nothing_is_to_be_saved_clears_up_all_the_same(tmp_path: Path) -> None:
    path, out = tmp_path / "Register.xlsx", tmp_path / "out" / "Register.xlsx"
    out.parent.mkdir()
    shutil.copy(SAMPLE, path)
    leave_half(path)
    leave_half(out)
    with Run("refresh", {}, [path]):
        assert names_in(tmp_path) == {"Register.xlsx", "out"}
    with Run("refresh", {}, [path], targets={path: out}):
        assert names_in(out.parent) == set()
