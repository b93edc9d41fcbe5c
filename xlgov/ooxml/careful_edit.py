"""Edits of a sheet whose places the parser found: any spelling of XML, slower and in memory.

Why beside the fast way: a shared formula's first cell, an array formula, rows out of order or with
an unusual prefix have to be understood before they are edited, and the fast way only searches.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlgov.errors import EditError
from xlgov.grid.cells import Range, address
from xlgov.ooxml.cell import escape_formula
from xlgov.ooxml.edits import Edits, NewValues
from xlgov.ooxml.formula import moved
from xlgov.ooxml.markup import splice
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.row_edit import RowEditor
from xlgov.ooxml.scan import ParsedCell, Span, scan_carefully


class CarefulEdit:
    """The edits of one sheet's rows, applied to its whole XML."""

    def __init__(self, outline: Outline, rows: RowEditor, edits: Edits) -> None:
        self._part = outline.part
        self._prefix = outline.prefix
        self._rows = rows
        self._edits = edits
        self._values = NewValues(edits)

    def rows(self, raw: bytes) -> bytes:
        """What stands between the tags of the sheet's data, edited; new rows where they belong.

        Raises EditError where an edit would break an array formula or a data table, or where the
        sheet names a row or cell that is to change in two places.
        """
        places = scan_carefully(raw, self._part, keep=lambda row, _: row in self._edits)
        cells = [cell for _, row in places.rows for cell in row]
        self._refuse_broken_groups(cells)
        expanded = self._expanded(cells)
        edits: list[tuple[int, int, bytes]] = []
        present = self._present_rows(places.rows)
        missing = [number for number in sorted(self._edits) if number not in present]
        place = 0
        for span, row_cells in places.rows:
            while place < len(missing) and missing[place] < span.number:
                edits.append((span.start, span.start, self._new(missing[place])))
                place += 1
            own = [expanded[id(cell)] for cell in row_cells if id(cell) in expanded]
            if span.number in present:
                spans = self._own_cells(span, row_cells)
                wanted = self._edits[span.number]
                new = self._rows.edited(raw, span, spans, wanted, own)
                edits.append((span.start, span.end, new))
            else:
                edits += own
        first = places.open_end
        shifted = [(start - first, end - first, new) for start, end, new in edits]
        body = splice(raw[first : places.close_start], shifted)
        return body + b"".join(map(self._new, missing[place:]))

    def _new(self, number: int) -> bytes:
        return self._rows.new(number, self._edits[number])

    def _present_rows(self, rows: Sequence[tuple[Span, list[ParsedCell]]]) -> set[int]:
        """Rows to edit that the sheet has, each once."""
        found: set[int] = set()
        for span, _ in rows:
            if span.number in self._edits:
                if span.number in found:
                    raise self._twice(f"row {span.number}")
                found.add(span.number)
        return found

    def _own_cells(self, row: Span, cells: list[ParsedCell]) -> dict[int, Span]:
        """Cells of a row by column, each once and none of another row."""
        found: dict[int, Span] = {}
        for cell in cells:
            column = cell.span.number
            if cell.row != row.number:
                raise EditError(
                    f"{self._part}: {address(cell.row, column)} stands in row "
                    f"{row.number}; open the file in Excel, let it repair the file and save it."
                )
            if column in found and column in self._edits[row.number]:
                raise self._twice(address(row.number, column))
            found.setdefault(column, cell.span)
        return found

    def _twice(self, what: str) -> EditError:
        return EditError(
            f"{self._part} has {what} twice, so it cannot be said which one counts; open "
            "the file in Excel, let it repair the file and save it."
        )

    def _refuse_broken_groups(self, cells: list[ParsedCell]) -> None:
        for cell in cells:
            kind = cell.formula_attributes.get("t")
            if kind not in ("array", "dataTable"):
                continue
            own = (cell.row, cell.span.number)
            reference = cell.formula_attributes.get("ref", "")
            single = Range(*own, *own)
            try:
                area = Range.parse(reference or str(single))
            except ValueError:
                area, single = single, Range(0, 0, 0, 0)  # refused where it is hit
            hit = self._values.within(area)
            if hit and area != single:
                what = "an array formula" if kind == "array" else "a data table"
                raise EditError(
                    f"{address(*hit[0])} is part of {what} over {area}, of which no single cell "
                    "can change; clear or change the whole of it in Excel first."
                )

    def _expanded(self, cells: list[ParsedCell]) -> dict[int, tuple[int, int, bytes]]:
        """Edits that give the cells of an overwritten shared formula their own formula, by id."""
        masters = {
            cell.formula_attributes["si"]: cell
            for cell in cells
            if _is_master(cell) and (cell.row, cell.span.number) in self._values
        }
        if not masters:
            return {}
        found: dict[int, tuple[int, int, bytes]] = {}
        for cell in cells:
            master = masters.get(cell.formula_attributes.get("si", ""))
            own = (cell.row, cell.span.number)
            if master is None or cell is master or own in self._values:
                continue
            if cell.formula_attributes.get("t") != "shared" or _is_master(cell):
                continue
            p = self._prefix
            new = f"<{p}f>{escape_formula(_translated(master, own))}</{p}f>".encode()
            found[id(cell)] = (*cell.formula_span, new)
        return found


def _translated(master: ParsedCell, cell: tuple[int, int]) -> str:
    """The formula that a shared formula means in another cell of its range."""
    rows, columns = cell[0] - master.row, cell[1] - master.span.number
    try:
        return moved(master.formula or "", rows, columns)
    except ValueError as error:
        raise EditError(
            f"{address(master.row, master.span.number)} shares its formula with {address(*cell)}, "
            f"which would lose it, and the formula could not be moved there ({error}). Enter the "
            f"formula of {address(*cell)} anew in Excel."
        ) from None


def _is_master(cell: ParsedCell) -> bool:
    shared = cell.formula_attributes
    return shared.get("t") == "shared" and "ref" in shared and "si" in shared and bool(cell.formula)
