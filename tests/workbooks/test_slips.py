"""Slips and contradictions of the published papers: which a check of the samples finds, which not.

Both ways: what is listed as found must be found at its cell, and where the list says that nothing
is wrong with a cell, no finding may be there. Those of the dashboard's figures have a list of
their own, in ``tests/kpi/test_discrepancies.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import openpyxl

import xlgov
from tests.conftest import ShowTable

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
RISKS, TABLE = "strategic-risk-register.xlsx", "strategic-risk-register-table.xlsx"
ACTIONS, MINUTES = "action-log.xlsx", "actions-from-minutes.xlsx"
DEMAND, PANEL = "force-demand-risk.xlsx", "panel-registers.xlsx"
MAY, NOVEMBER = "delivery-plan-2018-05.xlsx", "delivery-plan-2017-11.xlsx"
DASHBOARD, FINANCE = "performance-dashboard.xlsx", "finance-and-workforce.xlsx"


class Found(NamedTuple):
    """A slip that a check finds: the code of the finding, and the cells that have it."""

    slip: str
    workbook: str
    code: str
    cells: tuple[str, ...]


class NotFound(NamedTuple):
    """A slip in the samples' cells that gives no finding, and why; or one that is elsewhere."""

    slip: str
    reason: str
    workbook: str = ""
    cells: tuple[str, ...] = ()


NO_FUTURE = ("SR2.1", "SR3.3", "SR4.1", "SR4.2", "SR4.3", "SR4.4")
FOUND = (
    Found(
        f"future actions without a future score: {', '.join(NO_FUTURE)}",
        RISKS,
        "actions-no-future-score",
        tuple(f"Register!T{row}" for row in (50, 130, 194, 210, 226, 242)),
    ),
    Found(
        "SR3.3 and SR3.5 are no lower than inherent",
        RISKS,
        "controls-not-lowered",
        ("Register!N130", "Register!N162"),
    ),
    Found(
        "item and action numbers printed as dates of 1900",
        ACTIONS,
        "number-shown-as-date",
        ("Board actions!A10", "Board actions!C7", "Board actions!C10"),
    ),
    Found(
        "an action raised at a Board on Good Friday",
        ACTIONS,
        "action-meeting-day",
        ("Board actions!B10",),
    ),
    Found(
        "an action closed before its target date",
        ACTIONS,
        "closed-early",
        ("Board actions!F10",),
    ),
    Found(
        "a panel action without a number",
        ACTIONS,
        "action-number-missing",
        ("Panel actions!B12",),
    ),
    Found(
        "actions in the minutes without a date",
        MINUTES,
        "action-no-target",
        tuple(f"Actions!F{row}" for row in (7, 8, 11, 12, 13)),
    ),
    Found(
        "12 scored areas, 13 mitigations: Neighbourhoods has no score",
        DEMAND,
        "demand-score-missing",
        ("Mitigation!B20",),
    ),
    Found(
        "an area above tolerance under another name in the summary",
        DEMAND,
        "demand-not-in-summary",
        ("Scores!A11",),
    ),
    Found(
        "Chord Park Unit C: 375 m² and 359 sq m",
        PANEL,
        "asset-areas-differ",
        ("Estates!C21",),
    ),
    Found(
        "decision numbers with two digits",
        PANEL,
        "decision-number-form",
        ("Decisions!B10", "Decisions!B11"),
    ),
    Found(
        "CPCC 2017-022 is out of date order",
        PANEL,
        "decision-out-of-order",
        ("Decisions!A7",),
    ),
    Found("the council year 2017/87", PANEL, "meeting-years-differ", ("Agenda plan!F10",)),
    Found(
        "rag status for a colour in V1.1, November",
        NOVEMBER,
        "plan-status-unknown",
        ("Delivery plan!F13",),
    ),
    Found(
        "rag status for a colour in V1.1, May",
        MAY,
        "plan-status-unknown",
        ("Delivery plan!F13",),
    ),
    Found(
        "leads that changed between the two plans",
        MAY,
        "plan-lead-changed",
        tuple(
            f"Delivery plan!{cell}" for cell in ("C15", "D18", "D21", "C35", "D38", "C46", "C59")
        ),
    ),
    Found(
        "surveys to December under March headings",
        DASHBOARD,
        "reading-late",
        ("Dashboard!B39", "Dashboard!B46"),
    ),
    Found(
        "year to date and rolling 12 months differ at the year's end",
        DASHBOARD,
        "year-end-disagrees",
        tuple(f"Dashboard!{cell}" for cell in ("J11", "J54", "J55")),
    ),
    Found(
        "the information sheet has no trial rates",
        DASHBOARD,
        "information-missing",
        ("Information!A6",),
    ),
    Found(
        "101 calls: a twelfth of 327,132 is 27,261, printed 27,271",
        FINANCE,
        "derived-stale",
        ("Public contact!C6",),
    ),
    Found(
        "999 calls: a twelfth of 123,498 is 10,291.5, printed 10,291",
        FINANCE,
        "derived-stale",
        ("Public contact!C5",),
    ),
    Found(
        "5 of 284 applicants recruited is 1.8%, printed 3%",
        FINANCE,
        "derived-stale",
        ("Recruitment!B7",),
    ),
    Found(
        "audit opinions add up to 21, listed 22",
        FINANCE,
        "parts-differ",
        ("Internal audit!C12",),
    ),
)
TEXT = "free text; nothing compares what two sentences say"
ELSEWHERE = "the other figure is in a paper, not in a workbook"
NOT_FOUND = (
    NotFound("risks above tolerance: SR3.3, SR3.5, SR4.4", "no error; the report begins with them"),
    NotFound("the covering paper numbers SR3.1 as SR3.2", "the covering paper is no sample"),
    NotFound("the summary shortens some risks and changes their sense", TEXT),
    NotFound("leads with and without OPCC, Head of and Director of", TEXT),
    NotFound("Political and Social impacts read alike; levels share an edge", TEXT),
    NotFound(
        "demand risks of 13 are listed as above a tolerance of 13",
        "that is the rule here: 13 or more, as the heading of the report says",
        DEMAND,
        ("Above tolerance 2019-20!B15",),
    ),
    NotFound(
        "action 2 has no target date",
        "it is closed; a date is asked of open actions only",
        ACTIONS,
        ("Board actions!F8",),
    ),
    NotFound("39% against in the report, 38% in the decision", ELSEWHERE),
    NotFound("an agreement signed after it began", TEXT),
    NotFound("the same meeting on 9 and on 10 November 2016", "titles of papers are only counted"),
    NotFound("complaints reform in summer 2018, and in 2019", TEXT),
    NotFound("a paper of November 2018 with a link of November 2017", TEXT),
    NotFound("actions of May 2018 that speak of autumn 2017 as to come", TEXT),
    NotFound("two dates of the Delivery Board, one a Sunday", "no sample holds them"),
    NotFound("Speedwatch: 2,000 members, and 1,400", "two papers, no workbook"),
    NotFound("Police Support Volunteers: 84 and 90", ELSEWHERE),
    NotFound("officer establishment: 1,496 and 1,497", ELSEWHERE, FINANCE, ("Workforce!D7",)),
    NotFound(
        "Strongly disagreed is 29.07%, printed 29%",
        "29.07% is 29% at the decimals it is shown to; a refresh gives it in full",
        FINANCE,
        ("Fire consultation!C29",),
    ),
    NotFound(
        "parts of the budget add up to 10.8 of about 11",
        "10.8 is 11 at the decimals it is shown to; a refresh gives it in full",
        FINANCE,
        ("Budget!B10",),
    ),
    NotFound(
        "3.6 less 1.4 is 2.2, printed as about 2",
        "2.2 is 2 at the decimals it is shown to; a refresh gives it in full",
        FINANCE,
        ("Budget!B16",),
    ),
    NotFound(
        "the grants have no total",
        "the sample has one, of 516,000, and it is right",
        FINANCE,
        ("Grants 2019-20!C11",),
    ),
    NotFound("applicants: 13% for 2016, and 10-12% for earlier rounds", "no sample holds them"),
    NotFound(
        "arrests: subtotals that differ by 0.1", "the sample has counts; rounding explains it"
    ),
    NotFound(
        "stop searches: nationalities that no printed total gives",
        "the sample has illustrative counts that give them",
    ),
)


