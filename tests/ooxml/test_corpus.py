"""Every public workbook is edited and loses nothing, or is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from edits import try_edits

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "poi"
FILES = sorted(CORPUS.glob("*.xls*"))
OUTCOMES: dict[str, str] = {}  # of the tests that ran before the last one


@pytest.mark.skipif(not FILES, reason=f"there are no public workbooks in {CORPUS}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_public_workbook_loses_nothing_or_is_refused(
    path: Path, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    row = try_edits(path, tmp_path)
    OUTCOMES[path.name] = row[-1]
    record_property("lossless", ("public workbooks", path.name, *row))


@pytest.mark.skipif(not FILES, reason=f"there are no public workbooks in {CORPUS}")
def test_a_refusal_is_for_a_broken_file_and_not_for_an_inconvenient_one() -> None:
    refused = {name: said for name, said in OUTCOMES.items() if said != "edited"}
    assert len(refused) <= 2, refused
