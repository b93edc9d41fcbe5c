"""The list of sheets that docProps/app.xml repeats."""

from __future__ import annotations

from xlgov.ooxml.markup import edit_tag, escape_text, prefix_at
from xlgov.ooxml.parts import Parts


def retitle(parts: Parts, before: list[str], after: list[str]) -> None:
    """Keep the titles of worksheets true, where they are as Excel writes them."""
    part = next((e.target for e in parts.relationships("") if e.kind == "extended-properties"), "")
    if not part or parts.name(part) is None or not before:
        return
    raw, root = parts.tree(part)
    pairs, titles = root.child("HeadingPairs"), root.child("TitlesOfParts")
    vector = titles.child("vector") if titles else None
    counts = [e for e in (pairs.walk() if pairs else ()) if e.name in ("i4", "int")]
    if not counts or vector is None:
        return
    listed = vector.all("lpstr")
    shown = [each.text for each in listed]
    if counts[0].text.strip() != str(len(before)) or shown[: len(before)] != before:
        return
    prefix = prefix_at(raw, listed[0].start)
    texts = "".join(f"<{prefix}lpstr>{escape_text(name)}</{prefix}lpstr>" for name in after)
    size = len(listed) + len(after) - len(before)
    tag = edit_tag(raw[vector.start : vector.open_end], {"size": str(size)})
    parts.edit(
        part,
        [
            (counts[0].open_end, counts[0].close_start, str(len(after)).encode()),
            (vector.start, vector.open_end, tag),
            (listed[0].start, listed[len(before) - 1].end, texts.encode()),
        ],
    )
