"""Two versions of a register compared: by reference, field by field, and what is no change."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

import xlgov
from tests.plain_registers import SCORES, rank, rows_of, write_register
from tests.review.versions import HEADINGS, ROWS, differ, only_field, versions, whats, with_cell
from xlgov.errors import FileError


def test_a_version_differs_in_nothing_from_itself(tmp_path: Path) -> None:
    found = differ(tmp_path, ROWS, ROWS)
    assert found.is_empty and not found.is_unrecognised and found.findings == ()
    assert found.unchanged == {"risk": tuple(row[0] for row in ROWS)}


def test_a_changed_text_has_its_cells_in_both_versions(tmp_path: Path) -> None:
    later = [("SR0.1", "A risk put in above", 1, 1, 1, "Nobody", "None yet"), *ROWS[:2]]
    later += [(*ROWS[2][:6], "New entry route from April and from May"), *ROWS[3:]]
    found = differ(tmp_path, ROWS, later)
    assert whats(found) == [("SR0.1", "new"), ("SR2.1", "changed")]
    (field,) = found.changes[1].fields
    assert (field.field, field.heading, field.kind) == ("controls", "Controls", "text")
    assert (field.sheet, field.address) == ("Register", "G7")
    assert (field.old_sheet, field.old_address) == ("Register", "G6")
    assert field.after == "New entry route from April and from May"


def test_a_new_record_lists_all_that_is_filled_and_a_removed_one_what_was(tmp_path: Path) -> None:
    fresh = ("SR4.1", "Fleet is too old", 3, 3, 9, None, "Replace ten vans")
    found = differ(tmp_path, ROWS, [*ROWS[:1], *ROWS[2:], fresh])
    assert whats(found) == [("SR1.2", "removed"), ("SR4.1", "new")]
    gone, new = found.changes
    assert (gone.title, gone.sheet, gone.address) == (
        "Flood closes the main office",
        "Register",
        "A5",
    )
    assert {f.field: (f.before, f.address) for f in gone.fields}["controls"] == (
        "Plan tested in May",
        "",
    )
    assert {f.field for f in new.fields} == {
        *("description", "controls"),
        *("current.likelihood", "current.impact", "current.rating"),
    }
    assert all(f.before is None and f.old_address == "" for f in new.fields)


def test_scores_have_a_direction_and_a_rating_that_follows_is_marked(tmp_path: Path) -> None:
    later = [list(row) for row in ROWS]
    later[0][2:5] = [3, 5, 15]
    later[4][4] = 12
    found = differ(tmp_path, ROWS, later)
    moved = {(c.record, f.field): (f.before, f.after, f.direction, f.computed)
             for c in found.changes for f in c.fields}  # fmt: skip
    assert moved == {
        ("SR1.1", "current.likelihood"): (2, 3, "up", False),
        ("SR1.1", "current.rating"): (10, 15, "up", True),
        ("SR3.1", "current.rating"): (16, 12, "down", False),
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, "sr 1.1."),
        (1, "Supplier  fails \n"),
        (2, "2"),
        (2, "2 - Possible"),
        (2, "Possible (2)"),
        (4, "10.0"),
        (5, "Head\u00a0of Finance"),
    ],
)
def test_the_same_said_in_another_way_is_no_change(tmp_path: Path, column: int, value: Any) -> None:
    assert differ(tmp_path, ROWS, with_cell(0, column, value)).is_empty


def test_a_score_that_cannot_be_read_is_shown_as_typed(tmp_path: Path) -> None:
    field = only_field(differ(tmp_path, ROWS, with_cell(0, 2, "to be scored by May")))
    assert (field.kind, field.before, field.after, field.direction) == (
        "score",
        2,
        "to be scored by May",
        "",
    )


def test_a_blank_and_white_space_are_one_and_zero_is_neither(tmp_path: Path) -> None:
    blank = with_cell(1, 6, None)
    assert differ(tmp_path, blank, with_cell(1, 6, "  \n")).is_empty
    cleared = only_field(differ(tmp_path, ROWS, blank))
    assert (cleared.before, cleared.after) == ("Plan tested in May", None)


def test_sorting_and_moving_rows_changes_nothing(tmp_path: Path) -> None:
    rows = rows_of(rank, SCORES)
    mixed = list(rows)
    random.Random(4).shuffle(mixed)
    assert mixed != rows
    headings = ("Ref", "Risk description", "Likelihood", "Impact", "Risk score", "Risk owner")
    assert differ(tmp_path, rows, mixed, headings).is_empty


def test_a_renamed_sheet_and_moved_columns_change_nothing(tmp_path: Path) -> None:
    old = write_register(tmp_path / "old.xlsx", ROWS, HEADINGS)
    new = tmp_path / "new.xlsx"
    order = (0, 1, 5, 6, 2, 3, 4)
    with xlsxwriter.Workbook(new) as book:
        book.add_worksheet("Cover").write("A1", "Board, May")
        sheet = book.add_worksheet("Corporate risks")
        for number, row in enumerate((HEADINGS, *ROWS), start=9):
            sheet.write_row(number, 2, [row[column] for column in order])
    found = xlgov.diff(old, new)
    assert found.is_empty and found.findings == ()


def test_a_column_added_is_one_note_and_no_change_of_records(tmp_path: Path) -> None:
    later = [(*row, "Ask the auditors") for row in ROWS]
    found = differ(tmp_path, ROWS, later, new_headings=(*HEADINGS, "Future actions"))
    assert found.is_empty
    assert [(f.code, f.severity, f.sheet, f.address) for f in found.findings] == [
        ("column-in-one", "note", "Register", "H4")
    ]
    back = differ(tmp_path, later, ROWS, (*HEADINGS, "Future actions"), HEADINGS)
    assert [(f.code, f.address) for f in back.findings] == [("column-in-one", "")]


def test_a_reference_that_stands_twice_is_compared_by_text_then_in_order(tmp_path: Path) -> None:
    twin = ("SR1.1", "Another thing entirely", 1, 1, 1, "Head of Audit", "Yearly check")
    old = [ROWS[0], twin, *ROWS[1:]]
    new = [twin, (*ROWS[0][:6], "Contract checks each week"), *ROWS[1:]]
    found = differ(tmp_path, old, new)
    assert whats(found) == [("SR1.1", "changed")]
    assert only_field(found).after == "Contract checks each week"
    assert [(f.code, f.record, f.related) for f in found.findings] == [
        ("reference-repeated", "SR1.1", ("Register!A5",))
    ]


def test_records_without_reference_are_matched_by_nearly_the_same_text(tmp_path: Path) -> None:
    def nameless(*texts: str) -> list[tuple[Any, ...]]:
        return [(None, text, 2, 2, 4, "Head of Audit", "Checks") for text in texts]

    old = nameless(
        "Fleet is too old and repairs cost more each year",
        "Volunteers leave before their training ends",
        "Radio masts fail in a storm",
    )
    new = nameless(
        "Volunteers leave before their training ends",
        "Fleet is too old and repairs cost far more each year",
        "Courts close a custody suite",
    )
    found = differ(tmp_path, [*ROWS, *old], [*new, *ROWS])
    assert [(c.what, c.title) for c in found.changes] == [
        ("removed", "Radio masts fail in a storm"),
        ("changed", "Fleet is too old and repairs cost far more each year"),
        ("new", "Courts close a custody suite"),
    ]


def test_a_renumbered_record_is_new_and_removed_and_said_to_look_like_one(tmp_path: Path) -> None:
    found = differ(tmp_path, ROWS, with_cell(3, 0, "SR5.1"))
    assert sorted(whats(found)) == [("SR2.2", "removed"), ("SR5.1", "new")]
    (finding,) = found.findings
    assert (finding.code, finding.record, finding.address) == ("record-renumbered", "SR5.1", "A7")
    assert finding.related == ("Register!A7",)
    assert "SR2.2" in finding.message


def test_two_registers_that_both_count_from_one_are_kept_apart(tmp_path: Path) -> None:
    def write(name: str, strategic: list[Any], operational: list[Any]) -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as book:
            for title, rows in (("Strategic", strategic), ("Operational", operational)):
                sheet = book.add_worksheet(title)
                for number, row in enumerate((HEADINGS, *rows), start=3):
                    sheet.write_row(number, 0, row)
        return tmp_path / name

    strategic = [(n, *row[1:]) for n, row in enumerate(ROWS, start=1)]
    operational = [(n, f"Van {n} breaks down", 1, 2, 2, "Fleet", "Service") for n in range(1, 5)]
    old = write("old.xlsx", strategic, operational)
    extra = (5, "Printer out of ink", 1, 1, 1, "Stores", "Spare")
    new = write("new.xlsx", strategic[:-1], [*operational, extra])
    found = xlgov.diff(old, new)
    assert sorted((c.record, c.what, c.sheet) for c in found.changes) == [
        ("5", "new", "Operational"),
        ("5", "removed", "Strategic"),
    ]
    assert found.findings == ()


def test_dates_are_compared_as_dates_whatever_they_were_typed_as(tmp_path: Path) -> None:
    def write(name: str, updated: list[Any], calendar: bool = False) -> Path:
        options = {"date_1904": calendar}
        with xlsxwriter.Workbook(tmp_path / name, options) as book:
            shown = book.add_format({"num_format": "dd/mm/yyyy"})
            sheet = book.add_worksheet("Register")
            sheet.write_row(0, 0, (*HEADINGS, "Last updated"))
            for number, (row, day) in enumerate(zip(ROWS, updated, strict=False), start=1):
                sheet.write_row(number, 0, row)
                if isinstance(day, date):
                    sheet.write_datetime(number, 7, day, shown)
                else:
                    sheet.write(number, 7, day)
        return tmp_path / name

    days = [date(2017, 1, day) for day in (3, 4, 5, 6, 31)]
    old = write("old.xlsx", days)
    assert xlgov.diff(old, write("texts.xlsx", [f"{d.day} January 2017" for d in days])).is_empty
    assert xlgov.diff(old, write("mac.xlsx", list(days), calendar=True)).is_empty
    field = only_field(xlgov.diff(old, write("new.xlsx", [*days[:4], date(2017, 2, 6)])))
    assert (field.kind, field.before, field.after) == (
        "date",
        date(2017, 1, 31),
        date(2017, 2, 6),
    )


def test_a_register_that_only_one_version_has_is_said(tmp_path: Path) -> None:
    new = write_register(tmp_path / "new.xlsx", ROWS, HEADINGS)
    with xlsxwriter.Workbook(tmp_path / "old.xlsx") as book:
        book.add_worksheet("Rota").write_row(0, 0, ("Day", "Who"))
    found = xlgov.diff(tmp_path / "old.xlsx", new)
    assert [f.code for f in found.findings] == ["register-in-one"]
    assert {c.what for c in found.changes} == {"new"}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    new = write_register(tmp_path / "new.xlsx", ROWS, HEADINGS)
    (tmp_path / "old.xlsx").write_bytes(b"no workbook")
    with pytest.raises(FileError, match=r"old\.xlsx"):
        xlgov.diff(tmp_path / "old.xlsx", new)


def test_a_formula_without_its_result_is_not_taken_for_a_blank(tmp_path: Path) -> None:
    """openpyxl saves formulas so."""
    old, new = versions(tmp_path, ROWS, with_cell(0, 2, 3))
    book = load_workbook(new)
    place = next(c for row in book.active.iter_rows() for c in row if c.value == "Risk score")
    for row in range(place.row + 1, place.row + 1 + len(ROWS)):
        book.active.cell(row, place.column, f"=C{row}*D{row}")
    book.save(new)
    found = xlgov.diff(old, new)
    assert [(c.record, [f.field for f in c.fields]) for c in found.changes] == [
        ("SR1.1", ["current.likelihood"])
    ]
    (finding,) = found.findings
    assert (finding.code, finding.sheet) == ("result-missing", book.active.title)
    assert finding.message.startswith(f"{len(ROWS)} formulas have no result stored in the new")
    (back,) = xlgov.diff(new, old).findings
    assert (back.code, back.sheet) == ("result-missing", "")
