"""A copy of a workbook that leads nowhere: what an engine opens instead of anybody's file.

Why: a workbook may link to pictures, other workbooks, data and programs elsewhere, and a program
that opens it may go there, with the name and password of whoever runs it. What such a link has
brought is stored in the workbook and stays; only the way there is taken out.
"""

from __future__ import annotations

from pathlib import Path

from xlgov.ooxml.markup import Element, edit_tag
from xlgov.ooxml.reader import WorkbookFile, open_workbook

_NOWHERE = "unavailable"  # a relative target that nothing stands at


def seal(source: Path, target: Path) -> None:
    """Write a copy of a workbook without the ways that lead out of it.

    Raises FileError where the source cannot be read.
    """
    with open_workbook(source) as workbook:
        for name in workbook.package.names():
            if name.lower().endswith(".rels"):
                _seal_relationships(workbook, name)
        connections = workbook.book.related("connections")
        if connections is not None:
            _empty(workbook, connections)
        parts = workbook.parts
        with target.open("xb+") as file:
            parts.package.write(file, parts.replaced, parts.added, parts.removed)


def _seal_relationships(workbook: WorkbookFile, name: str) -> None:
    raw, root = workbook.parts.tree(name)
    edits = [
        (each.start, each.open_end, edit_tag(raw[each.start : each.open_end], {"Target": _NOWHERE}))
        for each in root.all("Relationship")
        if each.attributes.get("TargetMode") == "External"
    ]
    if edits:
        workbook.parts.edit(name, edits)


def _empty(workbook: WorkbookFile, part: str) -> None:
    _, root = workbook.parts.tree(part)
    children: list[Element] = root.children
    if children:
        workbook.parts.edit(part, [(each.start, each.end, b"") for each in children])
