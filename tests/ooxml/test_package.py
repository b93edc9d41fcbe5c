"""The package: every odd zip is read or refused in words, and what no edit touches stays raw."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import threading
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgov.errors import (
    DamagedError,
    EditError,
    EncryptedError,
    HostileError,
    UsageError,
    XlgovError,
)
from xlgov.ooxml import rewrite
from xlgov.ooxml.directory import DEFAULT_LIMITS, Limits, part_key
from xlgov.ooxml.package import Package
from xlgov.ooxml.rewrite import Content

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "poi"
CORPUS_FILES = sorted(CORPUS.glob("*.xls*"))
PARTS = {
    "[Content_Types].xml": b"<Types/>" * 20,
    "xl/workbook.xml": b"<workbook/>" * 30,
    "xl/worksheets/sheet1.xml": b"<worksheet>" + b"<c/>" * 500 + b"</worksheet>",
    "xl/media/image1.png": bytes(random.Random(7).randbytes(700)),
}


class Unseekable(io.RawIOBase):
    """A stream that cannot seek, so that zipfile has to write data descriptors."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # a narrower buffer will do
        self.content += piece
        return len(piece)


def make_zip(
    parts: dict[str, bytes] | list[tuple[str, bytes]] = PARTS,
    method: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
    zip64: bool = False,
    stream: bool = False,
) -> bytes:
    sink: io.BytesIO | Unseekable = Unseekable() if stream else io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        archive.comment = comment
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            entry = zipfile.ZipInfo(name, (2017, 2, 6, 9, 30, 0))
            entry.compress_type, entry.external_attr = method, 0o644 << 16
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Duplicate name")
                with archive.open(entry, "w", force_zip64=zip64) as file:
                    file.write(content)
    return bytes(sink.content) if isinstance(sink, Unseekable) else sink.getvalue()


def with_zip64_end(plain: bytes, stated: int | None = None) -> bytes:
    """The same package with Zip64 records at its end, where every field of the old one points."""
    end = plain.rfind(b"PK\5\6")
    count, _, size, offset = struct.unpack_from("<HHLL", plain, end + 8)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end if stated is None else stated, 1)
    saturated = b"PK\5\6\0\0\0\0" + b"\xff" * 12 + b"\0\0"
    return plain[:end] + record + locator + saturated


def with_zip64_offsets(plain: bytes) -> bytes:
    """The same package with each directory record's sizes and offset in a Zip64 field."""
    end = plain.rfind(b"PK\5\6")
    count, _, _, offset = struct.unpack_from("<HHLL", plain, end + 8)
    records, at = b"", offset
    for _ in range(count):
        fixed = bytearray(plain[at : at + 46])
        name_length, extra_length, _ = struct.unpack_from("<3H", fixed, 28)
        assert extra_length == 0
        packed, full = struct.unpack_from("<2L", fixed, 20)
        place = struct.unpack_from("<L", fixed, 42)[0]
        other = struct.pack("<2HL", 0x7777, 4, 1)
        extra = other + struct.pack("<2H3Q", 1, 24, full, packed, place)
        struct.pack_into("<2L", fixed, 20, 0xFFFFFFFF, 0xFFFFFFFF)
        struct.pack_into("<H", fixed, 30, len(extra))
        struct.pack_into("<L", fixed, 42, 0xFFFFFFFF)
        records += bytes(fixed) + plain[at + 46 : at + 46 + name_length] + extra
        at += 46 + name_length
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(records), offset, 0)
    return plain[:offset] + records + tail


def patch_record(content: bytes, name: str, place: int, form: str, value: int) -> bytes:
    """A package with one field of one directory record changed."""
    at = content.rfind(name.encode()) - 46
    assert content[at : at + 4] == b"PK\1\2"
    changed = bytearray(content)
    struct.pack_into(form, changed, at + place, value)
    return bytes(changed)


def opened(content: bytes, limits: Limits = DEFAULT_LIMITS) -> Package:
    return Package(io.BytesIO(content), limits)


def rewritten(
    content: bytes,
    replace: dict[str, Content] | None = None,
    add: dict[str, bytes] | None = None,
    remove: tuple[str, ...] = (),
) -> bytes:
    target = io.BytesIO()
    with opened(content) as package:
        package.write(target, replace, add, remove)
    return target.getvalue()


