"""A workbook's zip package as named bytes: read in pieces, written back with the rest untouched.

Why not zipfile: a member that no edit touches must come out byte for byte (local header, data,
descriptor, the bytes between members), and zipfile can only write members anew. So the central
directory is parsed here, raw segments are copied, and only offsets are patched. A package in which
nothing changes is therefore written as the same file.

Why everything is checked on opening: whoever holds a ``Package`` knows that its members do not
overlap, lie inside the file, have harmless names and keep to the limits they declare.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self
from urllib.parse import unquote

from xlgov.errors import (
    DamagedError,
    EditError,
    EncryptedError,
    FileError,
    HostileError,
    UsageError,
)

if TYPE_CHECKING:
    from concurrent.futures import Future

Content = bytes | Callable[[], Iterator[bytes]]

# Measured on sheets of 33 columns (inline text, shared text, blank formatted cells): against level
# 6, which Excel-like writers use, level 5 is 1 to 6 % larger and 1.5 to 1.9 times as fast; level 4
# is 14 to 28 % larger, and the output may be at most 10 % larger than the input.
COMPRESSION_LEVEL = 5

# A long part is deflated in blocks of this size, in threads, each block with the end of the one
# before as its dictionary: one valid stream, the same bytes on any number of processors, and by
# measurement less than 0.1 % larger.
_BLOCK = 1 << 20
_WINDOW = 1 << 15
_WORKERS = min(4, os.cpu_count() or 1)
_PIECE = 1 << 18  # how much is read from the file at once

_MAX16 = 0xFFFF  # these two values in a field mean: look in the Zip64 field
_MAX32 = 0xFFFFFFFF
_MAX_DIRECTORY = 64 << 20

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_RECORD = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK, _END64_MARK, _LOCATOR_MARK = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_RECORD_MARK, _LOCAL_MARK = b"PK\1\2", b"PK\3\4"

_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard"}
_EARLIEST_DATE = 0x0021  # 1 January 1980, for members of ours: the same edit gives the same bytes

_GET_WHOLE = (
    " Fetch the file again from where it came, or open it in Excel, let Excel repair it, and save."
)
_NEVER = " No workbook needs this, so the file is refused; ask where it came from."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a package may declare. The defaults are far beyond what Excel itself can open.

    A part may inflate to ``ratio`` times its size at most, counted from ``ratio_from_xml`` bytes
    for parts that are parsed and ``ratio_from`` for others. Measured: dense sheets 6 to 7 times,
    blank formatted cells 11 times; a deflate bomb 230 to 1,030 times. Plain white pictures reach
    as much as bombs do, but are only copied, hence their higher threshold.
    """

    entries: int = 65_535
    total_size: int = 8 << 30
    part_size: int = 4 << 30
    ratio: int = 200
    ratio_from_xml: int = 16 << 20
    ratio_from: int = 256 << 20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the package. ``name`` has forward slashes and is otherwise as it is spelt."""

    name: str
    crc: int
    size: int
    compressed_size: int
    method: int
    flags: int
    offset: int  # of the local header, in the file
    content_at: int  # of the compressed bytes, in the file
    record: bytes  # raw record of the central directory
    offset64_at: int  # where the record has a 64-bit offset; 0 where it has none

    @property
    def end(self) -> int:
        """Where the compressed bytes end in the file; a descriptor may follow."""
        return self.content_at + self.compressed_size


@dataclass(frozen=True, slots=True)
class _Ending:
    """Where the central directory lies, and all bytes after it (Zip64 records, comment)."""

    directory_at: int
    directory_size: int
    count: int
    shift: int  # what a prefix adds to the offsets that are stored
    tail: bytes
    end_at: int  # the three records' places in the tail; -1 where absent
    end64_at: int
    locator_at: int


def part_key(name: str) -> str:
    """A part name as it is compared: without case, percent codes and the leading slash.

    >>> part_key("/XL/my%20sheet.xml"), part_key("xl\\\\workbook.xml")
    ('xl/my sheet.xml', 'xl/workbook.xml')
    """
    return unquote(name).replace("\\", "/").lstrip("/").lower()


class Package:
    """An open package. It holds the file handle and the directory, never the file's content."""

    def __init__(self, file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> None:
        """Read and check the directory of an open file.

        Raises DamagedError, EncryptedError or HostileError as ``open`` does.
        """
        self._file = file
        self._length = file.seek(0, os.SEEK_END)
        self._ending = self._read_ending()
        self.limits = limits
        self.members = self._read_members(limits)
        self._order = sorted(self.members, key=lambda member: member.offset)
        self._check_extents()
        # Of duplicates the last in the directory counts: a program that updates a zip by appending
        # lists the newer content last, and most readers take that one.
        self._by_key = {part_key(member.name): member for member in self.members}

    @classmethod
    def open(cls, path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Package:
        """Open a package for reading; use it in a ``with`` statement, or ``close`` it.

        Raises UsageError (no such file), FileError (cannot be opened), DamagedError (truncated,
        inconsistent, unsupported compression), EncryptedError, HostileError (overlapping
        members, path tricks, beyond the limits).
        """
        try:
            file = Path(path).open("rb")  # noqa: SIM115 (closed by close)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise UsageError(f"{path}: {error.strerror}; expected a workbook file.") from error
        except OSError as error:
            raise FileError(
                f"{path}: the file cannot be opened ({error.strerror}); close it in other "
                "programs, or ask its owner for access."
            ) from error
        try:
            return cls(file, limits)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # Reading

    def names(self) -> list[str]:
        """Names of all members in directory order; duplicates and folder entries included."""
        return [member.name for member in self.members]

    def find(self, name: str) -> Member | None:
        """The member of a part name, compared as ``part_key`` says; None where there is none."""
        return self._by_key.get(part_key(name))

    def size(self, part: Member | str) -> int:
        """Inflated size of a part in bytes. Raises DamagedError where it is missing."""
        return self._member(part).size

    def read(self, part: Member | str) -> bytes:
        """All bytes of a part. Raises DamagedError (missing, CRC differs), HostileError."""
        return b"".join(self.stream(part))

    def stream(self, part: Member | str, chunk: int = 1 << 20) -> Iterator[bytes]:
        """Bytes of a part in pieces of at most ``chunk``; stopping early is allowed.

        The CRC is compared after the last piece. Several streams may be read in turns, not in
        several threads. Raises DamagedError, HostileError (more bytes than declared).
        """
        return self._inflate(self._member(part), chunk)

    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the whole file."""
        digest = hashlib.sha256()
        for at in range(0, self._length, _BLOCK):
            digest.update(self._read_at(at, min(_BLOCK, self._length - at)))
        return digest.hexdigest()

    def _member(self, part: Member | str) -> Member:
        if isinstance(part, Member):
            return part
        member = self.find(part)
        if member is None:
            raise DamagedError(f"the package has no part {part}.{_GET_WHOLE}")
        return member

    def _inflate(self, member: Member, chunk: int) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-15) if member.method == _DEFLATED else None
        at, crc, size = member.content_at, 0, 0
        held = b""
        while inflater is None or not inflater.eof:
            if not held:
                held = self._read_at(at, min(_PIECE, chunk, member.end - at))
                at += len(held)
            if inflater is None:
                piece, held = held, b""
            else:
                try:
                    piece = inflater.decompress(held, chunk)
                except zlib.error as error:
                    raise DamagedError(
                        f"{member.name}: its compressed bytes are damaged.{_GET_WHOLE}"
                    ) from error
                held = inflater.unconsumed_tail
            size += len(piece)
            if size > member.size:
                raise HostileError(
                    f"{member.name}: it inflates past the {member.size:,} bytes that it declares."
                    + _NEVER
                )
            crc = zlib.crc32(piece, crc)
            if piece:
                yield piece
            elif not held and at == member.end:
                break
        if size != member.size or crc != member.crc:
            raise DamagedError(
                f"{member.name}: its content is not what the package recorded (checksum or length "
                f"differs).{_GET_WHOLE}"
            )

    def _read_at(self, position: int, length: int) -> bytes:
        try:
            self._file.seek(position)
            found = self._file.read(length)
        except OSError as error:
            raise FileError(f"the file could not be read on ({error.strerror}).") from error
        if len(found) != length:
            raise DamagedError(f"the file is cut short.{_GET_WHOLE}")
        return found

    # The directory

    def _read_ending(self) -> _Ending:
        back = min(self._length, _END.size + _MAX16)
        window = self._read_at(self._length - back, back)
        exact: list[int] = []
        loose: list[int] = []
        place = window.rfind(_END_MARK)
        while place >= 0:
            if place + _END.size <= back:
                rest = back - place - _END.size - _END.unpack_from(window, place)[7]
                if rest >= 0:
                    (loose if rest else exact).append(self._length - back + place)
            place = window.rfind(_END_MARK, 0, place + 3)
        for position in exact + loose:
            ending = self._ending_at(position)
            # Something before the package or something after it is harmless. Both together, or a
            # package before the package, is the rest of a file that was cut inside an embedded one.
            if ending and not (ending.shift and (position in loose or self._starts_as_package())):
                return ending
        raise DamagedError(
            "the file is cut short: the list of parts at its end is missing or stands in the wrong "
            f"place.{_GET_WHOLE}"
        )

    def _starts_as_package(self) -> bool:
        return self._read_at(0, 4) == _LOCAL_MARK

    def _ending_at(self, end: int) -> _Ending | None:
        _, *disks, here, count, size, offset, _ = _END.unpack(self._read_at(end, _END.size))
        stop = end
        end64 = locator = -1
        if end >= _LOCATOR.size + _END64.size:
            mark, _, aim, _ = _LOCATOR.unpack(self._read_at(end - _LOCATOR.size, _LOCATOR.size))
            if mark == _LOCATOR_MARK:
                locator = end - _LOCATOR.size
                for place in (aim, locator - _END64.size):
                    if end64 < 0 and place + _END64.size <= locator:
                        values = _END64.unpack(self._read_at(place, _END64.size))
                        end64 = place if values[0] == _END64_MARK else -1
                if end64 < 0:
                    return None
                stop = end64
                stated = zip((here, count, size, offset), values[6:], strict=True)
                if any(low not in (_MAX16, _MAX32, high) for low, high in stated):
                    return None
                here, count, size, offset = values[6:]
        # Usually the directory ends where its end record begins, and what its stated offset then
        # lacks is the prefix. Where something stands between the two, the stated offset is right.
        for start in (stop - size, offset):
            if (
                offset <= start
                and start + size <= stop
                and (not size or self._read_at(start, 4) == _RECORD_MARK)
            ):
                if here != count or not {0, _MAX16}.issuperset(disks):
                    raise DamagedError(f"this is one piece of a zip split in several.{_GET_WHOLE}")
                after = start + size
                tail = self._read_at(after, self._length - after)
                places = (place - after if place >= 0 else -1 for place in (end, end64, locator))
                return _Ending(start, size, count, start - offset, tail, *places)
        return None

    def _read_members(self, limits: Limits) -> tuple[Member, ...]:
        ending = self._ending
        if ending.count > limits.entries or ending.directory_size > _MAX_DIRECTORY:
            raise HostileError(
                f"the package lists {ending.count:,} parts in {ending.directory_size:,} bytes; the "
                f"limits are {limits.entries:,} and {_MAX_DIRECTORY:,}.{_NEVER}"
            )
        directory = self._read_at(ending.directory_at, ending.directory_size)
        members: list[Member] = []
        total = at = 0
        while at < len(directory):
            length = _record_length(directory, at)
            member = self._read_member(directory[at : at + length])
            _refuse_beyond(member, limits)
            total += member.size
            members.append(member)
            at += length
        if len(members) != ending.count:
            raise DamagedError(
                f"the package lists {len(members):,} parts and says it has {ending.count:,}."
                + _GET_WHOLE
            )
        if total > limits.total_size:
            raise HostileError(
                f"the parts declare {total:,} bytes together; the limit is "
                f"{limits.total_size:,}.{_NEVER}"
            )
        return tuple(members)

    def _read_member(self, record: bytes) -> Member:
        (_, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, _, _, _, _,
         offset) = _RECORD.unpack_from(record)  # fmt: skip
        extra_at = _RECORD.size + name_length
        name = _decode_name(record[_RECORD.size : extra_at], flags)
        _refuse_path_trick(name)
        offset64_at = 0
        place, stop = _zip64_field(record, extra_at, extra_at + extra_length)
        values = []
        for value in (size, packed, offset):
            if value == _MAX32 and place + 8 <= stop:
                value, offset64_at = struct.unpack_from("<Q", record, place)[0], place
                place += 8
            values.append(value)
        size, packed, position = values
        offset64_at = offset64_at if offset == _MAX32 else 0
        position += self._ending.shift
        if flags & _ENCRYPTED:
            raise EncryptedError(
                f"{name} is locked with a zip password; unpack the file with the password, or ask "
                "its owner for a copy without one."
            )
        if method not in (_STORED, _DEFLATED):
            raise DamagedError(
                f"{name} is compressed by {_METHODS.get(method, f'method {method}')}; workbooks use"
                " Deflate. Open the file in Excel and save it again."
            )
        content_at = position + _LOCAL.size
        if content_at <= self._ending.directory_at:
            local = _LOCAL.unpack(self._read_at(position, _LOCAL.size))
            if local[0] != _LOCAL_MARK:
                raise DamagedError(f"{name} is not where the package lists it.{_GET_WHOLE}")
            content_at += local[9] + local[10]
        if content_at + packed > self._ending.directory_at:
            raise DamagedError(f"{name} runs past the end of the package.{_GET_WHOLE}")
        if method == _STORED and packed != size:
            raise DamagedError(f"{name} states two lengths, {packed:,} and {size:,}.{_GET_WHOLE}")
        return Member(
            name, crc, size, packed, method, flags, position, content_at, record, offset64_at
        )

    def _check_extents(self) -> None:
        for member, following in pairwise(self._order):
            if member.end > following.offset:
                raise HostileError(
                    f"{member.name} and {following.name} overlap in the package.{_NEVER}"
                )

    # Writing

    def write(
        self,
        target: BinaryIO,
        replace: Mapping[str, Content] | None = None,
        add: Mapping[str, bytes] | None = None,
        remove: Collection[str] = (),
    ) -> None:
        """Write the package anew into an empty seekable file.

        ``replace`` maps part names to new bytes, or to a callable that gives them in pieces (for
        parts too large to hold). A replaced member keeps its name, date, attributes and extra
        fields. Removing a name removes its duplicates too. All other members, the bytes between
        them, a prefix and the comment are copied as they are; with no change the output is the
        source, byte for byte. Whatever a callable raises comes through.

        Raises DamagedError (no such part), ValueError (an added part exists), EditError (a part
        of 4 GiB or more).
        """
        contents = {self._member(name): each for name, each in (replace or {}).items()}
        removed = {part_key(self._member(name).name) for name in remove}
        for name in add or {}:
            _refuse_path_trick(name)
            if part_key(name) in self._by_key and part_key(name) not in removed:
                raise ValueError(f"the package already has a part {name}")
        shift, directory_at = self._ending.shift, self._ending.directory_at
        records: dict[Member, bytes] = {}
        starts = [*(member.offset for member in self._order), directory_at]
        self._copy(target, 0, starts[0])
        for member, stop in zip(self._order, starts[1:], strict=True):
            at = target.tell() - shift
            if part_key(member.name) in removed:
                start = self._end_with_descriptor(member)
            elif member in contents:
                head = self._read_at(member.offset, member.content_at - member.offset)
                sizes = _write_deflated(target, _plain_local(head), contents[member], member.name)
                records[member] = _new_record(member.record, *sizes, at)
                start = self._end_with_descriptor(member)
            else:
                records[member] = _moved_record(member, at)
                start = member.offset
            self._copy(target, start, stop)
        listed = [records[member] for member in self.members if member in records]
        for name, content in (add or {}).items():
            at = target.tell() - shift
            local, record = _own_headers(name)
            listed.append(_new_record(record, *_write_deflated(target, local, content, name), at))
        new_at = target.tell()
        size = sum(target.write(record) for record in listed)
        delta = new_at + size - directory_at - self._ending.directory_size
        target.write(_new_tail(self._ending, len(listed), size, new_at - shift, delta))

    def _copy(self, target: BinaryIO, start: int, stop: int) -> None:
        while start < stop:
            start += target.write(self._read_at(start, min(_BLOCK, stop - start)))

    def _end_with_descriptor(self, member: Member) -> int:
        """End of a member with its data descriptor, which has four forms and states no length."""
        if member.flags & _DESCRIPTOR:
            room = min(24, self._ending.directory_at - member.end)
            found = self._read_at(member.end, room)
            for form in ("<LLL", "<LQQ"):
                if member.size <= _MAX32 or form == "<LQQ":
                    plain = struct.pack(form, member.crc, member.compressed_size, member.size)
                    for descriptor in (b"PK\7\x08" + plain, plain):
                        if found.startswith(descriptor):
                            return member.end + len(descriptor)
        return member.end


def _record_length(directory: bytes, at: int) -> int:
    if directory[at : at + 4] == _RECORD_MARK and at + _RECORD.size <= len(directory):
        name, extra, comment = struct.unpack_from("<3H", directory, at + 28)
        length: int = _RECORD.size + name + extra + comment
        if at + length <= len(directory):
            return length
    raise DamagedError(f"the package's list of parts is damaged.{_GET_WHOLE}")


def _decode_name(raw: bytes, flags: int) -> str:
    # Some writers put UTF-8 without saying so; cp437, which the format then means, can read
    # anything, and hardly any text of it is valid UTF-8 by chance.
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    return name.replace("\\", "/")


def _refuse_path_trick(name: str) -> None:
    plain = unquote(name).replace("\\", "/")
    if (
        plain.startswith("/")
        or re.match("[A-Za-z]:", plain)
        or ".." in plain.split("/")
        or "\0" in plain
    ):
        raise HostileError(f"a part is named {name!r}, which points outside the package.{_NEVER}")


def _refuse_beyond(member: Member, limits: Limits) -> None:
    parsed = member.name.lower().endswith((".xml", ".rels", ".vml"))
    counted = member.size >= (limits.ratio_from_xml if parsed else limits.ratio_from)
    if member.size > limits.part_size or (
        counted and member.size > limits.ratio * max(member.compressed_size, 1)
    ):
        raise HostileError(
            f"{member.name} would inflate from {member.compressed_size:,} to {member.size:,} "
            f"bytes; the limits are {limits.part_size:,} bytes and {limits.ratio} times.{_NEVER}"
        )


def _zip64_field(record: bytes, at: int, stop: int) -> tuple[int, int]:
    """Where the content of the Zip64 extra field begins and ends; an empty span without one."""
    while at + 4 <= stop:
        kind, length = struct.unpack_from("<2H", record, at)
        if kind == 1:
            return at + 4, min(at + 4 + length, stop)
        at += 4 + length
    return stop, stop


def _without_zip64(extra: bytes) -> bytes:
    start, stop = _zip64_field(extra, 0, len(extra))
    return extra if start == len(extra) == stop else extra[: start - 4] + extra[stop:]


def _plain_local(head: bytes) -> bytes:
    """A local header (with its name and extra fields) for new deflated content, sizes still 0."""
    mark, version, flags, _, time, date, _, _, _, name_length, _ = _LOCAL.unpack_from(head)
    name_end = _LOCAL.size + name_length
    extra = _without_zip64(head[name_end:])
    fixed = _LOCAL.pack(
        mark, max(version, 20), flags & ~_DESCRIPTOR, _DEFLATED, time, date, 0, 0, 0,
        name_length, len(extra),
    )  # fmt: skip
    return fixed + head[_LOCAL.size : name_end] + extra


def _own_headers(name: str) -> tuple[bytes, bytes]:
    """Local header and directory record of a member that is added."""
    raw = name.encode("utf-8")
    flags = 0 if raw.isascii() else _UTF8
    shared = (20, flags, _DEFLATED, 0, _EARLIEST_DATE, 0, 0, 0, len(raw), 0)
    local = _LOCAL.pack(_LOCAL_MARK, *shared) + raw
    return local, _RECORD.pack(_RECORD_MARK, 20, *shared, 0, 0, 0, 0, 0) + raw


def _needs_64(value: int) -> bool:
    return value >= _MAX32


def _low(value: int) -> int:
    """What the 32-bit field says of a value: itself, or that the Zip64 field has it."""
    return _MAX32 if _needs_64(value) else value


def _moved_record(member: Member, offset: int) -> bytes:
    """A member's record with another offset and every other byte as it was."""
    record = bytearray(member.record)
    if member.offset64_at:
        struct.pack_into("<Q", record, member.offset64_at, offset)
    elif not _needs_64(offset):
        struct.pack_into("<L", record, 42, offset)
    else:
        sizes = member.crc, member.compressed_size, member.size
        return _new_record(member.record, *sizes, offset, member.flags, member.method)
    return bytes(record)


def _new_record(
    record: bytes,
    crc: int,
    packed: int,
    size: int,
    offset: int,
    flags: int | None = None,
    method: int = _DEFLATED,
) -> bytes:
    """A directory record with new sizes and offset, in Zip64 form where they need it."""
    (mark, made_by, version, old_flags, _, time, date, _, _, _, name_length, extra_length,
     comment_length, _, internal, external, _) = _RECORD.unpack_from(record)  # fmt: skip
    name_end = _RECORD.size + name_length
    extra = _without_zip64(record[name_end : name_end + extra_length])
    large = [value for value in (size, packed, offset) if _needs_64(value)]
    if large:
        extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) + extra
    fixed = _RECORD.pack(
        mark, made_by, max(version, 45 if large else 20),
        old_flags & ~_DESCRIPTOR if flags is None else flags, method, time, date,
        crc, _low(packed), _low(size), name_length, len(extra), comment_length, 0,
        internal, external, _low(offset),
    )  # fmt: skip
    return fixed + record[_RECORD.size : name_end] + extra + record[name_end + extra_length :]


def _new_tail(ending: _Ending, count: int, size: int, offset: int, delta: int) -> bytes:
    """The bytes after the directory with its new count, size and place; ``delta`` is its move."""
    tail, end_at = bytearray(ending.tail), ending.end_at
    zip64 = ending.end64_at >= 0
    if zip64:
        struct.pack_into("<4Q", tail, ending.end64_at + 24, count, count, size, offset)
        stated = struct.unpack_from("<Q", tail, ending.locator_at + 8)[0]
        struct.pack_into("<Q", tail, ending.locator_at + 8, stated + delta)
    elif count >= _MAX16 or _needs_64(size) or _needs_64(offset):
        place = offset + size + end_at
        tail[end_at:end_at] = _END64.pack(
            _END64_MARK, 44, 45, 45, 0, 0, count, count, size, offset
        ) + _LOCATOR.pack(_LOCATOR_MARK, 0, place, 1)
        end_at += _END64.size + _LOCATOR.size
    for form, place, value, most in (
        ("<H", end_at + 8, count, _MAX16),
        ("<H", end_at + 10, count, _MAX16),
        ("<L", end_at + 12, size, _MAX32),
        ("<L", end_at + 16, offset, _MAX32),
    ):
        # With Zip64 records, a field that points there keeps doing so.
        if not (zip64 and struct.unpack_from(form, tail, place)[0] == most):
            struct.pack_into(form, tail, place, min(value, most) if form == "<H" else _low(value))
    return bytes(tail)


def _write_deflated(
    target: BinaryIO, local: bytes, content: Content, name: str
) -> tuple[int, int, int]:
    """Write header and deflated content; gives CRC, compressed size and size."""
    at = target.tell()
    target.write(local)
    blocks = _equal_blocks((content,) if isinstance(content, bytes) else content())
    first, second = next(blocks, b""), next(blocks, None)
    crc, size = zlib.crc32(first), len(first)
    if second is None:
        deflater = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, -15)
        packed = target.write(deflater.compress(first) + deflater.flush())
    else:
        crc, packed, size = _write_blocks(target, chain((first, second), blocks), name)
    end = target.tell()
    target.seek(at + 14)
    target.write(struct.pack("<3L", crc, packed, size))
    target.seek(end)
    return crc, packed, size


