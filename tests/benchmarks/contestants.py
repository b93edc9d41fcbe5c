"""What is measured, each in a process of its own: ``-m tests.benchmarks.contestants NAME ...``.

Every contestant gets the register and the file to write; the last line it prints is JSON. What is
imported is imported inside the functions, as it is part of what a run costs. ``wolfxl`` may be run
by another interpreter that has it, so this file alone is all that it needs.
"""

from __future__ import annotations

import json
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

_PIECE = 1 << 20
_WINDOW = 1 << 15


def refresh(source: Path, target: Path, *_: str) -> dict[str, Any]:
    """The library's own refresh; says which cells it corrected."""
    import xlgov

    changes = xlgov.refresh(source, target)
    cells = sorted([change.address, change.after] for change in changes.cells)
    return {"corrected": len(cells), "sum": _checksum(cells), "findings": len(changes.findings)}


def openpyxl(source: Path, target: Path, stale: str, *_: str) -> dict[str, Any]:
    """Load, set the same cells, save. The cells are told: it need not find them."""
    from openpyxl import load_workbook

    wanted = json.loads(Path(stale).read_text())
    book = load_workbook(source)
    sheet = book[wanted["sheet"]]
    for address, value in wanted["stale"]:
        sheet[address] = value
    book.save(target)
    return {"corrected": len(wanted["stale"]), "sum": _checksum(sorted(wanted["stale"]))}


def wolfxl(source: Path, target: Path, stale: str, *_: str) -> dict[str, Any]:
    """The same with wolfxl, which writes into the file that there is."""
    from wolfxl import load_workbook

    wanted = json.loads(Path(stale).read_text())
    book = load_workbook(str(source), modify=True)
    sheet = book[wanted["sheet"]]
    for address, value in wanted["stale"]:
        sheet[address] = value
    book.save(str(target))
    return {"corrected": len(wanted["stale"]), "sum": _checksum(sorted(wanted["stale"]))}


def recompress(source: Path, target: Path, parts: str, level: str, workers: str) -> dict[str, Any]:
    """Inflate and deflate these parts in pieces of 1 MiB, and do nothing with them.

    With what the library inflates with, and what it deflates with.
    """
    with source.open("rb") as file, target.open("wb") as out, zipfile.ZipFile(file) as package:
        for name in parts.split("|"):
            pieces = _inflate(file, package.getinfo(name))
            if int(workers) > 1:
                _deflate_in_threads(pieces, out, int(level), int(workers))
            else:
                deflater = zlib.compressobj(int(level), zlib.DEFLATED, -15)
                for piece in pieces:
                    out.write(deflater.compress(piece))
                out.write(deflater.flush())
    return {}


def pandas(source: Path, target: Path, *_: str) -> dict[str, Any]:
    """Only the import, for orientation."""
    import pandas

    return {"version": pandas.__version__}


def _inflate(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(info.header_offset)
    header = file.read(30)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(lengths, 1)
    left = info.compress_size
    from xlgov.ooxml.inflating import codec_for

    inflater = codec_for(info.file_size).inflater()
    while not inflater.eof:
        held = inflater.unconsumed_tail
        if not held:
            held = file.read(min(left, 1 << 18))
            left -= len(held)
        yield inflater.decompress(held, _PIECE)


def _deflate_in_threads(pieces: Iterator[bytes], out: BinaryIO, level: int, workers: int) -> None:
    """As the library deflates a long part: block by block, each with the last one's end before."""
    from concurrent.futures import Future, ThreadPoolExecutor

    def deflate(block: bytes, before: bytes) -> bytes:
        deflater = zlib.compressobj(level, zlib.DEFLATED, -15, 8, 0, before)
        return deflater.compress(block) + deflater.flush(zlib.Z_SYNC_FLUSH)

    waiting: deque[Future[bytes]] = deque()
    before = b""
    with ThreadPoolExecutor(workers) as pool:
        for piece in pieces:
            waiting.append(pool.submit(deflate, piece, before))
            before = piece[-_WINDOW:]
            if len(waiting) > workers + 1:
                out.write(waiting.popleft().result())
        while waiting:
            out.write(waiting.popleft().result())
    out.write(b"\3\0")


def _checksum(cells: list[Any]) -> int:
    return zlib.crc32(json.dumps(cells).encode())


CONTESTANTS: dict[str, Callable[..., dict[str, Any]]] = {
    "refresh": refresh,
    "openpyxl": openpyxl,
    "wolfxl": wolfxl,
    "recompress": recompress,
    "pandas": pandas,
}

if __name__ == "__main__":
    name, source, target, *rest = sys.argv[1:]
    print(json.dumps(CONTESTANTS[name](Path(source), Path(target), *rest)))
