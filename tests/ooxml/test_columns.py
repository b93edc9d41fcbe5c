"""Columns of long sheets: whole rows at a time, texts briefly, each column once."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from handmade import HEAD, MAIN, SHEET, STRINGS, plain, write_package
from hypothesis import given
from hypothesis import strategies as st

from xlgov.grid.sheet import BRIEF_LENGTH, LONG_TEXT, Grid
from xlgov.ooxml import reader as reader_module
from xlgov.ooxml.package import Package
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.ooxml.row_pattern import row_pattern

LONG = "Cover is arranged for every post that is vacant for a month or longer."
ROWS = 3000  # enough for rows to be matched whole


def inline(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_of(rows: Iterable[str]) -> bytes:
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    ).encode()


def plain_rows(count: int = ROWS) -> Iterator[str]:
    """A reference, an answer long or short or missing, a figure, one in a hundred a formula."""
    for row in range(1, count + 1):
        answer = ("", inline(f"B{row}", "n/a"), inline(f"B{row}", f"{LONG} {row}"))[row % 3]
        figure = f"<f>1+{row}</f><v>{row + 1}</v>" if row % 100 == 0 else f"<v>{row % 5}</v>"
        yield (
            f'<row r="{row}" spans="1:4">{inline(f"A{row}", f"R{row}")}{answer}'
            f'<c r="C{row}" s="1"/><c r="D{row}" s="2">{figure}</c></row>'
        )


def written(path: Path, rows: Iterable[str], strings: Sequence[str] = ()) -> Path:
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    table = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'.encode()
    return write_package(path, {**plain(), SHEET: sheet_of(rows), STRINGS: table})


def read(path: Path, **asked: Any) -> dict[int, list[tuple[int, object, int, bool]]]:
    with open_workbook(path) as book:
        return cells(book.grid("Register", **asked))


def cells(grid: Grid) -> dict[int, list[tuple[int, object, int, bool]]]:
    return {
        number: [
            (row, value, style, row in column.formulas)
            for row, value, style in zip(column.rows, column.values, column.styles, strict=True)
        ]
        for number, column in grid.columns.items()
    }


PLAIN = [
    '<row r="7"><c r="A7"><v>1</v></c></row>',
    '<row r="7" spans="1:3" x14ac:dyDescent="0.25"><c r="A7" s="3" t="s"><v>1</v></c></row>',
    '<row r="7"><c r="B7" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
    '<row r="7"><c r="A7" s="1"/><c r="C7"><f>A1+1</f><v>2</v></c><c r="AB7"/></row>',
    '<row r="7"><c r="A7"><f t="shared" si="0"/><v></v></c><c r="B7" t="str"><v/></c></row>',
    '<row r="7"></row>',
]
ODD = [
    '<row r="7"/>',
    '<row r="7"><c r="A8"><v>1</v></c></row>',
    '<row r="7"><c r="B7"><v>1</v></c><c r="A7"><v>2</v></c></row>',
    '<row r="7"><c r="A7" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    '<row r="7"><c r="B7" xmlns="urn:x"><v>1</v></c></row>',
    '<row r="7"><!-- odd --><c r="A7"><v>1</v></c></row>',
    "<row r='7'><c r=\"A7\"><v>1</v></c></row>",
    '<row r="7"><c r="C7"><v>1</v></c><c r="AB7"/><c r="A7"><v>2</v></c></row>',
]


@pytest.mark.parametrize("row", PLAIN)
def test_a_plain_row_is_matched_whole(row: str) -> None:
    pattern = row_pattern("", (1, 3))
    assert pattern is not None
    match = pattern.match(row.encode())
    assert match is not None
    assert match.end() == len(row)
    prefixed = row_pattern("x:", (1, 3))
    assert prefixed is not None
    named = row.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    assert prefixed.match(named.encode())


@pytest.mark.parametrize("row", ODD)
def test_an_odd_row_is_not(row: str) -> None:
    pattern = row_pattern("", (1, 3))
    assert pattern is not None
    assert pattern.match(row.encode()) is None


def test_many_columns_or_far_ones_are_taken_cell_by_cell() -> None:
    assert row_pattern("", range(1, 200)) is None
    assert row_pattern("", (16_384,)) is None
    assert row_pattern("", ()) is None


def test_matched_rows_hold_what_single_cells_hold(tmp_path: Path) -> None:
    path = written(tmp_path / "book.xlsx", plain_rows())
    asked = read(path, columns=(1, 2, 3, 4))
    assert asked == read(path)
    assert asked[4][99] == (100, 101, 2, True)
    assert asked[2][1] == (2, f"{LONG} 2", 0, False)
    assert len(asked[1]) == ROWS


def test_an_odd_row_among_plain_ones_is_read_too(tmp_path: Path) -> None:
    rows = list(plain_rows())
    rich = '<c r="B1500" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r></is></c>'
    rows[1499] = f'<row r="1500">{rich}<c r="D1500"><v>1.5</v></c></row>'
    found = read(written(tmp_path / "book.xlsx", rows), columns=(1, 2, 4))
    assert (1500, "rich text", 0, False) in found[2]
    assert (1500, 1.5, 0, False) in found[4]
    assert len(found[1]) == ROWS - 1


def test_rows_out_of_order_are_read_the_careful_way(tmp_path: Path) -> None:
    rows = list(plain_rows())
    rows[1500], rows[2500] = rows[2500], rows[1500]
    path = written(tmp_path / "book.xlsx", rows)
    assert [row for row, *_ in read(path, columns=(1,))[1]] == list(range(1, ROWS + 1))


def test_a_column_read_briefly_tells_what_is_short_and_that_the_rest_is_there(
    tmp_path: Path,
) -> None:
    whole = read(written(tmp_path / "book.xlsx", plain_rows()), columns=(1, 2))
    brief = read(tmp_path / "book.xlsx", columns=(1, 2), brief=(2,))
    assert brief[1] == whole[1]
    assert brief[2][:3] == [
        (1, "n/a", 0, False),
        (2, LONG_TEXT, 0, False),
        (4, "n/a", 0, False),
    ]
    assert [row for row, *_ in brief[2]] == [row for row, *_ in whole[2]]


TEXTS = st.text(st.sampled_from("ab é&<_x0041 \n\t"), max_size=BRIEF_LENGTH * 2)


@given(st.lists(TEXTS, min_size=1, max_size=8), st.booleans())
def test_brief_is_the_text_or_a_mark_that_it_is_long(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], shared: bool
) -> None:
    """For shared strings as for inline ones: a blank is never a mark, a mark never a short text."""
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in texts]
    rows = [
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>'
        if shared
        else f'<row r="{n}">{inline(f"A{n}", text)}</row>'
        for n, text in enumerate(escaped, start=1)
    ]
    path = written(tmp_path_factory.mktemp("brief") / "book.xlsx", rows, escaped)
    whole, brief = read(path, columns=(1,)), read(path, columns=(1,), brief=(1,))
    for (_, full, *_), (_, short, *_) in zip(whole[1], brief[1], strict=True):
        if short != full:
            assert short == LONG_TEXT
            assert isinstance(full, str)
            assert full.strip()
            assert len(full) > BRIEF_LENGTH or "&" in full or "<" in full or "A" in full


def test_shared_strings_beyond_the_table_are_blank_and_cost_nothing(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="s"><v>999999999</v></c><c r="B1" t="s"><v>1</v></c></row>'
    path = written(tmp_path / "book.xlsx", [row], ["one", LONG])
    assert read(path, columns=(1, 2), brief=(1, 2)) == {
        1: [(1, None, 0, False)],
        2: [(1, LONG_TEXT, 0, False)],
    }


class _Counted:
    """How often a sheet was streamed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        stream = Package.stream

        def counted(package: Package, part: Any, *more: Any) -> Iterator[bytes]:
            self.times += part == SHEET
            return stream(package, part, *more)

        monkeypatch.setattr(Package, "stream", counted)


