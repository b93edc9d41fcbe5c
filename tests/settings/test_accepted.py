"""Findings that the office lives with: which leave the list, come back, or mean nothing."""

from datetime import date

from xlgov.changes import Finding
from xlgov.settings import Accepted
from xlgov.settings.accepted import check_accepted, sift_findings

AS_OF = date(2018, 3, 31)


def late(record: str) -> Finding:
    return Finding("warning", "reading-late", record, "Data", "B2", f"{record} is late")


def test_a_finding_stays_away_to_its_review_date_and_then_comes_back_and_says_so() -> None:
    findings = [late("Hate Crime"), late("KSI")]
    for review, left in ((AS_OF, 1), (date(2018, 3, 30), 2), (None, 1)):
        accepted = [Accepted("hate crime", "Reading-Late", review_date=review)]
        assert len(sift_findings(findings, accepted, AS_OF).findings) == left
    accepted = [Accepted("KSI", "*", review_date=date(2018, 3, 30))]
    back = sift_findings(findings, accepted, AS_OF).findings[1]
    assert back.message == "KSI is late (accepted until 30 March 2018, now due for review)"


def test_an_acceptance_of_nothing_that_exists_is_a_finding_where_it_stands() -> None:
    accepted = [
        Accepted("Hate Crime", "reading-late"),
        Accepted("*", "*"),
        Accepted("", "reading-late"),
        Accepted("Burglary", "*", where="xlgov!A40"),
        Accepted("*", "reading-early", where="xlgov.toml line 3"),
    ]
    found = check_accepted(accepted, ["HATE CRIME"], {"reading-late"})
    assert [(each.severity, each.code, each.sheet, each.address) for each in found] == [
        ("warning", "accepted-unknown", "xlgov", "A40"),
        ("warning", "accepted-unknown", "", ""),
    ]
    assert found[0].message.startswith("Burglary is not a record of this workbook")
    assert found[1].message.startswith("'reading-early' is not the code of a finding")
