"""What a refresh would do to the risk registers of a workbook, as values. Writes nothing.

Why a correction is a finding too: ``check`` prints what is wrong whether or not anybody
refreshes. The two are told to belong together by their cell: a finding whose sheet and address
are those of a ``CellChange`` is one that a refresh corrects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from xlgov.changes import (
    CellChange,
    Finding,
    FormatRule,
    Formula,
    Preview,
    Report,
    StyleChange,
    sort_findings,
)
from xlgov.grid.asof import is_our_own
from xlgov.grid.recognised import say_layouts
from xlgov.grid.records import Layout, Search
from xlgov.grid.search import find_registers
from xlgov.grid.sheet import Workbook
from xlgov.risk.assessment import ASSESSMENTS, AssessmentName
from xlgov.risk.codes import make_finding
from xlgov.risk.findings import STALE_AFTER, check_date_order, check_risks, list_board
from xlgov.risk.formats import make_formats
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.rating import Rater
from xlgov.risk.references import check_references, check_summary, find_summaries
from xlgov.risk.register import Register, read_registers
from xlgov.risk.scheme import Choice, Key, choose_scheme, read_key
from xlgov.settings.accepted import sift_findings
from xlgov.settings.values import Settings

if TYPE_CHECKING:
    from xlgov.risk.native import FormulaPlan

_LONGEST_TITLE = 80
_TITLE = re.compile(r"\brisks?\b.*\b(register|log|profile|framework)\b|assurance framework", re.I)


@dataclass(slots=True)
class _Part:
    """The outcome for one register, before accepted findings are taken out."""

    register: Register
    report: Report
    changes: list[CellChange]
    formats: list[FormatRule]
    findings: list[Finding]
    styles: list[StyleChange]


def search_registers(workbook: Workbook, settings: Settings, skip: Collection[str] = ()) -> Search:
    """The risk registers of a workbook; our own sheets and those in ``skip`` are not looked at."""
    known = {field.name for field in VOCABULARY.fields}
    mapping = {name: said for name, said in settings.columns.items() if name in known}
    passed = {*skip, *(sheet.name for sheet in workbook.sheets if is_our_own(sheet.name))}
    return find_registers(workbook, VOCABULARY, mapping, skip=passed)


def preview_registers(
    workbook: Workbook, settings: Settings, as_of: date, search: Search | None = None
) -> Preview:
    """What to write into the risk registers of a workbook, and what was found.

    Raises SettingsError where the column mapping names a field that a register does not have.
    """
    found = search_registers(workbook, settings) if search is None else search
    doubts = [_doubt(unsure.sheet, unsure.message) for unsure in found.unsure]
    if not found.layouts:
        return Preview(findings=tuple(doubts))
    registers = read_registers(workbook, found.layouts, settings)
    key = read_key(workbook, registers)
    choices = [choose_scheme(workbook, register, settings, key) for register in registers]
    plan = _plan(workbook, settings, found, registers, choices)
    parts = [
        _preview_register(workbook, register, choice, settings, key, as_of, plan)
        for register, choice in zip(registers, choices, strict=True)
    ]
    cells: list[CellChange] = []
    styles = list(plan.styles) if plan else []
    findings = list(doubts)
    reports = []
    for part in parts:
        sifted = sift_findings(part.findings, settings.accepted, as_of)
        agreed = {(finding.sheet, finding.address) for finding in sifted.accepted}
        cells += [change for change in part.changes if (change.sheet, change.address) not in agreed]
        styles += [each for each in part.styles if (each.sheet, each.address) not in agreed]
        findings += sifted.findings
        reports.append(replace(part.report, accepted=len(sifted.accepted)))
    file_wide = [*_note_assumed(choices), *(plan.findings if plan else ())]
    sifted = sift_findings(file_wide, settings.accepted, as_of)
    findings += sifted.findings
    if sifted.accepted:
        reports[0] = replace(reports[0], accepted=reports[0].accepted + len(sifted.accepted))
    return Preview(
        tuple(cells),
        tuple(styles),
        sheets=plan.sheets if plan else (),
        formats=tuple(rule for part in parts for rule in part.formats),
        findings=tuple(sort_findings(findings)),
        reports=tuple(_with_layouts(reports, found.layouts)),
        labels=frozenset(risk.label for register in registers for risk in register.risks),
    )


def _plan(
    workbook: Workbook,
    settings: Settings,
    found: Search,
    registers: Sequence[Register],
    choices: Sequence[Choice],
) -> FormulaPlan | None:
    """What formulas can rely on, where they are asked for or stand; what knows is imported then."""
    if "formulas" not in settings.extras and not any(each.own_formulas for each in registers):
        return None
    from xlgov.risk.native import plan_formulas

    return plan_formulas(workbook, settings, found, registers, choices)


def _with_layouts(reports: Sequence[Report], layouts: Sequence[Layout]) -> list[Report]:
    """The reports, each with how its sheets were read; every sheet is spoken of once."""
    told = []
    unsaid = list(layouts)
    for report in reports:
        said = [layout for layout in unsaid if layout.sheet in report.sheets]
        unsaid = [layout for layout in unsaid if layout.sheet not in report.sheets]
        told.append(replace(report, recognised=say_layouts(said)))
    return told


def _preview_register(
    workbook: Workbook,
    register: Register,
    choice: Choice,
    settings: Settings,
    key: Key,
    as_of: date,
    plan: FormulaPlan | None,
) -> _Part:
    scheme = choice.scheme
    rater = Rater(scheme, register.likelihood_words, register.impact_words, _fillable(register))
    stale_after = STALE_AFTER if settings.stale_after is None else settings.stale_after
    findings = [choice.finding] if choice.finding else []
    of_risks = check_risks(register, rater, as_of, stale_after)
    # Where the words are unknown throughout, one sentence has said so already.
    findings += (f for f in of_risks if not (choice.unread and f.code == "score-unreadable"))
    findings += check_references(register)
    findings += check_date_order(register)
    sheets = {layout.sheet for layout in register.layouts}
    others = {
        info.name: key.glances[info.name]
        for info in workbook.sheets
        if info.name in key.glances and info.name not in sheets and info.state == "visible"
    }
    for summary in find_summaries(register, others):
        findings += check_summary(register, summary)
    changes, styles = _corrections(register, rater), []
    if plan is not None:
        from xlgov.risk.native_cells import give_formulas

        given = give_formulas(workbook, register, rater, plan, changes)
        changes, styles = given.cells, given.styles
        findings += given.findings
    remarks = list(choice.remarks)
    formats: list[FormatRule] = []
    if scheme is not None:
        calculated = {(c.sheet, c.address) for c in changes if isinstance(c.after, Formula)}
        formats, said = make_formats(workbook, register, scheme, settings, calculated)
        remarks += said
    report = Report(
        kind=register.layouts[0].kind,
        title=_title(register, key),
        sheets=register.sheets,
        records=len(register.risks),
        board=list_board(register, rater),
        tolerance=scheme.tolerance_words if scheme else "",
        remarks=tuple(remarks),
        noun="risk",
    )
    return _Part(register, report, changes, formats, findings, styles)


def _corrections(register: Register, rater: Rater) -> list[CellChange]:
    changes = []
    for risk in register.risks:
        for assessment in risk.assessments():
            for verdict in rater.rate(assessment).verdicts:
                score = assessment.score(verdict.measure)
                if verdict.after is None or score is None:
                    continue
                place = risk.address(f"{assessment.name}.{verdict.measure}")
                measure = "level" if verdict.measure == "band" else verdict.measure
                changes.append(
                    CellChange(
                        risk.sheet,
                        place,
                        score.raw,
                        verdict.after,
                        verdict.reason,
                        measure,
                        risk.label,
                        f"{assessment.name}.{verdict.measure}",
                    )
                )
    return changes


def _fillable(register: Register) -> frozenset[AssessmentName]:
    """The assessments whose blank ratings get a number: not those that give levels in words."""
    worded = {
        assessment.name
        for risk in register.risks
        for assessment in risk.assessments()
        if assessment.rating and assessment.rating.problem
        if assessment.rating.problem.kind == "level"
    }
    return frozenset(name for name in ASSESSMENTS if name not in worded)


def _note_assumed(choices: Sequence[Choice]) -> list[Finding]:
    """One note for the file where the edges of the bands in force were stated by nobody."""
    schemes = [choice.scheme for choice in choices if choice.scheme is not None]
    assumed = next((scheme for scheme in schemes if scheme.bands_assumed), None)
    if assumed is None:
        return []
    edges = ", ".join(f"{band.name} {band.lowest}-{band.highest}" for band in assumed.bands)
    return [
        make_finding(
            "band-edges-assumed",
            f"The edges of the bands are assumed: {edges}",
            remedy="Confirm them by stating the bands in the xlgov sheet (xlgov init adds one)",
        )
    ]


def _title(register: Register, key: Key) -> str:
    """The title printed above the register, where it names one; else what it is."""
    layout = register.layouts[0]
    grid = key.glances.get(layout.sheet)
    first = min(layout.header_rows, default=0) or _first_row(register)
    for cell in grid.cells() if grid else ():
        if cell.row >= first:
            break
        text = " ".join(cell.value.split()) if isinstance(cell.value, str) else ""
        if len(text) <= _LONGEST_TITLE and _TITLE.search(text):
            return text
    return "Risk register"


def _first_row(register: Register) -> int:
    record = register.layouts[0].records[0]
    return min((row for row, _ in record.cells.values()), default=0)


def _doubt(sheet: str, message: str) -> Finding:
    return make_finding(
        "register-unclear",
        message,
        sheet=sheet,
        remedy="Say in the settings, under columns, which column is which",
    )
