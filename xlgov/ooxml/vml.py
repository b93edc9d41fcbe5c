"""The drawing part of a sheet's notes: its shapes found, added, resized and taken away.

Why not by the parser: the part is older than XML in Office and need not be well formed (the HTML
of a button's caption stands in it, ``<br>`` and all). Buttons, pictures and the notes of others
live in it too, so only the tags of shapes are looked for, and the rest is never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from xlgov.errors import EditError
from xlgov.ooxml.markup import attributes_of, edit_tag, splice, tag_end

Cell = tuple[int, int]

VML = "urn:schemas-microsoft-com:vml"
OFFICE = "urn:schemas-microsoft-com:office:office"
EXCEL = "urn:schemas-microsoft-com:office:excel"
_ROOT = re.compile(rb"<((?:[\w.-]+:)?xml)[\s>]")
_SHAPE = re.compile(rb"<((?:[\w.-]+:)?shape)(?=[\s>])")
_UNSEEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_NOTE = re.compile(rb"""<(?:[\w.-]+:)?ClientData\b[^<>]*\bObjectType\s*=\s*["']Note["']""")
_ROW = re.compile(rb"<(?:[\w.-]+:)?Row>\s*([0-9]{1,7})\s*</")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?Column>\s*([0-9]{1,5})\s*</")
_ANCHOR = re.compile(rb"<(?:[\w.-]+:)?Anchor>([\s0-9,-]*)</")
_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})\b")
_MAP = re.compile(rb"<(?:[\w.-]+:)?idmap\b[^<>]*>")
_BACKGROUND = re.compile(
    rb"<((?:[\w.-]+:)?(?:shapetype|shapelayout))\b(?:[^<>]*/>|.*?</\1>)", re.DOTALL
)
_BLOCK = 1024  # numbers of shapes come in blocks, and a block belongs to one drawing of the book
_TYPE = "_x0000_t202"  # the type of text boxes, in every file that Excel writes


class Prefixes(NamedTuple):
    """How a part writes the vocabularies of VML, Office and Excel, without the colon; and the
    declarations, as attributes, of those that it lacks.
    """

    vml: str
    office: str
    excel: str
    missing: str


class NoteShape(NamedTuple):
    """The box of one note: its place in the part, its number and its anchor."""

    start: int
    end: int
    number: int
    anchor: tuple[int, ...]


