"""A workbook's zip package as named bytes: read in pieces, written back with the rest untouched.

Why not zipfile: a member that no edit touches must come out byte for byte (local header, data,
descriptor, the bytes between members), and zipfile can only write members anew. So raw segments
are copied, and only offsets are patched. A package in which nothing changes is therefore written
as the same file.

Why in pieces: the memory a package takes does not grow with its parts, as long as its reader takes
them in pieces too.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Self

from xlgov.errors import DamagedError, FileError, HostileError, UsageError
from xlgov.ooxml.directory import (
    DEFAULT_LIMITS,
    DEFLATED,
    GET_WHOLE,
    NEVER,
    Limits,
    Member,
    RawFile,
    part_key,
    read_directory,
    refuse_path_trick,
)
from xlgov.ooxml.inflating import codec_for
from xlgov.ooxml.patience import open_to_read
from xlgov.ooxml.rewrite import (
    Content,
    end_with_descriptor,
    moved_record,
    new_record,
    new_tail,
    own_headers,
    plain_local,
    write_deflated,
)

_PIECE = 1 << 20  # how much is copied or hashed at once
_SIP = 1 << 16  # how much compressed content is taken at once
# How much content is given at once. Measured on a sheet of 27 MB: 256 kB are searched while they
# are still in the processor's cache; the same reading of 1 MB at a time takes half as long again.
_GULP = 1 << 18


class Package:
    """An open package. It holds the file handle and the directory, never the file's content."""

    def __init__(self, file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> None:
        """Read and check the directory of an open file.

        Raises DamagedError, EncryptedError or HostileError as ``open`` does.
        """
        self._file = RawFile(file)
        self._directory = read_directory(self._file, limits)
        self.limits = limits
        self.members = self._directory.members
        # Of duplicates the last in the directory counts: a program that updates a zip by appending
        # lists the newer content last, and most readers take that one.
        self._by_key = {part_key(member.name): member for member in self.members}

    @classmethod
    def open(cls, path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Package:
        """Open a package for reading; use it in a ``with`` statement, or ``close`` it.

        Raises UsageError (no such file), InUseError (another program holds it), FileError (cannot
        be opened), ChangedError (saved by somebody else meanwhile), DamagedError (truncated,
        inconsistent, unsupported compression), EncryptedError, HostileError (overlapping
        members, path tricks, beyond the limits).
        """
        try:
            file = open_to_read(Path(path))
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
        """All bytes of a part.

        Raises DamagedError (missing, CRC differs), HostileError (more bytes than declared, or than
        should be held in memory).
        """
        member = self._member(part)
        if member.size > self.limits.whole_size:
            raise HostileError(
                f"{member.name} has {member.size:,} bytes in a form that cannot be read in pieces; "
                f"the limit is {self.limits.whole_size:,}. Open the workbook in Excel and save it, "
                "which writes the usual form, or delete the blank formatted rows of its sheets."
            )
        return b"".join(self.stream(member))

    def stream(self, part: Member | str, chunk: int = _GULP) -> Iterator[bytes]:
        """Bytes of a part in pieces of at most ``chunk``; stopping early is allowed.

        The CRC is compared after the last piece. Several streams may be read in turns, not in
        several threads. Raises DamagedError, HostileError (more bytes than declared).
        """
        return self._inflate(self._member(part), chunk)

    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the whole file."""
        digest = hashlib.sha256()
        for at in range(0, self._file.length, _PIECE):
            digest.update(self._file.read_at(at, min(_PIECE, self._file.length - at)))
        return digest.hexdigest()

    def _member(self, part: Member | str) -> Member:
        if isinstance(part, Member):
            return part
        member = self.find(part)
        if member is None:
            raise DamagedError(f"the package has no part {part}.{GET_WHOLE}")
        return member

    def _inflate(self, member: Member, chunk: int) -> Iterator[bytes]:
        codec = codec_for(member.size)
        inflater = codec.inflater() if member.method == DEFLATED else None
        at, crc, size = member.content_at, 0, 0
        held = b""
        while inflater is None or not inflater.eof:
            if not held:
                held = self._file.read_at(at, min(_SIP, chunk, member.end - at))
                at += len(held)
            if inflater is None:
                piece, held = held, b""
            else:
                try:
                    piece = inflater.decompress(held, chunk)
                except codec.error as error:
                    raise self._file.damage(
                        f"{member.name}: its compressed bytes are damaged.{GET_WHOLE}"
                    ) from error
                held = inflater.unconsumed_tail
            size += len(piece)
            if size > member.size:
                raise HostileError(
                    f"{member.name}: it inflates past the {member.size:,} bytes that it declares."
                    + NEVER
                )
            crc = codec.crc32(piece, crc)
            if piece:
                yield piece
            elif not held and at == member.end:
                break
        if size != member.size or crc != member.crc:
            raise self._file.damage(
                f"{member.name}: its content is not what the package recorded (checksum or length "
                f"differs).{GET_WHOLE}"
            )

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
            refuse_path_trick(name)
            if part_key(name) in self._by_key and part_key(name) not in removed:
                raise ValueError(f"the package already has a part {name}")
        ending = self._directory.ending
        shift, directory_at = ending.shift, ending.directory_at
        records: dict[Member, bytes] = {}
        starts = [*(member.offset for member in self._directory.by_offset), directory_at]
        self._copy(target, 0, starts[0])
        for member, stop in zip(self._directory.by_offset, starts[1:], strict=True):
            at = target.tell() - shift
            if part_key(member.name) in removed:
                start = end_with_descriptor(self._file, ending, member)
            elif member in contents:
                head = self._file.read_at(member.offset, member.content_at - member.offset)
                sizes = write_deflated(target, plain_local(head), contents[member], member.name)
                records[member] = new_record(member.record, *sizes, at)
                start = end_with_descriptor(self._file, ending, member)
            else:
                records[member] = moved_record(member, at)
                start = member.offset
            self._copy(target, start, stop)
        listed = [records[member] for member in self.members if member in records]
        for name, content in (add or {}).items():
            at = target.tell() - shift
            local, record = own_headers(name)
            listed.append(new_record(record, *write_deflated(target, local, content, name), at))
        new_at = target.tell()
        size = sum(target.write(record) for record in listed)
        delta = new_at + size - directory_at - ending.directory_size
        target.write(new_tail(ending, len(listed), size, new_at - shift, delta))

    def _copy(self, target: BinaryIO, start: int, stop: int) -> None:
        while start < stop:
            start += target.write(self._file.read_at(start, min(_PIECE, stop - start)))
