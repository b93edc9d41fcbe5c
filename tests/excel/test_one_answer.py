"""The file hand and the Excel hand give one answer, cell by cell, on every sample workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_engine import current_session
from live_files import cells_of_file, cells_of_live, differences, save_model
from remote_book import OFFICE_JS, OFFICE_SCRIPTS, cells_of_remote, open_remote, replay

import xlgov
from xlgov.excel import judge, recalculate, undo
from xlgov.ooxml.reader import open_workbook
from xlgov.settings import Settings, load_settings

SAMPLES = sorted(Path(__file__).parents[2].glob("workbooks/*.xlsx"))
SLOW = pytest.mark.slow  # the same again, another way
SAMPLE_IDS = [path.stem for path in SAMPLES]


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Path]:
    """A sample and its settings file in a folder of their own."""

    def copy(sample: Path) -> Path:
        for path in (*sample.parent.glob("*.xlsx"), sample.parent / "xlgov.toml"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        return tmp_path / sample.name

    return copy


@pytest.mark.parametrize("with_api", [False, True], ids=["without rules", "with rules"])
@pytest.mark.parametrize("sample", SAMPLES, ids=SAMPLE_IDS)
def test_both_hands_leave_the_same_values_and_number_formats(
    sample: Path,
    with_api: bool,
    copied: Callable[[Path], Path],
    live: Callable[..., Any],
) -> None:
    path = copied(sample)
    refreshed = path.with_name("refreshed.xlsx")
    by_file = xlgov.refresh(path, refreshed)
    book = live(path, with_api=with_api)
    in_excel = recalculate(book)
    assert [(c.sheet, c.address, c.after) for c in in_excel.cells] == [
        (c.sheet, c.address, c.after) for c in by_file.cells
    ]
    found = differences(cells_of_file(refreshed), cells_of_live(book), ignore=("xlgov",))
    assert found == []
    said = {f.code for f in in_excel.findings} - {f.code for f in by_file.findings}
    assert said <= (set() if with_api else {"formats-skipped"})
    if with_api:
        assert sorted(in_excel.formats, key=repr) == sorted(by_file.formats, key=repr)


@pytest.mark.parametrize(
    "with_api",
    [pytest.param(False, id="without rules", marks=SLOW), pytest.param(True, id="with rules")],
)
@pytest.mark.parametrize("sample", SAMPLES, ids=SAMPLE_IDS)
def test_a_second_press_writes_nothing(
    sample: Path,
    with_api: bool,
    copied: Callable[[Path], Path],
    live: Callable[..., Any],
) -> None:
    book = live(copied(sample), with_api=with_api)
    recalculate(book)
    before, asked = cells_of_live(book), len(current_session().prompts)
    assert judge(book).is_empty
    assert recalculate(book).is_empty
    assert differences(before, cells_of_live(book)) == []
    assert len(current_session().prompts) == asked
    assert book.app.status_bar == "xlgov: already up to date"


@pytest.mark.parametrize("sample", SAMPLES, ids=SAMPLE_IDS)
def test_undo_gives_back_every_cell(
    sample: Path, copied: Callable[[Path], Path], live: Callable[..., Any]
) -> None:
    path = copied(sample)
    book = live(path)
    before = cells_of_live(book)
    changes = recalculate(book)
    assert undo(book) == []
    assert differences(before, cells_of_live(book), ignore=("xlgov",)) == []
    if changes.cells:
        assert "taken back" not in str(book.app.status_bar)
        assert len(judge(book).cells) == len(changes.cells)
        undo(book)
    assert "no recalculation to take back" in str(book.app.status_bar)


def stated(path: Path) -> Settings:
    """What the office states, as somebody hands it over who runs xlgov for Excel on the web."""
    with open_workbook(path) as workbook:
        return load_settings(workbook, path)


@pytest.mark.parametrize(
    "client",
    [pytest.param(OFFICE_JS, id="add-in"), pytest.param(OFFICE_SCRIPTS, id="script", marks=SLOW)],
)
@pytest.mark.parametrize("sample", SAMPLES, ids=SAMPLE_IDS)
def test_excel_on_the_web_gives_the_same_values_and_number_formats(
    sample: Path, client: str, copied: Callable[[Path], Path]
) -> None:
    path = copied(sample)
    settings = stated(path)
    refreshed = path.with_name("refreshed.xlsx")
    by_file = xlgov.refresh(path, refreshed, settings=settings)
    book = open_remote(path, client)
    recalculate(book, settings)
    found = differences(cells_of_file(refreshed), cells_of_remote(book), ignore=("xlgov",))
    unseen = {
        f"{change.sheet}!{change.address}"
        for change in by_file.cells
        if change.measure == "direction"  # told from fills, which no client sends
    }
    assert [each for each in found if not any(each.startswith(cell) for cell in unseen)] == []
    assert len(unseen) == (2 if sample.stem == "delivery-plan-2018-05" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=SAMPLE_IDS)
def test_a_second_press_on_the_web_asks_for_no_action(
    sample: Path, copied: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = copied(sample)
    settings = stated(path)
    book = open_remote(path)
    recalculate(book, settings)
    done = replay(path, book.json()["actions"])
    after = tmp_path / "after.xlsx"
    save_model(done.model, after)
    again = open_remote(after)
    assert recalculate(again, settings).is_empty
    assert again.json()["actions"] == []
