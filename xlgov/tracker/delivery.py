"""Delivery plans: priority actions by theme, with leads, activity, RAG status and direction.

Why statuses are never written: they are a judgement of the office. What follows from two reports,
the direction of travel, is filled in where it is blank; where somebody typed another, that stands
and is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from xlgov.changes import FindingCodes, coded_finding
from xlgov.errors import FileError
from xlgov.grid.sheet import Neighbour, Workbook
from xlgov.settings.values import Settings
from xlgov.tracker.earlier import Earlier, first_of, same_words
from xlgov.tracker.entry import Entry, read_entries
from xlgov.tracker.examination import Examination
from xlgov.tracker.kind import Row, Tracker
from xlgov.tracker.plan import Line, read_key, read_lines, refine_plans
from xlgov.tracker.plan_headings import VOCABULARY
from xlgov.tracker.rag import STATUSES, Key, Status
from xlgov.tracker.travel import ARROWS, compare_statuses

CODES: FindingCodes = {
    "plan-reference-missing": ("warning", "Action without a reference"),
    "plan-reference-repeated": ("error", "Reference used twice"),
    "plan-reference-renumbered": ("warning", "Reference differs from the report before"),
    "plan-status-missing": ("warning", "No delivery status"),
    "plan-statuses-missing": ("note", "No delivery status on the whole plan"),
    "plan-status-unknown": ("warning", "Delivery status that is no known word"),
    "plan-status-differs": ("warning", "Status in words differs from its colour"),
    "plan-direction-unknown": ("warning", "Direction of travel cannot be read"),
    "plan-direction-differs": ("warning", "Direction of travel differs from the two reports"),
    "plan-no-response": ("warning", "Red or Yellow with nothing said about it"),
    "plan-lead-unknown": ("warning", "Lead who is not in the list of leads"),
    "plan-lead-changed": ("note", "Lead changed since the report before"),
    "plan-activity-unchanged": ("note", "Activity unchanged since the report before"),
    "plan-previous-missing": ("warning", "The report before cannot be read"),
}

_LEADS = ("opcc_lead", "delivery_lead")
_BETWEEN_LEADS = re.compile(r"\s*(?:[/,;&+]|\band\b)\s*", re.IGNORECASE)
_SHADES: dict[Status, str] = {"Green": "rag-green", "Yellow": "rag-yellow", "Red": "rag-red"}
_NO_STATUS = "without a status"


def read_plan(
    workbook: Workbook, settings: Settings, registers: Sequence[Sequence[Entry]]
) -> tuple[list[list[Line]], Key]:
    """The lines of every register of a plan, and the key of their statuses."""
    key = read_key(workbook, settings, registers)
    sheets = {entry.sheet for register in registers for entry in register[:1]}
    lines = [
        read_lines(workbook, settings, register, key, alone=len(sheets) < 2)
        for register in registers
    ]
    return lines, key


def describe_lines(
    workbook: Workbook, settings: Settings, registers: list[list[Entry]]
) -> Iterable[Row]:
    """What no single cell holds: theme, status and direction as they were understood."""
    for lines in read_plan(workbook, settings, registers)[0]:
        for line in lines:
            yield {
                "label": line.entry.label,
                "theme": line.theme or None,
                "rag": line.status,
                "travel": line.travel,
            }


def examine_plan(plan: Examination) -> None:
    """Fill in directions of travel, shade statuses in words, and find what is amiss."""
    registers, key = read_plan(plan.workbook, plan.settings, plan.registers)
    plan.registers = [[line.entry for line in lines] for lines in registers]
    lines = [line for register in registers for line in register]
    for status, kind in _SHADES.items():
        rgb = key.color(status)
        if rgb is not None:
            plan.key_colors[kind] = rgb
    _check_references(plan, lines)
    _check_statuses(plan, lines)
    for line in lines:
        _check_direction(plan, line)
        _check_response(plan, line)
        _check_leads(plan, line)
    earlier = _open_earlier(plan, lines)
    if earlier is not None:
        _compare(plan, lines, earlier)
    _count(plan, lines)


def _check_references(plan: Examination, lines: Sequence[Line]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        entry = line.entry
        if not entry.has("reference"):
            continue
        if not entry.text("reference") and not entry.text("activity_reference"):
            plan.find(
                "plan-reference-missing",
                entry,
                "reference",
                "has a priority action and no reference",
                "Give it one: the next report is compared by it",
            )
            continue
        is_action = line.reference == entry.label
        here = entry.address("reference" if is_action else "activity") or entry.first_address
        first = seen.setdefault((entry.sheet, entry.label.casefold()), here)
        if first != here:
            plan.find(
                "plan-reference-repeated",
                entry,
                "reference",
                f"stands twice, here and in {first}",
                "Number one of them anew",
                (first,),
            )


def _check_statuses(plan: Examination, lines: Sequence[Line]) -> None:
    stated = [line for line in lines if line.status or line.unread or line.is_excused]
    for line in lines:
        if line.repeated:
            continue
        entry, name = line.entry, line.status_field
        if line.unread:
            meant = f"; its colour says {line.fill}" if line.fill else ""
            plan.find(
                "plan-status-unknown",
                entry,
                name,
                f"shows {line.unread!r} for its status{meant}",
                f"Write one of {', '.join(STATUSES)}, or state what the word means in settings, "
                "under status_words",
            )
        elif stated and not line.status and not line.is_excused and entry.has(name):
            fill = entry.fill(name)
            colored = f"; its colour {fill} is none of the key" if fill else ""
            plan.find(
                "plan-status-missing",
                entry,
                name,
                f"has no delivery status{colored}",
                f"Give it one of {', '.join(STATUSES)}, as a word or by the colour of the key",
            )
        elif line.by_word and line.fill and not _agree(line.status, line.fill):
            plan.find(
                "plan-status-differs",
                entry,
                name,
                f"says {line.status} on a {line.fill.casefold()} cell",
                "Correct the word or the colour",
            )
        elif line.by_word and line.status in _SHADES and line.fill in (None, "White"):
            plan.shade(entry, name, _SHADES[line.status])
    if lines and not stated and any(line.entry.has(line.status_field) for line in lines):
        first = lines[0]
        plan.findings.append(
            coded_finding(
                plan.codes,
                "plan-statuses-missing",
                "No line of the plan has a delivery status; colours may have been lost on the way",
                sheet=first.entry.sheet,
                address=first.entry.address(first.status_field),
                remedy="Take them from the report that was printed, or state them anew",
            )
        )


def _agree(word: Status | None, fill: Status) -> bool:
    """Whether a word fits its colour; a white cell is only not coloured, and Complete is green."""
    return fill in (word, "White") or (word == "Complete" and fill == "Green")


def _check_direction(plan: Examination, line: Line) -> None:
    is_shared = line.travel_field == line.status_field
    if line.typed and line.travel is None and not (is_shared and line.unread):
        plan.find(
            "plan-direction-unknown",
            line.entry,
            line.travel_field,
            f"shows {line.typed!r} for its direction of travel",
            f"Write one of {' '.join(ARROWS.values())}",
        )


def _check_response(plan: Examination, line: Line) -> None:
    entry = line.entry
    if line.status not in ("Red", "Yellow") or entry.says("opportunities"):
        return
    if not (entry.has("opportunities") or entry.has("activity")):
        return
    if not any(letter.isalnum() for letter in line.activity) or not entry.says("activity"):
        plan.find(
            "plan-no-response",
            entry,
            "activity" if entry.has("activity") else "opportunities",
            f"is {line.status} and says neither what is done nor what could be",
            "Say what gets it back on track",
        )


def _check_leads(plan: Examination, line: Line) -> None:
    known = {same_words(lead) for lead in plan.settings.leads}
    for name in _LEADS:
        text = line.entry.text(name)
        if not known or not line.entry.says(name) or same_words(text) in known:
            continue
        strange = [
            lead
            for lead in _BETWEEN_LEADS.split(text)
            if same_words(lead) and same_words(lead) not in known
        ]
        if strange:
            plan.find(
                "plan-lead-unknown",
                line.entry,
                name,
                f"is led by {', '.join(strange)}, not in the list of leads",
                "Correct the lead, or add it to leads in settings",
            )


def _open_earlier(plan: Examination, lines: Sequence[Line]) -> Earlier | None:
    """The report before, as settings name it; a finding where it cannot be read."""
    name = plan.settings.previous
    if not name or not isinstance(plan.workbook, Neighbour) or not lines:
        return None
    said = ""
    try:
        book = plan.workbook.beside(name)
        said = "no other workbook of that name is in the folder" if book is None else ""
        if book is not None:
            search = DELIVERY.search(book, plan.settings)
            if search.is_empty:  # its headings may have been other ones than settings name now
                search = DELIVERY.search(book, replace(plan.settings, columns={}))
            day_first = plan.settings.day_first is not False
            registers = [read_entries(book, each, day_first) for each in search.layouts]
            parts, _ = read_plan(book, plan.settings, registers)
            found = [each for part in parts for each in part]
            if found:
                return Earlier(name, tuple(found))
            said = "it has no delivery plan"
    except FileError as error:
        said = str(error)
    plan.findings.append(
        coded_finding(
            plan.codes,
            "plan-previous-missing",
            f"Settings name {name} as the report before, but {said.rstrip('.')}; "
            "nothing was compared with it",
            remedy="Put it beside this workbook, or correct its name under previous in settings",
        )
    )
    return None


def _compare(plan: Examination, lines: Sequence[Line], earlier: Earlier) -> None:
    for line in first_of(lines):
        old = earlier.moved_from(line)
        if old:
            now = f"{line.reference} now" if line.reference else "has no reference now"
            said = f"was {old} in {earlier.name}; the same action is {now}"
        elif earlier.is_reused(line):
            said = f"stood for another action in {earlier.name}"
        else:
            continue
        plan.find(
            "plan-reference-renumbered",
            line.entry,
            "reference",
            said,
            "Keep the reference of an action from report to report",
        )
    for line in lines:
        before = earlier.find(line)
        if before is not None:
            _compare_line(plan, line, before, earlier.name)


def _compare_line(plan: Examination, line: Line, before: Line, name: str) -> None:
    entry = line.entry
    for field in _LEADS:
        was, now = before.entry.text(field), entry.text(field)
        if entry.has(field) and before.entry.has(field) and same_words(was) != same_words(now):
            title = "delivery lead" if field == "delivery_lead" else "lead"
            said = f"has the {title} {now or '(none)'}; in {name} it was {was or '(none)'}"
            plan.find("plan-lead-changed", entry, field, said)
    told = same_words(line.activity)
    if told and told == same_words(before.activity) and line.status != "Complete":
        said = f"says the same of its activity as in {name}"
        plan.find("plan-activity-unchanged", entry, "activity", said, "Bring it up to date")
    if line.repeated or not line.travel_field or not line.status or not before.status:
        return
    travel = compare_statuses(before.status, line.status, plan.settings.from_white is True)
    steps = f"{before.status} in {name}, {line.status} now"
    if entry.value(line.travel_field) is None:
        plan.change(entry, line.travel_field, ARROWS[travel], steps, "direction")
    elif line.travel is not None and line.travel != travel:
        plan.find(
            "plan-direction-differs",
            entry,
            line.travel_field,
            f"shows {line.typed} ({line.travel}); {steps}, gives {ARROWS[travel]}",
            "Correct the arrow, or the status",
        )


def _count(plan: Examination, lines: Sequence[Line]) -> None:
    """How many lines have which status: in all, and for each theme."""
    themes: dict[str, Counter[str]] = {}
    for line in lines:
        if not line.repeated and (line.status or not line.is_excused):
            themes.setdefault(line.theme, Counter())[line.status or _NO_STATUS] += 1
    order = (*STATUSES, _NO_STATUS)
    for status in order:
        plan.counts[status] += sum(counted[status] for counted in themes.values())
    if len(themes) > 1 or "" not in themes:
        plan.remarks += [
            f"{theme or 'No theme'}: "
            + ", ".join(f"{counted[status]} {status}" for status in order if counted[status])
            for theme, counted in themes.items()
        ]


DELIVERY = Tracker(
    name="delivery",
    title="Delivery plan",
    noun="line",
    vocabulary=VOCABULARY,
    codes=CODES,
    examine=examine_plan,
    shades={"rag-green": "green", "rag-yellow": "yellow", "rag-red": "red"},
    refine=refine_plans,
    describe=describe_lines,
)
