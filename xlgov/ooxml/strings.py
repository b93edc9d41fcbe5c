"""Shared strings, only those asked for.

Why no table: a register of 100,000 rows may have two million strings and need a tenth of them.
The part is streamed once, stretches that hold none of the wanted ones are counted and skipped,
and the rest is cut at ``si`` and decoded where wanted. Which are wanted is one byte for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from xml.parsers import expat

from xlgov.errors import DamagedError
from xlgov.grid.sheet import BRIEF_LENGTH, LONG_TEXT, shortened
from xlgov.ooxml.markup import (
    MAX_TEXT,
    as_text,
    decode,
    make_parser,
    split_name,
    too_long,
    unescape,
    unescape_text,
)
from xlgov.ooxml.parts import Parts

_OPENING = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sst[\s/>]")
_ODD = re.compile(rb"<[!?]")

_MARKS = rb'(?:\s++[\w:.-]++="[^"<>]*+")*+\s*+'  # attributes; in any other spelling: irregular

_SHORTEST = 5  # bytes of an item: <si/>
_ROOM = 1 << 12
_MOST_HELD = 16 << 20  # bytes of an item that is not there to its end yet


class _Irregular(Exception):
    pass


@dataclass(slots=True)
class SharedStrings:
    """The shared strings that were asked for; not the long ones asked for briefly.

    ``count`` is how many items were seen, so what is missing below it is one of those.
    """

    texts: dict[int, str] = field(default_factory=dict)
    count: int = 0

    def text(self, index: int) -> str | None:
        """A string that was wanted whole; None for an empty one and beyond the table."""
        return self.texts.get(index) or None

    def brief(self, index: int) -> str | None:
        """A string as a column that is read briefly gives it."""
        text = self.texts.get(index)
        if text is None:
            return LONG_TEXT if index < self.count else None
        return shortened(text) or None  # type: ignore[return-value]  # a text gives a text


_WHOLE, _BRIEF = 1, 2


def read_strings(
    parts: Parts, part: str, wanted: Iterable[int], brief: Iterable[int] = ()
) -> SharedStrings:
    """The shared strings with these indexes, those in ``brief`` only if they are short."""
    name = parts.name(part)
    if name is None:
        return SharedStrings()
    size = parts.package.size(name) if parts.pending(name) is None else len(parts.raw(name))
    marks = _mark(wanted, brief, size // _SHORTEST)
    if not marks:
        return SharedStrings()
    found = SharedStrings()
    try:
        for index, text in _read_fast(parts.stream(name), marks, found):
            found.texts[index] = text
        return found
    except _Irregular:
        return _read_carefully(parts.raw(name), name, marks)


def _mark(wanted: Iterable[int], brief: Iterable[int], most: int) -> bytearray:
    """For each index up to the last: 0, or how it is wanted. No table has items beyond ``most``."""
    marks = bytearray()
    for indexes, mark in ((brief, _BRIEF), (wanted, _WHOLE)):
        for index in indexes:
            if index >= len(marks):
                if index >= most:
                    continue
                marks.extend(bytes(index + _ROOM - len(marks)))
            marks[index] = mark
    return marks.rstrip(b"\0")


def _read_fast(
    chunks: Iterable[bytes], marks: bytearray, found: SharedStrings
) -> Iterator[tuple[int, str]]:
    source = iter(chunks)
    buffer = next(source, b"")
    opening = _OPENING.search(buffer)
    declared = buffer[:120].upper()
    if opening is None or (b"ENCODING" in declared and b"UTF-8" not in declared):
        raise _Irregular
    if b"<!" in buffer[: opening.start()]:
        raise _Irregular
    p = opening[1]
    item = b"<" + p + b"si"
    texts = Texts(p)
    end = rb"\s*+(?:</%bsst>\s*+|<%bextLst[ >].*)?" % (p, p)
    plain = re.compile(
        b'><%bt(?: xml:space="preserve")?>([^<]*+)</%bt></%bsi>%b' % (p, p, p, end), re.DOTALL
    )
    rich = re.compile(rb"%b(?:/>|>(%b)</%bsi>)%b" % (_MARKS, texts.pattern, p, end), re.DOTALL)
    # Longer than a brief column gives, as is seen without decoding: nothing stands for one letter.
    long = re.compile(rb"><%bt>[A-Za-z0-9][^<&_\r\x80-\xff]{%d}" % (p, BRIEF_LENGTH))
    buffer = buffer[opening.end() :]
    seen = 0
    for chunk in chain(source, (None,)):
        cut = len(buffer) if chunk is None else buffer.rfind(item, seen)
        if cut > 0:
            stretch, buffer = buffer[:cut], buffer[cut:]
            if _ODD.search(stretch):
                raise _Irregular
            first = found.count
            found.count += stretch.count(item)
            here = marks[first : found.count]
            if any(here):
                pieces = stretch.split(item)[1:]
                asked = zip(range(first, found.count), here, pieces, strict=False)
                for index, mark, inside in compress(asked, here):
                    if mark == _BRIEF and long.match(inside):
                        continue
                    match = plain.fullmatch(inside) or rich.fullmatch(inside)
                    if match is None:
                        raise _Irregular
                    content = match[1] or b""
                    text = texts.read(content) if b"<" in content else text_of(content)
                    if mark != _BRIEF or shortened(text) == text:
                        yield index, text
            if found.count >= len(marks):
                return
        if len(buffer) > _MOST_HELD:
            raise _Irregular
        seen = max(0, len(buffer) - len(item))
        if chunk:
            buffer += chunk


class Texts:
    """What a string is made of, in the cell or in the table: a text, runs of text, readings of it.

    Possessive throughout, so that no content can make a search of it long.
    """

    def __init__(self, prefix: bytes) -> None:
        p = prefix
        text = holding(p, b"t")
        look = rb"<%brPr ?/>|<%brPr>(?:<(?!/%brPr>|%bt[\s/>])[^<>]*+>|\s++)*+</%brPr>" % (
            (p, p, p, p, p)
        )
        run = rb"<%br>\s*+(?:%b)?\s*+(?:%b)?\s*+</%br>" % (p, look, text, p)
        reading = rb"<%brPh%b>\s*+%b\s*+</%brPh>" % (p, _MARKS, text, p)
        hint = rb"<%bphoneticPr%b(?:/>|></%bphoneticPr>)" % (p, _MARKS, p)
        self.pattern = rb"(?:%b|%b|%b|%b|\s++)*+" % (text, run, reading, hint)
        self._text = re.compile(holding(p, b"t", b"([^<]*+)"))
        self._reading = re.compile(reading)

    def read(self, content: bytes) -> str:
        """The text of what ``pattern`` matches."""
        return text_of(b"".join(self._text.findall(self._reading.sub(b"", content))))


def holding(prefix: bytes, name: bytes, group: bytes = b"[^<]*+") -> bytes:
    """The pattern of an element that holds text alone, or is self-closing."""
    tag = prefix + name
    return rb"<%b%b(?:/>|>%b</%b>)" % (tag, _MARKS, group, tag)


def text_of(raw: bytes) -> str:
    """Text of a ``t`` element's raw content."""
    return unescape_text(content_of(raw))