@cache
def findings(name: str) -> tuple[xlgov.Finding, ...]:
    return tuple(xlgov.check(WORKBOOKS / name))


def cells_of(name: str, code: str = "") -> set[str]:
    """The cells with a finding, of one code where it is given."""
    found = findings(name)
    return {f"{each.sheet}!{each.address}" for each in found if code in ("", each.code)}


def test_what_is_found_and_what_not(show_table: ShowTable) -> None:
    lines = [f"{len(FOUND)} found by a check of the samples, {len(NOT_FOUND)} not"]
    for slip in FOUND:
        where = ", ".join(slip.cells)
        lines.append(f"{slip.slip}: found, {slip.code} at {slip.workbook}, {where}")
    lines += [f"{slip.slip}: not found; {slip.reason}" for slip in NOT_FOUND]
    show_table("slips of the published papers", lines)
    missing = [
        (slip.slip, cell)
        for slip in FOUND
        for cell in slip.cells
        if cell not in cells_of(slip.workbook, slip.code)
    ]
    assert missing == []
    found_after_all = [
        (slip.slip, cell)
        for slip in NOT_FOUND
        for cell in slip.cells
        if cell in cells_of(slip.workbook)
    ]
    assert found_after_all == []


def test_the_finance_tables_and_the_registers_of_the_panel_give_these_and_no_others() -> None:
    for name in (FINANCE, PANEL, DEMAND, MINUTES):
        listed = {cell for slip in FOUND if slip.workbook == name for cell in slip.cells}
        assert cells_of(name) == listed


def test_a_cell_where_nothing_is_found_holds_what_the_list_says() -> None:
    """So that a cell that moves away does not count as one without a finding."""
    rows = {
        (FINANCE, "Fire consultation!C29"): 0.29,
        (FINANCE, "Workforce!D7"): 1250 + 246,
        (FINANCE, "Budget!B10"): 11,
        (FINANCE, "Budget!B16"): 2,
        (FINANCE, "Grants 2019-20!C11"): 516_000,
        (ACTIONS, "Board actions!F8"): None,
        (DEMAND, "Above tolerance 2019-20!B15"): "Substantial (13)",
    }
    listed = {(slip.workbook, cell) for slip in NOT_FOUND for cell in slip.cells}
    assert set(rows) == listed
    for (name, cell), expected in rows.items():
        assert value_at(name, cell) == expected, cell


def value_at(name: str, cell: str) -> object:
    sheet, _, address = cell.partition("!")
    return openpyxl.load_workbook(WORKBOOKS / name)[sheet][address].value
