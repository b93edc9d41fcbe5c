"""What is wrong, what needs a decision, and what is worth knowing about a risk."""

from datetime import date
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, dated
from tests.risk.registers import AS_OF, codes, make_book, preview_rows, small_row, stated
from xlgov.changes import Finding
from xlgov.grid.asof import OWN_SHEET
from xlgov.risk.codes import CODES, make_finding
from xlgov.risk.preview import preview_registers
from xlgov.risk.scale import rank
from xlgov.settings.accepted import CODES as ACCEPTED_CODES
from xlgov.settings.accepted import sift_findings
from xlgov.settings.values import Accepted, Settings


def risk(
    reference: str = "SR1",
    inherent: tuple[int, int] | None = (3, 4),
    current: tuple[int, int] | None = (2, 3),
    future: tuple[int, int] | None = (1, 2),
    **more: Any,
) -> dict[str, Any]:
    """A risk in order: three assessments with right ratings, owner, actions, a fresh status."""
    row: dict[str, Any] = {
        "reference": reference,
        "status": "Update",
        "status_date": dated(date(2017, 1, 31)),
        "owner": "Chief Executive",
        "future_actions": "Review",
    }
    for name, pair in (("inherent", inherent), ("current", current), ("future", future)):
        row[f"{name}.likelihood"], row[f"{name}.impact"] = pair or (None, None)
        row[f"{name}.rating"] = rank(*pair) if pair else None
    return row | {name.replace("__", "."): value for name, value in more.items()}


def found(*rows: dict[str, Any], **keys: Any) -> tuple[Finding, ...]:
    return preview_rows(rows, stated(**keys)).findings


def only(*rows: dict[str, Any], **keys: Any) -> Finding:
    (finding,) = found(*rows, **keys)
    return finding


def test_a_risk_in_order_is_not_mentioned() -> None:
    assert found(risk("SR1"), risk("SR2")) == ()


def test_current_above_inherent_is_for_somebody_to_decide() -> None:
    finding = only(risk(inherent=(2, 3), current=(3, 4), future_actions="Act", future=(2, 3)))
    assert (finding.severity, finding.code) == ("warning", "current-above-inherent")
    assert finding.message.startswith("SR1 current rating 18 is above inherent 9")
    assert (finding.address, finding.related) == ("K4", ("H4",))


def test_future_above_current_is_for_somebody_to_decide() -> None:
    finding = only(risk(future=(3, 3)))
    assert (finding.severity, finding.code, finding.address) == (
        "warning",
        "future-above-current",
        "N4",
    )


def test_controls_that_have_not_lowered_a_risk_are_a_note() -> None:
    finding = only(risk(current=(3, 4), future=(2, 2)))
    assert (finding.severity, finding.title) == ("note", "Controls have not lowered the risk")
    assert found(risk(inherent=(1, 1), current=(1, 1), future=(1, 1))) == ()  # cannot be lower


@pytest.mark.parametrize("actions", [None, "", "n/a", "None", "-", "TBC"])
def test_above_tolerance_with_no_action_points_at_the_blank_cell(actions: Any) -> None:
    row = risk(inherent=(5, 5), current=(3, 4), future=None, future_actions=actions)
    finding = only(row)
    assert (finding.severity, finding.code, finding.address) == (
        "warning",
        "above-tolerance-no-action",
        "E4",
    )
    assert "current rating 18 is above tolerance (13)" in finding.message


def test_a_risk_at_the_tolerance_needs_no_action_unless_it_is_inclusive() -> None:
    row = risk(inherent=(5, 5), current=(3, 3), future=None, future_actions=None)
    assert found(row) == ()
    assert only(row, tolerance_inclusive=True).code == "above-tolerance-no-action"


@pytest.mark.parametrize(("second", "expected"), [("Recruit", []), ("n/a", ["R1"])])
def test_an_action_in_a_further_row_of_a_merged_risk_counts(
    second: str, expected: list[str]
) -> None:
    row = small_row("R1", 5, 5, 25) | {"future_actions": None}
    book, search = make_book([row, {"future_actions": second}], fields=list(row))
    book.merges = {"Register": ["A4:A5"]}
    layout = search.layouts[0]._replace(records=search.layouts[0].records[:1])
    found = preview_registers(book, stated(), AS_OF, search._replace(layouts=(layout,)))
    assert codes(found).get("above-tolerance-no-action", []) == expected


def test_actions_without_a_future_score_are_a_note_at_the_cell_to_fill() -> None:
    finding = only(risk(future=None))
    assert (finding.severity, finding.code, finding.address) == (
        "note",
        "actions-no-future-score",
        "L4",
    )
    assert finding.related == ("M4", "N4")
    waived = risk(future=None, future__likelihood="n/a", future__impact="n/a")
    assert found(waived) == ()


