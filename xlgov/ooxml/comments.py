"""The comments part of a sheet: everybody's notes read, ours added, changed and taken away.

The part is spliced: whatever else stands in it keeps its bytes. New ones go where their cell is
in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xlgov.grid.cells import address, parse_address
from xlgov.ooxml.markup import (
    Element,
    escape_text,
    insert_into,
    prefix_at,
    unescape_text,
    whole_number,
)
from xlgov.ooxml.parts import Parts, is_strict

AUTHOR = "xlgov"
Cell = tuple[int, int]
Edit = tuple[int, int, bytes]

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_CONVERSATION = "in a conversation"


class Note(NamedTuple):
    """The author and text of a cell's note. A conversation's author is who began it."""

    author: str
    text: str

    @property
    def is_ours(self) -> bool:
        return self.author == AUTHOR


class _Comment(NamedTuple):
    """A comment as it stands in its part."""

    element: Element
    cell: Cell
    note: Note


def read_notes(parts: Parts, book: str, sheet: str) -> dict[Cell, Note]:
    """The notes and conversations of a sheet's part, by (row, column)."""
    found: dict[Cell, Note] = {}
    part = _target(parts, sheet, "comments")
    for comment in _comments(parts, part) if part else ():
        held = found.setdefault(comment.cell, comment.note)
        if held.is_ours:  # where a cell has two, the other author's counts
            found[comment.cell] = comment.note
    return found | _conversations(parts, book, sheet)


def _target(parts: Parts, part: str, kind: str) -> str:
    """The part of a relationship's kind; "" without one."""
    return next((e.target for e in parts.relationships(part) if e.kind == kind and e.target), "")


def _comments(parts: Parts, part: str) -> list[_Comment]:
    _, root = parts.tree(part)
    authors, listed = root.child("authors"), root.child("commentList")
    names = [unescape_text(e.full_text()) for e in (authors.all("author") if authors else ())]
    found = []
    for element in listed.all("comment") if listed else ():
        try:
            cell = parse_address(element.attributes.get("ref", ""))
        except ValueError:
            continue
        number = whole_number(element.attributes.get("authorId"))
        author = names[number] if number is not None and number < len(names) else ""
        if author.startswith("tc="):
            author = f"somebody ({_CONVERSATION})"
        found.append(_Comment(element, cell, Note(author, _text(element))))
    return found


def _text(comment: Element) -> str:
    inside = comment.child("text")
    pieces = []
    for each in inside.children if inside else ():
        plain = each if each.name == "t" else each.child("t") if each.name == "r" else None
        pieces.append(plain.text if plain else "")
    return unescape_text("".join(pieces))


def _conversations(parts: Parts, book: str, sheet: str) -> dict[Cell, Note]:
    part = _target(parts, sheet, "threadedComment")
    if not part or parts.name(part) is None:
        return {}
    people = _target(parts, book, "person")
    named: dict[str, str] = {}
    if people and parts.name(people):
        for each in parts.tree(people)[1].all("person"):
            named[each.attributes.get("id", "")] = each.attributes.get("displayName", "")
    found: dict[Cell, Note] = {}
    for each in parts.tree(part)[1].all("threadedComment"):
        try:
            cell = parse_address(each.attributes.get("ref", ""))
        except ValueError:
            continue
        words = each.child("text")
        text = words.text if words else ""
        if cell in found:
            found[cell] = found[cell]._replace(text=f"{found[cell].text}\n{text}")
        else:
            author = named.get(each.attributes.get("personId", "")) or "somebody"
            found[cell] = Note(f"{author} ({_CONVERSATION})", text)
    return found


