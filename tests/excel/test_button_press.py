"""Pressing the button: one box, only when something would change; errors as one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_engine import current_session
from live_files import cells_of_live, differences

from xlgov.errors import EditError, UsageError
from xlgov.excel import check_caller, judge, recalculate, recalculate_caller, undo, undo_caller
from xlgov.excel.caller import find_caller

HEADINGS = ["Ref", "Risk", "Current", None, None]
SECOND = [None, None, "Likelihood", "Impact", "Rating"]


def register(
    made: Callable[..., Path], rows: list[tuple[object, object, object]], **how: Any
) -> Path:
    """A register with a heading over three columns (not merged) and these scores and ratings."""
    cells: dict[str, object] = {"A1": "Risk register"}
    for column, (above, below) in enumerate(zip(HEADINGS, SECOND, strict=True)):
        cells[f"{'ABCDE'[column]}3"] = above
        cells[f"{'ABCDE'[column]}4"] = below or above
    for row, scores in enumerate(rows, start=5):
        cells[f"A{row}"], cells[f"B{row}"] = f"SR1.{row - 4}", "Data may be lost"
        for column, value in zip("CDE", scores, strict=True):
            cells[f"{column}{row}"] = value
    return made({k: v for k, v in cells.items() if v is not None}, **how)


RIGHT = [(1, 1, 1), (2, 3, 9), (3, 3, 13), (4, 4, 21), (5, 5, 25), (1, 5, 15)]
WRONG = [*RIGHT[:1], (2, 3, 8), *RIGHT[2:]]


def prompts() -> list[Any]:
    return list(current_session().prompts)


def test_the_box_names_the_change_and_the_word_of_the_person_counts(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    changes = recalculate(book)
    assert [(c.address, c.before, c.after) for c in changes.cells] == [("E6", 8, 9)]
    assert book.sheets["Sheet1"]["E6"].value == 9
    (box,) = prompts()
    assert box.words.startswith("SR1.2 current 8 -> 9.")
    assert "Yes: recalculate" in box.words and box.buttons == "yes_no_cancel"
    assert str(book.app.status_bar).startswith("xlgov: 1 cell recalculated")


@pytest.mark.parametrize("answers", [("cancel",), ("no", "cancel")])
def test_cancel_changes_nothing(
    answers: tuple[str, ...], made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG), answers=answers)
    before = cells_of_live(book)
    assert recalculate(book).is_empty
    assert differences(before, cells_of_live(book)) == []
    assert [sheet.name for sheet in book.sheets] == ["Sheet1"]
    assert len(prompts()) == len(answers)


def test_the_list_comes_before_the_decision_when_asked_for(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG), answers=("no", "ok"))
    recalculate(book)
    assert "SR1.2 current 8 -> 9" in prompts()[1].words
    assert book.sheets["Sheet1"]["E6"].value == 9


def test_nothing_is_asked_where_all_is_right(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, RIGHT))
    assert recalculate(book).is_empty
    assert prompts() == []
    assert book.app.status_bar == "xlgov: already up to date"
    assert [sheet.name for sheet in book.sheets] == ["Sheet1"]


def test_a_formula_keeps_its_cell(made: Callable[..., Path], live: Callable[..., Any]) -> None:
    rows = [(2, 3, "=C5*D5"), *RIGHT[1:], (1, 4, 9)]
    book = live(register(made, rows))
    recalculate(book)
    sheet = book.sheets["Sheet1"]
    assert sheet["E5"].formula == "=C5*D5"
    assert sheet["E11"].value == 10


def test_the_last_recalculation_stands_on_our_sheet_and_the_front_sheet_stays(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    recalculate(book)
    assert [sheet.name for sheet in book.sheets] == ["Sheet1", "xlgov"]
    assert book.sheets.active.name == "Sheet1"
    rows = book.sheets["xlgov"].used_range.options(ndim=2).value
    assert rows[0][0] == "Last recalculation"
    assert rows[2][2:4] == ["Cells", 1]
    assert rows[3] == [
        "Sheet",
        "Cell",
        "Before",
        "After",
        "Number format before",
        "Row begins with",
    ]
    assert rows[4] == ["Sheet1", "E6", 8, 9, None, "SR1.2"]


def test_undo_leaves_what_somebody_typed_since(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    rows = [(2, 3, 8), (3, 3, 12), *RIGHT[2:], (1, 1, 1), (1, 2, 3)]
    book = live(register(made, rows))
    assert len(recalculate(book).cells) == 2
    book.sheets["Sheet1"]["E6"].value = 14
    (left,) = undo(book)
    assert left.address == "E6"
    assert [book.sheets["Sheet1"][cell].value for cell in ("E5", "E6")] == [8, 14]
    assert "1 changed since and left alone" in str(book.app.status_bar)


def test_the_sheet_of_a_recalculation_is_no_statement_about_the_register(
    made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    recalculate(book)
    said = {finding.code for finding in judge(book).findings}
    assert said <= {"band-edges-assumed", "formats-skipped"}


@pytest.mark.parametrize("before", ["automatic", "manual", "semiautomatic"])
def test_the_ways_of_excel_are_as_they_were(
    before: str, made: Callable[..., Path], live: Callable[..., Any]
) -> None:
    book = live(register(made, WRONG))
    book.app.calculation = before
    recalculate(book)
    assert book.app.calculation == before
    assert book.app.screen_updating is True


def test_a_refusal_by_excel_is_a_sentence_and_leaves_everything_as_it_was(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(2, 3, 8), (3, 3, 13), (3, 3, 12), *RIGHT[2:], (1, 1, 1), (1, 2, 3)]
    book = live(register(made, rows))
    before = cells_of_live(book)
    import live_range

    write = live_range.Range.raw_value.fset
    assert write is not None

    def refuse(block: Any, value: Any) -> None:
        if "7" in block.address:
            raise ValueError("The cell is on a protected sheet")
        write(block, value)

    whole = property(live_range.Range.raw_value.fget, refuse)
    monkeypatch.setattr(live_range.Range, "raw_value", whole)
    with pytest.raises(EditError, match=r"Excel refused a change .* hold what they held"):
        recalculate(book)
    assert differences(before, cells_of_live(book)) == []
    assert book.app.screen_updating is True


@pytest.mark.parametrize("name", ["book.xlsx", "risks 2017 = new.xlsx", "Übersicht & mehr.xlsx"])
def test_the_caller_is_found_by_its_name(
    name: str,
    made: Callable[..., Path],
    live: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live(register(made, RIGHT))
    book = live(register(made, WRONG, name=name))
    live(register(made, RIGHT, name="other.xlsx"))
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={name}", "--from_xl=1", "--app=x=y"])
    assert find_caller().name == book.name
    recalculate_caller()
    assert book.sheets["Sheet1"]["E6"].value == 9
    undo_caller()
    assert book.sheets["Sheet1"]["E6"].value == 8


@pytest.mark.parametrize(
    ("press", "rows", "words"),
    [
        (recalculate_caller, RIGHT, "xlgov: already up to date"),
        (recalculate_caller, WRONG, "xlgov: 1 cell recalculated"),
        (undo_caller, WRONG, "xlgov: there is no recalculation to take back"),
    ],
)
def test_the_status_bar_is_given_back_when_it_was_read(
    press: Callable[[], None],
    rows: list[tuple[object, object, object]],
    words: str,
    made: Callable[..., Path],
    live: Callable[..., Any],
    pauses: list[tuple[float, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = live(register(made, rows))
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=book.xlsx", "--from_xl=1"])
    press()
    ((seconds, said),) = pauses
    assert 1 <= seconds <= 3 and said.startswith(words)
    assert book.app.status_bar is False


def test_a_press_that_says_nothing_waits_for_nothing(
    made: Callable[..., Path],
    live: Callable[..., Any],
    pauses: list[tuple[float, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = live(register(made, WRONG), answers=("cancel",))
    book.app.status_bar = "somebody else's words"
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=book.xlsx", "--from_xl=1"])
    recalculate_caller()
    assert pauses == []
    assert book.app.status_bar == "somebody else's words"


def test_what_another_program_says_meanwhile_stays(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = live(register(made, RIGHT))
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=book.xlsx", "--from_xl=1"])
    monkeypatch.setattr(
        "xlgov.excel.caller.sleep", lambda _: setattr(book.app, "status_bar", "Loading figures")
    )
    recalculate_caller()
    assert book.app.status_bar == "Loading figures"


def test_an_excel_that_was_closed_meanwhile_is_no_error(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    live(register(made, RIGHT))
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=book.xlsx", "--from_xl=1"])

    def close(_: float) -> None:
        raise OSError("The RPC server is unavailable")

    monkeypatch.setattr("xlgov.excel.caller.sleep", close)
    recalculate_caller()
    assert prompts() == []


def test_without_a_button_the_caller_says_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["python"])
    with pytest.raises(UsageError, match=r"xlgov\.refresh"):
        find_caller()


def test_wrong_settings_are_one_sentence_in_a_box(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = register(made, WRONG)
    (path.parent / "xlgov.toml").write_text("[risk]\ntolerence = 13\n", "utf-8")
    book = live(path)
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={path.name}", "--from_xl=1"])
    recalculate_caller()
    (box,) = prompts()
    assert "tolerence" in box.words and "Traceback" not in box.words
    assert book.sheets["Sheet1"]["E6"].value == 8


def test_a_defect_is_one_sentence_too(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = register(made, WRONG)
    live(path)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr("xlgov.excel.button.judge_live", fail)
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={path.name}", "--from_xl=1"])
    recalculate_caller()
    (box,) = prompts()
    assert "ZeroDivisionError" in box.words and "\n" not in box.words


def test_check_shows_what_is_found_and_writes_nothing(
    made: Callable[..., Path], live: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = register(made, WRONG)
    book = live(path)
    before = cells_of_live(book)
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={path.name}", "--from_xl=1"])
    check_caller()
    assert "SR1.2 current 8 -> 9" in prompts()[0].words
    assert differences(before, cells_of_live(book)) == []


@pytest.mark.parametrize("long", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_long_register_takes_as_many_calls_as_one_of_a_hundred_rows(
    long: int,
    made: Callable[..., Path],
    live: Callable[..., Any],
    show_table: Callable[[str, list[str]], None],
) -> None:
    counts = {}
    for size in (100, long):
        rows: list[tuple[object, object, object]] = [
            (row % 5 + 1, row % 3 + 1, None if row > 40 else _rank(row % 5 + 1, row % 3 + 1))
            for row in range(size)
        ]
        book = live(register(made, rows, name=f"{size}.xlsx"))
        before = sum(book.impl.calls.values())
        changes = recalculate(book)
        assert len(changes.cells) == size - 41
        counts[size] = sum(book.impl.calls.values()) - before
    show_table(
        "Calls into Excel for one press of the button",
        [f"{size:,} rows: {count} calls" for size, count in counts.items()],
    )
    assert counts[long] <= counts[100] + 40  # more halving, no call per row


def _rank(likelihood: int, impact: int) -> int:
    from xlgov.risk.scale import rank

    return rank(likelihood, impact)
