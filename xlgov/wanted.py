"""What the kinds of register want of a workbook, whichever hand has opened it.

Why apart from the files: the button in Excel and a refresh of a file ask the same questions in the
same order, so that both give one answer. What stands already, and what stands in the way, each
hand finds out for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlgov.changes import ChangeSet, Finding, Preview, sort_findings
from xlgov.grid.asof import printed_as_of
from xlgov.grid.sheet import Workbook
from xlgov.kinds import KINDS, Searched, search_kinds
from xlgov.settings import Settings, load_settings, resolve_as_of
from xlgov.settings.accepted import check_accepted
from xlgov.settings.values import Extra

if TYPE_CHECKING:
    from xlgov.kpi.period import Month


class Asked(NamedTuple):
    """What a caller asks for on top of what the workbook and its settings state."""

    as_of: date | None = None
    stale_after: int | None = None
    month: Month | None = None
    extras: frozenset[Extra] = frozenset()


class Wanted(NamedTuple):
    """What each kind asks for, by its name, and as one change set without any notes.

    ``searched`` is what each kind's search found, for callers that read on.
    """

    previews: Mapping[str, Preview]
    changes: ChangeSet
    searched: Mapping[str, Searched]


def state_settings(
    workbook: Workbook, path: str | Path | None, settings: Settings | None, asked: Asked | None
) -> Settings:
    """The settings in force, and the caller's wishes, which go before them.

    ``settings`` replaces what the workbook and ``xlgov.toml`` state. ``path`` is None for a book
    that is no file here.
    """
    if settings is None:
        fields = [name for kind in KINDS for name in kind.mapped]
        settings = load_settings(workbook, path, fields=fields)
    if asked is None:
        return settings
    if asked.stale_after is not None:
        settings = replace(settings, stale_after=asked.stale_after)
    if asked.month is not None:
        sources = {**settings.sources, "month": "--month"}
        settings = replace(settings, month=asked.month.first_day, sources=sources)
    return replace(settings, extras=asked.extras)


def want_changes(workbook: Workbook, settings: Settings, as_of: date | None) -> Wanted:
    """What every kind wants of a workbook. ``as_of`` goes before what the workbook states."""
    printed = printed_as_of(workbook, settings.day_first is not False)
    day, source = resolve_as_of(as_of, settings, printed, date.today())
    searched = search_kinds(workbook, settings)
    found = {}
    for kind in KINDS:
        each = kind.preview(workbook, settings, day, searched[kind.name])
        reports = tuple(replace(report, kind=kind.name) for report in each.reports)
        found[kind.name] = replace(each, reports=reports)
    previews = found.values()
    changes = ChangeSet(
        cells=tuple(cell for each in previews for cell in each.cells),
        styles=tuple(style for each in previews for style in each.styles),
        formats=tuple(rule for each in previews for rule in each.formats),
        sheets=tuple(sheet for each in previews for sheet in each.sheets),
        findings=tuple(_without_doubts(_all_findings(found, settings), searched)),
        reports=tuple(report for each in previews for report in each.reports),
        as_of=day,
        as_of_source=source,
    )
    return Wanted(found, changes, searched)


def _all_findings(found: Mapping[str, Preview], settings: Settings) -> list[Finding]:
    """The findings of every kind, worst first, and accepted ones that accept nothing."""
    findings = [finding for each in found.values() for finding in each.findings]
    if settings.accepted and any(each.reports for each in found.values()):
        from xlgov.review.across import CODES as ACROSS_CODES

        labels = frozenset().union(*(each.labels for each in found.values()))
        codes = {code: said for kind in KINDS for code, said in kind.codes.items()}
        codes |= ACROSS_CODES
        findings += check_accepted(settings.accepted, labels, codes)
    return sort_findings(findings)


def _without_doubts(
    findings: Iterable[Finding], searched: Mapping[str, Searched]
) -> Iterable[Finding]:
    """Without doubts of one kind about a sheet that another kind has recognised."""
    sure = {sheet for each in searched.values() for sheet in each.sheets}
    return (
        each for each in findings if not (each.code == "register-unclear" and each.sheet in sure)
    )
