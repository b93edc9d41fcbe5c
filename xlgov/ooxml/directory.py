"""A package's central directory: which members the zip lists, where they lie, and what is refused.

Why not zipfile's reading: what no edit touches is copied with its raw record, its local header and
the bytes between members, and zipfile keeps none of these.

Why everything is checked on opening: whoever holds a ``Directory`` knows that its members do not
overlap, lie inside the file, have harmless names and keep to the limits. Only whether they inflate
to what they declare shows later, when they are read.

Why the end of the list is looked for with patience: a comment, Zip64 records, a prefix, or bytes
after the package all occur in sound files. Yet a file that was cut short may hold a whole package
inside, an embedded workbook, which must not be taken for the file itself.
"""

from __future__ import annotations

import os
import re
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from xlgov.errors import ChangedError, DamagedError, EncryptedError, FileError, HostileError

MAX16 = 0xFFFF  # these two values in a field mean: look in the Zip64 field
MAX32 = 0xFFFFFFFF
_MAX_DIRECTORY = 64 << 20

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
RECORD = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END_MARK, END64_MARK, LOCATOR_MARK = b"PK\5\6", b"PK\6\6", b"PK\6\7"
RECORD_MARK, LOCAL_MARK = b"PK\1\2", b"PK\3\4"

STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, UTF8 = 0x1, 0x8, 0x800
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard"}

GET_WHOLE = (
    " Fetch the file again from where it came, or open it in Excel, let Excel repair it, and save."
)
NEVER = " No workbook needs this, so the file is refused; ask where it came from."


class Limits(NamedTuple):
    """How much a package may declare. The defaults are far beyond what Excel itself can open.

    A part may inflate to ``ratio`` times its size at most, counted from ``ratio_from_xml`` bytes
    for parts that are parsed and ``ratio_from`` for others. Measured: dense sheets 6 to 7 times,
    blank formatted cells 11 times; a deflate bomb 230 to 1,030 times. Plain white pictures reach
    as much as bombs do, but are only copied, hence their higher threshold.

    ``whole_size`` is for parts that are not read in pieces: a sheet in an unusual form of XML takes
    some fifteen times its size in memory.
    """

    entries: int = 65_535
    total_size: int = 8 << 30
    part_size: int = 4 << 30
    whole_size: int = 256 << 20
    ratio: int = 200
    ratio_from_xml: int = 16 << 20
    ratio_from: int = 256 << 20


DEFAULT_LIMITS = Limits()


class Member(NamedTuple):
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
class Ending:
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


class Directory(NamedTuple):
    """The members in the order they are listed and in the order they lie in the file."""

    ending: Ending
    members: tuple[Member, ...]
    by_offset: tuple[Member, ...]


