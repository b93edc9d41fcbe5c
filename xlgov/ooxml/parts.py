"""The parts of one package, with edits pending: content types, relationships, and bytes.

Why pending edits in one place: an edit of a sheet may touch styles, workbook and content types as
well; each part is read once, edited as often as needed, and written once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from xlgov.errors import DamagedError
from xlgov.ooxml.directory import part_key
from xlgov.ooxml.markup import (
    Element,
    decode,
    edit_tag,
    encode,
    escape_attribute,
    opened_tag,
    parse,
    prefix_at,
    splice,
)
from xlgov.ooxml.package import Package

Content = bytes | Callable[[], Iterator[bytes]]

CONTENT_TYPES = "[Content_Types].xml"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NO_RELATIONSHIPS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships '
    b'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


class Relationship(NamedTuple):
    """One relationship of a part; ``target`` is a part name, or "" for an external one."""

    id: str
    kind: str  # the last segment of its type: worksheet, styles, sharedStrings ...
    target: str


def relationship_id(element: Element) -> str:
    """Value of an element's ``r:id``, whichever prefix and edition it is written in."""
    for name, value in element.attributes.items():
        if name in (f"{_TRANSITIONAL} id", f"{_STRICT} id"):
            return value
    return ""


def is_strict(namespace: str) -> bool:
    """Whether a part whose elements are of this namespace is of the Strict edition."""
    return namespace == _STRICT_MAIN


def link_namespace(namespace: str) -> str:
    """Namespace of ``r:id`` in a part whose elements are of this namespace."""
    return _STRICT if is_strict(namespace) else _TRANSITIONAL


