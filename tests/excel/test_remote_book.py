"""The payload of Excel on the web and the replay of its actions, with the traps of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from live_files import cells_of_file, differences
from remote_book import (
    OFFICE_SCRIPTS,
    cells_of_remote,
    open_remote,
    remote_json,
    replay,
)

Made = Callable[..., Path]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook with one cell of every kind, from B2 on, a hidden sheet and names."""
    workbook: Any = openpyxl.Workbook()
    sheet = workbook.active
    sheet["B2"], sheet["C2"], sheet["D2"] = "Ref", 3, 2.5
    sheet["B3"], sheet["C3"], sheet["D3"] = datetime(2017, 2, 6), True, "#N/A"
    sheet["B3"].number_format = "dd/mm/yyyy"
    sheet["B4"], sheet["C4"] = "2017-02-06T00:00:00.000Z", "#SPILL!"
    sheet["C4"].data_type = "e"
    workbook.create_sheet("Hidden").sheet_state = "hidden"
    names = openpyxl.workbook.defined_name
    for name, refers in [("area", "Sheet!$B$2:$C$2"), ("scheme", '"matrix"')]:
        workbook.defined_names[name] = names.DefinedName(name, attr_text=refers)
    workbook.save(tmp_path / "web.xlsx")
    return tmp_path / "web.xlsx"


def test_the_payload_has_what_json_has(path: Path) -> None:
    payload = remote_json(path)
    assert payload["sheets"][0]["values"] == [
        ["", "", "", ""],
        ["", "Ref", 3, 2.5],
        ["", "2017-02-06T00:00:00.000Z", True, "#N/A"],
        ["", "2017-02-06T00:00:00.000Z", "#SPILL!", ""],
    ]
    assert type(payload["sheets"][0]["values"][1][2]) is int
    assert payload["sheets"][0]["used_range_address"] == "B2:D4"
    assert [sheet["visibility"] for sheet in payload["sheets"]] == ["Visible", "Hidden"]
    assert payload["book"]["name"] == "web.xlsx"


def test_xlwings_reads_the_payload(path: Path) -> None:
    book = open_remote(path)
    sheet = book.sheets[0]
    assert sheet.used_range.address == "$B$2:$D$4"
    assert sheet["B3"].value == datetime(2017, 2, 6)
    assert sheet["B4"].value == datetime(2017, 2, 6)  # text, but it looks like a date
    assert sheet["D3"].value is None
    assert sheet["D3"].options(err_to_str=True).value == "#N/A"
    assert sheet["C4"].value == "#SPILL!"  # an error that xlwings does not know
    assert book.names["area"].refers_to_range.value == ["Ref", 3]
    assert book.names["scheme"].refers_to == '="matrix"'
    assert [each.visible for each in book.sheets] == [True, False]
    with pytest.raises(NotImplementedError):
        print(sheet["B3"].number_format)


def test_a_client_that_goes_by_categories_sends_custom_dates_as_numbers(path: Path) -> None:
    assert open_remote(path, custom_dates=False).sheets[0]["B3"].value == 42772


def test_office_scripts_send_less(path: Path) -> None:
    book = open_remote(path, client=OFFICE_SCRIPTS)
    assert [name.name for name in book.names] == ["area"]
    with pytest.raises(KeyError):
        print(book.sheets[0].visible)
    book.sheets[0]["B2"].font.bold = True
    with pytest.raises(NotImplementedError, match="setFontProperty"):
        cells_of_remote(book)


def test_nothing_done_leaves_every_cell(path: Path) -> None:
    assert differences(cells_of_file(path), cells_of_remote(open_remote(path))) == []


def test_written_values_are_read_as_typed(path: Path) -> None:
    book = open_remote(path)
    sheet = book.sheets[0]
    sheet["F2:F7"].value = [["1-2"], ["'1-2"], ["=C2+1"], [None], [7], [datetime(2017, 2, 6, 12)]]
    sheet["C2"].value = None
    cells = cells_of_remote(book)["Sheet"]
    assert cells["F2"] == (43467, None, "d-mmm")
    assert cells["F3"] == ("1-2", None, "General")
    assert cells["F4"][1] == "=C2+1"
    assert "F5" not in cells
    assert cells["F6"] == (7, None, "General")
    assert cells["F7"] == (42772.5, None, "m/d/yy h:mm")
    assert "C2" not in cells


def test_sheets_names_formats_and_boxes_are_replayed(path: Path) -> None:
    book = open_remote(path)
    added = book.sheets.add("xlgov", after=book.sheets[-1])
    added["A1"].value = "Recalculated"
    added.visible = False
    book.sheets[0]["D2"].number_format = "0.0"
    book.sheets[0]["D2"].color = "#FFEB9C"
    book.names.add("ours", "=xlgov!$A$1")
    book.app.alert("Done", "xlgov")
    done = replay(book.impl.api, book.json()["actions"])
    assert done.alerts == ["Done"]
    assert done.cells["xlgov"] == {"A1": ("Recalculated", None, "General")}
    assert done.cells["Sheet"]["D2"] == (2.5, None, "0.0")
    assert done.model.sheets[0].cells[2, 4].fill == "FFEB9C"
    assert [sheet.state for sheet in done.model.sheets] == ["visible", "hidden", "hidden"]
    assert done.model.names[-1].refers_to == "=xlgov!$A$1"
    assert done.done["addSheet"] == 1


def test_values_of_another_size_and_unknown_actions_are_refused(path: Path) -> None:
    payload = remote_json(path)
    place = {"sheet_position": 0, "start_row": 0, "start_column": 0}
    wrong = {"func": "setValues", "values": [[1, 2]], "row_count": 1, "column_count": 1}
    with pytest.raises(ValueError, match="another size"):
        replay(payload, [{**place, **wrong}])
    with pytest.raises(NotImplementedError, match="rangeSort"):
        replay(payload, [{"func": "rangeSort", "args": []}])
