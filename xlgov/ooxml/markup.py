"""XML as bytes with places: where every element of a small part begins and ends.

Why not a tree that is written out again: serialisers rename prefixes, reorder attributes and lose
what they do not know. Here the parser only says where things stand; every edit is a splice of
bytes at those places, so whatever is not edited is not touched.

Why expat directly: it reports byte offsets, is in the standard library and streams. A document
type declaration is refused outright, and with it every entity attack.

Parts in another encoding than UTF-8 are carried as UTF-8 inside and put back as they were.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from xlgov.errors import DamagedError, HostileError

_ATTRIBUTE = re.compile(rb"""(?<!\s)\s++([^\s=/>"']++)\s*+=\s*+("[^"]*"|'[^']*')""")
_TAG = re.compile(rb"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
MAX_DEPTH = 256
MAX_TEXT = 1 << 20  # characters of one text in a cell, of which Excel shows 32,767
MAX_ELEMENTS = 1_000_000  # of a part that becomes a tree: some 300 MB of memory


@dataclass(slots=True)
class Element:
    """An element and its place. A self-closing one has ``open_end == close_start == end``."""

    name: str
    namespace: str
    attributes: dict[str, str]
    start: int
    open_end: int = 0
    close_start: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def is_self_closing(self) -> bool:
        return self.open_end == self.end

    def child(self, name: str) -> Element | None:
        """First child of that local name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Element]:
        """Children of that local name."""
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    def full_text(self) -> str:
        """Text of the element and all below it, in document order of elements."""
        return "".join(element.text for element in self.walk())


def make_parser(part: str) -> expat.XMLParserType:
    """A parser that refuses document types and splits names as ``namespace name``."""
    parser = expat.ParserCreate(encoding="UTF-8", namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise HostileError(
            f"{part} declares a document type or entities; a workbook never needs them, so it was "
            "not read. Open the file in Excel and save it again if you trust it."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def refuse_ill_formed(chunks: Iterable[bytes], part: str) -> None:
    """Raise DamagedError where a part in UTF-8 is not well-formed XML."""
    parser = make_parser(part)
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ill_formed(part, error) from None


def too_long(part: str) -> HostileError:
    """What to say of a text that no cell can hold."""
    return HostileError(
        f"{part} has a text of more than {MAX_TEXT:,} characters, and a cell holds at most 32,767; "
        "not read. Shorten it in Excel, if Excel opens the file, and save it."
    )


def ill_formed(part: str, error: expat.ExpatError) -> DamagedError:
    """What to say of a part that no parser takes."""
    return DamagedError(
        f"{part} is not well-formed XML ({error}); the file is damaged. Open it in Excel, let it "
        "repair the file and save it."
    )


@lru_cache(maxsize=4096)  # one text for all elements of a name
def split_name(name: str) -> tuple[str, str]:
    """(namespace, local name) of a name as the parser gives it."""
    namespace, _, local = name.rpartition(" ")
    return namespace, local


def tag_end(raw: bytes, start: int) -> int:
    """Offset just past the tag that opens at ``start``; quotes may hold a ``>``.

    Raises ValueError where it does not end, in bytes that no parser has seen.
    """
    tag = _TAG.match(raw, start)
    if tag is None:
        raise ValueError("a tag does not end")
    return tag.end()


def parse(raw: bytes, part: str) -> Element:
    """The element tree of a small part (UTF-8), with places.

    Raises DamagedError where it is not well formed, HostileError for a document type, too deep
    nesting, or more elements than a tree should be made of.
    """
    parser = make_parser(part)
    stack: list[Element] = []
    roots: list[Element] = []
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) >= MAX_DEPTH:
            raise HostileError(f"{part} nests elements more than {MAX_DEPTH} deep; not read.")
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise HostileError(
                f"{part} has more than {MAX_ELEMENTS:,} elements besides rows of cells; not read. "
                "Open the workbook in Excel, remove formats, names or links that are not needed, "
                "and save it."
            )
        namespace, local = split_name(name)
        place = parser.CurrentByteIndex
        element = Element(local, namespace, attributes, place, tag_end(raw, place))
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def end(_: str) -> None:
        element = stack.pop()
        if raw[element.open_end - 2 : element.open_end] == b"/>":
            element.close_start = element.end = element.open_end
        else:
            element.close_start = parser.CurrentByteIndex
            element.end = raw.index(b">", element.close_start) + 1

    def text(characters: str) -> None:
        if stack:
            stack[-1].text += characters

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise ill_formed(part, error) from None
    return roots[0]


def decode(raw: bytes, part: str) -> tuple[bytes, str]:
    """A part as UTF-8 bytes, and the encoding to put it back with.

    Raises DamagedError where the encoding is unknown or does not come back the same.
    """
    encoding = "utf-8"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    elif raw.startswith(b"<\0"):
        encoding = "utf-16-le"
    elif raw.startswith(b"\0<"):
        encoding = "utf-16-be"
    else:
        declared = _DECLARED.match(raw.removeprefix(codecs.BOM_UTF8)[:200])
        if declared and declared[1].lower() != b"utf-8":
            encoding = declared[1].decode("ascii").lower()
    if encoding == "utf-8":
        return raw, encoding
    try:
        inside = raw.decode(encoding)
        if inside.encode(encoding) == raw:
            return inside.encode("utf-8"), encoding
    except (LookupError, UnicodeError):
        pass
    raise DamagedError(
        f"{part} is written in the encoding {encoding!r}, which could not be read and put back "
        "unchanged. Save the file again in Excel."
    )


def encode(inside: bytes, encoding: str) -> bytes:
    """UTF-8 bytes back in a part's own encoding; characters it lacks become references."""
    if encoding == "utf-8":
        return inside
    return inside.decode("utf-8").encode(encoding, "xmlcharrefreplace")


def prefix_at(raw: bytes, start: int) -> str:
    """Prefix, with its colon, of the tag that opens at ``start`` ("" without one)."""
    name = re.match(rb"<([^\s/>]+)", raw[start : start + 256])
    prefix, colon, _ = (name[1] if name else b"").rpartition(b":")
    return (prefix + colon).decode()


def attributes_of(tag: bytes) -> dict[str, str]:
    """Attributes of an opening tag by their raw names, entities resolved."""
    return {
        as_text(match[1]): unescape(as_text(match[2][1:-1])) for match in _ATTRIBUTE.finditer(tag)
    }


def as_text(raw: bytes) -> str:
    """UTF-8 bytes that no parser has looked at yet as text. Raises DamagedError."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise DamagedError(
            f"{raw[:40]!r} in the XML is no text in UTF-8; the file is damaged. Open it in Excel, "
            "let it repair the file and save it."
        ) from None


def whole_number(text: str | None) -> int | None:
    """A count or index as an attribute states it; None where it is no number of XML.

    >>> whole_number(" 12 "), whole_number("-1"), whole_number("²"), whole_number(None)
    (12, None, None, None)
    """
    bare = (text or "").strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 10 else None


def edit_tag(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    """An opening tag with attributes set (or, with None, removed); all others as they were.

    >>> edit_tag(b'<c r="A1" t="s"/>', {"t": None, "s": "4"})
    b'<c r="A1" s="4"/>'
    """
    left = dict(changes)

    def replace(match: re.Match[bytes]) -> bytes:
        name = as_text(match[1])
        if name not in left:
            return match[0]
        value = left.pop(name)
        if value is None:
            return b""
        quote = match[2][:1]
        written = escape_attribute(value).encode()
        return match[0][: match.start(2) - match.start()] + quote + written + quote

    edited = _ATTRIBUTE.sub(replace, tag)
    new = "".join(f' {n}="{escape_attribute(v)}"' for n, v in left.items() if v is not None)
    if not new:
        return edited
    body = edited[:-2] if edited.endswith(b"/>") else edited[:-1]
    return body.rstrip() + new.encode() + edited[len(body) :]


def tag_name(tag: bytes) -> bytes:
    """Name of an opening tag with its prefix."""
    name = re.match(rb"<([^\s/>]+)", tag)
    assert name is not None
    return name[1]


def opened_tag(tag: bytes, inside: bytes) -> bytes:
    """A self-closing tag opened around new content.

    >>> opened_tag(b'<row r="1" />', b"<c/>")
    b'<row r="1"><c/></row>'
    """
    return tag[:-2].rstrip() + b">" + inside + b"</" + tag_name(tag) + b">"


def splice(raw: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Bytes with stretches replaced: (start, end, new), in any order, never overlapping.

    Several insertions at one place come out in the order given.
    """
    pieces: list[bytes] = []
    place = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        if start < place:
            raise ValueError("edits of one part overlap")
        pieces += (raw[place:start], new)
        place = end
    pieces.append(raw[place:])
    return b"".join(pieces)


def insert_into(
    raw: bytes, parent: Element, name: str, fragment: bytes, order: tuple[str, ...]
) -> tuple[int, int, bytes]:
    """The edit that puts a new child into its place in the schema's order.

    Before the first child that the schema puts later; else at the end. A self-closing parent is
    opened.
    """
    if parent.is_self_closing:
        return parent.start, parent.end, opened_tag(raw[parent.start : parent.end], fragment)
    later = set(order[order.index(name) + 1 :])
    for child in parent.children:
        if child.name in later:
            return child.start, child.start, fragment
    return parent.close_start, parent.close_start, fragment


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def escape_text(text: str) -> str:
    """Text for an element: markup escaped, control characters as Excel writes them.

    >>> escape_text("a<b & _x0041_")
    'a&lt;b &amp; _x005F_x0041_'
    """
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "_x000D_")
    return _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


_ESCAPED = re.compile(
    "_x([Dd][89ABab][0-9A-Fa-f]{2})__x([Dd][C-Fc-f][0-9A-Fa-f]{2})_|_x([0-9A-Fa-f]{4})_"
)


def unescape_text(text: str) -> str:
    """Cell text with Excel's ``_xHHHH_`` resolved; the inverse of what ``escape_text`` adds.

    Half of a character outside the basic plane is no text, and stays as it is written.

    >>> unescape_text("a_x0041_ _xD83D__xDE00_ _xD83D_")
    'aA 😀 _xD83D_'
    """
    if "_x" not in text:
        return text

    def resolve(match: re.Match[str]) -> str:
        if match[1]:
            high, low = int(match[1], 16), int(match[2], 16)
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        code = int(match[3], 16)
        return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPED.sub(resolve, text)


def escape_attribute(text: str) -> str:
    """Text for an attribute value in either kind of quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace('"', "&quot;").replace("'", "&apos;")
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def is_true(text: str | None) -> bool:
    """Whether an attribute says yes, in one of the ways of XML."""
    return (text or "").strip().lower() in ("1", "true", "on")


def is_character(code: int) -> bool:
    """Whether XML can hold a character of this number at all."""
    return (
        0x20 <= code <= 0xD7FF
        or code in (0x9, 0xA, 0xD)
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )


_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|[A-Za-z]+);")


def unescape(text: str) -> str:
    """Text with the five XML entities and character references resolved."""
    if "&" not in text:
        return text

    def resolve(match: re.Match[str]) -> str:
        name = match[1]
        if not name.startswith("#"):
            found = _ENTITIES.get(name)
        else:
            digits, radix = (name[2:], 16) if name[1] == "x" else (name[1:], 10)
            digits = digits.lstrip("0")
            code = int(digits or "0", radix) if len(digits) < 10 else -1
            found = chr(code) if is_character(code) else None
        if found is None:
            raise DamagedError(
                f"{match[0]} in the XML stands for no character; the file is damaged. Open it in "
                "Excel, let it repair the file and save it."
            )
        return found

    return _REFERENCE.sub(resolve, text)
