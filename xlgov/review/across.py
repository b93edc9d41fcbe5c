"""What workbooks say of each other: the findings between the files of one run.

Why the register's own references decide what a reference to a risk is: V1.1 is an action of the
plan and 7.2 a paragraph, and only a register with SR3.1 says that SR3.2 is a risk. Registers that
share most of their references are versions of one another, and what one of them has is known. A
workbook with a register of its own speaks of that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from xlgov.changes import Finding, FindingCodes, coded_finding, sort_findings
from xlgov.grid.cells import address
from xlgov.review.across_figures import check_figures
from xlgov.review.across_leads import check_leads
from xlgov.review.across_registers import Registers, RegisterSeen
from xlgov.review.file_records import CrossFindings, FileRecords, Mention, Place, RiskSeen
from xlgov.review.mentions import shape_of
from xlgov.settings.accepted import sift_findings

CODES: FindingCodes = {
    "risk-action-overdue": ("warning", "Overdue action on a risk above tolerance"),
    "risk-action-closed": ("note", "Closed action on a risk that is still above tolerance"),
    "risk-reference-unknown": ("warning", "Reference to a risk that is not in the register"),
    "risk-reference-other": ("warning", "Reference that seems to mean another risk"),
    "risk-summary-missing": ("warning", "Risk that a summary in another workbook lacks"),
    "figure-differs-between-files": ("warning", "Figure with another value in another workbook"),
    "lead-not-listed": ("warning", "Lead who is not in the list of leads"),
}
"""Severity and title by code."""


def check_across(files: Sequence[FileRecords]) -> CrossFindings:
    """The findings between files, by the path of the file that each is about.

    Files without findings are left out. Accepted findings are, too.
    """
    found: CrossFindings = {}
    if len(files) < 2:
        return found
    names = _file_names(files)
    registers = Registers(files)
    for file in files:
        said = [
            *_check_mentions(file, registers, names),
            *_check_summaries(file, registers, names),
        ]
        if said:
            found[file.path] = said
    for path, finding in (*check_figures(files, names, CODES), *check_leads(files, names, CODES)):
        found.setdefault(path, []).append(finding)
    for file in files:
        if file.path in found:
            day = file.as_of or date.today()
            left = sift_findings(found[file.path], file.accepted, day).findings
            found[file.path] = [replace(each, file=file.path) for each in sort_findings(left)]
    return {path: findings for path, findings in found.items() if findings}


def _file_names(files: Iterable[FileRecords]) -> dict[str, str]:
    """What to call each file in a sentence: its name, or its path where two have that name."""
    paths = [file.path for file in files]
    counted: dict[str, int] = {}
    for path in paths:
        name = Path(path).name
        counted[name] = counted.get(name, 0) + 1
    return {path: Path(path).name if counted[Path(path).name] == 1 else path for path in paths}


def _check_mentions(
    file: FileRecords, registers: Registers, names: dict[str, str]
) -> Iterator[Finding]:
    said: set[tuple[str, str, str]] = set()
    numbered: dict[str, bool] = {}
    beside: dict[tuple[str, str], list[Mention]] = {}
    for mention in file.mentions:
        shape = shape_of(mention.key)
        known = registers.spoken_of(file, shape)
        if shape not in numbered:
            numbered[shape] = registers.are_own_numbers(file, shape)
        if not known or numbered[shape]:
            continue
        risks = [(each, each.risks[mention.key]) for each in known if mention.key in each.risks]
        where = mention.record or mention.place.sheet
        if not risks:
            could_be = any(each.could_have(mention.key) for each in known)
            if could_be and ("unknown", where, mention.key) not in said:
                said.add(("unknown", where, mention.key))
                yield _unknown(mention, known, names)
            continue
        action = mention.action
        if action is not None and ("action", str(action.place), mention.key) not in said:
            said.add(("action", str(action.place), mention.key))
            yield from _check_action(mention, risks, names)
        beside.setdefault((where, mention.key), []).append(mention)
    for (_, key), mentions in beside.items():
        known = registers.spoken_of(file, shape_of(key))
        other = known[-1].meant_by(mentions)
        if other is not None and all(_is(each.meant_by(mentions), other) for each in known[:-1]):
            yield _another(mentions, known[-1], other, names)


def _is(risk: RiskSeen | None, other: RiskSeen) -> bool:
    return risk is not None and risk.key == other.key


def _unknown(mention: Mention, known: Sequence[RegisterSeen], names: dict[str, str]) -> Finding:
    nearest = min(
        known[-1].risks.values(),
        key=lambda risk: (_distance(risk.key, mention.key), risk.key),
    )
    return coded_finding(
        CODES,
        "risk-reference-unknown",
        f"{_subject(mention)} names {mention.reference}, which is not in "
        f"{' or '.join(dict.fromkeys(names[each.file.path] for each in known[-3:]))}",
        record=mention.record,
        sheet=mention.place.sheet,
        address=mention.place.address,
        remedy=f"Correct the reference (the nearest is {nearest.reference}), or add the risk",
        related=(_away(known[-1], nearest.place, names),),
    )


def _distance(first: str, second: str) -> int:
    """How many characters differ, place by place."""
    length = max(len(first), len(second))
    pairs = zip(first.ljust(length), second.ljust(length), strict=True)
    return sum(one != other for one, other in pairs)


def _another(
    mentions: Sequence[Mention],
    register: RegisterSeen,
    other: RiskSeen,
    names: dict[str, str],
) -> Finding:
    mention = mentions[0]
    own = register.risks[mention.key]
    return coded_finding(
        CODES,
        "risk-reference-other",
        f"{_subject(mention)} names {mention.reference}, but its words are those of "
        f"{other.reference} in {names[register.file.path]}",
        record=mention.record,
        sheet=mention.place.sheet,
        address=mention.place.address,
        remedy=f"Check which risk is meant, and correct the reference if it is {other.reference}",
        related=(
            _away(register, other.place, names),
            _away(register, own.place, names),
            *(str(each.place) for each in mentions[1:]),
        ),
    )


def _check_action(
    mention: Mention,
    risks: Sequence[tuple[RegisterSeen, RiskSeen]],
    names: dict[str, str],
) -> Iterator[Finding]:
    """Whether an action that is closed or overdue is on a risk that every version has as above."""
    action = mention.action
    register, risk = risks[-1]
    if action is None or any(each.rating is None for _, each in risks):
        return
    above = (
        f"{risk.reference} is above tolerance at {_number(risk.rating)} ({risk.tolerance}) "
        f"in {names[register.file.path]}"
    )
    is_closed = action.state == "closed"
    yield coded_finding(
        CODES,
        f"risk-action-{action.state}",
        f"{action.label} is {action.state} and {above}",
        record=action.label,
        sheet=action.place.sheet,
        address=action.place.address,
        remedy="Check that closing it was right, or that something else lowers the risk"
        if is_closed
        else "Bring the action forward to those who answer for the risk",
        related=(
            _away(register, risk.rating_place or risk.place, names),
            *([str(mention.place)] if mention.place != action.place else []),
        ),
    )


def _check_summaries(
    file: FileRecords, registers: Registers, names: dict[str, str]
) -> Iterator[Finding]:
    """Risks that a list of the risks outside any register of its file does not have.

    What it has too many are references that the register does not know.
    """
    columns: dict[tuple[str, int], list[Mention]] = {}
    for mention in file.mentions:
        if mention.is_leading and not mention.record:
            columns.setdefault((mention.place.sheet, mention.column), []).append(mention)
    said: set[str] = set()
    for (sheet, column), listed in columns.items():
        shapes = {shape_of(mention.key) for mention in listed}
        known = [each for shape in shapes for each in registers.spoken_of(file, shape)]
        for register in known[-1:]:
            missing = register.missing_from({mention.key for mention in listed}, len(listed))
            if any(other.risks.keys().isdisjoint(register.risks) for other in known):
                continue
            lacking = [
                risk
                for risk in missing
                if all(risk.key in other.risks for other in known) and sheet not in said
            ]
            said.add(sheet)
            below = Place(sheet, address(max(each.row for each in listed) + 1, column))
            for risk in lacking:
                yield coded_finding(
                    CODES,
                    "risk-summary-missing",
                    f"{risk.reference} is in {names[register.file.path]} but not in the summary "
                    f"on {sheet}",
                    record=risk.reference,
                    sheet=sheet,
                    address=below.address,
                    remedy="Add it to the summary",
                    related=(_away(register, risk.place, names),),
                )


def _subject(mention: Mention) -> str:
    return mention.record or mention.place.sheet


def _away(register: RegisterSeen, place: Place, names: dict[str, str]) -> str:
    return f"{names[register.file.path]}!{place}"


def _number(value: int | float | None) -> str:
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)
