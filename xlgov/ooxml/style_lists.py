"""The lists of the styles part (fonts, fills, cell formats ...), read, and appended to at the end.

Why appended records wait: a styles part may be megabytes, and one refresh appends a dozen records
to four of its lists. They are collected here and spliced in once, so the part is parsed once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from xlgov.errors import EditError
from xlgov.ooxml.markup import (
    Element,
    edit_tag,
    insert_into,
    opened_tag,
    parse,
    prefix_at,
    tag_name,
)
from xlgov.ooxml.parts import Parts

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_LONGEST_LIST = {"cellXfs": 65_490}  # beyond it Excel calls the file damaged

_INDEX = re.compile(rb"""\ss(?:tyle)?\s*=\s*["'](\d+)["']""")

# What a list begins with where a workbook lacks it: index 0 is what every plain cell shows, and
# Excel takes the first two fills to be these two whatever they say.
_LEAST = {
    "fonts": ('<{p}font><{p}sz val="11"/><{p}name val="Calibri"/></{p}font>',),
    "fills": (
        '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
        '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    ),
    "borders": ("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",),
    "cellStyleXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
    "cellStyles": ('<{p}cellStyle name="Normal" xfId="0" builtinId="0"/>',),
}


class Record(NamedTuple):
    """One record of a list: its element, and the bytes that the element's places are in."""

    source: bytes
    element: Element

    @property
    def raw(self) -> bytes:
        return self.piece(self.element)

    @property
    def attributes(self) -> dict[str, str]:
        return self.element.attributes

    def piece(self, element: Element) -> bytes:
        """Bytes of this record's element or one below it."""
        return self.source[element.start : element.end]


@dataclass(slots=True)
class _List:
    records: list[Record]
    added: list[bytes] = field(default_factory=list)
    positions: dict[bytes, int] = field(default_factory=dict)


def _style_indexes(chunks: Iterable[bytes]) -> set[bytes]:
    """Style indexes that a sheet's cells, rows and columns name."""
    found: set[bytes] = set()
    held = b""
    for chunk in chunks:
        if b"\0" in chunk:  # UTF-16, in which every second byte is one
            chunk = chunk.replace(b"\0", b"")
        held += chunk
        found.update(_INDEX.findall(held))
        held = held[-40:]
    return found


class StyleLists:
    """The lists of one workbook's styles; ``part`` is None where it has none, or an empty one."""

    def __init__(self, parts: Parts, book_part: str, part: str | None) -> None:
        self._parts = parts
        self._book_part = book_part
        self._given = part
        present = part is not None and parts.name(part) is not None
        self.part = part if part and present and parts.raw(part).strip() else None
        self._lists: dict[str, _List] = {}

    @property
    def root(self) -> Element | None:
        """The styles part's root; None without a part."""
        return self._parts.tree(self.part)[1] if self.part else None

    @property
    def prefix(self) -> str:
        """The prefix that the part gives its elements, with its colon."""
        if self.part is None:
            return ""
        raw, root = self._parts.tree(self.part)
        return prefix_at(raw, root.start)

    def records(self, name: str) -> list[Record]:
        """Records of a list, those appended too."""
        return self._list(name).records

    def _list(self, name: str) -> _List:
        if name not in self._lists:
            records: list[Record] = []
            if self.part is not None:
                raw, root = self._parts.tree(self.part)
                listed = root.child(name)
                records = [Record(raw, each) for each in (listed.children if listed else ())]
            self._lists[name] = _List(records)
        return self._lists[name]

    def fill_up(self, name: str) -> None:
        """Give a list what every workbook's has at least."""
        self._ensure_part()
        if name == "cellXfs" and not self.records(name):
            for other in _LEAST:  # the first format refers to the first of each of them
                if other != name:
                    self.fill_up(other)
        least, listed = _LEAST.get(name, ()), self._list(name)
        for fragment in least[len(listed.records) :]:
            self._add(name, fragment.format(p=self.prefix).encode())

    def append(self, name: str, fragment: bytes) -> int:
        """Position of a record in its list; appended unless an equal one is there.

        Raises EditError where Excel allows no more.
        """
        self.fill_up(name)
        listed = self._list(name)
        if not listed.positions:
            if name == "cellXfs":
                self._cover_indexes()
            for position, record in enumerate(listed.records):
                listed.positions.setdefault(record.raw, position)
        if fragment not in listed.positions:
            if len(listed.records) >= _LONGEST_LIST.get(name, 1 << 31):
                raise EditError(
                    f"the workbook has {len(listed.records):,} cell formats, as many as Excel "
                    "allows; remove unused ones in Excel (copy the sheets into a new workbook)."
                )
            listed.positions[fragment] = len(listed.records)
            self._add(name, fragment)
        return listed.positions[fragment]

    def _cover_indexes(self) -> None:
        """Lengthen the table to the highest index that any cell names.

        A cell whose index is beyond the table shows the first format, and must go on doing so: it
        may not come to show a format of ours.
        """
        formats = self.records("cellXfs")
        named: set[bytes] = set()
        for each in self._parts.relationships(self._book_part):
            if each.kind.lower().endswith("sheet") and self._parts.name(each.target):
                named |= _style_indexes(self._parts.stream(each.target))
        known = (int(index) for index in named if len(index) < 6)
        last = max((index for index in known if index < _LONGEST_LIST["cellXfs"] - 1), default=0)
        for _ in range(len(formats), last + 1):
            self._add("cellXfs", formats[0].raw)

    def _add(self, name: str, fragment: bytes) -> None:
        listed = self._list(name)
        listed.records.append(self._parsed(name, fragment))
        listed.added.append(fragment)

    def _parsed(self, name: str, fragment: bytes) -> Record:
        """A new record's element, read where it will stand, so that its prefixes are known."""
        assert self.part is not None
        raw, root = self._parts.tree(self.part)
        around = [raw[root.start : root.open_end]]
        standing = root.child(name)
        if standing is not None:
            around.append(raw[standing.start : standing.open_end])
        opened = [tag[:-2] + b">" if tag.endswith(b"/>") else tag for tag in around]
        closed = [b"</" + tag_name(tag) + b">" for tag in reversed(around)]
        source = b"".join((*opened, fragment, *closed))
        element = parse(source, self.part)
        for _ in around:
            element = element.children[0]
        return Record(source, element)

    def _ensure_part(self) -> None:
        """Make the styles part where the workbook has none or an empty one."""
        if self.part is not None:
            return
        namespace = self._parts.tree(self._book_part)[1].namespace
        lists = (f"<{name}>{''.join(_LEAST[name])}</{name}>" for name in _ORDER if name in _LEAST)
        content = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<styleSheet xmlns="{namespace}">{"".join(lists).format(p="")}</styleSheet>'
        )
        if self._given is None:
            folder = self._book_part.rpartition("/")[0]
            usual = f"{folder}/styles.xml".lstrip("/")  # some readers look for no other name
            taken = self._parts.name(usual) is not None
            free = self._parts.free_name(f"{folder}/xlgovStyles{{}}.xml".lstrip("/"))
            self._given = free if taken else usual
            self._parts.add_relationship(self._book_part, "styles", self._given)
        if self._parts.content_type(self._given) != _TYPE:
            self._parts.remove_override(self._given)
            self._parts.add_override(self._given, _TYPE)
        self._parts.put(self._given, content.encode())
        self.part = self._given
        self._lists.clear()

    def write(self) -> None:
        """Put what was appended into the part."""
        if self.part is None:
            return
        raw, root = self._parts.tree(self.part)
        p = self.prefix
        edits: list[tuple[int, int, bytes]] = []
        new = b""  # whole lists, for a root that has to be opened
        for name in _ORDER:
            added = self._lists[name].added if name in self._lists else []
            if not added:
                continue
            inside, count = b"".join(added), len(self._lists[name].records)
            standing = root.child(name)
            if standing is None:
                whole = f'<{p}{name} count="{count}">'.encode() + inside + f"</{p}{name}>".encode()
                new += whole
                edits.append(insert_into(raw, root, name, whole, _ORDER))
                continue
            tag = raw[standing.start : standing.open_end]
            if "count" in standing.attributes:
                tag = edit_tag(tag, {"count": str(count)})
            if standing.is_self_closing:
                edits.append((standing.start, standing.end, opened_tag(tag, inside)))
            else:
                edits.append((standing.start, standing.open_end, tag))
                edits.append((standing.close_start, standing.close_start, inside))
        if root.is_self_closing and new:
            edits = [(root.start, root.end, opened_tag(raw[root.start : root.end], new))]
        if edits:
            self._parts.edit(self.part, edits)
        self._lists.clear()
