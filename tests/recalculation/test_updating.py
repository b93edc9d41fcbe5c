"""Which of an engine's values reach the change set, and which formulas are left, with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from calculated import SUMMARY, StandIn, part, put, rewrite, said, updates, waiting, write_book

import xlgov
from xlgov.changes import CellChange, ChangeSet, Finding, SheetChange
from xlgov.errors import ChangedError, EditError, FileError, UsageError
from xlgov.grid.cells import CellError
from xlgov.recalculation import libreoffice, update_formulas

CELLS = {"A1": 1, "A2": 2, "A3": 3, "B1": "High"}


def book(folder: Path, **formulas: tuple[str, object]) -> Path:
    return write_book(folder / "book.xlsx", CELLS, formulas)


def test_a_formula_that_depends_on_a_change_shows_its_new_value(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=SUM(Register!A1:A3)", 6), A2=("=COUNTA(Register!B1:B9)", 1))
    changes = update_formulas(path, put(A1=5), StandIn(new={"Summary!A1": 10}))
    assert updates(changes) == {"Summary!A1": 10}
    (change,) = changes.cells[1:]
    assert (change.before, change.reason) == (6, "recalculated by Stand-in 1")
    assert changes.findings == ()
    xlgov.apply(changes, path)
    again = update_formulas(path, ChangeSet(), StandIn())
    assert again.is_empty


def test_nothing_is_computed_where_nothing_depends_on_the_change(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=SUM(Register!A1:A3)", 6))
    engine = StandIn()
    changes = put(C1=5)
    assert update_formulas(path, changes, engine) is changes
    assert update_formulas(path, ChangeSet(), engine) == ChangeSet()
    assert engine.given == []


def test_an_engine_that_differs_before_the_change_is_not_believed(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=SUM(Register!A1:A3)", 6), B4=("=A1*2", 12))
    engine = StandIn({"Summary!A1": 7, "Summary!B4": 14}, {"Summary!A1": 11, "Summary!B4": 22})
    changes = update_formulas(path, put(A1=5), engine)
    assert updates(changes) == {}
    assert [each.severity for each in changes.findings] == ["warning"]
    assert said(changes) == [
        (
            "formula-not-updated",
            "A1",
            "Formulas that come out differently in Stand-in 1 even before any change keep the "
            "value that they showed (A1, B4)",
        )
    ]
    assert changes.findings[0].related == ("Summary!B4",)


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        ("=TODAY()+Register!A1", "TODAY (the time"),
        ("=RAND()*Register!A1", "RAND (chance)"),
        ("=SUM(OFFSET(Register!A1,0,0,3))", "OFFSET (cells"),
        ('=INDIRECT("Register!A1")', "INDIRECT (cells"),
        ("=_xlfn.XLOOKUP(1,Register!A1:A3,Register!A1:A3)", "XLOOKUP (only in newer"),
        ("=_xlfn.LET(_xlpm.x,Register!A1,_xlpm.x+1)", "LET (results that fill"),
        ('=GETPIVOTDATA("x",Register!A1)', "a pivot table"),
        ('=_xlfn.WEBSERVICE("http://x/"&Register!A1)', "sources outside the workbook"),
        ('=CELL("contents",Register!A1)', "where the file is"),
        ("=[1]Sheet1!A1+Register!A1", "refer to other workbooks or programs"),
        ("=Register!A1+app|topic!item", "refer to other workbooks or programs"),
    ],
)
def test_a_formula_that_engines_calculate_differently_is_left(
    tmp_path: Path, formula: str, named: str
) -> None:
    path = book(tmp_path, A1=(formula, 6))
    changes = update_formulas(path, put(A1=5), StandIn(new={"Summary!A1": 10}))
    assert updates(changes) == {}
    ((code, address, message),) = said(changes)
    assert (code, address) == ("formula-not-updated", "A1")
    assert named in message


def test_an_error_that_the_file_did_not_have_is_not_taken(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        A1=("=SUM(Register!A1:A3)", 6),
        A2=("=IFERROR(A1,0)", 6),
        A3=("=1/(Register!A1-5)", "#DIV/0!"),
        A4=("=MYFUNCTION(Register!A2)", 3),
    )
    name, zero = CellError("#NAME?"), CellError("#DIV/0!")
    engine = StandIn(
        {"Summary!A3": zero, "Summary!A4": name},
        {"Summary!A1": zero, "Summary!A2": 0, "Summary!A3": 4},
    )
    changes = update_formulas(path, put(A1=6, A2=1), engine)
    assert updates(changes) == {"Summary!A3": 4}
    assert [message for *_, message in said(changes)] == [
        "Formulas that Stand-in 1 cannot calculate (it gives #DIV/0!) keep the value that they "
        "showed (A1)",
        "Formulas that look at others that Stand-in 1 cannot calculate keep the value that they "
        "showed (A2)",
        "Formulas that Stand-in 1 cannot calculate (it gives #NAME?) keep the value that they "
        "showed (A4)",
    ]


def test_an_error_by_another_name_in_the_engine_is_no_new_one(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=SQRT(Register!A1-9)", "#NUM!"))
    value = {"Summary!A1": CellError("#VALUE!")}
    changes = update_formulas(path, put(A1=5), StandIn(value))
    assert (updates(changes), changes.findings) == ({}, ())


@pytest.mark.parametrize(
    ("stored", "old", "new", "taken"),
    [
        (True, 1, 0, False),  # LibreOffice writes 1 where the cell has a number format
        (True, True, 0, 0),
        (1, True, False, 0),
        (1 / 3, 0.333333333333333, 0.5, 0.5),
        ("High", "High", "", ""),
        ("", "", "Low", "Low"),
        (42772, 42772, 42773.5, 42773.5),
    ],
)
def test_a_value_keeps_the_type_of_the_formula(
    tmp_path: Path, stored: object, old: object, new: object, taken: object
) -> None:
    path = book(tmp_path, A1=("=Register!A1", stored))
    engine = StandIn({"Summary!A1": old}, {"Summary!A1": new})
    found = updates(update_formulas(path, put(A1=5), engine))
    assert found == {"Summary!A1": taken}
    assert type(found["Summary!A1"]) is type(taken)


def test_rounding_in_the_last_place_is_no_change(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=Register!A1/7*3", 3 / 7))
    engine = StandIn({"Summary!A1": 0.428571428571429}, {"Summary!A1": 0.4285714285714286})
    changes = put(A1=1.0000000000000002)
    assert update_formulas(path, changes, engine) is changes


def test_a_workbook_that_waits_is_brought_up_to_date_without_a_change(tmp_path: Path) -> None:
    path = waiting(
        book(
            tmp_path,
            A1=("=SUM(Register!A1:A3)", 5),
            A2=("=A1*2", 10),
            A3=("=NETWORKDAYS(Register!A1,Register!A3)", 9),
            A4=("=A3+1", 10),
            A5=("=TODAY()", 1),
        )
    )
    gives = {"Summary!A1": 6, "Summary!A2": 12, "Summary!A3": 3, "Summary!A4": 4, "Summary!A5": 2}
    engine = StandIn(gives)
    changes = update_formulas(path, ChangeSet(), engine)
    assert engine.given == [["before.xlsx"]]
    assert updates(changes) == {"Summary!A1": 6, "Summary!A2": 12}
    ((code, address, _),) = said(changes)
    assert (code, address, changes.findings[0].severity) == ("formula-in-doubt", "A3", "note")
    xlgov.apply(changes, path)
    assert update_formulas(path, ChangeSet(), StandIn(gives)).is_empty


def test_truth_values_that_engines_take_otherwise_are_in_doubt(tmp_path: Path) -> None:
    truths = {"A1": True, "A2": 2, "B1": 3}
    formulas = {
        "A1": ("=MAX(Register!A1:A2)", 2),
        "A2": ("=A1+1", 3),
        "A3": ('="is "&(Register!B1>2)', "is TRUE"),
        "A4": ("=MAX(Register!B1:B2)", 2),
    }
    path = waiting(write_book(tmp_path / "book.xlsx", truths, formulas))
    gives = {"Summary!A1": 5, "Summary!A2": 6, "Summary!A3": "is 1", "Summary!A4": 3}
    assert updates(update_formulas(path, ChangeSet(), StandIn(gives))) == {"Summary!A4": 3}


def test_what_a_library_left_without_a_value_gets_one(tmp_path: Path) -> None:
    median = "=PERCENTILE(Register!A1:A3,0.5)"
    path = waiting(book(tmp_path, A1=(median, 0), A2=("=TODAY()", 0)))
    engine = StandIn({"Summary!A1": 2}, {"Summary!A1": 3})
    assert updates(update_formulas(path, put(A1=5), engine)) == {"Summary!A1": 3}
    calculated = waiting(book(tmp_path, A1=(median, 0), A2=("=TODAY()", 43000)))
    assert updates(update_formulas(calculated, put(A1=5), engine)) == {}
    bare = book(tmp_path, A1=(median, 2))
    rewrite(bare, SUMMARY, lambda text: text.replace("<v>2</v>", ""))
    assert updates(update_formulas(bare, put(A1=5), engine)) == {"Summary!A1": 3}


@pytest.mark.parametrize(
    ("setting", "said_of_it"),
    [('iterate="1"', "iterative calculation"), ('fullPrecision="0"', "precision as displayed")],
)
def test_a_workbook_that_calculates_in_a_way_of_its_own_is_left(
    tmp_path: Path, setting: str, said_of_it: str
) -> None:
    path = book(tmp_path, A1=("=SUM(Register!A1:A3)", 6), A2=("=1+1", 2))
    rewrite(path, "xl/workbook.xml", lambda text: text.replace("<calcPr", f"<calcPr {setting}"))
    engine = StandIn(new={"Summary!A1": 10})
    changes = update_formulas(path, put(A1=5), engine)
    assert (updates(changes), engine.given) == ({}, [])
    ((_, address, message),) = said(changes)
    assert address == "A1"
    assert said_of_it in message


def test_array_formulas_and_what_if_tables_are_left(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=SUM(Register!A1:A3)", 6), B1=("=Register!A1", 1))
    rewrite(
        path,
        SUMMARY,
        lambda text: text.replace(
            "<f>SUM(Register!A1:A3)</f>", '<f t="array" ref="A1:A2">Register!A1:A2*3</f>'
        ).replace("<f>Register!A1</f>", '<f t="dataTable" ref="B1:B2" r1="A1">Register!A1</f>'),
    )
    changes = update_formulas(path, put(A1=5), StandIn(new={"Summary!B1": 10}))
    assert updates(changes) == {}
    assert [message for *_, message in said(changes)] == [
        "Formulas that fill a range or spill (array formulas) keep the value that they showed (A1)",
        "Formulas that are a what-if data table keep the value that they showed (B1)",
    ]


def test_shared_formulas_are_updated_one_by_one_and_stay_shared(tmp_path: Path) -> None:
    shown = {"A1": ("=Register!A1*2", 2), "A2": ("=Register!A2*2", 4), "A3": ("=Register!A3*2", 6)}
    path = write_book(tmp_path / "book.xlsx", CELLS, shown)
    master = '<f t="shared" ref="A1:A3" si="0">Register!A1*2</f>'
    child = '<f t="shared" si="0"/>'
    rewrite(
        path,
        SUMMARY,
        lambda text: (
            text.replace("<f>Register!A1*2</f>", master)
            .replace("<f>Register!A2*2</f>", child)
            .replace("<f>Register!A3*2</f>", child)
        ),
    )
    was = part(path, SUMMARY)
    engine = StandIn(new={"Summary!A1": 10, "Summary!A3": 12})
    changes = update_formulas(path, put(A1=5, A3=6), engine)
    assert updates(changes) == {"Summary!A1": 10, "Summary!A3": 12}
    xlgov.apply(changes, path)
    expected = was.replace(f"{master}<v>2<", f"{master}<v>10<")
    assert part(path, SUMMARY) == expected.replace(f"{child}<v>6<", f"{child}<v>12<")


def test_what_the_change_set_puts_itself_is_not_recalculated(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=Register!A1", 1), A2=("=A1", 1))
    changes = ChangeSet(
        cells=(*put(A1=5).cells, CellChange("summary", "A1", 1, 7)),
        sheets=(SheetChange("xlgov", [["key", 1]]),),
        findings=(Finding("note", "other", "", "", "", "said before"),),
    )
    engine = StandIn(new={"Summary!A2": 7})
    done = update_formulas(path, changes, engine)
    assert updates(done) == {"Summary!A2": 7}
    assert done.sheets == changes.sheets
    assert done.findings == changes.findings


def test_a_formula_that_a_merged_range_hides_is_not_touched(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=Register!A1", 1), B1=("=Register!A1", 1))
    rewrite(
        path,
        SUMMARY,
        lambda text: text.replace(
            "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
        ),
    )
    engine = StandIn(new={"Summary!A1": 5, "Summary!B1": 5})
    assert updates(update_formulas(path, put(A1=5), engine)) == {"Summary!A1": 5}


def test_an_engine_that_fails_leaves_the_file(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=Register!A1", 1))
    before = path.read_bytes()

    def failing(workbooks: object, folder: object) -> str:
        raise FileError("the engine ended")

    with pytest.raises(FileError, match="the engine ended"):
        update_formulas(path, put(A1=5), failing)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["book.xlsx"]


def test_changes_that_cannot_be_made_are_refused_as_apply_refuses_them(tmp_path: Path) -> None:
    path = book(tmp_path, A1=("=Register!A1", 1))
    with pytest.raises(EditError):
        update_formulas(path, put(A1=float("nan")), StandIn())
    changes = ChangeSet(cells=put(A1=5).cells, source_hash="0" * 64)
    with pytest.raises(ChangedError, match=r"^book.xlsx has changed"):
        update_formulas(path, changes, StandIn())
    with pytest.raises(UsageError, match="absent"):
        update_formulas(tmp_path / "absent.xlsx", put(A1=5), StandIn())


def test_without_libreoffice_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "_NAMES", ())
    monkeypatch.setattr(libreoffice, "_USUAL_PLACES", ())
    path = book(tmp_path, A1=("=1+1", 2))
    with pytest.raises(UsageError, match=r"Install LibreOffice .* without --update-formulas"):
        update_formulas(path, put(C9=5))  # also where no formula depends on the change
