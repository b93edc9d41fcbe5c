"""The runs of a cell's text: read with all they carry, cut where a mark begins, and put together.

Why properties stay bytes: a run may have more properties than this library has words for. Of a
stretch that is marked only colour, bold and underline are replaced; runs that no mark touches keep
their bytes, and phonetic text, which counts characters, keeps its place because no text changes.

Why a marked word of a plain text gets the cell's whole font: properties that a run leaves out are
not the cell's in Excel, so a run that only says *red* would also change its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from xlgov.changes import MarkedText
from xlgov.errors import EditError
from xlgov.ooxml.cell import text_element
from xlgov.ooxml.markup import Element, is_true, parse, unescape_text

# How Excel writes a run's properties (18.4.7); the schema allows any order.
_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz",
    "color", "rFont", "family", "charset", "scheme",
)  # fmt: skip
_FLAGS = ("b", "i", "strike", "u")
_UNDERLINES = frozenset({"single", "double", "singleAccounting", "doubleAccounting"})

_RED_NUMBERS = ("2", "10")

# Name and bytes of each property, in the order in which they stand.
Properties = tuple[tuple[str, bytes], ...]
Spans = Sequence[tuple[int, int]]


class Run(NamedTuple):
    """A stretch of text. ``properties`` are None where it shows the cell's own font.

    ``raw`` are its bytes while nothing of it is changed.
    """

    text: str
    properties: Properties | None = None
    raw: bytes | None = None


class Item(NamedTuple):
    """The inside of a shared or inline string: its runs, and what follows them (phonetic text)."""

    runs: tuple[Run, ...]
    rest: bytes = b""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def is_rich(self) -> bool:
        return any(run.properties is not None for run in self.runs)


def renamed(raw: bytes, old: str, new: str) -> bytes:
    """A fragment whose elements have another namespace prefix.

    >>> renamed(b'<x:r><x:t>a</x:t></x:r>', "x:", "")
    b'<r><t>a</t></r>'
    """
    if old == new:
        return raw
    name = re.escape(old.encode()) if old else rb"(?![\w.-]+:)"
    return re.sub(rb"<(/?)" + name + rb"(?=[A-Za-z])", rb"<\1" + new.encode(), raw)


def parse_fragment(raw: bytes, prefix: str, what: str) -> tuple[bytes, Element]:
    """Bytes in which a fragment stands alone, and the element around it."""
    around = f"<xlgov xmlns{':' + prefix[:-1] if prefix else ''}='m'>".encode()
    source = around + raw + b"</xlgov>"
    return source, parse(source, what)


def read_item(inside: bytes, prefix: str, what: str) -> Item:
    """The runs of a string's inside; ``what`` names it where it cannot be read.

    >>> item = read_item(b"<t>plain </t><r><rPr><b/></rPr><t>bold</t></r>", "", "A1")
    >>> [(run.text, run.properties) for run in item.runs]
    [('plain ', None), ('bold', (('b', b'<b/>'),))]
    """
    source, root = parse_fragment(inside, prefix, what)
    runs: list[Run] = []
    rest = b""
    for each in root.children:
        raw = source[each.start : each.end]
        if each.name == "t":
            wrapped = f"<{prefix}r>".encode() + raw + f"</{prefix}r>".encode()
            runs.append(Run(unescape_text(each.text), None, wrapped))
        elif each.name == "r":
            text = unescape_text("".join(t.text for t in each.all("t")))
            listed = each.child("rPr")
            properties = None if listed is None else properties_of(source, listed)
            runs.append(Run(text, properties, raw))
        else:
            rest += raw
    return Item(tuple(runs), rest)


def properties_of(source: bytes, listed: Element) -> Properties:
    """The properties in a run's ``rPr``, or in a ``font`` by the names that runs use."""
    return tuple(
        ("rFont" if each.name == "name" else each.name, source[each.start : each.end])
        for each in listed.children
    )


def font_properties(raw: bytes, old: str, new: str) -> Properties:
    """A font record of the styles as the properties of a run, in a sheet's prefix."""
    source, root = parse_fragment(raw, old, "a font of the styles")
    found = []
    for name, piece in properties_of(source, root.children[0]):
        if name == "rFont":
            piece = re.sub(rb"^<([\w.-]+:)?name", rb"<\1rFont", piece)
        found.append((name, renamed(piece, old, new)))
    return tuple(found)


def mark_item(item: Item, mark: MarkedText, font: Properties, prefix: str, where: str) -> Item:
    """The item with the stretches of a mark made to stand out; its text is the same.

    Raises EditError where the text is not the one that the mark was made for.
    """
    if item.text != mark.text:
        raise EditError(
            f"{where} reads {item.text[:40]!r} and the marks are for {mark.text[:40]!r}; "
            "nothing was marked. Compare the files again."
        )
    last = 0
    for start, end in mark.spans:
        if not last <= start < end <= len(mark.text):
            raise EditError(f"{where}: the marks {start} to {end} do not fit the text; correct it.")
        last = end
    runs: list[Run] = []
    place = 0
    for run in item.runs:
        for text, is_marked in _cut(run.text, place, mark.spans):
            if text == run.text and not is_marked:
                runs.append(run)
                continue
            properties = run.properties
            # Only a first run without properties is sure to show the cell's own font.
            if properties is None and (is_marked or runs):
                properties = font
            if is_marked:
                properties = _standing_out(properties or (), mark, prefix)
            runs.append(Run(text, properties))
        place += len(run.text)
    return item._replace(runs=tuple(runs))


