"""Workbooks on a store or a server: refreshed all or nothing, as those of this computer are."""

from __future__ import annotations

import builtins
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fsspec", reason="fsspec is not installed: no remote paths")

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

from tests.plain_registers import values, write_register
from tests.remote.stores import (
    BACKUP,
    BANDS,
    NAME,
    FolderBySftp,
    Shelf,
    clear_memory,
    right_register,
    wrong_register,
)
from xlgov.cli import main
from xlgov.errors import UsageError
from xlgov.remote.path import RemotePath, read_path
from xlgov.sources import Choice, find_workbooks

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; its exit code, and what it printed."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return code, printed.out, printed.err

    return run


@pytest.fixture(params=["memory", "sftp"])
def shelf(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shelf]:
    """A folder ``registers`` with settings in it, on a store that puts and on one that renames."""
    made: Shelf
    if request.param == "memory":
        made = Shelf("memory://registers", MemoryFileSystem())
        monkeypatch.setattr(MemoryFileSystem, "pipe_file", noting(made, MemoryFileSystem.pipe_file))
    else:
        known = dict(fsspec.registry)
        fsspec.register_implementation("sftp", FolderBySftp, clobber=True)
        made = Shelf(f"sftp://server{tmp_path.as_posix()}/registers", FolderBySftp())
        monkeypatch.setattr(FolderBySftp, "put_file", noting(made, FolderBySftp.put_file))
        assert "sftp" not in known
    made.put("xlgov.toml", BANDS)
    yield made
    clear_memory()
    from fsspec.registry import _registry

    _registry.pop("sftp", None)


def noting(shelf: Shelf, write: Callable[..., Any]) -> Callable[..., Any]:
    def noted(self: Any, first: str, second: Any, *rest: Any, **named: Any) -> Any:
        shelf.writes.append(second if isinstance(second, str) else first)
        return write(self, first, second, *rest, **named)

    return noted


def rating(content: bytes, folder: Path) -> object:
    path = folder / "look.xlsx"
    path.write_bytes(content)
    return values(path)["Register", "E4"]