def raw_members(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    """By zipfile alone: each member's compressed bytes and the facts that must stay with them."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            head = content[entry.header_offset : entry.header_offset + 30]
            start = entry.header_offset + 30 + sum(struct.unpack("<2H", head[26:30]))
            raw = content[start : start + entry.compress_size]
            found.setdefault(entry.filename, []).append(
                (raw, entry.CRC, entry.date_time, entry.external_attr, entry.compress_type)
            )
    return found


PREFIX = b"MZ an unpacking program stands here" + bytes(40)
SHAPES = {
    "plain": make_zip(),
    "stored": make_zip(method=zipfile.ZIP_STORED),
    "empty": make_zip({}),
    "comment": make_zip(comment=b"kept by the governance team"),
    "descriptors": make_zip(stream=True),
    "descriptors of stored members": make_zip(method=zipfile.ZIP_STORED, stream=True),
    "Zip64 local headers": make_zip(zip64=True),
    "Zip64 descriptors": make_zip(zip64=True, stream=True),
    "Zip64 end": with_zip64_end(make_zip()),
    "Zip64 end with a locator that forgets the prefix": PREFIX + with_zip64_end(make_zip()),
    "Zip64 directory": with_zip64_offsets(make_zip()),
    "Zip64 everywhere": with_zip64_end(with_zip64_offsets(make_zip(zip64=True))),
    "prefix, relative offsets": PREFIX + make_zip(),
    "bytes after the end": make_zip() + b"\r\n",
    "duplicates": make_zip([*PARTS.items(), ("xl/workbook.xml", b"<newer/>")]),
    "folders": make_zip({"xl/": b"", **PARTS}),
    "names beyond ASCII": make_zip({"xl/bücher/прил.xml": b"1", **PARTS}),
}


def shape_with_absolute_prefix() -> bytes:
    sink = io.BytesIO(PREFIX)
    sink.seek(0, io.SEEK_END)
    with zipfile.ZipFile(sink, "a") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
    return sink.getvalue()


def shape_in_another_order() -> bytes:
    """The directory lists the members backwards, with a byte gap after each local segment."""
    parts, local = make_zip(), b""
    records: list[bytes] = []
    with zipfile.ZipFile(io.BytesIO(parts)) as archive:
        entries = archive.infolist()
        starts = [entry.header_offset for entry in entries] + [archive.start_dir]
    at = starts[-1]
    for entry, start, stop in zip(entries, starts, starts[1:], strict=False):
        length = 46 + len(entry.filename)
        record = bytearray(parts[at : at + length])
        struct.pack_into("<L", record, 42, len(local))
        records.insert(0, bytes(record))
        local += parts[start:stop] + b"gap!"
        at += length
    directory = b"".join(records)
    counts = (0, 0, len(records), len(records), len(directory), len(local), 0)
    return local + directory + struct.pack("<4s4H2LH", b"PK\5\6", *counts)


def shape_with_unmarked_descriptors(content: bytes) -> bytes:
    """The same package, its descriptors without the signature that most writers give them."""
    at = content.rfind(b"PK\5\6")
    directory_at = struct.unpack_from("<L", content, at + 16)[0]
    removed = content[:directory_at].count(b"PK\7\x08")
    changed = bytearray(content[:directory_at].replace(b"PK\7\x08", b"") + content[directory_at:])
    struct.pack_into("<L", changed, at - 4 * removed + 16, directory_at - 4 * removed)
    record = directory_at - 4 * removed
    for number in range(removed):
        place = struct.unpack_from("<L", changed, record + 42)[0] - 4 * number
        struct.pack_into("<L", changed, record + 42, place)
        record += 46 + sum(struct.unpack_from("<3H", changed, record + 28))
    return bytes(changed)


SHAPES["unmarked descriptors"] = shape_with_unmarked_descriptors(SHAPES["descriptors"])
SHAPES["unmarked Zip64 descriptors"] = shape_with_unmarked_descriptors(SHAPES["Zip64 descriptors"])
SHAPES["prefix, absolute offsets"] = shape_with_absolute_prefix()
SHAPES["gaps, and a directory in another order"] = shape_in_another_order()


@pytest.mark.parametrize("shape", SHAPES)
def test_no_change_gives_the_same_file(shape: str) -> None:
    assert rewritten(SHAPES[shape]) == SHAPES[shape]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_part_reads_as_zipfile_reads_it(shape: str) -> None:
    with zipfile.ZipFile(io.BytesIO(SHAPES[shape])) as archive, opened(SHAPES[shape]) as package:
        assert package.names() == archive.namelist()
        for name in archive.namelist():
            assert package.read(name) == archive.read(name)
            assert package.size(name) == len(archive.read(name))


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "empty"])
def test_one_replaced_part_leaves_all_others_raw(shape: str) -> None:
    name, new = "xl/worksheets/sheet1.xml", b"<worksheet>" + b"<new/>" * 900 + b"</worksheet>"
    output = rewritten(SHAPES[shape], {name: new}, add={"xl/own.xml": b"<own/>"})
    before, after = raw_members(SHAPES[shape]), raw_members(output)
    assert after.pop("xl/own.xml")[0][2] == (1980, 1, 1, 0, 0, 0)
    assert list(after) == list(before)
    for each in before:
        if each != name:
            assert after[each] == before[each]
    assert after[name][0][2:4] == before[name][0][2:4]
    with zipfile.ZipFile(io.BytesIO(output)) as archive:
        assert archive.testzip() is None
        assert archive.read(name) == new
        assert archive.comment == zipfile.ZipFile(io.BytesIO(SHAPES[shape])).comment
    with opened(output) as package:
        assert package.read(name) == new
        assert package.find(name).flags & 8 == 0  # type: ignore[union-attr]  # it was just read
    start = len(PREFIX) if shape.startswith("prefix") else 0
    assert output[:start] == SHAPES[shape][:start]


def test_gap_bytes_stay_after_replacing_and_removing() -> None:
    shape = SHAPES["gaps, and a directory in another order"]
    output = rewritten(shape, {"xl/workbook.xml": b"<new/>"}, remove=("xl/media/image1.png",))
    assert output.count(b"gap!") == len(PARTS)
    assert list(raw_members(output)) == [each for each in reversed(PARTS) if "media" not in each]


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if "descriptors" in shape])
def test_a_replaced_part_takes_its_descriptor_with_it(shape: str) -> None:
    output = rewritten(SHAPES[shape], {name: b"new" for name in PARTS})
    assert len(output) == len(rewritten(SHAPES["plain"], {name: b"new" for name in PARTS}))


@pytest.mark.parametrize("length", [0, 10, 18])
def test_a_comment_that_looks_like_an_end_is_a_comment(length: int) -> None:
    content = make_zip(comment=b"PK\5\6" + bytes(length))  # which zipfile cannot read
    assert rewritten(content) == content
    with opened(content) as package:
        assert package.read("xl/workbook.xml") == PARTS["xl/workbook.xml"]


def test_removing_a_part_removes_its_duplicates_too() -> None:
    output = rewritten(SHAPES["duplicates"], remove=("XL/workbook.xml",))
    assert list(raw_members(output)) == [name for name in PARTS if name != "xl/workbook.xml"]


def test_of_duplicates_the_last_is_found_and_the_others_stay_raw() -> None:
    with opened(SHAPES["duplicates"]) as package:
        assert package.read("xl/workbook.xml") == b"<newer/>"
    output = rewritten(SHAPES["duplicates"], {"xl/workbook.xml": b"<newest/>"})
    before, after = raw_members(SHAPES["duplicates"]), raw_members(output)
    assert after["xl/workbook.xml"][0] == before["xl/workbook.xml"][0]
    with opened(output) as package:
        assert package.read("xl/workbook.xml") == b"<newest/>"


def test_a_part_is_found_however_its_name_is_written() -> None:
    names = {"xl/My%20Sheet.xml": b"1", "xl\\worksheets\\Sheet2.xml": b"2"}
    content = make_zip({each.replace("\\", "|"): value for each, value in names.items()})
    with opened(content.replace(b"xl|worksheets|", b"xl\\worksheets\\")) as package:
        assert package.read("/xl/my sheet.xml") == b"1"
        assert package.read("XL/Worksheets/sheet2.XML") == b"2"
        assert package.names() == ["xl/My%20Sheet.xml", "xl/worksheets/Sheet2.xml"]
        assert package.find("xl/absent.xml") is None
        with pytest.raises(DamagedError, match=r"no part xl/absent\.xml"):
            package.read("xl/absent.xml")


def test_names_without_the_utf8_flag_are_cp437_or_plainly_utf8() -> None:
    content = make_zip({"xl/b\u00fccher.xml": b"1"})
    cp437 = "xl/b\u00fccher.xml".encode("cp437") + b" "  # one byte shorter than in UTF-8
    for name in (cp437, "xl/b\u00fccher.xml".encode()):
        plain = bytearray(content.replace("xl/b\u00fccher.xml".encode(), name))
        record = plain.find(b"PK\1\2")
        plain[record + 9] &= 0xF7  # the high byte of the flags
        with opened(bytes(plain)) as package:
            assert package.names()[0].strip() == "xl/b\u00fccher.xml"


def test_local_names_and_extra_fields_that_differ_are_copied_raw() -> None:
    shape = bytearray(make_zip(zip64=True))
    shape[30:49] = b"[CONTENT_TYPES].XML"
    output = rewritten(bytes(shape), {"xl/workbook.xml": b"<new/>"})
    assert b"[CONTENT_TYPES].XML" in output and b"[Content_Types].xml" in output
    start = shape.find(b"xl/workbook.xml") - 30
    assert output[:start] == shape[:start]


def test_the_same_edit_gives_the_same_bytes_however_it_is_cut() -> None:
    text = b"".join(b'<c r="A%d"><v>%d</v></c>' % (n, n * 7919 % 1000) for n in range(200_000))

    def pieces(length: int) -> Callable[[], Iterator[bytes]]:
        return lambda: (text[at : at + length] for at in range(0, len(text), length))

    name = "xl/worksheets/sheet1.xml"
    outputs = {rewritten(SHAPES["plain"], {name: each}) for each in (text, pieces(999_983))}
    outputs.add(rewritten(SHAPES["plain"], {name: pieces(5_000_011)}))
    assert len(text) > 3 * rewrite._BLOCK and len(outputs) == 1
    with zipfile.ZipFile(io.BytesIO(outputs.pop())) as archive:
        assert archive.read(name) == text
        packed = archive.getinfo(name).compress_size
    assert packed < 1.1 * len(zlib.compress(text, 6))


def test_what_a_producer_raises_comes_through_and_leaves_no_thread() -> None:
    class Stop(Exception):
        pass

    def produce() -> Iterator[bytes]:
        for _ in range(6):
            yield bytes(rewrite._BLOCK)
        raise Stop

    with pytest.raises(Stop):
        rewritten(SHAPES["plain"], {"xl/workbook.xml": produce})
    assert threading.active_count() == 1


def test_what_a_full_disk_raises_comes_through_and_leaves_no_thread() -> None:
    class Full(io.BytesIO):
        def write(self, piece: object) -> int:
            if self.tell() > 2000:
                raise OSError(28, "No space left on device")
            return super().write(piece)  # type: ignore[arg-type]  # bytes, in fact

    def produce() -> Iterator[bytes]:
        source = random.Random(3)
        for _ in range(9):
            yield source.randbytes(rewrite._BLOCK)

    with opened(SHAPES["plain"]) as package, pytest.raises(OSError, match="No space"):
        package.write(Full(), {"xl/worksheets/sheet1.xml": produce})
    assert threading.active_count() == 1


def test_what_compressing_raises_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(block: bytes, before: bytes) -> bytes:
        raise MemoryError("no room to compress")

    monkeypatch.setattr(rewrite, "_deflate_block", fail)
    with pytest.raises(MemoryError):
        rewritten(SHAPES["plain"], {"xl/workbook.xml": lambda: iter([bytes(9 << 20)])})


def test_a_stream_may_be_left_early_and_two_may_be_read_in_turns() -> None:
    content = make_zip({"a.xml": bytes(range(256)) * 4000, "b.xml": b"other" * 100_000})
    with opened(content) as package:
        first, second = package.stream("a.xml", 1000), package.stream("b.xml", 777)
        start = b"".join(next(first) + next(second)[:0] for _ in range(5))
        assert start == (bytes(range(256)) * 4000)[:5000]
        assert package.read("b.xml") == b"other" * 100_000
        assert start + b"".join(first) == package.read("a.xml")
        assert max(map(len, package.stream("a.xml", 1000))) == 1000


def test_a_package_is_never_read_whole() -> None:
    class Counted(io.BytesIO):
        total = most = 0

        def read(self, length: int | None = -1) -> bytes:
            found = super().read(length)
            self.total, self.most = self.total + len(found), max(self.most, len(found))
            return found

    content = make_zip({**PARTS, "big.bin": random.Random(1).randbytes(5_000_000)})
    file = Counted(content)
    package = Package(file)
    assert package.read("xl/workbook.xml") == PARTS["xl/workbook.xml"]
    assert file.total < 70_000
    package.write(io.BytesIO())
    assert package.sha256() == hashlib.sha256(content).hexdigest()
    assert file.most <= 1 << 20


def test_offsets_past_the_limit_of_32_bits_move_to_zip64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite, "_needs_64", lambda value: value >= 300)
    output = rewritten(SHAPES["plain"], {"[Content_Types].xml": random.Random(5).randbytes(900)})
    with zipfile.ZipFile(io.BytesIO(output)) as archive:
        assert archive.testzip() is None
        assert archive.read("xl/workbook.xml") == PARTS["xl/workbook.xml"]
    assert b"PK\6\6" in output and b"PK\6\7" in output
    with opened(output) as package:
        assert {name: package.read(name) for name in PARTS if name != "[Content_Types].xml"} == {
            name: PARTS[name] for name in PARTS if name != "[Content_Types].xml"
        }
    assert rewritten(output) == output


def test_a_part_that_would_pass_4_gib_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite, "MAX32", 3 << 20)
    with pytest.raises(EditError, match="4 GiB"):
        rewritten(SHAPES["plain"], {"xl/workbook.xml": lambda: iter([bytes(1 << 20)] * 4)})


def test_an_added_part_may_not_exist() -> None:
    with pytest.raises(ValueError, match="already"):
        rewritten(SHAPES["plain"], add={"XL/Workbook.xml": b""})
    with pytest.raises(HostileError):
        rewritten(SHAPES["plain"], add={"../outside.xml": b""})


# Refusals


def overlap_bomb() -> bytes:
    """Two directory records share one local entry."""
    content = make_zip({"xl/a.xml": b"a" * 99, "xl/b.xml": b"a" * 99})
    return patch_record(content, "xl/b.xml", 42, "<L", 0)


def quoted_overlap() -> bytes:
    """The first member's stored block swallows the whole second entry, local header included."""
    inner = make_zip({"xl/b.xml": b"b" * 50})
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        segment = inner[: archive.start_dir]
    content = make_zip({"xl/a.xml": segment}, zipfile.ZIP_STORED)
    place = 30 + len("xl/a.xml")
    record = bytearray(inner[len(segment) : inner.rfind(b"PK\5\6")])
    struct.pack_into("<L", record, 42, place)
    end = content.rfind(b"PK\5\6")
    directory_at = place + len(segment)
    directory = content[directory_at:end] + record
    counts = (0, 0, 2, 2, len(directory), directory_at, 0)
    return content[:directory_at] + directory + struct.pack("<4s4H2LH", b"PK\5\6", *counts)


SHEET = "xl/worksheets/sheet1.xml"
REFUSED: dict[str, tuple[bytes, type[XlgovError], str]] = {
    "nothing": (b"", DamagedError, "cut short"),
    "text": (b"Risk,Score\nSR1,12\n" * 30, DamagedError, "cut short"),
    "one entry listed twice": (overlap_bomb(), HostileError, "overlap"),
    "an entry inside another": (quoted_overlap(), HostileError, "overlap"),
    "encrypted": (patch_record(make_zip(), SHEET, 8, "<H", 1), EncryptedError, "password"),
    "Deflate64": (patch_record(make_zip(), SHEET, 10, "<H", 9), DamagedError, "Deflate64"),
    "LZMA": (make_zip(method=zipfile.ZIP_LZMA), DamagedError, "LZMA.*save it again"),
    "method 77": (patch_record(make_zip(), SHEET, 10, "<H", 77), DamagedError, "method 77"),
    "offset past the end": (
        patch_record(make_zip(), SHEET, 42, "<L", 1 << 30), DamagedError, "past the end"),
    "length past the end": (
        patch_record(make_zip(), SHEET, 20, "<L", 1 << 30), DamagedError, "past the end"),
    "no local header there": (
        patch_record(make_zip(), SHEET, 42, "<L", 5), DamagedError, "not where"),
    "part of several disks": (
        make_zip()[:-18] + b"\1\0\1\0" + make_zip()[-14:], DamagedError, "split"),
    "two lengths of a stored part": (
        patch_record(make_zip(method=0), SHEET, 24, "<L", 9), DamagedError, "two lengths"),
    "too large a part": (
        with_zip64_end(patch_record(make_zip(), SHEET, 24, "<L", 0xFFFFFFF0)),
        HostileError, "would inflate"),
    "a bomb by its own words": (
        make_zip({SHEET: bytes(20 << 20)}), HostileError, "would inflate.*200 times"),
    "a directory cut in a record": (
        patch_record(make_zip(), "xl/media/image1.png", 28, "<H", 60_000),
        DamagedError, "list of parts"),
    "a count that is wrong": (
        make_zip()[:-14] + b"\7\0\7\0" + make_zip()[-10:], DamagedError, "4 parts.*has 7"),
    "counts that differ": (
        make_zip()[:-14] + b"\4\0\7\0" + make_zip()[-10:], DamagedError, "split"),
    "two ends that differ": (
        with_zip64_end(make_zip())[:-12] + b"\7\0" + b"\xff" * 8 + b"\0\0",
        DamagedError, "cut short"),
    **{
        f"path trick {name!r}": (
            make_zip({"x" * len(name): b"1"}).replace(b"x" * len(name), name),
            HostileError, "outside the package")
        for name in (b"/etc/passwd", b"\\windows\\win.ini", b"C:\\boot.ini", b"xl/../../out.xml",
                     b"..\\out.xml", b"xl/%2e%2e/out.xml", b"xl/a.xml\0.png", b"xl/a.xml%00.png")
    },
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses_with_a_reason_and_a_remedy(case: str) -> None:
    content, expected, words = REFUSED[case]
    with pytest.raises(expected, match=f"(?s){words}") as caught:
        opened(content)
    assert type(caught.value) is expected
    assert str(caught.value).endswith(".")


def test_too_many_parts_or_too_much_together_are_refused() -> None:
    with pytest.raises(HostileError, match="4 parts"):
        opened(make_zip(), Limits(entries=3))
    with pytest.raises(HostileError, match="together"):
        opened(make_zip(), Limits(total_size=2000))
    assert opened(make_zip({"xl/media/white.bmp": bytes(20 << 20)})).size("xl/media/white.bmp")


def test_a_part_that_inflates_past_what_it_declares_is_refused() -> None:
    content = patch_record(make_zip(), SHEET, 24, "<L", 1000)
    with opened(content) as package, pytest.raises(HostileError, match="inflates past the 1,000"):
        package.read(SHEET)


@pytest.mark.parametrize("place, value", [(16, 12345), (24, 5000)])
def test_a_wrong_checksum_or_length_is_damage(place: int, value: int) -> None:
    with (
        opened(patch_record(make_zip(), SHEET, place, "<L", value)) as package,
        pytest.raises(DamagedError, match="checksum or length"),
    ):
        package.read(SHEET)


def test_damaged_compressed_bytes_are_damage_and_other_parts_still_read() -> None:
    content = bytearray(make_zip())
    start = content.find(SHEET.encode()) + len(SHEET)
    content[start : start + 20] = b"\xff" * 20
    with opened(bytes(content)) as package:
        with pytest.raises(DamagedError, match="compressed bytes are damaged"):
            package.read(SHEET)
        assert package.read("xl/workbook.xml") == PARTS["xl/workbook.xml"]


def test_a_stream_that_ends_too_soon_is_damage() -> None:
    content = patch_record(make_zip(), SHEET, 20, "<L", 12)
    with opened(content) as package, pytest.raises(DamagedError, match="checksum or length"):
        package.read(SHEET)


@pytest.mark.parametrize("shape", ["plain", "Zip64 everywhere", "comment", "descriptors"])
def test_a_file_cut_anywhere_is_damage(shape: str) -> None:
    content = SHAPES[shape]
    for length in range(len(content)):
        with pytest.raises(DamagedError):
            opened(content[:length])


def test_a_file_cut_inside_an_embedded_workbook_is_not_taken_for_that_workbook() -> None:
    inner = make_zip({"[Content_Types].xml": b"<inner/>", "xl/workbook.xml": b"<inner/>"})
    content = make_zip({**PARTS, "xl/embeddings/b.xlsx": inner, "z.xml": b"z"}, zipfile.ZIP_STORED)
    for length in range(len(content)):
        with pytest.raises(DamagedError):
            opened(content[:length])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_file_with_changed_bytes_is_read_or_refused_and_never_crashes(
    data: st.DataObject,
) -> None:
    content = bytearray(SHAPES[data.draw(st.sampled_from(sorted(SHAPES)))])
    end = content.rfind(b"PK\1\2") if data.draw(st.booleans()) else 0
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(max(end, 0), len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )
    try:
        with opened(bytes(content)) as package:
            target = io.BytesIO()
            package.write(target)
            assert target.getvalue() == bytes(content)
            for member in package.members:
                package.read(member)
    except XlgovError:
        pass


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.text("abcdé./%20", min_size=1, max_size=8), st.binary(max_size=300), max_size=6
    ),
    st.data(),
)
def test_any_package_gives_back_what_was_put_in(
    parts: dict[str, bytes], data: st.DataObject
) -> None:
    keys: dict[str, str] = {}
    for name in parts:
        key = part_key(name)
        if name[0] != "/" and "\0" not in key and not {"..", ""} & set(key.split("/")):
            keys.setdefault(key, name)
    parts = {name: parts[name] for name in keys.values()}
    stream, zip64 = data.draw(st.booleans()), data.draw(st.booleans())
    content = PREFIX * data.draw(st.booleans()) + make_zip(parts, stream=stream, zip64=zip64)
    assert rewritten(content) == content
    chosen = data.draw(st.lists(st.sampled_from(sorted(parts)), unique=True)) if parts else []
    new: dict[str, Content] = {name: data.draw(st.binary(max_size=300)) for name in chosen}
    output = rewritten(content, new, {"added.bin": b"added"})
    with opened(output) as package:
        assert {name: package.read(name) for name in parts} == {**parts, **new}
        assert package.read("added.bin") == b"added"
    before, after = raw_members(content), raw_members(output)
    assert all(after[name] == before[name] for name in parts if name not in new)


# Files on disk


def test_a_path_that_is_no_file_is_an_error_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="absent"):
        Package.open(tmp_path / "absent.xlsx")
    with pytest.raises(UsageError):
        Package.open(tmp_path)


def test_a_refused_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(make_zip()[:-5])
    with pytest.raises(DamagedError):
        Package.open(path)  # an open handle would be a ResourceWarning, which is an error


@pytest.mark.skipif(not CORPUS_FILES, reason="the public workbooks (shared/corpus) are not here")
@pytest.mark.parametrize("path", CORPUS_FILES, ids=lambda path: path.name)
def test_public_workbooks_come_out_as_they_went_in(path: Path) -> None:
    content = path.read_bytes()
    assert rewritten(content) == content
    with opened(content) as package:
        parts = {name: package.read(name) for name in package.names() if not name.endswith("/")}
    before = raw_members(content)
    for name in parts:
        output = rewritten(content, {name: parts[name]})
        after = raw_members(output)
        assert list(after) == list(before)
        assert all(after[each] == before[each] for each in before if each != name)
        with zipfile.ZipFile(io.BytesIO(output)) as archive:
            assert archive.testzip() is None
            assert archive.read(name) == parts[name]
