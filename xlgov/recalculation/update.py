"""What formulas show once changes are made, added to the change set that makes them.

The engine recalculates two temporary copies in one start: the file as it is, and the file with the
changes made. Why two: what it gives for the file as it is tells where it agrees with Excel, whose
values are stored there. Only where it does is its value for the changed file taken; where both
differ already, nothing that the engine says of the cell is believed, and a finding says so. The
second copy costs 0.7 s of 2.7 on ordinary files; an update that is sometimes wrong is none.

Why not always the same evidence: a workbook that waits to be recalculated (``fullCalcOnLoad``, as
every refresh leaves it, and as libraries write it) says itself that its values may be stale, so a
difference proves nothing there. Of the formulas that look into question then, those are taken on
which engines agree by all that is known (``engine_differences``), and no others. So a refresh
without updating, followed by one with it, comes out right.

No engine is started where no formula can depend on what changed and nothing waits.

Nothing is written here: the values are cells of the change set like all others, and reach the file
in the same write or not at all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xlgov.changes import Cached, CellChange, ChangeSet, sort_findings
from xlgov.errors import FileError
from xlgov.grid.cells import Value, address, parse_address
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.package import Package
from xlgov.ooxml.reader import open_workbook
from xlgov.recalculation.dependence import Place
from xlgov.recalculation.formulas_of import (
    WorkbookFormulas,
    hidden_in_merges,
    read_formulas,
    shown_values,
)
from xlgov.recalculation.judgement import Shown, judge
from xlgov.recalculation.left_alone import Left, left_findings
from xlgov.recalculation.libreoffice import Engine, LibreOffice, find_libreoffice
from xlgov.recalculation.sealed import seal


def update_formulas(
    path: str | Path, changes: ChangeSet, engine: Engine | None = None
) -> ChangeSet:
    """The change set, and what the workbook's formulas show once it is applied. Writes nothing.

    A formula whose value is not taken keeps the one that it shows, and a finding says why. Without
    an ``engine`` it is LibreOffice.

    Raises UsageError where there is no LibreOffice, FileError where it fails or takes too long,
    and what ``apply`` raises for changes that cannot be made.
    """
    if engine is None:
        engine = LibreOffice(find_libreoffice())
    Package.open(path).close()  # what is wrong with the file itself is said of it
    try:
        with tempfile.TemporaryDirectory(prefix="xlgov-", ignore_cleanup_errors=True) as folder:
            return _update(Path(path), changes, engine, Path(folder))
    except OSError as error:
        raise FileError(
            f"{Path(path).name}: no temporary copy to update its formulas with could be made "
            f"({error.strerror or error}); nothing was written. Make room, or run without "
            "--update-formulas."
        ) from error


def _update(path: Path, changes: ChangeSet, engine: Engine, folder: Path) -> ChangeSet:
    # Under its own name, which messages give; and all is read from one state of the file.
    before, after = folder / "before" / path.name, folder / "after" / path.name
    for copy in (before, after):
        copy.parent.mkdir()
    shutil.copyfile(path, before)
    own = set(_places(changes))
    own_sheets = {each.name.casefold() for each in changes.sheets}
    with open_workbook(before) as workbook:
        formulas = read_formulas(workbook)
        reached = formulas.dependence.reached(own, own_sheets)
        waits = formulas.calculation.is_due
        places = set(formulas.cells) if waits else reached
        places = {at for at in places if at not in own and at[0] not in own_sheets}
        places -= hidden_in_merges(workbook, places)
        obstacle = _obstacle(formulas)
        if not places:
            return changes
        if obstacle:
            left = [Left(at, obstacle, True) for at in places if at in reached]
            return _with(changes, formulas, [], left)
        shown = shown_values(workbook, places)
        certain = formulas.certain(workbook) if waits else set()
    copies = [before]
    if not changes.is_empty:
        apply_changes(changes, before, after, break_signature=True)
        copies.append(after)
    name, (old, *new) = _compute(copies, engine, folder, places)
    judged = judge(formulas, reached, shown, old, new[0] if new else old, name, certain)
    order = list(formulas.names)
    cells = [
        CellChange(
            formulas.names[at[0]],
            address(at[1], at[2]),
            shown[at],
            Cached("" if value is None else value),
            f"recalculated by {name}",
        )
        for at, value in sorted(
            judged.taken.items(), key=lambda each: (order.index(each[0][0]), each[0][1:])
        )
    ]
    return _with(changes, formulas, cells, judged.left)


def _places(changes: ChangeSet) -> Iterator[Place]:
    """The cells of a change set; addresses that are none are for ``apply`` to refuse."""
    for each in changes.cells:
        try:
            yield each.sheet.casefold(), *parse_address(each.address)
        except ValueError:
            continue


def _compute(
    copies: Sequence[Path], engine: Engine, folder: Path, places: Collection[Place]
) -> tuple[str, list[Shown]]:
    """The engine's name, and what it gives for the formulas of each copy."""
    sealed, done = folder / "sealed", folder / "done"
    sealed.mkdir()
    done.mkdir()
    states = [sealed / f"{copy.parent.name}{copy.suffix}" for copy in copies]
    for copy, state in zip(copies, states, strict=True):
        seal(copy, state)
        copy.unlink()
    name = engine(states, done)
    values: list[dict[Place, Value]] = []
    for state in states:
        with open_workbook(done / f"{state.stem}.xlsx") as workbook:
            values.append(shown_values(workbook, places))
    return name, list(values)


def _obstacle(formulas: WorkbookFormulas) -> str:
    """Why no value of the engine is taken in the whole workbook, in words; "" where they are."""
    if formulas.calculation.iterates:
        return "are calculated round and round (iterative calculation)"
    if formulas.calculation.as_displayed:
        return "are calculated from rounded numbers (precision as displayed)"
    return ""


def _with(
    changes: ChangeSet,
    formulas: WorkbookFormulas,
    cells: Sequence[CellChange],
    left: Sequence[Left],
) -> ChangeSet:
    findings = left_findings(left, formulas.names)
    if not cells and not findings:
        return changes
    return replace(
        changes,
        cells=(*changes.cells, *cells),
        findings=tuple(sort_findings([*changes.findings, *findings])),
    )
