"""The fast way and the careful way give the same bytes and the same values, for any sheet."""

from __future__ import annotations

import io
from typing import Any, cast
from unittest.mock import patch

from compare import Edited, judge_sheet
from handmade import SHEET, plain, write_package
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from sheets import KEEP, MadeSheet, OneSheet, addresses, edits, sheets

from xlgov.errors import EditError, XlgovError
from xlgov.grid.sheet import Grid
from xlgov.ooxml import columns as columns_module
from xlgov.ooxml.columns import ColumnReading
from xlgov.ooxml.edits import CellEdit
from xlgov.ooxml.outline import read_outline
from xlgov.ooxml.package import Package
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.reader import WorkbookFile
from xlgov.ooxml.scan import IrregularSheet, RowPlaces, split_stream
from xlgov.ooxml.sheet import SheetEditor

Edits = dict[int, dict[int, CellEdit]]
many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def editor(raw: bytes, wanted: Edits, chunk: int = 1 << 20) -> SheetEditor:
    parts = cast(Parts, OneSheet(raw, chunk))
    return SheetEditor(parts, read_outline(parts, "sheet"), wanted, [], False)


def fast(raw: bytes, wanted: Edits, chunk: int = 1 << 20) -> bytes | None:
    """The sheet edited the fast way; None where it takes the careful one."""
    made = editor(raw, wanted, chunk)
    if not made.is_fast:
        return None
    try:
        return b"".join(made.stream())
    except IrregularSheet:
        assert not made.is_fast
        return None


def row_places(raw: bytes, chunk: int) -> RowPlaces | None:
    """Where the rows stand, as a reading of some columns has noted it."""
    reading = None
    with patch.object(columns_module, "_SMALL", 0):
        for kind, piece, prefix in split_stream(OneSheet(raw, chunk).stream("sheet")):
            if kind == "rows":
                reading = reading or ColumnReading(prefix, None, (1, 3), (), False)
                reading.take(piece)
    return reading.places if reading else None


def judge_known_places(raw: bytes, wanted: Edits, chunk: int, expected: bytes) -> None:
    """Rows that are edited where they are known to stand give the same, and say where it went."""
    places = row_places(raw, chunk)
    event("places known" if places else "places not known")
    if places is None:
        return
    made = editor(raw, wanted, chunk)
    made._outline.is_checked, made._outline.rows = True, places
    stretches = list(made.stream())
    assert b"".join(stretches) == expected
    assert made.written is not None
    mark = f"<{made._outline.prefix}row r=".encode()
    for number, start in made.written.items():
        row = expected[len(stretches[0]) + start :]
        assert row.startswith(mark + b'"%d"' % number)


def careful(raw: bytes, wanted: Edits) -> bytes | None:
    """The sheet edited the careful way; None where it is refused."""
    try:
        return editor(raw, wanted).carefully()
    except EditError:
        return None


def judge(raw: bytes, after: bytes, wanted: Edits) -> None:
    """Nothing but the edit differs, by the judge that knows nothing of either way."""
    values, styles = addresses(wanted)
    judge_sheet(raw, after, "S", Edited({"S": values}, {"S": styles}))


@many
@given(sheets(), edits())
def test_both_ways_of_editing_give_the_same_bytes(sheet: MadeSheet, wanted: Edits) -> None:
    one, two = fast(sheet.raw, wanted), careful(sheet.raw, wanted)
    event("fast" if one else "careful" if two else "refused")
    if one is None:
        # Only a formula of several cells makes an edit of a plain sheet take the careful way.
        assert sheet.masters
    else:
        assert one == two
        again = editor(sheet.raw, wanted)
        again._outline.is_checked = True  # as after a reading that saw every row
        assert b"".join(again.stream()) == one
        judge_known_places(sheet.raw, wanted, 1 << 20, one)
    if two is not None:
        judge(sheet.raw, two, wanted)


@many
@given(sheets(odd=True), edits())
def test_a_sheet_of_any_form_loses_nothing(sheet: MadeSheet, wanted: Edits) -> None:
    one, two = fast(sheet.raw, wanted), careful(sheet.raw, wanted)
    event("fast" if one else "careful" if two else "refused")
    assert one is None or one == two
    if two is not None:
        judge(sheet.raw, two, wanted)


