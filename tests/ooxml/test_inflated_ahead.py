"""A long part is inflated in a thread, and gives the same bytes and the same errors."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgov.errors import DamagedError
from xlgov.ooxml.ahead import make_ahead
from xlgov.ooxml.package import Package

_LONG = 9 << 20


@given(st.lists(st.binary(max_size=50), max_size=12), st.integers(1, 60))
def test_the_bytes_are_the_same_in_pieces_no_longer_than_asked(
    blocks: list[bytes], chunk: int
) -> None:
    pieces = list(make_ahead(iter(blocks), chunk))
    assert b"".join(pieces) == b"".join(blocks)
    assert all(0 < len(piece) <= chunk for piece in pieces)


def test_an_error_comes_after_the_pieces_before_it() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"abc"
        yield b"de"
        raise DamagedError("no more")

    pieces = make_ahead(blocks(), 2)
    assert [next(pieces) for _ in range(3)] == [b"ab", b"c", b"de"]
    with pytest.raises(DamagedError, match="no more"):
        next(pieces)


def test_the_thread_ends_with_the_iterator() -> None:
    closed = threading.Event()

    def blocks() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 100
        finally:
            closed.set()

    pieces = make_ahead(blocks(), 10)
    assert next(pieces) == b"x" * 10
    before = {each.name for each in threading.enumerate()}
    pieces.close()  # type: ignore[attr-defined]  # a generator
    assert "xlgov inflates" in before
    assert "xlgov inflates" not in {each.name for each in threading.enumerate()}
    assert closed.wait(5)  # what made the blocks is closed too


def _package(path: Path, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("long.xml", content)
        written.writestr("short.xml", b"short")
    return path


def _content() -> bytes:
    return b"".join(b"%d," % number for number in range(1_400_000))[:_LONG]


def test_long_and_short_parts_are_read_in_turns(tmp_path: Path) -> None:
    content = _content()
    with Package.open(_package(tmp_path / "a.zip", content)) as package:
        long, other = package.stream("long.xml"), package.stream("long.xml")
        found, also = [], []
        for piece, second in zip(long, other, strict=True):
            found.append(piece)
            also.append(second)
            assert package.read("short.xml") == b"short"
    assert b"".join(found) == content == b"".join(also)


@pytest.mark.parametrize("spoilt", [0.1, 0.9])
def test_a_long_part_that_is_damaged_is_refused(tmp_path: Path, spoilt: float) -> None:
    path = _package(tmp_path / "a.zip", _content())
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * spoilt)] ^= 0xFF
    path.write_bytes(raw)
    with Package.open(path) as package, pytest.raises(DamagedError, match=r"long\.xml"):
        for _ in package.stream("long.xml"):
            pass