def test_no_owner_is_asked_of_both_owner_columns() -> None:
    finding = only(risk(owner=None))
    assert (finding.code, finding.address, finding.message) == (
        "no-owner",
        "D4",
        "SR1 has no owner",
    )
    assert only(risk(owner="TBC")).code == "no-owner"
    assert found(risk(owner=None, second_owner="Chief Constable")) == ()


def test_checks_ask_for_their_column_first() -> None:
    assert found(small_row("R1", 5, 5, 25), small_row("R2", 1, 2, 3)) == ()


def test_a_closed_risk_owes_no_review_action_or_owner_and_is_not_on_the_board() -> None:
    row = risk(
        inherent=(4, 4),
        current=(4, 4),
        future=None,
        status="Closed",
        status_date=None,
        owner=None,
        future_actions=None,
    )
    preview = preview_rows([row])
    assert preview.findings == ()
    assert preview.reports[0].board == ()
    wrong = row | {"current.rating": 3}
    assert codes(preview_rows([wrong, risk("SR2"), risk("SR3")]))["rating-disagrees"] == ["SR1"]
    still_open = row | {"status": "Not closed"}
    assert preview_rows([still_open]).reports[0].board != ()


def test_an_inherent_score_is_missed_only_where_the_register_keeps_them() -> None:
    assert only(risk("SR1", inherent=None), risk("SR2")).code == "assessment-missing"
    assert found(risk("SR1", inherent=None), risk("SR2", inherent=None)) == ()


def test_a_status_goes_stale_after_a_hundred_days() -> None:
    day = date(2016, 10, 29)  # 100 days before the as-of date
    assert found(risk(status_date=dated(day))) == ()
    finding = only(risk(status_date=dated(date(2016, 10, 28))))
    assert (finding.severity, finding.code, finding.address) == ("warning", "status-stale", "C4")
    assert finding.message == (
        "SR1 status is of 28 October 2016, 101 days before 6 February 2017; the limit is 100"
    )
    assert only(risk(status_date=dated(day)), stale_after=99).code == "status-stale"


@pytest.mark.parametrize(
    "text",
    ["31/01/2017", "31 Jan 2017", "31.1.17", "Update 31 January 2017", "2017-01-31"],
)
def test_text_dates_are_read_day_first(text: str) -> None:
    assert found(risk(status_date=text)) == ()
    assert only(risk(status_date=text.replace("17", "14"))).code == "status-stale"


@pytest.mark.parametrize("value", ["soon", "31/02/2017", 42766, True, "Q3"])
def test_a_status_date_that_is_none_is_said(value: Any) -> None:
    finding = only(risk(status_date=value))
    assert (finding.code, finding.address) == ("status-date-unreadable", "C4")


@pytest.mark.parametrize("value", [None, "", "tbc", "n/a"])
def test_a_missing_status_date_points_at_its_cell(value: Any) -> None:
    finding = only(risk(status_date=value))
    assert (finding.code, finding.address) == ("status-date-missing", "C4")


def test_a_column_that_cannot_be_day_first_is_one_finding_and_is_not_judged() -> None:
    rows = [risk("SR1", status_date="03/02/2017"), risk("SR2", status_date="01/31/2017")]
    rows += [risk("SR3", status_date="01/30/2017")]
    finding = only(*rows)
    assert (finding.severity, finding.code, finding.address) == ("warning", "date-order", "C5")
    assert found(*rows, day_first=False) == ()
    assert only(*rows, day_first=True).code == "date-order"


def status_cell(*values: Any) -> list[Finding]:
    """A register in which one column holds the status and its date."""
    rows = [risk(f"SR{n}", status=value) for n, value in enumerate(values, start=1)]
    book, search = make_book(rows)
    columns = search.layouts[0].records[0].columns
    columns["status_date"] = columns["status"]  # type: ignore[index]  # a dict in this test
    return list(preview_registers(book, stated(), AS_OF, search).findings)


def test_a_status_cell_may_hold_a_word_and_a_date() -> None:
    assert status_cell("Update 31 Jan 2017", "Closed 1 Jan 2015") == []
    assert [each.code for each in status_cell("Update 31 Jan 2016", "Open")] == [
        "status-stale",
        "status-date-missing",
    ]
    assert status_cell("Open", "Open", "Closed") == []  # not a column of dates at all


def test_a_reference_used_twice_is_an_error_at_the_second() -> None:
    finding = only(risk("SR1"), risk("sr1"))
    assert (finding.severity, finding.code, finding.address) == (
        "error",
        "duplicate-reference",
        "A5",
    )
    assert finding.related == ("A4",)


def test_a_missing_reference_names_the_row() -> None:
    finding = only(risk("SR1"), risk(None))  # type: ignore[arg-type]  # a blank cell
    assert (finding.code, finding.record, finding.address) == ("reference-missing", "row 5", "A5")


