"""What a refresh would do to a workbook file: the change set for the file hand.

Why apart from ``operations``: those open and write files; this looks at one that is open. The Excel
hand has its own, ``excel.judging``, and both ask ``wanted``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from xlgov.changes import ChangeSet, Finding
from xlgov.grid.records import Search
from xlgov.grid.search import expected_columns
from xlgov.journal.hashes import hash_values
from xlgov.kinds import KINDS, RISK, Searched
from xlgov.ooxml.links import outside_links
from xlgov.ooxml.reader import WorkbookFile
from xlgov.present import (
    noted,
    wanted_notes,
    without_obstacles,
    without_present_formats,
    without_present_sheets,
)
from xlgov.settings import Settings
from xlgov.wanted import Asked, state_settings, want_changes


class Judged(NamedTuple):
    """The change set of a workbook, the settings in force, and what each kind's search found."""

    changes: ChangeSet
    settings: Settings
    searched: Mapping[str, Searched]


def judge_file(
    workbook: WorkbookFile, path: str | Path, settings: Settings | None, asked: Asked
) -> Judged:
    """What an open workbook file needs, and what was found in it. Writes nothing.

    ``settings`` replaces what the workbook and ``xlgov.toml`` state. Raises SettingsError, and the
    file errors.
    """
    stated = state_settings(workbook, path, settings, asked)
    expect_registers(workbook, stated)
    wanted = want_changes(workbook, stated, asked.as_of)
    notes, taken = wanted_notes(workbook, wanted.previews.values(), asked="notes" in asked.extras)
    changes = replace(
        wanted.changes,
        cells=tuple(noted(workbook, change) for change in wanted.changes.cells),
        notes=notes,
        findings=(*wanted.changes.findings, *taken, *_note_links(workbook, wanted.changes)),
        source_hash=workbook.package.sha256(),
        settings_hash=hash_values(stated),
    )
    if _names_ratings(workbook):
        changes = replace(changes, names=rating_names(workbook, stated, wanted.searched))
    changes = without_obstacles(workbook, changes)
    changes = without_present_formats(workbook, without_present_sheets(workbook, changes))
    return Judged(changes, stated, wanted.searched)


def _note_links(workbook: WorkbookFile, changes: ChangeSet) -> tuple[Finding, ...]:
    """One note on a register that takes values from outside the workbook."""
    links = outside_links(workbook.parts, workbook.book.part) if changes.reports else ()
    if not links:
        return ()
    kinds = Counter(link.kind for link in links)
    said = " and ".join(f"{number} {kind}{'s' * (number > 1)}" for kind, number in kinds.items())
    return (
        Finding(
            "note",
            "outside-links",
            "",
            "",
            "",
            f"The workbook takes values from outside: {said}; left as they are, not followed",
            "Data, Edit Links in Excel shows them",
            title="Values from outside",
        ),
    )


def _names_ratings(workbook: WorkbookFile) -> bool:
    """Whether macros find ratings here by names of ours."""
    hidden = workbook.book.hidden_names()
    if not hidden:
        return False
    from xlgov.risk.ranges import is_range_name

    return any(map(is_range_name, hidden))


def rating_names(
    workbook: WorkbookFile,
    settings: Settings,
    searched: Mapping[str, Searched],
    shown: Collection[str] = (),
) -> tuple[tuple[str, str | None], ...]:
    """The names by which a macro finds the ratings, where they do not stand so already.

    ``shown`` are names that the settings sheet is about to have.
    """
    from xlgov.risk.ranges import name_ratings, settle_names

    found = searched[RISK]
    assert isinstance(found, Search)
    names = {**workbook.book.names(), **dict.fromkeys(shown, "")}
    hidden = [name for name in workbook.book.hidden_names() if name not in shown]
    wanted, gone = settle_names(name_ratings(workbook, settings, found), names, hidden)
    standing = {name.casefold(): refers for name, refers in names.items()}
    new = [(name, refers) for name, refers in wanted if standing.get(name.casefold()) != refers]
    return (*new, *((name, None) for name in gone))


def expect_registers(workbook: WorkbookFile, settings: Settings, whole: bool = False) -> None:
    """Let the reader take the columns of registers on its first way through a large sheet.

    With ``whole`` the long texts in them too, which a comparison reads and a preview does not.
    """
    headings = [kind.headings for kind in KINDS if kind.headings is not None]
    expect = partial(expected_columns, vocabularies=headings, mapping=settings.columns)
    workbook.expect = (lambda grid: (expect(grid)[0], frozenset())) if whole else expect