def write_comments(
    parts: Parts, sheet: str, wanted: Mapping[Cell, str | None], folder: str, namespace: str
) -> None:
    """Leave a sheet's part with these notes of ours; None removes one.

    Where it has no comments part, one is made in ``folder``, of the sheet's own ``namespace``. A
    part that holds nothing any more goes.
    """
    part = _target(parts, sheet, "comments")
    if not part:
        part = parts.free_name(f"{folder}/comments{{}}.xml".lstrip("/"))
        parts.put(
            part,
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<comments xmlns="{namespace}"><authors><author>{AUTHOR}</author></authors>'
            "<commentList></commentList></comments>".encode(),
        )
        parts.add_override(part, _TYPE)
        parts.add_relationship(sheet, "comments", part, is_strict=is_strict(namespace))
    stays = any(wanted.get(comment.cell, "") is not None for comment in _comments(parts, part))
    if not stays and not any(wanted.values()):
        _, root = parts.tree(part)
        if {each.name for each in root.children} <= {"authors", "commentList"}:
            parts.remove_related(sheet, part)
            return
    author = _own_author(parts, part) if any(wanted.values()) else 0
    raw, root = parts.tree(part)
    p = prefix_at(raw, root.start)
    comments = _comments(parts, part)
    standing = {comment.cell: comment for comment in comments if comment.note.is_ours}
    edits: list[Edit] = []
    new: list[Cell] = []
    for cell, text in sorted(wanted.items()):
        comment = standing.get(cell)
        if text is None and comment is not None:
            edits.append((comment.element.start, comment.element.end, b""))
        elif text is not None and comment is not None:
            inside = comment.element.child("text")
            assert inside is not None or not comment.note.text
            at = (inside.start, inside.end) if inside else (comment.element.close_start,) * 2
            edits.append((*at, _rendered_text(text, p)))
        elif text is not None:
            new.append(cell)
    edits += _insertions(raw, root, comments, {c: _rendered(c, wanted, author, p) for c in new})
    parts.edit(part, edits)


def _own_author(parts: Parts, part: str) -> int:
    """Number of the author of ours in a comments part, added where it is not there."""
    raw, root = parts.tree(part)
    p = prefix_at(raw, root.start)
    authors = root.child("authors")
    fragment = f"<{p}author>{AUTHOR}</{p}author>".encode()
    if authors is None:
        whole = f"<{p}authors>".encode() + fragment + f"</{p}authors>".encode()
        parts.edit(part, [insert_into(raw, root, "authors", whole, ("authors", "commentList"))])
        return 0
    names = [each.full_text() for each in authors.all("author")]
    if AUTHOR in names:
        return names.index(AUTHOR)
    parts.edit(part, [insert_into(raw, authors, "author", fragment, ("author",))])
    return len(names)


def _rendered(cell: Cell, wanted: Mapping[Cell, str | None], author: int, p: str) -> bytes:
    text = wanted[cell] or ""
    opening = f'<{p}comment ref="{address(*cell)}" authorId="{author}">'
    return opening.encode() + _rendered_text(text, p) + f"</{p}comment>".encode()


def _rendered_text(text: str, p: str) -> bytes:
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "\t" in text else ""
    return (
        f'<{p}text><{p}r><{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="Tahoma"/>'
        f'<{p}family val="2"/></{p}rPr><{p}t{keep}>{escape_text(text)}</{p}t></{p}r></{p}text>'
    ).encode()


def _insertions(
    raw: bytes, root: Element, comments: list[_Comment], new: Mapping[Cell, bytes]
) -> list[Edit]:
    """Edits that put comments in the order of their cells among those that stand."""
    if not new:
        return []
    listed = root.child("commentList")
    p = prefix_at(raw, root.start)
    if listed is None or not comments:
        everything = b"".join(new[cell] for cell in sorted(new))
        if listed is not None:
            return [insert_into(raw, listed, "comment", everything, ("comment",))]
        whole = f"<{p}commentList>".encode() + everything + f"</{p}commentList>".encode()
        return [insert_into(raw, root, "commentList", whole, ("commentList", "extLst"))]
    edits = []
    place = 0
    for cell in sorted(new):
        while place < len(comments) and comments[place].cell < cell:
            place += 1
        at = comments[place].element.start if place < len(comments) else listed.close_start
        edits.append((at, at, new[cell]))
    return edits
