"""Findings that the office has agreed to live with.

Why they come back by themselves: an acceptance is a decision with an end. After its review date
the finding stands in the list again and says so, instead of staying away for good.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xlgov.changes import Finding, FindingCodes, coded_finding
from xlgov.grid.dates import say_date
from xlgov.settings.values import Accepted

ANY = "*"
CODES: FindingCodes = {"accepted-unknown": ("warning", "Accepted finding that does not exist")}


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings that stay in the list, and those that somebody has accepted."""

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]


def sift_findings(findings: Iterable[Finding], accepted: Sequence[Accepted], as_of: date) -> Sifted:
    """The findings without those accepted on the as-of date (the review date itself included).

    A blank reference, or ``*``, accepts a finding about the file as a whole; a record's finding
    has to be accepted by its reference, or for every record by ``*``.
    """
    by_code: dict[tuple[str, str], list[Accepted]] = {}
    for each in accepted:
        key = (each.reference.strip().casefold(), each.finding.strip().casefold())
        by_code.setdefault(key, []).append(each)
    left: list[Finding] = []
    out: list[Finding] = []
    for finding in findings:
        agreed = [
            each
            for reference in {finding.record.casefold(), ANY}
            for code in (finding.code, ANY)
            for each in by_code.get((reference, code), ())
        ]
        if not agreed:
            left.append(finding)
        elif any(each.review_date is None or each.review_date >= as_of for each in agreed):
            out.append(finding)
        else:
            last = max(each.review_date for each in agreed if each.review_date is not None)
            expired = f"accepted until {say_date(last)}, now due for review"
            left.append(replace(finding, message=f"{finding.message} ({expired})"))
    return Sifted(tuple(left), tuple(out))


def check_accepted(
    accepted: Sequence[Accepted], references: Collection[str], codes: Collection[str]
) -> list[Finding]:
    """Accepted findings that name no record of the workbook, or no kind of finding there is.

    ``references`` are the labels of the records that were read; ``codes`` all that may be found.
    """
    known = {reference.casefold() for reference in references}
    findings = []
    for each in accepted:
        reference, code = each.reference.strip(), each.finding.strip().casefold()
        said = ""
        if reference not in ("", ANY) and reference.casefold() not in known:
            said = f"{reference} is not a record of this workbook"
        elif code != ANY and code not in codes:
            said = f"'{each.finding}' is not the code of a finding"
        if said:
            sheet, mark, place = each.where.rpartition("!")
            findings.append(
                coded_finding(
                    CODES,
                    "accepted-unknown",
                    f"{said}, so the acceptance has no effect",
                    record="" if reference == ANY else reference,
                    sheet=sheet,
                    address=place if mark else "",
                    remedy="Correct it or take it out of the accepted findings",
                )
            )
    return findings
