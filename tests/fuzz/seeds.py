"""Inputs to begin with: the samples, the golden workbooks, and public workbooks where present."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.book import PLAIN_SHEET, STRINGS, as_parts, zipped
from xlgov.settings import file as settings_file

ROOT = Path(__file__).parents[2]
REGRESSIONS = Path(__file__).parent / "regressions"
CORPUS = ROOT.parent / "shared" / "corpus" / "poi"
_MOST = 40_000  # bytes of a seed: a hundred small ones teach a fuzzer more than one large


def workbooks() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of workbooks small enough to be changed often."""
    samples = (ROOT / "workbooks").glob("*.xlsx")
    golden = (ROOT / "tests" / "golden").glob("*/before.xlsx")
    corpus = CORPUS.glob("*.xls[xm]") if CORPUS.is_dir() else ()
    for path in (*sorted(golden), *sorted(samples), *sorted(corpus)):
        if path.stat().st_size <= _MOST:
            name = path.parent.name if path.name == "before.xlsx" else path.stem
            yield re.sub(r"\W+", "-", name), path.read_bytes()


def seeds(target: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of what a target begins with: past findings first."""
    for path in sorted((REGRESSIONS / target).glob("*")):
        yield path.name, path.read_bytes()
    if target == "workbook":
        yield "plain", zipped(as_parts())
        yield from workbooks()
    elif target == "package":
        yield "plain", zipped(as_parts())
        for name, content in workbooks():
            if len(content) < 8_000:
                yield name, content
    elif target == "sheet":
        yield "plain", PLAIN_SHEET
        yield (
            "prefixed",
            re.sub(rb"<(/?)([a-zA-Z]+)", rb"<\1x:\2", PLAIN_SHEET).replace(b"xmlns=", b"xmlns:x="),
        )
        yield from _parts_of_workbooks("xl/worksheets/")
    elif target == "strings":
        yield "plain", as_parts()[STRINGS]
        yield from _parts_of_workbooks(STRINGS)
    elif target == "settings_text":
        example = (settings_file.__doc__ or "").partition("::\n")[2]
        yield "every-key", re.sub("^    ", "", example, flags=re.MULTILINE).encode()
        for path in sorted((ROOT / "tests").rglob("*.toml")):
            yield path.parent.name, path.read_bytes()
        yield "samples", (ROOT / "workbooks" / "xlgov.toml").read_bytes()
    else:
        yield from _settings_sheets()


def _parts_of_workbooks(place: str) -> Iterator[tuple[str, bytes]]:
    for name, content in workbooks():
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for part in file.namelist():
                if part.startswith(place) and file.getinfo(part).file_size < 12_000:
                    yield f"{name}-{Path(part).stem}", file.read(part)


def _settings_sheets() -> Iterator[tuple[str, bytes]]:
    """The sheet that ``xlgov init`` adds to each sample, as lines of cells between tabs."""
    import tempfile

    from xlgov.errors import UsageError
    from xlgov.ooxml.reader import open_workbook
    from xlgov.operations import init

    for path in sorted((ROOT / "workbooks").glob("*.xlsx")):
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / path.name
            try:
                init(path, made)
            except UsageError:  # it has the sheet already
                made = path
            with open_workbook(made) as workbook:
                grid = workbook.grid("xlgov")
                cells = {(cell.row, cell.column): cell.value for cell in grid.cells()}
        last = max((row for row, _ in cells), default=0)
        width = max((column for _, column in cells), default=0)
        lines = [
            "\t".join(_shown(cells.get((row, column))) for column in range(1, width + 1)).rstrip()
            for row in range(1, last + 1)
        ]
        yield path.stem, "\n".join(lines).encode()


def _shown(value: object) -> str:
    return "" if value is None else str(value).replace("\n", " ").replace("\t", " ")
