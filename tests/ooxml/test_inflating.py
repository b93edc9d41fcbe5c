"""Large parts are inflated by ISA-L or by zlib: the same bytes, the same errors."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from xlgov.errors import DamagedError, HostileError
from xlgov.ooxml import inflating
from xlgov.ooxml.package import Package

CONTENT = b"".join(b'<c r="A%d"><v>%d</v></c>' % (n, n * n) for n in range(90_000))


@pytest.fixture(params=["ISA-L", "zlib"])
def codec(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "ISA-L" and find_spec("isal") is None:
        pytest.skip("isal is not installed")
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    inflating._fastest.cache_clear()
    yield request.param
    inflating._fastest.cache_clear()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/sheet.xml", CONTENT)
    return path


def test_a_large_part_is_inflated_by_what_is_there(codec: str) -> None:
    found = inflating.codec_for(len(CONTENT))
    assert (found is inflating.codec_for(10)) == (codec == "zlib")


def test_a_large_part_reads_as_it_was_written(package: Path, codec: str) -> None:
    with Package.open(package) as opened:
        assert opened.read("xl/sheet.xml") == CONTENT
        assert b"".join(opened.stream("xl/sheet.xml", 1000)) == CONTENT


@pytest.mark.parametrize("place", [200, 100_000])
def test_a_damaged_part_is_refused(package: Path, codec: str, place: int) -> None:
    raw = bytearray(package.read_bytes())
    raw[place : place + 40] = bytes(40)
    package.write_bytes(raw)
    with Package.open(package) as opened, pytest.raises((DamagedError, HostileError)):
        opened.read("xl/sheet.xml")
