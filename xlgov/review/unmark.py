"""Marks taken off again: every cell that still shows its mark becomes what it was.

Why a cell that was edited is left: somebody has worked on it since, and what they wrote is worth
more than our mark. It is named, so that they can take the red off by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlgov.changes import (
    CellChange,
    ChangeSet,
    Finding,
    FindingCodes,
    SheetChange,
    StoredCell,
    coded_finding,
)
from xlgov.review.marked_cells import Cells, SeenCell
from xlgov.review.marks_sheet import MARKS_SHEET, Mark, Marks, read_marks

RED = "FF0000"

MARK_CODES: FindingCodes = {
    "mark-left": ("warning", "Marked cell that was edited since"),
    "marks-moved": ("warning", "Marked cells that are no longer where they were"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The marks of a workbook that still show, by sheet and address; and those that do not."""

    marks: Marks | None
    intact: dict[tuple[str, str], Mark]
    edited: tuple[Mark, ...]
    seen: dict[tuple[str, str], SeenCell]

    @property
    def is_moved(self) -> bool:
        """Whether the cells moved and were not edited: most of them hold something else now."""
        held = {key: cell.value for key, cell in self.seen.items()}
        others = [
            mark
            for mark in self.edited
            if mark.stored and held.get((mark.sheet, mark.address)) != mark.stored.shows
        ]
        return len(others) > max(1, (len(self.intact) + len(self.edited)) // 2)


def read_standing(cells: Cells) -> Standing:
    """The marks that a workbook's own sheet of them lists, each looked up in its cell."""
    marks = read_marks(cells.text(MARKS_SHEET))
    intact: dict[tuple[str, str], Mark] = {}
    edited: list[Mark] = []
    listed = [each for each in marks.marks if each.change is not None] if marks else []
    seen: dict[tuple[str, str], SeenCell] = {}
    for sheet in dict.fromkeys(mark.sheet for mark in listed):
        if cells.has_sheet(sheet):
            found = cells.see(sheet, {mark.address for mark in listed if mark.sheet == sheet})
            seen |= {(sheet, address): cell for address, cell in found.items()}
    for mark in listed:
        key = mark.sheet, mark.address
        assert mark.change is not None and mark.stored is not None
        if key in seen and cells.still_shows(*key, mark.change, mark.stored):
            intact[key] = mark
        else:
            edited.append(mark)
    return Standing(marks, intact, tuple(edited), seen)


def left_findings(edited: Iterable[Mark]) -> tuple[Finding, ...]:
    """A finding for each marked cell that was left because somebody has edited it."""
    return tuple(
        coded_finding(
            MARK_CODES,
            "mark-left",
            f"{mark.heading or 'The cell'} was edited after it was marked; it was left as it is",
            record=mark.record,
            sheet=mark.sheet,
            address=mark.address,
            remedy="Take what is left of the mark off in Excel",
        )
        for mark in edited
    )


def _moved_findings(standing: Standing) -> tuple[Finding, ...]:
    number, first = len(standing.edited), standing.edited[0]
    return (
        coded_finding(
            MARK_CODES,
            "marks-moved",
            f"{number} of {number + len(standing.intact)} marks do not show in the cells that the "
            f"sheet {MARKS_SHEET} names: rows were moved, or a sheet was renamed. They and the "
            "sheet were left",
            sheet=first.sheet,
            address=first.address,
            remedy="Put rows and names of sheets back and unmark again, or use --all-red",
        ),
    )


def unmark_changes(
    cells: Cells, source_hash: str, texts: Iterable[tuple[str, str]] | None = None
) -> ChangeSet:
    """What takes all marks of ours off a workbook, and the sheet of them out of it.

    The sheet stays where rows or sheets moved since: it is all that tells what is to be undone.
    ``texts`` are cells (sheet, address) in which any other red is taken off too; None for none.
    """
    standing = read_standing(cells)
    after = {key: mark.stored for key, mark in standing.intact.items()}
    for key, stored in _bleached(cells, standing, texts or ()):
        after[key] = stored
    moved = standing.is_moved
    is_over = standing.marks is not None and not moved
    gone = (SheetChange(MARKS_SHEET, remove=True),) if is_over else ()
    return ChangeSet(
        cells=tuple(
            CellChange(*key, stored.shows, stored, "as it was before it was marked")
            for key, stored in after.items()
            if stored is not None
        ),
        sheets=gone,
        findings=_moved_findings(standing) if moved else left_findings(standing.edited),
        source_hash=source_hash,
    )


def _bleached(
    cells: Cells, standing: Standing, texts: Iterable[tuple[str, str]]
) -> Iterable[tuple[tuple[str, str], StoredCell]]:
    by_sheet: dict[str, set[str]] = {}
    for sheet, address in texts:
        by_sheet.setdefault(sheet, set()).add(cells.anchor(sheet, address))
    for sheet, addresses in by_sheet.items():
        for address in cells.see(sheet, addresses):
            mark = standing.intact.get((sheet, address))
            stored = cells.without_color(sheet, address, RED, mark.stored if mark else None)
            if stored is not None:
                yield (sheet, address), stored
