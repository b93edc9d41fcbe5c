"""Tables: a heading is written twice, in its cell and as its column's name; both change together.

Why so much is refused: Excel repairs a file in which the two differ, and a formula, query, pivot
table or slicer that knows the column by its old name would break without a word when the file is
next calculated or refreshed. Excel itself rewrites those; here one that is found is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from xlgov.changes import RichText
from xlgov.grid.cells import Range, address, parse_address
from xlgov.ooxml.column_use import formulas_naming
from xlgov.ooxml.markup import Element, edit_tag, escape_text, unescape_text
from xlgov.ooxml.outline import known_ranges

if TYPE_CHECKING:
    from xlgov.ooxml.reader import WorkbookFile

Cell = tuple[int, int]
_LONGEST_HEADING = 255


class Table(NamedTuple):
    """A table of a sheet: its part, name, range, and the elements that name its columns."""

    sheet: str
    part: str
    name: str
    area: Range
    columns: tuple[Element, ...]
    kind: str

    @property
    def headings(self) -> list[str]:
        return [unescape_text(each.attributes.get("name", "")) for each in self.columns]

    def heading_at(self, cell: Cell) -> int | None:
        """Which column's heading stands in a cell, counted from 0; None for no heading."""
        row, column = cell
        within = row == self.area.top and self.area.left <= column <= self.area.right
        return column - self.area.left if within else None


def tables_of(workbook: WorkbookFile, sheet: str) -> Iterator[Table]:
    """The tables of a sheet that have a row of headings."""
    outline, parts = workbook.outline(sheet), workbook.parts
    related = {each.id: each.target for each in parts.relationships(outline.part)}
    for link in outline.tables:
        part = parts.name(related.get(link, ""))
        if part is None:
            continue
        root = parts.tree(part)[1]
        if root.attributes.get("headerRowCount", "1") == "0":
            continue
        listed = root.child("tableColumns")
        for area in known_ranges(root.attributes.get("ref", "")):
            yield Table(
                sheet,
                part,
                root.attributes.get("displayName", ""),
                area,
                tuple(listed.all("tableColumn")) if listed else (),
                root.attributes.get("tableType", ""),
            )


def heading_obstacle(workbook: WorkbookFile, sheet: str, place: str, after: object) -> str | None:
    """Why a cell cannot get this value although it is a table's heading; None where it can.

    A cell that is no table's heading has no obstacle. It says what ``apply`` would refuse, so that
    one heading need not stop a whole refresh.

    Raises KeyError where there is no such sheet, ValueError where the address is none.
    """
    return headings_obstacle(workbook, sheet, {parse_address(place): after})


def headings_obstacle(
    workbook: WorkbookFile, sheet: str, cells: Mapping[Cell, object]
) -> str | None:
    """The same for several cells of a sheet at once: headings may swap their names."""
    wrong: list[str] = []
    rename_headings(workbook, sheet, cells, wrong, is_trial=True)
    return "; ".join(wrong) or None


def rename_headings(
    workbook: WorkbookFile,
    sheet: str,
    cells: Mapping[Cell, object],
    wrong: list[str],
    *,
    is_trial: bool = False,
) -> None:
    """Give the columns of tables the names that their headings' cells get.

    What cannot be goes to ``wrong``; with ``is_trial`` nothing is edited either way.
    """
    if not workbook.outline(sheet).tables:
        return
    for table in tables_of(workbook, sheet):
        new: dict[int, str] = {}
        for cell, after in cells.items():
            number = table.heading_at(cell)
            if number is None:
                continue
            where = f"{sheet}!{address(*cell)} is a heading of the table {table.name!r}"
            text = str(after or "") if isinstance(after, str | RichText | None) else None
            said = _impossible(table, number, text)
            if said:
                wrong.append(f"{where}; {said}")
            elif text is not None and text != table.headings[number]:
                used = _use(workbook, table, table.headings[number])
                if used:
                    wrong.append(f"{where} that {used}; rename it in Excel, which changes both")
                else:
                    new[number] = text
        final = [new.get(n, old).casefold() for n, old in enumerate(table.headings)]
        for number, text in new.items():
            if final.count(text.casefold()) > 1:
                place = address(table.area.top, table.area.left + number)
                wrong.append(
                    f"{sheet}!{place} would be a second heading {text!r} of the table "
                    f"{table.name!r}; give each column a name of its own"
                )
        if new and not is_trial and not wrong:
            raw, _ = workbook.parts.tree(table.part)
            workbook.parts.edit(
                table.part, [_renamed(raw, table.columns[n], text) for n, text in new.items()]
            )


def _impossible(table: Table, number: int, text: str | None) -> str:
    if text is None:
        return "Excel allows only text there: write a number or a date as text, as it is to read"
    if not text.strip():
        return "it cannot be blank"
    if len(text) > _LONGEST_HEADING:
        return f"{text[:40]!r} is longer than the {_LONGEST_HEADING} letters of a heading"
    if len(table.columns) != table.area.right - table.area.left + 1:
        return "the table's columns do not fit its range; let Excel repair the file first"
    return ""


def _renamed(raw: bytes, column: Element, text: str) -> tuple[int, int, bytes]:
    written = escaped_heading(text)
    tag = edit_tag(raw[column.start : column.open_end], {"name": written})
    return column.start, column.open_end, tag


def escaped_heading(text: str) -> str:
    """A heading as the name of its column: new lines and the like as Excel writes them there.

    >>> escaped_heading("Mar-18\\nactual & plan _x0041_")
    'Mar-18_x000a_actual & plan _x005F_x0041_'
    """
    plain = escape_text(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"[\t\n]", lambda match: f"_x{ord(match[0]):04x}_", plain)


def _use(workbook: WorkbookFile, table: Table, heading: str) -> str:
    """What knows a table's column by its name, in words; "" for nothing."""
    parts = workbook.parts
    if table.kind == "queryTable" or any(
        each.kind == "queryTable" for each in parts.relationships(table.part)
    ):
        return "a query fills by its name"
    for where in formulas_naming(workbook, table.name, heading):
        return f"{where} uses by its name {heading!r}"
    number = parts.tree(table.part)[1].attributes.get("id")
    for each in parts.relationships(workbook.book.part):
        if parts.name(each.target) is None:
            continue
        if each.kind == "pivotCacheDefinition":
            if _pivot_uses(parts.tree(each.target)[1], table, heading):
                return f"a pivot table shows by its name {heading!r}"
        elif each.kind == "slicerCache":
            cache = parts.tree(each.target)[1]
            same = cache.attributes.get("sourceName", "").casefold() == heading.casefold()
            filters = (e for e in cache.walk() if e.name == "tableSlicerCache")
            if same and any(e.attributes.get("tableId") == number for e in filters):
                return f"a slicer filters by its name {heading!r}"
    return ""


def _pivot_uses(root: Element, table: Table, heading: str) -> bool:
    """Whether a pivot cache has a column of a table, by the table's name or its cells."""
    source = next((each for each in root.walk() if each.name == "worksheetSource"), None)
    if source is None:
        return False
    named = source.attributes.get("name", "").casefold() == table.name.casefold()
    areas = known_ranges(source.attributes.get("ref", ""))
    same_sheet = source.attributes.get("sheet", "").casefold() == table.sheet.casefold()
    if not named and not (same_sheet and any(area.overlaps(table.area) for area in areas)):
        return False
    fields = (each for each in root.walk() if each.name == "cacheField")
    return any(
        unescape_text(each.attributes.get("name", "")).casefold() == heading.casefold()
        for each in fields
    )
