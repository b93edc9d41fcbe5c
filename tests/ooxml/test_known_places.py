"""A large sheet is written, and read back, at the places that its reading has noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from applied import put
from handmade import SHEET, plain, write_package

from xlgov.changes import CellChange, ChangeSet
from xlgov.errors import DamagedError, EditError
from xlgov.grid.cells import parse_address
from xlgov.grid.sheet import Grid
from xlgov.ooxml import reader as reader_module
from xlgov.ooxml import verify as verify_module
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.reader import open_workbook
from xlgov.ooxml.row_edit import RowEditor
from xlgov.ooxml.sheet import SheetEditor

ROWS = 3000
WANTED = {"B2": 4, "B1500": 51, "E1501": "added", f"B{ROWS}": 9, f"A{ROWS + 7}": "beyond"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{"long text " * 9}</t></is></c>'
        f'<c r="B{row}"><v>{row % 7}</v></c></row>'
        for row in range(1, ROWS + 1)
    )
    raw = plain()[SHEET]
    start, end = raw.index(b"<sheetData>") + 11, raw.index(b"</sheetData>")
    sheet = raw[:start] + rows.encode() + raw[end:]
    return write_package(tmp_path / "book.xlsx", {**plain(), SHEET: sheet})


def looked_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Outline], str]:
    """The outlines as a preview leaves them, and the file's hash."""
    monkeypatch.setattr(reader_module, "_LARGE", 0)

    def expect(first: Grid) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return (1, 2), (1,)

    with open_workbook(path) as workbook:
        workbook.expect = expect
        workbook.grid("Register", rows=5)
        assert workbook.outline("Register").rows is not None
        return dict(workbook.outlines), workbook.package.sha256()


def changes(known: str) -> ChangeSet:
    cells = (CellChange("Register", place, None, value, "test") for place, value in WANTED.items())
    return ChangeSet(cells=tuple(cells), source_hash=known)


def test_both_ways_of_finding_rows_write_the_same_file(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlines, known = looked_at(book, monkeypatch)
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    apply_changes(changes(known), book, one, outlines=outlines)
    apply_changes(changes(known), book, two)
    assert one.read_bytes() == two.read_bytes()
    with open_workbook(one) as workbook:
        grid = workbook.grid("Register")
        assert {place: grid.value(*parse_address(place)) for place in WANTED} == WANTED


def test_a_wrong_cell_at_a_known_place_stops_the_save(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlines, known = looked_at(book, monkeypatch)
    before, row = book.read_bytes(), RowEditor.edited

    def wrong(self: RowEditor, *given: Any) -> bytes:
        return row(self, *given).replace(b"<v>51</v>", b"<v>15</v>")

    monkeypatch.setattr(RowEditor, "edited", wrong)
    with pytest.raises(DamagedError, match="did not read back as intended"):
        apply_changes(changes(known), book, outlines=outlines)
    assert book.read_bytes() == before


def test_a_row_that_is_not_where_it_was_written_stops_the_save(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlines, known = looked_at(book, monkeypatch)
    before, compare = book.read_bytes(), verify_module._compare_cells

    def moved(fresh: Any, sheet: str, editor: SheetEditor) -> None:
        assert editor.written is not None and set(editor.written) == {2, 1500, 1501, 3000, 3007}
        editor.written[1500] += 1
        compare(fresh, sheet, editor)

    monkeypatch.setattr(verify_module, "_compare_cells", moved)
    with pytest.raises(DamagedError, match="did not read back as intended"):
        apply_changes(changes(known), book, outlines=outlines)
    assert book.read_bytes() == before


def test_an_array_formula_among_the_rows_is_still_refused_an_edit(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlines, _ = looked_at(book, monkeypatch)
    assert outlines["register"].rows is not None
    with open_workbook(book) as workbook:
        raw = workbook.package.read(SHEET)
    array = b'<c r="B1500"><f t="array" ref="B1500:B1501">A1</f><v>2</v></c>'
    raw = raw.replace(b'<c r="B1500"><v>2</v></c>', array)
    assert array in raw
    write_package(book, {**plain(), SHEET: raw})
    monkeypatch.setattr(reader_module, "_LARGE", 0)
    with open_workbook(book) as workbook:
        workbook.expect = lambda _: ((1, 2), (1,))
        workbook.grid("Register", rows=5)
        outline = workbook.outline("Register")
        assert outline.is_checked and outline.rows is None
    with pytest.raises(EditError, match="part of an array formula"):
        apply_changes(put("B1501", 4), book)
