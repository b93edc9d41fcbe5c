"""The published register, what is corrected in it, and what is left alone."""

from datetime import date
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, dated, formula
from tests.risk.registers import (
    AS_OF,
    KNOWN_BANDS,
    codes,
    make_book,
    preview_rows,
    published_rows,
    said,
    small_row,
    stated,
    written,
)
from xlgov.grid.cells import CellError
from xlgov.grid.records import Layout, Record, Search
from xlgov.risk.codes import CODES
from xlgov.risk.preview import preview_registers
from xlgov.risk.scale import rank
from xlgov.risk.tables import list_records
from xlgov.settings.accepted import check_accepted
from xlgov.settings.values import Accepted, Settings

RIGHT = [small_row(f"OK{n}", n, n, rank(n, n)) for n in (1, 2, 3, 4, 5)]


def one(*args: Any, **more: Any) -> list[dict[str, Any]]:
    """A risk to look at, in row 4, above five that are right."""
    return [small_row("SR1.2", *args, **more), *RIGHT]


def test_the_register_as_printed_is_quiet() -> None:
    found = preview_rows(published_rows())
    assert found.cells == ()
    assert {finding.severity for finding in found.findings} == {"note"}
    assert codes(found) == {
        "actions-no-future-score": ["SR2.1", "SR3.3", "SR4.1", "SR4.2", "SR4.3", "SR4.4"],
        "controls-not-lowered": ["SR3.3", "SR3.5"],
    }
    (report,) = found.reports
    assert [(item.record, item.rating) for item in report.board] == [
        ("SR3.3", 18),
        ("SR3.5", 14),
        ("SR4.4", 14),
    ]
    assert (report.title, report.records, report.tolerance) == ("Strategic Risk Register", 16, "13")
    assert report.remarks == ("rated by the built-in matrix of 1 to 25",)


def test_the_published_register_without_known_bands_says_once_that_edges_are_assumed() -> None:
    found = preview_rows(published_rows(), Settings())
    assert codes(found)["band-edges-assumed"] == [""]
    assert "Medium-high 14-19" in found.findings[-1].message


def test_a_stale_rating_is_corrected_and_said_in_one_sentence() -> None:
    rows = published_rows()
    rows[1]["current.rating"] = 8
    found = preview_rows(rows)
    (change,) = found.cells
    assert (change.sheet, change.address, change.before, change.after) == ("Register", "N5", 8, 9)
    assert change.reason == "likelihood 2, impact 3 gives 9"
    error = found.findings[0]
    assert error.message == "SR1.2 current rating shows 8; likelihood 2, impact 3 gives 9"
    assert (error.severity, error.code, error.address) == ("error", "rating-disagrees", "N5")


def test_the_board_list_and_comparisons_use_the_corrected_rating() -> None:
    rows = published_rows()
    rows[7]["current.rating"] = 8  # SR3.3, likelihood 3 and impact 4
    found = preview_rows(rows)
    assert [item.record for item in found.reports[0].board] == ["SR3.3", "SR3.5", "SR4.4"]
    assert codes(found)["controls-not-lowered"] == ["SR3.3", "SR3.5"]


@pytest.mark.parametrize(
    "before, after",
    [(8, 9), (8.0, 9), (8.5, 9), ("8", "9"), ("High (8)", "Medium (9)"), ("8 - LOW", "9 - MEDIUM")],
)
def test_a_corrected_rating_keeps_the_form_it_was_typed_in(before: Any, after: Any) -> None:
    (change,) = preview_rows(one(2, 3, before)).cells
    assert change.after == after
    assert type(change.after) is type(after)


def test_a_label_whose_word_is_not_ours_is_left_to_a_person() -> None:
    found = preview_rows(one(2, 3, "Warm (8)"))
    assert found.cells == ()
    assert codes(found)["rating-disagrees"] == ["SR1.2"]
    assumed = preview_rows(one(2, 3, "High (8)"), Settings())
    assert assumed.cells == ()  # their High need not be ours


def test_a_formula_is_never_overwritten() -> None:
    found = preview_rows(one(2, 3, formula(6)))
    assert found.cells == ()
    (finding,) = found.findings
    assert finding.code == "rating-formula-disagrees"
    assert finding.message == "SR1.2 current rating formula shows 6; likelihood 2, impact 3 gives 9"
    assert preview_rows(one(2, 3, formula(9))).findings == ()
    assert preview_rows(one(2, 3, formula(None))).findings == ()  # nobody has calculated it yet


@pytest.mark.parametrize("score", ["Likly", "4 - Likely", 2.5, "tbc", CellError("#N/A")])
def test_an_unreadable_score_leaves_its_rating_alone(score: Any) -> None:
    found = preview_rows(one(score, 3, 8))
    assert found.cells == ()
    (finding,) = found.findings
    assert (finding.code, finding.address) == ("score-unreadable", "B4")