def _cut(text: str, place: int, spans: Spans) -> Iterator[tuple[str, bool]]:
    """The pieces of a run's text that begins at ``place``, and whether each lies in a span."""
    edges = {0, len(text)}
    inside: list[tuple[int, int]] = []
    for start, end in spans:
        if start < place + len(text) and end > place:
            first, last = max(start - place, 0), min(end - place, len(text))
            edges |= {first, last}
            inside.append((first, last))
    if not text:
        yield text, False
    marked = iter(inside)
    current = next(marked, None)
    for first, last in pairwise(sorted(edges)):
        while current is not None and current[1] <= first:
            current = next(marked, None)
        yield text[first:last], current is not None and current[0] <= first


def _standing_out(properties: Properties, mark: MarkedText, p: str) -> Properties:
    new: dict[str, bytes] = {}
    if mark.color is not None:
        new["color"] = f'<{p}color rgb="FF{mark.color.upper()}"/>'.encode()
    if mark.bold:
        new["b"] = f"<{p}b/>".encode()
    if mark.underline:
        new["u"] = f"<{p}u/>".encode()
    kept = [(name, raw) for name, raw in properties if name not in new]
    every = [*kept, *new.items()]
    return tuple(sorted(every, key=lambda e: _ORDER.index(e[0]) if e[0] in _ORDER else 99))


def without_color(item: Item, color: str, prefix: str) -> Item:
    """The item whose runs of a colour have the automatic one instead."""
    runs = []
    for run in item.runs:
        kept = tuple(e for e in run.properties or () if not _is_color(*e, color, prefix))
        same = run.properties is None or len(kept) == len(run.properties)
        runs.append(run if same else Run(run.text, kept))
    return item._replace(runs=tuple(runs))


def _is_color(name: str, raw: bytes, color: str, prefix: str) -> bool:
    if name != "color":
        return False
    return _rgb(parse_fragment(raw, prefix, "a colour")[1].children[0]) == color.upper()


def font_without_color(raw: bytes, color: str) -> bytes:
    """A font record (no prefix) without its colour, if that is this one."""
    source, root = parse_fragment(raw, "", "a font of the styles")
    for each in root.children[0].all("color"):
        if _rgb(each) == color.upper():
            font = root.children[0]
            return source[font.start : each.start] + source[each.end : font.end]
    return raw


def _rgb(color: Element) -> str:
    """A colour that is stated as such; of the numbered ones only red, which has two numbers."""
    if color.attributes.get("indexed") in _RED_NUMBERS:
        return "FF0000"
    return color.attributes.get("rgb", "")[-6:].upper()


def render_item(item: Item, prefix: str) -> bytes:
    """The inside of an inline string: every run with its properties, then what followed."""
    p = prefix
    return b"".join(_render(run, p) for run in item.runs) + item.rest


def _render(run: Run, p: str) -> bytes:
    if run.raw is not None:
        return run.raw
    inside = b"".join(raw for _, raw in run.properties or ())
    style = f"<{p}rPr>".encode() + inside + f"</{p}rPr>".encode() if inside else b""
    text = text_element(run.text, p).encode()
    return f"<{p}r>".encode() + style + text + f"</{p}r>".encode()


class Shown(NamedTuple):
    """How a stretch of characters looks, as far as marks and people change it."""

    length: int
    flags: tuple[bool, ...]
    color: str


def shown_runs(item: Item, font: Properties, prefix: str) -> list[Shown]:
    """How an item's text looks, stretch by stretch; equal neighbours are one.

    Two writers of the same text cut and describe it in their own ways and look the same here.
    """
    found: list[Shown] = []
    for run in item.runs:
        if not run.text:
            continue
        look, color = look_of(font if run.properties is None else run.properties, prefix)
        flags = tuple(look.values())
        if found and (found[-1].flags, found[-1].color) == (flags, color):
            found[-1] = found[-1]._replace(length=found[-1].length + len(run.text))
        else:
            found.append(Shown(len(run.text), flags, color))
    return found


def look_of(properties: Properties, prefix: str) -> tuple[dict[str, bool], str]:
    """Which of bold, italic, strike and underline properties have, and their colour (RGB or "")."""
    elements = parse_fragment(b"".join(raw for _, raw in properties), prefix, "a run")[1].children
    on = {
        e.name
        for e in elements
        if is_true(e.attributes.get("val", "1")) or e.attributes.get("val") in _UNDERLINES
    }
    rgb = next((_rgb(e) for e in elements if e.name == "color"), "")
    return {name: name in on for name in _FLAGS}, "" if rgb == "000000" else rgb
