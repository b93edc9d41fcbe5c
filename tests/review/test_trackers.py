"""Two versions of trackers: plans whose status is a colour, logs with numbers shown as dates."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

import xlgov
from xlgov.review.difference import Difference
from xlgov.review.telling import tell_lines

WORKBOOKS = Path(__file__).parents[2] / "workbooks"


def plans() -> Difference:
    return xlgov.diff(
        WORKBOOKS / "delivery-plan-2017-11.xlsx", WORKBOOKS / "delivery-plan-2018-05.xlsx"
    )


def test_a_status_that_is_only_a_colour_is_compared() -> None:
    moved = {
        each.record: (field.before, field.after)
        for each in plans().changes
        for field in each.fields
        if field.field == "rag"
    }
    assert moved == {
        "V6": ("Green", "Yellow"),
        "V9": ("Yellow", "Green"),
        "O3": ("Yellow", "Green"),
        "O4": ("White", "Yellow"),
        "C2": ("Yellow", "Green"),
        "C9": ("Red", "Yellow"),
        "T2": ("Yellow", "Red"),
        "T8": ("Green", "Yellow"),
        "T10": ("Yellow", "Green"),
    }


def test_sub_rows_are_matched_by_the_reference_in_their_text() -> None:
    found = plans()
    assert {each.what for each in found.changes} == {"changed"}
    assert {"O2.1", "O2.2", "O2.3"} <= {each.record for each in found.changes}


def test_every_sample_differs_in_nothing_from_itself() -> None:
    for path in sorted(WORKBOOKS.glob("*.xlsx")):
        found = xlgov.diff(path, path)
        has_records = path.name != "finance-and-workforce.xlsx"  # tables of figures only
        assert found.is_empty and found.is_unrecognised != has_records, path.name


def test_an_item_number_shown_as_a_date_is_the_number(tmp_path: Path) -> None:
    def write(name: str, code: str, owner: str) -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as book:
            shown = book.add_format({"num_format": code})
            sheet = book.add_worksheet("Action log")
            headings = ("Action no", "Agenda item", "Action", "Owner", "Target date", "Status")
            sheet.write_row(0, 0, headings)
            for row in range(1, 7):
                sheet.write_row(row, 0, (row, None, f"Write paper {row} for the board", owner))
                sheet.write_number(row, 1, row + 4, shown)
                sheet.write_row(row, 4, ("1 May 2019", "Ongoing"))
        return tmp_path / name

    old = write("old.xlsx", "dd/mm/yyyy", "Head of Finance")
    assert xlgov.diff(old, write("same.xlsx", "0.0", "Head of Finance")).is_empty
    found = xlgov.diff(old, write("new.xlsx", "0.0", "Head of Audit"))
    assert tell_lines(found)[1] == "  1  Owner: 'Head of Finance' -> 'Head of Audit'"
    assert {field.field for each in found.changes for field in each.fields} == {"owner"}