def test_columns_are_read_once_and_again_only_when_more_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "book.xlsx", plain_rows())
    counted = _Counted(monkeypatch)
    with open_workbook(path) as book:
        first = book.grid("Register", columns=(1, 2, 4), brief=(2,))
        assert counted.times == 1
        again = book.grid("Register", columns=(2, 4), brief=(2,))
        assert counted.times == 1
        assert cells(again) == {n: each for n, each in cells(first).items() if n != 1}
        assert not again.is_complete
        whole = book.grid("Register", columns=(2,))
        assert counted.times == 2
        assert whole.value(2, 2) == f"{LONG} 2"
        assert book.grid("Register", columns=(2,), brief=(2,)).value(2, 2) == f"{LONG} 2"
        assert counted.times == 2
        book.forget("Register")
        book.grid("Register", columns=(2,))
        assert counted.times == 3


def test_columns_that_are_expected_come_with_the_first_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "book.xlsx", plain_rows())
    expected = read(path, columns=(1, 2), brief=(2,))
    monkeypatch.setattr(reader_module, "_LARGE", 0)
    counted = _Counted(monkeypatch)
    seen: list[int] = []

    def expect(first: Grid) -> tuple[tuple[int, ...], tuple[int, ...]]:
        seen.append(max(first.rows()))
        return (1, 2), (2,)

    with open_workbook(path) as book:
        book.expect = expect
        assert book.grid("Register", rows=15).value(1, 1) == "R1"
        assert cells(book.grid("Register", columns=(1, 2), brief=(2,))) == expected
        assert counted.times == 1
        assert seen == [400]
        assert book.outline("Register").is_checked
        rows = book.outline("Register").rows
        assert rows is not None
        raw = book.package.read(SHEET)
        first = len(book.outline("Register").head)
        at = [match.start() - first for match in re.finditer(b"<row ", raw)]
        assert (list(rows.starts), rows.end) == (at, raw.index(b"</sheetData>") - first)
        assert list(rows.numbers) == list(range(rows.numbers[0], rows.numbers[0] + len(at)))
        assert book.grid("Register", columns=(4,)).value(100, 4) == 101
        assert counted.times == 2


