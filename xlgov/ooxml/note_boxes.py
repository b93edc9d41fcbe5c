"""The boxes of a sheet's notes: in the drawing that its buttons are in too, or in a new one.

A box that people have moved or resized is theirs and stays; one as we made it follows its text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlgov.errors import EditError
from xlgov.ooxml.comments import Cell, Edit, Note
from xlgov.ooxml.markup import Element, decode, encode
from xlgov.ooxml.measures import measure, note_anchor
from xlgov.ooxml.outline import SHEET_ORDER, Outline
from xlgov.ooxml.parts import Parts, is_strict, link_namespace, relationship_id
from xlgov.ooxml.vml import NoteDrawing, draws_nothing, empty_drawing

_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def noted_cells(parts: Parts, sheet: str, outline: Outline) -> set[Cell]:
    """The cells whose notes have a box in the sheet's drawing."""
    part = _drawing_part(parts, outline)
    if not part:
        return set()
    return set(NoteDrawing(decode(parts.raw(part), part)[0], part).shapes)


def write_boxes(
    parts: Parts,
    outline: Outline,
    wanted: Mapping[Cell, str | None],
    before: Mapping[Cell, Note],
    folder: str,
) -> list[Edit]:
    """Give each of these notes a box, or with None take it away; ``before`` are the old notes.

    A new drawing goes below ``folder``. Gives the edits of the bare sheet that name it.
    """
    standing, part = _legacy_drawing(outline.root), _drawing_part(parts, outline)
    if standing is not None:
        if not part:
            raise EditError(
                f"{outline.part} names a drawing of its notes that is not in the file; open it in "
                "Excel, let it repair the file and save it."
            )
        raw, encoding = decode(parts.raw(part), part)
    elif not any(wanted.values()):
        return []
    else:
        blocks = _blocks_elsewhere(parts, "")
        raw, encoding = empty_drawing(max(blocks, default=0) + 1), "utf-8"
    drawing = NoteDrawing(raw, part or "the drawing of notes")
    measures = measure(parts, outline, max(row for row, _ in wanted))
    removed, added, resized = [], {}, {}
    lost = {c: note.text for c, note in before.items() if note.is_ours and c not in drawing.shapes}
    for cell, text in (lost | dict(wanted)).items():
        shape = drawing.shapes.get(cell)
        if text is None:
            if shape is not None:
                removed.append(cell)
        elif shape is None:
            added[cell] = note_anchor(measures, cell, text)
        elif cell in before:
            anchor = note_anchor(measures, cell, text)
            if shape.anchor == note_anchor(measures, cell, before[cell].text) != anchor:
                resized[cell] = anchor
    if not (removed or added or resized):
        return []
    taken = {int(number) for number in re.findall(rb'\bshapeId="([0-9]{1,9})"', outline.bare)}
    new = drawing.edited(removed, added, resized, taken, _blocks_elsewhere(parts, part))
    if standing is not None and draws_nothing(new) and not parts.relationships(part):
        parts.remove_related(outline.part, part)
        return [(standing.start, standing.end, b"")]
    if standing is not None:
        parts.put(part, encode(new, encoding))
        return []
    part = parts.free_name(f"{folder}/drawings/vmlDrawing{{}}.vml".lstrip("/"))
    parts.put(part, new)
    declared = parts.content_type(part)
    if not declared:
        parts.add_default("vml", _TYPE)
    elif declared != _TYPE:
        parts.add_override(part, _TYPE)
    strict = is_strict(outline.root.namespace)
    link = parts.add_relationship(outline.part, "vmlDrawing", part, is_strict=strict)
    return [_linked(outline, link)]


def _drawing_part(parts: Parts, outline: Outline) -> str:
    """The drawing of a sheet's notes and buttons; "" without one."""
    standing = _legacy_drawing(outline.root)
    link = "" if standing is None else relationship_id(standing)
    found = (e.target for e in parts.relationships(outline.part) if link and e.id == link)
    return parts.name(next(found, "")) or ""


def _legacy_drawing(root: Element) -> Element | None:
    found = root.child("legacyDrawing")
    if found is None:
        wrapped = (each for e in root.all("AlternateContent") for each in e.walk())
        found = next((each for each in wrapped if each.name == "legacyDrawing"), None)
    return found


def _blocks_elsewhere(parts: Parts, part: str) -> set[int]:
    """Blocks of shape numbers that other drawings of the book have taken."""
    found: set[int] = set()
    for name in {*parts.package.names(), *parts.added}:
        if name.lower().endswith(".vml") and name != parts.name(part) and parts.name(name):
            listed = re.findall(rb"""idmap\b[^<>]*\bdata\s*=\s*["']([0-9, ]*)""", parts.raw(name))
            found.update(int(each) for text in listed for each in re.findall(rb"[0-9]+", text))
    return found


def _linked(outline: Outline, link: str) -> Edit:
    """The edit that names the drawing in the sheet, in its place by the schema's order."""
    root, raw = outline.root, outline.bare
    uri = link_namespace(root.namespace)
    tag = raw[root.start : root.open_end]
    declared = re.search(rb"\sxmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(uri.encode()), tag)
    prefix = declared[1].decode() if declared else "r"
    more = "" if declared else f' xmlns:r="{uri}"'
    fragment = f'<{outline.prefix}legacyDrawing {prefix}:id="{link}"{more}/>'.encode()
    if not outline.tail:
        raise EditError(f"{outline.part} has no sheetData; save the file in Excel.")
    later = SHEET_ORDER[SHEET_ORDER.index("legacyDrawing") + 1 :]
    for child in root.children:
        # Alternatives stand where what they wrap would stand.
        names = [each.name for e in child.children for each in e.children]
        named = names if child.name == "AlternateContent" else [child.name]
        if any(name in later for name in named):
            return child.start, child.start, fragment
    return root.close_start, root.close_start, fragment
