"""Merged ranges of a live sheet: told as text, searched for, or supposed where Excel is silent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from com_range import ComRange
from hypothesis import given, settings
from hypothesis import strategies as st
from live_engine import current_session, open_live, stop_session
from live_range import Range as LiveRange

from xlgov.excel import judge
from xlgov.excel.merges import find_merges, supposed_merges
from xlgov.excel.spreadsheet_text import merges_of
from xlgov.grid.cells import Range
from xlgov.grid.sheet import Grid

FORMS = Path(__file__).parents[2] / "workbooks" / "strategic-risk-register.xlsx"
ASKED = ("Range.merge_cells", "Range.merge_area", "Range.address", "Sheet.range", "api.Range")

AREAS = st.builds(
    lambda top, left, down, across: Range(top, left, top + down, left + across),
    st.integers(2, 30),
    st.integers(1, 12),
    st.integers(0, 4),
    st.integers(0, 4),
).filter(lambda area: area.cell_count > 1)


def apart(areas: list[Range]) -> list[Range]:
    kept: list[Range] = []
    for area in areas:
        if not any(area.overlaps(other) for other in kept):
            kept.append(area)
    return kept


def merged_book(folder: Path, merged: list[Range]) -> Path:
    """A workbook with these merged ranges between A1 and R40."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["R40"] = "title", "end"
    for area in merged:
        sheet.merge_cells(str(area))
    workbook.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def questions() -> int:
    """How often Excel was asked about merged cells since the count began."""
    calls = current_session().calls
    return sum(count for name, count in calls.items() if name.startswith(ASKED))


WHOLE = Range(1, 1, 40, 18)
# As many merged ranges as a page of forms has, of every kind and in no order.
MANY = apart(
    [Range(2 + n % 37, 1 + n * 7 % 16, 2 + n % 37 + n % 3, 2 + n * 7 % 16) for n in range(90)]
)


@pytest.mark.parametrize("with_api", [False, True], ids=["searched for", "told as text"])
@settings(max_examples=40)
@given(areas=st.lists(AREAS, max_size=30))
def test_every_merged_range_is_found_whatever_the_pattern(
    areas: list[Range], tmp_path_factory: Any, with_api: bool
) -> None:
    merged = apart(areas)
    path = merged_book(tmp_path_factory.mktemp("merges"), merged)
    stop_session()
    sheet = open_live(path, with_api=with_api).sheets[0]
    current_session().calls.clear()
    assert find_merges(sheet, WHOLE) == tuple(sorted(merged))
    if with_api:
        # 41 blocks at two calls, three for the cell in the corner of each, and for three proofs of
        # the text; there are 720 cells.
        assert questions() <= 41 * (2 + 3) + 3 * 3


def test_many_merged_ranges_are_told_in_few_questions(tmp_path: Path) -> None:
    sheet = open_live(merged_book(tmp_path, MANY), with_api=True).sheets[0]
    assert len(MANY) > 60
    assert find_merges(sheet, WHOLE) == tuple(sorted(MANY))
    assert questions() < 200
    assert current_session().calls["api.Range.GetValue"] == 1