def relationships_name(part: str) -> str:
    """Name of the part that holds a part's relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


class Parts:
    """Parts of a package by name (no leading slash), as UTF-8 where they are XML."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.replaced: dict[str, Content] = {}
        self.added: dict[str, bytes] = {}
        self.removed: set[str] = set()
        self._trees: dict[str, tuple[bytes, str, Element]] = {}
        # Of each part its relationships, and the tree that they were read from.
        self._related: dict[str, tuple[Element, tuple[Relationship, ...]]] = {}

    def name(self, part: str) -> str | None:
        """The part's name as the package spells it, or None where there is none."""
        if part in self.added:
            return part
        member = self.package.find(part)
        if member is None or member.name in self.removed:
            return None
        return member.name

    def pending(self, part: str) -> bytes | None:
        """Bytes of a part that was added or edited; None where it is as in the package."""
        name = self.name(part) or part
        return self.raw(part) if name in self.added or name in self.replaced else None

    def raw(self, part: str) -> bytes:
        """Current bytes of a part. Raises DamagedError where it is missing."""
        name = self.name(part)
        if name is None:
            raise DamagedError(
                f"the package has no part {part}, which other parts refer to; the file is damaged."
                " Open it in Excel, let it repair the file and save it."
            )
        if name in self.added:
            return self.added[name]
        content = self.replaced.get(name)
        if content is None:
            return self.package.read(name)
        return content if isinstance(content, bytes) else b"".join(content())

    def stream(self, part: str) -> Iterator[bytes]:
        """The bytes of a part in pieces, from the package where it was not edited."""
        name = self.name(part)
        if name is None or name in self.added or name in self.replaced:
            return iter((self.raw(part),))
        return self.package.stream(name)

    def tree(self, part: str) -> tuple[bytes, Element]:
        """UTF-8 bytes and element tree of an XML part."""
        name = self.name(part) or part
        if name not in self._trees:
            inside, encoding = decode(self.raw(part), part)
            self._trees[name] = inside, encoding, parse(inside, part)
        inside, _, root = self._trees[name]
        return inside, root

    def edit(self, part: str, edits: list[tuple[int, int, bytes]]) -> None:
        """Splice an XML part at the places of its current tree."""
        self.tree(part)
        name = self.name(part) or part
        inside, encoding, _ = self._trees.pop(name)
        self.put(name, encode(splice(inside, edits), encoding))

    def put(self, part: str, content: Content) -> None:
        """Replace a part's bytes, or add it (bytes only)."""
        name = self.name(part)
        self._trees.pop(name or part, None)
        if name is None or name in self.added:
            assert isinstance(content, bytes)
            self.added[name or part] = content
        else:
            self.replaced[name] = content

    def remove(self, part: str) -> None:
        """Remove a part; its relationships part goes with it."""
        for each in (part, relationships_name(part)):
            name = self.name(each)
            if name is None:
                continue
            self._trees.pop(name, None)
            self.replaced.pop(name, None)
            if self.added.pop(name, None) is None:
                self.removed.add(name)

    def relationships(self, part: str) -> list[Relationship]:
        """Relationships of a part ("" for the package), targets resolved to part names."""
        rels = relationships_name(part)
        if self.name(rels) is None:
            return []
        _, root = self.tree(rels)
        known = self._related.get(part)
        if known is not None and known[0] is root:
            return list(known[1])
        found = []
        for element in root.all("Relationship"):
            target = element.attributes.get("Target", "")
            if element.attributes.get("TargetMode") == "External":
                target = ""
            elif target:
                base = "/" + posixpath.dirname(part)
                plain = unquote(target).replace("\\", "/")
                target = posixpath.normpath(posixpath.join(base, plain)).lstrip("/")
            kind = element.attributes.get("Type", "").rpartition("/")[2]
            found.append(Relationship(element.attributes.get("Id", ""), kind, target))
        self._related[part] = root, tuple(found)
        return found

    def add_relationship(
        self, part: str, kind: str, target: str, *, is_strict: bool = False, family: str = ""
    ) -> str:
        """Relate a part to another; gives the new relationship's id.

        ``is_strict`` is the edition of a part that has no relationships yet to tell it by.
        ``family`` is what the relationship's type begins with where no edition has it.
        """
        rels = relationships_name(part)
        if self.name(rels) is None:
            self.put(rels, _NO_RELATIONSHIPS)
        inside, root = self.tree(rels)
        taken = {element.attributes.get("Id", "") for element in root.children}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        types = [e.attributes.get("Type", "") for e in root.children]
        strict = any(t.startswith(_STRICT) for t in types) or (is_strict and not any(types))
        relative = posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        prefix = prefix_at(inside, root.start)
        family = family or (_STRICT if strict else _TRANSITIONAL)
        fragment = (
            f'<{prefix}Relationship Id="rId{number}" Type="{family}/{kind}" '
            f'Target="{escape_attribute(relative)}"/>'
        )
        self._append(rels, fragment)
        return f"rId{number}"

    def remove_relationship(self, part: str, target: str) -> None:
        """Drop a part's relationships to another part, and the list of them with the last."""
        wanted = part_key(target)
        ids = {each.id for each in self.relationships(part) if part_key(each.target) == wanted}
        rels = relationships_name(part)
        _, root = self.tree(rels)
        gone = [(e.start, e.end, b"") for e in root.children if e.attributes.get("Id") in ids]
        if gone and len(gone) == len(root.children):
            self.remove(rels)
        else:
            self.edit(rels, gone)

    def remove_related(self, part: str, target: str) -> None:
        """Remove a part, its content type, and another part's relationship to it."""
        self.remove_relationship(part, target)
        self.remove_override(target)
        self.remove(target)

    def content_type(self, part: str) -> str:
        """Content type of a part, by its override or its extension's default; "" for none."""
        _, root = self.tree(CONTENT_TYPES)
        wanted = part_key(part)
        for element in root.all("Override"):
            if part_key(element.attributes.get("PartName", "")) == wanted:
                return element.attributes.get("ContentType", "")
        extension = part.rpartition(".")[2].lower()
        for element in root.all("Default"):
            if element.attributes.get("Extension", "").lower() == extension:
                return element.attributes.get("ContentType", "")
        return ""

    def add_override(self, part: str, content_type: str) -> None:
        """Declare a new part's content type."""
        inside, root = self.tree(CONTENT_TYPES)
        prefix = prefix_at(inside, root.start)
        name = escape_attribute("/" + part)
        fragment = f'<{prefix}Override PartName="{name}" ContentType="{content_type}"/>'
        self._append(CONTENT_TYPES, fragment)

    def set_content_type(self, part: str, content_type: str) -> None:
        """Declare another content type for a part that is there."""
        inside, root = self.tree(CONTENT_TYPES)
        wanted = part_key(part)
        for element in root.all("Override"):
            if part_key(element.attributes.get("PartName", "")) == wanted:
                tag = edit_tag(
                    inside[element.start : element.open_end], {"ContentType": content_type}
                )
                self.edit(CONTENT_TYPES, [(element.start, element.open_end, tag)])
                return
        self.add_override(part, content_type)

    def add_default(self, extension: str, content_type: str) -> None:
        """Declare the content type of parts whose names end so."""
        inside, root = self.tree(CONTENT_TYPES)
        prefix = prefix_at(inside, root.start)
        fragment = f'<{prefix}Default Extension="{extension}" ContentType="{content_type}"/>'
        self._append(CONTENT_TYPES, fragment)

    def remove_override(self, part: str) -> None:
        """Drop a part's content type, where it has one of its own."""
        _, root = self.tree(CONTENT_TYPES)
        wanted = part_key(part)
        gone = [
            (e.start, e.end, b"")
            for e in root.all("Override")
            if part_key(e.attributes.get("PartName", "")) == wanted
        ]
        if gone:
            self.edit(CONTENT_TYPES, gone)

    def free_name(self, pattern: str) -> str:
        """A part name that is not taken, from a pattern with one ``{}`` for a number."""
        number = 1
        while self.package.find(pattern.format(number)) or pattern.format(number) in self.added:
            number += 1
        return pattern.format(number)

    def _append(self, part: str, fragment: str) -> None:
        inside, root = self.tree(part)
        if root.is_self_closing:
            opened = opened_tag(inside[root.start : root.end], fragment.encode())
            self.edit(part, [(root.start, root.end, opened)])
        else:
            self.edit(part, [(root.close_start, root.close_start, fragment.encode())])
