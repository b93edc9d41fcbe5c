"""What a workbook takes from outside itself: other files, programs (DDE), objects, connections.

Why they are told: nothing of ours follows a link, so what such cells show is as old as the last
save in Excel; and a link to a program is how workbooks are made to do harm, so people should know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from xlgov.ooxml.markup import Element
from xlgov.ooxml.parts import Parts, relationship_id, relationships_name

Kind = Literal["file", "program", "object", "connection"]


class OutsideLink(NamedTuple):
    """One link: what it leads to, as the workbook spells it."""

    kind: Kind
    target: str


def outside_links(parts: Parts, book: str) -> Sequence[OutsideLink]:
    """The links of the workbook part ``book``, in its order; none is followed.

    A link to a program is ``service|topic``, as formulas write it. Raises DamagedError and
    HostileError where a part that holds links cannot be read.
    """
    found: list[OutsideLink] = []
    for each in parts.relationships(book):
        name = parts.name(each.target) if each.target else None
        if name is None:
            continue
        if each.kind == "externalLink":
            for element in parts.tree(name)[1].children:
                found += _link(parts, name, element)
        elif each.kind == "connections":
            for element in parts.tree(name)[1].all("connection"):
                found.append(OutsideLink("connection", element.attributes.get("name", "")))
    return found


def _link(parts: Parts, part: str, element: Element) -> list[OutsideLink]:
    if element.name == "ddeLink":
        service, topic = (element.attributes.get(k, "") for k in ("ddeService", "ddeTopic"))
        return [OutsideLink("program", f"{service}|{topic}")]
    if element.name in ("externalBook", "oleLink"):
        kind: Kind = "file" if element.name == "externalBook" else "object"
        return [OutsideLink(kind, _target(parts, part, relationship_id(element)))]
    return []


def _target(parts: Parts, part: str, wanted: str) -> str:
    """What a relationship leads to, outside the package too."""
    rels = relationships_name(part)
    if parts.name(rels) is None:
        return ""
    for element in parts.tree(rels)[1].all("Relationship"):
        if element.attributes.get("Id") == wanted:
            return element.attributes.get("Target", "")
    return ""