def test_an_unreadable_score_says_what_was_expected() -> None:
    assert said(preview_rows(one("Likly", 3, 8))) == [
        "SR1.2 current likelihood is 'Likly'; expected 1 to 5 or one of Unlikely, Possible, "
        "Likely, More likely than not, Probable"
    ]
    assert said(preview_rows(one("4 - Likely", 3, 8))) == [
        "SR1.2 current likelihood is '4 - Likely'; the number says 4, the word Likely says 3"
    ]


def test_a_risk_with_an_unreadable_score_stays_on_the_board_by_its_typed_rating() -> None:
    board = preview_rows(one("Likly", 4, 18)).reports[0].board
    assert ("SR1.2", 18) in [(item.record, item.rating) for item in board]


def test_a_score_beyond_the_scale_is_an_error_at_its_cell() -> None:
    (finding,) = preview_rows(one(2, 7, 9)).findings
    assert (finding.code, finding.address) == ("score-out-of-range", "C4")
    assert finding.message == "SR1.2 current impact is 7; the scale is 1 to 5"


def test_a_blank_rating_is_filled_and_a_missing_score_is_named() -> None:
    found = preview_rows(one(2, 3, None))
    assert written(found) == {"D4": 9}
    assert said(found) == ["SR1.2 current rating is blank; likelihood 2, impact 3 gives 9"]
    found = preview_rows(one(2, None, 9))
    assert found.cells == ()
    assert said(found) == ["SR1.2 current impact is blank; its rating 9 cannot be checked"]
    assert found.findings[0].address == "C4"
    assert found.findings[0].severity == "error"


def test_a_risk_that_nobody_assessed_is_a_warning_and_gets_no_rating() -> None:
    found = preview_rows(one(None, None, None))
    assert found.cells == ()
    (finding,) = found.findings
    assert (finding.severity, finding.code) == ("warning", "assessment-missing")
    assert (finding.message, finding.address) == ("SR1.2 has no current score", "B4")
    for idle in (0, "", CellError("#DIV/0!")):
        again = preview_rows(one(None, None, formula(idle)))
        assert codes(again) == {"assessment-missing": ["SR1.2"]}


def test_blank_ratings_of_a_new_register_are_all_filled() -> None:
    rows = [small_row("R1", 2, 3, None), small_row("R2", "Likely", "Moderate", None)]
    found = preview_rows(rows)
    assert written(found) == {"D4": 9, "D5": 13}


def test_a_rating_said_to_be_none_is_not_overwritten() -> None:
    found = preview_rows(one(2, 3, "n/a"))
    assert found.cells == ()
    assert codes(found) == {"score-unreadable": ["SR1.2"]}


def test_a_level_in_words_follows_the_rating_where_the_bands_are_known() -> None:
    rows = [row | {"current.band": name} for row, name in zip(one(2, 3, 9), "ABCDEF", strict=True)]
    rows[0]["current.band"] = "High"
    rows[1]["current.band"] = "LOW"
    found = preview_rows(rows)
    assert written(found) == {"E4": "Medium"}
    assert said(found) == ["SR1.2 current level shows 'High'; rating 9 is Medium"]
    assert preview_rows(rows, Settings()).cells == ()


def test_ratings_given_as_words_are_never_turned_into_numbers() -> None:
    rows = [
        small_row("R1", 2, 3, "High"),
        small_row("R2", 1, 1, None),
        small_row("R3", 1, 1, "Low"),
    ]
    found = preview_rows(rows)
    assert written(found) == {"D4": "Medium"}
    assert preview_rows(rows, Settings()).cells == ()


def categories(**scores: Any) -> dict[str, Any]:
    names = ("political", "economic", "social", "legislative")
    return {f"current__{name}": scores.get(name) for name in names}


def with_categories(impact: Any, rating: Any, **scores: Any) -> list[dict[str, Any]]:
    rest = [small_row(f"OK{n}", n, n, rank(n, n), **categories(social=n)) for n in (1, 2, 3, 4, 5)]
    return [small_row("SR1.2", 2, impact, rating, **categories(**scores)), *rest]


def test_impact_is_the_highest_category_and_the_reason_names_it() -> None:
    found = preview_rows(with_categories(3, 9, political=2, economic=4))
    assert written(found) == {"C4": 4, "D4": 14}
    assert [change.reason for change in found.cells] == [
        "the highest category is Economic at 4",
        "likelihood 2, impact 4 (Economic) gives 14",
    ]
    assert codes(found)["impact-disagrees"] == ["SR1.2"]


def test_two_categories_may_drive_the_impact_and_none_leaves_the_typed_one() -> None:
    found = preview_rows(with_categories(2, 9, political=3, social=3))
    assert "Political and Social at 3" in found.cells[0].reason
    assert preview_rows(with_categories(3, 9)).findings == ()


def test_a_typed_impact_label_is_corrected_in_its_form_and_a_blank_one_filled() -> None:
    rows = with_categories("3 - Moderate", 14, political="4 - Significant")
    assert written(preview_rows(rows)) == {"C4": "4 - Significant"}
    assert written(preview_rows(with_categories(None, 14, political=4))) == {"C4": 4}