def test_a_reference_out_of_order_is_a_note_and_numbers_count_as_numbers() -> None:
    rows = [risk(f"SR1.{n}") for n in (1, 2, 9, 10, 3, 11, 12)]
    finding = only(*rows)
    assert (finding.severity, finding.record) == ("note", "SR1.3")
    assert finding.message == "SR1.3 stands after SR1.10"
    early = [risk(f"SR1.{n}") for n in (9, 1, 2, 3)]
    assert only(*early).message == "SR1.9 stands before SR1.1"


def test_a_register_sorted_another_way_is_left_in_peace() -> None:
    assert found(*[risk(f"SR{n}") for n in (9, 7, 8, 3, 5, 1, 2)]) == ()
    assert found(*[risk(name) for name in ("SR1", "OP1", "SR2", "OP2")]) == ()


def summary_book(*listed: str) -> list[Finding]:
    rows = [risk(f"SR1.{n}") for n in (1, 2, 3, 4)]
    page = [["Strategic risks"], [], ["Ref", "Risk"], *([name, "Title"] for name in listed)]
    book, search = make_book(rows, Summary=page)
    return list(preview_registers(book, stated(), AS_OF, search).findings)


def test_a_summary_that_agrees_is_not_mentioned() -> None:
    assert summary_book("SR1.1", "SR1.2", "SR1.3", "SR1.4") == []
    assert summary_book("SR1.1 Title", "SR1.2: Title", "SR1.3 - Title", "SR1.4") == []


def test_a_summary_and_a_register_may_disagree_on_which_risks_exist() -> None:
    findings = summary_book("SR1.1", "SR1.2", "SR1.4", "SR1.5")
    assert [(each.code, each.record, each.sheet, each.address) for each in findings] == [
        ("summary-missing", "SR1.3", "Summary", "A8"),
        ("summary-extra", "SR1.5", "Summary", "A7"),
    ]
    assert {each.severity for each in findings} == {"warning"}
    assert findings[0].related == ("Register!A6",)


def test_a_sheet_that_names_a_few_risks_is_no_summary() -> None:
    assert summary_book("SR1.1", "SR1.2") == []
    assert summary_book("SR1.1", "SR1.2", "SR1.3", "SR1.4", "SR1.1") == []  # an action log


def test_every_finding_has_a_stable_code_a_title_and_a_remedy() -> None:
    for code in CODES:
        made = make_finding(code, "message")
        assert code == code.lower().replace("_", "-")
        assert made.severity in ("error", "warning", "note")
        assert made.title[0].isupper()
    every = found(
        risk("SR1", inherent=(1, 1), current=(3, 4), future=(5, 5), owner=None),
        risk("SR1", current=None, future_actions=None, status_date="x"),
        risk("SR3", current=(4, 4), future=None, future_actions=None),
    )
    assert len(every) > 6
    assert all(each.remedy and each.title and each.address for each in every)


def test_an_unknown_acceptance_is_told_with_the_title_that_the_table_of_codes_has() -> None:
    assert {code: CODES[code] for code in ACCEPTED_CODES} == ACCEPTED_CODES


def test_acceptances_reach_one_record_one_code_or_the_whole_file() -> None:
    findings = [
        make_finding("no-owner", "m", record="SR1"),
        make_finding("status-stale", "m", record="SR1"),
        make_finding("no-owner", "m", record="SR2"),
        make_finding("band-edges-assumed", "m"),
    ]

    def left(*accepted: Accepted) -> list[tuple[str, str]]:
        sifted = sift_findings(findings, accepted, AS_OF)
        assert len(sifted.findings) + len(sifted.accepted) == 4
        return [(each.record, each.code) for each in sifted.findings]

    assert ("SR1", "no-owner") not in left(Accepted("sr1", "No-Owner"))
    assert left(Accepted("SR1", "*")) == [("SR2", "no-owner"), ("", "band-edges-assumed")]
    assert left(Accepted("", "band-edges-assumed"))[-1] == ("SR2", "no-owner")
    assert left(Accepted("*", "no-owner")) == [("SR1", "status-stale"), ("", "band-edges-assumed")]
    assert len(left(Accepted("SR9", "*"))) == 4


def test_our_own_sheets_are_neither_key_nor_summary() -> None:
    rows = [risk(f"SR1.{n}") for n in (1, 2, 3, 4)]
    book, search = make_book(rows, **{f"{OWN_SHEET} log": [["SR1.1"], ["SR1.2"], ["SR1.3"]]})
    assert isinstance(book, FakeWorkbook)
    assert codes(preview_registers(book, Settings(), AS_OF, search)) == {"band-edges-assumed": [""]}