def plain_texts(contents: Sequence[bytes]) -> list[str] | None:
    """``text_of`` each of many, decoded at once; None where one of them is more than plain."""
    joined = b"\0".join(contents)
    if any(mark in joined for mark in (b"&", b"\r", b"_x")):
        return None
    try:
        texts = joined.decode().split("\0")
    except UnicodeDecodeError:
        return None  # one at a time shows which
    return texts if len(texts) == len(contents) else None  # a NUL is no character of XML


def content_of(raw: bytes) -> str:
    """Raw content of an element as a parser gives it: ends of lines and references resolved."""
    text = as_text(raw)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unescape(text)


def _read_carefully(raw: bytes, part: str, marks: bytearray) -> SharedStrings:
    inside, _ = decode(raw, part)
    parser = make_parser(part)
    found = SharedStrings()
    stack: list[str] = []
    wanted = False
    pieces: list[str] = []
    collecting = False
    length = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal wanted, collecting
        local = split_name(name)[1]
        if len(stack) == 1 and local == "si":
            wanted = found.count < len(marks) and bool(marks[found.count])
            found.count += 1
            pieces.clear()
        collecting = local == "t" and "rPh" not in stack and wanted
        stack.append(local)

    def end(_: str) -> None:
        nonlocal collecting
        collecting = False
        if stack.pop() == "si" and len(stack) == 1 and wanted:
            found.texts[found.count - 1] = unescape_text("".join(pieces))

    def characters(piece: str) -> None:
        nonlocal length
        if collecting:
            length = length + len(piece) if pieces else len(piece)
            if length > MAX_TEXT:
                raise too_long(part)
            pieces.append(piece)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(inside, True)
    except expat.ExpatError as error:
        raise DamagedError(
            f"{part}: not well-formed XML ({error}); repair the file in Excel and save it."
        ) from None
    return found
