"""Registers as many offices draw them: where every field stands, and which rows are records."""

# ruff: noqa: E501 - a row of a sheet is one line, however wide

from __future__ import annotations

import pytest

from tests.grid.literal import addresses, book, places
from xlgov.grid.search import find_registers
from xlgov.risk.headings import VOCABULARY

SHORT = {
    "ref": "reference",
    "desc": "description",
    "obj": "objective",
    "next": "future_actions",
    "owner2": "second_owner",
    "date": "status_date",
    "L": "likelihood",
    "I": "impact",
    "R": "rating",
    "B": "band",
    "i": "inherent",
    "c": "current",
    "f": "future",
}


def expected(text: str) -> dict[str, str]:
    """``ref A, i.L C`` in full: reference in column A, inherent likelihood in column C."""
    found = {}
    for part in text.split(","):
        name, column = part.split()
        found[".".join(SHORT.get(word, word) for word in name.split("."))] = column
    return found


LAYOUTS = {
    "police: merged bands over three scores, title above": (
        """
        Strategic Risk Register 2017 | < | < | < | < | < | < | <
        As at 31 March 2017
        .
        Ref | Risk description | Inherent | < | < | Residual | < | < | Risk owner
        ^ | ^ | L | I | R | L | I | R | ^
        SR1 | Public confidence falls after collaboration | 3 | 4 | 12 | 2 | 4 | 8 | DCC
        SR2 | Loss of a main system for over a day | 2 | 5 | 10 | 2 | 3 | 6 | ACO
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, c.L F, c.I G, c.R H, owner I",
        [6, 7],
    ),
    "one row, group in every heading": (
        """
        Risk ID | Risk Title | Risk Description | Inherent Likelihood | Inherent Impact | \
Inherent Risk Score | Existing Controls | Residual Likelihood | Residual Impact | \
Residual Risk Score | Target Likelihood | Target Impact | Target Risk Score | Lead Officer
        1 | IT | Failure of the main data centre for more than a day | 4 | 5 | 20 | Backups | 3 | 4 \
| 12 | 2 | 4 | 8 | AB
        """,
        "ref A, desc C, i.L D, i.I E, i.R F, controls G, c.L H, c.I I, c.R J, f.L K, f.I L, f.R M, "
        "owner N",
        [2],
    ),
    "no bands at all": (
        """
        No. | Risk | Likelihood (1-5) | Impact (1-5) | Score | Mitigation | Owner | Last updated
        1 | Cyber attack | 4 | 4 | 16 | Patching | ICT | @2017-01-31
        2 | Fire | 1 | 5 | 5 | Drills | FM | @2017-02-01
        3 | Flood | 2 | 4 | 8 | Sandbags | FM | @2017-02-01
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, controls F, owner G, date H",
        [2, 3, 4],
    ),
    "current beside residual: residual is after actions": (
        """
        Ref | Description | Current risk | < | < | Further actions | Residual risk | < | <
        | | Likelihood | Impact | Rating | | Likelihood | Impact | Rating
        R1 | Failure to recruit enough social workers in year | 4 | 4 | 16 | Campaign | 3 | 4 | 12
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, next F, f.L G, f.I H, f.R I",
        [3],
    ),
    "health: gross, net and target, no merged cells": (
        """
        NHS Trust Board Assurance Framework
        .
        Risk No | Principal Risk | Gross | | | Key Controls | Net | | | Gaps | Target | |
        | | L | C | Score | | L | C | Score | | L | C | Score
        101 | Patients wait too long in the emergency department | 5 | 4 | 20 | Rota | 4 | 4 | 16 | \
None | 2 | 4 | 8
        102 | Cost improvement is not delivered in the year | 4 | 4 | 16 | PMO | 3 | 4 | 12 | Some \
| 2 | 3 | 6
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, controls F, c.L G, c.I H, c.R I, f.L K, f.I L, f.R M",
        [5, 6],
    ),
    "project RAID log: probability, impact, severity as the product": (
        """
        RAID ID | Risk Description | Probability | Impact | Severity | Owner | Response
        R-001 | Supplier delivers the interface late | 3 | 4 | 12 | PM | Weekly calls
        R-002 | Testers are not released by the business | 2 | 5 | 10 | PM | Escalate
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, owner F, next G",
        [2, 3],
    ),
    "engineering: probability, consequence, RPN": (
        """
        Item | Hazard | Probability | Consequence | RPN | Control Measures | Responsible Person
        1 | Fall from height when cleaning gutters | 3 | 5 | 15 | Harness | Site lead
        2 | Slip on wet floor in the main entrance | 4 | 2 | 8 | Mats | Caretaker
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, controls F, owner G",
        [2, 3],
    ),
    "likelihood over the assessments, impact over the assessments": (
        """
        Ref | Risk | Likelihood | < | < | Impact | < | < | Rating | < | <
        ^ | ^ | Inherent | Current | Target | Inherent | Current | Target | Inherent | Current | Target
        R1 | Loss of key supplier of meals for schools | 4 | 3 | 2 | 5 | 4 | 4 | 20 | 12 | 8
        """,
        "ref A, desc B, i.L C, c.L D, f.L E, i.I F, c.I G, f.I H, i.R I, c.R J, f.R K",
        [3],
    ),
    "words for scores and numbers beside them": (
        """
        Ref | Risk | Likelihood | Likelihood Score | Impact | Impact Score | Overall Risk Score | RAG
        1 | Strike by drivers leads to missed collections | Likely | 4 | Major | 4 | 16 | Red
        2 | Fuel shortage stops the fleet for two days | Rare | 1 | Minor | 2 | 2 | Green
        """,
        "ref A, desc B, c.L D, c.I F, c.R G, c.B H",
        [2, 3],
    ),
    "only words, with the level as a word": (
        """
        Ref | Risk | Likelihood | Impact | Risk Level | Owner
        1 | Strike by drivers leads to missed collections | High | Medium | High | JB
        2 | Fuel shortage stops the fleet for two days | Low | Low | Low | JB
        """,
        "ref A, desc B, c.L C, c.I D, c.B E, owner F",
        [2, 3],
    ),
    "rating and level both": (
        """
        Ref | Risk | L | I | Risk Rating | Risk Level
        1 | Strike by drivers leads to missed collections | 4 | 4 | 16 | High
        2 | Fuel shortage stops the fleet for two days | 1 | 2 | 2 | Low
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, c.B F",
        [2, 3],
    ),
    "newlines, scales and formulas in the headings": (
        """
        Risk\\nReference | Description of\\nRisk | Likelihood\\n(1 = Rare\\n5 = Almost certain) | \
Impact\\n(1 to 5) | Risk Rating\\n(L x I) | Risk\\nOwner(s)*
        C1 | Care provider fails and residents must move | "3" | 4.0 | =12 | DASS
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, owner F",
        [2],
    ),
    "labels with the number": (
        """
        Ref | Risk | Likelihood | Impact | Rating
        R1 | Data sent to the wrong person | 3 - Possible | 4 - Major | Severe (20)
        R2 | Software licences run out at year end | Unlikely (2) | Minor (2) | Low (4)
        """,
        "ref A, desc B, c.L C, c.I D, c.R E",
        [2, 3],
    ),
    "impact as prose and as a score": (
        """
        Ref | Risk | Cause | Impact | Likelihood | Impact | Score
        R1 | Data loss | Weak passwords | Residents lose trust and the regulator fines the council | 3 \
| 4 | 12
        R2 | Fire | Old wiring | People are hurt and the building cannot be used for months | 1 | 5 | 5
        """,
        "ref A, desc B, causes C, effects D, c.L E, c.I F, c.R G",
        [2, 3],
    ),
    "consequence as prose": (
        """
        Risk Ref | Risk Event | Causes | Consequences | Probability | Severity | Risk Score
        R1 | Data loss | Weak passwords in use | Residents lose trust, regulator fines the council | 3 \
| 4 | 12
        """,
        "ref A, desc B, causes C, effects D, c.L E, c.I F, c.R G",
        [2],
    ),
    "three-row header": (
        """
        Risk identification | < | < | Risk assessment | < | < | < | < | <
        Ref | Risk | Owner | Before controls | < | < | After controls | < | <
        ^ | ^ | ^ | L | I | Score | L | I | Score
        1 | Trees fall on a highway in high wind | HL | 3 | 5 | 15 | 2 | 5 | 10
        """,
        "ref A, desc B, owner C, i.L D, i.I E, i.R F, c.L G, c.I H, c.R I",
        [4],
    ),
    "PESTELO columns under their own band": (
        """
        Ref | Risk | Likelihood | PESTELO impact | < | < | < | < | < | < | Overall impact | Rating
        ^ | ^ | ^ | Political | Economic | Social | Technological | Environmental | Legislative \
| Organisational | ^ | ^
        SR1 | Confidence falls after a poor inspection | 3 | 1 | 2 | 4 | 1 | 1 | 2 | 3 | 4 | 18
        SR2 | Precept income is lower than was planned | 2 | 1 | 5 | 1 | 1 | 1 | 1 | 1 | 5 | 20
        """,
        "ref A, desc B, c.L C, c.political D, c.economic E, c.social F, c.technological G, "
        "c.environmental H, c.legislative I, c.organisation J, c.I K, c.R L",
        [3, 4],
    ),
    "PESTELO letters and no overall impact": (
        """
        Ref | Risk | Likelihood | P | E | S | T | E | L | O | Rating
        SR1 | Confidence falls after a poor inspection | 3 | 1 | 2 | 4 | 1 | 1 | 2 | 3 | 18
        SR2 | Precept income is lower than was planned | 2 | 1 | 5 | 1 | 1 | 1 | 1 | 1 | 20
        """,
        "ref A, desc B, c.L C, c.political D, c.economic E, c.social F, c.technological G, "
        "c.environmental H, c.legislative I, c.organisation J, c.R K",
        [2, 3],
    ),
    "previous scores are left alone": (
        """
        Ref | Risk | Previous quarter | < | < | Current | < | < | Direction
        ^ | ^ | L | I | R | L | I | R | ^
        1 | Trees fall on a highway in high wind | 3 | 5 | 15 | 2 | 5 | 10 | down
        """,
        "ref A, desc B, c.L F, c.I G, c.R H",
        [3],
    ),
    "previous score column, target score column": (
        """
        Ref | Risk | Likelihood | Impact | Current Score | Previous Score | Target Score
        1 | Trees fall on a highway in high wind | 3 | 5 | 15 | 12 | 10
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, f.R G",
        [2],
    ),
    "inherent rating alone, then current in full": (
        """
        Ref | Risk | Inherent rating | Likelihood | Impact | Current rating | Target rating
        1 | Trees fall on a highway in high wind | 20 | 3 | 5 | 15 | 10
        """,
        "ref A, desc B, i.R C, c.L D, c.I E, c.R F, f.R G",
        [2],
    ),
    "group named only in the first heading of three": (
        """
        Ref | Risk | Initial Likelihood | Impact | Score | Actions | Revised Likelihood | Impact | Score
        1 | Trees fall on a highway in high wind | 4 | 5 | 20 | Survey | 2 | 5 | 10
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, next F, c.L G, c.I H, c.R I",
        [2],
    ),
    "group named only in the last heading of three": (
        """
        Ref | Risk | Likelihood | Impact | Gross risk | Controls | Likelihood | Impact | Net risk
        1 | Trees fall on a highway in high wind | 4 | 5 | 20 | Survey | 2 | 5 | 10
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, controls F, c.L G, c.I H, c.R I",
        [2],
    ),
    "group in brackets": (
        """
        Ref | Risk | Likelihood (inherent) | Impact (inherent) | Likelihood (residual) | \
Impact (residual) | Risk score (residual)
        1 | Trees fall on a highway in high wind | 4 | 5 | 2 | 5 | 10
        """,
        "ref A, desc B, i.L C, i.I D, c.L E, c.I F, c.R G",
        [2],
    ),
    "key above the register, in the same columns": (
        """
        Likelihood key | | Impact key
        1 | Rare | 1 | Negligible
        2 | Unlikely | 2 | Minor
        3 | Possible | 3 | Moderate
        .
        Ref | Risk | Likelihood | Impact | Score
        1 | Trees fall on a highway in high wind | 4 | 5 | 20
        2 | Road collapses after heavy rain | 3 | 5 | 15
        """,
        "ref A, desc B, c.L C, c.I D, c.R E",
        [7, 8],
    ),
    "key at the right, on the header's own row": (
        """
        Ref | Risk | Likelihood | Impact | Score | | Score | Likelihood | Impact
        1 | Trees fall on a highway in high wind | 4 | 5 | 20 | | 5 | Almost certain | Catastrophic
        2 | Road collapses after heavy rain | 3 | 5 | 15 | | 4 | Likely | Major
        3 | Bridge is closed for repair for a year | 2 | 4 | 8 | | 3 | Possible | Moderate
        """,
        "ref A, desc B, c.L C, c.I D, c.R E",
        [2, 3, 4],
    ),
    "blank spacer columns": (
        """
        | Ref | | Risk | | Likelihood | | Impact | | Score | | Owner
        | 1 | | Trees fall on a highway in high wind | | 4 | | 5 | | 20 | | HL
        | 2 | | Road collapses after heavy rain | | 3 | | 5 | | 15 | | HL
        """,
        "ref B, desc D, c.L F, c.I H, c.R J, owner L",
        [2, 3],
    ),
    "no reference column": (
        """
        Risk description | Likelihood | Impact | Total | Action plan | Lead
        Trees fall on a highway in high wind | 4 | 5 | 20 | Survey | HL
        Road collapses after heavy rain | 3 | 5 | 15 | Drains | HL
        """,
        "desc A, c.L B, c.I C, c.R D, next E, owner F",
        [2, 3],
    ),
    "heading Risk over a reference, rating under Risk": (
        """
        Risk | Description | Inherent | < | < | Residual | < | <
        ^ | ^ | L | I | Risk | L | I | Risk
        R1 | Trees fall on a highway in high wind | 4 | 5 | 20 | 2 | 5 | 10
        R2 | Road collapses after heavy rain | 3 | 5 | 15 | 2 | 5 | 10
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, c.L F, c.I G, c.R H",
        [3, 4],
    ),
    "rationale columns between the scores": (
        """
        Ref | Risk | Likelihood | Why this likelihood | Impact | Why this impact | Rating
        1 | Trees fall | 4 | It happened last year and the year before that | 5 | People would be hurt \
| 20
        """,
        "ref A, desc B, c.L C, c.I E, c.R G",
        [2],
    ),
    "label typed over the middle score": (
        """
        Ref | Risk | | Inherent | | | Residual |
        | | L | I | R | L | I | R
        1 | Trees fall on a highway in high wind | 4 | 5 | 20 | 2 | 5 | 10
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, c.L F, c.I G, c.R H",
        [3],
    ),
    "band over the texts and the scores": (
        """
        Ref | Risk | Inherent risk | < | < | < | Current risk | < | < | <
        ^ | ^ | Causes | L | I | R | Controls | L | I | R
        1 | Trees fall on a highway in high wind | Storms | 4 | 5 | 20 | Survey | 2 | 5 | 10
        """,
        "ref A, desc B, causes C, i.L D, i.I E, i.R F, controls G, c.L H, c.I I, c.R J",
        [3],
    ),
    "scores to the left of the texts": (
        """
        L | I | LxI | Ref | Threat | Responsible
        4 | 5 | 20 | 1 | Trees fall on a highway in high wind | HL
        3 | 5 | 15 | 2 | Road collapses after heavy rain | HL
        """,
        "c.L A, c.I B, c.R C, ref D, desc E, owner F",
        [2, 3],
    ),
    "no rating column": (
        """
        Ref | Risk | Likelihood | Impact | Owner
        1 | Trees fall on a highway in high wind | 4 | 5 | HL
        2 | Road collapses after heavy rain | 3 | 5 | HL
        """,
        "ref A, desc B, c.L C, c.I D, owner E",
        [2, 3],
    ),
    "RAG column of words and direction": (
        """
        Corporate Risk Register - Q3
        Ref. | Risk Title | Executive Lead | Senior Lead | Prob. | Imp. | Current Risk Score | RAG \
| Direction of travel | Target Risk Score
        CR01 | Budget gap | CFO | Head of Finance | 4 | 5 | 20 | Red | ↑ | 10
        CR02 | Cyber | CIO | Head of ICT | 3 | 5 | 15 | Amber | ↔ | 8
        """,
        "ref A, desc B, owner C, owner2 D, c.L E, c.I F, c.R G, c.B H, f.R J",
        [3, 4],
    ),
    "health and safety: hazard, S L RR before and after": (
        """
        Hazard | Who might be harmed | Existing controls | S | L | RR | Further action required | \
By whom | Residual S | Residual L | Residual RR
        Working at height on ladders | Staff | Training | 5 | 3 | 15 | Towers | FM | 5 | 1 | 5
        """,
        "desc A, controls C, c.I D, c.L E, c.R F, next G, owner H, f.I I, f.L J, f.R K",
        [2],
    ),
    "no name for the first scores, controls, then residual ones": (
        """
        Ref | Risk | L | I | R | Controls | Residual L | Residual I | Residual R
        1 | Trees fall on a highway in high wind | 4 | 5 | 20 | Survey | 2 | 5 | 10
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, controls F, c.L G, c.I H, c.R I",
        [2],
    ),
    "impact by other categories, with the highest beside them": (
        """
        Ref | Risk | Likelihood | Impact | < | < | < | Score
        ^ | ^ | ^ | Financial | Reputation | Safety | Highest impact | ^
        R1 | The supplier fails to deliver on time | 3 | 4 | 1 | 2 | 4 | 12
        """,
        "ref A, desc B, c.L C, c.I G, c.R H",
        [3],
    ),
    "impact by other categories, nothing merged": (
        """
        Ref | Risk | Likelihood | Impact | | | | Score
        | | | Financial | Reputation | Safety | Highest impact |
        R1 | The supplier fails to deliver on time | 3 | 4 | 1 | 2 | 4 | 12
        """,
        "ref A, desc B, c.L C, c.I G, c.R H",
        [3],
    ),
    "first rating without a word, actions, residual rating": (
        """
        Ref | Risk | Risk Rating | < | < | Mitigating actions | Residual Risk Rating | < | < | Owner
        ^ | ^ | Likelihood | Impact | Total | ^ | Likelihood | Impact | Total | ^
        1 | Supplier fails to deliver on time | 3 | 4 | 12 | Do it | 2 | 4 | 8 | AB
        """,
        "ref A, desc B, c.L C, c.I D, c.R E, next F, f.L G, f.I H, f.R I, owner J",
        [3],
    ),
    "health: consequence before likelihood, gross and net in brackets": (
        """
        ID | Title | Description | Initial (gross) risk | | | Controls in place | Assurances | Current (residual) risk | | | Action plan | Target risk | | | Exec lead | Date last reviewed
        | | | C | L | Score | | | C | L | CxL | | C | L | CxL | |
        101 | ED | Patients wait too long in the department for a bed | 4 | 5 | 20 | Rota | Audit | 4 | 4 | 16 | Plan | 4 | 2 | 8 | COO | @2017-01-31
        """,
        "ref A, desc C, i.I D, i.L E, i.R F, controls G, assurance H, c.I I, c.L J, c.R K, next L, "
        "f.I M, f.L N, f.R O, owner P, date Q",
        [3],
    ),
    "names of database columns": (
        """
        RiskID | RiskDescription | InherentLikelihood | InherentImpact | InherentScore | residual_likelihood | residual_impact | residual_score | RiskOwner
        1 | Supplier fails to deliver on time | 3 | 4 | 12 | 2 | 4 | 8 | AB
        """,
        "ref A, desc B, i.L C, i.I D, i.R E, c.L F, c.I G, c.R H, owner I",
        [2],
    ),
    "texts and scores merged over several columns": (
        """
        Ref | Risk description | < | < | Likelihood | < | Impact | < | Rating
        R1 | The supplier fails to deliver on time | < | < | 3 | < | 4 | < | 12
        R2 | The supplier goes out of business soon | < | < | 3 | < | 4 | < | 12
        """,
        "ref A, desc B, c.L E, c.I G, c.R I",
        [2, 3],
    ),
    "RAID log with letters for scores": (
        """
        Type | ID | Date raised | Description | Likelihood (H/M/L) | Impact (H/M/L) | RAG | Mitigation | Owner | Status | Date closed
        Risk | 1 | @2017-01-01 | The supplier fails to deliver on time | H | M | R | Calls | AB | Open
        Risk | 2 | @2017-01-01 | Nobody comes to work on the day | L | M | G | Calls | AB | Open
        """,
        "ref B, desc D, c.L E, c.I F, c.B G, controls H, owner I, status J",
        [2, 3],
    ),
    "status with its date in the same cell": (
        """
        Ref | Risk | Status | L | I | R
        1 | Trees fall on a highway in high wind | Update 31/01/2017 | 4 | 5 | 20
        2 | Road collapses after heavy rain | New 02/02/2017 | 3 | 5 | 15
        """,
        "ref A, desc B, status C, date C, c.L D, c.I E, c.R F",
        [2, 3],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_field_of_a_register_is_found_where_it_stands(name: str) -> None:
    text, fields, rows = LAYOUTS[name]
    search = find_registers(book(text), VOCABULARY)
    assert not search.unsure, search.unsure[0].message
    assert len(search.layouts) == 1
    (layout,) = search.layouts
    found = {field: place.rstrip("0123456789") for field, place in places(layout).items()}
    assert found == expected(fields)
    assert layout.form == "table"
    assert [record.row for record in layout.records] == rows


ROWS = {
    "totals and averages": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        R2 | Flood in the main archive | 2 | 4 | 8
        Total | | | | 20
        | Average score | 2.5 | 4 | 10
        | | | | =10
        """,
        [2, 3],
    ),
    "formulas over blank rows": (
        """
        R1 | Fire in the main archive | 3 | 4 | =12
        | | | | =0
        | | | | =
        R2 | Flood in the main archive | 2 | 4 | =8
        | | | | =0
        """,
        [2, 5],
    ),
    "header printed again on the next page": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        Ref | Risk | Likelihood | Impact | Score
        R2 | Flood in the main archive | 2 | 4 | 8
        """,
        [2, 4],
    ),
    "section headings, merged and not": (
        """
        Objective 1: keep people safe | < | < | < | <
        R1 | Fire in the main archive | 3 | 4 | 12
        Money
        R2 | Budget is overspent | 2 | 4 | 8
        """,
        [3, 5],
    ),
    "numbered section headings": (
        """
        1 | Keep people safe
        1.1 | Fire in the main archive | 3 | 4 | 12
        2 | Spend wisely
        2.1 | Budget is overspent | 2 | 4 | 8
        """,
        [3, 5],
    ),
    "a reference still to be scored": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        R2
        R3 | Budget is overspent
        """,
        [2, 3, 4],
    ),
    "lines numbered in advance": (
        """
        1 | Fire in the main archive | 3 | 4 | 12
        2
        3
        4
        5
        6
        """,
        [2],
    ),
    "numbers made by a formula": (
        """
        =1 | Fire in the main archive | 3 | 4 | 12
        =2
        """,
        [2],
    ),
    "one risk over three rows": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        ^ | Old wiring | | |
        ^ | Smokers | 2 | |
        R2 | Budget is overspent | 2 | 4 | 8
        """,
        [2, 5],
    ),
    "further lines without a reference": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        | and in the store next to it | | |
        R2 | Budget is overspent | 2 | 4 | 8
        """,
        [2, 4],
    ),
    "footnotes and a key below": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        R2 | Budget is overspent | 2 | 4 | 8
        .
        Note: scores are agreed by the board each quarter and are not final until then
        Key
        1 | Rare
        2 | Unlikely
        """,
        [2, 3],
    ),
    "a matrix below": (
        """
        1 | Fire in the main archive | 3 | 4 | 12
        2 | Budget is overspent | 2 | 4 | 8
        .
        5 | 5 | 10 | 15 | 20
        4 | 4 | 8 | 12 | 16
        """,
        [2, 3],
    ),
    "an action log below": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        .
        Action ref | Action | Owner | Due date | Status
        A1 | Buy extinguishers | FM | @2017-03-01 | Open
        """,
        [2],
    ),
    "a row that says what to enter, and an example": (
        """
        Unique ID | Describe the risk | 1-5 | 1 to 5 | (1-25)
        e.g. | Something may happen | | |
        R1 | Fire in the main archive | 3 | 4 | 12
        """,
        [4],
    ),
    "missing scores in the middle": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        R2 | Budget is overspent | | |
        R3 | Strike | 2 | 4 | 8
        """,
        [2, 3, 4],
    ),
    "error values": (
        """
        R1 | Fire in the main archive | 3 | 4 | =#DIV/0!
        | | | | =#DIV/0!
        R2 | Budget is overspent | | | =#VALUE!
        """,
        [2, 4],
    ),
    "no reference given": (
        """
        R1 | Fire in the main archive | 3 | 4 | 12
        | Budget is overspent | 2 | 4 | 8
        """,
        [2, 3],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_records_are_told_from_the_other_rows_of_a_table(name: str) -> None:
    text, rows = ROWS[name]
    search = find_registers(
        book("Ref | Risk | Likelihood | Impact | Score\n" + text.strip("\n")), VOCABULARY
    )
    assert [record.row for record in search.layouts[0].records] == rows


def test_a_thousand_blank_formatted_rows_are_no_records() -> None:
    blank = "\n".join(["| | | | =0"] * 1000)
    found = find_registers(
        book(f"Ref | Risk | L | I | R\nR1 | Fire in the archive | 3 | 4 | 12\n{blank}"), VOCABULARY
    )
    assert [record.row for record in found.layouts[0].records] == [2]


def test_tables_below_each_other_are_two_registers() -> None:
    search = find_registers(
        book(
            """
            Corporate risks
            Ref | Risk | Likelihood | Impact | Score
            C1 | Fire in the main archive | 3 | 4 | 12
            C2 | Flood in the main archive | 3 | 4 | 12
            .
            Service risks
            ID | Description | Owner | Probability | Severity | Rating
            S1 | Strike of the drivers | HR | 2 | 2 | 4
            """
        ),
        VOCABULARY,
    )
    first, second = search.layouts
    assert [record.row for record in first.records] == [3, 4]
    assert addresses(second, "current.likelihood") == ["D8"]


def test_tables_beside_each_other_are_two_registers() -> None:
    gap = """
        Ref | Risk | L | I | R | | Ref | Risk | L | I | R
        C1 | Fire in the main archive | 3 | 4 | 12 | | S1 | Strike of the drivers | 2 | 2 | 4
        C2 | Flood in the main archive | 3 | 4 | 12 | | | | | |
        """
    first, second = find_registers(book(gap), VOCABULARY).layouts
    assert addresses(first, "reference") == ["A2", "A3"]
    assert addresses(second, "current.impact") == ["J2"]


def test_registers_on_several_sheets_are_all_found() -> None:
    register = "Ref | Risk | L | I | R\nC1 | Fire in the main archive | 3 | 4 | 12"
    search = find_registers(
        book(Corporate=register, Service=register, Rota="Day | Who"), VOCABULARY
    )
    assert [layout.sheet for layout in search.layouts] == ["Corporate", "Service"]
    assert search.left_alone == ("Rota",)


def test_headings_are_given_with_their_band_as_printed() -> None:
    text = LAYOUTS["police: merged bands over three scores, title above"][0]
    (layout,) = find_registers(book(text), VOCABULARY).layouts
    assert layout.headings["inherent.likelihood"] == "Inherent / L"
    assert layout.headings["description"] == "Risk description"
    assert layout.header_rows == (4, 5)


def test_an_empty_template_is_left_alone() -> None:
    search = find_registers(book("Ref | Risk | Likelihood | Impact | Score"), VOCABULARY)
    assert search.left_alone == ("Sheet1",)


@pytest.mark.parametrize(
    "record",
    [
        'L{n} | Risk {n} | "2" | "4" | "14"',
        "L{n} | Risk {n} | 2 - Unlikely | 4 - Major | 14",
        "L{n} | Risk {n} | Likely | Major | High",
        'L{n} | r | "2" | "4" | "14"',
    ],
)
def test_records_whose_words_are_headings_elsewhere_are_records(record: str) -> None:
    rows = "\n".join(record.format(n=n) for n in range(1, 7))
    table = f"Ref | Risk description | Likelihood | Impact | Risk rating\n{rows}"
    (layout,) = find_registers(book(Register=table), VOCABULARY).layouts
    assert len(layout.records) == 6