@settings(max_examples=60, deadline=None)
@given(sheets(), edits(), st.integers(1, 60))
def test_pieces_of_any_size_give_the_same_bytes(
    sheet: MadeSheet, wanted: Edits, chunk: int
) -> None:
    whole = fast(sheet.raw, wanted)
    assume(whole is not None)
    assert fast(sheet.raw, wanted, chunk) == whole
    again = editor(sheet.raw, wanted, chunk)
    again._outline.is_checked = True
    assert b"".join(again.stream()) == whole
    judge_known_places(sheet.raw, wanted, chunk, whole)


@many
@given(sheets(odd=True), st.integers(1, 200))
def test_no_edit_changes_no_byte(sheet: MadeSheet, chunk: int) -> None:
    assert fast(sheet.raw, {}, chunk) in (sheet.raw, None)
    assert careful(sheet.raw, {}) == sheet.raw


@many
@given(sheets(odd=True), edits())
def test_editing_twice_is_editing_once(sheet: MadeSheet, wanted: Edits) -> None:
    once = careful(sheet.raw, wanted)
    assume(once is not None)
    assert once is not None
    assert careful(once, wanted) == once
    assert fast(once, wanted) in (once, None)


# Reading


def opened(raw: bytes) -> WorkbookFile:
    """A workbook in memory whose sheet is this one."""
    file = io.BytesIO()
    write_package(cast(Any, file), {**plain(), SHEET: raw})
    return WorkbookFile(Package(file))


def cells(grid: Grid) -> dict[int, list[tuple[int, str, object, int, bool]]]:
    return {
        number: [
            (row, type(value).__name__, value, style, row in column.formulas)
            for row, value, style in zip(column.rows, column.values, column.styles, strict=True)
        ]
        for number, column in sorted(grid.columns.items())
    }


def read(raw: bytes, **asked: Any) -> object:
    try:
        return cells(opened(raw).grid("Register", **asked))
    except XlgovError as error:
        return type(error)


@many
@given(sheets(), st.sampled_from([None, 1, 5, 500]), st.sampled_from([None, (1, 3), (27,), ()]))
def test_both_ways_of_reading_give_the_same_values(
    sheet: MadeSheet, rows: int | None, columns: tuple[int, ...] | None
) -> None:
    # A comment among the rows is what no fast reading takes.
    p = "x:" if b"<x:sheetData>" in sheet.raw else ""
    opening = f"<{p}sheetData>".encode()
    assume(opening in sheet.raw)
    odd = sheet.raw.replace(opening, opening + b"<!-- slow -->")
    one = first_rows(read(sheet.raw, rows=rows, columns=columns), rows)
    with patch.object(columns_module, "_SMALL", 0):  # so that rows are matched whole
        assert one == first_rows(read(sheet.raw, rows=rows, columns=columns), rows)
    assert one == first_rows(read(odd, rows=rows, columns=columns), rows)
    whole = first_rows(read(sheet.raw), rows)
    assert one == {n: each for n, each in whole.items() if columns is None or n in columns}


def first_rows(found: object, rows: int | None) -> dict[int, Any]:
    """Of what was read, what was asked for: a reader may give the rows that it has anyway."""
    assert isinstance(found, dict), found
    kept = {
        number: [each for each in column if rows is None or each[0] <= rows]
        for number, column in found.items()
    }
    return {number: column for number, column in kept.items() if column}


@many
@given(sheets(odd=True), edits())
def test_what_was_written_is_read(sheet: MadeSheet, wanted: Edits) -> None:
    after = careful(sheet.raw, wanted)
    assume(after is not None)
    assert after is not None
    before, now = opened(sheet.raw).grid("Register"), opened(after).grid("Register")
    for row in range(1, 10):
        for column in (1, 2, 3, 4, 5, 26, 27, 30):
            edit = wanted.get(row, {}).get(column)
            if edit is None or edit.value is KEEP:
                assert now.value(row, column) == before.value(row, column)
                assert now.has_formula(row, column) is before.has_formula(row, column)
            elif edit.value is None or isinstance(edit.value, (bool, str, float)):
                assert now.value(row, column) == (edit.value if edit.value != "" else None)
                assert not now.has_formula(row, column)
