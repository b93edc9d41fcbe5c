"""Shared strings, only those asked for.

Why no table: a register of 100,000 rows may have two million strings and need a tenth of them.
The part is streamed once, stretches that hold none of the wanted ones are counted and skipped,
and the rest is cut at ``si`` and decoded where wanted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from xml.parsers import expat

from xlgov.errors import DamagedError
from xlgov.ooxml.markup import as_text, decode, make_parser, split_name, unescape, unescape_text
from xlgov.ooxml.parts import Parts

_OPENING = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sst[\s/>]")
_ODD = re.compile(rb"<[!?]")
_ODD_TAG = re.compile(rb"<[^<>]*[\t\r\n]|</[^<>]* ")  # one that the searches below would miss


class _Irregular(Exception):
    pass


def read_strings(parts: Parts, part: str, wanted: Collection[int]) -> dict[int, str]:
    """Text of the shared strings with these indexes; an index beyond the table is absent."""
    if not wanted:
        return {}
    name = parts.name(part)
    if name is None:
        return {}
    try:
        return dict(_read_fast(parts.stream(name), frozenset(wanted)))
    except _Irregular:
        return _read_carefully(parts.raw(name), name, frozenset(wanted))


def _read_fast(chunks: Iterable[bytes], wanted: frozenset[int]) -> Iterator[tuple[int, str]]:
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
    text = re.compile(b"<" + p + b"t(?: [^<>]*)?>([^<]*)</" + p + b"t>")
    phonetic = re.compile(b"<" + p + b"rPh[ >].*?</" + p + b"rPh>", re.DOTALL)
    buffer = buffer[opening.end() :]
    index = 0
    last = max(wanted)
    for chunk in chain(source, (None,)):
        cut = len(buffer) if chunk is None else buffer.rfind(item)
        if cut > 0:
            stretch, buffer = buffer[:cut], buffer[cut:]
            if _ODD.search(stretch):
                raise _Irregular
            count = stretch.count(item)
            here = range(index, index + count)
            hits = _between(wanted, here)
            if hits:
                pieces = stretch.split(item)
                for hit in hits:
                    inside = pieces[hit - index + 1]
                    if _ODD_TAG.search(inside):
                        raise _Irregular
                    if phonetic.search(inside):
                        inside = phonetic.sub(b"", inside)
                    found = text.findall(inside)
                    joined = found[0] if len(found) == 1 else b"".join(found)
                    yield hit, text_of(joined)
            index += count
            if index > last:
                return
        if chunk:
            buffer += chunk


def _between(wanted: frozenset[int], here: range) -> list[int]:
    if len(wanted) < len(here):
        return [index for index in wanted if index in here]
    return [index for index in here if index in wanted]


def text_of(raw: bytes) -> str:
    """Text of a ``t`` element's raw content."""
    text = as_text(raw)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = unescape(text)
    return unescape_text(text)


def _read_carefully(raw: bytes, part: str, wanted: frozenset[int]) -> dict[int, str]:
    inside, _ = decode(raw, part)
    parser = make_parser(part)
    found: dict[int, str] = {}
    stack: list[str] = []
    index = -1
    pieces: list[str] = []
    collecting = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal index, collecting
        local = split_name(name)[1]
        if len(stack) == 1 and local == "si":
            index += 1
            pieces.clear()
        collecting = local == "t" and "rPh" not in stack and index in wanted
        stack.append(local)

    def end(_: str) -> None:
        nonlocal collecting
        collecting = False
        if stack.pop() == "si" and len(stack) == 1 and index in wanted:
            found[index] = unescape_text("".join(pieces))

    def characters(piece: str) -> None:
        if collecting:
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
