"""The compression of VBA source, [MS-OVBA] 2.4.1: runs that stood before are given as references.

The text is cut into pieces of 4096 bytes; a reference goes back within its piece. A piece that
would not shrink is stored as it is.
"""

from __future__ import annotations

import struct

_PIECE = 4096
_SHORTEST = 3
_MOST_TRIED = 32  # earlier places of the same three bytes; more gain nothing in program text


def compress(text: bytes) -> bytes:
    """The compressed form. An empty text is the container's mark alone.

    >>> compress(b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa").hex()[:16]
    '012fb00023616161'
    """
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    return b"\x01" + b"".join(map(_compress_piece, pieces))


def _compress_piece(piece: bytes) -> bytes:
    packed = _pack(piece)
    if len(packed) >= _PIECE:  # as it is; the length in the head is fixed then
        return struct.pack("<H", 0x3FFF) + piece.ljust(_PIECE, b"\0")
    return struct.pack("<H", 0xB000 | (len(packed) - 1)) + packed


def _pack(piece: bytes) -> bytes:
    """Letters and references, eight after each byte that says which is which."""
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    place = 0
    while place < len(piece):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if place >= len(piece):
                break
            back, length = _find(piece, place, seen)
            if length:
                flags |= 1 << bit
                tokens += _reference(place, back, length)
            else:
                tokens.append(piece[place])
            for passed in range(place, place + max(length, 1)):
                seen.setdefault(piece[passed : passed + _SHORTEST], []).append(passed)
            place += max(length, 1)
        out.append(flags)
        out += tokens
    return bytes(out)


def _bits(place: int) -> int:
    """How many bits of a reference say how far back it goes: as many as this place needs."""
    return max((place - 1).bit_length(), 4)


def _find(piece: bytes, place: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest run before a place that goes on from it too: how far back, and its length."""
    longest = min((0xFFFF >> _bits(place)) + _SHORTEST, len(piece) - place)
    if place == 0 or longest < _SHORTEST:
        return 0, 0
    back = best = 0
    for start in reversed(seen.get(piece[place : place + _SHORTEST], ())[-_MOST_TRIED:]):
        length = _SHORTEST
        while length < longest and piece[start + length] == piece[place + length]:
            length += 1
        if length > best:
            back, best = place - start, length
    return back, best


def _reference(place: int, back: int, length: int) -> bytes:
    bits = _bits(place)
    return struct.pack("<H", (back - 1) << (16 - bits) | (length - _SHORTEST))