def _write_blocks(target: BinaryIO, blocks: Iterator[bytes], name: str) -> tuple[int, int, int]:
    """Deflate blocks in threads while the caller's thread produces the next ones and writes.

    The threads only compress, so whatever producing or writing raises goes straight up, and no
    more than a few blocks are ever held.
    """
    from concurrent.futures import ThreadPoolExecutor  # here: small workbooks start sooner without

    waiting: deque[Future[bytes]] = deque()
    before, crc, packed, size = b"", 0, 0, 0
    with ThreadPoolExecutor(_WORKERS) as pool:
        for block in blocks:
            waiting.append(pool.submit(_deflate_block, block, before))
            before = block[-_WINDOW:]
            crc, size = zlib.crc32(block, crc), size + len(block)
            if size >= _MAX32:
                raise EditError(f"{name} would grow to 4 GiB or more, which Excel cannot open.")
            if len(waiting) > _WORKERS + 1:
                packed += target.write(waiting.popleft().result())
        while waiting:
            packed += target.write(waiting.popleft().result())
    return crc, packed + target.write(b"\3\0"), size  # an empty last block ends the stream


def _deflate_block(block: bytes, before: bytes) -> bytes:
    deflater = zlib.compressobj(
        COMPRESSION_LEVEL, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, before
    )
    return deflater.compress(block) + deflater.flush(zlib.Z_SYNC_FLUSH)


def _equal_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut anew, so that the output does not depend on how they were produced."""
    held = bytearray()
    for chunk in chunks:
        rest = memoryview(chunk)
        while len(held) + len(rest) >= _BLOCK:
            room = _BLOCK - len(held)
            held += rest[:room]
            yield bytes(held)
            held.clear()
            rest = rest[room:]
        held += rest
    if held:
        yield bytes(held)