def test_an_expectation_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "_LARGE", 0)
    rows = list(plain_rows())
    rows[2500] = rows[2500].replace("<row", "<!-- odd --><row")
    path = written(tmp_path / "book.xlsx", rows)

    def first_rows(book: WorkbookFile) -> object:
        return cells(book.grid("Register", rows=400)), cells(book.grid("Register", columns=(1,)))

    with open_workbook(path) as book:
        without = first_rows(book)
    with open_workbook(path) as book:
        book.expect = lambda first: ((1, 2), (2,))
        assert first_rows(book) == without
        assert not book.outline("Register").regular


def test_single_cells_read_as_their_columns_do(tmp_path: Path) -> None:
    rows = list(plain_rows())
    rows[9] = rows[9].replace("<c ", "<c  ")  # only there the address is not found fast
    places = [(1, 1), (2, 2), (3, 2), (100, 4), (1500, 3), (ROWS, 4), (ROWS + 5, 1)]
    for name, lines in (("plain", list(plain_rows())), ("odd", rows)):
        path = written(tmp_path / f"{name}.xlsx", lines)
        with open_workbook(path) as book:
            found, grid = book.cells("Register", places), book.grid("Register")
            for place in places:
                assert found.cell(*place) == grid.cell(*place)


def test_the_collector_is_left_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path / "book.xlsx", plain_rows(3))
    before = gc.get_threshold()
    with open_workbook(path):
        assert gc.get_threshold()[0] > before[0]
        with open_workbook(path):
            pass
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
    gc.set_threshold(0)
    try:
        with open_workbook(path):
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
