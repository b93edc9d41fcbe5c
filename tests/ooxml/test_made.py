"""Workbooks of our own making, by several writers and by hand: nothing is lost in any of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from edits import try_edits
from handmade import MAKERS, REFUSED, write_package
from written import SOFFICE, WRITERS, convert


@pytest.mark.parametrize("name", MAKERS)
def test_a_workbook_made_by_hand_loses_nothing(
    name: str, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    path = write_package(tmp_path / "before.xlsx", MAKERS[name]())
    row = try_edits(path, tmp_path)
    record_property("lossless", ("made by hand", name, *row))
    assert row[-1] == "edited"


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_or_hostile_workbook_is_refused_in_words(
    name: str, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    path = write_package(tmp_path / "before.xlsx", REFUSED[name]())
    row = try_edits(path, tmp_path)
    record_property("lossless", ("made by hand", name, *row))
    assert row[-1].startswith("refused")


@pytest.mark.parametrize("name", WRITERS)
def test_a_workbook_of_another_writer_loses_nothing(
    name: str, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    path = WRITERS[name](tmp_path / "before.xlsx")
    row = try_edits(path, tmp_path)
    record_property("lossless", ("made by other writers", name, *row))
    assert row[-1] == "edited"


@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice (soffice) here")
def test_workbooks_that_libreoffice_saved_lose_nothing(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    """One session for all of them: starting LibreOffice is what takes the time."""
    names = {f"f{n}.xlsx": name for n, name in enumerate(WRITERS)}
    sources = [WRITERS[name](tmp_path / file) for file, name in names.items()]
    for source, saved in zip(sources, convert(sources, tmp_path / "saved"), strict=True):
        row = try_edits(saved, tmp_path / "saved")
        (tmp_path / "saved" / "after.xlsx").unlink()
        record_property("lossless", ("saved by LibreOffice", names[source.name], *row))
        assert row[-1] == "edited"
