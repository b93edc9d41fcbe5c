"""Decisions as they are notified: a record number, a date, a subject, what was decided.

Why gaps are silent unless settings say that the list is complete: a paper notifies what was decided
since the last meeting, and the numbers between are in other papers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xlgov.changes import FindingCodes
from xlgov.grid.dates import say_date
from xlgov.grid.records import Layout, Search
from xlgov.grid.sheet import Workbook
from xlgov.settings.values import Settings
from xlgov.tracker.entry import Entry, read_entries
from xlgov.tracker.examination import Examination
from xlgov.tracker.headings import DECISIONS as VOCABULARY
from xlgov.tracker.kind import Tracker
from xlgov.tracker.record_number import (
    Frame,
    RecordNumber,
    correct_form,
    is_in_form,
    missing_runs,
    out_of_order,
    parse_number,
)
from xlgov.tracker.section import read_titles

CODES: FindingCodes = {
    "decision-number-missing": ("warning", "Decision without a record number"),
    "decision-number-form": ("warning", "Record number in another form"),
    "decision-number-repeated": ("error", "Record number used twice"),
    "decision-number-gap": ("warning", "Record numbers missing from a complete list"),
    "decision-year-differs": ("note", "Record number of another year than its date"),
    "decision-out-of-order": ("note", "Decision out of date order"),
    "decision-dated-ahead": ("warning", "Decision dated after today"),
}


def is_decision_list(workbook: Workbook, layout: Layout) -> bool:
    """Whether most numbers of a table are those of decision records, of a year and a serial.

    A column headed *Decision* does not make a list of requests one of decisions; *Decision number*
    beside a date and what was decided does, whatever its numbers are.
    """
    typed = [entry.text("record") for entry in read_entries(workbook, layout)]
    numbered = sum(parse_number(text) is not None for text in typed)
    headings = [layout.headings.get(name, "") for name in ("record", "subject")]
    named = "decision" in " ".join([*headings, *read_titles(workbook, layout)]).casefold()
    if "decision" in headings[0].casefold() and {"date", "decision"} <= layout.headings.keys():
        return any(letter.isdigit() for text in typed for letter in text)
    return named and numbered > 0 and numbered * 2 >= sum(map(bool, typed))


def keep_decision_lists(workbook: Workbook, found: Search) -> Search:
    """Without tables of another subject that have a number and a title too."""
    layouts = tuple(each for each in found.layouts if is_decision_list(workbook, each))
    return found._replace(layouts=layouts)


def examine(examination: Examination) -> None:
    """Numbers in form, repeats, dates and order; gaps where the list is complete."""
    entries = list(examination.entries)
    numbers = {
        id(entry): number for entry in entries if (number := parse_number(entry.text("record")))
    }
    form = correct_form(numbers.values())
    first: dict[tuple[str, int, int], Entry] = {}
    for entry in entries:
        _check_number(examination, entry, numbers.get(id(entry)), form, first)
    for register in examination.registers:
        _check_order(examination, register)
    if examination.settings.complete:
        held = {id(number): entry for entry in entries if (number := numbers.get(id(entry)))}
        for number, low, high in missing_runs(numbers.values()):
            runs = _say_run(number, low, high, form)
            examination.find(
                "decision-number-gap",
                held[id(number)],
                "record",
                f"comes after a gap: {runs}",
                "Add the decisions, or take complete out of settings",
            )


def _check_number(
    examination: Examination,
    entry: Entry,
    number: RecordNumber | None,
    form: tuple[Frame, int] | None,
    first: dict[tuple[str, int, int], Entry],
) -> None:
    if not entry.says("record"):
        subject = entry.text("subject")
        examination.find(
            "decision-number-missing", entry, "record", f"has no record number: {subject}"
        )
    elif form and (number is None or not is_in_form(number, form)):
        wanted = number.typed(*form) if number else _example(form)
        like = "in the form of the others it is" if number else "the others are such as"
        examination.find(
            "decision-number-form", entry, "record", f"is in another form; {like} {wanted}"
        )
    day = entry.day("date")
    if day is not None and day > examination.as_of:
        said = f"is dated {say_date(day)}, after {say_date(examination.as_of)}"
        examination.find("decision-dated-ahead", entry, "date", said)
    if number is not None:
        _, year, _ = number.key
        # One of the financial year, or given in December and signed in spring, is a year behind.
        if day is not None and not (year == day.year or (year == day.year - 1 and day.month < 5)):
            said = f"is numbered in {year} and dated {say_date(day)}"
            examination.find("decision-year-differs", entry, "date", said)
    elif not entry.says("record"):
        return
    key = number.key if number else (entry.text("record").casefold(), 0, 0)
    other = first.setdefault(key, entry)
    if other is not entry and not _is_same_notice(other, entry):
        examination.find(
            "decision-number-repeated",
            entry,
            "record",
            f"is also the number of {other.text('subject') or other.label} in "
            f"{other.sheet}!{other.address('record')}",
            related=(f"{other.sheet}!{other.address('record')}",),
        )


def _is_same_notice(one: Entry, other: Entry) -> bool:
    """Whether a decision is listed again, as a list of the year repeats those of a meeting."""
    subjects = [" ".join(each.text("subject").casefold().split()) for each in (one, other)]
    return one.layout is not other.layout and subjects[0] == subjects[1]


def _check_order(examination: Examination, register: list[Entry]) -> None:
    dated = [(entry, day) for entry in register if (day := entry.day("date"))]
    for place in out_of_order([day for _, day in dated]):
        entry, day = dated[place]
        examination.find(
            "decision-out-of-order", entry, "date", f"({say_date(day)}) is out of date order"
        )


def _example(form: tuple[Frame, int]) -> str:
    return RecordNumber("", "2017", "", "1").typed(*form)


def _say_run(number: RecordNumber, low: int, high: int, form: tuple[Frame, int] | None) -> str:
    frame, width = form or (number.frame, len(number.serial))
    ends = [number._replace(serial=str(serial)).typed(frame, width) for serial in (low, high)]
    if low == high:
        return f"{ends[0]} is not in the list"
    return f"{ends[0]} to {ends[1]} are not in the list"


DECISIONS = Tracker(
    "decisions",
    "Decisions",
    "decision",
    VOCABULARY,
    CODES,
    examine,
    reference="record",
    refine=keep_decision_lists,
)


def list_decided(workbook: Workbook, settings: Settings) -> Iterator[tuple[Entry, date | None]]:
    """Every decision of a workbook with its date, for what looks ahead to decisions."""
    for layout in DECISIONS.search(workbook, settings).layouts:
        for entry in read_entries(workbook, layout, settings.day_first is not False, "record"):
            yield entry, entry.day("date")