class RawFile:
    """An open file that is read at places; too few bytes there mean that it was cut short."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.length = file.seek(0, os.SEEK_END)
        self._stamp = self._read_stamp()

    def read_at(self, position: int, length: int) -> bytes:
        """Exactly ``length`` bytes. Raises what ``damage`` gives, FileError (unreadable)."""
        try:
            self._file.seek(position)
            found = self._file.read(length)
        except OSError as error:
            raise FileError(
                f"the file could not be read to its end ({error.strerror or error}); look whether "
                "its drive is still connected, and try again."
            ) from error
        if len(found) != length:
            raise self.damage(f"the file is cut short.{GET_WHOLE}")
        return found

    def damage(self, said: str) -> FileError:
        """The error for content that cannot be right; the reason may be a save while we read."""
        if self._read_stamp() != self._stamp:
            return ChangedError(
                "the file was saved by somebody else meanwhile, while it was read; nothing was "
                "written. Run it again."
            )
        return DamagedError(said)

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            found = os.fstat(self._file.fileno())
        except OSError:  # not on a drive, or the drive has gone
            return None
        return found.st_mtime_ns, found.st_size

    def close(self) -> None:
        self._file.close()


def read_directory(file: RawFile, limits: Limits = DEFAULT_LIMITS) -> Directory:
    """Read and check the directory.

    Raises DamagedError (truncated, inconsistent, unsupported compression), EncryptedError,
    HostileError (overlapping members, path tricks, beyond the limits).
    """
    ending = _read_ending(file)
    members = _read_members(file, ending, limits)
    by_offset = tuple(sorted(members, key=lambda member: member.offset))
    for member, following in pairwise(by_offset):
        if member.end > following.offset:
            raise HostileError(f"{member.name} and {following.name} overlap in the package.{NEVER}")
    return Directory(ending, members, by_offset)


def _read_ending(file: RawFile) -> Ending:
    back = min(file.length, END.size + MAX16)
    window = file.read_at(file.length - back, back)
    exact: list[int] = []
    loose: list[int] = []
    place = window.rfind(END_MARK)
    while place >= 0:
        if place + END.size <= back:
            rest = back - place - END.size - END.unpack_from(window, place)[7]
            if rest >= 0:
                (loose if rest else exact).append(file.length - back + place)
        place = window.rfind(END_MARK, 0, place + 3)
    for position in exact + loose:
        ending = _ending_at(file, position)
        # Something before the package or something after it is harmless. Both together, or a
        # package before the package, is the rest of a file that was cut inside an embedded one.
        if ending and not (
            ending.shift and (position in loose or file.read_at(0, 4) == LOCAL_MARK)
        ):
            return ending
    raise DamagedError(
        "the file is cut short: the list of parts at its end is missing or stands in the wrong "
        f"place.{GET_WHOLE}"
    )


def _ending_at(file: RawFile, end: int) -> Ending | None:
    _, *disks, here, count, size, offset, _ = END.unpack(file.read_at(end, END.size))
    stop = end
    end64 = locator = -1
    if end >= LOCATOR.size + END64.size:
        mark, _, aim, _ = LOCATOR.unpack(file.read_at(end - LOCATOR.size, LOCATOR.size))
        if mark == LOCATOR_MARK:
            locator = end - LOCATOR.size
            for place in (aim, locator - END64.size):
                if end64 < 0 and place + END64.size <= locator:
                    values = END64.unpack(file.read_at(place, END64.size))
                    end64 = place if values[0] == END64_MARK else -1
            if end64 < 0:
                return None
            stop = end64
            stated = zip((here, count, size, offset), values[6:], strict=True)
            if any(low not in (MAX16, MAX32, high) for low, high in stated):
                return None
            here, count, size, offset = values[6:]
    # Usually the directory ends where its end record begins, and what its stated offset then
    # lacks is the prefix. Where something stands between the two, the stated offset is right.
    for start in (stop - size, offset):
        if (
            offset <= start
            and start + size <= stop
            and (not size or file.read_at(start, 4) == RECORD_MARK)
        ):
            if here != count or not {0, MAX16}.issuperset(disks):
                raise DamagedError(f"this is one piece of a zip split in several.{GET_WHOLE}")
            after = start + size
            tail = file.read_at(after, file.length - after)
            places = (place - after if place >= 0 else -1 for place in (end, end64, locator))
            return Ending(start, size, count, start - offset, tail, *places)
    return None


def _read_members(file: RawFile, ending: Ending, limits: Limits) -> tuple[Member, ...]:
    if ending.count > limits.entries or ending.directory_size > _MAX_DIRECTORY:
        raise HostileError(
            f"the package lists {ending.count:,} parts in {ending.directory_size:,} bytes; the "
            f"limits are {limits.entries:,} and {_MAX_DIRECTORY:,}.{NEVER}"
        )
    directory = file.read_at(ending.directory_at, ending.directory_size)
    members: list[Member] = []
    total = at = 0
    while at < len(directory):
        length = _record_length(directory, at)
        member = _read_member(file, ending, directory[at : at + length])
        _refuse_beyond(member, limits)
        total += member.size
        members.append(member)
        at += length
    if len(members) != ending.count:
        raise DamagedError(
            f"the package lists {len(members):,} parts and says it has {ending.count:,}."
            + GET_WHOLE
        )
    if total > limits.total_size:
        raise HostileError(
            f"the parts declare {total:,} bytes together; the limit is "
            f"{limits.total_size:,}.{NEVER}"
        )
    return tuple(members)


def _read_member(file: RawFile, ending: Ending, record: bytes) -> Member:
    (_, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, _, _, _, _,
     offset) = RECORD.unpack_from(record)  # fmt: skip
    extra_at = RECORD.size + name_length
    name = _decode_name(record[RECORD.size : extra_at], flags)
    refuse_path_trick(name)
    offset64_at = 0
    place, stop = zip64_field(record, extra_at, extra_at + extra_length)
    values = []
    for value in (size, packed, offset):
        if value == MAX32 and place + 8 <= stop:
            value, offset64_at = struct.unpack_from("<Q", record, place)[0], place
            place += 8
        values.append(value)
    size, packed, position = values
    offset64_at = offset64_at if offset == MAX32 else 0
    position += ending.shift
    if flags & ENCRYPTED:
        raise EncryptedError(
            f"{name} is locked with a zip password; unpack the file with the password, or ask "
            "its owner for a copy without one."
        )
    if method not in (STORED, DEFLATED):
        raise DamagedError(
            f"{name} is compressed by {_METHODS.get(method, f'method {method}')}; workbooks use"
            " Deflate. Open the file in Excel and save it again."
        )
    content_at = position + LOCAL.size
    if content_at <= ending.directory_at:
        local = LOCAL.unpack(file.read_at(position, LOCAL.size))
        if local[0] != LOCAL_MARK:
            raise DamagedError(f"{name} is not where the package lists it.{GET_WHOLE}")
        content_at += local[9] + local[10]
    if content_at + packed > ending.directory_at:
        raise DamagedError(f"{name} runs past the end of the package.{GET_WHOLE}")
    if method == STORED and packed != size:
        raise DamagedError(f"{name} states two lengths, {packed:,} and {size:,}.{GET_WHOLE}")
    return Member(name, crc, size, packed, method, flags, position, content_at, record, offset64_at)


def _record_length(directory: bytes, at: int) -> int:
    if directory[at : at + 4] == RECORD_MARK and at + RECORD.size <= len(directory):
        name, extra, comment = struct.unpack_from("<3H", directory, at + 28)
        length: int = RECORD.size + name + extra + comment
        if at + length <= len(directory):
            return length
    raise DamagedError(f"the package's list of parts is damaged.{GET_WHOLE}")


def _decode_name(raw: bytes, flags: int) -> str:
    # Some writers put UTF-8 without saying so; cp437, which the format then means, can read
    # anything, and hardly any text of it is valid UTF-8 by chance.
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("utf-8" if flags & UTF8 else "cp437", "replace")
    return name.replace("\\", "/")


def refuse_path_trick(name: str) -> None:
    """Raises HostileError for a name that would lie outside the folder it is unpacked into."""
    plain = unquote(name).replace("\\", "/")
    if (
        plain.startswith("/")
        or re.match("[A-Za-z]:", plain)
        or ".." in plain.split("/")
        or "\0" in plain
    ):
        raise HostileError(f"a part is named {name!r}, which points outside the package.{NEVER}")


def _refuse_beyond(member: Member, limits: Limits) -> None:
    parsed = member.name.lower().endswith((".xml", ".rels", ".vml"))
    counted = member.size >= (limits.ratio_from_xml if parsed else limits.ratio_from)
    if member.size > limits.part_size or (
        counted and member.size > limits.ratio * max(member.compressed_size, 1)
    ):
        raise HostileError(
            f"{member.name} would inflate from {member.compressed_size:,} to {member.size:,} "
            f"bytes; the limits are {limits.part_size:,} bytes and {limits.ratio} times.{NEVER}"
        )


def zip64_field(record: bytes, at: int, stop: int) -> tuple[int, int]:
    """Where the content of the Zip64 extra field begins and ends; an empty span without one."""
    while at + 4 <= stop:
        kind, length = struct.unpack_from("<2H", record, at)
        if kind == 1:
            return at + 4, min(at + 4 + length, stop)
        at += 4 + length
    return stop, stop