def test_a_refresh_in_place_puts_the_result_back_and_keeps_the_file_from_before(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    before = shelf.put(NAME, wrong_register(tmp_path))
    code, out, error = run("refresh", f"{shelf.url}/{NAME}")
    assert (code, error) == (0, "")
    assert out.startswith(f"{NAME}: ")
    assert shelf.names == [BACKUP, NAME, "xlgov.toml"]
    assert shelf.get(BACKUP) == before
    assert rating(shelf.get(NAME), tmp_path) == 10


def test_twice_is_once_and_the_second_time_nothing_is_uploaded(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    shelf.put(NAME, wrong_register(tmp_path))
    run("refresh", f"{shelf.url}/{NAME}")
    after, written = shelf.get(NAME), len(shelf.writes)
    assert written == 2  # the backup and the workbook
    assert run("refresh", f"{shelf.url}/{NAME}")[0] == 0
    assert (shelf.get(NAME), len(shelf.writes)) == (after, written)


def test_the_backup_is_of_the_first_time_only(shelf: Shelf, tmp_path: Path, run: Run) -> None:
    first = shelf.put(NAME, wrong_register(tmp_path))
    run("refresh", f"{shelf.url}/{NAME}")
    second = shelf.put(NAME, wrong_register(tmp_path, slip=5))
    run("refresh", f"{shelf.url}/{NAME}")
    assert first != second != shelf.get(NAME)
    assert shelf.get(BACKUP) == first
    shelf.put("Other.xlsx", wrong_register(tmp_path))
    run("refresh", f"{shelf.url}/Other.xlsx", "--no-backup")
    assert shelf.names == ["Other.xlsx", BACKUP, NAME, "xlgov.toml"]


def test_a_file_edited_meanwhile_is_not_overwritten(
    shelf: Shelf, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(NAME, wrong_register(tmp_path))
    theirs = right_register(tmp_path)
    before = "pipe_file" if shelf.url.startswith("memory") else "put_file"
    write = getattr(type(shelf.files), before)

    def somebody_saves_first(self: Any, first: str, *rest: Any, **named: Any) -> Any:
        done = write(self, first, *rest, **named)  # the backup, which goes first
        if shelf.get(NAME) != theirs:
            monkeypatch.setattr(type(shelf.files), before, write)
            shelf.put(NAME, theirs)
        return done

    monkeypatch.setattr(type(shelf.files), before, somebody_saves_first)
    code, _, error = run("refresh", f"{shelf.url}/{NAME}")
    assert code == 3
    assert "was saved by somebody else meanwhile; nothing was written" in error
    assert shelf.get(NAME) == theirs
    assert shelf.names == [NAME, "xlgov.toml"], "no backup of a refresh that was not, nor rests"


def test_an_upload_that_fails_leaves_the_old_file_whole(
    shelf: Shelf, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf.put(NAME, wrong_register(tmp_path))

    def cut(self: Any, first: str, second: Any, *rest: Any, **named: Any) -> None:
        if isinstance(second, str):  # half of it arrives, under the temporary name
            Path(second).write_bytes(Path(first).read_bytes()[:100])
        raise ConnectionResetError(104, "Connection reset by peer")

    for name in ("pipe_file", "put_file"):
        monkeypatch.setattr(type(shelf.files), name, cut)
    code, _, error = run("refresh", f"{shelf.url}/{NAME}")
    assert code == 3
    assert f"{shelf.url}/{BACKUP} could not be read or written" in error
    assert "Connection reset" in error
    assert shelf.get(NAME) == before
    assert shelf.names == [NAME, "xlgov.toml"]
    code, _, error = run("refresh", f"{shelf.url}/{NAME}", "--no-backup")
    assert (code, shelf.get(NAME), shelf.names) == (3, before, [NAME, "xlgov.toml"])


@pytest.mark.parametrize("shelf", ["sftp"], indirect=True)
def test_an_upload_that_arrives_short_without_an_error_is_noticed(
    shelf: Shelf, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf.put(NAME, wrong_register(tmp_path))

    def lose(self: Any, local: str, name: str, **_: Any) -> None:
        Path(name).write_bytes(Path(local).read_bytes()[:-1])

    monkeypatch.setattr(FolderBySftp, "put_file", lose)
    code, _, error = run("refresh", f"{shelf.url}/{NAME}")
    assert code == 3 and "did not arrive whole" in error
    assert (shelf.get(NAME), shelf.names) == (before, [NAME, "xlgov.toml"])


@pytest.mark.skipif(os.name == "nt", reason="modes and links of servers that are no Windows")
@pytest.mark.parametrize("shelf", ["sftp"], indirect=True)
def test_by_rename_the_mode_stays_and_a_link_stays_a_link(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    shelf.put(f"deep/{NAME}", wrong_register(tmp_path))
    file, link = Path(shelf.name(f"deep/{NAME}")), Path(shelf.name("link.xlsx"))
    file.chmod(0o664)
    link.symlink_to(file)
    assert run("refresh", f"{shelf.url}/link.xlsx")[0] == 0
    assert link.is_symlink() and file.stat().st_mode & 0o777 == 0o664
    assert rating(file.read_bytes(), tmp_path) == 10


def test_a_file_that_excel_has_open_there_is_refused(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    before = shelf.put(NAME, wrong_register(tmp_path))
    shelf.put(f"~${NAME}", b"\x05Smith".ljust(55) + b"\x05\0" + "Smith".encode("utf-16-le"))
    code, _, error = run("refresh", f"{shelf.url}/{NAME}")
    assert code == 3 and "Smith has it open" in error
    assert shelf.get(NAME) == before


def test_a_folder_is_gone_through_and_a_bad_file_stops_no_other(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    shelf.put("a.xlsx", wrong_register(tmp_path))
    shelf.put("deep/b.xlsx", wrong_register(tmp_path)[:3000])
    shelf.put("deep/c.xlsx", wrong_register(tmp_path))
    shelf.put("deep/xlgov.toml", BANDS)
    for beside in ("~$a.xlsx.txt", "notes.txt", "c (before xlgov).xlsx", "deep/.~b.xlsx"):
        shelf.put(beside, b"")
    log = tmp_path / "run.jsonl"
    code, out, error = run("refresh", shelf.url, "--log", log)
    assert code == 3
    assert f"{shelf.url}/deep/b.xlsx: " in error
    assert [line.partition(":")[0] for line in out.splitlines()] == ["a.xlsx", "c.xlsx"]
    assert rating(shelf.get("a.xlsx"), tmp_path) == 10
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert all(line["path"] == line["absolute"] for line in lines if "absolute" in line)
    said = {line["path"]: line["outcome"] for line in lines if line["line"] == "file"}
    assert said == {
        f"{shelf.url}/a.xlsx": "refreshed",
        f"{shelf.url}/deep/b.xlsx": "failed",
        f"{shelf.url}/deep/c.xlsx": "refreshed",
    }


def test_check_tells_findings_under_the_url_and_those_between_files(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    shelf.put(NAME, wrong_register(tmp_path))
    code, out, _ = run("check", f"{shelf.url}/{NAME}")
    assert code == 1 and out.startswith(f"{shelf.url}/{NAME}:\n") and "R1" in out
    headings = ("No", "Action", "Owner", "Target date", "Status", "Risk ref")
    row = ("1", "Agree the lease", "EW", "01/06/2017", "Closed", "R4")
    path = write_register(tmp_path / "log.xlsx", [row], headings, "Action log")
    shelf.put("deep/log.xlsx", path.read_bytes())
    code, out, _ = run("check", shelf.url, "--json")
    found = {each["path"]: each["findings"] for each in json.loads(out)["files"]}
    assert list(found) == [f"{shelf.url}/{NAME}", f"{shelf.url}/deep/log.xlsx"]
    (closed,) = (each for each in found[f"{shelf.url}/deep/log.xlsx"] if each["related"])
    assert closed["code"] == "risk-action-closed"
    assert closed["related"][0] == "Register.xlsx!Register!E7"
    assert shelf.writes == [] and shelf.names == [NAME, "deep/log.xlsx", "xlgov.toml"]


def test_results_go_from_here_to_there_and_from_there_to_here(
    shelf: Shelf, tmp_path: Path, run: Run
) -> None:
    content = shelf.put(f"east/{NAME}", wrong_register(tmp_path))
    shelf.put("east/xlgov.toml", BANDS)
    assert run("refresh", shelf.url, "--out", tmp_path / "here")[0] == 0
    assert rating((tmp_path / "here" / "east" / NAME).read_bytes(), tmp_path) == 10
    assert shelf.get(f"east/{NAME}") == content

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / NAME).write_bytes(content)
    (tmp_path / "mine" / "xlgov.toml").write_bytes(BANDS)
    assert run("refresh", tmp_path / "mine", "--out", f"{shelf.url}/out")[0] == 0
    assert rating(shelf.get(f"out/{NAME}"), tmp_path) == 10
    assert (tmp_path / "mine" / NAME).read_bytes() == content

    code, out, _ = run("refresh", shelf.url, "--out", f"{shelf.url}/out")
    assert code == 0 and out.count("\n") == 1, "what lies below --out is no source"
    assert rating(shelf.get(f"out/east/{NAME}"), tmp_path) == 10
    code, _, error = run("refresh", shelf.url, "--out", shelf.url)
    assert code == 4 and "no .xlsx" in error
    code, _, error = run("refresh", f"{shelf.url}/east/{NAME}", "--out", f"{shelf.url}/east")
    assert code == 2 and "would be written over itself" in error


def found(*urls: str, choice: Choice = Choice()) -> list[tuple[str, str]]:  # noqa: B008  # frozen
    return [(str(each.path), each.place.as_posix()) for each in find_workbooks(urls, choice=choice)]


def test_folders_globs_and_names_mean_what_they_mean_here(shelf: Shelf) -> None:
    for name in ("all/b.xlsx", "all/a.xlsm", "all/deep/er/c.xlsx", "all/~$b.xlsx", "all/x.txt"):
        shelf.put(name, b"")
    top = f"{shelf.url}/all"
    whole = [
        (f"{top}/a.xlsm", "a.xlsm"),
        (f"{top}/b.xlsx", "b.xlsx"),
        (f"{top}/deep/er/c.xlsx", "deep/er/c.xlsx"),
    ]
    assert found(top) == found(f"{top}/") == found(top, f"{top}/b.xlsx") == whole
    assert found(f"{top}/*.xlsx") == [(f"{top}/b.xlsx", "b.xlsx")]
    assert found(f"{top}/d*") == [(f"{top}/deep/er/c.xlsx", "er/c.xlsx")]
    assert found(f"{shelf.url}/**/c.xlsx") == [(f"{top}/deep/er/c.xlsx", "c.xlsx")]
    assert found(top, choice=Choice(exclude=("deep",))) == whole[:2]
    assert found(f"{top}/x.txt", f"{top}/gone.xlsx", f"{top}/*.ods") == [
        (f"{top}/x.txt", "x.txt"),
        (f"{top}/gone.xlsx", "gone.xlsx"),
        (f"{top}/*.ods", "*.ods"),
    ]


def test_a_file_that_is_not_there_is_its_own_error(shelf: Shelf, run: Run) -> None:
    code, _, error = run("check", f"{shelf.url}/gone.xlsx")
    assert code == 2
    assert error.startswith(f"{shelf.url}/gone.xlsx does not exist; expected a workbook file")


def test_no_folder_is_made_for_a_file_of_this_computer_that_is_not_there(
    tmp_path: Path, run: Run
) -> None:
    assert run("refresh", tmp_path / "gone" / "a.xlsx")[0] == 2
    assert not (tmp_path / "gone").exists()


def test_a_file_url_is_a_path_of_this_computer(tmp_path: Path, run: Run) -> None:
    before = wrong_register(tmp_path)
    (tmp_path / "Risk register.xlsx").write_bytes(before)
    (tmp_path / "xlgov.toml").write_bytes(BANDS)
    url = (tmp_path / "Risk register.xlsx").as_uri()
    assert "%20" in url
    assert run("refresh", url)[0] == 0
    after = (tmp_path / "Risk register.xlsx").read_bytes()
    assert rating(after, tmp_path) == 10
    assert (tmp_path / "Risk register (before xlgov).xlsx").read_bytes() == before
    assert run("refresh", url)[0] == 0
    assert (tmp_path / "Risk register.xlsx").read_bytes() == after


def test_a_kind_that_cannot_replace_all_at_once_is_not_written(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fsspec.core.url_to_fs", lambda url: pytest.fail("nothing is asked for"))
    monkeypatch.setattr("xlgov.remote.listing.list_files", lambda path: None)
    code, _, error = run("refresh", "ftp://server/a.xlsx")
    assert code == 2
    assert "ftp cannot replace a file all at once" in error and "--out" in error


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sftp://smith:secret@server/a.xlsx", "sftp://smith@server holds a password"),
        ("s3:///a.xlsx", "names no server or store"),
        ("nothing://server/a.xlsx", "Protocol not known: nothing"),
    ],
)
def test_a_url_that_cannot_be_followed_is_a_usage_error(run: Run, url: str, words: str) -> None:
    code, _, error = run("check", url)
    assert code == 2 and words in error and "secret" not in error


def test_without_fsspec_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "fsspec":
            raise ImportError(name)
        return load(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    code, _, error = run("refresh", "s3://office/a.xlsx")
    assert code == 2 and 'pip install "xlgov[remote]"' in error


def test_a_remote_path_is_a_path_in_words_only() -> None:
    path = read_path("s3://office/all/A.xlsx")
    assert isinstance(path, RemotePath)
    assert path != read_path("s3://office/all/a.xlsx")
    assert {path: 1}[RemotePath("s3://office/all/A.xlsx")] == 1
    assert str(path.with_name("b.xlsx")) == "s3://office/all/b.xlsx"
    assert not path.exists() and not path.is_file()
    assert not isinstance(read_path(r"C:\all\a.xlsx"), RemotePath)
    with pytest.raises(UsageError):
        read_path("sftp://a:b@c/d")