class NoteDrawing:
    """A VML part as bytes, with the places of its note boxes by cell."""

    def __init__(self, raw: bytes, part: str) -> None:
        self.raw = raw
        self._part = part
        self._seen = _UNSEEN.sub(lambda match: b" " * len(match[0]), raw)
        root = _ROOT.search(self._seen)
        end = -1 if root is None else self._seen.rfind(b"</" + root[1] + b">")
        if root is None or end < 0:
            raise self._unreadable()
        self._end = end
        self._declared = attributes_of(raw[root.start() : tag_end(raw, root.start())])
        self.shapes = dict(self._note_shapes())

    def _unreadable(self) -> EditError:
        return EditError(
            f"{self._part}, which draws the sheet's notes and buttons, is cut off or no drawing; "
            "open the file in Excel, let it repair the file and save it."
        )

    def _note_shapes(self) -> Iterator[tuple[Cell, NoteShape]]:
        place = 0
        while match := _SHAPE.search(self._seen, place):
            try:
                opened = tag_end(self._seen, match.start())
                place = opened
                if self._seen[opened - 2 : opened] == b"/>":
                    continue
                place = self._seen.index(b"</" + match[1] + b">", opened) + len(match[1]) + 3
            except ValueError:
                raise self._unreadable() from None
            inside = self._seen[match.start() : place]
            row, column = _ROW.search(inside), _COLUMN.search(inside)
            if _NOTE.search(inside) is None or row is None or column is None:
                continue
            number, anchor = _NUMBER.search(inside), _ANCHOR.search(inside)
            yield (
                (int(row[1]) + 1, int(column[1]) + 1),
                NoteShape(
                    match.start(),
                    place,
                    int(number[1]) if number else 0,
                    tuple(map(int, re.findall(rb"-?[0-9]+", anchor[1]))) if anchor else (),
                ),
            )

    @property
    def blocks(self) -> list[int]:
        """The blocks of shape numbers that are this drawing's."""
        found = _MAP.search(self._seen)
        if found is None:
            return sorted({int(each) // _BLOCK for each in _NUMBER.findall(self._seen)})
        listed = attributes_of(found[0]).get("data", "")
        return [int(each) for each in re.findall("[0-9]+", listed)]

    def edited(
        self,
        removed: Collection[Cell],
        added: Mapping[Cell, tuple[int, ...]],
        resized: Mapping[Cell, tuple[int, ...]],
        taken: Collection[int],
        foreign: Collection[int],
    ) -> bytes:
        """The part with boxes removed, added and resized (cell to anchor).

        ``taken`` are shape numbers that the sheet names, ``foreign`` the blocks of other drawings.
        """
        edits = [(self.shapes[cell].start, self.shapes[cell].end, b"") for cell in removed]
        for cell, anchor in resized.items():
            shape = self.shapes[cell]
            new = self._rendered(shape.number, cell, anchor)
            edits.append((shape.start, shape.end, new))
        blocks = self.blocks
        numbers = self._free_numbers(blocks, set(taken), set(foreign))
        fragment = b"".join(
            self._rendered(next(numbers), cell, anchor) for cell, anchor in sorted(added.items())
        )
        if fragment:
            if not self.has_type(_TYPE):
                fragment = self._text_box() + fragment
            edits.append((self._end, self._end, fragment))
        return splice(self.raw, edits + self._mapped(blocks))

    def with_shape(
        self,
        render: Callable[[int, Prefixes], bytes],
        taken: Collection[int],
        foreign: Collection[int],
    ) -> bytes:
        """The part with one more shape, which ``render`` writes for its number and the part's
        prefixes; ``taken`` and ``foreign`` as for ``edited``.
        """
        blocks = self.blocks
        number = next(self._free_numbers(blocks, set(taken), set(foreign)))
        fragment = render(number, self.prefixes())
        return splice(self.raw, [(self._end, self._end, fragment), *self._mapped(blocks)])

    def has_type(self, name: str) -> bool:
        """Whether the part declares a type of shapes."""
        return f'"{name}"'.encode() in self._seen.replace(b"'", b'"')

    def _mapped(self, blocks: list[int]) -> list[tuple[int, int, bytes]]:
        """The edit that claims these blocks of numbers for the drawing."""
        found = _MAP.search(self._seen)
        if found is None or blocks == self.blocks:
            return []
        tag = edit_tag(found[0], {"data": ",".join(map(str, blocks))})
        return [(*found.span(), tag)]

    def _free_numbers(self, blocks: list[int], taken: set[int], foreign: set[int]) -> Iterator[int]:
        """Numbers for new shapes in the drawing's blocks; one more block where those are full."""
        taken |= {int(each) for each in _NUMBER.findall(self._seen)}
        for block in list(blocks):
            first, stop = block * _BLOCK + 1, (block + 1) * _BLOCK
            last = max((n for n in taken if first <= n < stop), default=first - 1)
            yield from chain(
                range(last + 1, stop), (n for n in range(first, last) if n not in taken)
            )
        while True:
            blocks.append(max({*blocks, *foreign}, default=0) + 1)
            first = blocks[-1] * _BLOCK + 1
            yield from (n for n in range(first, first + _BLOCK - 1) if n not in taken)

    def prefixes(self) -> Prefixes:
        """Prefixes of the three vocabularies, and the declarations that the part lacks."""
        declared = {uri: name for name, uri in self._declared.items() if name.startswith("xmlns:")}
        prefixes, missing = [], ""
        for uri, usual in ((VML, "v"), (OFFICE, "o"), (EXCEL, "x")):
            if uri in declared:
                prefixes.append(declared[uri].removeprefix("xmlns:"))
            else:
                prefixes.append(usual)
                missing += f' xmlns:{usual}="{uri}"'
        return Prefixes(prefixes[0], prefixes[1], prefixes[2], missing)

    def _text_box(self) -> bytes:
        v, o, _, missing = self.prefixes()
        return (
            f'<{v}:shapetype id="{_TYPE}" coordsize="21600,21600" {o}:spt="202" '
            f'path="m,l,21600r21600,l21600,xe"{missing}><{v}:stroke joinstyle="miter"/>'
            f'<{v}:path gradientshapeok="t" {o}:connecttype="rect"/></{v}:shapetype>'
        ).encode()

    def _rendered(self, number: int, cell: Cell, anchor: tuple[int, ...]) -> bytes:
        """One box as Excel writes it, shown only while the mouse is over its cell."""
        v, o, x, missing = self.prefixes()
        return (
            f'<{v}:shape id="_x0000_s{number}" type="#{_TYPE}" style="position:absolute;'
            f"margin-left:59.25pt;margin-top:1.5pt;width:225pt;height:75pt;z-index:1;"
            f'visibility:hidden" fillcolor="#ffffe1" {o}:insetmode="auto"{missing}>'
            f'<{v}:fill color2="#ffffe1"/><{v}:shadow on="t" color="black" obscured="t"/>'
            f'<{v}:path {o}:connecttype="none"/><{v}:textbox style="mso-direction-alt:auto">'
            f'<div style="text-align:left"></div></{v}:textbox><{x}:ClientData ObjectType="Note">'
            f"<{x}:MoveWithCells/><{x}:SizeWithCells/>"
            f"<{x}:Anchor>{', '.join(map(str, anchor))}</{x}:Anchor>"
            f"<{x}:AutoFill>False</{x}:AutoFill><{x}:Row>{cell[0] - 1}</{x}:Row>"
            f"<{x}:Column>{cell[1] - 1}</{x}:Column></{x}:ClientData></{v}:shape>"
        ).encode()


def empty_drawing(block: int) -> bytes:
    """A drawing part without a shape, whose shapes take their numbers from a block."""
    return (
        f'<xml xmlns:v="{VML}" xmlns:o="{OFFICE}" xmlns:x="{EXCEL}"><o:shapelayout v:ext="edit">'
        f'<o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>'
    ).encode()


def draws_nothing(raw: bytes) -> bool:
    """Whether a drawing part holds no shape of any kind any more."""
    inside = _BACKGROUND.sub(b"", raw.removeprefix(b"\xef\xbb\xbf"))
    inside = re.sub(rb"<\?xml[^>]*\?>", b"", inside)
    return re.fullmatch(rb"\s*<((?:[\w.-]+:)?xml)\b[^<>]*>\s*</\1>\s*", inside) is not None