def test_an_impact_formula_that_differs_is_a_finding() -> None:
    found = preview_rows(with_categories(formula(3), 14, economic=4))
    assert found.cells == ()
    assert codes(found) == {"impact-formula-disagrees": ["SR1.2"]}


def test_a_category_that_cannot_be_read_may_be_the_highest() -> None:
    found = preview_rows(with_categories(3, 8, economic="huge", social=3))
    assert found.cells == ()
    assert [(finding.code, finding.address) for finding in found.findings] == [
        ("score-unreadable", "F4")
    ]


def test_accepted_findings_leave_the_list_and_their_cells_alone() -> None:
    accepted = Accepted("sr1.2", "rating-disagrees", review_date=AS_OF)
    found = preview_rows(one(2, 3, 8), stated(accepted=(accepted,)))
    assert (found.findings, found.cells) == ((), ())
    assert found.reports[0].accepted == 1
    over = Accepted("SR1.2", "rating-disagrees", review_date=date(2017, 2, 5))
    found = preview_rows(one(2, 3, 8), stated(accepted=(over,)))
    assert written(found) == {"D4": 9}
    assert said(found)[0].endswith("(accepted until 5 February 2017, now due for review)")


def test_an_acceptance_of_nothing_known_is_said() -> None:
    accepted = (
        Accepted("SR9.9", "no-owner", where="xlgov!A40"),
        Accepted("SR1.2", "bad-weather", where="xlgov.toml line 4"),
        Accepted("*", "band-edges-assumed"),
    )
    found = preview_rows(one(2, 3, 9), Settings(accepted=accepted))
    assert found.findings == ()
    told = check_accepted(accepted, found.labels, CODES)
    assert [(finding.code, finding.sheet, finding.address) for finding in told] == [
        ("accepted-unknown", "xlgov", "A40"),
        ("accepted-unknown", "", ""),
    ]
    assert found.reports[0].accepted == 1


def test_findings_come_as_errors_warnings_notes_each_in_register_order() -> None:
    rows = published_rows()
    rows[14]["current.rating"] = 1
    rows[3]["inherent.rating"] = 1
    rows[0]["status_date"] = dated(date(2016, 1, 1))
    found = preview_rows(rows)
    assert [finding.record for finding in found.findings][:3] == ["SR2.2", "SR4.4", "SR1.1"]
    order = ["error", "warning", "note"]
    ranks = [order.index(finding.severity) for finding in found.findings]
    assert ranks == sorted(ranks)


def forms_book() -> tuple[FakeWorkbook, Search]:
    """Two risks as forms on a sheet each: reference, then likelihood, impact and rating."""
    book = FakeWorkbook(
        {
            "SR1.1": [["Ref", "SR1.1"], ["L", 1], ["I", 4], ["R", 10]],
            "SR1.2": [["Ref", "SR1.2"], ["L", 2], ["I", 3], ["R", 8]],
        }
    )
    cells = {
        "reference": (1, 2),
        "current.likelihood": (2, 2),
        "current.impact": (3, 2),
        "current.rating": (4, 2),
    }
    headings = {name: name for name in cells}
    return book, Search(
        tuple(
            Layout("strategic risk register", sheet, "form", headings, [Record(cells)])
            for sheet in book.rows
        )
    )


def test_forms_on_many_sheets_are_one_register() -> None:
    book, search = forms_book()
    found = preview_registers(book, KNOWN_BANDS, AS_OF, search)
    assert [(change.sheet, change.address, change.after) for change in found.cells] == [
        ("SR1.2", "B4", 9)
    ]
    (report,) = found.reports
    assert (report.records, report.sheets) == (2, ("SR1.1", "SR1.2"))


def test_a_workbook_without_a_register_gives_nothing() -> None:
    found = preview_registers(FakeWorkbook({"Rota": []}), KNOWN_BANDS, AS_OF, Search(()))
    assert (found.cells, found.findings, found.reports) == ((), (), ())


def test_records_are_rows_of_plain_values() -> None:
    rows = published_rows()
    rows[0]["current.likelihood"] = "1 - Unlikely"
    rows[1]["current.impact"] = "Modrate"
    book, search = make_book(rows)
    table = list_records(book, KNOWN_BANDS, search)
    assert len(table) == 16
    first = table[0]
    assert (first["kind"], first["sheet"], first["address"]) == (
        "strategic risk register",
        "Register",
        "A4",
    )
    assert (first["reference"], first["status_date"]) == ("SR1.1", date(2017, 1, 31))
    assert (first["current_likelihood"], first["current_rating"]) == (1, 10)
    assert (first["current_computed"], first["current_band"]) == (10, "Medium")
    assert (table[1]["current_impact"], table[1]["current_computed"]) == ("Modrate", None)
    assert table[2]["future_rating"] is None
