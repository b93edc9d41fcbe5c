"""An independent judge of a workbook that was given a button: what else may differ is nothing.

It shares no code with the library: what a button adds is taken out of the new file's parts again
by its text, and what is left has to be the old file's, byte for byte.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from pathlib import Path

MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
P = rb"(?:[\w.-]+:)?"  # of an element's name
NAMES = rb"<%bdefinedName name=\"xlgov_\w+\" hidden=\"1\">[^<]*</%bdefinedName>" % (P, P)
BUTTON = (
    rb'(?:<(\w+:)shapetype id="_x0000_t201".{0,500}?</\1shapetype>)?<(\w+:)shape id="_x0000_s\d+" '
    rb'type="#_x0000_t201"[^>]*>(?:(?!</\2shape>).)*?XlgovRecalculate.*?</\2shape>'
)


def as_utf8(raw: bytes) -> bytes:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16").encode()
    if raw[:2] in (b"\0<", b"<\0"):
        return raw.decode("utf-16-be" if raw[:1] == b"\0" else "utf-16-le").encode()
    return raw


def stored(path: Path) -> list[tuple[zipfile.ZipInfo, bytes, bytes]]:
    """Entry, compressed bytes and content of every part, in order."""
    found = []
    with zipfile.ZipFile(path) as file, path.open("rb") as raw:
        for item in file.infolist():
            raw.seek(item.header_offset + 26)
            name, extra = struct.unpack("<2H", raw.read(4))
            raw.seek(name + extra, 1)
            found.append((item, raw.read(item.compress_size), file.read(item)))
    return found


def judge(before: Path, after: Path) -> set[str]:
    """Raise AssertionError for anything that differs beyond a button; gives the touched parts."""
    old, new = stored(before), stored(after)
    assert [i.filename for i, *_ in new[: len(old)]] == [i.filename for i, *_ in old], "order"
    for item, _, _ in new[len(old) :]:
        known = r"(.*/)?(vbaProject\d*\.bin|vmlDrawing\d+\.vml|_rels/[\w.%-]+\.rels)"
        assert re.fullmatch(known, item.filename), f"new part {item.filename}"
    touched = set()
    for (was, packed, content), (now, repacked, fresh) in zip(old, new, strict=False):
        for each in ("date_time", "external_attr", "internal_attr", "create_system", "comment"):
            assert getattr(was, each) == getattr(now, each), f"{was.filename}: {each} differs"
        if content == fresh:
            assert packed == repacked, f"{was.filename}: compressed anew"
            continue
        touched.add(was.filename)
        one, two = as_utf8(content), as_utf8(fresh)
        name = was.filename.lower()
        assert without_button(two, one, name) == one, f"{was.filename} differs"
    return touched


def without_button(new: bytes, old: bytes, name: str) -> bytes:
    """A part of the new file with what a button adds taken out again."""
    if name == "[content_types].xml":
        if WITH_MACROS not in old:
            new = new.replace(WITH_MACROS, MAIN)
            if old.count(MAIN) < new.count(MAIN):  # it was a default
                new = re.sub(
                    rb"<%bOverride PartName=\"[^\"]*\" ContentType=\"%b\"/>" % (P, re.escape(MAIN)),
                    b"",
                    new,
                )
        if b"vbaProject" not in old:
            new = re.sub(rb"<%bOverride PartName=\"[^\"]*vbaProject\d*\.bin\"[^>]*>" % P, b"", new)
        if b".vml" not in old and b'"vml"' not in old:
            new = re.sub(rb'<%bDefault Extension="vml"[^>]*>' % P, b"", new)
        return new
    if name.endswith(".rels"):
        for each in re.findall(rb'<%bRelationship Id="\w+"[^>]*/>' % P, new):
            if re.search(rb'/(vbaProject|vmlDrawing)"', each) and each not in old:
                new = new.replace(each, b"")
        return reclosed(new, old)
    if name.endswith(".vml"):
        new = re.sub(BUTTON, b"", new, flags=re.DOTALL)
        if re.search(rb'idmap[^>]*data="([^"]*)"', new) and new != old:  # one more block
            new = re.sub(rb'(idmap[^>]*data="[^"]*),\d+"', rb'\1"', new)
        return new
    if name.endswith(".bin"):
        return old
    new = re.sub(NAMES, b"", new)
    if b"definedNames" not in old:
        new = re.sub(rb"<%bdefinedNames></%bdefinedNames>" % (P, P), b"", new)
    if b"legacyDrawing " not in old:
        new = re.sub(rb"<%blegacyDrawing [^>]*/>" % P, b"", new)
    if b"codeName=" not in re.sub(rb"<%bfileVersion[^>]*>" % P, b"", old):
        for element in (b"sheetPr", b"workbookPr"):
            if not re.search(rb"<%b%b\b" % (P, element), old):
                new = re.sub(rb"<%b%b codeName=\"\w+\"/>" % (P, element), b"", new)
            named = rb"(<%b%b\b[^>]*?) codeName=\"\w+\"(\s*/?>)" % (P, element)
            new = re.sub(named, rb"\1\2", new)
    return reclosed(new, old)


def reclosed(new: bytes, old: bytes) -> bytes:
    """As it was where an element without content was opened, or a space before ``/>`` went."""
    if new == old:
        return new
    return old if re.sub(rb"\s+(?=/?>)", b"", new) == re.sub(rb"\s+(?=/?>)", b"", old) else new
