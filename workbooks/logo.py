"""A small picture for the head of the table: the matrix in its five colours, as PNG bytes.

Why by hand: the format is a few lines, and the samples need no imaging library.
"""

from __future__ import annotations

import struct
import zlib

from risk_facts import band_of, read_matrix

CELL, GAP = 11, 2
WHITE = bytes((255, 255, 255))


def draw_logo() -> bytes:
    """The 5 x 5 matrix, likelihood upwards, impact to the right, white between the cells."""
    matrix = read_matrix()
    gap_row = WHITE * (5 * CELL + 6 * GAP)
    rows = [gap_row] * GAP
    for likelihood in range(5, 0, -1):
        row = WHITE * GAP
        for impact in range(1, 6):
            row += bytes.fromhex(band_of(matrix[likelihood, impact]).fill[1:]) * CELL + WHITE * GAP
        rows += [row] * CELL + [gap_row] * GAP
    return encode_png(rows)


def encode_png(rows: list[bytes]) -> bytes:
    """A PNG of rows of RGB bytes, all of one length."""
    size = struct.pack(">II", len(rows[0]) // 3, len(rows))
    pixels = b"".join(b"\0" + row for row in rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            png_chunk(b"IHDR", size + bytes((8, 2, 0, 0, 0))),
            png_chunk(b"IDAT", zlib.compress(pixels, 9)),
            png_chunk(b"IEND", b""),
        )
    )


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
