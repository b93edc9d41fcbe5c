"""The boxes of a sheet's notes: in the drawing that its buttons are in too, or in a new one.

A box that people have moved or resized is theirs and stays; one as we made it follows its text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlgov.ooxml.comments import Cell, Edit, Note
from xlgov.ooxml.legacy_drawing import (
    add_drawing,
    blocks_elsewhere,
    drawing_part,
    legacy_drawing,
    open_drawing,
)
from xlgov.ooxml.markup import decode, encode
from xlgov.ooxml.measures import measure, note_anchor
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.vml import NoteDrawing, draws_nothing


def noted_cells(parts: Parts, sheet: str, outline: Outline) -> set[Cell]:
    """The cells whose notes have a box in the sheet's drawing."""
    part = drawing_part(parts, outline)
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
    standing = legacy_drawing(outline.root)
    if standing is None and not any(wanted.values()):
        return []
    part, raw, encoding = open_drawing(parts, outline)
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
    new = drawing.edited(removed, added, resized, taken, blocks_elsewhere(parts, part))
    if standing is not None and draws_nothing(new) and not parts.relationships(part):
        parts.remove_related(outline.part, part)
        return [(standing.start, standing.end, b"")]
    if standing is not None:
        parts.put(part, encode(new, encoding))
        return []
    return [add_drawing(parts, outline, new, folder)]
