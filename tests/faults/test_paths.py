"""Links, and names that are long, foreign or odd: the file that was meant is the one refreshed."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from stale_register import RATINGS, beside, ratings, stale_register

import xlgov
from xlgov.cli import main
from xlgov.errors import FileError, UsageError, XlgovError
from xlgov.ooxml.save import _at_length, real_path, refuse_unless_writable, replace_file

posix = pytest.mark.skipif(os.name == "nt", reason="links and names as on POSIX")


@posix
def test_through_links_to_links_and_folders_the_file_is_refreshed(tmp_path: Path) -> None:
    home, desktop = tmp_path / "home", tmp_path / "desktop"
    home.mkdir()
    desktop.mkdir()
    path = stale_register(home / "Register.xlsx")
    (desktop / "folder").symlink_to(Path("..") / "home", target_is_directory=True)
    (desktop / "one.xlsx").symlink_to(Path("folder") / "Register.xlsx")
    (desktop / "two.xlsx").symlink_to("one.xlsx")
    xlgov.refresh(desktop / "two.xlsx")
    assert ratings(path) == RATINGS
    assert (desktop / "two.xlsx").is_symlink() and (desktop / "one.xlsx").is_symlink()
    assert sorted(os.listdir(desktop)) == ["folder", "one.xlsx", "two.xlsx"]
    assert beside(path) == ["Register (before xlgov).xlsx"]


@posix
def test_a_link_to_nothing_is_a_missing_file_and_no_new_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "Register.xlsx"
    link.symlink_to(tmp_path / "gone.xlsx")
    with pytest.raises(UsageError, match="does not exist"):
        xlgov.refresh(link)
    assert main(["refresh", str(link)]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["Register.xlsx"]


@posix
def test_links_in_a_circle_are_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(XlgovError) as caught:
        xlgov.refresh(one)
    assert "one.xlsx" in str(caught.value)
    with pytest.raises(UsageError, match="circle"):
        refuse_unless_writable(one)
    with pytest.raises(UsageError, match="circle"):
        replace_file(one, lambda file: None, lambda _: None)
    assert main(["refresh", str(one)]) in (2, 3)
    assert "Traceback" not in capsys.readouterr().err
    assert one.is_symlink() and two.is_symlink()


NAMES = [
    "Risiko-Übersicht März.xlsx",
    "Реестр рисков.xlsx",
    "リスク登録簿.xlsx",
    "سجل المخاطر.xlsx",
    "Risk 😀.xlsx",
    " blanks before and behind .xlsx",
    "two  blanks.tar.xlsx",
    "quotes ' and & and %41 and #1.xlsx",
    "[draft] {v2} (final).XLSX",
    "-rf.xlsx",
    unicodedata.normalize("NFC", "Café.xlsx"),
    unicodedata.normalize("NFD", "Café.xlsx"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_kept_as_it_is_spelt(tmp_path: Path, name: str) -> None:
    path = stale_register(tmp_path / "a.xlsx").rename(tmp_path / name)
    xlgov.refresh(path)
    assert ratings(path) == RATINGS
    stem, ending = path.stem, path.suffix
    assert sorted(os.listdir(tmp_path)) == sorted([name, f"{stem} (before xlgov){ending}"])


@posix
@pytest.mark.skipif(os.uname().sysname != "Linux", reason="other systems take only text as names")
def test_a_name_that_is_no_text_is_refreshed_all_the_same(tmp_path: Path) -> None:
    path = stale_register(tmp_path / "a.xlsx")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.xlsx"))
    xlgov.refresh(path.rename(odd))
    assert ratings(odd) == RATINGS
    assert main(["refresh", "--no-backup", str(odd)]) == 0


def test_both_compositions_of_one_name_are_two_files_where_the_drive_says_so(
    tmp_path: Path,
) -> None:
    paths = [tmp_path / unicodedata.normalize(form, "Café.xlsx") for form in ("NFC", "NFD")]
    for path in paths:
        stale_register(path)
    if len(os.listdir(tmp_path)) == 1:
        pytest.skip("this drive takes both for one name")
    xlgov.refresh(paths[0], backup=False)
    assert ratings(paths[0]) == RATINGS and ratings(paths[1]) != RATINGS


def test_a_name_as_long_as_the_drive_allows_is_refreshed(tmp_path: Path) -> None:
    path = stale_register(tmp_path / f"{'r' * 250}.xlsx")
    before = path.read_bytes()
    with pytest.raises(FileError, match=r"name of 2\d\d bytes is too long"):
        xlgov.refresh(path)  # there is no room for the name of its backup
    assert path.read_bytes() == before and beside(path) == []
    xlgov.refresh(path, backup=False)
    assert ratings(path) == RATINGS and beside(path) == []


def test_a_name_longer_than_any_drive_allows_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"{'r' * 300}.xlsx"
    for refused in (path, tmp_path / "NUL\0.xlsx"):
        with pytest.raises(XlgovError):
            xlgov.refresh(refused)
    assert main(["refresh", str(path)]) in (2, 3)
    assert "Traceback" not in capsys.readouterr().err
    source = stale_register(tmp_path / "a.xlsx")
    with pytest.raises(XlgovError, match="too long"):
        xlgov.refresh(source, path)


def test_a_path_of_many_folders_is_refreshed(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(20):
        folder /= "Office of the Police and Crime Commissioner"
    folder.mkdir(parents=True)
    assert len(str(folder)) > 800
    path = stale_register(folder / "Register.xlsx")
    xlgov.refresh(path)
    assert ratings(path) == RATINGS
    assert beside(path) == ["Register (before xlgov).xlsx"]


LONG = "\\".join(["C:", *["Governance"] * 30, "Register.xlsx"])


@pytest.mark.parametrize(
    "path, expected",
    [
        ("C:\\Office\\Register.xlsx", "C:\\Office\\Register.xlsx"),
        (LONG, "\\\\?\\" + LONG),
        ("\\\\?\\" + LONG, "\\\\?\\" + LONG),
        ("\\\\server\\" + LONG[3:], "\\\\?\\UNC\\server\\" + LONG[3:]),
    ],
)
def test_a_long_windows_path_is_spelt_so_that_windows_takes_it(path: str, expected: str) -> None:
    assert _at_length(path) == expected


@posix
def test_elsewhere_a_path_is_spelt_as_it_is(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 200) / ("y" * 200) / "Register.xlsx"
    assert real_path(long) == long
