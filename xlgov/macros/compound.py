"""The container that a VBA project is kept in: streams and storages in one file, [MS-CFB].

Why our own writer: the project in a workbook must have the workbook's own code names, which are not
known when xlgov is built, and offices that only run xlgov should need no library for macros. It
writes what Excel writes of the format (version 3, sectors of 512 bytes, small streams in a stream
of their own) and nothing that differs from run to run: no dates, no identifiers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_SECTOR = 512
_SMALL_SECTOR = 64
_SMALL = 4096  # streams shorter than this are kept in the stream of small ones
_FREE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_OF_TABLE = 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_TABLES_IN_HEADER = 109
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1

Tree = Mapping[str, "bytes | Tree"]


@dataclass(slots=True)
class _Entry:
    """A line of the directory. ``left``, ``right`` and ``child`` are places in it."""

    name: str
    kind: int
    content: bytes = b""
    color: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = _END
    size: int = 0


@dataclass(slots=True)
class _Sectors:
    """Sectors of one size, one after the other, and which follows which."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    following: list[int] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        """Append a chain; gives its first sector, or the mark for none where it is empty."""
        count = -(-len(content) // self.size)
        if not count:
            return _END
        first = len(self.following)
        self.following += [*range(first + 1, first + count), _END]
        self.content += content.ljust(count * self.size, b"\0")
        return first


def write_compound(tree: Tree) -> bytes:
    """The bytes of a compound file with these storages (mappings) and streams (bytes).

    The same tree gives the same bytes. Raises ValueError for a name over 31 characters and for
    more than the 7 MB that a file without further tables holds.
    """
    directory = [_Entry("Root Entry", _ROOT)]
    _add_entries(directory, 0, tree)
    sectors, small = _Sectors(_SECTOR), _Sectors(_SMALL_SECTOR)
    for entry in directory:
        if entry.kind == _STREAM:
            entry.size = len(entry.content)
            home = small if entry.size < _SMALL else sectors
            entry.start = home.add(entry.content)
    directory[0].start = sectors.add(bytes(small.content))
    directory[0].size = len(small.content)
    small_table = _table(small.following)
    first_small_table = sectors.add(small_table)
    first_entry = sectors.add(b"".join(_pack_entries(directory)))
    tables = _add_tables(sectors)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        0x003E,
        3,
        0xFFFE,
        9,  # 512 bytes are 2 to the 9th
        6,
        0,
        len(tables),
        first_entry,
        0,
        _SMALL,
        first_small_table,
        len(small_table) // _SECTOR,
        _END,
        0,
        tables[0],
    )
    rest = [*tables[1:], *[_FREE] * (_TABLES_IN_HEADER - len(tables))]
    return header + struct.pack(f"<{len(rest)}I", *rest) + bytes(sectors.content)


def _add_entries(directory: list[_Entry], parent: int, tree: Tree) -> None:
    """Append what a storage holds, and tie it to the storage as a search tree."""
    places = []
    for name, content in tree.items():
        if len(name.encode("utf-16-le")) > 62:
            raise ValueError(f"{name!r} is over 31 characters, the longest name of a stream")
        places.append(len(directory))
        if isinstance(content, bytes):
            directory.append(_Entry(name, _STREAM, content))
        else:
            directory.append(_Entry(name, _STORAGE))
    for place in places:
        inner = tree[directory[place].name]
        if not isinstance(inner, bytes):
            _add_entries(directory, place, inner)
    places.sort(key=lambda place: _order(directory[place].name))
    deepest = len(places).bit_length()
    directory[parent].child = _tie(directory, places, 1, deepest)


def _order(name: str) -> tuple[int, str]:
    """Shorter names first, then by capitals: the order in which a reader searches."""
    return len(name.encode("utf-16-le")), name.upper()


def _tie(directory: list[_Entry], places: list[int], level: int, deepest: int) -> int:
    """A balanced tree of entries; only its last level is red, so every path has as many blacks."""
    if not places:
        return _NONE
    middle = len(places) // 2
    entry = directory[places[middle]]
    entry.color = _RED if level == deepest and level > 1 else _BLACK
    entry.left = _tie(directory, places[:middle], level + 1, deepest)
    entry.right = _tie(directory, places[middle + 1 :], level + 1, deepest)
    return places[middle]


def _pack_entries(directory: list[_Entry]) -> Iterator[bytes]:
    for entry in directory:
        name = entry.name.encode("utf-16-le") + b"\0\0"
        yield struct.pack(
            "<64sHBBIII16xI16xIQ",
            name,
            len(name),
            entry.kind,
            entry.color,
            entry.left,
            entry.right,
            entry.child,
            0,
            entry.start if entry.kind != _STORAGE else 0,
            entry.size,
        )
    for _ in range(-len(directory) % (_SECTOR // 128)):
        yield struct.pack("<64sHBBIII16xI16xIQ", b"", 0, 0, 0, _NONE, _NONE, _NONE, 0, 0, 0)


def _table(following: list[int]) -> bytes:
    """Which sector follows which, in whole sectors."""
    blank = -len(following) % (_SECTOR // 4)
    return struct.pack(f"<{len(following) + blank}I", *following, *[_FREE] * blank)


def _add_tables(sectors: _Sectors) -> list[int]:
    """Append the table of all sectors, its own included; gives the sectors it takes."""
    per_table, used = _SECTOR // 4, len(sectors.following)
    count = 1
    while used + count > count * per_table:
        count += 1
    if count > _TABLES_IN_HEADER:
        raise ValueError(f"{used * _SECTOR} bytes are more than a compound file of ours holds")
    tables = list(range(used, used + count))
    sectors.following += [_OF_TABLE] * count
    sectors.content += _table(sectors.following)
    return tables
