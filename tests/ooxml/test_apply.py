"""All of a change set is applied or nothing; an unchanged file is not even opened for writing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from applied import put, rule, styled, text_of
from handmade import MAKERS, SHEET, TYPES, plain, rels, types, write_package

from xlgov.changes import CellChange, ChangeSet, NoteChange, SheetChange
from xlgov.errors import ChangedError, DamagedError, EditError, InUseError, SignedError, UsageError
from xlgov.ooxml import apply as apply_module
from xlgov.ooxml import rules as rules_module
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.row_edit import RowEditor


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_package(tmp_path / "book.xlsx", plain())


def signed(folder: Path) -> Path:
    parts = {
        **plain(),
        TYPES: types(("/_xmlsignatures/sig1.xml", "application/x")),
        "_rels/.rels": rels(("officeDocument", "xl/workbook.xml"),
                            ("digital-signature/origin", "_xmlsignatures/origin.sigs")),
        "_xmlsignatures/origin.sigs": b"",
        "_xmlsignatures/sig1.xml": b"<Signature/>",
    }  # fmt: skip
    return write_package(folder / "signed.xlsx", parts)


def test_an_empty_change_set_opens_nothing_for_writing(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes(), book.stat().st_mtime_ns, book.stat().st_ino
    assert apply_changes(ChangeSet(), book) is False
    assert (book.read_bytes(), book.stat().st_mtime_ns, book.stat().st_ino) == before
    assert apply_changes(ChangeSet(), book, tmp_path / "copy.xlsx") is False
    assert (tmp_path / "copy.xlsx").read_bytes() == before[0]
    assert apply_changes(ChangeSet(), book, book) is False


def test_an_unchanged_file_needs_no_right_to_write(book: Path) -> None:
    book.chmod(0o444)
    assert apply_changes(styled("A2", bold=True), book) is False


def test_a_change_set_of_another_file_is_refused(book: Path, tmp_path: Path) -> None:
    known = hashlib.sha256(book.read_bytes()).hexdigest()
    cells = put("A2", 4).cells
    assert apply_changes(ChangeSet(cells=cells, source_hash=known), book, tmp_path / "out.xlsx")
    with pytest.raises(ChangedError, match="has changed since it was previewed"):
        apply_changes(ChangeSet(cells=cells, source_hash="0" * 64), book)


def test_a_signed_workbook_is_refused_unless_the_signature_may_break(tmp_path: Path) -> None:
    path = signed(tmp_path)
    before = path.read_bytes()
    with pytest.raises(SignedError, match="--break-signature"):
        apply_changes(put("A2", 4), path)
    assert path.read_bytes() == before
    assert apply_changes(ChangeSet(), path) is False
    assert apply_changes(put("A2", 4), path, break_signature=True) is True


def test_a_file_that_somebody_has_open_is_refused(book: Path) -> None:
    (book.parent / f"~${book.name}").write_bytes(b"\x05Alice")
    with pytest.raises(InUseError):
        apply_changes(put("A2", 4), book)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (ChangeSet(notes=(NoteChange("Nowhere", "A1", "x"),)), "no worksheet 'Nowhere' for a note"),
        (ChangeSet(notes=(NoteChange("Register", "A0", "x"),)), "'A0' is not a cell address"),
        (put("XFE1", 1), "from A1 to XFD1048576"),
        (put("A1048577", 1), "from A1 to XFD1048576"),
        (put("", 1), "expected a cell address"),
        (styled("A0", bold=True), "expected a cell address"),
        (ChangeSet(drop_formats=("Nowhere",)), "no worksheet 'Nowhere'"),
        (ChangeSet(formats=(rule("A1:A0", "TRUE"),)), "A0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_done_is_refused_and_nothing_written(
    book: Path, changes: ChangeSet, said: str
) -> None:
    before = book.read_bytes()
    with pytest.raises(EditError, match=said):
        apply_changes(changes, book)
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == [book.name]


def test_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        apply_changes(ChangeSet(), tmp_path / "none.xlsx")


def test_a_file_that_was_saved_meanwhile_is_left(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_package(book.parent / "other.xlsx", {**plain(), "more.bin": b"x"}).read_bytes()
    judge = apply_module.verify_written

    def verify(*given: Any) -> None:
        judge(*given)
        book.write_bytes(other)

    monkeypatch.setattr(apply_module, "verify_written", verify)
    with pytest.raises(ChangedError, match="saved by somebody else meanwhile"):
        apply_changes(put("A2", 4), book)
    assert book.read_bytes() == other


def test_a_new_file_that_reads_back_otherwise_never_replaces_the_old(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()
    row = RowEditor.edited

    def wrong(self: RowEditor, *given: Any) -> bytes:
        return row(self, *given).replace(b"<v>4</v>", b"<v>5</v>")

    monkeypatch.setattr(RowEditor, "edited", wrong)
    with pytest.raises(DamagedError, match="did not read back as intended"):
        apply_changes(put("A2", 4), book)
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == [book.name]


def test_formats_that_read_back_otherwise_never_replace_the_old(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()
    monkeypatch.setattr(rules_module, "_block", lambda *_: "<conditionalFormatting/>")
    with pytest.raises(DamagedError, match="the conditional formats of Register"):
        apply_changes(ChangeSet(formats=(rule("A1:A9", "A1>1", fill="FF0000"),)), book)
    assert book.read_bytes() == before


def test_a_lost_or_changed_part_never_replaces_the_old(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlgov.ooxml.package import Package

    before = book.read_bytes()
    write = Package.write

    def without_strings(self: Package, target: Any, replace: Any, add: Any, remove: Any) -> None:
        write(self, target, replace, add, {"xl/sharedStrings.xml"})

    monkeypatch.setattr(Package, "write", without_strings)
    with pytest.raises(DamagedError, match="a part that was not to change differs"):
        apply_changes(put("A2", 4), book)
    assert book.read_bytes() == before


def test_everything_at_once_and_again(tmp_path: Path) -> None:
    """One change set of every kind on several sheets; the second time changes no byte."""
    parts = MAKERS["a calculation chain"]()
    path = write_package(tmp_path / "book.xlsx", parts)
    changes = ChangeSet(
        cells=(
            CellChange("register", "a2", None, 4),
            CellChange("REGISTER", "$B$2", None, "over a formula"),
            CellChange("Register", "Z9", None, None),
            CellChange("xlgov", "D1", None, 1),
        ),
        styles=styled("A7", bold=True).styles,
        formats=(rule("A1:A9", "A1>1", fill="FF0000"),),
        sheets=(SheetChange("xlgov", [["a", 1]], names=[("xlgov_a", "A1:B1")]),),
    )
    assert apply_changes(changes, path) is True
    first = path.read_bytes()
    apply_changes(changes, path)
    assert path.read_bytes() == first
    assert '<c r="A2" s="1"><v>4</v></c>' in text_of(path)[SHEET]
