"""The information sheet: data to which month, beside the months on the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, dated
from tests.risk.registers import read_facts
from xlgov.kpi.information import Information, check_information, find_information
from xlgov.kpi.names import Names
from xlgov.kpi.period import Month

MARCH = Month(2018, 3)
KSI = Month(2017, 6)


def printed_sheet() -> list[list[Any]]:
    rows: list[list[Any]] = [["Information sheet"]]
    section = theme = ""
    for fact in read_facts("kpi_information_sheet.csv"):
        if fact["section"] != section:
            section = fact["section"]
            rows += [[section], ["Indicator", "Data used", "Data date", "Peer comparison"]]
        if fact["theme"] != theme:
            theme = fact["theme"]
            rows += [[theme]] if theme else []
        names = ("indicator", "data_used", "data_date", "peer_comparison_iquanta")
        rows.append([fact[name] for name in names])
    return rows


def information(rows: Sequence[Sequence[Any]]) -> Information:
    found = find_information(FakeWorkbook({"Information": rows}))
    assert found is not None
    return found


def test_the_printed_sheet_is_read_row_by_row() -> None:
    found = information(printed_sheet())
    facts = read_facts("kpi_information_sheet.csv")
    assert [row.name for row in found.rows] == [fact["indicator"] for fact in facts]
    months = {row.name: row.data_to for row in found.rows}
    assert months.pop("KSI Road Casualties") == Month(2017, 5)
    assert set(months.values()) == {Month(2017, 9)}


def test_every_lag_of_the_printed_sheet_is_found() -> None:
    """Half a year behind the March dashboard; KSI one month behind its own."""
    facts = read_facts("kpi_information_sheet.csv")
    indicators = [
        (fact["indicator"], KSI if fact["indicator"].startswith("KSI") else MARCH) for fact in facts
    ]
    found = check_information(information(printed_sheet()), indicators)
    assert {finding.code for finding in found} == {"information-lags"}
    assert [finding.record for finding in found] == [fact["indicator"] for fact in facts]
    assert found[0].message == (
        "Satisfaction with Service Delivery - Police: the sheet says data to September 2017; "
        "the dashboard's figures are of March 2018, 6 months later"
    )
    ksi = next(finding for finding in found if finding.record.startswith("KSI"))
    assert ksi.message.endswith("are of June 2017, 1 month later")
    assert (found[0].sheet, found[0].address) == ("Information", "C5")


def test_printed_indicators_without_a_row_are_named_with_the_nearest() -> None:
    names = [fact["indicator"] for fact in read_facts("kpi_dashboard_2018_03.csv")]
    found = check_information(
        information(printed_sheet()), [(name, Month(2017, 5)) for name in names]
    )
    assert {finding.code for finding in found} == {"information-missing"}
    messages = {finding.record: finding.message for finding in found}
    assert set(messages) == {
        "Effective Trial rate",
        "Cracked Trial rate",
        "Ineffective Trial rate",
        "Vacated Trial rate",
        "Sickness - Police Officer",
        "Sickness - Police Staff",
    }
    assert "nearest" not in messages["Cracked Trial rate"]
    assert messages["Sickness - Police Officer"].endswith(
        "the nearest is “Police officers sickness absence rate”"
    )


def test_other_names_from_settings_join_the_two() -> None:
    other = {"Sickness - Police Officer": ["Police officers sickness absence rate"]}
    names = Names(["Sickness - Police Officer"], other)
    found = check_information(
        information(printed_sheet()), [("Sickness - Police Officer", MARCH)], names
    )
    assert [(f.code, f.record) for f in found] == [
        ("information-lags", "Sickness - Police Officer")
    ]


ROWS = [
    ["Theme", "Indicator", "Source", "Data to"],
    ["Victims", "All crime", "Police", dated(date(2018, 2, 28))],
    ["Victims", "Hate crime", "Police", "n/a"],
    ["Victims", "Fraud", "Police", None],
    ["Victims", "Officers' sickness", "Police", "Mar-18"],
]


def test_dates_and_rows_without_one() -> None:
    found = information(ROWS)
    assert [row.data_to for row in found.rows] == [Month(2018, 2), None, None, MARCH]
    shown = [("All Crime", MARCH), ("Hate crimes", MARCH), ("Fraud", MARCH)]
    findings = check_information(found, shown)
    assert [(f.code, f.record, f.address) for f in findings] == [
        ("information-lags", "All Crime", "D2")
    ]


def test_a_later_month_and_the_same_month_say_nothing() -> None:
    for month in (Month(2018, 1), Month(2018, 2)):
        assert check_information(information(ROWS), [("All crime", month)]) == []


def test_a_missing_row_names_what_is_near() -> None:
    found = check_information(information(ROWS), [("Officer sickness rate", MARCH)])
    assert [finding.code for finding in found] == ["information-missing"]
    assert found[0].message == (
        "Officer sickness rate: there is no row for it on Information; "
        "the nearest is “Officers' sickness”"
    )
    assert found[0].address == "B5"


@pytest.mark.parametrize(
    "rows",
    [
        [["Indicator", "Data to", "Current month"], ["A", "Mar-18", 1], ["B", "Mar-18", 2]],
        [["Indicator", "Month", "Value"], ["A", "Mar-18", 1], ["B", "Mar-18", 2]],
        [["Risk", "Source", "Data to"], ["A", "Police", "Mar-18"], ["B", "Police", "Mar-18"]],
        [["Indicator", "Source", "Data to"], ["A", "Police", "n/a"], ["B", "Police", "n/a"]],
    ],
)
def test_other_sheets_are_none(rows: list[list[Any]]) -> None:
    assert find_information(FakeWorkbook({"Sheet": rows})) is None


def test_skipped_sheets_are_not_looked_at() -> None:
    assert find_information(FakeWorkbook({"Information": ROWS}), skip=["Information"]) is None
