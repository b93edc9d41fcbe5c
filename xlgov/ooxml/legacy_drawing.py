"""The legacy drawing of a sheet: the one VML part that its notes and its buttons share.

Why one: a sheet names at most one (``legacyDrawing``), so whoever adds a box looks for the part
that stands before making another.
"""

from __future__ import annotations

import re

from xlgov.errors import EditError
from xlgov.ooxml.markup import Element, decode
from xlgov.ooxml.outline import SHEET_ORDER, Outline
from xlgov.ooxml.parts import Parts, is_strict, link_namespace, relationship_id
from xlgov.ooxml.vml import empty_drawing

Edit = tuple[int, int, bytes]

_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def legacy_drawing(root: Element) -> Element | None:
    """The element of a sheet that names its drawing of notes and buttons."""
    found = root.child("legacyDrawing")
    if found is None:
        wrapped = (each for e in root.all("AlternateContent") for each in e.walk())
        found = next((each for each in wrapped if each.name == "legacyDrawing"), None)
    return found


def drawing_part(parts: Parts, outline: Outline) -> str:
    """The drawing of a sheet's notes and buttons; "" without one."""
    standing = legacy_drawing(outline.root)
    link = "" if standing is None else relationship_id(standing)
    found = (e.target for e in parts.relationships(outline.part) if link and e.id == link)
    return parts.name(next(found, "")) or ""


def open_drawing(parts: Parts, outline: Outline) -> tuple[str, bytes, str]:
    """Name, UTF-8 bytes and encoding of a sheet's drawing; an empty one without a name where the
    sheet has none.

    Raises EditError where the sheet names one that is not in the file.
    """
    part = drawing_part(parts, outline)
    if part:
        return (part, *decode(parts.raw(part), part))
    if legacy_drawing(outline.root) is not None:
        raise EditError(
            f"{outline.part} names a drawing of its notes that is not in the file; open it in "
            "Excel, let it repair the file and save it."
        )
    blocks = blocks_elsewhere(parts, "")
    return "", empty_drawing(max(blocks, default=0) + 1), "utf-8"


def blocks_elsewhere(parts: Parts, part: str) -> set[int]:
    """Blocks of shape numbers that other drawings of the book have taken."""
    found: set[int] = set()
    for name in {*parts.package.names(), *parts.added}:
        if name.lower().endswith(".vml") and name != parts.name(part) and parts.name(name):
            listed = re.findall(rb"""idmap\b[^<>]*\bdata\s*=\s*["']([0-9, ]*)""", parts.raw(name))
            found.update(int(each) for text in listed for each in re.findall(rb"[0-9]+", text))
    return found


def add_drawing(parts: Parts, outline: Outline, raw: bytes, folder: str) -> Edit:
    """Add a drawing below ``folder`` for a sheet that has none; the edit that names it there."""
    part = parts.free_name(f"{folder}/drawings/vmlDrawing{{}}.vml".lstrip("/"))
    parts.put(part, raw)
    declared = parts.content_type(part)
    if not declared:
        parts.add_default("vml", _TYPE)
    elif declared != _TYPE:
        parts.add_override(part, _TYPE)
    strict = is_strict(outline.root.namespace)
    link = parts.add_relationship(outline.part, "vmlDrawing", part, is_strict=strict)
    return _linked(outline, link)


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
