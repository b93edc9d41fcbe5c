"""Inputs made from other inputs: bytes changed blindly, and parts of a workbook changed with sense.

Why with sense: of a zip with a flipped byte hardly anything is learnt but that its checksum is
wrong. So a workbook is unpacked, one of its parts is changed as XML, and it is packed again.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

from tests.fuzz.book import zipped

Blind = Callable[[bytes, int], bytes]  # content and most bytes; the fuzzer's own mutation

_LONG = 30_000  # characters; a cell may hold 32,767
VALUES = (
    b" " * _LONG, b"1" * _LONG, b"(" * _LONG, b"1/" * (_LONG // 2), b"a " * (_LONG // 2),
    b"- " * (_LONG // 2), b"&#10;" * (_LONG // 5), b"1." * (_LONG // 2), b"R1, " * (_LONG // 4),
    b"", b"-1", b"0", b"1", b"2", b"99999999999999999999", b"2147483648", b"1048577", b"\xc2\xb2",
    b"1e9", b"NaN", b"A1", b"a1:zz", b"A1:XFD1048576", b"  ", b"&#0;", b"&#xFFFFFFFF;", b"&nbsp;",
    b"\xff\xfe", b"\x00", b"<", b"'", b"x" * 3000, b"1_0", b"../../x", b"#REF!", b"=1+1", b"rId1",
    b"true", b"shared", b"array", b"inlineStr", b"s", b"d", b"e", b"str", b"1899-12-31", b"A0",
    b"XFE1", b"hidden", b"'!A1", b"[1]Sheet1!A1", b"External", b"%2e%2e/x", b"\xed\xa0\x80",
)  # fmt: skip
NOISE = (
    b"<", b">", b"/", b'"', b"'", b"&", b"=", b" ", b"\x00", b"\xff", b"<!--", b"-->", b"]]>",
    b"<![CDATA[", b"<?x?>", b"<c/>", b"<row/>", b"</sheetData>", b"<sheetData>", b"xmlns=''",
    b"<x:c/>", b"\n", b"\t", b"\r", b'<c r="A1"/>', b'<row r="2">', b"<f>A1</f>", b"<v>1</v>",
    b"<is><t>x</t></is>", b"<!DOCTYPE a>", b"<rPh><t>x</t></rPh>", b"_x0041_", b"_xD83D_",
    b"&amp;", b"&#10;", b"<mc:AlternateContent>", b"</row>", b"</c>",
    b' xml:space="preserve"', b"\xe2\x80\xa9",
)  # fmt: skip
WORDS = (
    b"likelihood", b"impact", b"rating", b"matrix", b"bands", b"tolerance", b"scoring", b"product",
    b"as_of", b"2017-02-06", b"31/12/9999", b"29/02/2017", b"yes", b"red", b"FFC000", b"1e308",
    b"-0", b"9" * 400, b"nan", b"inf", b"{}", b"[", b"]", b"[[", b"=", b'"', b"'''", b"\n", b"\t",
    b"\\", b"#", b".", b",", b"\xef\xbb\xbf", b"\x00", b"\xff", b"true", b"1979-05-27T07:32:00Z",
    b"07:32:00", b"month", b"2018-03", b"parts", b"names", b"target", b"all", b"A1", b"F", b"%",
    b"=1+1",
)  # fmt: skip


def mutate_bytes(
    content: bytes, most: int, chance: random.Random, blind: Blind, words: tuple[bytes, ...]
) -> bytes:
    """One or a few changes: a word put in, a stretch gone, doubled or moved, or a blind one."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        way = chance.randrange(8)
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.choice((1, 2, 8, 60, 400)))
        if way < 2:
            content = blind(content, most)
        elif way < 4:
            content = content[:start] + chance.choice(words) + content[end:]
        elif way == 4:
            content = content[:start] + chance.choice(words) + content[start:]
        elif way == 5:
            content = content[:start] + content[end:]
        elif way == 6:
            content = content[:start] + content[start:end] * 2 + content[end:]
        else:
            to = chance.randrange(len(content) + 1)
            content = content[:to] + content[start:end] + content[to:]
    return content[:most]


def mutate_xml(content: bytes, most: int, chance: random.Random, blind: Blind) -> bytes:
    """An attribute's value, an element gone, doubled or moved; else bytes."""
    way = chance.randrange(6)
    if way < 2:
        places = [match.span(1) for match in re.finditer(rb'="([^"]*)"', content)]
        if places:
            start, end = chance.choice(places)
            return (content[:start] + chance.choice(VALUES) + content[end:])[:most]
    elif way == 2:
        places = [match.span(1) for match in re.finditer(rb">([^<>]+)<", content)]
        if places:
            start, end = chance.choice(places)
            return (content[:start] + chance.choice(VALUES) + content[end:])[:most]
    elif way == 3:
        places = [match.span() for match in re.finditer(rb"<[^<>]+>", content)]
        if places:
            start, end = chance.choice(places)
            to = chance.choice(places)[1]
            return (content[:to] + content[start:end] + content[to:])[:most]
    return mutate_bytes(content, most, chance, blind, NOISE)


def mutate_workbook(content: bytes, most: int, chance: random.Random, blind: Blind) -> bytes:
    """One part of a workbook changed; now and then a part gone, doubled, or under another name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {info.filename: file.read(info) for info in file.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError):
        return blind(content, most)
    except (RuntimeError, OverflowError, AttributeError):  # encrypted, or an odd extra field
        return blind(content, most)
    names = [name for name in parts if name.lower().endswith((".xml", ".rels", ".vml"))]
    if not names:
        return blind(content, most)
    likely = [each for each in names if "sheet" in each or "workbook" in each or "Strings" in each]
    name = chance.choice(likely if likely and chance.random() < 0.7 else names)
    way = chance.randrange(20)
    if way == 0:
        del parts[name]
    elif way == 1:
        parts[name.upper()] = parts[name]
    elif way == 2:
        parts[chance.choice(names)] = parts[name]
    else:
        parts[name] = mutate_xml(parts[name], most, chance, blind)
    made = zipped(parts)
    return made if len(made) <= most else content


def flip(chance: random.Random) -> Blind:
    """A blind change of our own, where no fuzzer gives one: a byte or number changed."""

    def change(content: bytes, most: int) -> bytes:
        if not content:
            return chance.randbytes(4)
        at = chance.randrange(len(content))
        width = chance.choice((1, 1, 2, 4))
        new = chance.choice((chance.randbytes(width), b"\xff" * width, bytes(width)))
        return (content[:at] + new + content[at + width :])[:most]

    return change


def mutate_for(
    target: str, content: bytes, most: int, chance: random.Random, blind: Blind
) -> bytes:
    """A changed input of the kind that a target takes."""
    if target == "workbook":
        return mutate_workbook(content, most, chance, blind)
    if target in ("sheet", "strings"):
        return mutate_xml(content, most, chance, blind)
    if target == "package":
        return blind(content, most)
    return mutate_bytes(content, most, chance, blind, WORDS)
