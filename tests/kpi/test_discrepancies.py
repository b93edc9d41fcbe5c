"""Which contradictions of the published papers a check of the sample finds, and why not the others.

Every row of the list is here, once: with the finding and its cell, or with the reason.
"""

from __future__ import annotations

import pytest

import xlgov
from tests.conftest import ShowTable
from tests.workbooks.dashboard_cells import WORKBOOK, facts, open_book
from xlgov import Finding

# By the row's order: the code of the finding, and the cell that it is about.
FOUND = {
    1: ("pages-disagree", "Dashboard!B11"),
    2: ("pages-disagree", "Dashboard!F11"),
    3: ("reading-late", "Dashboard!B39"),
    4: ("reading-late", "Dashboard!B46"),
    5: ("detail-missing", "Dashboard!A28"),
    6: ("detail-missing", "Dashboard!A29"),
    7: ("detail-missing", "Dashboard!A30"),
    8: ("detail-missing", "Dashboard!A31"),
    9: ("detail-missing", "Dashboard!A32"),
    10: ("detail-missing", "Dashboard!A33"),
    11: ("detail-missing", "Dashboard!A34"),
    12: ("detail-missing", "Dashboard!A35"),
    13: ("detail-missing", "Dashboard!A49"),
    14: ("baseline-differs", "Dashboard!K40"),
    15: ("year-end-disagrees", "Dashboard!J11"),
    16: ("baseline-differs", "Dashboard!K11"),
    17: ("year-end-disagrees", "Dashboard!J54"),
    18: ("baseline-differs", "Dashboard!K54"),
    19: ("year-end-disagrees", "Dashboard!J55"),
    24: ("outcome-stale", "Dashboard!L31"),
    25: ("outcome-stale", "Dashboard!L28"),  # what is behind 15 and 15 is invented here
    36: ("information-lags", "Information!C6"),
    37: ("information-lags", "Information!C43"),
    38: ("information-missing", "Information!A6"),
}

PREVIOUS_YEAR = "no contradiction: compared with the previous year's average"
NOT_INSIDE = "the other figure is in a paper, not in the workbook"
OTHER_PERIOD = "the other figure is in a paper, not in the workbook, and of another period"
OTHER_NAME = "no contradiction: the settings state the other name, so both are read as one"
NOT_FOUND = {
    20: f"{PREVIOUS_YEAR}, 86.2%, 82.5% is lower",
    21: f"{PREVIOUS_YEAR}, 21.9%, 17.5% is lower",
    22: f"{PREVIOUS_YEAR}, 41.6%, 46.6% is higher",
    23: f"{PREVIOUS_YEAR}, 8.6%, 11.8% is higher",
    26: NOT_INSIDE,
    27: NOT_INSIDE,
    28: NOT_INSIDE,
    29: NOT_INSIDE,
    30: NOT_INSIDE,
    31: NOT_INSIDE,
    32: NOT_INSIDE,
    33: OTHER_PERIOD,
    34: NOT_INSIDE,
    35: OTHER_PERIOD,
    39: OTHER_NAME,
    40: OTHER_NAME,
    41: "no contradiction: names are matched whatever their case",
    42: "both dates are in a paper, not in the workbook",
}
TRIALS = tuple(f"{kind} Trial rate" for kind in ("Effective", "Cracked", "Ineffective", "Vacated"))


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return xlgov.check(WORKBOOK)


def about(finding: Finding) -> str:
    """The cell that a finding is about."""
    return f"{finding.sheet}!{finding.address}"


def found(findings: list[Finding], code: str) -> dict[str, Finding]:
    """The findings of a code, by cell."""
    return {about(each): each for each in findings if each.code == code}


def test_every_row_of_the_list_is_found_or_has_its_reason(
    findings: list[Finding], show_table: ShowTable
) -> None:
    rows = {int(row["order"]): row for row in facts("kpi_discrepancies")}
    assert set(FOUND) | set(NOT_FOUND) == set(rows) == set(range(1, 43))
    assert not set(FOUND) & set(NOT_FOUND)
    all_found = {(each.code, about(each), each.record) for each in findings}
    lines = [f"{len(FOUND)} found by a check of the sample, {len(NOT_FOUND)} not"]
    missing = []
    for order, row in rows.items():
        said = NOT_FOUND.get(order) or "found, {} at {}".format(*FOUND[order])
        lines.append(f"{order:>3} {row['indicator']}, {row['field']}: {said}")
        if order in FOUND:
            wanted = {(*FOUND[order], record) for record in records(order, row["indicator"])}
            missing += sorted(wanted - all_found)
    show_table("contradictions of the published papers", lines)
    assert not missing


def records(order: int, indicator: str) -> tuple[str, ...]:
    """The indicators whose findings are wanted; the first one's where a row is of all."""
    several = {36: ("Satisfaction with Service Delivery - Police",), 38: TRIALS}
    return several.get(order, (indicator,))


def test_a_finding_quotes_the_two_figures_that_disagree(findings: list[Finding]) -> None:
    for row in facts("kpi_discrepancies")[:2] + facts("kpi_discrepancies")[13:19]:
        code, cell = FOUND[int(row["order"])]
        message = found(findings, code)[cell].message
        assert row["dashboard_value"] in message and row["other_value"] in message
        if code == "pages-disagree":
            continue
        one, other = (word.split("_")[0] for word in row["field"].split(" v "))
        assert {"fytd": "FYTD", "rolling12": "rolling 12 months"}[one] in message
        assert {"rolling12": "rolling 12 months"}.get(other, other) in message


def test_every_row_of_the_information_sheet_is_found_to_lag(findings: list[Finding]) -> None:
    """Row 36 is of all indicators."""
    lagging = found(findings, "information-lags")
    expected = {
        f"Information!C{cell.row}"
        for (cell,) in open_book()["Information"].iter_rows(min_row=5, max_row=46, max_col=1)
        if cell.value and not cell.value.isupper()
    }
    assert len(expected) == 38
    assert expected == set(lagging)
    assert "data to September 2017" in lagging["Information!C6"].message
    assert "data to May 2017" in lagging["Information!C43"].message
    assert lagging["Information!C23"].record == "Rural Crime"  # Rural crime there: row 41


def test_the_information_sheet_is_read_by_the_other_names_that_settings_state(
    findings: list[Finding],
) -> None:
    records = {each.record for each in findings if each.code == "information-missing"}
    assert records == set(TRIALS)


def test_no_finding_contradicts_the_four_that_the_previous_year_explains(
    findings: list[Finding],
) -> None:
    """A comparison may come out as Comparable on invented months, never on the other side."""
    rows = [row for row in facts("kpi_discrepancies") if 20 <= int(row["order"]) <= 23]
    other = {"Lower": "so Higher", "Higher": "so Lower"}
    for row in rows:
        for each in findings:
            if each.code == "outcome-stale" and each.record == row["indicator"]:
                assert not each.message.endswith(other[row["dashboard_value"]])