@pytest.mark.parametrize(("with_api", "most"), [(True, 1_160), (False, 3_800)])
def test_a_register_laid_out_as_forms_asks_few_questions(with_api: bool, most: int) -> None:
    """It has 418 merged ranges; cell by cell they took 5,800 calls."""
    book = open_live(FORMS, with_api=with_api)
    current_session().calls.clear()
    assert judge(book).cells
    assert sum(current_session().calls.values()) <= most


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({None: "mixed"}, id="a word for mixed ones, as on macOS"),
        pytest.param({None: True}, id="yes where some are merged"),
        pytest.param({True: None}, id="nothing where several are merged"),
    ],
)
def test_the_search_holds_whatever_stands_for_mixed(
    answer: dict[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = LiveRange.merge_cells.fget
    assert said is not None
    monkeypatch.setattr(
        LiveRange, "merge_cells", property(lambda block: answer.get(said(block), said(block)))
    )
    sheet = open_live(merged_book(tmp_path, MANY)).sheets[0]
    assert find_merges(sheet, WHOLE) == tuple(sorted(MANY))


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.replace('ss:Index="', 'ss:Index="1'),
        lambda text: text.replace(' ss:MergeDown="1"', ""),
        lambda text: text.replace("MergeAcross", "Merged"),
        lambda text: text.replace("</Table>", ""),
        lambda text: text.replace('ss:MergeAcross="1"', 'ss:MergeAcross="wide"'),
        lambda text: None,
    ],
)
def test_a_text_that_disagrees_with_excel_is_put_aside(
    spoilt: Callable[[str], str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ComRange.GetValue
    monkeypatch.setattr(ComRange, "GetValue", lambda block, kind: spoilt(given(block, kind)))
    sheet = open_live(merged_book(tmp_path, MANY), with_api=True).sheets[0]
    assert find_merges(sheet, WHOLE) == tuple(sorted(MANY))
    assert current_session().calls["api.Range.GetValue"] == 1


def test_places_in_a_text_follow_one_another_or_are_stated() -> None:
    text = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
 <Worksheet ss:Name="Risks">
  <Table ss:ExpandedColumnCount="9" ss:ExpandedRowCount="12">
   <Column ss:Index="2" ss:Width="54" ss:Span="3"/>
   <Row ss:Height="20">
    <Cell ss:MergeAcross="3" ss:StyleID="s62"><Data ss:Type="String">A1:D1</Data></Cell>
    <Cell ss:MergeDown="1"><Data ss:Type="String">E1:E2</Data></Cell>
    <Cell ss:Index="8" ss:MergeAcross="1" ss:MergeDown="2"/>
   </Row>
   <Row>
    <Cell ss:Index="2" ss:MergeAcross="1"><Data ss:Type="String">B2:C2</Data></Cell>
    <Cell ss:MergeAcross="0"><Data ss:Type="String">&lt;Cell ss:MergeDown="9"&gt;</Data></Cell>
   </Row>
   <Row ss:Index="5" ss:Span="3" ss:Height="9"/>
   <Row><Cell ss:MergeDown="1"><Data ss:Type="String">A9:A10</Data></Cell></Row>
  </Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Cell/></WorksheetOptions>
 </Worksheet>
 <Worksheet ss:Name="Other"><Table><Row><Cell ss:MergeDown="5"/></Row></Table></Worksheet>
</Workbook>"""
    assert [str(merge) for merge in merges_of(text)] == [
        "A1:D1",
        "E1:E2",
        "H1:I3",
        "B2:C2",
        "A9:A10",
    ]


def test_a_sheet_without_merged_cells_is_one_question(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(made({f"A{row}": row for row in range(1, 500)}))
    before = book.impl.calls["Range.merge_cells"]
    assert find_merges(book.sheets[0], Range(1, 1, 499, 1)) == ()
    assert book.impl.calls["Range.merge_cells"] == before + 1


def test_a_heading_over_several_headings_is_supposed_to_be_merged() -> None:
    grid = Grid("Risks")
    for row, values in {
        1: {1: "Strategic risks"},
        3: {1: "Ref", 2: "Current", 5: "Future"},
        4: {1: "Ref", 2: "L", 3: "I", 4: "R", 5: "L", 6: "I", 7: "R"},
        5: {1: "SR1", 2: 1, 3: 2, 4: 3},
    }.items():
        for column in range(1, 8):
            grid.put(row, column, values.get(column))
    assert supposed_merges(grid) == (Range(3, 2, 3, 4), Range(3, 5, 3, 7))


def test_a_title_and_records_are_not_supposed_to_be_merged() -> None:
    grid = Grid("Risks")
    rows = {1: {1: "A title"}, 2: {1: "x", 2: "y", 3: "z"}, 3: {1: "a", 3: 4}, 4: {1: "b", 2: "c"}}
    for row, values in rows.items():
        for column in range(1, 4):
            grid.put(row, column, values.get(column))
    assert supposed_merges(grid) == ()
